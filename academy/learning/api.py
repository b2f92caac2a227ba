"""All that other rooms may call."""

from academy.learning.queries import everything_about
from academy.learning.service import erase

__all__ = ["erase", "everything_about"]

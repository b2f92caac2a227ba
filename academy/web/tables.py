"""The tables of every room, for migrations and tests that look at all of them."""

from academy.accounts import models as accounts
from academy.catalog import models as catalog
from academy.kernel.db import Base
from academy.learning import models as learning
from academy.progress import models as progress

ROOMS = (accounts, catalog, learning, progress)

metadata = Base.metadata

"""Where the parts of a course are written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Loc = tuple[str | int, ...]
"""The way to a part from the course down: ("units", 0, "lessons", 2, "blocks", 5, "options", 1)."""


class Place(NamedTuple):
    """A file of the course and a line in it, counted from 1; None where a line says nothing."""

    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Known places. A part without one of its own is found at the nearest part around it."""

    known: Mapping[Loc, Place] = field(default_factory=dict)

    def find(self, loc: Loc) -> Place | None:
        for end in range(len(loc), -1, -1):
            place = self.known.get(loc[:end])
            if place is not None:
                return place
        return None


NOWHERE = Places()
"""For a course that does not come from files."""

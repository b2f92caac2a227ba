"""Brings the raw tree of an older course to the present format, one version at a time.

A raw tree is the mapping that `Course.model_validate` takes. It comes from stored JSON, or from a
folder whose files were read; then entries under the key `MARK` tell where parts stand, and a step
leaves them where they are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from academy.document.model import FORMAT_VERSION

Raw = dict[str, Any]
Step = Callable[[Raw], Raw]

MARK = "@"

STEPS: Mapping[int, Step] = {}
"""The step from version n to n + 1, by n. There has been one version so far."""


class NewerFormat(ValueError):
    """The course was written by a later version of this program.

    Attributes:
        version: the course's.
        known: the newest this program reads.
    """

    def __init__(self, version: int, known: int) -> None:
        super().__init__(version, known)
        self.version = version
        self.known = known


class UnknownFormat(ValueError):
    """The course does not say its version, or says one that never was.

    Attributes:
        version: what it says, as text.
    """

    def __init__(self, version: object) -> None:
        self.version = "" if version is None else str(version)
        super().__init__(self.version)


def version_of(raw: Mapping[str, Any], current: int = FORMAT_VERSION) -> int:
    """The version a raw tree says it has.

    Raises:
        NewerFormat: it is later than `current`.
        UnknownFormat: it is missing, no whole number, or less than 1.
    """
    said = raw.get("format_version")
    text = str(said)
    if isinstance(said, bool) or not text.isascii() or not text.isdigit() or len(text) > 6:  # noqa: PLR2004
        raise UnknownFormat(said)
    version = int(text)
    if version < 1:
        raise UnknownFormat(said)
    if version > current:
        raise NewerFormat(version, current)
    return version


def upgrade(
    raw: Mapping[str, Any],
    *,
    steps: Mapping[int, Step] = STEPS,
    current: int = FORMAT_VERSION,
) -> Raw:
    """A raw tree of the current version.

    Raises:
        NewerFormat: the tree is of a later version.
        UnknownFormat: it says no version, or there is no step from its version on.
    """
    version = version_of(raw, current)
    tree = {**raw, "format_version": version}
    while version < current:
        step = steps.get(version)
        if step is None:
            raise UnknownFormat(version)
        tree = step(tree)
        version += 1
        tree["format_version"] = version
    return tree

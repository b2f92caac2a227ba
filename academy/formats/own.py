"""Our own course folder, as files or as a ZIP archive of them, in both directions."""

from collections.abc import Mapping

from academy.document import codec
from academy.document import model as m
from academy.document.problems import Code, errors
from academy.formats import archive
from academy.formats.facts import Exported, Imported, LossCode, Reason, Refused, loss


def unpacked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without the one folder that all of them stand in."""
    tops = {name.partition("/")[0] for name in files if "/" in name}
    outside = [name for name in files if "/" not in name]
    if len(tops) == 1 and not outside:
        return {name.partition("/")[2]: data for name, data in files.items()}
    return dict(files)


def is_course(files: Mapping[str, bytes]) -> bool:
    return "course.yaml" in files


def is_hidden(name: str) -> bool:
    """What systems put into archives for themselves."""
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def read(files: Mapping[str, bytes]) -> Imported:
    """The course of a folder's files.

    Raises:
        Refused: not even the course's own fields can be read.
    """
    decoded = codec.decode(files)
    if decoded.course is None:
        raise Refused(Reason.COURSE_UNREADABLE, decoded.problems)
    course = decoded.course
    written = codec.encode(course, decoded.media)
    losses = [
        loss(LossCode.FILE_UNUSED, "", name=one.path)
        for one in decoded.problems
        if one.code is Code.FILE_UNKNOWN
    ]
    unknown = {one.path for one in decoded.problems}
    losses += [
        # Comments, the order of fields, gaps in numbers: what is said stays, how it is written may not.
        loss(LossCode.REWRITTEN, "", name=name)
        for name in sorted(files)
        if written.get(name) != files[name] and name not in unknown
    ]
    return Imported(course, decoded.media, tuple(losses), errors(decoded.problems), ours=True)


def write(course: m.Course, media: Mapping[str, bytes]) -> Exported:
    """The course's folder as a ZIP archive. Equal courses give equal bytes.

    Raises:
        Refused: larger than what is taken back.
    """
    return Exported(archive.write(codec.encode(course, media)))

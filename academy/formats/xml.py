"""XML of strangers: no document type, no entities, bounded in size, depth and number of elements."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers import expat

from academy.formats import limits
from academy.formats.facts import Reason, Refused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def walk(
    data: bytes, limit: int = limits.MAX_XML_BYTES, *, piecewise: bool = False
) -> Iterator[tuple["Element", int]]:
    """Every element as it ends, with its depth counted from 1.

    Args:
        data: the XML text.
        limit: how many bytes are taken.
        piecewise: forget each child of the root after it was given, so that a file may hold any
            number of them.

    Raises:
        Refused: it is no XML, declares a document type, or is too large.
    """
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415  only importing reads XML

    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    if len(data) > limit:
        raise Refused(Reason.TOO_COMPLEX)
    depth = alive = 0
    root: Element | None = None
    try:
        for event, element in iterparse(BytesIO(data), ("start", "end"), forbid_dtd=True):
            if event == "start":
                root = element if root is None else root
                depth += 1
                alive += 1
                if depth > limits.MAX_DEPTH or alive > limits.MAX_ELEMENTS:
                    raise Refused(Reason.TOO_COMPLEX)
                continue
            yield element, depth
            if piecewise and depth == 2 and root is not None:  # noqa: PLR2004  a child of the root
                root.clear()
                alive = 1
            depth -= 1
    except ParseError as error:
        raise Refused(Reason.XML_BROKEN, line=error.position[0]) from error
    except DefusedXmlException as error:
        raise Refused(Reason.XML_DOCTYPE) from error
    except (LookupError, UnicodeError, ValueError) as error:  # an encoding that is unknown
        raise Refused(Reason.XML_BROKEN, line=1) from error


def tree(data: bytes, limit: int = limits.MAX_XML_BYTES) -> "Element":
    """The root element, read whole.

    Raises:
        Refused: as `walk`.
    """
    root: Element | None = None
    for element, depth in walk(data, limit):
        if depth == 1:
            root = element
    if root is None:
        raise Refused(Reason.XML_BROKEN, line=1)
    return root


class _Doctype(Exception):
    pass


def refuse_doctype(data: bytes) -> None:
    """For XML that a library will read: look at its head first.

    Raises:
        Refused: it declares a document type, without which no entity can be declared.
    """

    def doctype(*_: object) -> None:
        raise _Doctype

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)  # noqa: FBT003  expat's signature
    except _Doctype as error:
        raise Refused(Reason.XML_DOCTYPE) from error
    except (expat.ExpatError, UnicodeError, LookupError, ValueError) as error:
        raise Refused(Reason.XML_BROKEN, line=parser.CurrentLineNumber) from error

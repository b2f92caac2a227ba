"""What a single line of a lesson means. The model's validators and the codec share these rules.

Everything with a meaning for the format stands at the left margin, so text that is indented or
quoted is never mistaken for it. Inside a code fence at the left margin nothing has a meaning.
"""

import re
from collections.abc import Iterator, Sequence

_CODE_OPENS = re.compile(r"(`{3,})[^`]*\Z|(~{3,})")
_COLONS = re.compile(r"(:{3,})[ \t]*\Z")
_DIRECTIVE = re.compile(r"(:{3,})[ \t]*\{([^{}]*)\}(.*)\Z")
_TASK = re.compile(r"- \[([ xX])\](?:[ \t]+(.*))?\Z")
_NUMBERED = re.compile(r"[0-9]{1,9}[.)](?:[ \t]+(.*))?\Z")
_BULLET = re.compile(r"-(?:[ \t]+(.*))?\Z")

RULE = "---"


class Code:
    """Follows code fences line after line, as CommonMark 4.5 has them.

    Only an opening at the left margin counts.
    """

    def __init__(self) -> None:
        self._fence = ""

    @property
    def is_open(self) -> bool:
        return bool(self._fence)

    def holds(self, line: str) -> bool:
        """Take the next line. True when it is code, or opens or closes it."""
        if self._fence:
            bare = line.strip()
            if (
                len(bare) >= len(self._fence)
                and not bare.strip(self._fence[0])
                and not line.startswith(("    ", "\t"))
            ):
                self._fence = ""
            return True
        if not line.startswith(("```", "~~~")):
            return False
        opening = _CODE_OPENS.match(line)
        if opening is None:
            return False
        self._fence = opening.group(1) or opening.group(2)
        return True


def outside_code(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not code, each with its index."""
    code = Code()
    for index, line in enumerate(lines):
        if not code.holds(line):
            yield index, line


def leaves_code_open(text: str) -> bool:
    if "```" not in text and "~~~" not in text:
        return False
    code = Code()
    for line in text.split("\n"):
        code.holds(line)
    return code.is_open


def is_colons(line: str) -> bool:
    """Belongs to a directive: opens or closes one, or tries to."""
    return line.startswith(":::")


def closing(line: str) -> int:
    """How many colons close a directive here; 0 when none does."""
    match = _COLONS.match(line)
    return len(match.group(1)) if match else 0


def opening(line: str) -> tuple[int, str, str] | None:
    """Colons, name and argument of a directive that opens here."""
    match = _DIRECTIVE.match(line)
    return (len(match.group(1)), match.group(2).strip(), match.group(3).strip()) if match else None


def is_label(line: str) -> bool:
    return line.startswith("(") and line.rstrip().endswith(")=")


def label(line: str) -> str:
    """The key in a line `(key)=`."""
    return line.rstrip()[1:-2].strip()


def is_heading(line: str, level: int) -> bool:
    marks = "#" * level
    return line.startswith(marks) and (len(line) == level or line[level] in " \t")


def is_screen(line: str) -> bool:
    """A heading that begins a new screen."""
    return is_heading(line, 2)


def heading(line: str, level: int) -> str:
    return line[level:].strip()


def task(line: str) -> tuple[bool, str] | None:
    """Ticked or not, and the text of `- [x] text`."""
    match = _TASK.match(line)
    return (match.group(1) != " ", (match.group(2) or "").strip()) if match else None


def numbered(line: str) -> str | None:
    match = _NUMBERED.match(line)
    return (match.group(1) or "").strip() if match else None


def bullet(line: str) -> str | None:
    match = _BULLET.match(line)
    return (match.group(1) or "").strip() if match else None


def is_row(line: str) -> bool:
    return line.startswith("|")


def final_quote(lines: Sequence[str]) -> int | None:
    """Where the quotation that ends the text begins, when it is a paragraph of its own."""
    start = len(lines)
    while start and lines[start - 1].startswith(">"):
        start -= 1
    if start == len(lines) or (start and lines[start - 1]):
        return None
    return start


def quote(text: str, indent: str = "") -> list[str]:
    return [f"{indent}> {line}" if line else f"{indent}>" for line in text.split("\n")]


def unquote(line: str) -> str:
    """One line of a quotation without its mark; `line` starts with `>`."""
    return line[2:] if line.startswith("> ") else line[1:]


def cells(line: str) -> list[str]:
    """The cells of a table row. A pipe inside a cell has a backslash right before it (GFM 4.10)."""
    row = line.strip().removeprefix("|")
    parts: list[str] = []
    start = 0
    for index, char in enumerate(row):
        if char == "|" and (index == 0 or row[index - 1] != "\\"):
            parts.append(row[start:index])
            start = index + 1
    if row[start:].strip():
        parts.append(row[start:])
    return [part.strip().replace("\\|", "|") for part in parts]


def row(values: Sequence[str]) -> str:
    return "|" + "".join(f" {value} |" for value in (value.replace("|", "\\|") for value in values))


BETWEEN = ", "
"""Parts the words of a list in one line. A comma without a space does not: 1,000원 is one word."""

# What a line of a scenario's node may begin with to be more than narration.
_MEANINGFUL = tuple("\\#->:`~")


def means_something(line: str) -> bool:
    """Narration that begins like this is written with a backslash before it."""
    return line.startswith(_MEANINGFUL)


def nothing(_line: str) -> bool:
    return False


def is_task(line: str) -> bool:
    return task(line) is not None


def is_numbered(line: str) -> bool:
    return numbered(line) is not None


def is_bullet(line: str) -> bool:
    return bullet(line) is not None


def is_node(line: str) -> bool:
    return is_heading(line, 3)


def is_rule(line: str) -> bool:
    return line.rstrip() == RULE

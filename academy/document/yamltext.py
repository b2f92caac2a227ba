"""The small YAML that courses use: one mapping of names to single values or lists of single values.

Every single value is kept as its text; the model knows its type, so `no` is a word where a word is
expected. Anchors, aliases, tags and further documents are refused while reading, before anything is
built from them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from yaml import events as ev

from academy.document import limits
from academy.document.problems import Code

Value = str | list[str] | None
Report = Callable[..., None]
"""Called with a line number, a Code and its facts."""


@dataclass(slots=True)
class Entry:
    """A value of a mapping, its line, and for a list the line of each item."""

    value: Value
    line: int
    lines: list[int] = field(default_factory=list)


class _Refused(Exception):
    def __init__(self, line: int, code: Code, **facts: str | int) -> None:
        super().__init__(line, code, facts)
        self.line, self.code, self.facts = line, code, facts


_NULL = {"", "~", "null", "Null", "NULL"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str, first_line: int, report: Report) -> dict[str, Entry] | None:
    """The fields of a mapping; None when the text is no such mapping, and then that was reported.

    Args:
        text: YAML without control characters.
        first_line: the number of its first line in the file.
        report: takes the problems.
    """
    if len(text.encode()) > limits.MAX_YAML_BYTES:
        report(first_line, Code.FILE_TOO_LARGE, limit=limits.MAX_YAML_BYTES // 1024)
        return None
    try:
        return _mapping(_content(text), first_line, report)
    except _Refused as refused:
        report(refused.line + first_line, refused.code, **refused.facts)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        report(line + first_line, Code.YAML, reason=error.problem or error.context or "?")
    except (yaml.YAMLError, ValueError) as error:
        report(first_line, Code.YAML, reason=str(error).partition("\n")[0])
    return None


def _content(text: str) -> Iterator[ev.Event]:
    """The events between the document's start and end."""
    documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, ev.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused(_line(event), Code.YAML_FORBIDDEN, what="---")
        if isinstance(event, ev.NodeEvent):
            refused = _refused(event)
            if refused:
                raise _Refused(_line(event), Code.YAML_FORBIDDEN, what=refused)
            yield event
        elif isinstance(event, ev.CollectionEndEvent):
            yield event


def _refused(event: ev.NodeEvent) -> str:
    """What about this node courses have no use for."""
    if isinstance(event, ev.AliasEvent):
        return f"*{event.anchor}"
    return f"&{event.anchor}" if event.anchor else str(getattr(event, "tag", None) or "")


def _line(event: ev.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _mapping(events: Iterator[ev.Event], first_line: int, report: Report) -> dict[str, Entry]:
    start = next(events, None)
    if start is None or (isinstance(start, ev.ScalarEvent) and _text(start) is None):
        return {}
    if not isinstance(start, ev.MappingStartEvent):
        raise _Refused(_line(start), Code.YAML, reason="mapping")
    fields: dict[str, Entry] = {}
    for event in events:
        if isinstance(event, ev.MappingEndEvent):
            break
        line = _line(event)
        name = _text(event) if isinstance(event, ev.ScalarEvent) else None
        if name is None:
            raise _Refused(line, Code.YAML, reason="key")
        entry = _entry(next(events), name, first_line)
        if isinstance(entry.value, list):
            _items(events, entry, name, first_line)
        if name in fields:
            report(line + first_line, Code.FIELD_TWICE, field=name)
        else:
            entry.line = line + first_line
            fields[name] = entry
    next(events, None)  # refuses a second document
    return fields


def _entry(event: ev.Event, name: str, first_line: int) -> Entry:
    line = _line(event)
    if isinstance(event, ev.ScalarEvent):
        return Entry(_text(event), line + first_line)
    if isinstance(event, ev.SequenceStartEvent):
        return Entry([], line + first_line)
    raise _Refused(line, Code.FIELD_SHAPE, field=name)


def _items(events: Iterator[ev.Event], entry: Entry, name: str, first_line: int) -> None:
    values: list[str] = []
    for event in events:
        if isinstance(event, ev.SequenceEndEvent):
            break
        if not isinstance(event, ev.ScalarEvent):
            raise _Refused(_line(event), Code.FIELD_SHAPE, field=name)
        values.append(_text(event) or "")
        entry.lines.append(_line(event) + first_line)
    entry.value = values


def _text(event: ev.ScalarEvent) -> str | None:
    value: str = event.value
    return None if event.implicit[0] and value in _NULL else value


class _Dumper(yaml.SafeDumper):
    """Lists indented below their names; longer texts as they are, behind a bar."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002  PyYAML's signature
        super().increase_indent(flow, indentless=False)


def _represent_text(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )


def _represent_decimal(dumper: _Dumper, number: Decimal) -> yaml.Node:
    text = format(number, "f")
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Decimal, _represent_decimal)


def write(fields: Mapping[str, str | int | bool | date | Decimal | list[str]]) -> str:
    """The mapping in the order given, ending with a line break; '' when there are no fields."""
    if not fields:
        return ""
    text: str = yaml.dump(
        dict(fields),
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=1_000_000,
    )
    return text

"""Every template: it compiles, has a title, brings no inline code, and marks as safe only what is known to be."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, nodes

PACKAGE = Path(__file__).resolve().parents[1] / "academy"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
NAMES = [path.relative_to(path.parents[1]).as_posix() for path in TEMPLATES]

SAFE_NAMES = {
    "html": "made by document.render, which sanitises with nh3 at publish time",
    "easy_html": "as html",
    "feedback_html": "as html",
    "hint_html": "as html",
    "transcript_html": "as html",
    "practice_html": "as html",
    "alternative_html": "as html",
}
"""Attributes whose value may be marked as safe, and why."""

SAFE_EXPRESSIONS = {
    "paths[name]": "our own drawings, literals in the same template",
    "picture": "an SVG by segno from an address of ours",
    'qr(url_for("progress.certificate", code=completion.code))': "an SVG by segno from an address of ours",
    'lesson.rendered.feedback.get(key, "")': "made by document.render",
    "general_feedback(lesson, part)": "made by document.render",
    "part_label(part, key)": "made by document.render",
}
"""Other expressions that may be marked as safe, and why."""

_MARKED = re.compile(r"\{[{%]-?(?P<code>.*?)-?[}%]\}", re.DOTALL)
_INLINE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)|\s(?:on[a-z]+|style)\s*=\s*[\"'{]|javascript:|srcdoc=",
    re.IGNORECASE,
)


def _unsafe(text: str) -> Iterator[str]:
    """Expressions that are marked as safe and are not on the lists above."""
    if re.search(r"\{%-?\s*autoescape|\bMarkup\b", text):
        yield "autoescape or Markup"
    for found in _MARKED.finditer(text):
        for marked in re.finditer(r"(?P<value>[^|]+?)\|\s*safe\b", found["code"]):
            value = marked["value"].strip()
            value = re.sub(r"^\((.*)\)$", r"\1", value)
            # `a if b else c`: what may come out of it, not what is asked.
            outcomes = [part.split(" if ")[0].strip() for part in value.split(" else ")]
            for outcome in outcomes:
                attribute = re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)*\.([a-z_]+)", outcome)
                known = outcome in SAFE_EXPRESSIONS or (attribute and attribute[1] in SAFE_NAMES)
                if not known:
                    yield outcome


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles_where_nothing_undefined_is_forgiven(app: Flask, name: str) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    assert app.jinja_env.get_template(name).name == name


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_page_has_a_title(app: Flask, path: Path) -> None:
    tree = app.jinja_env.parse(path.read_text("utf-8"))
    if list(tree.find_all(nodes.Extends)):
        titles = [block for block in tree.find_all(nodes.Block) if block.name == "title"]
        assert len(titles) == 1
        assert titles[0].body
    else:
        # Parts and the base page; a whole page must stand on the base page.
        assert path.name == "base.html" or "<html" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_brings_no_inline_code_or_style(path: Path) -> None:
    assert _INLINE.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "<style>p {}</style>",
        "<script>go()</script>",
        '<p style="color: red">',
        '<a onclick="go()">',
        "<body onload='go()'>",
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_found(text: str) -> None:
    assert _INLINE.search(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_only_what_is_known_to_be_safe_is_marked_as_safe(path: Path) -> None:
    assert list(_unsafe(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ person.nickname | safe }}",
        "{{ note|safe }}",
        "{{ (part.html if good else person.nickname) | safe }}",
        "{% set x = note | safe %}",
        "{% autoescape false %}{{ note }}{% endautoescape %}",
        "{{ request.args.q | safe }}",
    ],
)
def test_something_unsafe_that_is_marked_as_safe_is_found(text: str) -> None:
    assert list(_unsafe(text))


def test_every_reason_on_the_lists_is_still_needed() -> None:
    everything = "\n".join(path.read_text("utf-8") for path in TEMPLATES)
    used = [text for text in SAFE_EXPRESSIONS if text in everything]
    assert set(SAFE_EXPRESSIONS) - set(used) <= {"part_label(part, key)"}

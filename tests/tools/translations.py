"""The translation catalogs: extract, update, compile, and the gate that keeps them complete.

Korean is the source language, so it has no catalog of its own; `translations/ko/…/easy.po` holds the plainer wordings of
"쉬운 말" for some messages. Every other language must be complete.

    python -m tests.tools.translations update | check | compile
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "translations"
LANGUAGES = ("en",)
KEYWORDS = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
MAPPING = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "true"}}

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
_JOSA = re.compile(r"\[[가-힣]+/[가-힣]+\]")
_HANGUL = re.compile(r"[가-힣]")


def extract() -> Catalog:
    """All messages of the source, without places: a moved line is no change."""
    template = Catalog(project="ieum-academy", charset="utf-8")
    found = extract_from_dir(ROOT / "academy", MAPPING, OPTIONS, keywords=KEYWORDS)
    for _file, _line, text, _comments, _context in found:
        template.add(text)
    return template


def path_of(language: str, domain: str = "messages") -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str = "messages") -> Catalog:
    path = path_of(language, domain)
    if not path.exists():
        return Catalog(locale=language, domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def _all(text: object) -> tuple[str, ...]:
    """A message's text or its plural forms."""
    forms = text if isinstance(text, tuple | list) else (text,)
    return tuple(str(form or "") for form in forms)


def _texts(message: Message) -> tuple[str, ...]:
    return _all(message.string)


def _ids(message: Message) -> tuple[str, ...]:
    return _all(message.id)


def as_po(template: Catalog, language: str, domain: str = "messages") -> bytes:
    """The catalog of `language` with exactly the template's messages (for `easy`: those it rewords), sorted."""
    old = read(language, domain)
    new = Catalog(
        locale=language, domain=domain, project="ieum-academy", charset="utf-8", fuzzy=False
    )
    for message in template:
        known = old.get(message.id) if message.id else None
        string = known.string if known else ""
        if message.id and (domain == "messages" or any(_texts(known) if known else ())):
            new.add(message.id, string)
    buffer = io.BytesIO()
    write_po(buffer, new, width=0, sort_output=True, omit_header=True, no_location=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    plural = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n' if language == "en" else ""
    return (header + plural + "\n").encode() + buffer.getvalue()


def update() -> None:
    template = extract()
    for language, domain in (*((language, "messages") for language in LANGUAGES), ("ko", "easy")):
        path = path_of(language, domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(template, language, domain))


def compile_all() -> None:
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalog = read_po(file)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


def problems() -> Iterator[str]:
    """What is wrong with the catalogs, one sentence each."""
    template = extract()
    for language in LANGUAGES:
        if not path_of(language).exists() or path_of(language).read_bytes() != as_po(
            template, language
        ):
            yield f"translations/{language} is out of date; run `make messages`"
        for message in read(language):
            if not message.id:
                continue
            source = _ids(message)[0]
            for text in _texts(message):
                if not text:
                    yield f"{language}: no translation of {source!r}"
                elif message.fuzzy:
                    yield f"{language}: unsure translation of {source!r}"
                if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(source)):
                    yield f"{language}: other placeholders in {text!r} than in {source!r}"
                if _JOSA.search(text):
                    yield f"{language}: a 조사 marker in {text!r}"
                if language == "en" and _HANGUL.search(re.sub(r"[‘“(][^’”)]*[’”)]", "", text)):
                    yield f"{language}: Hangul outside quotes in {text!r}"
    if path_of("ko", "easy").read_bytes() != as_po(template, "ko", "easy"):
        yield "translations/ko easy.po is out of date; run `make messages`"
    for message in read("ko", "easy"):
        for text in _texts(message) if message.id else ():
            if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(_ids(message)[0])):
                yield f"easy: other placeholders in {text!r}"


def main(verb: str) -> int:
    if verb == "update":
        update()
        compile_all()
        return 0
    if verb == "compile":
        compile_all()
        return 0
    found = list(problems())
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

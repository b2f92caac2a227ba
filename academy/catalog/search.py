"""Search over courses and lessons, the same on SQLite and PostgreSQL.

Korean has no words between spaces that a query could match whole: 임금 has to be found in 임금을. So an entry is indexed by every
two letters that stand side by side (bigrams, after `document.hangul.fold`), which is an ordinary B-tree look-up on any database. A
query's bigrams find candidates; a look at the folded text confirms them. Initial consonants (ㄱㄹㄱㅇㅅ) are indexed as text of their own.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from academy.catalog.models import Course, SearchEntry, SearchGram
from academy.document.hangul import fold, initials, is_initials, plain
from academy.document.words import Lexicon

LONGEST_QUERY = 60
# What stands between the title, the text and their initials, so that no query matches across; neither is ever in a folded text.
_BORDER = "\t"
_END_OF_TITLE = "\n"


@dataclass(frozen=True)
class Hit:
    """`lesson_key` is empty for a course. `before`, `match`, `after`: the excerpt; `match` is empty when only the title fits."""

    course_key: str
    course_titles: dict[str, str]
    lesson_key: str
    title: str
    before: str
    match: str
    after: str


@dataclass(frozen=True)
class Found:
    """`also`: words of the other side that were looked for as well."""

    hits: tuple[Hit, ...]
    also: tuple[str, ...] = ()


@cache
def lexicon() -> Lexicon:
    return Lexicon.load()


def index(session: Session, course_id: int, entries: Sequence[tuple[str, str, str, str]]) -> None:
    """Replace what search knows about a course. An entry: lesson key, language, title, plain text."""
    session.execute(delete(SearchEntry).where(SearchEntry.course_id == course_id))
    for lesson_key, language, title, text in entries:
        pieces = _folded(title), initials(title), _folded(text), initials(text)
        entry = SearchEntry(
            course_id=course_id,
            lesson_key=lesson_key,
            language=language,
            title=title,
            text=text,
            folded="{}{border}{}{end}{}{border}{}".format(
                *pieces, border=_BORDER, end=_END_OF_TITLE
            ),
        )
        session.add(entry)
        session.flush()  # the grams need the entry's number
        grams = {gram for piece in pieces for gram in (*_grams(piece), *piece)}
        if grams:
            session.execute(
                insert(SearchGram),
                [{"gram": gram, "entry_id": entry.id} for gram in sorted(grams)],
            )


def _folded(words: str) -> str:
    """`words` folded one by one: what only the beginning of a word decides (료리, 요리) is not lost inside a sentence."""
    return "".join(map(fold, words.split()))


def _grams(folded: str) -> set[str]:
    """Every two letters that stand side by side; a lone letter is itself."""
    return {first + second for first, second in pairwise(folded)} or set(folded)


def _needles(query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The folded forms to look for, and the words of the other side among them."""
    if is_initials(query):
        return (initials(query),), ()
    # A piece of a word may look like the beginning of a northern one; then it stands unfolded in the text.
    needles = [_folded(query), "".join(map(plain, query.split()))]
    other: list[str] = []
    for word in lexicon().by_form(query):
        for form in (*word.souths, *word.norths):
            if _folded(form) not in needles:
                needles.append(_folded(form))
                other.append(form)
    return tuple(dict.fromkeys(needle for needle in needles if needle)), tuple(other)


def _has_all(grams: set[str]) -> ColumnElement[bool]:
    found = (
        select(SearchGram.entry_id)
        .where(SearchGram.gram.in_(sorted(grams)))
        .group_by(SearchGram.entry_id)
        .having(func.count() == len(grams))
    )
    return SearchEntry.id.in_(found)


def search(
    session: Session, query: str, *, language: str, audiences: Sequence[str], limit: int = 30
) -> Found:
    """Courses and lessons in which `query` stands; titles first.

    Courses without a text in `language` are searched in Korean.
    """
    query = unicodedata.normalize("NFC", query).strip()[:LONGEST_QUERY]
    needles, other = _needles(query)
    if not needles:
        return Found(())
    folded = SearchEntry.folded
    matches = [
        and_(_has_all(_grams(needle)), folded.contains(needle, autoescape=True))
        for needle in needles
    ]
    at = func.strpos if session.get_bind().dialect.name == "postgresql" else func.instr
    title_ends = at(folded, _END_OF_TITLE)
    in_title = or_(*(at(folded, needle).between(1, title_ends) for needle in needles))
    rows = session.execute(
        select(SearchEntry, Course.key, Course.card)
        .join(Course, Course.id == SearchEntry.course_id)
        .where(
            or_(*matches),
            Course.retired_at.is_(None),
            Course.audience.in_(audiences),
            SearchEntry.language.in_({language, "ko"}),
        )
        .order_by(
            case((in_title, 0), else_=1),
            case((SearchEntry.language == language, 0), else_=1),
            Course.number,
            SearchEntry.id,
        )
        .limit(limit * 2)
    ).all()
    hits: dict[tuple[str, str], Hit] = {}
    for entry, key, card in rows:
        place = (key, entry.lesson_key)
        if place not in hits and len(hits) < limit:
            before, match, after = excerpt(entry.text, (query, *other))
            hits[place] = Hit(
                key, card["titles"], entry.lesson_key, entry.title, before, match, after
            )
    return Found(tuple(hits.values()), other)


def excerpt(text: str, needles: Sequence[str], *, around: int = 40) -> tuple[str, str, str]:
    """The place in `text` where the first of `needles` stands, with `around` letters on either side."""
    lowered = text.casefold()
    for needle in needles:
        at = lowered.find(needle.casefold()) if needle else -1
        if at >= 0 and len(lowered) == len(text):
            end = at + len(needle)
            before = text[max(0, at - around) : at]
            after = text[end : end + around]
            return (
                ("…" if at > around else "") + before,
                text[at:end],
                after + ("…" if end + around < len(text) else ""),
            )
    return text[: 2 * around] + ("…" if len(text) > 2 * around else ""), "", ""

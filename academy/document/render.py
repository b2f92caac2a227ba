"""A lesson as the parts of a page, made once when a course is published and stored as JSON.

What is shown before an answer lives in `screens` and never holds a right answer or its feedback;
`feedback` and `rights` are stored beside it for the moment of grading and never sent with a page.
There is not one word of the interface in here: templates say "알아 두면 좋아요", this module says
`tone="tip"`.

In a field called `html` or `…_html` stands safe HTML; every other text is plain and must be escaped
by the template.

Screens (one idea each):

- a text that begins with `## ` and a question each begin a new screen;
- after a question a new screen begins, whatever comes;
- pictures, callouts and the like that open a screen lead in what follows: the next heading or
  question joins them.
"""

import hashlib
import html
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict

from academy.document import markup, model, pictures
from academy.document.screens import has_heading
from academy.document.screens import screens as screens_of
from academy.document.words import Found, Lexicon, Word

# The fields of a match answer, as `grade` names them, and what no pair is called.
_PAIR = "pair-"
_NO_PAIR = "?"

T = TypeVar("T")

VERSION = "2"
"""Raised when the same lesson is rendered differently, so that published pages are made again."""


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(_Stored):
    """An option, an item, a group or one side of a pair."""

    key: str
    html: str


class Segment(_Stored):
    """A piece of a text with blanks: HTML, or the index of a blank.

    A piece alone may open a tag that a later piece closes.
    """

    html: str = ""
    blank: int | None = None


class Spoken(_Stored):
    speaker: str = ""
    html: str


class Reply(_Stored):
    """`value` is what the page sends for it: `to`, with an index where two replies lead there."""

    html: str
    to: str
    value: str
    feedback_html: str = ""


class Node(_Stored):
    key: str
    lines: tuple[Spoken, ...] = ()
    replies: tuple[Reply, ...] = ()
    end: str | None = None


class Part(_Stored):
    """One block, ready for a template.

    `kind` is the block's; fields its kind has no use for are empty.

    Attributes:
        html: the block itself; of a question, its prompt.
        easy_html: a text in plainer words, when it has them.
        title, tone: of callouts, media, files, steps, comparisons, scenarios; `tone` of callouts
            only.
        href, size: of a file to download; `size` in bytes when known.
        transcript_html: what is said in a sound or a film.
        word, north, english, word_id: of a term; `word_id` when the lexicon knows it.
        options: of choice, choices, truefalse, in the author's order.
        items: of order and sort, mixed; of checklist, in order.
        lefts, rights: of match; `rights` mixed, under keys that `RenderedLesson.unmixed`
            turns back into pair keys.
        groups: of sort; their titles.
        segments, bank: of blanks; `bank` mixed and plain, empty when one writes freely.
        start, nodes: of scenario.
    """

    key: str
    kind: str
    html: str = ""
    easy_html: str | None = None
    title: str = ""
    tone: str = ""
    href: str = ""
    size: int | None = None
    transcript_html: str = ""
    word: str = ""
    north: str = ""
    english: str = ""
    word_id: str | None = None
    points: int = 0
    counted: bool = False
    hint_html: str = ""
    options: tuple[Item, ...] = ()
    items: tuple[Item, ...] = ()
    left_title: str = ""
    right_title: str = ""
    lefts: tuple[Item, ...] = ()
    rights: tuple[Item, ...] = ()
    groups: tuple[Item, ...] = ()
    segments: tuple[Segment, ...] = ()
    bank: tuple[str, ...] = ()
    unit: str = ""
    start: str = ""
    nodes: tuple[Node, ...] = ()

    @property
    def is_question(self) -> bool:
        return self.kind in _QUESTION_KINDS

    def nodes_by_key(self) -> dict[str, Node]:
        """The places of a scenario, for walking through it."""
        return {node.key: node for node in self.nodes}


_QUESTION_KINDS = frozenset(
    {"choice", "choices", "truefalse", "short", "number", "order", "match", "sort", "blanks"}
    | {"scenario", "reflection", "checklist"}
)


class Screen(_Stored):
    """One idea. `key` is that of its first block; `title` the plain text of its first heading."""

    key: str
    title: str = ""
    blocks: tuple[Part, ...]


class RenderedLesson(_Stored):
    """A lesson in one language.

    `body_language` differs from `language` when only the title is translated: the page then marks
    the body's language. After `review_due` the facts ask for a new look. `feedback` maps a digest
    of Markdown to HTML (see `feedback_html`); `rights` maps the key of a match question to {key of
    the pair: key of its right side on the page} (see `unmixed`).
    """

    key: str
    language: str
    body_language: str
    title: str
    minutes: int
    notice: str | None = None
    alternative_html: str = ""
    practice_html: str = ""
    sources: tuple[str, ...] = ()
    reviewed: date | None = None
    reviewed_by: str = ""
    review_due: date | None = None
    screens: tuple[Screen, ...] = ()
    words: tuple[Word, ...] = ()
    feedback: Mapping[str, str] = {}
    rights: Mapping[str, Mapping[str, str]] = {}

    def parts(self) -> Iterator[Part]:
        """All blocks in order."""
        return (part for screen in self.screens for part in screen.blocks)

    def part(self, key: str) -> Part:
        """The block with this key.

        Raises:
            KeyError: there is none.
        """
        for part in self.parts():
            if part.key == key:
                return part
        raise KeyError(key)

    def unmixed(self, question: str, posted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Posted fields as `grade.parse_answer` reads them: right sides under the keys of pairs.

        Only fields of a match question change. Where two pairs share their right side, either is
        the left side's own. A key that was never on the page becomes one that no pair can have, so
        that nobody answers by sending the key of the left side.
        """
        shown = self.rights.get(question)
        if shown is None:
            return {name: list(values) for name, values in posted.items()}
        pairs: dict[str, str] = {}
        for pair, right in shown.items():
            pairs.setdefault(right, pair)

        def turned(name: str, value: str) -> str:
            left = name.removeprefix(_PAIR)
            return left if shown.get(left) == value else pairs.get(value, _NO_PAIR)

        return {
            name: [turned(name, value) if name.startswith(_PAIR) else value for value in values]
            for name, values in posted.items()
        }

    def to_json(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            pydantic.ValidationError: it is something else.
        """
        return cls.model_validate_json(text)


def feedback_html(rendered: RenderedLesson, markdown: str) -> str:
    """The stored HTML of a feedback text that `grade` returned; loads no parser.

    A text that was not rendered with this lesson is shown as it was written, escaped: a learner is
    never left without the reason.
    """
    if not markdown.strip():
        return ""
    stored = rendered.feedback.get(feedback_key(markdown))
    return f"<p>{html.escape(markdown)}</p>" if stored is None else stored


def render_lesson(
    lesson: model.Lesson,
    language: str,
    *,
    media_url: Callable[[str], str],
    lexicon: Lexicon | None,
    lesson_url: Callable[[str], str] = str,
    media: Mapping[str, bytes] | None = None,
) -> RenderedLesson:
    """Render a lesson for `language`, falling back to the original where there is no translation.

    Args:
        lesson: the lesson.
        language: of the page; a translation without blocks lends its title and practice to the
            original's body.
        media_url: from `media/name` to an address.
        lexicon: words to link in the text, or None for none.
        lesson_url: from the key of a lesson of this course to an address; by itself the key,
            relative to the page.
        media: bytes of the course's files by path, for the size of pictures and downloads.
    """
    text = lesson.translations.get(language)
    translated_body = text is not None and bool(text.blocks)
    blocks = text.blocks if text is not None and text.blocks else lesson.blocks
    body_language = language if translated_body or not lesson.blocks else model.ORIGINAL_LANGUAGE
    press = _Press(
        lesson.key, body_language, markup.Links(media_url, lesson_url), lexicon, media or {}
    )
    screens = tuple(press.screen(group) for group in screens_of(blocks))
    return RenderedLesson(
        key=lesson.key,
        language=language,
        body_language=body_language,
        title=text.title if text is not None else lesson.title,
        minutes=lesson.minutes,
        notice=lesson.notice.value if lesson.notice else None,
        alternative_html=press.block((text and text.alternative) or lesson.alternative),
        practice_html=press.block((text and text.practice_in_life) or lesson.practice_in_life),
        sources=lesson.sources,
        reviewed=lesson.reviewed,
        reviewed_by=lesson.reviewed_by,
        review_due=_due(lesson.reviewed, lesson.review_every),
        screens=screens,
        words=tuple(lexicon.lookup(id_) for id_ in press.words) if lexicon else (),
        feedback={
            feedback_key(markdown): press.block(markdown, top=3)
            for block in blocks
            for markdown in _feedback(block)
            if markdown.strip()
        },
        rights={
            block.key: {pair.key: _right_key(lesson.key, block, pair) for pair in block.pairs}
            for block in blocks
            if isinstance(block, model.Match)
        },
    )


def _due(reviewed: date | None, months: int | None) -> date | None:
    if reviewed is None or months is None:
        return None
    years, month = divmod(reviewed.month - 1 + months, 12)
    year = reviewed.year + years
    return date(year, month + 1, min(reviewed.day, monthrange(year, month + 1)[1]))


def feedback_key(markdown: str) -> str:
    """The key under which `RenderedLesson.feedback` holds this text."""
    return hashlib.sha256(markdown.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _with_heading(block: model.Text) -> str:
    """The plainer words under the heading of the text they stand for."""
    heading, _, _ = block.markdown.partition("\n")
    easy = block.easy or ""
    return f"{heading}\n\n{easy}" if has_heading(block) and not easy.startswith("## ") else easy


def _feedback(block: model.AnyBlock) -> Iterator[str]:
    """Every feedback text `grade` may return for this block."""
    if not isinstance(block, model.Question):
        return
    yield block.feedback
    if isinstance(block, model.Choice | model.Choices | model.TrueFalse):
        yield from (option.feedback for option in block.options)
    elif isinstance(block, model.ShortText):
        yield block.accepted_feedback
        yield from (wrong.feedback for wrong in block.wrong)
    elif isinstance(block, model.Number):
        yield block.value_feedback
        yield from (wrong.feedback for wrong in block.wrong)
    elif isinstance(block, model.Scenario):
        yield from (reply.feedback for node in block.nodes for reply in node.replies)


def _answers(block: model.Question) -> Iterator[str]:
    """What one may answer; words of the bridge that would give it away are not linked."""
    if isinstance(block, model.Choice | model.Choices | model.TrueFalse):
        yield from (option.text for option in block.options)
    elif isinstance(block, model.ShortText):
        yield from block.accepted
        yield from (wrong.text for wrong in block.wrong)
    elif isinstance(block, model.Order | model.Checklist):
        yield from (item.text for item in block.items)
    elif isinstance(block, model.Match):
        for pair in block.pairs:
            yield from (pair.left, pair.right)
    elif isinstance(block, model.Sort):
        yield from (item.text for group in block.groups for item in group.items)
    elif isinstance(block, model.Blanks):
        yield block.text
        yield from block.bank
        for accepted in block.accepted:
            yield from accepted


def _mixed(things: Sequence[T], seed: str, name: Callable[[T], str]) -> tuple[T, ...]:
    """`things` in an order that only `seed` and their names decide, never the one they came in.

    Names, not identities, are compared: two steps with the same words look right in either order.
    """
    right = [name(thing) for thing in things]

    def lot(numbered: tuple[int, T]) -> str:
        index, thing = numbered
        drawn = f"{seed}\n{name(thing)}\n{index if right.count(name(thing)) > 1 else ''}"
        return hashlib.sha256(drawn.encode("utf-8", "surrogatepass")).hexdigest()

    mixed = [thing for _, thing in sorted(enumerate(things), key=lot)]
    for _ in things:
        if [name(thing) for thing in mixed] != right:
            break
        mixed = [*mixed[1:], mixed[0]]
    return tuple(mixed)


def _right_key(lesson: str, block: model.Match, pair: model.Pair) -> str:
    """A key that does not say to which left side this belongs; the same words have the same key.

    It is drawn from the right side's words alone: the keys of left sides are on the page, so one drawn from them could be
    drawn again by whoever looks for the answers.
    """
    drawn = f"{lesson}\n{block.key}\n{pair.right}"
    return "r" + hashlib.sha256(drawn.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class _Press:
    """Renders the blocks of one lesson; collects the words it links."""

    def __init__(
        self,
        lesson: str,
        language: str,
        links: markup.Links,
        lexicon: Lexicon | None,
        media: Mapping[str, bytes],
    ) -> None:
        self.lesson = lesson
        self.language = language
        self.links = links
        self.lexicon = lexicon
        self.media = media
        self.words: dict[str, None] = {}
        self._seen: set[str] = set()

    def screen(self, blocks: tuple[model.AnyBlock, ...]) -> Screen:
        self._seen = set()
        parts = tuple(self._part(block) for block in blocks)
        return Screen(key=blocks[0].key, title=_title(parts), blocks=parts)

    def block(self, text: str, *, top: int = 2) -> str:
        return markup.block(text, self.links, top=top)

    def _bridged(self, safe: str, hidden: frozenset[str] = frozenset()) -> str:
        if self.lexicon is None:
            return safe
        linked, found = self.lexicon.link(safe, without=self._seen | hidden)
        self._seen |= found.keys()
        self.words |= found
        return linked

    def _words(self, text: str, *, top: int = 3) -> str:
        return self._bridged(self.block(text, top=top))

    def _label(self, text: str) -> str:
        return markup.inline(text, None)

    def _items(self, items: Iterable[model.Item | model.Option]) -> tuple[Item, ...]:
        return tuple(Item(key=item.key, html=self._label(item.text)) for item in items)

    def _part(self, block: model.AnyBlock) -> Part:
        if isinstance(block, model.Question):
            return self._question(block)
        return self._static(block)

    def _static(self, block: model.AnyBlock) -> Part:
        key, kind = block.key, block.kind
        match block:
            case model.Text():
                return self._text(block)
            case model.Callout():
                body = self._words(block.markdown)
                return Part(key=key, kind=kind, tone=block.tone, title=block.title, html=body)
            case model.Term():
                return self._term(block)
            case model.Table():
                title = block.caption
                body = markup.table(title, block.header, block.align, block.rows, self.links)
            case model.Steps():
                title = block.title
                steps = "".join(f"<li>{self._words(item)}</li>" for item in block.items)
                body = f"<ol>{steps}</ol>" if steps else ""
            case model.Compare():
                title = block.title
                sides = "".join(
                    f"<section><h3>{html.escape(column.title)}</h3>"
                    f"{self._words(column.markdown, top=4)}</section>"
                    for column in block.columns
                )
                body = f'<div class="compare">{sides}</div>'
            case _:
                return self._media(block)
        return Part(key=key, kind=kind, title=title, html=body)

    def _media(self, block: model.AnyBlock) -> Part:
        key, kind = block.key, block.kind
        match block:
            case model.Figure():
                return Part(key=key, kind=kind, html=self._figure(block))
            case model.Audio():
                named = _attributes(aria_label=block.title or None)
                src = self._url(block.src)
                return self._player(
                    block, f'<audio controls preload="none" src="{src}"{named}></audio>'
                )
            case model.Video():
                return self._player(block, self._video(block))
            case model.File():
                data = self.media.get(block.src)
                return Part(
                    key=key,
                    kind=kind,
                    title=block.title or block.src.removeprefix("media/"),
                    href=self.links.media_url(block.src),
                    size=None if data is None else len(data),
                    html=self.block(block.markdown, top=3),
                )
        message = f"no rendering for {kind}"
        raise TypeError(message)

    def _text(self, block: model.Text) -> Part:
        before = set(self._seen)
        text = self._words(block.markdown, top=2)
        after, self._seen = self._seen, before  # one of the two is read, never both
        easy = self._words(_with_heading(block), top=2) if block.easy else None
        self._seen |= after
        return Part(key=block.key, kind=block.kind, html=text, easy_html=easy)

    def _url(self, path: str) -> str:
        return html.escape(self.links.media_url(path))

    def _figure(self, block: model.Figure) -> str:
        size = pictures.size_of(self.media.get(block.src, b""))
        extent = _attributes(width=size and size[0], height=size and size[1])
        image = (
            f'<img src="{self._url(block.src)}" alt="{html.escape(block.alt)}"'
            f' loading="lazy" decoding="async"{extent}>'
        )
        caption = self._words(block.caption)
        caption = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"<figure>{image}{caption}</figure>"

    def _video(self, block: model.Video) -> str:
        poster = self.links.media_url(block.poster) if block.poster else None
        size = pictures.size_of(self.media.get(block.poster or "", b""))
        extra = _attributes(
            poster=poster,
            width=size and size[0],
            height=size and size[1],
            aria_label=block.title or None,
        )
        # Data is dear: without a poster just enough is fetched to show the first frame.
        preload = "none" if poster else "metadata"
        captions = (
            f'<track kind="captions" src="{self._url(block.captions)}"'
            f' srclang="{html.escape(self.language)}" default>'
            if block.captions
            else ""
        )
        return (
            f'<video controls playsinline preload="{preload}" src="{self._url(block.src)}"{extra}>'
            f"{captions}</video>"
        )

    def _player(self, block: model.Audio | model.Video, player: str) -> Part:
        return Part(
            key=block.key,
            kind=block.kind,
            title=block.title,
            html=player,
            transcript_html=self.block(block.transcript, top=3),
        )

    def _term(self, block: model.Term) -> Part:
        known = self.lexicon.by_form(block.word) if self.lexicon else ()
        # Two senses of one form: the one whose other side is on the card.
        word = next((w for w in known if not block.north or block.north in w.norths), None)
        if word:
            self.words[word.id] = None
            self._seen.add(word.id)
        return Part(
            key=block.key,
            kind=block.kind,
            word=block.word,
            north=block.north,
            english=block.english,
            word_id=word.id if word else None,
            html=self.block(block.markdown, top=3),
        )

    def _question(self, block: model.Question) -> Part:
        hidden = frozenset(word.id for text in _answers(block) for word in self._words_in(text))
        return Part(
            key=block.key,
            kind=str(getattr(block, "kind", "")),
            html=self._bridged(self.block(block.prompt, top=3), hidden),
            hint_html=self._label(block.hint),
            points=block.points,
            counted=block.counted,
        ).model_copy(update=self._asked(block))

    def _words_in(self, text: str) -> Iterator[Found | Word]:
        if self.lexicon:
            yield from self.lexicon.find(text)
            yield from self.lexicon.by_form(text)

    def _asked(self, block: model.Question) -> dict[str, object]:
        seed = f"{self.lesson}\n{block.key}"
        match block:
            case model.Choice() | model.Choices() | model.TrueFalse():
                return {"options": self._items(block.options)}
            case model.Number():
                return {"unit": block.unit}
            case model.Order():
                mixed = _mixed(block.items, seed, _words_of)
                return {"items": self._items(mixed)}
            case model.Checklist():
                return {"items": self._items(block.items)}
            case model.Match():
                return self._match(block, seed)
            case model.Sort():
                items = [item for group in block.groups for item in group.items]
                groups = tuple(Item(key=g.key, html=self._label(g.title)) for g in block.groups)
                return {"groups": groups, "items": self._items(_mixed(items, seed, _words_of))}
            case model.Blanks():
                return self._blanks(block, seed)
            case model.Scenario():
                nodes = tuple(self._node(node) for node in block.nodes)
                return {"title": block.title, "start": block.start, "nodes": nodes}
        return {}

    def _match(self, block: model.Match, seed: str) -> dict[str, object]:
        sides: dict[str, str] = {}
        for pair in block.pairs:
            sides.setdefault(_right_key(self.lesson, block, pair), pair.right)
        mixed = _mixed(list(sides.items()), seed, lambda side: side[1])
        return {
            "left_title": block.left_title,
            "right_title": block.right_title,
            "lefts": tuple(Item(key=p.key, html=self._label(p.left)) for p in block.pairs),
            "rights": tuple(Item(key=key, html=self._label(text)) for key, text in mixed),
        }

    def _blanks(self, block: model.Blanks, seed: str) -> dict[str, object]:
        segments = tuple(
            Segment(blank=piece) if isinstance(piece, int) else Segment(html=piece)
            for piece in markup.with_blanks(block.text, self.links)
        )
        right = [accepted[0] for accepted in block.accepted]
        bank = list(dict.fromkeys([*right, *block.bank])) if block.bank else []
        return {"segments": segments, "bank": _mixed(bank, seed, str)}

    def _node(self, node: model.Node) -> Node:
        targets = [reply.to for reply in node.replies]
        return Node(
            key=node.key,
            lines=tuple(Spoken(speaker=s.speaker, html=self._label(s.text)) for s in node.lines),
            replies=tuple(
                Reply(
                    html=self._label(reply.text),
                    to=reply.to,
                    value=f"{reply.to}:{index}" if targets.count(reply.to) > 1 else reply.to,
                    feedback_html=self.block(reply.feedback, top=4),
                )
                for index, reply in enumerate(node.replies)
            ),
            end=node.end,
        )


def _words_of(item: model.Item | model.Option) -> str:
    return item.text


def _title(parts: Iterable[Part]) -> str:
    for part in parts:
        if part.kind == "text" and part.html.startswith("<h2>"):
            return markup.plain(part.html[: part.html.index("</h2>")])
    return ""


def _attributes(**values: object) -> str:
    return "".join(
        f' {name.replace("_", "-")}="{html.escape(str(value))}"'
        for name, value in values.items()
        if value is not None
    )

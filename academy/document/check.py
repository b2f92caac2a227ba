"""Everything that is wrong with a course, at once.

Errors stand in the way of publishing, warnings do not.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from academy.document import codec, links
from academy.document import media as md
from academy.document import model as m
from academy.document.places import Loc, Places
from academy.document.problems import Code, Problem, problem
from academy.document.screens import screens

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MINUTES = 10
WORDS = (350, 900)
SCREEN_WORDS = 160

UNVERIFIED = "상식"
"""The mark of a fact that nobody has looked up; it must not be taught as one."""
VERIFIED = "확인"

Way = tuple[str | int, ...]


def check(
    course: m.Course,
    places: Places,
    *,
    today: date,
    media: Mapping[str, bytes],
    known_facts: Mapping[str, str] | None = None,
    course_keys: frozenset[str] | None = None,
) -> tuple[Problem, ...]:
    """Check a course.

    Args:
        course: what to check.
        places: where its parts stand (`codec.decode`), or `places.NOWHERE`.
        today: for the dates of review.
        media: the bytes of its media, by path.
        known_facts: the mark (확인, 상식, …) of every fact in the facts file, by id; None when
            there is no such file.
        course_keys: the keys of all courses; None when they are not known.
    """
    checker = _Checker(
        course,
        places,
        today=today,
        media=media,
        known_facts=known_facts,
        course_keys=course_keys,
    )
    checker.check()
    return tuple(sorted(checker.problems, key=lambda one: (one.path, one.line or 0)))


def due(reviewed: date, months: int) -> date:
    """When the next review of a lesson's facts is due."""
    years, month = divmod(reviewed.month - 1 + months, 12)
    year = reviewed.year + years
    return date(year, month + 1, min(reviewed.day, monthrange(year, month + 1)[1]))


def words(text: str) -> int:
    """어절: parts between spaces that hold at least one letter or digit."""
    return sum(any(char.isalnum() for char in part) for part in text.split())


class _Checker:
    def __init__(
        self,
        course: m.Course,
        places: Places,
        *,
        today: date,
        media: Mapping[str, bytes],
        known_facts: Mapping[str, str] | None,
        course_keys: frozenset[str] | None,
    ) -> None:
        self.problems: list[Problem] = []
        self._course = course
        self._places = places
        self._today = today
        self._media = media
        self._facts = known_facts
        self._courses = course_keys
        self._listed = {file.path for file in course.media}
        self._used: set[str] = set()
        self._blocks = {
            lesson.key: {block.key for block in lesson.blocks} for lesson in course.lessons()
        }

    def _say(self, loc: Loc, code: Code, *, down: int = 0, **facts: str | int) -> None:
        """Report. `down`: how many lines below the part's first, where that line is known."""
        place = codec.place_of(self._course, self._places, loc)
        line = place.line
        if down and line is not None and loc in self._places.known:
            line += down
        self.problems.append(problem(place.path, line, code, **facts))

    def _empty(self, loc: Loc, **parts: object) -> None:
        for name, part in parts.items():
            if not part:
                self._say((*loc, name), Code.EMPTY, field=name)

    def _twice(self, loc: Loc, name: str, parts: Sequence[Any]) -> None:
        seen: set[str] = set()
        for index, part in enumerate(parts):
            if part.key in seen:
                self._say((*loc, name, index), Code.KEY_TWICE, key=part.key)
            seen.add(part.key)

    # The course

    def check(self) -> None:
        course = self._course
        self._empty((), title=course.title, units=course.units)
        self._twice((), "units", course.units)
        for index, key in enumerate(course.prerequisites):
            if key == course.key:
                self._say(("prerequisites", index), Code.PREREQUISITE_SELF)
            elif self._courses is not None and key not in self._courses:
                self._say(("prerequisites", index), Code.PREREQUISITE_UNKNOWN, course=key)
        for language, text in course.translations.items():
            self._empty(("translations", language), title=text.title)
        lessons: set[str] = set()
        for at, unit in enumerate(course.units):
            loc: Loc = ("units", at)
            self._empty(loc, title=unit.title, lessons=unit.lessons)
            for language, unit_text in unit.translations.items():
                self._empty((*loc, "translations", language), title=unit_text.title)
            for number, lesson in enumerate(unit.lessons):
                here = (*loc, "lessons", number)
                if lesson.key in lessons:
                    self._say((*here, "key"), Code.KEY_TWICE, key=lesson.key)
                lessons.add(lesson.key)
                self._lesson(lesson, here)
        self._media_files()

    def _media_files(self) -> None:
        for file in self._course.media:
            data = self._media.get(file.path)
            if data is None:
                if file.path not in self._used:
                    self._file(file.path, Code.MEDIA_MISSING)
                continue
            if file.path not in self._used:
                self._file(file.path, Code.MEDIA_UNUSED)
            if md.kind_of(file.path) != "svg":
                if not md.matches_its_name(file.path, data):
                    self._file(file.path, Code.MEDIA_BYTES)
                continue
            try:
                danger = md.svg_danger(data)
            except ValueError:
                self._file(file.path, Code.SVG_BROKEN)
            else:
                if danger is not None:
                    self._file(file.path, Code.SVG_UNSAFE, what=danger)

    def _file(self, path: str, code: Code, **facts: str) -> None:
        self.problems.append(problem(path, None, code, src=path, **facts))

    # A lesson

    def _lesson(self, lesson: m.Lesson, loc: Loc) -> None:
        self._empty(loc, title=lesson.title, blocks=lesson.blocks)
        if lesson.minutes > MINUTES:
            minutes = (*loc, "minutes")
            self._say(minutes, Code.MINUTES_LONG, minutes=lesson.minutes, limit=MINUTES)
        self._sources(lesson, loc)
        if lesson.notice is not None and not lesson.alternative:
            self._say((*loc, "notice"), Code.NOTICE_WITHOUT_WAY)
        questions = [block for block in lesson.blocks if isinstance(block, m.Question)]
        if lesson.min_score is not None and not any(q.counted and q.points for q in questions):
            self._say((*loc, "min_score"), Code.SCORE_WITHOUT_QUESTIONS)
        self._length(lesson, loc)
        self._twice(loc, "blocks", lesson.blocks)
        self._lesson_text(lesson, lesson, loc)
        for at, block in enumerate(lesson.blocks):
            if isinstance(block, m.Question):
                self._question(block, (*loc, "blocks", at))
        fingerprint = codec.fingerprint(lesson) if lesson.translations else ""
        for language, text in lesson.translations.items():
            self._translation(lesson, text, language, fingerprint, loc)

    def _sources(self, lesson: m.Lesson, loc: Loc) -> None:
        if not any(lesson.sources):
            self._say((*loc, "sources"), Code.SOURCES_MISSING)
        if lesson.reviewed is None:
            self._say((*loc, "reviewed"), Code.REVIEW_MISSING)
        elif lesson.reviewed > self._today:
            self._say((*loc, "reviewed"), Code.REVIEW_FUTURE, date=lesson.reviewed.isoformat())
        elif lesson.review_every is not None:
            day = due(lesson.reviewed, lesson.review_every)
            if day < self._today:
                self._say((*loc, "reviewed"), Code.REVIEW_PAST, date=day.isoformat())
        if lesson.review_every is None:
            self._say((*loc, "review_every"), Code.REVIEW_EVERY_MISSING)
        self._check_facts(lesson, loc)

    def _check_facts(self, lesson: m.Lesson, loc: Loc) -> None:
        if self._facts is None:
            return
        for index, fact in enumerate(lesson.facts):
            mark = self._facts.get(fact)
            if mark is None:
                self._say((*loc, "facts", index), Code.FACT_UNKNOWN, fact=fact)
            elif UNVERIFIED in mark and VERIFIED not in mark:
                self._say((*loc, "facts", index), Code.FACT_UNVERIFIED, fact=fact)

    def _length(self, lesson: m.Lesson, loc: Loc) -> None:
        total = 0
        at = 0
        for screen in screens(lesson.blocks):
            size = sum(words(text) for block in screen for text in _read_aloud(block))
            talks = sum(_size_of_talk(block) for block in screen)
            if size > SCREEN_WORDS:
                here = (*loc, "blocks", at)
                self._say(here, Code.SCREEN_LONG, count=size, limit=SCREEN_WORDS)
            total += (
                talks + size + sum(words(text) for block in screen for text in _feedback(block))
            )
            at += len(screen)
        if lesson.blocks and total < WORDS[0]:
            self._say(loc, Code.WORDS_FEW, count=total, limit=WORDS[0])
        elif total > WORDS[1]:
            self._say(loc, Code.WORDS_MANY, count=total, limit=WORDS[1])

    def _lesson_text(self, text: m.Lesson | m.LessonText, lesson: m.Lesson, loc: Loc) -> None:
        """What holds for the original and for a translation."""
        for name in ("practice_in_life", "alternative"):
            self._markup(getattr(text, name), (*loc, name), lesson)
        for at, block in enumerate(text.blocks):
            here = (*loc, "blocks", at)
            self._shown(block, here)
            for way, words_, inline in _texts(block):
                self._markup(words_, (*here, *way), lesson, inline=inline)

    # Blocks that are read or looked at

    def _shown(self, block: m.AnyBlock, loc: Loc) -> None:
        match block:
            case m.Text():
                if not block.markdown:
                    self._say(loc, Code.TEXT_EMPTY, key=block.key)
                if block.easy == "":
                    self._say((*loc, "easy"), Code.TEXT_EMPTY, key=block.key)
            case m.Callout():
                self._empty(loc, markdown=block.markdown)
            case m.Figure():
                self._medium(block.src, md.PICTURES, loc)
                if not block.alt:
                    self._say(loc, Code.ALT_MISSING, src=block.src)
            case m.Audio():
                self._medium(block.src, md.SOUNDS, loc)
                self._transcript(block.transcript, block.src, loc)
            case m.Video():
                self._medium(block.src, md.FILMS, loc)
                self._transcript(block.transcript, block.src, loc)
                if block.captions is None:
                    self._say(loc, Code.CAPTIONS_MISSING, src=block.src)
                else:
                    self._medium(block.captions, md.CAPTIONS, (*loc, "captions"))
                if block.poster is not None:
                    self._medium(block.poster, md.PICTURES, (*loc, "poster"))
            case m.File():
                self._medium(block.src, None, loc)
                self._empty(loc, title=block.title or block.markdown)
            case m.Table():
                self._empty(loc, rows=block.rows)
            case m.Term():
                self._empty(loc, word=block.word, markdown=block.markdown)
            case m.Steps():
                self._empty(loc, items=block.items and all(block.items))
            case m.Compare():
                for index, column in enumerate(block.columns):
                    self._empty((*loc, "columns", index), markdown=column.markdown)
            case _:
                pass

    def _medium(self, src: str, kinds: frozenset[str] | None, loc: Loc) -> None:
        self._used.add(src)
        if src not in self._listed or src not in self._media:
            self._say(loc, Code.MEDIA_MISSING, src=src)
        if kinds is not None and md.kind_of(src) not in kinds:
            self._say(loc, Code.MEDIA_KIND, src=src)

    def _transcript(self, transcript: str, src: str, loc: Loc) -> None:
        if not transcript:
            self._say(loc, Code.TRANSCRIPT_MISSING, src=src)

    # Markup

    def _markup(self, text: str, loc: Loc, lesson: m.Lesson, *, inline: bool = False) -> None:
        for code, found, down in _findings(text, inline=inline):
            if code is Code.HTML:
                self._say(loc, code, down=down, html=found)
            elif code is Code.PICTURE_IN_TEXT:
                self._say(loc, code, down=down, src=found)
            else:
                self._link(found, loc, lesson, down)

    def _link(self, link: str, loc: Loc, lesson: m.Lesson, down: int) -> None:
        target = links.read(link)
        if isinstance(target, Code):
            self._say(loc, target, down=down, link=unquote(link))
        elif target.media is not None:
            self._used.add(target.media)
            if target.media not in self._listed:
                self._say(loc, Code.MEDIA_MISSING, down=down, src=target.media)
        elif target.lesson is not None or target.block is not None:
            blocks = self._blocks.get(target.lesson or lesson.key)
            if blocks is None or (target.block is not None and target.block not in blocks):
                self._say(loc, Code.LINK_DEAD, down=down, link=unquote(link))

    # Questions

    def _question(self, block: m.Question, loc: Loc) -> None:
        if not block.prompt and not (isinstance(block, m.Blanks) and block.text):
            self._say(loc, Code.PROMPT_EMPTY, key=block.key)
        if block.counted and not block.points:
            self._say(loc, Code.POINTS_NONE, key=block.key)
        checks: Mapping[type[m.Question], Callable[[Any, Loc], None]] = {
            m.Choice: self._options,
            m.Choices: self._options,
            m.TrueFalse: self._options,
            m.ShortText: self._short,
            m.Number: self._number,
            m.Order: self._order,
            m.Match: self._match,
            m.Sort: self._sort,
            m.Blanks: self._blanks,
            m.Scenario: self._scenario,
            m.Checklist: self._checklist,
        }
        if type(block) in checks:
            checks[type(block)](block, loc)

    def _enough(self, key: str, count: int, loc: Loc) -> None:
        if count == 0:
            self._say(loc, Code.OPTIONS_NONE, key=key)
        elif count == 1:
            self._say(loc, Code.OPTIONS_ONE, key=key)

    def _answers(self, key: str, texts: Iterable[tuple[Way, str]], loc: Loc) -> None:
        """No answer is empty, none stands there twice."""
        seen: set[str] = set()
        for way, text in texts:
            folded = " ".join(text.split()).casefold()
            if not folded:
                self._say((*loc, *way), Code.EMPTY, field="text")
            elif folded in seen:
                self._say((*loc, *way), Code.ANSWER_TWICE, key=key, answer=text)
            seen.add(folded)

    def _options(self, block: m.Choice | m.Choices | m.TrueFalse, loc: Loc) -> None:
        options = block.options
        self._enough(block.key, len(options), loc)
        self._twice(loc, "options", options)
        self._answers(block.key, ((("options", i), o.text) for i, o in enumerate(options)), loc)
        right = sum(option.right for option in options)
        if options and not right:
            self._say(loc, Code.RIGHT_NONE, key=block.key)
        elif right > 1 and not isinstance(block, m.Choices):
            self._say(loc, Code.RIGHT_MANY, key=block.key, count=right)
        elif isinstance(block, m.Choices) and right == len(options) > 1:
            self._say(loc, Code.RIGHT_ALL, key=block.key)
        for index, option in enumerate(options):
            if not option.right and not option.feedback:
                here = (*loc, "options", index)
                self._say(here, Code.FEEDBACK_MISSING, key=block.key, answer=option.text)

    def _wrong(self, block: m.ShortText | m.Number, loc: Loc) -> None:
        answers: Sequence[m.WrongText | m.WrongNumber] = block.wrong
        for index, wrong in enumerate(answers):
            if not wrong.feedback:
                answer = wrong.text if isinstance(wrong, m.WrongText) else format(wrong.value, "f")
                here = (*loc, "wrong", index)
                self._say(here, Code.FEEDBACK_MISSING, key=block.key, answer=answer)

    def _short(self, block: m.ShortText, loc: Loc) -> None:
        if not any(block.accepted):
            self._say(loc, Code.RIGHT_NONE, key=block.key)
        texts: list[tuple[Way, str]] = [(("accepted",), text) for text in block.accepted]
        texts += [(("wrong", i), wrong.text) for i, wrong in enumerate(block.wrong)]
        self._answers(block.key, texts, loc)
        self._wrong(block, loc)

    def _number(self, block: m.Number, loc: Loc) -> None:
        for index, wrong in enumerate(block.wrong):
            if abs(wrong.value - block.value) <= block.tolerance:
                here = (*loc, "wrong", index)
                answer = format(wrong.value, "f")
                self._say(here, Code.ANSWER_TWICE, key=block.key, answer=answer)
        self._wrong(block, loc)

    def _items(self, block: m.Order | m.Checklist, loc: Loc) -> None:
        self._twice(loc, "items", block.items)
        texts = ((("items", i), item.text) for i, item in enumerate(block.items))
        self._answers(block.key, texts, loc)

    def _order(self, block: m.Order, loc: Loc) -> None:
        self._enough(block.key, len(block.items), loc)
        self._items(block, loc)

    def _checklist(self, block: m.Checklist, loc: Loc) -> None:
        if not block.items:
            self._say(loc, Code.OPTIONS_NONE, key=block.key)
        self._items(block, loc)

    def _match(self, block: m.Match, loc: Loc) -> None:
        self._enough(block.key, len(block.pairs), loc)
        self._twice(loc, "pairs", block.pairs)
        pairs = list(enumerate(block.pairs))
        self._answers(block.key, ((("pairs", i), pair.left) for i, pair in pairs), loc)
        for index, pair in pairs:
            self._empty((*loc, "pairs", index), right=pair.right)

    def _sort(self, block: m.Sort, loc: Loc) -> None:
        self._enough(block.key, len(block.groups), loc)
        self._twice(loc, "groups", block.groups)
        groups = list(enumerate(block.groups))
        self._answers(block.key, ((("groups", i), group.title) for i, group in groups), loc)
        items = [
            (("groups", i, "items", k), item)
            for i, group in groups
            for k, item in enumerate(group.items)
        ]
        self._answers(block.key, ((way, item.text) for way, item in items), loc)
        keys = Counter(item.key for _, item in items)
        for way, item in items:
            if keys[item.key] > 1:
                self._say((*loc, *way), Code.KEY_TWICE, key=item.key)
                keys[item.key] = 0
        if groups and not items:
            self._say(loc, Code.OPTIONS_NONE, key=block.key)

    def _blanks(self, block: m.Blanks, loc: Loc) -> None:
        if not block.accepted:
            self._say(loc, Code.BLANKS_NONE, key=block.key)
        for accepted in block.accepted:
            self._empty((*loc, "text"), blank=all(accepted))
        right = {answer for accepted in block.accepted for answer in accepted}
        for word in block.bank:
            if word in right:
                self._say((*loc, "bank"), Code.ANSWER_TWICE, key=block.key, answer=word)

    def _scenario(self, block: m.Scenario, loc: Loc) -> None:
        if not block.nodes:
            self._say(loc, Code.NODES_NONE, key=block.key)
            return
        self._twice(loc, "nodes", block.nodes)
        nodes = {node.key: node for node in block.nodes}
        if block.start not in nodes:
            self._say((*loc, "start"), Code.NODE_MISSING, key=block.key, node=block.start)
            return
        for at, node in enumerate(block.nodes):
            here = (*loc, "nodes", at)
            if not node.replies and node.end is None:
                self._say(here, Code.NODE_OPEN, key=block.key, node=node.key)
            if node.replies and node.end is not None:
                self._say(here, Code.NODE_CLOSED, key=block.key, node=node.key)
            for index, reply in enumerate(node.replies):
                there = (*here, "replies", index)
                if reply.to not in nodes:
                    self._say(there, Code.NODE_MISSING, key=block.key, node=reply.to)
                self._empty(there, text=reply.text)
        self._ways(block, nodes, loc)

    def _ways(self, block: m.Scenario, nodes: Mapping[str, m.Node], loc: Loc) -> None:
        ahead = {
            key: [reply.to for reply in node.replies if reply.to in nodes]
            for key, node in nodes.items()
        }
        back: dict[str, list[str]] = {key: [] for key in nodes}
        for key, targets in ahead.items():
            for target in targets:
                back[target].append(key)
        reached = _reach([block.start], ahead)
        for at, node in enumerate(block.nodes):
            if node.key not in reached:
                here = (*loc, "nodes", at)
                self._say(here, Code.NODE_UNREACHABLE, key=block.key, node=node.key)
        ends = [key for key in reached if nodes[key].end in {"good", "fine"}]
        if not ends:
            self._say(loc, Code.GOOD_END_NONE, key=block.key)
            return
        # Where no place on the way to a good end leaves a choice, there is only one way.
        good = reached & _reach(ends, back)
        if not any(sum(target in good for target in ahead[key]) > 1 for key in good):
            self._say(loc, Code.ONE_WAY, key=block.key)

    # Translations

    def _translation(
        self, lesson: m.Lesson, text: m.LessonText, language: str, fingerprint: str, loc: Loc
    ) -> None:
        here = (*loc, "translations", language)
        self._empty(here, title=text.title)
        if text.translates is not None and text.translates != fingerprint:
            self._say((*here, "translates"), Code.TRANSLATION_STALE, language=language)
        if not text.blocks:
            return
        self._lesson_text(text, lesson, here)
        longest = max(len(lesson.blocks), len(text.blocks))
        for at in range(longest):
            original = lesson.blocks[at] if at < len(lesson.blocks) else None
            block = text.blocks[at] if at < len(text.blocks) else None
            expected, found = _name(original), _name(block)
            if expected != found:
                self._say(
                    (*here, "blocks", at) if block else here,
                    Code.TRANSLATION_BLOCKS,
                    language=language,
                    expected=expected,
                    found=found,
                )
                return  # what follows is only shifted
            if block and original and _grading(block) != _grading(original):
                where = (*here, "blocks", at)
                self._say(where, Code.TRANSLATION_ANSWERS, language=language, key=block.key)


def _name(block: m.AnyBlock | None) -> str:
    if block is None:
        return "-"
    kind = block.tone if isinstance(block, m.Callout) else block.kind
    return f"{kind} {block.key}"


def _grading(block: m.AnyBlock) -> object:
    """What must be the same in every language."""
    if not isinstance(block, m.Question):
        return None
    shared = (block.points, block.counted)
    match block:
        case m.Choice() | m.Choices() | m.TrueFalse():
            return shared, tuple((option.key, option.right) for option in block.options)
        case m.Number():
            return shared, block.value, block.tolerance
        case m.Order() | m.Checklist():
            return shared, tuple(item.key for item in block.items)
        case m.Match():
            return shared, frozenset(pair.key for pair in block.pairs)
        case m.Sort():
            groups = ((g.key, frozenset(item.key for item in g.items)) for g in block.groups)
            return shared, frozenset(groups)
        case m.Blanks():
            return shared, len(block.accepted)
        case m.Scenario():
            nodes = ((n.key, n.end, tuple(reply.to for reply in n.replies)) for n in block.nodes)
            return shared, block.start, tuple(nodes)
        case _:
            return shared


def _reach(starts: Iterable[str], edges: Mapping[str, Sequence[str]]) -> set[str]:
    reached = set(starts)
    waiting = list(reached)
    while waiting:
        for target in edges[waiting.pop()]:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


# Texts of a block


def _read_aloud(block: m.AnyBlock) -> Iterator[str]:
    """What a learner reads before answering."""
    if isinstance(block, m.Callout | m.Steps | m.Compare | m.Scenario):
        yield block.title
    if isinstance(block, m.Scenario):
        yield block.prompt
        return
    for way, text, _ in _texts(block):
        if way[-1] not in {"easy", "feedback", "accepted_feedback", "value_feedback"}:
            yield text


def _size_of_talk(block: m.AnyBlock) -> int:
    """The words of a scenario, of which a screen shows only a few at a time."""
    if not isinstance(block, m.Scenario):
        return 0
    replies = (reply.text for node in block.nodes for reply in node.replies)
    return sum(map(words, replies)) + sum(words(said.text) for n in block.nodes for said in n.lines)


def _feedback(block: m.AnyBlock) -> Iterator[str]:
    for way, text, _ in _texts(block):
        if way[-1] in {"feedback", "accepted_feedback", "value_feedback"}:
            yield text


_Texts = Iterator[tuple[Way, str, bool]]


def _texts(block: m.AnyBlock) -> _Texts:
    """Every text of a block that is shown as Markdown: way, text, and whether it is one line."""
    if isinstance(block, m.Question):
        yield ("prompt",), block.prompt, False
        yield ("feedback",), block.feedback, False
        yield ("hint",), block.hint, True
        yield from _question_texts(block)
        return
    match block:
        case m.Text():
            yield ("markdown",), block.markdown, False
            yield ("easy",), block.easy or "", False
        case m.Callout() | m.File() | m.Term():
            yield ("markdown",), block.markdown, False
        case m.Figure():
            yield ("caption",), block.caption, False
        case m.Audio() | m.Video():
            yield ("transcript",), block.transcript, False
        case m.Table():
            for index, row in enumerate((block.header, *block.rows)):
                way: Way = ("rows", index - 1) if index else ("header",)
                yield from ((way, cell, True) for cell in row)
        case m.Steps():
            yield from ((("items", i), item, False) for i, item in enumerate(block.items))
        case m.Compare():
            for index, column in enumerate(block.columns):
                yield ("columns", index, "markdown"), column.markdown, False
        case _:
            pass


def _wrong_texts(block: m.ShortText | m.Number) -> _Texts:
    answers: Sequence[m.WrongText | m.WrongNumber] = block.wrong
    for index, wrong in enumerate(answers):
        yield ("wrong", index, "feedback"), wrong.feedback, False


def _question_texts(block: m.Question) -> _Texts:
    match block:
        case m.Choice() | m.Choices() | m.TrueFalse():
            for index, option in enumerate(block.options):
                yield ("options", index, "text"), option.text, True
                yield ("options", index, "feedback"), option.feedback, False
        case m.ShortText():
            yield ("accepted_feedback",), block.accepted_feedback, False
            yield from _wrong_texts(block)
        case m.Number():
            yield ("value_feedback",), block.value_feedback, False
            yield from _wrong_texts(block)
        case m.Order() | m.Checklist():
            yield from ((("items", i), item.text, True) for i, item in enumerate(block.items))
        case m.Match():
            for index, pair in enumerate(block.pairs):
                yield ("pairs", index), pair.left, True
                yield ("pairs", index), pair.right, True
        case m.Sort():
            for index, group in enumerate(block.groups):
                yield ("groups", index), group.title, True
                for number, item in enumerate(group.items):
                    yield ("groups", index, "items", number), item.text, True
        case m.Blanks():
            yield ("text",), block.text, False
        case m.Scenario():
            for at, node in enumerate(block.nodes):
                yield from ((("nodes", at), said.text, True) for said in node.lines)
                for index, reply in enumerate(node.replies):
                    yield ("nodes", at, "replies", index), reply.text, True
                    yield ("nodes", at, "replies", index, "feedback"), reply.feedback, False
        case _:
            pass


# Markdown


def _findings(text: str, *, inline: bool) -> Iterator[tuple[Code, str, int]]:
    """HTML, pictures and links in Markdown, each with the number of lines above it.

    A link has the code LINK_UNKNOWN until it is judged.
    """
    if "<" not in text and "](" not in text and "]:" not in text:
        return  # neither a tag nor a link can begin
    parser = _parser()
    for token in parser.parseInline(text) if inline else parser.parse(text):
        down = token.map[0] if token.map else 0
        for code, found in _in_token(token):
            yield code, found, down


def _in_token(token: "Token") -> Iterator[tuple[Code, str]]:
    if token.type in {"html_block", "html_inline"}:
        yield Code.HTML, token.content
    elif token.type == "image":
        yield Code.PICTURE_IN_TEXT, str(token.attrs.get("src", ""))
    elif token.type == "link_open":
        yield Code.LINK_UNKNOWN, str(token.attrs.get("href", ""))
    for child in token.children or ():
        yield from _in_token(child)


@cache
def _parser() -> "MarkdownIt":
    """Reads HTML and every link, in order to report them; nothing of it is ever rendered."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  showing lessons needs none

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.validateLink = _any_link  # type: ignore[method-assign]
    return parser


def _any_link(url: str) -> bool:  # noqa: ARG001  the parser's signature
    return True

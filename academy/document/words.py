"""The word bridge: words of the lexicon, found in a lesson and linked to their meaning.

A word is found at the beginning of a token (a run of letters and digits) when the rest of the token
is nothing, a chain of particles that agrees with the word's final sound, or an ending of the verb
made from it. No analyser of morphology stands behind this: a word that cannot be told from another
with certainty is left unlinked (`SOUTHERN_HOMOGRAPHS`, `NORTHERN_HOMOGRAPHS`), because a wrong
meaning is worse than none. docs/decisions/0006-word-bridge.md has the reasons.
"""

import csv
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from hashlib import sha256
from importlib import resources
from itertools import pairwise, product
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from academy.document.markup import TAG

SOUTHERN_HOMOGRAPHS: Mapping[str, str] = {
    "결산": "회계의 결산",
    "곧": "'다시 말해'라는 뜻의 곧",
    "교대": "교육대학",
    "돌": "돌멩이",
    "디스크": "컴퓨터의 저장 장치",
    "무": "없음(無)",
    "백신": "컴퓨터의 백신",
    "보도": "언론의 보도",
    "서브": "보조라는 뜻의 서브",
    "서비스": "온라인 서비스; 낱말책에도 뜻이 둘",
    "소수": "적은 수, 소수점",
    "소화": "음식의 소화",
    "숙소": "일터의 숙소",
    "수표": "북쪽에서 말하는 서명",
    "스킨": "화면의 꾸밈새",
    "시장": "시의 우두머리, 노동 시장",
    "싸다": "물건을 싸다",
    "알아보다": "사람을 알아보다",
    "연고": "인연이라는 뜻의 연고",
    "유산": "물려받은 유산",
    "인도": "나라 이름, 물건의 인도",
    "장인": "솜씨 있는 사람",
    "전매": "나라의 독점 판매",
    "정수": "물의 정수, 알맹이",
    "지수": "물가 지수",
    "집합": "모이라는 집합",
    "포인트": "중요한 점",
    "표지": "알림 표지",
    "프로그램": "교육·방송 프로그램",
    "플랫폼": "온라인 플랫폼",
    "피티": "운동 지도",
    "해": "한 해, 하늘의 해",
}
"""Southern forms that are not linked, each with the other reading that forbids it."""

NORTHERN_HOMOGRAPHS: Mapping[str, str] = {
    "간호자": "간호하는 사람 누구나",
    "건반": "악기의 건반",
    "경력서": "경력만 적은 글",
    "교반": "휘저어 섞음",
    "구급과": "'구급'에 조사 '과'",
    "구원": "구해 줌",
    "기동": "움직임",
    "길동무": "함께 가는 사람",
    "낙지": "남쪽의 다른 바다 동물",
    "대거리": "맞서 대듦",
    "등록부": "명부",
    "모임": "사람들의 모임",
    "몰기": "'몰다'의 명사형",
    "바쁘다": "할 일이 많음",
    "몸풀기": "준비 운동",
    "문지기": "문을 지키는 사람",
    "밀차": "짐을 나르는 손수레",
    "보관": "물건의 보관",
    "보육원": "남쪽의 아동 시설",
    "봉사": "대가 없이 돕는 일",
    "부수": "책의 부수, '부수다'의 줄기",
    "생활비": "사는 데 쓰는 돈",
    "세대주": "집안의 대표로 적힌 사람",
    "수표": "은행이 돈을 약속한 종이",
    "수형": "형을 받음",
    "안전원": "일터의 안전을 맡은 사람",
    "이관": "업무의 이관",
    "일군": "'일구다'의 꼴",
    "접대원": "손님을 접대하는 사람",
    "제형": "약의 꼴",
    "주치": "'주치의'의 앞부분",
    "지하철도": "'지하철'에 조사 '도'",
    "치르기": "'치르다'의 명사형",
    "튀기": "'튀기다'의 줄기",
    "풀이": "뜻이나 문제의 풀이",
    "학습장": "배우는 곳",
}
"""Northern forms that are not linked: in southern Korean they mean something else."""


class Word(BaseModel):
    """A row of the lexicon. `north` is empty when only the southern word needs explaining.

    Attributes:
        id: never changes and is never given to another word.
        sense: which of several meanings of `south` this row is about; empty when it has one.
        south_forms, north_forms: other ways to say the same.
        verb: with 하다, 되다, 시키다 or 받다 it makes a verb.
        meaning: in plain Korean.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    south: str
    north: str = ""
    meaning: str
    english: str = ""
    sense: str = ""
    south_forms: tuple[str, ...] = ()
    north_forms: tuple[str, ...] = ()
    verb: bool = False
    domain: str = ""

    @property
    def souths(self) -> tuple[str, ...]:
        """All southern forms, the usual one first."""
        return (self.south, *self.south_forms)

    @property
    def norths(self) -> tuple[str, ...]:
        """All northern forms, the usual one first."""
        return (self.north, *self.north_forms) if self.north else self.north_forms


class Found(NamedTuple):
    """A word in a text: `text[start:end]`, without the particle."""

    start: int
    end: int
    id: str


class _Form(NamedTuple):
    """A surface form; `tail` is "noun", "verbal noun" or a key of `_ENDINGS`."""

    id: str
    tail: str


# Endings.
#
# Written from the standard grammar (한글 맞춤법 제15-19항, 제34-40항; 학교 문법의 조사와 어미),
# limited to what lessons use.

_PAST = (
    r"(?:다(?:고|는|면|가|며|니|가도)?(?:요|도)?|어(?:요|도|서|야|야지)?|습니(?:다만?|까)|고(?:요|서)?"
    r"|지(?:요|만|만요|는)?|죠|네요?|는(?:데요?|데도|지|지도|지를|지는|가요?)|던(?:데|지|가요)?"
    r"|더(?:니|라면|라도|라고요)|을(?:까요?|지|지도|텐데|수록|게요?)?|으(?:면|며|나|니|니까|므로|면서)요?"
    r"|음(?:은|을|이|에도|에)?|거나|든지|기(?:에|때문에|를|는|도)?|군요|구나|길래)"
)
_NOMINAL = (
    r"(?:은|는|이|가|을|를|도|만|에|에는|에도|로|까지|까지는|부터|보다|보다는|조차|마저|의|요"
    r"|으로|으로써|만을|만은|만으로)"
)
_HONORIFIC = (
    r"(?:세요|셔요?|셔서|셔도|셔야|십시오|십니다|십니까|신데|신지|신가요|실까요|실게요|실지|셨"
    + _PAST
    + r"|시(?:고|면|는|는데|는지|지|지만|기|던|려고|려면|거나|죠|니|며|겠어요|겠습니다|겠습니까"
    r"|더라도|나요|네요|길|도록|자|므로|라고))"
)
_BASE = (
    r"(?:다(?:고|는|면|가|가도|니|며|던|시피)?(?:요|도)?|고(?:요|서|는|도|만|자|서는|서도|야)?"
    r"|지(?:요|만|만요|는|도|를|만은)?|죠|게(?:요|끔|도|는|만)?|기"
    + _NOMINAL
    + r"?|길|긴|거나|건|든(?:지|가)?|도록|네요?|던(?:데|지|가요)?"
    r"|더(?:니|라도|라|라고|라고요|라도요)|자(?:마자|고|는|면)?"
    r"|는(?:데요?|데도|지|지도|지를|지는|가요?|다고|다는|구나|군요)?|겠" + _PAST + r"|구나|군요)"
)
_OPEN = (
    r"(?:면(?:서|서도|은|요)?|며|니까?요?|려(?:고|고요|면|는|던|다가?)|러|므로|나요?|라(?:고|는|면|도)?"
    r"|냐(?:고|는)|오|신|실|심|" + _HONORIFIC + ")"
)
_AUXILIARY = (
    r"(?:(?:주|드리|보|두|놓|버리|오|가|나|내|지|있|달)(?:"
    + _BASE
    + "|"
    + _OPEN
    + r")|(?:줘|드려|봐|둬|놔|버려|와|가|나|내|져|있어)(?:요|서|서는|도|야|야지|라)?"
    r"|(?:줬|드렸|봤|뒀|놨|버렸|왔|갔|났|냈|졌|있었)"
    + _PAST
    + r"|(?:준|드린|본|둔|놓은|버린|온|간|난|낸|진|있는)(?:다|다고|는다|다는|다면|데요?|지)?"
    r"|(?:줄|드릴|볼|둘|놓을|버릴|올|갈|날|낼|질|있을)(?:게요?|까요?|지|수록|래요?)?"
    r"|(?:줍|드립|봅|둡|버립|옵|갑|납|냅|집|있습|놓습)(?:니다만?|니까|시다)"
    r"|(?:줌|봄|둠|짐|있음)" + _NOMINAL + "?)"
)
_ENDINGS: Mapping[str, str] = {
    "base": _BASE,
    "open": _OPEN,
    # Also with an auxiliary verb and no space: 해주세요, 바빠졌어요.
    "infinitive": r"(?:요|서(?:는|도|요|야)?|선|도요?|야(?:지|죠|지요|만|만요)?|라|"
    + _AUXILIARY
    + ")?",
    "past": _PAST,
    "n": r"(?:데(?:요|도|다가)?|지(?:요|를|는|도|가)?|가요?"
    r"|다(?:고|는|면|며|면서|거나|니|지만)?요?)?",
    "l": r"(?:게요?|까(?:요|봐)?|지(?:도|를|는|라도)?|수록|텐데|거(?:예요|야|라고)?|걸요?|래요?)?",
    "m": _NOMINAL + "?",
    "b": r"(?:니다만?|니까|시다)",
    "phrase": r"(?:만|만요)?(?:라고[는요]?|라는|란)?",
}
"""What may follow a form of a predicate, by the kind of the form (see `_conjugated`)."""

_VOWELLESS = (
    r"다(?:고|는|면|며)?|고요?|며|면서?|라(?:서|고|고도|고요|는|면|며|든지|도)?요?|란|니(?:까요?)?"
    r"|지만|지요?|죠|든지?|거나|네요|던|므로|군요|겠" + _PAST + "|나|" + _HONORIFIC
)
_COPULA = (
    r"인(?:데요?|데도|지|지를|지도|지는|가요?|만큼)?|일(?:까요?|지|지도|수록|뿐|지라도)?"
    r"|입니(?:다만?|까)|임(?:을|은|이|에도)?|이(?:신|실|" + _VOWELLESS + "|었" + _PAST + "|자)"
)
_COPULAS: Mapping[bool, str] = {
    True: _COPULA + "|이(?:에요|야|요)",
    False: _COPULA + "|예요|였" + _PAST + "|" + _VOWELLESS,
}
"""이다 after a closed syllable (True); after an open one (False) its 이 may fall away."""

# 결제일 is a day of paying, 계좌일 때 "when it is an account": what follows tells them apart.
_ADNOMINAL_L = "일"
_DEPENDENT_NOUN = re.compile(r"\s+(?:때|수|것|거|게|경우|뿐|텐데|듯|만|가능성|리)")


class _Particle(NamedTuple):
    """A 조사.

    Ranks rise along a chain, and only `_REPEATABLE` may repeat: 들(0)에서(1)부터(2)만(2)은(3).
    """

    rank: int
    after: str
    """What it stands after; "towards": a closed syllable whose final is not ㄹ."""


_PARTICLES: Mapping[str, _Particle] = {
    surface: _Particle(rank, after)
    for rank, after, surfaces in (
        (0, "any", "들 님 님들"),
        (1, "any", "에 에서 에게 에게서 에게로 께 께서 한테 한테서 처럼 같이"),
        (1, "any", "보다 마다 만큼 대로 하고 끼리"),
        (1, "towards", "으로 으로서 으로써 으로부터"),
        (1, "not towards", "로 로서 로써 로부터"),
        (1, "closed", "과 이랑"),
        (1, "open", "와 랑"),
        (2, "any", "까지 부터 조차 마저 밖에 만 만으로 뿐"),
        (3, "any", "도 의 커녕 치고 에선 에겐 한텐 보단 밖엔"),
        (3, "closed", "은 이 을 이나 이라도 이야말로 은커녕"),
        (3, "open", "는 가 를 나 라도 야 야말로 는커녕"),
        (4, "any", "요"),
    )
    for surface in surfaces.split()
}
_REPEATABLE = 2
_LONGEST_PARTICLE = max(map(len, _PARTICLES))

# Hangul syllables are laid out by rule (The Unicode Standard, 3.12): 28 finals, 21 vowels.
_FIRST, _FINALS, _VOWELS = 0xAC00, 28, 21
_N, _L, _LM, _M, _B, _SS = 4, 8, 10, 16, 17, 20
_A, _AE, _YEO, _O, _WA, _OE, _WAE, _U, _WO, _EU, _I = 0, 1, 6, 8, 9, 11, 10, 13, 14, 18, 20


def _final(syllable: str) -> int:
    """The index of the final consonant, 0 for none."""
    return (ord(syllable) - _FIRST) % _FINALS if "가" <= syllable <= "힣" else 0


def _vowel(syllable: str) -> int:
    return (ord(syllable) - _FIRST) // _FINALS % _VOWELS


def _closed(stem: str, final: int) -> str:
    """`stem` with another final consonant in its last syllable."""
    return stem[:-1] + chr(ord(stem[-1]) - _final(stem[-1]) + final)


def _turned(stem: str, vowel: int) -> str:
    """`stem` with another vowel in its last syllable, which is open."""
    return stem[:-1] + chr(ord(stem[-1]) + (vowel - _vowel(stem[-1])) * _FINALS)


def _infinitives(stem: str) -> tuple[str, ...]:
    """The forms in -아/-어, contracted ones first."""
    last = stem[-1]
    long = stem + ("아" if _vowel(last) in {_A, _O} else "어")
    if last == "하":
        return (_turned(stem, _AE), stem + "여")
    if _final(last):
        return (long,)
    contracted = {_I: _YEO, _O: _WA, _U: _WO, _OE: _WAE}.get(_vowel(last))
    if contracted is not None:
        return (_turned(stem, contracted), long)
    if _vowel(last) == _EU:
        before = stem[-2:-1]
        return (_turned(stem, _A if before and _vowel(before) in {_A, _O} else 4),)
    return (stem,)


def _conjugated(stem: str) -> Iterator[tuple[str, str]]:
    """Yield the forms of a predicate with their kinds: (바쁘, base), (바빠, infinitive) …."""
    final = _final(stem[-1])
    yield stem, "base"
    if final == 0:
        yield stem, "open"
        yield from (
            (_closed(stem, end), kind) for end, kind in ((_N, "n"), (_L, "l"), (_M, "m"), (_B, "b"))
        )
    elif final == _L:
        yield stem, "open"
        yield stem, "l"
        yield _closed(stem, 0), "base"
        yield _closed(stem, 0), "open"
        yield from ((_closed(stem, end), kind) for end, kind in ((_N, "n"), (_LM, "m"), (_B, "b")))
    else:
        yield stem + "으", "open"
        yield from (
            (stem + end, kind) for end, kind in (("은", "n"), ("을", "l"), ("음", "m"), ("습", "b"))
        )
    for infinitive in _infinitives(stem):
        yield infinitive, "infinitive"
        yield (infinitive + "ㅆ" if _final(infinitive[-1]) else _closed(infinitive, _SS)), "past"


# The verbs that make a verb of a noun: 결제하다, 저장되다, 로그인시키다, 상담받다.
_LIGHT_VERBS: tuple[tuple[str, str], ...] = tuple(
    form for stem in ("하", "되", "시키", "받") for form in _conjugated(stem)
)


@cache
def _ending(kind: str) -> re.Pattern[str]:
    return re.compile(_ENDINGS[kind])


@cache
def _copula(closed: bool) -> re.Pattern[str]:  # noqa: FBT001  the key of `_COPULAS`
    return re.compile(_COPULAS[closed])


def _agrees(after: str, syllable: str) -> bool:
    final = _final(syllable)
    match after:
        case "closed":
            return final != 0
        case "open":
            return final == 0
        case "towards":
            return final not in {0, _L}
        case "not towards":
            return final in {0, _L}
    return True


def _are_particles(rest: str, syllable: str, rank: int = -1) -> bool:
    """Is `rest` a chain of particles that can stand after a word ending in `syllable`?"""
    if not rest:
        return True
    if _copula(_final(syllable) != 0).fullmatch(rest):
        return True
    for length in range(min(_LONGEST_PARTICLE, len(rest)), 0, -1):
        surface = rest[:length]
        particle = _PARTICLES.get(surface)
        if (
            particle
            and (particle.rank > rank or particle.rank == rank == _REPEATABLE)
            and _agrees(particle.after, syllable)
            and _are_particles(rest[length:], surface[-1], particle.rank)
        ):
            return True
    return False


def _is_light_verb(rest: str) -> bool:
    return any(
        rest.startswith(form) and _ending(kind).fullmatch(rest, len(form))
        for form, kind in _LIGHT_VERBS
    )


def _forms(word: Word, text: str) -> Iterator[tuple[str, str]]:
    """How a form of `word` appears in a text: (what is looked up, what may follow)."""
    if word.south.endswith(("요", "니다")):
        yield text, "phrase"
    elif word.south.endswith("다"):  # the southern form tells: 빠다 is butter
        yield from _conjugated(text.removesuffix("다"))
    else:
        yield text, "verbal noun" if word.verb else "noun"


def _spacings(text: str) -> Iterator[str]:
    """`text` with each of its spaces kept or left out: 2단계 인증, 2단계인증."""
    words = text.split()
    for gaps in product((" ", ""), repeat=len(words) - 1):
        yield "".join(part for pair in zip(words, (*gaps, ""), strict=True) for part in pair)


# Text

_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ \t]*\n?[ \t]*")
_CLUSTER = re.compile(r".[\u0300-\u036f\u1160-\u11ff\u3099\u309a]*", re.DOTALL)


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """`text` in NFC and lower case, and for each place in it (and its end) the place in `text`."""
    lower = text.lower()
    if len(lower) == len(text) and unicodedata.is_normalized("NFC", lower):
        return lower, range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        folded = unicodedata.normalize("NFC", cluster.group().lower())
        letters.append(folded)
        places += [cluster.start()] * len(folded)
    return "".join(letters), [*places, len(text)]


def _compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).lower().split())


class _Index:
    """All surface forms, looked up by prefix of a token."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.forms = self._built(words)
        self.longest = max(map(len, self.forms), default=0)
        self.starts: dict[str, int] = {}
        for form in self.forms:
            first, *more = form.split(" ")
            if more:
                self.starts[first] = max(self.starts.get(first, 1), 1 + len(more))

    @staticmethod
    def _built(words: Iterable[Word]) -> dict[str, tuple[_Form, ...]]:
        south: dict[str, list[_Form]] = defaultdict(list)
        north: dict[str, list[_Form]] = defaultdict(list)
        for word in words:
            for side, texts, stopped in (
                (south, word.souths, SOUTHERN_HOMOGRAPHS),
                (north, word.norths, NORTHERN_HOMOGRAPHS),
            ):
                for text in texts:
                    if text in stopped:
                        continue
                    for surface, tail in _forms(word, text):
                        for spaced in _spacings(_folded(surface)[0]):
                            side[spaced].append(_Form(word.id, tail))
        # The text is southern Korean: a form of both sides is read as the southern one.
        both = {**north, **south}
        # A form of two words says nothing certain.
        return {
            form: tuple(found) for form, found in both.items() if len({f.id for f in found}) == 1
        }


class Lexicon:
    """The words of the bridge."""

    def __init__(self, words: Iterable[Word]) -> None:
        """Hold these words.

        Raises:
            ValueError: two of them have the same id.
        """
        self.words = tuple(words)
        self._by_id = {word.id: word for word in self.words}
        if len(self._by_id) != len(self.words):
            message = "an id of the lexicon is used twice"
            raise ValueError(message)
        forms: dict[str, dict[str, Word]] = defaultdict(dict)
        for word in self.words:
            for text in (*word.souths, *word.norths):
                forms[_compact(text)][word.id] = word
        self._by_form = {form: tuple(found.values()) for form, found in forms.items()}

    @staticmethod
    @cache
    def load() -> "Lexicon":
        """The lexicon that comes with the product; read once."""
        source = resources.files("academy.document") / "data" / "lexicon.csv"
        lines = source.read_text("utf-8").splitlines()
        return Lexicon(_word(row) for row in csv.DictReader(lines))

    @cached_property
    def digest(self) -> str:
        """A short hash of all words: another lexicon, or a corrected one, has another."""
        text = "\n".join(word.model_dump_json() for word in self.words)
        return sha256(text.encode()).hexdigest()[:12]

    @cached_property
    def _index(self) -> _Index:
        # Built at first use: whoever only looks words up (a word list, a search) needs none of it.
        return _Index(self.words)

    def lookup(self, id_: str) -> Word:
        """The word with this id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[id_]

    def by_form(self, text: str) -> tuple[Word, ...]:
        """Words with this form, of either side; spaces, case and NFC/NFD do not matter.

        Homographs are all returned: whoever asks for a word sees every meaning.
        """
        return self._by_form.get(_compact(text), ())

    def find(self, text: str) -> tuple[Found, ...]:
        """All words in `text`, in order, none overlapping; of several at one place the longest."""
        return tuple(self._find(text))

    def link(self, markup: str, *, without: Collection[str] = ()) -> tuple[str, dict[str, None]]:
        """Link the first occurrence of each word in cleaned HTML.

        Words inside links, code, headings, controls and terms are left alone, and so are ids in
        `without` and words that are linked already. Only tags are added: the text stays as it is.

        Returns:
            The HTML, and the ids of the words that are linked now, in order.
        """
        run, offsets, open_ = _text_of(markup)
        starts = [start for start, _ in offsets]
        seen = {*without, *_LINKED.findall(markup)}
        found: dict[str, None] = {}
        pieces: list[str] = []
        end = 0
        for word in self._find(run):
            segment = bisect_right(starts, word.start) - 1
            begin, place = offsets[segment]
            whole = word.end <= (starts[segment + 1] if segment + 1 < len(starts) else len(run))
            if word.id in seen or not whole or not open_[segment]:
                continue
            seen.add(word.id)
            found[word.id] = None
            at, stop = place + word.start - begin, place + word.end - begin
            pieces += [
                markup[end:at],
                f'<a class="w" href="#w-{word.id}" data-w="{word.id}">',
                markup[at:stop],
                "</a>",
            ]
            end = stop
        return "".join([*pieces, markup[end:]]), found

    def _find(self, text: str) -> Iterator[Found]:
        index = self._index
        folded, places = _folded(text)
        tokens = [token.span() for token in _TOKEN.finditer(folded)]
        following = [
            bool(_GAP.fullmatch(folded, end, start)) for (_, end), (start, _) in pairwise(tokens)
        ]
        at = 0
        while at < len(tokens):
            most = index.starts.get(folded[slice(*tokens[at])], 1)
            for count in range(min(most, len(tokens) - at), 0, -1):
                if not all(following[at : at + count - 1]):
                    continue
                match = _match(index, folded, tokens[at : at + count])
                if match:
                    id_, length = match
                    start, end = tokens[at][0], tokens[at + count - 1][0] + length
                    yield Found(places[start], places[end], id_)
                    at += count - 1
                    break
            at += 1


def _match(index: _Index, text: str, tokens: Sequence[tuple[int, int]]) -> tuple[str, int] | None:
    """The longest form that `tokens` begin with: its id, and its length in the last token."""
    before = "".join(text[start:end] + " " for start, end in tokens[:-1])
    start, end = tokens[-1]
    last = text[start:end]
    for length in range(min(len(last), index.longest), 0, -1):
        for form in index.forms.get(before + last[:length], ()):
            rest = last[length:]
            if form.tail not in {"noun", "verbal noun"}:
                if _ending(form.tail).fullmatch(rest):
                    # An ending melts into its stem (바빴어요): all of it is the word.
                    return form.id, length if form.tail == "phrase" else len(last)
            elif rest == _ADNOMINAL_L:
                if _DEPENDENT_NOUN.match(text, end):
                    return form.id, length
            elif _are_particles(rest, last[length - 1]) or (
                form.tail == "verbal noun" and _is_light_verb(rest)
            ):
                return form.id, length
    return None


# HTML

_INLINE = frozenset({"a", "b", "code", "del", "em", "i", "s", "span", "strong"})
_CLOSED = frozenset(
    {"a", "button", "code", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "label", "option", "pre"}
    | {"script", "select", "style", "summary", "textarea", "title"}
)
_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
_LINKED = re.compile(r'<a class="w" href="#w-\w+" data-w="(\w+)">')
_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]*|#[0-9]+|#x[0-9a-f]+);", re.IGNORECASE)
_BREAK = "\x00"


def _text_of(markup: str) -> tuple[str, list[tuple[int, int]], list[bool]]:
    """The text of HTML as one run, so that a particle behind `</strong>` is seen with its word.

    Returns:
        The run, with a break for every tag that is not inline and entities blotted out; for every
        segment of it where it begins in the run and in `markup`; and whether it may hold links.
    """
    run: list[str] = []
    offsets: list[tuple[int, int]] = []
    open_: list[bool] = []
    length = depth = at = 0

    def add(text: str, place: int) -> None:
        nonlocal length
        offsets.append((length, place))
        open_.append(depth == 0)
        run.append(text)
        length += len(text)

    for tag in TAG.finditer(markup):
        if at < tag.start():
            add(_ENTITY.sub(lambda e: _BREAK * len(e.group()), markup[at : tag.start()]), at)
        at = tag.end()
        name = _NAME.match(tag.group())
        kind = name.group(1).lower() if name else ""
        if kind not in _INLINE:
            add(_BREAK, tag.start())
        if kind in _CLOSED:
            depth = max(0, depth + (-1 if tag.group().startswith("</") else 1))
    if at < len(markup):
        add(_ENTITY.sub(lambda e: _BREAK * len(e.group()), markup[at:]), at)
    return "".join(run), offsets, open_


def _word(row: Mapping[str, str]) -> Word:
    return Word(
        id=row["id"],
        south=row["south"],
        north=row["north"],
        meaning=row["meaning"],
        english=row["english"],
        sense=row["sense"],
        south_forms=tuple(filter(None, row["south_forms"].split("|"))),
        north_forms=tuple(filter(None, row["north_forms"].split("|"))),
        verb=bool(row["verb"]),
        domain=row["domain"],
    )

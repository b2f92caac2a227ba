"""Numbers as people write and say them in Korean, read exactly.

`1만 2천`, `12,000원`, `만이천`, `1.2만` and `12000` are one number; so are `두 장` and `2장`,
`사흘` and `3일`. What can honestly be read in two ways gives both readings (`십일` is 11, and with
the unit 일 also 10일). `12.000` is 12: a point is a decimal point. `3억 5천` is 3억 5천만, as it is
said of rents. What is no single number (a range, `NaN`, `1e5`, `12.000,00`) gives none.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

LIMIT = 60
"""Longer texts are not read: no amount, date or count needs more, and the work stays bounded."""

# Arithmetic on anything within the limit is exact.
_PRECISION = 4 * LIMIT


@dataclass(frozen=True)
class Quantity:
    """`unit`: its canonical name, '' for a bare number. `word`: the unit as it was written."""

    value: Decimal
    unit: str = ""
    word: str = ""


def _words(text: str) -> list[str]:
    return text.split()


# Words for one unit; the first is its name here.
_UNIT_WORDS = (
    ("원", "₩", "won", "krw"),
    ("%", "퍼센트", "프로", "percent"),
    ("%p", "퍼센트포인트", "퍼센트p", "%포인트"),
    ("개월", "달"),
    ("명", "사람", "인"),
    ("살", "세"),
    ("번", "회", "차례"),
    ("시간", "h"),
    ("주", "주일", "주간"),
    ("일", "일간", "날"),
    ("년", "년간", "해"),
    ("분", "min"),
    ("킬로미터", "km", "㎞"),
    ("미터", "m"),
    ("센티미터", "cm", "㎝", "센치", "센티"),
    ("밀리미터", "mm", "㎜"),
    ("킬로그램", "kg", "㎏", "킬로그람"),
    ("그램", "g", "그람"),
    ("리터", "l", "ℓ"),
    ("도", "℃", "°c", "°"),
    ("제곱미터", "㎡", "m2", "m²"),
    ("달러", "$", "usd", "딸라"),
    *((word,) for word in _words("개 장 부 통 권 대 잔 병 그릇 자리 곳 가지 쪽 줄 칸 층 호 평")),
    *((word,) for word in _words("초 시 월 단계 등급 건 배 마리 매")),
)
_UNITS = {word: words[0] for words in _UNIT_WORDS for word in words}

# A unit may carry its scale: 만원, 백만 원, 억원.
_SCALED = re.compile(r"(십|백|천|만|십만|백만|천만|억)(원|명|개)")

_PLACES = {"천": Decimal(1_000), "백": Decimal(100), "십": Decimal(10), "": Decimal(1)}
_MYRIADS = {
    "경": Decimal(10**16),
    "조": Decimal(10**12),
    "억": Decimal(10**8),
    "만": Decimal(10**4),
}
_SINO = {char: Decimal(i) for i, char in enumerate("영일이삼사오육칠팔구")} | {
    "공": Decimal(0),
    "륙": Decimal(6),
}
_DIGITS = re.compile(r"(?=.)(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_COUNT = r"(?:[0-9][0-9,]*(?:\.[0-9]+)?|[일이삼사오육륙칠팔구])"
_SECTION = re.compile(rf"(?:({_COUNT})?(천))?(?:({_COUNT})?(백))?(?:({_COUNT})?(십))?({_COUNT})?")
# 3억 5천: after 억, round thousands are 만 when nothing says otherwise.
_OF_MYRIADS = re.compile(r"[1-9일이삼사오육륙칠팔구]?천(?:[1-9일이삼사오육륙칠팔구]?백)?")
_POINT = re.compile(r"(.+)점([영공일이삼사오육륙칠팔구]+)")

_TENS = dict(
    zip(_words("열 스물 서른 마흔 쉰 예순 일흔 여든 아흔"), range(10, 100, 10), strict=True)
)
_ONES = dict(zip(_words("하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉"), range(1, 10), strict=True))
# These stand only before a unit: 두 장; 네 alone means yes.
_BEFORE_UNIT = {"한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4, "스무": 20}
_DAYS = dict(
    zip(_words("하루 이틀 사흘 나흘 닷새 엿새 이레 여드레 아흐레 열흘"), range(1, 11), strict=True)
) | {"열하루": 11, "열이틀": 12, "열사흘": 13, "열나흘": 14, "보름": 15, "스무날": 20}

_SPACED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_TWO_NUMBERS = re.compile(r"[0-9]\s+[0-9]")
_BEFORE = re.compile(r"(?:정답은|정답:?|답은|답:|약|대략|총|모두|합계|합쳐서|[₩\\=])+")
_COPULAS = _words(
    "입니다 이에요 예요 에요 이예요 이요 요 이다 임 이죠 이지요 같아요 인것같아요 이야 야"
)
_HEDGES = ("정도", "쯤", "가량")
_SIGN = re.compile(r"(?:(-|마이너스)|\+|플러스)?")


def quantities(text: str, unit: str = "") -> frozenset[Quantity]:
    """Everything that `text` can mean as one number with or without a unit.

    Args:
        text: what was written; anything longer than `LIMIT` is not read.
        unit: one more unit word to know, besides the common ones.
    """
    text = _tidy(text)
    known = _UNITS | ({_tidy(unit): canonical(unit)} if _tidy(unit) else {})
    with localcontext(prec=_PRECISION):
        return frozenset(
            quantity for bare in _endings_off(text) for quantity in _quantities(bare, known)
        )


def _quantities(text: str, known: Mapping[str, str]) -> Iterator[Quantity]:
    if (value := _value(text, counted=False)) is not None:
        yield Quantity(value)
    if text in _DAYS:
        yield Quantity(Decimal(_DAYS[text]), "일", text)
    for word, name in known.items():
        number = text.removesuffix(word)
        if number != text and (value := _value(number, counted=True)) is not None:
            yield Quantity(value, name, word)


def values(text: str, unit: str = "", other_units: tuple[str, ...] = ()) -> frozenset[Decimal]:
    """The numbers that `text` can mean, in `unit`.

    A number without a unit is taken to be in `unit`; one with another unit is not read, unless that
    is among `other_units`. With a unit like 만원 both 1200 and 12,000,000원 are 1200.
    """
    name = canonical(unit)
    scaled = _SCALED.fullmatch(name)
    base, scale = (scaled.group(2), _scale(scaled.group(1))) if scaled else (name, Decimal(1))
    allowed = {base, *map(canonical, other_units)} - {""}
    tidy = _tidy(text)
    found = set()
    with localcontext(prec=_PRECISION):
        for quantity in quantities(text, "" if scaled else unit):
            if quantity.unit in allowed:
                found.add(quantity.value / scale)
            elif not quantity.unit:
                # With 만원 asked for, 1200만 is short for 1200만 원.
                spoken = scaled and any(myriad in tidy for myriad in _MYRIADS)
                found.add(quantity.value / scale if spoken else quantity.value)
    return frozenset(found)


def within(value: Decimal, target: Decimal, tolerance: Decimal) -> bool:
    """Whether the two differ by at most `tolerance`; exact for everything that `values` returns."""
    with localcontext(prec=_PRECISION):
        return abs(value - target) <= tolerance


def canonical(unit: str) -> str:
    """The name under which a unit is known here; an unknown one is its own name."""
    word = _tidy(unit)
    return _UNITS.get(word, word)


def _tidy(text: str) -> str:
    if len(text) > LIMIT:
        return ""
    text = unicodedata.normalize("NFC", text)
    text = text.translate(_WIDTHS).casefold().strip()
    text = _SPACED.sub(lambda run: run.group().replace(" ", ""), text)
    if _TWO_NUMBERS.search(text):
        return ""
    text = "".join(text.split()).strip("\"'“”‘’「」()!?,。").rstrip(".")
    return text[match.end() :] if (match := _BEFORE.match(text)) else text


_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0xFFE6: "₩", ord("−"): "-", ord("–"): "-", 0x200B: None, 0xFEFF: None,
}  # fmt: skip


def _endings_off(text: str) -> set[str]:
    """`text` and what is left of it without endings such as 입니다 or 정도요.

    All of them, because 이 may be the number two: 십이요 is 십 + 이요 or 십이 + 요.
    """
    found = {text} | {text.removesuffix(ending) for ending in _COPULAS}
    return found | {bare.removesuffix(hedge) for bare in found for hedge in _HEDGES}


def _scale(words: str) -> Decimal:
    value = _whole(words)
    if value is None:
        raise ValueError(words)
    return value


def _value(text: str, *, counted: bool) -> Decimal | None:
    """One number in digits, Sino-Korean or native Korean; None for anything else."""
    sign = _SIGN.match(text)
    negative, text = (bool(sign.group(1)), text[sign.end() :]) if sign else (False, text)
    value = _native(text, counted=counted)
    if value is None and (point := _POINT.fullmatch(text)):
        whole = _whole(point.group(1))
        decimals = "".join(str(_SINO[char]) for char in point.group(2))
        value = None if whole is None or whole % 1 else whole + Decimal(f"0.{decimals}")
    if value is None:
        value = _whole(text)
    return -value if negative and value is not None else value


def _native(text: str, *, counted: bool) -> Decimal | None:
    ones = _ONES | (_BEFORE_UNIT if counted else {})
    if text in ones:
        return Decimal(ones[text])
    for word, tens in _TENS.items():
        if text.startswith(word):
            rest = text.removeprefix(word)
            units = ones.get(rest, 0)
            return Decimal(tens + units) if not rest or 0 < units < 10 else None  # noqa: PLR2004  one digit
    return None


def _whole(text: str) -> Decimal | None:
    """만, 억, 조 and 경, each with at most one section before it, in falling order."""
    if text in {"영", "공"}:
        return Decimal(0)
    if not text:
        return None
    total, bound, fraction = Decimal(0), Decimal("Infinity"), False
    for word, size in _MYRIADS.items():
        head, found, tail = text.partition(word)
        if not found:
            continue
        count = _section(head) if head else Decimal(1)
        if count is None or fraction or count == 0 or count * size >= bound:
            return None
        total, bound, fraction, text = total + count * size, size, count % 1 != 0, tail
    if not text:
        return total
    rest = _section(text)
    if rest is None or fraction:
        return None
    if bound == _MYRIADS["억"] and _OF_MYRIADS.fullmatch(text):
        rest *= _MYRIADS["만"]
    return total + rest if rest < bound else None


def _section(text: str) -> Decimal | None:
    """A number below 만 in 천, 백 and 십, or one in digits of any size."""
    if _DIGITS.fullmatch(text):
        return Decimal(text.replace(",", ""))
    match = _SECTION.fullmatch(text)
    if match is None:
        return None
    total, bound = Decimal(0), Decimal("Infinity")
    groups = match.groups()
    for count, place in (*zip(groups[0:6:2], groups[1:6:2], strict=True), (groups[6], "")):
        if count is None and not place:
            continue
        size = _PLACES[place or ""]
        number = _count(count)
        if number is None or number == 0 or number * size >= bound or total % 1 != 0:
            return None
        total, bound = total + number * size, size
        if number % 1 != 0 and text[-1:] != place:
            return None
    return total


def _count(text: str | None) -> Decimal | None:
    if text is None:
        return Decimal(1)
    if text in _SINO:
        return _SINO[text]
    return Decimal(text.replace(",", "")) if _DIGITS.fullmatch(text) else None

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.document.numbers import LIMIT, Quantity, canonical, quantities, values, within

_DIGITS = "영일이삼사오육칠팔구"


def spoken(number: int) -> str:
    """A number below 10^20 in Sino-Korean words."""
    if number == 0:
        return "영"
    words = []
    for myriad, place in zip(("", "만", "억", "조", "경"), range(5), strict=True):
        section = number // 10_000**place % 10_000
        text = ""
        for unit, power in (("천", 1000), ("백", 100), ("십", 10), ("", 1)):
            digit = section // power % 10
            if digit:
                text += ("" if digit == 1 and unit else _DIGITS[digit]) + unit
        if section:
            words.append(text + myriad)
    return " ".join(reversed(words))


# 억 followed by round thousands is said of 만 (3억 5천) and read so.
@given(st.integers(0, 10**8 - 1) | st.integers(0, 10**11).map(lambda number: number * 10_000))
def test_a_number_in_words_is_read_as_that_number(number: int) -> None:
    assert Decimal(number) in values(spoken(number))
    assert Decimal(number) in values(spoken(number).replace(" ", "") + " 원", "원")


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**30), max_value=10**30
    )
)
def test_digits_are_read_exactly(number: Decimal) -> None:
    assert values(f"{number:f}") == {number}
    assert values(f"{number:,f}원", "원") == {number}


@given(st.text(), st.text(max_size=5))
def test_reading_never_raises_and_finds_only_finite_numbers(text: str, unit: str) -> None:
    assert all(value.is_finite() for value in values(text, unit))


@given(st.text(st.sampled_from("일이삼십백천만억조영점0123.,-~ 원개약"), max_size=20))
def test_reading_any_mix_of_numerals_never_raises(text: str) -> None:
    assert all(value.is_finite() for value in values(text, "원"))


@pytest.mark.parametrize("text", ["1" * (LIMIT + 1), "1" * 10**6, "만" * 10**5, " " * 10**6 + "1"])
def test_a_huge_text_is_not_read(text: str) -> None:
    assert quantities(text) == frozenset()


def test_many_digits_within_the_limit_are_exact() -> None:
    digits = "9" * 50 + ".125"
    assert values(digits) == {Decimal(digits)}
    assert not within(Decimal(digits), Decimal(digits) - 1, Decimal("0.5"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("두 장", {Quantity(Decimal(2), "장", "장")}),
        ("열흘", {Quantity(Decimal(10), "일", "열흘")}),
        ("5프로", {Quantity(Decimal(5), "%", "프로")}),
        ("두", set()),
        ("네", set()),
        ("넷", {Quantity(Decimal(4))}),
        ("스물셋", {Quantity(Decimal(23))}),
        ("십일", {Quantity(Decimal(11)), Quantity(Decimal(10), "일", "일")}),
        ("12.000", {Quantity(Decimal(12))}),
    ],
)
def test_a_quantity_has_its_unit(text: str, expected: set[Quantity]) -> None:
    assert quantities(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "-", "1~2", "1-2", "1/2", "1 2", "12 34", "1,2", "12,00", "NaN", "Infinity"),
        *("1e5", "0x10", "١٢", "²", "①", "만만", "천천", "십백", "일이삼", "1만 20000", "2.5만 3"),
        *("영천", "억만조", "천10백", "1만 1만", "1만10천"),
    ],
)
def test_what_is_no_single_number_is_not_read(text: str) -> None:
    assert quantities(text) == frozenset()


def test_only_the_unit_that_is_asked_for_is_taken_off() -> None:
    assert values("3시간", "시간") == {Decimal(3)}
    assert values("3일", "시간") == frozenset()
    assert values("3", "시간") == {Decimal(3)}
    assert values("3일") == frozenset()
    assert values("3일", other_units=("일",)) == {Decimal(3)}
    assert values("3 꾸러미", "꾸러미") == {Decimal(3)}


def test_a_unit_with_its_scale_takes_both_forms() -> None:
    for text in ("1200", "1200만 원", "12,000,000원", "천이백만", "천이백만 원"):
        assert values(text, "만원") == {Decimal(1200)}
        assert values(text, "만 원") == {Decimal(1200)}
    assert values("1억 2천만 원", "만원") == {Decimal(12000)}


def test_words_for_one_unit_share_a_name() -> None:
    assert canonical("퍼센트") == canonical("％") == "%"
    assert canonical("%p") != canonical("%")
    assert canonical(" 꾸러미 ") == "꾸러미"


def test_a_tolerance_includes_its_bounds() -> None:
    assert within(Decimal("3.4"), Decimal("3.2"), Decimal("0.2"))
    assert not within(Decimal("3.4000000000000000000000000000001"), Decimal("3.2"), Decimal("0.2"))

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.document.hangul import (
    bigrams,
    compose,
    decompose,
    fold,
    from_keys,
    initials,
    is_initials,
    plain,
    syllable,
    to_keys,
)

syllables = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))


def test_a_syllable_is_decomposed_with_its_cluster_split() -> None:
    assert decompose("닭과 까치") == "ㄷㅏㄹㄱㄱㅘ ㄲㅏㅊㅣ"


def test_a_syllable_is_made_of_its_jamo() -> None:
    assert syllable("ㄷ", "ㅏ", "ㄺ") == "닭"
    assert syllable("ㄱ", "ㅏ") == "가"
    with pytest.raises(ValueError, match="substring"):
        syllable("ㄳ", "ㅏ")


@given(syllables)
def test_decomposed_syllables_join_to_the_same_text(text: str) -> None:
    assert compose(decompose(text)) == text


@given(syllables)
def test_any_normal_form_is_read_alike(text: str) -> None:
    for form in ("NFD", "NFKD", "NFKC"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("근로 계약서", "근로계약서"),
        ("「근로」·계약서!", "근로계약서"),
        ("ＡＢＣ　１２％", "abc12%"),
        ("ﾡￂﾤ", "간"),
        ("ㄱㅡㄴㄹㅗ", "근로"),
        ("1,234,567", "1234567"),
        ("1,2", "1,2"),
        ("1.5", "1.5"),
        ("1. 근로", "1근로"),
        ("010-1234-5678", "01012345678"),
        ("3-5", "3-5"),
        ("−5", "-5"),
        ("근-로", "근로"),
        ("C++ / A+", "c++a+"),
        ("", ""),
        ("?! ", ""),
        ("가\u200b나\ufeffㅤ", "가나"),
    ],
)
def test_plain_keeps_letters_digits_and_signs_that_mean_something(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("north", "south"),
    [
        ("로동", "노동"),
        ("녀성", "여성"),
        ("리력서", "이력서"),
        ("량심", "양심"),
        ("렬차", "열차"),
        ("년금", "연금"),
        ("국민년금", "국민연금"),
        ("실패률", "실패율"),
        ("바다가", "바닷가"),
        ("나무잎", "나뭇잎"),
        ("되였다", "되었다"),
        ("쉬여라", "쉬어라"),
        ("뻐스", "버스"),
        ("쏘프트웨어", "소프트웨어"),
        ("대출리자", "대출 이자"),
        ("일군", "일꾼"),
    ],
)
def test_northern_and_southern_spelling_fold_to_one(north: str, south: str) -> None:
    assert north != south
    assert fold(north) == fold(south)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("로비", "노비"),
        ("링크", "잉크"),
        ("라면", "나면"),
        ("관리자", "관이자"),
        ("교량", "교양"),
        ("기여", "기어"),
        ("대여", "대어"),
        ("해외여행", "해외어행"),
        ("옷감", "오감"),
        ("쌀", "살"),
        ("빵집", "방집"),
        ("횟수", "회수"),
        ("못", "모"),
        ("귀여운", "귀어운"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_drops_spaces_and_never_raises(text: str) -> None:
    assert not any(char.isspace() for char in fold(text))
    assert fold(" " + text + " ") == fold(text)


@given(st.text(st.sampled_from("리력서로동녀자바닷가 뻐스되였다률1,.-"), max_size=12))
def test_plain_of_plain_is_the_same(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("unit", ["12 ", "1-", "1,", "ㄱㅏ", "되였", "리", "((", "e\u0301"])
def test_a_long_text_is_folded_in_one_pass(unit: str) -> None:
    # In the square of the length this would run for minutes.
    assert len(fold(unit * 50_000)) <= len(unit) * 50_000


def test_initials_are_the_first_consonants() -> None:
    assert initials("근로계약서") == "ㄱㄹㄱㅇㅅ"
    assert initials("QR 코드 2개") == "qrㅋㄷ2ㄱ"
    assert initials("까치") == "ㄲㅊ"
    assert initials(unicodedata.normalize("NFD", "값")) == "ㄱ"
    assert initials("ㄳ") == "ㄱㅅ"


@pytest.mark.parametrize("text", ["ㄱ", "ㄱㄹ ㄱㅇㅅ", "ㄲㅊ", "ㄳ", "ㅎㅎ"])
def test_initials_are_recognised(text: str) -> None:
    assert is_initials(text)


@pytest.mark.parametrize("text", ["", " ", "근로", "ㄱ로", "ㅏ", "ㄱㅏ", "ㄱ1", "a", "?"])
def test_other_text_is_not_initials(text: str) -> None:
    assert not is_initials(text)


@given(syllables.filter(bool))
def test_the_initials_of_a_word_are_initials(word: str) -> None:
    assert is_initials(initials(word))
    assert len(initials(word)) == len(word)


def test_bigrams_are_distinct_neighbours_in_order() -> None:
    assert bigrams("근로 계약서") == ("근로", "로계", "계약", "약서")
    assert bigrams("가가가") == ("가가",)
    assert bigrams("가") == ("가",)
    assert bigrams(" ") == ()
    assert bigrams("로동") == bigrams("노동")


def test_keys_of_the_two_set_keyboard_write_korean() -> None:
    assert from_keys("rmsfhrPdirtj") == "근로계약서"
    assert from_keys("ekfr rhk Rkcl") == "닭과까치"
    assert from_keys("DKSSUD") == "안녕"


@pytest.mark.parametrize("text", ["", "r", "hello!", "rmsfh1", "asdf", "가"])
def test_keys_that_write_no_whole_syllables_write_nothing(text: str) -> None:
    assert from_keys(text) is None


def test_korean_letters_can_be_read_as_keys() -> None:
    assert to_keys("ㅔㅁㄴㄴ잭ㅇ") == "password"
    assert to_keys("password") is None
    assert to_keys("") is None


@given(syllables.filter(bool))
def test_what_is_typed_on_either_keyboard_comes_back(text: str) -> None:
    keys = to_keys(text)
    assert keys is not None
    assert from_keys(keys) == text

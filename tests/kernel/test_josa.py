import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel.josa import attach, final_sound

syllables = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("과정[을/를]", "과정을"),
        ("차시[을/를]", "차시를"),
        ("이음[이/가]", "이음이"),
        ("나래[이/가]", "나래가"),
        ("가온[은/는]", "가온은"),
        ("다온이[은/는]", "다온이는"),
        ("책[과/와] 공책", "책과 공책"),
        ("나[과/와] 너", "나와 너"),
        ("가온[아/야]", "가온아"),
        ("나래[아/야]", "나래야"),
        ("집[으로/로]", "집으로"),
        ("학교[으로/로]", "학교로"),
        ("서울[으로/로]", "서울로"),
        ("서울[을/를]", "서울을"),
        ("닭[으로/로]", "닭으로"),
        ("삶[으로/로]부터", "삶으로부터"),
        ("멘토[으로서/로서]", "멘토로서"),
        ("길[으로서/로서]", "길로서"),
        ("가온[이에요/예요]", "가온이에요"),
        ("나래[이에요/예요]", "나래예요"),
        ("가온[이랑/랑]", "가온이랑"),
        ("나래[이랑/랑]", "나래랑"),
        ("서울[이랑/랑]", "서울이랑"),
        ("이음[이라는/라는] 이름", "이음이라는 이름"),
        ("배움터[이라는/라는] 이름", "배움터라는 이름"),
        ("오늘[이나/나] 내일", "오늘이나 내일"),
        ("가온[이었/였]어요", "가온이었어요"),
        ("나래[이었/였]어요", "나래였어요"),
    ],
)
def test_the_form_follows_the_sound_before_it(before: str, after: str) -> None:
    assert attach(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("‘과정’[을/를]", "‘과정’을"),
        ("「차시」[을/를]", "「차시」를"),
        ("이음(李音)[을/를]", "이음(李音)을"),
        ("배움터(이음)[을/를]", "배움터(이음)를"),
        ("이음 (배움터)[을/를]", "이음 (배움터)을"),
        ("「이음(나라)」[을/를]", "「이음(나라)」을"),
        ("이음(가(나))[을/를]", "이음(가(나))을"),
        ("(가온)[을/를]", "(가온)을"),
        ("나래)[을/를]", "나래)를"),
        ("<strong>과정</strong>[을/를]", "<strong>과정</strong>을"),
        ('<a href="/x?a=1&amp;b=2">차시</a>[을/를]', '<a href="/x?a=1&amp;b=2">차시</a>를'),
        ("<b>이음</b>(음)[은/는]", "<b>이음</b>(음)은"),
        ("&#39;과정&#39;[을/를]", "&#39;과정&#39;을"),
        ("&quot;차시&quot;[을/를]", "&quot;차시&quot;를"),
        ("**과정**[을/를]", "**과정**을"),
        ("가온😀[을/를]", "가온😀을"),
        ("가온…[을/를]", "가온…을"),
        ("과정 [을/를]", "과정 을"),
    ],
)
def test_marks_around_the_word_are_not_read(before: str, after: str) -> None:
    assert attach(before) == after


@pytest.mark.parametrize(
    ("number", "after"),
    [
        ("0", "0을"),
        ("1", "1을"),
        ("2", "2를"),
        ("3", "3을"),
        ("4", "4를"),
        ("5", "5를"),
        ("6", "6을"),
        ("7", "7을"),
        ("8", "8을"),
        ("9", "9를"),
        ("10", "10을"),
        ("12", "12를"),
        ("1,000", "1,000을"),
        ("1,002", "1,002를"),
        ("20000", "20000을"),
        ("300,000,000", "300,000,000을"),
        ("1,000,000,000,000", "1,000,000,000,000를"),
        ("10,000,000,000,000", "10,000,000,000,000를"),
        ("10000000000000000", "10000000000000000을"),
        ("3.5", "3.5를"),
        ("3.10", "3.10을"),
        ("0.002", "0.002를"),
        ("100.", "100.을"),
        ("119", "119를"),
        ("02-123-4567", "02-123-4567을"),
        ("1588-0000", "1588-0000을"),
        ("30%", "30%를"),
        ("36.5℃", "36.5℃를"),
        ("10kg", "10kg을"),
        ("10 km", "10 km를"),
        ("3m", "3m를"),
        ("500g", "500g을"),
        ("20GB", "20GB를"),
        ("33㎡", "33㎡를"),
        ("１０", "１０을"),
    ],
)
def test_numbers_are_read_aloud(number: str, after: str) -> None:
    assert attach(f"{number}[을/를]") == after


@pytest.mark.parametrize(
    ("number", "after"),
    [("1", "1로"), ("3", "3으로"), ("7", "7로"), ("8", "8로"), ("6", "6으로"), ("100", "100으로")],
)
def test_numbers_that_end_in_rieul_take_ro(number: str, after: str) -> None:
    assert attach(f"{number}[으로/로]") == after


@pytest.mark.parametrize(
    ("word", "after"),
    [
        ("PDF", "PDF를"),
        ("SNS", "SNS를"),
        ("QR", "QR을"),
        ("ATM", "ATM을"),
        ("HTML", "HTML을"),
        ("B", "B를"),
        ("N", "N을"),
        ("app", "app을"),
        ("KakaoTalk", "KakaoTalk을"),
        ("Facebook", "Facebook을"),
        ("Google", "Google을"),
        ("iPhone", "iPhone을"),
        ("Zoom", "Zoom을"),
        ("email", "email을"),
        ("Samsung", "Samsung을"),
        ("Internet", "Internet을"),
        ("Naver", "Naver를"),
        ("Wi-Fi", "Wi-Fi를"),
        ("bank", "bank를"),
        ("sheet", "sheet를"),
        ("blog", "blog를"),
        ("YouTube", "YouTube를"),
        ("A+", "A+를"),
        ("ＡＴＭ", "ＡＴＭ을"),
    ],
)
def test_latin_letters_and_words_are_read_as_korean_reads_them(word: str, after: str) -> None:
    assert attach(f"{word}[을/를]") == after


def test_latin_that_ends_in_rieul_takes_ro() -> None:
    assert attach("QR[으로/로] email[으로/로] ATM[으로/로]") == "QR로 email로 ATM으로"


def test_jamo_are_read_by_their_names() -> None:
    assert attach("ㄱ[을/를] ㄹ[으로/로] ㅏ[을/를]") == "ㄱ을 ㄹ로 ㅏ를"


def test_what_cannot_be_read_gets_both_forms() -> None:
    assert attach("[을/를]") == "을(를)"
    assert attach("李音[이/가]") == "李音이(가)"
    assert attach("😀[으로/로]") == "😀(으)로"
    assert attach("…[이랑/랑]") == "…(이)랑"


@pytest.mark.parametrize(
    "text",
    [
        "[예/아니요]",
        "과정[동의/거부]",
        "[를/을]",
        "[을]",
        "[/를]",
        "가[이나/너]",
        "[ 을/를 ]",
        "[이/]",
        "값[0/1]",
        "[[을/를",
    ],
)
def test_other_brackets_are_left_alone(text: str) -> None:
    assert attach(text) == text


def test_several_markers_in_one_sentence_are_each_resolved() -> None:
    before = "가온[이/가] 차시[을/를] 마치고 서울[으로/로] 갔어요."
    assert attach(before) == "가온이 차시를 마치고 서울로 갔어요."


@given(syllables)
def test_decomposed_text_takes_the_same_form(word: str) -> None:
    composed = attach(word + "[을/를]")
    assert attach(unicodedata.normalize("NFD", word) + "[을/를]")[-1] == composed[-1]


@given(syllables)
def test_a_final_sound_is_what_decomposition_says(word: str) -> None:
    closed = len(unicodedata.normalize("NFD", word[-1])) == 3
    assert bool(final_sound(word)) == closed
    assert attach(word + "[이/가]") == word + ("이" if closed else "가")


@given(
    syllables,
    st.sampled_from(["”", "’", "」", ")", "</b>", "</a></em>", "&quot;", " ", "…", "(李)", "**"]),
)
def test_what_closes_after_a_word_changes_nothing(word: str, closing: str) -> None:
    assert final_sound(word + closing) == final_sound(word)


@given(st.integers(min_value=0, max_value=10**20))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert final_sound(f"{number:,}") == final_sound(str(number))


@given(st.text())
def test_any_text_is_answered_and_markers_never_remain(text: str) -> None:
    assert "[을/를]" not in attach(text + "[을/를]")


@given(st.text())
def test_text_without_markers_is_returned_as_it_is(text: str) -> None:
    plain = text.replace("[", "(")
    assert attach(plain) == plain

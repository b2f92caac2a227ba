"""Texts: Korean without a catalog, lazily at import time, 조사 after formatting, safe with markup."""

import pytest
from flask import Flask, g
from markupsafe import Markup

from academy.kernel import i18n
from academy.kernel.i18n import _, _l, _n
from academy.web import locale


def test_korean_needs_neither_catalog_nor_application() -> None:
    assert _("저장했어요.") == "저장했어요."
    assert _("%(course)s[을/를] 마쳤습니다.", course="계약서 읽기") == "계약서 읽기를 마쳤습니다."


def test_lazy_texts_wait_for_their_language(app: Flask) -> None:
    lazy = _l("로그인")
    with app.test_request_context(headers={"Cookie": "language=ko"}):
        assert str(lazy) == "로그인"
    with app.test_request_context(headers={"Cookie": "language=en"}):
        app.preprocess_request()
        assert str(lazy) == "Sign in"


def test_a_text_that_was_never_translated_is_shown_in_korean(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        app.preprocess_request()
        assert _("아무도 옮기지 않은 말이에요.") == "아무도 옮기지 않은 말이에요."


def test_values_in_a_marked_up_text_are_escaped() -> None:
    text = _("%(name)s[은/는] %(bold)s", name="<i>나무</i>", bold=Markup("<b>굵게</b>"))
    assert isinstance(text, Markup)
    assert "&lt;i&gt;" in text
    assert "<b>굵게</b>" in text


def test_a_plain_value_makes_no_markup() -> None:
    assert not isinstance(_("%(name)s님", name="<i>"), Markup)


@pytest.mark.parametrize(("number", "text"), [(0, "0명"), (1, "1명"), (7, "7명")])
def test_korean_counts_without_plurals(number: int, text: str) -> None:
    assert _n("%(num)s명", "%(num)s명", number) == text


def test_a_percent_sign_without_values_is_a_percent_sign() -> None:
    assert _("100% 했어요.") == "100% 했어요."


def test_commands_speak_korean_without_a_request(app: Flask) -> None:
    with app.app_context():
        assert i18n.language() == "ko"
        assert _("로그인") == "로그인"


def test_plain_words_are_for_korean_pages_of_people_who_chose_them(app: Flask) -> None:
    with app.test_request_context():
        app.preprocess_request()
        assert g.easy is False


def test_there_are_two_languages_and_korean_is_the_first() -> None:
    assert list(locale.LANGUAGES) == ["ko", "en"]

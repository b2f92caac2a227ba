"""Which language a page speaks: what the person chose, else what this device chose, else Korean."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

from academy.accounts import api as accounts
from academy.kernel.i18n import SOURCE_LANGUAGE

LANGUAGES = {"ko": "한국어", "en": "English"}
COOKIE = "language"


def choose() -> str:
    """The language of this request; Korean on the command line."""
    if not has_request_context():
        return SOURCE_LANGUAGE
    person = accounts.somebody()
    chosen = person.language if person else request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else SOURCE_LANGUAGE


def _read_aids() -> None:
    person = accounts.somebody()
    g.easy = bool(person and person.easy_words and person.language == SOURCE_LANGUAGE)


def install(app: Flask) -> None:
    Babel(
        app,
        default_locale=SOURCE_LANGUAGE,
        default_timezone="Asia/Seoul",
        default_translation_directories=str(app.config["ACADEMY"].translations),
        locale_selector=choose,
    )
    app.before_request(_read_aids)

"""Texts that people see. Korean is the source language; the only place that imports flask_babel.

`_` translates now, `_l` when the text is used (for everything at import time), `_n` by number. 조사 markers
(`%(name)s[을/를]`) are resolved after formatting. With "쉬운 말" switched on, a plainer Korean wording from the `easy`
catalog comes first.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, cast

import flask_babel
from babel.support import NullTranslations, Translations
from flask import current_app, g, has_app_context
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from academy.kernel import josa

SOURCE_LANGUAGE = "ko"


@cache
def _easy(folder: str) -> NullTranslations:
    return Translations.load(folder, [SOURCE_LANGUAGE], domain="easy")


def language() -> str:
    """The language of this request; Korean outside of one."""
    if not has_app_context():
        return SOURCE_LANGUAGE
    # A page asks for it with every text; finding out each time would be a tenth of its work.
    known: str | None = g.get("language")
    if known is None:
        locale = flask_babel.get_locale()
        known = g.language = locale.language if locale else SOURCE_LANGUAGE
    return known


def _catalog() -> NullTranslations | None:
    """Where this request finds its wordings; None when the msgids are what is shown."""
    if not has_app_context():
        return None
    known: NullTranslations | Literal["not asked"] | None = g.get("wordings", "not asked")
    if known != "not asked":
        return known
    if language() == SOURCE_LANGUAGE:
        # Korean needs no catalog; the plainer wordings are one.
        found = _easy(current_app.config["ACADEMY"].translations) if g.get("easy") else None
    else:
        found = flask_babel.get_translations()
    if "easy" in g:  # before it is known who asks, nothing is decided for good
        g.wordings = found
    return found


def _finish(text: str, variables: dict[str, Any]) -> str:
    if not variables:
        return josa.attach(text) if "[" in text else text
    if any(hasattr(value, "__html__") for value in variables.values()):
        return Markup(josa.attach(Markup(text) % variables))  # noqa: S704  the catalog is ours, the variables are escaped by Markup
    return josa.attach(text % variables)


def _(text: str, /, **variables: Any) -> str:
    catalog = _catalog()
    return _finish(catalog.ugettext(text) if catalog else text, variables)


def _n(singular: str, plural: str, /, num: int, **variables: Any) -> str:
    """Korean has no plural forms: write the same msgid twice; English gets two."""
    catalog = _catalog()
    text = catalog.ungettext(singular, plural, num) if catalog else singular
    return _finish(text, {"num": num, **variables})


def _l(text: str, /, **variables: Any) -> str:
    # LazyString behaves as a str everywhere a text is shown, so callers may type it as one.
    return cast("str", LazyString(_, text, **variables))


def translators() -> dict[str, Callable[..., str]]:
    """The callables that templates use."""
    return {"_": _, "gettext": _, "ngettext": _n}

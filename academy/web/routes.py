"""The few pages that belong to no other room: the first page, help, and the parts shown together while developing."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time
from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from academy.accounts.api import Action, allow, may, somebody
from academy.kernel.clock import SEOUL, utc_now
from academy.kernel.errors import NotFound
from academy.kernel.i18n import language
from academy.web.help import CHECKED, LINES
from academy.web.locale import LANGUAGES
from academy.web.navigation import Place, places

bp = Blueprint("web", __name__, template_folder="templates")


@bp.get("/")
@allow(Action.READ_PUBLIC_PAGE)
def home() -> ResponseReturnValue:
    return redirect(url_for("learning.home" if somebody() else "accounts.sign_in"))


@bp.get("/help")
@allow(Action.READ_PUBLIC_PAGE)
def help_page() -> ResponseReturnValue:
    return render_template("web/help.html", lines=LINES, lines_checked=CHECKED)


@bp.get("/_parts")
@allow(Action.READ_PUBLIC_PAGE)
def parts() -> ResponseReturnValue:
    if not current_app.debug:
        raise NotFound
    return render_template("web/parts_page.html")


@bp.get("/robots.txt")
@allow(Action.READ_PUBLIC_PAGE)
def robots() -> ResponseReturnValue:
    return "User-agent: *\nDisallow: /\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/healthy")
@allow(Action.READ_PUBLIC_PAGE)
def healthy() -> ResponseReturnValue:
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


def _day(value: date) -> str:
    return format_date(
        value.astimezone(SEOUL) if isinstance(value, datetime) else value,
        "medium",
        locale=language(),
    )


def _day_and_time(value: datetime) -> str:
    # Babel would write "AM 6:30:28" in Korean.
    return f"{_day(value)} {format_time(value.astimezone(SEOUL), 'HH:mm', locale=language())}"


def _hours(value: Decimal) -> str:
    """1.50 → 1.5, 2.00 → 2."""
    return f"{value.normalize():f}"


def _public_address(path: str) -> str:
    """The whole address of a page of ours, as it is printed on paper."""
    return (current_app.config["ACADEMY"].public_url or request.host_url.rstrip("/")) + path


def _qr(path: str) -> str:
    import segno  # noqa: PLC0415  only the certificate's page draws one

    return segno.make_qr(_public_address(path), error="m").svg_inline(
        scale=3, border=2, dark="#000", light="#fff"
    )


@lru_cache(maxsize=4096)
def _built(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def _address(endpoint: str, /, **values: Any) -> str:
    """`url_for` for templates, remembered: the page of a lesson has dozens of addresses, the same for everybody."""
    return _built(request.root_path, endpoint, tuple(values.items()))


def _navigation() -> list[Place]:
    person = somebody()
    if person is None:
        return []
    return [place for place in places() if may(person.roles, place.action)]


def _here() -> str:
    """The address of this page, to come back to. What a form was answered with is not one: then the form's own page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        _endpoint, values = current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        return "/"
    return request.path if values == request.view_args else "/"


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        language=language,
        languages=lambda: LANGUAGES,
        day=_day,
        day_and_time=_day_and_time,
        hours=_hours,
        navigation=_navigation,
        public_address=_public_address,
        qr=_qr,
        url_for=_address,
        today=lambda: utc_now().astimezone(SEOUL).date(),
    )
    app.jinja_env.filters["day"] = _day

    @app.context_processor
    def _common() -> dict[str, object]:
        return {
            "person": somebody(),
            "exit_url": app.config["ACADEMY"].exit_url,
            "here": _here,
        }

"""From a domain error to a status and a Korean page: what happened, what is safe, what to do."""

from urllib.parse import urlsplit

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from academy.accounts import api as accounts
from academy.accounts.api import LastAdministrator, SignInNeeded, TooManyTries, somebody
from academy.kernel.db import reading
from academy.kernel.errors import DomainError, NotAllowed, NotFound
from academy.kernel.i18n import _, _l
from academy.kernel.log import log
from academy.web.observe import current_request_id
from academy.web.security import ForeignOrigin

# Fields that are never shown again, not even to the person who typed them.
_HIDDEN = frozenset({"password", "old", "new", "code", "id", "next"})
_KEPT_LENGTH = 5000
_KEPT_NAMES = {
    "answer": _l("답"),
    "note": _l("나만 보는 메모"),
    "nickname": _l("별명"),
}


def _kept() -> list[tuple[str, str]]:
    """What was typed into a form that could not be taken."""
    if request.method != "POST":
        return []
    try:
        form = request.form
    except HTTPException:
        return []  # it was too large, or no form, and was never read
    texts = [
        (str(_KEPT_NAMES.get(name, _("적으신 글"))), value[:_KEPT_LENGTH])
        for name, value in form.items(multi=True)
        if name not in _HIDDEN
    ]
    return [(name, value) for name, value in texts if len(value.strip()) > 15]  # noqa: PLR2004  keys and switches are short


def _page_before() -> str | None:
    """The page of ours on which a form was sent, to come back to after signing in."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:
        return None  # made up: no browser sends such an address
    if request.method != "POST" or before.netloc != request.host or before.path == "/":
        return None
    return before.path + (f"?{before.query}" if before.query else "")


def _page(heading: str, text: str, status: int, *, request_id: str = "") -> ResponseReturnValue:
    signed_in = somebody() is not None
    page = render_template(
        "web/error.html",
        heading=heading,
        text=text,
        kept=_kept(),
        back=url_for("learning.home")
        if signed_in
        else url_for("accounts.sign_in", next=_page_before()),
        back_label=_("배움 첫 화면으로") if signed_in else _("로그인으로"),
        request_id=request_id,
    )
    return page, status


def _sign_in_needed(error: SignInNeeded) -> ResponseReturnValue:
    if request.method == "GET":
        target = request.full_path.rstrip("?")
        return redirect(url_for("accounts.sign_in", next=target if target != "/" else None))
    return _page(
        _("로그인이 풀렸어요"),
        _(
            "오래 쓰지 않았거나 다른 기기에서 로그아웃했어요. 다시 로그인하면 하던 곳부터 이어서 할 수 있어요."
        ),
        error.status,
    )


def _domain_error(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, NotFound):
        return _not_found()
    if isinstance(error, NotAllowed):
        return _page(
            _("여기는 볼 수 없어요"),
            _("이 화면은 다른 역할을 맡은 분들이 써요. 필요하면 초대한 곳에 물어봐 주세요."),
            error.status,
        )
    if isinstance(error, ForeignOrigin):
        return _page(
            _("보내지 않았어요"),
            _("다른 누리집에서 온 요청이라 받지 않았어요. 이 누리집의 화면에서 다시 눌러 주세요."),
            error.status,
        )
    if isinstance(error, TooManyTries):
        return _page(
            _("잠시 쉬었다가 해 주세요"),
            _("여러 번 시도했어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=error.minutes),
            error.status,
        )
    if isinstance(error, LastAdministrator):
        return _page(
            _("바꾸지 않았어요"),
            _("관리자가 한 사람은 있어야 해요. 먼저 다른 분에게 관리자 역할을 주세요."),
            error.status,
        )
    log.error("domain error without words", kind=type(error).__name__)
    return _page(
        _("하지 못했어요"),
        _("그사이에 무언가 바뀌었어요. 앞 화면으로 돌아가 새로 고친 뒤 다시 해 주세요."),
        error.status,
    )


def _not_found(_error: Exception | None = None) -> ResponseReturnValue:
    return _page(
        _("찾는 화면이 없어요"),
        _("주소가 바뀌었거나 잘못 적혔을 수 있어요. 저장한 것은 그대로 있어요."),
        404,
    )


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return _page(
        _("너무 커서 받지 못했어요"), _("글을 나누어 보내 주세요. 저장한 것은 그대로 있어요."), 413
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:  # noqa: PLR2004  redirects are answers, not errors
        return error.get_response()
    if code == 405:  # noqa: PLR2004
        return _page(
            _("이렇게는 열 수 없어요"),
            _("이 주소는 단추를 눌러서만 쓸 수 있어요. 앞 화면으로 돌아가 다시 눌러 주세요."),
            code,
        )
    return _page(
        _("요청을 알아듣지 못했어요"),
        _("앞 화면으로 돌아가 다시 해 주세요. 저장한 것은 그대로 있어요."),
        code,
    )


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error", exc_info=error)
    return _page(
        _("저희 쪽에서 문제가 생겼어요"),
        _("지금까지 저장한 것은 그대로 있어요. 잠시 뒤 다시 눌러 주세요."),
        500,
        request_id=current_request_id(),
    )


def _clash(error: IntegrityError) -> ResponseReturnValue:
    """A mistake of ours; unless the account was erased on another device while this one sent something."""
    person = somebody()
    if person is None or accounts.exists(reading(), person.account_id):
        return _broken(error)
    g.person = None
    return _sign_in_needed(SignInNeeded())


def install(app: Flask) -> None:
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(Exception, _broken)

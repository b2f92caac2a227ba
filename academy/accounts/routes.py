"""The door, one's own devices and account, and the reading switches."""

import random
import re

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as flask_session
from flask.typing import ResponseReturnValue

from academy.accounts import queries, rules, service, tries
from academy.accounts.errors import (
    CodeNotValid,
    NicknameTaken,
    PasswordTooWeak,
    TooManyTries,
    WrongNameOrPassword,
)
from academy.accounts.forms import (
    CodeForm,
    JoinForm,
    NicknameForm,
    PasswordForm,
    ReadingForm,
    RecoverForm,
    SignInForm,
)
from academy.accounts.guard import COOKIE, allow, current, somebody
from academy.accounts.rules import Action, WeakPassword
from academy.kernel.clock import utc_now
from academy.kernel.db import database, reading, unit_of_work
from academy.kernel.i18n import _, _l, language

bp = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")

LANGUAGE_COOKIE = "language"

WEAK = {
    WeakPassword.TOO_SHORT: _l("비밀번호는 8자 이상으로 지어 주세요. 짧은 문장도 좋아요."),
    WeakPassword.TOO_LONG: _l("비밀번호는 200자까지 쓸 수 있어요."),
    WeakPassword.COMMON: _l(
        "많은 사람이 쓰는 비밀번호라 쉽게 뚫려요. 낱말 서너 개를 이어 지어 보세요."
    ),
    WeakPassword.LIKE_NICKNAME: _l("별명과 닮은 비밀번호는 쉽게 뚫려요. 다른 낱말로 지어 주세요."),
}


def offered_nicknames(count: int = 3) -> list[str]:
    picker = random.SystemRandom()
    return [
        f"{picker.choice(rules.ADJECTIVES)} {picker.choice(rules.NOUNS)} {picker.randrange(10, 100)}"
        for _turn in range(count)
    ]


def _address() -> str:
    return request.remote_addr or ""


# Browsers read a backslash as a slash and drop tabs and line ends, so these could hide another site's address.
_HIDES_AN_ADDRESS = re.compile(r"[\\\x00-\x1f\x7f]")


def _inside(target: str) -> str:
    """Where to go next: a path of ours, never another site."""
    good = (
        target.startswith("/")
        and not target.startswith("//")
        and not _HIDES_AN_ADDRESS.search(target)
    )
    return target if good else url_for("web.home")


def _let_in(response: Response, token: str, *, shared: bool) -> Response:
    """Give the browser its token. On a shared device the cookie dies with the window."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=None if shared else int(rules.OWN_IDLE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["ACADEMY"].https,
    )
    return response


def _let_out(response: Response, *, shared: bool) -> Response:
    """Take the browser's token back and what waited to be said; on a shared device everything that was chosen too."""
    flask_session.clear()
    response.delete_cookie(COOKIE)
    if shared:
        response.delete_cookie(LANGUAGE_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


# Signing in and out


@bp.get("/sign-in")
@allow(Action.ENTER)
def sign_in() -> ResponseReturnValue:
    target = _inside(request.args.get("next", ""))
    if somebody():
        return redirect(target)
    return render_template("accounts/sign_in.html", form=SignInForm(), next=target)


@bp.post("/sign-in")
@allow(Action.ENTER)
def enter() -> ResponseReturnValue:
    form = SignInForm(request.form)
    target = _inside(request.form.get("next", ""))
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, next=target), 422
    command = form.command(
        device_name=rules.device_name(request.headers.get("User-Agent", "")), address=_address()
    )
    try:
        token = service.sign_in(database(), command, now=utc_now())
    except WrongNameOrPassword as error:
        problem = _("별명이나 비밀번호가 맞지 않아요. 다시 확인해 주세요.")
        return render_template(
            "accounts/sign_in.html", form=form, next=target, problem=problem
        ), error.status
    except TooManyTries as error:
        problem = _(
            "여러 번 맞지 않았어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=error.minutes
        )
        return render_template(
            "accounts/sign_in.html", form=form, next=target, problem=problem
        ), error.status
    return _let_in(make_response(redirect(target, 303)), token, shared=command.shared)


@bp.post("/sign-out")
@allow(Action.LEAVE)
def sign_out() -> ResponseReturnValue:
    person = somebody()
    if person:
        with unit_of_work() as session:
            service.sign_out(session, person)
    return _let_out(
        make_response(redirect(url_for("accounts.sign_in"), 303)),
        shared=person is not None and person.device_shared,
    )


@bp.post("/away")
@allow(Action.LEAVE)
def away() -> ResponseReturnValue:
    """Leave quickly: to a harmless page; on a shared device the visit ends as well."""
    person = somebody()
    response = make_response(redirect(current_app.config["ACADEMY"].exit_url, 303))
    if person and person.device_shared:
        with unit_of_work() as session:
            service.sign_out(session, person)
        return _let_out(response, shared=True)
    response.headers["Cache-Control"] = "no-store"
    return response


# Joining


@bp.get("/join")
@bp.get("/join/<code>")
@allow(Action.ENTER)
def join(code: str = "") -> ResponseReturnValue:
    if somebody():
        return redirect(url_for("web.home"))
    return render_template("accounts/code.html", form=CodeForm(data={"code": code[:60]}))


@bp.post("/join")
@allow(Action.ENTER)
def show_code() -> ResponseReturnValue:
    """The first step: is the code good? The second asks for a nickname and a password."""
    form = CodeForm(request.form)
    if not form.validate():
        return render_template("accounts/code.html", form=form), 422
    try:
        tries.count_code_try(database(), _address(), now=utc_now())
        service.check_code(reading(), form.code.data or "", now=utc_now())
    except CodeNotValid as error:
        problem = _(
            "이 코드로는 들어올 수 없어요. 글자를 다시 보거나, 코드를 준 곳에 새 코드를 부탁해 주세요."
        )
        return render_template("accounts/code.html", form=form, problem=problem), error.status
    except TooManyTries as error:
        problem = _(
            "코드를 여러 번 넣었어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=error.minutes
        )
        return render_template("accounts/code.html", form=form, problem=problem), error.status
    tries.forgive_code_try(database(), _address(), now=utc_now())
    names = offered_nicknames()
    return render_template(
        "accounts/join.html",
        form=JoinForm(data={"code": form.code.data, "nickname": names[0]}),
        names=names,
    )


@bp.post("/join/person")
@allow(Action.ENTER)
def become() -> ResponseReturnValue:
    form = JoinForm(request.form)
    names = offered_nicknames()
    if not form.validate():
        if form.code.errors:
            # The second page cannot show what is wrong with the code: it was typed on the first.
            code = CodeForm(request.form)
            code.validate()
            return render_template("accounts/code.html", form=code), 422
        return render_template("accounts/join.html", form=form, names=names), 422
    now = utc_now()
    try:
        tries.count_code_try(database(), _address(), now=now)
        joined = service.join(database(), form.command(language()), now=now)
    except CodeNotValid as error:
        problem = _(
            "이 코드로는 들어올 수 없어요. 글자를 다시 보거나, 코드를 준 곳에 새 코드를 부탁해 주세요."
        )
        return render_template(
            "accounts/code.html", form=CodeForm(data={"code": form.code.data}), problem=problem
        ), error.status
    except TooManyTries as error:
        problem = _(
            "코드를 여러 번 넣었어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=error.minutes
        )
        return render_template(
            "accounts/join.html", form=form, names=names, problem=problem
        ), error.status
    except NicknameTaken as error:
        form.nickname.errors = [_("다른 분이 쓰는 별명이에요. 다른 별명을 골라 주세요.")]
        return render_template("accounts/join.html", form=form, names=names), error.status
    except PasswordTooWeak as error:
        # The code was good: a class that signs up from one address is not kept out for its passwords.
        tries.forgive_code_try(database(), _address(), now=now)
        form.password.errors = [str(WEAK[error.weakness])]
        return render_template("accounts/join.html", form=form, names=names), error.status
    tries.forgive_code_try(database(), _address(), now=now)
    shared = bool(form.shared.data)
    with unit_of_work() as session:
        token = service.open_visit(
            session,
            joined.account_id,
            shared=shared,
            device_name=rules.device_name(request.headers.get("User-Agent", "")),
            now=now,
        )
    page = render_template("accounts/recovery_codes.html", codes=joined.recovery_codes, first=True)
    response = _let_in(make_response(page), token, shared=shared)
    response.headers["Cache-Control"] = "no-store"
    return response


# Recovery


@bp.get("/recover")
@allow(Action.ENTER)
def recover() -> ResponseReturnValue:
    return render_template("accounts/recover.html", form=RecoverForm())


@bp.post("/recover")
@allow(Action.ENTER)
def regain() -> ResponseReturnValue:
    form = RecoverForm(request.form)
    if not form.validate():
        return render_template("accounts/recover.html", form=form), 422
    try:
        service.recover(database(), form.command(address=_address()), now=utc_now())
    except CodeNotValid as error:
        problem = _("별명이나 복구 코드가 맞지 않아요. 한 번 쓴 코드는 다시 쓸 수 없어요.")
        return render_template("accounts/recover.html", form=form, problem=problem), error.status
    except TooManyTries as error:
        problem = _(
            "여러 번 맞지 않았어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=error.minutes
        )
        return render_template("accounts/recover.html", form=form, problem=problem), error.status
    except PasswordTooWeak as error:
        form.password.errors = [str(WEAK[error.weakness])]
        return render_template("accounts/recover.html", form=form), error.status
    done = _("새 비밀번호로 바꾸었어요. 모든 기기에서 로그아웃했으니 다시 로그인해 주세요.")
    return render_template(
        "accounts/sign_in.html",
        form=SignInForm(data={"nickname": form.nickname.data}),
        next=url_for("web.home"),
        done=done,
    )


# One's own account


@bp.get("/mine")
@allow(Action.MANAGE_OWN_ACCOUNT)
def mine() -> ResponseReturnValue:
    return _mine_page()


def _mine_page(**extra: object) -> str:
    person = current()
    values: dict[str, object] = {
        "devices": queries.devices(reading(), person, now=utc_now()),
        "codes_left": queries.recovery_codes_left(reading(), person.account_id),
        "nickname_form": NicknameForm(data={"nickname": person.nickname}),
        "password_form": PasswordForm(),
    }
    return render_template("accounts/mine.html", **(values | extra))


@bp.post("/mine/nickname")
@allow(Action.MANAGE_OWN_ACCOUNT)
def change_nickname() -> ResponseReturnValue:
    form = NicknameForm(request.form)
    if not form.validate():
        return _mine_page(nickname_form=form), 422
    try:
        with unit_of_work() as session:
            service.change_nickname(session, form.nickname.data or "", by=current())
    except NicknameTaken as error:
        form.nickname.errors = [_("다른 분이 쓰는 별명이에요. 다른 별명을 골라 주세요.")]
        return _mine_page(nickname_form=form), error.status
    return redirect(url_for("accounts.mine", done="nickname"), 303)


@bp.post("/mine/password")
@allow(Action.MANAGE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    form = PasswordForm(request.form)
    if not form.validate():
        return _mine_page(password_form=form), 422
    try:
        service.change_password(database(), form.command(), by=current(), now=utc_now())
    except WrongNameOrPassword as error:
        form.old.errors = [_("지금 비밀번호가 맞지 않아요.")]
        return _mine_page(password_form=form), error.status
    except PasswordTooWeak as error:
        form.new.errors = [str(WEAK[error.weakness])]
        return _mine_page(password_form=form), error.status
    except TooManyTries as error:
        form.old.errors = [
            _("여러 번 맞지 않았어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=error.minutes)
        ]
        return _mine_page(password_form=form), error.status
    return redirect(url_for("accounts.mine", done="password"), 303)


@bp.post("/mine/recovery-codes")
@allow(Action.MANAGE_OWN_ACCOUNT)
def renew_recovery_codes() -> ResponseReturnValue:
    with unit_of_work() as session:
        codes = service.renew_recovery_codes(session, by=current())
    response = make_response(
        render_template("accounts/recovery_codes.html", codes=codes, first=False)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/mine/devices/<public_id>/sign-out")
@allow(Action.MANAGE_OWN_ACCOUNT)
def sign_out_device(public_id: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        service.sign_out_device(session, public_id, by=current())
    return redirect(url_for("accounts.mine", done="device"), 303)


@bp.post("/mine/devices/sign-out-others")
@allow(Action.MANAGE_OWN_ACCOUNT)
def sign_out_others() -> ResponseReturnValue:
    with unit_of_work() as session:
        service.sign_out_others(session, by=current())
    return redirect(url_for("accounts.mine", done="devices"), 303)


@bp.post("/mine/devices/known")
@allow(Action.MANAGE_OWN_ACCOUNT)
def acknowledge_devices() -> ResponseReturnValue:
    with unit_of_work() as session:
        service.acknowledge_devices(session, by=current())
    return redirect(_inside(request.form.get("next", "")), 303)


# Reading switches


@bp.post("/reading")
@allow(Action.CHOOSE_READING)
def choose_reading() -> ResponseReturnValue:
    """Language, large text and plain words stay as set: on the account, or on the device before signing in."""
    form = ReadingForm(request.form)
    chosen = form.choices_made()
    response = make_response(redirect(_inside(request.form.get("next", "")), 303))
    person = somebody()
    if person and chosen:
        with unit_of_work() as session:
            service.choose_reading(session, by=person, **chosen)
    if "language" in chosen:
        response.set_cookie(
            LANGUAGE_COOKIE,
            str(chosen["language"]),
            max_age=None if person and person.device_shared else 365 * 86_400,
            samesite="Lax",
            httponly=True,
            secure=current_app.config["ACADEMY"].https,
        )
    return response

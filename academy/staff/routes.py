"""Pages for the people who look after a centre."""

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.api import Action, Role, allow, current
from academy.catalog import api as catalog
from academy.kernel.clock import utc_now
from academy.kernel.db import reading, unit_of_work
from academy.kernel.errors import NotAllowed
from academy.kernel.i18n import _, _l
from academy.staff.forms import ROLES, InvitationForm, RolesForm

bp = Blueprint("staff", __name__, url_prefix="/staff", template_folder="templates")

PAGE = 50

DEEDS = {
    accounts.Deed.INVITED: _l("초대 코드를 만들었어요"),
    accounts.Deed.WITHDREW_INVITATION: _l("초대 코드를 거두었어요"),
    accounts.Deed.SET_ROLES: _l("역할을 바꾸었어요"),
    accounts.Deed.SUSPENDED: _l("계정을 닫았어요"),
    accounts.Deed.REOPENED: _l("계정을 다시 열었어요"),
}


@bp.app_context_processor
def _wording() -> dict[str, object]:
    return {"ROLES": ROLES, "DEEDS": DEEDS, "deed_detail": _deed_detail}


def _deed_detail(detail: str) -> str:
    """`learner,mentor × 2`, as the audit trail keeps it, in words."""
    names, times, places = detail.partition(" × ")
    return ", ".join(str(ROLES[Role(name)]) for name in names.split(",") if name) + times + places


def _grantable() -> list[Role]:
    return [role for role in Role if accounts.may_grant(current().roles, role)]


def _invitations_page(form: InvitationForm, code: str = "", problem: str = "") -> str:
    address = ""
    picture = ""
    if code:
        root = current_app.config["ACADEMY"].public_url or request.host_url.rstrip("/")
        address = root + url_for("accounts.join", code=code)
        import segno  # noqa: PLC0415  only this page draws one

        picture = segno.make_qr(address, error="m").svg_inline(
            scale=5, border=2, dark="#000", light="#fff"
        )
    return render_template(
        "staff/invitations.html",
        form=form,
        grantable=_grantable(),
        invitations=accounts.invitations(reading(), limit=PAGE),
        now=utc_now(),
        code=code,
        address=address,
        picture=picture,
        problem=problem,
    )


@bp.get("/invitations")
@allow(Action.INVITE)
def invitations() -> ResponseReturnValue:
    return _invitations_page(InvitationForm())


@bp.post("/invitations")
@allow(Action.INVITE)
def invite() -> ResponseReturnValue:
    form = InvitationForm(request.form)
    if not form.validate():
        return _invitations_page(form), 422
    try:
        with unit_of_work() as session:
            code = accounts.invite(
                session,
                roles=form.chosen(),
                places=form.places.data or 1,
                days=form.days.data or 1,
                by=current(),
                now=utc_now(),
            )
    except NotAllowed as error:
        return _invitations_page(form, problem=_("이 역할은 관리자만 줄 수 있어요.")), error.status
    response = make_response(_invitations_page(InvitationForm(), code=code))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/invitations/<public_id>/withdraw")
@allow(Action.INVITE)
def withdraw(public_id: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        accounts.withdraw_invitation(session, public_id, by=current(), now=utc_now())
    flash(_("초대 코드를 거두었어요. 이미 들어온 분은 그대로 쓸 수 있어요."))
    return redirect(url_for("staff.invitations"), 303)


@bp.get("/people")
@allow(Action.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    after = request.args.get("after", "")
    rows = accounts.people(reading(), after=after, limit=PAGE + 1)
    return render_template(
        "staff/people.html",
        people=rows[:PAGE],
        more=rows[PAGE - 1].nickname_key if len(rows) > PAGE else "",
        first=not after,
        grantable=_grantable(),
        deeds=accounts.deeds(reading(), limit=20),
    )


@bp.post("/people/<public_id>/roles")
@allow(Action.MANAGE_PEOPLE)
def set_roles(public_id: str) -> ResponseReturnValue:
    form = RolesForm(request.form)
    if not form.validate():
        flash(_("역할을 하나는 골라 주세요."), "warn")
        return redirect(url_for("staff.people"), 303)
    try:
        with unit_of_work() as session:
            accounts.set_roles(session, public_id, form.chosen(), by=current(), now=utc_now())
    except NotAllowed:
        flash(_("이 역할은 관리자만 바꿀 수 있어요."), "warn")
    except accounts.LastAdministrator:
        flash(_("관리자가 한 사람은 있어야 해요. 먼저 다른 분에게 관리자 역할을 주세요."), "warn")
    else:
        flash(_("역할을 바꾸었어요."))
    return redirect(url_for("staff.people"), 303)


@bp.post("/people/<public_id>/suspended")
@allow(Action.MANAGE_PEOPLE)
def set_suspended(public_id: str) -> ResponseReturnValue:
    suspended = request.form.get("suspended") == "yes"
    try:
        with unit_of_work() as session:
            accounts.set_suspended(
                session, public_id, suspended=suspended, by=current(), now=utc_now()
            )
    except NotAllowed:
        flash(_("이 계정은 관리자만 닫거나 열 수 있어요."), "warn")
    except accounts.LastAdministrator:
        flash(_("관리자가 한 사람은 있어야 해요. 먼저 다른 분에게 관리자 역할을 주세요."), "warn")
    else:
        flash(
            _("계정을 닫고 모든 기기에서 로그아웃했어요.")
            if suspended
            else _("계정을 다시 열었어요.")
        )
    return redirect(url_for("staff.people"), 303)


@bp.get("/courses")
@allow(Action.SEE_COURSE_STATES)
def courses() -> ResponseReturnValue:
    return render_template("staff/courses.html", states=catalog.states(reading()))

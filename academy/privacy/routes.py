"""내 정보: see everything held about me, take it along, or have it deleted."""

import json

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.api import Action, allow, current
from academy.kernel.clock import utc_now
from academy.kernel.db import database, reading, unit_of_work
from academy.kernel.i18n import _
from academy.privacy import service

bp = Blueprint("privacy", __name__, url_prefix="/privacy", template_folder="templates")


def _page(problem: str = "") -> str:
    person = current()
    return render_template(
        "privacy/mine.html",
        held=service.everything_about(reading(), person.account_id),
        deeds=accounts.deeds(reading(), about=person.account_id),
        problem=problem,
    )


@bp.get("/")
@allow(Action.MANAGE_OWN_DATA)
def mine() -> ResponseReturnValue:
    return _page()


@bp.get("/download")
@allow(Action.MANAGE_OWN_DATA)
def download() -> ResponseReturnValue:
    held = service.everything_about(reading(), current().account_id)
    response = Response(
        json.dumps(held, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
    )
    # The file's name tells nothing to whoever finds it on the phone.
    response.headers["Content-Disposition"] = "attachment; filename=data.json"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/erase")
@allow(Action.MANAGE_OWN_DATA)
def erase() -> ResponseReturnValue:
    person = current()
    if request.form.get("sure") != "yes":
        return _page(_("모두 지우려면 아래 칸에 표시해 주십시오.")), 422
    try:
        accounts.confirm_password(
            database(), request.form.get("password", ""), by=person, now=utc_now()
        )
        with unit_of_work() as session:
            service.erase(session, person.account_id)
    except accounts.WrongNameOrPassword as error:
        return _page(_("비밀번호가 맞지 않습니다. 아무것도 지우지 않았습니다.")), error.status
    except accounts.TooManyTries as error:
        return _page(
            _("여러 번 맞지 않았어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=error.minutes)
        ), error.status
    except accounts.LastAdministrator as error:
        problem = _("마지막 관리자는 지울 수 없어요. 먼저 다른 분에게 관리자 역할을 주세요.")
        return _page(problem), error.status
    response = make_response(redirect(url_for("privacy.erased"), 303))
    flask_session.clear()
    response.delete_cookie(accounts.COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@bp.get("/erased")
@allow(Action.READ_PUBLIC_PAGE)
def erased() -> ResponseReturnValue:
    return render_template("privacy/erased.html")

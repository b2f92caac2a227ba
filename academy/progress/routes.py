"""Anyone with a certificate's code can confirm the course, the hours and the date; nothing about the person."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.api import Action, allow
from academy.kernel.db import reading
from academy.progress import queries, rules

bp = Blueprint("progress", __name__, url_prefix="/progress", template_folder="templates")


@bp.get("/certificates")
@allow(Action.VERIFY_CERTIFICATE)
def verify() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(
            url_for("progress.certificate", code=rules.clean_certificate_code(typed)[:20] or "-")
        )
    return render_template("progress/verify.html", code="", completion=None)


@bp.get("/certificates/<code>")
@allow(Action.VERIFY_CERTIFICATE)
def certificate(code: str) -> ResponseReturnValue:
    clean = rules.clean_certificate_code(code)
    completion = queries.completion_by_code(reading(), clean)
    page = render_template("progress/verify.html", code=clean, completion=completion)
    return page, 200 if completion else 404

"""Pictures, sounds, films and files of courses."""

from flask import Blueprint, current_app, send_file
from flask.typing import ResponseReturnValue

from academy.accounts.api import Action, allow
from academy.catalog import queries
from academy.catalog.media import MediaStore
from academy.kernel.db import reading
from academy.kernel.errors import NotFound

bp = Blueprint("catalog", __name__, template_folder="templates")


@bp.get("/media/<sha256>.<suffix>")
@allow(Action.LOAD_MEDIA)
def medium(sha256: str, suffix: str) -> ResponseReturnValue:
    """The bytes with this hash. They never change, so a browser asks once; films can be asked for in pieces."""
    is_hash = len(sha256) == 64 and sha256.isalnum()  # noqa: PLR2004  hex SHA-256
    content_type = queries.medium(reading(), sha256) if is_hash else None
    path = MediaStore(current_app.config["ACADEMY"].media).path(sha256) if content_type else None
    if content_type is None or path is None:
        raise NotFound
    response = send_file(
        path, mimetype=content_type, conditional=True, etag=sha256, max_age=31_536_000
    )
    response.cache_control.public = True
    response.cache_control.immutable = True
    # A picture opened by itself runs nothing, whatever it holds.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    if suffix == "pdf":
        response.headers["Content-Disposition"] = "attachment"
    return response

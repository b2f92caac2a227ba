"""What every request and every answer is held to."""

from functools import cache
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

from academy.accounts import api as accounts
from academy.kernel.errors import DomainError

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignOrigin(DomainError):
    """A page of another site tried to send a form to ours."""

    status = 403


def refuse_foreign_posts() -> None:
    """Cross-site request forgery is stopped by where a request comes from, not by a token in the page.

    Every browser of the last years says so itself (`Sec-Fetch-Site`, else `Origin`); cookies are SameSite=Lax besides. A page
    that was open all day can still be sent, and an answer that waited for the network too.

    Raises:
        ForeignOrigin
    """
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise ForeignOrigin
        return
    origin = request.headers.get("Origin")
    # Compared as text: what a foreign page sends need not even be an address.
    if origin is not None and origin.partition("://")[2] != request.host:
        raise ForeignOrigin


def refuse_null_characters() -> None:
    """No text of ours holds U+0000 and PostgreSQL cannot keep it: such a request is made up.

    Raises:
        werkzeug.exceptions.BadRequest
    """
    texts = [request.path, *request.args.values()]
    if request.method not in _SAFE_METHODS:
        texts += [*request.form, *(value for _name, value in request.form.items(multi=True))]
    if any("\0" in text for text in texts):
        abort(400)


@cache
def _policy(exit_url: str) -> str:
    parts = urlsplit(exit_url)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",
            # Leaving quickly is a form that is redirected to the harmless page.
            f"form-action 'self' {parts.scheme}://{parts.netloc}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def add_headers(response: Response) -> Response:
    settings = current_app.config["ACADEMY"]
    headers = response.headers
    if settings.https:
        headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if request.endpoint == "assets.static_file" and response.status_code == HTTPStatus.OK:
        # A style sheet or script rules nothing by itself; on a phone half a kilobyte of headers counts.
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
    headers.setdefault("Content-Security-Policy", _policy(settings.exit_url))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault(
        "Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"
    )
    if "Cache-Control" not in headers:
        person = g.get("person")
        # On a device that others use, not even the back button brings a page back.
        headers["Cache-Control"] = (
            "no-store" if person and person.device_shared else "private, no-cache"
        )
    return response


def install(app: Flask) -> None:
    app.before_request(refuse_foreign_posts)
    app.before_request(refuse_null_characters)
    app.before_request(accounts.identify)
    app.after_request(add_headers)

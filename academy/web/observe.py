"""One log line a request: its id, the route (never the address with its keys), the status and how long it took."""

import time

import structlog
from flask import Flask, Response, g, request

from academy.kernel.ids import new_public_id
from academy.kernel.log import log


def current_request_id() -> str:
    return str(g.get("request_id", ""))


def _begin() -> None:
    g.request_id = new_public_id()[:12]
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "-"
    if not route.startswith(("/static/", "/media/")):
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
        )
    response.headers["X-Request-Id"] = current_request_id()
    return response


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)

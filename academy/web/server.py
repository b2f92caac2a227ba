"""The web server: granian, a WSGI server written in Rust (decision 0004 compares it with gunicorn on our own pages)."""

import gc
from collections.abc import Callable
from typing import Any

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from academy.web.app import create_app
from academy.web.settings import Settings, from_environment

_app: Flask | None = None


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The WSGI application of one worker process.

    It comes with the fork from the process that serves; where processes are started afresh (not on Linux), it is made
    from the environment at the first request.
    """
    global _app  # noqa: PLW0603  one application a process
    if _app is None:
        _app = create_app(from_environment())
    return _app(environ, start_response)


def run(make: Callable[[], Flask], settings: Settings) -> None:
    """Serve the application that `make` gives until a signal says stop."""
    global _app  # noqa: PLW0603  one application a process
    # Made once, before the workers are forked: they share its memory and are ready at once. It must have opened no
    # connection yet: two processes cannot speak over one.
    _app = make()
    gc.collect()
    gc.freeze()  # the collector of a worker would otherwise write to every page it shares
    Granian(
        "academy.web.server:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        log_enabled=True,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


def serve(settings: Settings) -> None:
    """Serve the academy until a signal says stop."""
    run(lambda: create_app(settings), settings)

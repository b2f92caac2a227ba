"""The web server: granian, a WSGI server written in Rust (decision 0004 compares it with gunicorn on our own pages)."""

import ctypes
import gc
import signal
import sys
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


# From malloc.h of the GNU C library.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def _give_memory_back() -> None:
    """Let what a password's hash takes (19 MiB) go back to the system at once, and threads share their heaps.

    Left alone, the C library learns to keep such blocks, in a heap for every thread: a few sign-ins would triple a worker.
    Other systems have other libraries; there nothing is done.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, 4 * 1024 * 1024)
        mallopt(_M_ARENA_MAX, 2)


# A request that takes longer than this does not hold up the stop.
_STOP_SECONDS = 10


def _load(_target: str) -> Callable[..., Any]:
    """What a worker process serves; called in it before it listens."""
    # Ctrl+C and a closed terminal reach every process at once. The workers are stopped by the process above them; one
    # that heard both signals would be interrupted while it stops and then wait for itself for ever.
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    return application


def _stop_with_the_terminal(server: Any) -> None:
    """Let a closed terminal stop the server (granian would start its workers anew), unless `nohup` asked to stay."""
    stays = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    handler = signal.SIG_IGN if stays else server.signal_handler_interrupt
    # Granian sets its own handlers first and calls this afterwards.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, handler))


def run(make: Callable[[], Flask], settings: Settings) -> None:
    """Serve the application that `make` gives until a signal says stop."""
    global _app  # noqa: PLW0603  one application a process
    # Made once, before the workers are forked: they share its memory and are ready at once. It must have opened no
    # connection yet: two processes cannot speak over one.
    _give_memory_back()
    _app = make()
    gc.collect()
    gc.freeze()  # the collector of a worker would otherwise write to every page it shares
    server = Granian(
        "academy.web.server:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        log_enabled=True,
        log_level=LogLevels.warning,
        websockets=False,
        workers_kill_timeout=_STOP_SECONDS,
    )
    if sys.platform != "win32":
        _stop_with_the_terminal(server)
    server.serve(target_loader=_load)


def serve(settings: Settings) -> None:
    """Serve the academy until a signal says stop."""
    run(lambda: create_app(settings), settings)

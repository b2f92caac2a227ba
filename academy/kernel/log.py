"""Structured logs on standard error: one JSON object a line, with the request's id and no personal data.

Only the fields named in `ALLOWED` leave the process; anything else is dropped, so that a nickname or an address cannot slip
into a log by a careless call.
"""

import logging
import sys
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "milliseconds", "queries",
        "course", "revision", "lesson", "job", "count", "kind", "exception", "round", "pair", "code",
    }
)  # fmt: skip


def _only_allowed(
    _logger: Any, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key in ALLOWED}


def _traceback_without_values(
    _logger: Any, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The places an exception passed, never its message: messages quote data."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()[1]
    if isinstance(info, tuple):
        info = info[1]
    if isinstance(info, BaseException):
        places = []
        step = info.__traceback__
        while step is not None:
            code = step.tb_frame.f_code
            places.append(
                f"{code.co_filename.rsplit('/academy/')[-1]}:{step.tb_lineno} {code.co_name}"
            )
            step = step.tb_next
        event["exception"] = {"type": type(info).__name__, "places": places[-12:]}
    return event


def configure(*, level: str = "INFO") -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _traceback_without_values,
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

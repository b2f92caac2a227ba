"""The outermost door: what is no request of a browser, and a mistake that nothing inside could answer."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from academy.kernel.log import log

# Names of up to 63 letters between dots, or an address in brackets; a port or none.
_HOST = re.compile(
    r"(?=.{1,260}\Z)(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::[0-9]{1,5})?"
)

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def _plain(start: StartResponse, status: str, words: str) -> list[bytes]:
    body = f"{words}\n".encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start(status, headers)
    return [body]


def door(inside: Wsgi) -> Wsgi:
    """Wrap the application. Addresses are built from the host's name, so no page can answer one that is none."""

    def answer(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        if not _HOST.fullmatch(environ.get("HTTP_HOST") or "none"):
            return _plain(start, "400 Bad Request", "주소가 잘못되었어요.")
        try:
            return inside(environ, start)
        except Exception as error:  # noqa: BLE001  the server would write the message, which quotes data, into its log
            log.error("unexpected error", exc_info=error)
            return _plain(
                start,
                "500 Internal Server Error",
                "저희 쪽에서 문제가 생겼어요. 지금까지 저장한 것은 그대로 있어요. 잠시 뒤 다시 해 주세요.",
            )

    return answer

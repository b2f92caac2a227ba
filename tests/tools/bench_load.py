"""A closed-loop HTTP/1.1 client: every connection asks, waits for the whole answer and asks again.

It runs as a process of its own (`python -m tests.tools.bench_load < plan`), one thread over non-blocking sockets, and does as
little as it can with an answer, so that on a small machine it takes little from the server it measures. Written here because the
well-known tools either are no Python packages (wrk, hey, k6) or spend more on a request than the page does (locust).
"""

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle

# What a browser of today sends; without it the answer would go uncompressed.
BROWSER = (
    ("User-Agent", "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/140.0 Mobile"),
    ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "ko-KR,ko;q=0.9"),
)

ONCE = "@once-only@@"
"""In a request's body this is replaced by something of the same length that was never sent before."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_PATIENCE = 20.0


@dataclass(frozen=True)
class Request:
    """One request; `body` makes it a POST of a form."""

    path: str
    cookie: str = ""
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def wire(self, host: str) -> bytes:
        lines = [
            f"{'GET' if self.body is None else 'POST'} {self.path} HTTP/1.1",
            f"Host: {host}",
            "Connection: keep-alive",
            *(f"{name}: {value}" for name, value in (*BROWSER, *self.headers)),
        ]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        content = b""
        if self.body is not None:
            content = self.body.encode()
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append("Sec-Fetch-Site: same-origin")
            lines.append(f"Content-Length: {len(content)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@dataclass(frozen=True)
class Plan:
    """What to ask whom, on how many connections, for how many seconds; `salt` keeps the once-only values of plans apart."""

    port: int
    connections: int
    seconds: float
    salt: str
    requests: tuple[Request, ...]


@dataclass
class Outcome:
    """`milliseconds`: of every answer, in the order in which they came; `statuses`: how often each came."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    size: int = 0
    """Bytes of the last answer's body, as they came over the wire."""

    @property
    def rate(self) -> float:
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def quantile(self, part: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


class _Connection:
    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self._port = port
        self._selector = selector
        self._socket: socket.socket | None = None
        self._buffer = b""
        self.began = 0.0

    def ask(self, wire: bytes) -> None:
        self.began = time.perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(self._socket, selectors.EVENT_READ, self)
        self._buffer = b""
        self._socket.sendall(wire)

    def read(self) -> tuple[str, int] | None:
        """Status and size of the body when the answer is complete, else None."""
        if self._socket is None:
            return None
        piece = self._socket.recv(262_144)
        self._buffer += piece
        at = self._buffer.find(b"\r\n\r\n")
        if at < 0:
            if not piece:
                self.close()
                return "lost", 0
            return None
        head = self._buffer[: at + 2]
        size = len(self._buffer) - at - 4
        length = _LENGTH.search(head)
        if length:
            complete = size >= int(length[1])
        elif _CHUNKED.search(head):
            complete = self._buffer.endswith(b"0\r\n\r\n")
        else:
            complete = not piece or head.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304"))
        if not complete:
            if not piece:
                self.close()
                return "lost", 0
            return None
        if not piece or _CLOSE.search(head):
            self.close()
        return head[9:12].decode(), size

    def close(self) -> None:
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None


def run(plan: Plan) -> Outcome:
    """Carry the plan out."""
    host = f"127.0.0.1:{plan.port}"
    wires = cycle([request.wire(host) for request in plan.requests])
    number = 0

    def next_wire() -> bytes:
        nonlocal number
        number += 1
        once = f"{plan.salt[:4]:x<4}{number:08d}"
        return next(wires).replace(ONCE.encode(), once.encode())

    outcome = Outcome()
    selector = selectors.DefaultSelector()
    connections = [_Connection(plan.port, selector) for _turn in range(plan.connections)]
    began = time.perf_counter()
    deadline = began + plan.seconds
    waiting = 0
    for connection in connections:
        connection.ask(next_wire())
        waiting += 1
    while waiting:
        for key, _events in selector.select(timeout=_PATIENCE) or ():
            connection = key.data
            answer = connection.read()
            if answer is None:
                continue
            now = time.perf_counter()
            status, outcome.size = answer
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            if status != "lost":
                outcome.milliseconds.append((now - connection.began) * 1000)
            if now < deadline:
                connection.ask(next_wire())
            else:
                waiting -= 1
        if time.perf_counter() > deadline + _PATIENCE:
            outcome.statuses["late"] = waiting
            break
    outcome.seconds = time.perf_counter() - began
    for connection in connections:
        connection.close()
    selector.close()
    return outcome


def measure(
    port: int, requests: Sequence[Request], *, connections: int, seconds: float, salt: str
) -> Outcome:
    """Carry a plan out in a process of its own."""
    plan = Plan(port, connections, seconds, salt, tuple(requests))
    done = subprocess.run(
        [sys.executable, "-m", "tests.tools.bench_load"],
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 3 * _PATIENCE,
    )
    return Outcome(**json.loads(done.stdout))


def main() -> None:
    given = json.load(sys.stdin)
    given["requests"] = tuple(
        Request(**{**entry, "headers": tuple(tuple(pair) for pair in entry["headers"])})
        for entry in given["requests"]
    )
    json.dump(asdict(run(Plan(**given))), sys.stdout)


if __name__ == "__main__":
    main()

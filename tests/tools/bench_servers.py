"""Servers to measure: started on a free port of 127.0.0.1, timed until they answer, looked into, and always stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types

_PATIENCE = 60.0
_STOP_PATIENCE = 15.0


@dataclass(frozen=True)
class Memory:
    """In megabytes, of the workers and of the process that watches over them together. PSS counts a shared page once."""

    workers_pss: float
    workers_rss: float
    all_pss: float
    all_rss: float


@dataclass(frozen=True)
class Server:
    """`cold_start`: seconds from the start of the process to the first good answer."""

    name: str
    port: int
    process: psutil.Process
    cold_start: float

    def memory(self) -> Memory:
        workers = self.process.children(recursive=True)
        everyone = [self.process, *workers]
        mega = 1_000_000
        return Memory(
            workers_pss=sum(item.memory_full_info().pss for item in workers) / mega,
            workers_rss=sum(item.memory_info().rss for item in workers) / mega,
            all_pss=sum(item.memory_full_info().pss for item in everyone) / mega,
            all_rss=sum(item.memory_info().rss for item in everyone) / mega,
        )

    def cpu_seconds(self) -> float:
        """What all its processes have used so far: less shaken by neighbours on the machine than any time on the clock."""
        everyone = [self.process, *self.process.children(recursive=True)]
        return float(sum(item.cpu_times().user + item.cpu_times().system for item in everyone))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, path: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
            )
            return connection.recv(16).startswith((b"HTTP/1.1 200", b"HTTP/1.1 401"))
    except OSError:
        return False


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    first_path: str,
    log: Path,
) -> Iterator[Server]:
    """Start `python <command> <port>`; the server, once it answers. It is stopped when the block ends, whatever happens."""
    port = free_port()
    words = [sys.executable, *(word.replace("{port}", str(port)) for word in command)]
    with log.open("w") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            words, env={**os.environ, **environment}, stdout=errors, stderr=errors
        )
        try:
            while not _answers(port, first_path):
                if process.poll() is not None or time.perf_counter() - began > _PATIENCE:
                    message = f"{name} did not start: {log.read_text()[-2000:]}"
                    raise RuntimeError(message)
                time.sleep(0.01)
            yield Server(name, port, psutil.Process(process.pid), time.perf_counter() - began)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    workers = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _gone, left = psutil.wait_procs(workers, timeout=_STOP_PATIENCE)
    for worker in left:
        worker.kill()

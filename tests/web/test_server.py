"""The server as it is started and stopped in a terminal."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from academy.web import database as tables
from academy.web.app import create_app
from academy.web.settings import ROOT, from_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
PATIENCE = 30
START = """
import signal
from academy.web.cli import cli
signal.signal(signal.SIGINT, signal.SIG_DFL)
cli(["serve"])
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of an academy with tables and nobody in it."""
    named = {"ACADEMY_INSTANCE": str(tmp_path), "PORT": str(_free_port()), "PATH": os.defpath}
    app = create_app(from_environment(named))
    database = app.extensions["academy-db"]
    tables.upgrade(database)
    database.engine.dispose()
    return named


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A running server that leads its own group of processes, as a terminal starts one."""
    running = subprocess.Popen(
        # A shell that works in the background hands an ignored Ctrl+C on; a terminal does not.
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with running:
        _wait_until_it_answers(running, int(environment["PORT"]))
        yield running
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)


def _wait_until_it_answers(running: "subprocess.Popen[str]", port: int) -> None:
    request = b"GET /healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    while running.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
                line.sendall(request)
                assert line.recv(64).startswith(b"HTTP/1.1 200")
                return
        except ConnectionError:
            continue
    pytest.fail(f"the server ended: {running.stdout.read() if running.stdout else ''}")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_to_all_its_processes_stops_the_server_and_leaves_none(
    server: "subprocess.Popen[str]", name: str
) -> None:
    os.killpg(server.pid, signal.Signals[name])
    assert server.wait(PATIENCE) == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)


def test_a_second_server_at_the_same_address_is_refused_in_plain_words(
    server: "subprocess.Popen[str]", environment: dict[str, str]
) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "academy.web", "serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert second.returncode == 1
    assert "다른 프로그램이 쓰고 있습니다" in second.stderr
    assert server.poll() is None

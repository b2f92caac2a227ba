"""A server of our own and a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.kernel.clock import utc_now
from academy.kernel.crypto import keyring
from academy.kernel.db import Database
from academy.web.settings import ROOT, from_environment
from tests.builders.catalog import EVERY_KIND
from tests.tools.prepare import chromium

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = (360, 740), (1280, 900)
START_SECONDS = 30
COURSES = (EVERY_KIND, ROOT / "courses" / "digital-hygiene")


@dataclass(frozen=True)
class Server:
    """A running academy with its own instance folder. Every person of the tests is made here."""

    url: str
    instance: Path
    database: Database

    def code(self, *roles: Role) -> str:
        """A fresh invitation code for one person."""
        with self.database.writing() as session:
            return accounts.invite(
                session, roles=roles or (Role.LEARNER,), places=1, days=1, by=None, now=utc_now()
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped by itself"
        try:
            with urllib.request.urlopen(f"{url}/healthy", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    pytest.fail("the server did not start")


@contextmanager
def running(
    environment: dict[str, str], instance: Path, *, courses: Sequence[Path] = COURSES
) -> Iterator[Server]:
    """A server with these courses, stopped when the block ends."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    everything = {
        **os.environ,
        **environment,
        "ACADEMY_INSTANCE": str(instance),
        "PORT": str(port),
        "ACADEMY_WORKERS": "1",
        "ACADEMY_LOG_LEVEL": "WARNING",
        # Leaving quickly leads here instead of to a page of the real web.
        "ACADEMY_EXIT_URL": f"{url}/robots.txt",
    }
    academy = [sys.executable, "-m", "academy.web"]
    subprocess.run([*academy, "init", "--without-courses"], env=everything, check=True, cwd=ROOT)
    subprocess.run(
        [*academy, "courses", "publish", *(str(path) for path in courses)],
        env=everything,
        check=True,
        cwd=ROOT,
    )
    process = subprocess.Popen([*academy, "serve"], env=everything, cwd=ROOT)
    try:
        _wait_for(url, process)
        settings = from_environment(everything)
        keyring.load(settings.encryption_keys, hash_key=settings.secret_key)
        database = Database(settings.database_url)
        yield Server(url, instance, database)
        database.engine.dispose()
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running({}, tmp_path_factory.mktemp("journeys")) as found:
        yield found


@pytest.fixture(autouse=True)
def _keys(server: Server) -> None:
    """The keys of the running server, instead of those of the other tests."""
    settings = from_environment({"ACADEMY_INSTANCE": str(server.instance)})
    keyring.load(settings.encryption_keys, hash_key=settings.secret_key)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.fail("Chromium is missing: python -m tests.tools.prepare")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser, server: Server) -> Iterator[OpenContext]:
    """Opens a browser window of its own: `open_context(size=PHONE, script=True, scheme="light")`."""
    opened: list[BrowserContext] = []

    def make(
        size: tuple[int, int] = PHONE,
        *,
        script: bool = True,
        scheme: Literal["light", "dark"] = "light",
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="ko-KR",
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    """A phone's window with JavaScript."""
    return open_context().new_page()

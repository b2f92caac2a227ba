"""Nothing is lost: coming back, dead networks, two tabs, closed tabs."""

from playwright.sync_api import Page, expect

from academy.document import model
from academy.progress.models import Attempt
from tests.journeys.conftest import OpenContext, Server
from tests.journeys.learning.test_course import HYGIENE
from tests.journeys.pages import Visitor, fill

LESSON, QUESTION = next(
    (lesson, block)
    for lesson in HYGIENE.lessons()
    for block in lesson.blocks
    if isinstance(block, model.Choice)
)
URL = f"/learning/courses/{HYGIENE.key}/{LESSON.key}"


def attempts(server: Server, nickname: str) -> int:
    """How many answers this person's account holds."""
    from academy.accounts import api as accounts  # noqa: PLC0415

    with server.database.reading() as session:
        account = accounts.account_id_by_nickname(session, nickname)
        return session.query(Attempt).filter(Attempt.account_id == account).count()


def gives(page: Page, visitor: Visitor) -> None:
    """Answer the lesson's first choice."""
    page.goto(f"{URL}#b-{QUESTION.key}")
    section = visitor.question(QUESTION.key)
    fill(section, QUESTION, visitor)
    section.locator("form button:not([type=button])").last.click()


def test_coming_back_lands_on_the_very_screen(open_context: OpenContext, server: Server) -> None:
    context = open_context()
    page = context.new_page()
    visitor = Visitor(page, server).joins()
    page.goto(URL)
    visitor.goes_on()
    visitor.goes_on()
    place = visitor.shown_screen().get_attribute("id")
    page.wait_for_load_state("networkidle")
    page.close()
    again = context.new_page()
    again.goto("/learning/")
    again.click(".going a.button")
    expect(again.locator(f"[id='{place}'].on")).to_be_visible()


def test_an_answer_waits_for_the_network_and_heals_by_itself(
    open_context: OpenContext, server: Server
) -> None:
    context = open_context()
    page = context.new_page()
    visitor = Visitor(page, server).joins()
    nickname = visitor.nickname()
    page.goto(f"{URL}#b-{QUESTION.key}")
    context.set_offline(True)
    section = visitor.question(QUESTION.key)
    fill(section, QUESTION, visitor)
    section.locator("form button:not([type=button])").last.click()
    expect(page.locator("main")).to_contain_text("저장을 기다리는 중이에요")
    assert attempts(server, nickname) == 0
    context.set_offline(False)
    expect(visitor.question(QUESTION.key).locator(".feedback")).to_be_visible(timeout=20_000)
    assert attempts(server, nickname) == 1


def test_an_answer_waits_also_after_the_tab_was_closed(
    open_context: OpenContext, server: Server
) -> None:
    context = open_context()
    page = context.new_page()
    visitor = Visitor(page, server).joins()
    nickname = visitor.nickname()
    page.goto(f"{URL}#b-{QUESTION.key}")
    context.set_offline(True)
    section = visitor.question(QUESTION.key)
    fill(section, QUESTION, visitor)
    section.locator("form button:not([type=button])").last.click()
    expect(page.locator("main")).to_contain_text("저장을 기다리는 중이에요")
    page.close()
    context.set_offline(False)
    later = context.new_page()
    with later.expect_response(lambda response: "/answer/" in response.url) as sent:
        later.goto("/learning/")
    assert sent.value.ok
    assert attempts(server, nickname) == 1
    later.goto(f"{URL}#b-{QUESTION.key}")
    expect(later.locator(f"[id='b-{QUESTION.key}'] .feedback")).to_be_visible()


def test_the_same_answer_from_two_tabs_counts_once(
    open_context: OpenContext, server: Server
) -> None:
    """Without JavaScript a page carries one id: two tabs of the same page, or going back and sending again."""
    context = open_context(script=False)
    page = context.new_page()
    visitor = Visitor(page, server, script=False).joins()
    nickname = visitor.nickname()
    gives(page, visitor)
    expect(visitor.question(QUESTION.key).locator(".feedback")).to_be_visible()
    page.go_back()
    section = visitor.question(QUESTION.key)
    fill(section, QUESTION, visitor)
    section.locator("form button:not([type=button])").last.click()
    page.wait_for_load_state()
    assert attempts(server, nickname) in {1, 2}
    expect(visitor.question(QUESTION.key).locator(".feedback")).to_be_visible()


def test_a_double_click_is_one_answer(open_context: OpenContext, server: Server) -> None:
    page = open_context().new_page()
    visitor = Visitor(page, server).joins()
    nickname = visitor.nickname()
    page.goto(f"{URL}#b-{QUESTION.key}")
    section = visitor.question(QUESTION.key)
    fill(section, QUESTION, visitor)
    section.locator("form button:not([type=button])").last.dblclick()
    expect(visitor.question(QUESTION.key).locator(".feedback")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert attempts(server, nickname) == 1

"""Nothing is lost: coming back, dead networks, two tabs, closed tabs."""

from playwright.sync_api import Page, expect

from academy.document import model
from academy.progress.models import Attempt
from tests.journeys.conftest import OpenContext, Server
from tests.journeys.learning.test_course import HYGIENE
from tests.journeys.pages import PASSWORD, Visitor, fill

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


def answers_without_network(page: Page, visitor: Visitor) -> None:
    """Lose the network, then answer the question."""
    page.goto(f"{URL}#b-{QUESTION.key}")
    page.context.set_offline(True)
    section = visitor.question(QUESTION.key)
    fill(section, QUESTION, visitor)
    section.locator("form button:not([type=button])").last.click()
    expect(page.locator("main")).to_contain_text("저장을 기다리는 중이에요")


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
    answers_without_network(page, visitor)
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
    answers_without_network(page, visitor)
    page.close()
    context.set_offline(False)
    later = context.new_page()
    with later.expect_response(lambda response: "/answer/" in response.url) as sent:
        later.goto("/learning/")
    assert sent.value.ok
    assert attempts(server, nickname) == 1
    later.goto(f"{URL}#b-{QUESTION.key}")
    expect(later.locator(f"[id='b-{QUESTION.key}'] .feedback")).to_be_visible()


def test_one_page_sent_twice_is_one_answer_and_another_choice_is_another(
    open_context: OpenContext, server: Server
) -> None:
    """Without JavaScript a page carries one id; two tabs may show the same page."""
    context = open_context(script=False)
    page = context.new_page()
    visitor = Visitor(page, server, script=False).joins()
    nickname = visitor.nickname()
    page.goto(URL)
    form = visitor.question(QUESTION.key).locator("form")
    address = f"{server.url}{URL}/answer/{QUESTION.key}"
    page_id = form.locator("input[name=id]").get_attribute("value")
    assert page_id
    right, other = sorted(QUESTION.options, key=lambda option: not option.right)[:2]
    for key, count in ((right.key, 1), (right.key, 1), (other.key, 2), (right.key, 2)):
        sent = context.request.post(address, form={"id": page_id, "answer": key})
        assert sent.ok
        assert attempts(server, nickname) == count


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


def test_an_answer_kept_after_signing_in_again_is_the_one_that_is_shown(
    open_context: OpenContext, server: Server
) -> None:
    context = open_context()
    page = context.new_page()
    visitor = Visitor(page, server).joins()
    nickname = visitor.nickname()
    wrong = next(option for option in QUESTION.options if not option.right)
    page.goto(f"{URL}#b-{QUESTION.key}")
    visitor.question(QUESTION.key).locator(f"input[value='{wrong.key}']").check()
    visitor.question(QUESTION.key).locator("form > button").click()
    expect(visitor.question(QUESTION.key).locator(".feedback.wrong")).to_be_visible()
    context.clear_cookies()
    section = visitor.question(QUESTION.key)
    fill(section, QUESTION, visitor)
    section.locator("form > button").click()
    section.locator(".result a").click()
    page.fill("input[name=nickname]", nickname)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_url(f"**{URL}#b-{QUESTION.key}")
    expect(visitor.question(QUESTION.key).locator(".feedback.right")).to_be_visible()
    assert attempts(server, nickname) == 2


def test_whoever_chooses_and_goes_on_has_answered(
    open_context: OpenContext, server: Server
) -> None:
    page = open_context().new_page()
    visitor = Visitor(page, server).joins()
    page.goto(f"{URL}#b-{QUESTION.key}")
    fill(visitor.question(QUESTION.key), QUESTION, visitor)
    screen = visitor.shown_screen().get_attribute("id")
    visitor.shown_screen().locator("form.next button").click()
    expect(visitor.question(QUESTION.key).locator(".feedback.right")).to_be_visible()
    expect(page.locator(f"[id='{screen}'].on")).to_be_visible()
    visitor.goes_on()


def test_whoever_leaves_a_question_half_done_is_told_once_and_may_go_on(
    open_context: OpenContext, server: Server
) -> None:
    page = open_context().new_page()
    visitor = Visitor(page, server).joins()
    page.goto("/learning/courses/every-kind/every-question#b-q-desks")
    visitor.question("q-desks").locator("select").first.select_option(index=1)
    visitor.shown_screen().locator("form.next button").click()
    expect(visitor.question("q-desks").locator(".result")).to_contain_text("답하지 않은 곳")
    visitor.goes_on()


def test_a_double_click_on_next_skips_no_screen(open_context: OpenContext, server: Server) -> None:
    page = open_context().new_page()
    visitor = Visitor(page, server).joins()
    page.goto(URL)
    screens = page.locator(".screen")
    second = screens.nth(1).get_attribute("id")
    visitor.shown_screen().locator("form.next button").dblclick()
    expect(page.locator(f"[id='{second}'].on")).to_be_visible()


def test_a_password_can_be_seen_while_it_is_typed(open_context: OpenContext) -> None:
    page = open_context().new_page()
    page.goto("/accounts/sign-in")
    field = page.locator("input[name=password]")
    field.fill(PASSWORD)
    page.get_by_role("button", name="비밀번호 보기").click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_have_value(PASSWORD)
    page.get_by_role("button", name="비밀번호 보기").click()
    expect(field).to_have_attribute("type", "password")

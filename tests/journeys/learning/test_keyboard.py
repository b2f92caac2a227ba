"""A lesson with the keyboard alone."""

from playwright.sync_api import Page, expect

from academy.document import model
from tests.journeys.conftest import OpenContext, Server
from tests.journeys.learning.test_course import SAMPLE
from tests.journeys.pages import Visitor

MOST_TABS = 120


def tabs_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on what `selector` names."""
    for _turn in range(MOST_TABS):
        if page.evaluate(
            "s => !!document.activeElement && document.activeElement.matches(s)", selector
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to {selector}")


def lesson_with(kind: type[model.Question]) -> tuple[model.Lesson, model.Question]:
    return next(
        (lesson, block)
        for lesson in SAMPLE.lessons()
        for block in lesson.blocks
        if isinstance(block, kind)
    )


def opens(page: Page, lesson: model.Lesson, question: model.Question) -> None:
    page.goto(f"/learning/courses/{SAMPLE.key}/{lesson.key}#b-{question.key}")
    expect(page.locator(f"[id='b-{question.key}']")).to_be_visible()


def test_a_choice_is_answered_and_the_next_screen_reached_by_keyboard(
    open_context: OpenContext, server: Server
) -> None:
    page = open_context().new_page()
    visitor = Visitor(page, server).joins()
    lesson, question = lesson_with(model.Choice)
    assert isinstance(question, model.Choice)
    opens(page, lesson, question)
    section = f"[id='b-{question.key}']"
    tabs_to(page, f"{section} input[type=radio]")
    right = [option.right for option in question.options].index(True)
    page.keyboard.press("Space")
    for _turn in range(right):
        page.keyboard.press("ArrowDown")
    tabs_to(page, f"{section} form > button")
    page.keyboard.press("Enter")
    expect(page.locator(f"{section} .feedback.right")).to_be_visible()
    before = visitor.shown_screen().get_attribute("id")
    tabs_to(page, ".screen.on form.next button")
    page.keyboard.press("Enter")
    expect(page.locator(f"[id='{before}'].on")).to_have_count(0)


def test_things_are_put_in_order_by_keyboard(open_context: OpenContext, server: Server) -> None:
    page = open_context().new_page()
    Visitor(page, server).joins()
    lesson, question = lesson_with(model.Order)
    assert isinstance(question, model.Order)
    opens(page, lesson, question)
    section = f"[id='b-{question.key}']"
    items = [item.key for item in question.items]
    for place, key in enumerate(items):
        while True:
            now = page.locator(f"{section} [data-item]").evaluate_all(
                "all => all.map(e => e.dataset.item)"
            )
            if now.index(key) <= place:
                break
            tabs_to(page, f"{section} [data-item='{key}'] button:first-of-type")
            page.keyboard.press("Enter")
    tabs_to(page, f"{section} form > button")
    page.keyboard.press("Enter")
    expect(page.locator(f"{section} .feedback.right")).to_be_visible()


def test_a_talk_is_held_by_keyboard(open_context: OpenContext, server: Server) -> None:
    page = open_context().new_page()
    Visitor(page, server).joins()
    lesson, question = lesson_with(model.Scenario)
    opens(page, lesson, question)
    section = f"[id='b-{question.key}']"
    for _turn in range(12):
        if not page.locator(f"{section} .replies button").count():
            break
        tabs_to(page, f"{section} .replies button")
        page.keyboard.press("Enter")
    expect(page.locator(f"{section} .feedback")).to_be_visible()

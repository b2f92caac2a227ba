"""What people do on the pages, as verbs."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from academy.accounts.api import Role
from academy.document import model
from academy.document.render import RenderedLesson
from tests.journeys.conftest import Server

PASSWORD = "비 온 뒤 맑은 소리"


@dataclass
class Visitor:
    """Somebody at a browser window. `script`: whether the window runs JavaScript."""

    page: Page
    server: Server
    script: bool = True
    language: str = "ko"

    def joins(self, *roles: Role, shared: bool = False, nickname: str = "") -> "Visitor":
        """Come in with an invitation code; choose a nickname and a password; note the recovery codes."""
        page = self.page
        page.goto("/")
        page.goto("/accounts/join")
        page.fill("input[name=code]", self.server.code(*roles).lower())
        page.click("main form button.primary")
        if nickname:
            page.fill("input[name=nickname]", nickname)
        page.fill("input[name=password]", PASSWORD)
        if shared:
            page.check("input[name=shared]")
        page.click("main form button.primary")
        expect(page.locator(".codes li")).to_have_count(8)
        page.click("main a.primary")
        page.wait_for_url("**/learning/")
        return self

    def signs_in(self, nickname: str, *, shared: bool = False) -> "Visitor":
        page = self.page
        page.goto("/accounts/sign-in")
        page.fill("input[name=nickname]", nickname)
        page.fill("input[name=password]", PASSWORD)
        if shared:
            page.check("input[name=shared]")
        page.click("main form button.primary")
        page.wait_for_url("**/learning/")
        return self

    def reads_in(self, language: str) -> "Visitor":
        """Choose the language of the pages."""
        if language != self.language:
            self.page.goto("/accounts/mine")
            self.page.click(f"#reading button[name=language][value={language}]")
            self.page.wait_for_load_state()
            self.language = language
        return self

    def nickname(self) -> str:
        self.page.goto("/accounts/mine")
        return self.page.locator("h1").inner_text()

    def opens_lesson(self, course: str, lesson: str) -> "Visitor":
        self.page.goto(f"/learning/courses/{course}/{lesson}")
        return self

    def question(self, key: str) -> Locator:
        return self.page.locator(f"[id='b-{key}']")

    def shown_screen(self) -> Locator:
        """The screen in front of the learner; without JavaScript all of them are."""
        return self.page.locator(".screen.on")

    def answers(self, question: model.AnyQuestion) -> None:
        """Give the right answer and wait for what is said about it."""
        if isinstance(question, model.Checklist):
            return
        section = self.question(question.key)
        fill(section, question, self)
        if not isinstance(question, model.Scenario):
            section.locator("form button:not([type=button])").last.click()
        if not self.script:
            self.page.wait_for_load_state()
        expect(self.question(question.key).locator(".feedback")).to_be_visible()

    def goes_on(self) -> None:
        """Press the big button of the screen."""
        before = self.shown_screen().get_attribute("id")
        self.shown_screen().locator("form.next button").click()
        expect(self.page.locator(f"[id='{before}'].on")).to_have_count(0)

    def takes_lesson(self, course: str, lesson: model.Lesson, rendered: RenderedLesson) -> None:
        """Read every screen, answer every question, finish."""
        self.opens_lesson(course, lesson.key)
        text = lesson.translations.get(self.language)
        source = text.blocks if text is not None and text.blocks else lesson.blocks
        questions = {block.key: block for block in source if isinstance(block, model.AnyQuestion)}
        if self.script:
            self.page.goto(f"/learning/courses/{course}/{lesson.key}#s-{rendered.screens[0].key}")
        for number, screen in enumerate(rendered.screens):
            for part in screen.blocks:
                if part.key in questions:
                    self.answers(questions[part.key])
            last = number == len(rendered.screens) - 1
            button = self.page.locator(f"[id='s-{screen.key}'] form.next button")
            button.click()
            if last:
                self.page.wait_for_url("**/end")
            elif self.script:
                expect(
                    self.page.locator(f"[id='s-{rendered.screens[number + 1].key}']")
                ).to_be_visible()
            else:
                self.page.wait_for_load_state()

    def path(self) -> str:
        return urlsplit(self.page.url).path


def fill(section: Locator, question: model.AnyQuestion, visitor: Visitor) -> None:
    """Put the right answer into a question's form."""
    match question:
        case model.Choice() | model.Choices() | model.TrueFalse():
            for option in question.options:
                box = section.locator(f"input[name=answer][value='{option.key}']")
                if option.right:
                    box.check()
        case model.ShortText():
            section.locator("input.answer").fill(question.accepted[0])
        case model.Number():
            section.locator("input.answer").fill(f"{question.value:f}")
        case model.Order():
            _order(section, question, visitor)
        case model.Match():
            for pair in question.pairs:
                wanted = re.sub(r"[*_`]", "", pair.right)
                section.locator(f"select[name='pair-{pair.key}']").select_option(label=wanted)
        case model.Sort():
            for group in question.groups:
                for item in group.items:
                    section.locator(f"input[name='group-{item.key}'][value='{group.key}']").check()
        case model.Blanks():
            for index, accepted in enumerate(question.accepted):
                field = section.locator(f"[name=blank-{index}]")
                if question.bank:
                    field.select_option(label=accepted[0])
                else:
                    field.fill(accepted[0])
        case model.Scenario():
            _talk(question, visitor)
        case model.Reflection():
            section.locator("textarea").fill("나만 보는 생각이에요.")
        case _:
            raise TypeError(type(question).__name__)


def _order(section: Locator, question: model.Order, visitor: Visitor) -> None:
    if not visitor.script:
        for place, item in enumerate(question.items, start=1):
            section.locator(f"select[name='place-{item.key}']").select_option(str(place))
        return
    for place, item in enumerate(question.items):
        while True:
            keys = [
                entry.get_attribute("data-item") for entry in section.locator("[data-item]").all()
            ]
            if keys.index(item.key) <= place:
                break
            section.locator(f"[data-item='{item.key}'] button >> nth=0").click()


def good_path(question: model.Scenario) -> list[int]:
    """The replies, by index, that lead to an end that is accepted."""
    nodes = {node.key: node for node in question.nodes}
    pending: list[tuple[str, list[int]]] = [(question.start, [])]
    visited = set()
    while pending:
        key, path = pending.pop(0)
        node = nodes[key]
        if node.end in {"good", "fine"}:
            return path
        if key in visited:
            continue
        visited.add(key)
        pending += [(reply.to, [*path, index]) for index, reply in enumerate(node.replies)]
    raise AssertionError(question.key)


def _talk(question: model.Scenario, visitor: Visitor) -> None:
    for index in good_path(question):
        visitor.question(question.key).locator(".replies button").nth(index).click()
        if not visitor.script:
            visitor.page.wait_for_load_state()

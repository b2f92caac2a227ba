"""Leaving quickly, and what a shared device keeps."""

from playwright.sync_api import expect

from tests.journeys.conftest import OpenContext, Server
from tests.journeys.pages import Visitor


def test_escape_three_times_leaves_at_once(open_context: OpenContext, server: Server) -> None:
    page = open_context().new_page()
    Visitor(page, server).joins()
    for _turn in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/robots.txt")


def test_leaving_a_shared_device_ends_the_visit(open_context: OpenContext, server: Server) -> None:
    page = open_context().new_page()
    Visitor(page, server).joins(shared=True)
    page.click(".away button")
    page.wait_for_url("**/robots.txt")
    page.goto("/learning/")
    expect(page).to_have_url(f"{server.url}/accounts/sign-in?next=/learning/")


def test_leaving_ones_own_device_keeps_the_visit(open_context: OpenContext, server: Server) -> None:
    page = open_context().new_page()
    Visitor(page, server).joins()
    page.click(".away button")
    page.wait_for_url("**/robots.txt")
    page.goto("/learning/")
    expect(page.locator("h1")).to_have_text("배우기")


def test_leaving_works_without_script(open_context: OpenContext, server: Server) -> None:
    page = open_context(script=False).new_page()
    Visitor(page, server, script=False).joins(shared=True)
    page.click(".away button")
    page.wait_for_url("**/robots.txt")
    page.goto("/learning/")
    expect(page).to_have_url(f"{server.url}/accounts/sign-in?next=/learning/")


def test_a_shared_device_keeps_nothing(open_context: OpenContext, server: Server) -> None:
    context = open_context()
    page = context.new_page()
    Visitor(page, server).joins(shared=True)
    page.goto("/learning/courses/digital-hygiene/why-names")
    cookie = next(cookie for cookie in context.cookies() if cookie["name"] == "visit")
    assert cookie["expires"] == -1
    assert page.evaluate("Object.keys(localStorage).length") == 0

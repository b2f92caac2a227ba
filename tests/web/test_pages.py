"""The few pages of the house itself, and the language they speak."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.api import Role
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests.builders.accounts import PASSWORD, an_account, signed_in


def test_the_server_says_that_it_is_healthy(client: FlaskClient) -> None:
    response = client.get("/healthy")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_robots_are_asked_to_stay_away(client: FlaskClient) -> None:
    assert "Disallow: /\n" in client.get("/robots.txt").text
    assert '<meta name="robots" content="noindex, nofollow">' in client.get("/help").text


def test_the_first_page_leads_to_the_door_and_then_to_learning(
    client: FlaskClient, sqlite_database: Database
) -> None:
    assert client.get("/").headers["Location"] == "/accounts/sign-in"
    signed_in(client, sqlite_database, now=utc_now())
    assert client.get("/").headers["Location"] == "/learning/"


def test_the_door_does_not_ask_somebody_who_is_in(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    assert client.get("/accounts/sign-in?next=/help").headers["Location"] == "/help"
    assert client.get("/accounts/join").headers["Location"] == "/"


def test_help_can_be_read_by_anyone_and_names_the_lines(client: FlaskClient) -> None:
    page = client.get("/help").text
    assert all(number in page for number in ("112", "119", "1394", "1366"))


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.LEARNER, ["/learning/", "/accounts/mine"], ["/staff/"]),
        (Role.AUTHOR, ["/staff/courses"], ["/staff/people"]),
        (Role.COORDINATOR, ["/staff/people"], ["/staff/courses"]),
        (Role.ADMINISTRATOR, ["/staff/people", "/staff/courses"], []),
    ],
)
def test_the_menu_leads_only_where_one_may_go(
    client: FlaskClient, sqlite_database: Database, role: Role, shown: list[str], hidden: list[str]
) -> None:
    signed_in(client, sqlite_database, "", role, now=utc_now())
    page = client.get("/help").text
    assert [place for place in shown if f'href="{place}' not in page] == []
    assert [place for place in hidden if f'href="{place}' in page] == []


# Languages


@pytest.mark.parametrize("accepted", ["en", "en-US,en;q=0.9", "zh", ""])
def test_korean_is_spoken_whatever_the_browser_prefers(client: FlaskClient, accepted: str) -> None:
    page = client.get("/help", headers={"Accept-Language": accepted})
    assert '<html lang="ko"' in page.text


def test_english_chosen_at_the_door_stays_on_the_device(client: FlaskClient) -> None:
    client.post("/accounts/reading", data={"language": "en"})
    assert '<html lang="en"' in client.get("/accounts/sign-in").text
    client.post("/accounts/reading", data={"language": "ko"})
    assert '<html lang="ko"' in client.get("/accounts/sign-in").text


def test_whoever_changes_the_language_stays_at_the_form_that_was_refused(
    client: FlaskClient,
) -> None:
    for path, back in (("/accounts/recover", "/accounts/recover"), ("/accounts/join/person", "/")):
        page = client.post(path, data={"code": "ABCD"}).text
        assert f'<input type="hidden" name="next" value="{back}">' in page


@pytest.mark.parametrize("language", ["xx", "", "en-US", "../../etc", "한국어"])
def test_a_language_we_do_not_speak_is_korean(client: FlaskClient, language: str) -> None:
    client.post("/accounts/reading", data={"language": language})
    assert '<html lang="ko"' in client.get("/help").text
    client.set_cookie("language", language)
    assert '<html lang="ko"' in client.get("/help").text


def test_the_language_of_the_account_goes_before_that_of_the_device(
    client: FlaskClient, sqlite_database: Database
) -> None:
    client.set_cookie("language", "en")
    signed_in(client, sqlite_database, now=utc_now())
    assert '<html lang="ko"' in client.get("/help").text
    client.post("/accounts/reading", data={"language": "en"})
    assert '<html lang="en"' in client.get("/help").text


def test_the_language_of_the_account_follows_to_another_device(
    app: Flask, sqlite_database: Database
) -> None:
    an_account(sqlite_database, "맑은 나무", language="en")
    client = app.test_client()
    assert '<html lang="ko"' in client.get("/help").text
    client.post("/accounts/sign-in", data={"nickname": "맑은 나무", "password": PASSWORD})
    assert '<html lang="en"' in client.get("/help").text


def test_a_switch_that_was_not_sent_stays_as_it_is(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    client.post("/accounts/reading", data={"large_text": "on", "easy_words": "on"})
    client.post("/accounts/reading", data={"easy_words": "off"})
    page = client.get("/help").text
    assert 'class="large ' in page
    assert "easy" not in page.partition("<head>")[0]


def test_on_a_shared_device_the_language_goes_with_the_window(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, now=utc_now(), shared=True)
    cookie = client.post("/accounts/reading", data={"language": "en"}).headers["Set-Cookie"]
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie

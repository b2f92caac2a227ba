"""What every request and every answer is held to."""

from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.web.app import create_app
from academy.web.settings import Settings
from tests.builders.accounts import PASSWORD, a_visit, an_account, signed_in

EVERY_KIND_OF_ANSWER = [
    ("GET", "/help", 200),
    ("GET", "/", 302),
    ("GET", "/healthy", 200),
    ("GET", "/robots.txt", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/accounts/sign-out", 405),
    ("GET", "/accounts/mine", 302),
    ("POST", "/accounts/mine/nickname", 401),
    ("POST", "/accounts/sign-in", 422),
    ("HEAD", "/help", 200),
    ("OPTIONS", "/help", 200),
    ("GET", "/help?x=%00", 400),
]


def _secure_app(app_settings: Settings, database: Database) -> Flask:
    settings = replace(app_settings, public_url="https://academy.example", https=True)
    return create_app(settings, database=database)


def _cookie(response: TestResponse, name: str) -> dict[str, str]:
    """The attributes of a cookie that this response sets, by lower-case name."""
    [line] = [
        line for line in response.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")
    ]
    pairs = (part.strip().partition("=") for part in line.split(";")[1:])
    return {key.lower(): value for key, _sign, value in pairs}


@pytest.mark.parametrize(("method", "path", "status"), EVERY_KIND_OF_ANSWER)
def test_every_kind_of_answer_carries_the_headers(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["X-Request-Id"]
    assert "Strict-Transport-Security" not in response.headers


def test_a_style_sheet_carries_only_the_headers_that_protect_it(client: FlaskClient) -> None:
    response = client.get("/static/web/base.css")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Content-Security-Policy" not in response.headers
    assert "Permissions-Policy" not in response.headers


def test_a_broken_page_carries_the_headers_too(app: Flask) -> None:
    app.view_functions["web.healthy"] = _break
    response = app.test_client().get("/healthy")
    assert response.status_code == 500
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def _break() -> str:
    message = "broken on purpose"
    raise RuntimeError(message)


_break.allows = accounts.Action.READ_PUBLIC_PAGE  # type: ignore[attr-defined]


def test_leaving_quickly_is_the_only_form_that_may_end_elsewhere(client: FlaskClient) -> None:
    policy = client.get("/help").headers["Content-Security-Policy"]
    assert "form-action 'self' https://www.weather.go.kr" in policy


def test_with_https_browsers_are_told_to_stay_with_it(
    app_settings: Settings, sqlite_database: Database
) -> None:
    client = _secure_app(app_settings, sqlite_database).test_client()
    assert client.get("/help").headers["Strict-Transport-Security"].startswith("max-age=63072000")


# Where a form comes from


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
    ],
)
def test_a_form_of_another_site_is_refused_and_does_nothing(
    client: FlaskClient, sqlite_database: Database, headers: dict[str, str]
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    response = client.post("/accounts/sign-out", headers=headers)
    assert response.status_code == 403
    assert "보내지 않았어요" in response.text
    assert client.get("/accounts/mine").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://localhost"},
        {},
    ],
)
def test_a_form_of_our_own_is_taken(
    client: FlaskClient, sqlite_database: Database, headers: dict[str, str]
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    assert client.post("/accounts/sign-out", headers=headers).status_code == 303
    assert client.get("/accounts/mine").status_code == 302


def test_a_link_from_another_site_opens_a_page(client: FlaskClient) -> None:
    assert client.get("/help", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "/learning/courses/a%00b", {}),
        ("GET", "/staff/people?after=%00", {}),
        ("POST", "/accounts/sign-in", {"nickname": "a\0b", "password": "x"}),
        ("POST", "/accounts/sign-in", {"a\0b": "x"}),
    ],
)
def test_null_characters_are_refused_before_any_database_sees_them(
    client: FlaskClient, method: str, path: str, data: dict[str, str]
) -> None:
    assert client.open(path, method=method, data=data).status_code == 400


# Cookies


def _sign_in(client: FlaskClient, nickname: str, **fields: str) -> TestResponse:
    response = client.post(
        "/accounts/sign-in", data={"nickname": nickname, "password": PASSWORD, **fields}
    )
    assert response.status_code == 303
    return response


def test_the_cookie_of_a_visit_is_kept_from_scripts_and_other_sites(
    client: FlaskClient, sqlite_database: Database
) -> None:
    an_account(sqlite_database, "맑은 나무")
    cookie = _cookie(_sign_in(client, "맑은 나무"), "visit")
    assert "httponly" in cookie
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert "domain" not in cookie
    assert "secure" not in cookie
    assert cookie["max-age"] == str(int(timedelta(days=90).total_seconds()))


def test_on_a_shared_device_the_cookie_dies_with_the_window(
    client: FlaskClient, sqlite_database: Database
) -> None:
    an_account(sqlite_database, "맑은 나무")
    cookie = _cookie(_sign_in(client, "맑은 나무", shared="y"), "visit")
    assert "max-age" not in cookie
    assert "expires" not in cookie


def test_with_https_no_cookie_leaves_without_it(
    app_settings: Settings, sqlite_database: Database
) -> None:
    client = _secure_app(app_settings, sqlite_database).test_client()
    an_account(sqlite_database, "맑은 나무", Role.ADMINISTRATOR)
    assert "secure" in _cookie(_sign_in(client, "맑은 나무"), "visit")
    response = client.post("/accounts/reading", data={"language": "en"})
    assert "secure" in _cookie(response, "language")


@pytest.fixture
def flashing(app: Flask, sqlite_database: Database) -> TestResponse:
    """An answer that keeps a note for the next page."""
    client = app.test_client()
    me = signed_in(client, sqlite_database, "", Role.ADMINISTRATOR, now=utc_now())
    return client.post(f"/staff/people/{me.public_id}/roles", data={"roles": "learner"})


def test_the_cookie_of_notes_is_kept_from_scripts_too(flashing: TestResponse) -> None:
    cookie = _cookie(flashing, "notes")
    assert "httponly" in cookie
    assert cookie["samesite"] == "Lax"
    assert "max-age" not in cookie


def test_no_cookie_is_set_on_somebody_who_only_reads(client: FlaskClient) -> None:
    for path in ("/help", "/accounts/sign-in", "/static/web/base.css", "/progress/certificates"):
        assert client.get(path).headers.getlist("Set-Cookie") == []


# What stays in the browser


def test_on_a_shared_device_no_page_is_kept(client: FlaskClient, sqlite_database: Database) -> None:
    signed_in(client, sqlite_database, now=utc_now(), shared=True)
    for path in ("/learning/", "/accounts/mine", "/help", "/nowhere", "/privacy/"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_on_ones_own_device_a_page_is_asked_for_again(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    assert client.get("/accounts/mine").headers["Cache-Control"] == "private, no-cache"


def test_pages_that_show_a_secret_once_are_never_kept(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, "", Role.ADMINISTRATOR, now=utc_now())
    codes = client.post("/accounts/mine/recovery-codes")
    invitation = client.post(
        "/staff/invitations", data={"roles": "learner", "places": "1", "days": "7"}
    )
    download = client.get("/privacy/download")
    for response in (codes, invitation, download):
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"


# Leaving quickly


def test_leaving_quickly_on_a_shared_device_ends_the_visit(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, now=utc_now(), shared=True)
    response = client.post("/accounts/away")
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "https://www.weather.go.kr/",
    )
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.headers["Cache-Control"] == "no-store"
    assert _cookie(response, "visit")["max-age"] == "0"
    assert client.get("/accounts/mine").status_code == 302


def test_leaving_quickly_on_ones_own_device_keeps_the_visit(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    response = client.post("/accounts/away")
    assert response.status_code == 303
    assert "Set-Cookie" not in response.headers
    assert client.get("/accounts/mine").status_code == 200


def test_leaving_quickly_works_without_a_visit(client: FlaskClient) -> None:
    assert client.post("/accounts/away").status_code == 303


def test_signing_out_clears_what_the_browser_holds(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    response = client.post("/accounts/sign-out")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert _cookie(response, "visit")["max-age"] == "0"
    assert client.get("/accounts/mine").status_code == 302


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(
    app: Flask, sqlite_database: Database
) -> None:
    token = a_visit(sqlite_database, an_account(sqlite_database), now=utc_now())
    mine, thief = app.test_client(), app.test_client()
    for client in (mine, thief):
        client.set_cookie(accounts.COOKIE, token)
    assert thief.get("/accounts/mine").status_code == 200
    mine.post("/accounts/sign-out")
    assert thief.get("/accounts/mine").status_code == 302


def test_a_visit_is_written_to_rarely(client: FlaskClient, sqlite_database: Database) -> None:
    account_id = an_account(sqlite_database)
    token = a_visit(sqlite_database, account_id, now=utc_now() - timedelta(hours=2))
    client.set_cookie(accounts.COOKIE, token)
    writes: list[str] = []
    _listen_for_writes(sqlite_database, writes)
    client.get("/accounts/mine")
    client.get("/accounts/mine")
    client.get("/learning/")
    assert len([line for line in writes if "account_device" in line]) == 1


def _listen_for_writes(database: Database, writes: list[str]) -> None:
    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("UPDATE", "INSERT", "DELETE")):
            writes.append(statement)


def test_cookies_are_parsed_by_the_standard_library_too(
    client: FlaskClient, sqlite_database: Database
) -> None:
    an_account(sqlite_database, "맑은 나무")
    jar: SimpleCookie = SimpleCookie()
    for line in _sign_in(client, "맑은 나무").headers.getlist("Set-Cookie"):
        jar.load(line)
    assert len(jar["visit"].value) == 43


# Where to go next

HOSTILE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\t\\evil.example",
    "/\n/evil.example",
    "https://evil.example/",
    "https:evil.example",
    "HTTPS://evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//[",
    " //evil.example",
    "evil.example",
    "@evil.example",
]


@pytest.mark.parametrize("target", HOSTILE)
def test_nobody_is_sent_to_another_site_after_signing_in(
    client: FlaskClient, sqlite_database: Database, target: str
) -> None:
    an_account(sqlite_database, "맑은 나무")
    page = client.get("/accounts/sign-in", query_string={"next": target})
    assert page.status_code == 200
    assert 'name="next" value="/"' in page.text
    assert _sign_in(client, "맑은 나무", next=target).headers["Location"] == "/"


@pytest.mark.parametrize("target", HOSTILE)
def test_nobody_is_sent_to_another_site_by_a_switch(client: FlaskClient, target: str) -> None:
    response = client.post("/accounts/reading", data={"language": "en", "next": target})
    assert (response.status_code, response.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("target", HOSTILE)
def test_nobody_is_sent_to_another_site_by_the_word_list(
    client: FlaskClient, sqlite_database: Database, target: str
) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    response = client.post("/learning/words/1", data={"next": target})
    assert response.headers.get("Location", "/").startswith("/")
    assert "evil" not in response.headers.get("Location", "")


@pytest.mark.parametrize("target", ["/learning/", "/learning/search?q=계약", "/%2f%2fevil.example"])
def test_a_path_of_ours_is_gone_to(
    client: FlaskClient, sqlite_database: Database, target: str
) -> None:
    an_account(sqlite_database, "맑은 나무")
    location = _sign_in(client, "맑은 나무", next=target).headers["Location"]
    assert location.startswith("/")
    assert not location.startswith("//")


def test_the_door_remembers_where_somebody_wanted_to_go(client: FlaskClient) -> None:
    response = client.get("/learning/search?q=a%20b")
    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/sign-in?next=/learning/search?q%3Da%2520b"

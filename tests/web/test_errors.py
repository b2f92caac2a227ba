"""Error pages say what happened in Korean, give typed text back, and tell the log nothing about anybody."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.api import Action, Role
from academy.kernel import log
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.errors import DomainError
from tests.builders.accounts import PASSWORD, signed_in

TYPED = "오늘 배운 것을 집에 가서 언니에게 말해 주었다."


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def _break_at(app: Flask, endpoint: str, error: Exception, action: Action) -> None:
    def view(**_arguments: str) -> str:
        raise error

    view.allows = action  # type: ignore[attr-defined]
    app.view_functions[endpoint] = view


@pytest.mark.parametrize(
    ("method", "path", "status", "heading"),
    [
        ("GET", "/nowhere", 404, "찾는 화면이 없어요"),
        ("GET", "/static/web/nothing.css", 404, "찾는 화면이 없어요"),
        ("GET", "/_parts", 404, "찾는 화면이 없어요"),
        ("GET", "/accounts/sign-out", 405, "이렇게는 열 수 없어요"),
        ("PUT", "/help", 405, "이렇게는 열 수 없어요"),
        ("GET", "/help?x=%00", 400, "요청을 알아듣지 못했어요"),
        ("POST", "/accounts/mine/nickname", 401, "로그인이 풀렸어요"),
    ],
)
def test_an_error_is_a_page_in_korean_that_says_what_is_safe(
    client: FlaskClient, method: str, path: str, status: int, heading: str
) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    assert heading in response.text
    assert '<html lang="ko"' in response.text
    assert "Werkzeug" not in response.text


def test_a_page_of_another_role_says_so(client: FlaskClient, sqlite_database: Database) -> None:
    signed_in(client, sqlite_database, now=utc_now())
    response = client.get("/staff/people")
    assert response.status_code == 403
    assert "여기는 볼 수 없어요" in response.text


@pytest.mark.parametrize("path", ["/accounts/sign-in", "/accounts/join"])
def test_a_form_that_is_too_large_is_refused_with_a_page(client: FlaskClient, path: str) -> None:
    response = client.post(path, data={"nickname": "가" * 300_000})
    assert response.status_code == 413
    assert "너무 커서 받지 못했어요" in response.text


def test_a_multipart_form_with_too_many_parts_is_refused_with_a_page(client: FlaskClient) -> None:
    response = client.post(
        "/accounts/sign-in",
        data={f"field{number}": "x" for number in range(1100)},
        content_type="multipart/form-data",
    )
    assert response.status_code == 413


@pytest.mark.parametrize("error", [RuntimeError(TYPED), KeyError(TYPED), ValueError()])
def test_a_broken_page_gives_the_typed_text_back(
    app: Flask, sqlite_database: Database, error: Exception
) -> None:
    client = app.test_client()
    signed_in(client, sqlite_database, now=utc_now())
    _break_at(app, "learning.note", error, Action.KEEP_WORDS)
    response = client.post("/learning/courses/contracts/one/note", data={"note": TYPED})
    assert response.status_code == 500
    assert "저희 쪽에서 문제가 생겼어요" in response.text
    assert TYPED in response.text
    assert response.headers["X-Request-Id"] in response.text


def test_what_was_typed_is_escaped_when_it_is_given_back(
    app: Flask, sqlite_database: Database
) -> None:
    client = app.test_client()
    signed_in(client, sqlite_database, now=utc_now())
    _break_at(app, "learning.note", RuntimeError(), Action.KEEP_WORDS)
    response = client.post(
        "/learning/courses/contracts/one/note", data={"note": "<script>alert('가나다라')</script>"}
    )
    assert "<script>alert" not in response.text


def test_a_password_is_never_given_back(app: Flask) -> None:
    _break_at(app, "accounts.enter", RuntimeError(), Action.ENTER)
    response = app.test_client().post(
        "/accounts/sign-in",
        data={
            "nickname": "맑은 나무",
            "password": PASSWORD * 3,
            "old": PASSWORD * 3,
            "new": PASSWORD * 3,
        },
    )
    assert response.status_code == 500
    assert PASSWORD not in response.text


def test_an_expired_visit_gives_the_typed_text_back(client: FlaskClient) -> None:
    response = client.post("/learning/courses/contracts/one/note", data={"note": TYPED})
    assert response.status_code == 401
    assert TYPED in response.text
    assert "<dt>나만 보는 메모</dt>" in response.text


@pytest.mark.parametrize(
    ("before", "target"),
    [
        (
            "http://localhost/learning/courses/contracts/one/end",
            "/learning/courses/contracts/one/end",
        ),
        ("http://elsewhere.example/learning/", None),
        (None, None),
    ],
)
def test_an_expired_visit_leads_back_to_the_page_after_signing_in(
    client: FlaskClient, before: str | None, target: str | None
) -> None:
    headers = {"Referer": before} if before else {}
    page = client.post(
        "/learning/courses/contracts/one/note", data={"note": TYPED}, headers=headers
    ).text
    wanted = f"/accounts/sign-in?next={target}" if target else "/accounts/sign-in"
    assert f'href="{wanted}"' in page


def test_a_domain_error_without_words_is_still_a_page(app: Flask) -> None:
    class Unforeseen(DomainError):
        status = 409

    _break_at(app, "web.healthy", Unforeseen(), Action.READ_PUBLIC_PAGE)
    response = app.test_client().get("/healthy")
    assert response.status_code == 409
    assert "하지 못했어요" in response.text


# The log


def test_a_broken_page_logs_places_and_no_data(
    app: Flask, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(level="DEBUG")  # onto the standard error of this very moment
    client = app.test_client()
    person = signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    _break_at(app, "learning.note", RuntimeError(TYPED), Action.KEEP_WORDS)
    response = client.post(
        "/learning/courses/contracts/one/note?secret=1", data={"note": TYPED, "password": PASSWORD}
    )
    text = capsys.readouterr().err
    error, request = (json.loads(line) for line in text.splitlines())
    assert error["event"] == "unexpected error"
    assert error["exception"]["type"] == "RuntimeError"
    assert any("test_errors" in place for place in error["exception"]["places"])
    assert error["request_id"] == request["request_id"] == response.headers["X-Request-Id"]
    for datum in (TYPED, PASSWORD, "맑은 나무", person.public_id, "secret"):
        assert datum not in text


def test_a_request_is_one_line_with_its_route_and_nothing_about_anybody(
    app: Flask, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(level="DEBUG")  # onto the standard error of this very moment
    client = app.test_client()
    person = signed_in(client, sqlite_database, "맑은 나무", Role.ADMINISTRATOR, now=utc_now())
    capsys.readouterr()
    client.post(
        f"/staff/people/{person.public_id}/suspended?who=맑은", data={"nickname": "맑은 나무"}
    )
    [line] = _lines(capsys)
    assert set(line) == {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "milliseconds",
    }  # fmt: skip
    assert line["route"] == "/staff/people/<public_id>/suspended"
    assert (line["method"], line["status"]) == ("POST", 303)
    assert "맑은" not in json.dumps(line, ensure_ascii=False)
    assert person.public_id not in json.dumps(line)


def test_an_address_that_leads_nowhere_is_not_logged(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(level="DEBUG")  # onto the standard error of this very moment
    app.test_client().get("/my-phone-number-is/010-1234-5678?q=secret")
    [line] = _lines(capsys)
    assert (line["route"], line["status"]) == ("-", 404)
    assert "1234" not in json.dumps(line)


def test_style_sheets_make_no_noise(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(level="DEBUG")  # onto the standard error of this very moment
    app.test_client().get("/static/web/base.css")
    assert _lines(capsys) == []


def test_every_request_has_an_id_of_its_own(client: FlaskClient) -> None:
    ids = {client.get("/healthy").headers["X-Request-Id"] for _turn in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize("field", ["nickname", "password", "address", "user", "text", "url"])
def test_a_careless_call_cannot_log_a_field_that_is_not_allowed(
    app: Flask, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    log.configure(level="DEBUG")  # onto the standard error of this very moment
    assert app
    log.log.info("careless", **{field: "맑은 나무"}, count=3)
    [line] = _lines(capsys)
    assert (line["event"], line["count"]) == ("careless", 3)
    assert field not in line
    assert "맑은" not in str(line)


def test_an_error_of_the_database_logs_no_values(
    app: Flask, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure(level="DEBUG")  # onto the standard error of this very moment
    assert app
    try:
        with sqlite_database.engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO account (nickname) VALUES (?)", ("맑은 나무",))
    except Exception as error:  # noqa: BLE001  whatever it is
        log.log.error("failed", exc_info=error)
    assert "맑은" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "host", ["x" * 64, "a..b", ".", "a b", "<script>", "[::1", "[]", "a@b", "a:b", "a:999999", "가"]
)
def test_a_host_that_is_none_is_refused_at_the_door(client: FlaskClient, host: str) -> None:
    raw = host.encode().decode("latin-1")
    response = client.get("/accounts/sign-in", environ_overrides={"HTTP_HOST": raw})
    assert response.status_code == 400
    assert response.text == "주소가 잘못되었어요.\n"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:80", "a-b.example.", ""])
def test_every_host_that_is_one_is_let_in(client: FlaskClient, host: str) -> None:
    response = client.get("/accounts/sign-in", environ_overrides={"HTTP_HOST": host})
    assert response.status_code == 200


def test_a_mistake_of_the_error_page_itself_says_nothing_to_the_log(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "맑은 나무의 비밀"

    def break_again(error: Exception) -> str:
        raise ValueError(secret) from error

    _break_at(app, "web.help_page", ValueError(secret), Action.READ_PUBLIC_PAGE)
    app.register_error_handler(Exception, break_again)
    log.configure(level="INFO")
    response = client.get("/help?note=" + "메모")
    assert response.status_code == 500
    assert "저장한 것은 그대로 있어요" in response.text
    told = capsys.readouterr().err
    assert secret not in told
    assert "메모" not in told
    assert "ValueError" in told


@pytest.mark.parametrize("referrer", ["http://[", "http://[::1", "//", "\udcff"])
def test_an_error_page_takes_any_page_that_claims_to_come_before(
    client: FlaskClient, referrer: str
) -> None:
    sent = {"HTTP_REFERER": referrer.encode("utf-8", "surrogateescape").decode("latin-1")}
    response = client.post("/accounts/mine/nickname", environ_overrides=sent)
    assert response.status_code == 401

"""The door and one's own account, as a browser meets them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts import queries, secrets, service
from academy.accounts.api import Role
from academy.accounts.models import Account, Device, RecoveryCode
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests.builders.accounts import PASSWORD, a_visit, an_account, an_invitation, signed_in

NEW_PASSWORD = "저녁마다 걷는 강가 길"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36"


def _codes(page: str) -> list[str]:
    return re.findall(r"\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b", page)


def test_somebody_comes_in_with_a_code_and_comes_back_with_a_recovery_code(
    app: Flask, sqlite_database: Database
) -> None:
    code = an_invitation(sqlite_database, now=utc_now())
    client = app.test_client()
    step = client.post("/accounts/join", data={"code": code.lower()})
    assert step.status_code == 200
    joined = client.post(
        "/accounts/join/person",
        data={"code": code, "nickname": "맑은 나무", "password": NEW_PASSWORD},
        headers={"User-Agent": ANDROID},
    )
    assert joined.status_code == 200
    assert joined.headers["Cache-Control"] == "no-store"
    recovery = _codes(joined.text)
    assert len(recovery) == 8
    assert 'name="language"' not in joined.text, "nothing beside the codes leads away from them"
    assert "Android · Chrome" in client.get("/accounts/mine").text

    later = app.test_client()
    recovered = later.post(
        "/accounts/recover",
        data={"nickname": "맑은나무", "code": recovery[3], "password": "할머니 손칼국수 냄새"},
    )
    assert recovered.status_code == 200
    assert client.get("/accounts/mine").status_code == 302
    entered = later.post(
        "/accounts/sign-in", data={"nickname": "맑은 나무", "password": "할머니 손칼국수 냄새"}
    )
    assert entered.status_code == 303


def test_a_code_in_the_address_is_filled_in_and_nothing_more(client: FlaskClient) -> None:
    page = client.get("/accounts/join/ABCD-EFGH-JKMN")
    assert 'value="ABCD-EFGH-JKMN"' in page.text
    assert client.get('/accounts/join/"><script>alert(1)').text.count("<script>") == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"nickname": "나"}, "2자에서 20자까지"),
        ({"nickname": ""}, "여기서 쓸 별명을 적어 주세요."),
        ({"nickname": "<b>나무</b>"}, "2자에서 20자까지"),
        ({"nickname": "있는 나무"}, "다른 분이 쓰는 별명이에요."),
        ({"password": ""}, "비밀번호를 적어 주세요."),
        ({"password": "짧아요"}, "짧은 문장도 좋아요."),
        ({"password": "12345678"}, "많은 사람이 쓰는 비밀번호"),
        (
            {"password": "맑은은행나무아래!", "nickname": "맑은 은행나무아래"},
            "별명과 닮은 비밀번호",
        ),
        ({"password": "가" * 201}, "200자까지"),
        ({"code": "2222-2222-2222"}, "이 코드로는 들어올 수 없어요."),
        ({"code": ""}, "초대 코드를 적어 주세요."),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field_and_the_rest_is_kept(
    client: FlaskClient, sqlite_database: Database, fields: dict[str, str], said: str
) -> None:
    an_account(sqlite_database, "있는 나무")
    code = an_invitation(sqlite_database, now=utc_now())
    data = {"code": code, "nickname": "맑은 나무", "password": NEW_PASSWORD} | fields
    response = client.post("/accounts/join/person", data=data)
    assert response.status_code == 422
    assert said in response.text
    assert NEW_PASSWORD not in response.text
    with sqlite_database.reading() as session:
        assert len(session.scalars(select(Account.id)).all()) == 1


@pytest.mark.parametrize(
    ("nickname", "password"),
    [("맑은 나무", "틀린 비밀번호예요"), ("아무도 아님", PASSWORD), ("닫힌 나무", PASSWORD)],
)
def test_the_page_after_a_refused_sign_in_is_always_the_same(
    client: FlaskClient, sqlite_database: Database, nickname: str, password: str
) -> None:
    an_account(sqlite_database, "맑은 나무")
    closed = an_account(sqlite_database, "닫힌 나무")
    with sqlite_database.writing() as session:
        session.get_one(Account, closed).suspended = True
    response = client.post("/accounts/sign-in", data={"nickname": nickname, "password": password})
    usual = client.post("/accounts/sign-in", data={"nickname": "없는 나무", "password": "아무것도"})
    assert response.status_code == usual.status_code == 422
    assert response.text.replace(nickname, "") == usual.text.replace("없는 나무", "")
    assert list(response.headers.keys()) == list(usual.headers.keys())


def test_after_too_many_tries_the_page_says_when_to_come_back(
    client: FlaskClient, sqlite_database: Database
) -> None:
    an_account(sqlite_database, "맑은 나무")
    for _turn in range(10):
        client.post("/accounts/sign-in", data={"nickname": "맑은 나무", "password": "틀린 것"})
    response = client.post(
        "/accounts/sign-in", data={"nickname": "맑은 나무", "password": PASSWORD}
    )
    assert response.status_code == 429
    assert re.search(r"\d+분 뒤에 다시", response.text)


def test_codes_cannot_be_tried_for_ever(client: FlaskClient) -> None:
    statuses = [
        client.post("/accounts/join", data={"code": f"2222-2222-{number:04}"}).status_code
        for number in range(17)
    ]
    # Fifteen in a quarter of an hour; the quarter may turn while this test runs, never twice.
    assert statuses[:1] == [422]
    assert set(statuses) <= {422, 429}
    assert statuses.count(429) >= 1 or statuses.count(422) == 17


def test_the_list_of_devices_shows_the_new_one_until_it_is_known(
    client: FlaskClient, sqlite_database: Database
) -> None:
    me = signed_in(client, sqlite_database, now=utc_now())
    assert "새 기기에서 로그인했어요" not in client.get("/learning/").text
    a_visit(sqlite_database, me.account_id, now=utc_now())
    assert "새 기기에서 로그인했어요" in client.get("/learning/").text
    client.post("/accounts/mine/devices/known", data={"next": "/learning/"})
    assert "새 기기에서 로그인했어요" not in client.get("/learning/").text


def test_one_device_and_all_others_can_be_signed_out(
    client: FlaskClient, sqlite_database: Database
) -> None:
    me = signed_in(client, sqlite_database, now=utc_now())
    for _turn in range(3):
        a_visit(sqlite_database, me.account_id, now=utc_now())
    with sqlite_database.reading() as session:
        public_id = session.scalars(
            select(Device.public_id).where(Device.id != me.device_id)
        ).first()
    assert client.post(f"/accounts/mine/devices/{public_id}/sign-out").status_code == 303
    assert client.post(f"/accounts/mine/devices/{public_id}/sign-out").status_code == 404
    assert client.post("/accounts/mine/devices/sign-out-others").status_code == 303
    with sqlite_database.reading() as session:
        assert session.scalars(select(Device.id)).all() == [me.device_id]


def test_the_nickname_and_the_password_can_be_changed(
    client: FlaskClient, sqlite_database: Database
) -> None:
    signed_in(client, sqlite_database, "맑은 나무", now=utc_now())
    an_account(sqlite_database, "푸른 연필")
    assert client.post("/accounts/mine/nickname", data={"nickname": "푸른연필"}).status_code == 422
    assert client.post("/accounts/mine/nickname", data={"nickname": "나"}).status_code == 422
    assert client.post("/accounts/mine/nickname", data={"nickname": "고운 우산"}).status_code == 303
    for old, new in (("틀린 것", NEW_PASSWORD), (PASSWORD, "12345678"), (PASSWORD, "")):
        answer = client.post("/accounts/mine/password", data={"old": old, "new": new})
        assert answer.status_code == 422
    answer = client.post("/accounts/mine/password", data={"old": PASSWORD, "new": NEW_PASSWORD})
    assert answer.status_code == 303
    assert client.get("/accounts/mine").status_code == 200


def test_new_recovery_codes_are_shown_once(client: FlaskClient, sqlite_database: Database) -> None:
    me = signed_in(client, sqlite_database, now=utc_now())
    page = client.post("/accounts/mine/recovery-codes")
    codes = _codes(page.text)
    assert len(set(codes)) == 8
    assert _codes(client.get("/accounts/mine").text) == []
    with sqlite_database.reading() as session:
        assert queries.recovery_codes_left(session, me.account_id) == 8
        assert set(session.scalars(select(RecoveryCode.code_hash))).isdisjoint(codes)


@pytest.mark.parametrize(
    "data",
    [
        {"nickname": "맑은 나무", "code": "2222-2222-2222", "password": NEW_PASSWORD},
        {"nickname": "아무도 아님", "code": "2222-2222-2222", "password": NEW_PASSWORD},
    ],
)
def test_a_wrong_recovery_code_tells_nothing_about_the_nickname(
    client: FlaskClient, sqlite_database: Database, data: dict[str, str]
) -> None:
    an_account(sqlite_database, "맑은 나무")
    response = client.post("/accounts/recover", data=data)
    assert response.status_code == 422
    assert "별명이나 복구 코드가 맞지 않아요." in response.text


def test_names_that_are_offered_are_free_to_take(
    client: FlaskClient, sqlite_database: Database
) -> None:
    code = an_invitation(sqlite_database, Role.MENTOR, now=utc_now())
    page = client.post("/accounts/join", data={"code": code})
    found = re.search(r'name="nickname"[^>]*value="([^"]+)"', page.text)
    assert found
    response = client.post(
        "/accounts/join/person",
        data={"code": code, "nickname": found[1], "password": NEW_PASSWORD},
    )
    assert response.status_code == 200


def test_a_class_that_signs_up_from_one_address_is_not_kept_out_for_weak_passwords(
    client: FlaskClient, sqlite_database: Database
) -> None:
    code = an_invitation(sqlite_database, places=40, now=utc_now())
    typed = {"code": code, "nickname": "맑은 나무", "password": "password1"}
    for _newcomer in range(32):  # the window may turn once while this runs
        assert client.post("/accounts/join/person", data=typed).status_code == 422
    typed["password"] = NEW_PASSWORD
    assert client.post("/accounts/join/person", data=typed).status_code == 200


def test_a_weak_new_password_uses_up_no_try_of_a_recovery_code(
    client: FlaskClient,
) -> None:
    typed = {"nickname": "맑은 나무", "code": "AAAA-BBBB-CCCC", "password": "password1"}
    for _turn in range(32):
        assert client.post("/accounts/recover", data=typed).status_code == 422


def test_leaving_takes_back_what_waited_to_be_said_and_a_shared_device_forgets_the_language(
    app: Flask, sqlite_database: Database
) -> None:
    for shared in (False, True):
        client = app.test_client()
        signed_in(client, sqlite_database, now=utc_now(), shared=shared)
        client.post("/accounts/reading", data={"language": "en"})
        with client.session_transaction() as kept:
            kept["_flashes"] = [("message", "‘계약’을 내 낱말장에 담았어요.")]
        client.post("/accounts/sign-out")
        assert client.get_cookie("notes") is None
        assert (client.get_cookie("language") is None) is shared


def test_an_account_that_goes_while_its_password_is_compared_lets_nobody_in(
    client: FlaskClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = an_account(sqlite_database, "맑은 나무")
    fits = secrets.password_fits

    def erased_meanwhile(password: str, hashed: str | None) -> bool:
        with sqlite_database.writing() as session:
            service.erase(session, account_id)
        return fits(password, hashed)

    monkeypatch.setattr(secrets, "password_fits", erased_meanwhile)
    typed = {"nickname": "맑은 나무", "password": PASSWORD}
    assert client.post("/accounts/sign-in", data=typed).status_code == 422


def test_a_field_that_was_refused_is_where_the_page_opens(
    app: Flask, sqlite_database: Database
) -> None:
    client = app.test_client()
    signed_in(client, sqlite_database, now=utc_now())
    page = client.post("/accounts/mine/password", data={"old": "틀린 말", "new": NEW_PASSWORD}).text
    (field,) = re.findall(r"<input[^>]* autofocus[^>]*>", page)
    assert 'name="old"' in field

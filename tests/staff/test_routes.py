"""Pages of the people who look after a centre."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts import queries
from academy.accounts.api import Role
from academy.accounts.models import Account
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests.builders.accounts import an_account, an_invitation, signed_in


@pytest.fixture
def administrator(client: FlaskClient, sqlite_database: Database) -> FlaskClient:
    """A browser at which an administrator sits."""
    signed_in(client, sqlite_database, "너른 마당", Role.ADMINISTRATOR, now=utc_now())
    return client


@pytest.fixture
def coordinator(app: Flask, sqlite_database: Database) -> FlaskClient:
    """A browser at which a coordinator sits."""
    client = app.test_client()
    signed_in(client, sqlite_database, "느긋한 두루미", Role.COORDINATOR, now=utc_now())
    return client


def _public_id(database: Database, account_id: int) -> str:
    with database.reading() as session:
        return session.get_one(Account, account_id).public_id


def test_an_invitation_is_shown_once_as_code_address_and_picture(
    app: Flask, administrator: FlaskClient
) -> None:
    data = {"roles": "learner", "places": "5", "days": "7"}
    page = administrator.post("/staff/invitations", data=data)
    found = re.search(r"<code>([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})</code>", page.text)
    assert found
    assert f"http://localhost/accounts/join/{found[1]}" in page.text
    assert "<svg" in page.text
    assert found[1] not in administrator.get("/staff/invitations").text
    guest = app.test_client()
    assert guest.post("/accounts/join", data={"code": found[1]}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"roles": ""}, "역할을 하나는 골라 주세요."),
        ({"roles": "god"}, "목록에 있는 것만 골라 주세요."),
        ({"places": "0"}, "1명에서 500명까지"),
        ({"places": "501"}, "1명에서 500명까지"),
        ({"places": "많이"}, "숫자로 적어 주세요."),
        ({"places": ""}, "사람 수를 적어 주세요."),
        ({"days": "366"}, "1일에서 365일까지"),
        ({"days": "1.5"}, "숫자로 적어 주세요."),
        ({"days": "9" * 40}, "1일에서 365일까지"),
    ],
)
def test_a_form_that_does_not_fit_is_answered_in_korean_at_the_field(
    administrator: FlaskClient, sqlite_database: Database, fields: dict[str, str], said: str
) -> None:
    data = {"roles": "learner", "places": "5", "days": "7"} | fields
    response = administrator.post("/staff/invitations", data=data)
    assert response.status_code == 422
    assert said in response.text
    assert "valid" not in response.text.partition("<main")[2].replace("invalid", "")
    with sqlite_database.reading() as session:
        assert queries.invitations(session) == []


def test_an_invitation_without_a_role_is_refused(administrator: FlaskClient) -> None:
    response = administrator.post("/staff/invitations", data={"places": "1", "days": "1"})
    assert response.status_code == 422
    assert "역할을 하나는 골라 주세요." in response.text


def test_a_coordinator_is_offered_only_the_roles_they_may_give(
    coordinator: FlaskClient, sqlite_database: Database
) -> None:
    page = coordinator.get("/staff/invitations").text
    assert set(re.findall(r'name="roles" value="(\w+)"', page)) == {"learner", "mentor"}
    response = coordinator.post(
        "/staff/invitations", data={"roles": "administrator", "places": "1", "days": "1"}
    )
    assert response.status_code == 403
    with sqlite_database.reading() as session:
        assert queries.invitations(session) == []


def test_an_invitation_is_withdrawn(administrator: FlaskClient, sqlite_database: Database) -> None:
    code = an_invitation(sqlite_database, now=utc_now())
    with sqlite_database.reading() as session:
        [view] = queries.invitations(session)
    response = administrator.post(f"/staff/invitations/{view.public_id}/withdraw")
    assert response.status_code == 303
    assert "초대 코드를 거두었어요." in administrator.get("/staff/invitations").text
    assert administrator.application.test_client().post(
        "/accounts/join", data={"code": code}
    ).status_code == 422  # fmt: skip
    assert administrator.post("/staff/invitations/nothing/withdraw").status_code == 404


def test_roles_are_changed_and_the_trail_shows_it_to_both(
    app: Flask, administrator: FlaskClient, sqlite_database: Database
) -> None:
    guest = app.test_client()
    person = signed_in(guest, sqlite_database, "맑은 나무", now=utc_now())
    response = administrator.post(
        f"/staff/people/{person.public_id}/roles", data={"roles": ["learner", "mentor"]}
    )
    assert response.status_code == 303
    page = administrator.get("/staff/people").text
    assert "역할을 바꾸었어요" in page
    assert "운영하는 사람이 내 계정에 한 일" in guest.get("/privacy/").text
    assert "역할을 바꾸었어요" in guest.get("/privacy/").text
    with sqlite_database.reading() as session:
        assert session.get_one(Account, person.account_id).roles == ["learner", "mentor"]


@pytest.mark.parametrize("roles", [[], ["god"], ["administrator"]])
def test_a_coordinator_cannot_change_more_than_they_may(
    coordinator: FlaskClient, sqlite_database: Database, roles: list[str]
) -> None:
    account_id = an_account(sqlite_database)
    public_id = _public_id(sqlite_database, account_id)
    response = coordinator.post(f"/staff/people/{public_id}/roles", data={"roles": roles})
    assert response.status_code == 303
    with sqlite_database.reading() as session:
        assert session.get_one(Account, account_id).roles == ["learner"]


def test_the_last_administrator_is_told_why_nothing_changed(
    administrator: FlaskClient, sqlite_database: Database
) -> None:
    with sqlite_database.reading() as session:
        public_id = session.scalars(select(Account.public_id)).one()
    administrator.post(f"/staff/people/{public_id}/roles", data={"roles": "learner"})
    told = '<p class="notice warn" role="status">관리자가 한 사람은 있어야 해요.'
    assert told in administrator.get("/staff/people").text
    administrator.post(f"/staff/people/{public_id}/suspended", data={"suspended": "yes"})
    assert "관리자가 한 사람은 있어야 해요." in administrator.get("/staff/people").text


def test_an_account_is_closed_and_opened(
    app: Flask, administrator: FlaskClient, sqlite_database: Database
) -> None:
    guest = app.test_client()
    person = signed_in(guest, sqlite_database, "맑은 나무", now=utc_now())
    url = f"/staff/people/{person.public_id}/suspended"
    administrator.post(url, data={"suspended": "yes"})
    assert guest.get("/accounts/mine").status_code == 302
    administrator.post(url, data={"suspended": "no"})
    with sqlite_database.reading() as session:
        assert not session.get_one(Account, person.account_id).suspended


def test_a_long_list_of_people_comes_in_pages(
    administrator: FlaskClient, sqlite_database: Database
) -> None:
    for number in range(60):
        an_account(sqlite_database, f"참새떼 {number:02}")
    first = administrator.get("/staff/people").text
    more = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert more
    second = administrator.get(more[1].replace("&amp;", "&")).text
    shown = [set(re.findall(r"참새떼 \d\d", page)) for page in (first, second)]
    assert len(shown[0] | shown[1]) == 60
    assert not shown[0] & shown[1]


def test_people_are_shown_by_nickname_and_never_by_number(
    administrator: FlaskClient, sqlite_database: Database
) -> None:
    account_id = an_account(sqlite_database, "맑은 나무")
    with sqlite_database.writing() as session:
        session.get_one(Account, account_id).nickname = "<i>맑은</i>"
    page = administrator.get("/staff/people").text
    assert "&lt;i&gt;맑은&lt;/i&gt;" in page
    assert "password" not in page
    assert "$argon2" not in page

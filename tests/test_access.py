"""Every route, asked by everybody: what comes back is what POLICY says, and nothing else decides."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from academy.accounts import api as accounts
from academy.accounts.api import POLICY, Action, Role, RuleMissing
from academy.accounts.models import Account, Device, Invitation
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.learning.models import KeptWord
from academy.progress import api as progress
from academy.progress.api import Place
from academy.progress.models import Completion, LessonState, Reflection
from academy.web.app import create_app
from academy.web.settings import Settings
from tests.builders.accounts import a_person, a_visit, an_account, an_invitation
from tests.builders.catalog import a_course, published

NOBODY = "nobody"
ROLES_AND_NOBODY = (NOBODY, *Role)

UNUSED_ACTIONS: dict[Action, str] = {}
"""Actions of POLICY that no route names, with the reason why they stay."""

ANSWERED_BY_THE_FRAMEWORK = frozenset({"HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Asked:
    """One route, by the method that changes or shows most."""

    rule: Rule
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def _asked(app: Flask) -> Iterator[Asked]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - ANSWERED_BY_THE_FRAMEWORK):
            yield Asked(rule, method)


@dataclass(frozen=True)
class World:
    """Somebody else's things, by the names that routes give them."""

    values: dict[str, str]
    owner: int


@pytest.fixture
def world(sqlite_database: Database, tmp_path: Path) -> World:
    """A course, and a person who has one of everything that a URL can name."""
    now = utc_now()
    published(sqlite_database, a_course(), folder=tmp_path / "media", now=now)
    owner = an_account(sqlite_database, "임자 있는 참새")
    a_visit(sqlite_database, owner, now=now)
    an_invitation(sqlite_database, now=now)
    with sqlite_database.writing() as session:
        progress.keep_reflection(
            session, owner, Place("contracts", "one"), "practice", "비밀", now=now
        )
        account = session.get_one(Account, owner)
        device = session.scalars(select(Device).where(Device.account_id == owner)).one()
        invitation = session.scalars(select(Invitation)).one()
        return World(
            values={
                "name": "web/base.css",
                "code": "ABCDEFGH",
                "course": "contracts",
                "lesson": "one",
                "block": "q-one",
                "word_id": "1",
                "sha256": "0" * 64,
                "suffix": "png",
                "accounts.sign_out_device public_id": device.public_id,
                "staff.withdraw public_id": invitation.public_id,
                "staff.set_roles public_id": account.public_id,
                "staff.set_suspended public_id": account.public_id,
            },
            owner=owner,
        )


def _url(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    """The address of this rule.

    Raises:
        KeyError: the rule has an argument this test knows nothing about; put it into `World`.
    """
    given = {name: values.get(f"{rule.endpoint} {name}") or values[name] for name in rule.arguments}
    with app.test_request_context():
        url: str = app.url_map.bind("localhost").build(rule.endpoint, given, method=None)
    return url


def _client_of(app: Flask, database: Database, who: str) -> FlaskClient:
    client = app.test_client()
    if who != NOBODY:
        account_id = an_account(database, "", Role(who))
        client.set_cookie(accounts.COOKIE, a_visit(database, account_id, now=utc_now()))
    return client


def _expected_refusal(who: str, asked: Asked, action: Action) -> int | None:
    """From POLICY alone: the status of the refusal, or None when it is allowed."""
    allowed = POLICY[action].roles
    if allowed is None or (who != NOBODY and Role(who) in allowed):
        return None
    if who != NOBODY:
        return 403
    return 302 if asked.method == "GET" else 401


@pytest.mark.parametrize("who", ROLES_AND_NOBODY)
def test_every_route_answers_everybody_as_the_policy_says(
    app: Flask, sqlite_database: Database, world: World, who: str
) -> None:
    if who != Role.ADMINISTRATOR:
        an_account(sqlite_database, "", Role.ADMINISTRATOR)
    visited = set()
    for asked in _asked(app):
        # A fresh visit each time: some of these routes end it.
        client = _client_of(app, sqlite_database, who)
        action = accounts.action_of(app, asked.rule.endpoint)
        url = _url(app, asked.rule, world.values)
        response = client.open(url, method=asked.method)
        refusal = _expected_refusal(who, asked, action)
        seen = (response.status_code, response.headers.get("Location", ""))
        if refusal is None:
            assert response.status_code not in {401, 403}, (str(asked), seen)
            # The reading pages of a signed-out visitor redirect; never to the door of another action.
            assert response.status_code < 500, (str(asked), seen)
        else:
            assert response.status_code == refusal, (str(asked), seen)
            if refusal == 302:
                assert seen[1].startswith("/accounts/sign-in"), (str(asked), seen)
        visited.add(str(asked))
    assert visited == {str(asked) for asked in _asked(app)}


@pytest.mark.parametrize("who", [NOBODY, Role.LEARNER, Role.COORDINATOR])
def test_whatever_anybody_without_power_asks_somebody_elses_things_stay(
    app: Flask, sqlite_database: Database, world: World, who: str
) -> None:
    def of_owner() -> list[object]:
        with sqlite_database.reading() as session:
            account = session.get_one(Account, world.owner)
            devices = session.scalars(
                select(Device.public_id).where(Device.account_id == world.owner)
            ).all()
            reflection = session.scalars(
                select(Reflection).where(Reflection.account_id == world.owner)
            ).one()
            others = [
                len(
                    session.scalars(
                        select(table.account_id).where(table.account_id == world.owner)
                    ).all()
                )
                for table in (KeptWord, LessonState, Completion)
            ]
            return [
                account.nickname,
                account.roles,
                account.password_hash,
                account.suspended,
                account.language,
                devices,
                (reflection.text, reflection.shown),
                others,
            ]

    before = of_owner()
    client = _client_of(app, sqlite_database, who)
    for asked in _asked(app):
        action = accounts.action_of(app, asked.rule.endpoint)
        if POLICY[action].whose is accounts.Whose.OTHERS and (
            who != NOBODY and accounts.may({Role(who)}, action)
        ):
            continue  # this is what these people are for; tests/staff says how far they may go
        if who != NOBODY:
            visit = a_visit(
                sqlite_database, an_account(sqlite_database, "", Role(who)), now=utc_now()
            )
            client.set_cookie(accounts.COOKIE, visit)
        client.open(
            _url(app, asked.rule, world.values),
            method=asked.method,
            data={
                "nickname": "남의 별명",
                "old": "x",
                "new": "저녁마다 걷는 강가 길",
                "show": "yes",
                "answer": "right",
                "roles": "administrator",
                "suspended": "yes",
                "language": "en",
                "note": "덮어쓰기",
                "account_id": str(world.owner),
            }
            if asked.method == "POST"
            else None,
        )
    assert of_owner() == before


@pytest.mark.parametrize("who", list(Role))
def test_the_device_of_somebody_else_is_not_found_like_one_that_never_was(
    app: Flask, sqlite_database: Database, world: World, who: Role
) -> None:
    client = _client_of(app, sqlite_database, who)
    theirs = world.values["accounts.sign_out_device public_id"]
    answers = [
        client.post(f"/accounts/mine/devices/{public_id}/sign-out")
        for public_id in (theirs, "A" * 22)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(theirs, "") == answers[1].text.replace("A" * 22, "")


def test_every_action_is_used_by_a_route_or_has_a_reason(app: Flask) -> None:
    used = {accounts.action_of(app, asked.rule.endpoint) for asked in _asked(app)}
    assert set(POLICY) - used == set(UNUSED_ACTIONS)


def test_routes_that_change_something_are_asked_with_post_only(app: Flask) -> None:
    for asked in _asked(app):
        assert asked.method in {"GET", "POST"}, str(asked)


def test_a_route_without_a_rule_stops_the_application_from_starting(
    app_settings: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_a_back_door(app: Flask) -> None:
        app.add_url_rule("/back-door", "back_door", lambda: "welcome")
        accounts.check_every_route(app)

    monkeypatch.setattr("academy.web.app.check_every_route", with_a_back_door)
    with pytest.raises(RuleMissing, match="back_door"):
        create_app(app_settings, database=sqlite_database)


@pytest.mark.parametrize("allows", [None, "read a public page", True])
def test_a_rule_is_an_action_and_nothing_that_looks_like_one(
    app_settings: Settings, sqlite_database: Database, allows: object
) -> None:
    app = create_app(app_settings, database=sqlite_database)

    def view() -> str:
        return "welcome"

    view.allows = allows  # type: ignore[attr-defined]
    app.add_url_rule("/back-door", "back_door", view)
    with pytest.raises(RuleMissing):
        accounts.check_every_route(app)


def test_a_visit_whose_roles_were_taken_away_loses_its_rights_at_once(
    app: Flask, sqlite_database: Database
) -> None:
    person = a_person(sqlite_database, "", Role.COORDINATOR, now=utc_now())
    client = app.test_client()
    client.set_cookie(accounts.COOKIE, a_visit(sqlite_database, person.account_id, now=utc_now()))
    assert client.get("/staff/people").status_code == 200
    with sqlite_database.writing() as session:
        session.get_one(Account, person.account_id).roles = [Role.LEARNER.value]
    assert client.get("/staff/people").status_code == 403


@pytest.mark.parametrize("edit", [str.upper, str.swapcase, lambda token: token[:-1]])
def test_a_changed_token_is_nobodys(
    app: Flask, sqlite_database: Database, edit: Callable[[str], str]
) -> None:
    token = a_visit(sqlite_database, an_account(sqlite_database), now=utc_now())
    client = app.test_client()
    client.set_cookie(accounts.COOKIE, edit(token))
    assert client.get("/accounts/mine").status_code == 302

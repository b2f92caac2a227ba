"""The guard at every route: a view names the action it lets somebody do, and nothing runs without a rule."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request

from academy.accounts import queries, rules, service
from academy.accounts.queries import Person
from academy.accounts.rules import Action
from academy.kernel.clock import utc_now
from academy.kernel.db import reading, unit_of_work
from academy.kernel.errors import DomainError, NotAllowed

COOKIE = "visit"

View = TypeVar("View", bound=Callable[..., object])


class SignInNeeded(DomainError):
    """The page is for people who are signed in, and this request is not."""

    status = 401


class RuleMissing(RuntimeError):
    """A route does not name the action it allows."""


def allow(action: Action) -> Callable[[View], View]:
    """Name the action that a view lets somebody do."""

    def mark(view: View) -> View:
        view.allows = action  # type: ignore[attr-defined]
        return view

    return mark


def action_of(app: Flask, endpoint: str) -> Action:
    """Raises:
    RuleMissing: the view of this endpoint names no action.
    """
    action = getattr(app.view_functions[endpoint], "allows", None)
    if not isinstance(action, Action):
        raise RuleMissing(endpoint)
    return action


def check_every_route(app: Flask) -> None:
    """Refuse to start with a route that has no rule.

    Raises:
        RuleMissing
    """
    for rule in app.url_map.iter_rules():
        action_of(app, rule.endpoint)


def identify() -> None:
    """Find out who makes this request, and whether they may.

    Raises:
        SignInNeeded, NotAllowed
    """
    token = request.cookies.get(COOKIE, "")
    person = queries.person_by_token(reading(), token, now=utc_now()) if token else None
    g.person = person
    if request.endpoint is None:
        return
    action = action_of(current_app, request.endpoint)
    if not rules.may(person.roles if person else None, action):
        raise NotAllowed if person else SignInNeeded
    if person and person.needs_touch:
        with unit_of_work() as session:
            service.touch(session, person, now=utc_now())


def somebody() -> Person | None:
    """Who makes this request; None when nobody is signed in."""
    return g.get("person")  # type: ignore[no-any-return]


def current() -> Person:
    """Who makes this request, in a view that is for signed-in people.

    Raises:
        SignInNeeded
    """
    person = somebody()
    if person is None:
        raise SignInNeeded
    return person

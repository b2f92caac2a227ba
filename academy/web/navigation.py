"""The main menu: where one can go, by what one may do."""

from dataclasses import dataclass

from flask import request, url_for

from academy.accounts.api import Action
from academy.kernel.i18n import _l


@dataclass(frozen=True)
class Place:
    endpoint: str
    label: str
    icon: str
    action: Action

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def here(self) -> bool:
        return request.endpoint == self.endpoint


_PLACES = (
    ("learning.home", _l("배우기"), "book", Action.BROWSE_COURSES),
    ("learning.search", _l("찾기"), "search", Action.BROWSE_COURSES),
    ("learning.words", _l("낱말장"), "words", Action.KEEP_WORDS),
    ("learning.done", _l("한 일"), "check", Action.BROWSE_COURSES),
    ("accounts.mine", _l("나"), "person", Action.MANAGE_OWN_ACCOUNT),
    ("staff.people", _l("사람들"), "people", Action.MANAGE_PEOPLE),
    ("staff.courses", _l("과정 상태"), "mark", Action.SEE_COURSE_STATES),
)


def places() -> list[Place]:
    return [Place(endpoint, str(label), icon, action) for endpoint, label, icon, action in _PLACES]

"""Shapes of what staff fill in."""

from wtforms.validators import InputRequired, NumberRange

from academy.accounts.api import INVITATION_DAYS_MAX, INVITATION_PLACES_MAX, Role
from academy.kernel.forms import Form, SeveralOf, WholeNumber, choices
from academy.kernel.i18n import _l

ROLES = {
    Role.LEARNER: _l("학습자"),
    Role.MENTOR: _l("멘토"),
    Role.AUTHOR: _l("글쓴이"),
    Role.REVIEWER: _l("검토하는 사람"),
    Role.COORDINATOR: _l("운영하는 사람"),
    Role.ADMINISTRATOR: _l("관리자"),
}


class RolesForm(Form):
    roles = SeveralOf(
        _l("역할"),
        [InputRequired(_l("역할을 하나는 골라 주세요."))],
        choices=choices(role.value for role in ROLES),
        validate_choice=True,
    )

    def chosen(self) -> tuple[Role, ...]:
        return tuple(Role(name) for name in self.roles.data or ())


class InvitationForm(RolesForm):
    places = WholeNumber(
        _l("몇 사람이 쓸 수 있나요"),
        [
            InputRequired(_l("사람 수를 적어 주세요.")),
            NumberRange(1, INVITATION_PLACES_MAX, _l("1명에서 500명까지 적을 수 있어요.")),
        ],
        default=1,
    )
    days = WholeNumber(
        _l("며칠 동안 쓸 수 있나요"),
        [
            InputRequired(_l("날수를 적어 주세요.")),
            NumberRange(1, INVITATION_DAYS_MAX, _l("1일에서 365일까지 적을 수 있어요.")),
        ],
        default=14,
    )

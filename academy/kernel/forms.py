"""Base of all forms. A form checks shape and hands over a frozen command: no query, mail or abort.

Cross-site posts are refused by the origin of the request (`academy.web.security`), so forms carry no token: a page that
was open all day, or an answer that waited for the network, can still be sent.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import ValidationError

from academy.kernel.i18n import _


def stripped(value: str | None) -> str:
    """A filter for text fields: no spaces around it, never None."""
    return (value or "").strip()


def choices(values: Iterable[str]) -> list[Any]:
    """Choices of a field whose words stand in the template; the library's published types lag behind it here."""
    return list(values)


class WholeNumber(IntegerField):
    """A whole number; what it says when it is none is ours."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(_("숫자로 적어 주세요.")) from wrong


class SeveralOf(SelectMultipleField):
    """Some of a list; what it says to anything else is ours."""

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError as wrong:
            raise ValidationError(_("목록에 있는 것만 골라 주세요.")) from wrong


class Form(WTForm):
    """A WTForms form filled from a request's values."""

    class Meta:
        # Every message is written by us, in Korean, at the field.
        locales = False

    @classmethod
    def read(cls, values: MultiDict[str, str], /, **initial: Any) -> "Form":
        return cls(formdata=values, **initial)

    def problems(self) -> Mapping[str, str]:
        """The first message of every field that has one."""
        return {
            name: str(messages[0])
            for name, messages in self.errors.items()
            if isinstance(messages, list) and messages
        }

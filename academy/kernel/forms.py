"""Base of all forms. A form checks shape and hands over a frozen command: no query, mail or abort.

Cross-site posts are refused by the origin of the request (`academy.web.security`), so forms carry no token: a page that
was open all day, or an answer that waited for the network, can still be sent.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm


def stripped(value: str | None) -> str:
    """A filter for text fields: no spaces around it, never None."""
    return (value or "").strip()


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
        return {name: str(messages[0]) for name, messages in self.errors.items() if isinstance(messages, list) and messages}

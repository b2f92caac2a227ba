"""Forms speak Korean and strip what nobody meant to type."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from academy.kernel.forms import Form, SeveralOf, WholeNumber, choices, stripped
from academy.staff.forms import InvitationForm


class Example(Form):
    """One field of each kind of ours."""

    number = WholeNumber()
    several = SeveralOf(choices=choices(["a", "b"]))


def _problems(**values: str | list[str]) -> dict[str, str]:
    form = Example.read(MultiDict(values))
    form.validate()
    return dict(form.problems())


@pytest.mark.parametrize("text", ["많이", "1.5", "", "１x", "0x10"])
def test_what_is_no_number_is_told_in_korean(app: Flask, text: str) -> None:
    with app.test_request_context():
        assert _problems(number=text, several="a") == {"number": "숫자로 적어 주세요."}


def test_what_is_not_on_the_list_is_told_in_korean(app: Flask) -> None:
    with app.test_request_context():
        found = _problems(number="1", several=["a", "c"])
    assert found == {"several": "목록에 있는 것만 골라 주세요."}


def test_what_fits_has_no_problems(app: Flask) -> None:
    with app.test_request_context():
        assert _problems(number=" 12 ", several=["a", "b"]) == {}


@pytest.mark.parametrize(
    ("typed", "kept"), [(None, ""), ("  가 ", "가"), ("\n", ""), ("가 나", "가 나")]
)
def test_spaces_around_a_text_are_not_kept(typed: str | None, kept: str) -> None:
    assert stripped(typed) == kept


def test_no_message_of_the_library_reaches_a_page(app: Flask) -> None:
    with app.test_request_context():
        form = InvitationForm(MultiDict({"roles": "god", "places": "x", "days": "-5"}))
        assert not form.validate()
        messages = [str(message) for field in form for message in field.errors]
    assert len(messages) == 4
    assert not [message for message in messages if message.isascii()]

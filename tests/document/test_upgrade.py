"""Courses of older versions are brought to the present one, step by step."""

from typing import Any

import pytest

from academy.document.model import FORMAT_VERSION
from academy.document.upgrade import STEPS, NewerFormat, UnknownFormat, upgrade


def _rename(raw: dict[str, Any]) -> dict[str, Any]:
    return {"title" if name == "name" else name: value for name, value in raw.items()}


def _split(raw: dict[str, Any]) -> dict[str, Any]:
    title, _, summary = raw["title"].partition(": ")
    return {**raw, "title": title, "summary": summary}


def test_every_step_from_the_course_s_version_on_is_taken_in_order() -> None:
    old = {"format_version": 1, "name": "일: 처음", "@": "place"}
    new = upgrade(old, steps={1: _rename, 2: _split}, current=3)
    assert new == {"format_version": 3, "title": "일", "summary": "처음", "@": "place"}
    assert old == {"format_version": 1, "name": "일: 처음", "@": "place"}


def test_steps_before_the_course_s_version_are_left_out() -> None:
    new = upgrade(
        {"format_version": 2, "title": "일: 처음"}, steps={1: _rename, 2: _split}, current=3
    )
    assert new["summary"] == "처음"


def test_a_course_of_today_is_not_changed() -> None:
    assert upgrade({"format_version": "1", "title": "일"}) == {"format_version": 1, "title": "일"}


def test_there_is_a_step_from_every_older_version() -> None:
    assert set(STEPS) == set(range(1, FORMAT_VERSION))


def test_a_later_version_says_which_one_is_known() -> None:
    with pytest.raises(NewerFormat) as caught:
        upgrade({"format_version": FORMAT_VERSION + 1})
    assert (caught.value.version, caught.value.known) == (FORMAT_VERSION + 1, FORMAT_VERSION)


@pytest.mark.parametrize("said", [None, "", 0, -1, "1.0", True, 1.5, [], "９", "1" * 5_000])
def test_what_is_no_version_is_refused(said: object) -> None:
    with pytest.raises(UnknownFormat):
        upgrade({"format_version": said})


def test_a_missing_step_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        upgrade({"format_version": 1}, steps={}, current=2)

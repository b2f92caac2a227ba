"""Courses survive the way to text and back."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.document import codec
from academy.document import model as m
from tests.document import any_course

_EVERYDAY = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _course(*blocks: m.AnyBlock) -> m.Course:
    one = m.Lesson(key="lesson", title="차시", minutes=5, blocks=blocks)
    unit = m.Unit(key="unit", title="단원", lessons=(one,))
    return m.Course(key="course", title="과정", track=m.Track.WORK, hours=Decimal(1), units=(unit,))


@pytest.mark.parametrize("kind", sorted(any_course.BLOCKS))
@given(data=st.data())
@_EVERYDAY
def test_a_block_of_every_kind_survives(kind: str, data: st.DataObject) -> None:
    before = data.draw(any_course.BLOCKS["text"])
    course = _course(before, data.draw(any_course.BLOCKS[kind]), data.draw(any_course.block))
    decoded = codec.decode(codec.encode(course, {}))
    assert decoded.problems == ()
    assert decoded.course == course


@given(drawn=any_course.courses())
@_EVERYDAY
def test_a_course_survives_and_its_text_is_stable(
    drawn: tuple[m.Course, dict[str, bytes]],
) -> None:
    course, media = drawn
    files = codec.encode(course, media)
    decoded = codec.decode(files)
    assert decoded.problems == ()
    assert decoded.course == course
    assert decoded.media == media
    assert codec.encode(decoded.course, decoded.media) == files
    assert codec.from_json(codec.to_json(course)) == course

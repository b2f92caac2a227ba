"""The schema describes what the codec writes."""

import json
from typing import Any

from academy.document import codec
from academy.document.schema import DIALECT, course_schema
from tests.document import any_course
from tests.document.samples import every_kind


def _names(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> None:
    """Every name in the JSON is one the schema knows at that place."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    if "discriminator" in schema:
        target = schema["discriminator"]["mapping"][value["kind"]]
        schema = whole["$defs"][target.rpartition("/")[2]]
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) <= set(schema["properties"])
        assert set(schema.get("required", ())) <= set(value)
        for name, part in value.items():
            _names(part, schema["properties"][name], whole)
    elif isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        for part in value.values():
            _names(part, schema["additionalProperties"], whole)
    elif isinstance(value, list) and "items" in schema:
        for part in value:
            _names(part, schema["items"], whole)


def test_the_sample_course_fits_the_schema() -> None:
    schema = course_schema()
    course = codec.decode(every_kind()).course
    assert course is not None
    _names(json.loads(codec.to_json(course)), schema, schema)


def test_the_schema_is_json_and_knows_every_kind_of_block() -> None:
    schema = json.loads(json.dumps(course_schema()))
    blocks = schema["$defs"]["Lesson"]["properties"]["blocks"]["items"]["discriminator"]["mapping"]
    assert set(blocks) == set(any_course.BLOCKS)
    assert schema["$schema"] == DIALECT
    assert schema["additionalProperties"] is False

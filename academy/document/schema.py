"""JSON Schema of a course, for the editor and other programs. Made from the model."""

from typing import Any

from academy.document.model import FORMAT_VERSION, Course

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def course_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of what `codec.to_json` writes."""
    schema = Course.model_json_schema(mode="validation")
    return {"$schema": DIALECT, "$comment": f"format_version {FORMAT_VERSION}", **schema}

"""Courses for tests."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from academy.catalog import disk, service
from academy.catalog.api import MediaStore
from academy.catalog.search import lexicon
from academy.catalog.service import Checked, Outcome
from academy.document import codec, model
from academy.document.problems import errors
from academy.kernel.db import Database

EVERY_KIND = Path(__file__).resolve().parents[1] / "courses" / "every-kind"
TODAY = date(2026, 11, 21)


def a_choice(key: str = "q-one", *, points: int = 1) -> model.Choice:
    """One choice: `right` is right, `wrong` is not."""
    return model.Choice(
        key=key,
        prompt="계약서는 몇 장을 쓰나요?",
        points=points,
        feedback="두 장을 써서 나눠 가져요.",
        options=(
            model.Option(
                key="wrong",
                text="한 장",
                feedback="한 장이면 보여 줄 것이 없어요.",
                misconception="한 장",
            ),
            model.Option(key="right", text="두 장", right=True, feedback="맞아요."),
        ),
    )


def a_text(key: str = "start~1", markdown: str = "## 계약서\n\n계약서를 두 장 써요.") -> model.Text:
    return model.Text(key=key, markdown=markdown)


def a_lesson(key: str = "one", *blocks: model.AnyBlock, **fields: object) -> model.Lesson:
    return model.Lesson.model_validate(
        {
            "key": key,
            "title": f"차시 {key}",
            "minutes": 8,
            "reviewed": TODAY,
            "review_every": 6,
            "sources": ("고용노동부, 표준근로계약서, 2025",),
            "blocks": blocks or (a_text(), a_choice()),
            **fields,
        }
    )


def a_course(key: str = "contracts", *lessons: model.Lesson, **fields: object) -> model.Course:
    return model.Course.model_validate(
        {
            "key": key,
            "title": "계약서 읽기",
            "summary": "계약서를 읽고 두 장을 나눠 가져요.",
            "track": "work",
            "number": "9-9",
            "hours": "1.5",
            "outcomes": ("계약서를 읽을 수 있어요.",),
            "owner": "이음 배움터 편집부",
            "units": (model.Unit(key="first", title="첫 단원", lessons=lessons or (a_lesson(),)),),
            **fields,
        }
    )


def published(
    database: Database,
    course: model.Course,
    *,
    media: Mapping[str, bytes] | None = None,
    folder: Path,
    now: datetime,
) -> Outcome:
    """Publish a course that is taken to be checked."""
    with database.writing() as session:
        return service.publish(
            session,
            Checked(course, media or {}, ()),
            origin="files",
            store=MediaStore(folder),
            lexicon=lexicon(),
            by=None,
            now=now,
        )


def published_folder(
    database: Database, path: Path, *, folder: Path, now: datetime
) -> model.Course:
    """Publish a course folder; it must have no errors."""
    checked = service.check_folder(disk.read(path), today=TODAY)
    assert checked.course is not None
    assert not errors(checked.problems), checked.problems
    with database.writing() as session:
        service.publish(
            session,
            checked,
            origin="files",
            store=MediaStore(folder),
            lexicon=lexicon(),
            by=None,
            now=now,
        )
    return checked.course


def written(course: model.Course, root: Path) -> Path:
    """Write the course into a folder named by its key; that folder."""
    disk.write(root / course.key, codec.encode(course, {}))
    return root / course.key


def round_trip(course: model.Course) -> model.Course:
    return codec.from_json(codec.to_json(course))

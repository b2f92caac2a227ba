"""`academy courses import`, `export` and `question-table`, as an author types them."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from academy.catalog import disk
from academy.catalog.format_words import EFFECTS, LOSSES, REFUSALS, say, say_refused
from academy.document import codec
from academy.formats import limits
from academy.formats.facts import REASONS, SPEC, Effect, LossCode, Reason, Refused, loss
from academy.kernel.db import Database
from academy.web.settings import Settings
from tests.builders.catalog import EVERY_KIND, a_course, a_lesson, published, written
from tests.conftest import NOON
from tests.formats.documents import packed, png

GIFT = "몇 장인가요?{=두 장 ~한 장}\n\n// [tag:계약]\n맞나요?{T}\n"


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    path = tmp_path / "bank.gift"
    path.write_text(GIFT, "utf-8")
    return path


def run(app: Flask, *arguments: object, said: str = "") -> Result:
    runner = app.test_cli_runner()
    return runner.invoke(args=["courses", *map(str, arguments)], input=said)


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("code", LossCode)
def test_every_loss_is_said_in_korean_with_its_facts(code: LossCode) -> None:
    facts = {name: f"<{name}>" for name in SPEC[code][1]}
    words = str(say(loss(code, "", **facts)))
    assert re.search(r"[가-힣]", words)
    assert all(fact in words for fact in facts.values())
    assert "%(" not in words
    assert not re.search(r"\[[가-힣]+/[가-힣]+\]", words)


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_is_said_in_korean_with_its_facts(reason: Reason) -> None:
    facts: dict[str, Any] = {name: f"<{name}>" for name in REASONS[reason]}
    words = str(say_refused(Refused(reason, **facts)))
    assert re.search(r"요[.:?]", words)
    assert all(fact in words for fact in facts.values())
    assert "%(" not in words


def test_no_words_are_left_over() -> None:
    assert set(LOSSES) == set(LossCode) == set(SPEC)
    assert set(REFUSALS) == set(Reason) == set(REASONS)
    assert set(EFFECTS) == set(Effect)


def test_what_is_lost_is_listed_before_anything_is_written(
    app: Flask, gift: Path, tmp_path: Path
) -> None:
    result = run(app, "import", gift, tmp_path / "bank", said="n\n")
    assert result.exit_code == 1
    assert "꼬리표 ‘계약’은 적어 둘 자리가 없어요." in result.output
    assert not (tmp_path / "bank").exists()


def test_without_an_answer_nothing_is_written(app: Flask, gift: Path, tmp_path: Path) -> None:
    assert run(app, "import", gift, tmp_path / "bank").exit_code == 1
    assert not (tmp_path / "bank").exists()


@pytest.mark.parametrize("how", ["said", "accepted"])
def test_once_it_is_accepted_a_draft_is_written_that_authors_go_on_with(
    app: Flask, gift: Path, tmp_path: Path, how: str
) -> None:
    arguments = ["--accept"] if how == "accepted" else []
    result = run(app, "import", gift, tmp_path / "bank", *arguments, said="y\n")
    assert result.exit_code == 0, result.output
    decoded = codec.decode(disk.read(tmp_path / "bank").files)
    assert decoded.whole
    assert decoded.course
    assert decoded.course.key == "bank"
    # A draft: the checker still asks for sources and a review.
    assert run(app, "check", tmp_path / "bank").exit_code == 1


def test_a_folder_that_holds_something_is_left_alone(
    app: Flask, gift: Path, tmp_path: Path
) -> None:
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "mine.md").write_text("내 글")
    result = run(app, "import", gift, tmp_path / "bank", "--accept")
    assert result.exit_code == 1
    assert tree(tmp_path / "bank") == {"mine.md": "내 글".encode()}


def test_a_folder_whose_name_cannot_be_a_key_is_refused_in_words(
    app: Flask, gift: Path, tmp_path: Path
) -> None:
    result = run(app, "import", gift, tmp_path / "내 과정", "--accept")
    assert result.exit_code == 1
    assert "영문 소문자" in result.output


def test_a_file_that_is_not_taken_says_why(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "old.hwp").write_bytes(b"x")
    result = run(app, "import", tmp_path / "old.hwp", tmp_path / "old")
    assert result.exit_code == 1
    assert "old.hwp: .hwp 파일은 가져올 수 없어요." in result.output


def test_our_zip_comes_back_byte_for_byte(app: Flask, tmp_path: Path) -> None:
    source = tmp_path / "every-kind"
    course = codec.decode(disk.read(EVERY_KIND).files)
    assert course.course
    disk.write(source, codec.encode(course.course, course.media))
    assert run(app, "export", source, tmp_path / "one.zip").exit_code == 0
    assert run(app, "import", tmp_path / "one.zip", tmp_path / "back").exit_code == 0
    assert tree(tmp_path / "back") == tree(source)
    assert run(app, "export", tmp_path / "back", tmp_path / "two.zip").exit_code == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_published_course_is_exported_by_its_key(
    app: Flask, app_settings: Settings, sqlite_database: Database, tmp_path: Path
) -> None:
    course = a_course("contracts", a_lesson("one"))
    published(sqlite_database, course, folder=app_settings.media, now=NOON)
    result = run(app, "export", "contracts", tmp_path / "out.zip")
    assert result.exit_code == 0, result.output
    written(course, tmp_path)
    assert run(app, "import", tmp_path / "out.zip", tmp_path / "back").exit_code == 0
    assert tree(tmp_path / "back") == tree(tmp_path / "contracts")


@pytest.mark.parametrize("name", ["questions.gift", "questions.xlsx"])
def test_questions_go_out_after_the_list_of_what_stays_was_accepted(
    app: Flask, tmp_path: Path, name: str
) -> None:
    assert run(app, "export", EVERY_KIND, tmp_path / name, said="n\n").exit_code == 1
    assert not (tmp_path / name).exists()
    result = run(app, "export", EVERY_KIND, tmp_path / name, "--accept")
    assert result.exit_code == 0, result.output
    assert "‘scenario’ 문제는 이 형식으로 옮길 수 없어요." in result.output
    assert run(app, "import", tmp_path / name, tmp_path / "back", "--accept").exit_code == 0


def test_a_course_that_does_not_exist_is_said(app: Flask, tmp_path: Path) -> None:
    result = run(app, "export", "no-such-course", tmp_path / "out.zip")
    assert result.exit_code == 1
    assert "그런 과정이나 폴더가 없어요" in result.output


@pytest.mark.parametrize("name", ["table.xlsx", "table.csv"])
def test_the_table_to_fill_in_can_be_imported_as_it_is(
    app: Flask, tmp_path: Path, name: str
) -> None:
    assert run(app, "question-table", tmp_path / name).exit_code == 0
    result = run(app, "import", tmp_path / name, tmp_path / "mine")
    assert result.exit_code == 0, result.output


def test_no_command_writes_over_a_file(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_bytes(b"mine")
    assert run(app, "question-table", tmp_path / "mine.xlsx").exit_code == 1
    assert run(app, "export", EVERY_KIND, tmp_path / "mine.xlsx", "--accept").exit_code == 1
    assert (tmp_path / "mine.xlsx").read_bytes() == b"mine"


def test_a_folder_of_markdown_is_imported_with_its_pictures(app: Flask, tmp_path: Path) -> None:
    source = tmp_path / "글"
    source.mkdir()
    (source / "a.md").write_text("# 첫 차시\n\n![점](point.png)\n\n글\n", "utf-8")
    (source / "point.png").write_bytes(png())
    result = run(app, "import", source, tmp_path / "mine")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "mine" / "media" / "point.png").read_bytes() == png()


def test_an_archive_that_leads_outside_writes_nothing_anywhere(app: Flask, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "evil.zip").write_bytes(packed({"a.md": "# 글", "../../evil.md": "x"}))
    before = tree(tmp_path)
    result = run(app, "import", inside / "evil.zip", inside / "mine", "--accept")
    assert result.exit_code == 1
    assert "안전하지 않아서 아무것도 풀지 않았어요" in result.output
    assert tree(tmp_path) == before


def test_a_file_that_is_too_large_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    with (tmp_path / "large.zip").open("wb") as file:
        file.truncate(200 * limits.MB)
    result = run(app, "import", tmp_path / "large.zip", tmp_path / "mine")
    assert result.exit_code == 1
    assert "40 MB까지 가져올 수 있어요" in result.output

"""Commands that bring courses in from other systems' formats, and out to them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from academy.catalog import disk
from academy.catalog.format_words import EFFECTS, say, say_refused
from academy.catalog.media import MediaStore
from academy.catalog.models import Course as CourseRow
from academy.catalog.models import Revision
from academy.catalog.problem_words import say as say_problem
from academy.document import codec, model
from academy.document.problems import Problem
from academy.formats import limits, registry
from academy.formats.facts import Effect, Imported, Loss, Refused
from academy.kernel.db import reading


def _tell_losses(losses: Sequence[Loss]) -> None:
    for loss in losses:
        where = f"{loss.place}: " if loss.place else ""
        click.echo(f"  [{EFFECTS[loss.effect]}] {where}{say(loss)}")


def _tell_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        where = problem.path + (f":{problem.line}" if problem.line else "")
        click.echo(f"  [{EFFECTS[Effect.LEFT_OUT]}] {where}: {say_problem(problem)}")


def _refuse(name: str, refused: Refused) -> click.ClickException:
    _tell_losses(refused.losses)
    _tell_problems(refused.problems)
    return click.ClickException(f"{name}: {say_refused(refused)}")


def _read(path: Path) -> Imported:
    """Raises Refused."""
    if path.is_dir():
        folder = disk.read(path)
        made = registry.read_files(folder.files, path.name)
        problems = (*folder.problems, *made.problems)
        return Imported(made.course, made.media, made.losses, problems, made.ours)
    # Its size first: what is too large is never taken into memory.
    with path.open("rb") as file:
        data = file.read(limits.MAX_FILE_BYTES + 1)
    return registry.read(path.name, data)


@click.command(
    name="import",
    help="다른 형식의 파일이나 과정 폴더를 새 과정 폴더로 가져옵니다. 아직 펴내지 않은 초안이 됩니다.",
)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--accept", is_flag=True, help="옮길 수 없는 것이 있어도 묻지 않고 가져옵니다.")
def import_command(file: Path, folder: Path, *, accept: bool) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.ClickException(f"{folder}: 이미 무엇이 있어요. 없는 폴더 이름을 적어 주세요.")
    try:
        made = _read(file)
    except Refused as refused:
        raise _refuse(file.name, refused) from refused
    course = made.course
    if not made.ours:
        if not (model.is_block_key(folder.name) and "~" not in folder.name):
            raise click.ClickException(
                f"{folder.name}: 폴더 이름은 과정의 이름이 돼요. 영문 소문자, 숫자, 붙임표로 적어 주세요."
            )
        course = course.model_copy(update={"key": folder.name})
    if made.losses or made.problems:
        click.echo(
            f"{file.name}: 그대로 옮길 수 없는 것이 {len(made.losses) + len(made.problems)}개 있어요."
        )
        _tell_problems(made.problems)
        _tell_losses(made.losses)
        if not accept:
            click.confirm("이대로 가져올까요?", abort=True)
    disk.write(folder, codec.encode(course, made.media))
    click.echo(f"{folder}: 차시 {len(course.lessons())}개를 초안으로 가져왔어요.")
    if not made.ours:
        click.echo("분야(track), 시간(hours), 분(minutes)은 짐작해서 적었어요. 맞게 고쳐 주세요.")
    click.echo(f"다음에 할 일: academy courses check {folder}")


@click.command(
    name="export",
    help="과정을 파일로 내보냅니다. 이름 끝에 따라 ZIP(.zip), GIFT(.gift), 엑셀(.xlsx)이 됩니다.",
)
@click.argument("course")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--accept", is_flag=True, help="옮길 수 없는 것이 있어도 묻지 않고 내보냅니다.")
@with_appcontext
def export_command(course: str, file: Path, *, accept: bool) -> None:
    if file.exists():
        raise click.ClickException(f"{file}: 이미 있는 파일이에요. 다른 이름을 적어 주세요.")
    found, media = _course(course)
    try:
        made = registry.write(found, media, file.name)
    except Refused as refused:
        raise _refuse(file.name, refused) from refused
    if made.losses:
        click.echo(f"{file.name}: 그대로 옮길 수 없는 것이 {len(made.losses)}개 있어요.")
        _tell_losses(made.losses)
        if not accept:
            click.confirm("이대로 내보낼까요?", abort=True)
    file.write_bytes(made.data)
    click.echo(f"{file}: 내보냈어요.")


def _course(name: str) -> tuple[model.Course, Mapping[str, bytes]]:
    """The course in a folder, or the published one with this key."""
    if Path(name).is_dir():
        folder = disk.read(Path(name))
        decoded = codec.decode(folder.files)
        if decoded.course is None or folder.problems or not decoded.whole:
            raise click.ClickException(
                f"{name}: 먼저 오류를 고쳐 주세요. `academy courses check {name}`"
            )
        return decoded.course, decoded.media
    revision = reading().scalar(
        select(Revision)
        .join(CourseRow, CourseRow.revision_id == Revision.id)
        .where(CourseRow.key == name)
    )
    if revision is None:
        raise click.ClickException(f"{name}: 그런 과정이나 폴더가 없어요.")
    found = codec.from_json(revision.text)
    store = MediaStore(current_app.config["ACADEMY"].media)
    paths = {file.path: store.path(file.sha256) for file in found.media}
    return found, {name: path.read_bytes() for name, path in paths.items() if path is not None}


@click.command(
    name="question-table",
    help="문제를 적어 넣을 표를 만듭니다. 이름 끝에 따라 엑셀(.xlsx)이나 CSV(.csv)가 됩니다.",
)
@click.argument("file", type=click.Path(path_type=Path))
def question_table_command(file: Path) -> None:
    if file.exists():
        raise click.ClickException(f"{file}: 이미 있는 파일이에요. 다른 이름을 적어 주세요.")
    try:
        data = registry.template(file.name)
    except Refused as refused:
        raise _refuse(file.name, refused) from refused
    file.write_bytes(data)
    click.echo(f"{file}: 보기와 함께 만들었어요. 보기를 지우고 문제를 적은 뒤 가져와 주세요.")


COMMANDS = (import_command, export_command, question_table_command)
"""Attached to `academy courses` by `academy.catalog.cli`."""

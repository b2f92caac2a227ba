"""Commands for people who write and publish courses."""

import csv
import json
from contextlib import suppress
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from academy.catalog import disk, facts, queries, service
from academy.catalog.formats_cli import COMMANDS
from academy.catalog.media import MediaStore
from academy.catalog.problem_words import say
from academy.catalog.search import lexicon
from academy.catalog.service import Checked, Outcome
from academy.document import codec
from academy.document.problems import Level
from academy.kernel.clock import SEOUL, utc_now
from academy.kernel.db import database, reading, unit_of_work

OUTCOMES = {
    Outcome.PUBLISHED: "펴냈습니다.",
    Outcome.UNCHANGED: "바뀐 것이 없습니다.",
    Outcome.RENDERED: "내용은 그대로이고, 화면을 새로 만들었습니다.",
}


@click.group(name="courses", help="과정을 살피고, 펴내고, 봅니다.", commands=COMMANDS)
def cli() -> None:
    """Commands about courses."""


def _folders(paths: tuple[Path, ...], courses: Path) -> list[Path]:
    if paths:
        return list(paths)
    if not courses.is_dir():
        raise click.ClickException(
            f"{courses}: 과정 폴더가 없습니다. ACADEMY_COURSES를 살펴봐 주세요."
        )
    return sorted(
        path for path in courses.iterdir() if path.is_dir() and not path.name.startswith(".")
    )


def _known_facts(courses: Path) -> dict[str, str] | None:
    try:
        return facts.load(courses)
    except (UnicodeDecodeError, KeyError, csv.Error) as error:
        message = (
            f"{courses / facts.FILE}: 읽을 수 없습니다. id와 mark 칸이 있는 UTF-8 CSV여야 합니다."
        )
        raise click.ClickException(message) from error


def _printable(text: str) -> str:
    """File names may hold line ends and commands to the terminal; those are shown, not obeyed."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _check(path: Path, courses: Path) -> Checked:
    keys = {folder.name for folder in _folders((), courses)} if courses.is_dir() else set()
    return service.check_folder(
        disk.read(path),
        name=path.resolve().name,
        today=utc_now().astimezone(SEOUL).date(),
        known_facts=_known_facts(courses),
        course_keys=keys | {path.name},
    )


def _show(path: Path, checked: Checked, *, as_json: bool) -> None:
    if as_json:
        found = [
            {
                "path": item.path,
                "line": item.line,
                "level": item.level.value,
                "code": item.code.value,
                "facts": dict(item.facts),
                "text": str(say(item)),
            }
            for item in checked.problems
        ]
        click.echo(json.dumps({"course": path.name, "problems": found}, ensure_ascii=False))
        return
    for item in checked.problems:
        where = _printable(f"{path.name}/{item.path}") + (f":{item.line}" if item.line else "")
        label = "오류" if item.level is Level.ERROR else "알림"
        click.echo(f"{where}: {label}: {_printable(str(say(item)))}")


@cli.command(
    name="check", help="과정 폴더를 살펴 고칠 곳을 모두 알려 줍니다. 오류가 있으면 1로 끝납니다."
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="한 과정을 한 줄의 JSON으로 적습니다.")
@with_appcontext
def check_command(paths: tuple[Path, ...], *, as_json: bool) -> None:
    courses = current_app.config["ACADEMY"].courses
    failed = 0
    for path in _folders(paths, courses):
        checked = _check(path, courses)
        _show(path, checked, as_json=as_json)
        failed += not checked.publishable
        if not as_json:
            count = sum(item.level is Level.ERROR for item in checked.problems)
            click.echo(f"{path.name}: 오류 {count}개, 알림 {len(checked.problems) - count}개")
    if failed:
        raise SystemExit(1)


@cli.command(
    name="publish", help="과정 폴더를 펴냅니다. 오류가 있는 과정은 하나도 펴내지 않습니다."
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@with_appcontext
def publish_command(paths: tuple[Path, ...]) -> None:
    settings = current_app.config["ACADEMY"]
    ready: list[tuple[Path, Checked]] = []
    failed = 0
    for path in _folders(paths, settings.courses):
        checked = _check(path, settings.courses)
        if checked.publishable:
            ready.append((path, checked))
        else:
            _show(path, checked, as_json=False)
            click.echo(f"{path.name}: 펴내지 않았습니다. 오류를 고친 뒤 다시 해 주세요.")
            failed += 1
    if failed:
        raise SystemExit(1)
    for path, checked in ready:
        try:
            with unit_of_work() as session:
                outcome = service.publish(
                    session,
                    checked,
                    origin="files",
                    store=MediaStore(settings.media),
                    lexicon=lexicon(),
                    by=None,
                    now=utc_now(),
                )
        except service.OwnedElsewhere:
            click.echo(
                f"{path.name}: 이 과정은 글쓰기 방에서 고치고 있어 파일로 덮어쓰지 않았습니다."
            )
            failed += 1
            continue
        click.echo(f"{path.name}: {OUTCOMES[outcome]}")
    if failed:
        raise SystemExit(1)


@cli.command(name="list", help="펴낸 과정과 판을 봅니다.")
@with_appcontext
def list_command() -> None:
    for state in queries.states(reading()):
        day = state.published_at.astimezone(SEOUL).date().isoformat() if state.published_at else "-"
        note = " (내림)" if state.retired else ""
        click.echo(
            f"{state.number:<5} {state.key:<34} {state.revision}판  {day}  {state.title}{note}"
        )


@cli.command(name="retire", help="과정을 목록에서 내립니다. 마친 기록은 그대로 남습니다.")
@click.argument("key")
@with_appcontext
def retire_command(key: str) -> None:
    with unit_of_work() as session:
        if not service.retire(session, key, now=utc_now()):
            raise click.ClickException(f"{key}: 그런 과정이 없습니다.")
    click.echo(f"{key}: 목록에서 내렸습니다.")


@cli.command(name="stamp", help="번역에 원문의 지문을 적어, 원문이 바뀌면 알 수 있게 합니다.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_appcontext
def stamp_command(paths: tuple[Path, ...]) -> None:
    # All are made before the first is written: a course with errors leaves every folder as it was.
    made = [(path, _stamped(path)) for path in paths]
    for path, files in made:
        for name, content in files.items():
            (path / name).write_bytes(content)
        click.echo(f"{path.name}: 번역 {len(files)}개에 지문을 적었습니다.")


def _stamped(path: Path) -> dict[str, bytes]:
    """The translations whose fingerprint changes, written anew, by the file in which each stands."""
    folder = disk.read(path)
    decoded = codec.decode(folder.files)
    course = decoded.course
    if course is None or folder.problems or not decoded.whole:
        raise click.ClickException(
            f"{path.name}: 먼저 오류를 고쳐 주세요. `academy courses check {path}`"
        )
    stamped = service.stamp(course)
    written = codec.encode(stamped, {})
    files: dict[str, bytes] = {}
    for i, unit in enumerate(stamped.units):
        for j, lesson in enumerate(unit.lessons):
            before = course.units[i].lessons[j].translations
            for language, text in lesson.translations.items():
                if text.translates != before[language].translates:
                    name = codec.lesson_path(
                        codec.unit_folder(i + 1, unit.key), j + 1, lesson.key, language
                    )
                    # Folders may be numbered with gaps; the file stays where it is.
                    loc = ("units", i, "lessons", j, "translations", language)
                    files[codec.place_of(course, decoded.places, loc).path] = written[name]
    return files


def publish_all(*, quiet: bool = False) -> None:
    """Publish every course folder that is ready; for `academy init`."""
    settings = current_app.config["ACADEMY"]
    for path in _folders((), settings.courses):
        checked = _check(path, settings.courses)
        if not checked.publishable:
            if not quiet:
                click.echo(
                    f"{path.name}: 오류가 있어 펴내지 않았습니다. `academy courses check {path}`"
                )
            continue
        # What the studio took over stays as it was written there.
        with suppress(service.OwnedElsewhere), database().writing() as session:
            service.publish(
                session,
                checked,
                origin="files",
                store=MediaStore(settings.media),
                lexicon=lexicon(),
                by=None,
                now=utc_now(),
            )

"""`academy`: the command line, in Korean."""

import errno
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from academy.kernel.clock import utc_now
from academy.kernel.db import database, make_engine, unit_of_work
from academy.kernel.josa import attach
from academy.web.app import create_app
from academy.web.demo import make_demo
from academy.web.settings import BadInstance, BadSetting, Settings, from_environment, risks

RISKS = {
    "no-public-url": "ACADEMY_PUBLIC_URL이 없습니다. 사람들이 여는 주소(https://…)를 적어 주세요.",
    "no-https": "{about}: https가 아닙니다. 비밀번호가 그대로 오갑니다.",
    "debug": "ACADEMY_DEBUG가 켜져 있습니다. 오류 화면에 내부가 보입니다.",
    "chatty-log": "ACADEMY_LOG_LEVEL이 DEBUG입니다. INFO나 WARNING으로 바꿔 주세요.",
    "open-host": "{about}: 앞에 선 서버(ACADEMY_TRUSTED_PROXIES) 없이 밖으로 열려 있습니다.",
    "short-secret": "ACADEMY_SECRET_KEY가 짧습니다. 32자 이상의 무작위 글자로 바꿔 주세요.",
    "database-without-tls": "데이터베이스 주소에 sslmode가 없습니다. sslmode=verify-full을 권합니다.",
    "open-file": "{about}: 다른 사용자가 읽을 수 있습니다. chmod go= 로 닫아 주세요.",
}


def _settings() -> Settings:
    try:
        return from_environment()
    except BadSetting as error:
        message = attach(
            f"{error.name}의 값 {error.value!r}[을/를] 쓸 수 없습니다. docs/operations.md를 보아 주세요."
        )
        raise click.ClickException(message) from error
    except BadInstance as error:
        if error.path.name == "secrets.json":
            message = f"{error.path}: 읽을 수 없습니다. 백업해 둔 것으로 되돌려 주세요. 지우면 잠가 둔 글을 다시 읽을 수 없습니다."
        else:
            message = f"{error.path}: 이 폴더를 쓸 수 없습니다. ACADEMY_INSTANCE에 쓸 수 있는 폴더를 적어 주세요."
        raise click.ClickException(message) from error


_MISSING = re.compile(r"no such (table|column)|(relation|column) .* does not exist")
NOT_READY = "데이터베이스가 아직 준비되지 않았습니다. 먼저 academy init을 해 주세요."


def _database_words(error: DBAPIError) -> str:
    """What whoever runs the machine should know. Only the first line of the driver: further ones may quote data."""
    reason = str(error.orig).partition("\n")[0]
    if _MISSING.search(reason):
        return NOT_READY
    return f"데이터베이스를 쓸 수 없습니다. ACADEMY_DATABASE_URL과 폴더의 권한을 살펴봐 주세요. ({reason})"


class Academy(FlaskGroup):
    """The commands; what the machine refuses is said in words instead of a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IntegrityError:
            raise  # a mistake of ours
        except DBAPIError as error:
            raise click.ClickException(_database_words(error)) from error
        except OSError as error:
            if error.filename is None:
                raise
            message = f"{error.filename}: 읽거나 쓸 수 없습니다. ({error.strerror})"
            raise click.ClickException(message) from error


@click.group(
    cls=Academy,
    create_app=lambda: create_app(_settings()),
    add_default_commands=False,
    add_version_option=False,
    set_debug_flag=False,
    load_dotenv=False,
    help="이음 배움터를 준비하고, 돌리고, 돌봅니다.",
)
def cli() -> None:
    """The academy's commands."""


# Flask's own options choose another application or its debugger: nothing for this command.
cli.params = [option for option in cli.params if option.name not in {"app", "debug", "env_file"}]


@cli.command(help="데이터베이스를 만들거나 새 판에 맞추고, courses/의 과정을 펴냅니다.")
@click.option("--without-courses", is_flag=True, help="과정은 펴내지 않습니다.")
@with_appcontext
def init(*, without_courses: bool) -> None:
    # Alembic and the checks of courses are loaded only where they are needed: `serve` has to start quickly.
    from academy.catalog.cli import publish_all  # noqa: PLC0415
    from academy.web import database as tables  # noqa: PLC0415

    settings: Settings = current_app.config["ACADEMY"]
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    tables.upgrade(database())
    for path in settings.instance.glob("academy.sqlite*"):
        path.chmod(0o600)
    if not without_courses:
        publish_all()
    click.echo("준비되었습니다.")


@cli.command(help="보여 주기용 계정을 만들고 로그인 방법을 알려 줍니다. 실제 운영에는 쓰지 마세요.")
@with_appcontext
def demo() -> None:
    for line in make_demo(database(), now=utc_now()):
        click.echo(line)


@cli.command(name="check-config", help="공개 서버로 쓰기에 안전하지 않은 설정을 모두 알려 줍니다.")
@with_appcontext
def check_config() -> None:
    found = risks(current_app.config["ACADEMY"])
    for risk in found:
        click.echo(RISKS[risk.code].format(about=risk.about))
    if found:
        raise SystemExit(1)
    click.echo("안전하지 않은 설정을 찾지 못했습니다.")


def _cannot_listen(settings: Settings) -> str:
    """Why the address cannot be had, in words; empty when it can. A server would only say so in its log."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    where = f"{settings.host}:{settings.port}"
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"{where}: 다른 프로그램이 쓰고 있습니다. PORT=8001 처럼 다른 번호로 해 주세요."
                )
            if error.errno == errno.EACCES:
                return f"{where}: 이 번호는 쓸 수 없습니다. PORT에 1024 이상의 번호를 적어 주세요."
            return f"{where}: 이 기기의 주소가 아닙니다. ACADEMY_HOST를 살펴봐 주세요."
    return ""


def _is_ready(settings: Settings) -> bool:
    """Whether `academy init` was done. The connection is closed again: the workers to come must not share one."""
    file = make_url(settings.database_url).database
    if settings.database_url.startswith("sqlite") and not Path(file or "").exists():
        return False  # looking would make the file
    engine = make_engine(settings.database_url)
    try:
        return inspect(engine).has_table("alembic_version")
    finally:
        engine.dispose()


@cli.command(help="웹 서버를 돌립니다.")
@click.option("--port", type=click.IntRange(1, 65535), help="포트. 적지 않으면 PORT 또는 8000.")
@click.option("--host", help="들을 주소. 적지 않으면 ACADEMY_HOST 또는 127.0.0.1.")
def serve(port: int | None, host: str | None) -> None:
    from academy.web.server import serve as run  # noqa: PLC0415  the server is loaded only where it runs

    settings = _settings()
    settings = replace(settings, port=port or settings.port, host=host or settings.host)
    problem = _cannot_listen(settings) or ("" if _is_ready(settings) else NOT_READY)
    if problem:
        raise click.ClickException(problem)
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"{address} 에서 열렸습니다. 멈추려면 Ctrl+C를 눌러 주세요.")
    run(settings)


@cli.command(help="밤마다 할 일과 밀린 일을 처리합니다.")
@click.option("--once", is_flag=True, help="밤마다 할 일을 지금 한 번 하고 끝냅니다.")
@with_appcontext
def worker(*, once: bool) -> None:
    from academy.web.worker import run_nightly, run_worker  # noqa: PLC0415  the consumer is loaded only where it runs

    if once:
        for room, count in run_nightly(database(), now=utc_now()).items():
            click.echo(f"{room}: {count}")
        return
    run_worker(current_app)


@cli.command(name="rotate-keys", help="잠가 둔 글을 맨 앞의 새 열쇠로 다시 잠급니다.")
@with_appcontext
def rotate_keys() -> None:
    from academy.web.database import rotate_keys as rotate  # noqa: PLC0415  it knows every table and Alembic

    with unit_of_work() as session:
        count = rotate(session)
    click.echo(f"{count}개를 새 열쇠로 다시 잠갔습니다.")


def main() -> None:
    cli(prog_name="academy")


if __name__ == "__main__":
    main()

"""Commands about people, for whoever runs the machine."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from academy.accounts import queries, rules, secrets, service
from academy.accounts.models import Account
from academy.accounts.rules import Role
from academy.kernel.clock import utc_now
from academy.kernel.db import reading, unit_of_work

_ROLE = click.Choice([role.value for role in Role])


@click.command(name="invite", help="초대 코드를 만들어 한 번 보여 줍니다.")
@click.option(
    "--role",
    "roles",
    type=_ROLE,
    multiple=True,
    default=("learner",),
    help="줄 역할. 여러 번 쓸 수 있습니다.",
)
@click.option(
    "--places",
    type=click.IntRange(1, service.INVITATION_PLACES_MAX),
    default=1,
    help="쓸 수 있는 사람 수.",
)
@click.option(
    "--days",
    type=click.IntRange(1, service.INVITATION_DAYS_MAX),
    default=14,
    help="쓸 수 있는 날수.",
)
@with_appcontext
def invite_command(roles: tuple[str, ...], places: int, days: int) -> None:
    with unit_of_work() as session:
        code = service.invite(
            session,
            roles=[Role(name) for name in roles],
            places=places,
            days=days,
            by=None,
            now=utc_now(),
        )
    click.echo(code)


@click.group(name="user", help="계정을 만들고 살핍니다.")
def user_cli() -> None:
    """Commands about accounts."""


@user_cli.command(name="add", help="별명과 비밀번호로 계정을 만듭니다.")
@click.argument("nickname")
@click.option(
    "--role",
    "roles",
    type=_ROLE,
    multiple=True,
    default=("learner",),
    help="줄 역할. 여러 번 쓸 수 있습니다.",
)
@click.password_option(help="비밀번호. 적지 않으면 물어봅니다.")
@with_appcontext
def add_command(nickname: str, roles: tuple[str, ...], password: str) -> None:
    if not rules.nickname_is_fine(nickname):
        raise click.ClickException("별명은 글자와 숫자로 2자에서 20자까지 쓸 수 있습니다.")
    if rules.weakness(password, nickname):
        raise click.ClickException(
            "비밀번호가 약합니다. 8자보다 길게, 흔하지 않은 것으로 지어 주세요."
        )
    if queries.is_taken(reading(), nickname):
        raise click.ClickException(f"{nickname}: 이미 있는 별명입니다.")
    hashed = secrets.hash_password(password)
    with unit_of_work() as session:
        service.add_account(
            session,
            nickname=nickname,
            password_hash=hashed,
            roles=[Role(name) for name in roles],
            language="ko",
        )
    click.echo(f"{nickname}: 계정을 만들었습니다.")


@user_cli.command(name="roles", help="역할을 봅니다. 역할을 적으면 그것으로 바꿉니다.")
@click.argument("nickname")
@click.argument("roles", nargs=-1, type=_ROLE)
@with_appcontext
def roles_command(nickname: str, roles: tuple[str, ...]) -> None:
    with unit_of_work() as session:
        account = session.scalar(
            select(Account).where(Account.nickname_key == rules.nickname_key(nickname))
        )
        if account is None:
            raise click.ClickException(f"{nickname}: 그런 별명이 없습니다.")
        if roles:
            account.roles = [role.value for role in Role if role.value in roles]
        click.echo(f"{nickname}: {', '.join(account.roles)}")


@user_cli.command(name="password", help="새 비밀번호를 정하고 모든 기기에서 로그아웃합니다.")
@click.argument("nickname")
@click.password_option(help="새 비밀번호. 적지 않으면 물어봅니다.")
@with_appcontext
def password_command(nickname: str, password: str) -> None:
    if rules.weakness(password, nickname):
        raise click.ClickException(
            "비밀번호가 약합니다. 8자보다 길게, 흔하지 않은 것으로 지어 주세요."
        )
    hashed = secrets.hash_password(password)
    with unit_of_work() as session:
        if not service.set_password(session, nickname, hashed):
            raise click.ClickException(f"{nickname}: 그런 별명이 없습니다.")
    click.echo(f"{nickname}: 비밀번호를 바꾸고 모든 기기에서 로그아웃했습니다.")

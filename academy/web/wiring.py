"""Each room's blueprint, commands and nightly work."""

from collections.abc import Callable
from datetime import datetime

import click
from flask import Blueprint
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from academy.accounts import jobs as accounts_jobs
from academy.accounts.routes import bp as accounts
from academy.catalog.routes import bp as catalog
from academy.learning.routes import bp as learning
from academy.privacy.routes import bp as privacy
from academy.progress.routes import bp as progress
from academy.staff.routes import bp as staff

BLUEPRINTS: tuple[Blueprint, ...] = (accounts, catalog, learning, progress, privacy, staff)


class Commands(AppGroup):
    """The rooms' commands. They are loaded when one is asked for: a web process has no use for what they need."""

    def _load(self) -> None:
        if not self.commands:
            from academy.accounts.cli import invite_command, user_cli  # noqa: PLC0415
            from academy.catalog.cli import cli as catalog_cli  # noqa: PLC0415

            for command in (catalog_cli, invite_command, user_cli):
                self.add_command(command)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._load()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)


NIGHTLY: dict[str, Callable[[Session, datetime], int]] = {
    "accounts": lambda session, now: accounts_jobs.nightly(session, now=now),
}
"""By room: what is tidied once a night; each tells how much."""

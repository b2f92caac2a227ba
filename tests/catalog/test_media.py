"""The media store and the route that sends its files."""

from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from academy.catalog.media import MediaStore
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.web.settings import Settings
from tests.builders.accounts import signed_in
from tests.builders.catalog import EVERY_KIND, published_folder
from tests.conftest import NOON


def test_the_same_bytes_are_one_file(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    name = store.put(b"bytes")
    assert store.put(b"bytes") == name == sha256(b"bytes").hexdigest()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [store.path(name)]


def test_what_was_never_put_is_not_found(tmp_path: Path) -> None:
    assert MediaStore(tmp_path).path("0" * 64) is None


def test_a_write_that_fails_leaves_no_half_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("academy.catalog.media.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        MediaStore(tmp_path).put(b"bytes")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_is_sent_with_its_type_and_kept_by_the_browser(
    client: FlaskClient, sqlite_database: Database, app_settings: Settings
) -> None:
    published_folder(sqlite_database, EVERY_KIND, folder=app_settings.media, now=NOON)
    signed_in(client, sqlite_database, now=utc_now())
    content = (EVERY_KIND / "media" / "phone.svg").read_bytes()
    name = sha256(content).hexdigest()

    with client.get(f"/media/{name}.svg") as answer:
        assert answer.data == content
        assert answer.content_type.startswith("image/svg+xml")
        assert "immutable" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    # As Werkzeug hands the file to the server, nobody but the response closes it.
    same = {"If-None-Match": f'"{name}"'}
    with client.get(f"/media/{name}.svg", headers=same, buffered=True) as known:
        assert known.status_code == 304
    piece = {"Range": "bytes=0-3"}
    with client.get(f"/media/{name}.svg", headers=piece, buffered=True) as part:
        assert (part.status_code, part.data) == (206, content[:4])


@pytest.mark.parametrize(
    "name", ["0" * 64, "x", "../secrets.json", "%2e%2e%2fsecrets.json", "é" * 64]
)
def test_no_other_file_is_ever_sent(
    client: FlaskClient, sqlite_database: Database, app_settings: Settings, name: str
) -> None:
    app_settings.media.mkdir(parents=True)
    (app_settings.instance / "secrets.json").write_text("{}")
    signed_in(client, sqlite_database, now=utc_now())
    assert client.get(f"/media/{name}.svg").status_code == 404

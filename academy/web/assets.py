"""Our own style sheets and scripts: read once, compressed once, named by their content, cached for ever.

What only helps the people who write them (comments, indentation) stays at home.
Every room keeps its files in `static/<room>/`; the URL is `/static/<room>/<file>?<hash>`.
"""

import gzip
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, current_app, request

from academy.accounts.api import Action, allow
from academy.kernel.errors import NotFound

bp = Blueprint("assets", __name__)

_LONGEST_NAME = 200

# A lesson asks once for both of its scripts: a request and its headers cost more than they say.
BUNDLES = {"learning/lesson.js": ("web/base.js", "learning/player.js")}

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class Asset:
    version: str
    content_type: str
    plain: bytes
    gzip: bytes
    brotli: bytes


def slim(text: str, suffix: str) -> str:
    """A style sheet without comments and spare spaces; a script without indentation and lines that are only a comment."""
    if suffix == ".css":
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        text = re.sub(r"\s+", " ", text)
        return re.sub(r" ?([{};,>]) ?", r"\1", text).replace(": ", ":").replace(";}", "}").strip()
    if suffix == ".js":
        return re.sub(r"^\s*(//.*)?\n|^\s+", "", text, flags=re.MULTILINE)
    return text


@cache
def load(paths: tuple[Path, ...], _changed: tuple[float, ...]) -> Asset:
    suffix = paths[0].suffix
    plain = "\n".join(slim(path.read_text("utf-8"), suffix) for path in paths).encode()
    return Asset(
        version=sha256(plain).hexdigest()[:10],
        content_type=_TYPES[suffix],
        plain=plain,
        gzip=gzip.compress(plain, 9),
        brotli=brotli.compress(plain, quality=11),
    )


_NAME = re.compile(r"[a-z]+(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)+")


# Bounded: names come from outside.
@lru_cache(maxsize=512)
def _find(name: str) -> Path | None:
    # A plain name: no dots that climb, nothing that a file system chokes on.
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        return None
    room, _, rest = name.partition("/")
    path = Path(__file__).resolve().parents[1] / room / "static" / room / rest
    return path if path.suffix in _TYPES and path.is_file() else None


def asset(name: str) -> Asset:
    """Raises:
    NotFound: there is no such file.
    """
    paths = tuple(path for part in BUNDLES.get(name, (name,)) if (path := _find(part)) is not None)
    if not paths:
        raise NotFound
    # While developing, a changed file is read again; on a server the first reading stays.
    changed = tuple(path.stat().st_mtime for path in paths) if current_app.debug else ()
    return load(paths, changed)


def asset_url(name: str) -> str:
    return f"/static/{name}?{asset(name).version}"


@bp.get("/static/<path:name>")
@allow(Action.READ_PUBLIC_PAGE)
def static_file(name: str) -> Response:
    found = asset(name)
    accepted = request.accept_encodings
    if accepted["br"]:
        response = Response(found.brotli, content_type=found.content_type)
        response.headers["Content-Encoding"] = "br"
    elif accepted["gzip"]:
        response = Response(found.gzip, content_type=found.content_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(found.plain, content_type=found.content_type)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = asset_url

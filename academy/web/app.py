"""The application: `create_app(settings)`."""

from typing import Any

from flask import Flask
from flask_compress import Compress
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from academy.accounts.api import check_every_route
from academy.kernel import log
from academy.kernel.crypto import keyring
from academy.kernel.db import Database, stop_reading
from academy.kernel.i18n import translators
from academy.web import assets, errors, locale, observe, routes, security, wiring
from academy.web.door import door
from academy.web.settings import Settings

# A long note is a few kilobytes; nothing a learner sends is larger.
MAX_REQUEST_BYTES = 256 * 1024

COMPRESSION: dict[str, Any] = {
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 5,
    # Pages are well below 2¹⁸ bytes; the usual window of 2²² takes megabytes in every thread.
    "COMPRESS_BR_WINDOW": 18,
    "COMPRESS_MIN_SIZE": 500,
}


class Academy(Flask):
    """The application; what goes wrong is told to our own log, which keeps no messages and no addresses."""

    def log_exception(self, exc_info: Any) -> None:
        log.log.error("unexpected error", exc_info=exc_info)


def create_app(settings: Settings, *, database: Database | None = None) -> Flask:
    """Wire the rooms together. `database` is given by tests; otherwise it is opened from the settings."""
    log.configure(level=settings.log_level)
    keyring.load(settings.encryption_keys, hash_key=settings.secret_key)
    app = Academy("academy", root_path=str(__file__).rpartition("/")[0], static_folder=None)
    app.config.update(
        ACADEMY=settings,
        DEBUG=settings.debug,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="notes",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        **COMPRESSION,
    )
    app.extensions["academy-db"] = database or Database(settings.database_url)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.wsgi_app = door(app.wsgi_app)  # type: ignore[method-assign, assignment]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    Compress(app)
    observe.install(app)
    security.install(app)
    locale.install(app)
    # After Babel, whose own `_` knows no 조사.
    app.jinja_env.globals.update(translators())
    errors.install(app)
    assets.install(app)
    routes.install(app)
    app.cli = wiring.Commands(app.name)
    for blueprint in wiring.BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.teardown_appcontext(lambda _error: stop_reading())
    check_every_route(app)
    return app

"""Wires Siteline together and serves it: `python app.py`, or gunicorn with `app:wsgi()`.

What takes long to import is imported where it is used: a wrong setting, a taken port or a store that cannot be read is
said at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask

    from web.settings import Settings

THREADS = 8
ASSETS = Path(__file__).resolve().parent / "assets"
NO_SUCH_RELEASE = (
    "The release that this link names is not held here; open the page without it to see the current one."
)


def create_app(settings: Settings) -> Dash:
    """The whole app on the store of `settings`.

    Raises
    ------
    StoreError
        If there is no store or it cannot be read; the message says what to do.
    """
    from data.memory import keep_little
    from data.store import Store, StoreError, UnknownRelease

    keep_little()
    store = Store(settings.store)
    store.current()  # before the imports that take longest

    import callbacks
    import web
    from pages import shell
    from web import boundaries, points, rasters, tiles
    from web.health import StoreCheck
    from web.lean import LeanDash

    app = LeanDash(
        "siteline",
        assets_folder=str(ASSETS),
        assets_ignore=r"^plotly-part\.min\.js$",  # assets/ahead.js loads it, beside all else
        title="Siteline",
        update_title="",
        serve_locally=True,
        compress=False,  # web.static compresses once, not at every request
        suppress_callback_exceptions=True,  # ids of pages that are not open are not in the layout
        enable_mcp=False,
        websocket_callbacks=False,
        add_log_handler=False,
    )
    app.index_string = shell.INDEX
    app.layout = shell.layout
    callbacks.register(app, store, local=settings.local)
    for served in (boundaries, tiles, points, rasters):
        served.install(app.server, store)
    check = StoreCheck(
        settings.store,
        current=lambda: store.current().digest,
        damaged=lambda digest: bool(store.verify(digest)),
        fault=StoreError,
    )
    refusals: dict[type[Exception], str] = {UnknownRelease: NO_SUCH_RELEASE}
    web.install(app, settings, check.reasons, refusals, pages=shell.PAGES.values())
    return app


def wsgi() -> Flask:
    """The WSGI application for gunicorn, set by the environment alone."""
    from data.store import StoreError
    from web.settings import Settings, SettingsError

    try:
        settings = Settings.read(())
        server: Flask = create_app(settings).server
    except (SettingsError, StoreError) as why:
        sys.exit(str(why))
    _warm(settings)
    return server


def _warm(settings: Settings) -> None:
    """Make the first pages beside the first readers: nobody waits until all are made."""
    import callbacks
    from data.store import Store

    Thread(target=callbacks.warm, args=[Store(settings.store)], daemon=True, name="warm").start()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until stopped, and return the exit code: 0 stopped, 1 cannot start, 2 bad setting."""
    from web.settings import Settings, SettingsError, port_problem

    try:
        settings = Settings.read(argv)
    except SettingsError as why:
        print(why, file=sys.stderr)
        return 2
    problem = port_problem(settings)
    if problem is not None:
        print(problem, file=sys.stderr)
        return 1
    if not (settings.store / "CURRENT").exists():
        from data.__main__ import main as data_command

        print(f"There is no store in {settings.store} yet: building it from the embedded data.", flush=True)
        failed = data_command(["demo", "--store", str(settings.store)])
        if failed:
            return failed
    return serve(settings)


def serve(settings: Settings) -> int:
    """Serve a store that is there until stopped, and return the exit code as `main` does."""
    import waitress

    from data.store import StoreError
    from web.guard import MAX_BODY
    from web.settings import listen_problem

    try:
        app = create_app(settings)
        server = waitress.create_server(
            app.server,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=False,  # nothing believes them; the ledger is not written through a proxy
            max_request_body_size=4 * MAX_BODY,  # waitress reads a whole body before the app can refuse it
        )
    except StoreError as why:
        print(why, file=sys.stderr)
        return 1
    except OSError as why:
        print(listen_problem(settings, why), file=sys.stderr)
        return 1
    _warm(settings)
    for line in settings.greeting:
        print(line, flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ModuleNotFoundError as missing:
        sys.exit(
            f"The Python package '{missing.name}' is missing: run 'make run', which installs it and starts Siteline, "
            "or 'make setup' and then '.venv/bin/python app.py'."
        )

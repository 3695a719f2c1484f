"""Serving: headers, compressed files, request checks and health; nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus

from dash import Dash
from flask import Flask, Response, request

from data.errors import Refused
from web import guard, headers, health, static
from web.guard import MAX_BODY
from web.settings import Settings

__all__ = ["MAX_BODY", "Refused", "install"]


def install(
    app: Dash,
    settings: Settings,
    ready: Callable[[], list[str]],
    refusals: Mapping[type[Exception], str] | None = None,
    pages: Collection[str] = (),
) -> None:
    """Give `app` its protective headers, compressed files, request checks and health addresses.

    Call it last: after the layout, all callbacks and all routes. It asks for the first page once, so
    that whatever is wrong shows at the start and not to the first reader.

    Parameters
    ----------
    app : Dash
        With its layout and callbacks.
    settings : Settings
        For the host names answered and the folder of compressed files.
    ready : callable
        One reader-safe sentence for each reason not to send readers here.
    refusals : mapping of exception type to sentence, optional
        Errors beside `Refused` that a request may cause and what the reader is told (status 400).
    pages : collection of str, optional
        The paths of all pages. The page that any other path gives says what exists, with status 404; without them
        every path is a page.
    """
    # Environment variables of Dash could switch its development tools on; here they cannot.
    app.enable_dev_tools(
        debug=False,
        dev_tools_ui=False,
        dev_tools_props_check=False,
        dev_tools_serve_dev_bundles=False,
        dev_tools_hot_reload=False,
        dev_tools_silence_routes_logging=False,
        dev_tools_disable_version_check=True,
        dev_tools_prune_errors=False,
        dev_tools_validate_callbacks=False,
    )
    server: Flask = app.server
    server.debug = False
    server.config["PROPAGATE_EXCEPTIONS"] = False
    server.config["TRUSTED_HOSTS"] = list(settings.answered) or None
    files = static.Static(app, settings.store / "static")
    protect = headers.Headers(app)
    check = guard.Guard(app)
    server.before_request(check.check)
    server.before_request(files.answer)
    guard.install(server, refusals or {})
    health.install(server, ready)

    other = f"{app.config.routes_pathname_prefix}<path:path>"  # Dash's rule for whatever has no other

    def finish(response: Response) -> Response:
        if (
            pages
            and request.url_rule is not None
            and request.url_rule.rule == other
            and request.path not in pages
        ):
            response.status_code = HTTPStatus.NOT_FOUND
        return protect.set(static.compress(static.tagged(files.keep(response))))

    server.after_request(finish)

    client = server.test_client()
    for path in ("", "_dash-layout", "_dash-dependencies"):
        answer = client.get(app.config.routes_pathname_prefix + path)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"The first page cannot be made: {path or '/'} answers {answer.status_code}.")

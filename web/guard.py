"""What a browser sends is checked before any callback runs; what cannot be used is refused in one sentence.

Dash checks nothing that a client sends: most mutated bodies end as error 500 in it. Here a body is
held against the callback's own declaration (its output, its inputs, the kind of value of a known
property, size and depth); a callback refuses values that it does not offer by raising `Refused`.
"""

from __future__ import annotations

import json
import logging
import math
import secrets
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, SecurityError

from data.errors import Refused

LOG = logging.getLogger("siteline.web")

MAX_BODY = 256 * 1024  # bytes of any request; selections are far smaller
MAX_DEPTH = 16  # levels of lists and objects
MAX_PARTS = 20_000  # numbers, texts, lists and objects in one body
MAX_TEXT = 64 * 1024  # characters in one text
MAX_WHOLE = 2**53  # beyond, JavaScript itself does not count exactly
MAX_KEYS = 10_000  # members of a pattern-matching list

Json = Any  # a decoded JSON value: nothing is known of it until it has been checked
Check = Callable[[Json], bool]


def _whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: Json) -> bool:
    return isinstance(value, str)


def _scalar(value: Json) -> bool:
    return isinstance(value, (str, int, float, bool))


def _choice(value: Json) -> bool:
    return _scalar(value) or (
        isinstance(value, list) and all(item is None or _scalar(item) for item in value)
    )


def _object(value: Json) -> bool:
    return isinstance(value, dict)


KINDS: Final[Mapping[str, tuple[Check, str]]] = {
    **dict.fromkeys(("n_clicks", "n_intervals", "n_submit", "n_blur"), (_whole, "a count")),
    **dict.fromkeys(("n_clicks_timestamp", "modified_timestamp"), (_scalar, "a time")),
    **dict.fromkeys(("pathname", "search", "hash", "href", "search_value", "searchValue"), (_text, "a text")),
    **dict.fromkeys(("checked", "opened", "disabled"), (lambda value: isinstance(value, bool), "yes or no")),
    "value": (_choice, "a value or a list of values"),
    **dict.fromkeys(
        ("clickData", "hoverData", "selectedData", "relayoutData", "restyleData", "clickAnnotationData"),
        (lambda value: isinstance(value, (dict, list)), "an object"),
    ),
    "figure": (_object, "an object"),
}


class Guard:
    """Checks callback requests against the callbacks that one app declares."""

    def __init__(self, app: Dash) -> None:
        self._app = app
        self._path = f"{app.config.routes_pathname_prefix}_dash-update-component"

    def check(self) -> None:
        """Pass, or raise `Refused` or an HTTP error, before the view runs."""
        if isinstance(request.routing_exception, SecurityError):
            raise SecurityError("This server does not answer to that host name.")
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            same_site()
        if request.path == self._path and request.method == "POST":
            if not request.is_json:
                raise Refused("The request is not JSON; reload the page.")
            self.body(decoded(request.get_data()))

    def body(self, body: Json) -> None:
        """Hold a decoded body against the callback that it names."""
        if not isinstance(body, dict):
            raise Refused("The request is not an object; reload the page.")
        output = body.get("output")
        declared = self._app.callback_map.get(output) if isinstance(output, str) else None
        if declared is None or "callback" not in declared:
            raise Refused("The request names a part of the page that is not there; reload the page.")
        _outputs(body.get("outputs"), declared)
        seen: set[str] = set()
        for field in ("inputs", "state"):
            sent = body.get(field)
            sent = [] if sent is None else sent
            wanted = declared[field]
            if not isinstance(sent, list) or len(sent) != len(wanted):
                raise Refused(
                    f"The request's {field} are not those of this part of the page; reload the page."
                )
            for entry, dependency in zip(sent, wanted, strict=True):
                seen.update(_entries(entry, dependency))
        changed = body.get("changedPropIds", [])
        if not isinstance(changed, list) or not all(isinstance(name, str) for name in changed):
            raise Refused("The request does not say what changed; reload the page.")
        if not seen.issuperset(changed):
            raise Refused("The request says that something changed that it does not hold; reload the page.")


def decoded(raw: bytes) -> Json:
    """The value of a JSON text within the bounds of this module; raises `Refused` for any other."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as why:
        raise Refused("The request is not valid JSON; reload the page.") from why
    bounded(value)
    return value


def bounded(value: Json) -> None:
    """Raise `Refused` unless `value` is small, shallow, and of finite numbers and writable text."""
    parts, level, depth = 0, [value], 0
    while level:
        parts += len(level)
        depth += 1
        if depth > MAX_DEPTH or parts > MAX_PARTS:
            raise Refused("The request is too large or too deeply nested; narrow the selection.")
        deeper: list[Json] = []
        for item in level:
            if isinstance(item, dict):
                for key in item:
                    _writable(key)
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
            else:
                _leaf(item)
        level = deeper


def same_site() -> None:
    """Raise `Refused` if another site's page makes this request.

    Browsers say so in ``Sec-Fetch-Site``, older ones in ``Origin``. A program that is no browser
    sends neither and holds nobody's session, so it passes.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if fetch_site is not None:
        allowed = fetch_site in {"same-origin", "none"}
    elif origin is not None:
        # The scheme is left out: behind a proxy with TLS the server itself sees plain HTTP.
        allowed = _host_of(origin) == _host_of(f"//{request.host}")
    else:
        allowed = True
    if not allowed:
        raise Refused("The request comes from a page of another site, so it is not answered.")


def install(server: Flask, refusals: Mapping[type[Exception], str]) -> None:
    """Answer errors in one sentence: a refusal as 400, a bug as 500 with a reference that is logged.

    Parameters
    ----------
    server : Flask
        The app's server.
    refusals : mapping of exception type to sentence
        Errors beside `Refused` that a request may cause, and what the reader is told.
    """
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    server.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY

    def refused(why: Refused) -> Response:
        return _problem(str(why), 400)

    server.register_error_handler(Refused, refused)

    def told(why: Exception) -> Response:
        return _problem(next(text for kind, text in refusals.items() if isinstance(why, kind)), 400)

    for kind in refusals:
        server.register_error_handler(kind, told)

    def no_file(_: DependencyException) -> Response:
        return _problem("There is no such file.", 404)

    server.register_error_handler(DependencyException, no_file)

    def http(why: HTTPException) -> Response:
        code = why.code or HTTPStatus.INTERNAL_SERVER_ERROR
        response = _problem(SENTENCES.get(code, "The request cannot be answered."), code)
        for name, value in why.get_response().headers.items():  # what the error prescribes: Allow, Location
            if name not in {"Content-Type", "Content-Length"}:
                response.headers[name] = value
        return response

    server.register_error_handler(HTTPException, http)

    def bug(why: Exception) -> Response:
        reference = secrets.token_hex(4)
        LOG.error("Reference %s: %s %s failed.", reference, request.method, request.path, exc_info=why)
        return _problem(
            f"Something went wrong here; the rest of the page still works. The log has it as {reference}.",
            500,
        )

    server.register_error_handler(Exception, bug)


SENTENCES: Final[Mapping[int, str]] = {
    400: "The request cannot be read; reload the page.",
    404: "There is no such page.",
    405: "This address does not take such a request.",
    413: f"The request is larger than {MAX_BODY // 1024} kB; narrow the selection.",
    415: "The request is not JSON; reload the page.",
}


def _problem(sentence: str, status: int) -> Response:
    return Response(
        json.dumps({"error": sentence}, ensure_ascii=False), status=status, mimetype="application/json"
    )


def _outputs(sent: Json, declared: Mapping[str, Any]) -> None:
    """Refuse unless the outputs sent are those declared; a pattern's members may vary."""
    if declared.get("no_output"):
        if sent not in (None, []):
            raise Refused("The request asks for an output that does not exist; reload the page.")
        return
    wanted = declared["output"]
    single = not isinstance(wanted, (list, tuple))
    entries = [sent] if single else sent
    wanted = [wanted] if single else wanted
    if not isinstance(entries, list) or len(entries) != len(wanted):
        raise Refused("The request's outputs are not those of this part of the page; reload the page.")
    for entry, output in zip(entries, wanted, strict=True):
        _entries(
            entry, {"id": output.component_id_str(), "property": output.component_property}, values=False
        )


def _entries(sent: Json, dependency: Mapping[str, Any], *, values: bool = True) -> Iterable[str]:
    """The names ``id.property`` of one declared dependency as sent; refuses what does not fit it."""
    identity = dependency["id"]
    pattern = json.loads(identity) if isinstance(identity, str) and identity.startswith("{") else None
    several = pattern is not None and any(kind in (["ALL"], ["ALLSMALLER"]) for kind in pattern.values())
    if several:
        if not isinstance(sent, list) or len(sent) > MAX_KEYS:
            raise Refused("The request's members of a list are not a list; reload the page.")
        members = sent
    else:
        members = [sent]
    names = []
    for member in members:
        if not isinstance(member, dict):
            raise Refused("The request holds an input that is not an object; reload the page.")
        member_id, member_property = member.get("id"), member.get("property")
        known = _matches(member_id, pattern) if pattern is not None else member_id == identity
        if not known or not isinstance(member_property, str):
            raise Refused("The request names an input that is not there; reload the page.")
        if member_property.partition("@")[0] != dependency["property"].partition("@")[0]:
            raise Refused(
                "The request names a property that this part of the page does not use; reload the page."
            )
        if values:
            _value(member.get("value"), member_property)
        names.append(f"{_name(member_id)}.{member_property}")
    return names


def _matches(sent: Json, pattern: Mapping[str, Json]) -> bool:
    return (
        isinstance(sent, dict)
        and sent.keys() == pattern.keys()
        and all(
            isinstance(sent[key], (str, int, float)) if isinstance(kind, list) else sent[key] == kind
            for key, kind in pattern.items()
        )
    )


def _name(identity: Json) -> str:
    if isinstance(identity, dict):  # as the browser writes it: sorted, without blanks
        return json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return str(identity)


def _value(value: Json, name: str) -> None:
    if value is None or name not in KINDS:
        return
    fits, expected = KINDS[name]
    if not fits(value):
        raise Refused(f"The request's '{name}' is not {expected}; reload the page.")


def _leaf(item: Json) -> None:
    if isinstance(item, str):
        _writable(item)
    elif isinstance(item, float) and not math.isfinite(item):
        raise Refused("The request holds a number without end; reload the page.")
    elif isinstance(item, int) and abs(item) > MAX_WHOLE:
        raise Refused("The request holds a number that is too large; reload the page.")


def _writable(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise Refused("The request holds a text that is too long; shorten it.")
    try:
        text.encode()
    except UnicodeEncodeError as why:  # half of a surrogate pair: no answer could repeat it
        raise Refused("The request holds a character that cannot be written; reload the page.") from why
    if "\0" in text:
        raise Refused("The request holds a character that cannot be written; reload the page.")


def _host_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return f"{parts.hostname}:{port}" if port not in (None, 80, 443) else parts.hostname


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")

"""The desk of the ledger: who may write, what the browser sent checked, and each step from a form to a release.

Only a reader on the machine that serves may write, and only where nobody else is meant to reach the pages.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import urlsplit

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from flask import Flask, Response, has_request_context, request

from callbacks.files import NOT_UNDERSTOOD, sent
from callbacks.router import open_context
from data import ledger_edit
from data.errors import Refused, Unknown
from data.ledger_edit import NamesFound, Review, StillUsed
from data.ledger_file import Entries, held, written
from data.ledger_remarks import LikelyName
from data.queries import catalogue
from data.selection import from_query
from data.store import Release, Store, StoreError, UnknownRelease
from pages import ledger as page
from pages.ids import DESK, ENTRY, Id
from pages.ledger_entry import (
    MOST_EFFECTS,
    csv_of,
    field_of,
    fields,
    names_token,
    same_in,
    sites_of,
    token_of,
    values_of,
)
from pages.ledger_fields import Desk, Step, Wrong, wrong_of
from pages.ledger_form import desk_of, opened_rows
from pages.ledger_preview import preview_of, published
from pages.still import still
from pages.view import Context, parse_view

FORM = "the form"
LONGEST = 4000  # characters of one field
LISTED = frozenset({"indicators", "names_ok"})  # fields whose value is a list
LOG = ("log_reason", "log_role", "names_ok")
ACTIONS = frozenset({"open", "close", "more", "check", "preview", "publish", "remove", "take_out", "keep"})
LOOPBACK = ("127.0.0.1", "localhost", "::1")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
NOT_HERE = (
    "The ledger is written only on the machine that serves these pages. Write it there, or use the command: "
    "python -m data events apply."
)
FORGED = "The form sent something that it does not offer; reload the page. Nothing was changed."
NO_LEDGER = "No ledger of that operation is held. Open Ledger and download it from there."


def may_write(*, local: bool) -> bool:
    """Whether the request comes from this machine to a server that only this machine is meant to reach.

    Parameters
    ----------
    local : bool
        What the settings say: the server listens on loopback and answers to its own names alone. A request that
        a proxy passed on comes from loopback too: where it says so, it is refused.
    """
    if not local or not has_request_context() or any(name in request.headers for name in FORWARDED):
        return False
    if any(name.lower().startswith("x-forwarded-") for name, _ in request.headers):
        return False
    # A browser sends the origin with every press; what comes without one may have been passed on by a proxy.
    if urlsplit(request.headers.get("Origin", "")).hostname not in LOOPBACK:
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def register(app: Dash, store: Store, *, local: bool) -> None:
    """Add the desk's callback and the ledger's files to `app`."""

    @app.callback(
        Output(Id.LEDGER_DESK, "children"),
        Output(Id.LEDGER_LIST, "children"),
        Output(Id.RELEASE, "children"),
        Input({"type": DESK, "index": ALL}, "n_clicks"),
        State({"type": ENTRY, "index": ALL}, "value"),
        State(Id.LEDGER_STATE, "data"),
        State(Id.VIEW, "data"),
        prevent_initial_call=True,
    )
    def work(_clicks: Any, _values: Any, state: Any, view: Any) -> tuple[Any, ...]:
        pressed = [t for t in ctx.triggered if t["value"]]  # a button that was only drawn was not pressed
        action = ctx.triggered_id.get("index") if pressed and ctx.triggered_id else None
        if action is None:
            return no_update, no_update, no_update
        if not may_write(local=local):
            raise Refused(NOT_HERE)
        given = {entry["id"]["index"]: entry.get("value") for entry in ctx.states_list[0]}
        return tuple(map(still, answer(store, action, given, state, view)))

    files(app.server, store)


# What the browser sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A press with the fields and the state of the form, checked."""

    action: str
    step: Step
    what: Entries
    key: str
    base: str
    rows: int
    token: str
    values: Mapping[str, str]


def refuse() -> NoReturn:
    """Refuse what no form offers."""
    raise Refused(FORGED)


def sent_of(action: object, given: Mapping[object, object], state: object) -> Sent:
    """What was sent, within what a form offers.

    Raises
    ------
    Refused
        If there is an action, a field, a state or a kind of value that no form has.
    """
    if action not in ACTIONS or not isinstance(state, dict):
        refuse()
    texts = {name: state.get(name) for name in ("step", "what", "key", "base", "token")}
    rows = state.get("rows")
    if any(not isinstance(text, str) or len(text) > 200 for text in texts.values()):
        refuse()
    if not isinstance(rows, int) or isinstance(rows, bool) or not 0 < rows <= MOST_EFFECTS:
        refuse()
    said = {name: str(text) for name, text in texts.items()}
    if said["what"] not in set(Entries) or said["step"] not in set(Step):
        refuse()
    what = Entries(said["what"])
    known = {*fields(what, rows), *LOG, "choice"}
    if not set(given) <= known:
        refuse()
    return Sent(
        action=str(action), step=Step(said["step"]), what=what, key=said["key"], base=said["base"], rows=rows,
        token=said["token"], values={str(name): _text(str(name), value) for name, value in given.items()},
    )  # fmt: skip


def _text(name: str, value: object) -> str:
    """The value of a field as one line of text."""
    if value is None:
        return ""
    if name in LISTED:
        if not isinstance(value, list) or len(value) > 200 or not all(isinstance(v, str) for v in value):
            refuse()
        return ";".join(value)
    if not isinstance(value, str):
        refuse()
    return value.strip() if name == "sites" else re.sub(r"\r\n?|\n", " ", value).strip()


# The steps

Told = tuple[Any, Any, Any]  # the desk, the list, the line of the release


def answer(store: Store, action: object, given: Mapping[object, object], state: object, view: object) -> Told:
    """What the desk, the list and the foot show after a press.

    Raises
    ------
    Refused
        If something was sent that no form offers, or the view has no operation to write about.
    """
    was = sent_of(action, given, state)
    context, problem = open_context(parse_view(view), store)
    chosen = context.view.selection
    if problem is not None or chosen.release or chosen.operation not in context.held.operations:
        refuse()
    d = Desk(
        words=context.words, release=context.release, held=context.held, operation=chosen.operation, step=was.step,
        what=was.what, key=was.key, base=was.base, values=was.values, rows=was.rows, said=secrets.token_hex(4),
    )  # fmt: skip
    moved = _moved(d, was)
    if moved is not None:
        return _shown(moved)
    return _taken_out(context, store, d) if was.action == "take_out" else _reviewed(context, store, d, was)


def _moved(d: Desk, was: Sent) -> Desk | None:
    """The desk after a press that only opens, closes or lays out; None where something is to be held or written."""
    w = d.words
    if was.action == "close":
        return _closed(d)
    if was.action in ("open", "keep"):
        return opened(d, was.values.get("choice", "") if was.action == "open" else f"{d.what}:{d.key}")
    if d.step is Step.CLOSED or (d.key and not _own(d)):
        return _closed(d, w("ledgerform.gone"))
    if was.action == "more":
        return replace(d, step=Step.OPEN, rows=min(MOST_EFFECTS, d.rows + 1), said="")
    if was.action == "remove":
        return replace(d, step=Step.REMOVING, message=w("ledgerform.remove_asked"), good=False)
    return None


def _shown(d: Desk) -> Told:
    return desk_of(d), no_update, no_update


def _closed(d: Desk, message: str = "") -> Desk:
    return replace(
        d, step=Step.CLOSED, what=Entries.EVENTS, key="", values={}, rows=1, message=message, good=not message
    )  # fmt: skip


def _own(d: Desk) -> bool:
    """Whether the entry that is corrected is held, and of this operation."""
    cells = held(d.release, d.what).get(d.key)
    return cells is not None and cells["operation"] == d.operation


def opened(d: Desk, choice: str) -> Desk:
    """The form of the entry that was chosen: "events:" a new event, "caveats:key" a caveat that is held."""
    kind, _, key = choice.partition(":")
    if kind not in set(Entries):
        refuse()
    here = replace(d, step=Step.OPEN, what=Entries(kind), key=key, base=d.release.digest, values={}, rows=1)
    if not key:
        return replace(here, message=d.words("ledgerform.opened_new"))
    if not _own(here):
        return _closed(d, d.words("ledgerform.gone"))
    values = values_of(d.release, here.what, key)
    return replace(
        here, values=values, rows=opened_rows(values), message=d.words("ledgerform.opened", key=key)
    )


def _reviewed(context: Context, store: Store, d: Desk, was: Sent) -> Told:
    """Check, preview or publish: each begins with the whole review."""
    w = d.words
    values = {**d.values, "key": d.key or d.values.get("key", "")}
    raw, origin = csv_of(values, d.what, d.operation, sites_of(d.release, d.operation))
    found = ledger_edit.review(d.release, raw, d.what, file=FORM)
    wrong = [wrong_of(bad, field_of(bad.column, bad.row, values, origin), w) for bad in found.bad]
    wrong += _of_the_form(store, d, values, found)
    token = token_of(raw, d.release)
    names = [replace(n, column=field_of(n.column, n.row, values, origin)) for n in found.names]
    if _looked_at(d, found.names):
        names = []
    elif names:  # with those of the log, so that one tick answers for all
        names += ledger_edit.names_beside(d.values.get("log_reason", ""), d.values.get("log_role", ""))
    d = replace(d, review=found, wrong=wrong, names=names, step=Step.CHECKED)
    if wrong or names:
        return _shown(d)
    if was.action == "check":
        return _shown(replace(d, message=w("ledgerform.nothing_wrong")))
    if was.action == "publish" and found.same and not d.key:  # pressed twice: the first press has made it
        return _shown(_closed(d, w("ledgerform.already")))
    seen = replace(d, step=Step.PREVIEWED, token=token, preview=preview_of(context, found, values["key"]))
    if was.action == "preview":
        return _shown(replace(seen, message=w("ledgerform.previewed")))
    if not secrets.compare_digest(token.encode(), was.token.encode()):
        return _shown(replace(seen, message=w("ledgerform.look_again"), good=False))
    return _publish(context, store, seen, found)


def _looked_at(d: Desk, names: Sequence[LikelyName]) -> bool:
    """Whether somebody said of exactly these likely names, and of those in the log, that none is a person."""
    beside = ledger_edit.names_beside(d.values.get("log_reason", ""), d.values.get("log_role", ""))
    every = names_token(n.found for n in (*names, *beside))
    return bool(names or beside) and d.values.get("names_ok", "") == every


def _of_the_form(store: Store, d: Desk, values: Mapping[str, str], found: Review) -> list[Wrong]:
    """What only a form can get wrong: a new entry over a held one, one that changed meanwhile, too long a text."""
    w, wrong = d.words, []
    if not d.key and values["key"] in held(d.release, d.what) and not found.same:
        wrong.append(Wrong(field="key", said=w("ledgerform.w_taken", found=values["key"])))
    wrong += [
        Wrong(field=name, said=w("ledgerform.w_long", most=LONGEST))
        for name, text in values.items()
        if len(text) > LONGEST
    ]
    if d.key and not _unchanged(store, d):
        wrong.append(Wrong(field="", said=w("ledgerform.w_stale")))
    return wrong


def _unchanged(store: Store, d: Desk) -> bool:
    """Whether the entry is as it was when the form was filled."""
    try:
        return same_in(store.release(d.base), d.release, d.what, d.key)
    except UnknownRelease:
        return False


def _publish(context: Context, store: Store, d: Desk, found: Review) -> Told:
    """Make the release, or say why there is none."""
    w = d.words
    if not d.values.get("log_reason"):
        return _shown(replace(d, wrong=[Wrong(field="log_reason", said=w("ledgerform.w_empty"))]))
    if not found.tables:
        return _shown(replace(d, message=w("ledgerpreview.nothing"), good=False))
    make = partial(
        ledger_edit.apply, store, found, reason=d.values["log_reason"], author=d.values.get("log_role") or "siteline",
        names_are_institutions=_looked_at(d, found.names),
    )  # fmt: skip
    return _written(context, store, d, make, w("ledgerform.published"))


def _taken_out(context: Context, store: Store, d: Desk) -> Told:
    """Remove the entry, or say why it stays."""
    w = d.words
    if d.step is not Step.REMOVING or not d.key:
        refuse()
    if not d.values.get("log_reason"):
        return _shown(replace(d, wrong=[Wrong(field="log_reason", said=w("ledgerform.w_empty"))]))
    if not _unchanged(store, d):
        return _shown(replace(d, wrong=[Wrong(field="", said=w("ledgerform.w_stale"))]))
    make = partial(
        ledger_edit.remove, store, d.key, d.what, reason=d.values["log_reason"],
        author=d.values.get("log_role") or "siteline", names_are_institutions=_looked_at(d, ()), base=d.release,
    )  # fmt: skip
    return _written(context, store, d, make, w("ledgerform.removed", key=d.key))


def _written(context: Context, store: Store, d: Desk, make: partial[Release], done: str) -> Told:
    try:
        release = make()
    except NamesFound as found:
        return _shown(replace(d, names=found.names))
    except (StoreError, StillUsed) as why:
        english = d.words.language != "en"
        said = [Wrong(field="", said=str(why), english=english)]
        return _shown(replace(d, wrong=said, message=d.words("ledgerform.not_written"), good=False))
    now, _ = open_context(context.view, store)
    now = replace(now, writes=True)
    after: Sequence[Component] = published(now, release.digest)
    news = replace(
        _closed(d), release=now.release, held=now.held, message=done, good=True, after=after, wrong=(), names=(),
        review=None, preview=(), token="", base="",
    )  # fmt: skip
    return desk_of(news), page.listing(now), now.words("shell.release", release=now.release.digest[:12])


# The files


def files(server: Flask, store: Store) -> None:
    """Answer ``/files/ledger-<operation>.csv`` and the same for caveats; without an operation, of all."""
    for what, name in ((Entries.EVENTS, "ledger"), (Entries.CAVEATS, "caveats")):
        respond = partial(ledger_csv, store, what, name)
        server.add_url_rule(f"/files/{name}.csv", f"all_{name}_csv", respond)
        server.add_url_rule(f"/files/{name}-<operation>.csv", f"{name}_csv", respond)


def ledger_csv(store: Store, what: Entries, name: str, operation: str = "") -> Response:
    """The entries of an address as a file that the commands read back, or in one sentence why there is none."""
    selection = from_query(request.query_string.decode("ascii", "replace"))
    if selection.ignored:
        return Response(NOT_UNDERSTOOD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    try:
        release = store.release(selection.release) if selection.release else store.current()
        if operation:
            catalogue(release).operation(operation)
    except (Unknown, UnknownRelease):
        return Response(NO_LEDGER, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    stem = f"siteline-{name}{f'-{operation}' if operation else ''}"
    return sent(written(release, what, operation), stem, None, release)

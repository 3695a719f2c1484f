"""Downloads: the figure of an address as a file, made from the same chart that its page shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from flask import Flask, Response, request

from callbacks.router import open_context
from data import queries, vintages
from data.errors import Unknown
from data.queries import Indicator
from data.selection import Selection, from_query
from data.split import NoChange
from data.split_areas import rest_by_area
from data.store import Release, Store, UnknownRelease
from exports.change_csv import change_text
from exports.csv_file import csv_text
from exports.since_file import since_text
from pages import change
from pages.asked import Refusal, asked, key_of
from pages.map_file import map_file
from pages.map_record import prepare
from pages.trends import basis_of, chart_of
from pages.view import View
from words import DEFAULT, LANGUAGES, Words, words

NOT_UNDERSTOOD = (
    "A part of this address is not understood, so no file is given. Open Trends and download it from there."
)
NOT_UNDERSTOOD_MAP = (
    "A part of this address is not understood, so no file is given. Open Map and download it from there."
)
NO_MAP = "No such map is held. Open Map, choose an operation and a date, and download it from there."
NO_CHANGE = "No such change is held. Open Change and download it from there."
NOT_HELD = "No such figure is held. Open Trends and download it from there."


Writer = Callable[[Release, Indicator, Words, Selection], str]


def register(server: Flask, store: Store) -> None:
    """Answer ``/files/<indicator>.csv`` and ``/files/<indicator>-since.csv`` from `store`.

    The release, the language and the day as of which the figure is known are in the query.
    """

    @server.get("/files/<indicator>.csv")
    def figure_csv(indicator: str) -> Response:
        return answer(store, indicator, "", _figure)

    @server.get("/files/<indicator>-since.csv")
    def since_csv(indicator: str) -> Response:
        return answer(store, indicator, "-since", _since)

    @server.get("/files/map.csv")
    def map_csv() -> Response:
        return map_answer(store)

    @server.get("/files/change.csv")
    def change_csv() -> Response:
        return change_answer(store)


def map_answer(store: Store) -> Response:
    """The table of the map of an address as a file, or in one sentence why there is none."""
    selection = from_query(request.query_string.decode("ascii", "replace"))
    if selection.ignored:
        return Response(NOT_UNDERSTOOD_MAP, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    language = selection.language if selection.language in LANGUAGES else DEFAULT
    view = View(
        path="/map", selection=selection, language=language, scheme="light", narrow=False,
        origin=request.host_url.rstrip("/"),
    )  # fmt: skip
    try:
        context, problem = open_context(view, store)
        if problem is not None:
            raise problem
        page = prepare(context)
        text = map_file(page)
    except (Unknown, UnknownRelease):
        return Response(NO_MAP, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    return sent(text, f"siteline-map-{selection.operation}-{page.on}", selection.known, context.release)


def change_answer(store: Store) -> Response:
    """The change of an address as a file, or in one sentence why there is none."""
    selection = from_query(request.query_string.decode("ascii", "replace"))
    if selection.ignored:
        return Response(NOT_UNDERSTOOD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    w = words(selection.language if selection.language in LANGUAGES else DEFAULT)
    try:
        release = store.release(selection.release) if selection.release else store.current()
        wanted = asked(release, queries.catalogue(release), selection, w)
        if wanted is None:
            return Response(NO_CHANGE, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        chart = change.chart_of(release, wanted, w)
        text = change_text(chart, rest_by_area(release, chart.change))
    except (Unknown, UnknownRelease, Refusal, NoChange):
        return Response(NO_CHANGE, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    between = f"{wanted.indicator.key}-{key_of(wanted.first)}-{key_of(wanted.second)}"
    return sent(text, f"siteline-change-{between}", selection.known, release)


def answer(store: Store, indicator: str, what: str, write: Writer) -> Response:
    """The file of an address, or in one sentence why there is none."""
    selection = from_query(request.query_string.decode("ascii", "replace"))
    if selection.ignored or (write is _since and selection.known is None):
        return Response(NOT_UNDERSTOOD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    language = selection.language if selection.language in LANGUAGES else DEFAULT
    try:
        release = store.release(selection.release) if selection.release else store.current()
        held = queries.catalogue(release)
        if indicator not in held.indicators:
            return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        text = write(release, held.indicators[indicator], words(language), selection)
    except (Unknown, UnknownRelease):
        return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    basis = f"-{selection.basis}" if selection.basis else ""
    return sent(text, f"siteline-{indicator}{basis}{what}", selection.known, release)


def sent(text: str, name: str, known: date | None, release: Release) -> Response:
    """A text as a file whose name says the day as of which it is known, and the release."""
    file = Response("\ufeff" + text, mimetype="text/csv")  # the mark tells spreadsheets that it is UTF-8
    name = f"{name}{f'-known-{known}' if known else ''}-{release.digest[:8]}.csv"
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    file.headers["Cache-Control"] = "no-cache"
    return file


def _figure(release: Release, indicator: Indicator, w: Words, asked_for: Selection) -> str:
    return csv_text(chart_of(release, indicator, w, basis=basis_of(asked_for.basis), known=asked_for.known))


def _since(release: Release, indicator: Indicator, w: Words, asked_for: Selection) -> str:
    known = asked_for.known
    if known is None:
        raise ValueError("what became of a figure is asked from a day on")
    became = vintages.difference(release, indicator.key, known)
    return since_text(chart_of(release, indicator, w, known=known), became)

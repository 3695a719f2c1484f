"""What is said of one of very many areas: the lines of its hover box, asked for when the pointer stands on it."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus

from flask import Flask, Response, request

from data.area_figures import areas_of
from data.errors import Unknown
from data.moments import shown_on
from data.selection import from_query
from data.store import Release, Store, UnknownRelease
from layers.area_rows import cells
from words import DEFAULT, LANGUAGES, words

NO_AREA = "No such area is held. The map asks with the address of its own page and the row of an area."


def register(server: Flask, store: Store) -> None:
    """Answer ``/areas/<release>/<operation>/area?row=…`` from `store`: a list of lines, for the query of a page."""

    @server.get("/areas/<digest>/<operation>/area", endpoint="area_texts")
    def area(digest: str, operation: str) -> Response:
        try:
            said = lines(store.whole(digest), operation, request.query_string.decode("utf-8", "replace"))
        except (LookupError, UnknownRelease, Unknown, ValueError):
            return Response(NO_AREA, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        answer = Response(json.dumps(said, ensure_ascii=False), mimetype="application/json")
        answer.headers["Cache-Control"] = "no-cache"  # words may be corrected while the release stays
        return answer


def lines(release: Release, operation: str, query: str) -> list[str]:
    """What the table says of the area in a row, in the order of the codes; empty cells are left out.

    Raises
    ------
    LookupError, ValueError
        If there is no such row, or the address is in no valid form.
    Unknown
        If the operation or the round is not held.
    """
    view = replace(from_query(query), operation=operation)
    row = request_row(query)
    on = shown_on(release, view)
    if view.wrong or on is None:
        raise LookupError(query[:80])
    snapshot = areas_of(release, operation, on, view.map, view.known)
    if not 0 <= row < len(snapshot.table):
        raise LookupError(str(row))
    found = snapshot.table.drop(columns="geometry").iloc[row].to_dict()
    language = view.language if view.language in LANGUAGES else DEFAULT
    said = cells(
        {str(name): cell for name, cell in found.items()}, snapshot, view.map.measure, words(language)
    )
    return [line for line in said.values() if line]


def request_row(query: str) -> int:
    """The row that a query names.

    Raises
    ------
    ValueError
        If it names none.
    """
    found = [part.partition("=")[2] for part in query.split("&") if part.startswith("row=")]
    if len(found) != 1 or not (found[0].isascii() and found[0].isdecimal() and len(found[0]) < 8):
        raise ValueError("no row")
    return int(found[0])

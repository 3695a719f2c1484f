"""Many areas as vector tiles, and how each is drawn at one date in a byte an area.

The shapes of a release are cut once and kept by browsers for a year; a change of round then asks for as many bytes
as there are areas.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from threading import Lock

import numpy as np
from flask import Flask, Response, request

from data import area_shapes
from data.area_figures import areas_of
from data.area_marks import marks_of
from data.errors import Unknown
from data.queries import catalogue
from data.selection import Selection, from_query
from data.store import Release, Store, UnknownRelease
from web.boundaries import sheet_of, whole
from web.static import YEAR, packed, unpacked

KEPT = 4096  # tiles in memory, of a few kB each
TILE = "application/vnd.mapbox-vector-tile"
BYTES = "application/octet-stream"
NO_TILE = (
    "No such tile is held. The map asks for areas by country, level and version, and for zooms from 0 to 10."
)
NO_AREAS = "No areas are held for this address. The map asks with the address of its own page."


def install(server: Flask, store: Store) -> None:
    """Answer ``/tiles/<release>/<areas>/<z>/<x>/<y>.mvt`` and ``/areas/<release>/<operation>/at.bin`` from `store`.

    Call it before `web.install`. What is not held, or asked for in another form, answers 404 with a sentence.
    """
    tiles: OrderedDict[tuple[str, str, int, int, int], bytes] = OrderedDict()
    lock = Lock()

    @server.get("/tiles/<digest>/<name>/<int:z>/<int:x>/<int:y>.mvt")
    def tile(digest: str, name: str, z: int, x: int, y: int) -> Response:
        key = (digest, name, z, x, y)
        with lock:
            body = tiles.get(key)
        if body is None:
            try:
                made = area_shapes.tile(whole(store, digest), _sheet(name), z, x, y)
            except (LookupError, UnknownRelease):
                return Response(NO_TILE, HTTPStatus.NOT_FOUND, mimetype="text/plain")
            body = packed(made, "gzip", best=False)
            with lock:
                tiles[key] = body
                while len(tiles) > KEPT:
                    tiles.popitem(last=False)
        return _answer(body, TILE)

    @server.get("/areas/<digest>/<operation>/at.bin", endpoint="areas_at")
    def at(digest: str, operation: str) -> Response:
        try:
            body = at_bytes(whole(store, digest), operation, request.query_string.decode("utf-8", "replace"))
        except (LookupError, UnknownRelease, Unknown, ValueError):
            return Response(NO_AREAS, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        return _answer(packed(body, "gzip", best=False), BYTES)


def at_bytes(release: Release, operation: str, query: str) -> bytes:
    """How the areas of an operation are drawn in a view: uint32 n, then a code of `data.area_marks` each, by code.

    Parameters
    ----------
    release : Release
        Where the figures are taken from.
    operation : str
        Key of the operation.
    query : str
        Of the page: its round or day, as known on which day, level, measure, classes, limits and since;
        with `vs` the classes are those of both dates.

    Raises
    ------
    LookupError
        If a part that a page knows has no valid form (an unknown one is left aside, as on the page), or the operation
        has no date or no such areas.
    Unknown
        If the operation or the round is not held.
    """
    view = from_query(query)
    if view.wrong or (view.operation and view.operation != operation):
        raise LookupError(query[:80])
    snapshot = areas_of(release, operation, day_of(release, operation, view), view.map, view.known)
    if snapshot.table.empty:
        raise LookupError(operation)
    other = at_vs(view)
    beside = None if other is None else areas_of(
        release, operation, day_of(release, operation, other), view.map, view.known
    )  # fmt: skip
    codes = marks_of(snapshot, view.map, beside).codes  # two maps share their classes
    return struct.pack("<I", len(codes)) + codes.astype(np.uint8).tobytes()


def at_vs(view: Selection) -> Selection | None:
    """The view at the date of the second map; None where there is one map."""
    vs = view.map.vs
    if not vs:
        return None
    if vs.isdecimal():
        return replace(view, round=int(vs), on=None)
    return replace(view, round=None, on=date.fromisoformat(vs))


def day_of(release: Release, operation: str, view: Selection) -> date:
    """The day that a view shows: of its round, its own, or of the newest round.

    Raises
    ------
    LookupError
        If the operation has no rounds and the view names no day.
    """
    held = catalogue(release)
    held.operation(operation)
    if view.round is not None:
        return held.round(operation, view.round).period.last
    if view.on is not None:
        return view.on
    rounds = held.rounds.get(operation, ())
    if not rounds:
        raise LookupError(operation)
    return rounds[-1].period.last


def _sheet(name: str) -> area_shapes.Sheet:
    sheet = sheet_of(name)
    if sheet is None:
        raise LookupError(name)
    return sheet


def _answer(body: bytes, mimetype: str) -> Response:
    """A body that is kept compressed; a browser that takes none is given it plain."""
    takes = request.accept_encodings["gzip"] > 0
    answer = Response(body if takes else unpacked(body, "gzip"), mimetype=mimetype)
    if takes:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Cache-Control"] = YEAR
    answer.headers["Vary"] = "Accept-Encoding"
    return answer

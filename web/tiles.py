"""Many areas as vector tiles, and how each is drawn at one date in a byte an area.

The shapes of a release are cut when it is published (`data.tile_store`), or where they are not kept when they are asked
for, and kept by browsers for a year; a change of round then asks for as many bytes as there are areas.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import date
from http import HTTPStatus

import numpy as np
import pandas as pd
from flask import Flask, Response, request

from data import area_shapes, tile_store
from data.area_figures import drawn_of
from data.area_marks import marks
from data.errors import Unknown
from data.queries import catalogue
from data.selection import Selection, from_query
from data.store import Release, Store, UnknownRelease
from data.tile_files import Key
from web.boundaries import Drawings, sheet_of
from web.static import YEAR, packed, unpacked

KEPT_BYTES = 16 * 1024 * 1024  # of tiles in memory that are not kept in the store
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
    made = Drawings(most=KEPT_BYTES)

    @server.get("/tiles/<digest>/<name>/<int:z>/<int:x>/<int:y>.mvt")
    def tile(digest: str, name: str, z: int, x: int, y: int) -> Response:
        try:
            release, sheet = store.whole(digest), _sheet(name)
            body = tile_store.kept(release, sheet, (z, x, y)) or _made(made, release, sheet, (z, x, y))
        except (LookupError, UnknownRelease):
            return Response(NO_TILE, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        return _answer(body, TILE)

    @server.get("/areas/<digest>/<operation>/at.bin", endpoint="areas_at")
    def at(digest: str, operation: str) -> Response:
        try:
            body = at_bytes(store.whole(digest), operation, request.query_string.decode("utf-8", "replace"))
        except (LookupError, UnknownRelease, Unknown, ValueError):
            return Response(NO_AREAS, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        return _answer(packed(body, "gzip", best=False), BYTES)


def _made(held: Drawings, release: Release, sheet: area_shapes.Sheet, key: Key) -> bytes:
    """A tile that the store does not keep, compressed."""
    name = (release.digest, sheet.name, *map(str, key))
    body = held.get(name)
    if body is None:
        body = packed(area_shapes.tile(release, sheet, *key), "gzip", best=False)
        held.put(name, body)
    return body


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
    areas = _areas(release, operation, view)
    if areas.empty:
        raise LookupError(operation)
    other = at_vs(release, operation, view)
    beside = None if other is None else _areas(release, operation, other)
    codes = marks(areas, view.map, beside).codes  # two maps share their classes
    return struct.pack("<I", len(codes)) + codes.astype(np.uint8).tobytes()


def at_vs(release: Release, operation: str, view: Selection) -> Selection | None:
    """The view at the date of the second map, whose other date is that of the first; None where there is one map."""
    vs = view.map.vs
    if not vs:
        return None
    if view.round is not None:
        own = str(view.round)
    elif view.on is None and catalogue(release).rounds.get(operation):
        own = str(catalogue(release).rounds[operation][-1].number)
    else:
        own = day_of(release, operation, view).isoformat()
    settings = replace(view.map, vs=own)
    if vs.isdecimal():
        return replace(view, round=int(vs), on=None, map=settings)
    return replace(view, round=None, on=date.fromisoformat(vs), map=settings)


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


def _areas(release: Release, operation: str, view: Selection) -> pd.DataFrame:
    return drawn_of(release, operation, day_of(release, operation, view), view.map, view.known)


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

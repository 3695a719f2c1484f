"""Sites by address, in numbers: locations once a release, then what is said of each at one date.

Both are arrays of little-endian numbers that a browser reads as they are. A row is a site whose location can be
believed, in the order of the keys, so that a row is the same site in every answer of a release.

``places.bin``: uint32 n; float32 x (n), y (n): web mercator, 0 to 1 from west to east and from north to south.
``at.bin``: uint32 n, uint32 drawn; float32 value (n), NaN where it is not to scale; uint8 mark (n), 255 where the
filters leave it out, else the place of its state, + 16 where the count is older; uint8 class (n) of the colour;
then, only where there is any, uint8 (n) 1 where a value was not published as exact.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from threading import Lock

import brotli
import numpy as np
from flask import Flask, Response, request

from data.catalogue import catalogue
from data.codes import State
from data.errors import Unknown
from data.geo import MERCATOR_LAT
from data.map_settings import MapSettings
from data.moments import shown_on
from data.parts import STATES
from data.selection import Selection, from_query
from data.site_colours import classes_of, exact
from data.site_columns import OLDER, SitesAt, people, rows, site_columns, sites_at, unit_drawn
from data.site_filter import kept
from data.site_findings import drawable
from data.store import Release, Store, UnknownRelease
from web.static import ASK, YEAR, accepted

LEFT_OUT, OLDER_BIT = 255, 16
KEPT_BYTES = 24_000_000  # answers in memory
FAST = 1  # level of compression: a higher one takes longer than the bytes it saves on a slow line
NOT_HELD = (
    "No such points are held: {found}. Ask for the sites of an operation of a release that is held here."
)
NOT_READ = (
    "The address has a part that no page offers: {found}. Leave it out, or take the address of a map page."
)


def install(server: Flask, store: Store) -> None:
    """Answer ``/points/<release>/<operation>/places.bin``, ``at.bin`` and ``place`` from `store`.

    Call it before `web.install`. What is not held or in no valid form answers 404 with a sentence.
    """
    bodies = _Bodies()

    @server.get("/points/<digest>/<operation>/places.bin")
    def places(digest: str, operation: str) -> Response:
        def answer() -> Response:
            release = _release(store, digest, operation)
            return bodies.answer(
                (release.digest, operation), lambda: (places_of(release, operation), {}), YEAR
            )

        return _answered(answer)

    @server.get("/points/<digest>/<operation>/at.bin")
    def at(digest: str, operation: str) -> Response:
        def answer() -> Response:
            release = _release(store, digest, operation)
            view = _view(operation)
            on = shown_on(release, view)
            drawn = _drawn_by(view.map)
            name = (
                release.digest,
                operation,
                (on or _today()).isoformat(),
                str(view.known),
                drawn.to_query(),
            )
            return bodies.answer(
                name, lambda: states_of(release, _at(release, view, on), drawn), YEAR if on else ASK
            )

        return _answered(answer)

    @server.get("/points/<digest>/<operation>/place")
    def place(digest: str, operation: str) -> Response:
        def answer() -> Response:
            release = _release(store, digest, operation)
            view = _view(operation)
            found = place_of(
                release, _at(release, view, shown_on(release, view)), request.args.get("row", "")
            )
            return Response(json.dumps(found, ensure_ascii=False), mimetype="application/json")

        return _answered(answer)


def places_of(release: Release, operation: str) -> bytes:
    """Where the sites that can be drawn lie."""
    columns, rows_drawn = site_columns(release, operation), np.flatnonzero(drawable(release, operation))
    lon, lat = columns.lon[rows_drawn], columns.lat[rows_drawn]
    cut = np.radians(np.clip(lat, -MERCATOR_LAT, MERCATOR_LAT))
    x = (lon + 180) / 360
    y = 0.5 - np.arcsinh(np.tan(cut)) / (2 * math.pi)
    return struct.pack("<I", len(x)) + x.astype("<f4").tobytes() + y.astype("<f4").tobytes()


def states_of(release: Release, at: SitesAt, settings: MapSettings) -> tuple[bytes, dict[str, str]]:
    """What is said of the sites that can be drawn, and its headers: the unit to scale and the number of classes."""
    index = np.flatnonzero(drawable(release, at.columns.operation, at.columns.layer))
    keep = kept(at, settings, release)[index]
    classes = classes_of(release, at, settings)
    to_scale = at.state == STATES.index(State.COUNTED)
    value = np.where(to_scale, people(at), np.nan)[index].astype("<f4")
    mark = (at.state[index] | np.where(at.age[index] == OLDER, OLDER_BIT, 0)).astype(np.uint8)
    mark[~keep] = LEFT_OUT
    rough = (to_scale & ~exact(at))[index]
    body = b"".join(
        (
            struct.pack("<II", len(index), int(keep.sum())),
            value.tobytes(),
            mark.tobytes(),
            classes.codes[index].astype(np.uint8).tobytes(),
            rough.astype(np.uint8).tobytes() if rough.any() else b"",
        )
    )
    return body, {"X-Points-Unit": unit_drawn(at), "X-Points-Classes": str(len(classes.keys))}


def place_of(release: Release, at: SitesAt, row: str) -> dict[str, object]:
    """What is said of one row.

    Raises
    ------
    LookupError
        If there is no such row.
    """
    index = np.flatnonzero(drawable(release, at.columns.operation, at.columns.layer))
    if not row.isascii() or not row.isdecimal() or len(row) > 9 or int(row) >= len(index):
        raise LookupError(f"row {row[:20]!r} of {len(index)}")
    table = rows(release, at, index[int(row) : int(row) + 1]).table
    found = table.iloc[0]
    return {
        "key": str(found["key"]),
        "name": str(found["name"]),
        "lon": float(found["lon"]),
        "lat": float(found["lat"]),
        "state": str(found["state"]),
        "age": str(found["age"]),
        "value": None if math.isnan(found["value"]) else float(found["value"]),
        "unit": str(found["unit"]),
        "precision": str(found["precision"]),
        "when": str(found["last_when"]),
        "missed": int(found["missed"]),
    }


def _answered(answer: Callable[[], Response]) -> Response:
    """The answer, or 404 with a sentence."""
    try:
        return answer()
    except ValueError as why:
        text = NOT_READ.format(found=why)
    except (UnknownRelease, Unknown):
        text = NOT_HELD.format(found="another release, operation or date")
    except LookupError as why:
        text = NOT_HELD.format(found=str(why))
    return Response(text, HTTPStatus.NOT_FOUND, mimetype="text/plain")


def _release(store: Store, digest: str, operation: str) -> Release:
    release = store.whole(digest)
    catalogue(release).operation(operation)
    return release


def _view(operation: str) -> Selection:
    """The view of the request; an unknown part is left aside, as on the page, a known one in a wrong form refused."""
    query = "&".join(
        part
        for part in request.query_string.decode("utf-8", "replace").split("&")
        if not part.startswith("row=")
    )
    view = from_query(query)
    if view.wrong:
        raise ValueError(view.wrong[0])
    return replace(view, operation=operation)


def _drawn_by(settings: MapSettings) -> MapSettings:
    """Only what decides how the sites are drawn, so that one picture has one name."""
    coloured = {
        "change": {"since": settings.since, "vs": settings.vs},
        "gap": {"service": settings.service},
    }.get(settings.colour, {})
    return replace(settings.kept(), colour=settings.colour, **coloured)  # type: ignore[arg-type]  # texts alone


def _at(release: Release, view: Selection, on: date | None) -> SitesAt:
    return sites_at(release, view.operation, on or _today(), view.known)


def _today() -> date:
    """The day of an operation without dates, as on its page."""
    return datetime.now(UTC).date()


class _Bodies:
    """Answers that were made, compressed for those who take that: the ones asked for last."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, ...], tuple[bytes, dict[str, str]]] = OrderedDict()
        self._lock, self._bytes = Lock(), 0

    def answer(
        self, name: tuple[str, ...], make: Callable[[], tuple[bytes, dict[str, str]]], cache: str
    ) -> Response:
        encoding = accepted(request) or ""
        body, headers = self._get((*name, encoding), lambda: _packed(*make(), encoding))
        answer = Response(body, mimetype="application/octet-stream")
        answer.headers.update(headers | {"Cache-Control": cache, "Vary": "Accept-Encoding"})
        if encoding:
            answer.headers["Content-Encoding"] = encoding
        return answer

    def _get(
        self, name: tuple[str, ...], make: Callable[[], tuple[bytes, dict[str, str]]]
    ) -> tuple[bytes, dict[str, str]]:
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        made = make()
        with self._lock:
            if name not in self._held:
                self._held[name] = made
                self._bytes += len(made[0])
            while self._bytes > KEPT_BYTES and len(self._held) > 1:
                _, (old, _headers) = self._held.popitem(last=False)
                self._bytes -= len(old)
        return made


def _packed(body: bytes, headers: dict[str, str], encoding: str) -> tuple[bytes, dict[str, str]]:
    """A body in an encoding, at a level that is fast."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=FAST)), headers
    if encoding:
        maker = zlib.compressobj(FAST, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # 16: gzip, without a time in it
        return maker.compress(body) + maker.flush(), headers
    return body, headers

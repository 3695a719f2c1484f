"""Boundaries by address: each drawing of a release is made once a process and kept by browsers for a year.

The boundaries never travel in a callback: the map's style names these addresses.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock

import pandas as pd
from flask import Flask, Response, request

from data import area_shapes
from data.geo import to_geojson
from data.store import Store, UnknownRelease
from web.static import YEAR, accepted, packed

_NAME = re.compile(r"^(world|world-disputed|[A-Z]{3})$")
_SHEET = re.compile(r"^([A-Z]{3})-(adm[0-3])-v(\d{1,4})$")
NAMES = ["code", "name", "iso3"]
KEPT_BYTES = 24 * 1024 * 1024  # of drawings in memory: every hatch over other areas is one of its own
NOT_HELD = (
    "No such boundaries are held. The map asks for 'world', 'world-disputed', a country by its ISO code, or its "
    "areas by country, level and version, as 'XTR-adm2-v1'."
)


@dataclass(slots=True)
class Drawings:
    """The drawings asked for last, at most so many bytes, but for one alone that is larger."""

    most: int = KEPT_BYTES
    size: int = 0
    held: OrderedDict[tuple[str, ...], bytes] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: tuple[str, ...]) -> bytes | None:
        """A drawing; None where it is not held."""
        with self.lock:
            if key in self.held:
                self.held.move_to_end(key)
            return self.held.get(key)

    def put(self, key: tuple[str, ...], body: bytes) -> None:
        """Keep a drawing and let go of those asked for longest ago."""
        with self.lock:
            self.size += len(body) - len(self.held.pop(key, b""))
            self.held[key] = body
            while self.size > self.most and len(self.held) > 1:
                self.size -= len(self.held.popitem(last=False)[1])


def install(server: Flask, store: Store) -> None:
    """Answer ``/boundaries/<release>/<name>.geojson`` from `store`.

    Of areas, ``?hatch=wide&of=…`` asks for lines over some of them in place of their shapes. Call it before
    `web.install`. An unknown release, name or hatch answers 404 with a sentence.
    """
    drawings = Drawings()

    def drawing(digest: str, name: str, hatch: str, encoding: str) -> bytes:
        key = (digest, name, hatch, encoding)
        found = drawings.get(key)
        if found is not None:
            return found
        plain = drawing(digest, name, hatch, "") if encoding else geojson(store, digest, name, hatch).encode()
        body = packed(plain, encoding, best=False) if encoding else plain
        drawings.put(key, body)
        return body

    @server.get("/boundaries/<digest>/<name>.geojson")
    def boundaries(digest: str, name: str) -> Response:
        encoding = accepted(request) or ""
        try:
            lines = f"{request.args['hatch']}:{request.args.get('of', '')}" if "hatch" in request.args else ""
            body = drawing(digest, name, lines, encoding)
        except (LookupError, UnknownRelease):
            return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        answer = Response(body, mimetype="application/geo+json")
        answer.headers["Cache-Control"] = YEAR
        answer.headers["Vary"] = "Accept-Encoding"
        if encoding:
            answer.headers["Content-Encoding"] = encoding
        return answer


def sheet_of(name: str) -> area_shapes.Sheet | None:
    """The areas that a name stands for; None where it is none of areas."""
    found = _SHEET.match(name)
    return area_shapes.Sheet(found[1], found[2], int(found[3])) if found else None


def geojson(store: Store, digest: str, name: str, hatch: str = "") -> str:
    """The drawing `name` of a release as GeoJSON.

    Parameters
    ----------
    store : Store
        Where the release is.
    digest : str
        The whole digest of the release.
    name : str
        See `NOT_HELD`.
    hatch : str
        "wide:AQ", lines over some areas in place of their shapes; "" for the shapes.

    Raises
    ------
    LookupError
        If there is no drawing of that name, or no such lines.
    UnknownRelease
        If the release is not held.
    """
    sheet = sheet_of(name)
    if sheet is not None:
        release = store.whole(digest)
        kind, _, of = hatch.partition(":")
        return area_shapes.hatched(release, sheet, kind, of) if hatch else area_shapes.geojson(release, sheet)
    if hatch or not _NAME.match(name):
        raise LookupError(name)
    release = store.whole(digest)
    if name == "world-disputed":
        lines = release.geoframe("boundaries/disputed")
        return to_geojson(lines[lines["zoom"] == "region"], ["name"])
    own = release.geoframe("areas")  # areas of operations that bring their own boundaries, newest version
    own = own[own["version"] == own.groupby("iso3")["version"].transform("max")]
    if name == "world":
        countries = release.geoframe("boundaries/adm0")
        land = own[own["level"] == "adm1"].dissolve(by="iso3", as_index=False)
        land["name"] = land["iso3"]
        drawn = pd.concat([countries[countries["zoom"] == "world"], land])[["iso3", "name", "geometry"]]
        return to_geojson(drawn, ["iso3", "name"], digits=3)
    if name in set(own["iso3"]):
        return to_geojson(
            own[(own["iso3"] == name) & (own["level"] == "adm1")].rename(columns={"pcode": "code"}), NAMES
        )
    areas = release.geoframe("boundaries/adm1")
    country = areas[(areas["iso3"] == name) & (areas["zoom"] == "country")]
    if country.empty and name not in set(release.geoframe("boundaries/adm0")["iso3"]):
        raise LookupError(
            name
        )  # a country without first-level areas has an empty drawing, which the map can draw
    return to_geojson(country, NAMES)

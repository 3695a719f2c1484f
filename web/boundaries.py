"""Boundaries by address: each drawing of a release is made once a process and kept by browsers for a year.

The boundaries never travel in a callback: the map's style names these addresses.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from http import HTTPStatus
from threading import Lock

import pandas as pd
from flask import Flask, Response, request

from data.geo import to_geojson
from data.store import Store, UnknownRelease
from web.static import YEAR, accepted, packed

_NAME = re.compile(r"^(world|world-disputed|[A-Z]{3})$")
NAMES = ["code", "name", "iso3"]
_KEPT = 64  # drawings in memory, of at most a few hundred kB each
NOT_HELD = (
    "No such boundaries are held. The map asks for 'world', 'world-disputed' or a country by its ISO code."
)


def install(server: Flask, store: Store) -> None:
    """Answer ``/boundaries/<release>/<name>.geojson`` from `store`.

    Call it before `web.install`. An unknown release or name answers 404 with a sentence.
    """
    drawings: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
    lock = Lock()

    def drawing(digest: str, name: str, encoding: str) -> bytes:
        key = (digest, name, encoding)
        with lock:
            if key in drawings:
                drawings.move_to_end(key)
                return drawings[key]
        plain = geojson(store, digest, name).encode() if not encoding else drawing(digest, name, "")
        body = packed(plain, encoding, best=False) if encoding else plain
        with lock:
            drawings[key] = body
            while len(drawings) > _KEPT:
                drawings.popitem(last=False)
        return body

    @server.get("/boundaries/<digest>/<name>.geojson")
    def boundaries(digest: str, name: str) -> Response:
        encoding = accepted(request) or ""
        try:
            body = drawing(digest, name, encoding)
        except (LookupError, UnknownRelease):
            return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        answer = Response(body, mimetype="application/geo+json")
        answer.headers["Cache-Control"] = YEAR
        answer.headers["Vary"] = "Accept-Encoding"
        if encoding:
            answer.headers["Content-Encoding"] = encoding
        return answer


def geojson(store: Store, digest: str, name: str) -> str:
    """The drawing `name` of a release as GeoJSON.

    Raises
    ------
    LookupError
        If there is no drawing of that name.
    UnknownRelease
        If the release is not held.
    """
    if not _NAME.match(name):
        raise LookupError(name)
    release = store.release(digest)
    if digest != release.digest:
        raise LookupError(digest)  # what is kept for a year has its whole name
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

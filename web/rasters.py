"""Pictures of rasters by address: each is made once a process and kept by browsers for a year.

What a picture is made of was checked when its release was published; a raster never travels in a callback.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from flask import Flask, Response

from data.errors import Unknown
from data.rasters import RasterRefused, picture
from data.store import Store, UnknownRelease
from web.static import YEAR

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
NOT_HELD = "No such raster is held. The map asks for a raster of a release by its key."


def install(server: Flask, store: Store) -> None:
    """Answer ``/rasters/<release>/<key>.png`` from `store`.

    Call it before `web.install`. An unknown release or raster answers 404 with a sentence. Where the four corners of
    the picture belong is said by `data.rasters.corners`.
    """

    @server.get("/rasters/<digest>/<key>.png")
    def rasters(digest: str, key: str) -> Response:
        try:
            body = png(store, digest, key)
        except (LookupError, UnknownRelease, RasterRefused):
            return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        answer = Response(body, mimetype="image/png")
        answer.headers["Cache-Control"] = YEAR
        return answer


def png(store: Store, digest: str, key: str) -> bytes:
    """The picture of a raster of a release.

    Raises
    ------
    LookupError
        If the release has no raster of that key, or `digest` is not its whole name.
    UnknownRelease
        If the release is not held.
    RasterRefused
        If the raster cannot be drawn.
    """
    if not _KEY.fullmatch(key):
        raise Unknown("raster", key[:60], ())
    return picture(store.whole(digest), key).png

"""Pictures: the map of an address as a PNG, drawn from the same record as its page, and the world of the start page."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import BoundedSemaphore, Lock
from typing import Literal

from flask import Flask, Response, request

from callbacks.router import open_context
from data.errors import Unknown
from data.selection import from_query
from data.store import Store
from pages.map_picture import PATH, png
from pages.map_record import prepare
from pages.start import PICTURE_PATH as WORLD
from pages.start import world_png
from pages.view import Context, View
from words import DEFAULT, LANGUAGES

NOT_UNDERSTOOD = (
    "A part of this address is not understood, so no picture is drawn. Open Map and choose the picture there."
)
NOT_HELD = "No such map is held. Open Map and choose an operation and a date there."
BUSY = "Several pictures are being drawn just now. Ask again in a few seconds."
OWN = {"scheme": r"light|dark", "w": r"\d{3,4}", "h": r"\d{3,4}", "scale": r"[12]"}
PLAIN = {"scheme": "light", "w": "760", "h": "600", "scale": "1"}
LEAST, MOST = (240, 240), (1600, 1200)  # width and height of the map part, pixels
MOST_PIXELS = MOST[0] * MOST[1]  # drawn, by the scale: four times as many take seconds of a processor
NARROW_BELOW = 721  # as the pages
# Requests that are drawn or wait for it; more are told to ask again. Fewer than a process has threads
# (`gunicorn.conf.py`), so that pages are always answered.
WAITING = 2
KEPT_BYTES = 24 * 1024 * 1024
RETRY_S = "5"


@dataclass(slots=True)
class Kept:
    """The pictures drawn last, at most so many bytes; each is drawn once, one after another."""

    most: int = KEPT_BYTES
    held: OrderedDict[tuple[str, ...], tuple[bytes, str]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    drawing: Lock = field(default_factory=Lock)
    queue: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(WAITING))

    def get(self, key: tuple[str, ...]) -> tuple[bytes, str] | None:
        """A picture and its name in headers; None where it is not held."""
        with self.lock:
            if key in self.held:
                self.held.move_to_end(key)
            return self.held.get(key)

    def put(self, key: tuple[str, ...], body: bytes) -> tuple[bytes, str]:
        """Keep a picture and let go of those asked for longest ago."""
        with self.lock:
            self.held[key] = (body, hashlib.sha256(body).hexdigest()[:32])
            while sum(len(held) for held, _ in self.held.values()) > self.most and len(self.held) > 1:
                self.held.popitem(last=False)
            return self.held[key]


def register(server: Flask, store: Store) -> None:
    """Answer ``/pictures/map.png`` and ``/pictures/world.png`` from `store`.

    A query is that of the page, with scheme, w, h and scale.
    """
    kept = Kept()

    @server.get(PATH)
    def map_png() -> Response:
        return answer(store, kept, request.query_string.decode("ascii", "replace"))

    @server.get(WORLD)
    def world() -> Response:
        return answer(store, kept, request.query_string.decode("ascii", "replace"), of_world=True)


def answer(store: Store, kept: Kept, query: str, *, of_world: bool = False) -> Response:
    """The picture of an address, or in one sentence why there is none."""
    asked = own_parts(query)
    if asked is None:
        return Response(NOT_UNDERSTOOD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    own, rest = asked
    view = view_of_query(rest, own["scheme"] == "dark", int(own["w"]) < NARROW_BELOW)
    if view is None or bool(view.selection.operation) == of_world:
        return Response(NOT_UNDERSTOOD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    context, problem = open_context(view, store)
    if problem is not None:
        return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    one_scale = {"scale"} if of_world else set()  # the world is drawn in one scale, whichever is asked for
    size = [text for name, text in own.items() if name not in one_scale]
    key = (
        WORLD if of_world else PATH, context.release.digest, context.today.isoformat(), view.language,
        view.selection.to_query(), *size,
    )  # fmt: skip
    found = kept.get(key)
    if found is None:
        if not kept.queue.acquire(blocking=False):
            busy = Response(BUSY, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
            busy.headers["Retry-After"] = RETRY_S
            return busy
        try:
            with kept.drawing:  # one at a time; who waited for the same picture finds it drawn
                found = kept.get(key) or kept.put(key, drawn(context, own, of_world=of_world))
        except Unknown:
            return Response(NOT_HELD, HTTPStatus.NOT_FOUND, mimetype="text/plain")
        finally:
            kept.queue.release()
    name = "world" if of_world else f"map-{view.selection.operation}"
    return sent(*found, f"siteline-{name}-{context.release.digest[:8]}.png")


def drawn(context: Context, own: dict[str, str], *, of_world: bool) -> bytes:
    """The picture of a view, of the size that was asked for."""
    width, height = int(own["w"]), int(own["h"])
    if of_world:
        return world_png(context, width, height)
    return png(prepare(context), width, height, int(own["scale"]))


def own_parts(query: str) -> tuple[dict[str, str], str] | None:
    """What a query says of the picture and, apart from it, of the view; None where a size or a scheme has no form."""
    own, rest = dict(PLAIN), []
    seen: set[str] = set()
    for part in query.removeprefix("?").split("&"):
        name, _, text = part.partition("=")
        if name not in OWN:
            rest.append(part)
            continue
        if name in seen or not re.fullmatch(OWN[name], text):
            return None
        seen.add(name)
        own[name] = text
    size = (int(own["w"]), int(own["h"]))
    if not all(least <= found <= most for least, found, most in zip(LEAST, size, MOST, strict=True)):
        return None
    if size[0] * size[1] * int(own["scale"]) ** 2 > MOST_PIXELS:
        return None
    return own, "&".join(part for part in rest if part)


def view_of_query(query: str, dark: bool, narrow: bool) -> View | None:  # noqa: FBT001 - both are named at the only call
    """The view of a page's query; None where a part of it has no form."""
    selection = from_query(query)
    if selection.ignored:
        return None
    scheme: Literal["light", "dark"] = "dark" if dark else "light"
    return View(
        path="/map",
        selection=selection,
        language=selection.language if selection.language in LANGUAGES else DEFAULT,
        scheme=scheme,
        narrow=narrow,
        origin=request.host_url.rstrip("/"),
    )


def sent(body: bytes, tag: str, name: str) -> Response:
    """A picture that a browser keeps, and asks whether it is still the same."""
    file = Response(body, mimetype="image/png")
    file.headers["Content-Disposition"] = f'inline; filename="{name}"'
    file.headers["Cache-Control"] = "no-cache"
    file.set_etag(tag)
    return file.make_conditional(request)  # type: ignore[return-value]  # the same response, of the base class's type

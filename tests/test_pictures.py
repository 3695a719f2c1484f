"""A picture has an address: bounded, kept, drawn once, from the record of its page, and refused in one sentence."""

from __future__ import annotations

import io
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dash import html
from dash.development.base_component import Component
from flask import Flask
from PIL import Image
from werkzeug.test import Client

from callbacks import pictures
from callbacks.router import open_context
from data.geo import View as Look
from data.selection import from_query
from data.store import Store
from pages.ids import Id
from pages.map_picture import PATH, WIDE_PX, box_of, picture_part
from pages.map_record import prepare
from pages.view import View

QUERY = "op=hti-eq2010&low=1&w=400&h=300"


@pytest.fixture
def client(store: Store) -> Client:
    server = Flask(__name__)
    pictures.register(server, store)
    return server.test_client()


def page_of(store: Store, query: str) -> Any:
    """What the map page shows for a query."""
    view = View(path="/map", selection=from_query(query), language="en", scheme="light", narrow=False,
                origin="http://127.0.0.1")  # fmt: skip
    return prepare(open_context(view, store)[0])


def parts_of(components: list[Component]) -> Iterator[Component]:
    """Every component below some."""
    for one in components:
        if isinstance(one, Component):
            yield one
            children = getattr(one, "children", None)
            yield from parts_of(children if isinstance(children, list) else [children])  # type: ignore[list-item]  # texts are passed over


def test_a_picture_is_a_png_of_the_size_asked_for(client: Client) -> None:
    """As wide as asked, longer than its map part by its notes; it says its name and is asked for again."""
    answer = client.get(f"{PATH}?{QUERY}")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    image = Image.open(io.BytesIO(answer.data))
    assert image.width == 400
    assert image.height > 600
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "siteline-map-hti-eq2010-" in answer.headers["Content-Disposition"]


def test_the_same_picture_is_not_sent_twice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its tag the answer is 304, and it is drawn once; control: another size is drawn anew."""
    drawn: list[Any] = []
    monkeypatch.setattr(pictures, "png", lambda _, *size: drawn.append(size) or b"png")
    first = client.get(f"{PATH}?{QUERY}")
    again = client.get(f"{PATH}?{QUERY}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    client.get(f"{PATH}?{QUERY.replace('400', '401')}")
    assert drawn == [(400, 300, 1), (401, 300, 1)]


def test_the_world_is_drawn_once_whatever_its_scale(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has one scale; control: a map of another scale is drawn anew."""
    drawn: list[Any] = []
    monkeypatch.setattr(pictures, "world_png", lambda _, *size: drawn.append(size) or b"png")
    monkeypatch.setattr(pictures, "png", lambda _, *size: drawn.append(size) or b"png")
    for path, query in ((pictures.WORLD, "w=400&h=300"), (PATH, QUERY)):
        for scale in ("&scale=1", "&scale=2"):
            assert client.get(f"{path}?{query}{scale}").status_code == 200
    assert drawn == [(400, 300), (400, 300, 1), (400, 300, 2)]


@pytest.mark.parametrize(
    "query",
    [
        "", "op=", "op=hti-eq2010&w=99999", "op=hti-eq2010&w=100", "op=hti-eq2010&h=1300", "op=hti-eq2010&scale=3",
        "op=hti-eq2010&scheme=sepia", "op=hti-eq2010&round=x", "op=hti-eq2010&w=400&w=500", "op=hti-eq2010&what%20=1",
        "op=hti-eq2010&box=1,2,3", "op=nowhere", "op=hti-eq2010&round=999", "op=hti-eq2010&release=00000000",
    ],
)  # fmt: skip
def test_what_is_malformed_or_not_held_is_refused(client: Client, query: str) -> None:
    """In one sentence, without drawing; control: the plain address is answered."""
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True) in {pictures.NOT_UNDERSTOOD, pictures.NOT_HELD}


def test_more_than_a_few_who_wait_are_told_to_ask_again(store: Store) -> None:
    """A server is not held up by pictures; control: with room one is drawn."""
    kept, server = pictures.Kept(), Flask(__name__)
    for _ in range(pictures.WAITING):
        assert kept.queue.acquire(blocking=False)
    with server.test_request_context(f"{PATH}?{QUERY}"):
        busy = pictures.answer(store, kept, QUERY)
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, pictures.RETRY_S)
        kept.queue.release()
        assert pictures.answer(store, kept, QUERY).status_code == 200


def test_what_is_kept_is_bounded() -> None:
    """Beyond the bound what was asked for longest ago goes; control: within it all stays."""
    kept = pictures.Kept(most=10)
    for name in "abc":
        kept.put((name,), b"1234")
    assert [kept.get((name,)) is not None for name in "abc"] == [False, True, True]


def test_the_page_shows_the_picture_in_words_and_the_way_back(store: Store) -> None:
    """The image has its sentence, the address of this release, why it is one, and a link to the map."""
    page = page_of(store, "op=hti-eq2010&low=1&round=16")
    found = list(parts_of(picture_part(page)))
    (image,) = [part for part in found if isinstance(part, html.Img)]
    assert "Displacement Tracking Matrix" in image.alt
    assert page.context.release.digest in image.src
    assert "low" not in image.src
    hrefs = {part.id: part.href for part in found if isinstance(part, html.A)}
    assert "low" not in hrefs["picture-back"]
    assert {"picture-in", "picture-out", "picture-north", "picture-open"} <= set(hrefs)
    assert "picture-whole" not in hrefs
    assert any(getattr(part, "id", "") == Id.MAP for part in found)
    boxed = list(parts_of(picture_part(page_of(store, "op=hti-eq2010&low=1&box=-73,18,-72,19"))))
    assert "picture-whole" in {getattr(part, "id", "") for part in boxed}


def test_every_link_of_the_picture_is_understood(store: Store) -> None:
    """Moves are boxes that an address can say, and the picture's own address has no part that is refused."""
    page = page_of(store, "op=hti-eq2010&low=1")
    for part in parts_of(picture_part(page)):
        href = getattr(part, "href", "") or getattr(part, "src", "")
        if not href:
            continue
        asked = pictures.own_parts(href.partition("?")[2])
        assert asked is not None
        assert from_query(asked[1]).ignored == ()


def test_moving_there_and_back_is_the_same_view() -> None:
    """Closer is half as wide around the same middle; a step east is half a picture; none goes beyond the world."""
    view = Look(-72.3, 18.6, 9.0)
    plain, near, east = (box_of(view, *WIDE_PX, *by) for by in ((0, 0, 1), (0, 0, 0.5), (0.5, 0, 1)))
    assert plain
    assert near
    assert east
    a, b, c = ([float(part) for part in box.split(",")] for box in (plain, near, east))
    assert (b[2] - b[0]) * 2 == pytest.approx(a[2] - a[0], abs=5e-4)
    assert (b[0] + b[2]) == pytest.approx(a[0] + a[2], abs=5e-4)
    assert c[0] - a[0] == pytest.approx((a[2] - a[0]) / 2, abs=5e-4)
    assert box_of(Look(179.9, 0, 9.0), *WIDE_PX) is None
    assert box_of(Look(0, 0, 0.0), *WIDE_PX) is None


def test_a_grid_of_residents_is_drawn_below_the_sites(client: Client) -> None:
    """Switched on, its own colour is in the picture; control: switched off, it is not."""

    def violet(layers: str) -> int:
        answer = client.get(f"{PATH}?op=xtr-mt&layers={layers}&w=400&h=300")
        red, green, blue = np.asarray(Image.open(io.BytesIO(answer.data)).convert("RGB"))[:300].astype(int).T
        return int(((blue - green > 20) & (red > green)).sum())

    assert violet("boundaries,raster") > 500
    assert violet("boundaries") == 0


def test_pictures_leave_threads_for_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """At least half of a process's threads never wait for pictures, and the largest has a bound whatever its scale."""
    served = runpy.run_path(str(Path(pictures.__file__).parents[1] / "gunicorn.conf.py"))
    assert served["threads"] // 2 >= pictures.WAITING
    monkeypatch.setattr(pictures, "png", lambda *_: b"png")
    sizes = {
        "w=1600&h=1200&scale=2": 404,
        "w=1600&h=1200": 200,
        "w=760&h=600&scale=2": 200,
        "w=801&h=600&scale=2": 404,
    }
    for size, status in sizes.items():
        assert client.get(f"{PATH}?op=hti-eq2010&{size}").status_code == status

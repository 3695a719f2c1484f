"""The map in a browser without a network: what must be seen is found by its pixels, in both schemes."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from flask import Flask, Response, send_file
from rasterio.io import MemoryFile
from shapely.geometry import Point

from data import queries
from data.codes import SiteLayer, State
from data.geo import TILE_PX, View, view_for
from data.store import Release, Store
from layers.colours import OLDER_SHARE, SCHEMES, mixed
from layers.map import MapView
from layers.world import WorldView
from tests import laws
from tests.conftest import Traffic
from tests.places import site, snapshot
from web import boundaries
from words import words

ROOT = Path(__file__).resolve().parents[1]
WIDE, HIGH = 760, 600
VIEW = view_for((-72.9, 18.2, -72.1, 18.9), WIDE, HIGH)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><style>body{margin:0}#m{width:760px;height:600px}</style>
<div id="map"><div id="m"></div></div><script src="/plotly.js"></script>
<script src="/assets/inner.js"></script><script src="/assets/painting.js"></script>
<script>
window.state = "drawing";
fetch("/figure" + location.search).then((r) => r.json()).then((f) =>
  Plotly.newPlot("m", f.data, f.layout, {displayModeBar: false})).then((gd) => {
    const map = gd._fullLayout.map._subplot.map;
    map.loaded() ? (window.state = "idle") : map.once("idle", () => { window.state = "idle"; });
  }).catch((e) => { window.state = "failed: " + e; });
</script></html>"""

pytestmark = pytest.mark.browser


def map_view(release: Release, origin: str, **changes: Any) -> MapView:
    """The map of Haiti on the day of the delisting."""
    on = date(2013, 9, 30)
    held = {
        "sites": queries.sites(release, "hti-eq2010", on, SiteLayer.REGISTER),
        "crowd": queries.sites(release, "hti-eq2010", on, SiteLayer.CROWD),
    }
    settings = {
        "snapshots": held, "title": "Three settlements were taken off the list", "words": words("en"), "on": on,
        "origin": origin, "digest": release.digest, "iso3s": ("HTI",),
        "view": VIEW,
        "switched_on": frozenset({"boundaries", "sites", "ghosts", "accuracy"}),
    } | changes  # fmt: skip
    return MapView(**settings)


class Served:
    """A small server that shows one figure at a time."""

    def __init__(self, store: Store) -> None:

        self.figure: Any = None
        self.app = Flask("map-under-test", static_folder=None)
        boundaries.install(self.app, store)
        script = ROOT / "assets" / "plotly" / "plotly-part.min.js"

        @self.app.get("/")
        def bare() -> str:
            return PAGE

        @self.app.get("/plotly.js")
        def library() -> Response:
            return send_file(script)

        @self.app.get("/favicon.ico")
        def icon() -> Response:
            return Response(status=204)

        @self.app.get("/assets/<path:name>")
        def assets(name: str) -> Response:
            return send_file(ROOT / "assets" / name)

        @self.app.get("/figure")
        def figure() -> Response:
            return Response(self.figure.to_json(), mimetype="application/json")


@pytest.fixture(scope="module")
def window(profile: Any) -> Iterator[tuple[Any, Traffic]]:
    """One window for the maps of this file: what is loaded and compiled once is there for all."""
    page = profile.new_page()
    page.set_viewport_size({"width": WIDE, "height": HIGH})
    page.set_default_timeout(30_000)
    yield page, Traffic(page)
    page.close()


@pytest.fixture
def shown(
    store: Store, serve: Callable[[Any], str], window: tuple[Any, Traffic]
) -> Iterator[Callable[..., tuple[bytes, Any, Any]]]:
    """Draws the figure that a function makes for the server's address; gives picture, page and traffic.

    The page is loaded anew for each; nothing may leave the machine.
    """
    server = Served(store)
    origin = serve(server.app).rstrip("/")
    page, traffic = window
    traffic.urls.clear()
    traffic.errors.clear()
    page.mouse.move(0, 0)

    def draw(make: Callable[[str], Any]) -> tuple[bytes, Any, Any]:
        server.figure = make(origin)
        page.goto(origin)
        page.wait_for_function("window.state !== 'drawing'", timeout=60_000)
        assert page.evaluate("window.state") == "idle"
        page.wait_for_timeout(400)  # labels fade in
        return page.screenshot(), page, traffic

    yield draw
    assert traffic.foreign == []


def rgb(colour: str) -> tuple[int, int, int]:
    """#RRGGBB as three numbers."""
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def spot(view: View, lon: float, lat: float) -> tuple[int, int]:
    """Where a place is in a picture of 760 x 600, pixels from the top left."""
    radius = TILE_PX * 2**view.zoom / (2 * math.pi)
    x = WIDE / 2 + radius * math.radians(lon - view.lon)
    y = HIGH / 2 - radius * (
        math.asinh(math.tan(math.radians(lat))) - math.asinh(math.tan(math.radians(view.lat)))
    )
    return round(x), round(y)


@lru_cache(maxsize=4)  # many parts of one picture are looked at
def decoded(png: bytes) -> Any:
    """A picture: shape (height, width, 3)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a screenshot lies nowhere on Earth
        with MemoryFile(png) as file, file.open() as image:
            return image.read((1, 2, 3)).transpose(1, 2, 0)


def cut(png: bytes, left: int, top: int, right: int, bottom: int) -> Any:
    """A part of a picture: shape (bottom - top, right - left, 3)."""
    return decoded(png)[top:bottom, left:right].astype(int)


def near(part: Any, colour: str, reach: int = 24) -> int:
    """How many pixels are of a colour, within `reach` in each channel."""
    return int((np.abs(part - np.array(rgb(colour))) <= reach).all(axis=2).sum())


def covered(part: Any, colour: str, ground: str) -> float:
    """How many pixels a colour covers on its ground, those of a soft edge in part."""
    top, below = np.array(rgb(colour)), np.array(rgb(ground))
    share = ((part - below) * (top - below)).sum(axis=2) / ((top - below) ** 2).sum()
    return float(share.clip(0, 1).sum())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_ground_ghost_and_disclaimer_are_seen(scheme: str, release: Release, shown: Any) -> None:
    """Sea, land, borders, the ghost with its label, the disclaimer; no other machine is asked and nothing fails."""
    made: list[MapView] = []

    def make(origin: str) -> Any:
        made.append(map_view(release, origin))
        return made[0].figure(scheme, WIDE)

    png, page, traffic = shown(make)
    c, whole = SCHEMES[scheme], cut(png, 0, 0, WIDE, HIGH)
    assert near(whole, c["sea"], 3) > 40_000
    assert near(whole, c["land"], 3) > 40_000
    assert near(whole, c["rule-strong"]) > 800
    x, y = spot(made[0].view, -72.273, 18.646)
    mark = cut(png, x - 12, y - 12, x + 12, y + 12)
    assert 40 < near(mark, c["note"], 60) < 140  # a dashed ring, no disc
    assert near(cut(png, x - 5, y - 5, x + 5, y + 5), c["land"], 6) > 60  # hollow
    assert near(cut(png, x + 14, y - 18, x + 200, y + 18), c["note"], 60) > 150  # name and date beside it
    assert (
        near(cut(png, x - 200, y - 18, x - 20, y + 18), c["note"], 60) == 0
    )  # control: rust is nowhere else
    assert near(cut(png, 0, HIGH - 24, 400, HIGH), c["ink-2"], 40) > 200
    assert page.locator(".annotation-text").text_content() == words("en")("map.disclaimer")
    assert traffic.foreign == []
    assert traffic.errors == []
    asked = {url.rpartition("/")[2] for url in traffic.urls}
    assert {"world.geojson", "world-disputed.geojson", "HTI.geojson", "DOM.geojson", f"{scheme}.png"} <= asked


def test_coasts_and_borders_are_those_of_the_detailed_areas(release: Release, shown: Any) -> None:
    """Port-au-Prince's bay is sea and the border to the neighbour is land on both sides, without a strip of sea."""
    png, _, _ = shown(
        lambda origin: map_view(release, origin, switched_on=frozenset({"boundaries"})).figure("light", WIDE)
    )
    view, sea = VIEW, SCHEMES["light"]["sea"]
    x, y = spot(view, -72.45, 18.62)
    assert near(cut(png, x - 6, y - 6, x + 6, y + 6), sea, 3) > 130
    x, y = spot(view, -71.9, 18.45)  # east of the border lies land all the way to the edge of the picture
    assert near(cut(png, x - 40, y - 10, min(x + 40, WIDE), y + 10), sea, 3) == 0


def test_discs_have_their_area_and_states_their_marks(release: Release, shown: Any) -> None:
    """A disc of 40,000 people covers pi r^2 pixels, an older one is pale, and marks that overlap are all drawn."""
    step = 0.12
    states = [State.COUNTED_ZERO, State.NOT_ASSESSED, State.WITHHELD, State.CLOSED, State.NO_DATA]
    at = [Point(-72.8 + step * i, 18.75) for i in range(len(states))]
    rows = [
        site("big", value=40_000.0, geometry=Point(-72.7, 18.5)),
        site("small", value=10_000.0, geometry=Point(-72.5, 18.5)),
        site("older", value=40_000.0, age="older", geometry=Point(-72.3, 18.5)),
        *(site(state, state=state.value, value=np.nan, geometry=p) for state, p in zip(states, at, strict=True)),
        *(site(f"{state}-2", state=state.value, value=np.nan, geometry=p) for state, p in zip(states, at, strict=True)),
    ]  # fmt: skip
    figures = []

    def make(origin: str) -> Any:
        figures.append(map_view(release, origin, snapshots={"sites": snapshot(*rows)}).figure("light", WIDE))
        return figures[0]

    png, _, traffic = shown(make)
    c = SCHEMES["light"]

    def around(lon: float, lat: float, reach: int) -> Any:
        x, y = spot(VIEW, lon, lat)
        return cut(png, x - reach, y - reach, x + reach, y + reach)

    big, small = (covered(around(lon, 18.5, 26), c["data"], c["land"]) for lon in (-72.7, -72.5))
    # four times the people, four times the area; MapLibre softens an edge by about half a pixel
    assert math.sqrt(big / math.pi) == pytest.approx(20, abs=0.7)
    assert math.sqrt(small / math.pi) == pytest.approx(10, abs=0.7)
    pale = mixed(c["data"], c["land"], OLDER_SHARE)
    assert near(around(-72.3, 18.5, 26), pale, 6) > 0.85 * math.pi * 20**2
    assert near(around(-72.3, 18.5, 26), c["data"], 60) > 80  # its solid edge
    for p in at[:1]:
        assert near(around(p.x, p.y, 12), c["data"], 60) > 60
    for p in at[1:]:
        assert near(around(p.x, p.y, 12), c["mute"], 60) > 25
    assert traffic.errors == []


def test_a_ghost_says_what_it_is_when_pointed_at(release: Release, shown: Any) -> None:
    """The hover box has its name, state and date; the chosen one has an ink ring, accuracy is a dashed circle."""
    view = View(-72.273, 18.646, 12.0)
    png, page, _ = shown(
        lambda origin: map_view(release, origin, view=view, selected="canaan").figure("light", WIDE)
    )
    c = SCHEMES["light"]
    assert near(cut(png, 360, 280, 400, 320), c["ink"], 40) > 120
    metres = 40_075_016.686 * math.cos(math.radians(view.lat)) / (TILE_PX * 2**view.zoom)
    reach = round(1_000 / metres)
    edge = cut(png, 380 - reach - 3, 200, 380 - reach + 4, 400)
    circle = near(cut(png, 380 - reach - 3, 300 - reach - 3, 380 + reach + 4, 300 + reach + 4), c["mute"], 50)
    assert near(edge, c["mute"], 50) > 10
    assert circle < 2 * math.pi * reach * 1.3 * 0.8  # dashed, so less than the whole line
    page.mouse.move(379, 299)
    page.mouse.move(380, 300)
    box = page.locator(".hoverlayer .hovertext")
    box.wait_for()
    said = box.text_content() or ""
    for part in ("Canaan", "Taken off the list", "30 September 2013"):
        assert part in said


def test_panning_survives_another_layer_and_scheme(release: Release, shown: Any, serve: Any) -> None:
    """After a reader moved the map, a new figure of the same operation leaves it there and draws the new layer."""
    origins = []

    def make(origin: str) -> Any:
        origins.append(origin)
        return map_view(release, origin).figure("light", WIDE)

    _, page, traffic = shown(make)
    where = """() => { const m = document.getElementById("m")._fullLayout.map; return [m.center.lon, m.center.lat]; }"""
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(380, 340, steps=8)
    page.wait_for_timeout(300)  # at rest before it is let go, so that the map does not glide on
    page.mouse.up()
    page.wait_for_timeout(300)
    moved = page.evaluate(where)
    assert moved[0] < VIEW.lon - 0.05
    assert moved[1] > VIEW.lat + 0.02
    after = map_view(release, origins[0], switched_on=frozenset({"crowd", "ghosts"})).figure("dark", WIDE)
    page.evaluate(
        """(text) => { const f = JSON.parse(text); window.state = "drawing";
        Plotly.react("m", f.data, f.layout).then((gd) => { const map = gd._fullLayout.map._subplot.map;
          map.once("idle", () => { window.state = "idle"; }); map.triggerRepaint(); }); }""",
        after.to_json(),
    )
    page.wait_for_function("window.state === 'idle'", timeout=60_000)
    assert page.evaluate(where) == pytest.approx(moved)
    png, c = page.screenshot(), SCHEMES["dark"]
    assert near(cut(png, 0, 0, WIDE, HIGH), c["sea"], 3) > 10_000
    x, y = spot(View(*moved, VIEW.zoom), -72.22, 18.597)  # a report from the public
    assert near(cut(png, x - 10, y - 10, x + 10, y + 10), c["ink-3"], 60) > 15
    assert traffic.errors == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_world_shows_the_operations(scheme: str, release: Release, shown: Any) -> None:
    """Land, sea, a disc an operation, rust rings where there is a break; the disclaimer is there too."""
    rows = [
        {
            "key": "a",
            "country_en": "One",
            "country_fr": "One",
            "leads": "country-a",
            "title_en": "First",
            "title_fr": "Un",
            "synthetic": False,
            "breaks": True,
            "figure": "1",
        },
        {
            "key": "b",
            "country_en": "Two",
            "country_fr": "Two",
            "leads": "country-b",
            "title_en": "Second",
            "title_fr": "Deux",
            "synthetic": True,
            "breaks": False,
            "figure": "2",
        },
    ]
    table = gpd.GeoDataFrame(rows, geometry=[Point(-72, 19), Point(8, 17)], crs="EPSG:4326")

    def make(origin: str) -> Any:
        made = WorldView(
            snapshot=laws.snapshot(table=table), words=words("fr"), origin=origin, digest=release.digest
        )
        return made.figure(scheme)

    png, page, traffic = shown(make)
    c, whole = SCHEMES[scheme], cut(png, 0, 0, WIDE, HIGH)
    assert near(whole, c["sea"], 3) > 20_000
    assert near(whole, c["land"], 3) > 20_000
    assert near(whole, c["note"], 12) > 60
    assert near(whole, c["data"], 12) > 120
    assert "reconnaissance officielle" in (page.locator(".annotation-text").text_content() or "")
    assert traffic.errors == []
    assert traffic.foreign == []

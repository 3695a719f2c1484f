"""The browser draws what the layers say: raster under the borders, half discs at their zoom, lines, incidents."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import pytest
from flask import Flask, Response, request, send_file

from data import flows_at, incidents, pairs, rasters
from data.map_settings import MapSettings
from data.store import Store
from layers import flow_points, raster
from layers import incidents as incident_layer
from layers import pairs as pair_layer
from layers.colours import LIGHT
from layers.scene import Scene
from layers.style import style
from web import boundaries
from web import rasters as served
from words import words

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
DRAWN = "document.getElementById('m')._fullLayout.map._subplot.map"
IDLE = f"""() => Promise.race([
  new Promise((done) => {{ const map = {DRAWN};
    if (map.loaded() && map.areTilesLoaded()) done(true); else map.once('idle', () => done(true)); }}),
  new Promise((done) => setTimeout(() => done(false), 20000))])"""

AGAIN = f"""async (figure) => {{
  await Plotly.react('m', figure);
  await new Promise((done) => {{ const map = {DRAWN}; map.once('idle', () => done()); map.triggerRepaint(); }}); }}"""


def bare(store: Store, figures: dict[str, Callable[[str], dict[str, Any]]]) -> Flask:
    """One map on a page of its own, by the name of its figure, with the addresses that it asks for."""
    app = Flask("map", static_folder=str(ROOT / "assets"), static_url_path="/assets")
    served.install(app, store)
    boundaries.install(app, store)
    library = ROOT / "assets" / "plotly" / "plotly-part.min.js"

    @app.get("/plotly.js")
    def script() -> Response:
        return send_file(library)

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @app.get("/<name>")
    def page(name: str) -> str:
        made = json.dumps(figures[name](request.host_url.rstrip("/")))
        start = f"Plotly.newPlot('m', {made}).then(() => {{ window.drawn = true; }})"
        ground = '<div id="map"><div id="m" style="width:900px;height:640px"></div></div>'
        scripts = '<script src="/plotly.js"></script><script src="/assets/inner.js"></script>'
        scripts += '<script src="/assets/painting.js"></script>'
        return f"<body>{ground}{scripts}<script>{start}</script>"

    return app


def figure_of(
    store: Store, layers: tuple[Any, ...], lon: float, lat: float, zoom: float
) -> Callable[[str], dict[str, Any]]:
    """The figure of some layers of the training country."""
    release, on = store.current(), date(2024, 3, 31)
    held = {
        "flow_points": flows_at.flows_at(release, "xtr-fm", on),
        "pairs": pairs.pairs_at(release, "xtr-fm", on),
        "incidents": incidents.incidents_between(release, "xtr-mt", date(2022, 1, 1), on),
        "rasters": rasters.underlays_at(release, "xtr-mt", on),
    }

    def made(origin: str) -> dict[str, Any]:
        scene = Scene(
            snapshots={name: found for name, found in held.items() if found is not None}, words=words("en"),
            colours=LIGHT, switched_on=frozenset({"boundaries"}), settings=MapSettings(pairs=20), origin=origin,
            digest=release.digest,
        )  # fmt: skip
        pictures = [layer.draw(scene) for layer in layers]
        ground = style("light", origin, release.digest, iso3s=("XTR",))
        view = {"style": ground, "zoom": zoom, "center": {"lon": lon, "lat": lat},
                "layers": [dict(o) for p in pictures for o in p.outlines]}  # fmt: skip
        traces = [t for p in pictures for t in p.traces] or [
            {"type": "scattermap", "lon": [None], "lat": [None]}
        ]
        plain: dict[str, Any] = json.loads(
            go.Figure(data=traces, layout={"map": view, "margin": dict.fromkeys("lrtb", 0)}).to_json()
        )
        return plain

    return made


@pytest.mark.browser
def test_the_layers_are_drawn(
    page: Page, requests_log: Any, serve: Callable[[Any], str], store_folder: Path, pixels: Any
) -> None:
    """Colours of each layer are in the picture, the raster lies under the borders; control: without it they are not."""
    store = Store(store_folder)
    every = (raster.LAYER, pair_layer.LAYER, flow_points.LAYER, incident_layer.LAYER)
    blue = tuple(int(LIGHT["data"][at : at + 2], 16) for at in (1, 3, 5))
    drawn = {"all": every, "flows": every[2:3], "raster": every[:1], "none": ()}
    figures = {name: figure_of(store, layers, -19.4, -28.0, 6.4) for name, layers in drawn.items()}
    address, counts = serve(bare(store, figures)), {}
    for name, layers in drawn.items():
        if name == "all":
            page.goto(address + name)
            page.wait_for_function("window.drawn === true")
        else:  # on the map that is open, as where a reader switches layers
            page.evaluate(AGAIN, figures[name](address.rstrip("/")))
        assert page.evaluate(IDLE), f"{name}: the map is never at rest"
        counts[name] = pixels(page.screenshot(), blue)
        order = page.evaluate(f"() => {DRAWN}.getStyle().layers.map((l) => l.type + ' ' + l.id)")
        kinds = [entry.split()[0] for entry in order]
        assert ("raster" in kinds) == (raster.LAYER in layers)
        if raster.LAYER in layers:
            assert order.index("fill land-XTR") < kinds.index("raster") < order.index("line areas-XTR")
    assert counts["none"] < 50
    assert counts["raster"] < 50
    assert counts["flows"] > 1_500
    assert counts["all"] > counts["flows"]
    assert any("/rasters/" in url for url in requests_log.urls)
    assert [error for error in requests_log.errors if "favicon" not in error and "404" not in error] == []


@pytest.mark.browser
def test_half_discs_keep_their_size(
    page: Page, serve: Callable[[Any], str], store_folder: Path, pixels: Any
) -> None:
    """Three levels closer they are as large on the screen as before; a polygon alone would be eight times as wide."""
    store = Store(store_folder)
    table = flows_at.flows_at(store.current(), "xtr-fm", date(2024, 3, 31)).table
    table = table[table["into"] > 0]
    apart = [sorted(one.distance(other) for other in table.geometry)[1] for one in table.geometry]
    row = table.iloc[apart.index(max(apart))]  # the point with the widest empty stretch around it
    blue = tuple(int(LIGHT["data"][at : at + 2], 16) for at in (1, 3, 5))
    seen, at = [], (row.geometry.x, row.geometry.y)
    page.goto(serve(bare(store, {"one": figure_of(store, (flow_points.LAYER,), *at, 7.5)})) + "one")
    page.wait_for_function("window.drawn === true")
    for zoom in (7.5, 10.5):
        page.evaluate(f"() => {{ {DRAWN}.jumpTo({{ zoom: {zoom} }}); }}")
        assert page.evaluate(IDLE)
        middle: Any = {"x": 418, "y": 288, "width": 80, "height": 80}  # the map begins 8 px from the corner
        seen.append(pixels(page.screenshot(clip=middle), blue))
    assert min(seen) > 200
    assert max(seen) / min(seen) < 1.5

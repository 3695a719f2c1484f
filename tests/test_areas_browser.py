"""Areas in a browser without a network: colours and hatches on the map, few as polygons and many as tiles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, send_file

from callbacks import area_texts
from data import queries
from data.area_figures import areas_of
from data.area_marks import marks_of
from data.geo import view_for
from data.map_settings import MapSettings
from data.model import Snapshot
from data.store import Release, Store
from layers import areas
from layers.area_legend import shades
from layers.area_rows import cells
from layers.colours import LIGHT, colours
from layers.scene import NO_TRACE, Picture, Scene
from layers.style import style
from tests.conftest import Traffic
from web import boundaries, tiles
from words import words

ROOT = Path(__file__).resolve().parents[1]
WIDE, HIGH = 760, 600
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><style>body{margin:0}#m{width:760px;height:600px}</style>
<div id="map"><div id="m"></div></div><div id="map-areas"></div>
<script src="/plotly.js"></script><script src="/assets/inner.js"></script><script src="/assets/painting.js"></script>
<script src="/assets/areas.js"></script><script>
window.state = "drawing"; window.ask = window.fetch;
window.settled = () => new Promise((done) => {
  const map = document.getElementById("m")._fullLayout.map._subplot.map;
  map.once("idle", () => done(true)); map.triggerRepaint(); setTimeout(() => done(false), 20000);
});
fetch("/figure").then((r) => r.json()).then(async (f) => {
  await Plotly.newPlot("m", f.data, f.layout, {displayModeBar: false});
  await window.settled();
  if (f.manifest) { document.getElementById("map-areas").dataset.manifest = JSON.stringify(f.manifest); }
  window.state = "idle";
}).catch((e) => { window.state = "failed: " + e; });
</script></html>"""
# Another date or measure on the map that is open, as the page brings it.
AGAIN = """async ([figure, search]) => {
  history.pushState(null, "", search);
  await Plotly.react("m", figure.data, figure.layout, {displayModeBar: false});
  return window.settled(); }"""
# The tiles are taken away and come again, as for a map that has just opened.
ANEW = """async ([made, search]) => {
  const box = document.getElementById("map-areas"), map = document.getElementById("m")._fullLayout.map._subplot.map;
  window.fetch = window.ask;
  delete box.dataset.manifest;
  while (map.getSource("sl-areas")) { await new Promise((go) => setTimeout(go, 20)); }
  history.pushState(null, "", search);
  delete document.documentElement.dataset.areas;
  siteline.areas.state.cache.clear();
  box.dataset.manifest = made; }"""

pytestmark = pytest.mark.browser


@dataclass
class Shown:
    """A map in the browser and what it was made from."""

    page: Any
    traffic: Any
    scene: Scene
    png: bytes


@dataclass
class Window:
    """One window for the maps of this file: a page that loads draws the ground first, which costs most of a test."""

    page: Any
    traffic: Traffic
    stands: Any = None  # what is drawn on the map that is open; None where a test has changed more than that


@pytest.fixture(scope="module")
def window(profile: Any) -> Iterator[Window]:
    """An empty window."""
    page = profile.new_page()
    page.set_viewport_size({"width": WIDE, "height": HIGH})
    page.set_default_timeout(30_000)
    yield Window(page, Traffic(page))
    page.close()


@pytest.fixture
def shown(
    store_folder: Path, release: Release, serve: Callable[[Any], str], window: Window
) -> Iterator[Callable[..., Shown]]:
    """Opens a map of the areas of the training country; nothing may leave the machine.

    Polygons are drawn on the map that is open if that has none but polygons, and so are the same tiles; else the page
    is loaded anew, and also after a test that says that it leaves the map `spoilt`.
    """
    app = Flask("areas-under-test", static_folder=None)
    store = Store(store_folder)
    boundaries.install(app, store)
    tiles.install(app, store)
    area_texts.register(app, store)
    held: dict[str, Any] = {}

    @app.get("/")
    def bare() -> str:
        return PAGE

    @app.get("/plotly.js")
    def library() -> Response:
        return send_file(ROOT / "assets" / "plotly" / "plotly-part.min.js")

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @app.get("/assets/<path:name>")
    def assets(name: str) -> Response:
        return send_file(ROOT / "assets" / name)

    @app.get("/figure")
    def figure() -> Response:
        return Response(json.dumps(held["figure"]), mimetype="application/json")

    origin = serve(app).rstrip("/")
    page, traffic = window.page, window.traffic
    traffic.urls.clear()
    traffic.errors.clear()

    def draw(number: int, *, scheme: str = "light", spoilt: bool = False, **settings: Any) -> Shown:
        on = queries.catalogue(release).round("xtr-mt", number).period.last
        made = MapSettings(**settings)
        scene = Scene(
            snapshots={"areas": areas_of(release, "xtr-mt", on, made)}, words=words("en"), colours=colours(scheme),
            switched_on=frozenset({"areas", "boundaries"}), settings=made, origin=origin, digest=release.digest,
        )  # fmt: skip
        picture = areas.draw(scene)
        held["figure"] = figure = figure_of(scene, picture, scheme)
        search, tiled = f"?op=xtr-mt&round={number}&{made.to_query()}", figure["manifest"]
        drawn, window.stands = window.stands, None
        now = (scheme, json.dumps(figure)) if tiled else (scheme, "polygons")
        page.mouse.move(0, HIGH - 1)
        if drawn != now:
            page.goto(f"{origin}/{search}")
            page.wait_for_function("window.state !== 'drawing'", timeout=60_000)
            assert page.evaluate("window.state") == "idle"
        elif tiled:
            page.evaluate(ANEW, [json.dumps(tiled), search])
        else:
            assert page.evaluate(AGAIN, [figure, search])
        page.wait_for_timeout(300)
        window.stands = None if spoilt else now
        return Shown(page, traffic, scene, page.screenshot())

    yield draw
    assert traffic.foreign == []


def figure_of(scene: Scene, picture: Picture, scheme: str) -> dict[str, Any]:
    """A figure of the areas alone."""
    west, south, east, north = (-22.5, -30.5, -18.5, -26.0)
    view = view_for((west, south, east, north), WIDE, HIGH)
    ground = style(scheme, scene.origin, scene.digest, iso3s=("XTR",))
    return {
        "data": list(picture.traces) or [NO_TRACE],
        "layout": {
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "width": WIDE, "height": HIGH,
            "map": {"style": ground, "center": {"lon": view.lon, "lat": view.lat}, "zoom": view.zoom,
                    "layers": list(picture.outlines)},
        },
        "manifest": areas.manifest(scene),
    }  # fmt: skip


def on_of(release: Release, number: int) -> date:
    """The last day of a round."""
    return queries.catalogue(release).round("xtr-mt", number).period.last


def rows_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The rows of a snapshot by the names of their cells."""
    return [{str(k): v for k, v in row.items()} for row in snapshot.table.to_dict("records")]


def rgb(colour: str) -> tuple[int, int, int]:
    """#RRGGBB as three numbers."""
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def test_every_class_is_seen(shown: Callable[..., Shown], pixels: Callable[..., int]) -> None:
    """Each class of districts has its colour on the map, nothing failed, and a click knows the area."""
    found = shown(24, measure="people", level="adm2")
    made = marks_of(found.scene.snapshots["areas"], found.scene.settings)
    assert len(made.classes.classes) == 5
    for c in made.classes.classes:
        assert pixels(found.png, rgb(shades(made, LIGHT)[c.code])) > 400
    assert found.traffic.errors == []
    found.page.evaluate(
        "() => { window.hit = null;"
        " document.getElementById('m').on('plotly_click', (e) => { window.hit = e.points[0].customdata[0]; }); }"
    )
    found.page.mouse.click(WIDE / 2, HIGH / 2)
    found.page.wait_for_function("window.hit !== null")
    assert found.page.evaluate("window.hit") in set(found.scene.snapshots["areas"].table["pcode"])


def test_a_break_is_hatched_on_the_map(shown: Callable[..., Shown], pixels: Callable[..., int]) -> None:
    """Round 18 has a new definition: the map has the ink of notes and not one colour of change."""
    broken = shown(18, measure="change", level="adm2", since="16")
    assert pixels(broken.png, rgb(LIGHT["note"])) > 2_000
    assert all(pixels(broken.png, rgb(LIGHT[f"div-{n}"])) < 30 for n in (1, 2, 4, 5))
    whole = shown(24, measure="change", level="adm2")  # control: nothing lies between 23 and 24
    assert pixels(whole.png, rgb(LIGHT["note"])) < 30
    assert pixels(whole.png, rgb(LIGHT["div-2"])) + pixels(whole.png, rgb(LIGHT["div-1"])) > 2_000


def states(page: Any) -> dict[str, int]:
    """The code of every area that is drawn, by P-code."""
    found: dict[str, int] = page.evaluate(
        """() => { const map = document.getElementById("m")._fullLayout.map._subplot.map, found = {};
        map.queryRenderedFeatures({ layers: ["sl-areas"] }).forEach((f) => { found[f.properties.pcode] = f.state.c; });
        return found; }"""
    )
    return found


def drawings(page: Any, script: str) -> int:
    """How often the map is drawn for what a script does, within some frames of it."""
    found: int = page.evaluate(
        """async (script) => {
        const map = window.siteline.areas.state.map, heard = () => { drawn += 1; };
        let drawn = 0;
        map.on('render', heard);
        await (0, eval)(script);
        for (let frame = 0; frame < 5; frame += 1) { await new Promise(requestAnimationFrame); }
        map.off('render', heard);
        return drawn; }""",
        script,
    )
    return found


def test_many_areas_are_tiles_that_change_with_the_address(
    shown: Callable[..., Shown], release: Release, pixels: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Communes as tiles: each drawn area has the code of the table; another round in the address recolours them."""
    monkeypatch.setattr(areas, "TILES_FROM", 100)
    found = shown(24, measure="people", level="adm3")
    page = found.page
    page.wait_for_function("document.documentElement.dataset.areas === 'tiles:250'")
    assert page.evaluate("window.settled()")

    def expected(number: int) -> dict[str, int]:
        snapshot = areas_of(release, "xtr-mt", on_of(release, number), found.scene.settings)
        codes = marks_of(snapshot, found.scene.settings).codes
        return dict(zip(snapshot.table["pcode"], codes.tolist(), strict=True))

    drawn, all_ = states(page), expected(24)
    assert len(drawn) > 200
    assert drawn == {code: all_[code] for code in drawn}
    made = marks_of(found.scene.snapshots["areas"], found.scene.settings)
    png = page.screenshot()
    for c in made.classes.classes:
        assert pixels(png, rgb(shades(made, LIGHT)[c.code])) > 300
    page.evaluate("() => history.pushState(null, '', location.search.replace('round=24', 'round=20'))")
    page.wait_for_function("window.siteline.areas.state.cache.size === 2")
    assert page.evaluate("window.settled()")
    after, all_ = states(page), expected(20)
    assert after == {code: all_[code] for code in after}
    assert after != drawn  # control: the two rounds differ
    assert "round=20&" in page.evaluate("document.getElementById('map-areas').dataset.shown")
    assert drawings(page, "siteline.areas.draw()") == 0  # the page beside the map is made anew: the same view
    assert drawings(page, "siteline.areas.state.map.triggerRepaint()") > 0  # control
    page.mouse.move(WIDE / 2, HIGH / 2)
    page.wait_for_function("document.querySelectorAll('#map-areas-name > *').length > 2")
    over = page.eval_on_selector_all("#map-areas-name > *", "(all) => all.map((e) => e.textContent)")
    table = areas_of(release, "xtr-mt", on_of(release, 20), found.scene.settings)
    said = [list(filter(None, cells(row, table, "people", words("en")).values())) for row in rows_of(table)]
    assert over in said
    page.evaluate("() => { delete document.getElementById('map-areas').dataset.manifest; }")
    page.wait_for_function("!document.getElementById('m')._fullLayout.map._subplot.map.getSource('sl-areas')")
    assert found.traffic.errors == []


def test_another_measure_has_its_colours_and_hatches(
    shown: Callable[..., Shown], release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After people a rate: its codes wait for what the page says of them, then what is partly counted is hatched."""
    monkeypatch.setattr(areas, "TILES_FROM", 100)
    found = shown(24, measure="people", level="adm3")
    page, scene = found.page, found.scene
    page.wait_for_function("document.documentElement.dataset.areas === 'tiles:250'")
    hatched = "Math.max(...siteline.areas.state.codes) >= 64"
    assert not page.evaluate(hatched)
    before = page.evaluate("document.getElementById('map-areas').dataset.shown")
    page.evaluate(
        "() => history.pushState(null, '', location.search.replace('measure=people', 'measure=rate'))"
    )
    assert (
        page.evaluate("siteline.areas.draw()") is False
    )  # something else of the map changed: still those of people
    assert page.evaluate("document.getElementById('map-areas').dataset.shown") == before
    settings = replace(scene.settings, measure="rate")
    rate = areas_of(release, "xtr-mt", on_of(release, 24), settings)
    made = areas.manifest(replace(scene, snapshots={**scene.snapshots, "areas": rate}, settings=settings))
    assert made is not None
    page.evaluate(
        "(made) => { document.getElementById('map-areas').dataset.manifest = JSON.stringify(made); }", made
    )
    page.wait_for_function(hatched)
    layers = "siteline.areas.state.map.getLayersOrder().filter((id) => /^sl-areas-(?!edges)/.test(id))"
    patterns = page.evaluate(
        f"{layers}.map((id) => siteline.areas.state.map.getPaintProperty(id, 'fill-opacity') || [])"
    )
    codes = {code for one in patterns if one for code in one[2]}
    assert codes >= {code for code in page.evaluate("[...siteline.areas.state.codes]") if code >= 64}
    assert found.traffic.errors == []


def test_the_page_waits_for_the_map_and_no_longer(
    shown: Callable[..., Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another date is waited for until it is painted; what the areas do not follow, or show already, is not."""
    monkeypatch.setattr(areas, "TILES_FROM", 100)
    page = shown(24, measure="people", level="adm3").page
    page.wait_for_function("document.documentElement.dataset.areas === 'tiles:250'")
    rest = "window.sitelineAreas.rest(location.pathname, location.search{})"
    assert page.evaluate(f"{rest.format('')} === null")
    assert page.evaluate(f"""{rest.format(".replace('adm3', 'adm2')")} === null""")
    assert page.evaluate(f"""{rest.format(".replace('people', 'rate')")} === null""")
    assert page.evaluate("window.sitelineAreas.rest('/trends', location.search) === null")
    assert page.evaluate("window.sitelineAreas.rest(location.search) === null")
    assert page.evaluate(
        """async () => {
          const waits = window.sitelineAreas.rest(location.pathname, location.search.replace("round=24", "round=20"));
          history.pushState(null, "", location.search.replace("round=24", "round=20"));
          await waits;
          const map = document.getElementById("m")._fullLayout.map._subplot.map;
          return window.siteline.areas.state.shown.includes("round=20") && map.loaded();
        }"""
    )
    assert page.evaluate(
        """async () => {  /* control: with no answer at all the page goes on after a while */
          window.fetch = () => new Promise(() => {});
          const waits = window.sitelineAreas.rest(location.pathname, location.search.replace("round=20", "round=16"));
          history.pushState(null, "", location.search.replace("round=20", "round=16"));
          await waits;
          return !window.siteline.areas.state.shown.includes("round=16");
        }"""
    )


def test_no_colour_of_another_date_stays(
    shown: Callable[..., Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late answer is not painted over a newer view; where none comes, nothing is coloured and it is said."""
    monkeypatch.setattr(areas, "TILES_FROM", 100)
    page = shown(24, measure="people", level="adm3").page
    page.wait_for_function("document.documentElement.dataset.areas === 'tiles:250'")
    assert page.evaluate("window.settled()")
    first = states(page)
    assert len(first) > 200
    assert page.evaluate(
        """async () => {
          const to = (n) => history.pushState(null, "", location.search.replace(/round=\\d+/, "round=" + n));
          const ask = window.fetch; let late;
          window.fetch = (url) => new Promise((done) => { late = () => ask(url).then(done); });
          to(20); to(24); late();  /* 24 is kept from before, and the answer of 20 comes after it, though aborted */
          await new Promise((done) => setTimeout(done, 1500));
          window.fetch = ask;
          return window.siteline.areas.state.cache.size;
        }"""
    ) in {1, 2}
    assert page.evaluate("window.settled()")
    assert states(page) == first
    page.evaluate(
        """() => { window.fetch = () => Promise.reject(new Error("no line"));
        history.pushState(null, "", location.search.replace("round=24", "round=18")); }"""
    )
    page.wait_for_function("document.documentElement.dataset.areas === 'failed'")
    assert page.evaluate("window.settled()")
    assert set(states(page).values()) <= {None}
    assert "could not be fetched" in page.inner_text("#map-areas")


def test_without_the_way_into_the_map_plain_polygons_are_asked_for(
    shown: Callable[..., Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Plotly hides its map, the script says so and asks for the plain drawing; with it, it does not (control)."""
    monkeypatch.setattr(areas, "TILES_FROM", 100)
    found = shown(24, measure="people", level="adm3", spoilt=True)
    page = found.page
    page.wait_for_function("document.documentElement.dataset.areas === 'tiles:250'")
    page.evaluate(
        """() => { window.asked = ""; window.siteline.fallback = (why) => { window.asked = why; };
        document.getElementById("m")._fullLayout.map._subplot.map = null; window.siteline.areas.draw(); }"""
    )
    page.wait_for_function("document.documentElement.dataset.areas === 'plain'")
    assert page.evaluate("window.asked") == "areas"


def test_two_maps_each_have_their_areas(
    shown: Callable[..., Shown], release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second map has the codes of its own date in the classes of both, and follows the address as the first."""
    monkeypatch.setattr(areas, "TILES_FROM", 100)
    found = shown(24, measure="people", level="adm3", vs="20", spoilt=True)
    page = found.page
    page.wait_for_function("document.documentElement.dataset.areas === 'tiles:250'")
    settings = MapSettings(measure="people", level="adm3")
    made = areas.manifest(found.scene, graph="m-two", moment="vs", first="24")
    page.evaluate(
        """async ([made, data, map]) => {
          const box = document.createElement("div");
          box.innerHTML = '<div id="m-two"></div><div id="map-areas-two"></div>';
          document.body.append(box);
          await Plotly.newPlot("m-two", data, {width: 500, height: 400, map: map}, {displayModeBar: false});
          document.getElementById("map-areas-two").dataset.manifest = made; }""",
        [json.dumps(made), [NO_TRACE], figure_of(found.scene, Picture(), "light")["layout"]["map"]],
    )  # fmt: skip
    page.wait_for_function("document.documentElement.dataset.areasTwo === 'tiles:250'")

    def codes(number: int, other: int) -> list[int]:
        one, beside = (areas_of(release, "xtr-mt", on_of(release, n), settings) for n in (number, other))
        return list(map(int, marks_of(one, settings, beside).codes))

    def held(which: str) -> list[int]:
        return list(page.evaluate(f"Array.from(window.siteline.areas.{which}.codes)"))

    assert held("state") == codes(24, 20)
    assert held("second") == codes(20, 24) != codes(24, 20)
    page.evaluate("() => history.pushState(null, '', location.search.replace('vs=20', 'vs=22'))")
    page.wait_for_function("window.siteline.areas.second.shown.includes('round=22')")
    assert held("second") == codes(22, 24)
    assert held("state") == codes(24, 22)  # the first one is in the classes of both


def test_the_private_way_into_the_map_is_there(shown: Callable[..., Shown]) -> None:
    """Plotly's own MapLibre is reached as `assets/inner.js` does; after an upgrade that hides it, this test says so."""
    page = shown(24, measure="people", level="adm1").page
    hook = "document.getElementById('m')._fullLayout.map._subplot.map"
    for name in ("addLayer", "addSource", "setFeatureState", "addImage", "queryRenderedFeatures"):
        assert page.evaluate(f"typeof {hook}.{name}") == "function", f"Plotly's map has no {name} any more"


HOVERED = (
    """() => [...document.querySelectorAll("#m .hoverlayer .hovertext text")].map((one) => one.textContent)"""
)


@pytest.mark.parametrize(
    ("number", "settings", "told"),
    [
        pytest.param(24, {"measure": "rate", "level": "adm1"}, ["per 1,000 residents", "residents of 2025"], id="rate"),
        pytest.param(18, {"measure": "change", "level": "adm1", "since": "16"}, ["A break lies"], id="broken"),
        pytest.param(17, {"measure": "people", "level": "adm1"}, ["Withdrawn with the whole round."], id="none"),
        pytest.param(24, {"measure": "coverage", "level": "adm1"}, ["of listed sites visited"], id="coverage"),
    ],
)  # fmt: skip
def test_every_kind_of_area_is_told_below_the_pointer(
    shown: Callable[..., Shown], number: int, settings: dict[str, str], told: list[str]
) -> None:
    """Classed, hatched by a break, without a value: the box has the row of the table, with its date."""
    found = shown(number, **settings)
    snapshot = found.scene.snapshots["areas"]
    row = snapshot.table.iloc[3]
    point = row.geometry
    x, y = found.page.evaluate(
        """([lon, lat]) => { const at = document.getElementById("m")._fullLayout.map._subplot.map.project([lon, lat]);
        return [at.x, at.y]; }""",
        [point.x, point.y],
    )
    found.page.mouse.move(x - 3, y)
    found.page.mouse.move(x, y)
    found.page.wait_for_function("document.querySelector('#m .hoverlayer .hovertext')")
    box = " ".join(found.page.evaluate(HOVERED))
    plain = {str(name): cell for name, cell in row.to_dict().items()}
    for text in filter(None, cells(plain, snapshot, settings["measure"], words("en")).values()):
        assert text in box
    assert row["name"] in box
    assert str(row["last"].year) in box
    assert all(part in box for part in told)

"""A map is painted once what it shows is there, not with each part that comes, and no missing part holds it back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from flask import Flask, Response, request, send_file

from tests.places import ROOT

pytestmark = pytest.mark.browser

PAINTING = "".join(
    (ROOT / "assets" / name).read_text(encoding="utf-8") for name in ("inner.js", "painting.js")
)
PATIENT = PAINTING.replace(
    "LONGEST_MS = 2000", "LONGEST_MS = 60000"
)  # a slow machine is no line that is slow
FORGETS = PATIENT.replace("if (known && ", "if (")  # leaves out the very first painting too
STANDS = PATIENT.replace("(!opened || view === painted) && ", "")  # waits for what a map that moves will show
ONCE = PATIENT.replace("opened = true;", "opened = true; delete painter.render;")  # forgets what comes later
PARTS = 24
BETWEEN_S = 0.05  # each part of the ground comes so much after the one before
COUNT = """
(() => { window.painted = 0;
  const clear = WebGL2RenderingContext.prototype.clear;
  WebGL2RenderingContext.prototype.clear = function (mask) {  // the map wipes its canvas once for each picture
    if ((mask & 0x4000) && this.canvas.isConnected) { window.painted += 1; }
    return clear.call(this, mask);
  };
})();"""
PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><script>{COUNT}</script>
<div id="map" style="width:400px;height:300px"></div><script src="/plotly.js"></script><script>__SCRIPT__</script>
<script>
  window.inner = () => document.getElementById("map")._fullLayout.map._subplot.map;
  const sources = {{}}, layers = [{{ id: "sea", type: "background", paint: {{ "background-color": "#eee" }} }}];
  for (let part = 0; part < {PARTS}; part += 1) {{
    sources["s" + part] = {{ type: "geojson", data: location.origin + "/ground/" + part }};
    layers.push({{ id: "l" + part, source: "s" + part, type: "fill", paint: {{ "fill-color": "#18a048" }} }});
  }}
  const place = {{ style: {{ version: 8, sources, layers }}, center: {{ lon: 0, lat: 0 }}, zoom: 1 }};
  const draw = () => Plotly.newPlot("map", [{{ type: "scattermap", lon: [0], lat: [0] }}], {{ map: place }});
  addEventListener("load", () => draw().then(
    () => {{ window.inner().on("idle", () => {{ window.rests = true; }}); window.inner().triggerRepaint(); }}));
  window.again = () => {{ window.rests = false; window.painted = 0;
    for (let part = 0; part < {PARTS}; part += 1) {{
      window.inner().getSource("s" + part).setData(location.origin + "/ground/" + part + "?again=1"); }} }};
  window.rendered = () => new Promise((done) => {{
    window.inner().once("render", () => done(window.painted)); window.inner().triggerRepaint(); }});
</script></html>"""
GREEN = (0x18, 0xA0, 0x48)


def square(part: int) -> dict[str, Any]:
    """A part of the ground, beside all others."""
    west, south = 20 * (part % 6) - 60, 14 * (part // 6) - 30
    ring = [[west, south], [west + 15, south], [west + 15, south + 10], [west, south + 10], [west, south]]
    return {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture
def map_of(serve: Any, open_page: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Opens a map whose ground comes part by part, under a script, in one window that keeps what it compiled.

    Each part can be asked for anew; the last of the first ones (`held=""`) or of those (`held="1"`) waits for `come`.
    """
    served, held, come = Flask("painting-under-test", static_folder=None), [""], Event()
    scripts: list[str] = []
    page, _ = open_page()

    @served.get("/map/<int:script>")
    def map_page(script: int) -> Response:
        return Response(PAGE.replace("__SCRIPT__", scripts[script]), mimetype="text/html")

    @served.get("/plotly.js")
    def library() -> Response:
        return send_file(ROOT / "assets" / "plotly" / "plotly-part.min.js", max_age=3600)

    @served.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @served.get("/ground/<int:part>")
    def ground(part: int) -> dict[str, Any]:
        if part == PARTS - 1 and request.args.get("again", "") == held[0]:
            come.wait(60)
        time.sleep(BETWEEN_S * (part % 6))  # a browser asks one address for six things at a time
        return square(part)

    address = serve(served)

    def opened(script: str, waits: str | None = None) -> tuple[Any, Event]:
        held[0] = "nothing" if waits is None else waits
        come.clear()
        scripts.append(script)
        page.goto(f"{address}map/{len(scripts) - 1}")
        if waits != "":
            page.wait_for_function("window.rests")
        return page, come

    yield opened
    come.set()


def repaintings(page: Any) -> int:
    """How often it is painted until each part was replaced by another."""
    page.evaluate("window.again()")
    page.wait_for_function("window.rests")
    return int(page.evaluate("window.painted"))


def test_a_map_is_not_painted_with_each_part_of_its_ground(
    map_of: Callable[..., Any], pixels: Callable[[bytes, tuple[int, int, int]], int]
) -> None:
    """Half of the paintings at most, when it opens and when its parts change, with all that has come.

    Controls: without, and where only the opening is waited for, there are many; where the very first painting is left
    out, parts are missing.
    """
    assert len({PAINTING, PATIENT, FORGETS, STANDS, ONCE}) == 5
    page, _ = map_of("")
    many = page.evaluate("window.painted")
    assert many >= PARTS / 3  # control
    whole = pixels(page.screenshot(), GREEN)
    assert whole > PARTS * 400
    assert page.evaluate("window.inner()._fadeDuration") > 0  # control
    map_of(ONCE)
    more = repaintings(page)
    assert more >= PARTS / 3  # control
    map_of(FORGETS)
    assert pixels(page.screenshot(), GREEN) < whole  # control: what comes before a first painting is lost
    map_of(PATIENT)
    assert page.evaluate("window.painted") * 2 <= many
    assert pixels(page.screenshot(), GREEN) == whole
    assert page.evaluate("window.inner()._fadeDuration") == 0
    assert repaintings(page) * 2 <= more
    assert pixels(page.screenshot(), GREEN) == whole


@pytest.mark.parametrize("again", ["", "1"])
def test_a_part_that_does_not_come_holds_nothing_up(map_of: Callable[..., Any], again: str) -> None:
    """What has come is painted all the same, of a map that opens and of one whose parts change.

    Control: the map is not at rest until the last part is there.
    """
    page, come = map_of(PAINTING, waits=again)
    if again:
        page.evaluate("window.again()")
    page.wait_for_function("window.painted > 0")
    assert not page.evaluate("window.rests")  # control
    come.set()
    page.wait_for_function("window.rests")


def test_a_map_that_moves_is_painted_without_what_is_missing(map_of: Callable[..., Any]) -> None:
    """Another view is painted at once, the same one again is not; control: a script that waits shows neither."""
    for script, painted in ((PATIENT, 1), (STANDS, 0)):
        page, come = map_of(script, waits="1")
        page.evaluate("window.again()")
        before = page.evaluate("window.rendered()")
        assert page.evaluate("window.rendered()") == before
        page.evaluate("window.inner().jumpTo({ zoom: 2 })")
        assert page.evaluate("window.rendered()") == before + painted
        come.set()
        page.wait_for_function("window.rests")
        assert page.evaluate("window.painted") > before + painted

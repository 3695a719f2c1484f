"""The map on a phone and by keyboard, the start page without WebGL, and slow answers: what only a browser shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from pages.map_table import SIZE
from tests.reader import Reader

pytestmark = pytest.mark.browser

WIDE, HIGH, LEAST = 390, 844, 44  # pixels of a phone, and of what a finger needs
SHARE = """() => { const box = document.querySelector('.mapbox').getBoundingClientRect();
  return Math.max(0, Math.min(innerHeight, box.bottom) - Math.max(0, box.top)) / box.height; }"""
# What is pressed above the map: the point is pressed, not only drawn, so a wider field around a small mark counts.
SMALL = """(least) => { const far = least / 2 - 1, small = [];
  const pressed = '.top a, .top button, .sel button, .sel input, .tl a, .tl button, .tl summary';
  document.querySelectorAll(pressed).forEach((e) => {
    const box = e.getBoundingClientRect();
    if (box.width && (box.width < least || box.height < least)) { small.push(e.id || e.textContent); } });
  const thumb = document.querySelector('.tl [role=slider]'), at = thumb.getBoundingClientRect();
  const x = at.left + at.width / 2, y = at.top + at.height / 2;
  [[0, far], [0, -far], [far, 0], [-far, 0]].forEach(([dx, dy]) => {
    const hit = document.elementFromPoint(x + dx, y + dy);
    if (!hit || !hit.closest('.tl-slider')) { small.push('thumb ' + dx + ' ' + dy); } });
  return small; }"""
OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
BAD = "html .mapgrid .tl .btn.plain { min-height: 30px !important; } #map-time .tl-slider { height: 6px !important; }"


HERE = """(inside) => { const e = document.activeElement, box = e.getBoundingClientRect();
  return { tag: e.tagName, inside: !!e.closest(inside), seen: box.top < innerHeight && box.bottom > 0 }; }"""


def test_the_map_is_in_the_first_screen_of_a_phone(url: str, open_page: Callable[..., Any]) -> None:
    """At least three fifths of it, nothing wider than the screen, all controls above it large enough for a finger.

    So it is of an operation with few dates, of one with many, and in French; each is loaded by its address.
    """
    page, _ = open_page(viewport={"width": WIDE, "height": HIGH}, has_touch=True)
    for search in ("?op=hti-eq2010", "?op=xtr-mt", "?op=xtr-mt&lang=fr"):
        page.goto(f"{url.rstrip('/')}/map{search}")
        page.wait_for_selector("#map .js-plotly-plot .maplibregl-canvas", timeout=60_000)
        assert page.evaluate(SHARE) >= 0.6, search
        assert page.evaluate(OVER) <= 0, search
        assert page.evaluate(SMALL, LEAST) == [], search
        page.locator("#known-fold > summary").click()
        assert page.locator("#known-fold [role=slider]").is_visible()
        assert page.evaluate(OVER) <= 0, search
        page.add_style_tag(content=BAD)
        assert len(page.evaluate(SMALL, LEAST)) > 1, "control"


def test_the_first_tabs_lead_to_map_filters_and_table(reader: Reader) -> None:
    """Each link shows when it has the focus, and Enter brings the focus to its part, which is opened and in sight."""
    page = reader.page
    reader.open("/map?op=hti-eq2010")
    page.wait_for_selector("#map .js-plotly-plot .maplibregl-canvas", timeout=60_000)
    parts = {
        "main": "main",
        "map": "#map",
        "map-filter-fold": "[open] > summary",
        "map-table": "[open] > summary",
    }
    assert page.locator("#skip-map").bounding_box()["y"] < 0, "control: out of sight without the focus"
    for part in parts:
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.id") == f"skip-{part}"
        assert page.locator(f"#skip-{part}").bounding_box()["y"] >= 0
    for part, inside in parts.items():
        page.locator(f"#skip-{part}").focus()
        page.keyboard.press("Enter")
        found = page.evaluate(HERE, inside)
        assert found["inside"], (part, found)
        assert part == "main" or found["seen"], (part, found)
    assert page.url.endswith("?op=hti-eq2010")


MARKS = """() => { const gd = document.querySelector('#world .js-plotly-plot'), map = gd._fullLayout.map._subplot.map;
  const box = map.getCanvas().getBoundingClientRect(), marks = gd._fullData[0], found = {};
  marks.lon.forEach((lon, nth) => { const at = map.project([lon, marks.lat[nth]]);
    const key = marks.customdata[nth][1], size = Math.max(marks.marker.size[nth], (found[key] || [])[2] || 0);
    found[key] = [at.x + box.left, at.y + box.top, size]; });
  return { found, box: [box.left, box.top, box.right, box.bottom],
    numbers: map.queryRenderedFeatures().map((one) => one.properties.text).filter(Boolean).sort() }; }"""
AT_REST = """() => { const gd = document.querySelector('#world .js-plotly-plot');
  const map = gd && gd._fullLayout && gd._fullLayout.map._subplot && gd._fullLayout.map._subplot.map;
  return map && map.loaded() && map.queryRenderedFeatures().some((one) => one.properties.text); }"""


def touching(found: dict[str, list[float]]) -> list[tuple[str, str]]:
    """The marks of which one covers a part of another."""
    return [
        (one, other)
        for one, (x, y, size) in found.items()
        for other, (u, v, wide) in found.items()
        if one < other and ((x - u) ** 2 + (y - v) ** 2) ** 0.5 < (size + wide) / 2
    ]


def test_each_mark_of_the_world_is_seen_and_pressed_on_a_phone(reader: Reader) -> None:
    """None covers another; one operation opens, several are led to in the list; control: two at one place touch."""
    page = reader.page
    page.set_viewport_size({"width": WIDE, "height": HIGH})
    reader.open("/")
    reader.until(AT_REST)
    told = page.evaluate(MARKS)
    found, (left, top, right, bottom) = told["found"], told["box"]
    assert touching(found) == []
    assert touching(found | {"again": found["country-synthetic"]}) != []  # control
    assert all(left < x < right and top < y < bottom for x, y, _ in found.values())
    several = [key for key in found if key.startswith("country-")]
    listed = {key: page.locator(f"#{key} ~ .op").count() for key in several}
    assert told["numbers"] == ["2", "7"]
    assert listed["country-synthetic"] == 7
    under = "() => document.querySelector('#world .js-plotly-plot')._hoverdata?.[0]?.customdata[1]"
    for key, (x, y, _) in found.items():
        page.mouse.move(x, y)
        reader.until(f"() => ({under})() === '{key}'")
    for key in [*several, "op-hti-eq2010"]:
        x, y, _ = found[key]
        for _ in range(2 if key in several else 1):  # the same mark can be pressed again
            page.evaluate("window.scrollTo(0, 0)")
            page.locator("#to-start").focus()
            page.mouse.move(x, y)
            reader.until(f"() => ({under})() === '{key}'")
            page.mouse.click(x, y)
            if key in several:
                reader.until(f"() => document.activeElement.id === '{key}'")
                assert page.evaluate(HERE, "main")["seen"]
    reader.address("op=hti-eq2010")


NO_WEBGL = """const asked = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return /webgl/.test(kind) ? null : asked.call(this, kind, ...more); };"""


def test_the_start_page_without_webgl_has_a_picture(url: str, open_page: Callable[..., Any]) -> None:
    """The server's picture stands in place of the map, with the reason; control: with WebGL it is not asked for."""
    page, traffic = open_page()
    page.goto(url)
    page.wait_for_selector(".ops a")
    page.wait_for_selector("#world .js-plotly-plot")
    assert not page.locator("#world-picture").is_visible()
    assert not any("world.png" in asked for asked in traffic.urls)
    page.add_init_script(NO_WEBGL)
    page.goto(url)
    page.wait_for_selector(".ops a")
    page.wait_for_selector("#world-picture img")
    page.wait_for_function(
        "() => document.querySelector('#world-picture img').naturalWidth > 0", timeout=60_000
    )
    assert "no WebGL" in page.locator("#world-picture").inner_text()
    assert not page.locator(".worldbox").is_visible()
    page.locator("#op-hti-eq2010").click()
    page.wait_for_url(re.compile("op=hti-eq2010"))


SLOW = """() => { const asked = window.plain = window.fetch; window.late = 0; window.fetch = async (...what) => {
  const body = String((what[1] || {}).body || ''), held = body.includes('page=2') && body.includes('map-below');
  window.sent = window.sent || held;
  const answer = await asked(...what);
  if (held) { await new Promise((go) => { window.release = go; }); window.late += 1; }
  return answer; }; }"""
FIRST_ROW = """(row) => { const text = document.querySelector('.table-top .small');
  return !!text && text.textContent.includes(' ' + row + ' to '); }"""


def test_a_late_answer_does_not_take_the_place_of_a_newer_one(reader: Reader) -> None:
    """Back and forward, the answer for the page between held back: the table is that of the address all the same."""
    page = reader.page
    reader.open("/map?op=xtr-mt")
    second, third = SIZE + 1, 2 * SIZE + 1  # the first rows of these pages
    for row in (second, third):
        page.locator("#table-after").click(timeout=60_000)
        page.wait_for_function(FIRST_ROW, arg=row)
    page.evaluate(SLOW)
    page.evaluate("() => history.back()")
    page.wait_for_function("() => location.search.includes('page=2')")
    page.wait_for_function("() => window.sent && window.release")  # it has come and is held back
    page.evaluate("() => history.forward()")
    page.wait_for_function("() => location.search.includes('page=3')")
    page.wait_for_timeout(1000)  # the newer answer has time to come first
    page.evaluate("() => { window.fetch = window.plain; window.release(); }")
    page.wait_for_function("() => window.late > 0", timeout=60_000)
    page.wait_for_timeout(1000)
    assert "page=3" in page.url
    assert page.evaluate(FIRST_ROW, third)
    assert not page.evaluate(FIRST_ROW, second), "control: page 2 would be told from page 3"

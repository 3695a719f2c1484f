"""The map page in a browser: finding, keeping, ordering, moving and comparing, each of which stands in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.reader import Reader

VIEW = """() => { const gd = document.querySelector("#map .js-plotly-plot");
  const map = gd._fullLayout.map._subplot.map; return [map.getZoom(), map.getCenter().lng]; }"""
OVER = """() => { const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll("main *")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.right > wide + 1 && !e.closest(".scroll, .js-plotly-plot, .tl-marks, .vh");
  }).map((e) => e.tagName + "#" + e.id).slice(0, 5); }"""

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(reader: Reader) -> Callable[..., Any]:
    """Opens the map of an address and waits until its map is there."""

    def make(search: str, viewport: Any = None) -> Any:
        if viewport:
            reader.page.set_viewport_size(viewport)
        reader.open(f"/map{search}")
        reader.page.wait_for_selector("#map .js-plotly-plot .maplibregl-canvas", timeout=60_000)
        return reader.page

    return make


def asked(page: Any) -> dict[str, str]:
    """The parts of the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_find_keep_and_go_back(opened: Callable[..., Any]) -> None:
    """A search without accents finds a place, choosing it moves the map and stays; back gives the search again."""
    page = opened("?op=xtr-mt")
    page.get_by_label("Find a place").fill("ghilaku")
    page.wait_for_selector("#map-found a.place")
    assert asked(page)["text"] == "ghilaku"
    page.wait_for_function("() => /^2 of/.test(document.getElementById('map-shown').textContent)")
    before = page.evaluate(VIEW)
    page.locator("#map-found a.place").first.click()
    page.wait_for_selector("#map-panel .back")
    page.wait_for_timeout(1500)  # the new figure has come, and the map has gone back to where it was
    after = page.evaluate(VIEW)
    assert after[0] >= 8 > before[0]
    page.go_back()
    page.wait_for_selector("#map-panel .places")
    assert "place" not in asked(page)


def test_the_table_is_chosen_by_keyboard_layers_are_ordered_and_a_box_is_dragged(
    opened: Callable[..., Any],
) -> None:
    """Heads, pages and rows are links: Enter on them changes the address and keeps the focus.

    On the same page a layer moves up, the address says so; a box that is dragged on the map keeps a part of the sites.
    """
    page = opened("?op=xtr-mt")
    page.locator("#sort-name").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort=ascending] #sort-name")
    assert page.evaluate("document.activeElement.id") == "sort-name"
    page.locator("#table-after").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('page=2')")
    row = page.locator(".sorted tbody a").nth(4)
    page.wait_for_selector("#table-before")
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".sorted tr.here")
    assert asked(page)["page"] == "2"
    assert asked(page)["place"] in page.evaluate("document.querySelector('.sorted tr.here a').id")

    order = "() => [...document.querySelectorAll('#map-layers [data-layer]')].map((e) => e.dataset.layer)"
    assert page.evaluate(order).index("ghosts") < page.evaluate(order).index("sites")
    page.locator("#layer-up-sites").click()
    page.wait_for_function(
        f"() => {{ const o = ({order})(); return o.indexOf('sites') < o.indexOf('ghosts'); }}"
    )
    assert asked(page)["layers"].endswith("sites")
    page.locator("#map-filter-fold > summary").click()
    page.locator("#box-draw").click()
    box = page.locator(".mapbox").first.bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 350, box["y"] + 350)
    page.mouse.up()
    page.wait_for_selector("#show-all")
    west, south, east, north = map(float, asked(page)["box"].split(","))
    assert west < east
    assert south < north


def test_two_maps_move_together(opened: Callable[..., Any]) -> None:
    """Beside another date there are two maps of one view, and zooming one zooms the other."""
    page = opened("?op=xtr-mt&round=10&vs=12")
    page.wait_for_selector("#map-two .js-plotly-plot .maplibregl-canvas", timeout=60_000)
    page.wait_for_timeout(2500)  # both have come to rest and know each other
    page.locator("#map-zoom-in").click()
    page.wait_for_timeout(1500)
    first, second = page.evaluate(VIEW), page.evaluate(VIEW.replace("#map ", "#map-two "))
    assert first == pytest.approx(second, abs=1e-3)
    assert page.locator("#map-compared h3").count() == 2


def test_nothing_stands_beyond_the_edge(opened: Callable[..., Any]) -> None:
    """No sideways scroll: opened on a phone, then as wide as a desk, then as narrow as a small laptop."""
    page = opened("?op=xtr-mt&place=XT01&measure=rate", viewport={"width": 390, "height": 844})
    for width in (390, 1440, 1100):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(700)
        assert page.evaluate(OVER) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#map-panel").evaluate("(e) => { e.style.minWidth = '1200px'; }")
    assert page.evaluate(OVER) != []  # control


def test_every_state_has_its_mark(opened: Callable[..., Any]) -> None:
    """Beside each place and state in sight stands a mark that has a size; control: a hidden one has none."""
    page = opened("?op=xtr-mt&round=10")
    page.wait_for_selector("#map-panel .places")
    unseen = """() => [...document.querySelectorAll(".mark")].filter((one) => one.parentElement.offsetWidth > 0 &&
      one.offsetWidth < 8).map((one) => one.className)"""
    seen = page.evaluate("[...document.querySelectorAll('#map-panel .mark')].map((one) => one.className)")
    assert {"mark counted", "mark delisted"} <= set(seen)
    assert page.evaluate(unseen) == []
    page.add_style_tag(content=".mark.counted { display: none }")
    assert set(page.evaluate(unseen)) == {"mark counted"}

"""Where what draws cannot be fetched, each page says so in place of the drawing, or has the server's picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PLOTLY = "**/plotly-part.min.js*"
HAND = "**/async-graph.js*"  # by which Dash calls Plotly
SAID = {
    "en": "The drawing could not be loaded. The table below holds the same figures. Load the page again",
    "fr": "Le dessin n’a pas pu être chargé. Le tableau ci-dessous contient les mêmes chiffres. Rechargez la page",
}
BELOW = """(card) => card.querySelector(".undrawn").compareDocumentPosition(card.querySelector(".twin table"))
  & Node.DOCUMENT_POSITION_FOLLOWING"""
OTHER = "window.dash_clientside.set_props({ index: 'op', type: 'nav' }, { value: 'hti-eq2010' })"


def opened(open_page: Callable[..., Any], address: str, lost: str) -> Any:
    """A page, without what an address pattern names; "" loses nothing."""
    page, _ = open_page()
    if lost:
        page.route(lost, lambda route: route.abort())
    page.goto(address)
    return page


@pytest.mark.parametrize(("language", "lost"), [("en", PLOTLY), ("fr", PLOTLY), ("en", HAND), ("en", "")])
def test_a_chart_that_is_not_drawn_says_so(
    url: str, open_page: Callable[..., Any], language: str, lost: str
) -> None:
    """In place of every chart, in the language of the page, above its table; control: drawn, nothing is said."""
    page = opened(open_page, f"{url}trends?op=col-necocli&lang={language}", lost)
    if not lost:
        page.wait_for_selector(".trend .js-plotly-plot .main-svg")
        assert not page.locator(".undrawn").first.is_visible()
        return
    page.locator(".undrawn").first.wait_for(state="visible")
    cards = page.locator(".trend-card")
    assert cards.count() > 1
    for card in cards.all():
        assert card.locator(".undrawn").inner_text().startswith(SAID[language])
        assert not card.locator(".graph").is_visible()
        assert card.locator(".twin table").count() > 0
        assert card.evaluate(BELOW)
    page.evaluate(OTHER)  # a choice is followed, and a link: there the server draws
    page.wait_for_url("**op=hti-eq2010**")
    page.locator(".undrawn").first.wait_for(state="visible")
    page.locator("#to-map").click()
    page.wait_for_selector("#picture")


@pytest.mark.parametrize("lost", [PLOTLY, ""])
def test_the_map_has_its_picture_where_it_cannot_be_drawn(
    url: str, open_page: Callable[..., Any], lost: str
) -> None:
    """With its own reason; the way back loads the page anew, which then draws; control: drawn, there is no picture."""
    page = opened(open_page, f"{url}map?op=hti-eq2010&round=15", lost)
    if not lost:
        page.wait_for_selector("#map .maplibregl-canvas")
        assert not page.locator("#picture").count()
        assert not page.locator(".undrawn").first.is_visible()
        return
    page.wait_for_selector("#picture img")
    assert "low=1" in page.url
    why = [line for line in page.locator("#picture .why").all() if line.is_visible()]
    assert [line.inner_text()[:47] for line in why] == ["The drawing of the map could not be loaded, so "]
    page.unroute(lost)
    page.locator("#picture-back").click()
    page.wait_for_selector("#map .maplibregl-canvas")
    assert "low=1" not in page.url


@pytest.mark.parametrize("lost", [PLOTLY, ""])
def test_the_start_page_has_its_picture_where_it_cannot_be_drawn(
    url: str, open_page: Callable[..., Any], lost: str
) -> None:
    """The picture of the world with the reason; control: drawn, the picture is not asked for."""
    page = opened(open_page, url, lost)
    if not lost:
        page.wait_for_selector("#world .maplibregl-canvas")
        assert not page.locator("#world-picture").is_visible()
        return
    page.wait_for_function("() => document.querySelector('#world-picture img')?.naturalWidth > 0")
    assert "could not be loaded" in page.locator("#world-picture").inner_text()
    assert "no WebGL" not in page.locator("#world-picture").inner_text()
    assert not page.locator(".worldbox").is_visible()

"""Where what draws cannot be fetched, each page says so in place of the drawing, or has the server's picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PLOTLY = "*/plotly-part.min.js*"
HAND = "*/async-graph.js*"  # by which Dash calls Plotly
SAID = {
    "en": "The drawing could not be loaded. The table below holds the same figures. Load the page again",
    "fr": "Le dessin n’a pas pu être chargé. Le tableau ci-dessous contient les mêmes chiffres. Rechargez la page",
}
BELOW = """(card) => card.querySelector(".undrawn").compareDocumentPosition(card.querySelector(".twin table"))
  & Node.DOCUMENT_POSITION_FOLLOWING"""
OTHER = "window.dash_clientside.set_props({ index: 'op', type: 'nav' }, { value: 'pan-darien' })"


class Lossy:
    """A window that cannot fetch what an address pattern names."""

    def __init__(self, page: Page, lost: str) -> None:
        self.page, self._session = page, page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self.lose(lost)

    def lose(self, *lost: str) -> None:
        """Lose that from now on. Unlike a route of Playwright's, this leaves the browser its compiled scripts."""
        self._session.send("Network.setBlockedURLs", {"urls": list(lost)})


def says_so(page: Page, language: str) -> None:
    """In place of every chart stands that it could not be loaded, above its table."""
    page.locator(".undrawn").first.wait_for(state="visible")
    cards = page.locator(".trend-card")
    assert cards.count() > 1
    for card in cards.all():
        assert card.locator(".undrawn").inner_text().startswith(SAID[language])
        assert not card.locator(".graph").is_visible()
        assert card.locator(".twin table").count() > 0
        assert card.evaluate(BELOW)


# The control, that nothing is said where a chart is drawn, is in the test of the map, where all is drawn in the end.
def test_a_chart_that_is_not_drawn_says_so(url: str, open_page: Callable[..., Any]) -> None:
    """In place of every chart, above its table; a choice and a link are followed, to a page in its own language."""
    page = Lossy(open_page()[0], PLOTLY).page
    page.goto(f"{url}trends?op=col-necocli&lang=en")
    says_so(page, "en")
    page.evaluate(OTHER)
    page.wait_for_url("**op=pan-darien**")
    page.locator(".undrawn").first.wait_for(state="visible")
    page.locator("#lang-fr").click()
    page.locator("html[lang=fr]").wait_for()
    says_so(page, "fr")


def test_a_chart_without_the_hand_that_draws_it_says_so(url: str, open_page: Callable[..., Any]) -> None:
    """What Dash calls Plotly by is lost in the same way; a link is followed to the map, which the server draws."""
    page = Lossy(open_page()[0], HAND).page
    page.goto(f"{url}trends?op=col-necocli&lang=en")
    says_so(page, "en")
    page.locator("#to-map").click()
    page.wait_for_selector("#picture")


def test_the_map_has_its_picture_where_it_cannot_be_drawn(url: str, open_page: Callable[..., Any]) -> None:
    """With its own reason; the way back loads the page anew, which then draws; control: then no page says anything."""
    window = Lossy(open_page()[0], PLOTLY)
    page = window.page
    page.goto(f"{url}map?op=col-necocli")
    page.wait_for_selector("#picture img")
    assert "low=1" in page.url
    why = [line for line in page.locator("#picture .why").all() if line.is_visible()]
    assert [line.inner_text()[:47] for line in why] == ["The drawing of the map could not be loaded, so "]
    window.lose()
    page.locator("#picture-back").click()
    page.wait_for_selector("#map .maplibregl-canvas")
    assert "low=1" not in page.url
    assert not page.locator("#picture").count()
    assert not page.locator(".undrawn").first.is_visible()
    page.locator("#to-trends").click()
    page.wait_for_selector(".trend .js-plotly-plot .main-svg")
    assert not page.locator(".trend-card .undrawn").first.is_visible()
    page.locator("#to-start").click()
    page.wait_for_selector("#world .maplibregl-canvas")
    assert not page.locator("#world-picture").is_visible()


def test_the_start_page_has_its_picture_where_it_cannot_be_drawn(
    url: str, open_page: Callable[..., Any]
) -> None:
    """The picture of the world with the reason; the control, that a drawn page has none, is in the test of the map."""
    page = Lossy(open_page()[0], PLOTLY).page
    page.goto(url)
    page.wait_for_function("() => document.querySelector('#world-picture img')?.naturalWidth > 0")
    assert "could not be loaded" in page.locator("#world-picture").inner_text()
    assert "no WebGL" not in page.locator("#world-picture").inner_text()
    assert not page.locator(".worldbox").is_visible()

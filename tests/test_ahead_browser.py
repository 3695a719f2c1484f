"""The largest script comes beside the page and not after it: once, from where Dash takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PLOTLY = "plotly-part.min.js"


def test_the_largest_script_is_asked_for_once_and_before_the_page(
    url: str, open_page: Callable[..., Any]
) -> None:
    """It is asked for before the server is asked for a page, and the chart that comes with the page runs with it."""
    page, traffic = open_page()
    page.goto(f"{url.rstrip('/')}/trends?op=col-necocli")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    asked = [address for address in traffic.urls if PLOTLY in address]
    pages = [nth for nth, address in enumerate(traffic.urls) if "_dash-update-component" in address]
    assert traffic.urls.index(asked[0]) < pages[0]
    # A preload that the script then uses is one request: a second one is another address than Dash's own, or a race.
    assert len(asked) == 1
    assert page.evaluate("new URL(window._dashPlotlyJSURL, location.href).href") == asked[0]
    hand = [nth for nth, address in enumerate(traffic.urls) if "async-graph" in address]  # which calls Plotly
    assert len(hand) == 1
    assert hand[0] < pages[0]
    scripts = page.evaluate("[...document.scripts].map((one) => one.src)")
    assert (
        sum(PLOTLY in address for address in scripts) == 1
    )  # control: a script of Dash's own would be a second one
    assert traffic.errors == []
    assert traffic.violations == []

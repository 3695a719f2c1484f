"""A line that breaks: the page says that it shows the view before, until it has the one that the address asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_a_view_that_does_not_come_is_not_passed_off_as_the_one_asked_for(
    url: str, open_page: Callable[..., Any]
) -> None:
    """Without a line a step in time changes the address alone, and the page says so; with one it comes again."""
    page, _ = open_page()
    page.goto(f"{url.rstrip('/')}/map?op=hti-eq2010&round=15")
    page.wait_for_selector("#map .maplibregl-canvas")
    said, now = page.locator("#unanswered"), page.locator("#map-time .tl-now")
    assert not said.is_visible()
    before = now.inner_text()
    page.context.set_offline(True)
    page.get_by_text("16 ›").first.click()
    said.wait_for(state="visible")
    assert "round=16" in page.url
    assert now.inner_text() == before  # control: the page does stand behind its address
    assert "the view before" in said.inner_text()
    page.context.set_offline(False)
    page.locator("#ask-again").click()
    page.wait_for_selector("#map .maplibregl-canvas")
    assert "round 16" in now.inner_text()
    assert not said.is_visible()
    page.get_by_text("17 ›").first.click()
    page.wait_for_function("() => document.querySelector('.tl-now').textContent.includes('round 17')")
    assert not said.is_visible()

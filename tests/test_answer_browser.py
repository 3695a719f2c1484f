"""A line that breaks: the page says that it shows the view before, until it has the one that the address asks for."""

from __future__ import annotations

import pytest

from tests.reader import Reader

pytestmark = pytest.mark.browser


def test_a_view_that_does_not_come_is_not_passed_off_as_the_one_asked_for(
    reader: Reader,
) -> None:
    """Without a line a step in time changes the address alone, and the page says so; with one it comes again."""
    page = reader.page
    reader.open("/map?op=hti-eq2010&round=15")
    page.wait_for_selector("#map .maplibregl-canvas")
    said, now = page.locator("#unanswered"), page.locator("#map-time .tl-now")
    assert not said.is_visible()
    before = now.inner_text()
    page.context.set_offline(True)
    try:
        page.get_by_text("16 ›").first.click()
        said.wait_for(state="visible")
        assert "round=16" in page.url
        assert now.inner_text() == before  # control: the page does stand behind its address
        assert "the view before" in said.inner_text()
    finally:
        page.context.set_offline(False)  # other tests have the same window
    page.locator("#ask-again").click()
    page.wait_for_selector("#map .maplibregl-canvas")
    assert "round 16" in now.inner_text()
    assert not said.is_visible()
    assert any(
        "ERR_INTERNET_DISCONNECTED" in error for error in reader.traffic.errors
    )  # control: it is noticed
    reader.traffic.errors.clear()  # of what was asked for without a line; from here on nothing may fail
    page.get_by_text("17 ›").first.click()
    page.wait_for_function("() => document.querySelector('.tl-now').textContent.includes('round 17')")
    assert not said.is_visible()
    reader.clean()

"""The map as known on a day, in a browser and by keyboard: its parts change, the map itself stays."""

from __future__ import annotations

import pytest

from tests.reader import Reader
from tests.test_known_browser import SLIDER, said, spoken

pytestmark = pytest.mark.browser

OPENED = "/map?op=hti-eq2010&round=16&known=2013-10-31"
BEFORE = "30 April 2013"  # the last day on which something was published before
NAMES = """() => { const gd = document.querySelector("#map .js-plotly-plot") || document.querySelector("#map");
  return gd && gd.data ? gd.data.map((trace) => trace.name) : null; }"""


def drawn(reader: Reader, *, ghosts: bool) -> None:
    """Wait until the map has ghosts, or has none."""
    has = "" if ghosts else "!"
    reader.until(f"() => {{ const names = ({NAMES})(); return names && {has}names.includes('ghosts'); }}")


def test_canaan_leaves_the_list_when_that_was_public(reader: Reader) -> None:
    """One stop back there is no ghost, the panel and the words follow, the map itself stays; then all is back."""
    reader.open(OPENED)
    reader.page.get_by_role("slider", name=SLIDER).wait_for()
    drawn(reader, ghosts=True)
    assert "as known on 31 october 2013" in said(reader, "#map-head").lower()
    reader.page.evaluate("() => { document.querySelector('#map').dataset.kept = 'yes'; }")
    reader.tab_to("slider", SLIDER, most=200)
    reader.page.keyboard.press("ArrowLeft")
    reader.address(r"^/map\?op=hti-eq2010&round=16&known=2013-04-30$")
    spoken(reader, BEFORE)
    drawn(reader, ghosts=False)
    moment = said(reader, "#known-moment")
    assert f"Nothing of the date shown (round 16, 30 September 2013) was public by {BEFORE}." in moment
    assert "Dates that are not offered: " in said(reader, "#known-hidden summary")
    assert f"surely public by {BEFORE}" in said(reader, "#map-legend")
    reader.link("Canaan", inside="#map-panel").click()
    reader.page.locator("#map-panel .later").wait_for()
    assert f"Nothing of this place at this date was surely public by {BEFORE}" in said(reader, "#map-panel")
    later = said(reader, "#map-panel .later")
    assert f"Known only after {BEFORE}" in later
    assert "Taken off the list" in later
    reader.page.locator("#all-places").click()
    reader.page.locator("#map-panel .later").wait_for(state="detached")
    reader.page.locator(
        "#skip-main"
    ).focus()  # as at the head of the page: not by all that is below the panel
    reader.page.keyboard.press("Enter")
    reader.tab_to("slider", SLIDER, most=40)
    reader.page.keyboard.press("End")
    reader.address(r"^/map\?op=hti-eq2010&round=16$")
    spoken(reader, "Newest")
    drawn(reader, ghosts=True)
    assert reader.page.locator("#known-moment").count() == 0
    assert reader.page.locator("#map-known .banner").count() == 0
    assert reader.page.evaluate("() => document.querySelector('#map').dataset.kept") == "yes"
    reader.page.go_back()
    reader.page.locator(f"[role=slider][aria-valuetext='{BEFORE}']").wait_for()
    reader.clean()

"""A figure as it was known on a day, in a browser: by the slider, by keyboard, and back to the newest."""

from __future__ import annotations

import re

import pytest

from tests.reader import Reader

pytestmark = pytest.mark.browser

NIGER = "/trends?op=ner-fm2016"
SLIDER = "Day as of which figures are shown"
CARD = "#trend-ner-out-month-card"
FIRST_DAY = "14 December 2016"
VALUES = """() => { const gd = document.querySelector("#trend-ner-out-month .js-plotly-plot")
    || document.querySelector("#trend-ner-out-month");
  return gd && gd.data ? gd.data.filter((t) => t.name === "stretch").flatMap((t) => [...t.y]) : null; }"""


def spoken(reader: Reader, text: str) -> None:
    """Wait until the slider says that day, and still has the focus."""
    reader.page.locator(f"[role=slider][aria-valuetext='{text}']").wait_for()
    reader.until("() => document.activeElement.getAttribute('role') === 'slider'")


def said(reader: Reader, selector: str) -> str:
    """What stands there, on one line."""
    return re.sub(r"\s+", " ", reader.text(selector))


def test_the_first_value_of_november_2016_and_back(reader: Reader) -> None:
    """1,525 as known when it was used; its correction stands apart; at the newest end about 11,500 is back."""
    reader.open(NIGER)
    slider = reader.page.get_by_role("slider", name=SLIDER)
    slider.wait_for()
    assert slider.get_attribute("aria-valuetext") == "Newest"
    newest = reader.until(f"() => {{ const drawn = ({VALUES})(); return drawn && drawn.length && drawn; }}")
    assert 11_500 in newest
    assert 1_525 not in newest  # control: the same look finds the other figure at the newest
    reader.tab_to("slider", SLIDER)
    for day, written in (
        ("31 December 2017", "2017-12-31"),
        ("31 January 2017", "2017-01-31"),
        ("31 December 2016", "2016-12-31"),
        (FIRST_DAY, "2016-12-14"),
    ):
        reader.page.keyboard.press("ArrowLeft")
        reader.address(f"^/trends\\?op=ner-fm2016&known={written}$")
        spoken(reader, day)
    reader.page.locator(
        f"{CARD} .kick", has_text=re.compile(f"as known on {FIRST_DAY}", re.IGNORECASE)
    ).wait_for()
    drawn = reader.until(
        f"() => {{ const drawn = ({VALUES})(); return drawn && drawn.includes(1525) && drawn; }}"
    )
    assert 11_500 not in drawn
    title = said(reader, f"{CARD} h2")
    assert "1,525" in title
    assert "11,500" not in title
    later = said(reader, f"{CARD} .later")
    assert f"Known only after {FIRST_DAY}" in later
    assert "November 2016" in later
    assert "corrected to nearly 11,500" in later
    corrected = reader.page.locator(f"{CARD} [data-note=ner-2017-01-correction]")
    assert corrected.count() == 1
    assert reader.page.locator(f"{CARD} .later [data-note=ner-2017-01-correction]").count() == 1
    became = said(reader, f"{CARD} .became")
    assert f"What became of these figures since {FIRST_DAY}" in became
    assert re.search(r"November 2016 1,525 .*about 11,500 .*Corrected", became)
    assert f"figures as they were known on {FIRST_DAY}" in said(reader, "#trends-known")
    copied = reader.page.url
    reader.page.keyboard.press("End")
    reader.address(r"^/trends\?op=ner-fm2016$")
    spoken(reader, "Newest")
    again = reader.until(
        f"() => {{ const drawn = ({VALUES})(); return drawn && drawn.includes(11500) && drawn; }}"
    )
    assert again == newest
    assert reader.page.locator(f"{CARD} .later").count() == 0
    reader.page.go_back()
    spoken(reader, FIRST_DAY)
    assert reader.page.url == copied
    reader.clean()


def test_a_day_before_anything_was_public(reader: Reader) -> None:
    """The cards say in words that nothing was public, since when something was, and the way on is a link."""
    reader.open(f"{NIGER}&known=2016-01-15")
    card = said(reader, CARD)
    assert "no value was public by 15 January 2016" in card
    assert "The first value held here was public by 30 April 2016." in card
    assert "Known only after 15 January 2016" in card
    assert reader.page.locator(f"{CARD} .js-plotly-plot").count() == 0
    reader.page.locator("#known-after").click()
    reader.address(r"known=2016-04-30$")
    reader.until(f"() => {{ const drawn = ({VALUES})(); return drawn && drawn.length === 1; }}")
    reader.link("Back to the newest").click()
    reader.address(r"^/trends\?op=ner-fm2016$")
    reader.until(f"() => {{ const drawn = ({VALUES})(); return drawn && drawn.includes(11500); }}")
    reader.clean()


def test_who_used_the_wrong_figure(reader: Reader) -> None:
    """Both uses with the version they used and by when it was corrected; the file of what became of it."""
    reader.open(NIGER)
    panel = said(reader, f"{CARD} .afterlife")
    assert "Who used this figure" in panel
    assert (
        "Used on 14 December 2016: the first value, 1,525; corrected by 31 January 2017, after this use."
        in panel
    )
    assert "Used on 25 January 2017: the first value, 1,525; corrected by 31 January 2017." in panel
    answer = reader.page.request.get(f"{reader.url}/files/ner-out-month-since.csv?known=2016-12-14")
    assert answer.ok
    assert "1525,exact,2016-12-14,11500,about,2017-01-31,9975,corrected" in answer.text()
    assert not reader.page.request.get(
        f"{reader.url}/files/ner-out-month-since.csv"
    ).ok  # since when is not said

"""The page Change done in a browser the way a reader does it: two rounds, their parts, a part's sites, the verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.reader import Reader

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
HAITI, TRAINING = "/change?op=hti-eq2010", "/change?op=xtr-mt"
BARS = """() => [...document.querySelectorAll('#change-picture .parts-drawn .row-of')].map((row) => {
  const track = row.querySelector('.track').getBoundingClientRect(), zero = row.querySelector('.zero');
  const bar = row.querySelector('.bar'), box = bar && bar.getBoundingClientRect();
  return { name: row.querySelector('.lb').textContent, amount: row.querySelector('.am').textContent,
    drawn: bar ? bar.className : '', left: box ? box.left : 0, right: box ? box.right : 0,
    zero: zero.getBoundingClientRect().left, from: track.left, to: track.right, high: box ? box.height : 0 };
})"""
OPTIONS = "[...document.querySelectorAll('[role=option]')].filter((o) => o.checkVisibility())"
BEYOND = """() => [...document.querySelectorAll('main *, header *, .sel *')].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && box.right > innerWidth + 1 && !e.closest('.scroll, .nav, .vh') && !e.matches('.vh');
}).map((e) => e.tagName + '.' + e.className)"""


def shown(reader: Reader) -> str:
    """What the card says."""
    reader.page.locator("#change-card").wait_for()
    return reader.text("#change-card")


def choose(reader: Reader, control: str, wanted: str) -> None:
    """Choose in a list by keyboard alone: open it, type where one can, go down to the option, Enter."""
    keys = reader.page.keyboard
    box = reader.page.get_by_role("combobox", name=control, exact=True).or_(
        reader.page.get_by_role("textbox", name=control, exact=True)
    )
    box.first.focus()
    keys.press("ArrowDown")
    reader.until(f"() => {OPTIONS}.length > 0")
    if box.first.is_editable():
        keys.press("Control+A")
        keys.type(wanted)
        reader.until(
            f"() => {OPTIONS}.length > 0 && {OPTIONS}.every((o) => o.innerText.includes({wanted!r}))"
        )
    for _ in range(45):
        reached = reader.page.evaluate(
            "() => document.querySelector('[role=option][data-combobox-selected]')?.innerText || ''"
        )
        if wanted in reached:
            keys.press("Enter")
            return
        keys.press("ArrowDown")
    pytest.fail(f"ArrowDown does not reach {wanted!r} in the list of {control!r}")


def test_the_fall_of_september_2013(reader: Reader) -> None:
    """From the navigation: both parts, both households, both rates, and why the two are not comparable."""
    reader.open("/trends?op=hti-eq2010")
    reader.link("Change").click()
    reader.address(r"^/change\?op=hti-eq2010$")
    text = shown(reader)
    for part in ("54,045", "52,926", "11,128", "14,502", "−19.0%", "−23.5%", "Not as reported",
                 "List of sites (hinders it)", "equals the published change exactly"):  # fmt: skip
        assert part in text, part
    assert reader.page.locator("#verdict.no .tick.no").count() == 1
    bars = {bar["amount"]: bar for bar in reader.page.evaluate(BARS)}
    off, rest, whole = (bars[amount] for amount in ("−54,045", "−52,926", "−106,971"))
    assert "list" in off["drawn"].split()
    assert "rest" in rest["drawn"].split()
    for bar in (off, rest, whole):
        assert bar["from"] - 1 <= bar["left"] < bar["right"] <= bar["to"] + 1
        assert bar["high"] > 10
    assert abs(off["right"] - off["zero"]) <= 2  # the first part begins at zero
    assert abs(rest["right"] - off["left"]) <= 2  # the second where the first ends
    assert abs(whole["left"] - rest["left"]) <= 2  # and the sum ends where the parts end
    share = (off["right"] - off["left"]) / (whole["right"] - whole["left"])
    assert abs(share - 54_045 / 106_971) < 0.004
    assert abs(share - 52_926 / 106_971) > 0.004  # control: the two are told apart by their widths


def test_the_sites_of_a_part_are_opened(reader: Reader) -> None:
    """The training country, rounds 9 to 10: five sites were taken off, and each can be read and followed to the map."""
    reader.open(f"{TRAINING}&first=9&second=10")
    shown(reader)
    opened = reader.page.locator("#sites-delisted-all")
    summary = opened.locator("summary")
    assert summary.inner_text() == "5 sites"
    assert not opened.locator("table").is_visible()
    summary.focus()
    reader.page.keyboard.press("Enter")
    opened.locator("table").wait_for()
    rows = opened.locator("tbody tr")
    assert rows.count() == 5
    amounts = []
    for line in rows.all_inner_texts():
        cells = [cell.strip() for cell in line.split("\t")]
        assert cells[2] == "not counted"
        assert cells[4] == "Before: Counted. After: Taken off the list."
        assert cells[3] == f"−{cells[1]}"
        amounts.append(int(cells[1].replace(",", "")))
    total = reader.page.locator("tr", has=reader.page.locator("[data-part=delisted]")).locator("td").first
    assert total.inner_text() == f"−{sum(amounts):,}"
    name = opened.locator("tbody a").first.inner_text()
    opened.locator("tbody a").first.click()
    reader.address(r"^/map\?op=xtr-mt&round=10&place=")
    reader.page.locator("#map-panel").get_by_role("heading", name=name).wait_for()


def test_dates_are_chosen_by_keyboard(reader: Reader) -> None:
    """To an earlier round by keys: the address and the figures follow, focus stays, and back returns."""
    reader.open(HAITI)
    assert "347,284" not in shown(reader)
    choose(reader, "From", "Round 13")
    reader.address(r"^/change\?op=hti-eq2010&second=16&first=13$")
    reader.until("() => !document.querySelector('#change-card').innerText.includes('278,945')")
    after = shown(reader)
    for part in ("31 December 2012, round 13", "347,284", "−175,310", "−54,045", "−121,265"):
        assert part in after, part
    assert reader.focused()[0] in {"input", "combobox"}
    reader.page.go_back()
    reader.address(r"^/change\?op=hti-eq2010$")
    reader.until("() => document.querySelector('#change-card').innerText.includes('278,945')")


def test_a_count_and_an_area_are_chosen(reader: Reader) -> None:
    """Another count forgets the dates; an area is written to the address, and the whole place takes it out again."""
    reader.open(f"{TRAINING}&first=9&second=10")
    whole = shown(reader)
    choose(reader, "Place", "Kiligha (XT01)")
    reader.address(r"area=XT01")
    reader.until("() => document.querySelector('#change-card').innerText.includes('in Kiligha')")
    assert shown(reader) != whole
    choose(reader, "Place", "whole")
    reader.address(r"^/change\?op=xtr-mt&first=9&second=10$")
    reader.until("() => !document.querySelector('#change-card').innerText.includes('in Kiligha')")
    choose(reader, "What is counted", "Households in")
    reader.address(r"^/change\?op=xtr-mt&what=xtr-hh$")
    reader.until("() => document.querySelector('#change-card').innerText.includes('households on a day')")


def test_an_address_of_what_is_not_held_stays_as_it_is(reader: Reader) -> None:
    """What the page says belongs to the address, which can be shared; control: a choice of the reader is written."""
    asked = f"{TRAINING}&first=99&second=3"
    reader.open(asked)
    reader.page.get_by_role("heading", name="No count on that date").wait_for()
    reader.page.wait_for_timeout(1_500)  # the lists speak as they are drawn
    assert reader.page.url.endswith(asked)
    assert "99" in reader.text("main")
    choose(reader, "From", "Round 8 ")
    reader.address("first=8")


def test_a_phone_scrolls_one_way(open_page: Callable[..., tuple[Page, Any]], server: str) -> None:
    """At 390 px nothing is wider than the screen, also with every list open; what is wider is noticed."""
    page, traffic = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    reader = Reader(page, traffic, server)
    for path in (HAITI, f"{TRAINING}&first=9&second=10", "/change?op=ner-fm2016", f"{HAITI}&first=99"):
        reader.open(path)
        page.locator("main .ttl").first.wait_for()
        page.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.evaluate(BEYOND) == [], path
        page.evaluate("() => { document.querySelector('main .ttl').style.width = '600px'; }")
        assert page.evaluate(BEYOND) != [], path
    reader.clean()


def test_the_page_in_french(reader: Reader) -> None:
    """The same figures in French words and numbers; the language is one link away, and the choices stay."""
    reader.open(f"{HAITI}&first=15&second=16")
    shown(reader)
    reader.link("Français").click()
    reader.address(r"lang=fr")
    reader.until("() => document.querySelector('#change-card').innerText.includes('Baisse nette')")
    text = shown(reader)
    for part in ("Sur la baisse de 106 971", "54 045", "52 926", "−19,0 %", "−23,5 %", "Pas tels que publiés",
                 "11 128", "14 502"):  # fmt: skip
        assert part in text, part
    assert "Not as reported" not in text
    assert re.search(r"first=15&second=16", reader.page.url)


def test_a_print_keeps_bars_lists_and_reasons(reader: Reader) -> None:
    """On paper everything folded is open, bars keep their patterns, and buttons are gone."""
    reader.open(HAITI)
    shown(reader)
    reader.page.emulate_media(media="print")
    reader.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    hidden = reader.page.locator("details:not([open])").count()
    assert hidden == 0
    pattern = reader.page.locator("#change-picture .bar.list").evaluate(
        "(e) => [getComputedStyle(e).backgroundImage, getComputedStyle(e).printColorAdjust]"
    )
    assert pattern[0].startswith("repeating-linear-gradient")
    assert pattern[1] == "exact"
    assert not reader.page.get_by_role("button", name="Copy the sentence").is_visible()


def test_what_was_known_by_keyboard(reader: Reader) -> None:
    """Back to a day before the correction of round 19: the focus stays on the slider, and the title changes."""
    reader.open(f"{TRAINING}&what=xtr-idp&first=18&second=19&known=2025-01-12")
    assert "as the figures stand" in shown(reader)
    thumb = reader.page.get_by_role("slider")
    thumb.focus()
    reader.page.keyboard.press("ArrowLeft")
    reader.address(r"known=2024-12-02$")
    reader.until("() => !document.querySelector('#change-card').textContent.includes('as the figures stand')")
    assert "The count fell by 6,254" in shown(reader)
    assert reader.page.evaluate("document.activeElement.getAttribute('role')") == "slider"

"""What a reader comes for, done in a browser the way a reader does it: by role and name, by keyboard, by touch."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.reader import FOCUSED, Reader

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
HAITI, NIGER, MAP = "/trends?op=hti-eq2010", "/trends?op=ner-fm2016", "/map?op=hti-eq2010"
FEW = "/trends?op=col-necocli"  # the page with the fewest charts, where any chart will do
PAGES = ("/", MAP, HAITI, "/method")
SCHEMES = {  # card, sea and land of assets/tokens.css
    "light": ("#FFFFFF", (0xE4, 0xEC, 0xF0), (0xFA, 0xF8, 0xF3)),
    "dark": ("#182028", (0x0E, 0x1A, 0x23), (0x1B, 0x24, 0x2D)),
}
LINES = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((gd) => (gd.calcdata || []).map(
  (points) => ({
  name: points[0].trace.name, mode: points[0].trace.mode || "", card: gd.closest("article")?.id || "",
  days: points.map((p) => p.x).filter(Number.isFinite).map((ms) => new Date(ms).toISOString().slice(0, 10)),
})))"""
MAP_IDLE = """() => { const gd = document.querySelector("#map .js-plotly-plot") || document.querySelector("#map");
  const map = gd._fullLayout.map._subplot.map; return map.isStyleLoaded() && map.areTilesLoaded(); }"""

MAP_IN = """() => {{ const gd = document.querySelector("#map .js-plotly-plot"), map = gd._fullLayout.map._subplot.map;
  const sea = map.getStyle().layers.find((layer) => layer.id === "sea").paint["background-color"];
  return sea.toLowerCase() === "{sea}" && map.isStyleLoaded() && map.areTilesLoaded(); }}"""


def joined(lines: Sequence[Mapping[str, Any]], day: str) -> list[str]:
    """The drawn lines that go from before `day` to that day or later."""
    drawn = [line for line in lines if "lines" in line["mode"] and line["days"]]
    return [line["name"] for line in drawn if min(line["days"]) < day <= max(line["days"])]


def said_in(language: str, other: str) -> set[str]:
    """Every piece of a sentence that only this language says, without what the program fills in."""
    mine, theirs = (
        [
            text
            for path in (ROOT / "words" / code).glob("*.toml")
            for part in tomllib.loads(path.read_text()).values()
            for text in part.values()
        ]
        for code in (language, other)
    )
    pieces = {piece.strip() for text in mine for piece in re.split(r"\{[^}]*\}", text)}
    foreign = " ".join(theirs)
    return {piece for piece in pieces if len(piece) > 14 and " " in piece and piece not in foreign}


def test_why_the_line_stops_in_september_2013(reader: Reader) -> None:
    """From Start to Haiti: the fall, its two parts, the old coverage, who asked, who criticised, what followed."""
    reader.open("/")
    reader.link("Haiti, earthquake 2010").click()
    reader.address(r"^/trends\?op=hti-eq2010$")
    card = reader.page.get_by_role("figure", name=re.compile("the count fell by 106,971"))
    card.wait_for()
    title = card.get_by_role("heading", level=2).first.inner_text()
    assert "fell by 106,971" in title
    assert "54,045 people were taken off the list" in title
    lines = reader.until(f"() => {{ const drawn = ({LINES})(); return drawn.length > 2 && drawn; }}")
    text = re.sub(r"\s+", " ", card.inner_text())
    for part in (
        "278,945", "171,974 on the new coverage", "226,019 on the old coverage", "50.5% of it was taken off the list",
        "A residual, causes not separated", "Reason given: features of permanent settlements",
        "Asked for by: national counterparts", "Criticised by: Amnesty International",
        "evidence of forced evictions by state authorities in the Canaan area",
    ):  # fmt: skip
        assert part in text, part
    assert re.search(r"52,926 net fall at the other sites", text)
    assert "226,019" in (card.get_by_role("img").first.get_attribute("aria-label") or "")
    mine = [line for line in lines if line["card"] == card.get_attribute("id")]
    stretches = [line for line in mine if line["name"] == "stretch"]
    assert any(max(line["days"]) < "2013-09-30" for line in stretches)
    assert any(min(line["days"]) == "2013-09-30" for line in stretches)
    assert joined(mine, "2013-09-30") == []
    # control: one line through all values would be found
    whole = {"name": "one line", "mode": "lines", "days": [day for line in stretches for day in line["days"]]}
    assert joined([*mine, whole], "2013-09-30") == ["one line"]


def test_a_place_is_found_and_its_address_can_be_shared(reader: Reader) -> None:
    """Canaan from the list, Jérusalem and Onaville from those not on the map; address, back and copy agree."""
    panel = reader.page.get_by_role("complementary", name="The chosen place")
    reader.open(MAP)
    reader.link("Canaan", "#map-panel").click()
    reader.address(r"place=canaan")
    panel.get_by_role("heading", name="Canaan", exact=True).wait_for()
    text = reader.text("#map-panel")
    for part in (
        "Taken off the list: 30 September 2013", "Reason", "features of permanent settlements", "Asked by",
        "national counterparts (Government of Haiti)", "Criticised by", "Amnesty International (2015)",
        "What followed", "forced evictions", "Off the list does not mean that people left",
    ):  # fmt: skip
        assert part in text, part
    reader.page.get_by_role("button", name="Copy link to this view").click()
    reader.page.get_by_role("status").filter(has_text="The link was copied.").wait_for(state="attached")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied == reader.page.url
    reader.page.goto("about:blank")
    reader.page.goto(copied, wait_until="commit")  # as one does who was sent it
    panel.get_by_role("heading", name="Canaan", exact=True).wait_for()
    assert reader.text("#map-panel") == text
    for name, key in (("Jérusalem", "jerusalem"), ("Onaville", "onaville")):
        reader.link(name, "#not-on-map").click()
        reader.address(f"place={key}")
        panel.get_by_role("heading", name=name, exact=True).wait_for()
        assert "location not known: not on the map" in reader.text("#map-panel")
    for name in ("Jérusalem", "Canaan"):
        reader.page.go_back()
        panel.get_by_role("heading", name=name, exact=True).wait_for()
    assert reader.page.url == copied
    reader.link(re.compile("All places"), "#map-panel").click()
    panel.get_by_role("heading", name="Places on the map").wait_for()
    reader.page.go_back()
    panel.get_by_role("heading", name="Canaan", exact=True).wait_for()


def test_both_vintages_and_both_uses_of_a_wrong_figure(reader: Reader) -> None:
    """Niger: 1,525 as first published, about 11,500 since its correction, and who used the wrong one, when."""
    reader.open(NIGER)
    card = reader.page.get_by_role("figure", name=re.compile("November 2016 was corrected from 1,525"))
    reader.until(f"() => ({LINES})().length > 2")
    text = re.sub(r"\s+", " ", card.inner_text())
    for part in (
        "about 11,500", "1,525 as first published, December 2016;", "corrected by 31 January 2017",
        "14 December 2016 Use of the figure", "COM(2016) 960", "25 January 2017 Use of the figure", "JOIN(2017) 4",
        "One person can move many times",
    ):  # fmt: skip
        assert part in text, part
    row = card.get_by_role("row", name=re.compile("November 2016")).first.inner_text()
    assert re.split(r"\t", row)[1:] == ["1,525", "about 11,500"]


def test_trends_by_keyboard_alone(reader: Reader) -> None:
    """From Start by Tab and Enter to an operation and to its other basis; the focus stays where the reader is."""
    reader.open("/")
    reader.tab_to("a", "Haiti, earthquake 2010")
    reader.page.keyboard.press("Enter")
    reader.address(r"^/trends\?op=hti-eq2010$")
    reader.link("On the old coverage").wait_for()
    reader.tab_to("a", "On the old coverage")
    before = reader.focused()
    reader.page.keyboard.press("Enter")
    reader.address(r"basis=old")
    reader.page.locator(f"#{before[2]}[aria-current=true]").wait_for()
    reader.until(f"() => ({FOCUSED})()[2] === {before[2]!r}")
    reader.until(f"() => ({LINES})().some((line) => line.name === 'assumption')")
    assert "rests on one assumption" in reader.text()
    assert reader.focused() == before


def test_the_map_by_keyboard_alone(reader: Reader) -> None:
    """Skip link, arrow keys on the date, Space on a layer: the address and the words follow, the focus stays."""
    reader.open(MAP)
    reader.until(MAP_IDLE)
    reader.page.keyboard.press("Tab")
    assert reader.focused()[:2] == ("a", "Skip to the content")
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.getElementById('main').contains(document.activeElement)")
    slider = reader.page.get_by_role("slider", name="Date of the map")
    if reader.focused()[:2] != ("slider", "Date of the map"):
        reader.tab_to("slider", "Date of the map")
    for key, day, heading, spoken in (
        ("ArrowRight", "2013-12-30", "", "30 December 2013 round 17"),
        ("ArrowLeft", "2013-09-30", "Onaville were taken off the list", "30 September 2013 round 16"),
        ("ArrowLeft", "2013-06-30", "30 June 2013", "30 June 2013 round 15"),
    ):  # fmt: skip
        reader.page.keyboard.press(key)
        reader.address(f"on={day}$")
        reader.page.locator(f"[role=slider][aria-valuetext^='{spoken}']").wait_for()
        assert heading in reader.text("#map-head")
        reader.until("() => document.activeElement.getAttribute('role') === 'slider'")
    assert slider.evaluate("(thumb) => thumb === document.activeElement")
    reader.link(re.compile("^16 ›")).press("Enter")
    reader.page.locator("[role=slider][aria-valuetext='30 September 2013 round 16']").wait_for()
    reader.address(r"^/map\?op=hti-eq2010&round=16$")  # the new control must not write its own date over it
    reader.tab_to("input", "Reports from the public")
    reader.page.keyboard.press("Space")
    reader.address(r"layers=.*crowd")
    layer = reader.page.get_by_role("checkbox", name="Reports from the public")
    assert layer.is_checked()
    reader.link("Canaan", "#map-panel").wait_for()
    assert layer.evaluate("(box) => box === document.activeElement")
    reader.page.keyboard.press("Space")
    reader.until("() => !/crowd/.test(location.search)")
    assert not layer.is_checked()


def test_the_whole_site_in_french(reader: Reader) -> None:
    """The language link keeps the view, the page says its language, no sentence stays English, nor on the next page."""
    english, seen = said_in("en", "fr"), set()
    words = """() => [document.title, document.body.innerText].concat(
      [...document.querySelectorAll("[aria-label],[title]")].map((e) => [e.ariaLabel, e.title].join(" "))).join(" ")"""
    reader.open(MAP)
    reader.until(MAP_IDLE)
    control = reader.page.evaluate(words)
    assert sum(piece in control for piece in english) > 30  # the same search finds the English page
    reader.link("Français").click()
    reader.address(r"^/map\?op=hti-eq2010&lang=fr$")
    reader.page.locator("#lang-fr.here").wait_for()
    for name, path in (("", "/map"), ("Tendances", "/trends"), ("Méthode", "/method"), ("Accueil", "/")):
        if name:
            reader.link(name).click()
        reader.address(f"^{path}(\\?|$)")
        reader.until("() => document.documentElement.lang === 'fr'")
        reader.page.locator("#to-" + {"/": "start"}.get(path, path[1:]) + "[aria-current=page]").wait_for()
        reader.page.locator("main h1").first.wait_for(state="attached")
        said = reader.page.evaluate(words)
        assert "lang=fr" in reader.page.url
        assert sorted(piece for piece in english if piece in said) == []
        seen.add(said)
    assert len(seen) == 4
    reader.link("Haïti, séisme de 2010").click()
    reader.address(r"^/trends\?op=hti-eq2010&lang=fr$")
    card = reader.page.get_by_role("figure").first
    card.wait_for()
    for part in ("106 971", "54 045", "226 019"):
        reader.until(
            f"() => document.querySelector('article').innerText.replace(/\\s/g, ' ').includes({part!r})"
        )
    assert "hors de la liste" in reader.text() or "retir" in reader.text()


def test_dark_colours_reach_charts_and_are_remembered(reader: Reader) -> None:
    """The button changes page and chart together, says where it leads back, and a reload keeps the choice."""
    look = """() => [document.documentElement.dataset.mantineColorScheme,
      document.querySelector(".js-plotly-plot")._fullLayout.paper_bgcolor.toUpperCase()].join()"""
    reader.open(FEW)
    reader.until(f"() => ({look})() === 'light,{SCHEMES['light'][0]}'")
    reader.page.get_by_role("button", name="Dark").click()
    reader.until(f"() => ({look})() === 'dark,{SCHEMES['dark'][0]}'")
    reader.page.reload(wait_until="commit")
    reader.until(f"() => ({look})() === 'dark,{SCHEMES['dark'][0]}'")
    reader.page.get_by_role("button", name="Light").click()
    reader.until(f"() => ({look})() === 'light,{SCHEMES['light'][0]}'")


STRANGE = [
    ("/map?op=nope", "No operation of that name is held", "Haiti, earthquake 2010", r"^/map\?op=hti-eq2010"),
    ("/trends", "Choose an operation", "Colombia, Necoclí survey 2022-2023", r"^/trends\?op=col-necocli"),
    ("/map?op=hti-eq2010&round=99", "No such round", "round 1, 30 November 2010", r"round=1$"),
    ("/map?op=hti-eq2010&on=1999-01-01", "No date of that kind", "30 November 2010", r"on=2010-11-30$"),
    ("/nowhere", "There is no such page", "Method", r"^/method"),
    ("/caf%C3%A9/%20x", "There is no such page", "Start", r"^/$"),
    ("//example.org/map", "There is no such page", "Start", r"^/$"),
    ("/trends?op=hti-eq2010&release=00000000", "That release is not held", "Start", r"^/(\?op=hti-eq2010)?$"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "heading", "offer", "leads"), STRANGE)
def test_a_strange_address_says_so_and_leads_on(
    path: str, heading: str, offer: str, leads: str, reader: Reader
) -> None:
    """What is not held is named in the heading and in the title of the window; a link offered there opens a page."""
    reader.open(path, anew=True)
    assert reader.page.get_by_role("heading", level=1).first.inner_text() == heading
    reader.until(f"() => document.title.startsWith({heading!r}) || {path!r} === '/trends'")
    if "round" in path:  # the newest date is offered beside the oldest
        newest = reader.link("Haiti, earthquake 2010, at its newest date", ".offers")
        assert re.search(r"^/map\?op=hti-eq2010&round=33$", newest.get_attribute("href") or "")
    reader.link(offer, ".offers").click()
    reader.address(leads)
    reader.until(
        f"() => {{ const h1 = document.querySelector('main h1'); return h1 && h1.textContent !== {heading!r}; }}"
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("&on=2013-13-45", "on=2013-13-45"),
        ("&round=abc&x=1&%ZZ=%", "round=abc, x"),
        ("&basis=<b>&lang=xx", "basis=<b>, lang=xx"),
        ("&op=../../etc", "op=../../etc"),
        ("&" + "y" * 3000, "too-long"),
    ],
)
def test_a_malformed_part_is_named_and_left_out(query: str, named: str, reader: Reader) -> None:
    """The page opens without the part, says which one, and still says its own language."""
    reader.open("/trends?op=col-necocli" + query, anew=True)
    said = reader.page.locator(".banner").first.inner_text()
    assert said.startswith("Parts of the address were not understood and were left out")
    assert named in said
    assert "Necoclí" in reader.page.get_by_role("heading", level=1).first.inner_text()
    assert reader.page.evaluate("document.documentElement.lang") == "en"


def test_an_unknown_place_is_named_beside_those_that_exist(reader: Reader) -> None:
    """The panel says that no such place belongs to the operation, and its list still opens places."""
    reader.open(MAP + "&place=nowhere")
    panel = reader.page.get_by_role("complementary", name="The chosen place")
    panel.get_by_text("No place called “nowhere” belongs to this operation.").wait_for()
    reader.link("Canaan", "#map-panel").click()
    panel.get_by_role("heading", name="Canaan", exact=True).wait_for()


def test_a_phone_needs_no_sideways_scroll_and_has_room_for_fingers(
    open_page: Callable[..., tuple[Page, Any]], server: str
) -> None:
    """At 390 px no page is wider than the screen; links of menus and buttons are 44 px high; charts are narrow."""
    page, traffic = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = Reader(page, traffic, server)
    small = """() => [...document.querySelectorAll(
        ".nav a, .langs a, .btn, .seg a, .go a, .zoom, .place, .back, .foot a, summary")]
      .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height > 0)
      .filter((e) => Math.round(e.getBoundingClientRect().height * 10) / 10 < 44)
      .map((e) => `${e.className || e.tagName} ${e.textContent} ${e.getBoundingClientRect().height}`)"""
    for path in PAGES:
        phone.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.evaluate(small) == [], path
        if path == HAITI:
            wide = "[...document.querySelectorAll('.js-plotly-plot')].map((gd) => gd._fullLayout?.width || 0)"
            widths = phone.until(f"() => {{ const w = {wide}; return w.length && w[0] && w; }}")
            assert max(widths) <= 390
    # controls: a thing that is too wide, and a link that is too low, would be found
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<div style=\"width:500px\">w</div>')"
    )
    page.evaluate("document.querySelector('.nav a').style.cssText = 'min-height:0;height:20px'")
    assert page.evaluate("document.documentElement.scrollWidth") > 390
    assert len(page.evaluate(small)) == 1
    phone.clean()


def test_paper_shows_what_a_screen_folds_away(reader: Reader) -> None:
    """In print all folds are open and no button is left; notes stay; afterwards the folds are as they were."""
    reader.open(FEW)
    folds = "() => [...document.querySelectorAll('details')].map((d) => d.open)"
    before = reader.until(f"() => {{ const f = ({folds})(); return f.length && f; }}")
    assert not any(before)
    reader.page.emulate_media(media="print")
    reader.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert all(reader.page.evaluate(folds))
    assert reader.page.get_by_role("button").filter(visible=True).count() == 0
    assert reader.page.get_by_role("navigation").filter(visible=True).count() == 0
    assert (
        reader.page.locator(".note").filter(visible=True).count() == reader.page.locator(".note").count() > 0
    )
    assert reader.page.get_by_role("table").first.is_visible()
    reader.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert reader.page.evaluate(folds) == before


def test_the_map_is_drawn_in_both_colours_and_says_its_scale(
    reader: Reader, pixels: Callable[[bytes, tuple[int, int, int]], int]
) -> None:
    """Sea and land are there in both colours, also where the reader's system turns dark while the map is open.

    The scale follows the zoom, the disclaimer is inside the figure.
    """
    for scheme, other in (("light", "dark"), ("dark", "light")):
        reader.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of two literals
        if scheme == "light":
            reader.open(MAP)
        box, (_, sea, land) = reader.page.locator(".mapbox"), SCHEMES[scheme]
        reader.until(MAP_IN.format(sea="#{:02x}{:02x}{:02x}".format(*sea)))
        png = box.screenshot()
        for _ in range(20):  # the last tile may be drawn a moment after it is there
            if min(pixels(png, sea), pixels(png, land)) > 5_000:
                break
            reader.page.wait_for_timeout(200)
            png = box.screenshot()
        assert pixels(png, sea) > 5_000
        assert pixels(png, land) > 5_000
        # control: the other scheme is not there
        assert sum(pixels(png, colour) for colour in SCHEMES[other][1:]) < 2_000
    notes = "document.querySelector('#map .js-plotly-plot').layout.annotations.map((a) => a.text).join()"
    assert reader.page.evaluate(notes) == "The boundaries and names shown do not imply official endorsement."
    scale = "document.getElementById('map-scale').textContent"
    first = reader.until(f"() => {scale}")
    assert re.fullmatch(r"\d+ k?m", first)
    zoom = "document.querySelector('#map .js-plotly-plot').layout.map.zoom"
    at = reader.page.evaluate(zoom)
    for name, zoomed in (("Zoom in", at + 1), ("Zoom in", at + 2), ("Zoom out", at + 1), ("Zoom out", at)):
        reader.page.get_by_role("button", name=name).click()
        reader.until(f"() => Math.abs({zoom} - {zoomed}) < 0.1")
        if zoomed == at + 2:
            reader.until(f"() => {scale} && {scale} !== {first!r}")
    reader.until(f"() => {scale} === {first!r}")
    reader.page.emulate_media(color_scheme="light")

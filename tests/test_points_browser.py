"""Very many sites in a browser: drawn as on the smaller maps, followed at once, pointed at, or said not to be."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

import numpy as np
import pytest

from data.geo import TILE_PX
from layers.colours import OLDER_SHARE, SCHEMES, mixed
from tests.conftest import Traffic
from tests.many_sites import HIGH, LEFT_OUT, MIDDLE, OLDER, ROOT, SCAFFOLD, WIDE, Sites, mercator, scattered
from tests.test_map_browser import covered, cut, near

pytestmark = pytest.mark.browser

ZOOM = 6.0
HOOK = (
    "The map inside Plotly's plot was not found where assets/inner.js looks for it, so maps of more than 5,000 sites "
    "have fallen back to plain points. Was Plotly upgraded? Find the MapLibre instance of a `map` subplot anew and "
    "change assets/inner.js."
)
C = SCHEMES["light"]
CLEARED = """([zoom, center]) => {
  document.getElementById("map-many").remove();
  document.getElementById("map-counted").textContent = "";
  const list = document.getElementById("map-groups");
  list.hidden = true; list.open = false; list.querySelector("ul").replaceChildren();
  document.activeElement.blur();
  for (const said of ["points", "pointsReason"]) { delete document.documentElement.dataset[said]; }
  inner().jumpTo({ zoom, center });
}"""
LAID = """([manifest, query]) => {
  performance.clearResourceTimings();
  window.props = []; window.__violations = [];
  history.pushState({}, "", "/map" + (query ? "?" + query : ""));
  const holder = document.createElement("div");
  holder.id = "map-many"; holder.dataset.manifest = manifest;
  document.getElementById("box").append(holder);
}"""


def at(x: float, y: float) -> tuple[float, float]:
    """The longitude and latitude of a pixel of the page's map."""
    world = TILE_PX * 2**ZOOM
    mx, my = mercator(*MIDDLE)
    east, south = mx + (x - WIDE / 2) / world, my + (y - HIGH / 2) / world
    return 360 * east - 180, math.degrees(2 * math.atan(math.exp(math.pi * (1 - 2 * south))) - math.pi / 2)


def placed(*pixels: tuple[float, float]) -> Sites:
    """Sites at these pixels of the page's map."""
    spots = [at(*pixel) for pixel in pixels]
    return Sites([lon for lon, _ in spots], [lat for _, lat in spots])


@dataclass
class Table:
    """One window for the pages of sites: a page that loads draws its empty map first, which costs most of a test."""

    page: Any
    traffic: Any
    mount: Any
    origin: str
    stands: bool = False  # whether the map that is open may have other sites

    def load(self, app: Any, query: str) -> None:
        """The page anew, with its scripts and its map."""
        self.mount.application = app
        self.page.goto(f"{self.origin}map{'?' if query else ''}{query}")

    def lay(self, sites: Sites, query: str) -> None:
        """Other sites on the map that is open: all that was said of those before is taken away first."""
        self.page.mouse.move(WIDE - 1, HIGH + 90)
        self.page.evaluate(CLEARED, [ZOOM, list(MIDDLE)])
        until(self.page, "sitelinePoints.shown.size === 0 && !inner().getLayer('siteline-many')")
        self.mount.application = sites.app()
        self.page.evaluate(LAID, [json.dumps(sites.manifest()), query])


@pytest.fixture(scope="module")
def table(profile: Any, _mount: Any) -> Iterator[Table]:
    """The window of this file; nothing in it may leave the machine."""
    page = profile.new_page()
    page.set_viewport_size({"width": WIDE, "height": HIGH + 100})
    page.set_default_timeout(30_000)
    made = Table(page, Traffic(page), *_mount)
    yield made
    page.close()


@pytest.fixture
def shown(table: Table) -> Iterator[Callable[..., Any]]:
    """Opens the page of some sites and waits until they are drawn; gives the page and its traffic.

    They are laid on the map that is open, unless the page has scripts of its own (`app`) or a test before has changed
    the map itself (`spoilt`).
    """

    def show(
        sites: Sites,
        query: str = "",
        *,
        asked: str | None = None,
        wait: bool = True,
        app: Any = None,
        spoilt: bool = False,
    ) -> tuple[Any, Any]:
        table.traffic.urls.clear()
        table.traffic.errors.clear()
        go_on, table.stands = table.stands and app is None, False
        if go_on:
            table.lay(sites, query)
        else:
            table.load(app or sites.app(), query)
        if wait or app is None:
            until(table.page, "window.state && window.state !== 'drawing'")
            assert table.page.evaluate("window.state") == "idle"
        if wait:
            rest(table.page, query if asked is None else asked)
            assert table.page.evaluate("document.documentElement.dataset.points") == "gl", HOOK
        table.stands = app is None and not spoilt
        return table.page, table.traffic

    yield show
    foreign = list(table.traffic.foreign)
    table.mount.application = None
    assert not foreign, f"Requests left the machine: {foreign}"


def until(page: Any, said: str, arg: Any = None) -> None:
    """Waits until an expression is true; Playwright's own waiting is refused by the content policy of the page."""
    for _ in range(900):
        if page.evaluate(said, arg):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"It did not become true: {said}")


def rest(page: Any, query: str) -> None:
    """Waits until the sites of a query are drawn and the map is at rest."""
    page.evaluate("(q) => window.atRest(q)", query or None)


def go(page: Any, query: str) -> None:
    """Changes the address as Dash does."""
    page.evaluate("(q) => history.pushState({}, '', location.pathname + '?' + q)", query)


def beginning(sites: Sites, script: str) -> Any:
    """The server of some sites, with a script before all others of its page."""
    app = sites.app()
    app.view_functions["scaffold"] = lambda: app.response_class(script + SCAFFOLD, mimetype="text/javascript")
    return app


def around(png: bytes, x: int, y: int, reach: int) -> Any:
    """A square of a picture."""
    return cut(png, x - reach, y - reach, x + reach, y + reach)


# What is drawn


def test_discs_have_their_area_and_states_their_marks(shown: Any) -> None:
    """Four times the people is four times the area; older is pale with a strong edge; each state has its mark."""
    sites = placed((150, 150), (300, 150), (450, 150), (600, 150), *((100 + 80 * i, 400) for i in range(7)))
    value = np.array([40_000, 10_000, 40_000, 40_000, 0, 0, 0, 0, 0, 0, 0], float)
    marks = np.array([0, 0, OLDER, LEFT_OUT, 1, 2, 3, 4, 5, 6, 0])
    sites.say("1", np.where(value > 0, value, np.nan), marks)
    page, traffic = shown(sites, "round=1")
    png = page.screenshot()
    big, small = (covered(around(png, x, 150, 30), C["data"], C["land"]) for x in (150, 300))
    assert math.sqrt(big / math.pi) == pytest.approx(20, abs=0.7)
    assert math.sqrt(small / math.pi) == pytest.approx(10, abs=0.7)
    pale = mixed(C["data"], C["land"], OLDER_SHARE)
    assert near(around(png, 450, 150, 30), pale, 6) > 0.85 * math.pi * 20**2
    assert near(around(png, 450, 150, 30), C["data"], 60) > 60
    assert near(around(png, 600, 150, 30), C["land"], 6) == 60 * 60  # control: what is filtered is not drawn
    ink = [near(around(png, 100 + 80 * i, 400, 14), C[name], 60) for i, name in enumerate(
        ("data", "mute", "mute", "note", "mute", "mute", "data")
    )]  # fmt: skip
    for i, least in enumerate((60, 90, 130, 40, 60, 15, 15)):
        assert ink[i] > least, (i, ink)
    assert near(around(png, 340, 400, 5), C["land"], 6) > 70  # off the list: hollow
    assert near(around(png, 340, 400, 14), C["note"], 60) < 2 * math.pi * 9.3 * 2.4 * 0.8  # and dashed
    assert near(around(png, 260, 400, 4), C["land"], 30) > 8  # withheld: a light bar on grey
    assert traffic.errors == []
    assert traffic.violations == []


def test_seven_marks_are_seven_pictures(shown: Any) -> None:
    """No two states, nor a count and an older one, are drawn alike, also where marks are small."""
    sites = placed(
        *((60 + 80 * i, 300) for i in range(8)),
        *((x, 560 + y) for x in range(20, 740, 12) for y in (0, 12, 24)),
    )
    n = len(sites.x)
    marks = np.r_[np.arange(7), OLDER, np.full(n - 8, 1)]
    sites.say("1", np.where((marks & 15) == 0, 3_600.0, np.nan), marks)
    page, _ = shown(sites, "round=1")
    assert int(page.evaluate("sitelinePoints.shown.values().next().value.seen")) > 180
    png = page.screenshot()
    pictures = [around(png, 60 + 80 * i, 300, 12) for i in range(8)]
    for i, one in enumerate(pictures):
        for j, other in enumerate(pictures[:i]):
            assert (np.abs(one - other).max(axis=2) > 60).sum() > 6, (i, j)


def test_a_class_has_its_colour_and_a_break_is_hatched(shown: Any) -> None:
    """Colours by class; a class with a break has no colour but a hatch; no class is grey where one was asked about."""
    sites = placed((150, 150), (300, 150), (450, 150))
    sites.palette = ("#7A5900", "hatch")
    sites.settings = type(sites.settings)(colour="change")
    sites.say("1", 40_000.0, 0, np.array([0, 1, 255]))
    page, _ = shown(sites, "round=1&colour=change")
    png = page.screenshot()
    assert near(around(png, 150, 150, 12), "#7A5900", 12) > 550
    hatch = around(png, 300, 150, 12)
    assert 120 < covered(hatch, C["note"], C["land"]) < 400
    assert near(hatch, C["land"], 40) > 80
    assert near(around(png, 450, 150, 12), C["mute"], 12) > 550


def test_small_discs_are_on_large_ones_and_ghosts_on_all(shown: Any) -> None:
    """A small site within a large one is seen, whichever comes first in the data; a ghost is never covered."""
    sites = placed((200, 200), (200, 200), (400, 200), (400, 200))
    sites.say("1", np.array([900.0, 90_000.0, np.nan, 90_000.0]), np.array([OLDER, 0, 4, 0]))
    page, _ = shown(sites, "round=1")
    png = page.screenshot()
    assert near(around(png, 200, 200, 4), C["data"], 10) < 60  # the pale small one is on top
    assert near(around(png, 400, 200, 12), C["note"], 60) > 30


def test_rows_are_in_order(shown: Any) -> None:
    """Every row that is not filtered is drawn exactly once, radii fall to within half a pixel, runs cover all."""
    page, _ = shown(scattered(3_000), "round=1")
    found = page.evaluate(
        """() => { const m = sitelinePoints.shown.values().next().value, o = m.at.order;
        return { rows: [...o.rows], runs: o.runs, k: m.k,
          value: [...m.at.value].map((v) => v >= 0 ? v : -1), mark: [...m.at.mark] }; }"""
    )
    rows, mark, value = found["rows"], found["mark"], np.array(found["value"])
    assert sorted(rows) == [row for row in range(3_000) if mark[row] != LEFT_OUT]
    assert found["runs"][0]["from"] == 0
    assert all(a["to"] == b["from"] for a, b in zip(found["runs"], found["runs"][1:], strict=False))
    assert found["runs"][-1]["to"] == len(rows)
    ghosts = [mark[row] == 4 for row in rows]
    assert ghosts == sorted(ghosts)
    radii = [
        np.fmax(found["k"] * np.sqrt(max(value[row], 0)), 3) if mark[row] & 15 == 0 else 4.5
        for row in rows[: ghosts.index(True)]
    ]
    assert max(np.diff(radii)) <= 0.5


# How it follows


def test_an_address_is_followed_at_once_and_its_bytes_are_kept(shown: Any) -> None:
    """A new round is drawn before the server has made a page; back is from memory; places are asked for once."""
    sites = placed((150, 150))
    sites.say("1", 40_000.0)
    sites.say("2", 10_000.0)
    page, _ = shown(sites, "round=1&lang=en&sort=name", asked="round=1")
    go(page, "sort=name&round=2&place=xam-s0")
    rest(page, "round=2")
    png = page.screenshot()
    assert math.sqrt(covered(around(png, 150, 150, 30), C["data"], C["land"]) / math.pi) == pytest.approx(
        10, abs=0.7
    )
    page.go_back()
    rest(page, "round=1")
    asked = [url.partition("xam-mt/")[2] for url in sites.asked if f"/points/{sites.digest}/" in url]
    # The places and the first date are asked for side by side: either may be heard first.
    assert sorted(asked[:2]) == ["at.bin?round=1", "places.bin"]
    assert asked[2:] == ["at.bin?round=2"]
    go(page, "round=2&op=other")  # another operation's address is no matter of this map
    page.wait_for_timeout(200)
    assert [url for url in sites.asked if f"/points/{sites.digest}/" in url][3:] == []


@pytest.mark.parametrize("told_at_rest", [False, True])
def test_a_date_that_is_still_fetched_is_not_said_to_be_shown(shown: Any, told_at_rest: bool) -> None:
    """Neither the first date nor a step is, though the ground comes to rest; control: a script that tells it then."""
    sites, come = placed((150, 150)), {"1": Event(), "2": Event()}
    app, answer = sites.app(), sites.at
    assets = app.view_functions["assets"]

    def late(query: Any) -> bytes:
        come[query["round"]].wait(60)
        return answer(query)

    def altered(name: str) -> Any:
        if name != "points.js":
            return assets(name=name)
        text = (ROOT / "assets" / name).read_text(encoding="utf-8")
        before, idle, after = text.partition("idle: function () {")
        assert idle
        bad = f"{before}{idle} self.holder.dataset.shown = self.url; {after}"
        return app.response_class(bad, mimetype="text/javascript")

    sites.at = late  # type: ignore[method-assign]
    app.view_functions["assets"] = altered
    page, _ = shown(sites, "round=1", wait=False, app=app if told_at_rest else None)
    said = """() => new Promise((done) => {
      inner().once("idle", () => done((document.getElementById("map-many").dataset.shown || "").split("?")[1]));
      inner().triggerRepaint();
    })"""
    try:
        until(page, "window.state === 'idle' && document.documentElement.dataset.points === 'gl'")
        assert page.evaluate(said) == ("round=1" if told_at_rest else None)
        come["1"].set()
        rest(page, "round=1")
        go(page, "round=2")
        assert page.evaluate(said) == ("round=2" if told_at_rest else "round=1")
    finally:
        for one in come.values():
            one.set()
    rest(page, "round=2")


def test_the_page_waits_until_the_map_is_at_rest(shown: Any) -> None:
    """Who asks for the page of another date is held until its sites are drawn and the map is idle; else not at all."""
    sites = placed((150, 150))
    page, _ = shown(sites, "round=1&lang=en", asked="round=1")
    assert page.evaluate("sitelinePoints.rest('/map', '?round=1&lang=fr')") is None  # drawn already
    assert page.evaluate("sitelinePoints.rest('/trends', '?round=2')") is None  # no matter of this map
    assert page.evaluate("sitelinePoints.rest('/map', '?round=2&op=other')") is None
    told = page.evaluate(
        """async () => {
          let idle = 0, waited = 0;
          window.inner().on("idle", () => { idle += 1; });
          const resting = sitelinePoints.rest("/map", "?round=2").then(() => { waited = idle; });
          const before = document.getElementById("map-many").dataset.shown;
          history.pushState({}, "", "/map?round=2");
          await resting;
          return [before.split("?")[1], document.getElementById("map-many").dataset.shown.split("?")[1], waited > 0];
        }"""
    )
    assert told == ["round=1", "round=2", True]


def test_a_date_that_does_not_come_does_not_hold_the_page(shown: Any) -> None:
    """Where the server has no answer the page is asked for all the same: it says what is not held."""
    page, _ = shown(placed((150, 150)), "round=1")
    done = page.evaluate(
        """async () => {
          const resting = sitelinePoints.rest("/map", "?round=0");
          history.pushState({}, "", "/map?round=0");
          await resting;
          return document.getElementById("map-many").dataset.shown;
        }"""
    )
    assert done == "-"


def test_neighbours_are_fetched_when_idle(shown: Any) -> None:
    """The dates before and after come after the one that is shown, so that a step there needs no answer."""
    sites = placed((150, 150))
    sites.near = ("round=1", "round=3")
    page, _ = shown(sites, "round=2&states=counted")
    asked: list[str] = []
    for _ in range(400):
        asked = [url.partition("?")[2] for url in sites.asked if "at.bin" in url]
        if len(asked) >= 3:
            break
        page.wait_for_timeout(50)
    assert asked == ["round=2&states=counted", "round=1&states=counted", "round=3&states=counted"]
    go(page, "round=3&states=counted")
    rest(page, "round=3&states=counted")
    assert len([url for url in sites.asked if "at.bin" in url]) == 3


def test_what_cannot_be_fetched_is_not_drawn_as_if_it_were(shown: Any) -> None:
    """A refused date leaves no mark of the date before, and the line says what to do; the next date is drawn again."""
    sites = placed((150, 150))
    sites.say("1", 40_000.0)
    page, _ = shown(sites, "round=1")
    go(page, "round=0")
    until(page, "document.getElementById('map-many').dataset.shown === '-'")
    page.wait_for_timeout(300)
    assert "could not be fetched" in page.inner_text("#map-counted")
    assert near(around(page.screenshot(), 150, 150, 20), C["data"], 60) == 0
    go(page, "round=1")
    rest(page, "round=1")
    assert near(around(page.screenshot(), 150, 150, 20), C["data"], 60) > 900


def test_how_many_are_in_view_and_drawn_is_always_said(shown: Any) -> None:
    """The line has both numbers, and follows a filter and a move."""
    sites = placed((150, 150), (300, 150), (1_900, 150))
    sites.say("1", np.array([40_000.0, 10_000.0, 500.0]))
    page, _ = shown(sites, "round=1")
    line = page.locator("#map-counted")
    assert line.inner_text().startswith("Sites in view: 2. Sites drawn: 3 of 6 listed")
    go(page, "round=1&least=20000")
    rest(page, "round=1&least=20000")
    assert line.inner_text().startswith("Sites in view: 1. Sites drawn: 1 of 6 listed")
    page.evaluate(
        "() => new Promise((done) => {"
        " inner().once('idle', () => done()); inner().panBy([400, 0], { duration: 0 }); })"
    )
    assert line.inner_text().startswith("Sites in view: 0. Sites drawn: 1 of 6 listed")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("Plotly.react('m', figure.data, figure.layout)", id="the-same-figure"),
        pytest.param(
            """(() => { const f = structuredClone(figure);
            f.layout.map.style.layers[0].paint["background-color"] = "#1B242D";
            f.layout.map.layers = [{ sourcetype: "geojson", type: "fill", color: "#1B242D", below: "traces",
              source: { type: "Polygon", coordinates: [[[-60, -60], [60, -60], [60, 60], [-60, 60], [-60, -60]]] } }];
            return Plotly.react('m', f.data, f.layout); })()""",
            id="another-style-and-areas",
        ),
        pytest.param(
            """new Promise((done) => { const gl = inner().getCanvas().getContext("webgl2");
            const lose = gl.getExtension("WEBGL_lose_context"); inner().once("webglcontextrestored", done);
            lose.loseContext(); setTimeout(() => lose.restoreContext(), 200); })""",
            id="a-lost-context",
        ),
        pytest.param(
            "(() => { Plotly.purge('m'); return Plotly.newPlot('m', figure.data, figure.layout); })()",
            id="another-map",
        ),
    ],
)
def test_it_stays_whatever_happens_to_the_map(change: str, shown: Any) -> None:
    """A new figure, another ground, areas below, a lost context, another map: the sites are there and on top."""
    sites = placed((150, 150), (380, 300))
    sites.say("1", 40_000.0, np.array([0, 2]))
    page, traffic = shown(sites, "round=1", spoilt=True)
    page.evaluate(
        f"() => Promise.race([{change}, new Promise((_, fail) => setTimeout(fail, 20000, 'slow'))]).then(() => 1)"
    )
    page.wait_for_timeout(1_500)
    png = page.screenshot()
    assert near(around(png, 150, 150, 20), C["data"], 12) > 1_000
    assert near(around(png, 380, 300, 12), C["mute"], 60) > 60
    order = page.evaluate("inner().getLayersOrder()")
    after = order[order.index("siteline-many") + 1 :]
    assert all(name.startswith("plotly-trace-layer-") for name in after), order
    assert [e for e in traffic.errors if "context" not in e.lower()] == []
    go(page, "round=2")
    rest(page, "round=2")


def test_it_is_drawn_in_every_world_and_while_near(shown: Any) -> None:
    """Far out a site is in each copy of the world; at the nearest zoom it is where its place is, to a pixel."""
    sites = Sites([0.0, MIDDLE[0]], [0.0, MIDDLE[1]])
    sites.say("1", np.array([90_000.0, 40_000.0]))
    page, _ = shown(sites, "round=1")
    move = "(to) => new Promise((done) => { inner().once('idle', () => done()); inner().jumpTo(to); })"
    page.evaluate(move, {"zoom": 14, "center": [*MIDDLE]})
    png = page.screenshot()
    disc = (np.abs(around(png, 380, 300, 40) - np.array([0x1C, 0x5B, 0x8E])) <= 12).all(axis=2)
    line, column = (axis.mean() for axis in np.nonzero(disc))
    assert line == pytest.approx(39.5, abs=1)
    assert column == pytest.approx(39.5, abs=1)
    page.evaluate(move, {"zoom": 0, "center": [0, 0]})
    found = page.evaluate(
        "(() => { const m = sitelinePoints.shown.values().next().value; return [m.copies[0], m.copies[1]]; })()"
    )
    assert found in ([-1, 1], [-1, 0])
    png = page.screenshot()
    assert near(around(png, 380, 300, 10), C["data"], 12) > 200


# Pointing, choosing, keys


def test_a_site_is_named_when_pointed_at_and_chosen_by_a_click(shown: Any) -> None:
    """The box has name, state, date and people, all as text; a click puts its key into the address, once."""
    sites = placed((150, 150), (150, 158), (400, 300))
    sites.say("1", np.array([40_000.0, 400.0, np.nan]), np.array([0, OLDER, 4]))
    page, traffic = shown(sites, "round=1")
    box = page.locator(".many-hover")
    page.mouse.move(148, 140)
    page.mouse.move(149, 141)
    box.wait_for(state="visible")
    assert box.inner_text().splitlines() == [
        "Site <b>0</b>",
        "Counted",
        "1 October 2024 to 11 October 2024",
        "40,000 people",
    ]
    page.mouse.move(150, 158)
    until(
        page,
        "document.querySelector('.many-hover').dataset.row === '1' && !document.querySelector('.many-hover').hidden",
    )
    assert "Last count, older than this date" in box.inner_text()
    page.mouse.move(400, 301)
    until(
        page,
        "document.querySelector('.many-hover').dataset.row === '2' && !document.querySelector('.many-hover').hidden",
    )
    assert box.inner_text().splitlines()[1:] == ["Taken off the list", "1 October 2024 to 11 October 2024"]
    page.mouse.move(600, 500)
    box.wait_for(state="hidden")  # control: nothing is said of the sea
    page.mouse.click(600, 500)
    page.mouse.click(400, 301)
    until(page, "window.props.length > 0")
    assert page.evaluate("window.props") == [["url", {"search": "?round=1&place=xam-s2"}]]
    assert next(url for url in sites.asked if "/place?" in url).endswith("place?row=0&round=1")
    assert traffic.errors == []


def test_a_filtered_site_is_not_found_by_the_pointer(shown: Any) -> None:
    """What is not drawn cannot be pointed at: below it the large one is. Control: unfiltered it is found."""
    sites = placed((150, 150), (150, 150))
    sites.say("1", np.array([40_000.0, 400.0]))
    page, _ = shown(sites, "round=1")
    pick = "sitelinePoints.shown.values().next().value.pick({ x: 150, y: 150 })"
    assert page.evaluate(pick) == 1
    go(page, "round=1&least=1000")
    rest(page, "round=1&least=1000")
    assert page.evaluate(pick) == 0


def test_picking_agrees_with_the_plain_rule(shown: Any) -> None:
    """The grid finds what asking every site finds, all over the picture."""
    page, _ = shown(scattered(6_000, seed=3), "round=1")
    spots = np.random.default_rng(5).uniform((20, 20), (WIDE - 20, HIGH - 20), (300, 2)).tolist()
    unlike = page.evaluate(
        """(spots) => { const m = sitelinePoints.shown.values().next().value, P = sitelinePoints;
        let found = 0;
        const wrong = spots.filter(([x, y]) => {
          let best = -1, rank = Infinity;
          for (const row of m.rows) {
            const s = m.screen.spot(m.places.x[row], m.places.y[row]);
            if (!s) { continue; }
            const r = P.radius(m.at.value[row], m.at.mark[row], m.k, 3, m.mark), off = Math.hypot(s[0] - x, s[1] - y);
            const mine = (m.at.mark[row] & 15) === 4 ? off / 100 : r + off / 100;
            if (off <= Math.max(r, 3) + 3 && mine < rank) { best = row; rank = mine; }
          }
          found += best >= 0;
          return m.pick({ x, y }) !== best;
        }); return [wrong, found]; }""",
        spots,
    )
    assert unlike[0] == []
    assert unlike[1] > 100


def test_keys_step_by_people_and_choose(shown: Any) -> None:
    """With the focus on the map: n and p step by people and are read aloud, Enter chooses; elsewhere keys are kept."""
    sites = placed((150, 150), (390, 310), (600, 400), (1_900, 300))
    sites.say("1", np.array([500.0, np.nan, 40_000.0, 90_000.0]), np.array([0, 2, 0, 0]))
    page, traffic = shown(sites, "round=1")
    told = page.locator("#map-many [aria-live]")
    page.keyboard.press("n")  # control: without the focus nothing happens
    page.wait_for_timeout(150)
    assert told.inner_text() == ""
    page.locator("#m canvas.maplibregl-canvas").focus()
    for key, name, place in (
        ("n", "2", "1 of 3"),
        ("n", "0", "2 of 3"),
        ("n", "1", "3 of 3"),
        ("n", "2", "1 of 3"),
        ("p", "1", "3 of 3"),
    ):
        page.keyboard.press(key)
        until(
            page,
            "([name, place]) => { const t = document.querySelector('#map-many [aria-live]').textContent;"
            "return t.includes(`<b>${name}</b>`) && t.includes(place); }",
            arg=[name, place],
        )
    assert "Not assessed" in told.text_content()
    assert page.locator(".many-ring").is_visible()
    page.keyboard.press("n")
    until(page, "document.querySelector('.many-hover').dataset.row === '2'")
    page.keyboard.press("Enter")
    until(page, "window.props.length === 1")
    page.keyboard.press("Escape")
    assert page.locator(".many-ring").is_hidden()
    page.keyboard.press("Enter")  # nothing is stepped to: the one nearest to the middle
    until(page, "window.props.length === 2")
    assert page.evaluate("window.props.map((p) => new URLSearchParams(p[1].search).get('place'))") == [
        "xam-s2",
        "xam-s1",
    ]
    assert traffic.errors == []


# Where it cannot be


def test_the_map_is_found_inside_the_plot(shown: Any) -> None:
    """Plotly's map is where the script looks for it, with all that is called; if not, the reason says what to do."""
    page, _ = shown(placed((150, 150)), wait=False)
    until(page, "document.documentElement.dataset.points")
    assert page.evaluate("document.documentElement.dataset.points") == "gl", HOOK
    assert page.evaluate("window.props") == []


@pytest.mark.parametrize(
    ("hidden", "reason"),
    [
        pytest.param(
            """Object.defineProperty(Object.prototype, "_subplot", { configurable: true, get() { return undefined; },
            set(value) { Object.defineProperty(this, "_subplot_", { value, writable: true }); } });""",
            "hook",
            id="the-map-is-hidden",
        ),
        pytest.param("delete window.WebGL2RenderingContext;", "webgl", id="no-webgl-2"),
    ],
)
def test_without_a_way_to_draw_the_page_goes_back_to_plain_points(
    hidden: str, reason: str, shown: Any
) -> None:
    """The address asks for plain points, the reason is noted, and nothing is drawn by half."""
    sites = placed((150, 150))
    page, _ = shown(sites, "round=1", wait=False, app=beginning(sites, hidden))
    until(page, "document.documentElement.dataset.points === 'plain'")
    assert page.evaluate("document.documentElement.dataset.pointsReason") == reason
    assert page.evaluate("window.props") == [["url", {"search": "?round=1&plain=1"}]]


def test_the_page_may_say_by_itself_why_it_draws_less(shown: Any) -> None:
    """A page with a way of its own is called with the reason, once, and its address is left alone."""
    sites = placed((150, 150))
    page, _ = shown(
        sites,
        "round=1",
        wait=False,
        app=beginning(
            sites,
            "delete window.WebGL2RenderingContext; window.reasons = [];"
            "window.siteline = { fallback: (why) => window.reasons.push(why) };",
        ),
    )
    until(page, "window.reasons.length > 0")
    page.evaluate("document.body.append(document.createElement('i'))")
    page.wait_for_timeout(200)
    assert page.evaluate("[window.reasons, window.props]") == [["webgl"], []]

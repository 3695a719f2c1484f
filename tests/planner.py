"""A planner at the map in three ways: by pointer, by keyboard alone, without WebGL; and what the release says."""

from __future__ import annotations

import math
import re
import time
import unicodedata
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from data.store import Release

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

OP, ROUND, AREA = "xtr-mt", 20, "XT06"
STATES = {
    "counted": "Counted", "counted_zero": "Counted: zero", "not_assessed": "Not assessed", "withheld": "Withheld",
    "delisted": "Taken off the list", "closed": "Closed", "no_data": "No count found", "": "not on the list",
}  # fmt: skip
PRESSED = "window.__pressed = 0; addEventListener('pointerdown', () => { window.__pressed += 1; }, true);"
# As a browser that has none (Chromium's --disable-3d-apis): a canvas gives no context of WebGL; one in 2D is given.
NO_WEBGL = """const given = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (name, ...more) {
    return /webgl/i.test(name) ? null : given.call(this, name, ...more); };"""
CONTEXTS = """() => ["webgl", "webgl2", "2d"].filter((name) => {
  const found = document.createElement("canvas").getContext(name);
  found?.getExtension?.("WEBGL_lose_context")?.loseContext();
  return found; })"""
ROWS = """([inside, heads]) => [...document.querySelectorAll(inside)].flatMap((table) => {
  const named = [...table.tHead.rows[0].cells].map((cell) => cell.innerText.trim());
  const wanted = heads.length ? heads.map((head) => named.indexOf(head)) : named.map((_, nth) => nth);
  return wanted.includes(-1) ? [] : [...table.tBodies[0].rows].map((row) =>
    wanted.map((nth) => row.cells[nth].innerText.replace('▸', '').replace(/\\s+/g, ' ').trim())); })"""
FOCUSED = "(wanted) => [wanted === document.activeElement, wanted.isConnected]"
SHOWN = """() => { const gd = document.querySelector("#map .js-plotly-plot");
  const map = gd && gd._fullLayout.map && gd._fullLayout.map._subplot.map;
  const ring = gd && gd.data.find((trace) => trace.name === "chosen-ring");
  return map && ring ? [map.getCenter().lng, map.getCenter().lat, ring.lon[0], ring.lat[0], map.getZoom()] : null; }"""
# Where two pictures differ within the map part: how many pixels, and the box around them. Each picture has a palette
# of its own, so colours that are as good as the same do not count.
DIFFER = """async ([one, other, wide, high]) => {
  const read = async (src) => { const image = new Image(); image.src = src; await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: high });
    const brush = canvas.getContext("2d"); brush.drawImage(image, 0, 0);
    return brush.getImageData(0, 0, wide, high).data; };
  const [a, b] = [await read(one), await read(other)], xs = [], ys = [];
  for (let i = 0; i < a.length; i += 4) {
    if ([0, 1, 2].some((n) => Math.abs(a[i + n] - b[i + n]) > 60)) {
      xs.push(i / 4 % wide); ys.push(Math.floor(i / 4 / wide)); } }
  return [xs.length, Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]; }"""


Place = dict[str, Any]  # a row of the table of sites


class Truth:
    """What the release says, from its plain tables: nothing that the page is made with is asked."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._at: dict[int, pd.DataFrame] = {}
        mine = "JOIN sites AS s ON s.key = t.site WHERE s.operation = 'xtr-mt'"
        rounds = self.table("SELECT number, period FROM rounds WHERE operation = 'xtr-mt' ORDER BY number")
        days = rounds["period"].str.split("/", expand=True)
        self.first, self.last = (
            pd.to_datetime(days[nth]).set_axis(rounds["number"].astype(int)) for nth in (0, 1)
        )
        self._rates: dict[tuple[str, int, int | None], tuple[str, str]] = {}
        self.sites = self.table("SELECT * FROM sites WHERE operation = 'xtr-mt' ORDER BY key").set_index(
            "key"
        )
        self.states = self.table(f"SELECT t.* FROM site_states AS t {mine}").sort_values("last")  # noqa: S608 - a constant
        self.lived = self.table(f"SELECT t.* FROM site_identities AS t {mine}")  # noqa: S608 - as above
        self.services = self.table(f"SELECT t.* FROM site_services AS t {mine}")  # noqa: S608 - as above
        self.names = self.table(
            "SELECT pcode, name FROM areas WHERE iso3 = 'XTR' AND version = 2 ORDER BY pcode"
        )
        assert not self.states.duplicated(["site", "last"]).any()  # else "the last one" would be a choice

    def table(self, sql: str) -> pd.DataFrame:
        """Rows of the release."""
        with self._release.cursor() as cursor:
            found: pd.DataFrame = cursor.sql(sql).to_arrow_table().to_pandas()
        return found

    def span(self, number: int) -> str:
        """The dates of a round as a reader says them."""
        return " to ".join(day(when[number]) for when in (self.first, self.last))

    def at(self, number: int) -> pd.DataFrame:
        """Each site at a round: its last state, whether a count of it holds and is of that round, its area."""
        if number not in self._at:
            self._at[number] = self._read_at(number)
        return self._at[number]

    def _read_at(self, number: int) -> pd.DataFrame:
        until = self.states[self.states["last"] <= self.last[number]]
        newest = until.drop_duplicates("site", keep="last").set_index("site")
        found = self.sites[["name", "commune_pcode"]].join(newest[["state", "value", "precision", "round"]])
        # A count stands for two rounds that missed the site, then nothing is known.
        counts = found["state"].isin(["counted", "counted_zero"])
        found["holds"] = counts & (number - found["round"] <= 2)
        found["state"] = found["state"].mask(counts & ~found["holds"], "no_data")
        found["now"] = found["value"].where(found["holds"] & (found["round"] == number))
        then = self.lived[(self.lived["first_round"] <= number) & ~(self.lived["last_round"] < number)]
        found["pcode"] = then.set_index("site")["pcode"].reindex(found.index).fillna(found["commune_pcode"])
        on_list = until[~until["state"].isin(["delisted", "closed", "no_data"])]
        found["since"] = on_list.drop_duplicates("site").set_index("site")["round"].reindex(found.index)
        return found

    def largest(self, area: str, number: int, most: int = 10) -> list[list[str]]:
        """Name, count and "since when on the list" of the sites with most people in an area."""
        rows = self.at(number)
        rows = rows[rows["holds"] & rows["pcode"].str.startswith(area)]
        rows = rows.sort_values("value", ascending=False, kind="stable").head(most)
        return [
            [
                str(r["name"]),
                f"{'about ' * (r['precision'] == 'about')}{plain(r['value'])} people",
                self.since(r["since"]),
            ]
            for r in records(rows)
        ]

    def since(self, number: float) -> str:
        """A round as the table says it."""
        return f"round {number:.0f}, {self.span(int(number))}"

    def came(self, before: int, after: int, counted: int) -> list[str]:
        """The sites with a count at one of two rounds alone, that of `counted`, most people first."""
        one, two = self.at(before), self.at(after)
        mine, other = (one, two) if counted == before else (two, one)
        rows = mine[mine["holds"] & ~other["holds"]].sort_values("value", ascending=False, kind="stable")
        was, became = (frame["state"].fillna("") for frame in (one, two))
        return [
            f"{r['name']} {STATES[was[key]]}, then {STATES[became[key]]}; last figure {plain(r['value'])}"
            for key, r in zip(rows.index, records(rows), strict=True)
        ]

    def lacking(self, service: str, number: int, letters: int, inside: str = "") -> pd.DataFrame:
        """People and sites without a service by area, of the codes of so many letters, most people first."""
        answers = self.services[(self.services["service"] == service) & (self.services["round"] <= number)]
        newest = answers[answers["round"] == answers["round"].max()].set_index("site")["status"]
        rows = self.at(number)
        rows = rows[
            rows["state"].notna()
            & ~rows["state"].isin(["closed", "delisted"])
            & rows["pcode"].str.startswith(inside)
        ]
        said = newest.reindex(rows.index)
        lacks, asked = said == "none", said.isin(["none", "partly", "available"])
        cells = pd.DataFrame(
            {"people": rows["now"].where(lacks), "of": rows["now"].where(asked), "lacking": lacks, "asked": asked,
             "unasked": ~asked, "uncounted": lacks & rows["now"].isna(),
             "silent": asked & rows["now"].isna()}
        )  # fmt: skip
        found = cells.groupby(rows["pcode"].str[:letters]).sum()
        return found.sort_values(["people", "lacking"], ascending=False)

    def lacking_rows(self, found: pd.DataFrame) -> list[list[str]]:
        """The same as the page writes it, the whole first."""
        names = self.names.set_index("pcode")["name"]
        heads = ["All sites kept", *(f"{names[code]} ({code})" for code in found.index)]
        every = [found.sum(), *(row for _, row in found.iterrows())]
        return [
            [head, plain(r["people"]), plain(r["of"]), f"{100 * r['people'] / r['of']:.1f}%",
             *(plain(r[name]) for name in ("lacking", "asked", "unasked", "uncounted", "silent"))]
            for head, r in zip(heads, every, strict=True)
        ]  # fmt: skip

    def rate(self, area: str, number: int, year: int | None = None) -> tuple[str, str]:
        """The rate of an area of the first level, and its two years; `year` is that of the residents."""
        if (area, number, year) not in self._rates:
            self._rates[area, number, year] = self._read_rate(area, number, year)
        return self._rates[area, number, year]

    def _read_rate(self, area: str, number: int, year: int | None) -> tuple[str, str]:
        counted = self.table(
            f"SELECT value FROM observations WHERE indicator = 'xtr-idp' AND place = '{area}' AND round = {number} AND "  # noqa: S608 - constants
            "sex = '' AND age = '' AND reason = '' AND origin = '' AND destination = '' AND assessment = '' "
            "ORDER BY known_by DESC LIMIT 1"
        )["value"].iloc[0]
        of = self.last[number].year
        living = self.table(
            f"SELECT year, value FROM residents WHERE pcode = '{area}' AND version = 2 "  # noqa: S608 - as above
            f"ORDER BY ABS(year - {year or of}), year LIMIT 1"
        ).iloc[0]
        rows = self.at(number)
        rows = rows[rows["pcode"].str.startswith(area) & ~rows["state"].isin(["delisted", "closed"])]
        listed, left = rows["state"].notna().sum(), (rows["state"].notna() & rows["now"].isna()).sum()
        rate = f"about {plain(1000 * counted / living['value'])} people per 1,000 residents"
        partial = f"; sites not counted: {left} of {listed}, so the true rate may be higher" if left else ""
        years = f"People of {of}; residents of {living['year']:.0f}: about {plain(living['value'])}"
        return rate + partial, f"{day(self.last[number])}, round {number}. {years}"


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings."""
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def day(when: pd.Timestamp) -> str:
    """26 January 2025."""
    return f"{when.day} {when:%B %Y}"


def plain(value: float) -> str:
    """1,105; 32.4; 53."""
    return f"{value:,.1f}".removesuffix(".0")


def letters(text: str) -> str:
    """A name without accents, case, and what stands between its letters."""
    apart = unicodedata.normalize("NFKD", text).lower()
    return re.sub(r"[^a-z0-9]", "", apart)


class Planner:
    """A person at the map who points and clicks; waits for what stands on the page."""

    webgl = True
    scripts: tuple[str, ...] = ()  # what makes the browser that of such a reader
    later = ""  # what a browser notes of an answer that says "ask again later"

    def __init__(self, page: Page, traffic: Any, url: str) -> None:
        self.page, self.traffic, self.url = page, traffic, url.rstrip("/")

    def open(self, search: str, *, beside: Collection[str] = ()) -> None:
        """An address: the first is loaded, the next ones are followed as a link is.

        A page that shows that view already stays, whatever it shows `beside` it: a planner goes on from there.
        """
        asked = parse_qs(search.removeprefix("?"))
        kept = {part: said for part, said in self.stands().items() if part not in beside}
        if kept == asked:
            self.page.evaluate("window.__pressed = 0")
            return
        if self.page.url == "about:blank":
            self.page.goto(f"{self.url}/map{search}", wait_until="commit")
        else:
            self.page.evaluate(
                "(search) => window.dash_clientside.set_props('url', { search })", self.asks(search)
            )
        self.until(self.stands, asked, seconds=60)
        self.page.evaluate("window.__pressed = 0")

    def stands(self) -> dict[str, list[str]]:
        """The view that the page shows, which may come later than its address: that of its file."""
        file = self.page.locator("#map-csv")
        query = parse_qs(urlsplit(str(file.get_attribute("href"))).query) if file.count() else {}
        return {part: said for part, said in query.items() if part not in {"lang", "release", "low"}}

    def asks(self, search: str) -> str:
        """The address that such a reader has."""
        return search

    def until(self, read: Callable[[], Any], wanted: Any, seconds: int = 40) -> None:
        """Wait until the page says what is wanted; else show what it says."""
        end = time.monotonic() + seconds
        while (found := read()) != wanted and time.monotonic() < end:
            self.page.wait_for_timeout(200)
        assert found == wanted, f"{self.page.url} says {found}, not {wanted}"

    def rows(self, inside: str, *heads: str) -> list[list[str]]:
        """The cells of the tables there, those of some columns or all."""
        found: list[list[str]] = self.page.evaluate(ROWS, [inside, list(heads)])
        return found

    def texts(self, inside: str) -> list[str]:
        """What stands in each of these, in one line."""
        found = self.page.locator(inside).all_inner_texts()
        return [re.sub(r"\s+", " ", text).strip() for text in found]

    def asked(self, part: str) -> str:
        """A part of the address."""
        return parse_qs(urlsplit(self.page.url).query).get(part, [""])[0]

    def field(self, label: str) -> Locator:
        """The field of that name."""
        page = self.page
        return page.get_by_label(label, exact=True).and_(page.locator("input:visible")).first

    def reach(self, there: Locator, part: str, key: str = "Tab") -> Locator:
        """Come to a thing on the page; `part` and `key` are the way of a reader without a mouse."""
        del part, key
        there.scroll_into_view_if_needed()
        return there

    def follow(self, there: Locator, part: str, key: str = "Tab") -> None:
        """Follow a link."""
        self.reach(there, part, key).click()

    def one_round_back(self) -> None:
        """To the date before."""
        self.page.locator("#step-before").click()

    def choose(self, label: str, option: str, typed: str = "") -> None:
        """One thing of a list; `typed` is how a reader without a mouse comes to it in a long one."""
        del typed
        if self.page.locator("#map-filter-fold:not([open])").count():
            self.page.locator("#map-filter-fold > summary").click()
        self.field(label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def find(self, text: str) -> None:
        """Write a name into the search."""
        self.field("Find a place").click()
        self.field("Find a place").fill(text)

    def drawn(self) -> None:
        """The map of places stands on the page, and no picture in its place."""
        self.page.locator("#map .js-plotly-plot .maplibregl-canvas").wait_for(timeout=60_000)
        assert self.page.locator("#picture").count() == 0

    def shows(self, place: Place, other: Place) -> None:
        """The chosen place is in the middle of the map, near, with a ring around it; `other` is not."""

        def seen(one: Place) -> list[bool]:
            at = self.page.evaluate(SHOWN)
            wanted = [one["lon"], one["lat"]] * 2
            near = at and all(abs(a - b) < 1e-3 for a, b in zip(at[:4], wanted, strict=True))
            return [bool(near), bool(at and at[4] >= 8)]

        self.until(lambda: seen(place), [True, True])
        assert seen(other) == [False, True], "control"

    def contexts(self) -> list[str]:
        """What a canvas of the page can be drawn on with."""
        found: list[str] = self.page.evaluate(CONTEXTS)
        return found

    def used(self) -> None:
        """What the hands did is what this way says: the pointer was pressed."""
        assert self.page.evaluate("window.__pressed") > 0, "control: pressing the pointer is noticed"


class Keyboard(Planner):
    """A person without a mouse: links at the head of the page, Tab, arrows, Enter, and what is typed."""

    def skip_to(self, part: str) -> None:
        """By a link at the head of the page to a part of it."""
        self.page.locator(f"#skip-{part}").focus()
        self.page.keyboard.press("Enter")

    def reach(self, there: Locator, part: str, key: str = "Tab") -> Locator:
        """By the link at the head of the page to a part of it, then by Tab."""
        self.skip_to(part)
        wanted = there.first.element_handle()  # found once: by role or label the whole page is gone through
        for _ in range(120):
            self.page.keyboard.press(key)
            focused, held = wanted.evaluate(FOCUSED)
            if not held:  # the page has put another in its place
                wanted = there.first.element_handle()
                focused, _ = wanted.evaluate(FOCUSED)
            if focused:
                return there
        pytest.fail(f"{key} does not lead from {part} to {there}")

    def follow(self, there: Locator, part: str, key: str = "Tab") -> None:
        """Enter on a link."""
        self.reach(there, part, key)
        self.page.keyboard.press("Enter")

    def one_round_back(self) -> None:
        """The arrow to the left, on the dates."""
        self.reach(self.page.get_by_role("slider", name="Date of the map"), "main")
        self.page.keyboard.press("ArrowLeft")

    def choose(self, label: str, option: str, typed: str = "") -> None:
        """Arrows down a list and Enter."""
        self.skip_to("map-filter-fold")  # it is opened
        self.reach(self.field(label), *(["map-filter-fold"] if typed else ["map-table", "Shift+Tab"]))
        self.page.keyboard.type(typed)
        if typed:  # the list follows what is typed
            self.page.get_by_role("option", name=option, exact=True).wait_for()
        said = """() => { const on = document.querySelector("[role=option][data-combobox-selected]");
          return on && on.checkVisibility() ? on.textContent : ""; }"""
        for _ in range(40):
            self.page.keyboard.press("ArrowDown")
            if self.page.evaluate(said) == option:
                self.page.keyboard.press("Enter")
                return
        pytest.fail(f"the arrows do not lead to {option!r} in {label!r}")

    def find(self, text: str) -> None:
        """Typed over what stands in the field."""
        self.reach(self.field("Find a place"), "map-filter-fold", "Shift+Tab")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def used(self) -> None:
        """No pointer was pressed."""
        assert self.page.evaluate("window.__pressed") == 0


class Without(Planner):
    """A person whose browser has no WebGL: the server draws the map, the page says so."""

    webgl = False
    scripts = (NO_WEBGL,)
    later = "status of 503"

    def asks(self, search: str) -> str:
        """What a picture is asked for by."""
        return f"{search}&low=1"

    def drawn(self) -> None:
        """The picture is there with its reason and its words; no map was begun."""
        image = self.page.locator("#picture img")
        image.wait_for()
        assert self.texts("#picture .why:visible") == [
            "This browser has no WebGL, so the server draws the map."
        ]
        assert "of 1,496 sites" in str(image.get_attribute("alt")) or OP not in self.page.url
        # a server that draws other pictures says "later", and the page asks again
        self.until(
            lambda: image.evaluate("(image) => image.complete && image.naturalWidth >= 390"), wanted=True
        )
        assert self.page.locator(".js-plotly-plot").count() == 0

    def shows(self, place: Place, other: Place) -> None:
        """The picture differs from that without the place where the place lies, and nowhere else."""
        image = self.page.locator("#picture img")
        self.until(lambda: f"place={place['key']}" in str(image.get_attribute("src")), wanted=True)
        src = str(image.get_attribute("src"))
        wide, high = (int(str(image.get_attribute(name))) for name in ("width", "height"))
        pixels, *sides = self.page.evaluate(DIFFER, [src, re.sub(r"place=[^&]*&?", "", src), wide, high])
        closer = parse_qs(urlsplit(str(self.page.locator("#picture-in").get_attribute("href"))).query)["box"][
            0
        ]
        west, south, east, north = map(float, closer.split(","))  # half as wide, with the same middle
        scale = wide / 2 / (math.radians(east) - math.radians(west))
        middle = (northing(south) + northing(north)) / 2

        def inside(one: Place) -> bool:
            x = wide / 2 + (math.radians(one["lon"]) - math.radians(west + east) / 2) * scale
            y = high / 2 - (northing(one["lat"]) - middle) * scale
            return bool(sides[0] - 2 <= x <= sides[1] + 2 and sides[2] - 2 <= y <= sides[3] + 2)

        assert pixels > 20
        assert max(sides[1] - sides[0], sides[3] - sides[2]) < 60, f"{pixels} pixels differ within {sides}"
        assert inside(place)
        assert not inside(other), "control"


def northing(lat: float) -> float:
    """Web Mercator, in radians."""
    return math.asinh(math.tan(math.radians(lat)))


WAYS: dict[str, type[Planner]] = {"pointer": Planner, "keyboard": Keyboard, "without-webgl": Without}

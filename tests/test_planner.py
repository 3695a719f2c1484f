"""A planner's tasks on the training country, each in three ways: by pointer, by keyboard alone, and without WebGL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from data.store import Store
from tests.planner import AREA, CONTEXTS, NO_WEBGL, OP, PRESSED, ROUND, WAYS, Planner, Truth, letters, records

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
# What a place that was found leaves in the address: no table and no list of the tasks after it depends on it, so a
# planner goes on from there. The tasks come in the order in which they can.
FOUND = ("text", "place")


@pytest.fixture(scope="module")
def truth(store_folder: Path) -> Truth:
    return Truth(Store(store_folder).current())


@pytest.fixture(scope="module")
def _window(request: pytest.FixtureRequest, profile: BrowserContext) -> Iterator[tuple[Page, Any]]:
    """One window for all ways, so that scripts are loaded and compiled once."""
    shared = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    assert shared is not None
    page = profile.new_page()
    page.set_default_timeout(30_000)
    page.add_init_script(PRESSED)
    yield page, shared.Traffic(page)
    page.close()


@pytest.fixture(scope="module", params=WAYS)
def _reader(request: pytest.FixtureRequest, _window: tuple[Page, Any], server: str) -> Planner:
    """A planner of each way. Without WebGL is the last: what a page is loaded with stays with the window."""
    page, traffic = _window
    way = WAYS[request.param]
    for script in way.scripts:
        page.add_init_script(script)
        page.goto("about:blank")
    return way(page, traffic, server)


@pytest.fixture
def planner(_reader: Planner) -> Iterator[Planner]:
    """The same for one test; it fails if anything failed that a reader does not see, or left the machine."""
    _reader.traffic.urls.clear()
    _reader.traffic.errors.clear()
    yield _reader
    traffic = _reader.traffic
    errors = [error for error in traffic.errors if not _reader.later or _reader.later not in error]
    assert (traffic.foreign, errors, traffic.violations) == ([], [], [])
    assert {urlsplit(url).netloc for url in traffic.urls if url.startswith("http")} == {
        urlsplit(_reader.url).netloc
    }


@pytest.mark.parametrize(
    ("operation", "text", "key"),
    [
        pytest.param("hti-eq2010", "petionville club", "petion-ville-club", id="without-accents"),
        pytest.param(OP, "Ghí lakú", "xtr-s0000002", id="cut-and-accents"),
    ],
)
def test_a_place_is_found_however_it_is_written(
    planner: Planner, truth: Truth, operation: str, text: str, key: str
) -> None:
    """Its name in other letters and words finds it, its profile opens, and it is marked where it lies."""
    rows = records(truth.table(f"SELECT * FROM sites WHERE operation = '{operation}' ORDER BY key"))  # noqa: S608 - a constant
    wanted = sorted(f"found-{row['key']}" for row in rows if letters(row["name"]).startswith(letters(text)))
    assert f"found-{key}" in wanted
    assert not any(
        text.lower() in row["name"].lower() for row in rows
    )  # control: as it is written it is nowhere
    place = next(row for row in rows if row["key"] == key)
    located = [row for row in rows if row["lon"] > -90]
    other = max(located, key=lambda row: abs(row["lon"] - place["lon"]) + abs(row["lat"] - place["lat"]))
    planner.open(f"?op={operation}" + f"&round={ROUND}" * (operation == OP))
    planner.find(text)
    links = planner.page.locator("#map-found a.place")
    planner.until(lambda: sorted(str(one.get_attribute("id")) for one in links.all()), wanted)
    planner.drawn()
    planner.follow(planner.page.locator(f"#found-{key}"), "map-filter-fold", "Shift+Tab")
    planner.page.locator("#map-panel").get_by_role("heading", name=place["name"], exact=True).wait_for()
    planner.shows(place, other)
    planner.used()


def test_the_rate_of_an_area_with_its_two_years(planner: Planner, truth: Truth) -> None:
    """People per 1,000 residents of all areas and of one, with the year of the count and that of the residents."""
    areas = [row for row in records(truth.names) if len(row["pcode"]) == 4]
    wanted = [[f"{row['name']} ({row['pcode']})", *truth.rate(row["pcode"], ROUND)] for row in areas]
    rate, years = truth.rate(AREA, ROUND)
    assert truth.rate(AREA, ROUND, year=2024) != (rate, years)  # control: residents of another year
    planner.open(f"?op={OP}&round={ROUND}", beside=FOUND)
    planner.choose("Colour of areas", "People per 1,000 residents")
    planner.until(lambda: planner.rows("#map-table table", "Area", "Measure", "Date or years"), wanted)
    planner.drawn()
    planner.follow(planner.page.locator(f"#row-{AREA}"), "map-table")
    facts = "#map-panel h3:text-is('People per 1,000 residents') + dl dd"
    planner.until(lambda: planner.texts(facts), [rate, years])
    planner.used()


def test_what_appeared_and_what_vanished_between_two_rounds(planner: Planner, truth: Truth) -> None:
    """Beside the round before: each site with a count at one of the two alone, what it was and is, and how many."""
    came, went = (truth.came(ROUND - 1, ROUND, counted) for counted in (ROUND, ROUND - 1))
    assert came != went  # control: the two lists cannot be taken for each other
    planner.open(f"?op={OP}&round={ROUND}", beside=FOUND)
    assert planner.texts("#map-compared li") == []  # control: nothing is compared yet
    planner.choose("Beside another date", f"{truth.span(ROUND - 1)}, round {ROUND - 1}")
    planner.until(lambda: planner.texts("#map-compared .came li"), came)
    assert planner.texts("#map-compared .went li") == went
    heads = [text.rpartition(": ")[2] for text in planner.texts("#map-compared h3")]
    assert heads == [str(len(came)), str(len(went))]
    planner.drawn()
    if planner.webgl:
        planner.page.locator("#map-two .js-plotly-plot .maplibregl-canvas").wait_for(timeout=60_000)
    else:
        assert "the second map is not drawn" in planner.texts("#picture-one")[0]
    planner.used()


def test_where_water_is_lacking_for_most_people(planner: Planner, truth: Truth) -> None:
    """Areas by people at sites without water, with shares and what is not known; an area opens with its parts."""
    found = truth.lacking("water", ROUND, 4)
    wanted = truth.lacking_rows(found)
    assert list(found.index) != list(
        found.sort_values("lacking", ascending=False).index
    )  # control: sites, not people
    planner.open(f"?op={OP}&round={ROUND}")
    planner.choose("Service that was found lacking", "Water")
    planner.until(lambda: planner.rows("#lacking-water table"), wanted)
    planner.drawn()
    most = str(found.index[0])
    planner.follow(planner.page.locator(f"#lacking-water-{most}"), "map-table", "Shift+Tab")
    parts = truth.lacking_rows(truth.lacking("water", ROUND, 6, most))
    planner.until(lambda: planner.rows("#lacking-water table"), parts)
    assert planner.asked("within") == most
    planner.used()


def test_the_ten_largest_sites_of_an_area_and_since_when(planner: Planner, truth: Truth) -> None:
    """At the round before, in one area: names, people and the round since which each is on the list."""
    wanted = truth.largest(AREA, ROUND)
    assert (
        truth.largest(AREA, ROUND + 1) != wanted != truth.largest("", ROUND)
    )  # controls: a round, an area forgotten
    planner.open(f"?op={OP}&round={ROUND + 1}")
    planner.one_round_back()
    planner.until(lambda: truth.span(ROUND) in planner.texts("#map-time .tl-now")[0], wanted=True)
    planner.choose("Area", f"Kifilkil, first level, {AREA}", typed=AREA)
    table = "#map-table table.sorted"
    planner.until(lambda: planner.rows(table, "Place", "Number", "Seen on the list since")[:10], wanted)
    planner.drawn()
    assert planner.contexts() == [*["webgl", "webgl2"] * planner.webgl, "2d"]
    planner.follow(planner.page.locator(f"{table} tbody tr:first-child th a"), "map-table")
    planner.page.locator("#map-panel").get_by_role("heading", name=wanted[0][0], exact=True).wait_for()
    planner.used()


def test_the_stand_in_is_a_browser_without_webgl(request: pytest.FixtureRequest, browser: Browser) -> None:
    """Chromium that is started without WebGL has the canvases that the third way has."""
    from scripts.browser import find

    shared = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    assert shared is not None
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    chromium = browser.browser_type.launch(
        executable_path=str(find()), args=[*shared.CHROMIUM, *sandbox, "--disable-3d-apis"]
    )
    page = chromium.new_page()
    assert page.evaluate(CONTEXTS) == ["2d"]
    other = browser.new_page()
    assert other.evaluate(CONTEXTS) == ["webgl", "webgl2", "2d"]  # control
    other.evaluate(f"() => {{ {NO_WEBGL} }}")
    assert other.evaluate(CONTEXTS) == ["2d"]
    other.close()
    chromium.close()


def test_the_log_would_tell(request: pytest.FixtureRequest, browser: Browser, server: str) -> None:
    """Control of all above: a request to another machine, an error and a breach of the policy are noticed."""
    shared = request.config.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    assert shared is not None
    context = browser.new_context()
    page = context.new_page()
    traffic = shared.Traffic(page)
    page.goto(server + "method", wait_until="commit")
    assert (traffic.foreign, traffic.violations) == ([], [])
    page.evaluate("fetch('http://other.invalid/').catch(() => console.error('it failed'))")
    page.wait_for_function("() => window.__violations.length > 0")
    assert any("it failed" in error for error in traffic.errors)
    page.set_content("<img src='http://other.invalid/x.png'>")
    assert traffic.foreign == ["http://other.invalid/x.png"]
    context.close()

"""Nearby sites in groups: nothing is lost or summed as zero, one scale, and each site by itself when near."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.map_settings import MapSettings
from layers.colours import SCHEMES
from tests.many_sites import LEFT_OUT, MIDDLE, OLDER, WIDE, Sites, mercator
from tests.reader import Reader
from tests.test_map_browser import covered, near
from tests.test_points_browser import ZOOM, around, go, placed, rest, shown, table, until

__all__ = ["shown", "table"]  # the fixtures that open a page of sites
pytestmark = pytest.mark.browser

ASSETS = Path(__file__).resolve().parents[1] / "assets" / "points"
C = SCHEMES["light"]
ENGINE = """({ level, parts }) => {
  const { x, y, value, mark, shade, rough } = window.given;
  const P = sitelinePoints, nan = (v) => v === null ? NaN : v;
  const places = { n: x.length, x: Float32Array.from(x), y: Float32Array.from(y) };
  const at = { n: x.length, unit: "individuals", value: Float32Array.from(value, nan),
    mark: Uint8Array.from(mark), class: Uint8Array.from(shade), rough: rough && Uint8Array.from(rough) };
  const part = P.partition(places.x, places.y, level), made = P.grouped(places, at, part);
  const found = { of: [...part.of], n: part.n, px: [...part.x], py: [...part.y], index: [...made.index],
    groups: made.groups, x: [...made.places.x], y: [...made.places.y],
    value: [...made.at.value].map((v) => v >= 0 ? v : null), mark: [...made.at.mark], shade: [...made.at.class] };
  return Object.fromEntries((parts.length ? parts : Object.keys(found)).map((name) => [name, found[name]]));
}"""
MANY = "sitelinePoints.shown.values().next().value"
SPOT = f"(() => {{ const m = {MANY}, i = m.index.indexOf(-1); return m.screen.spot(m.places.x[i], m.places.y[i]); }})()"


@pytest.fixture
def engine(open_page: Callable[..., Any]) -> Callable[..., Any]:
    """The making of groups, of plain arrays, in a page without a map."""
    page, _ = open_page()
    for name in ("pick.js", "grouping.js"):
        page.add_script_tag(content=(ASSETS / name).read_text(encoding="utf-8"))

    given: list[Any] = [None]

    def grouped(sites: dict[str, Any], level: float, *parts: str) -> Any:
        """What is made of some sites at a zoom, all of it or the parts that are asked for."""
        if given[0] is not sites:
            page.evaluate("(sites) => { window.given = sites; }", sites)
            given[0] = sites
        return page.evaluate(ENGINE, {"level": level, "parts": parts})

    return grouped


def drawn_at(seed: int, n: int = 600) -> dict[str, Any]:
    """Sites in all states, some filtered, some in another unit, some on one point."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform((-24, -31), (-16, -25), (12, 2))
    lon, lat = (towns[rng.integers(0, 12, n)] + rng.normal(0, rng.choice([0, 0.02, 0.8], (n, 1)), (n, 2))).T
    x, y = (axis.astype("<f4").astype(float) for axis in mercator(lon, lat))
    mark = rng.choice([0, OLDER, 1, 2, 3, 4, 5, 6, LEFT_OUT], n)
    value = np.where(((mark & 15) == 0) & (rng.random(n) < 0.9), rng.integers(1, 9_000, n), -1)
    return {
        "x": x.tolist(), "y": y.tolist(), "value": [float(v) if v > 0 else None for v in value],
        "mark": mark.tolist(), "shade": rng.integers(0, 3, n).tolist(),
        "rough": [int(v > 0 and v % 8 == 0) for v in value],
    }  # fmt: skip


def whole(sites: dict[str, Any]) -> dict[str, Any]:
    """People and sites by state of all that is drawn, plainly summed."""
    rows = [i for i, mark in enumerate(sites["mark"]) if mark != LEFT_OUT]
    states = np.bincount([sites["mark"][i] & 15 for i in rows], minlength=7).tolist()
    return {
        "sites": len(rows),
        "people": sum(sites["value"][i] or 0 for i in rows),
        "summed": sum(sites["value"][i] is not None for i in rows),
        "older": sum(sites["value"][i] is not None and sites["mark"][i] & OLDER > 0 for i in rows),
        "rough": sum(sites["value"][i] is not None and sites["rough"][i] for i in rows),
        "states": states,
    }


def told(made: Any, sites: dict[str, Any]) -> dict[str, Any]:
    """The same of groups and single sites together."""
    alone = {name: [cells[row] for row in made["index"] if row >= 0] for name, cells in sites.items()}
    found = whole(alone)
    for group in made["groups"]:
        for name in ("sites", "people", "summed", "older", "rough"):
            found[name] += group[name]
        found["states"] = [a + b for a, b in zip(found["states"], group["states"], strict=True)]
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_groups_and_single_sites_are_the_whole(engine: Callable[..., Any], seed: int) -> None:
    """People and sites by state are the same however near; a sum is of counts alone; ghosts are in no group."""
    sites = drawn_at(seed)
    every, sizes = whole(sites), []
    for level in np.arange(0, 13, 0.5).tolist():
        made = engine(sites, level, "index", "groups")
        assert told(made, sites) == every, level
        assert len(made["index"]) == len(set(made["index"]))
        for group in made["groups"]:
            assert group["sites"] == sum(group["states"]) > 1
            assert group["states"][4] == 0
            assert group["states"][0] == group["summed"] + group["other"]
        sizes.append(len(made["groups"]))
    assert max(sizes) > 5
    made = engine(sites, 5, "index", "groups")
    assert told(made | {"groups": made["groups"][1:]}, sites) != every  # control: one left out is noticed


def test_what_is_drawn_of_a_group_is_what_it_says(engine: Callable[..., Any]) -> None:
    """Its value is its sum, or none without a count; its place is one of its sites; its class is the one they share."""
    sites = drawn_at(4)
    kinds = set()
    for level in (2, 6, 10):
        made = engine(sites, level)
        first = len(made["index"]) - len(made["groups"])
        assert made["index"][first:] == [-1 - g for g in range(len(made["groups"]))]
        for at, group in enumerate(made["groups"], first):
            value, row = made["value"][at], group["row"]
            assert value == (pytest.approx(group["people"]) if group["summed"] else None)
            assert (made["x"][at], made["y"][at]) == (sites["x"][row], sites["y"][row])
            members = [i for i, part in enumerate(made["of"]) if part == made["of"][row]]
            members = [i for i in members if sites["mark"][i] not in {4, LEFT_OUT}]
            counted = [i for i in members if sites["value"][i] is not None]
            shades = {sites["shade"][i] for i in counted}
            assert len(members) == group["sites"]
            assert made["shade"][at] == (shades.pop() if len(shades) == 1 else 15)
            marks = {sites["mark"][i] for i in members}
            if not counted and len(marks) == 1:
                assert made["mark"][at] in marks
            elif counted:
                assert made["mark"][at] == (OLDER if group["older"] == len(counted) else 0)
            kinds.add((bool(counted), made["shade"][at] == 15))
    assert len(kinds) >= 3


def test_groups_are_made_of_places_alone(engine: Callable[..., Any]) -> None:
    """Another date or filter has the same parts; all of a part is within reach of its middle; middles keep apart."""
    sites, later = drawn_at(5), drawn_at(6)
    later |= {"x": sites["x"], "y": sites["y"]}
    for level in (3, 7, 11):
        made, again = engine(sites, level), engine(later, level)
        assert made["of"] == again["of"]
        assert made == engine(sites, level)
        px = 512 * 2**level
        cell = 72 / 3 * math.sqrt(2)  # a place is at most so far from the middle of its small cell
        for i, part in enumerate(made["of"]):
            off = math.hypot(sites["x"][i] - made["px"][part], sites["y"][i] - made["py"][part]) * px
            assert off <= 72 + cell
        middles = np.column_stack([made["px"], made["py"]]) * px
        apart = np.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
        assert apart[~np.eye(len(middles), dtype=bool)].min(initial=1e9) > 72
    assert engine(sites, 3)["n"] < engine(sites, 11)["n"]  # control: nearer, they fall apart


# On the map


def grouped(*pixels: tuple[float, float]) -> Sites:
    """Sites at these pixels, for a reader who wants nearby ones grouped."""
    sites = placed(*pixels)
    sites.settings = MapSettings(group=True)
    return sites


def made(page: Any) -> None:
    """Waits until groups are on the map and the line says so."""
    until(page, "document.querySelectorAll('.many-groups > div').length > 0")
    until(page, "document.getElementById('map-counted').textContent.startsWith('Groups')")
    page.wait_for_timeout(300)


def test_a_group_has_the_area_of_its_people_on_the_scale_of_the_map(shown: Any) -> None:
    """Two counts are one disc with the area of both; a single site keeps its size; a label has both numbers."""
    sites = grouped((150, 300), (165, 300), (400, 300), (600, 300), (610, 305))
    sites.say("1", np.array([16_000, 9_000, 10_000, np.nan, np.nan]), np.array([0, 0, 0, 2, 3]))
    page, traffic = shown(sites, "round=1")
    made(page)
    png = page.screenshot()
    alone = covered(around(png, 400, 300, 24), C["data"], C["land"])
    assert math.sqrt(alone / math.pi) == pytest.approx(10, abs=0.7)
    k = page.evaluate(f"{MANY}.k")
    assert k == pytest.approx(0.1)
    page.evaluate(
        "document.querySelector('.many-groups').style.display = 'none'"
    )  # words are no part of the area
    png = page.screenshot()
    spot = page.evaluate(SPOT)
    both = covered(around(png, round(spot[0]), round(spot[1]), 30), C["data"], C["land"])
    assert math.sqrt(both / math.pi) == pytest.approx(0.1 * math.sqrt(25_000), abs=0.8)
    texts = page.evaluate(
        "[...document.querySelectorAll('.many-groups > div')].map((d) => [...d.children].map((c) => c.textContent))"
    )
    assert sorted(texts) == [["", "25,000", "2 sites"], ["", "no count", "2 sites"]]
    line = page.inner_text("#map-counted")
    assert line.startswith("Groups in view: 2, with 4 sites; sites by themselves in view: 1. Sites drawn")
    assert "in a group or by themselves: 5 of 8 listed" in line
    assert traffic.errors == []
    assert traffic.violations == []


def test_the_scale_is_that_of_the_largest_site_not_of_a_sum(shown: Any) -> None:
    """A group with more people than any site makes no site smaller."""
    pixels = [(150 + 4 * i, 300) for i in range(6)]
    sites = grouped(*pixels, (500, 300))
    sites.say("1", np.array([300_000.0] * 7))
    page, _ = shown(sites, "round=1")
    made(page)
    assert page.evaluate(f"{MANY}.k") == pytest.approx(0.1)
    value = page.evaluate(f"[...{MANY}.at.value]")
    assert sorted(value) == [300_000, 1_800_000]


def test_a_group_says_what_it_holds_and_opens_by_pointer_key_and_list(shown: Any) -> None:
    """Every state of its sites is said, none as zero; a click, Enter and its button come nearer until each is alone."""
    sites = grouped((150, 300), (160, 300), (165, 302), (170, 298), (500, 300))
    sites.say(
        "1",
        np.array([16_000, 900, np.nan, np.nan, 40_000]),
        np.array([0, OLDER, 2, 4, 0]),
        rough=[0, 1, 0, 0, 0],
    )
    page, traffic = shown(sites, "round=1")
    made(page)
    assert page.locator(".many-groups > div > b").all_inner_texts() == ["about 16,900"]
    spot = page.evaluate(SPOT)
    page.mouse.move(spot[0] - 7, spot[1] - 1)
    page.mouse.move(spot[0] - 6, spot[1])  # away from the one that was taken off the list, which is on top
    box = page.locator(".many-hover")
    box.wait_for(state="visible")
    said = [
        "Group of 3 sites",
        "about 16,900 people, the sum of the counts that are drawn; sites with such a count: 2",
        "Counts in the sum that were not published as exact: 1",
        "Older counts in the sum: 1",
        "Not assessed: 1",
    ]
    assert box.inner_text().splitlines() == said
    page.evaluate("document.getElementById('map-groups').open = true")
    button = page.locator("#map-groups button")
    button.wait_for(state="visible")
    assert button.all_inner_texts() == [". ".join(said)]
    page.locator("#m canvas.maplibregl-canvas").focus()
    page.keyboard.press("n")
    page.keyboard.press("n")
    until(page, "document.querySelector('#map-many [aria-live]').textContent.startsWith('Group of 3')")
    back = f"inner().jumpTo({{ zoom: {ZOOM}, center: {json.dumps(list(MIDDLE))} }})"
    for act in (
        lambda: page.keyboard.press("Enter"), lambda: page.mouse.click(spot[0] - 6, spot[1]), button.click,
    ):  # fmt: skip
        act()
        until(page, f"inner().getZoom() >= {ZOOM} + 1 && !({MANY}.groups || []).length")
        assert page.evaluate(f"{MANY}.rows.length") == 5
        page.evaluate(f"() => {{ {back}; }}")
        until(
            page,
            f"{MANY}.groups.length === 1 && document.querySelectorAll('#map-groups button').length === 1",
        )
        page.wait_for_timeout(300)
    assert page.evaluate("window.props") == []  # opening a group chooses no place
    assert traffic.errors == []


def test_near_and_without_groups_the_same_is_drawn(shown: Any) -> None:
    """Where each site is alone the picture is that of a map without groups, pixel by pixel; its place is its own."""
    pixels = ((150, 300), (380, 300), (384, 300))
    marks = np.array([0, 0, 2])
    to = json.dumps({"zoom": 13.2, "center": list(MIDDLE)})
    move = f"new Promise((d) => {{ inner().once('idle', d); inner().jumpTo({to}); }}).then(() => 1)"
    found = []
    for sites in (grouped(*pixels), placed(*pixels)):
        sites.say("1", np.array([40_000.0, 10_000.0, np.nan]), marks)
        page, _ = shown(sites, "round=1")
        page.evaluate(move)
        page.wait_for_timeout(600)
        found.append((page.locator("#box").screenshot(), page.inner_text("#map-counted")))
        assert page.locator(".many-groups > div").count() == 0
    assert near(around(found[1][0], WIDE // 2, 300, 8), C["data"], 12) > 200  # control: something is drawn
    assert found[0] == found[1]


def test_a_date_a_filter_and_the_choice_itself_are_followed(shown: Any) -> None:
    """Sums are of the date and of what the filters keep; a single one left stands by itself; a name is its own."""
    sites = grouped((150, 300), (160, 300), (500, 300))
    sites.say("1", np.array([16_000.0, 900.0, 40_000.0]))
    sites.say("2", np.array([10_000.0, 600.0, 40_000.0]))
    page, _ = shown(sites, "round=1")
    made(page)
    go(page, "round=2")
    rest(page, "round=2")
    assert page.evaluate(f"{MANY}.groups.map((g) => g.people)") == [10_600]
    go(page, "round=2&least=1000")
    rest(page, "round=2&least=1000")
    assert page.evaluate(f"{MANY}.groups.length") == 0
    page.mouse.move(500, 301)
    page.mouse.move(500, 300)
    page.locator(".many-hover").wait_for(state="visible")
    assert next(url for url in reversed(sites.asked) if "/place?" in url).startswith(
        f"/points/{sites.digest}/xam-mt/place?row=2&"
    )


# On the page


def test_a_reader_chooses_groups_and_each_by_itself_again(reader: Reader) -> None:
    """Off at first; the choice is in the address, drawn over every site that has a place, and taken back whole."""
    page = reader.page
    reader.open("/map?op=xtr-mt&round=20")
    page.wait_for_selector("#map .maplibregl-canvas", state="attached", timeout=60_000)
    assert not page.locator("#map-many").count()  # control: plain points
    assert page.inner_text("#map-counted") == ""
    choice = page.locator("input[id*='\"group\"']")
    for name, grouped_ in (("Group nearby sites", True), ("Each by itself", False)):
        choice.click()
        page.get_by_role("option", name=name).click()
        until(page, "(on) => new URLSearchParams(location.search).has('group') === on", arg=grouped_)
        until(
            page, "(on) => (document.querySelectorAll('.many-groups > div').length > 3) === on", arg=grouped_
        )
        until(
            page,
            "(on) => document.getElementById('map-counted').textContent.startsWith('Groups') === on",
            arg=grouped_,
        )
        until(page, "(on) => document.getElementById('map-groups').hidden !== on", arg=grouped_)
        if grouped_:
            held = page.evaluate(
                f"(() => {{ const m = {MANY}; return [m.groups.reduce((n, g) => n + g.sites, 0), "
                f"m.index.filter((row) => row >= 0).length, m.at.whole.n]; }})()"
            )
            assert held[0] + held[1] == held[2] > 1_000

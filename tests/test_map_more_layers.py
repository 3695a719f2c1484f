"""Flow points, border posts, incidents and pairs on the map: to scale, said as the table says it, none left out."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from data import border_posts, flows_at, incidents, pairs, rasters
from data.catalogue import records_of
from data.codes import ClaimStatus, IncidentKind, Located
from data.map_settings import MapSettings
from data.model import Snapshot
from data.pairs import Why
from data.store import Store
from layers import border_posts as posts_layer
from layers import flow_points as flow_layer
from layers import incidents as incident_layer
from layers import movements as halves
from layers import pairs as pair_layer
from layers import raster as raster_layer
from layers.colours import LIGHT
from layers.place_kinds import LOCATED, WHERE, border_lines, flow_lines, place_of
from layers.places import heads
from layers.record import Layer
from layers.scene import Scene
from tests.places import EN, NOWHERE, ORIGIN, flow_point, snapshot
from words import LANGUAGES, words

MAKERS = (flow_layer, posts_layer, incident_layer, pair_layer, raster_layer)
LAYERS: tuple[Layer, ...] = tuple(module.LAYER for module in MAKERS)


@pytest.fixture(scope="module")
def held(store_folder: Path) -> dict[str, Snapshot]:
    """What the training country has of each kind at one date."""
    release, on = Store(store_folder).current(), date(2024, 3, 31)
    found = {
        "flow_points": flows_at.flows_at(release, "xtr-fm", on),
        "border_posts": border_posts.posts_at(release, "xtr-bc", on),
        "incidents": incidents.incidents_between(release, "xtr-mt", date(2022, 1, 1), on),
        "pairs": pairs.pairs_at(release, "xtr-fm", on),
        "rasters": rasters.underlays_at(release, "xtr-mt", on),
    }
    return {name: made for name, made in found.items() if made is not None}


def scene(held: Mapping[str, Snapshot], language: str = "en", **changes: Any) -> Scene:
    """These snapshots, everything switched on."""
    plain: dict[str, Any] = {
        "snapshots": held, "words": words(language), "colours": LIGHT, "origin": ORIGIN, "digest": "d",
        "switched_on": frozenset({"boundaries"}), "settings": MapSettings(pairs=12),
    }  # fmt: skip
    return Scene(**(plain | changes))


def said(traces: Any) -> list[tuple[str, str]]:
    """Key and hover box of every mark."""
    return [
        (key, text)
        for trace in traces
        for (key,), text in zip(trace.get("customdata") or (), trace.get("hovertext") or (), strict=True)
    ]


# What every layer keeps


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hover_says_nothing_that_the_table_does_not(
    held: dict[str, Snapshot], layer: Layer, language: str
) -> None:
    """Every line of a hover box is a cell of its row; each row has all heads, and Plotly takes the picture."""
    assert layer.holds in held
    made = scene(held, language)
    picture = layer.draw(made)
    table = {
        str(row["key"]): place_of(layer.holds, row, made.words) for row in records_of(held[layer.holds].table)
    }
    for key, text in said(picture.traces):
        cells = table[key].cells(made.words)
        assert set(html.unescape(text).split("<br>")) <= set(cells.values())
        assert list(cells) == heads(made.words)
    figure = go.Figure(data=list(picture.traces), layout={"map": {"layers": list(picture.outlines)}})
    names = [outline.name for outline in figure.layout.map.layers]
    assert len(names) == len(set(names))  # a chosen place adds what is not yet named
    assert layer.title_key in made.words
    assert layer.note_key in made.words
    assert layer.legend is not None
    assert all(entry.label for entry in layer.legend(made))


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_without_its_snapshot_a_layer_is_empty(layer: Layer) -> None:
    """No picture and no legend; nothing is invented."""
    made = scene({})
    assert (list(layer.draw(made).traces), list(layer.draw(made).outlines)) == ([], [])
    assert layer.legend is not None
    assert list(layer.legend(made)) == []


def test_places_drawn_and_not_drawn_are_the_table(held: dict[str, Snapshot]) -> None:
    """Every located point, post and incident has a mark, and no other; control: one without a point has none."""
    for layer in LAYERS[:3]:
        table = held[str(layer.holds)].table
        drawn = {key for key, _ in said(layer.draw(scene(held)).traces)}
        assert drawn == set(table[~table.geometry.is_empty]["key"])
        if len(table) > len(drawn):
            assert table.geometry.is_empty.sum() == len(table) - len(drawn)
    assert held["incidents"].table.geometry.is_empty.any()


# Two halves


def area(outline: Mapping[str, Any], at: int = 0) -> float:
    """Of a half disc on the flat map, square degrees."""
    return float(shape(outline["source"]["features"][at]["geometry"]).area)


def point(key: str, into: float, out_of: float, **changes: Any) -> dict[str, Any]:
    """A flow point with movements, on the equator."""
    extra = {
        "into": into, "out_of": out_of, "month": "2024-03", "days_observed": 20, "days_open": 31, "days_in": 31,
        "hours": 200.0, "corridor_en": "", "corridor_fr": "", "neighbours": "", "neighbour_names": "", "bypass_en": "",
        "bypass_fr": "", "state": "counted", "geometry": Point(10, 0),
    }  # fmt: skip
    return flow_point(key, **(extra | changes))


@given(st.lists(st.tuples(st.integers(200, 10**6), st.integers(200, 10**6)), min_size=1, max_size=5))
def test_both_sides_share_one_scale_by_area(found: list[tuple[int, int]]) -> None:
    """At every zoom level the areas of all half discs are as their movements; only what is too small is a dot."""
    rows = [point(f"p{at}", float(a), float(b), geometry=Point(at, 0)) for at, (a, b) in enumerate(found)]
    held = {"flow_points": snapshot(*rows)}
    table = held["flow_points"].table
    scale = halves.scale_of(table, "into", "out_of")
    most = max(max(pair) for pair in found)
    outlines = flow_layer.draw(scene(held)).outlines
    assert max(halves.widths_px(table, scale)) == pytest.approx(2 * halves.LARGEST_PX)
    for left, right in zip(outlines[::2], outlines[1::2], strict=True):
        assert (left["color"], right["color"]) == (LIGHT["data"], LIGHT["mute"])
        for at, (a, b) in enumerate(found):
            to_scale = min(scale.k * n**0.5 for n in (a, b)) > halves.DOT_PX + 1
            if to_scale and min(a, b) > most / 50:  # rounding to metres shows in the smallest ones
                assert area(left, at) / area(right, at) == pytest.approx(a / b, rel=0.08)


def test_left_is_in_and_a_missing_side_is_not_drawn() -> None:
    """West of the point lies what came in; a point with one number has one half, one without a number a square."""
    held = {"flow_points": snapshot(point("a", 400.0, 100.0), point("b", np.nan, 50.0, geometry=Point(10.2, 0)),
                                    point("c", np.nan, np.nan, state="closed", geometry=Point(10.4, 0)))}  # fmt: skip
    picture = flow_layer.draw(scene(held))
    left, right = picture.outlines[:2]
    assert [f["properties"]["key"] for f in left["source"]["features"]] == ["a"]
    assert [f["properties"]["key"] for f in right["source"]["features"]] == ["a", "b"]
    west, _, east, _ = shape(left["source"]["features"][0]["geometry"]).bounds
    assert east == pytest.approx(10, abs=1e-4)
    assert west < 10
    assert area(left) == pytest.approx(4 * area(right), rel=0.02)
    squares = next(trace for trace in picture.traces if trace["name"] == "flow-points")
    assert squares["customdata"] == [["c"]]
    zooms = [(o.get("minzoom", 0), o.get("maxzoom", 24)) for o in picture.outlines[::2]]
    assert zooms[0][0] == 0
    assert zooms[-1][1] == 24
    assert all(a[1] == b[0] for a, b in pairwise(zooms))  # no level is without


def test_a_point_without_the_columns_of_a_month_keeps_its_square() -> None:
    """An older release without days: the layer is what it was."""
    held = {"flow_points": snapshot(flow_point("a"), flow_point("b", opened=False))}
    (trace,) = flow_layer.draw(scene(held)).traces
    assert trace["marker"]["symbol"] == ["sl_point", "sl_point_later"]
    assert flow_layer.legend(scene(held)) == ()
    assert place_of("flow_points", flow_point("a"), EN).state == "Open at this date"


def test_zero_is_said_and_not_drawn_as_people(held: dict[str, Snapshot]) -> None:
    """A post where nobody counted has the mark of that; what is said of it is "not found", never 0."""
    made = posts_layer.draw(scene(held))
    icons = next(trace for trace in made.traces if trace["name"] == "border-posts")
    assert icons["marker"]["symbol"] == ["sl_not_assessed"]
    lost = records_of(held["border_posts"].table)[1]
    cells = place_of("border_posts", lost, EN).cells(EN)
    assert cells["Number"] == "not found"
    assert "on 0 of 31 days" in cells["State at this date"]
    first = place_of("border_posts", records_of(held["border_posts"].table)[0], EN)
    assert re.fullmatch(r"[\d,]+ entries; [\d,]+ exits \(movements, not people\)", first.amount)


@pytest.mark.parametrize("language", LANGUAGES)
def test_profiles_are_whole_sentences(held: dict[str, Snapshot], language: str) -> None:
    """Movements, days, hours, road, neighbours; of a border post that hours are not known."""
    w = words(language)
    for lines in (flow_lines(records_of(held["flow_points"].table)[0], w),
                  border_lines(records_of(held["border_posts"].table)[0], w)):  # fmt: skip
        assert len(lines) >= 3
        assert all(line.endswith(".") for line in lines)
    assert w("border.hours_unknown") in border_lines(records_of(held["border_posts"].table)[1], w)


# Incidents


def test_an_allegation_is_drawn_open_and_said_to_be_one(held: dict[str, Snapshot]) -> None:
    """Published: solid with an edge of land. Alleged: an open ring, "alleged by …, not proven"."""
    picture = incident_layer.draw(scene(held))
    by = {trace["name"]: trace for trace in picture.traces}
    assert by["incidents"]["marker"]["color"][:2] == [LIGHT["land"], LIGHT["ink"]]
    assert by["incidents-claimed"]["marker"]["color"][:2] == [LIGHT["ink"], LIGHT["land"]]
    assert ["xtr-inc-alleged"] in by["incidents-claimed"]["customdata"]
    text = dict(said([by["incidents-claimed"]]))["xtr-inc-alleged"]
    assert "Eviction, alleged by Union of Settlement Residents" in text
    assert "not proven" in text
    assert not any("alleged" in text for _, text in said([by["incidents"]]))
    assert not incident_layer.LAYER.on
    (outline,) = picture.outlines
    rings = [shape(feature["geometry"]) for feature in outline["source"]["features"]]
    assert len(rings) == len(said(picture.traces)) // 2  # each mark is an edge and a disc


def test_too_many_circles_are_not_drawn(held: dict[str, Snapshot], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than a bound only that of a chosen one; control: below it all are there."""
    monkeypatch.setattr(incident_layer, "MOST", 3)
    assert incident_layer.draw(scene(held)).outlines == []
    assert len(incident_layer.draw(scene(held, only="xtr-inc-alleged")).outlines) == 1


@pytest.mark.parametrize(
    ("keys", "members"),
    [({f"incident.{k}" for k in IncidentKind}, IncidentKind), (set(LOCATED.values()), Located),
     (set(WHERE.values()), Why), ({f"told.{c}" for c in ClaimStatus if c != "published"}, ClaimStatus)],
)  # fmt: skip
def test_every_member_has_its_word(keys: set[str], members: type[StrEnum]) -> None:
    """In both languages; the maps of keys name every member."""
    for language in LANGUAGES:
        assert keys <= words(language).table.keys()
    assert len(keys) >= len(members) - 1
    assert set(LOCATED) == {member.value for member in Located}
    assert set(WHERE) == {member.value for member in Why}


# Pairs


def lines_of(picture: Any) -> list[list[tuple[float, float]]]:
    """The lines with more than three points: without their heads."""
    found: list[list[tuple[float, float]]] = []
    for trace in picture.traces:
        if trace["mode"] != "lines":
            continue
        part: list[tuple[float, float]] = []
        for x, y in zip(trace["lon"], trace["lat"], strict=True):
            if x is None:
                found.append(part)
                part = []
            else:
                part.append((x, y))
    return [line for line in found if len(line) > 3]


@pytest.mark.parametrize("asked", [0, 1, 7, 200])
def test_as_many_lines_as_asked_and_the_rest_in_numbers(held: dict[str, Snapshot], asked: int) -> None:
    """Off until asked for; the numbers of the sentences sum to those of all pairs, whatever is drawn."""
    made = scene(held, settings=MapSettings(pairs=asked))
    table = held["pairs"].table
    lines = lines_of(pair_layer.draw(made))
    assert len(lines) == min(asked, int((table["why"] == Why.BETWEEN).sum()))
    parts = pair_layer.parts(made)
    assert parts is not None
    told = pair_layer.sentences(parts, EN)
    numbers = [[int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", s)] for s in told if "pairs," in s]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    assert numbers[-1] == [len(table), int(table["value"].sum())]
    assert any("stay within their area" in sentence for sentence in told)
    assert told[-1].startswith("A stated destination is not a route")


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_both_ways_share_one_scale(a: float, b: float) -> None:
    """The same number has the same width, more is never thinner, and no width is off by more than a step."""
    most = max(a, b)
    width = {n: pair_layer.width_px(n, most) for n in (a, b)}
    assert (width[a] >= width[b]) if a >= b else (width[a] <= width[b])
    assert width[most] == pair_layer.WIDEST_PX
    for n, found in width.items():
        exact = n / most * pair_layer.WIDEST_PX
        assert exact - 1e-6 <= found <= exact + pair_layer.STEP_PX


def test_a_line_says_what_it_is(held: dict[str, Snapshot]) -> None:
    """Stated destination, not route; its mark stands on the line; pairs with abroad are rows without a line."""
    picture = pair_layer.draw(scene(held))
    marks = next(trace for trace in picture.traces if trace["mode"] == "markers")
    assert all("Stated destination, not route" in text for _, text in said([marks]))
    spots = set(zip(marks["lon"], marks["lat"], strict=True))
    assert len(spots) == 12
    on_lines = np.array([line[len(line) // 2] for line in lines_of(picture)])
    for lon, lat in spots:
        assert np.abs(on_lines - [lon, lat]).max(axis=1).min() < 2e-3
    abroad = [row for row in records_of(held["pairs"].table) if row["why"] == Why.ABROAD]
    assert abroad
    assert all("abroad" in place_of("pairs", row, EN).name for row in abroad)
    assert {row["key"] for row in abroad} & {key for key, _ in said([marks])} == set()
    alone = pair_layer.draw(scene(held, only=said([marks])[0][0]))
    assert len(lines_of(alone)) == 1


def test_across_the_180th_meridian_a_line_stays_whole() -> None:
    """From 179 to -179 degrees it takes the short way; control: a line drawn as given would be 358 degrees long."""
    row: dict[str, Any] = {
        "key": "a-to-b", "origin": "A", "destination": "B", "origin_name": "A", "destination_name": "B",
        "name": "A → B", "why": "between", "from_lon": 179.0, "from_lat": 0.0, "to_lon": -179.0, "to_lat": 1.0,
        "value": 5.0, "points": 1, "month": "2024-03", "unit": "movements", "precision": "exact", "public": True,
        "state": "counted", "geometry": Point(180, 0.5),
    }  # fmt: skip
    picture = pair_layer.draw(scene({"pairs": snapshot(row)}))
    for trace in picture.traces:
        if trace["mode"] == "lines":
            lons = [x for x in trace["lon"] if x is not None]
            assert max(lons) - min(lons) < 5
    assert abs(row["to_lon"] - row["from_lon"]) == 358


def test_nowhere_is_listed(held: dict[str, Snapshot]) -> None:
    """A row without a point says where it is not; markup in a name is shown and not obeyed."""
    row = records_of(held["incidents"].table)[0] | {"geometry": NOWHERE, "name": "<b>Camp</b>"}
    place = place_of("incidents", row, EN)
    assert place.location == EN("map.no_location")
    one = {"incidents": snapshot(row | {"geometry": Point(1, 1)})}
    assert said(incident_layer.draw(scene(one)).traces)[0][1].startswith("&lt;b&gt;Camp")


def test_circles_that_are_not_drawn_are_said(
    held: dict[str, Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the most that is drawn the legend says that circles are left out; control: within it, it does not."""
    drawn = scene(held)
    last = incident_layer.legend(drawn)[-1].label
    assert "circles" not in last
    assert incident_layer.draw(drawn).outlines
    monkeypatch.setattr(incident_layer, "MOST", 1)
    assert incident_layer.draw(drawn).outlines == []
    assert "circles in which they happened are not drawn" in incident_layer.legend(drawn)[-1].label

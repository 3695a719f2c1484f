"""The map loses no place, draws people to scale, and says nothing that its table does not say."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from data.codes import Unit
from data.errors import ProvenanceMissing
from data.geo import TILE_PX, WGS84
from data.model import Shown
from layers import LAYERS, accuracy, legend
from layers.colours import LIGHT, mixed
from layers.discs import DOT_PX, EDGE_PX, K_PX, LARGEST_PX, Scale, radii, scale_of
from layers.map import MapView
from layers.places import heads, is_spot, place
from layers.scene import ICON_PX, MANY
from layers.world import APART_PX, WorldView, apart
from tests import laws
from tests.places import (
    EN,
    EVERY,
    NOWHERE,
    ORIGIN,
    STATES,
    drawn,
    flow_point,
    ghost,
    rows,
    site,
    snapshot,
    traces,
    view,
    world,
)
from words import words

# Nothing is lost


@settings(max_examples=30)  # each is a whole figure
@given(rows())
def test_every_place_is_drawn_or_has_no_location(found: list[dict[str, Any]]) -> None:
    """Marks on the map and places without a location are together the table, none twice and none left out."""
    held = snapshot(*found) if found else laws.snapshot(table=gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    made = view(snapshots={"sites": held})
    marked = drawn(made)
    without = {row["key"] for row in found if not is_spot(row["geometry"])}
    assert marked | without == {row["key"] for row in found}
    assert marked & without == set()
    assert len(made.table()) == len(found)
    assert list(made.table().columns) == heads(EN)


def test_a_place_at_no_degrees_is_not_drawn() -> None:
    """A point made of missing numbers is not empty for the library, and yet lies nowhere; it is listed."""
    assert not Point(np.nan, np.nan).is_empty  # control: why `is_empty` alone does not do
    made = view(snapshots={"sites": snapshot(site("a"), site("b", geometry=Point(np.nan, np.nan)))})
    assert drawn(made) == {"a"}
    assert list(made.table()["Latitude, longitude"]) == ["18.600, -72.300", "not known: not on the map"]


@pytest.mark.parametrize("off", [layer.key for layer in LAYERS if layer.holds and layer.key != "accuracy"])
def test_a_layer_switched_off_stays_in_the_table(off: str) -> None:
    """Its places are not drawn, and the table is the same; control: with all layers on they are drawn."""
    held = {
        "sites": snapshot(site("sites"), ghost("ghosts")),
        "crowd": snapshot(site("crowd", state="no_data", value=np.nan)),
        "flow_points": snapshot(flow_point("flow_points")),
    }
    whole, less = view(snapshots=held), view(snapshots=held, switched_on=EVERY - {off})
    assert drawn(whole) == {"sites", "ghosts", "crowd", "flow_points"}
    assert drawn(less) == drawn(whole) - {off}
    pd.testing.assert_frame_equal(less.table(), whole.table())


def test_a_map_brings_its_provenance() -> None:
    """Without a snapshot there is no map; both maps are things that may be shown."""
    for none in ({}, {"sites": "a table"}):
        with pytest.raises(ProvenanceMissing):
            view(snapshots=none)
    with pytest.raises(ProvenanceMissing):
        WorldView(snapshot=None, words=EN, origin=ORIGIN, digest="d")  # type: ignore[arg-type]  # what is refused
    assert isinstance(view(), Shown)
    assert isinstance(world(), Shown)
    assert view().notes()
    assert world().notes()


def test_the_legend_has_all_seven_states() -> None:
    """Also states of no place; the counts sum to the places."""
    held = snapshot(site("a"), ghost("b"), ghost("c", geometry=NOWHERE))
    made = legend(held, EN)
    assert [state for state, _, _ in made] == STATES
    assert {state: count for state, _, count in made if count} == {"counted": 1, "delisted": 2}
    assert ("delisted", "Taken off the list", 2) in made


def test_layers_are_told_apart_and_have_words() -> None:
    """Keys and words are each layer's own; what is no count of the operation is off at first, all else is on."""
    assert len({layer.key for layer in LAYERS}) == len(LAYERS)
    assert {layer.key for layer in LAYERS if not layer.on} == {"crowd", "areas", "raster", "incidents"}
    for layer in LAYERS:
        assert layer.title_key in EN
        assert layer.note_key in EN


# Discs


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=8))
def test_area_is_in_proportion_to_people(people: list[int]) -> None:
    """With one k for the whole map; only discs smaller than a dot are drawn as a dot."""
    table = snapshot(*(site(f"s{i}", value=float(n)) for i, n in enumerate(people))).table
    scale = scale_of(table)
    size = radii(table, scale)
    to_scale = size > DOT_PX
    area = size**2
    shares = area[to_scale] / np.array(people)[to_scale]
    assert np.allclose(shares, scale.k**2)
    assert scale.k <= K_PX
    assert size.max() <= LARGEST_PX + 1e-9
    assert (scale.k * np.sqrt(np.array(people)[~to_scale]) <= DOT_PX + 1e-9).all()


def test_four_times_the_people_is_twice_as_wide() -> None:
    """A control by hand: 40,000 people have a disc of 40 px, 10,000 one of 20 px."""
    made = view(snapshots={"sites": snapshot(site("a", value=10_000.0), site("b", value=40_000.0))})
    (trace,) = traces(made, "sites")
    assert [key for (key,) in trace.customdata] == ["b", "b", "a", "a"]
    widths = list(trace.marker.size)
    assert widths == [40 + 2 * EDGE_PX, 40, 20 + 2 * EDGE_PX, 20]  # largest first; edges below their discs


def test_units_are_never_mixed_on_one_scale() -> None:
    """The unit that most sites have is drawn to scale; another unit, or a count without a number, is a dot."""
    table = snapshot(
        site("a", value=50_000.0),
        site("b", value=10_000.0),
        site("c", value=90_000.0, unit="families"),
        site("d", value=np.nan),
    ).table
    assert scale_of(table) == Scale("individuals", K_PX)
    assert radii(table, scale_of(table)).tolist() == pytest.approx([K_PX * 50_000**0.5, 10.0, DOT_PX, DOT_PX])
    even = table[table["key"].isin(["a", "c"])]
    assert scale_of(even).unit == Unit.INDIVIDUALS  # as many of each: people
    assert scale_of(table[table["key"] == "d"]).unit == ""


def test_an_older_count_is_pale_with_a_solid_edge_and_its_date() -> None:
    """34 % of the fill over land, the edge in full; the date stands beside it; control: a current one has neither."""
    older = view(snapshots={"sites": snapshot(site("a", age="older", last_when="2013-06"))})
    (trace,) = traces(older, "sites")
    assert list(trace.marker.color) == [LIGHT["data"], mixed(LIGHT["data"], LIGHT["land"], 0.34)]
    (dates,) = traces(older, "sites-dates")
    assert list(dates.text) == ["June\u00a02013"]
    current = view()
    assert list(traces(current, "sites")[0].marker.color) == [LIGHT["land"], LIGHT["data"]]
    assert traces(current, "sites-dates") == []


def test_mixing_colours() -> None:
    """Half black on white is grey; all or nothing is one of the two."""
    assert mixed("#000000", "#FFFFFF", 0.5) == "#808080"
    assert mixed("#123456", "#FFFFFF", 1) == "#123456"
    assert mixed("#123456", "#FFFFFF", 0) == "#FFFFFF"


# What is said of a place


def test_a_ghost_says_that_it_is_off_the_list() -> None:
    """Hover: name, state, date; beside it: name and since when; its mark is the dashed ring, all of them drawn."""
    made = view(snapshots={"sites": snapshot(ghost(name="Canaan"))})
    (marks,) = traces(made, "ghosts")
    assert list(marks.marker.symbol) == ["sl_delisted"]
    assert marks.marker.allowoverlap
    assert list(marks.hovertext) == ["Canaan<br>Taken off the list<br>30 September 2013"]
    (beside,) = traces(made, "ghosts-names")
    assert list(beside.text) == ["Canaan<br>taken\u00a0off\u00a0the\u00a0list<br>30\u00a0September\u00a02013"]
    assert beside.hoverinfo == "skip"


def test_among_very_many_sites_a_ghost_has_its_mark_and_no_words_on_the_map() -> None:
    """Words would lie on discs; the mark and its hover box stay. Control: with one site fewer the words are there."""
    many = [site(f"s{nth}") for nth in range(MANY)]
    made = view(snapshots={"sites": snapshot(ghost(name="Canaan"), *many)})
    (marks,) = traces(made, "ghosts")
    assert "Taken off the list" in marks.hovertext[0]
    assert traces(made, "ghosts-names") == []
    assert traces(view(snapshots={"sites": snapshot(ghost(), *many[1:])}), "ghosts-names")


@settings(max_examples=30)  # as above
@given(rows(), st.sampled_from(["en", "fr"]))
def test_hover_says_nothing_that_the_table_does_not(found: list[dict[str, Any]], language: str) -> None:
    """Every line of every hover box is a cell of the row of that place."""
    if not found:
        return
    made = view(snapshots={"sites": snapshot(*found)}, words=words(language))
    table = made.table()
    table.index = pd.Index([row["key"] for row in found])
    for trace in made.figure().data:
        for (key,), said in zip(trace.customdata or (), trace.hovertext or (), strict=True):
            assert set(html.unescape(said).split("<br>")) <= set(table.loc[key])


@pytest.mark.parametrize("name", ["<b>Camp</b>", "A & B", '<a href="javascript:x">x</a>', "%{lat}"])
def test_markup_in_a_name_is_shown_and_not_obeyed(name: str) -> None:
    """A name is text, also in a hover box; control: unescaped it would not come back by unescaping."""
    made = view(snapshots={"sites": snapshot(site(name=name))})
    said = traces(made, "sites")[0].hovertext[0]
    assert "<b>" not in said
    assert "<a" not in said
    assert html.unescape(said).startswith(name)
    assert traces(made, "sites")[0].hovertemplate is None


@pytest.mark.parametrize(
    ("changes", "state", "amount"),
    [
        ({}, "Counted", "1,000 people"),
        ({"precision": "at_least"}, "Counted", "at least 1,000 people"),
        ({"age": "older"}, "Last count, older than this date", "1,000 people"),
        ({"age": "unknown", "state": "no_data"}, "Unknown at this date; last count given", "1,000 people"),
        ({"state": "counted_zero", "value": 0.0}, "Counted: zero", "0 people"),
        ({"state": "withheld", "value": np.nan}, "Withheld", ""),
    ],
)
def test_state_and_number_in_words(changes: Mapping[str, Any], state: str, amount: str) -> None:
    """Each number has its quantifier and unit, and age is said in words."""
    made = place("sites", site(**changes), EN)
    assert (made.state, made.amount) == (state, amount)


def test_what_was_not_found_says_so() -> None:
    """No cell of a place is blank but its note, and none says nan."""
    row = site(value=np.nan, unit="", commune="", commune_pcode=np.nan, last_when="", geometry=NOWHERE)
    cells = view(snapshots={"sites": snapshot(row)}).table().iloc[0]
    assert [head for head, cell in cells.items() if not cell] == ["Note"]
    assert cells["Number"] == "not found"
    assert not cells.astype(str).str.contains("nan").any()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "Open at this date"),
        ({"opened": False}, "Not yet open at this date"),
        ({"active_from": ""}, "Date of opening not stated"),
    ],
)
def test_flow_points_say_whether_they_are_open(changes: Mapping[str, Any], state: str) -> None:
    """A point that is not open yet is drawn open and says so; a point has no number."""
    made = view(snapshots={"flow_points": snapshot(flow_point(**changes))})
    (trace,) = traces(made, "flow-points")
    assert list(trace.marker.symbol) == ["sl_point_later" if changes.get("opened") is False else "sl_point"]
    assert state in trace.hovertext[0]
    assert made.table()["Number"].tolist() == ["not found"]


# Accuracy, selection, sentence


def circles(made: MapView) -> dict[str, Any]:
    """The accuracy circles by key of their place."""
    return {
        feature["properties"]["key"]: shape(feature["geometry"])
        for layer in made.figure().layout.map.layers
        for feature in layer.source["features"]
    }


def test_accuracy_is_a_circle_of_its_true_radius() -> None:
    """Within 2 m of the stated metres; none where no accuracy is stated or the place is not drawn."""
    held = {
        "sites": snapshot(site("a", accuracy_m=300.0), ghost("g", accuracy_m=1_000.0), site("n")),
        "crowd": snapshot(site("c", accuracy_m=500.0, state="no_data", value=np.nan)),
    }
    found = circles(view(snapshots=held))
    assert set(found) == {"a", "g", "c"}
    for x, y in found["g"].exterior.coords:
        assert WGS84.inv(-72.3, 18.6, x, y)[2] == pytest.approx(1_000, abs=2)
    assert set(circles(view(snapshots=held, switched_on=EVERY - {"crowd"}))) == {"a", "g"}
    assert set(circles(view(snapshots=held, switched_on=EVERY - {"ghosts"}))) == {"a", "c"}
    assert circles(view(snapshots=held, switched_on=EVERY - {"accuracy"})) == {}


def test_of_too_many_circles_only_the_chosen_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The map says so in the layer's note; control: of as many as are allowed, all are drawn."""
    assert str(accuracy.MOST) in EN("layer.accuracy_note")
    monkeypatch.setattr(accuracy, "MOST", 20)  # as many as are allowed is a number, whatever it is
    many = [site(f"s{i}", accuracy_m=300.0) for i in range(accuracy.MOST + 1)]
    assert circles(view(snapshots={"sites": snapshot(*many)})) == {}
    assert set(circles(view(snapshots={"sites": snapshot(*many)}, selected="s7"))) == {"s7"}
    assert len(circles(view(snapshots={"sites": snapshot(*many[1:])}))) == accuracy.MOST


@pytest.mark.parametrize(("row", "across"), [(site("x", value=10_000.0), 23.0), (ghost("x"), float(ICON_PX))])
def test_the_chosen_place_has_a_ring(row: dict[str, Any], across: float) -> None:
    """An ink ring around its mark, which lies on top of all others; control: nothing chosen, no ring."""
    held = {"sites": snapshot(row, site("y", value=90_000.0))}
    made = view(snapshots=held, selected="x")
    (ring,), (ground,) = traces(made, "chosen-ring"), traces(made, "chosen-ground")
    assert ring.marker.color == LIGHT["ink"]
    assert ring.marker.size > ground.marker.size > across
    assert {key for (key,) in made.figure().data[-1].customdata} == {"x"}
    assert traces(view(snapshots=held), "chosen-ring") == []
    assert traces(view(snapshots=held, selected="nobody"), "chosen-ring") == []
    hidden = view(snapshots=held, selected="x", switched_on=frozenset())
    assert traces(hidden, "chosen-ring") == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sentence_stands_alone(language: str) -> None:
    """Date, operation, states with their counts, what leaving a list means, credit."""
    held = {"sites": snapshot(site(), ghost(), ghost("h", geometry=NOWHERE))}
    said = view(snapshots=held, words=words(language)).sentence()
    month = {"en": "30 September 2013", "fr": "30 septembre 2013"}[language]
    off = words(language)("state.delisted")
    colon = {"en": ": ", "fr": "\u202f: "}[language]
    for part in (
        month,
        held["sites"].provenance.operations[0].title.to(language),
        f"{off}{colon}2",
        "Source: Examplia Office",
    ):
        assert part in said


def test_sentences_of_other_maps() -> None:
    """Points are no people, reports no counts, and a map of no place says that it has none."""
    points = view(snapshots={"flow_points": snapshot(flow_point())}).sentence()
    assert "1 of 1 flow monitoring points" in points
    crowd = snapshot(site(state="no_data", value=np.nan))
    assert "not a count" in view(snapshots={"crowd": crowd}).sentence()
    none = laws.snapshot(table=gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    empty = view(snapshots={"sites": none})
    assert "no place" in empty.sentence()
    assert empty.figure().data  # Plotly draws no ground for a map without a trace
    both = {"sites": snapshot(site()), "crowd": crowd}
    assert "Reports from the public, no count: 1" in view(snapshots=both).sentence()
    assert "Reports" not in view(snapshots=both, switched_on=EVERY - {"crowd"}).sentence()


# The world


def world_drawn(made: WorldView) -> tuple[Any, dict[str, str]]:
    """The trace of the marks, and each number with its colour by what is pressed."""
    marks, *numbers = made.figure().data
    at = {(x, y): key for (_, key), x, y in zip(marks.customdata, marks.lon, marks.lat, strict=True)}
    return marks, {
        at[x, y]: f"{text} {trace.textfont.color}"
        for trace in numbers
        for x, y, text in zip(trace.lon, trace.lat, trace.text, strict=True)
    }


def test_each_country_has_one_mark_with_its_number() -> None:
    """Of several operations it leads to their list, of one to its link, which has no number; each place is its own."""
    made = world()
    marks, numbers = world_drawn(made)
    assert {key for _, key in marks.customdata} == {"country-e", "op-c"}
    assert numbers == {"country-e": f"2 {LIGHT['land']}"}
    spots = {key: (x, y) for (_, key), x, y in zip(marks.customdata, marks.lon, marks.lat, strict=True)}
    assert spots == {"country-e": pytest.approx((-73, 4)), "op-c": pytest.approx((8, 17))}
    assert "Examplia: 2 operations" in marks.hovertext[0]
    assert "see them in the list" in marks.hovertext[0]
    assert "Third" in marks.hovertext[-1]
    assert "list" not in marks.hovertext[-1]  # control


@pytest.mark.parametrize("zoom", [0.0, 1.5, 3.0])
def test_marks_do_not_touch(zoom: float) -> None:
    """Whatever lies together is set apart, and what lies apart stays; control: before, some touched."""
    lons = np.array([0.0, 0.0, 0.0, 1.0, 2.0, 100.0, -170.0])
    lats = np.array([10.0, 10.0, 10.0, 11.0, -60.0, 10.0, 80.0])
    per = TILE_PX * 2**zoom / 360

    def nearest(x: Any, y: Any) -> float:
        at = per * np.column_stack([x, np.degrees(np.arctanh(np.sin(np.radians(y))))])
        far = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
        return float(far[~np.eye(len(at), dtype=bool)].min())

    x, y = apart(lons, lats, zoom)
    assert nearest(x, y) >= APART_PX
    assert nearest(lons, lats) < 1  # control
    assert (x[5:], y[5:]) == (pytest.approx(lons[5:]), pytest.approx(lats[5:]))


def test_a_break_is_a_ring_and_invented_figures_are_hollow() -> None:
    """Shape says it, and the hover box and the table say it in words."""
    made = world()
    table = made.snapshot.table
    alone = world(snapshot=laws.snapshot(table=table.assign(country_en=list("xyz"), country_fr=list("xyz"))))
    (trace,) = alone.figure().data
    colour: dict[str, list[str]] = {}
    for (key, _), one in zip(trace.customdata, trace.marker.color, strict=True):
        colour.setdefault(key, []).append(one)
    land, data = LIGHT["land"], LIGHT["data"]
    assert colour == {"a": [LIGHT["note"], land, data], "b": [land, data, land], "c": [land, data]}
    assert "break" in trace.hovertext[0]
    assert "Synthetic" in trace.hovertext[3]
    invented = world(snapshot=laws.snapshot(table=table.assign(synthetic=True)))
    assert world_drawn(invented)[1] == {"country-e": f"2 {data}"}
    assert made.table()["Break in the count"].tolist() == ["yes", "no", "no"]
    assert "3 operations" in made.sentence()
    assert "1 of them" in made.sentence()


def test_a_world_without_operations_is_still_a_map() -> None:
    """Its ground is drawn and its table is empty with its heads."""
    none = laws.snapshot(table=gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    made = world(snapshot=none)
    assert len(made.figure().data) == 1
    assert len(made.table()) == 0
    assert "0 operations" in made.sentence()

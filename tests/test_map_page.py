"""The map page: filters, table, profile, order of layers, two dates, and what it hands to the browser."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from callbacks.router import open_context, render
from data.area_marks import marks_of
from data.codes import State
from data.dates import DateSpan
from data.errors import Unknown
from data.map_settings import MapSettings
from data.moments import Step
from data.parts import STATES
from data.selection import Selection
from data.store import Store
from layers import LAYERS
from layers.area_legend import area_legend
from layers.colours import LIGHT
from layers.pairs import widest
from layers.scene import faded
from layers.site_palette import HATCH, palette, with_hatch
from pages import map as map_page
from pages import map_compare, map_find, map_hands, map_layers, map_table
from pages.map_file import map_file
from pages.map_record import MapPage, layer_order, prepare
from pages.map_title import head
from pages.timeline import gaps
from pages.view import parse_view
from web.tiles import at_bytes

TRAINING = "?op=xtr-mt"


def asked(search: str) -> dict[str, Any]:
    """What a browser says of itself."""
    return {
        "path": "/map", "search": search, "language": "en", "scheme": "light", "narrow": False,
        "origin": "http://127.0.0.1:1",
    }  # fmt: skip


def page_of(store: Store, search: str) -> MapPage:
    return prepare(open_context(parse_view(asked(search)), store)[0])


def walk(part: Any) -> Iterator[Any]:
    """Every component of a part, and every text."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from walk(one)
    elif part is not None:
        yield part
        yield from walk(getattr(part, "children", None))


def text_of(part: Any) -> str:
    return " ".join(str(one) for one in walk(part) if isinstance(one, str | int | float))


def by_id(part: Any, name: str) -> Any:
    return next((one for one in walk(part) if getattr(one, "id", None) == name), None)


# Filters


@pytest.mark.parametrize(
    "search", ["&types=camp", "&lacks=water", "&within=XT01", "&least=500", "&text=ghil"]
)
def test_what_is_shown_is_said(store: Store, search: str) -> None:
    """Each filter leaves something out, the line says how many are left of how many, and a link shows all."""
    page = page_of(store, TRAINING + search)
    kept = int(page.kept.sum())
    assert 0 < kept < len(page.at.columns)
    found = map_find.found(page)
    assert f"{kept:,} of {len(page.at.columns):,} sites shown." in text_of(found)
    assert by_id(found, "show-all").href == "/map?op=xtr-mt"
    assert set(page.sites.table["key"]) == set(page.at.columns.keys_of(np.flatnonzero(page.kept)))
    plain = page_of(store, TRAINING)  # control: without a filter all are shown, and there is no such link
    assert by_id(map_find.found(plain), "show-all") is None
    assert plain.kept.all()


def test_a_search_finds_places_and_says_when_it_finds_none(store: Store) -> None:
    """A part of a name leads to links that open and move the map; a name that nobody has is quoted back."""
    page = page_of(store, TRAINING + "&text=GHÍLAKU")
    links = [one for one in walk(map_find.results(page)) if type(one).__name__ == "A"]
    assert links
    assert "place=xtr-s0000002" in links[0].href
    assert "data-at" in links[0].to_plotly_json()["props"]
    assert "“nowhere”" in text_of(map_find.results(page_of(store, TRAINING + "&text=nowhere")))


def test_filters_that_say_what_the_address_says_stay(store: Store) -> None:
    """They keep the reader's focus; control: one that says something else is drawn anew."""
    page = page_of(store, TRAINING + "&types=camp,host_community&least=5")
    said = {
        "text": "",
        "types": ["host_community", "camp"],
        "least": 5,
        "within": "-",
        "seen": "-",
        "lacks": "-",
    }
    assert map_find.said_already(said, page)
    assert not map_find.said_already(said | {"types": ["camp"]}, page)
    assert not map_find.said_already(said | {"least": ""}, page)


# Table


def test_pages_of_the_table_are_all_rows_once(store: Store) -> None:
    """Every kept site stands on exactly one page; the last page is not empty."""
    page = page_of(store, TRAINING + "&types=camp")
    rows = [
        page.ordered(page.kept, "people", nth + 1, map_table.SIZE) for nth in range(map_table.pages_of(page))
    ]
    assert all(len(part) for part in rows)
    assert sorted(np.concatenate(rows)) == np.flatnonzero(page.kept).tolist()


def test_the_head_says_how_rows_are_ordered(store: Store) -> None:
    """One column has the order, the others say that they have none; each is a link to its order."""
    page = page_of(store, TRAINING + "&sort=name")
    heads = [one for one in walk(map_table.twin(page)) if type(one).__name__ == "Th" and one.scope == "col"]
    ways = [one.to_plotly_json()["props"].get("aria-sort") for one in heads]
    assert [way for way in ways if way not in (None, "none")] == ["ascending"]
    assert "sort=state" in by_id(heads, "sort-state").href
    assert "page=1" in by_id(heads, "sort-state").href


def test_a_chosen_place_opens_its_page_of_the_table(store: Store) -> None:
    """Its row is marked, wherever it stands; control: a page that is asked for is shown instead."""
    whole = page_of(store, TRAINING)
    last = int(whole.ordered(whole.kept, "people", map_table.pages_of(whole), map_table.SIZE)[-1])
    key = whole.at.columns.keys_of(np.array([last]))[0]
    page = page_of(store, f"{TRAINING}&place={key}")
    assert map_table.page_shown(page) == map_table.pages_of(page) > 1
    marked = [one for one in walk(map_table.twin(page)) if getattr(one, "className", "") == "here"]
    assert len(marked) == 1
    assert key in str(by_id(marked, f"row-{key}").href)
    assert map_table.page_shown(page_of(store, f"{TRAINING}&place={key}&page=1")) == 1


def test_on_the_map_and_not_on_it_are_all(store: Store) -> None:
    """Every kept site is drawable or listed as not on the map, each with its name."""
    page = page_of(store, TRAINING)
    missing = page.at.columns.names_of(np.flatnonzero(page.kept & ~page.drawable))
    said = text_of(map_table.not_on_map(page))
    assert missing
    assert all(name in said for name in missing)
    assert int((page.kept & page.drawable).sum()) + len(missing) == int(page.kept.sum())


def test_a_box_says_which_sites_it_cannot_hold(store: Store) -> None:
    """Sites without a location are left out aloud, without a table of none; control: no box leaves none out."""
    whole, page = (page_of(store, f"{TRAINING}&round=20{box}") for box in ("", "&box=-22.5,-30,-16.5,-26"))
    left = int(np.isnan(whole.at.columns.lon).sum())
    said = f"Sites without a location cannot be in a part of the map and are left out: {left}."
    assert left
    assert said in text_of(map_find.found(page))
    assert said in map_page.sentence(page, map_page.view_of(page))
    below = map_table.not_on_map(page)
    assert said in text_of(below)
    assert "Not on the map: 0" not in text_of(below)
    assert not [one for one in walk(below) if type(one).__name__ == "Table"]
    assert map_find.not_in_box(whole) == []


def test_the_file_has_every_row_and_its_notes(store: Store) -> None:
    """As many rows as the filters keep, below lines with title, notes and caveats of every layer that is on."""
    page = page_of(store, TRAINING + "&types=camp&layers=boundaries,sites")
    lines = list(csv.reader(io.StringIO(map_file(page))))
    said = [line for line in lines if line[0].startswith("# ")]
    assert len(lines) - len(said) - 1 == int(page.kept.sum())
    notes = map_page.view_of(page).notes()
    assert all(any(note.text in line[0] for line in said) for note in notes)
    assert any("sites shown" in line[0] for line in said)


# Layers


def test_layers_are_drawn_in_the_order_of_the_address() -> None:
    """What the address names last lies on top; a name that is no layer is left out."""
    assert layer_order(Selection(layers="sites,boundaries,nothing,sites")) == ("sites", "boundaries")
    every = layer_order(Selection())
    assert every == tuple(layer.key for layer in LAYERS if layer.on)
    assert "areas" not in every
    assert "areas" in layer_order(Selection(map=MapSettings(measure="rate")))


def test_order_and_strength_reach_the_figure(store: Store) -> None:
    """A layer above another is drawn later, and a paler one is paler; control: as it opens, none is."""
    plain = page_of(store, "?op=hti-eq2010")
    names = [trace["name"] for trace in map_page.picture(plain)[1]["data"]]
    turned = page_of(store, "?op=hti-eq2010&layers=ghosts,sites&opacity=sites:0.5")
    figure = map_page.view_of(turned).figure()
    assert names.index("sites") < names.index("ghosts")
    drawn = [trace.name for trace in figure.data]
    assert drawn.index("ghosts") < drawn.index("sites")
    assert {trace.opacity for trace in figure.data if trace.name == "sites"} == {0.5}
    assert {trace.opacity for trace in figure.data if trace.name == "ghosts"} == {None}
    assert faded({"type": "choroplethmap", "marker": {"opacity": 0.8}}, 0.5)["marker"]["opacity"] == 0.4


def test_every_layer_says_its_caveat_with_the_map(store: Store) -> None:
    """The notes of a map have those of its layers, also where the map is shared; one that is off has none."""
    page = page_of(store, "?op=hti-eq2010&layers=sites,crowd")
    notes = {note.key: note.text for note in map_page.view_of(page).notes() if note.key.startswith("layer-")}
    assert set(notes) == {"layer-sites", "layer-crowd"}
    below = text_of(map_page.below(page))
    assert all(text in below for text in notes.values())


def test_a_class_has_one_colour_and_none_where_nothing_can_be_compared() -> None:
    """Two figures with a break between them have no colour of a change."""
    changed, hatched = palette("change", 7, LIGHT), with_hatch("change", 7, LIGHT)
    assert hatched[5] == HATCH
    assert changed[5] == LIGHT["note"]
    assert changed[5] not in changed[:5]
    assert len(set(changed[:5])) == 5


def test_what_no_filter_knows_is_said_with_what_there_is(store: Store) -> None:
    """A kind, a state or a service that nothing is called keeps no site and is named; control: a known one is not."""
    page = page_of(store, TRAINING + "&types=palace&states=gone,counted&lacks=tea")
    said = dict(map_find.not_held(page))
    assert set(said) == {"types", "states", "lacks"}
    assert "“palace”" in said["types"]
    assert "Camp" in said["types"]
    assert "“gone”" in said["states"]
    assert "Water" in said["lacks"]
    assert said["lacks"] in text_of(map_find.found(page))
    assert map_find.not_held(page_of(store, TRAINING + "&types=camp&states=counted&lacks=water")) == []


# Dates


def test_the_same_picture_is_not_another_one(store: Store) -> None:
    """The order and page of the table change no picture; a date, a colour and a place do."""
    keys = {
        name: map_page.picture_key(page_of(store, TRAINING + search))
        for name, search in {
            "plain": "", "sorted": "&sort=name&page=3", "round": "&round=5", "colour": "&colour=type",
            "place": "&place=xtr-s0000002",
        }.items()
    }  # fmt: skip
    assert keys["plain"] == keys["sorted"]
    assert len({keys[name] for name in ("plain", "round", "colour", "place")}) == 4


def test_two_dates_are_two_maps_and_two_lists(store: Store) -> None:
    """What is counted at one date only stands in one of the lists; the same date twice has none."""
    page = page_of(store, TRAINING + "&round=10&vs=12")
    other = map_compare.second(page)
    assert other is not None
    counted = [
        np.isin(p.at.state, [STATES.index(State.COUNTED), STATES.index(State.COUNTED_ZERO)])
        for p in (page, other)
    ]
    came, went = int((~counted[0] & counted[1]).sum()), int((counted[0] & ~counted[1]).sum())
    said = text_of(map_compare.came_and_went(page, other))
    assert came
    assert went
    assert f": {came:,}" in said
    assert f": {went:,}" in said
    assert "first=10&second=12" in map_compare.to_change(*map_compare.ordered(other, page))
    assert map_compare.second(page_of(store, TRAINING)) is None
    with pytest.raises(Unknown):
        map_compare.second(page_of(store, TRAINING + "&vs=99"))


def test_the_file_has_all_that_differs_between_two_dates(store: Store) -> None:
    """Every site that came, went or changed its state, with both states and figures; control: one date has no block."""
    search = TRAINING + "&round=20"
    page = page_of(store, search + "&vs=12")
    other = map_compare.second(page)
    assert other is not None
    lines = list(csv.reader(io.StringIO(map_file(page))))
    start = next(nth for nth, line in enumerate(lines) if "What differs" in line)
    found = [line for line in lines[start + 1 :] if line]
    then, now = other.at, page.at
    one = (
        (then.listed != now.listed)
        | (then.listed & (then.state != now.state))
        | (then.counted != now.counted)
    )
    assert len(found) == int(one.sum())
    came, went = (int((a.counted & ~b.counted).sum()) for a, b in ((now, then), (then, now)))
    assert sum(line[2] == "a count at the later date only" for line in found) == came
    assert (
        sum(line[2] == "a count at the earlier date only" for line in found) == went > 40
    )  # more than the page has
    assert {line[3] for line in found} > {"Counted", "not on the list"}
    assert all(line[3] != line[6] or line[2] != "another state" for line in found)
    assert [head.split(": ")[0] for head in lines[start][3:6]] == [
        head.split(": ")[0] for head in lines[start][6:]
    ]
    assert "What differs" not in map_file(page_of(store, search))


def test_a_withdrawn_round_says_so(store: Store) -> None:
    """In head, timeline, sentence and profile, with the note; controls: the round before, and a day before it was."""
    search = TRAINING + "&place=xtr-s0000010&round="
    page = page_of(store, search + "17")
    rows = page.rows(np.flatnonzero(page.at.state == STATES.index(State.NO_DATA))[:200]).table
    key = rows.loc[rows["text_en"] == "The count of this round was withdrawn.", "key"].iloc[0]
    page = page_of(store, search.replace("xtr-s0000010", key) + "17")
    said = "Withdrawn on 10 August 2024"
    note = "The figures of this round were withdrawn on 10 August 2024. The producer withdrew"
    assert note in text_of(head(page))
    assert said in text_of(map_page.time(page))
    assert "were withdrawn on 10 August 2024" in map_page.sentence(page, map_page.view_of(page))
    assert text_of(map_page.panel(page)).count(said) >= 2  # its state, and the row of the round
    assert "No count found" not in text_of(by_id(map_page.panel(page), "site-rounds"))
    other = page_of(store, search.replace("xtr-s0000010", key) + "16")
    for one in (other, page_of(store, search + "17&known=2024-08-01")):
        assert "ithdrawn on" not in text_of([head(one), map_page.time(one)])


def test_two_maps_beside_each_other_are_on_one_scale(store: Store) -> None:
    """A colour and a size mean the same on both, and the legend says so; control: each alone has its own."""
    asked_for = TRAINING + "&measure=people&level=adm2&round=4&vs=20"
    page = page_of(store, asked_for)
    other = map_compare.second(page)
    assert other is not None
    scenes = [map_hands.scene_of(page, other), map_hands.scene_of(other, page)]
    alone = [map_hands.scene_of(page), map_hands.scene_of(other)]
    made = [marks_of(s.snapshots["areas"], s.settings, s.beside.get("areas")) for s in (*scenes, *alone)]
    limits = [[(one.low, one.high) for one in of.classes.classes] for of in made]
    assert limits[0] == limits[1]
    assert limits[2] != limits[3]
    figures = [map_page.picture(page, other)[1], map_page.second_picture(page, other)[1]]
    drawn = [next(trace for trace in figure["data"] if trace["name"] == "areas") for figure in figures]
    assert drawn[0]["colorscale"] == drawn[1]["colorscale"]
    assert "Colours, widths and sizes mean the same on both maps" in text_of(
        map_layers.legend_list(page, other)
    )
    assert "the same on both maps" not in text_of(map_layers.legend_list(page))
    counts = [entry.count for entry in area_legend(scenes[0]) if entry.count is not None]
    assert sum(counts) == len(page.snapshots["areas"].table)
    tiled = struct.unpack_from("<I", at_bytes(page.context.release, "xtr-mt", asked_for))[0]
    body = at_bytes(page.context.release, "xtr-mt", asked_for)[4:]
    assert tiled == len(body)
    assert (
        list(body)
        == marks_of(page.snapshots["areas"], page.settings, other.snapshots["areas"]).codes.tolist()
    )


@pytest.mark.parametrize(
    ("operation", "days"),
    [("xtr-fm", ("2023-03-31", "2024-03-31")), ("xtr-bc", ("2023-03-31", "2024-03-31"))],
)
def test_movements_of_two_maps_have_one_scale(store: Store, operation: str, days: tuple[str, str]) -> None:
    """The same number is as large on both maps; control: each map alone has its own largest."""
    page, other = (
        page_of(store, f"?op={operation}&on={day}&pairs=20") for day in ("2023-03-31", "2024-03-31")
    )

    def sizes(one: MapPage, beside: MapPage | None) -> list[str]:
        scene = map_hands.scene_of(one, beside)
        layers = [
            layer for layer in LAYERS if layer.holds in {"flow_points", "border_posts"} and layer.legend
        ]
        return [entry.label for layer in layers for entry in (layer.legend(scene) if layer.legend else ())]

    assert sizes(page, other) == sizes(other, page)
    assert sizes(page, None) != sizes(other, None)
    if "pairs" in page.snapshots:
        both = [widest(map_hands.scene_of(*two)) for two in ((page, other), (other, page))]
        assert both[0] == both[1] == max(widest(map_hands.scene_of(one)) for one in (page, other))


def test_a_long_time_without_a_date_is_marked() -> None:
    """More than twice the usual distance is a gap; an even row of dates has none."""
    days = [date(2020, month, 1) for month in (1, 2, 3, 4, 9, 10)]
    steps = [Step(period=DateSpan.parse(day.isoformat()), round=None) for day in days]
    assert gaps(steps) == [(date(2020, 4, 1), date(2020, 9, 1))]
    assert gaps(steps[:4]) == []


# Panels


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("&place=xtr-s0000002", ["By round: ", "Nearest sites", "Services", "Who was asked"]),
        ("&place=XT01", ["Area of the first level", "Sites in this area", "People per 1,000 residents"]),
        ("&place=nobody", ["No place called “nobody”"]),
    ],
)
def test_a_panel_tells_what_is_known(store: Store, search: str, said: list[str]) -> None:
    """Of a site, of an area, and that a place is not held."""
    panel = text_of(map_page.panel(page_of(store, TRAINING + search)))
    assert [text for text in said if text not in panel] == []


def test_what_is_not_known_of_a_site_is_said(store: Store) -> None:
    """A site of which nobody published services says so; control: one of which they were asked does not."""
    missing = "Which services it has: nobody published an assessment."
    assert missing in text_of(map_page.panel(page_of(store, "?op=hti-eq2010&place=canaan")))
    assert missing not in text_of(map_page.panel(page_of(store, TRAINING + "&place=xtr-s0000002")))


@pytest.mark.parametrize(
    "operation", ["hti-eq2010", "xtr-mt", "xtr-fm", "xtr-bc", "ner-fm2016", "wca-points", "col-ven"]
)
@pytest.mark.parametrize("more", ["", "&measure=people", "&low=1&lang=fr", "&colour=age"])
def test_every_operation_has_its_page(store: Store, operation: str, more: str) -> None:
    """Whatever it holds and however it is drawn, the page is made whole."""
    context, problem = open_context(parse_view(asked(f"?op={operation}{more}")), store)
    main, _, whole = render(context, problem)
    assert whole
    assert by_id(main, "map-panel") is not None


def test_layers_that_have_nothing_are_not_offered(store: Store) -> None:
    """Border posts belong to an operation of border posts alone."""
    offered = {layer.key for layer in map_layers.offered(page_of(store, "?op=xtr-bc"))}
    assert "border_posts" in offered
    assert "sites" not in offered
    assert "border_posts" not in {layer.key for layer in map_layers.offered(page_of(store, TRAINING))}

"""Areas are coloured in classes, hatched by the reason where they have no value, and said in one wording."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.area_marks import BROKEN, NO_VALUE, PARTIAL, STATE_FROM, marks_of
from data.area_people import Why
from data.area_shapes import HATCHES as KINDS
from data.area_shapes import read
from data.classes import ZERO
from data.codes import State
from data.map_settings import MEASURES, MapSettings
from layers.area_legend import UNCLASSED, area_legend, coded, shades
from layers.area_rows import area_table, cells, heads
from layers.areas import CLEAR, HATCHES, LAYER, TILES_FROM, chosen, draw, manifest
from layers.colours import DARK, LIGHT
from tests.areas import DIGEST, ORIGIN, area, areas, lacking, scene
from words import words

STATES = [lacking(f"XX9{nth}", state) for nth, state in enumerate(UNCLASSED)]
CHANGED = {"amount": -50.0, "before": 1050.0, "since_round": 2, "since_last": pd.Timestamp("2013-06-30")}
BREAK = {"value": float("nan"), "why": "break", "broken": True, "event": "delisting"}


def look(code: int) -> tuple[Any, ...]:
    """What an area with a code looks like: its hatch, without the name of what it is."""
    hatch = HATCHES[code]
    return (hatch.kind, hatch.token, hatch.width, hatch.dash)


def test_no_two_reasons_look_alike() -> None:
    """Five states, the break and the lack of a value have seven hatches; a count and zero have none."""
    assert len({look(code) for code in HATCHES}) == len(HATCHES) == 7
    assert {hatch.kind for hatch in HATCHES.values()} <= set(KINDS)
    named = {entry.swatch for code, entry in coded(scene(area(), *STATES)) if code in HATCHES}
    assert len(named) == 7


@pytest.mark.parametrize("state", UNCLASSED)
def test_a_state_without_a_value_is_hatched_and_clear(state: State) -> None:
    """Its polygon has no colour of a class, and lines of its own hatch lie over it and over nothing else."""
    picture = draw(scene(area("XX01"), lacking("XX02", state)))
    trace, outline = picture.traces[0], picture.outlines[0]
    colours = [trace["colorscale"][z][1] for z in trace["z"]]
    assert colours[1] == CLEAR
    assert colours[0] in LIGHT.values()
    assert read(outline["source"].partition("&of=")[2], 2).tolist() == [False, True]
    assert len(picture.outlines) == 1


def test_a_break_is_hatched_and_never_coloured() -> None:
    """A change across a break has the hatch of breaks; beside it a fall and a rise are coloured."""
    rows = [
        area("XX01", **(CHANGED | {"value": -4.8})), area("XX02", **(CHANGED | {"value": 12.0, "amount": 90.0})),
        area("XX03", **(CHANGED | BREAK)),
    ]  # fmt: skip
    drawn = scene(*rows, measure="change")
    picture = draw(drawn)
    colours = [picture.traces[0]["colorscale"][z][1] for z in picture.traces[0]["z"]]
    assert colours == [LIGHT["div-2"], LIGHT["div-4"], CLEAR]
    assert [o["color"] for o in picture.outlines] == [LIGHT["note"]]
    assert "Three sites taken off the list" in picture.traces[0]["hovertext"][2]
    assert "%" not in picture.traces[0]["hovertext"][2]
    made = marks_of(drawn.snapshots["areas"], drawn.settings)
    assert made.codes.tolist() == [1, 2, BROKEN]


def test_no_class_has_the_code_of_a_state() -> None:
    """With as many own limits as an address takes, on both sides of zero, each fall and rise keeps its colour."""
    ends = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    rows = [
        area(f"XX{n:02}", **(CHANGED | {"value": v}))
        for n, v in enumerate(sign * (end - 0.5) for end in [*ends, 9.0] for sign in (1, -1))
    ]
    drawn = scene(*rows, measure="change", classes="own", limits=",".join(f"{end:g}" for end in ends))
    made = marks_of(drawn.snapshots["areas"], drawn.settings)
    assert len(made.classes.classes) == 18
    assert max(made.codes) < STATE_FROM
    assert not {code for code, _ in coded(drawn) if code in HATCHES} & set(made.codes.tolist())


def test_plotly_takes_the_picture() -> None:
    """The traces and outlines are valid, ask this server only, and carry the code that a click opens."""
    picture = draw(scene(area("XX01"), lacking("XX02", State.CLOSED)))
    figure = go.Figure(data=list(picture.traces), layout={"map": {"layers": list(picture.outlines)}})
    text = json.dumps(figure.to_plotly_json())
    assert text.count("http") == text.count(f"{ORIGIN}/boundaries/{DIGEST}/XXA-adm1-v1.geojson")
    assert [list(c) for c in figure.data[0].customdata] == [["XX01"], ["XX02"]]
    assert "coordinates" not in text


def test_two_countries_are_two_drawings() -> None:
    """Each country has its own address, and its hatches are said in the order of its own codes."""
    picture = draw(scene(area("XX01"), lacking("YY01", State.NO_DATA, iso3="YYA"), area("YY02", iso3="YYA")))
    assert [trace["geojson"].rpartition("/")[2] for trace in picture.traces] == [
        "XXA-adm1-v1.geojson", "YYA-adm1-v1.geojson"
    ]  # fmt: skip
    assert read(picture.outlines[0]["source"].partition("&of=")[2], 2).tolist() == [True, False]


def test_the_chosen_area_has_a_solid_line() -> None:
    """One area, clear, with a line of ink; of a code that is not there, nothing."""
    picture = chosen(scene(area("XX01"), area("XX02")), "XX02")
    assert picture.traces[0]["locations"] == ["XX02"]
    assert picture.traces[0]["marker"]["line"]["color"] == LIGHT["ink"]
    assert not chosen(scene(area("XX01")), "XX99").traces
    assert not draw(scene(area("XX01"), only="XX01")).traces


# Legend

rows_of = st.lists(
    st.one_of(
        st.integers(0, 5000).map(lambda n: {"value": float(n), "people": float(n)}),
        st.sampled_from(UNCLASSED).map(lambda s: {"value": float("nan"), "state": s.value, "why": "state"}),
        st.just({"value": float("nan"), "why": "no_residents"}),
        st.just(BREAK),
    ),
    min_size=1, max_size=25,
)  # fmt: skip


def unsaid(drawn: Any, said: Callable[..., Any] = coded) -> list[str]:
    """Marks of a picture that its legend does not explain, and areas that it does not count."""
    entries, made = said(drawn), marks_of(drawn.snapshots["areas"], drawn.settings)
    found = [
        f"{code} is drawn and not said" for code in set(made.codes.tolist()) - {code for code, _ in entries}
    ]
    if sum(entry.count or 0 for _, entry in entries) != len(made.codes):
        found.append("the counts are not all areas")
    if len({entry.label for _, entry in entries}) != len(entries):
        found.append("two entries have one name")
    return found


@given(
    rows_of,
    st.sampled_from(MEASURES),
    st.sampled_from(["quantile", "jenks", "equal"]),
    st.sampled_from(["en", "fr"]),
)
def test_the_legend_says_all_that_is_drawn(
    rows: list[dict[str, Any]], measure: str, classes: str, language: str
) -> None:
    """Every mark is explained once, and the counts of the legend are all areas."""
    drawn = scene(
        *(area(f"XX{n:02}", **row) for n, row in enumerate(rows)),
        measure=measure,
        classes=classes,
        language=language,
    )
    assert unsaid(drawn) == []
    assert len(area_legend(drawn)) == len(coded(drawn)) + 1 + (measure == "rate")


def test_a_mark_that_is_not_said_is_noticed() -> None:
    """Control: without the entry of breaks the law does not hold."""
    drawn = scene(area("XX01"), area("XX02", **BREAK))
    silent = unsaid(drawn, lambda s: [entry for entry in coded(s) if entry[0] != BROKEN])
    assert silent == [f"{BROKEN} is drawn and not said", "the counts are not all areas"]


def test_limits_are_printed_as_they_are() -> None:
    """From the lowest to the highest value of each class, without overlap; zero apart; what is left out is said."""
    values = [0, 10, 10, 20, 30, 40, 5000]
    drawn = scene(
        *(area(f"XX{n:02}", value=float(v), people=float(v)) for n, v in enumerate(values)), *STATES
    )
    labels = [entry.label for entry in area_legend(drawn)]
    assert labels[:7] == [
        "People counted, 30 September 2013", "0: counted, none", "10", "20", "30", "40", "5,000"
    ]  # fmt: skip
    heading = area_legend(drawn)[0].note
    assert "7 of 12 areas have a value." in heading
    two = scene(*(area(f"XX{n:02}", value=float(v)) for n, v in enumerate([7, 7, 9])))
    assert "2 classes in place of 5" in area_legend(two)[0].note


def test_the_title_of_a_rate_names_both_years() -> None:
    """People of one year, residents of another."""
    row = area(
        residents=50_000.0, residents_year=2010, people_year=2013, value=20.0, residents_precision="about"
    )
    assert area_legend(scene(row, measure="rate"))[0].label == (
        "People per 1,000 residents: people of 2013, residents of 2010"
    )


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_classes_take_the_scale_from_end_to_end(colours: dict[str, str]) -> None:
    """Five classes have the five colours of the scale, zero none of them."""
    drawn = scene(*(area(f"XX{n:02}", value=float(n)) for n in range(11)))
    made = shades(marks_of(drawn.snapshots["areas"], drawn.settings), colours)
    assert [made[code] for code in range(1, 6)] == [colours[f"seq-{n}"] for n in range(1, 6)]
    assert made[ZERO] == colours["land"]


# Words


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("why", [why for why in Why if why not in {Why.NONE, Why.STATE}])
def test_every_reason_has_its_sentence(language: str, why: Why) -> None:
    """An area without a value says why in the table and in its hover box."""
    said = cells(lacking("XX01", State.NO_DATA, why=why.value), areas(area()), "people", words(language))
    assert said["why"].endswith(".")


def test_the_hover_box_is_the_row() -> None:
    """What is read on the map is read in the table."""
    drawn = scene(
        area("XX01", basis="sum", in_sum=4, not_in_sum=2, precision="at_least", people_precision="at_least"),
        area("XX02", residents=50_000.0, residents_precision="about", residents_year=2010, people_year=2013, value=20.0,
             precision="about"),
        measure="rate",
    )  # fmt: skip
    table = area_table(drawn.snapshots["areas"], "rate", words("en"))
    assert list(table.columns) == list(heads(words("en")).values())
    boxes = draw(drawn).traces[0]["hovertext"]
    for (_, row), box in zip(table.iterrows(), boxes, strict=True):
        assert box.split("<br>") == [cell for cell in row if cell and cell != "not found"]
    assert "as the sum of current counts; sites in the sum: 4; sites not in it: 2" in boxes[0]
    assert "People of 2013; residents of 2010: about 50,000" in boxes[1]
    assert "about 20 people per 1,000 residents" in boxes[1]


def test_a_rate_of_a_part_of_the_sites_says_so() -> None:
    """In hover, table, legend and manifest, with a line around it; control: where all were counted, nothing."""
    part = {"sites_listed": 12.0, "sites_counted": 9.0, "partial": True}
    rate = {"value": 20.0, "residents": 50_000.0, "residents_year": 2010, "people_year": 2013}
    rows = [
        area("XX01", **(rate | part)),
        area("XX02", **(rate | part | {"sites_counted": 12.0, "partial": False})),
    ]
    drawn = scene(*rows, measure="rate")
    trace = draw(drawn).traces[0]
    assert "sites not counted: 3 of 12, so the true rate may be higher" in trace["hovertext"][0]
    assert "9 of 12 sites on the list counted" in trace["hovertext"][0]
    assert "not counted" not in trace["hovertext"][1]
    assert trace["marker"]["line"]["color"] == [LIGHT["note"], LIGHT["rule-strong"]]
    assert trace["z"][0] == trace["z"][1]  # the colour is that of its class all the same
    made = marks_of(drawn.snapshots["areas"], drawn.settings)
    assert made.codes.tolist() == [PARTIAL + 1, 1]
    assert made.count(1) == 2
    assert [entry.note for entry in area_legend(drawn) if entry.swatch == "swatch pattern partial"] == [
        "Areas: 1, coloured as the classes above."
    ]
    table = area_table(drawn.snapshots["areas"], "rate", words("en"))
    assert table["Sites counted"].tolist() == [f"{n} of 12 sites on the list counted" for n in (9, 12)]
    assert "not counted: 3 of 12" in table["Measure"][0]


def test_a_tile_of_a_part_of_the_sites_has_colour_hatch_and_label() -> None:
    """Every code that a browser may be sent of a rate is in its manifest; control: people have no such codes."""
    many = [
        area(f"XX{n:05}", value=float(n), partial=n % 2 == 0, sites_listed=2.0, sites_counted=1.0)
        for n in range(TILES_FROM + 1)
    ]
    drawn, plain = scene(*many, measure="rate"), scene(*many, measure="people")
    made, codes = manifest(drawn), marks_of(drawn.snapshots["areas"], drawn.settings).codes
    assert made is not None
    assert {str(code) for code in codes} <= set(made["colours"])
    partly = {str(code) for code in codes if code >= PARTIAL}
    assert partly <= set(made["hatches"])
    assert all("sites not counted" in made["labels"][code] for code in partly)
    other = manifest(plain)
    assert other is not None
    assert not {code for code in other["colours"] if int(code) >= PARTIAL}


def test_two_measures_share_no_classes() -> None:
    """Beside areas of another measure the classes are those of the own values; of the same one, those of both."""
    one = areas(area("XX01", value=5.0, measure="people"))
    other = areas(area("XX01", value=-90.0, measure="change"), area("XX02", value=7.0, measure="change"))
    alone, beside = (marks_of(one, MapSettings(), of) for of in (None, other))
    assert [c.low for c in beside.classes.classes] == [c.low for c in alone.classes.classes] == [5.0]
    both = marks_of(one, MapSettings(), areas(area("XX01", value=90.0, measure="people")))
    assert len(both.classes.classes) == 2  # control


def test_a_change_says_its_two_sides() -> None:
    """Percent, people and since when; without a percent only what is known."""
    row = area("XX01", **(CHANGED | {"value": -4.76}))
    said = cells(row, areas(row), "change", words("en"))
    assert said["measure"] == "−4.8% since 30 June 2013 (−50 people)"
    broken = cells(area("XX01", **(CHANGED | BREAK)), areas(row), "change", words("en"))
    assert broken["measure"] == "−50 people since 30 June 2013; no percent"


# Many areas


def test_many_areas_are_drawn_by_the_browser() -> None:
    """Above the limit the figure carries nothing, and the manifest says where all is; "plain" draws all the same."""
    many = [area(f"XX{n:05}", value=float(n)) for n in range(TILES_FROM + 1)]
    drawn, plain = scene(*many), scene(*many, plain=True)
    assert not draw(drawn).traces
    made = manifest(drawn)
    assert made is not None
    assert made["tiles"] == f"{ORIGIN}/tiles/{DIGEST}/XXA-adm1-v1/{{z}}/{{x}}/{{y}}.mvt"
    assert made["at"] == f"{ORIGIN}/areas/{DIGEST}/examplia/at.bin"
    assert made["n"] == TILES_FROM + 1
    assert set(made["colours"]) | set(made["hatches"]) == set(made["labels"])
    assert json.loads(json.dumps(made)) == made
    assert manifest(plain) is None
    assert len(draw(plain).traces[0]["locations"]) == TILES_FROM + 1
    assert manifest(scene(area())) is None


def test_the_layer_holds_areas() -> None:
    """The record by which the page finds it."""
    assert (LAYER.key, LAYER.holds, LAYER.on) == ("areas", "areas", False)
    assert NO_VALUE in HATCHES

"""Movements are bars of their own period: what was not found is said, totals are not split, corrections show both."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.flow import FlowChart
from charts.theme import TOKENS
from data.codes import Granularity, Measure, Precision, RowKind, Unit
from data.dates import DateSpan
from data.series import with_gaps
from tests.laws import event, method, provenance, row, series
from tests.pictures import (
    DRAWN,
    EN,
    FIRST,
    NARROW,
    NEWEST,
    badges,
    badly_grouped,
    breaks_of,
    english_in,
    french,
    hovers,
    lines_across,
    months_of,
    movements,
    named,
    not_in_table,
    numbers_apart,
    points,
    rows_of,
    spoken,
)
from words import LANGUAGES


@st.composite
def flows(draw: st.DrawFn) -> FlowChart:
    """Any months of a year: with a value, held without one, or not held."""
    held = draw(st.dictionaries(st.integers(1, 12), st.none() | st.integers(0, 10_000), min_size=1))
    return months_of(dict(sorted(held.items())), draw(st.sampled_from(list(LANGUAGES))))


def middles(trace: Any) -> list[int]:
    """The months of the bars of a trace."""
    return [pd.Timestamp(x).month for x in trace.x]


def bars(figure: go.Figure) -> list[Any]:
    """All traces that are bars."""
    return [trace for trace in figure.data if trace.type == "bar"]


# What was not found


def false_zeros(figure: go.Figure, chart: FlowChart) -> set[int]:
    """Months without a value that are drawn as a bar of a value, or are not drawn at all."""
    gaps = with_gaps(chart.series).values
    wanted = {int(r["last"].month) for _, r in gaps[gaps["value"].isna()].iterrows()}
    said = {month for trace in named(figure, "not found") for month in middles(trace)}
    valued = {month for trace in bars(figure) if trace.name != "not found" for month in middles(trace)}
    return (wanted ^ said) | (wanted & valued)


@DRAWN
@given(flows(), st.booleans())
def test_a_month_without_a_value_is_not_a_zero(chart: FlowChart, narrow: bool) -> None:
    """It is hatched as "not found", whether the register holds it or not; each value is one bar of its height."""
    figure = chart.figure(narrow=narrow)
    assert false_zeros(figure, chart) == set()
    found = chart.series.values[chart.series.values["value"].notna()]
    drawn = [(m, y) for t in named(figure, "stretch") for m, y in zip(middles(t), t.y, strict=True)]
    assert drawn == [(int(r["last"].month), float(r["value"])) for _, r in found.iterrows()]
    assert not any(pd.isna(y) for trace in bars(figure) for y in trace.y)


def test_a_month_drawn_as_zero_is_noticed() -> None:
    """Control: a bar of height 0 for a month that was not found, or leaving the month out, is found."""
    chart = months_of({1: 10, 2: None, 4: 5})
    figure = chart.figure()
    zero = go.Figure(figure)
    zero.add_bar(x=["2016-02-15"], y=[0], name="stretch")
    assert false_zeros(zero, chart) == {2}
    blank = go.Figure(figure)
    blank.data = [trace for trace in blank.data if trace.name != "not found"]
    assert false_zeros(blank, chart) == {2, 3}


def test_what_was_not_found_says_so_and_counts_as_nothing() -> None:
    """Hatched on the card's colour, with the words where there is room; it has no number to point at."""
    figure = movements().figure()
    (gap,) = named(figure, "not found")
    assert middles(gap) == [4, 5, 6, 7]
    assert gap.marker.pattern.shape == "/"
    assert gap.marker.color == TOKENS["light"]["card"]
    assert set(gap.hovertemplate) == {"not found<extra></extra>"}
    assert "not found" in [a.text for a in figure.layout.annotations]
    assert "<b>0</b>" not in [a.text for a in figure.layout.annotations]


def test_a_counted_zero_is_a_value() -> None:
    """It is a bar of its own height with its number, and not hatched."""
    figure = months_of({1: 10, 2: 0, 3: 5}).figure()
    assert named(figure, "not found") == []
    assert [p[1] for t in named(figure, "stretch") for p in points(t)] == [10, 0, 5]
    assert "<b>0</b>" in [a.text for a in figure.layout.annotations]


def test_the_table_says_what_was_not_found() -> None:
    """Each month of the range is a row; the gap is in words."""
    column = {r["Date"]: r["Value"] for r in rows_of(movements(totals=False).table())}
    assert column["May 2016"] == "not found"
    assert column["April 2016"] == "not found"
    assert column["March 2016"] == "26,000 movements"
    assert len(column) == 11


def test_a_month_of_the_window_without_a_value_is_not_left_blank() -> None:
    """A window that begins before the first value says "not found" there too."""
    chart = months_of({3: 10, 4: 5})
    wide = replace(chart, window=DateSpan.parse("2016-01-01/2016-06-30"))
    said = {month for trace in named(wide.figure(), "not found") for month in middles(trace)}
    assert said == {1, 2, 5, 6}


# Totals


def split_up(figure: go.Figure, chart: FlowChart) -> list[float]:
    """Bars that are no value of a month: parts of a total."""
    months = set(chart.series.values["value"].dropna())
    return [y for t in bars(figure) if t.name != "not found" for y in map(float, t.y) if y not in months]


@pytest.mark.parametrize("narrow", [False, True])
def test_a_total_is_never_split_into_bars(narrow: bool) -> None:
    """It is one block over its own period at its monthly mean, with the total written on it."""
    chart = movements()
    figure = chart.figure(narrow=narrow)
    assert split_up(figure, chart) == []
    blocks = [s for s in figure.layout.shapes if s.type == "rect"]
    spans = [(pd.Timestamp(s.x0).date(), pd.Timestamp(s.x1).date(), s.y1) for s in blocks]
    assert spans == [
        (date(2016, 2, 1), date(2016, 6, 1), 111_230 / 4),
        (date(2016, 2, 1), date(2016, 4, 1), 38_000 / 2),
    ]
    said = [a.text for a in figure.layout.annotations]
    assert "111,230 in 4 months" in said
    assert "38,000 in 2 months" in said


def test_a_split_total_is_noticed() -> None:
    """Control: 38,000 drawn as two bars of 19,000 is found."""
    chart = movements()
    figure = chart.figure()
    figure.add_bar(x=["2016-02-15", "2016-03-15"], y=[19_000, 19_000], name="stretch")
    assert split_up(figure, chart) == [19_000, 19_000]


def test_every_total_is_a_row_of_the_table() -> None:
    """Also the one that is too long to draw, as published for the whole period."""
    rows = [
        r
        for r in rows_of(movements().table())
        if r["Kind of value, note"] == "published for the whole period"
    ]
    assert [r["Value"] for r in rows] == ["38,000 movements", "111,230 movements", "333,891 movements"]
    assert len(rows_of(movements(totals=False).table())) == 11


def test_caveats_of_the_totals_are_notes_of_the_picture() -> None:
    """What is drawn brings its notes; control: without the totals the caveat is not there."""
    assert "totals-overlap" in {note.key for note in movements().notes()}
    assert "totals-overlap" not in {note.key for note in movements(totals=False).notes()}


def test_totals_are_not_drawn_on_weeks() -> None:
    """A monthly mean says nothing on an axis of weeks."""
    chart = movements()
    weekly = replace(chart, series=replace(chart.series, granularity=Granularity.WEEK))
    assert [s for s in weekly.figure().layout.shapes if s.type == "rect"] == []


# Corrections


@pytest.mark.parametrize("narrow", [False, True])
def test_a_correction_shows_both_values(narrow: bool) -> None:
    """1,525 as first published and about 11,500: both in the figure, the title, the sentence and the table."""
    chart = movements()
    figure = chart.figure(narrow=narrow)
    (first,) = named(figure, "first published")
    assert points(first)[0][1] == FIRST
    assert NEWEST in [p[1] for t in named(figure, "stretch") for p in points(t)]
    assert any("1,525" in a.text and "corrected" in a.text for a in figure.layout.annotations)
    assert chart.title() == "November 2016 was corrected from 1,525 to about 11,500 movements"
    assert "about 11,500 movements" in chart.sentence()
    assert "first published as 1,525" in chart.sentence()
    (november,) = [r for r in rows_of(chart.table()) if r["Date"] == "November 2016"]
    assert (november["Value"], november["First published as"]) == (
        "about 11,500 movements",
        "1,525 (November 2016; replaced by 31 December 2017)",
    )


def test_a_later_count_is_not_called_a_correction() -> None:
    """Without an entry of the ledger the first value was replaced; nothing says that it was wrong."""
    chart = movements(totals=False, ledger=())
    assert "corrected" not in chart.title()
    said = " ".join(a.text for a in chart.figure().layout.annotations)
    assert "replaced by" in said
    assert "corrected by" not in said


def test_a_value_that_was_not_changed_has_no_first_value() -> None:
    """Control: published once, or said more exactly later, it is one value."""
    assert named(months_of({1: 10, 2: 20}).figure(), "first published") == []
    chart = movements(totals=False)
    rounded = series(
        [
            row(None, "2016-11", 12_000, precision=Precision.ABOUT.value),
            row(None, "2016-11", 11_500, obs="n", known_by="2017"),
        ],
    ).values
    once = replace(chart, series=replace(chart.series, history=rounded))
    assert named(once.figure(), "first published") == []


def test_a_value_published_as_about_is_paler_and_a_computed_one_hollow() -> None:
    """So that neither passes for an exact count."""
    rows = [
        row(None, "2016-01", 10),
        row(None, "2016-02", 20, precision=Precision.ABOUT.value),
        row(None, "2016-03", 30, kind=RowKind.DERIVED.value, derivation="10 + 20"),
    ]
    chart = FlowChart(
        series=series(rows, measure=Measure.FLOW, unit=Unit.MOVEMENTS, granularity=Granularity.MONTH),
        words=EN,
    )
    (drawn,) = named(chart.figure(), "stretch")
    exact, about, derived = drawn.marker.color
    assert exact == TOKENS["light"]["data"]
    assert about.startswith("rgba(")
    assert derived == TOKENS["light"]["card"]
    assert rows_of(chart.table())[2]["Kind of value, note"] == "computed here: 10 + 20"


# Breaks, notes and badges


def test_bars_on_both_sides_of_a_break_are_apart() -> None:
    """Each stretch is a trace of its own, and the break is written out in the table."""
    chart = months_of({1: 10, 2: 20, 3: 5, 4: 6})
    cut = replace(chart, series=replace(chart.series, provenance=provenance([event("moved", "2016-03-01")])))
    assert [middles(t) for t in named(cut.figure(), "stretch")] == [[1, 2], [3, 4]]
    assert list(cut.table()["_break"]) == [False, False, True, False, False]
    assert len(breaks_of(cut.table())) == 1
    assert "not comparable" in cut.title()
    assert [middles(t) for t in named(chart.figure(), "stretch")] == [[1, 2, 3, 4]]
    assert lines_across(cut.figure(), cut.series) == []


def test_a_sentence_across_a_break_says_that_it_cannot_be_compared() -> None:
    """As the sentence of a trend does: it may be read alone."""
    chart = months_of({1: 10, 2: 20, 3: 5, 4: 6})
    cut = replace(chart, series=replace(chart.series, provenance=provenance([event("moved", "2016-03-01")])))
    assert "Not comparable" in cut.sentence()


@pytest.mark.parametrize("window", ["", "2016-02-01/2016-12-31"])
def test_the_numbers_in_the_figure_are_those_of_the_notes(window: str) -> None:
    """A correction is marked at the value that it corrected, though it was published a year later."""
    chart = movements(window=window)
    assert numbers_apart(chart.figure(), chart) == set()
    assert badges(chart.figure()) == ["1"]
    (badge,) = named(chart.figure(), "events")
    assert pd.Timestamp(badge.x[0]).date().strftime("%Y-%m") == "2016-11"


@DRAWN
@given(flows())
def test_notes_are_never_empty(chart: FlowChart) -> None:
    """Every caveat and event of what the picture rests on is among them."""
    about = chart.provenance
    assert {n.key for n in chart.notes()} == {e.key for e in about.events} | {c.key for c in about.caveats}


# The table and the words


@DRAWN
@given(flows())
def test_pointing_tells_nothing_that_the_table_does_not(chart: FlowChart) -> None:
    """Each number of a hover stands in the table."""
    assert not_in_table(chart.figure(), chart.table()) == set()


def test_pointing_at_a_first_value_tells_nothing_new() -> None:
    """What was first published, and when it was replaced, can be read in the table as well."""
    chart = movements(totals=False)
    assert any("1,525" in said for said in hovers(chart.figure()))
    assert not_in_table(chart.figure(), chart.table()) == set()


def test_a_flow_is_not_people() -> None:
    """The unit line says that one person can move many times; no sentence counts people."""
    chart = movements()
    assert chart.kicker() == "Trend · movements in a period (flow)"
    assert "one person can move many times" in chart.unit_line()
    assert not re.search(r"\bpeople\b", chart.title() + chart.sentence())


def test_an_estimate_is_on_the_ladder() -> None:
    """520,085 of a register with a wide margin is about 520,000; what was printed is beside it in the table."""
    about = provenance(methods=(method(rounds_figures=True),))
    chart = months_of({1: 10, 2: 20, 3: 520_085})
    shown = replace(chart, series=replace(chart.series, provenance=about))
    assert "about 520,000 movements" in shown.title()
    assert "520,085" not in shown.title()
    assert "published as 520,085" in shown.sentence()
    assert (
        rows_of(shown.table())[2]["Value"] == "about 520,000 movements (key informants; published as 520,085)"
    )
    assert "520,085" in chart.title()


@pytest.mark.parametrize("narrow", [False, True])
def test_a_french_chart_is_french(narrow: bool) -> None:
    """No English sentence in any line, head, cell, label, tick or hover; numbers with their narrow space."""
    chart = movements(language="fr", **french())
    figure = chart.figure(narrow=narrow)
    said = spoken(chart) + "\n".join(
        [*(str(a.text) for a in figure.layout.annotations), *figure.layout.xaxis.ticktext]
    )
    assert english_in(said) == set()
    assert badly_grouped(said) == []
    assert f"1{NARROW}525" in chart.title()
    assert "non trouvé" in said
    assert "déc." in " ".join(figure.layout.xaxis.ticktext) or narrow


def test_english_in_a_french_chart_is_noticed() -> None:
    """Control: the English chart is found by several pieces."""
    assert {"was corrected from", "as first published,", "published for the whole period"} <= english_in(
        spoken(movements())
    )


def test_nothing_found_is_said() -> None:
    """A flow without any value has a title, a sentence and an empty picture."""
    chart = months_of({1: None, 2: None})
    assert "no value has been found" in chart.title()
    assert "no value has been found" in chart.sentence()
    assert named(chart.figure(), "stretch") == []
    assert chart.description().count("not found") == 2

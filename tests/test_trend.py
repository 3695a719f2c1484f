"""A trend never joins what a break divides, says what it rests on, and shows nothing that its table does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.theme import TOKENS
from charts.trend import TrendChart
from data.codes import EventKind, Unit
from data.dates import DateSpan
from data.series import OLD_COVERAGE
from tests.laws import (
    event,
    operation,
    provenance,
    row,
    series,
    source,
)
from tests.pictures import (
    DELISTING,
    DRAWN,
    EN,
    JUNE,
    LEDGER,
    OLD,
    ROUNDS,
    SEPTEMBER,
    badges,
    charts,
    haiti,
    lines_across,
    named,
    numbers_apart,
    points,
    values_of,
)

# Lines at a break


@DRAWN
@given(charts(), st.sampled_from(["light", "dark"]), st.booleans())
def test_no_line_crosses_a_break(chart: TrendChart, scheme: Any, narrow: bool) -> None:
    """Whatever the values, the rounds and the breaks: no trace has values of both sides, dotted ones neither."""
    assert lines_across(chart.figure(scheme, narrow), chart.series) == []


@DRAWN
@given(charts())
def test_the_stretches_are_the_values_of_the_window(chart: TrendChart) -> None:
    """Put together they are every value in the window, each once, and nothing else."""
    drawn = [point for trace in named(chart.figure(), "stretch") for point in points(trace)]
    assert sorted(drawn) == values_of(chart)


def test_a_value_of_the_day_after_the_window_is_outside() -> None:
    """The window ends with its last day."""
    chart = haiti(window="2012-12-31/2013-12-30")
    drawn = [point for trace in named(chart.figure(), "stretch") for point in points(trace)]
    assert sorted(drawn) == values_of(chart)
    assert date(2013, 12, 31) not in [when for when, _ in drawn]


def test_a_line_across_a_break_is_noticed() -> None:
    """Control: a line drawn through all values, a dotted one over the gap, or a value left out is found."""
    chart = haiti()
    figure = chart.figure()
    assert lines_across(figure, chart.series) == []
    for mode in ({"line": {"dash": "dot"}, "name": "rounds not found"}, {"name": "stretch"}):
        wrong = go.Figure(figure)
        wrong.add_scatter(
            x=[pd.Timestamp("2013-06-30"), pd.Timestamp("2013-09-30")],
            y=[JUNE, SEPTEMBER],
            mode="lines",
            **mode,
        )
        assert lines_across(wrong, chart.series) == [f"{mode['name']}: delisting"]
    uncut = replace(chart, series=replace(chart.series, provenance=provenance()))
    assert lines_across(uncut.figure(), chart.series) == ["stretch: delisting"]
    less = go.Figure(figure)
    less.data = [trace for trace in less.data if trace.name != "stretch"]
    assert [p for t in named(less, "stretch") for p in points(t)] != values_of(chart)


def test_a_break_of_each_kind_cuts() -> None:
    """By its round where the round is dated before the event, and by its date where it has no round."""
    early = [*ROUNDS[:3], row(16, "2013-09-15", SEPTEMBER), *ROUNDS[4:]]
    by_round = TrendChart(series=series(early, [DELISTING]), words=EN)
    by_date = TrendChart(series=series(ROUNDS, [event("late", "2013-10")]), words=EN)
    assert [[p[1] for p in points(t)] for t in named(by_round.figure(), "stretch")] == [
        [320_000, 300_000, JUNE],
        [SEPTEMBER, 160_000],
        [140_000],
    ]
    assert [[p[1] for p in points(t)] for t in named(by_date.figure(), "stretch")] == [
        [320_000, 300_000, JUNE, SEPTEMBER],
        [160_000],
        [140_000],
    ]


def test_a_round_without_a_value_still_says_on_which_side_of_a_break_others_are() -> None:
    """Dated before round 4, a value is on the old basis, also where round 4 has none: no line joins it to round 5."""
    rows = [
        row(3, "2013-01-05", 5),
        row(None, "2013-01-10", 6),
        row(4, "2013-01-20", None),
        row(5, "2013-02-05", 7),
        row(6, "2013-03-05", 8),
    ]
    chart = TrendChart(series=series(rows, [event("list", "2013-01-01", first_round=5)]), words=EN)
    assert [[p[1] for p in points(t)] for t in named(chart.figure(), "stretch")] == [[5, 6], [7, 8]]


def test_rounds_that_were_not_found_are_dotted() -> None:
    """Round 18 has no value: the solid line stops, a dotted one without a hover leads on."""
    (dotted,) = named(haiti().figure(), "rounds not found")
    assert [p[1] for p in points(dotted)] == [160_000, 140_000]
    assert dotted.line.dash == "dot"
    assert dotted.hoverinfo == "skip"
    solid = [points(t) for t in named(haiti().figure(), "stretch")]
    assert [[p[1] for p in run] for run in solid][-2:] == [[SEPTEMBER, 160_000], [140_000]]


def test_no_dots_lead_over_a_break() -> None:
    """Rounds that are missing on both sides of a break are not joined: the break is all that is said."""
    rows = [
        row(13, "2012-12-31", 4),
        row(14, "2013-03-31", 3),
        row(18, "2013-12-31", 2),
        row(19, "2014-03-31", 1),
    ]
    chart = TrendChart(series=series(rows, [DELISTING]), words=EN)
    assert named(chart.figure(), "rounds not found") == []
    uncut = TrendChart(series=series(rows), words=EN)  # control: without the break they are joined
    assert len(named(uncut.figure(), "rounds not found")) == 1


@pytest.mark.parametrize("narrow", [False, True])
def test_the_whole_operation_is_drawn_beside_a_window(narrow: bool) -> None:
    """No window hides the rest, and the small line is cut as well."""
    chart = haiti(window="2013-06-01/2013-12-31")
    small = named(chart.figure(narrow=narrow), "whole")
    assert sorted(p for t in small for p in points(t)) == values_of(haiti())
    assert [len(points(t)) for t in small] == [3, 3]
    assert named(haiti().figure(narrow=narrow), "whole") == []


# The old coverage


def touching(figure: go.Figure, value: float) -> set[str]:
    """The traces with a point at that height."""
    return {trace.name for trace in figure.data if value in [p[1] for p in points(trace)]}


@pytest.mark.parametrize("narrow", [False, True])
def test_only_the_ring_touches_the_old_coverage(narrow: bool) -> None:
    """226,019 is a hollow ring; the dashed bridge to it is drawn where that basis was chosen, and only there."""
    reported, old = haiti().figure(narrow=narrow), haiti(basis="old").figure(narrow=narrow)
    assert touching(reported, OLD) == {"old coverage"}
    assert touching(old, OLD) == {"old coverage", "assumption"}
    (ring,) = named(reported, "old coverage")
    assert ring.mode == "markers"
    assert points(ring) == [(date(2013, 9, 30), OLD)]
    assert ring.marker.color == TOKENS["light"]["card"]
    (bridge,) = named(old, "assumption")
    assert bridge.line.dash == "dot"
    assert [p[1] for p in points(bridge)] == [JUNE, OLD]


def test_a_line_to_the_old_coverage_is_noticed() -> None:
    """Control: a stretch that goes on to the ring is found."""
    figure = haiti().figure()
    figure.add_scatter(x=["2013-06-30", "2013-09-30"], y=[JUNE, OLD], mode="lines", name="stretch")
    assert touching(figure, OLD) == {"old coverage", "stretch"}


def test_the_formula_of_the_old_coverage_is_part_of_what_the_picture_rests_on() -> None:
    """It is in the provenance where the ring is drawn, and not where nothing was computed."""
    assert OLD_COVERAGE in haiti().provenance.derived_by
    assert OLD_COVERAGE not in haiti(ledger=[event(first_round=16)]).provenance.derived_by
    assert named(haiti(ledger=[event(first_round=16)]).figure(), "old coverage") == []
    outside = haiti(window="2014-01-01/2014-12-31")
    assert OLD_COVERAGE not in outside.provenance.derived_by
    assert named(outside.figure(), "old coverage") == []


def test_the_old_coverage_says_its_formula_and_its_assumption() -> None:
    """171974 + 54045, and that nothing changed since the last count."""
    (ring,) = named(haiti().figure(), "old coverage")
    assert "226,019" in ring.hovertemplate
    assert "171974 + 54045" in ring.hovertemplate
    assert "assumes" in ring.hovertemplate
    assert f"On the old coverage: {OLD:,}." in haiti().description()
    assert "226,019" not in haiti(ledger=[event(first_round=16)]).description()


# Notes and badges


@DRAWN
@given(charts())
def test_every_event_and_caveat_is_a_note(chart: TrendChart) -> None:
    """Of all that the picture rests on, nothing is left out of its notes, in or out of the window."""
    about = chart.provenance
    assert {note.key for note in chart.notes()} >= {e.key for e in about.events} | {
        c.key for c in about.caveats
    }


def test_the_notes_of_the_effort_are_notes_of_the_picture() -> None:
    """What is said of the number of sites is said below the count as well; control: without the effort it is not."""
    own = event("method", "2013-07", kind=EventKind.METHOD_CHANGE, breaks=False)
    lists = series([row(15, "2013-06", 352)], [own], key="sites", unit=Unit.SITES)
    chart = replace(haiti(), effort=lists)
    assert "method" in {note.key for note in chart.notes()}
    assert "method" not in {note.key for note in haiti().notes()}


@pytest.mark.parametrize("window", ["", "2013-06-01/2014-06-30", "2013-01-01/2013-09-30"])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_numbers_in_the_figure_are_those_of_the_notes(window: str, narrow: bool) -> None:
    """Each badge leads to a note and each numbered note to a badge."""
    chart = haiti(window=window, ledger=LEDGER)
    figure = chart.figure(narrow=narrow)
    assert numbers_apart(figure, chart) == set()
    assert badges(figure) == sorted(badges(figure), key=int)
    assert len(badges(figure)) > 1


def test_a_number_that_leads_nowhere_is_noticed() -> None:
    """Control: a badge of another picture, or one that is not drawn, is found."""
    chart = haiti(ledger=LEDGER)
    assert numbers_apart(haiti().figure(), chart) == {"2", "3"}
    assert numbers_apart(chart.figure(), haiti()) == {"2", "3"}


def test_a_badge_is_filled_where_the_line_breaks() -> None:
    """Hollow where values stay comparable."""
    fills = {t.text[0]: t.marker.color for t in named(haiti(ledger=LEDGER[1:3]).figure(), "events")}
    assert fills == {"1": TOKENS["light"]["card"], "2": TOKENS["light"]["note"]}


def test_an_event_of_the_effort_has_its_badge() -> None:
    """A numbered note of what is drawn below the line is marked in the figure as well."""
    own = event("method", "2013-07", kind=EventKind.METHOD_CHANGE, breaks=False)
    lists = series([row(15, "2013-06", 352)], [own], key="sites", unit=Unit.SITES)
    chart = replace(haiti(), effort=lists)
    assert numbers_apart(chart.figure(), chart) == set()


def test_an_event_that_goes_on_after_the_window_has_its_badge() -> None:
    """It touches the window, so its note has a number, and the number is in the figure."""
    long = event("method", "2013-02-01/2016-12-31", kind=EventKind.METHOD_CHANGE, breaks=False)
    chart = haiti(window="2012-12-01/2013-12-31", ledger=[long, DELISTING])
    assert numbers_apart(chart.figure(), chart) == set()


def test_sources_and_operations_of_the_effort_are_credited() -> None:
    """What is drawn below the line has its own document, and the picture rests on it."""
    lists = series(
        [row(15, "2013-06", 352)],
        key="sites",
        provenance=provenance(sources=(source("lists"),), operations=(operation("lists"),)),
    )
    about = replace(haiti(), effort=lists).provenance
    assert {s.key for s in about.sources} == {"report", "lists"}
    assert {o.key for o in about.operations} == {"examplia", "lists"}


# As known on an earlier day


def test_the_title_names_no_break_that_was_not_known() -> None:
    """A cut that became public later is in no title; the sentence says that it was known only later."""
    late = event(
        "late", "2013-12-31", first_round=17, source=source("late", published=DateSpan.parse("2015-01"))
    )
    then, now = (haiti(ledger=(late,), as_known_on=day) for day in (date(2014, 8, 1), None))
    assert "Headline of late" not in then.title()
    assert "known only later: Headline of late" in then.sentence()
    assert "Headline of late" in now.title(), "control"
    assert "known only later" not in now.sentence()

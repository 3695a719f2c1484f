"""What is drawn can be read in the table: every value, every break, and whatever is told by pointing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from charts.theme import TOKENS
from charts.trend import TrendChart
from data.codes import Precision, RowKind, Unit
from tests.laws import (
    event,
    method,
    provenance,
    row,
    series,
    text,
)
from tests.pictures import (
    DELISTING,
    DRAWN,
    EN,
    JUNE,
    ROUNDS,
    breaks_of,
    charts,
    haiti,
    named,
    not_in_table,
    points,
    rows_of,
)
from words import LANGUAGES

# The table


@DRAWN
@given(charts())
def test_every_value_is_a_row(chart: TrendChart) -> None:
    """Of the whole series, also outside the window and where nothing was found, in order."""
    table = chart.table()
    assert len(rows_of(table)) == len(chart.series.values)
    said = [r[chart.words("trend.col_value")] == chart.words("trend.not_found") for r in rows_of(table)]
    assert said == list(chart.series.values["value"].isna())


def test_a_break_is_a_sentence_between_the_values_that_it_divides() -> None:
    """With what was taken off and the value on the old coverage; control: without the ledger there is none."""
    table = haiti().table()
    assert list(table["_break"]) == [False, False, False, True, False, False, False]
    (said,) = breaks_of(table)
    assert "30 September 2013" in said
    assert "54,045 people" in said
    assert "226,019" in said
    assert "Do not compare across this line." in said
    assert breaks_of(haiti(ledger=()).table()) == []


def test_two_breaks_between_the_same_values_are_both_written_out() -> None:
    """None is lost where two things happened between two rounds."""
    two = [event("method", "2013-08", first_round=16, headline=text("Another method")), DELISTING]
    said = " ".join(breaks_of(haiti(ledger=two).table()))
    assert "Another method" in said
    assert "Settlements left out" in said


def test_a_value_computed_here_shows_its_formula() -> None:
    """In the table and where it is pointed at; it is drawn hollow."""
    rows = [*ROUNDS[:2], row(15, "2013-06", 5, kind=RowKind.DERIVED.value, derivation="2 + 3"), *ROUNDS[3:]]
    chart = TrendChart(series=series(rows), words=EN)
    shown = rows_of(chart.table())[2]
    assert shown["Kind of value, note"] == "computed here: 2 + 3"
    assert rows_of(chart.table())[1]["Kind of value, note"] == "published"
    hovers = [h for t in named(chart.figure(), "stretch") for h in t.hovertemplate]
    assert [("computed here: 2 + 3" in h) for h in hovers] == [False, False, True, False, False, False]
    fills = [c for t in named(chart.figure(), "stretch") for c in t.marker.color]
    assert [c == TOKENS["light"]["card"] for c in fills] == [False, False, True, False, False, False]


def test_a_computed_value_after_a_break_has_the_break_before_it_alone() -> None:
    """A value computed here has no id of an observation: the break stands once, before its own value."""
    derived = {"kind": RowKind.DERIVED.value, "derivation": "2 + 3", "obs": ""}
    rows = [row(14, "2013-03-31", 9, **derived), row(15, "2013-06", 8), row(16, "2013-09-30", 5, **derived)]
    chart = TrendChart(series=series(rows, [event(first_round=16)]), words=EN)
    assert list(chart.table()["_break"]) == [False, False, True, False]


ESTIMATE = provenance(methods=(method(rounds_figures=True),))


def test_an_estimate_is_shown_on_the_ladder_with_what_was_printed() -> None:
    """694,398 of key informants is about 694,000; what was printed stands beside it, in title and label alone not."""
    rows = [row(1, "2020", 10), row(2, "2021", 20), row(3, "2021-06", 30), row(4, "2022-12", 694_398)]
    chart = TrendChart(series=series(rows, provenance=ESTIMATE), words=EN)
    assert rows_of(chart.table())[3]["Value"] == (
        "about 694,000 people (key informants; published as 694,398)"
    )
    assert "about 694,000 people" in chart.title()
    assert "694,398" not in chart.title()
    assert "about 694,000 people (key informants; published as 694,398)" in chart.sentence()
    labels = [a.text for a in chart.figure().layout.annotations]
    assert "<b>about 694,000</b>" in labels
    assert "694,398" not in " ".join(labels)
    exact = TrendChart(series=series(rows), words=EN)  # control: an exact count is not rounded
    assert "694,398 people" in exact.title()
    assert rows_of(exact.table())[3]["Value"] == "694,398 people"


def test_a_bound_is_said_and_drawn_as_one() -> None:
    """A bound is a word in the table and a triangle in the figure."""
    rows = [*ROUNDS[:3], row(16, "2013-09-30", 1_000, precision=Precision.AT_LEAST.value)]
    chart = TrendChart(series=series(rows), words=EN)
    assert rows_of(chart.table())[3]["Value"] == "at least 1,000 people"
    symbols = [s for t in named(chart.figure(), "stretch") for s in t.marker.symbol]
    assert symbols == ["circle", "circle", "circle", "triangle-up"]


def test_what_was_first_published_stands_beside_a_changed_value() -> None:
    """The first value in its column; one that was only less exact says that it is the same."""
    old = [
        row(14, "2013-03-31", 290_000, obs="a"),
        row(15, "2013-06", 279_000, obs="b", precision=Precision.ABOUT.value),
    ]
    new = [
        row(14, "2013-03-31", 300_000, obs="c", known_by="2014-01-01"),
        row(15, "2013-06", JUNE, obs="d", known_by="2014-01-01"),
    ]
    held, every = series([*new, *ROUNDS[3:]]), series([*old, *new, *ROUNDS[3:]])
    chart = TrendChart(series=replace(held, history=every.values), words=EN)
    first = [r["First published as"] for r in rows_of(chart.table())]
    assert first == [
        "290,000 (March 2013; replaced by 1 January 2014)",
        "about 279,000 (the same, known less exactly)",
        "",
        "",
        "",
    ]


# Hovers and the table


@DRAWN
@given(charts())
def test_pointing_tells_nothing_that_the_table_does_not(chart: TrendChart) -> None:
    """Each number of a hover stands in the table, for those who do not point."""
    assert not_in_table(chart.figure(), chart.table()) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ring_tells_nothing_that_the_table_does_not(language: str) -> None:
    """Its formula is of the row of the break; control: with another table the numbers are missed."""
    chart = haiti(language=language, effort=True)
    assert not_in_table(chart.figure(), chart.table()) == set()
    assert not_in_table(chart.figure(), haiti(ledger=()).table()) == {"352", "306", "54045", "226019"}


def test_a_ring_without_a_split_is_in_the_table_too() -> None:
    """Where the value before is rounded there is no split, and yet a value on the old coverage: the table has it."""
    rows = [*ROUNDS[:2], row(15, "2013-06", 279_000, precision=Precision.ABOUT.value), *ROUNDS[3:]]
    chart = TrendChart(series=series(rows, [DELISTING]), words=EN)
    assert named(chart.figure(), "old coverage")
    assert not_in_table(chart.figure(), chart.table()) == set()


def test_an_effort_between_the_values_is_in_the_table_too() -> None:
    """A number of sites of a month without a count is drawn, so it is a row or a cell as well."""
    lists = series(
        [row(15, "2013-06", 352), row(None, "2013-08-15", 333)],
        key="sites",
        label=text("Sites"),
        unit=Unit.SITES,
    )
    chart = replace(haiti(), effort=lists)
    assert not_in_table(chart.figure(), chart.table()) == set()


def test_figure_and_table_agree_on_the_effort_that_was_not_found() -> None:
    """A round without a number of sites is "not found" in both, or in neither."""
    lists = series(
        [row(15, "2013-06", 352), row(None, "2013-09-12", 333)],
        key="sites",
        label=text("Sites"),
        unit=Unit.SITES,
    )
    chart = replace(haiti(), effort=lists)
    (absent,) = named(chart.figure(), "effort not found")
    in_table = [r["Sites"] == "not found" for r in rows_of(chart.table())]
    assert sum(in_table) == len(points(absent))


def test_the_effort_is_drawn_apart_and_never_as_zero() -> None:
    """Bars on an axis of their own; where none was published, a cross and "not found"."""
    figure = haiti(effort=True).figure()
    (bars,), (absent,) = named(figure, "effort"), named(figure, "effort not found")
    assert (bars.yaxis, absent.yaxis) == ("y2", "y2")
    assert [p[1] for p in points(bars)] == [352, 306]
    assert len(points(absent)) == 4
    assert absent.mode == "markers"
    assert "not found" in absent.hovertemplate
    column = [r["Sites on the list"] for r in rows_of(haiti(effort=True).table())]
    assert column == ["not found", "not found", "352", "306", "not found", "not found"]

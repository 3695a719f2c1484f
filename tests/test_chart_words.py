"""Titles and sentences say what a reviewer can add up by hand, and in French nothing is left in English."""

from __future__ import annotations

import pytest

from charts.split import split_panel
from charts.trend import Basis, TrendChart
from charts.wording import splits
from tests.laws import (
    effect,
    event,
    method,
    provenance,
    row,
    series,
    text,
)
from tests.pictures import (
    DELISTING,
    EN,
    LEDGER,
    NARROW,
    OLD,
    PERCENT,
    ROUNDS,
    badly_grouped,
    digits,
    english_in,
    french,
    haiti,
    named,
    rows_of,
    spoken,
)
from words.format import MINUS

# Titles and sentences


def test_the_fall_of_2013_in_words() -> None:
    """278,945 − 171,974 = 106,971 = 54,045 + 52,926; no percentage is said across the break."""
    chart = haiti()
    assert chart.title() == (
        "From June 2013 to September 2013 the count fell by 106,971. "
        "Settlements with 54,045 people were taken off the list."
    )
    said = chart.sentence()
    for number in ("171,974", "278,945", "54,045", "52,926"):
        assert number in said
    assert "Not comparable with June 2013" in said
    assert "causes not separated" in said
    assert said.endswith("Source: Examplia Office, operation “Operation examplia”.")
    assert not PERCENT.search(chart.title() + said)


def test_the_fall_of_2013_in_percentages() -> None:
    """38.3% as published; 19.0% and 23.5% like for like; 54,045 is 50.5% of the fall: in the panel of the split."""
    chart = haiti()
    (split,) = splits(chart.series, chart.drawn())
    said = str(split_panel(split, chart.series, EN))
    for share in (f"{MINUS}38.3%", f"{MINUS}19.0%", f"{MINUS}23.5%", "50.5%"):
        assert f"'{share}" in said or f" {share}" in said
    assert "as published: not comparable" in said
    assert "54,045" in said
    assert "52,926" in said
    assert "106,971 fewer people" in said


def test_a_net_rise_at_the_other_sites_is_not_called_a_fall() -> None:
    """From 1,000 to 900 with 300 taken off, the other sites rose by 200."""
    rows = [row(15, "2013-06", 1_000), row(16, "2013-09-30", 900)]
    cut = event(first_round=16, effects=(effect(-300),))
    chart = TrendChart(series=series(rows, [cut]), words=EN)
    assert f"{MINUS}200" not in chart.sentence()
    assert "net fall" not in chart.sentence()
    (split,) = splits(chart.series, chart.drawn())
    assert "net rise" in str(split_panel(split, chart.series, EN))


def test_a_break_without_a_size_is_the_title() -> None:
    """What happened and that the sides are not comparable; the sentence says it too."""
    chart = haiti(ledger=[event(first_round=16, headline=text("Another list"))])
    assert chart.title() == ("30 September 2013: Another list. Values before and after are not comparable.")
    assert "Not comparable with values before 30 September 2013: Another list." in chart.sentence()
    assert not PERCENT.search(chart.title() + chart.sentence())


def test_without_a_break_the_newest_value_is_the_title() -> None:
    """And a window that holds no break keeps it so."""
    assert haiti(ledger=()).title() == "People in sites: 140,000 people, 30 June 2014"
    assert (
        haiti(ledger=())
        .sentence()
        .startswith("People in sites: 140,000 people, 30 June 2014, round 19 (as known in")
    )
    assert haiti(window="2014-01-01/2014-12-31").title().startswith("People in sites: 140,000 people")


def test_nothing_found_is_said() -> None:
    """A series without any value has a title, a sentence, a table and an empty picture."""
    chart = TrendChart(series=series([row(1, "2013-06", None), row(2, "2013-09", None)]), words=EN)
    assert chart.title() == "People in sites: no value has been found"
    assert chart.sentence().startswith("People in sites: no value has been found. ")
    assert [r["Value"] for r in rows_of(chart.table())] == ["not found", "not found"]
    assert named(chart.figure(), "stretch") == []
    assert chart.description() == chart.title()


def test_an_estimate_is_on_the_ladder_across_a_break_too() -> None:
    """Key informants' figures keep no more digits in a title because something was taken off the list."""
    about = provenance([DELISTING], methods=(method(rounds_figures=True),))
    chart = TrendChart(series=series(ROUNDS, provenance=about), words=EN)
    assert not digits(chart.title() + chart.sentence()) & {"106971", "226019", "52926"}
    assert "about 172,000" in chart.sentence()


def test_the_unit_line_and_the_kicker() -> None:
    """What, where, when, by whom; a stock is people on a day."""
    chart = haiti()
    said = chart.unit_line()
    for part in ("People in sites", "Examplia", "December 2012", "June 2014", "Examplia Office"):
        assert part in said
    assert chart.kicker() == "Trend · people on a day (stock)"


def test_the_description_says_each_break() -> None:
    """For those who do not see the picture: the ends, the break and the value on the old coverage."""
    said = haiti(ledger=LEDGER).description()
    assert "320,000 people" in said
    assert "140,000 people" in said
    assert "Break on 30 September 2013: Settlements left out." in said
    assert f"{OLD:,}" in said


# French


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("basis", ["reported", "old"])
def test_a_french_chart_is_french(basis: Basis, narrow: bool) -> None:
    """No English sentence in any line, head, cell, label or hover; numbers with their narrow space."""
    chart = haiti(language="fr", basis=basis, effort=True, window="2013-01-01/2014-01-01", **french())
    said = spoken(chart) + "\n".join(str(a.text) for a in chart.figure(narrow=narrow).layout.annotations)
    assert english_in(said) == set()
    assert badly_grouped(said) == []
    assert f"106{NARROW}971" in chart.title()
    assert f"54{NARROW}045" in chart.sentence()


def test_english_in_a_french_chart_is_noticed() -> None:
    """Control: the English chart is found by many pieces, and a comma or a wide space in a number is found."""
    found = english_in(spoken(haiti(effort=True)))
    assert {"the count fell by", "on the old coverage", "First published as", "not found"} <= found
    assert badly_grouped("54,045 personnes") == ["54,045"]
    assert badly_grouped("54 045 personnes") == ["54 045"]
    assert badly_grouped(f"54{NARROW}045 personnes en 2013") == []

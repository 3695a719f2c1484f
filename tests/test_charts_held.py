"""The charts and cards of every operation held keep the laws that invented ones are held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go
import pytest
from dash import dcc, html

from charts.card import Chart, who_made_it
from charts.flow import FlowChart
from charts.trend import TrendChart
from data import queries
from data.dates import DateSpan
from data.series import on_old_coverage, sides
from data.store import Release
from tests.pictures import (
    EN,
    OLD,
    PERCENT,
    badly_grouped,
    english_in,
    held,
    lines_across,
    named,
    not_in_table,
    numbers_apart,
    points,
    spoken,
)
from tests.test_card_parts import untold
from tests.test_cards import card_of, of_kind, read, unsaid
from words import LANGUAGES, words


@dataclass(frozen=True)
class Drawn:
    """A chart with its figure, which takes long to draw and is only looked at."""

    chart: Chart
    figure: go.Figure


@pytest.fixture(scope="module")
def drawn(release: Release) -> Mapping[str, list[Drawn]]:
    """Every chart held, by language."""
    return {
        language: [Drawn(chart, chart.figure()) for chart in held(release, words(language))]
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_held_keeps_the_laws(drawn: Mapping[str, list[Drawn]], language: str) -> None:
    """No line and no percentage across a break, and badges that are the numbers of the notes."""
    faults = []
    for one in drawn[language]:
        chart, figure, about = one.chart, one.figure, one.chart.series
        name = f"{about.key}, {chart.drawn()}" if isinstance(chart, TrendChart | FlowChart) else ""
        faults += [f"{name}: {fault}" for fault in lines_across(figure, about)]
        faults += [f"{name}: number {number}" for number in numbers_apart(figure, chart)]
        beside = [sides(about, e) for e in about.provenance.breaks()]
        if any(beside) and PERCENT.search(chart.title() + chart.sentence()):
            faults.append(f"{name}: {chart.title()}")
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_held_has_its_hovers_in_its_table(
    drawn: Mapping[str, list[Drawn]], language: str
) -> None:
    """Nothing is told to those who point and kept from those who read."""
    assert drawn[language]
    faults = {
        one.chart.series.key: missing
        for one in drawn[language]
        if (missing := not_in_table(one.figure, one.chart.table()))
    }
    assert faults == {}


def test_every_chart_held_speaks_french(drawn: Mapping[str, list[Drawn]]) -> None:
    """The registers and the wording together leave no English sentence in what a chart says."""
    said = {(one.chart.series.key, at): spoken(one.chart) for at, one in enumerate(drawn["fr"])}
    found = {key: (english_in(text), badly_grouped(text)) for key, text in said.items()}
    assert found
    assert {key: faults for key, faults in found.items() if any(faults)} == {}


def test_haiti_as_held(release: Release) -> None:
    """The ring of the delisting is at 226,019, and the title names the parts."""
    about = queries.series(release, "hti-idp")
    chart = TrendChart(series=about, words=EN, window=DateSpan.parse("2012-01-01/2016-12-31"))
    (ring,) = named(chart.figure(), "old coverage")
    assert [p[1] for p in points(ring)] == [OLD]
    assert "106,971" in chart.title()
    assert "54,045" in chart.title()
    old = [on_old_coverage(about, e) for e in about.provenance.breaks()]
    assert [float(s.values["value"].iloc[0]) for s in old if s is not None] == [OLD]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_operation_held_says_who_made_its_count(release: Release, language: str) -> None:
    """All nine lines of each."""
    for operated in queries.catalogue(release).operations.values():
        assert untold(operated, who_made_it(operated, words(language)), language) == set(), operated.key


def test_every_card_held_has_its_notes(drawn: Mapping[str, list[Drawn]]) -> None:
    """Each event and caveat, the counted and the not counted, and a table with a caption."""
    for chart in [one.chart for one in drawn["en"]]:
        card = card_of(chart)
        assert unsaid(card, chart) == set(), chart.series.key
        said = read(card)
        assert chart.series.counted.en in said
        assert chart.series.not_counted.en in said
        assert len(of_kind(card, html.Caption)) == 1
        assert len(of_kind(card, dcc.Graph)) == 1

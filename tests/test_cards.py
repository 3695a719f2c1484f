"""A picture comes on a page with everything that must be read with it, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from dash import dcc, html
from dash.development.base_component import Component

from charts.card import Chart, graph, notes_list, trend_card
from charts.trend import TrendChart
from data.codes import EventKind
from data.errors import ProvenanceMissing
from data.model import Caveat, Event, Note, Provenance, Shown, Text
from tests.laws import caveat, event, method, operation, provenance, row, series, source, text
from tests.pictures import (
    DELISTING,
    EN,
    LEDGER,
    badges,
    english_in,
    french,
    haiti,
    months_of,
    movements,
)
from words import LANGUAGES, words

# Reading a page


def walk(part: Any) -> Iterator[Component]:
    """Every component of a tree, in order."""
    if isinstance(part, list | tuple):
        for child in part:
            yield from walk(child)
    elif isinstance(part, Component):
        yield part
        yield from walk(getattr(part, "children", None))


def read(part: Any) -> str:
    """All that is read in a tree, in order."""
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return re.sub(" +", " ", " ".join(filter(None, map(read, part))))
    return read(getattr(part, "children", None)) if isinstance(part, Component) else str(part)


def of_kind(part: Any, kind: type[Component]) -> list[Component]:
    """The components of a kind."""
    return [found for found in walk(part) if isinstance(found, kind)]


def with_class(part: Any, name: str) -> list[Component]:
    """The components of a CSS class."""
    return [found for found in walk(part) if name in str(getattr(found, "className", "")).split()]


def attribute(part: Component, name: str) -> Any:
    """An attribute of an element, None where it has none."""
    return getattr(part, name, None)


def one(found: Sequence[Component]) -> Component:
    """The only one."""
    assert len(found) == 1, f"{len(found)} found"
    return found[0]


def card_of(chart: Chart, **changes: Any) -> Component:
    """The card of a chart."""
    plain: dict[str, Any] = {"id": "trend-people", "scheme": "light", "narrow": False}
    return trend_card(chart, **(plain | changes))


# The one way to a picture


@dataclass
class Bare:
    """A picture whose notes were lost: it has every method, and they say nothing."""

    provenance: Provenance
    said: tuple[Note, ...] = ()

    def notes(self) -> tuple[Note, ...]:
        """What was left."""
        return self.said

    def table(self) -> pd.DataFrame:
        """No rows."""
        return pd.DataFrame()

    def sentence(self) -> str:
        """Nothing."""
        return ""


def pictured(shown: Any) -> Component:
    """A graph of whatever it is."""
    return graph(shown, haiti().figure(), id="x", description="a picture", undrawn="no picture")


@pytest.mark.parametrize(
    "shown",
    [None, {}, "a trend", haiti().figure(), haiti().series, haiti().table(), haiti().notes(), object()],
)
def test_a_picture_without_its_notes_is_refused(shown: object) -> None:
    """Neither a figure, nor a series, nor a table, nor the notes alone is what a picture is made from."""
    with pytest.raises(ProvenanceMissing, match="without its notes"):
        pictured(shown)


def test_a_picture_with_no_notes_is_refused() -> None:
    """What has every method and brings no note has lost them; control: with its notes it is shown."""
    bare = Bare(provenance())
    assert isinstance(bare, Shown)
    with pytest.raises(ProvenanceMissing, match="brings no notes"):
        pictured(bare)
    assert of_kind(pictured(Bare(provenance(), haiti().notes())), dcc.Graph)
    assert of_kind(pictured(haiti()), dcc.Graph)


class Lost(TrendChart):
    """A chart whose notes cannot be made."""

    __slots__ = ()

    def notes(self) -> tuple[Note, ...]:
        """Fails as a store does whose caveats are damaged."""
        raise ProvenanceMissing("caveats.parquet does not match its digest.")


class Silent(TrendChart):
    """A chart whose notes are gone."""

    __slots__ = ()

    def notes(self) -> tuple[Note, ...]:
        """Nothing."""
        return ()


@pytest.mark.parametrize("kind", [Lost, Silent])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_without_notes_is_not_drawn(kind: type[TrendChart], language: str) -> None:
    """The card says so in its place, and has neither picture nor value."""
    card = card_of(kind(series=haiti().series, words=words(language)))
    assert of_kind(card, dcc.Graph) == []
    assert of_kind(card, html.Table) == []
    assert words(language)("card.broken") in read(card)
    assert "171" not in read(card)
    assert of_kind(card_of(haiti(language=language)), dcc.Graph)  # control: with its notes it is


def test_a_picture_is_described() -> None:
    """A screen reader hears what the picture shows; the picture itself has a height, so that nothing jumps."""
    picture, undrawn = pictured(haiti()).children
    assert undrawn.children == "no picture"
    assert attribute(picture, "role") == "img"
    assert attribute(picture, "aria-label") == "a picture"
    inner = one(of_kind(picture, dcc.Graph))
    assert attribute(inner, "style") == {"height": "520px"}
    assert attribute(inner, "config")["displayModeBar"] is False


# What the card says


CHARTS: dict[str, Callable[[str], Chart]] = {
    "trend": lambda language: haiti(language=language, ledger=LEDGER, effort=True),
    "old coverage": lambda language: haiti(language=language, basis="old"),
    "few values": lambda language: haiti(language=language, window="2013-06-01/2013-09-30"),
    "flow": lambda language: movements(language=language),
    "gaps": lambda language: months_of({1: 3, 2: None, 3: 4}, language),
}


def unsaid(card: Component, chart: Chart) -> set[str]:
    """The events and caveats of what the picture rests on whose text is not on the card."""
    said, language = read(card), chart.words.language
    about = chart.provenance
    items: list[Event | Caveat] = [*about.events, *about.caveats]
    return {item.key for item in items if item.text.to(language) not in said}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_every_event_and_caveat_is_on_the_card(name: str, language: str) -> None:
    """With its mark, its text and its source, as the notes of the chart have it."""
    chart = CHARTS[name](language)
    card = card_of(chart)
    assert unsaid(card, chart) == set()
    listed = {str(attribute(li, "data-note")): read(li) for li in walk(card) if attribute(li, "data-note")}
    assert listed.keys() == {note.key for note in chart.notes()}
    for note in chart.notes():
        assert listed[note.key].startswith(note.mark)
        assert note.text in listed[note.key]
        assert note.source in listed[note.key]


def test_a_note_left_out_is_noticed() -> None:
    """Control: the card of a chart without its last event, or without a caveat, is found."""
    chart = haiti(ledger=LEDGER)
    assert unsaid(card_of(haiti(ledger=LEDGER[:-1])), chart) == {"later"}
    more = provenance(LEDGER, caveats=(caveat(), caveat("children")))
    assert unsaid(card_of(chart), haiti(provenance=more)) == {"children"}


@pytest.mark.parametrize("name", CHARTS)
def test_the_numbers_in_the_figure_are_listed_on_the_card(name: str) -> None:
    """Each badge is the number of a note on the same card, and the other way round."""
    card = card_of(CHARTS[name]("en"))
    (picture,) = of_kind(card, dcc.Graph)
    listed = [read(mark) for mark in with_class(card, "n") if read(mark).isdigit()]
    assert badges(go.Figure(attribute(picture, "figure"))) == listed


def test_a_break_is_marked_among_the_notes() -> None:
    """Only those that cut the line."""
    card = card_of(haiti(ledger=LEDGER))
    assert {attribute(li, "data-note") for li in with_class(card, "brkn")} == {"delisting", "again"}


def test_notes_stand_in_their_order() -> None:
    """Events with what followed, then what always holds, then context."""
    ledger = [
        DELISTING,
        event("evictions", "2013-12", kind=EventKind.CONTEXT, breaks=False, follows="delisting"),
        event("press", "2012-01", kind=EventKind.PUBLICATION, breaks=False),
    ]
    said = notes_list(haiti(ledger=ledger).notes(), EN)
    order = [attribute(li, "data-note") for li in of_kind(said, html.Li)]
    assert order == ["delisting", "evictions", "sites-only", "press"]
    heads = [read(head) for head in of_kind(said, html.H3)]
    assert heads == [
        "What changed in the count",
        "What always holds for this figure",
        "Context and criticism",
    ]
    alone = notes_list(haiti(ledger=()).notes(), EN)
    assert [read(head) for head in of_kind(alone, html.H3)] == ["What always holds for this figure"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_card_is_a_figure_with_a_name(name: str) -> None:
    """Its name is its title, by an id that is on the card once."""
    chart = CHARTS[name]("en")
    card = card_of(chart)
    assert attribute(card, "role") == "figure"
    named_by = attribute(card, "aria-labelledby")
    title = one([part for part in walk(card) if attribute(part, "id") == named_by])
    assert isinstance(title, html.H2)
    assert read(title) == chart.title()
    picture = one(
        [part for part in walk(card) if attribute(part, "role") == "img" and of_kind(part, dcc.Graph)]
    )
    assert attribute(picture, "aria-label") == chart.description()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_a_card_has_all_that_is_read_with_a_figure(name: str, language: str) -> None:
    """Kicker, unit line, what was counted and not, the sentence, the credit, method, sources."""
    chart = CHARTS[name](language)
    w, about = chart.words, chart.series
    said = read(card_of(chart))
    for part in (chart.kicker(), chart.unit_line(), chart.sentence()):
        assert part in said
    assert f"{w('card.counted')} {about.counted.to(language)}" in said
    assert f"{w('card.not_counted')} {about.not_counted.to(language)}" in said
    assert w("card.not_found") in said
    for operated in chart.provenance.operations:
        assert operated.credit in said
    for used in chart.provenance.methods:
        assert used.text.to(language) in said
        assert used.accuracy.to(language) in said
    for cited in chart.provenance.sources:
        assert cited.title in said
        assert cited.publisher in said
    for formula in chart.provenance.derived_by:
        assert formula.to(language) in said


def test_coverage_and_each_operation_are_said() -> None:
    """Both operations of a picture are credited, and the coverage stands with the method."""
    lists = series([row(15, "2013-06", 352)], key="sites", provenance=provenance(
        operations=(operation("lists", credit="Source: Examplia Lists"),), sources=(source("lists"),)))  # fmt: skip
    about = provenance([DELISTING], coverage=(text("Two of three regions."),))
    said = read(card_of(replace(haiti(provenance=about), effort=lists)))
    assert "Source: Examplia Office" in said
    assert "Source: Examplia Lists" in said
    assert "Two of three regions." in said
    assert "Examplia, lists" in said
    assert "texts and files: 2" in said


def test_not_comparable_is_said_where_a_line_breaks() -> None:
    """Beside the controls; where nothing breaks it is not said."""
    sign = EN("card.not_comparable")
    assert sign in read(card_of(haiti()))
    assert sign not in read(card_of(haiti(ledger=())))


def test_the_sentence_can_be_copied() -> None:
    """The button and the sentence name each other."""
    card = card_of(haiti())
    button = one(of_kind(card, html.Button))
    sentence = one([part for part in walk(card) if attribute(part, "data-copy")])
    assert attribute(sentence, "data-copy") == attribute(button, "id")["index"]
    assert read(sentence) == haiti().sentence()


def test_controls_and_the_rail_are_on_the_card() -> None:
    """What a page gives is put beside the picture."""
    card = card_of(haiti(), controls=[html.P("a control")], rail=[html.P("a panel")])
    assert "a control" in read(with_class(card, "bar"))
    assert "a panel" in read(with_class(card, "rail"))
    assert with_class(card_of(haiti()), "rail") == []


# French


@pytest.mark.parametrize("name", ["trend", "flow"])
def test_a_french_card_is_french(name: str) -> None:
    """No English sentence of the wording anywhere on it; control: the English card is full of them."""
    plain = french(
        counted=Text("x", (("fr", "les gens des sites"),)), not_counted=Text("x", (("fr", "les autres"),))
    )
    ledger = [replace(DELISTING, headline=Text("x", (("fr", "Lieux retirés"),)))]
    chart: Chart = (
        haiti(language="fr", ledger=ledger, **plain) if name == "trend" else movements(language="fr", **plain)
    )
    assert english_in(read(card_of(chart))) == set()
    assert {"Who made this count", "What always holds for this figure"} <= english_in(
        read(card_of(CHARTS[name]("en")))
    )


# The operations held


def test_a_second_method_is_said_as_well() -> None:
    """What the effort was counted by stands beside what the values were counted by."""
    lists = series([row(15, "2013-06", 352)], key="sites", provenance=provenance(
        methods=(method("lists", text=text("A list kept by hand.")),)))  # fmt: skip
    said = read(card_of(replace(haiti(), effort=lists)))
    assert "Key informants in every site." in said
    assert "A list kept by hand." in said

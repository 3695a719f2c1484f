"""The parts of a card: who made the count, the table that is read in order, and what changed since."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from dash import html
from dash.development.base_component import Component

from charts.card import revision_panel, who_made_it
from charts.twin import BREAK, twin
from data.codes import CardField, Precision
from data.model import CardLine, Operation, Text
from tests.laws import operation, row, series, text
from tests.pictures import (
    EN,
    FIRST,
    FR,
    ROUNDS,
    haiti,
    months_of,
    movements,
)
from tests.test_cards import CHARTS, attribute, card_of, of_kind, one, read, with_class
from words import LANGUAGES, words

# Who made this count


def lines() -> tuple[CardLine, ...]:
    """Nine lines, of which every second is not stated."""
    return tuple(
        CardLine(
            field=field, text=text(f"Known: {field}") if at % 2 else Text(""), looked_in=text(f"Annex {at}")
        )
        for at, field in enumerate(CardField)
    )


def untold(operated: Operation, part: Component, language: str) -> set[str]:
    """The lines of "who made this count" that are neither known nor not stated with where one looked."""
    w = words(language)
    heads = [read(head) for head in of_kind(part, html.Dt)]
    said = dict(zip(heads, [read(body) for body in of_kind(part, html.Dd)], strict=True))
    known = {line.field: line for line in operated.card}
    wrong = set()
    for field in CardField:
        line, told = known.get(field), said.get(w(f"who.{field}"))
        if (
            line is None
            or told is None
            or (line.text and told != line.text.to(language))
            or (not line.text and told != w("who.not_stated", where=line.looked_in.to(language)))
        ):
            wrong.add(field.value)
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_line_is_known_or_not_stated(language: str) -> None:
    """Nine lines; what was not found says where one looked."""
    operated = operation(card=lines())
    assert untold(operated, who_made_it(operated, words(language)), language) == set()
    assert len(of_kind(who_made_it(operated, words(language)), html.Dt)) == len(CardField) == 9


def test_a_line_left_out_is_noticed() -> None:
    """Control: an operation with eight lines, or a card without one, is found by its name."""
    operated = operation(card=lines())
    short = operation(card=lines()[1:])
    assert untold(operated, who_made_it(short, EN), "en") == {"collector"}
    assert untold(short, who_made_it(operated, EN), "en") == {"collector"}
    assert untold(operated, who_made_it(operated, FR), "fr") == set()
    assert len(untold(operated, who_made_it(operated, FR), "en")) == 9


# The table twin


def test_the_table_is_read_in_order() -> None:
    """A caption, heads with their scope, a head for each row, and the break as one cell over the whole row."""
    chart = haiti(effort=True)
    part = twin(chart.table(), chart.title(), EN)
    assert read(one(of_kind(part, html.Caption))) == chart.title()
    heads = [h for h in of_kind(part, html.Th) if attribute(h, "scope") == "col"]
    assert [read(h) for h in heads] == [c for c in chart.table().columns if c != BREAK]
    rows = [h for h in of_kind(part, html.Th) if attribute(h, "scope") == "row"]
    assert len(rows) == len(ROUNDS)
    assert len(of_kind(part, html.Th)) == len(heads) + len(rows)
    broken = one(with_class(part, "bk"))
    assert attribute(one(of_kind(broken, html.Td)), "colSpan") == len(heads)
    assert "Do not compare across this line." in read(broken)
    assert "rows: 6; breaks written out: 1" in read(part)
    assert BREAK not in read(part)


@pytest.mark.parametrize("name", CHARTS)
def test_the_table_on_the_card_is_that_of_the_chart(name: str) -> None:
    """Every cell of it, in its order."""
    chart = CHARTS[name]("en")
    table = chart.table()
    (shown,) = [
        part for part in of_kind(card_of(chart), html.Table) if "cmp" not in str(attribute(part, "className"))
    ]
    cells = [
        [read(cell) for cell in line.children] if isinstance(line.children, list) else [read(line)]
        for line in of_kind(of_kind(shown, html.Tbody), html.Tr)
    ]
    values = table.drop(columns=[BREAK])
    expected = [
        [str(values.iloc[at, 0])] if table[BREAK].iloc[at] else [str(v) for v in values.iloc[at]]
        for at in range(len(table))
    ]
    assert cells == expected


def test_a_table_without_breaks_needs_no_column_for_them() -> None:
    """A plain table is shown as it is."""
    part = twin(pd.DataFrame({"Date": ["2013"], "Value": ["5 people"]}), "Five", EN)
    assert with_class(part, "bk") == []
    assert "2013 5 people" in read(part)


# What changed


def test_values_that_changed_are_listed_then_and_now() -> None:
    """In the rail: 1,525 and about 11,500; a value that was published once is not there."""
    part = revision_panel(movements().series, EN)
    assert part is not None
    (line,) = of_kind(of_kind(part, html.Tbody), html.Tr)
    assert read(line) == "November 2016 1,525 about 11,500"
    assert revision_panel(months_of({1: FIRST}).series, EN) is None
    assert read(part) in read(card_of(movements()))


def test_a_value_that_became_exact_did_not_change() -> None:
    """It is counted apart where something else changed, and makes no panel of its own."""
    about = row(14, "2013-03-31", 300_000, obs="a", precision=Precision.ABOUT.value)
    exact = row(14, "2013-03-31", 300_100, obs="b", known_by="2014-01-01")
    old = row(15, "2013-06", 270_000, obs="c")
    new = row(15, "2013-06", 278_945, obs="d", known_by="2014-01-01")
    only = replace(series([exact]), history=series([about, exact]).values)
    assert revision_panel(only, EN) is None
    both = replace(series([exact, new]), history=series([about, exact, old, new]).values)
    part = revision_panel(both, EN)
    assert part is not None
    assert len(of_kind(of_kind(part, html.Tbody), html.Tr)) == 1
    assert EN("card.rev_exact", values=1) in read(part)

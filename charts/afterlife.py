"""What became of a figure, as panels: values then and now with the reason, and who had used which of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import copysign
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from charts.figures import amount
from charts.wording import when as period
from data.codes import EventKind, RowKind
from data.dates import Grain
from data.model import Event, Row, Series
from data.vintages import Became, Correction, Entry, Fate, Life, Order, VintageDifference, lives
from words import Words
from words.format import day, number, on_ladder, span
from words.notes import source_line

HOW = {
    Became.NEW: "known.how_new",
    Became.MORE_EXACT: "known.how_more_exact",
    Became.CORRECTED: "known.how_corrected",
    Became.REPLACED: "known.how_replaced",
    Became.WITHDRAWN: "known.how_withdrawn",
    Became.GONE: "known.how_gone",
}
FATE = {
    Order.BEFORE: "known.fate_before",
    Order.AFTER: "known.fate_after",
    Order.UNCLEAR: "known.fate_unclear",
}
MOST_OPEN = 12  # so many new values are shown unfolded


def became_section(found: VintageDifference, w: Words) -> Component:
    """The values then and now, those that changed first; new ones are folded where they are many."""
    when = day(found.on, w.language)
    changed = [f for f in found.fates if f.how is not Became.NEW]
    new = [f for f in found.fates if f.how is Became.NEW]
    said: list[Component] = [html.H3(w("known.became", when=when), className="h2")]
    if changed:
        said.append(_table(changed, found.now, when, w))
    else:
        said.append(html.P(w("known.became_nothing"), className="small"))
    if found.same:
        said.append(html.P(w("known.became_same", values=found.same), className="small"))
    if new:
        summary = html.Summary(w("known.became_new", values=len(new)))
        folded = html.Details(
            [summary, _table(new, found.now, when, w)], className="twin", open=len(new) <= MOST_OPEN
        )
        said.append(folded)
    return html.Section(said, className="became")


def since_section(found: Sequence[Correction], to_newest: Component, w: Words) -> Component:
    """What a newer release corrected of the figures of a pinned one, with the way to it."""
    title = w("known.since_title", values=len(found)) if found else w("known.since_none")
    said: list[Component] = [
        html.H2(title, className="ttl small-ttl"),
        html.P(w("known.since_lead"), className="unit"),
    ]
    if found:
        heads = [
            w(f"known.{name}")
            for name in ("since_figure", "since_then", "since_now", "col_difference", "col_how")
        ]
        said.append(_rows(heads, [_correction(one, w) for one in found]))
    said.append(html.P(to_newest, className="acts"))
    return html.Section(said, className="card", id="since")


def afterlife_panel(series: Series, w: Words) -> Component | None:
    """Who used which version of a value, and whether it had been corrected by then; None where nothing is told."""
    found = lives(series)
    if not found:
        return None
    used = [_life(life, series, w) for life in found if life.uses]
    unused = [_life(life, series, w) for life in found if not life.uses]
    said: list[Component] = [html.H3(w("known.uses"), className="h2"), *used]
    if unused and used:
        summary = html.Summary(w("known.unused", values=len(unused)))
        unused = [html.Details([summary, *unused], className="twin")]
    return html.Section([*said, *unused], className="afterlife")


def _life(life: Life, series: Series, w: Words) -> Component:
    """What is told of one value, by date."""
    said: list[Component] = [html.H4(period(life.row, w), className="h3")]
    said.append(html.Ul([_entry(entry, series, w) for entry in life.entries], className="life"))
    if not life.uses:
        said.append(html.P(_unused(series, w), className="src"))
    return html.Div(said)


def life_line(entry: Entry, series: Series, w: Words) -> str:
    """An entry about a value in one sentence: when, which version, and whether it had been corrected by then."""
    event, row = entry.event, entry.row
    when = span(event.when, w)
    version = {"when": when, "version": _version(row, w), "value": _amount(row, series, w)}
    on_a_day = event.when.grain is Grain.DAY
    if event.kind is EventKind.USE_OF_FIGURE:
        fate = _fate_words(entry, series, w)
        return w("known.used_on" if on_a_day else "known.used_in", **version, fate=fate)
    if event.kind is EventKind.PUBLICATION:
        return w("known.published_on" if on_a_day else "known.published_in", **version)
    if event.kind is EventKind.WITHDRAWAL:
        return w("known.withdrawn", by=_by(row if entry.later is None else entry.later, w))
    if entry.later is None:
        return w("known.corrected_only", **version)
    new = _amount(entry.later, series, w)
    return w("known.corrected", by=_by(entry.later, w), old=version["value"], new=new)


def difference_words(fate: Fate, series: Series, w: Words) -> str:
    """Now minus then; "about" on the rounding ladder where one was not printed exactly; '' where one is missing."""
    if fate.value_then is None or fate.value_now is None:
        return ""
    if fate.difference is None:
        return w("known.not_computed")
    if fate.exact and not series.provenance.methods[0].rounds_figures:
        return number(fate.difference, w.language, signed=True)
    rounded = copysign(on_ladder(abs(fate.difference)), fate.difference)
    return w("precision.about", number=number(rounded, w.language, signed=True))


def why_words(event: Event, w: Words) -> str:
    """The entry that says why a value changed, with the reason that was given."""
    said = {"when": span(event.when, w), "headline": event.headline.to(w.language)}
    if not event.reason:
        return w("known.why", **said)
    return w("known.why_reason", **said, reason=event.reason.to(w.language))


def _table(fates: Sequence[Fate], series: Series, when: str, w: Words) -> Component:
    heads = [
        w("known.col_period"), w("known.col_then", when=when), w("known.col_now"), w("known.col_difference"),
        w("known.col_how"),
    ]  # fmt: skip
    return _rows(heads, [[period(fate.row, w), *_then_and_now(fate, series, w)] for fate in fates])


def _correction(one: Correction, w: Words) -> list[Any]:
    figure: Any = [one.series.label.to(w.language), html.Br(), period(one.fate.row, w)]
    return [figure, *_then_and_now(one.fate, one.series, w)]


def _then_and_now(fate: Fate, series: Series, w: Words) -> list[Any]:
    """Both values with the day by which each was public, their difference, and what happened."""
    how: list[Any] = [html.B(w(HOW[fate.how]))]
    for event in fate.corrections:
        how += [html.Br(), why_words(event, w), html.Span(source_line(event.source, w), className="src")]
    return [
        _cell(fate.then, fate.known_then, series, w),
        _cell(fate.now, fate.known_now, series, w),
        difference_words(fate, series, w),
        how,
    ]


def _cell(row: Row | None, known: date | None, series: Series, w: Words) -> list[Any]:
    public = w("known.public_by", when=day(known, w.language)) if known is not None else ""
    return [_amount(row, series, w), html.Span(public, className="src")]


def _rows(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Component:
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    body = [html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows]
    return html.Div(html.Table([head, html.Tbody(body)], className="tw"), className="scroll")


def _entry(entry: Entry, series: Series, w: Words) -> Component:
    event = entry.event
    said: list[Any] = [life_line(entry, series, w), html.Br(), event.headline.to(w.language)]
    return html.Li([*said, html.Span(source_line(event.source, w), className="src")])


def _unused(series: Series, w: Words) -> str:
    """That no use is held, or that none was public on the day of the series."""
    on = series.as_known_on
    return w("known.uses_none") if on is None else w("known.uses_not_yet", when=day(on, w.language))


def _fate_words(entry: Entry, series: Series, w: Words) -> str:
    """What had become, or became, of the version that was used, as far as was public on the day of the series."""
    on = series.as_known_on
    if entry.later is None:
        return w("known.fate_never") if on is None else w("known.fate_not_yet", when=day(on, w.language))
    by = _by(entry.later, w)
    if pd.isna(entry.later["value"]):
        return w("known.fate_withdrawn", by=by)
    return w(FATE[entry.order], by=by)


def _by(row: Row, w: Words) -> str:
    return day(row["known_by"].date(), w.language)


def _version(row: Row, w: Words) -> str:
    """Which publication of a value it is."""
    if row["kind"] == RowKind.DERIVED:
        return w("known.version_derived")
    if row["vintage"] in ("first", "corrected"):
        return w(f"known.version_{row['vintage']}")
    return w("known.version_other", vintage=row["vintage"])


def _amount(row: Row | None, series: Series, w: Words) -> str:
    """A value as the page says it, that it was withdrawn, or that there is none."""
    if row is None:
        return w("known.no_value")
    return w("card.withdrawn") if pd.isna(row["value"]) else amount(row, series, w)

"""Trends: a card for each indicator of an operation, with everything that must be read with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import pandas as pd
from dash import html
from dash.development.base_component import Component

from charts.afterlife import became_section, since_section
from charts.card import nothing_card, trend_card
from charts.flow import FlowChart
from charts.one_list import named
from charts.split import split_panel
from charts.trend import Basis, TrendChart
from data import lists, queries, vintages
from data.change import published_split
from data.codes import Measure
from data.dates import DateSpan
from data.effort import Effort
from data.model import Row, Series
from data.parts import Basis as ListBasis
from data.queries import Indicator
from data.selection import Selection
from data.series import sides
from data.store import Release
from pages import known as known_on
from pages import observed
from pages.ids import Id
from pages.parts import cited, link, segments, table
from pages.shell import operation_picker
from pages.view import Context, View
from words import Words, words
from words.format import figures, month, span

# How an address names the lists on which a count by site can be drawn, beside "old" on a count of totals alone
LISTS: Mapping[Basis, ListBasis] = {
    "old": ListBasis.OLD_LIST,
    "left": ListBasis.LEFT_OUT,
    "same": ListBasis.SAME_SITES,
}


def trends(context: Context) -> list[Component]:
    """The page.

    Raises
    ------
    Unknown
        If the operation is not held.
    """
    operation, w = context.operation(), context.words
    shown = context.held.shown(operation.key)
    title = operation.title.to(context.language)
    if not shown:
        to_map = link(w("trends.to_map"), href=context.view.at("/map"), className="btn")
        said = [
            html.H1(title, className="ttl"),
            html.P(w("trends.none"), className="unit"),
            html.P(to_map, className="acts"),
        ]
        return [html.Section(said, className="card")]
    return [
        html.H1(w("trends.page_title", operation=title), className="vh"),
        *_since(context),
        html.Div(known(context), id=Id.TRENDS_KNOWN, className="card known"),
        html.Div(cards(context), id=Id.TRENDS_CARDS, className="stack"),
    ]


def cards(context: Context) -> list[Component]:
    """The card of each indicator, and what does not add up."""
    operation = context.operation().key
    shown = [_card(context.release, context.view, i) for i in context.held.shown(operation)]
    return [*shown, *_variants(context, operation)]


def known(context: Context) -> list[Component]:
    """As known on which day: the days on which something of the shown indicators was published."""
    shown = context.held.shown(context.operation().key)
    days = vintages.published_days(queries.series(context.release, i.key) for i in shown)
    return known_on.control(context, days)


def _since(context: Context) -> list[Component]:
    """What the newest release corrected of the figures that a pinned view shows: before them."""
    if context.current is None:
        return []
    shown = [i.key for i in context.held.shown(context.operation().key)]
    found = vintages.since(context.release, context.current, shown)
    w = context.words
    to_newest = link(w("known.since_link"), href=context.view.at(release=""), className="btn first")
    return [since_section(found, to_newest, w)]


@lru_cache(maxsize=32)  # a release never changes: the same view of it is the same card
def _card(release: Release, view: View, indicator: Indicator) -> Component:
    w = words(view.language)
    basis = basis_of(view.selection.basis)
    window = None if view.selection.window == "all" else indicator.window
    known = view.selection.known
    chart = chart_of(release, indicator, w, window=window, basis=basis, known=known)
    file = Selection(release=release.digest[:12], language=view.language, known=known)
    beside = isinstance(chart, TrendChart) and bool(chart.beside())
    address = file.at(f"/files/{indicator.key}.csv", basis=view.selection.basis if beside else "")
    actions: list[Component] = [html.A(w("file.download"), href=address, className="btn", download="")]
    after = observed.panels(release, indicator, w, known, leads=indicator.shown == 1)
    if known is not None:
        after = [*after, became_section(vintages.difference(release, indicator.key, known), w)]
        became = file.at(f"/files/{indicator.key}-since.csv")
        actions.append(html.A(w("known.became_download"), href=became, className="btn", download=""))
    name = f"trend-{indicator.key}"
    if known is not None and chart.series.values.empty:
        days = vintages.published_days([queries.series(release, indicator.key)])
        return nothing_card(
            chart.series,
            chart.kicker(),
            days[0] if days else None,
            w,
            id=name,
            after=[*after, *_acts(actions)],
        )
    return trend_card(
        chart,
        id=name,
        scheme=view.scheme,
        narrow=view.narrow,
        controls=_controls(release, view, w, indicator, chart.series),
        rail=_rail(chart.series, view, w),
        after=after,
        actions=actions,
    )


def _acts(actions: list[Component]) -> list[Component]:
    return [html.Div(actions, className="acts")]


def chart_of(
    release: Release,
    indicator: Indicator,
    w: Words,
    *,
    window: DateSpan | None = None,
    basis: Basis = "reported",
    known: date | None = None,
) -> TrendChart | FlowChart:
    """The chart of an indicator: a trend of people on a day, or bars of movements in periods; as known on a day."""
    series = queries.series(release, indicator.key, known)
    if indicator.measure is Measure.FLOW:
        totals = queries.series(release, indicator.totals, known) if indicator.totals else None
        return FlowChart(series=series, words=w, totals=totals, window=window)
    effort: Series | Effort | None = observed.effort_by_site(release, indicator, known)
    if effort is None and indicator.effort:
        effort = queries.series(release, indicator.effort, known)
    chosen = LISTS.get(basis)
    line = None if chosen is None else lists.on_one_list(release, indicator.key, chosen, known)
    return TrendChart(series=series, words=w, effort=effort, window=window, basis=basis, line=line)


def basis_of(asked: str) -> Basis:
    """The basis that an address asks for."""
    return next((name for name in LISTS if name == asked), "reported")


def _rail(series: Series, view: View, w: Words) -> list[Component]:
    """The split of each fall, with the way to all its parts."""
    made: list[Component] = []
    for event in series.provenance.breaks():
        split, beside = published_split(series, event), sides(series, event)
        if split is not None and beside is not None:
            first, second = (_side(row) for row in (beside.before, beside.after))
            to_parts = view.at("/change", what=series.key, first=first, second=second, basis="", window="")
            made += [
                split_panel(split, series, w),
                link(w("trends.to_change"), href=to_parts, className="btn"),
            ]
    return made


def _side(row: Row) -> str:
    """A value as one side of a change names it."""
    return row["last"].date().isoformat() if pd.isna(row["round"]) else str(int(row["round"]))


def _controls(
    release: Release, view: View, w: Words, indicator: Indicator, series: Series
) -> list[Component]:
    """As reported, or on each basis that can be computed; the period, where two are offered."""
    controls: list[Component] = []
    bases = _bases(release, view, w, indicator, series)
    if bases:
        chosen = view.selection.basis if view.selection.basis in [name for name, _ in bases] else ""
        reported = (
            w("trends.as_reported"), f"basis-reported-{indicator.key}", view.at(basis=""), chosen == "",
        )  # fmt: skip
        others = [
            (text, f"basis-{name}-{indicator.key}", view.at(basis=name), chosen == name)
            for name, text in bases
        ]
        controls.append(segments(w("trends.basis"), [reported, *others]))
    if indicator.window is not None and _wider(series, indicator.window):
        whole = view.selection.window == "all"
        controls.append(
            segments(
                w("trends.period"),
                [
                    (_window_words(indicator.window, w),
                     f"window-part-{indicator.key}", view.at(window=""), not whole),
                    (w("trends.whole"), f"window-all-{indicator.key}", view.at(window="all"), whole),
                ],
            )
        )  # fmt: skip
    return controls


def _bases(
    release: Release, view: View, w: Words, indicator: Indicator, series: Series
) -> list[tuple[str, str]]:
    """The bases beside the reported one: on one list where counts by site are held, else the old coverage if any."""
    offered = lists.offered(release, indicator.key, view.selection.known)
    if offered:
        return [(name, named(basis, w)) for name, basis in LISTS.items() if basis in offered]
    if any(published_split(series, event) is not None for event in series.provenance.breaks()):
        return [("old", w("trends.old_coverage"))]
    return []


def _window_words(window: DateSpan, w: Words) -> str:
    """A window by its years, or by its months where both are in one year."""
    first, last = window.first, window.last
    if first.year == last.year:
        return w("trends.window", first=month(first, w.language), last=month(last, w.language))
    return w("trends.window", first=first.year, last=last.year)


def _wider(series: Series, window: DateSpan) -> bool:
    """Whether the series has values outside its window."""
    values = series.values
    return bool(((values["last"].dt.date < window.first) | (values["first"].dt.date > window.last)).any())


def _variants(context: Context, operation: str) -> list[Component]:
    """Published values that contradict each other or do not add up."""
    w, language = context.words, context.language
    rows = queries.variants(context.release, operation).to_dict("records")
    if not rows:
        return []
    heads = [w(f"trends.variant_{name}") for name in ("what", "one", "other", "nature")]
    cells = [
        [
            cited(row[f"subject_{language}"], span(DateSpan.parse(row["period"]), w)),
            cited(*(figures(row[name], language) for name in ("value_a", "source_a"))),
            cited(*(figures(row[name], language) for name in ("value_b", "source_b"))),
            [html.B(row[f"nature_{language}"]), html.Br(), row[f"note_{language}"]],
        ]
        for row in rows
    ]
    said = [
        html.H2(w("trends.variants"), className="ttl small-ttl"),
        html.P(w("trends.variants_lead"), className="unit"),
        table(heads, cells, class_name="tw variants"),
    ]
    return [html.Section(said, className="card", id="variants")]


def bar(context: Context) -> list[Component]:
    """The selection bar of the page."""
    return [operation_picker(context)]

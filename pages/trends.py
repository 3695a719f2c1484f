"""Trends: a card for each indicator of an operation, with everything that must be read with it."""

from __future__ import annotations

from functools import lru_cache

from dash import html
from dash.development.base_component import Component

from charts.card import trend_card
from charts.flow import FlowChart
from charts.split import split_panel
from charts.trend import Basis, TrendChart
from data import queries
from data.change import published_split
from data.codes import Measure
from data.dates import DateSpan
from data.model import Series
from data.queries import Indicator
from data.selection import Selection
from data.store import Release
from pages.parts import cited, link, segments, table
from pages.shell import operation_picker
from pages.view import Context, View
from words import Words, words
from words.format import month, span


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
    cards = [card(context, indicator) for indicator in shown]
    return [
        html.H1(w("trends.page_title", operation=title), className="vh"),
        html.Div([*cards, *_variants(context, operation.key)], className="stack"),
    ]


def card(context: Context, indicator: Indicator) -> Component:
    """The card of one indicator."""
    return _card(context.release, context.view, indicator)


@lru_cache(maxsize=32)  # a release never changes: the same view of it is the same card
def _card(release: Release, view: View, indicator: Indicator) -> Component:
    w = words(view.language)
    basis: Basis = "old" if view.selection.basis == "old" else "reported"
    window = None if view.selection.window == "all" else indicator.window
    chart = chart_of(release, indicator, w, window=window, basis=basis)
    file = Selection(release=release.digest[:12], language=view.language)
    address = file.at(f"/files/{indicator.key}.csv")
    return trend_card(
        chart,
        id=f"trend-{indicator.key}",
        scheme=view.scheme,
        narrow=view.narrow,
        controls=_controls(view, w, indicator, chart.series),
        rail=_rail(chart.series, w),
        actions=[html.A(w("file.download"), href=address, className="btn", download="")],
    )


def chart_of(
    release: Release,
    indicator: Indicator,
    w: Words,
    *,
    window: DateSpan | None = None,
    basis: Basis = "reported",
) -> TrendChart | FlowChart:
    """The chart of an indicator: a trend of people on a day, or bars of movements in periods."""
    series = queries.series(release, indicator.key)
    if indicator.measure is Measure.FLOW:
        totals = queries.series(release, indicator.totals) if indicator.totals else None
        return FlowChart(series=series, words=w, totals=totals, window=window)
    effort = queries.series(release, indicator.effort) if indicator.effort else None
    return TrendChart(series=series, words=w, effort=effort, window=window, basis=basis)


def _rail(series: Series, w: Words) -> list[Component]:
    splits = [published_split(series, event) for event in series.provenance.breaks()]
    return [split_panel(split, series, w) for split in splits if split is not None]


def _controls(view: View, w: Words, indicator: Indicator, series: Series) -> list[Component]:
    """As reported or on the old coverage, where the latter can be computed; the period, where two are offered."""
    controls: list[Component] = []
    if any(published_split(series, event) is not None for event in series.provenance.breaks()):
        chosen = view.selection.basis
        controls.append(
            segments(
                w("trends.basis"),
                [
                    (
                        w("trends.as_reported"),
                        f"basis-reported-{indicator.key}",
                        view.at(basis=""),
                        chosen == "",
                    ),
                    (
                        w("trends.old_coverage"),
                        f"basis-old-{indicator.key}",
                        view.at(basis="old"),
                        chosen == "old",
                    ),
                ],
            )
        )
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
            cited(row["value_a"], row["source_a"]),
            cited(row["value_b"], row["source_b"]),
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

"""The time control of the map: rounds at their true dates, with the ledger's marks above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from data.claims import withdrawal_of
from data.model import Event
from pages.ids import drawn, nav
from pages.moment import Step
from pages.parts import aria, link
from pages.view import Context
from words import Words
from words.format import day, span
from words.notes import marked

_EPOCH = date(1970, 1, 1)


def timeline(
    context: Context, offered: Sequence[Step], now: Step, events: Sequence[Event]
) -> list[Component]:
    """Previous, date, next; then a slider whose stops are the dates of the operation."""
    w = context.words
    at = list(offered).index(now)
    before = offered[at - 1] if at else None
    after = offered[at + 1] if at + 1 < len(offered) else None
    first, last = offered[0].on, offered[-1].on
    ticks = [
        html.Span(
            className="nnb tick" if event.breaks else "nn tick",
            title=w("mappage.dated", when=span(event.when, w), text=event.headline.to(w.language)),
            style={"insetInlineStart": _percent(event.when.last, first, last)},
        )
        for event in marked(events)
        if first <= event.when.last <= last
    ]
    gap_key: list[Component | str] = []
    withdrawal = withdrawal_of(
        events, now.round.number if now.round else None, None
    )  # all of them are public
    gone = "" if withdrawal is None else w("mappage.withdrawn", when=span(withdrawal.when, w))
    said = " ".join(part for part in (span(now.period, w), _round_words(now, w), gone) if part)
    strips = [
        html.Span(
            className="gap",
            title=w("mapcontrols.gap", first=day(begins, w.language), last=day(ends, w.language)),
            style={
                "insetInlineStart": _percent(begins, first, last),
                "width": f"{100 * (ends - begins).days / max(1, (last - first).days):.2f}%",
            },
        )
        for begins, ends in gaps(offered)
    ]
    if strips:
        gap_key = [html.Span(className="gap key"), w("mapcontrols.gap_key")]
    return [
        html.Div(
            [
                html.Div(
                    [
                        _step(context, before, "timeline.before", "before"),
                        html.B(span(now.period, w), className="num"),
                        html.Span(_round_words(now, w), className="small"),
                        *([html.B(gone, className="small")] if gone else []),
                        _step(context, after, "timeline.after", "after"),
                    ],
                    className="row tl-now",
                ),
                html.Span(
                    [
                        w("timeline.steps", steps=len(offered)),
                        html.Span(className="nnb"),
                        w("timeline.break"),
                        html.Span(className="nn"),
                        w("timeline.event"),
                        *gap_key,
                    ],
                    className="small only-wide",
                ),
            ],
            className="row between",
        ),
        html.Div([*strips, *ticks], className="tl-marks", **aria(hidden="true")),
        dmc.Slider(
            id=nav("day"),
            min=_ordinal(first),
            max=_ordinal(last),
            value=_ordinal(now.on),
            marks=[{"value": _ordinal(s.on)} for s in offered],
            restrictToMarks=True,
            label=None,
            size=3,
            thumbSize=18,
            thumbLabel=w("timeline.label"),
            attributes={"thumb": {"aria-valuetext": said}},
            className="tl-slider",
            disabled=len(offered) < 2,
        ),
        dcc.Store(id=drawn("day"), data=_ordinal(now.on)),
        html.Div(
            [
                html.Span(str(year), style={"insetInlineStart": _percent(date(year, 1, 1), first, last)})
                for year in _years(first, last)
            ],
            className="tl-years",
            **aria(hidden="true"),
        ),
    ]


def gaps(offered: Sequence[Step]) -> list[tuple[date, date]]:
    """Times without a date that are long for this operation: more than twice its usual distance.

    Parameters
    ----------
    offered : sequence of Step
        The dates, in order.

    Returns
    -------
    list of (date, date)
        The last day before and the first day after each; () where there are too few dates to say what is usual.
    """
    pairs = [(before.on, after.period.first) for before, after in pairwise(offered)]
    if len(pairs) < 3:
        return []
    usual = median((ends - begins).days for begins, ends in pairs)
    return [(begins, ends) for begins, ends in pairs if (ends - begins).days > max(2 * usual, 1)]


def step_link(context: Context, step: Step) -> str:
    """The address of this view at another date."""
    if step.round is not None:
        return context.view.at(round=step.round.number, on=None)
    return context.view.at(round=None, on=step.on)


def _step(context: Context, step: Step | None, key: str, name: str) -> Component:
    if step is None:
        return html.Span("", className="btn plain off", **aria(hidden="true"))
    w = context.words
    label = str(step.round.number) if step.round is not None else day(step.on, w.language)
    return link(w(key, label=label), id=f"step-{name}", href=step_link(context, step), className="btn plain")


def _round_words(step: Step, w: Words) -> str:
    if step.round is None:
        return ""
    return w("timeline.round_inferred" if step.round.inferred else "timeline.round", number=step.round.number)


def _years(first: date, last: date) -> list[int]:
    years = [year for year in range(first.year, last.year + 1) if first <= date(year, 1, 1) <= last]
    every = max(1, -(-len(years) // 12))
    return years[::every]


def _percent(at: date, first: date, last: date) -> str:
    return f"{100 * (at - first).days / max(1, (last - first).days):.2f}%"


def _ordinal(when: date) -> int:
    return (when - _EPOCH).days

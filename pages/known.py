"""The control "as known on": the days on which something was published, as a slider that ends at the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from pages.ids import drawn, nav
from pages.parts import aria, link
from pages.view import Context
from words.format import day

_EPOCH = date(1970, 1, 1)
BESIDE = 0.04  # of the slider: how far from the last day the newest stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Where the days stand on the slider, in days since 1970; the address says the date."""

    stops: tuple[int, ...]  # in order; the last is the newest
    at: int  # where the thumb stands

    @property
    def newest(self) -> int:
        """The stop that is no day: the newest figures."""
        return self.stops[-1]


def scale(days: Sequence[date], known: date | None) -> Scale:
    """The stops of the slider: every day, the newest, and the day of the address where it is none of them.

    A day before the first or after the last stands just beside it, however far it is.
    """
    held = [(when - _EPOCH).days for when in days]
    gap = max(4, round((held[-1] - held[0]) * BESIDE))
    newest = held[-1] + gap
    if known is None:
        return Scale(stops=(*held, newest), at=newest)
    at = min(max((known - _EPOCH).days, held[0] - gap), held[-1] + gap // 2)
    return Scale(stops=tuple(sorted({*held, at, newest})), at=at)


def control(context: Context, days: Sequence[date]) -> list[Component]:
    """What day the figures are of, one day back and on, the slider, and the way back to the newest."""
    if not days:
        return []
    w, known = context.words, context.view.selection.known
    here = w("known.newest") if known is None else day(known, w.language)
    said = w("known.all_newest") if known is None else w("known.banner", when=here)
    before = [when for when in days if known is None or when < known]
    after = [] if known is None else [when for when in days if when > known]
    row: list[Component] = [
        html.Span(w("known.control"), className="l"),
        _step(context, before[-1] if before else None, "before"),
        html.B(here, className="num"),
        _step(context, after[0] if after else None, "after"),
    ]
    if known is not None:
        back = link(w("known.back"), id="known-newest", href=context.view.at(known=None), className="btn")
        row.append(back)
    steps = html.Span(w("known.steps", steps=len(days)), className="small only-wide")
    return [
        html.Div([html.Div(row, className="row"), steps], className="row between"),
        *_slider(context, scale(days, known), here),
        html.P(said, className="small" if known is None else "banner"),
    ]


def _slider(context: Context, on: Scale, here: str) -> list[Component]:
    w = context.words
    return [
        dmc.Slider(
            id=nav("known"),
            min=on.stops[0],
            max=on.newest,
            value=on.at,
            marks=[{"value": stop} for stop in on.stops],
            restrictToMarks=True,
            label=None,
            size=3,
            thumbSize=18,
            thumbLabel=w("known.slider"),
            attributes={"thumb": {"aria-valuetext": here}},
            className="tl-slider",
        ),
        dcc.Store(id=drawn("known"), data=[on.at, on.newest]),
        html.Div(_years(on), className="tl-years", **aria(hidden="true")),
    ]


def _step(context: Context, to: date | None, name: str) -> Component:
    if to is None:
        return html.Span("", className="btn plain off", **aria(hidden="true"))
    w = context.words
    text = w(f"timeline.{name}", label=day(to, w.language))
    return link(text, id=f"known-{name}", href=context.view.at(known=to), className="btn plain")


def _years(on: Scale) -> list[Component]:
    """The first days of years below the slider, a dozen at most."""
    first, last = on.stops[0], on.newest
    starts = {y: (date(y, 1, 1) - _EPOCH).days for y in range(1970 + first // 366, 1971 + last // 365)}
    inside = [year for year, at in starts.items() if first <= at <= last]
    shown = inside[:: max(1, -(-len(inside) // 12))]
    return [
        html.Span(
            str(year), style={"insetInlineStart": f"{100 * (starts[year] - first) / (last - first):.2f}%"}
        )
        for year in shown
    ]

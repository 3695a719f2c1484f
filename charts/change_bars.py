"""The picture of a change: the earlier count, its parts from zero, the later count, and the old list as a hollow ring.

Plain bars, so that they read at any width, print, and speak each part in words; see `assets/change.css`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from charts.attributes import hyphened
from charts.change import BASES, ChangeChart, checked, old_list
from data.parts import LikeForLike, Part, PartKind, Side

# How a part is drawn; the words beside it say what it is.
CLASSES: Mapping[PartKind, str] = {
    PartKind.DELISTED: "list", PartKind.RELISTED: "list back", PartKind.RESIDUAL: "rest",
    PartKind.NOT_EXPLAINED: "rest unexplained", PartKind.COVERAGE_LOST: "unseen", PartKind.COVERAGE_GAINED: "unseen",
    PartKind.CLOSED: "people", PartKind.NEW: "people", PartKind.CONTINUING: "people",
}  # fmt: skip
SAID = "said"  # every other part: something was said about the count


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Where a bar lies, in percent of its track."""

    start: float
    width: float

    @property
    def style(self) -> dict[str, str]:
        """As a style: the track grows and shrinks with the page."""
        return {"left": f"{self.start:.3f}%", "width": f"{self.width:.3f}%"}


def waterfall(amounts: Sequence[float | None]) -> tuple[list[Stretch | None], float]:
    """Where the bars of signed parts lie, each beginning where the last one ended, and where zero is.

    Parameters
    ----------
    amounts : sequence of float or None
        In their order. What is not known has no bar.

    Returns
    -------
    list of Stretch or None, float
        In percent of the track; the last end lies as far from zero as the sum.
    """
    ends = [0.0]
    for amount in amounts:
        ends.append(ends[-1] + (amount or 0))
    low, high = min(ends), max(ends)
    reach = (high - low) or 1.0

    def at(value: float) -> float:
        return 100 * (value - low) / reach

    bars = [
        None if amount is None else Stretch(start=at(min(a, b)), width=at(max(a, b)) - at(min(a, b)))
        for amount, a, b in zip(amounts, ends, ends[1:], strict=False)
    ]
    return bars, at(0)


def picture(chart: ChangeChart) -> Component:
    """The change as bars.

    Raises
    ------
    ProvenanceMissing
        If the chart brings no notes.
    """
    change, w = checked(chart).change, chart.words
    kept = old_list(change)
    most = max(change.first.first_published, change.second.first_published, kept.after if kept else 0) or 1
    amounts = [part.amount for part in change.parts]
    bars, zero = waterfall([*amounts, None])
    whole = waterfall([*amounts, -change.amount])[0][-1]  # from where the parts end back to zero
    rows = [
        _row(
            chart.label(p),
            chart.amount(p),
            bar,
            CLASSES.get(p.kind, SAID),
            zero,
            _way(p.amount),
            _marks(chart, p),
        )
        for p, bar in zip(change.parts, bars, strict=False)
    ]
    rows.append(_row(w("change.sum"), chart.signed(change.amount), whole, "sum", zero, _way(change.amount)))
    return html.Div(
        [
            _total(chart, change.first, most, "earlier"),
            html.P(w("change.parts_head", amount=chart.signed(change.amount)), className="h3 head"),
            html.Div(rows, className="parts-drawn"),
            _total(chart, change.second, most, "later"),
            *([] if kept is None else [_ring(chart, kept, most)]),
            html.P(w("change.scale"), className="src"),
        ],
        className="chg",
        role="img",
        id="change-picture",
        **hyphened(aria_label=chart.description()),
    )  # fmt: skip


def _way(amount: float | None) -> str:
    """The edge of a bar at which a part ends: a fall at its left."""
    return "up" if (amount or 0) > 0 else "down"


def _marks(chart: ChangeChart, part: Part) -> list[Component]:
    return [html.Span(number, className="n") for number in chart.marks(part)]


def _row(
    label: str,
    amount: str,
    bar: Stretch | None,
    drawn: str,
    zero: float,
    way: str,
    marks: Sequence[Component] = (),
) -> Component:
    track: list[Component] = [html.Span(className="zero", style={"left": f"{zero:.3f}%"})]
    if bar is not None:
        name = f"bar {drawn} {way}" if bar.width else "bar none"
        track.append(html.Span(className=name, style=bar.style))
    return html.Div(
        [
            html.Span([label, *marks], className="lb"),
            html.Span(track, className="track"),
            html.Span(amount, className="am" if bar is not None else "am was"),
        ],
        className="row-of sum-row" if drawn == "sum" else "row-of",
    )


def _total(chart: ChangeChart, side: Side, most: float, drawn: str) -> Component:
    bar = Stretch(start=0, width=100 * side.first_published / most)
    return html.Div(
        [
            html.Span(chart.when(side), className="lb"),
            html.Span(html.Span(className=f"bar {drawn}", style=bar.style), className="track total"),
            html.Span(chart.plain(side.first_published), className="am"),
        ],
        className="row-of whole",
    )


def _ring(chart: ChangeChart, kept: LikeForLike, most: float) -> Component:
    where = {"left": f"{100 * kept.after / most:.3f}%"}
    return html.Div(
        [
            html.Span(chart.words("change.old_list"), className="lb off"),
            html.Span(html.Span(className="ring", style=where), className="track"),
            html.Span(chart.plain(kept.after), className="am off"),
        ],
        className="row-of",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two counts on one basis, in words and as numbers."""

    title: str
    how: str
    ends: tuple[float, float]
    rate: str
    fine: bool  # whether the two can be compared


def pair(chart: ChangeChart, of: Pair, most: float) -> Component:
    """Two counts on one basis, and the rate; grey and dashed where they cannot be compared."""
    fine = of.fine
    bars = [
        html.Span(
            [
                html.Span(
                    html.Span(
                        className=f"bar {drawn}" if fine else "bar not",
                        style=Stretch(start=0, width=100 * value / most).style,
                    ),
                    className="track total",
                ),
                html.Span(chart.plain(value), className="am"),
            ],
            className="line",
        )
        for value, drawn in zip(of.ends, ("earlier", "later"), strict=True)
    ]
    return html.Div(
        [
            html.Span([html.B(of.title), html.Span(of.how, className="src")], className="lb"),
            html.Span(bars, className="lines"),
            html.Span(html.B(of.rate) if fine else html.S(of.rate), className="rate" if fine else "rate was"),
        ],
        className="row-of pair" if fine else "row-of pair not-comparable",
    )


def pairs(chart: ChangeChart) -> Component:
    """As published, and on each basis on which the two can be compared."""
    change, w = chart.change, chart.words
    published = (change.first.first_published, change.second.first_published)
    most = max([*published, *(v for b in change.bases for v in (b.before, b.after))]) or 1
    first = Pair(
        title=w("change.basis_published"),
        how=chart.why_not(),
        ends=published,
        rate=chart.published(),
        fine=change.comparable,
    )
    drawn = [first]
    for basis in change.bases:
        name, how = BASES[basis.basis]
        ends, rate = (basis.before, basis.after), chart.rate(basis.percent)
        drawn.append(Pair(title=w(name), how=w(how), ends=ends, rate=rate, fine=True))
    return html.Div([pair(chart, of, most) for of in drawn], className="chg pairs")

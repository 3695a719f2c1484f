"""A fall at a flow point, with the other points of its corridor and their days of observation beside it.

It never says that people took another road: that is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign

import pandas as pd
from dash import html
from dash.development.base_component import Component

from charts import wording
from charts.attributes import hyphened
from charts.effort import rows_table
from data.codes import Precision, State
from data.corridors import Days, Diversion, Moved, Seen
from data.model import Note, Provenance
from words import Words
from words.format import number, on_ladder, quantified, span
from words.notes import notes_of, source_line


@dataclass(frozen=True, kw_only=True, eq=False)
class DiversionShown:
    """A fall beside the other points, with what must be read with it."""

    diversion: Diversion
    words: Words

    @property
    def provenance(self) -> Provenance:
        """What it rests on."""
        return self.diversion.provenance

    def notes(self) -> tuple[Note, ...]:
        """Every event and caveat of the movements; those between the two periods have a number."""
        between = (self.diversion.first.first, self.diversion.second.last)
        return notes_of(self.provenance, self.words, between)

    def table(self) -> pd.DataFrame:
        """One row a point: both values, the change, and the days observed in both periods."""
        w, found = self.words, self.diversion
        ends = (span(found.first, w), span(found.second, w))
        heads = [
            w("diversion.col_point"),
            *(w("diversion.col_value", when=when) for when in ends),
            w("diversion.col_change"),
            *(w("diversion.col_days", when=when) for when in ends),
        ]
        rows = [
            [m.name.to(w.language), value(m.before, found, w), value(m.after, found, w), change(m, found, w),
             days(m.before.days, w), days(m.after.days, w)]
            for m in (found.point, *found.others)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=heads)

    def sentence(self) -> str:
        """The fall, each other point, what is not known, and the days observed; with the credit."""
        w, found = self.words, self.diversion
        said = [diversion_sentence(found, w)]
        said.append(w("diversion.counted", subject=found.series.label.to(w.language)))
        return " ".join([*said, wording.credit(found.series, w)])


def diversion_sentence(found: Diversion, w: Words) -> str:
    """The fall, each other point of the corridor, what is not known, and the days observed."""
    said = [
        w(
            "diversion.fell",
            point=found.point.name.to(w.language),
            amount=_size(found.point, found, w),
            before=value(found.point.before, found, w),
            after=value(found.point.after, found, w),
            first=span(found.first, w),
            second=span(found.second, w),
        ),
        *(_other(m, found, w) for m in found.others),
    ]
    if not found.others:
        said.append(w("diversion.no_other"))
    said.append(w("diversion.not_known"))
    said += [
        w("diversion.breaks", when=span(e.when, w), headline=e.headline.to(w.language)) for e in found.breaks
    ]
    listed = [
        w(
            "diversion.days_item",
            point=m.name.to(w.language),
            before=days(m.before.days, w),
            after=days(m.after.days, w),
        )
        for m in (found.point, *found.others)
    ]
    known = any(seen.days is not None for m in (found.point, *found.others) for seen in (m.before, m.after))
    if not known:
        return " ".join([*said, w("diversion.no_days")])
    said.append(w("diversion.days", list=w("note.separator").join(listed)))
    if found.point.fewer_days:
        said.append(w("diversion.fewer_days", point=found.point.name.to(w.language)))
    return " ".join([*said, *_per_day(found, w)])


def _per_day(found: Diversion, w: Words) -> list[str]:
    """What was seen on each day observed, of the points where both periods have it."""
    listed = [
        w(
            "diversion.days_item",
            point=m.name.to(w.language),
            before=number(m.before.per_day, w.language),
            after=number(m.after.per_day, w.language),
        )
        for m in (found.point, *found.others)
        if m.before.per_day is not None and m.after.per_day is not None
    ]
    return [w("diversion.per_day", list=w("note.separator").join(listed))] if listed else []


def _other(m: Moved, found: Diversion, w: Words) -> str:
    """What another point did."""
    about = {"point": m.name.to(w.language), "corridor": m.corridor.to(w.language)}
    if m.amount is None:
        return w(
            "diversion.other_unknown",
            **about,
            before=value(m.before, found, w),
            after=value(m.after, found, w),
            first=span(found.first, w),
            second=span(found.second, w),
        )
    if m.amount == 0:
        return w("diversion.other_same", **about)
    key = "diversion.other_rose" if m.amount > 0 else "diversion.other_fell"
    return w(key, **about, amount=_size(m, found, w))


def diversion_panel(found: Diversion, w: Words) -> Component:
    """Small signed bars around zero, the sentence, and the table with the days observed.

    Parameters
    ----------
    found : Diversion
        A fall and the other points.
    w : Words
        The reader's language.
    """
    shown = DiversionShown(diversion=found, words=w)
    lead = w(
        "diversion.lead",
        subject=found.series.label.to(w.language),
        first=span(found.first, w),
        second=span(found.second, w),
    )
    return html.Section(
        [
            html.H3(w("diversion.title"), className="h2"),
            html.P(lead, className="small"),
            _bars(found, w),
            html.P(diversion_sentence(found, w), className="small"),
            rows_table(shown.table(), w("diversion.title")),
            *(
                html.P(w("diversion.other_roads", text=text.to(w.language)), className="small")
                for text in found.bypasses
            ),
            *(
                html.P(w("diversion.source", source=source_line(source, w)), className="src")
                for source in found.cited
            ),
        ],
        className="diversion",
    )


def _bars(found: Diversion, w: Words) -> Component:
    """One bar a point, left of zero for a fall and right of it for a rise; words where no change is known."""
    moved = (found.point, *found.others)
    widest = max(abs(m.amount) for m in moved if m.amount is not None)
    listed = [
        w("diversion.bars_item", point=m.name.to(w.language), change=change(m, found, w)) for m in moved
    ]
    said = w("diversion.bars", list=w("note.separator").join(listed))
    rows = [_bar(m, found, widest, w, own=m is found.point) for m in moved]
    return html.Div(rows, className="signed-bars", role="img", **hyphened(aria_label=said))


def _bar(m: Moved, found: Diversion, widest: float, w: Words, *, own: bool) -> Component:
    amount = m.amount
    width = 0.0 if amount is None else 100 * abs(amount) / widest
    filled = html.Span(
        className="bar-of-point",
        style={
            "display": "block",
            "width": f"{width:.1f}%",
            "height": "14px",
            "background": "var(--sl-data)" if own else "var(--sl-data-2)",
        },
    )
    left = [filled] if amount is not None and amount < 0 else []
    right = [filled] if amount is not None and amount > 0 else []
    half = {"flex": "1 1 0", "display": "flex", "minHeight": "14px"}
    zero = {"borderInlineStart": "1px solid var(--sl-rule-strong)"}
    return html.Div(
        [
            html.Div([html.B(m.name.to(w.language)), " ", html.Span(change(m, found, w))], className="small"),
            html.Div(
                [
                    html.Div(left, style=half | {"justifyContent": "flex-end"}),
                    html.Div(right, style=half | zero),
                ],
                style={"display": "flex"},
            ),
        ],
        style={"marginBottom": "6px"},
    )


def value(seen: Seen, found: Diversion, w: Words) -> str:
    """What was seen in a period, or why there is no number: never 0 for that."""
    if seen.value is None:
        return w("trend.not_found") if seen.state is State.NO_DATA else w(f"state.{seen.state}").lower()
    amount, precision = seen.value, seen.precision
    estimate = found.series.provenance.methods[0].rounds_figures and precision is Precision.EXACT
    if estimate and on_ladder(amount) != amount:
        amount, precision = on_ladder(amount), Precision.ABOUT
    return quantified(amount, precision, w)


def change(m: Moved, found: Diversion, w: Words) -> str:
    """The change with its sign; in words where there is none."""
    if m.amount is None:
        both = m.before.value is not None and m.after.value is not None
        return w("diversion.bound") if both else w("trend.not_found")
    amount, precision = _rounded(m.amount, m.precision, found)
    return w(f"precision.{precision}", number=number(amount, w.language, signed=True))


def days(observed: Days | None, w: Words) -> str:
    """Days observed of days open."""
    if observed is None:
        return w("trend.not_found")
    if not observed.open:
        return w("diversion.not_open")
    return w(
        "diversion.days_of",
        observed=number(observed.observed, w.language),
        open=number(observed.open, w.language),
    )


def _size(m: Moved, found: Diversion, w: Words) -> str:
    """The change without its sign."""
    amount, precision = _rounded(abs(m.amount or 0), m.precision, found)
    return quantified(amount, precision, w)


def _rounded(amount: float, precision: Precision, found: Diversion) -> tuple[float, Precision]:
    """A difference with fewer digits, where one side is "about" or the method is an estimate."""
    estimate = found.series.provenance.methods[0].rounds_figures
    about = precision is Precision.ABOUT or (estimate and precision is Precision.EXACT)
    rounded = copysign(on_ladder(abs(amount)), amount) if about and amount else amount
    if rounded == amount:
        return amount, precision
    return rounded, Precision.ABOUT

"""The trend chart: a stock through time, one line a stretch, with what must be read with it.

No line crosses a break. Lines and notes come from the same series, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from charts import labels, marks, one_list, rows, strips, strokes, wording
from charts.canvas import Canvas
from charts.figures import amount, newest, period_of
from charts.theme import TOKENS, Scheme, label, layout
from data.dates import DateSpan
from data.effort import Effort
from data.lists import OneList
from data.model import Event, Note, Provenance, Row, Series, records, unite
from data.series import divided, on_old_coverage, sides
from words import Words
from words.format import month, span
from words.notes import notes_of

Basis = Literal["reported", "old", "left", "same"]
HEIGHT_PX = {False: 520, True: 540}
FEW = 3  # up to so many values are drawn as bars


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: what is derived is kept
class TrendChart:
    """A stock as it is shown; `charts.card.trend_card` puts picture and notes on the page."""

    series: Series
    words: Words
    effort: Series | Effort | None = None  # how much was observed: drawn below, never summed with the series
    window: DateSpan | None = None  # None draws everything
    basis: Basis = "reported"
    line: OneList | None = None  # the same count on one list of sites: drawn beside it

    @cached_property
    def provenance(self) -> Provenance:
        """What the picture rests on: of the series, of what was computed from it, and of the effort."""
        used = [
            self.series,
            *(old for _, old in self._old),
            *([self.effort] if self.effort is not None else []),
            *([self.line] if self.line is not None else []),
        ]
        return unite(part.provenance for part in used)

    def drawn(self) -> tuple[date, date]:
        """First and last day of the picture."""
        return self._drawn

    @cached_property
    def _drawn(self) -> tuple[date, date]:
        return wording.drawn_range(self.series, self.window)

    def notes(self) -> tuple[Note, ...]:
        """Every event and caveat; those in the picture have a number."""
        return self._notes

    @cached_property
    def _notes(self) -> tuple[Note, ...]:
        known = self.series.as_known_on
        return notes_of(self.provenance, self.words, self.drawn(), marks.spans(self.series), known)

    def kicker(self) -> str:
        """Stock or flow."""
        return wording.kicker(self.series, self.words)

    def title(self) -> str:
        """What the picture shows: a fall and what was taken off, a break, or the newest value."""
        w, series = self.words, self.series
        splits = wording.splits(series, self.drawn())
        if splits:
            return wording.split_title(splits[-1], series, w)
        breaks = wording.told_breaks(series, self.drawn())
        if breaks:
            return wording.break_title(breaks[-1], w)
        row = newest(series)
        return wording.newest_title(row, series, w) if row is not None else wording.nothing_title(series, w)

    def unit_line(self) -> str:
        """What is counted, where, when, by which operation."""
        return wording.unit_line(self.series, self.words, self.drawn())

    def sentence(self) -> str:
        """What the picture shows, standing alone, with its break and its credit."""
        w, series = self.words, self.series
        splits = wording.splits(series, self.drawn())
        row = newest(series)
        if splits:
            said = wording.split_sentence(splits[-1], series, w)
        elif row is None:
            said = f"{wording.nothing_title(series, w)}."
        else:
            said = wording.newest_sentence(row, series, self.drawn(), w)
        return f"{said} {wording.credit(series, w)}"

    @property
    def gapped(self) -> Series:
        """The series: which rounds there should have been is the producer's to say."""
        return self.series

    def table(self) -> pd.DataFrame:
        """All values as rows, the breaks written out; see `rows.table`."""
        return rows.table(self.series, self.effort, self.words, self.beside())

    def old_coverage(self) -> tuple[Series, ...]:
        """What the first value after each break would be on the coverage before, where that is known."""
        return tuple(old for _, old in self._old)

    def beside(self) -> tuple[OneList, ...]:
        """What is drawn beside the series, with rows of its own in table and file."""
        return () if self.line is None else (self.line,)

    def description(self) -> str:
        """The picture in words, with each break."""
        w, values = self.words, self._inside
        if values.empty:
            return self.title()
        first, last = self.drawn()
        said = [
            w(
                "trend.describe",
                subject=self.series.label.to(w.language),
                first=month(first, w.language),
                last=month(last, w.language),
                first_value=wording.value_plain(values.iloc[0], self.series, w),
                last_value=wording.value_plain(values.iloc[-1], self.series, w),
            )
        ]
        said += [
            w("trend.describe_break", when=span(event.when, w), headline=event.headline.to(w.language))
            for event in wording.drawn_breaks(self.series, self.drawn())
        ]
        said += [
            w("trend.describe_old", value=wording.figure(float(old.values["value"].iloc[0]), self.series, w))
            for _, old in self._old
        ]
        if self.line is not None:
            said.append(one_list.described(self.line, self.drawn(), w))
        return " ".join(part for part in said if part)

    def figure(self, scheme: Scheme = "light", narrow: bool = False) -> go.Figure:  # noqa: FBT001, FBT002 - see card.Chart
        """The picture, checked by Plotly; see `canvas`."""
        return self.canvas(scheme, narrow).figure()

    def canvas(self, scheme: Scheme = "light", narrow: bool = False) -> Canvas:  # noqa: FBT001, FBT002 - see card.Chart
        """One line a stretch, a mark for each event, the old coverage as a ring that no line touches."""
        w = self.words
        fig = Canvas(layout(scheme, w.language))
        values, (first, last) = self._inside, self.drawn()
        whole = wording.drawn_range(self.series, None)
        wider = self.window is not None and (whole[0] < first or whole[1] > last)
        few = len(values) <= FEW
        height = (
            (HEIGHT_PX[narrow] if not few else 340)
            + (70 if wider else 0)
            + (80 if self.effort is not None else 0)
        )
        fig.lay_out(height=height, **(labels.ON_A_PHONE if narrow else {}))
        foot, plot = self._domains(fig, wider=wider, narrow=narrow)
        pad = timedelta(days=max(20, int((last - first).days * (0.35 if few else 0.03))))
        right = one_list.margin_px(self.line, w) if self.line is not None and not narrow else 0
        frame = marks.Frame(
            first=first - pad,
            last=last + pad,
            width_px=labels.PLOT_PX[narrow] - right,
            height_px=labels.plot_height_px(fig, plot),
            foot=foot,
        )
        axis = {"range": [str(frame.first), str(frame.last)], "tickformat": "%Y", "ticklabelmode": "period"}
        years = {"dtick": _year_tick((frame.first, frame.last), narrow=narrow)}
        if few:
            axis, years = axis | {"ticklabelmode": "instant"}, self._few_ticks(values)
        fig.lay_out(xaxis=axis | years)
        events = self.series.provenance.events
        placed = marks.arrange(events, self.series, frame, w)
        if not values.empty:
            tall = [values, *(one_list.inside(line, self.drawn()) for line in self.beside())]
            held = pd.concat([part[["last", "value"]] for part in tall])
            fig.lay_out(yaxis={"range": [0, marks.headroom(placed, held, frame)]})
            self._lines(fig, values, scheme)
            self._labels(fig, values, scheme, narrow=narrow)
        marks.draw(
            fig,
            placed,
            self.provenance.events,
            self.notes(),
            self.series,
            frame=frame,
            scheme=scheme,
            words=w,
        )
        for line in self.beside():
            one_list.draw(fig, line, self.drawn(), scheme=scheme, words=w, narrow=narrow)
        if self.line is None:
            self._rings(fig, scheme, narrow=narrow)
        elif right:
            fig.lay_out(margin={"r": fig.layout["margin"]["r"] + right})
        size_px = (frame.width_px, frame.height_px)
        labels.apart(fig, *size_px, labels.boxes_of_points(fig, values, *size_px))
        self._strip(fig, scheme, narrow=narrow)
        if wider:
            strips.overview(fig, self.series, whole, (first, last), scheme=scheme, words=w)
        return fig

    def _strip(self, fig: Canvas, scheme: Scheme, *, narrow: bool) -> None:
        """How much was observed, below: sites listed and visited, or the one number that was published."""
        values, drawn = self._inside, self.drawn()
        if isinstance(self.effort, Effort):
            strips.visits(
                fig, self.effort, values, drawn, scheme=scheme, words=self.words, numbers=not narrow
            )
        elif self.effort is not None:
            strips.effort(
                fig, self.series, self.effort, values, drawn,
                scheme=scheme, words=self.words, numbers=not narrow,
            )  # fmt: skip

    def _few_ticks(self, values: pd.DataFrame) -> dict[str, Any]:
        """Where a few values stand: their own dates."""
        texts = [period_of(row, self.words) for _, row in records(values)]
        return {"tickmode": "array", "tickvals": list(values["last"]), "ticktext": texts}

    @cached_property
    def _inside(self) -> pd.DataFrame:
        """The values in the window."""
        first, last = (pd.Timestamp(d) for d in self.drawn())
        values = self.series.values
        return values[values["value"].notna() & (values["last"] >= first) & (values["last"] <= last)]

    @cached_property
    def _parts(self) -> list[list[tuple[int, Row]]]:
        """The stretches in the window: cut first, so that what is not drawn still divides what is."""
        inside = dict(records(self._inside))
        parts = divided(self.series.values, self.series.provenance.breaks())
        cut = [[(at, inside[at]) for at in part if at in inside] for part in parts]
        return [part for part in cut if part]

    @cached_property
    def _old(self) -> list[tuple[Event, Series]]:
        """The breaks whose old coverage can be said, with its value."""
        found = [
            (e, on_old_coverage(self.series, e))
            for e in self.series.provenance.breaks()
            if e.when.touches(*self.drawn())
        ]
        return [(event, old) for event, old in found if old is not None]

    def _domains(self, fig: Canvas, *, wider: bool, narrow: bool) -> tuple[float, float]:
        """Share the height out; returns the foot of the uprights and the share of the plot itself."""
        overview, strip = (0.13 if wider else 0.0), (0.17 if self.effort is not None else 0.0)
        above_overview = overview + (0.07 if wider else 0)
        below = above_overview + strip + (0.09 if strip else 0)
        base = below + (0.015 if below else 0)
        hidden = {"visible": False, "fixedrange": True, "rangemode": "tozero"}
        fig.lay_out(yaxis={"domain": [base, marks.TOP]}, xaxis={"anchor": "y", "domain": [0, 1]})
        if strip:
            fig.lay_out(
                yaxis2=hidden | {"domain": [above_overview, above_overview + strip - 0.03], "anchor": "x"}
            )
        if wider:
            month_tick = {"dtick": "M24" if narrow else "M12", "tickformat": "%Y", "ticklabelmode": "period"}
            line = {
                "showline": True,
                "linecolor": fig.layout["xaxis"]["linecolor"],
                "showgrid": False,
                "fixedrange": True,
            }
            font = {"tickfont": {"size": 12, "color": fig.layout["xaxis"]["tickfont"]["color"]}}
            fig.lay_out(
                yaxis3=hidden | {"domain": [0, overview - 0.04], "anchor": "x2"},
                xaxis2={"anchor": "y3", "domain": [0, 1], "type": "date"} | month_tick | line | font,
            )
        return (above_overview if strip else base), marks.TOP - base

    def _lines(self, fig: Canvas, values: pd.DataFrame, scheme: Scheme) -> None:
        """One trace a stretch; dotted where rounds between two values were not found; a few values are bars."""
        t, few = TOKENS[scheme], len(values) <= FEW
        for at, part in enumerate(self._parts):
            paler = self.line is not None or (self.basis == "old" and at > 0 and bool(self._old))
            rows = [row for _, row in part]
            if few:
                wide = _bar_width(self.drawn()) * 4
                fig.bar(
                    x=strokes.column(rows, "last"),
                    y=strokes.column(rows, "value"),
                    width=wide,
                    marker=strokes.bar(rows, t),
                    error_y=strokes.ends(rows, t),
                    hovertemplate=self._hovers(rows),
                    name="stretch",
                )
                continue
            opacity = 0.45 if paler else 1
            for ends in strokes.skips(rows):
                fig.scatter(
                    x=strokes.column(ends, "last"), y=strokes.column(ends, "value"), mode="lines",
                    line={"color": t["data"], "width": 1.5, "dash": "dot"},
                    opacity=opacity * 0.7, hoverinfo="skip", name="rounds not found",
                )  # fmt: skip
            for run in strokes.runs(rows):
                fig.scatter(
                    x=strokes.column(run, "last"),
                    y=strokes.column(run, "value"),
                    mode="lines+markers",
                    line={"color": t["data"], "width": 2.5},
                    marker=strokes.dots(run, t),
                    opacity=opacity,
                    error_y=strokes.ends(run, t),
                    hovertemplate=self._hovers(run),
                    name="stretch",
                )

    def _hovers(self, rows: Sequence[Row]) -> list[str]:
        """What each point says when it is pointed at."""
        return [wording.hover(row, self.series, self.words) + "<extra></extra>" for row in rows]

    def _labels(self, fig: Canvas, values: pd.DataFrame, scheme: Scheme, *, narrow: bool) -> None:
        """Numbers at the first and the last value and on both sides of each break."""
        t, w = TOKENS[scheme], self.words
        breaks = self.series.provenance.breaks()
        parts = self._parts
        old = {event.key for event, _ in self._old}
        new = {beside.after.name for e in breaks if e.key in old and (beside := sides(self.series, e))}
        top = float(values["value"].max())
        many = len(parts) > marks.MOST_WORDS + 1
        for at, part in enumerate(parts):
            few = len(values) <= FEW
            places = range(len(part)) if few else sorted({0, len(part) - 1})
            for place in places:
                (name, row), closing = part[place], place == len(part) - 1 and len(part) > 1
                final = closing and at == len(parts) - 1
                is_new = name in new
                if narrow and not (few or is_new or final or closing or at == 0):
                    continue
                if many and not (final or (at == 0 and not closing)):
                    continue
                text = f"<b>{amount(row, self.series, w)}</b>"
                if is_new and not few:
                    text = w(
                        "trend.new_short" if narrow else "trend.new_coverage",
                        value=amount(row, self.series, w),
                    )
                _, neighbour = part[place - 1 if closing else min(1, len(part) - 1)]
                rising = (
                    float(neighbour["value"]) < float(row["value"])
                    if closing
                    else float(neighbour["value"]) > float(row["value"])
                )
                low = float(row["value"]) < 0.12 * top
                where = _label_place(few=few, closing=closing, beside=is_new, rising=rising, low=low)
                font = {"size": 12 if narrow else 14, "color": t["data"]}
                said = label(
                    text, colour=t["data"], x=row["last"], y=row["value"], xref="x", yref="y", **where
                )
                fig.annotation(said | {"font": font})

    def _rings(self, fig: Canvas, scheme: Scheme, *, narrow: bool) -> None:
        """The value on the old coverage: a hollow ring; a dashed bridge to it where that basis was chosen."""
        t, w = TOKENS[scheme], self.words
        for event, old in self._old:
            row, beside = old.values.iloc[0], sides(self.series, event)
            if beside is not None and self.basis == "old":
                fig.scatter(
                    x=[beside.before["last"], row["last"]],
                    y=[beside.before["value"], row["value"]],
                    mode="lines",
                    line={"color": t["note"], "width": 1.5, "dash": "dot"},
                    hoverinfo="skip",
                    name="assumption",
                )
            text = wording.figure(float(row["value"]), self.series, w)
            fig.scatter(
                x=[row["last"]],
                y=[row["value"]],
                mode="markers",
                marker={"size": 12, "color": t["card"], "line": {"color": t["note"], "width": 2.25}},
                hovertemplate=w("trend.old_hover", value=text, formula=row["derivation"]) + "<extra></extra>",
                name="old coverage",
            )
            said = w("trend.old_short" if narrow else "trend.old_coverage", value=text)
            if self.basis == "old":
                said += "<br>" + w("trend.assumption")
            fig.annotation(
                label(said, colour=t["note"], x=row["last"], y=row["value"], xref="x", yref="y",
                      xanchor="left", yanchor="middle", xshift=12, yshift=4, bgcolor=t["card"])
                | {"font": {"size": 12 if narrow else 14, "color": t["note"]}}
            )  # fmt: skip


def _label_place(*, few: bool, closing: bool, beside: bool, rising: bool, low: bool) -> dict[str, Any]:
    """Where a number stands beside its point: on the side that its line does not come from."""
    if few:
        return {"xanchor": "center", "yanchor": "bottom", "yshift": 4}
    if beside:
        return {"xanchor": "left", "yanchor": "middle", "xshift": 12, "yshift": 4}
    if closing:
        above = rising or low
        return {
            "xanchor": "right",
            "yanchor": "bottom" if above else "top",
            "xshift": 4 if above else -8,
            "yshift": 8 if above else -6,
        }
    above = not rising or low
    return {
        "xanchor": "left",
        "yanchor": "bottom" if above else "top",
        "xshift": 2,
        "yshift": 6 if above else -8,
    }


def _bar_width(drawn: tuple[date, date]) -> float:
    """Width of a bar in milliseconds: a part of the axis."""
    return max(10, (drawn[1] - drawn[0]).days * 0.03) * 86_400_000


def _year_tick(x_range: tuple[date, date], *, narrow: bool) -> str:
    years = (x_range[1] - x_range[0]).days / 365
    every = max(1, round(years / (5 if narrow else 11)))
    return f"M{12 * every}"

"""The flow chart: movements in periods as bars, with gaps shown as gaps and corrections as what they are.

A total that was published for a longer period is a pale block at its monthly mean, with the total written on
it: it is never split into months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import labels, marks, rows, wording
from charts.canvas import Canvas
from charts.figures import amount, newest
from charts.theme import TOKENS, Scheme, faint, label, layout
from data.codes import Granularity, Precision, RowKind
from data.dates import DateSpan
from data.model import Note, Provenance, Row, Series, records, unite
from data.moments import span_of
from data.series import Revision, stretches, with_gaps
from words import Words
from words.format import day, month, quantified, short_month, span
from words.notes import notes_of

HEIGHT_PX = {False: 420, True: 400}
FIRST_PX = 36  # height of the words on a first value, which are two lines
MONTH_DAYS = 365.25 / 12
BAR_WIDE, GAP_HIGH = 0.72, 0.06  # of its period; of the axis, where no value was found
GAP_WORDS = 3  # so many periods in a row have room for the words "not found"


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: what is derived is kept
class FlowChart:
    """Movements in periods as they are shown; `charts.card.trend_card` puts picture and notes on the page."""

    series: Series
    words: Words
    totals: Series | None = None  # published for periods of their own
    window: DateSpan | None = None

    @cached_property
    def provenance(self) -> Provenance:
        """What the picture rests on."""
        return unite(part.provenance for part in (self.series, self.totals) if part is not None)

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
        """What the picture shows: a correction, a break, or the newest value."""
        w, series = self.words, self.series
        corrected = [r for r in wording.changed(series, self.drawn()) if wording.corrected(series, r)]
        if corrected:
            last = corrected[-1]
            return w(
                "trend.title_corrected",
                when=span(span_of(last.newest), w),
                first=quantified(float(last.first["value"]), Precision(last.first["precision"]), w),
                newest=amount(last.newest, series, w),
                unit=w(f"unit.{series.unit}"),
            )
        breaks = wording.told_breaks(series, self.drawn())
        if breaks:
            return wording.break_title(breaks[-1], w)
        row = newest(series)
        return wording.newest_title(row, series, w) if row is not None else wording.nothing_title(series, w)

    def unit_line(self) -> str:
        """What is counted, where, when, by which operation."""
        return wording.unit_line(self.series, self.words, self.drawn())

    def sentence(self) -> str:
        """What the picture shows, standing alone, with its correction and its credit."""
        w, series = self.words, self.series
        corrected = [r for r in wording.changed(series, self.drawn()) if wording.corrected(series, r)]
        row = newest(series)
        if corrected:
            last = corrected[-1]
            said = w(
                "trend.sentence_corrected",
                subject=series.label.to(w.language),
                when=span(span_of(last.newest), w),
                newest=amount(last.newest, series, w),
                unit=w(f"unit.{series.unit}"),
                known=wording.known(series, w),
                first=quantified(float(last.first["value"]), Precision(last.first["precision"]), w),
            )
        elif row is None:
            said = f"{wording.nothing_title(series, w)}."
        else:
            said = wording.newest_sentence(row, series, self.drawn(), w)
        return f"{said} {wording.credit(series, w)}"

    def table(self) -> pd.DataFrame:
        """All periods as rows, gaps as "not found", then the totals of longer periods."""
        return rows.table(self.gapped, None, self.words, self.beside())

    def old_coverage(self) -> tuple[Series, ...]:
        """None: a movement is not counted again on another coverage."""
        return ()

    def beside(self) -> tuple[Series, ...]:
        """What is drawn behind the series, with rows of its own in table and file."""
        return () if self.totals is None else (self.totals,)

    @property
    def effort(self) -> None:
        """Nothing is drawn below movements: how much was observed stands beside the chart."""

    def description(self) -> str:
        """The picture in words."""
        w, values = self.words, self._inside
        said = [
            f"{wording.when(row, w)}: "
            f"{(wording.absent if pd.isna(row['value']) else wording.value_plain)(row, self.series, w)}."
            for _, row in records(values)
        ]
        return " ".join([f"{self.title()}.", *said])

    def figure(self, scheme: Scheme = "light", narrow: bool = False) -> go.Figure:  # noqa: FBT001, FBT002 - see card.Chart
        """The picture, checked by Plotly; see `canvas`."""
        return self.canvas(scheme, narrow).figure()

    def canvas(self, scheme: Scheme = "light", narrow: bool = False) -> Canvas:  # noqa: FBT001, FBT002 - see card.Chart
        """Bars at true dates; pale blocks for period totals; hatched where no value was found."""
        w = self.words
        fig = Canvas(layout(scheme, w.language))
        first, last = self.drawn()
        pad = timedelta(days=max(4, int((last - first).days * 0.02)))
        foot, changed = 0.02, wording.changed(self.series, self.drawn())
        below = 44 + (FIRST_PX * len(changed) + 4 if changed else 0)  # months stand above their year
        fig.lay_out(height=HEIGHT_PX[narrow], **(labels.ON_A_PHONE if narrow else {}))
        fig.lay_out(margin={"b": below})
        plot_px = labels.plot_height_px(fig, marks.TOP - foot)
        width_px = labels.PLOT_PX[narrow]
        frame = marks.Frame(
            first=first - pad, last=last + pad, width_px=width_px, height_px=plot_px, foot=foot
        )
        values, events = self._inside, self.series.provenance.events
        placed = marks.arrange(events, self.series, frame, w)
        totals = list(self._totals_drawn())
        found = values[values["value"].notna()]
        top = marks.headroom(placed, found, frame) if len(found) else 1.0
        ticks = _ticks((first, last), w, narrow=narrow)
        fig.lay_out(
            xaxis={"range": [str(frame.first), str(frame.last)]} | ticks,
            yaxis={
                "domain": [foot, marks.TOP],
                "range": [0, 1.1 * max([top, *(mean * 1.05 for _, mean in totals)])],
            },
            barmode="overlay",
        )
        self._blocks(fig, totals, scheme, narrow=narrow)
        for part in stretches(values, self.series.provenance.breaks()):
            self._bars(fig, part, scheme, top)
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
        self._numbers(fig, values, top, (width_px, plot_px), scheme, narrow=narrow)
        self._first_values(fig, changed, scheme, narrow=narrow)
        return fig

    @cached_property
    def gapped(self) -> Series:
        """The series with a row for each period of the picture without a value."""
        return with_gaps(self.series, self.window)

    @cached_property
    def _inside(self) -> pd.DataFrame:
        """The periods in the window, with a row for each month that has no value."""
        first, last = (pd.Timestamp(d) for d in self.drawn())
        values = self.gapped.values
        return values[(values["last"] >= first) & (values["first"] <= last)]

    def _bars(self, fig: Canvas, part: pd.DataFrame, scheme: Scheme, top: float) -> None:
        t, w = TOKENS[scheme], self.words
        of = [row for _, row in records(part)]
        middle = [_middle(row) for row in of]
        missing = [bool(pd.isna(row["value"])) for row in of]
        found, absent = ([at for at, gone in enumerate(missing) if gone is which] for which in (False, True))
        if found:
            fig.bar(
                x=[middle[at] for at in found],
                y=[of[at]["value"] for at in found],
                width=[_ms(of[at]) * BAR_WIDE for at in found],
                marker={
                    "color": [_fill(of[at], t) for at in found],
                    "line": {"color": t["data"], "width": 1.5},
                },
                hovertemplate=[wording.hover(of[at], self.series, w) + "<extra></extra>" for at in found],
                name="stretch",
            )
        if absent:
            fig.bar(
                x=[middle[at] for at in absent], y=[top * GAP_HIGH] * len(absent),
                width=[_ms(of[at]) * BAR_WIDE for at in absent],
                marker={"color": t["card"], "line": {"color": t["mute"], "width": 1},
                        "pattern": {"shape": "/", "fgcolor": t["mute"], "size": 5, "solidity": 0.3}},
                hovertemplate=[wording.absent(of[at], self.series, w) + "<extra></extra>" for at in absent],
                name="not found",
            )  # fmt: skip
        for at in absent:
            gap = missing[at : at + GAP_WORDS]
            if len(gap) == GAP_WORDS and all(gap) and (at == 0 or not missing[at - 1]):
                said = w("flow.not_found" if self.series.as_known_on is None else "known.none_short")
                start = middle[at] - pd.Timedelta(milliseconds=_ms(of[at]) * BAR_WIDE / 2)
                fig.annotation(_above(start, top * GAP_HIGH, said, t["ink-3"], 12) | {"xanchor": "left"})

    def _numbers(
        self,
        fig: Canvas,
        values: pd.DataFrame,
        top: float,
        size_px: tuple[float, float],
        scheme: Scheme,
        *,
        narrow: bool,
    ) -> None:
        """The number of each bar above it, where all have their place; else those that are looked for first."""
        colour, font = TOKENS[scheme]["data"], 12 if narrow else 13
        found = values[values["value"].notna()]
        numbers: dict[object, dict[str, Any]] = {
            name: _above(
                _middle(row),
                float(row["value"]),
                f"<b>{amount(row, self.series, self.words)}</b>",
                colour,
                font,
            )
            for name, row in records(found)
        }
        bars: dict[object, labels.Box] = {}
        for name, row in records(values):
            half = pd.Timedelta(milliseconds=_ms(row) * BAR_WIDE / 2)
            high = top * GAP_HIGH if pd.isna(row["value"]) else float(row["value"])
            left, _ = labels.point_of(_middle(row) - half, 0.0, fig, *size_px)
            right, above = labels.point_of(_middle(row) + half, high, fig, *size_px)
            bars[name] = labels.Box(left, right, 0.0, above)
        changed = {revision.newest["obs"] for revision in wording.changed(self.series, self.drawn())}
        corrected = set(found.index[found["obs"].isin(changed)])
        for name in corrected:  # it may be raised between higher bars: none of its letters is lost in one
            numbers[name]["bgcolor"] = TOKENS[scheme]["card"]
        for number in labels.on_bars(fig, numbers, _looked_for(found) | corrected, corrected, bars, *size_px):
            fig.annotation(number)

    def _totals_drawn(self) -> Iterator[tuple[pd.Series, float]]:
        """At most two totals that begin where the window begins, the shorter in front; the others are in the table."""
        if self.totals is None or self.series.granularity is not Granularity.MONTH:
            return
        first, last = self.drawn()
        rows = self.totals.values[self.totals.values["value"].notna()]
        begins = rows[
            (rows["first"].dt.date == first) & (rows["last"].dt.date <= last) & rows["last"].dt.is_month_end
        ]
        months = begins.assign(_months=((begins["last"] - begins["first"]).dt.days + 1) / MONTH_DAYS)
        chosen = (
            months[(months["_months"] > 1.5) & (months["_months"] < 6)]
            .sort_values("_months", ascending=False)
            .head(2)
        )
        for _, row in records(chosen):
            yield row, float(row["value"]) / round(float(row["_months"]))

    def _blocks(
        self, fig: Canvas, totals: list[tuple[pd.Series, float]], scheme: Scheme, *, narrow: bool
    ) -> None:
        t, w = TOKENS[scheme], self.words
        for at, (row, mean) in enumerate(totals):
            end = row["last"] + pd.Timedelta(days=1)
            fig.shape(type="rect", xref="x", yref="y", x0=row["first"], x1=end, y0=0, y1=mean, layer="below",
                          fillcolor=faint(t["data"], 0.10 + 0.05 * at), line={"width": 0})  # fmt: skip
            fig.shape(type="line", xref="x", yref="y", x0=row["first"], x1=end, y0=mean, y1=mean,
                          line={"color": t["data"], "width": 1.5})  # fmt: skip
            months = round(((row["last"] - row["first"]).days + 1) / MONTH_DAYS)
            total = self.totals if self.totals is not None else self.series
            fig.annotation(
                label(w("flow.total", amount=amount(row, total, w), months=months), colour=t["data"],
                      x=row["first"], y=mean, xref="x", yref="y", xanchor="left", yanchor="bottom", yshift=2)
                | {"font": {"size": 12 if narrow else 13, "color": t["data"]}}
            )  # fmt: skip

    def _first_values(
        self, fig: Canvas, changed: Sequence[Revision], scheme: Scheme, *, narrow: bool
    ) -> None:
        """What was first published for a period that was corrected: a hollow mark, and when it was corrected.

        The words stand below the dates, two lines each, at the side on which there is room for them.
        """
        t, w = TOKENS[scheme], self.words
        first, last = (pd.Timestamp(end) for end in self.drawn())
        for at, revision in enumerate(changed):
            row = revision.first
            middle = _middle(row)
            text = w(
                "flow.as_first" if wording.corrected(self.series, revision) else "flow.as_first_replaced",
                first=quantified(float(row["value"]), Precision(row["precision"]), w),
                known=month(row["known_by"].date(), w.language),
                corrected=day(revision.after["known_by"].date(), w.language),
            )
            fig.scatter(x=[middle], y=[row["value"]], mode="markers", name="first published",
                            marker={"size": 11, "symbol": "diamond", "color": t["card"],
                                    "line": {"color": t["note"], "width": 2}},
                            hovertemplate=text + "<extra></extra>")  # fmt: skip
            side = "left" if middle - first < last - middle else "right"
            text = text.replace("; ", ";<br>", 1)
            fig.annotation(
                label(text, colour=t["note"], x=0 if side == "left" else 1, xref="paper", y=0, yref="paper",
                      xanchor=side, yanchor="top", yshift=-40 - FIRST_PX * at)
                | {"font": {"size": 12 if narrow else 13, "color": t["note"]}, "align": side}
            )  # fmt: skip


def _looked_for(found: pd.DataFrame) -> set[object]:
    """The first bar, the last, the largest and the smallest."""
    if found.empty:
        return set()
    return {found.index[0], found.index[-1], found["value"].idxmax(), found["value"].idxmin()}


def _middle(row: Row) -> pd.Timestamp:
    """The middle of a period."""
    middle: pd.Timestamp = row["first"] + (row["last"] - row["first"] + pd.Timedelta(days=1)) / 2
    return middle


def _above(x: pd.Timestamp, y: float, text: str, colour: str, size: int) -> dict[str, Any]:
    """A label that stands on what is drawn there."""
    return label(
        text,
        colour=colour,
        size=size,
        x=x,
        y=y,
        xref="x",
        yref="y",
        xanchor="center",
        yanchor="bottom",
        yshift=2,
    )


def _fill(row: Row, t: Mapping[str, str]) -> str:
    """Hollow where the value was computed here, pale where it was printed as about right."""
    if row["kind"] == RowKind.DERIVED:
        return t["card"]
    about = row["precision"] != Precision.EXACT and row["kind"] == RowKind.PUBLISHED
    return faint(t["data"], 0.45) if about else t["data"]


def _ms(row: Row) -> float:
    """Length of a period in milliseconds."""
    return float((row["last"] - row["first"]).days + 1) * 86_400_000


def _ticks(drawn: tuple[date, date], w: Words, *, narrow: bool) -> dict[str, Any]:
    """Months by their names in the reader's language where they fit, else years."""
    months = pd.period_range(drawn[0], drawn[1], freq="M")
    if len(months) > 40:
        return {"dtick": "M12" if not narrow else "M24", "tickformat": "%Y", "ticklabelmode": "period"}
    every = max(1, -(-len(months) // (6 if narrow else 14)))
    shown = months[::every]
    texts = [
        short_month(m.start_time.date(), w.language) + (f"<br>{m.year}" if m.month == 1 or at == 0 else "")
        for at, m in enumerate(shown)
    ]
    return {
        "tickmode": "array",
        "tickvals": [m.start_time + pd.Timedelta(days=15) for m in shown],
        "ticktext": texts,
    }

"""Events in a figure: upright lines, numbered badges and their words, placed so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from textwrap import wrap
from typing import Any

import pandas as pd

from charts.badges import badges
from charts.canvas import Canvas
from charts.theme import TOKENS, Scheme, label
from data.codes import EventKind
from data.dates import DateSpan
from data.model import Event, Note, Series, records
from data.moments import span_of
from data.series import sides
from words import Words
from words.format import span

EDGE_PX = 240  # words nearer to the edge than this stand on the other side of their mark
NARROW_PX = 310  # a plot narrower than this has smaller words
LETTER_PX = 7.4  # width of a letter of the words beside a mark
BOLD = 1.12  # so much wider are the letters of a date
MOST_WORDS = 4  # more breaks than this have numbers alone
LINE_PX = 18  # height of a line of them
MOST_ROOM = 1.6  # words may push the values down to this share of the axis, and no further
TOP = 0.93  # the plot ends here, as a share of the height; the badges are above


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The plot that events are put on: its dates, its size, and how far down an upright runs."""

    first: date
    last: date
    width_px: int
    height_px: float  # of the plot itself
    foot: float  # share of the height of the whole figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The words of one break, and where they stand."""

    event: Event
    at: pd.Timestamp
    lines: tuple[str, ...]
    dated: int  # how many of them, the first ones, say when
    side: str  # "left": the words begin at the mark; "right": they end there
    above_px: float  # from the top of the plot to the top of the words
    first: pd.Timestamp
    last: pd.Timestamp

    @property
    def below_px(self) -> float:
        """From the top of the plot to the foot of the words."""
        return self.above_px + LINE_PX * len(self.lines) + 10 if self.lines else 0.0


@lru_cache(maxsize=512)  # asked for every event of a picture
def spans(series: Series) -> dict[str, DateSpan]:
    """Where corrections stand: at the period of the value that was corrected."""
    rows = {row["obs"]: row for _, row in records(series.history)}
    corrections = [e for e in series.provenance.events if e.kind is EventKind.CORRECTION and e.about in rows]
    return {e.key: span_of(rows[e.about]) for e in corrections}


def place(event: Event, series: Series) -> pd.Timestamp:
    """Where an event stands: at its last day; a break always between the values that it divides."""
    of = spans(series).get(event.key)
    if of is not None:
        return pd.Timestamp(of.first) + (pd.Timestamp(of.last) - pd.Timestamp(of.first)) / 2
    at = pd.Timestamp(event.when.last)
    beside = sides(series, event) if event.breaks else None
    if beside is None or beside.before["last"] < at <= beside.after["last"]:
        return at
    return pd.Timestamp(beside.after["last"])


def arrange(events: Sequence[Event], series: Series, frame: Frame, words: Words) -> list[Placed]:
    """The words of every break in the frame, each below those that it would cover."""
    days = max(1, (frame.last - frame.first).days)
    day_px = frame.width_px / days
    letter, most = (LETTER_PX, 36) if frame.width_px > NARROW_PX else (LETTER_PX * 0.86, 20)
    placed: list[Placed] = []
    stand = [(place(e, series), e) for e in events if e.breaks]
    inside = sorted((p for p in stand if frame.first <= p[0].date() <= frame.last), key=lambda p: p[0])
    if len(inside) > MOST_WORDS:  # numbered above and told below: their words would hide what they are about
        return [
            Placed(event=e, at=at, lines=(), dated=0, side="left", above_px=0.0, first=at, last=at)
            for at, e in inside
        ]
    for at, event in inside:
        px = (at.date() - frame.first).days * day_px
        side = "right" if frame.width_px - px < EDGE_PX and px > frame.width_px / 2 else "left"
        room = px if side == "right" else frame.width_px - px
        letters = max(14, int(room / letter) - 2)
        when = wrap(span(event.when, words), max(14, int(room / letter / BOLD) - 2))
        lines = (*when, *wrap(event.headline.to(words.language), min(most, letters))[:4])
        width = pd.Timedelta(days=(max(map(len, lines)) * letter + 16) / day_px)
        first, last = (at - width, at) if side == "right" else (at, at + width)
        above = max((p.below_px for p in placed if p.first < last and first < p.last), default=4.0)
        placed.append(
            Placed(
                event=event,
                at=at,
                lines=lines,
                dated=len(when),
                side=side,
                above_px=above,
                first=first,
                last=last,
            )
        )
    return placed


def headroom(placed: Sequence[Placed], values: pd.DataFrame, frame: Frame) -> float:
    """The upper end of the value axis that keeps every value out of the words above it."""
    last, value = values["last"].tolist(), [float(one) for one in values["value"]]
    most, beside = max(value), pd.Timedelta(days=20)
    top = most * 1.06
    for words in placed:
        ends = words.first - beside, words.last + beside
        under = [v for day, v in zip(last, value, strict=True) if ends[0] <= day <= ends[1]]
        if under:
            free = 1 - min(0.8, (words.below_px + 26) / frame.height_px)
            top = max(top, min(max(under) / free, MOST_ROOM * most))
    return top


def draw(
    fig: Canvas,
    placed: Sequence[Placed],
    events: Sequence[Event],
    notes: Sequence[Note],
    series: Series,
    *,
    frame: Frame,
    scheme: Scheme,
    words: Words,
) -> None:
    """Put the numbered events onto `fig`: badges above, and the uprights and words of breaks."""
    t = TOKENS[scheme]
    for item in placed:
        fig.shape(
            type="line", xref="x", yref="paper", x0=item.at, x1=item.at, y0=frame.foot, y1=TOP + 0.012, layer="below",
            line={"color": t["note"], "width": 1.75, "dash": "1px,5px"},
        )  # fmt: skip
        if not item.lines:
            continue
        text = f"<b>{'<br>'.join(item.lines[: item.dated])}</b><br>" + "<br>".join(item.lines[item.dated :])
        where: dict[str, Any] = {
            "x": item.at, "xref": "x", "y": 1, "yref": "y domain", "yanchor": "top", "yshift": -item.above_px,
            "xanchor": item.side, "xshift": -10 if item.side == "right" else 10,
        }  # fmt: skip
        font = {"size": 14 if frame.width_px > NARROW_PX else 12, "color": t["note"]}
        fig.annotation(label(text, colour=t["note"], **where) | {"align": item.side, "font": font})
    numbers = {note.key: note.mark for note in notes if note.mark.isdigit()}
    edges = (
        pd.Timestamp(frame.first),
        pd.Timestamp(frame.last),
    )  # a long event that only begins here stands at the edge
    shown = [
        (e, min(max(place(e, series), edges[0]), edges[1]), numbers[e.key])
        for e in events
        if e.key in numbers
    ]
    badges(
        fig, shown, scheme, words, edges=edges, width_px=frame.width_px, foot=TOP + 0.012,
    )  # fmt: skip

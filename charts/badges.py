"""The numbers above a figure: one circle for each event; those that would lie on each other share one label."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import wrap

import pandas as pd

from charts.canvas import Canvas
from charts.theme import TOKENS, Scheme
from data.model import Event
from words import Words
from words.format import span

Shown = tuple[Event, pd.Timestamp, str]  # an event, where it stands, its number
SIZE_PX = 20  # a circle
NEAR_PX = 16  # circles nearer than this hide each other's number
DIGIT_PX = 7  # of a label of several numbers
RUN = 3  # so many numbers in a row are said as from–to
EDGE_PX = 12  # a label may stand out of the plot by so much
_DAY = pd.Timedelta(days=1)


def together(shown: Sequence[Shown], first: pd.Timestamp, day_px: float) -> list[list[Shown]]:
    """The events that share a label, in the order of time.

    Parameters
    ----------
    shown : sequence of (Event, Timestamp, str)
        Each event with its place and its number.
    first : Timestamp
        The left edge of the plot.
    day_px : float
        Pixels of a day.
    """
    ordered = sorted(shown, key=lambda item: (item[1], int(item[2])))
    groups = [[item] for item in ordered]
    while True:
        ends = [_ends(group, first, day_px) for group in groups]
        at = next((n for n, (a, b) in enumerate(pairwise(ends)) if a[1] > b[0]), None)
        if at is None:
            return groups
        groups[at : at + 2] = [groups[at] + groups[at + 1]]


def said(group: Sequence[Shown]) -> str:
    """The numbers of a label: "9, 11, 13", runs of them as "4–6"."""
    runs: list[list[int]] = []
    for number in sorted(int(number) for _, _, number in group):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [[f"{run[0]}–{run[-1]}"] if len(run) >= RUN else [str(number) for number in run] for run in runs]
    return ", ".join(text for texts in told for text in texts)


def _middle(group: Sequence[Shown], first: pd.Timestamp, day_px: float) -> float:
    """Where the label of a group stands: in the middle of its events, in pixels from the left edge."""
    places = [(at - first) / _DAY * day_px for _, at, _ in group]
    return float(min(places) + max(places)) / 2


def _wide(group: Sequence[Shown]) -> float:
    return NEAR_PX if len(group) == 1 else DIGIT_PX * len(said(group)) + 10


def _ends(group: Sequence[Shown], first: pd.Timestamp, day_px: float) -> tuple[float, float]:
    middle, half = _middle(group, first, day_px), _wide(group) / 2
    return middle - half, middle + half


def badges(
    fig: Canvas,
    shown: Sequence[Shown],
    scheme: Scheme,
    words: Words,
    *,
    edges: tuple[pd.Timestamp, pd.Timestamp],
    width_px: float,
    foot: float,
) -> None:
    """Put the numbers onto `fig`, between `foot` and its upper end: filled where the line breaks."""
    t = TOKENS[scheme]
    axis = {"domain": [foot, 1], "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "x"}
    fig.lay_out(yaxis9=axis)
    day_px = width_px / max(1.0, (edges[1] - edges[0]) / _DAY)
    groups = together(shown, edges[0], day_px)
    for breaks in (False, True):
        some = [group for group in groups if any(e.breaks for e, _, _ in group) is breaks]
        if not some:
            continue
        fill = t["note"] if breaks else t["card"]
        places = []
        for group in some:
            if len(group) == 1:
                places.append(group[0][1])
                continue
            half = _wide(group) / 2
            middle = min(_middle(group, edges[0], day_px), width_px + EDGE_PX - half)
            places.append(edges[0] + max(middle, half - EDGE_PX) / day_px * _DAY)
            fig.shape(
                type="rect", xref="x", yref="paper", xsizemode="pixel", ysizemode="pixel", xanchor=places[-1],
                yanchor=(foot + 1) / 2, x0=-half, x1=half, y0=-SIZE_PX / 2, y1=SIZE_PX / 2, layer="below",
                fillcolor=fill, line={"color": t["note"], "width": 1.25},
            )  # fmt: skip
        fig.scatter(
            x=places,
            y=[0.5] * len(some),
            yaxis="y9",
            mode="markers+text",
            text=[said(group) for group in some],
            textfont={"size": 12, "color": t["card"] if breaks else t["note"]},
            marker={
                "size": [SIZE_PX if len(group) == 1 else 0 for group in some],
                "color": fill,
                "line": {"color": t["note"], "width": 1.25},
            },
            hovertemplate=[
                "<br>".join(_tip(e, words) for e, _, _ in group) + "<extra></extra>" for group in some
            ],
            cliponaxis=False,
            name="events",
        )


def _tip(event: Event, words: Words) -> str:
    """What an event is when its number is pointed at."""
    return f"<b>{span(event.when, words)}</b><br>" + "<br>".join(wrap(event.headline.to(words.language), 44))

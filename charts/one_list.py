"""A count on one list of sites beside the reported one: hollow marks on a thin dashed line, named at its end.

The line is cut at every break but those of the list that its basis resolves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from charts import labels, strokes, wording
from charts.canvas import Canvas
from charts.figures import amount
from charts.theme import TOKENS, Scheme, label
from data.lists import OneList
from data.model import records
from data.parts import Basis
from data.series import stretches
from words import Words

FONT_PX, BESIDE_PX = 14, 9  # of the name of the line, and how far it stands from its end


# The name of each basis, and the sentence that tells its line
SAID: Mapping[Basis, tuple[str, str]] = {
    Basis.OLD_LIST: ("lists.old_list", "lists.describe_old_list"),
    Basis.LEFT_OUT: ("lists.left_out", "lists.describe_left_out"),
    Basis.SAME_SITES: ("lists.same_sites", "lists.describe_same_sites"),
}


def named(basis: Basis, w: Words) -> str:
    """A basis, as control and line say it."""
    return w(SAID[basis][0])


def margin_px(line: OneList, w: Words) -> int:
    """Room to the right of a plot for the name of the line."""
    return round(labels.size_px(named(line.basis, w), FONT_PX)[0]) + BESIDE_PX


def inside(line: OneList, drawn: tuple[date, date]) -> pd.DataFrame:
    """The values of a line within the days of a picture."""
    first, last = (pd.Timestamp(day) for day in drawn)
    return line.values[line.values["last"].between(first, last)]


def parts(line: OneList, drawn: tuple[date, date]) -> list[pd.DataFrame]:
    """The stretches of a line in a picture: cut first, so that what is not drawn still divides what is."""
    held = inside(line, drawn).index
    cut = [part.loc[part.index.intersection(held)] for part in stretches(line.values, line.cut_by)]
    return [part for part in cut if len(part)]


def draw(
    fig: Canvas, line: OneList, drawn: tuple[date, date], *, scheme: Scheme, words: Words, narrow: bool
) -> None:
    """Put a line onto `fig`: one trace a run of rounds, and its name with the value at its end."""
    t = TOKENS[scheme]
    stretched = parts(line, drawn)
    for part in stretched:
        rows = [row for _, row in records(part)]
        for ends in strokes.skips(rows):
            fig.scatter(
                x=strokes.column(ends, "last"), y=strokes.column(ends, "value"), mode="lines",
                line={"color": t["note"], "width": 1, "dash": "dot"}, hoverinfo="skip",
                name="one list, rounds not found",
            )  # fmt: skip
        for run in strokes.runs(rows):
            look = strokes.dots(run, t)
            fig.scatter(
                x=strokes.column(run, "last"),
                y=strokes.column(run, "value"),
                mode="lines+markers",
                line={"color": t["note"], "width": 1.5, "dash": "dash"},
                marker=look | {"size": 7, "color": t["card"], "line": {"color": t["note"], "width": 1.75}},
                hovertemplate=[
                    words("lists.hover", name=named(line.basis, words), said=wording.hover(row, line, words))
                    + "<extra></extra>"
                    for row in run
                ],
                name="one list",
            )
    if not stretched:
        return
    last = stretched[-1].iloc[-1]
    text = words("lists.label", value=amount(last, line, words), name=named(line.basis, words))
    beside: dict[str, Any] = (
        {"xanchor": "right", "yanchor": "bottom", "yshift": 8}
        if narrow
        else {"xanchor": "left", "yanchor": "middle", "xshift": BESIDE_PX}
    )
    fig.annotation(
        label(text, colour=t["note"], x=last["last"], y=last["value"], xref="x", yref="y",
              bgcolor=t["card"], **beside)
        | {"font": {"size": 12 if narrow else FONT_PX, "color": t["note"]}}
    )  # fmt: skip


def described(line: OneList, drawn: tuple[date, date], w: Words) -> str:
    """A line in words: its basis, its ends, how many sites it is about, and those that it lacks."""
    values = inside(line, drawn)
    if values.empty:
        return ""
    first, last = values.iloc[0], values.iloc[-1]
    said = [
        w(
            SAID[line.basis][1],
            sites=line.sites,
            first=wording.when(first, w),
            first_value=wording.value_plain(first, line, w),
            last=wording.when(last, w),
            last_value=wording.value_plain(last, line, w),
        )
    ]
    if line.not_known:
        said.append(w("lists.not_known", names="; ".join(line.not_known)))
    return " ".join(said)

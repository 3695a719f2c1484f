"""What stands below a trend on the same dates: how much was observed, and the whole operation in small."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd

from charts import effort as observed_by
from charts import wording
from charts.canvas import Canvas
from charts.rows import by_slot, slot
from charts.theme import TOKENS, Scheme, faint, label
from data.effort import Effort
from data.model import Series, records
from data.series import sides, stretches
from words import Words
from words.format import month, number

BAR_SHARE = 0.01  # width of an effort bar, as a share of the axis
DAY_MS = 86_400_000


def effort(
    fig: Canvas,
    series: Series,
    observed: Series,
    values: pd.DataFrame,
    drawn: tuple[date, date],
    *,
    scheme: Scheme,
    words: Words,
    numbers: bool,
) -> None:
    """Bars of `observed` on the second axis; a cross and "not found" where nothing was published.

    Parameters
    ----------
    fig : go.Figure
        With a second y axis on the first x axis.
    series, observed : Series
        What is drawn above, and how much was observed for it.
    values : pd.DataFrame
        The values drawn above.
    drawn : (date, date)
        First and last day of the picture.
    scheme, words : Scheme, Words
        Colours and language.
    numbers : bool
        Whether there is room for the words "not found".
    """
    t, language = TOKENS[scheme], words.language
    first, last = (pd.Timestamp(day) for day in drawn)
    inside = observed.values["last"].between(first, last)
    rows = observed.values[observed.values["value"].notna() & inside]
    fig.bar(
        x=rows["last"],
        y=rows["value"],
        yaxis="y2",
        width=max(10, (drawn[1] - drawn[0]).days * BAR_SHARE) * DAY_MS,
        marker={"color": t["ink-3"]},
        hovertemplate=[wording.hover(row, observed, words) + "<extra></extra>" for _, row in records(rows)],
        name="effort",
    )
    fig.annotation(_title(f"<b>{observed.label.to(language)}</b>", "y2 domain", t["ink-2"]))
    _not_found(fig, values, by_slot(observed), scheme=scheme, words=words, numbers=numbers)
    beside = [
        b
        for e in series.provenance.breaks()
        if e.when.touches(*drawn) and (b := sides(observed, e)) is not None
    ]
    told = [row for b in beside for row in (b.before, b.after)]
    for row in [*([rows.iloc[0]] if len(rows) else []), *told]:
        before = any(row["obs"] == b.before["obs"] for b in beside)
        place = {"x": row["last"], "y": row["value"], "xref": "x", "yref": "y2", "yanchor": "bottom"}
        turn = {"xanchor": "right", "xshift": 4} if before else {"xanchor": "left", "xshift": -4}
        fig.annotation(
            label(number(float(row["value"]), language), colour=t["ink-3"], size=12, **place, **turn)
        )


def visits(
    fig: Canvas,
    observed: Effort,
    values: pd.DataFrame,
    drawn: tuple[date, date],
    *,
    scheme: Scheme,
    words: Words,
    numbers: bool,
) -> None:
    """Sites on the list as outlines and those visited as filled bars, on the dates of the figure.

    The parameters are those of `effort`. Both bars of a round stand at one date and one width; a number is
    written at the first and the last one. A value whose round has no effort gets a cross and "not found".
    """
    t = TOKENS[scheme]
    first, last = (pd.Timestamp(day) for day in drawn)
    rows = observed.rows[observed.rows["last"].between(first, last)]
    width = max(10, (drawn[1] - drawn[0]).days * BAR_SHARE) * DAY_MS
    said = [
        words(
            "effort.hover",
            when=wording.when(row, words),
            listed=observed_by.said(row, "listed", words),
            visited=observed_by.said(row, "visited", words),
            share=observed_by.said(row, "share", words),
            informants=observed_by.said(row, "informants", words),
        )
        for _, row in records(rows)
    ]
    looks = {
        "listed": {"color": t["card"], "line": {"color": t["ink-3"], "width": 1.25}},
        "visited": {"color": t["ink-3"]},
    }
    for name, marker in looks.items():  # the outline first, the filled bar on it
        fig.bar(
            x=rows["last"],
            y=rows[name].astype("float64"),
            yaxis="y2",
            width=width,
            offset=-width / 2,  # else two bars of one date would stand side by side
            marker=marker,
            hovertemplate=[f"{text}<extra></extra>" for text in said],
            name=f"effort {name}",
        )
    if len(rows):  # room above the bars for their numbers
        fig.lay_out(yaxis2={"range": [0, float(rows["listed"].max()) * 1.4]})
    fig.annotation(
        _title(words("effort.strip" if numbers else "effort.strip_short"), "y2 domain", t["ink-2"])
    )
    held = {slot(row): row for _, row in records(observed.rows)}
    _not_found(fig, values, held, scheme=scheme, words=words, numbers=numbers)
    for at in sorted({0, len(rows) - 1}) if len(rows) else []:
        row = rows.iloc[at]
        text = words(
            "effort.strip_value",
            visited=observed_by.said(row, "visited", words),
            listed=observed_by.said(row, "listed", words),
        )
        place = {"x": row["last"], "y": float(row["listed"]), "xref": "x", "yref": "y2", "yanchor": "bottom"}
        turn = {"xanchor": "left", "xshift": -4} if at == 0 else {"xanchor": "right", "xshift": 4}
        fig.annotation(label(text, colour=t["ink-3"], size=12, **place, **turn))


def _not_found(
    fig: Canvas,
    values: pd.DataFrame,
    held: Collection[object],
    *,
    scheme: Scheme,
    words: Words,
    numbers: bool,
) -> None:
    """A cross for each value of which no effort is held, and the words once."""
    t = TOKENS[scheme]
    missing = [slot(row) not in held for _, row in records(values)]
    absent = values[pd.Series(missing, index=values.index, dtype="bool")]  # also of no values at all
    fig.scatter(
        x=absent["last"],
        y=[0] * len(absent),
        yaxis="y2",
        mode="markers",
        marker={"symbol": "x-thin", "size": 7, "line": {"color": t["mute"], "width": 1.5}},
        hovertemplate=words("trend.not_found") + "<extra></extra>",
        name="effort not found",
        cliponaxis=False,
    )
    if len(absent) and numbers:
        place = {"x": absent["last"].iloc[-1], "xref": "x", "y": 0.12, "yref": "y2 domain"}
        said = label(
            words("trend.not_found"), colour=t["ink-3"], size=13, xanchor="right", yanchor="bottom", **place
        )
        fig.annotation(said)


def overview(
    fig: Canvas,
    series: Series,
    whole: tuple[date, date],
    drawn: tuple[date, date],
    *,
    scheme: Scheme,
    words: Words,
) -> None:
    """The whole operation on the second x axis, the picture framed: no window can hide the rest."""
    t = TOKENS[scheme]
    for whole_part in stretches(series.values, series.provenance.breaks()):
        part = whole_part[whole_part["value"].notna()]
        fig.scatter(
            x=part["last"],
            y=part["value"],
            xaxis="x2",
            yaxis="y3",
            mode="lines+markers",
            hoverinfo="skip",
            line={"color": t["data"], "width": 1.5},
            marker={"size": 3, "color": t["data"]},
            name="whole",
        )
    fig.shape(
        type="rect",
        xref="x2",
        yref="y3 domain",
        x0=drawn[0],
        x1=min(drawn[1], whole[1]),
        y0=-0.05,
        y1=1.05,
        line={"color": t["data"], "width": 1},
        fillcolor=faint(t["data"], 0.07),
    )
    first, last = (str(day.year) for day in whole)
    if first == last:
        first, last = (month(day, words.language) for day in whole)
    text = words("trend.whole", first=first, last=last)
    fig.annotation(_title(text, "y3 domain", t["ink-2"]))


def _title(text: str, axis: str, colour: str) -> dict[str, object]:
    """The heading of a strip, at its upper left."""
    place = {
        "x": 0,
        "xref": "paper",
        "y": 1,
        "yref": axis,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 3,
    }
    return label(text, colour=colour, size=13, **place)

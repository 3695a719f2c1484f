"""No label of a chart lies on another: numbers beside points stand apart, and numbers of one place share a label."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from charts import labels, one_list
from charts.badges import NEAR_PX, said, together
from charts.canvas import Canvas
from charts.flow import FlowChart
from charts.labels import apart, box_of
from charts.theme import layout
from charts.trend import TrendChart
from data import queries
from data.store import Store
from tests.pictures import DELISTING, badges, held, named
from words import words

WIDE, HIGH = 860.0, 300.0
FIRST = pd.Timestamp("2020-01-01")


def beside(value: float, text: str) -> dict[str, object]:
    """A label to the right of a point in mid-2020."""
    return {
        "text": text, "x": "2020-06-01", "y": value, "xref": "x", "yref": "y", "xanchor": "left",
        "yanchor": "middle", "xshift": 12, "yshift": 4, "font": {"size": 14},
    }  # fmt: skip


def canvas_of(*said: dict[str, object]) -> Canvas:
    """A plot of the year 2020 with labels."""
    fig = Canvas(layout("light", "en"))
    fig.lay_out(xaxis={"range": ["2020-01-01", "2021-01-01"]}, yaxis={"range": [0, 1200]})
    for one in said:
        fig.annotation(one)
    return fig


def collisions(fig: Canvas, wide: float = WIDE, high: float = HIGH) -> list[str]:
    """The labels beside points that lie on each other or on the words of a break."""
    told = [
        one for one in fig.annotations if one.get("xref") == "x" and one.get("yref") in ("y", labels.EDGE)
    ]
    return [
        f"{one['text']} x {other['text']}"
        for one, other in combinations(told, 2)
        if "y" in (one["yref"], other["yref"])
        and box_of(one, fig, wide, high).hits(box_of(other, fig, wide, high))
    ]


def test_a_label_that_would_lie_on_another_is_moved() -> None:
    """Of two values nearly the same the second stands above or below; control: left alone they collide."""
    fig = canvas_of(beside(1115, "1,115 on the new coverage"), beside(1118, "1,118 on the old coverage"))
    assert collisions(fig)
    apart(fig, WIDE, HIGH)
    assert collisions(fig) == []
    first, second = (box_of(one, fig, WIDE, HIGH) for one in fig.annotations)
    assert fig.annotations[0]["yshift"] == 4
    assert 0 <= second.low < second.high <= HIGH
    assert abs(first.low - second.low) < 2 * labels.LINE * 14


def test_a_label_leaves_the_words_of_a_break_free() -> None:
    """The words stay, the number moves; control: left alone they collide."""
    words_of_it = {**beside(0, "10 August 2023<br>Two sites"), "y": 1, "yref": labels.EDGE, "yanchor": "top"}
    fig = canvas_of(beside(1180, "1,180"), words_of_it)
    assert collisions(fig)
    apart(fig, WIDE, HIGH)
    assert collisions(fig) == []
    assert fig.annotations[1]["yshift"] == words_of_it["yshift"]


def test_an_axis_without_length_is_left_alone() -> None:
    """Where every value is zero, or there is none, no label is moved and nothing fails."""
    for axis in ({"range": [0, 0]}, {"range": [0, 0.0]}):
        fig = canvas_of(beside(0, "0"), beside(0, "0 again"))
        fig.lay_out(yaxis=axis)
        apart(fig, WIDE, HIGH)
        assert [one["yshift"] for one in fig.annotations] == [4, 4]
    bare = Canvas(layout("light", "en"))
    apart(bare, WIDE, HIGH)
    assert bare.annotations == []


def test_numbers_on_bars_have_their_place_or_few_are_shown() -> None:
    """All where each has room; one behind a higher bar is raised above it; without room the few alone."""
    width = 50.0
    at = [100.0, 160.0, 220.0]
    bars: dict[object, labels.Box] = {
        n: labels.Box(x - width / 2, x + width / 2, 0, high)
        for n, (x, high) in enumerate(zip(at, (100, 90, 100), strict=True))
    }

    def shown(
        text: str, few: set[object], above: Collection[object] = (1,), middle: float = 90
    ) -> dict[str, float]:
        bars[1] = labels.Box(at[1] - width / 2, at[1] + width / 2, 0, middle)
        fig = canvas_of()
        first = pd.Timestamp("2020-01-01")
        numbers: dict[object, dict[str, Any]] = {
            n: {"text": text if n == 1 else f"n{n}", "x": first + pd.Timedelta(days=366 * x / WIDE), "xref": "x",
                "y": 1200 * bars[n].high / HIGH, "yref": "y", "xanchor": "center", "yanchor": "bottom", "yshift": 2,
                "font": {"size": 13}}
            for n, x in enumerate(at)
        }  # fmt: skip
        made = labels.on_bars(fig, numbers, few, above, bars, WIDE, HIGH)
        return {one["text"]: one["yshift"] for one in made}

    assert shown("n1", {0}) == {"n0": 2, "n1": 2, "n2": 2}
    raised = shown("about 9,000", {0})
    assert raised["n0"] == raised["n2"] == 2
    assert raised["about 9,000"] > 10  # above the higher bars
    assert set(shown("about 9,000", {0, 2}, above=())) == {
        "n0",
        "n2",
    }  # raised it could be taken for another bar's
    assert set(shown("about 9,000", {0, 2}, middle=20)) == {
        "n0",
        "n2",
    }  # it has no place, and is not one of the few


def test_no_label_ends_beyond_the_figure() -> None:
    """One at the edge is moved into it; control: left alone it is cut off."""
    late = beside(600, "about 520,000") | {"x": "2020-12-30"}
    fig = canvas_of(late)
    edge = WIDE + fig.layout["margin"]["r"]
    assert box_of(fig.annotations[0], fig, WIDE, HIGH).right > edge
    apart(fig, WIDE, HIGH)
    assert box_of(fig.annotations[0], fig, WIDE, HIGH).right < edge


def test_labels_apart_stay_where_they_are() -> None:
    """Nothing is moved that covers nothing."""
    fig = canvas_of(beside(1115, "1,115"), beside(400, "400"))
    apart(fig, WIDE, HIGH)
    assert [one["yshift"] for one in fig.annotations] == [4, 4]


@pytest.mark.parametrize(
    ("days", "labelled"),
    [((10, 12, 14), ["9, 11, 13"]), ((10, 100, 200), ["9", "11", "13"]), ((10, 12, 200), ["9, 11", "13"])],
)
def test_numbers_of_one_place_share_a_label(days: tuple[int, ...], labelled: list[str]) -> None:
    """Circles that would hide each other's number are one label, in the order of time."""
    shown = [
        (DELISTING, FIRST + pd.Timedelta(days=day), number)
        for day, number in zip(days, ("9", "11", "13"), strict=True)
    ]
    assert [said(group) for group in together(shown, FIRST, WIDE / 366)] == labelled


def test_a_run_of_numbers_is_short() -> None:
    """Three or more in a row are from–to; the label must not cover its neighbours."""
    shown = [(DELISTING, FIRST, number) for number in ("4", "5", "6", "9", "10")]
    assert said(shown) == "4–6, 9, 10"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("narrow", [False, True])
def test_no_label_of_a_chart_held_lies_on_another(store_folder: Path, language: str, *, narrow: bool) -> None:
    """Of every operation, wide and narrow; and no two numbers above stand so near that one hides the other."""
    release = Store(store_folder).current()
    assert queries.catalogue(release).operations
    faults = []
    for chart in held(release, words(language)):
        fig = chart.canvas("light", narrow)
        wide, high = _sizes(chart, fig, narrow=narrow)
        faults += [f"{chart.series.key}: {pair}" for pair in collisions(fig, wide, high)]
        first, last = (pd.Timestamp(end) for end in fig.layout["xaxis"]["range"])
        drawn = chart.figure("light", narrow)
        at = [
            (pd.Timestamp(x) - first) / (last - first) * wide
            for trace in named(drawn, "events")
            for x in trace.x
        ]
        near = [(a, b) for a, b in combinations(sorted(at), 2) if b - a < NEAR_PX - 1]
        faults += [f"{chart.series.key}: numbers at {pair}" for pair in near]
        assert badges(drawn) or not at
    assert faults == []


def _sizes(chart: TrendChart | FlowChart, fig: Canvas, *, narrow: bool) -> tuple[float, float]:
    """Width and height of the plot itself where the page is narrowest for it."""
    line = chart.line if isinstance(chart, TrendChart) else None
    right = one_list.margin_px(line, chart.words) if line is not None and not narrow else 0
    low, high = fig.layout["yaxis"]["domain"]
    return labels.PLOT_PX[narrow] - right, labels.plot_height_px(fig, high - low)

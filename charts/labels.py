"""Labels beside points: one that would lie on another, or on the words of a break, is moved above or below it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from charts.canvas import Canvas

# Of the plot of a wide chart and of one for a phone, where the page is narrowest: what is apart there is apart
# wherever there is more room.
PLOT_PX = {False: 515, True: 306}
ON_A_PHONE: Mapping[str, Any] = {"yaxis": {"tickformat": "~s"}, "margin": {"l": 44, "r": 8}}
LETTER = 0.6  # width of a letter in bold, in sizes of its font
LINE = 1.35  # height of a line
APART_PX = 2  # between two labels
MOST_RISE_PX = 48  # of a number above its own bar
POINT_PX = 7  # half the side of what a point covers
EDGE_PX = 5  # between a label and the edge of the figure
EDGE = "y domain"  # of labels whose place is told from the edges of the plot
_TAG = re.compile(r"<(?!br>)[^>]+>")


@dataclass(frozen=True, slots=True)
class Box:
    """What a label covers, in pixels from the lower left corner of the plot."""

    left: float
    right: float
    low: float
    high: float

    def hits(self, other: Box) -> bool:
        """Whether the two lie on each other."""
        beside = self.left < other.right and other.left < self.right
        return beside and self.low < other.high and other.low < self.high

    def moved(self, by: float) -> Box:
        """The same, higher by `by`."""
        return Box(self.left, self.right, self.low + by, self.high + by)


def size_px(text: str, size: float) -> tuple[float, float]:
    """Width and height of a text with marks of HTML in a font of that size."""
    lines = _TAG.sub("", text).split("<br>")
    return max(map(len, lines)) * size * LETTER, len(lines) * size * LINE


def plot_height_px(fig: Canvas, share: float) -> float:
    """Height of a plot that has a share of what the margins of a figure leave."""
    margin = fig.layout["margin"]
    return share * float(fig.layout["height"] - margin["t"] - margin["b"])


def box_of(label: Mapping[str, Any], fig: Canvas, width_px: float, height_px: float) -> Box:
    """What a label beside a point, or at the upper edge, covers on a plot of that size."""
    width, height = size_px(str(label["text"]), float(label["font"]["size"]))
    at_edge = label["yref"] == EDGE
    x, y = point_of(label["x"], 0.0 if at_edge else float(label["y"]), fig, width_px, height_px)
    y = float(label["y"]) * height_px if at_edge else y
    x, y = x + label.get("xshift", 0), y + label.get("yshift", 0)
    left = x - width * {"left": 0.0, "center": 0.5, "right": 1.0}[label.get("xanchor", "center")]
    foot = y - height * {"bottom": 0.0, "middle": 0.5, "top": 1.0}[label.get("yanchor", "middle")]
    return Box(left, left + width, foot, foot + height)


def point_of(x: Any, y: float, fig: Canvas, width_px: float, height_px: float) -> tuple[float, float]:
    """Where a date and a value stand, in pixels from the lower left corner of a plot; all zero is at the foot."""
    first, last = (pd.Timestamp(end) for end in fig.layout["xaxis"]["range"])
    low, high = fig.layout["yaxis"]["range"]
    return (pd.Timestamp(x) - first) / (last - first) * width_px, (y - low) / (
        (high - low) or 1.0
    ) * height_px


def boxes_of_points(fig: Canvas, values: pd.DataFrame, width_px: float, height_px: float) -> list[Box]:
    """What the points of a line cover: `values` has the columns `last` and `value`."""
    low, high = fig.layout["yaxis"].get("range", (0, 0))
    if not low < high:
        return []
    at = [
        point_of(x, float(y), fig, width_px, height_px)
        for x, y in zip(values["last"], values["value"], strict=True)
    ]
    return [Box(x - POINT_PX, x + POINT_PX, y - POINT_PX, y + POINT_PX) for x, y in at]


def apart(fig: Canvas, width_px: float, height_px: float, points: Sequence[Box] = ()) -> None:
    """Move every label beside a point that would lie on an earlier one, by as little as keeps both in the plot.

    One that would end beyond the figure is first moved sideways into it. None is moved onto one of `points`.
    """
    low, high = fig.layout["yaxis"].get("range", (0, 0))
    if not low < high:
        return  # nothing is drawn, or all values are zero
    held = [box_of(label, fig, width_px, height_px) for label in fig.annotations if _is_edge(label)]
    for label in fig.annotations:
        if label.get("xref") != "x" or label.get("yref") != "y":
            continue
        box = _inside(label, fig, width_px, height_px)
        by = _way(box, held, points, height_px)
        if by:
            label["yshift"] = label.get("yshift", 0) + by
            box = box.moved(by)
        held.append(box)


def on_bars(
    fig: Canvas,
    numbers: Mapping[object, dict[str, Any]],
    few: Collection[object],
    above: Collection[object],
    bars: Mapping[object, Box],
    width_px: float,
    height_px: float,
) -> list[dict[str, Any]]:
    """The numbers that stand on bars: all of them where each has its place, else those of `few` that have one.

    Parameters
    ----------
    fig : Canvas
        With all its other labels.
    numbers : mapping
        The label of each bar that may have one, as it would stand at the top of its bar.
    few : collection
        The bars whose number a reader looks for first.
    above : collection
        The bars whose number is raised where it would lie on a higher bar beside its own; any other one would be
        taken for that of the bar below it.
    bars : mapping
        What each bar covers.
    """
    low, high = fig.layout["yaxis"].get("range", (0, 0))
    if not low < high:
        return list(numbers.values())
    held = [
        box_of(label, fig, width_px, height_px)
        for label in fig.annotations
        if _is_edge(label) or (label.get("xref"), label.get("yref")) == ("x", "y")
    ]
    boxes = {name: _inside(label, fig, width_px, height_px) for name, label in numbers.items()}
    found = _raised(boxes, few, above, bars, held, height_px)
    if len(found) < len(numbers):
        boxes = {name: box for name, box in boxes.items() if name in few}
        found = _raised(boxes, few, above, bars, held, height_px)
    for name, by in found.items():
        numbers[name]["yshift"] = numbers[name].get("yshift", 0) + by
    return [numbers[name] for name in found]


def _raised(
    boxes: Mapping[object, Box],
    few: Collection[object],
    above: Collection[object],
    bars: Mapping[object, Box],
    held: Sequence[Box],
    height_px: float,
) -> dict[object, float]:
    """How far each number is raised; those without a place are left out. First those that need not be."""
    found: dict[object, float] = {}
    taken: list[Box] = []
    in_turn = sorted(boxes, key=lambda name: (name not in few, -boxes[name].low))
    for most in (0.0, MOST_RISE_PX):
        for name in (name for name in in_turn if name not in found and (not most or name in above)):
            box = boxes[name]
            others = [*taken, *(bar for bar_name, bar in bars.items() if bar_name != name)]
            ways = (other.high - box.low + APART_PX for other in others)
            for way in sorted({0.0, *(way for way in ways if way > 0)}):
                there = box.moved(way)
                if way > most or there.high > height_px or any(map(there.hits, held)):
                    break  # beyond other words it would be read as what they are about
                if any(map(there.hits, others)):
                    continue
                found[name] = way
                taken.append(there)
                break
    return found


def _is_edge(label: Mapping[str, Any]) -> bool:
    """Whether a label stands at the upper edge of the plot, as the words of a break do."""
    return (label.get("xref"), label.get("yref")) == ("x", EDGE)


def _inside(label: dict[str, Any], fig: Canvas, width_px: float, height_px: float) -> Box:
    """What a label covers once it is moved sideways into the figure."""
    margin, box = fig.layout["margin"], box_of(label, fig, width_px, height_px)
    beside = max(EDGE_PX - margin["l"] - box.left, 0) or min(width_px + margin["r"] - EDGE_PX - box.right, 0)
    if beside:
        label["xshift"] = label.get("xshift", 0) + beside
        box = box_of(label, fig, width_px, height_px)
    return box


def _way(box: Box, held: Sequence[Box], points: Sequence[Box], height_px: float) -> float:
    """How far a label is moved: 0 where it stands free, or where no place is."""
    if not any(box.hits(other) for other in held):
        return 0.0
    every = [*held, *points]
    ways = [other.high - box.low + APART_PX for other in every]
    ways += [other.low - box.high - APART_PX for other in every]
    for way in sorted(ways, key=abs):
        there = box.moved(way)
        if there.low >= 0 and there.high <= height_px and not any(there.hits(other) for other in every):
            return way
    return 0.0

"""Labels beside points: one that would lie on another, or on the words of a break, is moved above or below it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from charts.canvas import Canvas

LETTER = 0.57  # width of a letter, in sizes of its font
LINE = 1.3  # height of a line
APART_PX = 2  # between two labels
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


def box_of(label: Mapping[str, Any], fig: Canvas, width_px: float, height_px: float) -> Box:
    """What a label beside a point, or at the upper edge, covers on a plot of that size."""
    first, last = (pd.Timestamp(end) for end in fig.layout["xaxis"]["range"])
    low, high = fig.layout["yaxis"]["range"]
    lines = _TAG.sub("", str(label["text"])).split("<br>")
    size = float(label["font"]["size"])
    width, height = max(map(len, lines)) * size * LETTER, len(lines) * size * LINE
    x = (pd.Timestamp(label["x"]) - first) / (last - first) * width_px + label.get("xshift", 0)
    share = float(label["y"]) if label["yref"] == EDGE else (float(label["y"]) - low) / (high - low)
    y = share * height_px + label.get("yshift", 0)
    left = x - width * {"left": 0.0, "center": 0.5, "right": 1.0}[label.get("xanchor", "center")]
    foot = y - height * {"bottom": 0.0, "middle": 0.5, "top": 1.0}[label.get("yanchor", "middle")]
    return Box(left, left + width, foot, foot + height)


def apart(fig: Canvas, width_px: float, height_px: float) -> None:
    """Move every label beside a point that would lie on an earlier one, by as little as keeps both in the plot."""
    low, high = fig.layout["yaxis"].get("range", (0, 0))
    if not low < high:
        return  # nothing is drawn, or all values are zero
    told = [label for label in fig.annotations if label.get("xref") == "x" and label.get("yref") == EDGE]
    held = [box_of(label, fig, width_px, height_px) for label in told]
    for label in fig.annotations:
        if label.get("xref") != "x" or label.get("yref") != "y":
            continue
        box = box_of(label, fig, width_px, height_px)
        by = _way(box, held, height_px)
        if by:
            label["yshift"] = label.get("yshift", 0) + by
            box = box.moved(by)
        held.append(box)


def _way(box: Box, held: list[Box], height_px: float) -> float:
    """How far a label is moved: 0 where it stands free, or where no place is."""
    if not any(box.hits(other) for other in held):
        return 0.0
    ways = [other.high - box.low + APART_PX for other in held]
    ways += [other.low - box.high - APART_PX for other in held]
    for way in sorted(ways, key=abs):
        there = box.moved(way)
        if there.low >= 0 and there.high <= height_px and not any(there.hits(other) for other in held):
            return way
    return 0.0

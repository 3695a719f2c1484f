"""A figure as it grows: plain traces and layout, made into a Plotly figure once.

Adding to a Plotly figure checks everything in it again; a chart with a dozen labels would take longer to label
than to draw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go


@dataclass(slots=True)
class Canvas:
    """Traces, labels and shapes in the order they are drawn, and the layout around them."""

    layout: dict[str, Any]
    traces: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)

    def scatter(self, **trace: Any) -> None:
        """Add a line or points."""
        self.traces.append({"type": "scatter", **trace})

    def bar(self, **trace: Any) -> None:
        """Add bars."""
        self.traces.append({"type": "bar", **trace})

    def annotation(self, words: Mapping[str, Any]) -> None:
        """Add words; see `theme.label`."""
        self.annotations.append(dict(words))

    def shape(self, **shape: Any) -> None:
        """Add a line or a rectangle."""
        self.shapes.append(shape)

    def lay_out(self, **parts: Any) -> None:
        """Set parts of the layout; what a part does not name stays as it is."""
        for name, part in parts.items():
            held = self.layout.get(name)
            self.layout[name] = (
                {**held, **part} if isinstance(held, dict) and isinstance(part, dict) else part
            )

    def plain(self) -> dict[str, Any]:
        """The figure as a page sends it: lists, numbers and texts, which Plotly does not check again.

        Its check and its copies cost a third of a chart; the tests make the same figure with `figure`.
        """
        layout = {**self.layout, "annotations": self.annotations, "shapes": self.shapes}
        return {"data": [_plain(trace) for trace in self.traces], "layout": _plain(layout)}

    def figure(self) -> go.Figure:
        """The Plotly figure, every part of it checked."""
        return go.Figure(self.plain())


def _plain(part: Any) -> Any:
    """`part` in what JSON has: dates as texts, missing values as null."""
    if isinstance(part, dict):
        return {name: _plain(value) for name, value in part.items()}
    if isinstance(part, list | tuple | pd.Series):
        return [_plain(value) for value in part]
    if isinstance(part, date):  # also a moment of pandas
        return None if pd.isna(pd.Timestamp(part)) else part.isoformat()
    return None if isinstance(part, float) and math.isnan(part) else part

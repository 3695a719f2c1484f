"""How values are drawn: what joins two of them, and what a mark says of how the value was made."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from data.codes import Precision, RowKind
from data.model import records

LONG_GAP_DAYS = (
    200  # without round numbers, values further apart are joined by dots: nobody was asked between
)


def runs(part: pd.DataFrame) -> list[pd.DataFrame]:
    """The parts of a stretch whose rounds follow each other."""
    edges = [part.index.get_loc(after) for _, after in skips(part)]
    cuts = [0, *edges, len(part)]
    return [part.iloc[a:b] for a, b in pairwise(cuts)]


def skips(part: pd.DataFrame) -> list[tuple[Any, Any]]:
    """Neighbours in a stretch between which a numbered round has no value, or which are far apart without numbers."""
    return [
        (a, b)
        for (a, before), (b, after) in pairwise(records(part))
        if (
            after["round"] - before["round"] > 1
            if not (pd.isna(before["round"]) or pd.isna(after["round"]))
            else (after["last"] - before["last"]).days > LONG_GAP_DAYS
        )
    ]


def dots(part: pd.DataFrame, t: Mapping[str, str]) -> dict[str, Any]:
    """Filled for a published value, hollow for one computed here, a triangle for "at least"."""
    derived = part["kind"] == RowKind.DERIVED
    symbols = {Precision.AT_LEAST: "triangle-up", Precision.AT_MOST: "triangle-down"}
    return {
        "size": 8,
        "symbol": [symbols.get(Precision(p), "circle") for p in part["precision"]],
        "color": [t["card"] if d else t["data"] for d in derived],
        "line": {"color": [t["data"] if d else t["card"] for d in derived], "width": 1.5},
        "opacity": 1,
    }


def ends(part: pd.DataFrame, t: Mapping[str, str]) -> dict[str, Any]:
    """The published interval of each value, where there is one."""
    if part["upper"].isna().all():
        return {"visible": False}
    up, down = part["upper"] - part["value"], part["value"] - part["lower"]
    return {
        "type": "data",
        "array": up,
        "arrayminus": down,
        "color": t["ink-2"],
        "thickness": 1.5,
        "width": 5,
    }


def bar(part: pd.DataFrame, t: Mapping[str, str]) -> dict[str, Any]:
    """Filled for published values, hollow for those computed here."""
    derived = part["kind"] == RowKind.DERIVED
    return {
        "color": [t["card"] if d else t["data"] for d in derived],
        "line": {"color": t["data"], "width": 1.5},
    }

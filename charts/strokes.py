"""How values are drawn: what joins two of them, and what a mark says of how the value was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from data.codes import Precision, RowKind
from data.model import Row

LONG_GAP_DAYS = (
    200  # without round numbers, values further apart are joined by dots: nobody was asked between
)


def runs(part: Sequence[Row]) -> list[Sequence[Row]]:
    """The parts of a stretch whose rounds follow each other."""
    cuts = [0, *(at for at, (a, b) in enumerate(pairwise(part), start=1) if _skipped(a, b)), len(part)]
    return [part[a:b] for a, b in pairwise(cuts)]


def skips(part: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Neighbours in a stretch between which a numbered round has no value, or which are far apart without numbers."""
    return [(before, after) for before, after in pairwise(part) if _skipped(before, after)]


def _skipped(before: Row, after: Row) -> bool:
    if pd.isna(before["round"]) or pd.isna(after["round"]):
        return bool((after["last"] - before["last"]).days > LONG_GAP_DAYS)
    return bool(after["round"] - before["round"] > 1)


def column(part: Sequence[Row], name: str) -> list[Any]:
    """One column of rows."""
    return [row[name] for row in part]


def dots(part: Sequence[Row], t: Mapping[str, str]) -> dict[str, Any]:
    """Filled for a published value, hollow for one computed here, a triangle for "at least"."""
    derived = [row["kind"] == RowKind.DERIVED for row in part]
    symbols = {Precision.AT_LEAST: "triangle-up", Precision.AT_MOST: "triangle-down"}
    return {
        "size": 8,
        "symbol": [symbols.get(Precision(row["precision"]), "circle") for row in part],
        "color": [t["card"] if d else t["data"] for d in derived],
        "line": {"color": [t["data"] if d else t["card"] for d in derived], "width": 1.5},
        "opacity": 1,
    }


def ends(part: Sequence[Row], t: Mapping[str, str]) -> dict[str, Any]:
    """The published interval of each value, where there is one."""
    if all(pd.isna(row["upper"]) for row in part):
        return {"visible": False}
    return {
        "type": "data",
        "array": [row["upper"] - row["value"] for row in part],
        "arrayminus": [row["value"] - row["lower"] for row in part],
        "color": t["ink-2"],
        "thickness": 1.5,
        "width": 5,
    }


def bar(part: Sequence[Row], t: Mapping[str, str]) -> dict[str, Any]:
    """Filled for published values, hollow for those computed here."""
    return {
        "color": [t["card"] if row["kind"] == RowKind.DERIVED else t["data"] for row in part],
        "line": {"color": t["data"], "width": 1.5},
    }

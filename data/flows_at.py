"""Flow monitoring points in a month: movements in and out, the days on which somebody observed, and who stands beside.

Movements are counted, not people who stay: one person can move many times. What was not published for a point has no
value; a figure for several points together is never divided among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from data import queries
from data.codes import Precision, State, Unit
from data.corridors import corridors
from data.effort import asked, held_by
from data.model import Snapshot, records
from data.placed import days_in, month_of, was_public
from data.store import Release

# A row is a day and a direction; a day is observed, or open, once for both.
MONTH_OF_POINTS = """
SELECT point, STRFTIME(CAST(day AS DATE), '%Y-%m') AS month,
       SUM(value) FILTER (WHERE direction IN ('in', 'entry')) AS into,
       SUM(value) FILTER (WHERE direction IN ('out', 'exit')) AS out_of,
       COUNT(DISTINCT day) FILTER (WHERE observed) AS days_observed,
       COUNT(DISTINCT day) FILTER (WHERE state <> 'closed') AS days_open,
       SUM(hours) / COUNT(DISTINCT direction) AS hours
FROM flow_days
WHERE operation = $operation AND CAST(day AS DATE) BETWEEN $first AND $last AND point LIKE $point
GROUP BY ALL ORDER BY point, month
"""
EVERY = "%"
COLUMNS: Mapping[str, str] = {
    "month": "the month that the figures are of, 2024-03",
    "into": "movements into the region, missing where nobody observed or nothing was published",
    "out_of": "movements out of it, as above",
    "state": "counted, counted_zero, not_assessed, closed or no_data in that month",
    "value": "movements both ways, missing where one of them is",
    "unit": "movements",
    "precision": "exact",
    "days_observed": "days of the month on which somebody observed; missing where not published",
    "days_open": "days of the month on which the point was open; as above",
    "days_in": "days of the month",
    "hours": "hours of observation; as above",
    "corridor_en": "the roads that the point lies on, '' where none is held",
    "corridor_fr": "the same in French",
    "neighbours": "keys of the other points of these roads, with ';' between",
    "neighbour_names": "their names, with '; ' between",
    "bypass_en": "what is published of other roads, '' where nothing was found",
    "bypass_fr": "the same in French",
}


def flows_at(release: Release, operation: str, on: date, as_known_on: date | None = None) -> Snapshot:
    """The flow points of an operation with what was published of each for the month of a day.

    Parameters
    ----------
    release : Release
        Where they are taken from.
    operation : str
        Key of the operation.
    on : date
        A day of the month; the figures are of the whole month.
    as_known_on : date, optional
        Nothing of a month whose figures were surely public later only.

    Returns
    -------
    Snapshot
        The columns of `queries.flow_points` and those of `COLUMNS`, one row a point.

    Raises
    ------
    Unknown
        If the operation is not held.
    """
    made = queries.flow_points(release, operation, on, as_known_on)
    month = month_of(on)
    seen = _seen(release, operation, month.first, month.last, EVERY) if held_by(release, "flow_days") else {}
    if not was_public(release, operation, str(month), as_known_on):
        seen = {}
    roads = _roads(release, operation)
    rows = [
        _figures(seen.get((str(key), str(month))), str(month), days_in(month)) | roads.get(str(key), _NO_ROAD)
        for key in (made.table["key"] if len(made.table) else ())
    ]
    more = pd.DataFrame(rows, columns=list(COLUMNS), index=made.table.index)
    kept = made.table.drop(columns=[name for name in COLUMNS if name in made.table.columns])
    return replace(made, table=kept.join(more))


Row = dict[str, Any]
_NO_ROAD: Row = dict.fromkeys(
    ("corridor_en", "corridor_fr", "neighbours", "neighbour_names", "bypass_en", "bypass_fr"), ""
)


@lru_cache(maxsize=64)  # a release never changes; a month of points is a few rows
def _seen(
    release: Release, operation: str, first: date, last: date, point: str
) -> Mapping[tuple[str, str], Row]:
    """The sums of days, by point and month."""
    rows = asked(release, MONTH_OF_POINTS, operation=operation, first=first, last=last, point=point)
    return {(str(r["point"]), str(r["month"])): r for _, r in records(rows)}


def _figures(found: Mapping[Any, Any] | None, month: str, days: int) -> Row:
    """What is said of one point and month."""
    missing = float("nan")
    row: Row = {
        "month": month, "into": missing, "out_of": missing, "state": State.NO_DATA.value, "value": missing,
        "unit": Unit.MOVEMENTS.value, "precision": Precision.EXACT.value, "days_observed": missing,
        "days_open": missing, "days_in": days, "hours": missing,
    }  # fmt: skip
    if found is None:
        return row
    observed, is_open = int(found["days_observed"]), int(found["days_open"])
    row |= {"days_observed": observed, "days_open": is_open, "hours": float(found["hours"])}
    if not observed:
        return row | {"state": (State.NOT_ASSESSED if is_open else State.CLOSED).value}
    into, out_of = (missing if pd.isna(found[side]) else float(found[side]) for side in ("into", "out_of"))
    both = into + out_of
    state = State.COUNTED if both != 0 else State.COUNTED_ZERO
    return row | {"into": into, "out_of": out_of, "value": both, "state": state.value}


@lru_cache(maxsize=32)  # a release never changes
def _roads(release: Release, operation: str) -> Mapping[str, Row]:
    """The roads of each point, and the other points on them."""
    held = corridors(release, operation)
    held = held[held["corridor"].notna()]
    found: dict[str, Row] = {}
    for point, mine in held.groupby("point", sort=False):
        beside = held[held["corridor"].isin(mine["corridor"]) & (held["point"] != point)].drop_duplicates(
            "point"
        )
        found[str(point)] = {
            "corridor_en": "; ".join(dict.fromkeys(mine["name_en"])),
            "corridor_fr": "\u202f; ".join(dict.fromkeys(mine["name_fr"])),
            "neighbours": ";".join(beside["point"]),
            "neighbour_names": "; ".join(beside["name"]),
            "bypass_en": " ".join(dict.fromkeys(t for t in mine["bypass_en"] if t)),
            "bypass_fr": " ".join(dict.fromkeys(t for t in mine["bypass_fr"] if t)),
        }
    return found

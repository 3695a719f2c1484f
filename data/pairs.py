"""Pairs of stated origin and destination in a month: what can be drawn of them, what cannot, and how much each is.

People say at a flow point where they come from and where they go. That is no route, and no arrival. One trip can be
seen at two points and is then in the sum twice. Whatever is not drawn is counted here: the parts are the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely import Point

from data import queries
from data.codes import Precision, State, Unit
from data.effort import asked, held_by
from data.geo import WGS84
from data.model import Snapshot, Text
from data.placed import month_of, provenance_of, was_public
from data.store import Release

PAIRS_OF = """
SELECT origin, destination, SUM(value) AS value, COUNT(DISTINCT point) AS points, LIST(DISTINCT source) AS sources
FROM flow_pairs WHERE operation = $operation AND period = $period
GROUP BY origin, destination ORDER BY value DESC, origin, destination
"""
ABROAD = "abroad"
BEND = 0.10  # how far a line bends to its right, as a share of its length: there and back are two lines
STEPS = 24
SUMMED = Text(
    "A pair is the sum of the movements with this stated origin and destination at all points of the month, both "
    "directions of each point. One trip can be seen at two points. A stated destination is no route and no arrival.",
    (("fr", "Une paire est la somme des mouvements de même origine et de même destination déclarées, à tous les points "
            "et dans les deux sens, pour le mois. Un trajet peut être vu à deux points. Une destination déclarée n’est "
            "ni un itinéraire ni une arrivée."),),
)  # fmt: skip
Line = npt.NDArray[np.float64]


class Why(StrEnum):
    """Why a pair is a line, or is none."""

    BETWEEN = "between"  # two areas with a place: a line, if it is among the largest
    WITHIN = "within"  # stays in one area
    ABROAD = "abroad"  # begins or ends in no area of the country
    UNLOCATED = "unlocated"  # an area whose place is not held


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of the pairs: how many, and their movements."""

    pairs: int
    movements: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """All pairs of a month in parts; they sum to `total`.

    Raises
    ------
    ValueError
        If they do not: nothing may be left out silently.
    """

    drawn: pd.DataFrame  # the largest between two areas, largest first
    beyond: Part  # between two areas, and not among these
    within: Part
    abroad: Part
    unlocated: Part
    total: Part

    def __post_init__(self) -> None:
        parts = (part_of(self.drawn), self.beyond, self.within, self.abroad, self.unlocated)
        movements = sum(part.movements for part in parts)
        if sum(p.pairs for p in parts) != self.total.pairs or not np.isclose(movements, self.total.movements):
            raise ValueError(
                f"{movements:g} movements in parts are not the {self.total.movements:g} of all pairs."
            )

    @property
    def stays(self) -> float | None:
        """The share of all movements that stays within one area, 0 to 1; None where there are none."""
        return self.within.movements / self.total.movements if self.total.movements > 0 else None


def part_of(rows: pd.DataFrame) -> Part:
    """How many pairs, and their movements."""
    return Part(pairs=len(rows), movements=float(rows["value"].sum()) if len(rows) else 0.0)


def split(table: pd.DataFrame, most: int) -> Split:
    """The pairs of a snapshot in parts.

    Parameters
    ----------
    table : DataFrame
        Columns why and value, such as the table of `pairs_at`.
    most : int
        How many lines are asked for, 0 or more: the largest ones between two areas.
    """
    rows = table.sort_values(["value", "key"], ascending=[False, True], kind="stable")
    between = rows[rows["why"] == Why.BETWEEN]
    return Split(
        drawn=between.iloc[:most],
        beyond=part_of(between.iloc[most:]),
        within=part_of(rows[rows["why"] == Why.WITHIN]),
        abroad=part_of(rows[rows["why"] == Why.ABROAD]),
        unlocated=part_of(rows[rows["why"] == Why.UNLOCATED]),
        total=part_of(rows),
    )


def pairs_at(release: Release, operation: str, on: date, as_known_on: date | None = None) -> Snapshot | None:
    """The pairs of origin and destination of an operation in the month of a day, largest first.

    Parameters
    ----------
    on : date
        A day of the month.
    as_known_on : date, optional
        None of a month whose figures were surely public later only.

    Returns
    -------
    Snapshot or None
        One row a pair: key, origin, destination, origin_name, destination_name, name, month, value, unit, precision,
        state, points (that saw it), why (`Why`), west, south, east and north ends as from_lon, from_lat, to_lon,
        to_lat, public; the geometry is the middle of its line, empty where there is none. None where no pairs of that
        month are held.

    Raises
    ------
    Unknown
        If the operation is not held.
    """
    held = queries.catalogue(release)
    about, month = held.operation(operation), month_of(on)
    if not held_by(release, "flow_pairs") or not was_public(release, operation, str(month), as_known_on):
        return None
    found = asked(release, PAIRS_OF, operation=operation, period=str(month))
    if found.empty:
        return None
    spots = spots_of(release)
    rows = [_pair(str(r["origin"]), str(r["destination"]), spots) for _, r in found.iterrows()]
    table = pd.DataFrame(rows).assign(
        value=found["value"].to_numpy(dtype=float), points=found["points"].to_numpy(), month=str(month),
        unit=Unit.MOVEMENTS.value, precision=Precision.EXACT.value, public=True,
        state=np.where(found["value"] > 0, State.COUNTED.value, State.COUNTED_ZERO.value),
    )  # fmt: skip
    cited = sorted({str(key) for keys in found["sources"] for key in keys})
    return Snapshot(
        key=f"{operation}-pairs", label=about.title, on=on,
        table=gpd.GeoDataFrame(table, geometry=[_middle(row) for row in rows], crs="EPSG:4326"),
        provenance=provenance_of(held, operation, [held.sources[key] for key in cited], derived_by=(SUMMED,)),
    )  # fmt: skip


def curve(
    start: tuple[float, float], end: tuple[float, float], bend: float = BEND, steps: int = STEPS
) -> Line:
    """The shortest way between two places on the ellipsoid, bent to its right so that there and back are two lines.

    Parameters
    ----------
    start, end : tuple of float
        Longitude and latitude, degrees.
    bend : float
        Furthest distance from the shortest way, as a share of its length; 0 is the shortest way itself.
    steps : int
        Stretches of the line, 2 or more.

    Returns
    -------
    numpy.ndarray, shape (steps + 1, 2)
        Longitude and latitude. Longitudes run on past 180 degrees where the line crosses that meridian, so that it
        stays whole.

    Raises
    ------
    ValueError
        If a place is not on Earth, or both are the same.
    """
    (lon_1, lat_1), (lon_2, lat_2) = start, end
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in (start, end)):
        raise ValueError(f"Found {start} and {end}; expected -180 to 180 and -90 to 90. Are they swapped?")
    azimuth, _, length = WGS84.inv(lon_1, lat_1, lon_2, lat_2)
    if length <= 0:
        raise ValueError(f"A line needs two places; both are {start}.")
    share = np.linspace(0.0, 1.0, steps + 1)
    n = share.size
    lon, lat, back = WGS84.fwd(np.full(n, lon_1), np.full(n, lat_1), np.full(n, azimuth), share * length)
    aside = bend * length * np.sin(np.pi * share)
    right = np.asarray(back) + 180.0 + 90.0
    lon, lat, _ = WGS84.fwd(np.asarray(lon), np.asarray(lat), right, aside)
    line = np.column_stack([np.unwrap(np.asarray(lon), period=360.0), np.asarray(lat)])
    line[:, 0] += lon_1 - line[0, 0]
    return line


@lru_cache(maxsize=8)  # a release never changes
def spots_of(release: Release) -> Mapping[str, tuple[str, float, float]]:
    """The name of every area and a point inside it, by P-code, newest boundaries first; {} where none are held."""
    if not held_by(release, "areas"):
        return {}
    areas = release.geoframe("areas").sort_values("version", ascending=False).drop_duplicates("pcode")
    inside = areas.geometry.representative_point()
    return {
        str(code): (str(name), float(point.x), float(point.y))
        for code, name, point in zip(areas["pcode"], areas["name"], inside, strict=True)
    }


def _pair(origin: str, destination: str, spots: Mapping[str, tuple[str, float, float]]) -> dict[str, object]:
    """What is known of one pair beside its number."""
    nowhere = float("nan")
    a, b = (spots.get(code, ("", nowhere, nowhere)) for code in (origin, destination))
    if origin == destination:
        why = Why.WITHIN
    elif ABROAD in (origin, destination):
        why = Why.ABROAD
    else:
        why = Why.BETWEEN if origin in spots and destination in spots else Why.UNLOCATED
    return {
        "key": f"{origin}-to-{destination}", "origin": origin, "destination": destination,
        "origin_name": a[0], "destination_name": b[0],
        "name": f"{a[0] or origin} → {b[0] or destination}", "why": why.value,
        "from_lon": a[1], "from_lat": a[2], "to_lon": b[1], "to_lat": b[2],
    }  # fmt: skip


def _middle(row: Mapping[str, object]) -> Point:
    """Where a pair is named: the middle of its line."""
    if row["why"] != Why.BETWEEN:
        return Point()
    ends = [float(str(row[name])) for name in ("from_lon", "from_lat", "to_lon", "to_lat")]
    x, y = curve((ends[0], ends[1]), (ends[2], ends[3]), steps=2)[1]
    return Point((x + 180.0) % 360.0 - 180.0, y)

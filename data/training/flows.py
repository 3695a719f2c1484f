"""Flow monitoring: who really travelled on each corridor and day, and what the points saw of it.

Travellers are counted as movements: one person can move many times. They are no part of the stocks; most of
them are traders and pupils who are home by night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import shapely

from data.training.geography import PROVINCES, Geography
from data.training.schedule import FLOW_FROM, FLOW_TO
from data.training.seeds import stream

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CORRIDORS, POINTS_EACH = 12, 2
POINTS = CORRIDORS * POINTS_EACH
DIRECTIONS = ("in", "out")
BYPASSED = (0, 1)  # corridors with a second road, on which there is no point
BYPASS_FROM = date(2024, 3, 4)  # from here on more people take it
CLOSES, CLOSES_ON = 5, date(2024, 6, 30)  # a point, and its last day
CHANGES, CHANGES_ON = 8, date(2023, 10, 1)  # a point that counts no local trips from that day on
ABROAD = "abroad"
PAIRS = 6  # pairs of origin and destination a corridor
# Why a month of a point differs from what passed on its road
FLOW_CAUSES = ("bypass", "not_observed", "closed", "outside_hours", "definition")


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Movements by day; arrays are (points, directions, days, PAIRS) unless said otherwise."""

    days: tuple[date, ...]
    names: tuple[str, ...]
    commune: Ints  # of each point
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    ends: tuple[tuple[int, int], ...]  # provinces that each corridor joins
    pairs: tuple[tuple[tuple[str, str], ...], ...]  # by corridor: origin and destination of outward trips
    travelled: Ints  # on the road of the point or its bypass
    bypassed: Ints
    local: Ints  # short trips among those that passed the point
    seen: Ints  # published
    observed: Bools  # (points, days)
    hours: Ints  # of observation, (points, days); 0: none
    ledger: Mapping[str, Ints]  # seen minus travelled, by FLOW_CAUSES

    def months(self) -> list[str]:
        """Every month, as 2023-01."""
        return sorted({day.isoformat()[:7] for day in self.days})

    def by_month(self, values: npt.NDArray[np.int64]) -> Ints:
        """Sums over days (axis 2 of `values`) by month."""
        starts = [
            at for at, day in enumerate(self.days) if day.day == 1
        ]  # the first day is the first of a month
        return np.add.reduceat(values, starts, axis=2)


def corridor_of(point: int) -> int:
    """The corridor that a point lies on."""
    return point // POINTS_EACH


def flows(seed: int, geo: Geography, names: list[str]) -> Flows:
    """The movements of one country over two years, and what was seen of them.

    Parameters
    ----------
    names : list of str
        POINTS names.
    """
    rng = stream(seed, "flows")
    count = (FLOW_TO - FLOW_FROM).days + 1
    days = tuple(FLOW_FROM + timedelta(days=at) for at in range(count))
    ends, pairs = _corridors(rng, geo)
    commune = _communes_on_the_way(geo, ends)
    lon, lat = geo.locate(stream(seed, "flows", "places"), commune)
    weekday = np.array([1.0, 0.95, 0.95, 1.0, 1.25, 1.4, 0.7])[[day.weekday() for day in days]]
    trend = 1 + 0.25 * np.arange(count) / count
    mean = rng.uniform(40, 260, CORRIDORS)
    shares = np.array([0.38, 0.22, 0.16, 0.12, 0.08, 0.04])  # the last two pairs reach beyond the region
    mean_of = mean[[corridor_of(p) for p in range(POINTS)]] * rng.uniform(0.6, 1.0, POINTS)
    travelled = rng.poisson(
        mean_of[:, None, None, None]
        * np.array([0.49, 0.51])[:, None, None]
        * (weekday * trend)[:, None]
        * shares
    )
    share = np.zeros((POINTS, count))
    later = np.array([day >= BYPASS_FROM for day in days])
    for point in range(POINTS):
        if corridor_of(point) in BYPASSED:
            share[point] = np.where(later, 0.45, 0.08)
    bypassed = rng.binomial(travelled, share[:, None, :, None])
    passed = travelled - bypassed
    is_open = np.ones((POINTS, count), dtype=np.bool_)
    is_open[CLOSES] = np.array([day <= CLOSES_ON for day in days])
    observed = is_open & (rng.random((POINTS, count)) < 0.88)
    for point in range(POINTS):  # and a stretch of days with nobody there
        start = int(rng.integers(0, count - 40))
        observed[point, start : start + int(rng.integers(8, 30))] = False
    hours = np.where(observed, rng.integers(9, 13, (POINTS, count)), 0)
    local = rng.binomial(passed, 0.3)
    # by day a trip is as likely at any hour from six to eight in the evening; a point is there for some of them
    within = hours[:, None, :, None] / 14
    seen_local = rng.binomial(local, within)
    seen_far = rng.binomial(passed - local, within)
    narrowed = np.zeros((POINTS, count), dtype=np.bool_)
    narrowed[CHANGES] = np.array([day >= CHANGES_ON for day in days])
    seen = seen_far + np.where(narrowed[:, None, :, None], 0, seen_local)
    there, away = observed[:, None, :, None], ~is_open[:, None, :, None]
    ledger = {
        "bypass": -bypassed,
        "closed": np.where(away, -passed, 0),
        "not_observed": np.where(~there & ~away, -passed, 0),
        "outside_hours": np.where(there, seen_far + seen_local - passed, 0),
        "definition": seen - seen_far - seen_local,
    }
    return Flows(
        days=days, names=tuple(names), commune=commune, lon=lon, lat=lat, ends=ends, pairs=pairs,
        travelled=travelled.astype(np.int64), bypassed=bypassed.astype(np.int64), local=local.astype(np.int64),
        seen=seen.astype(np.int64), observed=observed, hours=hours.astype(np.int64),
        ledger={cause: values.astype(np.int64) for cause, values in ledger.items()},
    )  # fmt: skip


def _corridors(
    rng: np.random.Generator, geo: Geography
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[tuple[str, str], ...], ...]]:
    """Which provinces each corridor joins, and who travels from where to where on it."""
    middle = _middles(geo)
    near = sorted(
        (float(((middle[a] - middle[b]) ** 2).sum()), a, b)
        for a in range(PROVINCES)
        for b in range(a + 1, PROVINCES)
    )
    ends = tuple((a, b) for _, a, b in near[:CORRIDORS])
    codes = geo.province_codes
    pairs = []
    for a, b in ends:
        others = [p for p in range(PROVINCES) if p not in (a, b)]
        c, d = (int(p) for p in rng.choice(others, 2, replace=False))
        pairs.append(
            ((codes[a], codes[b]), (codes[a], codes[a]), (codes[b], codes[b]), (codes[c], codes[b]),
             (codes[a], codes[d]), (codes[a], ABROAD))
        )  # fmt: skip
    return ends, tuple(pairs)


def _middles(geo: Geography) -> npt.NDArray[np.float64]:
    inside = shapely.get_coordinates(shapely.point_on_surface(geo.shapes))
    return np.array([inside[geo.province_of == p].mean(axis=0) for p in range(PROVINCES)])


def _communes_on_the_way(geo: Geography, ends: tuple[tuple[int, int], ...]) -> Ints:
    """A commune of each point: a third and two thirds of the way along its corridor."""
    middle = _middles(geo)
    places = [middle[a] + (middle[b] - middle[a]) * part for a, b in ends for part in (1 / 3, 2 / 3)]
    return np.asarray(shapely.STRtree(geo.shapes).nearest(shapely.points(np.array(places))), dtype=np.int64)

"""How much was observed: sites listed, reached and visited by round, or points, days and hours by month.

What an operation did not publish is missing, never zero. Nothing is guessed: a list of sites alone says nothing
of visits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import numpy as np
import pandas as pd

from data import queries
from data.codes import Granularity, Precision
from data.dates import DateSpan
from data.errors import ProvenanceMissing
from data.model import Operation, Provenance, Row, unite
from data.queries import Catalogue, Indicator
from data.store import Release

BY_ROUND = """
SELECT e.round, COUNT(*) AS listed, COUNT(*) FILTER (WHERE e.reached) AS reached,
       COUNT(*) FILTER (WHERE e.visited) AS visited, SUM(e.informants) AS informants
FROM site_effort AS e JOIN sites AS s ON s.key = e.site
WHERE s.operation = $operation
GROUP BY e.round ORDER BY e.round
"""
# A row is a day and a direction: a day is observed, or open, once for both.
BY_MONTH = """
WITH days AS (
  SELECT point, CAST(day AS DATE) AS day, BOOL_OR(observed) AS observed, MAX(hours) AS hours,
         BOOL_OR(state <> 'closed') AS is_open
  FROM flow_days WHERE operation = $operation GROUP BY point, day
)
SELECT CAST(DATE_TRUNC('month', day) AS TIMESTAMP) AS first, COUNT(DISTINCT point) FILTER (WHERE is_open) AS points,
       COUNT(*) FILTER (WHERE is_open) AS days_open, COUNT(*) FILTER (WHERE observed) AS days_observed,
       SUM(hours) AS hours
FROM days GROUP BY ALL ORDER BY first
"""
# The figure of a site that stood at the last visit; a figure that only stood in for a visit is not taken.
_ABSENT = """
WITH absent AS (
  SELECT e.site, e.reached, s.name AS stored, s.commune
  FROM site_effort AS e JOIN sites AS s ON s.key = e.site
  WHERE s.operation = $operation AND e.round = $round AND NOT e.visited
), visits AS (
  SELECT e.site, e.round, e.day FROM site_effort AS e JOIN absent USING (site)
  WHERE e.visited AND e.round < $round
), last_visit AS (
  SELECT site, MAX(round) AS round, ARG_MAX(day, round) AS day FROM visits GROUP BY site
), newest AS (
  SELECT o.place AS site, o.round, o.value, o.precision, o.state
  FROM observations AS o JOIN absent AS a ON a.site = o.place
  WHERE o.operation = $operation AND o.indicator = $indicator AND o.round <= $round
    AND o.known_by <= $known
    AND o.sex = '' AND o.age = '' AND o.reason = '' AND o.origin = '' AND o.destination = '' AND o.assessment = ''
  QUALIFY ROW_NUMBER() OVER (PARTITION BY o.place, o.round ORDER BY o.known_by DESC, o.id DESC) = 1
), counts AS (
  SELECT n.site, MAX(n.round) AS round, ARG_MAX(n.value, n.round) AS value, ARG_MAX(n.precision, n.round) AS precision
  FROM newest AS n JOIN visits AS v ON v.site = n.site AND v.round = n.round
  WHERE n.value IS NOT NULL GROUP BY n.site
), published AS (
  SELECT site, ARG_MAX(state, round) = 'withheld' AS withheld FROM newest
  WHERE state IN ('counted', 'counted_zero', 'withheld') GROUP BY site
), named AS ({named})
SELECT a.site AS key, n.name, n.area, n.within, a.reached, v.round AS last_round, v.day AS last_day,
       CASE WHEN p.withheld THEN NULL ELSE c.value END AS last_count,
       CASE WHEN p.withheld THEN NULL ELSE c.round END AS count_round,
       COALESCE(c.precision, 'exact') AS precision, COALESCE(p.withheld, FALSE) AS withheld
FROM absent AS a LEFT JOIN named AS n ON n.site = a.site LEFT JOIN last_visit AS v ON v.site = a.site
LEFT JOIN counts AS c ON c.site = a.site LEFT JOIN published AS p ON p.site = a.site
ORDER BY last_count DESC NULLS LAST, key
"""
_AS_STORED = "SELECT site, stored AS name, commune AS area, '' AS within FROM absent"
# Names and areas as they were in that round, in the boundaries of that round.
_BY_ROUND = """
SELECT a.site, COALESCE(i.name, a.stored) AS name, COALESCE(own.name, a.commune) AS area,
       COALESCE(outer_area.name, '') AS within
FROM absent AS a
LEFT JOIN site_identities AS i ON i.site = a.site AND i.first_round <= $round
  AND (i.last_round IS NULL OR i.last_round >= $round)
LEFT JOIN areas AS own ON own.pcode = i.pcode AND own.version = (
  SELECT MAX(version) FROM areas AS v WHERE v.iso3 = own.iso3 AND v.first_round <= $round)
LEFT JOIN areas AS outer_area ON outer_area.pcode = own.parent AND outer_area.version = own.version
"""
SITES_ABSENT = _ABSENT.format(named=_AS_STORED)
SITES_ABSENT_BY_AREA = _ABSENT.format(named=_BY_ROUND)
# The last count of a point is that of its last day of observation, both directions.
POINTS_ABSENT = """
WITH days AS (
  SELECT point, CAST(day AS DATE) AS day, BOOL_OR(observed) AS observed, BOOL_OR(state <> 'closed') AS is_open,
         SUM(value) AS value
  FROM flow_days WHERE operation = $operation AND CAST(day AS DATE) <= $until GROUP BY point, day
), absent AS (
  SELECT point FROM days WHERE day >= $since GROUP BY point HAVING BOOL_OR(is_open) AND NOT BOOL_OR(observed)
), seen AS (
  SELECT point, MAX(day) AS day, ARG_MAX(value, day) AS value FROM days WHERE observed GROUP BY point
)
SELECT a.point AS key, p.name, p.adm1 AS area, '' AS within, NULL::BOOLEAN AS reached, NULL::BIGINT AS last_round,
       COALESCE(STRFTIME(s.day, '%Y-%m-%d'), '') AS last_day, s.value AS last_count, NULL::BIGINT AS count_round,
       'exact' AS precision, FALSE AS withheld
FROM absent AS a JOIN flow_points AS p ON p.key = a.point LEFT JOIN seen AS s ON s.point = a.point
ORDER BY last_count DESC NULLS LAST, key
"""

COLUMNS: Mapping[str, str] = {
    "round": "round number, <NA> where there is none",
    "first": "first day of the period (datetime64)",
    "last": "last day of the period: where it is drawn (datetime64)",
    "listed": "sites on the list",
    "reached": "of them, sites that could be reached",
    "visited": "of them, sites that were visited",
    "informants": "key informants asked",
    "points": "flow points open on a day of the period",
    "days_open": "days on which points were open, over all points",
    "days_observed": "of them, days on which somebody observed",
    "hours": "hours of observation, over all points",
    "share": "visited of listed, or days observed of days open, percent",
    "precision": "how `listed` was printed (Precision)",
}
NUMBERS = ("listed", "reached", "visited", "informants", "points", "days_open", "days_observed", "hours")
WITHIN = (
    ("reached", "listed"),
    ("visited", "reached"),
    ("days_observed", "days_open"),
)  # a part and its whole
ABSENT: Mapping[str, str] = {
    "key": "string", "name": "string", "area": "string", "within": "string", "reached": "boolean",
    "last_round": "Int64", "last_day": "datetime64[us]", "last_count": "Float64", "count_round": "Int64",
    "precision": "string", "withheld": "boolean",
}  # fmt: skip


class Basis(StrEnum):
    """What an effort is made of."""

    SITES = "sites"  # who was asked at each listed site, by round
    POINTS = "points"  # days at each flow point, by month
    LIST = "list"  # the number of sites on the list alone


FOUND: Mapping[Basis, tuple[str, ...]] = {
    Basis.SITES: ("listed", "reached", "visited", "informants"),
    Basis.POINTS: ("points", "days_open", "days_observed", "hours"),
    Basis.LIST: ("listed",),
}


def checked(rows: pd.DataFrame, basis: Basis, label: str) -> pd.DataFrame:
    """`rows` with exactly `COLUMNS`, in order of the last day; the share is computed here.

    Raises
    ------
    ValueError
        If a column is missing, a number is negative, a part is larger than its whole, or a number stands where
        nothing of it was published.
    """
    missing = [name for name in COLUMNS if name not in rows.columns and name != "share"]
    if missing:
        raise ValueError(f"{label}: the effort lacks {', '.join(missing)}.")
    frame = _as_numbers(rows.sort_values("last", kind="stable", ignore_index=True))
    held = {name: frame[name].to_numpy("float64", na_value=np.nan) for name in NUMBERS}
    if any((numbers < 0).any() for numbers in held.values()):
        raise ValueError(f"{label}: an effort is below zero.")
    for part, whole in WITHIN:
        if (held[part] > held[whole]).any():
            raise ValueError(f"{label}: more {part} than {whole}.")
    strange = [name for name in NUMBERS if name not in FOUND[basis] and not np.isnan(held[name]).all()]
    if strange:
        raise ValueError(f"{label}: {', '.join(strange)} is no part of an effort by {basis}.")
    some, every = ("days_observed", "days_open") if basis is Basis.POINTS else ("visited", "listed")
    share = 100 * held[some] / np.where(held[every] > 0, held[every], np.nan)
    return frame.assign(share=pd.array(share, dtype="Float64"))[list(COLUMNS)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effort:
    """How much was observed for the figures of an operation. `rows` has `COLUMNS`, one row a round or month."""

    operation: Operation
    basis: Basis
    rows: pd.DataFrame
    provenance: Provenance

    def __post_init__(self) -> None:
        if not isinstance(self.provenance, Provenance):
            raise ProvenanceMissing(f"the effort of '{self.operation.key}' has no provenance.")
        object.__setattr__(self, "rows", checked(self.rows, self.basis, self.operation.key))

    def newest(self) -> Row | None:
        """The last row; None where there is none."""
        return None if self.rows.empty else self.rows.iloc[-1]

    def at(self, when: int | DateSpan) -> Row | None:
        """The row of a round, or of the period with these days."""
        rows = self.rows
        if isinstance(when, int):
            found = rows[(rows["round"] == when).fillna(value=False).astype(bool)]
        else:
            ends = (pd.Timestamp(when.first), pd.Timestamp(when.last))
            found = rows[(rows["first"] == ends[0]) & (rows["last"] == ends[1])]
        return None if found.empty else found.iloc[0]


@lru_cache(maxsize=64)  # a release never changes
def effort(
    release: Release, operation: str, indicator: str = "", as_known_on: date | None = None
) -> Effort | None:
    """How much was observed, by round or month.

    Parameters
    ----------
    indicator : str
        For which figure; "" is the operation's first. Visits to sites say nothing of another population than
        that of the operation (people who came home): there the number of sites on the list is all there is.
    as_known_on : date, optional
        Only the rounds and months of which a figure was public by that day; None takes all.

    Returns
    -------
    Effort or None
        None where nothing at all was published of it.

    Raises
    ------
    Unknown
        If the operation is not held.
    """
    held = queries.catalogue(release)
    whose = held.operation(operation)
    about = held.indicators.get(indicator or held.lead[operation])
    other = about is not None and about.population is not whose.population
    for basis in (Basis.POINTS,) if other else (Basis.SITES, Basis.POINTS):
        rows = _observed(release, operation, basis)
        if rows is not None:
            return _made(held, whose, basis, _public(release, about, rows, as_known_on), about)
    if about is None or not about.effort:
        return None
    return _of_list(release, held, whose, about, as_known_on)


@lru_cache(maxsize=64)  # as effort
def not_assessed_since(
    release: Release, operation: str, when: int | DateSpan, as_known_on: date | None = None
) -> pd.DataFrame | None:
    """What was on the list and not visited in a round, or open and not observed in a period, and since when.

    `as_known_on` takes only what was public by that day; None takes all. With a period it is ignored: days of
    observation at points are held as they stand, without when each became public.

    Returns
    -------
    pd.DataFrame or None
        Columns of `ABSENT`, by last count, largest first: key, name, area and the area around it, whether it
        could be reached, round and day of the last visit, the count of the last visit that has one and its round.
        A count that is now withheld is missing, and `withheld` says so. None where no visits were published.
    """
    held = queries.catalogue(release)
    held.operation(operation)
    if isinstance(when, DateSpan):
        if not held_by(release, "flow_days"):
            return None
        days = {"since": when.first, "until": when.last}
        return _typed(asked(release, POINTS_ABSENT, operation=operation, **days))
    found = effort(release, operation, "", as_known_on)
    if found is None or found.basis is not Basis.SITES or found.at(when) is None:
        return None
    sql = SITES_ABSENT_BY_AREA if held_by(release, "site_identities", "areas") else SITES_ABSENT
    given = {"round": when, "indicator": held.lead[operation], "known": as_known_on or date.max}
    return _typed(asked(release, sql, operation=operation, **given))


def out_of_reach(absent: pd.DataFrame) -> dict[str, int]:
    """The areas with sites that could not be reached, with how many; the area around a site where it is known."""
    lost = absent[(~absent["reached"]).fillna(value=False).astype(bool)]
    where = lost["within"].where(lost["within"] != "", lost["area"])
    return {str(name): int(count) for name, count in where.value_counts(sort=True).items()}


def asked(release: Release, sql: str, /, **parameters: object) -> pd.DataFrame:
    """The rows that answer a question with named parameters."""
    with release.cursor() as cursor:
        return cursor.execute(sql, parameters).df()


def held_by(release: Release, *tables: str) -> bool:
    """Whether a release holds all of these tables: older ones lack some."""
    return set(tables) <= {resource.family for resource in release.resources.values()}


@lru_cache(maxsize=64)  # read once for every figure and day of an operation; never changed
def _observed(release: Release, operation: str, basis: Basis) -> pd.DataFrame | None:
    """What was observed at sites by round, or at points by month, dated; None where nothing of it was published."""
    by_site = basis is Basis.SITES
    if not held_by(release, "site_effort" if by_site else "flow_days"):
        return None
    rows = asked(release, BY_ROUND if by_site else BY_MONTH, operation=operation)
    if rows.empty:
        return None
    if by_site:
        return _whole(_dated(rows, queries.catalogue(release), operation))
    return _whole(rows.assign(last=rows["first"] + pd.offsets.MonthEnd(0), round=None))


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with every column of an effort: missing numbers of what was not published, precision exact if not said."""
    absent = dict.fromkeys(name for name in NUMBERS if name not in rows.columns)
    precision = {} if "precision" in rows.columns else {"precision": Precision.EXACT.value}
    return _as_numbers(rows.assign(**absent, **precision))


def _as_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with numbers that may be missing; what is so already is not made again."""
    kinds = {"round": pd.Int64Dtype()} | dict.fromkeys(NUMBERS, pd.Float64Dtype())
    other = {name: kind for name, kind in kinds.items() if rows.dtypes[name] != kind}
    return rows.astype(other) if other else rows


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    day = pd.to_datetime(rows["last_day"].replace("", None))
    return rows.assign(last_day=day)[list(ABSENT)].astype(dict(ABSENT))


def _dated(rows: pd.DataFrame, held: Catalogue, operation: str) -> pd.DataFrame:
    """Rows by round with the days of their rounds."""
    spans = [held.round(operation, int(number)).period for number in rows["round"]]
    return rows.assign(
        first=pd.to_datetime([span.first for span in spans]),
        last=pd.to_datetime([span.last for span in spans]),
    )


def _public(
    release: Release, about: Indicator | None, rows: pd.DataFrame, as_known_on: date | None
) -> pd.DataFrame:
    """The rows of periods that some figure of the indicator was public of by a day."""
    if as_known_on is None or about is None:
        return rows
    return rows[rows["last"].isin(queries.series(release, about.key, as_known_on).values["last"])]


def _of_list(
    release: Release, held: Catalogue, whose: Operation, about: Indicator, as_known_on: date | None
) -> Effort | None:
    """The number of sites on the list: no visits were published."""
    series = queries.series(release, about.effort, as_known_on)
    rows = series.values[series.values["value"].notna()]
    if rows.empty or series.granularity is not Granularity.ROUND:
        return None
    made = _whole(rows[["round", "first", "last", "precision"]].assign(listed=rows["value"]))
    return _made(held, whose, Basis.LIST, made, held.indicators[about.effort], series.provenance)


def _made(
    held: Catalogue,
    whose: Operation,
    basis: Basis,
    rows: pd.DataFrame,
    about: Indicator | None,
    more: Provenance | None = None,
) -> Effort:
    base = _provenance(held, whose, about)
    provenance = base if more is None else unite([more, base])
    return Effort(operation=whose, basis=basis, rows=rows, provenance=provenance)


def _provenance(held: Catalogue, whose: Operation, about: Indicator | None) -> Provenance:
    """What stands with an effort: the notes of the indicator that it is of."""
    key = None if about is None else about.key
    method = (
        held.methods[about.method]
        if about is not None
        else next(m for m in held.methods.values() if m.key.startswith(whose.key))
    )
    return Provenance(
        operations=(whose,),
        sources=(method.source,),
        methods=(method,),
        caveats=held.caveats_of(whose.key, key),
        events=held.events_of(whose.key, key),
        coverage=(),
    )

"""The sites of a count that were taken off its list, with what was published of them by round.

SQL with named parameters, and the rows that it gives; what is computed from them stands in `data.lists`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pandas as pd

from data import queries
from data.codes import Precision, State
from data.errors import Unknown
from data.model import Row, records
from data.queries import Indicator
from data.site_queries import LATEST, TOTAL_ROWS
from data.store import Release

# The newest publication of each round of a site, of those known on a day.
NEWEST = f"""
  SELECT * FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY place, round ORDER BY kind DESC, known_by DESC, id DESC) AS newest
    FROM observations
    WHERE {TOTAL_ROWS} AND round IS NOT NULL AND place IN (SELECT key FROM sites WHERE operation = $operation)
  ) AS vintages WHERE newest = 1
"""  # noqa: S608 - constants of this module alone are put in
# Every publication of every round of the sites that were taken off the list in one of them, the newest first.
OFF_ROWS = f"""
WITH off AS (
  SELECT place FROM observations WHERE {TOTAL_ROWS} AND state = 'delisted'
  UNION SELECT site AS place FROM site_states WHERE state = 'delisted'
)
SELECT n.place AS site, p.name, n.round, n.value, n.precision, n.state, n.id, n.known_by, n.last, n.source
FROM (SELECT * FROM observations WHERE {TOTAL_ROWS} AND round IS NOT NULL AND place IN (SELECT place FROM off)) AS n
JOIN sites AS p ON p.key = n.place WHERE p.operation = $operation
ORDER BY n.place, n.round, n.kind DESC, n.known_by DESC, n.id DESC
"""  # noqa: S608 - as above
OFF_STATES = """
SELECT s.site, s.round, s.state, s.first, s.last, s.source, s.event
FROM site_states AS s JOIN sites AS p ON p.key = s.site
WHERE p.operation = $operation AND s.round IS NOT NULL
  AND s.site IN (SELECT site FROM site_states WHERE state = 'delisted')
ORDER BY s.site, s.round
"""
# The sites that have a value in every one of some rounds, summed by round; `ids` is empty where they are very many.
MOST_IDS = 2000
SAME_ROWS = f"""
WITH counted AS (
  SELECT place, round, value, "precision", id, known_by, source FROM ({NEWEST}) AS n
  WHERE value IS NOT NULL AND list_contains($rounds::BIGINT[], round)
),
same AS (SELECT place FROM counted GROUP BY place HAVING COUNT(*) = len($rounds::BIGINT[]))
SELECT round, SUM(value) AS value, COUNT(*) AS sites, MAX(known_by) AS known_by,
       BOOL_AND("precision" = 'exact') AS exact, LIST(DISTINCT source ORDER BY source) AS sources,
       CASE WHEN COUNT(*) <= {MOST_IDS} THEN LIST(id ORDER BY id) ELSE [] END AS ids
FROM counted JOIN same USING (place) GROUP BY round ORDER BY round
"""  # noqa: S608 - as above
ANY_SITE = f"""
SELECT 1 AS held FROM observations WHERE {TOTAL_ROWS} AND round IS NOT NULL AND value IS NOT NULL AND place <> ''
  AND place IN (SELECT key FROM sites WHERE operation = $operation) LIMIT 1
"""  # noqa: S608 - as above
# Whether any site has a value in every one of some rounds: one reading, without the order of publications.
ANY_SAME = f"""
SELECT COUNT(*) AS sites FROM (
  SELECT place FROM observations
  WHERE {TOTAL_ROWS} AND value IS NOT NULL AND list_contains($rounds::BIGINT[], round)
    AND place IN (SELECT key FROM sites WHERE operation = $operation)
  GROUP BY place HAVING COUNT(DISTINCT round) = len($rounds::BIGINT[])
) AS same
"""  # noqa: S608 - as above


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """What was published of one site, a row a round (`round`, `value`, `state`, `last`, …), in their order."""

    key: str
    name: str
    rows: tuple[Row, ...]

    def off(self, number: int) -> Row | None:
        """The row that took it off the list it is off in a round; None where it is on it, closed, or not yet known.

        A round of which nothing is said changes nothing: what was taken off stays off.
        """
        said = [row for row in self.rows if row["round"] <= number and row["state"] != State.NO_DATA]
        return said[-1] if said and said[-1]["state"] == State.DELISTED else None

    def count(self, number: int) -> Row | None:
        """Its count in a round, None where it has none."""
        return next(
            (row for row in self.rows if row["round"] == number and not pd.isna(row["value"])),
            None,
        )

    def said_counted(self, number: int) -> bool:
        """Whether it was said to be counted in a round, with or without a value."""
        return any(row["round"] == number and row["state"] == State.COUNTED for row in self.rows)

    def last_count(self, number: int) -> Row | None:
        """Its last count up to a round."""
        counts = [row for row in self.rows if row["round"] <= number and not pd.isna(row["value"])]
        return counts[-1] if counts else None


@lru_cache(maxsize=256)  # a release never changes: the same question has the same answer
def by_site(release: Release, operation: str, indicator: str) -> bool:
    """Whether counts by site and round are held of an indicator at all."""
    return not _frame(release, ANY_SITE, operation=operation, indicator=indicator, day=LATEST).empty


@lru_cache(maxsize=256)  # as by_site
def taken_off(release: Release, indicator: str, as_known_on: date | None = None) -> tuple[Site, ...]:
    """The sites of a count that were ever taken off its list, as known on a day; () where none was.

    A state that stands in the register of sites alone counts from the day on which its source was surely public.

    Raises
    ------
    Unknown
        If the release holds no such indicator.
    """
    held = queries.catalogue(release)
    if indicator not in held.indicators:
        raise Unknown("indicator", indicator, [(i.key, i.subject.en) for i in held.indicators.values()])
    about = held.indicators[indicator]
    if not by_site(release, about.operation, indicator):
        return ()
    names, versions = _versions(release, about)
    told: dict[str, list[Row]] = {}
    beside: set[tuple[str, int]] = set()
    for row in versions:
        version = row["site"], row["round"]
        if version not in beside and (as_known_on is None or row["known_by"] <= pd.Timestamp(as_known_on)):
            beside.add(version)
            told.setdefault(row["site"], []).append(row)
    for row in _states(release, about.operation):
        public = held.sources[row["source"]].public_by(row["first"].date())
        known = as_known_on is None or (public is not None and public <= as_known_on)
        if row["site"] in told and known and (row["site"], row["round"]) not in beside:
            told[row["site"]].append(
                row | {"value": float("nan"), "precision": Precision.EXACT.value, "id": "",
                       "known_by": pd.NaT if public is None else pd.Timestamp(public)}
            )  # fmt: skip
    sites = (
        Site(key=key, name=names[key], rows=tuple(sorted(of_site, key=lambda row: row["round"])))
        for key, of_site in told.items()
    )
    return tuple(s for s in sites if any(row["state"] == State.DELISTED for row in s.rows))


@lru_cache(maxsize=16)  # read once for every day as of which it is asked; never changed
def _versions(release: Release, about: Indicator) -> tuple[dict[str, str], tuple[Row, ...]]:
    """The names of the sites that were ever taken off a list, and every version of their rows, the newest first."""
    rows = _asked(release, OFF_ROWS, about, None)
    names = dict(zip(rows["site"], rows["name"], strict=True))
    return names, tuple(row for _, row in records(rows.drop(columns="name")))


@lru_cache(maxsize=16)  # as _versions
def _states(release: Release, operation: str) -> tuple[Row, ...]:
    """What the register of sites says by round of the sites that were ever taken off the list."""
    return tuple(row for _, row in records(_frame(release, OFF_STATES, operation=operation)))


def sites_of_events(release: Release, operation: str) -> dict[str, list[str]]:
    """The sites that the register of sites names with each event, of those that were ever taken off the list."""
    found: dict[str, list[str]] = {}
    for row in _states(release, operation):
        if row["event"]:
            found.setdefault(row["event"], []).append(row["site"])
    return found


def same_sites(
    release: Release, about: Indicator, rounds: Sequence[int], as_known_on: date | None
) -> pd.DataFrame:
    """The sums over the sites that have a value in every one of some rounds; empty where there are none.

    Returns
    -------
    pd.DataFrame
        round, value, sites (how many), known_by, exact, sources (keys), ids (empty where they are very many).
    """
    return _asked(release, SAME_ROWS, about, as_known_on, rounds=list(rounds))


def any_same(release: Release, about: Indicator, rounds: Sequence[int], as_known_on: date | None) -> bool:
    """Whether any site has a value in every one of some rounds."""
    if not by_site(release, about.operation, about.key):
        return False
    found = _asked(release, ANY_SAME, about, as_known_on, rounds=list(rounds))
    return bool(found["sites"].iloc[0])


def _asked(release: Release, sql: str, about: Indicator, day: date | None, **more: object) -> pd.DataFrame:
    asked = {"operation": about.operation, "indicator": about.key, "day": day or LATEST}
    return _frame(release, sql, **asked, **more)


def _frame(release: Release, sql: str, **parameters: object) -> pd.DataFrame:
    with release.cursor() as cursor:
        return cursor.execute(sql, parameters).df()

"""Questions to a release about totals and sites by round: frames out of SQL with named parameters. No arithmetic.

Every function takes the day by which a value must have been public; None takes the newest.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pandas as pd

from data.parts import STATES
from data.store import Release

LATEST = date(9999, 12, 31)
TOTAL_ROWS = """
  operation = $operation AND indicator = $indicator AND sex = '' AND age = '' AND reason = '' AND origin = ''
  AND destination = '' AND assessment = '' AND known_by <= $day
"""
# One row a round (or period where there is none) and vintage; of the first and of the newest vintage.
VINTAGES = f"""
SELECT id, round, period, first, last, value, precision, kind, known_by,
       ROW_NUMBER() OVER (PARTITION BY round, CASE WHEN round IS NULL THEN period ELSE '' END
                          ORDER BY kind DESC, known_by, id) AS from_first,
       ROW_NUMBER() OVER (PARTITION BY round, CASE WHEN round IS NULL THEN period ELSE '' END
                          ORDER BY kind DESC, known_by DESC, id DESC) AS from_newest
FROM observations WHERE {TOTAL_ROWS} AND place = $area
ORDER BY last, known_by, id
"""  # noqa: S608 - TOTAL_ROWS is a constant of this module
TOTAL_OF_O = TOTAL_ROWS.replace(
    "  operation =", "  o.operation ="
)  # beside sites, which have an operation too
CODE = "CASE s.state " + " ".join(f"WHEN '{state}' THEN {at}" for at, state in enumerate(STATES)) + " END"
NUMBERED = """
SELECT key AS site, name, ROW_NUMBER() OVER (ORDER BY key) - 1 AS nth FROM sites WHERE operation = $operation
"""
# Older publications first: where a site was published twice for a round, the newest is the last.
VALUES_BY_ROUND = f"""
SELECT n.nth, o.round, o.value FROM observations AS o JOIN ({NUMBERED}) AS n ON n.site = o.place
WHERE {TOTAL_OF_O} AND o.round IS NOT NULL ORDER BY o.known_by, o.id
"""  # noqa: S608 - constants of this module alone are put in
STATES_BY_ROUND = f"""
SELECT n.nth, s.round, {CODE} AS state FROM site_states AS s JOIN ({NUMBERED}) AS n ON n.site = s.site
WHERE s.round IS NOT NULL ORDER BY s.last, state
"""  # noqa: S608 - as above
CLOSURES_BY_SITE = f"""
SELECT n.nth, c.round, c.reason FROM site_closures AS c JOIN ({NUMBERED}) AS n ON n.site = c.site
ORDER BY c.round, c.reason
"""  # noqa: S608 - as above
IDENTITIES_AT = """
SELECT i.site, i.name, i.pcode, i.match, i.first_round
FROM site_identities AS i
JOIN (SELECT site, MAX(first_round) AS first_round FROM site_identities WHERE first_round <= $round GROUP BY site) AS l
  ON l.site = i.site AND l.first_round = i.first_round
JOIN sites AS p ON p.key = i.site
WHERE p.operation = $operation
"""
UNSURE_SINCE = """
SELECT i.site, i.first_round FROM site_identities AS i JOIN sites AS p ON p.key = i.site
WHERE p.operation = $operation AND i.match = 'unsure' AND i.first_round > $before AND i.first_round <= $after
"""
LINKS = """
SELECT l.site, l.kind, l.other, l.round, l.match, l.event
FROM site_links AS l JOIN sites AS p ON p.key = l.site WHERE p.operation = $operation
"""
AREAS = """
SELECT DISTINCT a.pcode AS code, a.name, a.level
FROM areas AS a JOIN observations AS o ON o.place = a.pcode
WHERE o.operation = $operation AND o.indicator = $indicator
ORDER BY a.level, a.pcode
"""


def vintages(release: Release, operation: str, indicator: str, area: str, day: date | None) -> pd.DataFrame:
    """Every publication of each total of an area ("" for the indicator's own place), by date."""
    return _frame(release, VINTAGES, operation=operation, indicator=indicator, area=area, day=day or LATEST)


def numbered_sites(release: Release, operation: str) -> pd.DataFrame:
    """The sites of an operation: site, name, nth (its number from 0, by key)."""
    return _frame(release, NUMBERED + " ORDER BY nth", operation=operation)


def values_by_round(release: Release, operation: str, indicator: str, day: date | None) -> pd.DataFrame:
    """Each publication of a value of a site: nth, round, value; the newest of a site and round is the last."""
    return _frame(release, VALUES_BY_ROUND, operation=operation, indicator=indicator, day=day or LATEST)


def states_by_round(release: Release, operation: str) -> pd.DataFrame:
    """The state of each site in each round that has a row of it: nth, round, state (place in `STATES`)."""
    return _frame(release, STATES_BY_ROUND, operation=operation)


def closures_by_site(release: Release, operation: str) -> pd.DataFrame:
    """The closures that were published: nth, round, reason."""
    return _frame(release, CLOSURES_BY_SITE, operation=operation)


@lru_cache(maxsize=4)  # a release never changes, and two rounds are held against each other area by area
def identities_at(release: Release, operation: str, number: int) -> pd.DataFrame:
    """The name, area code and certainty of each site's last identity up to a round; read only."""
    return _frame(release, IDENTITIES_AT, operation=operation, round=number)


def unsure_since(release: Release, operation: str, before: int, after: int) -> pd.DataFrame:
    """The sites whose identity became unsure after one round and up to another."""
    return _frame(release, UNSURE_SINCE, operation=operation, before=before, after=after)


def links(release: Release, operation: str) -> pd.DataFrame:
    """Merges, splits and entries that may be one site."""
    return _frame(release, LINKS, operation=operation)


def areas(release: Release, operation: str, indicator: str) -> pd.DataFrame:
    """The areas that have values of an indicator: code, name, level."""
    return _frame(release, AREAS, operation=operation, indicator=indicator)


def _frame(release: Release, sql: str, **parameters: object) -> pd.DataFrame:
    with release.cursor() as cursor:
        # Through Arrow: texts of 100,000 sites then need no copy.
        rows: pd.DataFrame = cursor.sql(sql, params=parameters).to_arrow_table().to_pandas()
        return rows

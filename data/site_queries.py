"""Questions to a release about totals and sites by round: frames out of SQL with named parameters. No arithmetic.

Every function takes the day by which a value must have been public; None takes the newest.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

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
# One row a site that has a value in one of two rounds, or goes off the list between them. A site on the list has a
# row of states in each round; one that was taken off or closed keeps that state until a later row.
# Each round is asked for by itself: the store then reads the groups of rows that hold it, and no others.
VALUE_AT = f"""
  SELECT place, value FROM (
    SELECT place, value, ROW_NUMBER() OVER (PARTITION BY place ORDER BY known_by DESC, id DESC) AS newest
    FROM observations WHERE {TOTAL_ROWS} AND place <> '' AND round = $number
  ) AS vintages WHERE newest = 1
"""  # noqa: S608 - TOTAL_ROWS is a constant of this module
STATE_AT = """
  SELECT site, MIN(state) AS state, MAX(round) AS round FROM site_states WHERE round = $number GROUP BY site
"""
STAYS_AT = """
  SELECT s.site, MIN(s.state) AS state, MAX(s.round) AS round FROM site_states AS s
  JOIN (
    SELECT site, MAX(round) AS round FROM site_states
    WHERE round <= $number AND site IN (
      SELECT site FROM site_states WHERE state IN ('delisted', 'closed') AND round <= $number
    ) GROUP BY site
  ) AS l ON l.site = s.site AND l.round = s.round
  WHERE s.state IN ('delisted', 'closed') GROUP BY s.site
"""
KNOWN_AT = "SELECT DISTINCT site FROM site_identities WHERE first_round <= $number"


def _at(sql: str, side: str) -> str:
    """`sql` about one of the two rounds."""
    return sql.replace("$number", f"${side}")


SITES_BETWEEN = f"""
WITH value_before AS ({_at(VALUE_AT, "before")}), value_after AS ({_at(VALUE_AT, "after")}),
state_before AS ({_at(STATE_AT, "before")}), state_after AS ({_at(STATE_AT, "after")}),
stays_before AS ({_at(STAYS_AT, "before")}), stays_after AS ({_at(STAYS_AT, "after")}),
known_before AS ({_at(KNOWN_AT, "before")}), known_after AS ({_at(KNOWN_AT, "after")})
SELECT p.key AS site, p.name, vb.value AS before, va.value AS after,
       COALESCE(sb.state, tb.state, CASE WHEN kb.site IS NULL THEN NULL ELSE 'no_data' END) AS state_before,
       COALESCE(sa.state, ta.state, CASE WHEN ka.site IS NULL THEN NULL ELSE 'no_data' END) AS state_after,
       c.reason
FROM sites AS p
LEFT JOIN value_before AS vb ON vb.place = p.key
LEFT JOIN value_after AS va ON va.place = p.key
LEFT JOIN state_before AS sb ON sb.site = p.key
LEFT JOIN state_after AS sa ON sa.site = p.key
LEFT JOIN stays_before AS tb ON tb.site = p.key
LEFT JOIN stays_after AS ta ON ta.site = p.key
LEFT JOIN known_before AS kb ON kb.site = p.key
LEFT JOIN known_after AS ka ON ka.site = p.key
LEFT JOIN site_closures AS c ON c.site = p.key AND c.round > $before AND c.round <= $after
WHERE p.operation = $operation
  AND (vb.value IS NOT NULL OR va.value IS NOT NULL
       OR (COALESCE(sa.state, ta.state) = 'delisted' AND COALESCE(sb.state, tb.state, '') <> 'delisted'))
"""  # noqa: S608 - constants of this module alone are put in
IDENTITIES_AT = """
SELECT i.site, i.name, i.pcode, i.match, i.first_round
FROM site_identities AS i
JOIN (SELECT site, MAX(first_round) AS first_round FROM site_identities WHERE first_round <= $round GROUP BY site) AS l
  ON l.site = i.site AND l.first_round = i.first_round
JOIN sites AS p ON p.key = i.site
WHERE p.operation = $operation
"""
UNSURE_SINCE = """
SELECT i.site FROM site_identities AS i JOIN sites AS p ON p.key = i.site
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


def sites_between(
    release: Release, operation: str, indicator: str, before: int, after: int, day: date | None
) -> pd.DataFrame:
    """Each site with a value in one of two rounds: both values, both states, closure reason."""
    asked = {"operation": operation, "indicator": indicator, "before": before, "after": after}
    return _frame(release, SITES_BETWEEN, **asked, day=day or LATEST)


def identities_at(release: Release, operation: str, number: int) -> pd.DataFrame:
    """The name, area code and certainty of each site's last identity up to a round."""
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
        return cursor.execute(sql, parameters).df()

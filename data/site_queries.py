"""Questions to a release about totals and sites by round: frames out of SQL with named parameters. No arithmetic.

Every function takes the day by which a value must have been public; None takes the newest.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.codes import State
from data.parts import STATES
from data.store import Release

STAYS = (State.DELISTED, State.CLOSED)  # a state that holds until another row is published
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
CODE = "CASE state " + " ".join(f"WHEN '{state}' THEN {at}" for at, state in enumerate(STATES)) + " END"
LAST = (
    len(STATES) + 1
)  # of a round number times this, plus a state: one number of which the last can be taken
# One row a site that has a value in one of two rounds, or goes off the list between them. The last row up to a round
# gives the state: `round * LAST + state`, so that one reading of the table gives both sides.
# Each round of values is asked for by itself: the store then reads the groups of rows that hold it, and no others.
VALUE_AT = f"""
  SELECT place, value FROM (
    SELECT place, value, ROW_NUMBER() OVER (PARTITION BY place ORDER BY known_by DESC, id DESC) AS newest
    FROM observations WHERE {TOTAL_ROWS} AND place <> '' AND round = $number
  ) AS vintages WHERE newest = 1
"""  # noqa: S608 - constants of this module alone are put in
SITES_BETWEEN = f"""
WITH value_before AS ({VALUE_AT.replace("$number", "$before")}),
value_after AS ({VALUE_AT.replace("$number", "$after")}),
last_of AS (
  SELECT site, MAX(CASE WHEN round <= $before THEN round * {LAST} + {CODE} END) AS last_before,
         MAX(round * {LAST} + {CODE}) AS last_after
  FROM site_states WHERE round <= $after GROUP BY site
)
SELECT p.key AS site, p.name, vb.value AS before, va.value AS after, l.last_before, l.last_after, c.reason
FROM sites AS p
LEFT JOIN value_before AS vb ON vb.place = p.key
LEFT JOIN value_after AS va ON va.place = p.key
LEFT JOIN last_of AS l ON l.site = p.key
LEFT JOIN site_closures AS c ON c.site = p.key AND c.round > $before AND c.round <= $after
WHERE p.operation = $operation
  AND (vb.value IS NOT NULL OR va.value IS NOT NULL
       OR (l.last_after % {LAST} = {STATES.index(State.DELISTED)}
           AND l.last_before % {LAST} <> {STATES.index(State.DELISTED)}))
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
    """Each site with a value in one of two rounds.

    Returns
    -------
    pd.DataFrame
        site, name, before, after (missing: not counted), state_before, state_after (places in `STATES`, -1: not on
        the list then), reason of a closure. A count of an earlier round says nothing of this one: `no_data`.
    """
    asked = {"operation": operation, "indicator": indicator, "before": before, "after": after}
    rows = _frame(release, SITES_BETWEEN, **asked, day=day or LATEST)
    for side, number in (("before", before), ("after", after)):
        last = rows.pop(f"last_{side}").to_numpy("float64", na_value=-1.0)
        state = (last % LAST).astype(int)
        stands = (last // LAST == number) | np.isin(state, [STATES.index(one) for one in STAYS])
        rows[f"state_{side}"] = np.where(last < 0, -1, np.where(stands, state, STATES.index(State.NO_DATA)))
    return rows


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
        # Through Arrow: texts of 100,000 sites then need no copy.
        rows: pd.DataFrame = cursor.sql(sql, params=parameters).to_arrow_table().to_pandas()
        return rows

"""Whether the counts of single sites are of another version than the figures that were known of a round on a day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from data.catalogue import frame
from data.store import Release

# Each place that the first figure of a round was published for: its value then and now, and whether it was mended.
VERSIONS = """
SELECT place, place IN (SELECT key FROM sites WHERE operation = $operation) AS single,
       ARG_MAX(value, (known_by, id)) FILTER (known_by <= $day) AS before,
       ARG_MAX(value, (known_by, id)) AS newest, MAX(known_by) > $day AS later
FROM observations
WHERE operation = $operation AND indicator = $indicator AND round = $round AND sex = '' AND age = '' AND reason = ''
  AND origin = '' AND destination = '' AND assessment = ''
GROUP BY place HAVING MIN(known_by) <= $day
"""


@lru_cache(maxsize=256)  # a release never changes
def newest_alone(release: Release, operation: str, indicator: str, number: int, day: date) -> bool:
    """Whether sites have no version of a round as known on a day, although the total or an area has another one.

    Parameters
    ----------
    release : Release
        Where everything is taken from.
    operation, indicator : str
        The operation, and its first figure.
    number : int
        The round.
    day : date
        As known on which day.

    Returns
    -------
    bool
        False where no site has a count that was public by then, where sites were mended later and so have versions,
        and where their sum is the total that was known then.
    """
    found = frame(
        release, VERSIONS, operation=operation, indicator=indicator, round=number, day=day.isoformat()
    )
    single = found["single"].astype(bool)
    sites, others = found[single], found[~single]
    counted = sites["before"].notna()
    if not counted.any() or sites["later"].astype(bool).any():
        return False
    total = others.loc[others["place"] == "", "before"]
    if (total == sites["before"].sum()).any():
        return False
    both = others["before"].notna() & others["newest"].notna()
    return bool((both & (others["before"] != others["newest"])).any())

"""All that is held of one site, round by round: figures, visits, services, names, links and what lies near it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Geod

from data import queries
from data.site_columns import has_table
from data.store import Release

NEAR = 5  # sites
_SPHERE = Geod(ellps="WGS84")
_NO_DAY = date(9999, 12, 31)

# The newest publication of each figure of the site that was public on the day, also by sex and age.
FIGURES = """
SELECT indicator, round, "when", value, precision, state, sex, age FROM (
  SELECT o.indicator, o.round, o.period AS "when", o.value, o.precision, o.state, o.sex, o.age,
         ROW_NUMBER() OVER (
           PARTITION BY o.indicator, o.round, o.sex, o.age ORDER BY o.known_by DESC, o.id DESC) AS nth
  FROM observations AS o
  WHERE o.operation = $operation AND o.place = $site AND o.round IS NOT NULL AND o.kind = 'published'
    AND o.reason = '' AND o.origin = '' AND o.destination = '' AND o.assessment = '' AND o.known_by <= $day
) WHERE nth = 1 ORDER BY round, indicator, sex, age
"""
EFFORT = "SELECT round, reached, visited, day, informants FROM site_effort WHERE site = $site ORDER BY round"
SERVICES = "SELECT round, service, status FROM site_services WHERE site = $site ORDER BY service, round"
IDENTITIES = """
SELECT first_round, last_round, code, name, name_ar, setting, pcode, match, source
FROM site_identities WHERE site = $site ORDER BY first_round
"""
CLOSURES = """
SELECT round, "when", reason, source FROM site_closures WHERE site = $site ORDER BY round
"""
LINKS = """
SELECT l.kind, l.other, p.name, l.round, l.match, FALSE AS back
FROM site_links AS l JOIN sites AS p ON p.key = l.other WHERE l.site = $site
UNION ALL
SELECT l.kind, l.site, p.name, l.round, l.match, TRUE AS back
FROM site_links AS l JOIN sites AS p ON p.key = l.site WHERE l.other = $site
ORDER BY 4, 2
"""
# Every site within a square around the place; the few in it are then measured on the ellipsoid.
AROUND = """
SELECT key, name, lon, lat FROM sites
WHERE operation = $operation AND layer = $layer AND key <> $site
  AND lon BETWEEN $west AND $east AND lat BETWEEN $south AND $north
"""
_SQUARES = (0.05, 0.5, 5.0, 90.0)  # half the side in degrees: the next where the last held too few


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A site near another one."""

    key: str
    name: str
    metres: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteRecord:
    """One site by round; each frame has columns as its SQL says and only what was public on the asked day.

    `figures` has one row an indicator and round, `groups` one more by sex and age, `effort` one a round, `services`
    one a service and round.
    """

    figures: pd.DataFrame
    groups: pd.DataFrame
    states: pd.DataFrame
    effort: pd.DataFrame
    services: pd.DataFrame
    identities: pd.DataFrame
    closures: pd.DataFrame
    links: pd.DataFrame

    def until(self, number: int | None) -> SiteRecord:
        """Only what is of a round up to one, names aside; None: everything."""
        if number is None:
            return self
        names = ("figures", "groups", "states", "effort", "services", "closures", "links")
        parts = {name: getattr(self, name) for name in names}
        return replace(self, **{name: part[~(part["round"] > number)] for name, part in parts.items()})

    def at(self, number: int | None) -> Mapping[str, Any] | None:
        """What the site was called, and how it was classed, at a round; None where no identity is held.

        Without a round it is the last identity; before the first one it is the first.
        """
        rows = self.identities.to_dict("records")
        if not rows:
            return None
        until = [row for row in rows if number is None or row["first_round"] <= number]
        return {str(name): cell for name, cell in (until or rows[:1])[-1].items()}


def site_record(release: Release, operation: str, site: str, as_known_on: date | None = None) -> SiteRecord:
    """All that is held of a site.

    Parameters
    ----------
    release, operation, site : Release, str, str
        Where it is read, and the keys of the operation and the site.
    as_known_on : date, optional
        Only rounds of which a figure was surely public by that day, and of each figure and state its newest
        publication by then. A link without a round was not surely public on any day. None takes the newest.
    """
    every = _frame(release, FIGURES, operation=operation, site=site, day=as_known_on or _NO_DAY)
    plain = (every["sex"] == "") & (every["age"] == "")
    public = None
    if as_known_on is not None:
        by = queries.rounds_public(release, operation)
        public = {number for number, (first, _) in by.items() if first <= as_known_on}

    def of_site(table: str, sql: str, columns: str) -> pd.DataFrame:
        if not has_table(release, table):  # a release may hold none of what this one asks for
            return pd.DataFrame(columns=columns.split())
        return _frame(release, sql, site=site)

    def dated(table: str, sql: str, columns: str) -> pd.DataFrame:
        rows = of_site(table, sql, columns)
        return rows if public is None else rows[rows["round"].isin(public)].reset_index(drop=True)

    names = of_site(
        "site_identities", IDENTITIES, "first_round last_round code name name_ar setting pcode match source"
    )
    if public is not None:
        names = names[names["first_round"].isin(public)].reset_index(drop=True)
    states = queries.site_history(release, operation, site, as_known_on)
    return SiteRecord(
        figures=every[plain].drop(columns=["sex", "age"]).reset_index(drop=True),
        groups=every[~plain].reset_index(drop=True),
        states=states.loc[states["round"].notna(), ["round", "state"]].reset_index(drop=True),
        effort=dated("site_effort", EFFORT, "round reached visited day informants"),
        services=dated("site_services", SERVICES, "round service status"),
        identities=names,
        closures=dated("site_closures", CLOSURES, "round when reason source"),
        links=dated("site_links", LINKS, "kind other name round match back"),
    )


def nearest(
    release: Release, operation: str, layer: str, site: str, lon: float, lat: float, most: int = NEAR
) -> list[Near]:
    """The sites nearest to a place, nearest first.

    Parameters
    ----------
    release, operation, layer, site : Release, str, str, str
        Where they are read; `layer` is the register or the reports of the public; `site` is left out.
    lon, lat : float
        Degrees in EPSG:4326.
    most : int
        So many at most.

    Returns
    -------
    list of Near
        With distances in metres on the ellipsoid; [] where no other site has a location.
    """
    found: list[Near] = []
    for half in _SQUARES:
        wide = half / max(0.05, float(np.cos(np.radians(lat))))
        rows = _frame(
            release, AROUND, operation=operation, layer=layer, site=site,
            west=lon - wide, east=lon + wide, south=lat - half, north=lat + half,
        )  # fmt: skip
        if rows.empty:
            continue
        here = np.full(len(rows), lon), np.full(len(rows), lat)
        _, _, metres = _SPHERE.inv(*here, rows["lon"].to_numpy(), rows["lat"].to_numpy())
        order = np.argsort(metres, kind="stable")[:most]
        cells = rows.to_dict("records")
        found = [
            Near(key=c["key"], name=c["name"], metres=float(m), lon=float(c["lon"]), lat=float(c["lat"]))
            for c, m in ((cells[i], metres[i]) for i in order)
        ]
        sure = half * 110_000  # whatever lies outside the square is farther than this
        if len(found) == most and found[-1].metres <= sure:
            return found
    return found


def _frame(release: Release, sql: str, **parameters: object) -> pd.DataFrame:
    with release.cursor() as cursor:
        return cursor.execute(sql, parameters).df()

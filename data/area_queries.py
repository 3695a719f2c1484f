"""Questions to a release about areas: their boundaries by version, and what was published or found in each.

What every date of a map asks again (all rounds of all areas, all years of residents) is read once and kept: a
release never changes. Nothing is computed here but sums of a list that one query returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.dates import DateSpan
from data.store import Release

LEVELS = ("adm0", "adm1", "adm2", "adm3")
COLUMNS = ("pcode", "name", "name_ar", "parent", "iso3", "level", "version", "was", "source", "geometry")
VERSIONS = """
SELECT iso3, version, MIN(first_round) AS first_round, MIN(valid_from) AS valid_from, MAX(valid_to) AS valid_to
FROM areas GROUP BY iso3, version ORDER BY iso3, version
"""
TREE = "SELECT pcode, parent, level FROM areas WHERE iso3 = $iso3 AND version = $version"
# The newest publication of each figure by a day; one that somebody published before one that was computed.
VALUES = """
SELECT place AS pcode, round, last, value, "precision", state, note_en, note_fr, source
FROM observations
WHERE operation = $operation AND indicator = $indicator AND place IN (SELECT DISTINCT pcode FROM areas)
  AND sex = '' AND age = '' AND reason = '' AND origin = '' AND destination = '' AND assessment = ''
  AND known_by <= $day
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY place, round, last ORDER BY kind = 'published' DESC, known_by DESC, id DESC) = 1
ORDER BY last, place
"""
EFFORT = """
SELECT COALESCE(i.pcode, s.commune_pcode, '') AS pcode, e.round, COUNT(*) AS listed,
       COUNT(*) FILTER (WHERE e.visited) AS visited
FROM site_effort AS e JOIN sites AS s ON s.key = e.site
LEFT JOIN site_identities AS i ON i.site = e.site AND i.first_round <= e.round
  AND (i.last_round IS NULL OR i.last_round >= e.round)
WHERE s.operation = $operation
GROUP BY ALL ORDER BY e.round, pcode
"""
RESIDENTS = (
    'SELECT pcode, version, year, value, "precision", source FROM residents ORDER BY pcode, version, year'
)
IDENTITIES = """
SELECT i.site, i.pcode FROM site_identities AS i JOIN sites AS s ON s.key = i.site
WHERE s.operation = $operation AND i.first_round <= $round AND (i.last_round IS NULL OR i.last_round >= $round)
"""
LATEST = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a country's boundaries, and from when it holds."""

    number: int
    first_round: int | None
    valid_from: date | None
    valid_to: date | None

    def holds(self, on: date, round_: int | None) -> bool:
        """Whether it is valid in a round, or on a day where the round has no number."""
        if round_ is not None and self.first_round is not None:
            return round_ >= self.first_round
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


def own(release: Release, iso3: str) -> bool:
    """Whether the release holds own areas of a country, beside the embedded borders."""
    return iso3 in versions(release)


@lru_cache(maxsize=32)  # a release never changes; so below
def versions(release: Release) -> Mapping[str, tuple[Version, ...]]:
    """The versions of own boundaries by country, the oldest first."""
    found: dict[str, list[Version]] = {}
    if "areas" not in release.resources:
        return {}
    for row in _frame(release, VERSIONS).to_dict("records"):
        made = Version(
            number=int(row["version"]),
            first_round=None if pd.isna(row["first_round"]) else int(row["first_round"]),
            valid_from=_day(row["valid_from"], last=False),
            valid_to=_day(row["valid_to"], last=True),
        )
        found.setdefault(str(row["iso3"]), []).append(made)
    return {iso3: tuple(of) for iso3, of in found.items()}


def version_at(release: Release, iso3: str, on: date, round_: int | None) -> int | None:
    """The number of the boundaries that hold in a round or on a day; None where the country brings none.

    Before the first version the first one is taken, and between or after them the last that began: a map has borders
    on every day.
    """
    of = versions(release).get(iso3, ())
    begun = [version.number for version in of if version.valid_from is None or version.valid_from <= on]
    valid = [version.number for version in of if version.holds(on, round_)] or begun
    return max(valid, default=of[0].number if of else None)


@lru_cache(maxsize=64)
def areas(release: Release, iso3: str, level: str, version: int | None) -> gpd.GeoDataFrame:
    """The areas of a country and level, by code: columns `COLUMNS`, EPSG:4326.

    Parameters
    ----------
    release : Release
        Where they are taken from.
    iso3 : str
        The country.
    level : str
        One of `LEVELS`.
    version : int or None
        Of own boundaries; None takes the embedded borders of Natural Earth, which have two levels and whose
        areas go by their P-code or, without one, by the code that they have there.

    Returns
    -------
    GeoDataFrame, shape (n,)
        Empty where no boundaries of that level are held.
    """
    if version is not None:
        held = release.geoframe("areas")
        found = held[(held["iso3"] == iso3) & (held["level"] == level) & (held["version"] == version)]
        return _tidy(found)
    if level == "adm0":
        held = release.geoframe("boundaries/adm0")
        found = _finest(held[held["iso3"] == iso3])
        found = found.assign(pcode=found["iso3"], parent="")
    elif level == "adm1":
        held = release.geoframe("boundaries/adm1")
        found = held[(held["iso3"] == iso3) & (held["zoom"] == "country")]
        found = found.assign(pcode=found["pcode"].where(found["pcode"].notna(), found["code"]), parent=iso3)
    else:
        held = release.geoframe("boundaries/adm0")
        found = held.iloc[:0].assign(pcode="", parent="")
    return _tidy(found.assign(level=level, version=0, name_ar="", was="", source=""))


@lru_cache(maxsize=64)
def alike(release: Release, iso3: str, level: str, a: int | None, b: int | None) -> frozenset[str]:
    """The codes that stand for the same piece of land in two versions: same code, same border."""
    one, other = (areas(release, iso3, level, version).set_index("pcode") for version in (a, b))
    codes = one.index.intersection(other.index)
    shapes = [
        shapely.normalize(np.asarray(table.geometry.loc[codes], dtype=object)) for table in (one, other)
    ]
    same = shapely.equals_exact(shapes[0], shapes[1], tolerance=1e-9)
    return frozenset(codes[same])


@lru_cache(maxsize=64)
def inside(release: Release, iso3: str, version: int, level: str) -> Mapping[str, str]:
    """For each code of that version at or below a level: the area of the level that it lies in."""
    tree = _frame(release, TREE, iso3=iso3, version=version)
    parent = dict(zip(tree["pcode"], tree["parent"], strict=True))
    depth = dict(zip(tree["pcode"], tree["level"], strict=True))
    found = {}
    for code in parent:
        at: str | None = code
        while at is not None and depth.get(at) != level:
            at = parent.get(at)
        if at is not None:
            found[str(code)] = str(at)
    return found


@lru_cache(maxsize=16)
def values(release: Release, operation: str, indicator: str, known: date | None) -> pd.DataFrame:
    """Every figure of an indicator by area and round, the newest known by a day.

    Returns
    -------
    DataFrame, shape (n,)
        Columns pcode, round (missing where the producer gives none), last, value, precision, state, note_en,
        note_fr, source.
    """
    if "areas" not in release.resources:
        return pd.DataFrame(
            columns=["pcode", "round", "last", "value", "precision", "state", "note_en", "note_fr", "source"]
        )
    return _frame(release, VALUES, operation=operation, indicator=indicator, day=known or LATEST)


@lru_cache(maxsize=16)
def effort(release: Release, operation: str) -> pd.DataFrame:
    """Sites listed and visited by the area that each lay in, in that round: pcode, round, listed, visited."""
    if not {"site_effort", "site_identities"} <= set(release.resources):
        return pd.DataFrame(columns=["pcode", "round", "listed", "visited"])
    return _frame(release, EFFORT, operation=operation)


@lru_cache(maxsize=8)
def residents(release: Release) -> pd.DataFrame:
    """People who live in an area by version and year: pcode, version, year, value, precision, source."""
    if "residents" not in release.resources:
        return pd.DataFrame(columns=["pcode", "version", "year", "value", "precision", "source"])
    return _frame(release, RESIDENTS)


@lru_cache(maxsize=32)
def site_areas(release: Release, operation: str, round_: int | None) -> Mapping[str, str]:
    """The area code of each site as it was in a round; a site without an identity then is not there."""
    if "site_identities" not in release.resources or round_ is None:
        return {}
    rows = _frame(release, IDENTITIES, operation=operation, round=round_)
    return dict(zip(rows["site"].astype(str), rows["pcode"].astype(str), strict=True))


def _tidy(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return found[list(COLUMNS)].sort_values("pcode", kind="stable", ignore_index=True)


def _finest(countries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a country: the drawing with the most vertices."""
    if countries.empty:
        return countries
    vertices = shapely.get_num_coordinates(np.asarray(countries.geometry.array, dtype=object))
    return countries.iloc[[int(vertices.argmax())]]


def _day(text: object, *, last: bool) -> date | None:
    if not isinstance(text, str) or not text:
        return None
    span = DateSpan.parse(text)
    return span.last if last else span.first


def _frame(release: Release, sql: str, **parameters: object) -> pd.DataFrame:
    with release.cursor() as cursor:
        rows: pd.DataFrame = cursor.sql(sql, params=parameters).to_arrow_table().to_pandas()
        return rows

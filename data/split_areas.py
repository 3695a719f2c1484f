"""How what a change does not explain falls on the areas: only where counts by site are held for both of its rounds.

The rest of a whole is its published change less that of its sites. An area has such a rest of its own where its figures
were published exactly for both rounds in the same borders, and sites of it were counted in both. What is left then is
in no figure of an area, and stands as a row of its own: the rows sum to the rest exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from data import area_queries, site_queries
from data.area_queries import LEVELS
from data.codes import Precision
from data.parts import Change, Grade, PartKind, Rows, Side
from data.site_panel import panel
from data.split import sides_of
from data.store import Release

UNEXPLAINED = (PartKind.NOT_EXPLAINED, PartKind.RESIDUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestOf:
    """What is not explained of one area; `sites` are those that were counted in both rounds."""

    pcode: str
    name: str
    amount: float
    sites: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestByArea:
    """What is not explained of a change, by area. The rows and `elsewhere` sum to `amount`.

    Raises
    ------
    ValueError
        If they do not.
    """

    level: str
    amount: float
    rows: tuple[RestOf, ...]  # the largest first
    elsewhere: float  # of no area that it can be told of
    untold: int  # areas of the level that it cannot be told of

    def __post_init__(self) -> None:
        if sum(row.amount for row in self.rows) + self.elsewhere != self.amount:
            raise ValueError(f"The rest by area does not sum to {self.amount:.0f}.")


def rest_by_area(release: Release, change: Change) -> RestByArea | None:
    """What a change does not explain, by the areas of the next level; None where it cannot be told by area.

    Parameters
    ----------
    release : Release
        Where the change was taken from.
    change : Change
        As `split.change` made it.

    Returns
    -------
    RestByArea or None
        None without counts by site for both rounds, without a rest, or below the smallest areas.
    """
    parts = change.of(*UNEXPLAINED)
    a, b = change.first.round, change.second.round
    by_site = any(part.grade is Grade.BY_SITE for part in change.parts)
    if not parts or not by_site or a is None or b is None:
        return None
    operation = change.provenance.operations[0]
    iso3 = operation.iso3[0]
    versions = [
        area_queries.version_at(release, iso3, s.period.last, s.round) for s in (change.first, change.second)
    ]
    if versions[0] is None or versions[1] is None or len(operation.iso3) > 1:
        return None
    held = area_queries.areas(release, iso3, "adm0", versions[1])
    place = change.area or str(held["pcode"].iloc[0])
    level = _below(release, iso3, versions[1], place)
    if not level:
        return None
    upper = LEVELS[LEVELS.index(level) - 1]
    now = area_queries.areas(release, iso3, level, versions[1])
    inside = area_queries.inside(release, iso3, versions[1], upper)
    names = {
        str(code): str(name)
        for code, name in zip(now["pcode"], now["name"], strict=True)
        if inside.get(str(code)) == place
    }
    return _told(release, change, level, names, (versions[0], versions[1]))


def _told(
    release: Release, change: Change, level: str, names: Mapping[str, str], versions: tuple[int, int]
) -> RestByArea:
    operation = change.provenance.operations[0]
    same = area_queries.alike(release, operation.iso3[0], level, *versions)
    sites = _sites(release, change, level, versions)
    listed = [part.rows.table for part in change.of(*UNEXPLAINED) if isinstance(part.rows, Rows)]
    unexplained = {str(key) for table in listed for key in table["site"]}
    rows, elsewhere = [], sum(part.amount or 0 for part in change.of(*UNEXPLAINED))
    amount = elsewhere
    for code, name in names.items():
        before, after = sites[sites["area_before"] == code], sites[sites["area_after"] == code]
        both = after[after["before"].notna() & after["after"].notna() & (after["area_before"] == code)]
        published = _published(release, change, code) if code in same and len(both) else None
        if published is None:
            continue
        own = both[both["site"].isin(unexplained)]
        counted = float(after["after"].sum()) - float(before["before"].sum())
        of_area = published - counted + float(own["after"].sum()) - float(own["before"].sum())
        rows.append(RestOf(pcode=code, name=name, amount=of_area, sites=len(both)))
        elsewhere -= of_area
    rows.sort(key=lambda row: (-abs(row.amount), row.pcode))
    return RestByArea(
        level=level, amount=amount, rows=tuple(rows), elsewhere=elsewhere, untold=len(names) - len(rows)
    )


def _sites(release: Release, change: Change, level: str, versions: tuple[int, int]) -> pd.DataFrame:
    """The sites with a value in one of the rounds: site, before, after, area_before, area_after."""
    operation, a, b = change.provenance.operations[0], change.first.round, change.second.round
    if a is None or b is None:
        raise ValueError("A split by site has two rounds.")
    found = panel(release, operation.key, change.series.key, change.series.as_known_on).between(a, b)
    for name, number, version in (("area_before", a, versions[0]), ("area_after", b, versions[1])):
        identity = site_queries.identities_at(release, operation.key, number)
        codes = dict(zip(identity["site"].astype(str), identity["pcode"].astype(str), strict=True))
        within = area_queries.inside(release, operation.iso3[0], version, level)
        found[name] = [within.get(codes.get(str(site), ""), "") for site in found["site"]]
    return found


def _published(release: Release, change: Change, code: str) -> float | None:
    """The published change of an area between the two rounds, as it stands; None where it is not exact on both."""
    sides = {
        side.round: side for side in sides_of(release, change.series.key, code, change.series.as_known_on)
    }
    pair: list[Side | None] = [sides.get(side.round) for side in (change.first, change.second)]
    values = [side.value for side in pair if side is not None and side.precision is Precision.EXACT]
    return values[1] - values[0] if len(values) == len(pair) else None


def _below(release: Release, iso3: str, version: int, place: str) -> str:
    """The level below that of a place; "" below the smallest, or where the place is no area of the version."""
    for upper, level in pairwise(LEVELS):
        if place in set(area_queries.areas(release, iso3, upper, version)["pcode"]):
            return level
    return ""

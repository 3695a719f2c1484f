"""Which area lies in which, by the version of the boundaries that was valid on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from data.area_queries import version_at
from data.catalogue import catalogue, frame, records_of
from data.closure import closure
from data.store import Release

AREAS = """
SELECT pcode, version, level, name, name_ar, parent, iso3 FROM areas
WHERE iso3 IN (SELECT UNNEST($iso3::VARCHAR[])) ORDER BY version, level, pcode
"""
PLACES = """
SELECT pcode, level, name, parent FROM places WHERE iso3 IN (SELECT UNNEST($iso3::VARCHAR[])) ORDER BY level, pcode
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area with a code; `parent` is the code of the area that it lies in, "" where that is not held."""

    pcode: str
    level: str
    name: str
    name_ar: str
    parent: str


@dataclass(frozen=True, slots=True, eq=False)
class AreaTree:
    """Areas by code. `version` is that of the boundaries; None where only a list of codes is held.

    `former` are the areas of other versions whose code was not valid then: a site that still has one lies in the next
    larger area that was.
    """

    version: int | None
    areas: Mapping[str, Area]
    former: Mapping[str, Area] = field(default_factory=dict)

    def within(self, pcode: str) -> set[str]:
        """The codes of an area and of all that lie in it; empty where no such area was valid then."""
        if pcode not in self.areas:
            return set()
        children: dict[str, list[str]] = {}
        for area in (*self.areas.values(), *self.former.values()):
            children.setdefault(area.parent, []).append(area.pcode)
        return closure(pcode, children)

    def at_level(self, pcode: str, level: str) -> str:
        """The code of the area of a level that an area lies in; "" where there is none."""
        seen = set[str]()
        while pcode not in seen and (pcode in self.areas or pcode in self.former):
            seen.add(pcode)
            if pcode in self.areas and self.areas[pcode].level == level:
                return pcode
            pcode = (self.areas.get(pcode) or self.former[pcode]).parent
        return ""

    def of_level(self, pcode: str, level: str) -> set[str]:
        """The codes of a level that belong to an area: those that lie in it, itself, or the one that it lies in."""
        found = {
            code for code in self.within(pcode) if code in self.areas and self.areas[code].level == level
        }
        return found or {self.at_level(pcode, level)} - {""}


def tree_at(release: Release, operation: str, on: date) -> AreaTree:
    """The areas of an operation's countries as they were valid on a day.

    The version is that of `area_queries.version_at`, of the last round up to the day. Countries without boundaries of
    their own have the codes of the list of places.
    """
    held = catalogue(release)
    iso3 = list(held.operation(operation).iso3)
    number = next((r.number for r in reversed(held.rounds.get(operation, ())) if r.period.last <= on), None)
    return _tree(release, tuple((one, version_at(release, one, on, number)) for one in iso3))


@lru_cache(maxsize=16)  # one for all days of the same boundaries
def _tree(release: Release, of: tuple[tuple[str, int | None], ...]) -> AreaTree:
    """The areas of countries in these versions."""
    valid = dict(of)
    iso3 = list(valid)
    rows = records_of(frame(release, AREAS, iso3=iso3))
    version = max((of for of in valid.values() if of is not None), default=None)
    found = {row["pcode"]: _area(row) for row in rows if row["version"] == valid[row["iso3"]]}
    former = {row["pcode"]: _area(row) for row in rows if row["pcode"] not in found}
    if not found:
        for row in records_of(frame(release, PLACES, iso3=iso3)):
            found[row["pcode"]] = Area(
                pcode=row["pcode"],
                level=row["level"],
                name=row["name"],
                name_ar="",
                parent=row["parent"] or "",
            )
    return AreaTree(version, found, former)


def _area(row: Mapping[str, Any]) -> Area:
    return Area(**{name: row[name] or "" for name in ("pcode", "level", "name", "name_ar", "parent")})

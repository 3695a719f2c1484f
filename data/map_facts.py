"""Small facts about an operation that the controls of its map offer: services asked about, areas by level."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from data import queries
from data.area_tree import tree_at
from data.site_columns import has_table
from data.store import Release

SERVICES = """
SELECT DISTINCT v.service FROM site_services AS v JOIN sites AS s ON s.key = v.site
WHERE s.operation = $operation ORDER BY v.service
"""
COUNTED_AREAS = """
SELECT DISTINCT place FROM observations
WHERE operation = $operation AND indicator = $indicator AND place <> '' AND place IN (SELECT pcode FROM areas)
"""


OPERATIONAL = (
    "border_posts",
    "flow_pairs",
    "incidents",
    "rasters",
)  # tables of which an operation may have rows


class Area(NamedTuple):
    """An area of a boundary version."""

    pcode: str
    name: str
    level: str
    parent: str


@lru_cache(maxsize=64)  # a release never changes
def services(release: Release, operation: str) -> tuple[str, ...]:
    """The services that an operation asked its sites about, by name."""
    if not has_table(release, "site_services"):
        return ()
    with release.cursor() as cursor:
        rows = cursor.execute(SERVICES, {"operation": operation}).fetchall()
    return tuple(str(name) for (name,) in rows)


@lru_cache(maxsize=64)  # as above
def areas(release: Release, operation: str, on: date) -> tuple[Area, ...]:
    """The areas of an operation's countries in the boundary version that was valid on a day; () where none is held.

    An area of another version is not there: its code may have been another place.
    """
    if not has_table(release, "areas"):
        return ()
    tree = tree_at(release, operation, on)
    if tree.version is None:
        return ()
    found = (Area(area.pcode, area.name, area.level, area.parent) for area in tree.areas.values())
    return tuple(sorted(found, key=lambda area: (area.level, area.name, area.pcode)))


@lru_cache(maxsize=64)  # as above
def counted_areas(release: Release, operation: str) -> frozenset[str]:
    """The codes of the areas of which the operation published its first indicator."""
    if not has_table(release, "areas"):
        return frozenset()
    lead = queries.catalogue(release).lead[operation]
    with release.cursor() as cursor:
        rows = cursor.execute(COUNTED_AREAS, {"operation": operation, "indicator": lead}).fetchall()
    return frozenset(str(code) for (code,) in rows)


@lru_cache(maxsize=64)  # as above
def tables_of(release: Release, operation: str) -> frozenset[str]:
    """Which of the `OPERATIONAL` tables have rows of an operation; an older release may hold fewer tables."""
    found = set()
    with release.cursor() as cursor:
        for name in OPERATIONAL:
            if not has_table(release, name):
                continue
            asked = f"SELECT 1 FROM {name} WHERE operation = $operation LIMIT 1"  # noqa: S608 - one of four names
            if cursor.execute(asked, {"operation": operation}).fetchone():
                found.add(name)
    return frozenset(found)

"""Questions to a release about its places: sites and flow points at one date, and all that became known of a site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from data import codes
from data.catalogue import Catalogue, catalogue, frame, records_of, span_of
from data.model import Snapshot, Text
from data.site_columns import AGE_ROUNDS, public_of, rounds_public, rows, sites_at, snapshot
from data.site_slots import HELD_THEN, VERSIONS
from data.store import Release

__all__ = [
    "AGE_ROUNDS",
    "country_of",
    "flow_points",
    "places_public",
    "public_of",
    "rounds_public",
    "site_history",
    "sites",
]

STATES_OF_SITE = """
SELECT s.* FROM site_states AS s JOIN sites AS p ON p.key = s.site
WHERE p.operation = $operation AND s.site = $site ORDER BY s.last, s.first, s.state
"""
# The states that were surely public on a day. Where the value of a site was published again later, the row says what
# the newest publication by that day said; its own words are of the later one, and the event behind it too.
KNOWN_STATES_OF_SITE = f"""
WITH versions AS ({VERSIONS})
SELECT s.site, s."when", s.round, s.source, s.first, s.last,
       CASE WHEN v.place IS NULL THEN s.state ELSE v.state END AS state,
       CASE WHEN v.place IS NULL THEN s.value ELSE v.value END AS value,
       CASE WHEN v.place IS NULL THEN s.unit WHEN v.value IS NULL THEN '' ELSE $unit END AS unit,
       CASE WHEN v.place IS NULL THEN s."precision" WHEN v.value IS NULL THEN '' ELSE v."precision" END AS "precision",
       CASE WHEN v.place IS NULL THEN s.text_en ELSE v.note_en END AS text_en,
       CASE WHEN v.place IS NULL THEN s.text_fr ELSE v.note_fr END AS text_fr,
       CASE WHEN v.place IS NULL THEN s.event ELSE '' END AS event
FROM site_states AS s JOIN sites AS p ON p.key = s.site
LEFT JOIN versions AS v ON {HELD_THEN}
WHERE p.operation = $operation AND s.site = $site
  AND (s.round IN (SELECT UNNEST($rounds::BIGINT[]))
       OR (s.round IS NULL AND s.first <= $day AND s.source IN (SELECT UNNEST($sources::VARCHAR[]))))
  AND NOT EXISTS (SELECT 1 FROM versions AS w WHERE w.place = s.site AND w.round = s.round AND w.first_by > $day)
ORDER BY s.last, s.first, state
"""  # noqa: S608 - constants are put in
UNNUMBERED_STATES = """
SELECT DISTINCT s.source, s.first FROM site_states AS s JOIN sites AS p ON p.key = s.site
WHERE p.operation = $operation AND s.round IS NULL
"""
POINTS_OF = "SELECT * FROM flow_points WHERE operation = $operation ORDER BY key"
POINTS_PUBLIC = """
SELECT place, MIN(known_by) AS first_by FROM observations WHERE operation = $operation AND place <> '' GROUP BY place
"""


def sites(
    release: Release, operation: str, on: date, layer: codes.SiteLayer, as_known_on: date | None = None
) -> Snapshot:
    """All sites of a layer as they stood on a day, each in one of the seven states; see `site_columns`.

    Parameters
    ----------
    release, operation, on, layer, as_known_on
        As in `site_columns.sites_at`.

    Returns
    -------
    Snapshot
        One row a site, as in `site_columns.rows`.
    """
    return rows(release, sites_at(release, operation, on, as_known_on, layer))


def country_of(held: Catalogue, iso3: str) -> dict[str, str]:
    """The name of a country as the operations in it alone bear it; '' where none is held."""
    names = (o.country for o in held.operations.values() if o.iso3 == (iso3,))
    name = next(names, Text(""))
    return {f"country_{language}": name.to(language) for language in ("en", "fr")}


def flow_points(release: Release, operation: str, on: date, as_known_on: date | None = None) -> Snapshot:
    """The flow monitoring points of an operation; a point not yet open on that day says so.

    As known on a day, a point of which neither its source nor a figure was surely public has no date of opening
    and no note, and its `public` is False.
    """
    held = catalogue(release)
    first_by = {} if as_known_on is None else _points_public(release, operation)
    found = []
    for row in _points_of(release, operation):
        opening = span_of(row["active_from"])
        stated = held.sources[row["source"]].public_by(opening.first if opening else date.min)
        days = [day for day in (stated, first_by.get(row["key"])) if day is not None]
        public = as_known_on is None or any(day <= as_known_on for day in days)
        hidden = {} if public else {"active_from": "", "note_en": "", "note_fr": ""}
        opened = not public or opening is None or opening.first <= on
        found.append(
            dict(row)
            | hidden
            | country_of(held, row["iso3"])
            | {"state": codes.State.NO_DATA.value, "opened": opened, "public": public}
        )
    cited = {row["source"] for row in found}
    return snapshot(held, operation, f"{operation}-flow-points", pd.DataFrame(found), cited, on)


@lru_cache(maxsize=64)  # a release never changes
def _points_of(release: Release, operation: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of the flow points of an operation, by key."""
    return tuple(MappingProxyType(row) for row in records_of(frame(release, POINTS_OF, operation=operation)))


@lru_cache(maxsize=64)  # as above
def _points_public(release: Release, operation: str) -> Mapping[str, date]:
    """The day by which the first figure of each place was surely public."""
    seen = records_of(frame(release, POINTS_PUBLIC, operation=operation))
    return MappingProxyType({row["place"]: row["first_by"].date() for row in seen})


def site_history(
    release: Release, operation: str, site: str, as_known_on: date | None = None
) -> pd.DataFrame:
    """All that became known of a site, by date; as known on a day only what was surely public then."""
    if as_known_on is None:
        return frame(release, STATES_OF_SITE, operation=operation, site=site)
    return frame(release, KNOWN_STATES_OF_SITE, site=site, **public_of(release, operation, as_known_on))


@lru_cache(maxsize=64)  # a release never changes
def places_public(release: Release, operation: str) -> tuple[date, ...]:
    """The days by which a state without a round, or a flow point, was surely public by its source; in order."""
    held = catalogue(release)
    states = records_of(frame(release, UNNUMBERED_STATES, operation=operation))
    begun = [(row["source"], row["first"].date()) for row in states]
    for row in _points_of(release, operation):
        opening = span_of(row["active_from"])
        begun.append((row["source"], opening.first if opening else date.min))
    found = {held.sources[source].public_by(first) for source, first in begun}
    return tuple(sorted(day for day in found if day is not None))

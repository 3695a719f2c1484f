"""What a release holds that an entry of the ledger can speak of, read once for the checks of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from data.area_codes import Held, areas_held
from data.dates import DateSpan
from data.ledger_file import Cells, Draft, Entries, as_texts, held
from data.schema import SOURCES
from data.store import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a release holds that an entry can speak of."""

    what: Entries
    operations: Mapping[str, tuple[str, ...]]  # key -> countries
    indicators: Mapping[str, tuple[str, str]]  # key -> operation, unit
    counted: frozenset[str]  # indicators with at least one value
    sites: Mapping[str, str]  # key -> operation
    areas: Held
    rounds: Mapping[str, Mapping[int, str]]  # operation -> number -> period
    first: Mapping[str, date]  # operation -> first day of its first round or figure
    on_map: frozenset[str]  # operations with sites or points
    sources: Mapping[str, Cells]
    entries: Mapping[str, Cells]  # of the same kind, by key
    observations: Mapping[str, tuple[str, str]]  # those that the file names -> operation, indicator
    names: Mapping[str, frozenset[str]]  # operation -> names of its places and institutions; "" -> of all


def known(release: Release, draft: Draft) -> Known:
    """What `release` holds that the entries of `draft` can speak of."""
    asked = {e.cells.get("about_observation", "") for e in draft.entries} - {""}
    with release.cursor() as cursor:  # which refuses a damaged release, also where nothing is asked
        found = cursor.execute(
            "SELECT id, operation, indicator FROM observations WHERE id IN (SELECT UNNEST(?))",
            [sorted(asked)],
        ).fetchall()
    observations = {key: (operation, indicator) for key, operation, indicator in found}
    return replace(_of_release(release, draft.what), observations=observations)


@lru_cache(maxsize=4)  # a release never changes, and a form is checked, previewed and published against one
def _of_release(release: Release, what: Entries) -> Known:
    """All but the observations, which only a file names."""
    with release.cursor() as cursor:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return list(cursor.execute(sql).fetchall())

        periods: dict[str, dict[int, str]] = {}
        for operation, number, period in rows("SELECT operation, number, period FROM rounds ORDER BY number"):
            periods.setdefault(operation, {})[int(number)] = period
        values = rows("SELECT operation, MIN(first) FROM observations GROUP BY operation")
        first = {operation: day.date() for operation, day in values}
        for operation, of in periods.items():
            begun = min(DateSpan.parse(period).first for period in of.values())
            first[operation] = min(begun, first.get(operation, begun))
        places = "SELECT operation FROM sites UNION SELECT operation FROM flow_points"
        return Known(
            what=what,
            operations={o: tuple(iso3.split(";")) for o, iso3 in rows("SELECT key, iso3 FROM operations")},
            indicators={k: (o, u) for k, o, u in rows("SELECT key, operation, unit FROM indicators")},
            counted=frozenset(i for (i,) in rows("SELECT DISTINCT indicator FROM observations")),
            sites=dict(rows("SELECT key, operation FROM sites")),
            areas=areas_held(release),
            rounds=periods,
            first=first,
            on_map=frozenset(o for (o,) in rows(places)),
            sources={cells["key"]: cells for cells in as_texts(release.frame("sources"), SOURCES)},
            entries=held(release, what),
            observations={},
            names=_names(rows),
        )


def _names(rows: Callable[[str], list[tuple[Any, ...]]]) -> dict[str, frozenset[str]]:
    """Names of places and institutions, by operation, and those of all under ""."""
    found: dict[str, set[str]] = {"": set()}
    for operation, name in rows(
        "SELECT operation, name FROM sites UNION SELECT operation, commune FROM sites"
    ):
        found.setdefault(operation, set()).add(name)
    for operation, name in rows("SELECT operation, name FROM flow_points"):
        found.setdefault(operation, set()).add(name)
    institutions = (
        "SELECT producer FROM operations UNION SELECT publisher FROM sources UNION SELECT name FROM places"
    )
    found[""] |= {name for (name,) in rows(institutions)}
    return {operation: frozenset(names - {""}) for operation, names in found.items()}

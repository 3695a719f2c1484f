"""Which sites a reader keeps, in which order, and what they sum to: masks over the columns of `site_columns`.

Each filter is a mask of its own, and what is kept is what all of them keep. A site that a filter cannot judge (no
number, no location, never asked) is left out by it, so that "kept" never says more than is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from data.area_tree import tree_at
from data.catalogue import catalogue
from data.codes import SiteLayer
from data.map_settings import MapSettings
from data.parts import STATES
from data.site_columns import (
    OFF,
    SitesAt,
    first_listed,
    has_table,
    last_counted,
    people,
    public_of,
    site_columns,
)
from data.site_search import find, sites_in_named, sites_with
from data.site_slots import BATCH, NUMBERED
from data.store import Release

__all__ = [
    "appeared",
    "by_area_alone",
    "find",
    "kept",
    "masks",
    "order",
    "services_asked",
    "statuses",
    "vanished",
]

Mask = npt.NDArray[np.bool_]
SERVICES = ("none", "partly", "available", "not_assessed")  # a status by its place in this list
NEVER_ASKED = -1
NEVER = np.iinfo(np.int64).min
LAST = date(9999, 12, 31)

# Without a condition: with one, DuckDB would keep all visits in memory to join the sites to them.
VISITS = f"""
SELECT n.nth, e.round, e.visited, TRY_CAST(e.day AS DATE) AS day
FROM site_effort AS e JOIN ({NUMBERED}) AS n ON n.site = e.site
"""  # noqa: S608 - a constant is put in
ASKED = f"""
SELECT v.service, MAX(v.round) AS round FROM site_services AS v JOIN ({NUMBERED}) AS n ON n.site = v.site
WHERE v.round IN (SELECT UNNEST($rounds::BIGINT[])) GROUP BY v.service ORDER BY v.service
"""  # noqa: S608 - as above
STATUSES = f"""
SELECT n.nth, v.status FROM site_services AS v JOIN ({NUMBERED}) AS n ON n.site = v.site
WHERE v.service = $service AND v.round = $round
"""  # noqa: S608 - as above


def kept(at: SitesAt, settings: MapSettings, release: Release) -> Mask:
    """Which sites all filters of the settings keep, shape (n,); without a filter all."""
    found = np.ones(len(at), dtype=np.bool_)
    for mask in masks(at, settings, release).values():
        found &= mask
    return found


def masks(at: SitesAt, settings: MapSettings, release: Release) -> Mapping[str, Mask]:
    """What each filter that is set keeps by itself, by the name of its setting."""
    filters: Mapping[str, Callable[[SitesAt, MapSettings, Release], Mask]] = {
        "types": _types, "states": _states, "within": _within, "least": _least, "most": _most, "seen": _seen,
        "lacks": _lacks, "text": _text, "box": _box,
    }  # fmt: skip
    plain = MapSettings()
    return {
        name: made(at, settings, release)
        for name, made in filters.items()
        if getattr(settings, name) != getattr(plain, name)
    }


def _types(at: SitesAt, settings: MapSettings, _: Release) -> Mask:
    return at.columns.setting_at(at.round).isin(set(settings.types.split(",")))


def _states(at: SitesAt, settings: MapSettings, _: Release) -> Mask:
    wanted = set(settings.states.split(","))
    return np.isin(at.state, [place for place, state in enumerate(STATES) if state.value in wanted])


def _within(at: SitesAt, settings: MapSettings, release: Release) -> Mask:
    tree = tree_at(release, at.columns.operation, at.on)
    return at.columns.pcode_at(at.round).isin(tree.within(settings.within))


def _least(at: SitesAt, settings: MapSettings, _: Release) -> Mask:
    return people(at) >= settings.least


def _most(at: SitesAt, settings: MapSettings, _: Release) -> Mask:
    return people(at) <= settings.most


def _seen(at: SitesAt, settings: MapSettings, release: Release) -> Mask:
    since = np.datetime64(settings.seen or LAST, "D")
    visited = visits(release, at.columns.operation, at.columns.layer, at.on, at.as_known_on)
    found: Mask = (last_counted(release, at) >= since) | (visited >= since)  # NaT is not on or after any day
    return found


def _lacks(at: SitesAt, settings: MapSettings, release: Release) -> Mask:
    found = ~np.isin(at.state, OFF)  # an answer of before holds no longer where nobody is counted any more
    for service in settings.lacks.split(","):
        found &= statuses(release, at, service) == SERVICES.index("none")
    return found


def _text(at: SitesAt, settings: MapSettings, release: Release) -> Mask:
    return sites_with(at.columns, settings.text) | by_area_alone(at, settings.text, release)


def by_area_alone(at: SitesAt, text: str, release: Release) -> Mask:
    """Which sites a text keeps by the name of an area that they lie in, and not by their own name or code."""
    tree = tree_at(release, at.columns.operation, at.on)
    found: Mask = sites_in_named(at.columns, tree, at.round, text) & ~sites_with(at.columns, text)
    return found


def _box(at: SitesAt, settings: MapSettings, _: Release) -> Mask:
    bounds = settings.bounds()
    if bounds is None:
        return np.ones(len(at), dtype=np.bool_)
    west, south, east, north = bounds
    lon, lat = at.columns.lon, at.columns.lat
    found: Mask = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)  # NaN is in no box
    return found


# What was seen and asked


@lru_cache(maxsize=4)  # 8 bytes a site each
def visits(
    release: Release, operation: str, layer: SiteLayer, on: date, as_known_on: date | None
) -> npt.NDArray[np.datetime64]:
    """The day of the last visit to each site up to a day, NaT: none, shape (n,)."""
    days = np.full(len(site_columns(release, operation, layer)), np.datetime64("NaT", "D"))
    if not has_table(release, "site_effort"):
        return days
    asked = {"operation": operation, "layer": layer.value}
    rounds = _rounds(release, operation, as_known_on)
    last, until = np.full(len(days), NEVER, dtype=np.int64), np.datetime64(on, "D")
    with release.cursor() as cursor:
        for batch in cursor.sql(VISITS, params=asked).to_arrow_reader(BATCH):
            nth, number, visited, day = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
            day = day.astype("datetime64[D]")
            counts = visited.astype(np.bool_) & (day <= until) & np.isin(number, rounds)
            np.maximum.at(last, nth[counts], day[counts].astype(np.int64))
    seen = last != NEVER
    days[seen] = last[seen].astype("datetime64[D]")
    return days


def services_asked(release: Release, at: SitesAt) -> dict[str, int]:
    """The services that were asked about up to the date, each with the newest round in which it was, by name."""
    return _asked(release, at.columns.operation, at.columns.layer, at.round, at.as_known_on)


def statuses(release: Release, at: SitesAt, service: str) -> npt.NDArray[np.int8]:
    """Place in `SERVICES` of the status of a service at each site in the newest round that asked about it.

    Returns
    -------
    array
        Shape (n,); `NEVER_ASKED` where no such round is held or it has no answer of the site.
    """
    newest = services_asked(release, at).get(service)
    return _statuses(release, at.columns.operation, at.columns.layer, service, newest)


@lru_cache(maxsize=64)
def _asked(
    release: Release, operation: str, layer: SiteLayer, number: int | None, known: date | None
) -> dict[str, int]:
    if number is None or not has_table(release, "site_services"):
        return {}
    rounds = [one for one in _rounds(release, operation, known) if one <= number]
    asked = {"operation": operation, "layer": layer.value, "rounds": rounds}
    with release.cursor() as cursor:
        found = cursor.sql(ASKED, params=asked).fetchall()
    return {str(service): int(newest) for service, newest in found}


@lru_cache(maxsize=16)  # a byte a site each
def _statuses(
    release: Release, operation: str, layer: SiteLayer, service: str, number: int | None
) -> npt.NDArray[np.int8]:
    found = np.full(len(site_columns(release, operation, layer)), NEVER_ASKED, dtype=np.int8)
    if number is None:
        return found
    asked = {"operation": operation, "layer": layer.value, "service": service, "round": number}
    with release.cursor() as cursor:
        rows = cursor.sql(STATUSES, params=asked).to_arrow_table()
    said = rows["status"].combine_chunks()
    for place, status in enumerate(SERVICES):
        mine = pc.equal(said, status).to_numpy(zero_copy_only=False)
        found[rows["nth"].to_numpy()[mine]] = place
    return found


def _rounds(release: Release, operation: str, known: date | None) -> list[int]:
    """The rounds that were public on a day; None: every round."""
    if known is None:
        return sorted(r.number for r in catalogue(release).rounds.get(operation, ()))
    rounds = public_of(release, operation, known)["rounds"]
    return sorted(rounds) if isinstance(rounds, list) else []


# The table


def order(
    at: SitesAt, mask: Mask, sort: str, page: int, size: int = 50, release: Release | None = None
) -> npt.NDArray[np.int64]:
    """The numbers of the sites on one page of a sorted table.

    Parameters
    ----------
    mask : array of bool, shape (n,)
        The sites of the table.
    sort : str
        One of `map_settings.SORTS`: most people first, without a number last; by name; by code of the area, none
        last; by state, then people; last heard of first, never last; longest on the list first, not known last.
        Equal ones stay in the order of their keys.
    page : int
        From 1; 0 is the first one too.
    size : int
        Rows of a page.
    release : Release, optional
        For `area`: without it areas are in the order of their codes, with it of their names. For `since` it is needed.

    Returns
    -------
    array of int64
        At most `size`, none beyond the last page.
    """
    index = np.flatnonzero(mask)
    keys = _sort_keys(at, index, sort, release)
    ordered = index[np.lexsort(keys[::-1])] if keys else index
    start = (max(page, 1) - 1) * size
    return ordered[start : start + size].astype(np.int64)


def _sort_keys(
    at: SitesAt, index: npt.NDArray[np.intp], sort: str, release: Release | None
) -> list[npt.NDArray[np.generic]]:
    """What rows are sorted by, the first key first; all ascending."""
    most = -people(at)[index]  # NaN is sorted last
    if sort == "people":
        return [most]
    if sort == "state":
        return [at.state[index], most]
    if sort == "last":
        last = at.last[index]
        return [np.isnat(last), -last.astype(np.int64)]
    if sort == "since":
        if release is None:
            raise ValueError("Since when sites are on the list is read in a release: hand it in.")
        since = first_listed(release, at).first[index]
        return [np.isnat(since), since.astype(np.int64)]
    if sort == "area":
        codes = at.columns.pcode_at(at.round)
        names = [str(label or "") for label in codes.labels]
        if release is not None:
            areas = tree_at(release, at.columns.operation, at.on).areas
            names = [areas[name].name if name in areas else name for name in names]
        rank = np.unique(np.array([name or "\U0010ffff" for name in names]), return_inverse=True)[1]
        return [rank[codes.codes[index]]]
    if sort == "name":
        names_of = at.columns.folded_names.take(index)
        rank = pc.rank(names_of, sort_keys="ascending", tiebreaker="min").to_numpy()
        return [rank]
    raise ValueError(f"A table is sorted by people, name, area, state, last or since, not {sort!r}.")


# Differences


def appeared(before: SitesAt, after: SitesAt) -> pd.DataFrame:
    """The sites with a count that holds at the later date and none at the earlier.

    Returns
    -------
    pd.DataFrame
        key, name, state_before ("" where nothing was published of it by then), state_after, value (of the date with
        the count; missing where none was published); most people first.
    """
    return _differ(before, after, after, before)


def vanished(before: SitesAt, after: SitesAt) -> pd.DataFrame:
    """The sites with a count that holds at the earlier date and none at the later; columns as in `appeared`."""
    return _differ(before, after, before, after)


def _whose(at: SitesAt) -> tuple[str, str, SiteLayer]:
    """What decides which sites there are and in which order; the columns themselves may have been read twice."""
    columns = at.columns
    return columns.release_digest, columns.operation, columns.layer


def _differ(before: SitesAt, after: SitesAt, counted: SitesAt, other: SitesAt) -> pd.DataFrame:
    """The sites that are counted at the one date and not at the other."""
    if _whose(before) != _whose(after):
        raise ValueError(
            "Two dates of one operation and layer are compared, in one release: take both from the same."
        )
    index = np.flatnonzero(counted.counted & ~other.counted)
    index = index[np.argsort(-counted.value[index], kind="stable")]
    states = np.array([*(state.value for state in STATES), ""], dtype=object)
    said = [np.where(at.listed[index], at.state[index], len(STATES)) for at in (before, after)]
    return pd.DataFrame(
        {
            "key": before.columns.keys_of(index),
            "name": before.columns.names_of(index),
            "state_before": states[said[0]],
            "state_after": states[said[1]],
            "value": counted.value[index],
        }
    )

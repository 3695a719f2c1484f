"""How many sites of each area were on the list at a date, and how many of them were counted in that round."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from data.area_measures import round_public
from data.area_people import Asked, Moment, Why
from data.area_tree import AreaTree, tree_at
from data.site_columns import CURRENT, OFF, Category, SitesAt, sites_at


def with_sites(q: Asked, table: pd.DataFrame, now: Moment | None) -> pd.DataFrame:
    """The table with the sites of each area: `sites_listed` and, of these, `sites_counted`; NaN: not known.

    Parameters
    ----------
    q : Asked
        What the areas are asked for.
    table : DataFrame, shape (n,)
        Areas by `pcode`; `why` says which lie otherwise in the boundaries of the round.
    now : Moment or None
        The round or day. A site lies in the area of its identity then, in the boundaries of that day.

    Returns
    -------
    DataFrame
        A site that was taken off the list or closed is not on it. One with a count of an earlier round, not assessed,
        withheld or without data is listed and not counted. Both are NaN where no site is placed in any area of the
        level, and of a round of which nothing was public yet as known on the day asked about.
    """
    none = table.assign(sites_listed=float("nan"), sites_counted=float("nan"))
    unpublished = now is not None and now.round is not None and not round_public(q, now)
    if now is None or unpublished or "sites" not in q.release.resources:
        return none
    at = sites_at(q.release, q.about.key, now.last, q.known)
    if not len(at):
        return none
    area = _areas(q, at)
    codes = pd.Index(table["pcode"].to_numpy(dtype=object))
    place = codes.get_indexer(area.labels)[area.codes]
    if (place < 0).all():
        return none
    listed = at.listed & ~np.isin(at.state, OFF) & (place >= 0)
    counted = listed & at.counted & (at.age == CURRENT)
    n = len(table)
    found = [np.bincount(place[mask], minlength=n).astype(float) for mask in (listed, counted)]
    other = (table["why"] == Why.OTHER_BOUNDARIES).to_numpy()
    listed_, counted_ = (np.where(other, np.nan, sites) for sites in found)
    return table.assign(sites_listed=listed_, sites_counted=counted_)


def undercounted(table: pd.DataFrame) -> pd.Series:
    """Which areas have a value although sites on their list were not counted, shape (n,)."""
    found: pd.Series = table["value"].notna() & (table["sites_counted"] < table["sites_listed"])
    return found


def _areas(q: Asked, at: SitesAt) -> Category:
    """The area of the level in which each site lies, "" for none."""
    held = at.columns.pcode_at(at.round)
    tree = tree_at(q.release, q.about.key, at.on)
    whole = q.about.iso3[0] if q.level == "adm0" and len(q.about.iso3) == 1 else ""
    if whole:
        return Category(held.codes, np.full(len(held.labels), whole, dtype=object))
    area = _levels(tree, q.level)
    return Category(held.codes, np.array([area.get(code, "") for code in held.labels], dtype=object))


@lru_cache(maxsize=16)  # a tree is one for all days of the same boundaries
def _levels(tree: AreaTree, level: str) -> dict[str, str]:
    """The area of a level in which each area lies, "" for none."""
    return {code: tree.at_level(code, level) for code in (*tree.areas, *tree.former)}

"""How many sites of each area were on the list at a date, and how many of them were counted in that round."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.area_people import Asked, Moment, Why
from data.area_tree import tree_at
from data.codes import State
from data.parts import STATES
from data.site_columns import CURRENT, Category, SitesAt, has_table, sites_at

OFF = [STATES.index(state) for state in (State.DELISTED, State.CLOSED)]  # nobody is meant to count there


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
        level.
    """
    none = table.assign(sites_listed=float("nan"), sites_counted=float("nan"))
    if now is None or not has_table(q.release, "sites"):
        return none
    at = sites_at(q.release, q.about.key, now.last, q.known)
    if not len(at):
        return none
    area = _areas(q, at)
    codes = {code: nth for nth, code in enumerate(table["pcode"])}
    place = np.array([codes.get(code, -1) for code in area.labels], dtype=np.int64)[area.codes]
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
    labels = [whole or tree.at_level(str(code), q.level) for code in held.labels]
    return Category(held.codes, np.array(labels, dtype=object))

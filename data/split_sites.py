"""Each site of an operation in two rounds, and the part of the change that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import site_queries
from data.codes import ClaimStatus, State
from data.model import Event
from data.parts import KINDS, STATES, Grade, Part, PartKind, Rows, Side, kind_of
from data.queries import Indicator
from data.site_panel import panel
from data.store import Release

LAST = 2**31 - 1  # no round has a higher number
COVERAGE = (PartKind.COVERAGE_LOST, PartKind.COVERAGE_GAINED)


def by_site(
    release: Release,
    about: Indicator,
    before: Side,
    after: Side,
    area: str,
    events: Sequence[Event],
    day: date | None,
) -> tuple[Part, ...] | None:
    """The parts of a change by site, or None where no counts by site are held for both rounds.

    Parameters
    ----------
    release, about, before, after, area, day
        As in `split.change`.
    events : sequence of Event
        Those between the two rounds.
    """
    if before.round is None or after.round is None:
        return None
    a, b = before.round, after.round
    sites = panel(release, about.operation, about.key, day).between(a, b)
    if not (sites["before"].notna().any() and sites["after"].notna().any()):
        return None
    sites = _in_area(release, about.operation, sites, a, b, area)
    kinds = _kinds(release, about.operation, sites, events, a, b)
    amount = sites["after"].fillna(0).to_numpy() - sites["before"].fillna(0).to_numpy()
    reasons = sites["reason"].fillna("unknown")
    parts = []
    for kind in PartKind:
        of_kind = kinds == kind.value
        by_reason = sorted(set(reasons[of_kind])) if kind is PartKind.CLOSED else [""] * bool(of_kind.any())
        for reason in by_reason:
            at = np.flatnonzero(of_kind & (reasons == reason).to_numpy() if reason else of_kind)
            largest = at[np.argsort(-np.abs(amount[at]), kind="stable")]
            parts.append(
                Part(
                    kind=kind,
                    amount=float(amount[at].sum()),
                    grade=Grade.BY_SITE,
                    reason=reason,
                    events=tuple(e for e in events if _behind(e, kind)),
                    rows=Rows(sites.iloc[largest]),
                )
            )
    return tuple(parts)


def _in_area(
    release: Release, operation: str, sites: pd.DataFrame, a: int, b: int, area: str
) -> pd.DataFrame:
    """The sites that lie in an area in one of the rounds; a value that lies in another area then is left out."""
    if not area:
        return sites.assign(moved=False)
    inside = []
    for number in (a, b):
        identity = site_queries.identities_at(release, operation, number)
        inside.append(sites["site"].isin(identity[identity["pcode"].str.startswith(area)]["site"]))
    known = (sites["state_before"] >= 0) & (sites["state_after"] >= 0)
    sites = sites.assign(
        moved=known & (inside[0] != inside[1]),
        before=sites["before"].where(inside[0]),
        after=sites["after"].where(inside[1]),
    )
    return sites[inside[0] | inside[1]]


def _kinds(
    release: Release, operation: str, sites: pd.DataFrame, events: Sequence[Event], a: int, b: int
) -> npt.NDArray[np.str_]:
    """The first part that fits each site."""
    methods = [e for e in events if e.breaks and kind_of(e) is PartKind.METHOD]
    some = {site for e in methods for site in e.sites}
    links, unsure = _doubts(release, operation)
    sure = links[(links["match"] == "confirmed") & links["round"].between(a + 1, b)]
    one = links[(links["match"] == "confirmed") & (links["kind"] == "same_as")]  # two entries, one site
    doubt = links[links["match"] == "unsure"]
    renamed = unsure[unsure["first_round"].between(a + 1, b)]["site"]
    unexplained = any(e.breaks and kind_of(e) is PartKind.NOT_EXPLAINED for e in events)
    site, before, after = sites["site"], sites["state_before"].to_numpy(), sites["state_after"].to_numpy()
    delisted, closed = STATES.index(State.DELISTED), STATES.index(State.CLOSED)
    both, gone = sites["before"].notna() & sites["after"].notna(), sites["after"].isna()
    method = site.isin(some) | any(not e.sites for e in methods)
    fits = {
        PartKind.METHOD: both & method,
        PartKind.BOUNDARY: sites["moved"]
        | site.isin([*sure["site"], *sure["other"]])
        | (~both & site.isin([*one["site"], *one["other"]])),
        PartKind.IDENTITY_UNSURE: site.isin([*doubt["site"], *doubt["other"], *renamed]),
        PartKind.NOT_EXPLAINED: both & unexplained,
        PartKind.CONTINUING: both,
        PartKind.DELISTED: gone & (after == delisted),
        PartKind.CLOSED: gone & (after == closed),
        PartKind.COVERAGE_LOST: gone,
        PartKind.RELISTED: before == delisted,
        PartKind.NEW: (before < 0) | (before == closed),
    }
    conditions = [np.asarray(one, dtype=np.bool_) for one in fits.values()]
    return np.select(conditions, [kind.value for kind in fits], default=PartKind.COVERAGE_GAINED.value)


@lru_cache(maxsize=8)  # of all rounds, read once: the next two rounds ask the same
def _doubts(release: Release, operation: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Merges, splits and entries that may be one site; and the sites whose identity became unsure, with the round."""
    return site_queries.links(release, operation), site_queries.unsure_since(release, operation, -1, LAST)


def _behind(event: Event, kind: PartKind) -> bool:
    """Whether a part is about an event: what is only alleged is behind none."""
    if event.claim is not ClaimStatus.PUBLISHED or not (event.breaks or event.kind in KINDS):
        return False
    return (COVERAGE if kind in COVERAGE else (kind,)).count(kind_of(event)) > 0

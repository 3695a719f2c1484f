"""The sites of an operation by round, read once: what each counted, and in which state it was.

A split asks two rounds of a hundred thousand sites. Read as a panel, any two rounds are two columns of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import site_queries
from data.codes import State
from data.parts import STATES
from data.store import Release

NOT_LISTED = -1  # no row of states up to the round
STAYS = [
    STATES.index(state) for state in (State.DELISTED, State.CLOSED)
]  # holds until another row is published
NO_DATA, DELISTED = STATES.index(State.NO_DATA), STATES.index(State.DELISTED)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Sites by round.

    `sites` has columns site and name, one row a site. `values` (float, missing: not counted) and `states` (places in
    `parts.STATES`, or `NOT_LISTED`) have shape (sites, rounds). `closures` has nth (row of the site), round, reason.
    """

    sites: pd.DataFrame
    rounds: tuple[int, ...]
    values: npt.NDArray[np.float64]
    states: npt.NDArray[np.int8]
    closures: pd.DataFrame

    def between(self, before: int, after: int) -> pd.DataFrame:
        """Each site with a value in one of two rounds, or that goes off the list between them.

        Returns
        -------
        pd.DataFrame
            site, name, before, after, state_before, state_after, reason of a closure between them (missing: none);
            no row where one of the rounds is not held.
        """
        if before not in self.rounds or after not in self.rounds:
            return pd.DataFrame(
                columns=["site", "name", "before", "after", "state_before", "state_after", "reason"]
            )
        at = [self.rounds.index(number) for number in (before, after)]
        values, states = self.values[:, at], self.states[:, at]
        off = (states[:, 1] == DELISTED) & (states[:, 0] != DELISTED) & (states[:, 0] != NOT_LISTED)
        kept = np.flatnonzero(~np.isnan(values).all(axis=1) | off)
        closed = self.closures[self.closures["round"].between(before + 1, after)].drop_duplicates(
            "nth", keep="last"
        )
        reasons = closed.set_index("nth")["reason"].reindex(kept).reset_index(drop=True)
        named = self.sites.iloc[kept].reset_index(drop=True)
        return named.assign(
            before=values[kept, 0],
            after=values[kept, 1],
            state_before=states[kept, 0],
            state_after=states[kept, 1],
            reason=reasons,
        )


@lru_cache(maxsize=4)  # a release never changes; 20 MB where 100,000 sites were counted in 24 rounds
def panel(release: Release, operation: str, indicator: str, day: date | None = None) -> Panel:
    """The panel of an indicator, of the newest values that were public on a day (None: of the newest).

    A state is that of the round's own row; without one, that of the last row if it stays (off the list, closed), else
    `no_data`: a count of an earlier round says nothing of this one.
    """
    sites = site_queries.numbered_sites(release, operation)
    values = site_queries.values_by_round(release, operation, indicator, day)
    states = site_queries.states_by_round(release, operation)
    rounds = tuple(sorted(int(number) for number in values["round"].unique()))
    counted = np.full((len(sites), len(rounds)), np.nan)
    column = np.searchsorted(rounds, values["round"])
    counted[values["nth"].to_numpy(), column] = values["value"].to_numpy(
        "float64", na_value=np.nan
    )  # newest last
    said = np.full((len(sites), len(rounds)), NOT_LISTED, dtype=np.int8)
    last = np.full(len(sites), NOT_LISTED, dtype=np.int8)  # state of the last row so far
    by_round = {int(str(number)): rows for number, rows in states.groupby("round", sort=True)}
    for number in sorted({*by_round, *rounds}):
        own = np.full(len(sites), NOT_LISTED, dtype=np.int8)
        if number in by_round:
            own[by_round[number]["nth"].to_numpy()] = by_round[number]["state"].to_numpy()
        last = np.where(own != NOT_LISTED, own, last)
        if number in rounds:
            gone = np.where(np.isin(last, STAYS), last, np.where(last == NOT_LISTED, NOT_LISTED, NO_DATA))
            said[:, rounds.index(number)] = np.where(own != NOT_LISTED, own, gone)
    closures = site_queries.closures_by_site(release, operation)
    return Panel(sites=sites[["site", "name"]], rounds=rounds, values=counted, states=said, closures=closures)

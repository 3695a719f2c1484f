"""Which published caveats and events are about an area at the date that it is shown for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from data import queries
from data.area_people import Asked, Moment
from data.area_tree import tree_at
from data.codes import EventKind
from data.model import Caveat, Event, public_on

_USED = frozenset(
    {EventKind.PUBLICATION, EventKind.USE_OF_FIGURE}
)  # these say nothing of what the count holds


def with_notes(q: Asked, table: pd.DataFrame, now: Moment | None) -> pd.DataFrame:
    """The table with `noted`: the keys of what was published about each area at the date, a space between; "" none.

    Parameters
    ----------
    q : Asked
        What the areas are asked for.
    table : DataFrame, shape (n,)
        Areas by `pcode`; of a change also `since_round` and `since_last`, its earlier side.
    now : Moment or None
        The round or day.

    Returns
    -------
    DataFrame
        A caveat is about an area if its `areas` name it, or an area that it lies in, and the period that it holds
        for, if one is stated, has the date in it. An event is if it names it so and is about the total of that round.
        A country is not asked about: every note of the map holds for it. What was not public by `q.known` is left out.
    """
    if now is None or q.lead is None or q.level == "adm0" or not len(table):
        return table.assign(noted="")
    held = [claim for claim in _claims(q, [now, *_earlier(table)]) if claim.areas]
    if not held:
        return table.assign(noted="")
    tree = tree_at(q.release, q.about.key, now.last)
    inside = {claim.key: set(claim.areas).union(*map(tree.within, claim.areas)) for claim in held}
    said = [" ".join(key for key, codes in inside.items() if pcode in codes) for pcode in table["pcode"]]
    return table.assign(noted=said)


def _earlier(table: pd.DataFrame) -> list[Moment]:
    """The earlier side of a change."""
    if "since_last" not in table or table["since_last"].isna().all():
        return []
    row = table[table["since_last"].notna()].iloc[0]
    number = None if pd.isna(row["since_round"]) else int(row["since_round"])
    return [Moment(round=number, last=row["since_last"].date())]


def _claims(q: Asked, moments: Iterable[Moment]) -> Iterator[Caveat | Event]:
    """What holds at one of these dates and was public by the day asked about."""
    lead = q.lead.key if q.lead else ""
    dates = list(moments)
    for caveat in q.held.caveats_of(q.about.key, lead):
        period = caveat.period
        holds = period is None or any(period.first <= m.last <= period.last for m in dates)
        if holds and public_on(caveat, q.known):
            yield caveat
    totals = queries.series(q.release, lead).history
    rounds = [m.round for m in dates if m.round is not None]
    about = set(totals.loc[totals["round"].isin(rounds), "obs"])
    for event in q.held.events_of(q.about.key, lead):
        if event.about in about and event.kind not in _USED and public_on(event, q.known):
            yield event

"""What is made of the people of areas: their change between two rounds, people per 1,000 residents, how much was seen.

A change across a published break, a boundary change of the area or a state that cannot be compared is broken: it has
no percent. A rate names the years of both its figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from data import area_queries as asked
from data import queries
from data.area_people import COUNTED, Asked, Moment, Why, between, figures
from data.catalogue import Catalogue
from data.codes import EventKind, Precision
from data.model import public_on

PER = 1000  # residents
RATE_DECIMALS, PERCENT_DECIMALS = 1, 1
DECIMALS: Mapping[str, int] = {
    "people": 0, "change": PERCENT_DECIMALS, "rate": RATE_DECIMALS, "coverage": PERCENT_DECIMALS
}  # fmt: skip


def change(q: Asked, table: pd.DataFrame, now: Moment | None, then: Moment | None) -> pd.DataFrame:
    """Later minus earlier, and in percent of the earlier: only where both are exact and nothing lies between."""
    if now is None or then is None:
        return table.assign(
            value=float("nan"), why=table["why"].where(table["why"] != "", Why.NO_EARLIER.value)
        )
    earlier = figures(q, then, then.last, None).set_index("pcode")
    old = earlier[["people", "state", "precision", "basis"]].reindex(table["pcode"])
    same = pd.Series(data=False, index=table.index)
    for iso3 in q.about.iso3:
        a, b = (asked.version_at(q.release, iso3, m.last, m.round) for m in (then, now))
        mine = table["iso3"] == iso3
        same |= mine if a == b else mine & table["pcode"].isin(asked.alike(q.release, iso3, q.level, a, b))
    before, now_ = old["people"].to_numpy(float), table["people"].to_numpy(float)
    counted = table["state"].isin(COUNTED).to_numpy()
    counted_then = old["state"].isin(COUNTED).to_numpy()
    exact = ((table["precision"] == Precision.EXACT).to_numpy()
             & (old["precision"] == Precision.EXACT).to_numpy()
             & (table["basis"].to_numpy() == old["basis"].to_numpy()))  # fmt: skip
    # By date; where anything was public by the day, what became known only later is not named.
    lying = sorted(between(q.events(), then, now), key=lambda e: (e.when.first, e.key))
    breaks = [e for e in lying if e.breaks]
    moved = [e for e in lying if e.kind is EventKind.BOUNDARY_CHANGE]
    why = np.select(
        [~counted, ~same.to_numpy(), np.full(len(table), bool(breaks)), ~counted_then, ~exact, before == 0],
        [table["why"], Why.BOUNDARY, Why.BREAK, Why.STATE_BEFORE, Why.NOT_EXACT, Why.FROM_ZERO],
        default=Why.NONE.value,
    ).astype(object)  # fmt: skip
    both = same.to_numpy() & counted & counted_then & exact
    amount = np.where(both, now_ - before, np.nan)
    share = np.where(
        why == "",
        100 * np.divide(amount, before, where=before != 0, out=np.full(len(before), np.nan)),
        np.nan,
    )
    share = np.where((why == Why.FROM_ZERO) & (now_ == 0), 0.0, share)  # none before and none now: no change
    why = np.where((why == Why.FROM_ZERO) & (now_ == 0), "", why)
    told = {
        reason: [e for e in found if public_on(e, q.known)] or found
        for reason, found in ((Why.BREAK, breaks), (Why.BOUNDARY, moved))
        if found
    }
    said = {reason: found[0] for reason, found in told.items()}
    return table.assign(
        value=share, amount=amount, before=np.where(same, before, np.nan), why=why,
        broken=np.isin(why.astype(str), [Why.BREAK.value, Why.BOUNDARY.value, Why.STATE_BEFORE.value]),
        event=[said[w].key if w in said else "" for w in why],
        event_count=[len(told.get(w, ())) for w in why],
        event_later=[w in said and not public_on(said[w], q.known) for w in why],
        since_round=float("nan") if then.round is None else then.round, since_last=np.datetime64(then.last, "us"),
    )  # fmt: skip


def rate(q: Asked, table: pd.DataFrame) -> pd.DataFrame:
    """People per 1,000 residents of the year nearest to the figure's; of two as near, the earlier."""
    held = asked.residents(q.release)
    day = table["last"].dropna()
    if q.known is not None:
        public = [
            _public(q.held, source, int(y), q.known)
            for source, y in zip(held["source"], held["year"], strict=True)
        ]
        held = held[public]
    held = held[held["pcode"].isin(table["pcode"])]  # of this level: what was not published is not summed
    if held.empty or day.empty:
        missing = table["why"].where(table["why"] != "", Why.NO_RESIDENTS_LEVEL.value)
        return table.assign(value=float("nan"), why=missing)
    year = int(day.iloc[0].year)
    held = held.assign(off=(held["year"] - year).abs()).sort_values(["off", "year"], kind="stable")
    nearest = held.drop_duplicates(["pcode", "version"]).set_index(["pcode", "version"])
    found = nearest.reindex(pd.MultiIndex.from_arrays([table["pcode"], table["version"].astype("int64")]))
    people, living = table["people"].to_numpy(float), found["value"].to_numpy(float)
    has = living > 0
    rate = PER * np.divide(people, living, where=has, out=np.full(len(people), np.nan))
    lacks = np.where(has, Why.NONE.value, Why.NO_RESIDENTS.value)
    rough = (found["precision"] != Precision.EXACT).to_numpy()
    return table.assign(
        value=rate, why=np.where(table["why"] != "", table["why"], lacks), residents=living,
        residents_precision=found["precision"].fillna("").to_numpy(), residents_year=found["year"].to_numpy(),
        people_year=year, residents_source=found["source"].fillna("").to_numpy(),
        precision=np.where(has & rough & ~np.isnan(people), Precision.ABOUT.value, table["precision"]),
    )  # fmt: skip


def _public(held: Catalogue, source: str, year: int, day: date) -> bool:
    by = held.sources[source].public_by(date(year, 1, 1))
    return by is not None and by <= day


def coverage(q: Asked, table: pd.DataFrame, now: Moment | None) -> pd.DataFrame:
    """Percent of the sites on the list of that round that were visited."""
    rows = asked.effort(q.release, q.about.key)
    public = now is not None and round_public(q, now)
    if rows.empty or now is None or now.round is None or not public:
        return table.assign(value=float("nan"), why=Why.NO_EFFORT.value)
    rows = rows[rows["round"] == now.round]
    totals: dict[str, tuple[int, int]] = {}
    for iso3 in q.about.iso3:
        version = asked.version_at(q.release, iso3, now.last, now.round)
        within = asked.inside(q.release, iso3, version, q.level) if version is not None else {}
        for code, listed, visited in zip(rows["pcode"], rows["listed"], rows["visited"], strict=True):
            area = iso3 if q.level == "adm0" else within.get(code)
            if area is not None:
                a, b = totals.get(area, (0, 0))
                totals[area] = (a + int(listed), b + int(visited))
    # An area that lies otherwise in the boundaries of that round has neither sites nor a figure here.
    other = table["why"] == Why.OTHER_BOUNDARIES.value
    pairs = [
        (0, 0) if off else totals.get(code, (0, 0)) for code, off in zip(table["pcode"], other, strict=True)
    ]
    listed_, visited_ = (np.array([pair[at] for pair in pairs], dtype=float) for at in (0, 1))
    share = 100 * np.divide(visited_, listed_, where=listed_ > 0, out=np.full(len(pairs), np.nan))
    why = np.where(
        listed_ > 0, Why.NONE.value, np.where(other, Why.OTHER_BOUNDARIES.value, Why.NONE_LISTED.value)
    )
    return table.assign(value=share, listed=listed_, visited=visited_, why=why)


def round_public(q: Asked, now: Moment) -> bool:
    """Whether a figure of a round was surely public by the day that is asked about; without one it always is."""
    if q.known is None:
        return True
    by = queries.rounds_public(q.release, q.about.key).get(now.round if now.round is not None else -1)
    return by is not None and by[0] <= q.known

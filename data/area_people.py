"""People by admin area at one round: what was published for each area, else the sum of the sites in it.

A figure is taken in the boundaries of its own round and in no other: a code that stood for another piece of land
takes nothing over. What has no figure says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data import area_queries as asked
from data import queries
from data.catalogue import Catalogue, Indicator
from data.codes import ClaimStatus, Measure, Precision, SiteLayer, State, Unit
from data.model import Event, Operation
from data.store import Release

COUNTED = frozenset({State.COUNTED, State.COUNTED_ZERO})
# Columns of an area that are taken as they were published.
FROM_ROWS = {
    "state": "state", "people": "value", "precision": "precision", "note_en": "note_en", "note_fr": "note_fr",
    "figure_source": "source",
}  # fmt: skip
OFF = (State.DELISTED, State.CLOSED)  # nobody is meant to count there


class Why(StrEnum):
    """Why an area has no value of a measure; "" where it has one."""

    NONE = ""
    FLOW = "flow"  # the operation counts movements
    NO_INDICATOR = "no_indicator"
    NOT_PEOPLE = "not_people"  # its first indicator counts households, sites or shares
    NO_ROUND = "no_round"  # nothing was counted up to that day
    NOT_BY_AREA = "not_by_area"  # the operation gives figures of its whole only
    OTHER_WHOLE = "other_whole"  # its total is of another place than this country
    NOT_PUBLISHED = "not_published"
    STATE = "state"  # not counted: the state says it
    OLDER = "older"  # its sites hold counts of earlier rounds alone
    OTHER_BOUNDARIES = "other_boundaries"
    BREAK = "break"
    BOUNDARY = "boundary"
    STATE_BEFORE = "state_before"  # not counted on the earlier side
    NOT_EXACT = "not_exact"
    FROM_ZERO = "from_zero"
    NO_EARLIER = "no_earlier"
    NO_RESIDENTS = "no_residents"
    NO_RESIDENTS_LEVEL = "no_residents_level"  # of no area of the level: none are summed from smaller ones
    NO_EFFORT = "no_effort"
    NONE_LISTED = "none_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A round, or a day with a figure that has no round number."""

    round: int | None
    last: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What every step below needs."""

    release: Release
    held: Catalogue
    about: Operation
    lead: Indicator | None
    level: str
    known: date | None

    def events(self) -> tuple[Event, ...]:
        """The events of the lead indicator, whenever they became public: a break cuts on every day."""
        return self.held.events_of(self.about.key, self.lead.key if self.lead else None)


# Moments


def moments(
    release: Release, held: Catalogue, lead: Indicator | None, operation: str, known: date | None
) -> list[Moment]:
    """Every round, and every day with a total that has no round, in order."""
    found = [Moment(round=r.number, last=r.period.last) for r in held.rounds.get(operation, ())]
    if lead is not None and lead.measure is Measure.STOCK:
        rows = queries.series(release, lead.key, known).values
        loose = rows[rows["round"].isna()]["last"]
        found += [Moment(round=None, last=day.date()) for day in loose]
    return sorted(found, key=lambda m: m.last)


def offered_by(
    release: Release, operation: str, moments: Sequence[Moment], known: date | None
) -> list[Moment]:
    """The moments that the timeline offers: the rounds of which something was public on a day; without rounds, all."""
    rounds = [m for m in moments if m.round is not None]
    if not rounds or known is None:
        return rounds or list(moments)
    by = queries.rounds_public(release, operation)
    return [m for m in rounds if m.round is not None and m.round in by and by[m.round][0] <= known]


def at_or_before(moments: Sequence[Moment], on: date) -> Moment | None:
    """The last moment up to a day."""
    return next((m for m in reversed(moments) if m.last <= on), None)


def earlier_of(
    held: Catalogue, moments: Sequence[Moment], now: Moment | None, since: int | date | None, operation: str
) -> Moment | None:
    """The earlier side of a change; None where it does not lie before the later one."""
    if now is None:
        return None
    if isinstance(since, int):
        found: Moment | None = Moment(round=since, last=held.round(operation, since).period.last)
    elif since is not None:
        found = at_or_before(moments, since)
    else:
        found = next((m for m in reversed(moments) if m.last < now.last), None)
    return found if found is not None and found.last < now.last else None


def between(events: Iterable[Event], then: Moment, now: Moment) -> list[Event]:
    """The published events between two moments: by their first round on the new basis, else by their first day."""

    def lies(event: Event) -> bool:
        if event.first_round is not None and then.round is not None and now.round is not None:
            return then.round < event.first_round <= now.round
        return then.last < event.when.first <= now.last

    return [event for event in events if event.claim is ClaimStatus.PUBLISHED and lies(event)]


# People


def figures(q: Asked, now: Moment | None, on: date, version: int | None) -> pd.DataFrame:
    """The areas of every country of the operation with their people at a moment."""
    parts = []
    for iso3 in q.about.iso3:
        right = asked.version_at(q.release, iso3, now.last if now else on, now.round if now else None)
        drawn = right if version is None or right is None else version
        table = _blank(q.release, iso3, q.level, drawn).assign(
            round=float("nan") if now is None or now.round is None else now.round,
            last=np.datetime64("NaT", "us") if now is None else np.datetime64(now.last, "us"),
        )
        parts.append(_people(q, table, iso3, now, right, drawn))
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=16)  # a release never changes, and no step changes a table in place
def _blank(release: Release, iso3: str, level: str, version: int | None) -> pd.DataFrame:
    """Areas of which nothing is known yet: the same at every date of one version."""
    areas = asked.areas(release, iso3, level, version)
    points = shapely.point_on_surface(np.asarray(areas.geometry.array, dtype=object))
    missing = float("nan")
    return pd.DataFrame(areas.drop(columns="geometry")).assign(
        key=areas["pcode"], spot=points, state=State.NO_DATA.value, people=missing, precision="", basis="",
        in_sum=0, not_in_sum=0, value=missing, why=Why.NOT_PUBLISHED.value, amount=missing, before=missing,
        since_round=missing, since_last=np.datetime64("NaT", "us"), broken=False, event="", event_later=False,
        event_count=0,
        residents=missing,
        residents_precision="",
        residents_year=missing, people_year=missing, listed=missing, visited=missing, note_en="", note_fr="",
        figure_source="", residents_source="",
    )  # fmt: skip


def _people(
    q: Asked, table: pd.DataFrame, iso3: str, now: Moment | None, right: int | None, drawn: int | None
) -> pd.DataFrame:
    """The table with what was published for each area, else the sum of its sites."""
    if q.lead is None or now is None or q.lead.measure is not Measure.STOCK:
        flow = q.lead is not None and q.lead.measure is not Measure.STOCK
        why = Why.NO_INDICATOR if q.lead is None else Why.FLOW if flow else Why.NO_ROUND
        return table.assign(why=why.value)
    if q.lead.unit is not Unit.INDIVIDUALS:
        return table.assign(why=Why.NOT_PEOPLE.value)
    if q.level == "adm0":
        return _whole(q, table, iso3, now)
    if right is None:
        return table.assign(why=Why.NOT_BY_AREA.value)
    rows = moment_rows(_published(q.release, q.about.key, q.lead.key, q.known), now)
    table = _filled(table, rows)
    table = _summed(q, table, iso3, now, right)
    if drawn == right:
        return table
    same = table["pcode"].isin(asked.alike(q.release, iso3, q.level, right, drawn))
    blank = table.assign(
        state=State.NO_DATA.value, people=float("nan"), precision="", basis="", in_sum=0, not_in_sum=0,
        why=Why.OTHER_BOUNDARIES.value, note_en="", note_fr="", figure_source="",
    )  # fmt: skip
    return table.where(same, blank)


@lru_cache(maxsize=16)  # as above
def _published(release: Release, operation: str, indicator: str, known: date | None) -> pd.DataFrame:
    """`area_queries.values`, each text kept once: those of a round are then taken by number."""
    rows = asked.values(release, operation, indicator, known)
    texts = ("precision", "state", "note_en", "note_fr", "source")
    return rows.astype(dict.fromkeys(texts, "category") | {"pcode": object})


def moment_rows(rows: pd.DataFrame, now: Moment) -> pd.DataFrame:
    """The rows of that round, or of that day where it has no number."""
    if now.round is not None:
        return rows[rows["round"] == now.round]
    return rows[rows["round"].isna() & (rows["last"] == pd.Timestamp(now.last))]


def _filled(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The blank table with the published rows, by code; of two rows of one code the last."""
    # Through plain objects: 10,000 Arrow strings are looked up, and written, one by one.
    codes = pd.Index(rows["pcode"].to_numpy(dtype=object))
    if not codes.is_unique:
        kept = ~codes.duplicated(keep="last")
        rows, codes = rows[kept], codes[kept]
    at = codes.get_indexer(table["pcode"].to_numpy(dtype=object))
    has = at >= 0
    if not has.any():
        return table
    found = {name: rows[name].to_numpy(dtype=object)[at[has]] for name in FROM_ROWS.values()}
    counted = (found["state"] == State.COUNTED.value) | (found["state"] == State.COUNTED_ZERO.value)
    columns = {name: found[of] for name, of in FROM_ROWS.items()} | {
        "basis": np.where(counted, "published", "").astype(object),
        "why": np.where(counted, Why.NONE.value, Why.STATE.value).astype(object),
    }
    filled = {}
    for name, cells in columns.items():
        column = np.full(len(table), table[name].iloc[0], dtype=object)  # blank: the same for all
        column[has] = cells
        filled[name] = pd.Series(column, index=table.index, dtype=object)
    return table.assign(**filled).assign(people=filled["people"].astype(float))


def _whole(q: Asked, table: pd.DataFrame, iso3: str, now: Moment) -> pd.DataFrame:
    """A country takes the operation's own total, where that is of the whole country."""
    if q.lead is None or q.lead.place != iso3:
        return table.assign(why=Why.OTHER_WHOLE.value)
    series = queries.series(q.release, q.lead.key, q.known)
    rows = moment_rows(series.values, now)
    if rows.empty:
        return table
    total = rows.iloc[[-1]].assign(pcode=iso3, note_en=lambda r: r["note"])
    return _filled(table, total)


def _summed(q: Asked, table: pd.DataFrame, iso3: str, now: Moment, version: int) -> pd.DataFrame:
    """Areas without a published figure take the sum of the current counts of their sites."""
    lacking = table["why"] == Why.NOT_PUBLISHED.value
    if not lacking.any():
        return table
    at = asked.site_areas(q.release, q.about.key, now.round)
    within = asked.inside(q.release, iso3, version, q.level)
    if not set(table.loc[lacking, "pcode"]) & {within.get(code) for code in at.values()}:
        return table
    sites = queries.sites(q.release, q.about.key, now.last, SiteLayer.REGISTER, q.known).table
    codes = sites["key"].map(at).fillna(sites["commune_pcode"])
    sites = pd.DataFrame(sites.drop(columns="geometry")).assign(area=codes.map(within))
    sites = sites[sites["area"].isin(table.loc[lacking, "pcode"])]
    judged, areas = _judged(sites, q.lead.unit.value if q.lead else ""), sites["area"].to_numpy(dtype=object)
    sums = {str(area): _figure(rows) for area, rows in judged.groupby(areas, sort=False)}
    filled = table.copy()
    for name in ("state", "people", "precision", "basis", "in_sum", "not_in_sum", "why"):
        cells = [
            sums[code][name] if lacks and code in sums else cell
            for code, lacks, cell in zip(table["pcode"], lacking, table[name], strict=True)
        ]
        filled[name] = cells
    return filled


def _judged(sites: pd.DataFrame, unit: str) -> pd.DataFrame:
    """What each site is for the sum of its area: for all areas at once, as texts are slow to compare few by few."""
    counted, value = sites["state"].isin(COUNTED), sites["value"]
    current = counted & (sites["age"] == "current") & value.notna() & ((sites["unit"] == unit) | (value == 0))
    # A site that was taken off the list or closed is not missing from a sum: nobody counts there any more.
    listed = ~sites["state"].isin(OFF)
    judged = {
        "state": sites["state"].to_numpy(dtype=object),
        "value": value,
        "current": current,
        "listed": listed,
        "left": ~current & listed,
        "older": counted & (sites["age"] == "older"),
        "exact": sites["precision"].isin([Precision.EXACT, ""]),
    }
    return pd.DataFrame(judged)


def _figure(sites: pd.DataFrame) -> dict[str, Any]:
    """The judged sites of one area as its figure. Without one, it has the state that all of them share, else none."""
    current, left = sites["current"].to_numpy(dtype=np.bool_), sites["left"].to_numpy(dtype=np.bool_)
    if not current.any():
        state = _shared(sites["state"], sites["listed"])
        older = Why.OLDER if sites["older"].any() else Why.NOT_PUBLISHED
        return {
            "state": state.value, "people": float("nan"), "precision": "", "basis": "", "in_sum": 0,
            "not_in_sum": int(left.sum()), "why": (older if state is State.NO_DATA else Why.STATE).value,
        }  # fmt: skip
    people = float(sites["value"].to_numpy(dtype=float)[current].sum())
    exact = sites["exact"].to_numpy(dtype=np.bool_)[current].all()
    precision = Precision.ABOUT if not exact else Precision.AT_LEAST if left.any() else Precision.EXACT
    return {
        "state": (State.COUNTED if people else State.COUNTED_ZERO).value, "people": people, "basis": "sum",
        "precision": precision.value, "in_sum": int(current.sum()), "not_in_sum": int(left.sum()),
        "why": Why.NONE.value,
    }  # fmt: skip


def _shared(states: pd.Series, listed: pd.Series) -> State:
    """What can be said of a whole area: the one state of all its listed sites; off the list only if all of them are."""
    if not listed.any():
        return next(state for state in OFF if (states == state).any())
    alike = (State.WITHHELD, State.NOT_ASSESSED)
    return next((state for state in alike if (states[listed] == state).all()), State.NO_DATA)

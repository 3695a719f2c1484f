"""The sites of an operation as columns: read once a release, so that a million of them at any date are a few arrays.

`site_columns` is what does not depend on a date, `sites_at` the state of each site at one, and `rows` makes of chosen
sites the table that a layer, a profile or a page of a table draws. A count is drawn as such in its round, as older for
up to two missed rounds, and is "unknown at this date" after that; what was taken off the list or closed stays that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from data import site_slots
from data.catalogue import Catalogue, catalogue, frame, records_of
from data.codes import SiteLayer, State, Unit
from data.model import Provenance, Snapshot
from data.parts import STATES
from data.site_slots import NOTHING, Known, Numbers
from data.site_table import KEPT, Category, SiteColumns, has_table, site_columns
from data.store import Release

__all__ = [
    "AGES",
    "AGE_ROUNDS",
    "CURRENT",
    "OFF",
    "OLDER",
    "UNKNOWN",
    "Category",
    "SiteColumns",
    "SitesAt",
    "aged",
    "first_listed",
    "forget",
    "has_table",
    "last_counted",
    "people",
    "public_of",
    "rounds_public",
    "rows",
    "site_columns",
    "sites_at",
    "snapshot",
    "unit_drawn",
]

AGE_ROUNDS = 2  # a count older than this many missed rounds no longer says where people are
AGES = ("current", "older", "unknown")
CURRENT, OLDER, UNKNOWN = range(3)
COUNTS = [STATES.index(state) for state in (State.COUNTED, State.COUNTED_ZERO)]
NO_DATA = STATES.index(State.NO_DATA)
OFF = [STATES.index(state) for state in (State.DELISTED, State.CLOSED)]  # nobody is meant to count there

ROUNDS_PUBLIC = """
SELECT round, MIN(known_by) AS first_by, MAX(known_by) AS last_by FROM observations
WHERE operation = $operation AND round IS NOT NULL AND kind = 'published' GROUP BY round
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitesAt:
    """Each site of `columns` at one date, shape (n,).

    `state`: place in `parts.STATES`; `age`: place in `AGES`; `value`: of the last state, NaN: none; `missed`: rounds
    since; `said`: number of what was said, a row of `tellings`. `round`: the last round up to the date, None: none.
    """

    columns: SiteColumns
    on: date
    as_known_on: date | None
    round: int | None
    state: npt.NDArray[np.int8]
    age: npt.NDArray[np.int8]
    value: npt.NDArray[np.float64]
    missed: npt.NDArray[np.int16]
    said: Numbers
    tellings: pd.DataFrame

    def __len__(self) -> int:
        return len(self.said)

    @property
    def public(self) -> npt.NDArray[np.bool_]:
        """Whether anything of the site at the date was surely public."""
        if self.as_known_on is None:
            return np.ones(len(self), dtype=np.bool_)
        return np.asarray(self.said != NOTHING)

    @property
    def listed(self) -> npt.NDArray[np.bool_]:
        """Whether anything was published of the site up to the date."""
        return np.asarray(self.said != NOTHING)

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        """Whether there is a count that still holds: current or older, zero too."""
        return np.isin(self.state, COUNTS)

    @property
    def last(self) -> npt.NDArray[np.datetime64]:
        """Last day of the date of the last state, NaT where there is none."""
        days = self.tellings["last"].to_numpy("datetime64[D]")
        found: npt.NDArray[np.datetime64] = days[self.said]
        return found

    @property
    def unit(self) -> Category:
        """Unit of the value, "" where there is none."""
        return self.told("unit")

    @property
    def event(self) -> Category:
        """Key of the event behind the state, "" where there is none."""
        return self.told("event")

    def told(self, name: str) -> Category:
        """What the last state says in one of the columns of `tellings`, a text a site."""
        return Category(self.said, self.tellings[name].to_numpy(dtype=object))


def aged(
    state: npt.NDArray[np.int8], missed: npt.NDArray[np.int16]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """State and age of what was said so many rounds ago.

    Returns
    -------
    tuple of arrays
        The states, where a count that is too old is `no_data`; places in `AGES`. Only counts age.
    """
    counts = np.isin(state, COUNTS)
    age = np.where(counts & (missed > 0), np.where(missed <= AGE_ROUNDS, OLDER, UNKNOWN), CURRENT)
    return np.where(age == UNKNOWN, NO_DATA, state).astype(np.int8), age.astype(np.int8)


def forget() -> None:
    """Keep nothing: for measuring what the first question costs, and for tests that change a release."""
    with KEPT.lock:
        KEPT.held.clear()
    sites_at.cache_clear()
    _known.cache_clear()
    rounds_public.cache_clear()


@lru_cache(maxsize=4)  # 16 bytes a site each
def sites_at(
    release: Release,
    operation: str,
    on: date,
    as_known_on: date | None = None,
    layer: SiteLayer = SiteLayer.REGISTER,
) -> SitesAt:
    """Each site as it stood on a day.

    Parameters
    ----------
    release, operation, layer
        As in `site_columns`.
    on : date
        The day that is shown.
    as_known_on : date, optional
        Only what was surely public by that day; None takes the newest. A state of a round was public when the first
        figure of that round was, another one when its source was. Rounds count as missed by their dates, which
        can only make a count older. Names and locations are the newest.
    """
    columns, held = site_columns(release, operation, layer), catalogue(release)
    then = None if as_known_on is None else _known(release, operation, as_known_on, layer)
    said, value = site_slots.at(columns.slots, len(columns), on, then)
    tellings = columns.slots.tellings if then is None else then.tellings
    rounds = [r for r in held.rounds.get(operation, ()) if r.period.last <= on]
    ends = [r.period.last for r in rounds]
    lasts = [None if pd.isna(day) else day.date() for day in tellings["last"]]
    missed = np.array([0 if d is None else len(ends) - bisect_right(ends, d) for d in lasts], dtype=np.int16)
    told = np.array([STATES.index(State(state)) for state in tellings["state"]], dtype=np.int8)
    state, age = aged(told, missed)
    return SitesAt(
        columns=columns,
        on=on,
        as_known_on=as_known_on,
        round=rounds[-1].number if rounds else None,
        state=state[said],
        age=age[said],
        value=value,
        missed=missed[said],
        said=said,
        tellings=tellings,
    )


def last_counted(release: Release, at: SitesAt) -> npt.NDArray[np.datetime64]:
    """Last day of the date at which each site was last counted up to the date, NaT: never, shape (n,)."""
    columns = at.columns
    then = (
        None if at.as_known_on is None else _known(release, columns.operation, at.as_known_on, columns.layer)
    )
    counts = at.tellings["state"].isin([State.COUNTED, State.COUNTED_ZERO]).to_numpy(dtype=np.bool_)
    said, _ = site_slots.at(columns.slots, len(columns), at.on, then, counts)
    found: npt.NDArray[np.datetime64] = at.tellings["last"].to_numpy("datetime64[D]")[said]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Since when each site is on the list: `said` (n,) are numbers of `tellings`, `NOTHING` where that is not known."""

    said: Numbers
    tellings: pd.DataFrame

    @property
    def first(self) -> npt.NDArray[np.datetime64]:
        """First day of the date of that, NaT: not known, shape (n,)."""
        found: npt.NDArray[np.datetime64] = self.tellings["first"].to_numpy("datetime64[D]")[self.said]
        return found


def first_listed(release: Release, at: SitesAt) -> Listed:
    """The first date up to that of `at` by which something was published of each site as one that is on the list."""
    columns = at.columns
    made = _first_listed(release, columns.operation, at.as_known_on, columns.layer)
    late = made.tellings["last"].to_numpy("datetime64[D]") > np.datetime64(at.on, "D")
    return Listed(np.where(late[made.said], NOTHING, made.said), made.tellings)


@lru_cache(maxsize=4)  # at most four bytes a site each
def _first_listed(release: Release, operation: str, day: date | None, layer: SiteLayer) -> Listed:
    columns = site_columns(release, operation, layer)
    then = None if day is None else _known(release, operation, day, layer)
    tellings = columns.slots.tellings if then is None else then.tellings
    on_list = ~tellings["state"].isin([State.DELISTED, State.CLOSED, State.NO_DATA]).to_numpy(dtype=np.bool_)
    return Listed(
        site_slots.at(columns.slots, len(columns), date.max, then, on_list, first=True)[0], tellings
    )


def unit_drawn(at: SitesAt) -> str:
    """The one unit in which people are compared on a map: that of most counted sites, "" where nothing is counted."""
    counted = at.said[(at.state == COUNTS[0]) & ~np.isnan(at.value)]
    sites = np.bincount(counted, minlength=len(at.tellings))
    by_unit = pd.Series(sites).groupby(at.tellings["unit"].to_numpy(dtype=object)).sum()
    by_unit = by_unit[by_unit > 0]
    order = [unit.value for unit in Unit]
    return str(
        min(
            by_unit.index,
            key=lambda u: (-by_unit[u], order.index(u) if u in order else len(order)),
            default="",
        )
    )


def people(at: SitesAt) -> npt.NDArray[np.float64]:
    """What is compared of each site: its count that still holds, in the unit drawn, NaN: none, shape (n,)."""
    same = (at.tellings["unit"] == unit_drawn(at)).to_numpy(dtype=np.bool_)
    counted = np.where((at.state == COUNTS[0]) & same[at.said], at.value, np.nan)
    found: npt.NDArray[np.float64] = np.where(at.state == COUNTS[1], 0.0, counted)
    return found


def rows(release: Release, at: SitesAt, index: Numbers | None = None) -> Snapshot:
    """Chosen sites as the table of a snapshot, in the order of `index` (None: all, by key).

    Returns
    -------
    Snapshot
        The columns of the table of sites; then state, value (NaN: none), unit, precision, last_when, missed, age,
        event, text_en, text_fr; public, False where nothing of it at that day was surely public: its state is then
        `no_data`, and its note is empty unless its source was public. Caveats, sources and events are those of all
        sites of the layer, also of a part.
    """
    columns, held = at.columns, catalogue(release)
    chosen = np.arange(len(columns)) if index is None else np.asarray(index, dtype=np.int64)
    cells: dict[str, Any] = {name: _cells(columns, name, chosen) for name in columns.order}
    if at.as_known_on is not None:
        dated = {key: held.sources[key].public_by(date.min) for key in columns.source.labels}
        told = {key for key, by in dated.items() if by is not None and by <= at.as_known_on}
        silent = ~columns.source.isin(told)[chosen]
        for name in ("note_en", "note_fr"):
            cells[name] = cells[name].mask(silent, "")
    said = at.said[chosen]
    nothing = said == NOTHING

    def telling(name: str) -> pd.Series[Any]:
        return at.tellings[name].take(said).reset_index(drop=True)

    # One table of all columns at once: each that is put into a table afterwards costs as much as a thousand rows.
    cells |= {
        "state": pd.Series(
            np.array([str(state) for state in STATES], dtype=object)[at.state[chosen]], dtype="str"
        ),
        "value": at.value[chosen],
        "unit": telling("unit"),
        "precision": telling("precision"),
        "last_when": telling("when"),
        "missed": at.missed[chosen].astype(np.int64),
        "age": pd.Series(np.array(AGES, dtype=object)[at.age[chosen]], dtype="str"),
        "event": telling("event"),
        "text_en": telling("text_en").mask(nothing, cells["note_en"]),
        "text_fr": telling("text_fr").mask(nothing, cells["note_fr"]),
        "public": at.public[chosen],
    }
    name = f"{columns.operation}-{columns.layer}"
    return snapshot(held, columns.operation, name, pd.DataFrame(cells), set(columns.source.labels), at.on)


def snapshot(
    held: Catalogue, operation: str, key: str, table: pd.DataFrame, cited: set[str], on: date
) -> Snapshot:
    """Places as a snapshot: one whose location is not known has an empty geometry and is listed beside the map."""
    about, lead = held.operation(operation), held.lead[operation] or None
    points = np.full(len(table), shapely.Point(), dtype=object)
    if len(table):
        located = (table["lon"].notna() & table["lat"].notna()).to_numpy(dtype=np.bool_)
        lon, lat = (table[name].to_numpy("float64", na_value=np.nan)[located] for name in ("lon", "lat"))
        points[located] = shapely.points(lon, lat)
    method = held.methods[held.indicators[lead].method] if lead else next(
        m for m in held.methods.values() if m.key.startswith(operation)
    )  # fmt: skip
    return Snapshot(
        key=key,
        label=about.title,
        table=gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326"),
        on=on,
        provenance=Provenance(
            operations=(about,),
            sources=tuple(held.sources[one] for one in sorted(cited)) or (method.source,),
            methods=(method,),
            caveats=held.caveats_of(operation, lead),
            events=held.events_of(operation, lead),
            coverage=(),
        ),
    )


@lru_cache(maxsize=64)  # a release never changes
def rounds_public(release: Release, operation: str) -> Mapping[int, tuple[date, date]]:
    """When the first and the newest figure of each round was surely public; a round without figures is not there."""
    found = records_of(frame(release, ROUNDS_PUBLIC, operation=operation))
    return {int(row["round"]): (row["first_by"].date(), row["last_by"].date()) for row in found}


def public_of(release: Release, operation: str, day: date) -> dict[str, object]:
    """What was public on a day: rounds, of these the ones that were published again later, sources with a date."""
    held = catalogue(release)
    about, by = held.indicators.get(held.lead[operation]), rounds_public(release, operation)
    return {
        "operation": operation,
        "day": day,
        "indicator": about.key if about else "",
        "unit": about.unit.value if about else "",
        "rounds": [number for number, (first, _) in by.items() if first <= day],
        "revised": [number for number, (first, newest) in by.items() if first <= day < newest],
        "sources": [
            key for key, source in held.sources.items() if source.published and source.published.last <= day
        ],
    }


@lru_cache(maxsize=4)
def _known(release: Release, operation: str, day: date, layer: SiteLayer) -> Known:
    slots = site_columns(release, operation, layer).slots
    return site_slots.known(release, slots, public_of(release, operation, day), layer)


def _cells(columns: SiteColumns, name: str, chosen: npt.NDArray[np.int64]) -> object:
    """A column of the table of sites for chosen sites."""
    if name in columns.texts:
        return pd.Series(columns.texts[name].texts(chosen), dtype="str")
    if name in columns.numbers:
        return columns.numbers[name][chosen]
    held = columns.key if name == "key" else columns.name
    return pd.Series(held.take(pa.array(chosen)).to_pylist(), dtype="str")

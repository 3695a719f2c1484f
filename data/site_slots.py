"""What became known of the sites of an operation, held so that any date is a few passes over numbers.

A row of states is told by few things that many sites share: its dates, round, state, words, source. Each such telling
is kept once and has a number; a site's row is that number and a value. Rows of one date and state are a slot, and
slots are in the order in which a later one says more than an earlier one: what is known at a date is what the last
slot up to it says of each site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.codes import SiteLayer, State
from data.errors import Unknown
from data.store import Release

Numbers = npt.NDArray[np.integer[Any]]
Order = tuple[pd.Timestamp, pd.Timestamp, int, int]
NOTHING = 0  # the number of the telling that says nothing
COLUMNS = (
    "when", "round", "state", "unit", "precision", "text_en", "text_fr", "event", "source", "first", "last"
)  # fmt: skip
_NAMED = ", ".join(f's."{name}"' for name in COLUMNS)
# Of two states of one date that are neither off the list nor closed, the first by name stands.
BY_NAME = sorted((state.value for state in State), reverse=True)
BATCH = 400_000  # rows in memory at a time
DENSE = 0.6  # of the sites in a slot: from here on a place for each site is smaller than a list of sites

NUMBERED = (
    "SELECT key AS site, ROW_NUMBER() OVER (ORDER BY key) - 1 AS nth FROM sites "
    "WHERE operation = $operation AND layer = $layer"
)
# `$salt` is another one where two tellings would have one number.
TELLINGS = f"""
SELECT HASH($salt, {_NAMED}) AS mark, COUNT(*) AS sites, {_NAMED}
FROM site_states AS s JOIN ({NUMBERED}) AS n ON n.site = s.site GROUP BY ALL
"""  # noqa: S608 - constants of this module alone are put in
ROWS = f"""
SELECT n.nth, HASH($salt, {_NAMED}) AS mark, s.value FROM site_states AS s JOIN ({NUMBERED}) AS n ON n.site = s.site
"""  # noqa: S608 - as above
# Every publication of a site's figure in the rounds that were published again, with the days that it held.
VERSIONS = """
  SELECT place, round, value, "precision", state, note_en, note_fr, known_by,
         LEAD(known_by) OVER (PARTITION BY place, round ORDER BY known_by, id) AS next_by,
         MIN(known_by) OVER (PARTITION BY place, round) AS first_by
  FROM observations
  WHERE operation = $operation AND indicator = $indicator AND place <> '' AND sex = '' AND age = '' AND reason = ''
    AND origin = '' AND destination = '' AND assessment = '' AND kind = 'published'
    AND round IN (SELECT UNNEST($revised::BIGINT[]))
"""
# The publication that held on the day and says something else than the newest one.
HELD_THEN = """
  v.place = s.site AND v.round = s.round AND v.known_by <= $day AND v.next_by > $day
  AND (v.state <> s.state OR v.value IS DISTINCT FROM s.value)
"""
# A row that was not public on the day has no state; another one has what the newest publication by then said.
OTHERWISE = f"""
WITH versions AS ({VERSIONS})
SELECT n.nth, HASH($salt, {_NAMED}) AS mark, v.state, v.value,
       CASE WHEN v.value IS NULL THEN '' ELSE v."precision" END AS "precision", v.note_en, v.note_fr
FROM site_states AS s JOIN ({NUMBERED}) AS n ON n.site = s.site LEFT JOIN versions AS v ON {HELD_THEN}
WHERE s.round IN (SELECT UNNEST($revised::BIGINT[])) AND (v.place IS NOT NULL OR EXISTS (
  SELECT 1 FROM versions AS w WHERE w.place = s.site AND w.round = s.round AND w.first_by > $day))
"""  # noqa: S608 - as above


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """The rows of one date and state. `sites` is None where there is a place for each site (`NOTHING`: no row)."""

    last: np.datetime64
    sites: npt.NDArray[np.int32] | None
    said: Numbers  # numbers of tellings
    value: (
        npt.NDArray[np.float32] | npt.NDArray[np.float64] | None
    )  # None: no row has one; NaN: this row has none

    def write(
        self,
        said: Numbers,
        value: npt.NDArray[np.float64],
        open_: npt.NDArray[np.bool_],
        keep: npt.NDArray[np.bool_] | None,
    ) -> None:
        """Say what the slot says of the sites of which nothing is said yet, and close them.

        With `keep`, shape (tellings,), only its tellings are said.
        """
        if self.sites is None:
            rows: Numbers = np.flatnonzero(open_)
            at: Numbers = rows
            fits = self.said[rows] != NOTHING
        else:
            rows, at = np.arange(len(self.sites)), self.sites
            fits = open_[at]
        if keep is not None:
            fits &= keep[self.said[rows]]
        rows, at = rows[fits], at[fits]
        said[at] = self.said[rows]
        if self.value is not None:
            value[at] = self.value[rows]
        open_[at] = False


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """All of a layer's rows of states.

    `tellings` has the columns of `COLUMNS`, one row a telling, the first one of nothing; `marks` are their hashes,
    sorted, with the number of the telling of each in `of_mark`.
    """

    salt: str
    tellings: pd.DataFrame
    marks: npt.NDArray[np.uint64]
    of_mark: Numbers
    slots: tuple[Slot, ...]
    orders: tuple[Order, ...]  # of each slot, ascending

    def numbers_of(self, marks: npt.NDArray[np.uint64]) -> Numbers:
        """The telling of each row, by its hash."""
        found: Numbers = self.of_mark[np.searchsorted(self.marks, marks)]
        return found

    @property
    def bytes(self) -> int:
        """Memory of the rows."""
        arrays = (a for s in self.slots for a in (s.sites, s.said, s.value) if a is not None)
        return sum(a.nbytes for a in arrays)


def order_of(state: str, first: pd.Timestamp, last: pd.Timestamp) -> Order:
    """What says more about a site comes later: a later date; of one date, off the list, then closed, then the rest."""
    rest = {"delisted": 2, "closed": 1}.get(state, 0)
    return (last, first, rest, BY_NAME.index(state))


def read(release: Release, operation: str, layer: SiteLayer, sites: int) -> Slots:
    """The rows of states of `sites` sites, read in batches."""
    asked = {"operation": operation, "layer": layer.value}
    with release.cursor() as cursor:
        for salt in ("a", "b", "c"):
            tellings = cursor.sql(TELLINGS, params=asked | {"salt": salt}).to_arrow_table().to_pandas()
            if tellings["mark"].is_unique:
                break
        else:
            raise Unknown("way to number what became known of the sites of", operation, [])
        order = [order_of(r.state, r.first, r.last) for r in tellings.itertuples()]
        orders = sorted(set(order))
        place = {one: at for at, one in enumerate(orders)}
        tellings["slot"] = np.array([place[one] for one in order], dtype=np.int32)
        small = np.uint8 if len(tellings) < 2**8 - 1 else np.uint16 if len(tellings) < 2**16 - 1 else np.int32
        sizes = tellings.groupby("slot")["sites"].sum()
        numbers: Numbers = np.arange(1, len(tellings) + 1).astype(small)
        marks = tellings["mark"].to_numpy("uint64")
        by_mark = np.argsort(marks)
        made = Slots(salt, _with_nothing(tellings), marks[by_mark], numbers[by_mark], (), ())
        filling = [_Filling(sites, int(sizes[at]), small) for at in range(len(orders))]
        slot_of = np.concatenate([[-1], tellings["slot"].to_numpy()])
        batches = cursor.sql(ROWS, params=asked | {"salt": salt}).to_arrow_reader(BATCH)
        for batch in batches:
            nth = batch["nth"].to_numpy(zero_copy_only=False).astype(np.int32)
            told = made.numbers_of(batch["mark"].to_numpy(zero_copy_only=False))
            value = batch["value"].to_numpy(zero_copy_only=False).astype(np.float64)
            for at, rows in _grouped(slot_of[told]):
                filling[at].add(nth[rows], told[rows], value[rows])
    slots = tuple(
        one.slot(orders[at][0].to_datetime64().astype("datetime64[D]")) for at, one in enumerate(filling)
    )
    return Slots(salt, made.tellings, made.marks, made.of_mark, slots, tuple(orders))


def _with_nothing(tellings: pd.DataFrame) -> pd.DataFrame:
    """The tellings by their numbers: the first one says nothing."""
    nothing = {"when": "", "state": "no_data", "unit": "", "precision": "", "text_en": "", "text_fr": "", "event": "",
               "source": ""}  # fmt: skip
    told = tellings[list(COLUMNS)].astype({"round": "Int64"})
    first = pd.DataFrame([{name: nothing.get(name) for name in COLUMNS}]).astype(told.dtypes.to_dict())
    return pd.concat([first, told], ignore_index=True)


def _grouped(keys: Numbers) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """The rows of each key that occurs."""
    order = np.argsort(keys, kind="stable")
    ends = np.flatnonzero(np.diff(keys[order], append=-2)) + 1
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        yield int(keys[order[start]]), order[start:end]


class _Filling:
    """A slot while its rows come in; numbers are kept in single precision only while nothing is lost by it."""

    def __init__(self, sites: int, rows: int, small: type) -> None:
        self._dense, self._at = rows >= DENSE * sites, 0
        length = sites if self._dense else rows
        self._sites = None if self._dense else np.zeros(rows, dtype=np.int32)
        self._said: Numbers = np.zeros(length, dtype=small)
        self._value: npt.NDArray[np.float32] | npt.NDArray[np.float64] | None = None

    def add(self, nth: npt.NDArray[np.int32], said: Numbers, value: npt.NDArray[np.float64]) -> None:
        """More rows."""
        known = ~np.isnan(value)
        if self._value is None and known.any():
            self._value = np.full(len(self._said), np.nan, dtype=np.float32)
        if self._value is not None and self._value.dtype == np.float32:
            with np.errstate(over="ignore"):
                exact = value[known].astype(np.float32).astype(np.float64) == value[known]
            self._value = self._value if exact.all() else self._value.astype(np.float64)
        at: Numbers | slice = nth
        if self._sites is not None:
            at = slice(self._at, self._at + len(nth))
            self._sites[at] = nth
            self._at += len(nth)
        self._said[at] = said
        if self._value is not None:
            self._value[at] = value

    def slot(self, last: np.datetime64) -> Slot:
        """The slot, its sites in order."""
        if self._sites is None:
            return Slot(last, None, self._said, self._value)
        order = np.argsort(self._sites, kind="stable")
        value = None if self._value is None else self._value[order]
        return Slot(last, self._sites[order], self._said[order], value)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """How the rows of a day differ from the newest: which tellings were public, what was not, what was said else."""

    tellings: pd.DataFrame  # those of the slots, then those of the publications that held then
    public: npt.NDArray[np.bool_]  # of each of the slots' tellings
    gone: tuple[npt.NDArray[np.int32], Numbers]  # sites and tellings that were not what is said today
    slots: tuple[Slot, ...]  # what was said in their place
    orders: tuple[Order, ...]


def known(release: Release, slots: Slots, asked: dict[str, object], layer: SiteLayer) -> Known:
    """What was public on a day.

    Parameters
    ----------
    asked : dict
        operation, indicator, unit, day; rounds: public by then, revised: of these the ones published again later,
        sources: with a date of publication by then.
    """
    told = slots.tellings
    rounds = told["round"].isin(asked["rounds"])  # type: ignore[arg-type]  # a list of numbers
    stated = told["source"].isin(asked["sources"])  # type: ignore[arg-type]  # a list of keys
    day = pd.Timestamp(asked["day"].year, asked["day"].month, asked["day"].day)  # type: ignore[attr-defined]  # a date
    unnumbered = told["round"].isna() & (told["first"] <= day) & stated
    public = np.asarray(rounds.to_numpy(dtype=np.bool_) | unnumbered.to_numpy(dtype=np.bool_))
    public[NOTHING] = False
    none = np.array([], dtype=np.int32)
    if not asked["revised"] or len(told) == 1:  # the first telling says nothing: there is no other
        return Known(told, public, (none, none), (), ())
    wanted = ("operation", "indicator", "day", "revised")
    params = {name: asked[name] for name in wanted} | {"layer": layer.value, "salt": slots.salt}
    with release.cursor() as cursor:
        rows = cursor.sql(OTHERWISE, params=params).to_arrow_table().to_pandas()
    nth = rows["nth"].to_numpy("int32")
    said = slots.numbers_of(rows["mark"].to_numpy("uint64"))
    hidden = rows["state"].isna().to_numpy(dtype=np.bool_)
    unit = np.where(rows["value"].isna(), "", str(asked["unit"]))
    other = told.iloc[said].reset_index(drop=True)
    other = other.assign(
        state=rows["state"], unit=unit, precision=rows["precision"], text_en=rows["note_en"], text_fr=rows["note_fr"],
        event="",
    )[~hidden]  # fmt: skip
    again = other.groupby(list(COLUMNS), dropna=False, sort=False).ngroup().to_numpy()
    distinct = other.iloc[np.unique(again, return_index=True)[1]]
    order = [order_of(r.state, r.first, r.last) for r in distinct.itertuples()]
    value, sites = rows["value"].to_numpy("float64")[~hidden], nth[~hidden]
    made = []
    for at in sorted(set(order)):
        mine = np.isin(again, [n for n, one in enumerate(order) if one == at])
        by_site = np.argsort(sites[mine], kind="stable")
        made.append(
            Slot(
                at[0].to_datetime64().astype("datetime64[D]"),
                sites[mine][by_site],
                (len(told) + again[mine][by_site]).astype(np.int32),
                value[mine][by_site],
            )
        )
    every = pd.concat([told, distinct[list(COLUMNS)].astype(told.dtypes.to_dict())], ignore_index=True)
    return Known(every, public, (nth, said), tuple(made), tuple(sorted(set(order))))


def at(
    slots: Slots,
    sites: int,
    on: date,
    then: Known | None = None,
    only: npt.NDArray[np.bool_] | None = None,
    *,
    first: bool = False,
) -> tuple[Numbers, npt.NDArray[np.float64]]:
    """What was last, or first, said of each site up to a day: numbers of tellings and values, shape (sites,).

    With `only`, shape (tellings,), nothing but those tellings.
    """
    day = np.datetime64(on, "D")
    said: Numbers = np.zeros(sites, dtype=slots.of_mark.dtype if then is None else np.int32)
    value, open_ = np.full(sites, np.nan), np.ones(sites, dtype=np.bool_)
    gone = np.sort(_pairs(*then.gone)) if then is not None else np.array([], dtype=np.int64)
    public = only
    if then is not None:
        public = then.public if only is None else then.public & only[: len(then.public)]
    ours = [(order, 0, slot) for order, slot in zip(slots.orders, slots.slots, strict=True)]
    theirs = [(order, 1, slot) for order, slot in zip(then.orders, then.slots, strict=True)] if then else []
    for _, other, slot in sorted([*ours, *theirs], key=lambda one: one[:2], reverse=not first):
        if slot.last > day:
            continue
        if other:
            slot.write(said, value, open_, only)
        else:
            _without(slot, gone).write(said, value, open_, public)
        if not open_.any():
            break
    return said, value


def _pairs(nth: Numbers, said: Numbers) -> npt.NDArray[np.int64]:
    """A site and a telling as one number."""
    return nth.astype(np.int64) << 32 | said.astype(np.int64)


def _without(slot: Slot, gone: npt.NDArray[np.int64]) -> Slot:
    """A slot without the rows that were something else then."""
    if not len(gone):
        return slot
    sites = np.arange(len(slot.said), dtype=np.int32) if slot.sites is None else slot.sites
    pairs = _pairs(sites, slot.said)
    found = np.searchsorted(gone, pairs)
    stay = gone[np.minimum(found, len(gone) - 1)] != pairs
    if stay.all():
        return slot
    value = None if slot.value is None else slot.value[stay]
    return Slot(slot.last, sites[stay], slot.said[stay], value)

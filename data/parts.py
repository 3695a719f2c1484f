"""What a change between two rounds is made of: parts that sum to it exactly, each with its evidence.

A row (a site) goes to the first kind that fits, in the order of `PartKind`. What was published for no row is a
residual and is called one. An amount that nobody published is `None`: the remainder holds it, unseparated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

import pandas as pd

from data.codes import EventKind, Precision, State, Unit
from data.dates import DateSpan
from data.model import Event, Provenance, Row, Series, records

STATES = tuple(State)  # a state by its place in this list


class PartKind(StrEnum):
    """Why a row changed; in the order in which a row is asked whether it fits."""

    CORRECTION = "correction"  # the figure first published was mended
    METHOD = "method"  # counted in another way, or others are counted
    BOUNDARY = "boundary"  # areas, merges and splits of sites
    IDENTITY_UNSURE = "identity_unsure"  # whether two entries are one site is not confirmed
    COVERAGE_LOST = "coverage_lost"  # counted before, not assessed or not published after
    COVERAGE_GAINED = "coverage_gained"
    DELISTED = "delisted"  # taken off the list; not an exit from displacement
    RELISTED = "relisted"
    CLOSED = "closed"  # by reason
    NEW = "new"
    CONTINUING = "continuing"  # counted in both rounds
    RESIDUAL = "residual"  # net change at the other places: causes not separated
    NOT_EXPLAINED = "not_explained"


# What lies behind a part: the kinds of events, said once for totals, sites and pictures.
KINDS: Mapping[EventKind, PartKind] = {
    EventKind.DELISTING: PartKind.DELISTED, EventKind.RELISTING: PartKind.RELISTED,
    EventKind.METHOD_CHANGE: PartKind.METHOD, EventKind.DEFINITION_CHANGE: PartKind.METHOD,
    EventKind.RE_REGISTRATION: PartKind.METHOD, EventKind.RECATEGORIZATION: PartKind.METHOD,
    EventKind.COVERAGE_CHANGE: PartKind.COVERAGE_LOST, EventKind.BOUNDARY_CHANGE: PartKind.BOUNDARY,
    EventKind.SITE_MERGE_OR_SPLIT: PartKind.BOUNDARY,
}  # fmt: skip
# What moves a count without another list or way of counting: the residual may hold anything that was not published.
MOVED = frozenset({PartKind.CLOSED, PartKind.NEW, PartKind.CONTINUING, PartKind.RESIDUAL})


def kind_of(event: Event) -> PartKind:
    """The part that an event is behind; a break of any other kind is not explained."""
    return KINDS.get(event.kind, PartKind.NOT_EXPLAINED)


class Grade(StrEnum):
    """What an amount rests on."""

    BY_SITE = "by_site"
    BY_AREA = "by_area"
    BY_EFFECT = "by_effect"  # the size that was published with an event
    RESIDUAL = "residual"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One site of a part. `before` or `after` is None where it was not counted; see the two states."""

    key: str
    name: str
    before: float | None
    after: float | None
    state_before: State | None  # None: not on the list then
    state_after: State | None
    amount: float


class Rows(Sequence[PartRow]):
    """Rows that stay in their table until one is read: a part may be of 60,000 sites.

    Parameters
    ----------
    table : pd.DataFrame
        Columns site, name, before, after (missing: not counted), state_before, state_after (places in the list of
        states, -1: not on the list then); in the order in which they are read.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, at: int) -> PartRow: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> PartRow | Rows:
        if isinstance(at, slice):
            return Rows(self.table.iloc[at])
        return _read(self.table.iloc[at])

    def __iter__(self) -> Iterator[PartRow]:
        return (_read(row) for _, row in records(self.table))


def _read(row: Row) -> PartRow:
    before, after = (None if pd.isna(row[name]) else float(row[name]) for name in ("before", "after"))
    states = [None if row[name] < 0 else STATES[int(row[name])] for name in ("state_before", "state_after")]
    return PartRow(
        key=row["site"],
        name=row["name"],
        before=before,
        after=after,
        state_before=states[0],
        state_after=states[1],
        amount=(after or 0) - (before or 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows that changed for one reason.

    `amount` is None where nobody published it; `reason` is the published reason of a closure, else "".
    """

    kind: PartKind
    amount: float | None
    grade: Grade
    reason: str = ""
    events: tuple[Event, ...] = ()
    rows: Sequence[PartRow] = ()  # the largest change first
    sites: tuple[str, ...] = ()  # names, where only an event says which


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A total on one side of a change: as it was first published, and as it stands."""

    round: int | None
    period: DateSpan
    first_published: float
    value: float
    precision: Precision


class Basis(StrEnum):
    """How two rounds are put on one list of sites."""

    SAME_SITES = "same_sites"  # the sites that were counted in both rounds
    OLD_LIST = "old_list"  # what was taken off stays, at its last count
    LEFT_OUT = "left_out"  # what was taken off is left out of both rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeForLike:
    """Both rounds on one list; the assumption of each basis is said beside it."""

    basis: Basis
    before: float
    after: float
    grade: Grade

    @property
    def percent(self) -> float:
        """Change in percent of the earlier round."""
        return 100 * (self.after - self.before) / self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The change of one indicator between two rounds. Its parts sum to `amount` exactly.

    Raises
    ------
    ValueError
        If they do not.
    """

    series: Series
    area: str  # code, "" is the indicator's own place
    area_name: str
    first: Side
    second: Side
    parts: tuple[Part, ...]
    bases: tuple[LikeForLike, ...]
    provenance: Provenance
    breaks: tuple[Event, ...] = ()  # published breaks between the two sides

    def __post_init__(self) -> None:
        if sum(part.amount or 0 for part in self.parts) != self.amount:
            raise ValueError(f"The parts of '{self.series.key}' do not sum to {self.amount:.0f}.")

    @property
    def unit(self) -> Unit:
        """What one of an amount is."""
        return self.series.unit

    @property
    def amount(self) -> float:
        """Later minus earlier, as first published: negative for a fall."""
        return self.second.first_published - self.first.first_published

    @property
    def comparable(self) -> bool:
        """Whether a percent of the published values may be shown: no break, the same list, counted in one way."""
        return not self.breaks and all(part.kind in MOVED for part in self.parts if part.amount != 0)

    def of(self, *kinds: PartKind) -> Sequence[Part]:
        """The parts of some kinds."""
        return [part for part in self.parts if part.kind in kinds]

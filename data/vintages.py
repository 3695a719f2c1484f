"""What became of a figure: its value then and now, why it changed, and who had used it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import pandas as pd

from data import queries
from data.codes import ClaimStatus, EventKind, Precision
from data.errors import Unknown
from data.model import Event, Provenance, Row, Series, public_on, records
from data.series import Revised, period_key, revised
from data.store import Release

MENDS = (EventKind.CORRECTION, EventKind.WITHDRAWAL)  # what a producer says of a value that no longer stands
TELLS = (EventKind.PUBLICATION, EventKind.USE_OF_FIGURE, *MENDS)  # what a ledger says of the life of a value


class Became(StrEnum):
    """What became of a value."""

    NEW = "new"  # nothing was public then
    MORE_EXACT = "more_exact"  # the same, then known less exactly
    CORRECTED = "corrected"  # another value, and the ledger says that it was corrected
    REPLACED = "replaced"  # another value, and no entry of the ledger says why
    WITHDRAWN = "withdrawn"
    GONE = "gone"  # no longer held at all


class Order(StrEnum):
    """Whether a figure had been corrected when it was used."""

    BEFORE = "before"  # it was corrected after that
    AFTER = "after"  # it had been corrected
    UNCLEAR = "unclear"  # the dates that were said do not tell
    NEVER = "never"  # no correction is held


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fate:
    """One value then and now; a row of `Series.values` each, None where there is none."""

    then: Row | None
    now: Row | None
    how: Became
    corrections: tuple[Event, ...]  # the entries of the ledger about it since then, by date

    @property
    def row(self) -> Row:
        """The row that says its period and round."""
        return self.then if self.now is None else self.now

    @property
    def value_then(self) -> float | None:
        """The value as it was known; None where there was none."""
        return _value(self.then)

    @property
    def value_now(self) -> float | None:
        """The value as it is known; None where there is none."""
        return _value(self.now)

    @property
    def difference(self) -> float | None:
        """Now minus then; None where one of them is missing or was printed as a bound or an interval."""
        if self.value_then is None or self.value_now is None or not self._plain():
            return None
        return self.value_now - self.value_then

    @property
    def exact(self) -> bool:
        """Whether both values were printed exactly, so that their difference is exact."""
        return all(row is not None and row["precision"] == Precision.EXACT for row in (self.then, self.now))

    @property
    def known_then(self) -> date | None:
        """First day by which the earlier value was surely public."""
        return _known(self.then)

    @property
    def known_now(self) -> date | None:
        """First day by which the later value was surely public."""
        return _known(self.now)

    def _plain(self) -> bool:
        stated = (Precision.EXACT, Precision.ABOUT)
        return all(row is not None and row["precision"] in stated for row in (self.then, self.now))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VintageDifference:
    """A figure as known on `on` beside a later state of it."""

    on: date
    until: date | None  # None: the newest
    then: Series
    now: Series
    fates: tuple[Fate, ...]  # what changed or is new, by period
    same: int  # values that stand as they stood
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Correction:
    """A shown figure of an older release that the newer one no longer has so."""

    series: Series  # of the newer release; of the older one where the newer holds none
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """An entry of the ledger about one version of a value."""

    event: Event
    row: Row  # the version that it is about
    later: Row | None  # the first later version that is another value or a withdrawal
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Life:
    """The entries about one value, by date."""

    row: Row  # the newest version: its period and round
    entries: tuple[Entry, ...]

    @property
    def uses(self) -> tuple[Entry, ...]:
        """Who used it."""
        return tuple(e for e in self.entries if e.event.kind is EventKind.USE_OF_FIGURE)


def published_days(series: Iterable[Series]) -> tuple[date, ...]:
    """The days by which something of these series became public, in order."""
    known = {
        day
        for one in series
        for day in (stamp.date() for stamp in one.history["known_by"].dropna().unique().tolist())
    }
    return tuple(sorted(known))


def difference(release: Release, indicator: str, then: date, now: date | None = None) -> VintageDifference:
    """What became of a figure between two days.

    Parameters
    ----------
    release : Release
        Where both states are taken from.
    indicator : str
        Key of the indicator.
    then : date
        The earlier day.
    now : date, optional
        The later day; None takes the newest.

    Returns
    -------
    VintageDifference
        One row a value that changed, was withdrawn, or is new; the provenance of both states united.

    Raises
    ------
    Unknown
        If the release holds no such indicator.
    ValueError
        If `now` is before `then`.
    """
    if now is not None and now < then:
        raise ValueError(f"{now} is before {then}: what became of a figure is asked from the earlier day on.")
    return _difference(release, indicator, then, now)


@lru_cache(maxsize=64)  # a release never changes
def _difference(release: Release, indicator: str, then: date, now: date | None) -> VintageDifference:
    old, new = queries.series(release, indicator, then), queries.series(release, indicator, now)
    fates = fates_of(old, new)
    counted = sum(value is not None for value in map(_value, _by_key(old.values).values()))
    return VintageDifference(
        on=then,
        until=now,
        then=old,
        now=new,
        fates=fates,
        same=counted - sum(fate.value_then is not None for fate in fates),
        provenance=old.provenance.united(new.provenance),
    )


def since(
    pinned: Release, current: Release, indicators: Sequence[str] | None = None
) -> tuple[Correction, ...]:
    """The figures of an older release that were corrected, replaced or withdrawn by the newer one.

    Parameters
    ----------
    pinned, current : Release
        The older and the newer release.
    indicators : sequence of str, optional
        Keys of the figures that are shown; None takes all of the older release.

    Raises
    ------
    Unknown
        If the older release holds no such indicator.
    """
    keys = tuple(queries.catalogue(pinned).indicators) if indicators is None else tuple(indicators)
    return _since(pinned, current, keys)


@lru_cache(maxsize=16)
def _since(pinned: Release, current: Release, indicators: tuple[str, ...]) -> tuple[Correction, ...]:
    found: list[Correction] = []
    for key in indicators:
        old = queries.series(pinned, key)
        try:
            new = queries.series(current, key)
        except Unknown:
            fates = [_gone(row) for row in _by_key(old.values).values() if _value(row) is not None]
            found += [Correction(series=old, fate=fate) for fate in fates]
            continue
        kept = (Became.CORRECTED, Became.REPLACED, Became.WITHDRAWN, Became.GONE)
        found += [Correction(series=new, fate=fate) for fate in fates_of(old, new) if fate.how in kept]
    return tuple(found)


def fates_of(old: Series, new: Series) -> tuple[Fate, ...]:
    """What became of the values of `old` in `new`, and what is new there, by period; what is the same is left out."""
    then, now = _by_key(old.values), _by_key(new.values)
    versions = _versions(new.history)
    found = [
        _fate(then.get(key), now.get(key), versions.get(key, []), new.provenance.events)
        for key in dict.fromkeys((*then, *now))
    ]
    return tuple(sorted((f for f in found if f is not None), key=lambda f: (f.row["last"], f.row["first"])))


def _fate(then: Row | None, now: Row | None, versions: Sequence[Row], events: Sequence[Event]) -> Fate | None:
    """What became of one value; None where it is the same."""
    said = corrections_of(then, versions, events)
    if now is None or _value(now) is None:
        if _value(then) is None:
            return None
        how = Became.GONE if now is None else Became.WITHDRAWN
        return Fate(then=then, now=now, how=how, corrections=said)
    if then is None or _value(then) is None:
        return Fate(then=then, now=now, how=Became.NEW, corrections=said)
    match revised(then, now):
        case Revised.SAME:
            return None
        case Revised.MORE_EXACT:
            return Fate(then=then, now=now, how=Became.MORE_EXACT, corrections=said)
    return Fate(then=then, now=now, how=Became.CORRECTED if said else Became.REPLACED, corrections=said)


def _gone(row: Row) -> Fate:
    return Fate(then=row, now=None, how=Became.GONE, corrections=())


def corrections_of(then: Row | None, versions: Sequence[Row], events: Sequence[Event]) -> tuple[Event, ...]:
    """The corrections and withdrawals of a value from the version `then` on; of all versions where it is None."""
    about = {row["obs"] for row in versions if then is None or row["known_by"] >= then["known_by"]}
    about |= set() if then is None else {then["obs"]}
    found = (e for e in events if _mends(e) and e.about in about)
    return tuple(sorted(found, key=lambda e: e.when))


def _mends(event: Event) -> bool:
    """Whether it is a correction or withdrawal of a value that somebody stands behind."""
    return (
        event.kind in MENDS
        and bool(event.about)
        and event.claim not in (ClaimStatus.ALLEGED, ClaimStatus.DISPUTED)
    )


@lru_cache(maxsize=256)  # asked again by every language and width of a card
def lives(series: Series) -> tuple[Life, ...]:
    """The values that the ledger tells something of: published, used, corrected or withdrawn, as known on the day.

    Only entries about a version that the series holds, and that were public on its day.
    """
    known = [
        e
        for e in series.provenance.events
        if e.kind in TELLS and e.about and public_on(e, series.as_known_on)
    ]
    if not known:
        return ()
    newest, found = _by_key(series.values), []
    for key, versions in _versions(series.history).items():
        held = {row["obs"]: row for row in versions}
        entries = [_entry(e, held[e.about], versions, known) for e in known if e.about in held]
        if entries:
            told = tuple(sorted(entries, key=_place))
            found.append(Life(row=newest[key], entries=told))
    return tuple(sorted(found, key=lambda life: (life.row["last"], life.row["first"])))


def _place(entry: Entry) -> tuple[date, date]:
    """Where an entry stands among the others: a publication at its first day, the rest where it was surely over."""
    when = entry.event.when
    return (when.first if entry.event.kind is EventKind.PUBLICATION else when.last), when.first


def _entry(event: Event, row: Row, versions: Sequence[Row], events: Sequence[Event]) -> Entry:
    later = next((v for v in versions if v["known_by"] > row["known_by"] and _other(row, v)), None)
    return Entry(event=event, row=row, later=later, order=_order(event, row, later, events))


def _order(event: Event, row: Row, later: Row | None, events: Sequence[Event]) -> Order:
    """Whether the value had been corrected at the time of the event, as far as the dates that were said tell."""
    if later is None:
        return Order.NEVER
    if later["known_by"].date() < event.when.first:
        return Order.AFTER
    mends = [e for e in events if _mends(e) and e.about in (row["obs"], later["obs"])]
    if mends and min(e.when.first for e in mends) > event.when.last:
        return Order.BEFORE
    return Order.UNCLEAR


def _other(row: Row, later: Row) -> bool:
    """Whether a later version is another value, or none."""
    if _value(row) is None or _value(later) is None:
        return _value(row) is not None
    return revised(row, later) is Revised.CHANGED


def _by_key(values: pd.DataFrame) -> dict[str, Row]:
    """Rows by what makes them versions of one value."""
    keys = period_key(values).tolist() if len(values) else []
    return {str(key): row for key, (_, row) in zip(keys, records(values), strict=True)}


def _versions(history: pd.DataFrame) -> dict[str, list[Row]]:
    """Every version of each value, in the order in which they became public."""
    ordered, found = history.sort_values("known_by", kind="stable"), dict[str, list[Row]]()
    keys = period_key(ordered).tolist() if len(ordered) else []
    for key, (_, row) in zip(keys, records(ordered), strict=True):
        found.setdefault(str(key), []).append(row)
    return found


def _value(row: Row | None) -> float | None:
    return None if row is None or pd.isna(row["value"]) else float(row["value"])


def _known(row: Row | None) -> date | None:
    return None if row is None or pd.isna(row["known_by"]) else row["known_by"].date()

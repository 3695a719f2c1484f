"""The dates of an operation that a map can show, and the one that a selection shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.catalogue import Catalogue, Round, catalogue
from data.dates import DateSpan, Grain
from data.errors import Unknown
from data.model import Row, records
from data.queries import series
from data.selection import Selection
from data.site_columns import rounds_public
from data.store import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One date that can be chosen."""

    period: DateSpan
    round: Round | None

    @property
    def on(self) -> date:
        """The day of the step: the last of its period."""
        return self.period.last


def span_of(row: Row) -> DateSpan:
    """The period of a row of values: a day, a month, a year, or from … to …."""
    first, last = row["first"].date(), row["last"].date()
    if first == last:
        return DateSpan(first, last, Grain.DAY)
    if first.day == 1 and (last + pd.Timedelta(days=1)).day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return DateSpan(first, last, Grain.MONTH)
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return DateSpan(first, last, Grain.YEAR)
    return DateSpan(first, last)


def steps(release: Release, held: Catalogue, operation: str) -> tuple[Step, ...]:
    """The rounds of an operation, or where it has none the periods of its first indicator; () for places only."""
    rounds = held.rounds.get(operation, ())
    if rounds:
        return tuple(Step(period=r.period, round=r) for r in rounds)
    lead = held.lead[operation]
    if not lead:
        return ()
    periods = {span_of(row).last: span_of(row) for _, row in records(series(release, lead).values)}
    return tuple(Step(period=periods[last], round=None) for last in sorted(periods))


def chosen(release: Release, held: Catalogue, selection: Selection) -> Step | None:
    """The step that a selection names; without one, the date that the operation opens with.

    An operation opens at the first round after its last delisting, where what is on the list changed;
    without one, at its newest date.

    Raises
    ------
    Unknown
        If the round or the day is none of the operation's, naming what exists.
    """
    offered = steps(release, held, selection.operation)
    if not offered:
        return None
    if selection.round is not None:
        number = held.round(selection.operation, selection.round).number
        return next(s for s in offered if s.round is not None and s.round.number == number)
    if selection.on is not None:
        found = next((s for s in offered if s.on == selection.on), None)
        if found is None:
            raise Unknown(
                "date", selection.on.isoformat(), [(s.on.isoformat(), s.on.isoformat()) for s in offered]
            )
        return found
    delisted = [
        e.first_round
        for e in held.events_of(selection.operation)
        if e.kind == "delisting" and e.first_round is not None
    ]
    if delisted:
        return next(
            (s for s in offered if s.round is not None and s.round.number == delisted[-1]), offered[-1]
        )
    return offered[-1]


def public_steps(
    release: Release, held: Catalogue, operation: str, every: tuple[Step, ...], known: date
) -> list[Step]:
    """The dates of which a figure was surely public on a day."""
    lead, periods = held.lead[operation], set[DateSpan]()
    if lead and any(step.round is None for step in every):
        periods = {span_of(row) for _, row in records(series(release, lead, known).values)}
    rounds = {number for number, (first, _) in rounds_public(release, operation).items() if first <= known}
    return [
        step
        for step in every
        if (step.period in periods if step.round is None else step.round.number in rounds)
    ]


def now_shown(release: Release, held: Catalogue, selection: Selection, public: list[Step]) -> Step | None:
    """The step that a map shows: the chosen one; where none is named and the opening one was not public, the newest.

    Raises
    ------
    Unknown
        If the round or the day is none of the operation's.
    """
    now = chosen(release, held, selection)
    named = selection.round is not None or selection.on is not None
    return public[-1] if public and now not in public and not named else now


def shown_on(release: Release, selection: Selection) -> date | None:
    """The day that the map of a selection shows; None where its operation has no dates.

    Raises
    ------
    Unknown
        If the operation, the round or the day is not held.
    """
    held = catalogue(release)
    held.operation(selection.operation)
    every = steps(release, held, selection.operation)
    public = list(every)
    if selection.known is not None:
        public = public_steps(release, held, selection.operation, every, selection.known)
    now = now_shown(release, held, selection, public)
    return None if now is None else now.on

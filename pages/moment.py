"""The dates of an operation that a reader can step through: rounds at their true dates, or published periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from charts.figures import span_of
from data import queries
from data.dates import DateSpan
from data.errors import Unknown
from data.model import records
from data.queries import Catalogue, Round
from data.selection import Selection
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


def steps(release: Release, held: Catalogue, operation: str) -> tuple[Step, ...]:
    """The rounds of an operation, or where it has none the periods of its first indicator; () for places only."""
    rounds = held.rounds.get(operation, ())
    if rounds:
        return tuple(Step(period=r.period, round=r) for r in rounds)
    lead = held.lead[operation]
    if not lead:
        return ()
    values = queries.series(release, lead).values
    periods = {span_of(row).last: span_of(row) for _, row in records(values)}
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

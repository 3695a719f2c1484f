"""What a change between two rounds is made of, as far as it was published.

With totals only, a split has two parts: what a published effect says, and a residual. The residual is the net
change at the other places: arrivals and departures, grants, evictions and closures are not separated in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from data.codes import Precision, Unit
from data.model import Event, Provenance, Series
from data.series import alone, published_fall, sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A fall or rise across a break, in the unit of its series; the parts sum to it exactly."""

    event: Event
    unit: Unit
    before: float
    after: float
    taken_off: float  # published: what the places held that were taken off the list, positive
    provenance: Provenance

    @property
    def change(self) -> float:
        """After minus before: negative for a fall."""
        return self.after - self.before

    @property
    def residual(self) -> float:
        """The net change at the other places: change + taken_off. A residual, causes not separated."""
        return self.change + self.taken_off

    @property
    def share_taken_off(self) -> float:
        """Percent of the published change that was taken off the list."""
        return 100 * self.taken_off / -self.change

    @property
    def as_published(self) -> float:
        """Percent change of the published values, which are not comparable."""
        return 100 * self.change / self.before

    @property
    def kept_in_both(self) -> float:
        """Percent change with the places kept in both rounds at their last count."""
        return 100 * (self.after + self.taken_off - self.before) / self.before

    @property
    def left_out_of_both(self) -> float:
        """Percent change with the places left out of both rounds."""
        return 100 * (self.after - (self.before - self.taken_off)) / (self.before - self.taken_off)


@lru_cache(maxsize=512)  # asked by title, sentence, table and rail of a card; neither argument ever changes
def published_split(series: Series, event: Event) -> Split | None:
    """The split of the change across a delisting whose effect on this series was published.

    Returns
    -------
    Split or None
        None where the event takes nothing off a list, where no exact effect in the unit of the series was
        published, where one of the two values was not published exactly, where another break lies between
        them, or where the count did not fall: nothing is guessed.
    """
    taken_off, beside = published_fall(series, event), sides(series, event)
    if taken_off is None or beside is None or not alone(series, beside):
        return None
    if any(row["precision"] != Precision.EXACT for row in (beside.before, beside.after)):
        return None
    before, after = float(beside.before["value"]), float(beside.after["value"])
    if after >= before or taken_off >= before:
        return None
    return Split(
        event=event,
        unit=series.unit,
        before=before,
        after=after,
        taken_off=taken_off,
        provenance=series.provenance,
    )

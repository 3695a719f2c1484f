"""Two border points: who really crossed on each day, and what the posts published by month.

Residents who leave and come back are part of the balance of the country; visitors are not. A post counts
travellers, whoever they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from data.training.people import CELLS
from data.training.schedule import BORDER_FROM, ROUNDS, Schedule
from data.training.seeds import stream

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

POSTS = 2
DIRECTIONS = ("exit", "entry")
TRAVELLERS = ("resident", "visitor")
CELL_SHARES = np.array([30, 70, 340, 40, 30, 70, 380, 40]) / 1000  # by CELLS


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Crossings, by day; arrays are (posts, directions, travellers, days, 8 groups of sex and age)."""

    days: tuple[date, ...]
    crossed: Ints
    open: Bools  # the post counted on that day, shape (posts, days)

    def net_by_round(self, when: Schedule) -> tuple[Ints, Ints]:
        """Residents who left, and who came back, after the last day of the round before and up to that of each."""
        ends = np.array([(last - self.days[0]).days for last in when.last])
        bucket = np.searchsorted(
            ends, np.arange(len(self.days))
        )  # a day belongs to the first round that ends on it or later
        held = bucket < ROUNDS
        by_day = self.crossed[:, :, 0].sum(axis=(0, 3))
        out, back = (np.bincount(bucket[held], by_day[at][held], ROUNDS).astype(np.int64) for at in (0, 1))
        return out, back

    def months(self) -> list[date]:
        """The first day of every whole month."""
        firsts = sorted({day.replace(day=1) for day in self.days})
        return [day for day in firsts if month_end(day) <= self.days[-1]]

    def by_month(self, *, seen: bool) -> Ints:
        """All that crossed, or what was counted: (posts, directions, months, 8)."""
        of_month = {first: at for at, first in enumerate(self.months())}
        index = np.array([of_month.get(day.replace(day=1), -1) for day in self.days])
        crossed = self.crossed.sum(axis=2)
        if seen:
            crossed = crossed * self.open[:, None, :, None]
        out = np.zeros((POSTS, 2, len(of_month), len(CELLS)), dtype=np.int64)
        for at in range(len(of_month)):
            out[:, :, at] = crossed[:, :, index == at].sum(axis=2)
        return out

    def open_days(self) -> Ints:
        """Days on which a post counted, by month: (posts, months)."""
        firsts = self.months()
        month = np.array([day.replace(day=1).toordinal() for day in self.days])
        return np.stack([self.open[:, month == first.toordinal()].sum(axis=1) for first in firsts], axis=1)


def month_end(first: date) -> date:
    """The last day of the month that begins on a day."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def borders(seed: int, when: Schedule) -> Borders:
    """The crossings of one country until the last day of the last round."""
    rng = stream(seed, "borders")
    count = (when.last[-1] - BORDER_FROM).days + 1
    days = tuple(BORDER_FROM + timedelta(days=at) for at in range(count))
    mean = np.array(
        [[[34.0, 26.0], [31.0, 26.0]], [[19.0, 22.0], [17.0, 22.0]]]
    )  # post, direction, traveller
    season = np.array([1.0, 0.9, 0.95, 1.0, 1.05, 1.1, 1.25, 1.2, 1.0, 0.95, 0.9, 1.2])
    month = season[[day.month - 1 for day in days]]
    people = rng.poisson(mean[..., None] * month)
    crossed = rng.multinomial(people, CELL_SHARES).astype(np.int64)
    # nobody comes back before somebody has left: the first entries of residents wait for the first exits
    residents = crossed[:, :, 0].sum(axis=(0, 3))
    short = int(max(0, (np.cumsum(residents[1]) - np.cumsum(residents[0])).max()))
    crossed[0, 0, 0, 0, 2] += short  # residents who left on the first day
    held = np.ones((POSTS, count), dtype=np.bool_)
    for post in range(POSTS):
        for _ in range(4):
            start = int(rng.integers(60, count - 60))
            held[post, start : start + int(rng.integers(3, 11))] = False  # a strike, a storm: nobody counted
    start = next(at for at, day in enumerate(days) if day == date(2024, 2, 1))
    held[1, start : start + 60] = False  # two whole months of the second post were lost
    return Borders(days=days, crossed=crossed, open=held)

"""When the rounds were, and in which round each part of the story happens: the same rounds for every seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from data.training.seeds import stream

ROUNDS = 24
FIRST_DAY = date(2022, 2, 7)  # the earliest first day of round 1

# Numbers of rounds
RETURNEES_FROM = 4  # the first round in which returnees are counted
CORRECTED_EARLY = 5  # one digit too many, corrected once
METHOD = 6  # from here on households are counted and multiplied
PROGRAMME = 7  # the first round after rental grants began
TAKEN_OFF = 8  # three settlements taken off the list, size published
FREQUENCY = 9  # from here on about every two months
TAKEN_OFF_UNSIZED = 10  # five sites taken off the list, size not published
LOST = (11, 12, 13)  # one district could not be reached
RELISTED = 12  # two of the five are on the list again
RECATEGORIZED = 13  # eight camps are called neighbourhoods
REGAINED = 14
CORRECTED_TWICE = 14  # corrected, and the correction corrected
BOUNDARY = 15  # one district becomes two
RE_REGISTERED = 16  # three camps are registered anew
WITHDRAWN = 17
DEFINITION = 18  # people who rent are no longer counted
CORRECTED_LATE = 19
UNEXPLAINED = 20
DOUBLE_COUNT = 22  # one province is counted under two assessments
CLEARANCE = 23  # from here on a committee clears each bulletin
MERGES = (7, 9, 16)
SPLITS = (10, 21)
RENAMED = 11
RECODED = 18
SERVICES_EVERY = 3  # services are asked about in every third round

MULTIPLIER = 5  # people a household, as stated by the operation from METHOD on

FLOW_FROM, FLOW_TO = date(2023, 1, 1), date(2024, 12, 31)
BORDER_FROM = date(2022, 1, 1)
POST_GAP = (date(2024, 2, 1), date(2024, 3, 31))  # nobody counted at the second post


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of the rounds.

    `first` and `last` are the window of collection, `known` the day by which the bulletin was public; one
    entry a round, in order. `length` is the days since the last day of the round before.
    """

    first: tuple[date, ...]
    last: tuple[date, ...]
    known: tuple[date, ...]
    length: npt.NDArray[np.int64]

    @property
    def window(self) -> npt.NDArray[np.int64]:
        """Days of collection in each round, shape (ROUNDS,)."""
        return np.array([(b - a).days + 1 for a, b in zip(self.first, self.last, strict=True)])

    def period(self, number: int) -> str:
        """The window of a round as a register writes it."""
        return f"{self.first[number - 1]}/{self.last[number - 1]}"


def schedule(seed: int) -> Schedule:
    """The days of the rounds: about every five weeks until FREQUENCY, about every two months from then on."""
    rng = stream(seed, "schedule")
    window = rng.integers(9, 20, ROUNDS)
    gap = np.where(
        np.arange(1, ROUNDS + 1) < FREQUENCY, rng.integers(30, 43, ROUNDS), rng.integers(54, 79, ROUNDS)
    )
    delay = rng.integers(16, 29, ROUNDS)
    first, last, known = [], [], []
    day = FIRST_DAY + timedelta(days=int(rng.integers(0, 21)))
    for at in range(ROUNDS):
        if at:
            day += timedelta(days=int(gap[at]))
        first.append(day)
        last.append(day + timedelta(days=int(window[at]) - 1))
        known.append(last[-1] + timedelta(days=int(delay[at])))
    # before round 1 nobody was counted: its people arrived in the four weeks before
    ends = [first[0] - timedelta(days=28), *last]
    length = np.array([(b - a).days for a, b in pairwise(ends)])
    return Schedule(tuple(first), tuple(last), tuple(known), length)

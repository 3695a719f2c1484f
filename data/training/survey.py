"""A sample survey of displaced households: the true shares, the sample, and the intervals that were published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from data.training.geography import PROVINCES
from data.training.seeds import stream

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

QUESTIONS = ("return", "documents", "school", "water")
WAVES = ((date(2023, 5, 8), date(2023, 5, 26)), (date(2024, 5, 13), date(2024, 6, 1)))
KNOWN = (date(2023, 7, 14), date(2024, 7, 19))
Z, LEVEL = 1.96, 95
DESIGN_EFFECT = 1.5  # stated by the producer: households of one site resemble each other


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Arrays are (questions, waves, provinces) unless said otherwise; shares are thousandths."""

    true: Ints
    asked: Ints  # households in the sample, (waves, provinces)
    households: Ints  # displaced households in sites, the weights, (waves, provinces)
    yes: Ints  # households that said so

    def stratum(self, question: int, wave: int, province: int) -> tuple[float, float, float]:
        """Percent with the ends of its interval, one decimal."""
        return interval(int(self.yes[question, wave, province]), int(self.asked[wave, province]))

    def national(self, question: int, wave: int) -> tuple[float, float, float]:
        """The weighted mean over strata, percent with the ends of its interval, one decimal."""
        weight = self.households[wave] / self.households[wave].sum()
        n = self.asked[wave]
        p = self.yes[question, wave] / n
        mean = float((weight * p).sum())
        spread = Z * float((weight**2 * p * (1 - p) / n * DESIGN_EFFECT).sum()) ** 0.5
        return _percent(mean), _percent(max(0.0, mean - spread)), _percent(min(1.0, mean + spread))


def interval(yes: int, asked: int) -> tuple[float, float, float]:
    """A share with its interval by the normal approximation and the stated design effect, percent."""
    p = yes / asked
    spread = Z * (p * (1 - p) / asked * DESIGN_EFFECT) ** 0.5
    return _percent(p), _percent(max(0.0, p - spread)), _percent(min(1.0, p + spread))


def _percent(share: float) -> float:
    return round(100 * share, 1)


def survey(seed: int, households: Ints) -> Survey:
    """The survey of one country.

    Parameters
    ----------
    households : array of shape (waves, provinces)
        Displaced households in sites, by which the strata are weighted; above 0.
    """
    rng = stream(seed, "survey")
    base = np.array([420, 690, 610, 730])
    shape = (len(QUESTIONS), len(WAVES), PROVINCES)
    true = np.clip(base[:, None, None] + rng.integers(-160, 161, shape), 50, 950)
    asked = rng.integers(110, 260, (len(WAVES), PROVINCES))
    yes = rng.binomial(asked[None], true / 1000)
    return Survey(true=true, asked=asked.astype(np.int64), households=households, yes=yes.astype(np.int64))

"""Returnees by commune: the observation model of what key informants say of people who came home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.training import schedule as rounds
from data.training.geography import COMMUNES, Geography
from data.training.schedule import ROUNDS
from data.training.seeds import stream

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

RETURNEE_CAUSES = ("not_started", "access_lost", "not_visited", "informants", "rounding")
ASKED = 0.95  # chance that a commune is asked in a round
ROUND_TO = 5


@dataclass(frozen=True, slots=True, eq=False)
class Returnees:
    """Arrays of shape (ROUNDS, COMMUNES)."""

    people: Ints
    asked: Bools
    started: Bools
    ledger: Mapping[str, Ints]


def observe_returnees(seed: int, truth: Ints, geo: Geography) -> Returnees:
    """What is published of returnees.

    Parameters
    ----------
    truth : array of shape (ROUNDS, COMMUNES)
        People who came home.
    """
    rng = stream(seed, "returnees")
    shape = (ROUNDS, COMMUNES)
    t = np.arange(1, ROUNDS + 1)[:, None]
    started = np.broadcast_to(t >= rounds.RETURNEES_FROM, shape)
    away = (geo.district_of[0] == geo.lost)[None] & np.isin(t, rounds.LOST)
    asked = started & ~away & (rng.random(shape) < ASKED)
    factor = 1000 + rng.integers(-80, 81, COMMUNES)[None] + rng.integers(-50, 51, shape)
    said = (truth * factor + 500) // 1000
    printed = (said + ROUND_TO // 2) // ROUND_TO * ROUND_TO
    ledger = {
        "not_started": np.where(started, 0, -truth),
        "access_lost": np.where(started & away, -truth, 0),
        "not_visited": np.where(started & ~away & ~asked, -truth, 0),
        "informants": np.where(asked, said - truth, 0),
        "rounding": np.where(asked, printed - said, 0),
    }
    return Returnees(people=np.where(asked, printed, 0), asked=asked, started=started, ledger=ledger)

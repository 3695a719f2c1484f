"""What an area is drawn with: a class of its value, or, without a value, what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.area_measures import DECIMALS
from data.area_people import COUNTED
from data.classes import Classes, classified
from data.codes import State
from data.map_settings import MapSettings
from data.model import Snapshot
from data.parts import STATES

# Codes of marks; below 16 they are those of `data.classes`: 0 zero, 1, 2, … the classes from the lowest.
STATE_FROM = 16  # + the place of the state in `data.parts.STATES`
BROKEN = 32  # a break, a boundary change or a state before that cannot be compared
NO_VALUE = 33  # counted, and the measure has no value; the row says why
Marked = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marks:
    """The classes of a measure and one code an area, in the order of the table."""

    classes: Classes
    codes: Marked

    def count(self, code: int) -> int:
        """How many areas have a code."""
        return int((self.codes == code).sum())


def marks(table: pd.DataFrame, settings: MapSettings) -> Marks:
    """How the areas of a snapshot are drawn.

    Parameters
    ----------
    table : DataFrame, shape (n,)
        Of `data.area_figures.areas_at`.
    settings : MapSettings
        Its measure, method of classes and own limits.
    """
    measure = settings.measure or "people"
    made = classified(
        table["value"].to_numpy(float),
        settings.classes,
        limits=[float(part) for part in settings.limits.split(",") if part]
        if settings.classes == "own"
        else (),
        decimals=DECIMALS[measure],
        diverging=measure == "change",
    )
    places = {state.value: STATE_FROM + at for at, state in enumerate(STATES)}
    codes = table["state"].map(places).fillna(places[State.NO_DATA.value]).to_numpy().astype(np.uint8)
    codes[table["state"].isin(COUNTED).to_numpy()] = NO_VALUE
    codes[table["broken"].to_numpy(bool)] = BROKEN
    has = made.codes >= 0
    codes[has] = made.codes[has].astype(np.uint8)
    return Marks(classes=made, codes=codes)


def marks_of(snapshot: Snapshot, settings: MapSettings) -> Marks:
    """The marks of a snapshot of areas, made once: it is drawn, explained and handed to the browser from the same."""
    return _marks(snapshot, settings.measure, settings.classes, settings.limits)


@lru_cache(maxsize=32)  # a snapshot stands for itself and is never changed
def _marks(snapshot: Snapshot, measure: str, classes: str, limits: str) -> Marks:
    return marks(snapshot.table, MapSettings(measure=measure, classes=classes, limits=limits))

"""What an area is drawn with: a class of its value, or, without a value, what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.area_measures import DECIMALS
from data.area_people import COUNTED
from data.classes import MISSING, ZERO, Classes, classified
from data.codes import State
from data.map_settings import MapSettings
from data.model import Snapshot
from data.parts import STATES

# Codes of marks; below `STATE_FROM` they are those of `data.classes`: 0 zero, 1, 2, … the classes from the lowest.
STATE_FROM = 32  # + the place of the state in `data.parts.STATES`
BROKEN = 48  # a break, a boundary change or a state before that cannot be compared
NO_VALUE = 49  # counted, and the measure has no value; the row says why
PARTIAL = 64  # + the code of a class or of zero: the value is of a part of the sites only
Marked = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marks:
    """The classes of a measure and one code an area, in the order of the table."""

    classes: Classes
    codes: Marked

    @property
    def plain(self) -> Marked:
        """The codes without what is said of a part of the sites."""
        return self.codes & np.uint8(PARTIAL - 1)

    @property
    def partial(self) -> npt.NDArray[np.bool_]:
        """Which areas have a value of a part of their sites only."""
        return np.asarray(self.codes >= PARTIAL)

    def count(self, code: int) -> int:
        """How many areas have a code, of all their sites or of a part."""
        return int((self.plain == code).sum())


def measure_of(table: pd.DataFrame, settings: MapSettings) -> str:
    """What the areas of a table show, which on the earlier of two maps is not what was asked for."""
    if "measure" in table and len(table):
        return str(table["measure"].iloc[0])
    return settings.measure or "people"


def marks(table: pd.DataFrame, settings: MapSettings, beside: pd.DataFrame | None = None) -> Marks:
    """How the areas of a snapshot are drawn.

    Parameters
    ----------
    table : DataFrame, shape (n,)
        Of `data.area_figures.areas_at`.
    settings : MapSettings
        Its measure, method of classes and own limits.
    beside : DataFrame, shape (m,), optional
        The areas of another map that is read together with this one: the classes are those of the values of both, so
        that a colour means the same on both; counts and codes are those of `table`, where a class may be empty.
        Areas of another measure have no scale in common with these.
    """
    measure = measure_of(table, settings)
    shared = beside is not None and measure_of(beside, settings) == measure
    tables = [table, beside] if beside is not None and shared else [table]
    both = classified(
        np.concatenate([of["value"].to_numpy(float) for of in tables]),
        settings.classes,
        limits=[float(part) for part in settings.limits.split(",") if part]
        if settings.classes == "own"
        else (),
        decimals=DECIMALS[measure],
        diverging=measure == "change",
    )
    made = _of_first(both, len(table))
    if len(made.classes) >= STATE_FROM:  # a code of a class would be that of a state
        raise ValueError(
            f"{len(made.classes)} classes: at most {STATE_FROM - 1} are drawn. Give fewer limits."
        )
    places = {state.value: STATE_FROM + at for at, state in enumerate(STATES)}
    codes = table["state"].map(places).fillna(places[State.NO_DATA.value]).to_numpy().astype(np.uint8)
    codes[table["state"].isin(COUNTED).to_numpy()] = NO_VALUE
    codes[table["broken"].to_numpy(bool)] = BROKEN
    has = made.codes >= 0
    codes[has] = made.codes[has].astype(np.uint8)
    if "partial" in table:
        codes[has & table["partial"].to_numpy(bool)] += PARTIAL
    return Marks(classes=made, codes=codes)


def _of_first(both: Classes, n: int) -> Classes:
    """The classes with the codes and counts of the first n values alone."""
    codes = both.codes[:n]
    return replace(
        both,
        codes=codes,
        classes=tuple(replace(one, count=int((codes == one.code).sum())) for one in both.classes),
        zero=int((codes == ZERO).sum()),
        missing=int((codes == MISSING).sum()),
    )


def marks_of(snapshot: Snapshot, settings: MapSettings, beside: Snapshot | None = None) -> Marks:
    """The marks of a snapshot of areas, made once: it is drawn, explained and handed to the browser from the same.

    `beside` is that of the other of two maps: both are in the same classes.
    """
    return _marks(snapshot, beside, settings.measure, settings.classes, settings.limits)


@lru_cache(maxsize=32)  # a snapshot stands for itself and is never changed
def _marks(snapshot: Snapshot, beside: Snapshot | None, measure: str, classes: str, limits: str) -> Marks:
    settings = MapSettings(measure=measure, classes=classes, limits=limits)
    return marks(snapshot.table, settings, None if beside is None else beside.table)

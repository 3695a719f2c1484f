"""What a figure is here: numbers that cannot be parted from their caveats.

`Series` and `Snapshot` need a `Provenance`, and a `Provenance` needs a caveat, a source and a method:
a trend, a map or a table without them cannot be constructed. Everything that a reader is shown
implements `Shown`, and cards and exports take nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias, TypeVar, runtime_checkable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.claims import DETAILS, Caveat, Effect, Event, Method, Source, Text, public_on
from data.codes import (
    CardField,
    Component,
    Granularity,
    Measure,
    Population,
    Precision,
    RowKind,
    Sensitivity,
    Setting,
    State,
    Unit,
)
from data.dates import DateSpan
from data.errors import ProvenanceMissing

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """A line of "who made this count": known, or not stated with where one looked."""

    field: CardField
    text: Text  # empty: not stated
    looked_in: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One data collection exercise of one producer in one place; two are never joined into one line."""

    key: str
    iso3: tuple[str, ...]
    country: Text
    title: Text
    component: Component
    population: Population
    producer: str
    credit: str
    licence: str
    sensitivity: Sensitivity
    synthetic: bool
    best_page: str
    card: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where values come from and what must be shown with them.

    Raises
    ------
    ProvenanceMissing
        If there is no caveat, no source or no method. A producer that states no caveat is itself one.
    """

    operations: tuple[Operation, ...]
    sources: tuple[Source, ...]
    methods: tuple[Method, ...]
    caveats: tuple[Caveat, ...]
    events: tuple[Event, ...]  # () is said aloud, never by default
    coverage: tuple[Text, ...]
    derived_by: tuple[Text, ...] = ()  # formulas and assumptions of values computed here

    def __post_init__(self) -> None:
        name = ", ".join(o.key for o in self.operations) or "a figure"
        if not self.operations:
            raise ProvenanceMissing("A figure belongs to at least one operation: pass it.")
        if not self.caveats:
            raise ProvenanceMissing(
                f"{name}: no caveats. If its producer states none, say so with a caveat of key 'none-stated' "
                "whose source names where you looked."
            )
        if not self.sources:
            raise ProvenanceMissing(f"{name}: no sources. Name the document each value was read in.")
        if not self.methods:
            raise ProvenanceMissing(
                f"{name}: no method. Say how the count was made, or that it is not stated."
            )

    def united(self, other: Provenance) -> Provenance:
        """Everything of both, each once, the first's first."""
        return Provenance(
            operations=_once(self.operations, other.operations),
            sources=_once(self.sources, other.sources),
            methods=_once(self.methods, other.methods),
            caveats=_once(self.caveats, other.caveats),
            events=_once(self.events, other.events),
            coverage=_once(self.coverage, other.coverage),
            derived_by=_once(self.derived_by, other.derived_by),
        )

    def breaks(self) -> tuple[Event, ...]:
        """The events that no line may cross, by date."""
        return tuple(sorted((e for e in self.events if e.breaks), key=lambda e: e.when))


def _once(a: tuple[T, ...], b: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(a + b))


# One row an observation, ordered by `last`; the names are the table's, so that a row can be traced.
VALUE_COLUMNS: Mapping[str, str] = {
    "obs": "id of the observation; of a value computed here, '' ",
    "round": "round number, <NA> where the producer gives none",
    "first": "first day of the period (datetime64)",
    "last": "last day of the period: where it is drawn (datetime64)",
    "value": "float; missing where nothing was counted or found, never 0 for that",
    "lower": "lower end of a published interval, else missing",
    "upper": "upper end of a published interval, else missing",
    "precision": "how it was printed (Precision)",
    "obs_status": "SDMX status (ObsStatus)",
    "state": "one of the seven states (State)",
    "known_by": "first day by which it was surely public (datetime64)",
    "vintage": "which publication the value is of",
    "kind": "published or derived (RowKind)",
    "derivation": "the arithmetic of a derived value, else ''",
    "source": "key of the source",
    "note": "English note on the value, else ''",
    "note_fr": "the same in French",
    "rows": "tuple of the observation ids that the value rests on",
}


Row: TypeAlias = Any  # one row of values by column: a mapping or a pandas Series, whose cells are Any too


def records(values: pd.DataFrame) -> list[tuple[int, Row]]:
    """The rows of values with their labels: what `iterrows` gives, many times faster."""
    names = [str(name) for name in values.columns]
    cells = values.to_numpy(dtype=object).tolist()
    return [
        (label, dict(zip(names, row, strict=True))) for label, row in zip(values.index, cells, strict=True)
    ]


def in_order(days: pd.Series) -> npt.NDArray[np.int64]:
    """Days as numbers that sort as days do, those that are missing last."""
    numbers = days.to_numpy("datetime64[us]").view("int64")
    return np.where(np.isnat(numbers.view("datetime64[us]")), np.iinfo(np.int64).max, numbers)


def checked_values(values: pd.DataFrame, label: str) -> pd.DataFrame:
    """`values` with exactly the columns of a series, in order of the last day.

    Raises
    ------
    ValueError
        If a column is missing, a state says "counted" without a value, or the reverse.
    """
    wanted, given = list(VALUE_COLUMNS), values.columns.tolist()
    missing = [name for name in wanted if name not in given]
    if missing:
        raise ValueError(f"{label}: the values lack {', '.join(missing)}.")
    frame = values if given == wanted else values[wanted]  # those of a series have them already
    # Few rows and many columns: plain objects are taken apart and put together faster than Arrow strings.
    texts = [name for name, kind in frame.dtypes.items() if isinstance(kind, pd.StringDtype)]
    if texts:
        frame = frame.astype(dict.fromkeys(texts, np.dtype(object)))  # not its name: pandas would look it up
    order = np.lexsort(
        [in_order(frame[name]) for name in ("known_by", "first", "last")]
    )  # the first key last
    if (np.diff(order) == 1).all():  # it is in order, as most that are read are: nothing is to be moved
        frame = frame.set_axis(pd.RangeIndex(len(frame)))
    else:
        frame = frame.iloc[order].reset_index(drop=True)
    states, value = frame["state"].to_numpy(), frame["value"].to_numpy("float64")
    zero, missing = states == State.COUNTED_ZERO, np.isnan(value)
    counted = zero | (states == State.COUNTED)
    if (counted & missing).any():
        raise ValueError(f"{label}: a row says it was counted and has no value.")
    if (~counted & ~missing).any():
        raise ValueError(f"{label}: a row has a value and says that nothing was counted.")
    if (zero != (value == 0)).any():
        raise ValueError(f"{label}: zero and 'counted zero' must be the same rows.")
    return frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """One indicator through time.

    `values` is one row an observation as known on `as_known_on`; `history` has every vintage known by then.
    """

    key: str
    label: Text
    unit: Unit
    measure: Measure
    population: Population
    setting: Setting
    granularity: Granularity
    place: Text
    counted: Text
    not_counted: Text
    values: pd.DataFrame
    history: pd.DataFrame
    provenance: Provenance
    as_known_on: date | None = None  # None: newest

    def __post_init__(self) -> None:
        if not isinstance(self.provenance, Provenance):
            raise ProvenanceMissing(
                f"series '{self.key}' has no provenance: a trend is never made without it."
            )
        object.__setattr__(self, "values", checked_values(self.values, self.key))
        object.__setattr__(self, "history", checked_values(self.history, self.key))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """Many places at one moment: what a map layer and its table draw.

    `table` is in EPSG:4326, one row a place; a place whose location is not known has an empty geometry and
    stays in the table.
    """

    key: str
    label: Text
    table: gpd.GeoDataFrame
    on: date
    provenance: Provenance

    def __post_init__(self) -> None:
        if not isinstance(self.provenance, Provenance):
            raise ProvenanceMissing(
                f"snapshot '{self.key}' has no provenance: a map is never made without it."
            )
        if self.table.crs is None or self.table.crs.to_epsg() != 4326:
            raise ValueError(f"snapshot '{self.key}' is not in EPSG:4326: project it first.")

    def located(self) -> gpd.GeoDataFrame:
        """The rows that can be drawn."""
        return self.table[~(self.table.geometry.is_empty | self.table.geometry.isna())]

    def unlocated(self) -> gpd.GeoDataFrame:
        """The rows that are listed beside the map; with `located` they are all."""
        return self.table[self.table.geometry.is_empty | self.table.geometry.isna()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing said about a figure: what a card lists below it and an export carries."""

    key: str
    mark: str  # "1", "2", … for events that stand in the figure, "†" for caveats, "–" for the rest
    breaks: bool
    when: DateSpan | None
    word: str  # the kind in the reader's language
    text: str
    source: str
    later: bool = False  # not surely public on the day as of which the figure is shown


@runtime_checkable
class Shown(Protocol):
    """What may be put on a page, in a file or in a slide: a picture that brings its notes."""

    @property
    def provenance(self) -> Provenance:
        """What the picture rests on."""
        ...

    def notes(self) -> tuple[Note, ...]:
        """Everything that must be read with the picture, in order."""
        ...

    def table(self) -> pd.DataFrame:
        """The same figures as rows, breaks written out."""
        ...

    def sentence(self) -> str:
        """What the picture shows, in one sentence that stands alone."""
        ...


def unite(parts: Iterable[Provenance]) -> Provenance:
    """The union of one or more provenances.

    Raises
    ------
    ProvenanceMissing
        If there is none.
    """
    result: Provenance | None = None
    for part in parts:
        result = part if result is None else result.united(part)
    if result is None:
        raise ProvenanceMissing("nothing to unite: a derived figure rests on at least one series.")
    return result


__all__ = [
    "DETAILS",
    "VALUE_COLUMNS",
    "CardLine",
    "Caveat",
    "Effect",
    "Event",
    "Method",
    "Note",
    "Operation",
    "Precision",
    "Provenance",
    "Row",
    "RowKind",
    "Series",
    "Shown",
    "Snapshot",
    "Source",
    "Text",
    "checked_values",
    "in_order",
    "public_on",
    "records",
    "unite",
]

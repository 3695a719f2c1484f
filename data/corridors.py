"""Flow points of one corridor beside each other: a fall at one of them is never shown alone.

Movements are compared with movements of another period and with nothing else. A period that nobody observed
has no value, so nothing falls to it. That people took another road is never said: it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from data import queries
from data.codes import Granularity, Measure, Precision, State
from data.dates import DateSpan, Grain
from data.effort import asked, held_by
from data.errors import Unknown
from data.model import Event, Operation, Provenance, Row, Series, Source, Text, records
from data.queries import Catalogue, Indicator
from data.series import stretches, with_formula
from data.store import Release

CORRIDORS_OF = """
SELECT p.key AS point, p.name, c.corridor, c.name_en, c.name_fr, c."order", c.bypass_en, c.bypass_fr, c.source
FROM flow_points AS p LEFT JOIN corridors AS c ON c.point = p.key AND c.operation = p.operation
WHERE p.operation = $operation
ORDER BY c.corridor, c."order", p.key
"""
# The newest publication of each value: a derived one stands in only where nobody published it.
VALUES_OF = """
SELECT place AS point, first, last, value, precision, state
FROM observations
WHERE operation = $operation AND indicator = $indicator AND place <> '' AND known_by <= $known
  AND sex = '' AND age = '' AND reason = '' AND origin = '' AND destination = '' AND assessment = ''
  AND ((first = $first_from AND last = $first_to) OR (first = $second_from AND last = $second_to))
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY place, first ORDER BY CASE kind WHEN 'published' THEN 0 ELSE 1 END, known_by DESC, id DESC
) = 1
"""
# A row is a day and a direction: a day is observed, or open, once for both.
DAYS_OF = """
WITH days AS (
  SELECT point, CAST(day AS DATE) AS day, BOOL_OR(observed) AS observed, BOOL_OR(state <> 'closed') AS is_open
  FROM flow_days WHERE operation = $operation GROUP BY point, day
)
SELECT point, day >= $second_from AS later, COUNT(*) FILTER (WHERE is_open) AS open,
       COUNT(*) FILTER (WHERE observed) AS observed
FROM days
WHERE day BETWEEN $first_from AND $first_to OR day BETWEEN $second_from AND $second_to
GROUP BY point, later
"""
AS_PUBLISHED = Text(
    "Change of a point: the later value minus the earlier one, as published. It is not corrected for the days on "
    "which nobody observed; for each day observed: the value divided by these days.",
    (("fr", "Variation d’un point\u202f: la valeur la plus récente moins la précédente, telles que publiées. "
            "Elle n’est pas corrigée des jours sans observation\u202f; par jour observé\u202f: la valeur divisée "
            "par ces jours."),),
)  # fmt: skip
BOUNDS = (Precision.AT_LEAST, Precision.AT_MOST, Precision.INTERVAL)  # a difference of these is not a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days of a period on which a point was open, and those of them on which somebody observed."""

    observed: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one point saw in one period. `value` is None where nobody observed or nothing was found: see `state`."""

    value: float | None
    precision: Precision
    state: State
    days: Days | None  # None: how many days were observed was not found

    @property
    def per_day(self) -> float | None:
        """Movements for each day observed; None without a value or without days."""
        if self.value is None or self.days is None or not self.days.observed:
            return None
        return self.value / self.days.observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A point, or points counted together, in two periods."""

    key: str
    name: Text
    corridor: Text
    before: Seen
    after: Seen

    @property
    def amount(self) -> float | None:
        """Later minus earlier; None where one of them is missing or only a bound of it was published."""
        sides = (self.before, self.after)
        if self.before.value is None or self.after.value is None or any(s.precision in BOUNDS for s in sides):
            return None
        return self.after.value - self.before.value

    @property
    def fewer_days(self) -> bool:
        """Whether fewer days were observed than before: a total can fall for that alone."""
        before, after = self.before.days, self.after.days
        return before is not None and after is not None and after.observed < before.observed

    @property
    def precision(self) -> Precision:
        """How exactly the change is known."""
        exact = self.before.precision is Precision.EXACT and self.after.precision is Precision.EXACT
        return Precision.EXACT if exact else Precision.ABOUT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diversion:
    """A fall at a point, with every other point of its corridors beside it.

    Raises
    ------
    ValueError
        If it is of a stock, if the point did not fall, or if the later period is not the later one.
    """

    series: Series  # which movements
    first: DateSpan
    second: DateSpan
    point: Moved
    others: tuple[Moved, ...]
    bypasses: tuple[Text, ...]  # what is published of other roads
    breaks: tuple[Event, ...]  # between the two periods
    cited: tuple[Source, ...]  # who says which points belong together
    provenance: Provenance

    def __post_init__(self) -> None:
        if self.series.measure is not Measure.FLOW:
            raise ValueError(f"'{self.series.key}' counts people on a day: only movements are compared here.")
        if self.point.amount is None or self.point.amount >= 0:
            raise ValueError(f"'{self.point.key}' did not fall: there is nothing to set beside it.")
        if self.second.first <= self.first.last:
            raise ValueError(f"{self.second} is not after {self.first}.")

    @property
    def operation(self) -> Operation:
        """Whose points they are."""
        return self.series.provenance.operations[0]


@lru_cache(maxsize=32)  # a release never changes
def corridors(release: Release, operation: str) -> pd.DataFrame:
    """The flow points of an operation with their corridors, in order.

    Returns
    -------
    pd.DataFrame
        One row a point and corridor: point, name, corridor, name_en, name_fr, order, bypass_en, bypass_fr, source;
        `corridor` is missing for a point that lies on none. No row where the release holds no corridors.
    """
    if not held_by(release, "corridors"):
        return pd.DataFrame(columns=["point", "name", "corridor", "name_en", "name_fr", "order", "bypass_en",
                                     "bypass_fr", "source"])  # fmt: skip
    return asked(release, CORRIDORS_OF, operation=operation)


@lru_cache(maxsize=128)  # as corridors
def diversion(
    release: Release,
    operation: str,
    of: str,
    period: DateSpan | None = None,
    *,
    before: DateSpan | None = None,
    indicator: str = "",
    as_known_on: date | None = None,
) -> Diversion | None:
    """The fall of a flow point between two published periods, beside the other points of its corridors.

    Parameters
    ----------
    of : str
        Key of a point, or of an indicator: of points counted together, or of all points, where it is the one
        that fell most.
    period, before : DateSpan, optional
        The later and the earlier period, each as published; the newest, and the one published before it.
    indicator : str
        Which movements at a point; the operation's first, unless it is given.
    as_known_on : date, optional
        Only values that were public by that day; None takes the newest.

    Returns
    -------
    Diversion or None
        None where nothing fell, where a side has no value, where the periods are of other lengths, where the
        point lies on no corridor, and for stocks.

    Raises
    ------
    Unknown
        If the operation has no such point or indicator.
    """
    held = queries.catalogue(release)
    held.operation(operation)
    roads = corridors(release, operation)
    about = _indicator(held, roads, operation, of, indicator)
    if about is None or about.measure is not Measure.FLOW or roads["corridor"].isna().all():
        return None
    series = queries.series(release, about.key, as_known_on)
    pair = _pair(series, period, before)
    if pair is None:
        return None
    moved = _moved(release, about, roads, pair, as_known_on)
    point, keys = _subject(of, about, series, roads, moved, pair)
    if point is None or point.amount is None or point.amount >= 0:
        return None
    mine = roads[roads["corridor"].isin(keys)]
    beside = [
        replace(m, corridor=_named(mine[mine["point"] == m.key]))
        for m in moved
        if m.key != point.key and m.key in set(mine["point"])
    ]
    cited = tuple(held.sources[key] for key in dict.fromkeys(mine["source"]))
    texts = [(r["bypass_en"], r["bypass_fr"]) for _, r in records(mine) if r["bypass_en"]]
    return Diversion(
        series=series,
        first=pair[0],
        second=pair[1],
        point=point,
        others=tuple(beside),
        bypasses=tuple(dict.fromkeys(Text(en, (("fr", fr),)) for en, fr in texts)),
        breaks=_breaks(series, pair),
        cited=cited,
        provenance=_cited(series.provenance, cited),
    )


def _indicator(
    held: Catalogue, roads: pd.DataFrame, operation: str, of: str, chosen: str
) -> Indicator | None:
    """Which movements are asked for."""
    found = held.indicators.get(of)
    if found is not None and found.operation == operation:
        return found
    if len(roads) and of not in set(roads["point"]):
        raise Unknown("flow point", of, list(zip(roads["point"], roads["name"], strict=True)))
    if chosen:
        found = held.indicators.get(chosen)
        if found is None or found.operation != operation:
            raise Unknown("indicator", chosen, [(i.key, i.subject.en) for i in held.shown(operation)])
        return found
    return next((i for i in held.shown(operation) if i.measure is Measure.FLOW), None)


def _pair(
    series: Series, period: DateSpan | None, before: DateSpan | None
) -> tuple[DateSpan, DateSpan] | None:
    """The earlier and the later period, of one length; None where there are no two."""
    if series.granularity is Granularity.PERIOD:
        return None  # totals of periods that overlap
    spans = [_span(row) for _, row in records(series.values)]
    if not spans:
        return None
    counted = [s for s, missing in zip(spans, series.values["value"].isna(), strict=True) if not missing]
    second = _as_held(period, spans) if period is not None else (counted[-1] if counted else None)
    if second is None:
        return None
    first = _as_held(before, spans) if before is not None else None
    if before is None:
        earlier = [s for s in spans if s.last < second.first]
        first = earlier[-1] if earlier else None
    if first is None or first.last >= second.first or not _alike(first, second):
        return None
    return first, second


def _as_held(asked: DateSpan, spans: list[DateSpan]) -> DateSpan | None:
    """The published period of the same days: a period is never cut out of another or put together."""
    return next((s for s in spans if (s.first, s.last) == (asked.first, asked.last)), None)


def _span(row: Row) -> DateSpan:
    """The days of a row; a whole month or year is one."""
    first, last = row["first"].date(), row["last"].date()
    year, month = f"{first.year:04}", f"{first.year:04}-{first.month:02}"
    whole = [DateSpan.parse(year), DateSpan.parse(month)]
    return next((s for s in whole if (s.first, s.last) == (first, last)), DateSpan(first, last))


def _alike(a: DateSpan, b: DateSpan) -> bool:
    """Whether two periods are of one length: two months, two years, or as many days."""
    if a.grain is b.grain and a.grain in (Grain.MONTH, Grain.YEAR):
        return True
    return a.grain is b.grain and (a.last - a.first) == (b.last - b.first)


def _moved(
    release: Release,
    about: Indicator,
    roads: pd.DataFrame,
    pair: tuple[DateSpan, DateSpan],
    as_known_on: date | None,
) -> list[Moved]:
    """Every point that lies on a corridor, in both periods; once for each point."""
    first, second = pair
    ends: dict[str, Any] = {
        "operation": about.operation,
        "first_from": first.first, "first_to": first.last, "second_from": second.first, "second_to": second.last,
    }  # fmt: skip
    values = asked(release, VALUES_OF, **ends, indicator=about.key, known=as_known_on or date.max)
    days = asked(release, DAYS_OF, **ends) if held_by(release, "flow_days") else pd.DataFrame()
    at = {(r["point"], r["first"].date() == second.first): r for _, r in records(values)}
    on = {(r["point"], bool(r["later"])): Days(observed=int(r["observed"]), open=int(r["open"]))
          for _, r in records(days)}  # fmt: skip
    found = []
    for point, rows in roads[roads["corridor"].notna()].groupby("point", sort=False):
        key, name = str(point), str(rows["name"].iloc[0])
        before, after = (_seen(at.get((key, later)), on.get((key, later))) for later in (False, True))
        found.append(Moved(key=key, name=Text(name), corridor=_named(rows), before=before, after=after))
    return found


def _named(rows: pd.DataFrame) -> Text:
    """The corridors of these rows by name."""
    english, french = (list(dict.fromkeys(rows[name])) for name in ("name_en", "name_fr"))
    return Text("; ".join(english), (("fr", "\u202f; ".join(french)),))


def _seen(row: Mapping[str, Any] | None, days: Days | None) -> Seen:
    """What a row says; without a row nothing was found, and that is no zero."""
    if row is None:
        return Seen(value=None, precision=Precision.EXACT, state=State.NO_DATA, days=days)
    value = None if pd.isna(row["value"]) else float(row["value"])
    return Seen(value=value, precision=Precision(row["precision"]), state=State(row["state"]), days=days)


def _subject(
    of: str,
    about: Indicator,
    series: Series,
    roads: pd.DataFrame,
    moved: list[Moved],
    pair: tuple[DateSpan, DateSpan],
) -> tuple[Moved | None, set[str]]:
    """Which point, or points counted together, is asked about, and the corridors that it lies on."""
    together = roads[roads["corridor"] == about.place]
    if of == about.key and len(together):
        at = {_span(r): r for _, r in records(series.values)}
        before, after = (_seen(at.get(side), None) for side in pair)
        row = together.iloc[0]
        name = Text(str(row["name_en"]), (("fr", str(row["name_fr"])),))
        return Moved(key=about.place, name=about.place_name, corridor=name, before=before, after=after), {
            about.place
        }
    if of == about.key:
        fallen = [m for m in moved if m.amount is not None and m.amount < 0]
        point = min(fallen, key=lambda m: m.amount or 0, default=None)
    else:
        point = next((m for m in moved if m.key == of), None)
    on = roads[roads["point"] == (point.key if point else "")]["corridor"]
    return point, set(on.dropna())


def _breaks(series: Series, pair: tuple[DateSpan, DateSpan]) -> tuple[Event, ...]:
    """The breaks that divide the two periods."""
    sides = {(span.first, span.last) for span in pair}
    days = zip(series.values["first"].dt.date, series.values["last"].dt.date, strict=True)
    both = series.values[[ends in sides for ends in days]]
    return tuple(e for e in series.provenance.breaks() if len(stretches(both, [e])) > 1)


def _cited(provenance: Provenance, cited: tuple[Source, ...]) -> Provenance:
    """`provenance` with the texts that say which points belong together, and what a change is."""
    sources = tuple(dict.fromkeys((*provenance.sources, *cited)))
    return with_formula(replace(provenance, sources=sources), AS_PUBLISHED)

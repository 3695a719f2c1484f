"""The figure that a point names, with what the release holds about how it was made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import pandas as pd

from data.comparing.asked import Point
from data.dates import DateSpan
from data.errors import Unknown
from data.ledger import places
from data.model import Row, Text, public_on
from data.queries import Catalogue, Indicator, catalogue
from data.series import known_on, period_key
from data.store import Release

_ROWS = """
SELECT id AS obs, round, first, last, value, precision, obs_status, state, known_by, vintage, kind, source,
       coverage_en, coverage_fr
FROM observations
WHERE indicator = $indicator AND place = $place AND sex = '' AND age = '' AND reason = '' AND origin = ''
  AND destination = '' AND assessment = ''
ORDER BY last, first, known_by, id
"""
_PLACES = """
SELECT DISTINCT place FROM observations WHERE indicator = $indicator ORDER BY length(place), place
"""
_ASSESSMENTS = """
SELECT DISTINCT last, assessment FROM observations
WHERE indicator = $indicator AND place = $place AND assessment <> '' AND state <> 'no_data'
ORDER BY last, assessment
"""
_EFFORT = """
SELECT e.site, e.visited FROM site_effort AS e JOIN sites AS s ON s.key = e.site
WHERE s.operation = $operation AND e.round = $round
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """A point with its row, the newest one, and the rows around it."""

    point: Point
    about: Indicator
    values: pd.DataFrame  # the newest figures of the indicator at that place, as known on the day
    history: pd.DataFrame  # every publication of this one figure up to the day, oldest first
    position: int  # of the row in `values`
    row: Row
    known: date | None  # only what was public by that day; None is the newest

    @property
    def round(self) -> int | None:
        """Its round, None where the producer gives none."""
        return None if pd.isna(self.row["round"]) else int(self.row["round"])

    @property
    def period(self) -> DateSpan:
        """First and last day."""
        return DateSpan(self.row["first"].date(), self.row["last"].date())

    @property
    def days(self) -> int:
        """Length of its period in days, both ends included."""
        return (self.period.last - self.period.first).days + 1

    @property
    def coverage(self) -> Text:
        """What its coverage was, as stated; empty where nothing was."""
        french = self.row["coverage_fr"]
        return Text(self.row["coverage_en"] or "", (("fr", french),) if french else ())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """Two figures of one release: what every question is asked of."""

    release: Release
    held: Catalogue
    a: Figure
    b: Figure

    @property
    def one_operation(self) -> bool:
        """Whether both are of one data collection."""
        return self.a.about.operation == self.b.about.operation

    @property
    def one_figure(self) -> bool:
        """Whether both are one and the same."""
        return bool(self.a.row["obs"] == self.b.row["obs"])

    def places(self) -> tuple[str, ...]:
        """The codes of the areas, sites or points of the two, each once; () where both are of the whole."""
        return tuple(sorted({f.point.area for f in (self.a, self.b) if f.point.area}))


def pair_of(release: Release, a: Point, b: Point, known: date | None = None) -> Pair:
    """Two points with what was held about them on a day; errors as in `figure_of`."""
    figures = {"a": figure_of(release, a, known), "b": figure_of(release, b, known)}
    return Pair(release=release, held=_held(release, known), **figures)


def _held(release: Release, known: date | None) -> Catalogue:
    """What a release holds, with the events and limits that were surely public on a day."""
    held = catalogue(release)
    if known is None:
        return held
    events, caveats = (
        tuple(scoped for scoped in every if public_on(scoped.item, known))
        for every in (held.events, held.caveats)
    )
    return replace(held, events=events, caveats=caveats)


@lru_cache(maxsize=1024)  # a release never changes, nor does a figure of it
def figure_of(release: Release, point: Point, known: date | None = None) -> Figure:
    """The figure that a point names, as it stands now or as it was known on a day.

    Raises
    ------
    Unknown
        If there is, or was by that day, no such indicator, place, round or period; it names what exists.
    """
    held = catalogue(release)
    if point.indicator not in held.indicators:
        raise Unknown("indicator", point.indicator, [(i.key, i.subject.en) for i in held.indicators.values()])
    values, history = _rows(release, point.indicator, point.area, known)
    if values.empty:
        raise Unknown("place", point.area, _offered_places(release, held, point.indicator))
    position = _position(values, point)
    row = values.iloc[position].to_dict()
    key = period_key(history)
    same = key == key[history["obs"] == row["obs"]].iloc[0]
    return Figure(
        point=point,
        about=held.indicators[point.indicator],
        values=values,
        history=history[same],
        position=position,
        row=row,
        known=known,
    )


def _position(values: pd.DataFrame, point: Point) -> int:
    """Where the row stands that has the round and the last day asked for."""
    fits = pd.Series(data=True, index=values.index)
    if point.round is not None:
        fits &= (values["round"] == point.round).fillna(value=False).astype(bool)
    if point.last is not None:
        fits &= values["last"] == pd.Timestamp(point.last)
    if (point.round is None and point.last is None) or not fits.any():
        raise _no_such_time(values, point)
    # Of several periods that end on one day the longest comes first: the producer's own total up to that day.
    return int(fits.to_numpy().argmax())


def _no_such_time(values: pd.DataFrame, point: Point) -> Unknown:
    """What is said of a round or a day for which there is no figure, with those for which there is one."""
    spans = [
        f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"
        for first, last in zip(values["first"], values["last"], strict=True)
    ]
    numbers = [None if pd.isna(number) else int(number) for number in values["round"]]
    if point.round is not None:
        by_round = [
            (str(number), span)
            for number, span in zip(numbers, spans, strict=True)
            if number is not None and (point.last is None or number != point.round)
        ]
        return Unknown("round", _asked(point), by_round)
    return Unknown(
        "period",
        _asked(point),
        [(f"{last:%Y-%m-%d}", span) for last, span in zip(values["last"], spans, strict=True)],
    )


def _asked(point: Point) -> str:
    """The time of a point as one writes it."""
    parts = ("" if point.round is None else str(point.round), "" if point.last is None else str(point.last))
    return " ending on ".join(part for part in parts if part)


@lru_cache(maxsize=512)  # a release never changes
def _rows(
    release: Release, indicator: str, place: str, known: date | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The newest figures of an indicator at a place up to a day, and every publication of each."""
    with release.cursor() as cursor:
        rows = cursor.execute(_ROWS, {"indicator": indicator, "place": place}).df()
    rows = rows.astype({"round": "Int64", "value": "float64"})
    if known is not None:
        rows = rows[rows["known_by"] <= pd.Timestamp(known)]
    values = known_on(rows, None).sort_values(["last", "first"], kind="stable")
    return values.reset_index(drop=True), rows


def _offered_places(release: Release, held: Catalogue, indicator: str) -> list[tuple[str, str]]:
    """The places for which there are figures, the largest first."""
    with release.cursor() as cursor:
        found = [row[0] for row in cursor.execute(_PLACES, {"indicator": indicator}).fetchall()]
    own = held.indicators[indicator].place_name.en
    return [(code or own, code or own) for code in found]


def holds(release: Release, table: str) -> bool:
    """Whether a release has a table that not every one has."""
    return any(resource.family == table for resource in release.resources.values())


def assessments(release: Release, figure: Figure) -> tuple[str, ...]:
    """The kinds of assessment that a figure was published by; () where none is told apart."""
    held = _assessments(release, figure.about.key, figure.point.area)
    return tuple(kind for day, kind in held if day == figure.period.last)


@lru_cache(maxsize=512)
def _assessments(release: Release, indicator: str, place: str) -> tuple[tuple[date, str], ...]:
    with release.cursor() as cursor:
        found = cursor.execute(_ASSESSMENTS, {"indicator": indicator, "place": place}).fetchall()
    return tuple((last.date(), kind) for last, kind in found)


def share_visited(release: Release, figure: Figure) -> float | None:
    """Percent of the listed sites that were visited for a figure; None where that is not held.

    Effort is of the sites of a list, so it says nothing of a figure about others (people who returned home).
    """
    own = catalogue(release).operations[figure.about.operation].population
    if figure.round is None or figure.about.population is not own or not holds(release, "site_effort"):
        return None
    area, lies_in = figure.point.area, places(release).sites
    within = [
        visited
        for site, visited in _effort(release, figure.about.operation, figure.round)
        if not area or area == site or area in lies_in.get(site, ())
    ]
    return 100 * sum(within) / len(within) if within else None


@lru_cache(maxsize=256)
def _effort(release: Release, operation: str, number: int) -> tuple[tuple[str, bool], ...]:
    with release.cursor() as cursor:
        found = cursor.execute(_EFFORT, {"operation": operation, "round": number}).fetchall()
    return tuple((site, bool(visited)) for site, visited in found)


@lru_cache(maxsize=8)
def site_names(release: Release) -> dict[str, str]:
    """How each site is called."""
    with release.cursor() as cursor:
        return dict(cursor.execute("SELECT key, name FROM sites").fetchall())


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An admin area in one version of the boundaries of its country."""

    code: str
    version: int
    name: str
    iso3: str
    first_round: int | None
    valid: tuple[date | None, date | None]


@lru_cache(maxsize=8)
def areas(release: Release) -> tuple[Area, ...]:
    """The admin areas that a release knows by version; () where it has none."""
    if not holds(release, "areas"):
        return ()
    with release.cursor() as cursor:
        found = cursor.execute(
            "SELECT pcode, version, name, iso3, first_round, valid_from, valid_to FROM areas"
        ).fetchall()
    return tuple(
        Area(
            code=code, version=version, name=name, iso3=iso3, first_round=first_round,
            valid=(_day(start), _day(end)),
        )
        for code, version, name, iso3, first_round, start, end in found
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    """A day out of a cell, None where it is empty."""
    return date.fromisoformat(text) if text else None

"""The split of a change between two rounds: it starts from the values as first published.

A site goes to the first part that fits, in the order of `parts.PartKind`. A site that is counted on one side alone
can have no change of method: it was closed, taken off the list, and so on, whatever else changed. Where no site is
published, only the sizes published with events are known, and the rest is one residual.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import pandas as pd

from data import queries, site_queries
from data.codes import ClaimStatus, EventKind, Measure, Precision, RowKind, Unit
from data.dates import DateSpan
from data.errors import Refused, Unknown
from data.ledger import concerns, places
from data.model import Event, Row, Series, Text, public_on, records
from data.parts import KINDS, Basis, Change, Grade, LikeForLike, Part, PartKind, Rows, Side, kind_of
from data.queries import Catalogue, Indicator
from data.series import Revised, revised, with_formula
from data.split_sites import by_site
from data.store import Release

SPLIT = Text(
    "Split of a change: later minus earlier value, both as first published. Each site goes to the first part that "
    "fits: correction, method, boundary or merge, identity unsure, coverage, taken off the list, on the list again, "
    "closed, new, counted in both rounds; what remains is not explained.",
    (("fr", "Décomposition d’une variation : valeur postérieure moins valeur antérieure, telles que publiées en "
            "premier. Chaque site va à la première part qui convient : correction, méthode, limites ou fusion, "
            "identité incertaine, couverture, retiré de la liste, de nouveau sur la liste, fermé, nouveau, compté aux "
            "deux cycles ; ce qui reste n’est pas expliqué."),),
)  # fmt: skip
PUBLISHED = Text(
    "Split of a change without counts by site: the sizes published with events, and a residual, in which causes are "
    "not separated.",
    (("fr", "Décomposition d’une variation sans comptage par site : les tailles publiées avec les événements, et un "
            "reste dans lequel les causes ne sont pas séparées."),),
)  # fmt: skip


SIGN = {EventKind.DELISTING: -1, EventKind.RELISTING: 1}  # of a published size
UNSURE = (ClaimStatus.ALLEGED, ClaimStatus.DISPUTED)


class NoChange(Refused):
    """Two values between which no change can be told; the message says why, `said` in every language."""

    def __init__(self, english: str, french: str) -> None:
        super().__init__(english)
        self.said = Text(english, (("fr", french),))


def sides_of(
    release: Release, indicator: str, area: str = "", as_known_on: date | None = None
) -> tuple[Side, ...]:
    """The values between which a change can be told, by date: those that stand on a day, and were not withdrawn.

    Raises
    ------
    Unknown
        If the release holds no such indicator.
    """
    return _sides(release, _indicator(release, indicator), area, as_known_on)


@lru_cache(maxsize=64)  # as change, which asks it of every area
def areas_of(release: Release, indicator: str) -> tuple[tuple[str, str, str], ...]:
    """The areas that have values of an indicator: (code, name, level), the largest first."""
    about = _indicator(release, indicator)
    found = site_queries.areas(release, about.operation, indicator)
    return tuple((str(r["code"]), str(r["name"]), str(r["level"])) for _, r in records(found))


def companion(held: Catalogue, indicator: Indicator) -> Indicator | None:
    """The same count in households, where the operation publishes it."""
    if indicator.unit is not Unit.INDIVIDUALS:
        return None

    def about(i: Indicator) -> tuple[object, ...]:
        return (i.operation, i.measure, i.population, i.setting, i.granularity, i.place)

    same = [i for i in held.indicators.values() if i.unit is Unit.HOUSEHOLDS and about(i) == about(indicator)]
    return same[0] if len(same) == 1 else None


@lru_cache(maxsize=64)  # a release never changes: the same question has the same answer
def change(
    release: Release,
    indicator: str,
    first: str,
    second: str,
    *,
    area: str = "",
    as_known_on: date | None = None,
) -> Change:
    """What the change of an indicator between two rounds is made of.

    Parameters
    ----------
    release : Release
        Where the values are taken from.
    indicator : str
        Key of a stock.
    first, second : str
        The earlier and the later side: a round number, or the last day of a period.
    area : str
        Code of an area; "" is the indicator's own place.
    as_known_on : date, optional
        Only what was public by that day.

    Raises
    ------
    Unknown
        If there is no such indicator, area, round or period, naming what exists.
    NoChange
        If the indicator is a flow, the sides are in the wrong order, or one was not published exactly.
    """
    about = _indicator(release, indicator)
    if about.measure is Measure.FLOW:
        raise NoChange(
            "This is a flow: movements in a period. One person can move many times, so the difference of two periods "
            "has no sites to go through. Open Trends to see the periods.",
            "C’est un flux\u202f: des mouvements pendant une période. Une même personne peut se déplacer plusieurs "
            "fois\u202f; l’écart entre deux périodes n’a donc pas de sites à parcourir. Ouvrez Tendances pour voir les "
            "périodes.",
        )
    known = {code: name for code, name, _ in areas_of(release, indicator)} if area else {}
    if area and area not in known:
        raise Unknown("area", area, list(known.items()))
    sides = _sides(release, about, area, as_known_on)
    before, after = _side(sides, first), _side(sides, second)
    if before == after:
        raise NoChange(
            f"Both sides are {before.period}: choose two rounds.",
            f"Les deux côtés sont {before.period}\u202f: choisissez deux cycles.",
        )
    if not before.period.last < after.period.last:
        raise NoChange(
            f"The first side ({before.period}) must be before the second ({after.period}): swap them.",
            f"Le premier côté ({before.period}) doit précéder le second ({after.period})\u202f: échangez-les.",
        )
    for side in (before, after):
        if side.precision is not Precision.EXACT:
            raise NoChange(
                f"The value of {side.period} was published as {side.precision.value.replace('_', ' ')}: "
                "no difference is taken of a rounded number. Choose another round.",
                f"La valeur de {side.period} a été publiée arrondie ({side.precision.value.replace('_', ' ')})\u202f: "
                "on ne prend pas l’écart d’un nombre arrondi. Choisissez un autre cycle.",
            )
    series = queries.series(release, indicator, as_known_on)
    events = tuple(
        e
        for e in series.provenance.events
        if between(e, before, after) and (not area or concerns(e, area, places(release)))
    )
    corrected = _correction(series, before, after)
    told = by_site(release, about, before, after, area, events, as_known_on)
    parts = told if told is not None else _by_effect(series, events, area)
    rest = (after.value - before.value) - sum(part.amount or 0 for part in parts)
    if rest or not parts:
        kind = PartKind.RESIDUAL if told is None else PartKind.NOT_EXPLAINED
        parts = (*parts, Part(kind=kind, amount=rest, grade=Grade.RESIDUAL))
    return Change(
        series=series,
        area=area,
        area_name=known.get(area, ""),
        first=before,
        second=after,
        parts=(*corrected, *parts),
        bases=_bases(before, after, parts),
        breaks=tuple(e for e in events if e.breaks),
        provenance=with_formula(series.provenance, PUBLISHED if told is None else SPLIT),
    )


def between(event: Event, before: Side, after: Side) -> bool:
    """Whether an event lies between two sides: by its first round on the new basis, else by its first day.

    What is about one published value (its correction, its use) changes no count between two rounds.
    """
    if event.about and not event.breaks:
        return False
    if event.first_round is not None and before.round is not None and after.round is not None:
        return before.round < event.first_round <= after.round
    return before.period.last < event.when.first <= after.period.last


def _indicator(release: Release, key: str) -> Indicator:
    held = queries.catalogue(release).indicators
    if key not in held:
        raise Unknown("indicator", key, [(i.key, i.subject.en) for i in held.values()])
    return held[key]


@lru_cache(maxsize=64)  # as change
def _sides(release: Release, about: Indicator, area: str, day: date | None) -> tuple[Side, ...]:
    withdrawn = {
        e.about
        for e in queries.catalogue(release).events_of(about.operation, about.key)
        if e.kind is EventKind.WITHDRAWAL and e.claim is ClaimStatus.PUBLISHED and public_on(e, day)
    }
    rows = [row for _, row in records(site_queries.vintages(release, about.operation, about.key, area, day))]
    versions: dict[object, list[Row]] = {}
    for row in sorted(rows, key=lambda r: r["from_newest"], reverse=True):
        versions.setdefault(_key(row), []).append(row)
    sides = []
    for (
        held
    ) in versions.values():  # the oldest first; one that somebody published after one that was computed
        counted = [row for row in held if pd.notna(row["value"])]
        if not counted or pd.isna(held[-1]["value"]) or held[-1]["id"] in withdrawn:
            continue  # withdrawn, or never counted: there is nothing to take a difference of
        first, newest = min(counted, key=lambda r: r["from_first"]), held[-1]
        changed = revised(first, newest) is Revised.CHANGED
        printed = [Precision(row["precision"]) for row in ([first, newest] if changed else [newest])]
        sides.append(
            Side(
                round=None if pd.isna(newest["round"]) else int(newest["round"]),
                period=DateSpan.parse(newest["period"]),
                first_published=float((first if changed else newest)["value"]),
                value=float(newest["value"]),
                precision=next((p for p in printed if p is not Precision.EXACT), Precision.EXACT),
            )
        )
    return tuple(sorted(sides, key=lambda s: s.period.last))


def _key(row: Row) -> object:
    """What makes two rows vintages of one value."""
    return row["period"] if pd.isna(row["round"]) else int(row["round"])


def _side(sides: Sequence[Side], asked: str) -> Side:
    """The side of that round number or last day."""
    named = {side.period.last.isoformat(): side for side in reversed(sides)}
    named |= {str(side.round): side for side in reversed(sides) if side.round is not None}
    if asked in named:
        return named[asked]
    offers = [
        (str(s.round) if s.round is not None else s.period.last.isoformat(), str(s.period)) for s in sides
    ]
    raise Unknown("date" if _is_day(asked) else "round", asked, offers)


def _is_day(asked: str) -> bool:
    """Whether a text is a day as an address writes it; of any other text, a round is asked for."""
    try:
        return date.fromisoformat(asked).isoformat() == asked
    except ValueError:
        return False


def _correction(series: Series, before: Side, after: Side) -> tuple[Part, ...]:
    """What the figures first published were wrong by, as far as they have been mended."""
    amount = (after.first_published - after.value) - (before.first_published - before.value)
    if not amount:
        return ()
    wrong = series.history[series.history["kind"] == RowKind.PUBLISHED]
    periods = {side.period.last for side in (before, after) if side.first_published != side.value}
    about = {str(r["obs"]) for _, r in records(wrong) if r["last"].date() in periods}
    said = (e for e in series.provenance.events if e.kind is EventKind.CORRECTION and e.claim not in UNSURE)
    events = tuple(e for e in said if e.about in about)
    return (Part(kind=PartKind.CORRECTION, amount=amount, grade=Grade.BY_AREA, events=events),)


def _by_effect(series: Series, events: Sequence[Event], area: str) -> tuple[Part, ...]:
    """The parts whose size was published with an event; a break without a size has no amount.

    What is alleged or only reported makes no part. A size that was not public on the day of the series, that is of one
    area of the whole, or whose sign contradicts its kind, is not known.
    """
    parts = []
    for event in events:
        effect = event.effect_on(series.key)
        if event.claim is not ClaimStatus.PUBLISHED or not (
            event.breaks or (effect is not None and event.kind in KINDS)
        ):
            continue
        kind = kind_of(event)
        exact = (
            effect is not None
            and not area
            and effect.unit is series.unit
            and effect.precision is Precision.EXACT
            and public_on(event, series.as_known_on)
            and effect.value * SIGN.get(event.kind, effect.value) >= 0
        )
        amount = effect.value if effect is not None and exact else None
        if kind is PartKind.COVERAGE_LOST and (amount or 0) > 0:
            kind = PartKind.COVERAGE_GAINED
        grade = Grade.BY_EFFECT if exact else Grade.RESIDUAL
        parts.append(Part(kind=kind, amount=amount, grade=grade, events=(event,), sites=event.sites))
    return tuple(sorted(parts, key=lambda part: list(PartKind).index(part.kind)))


def _bases(before: Side, after: Side, parts: Sequence[Part]) -> tuple[LikeForLike, ...]:
    """Both rounds on one list, as far as nothing else than the list came between."""
    found = []
    for part in parts:
        if part.kind is PartKind.CONTINUING and isinstance(part.rows, Rows):
            sums = (float(part.rows.table[name].sum()) for name in ("before", "after"))
            found.append(
                LikeForLike(basis=Basis.SAME_SITES, before=next(sums), after=next(sums), grade=Grade.BY_SITE)
            )
    gone = [part for part in parts if part.kind is PartKind.DELISTED]
    only_the_list = {PartKind.DELISTED, PartKind.CLOSED, PartKind.NEW, PartKind.CONTINUING, PartKind.RESIDUAL}
    if gone and all(p.kind in only_the_list and p.amount is not None for p in parts):
        held = -sum(part.amount or 0 for part in gone)
        if 0 < held < before.value:
            grade = gone[0].grade
            kept = LikeForLike(
                basis=Basis.OLD_LIST, before=before.value, after=after.value + held, grade=grade
            )
            left = LikeForLike(
                basis=Basis.LEFT_OUT, before=before.value - held, after=after.value, grade=grade
            )
            found += [kept, left]
    return tuple(base for base in found if base.before)


__all__ = ["NoChange", "areas_of", "between", "change", "companion", "sides_of"]

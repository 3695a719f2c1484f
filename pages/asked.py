"""Which change a reader asks for: of a count, in an area, between two dates; else what exists in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from data import split
from data.claims import withdrawal_of
from data.codes import EventKind, Measure, Precision, Unit
from data.model import Event, Operation
from data.parts import Side
from data.queries import Catalogue, Indicator
from data.selection import Changes, Selection
from data.split import between
from data.store import Release
from words import Words
from words.format import span

COUNTS = (Unit.INDIVIDUALS, Unit.HOUSEHOLDS, Unit.FAMILIES, Unit.SITES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A change that can be told, with everything else that can be chosen."""

    operation: Operation
    offered: tuple[Indicator, ...]
    indicator: Indicator
    areas: tuple[tuple[str, str, str], ...]  # code, name, level
    area: str
    sides: tuple[Side, ...]
    first: Side
    second: Side
    known: date | None

    @property
    def area_name(self) -> str:
        """Name of the area, '' for the whole place."""
        return next((name for code, name, _ in self.areas if code == self.area), "")


class Refusal(LookupError):
    """Something was asked for that is not held; `links` are what exists, and `asked` what the bar shows meanwhile."""

    def __init__(
        self, title: str, why: str, links: Sequence[tuple[str, Changes]], asked: Asked | None
    ) -> None:
        super().__init__(title)
        self.title, self.why, self.links, self.asked = title, why, tuple(links), asked


def key_of(side: Side) -> str:
    """A side in an address: its round, or the last day of its period."""
    return str(side.round) if side.round is not None else side.period.last.isoformat()


def when(side: Side, w: Words) -> str:
    """A side in a list: its round where it has one, then its date, of which a narrow list shows the beginning."""
    said = span(side.period, w)
    return said if side.round is None else w("change.side_listed", when=said, number=side.round)


def asked(release: Release, held: Catalogue, selection: Selection, w: Words) -> Asked | None:
    """The change that a selection names, filled up with what an operation opens with.

    Returns
    -------
    Asked or None
        None where the operation has no count with two exact values.

    Raises
    ------
    Unknown
        If the operation is not held.
    Refusal
        If the count, area or date is not held, or the dates are in the wrong order; it names what exists.
    """
    operation, known = held.operation(selection.operation), selection.known
    offered = _offered(release, held, operation.key, known)
    if not offered:
        return None
    indicator = next((i for i in offered if i.key == selection.what), offered[0])
    areas = _areas(release, indicator.key)
    inside = next((code for code, _, _ in areas if code == selection.area), "")
    sides = _sides(release, indicator.key, inside, known)
    few = len(sides) < 2
    whole = _sides(release, indicator.key, "", known) if few else sides
    opening = _opening(held, indicator, whole)
    found = Asked(
        operation=operation, offered=offered, indicator=indicator, areas=areas, area="" if few else inside,
        sides=whole, first=opening[0], second=opening[1], known=known,
    )  # fmt: skip
    place: list[tuple[str, Changes]] = [
        (w("change.whole", place=indicator.place_name.to(w.language)), {"area": ""})
    ]
    if selection.what and selection.what != indicator.key:
        links = [(subject(i, w), Changes(what=i.key, area="", first="", second="")) for i in offered]
        raise Refusal(
            w("change.no_indicator"), w("change.no_indicator_why", found=selection.what), links, found
        )
    if selection.area and not inside:
        raise Refusal(w("change.no_area"), w("change.no_area_why", found=selection.area), place, found)
    if few:
        name = next(name for code, name, _ in areas if code == inside)
        raise Refusal(w("change.no_area_sides"), w("change.no_area_sides_why", area=name), place, found)
    return _with_sides(found, selection, held.events_of(operation.key, indicator.key), w)


def _with_sides(found: Asked, selection: Selection, events: Sequence[Event], w: Words) -> Asked:
    """`found` between the dates of the selection; a date that is not named is the nearest that fits the other."""
    one, other = (_side(found, text, events, w) for text in (selection.first, selection.second))
    sides = found.sides
    if one is not None and other is None:
        other = next((s for s in sides if s.period.last > one.period.last), None)
    elif other is not None and one is None:
        one = next((s for s in reversed(sides) if s.period.last < other.period.last), None)
    elif one is None and other is None:
        return found
    if one is None or other is None or one.period.last >= other.period.last:
        ends = sorted((s for s in (one, other) if s is not None), key=lambda s: s.period.last)
        ends = ends if len({key_of(s) for s in ends}) == 2 else [found.first, found.second]
        said = {
            name: when(s, w)
            for name, s in zip(("first", "second"), (one or ends[0], other or ends[1]), strict=True)
        }
        swapped = Changes(first=key_of(ends[0]), second=key_of(ends[1]))
        links = [(w("change.pair", first=when(ends[0], w), second=when(ends[1], w)), swapped)]
        raise Refusal(w("change.wrong_order"), w("change.wrong_order_why", **said), links, found)
    return Asked(
        operation=found.operation, offered=found.offered, indicator=found.indicator, areas=found.areas,
        area=found.area, sides=sides, first=one, second=other, known=found.known,
    )  # fmt: skip


def _side(found: Asked, text: str, events: Sequence[Event], w: Words) -> Side | None:
    """The side that a text of the address names; None where it names none."""
    if not text:
        return None
    for side in found.sides:
        if text in (key_of(side), side.period.last.isoformat()):
            return side
    pairs = list(pairwise(found.sides))
    links = [
        (w("change.pair", first=when(a, w), second=when(b, w)), Changes(first=key_of(a), second=key_of(b)))
        for a, b in reversed(pairs)
    ]
    gone = withdrawal_of(events, int(text) if text.isdecimal() else None, found.known)
    if gone is not None:
        said = {"when": span(gone.when, w), "text": gone.text.to(w.language)}
        raise Refusal(w("change.withdrawn", number=text), w("change.withdrawn_why", **said), links, found)
    raise Refusal(w("change.no_side"), w("change.no_side_why", found=text), links, found)


def subject(indicator: Indicator, w: Words) -> str:
    """A count in a list, with its place where its words do not say it."""
    said, place = indicator.subject.to(w.language), indicator.place_name.to(w.language)
    return said if place in said else w("change.option", subject=said, place=place)


def _offered(release: Release, held: Catalogue, operation: str, known: date | None) -> tuple[Indicator, ...]:
    """The counts of which a change can be told: the first of the operation first, then those with a card."""
    lead = held.lead[operation]
    counts = [
        i
        for i in held.indicators.values()
        if i.operation == operation and i.measure is Measure.STOCK and i.unit in COUNTS
        if len(_sides(release, i.key, "", known)) > 1
    ]
    return tuple(sorted(counts, key=lambda i: (i.key != lead, i.shown == 0, i.shown, i.key)))


@lru_cache(maxsize=64)  # a release never changes
def _areas(release: Release, indicator: str) -> tuple[tuple[str, str, str], ...]:
    return split.areas_of(release, indicator)


def _sides(release: Release, indicator: str, area: str, known: date | None) -> tuple[Side, ...]:
    """The sides of which a difference can be taken: of a rounded number none is."""
    found = split.sides_of(release, indicator, area, known)
    return tuple(side for side in found if side.precision is Precision.EXACT)


def _opening(held: Catalogue, indicator: Indicator, sides: Sequence[Side]) -> tuple[Side, Side]:
    """The two sides around the last settlements that were taken off the list, else the newest two."""
    pairs = list(pairwise(sides))
    gone = [e for e in held.events_of(indicator.operation, indicator.key) if e.kind is EventKind.DELISTING]
    for event in reversed(gone):
        for one, other in pairs:
            if between(event, one, other):
                return one, other
    return pairs[-1]

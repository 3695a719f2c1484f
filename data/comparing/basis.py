"""Whether two figures are of one thing: producer, measure, unit, population, setting, place, who is counted."""

from __future__ import annotations

import re

from data.codes import Measure, Population
from data.comparing.asked import Check
from data.comparing.figure import Figure, Pair, areas
from data.comparing.names import PARTS, POPULATION, SETTING, UNIT
from data.comparing.says import quoted, said
from data.model import Text
from data.queries import Indicator

_STAYS = {
    "temporary": re.compile(r"\btemporar(?:y|ily)\b", re.IGNORECASE),
    "permanent": re.compile(r"\bpermanent(?:ly)?\b", re.IGNORECASE),
}
_NOT_STATED = "not stated"  # how a register says that a text was looked for and not found


def value(pair: Pair) -> Check:
    """Whether there is a number on both sides."""
    return said(
        "value.yes" if all(f.row["value"] == f.row["value"] for f in (pair.a, pair.b)) else "value.no"
    )


def operation(pair: Pair) -> Check:
    """Two data collections are never one line, be they of one producer or of two."""
    a, b = (pair.held.operations[f.about.operation] for f in (pair.a, pair.b))
    if a.key == b.key:
        return said("operation.yes", a=quoted(a.title))
    if a.producer != b.producer:
        return said("operation.no.producer", a=a.producer, b=b.producer)
    return said("operation.no.exercise", a=quoted(a.title), b=quoted(b.title))


def measure(pair: Pair) -> Check:
    """People at a time are no movements in a period."""
    a, b = pair.a.about.measure, pair.b.about.measure
    if a is not b:
        return said("measure.no")
    return said("measure.yes.stock" if a is Measure.STOCK else "measure.yes.flow")


def unit(pair: Pair) -> Check:
    """What one of a value is."""
    a, b = pair.a.about.unit, pair.b.about.unit
    return said("unit.yes" if a is b else "unit.no", a=UNIT[a], b=UNIT[b])


def population(pair: Pair) -> Check:
    """Whom the figures are about; temporary and permanent returns stay apart."""
    a, b = pair.a.about, pair.b.about
    if a.population is not b.population:
        return said("population.no", a=POPULATION[a.population], b=POPULATION[b.population])
    stays = {stay_of(a), stay_of(b)}
    if a.population is Population.RETURNEES and len(stays) > 1:
        return said("population.with_care.stay" if "" in stays else "population.no.stay")
    return said("population.yes", a=POPULATION[a.population])


def stay_of(about: Indicator) -> str:
    """Whether returns are said to be "temporary" or "permanent"; "" where neither, or both, is said."""
    text = f"{about.subject.en} {about.counted.en}"
    found = [name for name, form in _STAYS.items() if form.search(text)]
    return found[0] if len(found) == 1 else ""


def setting(pair: Pair) -> Check:
    """Where the people are: the same, a part of it, or elsewhere."""
    a, b = pair.a.about.setting, pair.b.about.setting
    if a is b:
        return said("setting.yes", a=SETTING[a])
    parts = b in PARTS.get(a, ()) or a in PARTS.get(b, ())
    return said("setting.with_care" if parts else "setting.no", a=SETTING[a], b=SETTING[b])


def place(pair: Pair) -> Check:
    """Which place the figures are of: a difference of two places is no change."""
    same = (pair.a.point.area or pair.a.about.place) == (pair.b.point.area or pair.b.about.place)
    return said(
        "place.yes" if same else "place.with_care", a=_place_name(pair, pair.a), b=_place_name(pair, pair.b)
    )


def _place_name(pair: Pair, figure: Figure) -> Text:
    code = figure.point.area
    if not code:
        return figure.about.place_name
    names = [area.name for area in areas(pair.release) if area.code == code]
    return Text(f"{names[-1]} ({code})" if names else code)


def who(pair: Pair) -> Check:
    """Who is counted and who is not, by the producers' own words."""
    a, b = pair.a.about, pair.b.about
    if not all(_stated(text) for text in (a.counted, b.counted, a.not_counted, b.not_counted)):
        return said("who.unknown")
    if a.counted != b.counted:
        return said("who.with_care.counted", a=quoted(a.counted), b=quoted(b.counted))
    if a.not_counted != b.not_counted:
        return said("who.with_care.left", a=quoted(a.not_counted), b=quoted(b.not_counted))
    return said("who.yes", a=quoted(a.counted), b=quoted(a.not_counted))


def _stated(text: Text) -> bool:
    return bool(text) and not text.en.lower().startswith(_NOT_STATED)

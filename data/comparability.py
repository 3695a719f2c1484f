"""Whether two figures can be compared, and why not: unit, population, setting, method, list of sites, and more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from data.codes import Measure, Population, Setting, Unit
from data.comparing import basis, changes, made, moment, reach
from data.comparing.asked import IMPORTANT, Check, Comparable, Point, Verdict, graded
from data.comparing.figure import Pair, pair_of
from data.comparing.names import PARTS, POPULATION, UNIT
from data.comparing.says import narrowed, quoted, said
from data.errors import Unknown
from data.model import Provenance, Text, unite
from data.queries import Catalogue, Indicator, catalogue, series
from data.store import Release

# In the order in which a reader asks: what it is, what changed, what was seen, when, how good.
QUESTIONS: tuple[Callable[[Pair], Check], ...] = (
    basis.value,
    basis.operation,
    basis.measure,
    basis.unit,
    basis.population,
    basis.setting,
    basis.place,
    basis.who,
    changes.method,
    changes.definition,
    changes.sites_listed,
    changes.coverage,
    changes.unexplained_break,
    changes.other_break,
    changes.limit,
    reach.visited,
    reach.boundary,
    reach.assessment,
    moment.interval,
    moment.season,
    made.correction,
    made.precision,
    made.independence,
)


@lru_cache(maxsize=512)  # a release never changes, nor does what is said of it
def verdict(release: Release, a: Point, b: Point, as_known_on: date | None = None) -> Verdict:
    """Whether two published figures can be compared at all, question by question.

    Parameters
    ----------
    release : Release
        Where the figures are taken from.
    a, b : Point
        The two figures, of any operations; their order changes no grade.
    as_known_on : date, optional
        Only figures, events and limits that were surely public by that day answer; None takes the newest.

    Returns
    -------
    Verdict
        "no" if any question is answered so; "with_care" if any calls for care, or an important one has no
        answer; else "yes". The provenance of both series.

    Raises
    ------
    Unknown
        If there is no such indicator, place, round or period; it names what exists.
    """
    pair = pair_of(release, a, b, as_known_on)
    checks = tuple(question(pair) for question in QUESTIONS)
    if pair.one_figure:
        checks = tuple(_of_one_figure(check) for check in checks)
    return Verdict(found=graded(checks), checks=checks, provenance=_provenance(release, pair))


def _of_one_figure(check: Check) -> Check:
    """A figure and itself differ in nothing; only where there is no number there is nothing to compare."""
    if check.found is Comparable.YES or check.key == "value":
        return check
    return said("same.yes", key=check.key)


def _provenance(release: Release, pair: Pair) -> Provenance:
    """The provenance of both series, with the documents of figures of a smaller place."""
    parts = []
    for figure in (pair.a, pair.b):
        own = series(release, figure.about.key, figure.known).provenance
        documents = tuple(pair.held.sources[key] for key in dict.fromkeys(figure.history["source"]))
        parts.append(replace(own, sources=tuple(dict.fromkeys((*own.sources, *documents)))))
    return unite(parts)


def may_sum(release: Release, a: str, b: str) -> Text | None:
    """Whether figures of two indicators may be added up: None if they may, else the sentence that refuses.

    Figures of one indicator and two times are asked for by naming it twice.

    Raises
    ------
    Unknown
        If there is no such indicator.
    """
    held = catalogue(release)
    for key in (a, b):
        if key not in held.indicators:
            raise Unknown("indicator", key, [(i.key, i.subject.en) for i in held.indicators.values()])
    one, other = held.indicators[a], held.indicators[b]
    return _other_things(one, other) or _the_same_people(held, one, other)


def _other_things(a: Indicator, b: Indicator) -> Text | None:
    """The refusal of figures that are not of one kind."""
    if a.measure is not b.measure:
        return _both(
            "People at a time (a stock) and movements in a period (a flow) are not added up.",
            "Des personnes à un moment donné (un stock) et des mouvements pendant une période (un flux) ne "
            "s’additionnent pas.",
        )
    if a.unit is not b.unit or Unit.PERCENT in (a.unit, b.unit):
        return _both(
            "Figures given in {a} and in {b} are not added up.",
            "Des chiffres donnés en {a} et en {b} ne s’additionnent pas.",
            a=UNIT[a.unit],
            b=UNIT[b.unit],
        )
    stays = basis.stay_of(a), basis.stay_of(b)
    if a.population is Population.RETURNEES and stays[0] != stays[1]:
        return _both(
            "Temporary and permanent returns are not added up.",
            "Les retours temporaires et les retours permanents ne s’additionnent pas.",
        )
    if a.population is not b.population:
        return _both(
            "Figures about {a} and about {b} are not added up.",
            "Des chiffres sur deux populations, {a} et {b}, ne s’additionnent pas.",
            a=POPULATION[a.population],
            b=POPULATION[b.population],
        )
    return None


def _the_same_people(held: Catalogue, a: Indicator, b: Indicator) -> Text | None:
    """The refusal of figures that may count the same people or movements."""
    if a.key == b.key:
        return _one_series(a)
    one, other = held.operations[a.operation], held.operations[b.operation]
    if one.key != other.key and set(one.iso3) & set(other.iso3):
        return _both(
            "{a} and {b} are about the same country and may count the same people: they are not added up.",
            "{a} et {b} portent sur le même pays et peuvent compter les mêmes personnes : on ne les additionne pas.",
            a=quoted(one.title),
            b=quoted(other.title),
        )
    if one.key == other.key and not _apart(a.setting, b.setting):
        return _both(
            "{a} and {b} are of one data collection and may count the same: they are not added up.",
            "{a} et {b} viennent d’une même collecte et peuvent compter la même chose : on ne les additionne pas.",
            a=quoted(a.subject),
            b=quoted(b.subject),
        )
    return None


def _one_series(a: Indicator) -> Text | None:
    """The refusal of two times of one stock; movements of two periods may be added up."""
    if a.measure is Measure.FLOW:
        return None
    return _both(
        "The same people may stand in two figures of one stock: figures of two times are not added up.",
        "Les mêmes personnes peuvent figurer dans deux chiffres d’un même stock : les chiffres de deux moments ne "
        "s’additionnent pas.",
    )


def _apart(a: Setting, b: Setting) -> bool:
    """Whether nobody can be in both settings."""
    return a is not b and b not in PARTS.get(a, ()) and a not in PARTS.get(b, ())


def _both(english: str, french: str, **facts: Text) -> Text:
    """A sentence in both languages with its facts."""
    return Text(
        english.format(**{name: text.to("en") for name, text in facts.items()}),
        (("fr", narrowed(french.format(**{name: text.to("fr") for name, text in facts.items()}))),),
    )


__all__ = ["IMPORTANT", "QUESTIONS", "Check", "Comparable", "Point", "Verdict", "may_sum", "verdict"]

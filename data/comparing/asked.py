"""What is asked and what comes out: two points, one answer a question, and the verdict of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from data.model import Provenance, Text


class Comparable(StrEnum):
    """How far two figures can be compared."""

    YES = "yes"
    WITH_CARE = "with_care"
    NO = "no"
    UNKNOWN = "unknown"  # of a single question: nothing was stated


# Questions whose missing answer is itself a reason for care: without it a change of the figures cannot be read.
IMPORTANT = frozenset({"boundary", "visited", "who"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One published figure of any operation: an indicator, a place, and a round or the last day of a period.

    Where both a round and a last day are given, the figure must have both.
    """

    indicator: str
    area: str = ""  # code of an area, site or point; "" is the indicator's own place
    round: int | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question: what was found, in a sentence."""

    key: str  # operation, unit, population, setting, measure, method, coverage, boundary, interval, season, …
    found: Comparable
    said: Text
    short: Text = field(
        default_factory=lambda: Text("")
    )  # the same as a part of a sentence, where it can decide

    @property
    def calls_for_care(self) -> bool:
        """Whether the answer alone is a reason for care."""
        return self.found is Comparable.WITH_CARE or (
            self.found is Comparable.UNKNOWN and self.key in IMPORTANT
        )


_REASON = {
    "en": {
        Comparable.NO: "The two figures cannot be compared: {why}.",
        Comparable.WITH_CARE: "The two figures can be compared with care: {why}.",
        Comparable.YES: "The two figures can be compared: none of the questions asked speaks against it.",
    },
    "fr": {
        Comparable.NO: "Les deux chiffres ne peuvent pas être comparés\u202f: {why}.",
        Comparable.WITH_CARE: "Les deux chiffres peuvent être comparés avec prudence\u202f: {why}.",
        Comparable.YES: "Les deux chiffres peuvent être comparés\u202f: aucune des questions posées ne s’y oppose.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to all questions: the worst of them, where what is not stated calls for care."""

    found: Comparable
    checks: tuple[Check, ...]
    provenance: Provenance

    @property
    def deciding(self) -> tuple[Check, ...]:
        """The checks that made the verdict what it is; () for "yes"."""
        if self.found is Comparable.NO:
            return tuple(check for check in self.checks if check.found is Comparable.NO)
        return tuple(check for check in self.checks if check.calls_for_care)

    def check(self, key: str) -> Check:
        """The check of that key.

        Raises
        ------
        KeyError
            If no such question is asked.
        """
        return {check.key: check for check in self.checks}[key]

    def reason(self, language: str) -> str:
        """The verdict in one sentence with its deciding reasons, in English where there is no such language."""
        joint = "\u202f; " if language == "fr" else "; "
        why = joint.join(check.short.to(language) for check in self.deciding)
        return _REASON.get(language, _REASON["en"])[self.found].format(why=why)


def graded(checks: tuple[Check, ...]) -> Comparable:
    """No if any answer is no; with care if any calls for it; else yes."""
    if any(check.found is Comparable.NO for check in checks):
        return Comparable.NO
    if any(check.calls_for_care for check in checks):
        return Comparable.WITH_CARE
    return Comparable.YES

"""Whether two figures can be compared, and why not: unit, population, setting, method, list of sites, and more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data.model import Provenance, Text


class Comparable(StrEnum):
    """How far two figures can be compared."""

    YES = "yes"
    WITH_CARE = "with_care"
    NO = "no"
    UNKNOWN = "unknown"  # of a single question: nothing was stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question: what was found, in a sentence."""

    key: str  # operation, unit, population, setting, measure, method, coverage, boundary, interval, season, …
    found: Comparable
    said: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to all questions: the worst of them, where what is not stated calls for care."""

    found: Comparable
    checks: tuple[Check, ...]
    provenance: Provenance

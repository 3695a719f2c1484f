"""Dates as intervals: a day, a month, a year, or a first and a last day.

A report says "September 2013" more often than a day. The interval keeps what was said; it is drawn at
its last day, because a count published for a month is surely public only after it.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_FORM = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
)  # not \d: digits of other scripts are no ISO date


class Grain(StrEnum):
    """How much of a date was said."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SPAN = "span"


@dataclass(frozen=True, slots=True, order=True)
class DateSpan:
    """First and last day of a date as it was said, both included.

    Raises
    ------
    ValueError
        If `last` is before `first`.
    """

    first: date
    last: date
    grain: Grain = Grain.SPAN

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the last day {self.last} is before the first day {self.first}")

    @classmethod
    def parse(cls, text: str) -> DateSpan:
        """Read "2013", "2013-09", "2013-09-30" or "2013-07-01/2013-09-30".

        Raises
        ------
        ValueError
            If the text is none of the four forms, or names a day that does not exist.
        """
        start, between, end = text.strip().partition("/")
        if not between:
            return cls._of_one(start)
        return cls(cls._of_one(start).first, cls._of_one(end).last)

    @classmethod
    def _of_one(cls, text: str) -> DateSpan:
        """Read a year, a month or a day."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is not a date of the form 2013, 2013-09, 2013-09-30 or first/last")
        year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if not found[2]:
            return cls(date(year, 1, 1), date(year, 12, 31), Grain.YEAR)
        if not found[3]:
            first = date(year, month, 1)  # before the length of the month: it refuses a 13th
            return cls(first, first.replace(day=calendar.monthrange(year, month)[1]), Grain.MONTH)
        return cls(date(year, month, day), date(year, month, day), Grain.DAY)

    def __str__(self) -> str:
        match self.grain:
            case Grain.DAY:
                return self.first.isoformat()
            case Grain.MONTH:
                return self.first.isoformat()[:7]  # not strftime: it writes the year 999 with three digits
            case Grain.YEAR:
                return self.first.isoformat()[:4]
            case _:
                return f"{self.first.isoformat()}/{self.last.isoformat()}"

    def touches(self, first: date, last: date) -> bool:
        """Whether the interval shares a day with `first` … `last`."""
        return self.first <= last and first <= self.last

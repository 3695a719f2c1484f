"""When two figures are of: the days between them, the length of their periods, the time of the year."""

from __future__ import annotations

from datetime import date, timedelta

from data.codes import Measure
from data.comparing.asked import Check
from data.comparing.figure import Figure, Pair
from data.comparing.says import said

# Months differ by up to 11% (28 and 31 days), which every producer takes for one length.
SAME_LENGTH = 1.15
NEAR_LENGTH = 1.5  # as a week of six days and one of nine
LOOSE_DAYS = 60  # a round lasts days or weeks; a longer period says only that the count fell somewhere in it
WHOLE_YEAR_DAYS = 360
SEASON_DAYS = 45  # half a quarter of the year
_YEAR_DAYS = 365


def interval(pair: Pair) -> Check:
    """The days between the two, and for movements the length of their periods."""
    a, b = pair.a.days, pair.b.days
    days = abs((pair.b.period.last - pair.a.period.last).days)
    longer = max(a, b) / min(a, b)
    if _both_flows(pair):
        if longer > NEAR_LENGTH:
            return said("interval.no", a=a, b=b)
        if longer > SAME_LENGTH:
            return said("interval.with_care.length", a=a, b=b, days=days)
    elif max(_loose(pair.a), _loose(pair.b)):
        return said("interval.with_care.loose", a=max(_loose(pair.a), _loose(pair.b)))
    return said({0: "interval.yes.same", 1: "interval.yes.day"}.get(days, "interval.yes"), days=days)


def _both_flows(pair: Pair) -> bool:
    return pair.a.about.measure is Measure.FLOW and pair.b.about.measure is Measure.FLOW


def _loose(figure: Figure) -> int:
    """Length in days of the period in which a stock was counted, where it is too long to name a day; else 0."""
    return figure.days if figure.about.measure is Measure.STOCK and figure.days > LOOSE_DAYS else 0


def season(pair: Pair) -> Check:
    """For movements: whether both periods are of the same time of the year."""
    if not _both_flows(pair):
        return said("season.yes.stock")
    apart = _apart(pair.a, pair.b)
    whole = min(pair.a.days, pair.b.days) >= WHOLE_YEAR_DAYS
    return said("season.yes") if whole or apart <= SEASON_DAYS else said("season.with_care", days=apart)


def _apart(a: Figure, b: Figure) -> int:
    """Days between the middles of two periods, whatever their years."""
    between = abs(_middle(a) - _middle(b)) % _YEAR_DAYS
    return min(between, _YEAR_DAYS - between)


def _middle(figure: Figure) -> int:
    """The day of the year in the middle of a period; 29 February counts as the 28th."""
    day = figure.period.first + timedelta(days=figure.days // 2)
    plain = date(2001, day.month, min(day.day, 28) if day.month == 2 else day.day)
    return plain.timetuple().tm_yday

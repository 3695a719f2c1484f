"""Dates are intervals that say exactly what was said, and nothing else is a date."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.dates import DateSpan, Grain
from tests.laws import days

YEARS = st.integers(1, 9999)
DAYS = st.dates() | days  # any day of the calendar, and more of those that figures have


@given(DAYS)
def test_a_day_comes_back_as_it_was_said(day: date) -> None:
    """A day is written and read without a loss, also in the year 999."""
    assert DateSpan.parse(day.isoformat()) == DateSpan(day, day, Grain.DAY)
    assert str(DateSpan.parse(day.isoformat())) == day.isoformat()


@given(YEARS, st.integers(1, 12))
def test_months_and_years_keep_their_grain(year: int, month: int) -> None:
    """Of "2013-09" and "2013", one stays a month of all its days, the other a year; neither becomes a day."""
    for said, grain in ((f"{year:04d}-{month:02d}", Grain.MONTH), (f"{year:04d}", Grain.YEAR)):
        span = DateSpan.parse(said)
        assert (str(span), span.grain) == (said, grain)
        assert span.first.day == 1
        assert span.last == date.max or date.fromordinal(span.last.toordinal() + 1).day == 1


@given(DAYS, DAYS)
def test_first_and_last_day_come_back(one: date, other: date) -> None:
    """A span is written and read without a loss, and never runs backwards."""
    first, last = sorted((one, other))
    span = DateSpan(first, last)
    assert DateSpan.parse(str(span)) == span
    if first < last:
        with pytest.raises(ValueError, match="before the first day"):
            DateSpan.parse(f"{last}/{first}")


def test_a_span_of_months_covers_them_whole() -> None:
    """The span "2012-01/2016-12" is from the first day of one to the last day of the other."""
    assert DateSpan.parse("2012-01/2016-12") == DateSpan(date(2012, 1, 1), date(2016, 12, 31))


BAD = [
    "", "/", "2013-9", "13-09-30", "2013-09-31", "2013-13", "2013-00", "0000", "0000-01", "2013-02-29", "30/09/2013",
    "2013-09-30/", "/2013-09-30", "2013/2014/2015", "2013-09-30T00:00", "20130930", "2013-09-30 12:00", "about 2013",
    "２０１３", "٢٠١٣-٠٩", "2013-09-30\n2014", "99999",
]  # fmt: skip


@pytest.mark.parametrize("said", BAD)
def test_what_is_no_date_is_refused(said: str) -> None:
    """A date that does not exist, or is written otherwise, is refused and never repaired."""
    with pytest.raises(ValueError, match=r"."):
        DateSpan.parse(said)


def test_the_list_of_bad_dates_catches_a_lenient_reader() -> None:
    """Control: a reader of any digits with any rest takes several of them."""
    lenient = re.compile(r"^(\d{4})(?:-(\d{2}))?")
    assert any(lenient.match(said) for said in BAD)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_value_error(said: str) -> None:
    """No text raises anything else, and what is read is written back as a date of the same days."""
    try:
        span = DateSpan.parse(said)
    except ValueError:
        return
    assert DateSpan.parse(str(span)) == span


@given(DAYS, DAYS, DAYS, DAYS)
def test_spans_touch_when_they_share_a_day(a: date, b: date, c: date, d: date) -> None:
    """Touching is the same from both sides, and means a common day."""
    (first, last), (start, end) = sorted((a, b)), sorted((c, d))
    shared = max(first, start) <= min(last, end)
    assert DateSpan(first, last).touches(start, end) is shared
    assert DateSpan(start, end).touches(first, last) is shared

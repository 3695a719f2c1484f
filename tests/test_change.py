"""The split of a change: parts that sum to it exactly, and no split where none was published."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.change import Split, published_split
from data.codes import EventKind, Precision, Unit
from data.model import Event, Provenance, Series
from tests.laws import effect, event, provenances, row, series
from tests.test_series import forgotten

PEOPLE = (278_945, 171_974, 54_045)
HOUSEHOLDS = (70_910, 45_280, 11_128)


def quarter(before: int, after: int, taken_off: int, unit: Unit = Unit.INDIVIDUALS) -> tuple[Series, Event]:
    """June and September 2013 with the delisting between them."""
    cut = event(first_round=16, effects=(effect(-taken_off, unit),))
    return series([row(15, "2013-06-30", before), row(16, "2013-09-30", after)], [cut], unit=unit), cut


def split_of(before: int, after: int, taken_off: int, unit: Unit = Unit.INDIVIDUALS) -> Split:
    """The split of a quarter, which must exist."""
    made = published_split(*quarter(before, after, taken_off, unit))
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("figures", "unit", "fall", "residual"),
    [
        pytest.param(PEOPLE, Unit.INDIVIDUALS, 106_971, 52_926, id="people"),
        pytest.param(HOUSEHOLDS, Unit.HOUSEHOLDS, 25_630, 14_502, id="households"),
    ],
)
def test_the_fall_is_what_was_taken_off_and_a_residual(
    figures: tuple[int, int, int], unit: Unit, fall: int, residual: int
) -> None:
    """278,945 − 171,974 = 106,971 = 54,045 + 52,926; 70,910 − 45,280 = 25,630 = 11,128 + 14,502."""
    made = split_of(*figures, unit)
    assert (made.change, made.taken_off, made.residual) == (-fall, figures[2], -residual)
    assert made.taken_off - made.residual == fall


def test_the_percentages_of_the_reference_case() -> None:
    """38.3% as published, 19.0% kept in both, 23.5% left out of both, and 50.5% of the fall was taken off."""
    made = split_of(*PEOPLE)
    said = (made.as_published, made.kept_in_both, made.left_out_of_both, made.share_taken_off)
    assert [round(value, 1) for value in said] == [-38.3, -19.0, -23.5, 50.5]


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_parts_sum_exactly(before: int, after: int, taken_off: int) -> None:
    """Wherever a split is made its parts are the change to the unit, and no share divides by nothing."""
    made = published_split(*quarter(before, after, taken_off))
    if made is None:
        assert after >= before or taken_off >= before
        return
    assert -made.taken_off + made.residual == made.change
    assert made.before + made.change == made.after
    shares = (made.share_taken_off, made.as_published, made.kept_in_both, made.left_out_of_both)
    assert all(math.isfinite(share) for share in shares)


PLAIN, CUT = quarter(*PEOPLE)


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(replace(CUT, effects=()), id="no-effect-published"),
        pytest.param(replace(CUT, effects=(effect(-54_045, Unit.HOUSEHOLDS),)), id="other-unit"),
        pytest.param(replace(CUT, effects=(effect(-54_000, precision=Precision.ABOUT),)), id="not-exact"),
        pytest.param(replace(CUT, effects=(effect(54_045),)), id="a-rise"),
        pytest.param(replace(CUT, effects=(effect(-300_000),)), id="more-than-there-was"),
        pytest.param(replace(CUT, kind=EventKind.COVERAGE_CHANGE), id="no-delisting"),
        pytest.param(replace(CUT, first_round=17), id="no-value-after"),
    ],
)
def test_a_split_is_never_guessed(cut: Event) -> None:
    """Without a published, exact effect of a delisting in this unit there is no split; control: with it there is."""
    assert published_split(PLAIN, CUT) is not None
    assert published_split(replace(PLAIN, provenance=replace(PLAIN.provenance, events=(cut,))), cut) is None


@pytest.mark.parametrize("side", [0, 1])
def test_a_rounded_value_is_not_split_to_the_unit(side: int) -> None:
    """About 279,000 minus an exact figure is no exact residual."""
    rows = [row(15, "2013-06-30", 278_945), row(16, "2013-09-30", 171_974)]
    rows[side]["precision"] = Precision.ABOUT.value
    assert published_split(series(rows, [CUT]), CUT) is None


def test_a_change_across_two_breaks_is_not_of_one() -> None:
    """Where the method changed between the same rounds, the residual would hide it: there is no split."""
    other = event("method", "2013-08", kind=EventKind.METHOD_CHANGE)
    both = replace(PLAIN, provenance=replace(PLAIN.provenance, events=(CUT, other)))
    assert published_split(both, CUT) is None


@given(provenances())
def test_a_split_keeps_every_caveat_and_event(about: Provenance) -> None:
    """The parts of a change are shown with all that must be read with the series."""
    about = replace(about, events=(CUT, *(replace(e, breaks=False) for e in about.events)))
    made = replace(PLAIN, provenance=about)
    assert published_split(made, CUT) is not None
    assert forgotten(lambda s: published_split(s, CUT), made) == []

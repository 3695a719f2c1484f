"""What the embedded release answers: the published arithmetic, vintages in their time, figures with their notes."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import pytest

from data import queries
from data.change import Split, published_split
from data.codes import EventKind, ObsStatus, RowKind, SiteLayer, State
from data.errors import Unknown
from data.model import Event, Series
from data.series import Revised, on_old_coverage, revisions, stretches
from data.store import Release
from tests.test_series import crossed, forgotten
from words import LANGUAGES, words
from words.notes import TOUCH_THE_COUNT, marked, notes_of

DELISTING = "hti-2013-09-delisting"


@pytest.fixture(scope="session")
def every(release: Release) -> dict[str, Series]:
    """Every indicator of every operation as a series."""
    return {key: queries.series(release, key) for key in queries.catalogue(release).indicators}


def named(series: Series, key: str) -> Event:
    """An event of a series."""
    return next(e for e in series.provenance.events if e.key == key)


def split_of(series: Series) -> Split:
    """The split at the delisting, which must exist."""
    made = published_split(series, named(series, DELISTING))
    assert made is not None
    return made


# Haiti, June to September 2013


@pytest.mark.parametrize(
    ("indicator", "june", "september", "taken_off", "residual"),
    [
        pytest.param("hti-idp", 278_945, 171_974, 54_045, 52_926, id="people"),
        pytest.param("hti-hh", 70_910, 45_280, 11_128, 14_502, id="households"),
    ],
)
def test_the_fall_of_2013(
    every: dict[str, Series], indicator: str, june: int, september: int, taken_off: int, residual: int
) -> None:
    """278,945 − 171,974 = 106,971 = 54,045 + 52,926; 70,910 − 45,280 = 25,630 = 11,128 + 14,502."""
    made = split_of(every[indicator])
    assert (made.before, made.after, made.taken_off, made.residual) == (june, september, taken_off, -residual)
    assert june - september == taken_off + residual == -made.change


def test_its_percentages(every: dict[str, Series]) -> None:
    """38.3% as published, 19.0% and 23.5% like for like, 50.5% of the fall was taken off the list."""
    made = split_of(every["hti-idp"])
    said = (made.as_published, made.kept_in_both, made.left_out_of_both, made.share_taken_off)
    assert [round(value, 1) for value in said] == [-38.3, -19.0, -23.5, 50.5]


@pytest.mark.parametrize(("indicator", "value"), [("hti-idp", 226_019), ("hti-hh", 56_408)])
def test_september_on_the_old_coverage(every: dict[str, Series], indicator: str, value: int) -> None:
    """171,974 + 54,045 = 226,019 people; 45,280 + 11,128 = 56,408 households."""
    made = on_old_coverage(every[indicator], named(every[indicator], DELISTING))
    assert made is not None
    assert made.values["value"].tolist() == [value]
    assert made.values["obs_status"].tolist() == [ObsStatus.BREAK]


@pytest.mark.parametrize("indicator", ["hti-cdb", "hti-sites"])
def test_where_no_effect_was_published_nothing_is_computed(every: dict[str, Series], indicator: str) -> None:
    """For Croix-des-Bouquets, and for the number of sites, the delisting is named and its size is not."""
    made = every[indicator]
    cut = named(made, DELISTING)
    assert published_split(made, cut) is None
    assert on_old_coverage(made, cut) is None


def test_the_line_stops_at_the_delisting(every: dict[str, Series]) -> None:
    """June ends one stretch and September begins the next."""
    made = every["hti-idp"]
    parts = stretches(made.values, made.provenance.breaks())
    ends = [
        (part["round"].dropna().iloc[0], part["round"].dropna().iloc[-1])
        for part in parts
        if part["round"].notna().any()
    ]
    assert (1, 15) in ends
    assert (16, 24) in ends
    assert crossed([made.values], made.provenance.breaks())  # control: the whole line crosses


# Vintages


@pytest.mark.parametrize(
    ("on", "value", "precision"),
    [
        pytest.param(date(2016, 12, 13), None, None, id="not-yet-known"),
        pytest.param(date(2016, 12, 14), 1_525, "exact", id="as-it-was-used"),
        pytest.param(date(2017, 1, 30), 1_525, "exact", id="the-day-before"),
        pytest.param(date(2017, 1, 31), 11_500, "about", id="corrected"),
        pytest.param(None, 11_500, "about", id="newest"),
    ],
)
def test_niger_in_november_2016(
    release: Release, on: date | None, value: int | None, precision: str | None
) -> None:
    """1,525 as known from 14 December 2016, about 11,500 from 31 January 2017, and nothing before."""
    values = queries.series(release, "ner-out-month", on).values
    november = values[values["last"] == pd.Timestamp("2016-11-30")]
    found = list(zip(november["value"], november["precision"], strict=True))
    assert found == ([] if value is None else [(value, precision)])


def test_the_correction_of_november_2016_is_a_change(every: dict[str, Series]) -> None:
    """The correction is numbered among the notes, and its revision is named as one."""
    made = every["ner-out-month"]
    assert [(r.first["value"], r.newest["value"]) for r in revisions(made) if r.how is Revised.CHANGED] == [
        (1_525, 11_500)
    ]
    assert "ner-2017-01-correction" in {e.key for e in marked(made.provenance.events)}


def test_the_bulletins_against_the_data_file(every: dict[str, Series]) -> None:
    """People: rounds 8, 9 and 30 were changed; 146,000 and "over a million" are known more exactly."""
    found = {int(r.newest["round"]): r for r in revisions(every["hti-idp"])}
    assert {number for number, r in found.items() if r.how is Revised.CHANGED} == {8, 9, 30}
    for number, first, newest in ((17, 146_000, 146_446), (1, 1_000_000, 1_068_882)):
        assert found[number].how is Revised.MORE_EXACT
        assert (found[number].first["value"], found[number].newest["value"]) == (first, newest)


REVISED_ELSEWHERE = {
    ("ner-out-month", 1_525, 11_500),  # the correction above
    ("pan-month", 21_093, 24_657),  # February 2023: a count to the 26th, then of the month
}


def test_no_other_operation_was_revised(every: dict[str, Series]) -> None:
    """Outside Haiti no published value was changed by a later one, but for these two."""
    changed = {
        (key, r.first["value"], r.newest["value"])
        for key, made in every.items()
        for r in revisions(made)
        if r.how is Revised.CHANGED
        and not key.startswith(("hti-", "xtr-"))  # the invented country has its own
    }
    assert changed == REVISED_ELSEWHERE


def test_arithmetic_never_beats_a_publication(release: Release, every: dict[str, Series]) -> None:
    """On every day on which something became known, a derived value stands only where none was published.

    Where nothing is derived at all, some of these days do, with the first and the last.
    """
    for key, made in every.items():
        published = made.history[made.history["kind"] == RowKind.PUBLISHED]
        days = sorted(set(made.history["known_by"]))
        if (made.history["kind"] == RowKind.PUBLISHED).all():
            days = sorted({days[0], *days[:: max(1, len(days) // 3)], days[-1]})
        for on in days:
            day = on.date()
            known = queries.series(release, key, day).values
            assert (known["known_by"] <= on).all()
            assert not known.duplicated(["round", "first", "last"]).any()
            derived = known[known["kind"] == RowKind.DERIVED]
            if derived.empty:
                continue
            public = published[published["known_by"] <= on]
            assert not set(zip(derived["first"], derived["last"], strict=True)) & set(
                zip(public["first"], public["last"], strict=True)
            ), f"{key} on {day}"


# Every figure


def test_every_figure_has_what_must_be_shown_with_it(every: dict[str, Series]) -> None:
    """Caveats, sources, method; each source of a value is cited; each event and caveat is a note in each language."""
    assert every
    for key, made in every.items():
        about = made.provenance
        assert about.caveats, key
        assert set(made.history["source"]) <= {s.key for s in about.sources}, key
        for language in LANGUAGES:
            notes = notes_of(about, words(language))
            assert sorted(n.key for n in notes) == sorted(
                [e.key for e in about.events] + [c.key for c in about.caveats]
            )
            assert all(n.text and n.word and n.source for n in notes), key


def test_no_line_crosses_a_break(every: dict[str, Series]) -> None:
    """Of every series the stretches are its values and none crosses a break."""
    for made in every.values():
        parts = stretches(made.values, made.provenance.breaks())
        pd.testing.assert_frame_equal(pd.concat(parts), made.values)
        assert crossed(parts, made.provenance.breaks()) == []


def test_every_break_has_a_mark(every: dict[str, Series]) -> None:
    """A line is cut only by what says something about the count, so each cut has its number."""
    assert all(cut.kind in TOUCH_THE_COUNT for made in every.values() for cut in made.provenance.breaks())


def test_what_is_computed_keeps_the_notes(every: dict[str, Series]) -> None:
    """Splits and values on the old coverage have every caveat and event of their series."""
    for key in ("hti-idp", "hti-hh"):
        cut = named(every[key], DELISTING)
        for derive in (published_split, on_old_coverage):
            assert forgotten(partial(derive, event=cut), every[key]) == []


# Places


def test_a_site_is_drawn_as_known_on_the_day(release: Release) -> None:
    """Before the delisting no site is off the list; from its day the three settlements are, and stay so."""

    def off(day: date) -> set[str]:
        table = queries.sites(release, "hti-eq2010", day, SiteLayer.REGISTER).table
        return set(table[table["state"] == State.DELISTED]["key"])

    assert off(date(2013, 9, 29)) == set()
    assert off(date(2013, 9, 30)) == off(date(2019, 1, 30)) == {"canaan", "jerusalem", "onaville"}


def test_places_without_a_location_stay_in_the_snapshot(release: Release) -> None:
    """Located and unlocated sites are all of the register, and all are of one layer."""
    for layer in SiteLayer:
        made = queries.sites(release, "hti-eq2010", date(2013, 9, 30), layer)
        assert len(made.located()) + len(made.unlocated()) == len(made.table)
        assert set(made.table["layer"]) == {layer.value}
        assert made.provenance.caveats


def test_an_old_count_is_not_shown_as_of_today(release: Release) -> None:
    """After two missed rounds a count is "unknown at this date", and its value is kept with its date."""
    table = queries.sites(release, "hti-eq2010", date(2019, 1, 30), SiteLayer.REGISTER).table
    old = table[table["age"] == "unknown"]
    assert (old["state"] == State.NO_DATA).all()
    assert (old["missed"] > queries.AGE_ROUNDS).all()
    assert (old["last_when"] != "").all()


def test_every_operation_has_its_places_or_values(release: Release) -> None:
    """Each can be opened on its map on any day without an error."""
    held = queries.catalogue(release)
    for key in held.operations:
        for layer in SiteLayer:
            assert queries.sites(release, key, date(2016, 1, 1), layer).provenance.sources
        assert queries.flow_points(release, key, date(2016, 1, 1)).provenance.sources


# What is not held


def test_what_is_not_held_names_what_is(release: Release) -> None:
    """An unknown operation, round or indicator raises `Unknown` with what exists."""
    held = queries.catalogue(release)
    with pytest.raises(Unknown) as operation:
        held.operation("examplia")
    assert ("hti-eq2010" in dict(operation.value.offers)) is True
    with pytest.raises(Unknown) as number:
        held.round("hti-eq2010", 34)
    assert len(number.value.offers) == 33
    with pytest.raises(Unknown, match="hti-idp"):
        queries.series(release, "examplia-people")


def test_the_catalogue_is_read_once(release: Release) -> None:
    """A release never changes, so what is asked by every page is kept."""
    assert queries.catalogue(release) is queries.catalogue(release)


def test_events_come_by_date_and_touch_their_indicator(release: Release) -> None:
    """The ledger of an operation is in order, and that of an indicator is a part of it."""
    held = queries.catalogue(release)
    for key in held.operations:
        whole = held.events_of(key)
        assert list(whole) == sorted(whole, key=lambda e: e.when)
        for indicator in held.shown(key):
            assert set(held.events_of(key, indicator.key)) <= set(whole)
    assert EventKind.DELISTING in {e.kind for e in held.events_of("hti-eq2010", "hti-idp")}

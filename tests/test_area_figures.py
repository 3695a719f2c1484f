"""A figure of an area is that of the store in its own boundaries, rates name both years, no break has a percent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import area_figures, area_queries, queries, site_columns
from data.area_figures import areas_at, areas_of, since_of
from data.area_marks import measure_of
from data.area_people import Moment, Why, _figure, _judged, between
from data.area_tree import tree_at
from data.codes import ClaimStatus, SiteLayer, State
from data.dates import DateSpan
from data.errors import Unknown
from data.map_settings import LEVELS, MEASURES, MapSettings
from data.model import Snapshot
from data.store import Release
from layers.area_rows import cells
from tests import laws
from words import words

LAST = date(2025, 10, 26)  # the last round of the training country, 24
SPLIT = date(2024, 1, 30)  # round 15, the first in its second boundaries


def rows(snapshot: Snapshot) -> pd.DataFrame:
    """The table by code."""
    return pd.DataFrame(snapshot.table.drop(columns="geometry")).set_index("pcode", drop=False)


def first_of(snapshot: Snapshot) -> dict[str, Any]:
    """Its first row."""
    return {str(name): cell for name, cell in rows(snapshot).iloc[0].to_dict().items()}


def asked(release: Release, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What the store itself says."""
    with release.cursor() as cursor:
        return cursor.execute(sql, parameters).fetchall()


# What was published


@pytest.mark.parametrize("level", ["adm1", "adm2", "adm3"])
@pytest.mark.parametrize("number", [1, 14, 15, 24])
def test_a_published_figure_is_that_of_the_store(release: Release, level: str, number: int) -> None:
    """Of each area of the boundaries of a round: its newest published figure, and no other row has one."""
    on = queries.catalogue(release).round("xtr-mt", number).period.last
    version = 1 if number < 15 else 2
    sql = """
      SELECT o.place, ARG_MAX(o.value, o.known_by) FROM observations AS o
      JOIN areas AS a ON a.pcode = o.place AND a.level = $level AND a.version = $version
      WHERE o.operation = 'xtr-mt' AND o.indicator = 'xtr-idp' AND o.round = $number AND o.sex = '' AND o.age = ''
        AND o.reason = '' AND o.origin = '' AND o.destination = '' AND o.assessment = '' AND o.value IS NOT NULL
      GROUP BY o.place
    """
    expected = dict(asked(release, sql, level=level, version=version, number=number))
    found = rows(areas_at(release, "xtr-mt", on, level, "people"))
    assert found.loc[found["basis"] == "published", "people"].to_dict() == expected
    assert set(found["version"]) == {version}
    assert (found["people"].notna() == found["basis"].isin(["published", "sum"])).all()


def test_a_code_of_other_boundaries_takes_nothing_over(release: Release) -> None:
    """XT0604 exists up to round 14, its two halves from round 15; drawn in the old boundaries it has no new figure."""
    before, after = (
        rows(areas_at(release, "xtr-mt", day, "adm2", "people")) for day in (date(2023, 12, 7), SPLIT)
    )
    assert "XT0604" in before.index
    assert not {"XT0607", "XT0608"} & set(before.index)
    assert "XT0604" not in after.index
    assert {"XT0607", "XT0608"} <= set(after.index)
    old = rows(areas_at(release, "xtr-mt", SPLIT, "adm2", "people", None, None, 1))
    assert old.loc["XT0604", "why"] == Why.OTHER_BOUNDARIES
    assert old["people"].isna()["XT0604"]
    same = old.index.drop("XT0604")
    assert (old.loc[same, "people"] == after.loc[same, "people"]).all()


def test_the_whole_is_the_operations_own_total(release: Release) -> None:
    """The country has the published total where that is of the country; Nigeria's is of its north-east."""
    haiti = areas_at(release, "hti-eq2010", date(2013, 9, 30), "adm0", "people")
    assert haiti.table["people"].tolist() == [171_974.0]
    nigeria = areas_at(release, "nga-dtm", date(2020, 1, 1), "adm0", "people").table
    assert nigeria["why"].tolist() == [Why.OTHER_WHOLE]


@pytest.mark.parametrize(
    ("operation", "level", "why", "areas"),
    [
        ("hti-eq2010", "adm1", Why.NOT_BY_AREA, 10), ("ner-fm2016", "adm1", Why.FLOW, 8),
        ("pan-darien", "adm0", Why.FLOW, 1), ("wca-points", "adm0", Why.NO_INDICATOR, 6),
        ("xtr-fm", "adm2", Why.FLOW, 61),
    ],
)  # fmt: skip
def test_areas_without_figures_say_why(
    release: Release, operation: str, level: str, why: Why, areas: int
) -> None:
    """Movements are no people at a place, and a total is split over no areas."""
    table = areas_at(release, operation, date(2026, 1, 1), level, "people").table
    assert len(table) == areas
    assert set(table["why"]) == {why}
    assert set(table["state"]) == {State.NO_DATA}
    assert table["value"].isna().all()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("operation", ["xtr-mt", "hti-eq2010", "wca-points", "xtr-svy"])
def test_a_value_or_a_reason(release: Release, operation: str, level: str, measure: str) -> None:
    """Each area has a value or a reason and never both, a point inside, and the whole brings its provenance."""
    snapshot = areas_at(release, operation, LAST, level, measure)
    table = snapshot.table
    assert (table["value"].notna() == (table["why"] == "")).all()
    assert table["pcode"].is_unique
    assert (table["key"] == table["pcode"]).all()
    assert not table.geometry.is_empty.any()
    assert snapshot.provenance.caveats
    counted = table["people"].notna()
    assert table.loc[counted, "state"].isin([State.COUNTED, State.COUNTED_ZERO]).all()
    assert (table.loc[counted, "state"].eq(State.COUNTED_ZERO) == table.loc[counted, "people"].eq(0)).all()


def test_a_withdrawn_round_has_no_figures(release: Release) -> None:
    """Round 17 was withdrawn as a whole: no area has a value, and the published note says it."""
    table = areas_at(release, "xtr-mt", date(2024, 6, 13), "adm2", "people").table
    assert table["value"].isna().all()
    assert set(table["note_en"]) == {"Withdrawn with the whole round."}


def test_as_known_on_a_day(release: Release) -> None:
    """What was corrected later stands as it was known; before anything was public there is nothing."""
    day = date(2023, 12, 7)  # round 14, corrected in February and May 2024
    first = (
        areas_at(release, "xtr-mt", day, "adm0", "people", None, date(2024, 1, 10)).table["people"].iloc[0]
    )
    newest = areas_at(release, "xtr-mt", day, "adm0", "people").table["people"].iloc[0]
    assert first != newest
    none = areas_at(release, "xtr-mt", day, "adm1", "people", None, date(2022, 1, 1)).table
    assert set(none["why"]) == {Why.NOT_PUBLISHED}


# Sums


def site(state: State, value: float | None, **changes: Any) -> dict[str, Any]:
    """A site of one area."""
    plain = {
        "state": state.value,
        "value": value,
        "unit": "individuals",
        "precision": "exact",
        "age": "current",
    }
    return plain | changes


@pytest.mark.parametrize(
    ("sites", "state", "people", "precision", "inside", "outside"),
    [
        pytest.param([site(State.COUNTED, 50.0), site(State.COUNTED, 70.0)], "counted", 120, "exact", 2, 0, id="all"),
        pytest.param(
            [site(State.COUNTED, 50.0), site(State.WITHHELD, None)], "counted", 50, "at_least", 1, 1, id="one-withheld"
        ),
        pytest.param(
            [site(State.COUNTED, 50.0), site(State.COUNTED, 70.0, age="older")],
            "counted", 50, "at_least", 1, 1, id="an-older-count-is-not-in-it",
        ),
        pytest.param(
            [site(State.COUNTED, 50.0), site(State.CLOSED, None), site(State.DELISTED, None)],
            "counted", 50, "exact", 1, 0, id="nobody-counts-at-a-closed-site",
        ),
        pytest.param(
            [site(State.COUNTED, 50.0, unit="households")], "no_data", None, "", 0, 1, id="other-unit"
        ),
        pytest.param([site(State.COUNTED_ZERO, 0.0, unit="")], "counted_zero", 0, "exact", 1, 0, id="zero"),
        pytest.param(
            [site(State.DELISTED, None), site(State.NOT_ASSESSED, None)], "not_assessed", None, "", 0, 1, id="none"
        ),
        pytest.param(
            [site(State.COUNTED, 50.0, age="older"), site(State.CLOSED, None)], "no_data", None, "", 0, 1,
            id="one-closed-site-closes-no-area",
        ),
        pytest.param(
            [site(State.COUNTED, 50.0, age="older"), site(State.WITHHELD, None)], "no_data", None, "", 0, 2,
            id="one-withheld-site-withholds-no-area",
        ),
        pytest.param([site(State.WITHHELD, None), site(State.CLOSED, None)], "withheld", None, "", 0, 1, id="all"),
        pytest.param([site(State.CLOSED, None), site(State.CLOSED, None)], "closed", None, "", 0, 0, id="all-closed"),
        pytest.param([site(State.COUNTED, 50.0, precision="about")], "counted", 50, "about", 1, 0, id="about"),
    ],
)  # fmt: skip
def test_a_sum_says_what_is_not_in_it(
    sites: list[dict[str, Any]], state: str, people: float | None, precision: str, inside: int, outside: int
) -> None:
    """Current counts of one unit are summed; the others are counted and make the sum "at least"."""
    found = _figure(_judged(pd.DataFrame(sites), "individuals"))
    assert (found["state"], found["precision"], found["in_sum"], found["not_in_sum"]) == (
        state,
        precision,
        inside,
        outside,
    )
    assert found["people"] == people if people is not None else np.isnan(found["people"])
    older = state == "no_data" and any(row["age"] == "older" for row in sites)
    assert (found["why"] == Why.OLDER) == older


# Change


@pytest.mark.parametrize("level", ["adm0", "adm1", "adm2", "adm3"])
def test_no_percent_across_a_break(release: Release, level: str) -> None:
    """Rounds 17 to 18 have a new definition between them; each area counted on both sides is broken by that event."""
    table = rows(areas_at(release, "xtr-mt", date(2024, 8, 27), level, "change", 16))
    broken = table[table["why"] == Why.BREAK]
    assert len(broken)
    assert set(broken["event"]) == {"xtr-definition"}
    assert table["value"].isna().all() or set(table.loc[table["value"].notna(), "value"]) <= {0.0}
    assert table.loc[broken.index, "broken"].all()


def test_a_divided_district_has_no_change(release: Release) -> None:
    """Its halves are broken by the boundary change; every other district and the whole compare as always."""
    table = rows(areas_at(release, "xtr-mt", SPLIT, "adm2", "change"))
    halves = table.loc[["XT0607", "XT0608"]]
    assert set(halves["why"]) == {Why.BOUNDARY}
    assert set(halves["event"]) == {"xtr-boundary"}
    assert halves["broken"].all()
    assert halves["amount"].isna().all()
    others = table.drop(index=["XT0607", "XT0608"])
    assert not others["broken"].any()


@pytest.mark.parametrize("number", range(2, 25))
def test_a_percent_is_of_two_exact_figures_with_nothingbetween(release: Release, number: int) -> None:
    """For every round: each percent is 100 × (later − earlier) / earlier, and no published break lies between."""
    held = queries.catalogue(release)
    on, before = (held.round("xtr-mt", n).period.last for n in (number, number - 1))
    table = rows(areas_at(release, "xtr-mt", on, "adm2", "change"))
    now, then = (rows(areas_at(release, "xtr-mt", day, "adm2", "people")) for day in (on, before))
    has = table[table["value"].notna()]
    later, earlier = now.loc[has.index, "people"], then.reindex(has.index)["people"]
    expected = (100 * (later - earlier) / earlier).where(later != earlier, 0.0)
    assert np.allclose(has["value"], expected)
    sides = Moment(round=number - 1, last=before), Moment(round=number, last=on)
    breaks = [e for e in between(held.events_of("xtr-mt", "xtr-idp"), *sides) if e.breaks]
    assert not (breaks and len(has[has["value"] != 0]))
    counted_both = table["people"].notna() & then.reindex(table.index)["people"].notna().to_numpy()
    assert table.loc[counted_both, "why"].isin([Why.NONE, Why.BREAK, Why.FROM_ZERO, Why.NOT_EXACT]).all()


def test_an_allegation_breaks_nothing() -> None:
    """Control: only what is published lies between two figures; an event at the earlier side lies before it."""
    then, now = Moment(round=1, last=date(2013, 1, 1)), Moment(round=3, last=date(2013, 12, 1))
    published = laws.event("a", "2013-06-01", first_round=None)
    alleged = laws.event("b", "2013-06-01", breaks=False, claim=ClaimStatus.ALLEGED)
    early, by_round = laws.event("c", "2013-01-01"), laws.event("d", "2014-01-01", first_round=2)
    assert [e.key for e in between([published, alleged, early, by_round], then, now)] == ["a", "d"]


def test_a_break_cuts_before_it_was_known(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """As known on a day before a break was published no area has a percent over it, and the words say it is later."""
    late = laws.source("late", published=DateSpan.parse("2025-11-13"))

    def told_late(*asked: Any) -> list[Any]:
        return [replace(e, source=late) for e in between(*asked)]

    monkeypatch.setattr("data.area_measures.between", told_late)
    on = queries.catalogue(release).round("xtr-mt", 6).period.last
    known = areas_at(release, "xtr-mt", on, "adm1", "change", None, date(2023, 6, 2))
    table = rows(known)
    assert set(table["why"]) == {Why.BREAK}
    assert table["value"].isna().all()
    assert table["broken"].all()
    assert set(table["event"]) == {"xtr-method"}
    assert table["event_later"].all()
    assert "only after the chosen day" in cells(first_of(known), known, "change", words("en"))["why"]
    newest = areas_at(release, "xtr-mt", on, "adm1", "change")
    assert not rows(newest)["event_later"].any()  # control
    assert "only after" not in cells(first_of(newest), newest, "change", words("en"))["why"]


@pytest.mark.parametrize(
    ("language", "several", "one"),
    [
        ("en", "6 breaks lie between the two dates, the first (", "A break lies"),
        ("fr", "6 ruptures", "Une rupture"),
    ],
)
def test_several_breaks_are_counted_and_the_first_is_named(
    release: Release, language: str, several: str, one: str
) -> None:
    """Between rounds 12 and 20 lie several breaks: their number and the first by date; of one, that one."""
    held = queries.catalogue(release)
    on = held.round("xtr-mt", 20).period.last
    sides = Moment(round=12, last=held.round("xtr-mt", 12).period.last), Moment(round=20, last=on)
    breaks = sorted(
        (e for e in between(held.events_of("xtr-mt", "xtr-idp"), *sides) if e.breaks),
        key=lambda e: e.when.first,
    )
    several = several.replace("6", str(len(breaks)))
    assert len(breaks) > 1
    many = areas_at(release, "xtr-mt", on, "adm1", "change", 12)
    told = cells(first_of(many), many, "change", words(language))["why"]
    assert several in told
    assert breaks[0].headline.to(language) in told
    single = areas_at(release, "xtr-mt", on, "adm1", "change", 19)
    assert one in cells(first_of(single), single, "change", words(language))["why"]


def test_the_earlier_side_can_be_chosen(release: Release) -> None:
    """A round, a day, or the round before; a later one is no earlier side."""
    by_round, by_day = (
        areas_at(release, "xtr-mt", LAST, "adm1", "change", since) for since in (22, date(2025, 6, 1))
    )
    assert set(by_round.table["since_round"]) == {22}
    assert by_round.table["amount"].tolist() == by_day.table["amount"].tolist()
    assert set(areas_at(release, "xtr-mt", LAST, "adm1", "change").table["since_round"]) == {23}
    assert set(areas_at(release, "xtr-mt", SPLIT, "adm1", "change", 20).table["why"]) == {Why.NO_EARLIER}
    assert (since_of(""), since_of("12"), since_of("2024-01-30")) == (None, 12, SPLIT)


# Rate and coverage


@pytest.mark.parametrize(
    ("number", "people_year", "residents_year"), [(1, 2022, 2022), (15, 2024, 2024), (24, 2025, 2025)]
)
def test_a_rate_names_both_years(
    release: Release, number: int, people_year: int, residents_year: int
) -> None:
    """1,000 × people / residents of the nearest year in the same boundaries; estimated residents make it "about"."""
    on = queries.catalogue(release).round("xtr-mt", number).period.last
    table = rows(areas_at(release, "xtr-mt", on, "adm2", "rate"))
    has = table[table["value"].notna()]
    assert len(has)
    assert set(has["people_year"]) == {people_year}
    assert set(has["residents_year"]) == {residents_year}
    version = 1 if number < 15 else 2
    sql = "SELECT pcode, value FROM residents WHERE version = $version AND year = $year"
    living = dict(asked(release, sql, version=version, year=residents_year))
    assert has["residents"].to_dict() == {code: living[code] for code in has.index}
    assert np.allclose(has["value"], 1000 * has["people"] / has["residents"])
    assert set(has["precision"]) == {"about"}
    assert set(has["people_precision"]) == {"exact"}


def test_residents_that_were_not_public_make_no_rate(release: Release) -> None:
    """As known before residents were published, there is no rate, and the count stays."""
    published = queries.catalogue(release).sources["xtr-geodata"].published
    assert published is not None
    table = areas_at(release, "xtr-mt", date(2022, 2, 24), "adm1", "rate", None, date(2022, 3, 20)).table
    public = published.last <= date(2022, 3, 20)
    assert set(table["why"]) == ({""} if public else {Why.NO_RESIDENTS_LEVEL})
    assert table["people"].notna().all()


@pytest.mark.parametrize("level", LEVELS)
def test_coverage_is_visited_of_listed(release: Release, level: str) -> None:
    """Over all areas of a level, the sites listed and visited are those of the round."""
    sql = """
      SELECT COUNT(*), COUNT(*) FILTER (WHERE visited) FROM site_effort AS e JOIN sites AS s ON s.key = e.site
      WHERE s.operation = 'xtr-mt' AND e.round = 11
    """
    listed, visited = asked(release, sql)[0]
    table = areas_at(release, "xtr-mt", date(2023, 5, 30), level, "coverage").table
    assert (table["listed"].sum(), table["visited"].sum()) == (listed, visited)
    has = table["listed"] > 0
    assert np.allclose(table.loc[has, "value"], 100 * table.loc[has, "visited"] / table.loc[has, "listed"])
    assert set(table.loc[~has, "why"]) <= {Why.NONE_LISTED}
    assert 0 < visited < listed  # control: access was lost in that round


@pytest.mark.parametrize("level", LEVELS)
def test_residents_are_those_of_the_level(release: Release, level: str) -> None:
    """Each level has its own residents in the registers: an area's are those published for its own code."""
    table = rows(areas_at(release, "xtr-mt", LAST, level, "rate"))
    sql = "SELECT r.pcode, r.value FROM residents AS r WHERE r.version = 2 AND r.year = 2025"
    living = dict(asked(release, sql))
    assert table["residents"].to_dict() == {code: living[code] for code in table.index}
    assert table.loc[table["people"].notna(), "value"].notna().all()


@pytest.mark.parametrize("level", LEVELS)
def test_residents_of_other_levels_are_not_summed(
    release: Release, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a level has none, each of its areas with people says so, and no other level loses its rates."""
    held = area_queries.residents(release)
    of_level = set(rows(areas_at(release, "xtr-mt", LAST, level, "people")).index)
    monkeypatch.setattr(area_queries, "residents", lambda _: held[~held["pcode"].isin(of_level)])
    area_figures._areas_at.cache_clear()
    try:
        for other in LEVELS:
            table = areas_at(release, "xtr-mt", LAST, other, "rate").table
            counted = table[table["people"].notna()]
            wanted = {Why.NO_RESIDENTS_LEVEL} if other == level else {Why.NONE}
            assert set(counted["why"]) == wanted
            assert counted["residents"].notna().all() == (other != level)
    finally:
        area_figures._areas_at.cache_clear()


# Sites of an area


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("number", [6, 15, 24])
def test_the_sites_of_all_areas_are_those_of_the_register(release: Release, level: str, number: int) -> None:
    """Over the areas of a level: the sites on the list at the date, and those with a count of that round."""
    on = queries.catalogue(release).round("xtr-mt", number).period.last
    table = areas_at(release, "xtr-mt", on, level, "people").table
    sites = queries.sites(release, "xtr-mt", on, SiteLayer.REGISTER).table
    at = site_columns.sites_at(release, "xtr-mt", on)
    sites = sites[at.listed & ~sites["state"].isin([State.DELISTED, State.CLOSED]).to_numpy()]
    counted = sites["state"].isin([State.COUNTED, State.COUNTED_ZERO]) & (sites["age"] == "current")
    unplaced = len(sites) - table["sites_listed"].sum()
    assert 0 <= unplaced <= 20  # sites without an area of that level are in none
    assert 0 <= counted.sum() - table["sites_counted"].sum() <= unplaced
    assert (table["sites_counted"] <= table["sites_listed"]).all()


def test_the_sites_of_a_round_that_was_not_public_are_not_told(release: Release) -> None:
    """A day before its first figure nothing is said of them; on that day it is (control)."""
    on = queries.catalogue(release).round("xtr-mt", 12).period.last
    first = queries.rounds_public(release, "xtr-mt")[12][0]
    before, then = (
        areas_at(release, "xtr-mt", on, "adm2", "people", None, known).table
        for known in (first - timedelta(days=1), first)
    )
    assert before[["sites_listed", "sites_counted"]].isna().all().all()
    assert then["sites_counted"].sum() > 0


def test_a_rate_of_a_part_of_the_sites_is_marked(release: Release) -> None:
    """Exactly the areas with a rate and a site on their list that was not counted; other measures mark none."""
    table = areas_at(release, "xtr-mt", LAST, "adm2", "rate").table
    left = table["sites_counted"] < table["sites_listed"]
    assert (table["partial"] == (left & table["value"].notna())).all()
    assert table["partial"].any()
    assert not table["partial"].all()  # control
    assert not areas_at(release, "xtr-mt", LAST, "adm2", "people").table["partial"].any()


# Two maps


def test_a_change_of_two_maps_is_between_their_dates(release: Release) -> None:
    """The later map shows it since the earlier date, the earlier one the people; a date of its own goes before."""
    held = queries.catalogue(release)
    first, last = (held.round("xtr-mt", n).period.last for n in (20, 24))
    one = MapSettings(measure="change", level="adm1", vs="20")
    other = MapSettings(measure="change", level="adm1", vs="24")
    later = areas_of(release, "xtr-mt", last, one)
    earlier = areas_of(release, "xtr-mt", first, other)
    assert later is areas_at(release, "xtr-mt", last, "adm1", "change", 20)
    assert earlier is areas_at(release, "xtr-mt", first, "adm1", "people")
    assert (measure_of(later.table, one), measure_of(earlier.table, other)) == ("change", "people")
    by_day = areas_of(release, "xtr-mt", last, replace(one, vs=first.isoformat()))
    assert by_day.table["amount"].tolist() == later.table["amount"].tolist()
    chosen = replace(one, since="18")
    assert areas_of(release, "xtr-mt", last, chosen) is areas_at(
        release, "xtr-mt", last, "adm1", "change", 18
    )
    alone = areas_of(release, "xtr-mt", last, replace(one, vs=""))
    assert set(alone.table["since_round"]) == {23}  # control


def test_areas_of_a_level_that_belong_to_another(release: Release) -> None:
    """Those that lie in it, itself, or the one that it lies in; of an unknown code none."""
    tree = tree_at(release, "xtr-mt", LAST)
    inside = tree.of_level("XT06", "adm2")
    assert inside == {code for code in rows(areas_at(release, "xtr-mt", LAST, "adm2", "people")).index
                      if code.startswith("XT06")}  # fmt: skip
    assert len(inside) > 2
    assert tree.of_level("XT0601", "adm2") == {"XT0601"}
    assert tree.of_level("XT0601", "adm1") == {"XT06"}
    assert tree.of_level("XT99", "adm1") == set()


# Boundaries


def test_versions_hold_by_round_then_by_day(release: Release) -> None:
    """A round decides, else the day; before the first boundaries the first are drawn."""
    at = area_queries.version_at
    assert [at(release, "XTR", SPLIT, number) for number in (14, 15)] == [1, 2]
    assert [
        at(release, "XTR", day, None) for day in (date(2024, 1, 15), date(2024, 1, 16), date(1999, 1, 1))
    ] == [1, 2, 1]
    assert at(release, "HTI", SPLIT, None) is None


def test_every_area_lies_in_one_area_of_each_upper_level(release: Release) -> None:
    """The tree of each version is whole."""
    for version in (1, 2):
        within = [area_queries.inside(release, "XTR", version, level) for level in LEVELS]
        codes = set(within[0])
        assert len(codes) == 321 if version == 1 else 322
        assert [len(set(of.values())) for of in within] == [1, 10, 60 if version == 1 else 61, 250]
        assert [len(of) for of in within] == [len(codes), len(codes) - 1, len(codes) - 11, 250]


@pytest.mark.parametrize("changes", [{"level": "adm9"}, {"measure": "speed"}])
def test_what_is_not_there_is_refused(release: Release, changes: dict[str, str]) -> None:
    """A level or measure that is none, and an operation or round that is not held, are named."""
    plain = {"level": "adm1", "measure": "people"} | changes
    with pytest.raises(ValueError, match="levels are adm0, adm1, adm2, adm3"):
        areas_at(release, "xtr-mt", LAST, plain["level"], plain["measure"])
    with pytest.raises(Unknown):
        areas_at(release, "nowhere", LAST, "adm1", "people")
    with pytest.raises(Unknown):
        areas_at(release, "xtr-mt", LAST, "adm1", "change", 99)


def test_settings_ask_for_the_same(release: Release) -> None:
    """The areas by a reader's settings are those by their parts; "since" counts for a change only."""
    settings = MapSettings(measure="change", level="adm2", since="20")
    assert areas_of(release, "xtr-mt", LAST, settings) is areas_at(
        release, "xtr-mt", LAST, "adm2", "change", 20, None
    )
    plain = areas_of(release, "xtr-mt", LAST, MapSettings(since="20"))
    assert plain is areas_at(release, "xtr-mt", LAST, "adm1", "people", None, None)


def test_the_days_of_a_round_are_one_map(release: Release) -> None:
    """A day of a round and its last day have the same areas, made once; control: the next round has others."""
    first = areas_at(release, "xtr-mt", SPLIT, "adm1", "people")
    assert areas_at(release, "xtr-mt", SPLIT + timedelta(days=1), "adm1", "people") is first
    assert first.on == SPLIT
    assert areas_at(release, "xtr-mt", LAST, "adm1", "people") is not first

"""A count on one list of sites: what was taken off is kept or left out, nothing is lost, and nothing is made up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import queries
from data.codes import EventKind, ObsStatus, Precision, RowKind, State
from data.errors import Unknown
from data.list_sites import Site, taken_off
from data.lists import LEFT_OUT, OLD_LIST, OneList, cuts_by_row, left_out, offered, old_list, on_one_list
from data.model import Series
from data.parts import Basis
from data.store import Release
from data.training import cast, keys, schedule
from tests.laws import event, row, series
from tests.test_split import ROUNDS, Truth, really
from words import words

ALL = (Basis.OLD_LIST, Basis.LEFT_OUT, Basis.SAME_SITES)
OFF = [keys.site_key(n) for n in (*cast.TAKEN_OFF, *cast.UNSIZED)]
EN, FR = words("en"), words("fr")


@pytest.fixture(scope="module")
def truth() -> Truth:
    """What really happened in the training country, by site and round."""
    return really()


def line_of(
    release: Release, basis: Basis, known: date | None = None, indicator: str = keys.PEOPLE
) -> OneList:
    """The line of a basis, which is there."""
    found = on_one_list(release, indicator, basis, known)
    assert found is not None
    return found


def by_round(about: Series) -> dict[int, float]:
    """The values of a series that have one, by round."""
    held = about.values[about.values["value"].notna()]
    return {int(n): float(v) for n, v in zip(held["round"], held["value"], strict=True)}


# The training country: the truth, told from the truth alone


def off_by(truth: Truth, number: int) -> dict[str, float]:
    """What each site last held that is off the list in a round."""
    values = truth.values[truth.values["round"] <= number]
    now = values[(values["round"] == number) & (values["why"] == "off") & values["value"].isna()]
    last = values.dropna(subset="value").sort_values("round").groupby("site")["value"].last()
    return {str(site): float(last[site]) for site in now["site"] if site in OFF}


def ever_off(truth: Truth, number: int) -> float:
    """What the sites held in a round that were ever taken off."""
    values = truth.values[truth.values["site"].isin(OFF) & (truth.values["round"] == number)]
    return float(values["value"].sum())


def differences(release: Release, basis: Basis) -> dict[int, float]:
    """Line minus reported total, by round."""
    total = by_round(queries.series(release, keys.PEOPLE))
    line = by_round(line_of(release, basis))
    assert line.keys() == total.keys() == set(ROUNDS)
    return {number: line[number] - total[number] for number in ROUNDS}


def test_the_old_list_is_the_total_and_what_was_taken_off(release: Release, truth: Truth) -> None:
    """In every round: first it is the total, from the eighth on last counts stand in, but not of relisted sites."""
    found = differences(release, Basis.OLD_LIST)
    assert found == {number: sum(off_by(truth, number).values()) for number in ROUNDS}
    assert all(found[n] == 0 for n in ROUNDS if n < schedule.TAKEN_OFF)
    assert all(found[n] > 0 for n in ROUNDS if n >= schedule.TAKEN_OFF)
    again = {keys.site_key(n) for n in cast.RELISTED}
    assert again <= off_by(truth, schedule.RELISTED - 1).keys()
    assert not again & off_by(truth, schedule.RELISTED).keys()


def test_left_out_is_the_total_less_those_sites(release: Release, truth: Truth) -> None:
    """In every round, also where they were on the list: before they were taken off, and when two were listed again."""
    found = differences(release, Basis.LEFT_OUT)
    assert found == {number: -ever_off(truth, number) for number in ROUNDS}
    assert found[1] < 0
    assert found[schedule.TAKEN_OFF_UNSIZED] == 0
    assert found[schedule.RELISTED] < 0


def same_of(truth: Truth) -> tuple[int, dict[int, float]]:
    """How many sites were counted in every round that stands, and their sums."""
    held = truth.values[truth.values["round"].isin(ROUNDS)].dropna(subset="value")
    counts = held.groupby("site")["round"].nunique()
    same = held[held["site"].isin(counts[counts == len(ROUNDS)].index)]
    return int((counts == len(ROUNDS)).sum()), same.groupby("round")["value"].sum().to_dict()


def test_the_same_sites_are_those_of_every_round(release: Release, truth: Truth) -> None:
    """Their number and their sum in each round; the rows name as many observations."""
    count, sums = same_of(truth)
    line = line_of(release, Basis.SAME_SITES)
    assert (line.sites, by_round(line)) == (count, sums)
    assert {len(ids) for ids in line.values["rows"]} == {count}
    assert f" {count} sites" in line.provenance.derived_by[-1].en


def test_a_wrong_truth_is_noticed(release: Release, truth: Truth) -> None:
    """Control: a site that was not taken off, or a count that differs by one, makes truth and line differ."""
    site = truth.values["site"] == OFF[0]
    kept = replace(truth, values=truth.values.assign(why=truth.values["why"].where(~site, "closed")))
    more = replace(truth, values=truth.values.assign(value=truth.values["value"] + site))
    for wrong in (kept, more):
        found = {number: sum(off_by(wrong, number).values()) for number in ROUNDS}
        assert differences(release, Basis.OLD_LIST) != found
    assert differences(release, Basis.LEFT_OUT) != {n: -ever_off(more, n) for n in ROUNDS}
    always = truth.values["site"] == truth.values.dropna(subset="value")["site"].value_counts().index[0]
    changed = replace(truth, values=truth.values.assign(value=truth.values["value"] + always))
    assert by_round(line_of(release, Basis.SAME_SITES)) != same_of(changed)[1]


@pytest.mark.parametrize("indicator", [keys.PEOPLE, keys.HOUSEHOLDS])
@pytest.mark.parametrize("basis", ALL)
def test_every_row_is_derived_and_says_how(release: Release, basis: Basis, indicator: str) -> None:
    """Derived, normal, with arithmetic that gives the value; the withdrawn round has no row."""
    line = line_of(release, basis, indicator=indicator)
    values = line.values
    assert schedule.WITHDRAWN not in set(values["round"])
    assert set(values["kind"]) == {RowKind.DERIVED}
    assert set(values["obs_status"]) == {ObsStatus.NORMAL}
    for said, value in zip(values["derivation"], values["value"], strict=True):
        if basis is Basis.SAME_SITES:
            assert said == f"Σ (n = {line.sites})"
        else:
            assert sum(float(n) for n in said.replace("- ", "-").replace("+ ", "+").split()) == value
    if basis is not Basis.SAME_SITES:
        assert line.sites == len(OFF)


def test_what_is_offered(release: Release) -> None:
    """All three where counts by site are held, none for totals, areas and flows; an unknown indicator is refused."""
    assert {k: offered(release, k) for k in (keys.PEOPLE, keys.HOUSEHOLDS)} == {
        keys.PEOPLE: ALL, keys.HOUSEHOLDS: ALL,
    }  # fmt: skip
    for indicator in ("hti-idp", "xtr-sites", "xtr-camp", "xtr-ret", "ner-out-month", "xtr-fm-in"):
        assert offered(release, indicator) == ()
        assert [on_one_list(release, indicator, basis) for basis in Basis] == [None] * 3
    with pytest.raises(Unknown):
        on_one_list(release, "nothing", Basis.OLD_LIST)
    with pytest.raises(Unknown):
        taken_off(release, "nothing")


# Nothing is lost


@pytest.mark.parametrize("basis", ALL)
def test_nothing_of_the_series_is_lost(release: Release, basis: Basis) -> None:
    """Caveats, events, sources, methods and coverage of the series are those of the line; a formula is added."""
    about, line = queries.series(release, keys.PEOPLE).provenance, line_of(release, basis).provenance
    for part in ("caveats", "events", "sources", "methods", "operations", "coverage", "derived_by"):
        assert set(getattr(about, part)) <= set(getattr(line, part))
    (added,) = set(line.derived_by) - set(about.derived_by)
    assert added.en != added.to("fr")
    assert re.search("assumes", added.en)


@pytest.mark.parametrize("basis", ALL)
def test_a_line_is_cut_at_all_breaks_but_those_it_resolves(release: Release, basis: Basis) -> None:
    """The list alone is resolved; method, definition, registration and what nobody explains still divide."""
    line = line_of(release, basis)
    about = line.provenance.breaks()
    resolved = [e for e in about if e not in line.cut_by]
    assert [e.kind for e in resolved] == [EventKind.DELISTING, EventKind.DELISTING, EventKind.RELISTING]
    assert {e.kind for e in line.cut_by} == {
        EventKind.METHOD_CHANGE, EventKind.RE_REGISTRATION, EventKind.DEFINITION_CHANGE,
        EventKind.UNEXPLAINED_BREAK,
    }  # fmt: skip
    at = {int(line.values["round"][at]) for at in cuts_by_row(line)}
    assert at == {schedule.METHOD, schedule.RE_REGISTERED, schedule.DEFINITION, schedule.UNEXPLAINED,
                  schedule.UNEXPLAINED + 1}  # fmt: skip


# As known on a day


@pytest.mark.parametrize("day", [date(2022, 12, 7), date(2022, 12, 10), date(2023, 5, 1), date(2024, 7, 15)])
def test_nothing_known_later_is_used(release: Release, day: date) -> None:
    """No row rests on a later publication; before the first site was taken off, no list is there to be kept."""
    total = by_round(queries.series(release, keys.PEOPLE, day))
    off = taken_off(release, keys.PEOPLE, day)
    assert all(row["known_by"] <= pd.Timestamp(day) for site in off for row in site.rows)
    for basis in ALL:
        line = on_one_list(release, keys.PEOPLE, basis, day)
        if line is None:
            assert (basis, day) in {(b, date(2022, 12, 7)) for b in (Basis.OLD_LIST, Basis.LEFT_OUT)}
            continue
        assert line.as_known_on == day
        assert line.values["known_by"].max() <= pd.Timestamp(day)
        assert by_round(line).keys() == total.keys()
    assert len(off) == {2022: 0 if day.day < 8 else 3}.get(day.year, 8)


def test_a_site_taken_off_later_is_not_left_out_before(release: Release) -> None:
    """In December 2022 three sites were off; today eight: the first round on that basis then and now."""
    then, now = (by_round(line_of(release, Basis.LEFT_OUT, day))[1] for day in (date(2022, 12, 10), None))
    assert then - now == sum(
        float(count["value"])
        for site in taken_off(release, keys.PEOPLE)
        if site.key in OFF[3:] and (count := site.count(1)) is not None
    )
    assert then > now


def test_a_withdrawn_round_stands_as_long_as_it_was_not_withdrawn(release: Release) -> None:
    """Round 17 is in the lines of July 2024 and in none of today."""
    for basis in ALL:
        assert schedule.WITHDRAWN in by_round(line_of(release, basis, date(2024, 7, 15)))
        assert schedule.WITHDRAWN not in by_round(line_of(release, basis))


def test_what_cannot_be_resolved_still_cuts(release: Release) -> None:
    """A delisting that names no site stays a break of the old list; control: with its sites it is none."""
    from data import lists

    line = line_of(release, Basis.OLD_LIST)
    nameless = event("nameless", "2022-11-12", first_round=8)
    all_known = {key: [] for key in OFF}
    provenance = replace(line.provenance, events=(nameless,))
    assert lists._cuts(provenance, Basis.OLD_LIST, all_known, {}) == (nameless,)
    assert lists._cuts(provenance, Basis.OLD_LIST, all_known, {"nameless": OFF[:3]}) == ()
    assert lists._cuts(provenance, Basis.OLD_LIST, OFF[1:], {"nameless": OFF[:3]}) == (nameless,)
    assert lists._cuts(provenance, Basis.SAME_SITES, (), {}) == ()
    assert OLD_LIST != LEFT_OUT


# Laws, on invented sites


def site(key: str, states: Mapping[int, float | State | None]) -> Site:
    """A site with a count or a state in each of some rounds."""
    rows = []
    for number, said in sorted(states.items()):
        value = None if said is None or isinstance(said, State) else float(said)
        of_round = row(number, f"20{number + 10:02}", value)
        state = said if isinstance(said, State) else of_round["state"]
        rows.append(of_round | {"state": state, "id": f"{key}-{number}"})
    return Site(key=key, name=key.upper(), rows=tuple(rows))


def totals_of(sites: Sequence[Site], rounds: int) -> pd.DataFrame:
    """The total of every round: what was counted of the sites that are on the list."""
    counts = [[s.count(n) for s in sites] for n in range(1, rounds + 1)]
    sums = [sum(float(c["value"]) for c in of_round if c is not None) for of_round in counts]
    return series([row(n, f"20{n + 10:02}", value) for n, value in enumerate(sums, start=1)]).values


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Site], int]:
    """Sites that are counted in every round in which they are on the list; some are off from a round to another."""
    rounds = draw(st.integers(3, 7))
    made = []
    for name in "abcd"[: draw(st.integers(1, 4))]:
        off, back = draw(st.integers(2, rounds + 1)), draw(st.integers(3, rounds + 2))
        states: dict[int, float | State | None] = {}
        for number in range(1, rounds + 1):
            if off <= number < back:
                if number == off:  # once said; then nothing is said, or again
                    states[number] = State.DELISTED
                elif draw(st.booleans()):
                    states[number] = draw(st.sampled_from([State.DELISTED, State.NO_DATA]))
            else:
                states[number] = draw(st.integers(0, 5_000))
        made.append(site(name, states))
    return made, rounds


def gone(sites: Sequence[Site]) -> list[Site]:
    """Those that were ever taken off."""
    return [s for s in sites if any(r["state"] == State.DELISTED for r in s.rows)]


def fell(values: Sequence[float], sites: Sequence[Site]) -> list[int]:
    """The rounds in which a line changes by something else than what was counted of sites that stay as they are."""
    wrong = []
    for number in range(2, len(values) + 1):
        moved = 0.0
        for one in sites:
            then, now = one.last_count(number - 1), one.last_count(number)
            moved += (0 if now is None else float(now["value"])) - (
                0 if then is None else float(then["value"])
            )
        if values[number - 1] - values[number - 2] != moved:
            wrong.append(number)
    return wrong


@given(worlds())
def test_the_old_list_never_falls_by_what_was_taken_off(world: tuple[list[Site], int]) -> None:
    """It moves by what was counted, and by nothing else: off the list, a site holds what it held."""
    sites, rounds = world
    rows, unknown = old_list(totals_of(sites, rounds), gone(sites))
    assert fell([float(r["value"]) for r in rows], sites) == []
    assert unknown == []


@given(worlds())
def test_what_is_left_out_is_never_counted(world: tuple[list[Site], int]) -> None:
    """Left out, the line is the sum of the sites that were never taken off, in every round."""
    sites, rounds = world
    rows, _ = left_out(totals_of(sites, rounds), gone(sites))
    kept = [s for s in sites if s not in gone(sites)]
    assert [r["value"] for r in rows] == list(totals_of(kept, rounds)["value"])
    assert all(r["state"] == (State.COUNTED if r["value"] else State.COUNTED_ZERO) for r in rows)


def test_a_fall_by_what_was_taken_off_is_noticed() -> None:
    """Control: the reported totals themselves fall by it."""
    sites = [site("a", {1: 100, 2: State.DELISTED, 3: State.DELISTED}), site("b", {1: 50, 2: 40, 3: 60})]
    totals = totals_of(sites, 3)
    assert list(totals["value"]) == [150, 40, 60]
    assert fell(list(totals["value"]), sites) == [2]
    rows, _ = old_list(totals, gone(sites))
    assert [(r["value"], r["derivation"]) for r in rows] == [
        (150, "150"),
        (140, "40 + 100"),
        (160, "60 + 100"),
    ]
    assert "Not counted since: A, 2011-12-31 (100)." in rows[1]["note"]


def test_a_last_count_that_is_not_known_is_no_zero() -> None:
    """The site is named in both languages, nothing is added for it, and the sum says that it is a lower bound."""
    sites = [site("a", {1: None, 2: State.DELISTED}), site("b", {1: 50, 2: 40})]
    rows, unknown = old_list(totals_of(sites, 2), gone(sites))
    assert [s.name for s in unknown] == ["A"]
    assert [(r["value"], r["precision"]) for r in rows] == [(50, Precision.EXACT), (40, Precision.AT_LEAST)]
    assert "Amount not known, and not in the sum: A." in rows[1]["note"]
    assert "Nombre non connu, et hors de la somme : A." in rows[1]["note_fr"]
    assert rows[1]["derivation"] == "40"
    known, nobody = old_list(
        totals_of(sites, 2), [site("a", {1: 0, 2: State.DELISTED})]
    )  # control: a counted zero
    assert ([r["precision"] for r in known], nobody) == ([Precision.EXACT] * 2, [])
    assert known[1]["derivation"] == "40 + 0"


def test_a_rounded_count_makes_a_rounded_sum() -> None:
    """What was printed as about 100 gives a sum that is about right; a closed site is not kept."""
    rough = site("a", {1: 100, 2: State.DELISTED, 3: State.CLOSED})
    rough = replace(rough, rows=tuple(r | {"precision": Precision.ABOUT.value} for r in rough.rows))
    rows, _ = old_list(totals_of([rough, site("b", {1: 50, 2: 40, 3: 30})], 3), [rough])
    assert [(r["value"], r["precision"]) for r in rows] == [
        (150, Precision.EXACT), (140, Precision.ABOUT), (30, Precision.EXACT),
    ]  # fmt: skip


def test_very_many_sites_are_not_written_out() -> None:
    """Of more than a dozen, the sum alone is added, and the note says how many more there are."""
    many = [site(f"s{n:02}", {1: 10, 2: State.DELISTED}) for n in range(20)]
    rows, _ = old_list(totals_of([*many, site("b", {1: 1, 2: 1})], 2), many)
    assert rows[1]["derivation"] == "1 + 200"
    assert "(+8)" in rows[1]["note"]

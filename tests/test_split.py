"""The split of a change: its parts sum to it, and in the training country they are what really happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import queries
from data.codes import ClaimStatus, Unit
from data.errors import Unknown
from data.ledger import concerns, places
from data.parts import Basis, Change, Grade, Part, PartKind, Rows
from data.split import NoChange, _by_effect, areas_of, between, change, companion, sides_of
from data.store import Release
from data.tables.embedded import training_country
from data.training import cast, keys, schedule
from data.training.build import TrainingCountry
from tests.laws import effect, event, row, series

ROUNDS = [n for n in range(1, schedule.ROUNDS + 1) if n != schedule.WITHDRAWN]
COUNTED_TWICE = {PartKind.METHOD, PartKind.CONTINUING, PartKind.NOT_EXPLAINED}


@pytest.fixture(scope="module")
def truth() -> Truth:
    """What really happened in the training country, by site and round."""
    return really()


def amounts(found: Change) -> dict[PartKind, float]:
    """The amount of each kind of part; parts of no known amount are left out."""
    sums: dict[PartKind, float] = {}
    for part in found.parts:
        if part.amount is not None:
            sums[part.kind] = sums.get(part.kind, 0) + part.amount
    return sums


# Haiti, June to September 2013: the numbers of the reference case


@pytest.mark.parametrize(
    ("indicator", "fall", "taken_off", "rest", "percents"),
    [
        pytest.param("hti-idp", -106_971, -54_045, -52_926, ("-19.0", "-23.5"), id="people"),
        pytest.param("hti-hh", -25_630, -11_128, -14_502, ("-20.5", "-24.3"), id="households"),
    ],
)
def test_haiti_2013(
    release: Release, indicator: str, fall: int, taken_off: int, rest: int, percents: tuple[str, ...]
) -> None:
    """What was taken off the list and the net fall at the other sites are the fall; the rest is a residual."""
    found = change(release, indicator, "15", "16")
    assert found.amount == fall
    assert amounts(found) == {PartKind.DELISTED: taken_off, PartKind.RESIDUAL: rest}
    assert [part.grade for part in found.parts] == [Grade.BY_EFFECT, Grade.RESIDUAL]
    assert tuple(f"{base.percent:.1f}" for base in found.bases) == percents
    assert [base.basis for base in found.bases] == [Basis.OLD_LIST, Basis.LEFT_OUT]
    assert not found.comparable


def test_a_break_without_a_size_has_no_amount_and_no_percent(release: Release) -> None:
    """March 2016: three camps were registered anew; by how much the count of people rose with it was not published."""
    found = change(release, "hti-idp", "24", "25")
    assert [(p.kind, p.amount) for p in found.parts] == [(PartKind.METHOD, None), (PartKind.RESIDUAL, 2_870)]
    assert found.bases == ()
    assert not found.comparable


def test_households_beside_people(release: Release) -> None:
    """The same count in households is the companion of people, and of nothing else."""
    held = queries.catalogue(release)
    named = {key: i for key in ("hti-idp", "hti-hh", "xtr-idp", "nga-idp") if (i := held.indicators.get(key))}
    found = {key: (other.key if (other := companion(held, i)) else None) for key, i in named.items()}
    assert found == {"hti-idp": "hti-hh", "hti-hh": None, "xtr-idp": "xtr-hh", "nga-idp": None}


# The training country: the truth, told from the truth alone


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Value (missing: not counted), reason and code of each site and round, from the tables of the truth."""

    values: pd.DataFrame  # site, round, value, known, why (of a site that has no value), closure
    codes: pd.DataFrame  # round, area, adm3
    areas: Mapping[str, int]  # site -> area
    errors: pd.DataFrame  # round, area, publication_error, double_count

    @classmethod
    def of(cls, country: TrainingCountry) -> Truth:
        """The truth of one country."""
        held = country.truth
        ledger = held["site_ledger"]
        steps = ledger[ledger["cause"] != "double_count"].groupby(["site", "round"])["people"].sum()
        rows = held["site_visits"].merge(
            held["site_stocks"][["site", "round", "people"]], on=["site", "round"]
        )
        rows = rows.merge(held["sites"][["site", "area", "closed", "closure"]], on="site")
        at = pd.MultiIndex.from_frame(rows[["site", "round"]])
        number = rows["site"].str.removeprefix("xtr-s").astype(int)
        off = number.isin(cast.TAKEN_OFF) & (rows["round"] >= schedule.TAKEN_OFF)
        off |= number.isin(cast.UNSIZED) & (rows["round"] >= schedule.TAKEN_OFF_UNSIZED)
        off &= ~(number.isin(cast.RELISTED) & (rows["round"] >= schedule.RELISTED))
        withheld = number.isin(cast.WITHHELD) & (rows["round"] >= cast.HELD_FROM)
        counted = rows["listed"] & (rows["visited"] | rows["carried_from"].notna()) & ~withheld & ~off
        rows["value"] = (rows["people"] + steps.reindex(at, fill_value=0).to_numpy()).where(counted)
        # a place that nobody could reach stays on the list until somebody finds it closed
        closed = (rows["closed"] <= rows["round"]).fillna(value=False) & ~rows["listed"]
        rows["why"] = "not assessed"
        rows.loc[closed, "why"] = "closed"
        rows.loc[off, "why"] = "off"
        rows.loc[~rows["known"], "why"] = "not known"
        wrong = held["area_ledger"]
        wrong = wrong[(wrong["indicator"] == keys.PEOPLE) & wrong["vintage"].isin(["", "first"])]
        wrong = wrong[wrong["cause"].isin(["publication_error", "double_count"])]
        errors = wrong.pivot_table(index=["round", "area"], columns="cause", values="people", aggfunc="sum")
        return cls(
            values=rows[["site", "round", "value", "why", "closure"]],
            codes=held["area_stocks"][["round", "area", "adm3"]],
            areas=held["sites"].set_index("site")["area"].to_dict(),
            errors=errors.fillna(0).reset_index(),
        )

    def error(self, cause: str, number: int, area: str) -> float:
        """What an error of publication added to the figure of an area in a round."""
        found = _round_of(self, "errors", number)
        return float(found[cause][found.index.isin(self.inside(number, area))].sum())

    def inside(self, number: int, area: str) -> pd.Index[Any]:
        """The areas of a round that lie in one with a code, or all of them."""
        code = _round_of(self, "codes", number)["adm3"]
        return code.index[code.str.startswith(area)]

    def split(self, a: int, b: int, area: str) -> dict[PartKind, float]:
        """The parts of the change of an area, from the truth."""
        sides = [_round_of(self, "values", number)[["value", "why"]] for number in (a, b)]
        table = sides[0].join(sides[1], suffixes=("_a", "_b"))
        where = table.index.map(self.areas)
        for name, number in (("a", a), ("b", b)):
            inside = where.isin(self.inside(number, area))
            table[f"value_{name}"] = table[f"value_{name}"].where(inside)
        table = table[table["value_a"].notna() | table["value_b"].notna()]
        sums: dict[PartKind, float] = {}
        for site, held in zip(table.index, table.to_dict("records"), strict=True):
            kind = _true_kind(int(str(site).removeprefix("xtr-s")), held, a, b)
            value = [0.0 if pd.isna(held[name]) else float(held[name]) for name in ("value_a", "value_b")]
            sums[kind] = sums.get(kind, 0) + value[1] - value[0]
        sums[PartKind.CORRECTION] = self.error("publication_error", b, area) - self.error(
            "publication_error", a, area
        )
        twice = self.error("double_count", b, area) - self.error("double_count", a, area)
        sums[PartKind.NOT_EXPLAINED] = sums.get(PartKind.NOT_EXPLAINED, 0) + twice
        return {kind: amount for kind, amount in sums.items() if amount}


@lru_cache(maxsize=3 * schedule.ROUNDS)  # each round is asked for in many pairs
def _round_of(truth: Truth, name: str, number: int) -> pd.DataFrame:
    """The rows of a round of a table of the truth, by what they are of."""
    rows: pd.DataFrame = getattr(truth, name)
    return rows[rows["round"] == number].set_index("site" if name == "values" else "area")


def _true_kind(site: int, row: Mapping[Any, Any], a: int, b: int) -> PartKind:
    """Why a site changed, by the part that it plays and what was done to it."""

    def passed(number: int) -> bool:
        return a < number <= b

    both = pd.notna(row["value_a"]) and pd.notna(row["value_b"])
    anew = passed(schedule.RE_REGISTERED) and site in cast.REGISTERED
    if both and (passed(schedule.METHOD) or passed(schedule.DEFINITION) or anew):
        return PartKind.METHOD
    for numbers, ones, others in (
        (schedule.MERGES, cast.MERGING, cast.MERGED),
        (schedule.SPLITS, cast.SPLITTING, cast.SPLIT_OFF),
    ):
        for number, one, other in zip(numbers, ones, others, strict=True):
            if passed(number) and site in (one, other):
                return PartKind.BOUNDARY
    if site in cast.UNSURE or (site in cast.RENAMED[-2:] and passed(schedule.RENAMED)):
        return PartKind.IDENTITY_UNSURE
    if both:
        garbled = passed(schedule.UNEXPLAINED) or passed(schedule.UNEXPLAINED + 1)
        return PartKind.NOT_EXPLAINED if garbled else PartKind.CONTINUING
    if pd.isna(row["value_b"]):
        gone = {"off": PartKind.DELISTED, "closed": PartKind.CLOSED}
        return gone.get(row["why_b"], PartKind.COVERAGE_LOST)
    came = {"off": PartKind.RELISTED, "not known": PartKind.NEW}
    return came.get(row["why_a"], PartKind.COVERAGE_GAINED)


@cache  # asked by other files too, and never changed
def really() -> Truth:
    """The truth of the default country."""
    return Truth.of(training_country())


def told(release: Release, a: int, b: int, area: str = "") -> dict[PartKind, float]:
    """The parts that the product tells, without those of nothing."""
    return {
        kind: n for kind, n in amounts(change(release, keys.PEOPLE, str(a), str(b), area=area)).items() if n
    }


@settings(max_examples=25, deadline=None)
@given(
    pair=st.sampled_from(list(combinations(ROUNDS, 2))),
    area=st.sampled_from(["", *(f"XT{n:02d}" for n in range(1, 11))]),
)
def test_the_split_is_what_really_happened(
    release: Release, truth: Truth, pair: tuple[int, int], area: str
) -> None:
    """For any two rounds and any province, or the country, each part is what the truth says."""
    assert told(release, *pair, area) == truth.split(*pair, area)


def test_the_split_of_each_round_and_district_is_what_happened(release: Release, truth: Truth) -> None:
    """Each round to the next, and the districts of the story, one by one."""
    for a, b in pairwise(ROUNDS):
        assert told(release, a, b) == truth.split(a, b, "")
    districts = [code for code, _, level in areas_of(release, keys.PEOPLE) if level == "adm2"]
    for a, b in ((5, 6), (10, 12), (13, 15)):
        for code in districts[::5]:
            if {a, b} <= {side.round for side in sides_of(release, keys.PEOPLE, code)}:
                assert told(release, a, b, code) == truth.split(a, b, code)


def test_a_wrong_truth_is_noticed(release: Release, truth: Truth) -> None:
    """Control: with one site not taken off the list in the truth, the split and the truth differ."""
    off = truth.values["site"] == keys.site_key(cast.TAKEN_OFF[0])
    wrong = truth.values.assign(why=truth.values["why"].where(~off, "closed"))
    assert told(release, 7, 8) == truth.split(7, 8, "")
    assert told(release, 7, 8) != replace(truth, values=wrong).split(7, 8, "")


# Laws


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_parts_sum_and_rows_sum(release: Release, data: st.DataObject) -> None:
    """The parts of any change are the change; the rows of a part are the part; no site is in two parts."""
    stocks = ["hti-idp", "hti-hh", "hti-sites", "nga-idp", keys.PEOPLE, keys.HOUSEHOLDS, keys.CAMPS]
    indicator = data.draw(st.sampled_from(stocks))
    sides = sides_of(release, indicator)
    at = sorted(data.draw(st.lists(st.sampled_from(range(len(sides))), min_size=2, max_size=2, unique=True)))
    names = [
        str(s.round) if s.round is not None else s.period.last.isoformat() for s in (sides[i] for i in at)
    ]
    try:
        found = change(release, indicator, *names)
    except NoChange:
        return
    assert sum(part.amount or 0 for part in found.parts) == found.amount
    seen: list[str] = []
    for part in found.parts:
        if part.rows:
            assert sum(row.amount for row in part.rows) == part.amount
            seen += [row.key for row in part.rows]
    assert len(seen) == len(set(seen))
    assert set(found.series.provenance.caveats) <= set(found.provenance.caveats)
    assert set(found.series.provenance.events) <= set(found.provenance.events)


def test_parts_that_do_not_sum_are_refused(release: Release) -> None:
    """Control: a change of which a part is lost does not exist."""
    found = change(release, "hti-idp", "15", "16")
    with pytest.raises(ValueError, match="do not sum"):
        replace(found, parts=found.parts[1:])


@pytest.mark.parametrize(("a", "b"), [(7, 8), (5, 12), (1, 24)])
def test_what_was_taken_off_is_in_that_part(release: Release, a: int, b: int) -> None:
    """A site that was taken off the list stands in that part and no other, in every pair of rounds around it."""
    off = {keys.site_key(n) for n in cast.TAKEN_OFF}
    found = change(release, keys.PEOPLE, str(a), str(b))
    where = {part.kind for part in found.parts for row in part.rows if row.key in off}
    assert where == {PartKind.DELISTED}
    assert off <= {row.key for part in found.of(PartKind.DELISTED) for row in part.rows}


def test_as_known_on_uses_nothing_published_later(release: Release) -> None:
    """Round 19 before its correction: the change starts and ends with the first value, and nothing is corrected."""
    then = change(release, keys.PEOPLE, "18", "19", as_known_on=date(2024, 12, 3))
    now = change(release, keys.PEOPLE, "18", "19")
    assert then.amount == now.amount
    assert PartKind.CORRECTION not in amounts(then)
    assert amounts(now)[PartKind.CORRECTION] == -1_842
    assert amounts(then)[PartKind.NOT_EXPLAINED] == -1_842
    assert max(s.period.last for s in sides_of(release, keys.PEOPLE, as_known_on=date(2024, 12, 3))) < date(
        2024, 12, 3
    )


# Bad input


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("hti-idp", "15", "99"), "No round is called '99'"),
        (("hti-idp", "1900-01-01", "16"), "No date is called"),
        (("nothing", "1", "2"), "No indicator is called"),
        (("xtr-idp", "16", "17"), "No round is called '17'"),
    ],
)
def test_what_does_not_exist_is_named(release: Release, asked: tuple[str, str, str], why: str) -> None:
    """A round, date or indicator that is not held is refused with what exists; a withdrawn one is not held."""
    with pytest.raises(Unknown, match=why) as refused:
        change(release, *asked)
    assert refused.value.offers


def test_no_change_of_flows_backwards_or_rounded(release: Release) -> None:
    """Flows have no sites; the later side comes second; no difference is taken of a rounded number."""
    with pytest.raises(NoChange, match="flow"):
        change(release, "ner-out-month", "2016-10-31", "2016-11-30")
    with pytest.raises(NoChange, match="swap them"):
        change(release, "hti-idp", "16", "15")
    rounded = [s for s in sides_of(release, "hti-idp") if s.precision != "exact"]
    assert rounded
    with pytest.raises(NoChange, match="rounded number"):
        change(release, "hti-idp", str(rounded[0].round or rounded[0].period.last), "16")


def test_an_area_that_has_become_two_is_not_compared(release: Release) -> None:
    """The district that was divided has no figure after it: the sides that it has are named."""
    areas = {code for code, _, _ in areas_of(release, keys.PEOPLE)}
    (old,) = {
        c for c in areas if len(c) == 6 and max(s.round or 0 for s in sides_of(release, keys.PEOPLE, c)) == 14
    }
    with pytest.raises(Unknown, match="No round is called '15'"):
        change(release, keys.PEOPLE, "14", "15", area=old)
    with pytest.raises(Unknown, match="No area is called 'XX'"):
        change(release, keys.PEOPLE, "14", "15", area="XX")


def test_rows_are_read_one_by_one() -> None:
    """Rows keep order and what is missing; a slice is rows again."""
    table = pd.DataFrame(
        {"site": ["a", "b"], "name": ["A", "B"], "before": [3.0, float("nan")], "after": [float("nan"), 4.0],
         "state_before": [0, -1], "state_after": [5, 0]}
    )  # fmt: skip
    rows = Rows(table)
    assert [(r.key, r.before, r.after, r.state_before, r.amount) for r in rows] == [
        ("a", 3.0, None, "counted", -3.0), ("b", None, 4.0, None, 4.0),
    ]  # fmt: skip
    assert [r.key for r in rows[1:]] == ["b"]
    part = Part(kind=PartKind.NEW, amount=4, grade=Grade.BY_SITE, rows=rows)
    assert len(part.rows) == 2


def test_a_percent_is_never_shown_across_a_break(release: Release) -> None:
    """Where the values are called comparable, no published break lies between them; for areas as for the whole."""
    for area in ("", "XT04", "XT040101"):
        held = [str(s.round) for s in sides_of(release, keys.PEOPLE, area)]
        for a, b in pairwise(held):
            found = change(release, keys.PEOPLE, a, b, area=area)
            breaks = [
                e.key
                for e in found.series.provenance.breaks()
                if between(e, found.first, found.second) and concerns(e, area, places(release))
            ]
            assert [e.key for e in found.breaks] == breaks
            assert not (found.comparable and breaks)
    assert change(release, "hti-idp", "5", "6").comparable, "control: without a break a percent is shown"
    here, elsewhere = (change(release, keys.PEOPLE, "7", "8", area=area) for area in ("", "XT0102"))
    assert [e.key for e in here.breaks] == ["xtr-taken-off"]
    assert elsewhere.breaks == ()  # nothing was taken off there


def test_what_is_alleged_or_of_the_wrong_sign_makes_no_part() -> None:
    """An alleged removal has no part; a removal that adds people, or was published later, has no known amount."""
    plain = {"first_round": 16, "breaks": False}
    alleged = event(claim=ClaimStatus.ALLEGED, effects=(effect(-500, Unit.INDIVIDUALS),), **plain)
    adding = event("adding", first_round=16, effects=(effect(500, Unit.INDIVIDUALS),))
    taking = event("taking", first_round=16, effects=(effect(-500, Unit.INDIVIDUALS),))
    held = series([row(15, "2013-06-30", 3000), row(16, "2013-09-30", 2000)], [alleged, adding, taking])
    events = held.provenance.events
    assert [(p.kind, p.amount) for p in _by_effect(held, events, "")] == [
        (PartKind.DELISTED, None),
        (PartKind.DELISTED, -500),
    ]
    then = replace(held, as_known_on=date(1990, 1, 1))
    assert [p.amount for p in _by_effect(then, events, "")] == [None, None]
    assert [p.amount for p in _by_effect(held, events, "XT01")] == [None, None], "of one area it is not known"

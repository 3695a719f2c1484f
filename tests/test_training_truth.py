"""The training country: every stock balances, and what was published follows from the truth by the stated model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.training import cast as roles
from data.training import keys, schedule
from data.training.build import TrainingCountry, build
from data.training.observe import CAUSES
from data.training.people import TO_HOSTS
from data.training.reconcile import LEVELS, newest, reconcile, reconcile_flows, totals_only

SITES = 400
SEEDS = (2026, 5)


@pytest.fixture(scope="module", params=SEEDS)
def country(request: pytest.FixtureRequest) -> TrainingCountry:
    """Two small countries; everything but the number of sites is as in the default."""
    return build(request.param, sites=SITES)


# Balance


def unbalanced_sites(country: TrainingCountry) -> pd.DataFrame:
    """Sites and rounds in which the stock is not the stock before, plus entries, minus exits."""
    stocks = country.truth["site_stocks"][["site", "round", "people"]]
    moves = country.truth["site_moves"]
    change = moves["people"].where(moves["entry"], -moves["people"])
    net = change.groupby([moves["site"], moves["round"]]).sum().rename("net").reset_index()
    both = stocks.merge(net, how="left", on=["site", "round"]).fillna({"net": 0})
    before = both.sort_values("round").groupby("site")["people"].shift(fill_value=0)
    return both[both["people"] != before + both["net"]]


def test_every_site_balances(country: TrainingCountry) -> None:
    """Stock = stock before + entries - exits, for every site and round; no stock and no movement is negative."""
    assert unbalanced_sites(country).empty
    assert (country.truth["site_stocks"]["people"] >= 0).all()
    assert (country.truth["site_moves"]["people"] > 0).all()


def test_one_lost_movement_is_noticed(country: TrainingCountry) -> None:
    """Control: with one movement left out, exactly its site and round do not balance."""
    moves = country.truth["site_moves"]
    bad = replace(country, truth={**country.truth, "site_moves": moves.drop(index=moves.index[7])})
    found = unbalanced_sites(bad)
    assert found[["site", "round"]].to_numpy().tolist() == [
        moves.loc[moves.index[7], ["site", "round"]].tolist()
    ]


def test_moves_between_sites_leave_and_arrive(country: TrainingCountry) -> None:
    """Who moves, merges or is split off leaves one site and enters another in the same round, on the same day."""
    moves = country.truth["site_moves"]
    for into, out in (("moved_in", "moved_out"), ("merged_in", "merged_out"), ("split_in", "split_out")):
        sums = [
            moves[moves["kind"] == kind].groupby(["round", "day"])["people"].sum().to_dict()
            for kind in (into, out)
        ]
        assert sums[0] == sums[1]
        assert sums[0]


def unbalanced_areas(country: TrainingCountry) -> int:
    """Communes, rounds and stocks that do not balance."""
    stocks = country.truth["area_stocks"]
    names = ["at_home", "in_sites", "among_hosts", "returnees"]
    long = stocks.melt(["round", "area"], names, var_name="stock", value_name="people")
    net = (
        country.truth["area_moves"]
        .groupby(["round", "area", "stock"])["people"]
        .sum()
        .rename("net")
        .reset_index()
    )
    both = long.merge(net, how="left", on=["round", "area", "stock"]).fillna({"net": 0}).sort_values("round")
    residents = country.truth["residents"].set_index("area")["people"]
    start = both["area"].map(residents).where(both["stock"] == "at_home", 0)
    before = both.groupby(["area", "stock"])["people"].shift().fillna(start)
    return int((both["people"] != before + both["net"]).sum())


def test_every_area_balances(country: TrainingCountry) -> None:
    """People at home, in sites, among hosts and home again: each stock of each commune balances."""
    assert unbalanced_areas(country) == 0
    moves = country.truth["area_moves"]
    bad = replace(country, truth={**country.truth, "area_moves": moves.drop(index=moves.index[:3])})
    assert unbalanced_areas(bad) > 0, "control: three movements are missing"


def test_areas_are_their_sites(country: TrainingCountry) -> None:
    """People in sites of a commune are those of its sites; who left for hosts is among the hosts of the commune."""
    truth = country.truth
    area = truth["sites"].set_index("site")["area"]
    stocks = truth["site_stocks"]
    sums = stocks.groupby(["round", stocks["site"].map(area).rename("area")])["people"].sum()
    held = truth["area_stocks"].set_index(["round", "area"])
    assert (held["in_sites"] - sums.reindex(held.index, fill_value=0) == 0).all()
    moves = truth["site_moves"][truth["site_moves"]["kind"].isin(TO_HOSTS)]
    left = moves.groupby(moves["site"].map(area))["people"].sum()
    last = truth["area_stocks"].query("round == @schedule.ROUNDS").set_index("area")["among_hosts"]
    assert (last - left.reindex(last.index, fill_value=0) == 0).all()


def test_nobody_is_made_or_lost(country: TrainingCountry) -> None:
    """At home + in sites + among hosts + home again + abroad is the same number of people in every round."""
    stocks = country.truth["country_stocks"]
    total = stocks[["at_home", "in_sites", "among_hosts", "returnees", "abroad"]].sum(axis=1)
    assert (total == stocks["residents"]).all()
    # those abroad are those whom the border saw leave and not come back
    border = country.truth["abroad"].set_index("day")["abroad"]
    ends = country.truth["rounds"]["last"]
    assert border[ends].tolist() == stocks["abroad"].tolist()
    assert (country.truth["abroad"]["abroad"] >= 0).all()


# Published side


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("vintage", ["newest", "first"])
@pytest.mark.parametrize("indicator", [keys.PEOPLE, keys.RETURNEES])
def test_published_and_truth_reconcile(
    country: TrainingCountry, indicator: str, vintage: str, level: str
) -> None:
    """For every round and area: published - truth is the sum of the causes, to the person."""
    found = reconcile(country, indicator, vintage, level)
    assert (found["unexplained_by_model"] == 0).all()
    areas = country.truth["area_stocks"].groupby("round")[level].nunique().sum() if level else schedule.ROUNDS
    assert len(found) == areas
    assert (found["difference"] != 0).any()


def test_a_changed_figure_does_not_reconcile(country: TrainingCountry) -> None:
    """Control: one person more in one published figure is found in its round and area and nowhere else."""
    rows = country.tables["observations"].copy()
    chosen = totals_only(rows)
    at = chosen[
        (chosen["indicator"] == keys.PEOPLE) & (chosen["place"].str.len() == 8) & chosen["value"].notna()
    ].index[3]
    rows.loc[at, "value"] += 1
    found = reconcile(replace(country, tables={**country.tables, "observations": rows}))
    wrong = found[found["unexplained_by_model"] != 0]
    assert wrong[["round", "place"]].to_numpy().tolist() == [rows.loc[at, ["round", "place"]].tolist()]


def test_a_changed_truth_does_not_reconcile(country: TrainingCountry) -> None:
    """Control: the causes alone do not make the sum; a person more in the truth is a person not explained."""
    stocks = country.truth["area_stocks"].copy()
    stocks["in_sites"] += (stocks.index == 11).astype(int)
    found = reconcile(replace(country, truth={**country.truth, "area_stocks": stocks}))
    assert found["unexplained_by_model"].abs().sum() == 1


def test_every_cause_occurs(country: TrainingCountry) -> None:
    """Every step of the observation model moves some figure."""
    found = reconcile(country), reconcile(country, vintage="first")
    for cause in CAUSES:
        assert any((frame[cause] != 0).any() for frame in found), cause


def test_steps_follow_from_the_truth_alone(country: TrainingCountry) -> None:
    """Causes made again from the tables of the truth: sites off the list, districts out of reach, visit days."""
    truth = country.truth
    ledger = truth["site_ledger"].set_index(["cause", "site", "round"])["people"]
    sites, visits = truth["sites"], truth["site_visits"]
    both = visits.merge(truth["site_stocks"][["site", "round", "people"]], on=["site", "round"])
    off = both[both["known"] & ~both["listed"] & (both["people"] > 0)]
    assert ledger["taken_off_list"].to_dict() == (-off.set_index(["site", "round"])["people"]).to_dict()
    assert set(off["site"]) == {keys.site_key(n) for n in (*roles.TAKEN_OFF, *roles.UNSIZED)}
    away = both[both["listed"] & ~both["reached"] & (both["people"] > 0)]
    found = (
        ledger["access_lost"]
        if "access_lost" in ledger.index.get_level_values(0)
        else pd.Series(dtype="int64")
    )
    assert found.to_dict() == (-away.set_index(["site", "round"])["people"]).to_dict()
    assert set(away["round"]) <= set(schedule.LOST)
    # movements after the visit: entries are not yet seen, exits are not yet gone
    moves = truth["site_moves"].merge(visits[["site", "round", "visited", "visit_day"]], on=["site", "round"])
    late = moves[moves["visited"] & (moves["day"] > moves["visit_day"])]
    unseen = (
        late["people"].where(~late["entry"], -late["people"]).groupby([late["site"], late["round"]]).sum()
    )
    assert ledger["visit_day"].to_dict() == unseen[unseen != 0].to_dict()
    assert len(sites) == SITES


def test_people_are_households_times_the_multiplier(country: TrainingCountry) -> None:
    """From the change of method on, people at a site that is not registered are its households times 5."""
    rows = country.tables["observations"]
    rows = totals_only(
        rows[(rows["place"].str.startswith("xtr-s")) & (rows["vintage"] == "first") & rows["value"].notna()]
    )
    both = rows.pivot_table(index=["place", "round"], columns="indicator", values="value").reset_index()
    registered = {keys.site_key(n) for n in roles.REGISTERED}
    carried = country.truth["site_visits"].dropna(subset="carried_from")[["site", "round"]]
    skip = set(map(tuple, carried.to_numpy().tolist()))
    fresh = np.array([pair not in skip for pair in zip(both["place"], both["round"], strict=True)])
    late = both[fresh & (both["round"] >= schedule.METHOD) & ~both["place"].isin(registered)]
    times = late[keys.PEOPLE] == late[keys.HOUSEHOLDS] * schedule.MULTIPLIER
    assert set(late.loc[~times, "round"]) == {schedule.UNEXPLAINED}, "households entered as people"
    garbled = late[~times & (late[keys.PEOPLE] > 0)]
    assert (garbled[keys.PEOPLE] == garbled[keys.HOUSEHOLDS]).all()
    early = both[fresh & (both["round"] < schedule.METHOD)]
    assert (early[keys.PEOPLE] != early[keys.HOUSEHOLDS] * schedule.MULTIPLIER).any(), "control: not before"


# Sums within the published side


def sums_to_parent(country: TrainingCountry, small: str, large: str) -> bool:
    """Whether newest figures of one level sum to those of the level above it."""
    figures = newest(country.tables["observations"], keys.PEOPLE).fillna(0).rename("value").reset_index()
    areas = country.truth["area_stocks"].drop_duplicates(["round", small])
    inner = figures.merge(
        areas[["round", small, large]], left_on=["round", "place"], right_on=["round", small]
    )
    sums = inner.groupby(["round", large])["value"].sum()
    held = figures.set_index(["round", "place"])["value"].reindex(sums.index)
    return bool((sums == held).all())


def test_levels_sum_to_each_other(country: TrainingCountry) -> None:
    """Communes sum to districts, in both versions of the boundaries, and districts to provinces."""
    assert sums_to_parent(country, "adm3", "adm2")
    assert sums_to_parent(country, "adm2", "adm1")
    rows = country.tables["observations"].copy()
    at = rows[
        (rows["indicator"] == keys.PEOPLE) & (rows["place"].str.len() == 6) & (rows["assessment"] == "")
    ].index[5]
    rows["value"] = rows["value"].where(rows.index != at, rows["value"] + 3)
    bad = replace(country, tables={**country.tables, "observations": rows})
    assert not sums_to_parent(bad, "adm3", "adm2"), "control"


@pytest.mark.parametrize("breakdown", [["sex", "age"], ["reason"], ["origin"], ["assessment"]], ids="-".join)
def test_a_round_is_the_sum_of_its_rows(country: TrainingCountry, breakdown: list[str]) -> None:
    """Rows by sex and age, reason, origin or assessment sum to the newest figure of their place and round."""
    rows = country.tables["observations"]
    rows = rows[
        (rows["indicator"] == keys.PEOPLE)
        & (rows["vintage"] == "first")
        & (rows["round"] != schedule.WITHDRAWN)
    ]
    others = [n for n in ("sex", "age", "reason", "origin", "assessment") if n not in breakdown]
    kept = (
        (rows[breakdown] != "").all(axis=1)
        & (rows[others] == "").all(axis=1)
        & ~rows["place"].str.startswith("xtr-s")
    )
    sums = rows[kept].groupby(["round", "place"])["value"].sum()
    held = newest(country.tables["observations"], keys.PEOPLE).fillna(0).reindex(sums.index)
    assert len(sums) >= (schedule.ROUNDS - 1) * 11
    assert (sums == held).all()


def test_sites_sum_to_their_communes(country: TrainingCountry) -> None:
    """Figures of sites sum to the newest figure of their commune, but for the province that is counted twice."""
    rows = totals_only(country.tables["observations"])
    rows = rows[
        (rows["indicator"] == keys.PEOPLE)
        & rows["place"].str.startswith("xtr-s")
        & (rows["vintage"] == "first")
    ]
    area = country.truth["sites"].set_index("site")["area"]
    places = country.truth["area_stocks"].set_index(["round", "area"])["adm3"]
    where = [places[n, area[site]] for n, site in zip(rows["round"], rows["place"], strict=True)]
    sums = rows["value"].fillna(0).groupby([rows["round"], pd.Series(where, index=rows.index)]).sum()
    held = newest(country.tables["observations"], keys.PEOPLE).reindex(sums.index).fillna(0)
    wrong = sums[(sums != held) & (sums.index.get_level_values(0) != schedule.WITHDRAWN)]
    assert set(wrong.index.get_level_values(0)) == {schedule.DOUBLE_COUNT}
    provinces = {place[:4] for place in wrong.index.get_level_values(1)}
    assert len(provinces) == 1


def test_two_assessments_count_the_same_people(country: TrainingCountry) -> None:
    """Camps of one province stand under BA and under SA in one round, each time with the same figure."""
    rows = country.tables["observations"]
    rows = rows[rows["place"].str.startswith("xtr-s") & (rows["assessment"] != "")]
    assert set(rows["round"]) == {schedule.DOUBLE_COUNT}
    both = rows.pivot_table(index="place", columns="assessment", values="value")
    assert (both["BA"] == both["SA"]).all()
    found = reconcile(country, level="adm1").query("double_count != 0")
    assert found[["round"]].drop_duplicates().to_numpy().tolist() == [[schedule.DOUBLE_COUNT]]
    assert found["double_count"].sum() == both["SA"].sum()


# Flows


def test_flows_reconcile(country: TrainingCountry) -> None:
    """Movements published at a point in a month are those on its road, less bypass, days, hours, and local trips."""
    found = reconcile_flows(country)
    assert (found["unexplained_by_model"] == 0).all()
    for cause in ("bypass", "not_observed", "closed", "outside_hours", "definition"):
        assert (found[cause] < 0).any(), cause
        assert (found[cause] <= 0).all(), cause
    rows = country.tables["observations"].copy()
    at = rows[(rows["indicator"] == keys.FLOW_IN) & (rows["place"] != "") & rows["value"].notna()].index[0]
    rows.loc[at, "value"] += 2
    bad = reconcile_flows(replace(country, tables={**country.tables, "observations": rows}))
    assert bad["unexplained_by_model"].abs().sum() == 2, "control"


def test_months_of_points_are_their_days_and_their_pairs(country: TrainingCountry) -> None:
    """A month of a point is the sum of its observed days, and of its origins and destinations."""
    tables = country.tables
    days = tables["flow_days"]
    assert (days["observed"] == days["value"].notna()).all()
    by_day = days.dropna(subset="value").groupby([days["day"].str[:7], "point", "direction"])["value"].sum()
    pairs = tables["flow_pairs"].groupby(["period", "point", "direction"])["value"].sum()
    rows = tables["observations"]
    rows = rows[rows["indicator"].isin([keys.FLOW_IN, keys.FLOW_OUT]) & (rows["place"] != "")].dropna(
        subset="value"
    )
    side = rows["indicator"].str.removeprefix("xtr-fm-")
    months = rows.assign(side=side).set_index(["period", "place", "side"])["value"].sort_index()
    assert months.tolist() == by_day.sort_index().tolist() == pairs.sort_index().tolist()
    inside = tables["flow_pairs"]
    abroad = inside[(inside["origin"] == "abroad") | (inside["destination"] == "abroad")]["value"].sum()
    assert 0 < abroad / inside["value"].sum() < 0.1, "most movements stay within the region"


def test_border_counts_are_the_crossings_of_counted_days(country: TrainingCountry) -> None:
    """Entries and exits by month, sex and age sum to the crossings on the days with counting."""
    counts = country.tables["border_counts"]
    sums = counts.groupby(["post", "period", "direction"])["value"].sum()
    days = country.truth["border_days"]
    seen = (
        days[days["counted"]]
        .groupby(["post", days["day"].str[:7].rename("period"), "direction"])["people"]
        .sum()
    )
    assert (sums == seen.reindex(sums.index, fill_value=0)).all()
    missing = counts[counts["value"].isna()]
    assert set(missing["days"]) == {0}
    assert {*missing["period"]} == {"2024-02", "2024-03"}


# Survey


def test_intervals_hold_the_true_share_about_as_often_as_they_say(country: TrainingCountry) -> None:
    """About 95 in 100 intervals of strata hold the true share, and not all of the intervals are alike."""
    results = country.tables["survey_results"]
    strata = results[results["stratum"] != ""].copy()
    first = strata["period"].min()
    strata["wave"] = np.where(strata["period"] == first, 1, 2)
    both = strata.merge(country.truth["survey_shares"], on=["indicator", "wave", "stratum"])
    assert len(both) == 4 * 2 * 10
    held = both["percent"].between(both["lower"], both["upper"]).mean()
    assert held > 0.9
    tight = both["percent"].between(both["value"] - 0.5, both["value"] + 0.5).mean()
    assert tight < 0.6, "control: without their intervals the shares are not the truth"

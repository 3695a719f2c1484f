"""What the training country publishes is what every operation publishes: the same tables, codes, languages."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from data import codes, queries
from data.area_codes import by_country, unheld
from data.codes import CardField, ClaimStatus, EventKind, ObsStatus, SiteLayer, State
from data.dates import DateSpan
from data.errors import TableError
from data.schema import TABLES, Column, Kind, Table
from data.sources.embedded import Register
from data.store import Release, Store
from data.tables.embedded import join, partitions, training_country, with_days
from data.tables.registers import parse_register
from data.training import cast as roles
from data.training import keys, schedule
from data.training.build import TrainingCountry
from data.training.reconcile import totals_only
from data.training.tables import (
    ALL,
    BREAKDOWN_NAMES,
    NEW,
    OBSERVATIONS_BY_PLACE,
    Closure,
    Service,
    ServiceState,
)

LARGE = 3000  # rows: of longer tables some are written as text, and all are checked by columns


@pytest.fixture(scope="module")
def country() -> TrainingCountry:
    """The default country, as other files have it."""
    return training_country()


def cell(frame: pd.DataFrame, row: object, column: str) -> Any:
    """One cell; what it holds depends on the column."""
    return frame[column].loc[row]


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Without geometry."""
    return pd.DataFrame(frame.drop(columns="geometry")) if isinstance(frame, gpd.GeoDataFrame) else frame


def as_text(frame: pd.DataFrame) -> str:
    """The frame as a register would be written."""
    out = frame.copy()
    for name in out.columns:
        if str(out[name].dtype) == "boolean":
            out[name] = np.where(out[name].fillna(value=False), "yes", "no")
    buffer = io.StringIO()
    out.to_csv(buffer, index=False)
    return buffer.getvalue()


def some(frame: pd.DataFrame) -> pd.DataFrame:
    """All rows of a short table, about LARGE of a long one."""
    return frame.iloc[:: max(1, len(frame) // LARGE)] if len(frame) > LARGE else frame


def faults(frame: pd.DataFrame, table: Table) -> list[str]:
    """What breaks the contract of a table, by columns; the same rules as for a register."""
    bad = [f"{n}: missing or strange" for n in set(table.names()) ^ set(frame.columns)]
    if bad:
        return bad
    for column in table.columns:
        cells = frame[column.name]
        number = column.kind in {Kind.INTEGER, Kind.NUMBER}
        empty = cells.isna() if number or column.kind is Kind.YES_NO else cells == ""
        if column.required and bool(empty.any()):
            bad.append(f"{column.name}: empty")
        bad += _strange(column, cells[~empty])
    if frame.duplicated(list(table.unique)).any():
        bad.append(f"{', '.join(table.unique)}: twice")
    return bad


def _strange(column: Column, cells: pd.Series) -> Iterator[str]:
    if column.kind is Kind.CODE:
        assert column.codes is not None
        if not set(cells) <= {member.value for member in column.codes}:
            yield f"{column.name}: a code that is not in its list"
    if column.kind is Kind.KEY and not cells.str.fullmatch(r"[a-z0-9][a-z0-9-]*").all():
        yield f"{column.name}: not a key"
    if column.kind in {Kind.DATE, Kind.DAY}:
        for text in set(cells):
            DateSpan.parse(text)
    if column.low is not None and bool((cells < column.low).any()):
        yield f"{column.name}: too small"
    if column.high is not None and bool((cells > column.high).any()):
        yield f"{column.name}: too large"


# Tables


def test_all_tables_are_there(country: TrainingCountry) -> None:
    """Every table of the store has rows, and so has every new one."""
    assert set(country.tables) == set(TABLES) | set(NEW) == set(ALL)
    assert all(len(frame) for frame in country.tables.values())


@pytest.mark.parametrize("name", ["caveats", "events"])
def test_areas_of_entries_are_held(country: TrainingCountry, name: str) -> None:
    """Every area that an entry is about is one of a version of the boundaries; control: another code is not."""
    held = by_country([country.tables["areas"]])
    cells = [cell for cell in country.tables[name]["areas"] if cell]
    assert cells
    assert [bad.found for cell in cells for bad in unheld(cell, ["XTR"], held, 2)] == []
    assert [bad.found for bad in unheld(f"{cells[0]};XT99", ["XTR"], held, 2)] == ["XT99"]


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_table_is_a_register(country: TrainingCountry, name: str) -> None:
    """Written as text and read as a register, each table passes and comes back with the same types and cells."""
    frame, table = plain(country.tables[name]), ALL[name]
    assert faults(frame, table) == []
    part = some(frame).reset_index(drop=True)
    back = parse_register(as_text(part), table, file=f"{name}.csv")
    assert back.dtypes.to_dict() == part.dtypes.to_dict()
    pd.testing.assert_frame_equal(back, part, check_exact=False, rtol=1e-12)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("state", "gone"), ("indicator", "Not A Key"), ("value", -4.0), ("known_by", ""), ("period", "soon")],
)
def test_a_bad_cell_is_noticed(country: TrainingCountry, column: str, wrong: str | float) -> None:
    """Control: with one cell changed both checks refuse the table."""
    bad = country.tables["observations"].iloc[::400].reset_index(drop=True).copy()
    bad[column] = bad[column].where(bad.index != 5, wrong)
    if column == "period":
        with pytest.raises(ValueError, match="soon"):
            faults(bad, OBSERVATIONS_BY_PLACE)
    else:
        assert faults(bad, OBSERVATIONS_BY_PLACE)
    with pytest.raises(TableError, match=column):
        parse_register(as_text(bad), OBSERVATIONS_BY_PLACE, file="bad.csv")


def registers(tables: Mapping[str, pd.DataFrame]) -> list[Register]:
    """The tables of the store as registers, observations without the columns that they gain."""
    found = []
    for name, table in TABLES.items():
        frame = tables[name][list(table.names())]
        if name == "observations":
            frame = pd.concat(
                [frame.iloc[::50], frame[frame["id"].isin(tables["events"]["about_observation"])]]
            )
            frame = frame.drop_duplicates("id")
        found.append(Register(f"training/{name}.csv", table, frame))
    return found


def test_every_reference_is_held(country: TrainingCountry) -> None:
    """Sources, methods, indicators, events, sites and observations that are named exist."""
    assert len(join(registers(country.tables))["events"]) == len(country.tables["events"])
    sites = set(country.tables["sites"]["key"])
    points = set(country.tables["flow_points"]["key"])
    posts = set(country.tables["border_posts"]["key"])
    areas = set(country.tables["places"]["pcode"])
    assert set(country.tables["observations"]["place"]) <= {""} | sites | points | posts | areas
    for name, column in (("site_identities", "site"), ("site_links", "other"), ("site_services", "site"),
                         ("site_effort", "site"), ("site_closures", "site")):  # fmt: skip
        assert set(country.tables[name][column]) <= sites, name
    bad = {**country.tables, "sources": country.tables["sources"].iloc[1:]}
    with pytest.raises(TableError):
        join(registers(bad))


def test_each_indicator_has_a_row_for_its_own_place(country: TrainingCountry) -> None:
    """For every indicator and round there is a row with all breakdown columns empty, once a vintage."""
    rows = country.tables["observations"]
    own = rows[(rows[list(BREAKDOWN_NAMES)] == "").all(axis=1)]
    assert set(own["indicator"]) == set(country.tables["indicators"]["key"])
    assert not own.duplicated(["indicator", "round", "period", "vintage"]).any()
    for indicator in keys.TRACKED:
        held = set(own[own["indicator"] == indicator]["round"])
        first = schedule.RETURNEES_FROM if indicator == keys.RETURNEES else 1
        assert held == set(range(first, schedule.ROUNDS + 1)), indicator


def test_values_and_states_agree(country: TrainingCountry) -> None:
    """A figure is counted, zero is counted zero, and what was not counted has no figure: in every row."""
    for name in ("observations", "site_states", "flow_days", "border_counts"):
        rows = country.tables[name]
        counted = rows["state"].isin([State.COUNTED, State.COUNTED_ZERO])
        assert (counted == rows["value"].notna()).all(), name
        assert ((rows["state"] == State.COUNTED_ZERO) == (rows["value"] == 0).fillna(value=False)).all(), name
    assert set(country.tables["observations"]["state"]) == set(State), "all seven states occur"
    assert set(country.tables["site_states"]["state"]) == set(State)


def test_figures_are_known_after_their_period(country: TrainingCountry) -> None:
    """No figure is public before its period is over; only a plan is made before."""
    rows = with_days(country.tables["observations"])
    early = rows[rows["known_by"] < rows["last"]]
    assert set(early["indicator"]) == {keys.PLANNED}


# The store and its queries


@pytest.fixture(scope="module")
def release(country: TrainingCountry, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the training country alone, in the partitions of the embedded one."""
    tables = {part: rows for name in TABLES for part, rows in partitions(name, country.tables[name]).items()}
    return Store(tmp_path_factory.mktemp("store")).publish(tables, reason="a test")


def test_series_come_out_with_vintages(release: Release, country: TrainingCountry) -> None:
    """Every indicator is a series; corrections, a correction of one and a withdrawal are seen on their days."""
    for indicator in country.tables["indicators"]["key"]:
        assert len(queries.series(release, indicator).values)
    newest = queries.series(release, keys.PEOPLE)
    assert len(newest.values) == schedule.ROUNDS
    rows = country.tables["observations"].set_index("id")
    twice = schedule.CORRECTED_TWICE
    ids = [f"{keys.PEOPLE}-r{twice}-{vintage}" for vintage in ("first", "corrected", "corrected-2")]
    for at in ids:
        day = date.fromisoformat(cell(rows, at, "known_by"))
        found = queries.series(release, keys.PEOPLE, day).values.set_index("round").loc[twice]
        assert (found["obs"], found["value"]) == (at, cell(rows, at, "value"))
    assert len({float(cell(rows, at, "value")) for at in ids}) == 3
    gone = newest.values.set_index("round").loc[schedule.WITHDRAWN]
    assert gone["state"] == State.NO_DATA
    before = date.fromisoformat(str(gone["known_by"])[:10]) - timedelta(days=1)
    then = queries.series(release, keys.PEOPLE, before).values.set_index("round").loc[schedule.WITHDRAWN]
    assert then["value"] > 100_000


def test_sites_and_points_come_out(release: Release, country: TrainingCountry) -> None:
    """On a day of the middle of the story sites stand in six of the seven states, and 24 points on the map."""
    rounds = country.tables["rounds"].set_index("number")["period"]
    last = DateSpan.parse(rounds[schedule.TAKEN_OFF_UNSIZED]).last
    shown = queries.sites(release, keys.TRACKING, last, SiteLayer.REGISTER)
    assert len(shown.table) == len(country.tables["sites"])
    assert set(shown.table["state"]) >= set(State) - {State.COUNTED_ZERO}
    assert 0 < len(shown.unlocated()) < 0.1 * len(shown.table)
    assert len(queries.flow_points(release, keys.FLOW, last).located()) == 24
    assert len(queries.variants(release, keys.TRACKING)) == 1


# Events


def test_every_kind_of_event_and_claim_occurs(country: TrainingCountry) -> None:
    """The ledger has all kinds and all claims; only what is published cuts a line."""
    events = country.tables["events"]
    assert set(events["kind"]) == set(EventKind)
    assert set(events["claim"]) == set(ClaimStatus)
    assert set(events[events["breaks"]]["claim"]) == {"published"}
    assert (events["kind"] == "correction").sum() == 3 + 1


def test_breaks_and_status_b_are_the_same_rounds(country: TrainingCountry) -> None:
    """A figure of status B has its event, and each event that breaks a series of rounds has such a figure."""
    events, rows = country.tables["events"], country.tables["observations"]
    breaking = events[events["breaks"]]
    cut = {(key, n) for keys_of, n in zip(breaking["indicators"], breaking["first_round"], strict=True)
           for key in keys_of.split(";") if n is not pd.NA}  # fmt: skip
    broken = rows[(rows["obs_status"] == ObsStatus.BREAK) & rows["round"].notna()]
    assert set(zip(broken["indicator"], broken["round"], strict=True)) == cut
    by_day = rows[(rows["obs_status"] == ObsStatus.BREAK) & rows["round"].isna()]
    assert set(by_day["indicator"]) == {keys.FLOW_IN, keys.FLOW_OUT}


def unsized(events: pd.DataFrame, effects: pd.DataFrame) -> set[str]:
    """Entries that change a figure, without a published effect, that do not say so."""
    changing = {"delisting", "relisting", "recategorization", "re_registration", "method_change", "definition_change",
                "coverage_change", "site_merge_or_split", "correction", "unexplained_break"}  # fmt: skip
    rows = events[events["kind"].isin(changing) & ~events["key"].isin(effects["event"])]
    silent = ~(rows["text_en"].str.contains("not published") & rows["text_fr"].str.contains("non publiée"))
    return set(rows[silent]["key"])


def test_each_event_has_its_effect_or_says_that_none_was_published(country: TrainingCountry) -> None:
    """Scope and effect: a size with its unit, or the sentence that none was published."""
    events, effects = country.tables["events"], country.tables["effects"]
    assert unsized(events, effects) == set()
    assert unsized(events, effects[effects["event"] != "xtr-relisted"]) == {"xtr-relisted"}, "control"
    assert (events["indicators"] != "").mean() > 0.8
    people = effects[effects["indicator"] == keys.PEOPLE]
    assert "xtr-taken-off" in set(people["event"])
    assert "xtr-taken-off-unsized" not in set(people["event"])
    sited = events[events["kind"].isin(["delisting", "relisting", "recategorization", "site_merge_or_split"])]
    assert (sited["sites"] != "").all()


def test_effects_are_what_the_series_say(country: TrainingCountry) -> None:
    """Corrections: new minus old. Taken off: the last counts of the three. Registered anew: the rise of the three."""
    effects = country.tables["effects"].set_index(["event", "indicator"])["value"]
    rows = country.tables["observations"].set_index("id")["value"]
    for event, old, new in (
        ("xtr-correction-r05", "r05-first", "r05-corrected"),
        ("xtr-correction-r14", "r14-first", "r14-corrected"),
        ("xtr-correction-r14-again", "r14-corrected", "r14-corrected-2"),
        ("xtr-correction-r19", "r19-first", "r19-corrected"),
    ):
        assert effects[event, keys.PEOPLE] == rows[f"{keys.PEOPLE}-{new}"] - rows[f"{keys.PEOPLE}-{old}"] != 0

    def of(sites: tuple[int, ...], number: int) -> float:
        return float(sum(rows[f"{keys.PEOPLE}-r{number:02d}-{keys.site_key(site)}-first"] for site in sites))

    assert effects["xtr-taken-off", keys.PEOPLE] == -of(roles.TAKEN_OFF, schedule.TAKEN_OFF - 1) < -10_000
    assert effects["xtr-relisted", keys.PEOPLE] == of(roles.RELISTED, schedule.RELISTED)
    n = schedule.RE_REGISTERED
    rise = of(roles.REGISTERED, n) - of(roles.REGISTERED, n - 1)
    assert effects["xtr-registered-anew", keys.PEOPLE] == rise > 0
    text = cell(country.tables["events"].set_index("key"), "xtr-taken-off", "text_en")
    assert f"{-effects['xtr-taken-off', keys.PEOPLE]:,.0f} people" in text


def test_a_delisting_can_be_split(release: Release, country: TrainingCountry) -> None:
    """The published effect and a residual make the fall across the delisting."""
    from data.change import published_split

    series = queries.series(release, keys.PEOPLE)
    event = next(e for e in series.provenance.events if e.key == "xtr-taken-off")
    split = published_split(series, event)
    assert split is not None
    assert split.change == -split.taken_off + split.residual
    other = next(e for e in series.provenance.events if e.key == "xtr-taken-off-unsized")
    assert published_split(series, other) is None, "nothing is guessed where no size was published"


def test_a_planning_figure_rests_on_a_figure_that_was_corrected(country: TrainingCountry) -> None:
    """Status F, about, a tenth more than the first figure of round 14, and its card says what it is based on."""
    rows = country.tables["observations"].set_index("id")
    plan = rows[rows["indicator"] == keys.PLANNED].iloc[0]
    assert (plan["obs_status"], plan["precision"]) == ("F", "about")
    assert plan["value"] == pytest.approx(1.1 * cell(rows, f"{keys.PEOPLE}-r14-first", "value"), abs=500)
    assert cell(rows, f"{keys.PEOPLE}-r14-first", "known_by") < plan["known_by"]
    assert plan["known_by"] < cell(rows, f"{keys.PEOPLE}-r14-corrected", "known_by")
    card = country.tables["card_lines"].set_index(["operation", "field"])
    assert "no independent confirmation" in cell(card, (keys.PLAN, "based_on"), "text_en")


# Sites


def test_the_register_tells_of_every_change(country: TrainingCountry) -> None:
    """Merges, splits, renames, recodes, unsure matches, closures of every reason, and places that are not known."""
    tables = country.tables
    assert set(tables["site_links"]["kind"]) == {"merged_into", "split_from", "same_as"}
    assert (
        set(tables["site_links"]["match"])
        == set(tables["site_identities"]["match"])
        == {"confirmed", "unsure"}
    )
    assert set(tables["site_closures"]["reason"]) == set(Closure)
    several = tables["site_identities"].groupby("site")[["name", "code", "setting", "pcode"]].nunique()
    assert set(several[several["name"] > 1].index) == {keys.site_key(n) for n in roles.RENAMED}
    assert {keys.site_key(n) for n in roles.RECODED} <= set(several[several["code"] > 1].index)
    assert set(several[several["setting"] > 1].index) == {keys.site_key(n) for n in roles.RECATEGORIZED}
    assert (several["pcode"] > 1).any(), "sites of the district that was divided"
    for site, rows in tables["site_identities"].groupby("site"):
        ends = rows.sort_values("first_round")
        assert (
            ends["first_round"].iloc[1:].to_numpy() == ends["last_round"].iloc[:-1].to_numpy() + 1
        ).all(), site


def test_counts_that_stand_in_look_fresh_or_say_so(country: TrainingCountry) -> None:
    """About half of the carried counts are marked; the effort table gives all of them away."""
    rows = totals_only(country.tables["observations"])
    rows = rows[
        (rows["indicator"] == keys.PEOPLE) & rows["place"].str.startswith("xtr-s") & rows["value"].notna()
    ]
    effort = country.tables["site_effort"].rename(columns={"site": "place"})
    both = rows.merge(effort, on=["place", "round"])
    carried = both[both["informants"] == 0]
    assert len(carried) > 300
    said = carried["note_en"].str.contains("stands in")
    assert 0.4 < said.mean() < 0.6
    assert not both[both["informants"] > 0]["note_en"].str.contains("stands in").any()
    truth = country.truth["site_visits"].dropna(subset="carried_from")
    assert set(zip(carried["place"], carried["round"], strict=True)) == set(
        zip(truth["site"], truth["round"], strict=True)
    )
    assert set(both[both["visited"]]["day"]) != {""}


def test_services_have_gaps_and_differ_from_the_truth(country: TrainingCountry) -> None:
    """Five services in every third round; some not assessed, some told wrongly, most as they are."""
    said, true = country.tables["site_services"], country.truth["site_services"]
    assert set(said["service"]) == set(Service)
    assert set(said["status"]) == set(ServiceState)
    assert set(said["round"]) == set(
        range(schedule.SERVICES_EVERY, schedule.ROUNDS + 1, schedule.SERVICES_EVERY)
    )
    both = said.merge(true, on=["site", "round", "service"], suffixes=("", "_true"))
    assert len(both) == len(said)
    asked = both[both["status"] != ServiceState.NOT_ASSESSED]
    assert 0.03 < (asked["status"] != asked["status_true"]).mean() < 0.09


def test_default_sizes(country: TrainingCountry) -> None:
    """1,500 sites, 24 rounds, 24 points over two years, two posts, ten strata twice, quarters of a proxy."""
    tables = country.tables
    assert len(country.truth["sites"]) == 1500
    assert len(tables["sites"]) > 1450
    assert len(tables["flow_days"]) == 24 * 2 * 731
    assert len(tables["border_posts"]) == 2
    assert len(tables["survey_results"]) == 4 * 2 * 11
    assert set(tables["observations"].query("operation == @keys.PROXY")["obs_status"]) == {"G"}
    assert set(tables["observations"].query("operation == @keys.SURVEY")["precision"]) == {"interval"}
    assert (tables["survey_results"]["lower"] <= tables["survey_results"]["upper"]).all()
    registered = tables["observations"].query("operation == @keys.REGISTRATION and sex == '' and place == ''")
    assert len(registered) == 2 * (schedule.ROUNDS - schedule.RE_REGISTERED + 1)


# The whole


def test_cards_caveats_and_methods_are_complete(country: TrainingCountry) -> None:
    """Each operation has every line of its card and says where one looked; each indicator has caveats of its own."""
    tables = country.tables
    lines = tables["card_lines"].groupby("operation")["field"].agg(set)
    assert all(found == set(CardField) for found in lines)
    assert (tables["card_lines"]["looked_in_en"] != "").all()
    for key, operation in zip(tables["indicators"]["key"], tables["indicators"]["operation"], strict=True):
        caveats = tables["caveats"][tables["caveats"]["operation"] == operation]
        own = caveats[
            (caveats["indicators"] == "")
            | caveats["indicators"].str.split(";").map(lambda held, k=key: k in held)
        ]
        assert len(own) >= 2, key
    assert set(tables["operations"]["component"]) == set(codes.Component)


def test_a_country_carries_its_seed_and_scale(country: TrainingCountry, tmp_path: Path) -> None:
    """The record says what it was made from and cannot be changed in place."""
    assert (country.seed, country.scale) == (2026, 1)
    assert replace(country, scale=1).digest() == country.digest()
    path = tmp_path / "population-SYNTHETIC.tif"
    path.write_bytes(country.raster)
    assert path.stat().st_size < 1_000_000

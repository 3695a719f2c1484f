"""How much was observed: counted from its rows alone, missing where nothing was published, never zero for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import pytest

from charts.effort import FIRST, EffortShown, effort_panel, effort_sentence
from charts.trend import TrendChart
from data import effort as effort_of
from data import queries
from data.codes import Unit
from data.dates import DateSpan
from data.effort import Basis, Effort, asked, checked, effort, not_assessed_since, out_of_reach
from data.errors import Unknown
from data.model import Shown
from data.store import Release
from data.training import keys, schedule
from tests.pictures import EN, FR, named, points
from words import LANGUAGES, words

LOST = 12  # a round in which one district could not be reached


@pytest.fixture(scope="session")
def by_site(release: Release) -> Effort:
    """Visits to the sites of the training country."""
    found = effort(release, keys.TRACKING)
    assert found is not None
    return found


def without(release: Release, *tables: str) -> Any:
    """The release as an older one that does not hold these tables yet."""
    held = {name: r for name, r in release.resources.items() if r.family not in tables}
    digest = sha256("".join([release.digest, *tables]).encode()).hexdigest()  # answers are kept by digest
    return Release(digest, held, release.root)


# Numbers


def recount(rows: pd.DataFrame) -> dict[int, tuple[int, int, int, int]]:
    """Listed, reached, visited, informants by round, counted again."""
    return {
        int(str(number)): (len(of), int(of["reached"].sum()), int(of["visited"].sum()), int(of["informants"].sum()))
        for number, of in rows.groupby("round")
    }  # fmt: skip


def told(found: Effort) -> dict[int, tuple[int, int, int, int]]:
    """The same numbers of an effort."""
    names = ["round", "listed", "reached", "visited", "informants"]
    return {int(r[0]): (int(r[1]), int(r[2]), int(r[3]), int(r[4])) for r in found.rows[names].to_numpy()}


def test_each_round_is_its_rows(release: Release, by_site: Effort) -> None:
    """Sites listed, reached, visited and informants are the rows of the round; control: one row less is noticed."""
    rows = release.frame("site_effort")
    assert told(by_site) == recount(rows)
    assert told(by_site) != recount(rows.iloc[1:])
    assert by_site.basis is Basis.SITES
    assert by_site.rows[["points", "days_open", "hours"]].isna().all(axis=None)


def test_sites_listed_are_the_published_number(release: Release, by_site: Effort) -> None:
    """The number on the list is the one that was published, but for the round that was taken back."""
    published = queries.series(release, keys.SITES).values.set_index("round")["value"].dropna()
    listed = by_site.rows.set_index("round")["listed"].astype(float)
    assert published.to_dict() == listed.drop(schedule.WITHDRAWN).to_dict()


def test_the_share_is_visited_of_listed(by_site: Effort) -> None:
    """In percent, between 0 and 100."""
    rows = by_site.rows
    assert (rows["share"] == 100 * rows["visited"] / rows["listed"]).all()
    assert rows["share"].between(0, 100).all()


def test_days_of_points_are_counted_once(release: Release) -> None:
    """A day has a row for each direction and is one day; control: counting rows gives twice as many."""
    found = effort(release, keys.FLOW)
    assert found is not None
    assert found.basis is Basis.POINTS
    rows = release.frame("flow_days")
    december = rows[rows["day"].str.startswith("2024-12")]
    once = december.drop_duplicates(["point", "day"])
    last = found.newest()
    assert last is not None
    assert last["days_observed"] == once["observed"].sum()
    assert last["days_open"] == (once["state"] != "closed").sum() == 23 * 31
    assert last["hours"] == once["hours"].sum()
    assert last["points"] == 23, "one of 24 is closed"
    assert 2 * last["days_observed"] == december["observed"].sum(), "control"
    assert found.rows[["listed", "visited", "informants"]].isna().all(axis=None)


def test_a_list_alone_says_nothing_of_visits(release: Release) -> None:
    """Haiti published numbers of sites: what else there is to know is missing, and says "not found"."""
    found = effort(release, "hti-eq2010", "hti-idp")
    assert found is not None
    assert found.basis is Basis.LIST
    assert found.rows["listed"].notna().all()
    assert found.rows[["reached", "visited", "informants", "share"]].isna().all(axis=None)
    table = EffortShown(effort=found, words=EN).table()
    for head in ("Sites reached", "Sites visited", "Key informants asked"):
        assert set(table[head]) == {"not found"}
    assert "not found" in effort_sentence(found, EN)
    assert " 0 " not in effort_sentence(found, EN)


def test_nothing_published_is_no_effort(release: Release) -> None:
    """None, not an empty list of zeros; an operation that is not held is unknown."""
    assert effort(release, "lby-dtm") is None
    assert effort(release, "ner-fm2016") is None
    with pytest.raises(Unknown):
        effort(release, "nowhere")


def test_visits_are_of_the_population_of_the_list(release: Release) -> None:
    """People who came home were asked after elsewhere; and a release without visits has the list alone."""
    other = effort(release, keys.TRACKING, keys.RETURNEES)
    older = effort(without(release, "site_effort"), keys.TRACKING)
    assert other is not None
    assert older is not None
    assert (other.basis, older.basis) == (Basis.LIST, Basis.LIST)


@pytest.mark.parametrize("operation", [keys.TRACKING, keys.FLOW, "hti-eq2010"])
def test_nothing_later_than_the_day_it_was_known_on(release: Release, operation: str) -> None:
    """As known on a day, no round or month that ended after it; control: the whole has some."""
    on = date(2023, 6, 30) if operation.startswith("xtr") else date(2011, 6, 30)
    then, now = effort(release, operation, "", on), effort(release, operation)
    assert then is not None
    assert now is not None
    assert 0 < len(then.rows) < len(now.rows)
    assert (then.rows["last"] <= pd.Timestamp(on)).all()
    assert not (now.rows["last"] <= pd.Timestamp(on)).all(), "control"


BAD = [
    ({"visited": -1.0}, "below zero"),
    ({"visited": 10_000.0}, "more visited than reached"),
    ({"reached": 10_000.0}, "more reached than listed"),
    ({"hours": 0.0}, "no part of an effort by sites"),
    ({"days_open": 0.0}, "no part of an effort by sites"),
]


@pytest.mark.parametrize(("change", "why"), BAD)
def test_a_number_that_cannot_be_is_refused(by_site: Effort, change: dict[str, float], why: str) -> None:
    """Negative, a part larger than its whole, or a zero for what was not published; the rows themselves pass."""
    assert len(checked(by_site.rows, Basis.SITES, "x")) == schedule.ROUNDS
    with pytest.raises(ValueError, match=why):
        checked(by_site.rows.assign(**change), Basis.SITES, "x")
    with pytest.raises(ValueError, match="lacks informants"):
        checked(by_site.rows.drop(columns="informants"), Basis.SITES, "x")


def test_an_effort_brings_its_notes(by_site: Effort) -> None:
    """It is a figure like the others: with caveats and events, or it cannot be made."""
    shown = EffortShown(effort=by_site, words=EN)
    assert isinstance(shown, Shown)
    assert shown.notes()
    with pytest.raises(ValueError, match="no provenance"):
        Effort(operation=by_site.operation, basis=Basis.SITES, rows=by_site.rows, provenance=None)  # type: ignore[arg-type]  # the control


# What was not assessed


@pytest.fixture(scope="session")
def absent(release: Release) -> pd.DataFrame:
    """The sites that were not visited while a district was out of reach."""
    found = not_assessed_since(release, keys.TRACKING, LOST)
    assert found is not None
    return found


def test_it_is_every_listed_site_without_a_visit(release: Release, absent: pd.DataFrame) -> None:
    """Each once, none that was visited, the largest last count first; control: another round has others."""
    rows = release.frame("site_effort")
    of = rows[rows["round"] == LOST]
    assert set(absent["key"]) == set(of[~of["visited"].astype(bool)]["site"])
    assert absent["key"].is_unique
    counts = absent["last_count"].dropna()
    assert counts.is_monotonic_decreasing
    assert absent["last_count"].isna().tolist() == sorted(absent["last_count"].isna())
    other = not_assessed_since(release, keys.TRACKING, LOST + 3)
    assert other is not None
    assert set(other["key"]) != set(absent["key"]), "control"


def test_it_says_since_when(release: Release, absent: pd.DataFrame) -> None:
    """The last visit is the newest before the round, with its day; the count is the one published for a visit."""
    rows = release.frame("site_effort")
    before = rows[(rows["round"] < LOST) & rows["visited"].astype(bool)]
    last = before.sort_values("round").groupby("site").last()
    known = absent.set_index("key").dropna(subset=["last_round"])
    assert set(known.index) == set(last.index) & set(absent["key"])
    assert known["last_round"].to_dict() == last.loc[known.index, "round"].to_dict()
    assert known["last_day"].dt.strftime("%Y-%m-%d").to_dict() == last.loc[known.index, "day"].to_dict()
    counted = release.frame("observations").query(
        "indicator == @keys.PEOPLE and sex == '' and assessment == ''"
    )
    values = counted.set_index(["place", "round"])["value"].dropna().to_dict()
    counts = known.dropna(subset=["last_count"])
    assert {key: row["last_count"] for key, row in counts.iterrows()} == {
        key: values[key, row["count_round"]] for key, row in counts.iterrows()
    }
    assert (counts["count_round"] < LOST).all()
    assert any((key, LOST) in values for key in absent["key"]), "control: figures stood in for visits then"


def test_areas_out_of_reach_are_named(release: Release, absent: pd.DataFrame) -> None:
    """One district, by its name of that round; in a round when all could be reached, none."""
    lost = out_of_reach(absent)
    assert len(lost) == 1
    (name,) = lost
    assert name in set(release.frame("areas").query("level == 'adm2'")["name"])
    assert lost[name] == (~absent["reached"].astype(bool)).sum()
    other = not_assessed_since(release, keys.TRACKING, schedule.ROUNDS)
    assert other is not None
    assert out_of_reach(other) == {}


def test_a_round_that_was_not_yet_public_is_not_found(release: Release) -> None:
    """Before its figures were public nothing is said of it; after, the last counts are those known then."""
    assert not_assessed_since(release, keys.TRACKING, LOST, date(2023, 6, 30)) is None
    then = not_assessed_since(release, keys.TRACKING, LOST, date(2023, 12, 31))
    assert then is not None
    assert len(then) > FIRST


def test_where_no_visits_were_published_it_is_not_found(release: Release) -> None:
    """None, which is another thing than "every site was visited"."""
    assert not_assessed_since(release, "hti-eq2010", 16) is None
    assert not_assessed_since(release, keys.TRACKING, 99) is None
    month = DateSpan.parse("2024-07")
    assert not_assessed_since(without(release, "flow_days"), keys.FLOW, month) is None
    names = not_assessed_since(without(release, "areas"), keys.TRACKING, LOST)
    assert names is not None
    assert set(names["within"]) == {""}, "without areas by round, the commune of the register is all"


def tables(**frames: pd.DataFrame) -> Any:
    """A release of these tables alone, in memory."""
    with_them = duckdb.connect()
    for name, frame in frames.items():
        with_them.register(name, frame)

    @contextmanager
    def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
        yield with_them

    return SimpleNamespace(cursor=cursor)


def small(states: dict[int, tuple[float | None, str]], *, third: bool = False) -> Any:
    """One site: visited in rounds 1 and 2, in 3 if `third`, not in 4; its published states by round."""
    visits_of = pd.DataFrame(
        {"site": "a", "round": [1, 2, 3, 4], "reached": True, "visited": [True, True, third, False],
         "day": ["2024-01-05", "2024-02-05", "", ""], "informants": [2, 2, 0, 0]}
    )  # fmt: skip
    blank = dict.fromkeys(("sex", "age", "reason", "origin", "destination", "assessment"), "")
    rows = [
        {"id": f"o{n}", "operation": "x", "indicator": "people", "place": "a", "round": n, "value": value,
         "precision": "exact", "state": state, "known_by": pd.Timestamp(2024, n, 28), **blank}
        for n, (value, state) in states.items()
    ]  # fmt: skip
    sites = pd.DataFrame({"key": ["a"], "operation": ["x"], "name": ["A"], "commune": ["C"]})
    return tables(site_effort=visits_of, sites=sites, observations=pd.DataFrame(rows))


def only(of: Any, sql: str, **parameters: object) -> dict[str, Any]:
    """The one row of an answer."""
    rows = asked(of, sql, **parameters)
    assert len(rows) == 1
    return {str(k): v for k, v in rows.iloc[0].items()}


def test_a_figure_that_stood_in_is_no_last_count() -> None:
    """Round 3 repeats a number without a visit: the last count is that of round 2; control: with a visit it is not."""
    states = {1: (100.0, "counted"), 2: (80.0, "counted"), 3: (300.0, "counted"), 4: (None, "not_assessed")}
    for third, wanted in ((False, (2, 80.0, 2)), (True, (3, 300.0, 3))):
        row = only(
            small(states, third=third),
            effort_of.SITES_ABSENT,
            operation="x",
            round=4,
            indicator="people",
            known=date.max,
        )
        assert (row["last_round"], row["last_count"], row["count_round"]) == wanted


def test_what_is_withheld_now_is_not_told_from_before() -> None:
    """A site whose figure is withheld has no last count; control: without the withholding it has."""
    states: dict[int, tuple[float | None, str]] = {1: (100.0, "counted"), 2: (80.0, "counted")}
    hidden = small(states | {3: (None, "withheld")})
    row = only(hidden, effort_of.SITES_ABSENT, operation="x", round=4, indicator="people", known=date.max)
    assert row["withheld"]
    assert pd.isna(row["last_count"])
    shown = only(
        small(states), effort_of.SITES_ABSENT, operation="x", round=4, indicator="people", known=date.max
    )
    assert not shown["withheld"]
    assert shown["last_count"] == 80.0


def test_a_point_is_absent_only_if_it_was_open_and_nobody_looked() -> None:
    """Open and unobserved all month: absent, since its last day. Closed, or observed on a day: not."""
    days = [(point, f"2024-{month:02}-{day:02}") for point in "abc" for month in (1, 2) for day in (1, 2)]
    frame = pd.DataFrame(days, columns=["point", "day"]).assign(operation="x", direction="in", value=5.0)
    later = frame["day"] >= "2024-02"
    unseen = later & ((frame["point"] != "c") | (frame["day"] == "2024-02-01"))
    frame["observed"] = ~unseen
    frame["value"] = frame["value"].where(frame["observed"])
    frame["state"] = "counted"
    frame.loc[unseen, "state"] = "not_assessed"
    frame.loc[later & (frame["point"] == "b"), "state"] = "closed"
    both = pd.concat([frame, frame.assign(direction="out", value=frame["value"] + 2)])
    points_of = pd.DataFrame({"key": list("abc"), "name": list("ABC"), "adm1": "P"})
    of = tables(flow_days=both, flow_points=points_of)
    span = DateSpan.parse("2024-02")
    row = only(of, effort_of.POINTS_ABSENT, operation="x", since=span.first, until=span.last)
    assert (row["key"], row["last_day"], row["last_count"]) == ("a", "2024-01-02", 12.0)
    rows = asked(of, effort_of.POINTS_ABSENT, operation="x", since=date(2024, 1, 1), until=span.last)
    assert rows.empty, "control: with January each was observed on some day"


# In words


def texts(component: Any) -> list[str]:
    """Every text of a component, in reading order."""
    if component is None:
        return []
    if isinstance(component, str | int | float):
        return [str(component)]
    if isinstance(component, list | tuple):
        return [text for part in component for text in texts(part)]
    return texts(getattr(component, "children", None))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panel_names_ten_and_counts_the_rest(
    by_site: Effort, absent: pd.DataFrame, language: str
) -> None:
    """How many, the first ten by name, and how many more; control: with ten there is no "more"."""
    w = words(language)
    said = texts(effort_panel(by_site, w, absent=absent, at=by_site.at(LOST), unit=Unit.INDIVIDUALS))
    assert [name for name in absent["name"].head(FIRST) if name not in said] == []
    assert absent["name"].iloc[FIRST] not in said
    assert w("effort.more", more=str(len(absent) - FIRST)) in said
    assert any(str(len(absent)) in text for text in said)
    assert any(area in text for text in said for area in out_of_reach(absent))
    few = texts(effort_panel(by_site, w, absent=absent.head(FIRST), at=by_site.at(LOST)))
    assert not any(text.startswith(w("effort.more", more="")[:4]) for text in few)


def test_not_found_and_none_are_other_words(by_site: Effort, absent: pd.DataFrame) -> None:
    """Without an answer it is not found; with an empty one every site was visited: never the same sentence."""
    not_found = texts(effort_panel(by_site, EN))
    every = texts(effort_panel(by_site, EN, absent=absent.iloc[:0]))
    assert "Which places were not assessed: not found." in not_found
    assert any(text.startswith("Every site on the list was visited") for text in every)
    assert set(every) & {"Which places were not assessed: not found."} == set()


def test_the_sentence_has_the_numbers_of_its_round(by_site: Effort) -> None:
    """In both languages, with the number of each column."""
    row = by_site.at(LOST)
    assert row is not None
    assert "1,057 sites on the list, 1,044 reached, 966 visited" in effort_sentence(by_site, EN, row)
    assert "966 visités" in effort_sentence(by_site, FR, row)


# Below a trend


def chart_of(release: Release, found: Effort | None, **more: Any) -> TrendChart:
    """People in sites of the training country, with its effort."""
    return TrendChart(series=queries.series(release, keys.PEOPLE), words=EN, effort=found, **more)


def test_listed_and_visited_stand_at_one_date(release: Release, by_site: Effort) -> None:
    """Outline and filled bar of a round: the same day, width and place; visited is never above listed."""
    figure = chart_of(release, by_site).figure()
    (listed,), (visited,) = named(figure, "effort listed"), named(figure, "effort visited")
    assert [p[0] for p in points(listed)] == [p[0] for p in points(visited)]
    assert (listed.width, listed.offset) == (visited.width, visited.offset)
    assert listed.offset == -listed.width / 2
    pairs = list(zip(points(listed), points(visited), strict=True))
    assert len(pairs) == schedule.ROUNDS
    assert all(v[1] <= a[1] for a, v in pairs)
    assert {listed.yaxis, visited.yaxis} == {"y2"}
    assert listed.marker.line.width
    assert listed.marker.color != visited.marker.color


def test_the_strip_has_a_cross_where_nothing_is_known(release: Release, by_site: Effort) -> None:
    """A round without an effort is a cross and "not found" in the table, never a bar of zero; control: all held."""
    short = Effort(operation=by_site.operation, basis=by_site.basis, rows=by_site.rows.iloc[2:],
                   provenance=by_site.provenance)  # fmt: skip
    chart = chart_of(release, short)
    (absent_of,) = named(chart.figure(), "effort not found")
    table = chart.table()
    assert len(points(absent_of)) == 2
    assert (table["Sites visited"] == "not found").sum() == 2
    assert "0" not in set(table["Sites visited"])
    whole = chart_of(release, by_site)
    (none,) = named(whole.figure(), "effort not found")
    assert len(points(none)) == 0, "control"


def test_the_table_has_the_effort_of_each_round(release: Release, by_site: Effort) -> None:
    """Listed, visited and informants beside the value of the same round, also where it was taken back."""
    chart = chart_of(release, by_site)
    table = chart.table()
    rows = table[~table["_break"].astype(bool)]
    assert list(rows["Sites on the list"]) == [f"{int(n):,}" for n in by_site.rows["listed"]]
    assert list(rows["Key informants asked"]) == [f"{int(n):,}" for n in by_site.rows["informants"]]
    assert "Sites visited" not in chart_of(release, None).table().columns, "control"
    assert chart.provenance.sources


def test_the_strip_is_drawn_in_both_schemes_and_narrow(release: Release, by_site: Effort) -> None:
    """The picture passes Plotly's own check at any width; a window draws its own rounds alone."""
    window = DateSpan.parse("2023-01-01/2023-12-31")
    for narrow in (False, True):
        figure = chart_of(release, by_site, window=window).figure("dark", narrow)
        (bars,) = named(figure, "effort visited")
        assert {p[0].year for p in points(bars)} == {2023}

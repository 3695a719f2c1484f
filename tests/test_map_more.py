"""Flow points, border posts, incidents and pairs at a date: what was published, nothing more, and nothing left out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import border_posts, flows_at, incidents, pairs
from data.codes import ClaimStatus, State
from data.effort import asked
from data.errors import TableError, Unknown
from data.geo import WGS84
from data.model import Snapshot
from data.pairs import Part, Split, Why, curve, split
from data.schema import INCIDENTS
from data.store import Release
from data.tables.registers import parse_register
from data.tables.rows import contradictions

JULY = date(2024, 7, 31)


def published(release: Release, indicator: str) -> pd.DataFrame:
    """What an operation published of each place and month."""
    rows = asked(release, "SELECT place, period, value, state FROM observations WHERE indicator = $i AND place <> '' "
                 "ORDER BY place, period", i=indicator)  # fmt: skip
    return rows.set_index(["place", "period"])


# Flow points


@pytest.mark.parametrize("month", ["2023-01", "2024-07", "2024-12"])
def test_days_sum_to_what_was_published(release: Release, month: str) -> None:
    """In and out of each point are the published months, states too; control: another month has other numbers."""
    table = flows_at.flows_at(release, "xtr-fm", date.fromisoformat(f"{month}-15")).table.set_index("key")
    for column, indicator in (("into", "xtr-fm-in"), ("out_of", "xtr-fm-out")):
        said = published(release, indicator)
        same = said.xs(month, level="period")
        pd.testing.assert_series_equal(table[column], same["value"].reindex(table.index), check_names=False)
        other = said.xs("2023-06", level="period")["value"].reindex(table.index)
        assert not table[column].equals(other)
        assert set(table["state"]) <= set(same["state"])
    both = table.dropna(subset=["into", "out_of"])
    assert (both["value"] == both["into"] + both["out_of"]).all()


def test_a_closed_point_has_no_number_and_no_zero(release: Release) -> None:
    """From July 2024 on one point is closed: that is its state, and its days open are none."""
    table = flows_at.flows_at(release, "xtr-fm", JULY).table.set_index("key")
    closed = table.loc["xtr-fp-06"]
    assert (closed["state"], closed["days_open"], closed["days_observed"]) == ("closed", 0, 0)
    assert np.isnan(closed["value"])
    open_one = table.loc["xtr-fp-05"]
    assert open_one["state"] == State.COUNTED
    assert 0 < open_one["days_observed"] <= open_one["days_open"] == open_one["days_in"] == 31
    assert open_one["neighbours"] == "xtr-fp-06"


def test_a_figure_of_several_points_is_never_divided(release: Release) -> None:
    """Niger published Arlit and Séguédine together: no point of it has a number, and each names the other."""
    made = flows_at.flows_at(release, "ner-fm2016", date(2016, 6, 30))
    assert made.table[["into", "out_of", "value", "days_observed"]].isna().all().all()
    assert set(made.table["state"]) == {State.NO_DATA}
    assert made.table.set_index("key").loc["ner-fmp-arlit", "neighbour_names"] == "Séguédine"
    assert len(made.table) == 7


def test_a_month_is_known_when_it_was_published(release: Release) -> None:
    """The day before its bulletin nothing of it is there; on the day it is (control)."""
    known = asked(release, "SELECT MIN(known_by) AS day FROM observations WHERE operation = 'xtr-fm' "
                  "AND period = '2024-07'")["day"].iloc[0].date()  # fmt: skip
    before = flows_at.flows_at(release, "xtr-fm", JULY, known.replace(day=known.day - 1))
    assert before.table["value"].isna().all()
    assert flows_at.flows_at(release, "xtr-fm", JULY, known).table["value"].notna().any()


# Border posts


def test_groups_sum_to_the_post_and_the_post_to_what_was_published(release: Release) -> None:
    """Entries and exits of every month are the published ones, and the groups of one month are its parts."""
    entries, exits = published(release, "xtr-bc-entry"), published(release, "xtr-bc-exit")
    for post in ("xtr-bp-1", "xtr-bp-2"):
        made = border_posts.profile(release, "xtr-bc", post, date(2023, 5, 20))
        months = made.months.set_index("month")
        assert months["entries"].tolist() == pytest.approx(entries.xs(post)["value"].tolist(), nan_ok=True)
        assert months["exits"].tolist() == pytest.approx(exits.xs(post)["value"].tolist(), nan_ok=True)
        assert months.index.tolist() == exits.xs(post).index.tolist()
        parts = made.groups.groupby("direction")["value"].sum()
        assert parts["entry"] == months.loc["2023-05", "entries"]
        assert parts["exit"] == months.loc["2023-05", "exits"]
        assert len(made.groups) == 16


def test_a_lost_month_is_not_zero(release: Release) -> None:
    """In March 2024 nobody counted at the second post; control: the first did."""
    made = border_posts.posts_at(release, "xtr-bc", date(2024, 3, 31))
    assert made is not None
    first, second = (row for _, row in made.table.iterrows())
    assert (second["state"], second["days_counted"]) == (State.NOT_ASSESSED, 0)
    assert np.isnan(second["entries"])
    assert first["state"] == State.COUNTED
    assert first["value"] == first["entries"] + first["exits"]
    assert any("movements, not people" in text.en for text in made.provenance.derived_by)
    assert made.table.geometry.notna().all()


def test_what_was_not_public_is_not_there(release: Release) -> None:
    """As known a day before its first bulletin a post has no number, and is not public."""
    early = border_posts.posts_at(release, "xtr-bc", date(2022, 1, 31), date(2022, 2, 1))
    assert early is not None
    assert early.table["value"].isna().all()
    assert not early.table["public"].any()
    later = border_posts.posts_at(release, "xtr-bc", date(2022, 1, 31), date(2022, 4, 1))
    assert later is not None
    assert later.table["public"].all()
    assert border_posts.posts_at(release, "hti-eq2010", JULY) is None
    assert len(border_posts.profile(release, "xtr-bc", "xtr-bp-1", JULY, date(2022, 4, 1)).months) == 2
    with pytest.raises(Unknown, match="xtr-bp-1, xtr-bp-2"):
        border_posts.profile(release, "xtr-bc", "nowhere", JULY)


# Incidents


def all_of(release: Release, *days: date) -> Snapshot:
    """All incidents of the training country, as known on a day."""
    made = incidents.incidents_between(release, "xtr-mt", date(2020, 1, 1), date(2030, 1, 1), *days)
    assert made is not None
    return made


def test_incidents_are_those_of_their_period(release: Release) -> None:
    """One of a period of its own is there if any of its days is; cut in two, no incident is lost."""
    every = set(all_of(release).table["key"])
    for cut in (date(2022, 6, 24), date(2022, 12, 1), date(2024, 2, 16)):
        early = incidents.incidents_between(release, "xtr-mt", date(2020, 1, 1), cut)
        late = incidents.incidents_between(release, "xtr-mt", cut, date(2030, 1, 1))
        assert early is not None
        assert late is not None
        assert set(early.table["key"]) | set(late.table["key"]) == every
        assert set(early.table["key"]) != every  # control
    assert incidents.incidents_between(release, "xtr-mt", date(2019, 1, 1), date(2019, 12, 31)) is None
    assert incidents.incidents_between(release, "hti-eq2010", date(2010, 1, 1), date(2014, 1, 1)) is None
    with pytest.raises(ValueError, match="begins before it ends"):
        incidents.incidents_between(release, "xtr-mt", date(2024, 1, 2), date(2024, 1, 1))


def test_an_allegation_stays_one(release: Release) -> None:
    """It says by whom, has no number, and is not known before its source; most others are the producer's own."""
    table = all_of(release).table.set_index("key")
    alleged = table.loc["xtr-inc-alleged"]
    assert alleged["claim"] == ClaimStatus.ALLEGED
    assert "Union of Settlement Residents" in alleged["by_en"]
    assert np.isnan(alleged["value"])
    assert incidents.is_claimed(alleged["claim"])
    assert not incidents.is_claimed(ClaimStatus.PUBLISHED)
    known = alleged["known_by"].date()
    assert "xtr-inc-alleged" not in set(all_of(release, known.replace(day=known.day - 1)).table["key"])
    assert "xtr-inc-alleged" in set(all_of(release, known).table["key"])
    assert (table["claim"] == ClaimStatus.PUBLISHED).sum() > len(table) / 2


def test_an_area_alone_has_no_point(release: Release) -> None:
    """Stated for a district: listed and not drawn; every point has the radius in which it happened."""
    table = all_of(release).table
    area = table["located"] == "adm2"
    assert area.any()
    assert table[area].geometry.is_empty.all()
    assert (table[~area]["accuracy_m"] > 0).all()
    assert {"place", "near", "adm3"} <= set(table["located"])
    assert (table["value"].notna() == (table["precision"] != "")).all()


def test_a_row_that_contradicts_itself_is_refused(release: Release) -> None:
    """A degree without the other, a number without how it was printed: row, column and what to do."""
    good: dict[str, object] = {column.name: "" for column in INCIDENTS.columns}
    good |= {"lon": 1.0, "lat": 2.0, "accuracy_m": 5.0, "value": 3.0, "precision": "about"}
    assert list(contradictions(INCIDENTS, good, 2)) == []
    for column, other in (("lat", "lon"), ("lon", "lat"), ("precision", "value"), ("value", "precision")):
        found = list(contradictions(INCIDENTS, good | {column: pd.NA if column != "precision" else ""}, 2))
        assert column in {cell.column for cell in found}, other
        assert all(cell.fix for cell in found)
    head = ",".join(INCIDENTS.names())
    with pytest.raises(TableError, match="kind"):
        parse_register(
            f"{head}\nx" + "," * (len(INCIDENTS.columns) - 1) + "\n", INCIDENTS, file="incidents.csv"
        )
    assert len(release.frame("incidents")) >= 12


# Pairs


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Pairs of any kind and number."""
    rows = draw(st.lists(st.tuples(st.sampled_from(list(Why)), st.integers(0, 10**6)), max_size=40))
    return pd.DataFrame(
        [{"key": f"p{at}", "why": why.value, "value": float(n)} for at, (why, n) in enumerate(rows)],
        columns=["key", "why", "value"],
    )


@given(tables(), st.integers(0, 60))
def test_drawn_and_not_drawn_are_all(table: pd.DataFrame, most: int) -> None:
    """Pairs and movements of the parts are those of the whole; the drawn are the largest, and no more than asked."""
    made = split(table, most)
    rest = (made.beyond, made.within, made.abroad, made.unlocated)
    assert len(made.drawn) + sum(p.pairs for p in rest) == made.total.pairs == len(table)
    assert made.drawn["value"].sum() + sum(p.movements for p in rest) == pytest.approx(table["value"].sum())
    assert len(made.drawn) == min(most, int((table["why"] == Why.BETWEEN).sum()))
    left_out = table[(table["why"] == Why.BETWEEN) & ~table["key"].isin(made.drawn["key"])]
    if len(made.drawn) and len(left_out):
        assert made.drawn["value"].min() >= left_out["value"].max()
    assert made.stays is None or 0 <= made.stays <= 1


def test_parts_that_lose_something_are_refused() -> None:
    """Control: one movement too few, or one pair."""
    none = Part(pairs=0, movements=0.0)
    empty = pd.DataFrame({"value": []})
    for total in (Part(pairs=0, movements=1.0), Part(pairs=1, movements=0.0)):
        with pytest.raises(ValueError, match="are not the"):
            Split(drawn=empty, beyond=none, within=none, abroad=none, unlocated=none, total=total)


def test_pairs_sum_to_the_movements_of_the_month(release: Release) -> None:
    """All pairs together are all movements in and out at all points in that month."""
    made = pairs.pairs_at(release, "xtr-fm", JULY)
    assert made is not None
    points = flows_at.flows_at(release, "xtr-fm", JULY).table
    assert made.table["value"].sum() == points["value"].sum()
    assert set(made.table["why"]) == {Why.BETWEEN, Why.WITHIN, Why.ABROAD}
    drawable = made.table["why"] == Why.BETWEEN
    assert (~made.table[drawable].geometry.is_empty).all()
    assert made.table[~drawable].geometry.is_empty.all()
    assert made.table["key"].is_unique
    assert pairs.pairs_at(release, "ner-fm2016", JULY) is None
    assert pairs.pairs_at(release, "xtr-fm", date(2030, 1, 1)) is None
    assert pairs.pairs_at(release, "xtr-fm", JULY, date(2024, 7, 31)) is None


def metres(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Along the ellipsoid."""
    return float(WGS84.inv(a[0], a[1], b[0], b[1])[2])


places = st.tuples(st.floats(-180, 180), st.floats(-80, 80))


@given(places, places, st.floats(0, 0.3))
def test_a_line_ends_where_it_should_and_stays_whole(
    start: tuple[float, float], end: tuple[float, float], bend: float
) -> None:
    """Also across the 180th meridian: no step is longer than its share of the way, bent or not."""
    length = metres(start, end)
    if not 1_000 < length < 15_000_000:
        return
    line = curve(start, end, bend)
    assert metres(tuple(line[0]), start) < 1
    assert metres(tuple(line[-1]), end) < length / 1e6 + 1
    _, _, steps = WGS84.inv(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
    assert max(steps) <= length / 24 * (1 + 4 * bend) + 1
    if max(abs(start[1]), abs(end[1]), np.abs(line[:, 1]).max()) < 80:
        assert np.abs(np.diff(line[:, 0])).max() < 180


def test_there_and_back_are_two_lines() -> None:
    """Each bends to its own right; control: without a bend they are one."""
    there, back = curve((0, 0), (4, 0)), curve((4, 0), (0, 0))
    middle = len(there) // 2
    assert there[middle][1] < -0.1
    assert back[middle][1] > 0.1
    straight = curve((0, 0), (4, 0), 0.0), curve((4, 0), (0, 0), 0.0)
    assert np.allclose(straight[0], straight[1][::-1], atol=1e-6)
    assert np.allclose(curve((179, 10), (-179, 10), 0.0)[-1][0], 181)
    with pytest.raises(ValueError, match="two places"):
        curve((1, 1), (1, 1))
    with pytest.raises(ValueError, match="swapped"):
        curve((1, 100), (1, 1))

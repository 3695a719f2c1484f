"""What is asked many times for one card is read and computed once, and the figures are those of the plain way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts import wording
from charts.trend import TrendChart
from data import effort as effort_of
from data import list_sites, queries, site_queries, split, split_sites
from data.codes import Precision, RowKind, State
from data.errors import Unknown
from data.list_sites import NEWEST, taken_off
from data.model import Event, Text, checked_values, in_order
from data.series import divided, known_on, period_key, revisions
from data.store import Release
from data.training import keys
from data.vintages import published_days
from tests.laws import event, events, rounds_and_others
from words import words
from words.format import day, month, number, percent

OPERATIONS = ("hti-eq2010", "ner-fm2016", keys.TRACKING, keys.FLOW)


def some_days(release: Release, indicator: str) -> list[date | None]:
    """The newest, and a few days on which something of an indicator was published."""
    found = published_days([queries.series(release, indicator)])
    return [None, *found[:: max(1, len(found) // 4)]]


# Row by row, and by the columns of pandas: how it is defined

Placed = tuple[date, int | None]  # the last day and the round of a row


def plainly_divided(values: pd.DataFrame, breaks: Sequence[Event]) -> list[list[int]]:
    """The places of each stretch, each break asked of each row."""
    days, rounds = values["last"].dt.date.tolist(), values["round"].tolist()
    rows = [(day, None if pd.isna(n) else int(n)) for day, n in zip(days, rounds, strict=True)]
    bases: dict[tuple[bool, ...], list[int]] = {}
    for at, row in enumerate(rows):
        basis = tuple(after(rows, row, one) for one in breaks)
        bases.setdefault(basis, []).append(at)
    return list(bases.values())


def after(rows: Sequence[Placed], row: Placed, one: Event) -> bool:
    """Whether a row is on the new basis: by its round, else by its day among those of the rounds."""
    last, number = row
    by_day = last >= one.when.first
    if one.first_round is None:
        return by_day
    if number is not None:
        return number >= one.first_round
    new = [day for day, n in rows if n is not None and n >= one.first_round]
    old = [day for day, n in rows if n is not None and n < one.first_round]
    return (by_day and (not old or last > max(old))) or (bool(new) and last >= min(new))


def plain_key(values: pd.DataFrame) -> pd.Series:
    """Round, else period."""
    period = values["first"].dt.strftime("%Y-%m-%d") + "/" + values["last"].dt.strftime("%Y-%m-%d")
    return ("r" + values["round"].astype("string")).fillna(period)


def plainly_known(rows: pd.DataFrame) -> pd.DataFrame:
    """The newest publication of each value, by sorting and leaving out."""
    order = rows.assign(_published=rows["kind"] == RowKind.PUBLISHED, _key=plain_key(rows)).sort_values(
        ["_published", "known_by"], kind="stable"
    )
    return order.drop_duplicates("_key", keep="last").drop(columns=["_published", "_key"])


@given(rounds_and_others(), st.lists(events(breaks=True), max_size=4))
def test_a_break_divides_as_each_row_alone_says(values: pd.DataFrame, breaks: list[Event]) -> None:
    """Taken together as arrays, rows are on the side on which each of them is alone."""
    assert divided(values, breaks) == plainly_divided(values, breaks)


def test_the_plain_way_sees_a_row_on_the_wrong_side() -> None:
    """The control: a value without a round between two rounds of the old basis is not new by its date alone."""
    last = pd.to_datetime(["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"])
    values = pd.DataFrame({"last": last, "round": pd.array([1, None, 2, 3], dtype="Int64")})
    early = replace(event(when="2020-02-01"), first_round=3)
    assert plainly_divided(values, [early]) == [[0, 1, 2], [3]] == divided(values, [early])
    assert plainly_divided(values, [replace(early, first_round=None)]) != [[0, 1, 2], [3]]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_versions_are_told_apart_as_before(release: Release, operation: str) -> None:
    """Key, newest version, order and revisions of every series are those of the plain way."""
    for about in queries.catalogue(release).shown(operation):
        for on in some_days(release, about.key):
            made = queries.series(release, about.key, on)
            pd.testing.assert_series_equal(
                period_key(made.history), plain_key(made.history), check_names=False
            )
            newest = known_on(made.history, None)
            pd.testing.assert_frame_equal(newest, plainly_known(made.history))
            pd.testing.assert_frame_equal(made.values, checked_values(plainly_known(made.history), about.key))
            published = made.history[made.history["kind"] == RowKind.PUBLISHED]
            several = plain_key(published).value_counts()
            assert len(revisions(made)) == int((several > 1).sum())


def test_an_order_without_a_day_is_the_last() -> None:
    """A day that is missing sorts after every other; the control is the order of plain numbers."""
    held = pd.Series([pd.Timestamp("2020-01-02"), pd.NaT, pd.Timestamp("2019-01-01")])
    assert np.argsort(in_order(held)).tolist() == [2, 0, 1] == held.argsort().tolist()
    assert np.argsort(held.to_numpy().view("int64")).tolist() != [2, 0, 1]


# Asked often, read once


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[tuple[Any, ...]]:
    """The calls of a function of a module from now on."""
    calls: list[tuple[Any, ...]] = []
    real = getattr(module, name)

    def told(*given: Any, **more: Any) -> Any:
        calls.append(given)
        return real(*given, **more)

    monkeypatch.setattr(module, name, told)
    return calls


def test_visits_are_read_once_for_every_figure_and_day(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one operation, whatever the figure and the day; the days still differ in what was public."""
    effort_of.effort.cache_clear()
    effort_of._observed.cache_clear()
    calls = counted(monkeypatch, effort_of, "asked")
    shown = [i.key for i in queries.catalogue(release).shown(keys.TRACKING)][:2]
    days = some_days(release, shown[0])
    made = [effort_of.effort(release, keys.TRACKING, key, on) for key in shown for on in days]
    assert len([sql for _, sql, *_ in calls if sql == effort_of.BY_ROUND]) == 1
    assert len({len(one.rows) for one in made if one is not None}) > 1


def test_sites_taken_off_are_read_once_and_are_those_of_each_day(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On every day they are what SQL says of that day, of one reading."""
    for kept in (taken_off, list_sites._versions, list_sites._states):
        kept.cache_clear()
    days = some_days(release, keys.PEOPLE)
    list_sites.by_site(release, keys.TRACKING, keys.PEOPLE)
    calls = counted(monkeypatch, list_sites, "_frame")
    made = {on: taken_off(release, keys.PEOPLE, on) for on in days}
    assert len(calls) == 2
    assert len({len(sites) for sites in made.values()}) > 1
    for on, sites in made.items():
        asked = {"operation": keys.TRACKING, "indicator": keys.PEOPLE, "day": on or date.max}
        with release.cursor() as cursor:
            rows = cursor.execute(NEWEST, asked).df()
        newest = dict(zip(zip(rows["place"], rows["round"], strict=True), rows["id"], strict=True))
        told = {(s.key, row["round"]): row["id"] for s in sites for row in s.rows if row["id"]}
        assert told.items() <= newest.items()
        off = set(rows["place"][rows["state"] == State.DELISTED])
        assert off <= {site.key for site in sites}


def test_what_links_sites_is_read_once_for_every_two_rounds(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts of a change between any two rounds read links and doubts of identity once, each as of its rounds."""
    split_sites._doubts.cache_clear()
    calls = [counted(monkeypatch, site_queries, name) for name in ("links", "unsure_since")]
    sides = split.sides_of(release, keys.PEOPLE)
    exact = [s.round for s in sides if s.round is not None and s.precision is Precision.EXACT]
    pairs = list(pairwise(exact))[:6]
    made = [split.change.__wrapped__(release, keys.PEOPLE, str(a), str(b)) for a, b in pairs]
    assert [len(asked) for asked in calls] == [1, 1]
    unsure = split_sites._doubts(release, keys.TRACKING)[1]
    for (a, b), found in zip(pairs, made, strict=True):
        since = set(site_queries.unsure_since(release, keys.TRACKING, a, b)["site"])
        assert since == set(unsure[unsure["first_round"].between(a + 1, b)]["site"])
        assert sum(part.amount or 0 for part in found.parts) == found.amount


def test_a_side_is_found_by_its_round_or_by_its_day(release: Release) -> None:
    """A text that is neither asks for a round; no side without a round is called "None"."""
    whole = split.sides_of(release, keys.PEOPLE)
    assert all(split._side(whole, str(side.round)) == side for side in whole)
    assert all(split._side(whole, side.period.last.isoformat()) == side for side in whole)
    for asked, what in (("-1", "round"), ("None", "round"), ("1900-01-01", "date"), ("1900-13-01", "round")):
        with pytest.raises(Unknown) as refused:
            split._side([replace(side, round=None) for side in whole], asked)
        assert refused.value.what == what


def test_the_days_of_a_picture_are_asked_once(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """Title, notes, lines and description of a picture take the same days."""
    chart = TrendChart(series=queries.series(release, keys.PEOPLE), words=words("en"))
    calls = counted(monkeypatch, wording, "drawn_range")
    days = chart.drawn()
    made = [chart.notes(), chart.title(), chart.unit_line(), chart.sentence(), chart.description()]
    assert len(made) == 5
    assert chart.drawn() == days
    assert len(calls) == 1


def test_an_event_is_found_by_its_key_and_compared_whole() -> None:
    """Two entries of one key are found at one place, and are one only where all that they tell is the same."""
    told = event()
    other = replace(told, headline=Text("Something else"))
    assert hash(told) == hash(other)
    assert told != other
    assert {told: 1, other: 2}[replace(told)] == 1


def test_kept_texts_are_bounded() -> None:
    """A number or a date in words is made once for the texts of a card, and not kept without end."""
    assert all(made.cache_info().maxsize for made in (number, percent, day, month))

"""Sites as columns say of each site at each date what the rows of the store say, one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import queries, site_columns, site_slots
from data.catalogue import frame, records_of
from data.codes import SiteLayer, State
from data.parts import STATES
from data.site_columns import AGES, rows, sites_at
from data.store import Release

TRAINING, HAITI = "xtr-mt", "hti-eq2010"
REGISTER = SiteLayer.REGISTER
STATES_IN_ORDER = """
SELECT s.site, s.state, s.value, s.unit, s.event, s.last
FROM site_states AS s JOIN sites AS p ON p.key = s.site
WHERE p.operation = $operation AND p.layer = $layer
ORDER BY s.last, s.first, CASE s.state WHEN 'delisted' THEN 2 WHEN 'closed' THEN 1 ELSE 0 END, s.state DESC
"""


# The rule, one row at a time


@lru_cache(maxsize=1)
def in_order(release: Release, operation: str, layer: SiteLayer) -> list[dict[str, Any]]:
    """The rows of the store, read once for all days; of two of one site the later one stands."""
    found = records_of(frame(release, STATES_IN_ORDER, operation=operation, layer=layer.value))
    return [row | {"last": row["last"].date()} for row in found]


def by_row(release: Release, operation: str, layer: SiteLayer, on: date) -> dict[str, tuple[Any, ...]]:
    """State, value, unit, event, last day, missed rounds and age of each site of which anything is known."""
    ends = [
        r.period.last for r in queries.catalogue(release).rounds.get(operation, ()) if r.period.last <= on
    ]
    found = {}
    last = {row["site"]: row for row in in_order(release, operation, layer) if row["last"] <= on}
    for row in last.values():
        missed, state, age = len(ends) - bisect_right(ends, row["last"]), row["state"], "current"
        if state in (State.COUNTED, State.COUNTED_ZERO) and missed:
            age = "older" if missed <= 2 else "unknown"
            state = state if missed <= 2 else State.NO_DATA
        value = None if pd.isna(row["value"]) else row["value"]
        found[row["site"]] = (str(state), value, row["unit"], row["event"], row["last"], missed, age)
    return found


def by_column(release: Release, operation: str, layer: SiteLayer, on: date) -> dict[str, tuple[Any, ...]]:
    """The same from the columns."""
    at = sites_at(release, operation, on, None, layer)
    said = zip(
        at.columns.keys_of(np.arange(len(at))), at.state, at.value, at.unit.texts(), at.event.texts(), at.last,
        at.missed, at.age, at.listed, strict=True,
    )  # fmt: skip
    return {
        key: (
            STATES[state].value, None if np.isnan(value) else value, unit, event, last.astype(object), int(missed),
            AGES[age],
        )
        for key, state, value, unit, event, last, missed, age, listed in said
        if listed
    }  # fmt: skip


def days(release: Release, operation: str) -> list[date]:
    """The end of every round and the day before, and days before and after all of them."""
    ends = [r.period.last for r in queries.catalogue(release).rounds.get(operation, ())]
    return sorted({*ends, *(end - timedelta(days=1) for end in ends), date(2009, 1, 1), date(2030, 1, 1)})


@pytest.mark.parametrize("operation", [TRAINING, HAITI])
def test_every_site_is_as_in_the_store(release: Release, operation: str) -> None:
    """For every round: state, value, unit, event, date, missed rounds and age of each site are those of its rows."""
    for layer in SiteLayer:
        for on in days(release, operation):
            assert by_column(release, operation, layer, on) == by_row(release, operation, layer, on), on


def test_another_age_is_noticed(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with more rounds before a count is too old, the two differ."""
    monkeypatch.setattr(site_columns, "AGE_ROUNDS", 9)
    sites_at.cache_clear()
    try:
        assert any(
            by_column(release, HAITI, REGISTER, day) != by_row(release, HAITI, REGISTER, day)
            for day in days(release, HAITI)
        )
    finally:
        sites_at.cache_clear()


def test_chosen_rows_are_those_of_the_whole_table(release: Release) -> None:
    """In their order, with the caveats and sources of all."""
    at = sites_at(release, TRAINING, date(2024, 10, 1))
    whole, index = rows(release, at), np.array([7, 3, 1400])
    part = rows(release, at, index)
    pd.testing.assert_frame_equal(
        pd.DataFrame(part.table), pd.DataFrame(whole.table.iloc[index].reset_index(drop=True))
    )
    assert part.provenance == whole.provenance
    assert len(rows(release, at, np.array([], dtype=np.int64)).table) == 0


def test_an_operation_without_sites_has_none(release: Release) -> None:
    """Its columns have length 0 at any date."""
    at = sites_at(release, "wca-points", date(2020, 1, 1))
    assert len(at) == len(at.columns) == len(rows(release, at).table) == 0


def test_a_site_has_its_identity_of_the_round(release: Release) -> None:
    """The code of the area and the kind of site are those of the identity that held then."""
    columns = site_columns.site_columns(release, TRAINING)
    table = release.frame("site_identities").sort_values("first_round")
    for number in (1, 12, 15, 24, None):
        held = table if number is None else table[table["first_round"] <= number]
        expected = held.groupby("site").last()
        codes = dict(
            zip(columns.keys_of(np.arange(len(columns))), columns.pcode_at(number).texts(), strict=True)
        )
        kinds = dict(zip(codes, columns.setting_at(number).texts(), strict=True))
        assert {key: codes[key] for key in expected.index} == expected["pcode"].to_dict()
        assert {key: kinds[key] for key in expected.index} == expected["setting"].to_dict()
    assert (
        columns.pcode_at(1).texts() != columns.pcode_at(24).texts()
    ).any()  # control: some have another one later


# Any rows


@lru_cache(maxsize=1)
def database() -> duckdb.DuckDBPyConnection:
    """One for all examples, with the same sites for each: to start one takes longer than to ask it."""
    made = duckdb.connect()
    sites = pd.DataFrame({"key": ["a", "b", "c"], "operation": "o", "layer": "register"})
    made.from_df(sites).create("sites")
    return made


class Few:
    """A release with some sites and rows of states, until the next one is made."""

    def __init__(self, states: list[dict[str, Any]]) -> None:
        self._db = database()
        self._db.execute("DROP TABLE IF EXISTS site_states")
        self._db.from_df(pd.DataFrame(states)).create("site_states")

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """As that of a release."""
        with self._db.cursor() as cursor:
            yield cursor


@st.composite
def state_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of states, at most one for a site, date and state."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from("abc"), st.integers(1, 6), st.integers(0, 2), st.sampled_from(STATES),
                st.none() | st.sampled_from([0.0, 1.0, 0.1, 16_777_217.0, 1e12]),
            ),
            min_size=1, max_size=14, unique_by=lambda one: one[:4],
        )
    )  # fmt: skip
    return [
        {
            "site": site, "when": f"{last - length}/{last}", "round": last if last % 2 else None, "state": state.value,
            "value": value, "unit": "", "precision": "", "text_en": f"{last}", "text_fr": "", "event": "",
            "source": "s", "first": pd.Timestamp(2020, 1, 10 + last - length), "last": pd.Timestamp(2020, 1, 10 + last),
        }
        for site, last, length, state, value in drawn
    ]  # fmt: skip


def last_of(states: list[dict[str, Any]], on: date) -> dict[str, tuple[str, str, float | None]]:
    """The last row of each site: of one date off the list before closed before the others, these by name."""
    found: dict[str, tuple[str, str, float | None]] = {}
    for site in "abc":
        mine = [row for row in states if row["site"] == site and row["last"].date() <= on]
        mine.sort(key=lambda row: row["state"])
        mine.sort(key=lambda row: {"delisted": 0, "closed": 1}.get(row["state"], 2))
        mine.sort(key=lambda row: (row["last"], row["first"]), reverse=True)
        if mine:
            value = None if pd.isna(mine[0]["value"]) else float(mine[0]["value"])
            found[site] = mine[0]["when"], mine[0]["state"], value
    return found


def said(states: list[dict[str, Any]], on: date) -> dict[str, tuple[str, str, float | None]]:
    """What the slots say of each site."""
    few: Any = Few(states)
    slots = site_slots.read(few, "o", REGISTER, 3)
    numbers, value = site_slots.at(slots, 3, on)
    return {
        "abc"[n]: (
            slots.tellings["when"][number], slots.tellings["state"][number], None if np.isnan(value[n]) else value[n]
        )
        for n, number in enumerate(numbers)
        if number != site_slots.NOTHING
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(states=state_rows(), day=st.integers(9, 17), dense=st.sampled_from([0.0, 0.6, 2.0]))
def test_the_last_row_is_said(states: list[dict[str, Any]], day: int, dense: float) -> None:
    """Of any rows the last up to the day stands, with its value to the last digit, however the rows are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_slots, "DENSE", dense)
        assert said(states, date(2020, 1, day)) == last_of(states, date(2020, 1, day))


def test_another_order_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: if of one date closed stood before taken off the list, it would be seen."""
    states = [
        {**one, "state": state}
        for state in ("closed", "delisted")
        for one in [
            {
                "site": "a", "when": "1", "round": 1, "value": None, "unit": "", "precision": "", "text_en": "",
                "text_fr": "", "event": "", "source": "s", "first": pd.Timestamp(2020, 1, 10),
                "last": pd.Timestamp(2020, 1, 10),
            }
        ]
    ]  # fmt: skip
    on = date(2020, 1, 20)
    assert said(states, on) == last_of(states, on) == {"a": ("1", "delisted", None)}
    right = site_slots.order_of
    monkeypatch.setattr(
        site_slots,
        "order_of",
        lambda state, first, last: (*right(state, first, last)[:2], state == "closed", 0),
    )
    assert said(states, on) != last_of(states, on)

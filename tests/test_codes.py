"""Beside its words, the file of a map has codes and plain numbers: those of the store, none where there is none."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from data.store import Store
from exports.codes import AREA, OTHERS, PLACE, coded
from exports.csv_file import cell
from pages.map_file import map_file
from pages.map_record import MapPage
from tests.test_map_page import page_of


def blocks(page: MapPage) -> list[pd.DataFrame]:
    """The tables of the file, all cells as they are written."""
    rows = [row for row in csv.reader(io.StringIO(map_file(page))) if not (row and row[0].startswith("# "))]
    ends = [-1, *(nth for nth, row in enumerate(rows) if not row), len(rows)]
    tables = [rows[first + 1 : last] for first, last in pairwise(ends)]
    return [pd.DataFrame(table[1:], columns=table[0]) for table in tables]


def wanted(table: pd.DataFrame, columns: Any) -> list[list[str]]:
    """What a reader of the store would write, cell by cell."""

    def said(one: Any, head: str) -> str:
        if one is None or pd.isna(one):
            return ""
        if isinstance(one, pd.Timestamp):
            return one.date().isoformat()
        if head in {"lat", "lon"}:
            one = round(one, 3)
        if head == "measure_value":
            one = float(f"{one:.4g}")
        if isinstance(one, float):
            return str(int(one)) if one == int(one) else repr(one)
        return str(one)

    rows = table.to_dict("records")
    return [[said(row.get(name), head) for head, name in columns.items()] for row in rows]


@pytest.mark.parametrize(
    "search",
    ["?op=hti-eq2010", "?op=xtr-mt&round=10&types=camp", "?op=xtr-mt&round=10&states=withheld"],
)
def test_each_site_has_the_codes_of_the_store(store: Store, search: str) -> None:
    """All sites kept, in order; control: with one value of the store changed, the file is another one."""
    page = page_of(store, search)
    (written, *_) = blocks(page)
    index = page.ordered(page.kept, page.settings.sort, 1, int(page.kept.sum()))
    table = pd.DataFrame(page.rows(index).table)
    assert written[list(PLACE)].to_numpy().tolist() == wanted(table, PLACE)
    assert len(written) == page.kept.sum() > 0
    other = table.assign(value=table["value"].fillna(-1) + 1)
    assert written[list(PLACE)].to_numpy().tolist() != wanted(other, PLACE)


def test_what_is_withheld_or_not_found_has_no_number(store: Store) -> None:
    """An empty cell is not zero: a counted zero is written, every other state without a count is empty."""
    (every, *_) = blocks(page_of(store, "?op=xtr-mt&round=12"))
    by_state = {str(state): set(cells) for state, cells in every.groupby("state_code")["value"]}
    assert {state for state, cells in by_state.items() if cells == {""}} == {
        "closed", "delisted", "no_data", "not_assessed", "withheld",
    }  # fmt: skip
    assert by_state["counted_zero"] == {"0"}
    assert not by_state["counted"] & {"", "0"}


@pytest.mark.parametrize(
    ("search", "columns"),
    [
        ("?op=xtr-mt&round=10&measure=rate&layers=areas,sites&level=adm1", AREA),
        ("?op=xtr-fm&layers=flow_points", OTHERS["flow_points"]),
        ("?op=xtr-bc", OTHERS["border_posts"]),
        ("?op=xtr-mt&round=10&types=camp&layers=sites,incidents", OTHERS["incidents"]),
    ],
)
def test_other_places_and_areas_have_theirs(store: Store, search: str, columns: dict[str, str]) -> None:
    """One row of codes for each, an allegation with its code; control: no block has the codes of another."""
    page = page_of(store, search)
    holds = {id(AREA): "areas", **{id(one): name for name, one in OTHERS.items()}}[id(columns)]
    table = pd.DataFrame(page.snapshots[holds].table)
    written = [one for one in blocks(page) if set(columns) <= set(one.columns)]
    assert [one[list(columns)].to_numpy().tolist() for one in written] == [wanted(table, columns)]
    assert len(table) > 0
    if holds == "incidents":
        assert "alleged" in set(written[0]["claim_code"])


def test_a_number_below_zero_stays_a_number() -> None:
    """A longitude is no formula to be guarded; control: the same as text is guarded."""
    made = coded(
        pd.DataFrame({"lat": [-20.38912], "lon": [float("nan")]}),
        {"lat": "lat", "lon": "lon", "none": "none"},
    )
    assert [cell(one) for one in made.iloc[0]] == ["-20.389", "", ""]
    assert cell("-20.389") == "'-20.389"

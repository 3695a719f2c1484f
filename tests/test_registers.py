"""A register is taken whole or not at all, and every bad cell is named with its place and its fix."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BadCell, TableError
from data.schema import TABLES, Column, Kind, Table
from data.sources.embedded import Register, registers
from data.tables.embedded import join
from data.tables.registers import parse_register, read_register

Cells = dict[str, str]

SITE: Cells = {
    "key": "canaan", "operation": "examplia", "name": "Canaan", "layer": "register", "lon": "-72.3", "lat": "18.6",
    "accuracy_m": "50", "source": "report",
}  # fmt: skip
OBSERVATION: Cells = {
    "id": "people-r16-first", "operation": "examplia", "indicator": "people", "round": "16", "period": "2013-09-30",
    "value": "171974", "precision": "exact", "obs_status": "A", "conf_status": "F", "state": "counted",
    "vintage": "first", "kind": "published", "source": "report", "known_by": "2013-10-31",
}  # fmt: skip
EVENT: Cells = {
    "key": "delisting", "operation": "examplia", "indicators": "people", "kind": "delisting", "when": "2013-09-30",
    "first_round": "16", "breaks": "yes", "claim": "published", "headline_en": "a", "headline_fr": "b", "text_en": "a",
    "text_fr": "b", "source": "report",
}  # fmt: skip


def written(table: Table, *rows: Cells, columns: tuple[str, ...] | None = None) -> str:
    """The text of a register."""
    names = table.names() if columns is None else columns
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue()


def bad_cells(table: Table, text: str) -> tuple[BadCell, ...]:
    """What is wrong with a register."""
    with pytest.raises(TableError) as caught:
        parse_register(text, table, file=f"{table.name}.csv")
    for cell in caught.value.cells:
        assert f"{table.name}.csv, row {cell.row}, column '{cell.column}': found " in str(caught.value)
        assert cell.expected
        assert cell.fix
    return caught.value.cells


def test_a_good_register_is_taken_as_it_is() -> None:
    """Control of all below: numbers are numbers, empty is missing and never 0, text stays text."""
    frame = parse_register(
        written(TABLES["sites"], SITE, SITE | {"key": "b", "lon": "", "lat": ""}), TABLES["sites"], file="x"
    )
    assert frame["lat"].tolist()[0] == 18.6
    assert frame["lat"].isna().tolist() == [False, True]
    assert frame["commune"].tolist() == ["", ""]
    assert tuple(frame.columns) == TABLES["sites"].names()


ONE_BAD = [
    pytest.param("sites", {"lat": "133.7"}, "lat", id="lat-beyond"),
    pytest.param("sites", {"lon": "-180.1"}, "lon", id="lon-beyond"),
    pytest.param("sites", {"lat": "18,6"}, "lat", id="decimal-comma"),
    pytest.param("sites", {"lat": "nan"}, "lat", id="nan"),
    pytest.param("sites", {"lat": "inf"}, "lat", id="infinite"),
    pytest.param("sites", {"accuracy_m": "1_000"}, "accuracy_m", id="underscore"),
    pytest.param("sites", {"accuracy_m": "1 000"}, "accuracy_m", id="thousands"),
    pytest.param("sites", {"accuracy_m": "-1"}, "accuracy_m", id="negative"),
    pytest.param("sites", {"accuracy_m": "1e999"}, "accuracy_m", id="too-large"),
    pytest.param("sites", {"layer": "rumour"}, "layer", id="unknown-code"),
    pytest.param("sites", {"layer": "Register"}, "layer", id="code-in-capitals"),
    pytest.param("sites", {"key": "Canaan 1"}, "key", id="malformed-key"),
    pytest.param("sites", {"name": "  "}, "name", id="required-and-empty"),
    pytest.param("observations", {"round": "16.0"}, "round", id="round-with-decimals"),
    pytest.param("observations", {"round": "١٦"}, "round", id="other-digits"),
    pytest.param("observations", {"round": "9" * 30}, "round", id="beyond-integers"),
    pytest.param("observations", {"period": "30/09/2013"}, "period", id="bad-date"),
    pytest.param("observations", {"period": "2013-09-31"}, "period", id="no-such-day"),
    pytest.param("observations", {"period": "2013-09-30/"}, "period", id="half-a-span"),
    pytest.param("observations", {"known_by": "20131031"}, "known_by", id="day-in-short"),
    pytest.param("observations", {"known_by": "2013-10"}, "known_by", id="month-for-a-day"),
    pytest.param("observations", {"value": ""}, "value", id="counted-without-value"),
    pytest.param("observations", {"state": "delisted"}, "state", id="value-without-count"),
    pytest.param("observations", {"value": "0"}, "state", id="zero-not-said"),
    pytest.param("observations", {"state": "counted_zero"}, "state", id="zero-without-zero"),
    pytest.param("observations", {"lower": "180000"}, "lower, upper", id="interval-beside-its-value"),
    pytest.param("events", {"claim": "alleged"}, "breaks", id="allegation-that-breaks"),
    pytest.param("events", {"breaks": "true"}, "breaks", id="neither-yes-nor-no"),
    pytest.param("events", {"indicators": "people; ;x"}, "indicators", id="empty-name-in-a-list"),
]  # fmt: skip
ROWS = {"sites": SITE, "observations": OBSERVATION, "events": EVENT}


@pytest.mark.parametrize(("table", "change", "column"), ONE_BAD)
def test_one_bad_cell_is_named(table: str, change: Cells, column: str) -> None:
    """The cell is named with its line in the file; without the change the row is taken."""
    good = ROWS[table]
    first = next(iter(TABLES[table].unique))
    other = good | {first: "another"}
    assert len(parse_register(written(TABLES[table], good, other), TABLES[table], file="x")) == 2
    (cell,) = bad_cells(TABLES[table], written(TABLES[table], other, good | change))
    assert (cell.row, cell.column) == (3, column)


def test_a_latitude_beyond_the_pole_asks_whether_it_was_swapped() -> None:
    """The message is the one a person can mend by."""
    (cell,) = bad_cells(TABLES["sites"], written(TABLES["sites"], SITE | {"lat": "133.7"}))
    assert str(cell) == (
        "row 2, column 'lat': found '133.7', expected degrees north from -90 to 90. Are lat and lon swapped?"
    )


Check = Callable[[str, Table], list[tuple[int, str]]]


def places(text: str, table: Table) -> list[tuple[int, str]]:
    """Row and column of every bad cell, as reported at once."""
    return [(cell.row, cell.column) for cell in bad_cells(table, text)]


def test_all_bad_cells_are_named_at_once() -> None:
    """Columns missing or unknown, codes, numbers, empty cells and repeated keys: one error names all of them."""
    table = TABLES["sites"]
    columns = (*(name for name in table.names() if name != "accuracy_m"), "phone")
    text = written(
        table,
        SITE | {"lat": "133.7"},
        SITE | {"layer": "rumour", "lon": "west"},
        SITE | {"key": "b", "source": ""},
        columns=columns,
    )
    wanted = {
        (1, "accuracy_m"),
        (1, "phone"),
        (2, "lat"),
        (3, "layer"),
        (3, "lon"),
        (3, "key"),
        (4, "source"),
    }

    def first_only(text: str, table: Table) -> list[tuple[int, str]]:
        return places(text, table)[:1]

    def missed(check: Check) -> set[tuple[int, str]]:
        return wanted ^ set(check(text, table))

    assert missed(places) == set()
    assert missed(first_only)  # control: a check that stops at the first fault is found


def test_a_header_said_twice_and_an_empty_file_are_refused() -> None:
    """A file without rows of the table is no register of it."""
    table = TABLES["effects"]
    assert {c.column for c in bad_cells(table, "")} == set(table.names())
    doubled = bad_cells(table, written(table, columns=(*table.names(), "value")))
    assert [(c.row, c.column, c.found) for c in doubled] == [(1, "value", "twice")]


def test_rows_of_another_length_and_open_quotes_are_named() -> None:
    """A comma without quotes, an empty line amid the rows, a quote that is never closed."""
    table = TABLES["effects"]
    header = ",".join(table.names())
    assert places(f"{header}\na,b,1\n", table) == [(2, "(row)")]
    assert places(f"{header}\n\na,people,1,individuals,exact,,\n", table) == [(2, "(row)")]
    assert places(f'{header}\na,people,1,individuals,exact,"open,\n', table) == [(2, "(row)")]
    assert len(parse_register(f"{header}\na,people,1,individuals,exact,,\n,,,,,,\n\n", table, file="x")) == 1


def test_a_cell_beyond_what_csv_bears_is_a_bad_cell() -> None:
    """A file that is not CSV at all gives the same kind of error."""
    table = TABLES["effects"]
    assert places(",".join(table.names()) + "\n" + "x" * 200_000 + ",b,1,individuals,exact,,\n", table) == [
        (2, "(row)")
    ]


@given(st.text(max_size=80))
def test_no_text_gives_another_error(text: str) -> None:
    """Any text is a register or a TableError."""
    try:
        parse_register(text, TABLES["effects"], file="x")
        parse_register(",".join(TABLES["effects"].names()) + "\n" + text, TABLES["effects"], file="x")
    except TableError:
        return


# Without a carriage return: outside quotes it ends a row.
CELLS = st.text(max_size=12).filter(lambda cell: "\r" not in cell) | st.sampled_from(
    ["1", "-5", "2013-09", "yes", "people", "nan", "1e9", "F"]
)


@given(st.sampled_from([c for table in TABLES.values() for c in table.columns]), CELLS)
def test_no_cell_gives_another_error(column: Column, cell: str) -> None:
    """Any cell of any column is taken or named."""
    table = Table(name="one", columns=(column,), unique=(column.name,), about="one column")
    try:
        frame = parse_register(written(table, {column.name: cell}), table, file="x")
    except TableError:
        return
    assert len(frame) == bool(cell.strip())
    if column.kind is Kind.NUMBER and len(frame):
        assert bool(pd.isna(frame[column.name].iloc[0])) is False


# Files


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """A file that a spreadsheet saved as CSV UTF-8 is read."""
    path = tmp_path / "sites.csv"
    path.write_bytes(written(TABLES["sites"], SITE).encode("utf-8-sig"))
    assert read_register(path, TABLES["sites"])["key"].tolist() == ["canaan"]


def test_other_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    """Latin-1 is not guessed: the line of the first bad byte is named. Control: the same text in UTF-8 is read."""
    text = written(TABLES["sites"], SITE, SITE | {"key": "b", "name": "Jérusalem"})
    path = tmp_path / "sites.csv"
    path.write_text(text, encoding="utf-8")
    assert len(read_register(path, TABLES["sites"])) == 2
    path.write_text(text, encoding="latin-1")
    with pytest.raises(TableError) as caught:
        read_register(path, TABLES["sites"])
    assert [(c.row, c.found) for c in caught.value.cells] == [(3, b"\xe9")]
    assert "UTF-8" in str(caught.value)


def test_a_bad_register_names_its_group(tmp_path: Path) -> None:
    """Several groups have a file of one name: the error says which one."""
    (tmp_path / "examplia").mkdir()
    (tmp_path / "examplia" / "sites.csv").write_text(
        written(TABLES["sites"], SITE | {"lat": "133.7"}), encoding="utf-8"
    )
    with pytest.raises(TableError) as caught:
        list(registers(tmp_path))
    assert caught.value.file == "examplia/sites.csv"
    (tmp_path / "examplia" / "rumours.csv").write_text("", encoding="utf-8")
    (tmp_path / "examplia" / "sites.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"rumours\.csv is not a register"):
        list(registers(tmp_path))


# Over groups


def register(group: str, table: str, *rows: Cells) -> Register:
    """A register of one group, checked."""
    file = f"{group}/{table}.csv"
    return Register(
        file, TABLES[table], parse_register(written(TABLES[table], *rows), TABLES[table], file=file)
    )


def source(key: str) -> Cells:
    """A row of sources."""
    return {"key": key, "title": key, "publisher": "x", "read_as_en": "x", "read_as_fr": "x", "licence": "x"}


def operation(key: str, lead: str = "") -> Cells:
    """A row of operations."""
    return {
        "key": key, "iso3": "XXA", "country_en": "x", "country_fr": "x", "title_en": "x", "title_fr": "x",
        "component": "survey", "population": "idps", "producer": "x", "credit": "x", "licence": "x",
        "sensitivity": "public", "synthetic": "yes", "best_page": "map", "lead_indicator": lead,
    }  # fmt: skip


def whole(*more: Register) -> list[Register]:
    """Two operations with their sources, and more."""
    return [
        register("a", "sources", source("report")),
        register("a", "operations", operation("examplia")),
        register("b", "operations", operation("elsewhere")),
        *more,
    ]


def test_groups_are_joined() -> None:
    """Control of the refusals below: sound groups become one frame a table, absent tables empty ones."""
    joined = join(
        whole(
            register("a", "sites", SITE),
            register("b", "sites", SITE | {"key": "b", "operation": "elsewhere"}),
        )
    )
    assert joined["sites"]["key"].tolist() == ["canaan", "b"]
    assert joined["events"].empty
    assert set(joined) == set(TABLES)


def test_a_reference_to_nothing_is_refused() -> None:
    """Every dangling reference of a file is named, across all groups."""
    with pytest.raises(TableError) as caught:
        join(whole(register("b", "sites", SITE | {"source": "rumour", "operation": "nowhere"})))
    assert caught.value.file == "b/sites.csv"
    assert {(c.row, c.column, c.found) for c in caught.value.cells} == {
        (2, "operation", "nowhere"),
        (2, "source", "rumour"),
    }


def test_the_lead_of_an_operation_must_be_held() -> None:
    """An operation that opens with an indicator that is not there would close its page."""
    with pytest.raises(TableError, match="lead_indicator"):
        join([register("a", "operations", operation("examplia", lead="people"))])


def test_a_key_of_another_group_is_not_used_again() -> None:
    """Each repeated key is named with where it was first."""
    twice = [SITE, SITE | {"key": "b"}]
    with pytest.raises(TableError) as caught:
        join(whole(register("a", "sites", *twice), register("b", "sites", *twice)))
    assert caught.value.file == "b/sites.csv"
    assert [(c.row, c.found) for c in caught.value.cells] == [(2, "canaan"), (3, "b")]
    assert "a/sites.csv, row 2" in str(caught.value)


def test_a_thing_of_another_operation_is_not_taken() -> None:
    """A state or event that names another operation's site would be stored and never shown."""
    event = EVENT | {"operation": "elsewhere", "indicators": "", "sites": "canaan"}
    with pytest.raises(TableError, match="It is of 'examplia'"):
        join(whole(register("a", "sites", SITE), register("b", "events", event)))
    join(whole(register("a", "sites", SITE), register("b", "events", event | {"operation": "examplia"})))


@pytest.mark.parametrize("table", ["events", "caveats"])
def test_an_area_that_no_boundaries_hold_is_refused(table: str) -> None:
    """Each code, a country's too, is named with what to do; controls: a code of the places, and of the borders."""
    place = {
        "pcode": "XA01",
        "name": "x",
        "level": "adm1",
        "parent": "XXA",
        "iso3": "XXA",
        "source": "report",
    }
    row = EVENT | {"indicators": "", "title_en": "a", "title_fr": "b", "areas": "XA01;HT01; XA02;XXA"}

    def given(areas: str, iso3: str = "XXA") -> list[Register]:
        cells = {
            name: cell for name, cell in (row | {"areas": areas}).items() if name in TABLES[table].names()
        }
        return [
            register("a", "sources", source("report")), register("a", "places", place),
            register("a", "operations", operation("examplia") | {"iso3": iso3}), register("a", table, cells),
        ]  # fmt: skip

    with pytest.raises(TableError, match=rf"a/{table}\.csv, row 2, column 'areas': found 'HT01'") as caught:
        join(given(row["areas"]))
    assert {(c.row, c.column) for c in caught.value.cells} == {(2, "areas")}
    assert [c.found for c in caught.value.cells] == ["HT01", "XA02", "XXA"]
    assert all("XXA" in c.expected and c.fix for c in caught.value.cells)
    assert join(given("XA01"))[table]["areas"].tolist() == ["XA01"]
    assert join(given("XA01; HT01", "XXA;HTI"))[table]["areas"].tolist() == ["XA01;HT01"]
    (cell,) = bad_cells(TABLES[table], written(TABLES[table], row | {"areas": "Delmas 33"}))
    assert (cell.column, cell.found) == ("areas", "Delmas 33")


@pytest.mark.parametrize("table", list(TABLES))
def test_the_schema_refers_to_what_exists(table: str) -> None:
    """Every reference names a column, every code column its list, every unique column is there."""
    for column in TABLES[table].columns:
        if column.refers_to:
            other, _, name = column.refers_to.partition(".")
            assert name in TABLES[other].names()
        assert (column.kind is Kind.CODE) is (column.codes is not None)
    assert set(TABLES[table].unique) <= set(TABLES[table].names())

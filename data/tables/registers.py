"""Registers (CSV) to checked frames: all bad cells of a file at once, with row, column and fix."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from data.dates import DateSpan
from data.errors import BadCell, TableError
from data.schema import Column, Kind, Table
from data.tables.rows import contradictions

_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_AREA = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_INTEGER = re.compile(r"[+-]?[0-9]+")  # Python itself would also take 1_000 and digits of other scripts
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES_NO = {"yes": True, "no": False}


def read_register(path: Path, table: Table) -> pd.DataFrame:
    """Read one register and check every cell.

    Parameters
    ----------
    path : Path
        UTF-8 CSV, first line the column names of `table`, in any order.
    table : Table
        What the columns are.

    Returns
    -------
    pd.DataFrame
        One row a line: the row at position 0 is line 2 of the file. Text columns hold "" where the cell is
        empty, numbers and integers are nullable (missing is <NA>, never 0), dates stay text of the form that
        `DateSpan.parse` reads, yes/no is bool.

    Raises
    ------
    TableError
        With every bad cell: missing or unknown columns, unknown codes, malformed numbers, dates and keys,
        missing required cells, rows that repeat a key or contradict themselves.
    """
    text = text_of(path.read_bytes(), file=path.name)
    return parse_register(text, table, file=path.name)


def text_of(raw: bytes, *, file: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises
    ------
    TableError
        With the line of the first byte that is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        cell = BadCell(
            row=raw[: problem.start].count(b"\n") + 1,
            column="(file)",
            found=raw[problem.start : problem.end],
            expected="UTF-8 text",
            fix="Save the file as CSV UTF-8.",
        )
        raise TableError(file, [cell]) from problem


def parse_register(text: str, table: Table, *, file: str) -> pd.DataFrame:
    """Check the text of a register; see `read_register`."""
    rows = csv_rows(text, file)
    header = [name.strip() for name in rows[0]] if rows else []
    bad = _bad_header(header, table)
    held = [
        column for column in table.columns if column.name in header
    ]  # their cells are checked in any case
    columns: dict[str, list[Any]] = {column.name: [] for column in held}
    seen: dict[tuple[object, ...], int] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            bad.append(
                BadCell(
                    row=line, column="(row)", found="an empty line", expected="a row", fix="Remove the line."
                )
            )
            continue
        if len(row) != len(header):
            bad.append(
                BadCell(
                    row=line,
                    column="(row)",
                    found=f"{len(row)} cells",
                    expected=f"{len(header)} cells",
                    fix="Put cells that hold a comma in quotes, or add the missing ones.",
                )
            )
            continue
        checked = {
            column.name: _cell(row[header.index(column.name)].strip(), column, line) for column in held
        }
        problems = [problem for _, problem in checked.values() if problem]
        cells = {name: value for name, (value, _) in checked.items()}
        bad += problems
        if not problems and len(held) == len(table.columns):
            bad += contradictions(table, cells, line)
        for name, value in cells.items():
            columns[name].append(value)
        if any(name not in cells or (name in cells and checked[name][1]) for name in table.unique):
            continue
        key = tuple(cells[name] for name in table.unique)
        if key in seen:
            bad.append(
                BadCell(
                    row=line,
                    column=", ".join(table.unique),
                    found=" / ".join(map(str, key)),
                    expected="a value of its own",
                    fix=f"Row {seen[key]} has the same: keep one of them.",
                )
            )
        seen.setdefault(key, line)
    if bad:
        raise TableError(file, bad)
    # A column at a time: a frame of plain objects, made into types afterwards, takes three times as long.
    return pd.DataFrame({c.name: pd.array(columns[c.name], dtype=_DTYPES[c.kind]) for c in table.columns})


def csv_rows(text: str, file: str) -> list[list[str]]:
    """The cells of a CSV text, line by line; the empty lines at its end are left out.

    Raises
    ------
    TableError
        If a quote does not close, or stands where none may.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as problem:
        cell = BadCell(
            row=len(rows) + 1,
            column="(row)",
            found=str(problem),
            expected="cells in CSV form",
            fix="Close every quote, and write a quote within a cell twice.",
        )
        raise TableError(file, [cell]) from problem
    while rows and not any(cell.strip() for cell in rows[-1]):  # spreadsheets leave empty lines at the end
        rows.pop()
    return rows


def _bad_header(header: Sequence[str], table: Table) -> list[BadCell]:
    bad = [
        BadCell(
            row=1, column=name, found="no such column", expected="the column", fix="Add it, in any place."
        )
        for name in table.names()
        if name not in header
    ]
    bad += [
        BadCell(
            row=1,
            column=name,
            found=name,
            expected=f"only columns of the table '{table.name}'",
            fix="Remove the column, or correct its name.",
        )
        for name in header
        if name not in table.names()
    ]
    bad += [
        BadCell(row=1, column=name, found="twice", expected="once", fix="Remove one of the two.")
        for name in sorted({n for n in header if header.count(n) > 1})
    ]
    return bad


def _cell(text: str, column: Column, line: int) -> tuple[object, BadCell | None]:
    """The value of a cell, and what is wrong with it."""

    def wrong(expected: str, fix: str) -> tuple[None, BadCell]:
        return None, BadCell(row=line, column=column.name, found=text, expected=expected, fix=fix)

    if not text:
        if column.required:
            return wrong("a value", "Fill the cell; this column may not be empty.")
        return _EMPTY[column.kind], None
    if column.codes is not None:
        members = [member.value for member in column.codes]
        return (
            (text, None)
            if text in members
            else wrong(f"one of {', '.join(members)}", "Use one of these codes.")
        )
    try:
        value = _PARSERS[column.kind](text)
    except ValueError:
        return wrong(_EXPECTED[column.kind], "Correct the cell.")
    beyond = _beyond(value, column)
    return wrong(*beyond) if beyond else (value, None)


def _beyond(value: object, column: Column) -> tuple[str, str] | None:
    """What was expected of a number outside its bounds, and the fix."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if low <= value <= high:
        return None
    if math.isinf(high):
        expected = f"at least {low:g}"
    elif math.isinf(low):
        expected = f"at most {high:g}"
    else:
        expected = f"{column.unit or 'a number'} from {low:g} to {high:g}"
    return expected, "Are lat and lon swapped?" if column.name in {"lat", "lon"} else "Correct the number."


def _matched(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise ValueError(text)
    return text


def _integer(text: str) -> int:
    value = int(_matched(_INTEGER, text))
    if abs(value) >= 2**63:  # what a column of the store can hold
        raise ValueError(text)
    return value


def _number(text: str) -> float:
    value = float(_matched(_NUMBER, text))
    if math.isinf(value):
        raise ValueError(text)
    return value


def _key_text(text: str) -> str:
    return _matched(_KEY, text)


def _keys_text(text: str) -> str:
    return ";".join(_key_text(part.strip()) for part in text.split(";"))


def _areas_text(text: str) -> str:
    return ";".join(_matched(_AREA, part.strip()) for part in text.split(";"))


def _date_text(text: str) -> str:
    DateSpan.parse(text)
    return text


def _day_text(text: str) -> str:
    return date.fromisoformat(_matched(_DAY, text)).isoformat()


def _yes_no(text: str) -> bool:
    if text not in _YES_NO:
        raise ValueError(text)
    return _YES_NO[text]


_PARSERS: Mapping[Kind, Callable[[str], object]] = {
    Kind.TEXT: str,
    Kind.KEY: _key_text,
    Kind.KEYS: _keys_text,
    Kind.AREAS: _areas_text,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.DATE: _date_text,
    Kind.DAY: _day_text,
    Kind.YES_NO: _yes_no,
}
_EXPECTED: Mapping[Kind, str] = {
    Kind.KEY: "a short name of a-z, 0-9 and hyphens",
    Kind.KEYS: "short names with ';' between",
    Kind.AREAS: "codes of areas with ';' between",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number with a point for decimals and no thousands separators",
    Kind.DATE: "a date such as 2013, 2013-09, 2013-09-30 or 2013-07-01/2013-09-30",
    Kind.DAY: "a day such as 2013-09-30",
    Kind.YES_NO: "yes or no",
}
_EMPTY: Mapping[Kind, object] = {
    Kind.TEXT: "",
    Kind.KEY: "",
    Kind.KEYS: "",
    Kind.AREAS: "",
    Kind.CODE: "",
    Kind.DATE: "",
    Kind.DAY: "",
    Kind.INTEGER: pd.NA,
    Kind.NUMBER: pd.NA,
    Kind.YES_NO: False,
}
_DTYPES: Mapping[Kind, Any] = {  # made once: a name is looked up again for every column
    kind: pd.api.types.pandas_dtype(name)
    for kind, name in {
        Kind.TEXT: "str",
        Kind.KEY: "str",
        Kind.KEYS: "str",
        Kind.AREAS: "str",
        Kind.CODE: "str",
        Kind.DATE: "str",
        Kind.DAY: "str",
        Kind.INTEGER: "Int64",
        Kind.NUMBER: "Float64",
        Kind.YES_NO: "boolean",
    }.items()
}

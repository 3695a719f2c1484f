"""Columns to tables that satisfy their `data.schema.Table`, by columns and not by rows, for millions of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from data.schema import Column, Kind, Table

TEXT = pa.large_string()  # as pandas keeps its texts
_TYPES: Mapping[Kind, Any] = {Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64(), Kind.YES_NO: pa.bool_()}
_EMPTY: Mapping[Kind, object] = {Kind.INTEGER: None, Kind.NUMBER: None, Kind.YES_NO: False}


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of few texts: `names[index]`."""

    names: Sequence[str]
    index: npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """A column of numbers, missing where `known` is False."""

    values: npt.NDArray[Any]
    known: npt.NDArray[np.bool_]


def joined(*parts: str | Labels | pa.Array) -> pa.Array:
    """A column of texts put together from parts: fixed texts, labels, other columns."""
    import pyarrow.compute as pc

    arrays = [
        _labels(part)
        if isinstance(part, Labels)
        else (pa.scalar(part, TEXT) if isinstance(part, str) else part)
        for part in parts
    ]
    return pc.binary_join_element_wise(*arrays, pa.scalar("", TEXT))


def table_of(table: Table, count: int, columns: Mapping[str, object]) -> pa.Table:
    """`columns` as the whole of `table`, in its order and types; a column that is not given is empty.

    Parameters
    ----------
    table : Table
        What the columns are.
    count : int
        Rows.
    columns : mapping
        A scalar, an array, `Labels` or `Gaps` by name.

    Raises
    ------
    ValueError
        If a column is not one of the table, or has another length.
    """
    unknown = [name for name in columns if name not in table.names()]
    if unknown:
        raise ValueError(f"The table '{table.name}' has no column {', '.join(unknown)}.")
    arrays = []
    for column in table.columns:
        array = _array(column, count, columns.get(column.name, _EMPTY.get(column.kind, "")))
        if len(array) != count:
            raise ValueError(f"Column '{column.name}' of '{table.name}' has {len(array)} rows, not {count}.")
        arrays.append(array)
    return pa.table(arrays, names=list(table.names()))


def frame_of(rows: pa.Table) -> pd.DataFrame:
    """The rows with the types that `read_register` gives: str, Int64, Float64 and boolean."""
    kinds = {
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        TEXT: pd.StringDtype(na_value=np.nan),
    }
    frame: pd.DataFrame = rows.to_pandas(types_mapper=kinds.get)
    return frame


def records(table: Table, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """A small table from one mapping a row; a cell that is not given is empty."""
    columns = {
        column.name: [row.get(column.name, _EMPTY.get(column.kind, "")) for row in rows]
        for column in table.columns
    }
    strange = sorted({name for row in rows for name in row} - set(columns))
    if strange:
        raise ValueError(f"The table '{table.name}' has no column {', '.join(strange)}.")
    return frame_of(table_of(table, len(rows), columns))


def _array(column: Column, count: int, given: object) -> pa.Array:
    kind = _TYPES.get(column.kind, TEXT)
    if isinstance(given, Labels):
        return _labels(given)
    if isinstance(given, Gaps):
        return pa.array(given.values, mask=~given.known).cast(kind)
    if isinstance(given, pa.Array | pa.ChunkedArray):
        return given
    if isinstance(given, np.ndarray):
        return pa.array(given.tolist() if given.dtype == object else given).cast(kind)
    if isinstance(given, list | tuple):
        return pa.array([None if v is None else _plain(v, column.kind) for v in given], type=kind)
    return (
        pa.nulls(count, kind)
        if given is None
        else pa.repeat(pa.scalar(_plain(given, column.kind), type=kind), count)
    )


def _plain(value: object, kind: Kind) -> object:
    if kind is Kind.NUMBER:
        return float(value)  # type: ignore[arg-type]  # a number column is given numbers
    if kind in _TYPES:
        return value
    return str(value)


def _labels(column: Labels) -> pa.Array:
    return pa.array(list(column.names), type=TEXT).take(pa.array(column.index))

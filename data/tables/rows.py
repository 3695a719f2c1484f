"""What the cells of one row say of each other: a row that contradicts itself is refused before it is stored.

`data.model` refuses the same when a figure is made. Found only there, one bad row of a published release
would close every page that shows its figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from data.codes import ClaimStatus, State
from data.errors import BadCell
from data.schema import Table


def contradictions(table: Table, cells: Mapping[str, object], line: int) -> Iterator[BadCell]:
    """What is wrong between the checked cells of a row; nothing for tables without such a rule."""
    if table.name == "observations":
        yield from _state_and_value(cells, line)
        yield from _interval(cells, line)
    elif table.name == "events":
        yield from _cut(cells, line)
    elif table.name == "incidents":
        yield from _together(cells, line)


def _state_and_value(cells: Mapping[str, object], line: int) -> Iterator[BadCell]:
    state, value = State(str(cells["state"])), cells["value"]
    counted = state in (State.COUNTED, State.COUNTED_ZERO)
    if pd.isna(value):  # type: ignore[call-overload]  # a cell is a scalar
        if counted:
            yield BadCell(
                row=line,
                column="value",
                found="",
                expected=f"a value, as the state is '{state}'",
                fix="Fill the cell, or say in 'state' why there is none.",
            )
    elif not counted:
        yield BadCell(
            row=line,
            column="state",
            found=state.value,
            expected="counted, as there is a value",
            fix="Correct the state, or empty the value.",
        )
    elif (value == 0) != (state is State.COUNTED_ZERO):
        yield BadCell(
            row=line,
            column="state",
            found=state.value,
            expected="counted_zero for 0 and for nothing else",
            fix="Correct the state or the value.",
        )


def _interval(cells: Mapping[str, object], line: int) -> Iterator[BadCell]:
    ends = [cells["lower"], cells["value"], cells["upper"]]
    numbers = [float(str(end)) for end in ends if isinstance(end, float)]
    if numbers != sorted(numbers):
        yield BadCell(
            row=line,
            column="lower, upper",
            found=" / ".join(map(str, ends)),
            expected="lower, value and upper in order",
            fix="Correct the ends of the interval.",
        )


def _cut(cells: Mapping[str, object], line: int) -> Iterator[BadCell]:
    if cells["breaks"] and cells["claim"] != ClaimStatus.PUBLISHED:
        yield BadCell(
            row=line,
            column="breaks",
            found="yes",
            expected=f"no, as the claim is '{cells['claim']}'",
            fix="Only what is published may cut a line: correct 'claim' or 'breaks'.",
        )


def _together(cells: Mapping[str, object], line: int) -> Iterator[BadCell]:
    """Cells of an incident that need each other: a place has both degrees, a number says how it was printed."""
    pairs = (
        ("lon", "lat"),
        ("accuracy_m", "lon"),
        ("value", "precision"),
        ("precision", "value"),
        ("lat", "lon"),
    )
    for one, other in pairs:
        if not _empty(cells[one]) and _empty(cells[other]):
            yield BadCell(
                row=line,
                column=other,
                found="",
                expected=f"a cell, as '{one}' has one",
                fix=f"Fill it, or empty '{one}'.",
            )


def _empty(cell: object) -> bool:
    return cell == "" if isinstance(cell, str) else bool(pd.isna(cell))  # type: ignore[call-overload]  # a cell is a scalar

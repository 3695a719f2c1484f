"""The table that the benchmarks print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured thing against its bar; smaller is better."""

    what: str
    measured: float
    bar: float
    unit: str

    @property
    def held(self) -> bool:
        """Whether the measured value is at most the bar."""
        return self.measured <= self.bar


def printed(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    cells = [("what", "measured", "bar", "unit", "")]
    cells += [
        (r.what, f"{r.measured:,.2f}", f"{r.bar:,.2f}", r.unit, "held" if r.held else "NOT HELD")
        for r in rows
    ]
    widths = [max(len(row[i]) for row in cells) for i in range(5)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:<{widths[3]}}  {row[4]}"
        for row in cells
    )

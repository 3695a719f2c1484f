"""Which areas a country has by code, in any version of its boundaries: what an entry can say that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import pandas as pd

from data.errors import BadCell
from data.store import Release

LISTED, DRAWN = ("places",), ("boundaries/adm1", "areas")  # tables with a code alone, and with an outline
Held = Mapping[str, Mapping[str, str]]  # country -> code -> name


def by_country(tables: Sequence[pd.DataFrame]) -> Held:
    """The areas below each country, of tables with `iso3`, `name` and `pcode`.

    In the embedded borders an area goes by its P-code or, without one, by the code that it has there.
    """
    found: dict[str, dict[str, str]] = {}
    for table in tables:
        codes = (
            table["pcode"].where(table["pcode"].notna(), table["code"]) if "code" in table else table["pcode"]
        )
        for iso3, code, name in zip(table["iso3"], codes, table["name"], strict=True):
            if code != iso3:
                found.setdefault(str(iso3), {})[str(code)] = str(name)
    return found


@lru_cache(maxsize=16)  # a release never changes
def areas_held(release: Release, tables: tuple[str, ...] = (*LISTED, *DRAWN)) -> Held:
    """The areas of every country of a release, or those of some of its tables."""
    return by_country([release.frame(name) for name in tables if name in release.resources])


def unheld(cell: str, countries: Sequence[str], held: Held, row: int) -> Iterator[BadCell]:
    """Codes of a cell `areas` that no version of the boundaries of these countries holds."""
    for code in filter(None, (part.strip() for part in cell.split(";"))):
        if not any(code in held.get(iso3, {}) for iso3 in countries):
            yield BadCell(
                row=row, column="areas", found=code,
                expected=f"the code of an area of {', '.join(countries)} in any version of its boundaries",
                fix="Correct the code, or leave the cell empty: then the entry is about no area of its own.",
                rule="area",
            )  # fmt: skip

"""The embedded default: which registers and boundary files it is made of, read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.errors import TableError
from data.schema import TABLES, Table
from data.tables.registers import read_register

EMBEDDED = Path(__file__).parent.parent / "embedded"
BOUNDARIES = ("adm0", "adm1", "disputed")


@dataclass(frozen=True, slots=True)
class Register:
    """One register as read: where it came from and its checked rows."""

    file: str  # "haiti/events.csv"
    table: Table
    rows: pd.DataFrame


def registers(folder: Path = EMBEDDED / "registers") -> Iterator[Register]:
    """Every register of every group, in the order of groups and tables.

    Raises
    ------
    TableError
        If a cell breaks its table's contract; the file is named as "group/table.csv".
    FileNotFoundError
        If a file is not one of the tables.
    """
    for group in sorted(path for path in folder.iterdir() if path.is_dir()):
        for path in sorted(group.glob("*.csv")):
            if path.stem not in TABLES:
                raise FileNotFoundError(
                    f"{group.name}/{path.name} is not a register: the tables are {', '.join(TABLES)}. "
                    "Rename or remove it."
                )
            table = TABLES[path.stem]
            name = f"{group.name}/{path.name}"
            try:
                rows = read_register(path, table)
            except TableError as wrong:
                raise TableError(name, wrong.cells) from None  # several groups have a file of that name
            yield Register(name, table, rows)


def boundaries(name: str) -> gpd.GeoDataFrame:
    """One of the boundary files (`BOUNDARIES`), in EPSG:4326, with its `zoom` bands."""
    return gpd.read_parquet(EMBEDDED / "boundaries" / f"{name}.parquet")


def pcodes() -> pd.DataFrame:
    """The hand-made crosswalk from the boundary file's codes to P-codes, all text."""
    return pd.read_csv(EMBEDDED / "pcodes.csv", dtype="str", keep_default_na=False, encoding="utf-8")

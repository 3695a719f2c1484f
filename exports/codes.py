"""What stands in a file beside its words: codes, plain numbers and ISO days, for a program."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

DEGREES = 3  # decimals of a location, as its words have: more would promise an accuracy that none stated
FIGURES = 4  # of a measure that was computed here
LOCATION = {"lat", "lon"}

# The column of the file and that of the snapshot; `OTHERS` by what the snapshot holds.
PLACE: dict[str, str] = {
    "key": "key", "pcode": "commune_pcode", "state_code": "state", "value": "value", "unit_code": "unit",
    "precision_code": "precision", "age_code": "age", "days": "last_when",
    "lat": "lat", "lon": "lon", "accuracy_m": "accuracy_m",
}  # fmt: skip
_BY_MONTH = {
    "key": "key", "state_code": "state", "value": "value", "unit_code": "unit", "precision_code": "precision",
    "days": "month",
}  # fmt: skip
OTHERS: Mapping[str, dict[str, str]] = {
    "flow_points": _BY_MONTH | {"lat": "lat", "lon": "lon", "into": "into", "out_of": "out_of",
                                "days_observed": "days_observed", "days_open": "days_open"},
    "border_posts": _BY_MONTH | {"pcode": "pcode", "lat": "lat", "lon": "lon", "entries": "entries",
                                 "exits": "exits", "days_counted": "days_counted"},
    "pairs": _BY_MONTH | {"origin_pcode": "origin", "destination_pcode": "destination", "points": "points"},
    "undrawn": PLACE | {"pcode": "key"},
    "incidents": PLACE | {"pcode": "pcode", "days": "when", "claim_code": "claim"},
}  # fmt: skip
AREA: Mapping[str, str] = {
    "pcode": "pcode", "level": "level", "state_code": "state", "people": "people",
    "precision_code": "people_precision", "basis": "basis", "round": "round", "last_day": "last",
    "measure_code": "measure", "measure_value": "value", "measure_precision_code": "precision",
    "amount": "amount", "since_day": "since_last",
    "residents": "residents", "residents_year": "residents_year", "sites_listed": "sites_listed",
    "sites_counted": "sites_counted",
}  # fmt: skip


def coded(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The cells of a snapshot as they are held, in its order.

    Parameters
    ----------
    table : DataFrame
        The table of a snapshot.
    columns : mapping
        The heads of the file, in order, and the columns that they are made from.

    Returns
    -------
    DataFrame
        Numbers, days and codes, which `exports.csv_file.cell` writes: a point, no separators, days as YYYY-MM-DD,
        intervals of days as "first/last"; nothing where there is nothing, which is never zero.
    """
    made = {
        head: table[name].tolist() if name in table else [None] * len(table) for head, name in columns.items()
    }
    for head in LOCATION & made.keys():
        made[head] = [None if pd.isna(cell) else round(float(cell), DEGREES) for cell in made[head]]
    if "measure_value" in made:
        made["measure_value"] = [
            None if pd.isna(cell) else float(f"{cell:.{FIGURES}g}") for cell in made["measure_value"]
        ]
    return pd.DataFrame(made, dtype=object)

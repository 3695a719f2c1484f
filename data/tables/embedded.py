"""The embedded default as the tables of one release: joined over groups, with every reference checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import pandas as pd

from data.area_codes import Held, by_country, unheld
from data.dates import DateSpan
from data.errors import BadCell, TableError
from data.rasters import checked
from data.schema import TABLES, Column, Kind, Table
from data.sources.embedded import BOUNDARIES, Register, boundaries, pcodes, registers
from data.store import ResourceAbout
from data.training.build import TrainingCountry, build
from data.training.raster import KEY
from data.training.tables import ALL, RASTER_FILES

NATURAL_EARTH = {"title": "Natural Earth 1:10m, cultural vectors, as in QGIS's world map"}
PUBLIC_DOMAIN = {"name": "PDDL-1.0", "title": "Public domain (Natural Earth)"}
DATED = frozenset({"site_states", "incidents"})  # tables whose rows happened on a day or in a period
BREAKDOWN = ("sex", "age", "reason", "origin", "destination", "assessment")
FIRST = 2  # line of a register's first row, below the header
_OF_ONE_OPERATION = ("indicators", "methods", "events", "sites")  # tables whose rows belong to one operation
FACTS = {
    "name": "facts",
    "title": "Published figures, cited as facts; the credit of each producer is in the tables",
}


def build_tables(
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Mapping[str, pd.DataFrame], Mapping[str, ResourceAbout]]:
    """Read, check and join everything that the embedded release holds.

    Returns
    -------
    tables, about
        By resource name ("sources", "observations/hti-eq2010", "boundaries/adm0", …).

    Raises
    ------
    TableError
        If a register has a bad cell, repeats a key of another group, or refers to what does not exist.
    """
    progress("Reading the registers")
    found = list(registers())
    joined = join(found)
    progress(f"Checked {sum(len(r.rows) for r in found)} rows of {len(found)} registers")
    progress("Making the training country (SYNTHETIC)")
    made = training_country().tables
    for name in sorted(joined.keys() | made.keys()):
        joined[name] = _united([frames[name] for frames in (joined, made) if name in frames])
    progress(f"Made {sum(len(frame) for frame in made.values())} rows of it")
    tables: dict[str, pd.DataFrame] = {}
    about: dict[str, ResourceAbout] = {}
    for name, frame in joined.items():
        table = ALL[name]
        for part, rows in partitions(name, frame).items():
            tables[part] = ordered(name, rows)
            about[part] = ResourceAbout(
                title=table.about,
                sources=_cited(rows, joined["sources"]),
                licenses=(FACTS,),
                fields=_fields(table),
            )
    for key, image in rasters().items():
        name = f"{RASTER_FILES}/{key}"
        tables[name] = pd.DataFrame({"key": [key], "image": [image]})
        row = joined["rasters"].set_index("key").loc[key]
        about[name] = ResourceAbout(
            title=str(row["title_en"]), description=str(row["note_en"]),
            sources=_cited(joined["rasters"], joined["sources"]), licenses=({"name": str(row["licence"])},),
            fields={"image": {"description": "the GeoTIFF, byte for byte"}},
        )  # fmt: skip
    for name in BOUNDARIES:
        progress(f"Reading the boundaries: {name}")
        tables[f"boundaries/{name}"] = boundaries(name)
        about[f"boundaries/{name}"] = ResourceAbout(
            title=f"Boundaries of the world: {name}", sources=(NATURAL_EARTH,), licenses=(PUBLIC_DOMAIN,)
        )
    tables["pcodes"] = pcodes()
    about["pcodes"] = ResourceAbout(
        title="Boundary codes to P-codes, made by hand", sources=(NATURAL_EARTH,), licenses=(FACTS,)
    )
    return tables, about


@cache
def training_country() -> TrainingCountry:
    """The training country that is part of the embedded release; its truth is not."""
    return build()


def rasters() -> dict[str, bytes]:
    """The GeoTIFF of every raster of the embedded release, by its key; each was looked through.

    Raises
    ------
    RasterRefused
        If one of them is not what a map can be drawn from.
    """
    image = training_country().raster
    checked(image, f"{KEY}.tif")
    return {KEY: image}


def _united(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all frames; a text column that one of them lacks is empty there."""
    if len(frames) == 1:
        return frames[0]
    if any(frame.empty for frame in frames):
        return next(frame for frame in frames if not frame.empty)
    joined = pd.concat(frames, ignore_index=True)
    lacking = [name for name in joined.columns if any(name not in frame.columns for frame in frames)]
    return joined.assign(**{name: joined[name].fillna("").astype("str") for name in lacking})


def partitions(name: str, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A table in its partitions, with the days that SQL compares."""
    if name == "observations":
        return {f"{name}/{op}": rows for op, rows in with_days(frame).groupby("operation")}
    return {name: with_days(frame, "when") if name in DATED else frame}


def ordered(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` in the order in which they are asked for, so that a question reads few groups of a large table.

    Totals and areas are few and asked for one place at a time: they come first, together. Sites and points
    (lower-case keys) are asked for one round at a time.
    """
    by = list(ALL[name].unique)
    if name == "observations":
        keyed = rows["place"].str.islower()
        rows = rows.assign(_keyed=keyed, _asked=rows["round"].where(keyed))
        by = ["_keyed", "indicator", *BREAKDOWN, "_asked", "place", "round", *by]
    elif name == "site_states":
        by = ["round", *by]
    made = rows.sort_values(by, kind="stable", ignore_index=True)
    return made.drop(columns=[column for column in ("_keyed", "_asked") if column in made.columns])


def join(found: Iterable[Register]) -> dict[str, pd.DataFrame]:
    """One frame a table; keys are unique over all groups and every reference is held.

    Raises
    ------
    TableError
        With every cell of the first register that is wrong.
    """
    groups: dict[str, list[Register]] = defaultdict(list)
    for register in found:
        groups[register.table.name].append(register)
    for of_table in groups.values():
        _refuse_repeats(of_table)
    keys = {
        f"{name}.{column.name}": {cell for register in of_table for cell in register.rows[column.name]}
        for name, of_table in groups.items()
        for column in TABLES[name].columns
    }
    operation_of = {
        f"{name}.{key}": str(operation)
        for name in _OF_ONE_OPERATION
        for register in groups.get(name, [])
        for key, operation in zip(register.rows["key"], register.rows["operation"], strict=True)
    }
    areas = by_country([boundaries("adm1"), *(register.rows for register in groups.get("places", []))])
    countries = {
        str(key): str(iso3).split(";")
        for register in groups.get("operations", [])
        for key, iso3 in zip(register.rows["key"], register.rows["iso3"], strict=True)
    }
    for of_table in groups.values():
        for register in of_table:
            bad = [
                *_dangling(register, keys),
                *_strangers(register, operation_of),
                *_nowhere(register, countries, areas),
            ]
            if bad:
                raise TableError(register.file, bad)
    empty = {
        name: pd.DataFrame({n: pd.Series(dtype="str") for n in TABLES[name].names()})
        for name in TABLES
        if name not in groups
    }
    return {
        name: pd.concat([r.rows for r in of_table], ignore_index=True) for name, of_table in groups.items()
    } | empty


def with_days(frame: pd.DataFrame, column: str = "period") -> pd.DataFrame:
    """`frame` with first and last day of the dates in `column`, and `known_by` as a date, for SQL to compare."""
    spans = {text: DateSpan.parse(text) for text in frame[column].unique()}
    days = {
        "first": pd.to_datetime(frame[column].map({text: span.first for text, span in spans.items()})),
        "last": pd.to_datetime(frame[column].map({text: span.last for text, span in spans.items()})),
    }
    if "known_by" in frame.columns:
        days["known_by"] = pd.to_datetime(frame["known_by"])
    return frame.assign(**days)


def _refuse_repeats(of_table: Sequence[Register]) -> None:
    seen: dict[tuple[object, ...], str] = {}
    for register in of_table:
        unique = list(register.table.unique)
        bad: list[BadCell] = []
        for row, key in enumerate(register.rows[unique].itertuples(index=False, name=None), start=FIRST):
            if key in seen:
                bad.append(
                    BadCell(
                        row=row,
                        column=", ".join(unique),
                        found=" / ".join(map(str, key)),
                        expected="a value of its own",
                        fix=f"{seen[key]} has the same: keep one of them.",
                    )
                )
            seen.setdefault(key, f"{register.file}, row {row},")
        if bad:
            raise TableError(register.file, bad)


def _dangling(register: Register, keys: Mapping[str, set[object]]) -> Iterable[BadCell]:
    for column in register.table.columns:
        if not column.refers_to:
            continue
        table, field = column.refers_to.split(".")
        known = keys.get(column.refers_to, set())
        for row, cell in enumerate(register.rows[column.name], start=FIRST):
            for key in _named(cell, column):
                if key not in known:
                    yield BadCell(
                        row=row,
                        column=column.name,
                        found=key,
                        expected=f"a {field} of the table '{table}'",
                        fix=f"Add it to {table}.csv, or correct the spelling.",
                    )


def _strangers(register: Register, operation_of: Mapping[str, str]) -> Iterable[BadCell]:
    """References to a thing of another operation: they would be stored and never be shown."""
    owner = "key" if register.table.name == "operations" else "operation"
    if owner not in register.table.names():
        return
    for column in register.table.columns:
        table = column.refers_to.partition(".")[0]
        if table not in _OF_ONE_OPERATION:
            continue
        pairs = zip(register.rows[column.name], register.rows[owner], strict=True)
        for row, (cell, operation) in enumerate(pairs, start=FIRST):
            for key in _named(cell, column):
                other = operation_of.get(f"{table}.{key}", operation)
                if other != operation:
                    yield BadCell(
                        row=row,
                        column=column.name,
                        found=key,
                        expected=f"one of the operation '{operation}'",
                        fix=f"It is of '{other}': correct the name or the operation.",
                    )


def _nowhere(register: Register, countries: Mapping[str, Sequence[str]], areas: Held) -> Iterable[BadCell]:
    """Areas that no country of the operation has: what is said of them would stand at none."""
    if "areas" not in register.table.names():
        return
    pairs = zip(register.rows["areas"], register.rows["operation"], strict=True)
    for row, (cell, operation) in enumerate(pairs, start=FIRST):
        yield from unheld(str(cell), countries.get(str(operation), ()), areas, row)


def _named(cell: object, column: Column) -> list[str]:
    """The keys that a cell refers to."""
    return [key for key in (str(cell).split(";") if column.kind is Kind.KEYS else [str(cell)]) if key]


def _cited(rows: pd.DataFrame, sources: pd.DataFrame) -> tuple[dict[str, str], ...]:
    if "source" not in rows.columns:
        return ()
    titles = sources.set_index("key")["title"]
    return tuple({"title": str(titles[key])} for key in sorted(set(rows["source"])))


def _fields(table: Table) -> dict[str, dict[str, str]]:
    return {
        column.name: {
            k: v for k, v in (("description", column.about), ("unit", column.unit), ("hxl", column.hxl)) if v
        }
        for column in table.columns
    }

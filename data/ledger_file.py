"""Entries of the ledger as a CSV file: written from a release, and read back with every cell checked.

A file of events has one row an entry. A further effect of the same entry has a further row, which repeats the
key, fills the columns `effect_…` and leaves the others empty. A file of caveats has one row a caveat. A source
that the release does not hold yet is described beside the entry in the columns `source_…`.

What is written and read back is the same, cell by cell. The registers' own checks (`data.tables.registers`) are
used for every cell.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import pandas as pd

from data.errors import BadCell, TableError
from data.schema import EFFECTS, SOURCES, TABLES, Column, Kind, Table
from data.store import Release
from data.tables.registers import csv_rows, parse_register, text_of

EFFECT, SOURCE = "effect_", "source_"
HEADER = 1  # line of the column names
_ENGLISH_WILL_DO = frozenset({"read_as_fr"})
NEW_SOURCES = replace(
    SOURCES,
    columns=tuple(
        replace(c, required=c.required and c.name not in _ENGLISH_WILL_DO) for c in SOURCES.columns
    ),
)

Cells = Mapping[str, str]


class Entries(StrEnum):
    """The two kinds of entries that are kept by hand; each is the name of a table."""

    EVENTS = "events"
    CAVEATS = "caveats"

    @property
    def table(self) -> Table:
        """The table that holds them."""
        return TABLES[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as the file has it: texts by column, "" where a cell is empty or was refused."""

    line: int  # of its first full row, as a spreadsheet shows it
    cells: Cells
    effects: tuple[tuple[int, Cells], ...] = ()  # line, and the columns of the table `effects`
    source: tuple[int, Cells] | None = None  # line, and the columns of `sources` of a source described here

    @property
    def key(self) -> str:
        """The key, "" where it was refused."""
        return self.cells["key"]

    def texts(self, table: Table) -> Iterator[tuple[int, str, str]]:
        """Line, column and content of every cell that is meant for readers."""
        yield from ((self.line, name, self.cells[name]) for name in readable(table))
        for line, cells in self.effects:
            yield from ((line, f"{EFFECT}{name}", cells[name]) for name in readable(EFFECTS))
        if self.source:
            line, cells = self.source
            yield from ((line, f"{SOURCE}{name}", cells[name]) for name in readable(SOURCES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file as read. `tables` holds entries, effects and sources as frames, and nothing while a cell is bad."""

    file: str
    what: Entries
    entries: tuple[Entry, ...]
    bad: tuple[BadCell, ...]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, compare=False)


def readable(table: Table) -> tuple[str, ...]:
    """The columns with free text."""
    return tuple(c.name for c in table.columns if c.kind is Kind.TEXT and not c.refers_to)


def columns(what: Entries) -> tuple[str, ...]:
    """The columns of a file, in the order in which it is written."""
    return tuple(column.name for column in (*_needed(what), *_described()))


def _needed(what: Entries) -> tuple[Column, ...]:
    """The columns that a file must have."""
    effects = EFFECTS.columns[1:] if what is Entries.EVENTS else ()
    return (*what.table.columns, *(replace(c, name=f"{EFFECT}{c.name}") for c in effects))


def _described() -> tuple[Column, ...]:
    """The columns that describe a new source; a file without them brings none."""
    return tuple(replace(c, name=f"{SOURCE}{c.name}") for c in SOURCES.columns if c.name != "key")


# Writing


def written(release: Release, what: Entries, operation: str = "") -> str:
    """The entries of a release, or of one operation, as the text of a CSV file.

    Parameters
    ----------
    release : Release
        Where they are taken from.
    what : Entries
        Events with their effects, or caveats.
    operation : str
        Its key; "" takes all.

    Returns
    -------
    str
        Lines end with a line feed. `parsed` reads the same entries out of it.
    """
    rows = held(release, what)
    effects = held_effects(release) if what is Entries.EVENTS else {}
    chosen = [cells for cells in rows.values() if not operation or cells["operation"] == operation]
    date = "when" if what is Entries.EVENTS else "period"
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns(what), restval="", lineterminator="\n")
    writer.writeheader()
    for cells in sorted(chosen, key=lambda c: (c["operation"], c[date], c["key"])):
        first, *more = effects.get(cells["key"], ()) or ({},)
        writer.writerow({**cells, **_prefixed(first)})
        for effect in more:
            writer.writerow({"key": cells["key"], **_prefixed(effect)})
    return buffer.getvalue()


def held(release: Release, what: Entries) -> dict[str, Cells]:
    """The entries of a release as texts by column, by key."""
    return {cells["key"]: cells for cells in as_texts(release.frame(what.value), what.table)}


def held_effects(release: Release) -> dict[str, tuple[Cells, ...]]:
    """The effects of every event of a release as texts by column."""
    return effects_by_event(release.frame("effects"))


def effects_by_event(frame: pd.DataFrame) -> dict[str, tuple[Cells, ...]]:
    """Rows of the table `effects` as texts, by the key of their event, in the order of their indicators."""
    found: dict[str, tuple[Cells, ...]] = {}
    for cells in sorted(as_texts(frame, EFFECTS), key=lambda c: c["indicator"]):
        found[cells["event"]] = (*found.get(cells["event"], ()), cells)
    return found


def as_texts(frame: pd.DataFrame, table: Table) -> list[Cells]:
    """The rows of a table as a register writes them; of a release made before a column existed, "" there."""
    rows = frame.reindex(columns=table.names())
    named = {name: [_text(value) for value in rows[name].tolist()] for name in table.names()}
    return [dict(zip(named, row, strict=True)) for row in zip(*named.values(), strict=True)]


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _prefixed(effect: Cells) -> dict[str, str]:
    return {f"{EFFECT}{name}": text for name, text in effect.items() if name != "event"}


# Reading


def parsed(raw: bytes, what: Entries, *, file: str) -> Draft:
    """Read a file and check every cell; what is wrong stands in `Draft.bad`, all of it at once.

    Parameters
    ----------
    raw : bytes
        UTF-8 CSV, with the columns of `columns(what)` in any order; those of a new source may be left out.
    what : Entries
        What the file holds.
    file : str
        Its name, for messages.
    """
    try:
        lines = csv_rows(text_of(raw, file=file), file)
        header = [name.strip() for name in lines[0]] if lines else []
        bad = _structure(lines, header, what, file)
    except TableError as wrong:
        return Draft(file=file, what=what, entries=(), bad=wrong.cells)
    if any(cell.row == HEADER for cell in bad):
        return Draft(file=file, what=what, entries=(), bad=tuple(bad))
    broken = {cell.row for cell in bad}
    rows = {
        line: dict.fromkeys(columns(what), "")
        | dict(zip(header, (cell.strip() for cell in row), strict=True))
        for line, row in enumerate(lines[1:], start=HEADER + 1)
        if line not in broken
    }
    return _Reading(file, what, rows, bad).draft()


def _structure(
    lines: Sequence[Sequence[str]], header: Sequence[str], what: Entries, file: str
) -> list[BadCell]:
    """What is wrong with the file as a table: its header, its lines, the number of cells in them."""
    if len(header) == 1 and re.search("[;\t]", header[0]):
        return [
            BadCell(
                row=HEADER,
                column="(row)",
                found="cells with semicolons or tabs between them",
                expected="cells with commas between them",
                fix="Save the file as CSV with commas.",
            )
        ]
    given = tuple(c for c in _described() if c.name in header)
    loose = Table(
        name=f"file of {what}",
        columns=tuple(Column(name=c.name) for c in (*_needed(what), *given)),
        unique=(),
        about="",
    )
    try:
        parse_register(_csv([list(header), *lines[1:]]), loose, file=file)
    except TableError as wrong:
        # Rows share a key here, so none is given; then all rows count as the same one, which is no fault.
        return [cell for cell in wrong.cells if cell.column]
    return []


class _Reading:
    """The rows of one file on their way to entries."""

    def __init__(self, file: str, what: Entries, rows: Mapping[int, Cells], bad: Sequence[BadCell]) -> None:
        self.file, self.what, self.rows = file, what, rows
        self.bad = list(bad)
        self.own = what.table.names()
        self.main: dict[int, list[int]] = {}  # line of an entry -> all its lines

    def draft(self) -> Draft:
        """The file in entries, all cells checked."""
        self._group()
        entries = self._table(self.what.table, {n: self._part(n, self.own) for n in self.main})
        effects = self._table(EFFECTS, dict(self._effects()), EFFECT, link="event")
        sources = self._table(NEW_SOURCES, dict(self._sources()), SOURCE, link="key")
        refused = {(cell.row, cell.column) for cell in self.bad}
        made = tuple(self._entry(line, refused) for line in self.main)
        whole = not self.bad
        tables = {self.what.value: entries, "effects": effects, "sources": sources}
        return Draft(
            file=self.file,
            what=self.what,
            entries=made,
            bad=tuple(sorted(self.bad, key=lambda cell: cell.row)),
            tables={name: frame for name, frame in tables.items() if frame is not None} if whole else {},
        )

    def _group(self) -> None:
        """Find the full row of each entry; the other rows with its key are further effects of it."""
        of_key: dict[str, list[int]] = {}
        for line, cells in self.rows.items():
            of_key.setdefault(cells["key"] or f"(row {line})", []).append(line)
        for found in of_key.values():
            full = [n for n in found if any(self.rows[n][name] for name in self.own if name != "key")]
            first = (full or found)[0]
            self.main[first] = found
            for line in full[1:]:
                self._refuse_other(line, first)

    def _refuse_other(self, line: int, first: int) -> None:
        """A second full row of one key must say the same."""
        differing = [
            name
            for name in self.own
            if self.rows[line][name] and self.rows[line][name] != self.rows[first][name]
        ]
        if differing:
            self.bad.append(
                BadCell(
                    row=line,
                    column=", ".join(differing),
                    found=" / ".join(self.rows[line][name] for name in differing),
                    expected=f"what row {first} says of '{self.rows[first]['key']}', or nothing",
                    fix="Give another entry a key of its own; a row for a further effect repeats the key alone.",
                )
            )

    def _part(self, line: int, names: Sequence[str], prefix: str = "") -> dict[str, str]:
        return {name: self.rows[line].get(f"{prefix}{name}", "") for name in names}

    def _effects(self) -> Iterator[tuple[int, Cells]]:
        """The rows that describe an effect, each indicator of an entry once."""
        if self.what is not Entries.EVENTS:
            return
        names = EFFECTS.names()[1:]
        for lines in self.main.values():
            seen: dict[str, int] = {}
            for line in lines:
                cells = self._part(line, names, EFFECT)
                if not any(cells.values()):
                    continue
                first = seen.setdefault(cells["indicator"], line)
                if first != line:
                    self.bad.append(
                        BadCell(
                            row=line,
                            column=f"{EFFECT}indicator",
                            found=cells["indicator"],
                            expected="each indicator once for an entry",
                            fix=f"Row {first} has an effect on it: keep one of them.",
                        )
                    )
                    continue
                yield line, {"event": self.rows[line]["key"], **cells}

    def _sources(self) -> Iterator[tuple[int, Cells]]:
        """The rows that describe a source, each source once."""
        names = [name for name in SOURCES.names() if name != "key"]
        seen: dict[str, tuple[int, Cells]] = {}
        for main, lines in self.main.items():
            for line in lines:
                cells = self._part(line, names, SOURCE)
                if not any(cells.values()):
                    continue
                key = self.rows[line]["source"] or self.rows[main]["source"]
                first, said = seen.setdefault(key, (line, cells))
                if first == line:
                    yield line, {"key": key, **cells}
                elif said != cells:
                    self.bad.append(
                        BadCell(
                            row=line,
                            column=f"{SOURCE}title",
                            found=cells["title"],
                            expected=f"what row {first} says of the source '{key}', or nothing",
                            fix="Describe a source once, or give another source a key of its own.",
                        )
                    )

    def _table(
        self, table: Table, rows: Mapping[int, Cells], prefix: str = "", link: str = ""
    ) -> pd.DataFrame | None:
        """Rows by line as the frame of a table; None, with what is wrong noted, if a cell breaks its contract.

        `link` is the column that repeats a key of the entry: what is wrong with it is said there.
        """
        lines = list(rows)
        names = table.names()
        text = _csv([list(names), *([rows[n][name] for name in names] for n in lines)])
        try:
            return parse_register(text, table, file=self.file)
        except TableError as wrong:
            self.bad += [
                replace(cell, row=lines[cell.row - HEADER - 1], column=f"{prefix}{cell.column}")
                for cell in wrong.cells
                if cell.column != link
            ]
            return None

    def _entry(self, main: int, refused: set[tuple[int, str]]) -> Entry:
        """An entry for the checks that look beyond its cells; what was refused is left empty in it."""

        def kept(line: int, cells: Cells, prefix: str = "") -> Cells:
            return {
                name: "" if (line, f"{prefix}{name}") in refused else text for name, text in cells.items()
            }

        lines = self.main[main]
        key = self.rows[main]["key"]
        names = EFFECTS.names()[1:]
        parts = [(n, self._part(n, names, EFFECT)) for n in lines]
        effects = [(n, {"event": key, **kept(n, cells, EFFECT)}) for n, cells in parts if any(cells.values())]
        about = [name for name in SOURCES.names() if name != "key"]
        described = [(n, self._part(n, about, SOURCE)) for n in lines]
        new = next(((n, cells) for n, cells in described if any(cells.values())), None)
        source = self.rows[main]["source"]
        return Entry(
            line=main,
            cells=kept(main, self._part(main, self.own)),
            effects=tuple(effects),
            source=(new[0], {"key": source, **kept(new[0], new[1], SOURCE)}) if new else None,
        )


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()

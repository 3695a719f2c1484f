"""An entry of the ledger as the values of a form, and back as the CSV that the ledger's own review takes.

Nothing is checked here: what the form holds goes into the cells as it is, and the review says what is wrong.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from data.codes import ClaimStatus, EventKind, ObsStatus
from data.dates import DateSpan
from data.ledger_file import EFFECT, SOURCE, Cells, Entries, columns, held, held_effects
from data.model import Event, Source, Text
from data.schema import EFFECTS, SOURCES
from data.store import Release

Values = Mapping[str, str]  # field -> text; of the field `indicators`, keys with ";" between
NEW_SOURCE = "+"  # chosen among the sources: one that is described in the form
MOST_EFFECTS = 12
FIRST_ROW = 2  # line of the entry in the CSV; a further effect has the next
PLAIN: Mapping[Entries, tuple[str, ...]] = {  # columns whose cell is the field of the same name
    what: tuple(
        c.name
        for c in what.table.columns
        if c.name not in {"operation", "when", "period", "source", "sites", "key"}
    )
    for what in Entries
}
PARTS = tuple(name for name in EFFECTS.names() if name != "event")
ABOUT = tuple(name for name in SOURCES.names() if name != "key")
DATE: Mapping[Entries, str] = {Entries.EVENTS: "when", Entries.CAVEATS: "period"}


def effect_field(part: str, row: int) -> str:
    """The field of one part of one effect."""
    return f"{EFFECT}{part}-{row}"


def fields(what: Entries, rows: int) -> tuple[str, ...]:
    """Every field of a form with that many rows for effects."""
    effects = [effect_field(part, row) for row in range(rows) for part in PARTS]
    return (
        "key", "when_first", "when_last", *PLAIN[what], *(["sites", *effects] if what is Entries.EVENTS else []),
        "source", f"{SOURCE}key", *(f"{SOURCE}{name}" for name in ABOUT),
    )  # fmt: skip


def values_of(release: Release, what: Entries, key: str) -> dict[str, str]:
    """The fields of an entry that is held.

    Raises
    ------
    KeyError
        If the release holds no such entry.
    """
    cells = held(release, what)[key]
    first, _, last = cells[DATE[what]].partition("/")
    values = {name: cells[name] for name in PLAIN[what]} | {
        "key": key, "when_first": first, "when_last": last, "source": cells["source"], "sites": cells.get("sites", ""),
    }  # fmt: skip
    if what is Entries.EVENTS:
        for row, effect in enumerate(held_effects(release).get(key, ())):
            values |= {effect_field(part, row): effect[part] for part in PARTS}
    return values


def rows_in(values: Values) -> int:
    """How many rows for effects the fields have."""
    found = [re.fullmatch(rf"{EFFECT}[a-z_]+-([0-9]+)", name) for name in values]
    return max((int(match[1]) + 1 for match in found if match), default=0)


def csv_of(
    values: Values, what: Entries, operation: str, sites: Mapping[str, str]
) -> tuple[bytes, tuple[int, ...]]:
    """The entry as a CSV file, and which row for effects each of its lines came from.

    Parameters
    ----------
    values : mapping
        Field to text; a field that is not there is empty.
    what : Entries
        Which kind of entry.
    operation : str
        Key of the operation that it is about.
    sites : mapping
        Key to name of the operation's sites: a name that one site alone bears stands for its key.
    """
    new = values.get("source") == NEW_SOURCE
    cells = {name: values.get(name, "") for name in PLAIN[what]} | {
        "key": values.get("key", ""),
        "operation": operation,
        DATE[what]: "/".join([values.get("when_first", ""), *filter(None, [values.get("when_last", "")])]),
        "source": values.get(f"{SOURCE}key" if new else "source", ""),
    }  # fmt: skip
    # What was typed of a new source goes along also where a held one is chosen: the review says so then.
    cells |= {f"{SOURCE}{name}": values.get(f"{SOURCE}{name}", "") for name in ABOUT}
    lines, origin = [cells], [0]
    if what is Entries.EVENTS:
        cells["sites"] = ";".join(_site_keys(values.get("sites", ""), sites))
        rows = [
            (row, {f"{EFFECT}{part}": values.get(effect_field(part, row), "") for part in PARTS})
            for row in range(rows_in(values))
        ]
        filled = [(row, parts) for row, parts in rows if any(parts.values())]
        for at, (row, parts) in enumerate(filled):
            if at:
                lines.append({"key": cells["key"], **parts})
                origin.append(row)
            else:
                cells |= parts
                lines[0], origin[0] = cells, row
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns(what), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return buffer.getvalue().encode(), tuple(origin)


def _site_keys(text: str, sites: Mapping[str, str]) -> list[str]:
    """Keys of sites as typed; a name is replaced by its key where one site alone bears it."""
    by_name: dict[str, list[str]] = {}
    for key, name in sites.items():
        by_name.setdefault(name.casefold(), []).append(key)
    typed = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    bearing = [(part, [part] if part in sites else by_name.get(part.casefold(), [])) for part in typed]
    return [keys[0] if len(keys) == 1 else part for part, keys in bearing]


def field_of(column: str, line: int, values: Values, origin: tuple[int, ...]) -> str:
    """The field in which the cell of a column and line was written, '' where it is none."""
    row = origin[line - FIRST_ROW] if 0 <= line - FIRST_ROW < len(origin) else 0
    if column.startswith(EFFECT):
        return effect_field(column.removeprefix(EFFECT), row)
    if column in DATE.values():
        return "when_first"
    if column == "source" and values.get("source") == NEW_SOURCE:
        return f"{SOURCE}key"
    return "" if column.startswith("(") or column == "operation" else column.partition(",")[0]


@lru_cache(maxsize=8)  # a release never changes
def _sites(release: Release) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with release.cursor() as cursor:
        rows = cursor.execute("SELECT operation, key, name FROM sites ORDER BY key").fetchall()
    for operation, key, name in rows:
        found.setdefault(str(operation), {})[str(key)] = str(name)
    return found


def sites_of(release: Release, operation: str) -> Mapping[str, str]:
    """Names of the sites of an operation, by key."""
    return _sites(release).get(operation, {})


def event_of(cells: Cells, source: Source) -> Event:
    """The event that whole and checked cells describe, without its effects."""
    return Event(
        key=cells["key"],
        kind=EventKind(cells["kind"]),
        when=DateSpan.parse(cells["when"]),
        first_round=int(cells["first_round"]) if cells["first_round"] else None,
        breaks=cells["breaks"] == "yes",
        status=ObsStatus(cells["status"]) if cells["status"] else None,
        claim=ClaimStatus(cells["claim"]),
        headline=Text(cells["headline_en"]),
        text=Text(cells["text_en"]),
        source=source,
        sites=tuple(cells["sites"].split(";")) if cells["sites"] else (),
    )


def same_in(one: Release, other: Release, what: Entries, key: str) -> bool:
    """Whether both releases hold the same entry of that key, with the same effects, or both hold none."""
    if one.digest == other.digest:
        return True
    alike = held(one, what).get(key) == held(other, what).get(key)
    if what is not Entries.EVENTS:
        return alike
    return alike and held_effects(one).get(key, ()) == held_effects(other).get(key, ())


def names_token(names: Iterable[str]) -> str:
    """Stands for exactly these likely names: who says that none is a person says it of them, and of no others."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def token_of(raw: bytes, release: Release) -> str:
    """What stands for one entry held against one release: it is published only as it was looked at."""
    return hashlib.sha256(release.digest.encode() + b"\n" + raw).hexdigest()[:32]

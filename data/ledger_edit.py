"""The ledger changes by releases: a file is reviewed whole, then published whole, or nothing of it is taken in.

`review` says what a file would do and what is wrong with it, and changes nothing. `apply` publishes it as a new
release; an entry that the file does not name stays as it is. `remove` takes one entry out of the new release.
Older releases keep what they hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow.parquet as pq

from data import ledger_checks, ledger_remarks
from data.errors import BadCell, TableError, Unknown
from data.ledger_file import (
    Cells,
    Draft,
    Entries,
    Entry,
    as_texts,
    effects_by_event,
    held,
    held_effects,
    parsed,
)
from data.ledger_known import known
from data.ledger_remarks import LikelyName
from data.objects import object_path
from data.private_names import personal_names
from data.schema import SOURCES
from data.store import Release, ResourceAbout, Store
from data.training.tables import ALL

Progress = Callable[[str], None]


class NamesFound(ValueError):
    """Something looks like a private person's name; whoever knows that it is none says so."""

    def __init__(self, file: str, names: Sequence[LikelyName]) -> None:
        self.file, self.names = file, tuple(names)
        super().__init__("\n".join(f"{file}, {name}" if name.row else str(name) for name in self.names))


class StillUsed(ValueError):
    """An entry cannot be taken out while other things rest on it."""

    def __init__(self, key: str, uses: Sequence[str]) -> None:
        self.key, self.uses = key, tuple(uses)
        super().__init__(f"'{key}' stays: {'; '.join(self.uses)}. Change that first. Nothing was changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a file would do to a release. With anything in `bad` it does nothing."""

    file: str
    what: Entries
    base: str  # digest of the release that it was held against
    bad: tuple[BadCell, ...]
    names: tuple[LikelyName, ...] = ()
    remarks: tuple[str, ...] = ()
    added: tuple[str, ...] = ()  # keys
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key -> columns that differ
    same: tuple[str, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)


def review(release: Release, raw: bytes, what: Entries, *, file: str) -> Review:
    """Hold a file against a release: all that is wrong with it, and what it would change.

    Parameters
    ----------
    release : Release
        The state that the file would change.
    raw : bytes
        CSV as `data.ledger_file` describes it.
    what : Entries
        What the file holds.
    file : str
        Its name, for messages.
    """
    draft = parsed(raw, what, file=file)
    seen = known(release, draft)
    bad = sorted((*draft.bad, *ledger_checks.problems(draft, seen)), key=lambda cell: cell.row)
    added, changed, same = _differences(release, draft)
    touched = {*added, *changed}
    tables = _merged(release, draft, touched) if not bad else {}
    if what is Entries.CAVEATS and not bad:
        bad += _uncovered(release, draft.entries, tables.get("caveats"))
    return Review(
        file=file,
        what=what,
        base=release.digest,
        bad=tuple(bad),
        names=ledger_remarks.likely_names(draft, seen, touched),
        remarks=ledger_remarks.remarks(draft, seen, touched),
        added=added,
        changed=changed,
        same=same,
        tables=tables if not bad else {},
    )


def apply(
    store: Store,
    found: Review,
    *,
    reason: str,
    author: str = "siteline",
    names_are_institutions: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Publish what a review found; the release that it was held against again, if nothing differs.

    Parameters
    ----------
    store : Store
        Where the release lies.
    found : Review
        Of a file without anything bad.
    reason, author : str
        For the log: why, and which role; no private person.
    names_are_institutions : bool
        A person has looked at what seemed to be names, and none of it is a private person's.
    progress : callable, optional
        Is told each step as a line.

    Raises
    ------
    TableError
        If a cell is bad.
    NamesFound
        If something looks like a person's name and nobody has said that it is none.
    StaleParent, NotWritable, StoreBusy
        As `Store.publish`. In every case the store is as it was.
    """
    if found.bad:
        raise TableError(found.file, found.bad)
    if not names_are_institutions:
        _refuse_names(found.file, found.names, reason, author)
    before = store.release(found.base)
    return published(store, before, found.tables, reason, author, progress) if found.tables else before


def remove(
    store: Store,
    key: str,
    what: Entries,
    *,
    reason: str,
    author: str = "siteline",
    names_are_institutions: bool = False,
    progress: Progress | None = None,
    base: Release | None = None,
) -> Release:
    """Publish a release without one entry; its effects go with it, its source stays.

    `base` is the release in which the entry was looked at: if another became current since, nothing is removed.

    Raises
    ------
    Unknown
        If the release holds no such entry.
    StillUsed
        If another entry or a site names it, or an indicator would be left without any caveat.
    NamesFound, StaleParent, NotWritable, StoreBusy
        As `apply`.
    """
    if not names_are_institutions:
        _refuse_names("", (), reason, author)
    release = store.current() if base is None else base
    rows = held(release, what)
    if key not in rows:
        near = [k for k in rows if k.partition("-")[0] == key.partition("-")[0]] or list(rows)
        raise Unknown(what.value.removesuffix("s"), key, [(k, k) for k in near])
    frame = release.frame(what.value)
    tables = {what.value: frame[frame["key"] != key].reset_index(drop=True)}
    if what is Entries.EVENTS:
        uses = list(_uses(release, key))
        effects = release.frame("effects")
        tables["effects"] = effects[effects["event"] != key].reset_index(drop=True)
    else:
        bare = sorted(covered(release, frame) - covered(release, tables["caveats"]))
        uses = [f"it is the last caveat of {', '.join(bare)}"] if bare else []
    if uses:
        raise StillUsed(key, uses)
    return published(store, release, tables, reason, author, progress)


def covered(release: Release, caveats: pd.DataFrame) -> set[str]:
    """Indicators and operations that have a caveat: a figure without one cannot be shown."""
    found: set[str] = set()
    for operation, keys in zip(caveats["operation"], caveats["indicators"], strict=True):
        found |= set(str(keys).split(";")) if keys else {str(operation)}
    described = release.frame("indicators")
    pairs = zip(described["key"], described["operation"], strict=True)
    return found | {str(key) for key, operation in pairs if operation in found}


def names_beside(reason: str, author: str) -> list[LikelyName]:
    """What looks like a private person in what is said for the log."""
    return [
        LikelyName(row=0, column=word, found=name)
        for word, text in (("--reason", reason), ("--author", author))
        for name in personal_names(text)
    ]


def _refuse_names(file: str, names: Sequence[LikelyName], reason: str, author: str) -> None:
    beside = names_beside(reason, author)
    if names or beside:
        raise NamesFound(file, [*names, *beside])


def _differences(
    release: Release, draft: Draft
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Keys that are new, keys with the columns that differ, and keys of entries that are as they were."""
    before, effects = held(release, draft.what), held_effects(release)
    after, then = _as_read(draft)
    added, changed, same = [], {}, []
    for key, cells in after.items():
        if key not in before:
            added.append(key)
            continue
        columns = [name for name, text in cells.items() if before[key][name] != text]
        if draft.what is Entries.EVENTS and then.get(key, ()) != effects.get(key, ()):
            columns.append("effects")
        if columns:
            changed[key] = tuple(columns)
        else:
            same.append(key)
    return tuple(added), changed, tuple(same)


def _as_read(draft: Draft) -> tuple[dict[str, Cells], dict[str, tuple[Cells, ...]]]:
    """Entries by key, and their effects, as the store would hold them; as the file has them while a cell is bad."""
    if draft.tables:
        rows = as_texts(draft.tables[draft.what.value], draft.what.table)
        return {c["key"]: c for c in rows}, effects_by_event(draft.tables["effects"])
    effects = {
        e.key: tuple(sorted((c for _, c in e.effects), key=lambda c: c["indicator"])) for e in draft.entries
    }
    return {e.key: e.cells for e in draft.entries if e.key}, effects


def _merged(release: Release, draft: Draft, touched: set[str]) -> dict[str, pd.DataFrame]:
    """The tables of the next release that differ from those of `release`."""
    if not touched:
        return {}
    tables = {
        draft.what.value: _joined(release.frame(draft.what.value), _of(draft, touched), draft.what, touched)
    }
    if draft.what is Entries.EVENTS:
        before = release.frame("effects")
        new = draft.tables["effects"]
        kept, wanted = before[~before["event"].isin(touched)], new[new["event"].isin(touched)]
        after = _sorted(kept, wanted, ["event", "indicator"])
        if not after.equals(_sorted(before, new.iloc[:0], ["event", "indicator"])):
            tables["effects"] = after
    sources = release.frame("sources")
    new = draft.tables["sources"]
    new = new[~new["key"].isin(sources["key"])]
    if len(new):
        tables["sources"] = _sorted(sources, new, list(SOURCES.unique))
    return tables


def _of(draft: Draft, keys: set[str]) -> pd.DataFrame:
    rows = draft.tables[draft.what.value]
    return rows[rows["key"].isin(keys)]


def _joined(before: pd.DataFrame, new: pd.DataFrame, what: Entries, touched: set[str]) -> pd.DataFrame:
    return _sorted(before[~before["key"].isin(touched)], new, list(what.table.unique))


def _sorted(before: pd.DataFrame, new: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Both in the columns of the first, in the order in which tables are published.

    A column that the first, an older release, lacks is empty there.
    """
    before = before.assign(**{name: "" for name in new.columns if name not in before})
    parts = [frame for frame in (before, new[list(before.columns)]) if len(frame)] or [before]
    return pd.concat(parts, ignore_index=True).sort_values(by, kind="stable", ignore_index=True)


def _uncovered(release: Release, entries: Sequence[Entry], after: pd.DataFrame | None) -> Iterator[BadCell]:
    """Entries whose new scope leaves an indicator without any caveat."""
    if after is None:
        return
    before = release.frame("caveats")
    bare = covered(release, before) - covered(release, after)
    was = before.set_index("key")
    for entry in entries:
        if entry.key not in was.index:
            continue
        row = before[before["key"] == entry.key]
        lost = sorted(bare & covered(release, row))
        if lost:
            yield BadCell(
                row=entry.line,
                column="indicators",
                found=entry.cells["indicators"],
                expected=f"a scope that leaves no figure without a caveat: {', '.join(lost)} would have none",
                fix="Keep it in the scope, or write another caveat for it.",
            )


def _uses(release: Release, key: str) -> Iterator[str]:
    """What names an event, in words."""
    for name, table in ALL.items():
        for column in table.columns:
            if column.refers_to != "events.key" or name == "effects" or name not in release.resources:
                continue
            rows = release.frame(name)
            naming = rows[rows[column.name] == key]
            if not len(naming):
                continue
            by = ", ".join(dict.fromkeys(str(k) for k in naming[table.unique[0]].head(5)))
            yield f"{len(naming)} row{'s' if len(naming) > 1 else ''} of '{name}' name it in '{column.name}' ({by})"


def published(
    store: Store,
    before: Release,
    changed: Mapping[str, pd.DataFrame],
    reason: str,
    author: str,
    progress: Progress | None,
) -> Release:
    """A release like `before` with some tables in the place of its own."""
    sources = changed["sources"] if "sources" in changed else as_published(before, "sources")
    titles = sources.set_index("key")["title"]
    about = {}
    for name in changed.keys() & before.resources.keys():
        resource = before.resources[name]
        cited = resource.sources
        if "source" in changed[name].columns:
            cited = tuple({"title": str(titles[key])} for key in sorted(set(changed[name]["source"])))
        about[name] = ResourceAbout(
            title=resource.title,
            description=resource.description,
            sources=cited,
            licenses=resource.licenses,
            fields={
                f["name"]: {k: v for k, v in f.items() if k not in {"name", "type"}} for f in resource.fields
            },
        )
    return store.publish(
        changed,
        reason=reason,
        author=author,
        about=about,
        progress=progress,
        parent=before.digest,
        rest_of=before,
    )


def as_published(release: Release, name: str) -> pd.DataFrame:
    """The table `name` as it was handed to `Store.publish`: published again it is the same bytes.

    Parquet has no dates in whole seconds, so a table comes back in milliseconds; its object says what it was.
    """
    resource = release.resources[name]
    frame = release.geoframe(name) if resource.geometry else release.frame(name)
    said = pq.read_schema(object_path(release.root, resource.sha256)).metadata or {}
    if b"pandas" not in said:
        return frame
    kinds = {
        column["name"]: column["numpy_type"]
        for column in json.loads(said[b"pandas"])["columns"]
        if column["pandas_type"] == "datetime" and column["name"] in frame.columns
    }
    return frame.astype({n: kind for n, kind in kinds.items() if str(frame[n].dtype) != kind})

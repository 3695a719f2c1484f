"""The ledger at the command line: list, export, check, apply and remove entries."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # heavy modules are imported where they are used, so that other commands answer at once
    from data.errors import BadCell
    from data.ledger_edit import Review
    from data.ledger_file import Entries
    from data.model import Event
    from data.store import Release

DONE, FAILED = 0, 1
SHORT = 12  # digits of a digest that name it in a list
Say = Callable[[str], None]
Told = tuple[
    tuple[str, ...], dict[str, Any], int
]  # lines for a person, an object for a program, how it ended
Add = Callable[..., argparse.ArgumentParser]

ONE_ENTRY = "an entry of the release, as shown by: python -m data events list"
MEND = "Nothing was changed. Mend the file and run the command again."
INSTITUTIONS = "If none of them is a private person, add --names-are-institutions."


def register(commands: Any, add: Add) -> None:
    """Add `events` and its commands; `add` makes one of a function, a name and a text."""
    group = commands.add_parser(
        "events",
        help="list, check and change the entries of the ledger",
        description="List, check and change the entries of the ledger: events, or with --caveats the caveats.",
    ).add_subparsers(required=True, metavar="COMMAND")
    listing = add(group, "list", listed, "list the entries by operation and date")
    export = add(
        group,
        "export",
        exported,
        "write the entries to a CSV file, to be changed and taken in again",
        "What is written and read back is the same, cell by cell.",
    )
    check = add(
        group,
        "check",
        checked,
        "say what is wrong with a file and what it would change; nothing is changed",
        "Ends with 1 if a cell is wrong. What looks like a person's name is pointed out.",
    )
    taking = add(
        group,
        "apply",
        applied,
        "take the entries of a file into a new release",
        "An entry that the file does not name stays as it is. With anything wrong, nothing is taken in.",
    )
    removal = add(
        group,
        "remove",
        removed,
        "publish a release without one entry",
        "Older releases keep the entry. What is wrong in an entry is better corrected than removed.",
    )
    for command in (listing, export):
        command.add_argument("--operation", metavar="KEY", default="", help="only entries of this operation")
    for command in (export, check, taking):
        command.add_argument("file", type=Path, metavar="FILE.csv")
    export.add_argument("--replace", action="store_true", help="write over a file that is there")
    removal.add_argument("key", metavar="KEY", help=ONE_ENTRY)
    for command in (taking, removal):
        command.add_argument(
            "--reason", type=_sentence, required=True, metavar="TEXT", help="why, for the log"
        )
        command.add_argument(
            "--author",
            type=_sentence,
            default="siteline",
            metavar="TEXT",
            help="which role or program, not a person's name (default: siteline)",
        )
        command.add_argument(
            "--names-are-institutions",
            action="store_true",
            help="somebody looked at what seems to be a person's name, and it is none",
        )
    for command in (listing, export, check, taking, removal):
        command.add_argument("--caveats", action="store_true", help="caveats in the place of events")


def _sentence(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say it in a few words; it may not be empty")
    return text.strip()


def listed(args: argparse.Namespace, _: Say) -> Told:
    """List the entries of the current release."""
    release, what = _current(args), _what(args)
    _held_operation(release, args.operation)
    events = _events(release)
    lines, entries = [], []
    for cells in _rows(release, what, args.operation):
        entry: dict[str, Any] = {name: text for name, text in cells.items() if text}
        if what.value == "events":
            lines.append(_line(cells))
            entry |= _more(events[cells["key"]])
        else:
            lines.append(
                f"{cells['operation']}  {cells['key']}  {cells['period'] or 'always'}: {cells['title_en']}"
            )
        entries.append(entry)
    lines.append(f"{len(entries)} {what.value} in release {release.digest[:SHORT]}")
    return tuple(lines), {"store": str(args.store), "digest": release.digest, what.value: entries}, DONE


def exported(args: argparse.Namespace, _: Say) -> Told:
    """Write the entries of the current release to a file."""
    from data.durable import write_whole
    from data.ledger_file import written

    release, what = _current(args), _what(args)
    _held_operation(release, args.operation)
    # With the mark at its beginning a spreadsheet reads the file as UTF-8.
    content = written(release, what, args.operation).encode("utf-8-sig")
    path: Path = args.file
    if path.exists() and not args.replace:
        return _failed(f"{path} is there already. Choose another name, or write over it with --replace.")
    try:
        write_whole(path, content)
    except OSError as why:
        return _failed(f"{path} cannot be written: {why.strerror or why}. Choose another place.")
    count = len(_rows(release, what, args.operation))
    found = {"file": str(path), "digest": release.digest, "entries": count}
    return (f"{count} {what.value} of release {release.digest[:SHORT]} written to {path}",), found, DONE


def checked(args: argparse.Namespace, _: Say) -> Told:
    """Say what is wrong with a file and what it would change."""
    found = _review(args)
    if isinstance(found, str):
        return _failed(found)
    lines = [f"{found.file}, {cell}" for cell in found.bad]
    lines += [f"{found.file}, {name}" for name in found.names]
    lines += [f"{found.file}, {remark}" for remark in found.remarks]
    if found.bad:
        lines.append(f"{len(found.bad)} to mend. Nothing was changed.")
    else:
        lines.append(f"{_summary(found)} Nothing was changed yet.")
    if found.names:
        lines.append(f"{len(found.names)} to look at. 'events apply' refuses them: {INSTITUTIONS}")
    return tuple(lines), _as_object(found), FAILED if found.bad else DONE


def applied(args: argparse.Namespace, say: Say) -> Told:
    """Take the entries of a file into a new release."""
    from data.ledger_edit import NamesFound, apply
    from data.store import Store

    found = _review(args)
    if isinstance(found, str):
        return _failed(found)
    if found.bad:
        lines = tuple(f"{found.file}, {cell}" for cell in found.bad)
        return (*lines, f"{len(found.bad)} to mend. {MEND}"), _as_object(found), FAILED
    store = Store(args.store)
    before = store.release(found.base)
    try:
        release = apply(
            store,
            found,
            reason=args.reason,
            author=args.author,
            names_are_institutions=args.names_are_institutions,
            progress=say if args.json else None,
        )
    except NamesFound as why:
        told = tuple(str(why).splitlines())
        return (
            (*told, f"Nothing was changed. {INSTITUTIONS}"),
            _as_object(found) | {"error": str(why)},
            FAILED,
        )
    changes = release.changes_from(before)
    more = {"digest": release.digest, "parent": before.digest, "changes": list(changes)}
    lines = tuple(f"{found.file}, {remark}" for remark in found.remarks)
    lines += (*_listed_changes(found), _summary(found) if changes else "nothing changed")
    return (*lines, f"release {release.digest}"), _as_object(found) | more, DONE


def removed(args: argparse.Namespace, say: Say) -> Told:
    """Publish a release without one entry."""
    from data.errors import Unknown
    from data.ledger_edit import NamesFound, StillUsed, remove
    from data.store import Store

    store = Store(args.store)
    before = store.current()
    try:
        release = remove(
            store,
            args.key,
            _what(args),
            reason=args.reason,
            author=args.author,
            names_are_institutions=args.names_are_institutions,
            progress=say if args.json else None,
        )
    except (Unknown, StillUsed) as why:
        return _failed(str(why))
    except NamesFound as why:
        return _failed(f"{why}\nNothing was changed. {INSTITUTIONS}")
    found = {
        "store": str(store.root),
        "removed": args.key,
        "digest": release.digest,
        "parent": before.digest,
        "changes": list(release.changes_from(before)),
    }
    kept = f"'{args.key}' is not in this release; release {before.digest[:SHORT]} keeps it."
    return (kept, f"release {release.digest}"), found, DONE


def _what(args: argparse.Namespace) -> Entries:
    from data.ledger_file import Entries

    return Entries.CAVEATS if args.caveats else Entries.EVENTS


def _current(args: argparse.Namespace) -> Release:
    from data.store import Store

    return Store(args.store).current()


def _held_operation(release: Release, operation: str) -> None:
    """End with a sentence where an operation is asked for that is not held."""
    held = release.frame("operations")["key"].tolist()
    if operation and operation not in held:
        raise SystemExit(f"No operation is called {operation!r}. Held here: {', '.join(held)}.")


def _rows(release: Release, what: Entries, operation: str) -> list[Mapping[str, str]]:
    from data.ledger_file import held

    date = "when" if "when" in what.table.names() else "period"
    chosen = [c for c in held(release, what).values() if not operation or c["operation"] == operation]
    return sorted(chosen, key=lambda c: (c["operation"], c[date], c["key"]))


def _line(cells: Mapping[str, str]) -> str:
    marks = [cells["kind"], *(["breaks"] if cells["breaks"] == "yes" else []), cells["claim"]]
    return (
        f"{cells['operation']}  {cells['when']}  {cells['key']}  ({', '.join(marks)}): {cells['headline_en']}"
    )


def _events(release: Release) -> dict[str, Event]:
    """The events of a release by key."""
    from data.queries import catalogue

    held = catalogue(release)
    return {event.key: event for operation in held.operations for event in held.events_of(operation)}


def _more(event: Event) -> dict[str, Any]:
    """What a program asks of an event beside its cells."""
    from data.ledger import consequence

    effects = [
        {"indicator": e.indicator, "value": e.value, "unit": e.unit.value, "precision": e.precision.value}
        for e in event.effects
    ]
    return {"breaks": event.breaks, "consequence": consequence(event).value, "effects": effects}


def _review(args: argparse.Namespace) -> Review | str:
    """The file held against the current release, or why it cannot be read."""
    from data.ledger_edit import review

    release = _current(args)
    try:
        raw = args.file.read_bytes()
    except OSError as why:
        return (
            f"{args.file} cannot be read: {why.strerror or why}. Name a CSV file; 'events export' writes one."
        )
    return review(release, raw, _what(args), file=args.file.name)


def _summary(found: Review) -> str:
    return f"{len(found.added)} new, {len(found.changed)} changed, {len(found.same)} as they are."


def _listed_changes(found: Review) -> tuple[str, ...]:
    changed = (f"  changed: {key} ({', '.join(columns)})" for key, columns in found.changed.items())
    return (*(f"  new: {key}" for key in found.added), *changed)


def _as_object(found: Review) -> dict[str, Any]:
    return {
        "file": found.file,
        "base": found.base,
        "bad": [_cell(cell) for cell in found.bad],
        "names": [{"row": n.row, "column": n.column, "found": n.found} for n in found.names],
        "remarks": list(found.remarks),
        "added": list(found.added),
        "changed": {key: list(columns) for key, columns in found.changed.items()},
        "same": list(found.same),
    }


def _cell(cell: BadCell) -> dict[str, Any]:
    return {
        "row": cell.row,
        "column": cell.column,
        "found": str(cell.found),
        "expected": cell.expected,
        "fix": cell.fix,
    }


def _failed(why: str) -> Told:
    return (why,), {"error": why}, FAILED

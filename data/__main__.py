"""The store at the command line: make the embedded one, list releases, look for damage, clear out."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import events_command, figures_command, sites_command
from data.errors import Refused, TableError, Unknown
from data.store import Damage, NotWritable, Release, Store, StoreError

DONE, FAILED, STOPPED = 0, 1, 130  # argparse ends with 2 where the command itself is not understood
DEFAULT_STORE = ".siteline"
SHORT = 12  # digits of a digest that name it on a page and in a list
REASON = "the embedded figures, boundaries and training country"

MEND = (
    "Write the embedded tables again: python -m data demo --store {}; "
    "bring other tables back from a copy of the store."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: lines for a person, an object for a program, and how it ended."""

    lines: tuple[str, ...]
    found: dict[str, Any]
    code: int = DONE


def demo(args: argparse.Namespace, say: Callable[[str], None]) -> Answer:
    """Build the embedded tables and make them the current release."""
    if not args.training and (args.seed is not None or args.scale != 1):
        raise SystemExit("--seed and --scale go with --training: python -m data demo --training --scale 65")
    if args.scale < 1:
        raise SystemExit(f"--scale is a whole number from 1 on, not {args.scale}")
    store = Store(args.store)
    if args.training and (args.scale != 1 or args.seed is not None):
        folder = importlib.import_module("data.training.files").write(args.store, args.seed, args.scale, say)
        return Answer((f"training country (SYNTHETIC) in {folder}",), {"folder": str(folder)})
    try:
        before: Release | None = store.current()
    except StoreError:
        before = None  # no store yet, or a damaged one that this command mends
    try:
        store.root.mkdir(parents=True, exist_ok=True)
    except OSError as why:  # said at once: the tables take long to build
        raise NotWritable(store.root, why, 0) from why
    # Imported here: the other commands do not wait for what this one needs.
    tables, about = importlib.import_module("data.tables.embedded").build_tables(say)
    release = store.publish(tables, reason=REASON, about=about, progress=say)
    if args.training:
        importlib.import_module("data.training.files").write(args.store, None, 1, say)
    changes = release.changes_from(before)
    counted = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
    found = {
        "store": str(store.root),
        "digest": release.digest,
        "parent": before.digest if before else None,
        "changes": list(changes),
        "tables": {name: resource.rows for name, resource in release.resources.items()},
    }
    listed = tuple(f"  {change}" for change in changes) if before else ()
    return Answer((*listed, counted, f"release {release.digest}"), found)


def release_list(args: argparse.Namespace, _: Callable[[str], None]) -> Answer:
    """List the releases, newest first."""
    store = Store(args.store)
    store.current()  # says what to do where there is none
    releases = store.releases()
    lines = tuple(
        f"{'*' if r.current else ' '} {r.digest[:SHORT]}  {r.time:%Y-%m-%d %H:%M} UTC  {r.author}: {r.reason}"
        for r in releases
    )
    entries = [
        {
            "digest": r.digest,
            "parent": r.parent,
            "time": r.time.isoformat(),
            "author": r.author,
            "reason": r.reason,
            "current": r.current,
        }
        for r in releases
    ]
    return Answer((*lines, "* marks the current release"), {"store": str(store.root), "releases": entries})


def verify(args: argparse.Namespace, _: Callable[[str], None]) -> Answer:
    """Read every file of the store again and name each one that is not what it should be."""
    store = Store(args.store)
    damage = store.verify(args.release)
    checked = "release " + args.release if args.release else "all releases"
    if not damage:
        lines: tuple[str, ...] = (
            f"{store.root}: {checked} are whole." if not args.release else f"{checked} is whole.",
        )
    else:
        lines = (
            *(_told(d) for d in damage),
            f"{len(damage)} damaged. {MEND.format(store.root)}",
        )
    entries = [
        {
            "kind": d.kind,
            "digest": d.digest,
            "path": str(d.path),
            "found": d.found,
            "releases": list(d.releases),
        }
        for d in damage
    ]
    found = {"store": str(store.root), "whole": not damage, "damage": entries}
    return Answer(lines, found, FAILED if damage else DONE)


def prune(args: argparse.Namespace, _: Callable[[str], None]) -> Answer:
    """Delete all releases but the current one and those named."""
    report = Store(args.store).prune(args.keep)
    line = (
        f"{len(report.releases)} releases, {len(report.objects)} objects and "
        f"{report.temporary} unfinished files deleted, {report.bytes_freed:,} bytes freed; "
        f"{len(report.kept)} kept."
    )
    found = {
        "store": str(args.store),
        "releases": list(report.releases),
        "objects": list(report.objects),
        "temporary": report.temporary,
        "bytes_freed": report.bytes_freed,
        "kept": list(report.kept),
    }
    return Answer((line,), found)


def answered(run: Callable[..., events_command.Told]) -> Callable[..., Answer]:
    """A command of another module as one of this program."""
    return lambda args, say: Answer(*run(args, say))


def _told(damage: Damage) -> str:
    """One line for one damaged file."""
    used = f", used by {', '.join(d[:SHORT] for d in damage.releases)}" if damage.kind == "object" else ""
    return f"{damage.kind} {damage.digest}: {damage.found} ({damage.path}){used}"


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--store",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("SITELINE_STORE") or DEFAULT_STORE),
        help="folder of the store (default: the environment's SITELINE_STORE, else .siteline)",
    )
    common.add_argument(
        "--json", action="store_true", help="print one JSON object; progress goes to the error stream"
    )
    top = argparse.ArgumentParser(
        prog="python -m data",
        description="Make and look after the store of Siteline.",
        epilog="Ends with 0 if all is well, 1 if something failed or is damaged, 2 if it is not understood.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(
        to: Any, name: str, run: Callable[..., Answer], text: str, more: str = ""
    ) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = to.add_parser(
            name, parents=[common], help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=more
        )
        command.set_defaults(run=run)
        return command

    command = add(
        commands,
        "demo",
        demo,
        "build the embedded tables and make them the current release",
        "Needs no network. The same tables again are the same release. Earlier releases stay until pruned.",
    )
    command.add_argument(
        "--training",
        action="store_true",
        help="write the truth of the training country (SYNTHETIC) beside the store, with its population raster",
    )
    command.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="with --training: another country, as files and not in the store",
    )
    command.add_argument(
        "--scale",
        type=int,
        default=1,
        metavar="N",
        help="with --training: N times as many sites, as files for load (65 is 5 million observations)",
    )
    group = commands.add_parser("release", help="look at releases", description="Look at releases.")
    add(
        group.add_subparsers(required=True, metavar="COMMAND"),
        "list",
        release_list,
        "list releases, newest first",
    )
    figures_command.register(
        commands, lambda to, name, run, text, more="": add(to, name, answered(run), text, more)
    )
    sites_command.register(
        commands, lambda to, name, run, text, more="": add(to, name, answered(run), text, more)
    )
    events_command.register(
        commands, lambda to, name, run, text, more="": add(to, name, answered(run), text, more)
    )
    command = add(
        commands,
        "verify",
        verify,
        "read every file of the store again and name the damaged ones",
        "Ends with 1 if anything is damaged or missing.",
    )
    command.add_argument("--release", metavar="DIGEST", help="only this release; its first digits will do")
    command = add(
        commands,
        "prune",
        prune,
        "delete old releases and what only they used",
        "The current release always stays. Shared links to a deleted release stop working.",
    )
    command.add_argument(
        "--keep",
        metavar="DIGEST",
        nargs="+",
        default=[],
        help="releases that stay; their first digits will do",
    )
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 done, 1 failed or damage found, 130 stopped by the keyboard.
    """
    args = parser().parse_args(argv)

    def say(line: str) -> None:
        print(line, file=sys.stderr if args.json else sys.stdout, flush=True)

    try:
        answer: Answer = args.run(args, say)
    except (StoreError, TableError, Unknown, Refused) as why:
        if args.json:
            print(json.dumps({"error": str(why), "kind": type(why).__name__}, ensure_ascii=False))
        print(why, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Stopped. The store is as it was before, or as it was to become.", file=sys.stderr)
        return STOPPED
    try:
        print(
            json.dumps(answer.found, ensure_ascii=False) if args.json else "\n".join(answer.lines), flush=True
        )
    except BrokenPipeError:  # who reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answer.code


if __name__ == "__main__":
    sys.exit(main())

"""The site register at the command line: what is unsure, and what a person decided of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

DONE, FAILED = 0, 1
SHORT = 12  # digits of a digest that name it in a list
Told = tuple[tuple[str, ...], dict[str, Any], int]
Add = Callable[..., argparse.ArgumentParser]


def register(commands: Any, add: Add) -> None:
    """Add `sites` and its commands; `add` makes one of a function, a name and a text."""
    group = commands.add_parser(
        "sites",
        help="say which entries of a site register are one site",
        description="Say which entries of a site register are one site.",
    ).add_subparsers(required=True, metavar="COMMAND")
    listing = add(group, "matches", matches, "list what is unsure")
    listing.add_argument("--operation", metavar="KEY", default="", help="only of this operation")
    for name, run, text in (
        ("confirm", confirmed, "publish that two entries, or an entry and its new name, are one site"),
        ("reject", rejected, "publish that two entries are two sites"),
    ):
        command = add(group, name, run, text, "A new release; earlier ones keep the doubt.")
        command.add_argument("site", metavar="SITE", help="as listed by: python -m data sites matches")
        command.add_argument(
            "other", metavar="OTHER", nargs="?", default="", help="the other entry; none: a new name"
        )
        command.add_argument("--reason", required=True, metavar="TEXT", help="what shows it, for the log")
        command.add_argument(
            "--author", default="siteline", metavar="TEXT", help="which role, not a person's name"
        )


def matches(args: argparse.Namespace, _: Callable[[str], None]) -> Told:
    """List what is unsure in the site registers."""
    from data.matches import doubts
    from data.store import Store

    found = doubts(Store(args.store).current(), args.operation)
    lines = [
        f"{d.operation}  {d.site} {d.other}  {d.name} / {d.other_name}: may be one site"
        if d.other
        else f"{d.operation}  {d.site}  {d.other_name} from round {d.since} on: may be another site"
        for d in found
    ]
    told = [
        {
            "operation": d.operation,
            "site": d.site,
            "other": d.other,
            "names": [d.name, d.other_name],
            "since": d.since,
        }
        for d in found
    ]
    return (*lines, f"{len(found)} unsure"), {"unsure": told}, DONE


def confirmed(args: argparse.Namespace, say: Callable[[str], None]) -> Told:
    """Publish that two entries are one site."""
    return _decided(args, say, same=True)


def rejected(args: argparse.Namespace, say: Callable[[str], None]) -> Told:
    """Publish that two entries are two sites."""
    return _decided(args, say, same=False)


def _decided(args: argparse.Namespace, say: Callable[[str], None], *, same: bool) -> Told:
    from data.matches import NotDecided, decide
    from data.private_names import personal_names
    from data.store import Store

    named = [name for text in (args.reason, args.author) for name in personal_names(text)]
    if named:
        why = f"This looks like a private person's name: {', '.join(named)}. Name a role or an institution instead."
        return (why,), {"error": why}, FAILED
    try:
        release = decide(
            Store(args.store),
            args.site,
            args.other,
            same=same,
            reason=args.reason,
            author=args.author,
            progress=say,
        )
    except NotDecided as why:
        return (str(why),), {"error": str(why)}, FAILED
    return (f"release {release.digest[:SHORT]}",), {"digest": release.digest}, DONE

"""Figures at the command line: a series, or what a change is made of, with everything that must be read with it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # heavy modules are imported where they are used, so that other commands answer at once
    from data.model import Event, Provenance, Series
    from data.parts import Change, Part, Side
    from data.queries import Catalogue, Indicator
    from data.store import Release

DONE, FAILED = 0, 1
Told = tuple[tuple[str, ...], dict[str, Any], int]
Add = Callable[..., argparse.ArgumentParser]
SERIES_COLUMNS = (
    "round",
    "value",
    "lower",
    "upper",
    "precision",
    "obs_status",
    "state",
    "vintage",
    "kind",
    "derivation",
)


def register(commands: Any, add: Add) -> None:
    """Add `series` and `change`; `add` makes one of a function, a name and a text."""
    more = "Rounds by number, other periods by a day in them. Every answer brings its events, caveats and sources."
    listing = add(commands, "series", series, "print one indicator through time", more)
    split = add(commands, "change", change, "print what the change between two rounds is made of", more)
    for command, required in ((listing, False), (split, True)):
        command.add_argument("--operation", required=True, metavar="KEY", help="such as hti-eq2010")
        command.add_argument("--what", metavar="KEY", help="indicator; default: the first of the operation")
        command.add_argument(
            "--place", default="", metavar="CODE", help="area; default: the indicator's own place"
        )
        command.add_argument("--from", dest="first", required=required, metavar="ROUND|DAY")
        command.add_argument("--to", dest="second", required=required, metavar="ROUND|DAY")
        command.add_argument(
            "--as-known-on",
            type=_day,
            metavar="DAY",
            help="only what was public by that day, such as 2016-12-31",
        )
        command.add_argument("--release", metavar="DIGEST", help="another release than the current one")


def series(args: argparse.Namespace, _: Callable[[str], None]) -> Told:
    """Print one indicator through time, with its breaks."""
    from data import queries
    from data.model import records
    from data.series import breaks_by_row

    release, _held, about = _asked(args)
    found = queries.series(release, about.key, args.as_known_on, area=args.place)
    breaks = breaks_by_row(found)
    rows = [
        _row(row) | {"after_break": [e.key for e in breaks.get(at, ())]}
        for at, row in records(found.values)
        if _inside(row, args.first, args.second)
    ]
    if not rows:
        return _nothing(found, args)
    lines = [f"{found.label.en}, {found.place.en} ({about.unit})"]
    for row in rows:
        lines += [f"  -- not comparable: {_event_line(found, key)}" for key in row["after_break"]]
        value = "no value" if row["value"] is None else f"{row['value']:,.0f}"
        number = "" if row["round"] is None else f"  round {row['round']}"
        lines.append(
            f"  {row['last']}{number}  {value}  {row['precision']}  {row['state']}  known by {row['known_by']}"
        )
    return (
        (*lines, *_notes(found.provenance, args.as_known_on)),
        _about(found, release, args) | {"values": rows},
        DONE,
    )


def change(args: argparse.Namespace, _: Callable[[str], None]) -> Told:
    """Print the parts of a change, which sum to it exactly."""
    from data.errors import Unknown
    from data.model import unite
    from data.split import NoChange, companion
    from data.split import change as split

    release, held, about = _asked(args)
    made: dict[str, Change] = {}
    for name, key in (("change", about.key), ("households", _key_of(companion(held, about)))):
        try:
            if key:
                made[name] = split(
                    release, key, args.first, args.second, area=args.place, as_known_on=args.as_known_on
                )
        except (NoChange, Unknown):
            if name == "change":
                raise  # households that were not published exactly on both sides are left out
    found = made["change"]
    told = {name: _told_change(one) for name, one in made.items()}
    lines = [f"{found.series.label.en}, {found.area_name or found.series.place.en} ({found.unit})"]
    lines += [f"  {_side(found.first)} to {_side(found.second)}: {found.amount:+,.0f}"]
    for part in found.parts:
        amount = "amount not known" if part.amount is None else f"{part.amount:+,.0f}"
        reason = f" ({part.reason})" if part.reason else ""
        sites = f", {len(part.rows)} sites" if part.rows else ""
        lines.append(f"    {part.kind}{reason}: {amount}  [{part.grade}{sites}]")
    lines.append("    The parts sum to the published change exactly.")
    if not found.comparable:
        lines.append("    No percent of the published values: they are not comparable.")
    lines += [
        f"    like for like, {base.basis}: {base.before:,.0f} to {base.after:,.0f}, {base.percent:+.1f}%"
        for base in found.bases
    ]
    answer = _about(found.series, release, args) | told["change"]
    if "households" in told:
        answer["households"] = told["households"]
    whole = unite(one.provenance for one in made.values())
    answer |= _provenance(whole)
    return (*lines, *_notes(whole, args.as_known_on)), answer, DONE


def _asked(args: argparse.Namespace) -> tuple[Release, Catalogue, Indicator]:
    """The release and the indicator that a command names."""
    from data import queries
    from data.errors import Unknown
    from data.store import Store

    store = Store(args.store)
    release = store.release(args.release) if args.release else store.current()
    held = queries.catalogue(release)
    operation = held.operation(args.operation)
    of = {i.key: i for i in held.indicators.values() if i.operation == operation.key}
    key = args.what or held.lead[operation.key]
    if key not in of:
        raise Unknown(f"indicator of {operation.key}", key, [(i.key, i.subject.en) for i in of.values()])
    return release, held, of[key]


def _nothing(found: Series, args: argparse.Namespace) -> Told:
    """Why there is no value: nothing was public by then, or none lies between the two sides."""
    first = found.history["last"].min()
    why = (
        f"No value of {found.key} was public on {args.as_known_on}."
        if found.values.empty
        else f"No value of {found.key} lies between {args.first} and {args.second}; the first is of {first:%Y-%m-%d}."
    )
    return (why,), {"error": why}, FAILED


def _inside(row: Mapping[str, Any], first: str | None, second: str | None) -> bool:
    """Whether a value lies between two sides, each a round number or a day."""

    def at(text: str) -> Any:
        return row["round"] if text.isdecimal() else row["last"].date()

    def side(text: str) -> Any:
        return int(text) if text.isdecimal() else _day(text)

    for text, after in ((first, True), (second, False)):
        if text is None:
            continue
        value, bound = at(text), side(text)
        if value is None or str(value) == "<NA>" or (value < bound if after else value > bound):
            return False
    return True


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {
        name: _plain(row[name]) for name in ("first", "last", *SERIES_COLUMNS, "known_by", "source", "note")
    }
    return {**cells, "round": None if cells["round"] is None else int(cells["round"])}


def _told_change(found: Change) -> dict[str, Any]:
    percent = (
        100 * found.amount / found.first.first_published
        if found.comparable and found.first.first_published
        else None
    )
    return {
        "indicator": found.series.key,
        "unit": found.unit.value,
        "first": _told_side(found.first),
        "second": _told_side(found.second),
        "change": found.amount,
        "comparable": found.comparable,
        "percent": percent,
        "parts": [_told_part(part) for part in found.parts],
        "like_for_like": [
            {
                "basis": b.basis.value,
                "before": b.before,
                "after": b.after,
                "percent": round(b.percent, 1),
                "grade": b.grade.value,
            }
            for b in found.bases
        ],
        "assumptions": [text.en for text in found.provenance.derived_by],
    }


def _told_part(part: Part) -> dict[str, Any]:
    rows = [
        {
            "site": row.key,
            "name": row.name,
            "before": row.before,
            "after": row.after,
            "state_before": row.state_before,
            "state_after": row.state_after,
            "change": row.amount,
        }
        for row in part.rows
    ]
    return {
        "kind": part.kind.value,
        "reason": part.reason,
        "amount": part.amount,
        "evidence": part.grade.value,
        "events": [event.key for event in part.events],
        "sites": rows or list(part.sites),
    }


def _told_side(side: Side) -> dict[str, Any]:
    return {
        "round": side.round,
        "period": str(side.period),
        "first_published": side.first_published,
        "value": side.value,
    }


def _side(side: Side) -> str:
    number = "" if side.round is None else f", round {side.round}"
    now = "" if side.value == side.first_published else f", as first published; now {side.value:,.0f}"
    return f"{side.first_published:,.0f} ({side.period}{number}{now})"


def _about(found: Series, release: Release, args: argparse.Namespace) -> dict[str, Any]:
    return {
        "release": release.digest,
        "operation": args.operation,
        "indicator": found.key,
        "label": found.label.en,
        "place": args.place or found.place.en,
        "unit": found.unit.value,
        "measure": found.measure.value,
        "population": found.population.value,
        "setting": found.setting.value,
        "counted": found.counted.en,
        "not_counted": found.not_counted.en,
        "as_known_on": None if args.as_known_on is None else args.as_known_on.isoformat(),
        "synthetic": any(o.synthetic for o in found.provenance.operations),
        **_provenance(found.provenance),
    }


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return {
        "events": [_told_event(event) for event in provenance.events],
        "caveats": [
            {"key": c.key, "title": c.title.en, "text": c.text.en, "source": c.source.key}
            for c in provenance.caveats
        ],
        "methods": [{"key": m.key, "text": m.text.en, "accuracy": m.accuracy.en} for m in provenance.methods],
        "sources": [
            {
                "key": s.key,
                "title": s.title,
                "publisher": s.publisher,
                "published": None if s.published is None else str(s.published),
            }
            for s in provenance.sources
        ],
        "assumptions": [text.en for text in provenance.derived_by],
        "credit": [o.credit for o in provenance.operations],
    }


def _told_event(event: Event) -> dict[str, Any]:
    return {
        "key": event.key,
        "kind": event.kind.value,
        "when": str(event.when),
        "first_round": event.first_round,
        "breaks": event.breaks,
        "claim": event.claim.value,
        "known_by": _plain(event.known_by),
        "headline": event.headline.en,
        "text": event.text.en,
        "source": event.source.key,
        "effects": [
            {"indicator": e.indicator, "value": e.value, "unit": e.unit.value, "precision": e.precision.value}
            for e in event.effects
        ],
    }


def _notes(provenance: Provenance, day: date | None) -> Sequence[str]:
    """What must be read with the figures; what was not public on the day is last, and said to be so."""
    from data.model import public_on

    def told(event: Event) -> str:
        claim = "" if event.claim == "published" else f" ({event.claim})"
        return f"  {event.when}  {event.kind}{claim}: {event.headline.en}. {event.source.title}"

    events = sorted(provenance.events, key=lambda e: e.when)
    lines = ["Events:", *([told(e) for e in events if public_on(e, day)] or ["  none"])]
    later = [told(e) for e in events if not public_on(e, day)]
    lines += [f"Known only after {day}, or without a date of publication:", *later] if later else []
    lines += ["Caveats:", *(f"  {c.title.en}. {c.text.en} {c.source.title}" for c in provenance.caveats)]
    lines += [f"Assumption: {text.en}" for text in provenance.derived_by]
    return [*lines, *(o.credit for o in provenance.operations)]


def _event_line(found: Series, key: str) -> str:
    event = next(e for e in found.provenance.events if e.key == key)
    return f"{event.when} {event.headline.en}"


def _key_of(indicator: Indicator | None) -> str:
    return "" if indicator is None else indicator.key


def _plain(value: Any) -> Any:
    """A cell as JSON has it: dates as texts, missing values as null."""
    if value is None or str(value) in ("<NA>", "NaT", "nan"):
        return None
    if isinstance(value, date):  # also a moment of pandas
        return value.isoformat()[:10]
    return value


def _day(text: str) -> date:
    """A day of the form 2013-09-30."""
    try:
        return date.fromisoformat(text)
    except ValueError as why:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2013-09-30") from why

"""What was published as changed between two figures: method, definition, list, coverage, breaks, limits.

Only what the producer published decides. An allegation, a report of others or a disputed claim never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from data.codes import ClaimStatus, EventKind, ObsStatus
from data.comparing.asked import Check
from data.comparing.figure import Figure, Pair, site_names
from data.comparing.names import OF
from data.comparing.says import listed, quoted, said
from data.dates import Grain
from data.ledger import concerns, places
from data.model import Caveat, Event, Text
from data.series import stretches

METHOD = frozenset({EventKind.METHOD_CHANGE, EventKind.RE_REGISTRATION})
DEFINITION = frozenset({EventKind.DEFINITION_CHANGE})
LIST = frozenset(
    {EventKind.DELISTING, EventKind.RELISTING, EventKind.RECATEGORIZATION, EventKind.SITE_MERGE_OR_SPLIT}
)
COVERAGE = frozenset({EventKind.COVERAGE_CHANGE})
UNEXPLAINED = frozenset({EventKind.UNEXPLAINED_BREAK})
_ASKED = METHOD | DEFINITION | LIST | COVERAGE | UNEXPLAINED
OTHER = frozenset(EventKind) - _ASKED  # only where they break the line
_NAMED_SITES = 5  # more than these make no sentence


def touching(pair: Pair) -> tuple[Event, ...]:
    """What the producer published about one of the two figures, by date; () for two data collections."""
    if not pair.one_operation:
        return ()
    found = {
        scoped.item.key: scoped.item
        for scoped in pair.held.events
        if scoped.operation == pair.a.about.operation
        and any(scoped.touches(figure.about.key) for figure in (pair.a, pair.b))
        and isinstance(scoped.item, Event)
        and scoped.item.claim is ClaimStatus.PUBLISHED
        and any(_of(pair, scoped.item, figure) for figure in (pair.a, pair.b))
    }
    return tuple(sorted(found.values(), key=lambda event: (event.when, event.key)))


def _of(pair: Pair, item: Event | Caveat, figure: Figure) -> bool:
    """Whether an event or a limit speaks of the place of a figure."""
    named = item.areas or (isinstance(item, Event) and item.sites)
    area = figure.point.area
    return not named or not area or concerns(item, area, places(pair.release))


def between(pair: Pair, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that divide the two figures, by the rule by which lines are cut (`data.series.stretches`)."""
    return tuple(event for event in events if _divides(pair, event))


def _divides(pair: Pair, event: Event) -> bool:
    """Whether the figures stand on two sides of an event; one of whose place it does not speak stands before it."""
    of_a, of_b = (_of(pair, event, figure) for figure in (pair.a, pair.b))
    if not (of_a and of_b):
        return (of_a and _after(event, pair.a)) or (of_b and _after(event, pair.b))
    if event.first_round is None:  # no round is named: the day decides
        day = event.when.first
        return (pair.a.period.last >= day) is not (pair.b.period.last >= day)
    if pair.a.round is not None and pair.b.round is not None:
        return (pair.a.round >= event.first_round) is not (pair.b.round >= event.first_round)
    frame, a, b = _together(pair.a, pair.b)  # a figure without a round stands by its date among the rounds
    return not any({a, b} <= set(part.index) for part in stretches(frame, [event]))


def _after(event: Event, figure: Figure) -> bool:
    """Whether a figure stands after an event, by its round or, where one of the two has none, by the day."""
    if event.first_round is not None and figure.round is not None:
        return figure.round >= event.first_round
    return figure.period.last >= event.when.first


def _together(a: Figure, b: Figure) -> tuple[pd.DataFrame, int, int]:
    """The rows of both series, with where the two figures stand in them."""
    if a.values is b.values:
        return a.values, a.position, b.position
    columns = ["round", "last"]
    both = pd.concat([a.values[columns], b.values[columns]], ignore_index=True)
    return both, a.position, b.position + len(a.values)


def _of_kind(pair: Pair, kinds: frozenset[EventKind]) -> tuple[Event, ...]:
    return between(pair, [event for event in touching(pair) if event.kind in kinds])


def _change(pair: Pair, key: str, kinds: frozenset[EventKind], *, sites_soften: bool) -> Check:
    """The check of one kind of change.

    A break of the whole is "no". Where `sites_soften`, a break at named sites calls for care; so does a change
    after which the producer goes on with the line.
    """
    if not pair.one_operation:
        return said("change.unknown", key=key, of=OF[key])
    found = _of_kind(pair, kinds)
    hard = [event for event in found if event.breaks and not (sites_soften and event.sites)]
    if hard:
        return said("change.no", key=key, of=OF[key], events=named(pair, hard))
    if not found:
        return said("change.yes", key=key, of=OF[key])
    some = sites_soften and all(event.sites for event in found)
    row = "change.with_care.some" if some else "change.with_care.step"
    return said(row, key=key, of=OF[key], events=named(pair, found))


method = partial(_change, key="method", kinds=METHOD, sites_soften=True)
definition = partial(_change, key="definition", kinds=DEFINITION, sites_soften=True)
sites_listed = partial(_change, key="list", kinds=LIST, sites_soften=False)


def coverage(pair: Pair) -> Check:
    """Changes of what was reached: steps from a day on, and times that hold for one figure only."""
    if not pair.one_operation:
        return said("change.unknown", key="coverage", of=OF["coverage"])
    held = [event for event in touching(pair) if event.kind in COVERAGE]
    times = [event for event in held if _for_a_time(event)]
    # What ends such a time is no step of its own: the figures on both sides of the whole time stand alike.
    ends = {event.key for event in held if event.follows in {time.key for time in times}}
    steps = between(pair, [event for event in held if event not in times and event.key not in ends])
    say = partial(said, key="coverage", of=OF["coverage"])
    hard = [event for event in steps if event.breaks]
    if hard:
        return say("change.no", events=named(pair, hard))
    one_sided = [
        event
        for event in times
        if (_of(pair, event, pair.a) and _reaches(event, pair.a))
        != (_of(pair, event, pair.b) and _reaches(event, pair.b))
    ]
    if one_sided:
        return say("change.with_care.time", events=named(pair, one_sided))
    return say("change.with_care.step", events=named(pair, steps)) if steps else say("change.yes")


def _for_a_time(event: Event) -> bool:
    """Whether an event is a time with a first and a last day, not a step after which all is on a new basis."""
    return not event.breaks and (event.status is ObsStatus.SPECIAL_EVENT or event.when.grain is Grain.SPAN)


def _reaches(item: Event | Caveat, figure: Figure) -> bool:
    """Whether the time of an event or a limit shares a day with the period of a figure."""
    when = item.when if isinstance(item, Event) else item.period
    return when is not None and when.touches(figure.period.first, figure.period.last)


def unexplained_break(pair: Pair) -> Check:
    """A break whose cause nobody found."""
    if not pair.one_operation:
        return said("unexplained_break.unknown")
    found = _of_kind(pair, UNEXPLAINED)
    if found:
        return said("unexplained_break.no", events=named(pair, found))
    return said("unexplained_break.yes")


def other_break(pair: Pair) -> Check:
    """Breaks of any other kind, so that none is passed over in silence."""
    if not pair.one_operation:
        return said("change.unknown", key="break", of=OF["break"])
    found = [event for event in _of_kind(pair, OTHER) if event.breaks]
    if found:
        return said("change.no", key="break", of=OF["break"], events=named(pair, found))
    return said("change.yes", key="break", of=OF["break"])


def limit(pair: Pair) -> Check:
    """Limits with a time of their own that hold for one of the two figures only."""
    found = [
        scoped.item
        for scoped in pair.held.caveats
        if isinstance(scoped.item, Caveat)
        and scoped.item.period is not None
        and len(
            {
                _of(pair, scoped.item, f)
                and _limited(scoped.item, scoped.operation, scoped.touches(f.about.key), f)
                for f in (pair.a, pair.b)
            }
        )
        > 1
    ]
    if not found:
        return said("limit.yes")
    return said("limit.with_care", a=listed([quoted(caveat.title) for caveat in found]))


def _limited(caveat: Caveat, operation: str, touches: bool, figure: Figure) -> bool:  # noqa: FBT001
    return operation == figure.about.operation and touches and _reaches(caveat, figure)


def named(pair: Pair, events: Sequence[Event]) -> Text:
    """The events by their headlines, with the names of a few sites."""
    return listed([_one(pair, event) for event in events])


def _one(pair: Pair, event: Event) -> Text:
    headline = quoted(event.headline)
    if not event.sites or len(event.sites) > _NAMED_SITES:
        return headline
    names = site_names(pair.release)
    sites = ", ".join(names.get(site, site) for site in event.sites)
    return Text(f"{headline.en} – {sites}", (("fr", f"{headline.to('fr')} – {sites}"),))

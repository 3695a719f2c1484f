"""What must be read with a figure, as numbered notes in a reader's language.

Order: events that touch the count by date (numbered; those that break a line say so), each followed by what
came after it for the people and by its criticism; then standing caveats (†); then context (–).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from data.codes import ClaimStatus, EventKind, Unit
from data.dates import DateSpan
from data.model import Caveat, Event, Note, Provenance, Source, public_on
from words import Words
from words.format import number, percent, span

# Kinds that say something about the count itself; the others are told as context.
TOUCH_THE_COUNT = frozenset(EventKind) - {
    EventKind.CONTEXT, EventKind.CRITICISM, EventKind.PUBLICATION, EventKind.PROGRAMME, EventKind.USE_OF_FIGURE,
    EventKind.CLEARANCE,
}  # fmt: skip


def marked(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that get a number and a mark in the figure, by date."""
    return tuple(sorted((e for e in events if e.kind in TOUCH_THE_COUNT), key=lambda e: e.when))


def notes_of(
    provenance: Provenance,
    words: Words,
    within: tuple[date, date] | None = None,
    places: Mapping[str, DateSpan] | None = None,
    known: date | None = None,
) -> tuple[Note, ...]:
    """Every event and caveat of `provenance` as notes.

    Parameters
    ----------
    provenance : Provenance
        What the figure rests on.
    words : Words
        The reader's language.
    within : (date, date), optional
        Days that the figure shows. An event outside keeps its note but has no number, as no mark is drawn.
    places : mapping, optional
        Where an event stands in the figure, by key, if not at its own date: a correction stands at the value
        that it corrected.
    known : date, optional
        As known on which day the figure is shown. What was not surely public then is marked `later`.

    Returns
    -------
    tuple of Note
        All of them: nothing is dropped for a period.
    """
    events = sorted(provenance.events, key=lambda e: e.when)
    touching = marked(events)
    numbered = set(touching)  # they have a note of their own by date, also where they follow another
    keys = {e.key for e in events}
    told: set[Event] = set()
    notes: list[Note] = []
    count = 0

    def tell(event: Event, mark: str) -> None:
        """The note of an event, and directly after it what came after it, answered it, or used the same value."""
        notes.append(replace(_of_event(event, mark, words), later=not public_on(event, known)))
        told.add(event)
        for other in events:
            same = event.kind is EventKind.CORRECTION and bool(event.about) and other.about == event.about
            if (same or event.key in (other.follows, other.answers)) and other not in told | numbered:
                tell(other, "–")

    for event in touching:
        inside = within is None or (places or {}).get(event.key, event.when).touches(*within)
        count += inside
        tell(event, str(count) if inside else "–")
    notes += [replace(_of_caveat(c, words), later=not public_on(c, known)) for c in provenance.caveats]
    for event in sorted(
        events, key=lambda e: e.follows in keys or e.answers in keys
    ):  # heads before what follows
        if event not in told:
            tell(event, "–")
    return tuple(notes)


def kind_word(event: Event, words: Words) -> str:
    """The kind of an event as a page says it."""
    if event.follows and event.kind not in TOUCH_THE_COUNT:
        return words("kind.followed")
    if event.kind is EventKind.METHOD_CHANGE and not event.breaks:
        return words("kind.method_note")
    return words(f"kind.{event.kind}")


def source_line(source: Source, words: Words) -> str:
    """Title, date and what was in hand."""
    when = span(source.published, words) if source.published else words("note.undated")
    return words("note.source", title=source.title, date=when, read_as=source.read_as.to(words.language))


def _of_event(event: Event, mark: str, words: Words) -> Note:
    language = words.language
    parts = [event.text.to(language)]
    if event.reason:
        parts.append(words("note.reason", text=event.reason.to(language)))
    if event.asked_by:
        parts.append(words("note.asked_by", text=event.asked_by.to(language)))
    if event.decided_by:
        parts.append(words("note.decided_by", text=event.decided_by.to(language)))
    if event.criticised_by:
        parts.append(words("note.criticised_by", text=event.criticised_by.to(language)))
    if event.reply:
        parts.append(words("note.reply", text=event.reply.to(language).rstrip(".")))
    effects = _effects(event, words) if event.kind in TOUCH_THE_COUNT else ""
    if effects != words("note.effect_unknown") or effects not in event.text.to(language):  # said once
        parts.append(effects)
    if event.claim in (ClaimStatus.ALLEGED, ClaimStatus.DISPUTED):
        parts.append(words(f"note.{event.claim}"))
    return Note(
        key=event.key,
        mark=mark,
        breaks=event.breaks,
        when=event.when,
        word=kind_word(event, words),
        text=" ".join(part for part in parts if part),
        source=source_line(event.source, words),
    )


def _effects(event: Event, words: Words) -> str:
    """The published effect on people and households, or that its size was not published."""
    if not event.effects:
        return words("note.effect_unknown") if event.breaks else ""
    said = []
    for effect in event.effects:
        if effect.unit is Unit.PERCENT:
            digits = 0 if effect.value == round(effect.value) else 1  # 17% was published, not 17.0%
            share = percent(effect.value, words.language, signed=True, decimals=digits)
            amount = words(f"precision.{effect.precision}", number=share)
            said.append(words("note.effect_percent", amount=amount, note=effect.note.to(words.language)))
        else:
            figure = number(effect.value, words.language, signed=True)
            amount = words(f"precision.{effect.precision}", number=figure)
            said.append(words("note.effect", amount=amount, unit=words(f"unit.{effect.unit}")))
    return words("note.effects", list=words("note.separator").join(said))


def _of_caveat(caveat: Caveat, words: Words) -> Note:
    return Note(
        key=caveat.key,
        mark="†",
        breaks=False,
        when=caveat.period,
        word=caveat.title.to(words.language),
        text=caveat.text.to(words.language),
        source=source_line(caveat.source, words),
    )


def note_date(when: DateSpan | None, words: Words) -> str:
    """The date of a note, '' where it always holds."""
    return span(when, words) if when else ""

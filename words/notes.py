"""What must be read with a figure, as numbered notes in a reader's language.

Order: events that touch the count by date (numbered; those that break a line say so), each followed by what
came after it for the people and by its criticism; then standing caveats (†); then context (–).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from data.codes import ClaimStatus, EventKind, Unit
from data.dates import DateSpan
from data.model import DETAILS, Caveat, Event, Note, Operation, Provenance, Source, public_on
from words import DEFAULT, Words
from words import words as sentences
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
        later = not public_on(event, known)
        then = event if later else event.told_on(known)
        notes.append(replace(_of_event(then, mark, words), later=later))
        if then is not event:  # its details became public later
            notes.append(_details(event, words))
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


def credit_line(operation: Operation, words: Words) -> str:
    """How an operation is credited: as it asks for; the training country, which is ours, in the reader's language."""
    country = operation.country.to(words.language).removesuffix(" (SYNTHETIC)")
    ours = operation.synthetic and operation.credit == sentences(DEFAULT)(
        "note.synthetic_credit", country=country
    )
    return words("note.synthetic_credit", country=country) if ours else operation.credit


def event_source(event: Event, words: Words) -> str:
    """The source of an entry, and that of its details where it is another one."""
    said = source_line(event.source, words)
    if event.details is None:
        return said
    return words("note.details_source", source=said, details=source_line(event.details, words))


def _told(event: Event, words: Words) -> list[str]:
    """Reason, who asked and decided, criticism and reply, each attributed, as far as they were said."""
    language = words.language
    return [
        words(f"note.{name}", text=text.to(language).rstrip("." if name == "reply" else ""))
        for name in DETAILS
        if (text := getattr(event, name))
    ]


def _details(event: Event, words: Words) -> Note:
    """What was told of an entry only later: a note beside its own."""
    assert event.details is not None  # noqa: S101 - told only of entries that have them
    return Note(
        key=f"{event.key}-details", mark="–", breaks=False, when=event.when, word=kind_word(event, words),
        text=" ".join([event.headline.to(words.language).rstrip(".") + ".", *_told(event, words)]),
        source=source_line(event.details, words), later=True,
    )  # fmt: skip


def _of_event(event: Event, mark: str, words: Words) -> Note:
    language = words.language
    parts = [event.text.to(language), *_told(event, words)]
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
        source=event_source(event, words),
    )


def _effects(event: Event, words: Words) -> str:
    """The published effects, or that the size was not published; of two indicators in one unit it says which."""
    if not event.effects:
        return words("note.effect_unknown") if event.breaks else ""
    said, units = [], Counter(effect.unit for effect in event.effects)
    for effect in event.effects:
        if effect.unit is Unit.PERCENT:
            digits = 0 if effect.value == round(effect.value) else 1  # 17% was published, not 17.0%
            share = percent(effect.value, words.language, signed=True, decimals=digits)
            amount = words(f"precision.{effect.precision}", number=share)
            said.append(words("note.effect_percent", amount=amount, note=effect.note.to(words.language)))
        else:
            figure = number(effect.value, words.language, signed=True)
            amount = words(f"precision.{effect.precision}", number=figure)
            size = words("note.effect", amount=amount, unit=words(f"unit.{effect.unit}"))
            subject = effect.subject.to(words.language)
            if units[effect.unit] > 1 and subject:
                size = words("note.effect_of", effect=size, indicator=subject)
            said.append(size)
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

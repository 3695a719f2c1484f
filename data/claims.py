"""What was said, each with its source: texts in languages, sources, methods, standing limits and dated entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from data.codes import ClaimStatus, EventKind, ObsStatus, Precision, Unit
from data.dates import DateSpan


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of the data (a caveat, an event) in English and in the languages it was translated to."""

    en: str
    others: tuple[tuple[str, str], ...] = ()

    def to(self, language: str) -> str:
        """The text in `language`, or in English where it was not translated."""
        return dict(self.others).get(language, self.en)

    def __bool__(self) -> bool:
        return bool(self.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document, page or file that was read."""

    key: str
    title: str
    publisher: str
    published: DateSpan | None  # None: no date of publication was found
    read_as: Text  # what was in hand: the report, a copy, the press quoting it
    credit: str  # the prescribed credit, "" where none is
    licence: str

    def public_by(self, begins: date) -> date | None:
        """The day by which what it says of that time was surely public; None where it has no date."""
        # A list that is kept up has the date of its first entry: nothing is known before it began.
        return None if self.published is None else max(self.published.last, begins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a value was made, and how many digits that can bear."""

    key: str
    text: Text
    accuracy: Text
    rounds_figures: bool  # True: figures are estimates, shown on IDMC's rounding ladder with "about"
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """One thing a reader must know before comparing values."""

    key: str
    title: Text
    text: Text
    source: Source
    period: DateSpan | None = None  # None: it always holds
    areas: tuple[str, ...] = ()  # codes of the areas that it is about; (): of none of its own

    @property
    def known_by(self) -> date | None:
        """The day by which it was surely public; None where its source has no date."""
        return self.source.public_by(self.period.first if self.period else date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an event did to one indicator, as published."""

    indicator: str
    value: float
    unit: Unit
    precision: Precision
    note: Text
    subject: Text = field(default_factory=lambda: Text(""))  # of the indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated entry of the ledger.

    Raises
    ------
    ValueError
        If an entry that is not published by the producer would break a line: an allegation is shown as one.
    """

    key: str
    kind: EventKind
    when: DateSpan
    first_round: int | None  # first round on the new basis
    breaks: bool  # True: values before and after are not comparable
    status: ObsStatus | None
    claim: ClaimStatus
    headline: Text
    text: Text
    source: Source
    reason: Text = field(default_factory=lambda: Text(""))
    asked_by: Text = field(default_factory=lambda: Text(""))
    decided_by: Text = field(default_factory=lambda: Text(""))
    criticised_by: Text = field(default_factory=lambda: Text(""))
    reply: Text = field(default_factory=lambda: Text(""))
    effects: tuple[Effect, ...] = ()
    follows: str = ""  # key of the event that this one came after
    answers: str = ""  # key of the event that this one criticises
    sites: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()  # as of a caveat
    about: str = ""  # id of the observation whose use, correction or publication this is
    details: Source | None = None  # where reason, asked_by … reply were read, if not in `source`

    def __hash__(self) -> int:
        """By its key: events are asked for many times, and all that they tell is much to go through."""
        return hash(self.key)

    def __post_init__(self) -> None:
        if self.breaks and self.claim is not ClaimStatus.PUBLISHED:
            raise ValueError(f"event '{self.key}' is {self.claim}: only what is published may cut a line.")

    @property
    def known_by(self) -> date | None:
        """The day by which it was surely public; None where its source has no date."""
        return self.source.public_by(self.when.first)

    def told_on(self, day: date | None) -> Event:
        """The entry with what was surely public of it on `day`: without its details where their source came later."""
        if day is None or self.details is None:
            return self
        by = self.details.public_by(self.when.first)
        if by is not None and by <= day:
            return self
        none = Text("")
        return replace(
            self, details=None, reason=none, asked_by=none, decided_by=none, criticised_by=none, reply=none
        )  # fmt: skip

    def effect_on(self, indicator: str) -> Effect | None:
        """The published effect on `indicator`, None where its size was not published."""
        return next((e for e in self.effects if e.indicator == indicator), None)


DETAILS = ("reason", "asked_by", "decided_by", "criticised_by", "reply")  # of an event, each attributed


def public_on(item: Event | Caveat, day: date | None) -> bool:
    """Whether it was surely public on `day`; today everything is (None)."""
    return day is None or (item.known_by is not None and item.known_by <= day)


def withdrawal_of(events: Iterable[Event], number: int | None, day: date | None) -> Event | None:
    """The published event by which the figures of a round were withdrawn, as known on `day`; None where none was."""
    found = (
        e for e in events
        if e.kind is EventKind.WITHDRAWAL and e.first_round == number and e.claim is ClaimStatus.PUBLISHED
    )  # fmt: skip
    return None if number is None else next((e for e in found if public_on(e, day)), None)

"""Every event and caveat of a figure is a note, in an order that puts what followed beside what it followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import queries
from data.codes import ClaimStatus, EventKind, Precision, Unit
from data.model import Effect, Event, Note, Provenance
from data.store import Store
from tests.laws import caveat, days, effect, event, events, provenance, text
from words import LANGUAGES, Words, words
from words.notes import TOUCH_THE_COUNT, kind_word, marked, notes_of

EN = words("en")
Notes = Callable[[Provenance, Words], tuple[Note, ...]]


@st.composite
def ledgers(draw: st.DrawFn) -> Provenance:
    """Any ledger in which entries follow and answer others, in circles too, or name some that are not there."""
    found = draw(st.lists(events(), max_size=6, unique_by=lambda e: e.key))
    names = st.sampled_from(["", "", "elsewhere", *(e.key for e in found)])
    linked = [replace(e, follows=draw(names), answers=draw(names)) for e in found]
    return provenance(
        linked, caveats=tuple(caveat(f"c-{k}") for k in draw(st.sets(st.integers(0, 3), min_size=1)))
    )


def untold(notes: Notes, about: Provenance) -> Counter[str]:
    """The events and caveats that are not said exactly once."""
    said = Counter(note.key for note in notes(about, EN))
    wanted = Counter([e.key for e in about.events] + [c.key for c in about.caveats])
    return (said - wanted) + (wanted - said)


@given(ledgers())
def test_each_event_and_caveat_is_one_note(about: Provenance) -> None:
    """Nothing is dropped and nothing is said twice, whatever follows whatever."""
    assert untold(notes_of, about) == Counter()


def test_a_note_that_is_dropped_or_repeated_is_noticed() -> None:
    """Control: leaving out the last note, the context, or saying one twice is found."""
    about = provenance([event(), event("press", "2013-10", kind=EventKind.PUBLICATION, breaks=False)])
    assert untold(lambda a, w: notes_of(a, w)[:-1], about)
    assert untold(lambda a, w: tuple(n for n in notes_of(a, w) if n.mark != "–"), about) == Counter(["press"])
    assert untold(lambda a, w: (*notes_of(a, w), notes_of(a, w)[0]), about)


@given(ledgers())
def test_marks_count_the_events_by_date(about: Provenance) -> None:
    """The numbers are 1, 2, 3 … in the order of dates: those of the marks in the figure."""
    notes = notes_of(about, EN)
    numbered = [note for note in notes if note.mark.isdigit()]
    assert [note.mark for note in numbered] == [str(n + 1) for n in range(len(numbered))]
    assert [note.key for note in numbered] == [e.key for e in marked(about.events)]
    assert [note.when for note in numbered] == sorted(n.when for n in numbered if n.when)
    assert {note.key for note in notes if note.mark == "†"} == {c.key for c in about.caveats}


@given(ledgers())
def test_whatever_breaks_a_line_and_touches_the_count_has_a_number(about: Provenance) -> None:
    """A line is never cut without a number that leads to the note, also where the event follows another."""
    numbers = {note.key: note.mark for note in notes_of(about, EN)}
    for cut in about.breaks():
        assert numbers[cut.key].isdigit() is (cut.kind in TOUCH_THE_COUNT)


@given(ledgers(), days, days)
def test_an_event_outside_the_figure_keeps_its_note(about: Provenance, one: date, other: date) -> None:
    """A period takes the number away and never the note."""
    within = (min(one, other), max(one, other))
    notes = notes_of(about, EN, within)
    assert [n.key for n in notes] == [n.key for n in notes_of(about, EN)]
    inside = {e.key for e in marked(about.events) if e.when.touches(*within)}
    assert {n.key for n in notes if n.mark.isdigit()} == inside


def apart(notes: Notes, about: Provenance) -> list[str]:
    """Followers and answers that do not stand directly after their event and its other followers."""
    order = [note.key for note in notes(about, EN)]
    found = []
    for other in about.events:
        parent = other.follows or other.answers
        if not parent or parent not in order or other.kind in TOUCH_THE_COUNT:
            continue
        family = {parent, *(e.key for e in about.events if parent in (e.follows, e.answers))}
        between = order[order.index(parent) : order.index(other.key)]
        if not between or not set(between) <= family:
            found.append(other.key)
    return found


LEDGER = [
    event(),
    event("evictions", "2013-12", kind=EventKind.CONTEXT, breaks=False, follows="delisting"),
    event("amnesty", "2015", kind=EventKind.CRITICISM, breaks=False, answers="delisting"),
    event("again", "2014-03", kind=EventKind.RE_REGISTRATION),
    event("press", "2012-01", kind=EventKind.PUBLICATION, breaks=False, answers="report"),
    event("report", "2014-01", kind=EventKind.PUBLICATION, breaks=False),
    event("cholera", "2013-01", kind=EventKind.CONTEXT, breaks=False),
]


@given(st.permutations(LEDGER))
def test_what_followed_stands_directly_after_its_event(order: list[Event]) -> None:
    """Evictions and criticism stand after the delisting and before the next event, in whatever order they came."""
    about = provenance(order)
    assert apart(notes_of, about) == []
    assert [n.key for n in notes_of(about, EN)][:4] == ["delisting", "evictions", "amnesty", "again"]
    by_date = sorted(notes_of(about, EN), key=lambda n: n.when.first if n.when else date.min)
    assert apart(lambda *_: tuple(by_date), about)  # control: an order by date alone parts them


def test_what_answers_a_follower_stands_after_it() -> None:
    """A chain of entries is told as one."""
    chain = [*LEDGER, event("denial", "2016", kind=EventKind.CONTEXT, breaks=False, answers="evictions")]
    assert [n.key for n in notes_of(provenance(chain), EN)][:4] == [
        "delisting",
        "evictions",
        "denial",
        "amnesty",
    ]


def test_a_correction_of_a_publication_is_marked_as_one() -> None:
    """A correction follows the publication it corrects and still has its number and its own word."""
    first = event("first", "2016-12", kind=EventKind.PUBLICATION, breaks=False)
    corrected = event("corrected", "2017-01", kind=EventKind.CORRECTION, breaks=False, follows="first")
    notes = {n.key: n for n in notes_of(provenance([first, corrected]), EN)}
    assert (notes["corrected"].mark, notes["corrected"].word) == ("1", "Correction")
    assert kind_word(replace(corrected, kind=EventKind.CONTEXT), EN) == "What followed"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("claim", list(ClaimStatus))
def test_an_allegation_says_that_it_is_one(claim: ClaimStatus, language: str) -> None:
    """Alleged and disputed entries say so in the note itself; control: published and reported ones do not."""
    w = words(language)
    (note, *_) = notes_of(provenance([event(claim=claim, breaks=False)]), w)
    said = [s for s in (w("note.alleged"), w("note.disputed")) if s in note.text]
    assert said == ([w(f"note.{claim}")] if claim in (ClaimStatus.ALLEGED, ClaimStatus.DISPUTED) else [])


ATTRIBUTED = ["reason", "asked_by", "decided_by", "criticised_by", "reply"]


@pytest.mark.parametrize("field", ATTRIBUTED)
def test_each_reason_and_criticism_is_attributed(field: str) -> None:
    """Why, who asked, who decided, who criticised and the reply stand in the note, each under its name."""
    given_: Any = {field: text("the ministry")}
    (note, *_) = notes_of(provenance([event(**given_)]), EN)
    assert EN(f"note.{field}", text="the ministry") in note.text
    (plain, *_) = notes_of(provenance([event()]), EN)
    assert "the ministry" not in plain.text


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (effect(-54_045), "−54,045 people"),
        (effect(9_975, Unit.MOVEMENTS, Precision.ABOUT), "about +9,975 movements"),
        (effect(17, Unit.PERCENT, Precision.ABOUT), "about +17% (people)"),
        (effect(-2.5, Unit.PERCENT), "−2.5% (people)"),
    ],
)
def test_the_size_of_an_effect_is_said_as_published(made: Effect, said: str) -> None:
    """With its sign and its quantifier, and with no digit more than was published."""
    (note, *_) = notes_of(provenance([event(effects=(made,))]), EN)
    assert f"Published effect: {said}." in note.text


def test_of_two_indicators_in_one_unit_it_is_said_which() -> None:
    """The same number twice would be one thing said twice; control: with one of each unit nothing is added."""
    camps = replace(effect(-31_055), subject=text("People in camps"))
    everyone = replace(effect(-31_055), indicator="all", subject=text("People anywhere"))
    homes = replace(effect(-6_211, Unit.HOUSEHOLDS), subject=text("Households"))
    (note, *_) = notes_of(provenance([event(effects=(camps, homes, everyone))]), EN)
    assert "−31,055 people (indicator “People in camps”)" in note.text
    assert "−31,055 people (indicator “People anywhere”)" in note.text
    assert "Households" not in note.text
    (plain, *_) = notes_of(provenance([event(effects=(camps, homes))]), EN)
    assert "indicator" not in plain.text


def test_an_unknown_size_is_said() -> None:
    """An event that breaks the line without a published effect says so; one that breaks nothing need not."""
    (cut, *_) = notes_of(provenance([event()]), EN)
    (plain, *_) = notes_of(provenance([event(breaks=False)]), EN)
    assert EN("note.effect_unknown") in cut.text
    assert EN("note.effect_unknown") not in plain.text


def test_each_note_has_its_source() -> None:
    """Title, date and what was in hand; a source without a date says that none was found."""
    undated = event("b", source=replace(event().source, published=None))
    notes = notes_of(provenance([event("a"), undated]), EN)
    assert notes[0].source == "Examplia, s-a (October 2013; the report)"
    assert "no date of publication found" in notes[1].source
    assert all(n.source for n in notes)


# What was told of an entry later


def test_a_reason_read_in_a_book_of_2023_is_no_part_of_a_note_of_2013(store_folder: Path) -> None:
    """As known in October 2013 the three settlements are off the list; why and who asked is said to be later."""
    release = Store(store_folder).current()
    known = date(2013, 10, 31)
    series = queries.series(release, "hti-idp", known)
    notes = {note.key: note for note in notes_of(series.provenance, words("en"), known=known)}
    then, details = notes["hti-2013-09-delisting"], notes["hti-2013-09-delisting-details"]
    assert "54,045" in then.text
    assert not then.later
    assert "features of permanent settlements" not in then.text + then.source
    assert "2023" not in then.text + then.source
    assert details.later
    assert "features of permanent settlements" in details.text
    newest = {note.key: note for note in notes_of(series.provenance, words("en"))}["hti-2013-09-delisting"]
    assert "features of permanent settlements" in newest.text
    assert "2023" in newest.source
    # the control: without a day nothing is taken out, so the check above would see it
    event = next(e for e in series.provenance.events if e.key == "hti-2013-09-delisting")
    assert event.told_on(None) is event
    assert event.told_on(date(2024, 1, 1)) is event

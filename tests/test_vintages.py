"""A figure as known on a day uses nothing published later; what became of it since, and who used it, is told whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dash.development.base_component import Component

from callbacks.router import open_context, page_key, render, trends_of
from charts.afterlife import afterlife_panel, difference_words, life_line
from charts.card import notes_list
from charts.wording import absent, known
from data import queries
from data.change import published_split
from data.codes import EventKind, Precision, State
from data.dates import DateSpan
from data.model import Event, Series, public_on
from data.series import on_old_coverage, period_key, stretches
from data.store import Release, Store
from data.vintages import Became, Order, difference, fates_of, lives, published_days, since
from exports.csv_file import csv_text
from exports.since_file import since_text
from pages.known import scale
from pages.trends import chart_of
from pages.view import parse_view
from tests.laws import caveat, effect, event, provenance, row, series, source
from tests.test_series import crossed
from words import Words, words
from words.notes import notes_of

EN = words("en")
NIGER, NOVEMBER = "ner-out-month", pd.Timestamp("2016-11-30")
USED = date(2016, 12, 14)  # the day on which the first value of November 2016 was used
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


@pytest.fixture(scope="session")
def every(release: Release) -> dict[str, Series]:
    """Every indicator of every operation, newest."""
    return {key: queries.series(release, key) for key in queries.catalogue(release).indicators}


def days_of(one: Series, most: int = 4) -> list[date]:
    """Days around those on which something became public, `most` of them spread over all, and both ends of time."""
    known_days = published_days([one])
    spread = known_days[:: max(1, len(known_days) // most)]
    return [FIRST, *(d for day in spread for d in (day - timedelta(days=1), day)), LAST]


def later_rows(one: Series, on: date) -> list[str]:
    """The observations of a series that were not public on a day."""
    at = np.datetime64(on, "us")
    return [
        obs
        for rows in (one.history, one.values)
        for obs in rows["obs"].to_numpy()[rows["known_by"].to_numpy("datetime64[us]") > at].tolist()
    ]


def plain(values: pd.DataFrame) -> list[tuple[object, ...]]:
    """Values that can be compared: missing ones are equal to each other."""
    cells = np.where(values.isna(), None, values.to_numpy(dtype=object))
    return [tuple(row) for row in cells.tolist()]


# As known on a day


def test_nothing_published_later_is_used(release: Release, every: dict[str, Series]) -> None:
    """For every indicator and many days: nothing later, no break crossed, no period lost, all notes, and the newest."""
    for key, newest in every.items():
        held: set[str] = set()
        for on in days_of(newest):
            made = queries.series(release, key, on)
            assert later_rows(made, on) == [], (key, on)
            periods = set(period_key(made.values))
            assert held <= periods, (key, on)
            held = periods
            assert made.provenance.events == newest.provenance.events
            assert made.provenance.caveats == newest.provenance.caveats
            cuts = made.provenance.breaks()
            assert crossed(stretches(made.values, cuts), cuts) == [], (key, on)
        assert held == set(period_key(newest.values))
        assert plain(queries.series(release, key, LAST).values) == plain(newest.values)
        assert plain(queries.series(release, key, LAST).history) == plain(newest.history)


def test_a_later_value_is_noticed(every: dict[str, Series]) -> None:
    """Control: the newest series holds what was not public when the figure was used."""
    assert set(later_rows(every[NIGER], USED)) >= {"ner-out-month-2016-11-corrected"}


def test_an_effect_published_later_is_not_used(release: Release, every: dict[str, Series]) -> None:
    """Split and old coverage of a delisting stand from the day on which its effect was public, not before."""
    rows = [row(1, "2013-06-30", 900), row(2, "2013-09-30", 500)]
    cut = event(first_round=2, effects=(effect(-100),), source=source(published=DateSpan.parse("2013-12")))
    for on, found in ((date(2013, 12, 30), False), (date(2013, 12, 31), True), (None, True)):
        made = series(rows, [cut], as_known_on=on)
        assert (published_split(made, cut) is not None) is found
        assert (on_old_coverage(made, cut) is not None) is found
        assert crossed(stretches(made.values, [cut]), [cut]) == []  # the line is cut on every day


def test_when_an_entry_is_known() -> None:
    """By the last day of its source, not before it began itself; never surely where the source has no date."""
    plain_event = event(when="2013-09-30", source=source(published=DateSpan.parse("2013-10")))
    assert plain_event.known_by == date(2013, 10, 31)
    kept_up = event(when="2014-02-14", source=source(published=DateSpan.parse("2012-01-01")))
    assert kept_up.known_by == date(2014, 2, 14)
    undated = event(source=source(published=None))
    assert undated.known_by is None
    assert caveat(source=source(published=None)).known_by is None
    assert caveat(source=source(published=DateSpan.parse("2013"))).known_by == date(2013, 12, 31)
    assert public_on(undated, None)
    assert not public_on(undated, LAST)


def test_notes_are_divided_and_none_is_lost(release: Release, every: dict[str, Series]) -> None:
    """On every day each event and caveat is a note once, later ones marked; at the newest none is later."""
    for key, newest in every.items():
        about = newest.provenance
        whole = notes_of(about, EN)
        assert not any(note.later for note in whole)
        items = {item.key: item for item in (*about.events, *about.caveats)}
        for on in days_of(newest, 1):
            notes = [note for note in notes_of(about, EN, known=on) if note.key in items]
            assert [note.key for note in notes] == [note.key for note in whole], (key, on)
            assert all(note.later is not public_on(items[note.key], on) for note in notes), (key, on)
            for note, newest_note in zip(notes, whole, strict=True):
                told = items[note.key]
                if not isinstance(told, Event) or told.told_on(on) is told:
                    assert replace(note, later=False) == newest_note, (key, on)


def test_later_notes_have_a_section_of_their_own(release: Release) -> None:
    """Every note of a card stands on it once; control: without the day they are not divided."""
    chart = chart_of(release, queries.catalogue(release).indicators[NIGER], EN, known=date(2017, 1, 15))
    notes = chart.notes()
    later = {note.key for note in notes if note.later}
    assert "ner-2017-01-correction" in later
    assert set() < later < {note.key for note in notes}
    listed = notes_list(notes, EN, date(2017, 1, 15))
    sections = [part for part in walk(listed) if getattr(part, "className", "") == "later"]
    assert len(sections) == 1
    assert {k for part in sections for k in keys_in(part)} == later
    assert sorted(keys_in(listed)) == sorted(note.key for note in notes)
    assert "later" not in {getattr(part, "className", "") for part in walk(notes_list(notes, EN))}


def test_what_a_card_says_of_its_day(release: Release, every: dict[str, Series]) -> None:
    """On a day, in the month of the newest; a period without a value was not public, which is not “not found”."""
    made = queries.series(release, NIGER, USED)
    assert known(made, EN) == "on 14 December 2016"
    assert known(every[NIGER], EN) == "in December 2017"
    gap = made.values.iloc[0].to_dict() | {"value": float("nan"), "state": State.NO_DATA.value}
    gap |= {"first": pd.Timestamp("2016-07-01"), "last": pd.Timestamp("2016-07-31")}
    assert absent(gap, made, EN) == "none public"
    assert absent(gap, every[NIGER], EN) == "not found"


# What became of it


def test_what_became_of_november_2016(release: Release) -> None:
    """1,525 then, about 11,500 now, corrected, with the entry that says so; the difference says "about"."""
    found = difference(release, NIGER, USED)
    fate = next(f for f in found.fates if f.row["last"] == NOVEMBER)
    assert (fate.value_then, fate.value_now, fate.how) == (1_525, 11_500, Became.CORRECTED)
    assert (fate.known_then, fate.known_now) == (USED, date(2017, 1, 31))
    assert [e.key for e in fate.corrections] == ["ner-2017-01-correction"]
    assert difference_words(fate, found.now, EN) == "about +10,000"
    assert difference(release, NIGER, USED, date(2017, 1, 30)).now.as_known_on == date(2017, 1, 30)
    between = difference(release, NIGER, USED, date(2017, 1, 30)).fates
    assert all(f.how is Became.NEW for f in between)  # control: before the correction nothing had changed
    with pytest.raises(ValueError, match="from the earlier day on"):
        difference(release, NIGER, USED, date(2016, 1, 1))


def test_every_fate_adds_up(release: Release, every: dict[str, Series]) -> None:
    """For every indicator and many days: then plus difference is now, what is left out is the same, nothing is lost."""
    for key, newest in every.items():
        values = {
            k: v
            for k, v in zip(period_key(newest.values), newest.values["value"], strict=True)
            if pd.notna(v)
        }
        for on in days_of(newest, 1):
            found = difference(release, key, on)
            counted = found.then.values["value"].notna().sum()
            assert found.same + sum(f.value_then is not None for f in found.fates) == counted
            new = sum(f.how is Became.NEW for f in found.fates)
            lost = sum(f.how in (Became.WITHDRAWN, Became.GONE) for f in found.fates)
            assert counted + new - lost == len(values), (key, on)
            assert not any(f.how is Became.GONE for f in found.fates)
            for fate in (f for f in found.fates if f.difference is not None):
                assert fate.value_then is not None
                assert fate.value_then + (fate.difference or 0) == fate.value_now
            assert {*found.then.provenance.caveats} <= {*found.provenance.caveats}
            assert {*found.then.provenance.sources, *found.now.provenance.sources} == {
                *found.provenance.sources
            }


THEN = [
    row(1, "2013-01-31", 100, obs="same"),
    row(2, "2013-02-28", 100, obs="about", precision=Precision.ABOUT.value),
    row(3, "2013-03-31", 100, obs="wrong"),
    row(4, "2013-04-30", 100, obs="replaced"),
    row(5, "2013-05-31", 100, obs="withdrawn"),
    row(6, "2013-06-30", 100, obs="gone"),
    row(7, "2013-07-31", 100, obs="bound", precision=Precision.AT_LEAST.value),
]
NOW = [
    row(1, "2013-01-31", 100, obs="same"),
    row(2, "2013-02-28", 104, obs="exact"),
    row(3, "2013-03-31", 130, obs="right", known_by="2013-12-31"),
    row(4, "2013-04-30", 140, obs="other"),
    row(5, "2013-05-31", None, obs="none"),
    row(7, "2013-07-31", 90, obs="below"),
    row(8, "2013-08-31", 80, obs="new"),
]


def test_each_fate() -> None:
    """Same, more exact, corrected, replaced, withdrawn, gone and new are told apart, and no bound is subtracted."""
    mend = event("mend", "2013-12-31", kind=EventKind.CORRECTION, breaks=False, about="wrong")
    found = {int(f.row["round"]): f for f in fates_of(series(THEN), series(NOW, [mend]))}
    assert {number: f.how.value for number, f in found.items()} == {
        2: "more_exact", 3: "corrected", 4: "replaced", 5: "withdrawn", 6: "gone", 7: "replaced", 8: "new",
    }  # fmt: skip
    assert found[3].corrections == (mend,)
    assert (found[3].difference, found[4].difference, found[7].difference) == (30, 40, None)
    said = {number: difference_words(f, series(NOW), EN) for number, f in found.items()}
    assert (said[2], said[3], said[5]) == ("about +4", "+30", "")
    assert said[7] == EN("known.not_computed")
    without = {int(f.row["round"]): f.how for f in fates_of(series(THEN), series(NOW))}
    assert without[3] is Became.REPLACED  # control: without an entry nothing is called a correction


def test_files_say_their_day(release: Release) -> None:
    """The figure's file holds nothing later and tells later notes apart; the other one has both values and notes."""
    indicator = queries.catalogue(release).indicators[NIGER]
    chart = chart_of(release, indicator, EN, known=USED)
    text = csv_text(chart)
    assert "As known on 14 December 2016" in text
    assert text.index("Known only after 14 December 2016") < text.index("corrected to nearly 11")
    assert "11500" not in text
    assert "11500" in csv_text(chart_of(release, indicator, EN))  # control: the newest file has it
    since_file = since_text(chart, difference(release, NIGER, USED))
    rows = list(csv.reader(io.StringIO(since_file)))
    at = next(i for i, cells in enumerate(rows) if not cells[0].startswith("#"))
    said = "\n".join(cells[0] for cells in rows[:at])
    assert [note.key for note in chart.notes() if note.text not in said] == []
    table = [dict(zip(rows[at], cells, strict=True)) for cells in rows[at + 1 :]]
    november = next(cells for cells in table if cells["last"] == "2016-11-30")
    assert (november["value_then"], november["value_now"], november["became"]) == (
        "1525",
        "11500",
        "corrected",
    )
    assert november["why"].startswith("January 2017: ")
    with pytest.raises(ValueError, match="one indicator and day"):
        since_text(chart, difference(release, NIGER, date(2017, 1, 31)))


# Who used it


def test_who_used_the_first_value(release: Release, every: dict[str, Series]) -> None:
    """14 December 2016 and 25 January 2017 used 1,525, corrected by 31 January 2017; facts of the ledger alone."""
    life = next(found for found in lives(every[NIGER]) if found.row["last"] == NOVEMBER)
    assert [(e.event.key, e.row["value"], e.order) for e in life.uses] == [
        ("ner-2016-12-14-use", 1_525, Order.BEFORE),
        ("ner-2017-01-25-use", 1_525, Order.UNCLEAR),  # the correction is dated January 2017, without a day
    ]
    assert life.entries[0].event.key == "ner-2016-12-publication"
    assert life_line(life.uses[1], every[NIGER], EN) == (
        "Used on 25 January 2017: the first value, 1,525; corrected by 31 January 2017."
    )
    then = lives(queries.series(release, NIGER, date(2016, 12, 31)))
    assert [e.event.key for found in then for e in found.entries] == ["ner-2016-12-14-use"]
    assert [e.order for found in then for e in found.entries] == [Order.NEVER]  # nothing later was known
    told = life_line(then[0].entries[0], queries.series(release, NIGER, date(2016, 12, 31)), EN)
    assert told.endswith("1,525; no correction of it was public by 31 December 2016.")
    assert lives(queries.series(release, NIGER, FIRST)) == ()


@pytest.mark.parametrize(
    ("mended", "order", "said"),
    [
        pytest.param(
            "2013-12-01", Order.BEFORE, "corrected by 31 December 2013, after this use", id="after-use"
        ),
        pytest.param("2013-11", Order.UNCLEAR, "; corrected by 31 December 2013.", id="in-that-month"),
        pytest.param(None, Order.UNCLEAR, "; corrected by 31 December 2013.", id="no-entry"),
    ],
)
def test_whether_it_had_been_corrected(mended: str | None, order: Order, said: str) -> None:
    """Only what the dates say: after the use, before it, or not told."""
    first = row(3, "2013-03-31", 100, obs="wrong")
    newer = row(3, "2013-03-31", 130, obs="right", known_by="2013-12-31")
    use = event("use", "2013-11-20", kind=EventKind.USE_OF_FIGURE, breaks=False, about="wrong")
    mends = [] if mended is None else [
        event("mend", mended, kind=EventKind.CORRECTION, breaks=False, about="wrong")
    ]  # fmt: skip
    made = series([newer], [use, *mends], history=pd.concat([series([first]).values, series([newer]).values]))
    (entry,) = lives(made)[0].uses
    assert entry.order is order
    assert said in life_line(entry, made, EN)
    late = replace(use, when=DateSpan.parse("2014-02-01"))
    again = replace(made, provenance=provenance([late, *mends]))
    (entry,) = lives(again)[0].uses
    assert entry.order is Order.AFTER
    assert "it had been corrected by 31 December 2013" in life_line(entry, again, EN)
    alone = series([first], [use])
    (entry,) = lives(alone)[0].uses
    assert (entry.order, "no correction of it is held" in life_line(entry, alone, EN)) == (Order.NEVER, True)


def test_every_entry_about_a_value_is_in_its_panel(every: dict[str, Series]) -> None:
    """Each entry about a value of a series stands in its panel in both languages; others make none."""
    kinds = {EventKind.USE_OF_FIGURE, EventKind.CORRECTION, EventKind.PUBLICATION, EventKind.WITHDRAWAL}
    for key, made in every.items():
        held = set(made.history["obs"])
        about = {e.key for e in made.provenance.events if e.kind in kinds and e.about in held}
        assert {e.event.key for life in lives(made) for e in life.entries} == about, key
        for language in ("en", "fr"):
            panel = afterlife_panel(made, words(language))
            assert (panel is not None) is bool(about), key


# The page


def view(search: str, **changes: Any) -> dict[str, Any]:
    """What a browser says of itself."""
    asked = {"path": "/trends", "search": search, "language": "en", "scheme": "light", "narrow": False}
    return {**asked, "origin": "http://127.0.0.1", **changes}


def walk(part: Any) -> Iterator[Any]:
    """A component and all that is in it."""
    yield part
    children = getattr(part, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if isinstance(child, Component | str):
            yield from walk(child)


def keys_in(part: Any) -> list[str]:
    """The notes in a component."""
    return [getattr(p, "data-note") for p in walk(part) if hasattr(p, "data-note")]


def text_of(parts: Any) -> str:
    """What components say."""
    listed = parts if isinstance(parts, list | tuple) else [parts]
    return " ".join(p for part in listed for p in walk(part) if isinstance(p, str))


def test_only_the_day_keeps_the_page(store_folder: Path) -> None:
    """Another day redraws control and cards; another operation, basis or language is another page."""
    store = Store(store_folder)

    def key(search: str) -> str:
        return page_key(open_context(parse_view(view(search)), store)[0])

    plain_key = key("?op=ner-fm2016")
    assert key("?op=ner-fm2016&known=2016-12-14") == plain_key
    for other in (
        "?op=hti-eq2010",
        "?op=ner-fm2016&window=all",
        "?op=ner-fm2016&lang=fr",
        "?op=ner-fm2016&x=1",
    ):
        assert key(other) != plain_key
    page = {"key": plain_key, "title": ""}
    known_parts, cards = trends_of(view("?op=ner-fm2016&known=2016-12-14"), page, store)
    assert "figures as they were known on 14 December 2016" in text_of(known_parts)
    assert "1,525" in text_of(cards)
    assert trends_of(view("?op=hti-eq2010"), page, store) != (known_parts, cards)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("operation", ["ner-fm2016", "hti-eq2010", "xtr-mt", "wca-points"])
def test_a_day_before_anything_was_public(store_folder: Path, operation: str, language: str) -> None:
    """Every card says so in words and has no picture; no day of any calendar breaks the page."""
    store = Store(store_folder)
    w: Words = words(language)
    # Before anything was public one day is like the other: each language has one of them.
    for on in ("0001-01-01" if language == "en" else "2001-02-03", "9999-12-31"):
        context, problem = open_context(
            parse_view(view(f"?op={operation}&known={on}&lang={language}")), store
        )
        main, _, whole = render(context, problem)
        assert whole
        graphs = sum(type(p).__name__ == "Graph" for part in main for p in walk(part))
        shown = context.held.shown(operation)
        assert graphs == (len(shown) if on > "2030" else 0)
        if shown and on < "2030":
            first = published_days([queries.series(context.release, shown[0].key)])[0]
            assert str(first.year) in text_of(main)
            assert text_of(main).count(w("known.nothing", when="\0").split("\0")[0]) == len(shown)


def test_the_slider_has_a_stop_for_each_day_and_the_newest() -> None:
    """Days stand at their true distance, the newest after the last; a day of the address that is none is a stop too."""
    days = [date(2016, 4, 30), date(2016, 12, 14), date(2017, 1, 31)]
    made = scale(days, None)
    assert (len(made.stops), made.at) == (4, made.newest)
    assert made.stops[1] - made.stops[0] == (days[1] - days[0]).days
    assert scale(days, days[1]).at == made.stops[1]
    between = scale(days, date(2017, 1, 15))
    assert between.at in between.stops
    assert len(between.stops) == 5
    for far in (FIRST, LAST):
        beyond = scale(days, far)
        assert beyond.at in beyond.stops
        assert beyond.at < beyond.newest
        assert beyond.stops[-1] - beyond.stops[0] < 2 * (days[-1] - days[0]).days
    assert len(scale(days[:1], None).stops) == 2


# Corrected permalinks


@dataclass(frozen=True)
class Two:
    """A store of two releases: in the newer one November 2016 is corrected."""

    store: Store
    older: Release
    newer: Release


@pytest.fixture(scope="module")
def two(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Two:
    """Niger before and after the correction of November 2016."""
    names = (
        "sources", "methods", "operations", "card_lines", "indicators", "rounds", "caveats", "events", "effects",
        "variants", "observations/ner-fm2016",
    )  # fmt: skip
    tables = {name: release.frame(name) for name in names}
    tables["operations"] = tables["operations"].query("key == 'ner-fm2016'")
    tables["indicators"] = tables["indicators"].query("operation == 'ner-fm2016'")
    held, ledger = tables["observations/ner-fm2016"], tables["events"]
    before = tables | {
        "observations/ner-fm2016": held[held["id"] != "ner-out-month-2016-11-corrected"],
        "events": ledger[ledger["key"] != "ner-2017-01-correction"],
    }
    store = Store(tmp_path_factory.mktemp("two"))
    older = store.publish(before, reason="as it was")
    return Two(store, older, store.publish(tables, reason="corrected"))


def test_what_was_corrected_between_two_releases(two: Two) -> None:
    """November 2016 alone, by how much and why; between a release and itself nothing; control: from new to old too."""
    (found,) = since(two.older, two.newer)
    assert (found.series.key, found.fate.value_then, found.fate.value_now) == (NIGER, 1_525, 11_500)
    assert found.fate.how is Became.CORRECTED
    assert [e.key for e in found.fate.corrections] == ["ner-2017-01-correction"]
    assert since(two.older, two.older) == ()
    assert since(two.older, two.newer, ["ner-in-month"]) == ()
    assert [c.fate.value_now for c in since(two.newer, two.older)] == [1_525]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_pinned_page_says_first_what_was_corrected(two: Two, language: str) -> None:
    """Before the cards, with the reason and the way to the newest; the newest page does not have it."""
    search = f"?op=ner-fm2016&release={two.older.digest[:12]}&lang={language}"
    context, problem = open_context(parse_view(view(search)), two.store)
    main, _, whole = render(context, problem)
    assert whole
    parts = [p for part in main for p in walk(part)]
    ids = [p.id for p in parts if isinstance(getattr(p, "id", None), str)]
    assert ids.index("since") < ids.index("trends-known") < ids.index("trends-cards")
    section = next(p for p in parts if getattr(p, "id", "") == "since")
    said = text_of(section)
    w = words(language)
    assert w("known.since_title", values=1) in said
    assert ("1,525" if language == "en" else "1\u202f525") in said
    (why,) = [
        e for e in queries.catalogue(two.newer).events_of("ner-fm2016") if e.kind is EventKind.CORRECTION
    ]
    assert why.headline.to(language) in said
    assert why.reason.to(language) in said
    (link,) = [p for p in walk(section) if type(p).__name__ == "A"]
    assert link.href == f"/trends?op=ner-fm2016&lang={language}"
    newest, _ = open_context(parse_view(view(f"?op=ner-fm2016&lang={language}")), two.store)
    assert "since" not in [getattr(p, "id", "") for part in render(newest, None)[0] for p in walk(part)]

"""The method page explains every word and code, and shows each formula at work on the figures of the release.

Expected numbers are arithmetic on the published values, written out so that a reviewer can check them by hand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pytest
from dash.development.base_component import Component

from data import queries, site_columns
from data.change import published_split
from data.codes import CardField, ClaimStatus, EventKind, ObsStatus, Precision, SiteLayer, State
from data.dates import DateSpan
from data.parts import STATES
from data.selection import Selection
from data.series import on_old_coverage
from data.sources.embedded import registers
from data.store import Release
from data.tables.embedded import training_country
from pages import method as page
from pages.view import Context, View
from words import LANGUAGES, placeholders, words
from words.format import number, on_ladder

NARROW = "\u202f"
JUNE, SEPTEMBER, TAKEN_OFF = 278_945, 171_974, 54_045  # Haiti 2013, people, as published
JUNE_HH, SEPTEMBER_HH, TAKEN_OFF_HH = 70_910, 45_280, 11_128  # the same, households


@pytest.fixture(scope="session")
def context_in(release: Release) -> Callable[[str], Context]:
    """The context of the page in a language."""

    def make(language: str) -> Context:
        view = View(
            path="/method", selection=Selection(), language=language, scheme="light", narrow=False,
            origin="http://127.0.0.1",
        )  # fmt: skip
        held = queries.catalogue(release)
        return Context(
            view=view, words=words(language), release=release, newest=release.digest, held=held, today=date(2026, 1, 1)
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def built(context_in: Callable[[str], Context]) -> Mapping[str, list[Component]]:
    """The page in each language."""
    return {language: page.method(context_in(language)) for language in LANGUAGES}


@pytest.fixture(scope="session")
def texts(built: Mapping[str, list[Component]]) -> Mapping[str, str]:
    """All that can be read on the page, one piece a line."""
    return {language: "\n".join(read(tree)) for language, tree in built.items()}


def walk(part: Any) -> Iterator[Any]:
    """Every component of a tree."""
    if isinstance(part, list | tuple):
        for child in part:
            yield from walk(child)
    elif isinstance(part, Component):
        yield part
        yield from walk(getattr(part, "children", None))


def read(part: Any) -> Iterator[str]:
    """Every text of a tree, in order."""
    if isinstance(part, list | tuple):
        for child in part:
            yield from read(child)
    elif isinstance(part, Component):
        yield from read(getattr(part, "children", None))
    elif part is not None:
        yield str(part)


def grouped(value: int, language: str) -> str:
    """A whole number as the language writes it, made here without the product's own formatting."""
    return f"{value:,}".replace(",", "," if language == "en" else NARROW)


def share(value: float, language: str) -> str:
    """A percentage with one decimal, made here without the product's own formatting."""
    text = f"{abs(value):.1f}"
    sign = "−" if value < 0 else ""
    return f"{sign}{text}%" if language == "en" else f"{sign}{text.replace('.', ',')}{NARROW}%"


# The frame of the page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_contents_leads_to_a_section(
    built: Mapping[str, list[Component]], language: str
) -> None:
    """Each anchor of the contents is the id of a section that can take the focus; no id is there twice."""
    parts = list(walk(built[language]))
    links = [part.href for part in parts if type(part).__name__ == "A"]
    sections = {part.id: part for part in parts if type(part).__name__ == "Section"}
    assert [link.removeprefix("#") for link in links] == list(sections)
    assert all(section.tabIndex == -1 for section in sections.values())
    ids = [part.id for part in parts if getattr(part, "id", None)]
    assert len(ids) == len(set(ids))
    headings = {part.id for part in parts if type(part).__name__ == "H2"}
    labelled = {getattr(section, "aria-labelledby") for section in sections.values()}
    assert labelled == headings


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_brace_is_left(texts: Mapping[str, str], language: str) -> None:
    """Every placeholder of a sentence was filled."""
    assert not set("{}") & set(texts[language])


# Words and codes


EXPLAINED: Sequence[tuple[type[StrEnum], tuple[str, ...]]] = (
    (State, ("state.{}", "methodpage.state_{}")),
    (EventKind, ("kind.{}", "methodpage.kind_{}")),
    (ClaimStatus, ("claim.{}", "methodpage.claim_{}")),
    (Precision, ("methodpage.precision_{}_name", "methodpage.precision_{}")),
    (ObsStatus, ("methodpage.status_{}",)),
    (CardField, ("methodpage.who_{}",)),
)


def unexplained(codes: type[StrEnum], keys: Sequence[str], table: Mapping[str, str], text: str) -> list[str]:
    """The words of a closed list that have no sentence, or whose sentence is not on the page."""
    wanted = [key.format(member) for member in codes for key in keys]
    return [key for key in wanted if key not in table or table[key] not in text]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("codes", "keys"), EXPLAINED, ids=lambda value: getattr(value, "__name__", None))
def test_every_word_of_a_closed_list_is_explained(
    texts: Mapping[str, str], language: str, codes: type[StrEnum], keys: tuple[str, ...]
) -> None:
    """Each member has its word and its meaning on the page."""
    assert unexplained(codes, keys, words(language).table, texts[language]) == []


def test_control_a_word_without_a_meaning_is_caught(texts: Mapping[str, str]) -> None:
    """A missing sentence is found, and so is one that the page does not show."""
    keys, table = ("methodpage.status_{}",), words("en").table
    without = {key: sentence for key, sentence in table.items() if key != "methodpage.status_B"}
    assert unexplained(ObsStatus, keys, without, texts["en"]) == ["methodpage.status_B"]
    not_shown = texts["en"].replace(table["methodpage.status_B"], "")
    assert unexplained(ObsStatus, keys, table, not_shown) == ["methodpage.status_B"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_state_has_its_mark_beside_its_word(built: Mapping[str, list[Component]], language: str) -> None:
    """Seven rows, each with the mark and the word as the heading of the meaning."""
    heads = [part.children for part in walk(built[language]) if type(part).__name__ == "Th"]
    marked = [head for head in heads if isinstance(head, list)]
    shown = {head[0].className: "".join(read(head)).strip() for head in marked}
    assert shown == {f"mark {state}": words(language)(f"state.{state}") for state in State}


def test_the_codes_stand_beside_their_meaning(built: Mapping[str, list[Component]]) -> None:
    """The code of a status is the heading of the row that explains it."""
    rows = {
        part.children[0].children: part.children[1].children
        for part in walk(built["en"])
        if type(part).__name__ == "Tr" and isinstance(part.children[0].children, str)
    }
    for status in ObsStatus:
        assert rows[status.value] == words("en")(f"methodpage.status_{status}")


# Sentences of the other language


def left_in_english(text: str) -> list[str]:
    """The English sentences, or parts of one between two placeholders, that stand in a text."""
    english, french = words("en").table, words("fr").table
    found = []
    for key, sentence in english.items():
        if sentence == french[key]:
            continue
        parts = re.split(r"\{\w+\}", sentence) if placeholders(sentence) else [sentence]
        found += [key for part in parts if len(part.strip()) >= 20 and part.strip() in text]
    return found


def test_the_french_page_has_no_english_sentence(texts: Mapping[str, str]) -> None:
    """No sentence of the English wording stands on the French page."""
    assert left_in_english(texts["fr"]) == []


def test_control_an_english_sentence_is_caught(texts: Mapping[str, str]) -> None:
    """A sentence that was not translated is found, with and without placeholders."""
    whole = words("en")("methodpage.read_line")
    filled = words("en")("methodpage.age_text", rounds=2)
    assert left_in_english(f"{texts['fr']}\n{whole}") == ["methodpage.read_line"]
    assert "methodpage.age_text" in left_in_english(f"{texts['fr']}\n{filled}")
    assert left_in_english(texts["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_section_is_used(
    built: Mapping[str, list[Component]], texts: Mapping[str, str], language: str
) -> None:
    """Each sentence of the page's wording is on it or names a part of it: none is kept for nothing."""
    labels = [getattr(part, "aria-label", None) or "" for part in walk(built[language])]
    text = "\n".join([texts[language], *labels])
    unused = []
    for key, sentence in words(language).table.items():
        if key.startswith("methodpage."):
            parts = [part for part in re.split(r"\{\w+\}", sentence) if part.strip()]
            unused += [key] * any(part not in text for part in parts)
    assert unused == []


# Formulas at work


def worked_lines(language: str) -> dict[str, str]:
    """The reference case by hand: each formula with its published numbers."""

    def n(value: int) -> str:
        return grouped(value, language)

    people, households = words(language)("unit.individuals"), words(language)("unit.households")
    sites = [(JUNE, SEPTEMBER, TAKEN_OFF, people), (JUNE_HH, SEPTEMBER_HH, TAKEN_OFF_HH, households)]
    lines: dict[str, str] = {}
    for before, after, off, unit in sites:
        old, fall, kept_of = after + off, before - after, before - off
        lines |= {
            f"old {unit}": f"{n(after)} + {n(off)} = {n(old)} {unit}",
            f"split {unit}": f"{n(before)} − {n(after)} = {n(fall)} {unit} = {n(off)} + {n(fall - off)}",
            f"share {unit}": f"100 × {n(off)} ÷ {n(fall)} = {share(100 * off / fall, language)} ({unit})",
            f"published {unit}": (
                f"100 × ({n(after)} − {n(before)}) ÷ {n(before)} = {share(-100 * fall / before, language)} ({unit})"
            ),
            f"kept {unit}": (
                f"100 × ({n(old)} − {n(before)}) ÷ {n(before)} = "
                f"{share(100 * (old - before) / before, language)} ({unit})"
            ),
            f"left {unit}": (
                f"100 × ({n(after)} − ({n(before)} − {n(off)})) ÷ ({n(before)} − {n(off)}) = "
                f"{share(100 * (after - kept_of) / kept_of, language)} ({unit})"
            ),
        }
    return lines


def not_shown(text: str, language: str) -> list[str]:
    """The worked lines of the reference case that a text lacks."""
    lines = text.split("\n")
    return [name for name, line in worked_lines(language).items() if line not in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_case_is_worked_out(texts: Mapping[str, str], language: str) -> None:
    """Every formula of a break stands with its published numbers and the result that follows from them."""
    assert not_shown(texts[language], language) == []


def test_the_reference_case_has_the_known_results() -> None:
    """The lines by hand have the results that the reports and the design of the case name."""
    lines = worked_lines("en")
    for name, result in {
        "old people": "226,019 people",
        "split people": "106,971 people = 54,045 + 52,926",
        "split households": "25,630 households = 11,128 + 14,502",
        "share people": "50.5%",
        "published people": "−38.3%",
        "kept people": "−19.0%",
        "left people": "−23.5%",
    }.items():
        assert result in lines[name]


def test_control_a_number_that_is_one_off_is_caught(
    context_in: Callable[[str], Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an effect that is one person larger, every line that rests on it is another."""
    context = context_in("en")
    found = page.worked(context.release)
    first, *others = found.cases
    wrong = replace(first, split=replace(first.split, taken_off=first.split.taken_off + 1))
    monkeypatch.setattr(page, "worked", lambda _: replace(found, cases=(wrong, *others)))
    missing = not_shown("\n".join(read(page.derived(context))), "en")
    assert {"old people", "split people", "left people"} <= set(missing)
    assert not [name for name in missing if name.endswith("households")]


def test_the_parts_sum_exactly(release: Release) -> None:
    """In each case the published part and the residual are the fall, and the old coverage is after plus the part."""
    cases = page.worked(release).cases
    assert cases
    for case in cases:
        again = published_split(case.series, case.split.event)
        assert again is not None
        assert again.taken_off - again.residual == again.before - again.after
        old = on_old_coverage(case.series, again.event)
        assert old is not None
        assert case.old == old.values["value"].iloc[0] == again.after + again.taken_off


def sums_that_do_not_close(text: str) -> list[str]:
    """Lines of the form a + b = c, or with −, whose sides differ."""
    plain = text.replace(NARROW, "").replace(",", "").replace("−", "-")
    wrong = []
    for line in plain.split("\n"):
        found = re.search(r"(\d+(?: [+-] \d+)+) = (\d+)\b", line)
        if found:
            terms = re.findall(r"([+-]?) ?(\d+)", found[1])
            total = sum(-int(digits) if sign == "-" else int(digits) for sign, digits in terms)
            wrong += [] if total == int(found[2]) else [line]
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sum_on_the_page_closes(context_in: Callable[[str], Context], language: str) -> None:
    """Each sum among the formulas is right; with one digit changed it is caught (control)."""
    text = "\n".join(read(page.derived(context_in(language))))
    assert sums_that_do_not_close(text) == []
    result = grouped(SEPTEMBER + TAKEN_OFF, language)
    assert len(sums_that_do_not_close(text.replace(f"= {result}", f"= {grouped(226_018, language)}"))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_by_arithmetic_shows_its_terms(texts: Mapping[str, str], language: str) -> None:
    """People of July 2010: the fall that round 20 states, added to its count."""
    terms = f"{grouped(85_432, language)} + {grouped(1_451_015, language)}"
    assert (
        f"{terms} = {grouped(85_432 + 1_451_015, language)} {words(language)('unit.individuals')}"
        in texts[language]
    )


@pytest.mark.parametrize(
    ("value", "shown"), [(87, 87), (641, 640), (1_525, 1_500), (9_949, 9_900), (662_248, 662_000)]
)
def test_the_ladder_is_as_the_page_says(value: int, shown: int) -> None:
    """Up to 100 as is, up to 1,000 to tens, below 10,000 to hundreds, from there to thousands."""
    limits = page.LADDER
    step = 1 if value <= limits["units"] else 10 if value <= limits["tens"] else 100
    step = step if value < limits["hundreds"] else 1_000
    assert on_ladder(value) == round(value / step) * step == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_estimate_is_shown_with_what_was_printed(texts: Mapping[str, str], language: str) -> None:
    """An estimate stands on the ladder with "about", and its printed digits beside it."""
    about = words(language)("precision.about", number=grouped(round(2_845_706 / 1_000) * 1_000, language))
    line = next(line for line in texts[language].split("\n") if grouped(2_845_706, language) in line)
    assert about in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_exact_and_changed_are_told_apart(texts: Mapping[str, str], language: str) -> None:
    """146,446 rounds to about 146,000: one value. 1,525 and about 11,500 are two, each with its day."""
    w = words(language)
    assert round(146_446, -3) == 146_000
    about_old, about_new = (
        w("precision.about", number=grouped(value, language)) for value in (146_000, 11_500)
    )
    exact = w(
        "methodpage.d_revised_exact",
        operation="",
        when="",
        first=about_old,
        newest=grouped(146_446, language),
    )
    changed = w(
        "methodpage.d_revised_changed",
        operation="",
        when="",
        first=grouped(1_525, language),
        newest=about_new,
    )
    for line in (exact, changed):
        assert line.split(" · ")[-1].lstrip(" :") in texts[language]
    days = {"en": ("14 December 2016", "31 January 2017"), "fr": ("14 décembre 2016", "31 janvier 2017")}
    known = next(line for line in texts[language].split("\n") if all(day in line for day in days[language]))
    assert grouped(1_525, language) in known
    assert about_new in known


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mean_of_a_total_is_by_months(texts: Mapping[str, str], language: str) -> None:
    """44,890 movements from February to April 2016 are about 14,963 a month."""
    mean = words(language)("precision.about", number=grouped(round(44_890 / 3), language))
    line = next(line for line in texts[language].split("\n") if grouped(44_890, language) in line)
    assert f"÷ 3 {'months' if language == 'en' else 'mois'} = {mean}" in line


@pytest.mark.parametrize(
    ("period", "months"),
    [("2016-02-01/2016-04-30", 3), ("2016-02", 1), ("2023-11/2024-02", 4), ("2016-02-01/2016-05-09", 0)],
)
def test_only_whole_months_are_counted(period: str, months: int) -> None:
    """A period that ends within a month has no number of months."""
    assert page.months_of(DateSpan.parse(period)) == months


def test_four_times_the_number_is_twice_as_wide() -> None:
    """What the page says of discs: with radius k × √n the area is in proportion to n."""
    k, people = 0.3, 1_234
    assert k * math.sqrt(4 * people) == pytest.approx(2 * k * math.sqrt(people))
    assert math.pi * (k * math.sqrt(people)) ** 2 / people == pytest.approx(math.pi * k**2)


def test_a_count_is_unknown_after_the_rounds_that_the_page_names(release: Release) -> None:
    """The worked case of age has one missed round more than may be missed, by the rule that the map uses."""
    aged = page.worked(release).aged
    assert aged is not None
    operation, (counted, *later) = aged
    assert [counted.number, *(r.number for r in later)] == [13, 14, 15, 16]
    ends = [r.period.last for r in queries.catalogue(release).rounds[operation.key]]
    missed = [sum(counted.period.last < end <= r.period.last for end in ends) for r in (counted, *later)]
    assert missed == [0, 1, 2, 3]
    states = np.full(len(missed), STATES.index(State.COUNTED), dtype=np.int8)
    seen, _ = site_columns.aged(states, np.array(missed, dtype=np.int16))
    assert [STATES[at] for at in seen] == [*[State.COUNTED] * (queries.AGE_ROUNDS + 1), State.NO_DATA]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_add_up_is_counted(texts: Mapping[str, str], release: Release, language: str) -> None:
    """The number of flagged cases is that of the rows of the registers."""
    invented = len(training_country().tables["variants"])
    count = invented + sum(len(r.rows) for r in registers() if r.table.name == "variants")
    told = words(language)("methodpage.d_flagged_text", count=number(count, language))
    assert told in texts[language]
    assert len(release.frame("variants")) == count


# What each operation rests on


def cells(table: str, column: str) -> list[str]:
    """A column of every register of that name, read from the files."""
    return [
        cell for register in registers() if register.table.name == table for cell in register.rows[column]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("operations", "title_{}"),
        ("operations", "producer"),
        ("operations", "licence"),
        ("operations", "credit"),
        ("methods", "text_{}"),
        ("methods", "accuracy_{}"),
        ("caveats", "title_{}"),
        ("caveats", "text_{}"),
        ("card_lines", "text_{}"),
        ("sources", "title"),
        ("sources", "publisher"),
        ("sources", "licence"),
        ("sources", "credit"),
    ],
)
def test_all_that_an_operation_rests_on_is_on_the_page(
    texts: Mapping[str, str], language: str, table: str, column: str
) -> None:
    """Every text of the registers is on the page, in the reader's language."""
    wanted = [cell for cell in cells(table, column.format(language)) if cell]
    assert wanted
    assert [cell for cell in wanted if cell not in texts[language]] == []


def test_an_operation_names_its_own_documents_only(release: Release) -> None:
    """The documents of an operation are those its rows name; a caveat's and a site's are among them."""
    held = queries.catalogue(release)
    for key, rests_on in page.behind(release).items():
        own = {caveat.source.key for caveat in held.caveats_of(key)}
        own |= {event.source.key for event in held.events_of(key)}
        own |= {
            s.key
            for s in queries.sites(release, key, date(2026, 1, 1), SiteLayer.REGISTER).provenance.sources
        }
        assert own <= set(rests_on.sources)
        prefixes = {source.split("-")[0] for source in rests_on.sources}
        assert len(prefixes) == 1, f"{key} names documents of other groups: {prefixes}"
        assert rests_on.methods


def test_what_is_not_stated_says_where_one_looked(built: Mapping[str, list[Component]]) -> None:
    """Each line of "who made this count" has a text: the fact, or that it is not stated and where one looked."""
    invented = list(training_country().tables["card_lines"]["text_en"])
    empty = [text for text in (*cells("card_lines", "text_en"), *invented) if not text]
    told = words("en")("methodpage.op_who_unknown", looked_in="\0").split("\0")[0]
    said = [text for text in read(built["en"]) if text.startswith(told)]
    assert len(said) == len(empty) > 0


def test_details_are_one_an_operation(built: Mapping[str, list[Component]], release: Release) -> None:
    """Each operation has its own part, closed, with an id that an address can name."""
    parts = [part for part in walk(built["en"]) if type(part).__name__ == "Details"]
    assert [part.id for part in parts] == [f"method-{key}" for key in queries.catalogue(release).operations]

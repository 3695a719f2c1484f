"""The page Change: what it opens with, what it says of each part, and that nothing known is lost on the way out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from callbacks.router import open_context, render
from charts.change import ChangeChart
from charts.change_bars import picture, waterfall
from data import queries, split
from data.codes import Precision, State, Unit
from data.comparability import Check, Comparable, Verdict
from data.dates import DateSpan
from data.errors import ProvenanceMissing
from data.model import Note, Shown
from data.parts import Basis, Change, Grade, LikeForLike, Part, PartKind, PartRow, Side
from data.selection import Selection
from data.store import Release, Store
from exports.change_csv import NOT_KNOWN, change_text
from pages.asked import Refusal, asked, key_of
from pages.change import chart_of
from pages.change_parts import MANY, MOST, like_for_like, part_table, verdict_section
from pages.view import View, parse_view
from tests.laws import event, provenance, row, series, text
from web.settings import Settings
from words import words

HAITI, TRAINING = "hti-eq2010", "xtr-mt"
EN = words("en")


def view(search: str, language: str = "en", path: str = "/change") -> View:
    """A reader at that address."""
    sent: dict[str, Any] = {"path": path, "search": search, "language": language, "scheme": "light"}
    return parse_view(sent | {"narrow": False, "origin": "http://127.0.0.1:8050"})


def walk(part: Any) -> Iterator[Any]:
    """Every component and text of a page, in reading order."""
    if isinstance(part, list | tuple):
        for inner in part:
            yield from walk(inner)
    elif part is not None:
        yield part
        if isinstance(part, Component):
            yield from walk(getattr(part, "children", None))


def said(part: Any) -> str:
    """What a page says, with plain spaces."""
    texts = [str(p) for p in walk(part) if isinstance(p, str | int | float)]
    return re.sub(r"[\s\u00a0\u202f]+", " ", " ".join(texts))


def hrefs(part: Any) -> list[str]:
    """The addresses of the links of a page."""
    return [p.href for p in walk(part) if isinstance(p, Component) and getattr(p, "href", None)]


def page(store: Store, search: str, language: str = "en") -> tuple[list[Component], str, bool]:
    """The whole page of an address."""
    return render(*open_context(view(search, language), store))


# Hand-made changes


def side(number: int, last: str, value: float, first: float | None = None) -> Side:
    """One side, in a round."""
    return Side(
        round=number, period=DateSpan.parse(last), first_published=value if first is None else first, value=value,
        precision=Precision.EXACT,
    )  # fmt: skip


def made(
    parts: Sequence[Part], before: float = 1000, after: float = 700, bases: Sequence[LikeForLike] = ()
) -> Change:
    """A change of Examplia between rounds 1 and 2."""
    cut = event("cut", "2013-09-30", first_round=2)
    earlier = event("earlier", "2012-01-01", first_round=None)
    of = series([row(1, "2013-06-30", before), row(2, "2013-09-30", after)], [cut, earlier])
    return Change(
        series=of, area="", area_name="", first=side(1, "2013-06-30", before), second=side(2, "2013-09-30", after),
        parts=tuple(parts), bases=tuple(bases), provenance=of.provenance,
    )  # fmt: skip


def part(kind: PartKind, amount: float | None, **changes: Any) -> Part:
    """A part by site."""
    return Part(**({"kind": kind, "amount": amount, "grade": Grade.BY_SITE} | changes))


def chart(change: Change, **changes: Any) -> ChangeChart:
    """Its picture in English."""
    return ChangeChart(**({"change": change, "words": EN} | changes))


# The reference case


def test_haiti_opens_with_the_rounds_around_its_last_delisting(store: Store) -> None:
    """Without choices: June to September 2013, both parts, households, both rates, and the verdict, on one page."""
    built, title, whole = page(store, f"?op={HAITI}")
    text_ = said(built)
    assert (title, whole) == ("Change · Haiti, earthquake 2010 · Siteline", True)
    for piece in (
        "Of the fall of 106,971, settlements taken off the list hold 54,045", "−54,045", "−52,926", "−106,971",
        "−11,128", "−14,502", "−25,630", "Net fall at the other sites", "residual; causes not separated",
        "226,019 = 171,974 + 54,045", "224,900 = 278,945 − 54,045", "−19.0%", "−23.5%", "−38.3%",
        "equals the published change exactly", "Not as reported", "Canaan", "Jérusalem", "Onaville",
        "4.86 people each", "by the effect published with the event",
        "Leaving a site or a list is not the end of displacement.", "Counted: people in listed sites",
    ):  # fmt: skip
        assert piece in text_, piece
    assert "−20.0%" not in text_  # control: not every number is there


def test_the_page_speaks_french(store: Store) -> None:
    """The same figures, as French writes them, and no English sentence of this page."""
    text_ = said(page(store, f"?op={HAITI}", "fr")[0])
    for piece in ("Sur la baisse de 106 971, les lieux retirés de la liste représentent 54 045", "−19,0 %", "−23,5 %",
                  "Pas tels que publiés", "Baisse nette dans les autres sites"):  # fmt: skip
        assert piece in text_, piece
    for english in ("Net fall", "Not as reported", "Like for like", "People per household"):
        assert english not in text_


def test_the_published_rate_is_struck_where_it_does_not_compare(store: Store) -> None:
    """38.3% stands there, struck, with the words; 19.0% is not struck."""
    built, _, _ = page(store, f"?op={HAITI}")
    struck = [said(p) for p in walk(built) if isinstance(p, Component) and type(p).__name__ == "S"]
    assert struck == ["−38.3%"]
    assert "what was counted changed: not comparable" in said(built)
    fine = made([part(PartKind.CONTINUING, -300.0)])
    assert [p for p in walk(like_for_like(chart(fine))) if type(p).__name__ == "S"] == []


def test_the_file_is_that_of_the_page(store: Store) -> None:
    """The link names the release, the count and both dates."""
    built, _, _ = page(store, f"?op={HAITI}")
    file = next(href for href in hrefs(built) if href.startswith("/files/"))
    assert re.fullmatch(
        r"/files/change\.csv\?op=hti-eq2010&what=hti-idp&first=15&second=16&release=[0-9a-f]{12}&lang=en",
        file,
    )


# The training country


def test_the_five_sites_of_round_ten_are_listed(store: Store) -> None:
    """Each with its count before, none after, both states; a long list is cut, and says so."""
    built, _, _ = page(store, f"?op={TRAINING}&first=9&second=10")
    lists = {
        p.id: p
        for p in walk(built)
        if isinstance(p, Component) and str(getattr(p, "id", "")).startswith("sites-")
    }
    gone = said(lists["sites-delisted-all"])
    assert "5 sites" in gone
    assert gone.count("not counted Before: Counted.") == 0
    assert gone.count("Before: Counted. After: Taken off the list.") == 5
    assert gone.count("not counted") == 5
    stayed = lists["sites-continuing-all"]
    rows = [p for p in walk(stayed) if type(p).__name__ == "Tr"]
    assert len(rows) == MOST + 1
    assert f"{MOST} of 976 sites" in said(stayed)


@pytest.mark.parametrize("area", ["XT01", "XT02"])
def test_an_area_has_a_change_of_its_own(store: Store, area: str) -> None:
    """The page names the area, and its amounts are not those of the country."""
    whole = said(page(store, f"?op={TRAINING}&first=9&second=10")[0])
    built, _, found = page(store, f"?op={TRAINING}&first=9&second=10&area={area}")
    assert found
    assert "in Kiligha" in said(built) or "in Takudi" in said(built)
    assert "−14,309" in whole
    assert "−14,309" not in said(built)


def test_what_was_first_published_is_said(store: Store) -> None:
    """Round 5 had a digit too many: the change starts from it, and what was mended is a part and a line of the rail."""
    text_ = said(page(store, f"?op={TRAINING}&first=4&second=5")[0])
    assert "First published, and as it stands" in text_
    assert "355,217 320,792" in text_
    assert "Figures corrected after they were published" in text_
    assert "First published, and as it stands" not in said(
        page(store, f"?op={TRAINING}&first=9&second=10")[0]
    )


def test_figures_as_they_were_known(store: Store) -> None:
    """Before its correction round 5 is 355,217 and no part is a correction; the page says the day and a way back."""
    built, _, _ = page(store, f"?op={TRAINING}&first=4&second=5&known=2022-08-20")
    then, newest = said(built), said(page(store, f"?op={TRAINING}&first=4&second=5")[0])
    assert "355,217 320,792" not in then  # the two are not set side by side: only one was known
    assert "355,217 320,792" in newest
    assert "Figures corrected after they were published" not in then
    assert "As known on 20 August 2022." in then
    assert f"/change?op={TRAINING}&first=4&second=5" in hrefs(built)
    assert "known=2022-08-20" in next(href for href in hrefs(built) if href.startswith("/files/"))
    assert "Can the two be compared" in then
    assert "shows the newest" not in then  # no banner that says the day is not used
    unknown = said(page(store, f"?op={TRAINING}&first=4&second=5&known=2022-07-25")[0])
    assert "No count on that date As known on 25 July 2022." in unknown
    early = said(page(store, f"?op={TRAINING}&known=2022-01-01")[0])
    assert "As known on 1 January 2022, fewer than two exact counts" in early


# What is not held


@pytest.mark.parametrize(
    ("search", "answer", "offer"),
    [
        ("first=99", "No count on that date", "first=15&second=16"),
        ("first=2019-13-01", "Change · Haiti", ""),  # no date: left out, and named in a banner
        ("second=2001-01-01", "No count on that date", "first=15&second=16"),
        ("first=16&second=15", "The first date is not before the second", "first=15&second=16"),
        ("first=16&second=16", "The first date is not before the second", "first=15&second=16"),
        ("what=lby-idp", "This count is not held for a change", "what=hti-hh"),
        ("area=HT01", "This area is not held for this count", "/change?op=hti-eq2010"),
    ],
)
def test_what_is_not_held_is_answered_with_what_is(
    store: Store, search: str, answer: str, offer: str
) -> None:
    """A sentence and links that lead somewhere, below the bar of what can be chosen."""
    built, title, _ = page(store, f"?op={HAITI}&{search}")
    assert answer in said(built) + title
    assert any(offer in href for href in hrefs(built))
    bars = [p for p in walk(built) if isinstance(p, Component) and type(p).__name__ == "Select"]
    assert len(bars) == 5


@pytest.mark.parametrize("operation", ["ner-fm2016", "xtr-plan", "xtr-svy", "pan-darien"])
def test_an_operation_without_two_counts_says_so(store: Store, operation: str) -> None:
    """Flows, one rounded figure, survey shares: no change, why, and a link to Trends."""
    built, _, _ = page(store, f"?op={operation}")
    assert "No change to show for" in said(built)
    assert any(href.startswith("/trends?op=") for href in hrefs(built))
    assert "No change to show for" not in said(page(store, f"?op={HAITI}")[0])


def test_every_operation_and_every_choice_has_a_page(store: Store, release: Release) -> None:
    """Each count of each operation opens; the lists of its bar hold the chosen values."""
    held = queries.catalogue(release)
    for operation in held.operations:
        wanted = asked(release, held, Selection(operation=operation), EN)
        for indicator in wanted.offered if wanted else ():
            built, _, whole = page(store, f"?op={operation}&what={indicator.key}")
            assert whole
            parts = list(walk(built))
            assert "change-card" in [getattr(p, "id", "") for p in parts], indicator.key
            for chosen in (p for p in parts if type(p).__name__ == "Select"):
                options = [o for d in chosen.data for o in d.get("items", [d])]
                assert chosen.value in [option["value"] for option in options]


def test_one_date_alone_finds_the_other(release: Release) -> None:
    """From round 9: to 10; to round 9: from 8; nothing else is guessed."""
    held = queries.catalogue(release)

    def pair(**chosen: Any) -> tuple[str, str]:
        found = asked(release, held, Selection(operation=TRAINING, **chosen), EN)
        assert found is not None
        return key_of(found.first), key_of(found.second)

    assert pair(first="9") == ("9", "10")
    assert pair(second="9") == ("8", "9")
    assert pair(first="9", second="12") == ("9", "12")
    with pytest.raises(Refusal):
        pair(first="24")
    with pytest.raises(Refusal) as refused:
        pair(second="17")
    assert refused.value.title == "Round 17 was withdrawn"
    assert refused.value.why.startswith(
        "Withdrawn on 10 August 2024. The producer withdrew all figures of round 17"
    )
    with pytest.raises(Refusal) as unknown:
        pair(second="99")  # never was
    assert "withdrawn" not in unknown.value.title


# The picture


@given(st.lists(st.none() | st.integers(-10_000, 10_000), min_size=1, max_size=12))
def test_bars_lie_end_to_end_and_end_at_the_sum(amounts: list[int | None]) -> None:
    """Each bar begins where the last one ended, none leaves its track, and what is not known has no bar."""
    bars, zero = waterfall([None if a is None else float(a) for a in amounts])
    assert [bar is None for bar in bars] == [a is None for a in amounts]
    at = zero
    reach = sum(bar.width for bar in bars if bar is not None)
    for bar, amount in zip(bars, amounts, strict=True):
        if bar is None or amount is None:
            continue
        assert -1e-9 <= bar.start <= bar.start + bar.width <= 100 + 1e-9
        assert min(abs(bar.start - at), abs(bar.start + bar.width - at)) < 1e-6
        at = bar.start if amount < 0 else bar.start + bar.width
    drawn = [a for a in amounts if a]
    if drawn:
        assert reach >= 100 - 1e-6
        assert (at > zero) == (sum(drawn) > 0) or abs(at - zero) < 1e-6


def test_not_known_and_zero_are_different_words() -> None:
    """An amount that nobody published is listed without a bar; a zero is a zero."""
    change = made([
        part(PartKind.DELISTED, None), part(PartKind.NEW, 0.0),
        part(PartKind.RESIDUAL, -300.0, grade=Grade.RESIDUAL),
    ])  # fmt: skip
    shown = chart(change)
    rows = {
        said(p.children[0]): p
        for p in walk(picture(shown))
        if isinstance(p, Component) and str(getattr(p, "className", "")).startswith("row-of")
    }
    unknown, zero = rows["In settlements taken off the list"], rows["In new sites"]
    assert said(unknown.children[2]) == "amount not known"
    assert said(zero.children[2]) == "0"
    bars = {
        name: [c for c in walk(r) if "bar" in str(getattr(c, "className", "")).split()]
        for name, r in rows.items()
    }
    assert bars["In settlements taken off the list"] == []
    assert len(bars["In new sites"]) == 1
    assert "how much of it settlements taken off the list hold is not known" in shown.title()


def test_each_kind_is_drawn_with_its_own_pattern() -> None:
    """Taken off the list is hatched, a residual is pale, and neither looks like people who were counted."""
    change = made(
        [part(PartKind.DELISTED, -100.0), part(PartKind.CONTINUING, -50.0), part(PartKind.RESIDUAL, -150.0)]
    )
    names = [str(getattr(p, "className", "")) for p in walk(picture(chart(change)))]
    assert {"bar list down", "bar people down", "bar rest down", "bar sum down"} <= set(names)
    sheet = (Path(__file__).resolve().parents[1] / "assets" / "change.css").read_text()
    both = r":is\(\.chg, \.chg-sw\) \.bar"  # in the picture, and as the swatch of the table
    assert re.search(both + r"\.list \{[^}]*--sl-pat-list", sheet)
    assert re.search(both + r"\.rest \{[^}]*--sl-data\) 34%", sheet)


def test_a_picture_without_its_notes_is_not_drawn() -> None:
    """What has lost its provenance is shown nowhere; control: with it, it is a `Shown`."""

    class Bare(ChangeChart):
        def notes(self) -> tuple[Note, ...]:
            return ()

    change = made([part(PartKind.CONTINUING, -300.0)])
    whole, bare = chart(change), Bare(change=change, words=EN)
    assert isinstance(whole, Shown)
    assert picture(whole)
    with pytest.raises(ProvenanceMissing):
        picture(bare)
    with pytest.raises(ProvenanceMissing):
        change_text(bare)


# Words


@pytest.mark.parametrize(
    ("parts", "after", "title"),
    [
        ([(PartKind.DELISTED, -200.0), (PartKind.CONTINUING, -100.0)], 700,
         "Of the fall of 300, settlements taken off the list hold 200"),
        ([(PartKind.DELISTED, -400.0), (PartKind.CONTINUING, 100.0)], 700,
         "The count fell by 300; settlements taken off the list had held 400"),
        ([(PartKind.DELISTED, -400.0), (PartKind.NEW, 900.0)], 1500,
         "The count rose by 500, while settlements with 400 were taken off the list"),
        ([(PartKind.DELISTED, -400.0), (PartKind.NEW, 400.0)], 1000,
         "The count did not change, while settlements with 400 were taken off the list"),
        ([(PartKind.METHOD, -300.0)], 700, "The count fell by 300. Counted in another way; method and movement not "
             "separated: −300"),
        ([(PartKind.CONTINUING, -300.0)], 700, "The count fell by 300, from 1,000 to 700"),
        ([(PartKind.CONTINUING, 300.0)], 1300, "The count rose by 300, from 1,000 to 1,300"),
        ([(PartKind.RESIDUAL, 0.0)], 1000, "The count is the same in both rounds: 1,000"),
    ],
)  # fmt: skip
def test_the_title_says_what_happened(parts: list[tuple[PartKind, float]], after: float, title: str) -> None:
    """What was taken off the list comes first, whatever the direction; else the loudest part, else the two ends."""
    assert chart(made([part(kind, amount) for kind, amount in parts], after=after)).title() == title


def test_the_sentence_stands_alone() -> None:
    """Both ends, every part, what compares, and the credit; in a residual, that causes are not separated."""
    base = LikeForLike(basis=Basis.OLD_LIST, before=1000, after=900, grade=Grade.BY_EFFECT)
    change = made(
        [part(PartKind.DELISTED, -200.0), part(PartKind.RESIDUAL, -100.0, grade=Grade.RESIDUAL)], bases=[base]
    )
    text_ = chart(change).sentence()
    for piece in ("30 June 2013", "30 September 2013", "fell by 300 people", "from 1,000 to 700", "−200", "−100",
                  "residual; causes not separated", "not comparable", "−10.0%", "Source: Examplia Office"):  # fmt: skip
        assert piece in text_, piece
    assert "not comparable" not in chart(made([part(PartKind.CONTINUING, -300.0)])).sentence()


def test_what_nobody_published_is_not_found() -> None:
    """With a residual the other kinds are "not found"; where each site was gone through, there is nothing to find."""
    residual = made([part(PartKind.RESIDUAL, -300.0, grade=Grade.RESIDUAL)])
    by_site = made([part(PartKind.CONTINUING, -300.0)])
    here = view("?op=examplia")
    assert "not found" in said(part_table(chart(residual), here))
    assert "not found" not in said(part_table(chart(by_site), here))


def test_the_verdict_names_each_reason_with_its_word() -> None:
    """What hinders comes first; each icon has its word; many that hinder nothing are folded."""
    keys = ("unit", "method", "list", "boundary")
    found = (Comparable.YES, Comparable.WITH_CARE, Comparable.NO, Comparable.UNKNOWN)
    checks = tuple(Check(key=k, found=f, said=text(f"About {k}.")) for k, f in zip(keys, found, strict=True))
    verdict = Verdict(found=Comparable.NO, checks=checks, provenance=provenance())
    change = made([part(PartKind.CONTINUING, -300.0)])
    section = verdict_section(chart(change, verdict=verdict))
    words_ = said(section)
    order = [words_.index(f"About {key}.") for key in ("list", "method", "boundary", "unit")]
    assert order == sorted(order)
    for piece in (
        "List of sites (hinders it)",
        "Method (with care)",
        "Boundaries (not stated)",
        "Unit (no hindrance)",
    ):
        assert piece in words_
    many = replace(verdict, checks=checks * (MANY // 4 + 1))
    assert "questions: 3" in said(verdict_section(chart(change, verdict=many)))
    assert verdict_section(chart(change)) is None


def test_events_between_the_dates_come_first_and_none_is_lost() -> None:
    """The event of the change is numbered, the caveat follows, and what happened before is there too."""
    shown = chart(
        made([part(PartKind.DELISTED, -300.0, events=(event("cut", "2013-09-30", first_round=2),))])
    )
    here, elsewhere = shown.told
    assert [n.key for n in here] == ["cut", "sites-only"]
    assert [n.key for n in elsewhere] == ["earlier"]
    assert [n.mark for n in elsewhere] == ["–"]
    assert shown.marks(shown.change.parts[0]) == ["1"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_part_has_its_words(language: str) -> None:
    """Each kind has a label and a class of its own drawing, in each language."""
    labels = []
    for kind in PartKind:
        one = made([part(kind, -300.0), part(PartKind.NEW, 0.0)])
        labels.append(chart(one, words=words(language)).label(one.parts[0]))
    assert len(set(labels)) == len(PartKind)
    reasons = ["return", "eviction", "grant", "formalised", "merged", "unknown", "", "another reason"]
    closed = made([part(PartKind.CLOSED, -300.0)])
    named = [
        chart(closed, words=words(language)).label(part(PartKind.CLOSED, -300.0, reason=r)) for r in reasons
    ]
    assert len(set(named)) == len(reasons)


# The file


def rows_of(text_: str) -> tuple[str, list[dict[str, str]]]:
    """The lines to be read with the rows, and the rows."""
    lines = list(csv.reader(io.StringIO(text_)))
    at = next(i for i, line in enumerate(lines) if not line[0].startswith("#"))
    head = lines[at]
    return "\n".join(line[0] for line in lines[:at]), [
        dict(zip(head, r, strict=True)) for r in lines[at + 1 :]
    ]


@pytest.mark.parametrize(("operation", "language"), [(HAITI, "en"), (HAITI, "fr"), (TRAINING, "en")])
def test_the_file_carries_every_note_and_sums_exactly(
    release: Release, operation: str, language: str
) -> None:
    """No note is lost, the parts give the sum, and the sites of a part give the part."""
    w = words(language)
    wanted = asked(release, queries.catalogue(release), Selection(operation=operation), w)
    assert wanted is not None
    shown = chart_of(release, wanted, w)
    about, rows = rows_of(change_text(shown))
    for note in shown.notes():
        assert note.text in about, note.key
    parts = [r for r in rows if r["level"] == "part"]
    total = next(r for r in rows if r["level"] == "sum")
    assert sum(float(r["amount"]) for r in parts) == float(total["amount"]) == shown.change.amount
    for one in parts:
        key = (one["part"], one["reason"])
        sites = [float(r["amount"]) for r in rows if r["level"] == "site" and (r["part"], r["reason"]) == key]
        assert not sites or sum(sites) == float(one["amount"])
    assert [r["level"] for r in rows if r["level"] in {"first", "second"}] == ["first", "second"]
    assert any(
        float(r["amount"]) != float(total["amount"]) for r in parts
    )  # control: one part is not the sum


def test_the_file_keeps_none_apart_from_zero() -> None:
    """An amount that nobody published is said so; a count that was not made is empty, and a zero is 0."""
    site = PartRow(
        key="s1", name="=Site", before=0.0, after=None, state_before=State.COUNTED_ZERO,
        state_after=State.NOT_ASSESSED, amount=0.0,
    )  # fmt: skip
    change = made([
        part(PartKind.DELISTED, None), part(PartKind.COVERAGE_LOST, 0.0, rows=(site,)),
        part(PartKind.RESIDUAL, -300.0),
    ])  # fmt: skip
    _, rows = rows_of(change_text(chart(change)))
    by_level = {(r["level"], r["part"]): r for r in rows}
    assert by_level["part", "delisted"]["amount"] == NOT_KNOWN
    one = by_level["site", "coverage_lost"]
    assert (one["before"], one["after"], one["state_after"]) == ("0", "", "not_assessed")
    assert one["name"] == "'=Site"  # no spreadsheet runs it


def test_the_file_is_served(store_folder: Path) -> None:
    """From its address; what names no change is answered with one sentence and 404."""
    client = create_app(Settings(port=8050, store=store_folder)).server.test_client()
    good = client.get(f"/files/change.csv?op={HAITI}&first=15&second=16")
    assert good.status_code == 200
    assert "-54045" in good.text
    assert "siteline-change-hti-idp-15-16-" in good.headers["Content-Disposition"]
    for wrong in (
        "op=ner-fm2016",
        f"op={HAITI}&first=16&second=15",
        "op=nowhere",
        f"op={HAITI}&colour=red",
        "",
    ):
        answer = client.get(f"/files/change.csv?{wrong}")
        assert (answer.status_code, answer.mimetype) == (404, "text/plain"), wrong
        assert answer.text.endswith(".")


def test_households_of_another_shape_are_all_told() -> None:
    """A part in households alone is a row of its own; control: where both have it there is one row."""
    people = made([part(PartKind.CONTINUING, -300.0)])
    same = made([part(PartKind.CORRECTION, -20.0), part(PartKind.CONTINUING, -40.0)], before=200, after=140)
    same = replace(same, series=replace(same.series, unit=Unit.HOUSEHOLDS))
    here = view("?op=examplia")
    table = said(part_table(chart(people, households=same), here))
    assert "Figures corrected after they were published by site 0 −20" in table
    assert "corrected" not in said(part_table(chart(people, households=people), here))


def test_a_day_of_a_period_names_a_side(release: Release) -> None:
    """A side of an operation without rounds is named by its last day, also where it has a round."""
    sides = split.sides_of(release, "xtr-reg-people")
    assert key_of(sides[0]) == sides[0].period.last.isoformat()
    wanted = asked(
        release, queries.catalogue(release), Selection(operation=HAITI, first="2013-06-30", second="16"), EN
    )
    assert wanted is not None
    assert key_of(wanted.first) == "15"
    assert wanted.first.period.last == date(2013, 6, 30)

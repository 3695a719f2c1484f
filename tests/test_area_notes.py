"""Which caveats and events stand on the row of an area: those whose own data name it, or an area that it lies in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from data import queries
from data.area_notes import with_notes
from data.area_people import Asked, Moment
from data.area_queries import areas
from data.codes import EventKind
from data.model import Caveat, Event
from data.queries import Catalogue, Scoped
from data.store import Release
from tests import laws

OPERATION, COUNTRY, PEOPLE = "xtr-mt", "XTR", "xtr-idp"
LEVELS = ("adm1", "adm2", "adm3")
OLD, NEW = 14, 24  # rounds of the two boundaries; in the second XT0604 is XT0607 and XT0608
DIVIDED = {"XT0604", "XT0607", "XT0608"}
ABOUT: dict[str, str] = {  # every entry that comes with the program and is about areas
    "hti-cdb-share": "HT0131 HT0132", "hti-cdb-two-rounds": "HT0131",
    "ner-2016-02-start": "NE001", "ner-2016-08-enforcement": "NE001", "nga-2016-10-coverage": "NG008 NG015",
    "xtr-mt-two-assessments": "XT01", "xtr-criticism-double": "XT01",
    "xtr-access-lost": "XT0502", "xtr-access-regained": "XT0502", "xtr-boundary": "XT0604 XT0607 XT0608",
}  # fmt: skip


def noted(release: Release, number: int, *claims: Caveat | Event) -> set[str]:
    """The codes of all areas of the training country that a round's rows say one of these claims of."""
    held = queries.catalogue(release)
    scoped = [Scoped(operation=OPERATION, indicators=(), item=claim) for claim in claims]
    parts = {"caveats": Caveat, "events": Event}
    mine: dict[str, Any] = {
        name: tuple(s for s in scoped if isinstance(s.item, kind)) for name, kind in parts.items()
    }
    alone: Catalogue = replace(held, **mine)
    now = Moment(round=number, last=held.round(OPERATION, number).period.last)
    found = set()
    for level in LEVELS:
        q = Asked(release, alone, held.operation(OPERATION), held.indicators[PEOPLE], level, None)
        table = pd.DataFrame(
            areas(release, COUNTRY, level, 1 if number == OLD else 2).drop(columns="geometry")
        )
        made = with_notes(q, table, now)
        found |= set(made.loc[made["noted"] != "", "pcode"])
    return found


def in_version(release: Release, version: int) -> dict[str, str]:
    """The parent of each area of a version below the country, by code."""
    tables = [areas(release, COUNTRY, level, version) for level in LEVELS]
    return {code: up for t in tables for code, up in zip(t["pcode"], t["parent"], strict=True)}


def caveat(*codes: str, **changes: Any) -> Caveat:
    """A caveat about areas."""
    return replace(laws.caveat("about"), areas=codes, **changes)


@pytest.mark.parametrize("code", ["XT01", "XT06", "XT0601", "XT0604", "XT0607", "XT060101", "XT99", "HT01"])
@pytest.mark.parametrize("number", [OLD, NEW])
def test_an_area_and_all_that_lie_in_it_are_noted(release: Release, number: int, code: str) -> None:
    """Those of the boundaries of the date, by their chains of parents; a code of another version stands for no area.

    Controls: a code of nowhere is on no row; equal codes alone would miss what lies inside.
    """
    parents = in_version(release, 1 if number == OLD else 2)

    def lies_in(one: str) -> bool:
        return one == code or (one in parents and lies_in(parents[one]))

    expected = {one for one in parents if lies_in(one)}
    assert noted(release, number, caveat(code)) == expected
    assert bool(expected) is (code in parents)
    if code in {"XT01", "XT06", "XT0601"}:
        assert expected > {code}


def test_words_name_no_area(release: Release) -> None:
    """A text with the names and codes of all areas is about none of them; control: with a code in its data it is."""
    table = areas(release, COUNTRY, "adm1", 1)
    words = laws.text(" ".join([*table["name"], *table["pcode"]]))
    assert noted(release, OLD, caveat(title=words, text=words)) == set()
    assert "XT01" in noted(release, OLD, caveat("XT01", title=words, text=words))


def test_only_what_holds_at_the_date_is_noted(release: Release) -> None:
    """An event about areas is noted where it is about the total of the round, and not where it is a use of it."""
    total = queries.series(release, PEOPLE).history
    obs = str(total.loc[total["round"] == OLD, "obs"].iloc[0])

    def event(**changes: Any) -> Event:
        return replace(laws.event("about"), kind=EventKind.CRITICISM, areas=("XT01",), **changes)

    assert "XT01" in noted(release, OLD, event(about=obs))
    assert noted(release, NEW, event(about=obs)) == set()
    assert noted(release, OLD, event()) == set()
    assert noted(release, OLD, replace(event(about=obs), kind=EventKind.USE_OF_FIGURE)) == set()


def named(held: Catalogue) -> dict[str, str]:
    """The areas of every caveat and event that is about some, by key."""
    return {s.item.key: " ".join(s.item.areas) for s in (*held.caveats, *held.events) if s.item.areas}


def test_the_entries_that_are_about_areas(release: Release) -> None:
    """Each was read; control: one that is lost, or that a name like Acra Sud would bring in, is noticed."""
    held = queries.catalogue(release)
    assert named(held) == ABOUT
    lost = replace(held, events=tuple(s for s in held.events if s.item.key != "xtr-boundary"))
    assert named(lost) != ABOUT
    sud = next(s for s in held.events if s.item.key == "hti-2016-03-reregistration")
    assert "Acra Sud" in sud.item.text.en
    more = replace(sud, item=replace(sud.item, areas=("HT07",)))
    assert named(replace(held, events=(*held.events, more))) != ABOUT


def test_the_divided_district_is_noted_in_its_own_boundaries(release: Release) -> None:
    """The embedded entry names the district of both versions: each is found in its own; control: in no other."""
    held = queries.catalogue(release)
    codes = next(s.item.areas for s in held.events if s.item.key == "xtr-boundary")
    assert set(codes) == DIVIDED
    assert noted(release, OLD, caveat(*codes)) & DIVIDED == {"XT0604"}
    assert noted(release, NEW, caveat(*codes)) & DIVIDED == {"XT0607", "XT0608"}

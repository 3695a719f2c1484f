"""What a change does not explain falls on the areas exactly, and only where sites were counted on both sides."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import split
from data.parts import Change, PartKind
from data.queries import catalogue
from data.selection import Selection
from data.split_areas import RestByArea, RestOf, rest_by_area
from data.store import Release
from exports.change_csv import change_text
from pages.asked import asked
from pages.change import chart_of
from pages.change_areas import rest_section
from pages.change_parts import part_table
from pages.view import View, parse_view
from words import words

REST = (PartKind.NOT_EXPLAINED, PartKind.RESIDUAL)
DOUBT = ("19", "20")  # rounds around a break whose cause nobody published
EXTRA = ("21", "22")  # the published total of the later one is not that of its sites


def rest(change: Change) -> float:
    """All that a change does not explain."""
    return sum(part.amount or 0 for part in change.of(*REST))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_rest_by_area_sums_to_the_rest(release: Release, data: st.DataObject) -> None:
    """For any two rounds and any place: areas and what is in none of them are the rest, to the person."""
    held = [str(s.round) for s in split.sides_of(release, "xtr-idp")]
    first = data.draw(st.sampled_from(held[:-1]))
    second = data.draw(st.sampled_from(held[held.index(first) + 1 :]))
    area = data.draw(st.sampled_from(["", "XT01", "XT06", "XT07", "XT0605", "XT070101"]))
    try:
        change = split.change(release, "xtr-idp", first, second, area=area)
    except split.NoChange:
        return
    found = rest_by_area(release, change)
    if found is None:
        assert not rest(change) or len(area) > 6
        return
    assert sum(row.amount for row in found.rows) + found.elsewhere == found.amount == rest(change)
    assert all(row.sites for row in found.rows)
    assert all(row.pcode.startswith(area) for row in found.rows)


@pytest.mark.parametrize(("first", "second"), [DOUBT, EXTRA])
def test_the_rest_of_an_area_is_that_of_its_own_split(release: Release, first: str, second: str) -> None:
    """What an area has here is what the change of that area alone does not explain."""
    found = rest_by_area(release, split.change(release, "xtr-idp", first, second))
    assert found is not None
    assert found.level == "adm1"
    for row in found.rows:
        alone = split.change(release, "xtr-idp", first, second, area=row.pcode)
        assert row.amount == rest(alone)
    assert any(row.amount for row in found.rows)


def test_one_area_holds_what_no_site_explains(release: Release) -> None:
    """Between rounds 21 and 22 the whole rest lies in one area, all others have none."""
    found = rest_by_area(release, split.change(release, "xtr-idp", *EXTRA))
    assert found is not None
    assert [(row.pcode, row.amount) for row in found.rows if row.amount] == [("XT01", found.amount)]
    assert found.elsewhere == 0


def test_without_counts_by_site_nothing_is_told(release: Release) -> None:
    """Figures by area alone do not tell which part of their change is explained."""
    assert rest_by_area(release, split.change(release, "hti-idp", "15", "16")) is None
    assert rest_by_area(release, split.change(release, "xtr-ret", "4", "5")) is None


def test_rows_that_do_not_sum_are_refused() -> None:
    """Control: a rest by area with a person too many is not made."""
    row = RestOf(pcode="XX01", name="Area", amount=-5.0, sites=2)
    assert RestByArea(level="adm1", amount=-7.0, rows=(row,), elsewhere=-2.0, untold=1).rows == (row,)
    with pytest.raises(ValueError, match="does not sum"):
        RestByArea(level="adm1", amount=-8.0, rows=(row,), elsewhere=-2.0, untold=1)


# On the page


def view(search: str, language: str = "en") -> View:
    """A reader of Change."""
    sent: dict[str, Any] = {"path": "/change", "search": search, "language": language, "scheme": "light"}
    return parse_view(sent | {"narrow": False, "origin": "http://127.0.0.1:8050"})


def section(release: Release, selection: Selection, search: str, language: str = "en") -> list[Any]:
    """What the page has of the rest by area."""
    w = words(language)
    wanted = asked(release, catalogue(release), selection, w)
    assert wanted is not None
    return rest_section(release, chart_of(release, wanted, w), view(search, language))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_folds_the_rest_by_area_with_links(release: Release, language: str) -> None:
    """Each area opens its map at the later round, kept to it, and its own split; the last row is the sum."""
    search = "?op=xtr-mt&what=xtr-idp&first=21&second=22"
    chosen = Selection(operation="xtr-mt", what="xtr-idp", first="21", second="22")
    (details,) = section(release, chosen, search, language)
    body = details.children[-1].children.children[1].children
    opened = body[0].children[0].children
    address = urlsplit(opened.href)
    assert address.path == "/map"
    asked_for = parse_qs(address.query)
    assert (asked_for["within"], asked_for["round"]) == (["XT01"], ["22"])
    assert "area=XT01" in body[0].children[3].children.href
    assert "12" in body[-1].children[1].children.children
    assert len(body) == 11


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_file_has_the_rest_by_area(release: Release, language: str) -> None:
    """Its rows sum to the rest and are no parts; control: of a change without one it has none."""
    w = words(language)
    chosen = Selection(operation="xtr-mt", what="xtr-idp", first="21", second="22")
    wanted = asked(release, catalogue(release), chosen, w)
    assert wanted is not None
    chart = chart_of(release, wanted, w)
    found = rest_by_area(release, chart.change)
    assert found is not None
    written = change_text(chart, found)
    lines = list(csv.DictReader(line for line in written.splitlines() if not line.startswith(("#", '"#'))))
    mine = [line for line in lines if line["level"].startswith("rest_")]
    assert sum(float(line["amount"]) for line in mine) == found.amount == rest(chart.change)
    assert [line["site"] for line in mine if line["level"] == "rest_area"] == [
        row.pcode for row in found.rows
    ]
    parts = [float(line["amount"]) for line in lines if line["level"] == "part"]
    assert sum(parts) == chart.change.amount
    assert "rest_area" in written.partition("level,part")[0]  # said above the rows
    assert "rest_area" not in change_text(chart)


def test_the_page_says_why_there_is_no_rest_by_area(release: Release) -> None:
    """A rest of figures without sites has a sentence; a change without a rest has nothing (control)."""
    haiti = Selection(operation="hti-eq2010", what="hti-idp", first="15", second="16")
    (said,) = section(release, haiti, "?op=hti-eq2010")
    assert "cannot be told" in said.children
    plain = Selection(operation="xtr-mt", what="xtr-idp", first="23", second="24")
    assert section(release, plain, "?op=xtr-mt") == []


@pytest.mark.parametrize(("first", "second", "said"), [("16", "18", True), ("23", "24", False)])
def test_a_definition_without_its_sites_says_that_it_takes_all(
    release: Release, first: str, second: str, said: bool
) -> None:
    """Where no list of touched sites was published, the part says so; control: without such an event it does not."""
    chosen = Selection(operation="xtr-mt", what="xtr-idp", first=first, second=second)
    wanted = asked(release, catalogue(release), chosen, words("en"))
    assert wanted is not None
    chart = chart_of(release, wanted, words("en"))
    text = str(part_table(chart, view("?op=xtr-mt")))
    assert ("People who rent are no longer counted. Which sites it touches was not stated" in text) is said

"""What belongs to a map is lost nowhere: not in its file, its picture, its panels, nor where a part is wrong."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callbacks.router import open_context, render
from data import queries, site_findings
from data.site_columns import sites_at
from data.site_findings import Finding, FindingKind
from data.site_record import site_record
from data.store import Release, Store
from exports.map_csv import map_text
from exports.map_picture_caption import Beside, Told, caption
from layers.colours import LIGHT
from layers.map import MapView
from pages import map as map_page
from pages import map_file, map_picture, map_table
from pages.map_record import MapPage, prepare
from pages.view import parse_view
from web.points import place_of
from words import words

ROOT = Path(__file__).resolve().parents[1]
TRAINING = "?op=xtr-mt"
KNOWN = "&round=6&known=2023-06-01"  # entries of the ledger became public after that day
LATER = "Known only after 1 June 2023:"


def opened(store: Store, search: str, language: str = "en") -> Any:
    """The context of an address, and what is wrong with its release."""
    asked = {
        "path": "/map", "search": search, "language": language, "scheme": "light", "narrow": False,
        "origin": "http://127.0.0.1:1",
    }  # fmt: skip
    return open_context(parse_view(asked), store)


def page_of(store: Store, search: str, language: str = "en") -> MapPage:
    """The map page of an address."""
    return prepare(opened(store, search, language)[0])


def walk(part: Any) -> Iterator[Any]:
    """Every component of a part, and every text."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from walk(one)
    elif part is not None:
        yield part
        yield from walk(getattr(part, "children", None))


def text_of(part: Any) -> str:
    """All texts of a part."""
    return " ".join(str(one) for one in walk(part) if isinstance(one, str | int | float))


def lines_of(text: str) -> list[list[str]]:
    """The rows of a file."""
    return list(csv.reader(io.StringIO(text)))


# The file


def parted(said: str, view: MapView) -> bool:
    """Whether the later notes of a map stand below a line that says so, and all others above it."""
    later = {note.text for note in view.notes() if note.later}
    before, found, after = said.partition(LATER)
    return bool(later and found) and all(
        (note.text in after) if note.text in later else (note.text in before) for note in view.notes()
    )


def test_the_file_says_what_was_known_only_later(store: Store) -> None:
    """Such notes stand below a line of their own; controls: a file without the day, and the newest, have none."""
    page = page_of(store, TRAINING + KNOWN)
    view, w = map_page.view_of(page), page.context.words
    rows = [line[0] for line in lines_of(map_file.map_file(page)) if line and line[0].startswith("# ")]
    assert parted("\n".join(rows), view)
    lost = replace(view, known=None).notes()
    assert not parted(map_text("t", [], lost, view.provenance, [], w, page.known), view)
    newest = map_page.view_of(page_of(store, f"{TRAINING}&round=6"))
    assert not [note for note in newest.notes() if note.later]


def test_the_file_has_every_area(store: Store) -> None:
    """Below the sites, under heads of their own; control: a map without areas has one block."""
    page = page_of(store, f"{TRAINING}&round=6&measure=people&level=adm1")
    rows = lines_of(map_file.map_file(page))
    divided = rows.index([])
    listed = [row[0] for row in rows[divided + 2 :]]
    assert rows[divided + 1][0] == page.context.words("areas.col_area")
    areas = page.more["areas"].table
    assert len(listed) == len(areas) > 0
    assert all(any(code in cell for cell in listed) for code in areas["pcode"])
    sites = [row for row in rows[:divided] if not row[0].startswith("# ")]
    assert len(sites) == int(page.kept.sum()) + 1
    assert [] not in lines_of(map_file.map_file(page_of(store, f"{TRAINING}&round=6&types=camp")))


def test_the_file_is_ordered_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many parts it is written in, and with the same rows; control: it is written in more than one."""
    page, asked, made = page_of(store, f"{TRAINING}&types=camp&sort=name"), list[str](), list[int]()
    whole = map_file.map_file(page)
    ordered, rows = MapPage.ordered, MapPage.rows

    def counted(self: MapPage, mask: Any, sort: str, nth: int, size: int) -> Any:
        asked.append(sort)
        return ordered(self, mask, sort, nth, size)

    def noted(self: MapPage, index: Any) -> Any:
        made.append(len(index))
        return rows(self, index)

    monkeypatch.setattr(MapPage, "ordered", counted)
    monkeypatch.setattr(MapPage, "rows", noted)
    monkeypatch.setattr(map_file, "AT_ONCE", 20)
    assert map_file.map_file(page) == whole
    assert len(asked) == 1
    assert made.count(20) > 1


# The picture


def test_the_picture_says_what_was_known_only_later(store: Store) -> None:
    """As the file does; control: the caption of a view that lost the day does not."""
    view = map_page.view_of(page_of(store, f"{TRAINING}{KNOWN}&types=camp"))
    told = Told(legends=(), undrawn=(), unnamed=0, outside=0, held=0)

    def said(shown: MapView) -> str:
        made = caption(shown, told, 20_000, LIGHT, Beside())  # so wide that each sentence is one line
        return "\n".join(line.text for line in made.column.lines)

    assert parted(said(view), view)
    assert not parted(said(replace(view, known=None)), view)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_picture_says_that_it_has_one_map(store: Store, language: str) -> None:
    """Where two dates are compared, in the picture and on its page; control: with one date neither says it."""
    sentence = words(language)("picture.one_map")
    two = page_of(store, f"{TRAINING}&round=3&vs=20&low=1", language)
    assert sentence in map_picture.said(two)
    assert sentence in text_of(map_picture.picture_part(two))
    one = page_of(store, f"{TRAINING}&round=3&low=1", language)
    assert sentence not in map_picture.said(one)
    assert sentence not in text_of(map_picture.picture_part(one))


def test_the_picture_has_all_sites(store: Store) -> None:
    """Points that are few for a browser's sake are not for a picture: its address has no such part."""
    page = page_of(store, f"{TRAINING}&round=3&plain=1&low=1")
    assert page.settings.plain
    assert not re.search(r"\b(plain|low)=", map_picture.address_of(page, 760, 600))


# Panels


KNOWN_17 = date(2024, 7, 20)  # round 17 was public, and withdrawn on 10 August 2024


def test_a_record_has_no_later_link(release: Release) -> None:
    """A merge of round 16 is not told before it was public; control: the newest record tells it.

    Of links of one kind that are equally sure, the first two stand for all: nothing but the sites differs.
    """
    links = release.frame("site_links")
    for link in links.groupby(["kind", "match"]).head(2).to_dict("records"):
        public, now = (
            {(one["kind"], one["other"]) for one in found.links.to_dict("records")}
            for found in (
                site_record(release, "xtr-mt", link["site"], date(2022, 4, 30)),  # rounds 1 and 2
                site_record(release, "xtr-mt", link["site"]),
            )
        )
        assert not public
        assert (link["kind"], link["other"]) in now
    merged = links[links["kind"] == "merged_into"].iloc[0]
    assert len(site_record(release, "xtr-mt", merged["site"], KNOWN_17).links)


def test_a_record_has_the_states_of_the_day(release: Release) -> None:
    """A round that was withdrawn later was counted; control: the newest record has no data of it."""

    def states(known: date | None) -> dict[int, str]:
        rows = site_record(release, "xtr-mt", "xtr-s0000003", known).states.to_dict("records")
        return {int(row["round"]): str(row["state"]) for row in rows}

    assert states(KNOWN_17)[17] == "counted"
    assert states(None)[17] == "no_data"
    by = queries.rounds_public(release, "xtr-mt")
    assert set(states(KNOWN_17)) <= {number for number, (first, _) in by.items() if first <= KNOWN_17}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_flow_point_tells_its_month(store: Store, language: str) -> None:
    """Movements, days, hours and road; control: before it was opened it tells none."""
    w = words(language)
    page = page_of(store, "?op=xtr-fm&on=2024-03-31&place=xtr-fp-01", language)
    row = page.points.table.set_index("key").loc["xtr-fp-01"]
    said = text_of(map_page.panel(page))
    assert w("flow.not_people") in said
    assert w("flow.road", road=row[f"corridor_{language}"]) in said
    assert str(int(row["days_observed"])) in said
    assert w("flow.beside", names=row["neighbour_names"]) in said
    assert said.count(row[f"bypass_{language}"]) == 1
    closed = page.points.table.assign(opened=False)
    none = replace(page, points=replace(page.points, table=closed))
    assert w("flow.not_people") not in text_of(map_page.panel(none))


def test_what_is_pointed_at_has_all_that_is_read(release: Release) -> None:
    """The answer to one row has every name that the browser reads of it, and says that a count is about."""
    at = sites_at(release, "xtr-mt", date(2022, 5, 16))
    found = place_of(release, at, "0")
    script = (ROOT / "assets" / "points" / "hand.js").read_text(encoding="utf-8")
    read = set(re.findall(r"\bplace\.(\w+)", script))
    assert "precision" in read
    assert read <= set(found)
    index = np.flatnonzero(site_findings.drawable(release, "xtr-mt"))
    states = release.frame("site_states")
    row = states[(states["site"] == found["key"]) & (states["round"] == 3)].iloc[0]
    assert found["key"] == at.columns.keys_of(index[:1])[0]
    assert found["precision"] == row["precision"]


# What may be wrong


def wrong(key: str, kind: FindingKind, found: str = "0.0000, 0.0000") -> Finding:
    """A finding with texts in English, as the data have them."""
    return Finding(
        key=key, name=f"Site {key}", kind=kind, found=found, expected="EXPECTED", mend="MEND", believable=True
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_findings_are_in_the_readers_language(
    store: Store, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Each stands once, two of one site are two; control: no text of the data is among them."""
    made = (
        wrong("a", FindingKind.NULL_ISLAND),
        wrong("a", FindingKind.SAME_POINT, "1.0000, 2.0000 (3)"),
        wrong("b", FindingKind.NO_AREA, ""),
    )
    monkeypatch.setattr(site_findings, "findings", lambda *_: made)
    page, w = page_of(store, TRAINING, language), words(language)
    why = map_table.reasons(page)
    said = text_of(map_table._findings(page, why))
    for key in ("points.finding_null_island", "points.finding_same_point", "points.finding_no_area"):
        assert said.count(w(key)) == 1
    assert w("points.finding_null_island") in why["a"]
    assert w("points.finding_same_point") in why["a"]
    assert why["b"] == w("points.finding_no_area")
    assert "EXPECTED" not in said + why["a"]
    assert "MEND" not in said + why["a"]


def test_findings_that_are_not_listed_are_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many the list says how many more there are; control: a whole list does not."""
    page, w = page_of(store, TRAINING), words("en")
    monkeypatch.setattr(map_table, "LISTED", 2)
    for count, more in ((3, True), (2, False)):
        made = tuple(wrong(str(nth), FindingKind.OUTSIDE) for nth in range(count))
        monkeypatch.setattr(site_findings, "findings", lambda *_, made=made: made)
        said = text_of(map_table._findings(page, map_table.reasons(page)))
        assert (w("maptable.findings_more", more="1") in said) is more


# What is not held


@pytest.mark.parametrize(
    ("search", "part"),
    [
        ("&round=3&vs=99999", "99999"),
        ("&round=3&since=99999&measure=change&level=adm1", "99999"),
        ("&round=77", "77"),
        ("&round=3&vs=1999-01-01", "1999-01-01"),
    ],
)
def test_what_is_not_held_is_named(store: Store, search: str, part: str) -> None:
    """The part that is wrong and no other is named, and no date that is offered leads back to it."""
    main, _, whole = render(*opened(store, TRAINING + search))
    assert not whole
    w, rounds = words("en"), "1–24"
    assert w("missing.round_why", found=part, held=rounds) in text_of(main)
    told = next(one for one in walk(main) if type(one).__name__ == "Main")  # not the links of the page's head
    offered = [one.href for one in walk(told) if "round=" in str(getattr(one, "href", ""))]
    assert len(offered) >= 24
    assert [href for href in offered if f"={part}" in href] == []

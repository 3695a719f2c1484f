"""An area with figures of its own and no outline is in the lists of the map, with these figures, and never drawn."""

from __future__ import annotations

from datetime import date

import pytest

from data import queries
from data.area_codes import DRAWN, areas_held
from data.area_figures import areas_at
from data.store import Release, Store
from data.undrawn_areas import undrawn_at
from pages import map as map_page
from pages import map_find, map_table
from pages.map_file import map_file
from tests.test_map_page import by_id, page_of, text_of
from words import words

HAITI, COMMUNE, FIGURE = "?op=hti-eq2010", "HT0131", "11,274 people"
NO_OUTLINE = "No outline of this area is held, so it is not drawn."


def test_the_commune_has_no_outline(release: Release) -> None:
    """Haiti has outlines of ten departments and of no commune; control: a department is drawn."""
    held = areas_held(release, DRAWN)["HTI"]
    assert len(held) == len(areas_at(release, "hti-eq2010", date(2013, 9, 30), "adm1", "people").table) == 10
    assert areas_at(release, "hti-eq2010", date(2013, 9, 30), "adm2", "people").table.empty
    assert COMMUNE not in held
    assert "HT01" in held


@pytest.mark.parametrize(
    ("on", "value", "state", "age"),
    [
        (date(2013, 3, 31), None, "no_data", "current"),
        (date(2013, 6, 30), 66_160, "counted", "current"),
        (date(2013, 9, 30), 11_274, "counted", "current"),
        (date(2013, 12, 31), 11_274, "counted", "older"),
        (date(2015, 1, 1), 11_274, "no_data", "unknown"),
    ],
)
def test_its_last_figure_up_to_a_date(release: Release, on: date, value: float, state: str, age: str) -> None:
    """As published, aged as a site's count is, without a location; what it rests on comes along."""
    made = undrawn_at(release, "hti-eq2010", on)
    assert made is not None
    assert made.located().empty
    (row,) = made.table.to_dict("records")
    assert (row["key"], row["name"], row["state"], row["age"]) == (COMMUNE, "Croix-des-Bouquets", state, age)
    assert row["value"] == value if value else row["value"] != row["value"]
    assert set(made.provenance.caveats) == set(queries.series(release, "hti-cdb").provenance.caveats)
    assert [title.en for title in row["noted"]] == [
        "The share of the three settlements in this commune was not found", "Two rounds are shown here",
    ]  # fmt: skip


def test_what_was_not_public_is_left_out(release: Release) -> None:
    """The figures were in a file of October 2025; before it there is none. Control: from its day on there is."""
    for known, there in ((date(2025, 10, 30), False), (date(2025, 10, 31), True)):
        made = undrawn_at(release, "hti-eq2010", date(2013, 9, 30), known)
        assert made is not None
        assert bool(made.table["value"].notna().all()) is there


@pytest.mark.parametrize("operation", ["xtr-mt", "nga-dtm", "lby-dtm", "col-ven", "wca-points"])
def test_areas_that_are_drawn_are_not_listed(release: Release, operation: str) -> None:
    """Control: elsewhere no area with figures of its own lacks an outline."""
    assert undrawn_at(release, operation, date(2020, 1, 1)) is None


def test_the_map_lists_it_and_does_not_draw_it(store: Store) -> None:
    """In "Not on the map", in the table and in the file, with its figure and why; controls: no mark, no other map."""
    page = page_of(store, f"{HAITI}&round=16")
    for part in (text_of(map_table.not_on_map(page)), text_of(map_table.twin(page)), map_file(page)):
        assert FIGURE in part
        assert "Croix-des-Bouquets" in part
        assert "See note: Two rounds are shown here." in part
    assert "No outline of these areas is held" in text_of(map_table.not_on_map(page))
    assert "no outline of this area is held: not on the map" in text_of(map_table.twin(page))
    assert COMMUNE not in str(map_page.picture(page)[1]["data"])
    assert any("This commune is held for rounds 15 and 16" in n.text for n in map_page.view_of(page).notes())
    elsewhere = page_of(store, "?op=xtr-mt")
    assert map_table.undrawn(elsewhere) == []
    assert "outline" not in text_of(map_table.not_on_map(elsewhere))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_said_of_it_is_in_both_languages(language: str) -> None:
    """Every sentence has its words; control: they differ from key to key."""
    keys = ("kind", "location", "lead", "no_outline", "no_figure")
    assert len({words(language)(f"undrawn.{key}") for key in keys}) == len(keys)


def test_search_and_lists_open_it(store: Store) -> None:
    """The search names the area and the lists link to it: both open its panel, with its figure and its sites."""
    page = page_of(store, f"{HAITI}&round=16&text=Croix-des-B")
    links = [
        by_id(map_find.found(page), f"found-{COMMUNE}"),
        by_id(map_table.not_on_map(page), f"off-{COMMUNE}"),
    ]
    for link in links:
        assert f"place={COMMUNE}" in link.href
        said = text_of(map_page.panel(page_of(store, link.href.partition("?")[2].join(["?", ""]))))
        assert NO_OUTLINE in said
        assert FIGURE in said
        assert "Canaan" in said


@pytest.mark.parametrize(
    ("place", "there", "missing"),
    [
        ("HT0112", "No figure of its own was found.", FIGURE),  # a commune without figures
        ("HT01", "Figures of the whole of this operation are held, none of this area.", NO_OUTLINE),
        ("HT0199", "No place called", NO_OUTLINE),
    ],
)
def test_other_areas_say_what_is_held(store: Store, place: str, there: str, missing: str) -> None:
    """A commune says that it is not drawn, a department that it has no figure, an unknown code that it is none."""
    said = text_of(map_page.panel(page_of(store, f"{HAITI}&round=16&place={place}")))
    assert there in said
    assert missing not in said

"""Areas on the map page: two dates, the area that a reader keeps, what a rate leaves out; on page and in file."""

from __future__ import annotations

import csv
import io

import pytest

from data.area_marks import marks_of
from data.map_settings import LEVELS
from data.store import Store
from layers.area_rows import area_table, cells, hover
from pages import map as map_page
from pages import map_choices, map_compare, map_layers, map_table
from pages.map_areas import kept_areas
from pages.map_file import map_file
from pages.map_profiles import area_profile
from pages.map_record import MapPage
from tests.test_map_page import page_of, text_of
from web.tiles import at_bytes
from words import words
from words.format import day

TRAINING = "?op=xtr-mt&layers=sites,areas"


def both(store: Store, search: str) -> tuple[MapPage, MapPage]:
    """The pages of two maps."""
    page = page_of(store, TRAINING + search)
    other = map_compare.second(page)
    assert other is not None
    return page, other


# Two dates


@pytest.mark.parametrize(("first", "second"), [(24, 20), (20, 24)])
def test_a_change_of_two_maps_is_said_with_its_dates(store: Store, first: int, second: int) -> None:
    """Whichever is the first map: the later shows the change between both, the earlier the people; heads say it."""
    page, other = both(store, f"&measure=change&level=adm1&round={first}&vs={second}")
    later, earlier = (page, other) if first > second else (other, page)
    assert set(later.snapshots["areas"].table["since_round"]) == {20}
    assert set(earlier.snapshots["areas"].table["measure"]) == {"people"}
    head, legend = (
        text_of(part) for part in (map_compare.second_head(page, other), map_layers.legend_list(page, other))
    )
    for said in (head, legend):
        assert "Change in percent, " in said
        assert " to 26 October 2025" in said
        assert "People counted, " in said
    assert "each has its own legend" in legend
    figures = [map_page.picture(page, other)[1], map_page.second_picture(page, other)[1]]
    boxes = [next(t for t in figure["data"] if t["name"] == "areas")["hovertext"][0] for figure in figures]
    assert [" people since " in box for box in boxes] == ([True, False] if first > second else [False, True])


def test_a_date_of_its_own_holds_for_both_maps(store: Store) -> None:
    """With `since` both maps show the change from it, in one legend; control of the test above."""
    page, other = both(store, "&measure=change&level=adm1&round=24&vs=20&since=18")
    assert [set(p.snapshots["areas"].table["since_round"]) for p in (page, other)] == [{18}, {18}]
    assert not map_compare.areas_differ(page, other)
    assert "each has its own legend" not in text_of(map_layers.legend_list(page, other))


def test_the_date_of_a_change_is_that_of_the_other_map(store: Store) -> None:
    """The control says what the map shows; control: with one map it is the round before."""
    page, _ = both(store, "&measure=change&round=24&vs=20")
    assert map_choices.since_key(page) == "20"
    assert map_choices.since_key(page_of(store, TRAINING + "&measure=change&round=24")) == "23"


@pytest.mark.parametrize("more", ["&measure=change", ""])
def test_sites_and_areas_change_from_one_date(store: Store, more: str) -> None:
    """Control, colours and legend of sites say the other map's date; control: of one map the round before."""
    page, other = both(store, f"&colour=change&round=24&vs=20{more}")
    end = next(step.on for step in page.moments.offered if step.round is not None and step.round.number == 20)
    assert (map_choices.since_key(page), page.classes.about) == ("20", end.isoformat())
    legend = text_of(map_layers.legend_list(page, other))
    assert f"Change of sites since {day(end, 'en')}" in legend
    alone = page_of(store, f"{TRAINING}&colour=change&round=24{more}")
    assert map_choices.since_key(alone) == "23"
    assert f"Change of sites since {day(end, 'en')}" not in text_of(map_layers.legend_list(alone))


def test_one_scale_is_not_said_of_areas_that_differ(store: Store) -> None:
    """Then it is said of sites alone; control: of areas with one legend it is said of all colours."""
    page, other = both(store, "&measure=change&level=adm1&round=24&vs=20")
    apart = text_of(map_layers.legend_list(page, other))
    assert "Colours and sizes of sites, and widths, mean the same on both maps" in apart
    assert "Colours, widths and sizes" not in apart
    same = text_of(map_layers.legend_list(*both(store, "&measure=people&level=adm1&round=24&vs=20")))
    assert "Colours, widths and sizes mean the same on both maps" in same


@pytest.mark.parametrize("search", ["&measure=change&round=24&vs=20", "&measure=change&round=20&vs=24"])
def test_tiles_have_the_codes_of_the_page(store: Store, search: str) -> None:
    """What the browser is sent for many areas is what the page would draw, of two measures too."""
    page, other = both(store, search)
    made = marks_of(page.snapshots["areas"], page.settings, other.snapshots["areas"])
    body = at_bytes(page.context.release, "xtr-mt", (TRAINING + search).removeprefix("?"))
    assert list(body[4:]) == made.codes.tolist()


# The area that is kept


def rows_of(text: str) -> list[list[str]]:
    """The rows of a file below the head of its areas."""
    lines = list(csv.reader(io.StringIO(text)))
    start = next(nth for nth, line in enumerate(lines) if line[:1] == ["Area"] and "Sites counted" in line)
    found = lines[start + 1 :]
    return found[: next((nth for nth, line in enumerate(found) if not line), len(found))]


@pytest.mark.parametrize("within", ["XT06", "XT0601"])
@pytest.mark.parametrize("level", LEVELS)
def test_the_table_keeps_the_areas_of_the_filter(store: Store, within: str, level: str) -> None:
    """Those inside, itself, or the one around it, in table and file; how many of how many is said in both."""
    search = f"{TRAINING}&measure=people&round=24&level={level}&within={within}"
    page = page_of(store, search)
    whole = page.snapshots["areas"]
    kept, (said,) = kept_areas(page, whole)
    codes = set(kept.table["pcode"])
    assert codes
    assert codes == {c for c in whole.table["pcode"] if c.startswith(within)} or len(codes) == 1
    assert all(c.startswith(within) or within.startswith(c) or c == "XTR" for c in codes)
    assert f": {len(codes)} of {len(whole.table)}." in said
    assert said in text_of(map_table.twin(page))
    written = map_file(page)
    assert said in written
    assert len(rows_of(written)) == len(codes)


def test_without_a_filter_all_areas_are_there(store: Store) -> None:
    """Control: nothing is left out, and nothing is said of it; an unknown code keeps none."""
    page = page_of(store, f"{TRAINING}&measure=people&round=24&level=adm2")
    assert kept_areas(page, page.snapshots["areas"]) == (page.snapshots["areas"], [])
    none, (said,) = kept_areas(page_of(store, f"{TRAINING}&measure=people&round=24&within=XX99"),
                               page.snapshots["areas"])  # fmt: skip
    assert none.table.empty
    assert "XX99" in said


# A rate of a part of the sites


def test_a_rate_of_a_part_is_said_in_table_and_file(store: Store) -> None:
    """Every row has the sites counted of those listed, and the rate of a part the number that is left out."""
    page = page_of(store, f"{TRAINING}&measure=rate&round=24&level=adm2")
    table = page.snapshots["areas"].table
    written = map_file(page)
    assert written.count("so the true rate may be higher") == int(table["partial"].sum())
    assert len([row for row in rows_of(written) if "on the list" in row[3]]) == len(table)
    assert "so the true rate may be higher" in text_of(map_table.twin(page))
    people = map_file(page_of(store, f"{TRAINING}&measure=people&round=24&level=adm2"))
    assert "so the true rate" not in people  # control


def test_an_area_between_sites_can_be_pointed_at(store: Store) -> None:
    """With coloured areas a site takes the pointer only close to its disc; without them as Plotly has it."""
    drawn = map_page.picture(page_of(store, f"{TRAINING}&measure=rate&round=24"))[1]["layout"]
    assert 0 < drawn["hoverdistance"] < 10
    assert "hoverdistance" not in map_page.picture(page_of(store, "?op=xtr-mt&round=24"))[1]["layout"]


def test_a_note_about_an_area_stands_on_its_row(store: Store) -> None:
    """A province that may be counted twice says so in hover, panel, table and file; controls: others, other rounds."""
    search = f"{TRAINING}&measure=rate&level=adm1&round="
    page, note = page_of(store, f"{search}22"), "See note: One province may be counted twice in round 22."
    table = page.snapshots["areas"].table.set_index("pcode")
    assert table.index[table["noted"] != ""].tolist() == ["XT01"]
    said = {row[0]: row for row in rows_of(map_file(page)) if row and row[0].endswith(")")}
    assert note in said["Kiligha (XT01)"][6]
    assert "See note: Kiligha may be counted twice." in said["Kiligha (XT01)"][6]
    assert "whether the true rate is higher or lower is not known" in said["Kiligha (XT01)"][2]
    assert not [name for name, row in said.items() if "XT01" not in name and "See note" in str(row)]
    assert note in text_of(map_table.twin(page))
    assert note in text_of(area_profile(page, "XT01", "adm1"))
    held = page.snapshots["areas"]
    row = {str(name): cell for name, cell in held.table.iloc[0].to_dict().items()}
    assert note in hover(cells(row, held, "rate", page.context.words))
    inside = page_of(store, f"{search.replace('adm1', 'adm2')}22").snapshots["areas"].table
    assert set(inside.loc[inside["noted"] != "", "parent"]) == {"XT01"}
    assert "See note" not in map_file(page_of(store, f"{search}21"))
    then = page_of(store, f"{search}22&known=2025-06-20").snapshots["areas"].table
    assert not then["noted"].str.contains("xtr-criticism-double").any()  # it was published in August


def test_a_column_that_says_nothing_is_left_out(store: Store) -> None:
    """Of people there is no measure beside them, on the page and in the file; control: a rate has its column."""
    for measure, there in (("people", False), ("rate", True)):
        held = page_of(store, f"{TRAINING}&measure={measure}&round=14").snapshots["areas"]
        assert ("Measure" in area_table(held, measure, words("en")).columns) is there

"""The table of the map, services by area and the panel of a site: what a planner reads beside the map."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest

from data.codes import State
from data.parts import STATES
from data.site_columns import last_counted
from data.site_filter import statuses
from data.store import Store
from pages import map as map_page
from pages import map_find, map_layers, map_rows, map_services, map_table
from pages.map_file import map_file
from pages.map_record import MapPage
from tests.test_map_page import TRAINING, by_id, page_of, text_of, walk

HAITI = "?op=hti-eq2010"


# Table


@pytest.mark.parametrize(
    ("search", "key"),
    [
        (TRAINING + "&place=xtr-s0000005", "xtr-s0000005"),
        (TRAINING + "&measure=people&place=XT04", "XT04"),
        ("?op=xtr-bc&place={}", ""),
    ],
)
def test_a_chosen_row_can_be_seen_and_heard(store: Store, search: str, key: str) -> None:
    """A site, an area and a border post alike: one row is marked and says that it is; without a choice none."""
    key = key or str(page_of(store, "?op=xtr-bc").more["border_posts"].table["key"].iloc[0])
    rows = [
        one for one in walk(map_table.twin(page_of(store, search.format(key)))) if type(one).__name__ == "Tr"
    ]
    said = [one.to_plotly_json()["props"] for one in rows]
    current = [one for one in said if one.get("aria-current") == "true"]
    assert len(current) == 1
    assert current[0]["className"] == "here"
    assert "▸" in text_of(current[0]["children"])
    assert by_id(current[0]["children"], f"row-{key}").to_plotly_json()["props"]["aria-current"] == "true"
    plain = page_of(store, search.format("nowhere").replace(key, "nowhere"))
    assert not [
        one
        for one in walk(map_table.twin(plain))
        if type(one).__name__ == "Tr" and "aria-current" in one.to_plotly_json()["props"]
    ]


def test_a_row_says_its_kind_since_when_and_the_service(store: Store) -> None:
    """On the page and in the file alike; control: without a service chosen there is no column of one."""
    page = page_of(store, TRAINING + "&round=24&types=camp&colour=gap&service=water&sort=since")
    columns = map_rows.columns_of(page)
    assert columns["service_water"] == "Water, round 24"
    index = page.ordered(page.kept, "since", 1, 50)
    rows = map_rows.cells_of(page, page.rows(index), index)
    assert {cells["kind"] for cells in rows} == {"Camp"}
    assert rows[0]["since"].startswith("round 1, ")
    said_of = [
        one.to_plotly_json()["props"] for one in walk(map_table.twin(page)) if type(one).__name__ == "Th"
    ]
    sorts = {by_id(one["children"], "sort-since") is not None: one.get("aria-sort") for one in said_of}
    assert sorts[True] == "ascending"
    said = statuses(page.context.release, page.at, "water")[index]
    words = ["lacking", "in part", "there", "not assessed", "not asked"]
    assert [cells["service_water"] for cells in rows] == [words[nth] for nth in said]
    file = list(csv.reader(io.StringIO(map_file(page))))
    head = file.index(map_rows.heads_of(page))
    first = [rows[0][name] for name in columns]
    assert file[head + 1][: len(columns)] == [f"'{text}" if text.startswith("-") else text for text in first]
    assert "service_water" not in map_rows.columns_of(page_of(store, TRAINING))
    assert map_rows.cells_of(page_of(store, HAITI), *_first(page_of(store, HAITI)))[0]["kind"] == "Site"


def _first(page: MapPage) -> tuple[Any, Any]:
    """The table of the first site, and its number."""
    index = np.array([0])
    return page.rows(index), index


def test_a_chosen_service_is_told_by_area(store: Store) -> None:
    """Most people lacking it first, each area a link into it, with its caveats; control: without a service nothing."""
    page = page_of(store, TRAINING + "&round=24&colour=gap&service=water")
    (made,) = map_services.by_area(page)
    said = map_services.section(page)
    links = [one for one in walk(said) if type(one).__name__ == "A"]
    assert [one.id.rpartition("-")[2] for one in links] == made.table["pcode"].head(
        map_services.LISTED
    ).tolist()
    assert all(f"within={one.id.rpartition('-')[2]}" in one.href for one in links)
    assert "All sites kept" in text_of(said)
    assert all(caveat.title.en in text_of(said) for caveat in made.provenance.caveats)
    assert text_of(map_table.twin(page)).startswith(text_of(said))
    lacking = map_services.by_area(page_of(store, TRAINING + "&round=24&lacks=water"))
    assert next(lacking).whole.equals(made.whole)  # the filter itself takes no site away from it
    within = page_of(store, TRAINING + "&round=24&lacks=water&within=XT06")
    (inside,) = map_services.by_area(within)
    assert inside.level == "adm2"
    assert inside.whole["lacking"] == made.table.set_index("pcode").loc["XT06", "lacking"]
    assert map_services.section(page_of(store, TRAINING)) == []
    file = map_file(within)
    assert "Lacking, by area: Water" in file
    assert all(name in file for name in inside.table["name"])


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        ({}, ["40", "100", "40.0%"]),
        ({"about_lacking": 1, "about_asked": 1}, ["about 40", "about 100", "40.0%"]),
        ({"about_asked": 1}, ["40", "about 100", "40.0%"]),
        ({"people_lacking": 0.0, "uncounted": 2}, ["not found", "100", "not found"]),
        ({"people_lacking": 0.0, "uncounted": 1}, ["0", "100", "0.0%"]),
        ({"people_lacking": 0.0, "lacking": 0}, ["0", "100", "0.0%"]),
        (
            {"people_lacking": 0.0, "uncounted": 2, "people_asked": 0.0, "asked_uncounted": 5},
            ["not found"] * 3,
        ),
    ],
)
def test_people_whom_nobody_counted_are_not_none(
    store: Store, sums: dict[str, float], said: list[str]
) -> None:
    """Not found where all sites of a kind are without a count; as exact as the counts of the row alone."""
    plain = {"lacking": 2, "asked": 5, "not_asked": 1, "people_lacking": 40.0, "people_asked": 100.0, "uncounted": 0,
             "asked_uncounted": 0, "about_lacking": 0, "about_asked": 0}  # fmt: skip
    page = page_of(store, TRAINING + "&round=24&lacks=water")
    assert map_services._cells(page, "x", plain | sums)[1:4] == said
    assert len(map_services._cells(page, "x", plain)) == len(map_services._heads(page))


def test_pairs_are_no_places(store: Store) -> None:
    """The line of the table says what its rows are; and a layer that holds nothing has no heading."""
    page = page_of(store, "?op=xtr-fm&layers=flow_points,pairs&pairs=5")
    line = text_of(by_id(map_table.twin(page), "map-table").children[0])
    assert f"{len(page.more['pairs'].table)} pairs of origin and destination" in line
    assert f"{len(page.points.table)} places" in line
    early = page_of(store, TRAINING + "&round=1&layers=sites,incidents")
    late = page_of(store, TRAINING + "&round=19&layers=sites,incidents")
    heads = [
        [text_of(one) for one in walk(map_layers.legend_list(one_page)) if type(one).__name__ == "H3"]
        for one_page in (early, late)
    ]
    assert ("incidents" in early.snapshots, "incidents" in late.snapshots) == (False, True)
    assert ["Incidents" in said for said in heads] == [False, True]


def test_a_text_says_how_many_it_found_by_area(store: Store) -> None:
    """On the page and in the file; control: a name of a site says nothing of areas."""
    page = page_of(store, TRAINING + "&text=kirnibur")
    assert page.kept.any()
    assert f"found by the name of their area: {int(page.kept.sum())}." in text_of(map_find.found(page))
    assert "found by the name of their area" in map_file(page)
    assert map_find.by_area(page_of(store, TRAINING + "&text=GHÍLAKU")) == []


# Panel


def test_services_are_those_of_the_round_that_is_shown(store: Store) -> None:
    """What was found later is said to be later, and rounds too; control: at the newest round nothing is later."""
    panel = text_of(map_page.panel(page_of(store, TRAINING + "&round=4&place=xtr-s0000003")))
    assert "Services Found lacking in round 3: " in panel
    assert "Later: In round 24 " in panel
    assert " 5 (later)" in panel
    assert " 4 (later)" not in panel
    newest = text_of(map_page.panel(page_of(store, TRAINING + "&round=24&place=xtr-s0000003")))
    assert "ater)" not in newest
    assert "Later:" not in newest
    early = text_of(map_page.panel(page_of(store, TRAINING + "&round=1&place=xtr-s0000003")))
    assert "No services of this site were asked about up to round 1." in early
    assert "nobody had published an assessment by this date" in early


def test_the_last_count_is_said_where_the_round_has_none(store: Store) -> None:
    """Of a round that was withdrawn by then, and of one off the list; control: a counted site has its own."""
    then = text_of(map_page.panel(page_of(store, TRAINING + "&round=17&known=2024-08-15&place=xtr-s0000003")))
    assert "Withdrawn on 10 August 2024" in then
    assert "Last count up to this date: 1,130 people, 19 March 2024 to 4 April 2024." in then
    before = text_of(
        map_page.panel(page_of(store, TRAINING + "&round=17&known=2024-08-01&place=xtr-s0000003"))
    )
    assert "Last count up to this date" not in before  # its first values were public, and still stood


def test_what_is_withheld_is_not_shown_as_the_last_count(store: Store) -> None:
    """Of a site with counts before; they stay in its states by date. Control: one closed after a count has it."""
    said = {}
    for state in (State.WITHHELD, State.CLOSED):
        page = page_of(store, TRAINING + "&round=24")
        mine = np.flatnonzero(page.at.state == STATES.index(state))
        counted = mine[~np.isnat(last_counted(page.context.release, page.at)[mine])]
        (key,) = page.at.columns.keys_of(counted[:1])
        said[state] = text_of(map_page.panel(page_of(store, f"{TRAINING}&round=24&place={key}")))
    assert "Last count up to this date" not in said[State.WITHHELD]
    assert "Last count up to this date" in said[State.CLOSED]


def test_a_source_is_said_once_with_its_rounds(store: Store) -> None:
    """Of all states that have one source; control: a source of a single state stands beside it."""
    panel = text_of(map_page.panel(page_of(store, TRAINING + "&round=24&place=xtr-s0000003")))
    assert (
        panel.count("Bulletins: displaced people by site and round") == 2
    )  # of the states, and of the place
    assert "Source of rounds 1 to 10; rounds 12 to 24: Bulletins" in panel
    assert "Source of" not in text_of(map_page.panel(page_of(store, "?op=hti-eq2010&place=canaan"))).replace(
        "Source of the place", ""
    )


def test_what_is_not_known_is_that_of_the_tables(store: Store) -> None:
    """Sex is published of this site and age is not, a service was not assessed; of another nothing at all is known."""
    known = text_of(
        by_id(map_page.panel(page_of(store, TRAINING + "&round=24&place=xtr-s0000003")), "site-not-known")
    )
    assert "How old the people who live there are." in known
    assert "women" not in known
    assert "Not assessed in round 24: Waste collection." in known
    assert "households" not in known
    nothing = text_of(by_id(map_page.panel(page_of(store, "?op=hti-eq2010&place=canaan")), "site-not-known"))
    for part in ("households", "women", "How old", "When it was visited", "Which services"):
        assert part in nothing


@pytest.mark.parametrize("search", [TRAINING, "?op=xtr-fm", "?op=xtr-bc"])
def test_every_table_has_its_file(store: Store, search: str) -> None:
    """Sites, flow points and border posts alike: one link, to the file of this view."""
    twin = map_table.twin(page_of(store, search))
    links = [one for one in walk(twin) if getattr(one, "id", None) == "map-csv"]
    assert len(links) == 1
    assert links[0].href.startswith("/files/map.csv?" + search[1:].partition("&")[0])

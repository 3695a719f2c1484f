"""What is handed to the browser for a date is what the page says of it, and work that no date changes is done once."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from data import area_people, queries
from data.area_figures import areas_of, drawn_of
from data.area_marks import marks, marks_of
from data.area_tree import tree_at
from data.map_settings import LEVELS, MEASURES, MapSettings
from data.store import Release
from web.tiles import at_bytes

OPERATION = "xtr-mt"
OLD, NEW = (3, 14), (15, 20, 24)  # rounds of the two boundaries
KNOWN = date(2024, 3, 1)
# An early round, both sides of the change of boundaries, and the last one; as known on a day one that was corrected
# later, the last one that was public by then, and one that was not.
CASES = ((3, None), (14, None), (15, None), (24, None), (14, KNOWN), (15, KNOWN), (20, KNOWN))


def on_of(release: Release, number: int) -> date:
    """The last day of a round."""
    return queries.catalogue(release).round(OPERATION, number).period.last


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("level", LEVELS)
def test_the_codes_of_a_date_are_those_of_the_page(release: Release, level: str, measure: str) -> None:
    """Of every measure and level, also as known on a day and since another round: code by code."""
    seen: set[int] = set()
    for number, known in CASES:
        for since in ("", "2") if measure == "change" else ("",):
            settings = MapSettings(measure=measure, level=level, since=since)
            page = marks_of(areas_of(release, OPERATION, on_of(release, number), settings, known), settings)
            query = f"round={number}&measure={measure}&level={level}"
            query += (f"&known={known}" if known else "") + (f"&since={since}" if since else "")
            assert list(at_bytes(release, OPERATION, query)[4:]) == page.codes.tolist()
            seen |= set(page.codes.tolist())
    assert len(seen) > 2 or level == "adm0"  # control: the codes differ from area to area


@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_drawn_has_the_values_of_the_page(release: Release, measure: str) -> None:
    """Measure, state, value, break and part of the sites, row by row."""
    settings = MapSettings(measure=measure, level="adm2")
    columns = ["measure", "state", "value", "broken", "partial"]
    for number in (*OLD, *NEW):
        on = on_of(release, number)
        page = pd.DataFrame(areas_of(release, OPERATION, on, settings).table)[columns]
        drawn = drawn_of(release, OPERATION, on, settings)
        pd.testing.assert_frame_equal(drawn, page, check_dtype=False)


def test_a_rate_keeps_what_is_said_of_a_part(release: Release) -> None:
    """The codes of a rate tell areas with sites that were not counted; control: without the sites none is told."""
    settings = MapSettings(measure="rate", level="adm2")
    drawn = drawn_of(release, OPERATION, on_of(release, 24), settings)
    assert marks(drawn, settings).partial.any()
    assert not marks(drawn.assign(partial=False), settings).partial.any()


def test_points_in_areas_are_made_once_a_version(release: Release) -> None:
    """All dates of the same boundaries share them; of other boundaries they are others."""
    blank = area_people._blank
    assert blank(release, "XTR", "adm3", 2) is blank(release, "XTR", "adm3", 2)
    before, misses = blank(release, "XTR", "adm3", 2).copy(), blank.cache_info().misses
    settings = MapSettings(measure="people", level="adm3")
    for number in NEW:
        drawn_of(release, OPERATION, on_of(release, number), settings)
    assert blank.cache_info().misses == misses
    pd.testing.assert_frame_equal(blank(release, "XTR", "adm3", 2), before)  # no date writes into it
    assert blank(release, "XTR", "adm3", 1) is not blank(release, "XTR", "adm3", 2)  # control


def test_days_of_the_same_boundaries_have_one_tree(release: Release) -> None:
    """It is read once a version; control: the older boundaries have another."""
    trees = [tree_at(release, OPERATION, on_of(release, number)) for number in NEW]
    assert all(tree is trees[0] for tree in trees)
    assert tree_at(release, OPERATION, on_of(release, OLD[0])) is not trees[0]

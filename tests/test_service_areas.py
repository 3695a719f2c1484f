"""Where a service is lacking, by area: the parts are the whole, and each figure is that of the tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import queries, service_areas
from data.area_tree import tree_at
from data.codes import SiteLayer
from data.map_settings import LEVELS, MapSettings
from data.service_areas import SUMS, ServiceAreas, level_within
from data.site_colours import NONE, classes_of
from data.site_columns import OFF, SitesAt, people, sites_at
from data.site_filter import SERVICES, kept, services_asked, statuses
from data.store import Release

TRAINING = "xtr-mt"
DAYS = (date(2022, 2, 24), date(2023, 3, 21), date(2024, 6, 13), date(2025, 10, 26))
AFTER = date(2022, 11, 12)  # some sites that lacked water when it was last asked about are off the list


def made(
    release: Release, on: date, service: str, level: str, chosen: MapSettings
) -> tuple[SitesAt, ServiceAreas]:
    """The sites at a day, and a service by area."""
    at = sites_at(release, TRAINING, on)
    provenance = queries.sites(release, TRAINING, on, SiteLayer.CROWD).provenance
    return at, service_areas.by_area(release, at, service, level, kept(at, chosen, release), provenance)


@settings(max_examples=25, deadline=None)
@given(
    on=st.sampled_from(DAYS), service=st.sampled_from(["water", "health", "roof"]), level=st.sampled_from(LEVELS),
    types=st.sampled_from(["", "camp", "host_community"]), within=st.sampled_from(["", "XT06", "XT0607"]),
)  # fmt: skip
def test_parts_sum_to_the_whole(
    release: Release, on: date, service: str, level: str, types: str, within: str
) -> None:
    """Of every date, level and filter: each site stands in one area, most people lacking the service first."""
    at, found = made(release, on, service, level, MapSettings(types=types, within=within))
    for name in SUMS:
        assert found.table[name].sum() == pytest.approx(found.whole[name])
    assert found.whole["asked"] + found.whole["not_asked"] <= len(at)
    assert (found.table["lacking"] <= found.table["asked"]).all()
    assert (found.table["people_lacking"] <= found.table["people_asked"]).all()
    assert (np.diff(found.table["people_lacking"]) <= 0).all()
    assert found.table["pcode"].is_unique
    assert found.provenance.caveats


def test_an_area_has_the_figures_of_the_tables(release: Release) -> None:
    """Worked out again from answers, states and areas, for every area of a late round."""
    on = DAYS[-1]
    at, found = made(release, on, "water", "adm1", MapSettings())
    number = services_asked(release, at)["water"]
    assert found.round == number
    answers = release.frame("site_services")
    water = answers[(answers["service"] == "water") & (answers["round"] == number)].set_index("site")
    table = queries.sites(release, TRAINING, on, SiteLayer.REGISTER).table.set_index("key")
    open_ = table[~table["state"].isin(["closed", "delisted"])]
    status = water["status"].reindex(open_.index).fillna("never")
    codes, tree = at.columns.pcode_at(at.round).texts(), tree_at(release, TRAINING, on)
    area = {
        key: tree.at_level(str(code), "adm1")
        for key, code in zip(at.columns.keys_of(np.arange(len(at))), codes, strict=True)
    }
    counts = dict(zip(area, people(at), strict=True))
    for row in found.table.itertuples():
        mine = [key for key in open_.index if area[key] == row.pcode]
        lacking = [key for key in mine if status[key] == "none"]
        asked = [key for key in mine if status[key] in {"none", "partly", "available"}]
        assert (row.lacking, row.asked, row.not_asked) == (len(lacking), len(asked), len(mine) - len(asked))
        told = (
            (row.people_lacking, row.uncounted, row.about_lacking, lacking),
            (row.people_asked, row.asked_uncounted, row.about_asked, asked),
        )
        for said, silent, about, keys in told:
            now = [key for key in keys if table["age"][key] == "current" and not np.isnan(counts[key])]
            assert (said, silent) == (sum(counts[key] for key in now), len(keys) - len(now))
            assert about == sum(table["precision"][key] not in {"", "exact"} for key in now)


def test_an_answer_of_before_holds_no_longer_off_the_list(release: Release) -> None:
    """Table, filter and colour agree: closed and taken off the list are in none; some had lacked it (control)."""
    at = sites_at(release, TRAINING, AFTER)
    off = np.isin(at.state, OFF)
    lacked = statuses(release, at, "water") == SERVICES.index("none")
    assert all((lacked & (at.state == state)).any() for state in OFF)
    filtered = kept(at, MapSettings(lacks="water"), release)
    assert filtered.tolist() == (lacked & ~off).tolist()
    coloured = classes_of(release, at, MapSettings(colour="gap", service="water")).codes
    assert (coloured[off] == NONE).all()
    assert (coloured == SERVICES.index("none")).tolist() == filtered.tolist()
    _, found = made(release, AFTER, "water", "adm1", MapSettings())
    assert found.whole["lacking"] == (filtered & at.listed).sum()


def test_parts_that_lose_something_are_refused(release: Release) -> None:
    """Control: without its first area, or with a site more in the whole."""
    _, found = made(release, DAYS[-1], "water", "adm1", MapSettings())
    with pytest.raises(ValueError, match="are not the"):
        replace(found, table=found.table.iloc[1:])
    with pytest.raises(ValueError, match="not_asked"):
        replace(found, whole=found.whole + (found.whole.index == "not_asked"))


def test_an_area_opens_with_its_parts(release: Release) -> None:
    """Within an area it is told by the next finer level; a larger or unknown one leaves the level as it is."""
    tree = tree_at(release, TRAINING, DAYS[-1])
    assert level_within(tree, "adm1", "") == "adm1"
    assert level_within(tree, "adm1", "XT06") == "adm2"
    assert level_within(tree, "adm3", "XT06") == "adm3"
    assert level_within(tree, "adm1", "nowhere") == "adm1"
    deepest = next(one for one in tree.areas.values() if one.level == "adm3")
    assert level_within(tree, "adm1", deepest.pcode) == "adm3"

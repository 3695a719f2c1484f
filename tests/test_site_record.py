"""The record of a site holds what the tables hold, as known on a day, and its neighbours are the nearest."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from pyproj import Geod

from data import queries, site_record
from data.store import Release

TRAINING, SITE = "xtr-mt", "xtr-s0000000"
KNOWN = date(2024, 7, 20)


def test_a_record_has_every_row_of_its_site(release: Release) -> None:
    """Figures, visits, services and states are those of the tables; control: another site has other ones."""
    record = site_record.site_record(release, TRAINING, SITE)
    services, effort = release.frame("site_services"), release.frame("site_effort")
    assert len(record.services) == int((services["site"] == SITE).sum())
    assert len(record.effort) == int((effort["site"] == SITE).sum())
    assert set(record.figures["indicator"]) == {"xtr-idp", "xtr-hh"}
    assert not record.figures.duplicated(["indicator", "round"]).any()
    other = site_record.site_record(release, TRAINING, "xtr-s0000001")
    assert not record.figures["value"].equals(other.figures["value"])


def test_a_record_as_known_on_a_day_has_nothing_later(release: Release) -> None:
    """No round that was not public by then is in it; control: the newest record has such rounds."""
    by = queries.rounds_public(release, TRAINING)
    public = {number for number, (first, _) in by.items() if first <= KNOWN}
    states = release.frame("site_states")
    stays = str(states.loc[(states["round"] == 24) & (states["state"] == "counted"), "site"].min())
    then = site_record.site_record(release, TRAINING, stays, KNOWN)
    now = site_record.site_record(release, TRAINING, stays)
    for name in ("figures", "effort", "services", "states"):
        assert set(getattr(then, name)["round"]) <= public
        assert not set(getattr(now, name)["round"]) <= public


def test_figures_by_sex_stand_apart(release: Release) -> None:
    """Groups are of a sex or an age and the figures of none; together they are what the table holds."""
    record = site_record.site_record(release, TRAINING, SITE)
    assert set(record.groups["sex"]) == {"female", "male"}
    assert not ((record.groups["sex"] == "") & (record.groups["age"] == "")).any()
    both = record.groups.groupby("round")["value"].sum()
    whole = record.figures[record.figures["indicator"] == "xtr-idp"].set_index("round")["value"]
    shared = both.index.intersection(whole.dropna().index)
    assert len(shared)
    assert (both[shared] == whole[shared]).all()


def test_up_to_a_round_nothing_is_later(release: Release) -> None:
    """Every part of a record but its names; without a round it is the whole (control)."""
    record = site_record.site_record(release, TRAINING, "xtr-s0000003")
    then = record.until(6)
    for name in ("figures", "groups", "states", "effort", "services"):
        assert (getattr(then, name)["round"] <= 6).all()
        assert len(getattr(then, name)) < len(getattr(record, name))
    assert record.until(None) is record


def test_an_identity_is_that_of_its_round(release: Release) -> None:
    """A site has one name at a round; without a round it is its last, and none where none is held."""
    record = site_record.site_record(release, TRAINING, SITE)
    found = record.at(None)
    assert found is not None
    assert found["setting"] == "camp"
    assert site_record.site_record(release, "hti-eq2010", "canaan").at(None) is None


@pytest.mark.parametrize("nth", [0, 400, 900])
def test_neighbours_are_the_nearest(release: Release, nth: int) -> None:
    """The five nearest are those that measuring all sites gives; control: without the place itself."""
    sites = release.frame("sites")
    sites = sites[(sites["operation"] == TRAINING) & sites["lon"].notna()].reset_index(drop=True)
    at = sites.iloc[nth]
    found = site_record.nearest(release, TRAINING, "register", at["key"], at["lon"], at["lat"])
    _, _, metres = Geod(ellps="WGS84").inv(
        np.full(len(sites), at["lon"]), np.full(len(sites), at["lat"]), sites["lon"], sites["lat"]
    )
    expected = sorted(m for m, key in zip(metres, sites["key"], strict=True) if key != at["key"])[:5]
    assert [near.metres for near in found] == pytest.approx(expected)
    assert at["key"] not in {near.key for near in found}


def test_a_place_that_is_alone_has_no_neighbours(release: Release) -> None:
    """Where no other site has a location there is none, and nothing is invented."""
    assert site_record.nearest(release, "ner-fm2016", "register", "x", 8.0, 17.0) == []

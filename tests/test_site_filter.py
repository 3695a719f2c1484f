"""Filters keep or leave out every site, each by its own rule; order, sums and search never lose one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import map_facts, queries, site_filter, site_search
from data.area_figures import areas_at
from data.area_tree import tree_at
from data.codes import SiteLayer, State
from data.folded import fold, folded
from data.map_settings import SORTS, MapSettings
from data.site_columns import SitesAt, first_listed, people, rows, sites_at
from data.site_filter import appeared, kept, masks, order, statuses, vanished
from data.site_search import find
from data.store import Release

TRAINING, HAITI = "xtr-mt", "hti-eq2010"
ON, BEFORE = date(2024, 11, 10), date(2023, 3, 21)


@pytest.fixture(scope="session")
def at(release: Release) -> SitesAt:
    """The sites of the training country at the end of a late round."""
    return sites_at(release, TRAINING, ON)


PARTS = {
    "types": st.sampled_from(["camp", "camp,collective_centre", "host_community", "flow_point"]),
    "states": st.sampled_from(["counted", "closed,delisted", "withheld", "no_data,not_assessed"]),
    "within": st.sampled_from(["XTR", "XT06", "XT0607", "XT060302", "XT9"]),
    "least": st.integers(1, 3_000),
    "most": st.integers(1, 3_000),
    "seen": st.dates(date(2022, 1, 1), date(2025, 1, 1)),
    "lacks": st.sampled_from(["water", "health", "water,health", "roof"]),
    "text": st.sampled_from(["ka", "KÂ", "لو", "XT06-", "zz", "-"]),
    "box": st.sampled_from(["-20.0,-28.5,-19.0,-27.5", "0,0,1,1", "-180,-90,180,90"]),
}


@st.composite
def some(draw: st.DrawFn) -> MapSettings:
    """Up to four filters."""
    names = draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=4, unique=True))
    chosen: dict[str, Any] = {name: draw(PARTS[name]) for name in names}
    return MapSettings(**chosen)


def breaches(at: SitesAt, chosen: MapSettings, release: Release) -> list[str]:
    """Which laws of filters do not hold."""
    keep, each, found = kept(at, chosen, release), masks(at, chosen, release), []
    if int(keep.sum()) + int((~keep).sum()) != len(at.columns):
        found.append("kept and left out are all")
    found += [f"{name} alone keeps more" for name, mask in each.items() if (keep & ~mask).any()]
    expected = np.logical_and.reduce([np.ones(len(at), dtype=np.bool_), *each.values()])
    if not np.array_equal(keep, expected):
        found.append("together they are the intersection")
    if not chosen.filters() and not keep.all():
        found.append("none keeps all")
    return found


@settings(max_examples=60, deadline=None)
@given(chosen=some())
def test_filters_intersect(at: SitesAt, release: Release, chosen: MapSettings) -> None:
    """Kept and left out are all; each alone keeps what all keep; together they are the intersection."""
    assert breaches(at, chosen, release) == []


def test_a_union_is_noticed(at: SitesAt, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: filters that add up instead are found by the same look."""
    chosen = MapSettings(types="camp", least=500)
    assert breaches(at, chosen, release) == []
    monkeypatch.setitem(globals(), "kept", lambda *args: np.logical_or.reduce(list(masks(*args).values())))
    assert breaches(at, chosen, release)


def test_each_filter_keeps_what_it_says(at: SitesAt, release: Release) -> None:
    """Worked out a second time from the table of all sites and the tables of the store."""
    table = rows(release, at).table
    identity = release.frame("site_identities").sort_values("first_round").groupby("site").last()
    setting, pcode = table["key"].map(identity["setting"]), table["key"].map(identity["pcode"])
    services = release.frame("site_services")
    water = services[(services["service"] == "water") & (services["round"] <= (at.round or 0))]
    water = water[water["round"] == water["round"].max()]
    effort = release.frame("site_effort")
    visits = effort[
        effort["visited"].astype(bool) & (effort["day"] >= "2024-11-01") & (effort["day"] <= "2024-11-10")
    ]
    states = release.frame("site_states")
    seen = states[
        states["state"].isin(["counted", "counted_zero"])
        & (states["last"] >= pd.Timestamp(2024, 11, 1)) & (states["last"] <= pd.Timestamp(ON))
    ]  # fmt: skip
    number = (
        table["value"].where(table["state"] == State.COUNTED).where(table["state"] != State.COUNTED_ZERO, 0.0)
    )
    expected = {
        MapSettings(types="camp"): setting == "camp",
        MapSettings(states="closed,withheld"): table["state"].isin(["closed", "withheld"]),
        MapSettings(within="XT06"): pcode.fillna("").str.startswith(
            "XT06"
        ),  # in this country codes grow by level
        MapSettings(least=500): number >= 500,
        MapSettings(most=500): number <= 500,
        MapSettings(lacks="water"): table["key"].isin(water[water["status"] == "none"]["site"])
        & ~table["state"].isin(["closed", "delisted"]),
        MapSettings(seen=date(2024, 11, 1)): table["key"].isin([*visits["site"], *seen["site"]]),
        MapSettings(box="-20,-28.5,-19,-27.5"): table["lon"].between(-20, -19)
        & table["lat"].between(-28.5, -27.5),
    }
    for chosen, mask in expected.items():
        assert kept(at, chosen, release).tolist() == mask.tolist(), chosen
        assert 0 < mask.sum() < len(mask), chosen  # control: each filter parts them


def test_an_area_is_that_of_its_time(release: Release) -> None:
    """An area that was made by a new boundary holds nothing before, and the area it was cut from less after."""
    early, late = (sites_at(release, TRAINING, on) for on in (BEFORE, ON))
    new, old = MapSettings(within="XT0607"), MapSettings(within="XT0604")
    assert kept(early, new, release).sum() == 0
    assert kept(late, new, release).sum() > 0
    assert kept(early, old, release).sum() > kept(late, old, release).sum()
    assert tree_at(release, TRAINING, BEFORE).version != tree_at(release, TRAINING, ON).version


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cité-Soleil", "cite soleil"),
        ("ÉCOLE", "école"),
        ("أحمد", "احمد"),
        ("مدينة", "مدينه"),
        ("مـــصر", "مصر"),
        ("على", "علي"),
        ("إِيمَان", "ايمان"),
        ("XT06-S1", "xt06 s1"),
        ("Straße", "STRASSE"),
    ],
)
def test_a_name_is_found_however_it_is_written(one: str, other: str) -> None:
    """Accents, case, vowel marks, tatweel and variants of alef, yeh and teh marbuta do not matter; letters do."""
    assert fold(one) == fold(other)
    assert fold(one) != fold(other + "x")


def test_plain_letters_are_folded_alike_beside_others() -> None:
    """Each ASCII character is the same alone and in a table with an accent; control: some are left out, some stay."""
    every = [f"a{chr(code)}B" for code in range(128)]
    alone, beside = (folded(pa.array([*every, *more])).to_pylist()[:128] for more in ((), ("é",)))
    assert alone == beside == [fold(text) for text in every]
    assert alone[ord("-")] == "a b"
    assert alone[ord("Z")] == "azb"


def test_search_finds_names_aliases_and_codes(at: SitesAt, release: Release) -> None:
    """By the Latin name without accents, the Arabic name, the code and the key; and only those."""
    identities = release.frame("site_identities").sort_values("first_round")
    row = identities.iloc[500]
    mine = at.columns.row_of(row["site"])
    for text in (row["name"].upper(), row["name_ar"], row["code"].lower(), row["site"]):
        found = kept(at, MapSettings(text=text), release)
        assert found[mine], text
        assert row["site"] in {f.key for f in find(release, TRAINING, text, 40)}
    assert kept(at, MapSettings(text="Zzyzx"), release).sum() == 0


@pytest.mark.parametrize(
    ("text", "name", "fits_well"),
    [
        ("petionville", "Pétion-Ville", True),
        ("petion ville", "Petionville", True),
        ("Pétion-Ville", "petion ville club", True),
        ("lestere", "L’Estère", True),
        ("ainzara", "\u02bfAyn Zara", False),  # other letters
        ("aynzara", "\u02bfAyn Zara", True),
        ("champdemars", "Le Champ de Mars", True),
        ("tionville", "Pétion-Ville", False),  # begins in a word and goes on in the next
        ("nv", "Pétion-Ville", False),
        ("dem", "Champ de Mars", False),  # too short to go over a space
        ("etio", "Pétion-Ville", True),  # within a word, as ever
    ],
)
def test_where_a_name_is_cut_into_words_does_not_matter(text: str, name: str, fits_well: bool) -> None:
    """Neither of one name nor of many at once; a short text is not found across words, which would be everywhere."""
    assert (site_search.fits(fold(text), fold(name)) is not None) == fits_well
    many = folded(pa.array([name, "Zzyzx"]))
    assert site_search._hits(many, fold(text)).tolist() == [fits_well, False]


@pytest.mark.parametrize("text", ["kirnibur", "KIRNI-BUR", "kirn"])
def test_sites_of_an_area_are_found_by_its_name(at: SitesAt, release: Release, text: str) -> None:
    """They are those that the filter by area keeps, and it is said which; control: not by two letters, nor by none."""
    (area,) = (one for one in tree_at(release, TRAINING, ON).areas.values() if one.name == "Kirnibur")
    inside = kept(at, MapSettings(within=area.pcode), release)
    found, alone = kept(at, MapSettings(text=text), release), site_filter.by_area_alone(at, text, release)
    named = site_search.sites_with(at.columns, text)
    assert inside.any()
    assert (inside & ~found).sum() == 0
    assert (found == (named | alone)).all()
    assert not (named & alone).any()
    assert alone.sum() == (inside & ~named).sum()
    assert not site_filter.by_area_alone(at, "ki", release).any()
    assert not site_filter.by_area_alone(at, "-", release).any()


def test_a_country_is_found_by_its_whole_name_alone(at: SitesAt, release: Release) -> None:
    """A part of its name would keep every site; a part of the name of an area keeps only a part (control)."""
    (country,) = (one for one in tree_at(release, TRAINING, ON).areas.values() if one.level == "adm0")
    assert site_search.sites_in_named(
        at.columns, tree_at(release, TRAINING, ON), at.round, country.name
    ).all()
    part = site_search.sites_in_named(at.columns, tree_at(release, TRAINING, ON), at.round, country.name[:5])
    assert not part.all()


def test_a_commune_as_stated_is_an_area_where_no_code_is_held(release: Release) -> None:
    """In Haiti too: the sites of a commune by its name."""
    sites = sites_at(release, HAITI, ON)
    assert site_filter.by_area_alone(sites, "delmas", release).any()
    communes = sites.columns.commune.texts()[site_filter.by_area_alone(sites, "delmas", release)]
    assert set(communes) == {"Delmas"}


@pytest.mark.parametrize("text", ["a", "ka", "camp", "XT06", "لو", "xtr", "xtr-s0000002", "kikuli"])
def test_sites_are_ranked_as_their_best_name_fits(at: SitesAt, text: str) -> None:
    """As name by name; a key is found whole only, so that what all keys begin with finds no site by it."""
    columns, wanted, nowhere = at.columns, fold(text), site_search.WITHIN + 1
    expected = np.full(len(columns), nowhere)
    for nth, sought in columns.sought:
        for site, names in zip(nth, sought.to_pylist(), strict=True):
            well = site_search.fits(wanted, *names.split("\n"))
            expected[site] = min(expected[site], nowhere if well is None else well)
    keys = columns.keys_of(np.arange(len(columns)))
    expected[[fold(key) == wanted for key in keys]] = site_search.WHOLE
    found = site_search.ranks(columns, text)
    assert found.tolist() == expected.tolist()
    assert ((found < nowhere) == site_search.sites_with(columns, text)).all()
    assert (found < nowhere).sum() < len(columns)  # "xtr" is in every key


def test_a_search_and_a_filter_use_the_same_boundaries(release: Release) -> None:
    """An area that is found on a day is one that the filter of that day knows; in the newest it is not (control)."""
    before = find(release, TRAINING, "XT0604", on=BEFORE)
    assert before[0].key == "XT0604"
    assert kept(sites_at(release, TRAINING, BEFORE), MapSettings(within=before[0].key), release).any()
    assert "XT0607" not in {found.key for found in find(release, TRAINING, "XT0607", on=BEFORE)}
    assert find(release, TRAINING, "XT0607", on=ON)[0].key == "XT0607"
    assert "XT0604" not in {found.key for found in find(release, TRAINING, "XT0604")}


@pytest.mark.parametrize(
    "on", [BEFORE, date(2023, 12, 7), date(2024, 1, 15), date(2024, 1, 30), ON, date(1999, 1, 1)]
)
def test_a_day_has_one_version_of_boundaries(release: Release, on: date) -> None:
    """Of the filters, of the lists of areas and of the figures by area alike."""
    tree, offered = tree_at(release, TRAINING, on), map_facts.areas(release, TRAINING, on)
    assert {area.pcode for area in offered} == set(tree.areas)
    drawn = areas_at(release, TRAINING, on, "adm2", "people").table
    assert set(drawn["pcode"]) == {area.pcode for area in offered if area.level == "adm2"}
    assert set(drawn["version"]) == {tree.version}


def test_places_of_every_kind_are_found(release: Release) -> None:
    """Areas, flow points and border posts too; a whole name comes first; nothing at all finds nothing."""
    kinds = set()
    for operation, table in (("xtr-fm", "flow_points"), ("xtr-bc", "border_posts")):
        points = release.frame(table)
        held = points[points["operation"] == operation].iloc[0]
        found = find(release, operation, held["name"].upper())
        assert found[0].key == held["key"] or found[0].name == held["name"]
        kinds |= {f.kind for f in found}
    arabic = release.frame("areas")["name_ar"].iloc[5]
    kinds |= {f.kind for f in find(release, TRAINING, arabic)}
    assert kinds >= {"area", "flow_point", "border_post"}
    assert find(release, TRAINING, " - ") == ()
    assert len(find(release, TRAINING, "a", 3)) == 3
    assert [f.key for f in find(release, HAITI, "CANAAN")][:1] == ["canaan"]


# The table


@pytest.mark.parametrize("sort", SORTS)
def test_pages_are_a_sorted_whole(at: SitesAt, release: Release, sort: str) -> None:
    """All pages together are the kept sites, each once; what has no number or date comes last; equal ones by key."""
    mask = kept(at, MapSettings(types="camp"), release)
    pages = [order(at, mask, sort, page, 50, release) for page in range(1, 12)]
    index = np.concatenate(pages)
    assert sorted(index.tolist()) == np.flatnonzero(mask).tolist()
    assert all(len(page) == 50 for page in pages[:9])
    table, numbers = rows(release, at, index).table, people(at)[index]
    if sort == "people":
        assert (np.diff(numbers[~np.isnan(numbers)]) <= 0).all()
        assert not np.isnan(numbers[: int((~np.isnan(numbers)).sum())]).any()
        same = np.flatnonzero(np.diff(numbers) == 0)
        assert len(same)
        assert all(index[n] < index[n + 1] for n in same)
    elif sort == "name":
        names = [fold(name) for name in table["name"]]
        assert names == sorted(names)
    elif sort == "last":
        last = at.last[index]
        assert (np.diff(last[~np.isnat(last)]).astype(int) <= 0).all()
        assert np.isnat(last[int((~np.isnat(last)).sum()) :]).all()
    elif sort == "state":
        assert (np.diff(at.state[index]) >= 0).all()
    elif sort == "since":
        first = first_listed(release, at).first[index]
        assert (np.diff(first[~np.isnat(first)]).astype(int) >= 0).all()
        assert np.isnat(first[int((~np.isnat(first)).sum()) :]).all()


def test_since_when_a_site_is_on_the_list(at: SitesAt, release: Release) -> None:
    """The first state up to the date that is one of the list, worked out again from the tables of the store."""
    off = ["delisted", "closed", "no_data"]
    states = release.frame("site_states")
    mine = states[(states["last"] <= pd.Timestamp(ON)) & ~states["state"].isin(off)]
    first = mine.groupby("site")["round"].min().reindex(at.columns.keys_of(np.arange(len(at))))
    newest = listed_rounds(release, at)
    assert np.array_equal(newest, first.to_numpy("float64", na_value=np.nan), equal_nan=True)
    assert len(np.unique(newest[~np.isnan(newest)])) > 1  # control: not all of the first round
    known = date(2024, 8, 1)  # with the first values of a round that was withdrawn later
    then = listed_rounds(release, sites_at(release, TRAINING, ON, known))
    other = np.flatnonzero((then != newest) & ~(np.isnan(then) & np.isnan(newest)))
    assert len(other)
    for nth in (*other[:8], *range(0, len(at), 300)):
        history = queries.site_history(release, TRAINING, at.columns.keys_of(np.array([nth]))[0], known)
        rounds = history.loc[~history["state"].isin(off), "round"]
        assert then[nth] == (rounds.min() if len(rounds) else pytest.approx(np.nan, nan_ok=True))


def listed_rounds(release: Release, at: SitesAt) -> Any:
    """The round since which each site is on the list, NaN: not known."""
    listed = first_listed(release, at)
    return listed.tellings["round"].iloc[listed.said].astype("Float64").to_numpy("float64", na_value=np.nan)


def test_an_unknown_order_is_refused(at: SitesAt) -> None:
    """With the ones that there are."""
    with pytest.raises(ValueError, match="people, name, area, state, last or since"):
        order(at, np.ones(len(at), dtype=np.bool_), "size", 1)


def test_what_appeared_and_vanished(release: Release) -> None:
    """The difference of two sets of counted sites, both ways, with the states of both dates."""
    before, after = sites_at(release, TRAINING, BEFORE), sites_at(release, TRAINING, ON)
    one, other = (
        set(t.loc[t["state"].isin(["counted", "counted_zero"]), "key"])
        for t in (rows(release, before).table, rows(release, after).table)
    )
    new, gone = appeared(before, after), vanished(before, after)
    assert set(new["key"]) == other - one
    assert set(gone["key"]) == one - other
    assert not set(gone["state_after"]) & {"counted", "counted_zero"}
    assert (gone["value"].dropna().diff().dropna() <= 0).all()
    assert "" in set(new["state_before"])  # some were not on any list before
    haiti = sites_at(release, HAITI, date(2013, 9, 30))
    with pytest.raises(ValueError, match="one operation"):
        appeared(before, haiti)


def test_a_service_is_that_of_the_newest_round_asked(release: Release) -> None:
    """Up to the date and as known then; before any was asked about nobody lacks it, and nobody has it."""
    first = queries.catalogue(release).rounds[TRAINING][0].period.last
    early = sites_at(release, TRAINING, first)
    assert set(statuses(release, early, "water").tolist()) == {site_filter.NEVER_ASKED}
    assert kept(early, MapSettings(lacks="water"), release).sum() == 0
    assert site_filter.services_asked(release, sites_at(release, TRAINING, ON))["water"] % 3 == 0
    assert (
        sites_at(release, HAITI, ON, None, SiteLayer.CROWD).columns.setting.texts().tolist().count("") == 26
    )


def test_columns_that_were_read_twice_are_the_same_sites(release: Release) -> None:
    """Two dates are compared whichever copy of the columns each has; control: of another layer they are refused."""
    before, after = sites_at(release, TRAINING, BEFORE), sites_at(release, TRAINING, ON)
    again = replace(after, columns=replace(after.columns))
    assert again.columns is not before.columns
    assert appeared(before, again).equals(appeared(before, after))
    crowd = replace(after, columns=replace(after.columns, layer=SiteLayer.CROWD))
    with pytest.raises(ValueError, match="one operation"):
        appeared(before, crowd)

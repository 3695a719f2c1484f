"""What cannot be as it stands in a list of sites is named, drawn only where it is believable, and never dropped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from data import queries, site_colours, site_findings
from data.codes import SiteLayer
from data.site_columns import SiteColumns, site_columns
from data.site_filter import SERVICES
from data.site_findings import FindingKind, can_be_drawn, drawable, findings, found_in
from data.site_table import Category, Identities
from data.store import Release
from layers import site_words
from layers.site_words import finding_words
from words import LANGUAGES, words

LAND = box(10.0, 40.0, 12.0, 42.0)  # invented; its swapped points lie outside it
CODES = frozenset({"XX", "XX01"})
NAN = float("nan")
OUTSIDE_M = 0.01  # degrees of longitude at 41 degrees north: about 840 m


def columns(*sites: tuple[float, float, float, str]) -> SiteColumns:
    """Sites of longitude, latitude, accuracy in metres and code of the area."""
    keys = pa.array([f"s{n}" for n in range(len(sites))])
    numbers = np.array([site[:3] for site in sites], dtype=np.float64).reshape(-1, 3)
    labels, codes = np.unique(np.array([site[3] for site in sites], dtype=str), return_inverse=True)
    whole = np.array([], dtype=np.int32)
    empty = Category(whole, np.array([], dtype=object))
    slots: Any = None
    return SiteColumns(
        release_digest="d", operation="o", layer=SiteLayer.REGISTER, key=keys, name=keys,
        texts={"commune_pcode": Category(codes, labels.astype(object))},
        numbers=dict(zip(("lon", "lat", "accuracy_m"), numbers.T.copy(), strict=True)),
        order=(), identities=Identities(whole, whole, empty, empty), slots=slots,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("site", "kinds", "drawn"),
    [
        pytest.param((11.0, 41.0, NAN, "XX01"), set(), True, id="right"),
        pytest.param((0.0, 0.0, NAN, "XX01"), {FindingKind.NULL_ISLAND}, False, id="0, 0"),
        pytest.param((41.0, 11.0, NAN, "XX01"), {FindingKind.SWAPPED}, False, id="swapped"),
        pytest.param((20.0, 60.0, NAN, "XX01"), {FindingKind.OUTSIDE}, False, id="another country"),
        pytest.param(
            (12.0 + OUTSIDE_M, 41.0, NAN, "XX01"), {FindingKind.NEAR_BORDER}, True, id="840 m outside"
        ),
        pytest.param(
            (12.0 + 10 * OUTSIDE_M, 41.0, 300.0, "XX01"), {FindingKind.OUTSIDE}, False, id="8.4 km, to 300 m"
        ),
        pytest.param(
            (12.0 + 10 * OUTSIDE_M, 41.0, 9e3, "XX01"), {FindingKind.NEAR_BORDER}, True, id="8.4 km, to 9 km"
        ),
        pytest.param((11.0, 41.0, NAN, ""), {FindingKind.NO_AREA}, True, id="no area"),
        pytest.param((11.0, 41.0, NAN, "XX99"), {FindingKind.UNKNOWN_AREA}, True, id="unknown area"),
        pytest.param((NAN, NAN, NAN, "XX01"), set(), False, id="no location"),
        pytest.param((NAN, 41.0, NAN, "XX01"), set(), False, id="half a location"),
    ],
)
def test_each_fault_is_named(
    site: tuple[float, float, float, str], kinds: set[FindingKind], drawn: bool
) -> None:
    """With what was found, and drawn only where the location can be believed."""
    held = columns(site)
    found = found_in(held, LAND, CODES)
    assert {one.kind for one in found} == kinds
    assert can_be_drawn(held, LAND).tolist() == [drawn]
    for one in found:
        assert one.key == "s0"
        assert one.expected
        assert one.mend
        assert one.believable is drawn
    if kinds & {FindingKind.SWAPPED, FindingKind.OUTSIDE}:
        assert f"{site[1]:.4f}, {site[0]:.4f}" in found[0].found


def test_each_kind_has_its_sentence() -> None:
    """The words are in the order of the kinds, and every class of a colour has its own."""
    assert [key.removeprefix("points.finding_") for key in site_words.FINDINGS] == [
        kind.value for kind in FindingKind
    ]
    one = found_in(columns((41.0, 11.0, NAN, "XX01")), LAND, CODES)[0]
    for language in LANGUAGES:
        assert finding_words(one, words(language)) == words(language)("points.finding_swapped")
    made = {f"points.type_{kind}" for kind in site_colours.TYPES} | {
        f"points.age_{age}" for age in site_colours.AGES
    }
    made |= {f"points.change_{one}" for one in site_colours.CHANGES} | {
        f"points.gap_{one}" for one in SERVICES
    }
    assert made | {"points.type_none", "points.gap_never"} == set(site_words.CLASSES)


def test_two_sites_at_one_point_are_named() -> None:
    """Both, and both are drawn; a site of its own point is not."""
    held = columns(*[(11.0, 41.0, NAN, "XX01")] * 2, (11.5, 41.0, NAN, "XX01"), (NAN, NAN, NAN, "XX01"))
    assert [(f.key, f.kind) for f in found_in(held, LAND, CODES)] == [
        ("s0", FindingKind.SAME_POINT), ("s1", FindingKind.SAME_POINT)
    ]  # fmt: skip
    assert can_be_drawn(held, LAND).tolist() == [True, True, True, False]


def test_a_blunt_look_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with no room at the border, or all believed, the cases above would come out otherwise."""
    near, swapped = columns((12.0 + OUTSIDE_M, 41.0, NAN, "XX01")), columns((41.0, 11.0, NAN, "XX01"))
    assert can_be_drawn(near, LAND).all()
    assert not can_be_drawn(swapped, LAND).any()
    monkeypatch.setattr(site_findings, "NEAR_M", 100.0)
    assert not can_be_drawn(near, LAND).any()
    monkeypatch.setattr(site_findings, "UNBELIEVABLE", frozenset())
    assert can_be_drawn(swapped, LAND).all()


def test_without_a_country_only_0_0_is_doubted() -> None:
    """Where no boundary is held no location can be judged by one."""
    held = columns((41.0, 11.0, NAN, "XX01"), (0.0, 0.0, NAN, "XX01"))
    assert can_be_drawn(held, None).tolist() == [True, False]
    assert [f.kind for f in found_in(held, None, frozenset())] == [FindingKind.NULL_ISLAND]


degrees = st.sampled_from([NAN, 0.0, 11.0, 41.0, 12.01, 60.0])


@given(
    st.lists(
        st.tuples(degrees, degrees, st.sampled_from([NAN, 9e3]), st.sampled_from(["", "XX01", "?"])),
        max_size=8,
    )
)
def test_no_site_is_dropped(sites: list[tuple[float, float, float, str]]) -> None:
    """Drawn and not drawn are all; whoever is not drawn has no location or a finding that says why."""
    held = columns(*sites)
    drawn, found = can_be_drawn(held, LAND), found_in(held, LAND, CODES)
    blamed = {one.key for one in found if not one.believable}
    for n, (lon, lat, _, _) in enumerate(sites):
        unlocated = np.isnan(lon) or np.isnan(lat)
        assert drawn[n] == (not unlocated and f"s{n}" not in blamed)


def test_the_embedded_sites_are_believed(release: Release) -> None:
    """Every located site of the embedded data is drawn; what is found of the others is about codes and points."""
    for operation in queries.catalogue(release).operations:
        for layer in SiteLayer:
            held = site_columns(release, operation, layer)
            located = np.isfinite(held.lon) & np.isfinite(held.lat)
            assert drawable(release, operation, layer).tolist() == located.tolist(), operation
            assert all(one.believable for one in findings(release, operation, layer))

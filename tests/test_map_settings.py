"""How a map is drawn goes into an address and comes back; what has no valid form is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.map_settings import CLASSES, COLOURS, LEVELS, MEASURES, NAMES, SORTS, MapSettings, read
from data.selection import Selection, from_query

settings = st.builds(
    MapSettings,
    measure=st.sampled_from(("", *MEASURES)), level=st.sampled_from(LEVELS), classes=st.sampled_from(CLASSES),
    limits=st.sampled_from(["", "5", "1,2.5,300"]), since=st.sampled_from(["", "3", "2024-02-29"]),
    colour=st.sampled_from(COLOURS), service=st.sampled_from(["", "water"]), vs=st.sampled_from(["", "12"]),
    pairs=st.integers(0, 200), opacity=st.sampled_from(["", "sites:0.5,areas:1"]),
    types=st.sampled_from(["", "camps,host_communities"]), states=st.sampled_from(["", "counted,withheld"]),
    within=st.sampled_from(["", "XT0101"]), least=st.integers(0, 10**8), most=st.integers(0, 10**8),
    seen=st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1)), lacks=st.sampled_from(["", "water"]),
    text=st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=80).filter(str.isprintable),
    box=st.sampled_from(["", "-21.5,-28,-20.1234,-27"]), sort=st.sampled_from(SORTS), page=st.integers(1, 100_000),
    low=st.booleans(), group=st.booleans(),
)  # fmt: skip


@given(settings)
def test_an_address_gives_the_same_map_back(chosen: MapSettings) -> None:
    """Whatever is chosen survives its address, and nothing of it is ignored."""
    view = Selection(operation="xtr-mt", map=chosen)
    again = from_query(view.to_query())
    assert again == view
    assert again.ignored == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("measure", "density"), ("level", "adm9"), ("limits", "3,2"), ("limits", "2,2"), ("since", "yesterday"),
        ("pairs", "201"), ("pairs", "-1"), ("opacity", "sites:2"), ("within", "../x"), ("seen", "2024-02-30"),
        ("box", "1,2,3"), ("box", "10,0,5,1"), ("box", "0,0,200,1"), ("text", "a\nb"), ("text", "x" * 81),
        ("page", "0"), ("low", "yes"), ("group", "yes"), ("types", "Camps"),
    ],
)  # fmt: skip
def test_what_has_no_valid_form_is_refused(name: str, text: str) -> None:
    """It is refused by its reader, and named by the address; the control has a valid form."""
    with pytest.raises(ValueError, match=r"."):
        read(MapSettings(), name, text)
    assert from_query(f"op=xtr-mt&least=5&{name}={text.replace(chr(10), '%0A')}").map == MapSettings(least=5)
    assert read(MapSettings(), "box", "0,0,20,1").bounds() == (0, 0, 20, 1)


def test_no_part_of_the_map_has_the_name_of_another_part() -> None:
    """One name in an address means one thing."""
    others = {
        "op",
        "round",
        "on",
        "place",
        "window",
        "basis",
        "known",
        "layers",
        "what",
        "area",
        "first",
        "second",
    }
    assert not NAMES & (others | {"release", "lang", "map"})


def test_only_what_leaves_places_out_is_a_filter() -> None:
    """Colours, order and opacity leave nothing out."""
    assert not MapSettings(
        measure="rate", colour="gap", sort="name", opacity="sites:0.5", group=True
    ).filters()
    assert MapSettings(least=1).filters()
    assert MapSettings(within="XT01", measure="rate").kept() == MapSettings(within="XT01")

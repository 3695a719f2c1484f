"""What an entry of the ledger does to derived figures, and of which places it speaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.codes import ClaimStatus, EventKind, ObsStatus
from data.ledger import Consequence, Places, concerns, consequence, places
from data.queries import catalogue
from data.store import Store
from tests import laws

CONTEXT, LEFT_OUT, CUT, SHADED = (
    Consequence.CONTEXT,
    Consequence.LEFT_OUT,
    Consequence.CUT,
    Consequence.SHADED,
)
WITHOUT_A_BREAK = dict.fromkeys(EventKind, CONTEXT) | {
    EventKind.CORRECTION: LEFT_OUT,
    EventKind.WITHDRAWAL: LEFT_OUT,
    EventKind.COVERAGE_CHANGE: SHADED,
}


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_has_its_consequence(kind: EventKind) -> None:
    """A break cuts; else by its kind; status S shades all but what is withdrawn; what nobody published is context."""
    plain = {"kind": kind, "breaks": False, "status": None}
    assert consequence(laws.event(kind=kind, breaks=True)) is CUT
    assert consequence(laws.event(**plain)) is WITHOUT_A_BREAK[kind]
    special = consequence(laws.event(**plain | {"status": ObsStatus.SPECIAL_EVENT}))
    assert special is (LEFT_OUT if WITHOUT_A_BREAK[kind] is LEFT_OUT else SHADED)
    for claim in set(ClaimStatus) - {ClaimStatus.PUBLISHED}:
        for status in (None, *ObsStatus):
            assert consequence(laws.event(**plain | {"claim": claim, "status": status})) is CONTEXT


# Places

COMMUNES = {
    "a": ("XT010101",),
    "b": ("XT010102", "XT010201"),
    "c": ("XT020101",),
    "d": (),
}  # of sites; b moved
AREAS = ("XT01", "XT02", "XT0101", "XT0102", "XT0201", "XT010101", "XT010102", "XT010201", "XT020101")
POINTS = {"p": ("XT0102",), "q": ()}
LYING = {code: frozenset(code[:n] for n in range(4, len(code) + 1, 2)) for code in AREAS}
HELD = Places(
    areas=LYING,
    sites={key: frozenset().union(*(LYING[code] for code in codes)) for key, codes in COMMUNES.items()},
    points={key: frozenset().union(*(LYING[code] for code in codes)) for key, codes in POINTS.items()},
)
EVERY = {*COMMUNES, *AREAS, *POINTS}


@pytest.mark.parametrize(
    ("sites", "areas", "touched"),
    [
        ("", "", EVERY),
        ("a", "", {"a", "XT01", "XT0101", "XT010101"}),
        ("b", "", {"b", "XT01", "XT0101", "XT010102", "XT0102", "XT010201"}),
        ("d", "", {"d", *AREAS, *POINTS}),  # it may lie in any area, and is no other site
        ("ad", "", {"a", "d", *AREAS, *POINTS}),
        ("", "XT0102", {"b", "d", "p", "q", "XT01", "XT0102", "XT010201"}),  # so may d and q
        ("", "XT02", {"c", "d", "q", "XT02", "XT0201", "XT020101"}),
        (
            "c",
            "XT0102",
            {"b", "c", "d", "p", "q", "XT01", "XT0102", "XT010201", "XT02", "XT0201", "XT020101"},
        ),
        ("", "XT03", {"d", "q"}),  # an area that nothing is known to lie in
    ],
)
def test_an_event_speaks_of_its_places_what_is_below_and_what_is_above(
    sites: str, areas: str, touched: set[str]
) -> None:
    """Sites and areas that are named, what lies in them, what they lie in (in any boundaries), and the whole."""
    told = laws.event(sites=tuple(sites), areas=(areas,) if areas else ())
    assert {place for place in EVERY if concerns(told, place, HELD)} == touched
    assert concerns(told, "", HELD)
    limit = laws.caveat(areas=told.areas)
    assert concerns(limit, "XT02", HELD) == (not areas or areas == "XT02")


@given(named=st.lists(st.sampled_from(sorted({*COMMUNES, *AREAS})), max_size=3, unique=True))
def test_no_event_is_lost_on_the_way_up_or_down(named: list[str]) -> None:
    """An event speaks of what it names, of all that this lies in, and of all that lies in it."""
    sites = tuple(one for one in named if one in COMMUNES)
    told = laws.event(sites=sites, areas=tuple(one for one in named if one not in COMMUNES))
    touched = {place for place in EVERY if concerns(told, place, HELD)}
    for one in named:
        assert HELD.of(one) <= touched
        assert {place for place in EVERY if one in HELD.of(place)} <= touched


def test_sites_and_areas_bring_the_codes_of_every_boundary(store_folder: Path) -> None:
    """A site whose commune was coded anew lies in both codes and in all above; an area in itself and those above.

    Of a country whose areas are not held, a code lies in those that it begins with.
    """
    release = Store(store_folder).current()
    lying = places(release)
    coded_anew = [site for site, codes in lying.sites.items() if len([c for c in codes if len(c) == 8]) > 1]
    assert coded_anew
    for event in catalogue(release).events_of("xtr-mt"):
        for one in (*event.sites, *event.areas):
            assert all(concerns(event, code, lying) for code in lying.of(one))
    assert lying.of("XT0101") == {"XT0101", "XT01", "XTR"}
    assert lying.of("canaan") == {"canaan", "HT0131"}
    told = laws.event(sites=("canaan",))
    assert [code for code in ("HT0131", "HT01", "HT0132", "HT02") if concerns(told, code, lying)] == [
        "HT0131", "HT01",
    ]  # fmt: skip
    assert concerns(laws.event(areas=("HT01",)), "HT0131", lying)
    assert not concerns(laws.event(areas=("HT0131",)), "HT02", lying)
    post = laws.event(areas=("XT04",))  # xtr-bp-1 lies there; of no flow point is an area held
    assert concerns(post, "xtr-bp-1", lying)
    assert concerns(post, "xtr-fp-01", lying)
    assert not concerns(laws.event(areas=("XT01",)), "xtr-bp-1", lying)

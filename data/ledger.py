"""What an entry of the ledger does to derived figures, and of which places it speaks.

How entries are written, checked and published stands in `data.ledger_file`, `ledger_checks`, `ledger_edit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from data.closure import closure
from data.codes import ClaimStatus, EventKind, ObsStatus
from data.model import Caveat, Event

if TYPE_CHECKING:  # series and queries may ask for a consequence: they must be able to import this module
    from data.store import Release

# What lies somewhere: its kind, its table, and the columns with its key and the code of an area.
PLACED = (
    ("sites", "sites", "key", "commune_pcode"), ("sites", "site_identities", "site", "pcode"),
    ("points", "flow_points", "key", "''"), ("points", "border_posts", "key", "pcode"),
)  # fmt: skip
WITHDRAWN = frozenset({EventKind.CORRECTION, EventKind.WITHDRAWAL})


class Consequence(StrEnum):
    """What a derived figure does with an event."""

    LEFT_OUT = "left_out"  # the value that it is about is left out of averages and percentages
    CUT = "cut"  # nothing is computed or drawn across it
    SHADED = "shaded"  # drawn and computed, and marked as not of the usual kind
    CONTEXT = "context"  # said beside the figure, which stays as it is


def consequence(event: Event) -> Consequence:
    """What an event does to figures derived from the values that it touches.

    What nobody published is context, whatever it is about. Then the first that fits: an event that breaks cuts; a
    correction or a withdrawal takes the value that it is about (`event.about`) out of averages and percentages;
    a change of coverage or a special event (status S) is shaded; anything else is context.
    """
    if event.claim is not ClaimStatus.PUBLISHED:
        return Consequence.CONTEXT
    if event.breaks:
        return Consequence.CUT
    if event.kind in WITHDRAWN:
        return Consequence.LEFT_OUT
    if event.kind is EventKind.COVERAGE_CHANGE or event.status is ObsStatus.SPECIAL_EVENT:
        return Consequence.SHADED
    return Consequence.CONTEXT


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Which areas each place lies or lay in, of every level and version of the boundaries, by its code or key."""

    areas: Mapping[str, frozenset[str]]  # itself is among them
    sites: Mapping[str, frozenset[str]]  # empty where none is held
    points: Mapping[str, frozenset[str]]  # flow points and border posts; as of sites

    def of(self, place: str) -> frozenset[str]:
        """The place itself, and the areas that it lies in."""
        held = self.areas.get(place) or self.sites.get(place) or self.points.get(place) or frozenset()
        return held | {place}


def concerns(item: Event | Caveat, place: str, held: Places) -> bool:
    """Whether an entry speaks of a figure of a place.

    Parameters
    ----------
    item : Event or Caveat
        What names no site and no area speaks of every place of its operation.
    place : str
        Code of an area, a site or a point; "" is the whole, of which everything speaks.
    held : Places
        As `places` gives it. A site or a point of which no area is held may lie in any: an event is kept rather than
        lost there.

    Returns
    -------
    bool
        True where a named site or area is the place, lies in it or holds it.
    """
    sites = item.sites if isinstance(item, Event) else ()
    named = (*sites, *item.areas)
    if not named or not place:
        return True
    if place not in held.sites and any(not held.sites.get(site) for site in sites):
        return True
    lost = (held.sites if place in held.sites else held.points).get(place) == frozenset()
    if lost and item.areas:
        return True
    return any(_lies(one, place, held) or _lies(place, one, held) for one in named)


def _lies(one: str, place: str, held: Places) -> bool:
    """Whether the one is in the place; an area of which nothing is held has the codes that begin with its own."""
    codes = held.of(one)
    known = place in held.areas or place in held.sites or place in held.points
    return place in codes or (not known and any(code.startswith(place) for code in codes))


@lru_cache(maxsize=2)
def places(release: Release) -> Places:
    """Every area, site and point of a release."""
    tables = release.resources
    codes: dict[str, dict[str, set[str]]] = {"sites": {}, "points": {}}
    with release.cursor() as cursor:
        areas = cursor.execute("SELECT pcode, parent FROM areas").fetchall() if "areas" in tables else []
        for kind, table, key, code in PLACED:
            if table in tables:
                for name, pcode in cursor.execute(f"SELECT {key}, {code} FROM {table}").fetchall():  # noqa: S608 - constants
                    codes[kind].setdefault(name, set()).update([pcode] if pcode else [])
    parents: dict[str, set[str]] = {}
    for pcode, parent in areas:
        parents.setdefault(pcode, set()).update([parent] if parent else [])
    above = {pcode: frozenset(closure(pcode, parents)) for pcode in parents}
    shared: dict[frozenset[str], frozenset[str]] = {}  # of a million sites many lie in one commune

    def within(lies: set[str]) -> frozenset[str]:
        key = frozenset(lies)
        if key not in shared:
            shared[key] = frozenset().union(*(above.get(code) or {code} for code in key))
        return shared[key]

    sites, points = (
        {name: within(lies) for name, lies in codes[kind].items()} for kind in ("sites", "points")
    )
    return Places(areas=above, sites=sites, points=points)

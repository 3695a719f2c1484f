"""What an entry of the ledger does to derived figures, and of which places and indicators it speaks.

How entries are written, checked and published stands in `data.ledger_file`, `ledger_checks`, `ledger_edit`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from data.closure import closure
from data.codes import ClaimStatus, EventKind, ObsStatus
from data.model import Caveat, Event

if TYPE_CHECKING:  # series and queries may ask for a consequence: they must be able to import this module
    from data.store import Release

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


def concerns(item: Event | Caveat, place: str, lying: Mapping[str, Collection[str]]) -> bool:
    """Whether an entry speaks of a figure of a place.

    Parameters
    ----------
    item : Event or Caveat
        What names no site and no area speaks of every place below its operation.
    place : str
        Code of an area, a site or a point; "" is the whole, of which everything speaks.
    lying : mapping
        As `lies_in` gives it. A site of which no area is known may lie anywhere: an event on it is kept in every place
        rather than lost.

    Returns
    -------
    bool
        True where a named site or area is the place, lies in it or holds it.
    """
    sites = item.sites if isinstance(item, Event) else ()
    named = (*sites, *item.areas)
    if not named or not place or any(len(lying.get(site, ())) <= 1 for site in sites):
        return True
    return any(_lies(one, place, lying) or _lies(place, one, lying) for one in named)


def _lies(one: str, place: str, lying: Mapping[str, Collection[str]]) -> bool:
    """Whether the one is in the place; an area of which nothing is held has the codes that begin with its own."""
    codes = lying.get(one, (one,))
    return place in codes or (place not in lying and any(code.startswith(place) for code in codes))


@lru_cache(maxsize=8)
def lies_in(release: Release) -> dict[str, frozenset[str]]:
    """What each site and each area lies or lay in, of every level and version of boundaries, and itself."""
    tables = release.resources
    with release.cursor() as cursor:
        sites = cursor.execute("SELECT key, commune_pcode FROM sites").fetchall()
        if "site_identities" in tables:
            sites += cursor.execute("SELECT site, pcode FROM site_identities").fetchall()
        areas = cursor.execute("SELECT pcode, parent FROM areas").fetchall() if "areas" in tables else []
    parents: dict[str, set[str]] = {}
    for code, parent in areas:
        parents.setdefault(code, set()).update([parent] if parent else [])
    found: dict[str, set[str]] = {code: closure(code, parents) for code in parents}
    for site, code in sites:
        found.setdefault(site, {site}).update(closure(code, parents) if code else ())
    return {key: frozenset(codes) for key, codes in found.items()}

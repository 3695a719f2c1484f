"""What an entry of the ledger does to derived figures, and of which places and indicators it speaks.

How entries are written, checked and published stands in `data.ledger_file`, `ledger_checks`, `ledger_edit`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from data.codes import ClaimStatus, EventKind, ObsStatus
from data.model import Event

if TYPE_CHECKING:  # series and queries may ask for a consequence: they must be able to import this module
    from data.queries import Catalogue
    from data.store import Release

WITHDRAWN = frozenset({EventKind.CORRECTION, EventKind.WITHDRAWAL})

CODES_OF_SITES = """
SELECT key AS site, commune_pcode AS pcode FROM sites WHERE operation = $operation AND commune_pcode <> ''
"""
EARLIER_CODES = """
SELECT i.site, i.pcode FROM site_identities AS i JOIN sites AS s ON s.key = i.site
WHERE s.operation = $operation AND i.pcode <> ''
"""


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


def touching(
    held: Catalogue,
    operation: str,
    *,
    indicator: str = "",
    site: str = "",
    area: str = "",
    areas: Mapping[str, Collection[str]] | None = None,
) -> tuple[Event, ...]:
    """The events of an operation that touch a figure, by date.

    Parameters
    ----------
    held : Catalogue
        What a release holds.
    operation : str
        Its key; an event of another operation is never among them.
    indicator : str
        Only events that touch it; "" takes those of all indicators.
    site : str
        The figure of one site: events on that site, and those on no site, which touch all below them.
    area : str
        The figure of one area by P-code: events on no site, and those on a site within it. "" without a site is
        the total, which every event touches.
    areas : mapping
        P-codes in which a site lies or lay, as `site_areas` gives them. A site of which none is known may lie
        anywhere: an event on it is kept in every area rather than lost.

    Returns
    -------
    tuple of Event
    """
    known = areas or {}
    return tuple(
        event
        for event in held.events_of(operation, indicator or None)
        if _at_place(event, site=site, area=area, areas=known)
    )


def site_areas(release: Release, operation: str) -> dict[str, tuple[str, ...]]:
    """The P-codes of each site of an operation, in the boundaries of every round; a site without one is left out."""
    asked = [CODES_OF_SITES, *([EARLIER_CODES] if "site_identities" in release.resources else [])]
    found: dict[str, set[str]] = {}
    with release.cursor() as cursor:
        for sql in asked:
            for site, pcode in cursor.execute(sql, {"operation": operation}).fetchall():
                found.setdefault(str(site), set()).add(str(pcode))
    return {site: tuple(sorted(codes)) for site, codes in sorted(found.items())}


def _at_place(event: Event, *, site: str, area: str, areas: Mapping[str, Collection[str]]) -> bool:
    if not event.sites:
        return True
    if site:
        return site in event.sites
    return not area or any(_within(area, areas.get(key, ())) for key in event.sites)


def _within(area: str, codes: Collection[str]) -> bool:
    """Whether a site of these P-codes lies in the area: a code begins with the codes of the areas above it."""
    return not codes or any(code.startswith(area) for code in codes)

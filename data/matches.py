"""Which entries of a site register are one site: what is unsure, and what a person decided.

A machine matches names and codes from round to round; whether two entries are one site a person says, with the reason.
Until then the sites are a part of their own in every split of a change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data import queries
from data.errors import Unknown
from data.ledger_edit import published
from data.store import Release, Store
from data.training.tables import LinkKind, Match

DOUBTS = """
SELECT l.site, l.other, a.name, b.name AS other_name, a.operation, CAST(NULL AS BIGINT) AS since
FROM site_links AS l JOIN sites AS a ON a.key = l.site JOIN sites AS b ON b.key = l.other
WHERE l.match = $unsure AND ($operation = '' OR a.operation = $operation)
UNION ALL
SELECT i.site, '' AS other, s.name, i.name AS other_name, s.operation, i.first_round AS since
FROM site_identities AS i JOIN sites AS s ON s.key = i.site
WHERE i.match = $unsure AND ($operation = '' OR s.operation = $operation)
ORDER BY operation, site, other
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Two entries that may be one site, or one entry that may have become another site when it was renamed.

    `other` is "" for a new name; then `since` is the first round under it.
    """

    operation: str
    site: str
    other: str
    name: str
    other_name: str
    since: int | None


class NotDecided(ValueError):
    """A decision that the register cannot hold; the message says what to do."""


def doubts(release: Release, operation: str = "") -> tuple[Doubt, ...]:
    """What is unsure in the registers of a release, of one operation or of all.

    Raises
    ------
    Unknown
        If there is no such operation.
    """
    if operation:
        queries.catalogue(release).operation(operation)
    with release.cursor() as cursor:
        rows = cursor.execute(DOUBTS, {"unsure": Match.UNSURE.value, "operation": operation}).fetchall()
    return tuple(
        Doubt(site=site, other=other, name=name, other_name=called, operation=of, since=since)
        for site, other, name, called, of, since in rows
    )


def decide(
    store: Store,
    site: str,
    other: str,
    *,
    same: bool,
    reason: str,
    author: str = "siteline",
    progress: Callable[[str], None] | None = None,
) -> Release:
    """Publish what a person decided of two entries (or, with `other` "", of an entry and its new name).

    Two entries that are one site are one from then on in every split; two that are not are no longer linked.
    Earlier releases keep the doubt.

    Raises
    ------
    Unknown
        If nothing is unsure between them, naming what is.
    NotDecided
        If a new name is said to be another site: the register has one key for both.
    """
    release = store.current()
    held = {(doubt.site, doubt.other) for doubt in doubts(release)}
    pair = (site, other) if (site, other) in held else (other, site)
    if pair not in held:
        raise Unknown(
            "unsure match", f"{site} {other}".strip(), [(f"{a} {b}".strip(), b) for a, b in sorted(held)]
        )
    if not pair[1]:
        if not same:
            raise NotDecided(
                f"'{site}' has one key under both names, so it cannot become two sites here. Give the later entry a "
                "key of its own in the register of its operation. Nothing was changed."
            )
        frame = release.frame("site_identities")
        doubtful = (frame["site"] == site) & (frame["match"] == Match.UNSURE)
        frame["match"] = frame["match"].mask(doubtful, Match.CONFIRMED.value)
        return published(store, release, {"site_identities": frame}, reason, author, progress)
    frame = release.frame("site_links")
    of_pair = (frame["site"] == pair[0]) & (frame["other"] == pair[1]) & (frame["kind"] == LinkKind.SAME_AS)
    if same:
        frame["match"] = frame["match"].mask(of_pair, Match.CONFIRMED.value)
    else:
        frame = frame[~of_pair].reset_index(drop=True)
    return published(store, release, {"site_links": frame}, reason, author, progress)

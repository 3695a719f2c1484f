"""That counts of single sites are held in the newest version alone, where figures as known on a day are of another."""

from __future__ import annotations

from data.site_versions import newest_alone
from pages.map_record import MapPage
from words.format import day


def newest_only(page: MapPage) -> list[str]:
    """The sentence for the page, the picture and the file; [] where sites are shown as they were known then."""
    now, known = page.now, page.known
    lead = page.context.held.lead[page.operation.key]
    if known is None or now is None or now.round is None or not lead or not len(page.at.columns):
        return []
    if not newest_alone(page.context.release, page.operation.key, lead, now.round.number, known):
        return []
    w = page.context.words
    return [w("known.map_newest_sites", when=day(known, w.language))]

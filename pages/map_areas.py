"""Which areas a table of the map has: all, or those that belong to the area that a reader keeps."""

from __future__ import annotations

from dataclasses import replace

from data.area_tree import tree_at
from data.model import Snapshot
from pages.map_record import MapPage
from words.format import number


def kept_areas(page: MapPage, snapshot: Snapshot) -> tuple[Snapshot, list[str]]:
    """The areas that belong to the area of the filter, and how many of how many they are; without it all.

    They are those of the level that lie in it, itself, or the one that it lies in.
    """
    within = page.settings.within
    if not within:
        return snapshot, []
    tree = tree_at(page.context.release, page.operation.key, page.on)
    kept = snapshot.table[snapshot.table["pcode"].isin(tree.of_level(within, page.settings.level))]
    held, w = tree.areas.get(within) or tree.former.get(within), page.context.words
    said = w(
        "areas.within", area=within if held is None else w("areas.named", name=held.name, code=within),
        kept=number(len(kept), w.language), areas=number(len(snapshot.table), w.language),
    )  # fmt: skip
    return replace(snapshot, table=kept), [said]

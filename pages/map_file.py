"""The table of the map as a file: every row that the filters keep, in the order of the table, with its notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from data.model import Snapshot
from exports.codes import AREA, OTHERS, PLACE, coded
from exports.map_csv import map_text
from layers import areas
from layers.area_rows import area_table
from layers.places import heads
from pages import map_compare, map_groups, map_layers, map_services
from pages.map import sentence, view_of
from pages.map_areas import kept_areas
from pages.map_record import MapPage
from pages.map_rows import frame_of, heads_of
from pages.map_title import title

AT_ONCE = 5_000  # sites that are made into rows at a time


def map_file(page: MapPage) -> str:
    """The text of the file: sites, places of other layers that are on, areas, services by area, and what differs."""
    grouped, page = map_groups.said(page), map_groups.ungrouped(page)
    w, view = page.context.words, view_of(page)
    held = page.snapshots.get(areas.HOLDS)
    within = [] if held is None else kept_areas(page, held)[1]
    other = map_compare.second(page)
    compared = [] if other is None else map_compare.about(page, other)
    said = [sentence(page, view), *within, *grouped, *compared, w("file.codes")]
    return map_text(title(page), said, view.notes(), view.provenance, _parts(page, other), w, page.known)


def _parts(page: MapPage, other: MapPage | None) -> Iterator[pd.DataFrame]:
    """The sites by thousands, other places, the areas, services and what differs from another date; under heads."""
    w = page.context.words
    every = int(page.kept.sum())
    index = page.ordered(page.kept, page.settings.sort, 1, max(1, every))  # once: ordering reads all of them
    for first in range(0, every, AT_ONCE):
        yield frame_of(page, index[first : first + AT_ONCE])
    view = view_of(page)
    others = {layer.holds for layer in map_layers.offered(page) if layer.key in page.switched_on}
    rest = {k: s for k, s in view.snapshots.items() if k != "sites" and k in others | {"undrawn"}}
    held_areas = rest.pop(areas.HOLDS, None)
    if rest:
        yield pd.concat([view.table_of(rest), _codes(rest)], axis=1)
    elif not every and held_areas is None:
        yield pd.DataFrame(columns=heads_of(page) if len(page.at.columns) else [*heads(w), *PLACE])
    if held_areas is not None:
        kept = kept_areas(page, held_areas)[0]
        yield pd.concat([area_table(kept, page.settings.measure, w), coded(kept.table, AREA)], axis=1)
    if len(page.at.columns):
        yield from map_services.frames(page)
        if other is not None:
            yield from map_compare.differing(page, other, AT_ONCE)


def _codes(snapshots: Mapping[str, Snapshot]) -> pd.DataFrame:
    """Codes and plain numbers of the places of several layers, one below the other."""
    made = [coded(s.table, OTHERS.get(name, PLACE)) for name, s in snapshots.items()]
    return pd.concat(made, ignore_index=True)

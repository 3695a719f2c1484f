"""The table of the map as a file: every row that the filters keep, in the order of the table, with its notes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from exports.map_csv import map_text
from layers.places import heads, place, records
from pages import map_layers
from pages.map import sentence, view_of
from pages.map_record import MapPage
from pages.map_title import title
from words.notes import notes_of

AT_ONCE = 5_000  # sites that are made into rows at a time


def map_file(page: MapPage) -> str:
    """The text of the file; places of other layers that are on follow the sites."""
    w, view = page.context.words, view_of(page)
    notes = [*notes_of(view.provenance, w, known=page.known), *view.layer_notes()]
    return map_text(title(page), [sentence(page, view)], notes, view.provenance, _parts(page), w)


def _parts(page: MapPage) -> Iterator[pd.DataFrame]:
    """The sites by thousands, then the places of the layers that are on."""
    w = page.context.words
    columns = heads(w)
    every = int(page.kept.sum())
    for nth in range(-(-every // AT_ONCE)):
        index = page.ordered(page.kept, page.settings.sort, nth + 1, AT_ONCE)
        rows = [place("sites", row, w).cells(w) for row in records(page.rows(index).table)]
        yield pd.DataFrame(rows, columns=columns)
    view = view_of(page)
    others = {layer.holds for layer in map_layers.offered(page) if layer.key in page.switched_on}
    rest = {k: s for k, s in view.snapshots.items() if k != "sites" and k in others}
    if rest:
        yield view.table_of(rest)
    elif not every:
        yield pd.DataFrame(columns=columns)

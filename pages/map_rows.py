"""The rows of the map's table of sites, in words: the same on the page and in the file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data import map_facts, site_columns, site_filter
from data.catalogue import records_of
from data.dates import DateSpan
from data.model import Snapshot
from data.site_slots import NOTHING, Numbers
from exports.codes import PLACE, coded
from layers.places import heads, place
from pages.map_choices import service_word, setting_word
from pages.map_record import MapPage, Rows
from pages.map_words import STATUSES, worded
from words import Words
from words.format import span

# The cells of `layers.places.Place.cells`, in order.
_PLACE = ("name", "kind", "area", "state", "last", "people", "location", "accuracy", "note")
_AFTER = "people"  # after it stand the services and since when it is listed


def services_shown(page: MapPage) -> tuple[str, ...]:
    """The services that the view is about: that of the colour, and those that sites lack."""
    settings = page.settings
    names = settings.lacks.split(",")
    if settings.colour == "gap" and len(page.at):
        names.insert(0, page.classes.about)
    held = map_facts.services(page.context.release, page.operation.key)
    return tuple(name for name in dict.fromkeys(names) if name in held)


def columns_of(page: MapPage) -> dict[str, str]:
    """The heads of the table by the name of the column, in order."""
    w, said = page.context.words, dict[str, str]()
    asked = site_filter.services_asked(page.context.release, page.at)
    for name, head in zip(_PLACE, heads(w), strict=True):
        said[name] = head
        if name == _AFTER:
            for service in services_shown(page):
                word = service_word(service, w)
                key = f"service_{service}"
                said[key] = (
                    w("maptable.col_service", service=word, round=asked[service])
                    if service in asked
                    else word
                )
            said["since"] = w("maptable.col_since")
    return said


def cells_of(page: MapPage, snapshot: Snapshot, index: Rows) -> list[dict[str, str]]:
    """The cells of chosen sites by the name of the column; `snapshot` is the table of them, in that order."""
    w, at, release = page.context.words, page.at, page.context.release
    kinds = at.columns.setting_at(at.round).texts(index)
    listed = site_columns.first_listed(release, at)
    since = _since(listed.tellings, listed.said[index], w)
    found = {name: site_filter.statuses(release, at, name)[index] for name in services_shown(page)}
    rows = []
    for nth, row in enumerate(records_of(snapshot.table)):
        cells = dict(zip(_PLACE, place("sites", row, w).cells(w).values(), strict=True))
        cells["kind"] = setting_word(str(kinds[nth]), w) if kinds[nth] else cells["kind"]
        cells["since"] = since[nth]
        cells |= {f"service_{name}": _status(int(said[nth]), w) for name, said in found.items()}
        rows.append(cells)
    return rows


def frame_of(page: MapPage, index: Rows) -> pd.DataFrame:
    """Chosen sites for a file: their words under translated heads, then their codes and plain numbers."""
    columns, held = columns_of(page), page.rows(index)
    words = pd.DataFrame(
        [[cells[name] for name in columns] for cells in cells_of(page, held, index)],
        columns=list(columns.values()),
    )
    return pd.concat([words, coded(held.table, PLACE)], axis=1)


def heads_of(page: MapPage) -> list[str]:
    """The heads of the file, in order."""
    return [*columns_of(page).values(), *PLACE]


def _since(tellings: pd.DataFrame, said: Numbers, w: Words) -> list[str]:
    """Since when each site is on the list, in words; each telling is worded once."""
    worded_ = {}
    for nth in np.unique(said).tolist():
        one = tellings.iloc[nth]
        when = span(DateSpan.parse(str(one["when"])), w) if one["when"] else w("map.not_found")
        numbered = nth != NOTHING and not pd.isna(one["round"])
        worded_[nth] = w("maptable.since", round=int(one["round"]), when=when) if numbered else when
    return [worded_[int(nth)] for nth in said]


def _status(status: int, w: Words) -> str:
    if status == site_filter.NEVER_ASKED:
        return w("mapservices.not_asked")
    return worded(STATUSES, site_filter.SERVICES[status], w)

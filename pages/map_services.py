"""Where a chosen service is lacking for most people: a table by area below the map, and a block of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from data import service_areas, site_columns, site_filter
from data.area_tree import tree_at
from data.catalogue import records_of
from data.codes import Precision
from data.service_areas import ServiceAreas
from pages.map_choices import service_word
from pages.map_record import MapPage
from pages.map_rows import services_shown
from pages.map_words import LEVELS, worded
from pages.parts import link, table
from words.format import number, percent, quantified
from words.notes import notes_of

LISTED = 40  # areas on the page; all are in the file
_SITES = ("lacking", "asked", "not_asked", "uncounted", "asked_uncounted")
_COLUMNS = ("area", "people_lacking", "people_asked", "share", *_SITES)
# People at sites of a kind: none is known where all of them are without a count, and about where one count is.
_AMOUNTS = (
    ("people_lacking", "lacking", "uncounted", "about_lacking"),
    ("people_asked", "asked", "asked_uncounted", "about_asked"),
)


def by_area(page: MapPage) -> Iterator[ServiceAreas]:
    """Each service that the view is about, by area: of the sites that all other filters keep."""
    release, settings, key = page.context.release, page.settings, page.operation.key
    names = services_shown(page)
    if not names:
        return
    kept = site_filter.kept(page.at, replace(settings, lacks=""), release)
    tree = tree_at(release, key, page.on)
    level = service_areas.level_within(tree, settings.level, settings.within)
    provenance = page.rows(np.array([], dtype=np.int64)).provenance
    for name in names:
        yield service_areas.by_area(release, page.at, name, level, kept, provenance)


def section(page: MapPage) -> list[Component]:
    """The table of each service, with what must be read with it; [] where the view is about none."""
    return [part for made in by_area(page) for part in _one(page, made)]


def frames(page: MapPage) -> Iterator[pd.DataFrame]:
    """The same tables whole, for the file; the first head names the service and its round."""
    for made in by_area(page):
        if made.round is not None:
            columns = _heads(page)
            columns[0] = f"{_title(page, made)} – {columns[0]}"
            yield pd.DataFrame(list(_rows(page, made)), columns=columns)


def _one(page: MapPage, made: ServiceAreas) -> list[Component]:
    w = page.context.words
    title = html.H3(_title(page, made), className="h3")
    if made.round is None:
        return [title, html.P(w("mapservices.never"), className="quote")]
    rows = list(_rows(page, made))
    linked = []
    for nth, cells in enumerate(rows[: LISTED + 1]):  # the first row is the whole
        code = str(made.table["pcode"].iloc[nth - 1]) if nth else ""
        href = page.context.view.at(map=replace(page.settings, within=code, page=0), place="")
        first = link(cells[0], id=f"lacking-{made.service}-{code}", href=href) if code else cells[0]
        linked.append([first, *cells[1:]])
    said: list[Component] = [
        title,
        html.P(_lead(page, made), className="small"),
        table(_heads(page), linked, class_name="tw"),
    ]
    if len(rows) > len(linked):
        more = number(len(rows) - len(linked), w.language)
        said.append(html.P(w("maptable.more", more=more), className="small"))
    caveats = [
        n.word for n in notes_of(made.provenance, w, known=page.known) if n.mark == "†" and not n.later
    ]
    said.append(
        html.P(["† ", w("mapservices.caveats", list=w("note.separator").join(caveats))], className="src")
    )
    return [html.Section(said, id=f"lacking-{made.service}")]


def _title(page: MapPage, made: ServiceAreas) -> str:
    w = page.context.words
    return w("mapservices.title", service=service_word(made.service, w), level=worded(LEVELS, made.level, w))


def _lead(page: MapPage, made: ServiceAreas) -> str:
    """Which round asked, and whose counts are added up."""
    w = page.context.words
    counted = page.at.round
    if counted is None or counted == made.round:
        return w("mapservices.lead", round=made.round)
    return w("mapservices.lead_older", round=made.round, counted=counted)


def _heads(page: MapPage) -> list[str]:
    w = page.context.words
    unit = site_columns.unit_drawn(page.at)
    counted = w(f"unit.{unit}") if unit else w("unit.individuals")
    return [
        w(f"mapservices.col_{name}", unit=counted)
        if name.startswith("people")
        else w(f"mapservices.col_{name}")
        for name in _COLUMNS
    ]


def _rows(page: MapPage, made: ServiceAreas) -> Iterator[list[str]]:
    """The whole first, then each area, most people first."""
    w = page.context.words
    yield _cells(page, w("mapservices.whole"), {name: made.whole[name] for name in service_areas.SUMS})
    for row in records_of(made.table):
        name = (
            w("areas.named", name=row["name"], code=row["pcode"])
            if row["pcode"]
            else w("mapservices.no_area")
        )
        yield _cells(page, name, row)


def _cells(page: MapPage, name: str, row: Mapping[str, Any]) -> list[str]:
    w = page.context.words
    missing = w("map.not_found")
    amounts = [
        missing
        if row[sites] == row[silent] > 0
        else quantified(float(row[people]), Precision.ABOUT if row[about] else Precision.EXACT, w)
        for people, sites, silent, about in _AMOUNTS
    ]
    share = missing
    if row["people_asked"] > 0 and amounts[0] != missing:
        share = percent(100 * row["people_lacking"] / row["people_asked"], w.language)
    return [name, *amounts, share, *(number(int(row[one]), w.language) for one in _SITES)]

"""The panel of an area, a border post, an incident or a pair: its figures, what belongs to them, its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from data import map_facts
from data.area_figures import areas_at
from data.area_marks import measure_of
from data.area_tree import tree_at
from data.border_posts import profile
from data.catalogue import records_of
from data.map_settings import LEVELS
from data.model import Snapshot
from layers.area_rows import cells, heads
from layers.place_kinds import border_lines, place_of
from pages.map_record import MapPage
from pages.map_words import AREAS, DIRECTIONS, MEASURES, SEXES, worded
from pages.parts import link, mark, table
from words.format import number, span
from words.notes import source_line

TOP = 10  # sites of an area that are named
MONTHS = 24  # of a border post that are written out
Row = Mapping[str, Any]


def more_profile(page: MapPage, key: str) -> list[Component] | None:
    """The panel of a place that is no site and no flow point; None where the key is none of these."""
    for name, snapshot in page.more.items():
        if name in {"areas", "undrawn"} or key not in set(snapshot.table.get("key", ())):
            continue
        row = snapshot.table.set_index("key", drop=False).loc[key].to_dict()
        return _PROFILES[name](page, row) if name in _PROFILES else place_profile(page, name, row)
    area = tree_at(page.context.release, page.operation.key, page.on).areas.get(key)
    if area is not None:
        return area_profile(page, key, area.level)
    held = page.more.get("areas")
    if held is not None and key in set(held.table["key"]):
        return area_profile(page, key, page.settings.level)
    return None


def area_profile(page: MapPage, pcode: str, level: str) -> list[Component]:
    """An area: its figures with why one is lacking, the rate with both years, and its sites with most people."""
    w, release, operation = page.context.words, page.context.release, page.operation.key
    if level not in LEVELS:
        return _unknown(page, pcode)
    measures = dict.fromkeys(["people", "rate", "coverage", page.settings.measure or "people"])
    said: list[Component] = []
    name = pcode
    for measure in measures:
        since = None
        snapshot = areas_at(release, operation, page.on, level, measure, since, page.known)
        held = page.more.get("areas")
        if (
            page.settings.level == level
            and held is not None
            and measure_of(held.table, page.settings) == measure
        ):
            snapshot = held  # with the date that a change is from
        found = snapshot.table[snapshot.table["key"] == pcode]
        if found.empty:
            return _undrawn(page, pcode, level)
        row = {str(c): v for c, v in found.iloc[0].to_dict().items()}
        name = str(row["name"] or pcode)
        said += _area_figures(page, row, snapshot, measure)
    return [
        _back(page),
        html.P(worded(AREAS, level, w), className="kick"),
        html.H2(name, className="ttl small-ttl"),
        html.P(pcode, className="small"),
        *said,
        *_sites_in(page, pcode),
        _onward(page, pcode),
    ]


def _area_figures(page: MapPage, row: Row, snapshot: Snapshot, measure: str) -> list[Component]:
    """What is said of an area by one measure."""
    w = page.context.words
    named, said = heads(w), cells(row, snapshot, measure, w)
    wanted = (
        ("figure", "sites", "state", "years", "why") if measure == "people" else ("measure", "years", "why")
    )
    rows: list[Component] = []
    for name in wanted:
        if said[name]:
            marks: list[Component | str] = [mark(str(row["state"]))] if name == "state" else []
            rows += [html.Dt(named[name]), html.Dd([*marks, said[name]])]
    if not rows:
        return []
    title = html.H3(worded(MEASURES, measure, w), className="h3")
    return [title, html.Dl(rows, className="def")]


def _sites_in(page: MapPage, pcode: str) -> list[Component]:
    """How many sites an area has, and those with most people."""
    w = page.context.words
    if not len(page.at.columns):
        return []
    inside = page.within(pcode)
    count = int(inside.sum())
    index = page.ordered(inside, "people", 1, TOP)
    rows = page.rows(index).table.to_dict("records") if len(index) else []
    items = [
        html.Li(
            [
                mark(r["state"]),
                link(r["name"], id=f"in-{r['key']}", href=page.context.view.at(place=r["key"])),
                " ",
                html.Span(place_of("sites", r, w).amount or w(f"state.{r['state']}"), className="small num"),
            ]
        )
        for r in rows
    ]
    only = replace(page.settings, within=pcode, text="", page=0)  # all that the panel counts
    return [
        html.H3(w("mapprofiles.sites_in", sites=number(count, w.language)), className="h3"),
        *([html.Ol(items, className="places top")] if items else []),
        html.P(link(w("mapprofiles.only_these"), id="area-only", href=page.context.view.at(map=only), className="btn"),
               className="acts"),
    ]  # fmt: skip


def post_profile(page: MapPage, row: Row) -> list[Component]:
    """A border post: the month, every month before it, and who crossed where that was published."""
    w = page.context.words
    held = profile(page.context.release, page.operation.key, str(row["key"]), page.on, page.known)
    months = held.months.tail(MONTHS).iloc[::-1]
    columns = ("month", "entries", "exits", "days_counted")
    body = [[_cell(page, r, name) for name in columns] for r in months.to_dict("records")]
    said: list[Component] = [html.P(text) for text in border_lines(row, w)]
    if body:
        columns_said = [w(f"mapprofiles.col_{name}") for name in columns]
        said.append(
            html.Details(
                [
                    html.Summary(w("mapprofiles.by_month", months=len(body))),
                    table(columns_said, body, class_name="tw small-tw"),
                ],
                className="twin",
            )
        )
    if len(held.groups):
        groups = [
            [
                w("mapprofiles.group", direction=worded(DIRECTIONS, r["direction"], w),
                  sex=worded(SEXES, r["sex"] or "", w), age=r["age"] or w("mapprofiles.all_ages")),
                _number(page, r["value"]),
            ]
            for r in held.groups.to_dict("records")
        ]  # fmt: skip
        said += [
            html.H3(w("mapprofiles.groups", when=span(held.month, w)), className="h3"),
            table(
                [w("mapprofiles.col_group"), w("mapprofiles.col_crossings")], groups, class_name="tw small-tw"
            ),
        ]
    return _panel(page, "border_posts", row, said)


def place_profile(page: MapPage, held: str, row: Row) -> list[Component]:
    """Any other place: the cells of its table row, whole."""
    w = page.context.words
    facts: list[Component] = []
    for name, text in place_of(held, row, w).cells(w).items():
        if text and name != w("map.col_name"):
            facts += [html.Dt(name), html.Dd(text)]
    return _panel(page, held, row, [html.Dl(facts, className="def")])


def _panel(page: MapPage, held: str, row: Row, said: list[Component]) -> list[Component]:
    """A panel with its kind, name, what is said and the source."""
    w, place = page.context.words, place_of(held, row, page.context.words)
    source = page.context.held.sources.get(str(row.get("source", "")))
    cited = (
        []
        if source is None
        else [html.P(w("mappage.source", source=source_line(source, w)), className="src")]
    )
    return [
        _back(page),
        html.P(place.kind, className="kick"),
        html.H2(place.name, className="ttl small-ttl"),
        *said,
        *cited,
    ]


def _undrawn(page: MapPage, pcode: str, level: str) -> list[Component]:
    """An area of which no outline is held: its last figure, if it has one of its own, and its sites."""
    w, held = page.context.words, page.more.get("undrawn")
    area = tree_at(page.context.release, page.operation.key, page.on).areas.get(pcode)
    if area is None:
        return _unknown(page, pcode)
    said: list[Component] = []
    for row in [] if held is None else records_of(held.table[held.table["key"] == pcode]):
        place, source = place_of("undrawn", row, w), page.context.held.sources.get(row["source"])
        cells = {"state": place.state, "when": place.when, "amount": place.amount, "note": place.note}
        facts = [part for name, text in cells.items() if text
                 for part in (html.Dt(w(f"map.col_{name}")), html.Dd(text))]  # fmt: skip
        said.append(html.Dl(facts, className="def"))
        if source is not None:
            said.append(html.P(w("mappage.source", source=source_line(source, w)), className="src"))
    return [
        _back(page),
        html.P(worded(AREAS, level, w), className="kick"),
        html.H2(area.name, className="ttl small-ttl"),
        html.P(pcode, className="small"),
        html.P(w("undrawn.no_outline")),
        *(said or [html.P(w("undrawn.no_figure"))]),
        *_sites_in(page, pcode),
        _onward(page, pcode),
    ]


def _unknown(page: MapPage, pcode: str) -> list[Component]:
    w = page.context.words
    return [_back(page), html.P(w("mapprofiles.no_area", pcode=pcode), className="quote")]


def _back(page: MapPage) -> Component:
    w = page.context.words
    return link(
        w("mappage.all_places"), id="all-places", href=page.context.view.at(place=""), className="back"
    )


def _onward(page: MapPage, pcode: str) -> Component:
    """To the change of the area, where the operation published it by area; else to its trends."""
    w, view = page.context.words, page.context.view
    if pcode in map_facts.counted_areas(page.context.release, page.operation.key):
        to = link(
            w("mapprofiles.to_change"),
            id="area-change",
            href=view.at("/change", area=pcode, layers=None),
            className="btn",
        )
    else:
        to = link(
            w("mappage.to_trend"), id="area-trends", href=view.at("/trends", layers=None), className="btn"
        )
    return html.P([to], className="acts")  # fmt: skip


def _cell(page: MapPage, row: Mapping[Any, Any], name: str) -> str:
    if name == "month":
        return str(row["month"])
    return _number(page, row.get(name))


def _number(page: MapPage, cell: object) -> str:
    if cell is None or (not isinstance(cell, str) and pd.isna(np.asarray(cell, dtype=float))):
        return page.context.words("map.not_found")
    return number(float(str(cell)), page.context.words.language)


_PROFILES: Mapping[str, Callable[[MapPage, Row], list[Component]]] = {"border_posts": post_profile}

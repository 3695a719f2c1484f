"""The map as a table: the same rows, paged and sorted, each a link to its place; and what is not on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from dash import html
from dash.development.base_component import Component

from data import site_findings
from data.model import Snapshot
from layers import areas
from layers.area_rows import area_table
from layers.place_kinds import place_of
from layers.places import Place, heads, place, records
from layers.site_words import finding_words
from pages.map_find import spot
from pages.map_place import state_words, told
from pages.map_record import MapPage, Rows
from pages.parts import aria, link, mark, table
from words import Words
from words.format import number

SIZE = 50  # rows of a page of the table
LISTED = 200  # so many places without a location are listed; all are in the file
# The columns of `layers.places.heads` by which rows can be ordered, and which way.
SORTED = {"name": (0, "ascending"), "area": (2, "ascending"), "state": (3, "ascending"), "last": (4, "descending"),
          "people": (5, "descending")}  # fmt: skip


def pages_of(page: MapPage) -> int:
    """How many pages the table of sites has."""
    return max(1, -(-int(page.kept.sum()) // SIZE))


def page_shown(page: MapPage) -> int:
    """The page of the table: the chosen one, else that with the chosen place, else the first."""
    if page.settings.page:
        return min(page.settings.page, pages_of(page))
    row = page.at.columns.row_of(page.chosen) if page.chosen else None
    if row is None or not page.kept[row]:
        return 1
    every = page.ordered(page.kept, page.settings.sort, 1, max(1, int(page.kept.sum())))
    return int(np.flatnonzero(every == row)[0]) // SIZE + 1


def twin(page: MapPage) -> list[Component]:
    """The rows that the filters keep, and the places of the other layers."""
    w = page.context.words
    said: list[Component] = []
    if len(page.at.columns):
        said += _sites(page)
    for name, snapshot in page.snapshots.items():
        if name != "sites" and "key" in snapshot.table:
            said += _others(page, name, snapshot)
    others = sum(len(s.table) for name, s in page.snapshots.items() if name != "sites")
    count = int(page.kept.sum()) + others
    shown = not page.context.view.narrow or bool(
        page.settings.page
    )  # a phone shows what stands below it first
    summary = html.Summary(
        [w("mappage.table"), " ", html.Span(w("mappage.table_rows", rows=number(count, w.language)))]
    )
    return [html.Details([summary, *said], className="twin", id="map-table", open=shown)]


def _sites(page: MapPage) -> list[Component]:
    """One page of the table of sites."""
    w, here = page.context.words, page_shown(page)
    index = page.ordered(page.kept, page.settings.sort, here, SIZE)
    snapshot = page.rows(index)
    places = [place("sites", row, w) for row in records(snapshot.table)]
    drawable = page.drawable[index]
    rows = [_row(page, snapshot, i, said, bool(drawable[i])) for i, said in enumerate(places)]
    first = (here - 1) * SIZE + 1
    count = w(
        "maptable.rows",
        first=number(first if len(index) else 0, w.language),
        last=number(first + len(index) - 1 if len(index) else 0, w.language),
        rows=number(int(page.kept.sum()), w.language),
        sites=number(len(page.at.columns), w.language),
    )
    return [
        html.Div(
            [html.P(count, className="small"), _turn(page, here)], className="row between table-top"
        ),
        html.Div(
            html.Table(
                [_head(page), html.Tbody(rows)],
                className="tw sorted",
            ),
            className="scroll",
        ),
        html.P(
            html.A(w("maptable.csv"), href=csv_address(page), className="btn", id="map-csv", download=""),
            className="acts",
        ),
    ]  # fmt: skip


def csv_address(page: MapPage) -> str:
    """Where the whole table is given as a file, with its notes."""
    view = page.context.view
    selection = replace(
        view.selection, language=page.context.language, release=page.context.release.digest, ignored=()
    )
    return selection.at("/files/map.csv")


def _head(page: MapPage) -> Component:
    """The heads; those by which the rows can be ordered are links that say how they are."""
    w, language_heads = page.context.words, heads(page.context.words)
    by_place = {nth: (sort, way) for sort, (nth, way) in SORTED.items()}
    cells = []
    for nth, text in enumerate(language_heads):
        if nth not in by_place:
            cells.append(html.Th(text, scope="col"))
            continue
        sort, way = by_place[nth]
        here = page.settings.sort == sort
        href = page.context.view.at(map=replace(page.settings, sort=sort, page=1))
        title = w(f"maptable.sort_{way}", column=text)
        cells.append(
            html.Th(
                link([text, html.Span("", className=f"way {way if here else ''}")], id=f"sort-{sort}", href=href,
                     title=title),
                scope="col",
                **aria(sort=way if here else "none"),
            )
        )  # fmt: skip
    return html.Thead(html.Tr(cells))


def _row(page: MapPage, snapshot: Snapshot, nth: int, said: Place, drawn: bool) -> Component:  # noqa: FBT001 - a cell of the same row
    """One site; its name opens it and moves the map to it."""
    chosen = said.key == page.chosen
    row = snapshot.table.iloc[nth]
    point = row.geometry
    at = spot(point.x, point.y) if drawn else {}
    name = link(
        said.name, id=f"row-{said.key}", href=page.context.view.at(place=said.key), **at,
        **(aria(current="true") if chosen else {}),
    )  # fmt: skip
    cells = list(said.cells(page.context.words).values())
    texts: list[Component] = [html.Td(text) for text in cells[1:]]
    texts[2] = html.Td([mark(str(row["state"])), cells[3]])
    return html.Tr([html.Th(name, scope="row"), *texts], className="here" if chosen else "")


def _turn(page: MapPage, here: int) -> Component:
    """One page back, which page this is, one page on."""
    w, last = page.context.words, pages_of(page)

    def step(to: int, key: str) -> Component:
        if not 1 <= to <= last:
            return html.Span("", className="btn plain off", **aria(hidden="true"))
        href = page.context.view.at(map=replace(page.settings, page=to))
        return link(w(f"maptable.{key}"), id=f"table-{key}", href=href, className="btn plain")

    text = w("maptable.page", page=here, pages=number(last, w.language))
    return html.Nav(
        [step(here - 1, "before"), html.Span(text, className="num small"), step(here + 1, "after")],
        className="row",
        **aria(label=w("maptable.pages")),
    )


def _others(page: MapPage, name: str, snapshot: Snapshot) -> list[Component]:
    """The places of another layer; those that are very many are named up to a number."""
    w = page.context.words
    if name == areas.HOLDS:
        return _areas(page, snapshot)
    said = [place_of(name, row, w) for row in records(snapshot.table.head(LISTED))]
    if not said:
        return []
    rows = []
    for p in said:
        cells = list(p.cells(w).values())
        name_cell = link(p.name, id=f"row-{p.key}", href=page.context.view.at(place=p.key))
        rows.append([name_cell, *cells[1:]])
    more = len(snapshot.table) - len(said)
    note = [html.P(w("maptable.more", more=number(more, w.language)), className="small")] if more else []
    return [html.H3(said[0].kind, className="h3"), table(heads(w), rows), *note]


def _areas(page: MapPage, snapshot: Snapshot) -> list[Component]:
    """Every area with its figure and why one is lacking; each opens its panel."""
    w = page.context.words
    part = replace(snapshot, table=snapshot.table.head(LISTED))
    said = area_table(part, page.settings.measure, w)
    rows = []
    for key, cells in zip(part.table["key"], said.astype(str).to_numpy().tolist(), strict=True):
        opened = link(cells[0], id=f"row-{key}", href=page.context.view.at(place=key))
        rows.append([opened, *cells[1:]])
    more = len(snapshot.table) - len(rows)
    note = [html.P(w("maptable.more", more=number(more, w.language)), className="small")] if more else []
    return [html.H3(w("areas.title"), className="h3"), table(list(said.columns), rows), *note]


def not_on_map(page: MapPage) -> Component:
    """Every site that the map cannot draw, with why: no location, or one that cannot be right."""
    w, language = page.context.words, page.context.language
    index: Rows = np.flatnonzero(page.kept & ~page.drawable)
    listed = page.rows(index[:LISTED]).table.to_dict("records")
    why = reasons(page)
    columns = [w(f"mappage.col_{name}") for name in ("site", "commune", "known")]
    cells = [
        [
            [
                mark(r["state"]),
                link(r["name"], id=f"off-{r['key']}", href=page.context.view.at(place=r["key"])),
            ],
            r["commune"] or w("mappage.commune_unknown"),
            [
                html.B(state_words(page, r)),
                ". " if told(r, language) else "",
                told(r, language),
                *([html.Span(why[r["key"]], className="src")] if r["key"] in why else []),
            ],
        ]
        for r in listed
    ]
    said = [
        html.H2(w("mappage.not_on_map", places=number(len(index), language)), className="h2"),
        html.P(w("mappage.not_on_map_lead"), className="small"),
        table(columns, cells, class_name="tw off"),
    ]
    if len(index) > len(listed):
        said.append(
            html.P(w("maptable.more", more=number(len(index) - len(listed), language)), className="small")
        )
    return html.Section([*said, *_findings(page, why)], id="not-on-map")


def reasons(page: MapPage) -> dict[str, str]:
    """All that is wrong with the location or area of a site, in words, by its key."""
    said = dict[str, list[str]]()
    for finding in site_findings.findings(page.context.release, page.operation.key):
        said.setdefault(finding.key, []).append(_found(finding, page.context.words))
    return {key: " ".join(texts) for key, texts in said.items()}


def _found(finding: site_findings.Finding, w: Words) -> str:
    """One thing that is wrong: what stands there, then what to do."""
    said = finding_words(finding, w)
    return w("maptable.finding", found=finding.found, said=said) if finding.found else said


def _findings(page: MapPage, why: dict[str, str]) -> Sequence[Component]:
    """What was found wrong with places, drawn or not: a list that nothing drops out of."""
    if not why:
        return []
    w = page.context.words
    found = site_findings.findings(page.context.release, page.operation.key)
    items = [
        html.Li(
            [
                link(f.name, id=f"finding-{nth}", href=page.context.view.at(place=f.key)),
                " ",
                _found(f, w),
                " ",
                w("maptable.drawn" if f.believable else "maptable.not_drawn"),
            ]
        )
        for nth, f in enumerate(found[:LISTED])
    ]
    head = html.Summary(w("maptable.findings", places=number(len(found), w.language)))
    said: list[Component] = [head, html.Ul(items, className="states")]
    if len(found) > len(items):
        more = number(len(found) - len(items), w.language)
        said.append(html.P(w("maptable.findings_more", more=more), className="small"))
    return [html.Details(said, className="twin", id="map-findings")]

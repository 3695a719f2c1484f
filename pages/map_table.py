"""The map as a table: the same rows, paged and sorted, each a link to its place; and what is not on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from data import site_findings
from data.catalogue import records_of
from data.model import Snapshot
from layers import areas
from layers.area_rows import area_table
from layers.place_kinds import place_of
from layers.places import heads
from layers.site_words import finding_words
from pages import map_find, map_services
from pages.map_areas import kept_areas
from pages.map_find import not_in_box, spot
from pages.map_place import state_words, told
from pages.map_record import MapPage, Rows
from pages.map_rows import cells_of, columns_of
from pages.parts import aria, here, link, mark, table
from words import Words
from words.format import number

SIZE = 25  # rows of a page of the table; each part of a page costs at every change of its address
LISTED = 40  # so many places of a list are on the page; all are in the file
# The columns of `map_rows.columns_of` by which rows can be ordered, and which way.
SORTED = {"name": "ascending", "area": "ascending", "state": "ascending", "last": "descending",
          "people": "descending", "since": "ascending"}  # fmt: skip


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
    if not len(page.at.columns):  # else it stands below the sites
        said.append(_csv(page))
    shown = not page.context.view.narrow or bool(
        page.settings.page
    )  # a phone shows what stands below it first
    summary = html.Summary([w("mappage.table"), " ", html.Span(_counted(page))])
    lacking = map_services.section(page) if len(page.at.columns) else []
    return [*lacking, html.Details([summary, *said], className="twin", id="map-table", open=shown)]


def _counted(page: MapPage) -> str:
    """How many rows of each thing: pairs and areas are no places."""
    w = page.context.words
    counts = {"table_rows": int(page.kept.sum()), "table_pairs": 0, "table_areas": 0, "table_rasters": 0}
    for name, snapshot in page.snapshots.items():
        if name != "sites":
            held = kept_areas(page, snapshot)[0] if name == areas.HOLDS else snapshot
            counts[f"table_{name}" if f"table_{name}" in counts else "table_rows"] += len(held.table)
    said = [
        w(f"mappage.{key}", rows=number(count, w.language))
        for key, count in counts.items()
        if count or (key == "table_rows" and len(page.at.columns))
    ]
    return w("note.separator").join(said)


def _sites(page: MapPage) -> list[Component]:
    """One page of the table of sites."""
    w, shown = page.context.words, page_shown(page)
    if not page.kept.any():
        return [html.P(map_find.count_shown(page), className="quote")]
    index = page.ordered(page.kept, page.settings.sort, shown, SIZE)
    snapshot = page.rows(index)
    drawable, columns = page.drawable[index], list(columns_of(page))
    rows = [
        _row(page, snapshot, i, {name: cells[name] for name in columns}, bool(drawable[i]))
        for i, cells in enumerate(cells_of(page, snapshot, index))
    ]
    first = (shown - 1) * SIZE + 1
    count = w(
        "maptable.rows",
        first=number(first, w.language),
        last=number(first + len(index) - 1, w.language),
        rows=number(int(page.kept.sum()), w.language),
        sites=number(len(page.at.columns), w.language),
    )
    return [
        html.Div([html.P(count, className="small"), _turn(page, shown)], className="row between table-top"),
        html.Div(
            html.Table(
                [_head(page), html.Tbody(rows)],
                className="tw sorted",
            ),
            className="scroll",
        ),
        _csv(page),
    ]


def _csv(page: MapPage) -> Component:
    """The whole table as a file."""
    said = page.context.words("maptable.csv")
    to = html.A(said, href=csv_address(page), className="btn", id="map-csv", download="")
    return html.P(to, className="acts")


def csv_address(page: MapPage) -> str:
    """Where the whole table is given as a file, with its notes."""
    view = page.context.view
    selection = replace(
        view.selection, language=page.context.language, release=page.context.release.digest, ignored=()
    )
    return selection.at("/files/map.csv")


def _head(page: MapPage) -> Component:
    """The heads; those by which the rows can be ordered are links that say how they are."""
    w = page.context.words
    cells = []
    for sort, text in columns_of(page).items():
        if sort not in SORTED:
            cells.append(html.Th(text, scope="col"))
            continue
        way = SORTED[sort]
        in_force = page.settings.sort == sort
        href = page.context.view.at(map=replace(page.settings, sort=sort, page=1))
        title = w(f"maptable.sort_{way}", column=text)
        cells.append(
            html.Th(
                link([text, html.Span("", className=f"way {way if in_force else ''}")], id=f"sort-{sort}", href=href,
                     title=title),
                scope="col",
                **aria(sort=way if in_force else "none"),
            )
        )  # fmt: skip
    return html.Thead(html.Tr(cells))


def _row(page: MapPage, snapshot: Snapshot, nth: int, cells: Mapping[str, str], drawn: bool) -> Component:  # noqa: FBT001 - a cell of the same row
    """One site; its name opens it and moves the map to it. The chosen one has a sign, and says that it is."""
    row = snapshot.table.iloc[nth]
    point, key = row.geometry, str(row["key"])
    name = _named(page, key, cells["name"], **(spot(point.x, point.y) if drawn else {}))
    texts: list[Component] = [
        html.Td([mark(str(row["state"])), text] if column == "state" else text)
        for column, text in cells.items()
        if column != "name"
    ]
    return html.Tr([html.Th(name, scope="row"), *texts], **here(key == page.chosen))


def _named(page: MapPage, key: str, name: str, **more: Any) -> Component:
    """The name of a row, which opens its place; that of the chosen one has a sign before it."""
    sign = [html.Span("▸ ", className="chosen-sign", **aria(hidden="true"))] if key == page.chosen else []
    current = aria(current="true") if key == page.chosen else {}
    return link([*sign, name], id=f"row-{key}", href=page.context.view.at(place=key), **more, **current)


def _turn(page: MapPage, shown: int) -> Component:
    """One page back, which page this is, one page on."""
    w, last = page.context.words, pages_of(page)

    def step(to: int, key: str) -> Component:
        if not 1 <= to <= last:
            return html.Span("", className="btn plain off", **aria(hidden="true"))
        href = page.context.view.at(map=replace(page.settings, page=to))
        return link(w(f"maptable.{key}"), id=f"table-{key}", href=href, className="btn plain")

    text = w("maptable.page", page=shown, pages=number(last, w.language))
    return html.Nav(
        [step(shown - 1, "before"), html.Span(text, className="num small"), step(shown + 1, "after")],
        className="row",
        **aria(label=w("maptable.pages")),
    )


def _others(page: MapPage, name: str, snapshot: Snapshot) -> list[Component]:
    """The places of another layer; those that are very many are named up to a number."""
    w = page.context.words
    if name == areas.HOLDS:
        return _areas(page, snapshot)
    said = [place_of(name, row, w) for row in records_of(snapshot.table.head(LISTED))]
    if not said:
        return []
    rows = [[_named(page, p.key, p.name), *list(p.cells(w).values())[1:]] for p in said]
    chosen = next((nth for nth, p in enumerate(said) if p.key == page.chosen), None)
    more = len(snapshot.table) - len(said)
    note = [html.P(w("maptable.more", more=number(more, w.language)), className="small")] if more else []
    return [html.H3(said[0].kind, className="h3"), table(heads(w), rows, chosen=chosen), *note]


def _areas(page: MapPage, snapshot: Snapshot) -> list[Component]:
    """Every area with its figure and why one is lacking; each opens its panel."""
    w = page.context.words
    snapshot, within = kept_areas(page, snapshot)
    part = replace(snapshot, table=snapshot.table.head(LISTED))
    said = area_table(part, page.settings.measure, w)
    keys = [str(key) for key in part.table["key"]]
    rows = [
        [_named(page, key, cells[0]), *cells[1:]]
        for key, cells in zip(keys, said.astype(str).to_numpy().tolist(), strict=True)
    ]
    chosen = keys.index(page.chosen) if page.chosen in keys else None
    more = len(snapshot.table) - len(rows)
    note = [html.P(w("maptable.more", more=number(more, w.language)), className="small")] if more else []
    about = [html.P(text, className="small") for text in within]
    return [
        html.H3(w("areas.title"), className="h3"),
        *about,
        table(list(said.columns), rows, chosen=chosen),
        *note,
    ]


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
    left: list[Component] = [html.P(text, className="small") for text in not_in_box(page)]
    head = html.H2(w("mappage.not_on_map", places=number(len(index), language)), className="h2")
    said: list[Component] = [head, *left] if len(index) or not left else left
    if len(index):  # a table without rows would say that nothing is missing
        said += [
            html.P(w("mappage.not_on_map_lead"), className="small"),
            table(columns, cells, class_name="tw off"),
        ]
    if len(index) > len(listed):
        said.append(
            html.P(w("maptable.more", more=number(len(index) - len(listed), language)), className="small")
        )
    return html.Section([*said, *undrawn(page), *_findings(page, why)], id="not-on-map")


def undrawn(page: MapPage) -> list[Component]:
    """The areas that have figures of their own and no outline; [] where there is none."""
    held, w = page.more.get("undrawn"), page.context.words
    if held is None:
        return []
    said = [place_of("undrawn", row, w) for row in records_of(held.table)]
    rows = [
        [
            link(
                w("areas.named", name=p.name, code=p.key),
                id=f"off-{p.key}",
                href=page.context.view.at(place=p.key),
            ),
            ". ".join(text for text in (p.state, p.when, p.amount, p.note) if text),
        ]
        for p in said
    ]
    columns = [w(name) for name in ("areas.col_area", "mappage.col_known")]
    return [
        html.H2(w("undrawn.title", areas=number(len(said), w.language)), className="h2"),
        html.P(w("undrawn.lead"), className="small"),
        table(columns, rows, class_name="tw off"),
    ]


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

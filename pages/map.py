"""Map: what is known of places at one date: sites by state, ghosts, flow points, and what has no location."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from charts.card import graph, notes_list
from data.codes import State
from data.dates import DateSpan
from data.geo import view_for
from layers import LAYERS, Layer, legend
from layers.map import MapView
from pages.ids import Id, drawn, nav
from pages.map_known import known_control
from pages.map_place import point_profile, site_profile, state_words, told
from pages.map_record import MapPage, prepare
from pages.parts import aria, link, mark, table
from pages.shell import operation_picker
from pages.timeline import timeline
from pages.view import Context
from words.format import day, span
from words.notes import notes_of

NAMED = 4  # so many sites are named in the title
LISTED = 60  # so many places are links in the panel; the map and the table have the others
ROWS = 200  # so many rows of the table are written out
LEAST_DEGREES = 0.7  # width of the first view, so that a coast or a border is in it
PADDING_PX = 40  # room for the words beside a mark at the edge
WIDE_PX, NARROW_PX = (760, 600), (390, 420)  # what the first view of the map is fitted to


def map_page(context: Context) -> list[Component]:
    """The page."""
    page = prepare(context)
    w = context.words
    return [
        html.H1(w("mappage.page_title", operation=page.operation.title.to(context.language)), className="vh"),
        html.Div(
            [
                html.Div(
                    [
                        html.Div(head(page), id=Id.MAP_HEAD, className="maphead"),
                        html.Div(time(page), id=Id.MAP_TIME, className="tl"),
                        html.Div(
                            [
                                graph(
                                    *picture(page),
                                    id=Id.MAP,
                                    description=w("mappage.description"),
                                    class_name="map",
                                ),
                                html.Div(
                                    [
                                        html.Button(
                                            "+",
                                            id=Id.MAP_ZOOM_IN,
                                            className="zoom",
                                            type="button",
                                            **aria(label=w("mappage.zoom_in")),
                                        ),
                                        html.Button(
                                            "−",
                                            id=Id.MAP_ZOOM_OUT,
                                            className="zoom",
                                            type="button",
                                            **aria(label=w("mappage.zoom_out")),
                                        ),
                                    ],
                                    className="zooms",
                                ),
                                html.Div(id=Id.MAP_SCALE, className="sl-scale"),
                            ],
                            className="mapbox",
                        ),
                    ],
                    className="mid",
                ),
                html.Aside(panel(page), id=Id.MAP_PANEL, className="pan", **aria(label=w("mappage.panel"))),
                html.Aside(
                    [
                        html.H2(w("mappage.layers"), className="h2"),
                        html.Div(layer_switches(page), id=Id.MAP_LAYERS),
                        html.Div(legend_list(page), id=Id.MAP_LEGEND),
                    ],
                    className="lay",
                    **aria(label=w("mappage.layers")),
                ),
            ],
            className="mapgrid",
        ),
        html.Div(below(page), id=Id.MAP_BELOW, className="mapbelow"),
    ]


def bar(context: Context) -> list[Component]:
    """The selection bar of the page."""
    return [operation_picker(context)]


def picture(page: MapPage) -> tuple[MapView, Any]:
    """The map as a thing that may be shown, and its figure."""
    view, (width, _) = view_of(page), _fitted(page)
    return view, view.figure(page.context.view.scheme, width)


def _fitted(page: MapPage) -> tuple[int, int]:
    """Width and height that the first view is fitted to."""
    return NARROW_PX if page.context.view.narrow else WIDE_PX


def view_of(page: MapPage) -> MapView:
    """The map as a thing that may be shown."""
    context = page.context
    west, south, east, north = context.held.view[page.operation.key]
    first = page.sites.located() if len(page.sites.table) else page.points.located()
    if len(first):
        west, south, east, north = _at_least(first.total_bounds)
    width, height = _fitted(page)
    return MapView(
        snapshots=page.snapshots or {"sites": page.sites},
        title=title(page),
        words=context.words,
        on=page.on,
        origin=context.view.origin,
        digest=context.release.digest,
        iso3s=page.operation.iso3,
        view=view_for((west, south, east, north), width, height, padding_px=PADDING_PX),
        switched_on=page.switched_on,
        selected=context.view.selection.place or None,
    )


def _at_least(bounds: Iterable[float]) -> tuple[float, float, float, float]:
    """Bounds wide enough to show where in the country the places are."""
    west, south, east, north = bounds
    more_x, more_y = (
        max(0.0, LEAST_DEGREES - (east - west)) / 2,
        max(0.0, LEAST_DEGREES * 0.6 - (north - south)) / 2,
    )
    return west - more_x, south - more_y, east + more_x, north + more_y


def title(page: MapPage) -> str:
    """What the map shows, in one sentence with its date."""
    w, table = page.context.words, page.sites.table
    off = table[table["state"] == State.DELISTED] if len(table) else table
    if len(off) and page.now is not None:
        names = ", ".join(off["name"])
        event = next((e for e in page.events() if e.key in set(off["event"])), None)
        when = span(event.when if event is not None else _newest(off), w)
        if len(off) == 1:
            return w("mappage.title_off_one", names=names, when=when)
        if len(off) > NAMED or len(set(off["last_when"])) > 1:
            return w("mappage.title_off_many", count=len(off), when=span(_newest(off), w))
        return w("mappage.title_off", names=names, when=when)
    when = span(page.now.period, w) if page.now is not None else ""
    if len(table):
        of_this = table["state"].isin([State.COUNTED, State.COUNTED_ZERO]) & (table["age"] == "current")
        counted = int(of_this.sum())
        return w("mappage.title_sites", sites=len(table), counted=counted, when=when)
    return w("mappage.title_points", points=len(page.points.table))


def _newest(off: pd.DataFrame) -> DateSpan:
    """When the last of these sites was taken off the list."""
    return max((DateSpan.parse(text) for text in off["last_when"]), key=lambda when: when.last)


def head(page: MapPage) -> list[Component]:
    """Title and unit line."""
    w, held = page.context.words, page.context.held
    lead = held.lead[page.operation.key]
    said: list[Component] = [html.H2(title(page), className="ttl")]
    if page.known is not None:
        kicker = w("known.kicker", kicker=w("shell.map"), when=day(page.known, w.language))
        said.insert(0, html.P(kicker, className="kick"))
    scope = [w("mappage.unit", operation=page.operation.title.to(w.language))]
    if lead:
        scope.append(w("mappage.not_counted", text=held.indicators[lead].not_counted.to(w.language)))
    said.append(html.P(" ".join(scope), className="unit"))
    return said


def time(page: MapPage) -> list[Component]:
    """The time control, or that the operation has no dates; below it, as known on which day."""
    known = [html.Div(known_control(page.context, page.moments), className="known", id="map-known")]
    if page.now is None:
        return [html.P(page.context.words("timeline.none"), className="small"), *known]
    return [*timeline(page.context, page.moments.offered, page.now, page.events()), *known]


def offered(page: MapPage) -> list[Layer]:
    """The layers that have something to show."""
    return [layer for layer in LAYERS if layer.holds is None or layer.holds in page.snapshots]


def switched(page: MapPage) -> list[str]:
    """The layers that are offered and switched on, in their order."""
    return [layer.key for layer in offered(page) if layer.key in page.switched_on]


def layer_switches(page: MapPage) -> list[Component]:
    """The layers with what they show and their caveat."""
    w, on = page.context.words, switched(page)
    switches: Component = dmc.CheckboxGroup(
        id=nav("layers"),
        value=on,
        children=html.Div(
            [
                dmc.Checkbox(
                    id=f"layer-{layer.key}",
                    label=w(layer.title_key),
                    value=layer.key,
                    description=w(layer.note_key),
                    size="xs",
                    className="layer",
                )
                for layer in offered(page)
            ],
            className="layers",
        ),
        **aria(label=w("mappage.layers")),
    )
    return [switches, dcc.Store(id=drawn("layers"), data=",".join(on))]


def legend_list(page: MapPage) -> list[Component]:
    """What a mark means, with how many places are in each of the seven states."""
    w = page.context.words
    if not len(page.sites.table):
        return []
    rows = legend(page.sites, w)
    out = int((page.sites.unlocated()["state"] == State.DELISTED).sum())
    return [
        html.H3(w("mappage.legend"), className="h3"),
        html.Ul(
            [
                html.Li([mark(state), html.Span(word), html.Span(str(count), className="c num")])
                for state, word, count in rows
            ],
            className="lg",
        ),
        html.P(w("mappage.legend_older"), className="src"),
        *([html.P(w("mappage.legend_off", places=out), className="src")] if out else []),
        *_legend_known(page),
        html.P(w("mappage.legend_size"), className="src"),
    ]


def _legend_known(page: MapPage) -> list[Component]:
    """How many sites have no state for want of anything public."""
    silent = int((~page.sites.table["public"]).sum())
    if page.known is None or not silent:
        return []
    w = page.context.words
    text = w("known.legend", places=silent, when=day(page.known, w.language))
    return [html.P(text, className="src", id="known-legend")]


def panel(page: MapPage) -> list[Component]:
    """The profile of the chosen place, or what can be chosen."""
    key = page.context.view.selection.place
    for snapshot in (page.sites, page.crowd):
        if len(snapshot.table) and key in set(snapshot.table["key"]):
            row = snapshot.table.set_index("key", drop=False).loc[key]
            return site_profile(page, row.to_dict())
    if len(page.points.table) and key in set(page.points.table["key"]):
        return point_profile(page, page.points.table.set_index("key", drop=False).loc[key].to_dict())
    w = page.context.words
    said: list[Component] = [html.H2(w("mappage.places"), className="h2")]
    if key:
        said.append(html.P(w("mappage.unknown_place", found=key), className="quote"))
    said.append(html.P(w("mappage.places_lead"), className="small"))
    for name, snapshot in page.snapshots.items():
        if name == "crowd" and "crowd" not in page.switched_on:
            continue
        located = _most_first(snapshot.located())
        said.append(
            html.Ul(
                [
                    html.Li(_place_link(page, {str(column): cell for column, cell in row.items()}))
                    for row in located.head(LISTED).to_dict("records")
                ],
                className="places",
            )
        )
        if len(located) > LISTED:
            said.append(html.P(w("mappage.places_more", more=len(located) - LISTED), className="small"))
    return said


def _most_first(places: pd.DataFrame) -> pd.DataFrame:
    """Places off the list first, then those with most people: what a short list must not leave out."""
    if "value" not in places.columns or len(places) <= LISTED:
        return places
    off = (places["state"] == State.DELISTED).astype(int)
    return (
        places.assign(_off=off)
        .sort_values(["_off", "value"], ascending=False, kind="stable")
        .drop(columns="_off")
    )


def _place_link(page: MapPage, row: Mapping[str, Any]) -> Component:
    return link(
        [mark(row["state"] if "layer" in row else "point"), html.Span(row["name"])],
        id=f"place-{row['key']}",
        href=page.context.view.at(place=row["key"]),
        className="place",
    )


def below(page: MapPage) -> list[Component]:
    """What has no location, what to know about the map, and the map as a table."""
    w = page.context.words
    view = view_of(page)
    places = sum(len(snapshot.table) for snapshot in page.snapshots.values())
    part = {
        name: replace(snapshot, table=_most_first(snapshot.table).head(ROWS))
        for name, snapshot in view.snapshots.items()
    }
    rows = replace(view, snapshots=part).table()
    counted = w("mappage.table_rows", rows=len(rows))
    if places > len(rows):
        counted = w("mappage.table_part", shown=len(rows), rows=places)
    said = [
        html.H2(w("mappage.notes"), className="h2"),
        notes_list(notes_of(view.provenance, w, known=page.known), w, page.known),
        html.Details(
            [
                html.Summary([w("mappage.table"), " ", html.Span(counted)]),
                table(list(rows.columns), rows.astype(str).to_numpy().tolist()),
            ],
            className="twin",
        ),
        html.P(w("mappage.sentence"), className="h3"),
        html.P(_sentence(page, view), className="quote"),
        html.P(w("mappage.credit", credit=page.operation.credit), className="src"),
        html.P(w("mappage.boundaries_credit"), className="src"),
    ]
    blocks = [_not_on_map(page)] if len(page.sites.table) else []
    return [html.Section([*blocks, html.Section(said)], className="card below")]


def _sentence(page: MapPage, view: MapView) -> str:
    """What the map shows, and as known on which day."""
    w = page.context.words
    said = [view.sentence()]
    if page.known is not None:
        said.append(w("known.map_said", when=day(page.known, w.language)))
    return " ".join(said)


def _not_on_map(page: MapPage) -> Component:
    w, language = page.context.words, page.context.language
    rows = page.sites.unlocated().to_dict("records")
    heads = [w(f"mappage.col_{name}") for name in ("site", "commune", "known")]
    cells = [
        [
            [
                mark(r["state"]),
                link(r["name"], id=f"off-{r['key']}", href=page.context.view.at(place=r["key"])),
            ],
            r["commune"] or w("mappage.commune_unknown"),
            [html.B(state_words(page, r)), ". " if told(r, language) else "", told(r, language)],
        ]
        for r in rows
    ]
    said = [
        html.H2(w("mappage.not_on_map", places=len(rows)), className="h2"),
        html.P(w("mappage.not_on_map_lead"), className="small"),
        table(heads, cells, class_name="tw off"),
    ]
    return html.Section(said, id="not-on-map")

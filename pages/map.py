"""Map: what is known of places at one date: sites by state, ghosts, areas, flow points, and what has no location."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np
from dash import dcc, html
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

from charts.attributes import hyphened
from charts.card import graph, notes_list
from data.codes import State
from data.geo import view_for
from data.parts import STATES
from layers import many
from layers.discs import scale_of
from layers.map import Counts, MapView
from pages import map_choices, map_compare, map_find, map_layers, map_table
from pages.ids import Id, drawn
from pages.map_find import spot
from pages.map_hands import hands, line, most_of, scene_of, second_hands
from pages.map_known import known_control
from pages.map_picture import picture_part
from pages.map_place import point_profile, site_profile
from pages.map_profiles import more_profile
from pages.map_record import MapPage, Rows, prepare
from pages.map_title import head, title, withdrawn
from pages.map_versions import newest_only
from pages.parts import aria, link, mark
from pages.shell import operation_picker
from pages.timeline import timeline
from pages.view import Context
from words.format import day, number
from words.notes import credit_line

PARTS = (*map_choices.CONTROLS, "vs")  # of the address that `choices` sets
OPENING = ("service", "since")  # parts whose control opens with a first choice
LISTED = 30  # so many places are links in the panel; the map and the table have the others
LEAST_DEGREES = 0.7  # width of the first view, so that a coast or a border is in it
PADDING_PX = 40  # room for the words beside a mark at the edge
WIDE_PX, NARROW_PX = (760, 600), (390, 420)  # what the first view of the map is fitted to
_OFF = STATES.index(State.DELISTED)


def map_page(context: Context) -> list[Component]:
    """The page."""
    page = prepare(context)
    other = map_compare.second(page)
    w = context.words
    return [
        html.H1(w("mappage.page_title", operation=page.operation.title.to(context.language)), className="vh"),
        html.Div(
            [
                html.Div(
                    [
                        html.Div(head(page), id=Id.MAP_HEAD, className="maphead"),
                        html.Div([html.Div(time(page), id=Id.MAP_TIME), *_play(page)], className="tl"),
                        *_maps(page, other),
                    ],
                    className="mid",
                ),
                html.Aside(panel(page), id=Id.MAP_PANEL, className="pan", **aria(label=w("mappage.panel"))),
                html.Aside(_left(page, other), className="lay", **aria(label=w("mappage.layers"))),
            ],
            className="mapgrid",
        ),
        html.Div(below(page, other), id=Id.MAP_BELOW, className="mapbelow"),
    ]


def bar(context: Context) -> list[Component]:
    """The selection bar of the page."""
    return [operation_picker(context)]


def _maps(page: MapPage, other: MapPage | None) -> list[Component]:
    """One map, two beside each other, or the picture in their place."""
    if page.settings.low:
        return [
            *picture_part(page),
            dcc.Store(id=Id.MAP_DRAWN, data=drawn_as(page)),
            html.Div(id=Id.MAP_HANDS),
        ]
    boxes = [_map_box(page, other), *([] if other is None else [_second_box(page, other)])]
    return [
        html.Div(boxes, className="maps" if other is None else "maps two"),
        html.Div(line(page), className="mapline"),
    ]


def _map_box(page: MapPage, other: MapPage | None) -> Component:
    """The map with its buttons, its scale, and what a reader drags a box on."""
    w = page.context.words
    buttons = [
        html.Button(sign, id=name, className="zoom", type="button", **aria(label=w(f"mappage.{key}")))
        for sign, name, key in (("+", Id.MAP_ZOOM_IN, "zoom_in"), ("−", Id.MAP_ZOOM_OUT, "zoom_out"))
    ]
    return html.Div(
        [
            graph(
                *picture(page, other), id=Id.MAP, description=w("mappage.description"),
                undrawn=w("mappage.undrawn"), class_name="map",
            ),
            html.Div(buttons, className="zooms"),
            html.Div(id=Id.MAP_SCALE, className="sl-scale"),
            dcc.Store(id=Id.MAP_DRAWN, data=drawn_as(page, other)),
            html.Div(hands(page, other), id=Id.MAP_HANDS),
        ],
        className="mapbox",
    )  # fmt: skip


def _second_box(page: MapPage, other: MapPage) -> Component:
    """The second map; it moves with the first."""
    w = page.context.words
    view, figure = second_picture(page, other)
    return html.Div(
        [
            html.Div(map_compare.second_head(page, other), id=Id.MAP_TWO_HEAD, className="two-head"),
            graph(
                view, figure, id=Id.MAP_TWO, description=w("mapcompare.description"),
                undrawn=w("mappage.undrawn"), class_name="map",
            ),
            dcc.Store(id=Id.MAP_TWO_DRAWN, data=picture_key(other, page)),
            html.Div(second_hands(page, other), id=Id.MAP_TWO_HANDS),
        ],
        className="mapbox second",
    )  # fmt: skip


def _left(page: MapPage, other: MapPage | None) -> list[Component]:
    """Find and filter, layers, colours and legend."""
    w = page.context.words
    wide = not page.context.view.narrow
    said: list[Component] = []
    if len(page.at.columns):
        said += [
            html.Div([map_find.search_box(page), html.Div(map_find.found(page), id=Id.MAP_FOUND)], className="find"),
            html.Details(
                [
                    html.Summary(w("mapfind.filters")),
                    html.Div(map_find.filters(page), id=Id.MAP_FILTERS, className="fields"),
                ],
                className="fold",
                id="map-filter-fold",
                open=page.settings.filters(),
            ),
        ]  # fmt: skip
    else:
        said += [html.Div(id=Id.MAP_FOUND, hidden=True), html.Div(id=Id.MAP_FILTERS, hidden=True)]
    return [
        *said,
        html.Details(
            [
                html.Summary(w("mapcontrols.colours")),
                html.Div(choice_fields(page), id=Id.MAP_CHOICES, className="fields"),
            ],
            className="fold",
            id="map-choices-fold",
            open=wide,
        ),
        html.Details(
            [html.Summary(w("mappage.layers")), html.Div(map_layers.layer_switches(page), id=Id.MAP_LAYERS)],
            className="fold",
            id="map-layers-fold",
            open=wide,
        ),
        html.Div(map_layers.legend_list(page, other), id=Id.MAP_LEGEND),
    ]


def choices(page: MapPage) -> list[Component]:
    """What colours places, and the date to compare with."""
    return [*map_choices.choices(page), *map_compare.compare_control(page)]


def choice_fields(page: MapPage) -> list[Component]:
    """The controls, and what some opened with that stands in no address: to be drawn is no choice of a reader."""
    made = choices(page)
    opened = (dcc.Store(id=drawn(part), data=value) for part, value in map(says, made) if part in OPENING)
    return [*made, *opened]


def choices_stay(controls: Mapping[str, Any], page: MapPage) -> bool:
    """Whether the controls on the page are those that this view needs and say what it says."""
    wanted = dict(says(control) for control in choices(page))
    return wanted == {part: str(controls[part]) for part in PARTS if part in controls}


def says(control: Any) -> tuple[str, str]:
    """The part of the address that a control sets, and what it says."""
    return str(control.id["index"]), str(control.value)


def _play(page: MapPage) -> list[Component]:
    """The button that steps through the dates; without dates there is none."""
    if len(page.moments.offered) < 2:
        return []
    w = page.context.words
    words = hyphened(data_play=w("mapcontrols.play"), data_pause=w("mapcontrols.pause"))
    return [html.Button(w("mapcontrols.play"), id="map-play", type="button", className="btn play", **words)]


def picture(page: MapPage, other: MapPage | None = None) -> tuple[MapView, dict[str, Any]]:
    """The map as a thing that may be shown, and its figure."""
    view, (width, _) = view_of(page, other), _fitted(page)
    return view, view.plain(page.context.view.scheme, width)


def second_picture(page: MapPage, other: MapPage) -> tuple[MapView, dict[str, Any]]:
    """The second map, opening where the first does and with its scale."""
    view = replace(view_of(other, page), view=view_of(page).view)
    return view, view.plain(page.context.view.scheme, NARROW_PX[0])


def picture_key(page: MapPage, other: MapPage | None = None) -> str:
    """What the figure depends on: with the same key it is the same figure, and is not sent again."""
    if page.many:  # small, and the same at most dates: what the browser draws by itself is not in it
        return _digest(json.dumps(picture(page, other)[1], cls=PlotlyJSONEncoder))
    chosen, settings, view = page.context.view.selection, page.settings, page.context.view
    rest = replace(settings, sort="people", page=0, low=False, vs="")
    shared = None if other is None else _shared(page, other)
    said = (
        page.context.release.digest, chosen.operation, page.on, page.known, page.order, page.chosen, rest,
        view.scheme, view.narrow, view.language, view.origin, shared,
    )  # fmt: skip
    return _digest(repr(said))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _shared(page: MapPage, other: MapPage) -> tuple[object, ...]:
    """What the picture of one of two maps takes from the other: the scales that both have."""
    scene = scene_of(page, other)
    discs = scale_of(scene.whole("sites")) if "sites" in page.snapshots else None
    scaled = other.snapshots.keys() & {"areas", "flow_points", "border_posts", "pairs"}
    return discs, many.k_px(most_of(page, other)) if page.many else 0, other.on if scaled else None


def drawn_as(page: MapPage, other: MapPage | None = None) -> list[str]:
    """What the page was drawn with: its figure, the order and strength of its layers, and the date of its lists."""
    return [picture_key(page, other), map_layers.shown_as(page), f"{page.on} {page.known}"]


def _fitted(page: MapPage) -> tuple[int, int]:
    """Width and height that the first view is fitted to."""
    return NARROW_PX if page.context.view.narrow else WIDE_PX


def view_of(page: MapPage, other: MapPage | None = None) -> MapView:
    """The map as a thing that may be shown; with the other of two maps it is on one scale with it."""
    context = page.context
    width, height = _fitted(page)
    return MapView(
        snapshots=page.snapshots or {"sites": page.sites},
        title=title(page),
        words=context.words,
        on=page.on,
        origin=context.view.origin,
        digest=context.release.digest,
        iso3s=page.operation.iso3,
        view=view_for(_at_least(_bounds(page)), width, height, padding_px=PADDING_PX),
        switched_on=page.switched_on,
        order=page.order,
        selected=page.chosen or None,
        settings=page.settings,
        beside={} if other is None else other.snapshots,
        known=page.known,
        counts=counts_of(page),
        left_to_browser=frozenset(many.LAYERS) if page.many else frozenset(),
    )


def counts_of(page: MapPage) -> Counts | None:
    """How many sites the filters keep at the date; None where the operation has none."""
    if not len(page.at.columns):
        return None
    kept, drawn = int(page.kept.sum()), int((page.kept & page.drawable).sum())
    return Counts(places=kept, drawn=drawn, states=page.states())


def _bounds(page: MapPage) -> tuple[float, float, float, float]:
    """What the map shows at first: the chosen box, else all sites, else the points, else the operation's own view."""
    chosen = page.settings.bounds()
    if chosen is not None:
        return chosen
    columns = page.at.columns
    if page.drawable.any():
        lon, lat = columns.lon[page.drawable], columns.lat[page.drawable]
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
    for snapshot in (page.points, page.crowd):
        if len(snapshot.table) and len(snapshot.located()):
            west, south, east, north = snapshot.located().total_bounds
            return float(west), float(south), float(east), float(north)
    return page.context.held.view[page.operation.key]


def _at_least(bounds: Iterable[float]) -> tuple[float, float, float, float]:
    """Bounds wide enough to show where in the country the places are."""
    west, south, east, north = bounds
    more_x, more_y = (
        max(0.0, LEAST_DEGREES - (east - west)) / 2,
        max(0.0, LEAST_DEGREES * 0.6 - (north - south)) / 2,
    )
    return west - more_x, south - more_y, east + more_x, north + more_y


def time(page: MapPage) -> list[Component]:
    """The time control, or that the operation has no dates; below it, as known on which day."""
    known = [html.Div(known_control(page.context, page.moments), className="known", id="map-known")]
    if page.now is None:
        return [html.P(page.context.words("timeline.none"), className="small"), *known]
    return [*timeline(page.context, page.moments.offered, page.now, page.events()), *known]


def panel(page: MapPage) -> list[Component]:
    """The profile of the chosen place, or what can be chosen."""
    key = page.chosen
    row = page.at.columns.row_of(key) if key else None
    if row is not None:
        return site_profile(page, page.rows(np.array([row])).table.iloc[0].to_dict())
    for snapshot, profile in ((page.crowd, site_profile), (page.points, point_profile)):
        if len(snapshot.table) and key in set(snapshot.table["key"]):
            return profile(page, snapshot.table.set_index("key", drop=False).loc[key].to_dict())
    found = more_profile(page, key) if key else None
    if found is not None:
        return found
    w = page.context.words
    said: list[Component] = [html.H2(w("mappage.places"), className="h2")]
    if key:
        said.append(html.P(w("mappage.unknown_place", found=key), className="quote"))
    said.append(html.P(w("mappage.places_lead"), className="small"))
    return [*said, *_lists(page)]


def _lists(page: MapPage) -> list[Component]:
    """The places as links: those off the list first, then those with most people."""
    w = page.context.words
    said: list[Component] = []
    mask = page.kept & page.drawable
    if mask.any():
        index = _first_places(page)
        said.append(_links(page, page.rows(index).table.to_dict("records")))
        if int(mask.sum()) > len(index):
            more = number(int(mask.sum()) - len(index), w.language)
            said.append(html.P(w("mappage.places_more", more=more), className="small"))
    listed = [("crowd", page.crowd), ("flow_points", page.points)]
    listed += [(name, page.more[name]) for name in ("border_posts", "incidents") if name in page.more]
    for name, snapshot in listed:
        if not len(snapshot.table) or (name == "crowd" and "crowd" not in page.switched_on):
            continue
        located = snapshot.located()
        said.append(_links(page, located.head(LISTED).to_dict("records")))
        if len(located) > LISTED:
            said.append(html.P(w("mappage.places_more", more=len(located) - LISTED), className="small"))
    return said


def _first_places(page: MapPage) -> Rows:
    """The rows of the sites that the panel lists; where all have room, in the order of their keys."""
    mask = page.kept & page.drawable
    if int(mask.sum()) <= LISTED:
        return np.flatnonzero(mask)
    off = np.flatnonzero(mask & (page.at.state == _OFF))[:LISTED]
    rest = page.ordered(mask & (page.at.state != _OFF), "people", 1, LISTED - len(off))
    return np.concatenate([off, rest])


def _links(page: MapPage, rows: Iterable[Mapping[Any, Any]]) -> Component:
    """Places as links that open them and move the map to them."""
    return html.Ul(
        [
            html.Li(
                link(
                    [mark(row["state"] if "layer" in row else "point"), html.Span(row["name"])],
                    id=f"place-{row['key']}",
                    href=page.context.view.at(place=row["key"]),
                    className="place",
                    **spot(row["geometry"].x, row["geometry"].y),
                )
            )
            for row in rows
        ],
        className="places",
    )


def below(page: MapPage, other: MapPage | None = None) -> list[Component]:
    """What has no location, what to know about the map, and the map as a table."""
    w = page.context.words
    view = view_of(page)
    said = [
        html.H2(w("mappage.notes"), className="h2"),
        notes_list(view.notes(), w, page.known),
        html.P(w("mappage.sentence"), className="h3"),
        html.P(sentence(page, view), className="quote"),
        html.P(w("mappage.credit", credit=credit_line(page.operation, w)), className="src"),
        html.P(w("mappage.boundaries_credit"), className="src"),
    ]
    blocks = [map_table.not_on_map(page)] if len(page.at.columns) else map_table.undrawn(page)
    compared = [] if other is None else map_compare.came_and_went(page, other)
    return [
        *([html.Section(compared, className="card", id="map-compared")] if compared else []),
        html.Section(map_table.twin(page), className="card twin-card"),
        html.Section([*blocks, html.Section(said)], className="card below"),
    ]


def sentence(page: MapPage, view: MapView) -> str:
    """What the map shows, of how many sites, and as known on which day."""
    w = page.context.words
    said = [view.sentence()]
    if page.settings.filters():
        said.append(map_find.count_shown(page))
        said += [*map_find.by_area(page), *map_find.not_in_box(page)]
    if page.gone is not None:
        said.append(withdrawn(page.gone, w))
    if page.known is not None:
        said.append(w("known.map_said", when=day(page.known, w.language)))
        said += newest_only(page)
    return " ".join(said)

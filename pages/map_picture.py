"""The map as a picture: what stands in the page in place of the map that can be moved, and where it is asked for.

The picture itself is drawn when a browser asks for its address; a page only says which one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pyarrow as pa
from dash import html
from dash.development.base_component import Component

from data.codes import State
from data.geo import View, view_for
from data.parts import STATES
from data.site_columns import AGES
from layers.colours import colours
from layers.map import MapView
from layers.record import Entry
from layers.site_palette import palette, site_legend
from pages import map_groups
from pages.ids import Id
from pages.map_choices import colour_title
from pages.map_find import count_shown, not_in_box
from pages.map_record import MapPage
from pages.map_title import withdrawn
from pages.map_versions import newest_only
from pages.parts import aria, link
from words.format import day

PATH = "/pictures/map.png"
WIDE_PX, NARROW_PX = (760, 600), (390, 420)  # of the map part, on a wide and on a narrow page
# Why it is a picture; a script says which, the last one is said without it.
REASONS = ("webgl", "data", "lost", "low")
CLOSEST = 14.0  # zoom
Bounds = tuple[float, float, float, float]


def picture_part(page: MapPage) -> list[Component]:
    """The picture with its alternative text, links that move it, why it is a picture, and the way back to the map."""
    w, context = page.context.words, page.context
    width, height = size_of(page)
    address = address_of(page, width, height)
    settings = context.view.selection.map
    why = [html.P(w(f"picture.why_{reason}"), className=f"why why-{reason}") for reason in REASONS]
    if settings.vs:
        why.append(html.P(w("picture.one_map"), className="quote", id="picture-one"))
    moves = [
        link(
            text,
            id=f"picture-{key}",
            href=context.view.at(map=replace(settings, box=box)),
            className="btn plain",
        )
        for key, text, box in moved(page, width, height)
    ]
    image = html.Img(
        src=address,
        alt=alternative(page),
        width=str(width),
        height=str(height),
        style={
            "aspectRatio": f"{width} / {height}"
        },  # the map part is shown; the file has its notes below it
    )
    back = link(
        w("picture.back"),
        id="picture-back",
        href=context.view.at(map=replace(settings, low=False)),
        className="btn plain",
    )
    whole = html.A(w("picture.open"), href=address, target="_blank", className="btn plain", id="picture-open")
    return [
        html.Div(
            [
                html.Div([*why, html.P([w("picture.lead"), " ", w("picture.box")], className="small")]),
                html.Div(moves, className="moves", role="group", **aria(label=w("picture.moves"))),
                image,
                html.Div([whole, back], className="acts"),
                html.Div(id=Id.MAP, hidden=True),  # what redraws the map finds its place, and nothing to draw
            ],
            className="picture",
            id="picture",
        )
    ]


def size_of(page: MapPage) -> tuple[int, int]:
    """Width and height of the map part, pixels."""
    return NARROW_PX if page.context.view.narrow else WIDE_PX


def address_of(page: MapPage, width: int, height: int) -> str:
    """Where the picture of this very view is: its release is in it, so that it cannot differ from the page."""
    view = page.context.view
    selection = replace(
        view.selection,
        release=page.context.release.digest,
        language=view.language,
        map=replace(view.selection.map, low=False, plain=False),  # a picture bears all sites
    )
    return f"{selection.at(PATH)}&{urlencode({'scheme': view.scheme, 'w': width, 'h': height})}"


def view_of_picture(page: MapPage, width: int, height: int) -> MapView:
    """The map of the page, looking at all its places or at the box of its address, in a picture of that size."""
    from pages.map import NARROW_PX as NARROW
    from pages.map import WIDE_PX as WIDE
    from pages.map import (
        view_of,
    )  # that page holds this part: whichever of both is read first finds the other

    shown, settings = view_of(page), page.context.view.selection.map
    box = settings.bounds()
    if box is not None:
        look = view_for(box, width, height, padding_px=0, max_zoom=CLOSEST)
    else:
        fitted = NARROW if page.context.view.narrow else WIDE
        closer = min(math.log2(width / fitted[0]), math.log2(height / fitted[1]))
        look = shown.view._replace(zoom=max(0.0, shown.view.zoom + closer))
    return replace(shown, view=look)


def png(page: MapPage, width: int, height: int, scale: int = 1) -> bytes:
    """The picture of a page, with everything that must be read with it.

    Parameters
    ----------
    page : MapPage
        What the page shows.
    width, height : int
        Of the map part, pixels.
    scale : int
        Pixels drawn for one of the page.
    """
    from exports.map_picture import (  # its libraries take a second to read: at the first picture
        Beside,
        picture,
    )

    sentences, page = said(page), map_groups.ungrouped(page)  # each site stands by itself, which is said
    beside = Beside(
        sites=_columns(page), states=page.states() if len(page.at.columns) else {}, legends=_colours(page),
        sentence=view_of_picture(page, width, height).sentence(), said=sentences,
    )  # fmt: skip
    return picture(
        view_of_picture(page, width, height), page.context.release, scheme=page.context.view.scheme,
        size=(width, height), scale=scale, beside=beside,
    ).png  # fmt: skip


def _columns(page: MapPage) -> Any:
    """Every site that is kept and has a place, where there are too many for a table; None where a table has them."""
    from exports.map_picture import Columns

    if not page.many:
        return None
    at, index = page.at, np.flatnonzero(page.kept & page.drawable)
    states = np.array([str(state) for state in STATES], dtype=object)
    off = np.flatnonzero(at.state[index] == STATES.index(State.DELISTED))
    names = np.full(len(index), "", dtype=object)
    names[off] = at.columns.name.take(pa.array(index[off])).to_pylist()  # only these are written on the map
    fill = None
    if page.settings.colour != "state":
        c, classes = colours(page.context.view.scheme), page.classes
        shades = np.array([*palette(page.settings.colour, len(classes.keys), c), c["mute"]], dtype=object)
        fill = shades[np.minimum(classes.codes[index], len(classes.keys))]
    return Columns(
        lon=at.columns.lon[index], lat=at.columns.lat[index], state=states[at.state[index]],
        age=np.array(AGES, dtype=object)[at.age[index]], value=at.value[index], unit=at.unit.texts(index),
        name=names, when=at.told("when").texts(index), fill=fill,
    )  # fmt: skip


def _colours(page: MapPage) -> list[tuple[str, Sequence[Entry]]]:
    """What the colours of the discs mean, where a question colours them."""
    if page.settings.colour == "state" or not len(page.at.columns):
        return []
    w, made = page.context.words, page.classes
    codes = made.codes[page.kept & (made.codes < len(made.keys))]
    counts = np.bincount(codes, minlength=len(made.keys)).tolist()
    c = colours(page.context.view.scheme)
    return [(colour_title(page), site_legend(page.settings.colour, made.keys, counts, c, w))]


def said(page: MapPage) -> list[str]:
    """Sentences that belong to the picture beside its notes: how many sites are kept, and as known on which day."""
    w, found = page.context.words, list[str]()
    if page.settings.filters():
        found += [count_shown(page), *not_in_box(page)]
    if page.gone is not None:
        found.append(withdrawn(page.gone, w))
    if page.known is not None:
        found.append(w("known.map_said", when=day(page.known, w.language)))
        found += newest_only(page)
    if page.settings.vs:
        found.append(w("picture.one_map"))
    return [*found, *map_groups.said(page)]


def alternative(page: MapPage) -> str:
    """The picture in words."""
    width, height = size_of(page)
    return " ".join([view_of_picture(page, width, height).sentence(), *said(page)])


def moved(page: MapPage, width: int, height: int) -> list[tuple[str, str, str]]:
    """The moves that are possible: key, words, and the box of the address that makes it."""
    w, view = page.context.words, view_of_picture(page, width, height).view
    steps = (
        ("in", "mappage.zoom_in", 0.0, 0.0, 0.5),
        ("out", "mappage.zoom_out", 0.0, 0.0, 2.0),
        ("north", "picture.north", 0.0, 0.5, 1.0),
        ("south", "picture.south", 0.0, -0.5, 1.0),
        ("west", "picture.west", -0.5, 0.0, 1.0),
        ("east", "picture.east", 0.5, 0.0, 1.0),
    )
    found = [(key, w(words), box_of(view, width, height, x, y, share)) for key, words, x, y, share in steps]
    if page.context.view.selection.map.box:
        found.append(("whole", w("picture.whole"), ""))
    return [(key, text, box) for key, text, box in found if box is not None]


def box_of(
    view: View, width: float, height: float, east: float = 0.0, north: float = 0.0, share: float = 1.0
) -> str | None:
    """The box of what a picture shows after a move, as an address says it.

    Parameters
    ----------
    view : View
        Where the picture looks.
    width, height : float
        Of the picture, pixels.
    east, north : float
        How far it moves, in widths and heights.
    share : float
        How much of the width it shows afterwards: below 1 is closer.

    Returns
    -------
    str or None
        "west,south,east,north", degrees; None where no such box can be said: across the 180th meridian, wider
        than the world, or too small.
    """
    world = 512 * 2.0**view.zoom
    lon, middle = view.lon + east * width / world * 360, _mercator(view.lat) + north * height / world
    half_x, half_y = width * share / world * 180, height * share / world / 2
    west, right = lon - half_x, lon + half_x
    south, top = _latitude(middle - half_y), _latitude(middle + half_y)
    texts = [f"{value:.4f}" for value in (west, south, right, top)]
    a, b, c, d = map(float, texts)
    return ",".join(texts) if -180 <= a < c <= 180 and -85 <= b < d <= 85 else None


def _mercator(lat: float) -> float:
    """Northing, the world from south to north being 1."""
    return math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def _latitude(northing: float) -> float:
    return math.degrees(math.atan(math.sinh(2 * math.pi * northing)))

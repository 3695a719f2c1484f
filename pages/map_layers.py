"""The layers panel: what is drawn, in which order, how strong, with the caveat of each, and what the marks mean."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
import numpy as np
from dash import dcc, html
from dash.development.base_component import Component

from charts.attributes import hyphened
from data.codes import State
from data.parts import STATES
from layers import LAYERS, Layer, areas
from layers.colours import colours
from layers.record import Entry
from layers.site_palette import site_legend
from pages.ids import drawn, nav
from pages.map_choices import colour_title
from pages.map_compare import areas_differ
from pages.map_hands import scene_of
from pages.map_record import MapPage
from pages.parts import aria, mark
from words.format import day, number

_OFF = STATES.index(State.DELISTED)


def offered(page: MapPage) -> list[Layer]:
    """The layers that have something to show, those that are on in their order, from below to above."""
    held = page.offers | set(page.snapshots) | ({"sites"} if len(page.at.columns) else set())
    found = [layer for layer in LAYERS if layer.holds is None or layer.holds in held]
    place = {key: nth for nth, key in enumerate(page.order)}
    on = iter(sorted((layer for layer in found if layer.key in place), key=lambda layer: place[layer.key]))
    return [next(on) if layer.key in place else layer for layer in found]  # one that is off keeps its place


def switched(page: MapPage) -> list[str]:
    """The layers that are offered and switched on, from below to above."""
    return [layer.key for layer in offered(page) if layer.key in page.switched_on]


def shown_as(page: MapPage) -> str:
    """What the panel was drawn with: order and strength; another one is drawn anew."""
    return "|".join((page.operation.key, *(layer.key for layer in offered(page)), page.settings.opacity))


def layer_switches(page: MapPage) -> list[Component]:
    """The layers from above to below, each with what it shows, its caveat, its place and its strength."""
    w, on = page.context.words, switched(page)
    every = offered(page)
    rank = {layer.key: nth for nth, layer in enumerate(LAYERS)}
    switches: Component = dmc.CheckboxGroup(
        id=nav("layers"),
        value=on,
        children=html.Div(
            [_layer(page, layer, rank[layer.key]) for layer in reversed(every)], className="layers"
        ),
        **aria(label=w("mappage.layers")),
    )
    return [
        html.P(w("mapcontrols.layers_lead"), className="src"),
        switches,
        dcc.Store(id=drawn("layers"), data=",".join(on)),
    ]


def _layer(page: MapPage, layer: Layer, rank: int) -> Component:
    """One layer: switch, title, unit, caveat; folded: order and strength."""
    w, title = page.context.words, page.context.words(layer.title_key)
    share = page.settings.opacities().get(layer.key, 1.0)
    unit = [w("mapcontrols.layer_unit", unit=w(layer.unit_key))] if layer.unit_key else []
    said = [*unit, w(layer.note_key)]
    moves: list[Component] = [
        html.Button(
            sign,
            id=f"layer-{name}-{layer.key}",
            type="button",
            className="btn plain step",
            **hyphened(
                data_move=f"{layer.key}:{step}", aria_label=w(f"mapcontrols.layer_{name}", layer=title)
            ),
        )
        for name, sign, step in (("up", "↑", 1), ("down", "↓", -1))
    ]
    if layer.fades:
        moves.append(_strength(layer.key, share, w("mapcontrols.layer_strength", layer=title)))
    return html.Div(
        [
            dmc.Checkbox(
                id=f"layer-{layer.key}",
                label=title,
                value=layer.key,
                description=" ".join(said),
                size="xs",
                className="layer",
            ),
            html.Div(moves, className="layer-more"),
        ],
        className="layer-row",
        **hyphened(data_layer=layer.key, data_rank=str(rank)),
    )


def _strength(key: str, share: float, label: str) -> Component:
    """How strong a layer is drawn, in tenths."""
    slider = dcc.Input(
        id=f"layer-strength-{key}", type="range", min=0, max=1, step=0.1, value=share, className="strength"
    )
    return html.Label([html.Span(label, className="vh"), slider], className="strong")


def legend_list(page: MapPage, other: MapPage | None = None) -> list[Component]:
    """What a mark means, with how many places are in each of the seven states, and what the colours mean.

    Of two maps it explains both: colours, widths and sizes are on one scale, and the numbers are those of the first.
    """
    w = page.context.words
    said: list[Component] = []
    apart = other is not None and areas.LAYER.key in page.switched_on and areas_differ(page, other)
    scale = w("mapcompare.one_scale_sites" if apart else "mapcompare.one_scale")
    two = [] if other is None else [html.P(scale, className="src", id="legend-two")]
    for layer in reversed(offered(page)):
        if layer.legend is not None and layer.key in page.switched_on:
            said += _entries(w(layer.title_key), layer.legend(scene_of(page, other)))
            if layer.key == areas.LAYER.key and other is not None and apart:
                two.append(html.P(w("areas.two_legends"), className="src"))
                titled = w("areas.two_title", title=w(layer.title_key))
                said += _entries(titled, layer.legend(scene_of(other, page)))
    if not len(page.at.columns):
        return [*two, *said]
    out = int((page.kept & ~page.drawable & (page.at.state == _OFF)).sum())
    return [
        html.H3(w("mappage.legend"), className="h3"),
        *two,
        html.Ul(
            [
                html.Li(
                    [
                        mark(state),
                        html.Span(w(f"state.{state}")),
                        html.Span(number(count, w.language), className="c num"),
                    ]
                )
                for state, count in page.states().items()
            ],
            className="lg",
        ),
        *_coloured(page),
        html.P(w("mappage.legend_older"), className="src"),
        *([html.P(w("mappage.legend_off", places=out), className="src")] if out else []),
        *_legend_known(page),
        html.P(w("mappage.legend_size"), className="src"),
        *said,
    ]


def _coloured(page: MapPage) -> list[Component]:
    """What the colours of the discs mean; without a question they are all one."""
    if page.settings.colour == "state":
        return []
    w, made = page.context.words, page.classes
    kept = page.kept & (made.codes < len(made.keys))
    counts = np.bincount(made.codes[kept], minlength=len(made.keys)).tolist()
    entries = site_legend(page.settings.colour, made.keys, counts, colours(page.context.view.scheme), w)
    none = int(page.kept.sum()) - int(kept.sum())
    said = _entries(colour_title(page), entries)
    if none:
        why = "mapcontrols.no_class_off" if page.settings.colour == "gap" else "mapcontrols.no_class"
        said.append(html.P(w(why, sites=number(none, w.language)), className="src"))
    return said


def _entries(title: str, entries: Sequence[Entry]) -> list[Component]:
    """A legend under its title; none where a layer holds nothing at the date."""
    if not entries:
        return []
    rows = [
        html.Li(
            [
                html.Span(
                    className=entry.swatch or "swatch",
                    style={"background": entry.colour} if entry.colour else {},
                    **aria(hidden="true"),
                ),
                html.Span([entry.label, *([html.Span(entry.note, className="src")] if entry.note else [])]),
                html.Span("" if entry.count is None else str(entry.count), className="c num"),
            ]
        )
        for entry in entries
    ]
    return [html.H3(title, className="h3"), html.Ul(rows, className="lg")]


def _legend_known(page: MapPage) -> list[Component]:
    """How many sites have no state for want of anything public."""
    silent = int((page.kept & ~page.at.public).sum())
    if page.known is None or not silent:
        return []
    w = page.context.words
    text = w("known.legend", places=silent, when=day(page.known, w.language))
    return [html.P(text, className="src", id="known-legend")]

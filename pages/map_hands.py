"""What the page hands to the browser's own drawing: very many sites, very many areas, and why it draws less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import numpy as np
from dash import html
from dash.development.base_component import Component

from data.site_columns import people
from layers import areas, many
from layers.colours import colours
from layers.scene import Scene
from layers.site_palette import with_hatch
from pages import map_groups
from pages.map_choices import step_key
from pages.map_record import MOST, MapPage
from pages.moment import Step


def hands(page: MapPage, other: MapPage | None = None) -> list[Component]:
    """The manifests of what the browser draws by itself, and that it draws less where it cannot."""
    said = list[Component]()
    if page.many:
        said.append(_sites(page, other))
    if areas.LAYER.key in page.switched_on:
        near = [_query(step) for step in _beside(page)]
        said += _areas("map-areas", areas.manifest(scene_of(page, other), near=near))
    return said


def _areas(name: str, made: Mapping[str, Any] | None) -> list[Component]:
    """The manifest of very many areas, where the browser draws them."""
    return [] if made is None else [html.Div(id=name, className="small", role="status", **_attributes(made))]


def line(page: MapPage) -> list[Component]:
    """How many sites are in view, or that only those with most people are drawn."""
    w, drawable = page.context.words, int(page.drawable.sum())
    if page.settings.plain and drawable > MOST:
        return [
            html.P(
                many.plainly(w, drawn=MOST, total=len(page.at.columns)), className="banner", id="map-plain"
            )
        ]
    # also where the browser draws no sites now: a reader may have them grouped, and what stands here stays
    return [html.P(id="map-counted", className="small counted"), map_groups.fold(w, "map-groups")]


def second_hands(page: MapPage, other: MapPage) -> list[Component]:
    """The manifests of the second map."""
    said = list[Component]()
    if areas.LAYER.key in other.switched_on:
        first = "" if page.now is None else step_key(page.now)
        made = areas.manifest(scene_of(other, page), graph="map-two", moment="vs", first=first)
        said += _areas("map-areas-two", made)
    return [*said, *_second_sites(page, other)]


def _second_sites(page: MapPage, other: MapPage) -> list[Component]:
    """The manifest of the sites of the second map."""
    if not other.many:
        return []
    made = many.manifest(
        scene_of(other), page.operation.key, total=len(page.at.columns), palette=_palette(other),
        fixed=_fixed(page), graph="map-two", counted="map-counted-two", moment="vs",
        groups="map-groups-two", most=most_of(page, other),
    )  # fmt: skip
    return [
        html.Div(className="map-many", **_attributes(made)),
        html.P(id="map-counted-two", className="small counted"),
        map_groups.fold(page.context.words, "map-groups-two"),
    ]


def most_of(page: MapPage, other: MapPage | None) -> float:
    """The largest count of two maps, that both have one scale; 0 of one map, which has its own."""
    if other is None or not len(page.at):
        return 0.0
    both = np.concatenate([people(page.at), people(other.at)])
    return float(np.nanmax(both)) if not np.isnan(both).all() else 0.0


def scene_of(page: MapPage, other: MapPage | None = None) -> Scene:
    """What layers draw from, for what is made beside the figure: legends and manifests."""
    context = page.context
    return Scene(
        snapshots=page.snapshots, words=context.words, colours=colours(context.view.scheme),
        switched_on=page.switched_on, settings=page.settings, origin=context.view.origin,
        digest=context.release.digest, beside={} if other is None else other.snapshots,
    )  # fmt: skip


def _sites(page: MapPage, other: MapPage | None) -> Component:
    made = many.manifest(
        scene_of(page), page.operation.key, total=len(page.at.columns), palette=_palette(page),
        fixed=_fixed(page), near=[_query(step) for step in _beside(page)],
        most=most_of(page, other),
    )  # fmt: skip
    return html.Div(id="map-many", **_attributes(made))


def _attributes(made: Mapping[str, Any]) -> dict[str, Any]:
    return {**many.attributes(made)}


def _palette(page: MapPage) -> tuple[str, ...]:
    if page.settings.colour == "state":
        return ()
    return with_hatch(page.settings.colour, len(page.classes.keys), colours(page.context.view.scheme))


def _fixed(page: MapPage) -> dict[str, str]:
    """The parts of the address without which it is another map."""
    selection = page.context.view.selection
    return {"op": selection.operation, "release": selection.release}


def _beside(page: MapPage) -> list[Step]:
    """The dates after and before the one that is shown: those that a reader asks for next."""
    offered = page.moments.offered
    if page.now is None or page.now not in offered:
        return []
    at = offered.index(page.now)
    return [*offered[at + 1 : at + 2], *offered[max(0, at - 1) : at]]


def _query(step: Step) -> str:
    return urlencode({"round" if step.round is not None else "on": step_key(step)})

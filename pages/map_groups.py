"""Nearby sites in groups: a way of drawing in the browser, said wherever the same sites stand each by itself."""

from __future__ import annotations

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from pages.map_record import MapPage
from words import Words


def said(page: MapPage) -> list[str]:
    """That the map groups sites and this does not, for what leaves it: a picture, a file; [] where it does not."""
    return [page.context.words("mapgroups.said")] if page.settings.group else []


def ungrouped(page: MapPage) -> MapPage:
    """The same view with each site by itself, as it is drawn and listed where nothing is grouped."""
    context = page.context
    selection = replace(context.view.selection, map=replace(page.settings, group=False))
    return replace(page, context=replace(context, view=replace(context.view, selection=selection)))


def fold(words: Words, name: str) -> Component:
    """Where the browser lists the groups in view; hidden until there are some."""
    return html.Details(
        [html.Summary(words("mapgroups.list")), html.Ul()],
        id=name,
        className="groups-fold small",
        hidden=True,
    )

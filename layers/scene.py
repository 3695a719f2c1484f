"""What a layer draws from and what it gives back: one scene in, traces and outlines out."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.catalogue import records_of
from data.map_settings import MapSettings
from data.model import Snapshot
from layers.colours import Colours
from layers.place_kinds import place_of
from layers.places import Place
from layers.style import TEXT_FONT
from words import Words

ICON_PX = 24  # side of a mark in the sprite
MANY = 200  # more marks than this would hide each other and the discs
_ICON_SIZE = 10  # Plotly draws an icon at its own size where marker.size is 10
Trace = dict[str, Any]  # one of Plotly's, checked once when the figure is made
NO_TRACE: Trace = {"type": "scattermap", "lon": [None], "lat": [None], "mode": "markers", "hoverinfo": "skip"}
BLANK = "sl_blank"  # an icon that shows nothing and keeps a label off its mark
LABEL_PX = 13


def icon(name: str) -> str:
    """The name of a mark in the sprite.

    It has an underscore: for a name of plain letters that is missing, Plotly would ask another server.
    """
    return f"sl_{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The places at one date, and how they are to be drawn."""

    snapshots: Mapping[str, Snapshot]
    words: Words
    colours: Colours
    switched_on: frozenset[str]  # keys of layers
    only: str = ""  # key of the one place to draw, '' for all
    settings: MapSettings = field(default_factory=MapSettings)
    origin: str = ""  # scheme, host and port that the browser uses, for what a layer asks of this server
    digest: str = ""  # of the release
    beside: Mapping[str, Snapshot] = field(
        default_factory=dict
    )  # of the other map of two: one scale for both

    def rows(self, name: str) -> gpd.GeoDataFrame | None:
        """The places of a snapshot that can be drawn, or None where there are none."""
        snapshot = self.snapshots.get(name)
        if snapshot is None or not len(snapshot.table) or "key" not in snapshot.table:
            return None
        located = snapshot.table[on_map(snapshot.table)]
        if self.only:
            located = located[located["key"] == self.only]
        return located if len(located) else None

    def whole(self, name: str) -> pd.DataFrame:
        """The table that a scale is made for: of a snapshot and, of two maps, of the other one's as well."""
        held: list[pd.DataFrame] = [of[name].table for of in (self.snapshots, self.beside) if name in of]
        if len(held) == 1:
            return held[0]
        return pd.concat([pd.DataFrame(table).drop(columns="geometry") for table in held], ignore_index=True)

    def places(self, name: str, rows: pd.DataFrame) -> list[Place]:
        """The rows of a snapshot in words."""
        return [place_of(name, row, self.words) for row in records_of(rows)]


def on_map(table: gpd.GeoDataFrame) -> pd.Series:
    """Which rows have a point with two numbers, shape (n,); the others are listed and never drawn."""
    points = table.geometry.to_numpy()
    here = (shapely.get_type_id(points) == shapely.GeometryType.POINT) & ~shapely.is_empty(points)
    here[here] = np.isfinite(shapely.get_coordinates(points[here])).all(axis=1)
    return pd.Series(here, index=table.index, dtype=bool)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a layer adds to a map, from below to above."""

    traces: Sequence[Trace] = ()
    outlines: Sequence[Mapping[str, Any]] = field(default=())  # entries of `layout.map.layers`


def faded(trace: Trace, share: float) -> Trace:
    """A trace as strong as `share` (0 to 1) says; areas carry it in their marker, all others in themselves."""
    if trace.get("type") == "choroplethmap":
        marker = dict(trace.get("marker", {}))
        return trace | {"marker": marker | {"opacity": share * marker.get("opacity", 1.0)}}
    return trace | {"opacity": share * trace.get("opacity", 1.0)}


def plain(lines: Sequence[str]) -> str:
    """Lines for a hover box; what looks like markup in a name is shown and not obeyed."""
    return "<br>".join(html.escape(line, quote=False) for line in lines if line)


def circles(rows: gpd.GeoDataFrame, places: Sequence[Place], *, size: Any, color: Any, name: str) -> Trace:
    """Filled circles, in the order of the rows."""
    marker = {"size": size, "color": color, "opacity": 1}
    return {"mode": "markers", "marker": marker} | _at(rows) | _said(places, name)


def icons(rows: gpd.GeoDataFrame, places: Sequence[Place], *, symbols: Sequence[str], name: str) -> Trace:
    """Marks of the sprite, all drawn, also where they overlap; smaller where there are very many."""
    marker = {
        "symbol": list(symbols),
        "size": _ICON_SIZE if len(rows) <= MANY else _ICON_SIZE / 2,
        "allowoverlap": True,
        "opacity": 1,
    }
    return {"mode": "markers", "marker": marker} | _at(rows) | _said(places, name)


def labels(rows: gpd.GeoDataFrame, texts: Sequence[str], *, color: str, name: str) -> Trace:
    """Words to the right of a mark; where there is no room MapLibre leaves a label out, never a mark.

    They are a trace of their own: in one with its mark, a label without room would take the mark along.
    """
    return _at(rows) | {
        "mode": "markers+text",
        "text": [text.replace(" ", "\u00a0") for text in texts],  # breaks lines only where it is told to
        "textposition": "middle right",
        "textfont": {"family": ", ".join(TEXT_FONT), "size": LABEL_PX, "color": color},
        "marker": {"symbol": BLANK, "size": 100, "allowoverlap": True},
        "hoverinfo": "skip",
        "name": name,
    }


def _at(rows: gpd.GeoDataFrame) -> Trace:
    """The type and the places of a trace, to a metre."""
    lon, lat = rows.geometry.x.round(5).tolist(), rows.geometry.y.round(5).tolist()
    return {"type": "scattermap", "lon": lon, "lat": lat}


def _said(places: Sequence[Place], name: str) -> Trace:
    return {
        "customdata": [[p.key] for p in places],
        "hovertext": [plain(p.hover()) for p in places],
        "hoverinfo": "text",
        "name": name,
    }

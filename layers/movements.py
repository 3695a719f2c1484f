"""Two numbers side by side as two half discs on one scale: movements in on the left, movements out on the right.

A half disc has an area in proportion to movements and a size in pixels, so it is drawn once for every zoom level: a
polygon alone would grow with the map. Within one level it is up to 1.4 times smaller or larger; all of them are so
together, and are on one scale at every moment.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.geo import TILE_PX, geodesic_bounds, view_for
from layers.colours import Colours
from layers.places import is_spot

LARGEST_PX = 26.0  # radius of the largest half disc of a map
DOT_PX = 2.0  # radius of what is too small to be drawn to scale
STEPS = 8  # stretches of an arc
BELOW, ABOVE = 1, 4  # zoom levels around the one that shows all, for which half discs are made
WIDTH_PX, HEIGHT_PX = 760.0, 520.0  # of a usual map
DEEPEST = 24

Outline = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Halves:
    """Which two columns are side by side, and how a number becomes a half disc."""

    left: str
    right: str
    k: float  # pixels: radius of the half disc of one movement

    def radius_px(self, value: object) -> float:
        """The radius of a half disc; 0 for a missing number and for none."""
        number = float(str(value)) if value is not None and not pd.isna(value) else 0.0  # type: ignore[call-overload]  # a cell is a scalar
        return max(self.k * math.sqrt(number), DOT_PX) if number > 0 else 0.0


def scale_of(table: pd.DataFrame, left: str, right: str) -> Halves:
    """The one scale of both sides: of a whole table, or of those of two maps, whatever is drawn of it."""
    cells = (
        table[[left, right]].to_numpy(dtype=float, na_value=np.nan) if len(table) else np.array([[np.nan]])
    )
    most = float(np.nanmax(cells)) if np.isfinite(cells).any() else 0.0
    return Halves(left, right, LARGEST_PX / math.sqrt(most) if most > 0 else 0.0)


def widths_px(rows: pd.DataFrame, scale: Halves) -> list[float]:
    """The width of the larger half of each row as a whole disc, for what reacts to the pointer."""
    pairs = zip(rows[scale.left], rows[scale.right], strict=True)
    return [2 * max(scale.radius_px(a), scale.radius_px(b), DOT_PX) for a, b in pairs]


def half_discs(
    table: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, scale: Halves, colours: Colours, name: str
) -> list[Outline]:
    """Entries of `layout.map.layers`: two for each zoom level, left in the colour of data, right in that of a second.

    Parameters
    ----------
    table : GeoDataFrame
        The whole table: its extent decides for which zoom levels half discs are made.
    rows : GeoDataFrame
        Those with a point and with a number on at least one side.
    scale : Halves
        As `scale_of` made it.
    colours : mapping
        Of the scheme.
    name : str
        Of the layer; each entry gets a name of its own.
    """
    if not len(rows):
        return []
    levels = _levels(table)
    made: list[Outline] = []
    for at, level in enumerate(levels):
        zooms: dict[str, int] = {} if at == 0 else {"minzoom": level}
        zooms |= {} if at == len(levels) - 1 else {"maxzoom": level + 1}
        for side, column, colour in (("left", scale.left, "data"), ("right", scale.right, "mute")):
            features = [
                _feature(str(key), point.x, point.y, scale.radius_px(value), level + 0.5, left=side == "left")
                for key, point, value in zip(rows["key"], rows.geometry, rows[column], strict=True)
                if scale.radius_px(value) > 0
            ]
            if not features:
                continue
            made.append(
                {
                    "name": f"{name}-{side}-{level}", "sourcetype": "geojson",
                    "source": {"type": "FeatureCollection", "features": features}, "type": "fill",
                    "color": colours[colour], "fill": {"outlinecolor": colours["land"]}, "below": "traces", **zooms,
                }
            )  # fmt: skip
    return made


def legend_px(scale: Halves) -> list[tuple[float, float]]:
    """Round numbers of movements and the radius of their half disc, pixels, largest first; [] without a scale."""
    if not scale.k:
        return []
    most = (LARGEST_PX / scale.k) ** 2
    power = 10 ** math.floor(math.log10(most))
    top = max(step * power for step in (1, 2, 5) if step * power <= most * (1 + 1e-9))
    return [(value, scale.radius_px(value)) for value in (float(top), top / 4) if value >= 1]


def _levels(table: gpd.GeoDataFrame) -> list[int]:
    """Zoom levels around the one that shows all places."""
    spots = [point for point in table.geometry if is_spot(point)]
    bounds = geodesic_bounds([p.x for p in spots], [p.y for p in spots])
    zoom = view_for(bounds, WIDTH_PX, HEIGHT_PX, max_zoom=9.0).zoom
    middle = math.floor(zoom)
    return [level for level in range(middle - BELOW, middle + ABOVE + 1) if 0 <= level < DEEPEST]


def _feature(
    key: str, lon: float, lat: float, radius_px: float, zoom: float, *, left: bool
) -> dict[str, Any]:
    """A half disc around a place, with its straight side upright."""
    world_px = TILE_PX * 2**zoom
    x = (lon + 180) / 360
    y = 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
    angle = np.linspace(0, np.pi, STEPS + 1)  # from the top over the side to the bottom
    across = np.sin(angle) * radius_px / world_px * (-1 if left else 1)
    down = -np.cos(angle) * radius_px / world_px
    lons = (x + across) * 360 - 180
    lats = np.degrees(np.arctan(np.sinh((0.5 - (y + down)) * 2 * np.pi)))
    digits = 4 if zoom < 9 else 5  # a pixel is wider than that
    ring = [[round(float(a), digits), round(float(b), digits)] for a, b in zip(lons, lats, strict=True)]
    return {
        "type": "Feature",
        "properties": {"key": key},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def counted(rows: gpd.GeoDataFrame, columns: Sequence[str]) -> pd.Series:
    """Which rows have a number on at least one side, shape (n,)."""
    found: pd.Series = rows[list(columns)].notna().any(axis=1)
    return found

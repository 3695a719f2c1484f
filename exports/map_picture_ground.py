"""The ground of a picture: sea, land and borders of a release, the same that the map asks this server for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.path import Path

from data.geo import MERCATOR_LAT, TILE_PX, View
from data.store import Release
from exports.map_picture_text import Label
from layers.colours import Colours
from layers.neighbours import around
from layers.style import AREAS_FROM, DETAIL_FROM

Floats = npt.NDArray[np.float64]
NAME_PX = 13.0
_BEYOND = 0.1  # of the frame: how much more is drawn, so that no cut edge is seen
Dash = tuple[float, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a picture looks: a web mercator view in a box of pixels, y downwards."""

    view: View
    width: float
    height: float

    def pixels(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """Pixels of places in degrees, shape (n, 2); a longitude is taken on the side of the world that is near."""
        x = np.atleast_1d(np.asarray(lon, float))
        near = self.view.lon + (x - self.view.lon + 180.0) % 360.0 - 180.0
        return self.plain(np.column_stack([near, np.atleast_1d(np.asarray(lat, float))]))

    def plain(self, degrees: Floats) -> Floats:
        """Pixels of longitudes and latitudes, shape (n, 2), as they stand."""
        world = TILE_PX * 2.0**self.view.zoom
        x = (degrees[:, 0] - self.view.lon) / 360.0 * world + self.width / 2
        y = (_north(np.array([self.view.lat]))[0] - _north(degrees[:, 1])) * world + self.height / 2
        return np.column_stack([x, y])

    def bounds(self, beyond: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east and north of the frame, degrees, a share wider on each side; west may be below -180."""
        world = TILE_PX * 2.0**self.view.zoom
        half_x = self.width * (0.5 + beyond) / world * 360.0
        middle, half_y = _north(np.array([self.view.lat]))[0], self.height * (0.5 + beyond) / world
        south, north = (
            float(np.degrees(np.arctan(np.sinh(2 * np.pi * (middle + d))))) for d in (-half_y, half_y)
        )
        return self.view.lon - half_x, south, self.view.lon + half_x, north


def _north(lat: Floats) -> Floats:
    """Web mercator's northing, the world from south to north being 1."""
    held = np.clip(lat, -MERCATOR_LAT, MERCATOR_LAT)
    return np.asarray(np.arcsinh(np.tan(np.radians(held))) / (2 * np.pi))


def draw_ground(
    axes: Axes, frame: Frame, release: Release, iso3s: Sequence[str], c: Colours, *, borders: bool
) -> list[Label]:
    """Draw land and borders into `axes`, whose data are pixels, and give the names of areas.

    Parameters
    ----------
    axes : Axes
        Empty; sea is its own colour.
    frame : Frame
        Where the picture looks.
    release : Release
        Whose boundaries.
    iso3s : sequence of str
        Countries drawn in detail and whose first-level areas are named.
    c : mapping
        Colours of the scheme.
    borders : bool
        False draws land alone.

    Returns
    -------
    list of Label
        Names for the middles of areas, where the picture is close enough.
    """
    fine = [*around(iso3s), *dict.fromkeys(iso3s)] if frame.view.zoom >= DETAIL_FROM else []
    world = _world(release)
    coarse = _cut(world[~world["iso3"].isin(fine)], frame)
    fill(axes, coarse, c["land"], zorder=1)
    line = c["rule-strong"] if borders else ""
    if line:
        outline(axes, coarse, line, 0.8, zorder=1.1)
    names: list[Label] = []
    for at, (iso3, areas) in enumerate(_countries(release, tuple(fine))):
        shown, above = _cut(areas, frame), 2 + at / 1000
        if line:  # below its own land, so that the inner half is covered
            outline(axes, shown, line, 2.4, zorder=above)
        fill(axes, shown, c["land"], zorder=above + 0.0003)
        if line:
            outline(axes, shown, line, 0.6, zorder=above + 0.0006)
        if line and iso3 in iso3s and frame.view.zoom >= AREAS_FROM:
            names += _names(areas, frame, c)
    if line:
        disputed = _cut(_disputed(release), frame)
        outline(axes, disputed, c["land"], 2.4, zorder=3)
        outline(axes, disputed, line, 1.2, zorder=3.1, dash=(0, (2.5, 2.5)))
    return names


def fill(
    axes: Axes,
    shapes: Sequence[shapely.Geometry],
    colour: str,
    *,
    zorder: float,
    share: float = 1.0,
    edge: str = "",
) -> None:
    """Fill polygons whose coordinates are pixels, `share` (0 to 1) strong, with a line of one pixel around each."""
    paths = [path for path in map(_path, shapes) if path is not None]
    if paths:
        axes.add_collection(
            PathCollection(
                paths, facecolors=[to_rgba(colour, share)], edgecolors=edge or "none", linewidths=1.0 if edge else 0,
                antialiased=bool(edge), zorder=zorder,  # smoothed edges would show as seams
            ),
            autolim=False,
        )  # fmt: skip


def outline(
    axes: Axes, shapes: Sequence[shapely.Geometry], colour: str, width: float, *, zorder: float,
    dash: Dash | None = None,
) -> None:  # fmt: skip
    """Draw the lines of shapes whose coordinates are pixels; a dash counts in widths."""
    rings = [ring for shape in shapes for ring in _lines(shape)]
    if rings:
        axes.add_collection(
            LineCollection(
                rings, colors=colour, linewidths=width, linestyles=[dash or "solid"], zorder=zorder,
                capstyle="butt" if dash else "round",
            ),
            autolim=False,
        )  # fmt: skip


def cut(shapes: Sequence[shapely.Geometry], frame: Frame) -> list[shapely.Geometry]:
    """The parts of shapes in degrees that lie in the frame or near it, in pixels; world-wide copies included."""
    west, south, east, north = frame.bounds(_BEYOND)
    found: list[shapely.Geometry] = []
    array = np.asarray(shapes, dtype=object)
    box = shapely.bounds(array) if len(array) else np.empty((0, 4))
    for turn in (-360.0, 0.0, 360.0):
        near = (
            (box[:, 0] + turn <= east)
            & (box[:, 2] + turn >= west)
            & (box[:, 1] <= north)
            & (box[:, 3] >= south)
        )
        for shape in array[near]:
            part = shapely.clip_by_rect(shape, west - turn, south, east - turn, north)
            if not part.is_empty:
                found.append(
                    shapely.transform(part, lambda xy, by=turn: frame.plain(xy + np.array([by, 0.0])))
                )
    return found


def _cut(table: gpd.GeoDataFrame, frame: Frame) -> list[shapely.Geometry]:
    return cut(list(table.geometry), frame)


def _lines(shape: shapely.Geometry) -> list[Floats]:
    """The coordinates of each line and ring of a shape."""
    parts = shapely.get_parts(shapely.boundary(shape) if shape.geom_type.endswith("Polygon") else shape)
    return [shapely.get_coordinates(part) for part in parts if part.geom_type.startswith("Line")]


def _path(shape: shapely.Geometry) -> Path | None:
    """A polygon with its holes as one path; None where there is no area."""
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if not rings:
        return None
    codes = [
        np.r_[Path.MOVETO, np.full(len(r) - 2, Path.LINETO), Path.CLOSEPOLY].astype(Path.code_type)
        for r in rings
    ]
    return Path(np.concatenate(rings), np.concatenate(codes))


def _names(areas: gpd.GeoDataFrame, frame: Frame, c: Colours) -> list[Label]:
    named = areas[areas["name"].notna()]
    points = shapely.point_on_surface(np.asarray(named.geometry.array, dtype=object))
    at = frame.pixels(shapely.get_x(points), shapely.get_y(points)) if len(named) else np.empty((0, 2))
    return [
        Label(float(x), float(y), str(name), NAME_PX, c["ink-3"], 0.0, centred=True)
        for (x, y), name in zip(at, named["name"], strict=True)
    ]


@lru_cache(maxsize=4)  # a release never changes
def _own(release: Release) -> gpd.GeoDataFrame:
    """First-level areas of operations that bring their own boundaries, newest version."""
    own = release.geoframe("areas")
    newest = own["version"] == own.groupby("iso3")["version"].transform("max")
    return own.loc[newest & (own["level"] == "adm1"), ["iso3", "name", "geometry"]]


@lru_cache(maxsize=4)
def _world(release: Release) -> gpd.GeoDataFrame:
    countries = release.geoframe("boundaries/adm0")
    land = _own(release).dissolve(by="iso3", as_index=False)
    drawn = pd.concat([countries[countries["zoom"] == "world"], land], ignore_index=True)
    return gpd.GeoDataFrame(drawn[["iso3", "geometry"]])


@lru_cache(maxsize=4)
def _disputed(release: Release) -> gpd.GeoDataFrame:
    lines = release.geoframe("boundaries/disputed")
    return lines[lines["zoom"] == "region"]


@lru_cache(maxsize=8)
def _countries(release: Release, iso3s: tuple[str, ...]) -> tuple[tuple[str, gpd.GeoDataFrame], ...]:
    """The first-level areas of each country, in the order asked for: read once for all of them."""
    if not iso3s:
        return ()
    own, areas = _own(release), release.geoframe("boundaries/adm1")
    areas = areas[(areas["zoom"] == "country") & areas["iso3"].isin(iso3s)]
    held = set(own["iso3"])
    tables = {iso3: own if iso3 in held else areas for iso3 in iso3s}
    return tuple(
        (iso3, table.loc[table["iso3"] == iso3, ["name", "geometry"]]) for iso3, table in tables.items()
    )

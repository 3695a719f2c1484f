"""Shapes on the Earth: circles with true radii, views, scale bars, and simplification that keeps borders shared.

All coordinates are longitude and latitude in degrees (EPSG:4326); distances are metres on the WGS 84
ellipsoid. Nothing here reads a file or knows how a map is drawn.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

WGS84 = Geod(ellps="WGS84")
TILE_PX = 512  # MapLibre: at zoom 0 the world is one tile of 512 px, not 256 as older maps count
MERCATOR_RADIUS_M = 6_378_137.0  # the sphere of web mercator
MERCATOR_LAT = math.degrees(math.atan(math.sinh(math.pi)))  # 85.0511…: where web mercator ends

Bounds = tuple[float, float, float, float]  # west, south, east, north; west > east: across the 180th meridian
Floats = npt.NDArray[np.float64]


class View(NamedTuple):
    """Where a map looks: its centre in degrees and its MapLibre zoom."""

    lon: float
    lat: float
    zoom: float


class ScaleBar(NamedTuple):
    """A bar that stands for a round distance."""

    metres: float
    pixels: float


def geodesic_circle(lon: float, lat: float, radius_m: float, points: int = 72) -> Polygon:
    """All that lies within `radius_m` of a place, drawn at its true size.

    Parameters
    ----------
    lon, lat : float
        Centre, degrees.
    radius_m : float
        Metres along the ellipsoid, above 0.
    points : int
        Vertices, at least 8; each lies at the radius, the sides between them a little inside.

    Returns
    -------
    shapely.Polygon
        `points` vertices, counterclockwise. Longitudes run on past 180 degrees where the circle crosses
        that meridian, so that the ring stays whole.

    Raises
    ------
    ValueError
        If a number is out of range, or the circle reaches a pole: such a ring has no inside on a flat map.
    """
    _check_place(lon, lat)
    if points < 8:
        raise ValueError(f"A circle needs at least 8 points, not {points}.")
    pole_m = min(_distance_m(lon, lat, lon, 90.0), _distance_m(lon, lat, lon, -90.0))
    if not 0 < radius_m < pole_m:
        raise ValueError(
            f"A circle at latitude {lat} can have a radius above 0 and below {pole_m:.0f} m, where it meets "
            f"the pole; {radius_m} m was asked for."
        )
    azimuths = -np.arange(points) * 360.0 / points
    lons, lats, _ = WGS84.fwd(np.full(points, lon), np.full(points, lat), azimuths, np.full(points, radius_m))
    unwrapped = lon + (np.asarray(lons) - lon + 180.0) % 360.0 - 180.0
    return Polygon(np.column_stack([unwrapped, lats]))


def geodesic_bounds(lons: npt.ArrayLike, lats: npt.ArrayLike, margin_m: float = 0.0) -> Bounds:
    """The narrowest box around places, with a margin in metres.

    Parameters
    ----------
    lons, lats : array_like of float, shape (n,), n >= 1
        Degrees. The widest empty stretch of longitude stays outside the box, so places on both sides of
        the 180th meridian are near each other; then the box's west is greater than its east.
    margin_m : float
        Metres added on every side, 0 or more.

    Returns
    -------
    tuple of float
        West, south, east, north, degrees.

    Raises
    ------
    ValueError
        If there is no place, one is missing or out of range, or the margin is negative.
    """
    x, y = np.atleast_1d(np.asarray(lons, float)), np.atleast_1d(np.asarray(lats, float))
    if x.size == 0 or x.shape != y.shape:
        raise ValueError(
            f"Pass as many longitudes as latitudes, and at least one; got {x.size} and {y.size}."
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all() and (np.abs(y) <= 90).all()):
        raise ValueError("A place is missing or has a latitude beyond 90 degrees. Are lat and lon swapped?")
    if margin_m < 0:
        raise ValueError(f"The margin is a distance in metres, 0 or more, not {margin_m}.")
    around = np.unique((x + 180.0) % 360.0 - 180.0)
    gaps = np.diff(np.append(around, around[0] + 360.0))
    widest = int(gaps.argmax())
    west, east = float(around[(widest + 1) % around.size]), float(around[widest])
    south, north = float(y.min()), float(y.max())
    if margin_m > 0:
        # meridians are closest together at the latitude furthest from the equator: take the margin there
        far = min(max(abs(south), abs(north)), 89.0)
        d_lon = float(WGS84.fwd(0.0, far, 90.0, margin_m)[0])
        south, north = _along_meridian(south, -margin_m), _along_meridian(north, margin_m)
        if 360.0 - gaps[widest] + 2 * d_lon >= 360.0:
            return (-180.0, south, 180.0, north)
        west, east = _wrapped(west - d_lon), _wrapped(east + d_lon)
    return (west, south, east, north)


def view_for(
    bounds: Bounds,
    width_px: float,
    height_px: float,
    padding_px: float = 24.0,
    min_zoom: float = 0.0,
    max_zoom: float = 12.0,
) -> View:
    """The closest view of a web mercator map that shows all of `bounds`.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north, degrees; west greater than east means across the 180th meridian.
        Latitudes beyond 85.05 degrees are cut there: the projection ends.
    width_px, height_px : float
        Size of the map, pixels.
    padding_px : float
        Kept free on every side; at most a quarter of the smaller side is taken.
    min_zoom, max_zoom : float
        The zoom is kept between these; a single place gets `max_zoom`.

    Returns
    -------
    View
        Centre (longitude from -180 to 180) and MapLibre zoom (512 px tiles).

    Raises
    ------
    ValueError
        If a bound is missing, south lies north of north, or a size is not above 0.
    """
    west, south, east, north = bounds
    if not all(map(math.isfinite, bounds)) or south > north:
        raise ValueError(
            f"Bounds are west, south, east, north in degrees, with south <= north; found {bounds}."
        )
    if width_px <= 0 or height_px <= 0 or padding_px < 0 or min_zoom > max_zoom:
        raise ValueError(
            f"A map of {width_px} x {height_px} px, padding {padding_px} px, cannot show anything."
        )
    span = east - west if east >= west else east + 360.0 - west
    low, high = _mercator(south), _mercator(north)
    free = 2 * min(padding_px, min(width_px, height_px) / 4)
    fits = [
        math.log2((side - free) / (TILE_PX * share))
        for side, share in ((width_px, min(span, 360.0) / 360.0), (height_px, high - low))
        if share > 0
    ]
    zoom = min(max(min(fits, default=max_zoom), min_zoom), max_zoom)
    return View(_wrapped(west + span / 2), _latitude((low + high) / 2), zoom)


def scale_bar(lat: float, zoom: float, max_px: float = 120.0) -> ScaleBar:
    """The longest bar of 1, 2 or 5 times a power of ten metres that is at most `max_px` wide.

    Parameters
    ----------
    lat : float
        Latitude of the map's centre, degrees, within 85.05: the bar is right there and only there.
    zoom : float
        MapLibre zoom (512 px tiles).
    max_px : float
        Widest bar, pixels. The bar is never narrower than 40 % of it.

    Returns
    -------
    ScaleBar
        Metres and pixels.

    Raises
    ------
    ValueError
        If the latitude lies beyond the projection or `max_px` is not above 0.
    """
    if not abs(lat) <= MERCATOR_LAT or max_px <= 0 or not math.isfinite(zoom):
        raise ValueError(f"No scale bar of {max_px} px at latitude {lat}, zoom {zoom}.")
    metres_per_px = math.cos(math.radians(lat)) * 2 * math.pi * MERCATOR_RADIUS_M / (TILE_PX * 2**zoom)
    longest = metres_per_px * max_px
    power = 10.0 ** math.floor(math.log10(longest))
    # 10 and 0.5 stand in for a power that the logarithm rounded the wrong way
    metres = max(step * power for step in (0.5, 1, 2, 5, 10) if step * power <= longest)
    return ScaleBar(metres, metres / metres_per_px)


def disc_radius_px(people: npt.ArrayLike, k: float) -> Floats:
    """Radii that give discs an area in proportion to the people they stand for: r = k * sqrt(people).

    Parameters
    ----------
    people : array_like of float, shape (n,) or ()
        Persons, 0 or more; missing stays missing.
    k : float
        Pixels for one person, above 0.

    Returns
    -------
    numpy.ndarray
        Radii in pixels, shape of `people`.

    Raises
    ------
    ValueError
        If a count is negative or `k` is not above 0.
    """
    counts = np.asarray(people, dtype=float)
    if (counts < 0).any():
        raise ValueError(
            f"A disc cannot stand for {float(np.nanmin(counts)):g} people. Pass counts of 0 or more."
        )
    if not k > 0:
        raise ValueError(f"k is the radius of one person's disc in pixels, above 0, not {k}.")
    return np.asarray(k * np.sqrt(counts))


def coverage_holds(geometries: npt.ArrayLike) -> bool:
    """Whether polygons are valid each, and meet each other without gaps along edges or overlaps."""
    shapes = np.asarray(geometries, dtype=object)
    return bool(shapely.is_valid(shapes).all()) and bool(shapely.coverage_is_valid(shapes))


def simplify_shared(gdf: gpd.GeoDataFrame, tolerance_deg: float, grid_deg: float) -> gpd.GeoDataFrame:
    """Fewer vertices, rounded to a grid, with every shared border still shared.

    Parameters
    ----------
    gdf : GeoDataFrame, shape (n,)
        Polygons in EPSG:4326 that form a valid coverage.
    tolerance_deg : float
        Corners of triangles with an area below about its square go (Visvalingam-Whyatt); degrees.
    grid_deg : float
        Coordinates become multiples of it, degrees; much smaller than the tolerance and the areas.

    Returns
    -------
    GeoDataFrame, shape (n,)
        Same rows, columns and order; no area is lost. The input stays as it was.

    Raises
    ------
    ValueError
        If the input is no valid coverage, or the grid is so coarse that the result is none.
    """
    if not coverage_holds(gdf.geometry.array):
        raise ValueError(
            "The areas overlap or do not meet along whole edges, so no border is surely shared. Mend them first."
        )
    fewer = shapely.coverage_simplify(np.asarray(gdf.geometry.array, dtype=object), tolerance_deg)
    digits = max(0, math.ceil(-math.log10(grid_deg))) + 2  # cuts the last-bit noise of the multiplication
    rounded = shapely.transform(fewer, lambda xy: np.round(np.round(xy / grid_deg) * grid_deg, digits) + 0.0)
    if not coverage_holds(rounded):  # an area that became a line or a point is invalid too
        raise ValueError(
            f"On a grid of {grid_deg} degrees these areas no longer fit together. Use a finer grid, "
            f"or a larger tolerance than {tolerance_deg} degrees."
        )
    tidy = shapely.remove_repeated_points(rounded, 0.0)
    return gdf.set_geometry(gpd.GeoSeries(tidy, index=gdf.index, crs=gdf.crs))


def to_geojson(gdf: gpd.GeoDataFrame, properties: Sequence[str], digits: int = 4) -> str:
    """Compact GeoJSON: chosen columns, rounded coordinates, the same text for the same table.

    Parameters
    ----------
    gdf : GeoDataFrame, shape (n,)
        In EPSG:4326. One feature a row, in the order of the rows; a multipolygon stays one feature.
    properties : sequence of str
        Columns to carry, in this order; nothing else leaves the table. A missing value becomes null.
    digits : int
        Decimals of a degree, 0 to 9; 4 is 11 m.

    Returns
    -------
    str
        A FeatureCollection.

    Raises
    ------
    ValueError
        If a column does not exist, a geometry is missing, or the table has another reference system.
    """
    absent = [name for name in properties if name not in gdf.columns]
    if absent:
        raise ValueError(f"No column {absent[0]!r} in the table; it has {', '.join(map(str, gdf.columns))}.")
    if gdf.crs is None or gdf.crs.to_epsg() != 4326:
        raise ValueError("GeoJSON is longitude and latitude: pass a table in EPSG:4326 (use to_crs).")
    if not 0 <= digits <= 9:
        raise ValueError(f"Coordinates are rounded to 0 to 9 decimals, not {digits}.")
    shapes = np.asarray(gdf.geometry.array, dtype=object)
    if shapely.is_missing(shapes).any():
        raise ValueError("A row has no geometry. List such rows beside the map; they cannot be drawn.")
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, digits) + 0.0)  # + 0.0: no "-0.0"
    columns = [[_plain(value) for value in gdf[name]] for name in properties]
    features = []
    for at, shape in enumerate(shapely.to_geojson([_without_repeats(shape) for shape in rounded])):
        carried = {name: column[at] for name, column in zip(properties, columns, strict=True)}
        text = json.dumps(carried, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        features.append(f'{{"type":"Feature","properties":{text},"geometry":{shape}}}')
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def _without_repeats(shape: BaseGeometry) -> BaseGeometry:
    """Points that rounding made one are one; a ring too small for that keeps them, for no area may vanish."""
    try:
        fewer: BaseGeometry = shapely.remove_repeated_points(shape, 0.0)
    except shapely.errors.GEOSException:
        return shape
    return shape if shapely.is_empty(fewer) else fewer


def _plain(value: Any) -> Any:
    """A cell as JSON knows it: numpy numbers become Python's, missing becomes None, other things text."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, bool | int | float | str) else str(value)


def _check_place(lon: float, lat: float) -> None:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(
            f"Found longitude {lon}, latitude {lat}; expected -180 to 180 and -90 to 90. Are they swapped?"
        )


def _distance_m(lon_1: float, lat_1: float, lon_2: float, lat_2: float) -> float:
    return float(WGS84.inv(lon_1, lat_1, lon_2, lat_2)[2])


def _along_meridian(lat: float, metres: float) -> float:
    """The latitude so many metres further north (south if negative), at most the pole."""
    pole = math.copysign(90.0, metres)
    if abs(metres) >= _distance_m(0.0, lat, 0.0, pole):
        return pole
    there = float(WGS84.fwd(0.0, lat, 0.0, metres)[1])
    return max(there, lat) if metres > 0 else min(there, lat)  # a metre's fraction may round the other way


def _wrapped(lon: float) -> float:
    """The same meridian, from -180 to 180; a longitude already there stays as it is."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0


def _mercator(lat: float) -> float:
    """Height on the web mercator square, 0 at its southern and 1 at its northern edge."""
    cut = min(max(lat, -MERCATOR_LAT), MERCATOR_LAT)
    return 0.5 + math.asinh(math.tan(math.radians(cut))) / (2 * math.pi)


def _latitude(height: float) -> float:
    """The inverse of `_mercator`."""
    return math.degrees(math.atan(math.sinh((height - 0.5) * 2 * math.pi)))

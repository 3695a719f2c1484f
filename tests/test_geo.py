"""Shapes on the Earth are true: radii, areas, distances, and borders that stay shared."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from data.geo import (
    TILE_PX,
    WGS84,
    coverage_holds,
    disc_radius_px,
    geodesic_bounds,
    geodesic_circle,
    scale_bar,
    simplify_shared,
    to_geojson,
    view_for,
)

lons = st.floats(-180, 180)
lats = st.floats(-84, 84)


def bricks(seed: int, rows: int = 3, across: int = 3, steps: int = 24) -> gpd.GeoDataFrame:
    """A wall of areas with jagged shared edges; each brick ends in the middle of its neighbours' long sides."""
    rng = np.random.default_rng(seed)
    edges: dict[tuple[tuple[int, int], tuple[int, int]], np.ndarray] = {}

    def edge(a: tuple[int, int], b: tuple[int, int]) -> np.ndarray:
        if (b, a) in edges:
            return edges[b, a][::-1]
        if (a, b) not in edges:
            line = np.linspace(a, b, steps + 1)
            line[1:-1] += rng.uniform(-0.015, 0.015, (steps - 1, 2))
            edges[a, b] = line
        return edges[a, b]

    areas = []
    for row in range(rows):
        for left in range(row % 2, 2 * across, 2):
            corners = [
                (left, row),
                (left + 1, row),
                (left + 2, row),
                (left + 2, row + 1),
                (left + 1, row + 1),
            ]
            corners += [(left, row + 1), (left, row)]
            areas.append(shapely.Polygon(np.vstack([edge(a, b)[:-1] for a, b in pairwise(corners)])))
    return gpd.GeoDataFrame({"code": range(len(areas))}, geometry=areas, crs="EPSG:4326")


@given(lons, lats, st.floats(1, 500_000), st.integers(8, 180))
def test_every_vertex_lies_at_the_true_radius(lon: float, lat: float, radius: float, points: int) -> None:
    """All vertices of a circle are within 0.1 % of its radius, and its ring is whole and simple."""
    circle = geodesic_circle(lon, lat, radius, points)
    x, y = np.array(circle.exterior.coords).T
    _, _, metres = WGS84.inv(np.full_like(x, lon), np.full_like(y, lat), x, y)
    assert len(x) == points + 1
    assert_allclose(metres, radius, rtol=1e-3)
    assert circle.is_valid
    assert circle.exterior.is_ccw
    assert np.abs(x - lon).max() < 180


def test_a_circle_in_plain_degrees_would_not_pass() -> None:
    """Control: a buffer in degrees, as drawn by the naive way, is wrong by more than 0.1 % away from the equator."""
    x, y = np.array(shapely.Point(13.2, 45.0).buffer(10_000 / 111_320).exterior.coords).T
    _, _, metres = WGS84.inv(np.full_like(x, 13.2), np.full_like(y, 45.0), x, y)
    assert np.abs(metres / 10_000 - 1).max() > 0.2


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "points", "said"),
    [
        pytest.param(18.5, -172.3, 1000, 72, "swapped", id="swapped"),
        pytest.param(-172.3, 18.5, 0, 72, "above 0", id="no-radius"),
        pytest.param(0.0, 89.0, 200_000, 72, "meets the pole", id="over-the-pole"),
        pytest.param(0.0, 0.0, 1000, 3, "at least 8", id="a-triangle"),
        pytest.param(math.nan, 0.0, 1000, 72, "expected", id="missing"),
    ],
)
def test_circles_that_cannot_be_drawn_are_refused(
    lon: float, lat: float, radius: float, points: int, said: str
) -> None:
    """What no circle can stand for is refused with its reason."""
    with pytest.raises(ValueError, match=said):
        geodesic_circle(lon, lat, radius, points)


@given(st.lists(st.tuples(lons, lats), min_size=1, max_size=12), st.floats(0, 200_000))
def test_bounds_hold_every_place(places: list[tuple[float, float]], margin: float) -> None:
    """Every place lies inside its bounds, whichever side of the 180th meridian, margin or none."""
    x, y = np.array(places).T
    west, south, east, north = geodesic_bounds(x, y, margin)
    span = east - west if east >= west else east + 360 - west
    assert ((x - west + 1e-9) % 360 <= span + 2e-9).all()
    assert (y >= south).all()
    assert (y <= north).all()


def test_bounds_are_narrow_across_the_180th_meridian() -> None:
    """Two islands 4 degrees apart, on either side of the meridian, make a box of 4 degrees, not of 356."""
    assert geodesic_bounds([178.0, -178.0], [-17.0, -16.0]) == (178.0, -17.0, -178.0, -16.0)


def test_a_margin_is_as_wide_as_asked() -> None:
    """A margin of 100 km is 100 km from the place to each side of its box."""
    west, south, east, north = geodesic_bounds(-72.3, 18.5, 100_000)
    for lon, lat in ((west, 18.5), (east, 18.5), (-72.3, south), (-72.3, north)):
        assert WGS84.inv(-72.3, 18.5, lon, lat)[2] == pytest.approx(100_000, rel=1e-3)


@pytest.mark.parametrize(
    ("x", "y", "margin"), [([], [], 0), ([1.0], [91.0], 0), ([math.nan], [1.0], 0), ([1.0], [1.0], -1)]
)
def test_bounds_of_no_place_are_refused(x: list[float], y: list[float], margin: float) -> None:
    """No place, a missing one, one off the Earth, or a negative margin has no bounds."""
    with pytest.raises(ValueError, match=r"place|Pass|margin"):
        geodesic_bounds(x, y, margin)


def on_screen(lon: float, lat: float, zoom: float) -> tuple[float, float]:
    """Pixels on MapLibre's world square, written out from its definition."""
    size = TILE_PX * 2**zoom
    return (lon + 180) / 360 * size, (
        0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
    ) * size


@given(lons, lats, st.floats(0.01, 350), st.floats(0.01, 60), st.integers(200, 2000), st.integers(200, 1400))
def test_a_view_shows_all_of_its_bounds_and_no_more_than_needed(
    west: float, south: float, wide: float, high: float, width: int, height: int
) -> None:
    """All four corners are on the map; unless the zoom is at a limit, one side fills the map but its padding."""
    north = min(south + high, 85.0)
    lon, lat, zoom = view_for((west, south, west + wide, north), width, height)
    assert -180 <= lon <= 180
    assert 0 <= zoom <= 12
    assume(zoom > 0)
    _, top = on_screen(0, north, zoom)
    _, bottom = on_screen(0, south, zoom)
    _, middle = on_screen(0, lat, zoom)
    across = wide / 360 * TILE_PX * 2**zoom
    assert middle - top == pytest.approx(bottom - middle, abs=1e-4)
    assert across <= width - 48 + 1e-6
    assert bottom - top <= height - 48 + 1e-6
    assert zoom == 12 or across == pytest.approx(width - 48) or bottom - top == pytest.approx(height - 48)


def test_a_view_counts_tiles_of_512_pixels() -> None:
    """The whole width of the world in 512 px without padding is MapLibre's zoom 0; in 1,024 px it is 1."""
    assert view_for((-180, -10, 180, 10), 512, 512, padding_px=0) == pytest.approx((0, 0, 0))
    assert view_for((-180, -10, 180, 10), 1024, 1024, padding_px=0).zoom == pytest.approx(1)


def test_a_view_crosses_the_180th_meridian() -> None:
    """Bounds from 177 E to 178 W are looked at from their middle, not from the other side of the Earth."""
    view = view_for((177.0, -19.0, -178.0, -16.0), 800, 600)
    assert view.lon == pytest.approx(179.5)
    assert view.zoom > 5


def test_a_single_place_gets_the_closest_zoom() -> None:
    """A view of one point is the closest allowed, not infinitely close."""
    assert view_for((8.0, 17.0, 8.0, 17.0), 800, 600, max_zoom=9) == pytest.approx((8.0, 17.0, 9.0))


@pytest.mark.parametrize(
    ("bounds", "width"), [((0, 10, 1, 5), 800), ((0, 0, math.inf, 1), 800), ((0, 0, 1, 1), 0)], ids=str
)
def test_views_of_nothing_are_refused(bounds: tuple[float, float, float, float], width: float) -> None:
    """Bounds upside down or missing, or a map without width, are refused."""
    with pytest.raises(ValueError, match=r"Bounds|cannot show"):
        view_for(bounds, width, 600)


@given(st.floats(-85, 85), st.floats(0, 20), st.floats(40, 300))
def test_the_scale_bar_is_round_and_fits(lat: float, zoom: float, max_px: float) -> None:
    """The bar is 1, 2 or 5 times a power of ten, never wider than allowed and never below 40 % of that."""
    metres, pixels = scale_bar(lat, zoom, max_px)
    assert f"{metres:.0e}"[0] in "125"
    assert metres == pytest.approx(float(f"{metres:.0e}"))
    assert 0.4 * max_px * (1 - 1e-9) <= pixels <= max_px * (1 + 1e-9)


def test_the_scale_bar_is_true_on_the_ground() -> None:
    """At 18.5 N and zoom 8 the bar's pixels, along the parallel, are its metres within 0.5 %."""
    metres, pixels = scale_bar(18.5, 8)
    degrees = pixels * 360 / (TILE_PX * 2**8)
    assert WGS84.inv(0, 18.5, degrees, 18.5)[2] == pytest.approx(metres, rel=0.005)


@pytest.mark.parametrize(("lat", "max_px"), [(86.0, 120), (0.0, 0), (math.nan, 120)])
def test_no_scale_where_there_is_no_map(lat: float, max_px: float) -> None:
    """Beyond the projection, or without room, there is no bar."""
    with pytest.raises(ValueError, match="No scale bar"):
        scale_bar(lat, 5, max_px)


@given(st.lists(st.floats(1, 1e7), min_size=2, max_size=20), st.floats(0.01, 2))
def test_disc_areas_are_in_proportion_to_people(people: list[float], k: float) -> None:
    """Twice the people, twice the area: area by people is the same for every disc."""
    area = np.pi * disc_radius_px(people, k) ** 2
    assert_allclose(area / people, np.pi * k**2, rtol=1e-9)


def test_radii_in_proportion_would_not_pass() -> None:
    """Control: with radii in proportion, ten times the people would look like a hundred times."""
    people = np.array([100.0, 1000.0])
    area = np.pi * (0.1 * people) ** 2
    assert (area / people)[1] == pytest.approx(10 * (area / people)[0])


def test_a_disc_for_a_missing_count_is_missing() -> None:
    """Missing stays missing, zero is a disc of no size, and a negative count is refused."""
    assert_allclose(disc_radius_px([math.nan, 0.0, 4.0], 0.5), [math.nan, 0.0, 1.0])
    with pytest.raises(ValueError, match="-3 people"):
        disc_radius_px([1.0, -3.0], 0.5)
    with pytest.raises(ValueError, match="above 0"):
        disc_radius_px([1.0], 0.0)


@given(st.integers(0, 10_000), st.floats(0.02, 0.3))
@settings(deadline=None, max_examples=40)
def test_simplification_keeps_borders_shared(seed: int, tolerance: float) -> None:
    """Simplified areas still meet without gap or overlap, none is lost, and every coordinate is on the grid."""
    wall = bricks(seed)
    before = wall.geometry.to_wkb().tolist()
    fewer = simplify_shared(wall, tolerance, 1e-4)
    assert coverage_holds(fewer.geometry.array)
    assert fewer["code"].tolist() == wall["code"].tolist()
    assert fewer.geometry.count_coordinates().sum() < wall.geometry.count_coordinates().sum()
    xy = shapely.get_coordinates(fewer.geometry.array)
    assert_allclose(xy, xy.round(4), atol=1e-12)
    assert wall.geometry.to_wkb().tolist() == before
    # one outline around all, without holes: nothing opened up between them
    together = shapely.union_all(fewer.geometry.array)
    assert together.geom_type == "Polygon"
    assert len(together.interiors) == 0


@pytest.mark.parametrize("seed", range(5))
def test_simplifying_each_area_alone_would_not_pass(seed: int) -> None:
    """Control: `.simplify` on the same areas opens gaps and overlaps, and the test above would catch it."""
    assert not coverage_holds(bricks(seed).simplify(0.05).array)


def test_a_grid_too_coarse_is_refused() -> None:
    """Where rounding would break the areas, nothing is returned; where the input is broken, it says so."""
    with pytest.raises(ValueError, match="finer grid"):
        simplify_shared(bricks(1), 0.05, 3.0)
    broken = bricks(1)
    broken.loc[0, "geometry"] = broken.geometry[0].buffer(0.1)
    with pytest.raises(ValueError, match="Mend them first"):
        simplify_shared(broken, 0.05, 1e-4)


def places() -> gpd.GeoDataFrame:
    """Two rows: one area of two parts with everything known, one with a missing name and count."""
    two = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2.123456, 0, 3, 1)])
    frame = {"name": ["Sud-Est «é»", None], "people": [np.int64(12), np.nan], "secret": ["a", "b"]}
    return gpd.GeoDataFrame(frame, geometry=[two, shapely.Point(-1e-9, 5)], crs="EPSG:4326")


def test_geojson_carries_what_was_asked_and_nothing_else() -> None:
    """Columns not asked for stay behind; missing is null; a multipolygon is one feature; numbers are rounded."""
    text = to_geojson(places(), ["name", "people"])
    first, second = json.loads(text)["features"]
    assert first["properties"] == {"name": "Sud-Est «é»", "people": 12.0}
    assert second["properties"] == {"name": None, "people": None}
    assert first["geometry"]["type"] == "MultiPolygon"
    assert len(first["geometry"]["coordinates"]) == 2
    assert "2.1235" in text
    assert "2.12345" not in text
    assert "-0.0" not in text
    assert "secret" not in text
    assert ": " not in text
    assert ", " not in text.replace("Sud-Est «é»", "")


@given(st.integers(0, 10_000), st.integers(1, 6))
@settings(deadline=None, max_examples=25)
def test_geojson_is_the_same_text_for_the_same_table(seed: int, digits: int) -> None:
    """Writing twice gives the same text, and reading it gives the areas back, rounded; none has vanished."""
    wall = bricks(seed)
    text = to_geojson(wall, ["code"], digits)
    assert text == to_geojson(wall.copy(), ["code"], digits)
    back = gpd.GeoDataFrame.from_features(json.loads(text), crs="EPSG:4326")
    assert back["code"].tolist() == wall["code"].tolist()
    assert not back.geometry.is_empty.any()
    assert_allclose(back.total_bounds, wall.total_bounds, atol=10.0**-digits)


def test_an_area_smaller_than_the_rounding_stays() -> None:
    """An island of 1 m, written with 2 decimals, is still a feature with a ring."""
    speck = gpd.GeoDataFrame({"code": ["s"]}, geometry=[shapely.box(7.0, 7.0, 7.00001, 7.00001)], crs=4326)
    (feature,) = json.loads(to_geojson(speck, ["code"], 2))["features"]
    assert feature["geometry"]["coordinates"] == [[[7.0, 7.0]] * 5]


def test_geojson_refuses_what_it_cannot_write() -> None:
    """An unknown column, another reference system, a missing geometry or odd digits are refused."""
    good = places()
    with pytest.raises(ValueError, match="No column 'Name'"):
        to_geojson(good, ["Name"])
    with pytest.raises(ValueError, match="EPSG:4326"):
        to_geojson(good.to_crs(3857), ["name"])
    with pytest.raises(ValueError, match="0 to 9"):
        to_geojson(good, ["name"], 12)
    with pytest.raises(ValueError, match="no geometry"):
        to_geojson(good.set_geometry(gpd.GeoSeries([None, None], crs=4326)), ["name"])


def test_geojson_writes_dates_and_missing_ones() -> None:
    """A date becomes its text, a missing one null."""
    dated = places().assign(day=[pd.Timestamp("2013-09-30"), pd.NaT])
    days = [f["properties"]["day"] for f in json.loads(to_geojson(dated, ["day"]))["features"]]
    assert days == ["2013-09-30 00:00:00", None]

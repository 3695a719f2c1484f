"""The shapes of areas as a map draws them: simplified with shared borders, hatched, and cut into vector tiles.

An area is named by its place in the order of the codes, so that many of them are said in few letters.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from data import area_queries
from data.geo import MERCATOR_LAT, coverage_holds, simplify_shared, to_geojson
from data.store import Release

PROPERTIES = ("pcode", "name")
MANY_VERTICES = 60_000  # of more, a drawing is simplified
FINEST = 1500  # the tolerance then is this part of the extent
GRID_DEG = 1e-4
# Hatches: how many lines cross the height of the whole, and in which directions (degrees from the x axis).
HATCHES: Mapping[str, tuple[int, tuple[int, ...]]] = {
    "wide": (60, (45,)), "fine": (100, (45,)), "level": (90, (0,)), "cross": (60, (45, -45)),
    "sparse": (45, (-45,)), "upright": (90, (90,)),
}  # fmt: skip
EXTENT, BUFFER = 4096, 64  # of a tile, in its own units
MAX_ZOOM = 10
AREAS, BORDERS = "areas", "borders"  # layers of a tile; a border that two areas share is one line
Mask = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which areas a drawing is of."""

    iso3: str
    level: str
    version: int  # 0: embedded borders

    @property
    def name(self) -> str:
        """Its name in an address: XTR-adm2-v1."""
        return f"{self.iso3}-{self.level}-v{self.version}"


def areas_of(release: Release, sheet: Sheet) -> gpd.GeoDataFrame:
    """The areas of a sheet in the order of their codes, as exact as they are held.

    Raises
    ------
    LookupError
        If there are none.
    """
    if sheet.version and sheet.version not in {
        v.number for v in area_queries.versions(release).get(sheet.iso3, ())
    }:
        raise LookupError(sheet.name)
    found = area_queries.areas(release, sheet.iso3, sheet.level, sheet.version or None)
    if found.empty:
        raise LookupError(sheet.name)
    return found


@lru_cache(maxsize=16)  # a release never changes
def drawn(release: Release, sheet: Sheet) -> gpd.GeoDataFrame:
    """The areas of a sheet as a whole country is drawn: simplified where there are very many vertices."""
    found = areas_of(release, sheet)
    shapes = np.asarray(found.geometry.array, dtype=object)
    if shapely.get_num_coordinates(shapes).sum() <= MANY_VERTICES:
        return found
    return _simplified(found, _extent(found) / FINEST)


def geojson(release: Release, sheet: Sheet) -> str:
    """The areas of a sheet, with code and name."""
    return to_geojson(drawn(release, sheet), PROPERTIES)


# Which areas


def said(mask: npt.ArrayLike) -> str:
    """Which areas, in the order of the codes, in the letters of an address: eight areas a byte.

    Parameters
    ----------
    mask : array_like of bool, shape (n,)
    """
    packed = np.packbits(np.asarray(mask, dtype=bool), bitorder="little").tobytes()
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def read(text: str, n: int) -> Mask:
    """The areas that `said` wrote, shape (n,).

    Raises
    ------
    LookupError
        If it is not of so many areas.
    """
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise LookupError(text[:40]) from None
    if len(packed) != (n + 7) // 8:
        raise LookupError(text[:40])
    return np.unpackbits(np.frombuffer(packed, dtype=np.uint8), count=n, bitorder="little").astype(bool)


# Hatches


def hatched(release: Release, sheet: Sheet, hatch: str, of: str) -> str:
    """Lines over some areas of a sheet, as GeoJSON: each area one feature with its code.

    Parameters
    ----------
    release : Release
        Where the areas are taken from.
    sheet : Sheet
        Which areas there are.
    hatch : str
        One of `HATCHES`.
    of : str
        Which of them, by `said`.

    Raises
    ------
    LookupError
        If there is no such sheet or hatch, or `of` is of another number of areas.
    """
    if hatch not in HATCHES:
        raise LookupError(hatch)
    areas = drawn(release, sheet)
    mask = read(of, len(areas))
    lines = hatch_lines(np.asarray(areas.geometry.array, dtype=object), mask, hatch)
    return to_geojson(
        areas[mask].set_geometry(gpd.GeoSeries(lines, index=areas.index[mask], crs=areas.crs)), ["pcode"]
    )


def hatch_lines(shapes: npt.NDArray[np.object_], mask: Mask, hatch: str) -> list[BaseGeometry]:
    """The lines within each chosen shape; their distance depends on all shapes, so it is one for a whole country."""
    many, angles = HATCHES[hatch]
    west, south, east, north = shapely.total_bounds(shapes)
    flat = max(
        math.cos(math.radians((south + north) / 2)), 0.05
    )  # a degree of longitude in degrees of latitude
    gap = max((east - west) * flat, north - south) / many
    found = []
    for shape in shapes[mask]:
        lines = [
            line
            for angle in angles
            for line in _parallels(shapely.bounds(shape), gap, math.radians(angle), flat)
        ]
        found.append(shapely.intersection(shapely.multilinestrings(lines), shape))
    return found


def _parallels(bounds: Sequence[float], gap: float, angle: float, flat: float) -> list[Points]:
    """Lines at an angle through a box; they lie on one grid wherever the box is, so that neighbours meet."""
    west, south, east, north = bounds
    corners = np.array(
        [(west * flat, south), (west * flat, north), (east * flat, south), (east * flat, north)]
    )
    along, across = (
        np.array([math.cos(angle), math.sin(angle)]),
        np.array([-math.sin(angle), math.cos(angle)]),
    )
    reach, offsets = corners @ along, corners @ across
    steps = np.arange(math.ceil(offsets.min() / gap), math.floor(offsets.max() / gap) + 1) * gap
    if not len(steps):
        steps = np.array([offsets.mean()])  # an area smaller than the distance has one line
    ends = [reach.min() * along, reach.max() * along]
    return [np.array([(end + step * across) / (flat, 1.0) for end in ends]) for step in steps]


# Vector tiles


@lru_cache(maxsize=12)
def _at_zoom(release: Release, sheet: Sheet, band: int) -> tuple[npt.NDArray[np.object_], shapely.STRtree]:
    """The areas in web mercator, 0 to 1 and y down, simplified to half a pixel of the finest zoom of a band."""
    areas = areas_of(release, sheet)
    if band < MAX_ZOOM:
        areas = _simplified(areas, 360 / 512 / 2**band)
    shapes = shapely.transform(np.asarray(areas.geometry.array, dtype=object), mercator)
    return shapes, shapely.STRtree(shapes)


def tile(release: Release, sheet: Sheet, z: int, x: int, y: int) -> bytes:
    """One vector tile of `AREAS` and `BORDERS`; the id of an area is its place in the order of the codes.

    Raises
    ------
    LookupError
        If there is no such sheet or tile.
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise LookupError(f"{z}/{x}/{y}")
    areas = areas_of(release, sheet)
    shapes, tree = _at_zoom(release, sheet, min(MAX_ZOOM, z + 1 + z % 2))
    side, edge = 2.0**-z, BUFFER / EXTENT * 2.0**-z
    box = (x * side - edge, y * side - edge, (x + 1) * side + edge, (y + 1) * side + edge)
    features, codes, names = [], areas["pcode"].to_numpy(), areas["name"].fillna("").to_numpy()
    for at in sorted(tree.query(shapely.box(*box)).tolist()):
        rings = _rings(shapely.clip_by_rect(shapes[at], *box), x * side, y * side, side)
        if rings:
            features.append((at, {"pcode": str(codes[at]), "name": str(names[at])}, rings))
    lines = borders([ring for _, _, rings in features for ring in rings])
    return encoded(AREAS, features) + (encoded_lines(BORDERS, lines) if lines else b"")


def mercator(lonlat: Points) -> Points:
    """Degrees to web mercator, 0 to 1, y down."""
    lat = np.radians(np.clip(lonlat[:, 1], -MERCATOR_LAT, MERCATOR_LAT))
    return np.column_stack([lonlat[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def _rings(shape: BaseGeometry, left: float, top: float, side: float) -> list[npt.NDArray[np.int64]]:
    """Rings of a clipped shape in units of a tile, without the closing point; outer ones run clockwise on screen."""
    found: list[npt.NDArray[np.int64]] = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        for nth, ring in enumerate((part.exterior, *part.interiors)):
            xy = np.rint((shapely.get_coordinates(ring) - (left, top)) * (EXTENT / side)).astype(np.int64)
            xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]]
            xy = xy[:-1] if len(xy) > 1 and (xy[0] == xy[-1]).all() else xy
            if len(xy) < 3:
                if nth == 0:
                    break  # an outer ring that is a point here; its holes are too
                continue
            twice = int((xy[:, 0] * np.roll(xy[:, 1], -1) - np.roll(xy[:, 0], -1) * xy[:, 1]).sum())
            if twice == 0:
                if nth == 0:
                    break
                continue
            found.append(xy if (twice > 0) == (nth == 0) else xy[::-1])
    return found


def borders(rings: Sequence[npt.NDArray[np.int64]]) -> list[npt.NDArray[np.int64]]:
    """The lines of rings, each once: what two areas share is not drawn twice, and the edge of a tile is no border.

    Parameters
    ----------
    rings : sequence of int array, shape (n, 2)
        In units of the tile, not closed.
    """
    if not rings:
        return []
    ends = np.concatenate([np.concatenate([ring, np.roll(ring, -1, axis=0)], axis=1) for ring in rings])
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    outside = np.zeros(len(ends), dtype=bool)
    for axis in (0, 1):
        for side in (-BUFFER, EXTENT + BUFFER):
            outside |= (ends[:, axis] == side) & (ends[:, axis + 2] == side)
    ends = np.unique(ends[~outside], axis=0)
    if not len(ends):
        return []
    joined = shapely.line_merge(
        shapely.multilinestrings(shapely.linestrings(ends.reshape(-1, 2, 2).astype(float)))
    )
    return [np.rint(shapely.get_coordinates(line)).astype(np.int64) for line in shapely.get_parts(joined)]


def encoded_lines(name: str, lines: Sequence[npt.NDArray[np.int64]]) -> bytes:
    """A layer of one feature without properties, all of whose lines are open; as `encoded`."""
    inner = _field(3, 2) + _packed(4, _commands(lines, close=False))
    return _bytes(3, b"".join([_text(1, name), _bytes(2, inner), _field(5, EXTENT), _field(15, 2)]))


def encoded(
    name: str, features: Sequence[tuple[int, Mapping[str, str], Sequence[npt.NDArray[np.int64]]]]
) -> bytes:
    """A vector tile (version 2.1 of the format) of one layer of polygons.

    Parameters
    ----------
    name : str
        Of the layer.
    features : sequence of (id, properties, rings)
        Rings in units of the tile, not closed; outer ones with positive area (y down), holes negative.
    """
    keys: dict[str, int] = {}
    texts: dict[str, int] = {}
    body = [_text(1, name)]
    for number, properties, rings in features:
        tags: list[int] = []
        for key, text in properties.items():
            tags += [keys.setdefault(key, len(keys)), texts.setdefault(text, len(texts))]
        inner = _field(1, number) + _packed(2, tags) + _field(3, 3) + _packed(4, _commands(rings))
        body.append(_bytes(2, inner))
    body += [_text(3, key) for key in keys]
    body += [_bytes(4, _text(1, text)) for text in texts]
    body += [_field(5, EXTENT), _field(15, 2)]
    return _bytes(3, b"".join(body))


def _commands(rings: Sequence[npt.NDArray[np.int64]], *, close: bool = True) -> list[int]:
    """Move, line and close for each ring, or for each line without closing it, as differences in zigzag."""
    found: list[int] = []
    last = np.zeros((1, 2), dtype=np.int64)
    for ring in rings:
        steps = np.diff(np.concatenate([last, ring]), axis=0)
        zigzag = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
        found += [9, *zigzag[:2], ((len(ring) - 1) << 3) | 2, *zigzag[2:], *([15] if close else [])]
        last = ring[-1:]
    return found


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _bytes(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _text(number: int, text: str) -> bytes:
    return _bytes(number, text.encode())


def _packed(number: int, values: Collection[int]) -> bytes:
    if values and max(values) < 128:  # most are: each is a byte
        return _bytes(number, bytes(values))
    return _bytes(number, b"".join(map(_varint, values)))


EMPTY = encoded(AREAS, [])  # the tile where no area is


# Simpler


def _extent(areas: gpd.GeoDataFrame) -> float:
    west, south, east, north = areas.total_bounds
    return float(max(east - west, north - south))


def _simplified(areas: gpd.GeoDataFrame, tolerance_deg: float) -> gpd.GeoDataFrame:
    """Fewer vertices where the areas meet along whole edges, else as they are: better slow than wrong."""
    if not coverage_holds(areas.geometry.array):
        return areas
    try:
        return simplify_shared(areas, tolerance_deg, min(GRID_DEG, tolerance_deg / 4))
    except ValueError:
        return areas

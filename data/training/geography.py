"""The land: one island and two islets in mid-ocean, in provinces, districts and communes that fit together.

Cells grow around random points; their edges are made uneven, noded on a grid and joined to polygons, so that
neighbours share every vertex. Communes join to districts and these to provinces along their own edges. One
district becomes two in round BOUNDARY: a second version of the boundaries, with new codes for what changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from data.geo import coverage_holds
from data.training.names import Tongue
from data.training.schedule import BOUNDARY, ROUNDS
from data.training.seeds import stream

ISO3, PREFIX = "XTR", "XT"  # from the ranges that ISO 3166 leaves to users
PROVINCES, DISTRICTS, COMMUNES = 10, 60, 250
# Middle of nowhere: more than 1,000 km from any land
CENTRES = ((-19.0, -28.5), (80.5, -25.5), (-118.0, -38.0), (-31.0, -36.0))
HALF_WIDTH, HALF_HEIGHT = 1.9, 1.5  # degrees
GRID = 1e-5  # degrees: every vertex lies on it

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Geography:
    """Areas by number.

    Communes are 0 … 249 in both versions of the boundaries; districts are 0 … 59, of which `split` ends in
    round BOUNDARY, and 60 and 61, which begin there.
    """

    country: str
    shapes: npt.NDArray[np.object_]  # of communes, shape (COMMUNES,)
    province_of: Ints  # of each commune
    district_of: Ints  # shape (2, COMMUNES): by version
    province_of_district: Ints  # shape (DISTRICTS + 2,)
    split: int  # number of the district that becomes two
    lost: int  # number of the district that could not be reached for a while
    neighbours: tuple[tuple[int, ...], ...]  # of each commune
    provinces: tuple[str, ...]  # names
    districts: tuple[str, ...]
    communes: tuple[str, ...]
    province_codes: tuple[str, ...]
    district_codes: tuple[str, ...]
    commune_codes: tuple[tuple[str, ...], tuple[str, ...]]  # by version
    residents: Ints  # before anybody was displaced, shape (COMMUNES,)

    def version(self, number: int) -> int:
        """The version of the boundaries, 0 or 1, in a round."""
        return int(number >= BOUNDARY)

    @property
    def versions(self) -> Ints:
        """The version in each round, shape (ROUNDS,)."""
        return (np.arange(1, ROUNDS + 1) >= BOUNDARY).astype(np.int64)

    def members(self, version: int, district: int) -> Ints:
        """The communes of a district."""
        return np.flatnonzero(self.district_of[version] == district)

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, degrees."""
        box = shapely.total_bounds(self.shapes)
        return float(box[0]), float(box[1]), float(box[2]), float(box[3])

    def locate(self, rng: np.random.Generator, areas: Ints) -> tuple[Floats, Floats]:
        """One place in each of `areas` (numbers of communes): longitudes and latitudes, degrees, 4 decimals."""
        tree = shapely.STRtree(self.shapes)
        boxes = shapely.bounds(self.shapes)[areas]
        inside = shapely.get_coordinates(shapely.point_on_surface(self.shapes))[areas]
        lon, lat = inside[:, 0].round(4), inside[:, 1].round(4)
        missing = np.arange(areas.size)
        for _ in range(40):
            if not missing.size:
                break
            box = boxes[missing]
            x = (box[:, 0] + rng.random(missing.size) * (box[:, 2] - box[:, 0])).round(4)
            y = (box[:, 1] + rng.random(missing.size) * (box[:, 3] - box[:, 1])).round(4)
            point, area = tree.query(shapely.points(x, y), predicate="within")
            hit = point[areas[missing[point]] == area]
            lon[missing[hit]], lat[missing[hit]] = x[hit], y[hit]
            missing = np.delete(missing, hit)
        return lon, lat


def geography(seed: int, tongue: Tongue) -> Geography:
    """The land of one seed.

    Raises
    ------
    ValueError
        If no valid set of borders came of the seed: take another one.
    """
    shapes = _communes(seed)
    touching = _neighbours(shapes)
    district = _grown(shapes, touching, DISTRICTS, stream(seed, "geography", "districts"))
    district_shapes = np.array([shapely.coverage_union_all(shapes[district == d]) for d in range(DISTRICTS)])
    province = _grown(
        district_shapes, _neighbours(district_shapes), PROVINCES, stream(seed, "geography", "provinces")
    )
    # numbers from north-west to south-east at each level, so that codes read like a list
    outer = _ranks(
        np.array([shapely.coverage_union_all(district_shapes[province == p]) for p in range(PROVINCES)])
    )
    province = outer[province]
    inner = _ranks(district_shapes, province)
    district, province_of_district = inner[district], province[np.argsort(inner)]
    order = np.lexsort((np.arange(COMMUNES), _ranks(shapes, district), district))
    shapes, district = shapes[order], district[order]
    where = np.argsort(order)
    neighbours = tuple(tuple(sorted(int(where[b]) for b in touching[a])) for a in order.tolist())
    sizes = np.bincount(district, minlength=DISTRICTS)
    split = int(np.argmax(sizes))
    rng = stream(seed, "geography", "roles")
    others = np.flatnonzero((sizes >= 3) & (province_of_district != province_of_district[split]))
    lost = int(rng.choice(others))
    halves = _halves(np.flatnonzero(district == split), neighbours)
    second = district.copy()
    second[halves[0]], second[halves[1]] = DISTRICTS, DISTRICTS + 1
    province_of_district = np.append(province_of_district, [province_of_district[split]] * 2)
    province_codes, district_codes, commune_codes = _codes(district, second, province_of_district)
    country = tongue.names("country", 1, (3, 3))[0]
    provinces = tongue.names("provinces", PROVINCES, (3, 3), [country])
    districts = tongue.names("districts", DISTRICTS + 2, (3, 4), [country, *provinces])
    communes = tongue.names("communes", COMMUNES, (3, 4), [country, *provinces, *districts])
    residents = (2500 + 8000 * stream(seed, "geography", "residents").gamma(2.0, 1.0, COMMUNES)).astype(
        np.int64
    )
    return Geography(
        country=country,
        shapes=shapes,
        province_of=province_of_district[district],
        district_of=np.stack([district, second]),
        province_of_district=province_of_district,
        split=split,
        lost=lost,
        neighbours=neighbours,
        provinces=tuple(provinces),
        districts=tuple(districts),
        communes=tuple(communes),
        province_codes=province_codes,
        district_codes=district_codes,
        commune_codes=commune_codes,
        residents=residents,
    )


def _communes(seed: int) -> npt.NDArray[np.object_]:
    """Polygons of all communes, a valid coverage."""
    rng = stream(seed, "geography", "coast")
    centre = np.array(CENTRES[int(rng.integers(len(CENTRES)))]) + (rng.random(2) - 0.5) * 1.5
    land = _blob(rng, centre, np.array([HALF_WIDTH, HALF_HEIGHT]), 0.16)
    points = _spread(land, COMMUNES, stream(seed, "geography", "cells"))
    edges = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=land, only_edges=True)
    )
    ends = shapely.get_coordinates(edges).reshape(-1, 2, 2)
    ends = ends[np.lexsort(ends.reshape(-1, 4).round(9).T)]  # GEOS promises no order
    for unevenness in (0.22, 0.1, 0.0):
        lines = _uneven(ends, unevenness, 3, stream(seed, "geography", "borders"))
        noded = shapely.unary_union([*shapely.linestrings(lines), shapely.boundary(land)], grid_size=GRID)
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        inner = shapely.point_on_surface(faces)
        on_land = shapely.contains(land, inner)
        faces, inner = faces[on_land], inner[on_land]
        nearest = shapely.STRtree(shapely.points(points)).nearest(inner)
        if np.unique(nearest).size < COMMUNES:
            continue
        shapes = np.array([shapely.coverage_union_all(faces[nearest == at]) for at in range(COMMUNES)])
        if coverage_holds(shapes):
            return _with_islets(shapes, land, centre, rng)
    raise ValueError(f"Seed {seed} makes no land whose areas fit together: take another one.")


def _blob(
    rng: np.random.Generator, centre: Floats, half: Floats, rough: float, corners: int = 90
) -> BaseGeometry:
    """A round shape with bays, on the grid."""
    angle = np.arange(corners) * 2 * np.pi / corners
    radius = np.ones(corners)
    for wave in range(2, 7):
        radius += rough / wave**0.5 * rng.normal() * 0.6 * np.cos(wave * angle + rng.random() * 2 * np.pi)
    ring = centre + half * np.clip(radius, 0.55, 1.3)[:, None] * np.column_stack(
        [np.cos(angle), np.sin(angle)]
    )
    pairs = np.stack([ring, np.roll(ring, -1, axis=0)], axis=1)
    line = _uneven(pairs, 0.35, 2, rng)[:, :-1].reshape(-1, 2)
    shape = shapely.set_precision(shapely.make_valid(shapely.polygons(line)), GRID)
    parts = shapely.get_parts(shape)
    largest: BaseGeometry = parts[int(np.argmax(shapely.area(parts)))]
    return shapely.polygons(shapely.get_exterior_ring(largest))


def _uneven(ends: Floats, amount: float, levels: int, rng: np.random.Generator) -> Floats:
    """Straight lines, shape (n, 2, 2), as lines with 2**levels pieces whose corners moved sideways."""
    line = ends
    for _ in range(levels):
        a, b = line[:, :-1], line[:, 1:]
        along = b - a
        side = np.stack([-along[..., 1], along[..., 0]], axis=-1)
        middle = (a + b) / 2 + side * amount * (rng.random(side.shape[:2]) - 0.5)[..., None]
        out = np.empty((line.shape[0], 2 * line.shape[1] - 1, 2))
        out[:, ::2], out[:, 1::2] = line, middle
        line = out
    return line


def _spread(land: BaseGeometry, count: int, rng: np.random.Generator) -> Floats:
    """Points on land, about evenly apart."""
    west, south, east, north = shapely.bounds(land)
    points = np.empty((0, 2))
    while len(points) < count:
        more = rng.random((4 * count, 2)) * [east - west, north - south] + [west, south]
        points = np.concatenate([points, more[shapely.contains_xy(land, more[:, 0], more[:, 1])]])
    points = points[:count].round(5)
    for _ in range(2):  # each to the middle of what is nearest to it
        cells = shapely.get_parts(
            shapely.voronoi_polygons(shapely.multipoints(points), extend_to=land, ordered=True)
        )
        points = shapely.get_coordinates(shapely.point_on_surface(shapely.intersection(cells, land)))
        middle = shapely.get_coordinates(shapely.centroid(shapely.intersection(cells, land)))
        points = np.where(
            shapely.contains_xy(land, middle[:, 0], middle[:, 1])[:, None], middle, points
        ).round(5)
    return points


def _with_islets(
    shapes: npt.NDArray[np.object_], land: BaseGeometry, centre: Floats, rng: np.random.Generator
) -> npt.NDArray[np.object_]:
    """`shapes` with two islets off the coast, each a part of the nearest commune."""
    shapes = shapes.copy()
    for angle in (rng.random() * np.pi, np.pi + rng.random() * np.pi):
        way = np.array([np.cos(angle), np.sin(angle)])
        far = shapely.linestrings([centre, centre + 3 * way])
        coast = shapely.get_coordinates(shapely.intersection(far, shapely.boundary(land)))
        shore = coast[np.argmax(((coast - centre) ** 2).sum(axis=1))]
        islet = _blob(rng, shore + 0.3 * way, np.array([0.11, 0.08]), 0.1, 24)
        nearest = int(np.argmin(shapely.distance(shapes, islet)))
        if not any(shapely.intersects(shapes, islet)):
            parts = [*shapely.get_parts(shapes[nearest]), islet]
            shapes[nearest] = shapely.multipolygons(parts)
    return shapes


def _neighbours(shapes: npt.NDArray[np.object_]) -> list[list[int]]:
    """For each area those that share an edge with it."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="touches")
    shared = shapely.length(shapely.intersection(shapes[a], shapes[b])) > 0
    found: list[list[int]] = [[] for _ in shapes]
    for one, other in sorted(zip(a[shared].tolist(), b[shared].tolist(), strict=True)):
        found[one].append(other)
    return found


def _grown(
    shapes: npt.NDArray[np.object_], touching: Sequence[Sequence[int]], count: int, rng: np.random.Generator
) -> Ints:
    """Areas joined to `count` connected groups of about the same size: the group of each area."""
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes))
    seeds = [int(rng.integers(len(shapes)))]
    distance = ((middle - middle[seeds[0]]) ** 2).sum(axis=1)
    while len(seeds) < count:  # each seed as far as can be from those before
        seeds.append(int(np.argmax(distance)))
        distance = np.minimum(distance, ((middle - middle[seeds[-1]]) ** 2).sum(axis=1))
    group = np.full(len(shapes), -1, dtype=np.int64)
    group[seeds] = np.arange(count)
    size = [1] * count
    while (group < 0).any():
        for at in sorted(range(count), key=lambda g: (size[g], g)):
            edge = sorted(
                {b for a in np.flatnonzero(group == at).tolist() for b in touching[a] if group[b] < 0}
            )
            if edge:
                near = min(edge, key=lambda b: float(((middle[b] - middle[seeds[at]]) ** 2).sum()))
                group[near] = at
                size[at] += 1
                break
        else:  # what no group touches
            group[int(np.flatnonzero(group < 0)[0])] = 0
    return group


def _ranks(shapes: npt.NDArray[np.object_], within: Ints | None = None) -> Ints:
    """The place of each area in a list from north to south and west to east, inside the groups `within`."""
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes))
    rows = np.round(-middle[:, 1] * 2)
    order = np.lexsort((middle[:, 0], rows, np.zeros(len(shapes)) if within is None else within))
    return np.argsort(order)


def _halves(members: Ints, neighbours: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Connected communes as two groups that are connected too where that can be."""
    inside = set(members.tolist())
    start = int(members[0])
    reached = [start]
    for at in reached:  # grows as it is read: neighbours in order of their distance
        reached += [b for b in neighbours[at] if b in inside and b not in reached]
    reached += sorted(inside - set(reached))
    half = len(reached) // 2
    return sorted(reached[:half]), sorted(reached[half:])


def _codes(
    first: Ints, second: Ints, province_of_district: Ints
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:
    """P-codes: the province in 2 digits, the district in 4, the commune in 6. A code that ended is not used again."""
    provinces = tuple(f"{PREFIX}{p + 1:02d}" for p in range(PROVINCES))
    counts = [0] * PROVINCES
    districts = []
    for province in province_of_district.tolist():
        counts[province] += 1
        districts.append(f"{provinces[province]}{counts[province]:02d}")
    versions = []
    for groups in (first, second):
        inside: dict[int, int] = {}
        codes = []
        for group in groups.tolist():
            inside[group] = inside.get(group, 0) + 1
            codes.append(f"{districts[group]}{inside[group]:02d}")
        versions.append(tuple(codes))
    return provinces, tuple(districts), (versions[0], versions[1])

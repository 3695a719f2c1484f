"""What in a list of sites cannot be as it stands: each finding says what was found, what was expected and what to do.

Nothing is dropped: a site with an unbelievable location is listed as not on the map, with the reason; a believable
one is drawn, and its finding is listed all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from data.area_tree import AREAS, PLACES
from data.catalogue import catalogue, frame
from data.codes import SiteLayer
from data.site_columns import SiteColumns, site_columns
from data.store import Release, UnknownTable

NEAR_M = (
    5_000.0  # so far outside a border a place may lie: borders are drawn with fewer points than they have
)
WGS84 = Geod(ellps="WGS84")


class FindingKind(StrEnum):
    """What is wrong; the first that fits a location is said."""

    NULL_ISLAND = "null_island"
    SWAPPED = "swapped"
    OUTSIDE = "outside"
    NEAR_BORDER = "near_border"
    NO_AREA = "no_area"
    UNKNOWN_AREA = "unknown_area"
    SAME_POINT = "same_point"


UNBELIEVABLE = frozenset({FindingKind.NULL_ISLAND, FindingKind.SWAPPED, FindingKind.OUTSIDE})
SAID: dict[FindingKind, tuple[str, str]] = {
    FindingKind.NULL_ISLAND: (
        "a location in the country", "Ask for the location: 0, 0 stands where none was entered."),
    FindingKind.SWAPPED: (
        "longitude, then latitude", "Exchange the two numbers: so they lie in the country."),
    FindingKind.OUTSIDE: (
        "a location in the country", "Check the location with its source; the site may also lie across the border."),
    FindingKind.NEAR_BORDER: (
        "a location in the country", "Check the location: it lies outside by less than its accuracy or 5 km."),
    FindingKind.NO_AREA: ("the code of an area", "Enter the code of the area that the site lies in."),
    FindingKind.UNKNOWN_AREA: ("the code of an area of the country", "Check the code with the list of areas."),
    FindingKind.SAME_POINT: (
        "a location of its own", "Check whether these are one site, or whether the middle of an area was entered."),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong about one site. `believable` is False where the site is not drawn for it."""

    key: str
    name: str
    kind: FindingKind
    found: str  # as it stands in the data
    expected: str
    mend: str
    believable: bool


@lru_cache(maxsize=16)  # a release never changes
def findings(release: Release, operation: str, layer: SiteLayer = SiteLayer.REGISTER) -> tuple[Finding, ...]:
    """Everything that is wrong in the list of sites of an operation, by kind, then key."""
    columns = site_columns(release, operation, layer)
    return found_in(columns, country_of(release, operation), codes_of(release, operation))


def drawable(
    release: Release, operation: str, layer: SiteLayer = SiteLayer.REGISTER
) -> npt.NDArray[np.bool_]:
    """Which sites have a location that can be believed, shape (n,)."""
    columns = site_columns(release, operation, layer)
    if "drawable" not in columns.made:
        columns.made["drawable"] = can_be_drawn(columns, country_of(release, operation))
    found: npt.NDArray[np.bool_] = columns.made["drawable"]
    return found


def can_be_drawn(columns: SiteColumns, country: BaseGeometry | None) -> npt.NDArray[np.bool_]:
    """Which sites have two finite degrees that are not unbelievable."""
    located = np.isfinite(columns.lon) & np.isfinite(columns.lat)
    for kind, which in _locations(columns, country).items():
        if kind in UNBELIEVABLE:
            located &= ~which
    return located


def found_in(
    columns: SiteColumns, country: BaseGeometry | None, codes: frozenset[str]
) -> tuple[Finding, ...]:
    """The findings of these columns.

    Parameters
    ----------
    country : BaseGeometry, optional
        The land that sites are expected in, degrees; None where none is held, and no location is judged by it.
    codes : frozenset of str
        The codes of areas, of every version of the boundaries; none: codes are not judged.
    """
    where = np.array(
        [f"{lat:.4f}, {lon:.4f}" for lon, lat in zip(columns.lon, columns.lat, strict=True)], dtype=object
    )
    area = columns.pcode
    known = np.array([str(label or "") in codes for label in area.labels], dtype=np.bool_)
    empty = np.array([not label for label in area.labels], dtype=np.bool_)
    same = _same_points(columns)
    found: dict[FindingKind, npt.NDArray[np.bool_]] = dict(_locations(columns, country))
    found[FindingKind.NO_AREA] = empty[area.codes]
    found[FindingKind.UNKNOWN_AREA] = (
        (~known & ~empty)[area.codes] if codes else np.zeros(len(columns), dtype=np.bool_)
    )
    found[FindingKind.SAME_POINT] = same > 1
    made = []
    for kind in FindingKind:
        index = np.flatnonzero(found[kind])
        if kind is FindingKind.NO_AREA:
            texts = np.full(len(index), "", dtype=object)
        elif kind is FindingKind.UNKNOWN_AREA:
            texts = area.texts(index)
        elif kind is FindingKind.SAME_POINT:
            texts = np.array([f"{where[n]} ({same[n]})" for n in index], dtype=object)
        else:
            texts = where[index]
        expected, mend = SAID[kind]
        named = zip(columns.keys_of(index), columns.names_of(index), texts, strict=True)
        made += [
            Finding(
                key=key, name=name, kind=kind, found=str(text), expected=expected, mend=mend,
                believable=kind not in UNBELIEVABLE,
            )
            for key, name, text in named
        ]  # fmt: skip
    return tuple(made)


def country_of(release: Release, operation: str) -> BaseGeometry | None:
    """The land of an operation's countries: its own areas, else the countries of the world; None: none is held."""
    return _country(release, tuple(catalogue(release).operation(operation).iso3))


@lru_cache(maxsize=16)  # a release never changes
def _country(release: Release, iso3: tuple[str, ...]) -> BaseGeometry | None:
    parts: list[BaseGeometry] = []
    try:
        own = release.geoframe("areas")
        parts += own[own["iso3"].isin(iso3) & (own["level"] == "adm0")].geometry.tolist()
    except UnknownTable:
        own = None
    wanted = set(iso3) - (set() if own is None else set(own["iso3"]))
    try:
        world = release.geoframe("boundaries/adm0")
        world = world[world["iso3"].isin(wanted)]
        finest = [zoom for zoom in ("country", "region", "world") if zoom in set(world["zoom"])]
        parts += world[world["zoom"] == finest[0]].geometry.tolist() if finest else []
    except UnknownTable:
        pass
    return shapely.union_all(parts) if parts else None


def codes_of(release: Release, operation: str) -> frozenset[str]:
    """The codes of the areas of an operation's countries, of every version; empty where none are held."""
    iso3 = list(catalogue(release).operation(operation).iso3)
    return frozenset(
        code for sql in (AREAS, PLACES) for code in frame(release, sql, iso3=iso3)["pcode"].tolist()
    )


def _locations(
    columns: SiteColumns, country: BaseGeometry | None
) -> dict[FindingKind, npt.NDArray[np.bool_]]:
    """The sites of each kind of finding about a location; a site is in one at most."""
    lon, lat = columns.lon, columns.lat
    located = np.isfinite(lon) & np.isfinite(lat)
    none = np.zeros(len(columns), dtype=np.bool_)
    null = located & (lon == 0) & (lat == 0)
    made = {
        FindingKind.NULL_ISLAND: null,
        FindingKind.SWAPPED: none.copy(),
        FindingKind.OUTSIDE: none.copy(),
        FindingKind.NEAR_BORDER: none.copy(),
    }
    if country is None:
        return made
    shapely.prepare(country)
    outside = np.flatnonzero(located & ~null)
    outside = outside[~shapely.intersects_xy(country, lon[outside], lat[outside])]
    if not len(outside):
        return made
    allowed = np.fmax(columns.accuracy_m[outside], NEAR_M)
    near = _away_m(country, lon[outside], lat[outside]) <= allowed
    turned = ~near & shapely.intersects_xy(country, lat[outside], lon[outside])
    made[FindingKind.NEAR_BORDER][outside[near]] = True
    made[FindingKind.SWAPPED][outside[turned]] = True
    made[FindingKind.OUTSIDE][outside[~near & ~turned]] = True
    return made


def _away_m(
    country: BaseGeometry, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Distance in metres on the ellipsoid to the point of the country that is nearest in degrees."""
    lines = shapely.shortest_line(country, shapely.points(lon, lat))
    near = shapely.get_coordinates(shapely.get_point(lines, 0))
    metres: npt.NDArray[np.float64] = np.asarray(WGS84.inv(near[:, 0], near[:, 1], lon, lat)[2])
    return metres


def _same_points(columns: SiteColumns) -> npt.NDArray[np.int64]:
    """How many sites have the very point of each, 0 where it has none."""
    points = pd.DataFrame({"lon": columns.lon, "lat": columns.lat})
    found: npt.NDArray[np.int64] = (
        points.groupby(["lon", "lat"])["lon"].transform("size").fillna(0).to_numpy("int64")
    )
    return found

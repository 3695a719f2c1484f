"""Derive the embedded world boundaries from Natural Earth, the same bytes from the same input.

Run from the top of the repository: ``python -m scripts.make_boundaries world_map.gpkg``. The input is Natural
Earth 1:10m, version 4.1.0 (public domain), in the form that QGIS ships as ``resources/data/world_map.gpkg``
(in Debian: package ``qgis-common``). What comes out, and its limits, is told in ``data/embedded/boundaries/README.md``.

Countries are put together from the simplified first-level areas of the same band, never simplified apart from
them, so a country's border and its areas' borders are one line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.geo import simplify_shared

EMBEDDED: Final = Path(__file__).resolve().parents[1] / "data" / "embedded"
UNNAMED: Final = "unnamed in the source"


@dataclass(frozen=True, slots=True)
class Band:
    """How much detail a range of map zooms needs. Degrees; square degrees for islands."""

    zoom: str
    tolerance: float
    grid: float
    least_island: float = 0.0  # smaller islands are left out, but never the largest part of an area


WORLD: Final = Band("world", 0.15, 0.0001, 0.02)
DETAILED: Final = (Band("region", 0.05, 0.0001), Band("country", 0.01, 0.0001))  # with first-level areas

# Natural Earth's key of a country -> the ISO 3166-1 alpha-3 code it is filed under, and why.
ISO3_BY_ADM0: Final[Mapping[str, tuple[str, str]]] = {
    "SDS": ("SSD", "South Sudan's ISO code"),
    "SAH": ("ESH", "Western Sahara's ISO code"),
    "PSX": ("PSE", "the State of Palestine's ISO code"),
    "ALD": ("ALA", "the Åland Islands' ISO code"),
    "KOS": ("XKX", "no ISO code (-99 in the source); XKX is the user-assigned code in common use"),
    "SOL": (
        "SOM",
        "Somaliland: shown within Somalia, as the United Nations do; its line is in disputed.parquet",
    ),
    "CYN": (
        "CYP",
        "northern Cyprus: shown within Cyprus, as the United Nations do; its line is in disputed.parquet",
    ),
    "KAB": ("KAZ", "Baikonur: ground of Kazakhstan, leased out"),
    "USG": ("CUB", "Guantanamo Bay: ground of Cuba, leased out"),
    "ATC": ("AUS", "Ashmore and Cartier Islands: no ISO code of their own, a territory of Australia"),
    "CLP": ("FRA", "Clipperton: no ISO code of its own, under France (FR-CP in ISO 3166-2)"),
}
# No ISO code and no one country: they keep Natural Earth's own key.
NOT_ISO: Final = frozenset({"KAS", "PGA", "WSB", "ESB"})
# Parts that Natural Earth keeps under one country, but ISO 3166-1 gives a code of their own: geographic unit -> code.
ISO3_BY_UNIT: Final[Mapping[str, str]] = {
    "GLP": "GLP", "GUF": "GUF", "MTQ": "MTQ", "MYT": "MYT", "REU": "REU",
    "BVT": "BVT", "NSV": "SJM", "TKL": "TKL", "CCK": "CCK", "CXR": "CXR",
}  # fmt: skip
# The same, and the one reassignment, for areas that only their name tells apart:
# (Natural Earth's key, name) -> code, and why.
ISO3_BY_AREA: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("NLD", "Bonaire"): ("BES", "an ISO code of its own"),
    ("NLD", "Saba"): ("BES", "an ISO code of its own"),
    ("NLD", "St. Eustatius"): ("BES", "an ISO code of its own"),
    ("RUS", "Crimea"): (
        "UKR",
        "United Nations General Assembly resolution 68/262; the line is in disputed.parquet",
    ),
    ("RUS", "Sevastopol"): (
        "UKR",
        "United Nations General Assembly resolution 68/262; the line is in disputed.parquet",
    ),
}
# Names cut short or since changed in the source, as the United Nations write them, and names of split-off parts.
NAMES: Final[Mapping[str, str]] = {
    "ALA": "Åland Islands", "BES": "Bonaire, Sint Eustatius and Saba", "BHS": "Bahamas", "BLM": "Saint Barthélemy",
    "BVT": "Bouvet Island", "CCK": "Cocos (Keeling) Islands", "CIV": "Côte d'Ivoire", "CPV": "Cabo Verde",
    "CXR": "Christmas Island", "CZE": "Czechia", "ESH": "Western Sahara", "FLK": "Falkland Islands (Malvinas)",
    "GLP": "Guadeloupe", "GNB": "Guinea-Bissau", "GUF": "French Guiana", "HKG": "Hong Kong SAR",
    "MAC": "Macao SAR", "MKD": "North Macedonia", "MTQ": "Martinique", "MYT": "Mayotte", "PGA": "Spratly Islands",
    "PSE": "State of Palestine", "REU": "Réunion", "SJM": "Svalbard and Jan Mayen", "SRB": "Serbia",
    "SSD": "South Sudan", "STP": "Sao Tome and Principe", "SWZ": "Eswatini", "TKL": "Tokelau",
    "TLS": "Timor-Leste", "TUR": "Türkiye", "XKX": "Kosovo (UNSCR 1244)",
}  # fmt: skip
# Lines that the source draws only as edges between areas: name, units on one side, units on the other.
DRAWN_LINES: Final = (
    ("Line between Somaliland and the rest of Somalia", ("SOL",), ("SOM",)),
    ("Line between northern Cyprus and the rest of the island", ("CYN",), ("CYP", "ESB")),
    ("Line between Crimea and the rest of Ukraine", ("CRIMEA",), ("UKR",)),
    ("Line between Kosovo and Serbia", ("KOS",), ("SRB",)),
    (
        "Line between Western Sahara east of the berm and the area Natural Earth counts to Morocco",
        ("SAH",),
        ("MAR",),
    ),
    ("Line between the State of Palestine and Israel", ("PSX",), ("ISR",)),
    ("Lines around the Siachen Glacier", ("KAS",), ("IND", "PAK", "CHN")),
)


def read_areas(gpkg: Path) -> gpd.GeoDataFrame:
    """First-level areas with mended codes and names, full detail, by code."""
    raw = gpd.read_file(gpkg, layer="states_provinces", fid_as_index=True)
    keys = raw["adm0_a3"]
    by_area = [
        ISO3_BY_AREA.get(pair, (None, ""))[0] for pair in zip(keys, raw["name"].fillna(""), strict=True)
    ]
    iso3 = pd.Series(by_area, index=raw.index, dtype=object)
    iso3 = iso3.fillna(raw["gu_a3"].map(ISO3_BY_UNIT)).fillna(
        keys.map({k: v[0] for k, v in ISO3_BY_ADM0.items()})
    )
    iso3 = iso3.fillna(keys).astype(str)
    crimea = (keys == "RUS") & (iso3 == "UKR")
    areas = gpd.GeoDataFrame(
        {
            "code": [f"{iso}-f{fid}" for iso, fid in zip(iso3, raw.index, strict=True)],
            "iso3": iso3.to_numpy(),
            "name": raw["name"].fillna(UNNAMED).to_numpy(),
            "unit": keys.where(~crimea, "CRIMEA").to_numpy(),  # areas whose outer line may be asked for
            "country": raw["admin"].to_numpy(),
        },
        geometry=raw.geometry.to_numpy(),
        crs=raw.crs,
    )
    return areas.sort_values("code", ignore_index=True)


def country_names(areas: gpd.GeoDataFrame) -> dict[str, str]:
    """Name by ISO code: the table's where it has one, else the one most areas of the source carry."""
    return {iso: NAMES.get(iso) or str(rows.mode().iat[0]) for iso, rows in areas.groupby("iso3")["country"]}


def united(gdf: gpd.GeoDataFrame, keys: list[str]) -> gpd.GeoDataFrame:
    """One row a key, its areas put together along the edges they share."""
    groups = gdf.groupby(keys, sort=True).indices
    shapes = np.asarray(gdf.geometry.array, dtype=object)
    rows = [
        (*((key,) if isinstance(key, str) else key), shapely.coverage_union_all(shapes[at]))
        for key, at in groups.items()
    ]
    return gpd.GeoDataFrame(rows, columns=[*keys, "geometry"], geometry="geometry", crs=gdf.crs)


def without_small_islands(gdf: gpd.GeoDataFrame, least: float) -> gpd.GeoDataFrame:
    """Without parts below `least` square degrees, unless largest of their row or bordering another row."""
    parts, owner = shapely.get_parts(np.asarray(gdf.geometry.array, dtype=object), return_index=True)
    size = shapely.area(parts)
    largest = size == pd.Series(size).groupby(owner).transform("max").to_numpy()
    left, right = shapely.STRtree(parts).query(parts, predicate="intersects")
    bordering = np.zeros(parts.size, dtype=bool)
    bordering[left[owner[left] != owner[right]]] = True
    keep = largest | bordering | (size >= least)
    shapes = shapely.multipolygons(parts[keep], indices=owner[keep])
    return gdf.set_geometry(gpd.GeoSeries(shapes, index=gdf.index, crs=gdf.crs))


def drawn_lines(units: gpd.GeoDataFrame, band: Band) -> gpd.GeoDataFrame:
    """The lines of `DRAWN_LINES` as edges shared in `units`, so that they lie on the borders of the same band."""
    named = units[units["unit"].isin({unit for _, left, right in DRAWN_LINES for unit in (*left, *right)})]
    outline = dict(united(named, ["unit"]).set_index("unit").geometry.boundary)
    rows = []
    for number, (name, left, right) in enumerate(DRAWN_LINES, start=1):
        edges = [shapely.intersection(outline[a], outline[b]) for a in left for b in right]
        parts = [p for p in shapely.get_parts(shapely.get_parts(edges)) if shapely.get_type_id(p) == 1]
        line = shapely.multilinestrings(
            shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))
        )
        iso_left, iso_right = (units.loc[units["unit"].isin(side), "iso3"] for side in (left, right))
        rows.append({
            "code": f"edge-{number:02d}", "name": name, "iso3_left": iso_left.iat[0],
            "iso3_right": "/".join(sorted(set(iso_right) - NOT_ISO)), "origin": "edge between Natural Earth's areas",
            "zoom": band.zoom, "geometry": shapely.normalize(line),
        })  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=units.crs)


def source_lines(gpkg: Path, band: Band) -> gpd.GeoDataFrame:
    """Natural Earth's own disputed lines, each simplified alone: they bound no area."""
    raw = gpd.read_file(gpkg, layer="disputed_borders", fid_as_index=True).sort_index()
    mended = {key: code for key, (code, _) in ISO3_BY_ADM0.items()}
    digits = round(-np.log10(band.grid))
    fewer = shapely.simplify(np.asarray(raw.geometry.array, dtype=object), band.tolerance / 4)
    return gpd.GeoDataFrame(
        {
            "code": [f"line-{fid:02d}" for fid in raw.index],
            "name": raw["name"].fillna(UNNAMED).to_numpy(),
            "iso3_left": raw["adm0_a3_l"].replace(mended).to_numpy(),
            "iso3_right": raw["adm0_a3_r"].replace(mended).to_numpy(),
            "origin": "Natural Earth's disputed lines",
            "zoom": band.zoom,
        },
        geometry=shapely.transform(fewer, lambda xy: np.round(xy, digits)),
        crs=raw.crs,
    )


def derive(gpkg: Path, pcodes: Mapping[str, str]) -> dict[str, gpd.GeoDataFrame]:
    """The three tables, by file name.

    Parameters
    ----------
    gpkg : Path
        QGIS's ``world_map.gpkg``.
    pcodes : mapping of str to str
        P-code by first-level code; the others get none.

    Returns
    -------
    dict of str to GeoDataFrame
        EPSG:4326; rows by zoom band and code, polygons as multipolygons.

    Raises
    ------
    ValueError
        If the input is no valid coverage, or a P-code is given for an area that does not exist.
    """
    areas = read_areas(gpkg)
    unknown = sorted(set(pcodes) - set(areas["code"]))
    if unknown:
        raise ValueError(
            f"pcodes.csv names {unknown[0]}, which is no area of {gpkg.name}. Was it made from another file?"
        )
    names = country_names(areas)
    adm0, adm1, lines = [], [], []
    for band in (WORLD, *DETAILED):
        if band is WORLD:
            units = united(areas, ["iso3", "unit"])
            units = simplify_shared(
                without_small_islands(units, band.least_island), band.tolerance, band.grid
            )
        else:
            units = simplify_shared(areas, band.tolerance, band.grid)
            first = units[["code", "iso3", "name", "geometry"]].assign(level=np.int8(1), zoom=band.zoom)
            first["pcode"] = first["code"].map(dict(pcodes)).astype("str")
            adm1.append(first)
        countries = united(units, ["iso3"]).assign(level=np.int8(0), zoom=band.zoom)
        adm0.append(countries.assign(name=countries["iso3"].map(names)))
        lines += [source_lines(gpkg, band), drawn_lines(units, band)]
    return {
        "adm0": _table(adm0, ["iso3", "name", "level", "zoom", "geometry"]),
        "adm1": _table(adm1, ["code", "pcode", "iso3", "name", "level", "zoom", "geometry"]),
        "disputed": _table(lines, ["code", "name", "iso3_left", "iso3_right", "origin", "zoom", "geometry"]),
    }


def _table(parts: list[gpd.GeoDataFrame], columns: list[str]) -> gpd.GeoDataFrame:
    joined = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs="EPSG:4326")[
        columns
    ]
    many = {"Polygon": shapely.multipolygons, "LineString": shapely.multilinestrings}
    shapes = [many[g.geom_type]([g]) if g.geom_type in many else g for g in joined.geometry]
    return joined.set_geometry(gpd.GeoSeries(shapes, index=joined.index, crs=joined.crs))


def read_pcodes(path: Path) -> dict[str, str]:
    """P-code by first-level code, from the hand-made crosswalk."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    held = table[table["pcode"] != ""]
    return dict(zip(held["code"], held["pcode"], strict=True))


def write(tables: Mapping[str, gpd.GeoDataFrame], out: Path) -> None:
    """One GeoParquet file a table."""
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(out / f"{name}.parquet", index=False, compression="zstd", compression_level=19)


def main(argv: list[str] | None = None) -> int:
    """Write the files and say what they hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("gpkg", type=Path, help="QGIS's world_map.gpkg (Natural Earth 1:10m)")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "boundaries")
    args = parser.parse_args(argv)
    if not args.gpkg.is_file():
        print(f"{args.gpkg} is not a file. It is resources/data/world_map.gpkg of QGIS.", file=sys.stderr)
        return 1
    tables = derive(args.gpkg, read_pcodes(EMBEDDED / "pcodes.csv"))
    write(tables, args.out)
    for name, table in tables.items():
        size = (args.out / f"{name}.parquet").stat().st_size
        vertices = table.geometry.count_coordinates().groupby(table["zoom"]).sum().to_dict()
        print(f"{name}: {len(table)} rows, {size / 1e6:.2f} MB, vertices {vertices}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

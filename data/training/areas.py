"""Areas, places and residents as tables: every version of the boundaries, with its geometry."""

from __future__ import annotations

from datetime import timedelta

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.codes import ObsStatus, Precision
from data.schema import PLACES
from data.training import keys
from data.training import schedule as rounds
from data.training.geography import ISO3, PROVINCES, Geography
from data.training.names import arabic
from data.training.rows import records
from data.training.schedule import Schedule
from data.training.seeds import stream
from data.training.tables import AREAS, RESIDENTS

Ints = npt.NDArray[np.int64]
YEARS = (2022, 2023, 2024, 2025)


def area_table(geo: Geography, when: Schedule) -> gpd.GeoDataFrame:
    """Country, provinces, districts and communes in both versions, each level a valid coverage."""
    starts = when.first[rounds.BOUNDARY - 1]
    rows: list[dict[str, object]] = []
    shapes: list[object] = []
    for version in (0, 1):
        common: dict[str, object] = {
            "version": version + 1, "iso3": ISO3, "first_round": rounds.BOUNDARY if version else 1,
            "valid_from": starts.isoformat() if version else "",
            "valid_to": "" if version else (starts - timedelta(days=1)).isoformat(), "source": keys.GEODATA,
        }  # fmt: skip

        def add(
            pcode: str, level: str, name: str, parent: str, shape: object, was: str = "",
            shared: dict[str, object] = common,
        ) -> None:  # fmt: skip
            rows.append({"pcode": pcode, "level": level, "name": name, "name_ar": arabic(name), "parent": parent,
                         "was": was, **shared})  # fmt: skip
            shapes.append(shape)

        name = f"{geo.country} (SYNTHETIC)"
        add(ISO3, "adm0", name, "", shapely.coverage_union_all(geo.shapes))
        for p in range(PROVINCES):
            inside = shapely.coverage_union_all(geo.shapes[geo.province_of == p])
            add(geo.province_codes[p], "adm1", geo.provinces[p], ISO3, inside)
        for d in np.unique(geo.district_of[version]).tolist():
            inside = shapely.coverage_union_all(geo.shapes[geo.district_of[version] == d])
            was = geo.district_codes[geo.split] if version and d >= len(geo.district_codes) - 2 else ""
            parent = geo.province_codes[int(geo.province_of_district[d])]
            add(geo.district_codes[d], "adm2", geo.districts[d], parent, inside, was)
        for at, pcode in enumerate(geo.commune_codes[version]):
            old = geo.commune_codes[0][at]
            parent = geo.district_codes[int(geo.district_of[version][at])]
            add(pcode, "adm3", geo.communes[at], parent, geo.shapes[at], old if old != pcode else "")
    frame = records(AREAS, rows)
    geometry = gpd.GeoSeries(shapely.normalize(np.array(shapes, dtype=object)), crs="EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=geometry)


def place_table(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every P-code once, newest version first."""
    newest = areas.sort_values(["version", "pcode"], ascending=[False, True]).drop_duplicates("pcode")
    kept = newest.sort_values("pcode")
    return records(PLACES, kept[list(PLACES.names())].to_dict("records"))


def resident_table(seed: int, geo: Geography, times: int = 1) -> pd.DataFrame:
    """Estimates of residents by year at every level, to ten; each level sums to the one above it.

    The truth has no births and deaths: what changes from year to year is the error of the estimate.
    """
    rng = stream(seed, "residents")
    rows: list[dict[str, object]] = []
    for year in YEARS:
        factor = 1000 + rng.integers(-35, 36, geo.residents.size)
        people = (geo.residents * times * factor + 5000) // 10_000 * 10
        versions = (1,) if year < 2024 else (1, 2)
        for version in versions:
            at = version - 1
            district = np.bincount(geo.district_of[at], people, len(geo.district_codes)).astype(np.int64)
            province = np.bincount(geo.province_of, people, PROVINCES).astype(np.int64)
            found = {ISO3: int(people.sum()), **dict(zip(geo.province_codes, province.tolist(), strict=True))}
            found |= {code: n for code, n in zip(geo.district_codes, district.tolist(), strict=True) if n}
            found |= dict(zip(geo.commune_codes[at], people.tolist(), strict=True))
            rows += [
                {"pcode": code, "version": version, "year": year, "value": value, "precision": Precision.ABOUT,
                 "obs_status": ObsStatus.ESTIMATED, "source": keys.GEODATA}
                for code, value in found.items()
            ]  # fmt: skip
    return records(RESIDENTS, rows)

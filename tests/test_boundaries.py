"""The embedded boundaries are whole: borders shared, codes mended, nothing lost, and made again byte for byte."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import brotli
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.geo import coverage_holds, to_geojson
from scripts.make_boundaries import (
    DETAILED,
    EMBEDDED,
    ISO3_BY_ADM0,
    ISO3_BY_AREA,
    ISO3_BY_UNIT,
    NAMES,
    NOT_ISO,
    UNNAMED,
    WORLD,
    derive,
    main,
    read_areas,
    read_pcodes,
    without_small_islands,
    write,
)

FOLDER = EMBEDDED / "boundaries"
PCODED = {"HTI": 10, "NER": 8, "NGA": 37, "LBY": 0, "COL": 33, "PAN": 11}  # areas with a P-code
BANDS = (WORLD.zoom, *(band.zoom for band in DETAILED))


@pytest.fixture(scope="module")
def adm0() -> gpd.GeoDataFrame:
    return gpd.read_parquet(FOLDER / "adm0.parquet")


@pytest.fixture(scope="module")
def adm1() -> gpd.GeoDataFrame:
    return gpd.read_parquet(FOLDER / "adm1.parquet")


@pytest.fixture(scope="module")
def disputed() -> gpd.GeoDataFrame:
    return gpd.read_parquet(FOLDER / "disputed.parquet")


@pytest.fixture(scope="module")
def crosswalk() -> pd.DataFrame:
    return pd.read_csv(EMBEDDED / "pcodes.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def gpkg() -> Path:
    """Natural Earth as QGIS ships it, where this machine has it."""
    asked = os.environ.get("SITELINE_NE_GPKG")
    path = Path(asked or "/usr/share/qgis/resources/data/world_map.gpkg")
    if not path.is_file():
        pytest.skip(f"{path} is not here: install qgis-common, or name world_map.gpkg in SITELINE_NE_GPKG.")
    return path


def bands(table: gpd.GeoDataFrame) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    return ((str(zoom), rows) for zoom, rows in table.groupby("zoom"))


def folded(name: str) -> str:
    """Without accents, case, hyphens, blanks and other marks."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())


def test_every_band_is_a_valid_coverage(adm0: gpd.GeoDataFrame, adm1: gpd.GeoDataFrame) -> None:
    """In each band, countries and first-level areas meet along whole edges: no gap along a border, no overlap."""
    for table in (adm0, adm1):
        for zoom, rows in bands(table):
            assert coverage_holds(rows.geometry.array), zoom


def test_one_moved_corner_would_not_pass(adm1: gpd.GeoDataFrame) -> None:
    """Control: with one area of Niger grown by 100 m, the same check fails."""
    niger = adm1[(adm1["iso3"] == "NER") & (adm1["zoom"] == "country")].copy()
    assert coverage_holds(niger.geometry.array)
    niger.iloc[0, niger.columns.get_loc("geometry")] = niger.geometry.iloc[0].buffer(0.001)
    assert not coverage_holds(niger.geometry.array)


def test_a_country_is_its_areas(adm0: gpd.GeoDataFrame, adm1: gpd.GeoDataFrame) -> None:
    """In the bands with both levels, a country's outline is that of its first-level areas, vertex by vertex."""
    for zoom, areas in bands(adm1):
        countries = adm0[adm0["zoom"] == zoom].set_index("iso3").geometry
        assert set(countries.index) == set(areas["iso3"])
        for iso3, rows in areas.groupby("iso3"):
            whole = shapely.coverage_union_all(np.asarray(rows.geometry.array, dtype=object))
            assert shapely.area(shapely.symmetric_difference(whole, countries[iso3])) == 0, (zoom, iso3)


def test_nothing_is_lost_between_bands(adm0: gpd.GeoDataFrame, adm1: gpd.GeoDataFrame) -> None:
    """Each band holds every country, every detailed band every first-level area, once, with geometry."""
    assert set(adm0["zoom"]) == set(BANDS)
    assert set(adm1["zoom"]) == {band.zoom for band in DETAILED}
    for table, key, count in ((adm0, "iso3", 253), (adm1, "code", 4556)):
        for zoom, rows in bands(table):
            assert len(rows) == rows[key].nunique() == count, zoom
            assert set(rows[key]) == set(table[key])
            assert not rows.geometry.is_empty.any()
            assert not rows.geometry.isna().any()


def test_a_multipolygon_is_one_feature(adm0: gpd.GeoDataFrame, adm1: gpd.GeoDataFrame) -> None:
    """Islands are parts of their area's one feature; a feature by island would leave the map but for one."""
    assert set(adm0.geom_type) | set(adm1.geom_type) == {"MultiPolygon"}
    haiti = adm1[(adm1["iso3"] == "HTI") & (adm1["zoom"] == "country")].set_index("name").geometry
    assert len(haiti["Ouest"].geoms) > 1  # the mainland and La Gonâve


def test_names_and_codes_are_never_missing(adm0: gpd.GeoDataFrame, adm1: gpd.GeoDataFrame) -> None:
    """Every row has a name (a plain statement where the source has none) and an ISO code or a listed exception."""
    for table, level in ((adm0, 0), (adm1, 1)):
        assert table["name"].notna().all()
        assert (table["name"].str.strip() != "").all()
        assert table["iso3"].str.fullmatch("[A-Z]{3}").all()
        assert (table["level"] == level).all()
        assert not set(table["iso3"]) & set(ISO3_BY_ADM0)
        assert set(NOT_ISO) <= set(table["iso3"])
    assert (adm1["name"] == UNNAMED).groupby(adm1["zoom"]).sum().eq(6).all()
    by_iso = adm0.set_index("iso3")["name"]
    assert all((by_iso[iso] == name).all() for iso, name in NAMES.items())
    wanted = {code for code, _ in ISO3_BY_ADM0.values()} | set(ISO3_BY_UNIT.values())
    assert wanted | {code for code, _ in ISO3_BY_AREA.values()} <= set(adm0["iso3"])
    assert {"FRA", "NOR", "SSD", "XKX", "PSE", "ESH"} <= set(adm0["iso3"])


def test_reasons_are_given_for_every_mended_code() -> None:
    """Each entry of the tables of mended codes says why."""
    assert all(len(why) > 10 for _, why in (*ISO3_BY_ADM0.values(), *ISO3_BY_AREA.values()))


def test_countries_with_data_have_their_areas(adm1: gpd.GeoDataFrame) -> None:
    """The countries with embedded figures are here with their first-level areas, P-coded where one to one."""
    for _, rows in bands(adm1):
        held = rows[rows["iso3"].isin(PCODED)].groupby("iso3")
        assert held["code"].count().to_dict() == {
            "COL": 34,
            "HTI": 10,
            "LBY": 22,
            "NER": 8,
            "NGA": 37,
            "PAN": 12,
        }
        assert held["pcode"].count().to_dict() == PCODED


def test_disputed_lines_are_there(disputed: gpd.GeoDataFrame, adm0: gpd.GeoDataFrame) -> None:
    """Each band has Natural Earth's 46 lines and the drawn edges; edges lie on the borders of their band."""
    assert set(disputed.geom_type) == {"MultiLineString"}
    for zoom, rows in bands(disputed):
        assert rows["code"].is_unique
        assert rows["code"].str.startswith("line-").sum() == 46, zoom
        assert rows["code"].str.startswith("edge-").sum() == 7
        edge = rows.set_index("name").geometry["Line between Kosovo and Serbia"]
        kosovo = adm0[(adm0["zoom"] == zoom) & (adm0["iso3"] == "XKX")].geometry.iloc[0]
        assert shapely.covers(shapely.boundary(kosovo), edge)
    assert shapely.length(np.asarray(disputed.geometry.array, dtype=object)).min() > 0


def test_files_stay_small(adm0: gpd.GeoDataFrame, adm1: gpd.GeoDataFrame) -> None:
    """All files together are under 6 MB; the world on the wire under 130 kB, a country with data under 60 kB."""
    assert sum(path.stat().st_size for path in FOLDER.glob("*.parquet")) < 6e6
    world = to_geojson(adm0[adm0["zoom"] == "world"], ["iso3", "name"])
    assert len(brotli.compress(world.encode())) < 130_000
    for iso3 in PCODED:
        country = adm1[(adm1["iso3"] == iso3) & (adm1["zoom"] == "country")]
        assert len(brotli.compress(to_geojson(country, ["code", "pcode", "name"]).encode())) < 60_000


def test_files_are_in_degrees_on_a_grid(
    adm0: gpd.GeoDataFrame, adm1: gpd.GeoDataFrame, disputed: gpd.GeoDataFrame
) -> None:
    """EPSG:4326, within the world, and rounded to 4 decimals, so that no file claims to know more."""
    for table in (adm0, adm1, disputed):
        assert table.crs.to_epsg() == 4326
        xy = shapely.get_coordinates(table.geometry.array)
        assert np.abs(xy[:, 0]).max() <= 180
        assert np.abs(xy[:, 1]).max() <= 90
        assert (xy == xy.round(4)).all()


def crosswalk_faults(crosswalk: pd.DataFrame, adm1: gpd.GeoDataFrame) -> list[str]:
    """What breaks the crosswalk's laws, one sentence each."""
    faults = [f"{code} twice" for code in crosswalk["code"][crosswalk["code"].duplicated()]]
    held = crosswalk[crosswalk["pcode"] != ""]
    faults += [f"{pcode} twice" for pcode in held["pcode"][held["pcode"].duplicated()]]
    areas = adm1[adm1["zoom"] == "country"].set_index("code")
    for row in crosswalk.itertuples():
        if row.code not in areas.index or (row.iso3, row.name) != tuple(
            areas.loc[row.code, ["iso3", "name"]]
        ):
            faults.append(f"{row.code} is not {row.name} of {row.iso3}")
        if bool(row.pcode) != bool(row.pcode_name):
            faults.append(f"{row.code}: a P-code and its name come together")
        if folded(str(row.name)) != folded(str(row.pcode_name)) and not row.note:
            faults.append(f"{row.code}: {row.name} is not {row.pcode_name}, and no note says why")
    return faults


def test_the_crosswalk_keeps_its_laws(crosswalk: pd.DataFrame, adm1: gpd.GeoDataFrame) -> None:
    """Each code and P-code once; the area is the one named; names fold to the same or a note says why not."""
    assert list(crosswalk.columns) == ["code", "iso3", "name", "pcode", "pcode_name", "note"]
    assert crosswalk_faults(crosswalk, adm1) == []
    expected = {
        "HTI": {f"HT{n:02d}" for n in range(1, 11)},
        "NER": {f"NE{n:03d}" for n in range(1, 9)},
        "NGA": {f"NG{n:03d}" for n in range(1, 38)},
        "LBY": set(),
        "PAN": {f"PA{n:02d}" for n in range(1, 14)} - {"PA11", "PA12"},
    }
    for iso3, pcodes in expected.items():
        rows = crosswalk[crosswalk["iso3"] == iso3]
        assert set(rows["pcode"]) - {""} == pcodes
    assert crosswalk["iso3"].value_counts()["COL"] == 34
    # every area of a country in the crosswalk has its line, with a P-code or the reason why not
    assert set(crosswalk["code"]) == set(adm1["code"][adm1["iso3"].isin(PCODED)])


def test_a_swapped_pcode_would_not_pass(crosswalk: pd.DataFrame, adm1: gpd.GeoDataFrame) -> None:
    """Control: Nord's and Sud's P-codes swapped with their names, or a P-code doubled, is found."""
    swapped = crosswalk.set_index("name")
    swapped.loc[["Nord", "Sud"], ["pcode", "pcode_name"]] = swapped.loc[
        ["Sud", "Nord"], ["pcode", "pcode_name"]
    ].to_numpy()
    faults = crosswalk_faults(swapped.reset_index(), adm1)
    assert len(faults) == 2
    assert "no note says why" in faults[0]
    doubled = crosswalk.assign(pcode=crosswalk["pcode"].replace("HT02", "HT01"))
    assert "HT01 twice" in crosswalk_faults(doubled, adm1)


def test_the_file_carries_the_crosswalk(adm1: gpd.GeoDataFrame) -> None:
    """The P-codes in the boundary file are those of the crosswalk, no more and no fewer."""
    for _, rows in bands(adm1):
        held = rows.dropna(subset=["pcode"])
        assert dict(zip(held["code"], held["pcode"], strict=True)) == read_pcodes(EMBEDDED / "pcodes.csv")


def test_small_islands_go_but_never_an_area() -> None:
    """An islet goes, a lone islet that is all of its area stays, and so does a small part on a neighbour's border."""
    islet = shapely.box(10, 10, 10.01, 10.01)
    exclave = shapely.box(1, 0, 1.01, 0.01)  # shares an edge with the second area
    areas = gpd.GeoDataFrame(
        {"code": ["a", "b", "c"]},
        geometry=[
            shapely.MultiPolygon([shapely.box(-3, 0, -1, 2), islet, exclave]),
            shapely.MultiPolygon([shapely.box(1.01, 0, 2, 0.01), shapely.box(4, 0, 6, 2)]),
            shapely.MultiPolygon([shapely.box(20, 20, 20.01, 20.01)]),
        ],
        crs=4326,
    )
    kept = without_small_islands(areas, 0.02).set_index("code").geometry
    assert [len(kept[code].geoms) for code in "abc"] == [2, 2, 1]
    assert not kept["a"].intersects(islet)


def test_the_source_is_all_there(gpkg: Path, adm1: gpd.GeoDataFrame) -> None:
    """Every first-level area of the source is in every band, under its code and name."""
    source = read_areas(gpkg)
    assert coverage_holds(source.geometry.array)
    for _, rows in bands(adm1):
        assert rows["code"].tolist() == source["code"].tolist()
        assert rows["name"].tolist() == source["name"].tolist()


@pytest.mark.slow
def test_committed_files_are_made_again_byte_for_byte(gpkg: Path, tmp_path: Path) -> None:
    """The script and the source give the committed files, to the last byte, under the pinned libraries."""
    write(derive(gpkg, read_pcodes(EMBEDDED / "pcodes.csv")), tmp_path)
    for name in ("adm0", "adm1", "disputed"):
        assert (tmp_path / f"{name}.parquet").read_bytes() == (FOLDER / f"{name}.parquet").read_bytes(), name


def test_a_pcode_for_no_area_is_refused(gpkg: Path) -> None:
    """A crosswalk made for another file is refused before anything is written."""
    with pytest.raises(ValueError, match="XXX-f1, which is no area"):
        derive(gpkg, {"XXX-f1": "XX01"})


def test_a_missing_source_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without its input the script writes nothing and says which file it wants."""
    assert main([str(tmp_path / "absent.gpkg"), "--out", str(tmp_path / "out")]) == 1
    assert "resources/data/world_map.gpkg of QGIS" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

"""The training country lies in mid-ocean; its areas fit together; its names are its own in both scripts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest
import rasterio
import shapely

from data.geo import WGS84, coverage_holds
from data.training.build import TrainingCountry
from data.training.geography import CENTRES, COMMUNES, DISTRICTS, HALF_HEIGHT, HALF_WIDTH, ISO3, PROVINCES
from data.training.names import CODAS, LETTERS, REAL, VOWELS, Tongue, arabic, latin
from data.training.schedule import BOUNDARY
from tests.countries import small_country

BOUNDARIES = Path(__file__).parent.parent / "data" / "embedded" / "boundaries"
SEEDS = (2026, 1, 7)
FAR_M = 200_000.0
Corners = npt.NDArray[np.float64]


@pytest.fixture(scope="module", params=SEEDS)
def country(request: pytest.FixtureRequest) -> TrainingCountry:
    return small_country(request.param)


@pytest.fixture(scope="module")
def real_land() -> gpd.GeoDataFrame:
    return gpd.read_parquet(BOUNDARIES / "adm0.parquet")


@pytest.fixture(scope="module")
def corners(real_land: gpd.GeoDataFrame) -> Corners:
    """Longitude and latitude of every vertex of real land, shape (n, 2)."""
    return shapely.get_coordinates(np.asarray(real_land.geometry.array, dtype=object))


def areas_of(country: TrainingCountry) -> gpd.GeoDataFrame:
    table = country.tables["areas"]
    assert isinstance(table, gpd.GeoDataFrame)
    return table


def nearest_land_m(box: tuple[float, float, float, float], corners: Corners) -> float:
    """Metres from a box to the nearest vertex of real land, at most about 1,100 km; borders are dense in vertices."""
    west, south, east, north = box
    near = (corners >= (west - 10, south - 10)) & (corners <= (east + 10, north + 10))
    corners = corners[near.all(axis=1)]
    if not corners.size:
        return float("inf")
    inside = np.column_stack([np.clip(corners[:, 0], west, east), np.clip(corners[:, 1], south, north)])
    metres = WGS84.inv(corners[:, 0], corners[:, 1], inside[:, 0], inside[:, 1])[2]
    return float(np.min(metres))


def test_no_real_land_is_near(country: TrainingCountry, corners: Corners) -> None:
    """Nothing of the country, nor of its sites, points and posts, lies within 200 km of real land."""
    areas = areas_of(country)
    assert nearest_land_m(tuple(areas.total_bounds), corners) > FAR_M
    west, south, east, north = areas.total_bounds
    for name in ("sites", "flow_points", "border_posts"):
        table = country.tables[name].dropna(subset=["lon", "lat"])
        assert table["lon"].between(west, east).all()
        assert table["lat"].between(south, north).all()
    assert nearest_land_m((-72.0, 18.6, -71.9, 18.7), corners) < FAR_M, "control: a place in Haiti"
    assert nearest_land_m((-12.4, -39.2, -12.3, -39.1), corners) < 400_000, (
        "control: not far from a small island"
    )


def test_every_centre_is_far_from_land(corners: Corners) -> None:
    """Wherever a seed may put the country, land is far: also at the edges of the largest possible island."""
    for lon, lat in CENTRES:
        reach_x, reach_y = HALF_WIDTH * 1.4 + 1.2, HALF_HEIGHT * 1.4 + 1.2
        box = (lon - reach_x, lat - reach_y, lon + reach_x, lat + reach_y)
        assert nearest_land_m(box, corners) > FAR_M, (lon, lat)


def test_every_level_is_a_valid_coverage(country: TrainingCountry) -> None:
    """In both versions and at every level areas meet along whole edges: no gap along a border, no overlap."""
    areas = areas_of(country)
    for (version, level), rows in areas.groupby(["version", "level"]):
        assert coverage_holds(rows.geometry.array), (version, level)
    counts = areas.groupby(["version", "level"]).size().to_dict()
    assert counts == {
        (1, "adm0"): 1, (1, "adm1"): PROVINCES, (1, "adm2"): DISTRICTS, (1, "adm3"): COMMUNES,
        (2, "adm0"): 1, (2, "adm1"): PROVINCES, (2, "adm2"): DISTRICTS + 1, (2, "adm3"): COMMUNES,
    }  # fmt: skip


def test_one_moved_border_would_not_pass(country: TrainingCountry) -> None:
    """Control: with one commune grown by 100 m the same check fails."""
    areas = areas_of(country)
    communes = areas[(areas["level"] == "adm3") & (areas["version"] == 1)].geometry.array
    shapes = np.asarray(communes, dtype=object).copy()
    shapes[3] = shapely.buffer(shapes[3], 0.001)
    assert not coverage_holds(shapes)


def test_areas_are_the_union_of_their_parts(country: TrainingCountry) -> None:
    """Each area is its parts, in both versions: parent codes and shapes say the same."""
    areas = areas_of(country)
    for _, rows in areas.groupby("version"):
        shapes = rows.set_index("pcode").geometry
        for parent, parts in rows[rows["parent"] != ""].groupby("parent"):
            whole = shapely.coverage_union_all(np.asarray(parts.geometry.array, dtype=object))
            assert shapely.area(shapely.symmetric_difference(whole, shapes[parent])) == 0, parent


def test_codes_have_the_usual_form_and_end_with_their_area(country: TrainingCountry) -> None:
    """XT01, XT0101, XT010101: each code begins with its parent's; a code that ended is not used again."""
    areas = areas_of(country)
    forms = {"adm0": r"[A-Z]{3}", "adm1": r"XT\d{2}", "adm2": r"XT\d{4}", "adm3": r"XT\d{6}"}
    for level, rows in areas.groupby("level"):
        assert rows["pcode"].str.fullmatch(forms[str(level)]).all()
    inner = areas[areas["level"].isin(["adm2", "adm3"])]
    assert all(code.startswith(parent) for code, parent in zip(inner["pcode"], inner["parent"], strict=True))
    first, second = (set(areas[areas["version"] == v]["pcode"]) for v in (1, 2))
    new = areas[(areas["version"] == 2) & (areas["was"] != "")]
    assert set(new["pcode"]) == second - first
    assert set(new["was"]) == first - second
    assert len([code for code in first - second if len(code) == 6]) == 1, "one district ended"
    assert len([code for code in second - first if len(code) == 6]) == 2, "and became two"
    assert set(areas[areas["version"] == 2]["first_round"]) == {BOUNDARY}


def test_the_code_of_the_country_belongs_to_nobody(real_land: gpd.GeoDataFrame) -> None:
    """The country code is one that ISO leaves to users (XAA to XZZ), and no country of the world has it."""
    assert "XAA" <= ISO3 <= "XZZ"
    assert ISO3 not in set(real_land["iso3"])


def test_names_are_no_names_of_real_countries_or_areas(
    country: TrainingCountry, real_land: gpd.GeoDataFrame
) -> None:
    """No area bears the name of a real country or first-level area."""
    real = {str(name).casefold() for name in real_land["name"]}
    real |= {str(name).casefold() for name in gpd.read_parquet(BOUNDARIES / "adm1.parquet")["name"]}
    names = {name.casefold() for name in areas_of(country)["name"]}
    assert not names & real
    assert "haiti" in real, "control"
    onset = "|".join(sorted(set(LETTERS) - set(VOWELS), key=len, reverse=True))
    could_be = re.compile(rf"(?:(?:{onset})[{''.join(VOWELS)}][{''.join(CODAS)}]?){{3,4}}")
    assert {name for name in real if could_be.fullmatch(name)} == REAL, "no other seed can hit one either"


def test_names_are_written_letter_for_letter_in_arabic(country: TrainingCountry) -> None:
    """Each Arabic name reads back as its Latin one, so the transliteration is the same everywhere."""
    for name in ("areas", "site_identities", "border_posts"):
        table = country.tables[name]
        for spelled, other in zip(table["name"], table["name_ar"], strict=True):
            assert latin(other) == spelled.lower()
            assert (
                spelled == ISO3
                or not set(other.lower()) & set("bdfghjklmnrstuz")
                or "synthetic" in spelled.lower()
            )
    assert arabic("Shuli") == "شولي"
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_a_language_has_its_own_sounds() -> None:
    """Two seeds speak differently, one seed always alike; a list holds each name once."""
    assert Tongue(1).names("x", 50) == Tongue(1).names("x", 50)
    assert Tongue(1).names("x", 50) != Tongue(2).names("x", 50)
    names = Tongue(3).names("y", 400, (3, 3))
    assert len(set(names)) == 400
    assert not set(Tongue(3).names("y", 50, (3, 3), names[:5])) & set(names[:5])


def test_cells_of_a_commune_sum_to_its_residents(country: TrainingCountry) -> None:
    """The raster holds the true residents, commune by commune; it is small, tiled and has overviews."""
    assert len(country.raster) < 1_000_000
    with rasterio.open(io.BytesIO(country.raster)) as image:
        people = image.read(1)
        assert image.crs.to_epsg() == 4326
        assert image.overviews(1) == [2, 4]
        assert image.profile["tiled"]
        assert "SYNTHETIC" in image.tags()["COUNTRY"]
        assert "SYNTHETIC" in image.descriptions[0]
        rows, columns = np.nonzero(people >= 0)
        lon, lat = rasterio.transform.xy(image.transform, rows, columns)
    areas = areas_of(country)
    communes = areas[(areas["level"] == "adm3") & (areas["version"] == 1)]
    tree = shapely.STRtree(np.asarray(communes.geometry.array, dtype=object))
    point, area = tree.query(shapely.points(lon, lat), predicate="within")
    sums = np.bincount(area, people[rows[point], columns[point]])
    true = country.truth["residents"].set_index("adm3")["people"].reindex(communes["pcode"])
    assert sums.tolist() == true.tolist()
    assert people[people >= 0].sum() == true.sum()


def test_sites_lie_in_their_communes(country: TrainingCountry) -> None:
    """Each located site lies in the commune that the register names."""
    areas = areas_of(country)
    newest = areas[(areas["version"] == 2) & (areas["level"] == "adm3")].set_index("pcode").geometry
    sites = country.tables["sites"].dropna(subset="lon")
    shapes = np.asarray(newest[sites["commune_pcode"]].array, dtype=object)
    points = shapely.points(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float))
    assert shapely.within(points, shapes).all()
    assert not shapely.within(points, np.roll(shapes, 1)).all(), "control: not in those of others"
    assert country.tables["sites"]["lon"].isna().any(), "some places are not known"


def test_residents_of_levels_sum(country: TrainingCountry) -> None:
    """Residents of each level and year sum to those of the country."""
    table = country.tables["residents"].assign(length=lambda rows: rows["pcode"].str.len())
    sums = table.groupby(["version", "year", "length"])["value"].sum().unstack()
    assert (sums.nunique(axis=1) == 1).all()
    assert [int(str(length)) for length in sums.columns] == [3, 4, 6, 8]

"""The population raster: residents by cell as a GeoTIFF with overviews; cells of a commune sum to its residents."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.training import keys
from data.training.geography import COMMUNES, Geography
from data.training.rows import records
from data.training.schedule import FIRST_DAY
from data.training.seeds import stream
from data.training.tables import RASTERS
from data.training.words import words

CELL = 0.0125  # degrees, about 1.3 km
TILE = 128
OVERVIEWS = (2, 4)
NO_DATA = -1.0
KEY = "xtr-residents-grid"

Cells = npt.NDArray[np.float32]


def cells(seed: int, geo: Geography, times: int = 1) -> tuple[Cells, float, float]:
    """People in each cell, row by row from the north, with the west and north of the grid in degrees.

    Returns
    -------
    tuple
        float32 of shape (rows, columns), whole numbers, NO_DATA at sea; west; north.
    """
    west, south, east, north = geo.bounds()
    left, top = np.floor(west / CELL) * CELL, np.ceil(north / CELL) * CELL
    wide = -(-int(np.ceil((east - left) / CELL)) // TILE) * TILE
    high = -(-int(np.ceil((top - south) / CELL)) // TILE) * TILE
    x = left + (np.arange(wide) + 0.5) * CELL
    y = top - (np.arange(high) + 0.5) * CELL
    at_x, at_y = (part.ravel() for part in np.meshgrid(x, y))
    point, area = shapely.STRtree(geo.shapes).query(shapely.points(at_x, at_y), predicate="within")
    owner = np.full(at_x.size, -1, dtype=np.int64)
    owner[point] = area
    people = np.full(at_x.size, NO_DATA, dtype=np.float32)
    rng = stream(seed, "raster")
    for commune in range(COMMUNES):
        inside = np.flatnonzero(owner == commune)
        if not inside.size:
            raise ValueError(
                f"Commune {commune} is smaller than a cell of the raster: make the cells smaller."
            )
        town = inside[int(rng.integers(inside.size))]
        # people live around a town: the weight falls with the square of the distance
        apart = ((at_x[inside] - at_x[town]) ** 2 + (at_y[inside] - at_y[town]) ** 2) / CELL**2
        weight = 1 / (1 + apart) + 0.004
        found = rng.multinomial(int(geo.residents[commune]), weight / weight.sum())
        people[inside] = (found * times).astype(np.float32)
    return people.reshape(high, wide), float(left), float(top)


def geotiff(people: Cells, west: float, north: float, country: str) -> bytes:
    """The raster as GeoTIFF bytes in EPSG:4326, tiled and compressed, with overviews that hold the mean of cells."""
    import rasterio
    from rasterio import Affine
    from rasterio.enums import Resampling
    from rasterio.io import MemoryFile

    with rasterio.Env(GDAL_NUM_THREADS="1"), MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=people.shape[1], height=people.shape[0], count=1, dtype="float32", crs="EPSG:4326",
            transform=Affine(CELL, 0.0, west, 0.0, -CELL, north), nodata=NO_DATA, tiled=True, blockxsize=TILE,
            blockysize=TILE, compress="deflate", predictor=3, zlevel=9,
        ) as image:  # fmt: skip
            image.write(people, 1)
            image.set_band_description(1, f"Residents by cell, {country} (SYNTHETIC)")
            image.update_tags(SYNTHETIC="yes", COUNTRY=f"{country} (SYNTHETIC)", UNIT="residents in a cell")
            image.build_overviews(list(OVERVIEWS), Resampling.average)
        return bytes(memory.read())


def raster_table(image: bytes, country: str) -> pd.DataFrame:
    """What is said of the raster: what its cells hold, of which year, and what they are not."""
    row: dict[str, object] = {
        "key": KEY, "operation": keys.TRACKING, "unit": "residents", "year": FIRST_DAY.year,
        "licence": "CC0-1.0: invented, free to use", "sha256": hashlib.sha256(image).hexdigest(),
        "source": keys.GEODATA,
        **words("title", f"Residents by cell, {country} (SYNTHETIC)", f"Habitants par cellule, {country} (SYNTHETIC)"),
        **words(
            "note",
            "A modelled estimate of where residents lived before anybody was displaced, not a count of displaced "
            "people. The cells of a commune sum to its residents; within a commune they are spread by a model.",
            "Une estimation modélisée de l’endroit où vivaient les habitants avant tout déplacement, et non un "
            "comptage de personnes déplacées. La somme des cellules d’une commune est celle de ses habitants\u202f; "
            "à l’intérieur d’une commune, un modèle les répartit.",
        ),
    }  # fmt: skip
    return records(RASTERS, [row])

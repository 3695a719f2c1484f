"""The training country at any size, written part by part: memory stays that of one part.

Each part brings as many sites and people again, on the same land and in the same rounds, and becomes one row
group of every file. The first part is the default country. Sums by area are carried along and written last.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.training import published, raster, register
from data.training.build import (
    RASTER_FILE,
    Progress,
    around,
    setup,
    small_observations,
    small_tables,
    small_truth,
)
from data.training.observe import Observed
from data.training.people import SITES, Block
from data.training.totals import Totals

DAY = pa.timestamp("us")  # what `data.tables.embedded.with_days` gives
SOUGHT = frozenset({"operation", "indicator", "round", "place", "site", "first", "last", "known_by"})
SUFFIX = "-SYNTHETIC.parquet"


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_scaled` wrote."""

    folder: Path
    files: Mapping[str, Path]  # by table; "truth/…" for the truth, "raster" for the GeoTIFF
    sites: int  # that really were, also those that were never on the list
    observations: int


def write_scaled(
    folder: Path, seed: int, scale: int, progress: Progress = lambda _: None, *, sites: int = SITES
) -> Written:
    """Write the training country at a scale as Parquet files, in bounded memory.

    Parameters
    ----------
    folder : Path
        Is made if it is missing; files of the same name are replaced, each in one step when it is whole.
    seed, scale, sites : int
        As for `build.build`. About 78,000 observations a part: 65 parts are 5 million.
    progress : callable
        Is told each step as a line.

    Returns
    -------
    Written
        `observations` has three columns more than the table: `first`, `last` and `known_by` as days, as the
        store keeps them. The truth of sites is not written: `build.setup(seed).block(part)` makes it again.

    Raises
    ------
    ValueError
        If the scale is below 1.
    """
    if scale < 1:
        raise ValueError(f"The scale is 1 or more, not {scale}.")
    folder.mkdir(parents=True, exist_ok=True)
    progress("Land, names and calendar")
    given = setup(seed, sites)
    totals = Totals()
    kept: list[tuple[Block, Observed]] = []  # the first part alone: the ledger speaks of its sites
    with _Files(folder) as files:
        for at in range(scale):
            block, seen = given.block(at)
            kept = kept or [(block, seen)]
            totals.add(block, seen, given.geo)
            files.write(
                "observations", with_days(pa.concat_tables(published.site_rows(block, seen, given.when)))
            )
            files.write("sites", register.site_table(seed, block, seen, given.geo))
            files.write("site_states", register.state_table(block, seen, given.when))
            for name, rows in (
                ("site_identities", register.identities(block, seen, given.geo, given.tongue)),
                ("site_closures", register.closures(block, seen, given.when)),
                ("site_effort", register.effort(block, seen, given.when)),
            ):
                files.write(
                    name, pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None)
                )
            if (at + 1) % 10 == 0 or at + 1 == scale:
                progress(f"Part {at + 1} of {scale}: {files.rows['observations']:,} observations")
        made = around(given, totals, *kept[0])
        rest = pa.Table.from_pandas(small_observations(made), preserve_index=False)
        files.write("observations", with_days(rest.replace_schema_metadata(None)))
        for name, frame in small_tables(given, made, scale).items():
            files.frame(name, frame)
        for name, frame in small_truth(given, made, scale).items():
            files.frame(f"truth/{name}", frame)
        people, west, north = raster.cells(seed, given.geo, scale)
        content = raster.geotiff(people, west, north, given.geo.country)
        files.frame("rasters", raster.raster_table(content, given.geo.country))
        observations = files.rows["observations"]
    image = folder / RASTER_FILE
    part = image.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, image)  # noqa: PTH105  # the plain name of one step
    return Written(
        folder=folder, files={**files.done, "raster": image}, sites=sites * scale, observations=observations
    )


def with_days(rows: pa.Table) -> pa.Table:
    """Observations with the first and last day of their periods and `known_by` as days, for SQL to compare."""
    period = pc.dictionary_encode(rows["period"]).combine_chunks()
    from data.dates import DateSpan

    spans = [DateSpan.parse(text) for text in period.dictionary.to_pylist()]
    for name in ("first", "last"):
        days = pa.array([getattr(span, name) for span in spans], type=pa.date32()).cast(DAY)
        rows = rows.append_column(name, days.take(period.indices))
    known = pc.dictionary_encode(rows["known_by"]).combine_chunks()
    days = pc.strptime(known.dictionary, format="%Y-%m-%d", unit="us")
    return rows.set_column(rows.schema.get_field_index("known_by"), "known_by", days.take(known.indices))


class _Files:
    """Open Parquet files, one row group a write; they get their names when all of them are whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, Any] = {}
        self._parts: dict[str, tuple[Path, Path]] = {}
        self.rows: dict[str, int] = {}
        self.done: dict[str, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()
        for name, (part, whole) in self._parts.items():
            if kind is None:
                part.replace(whole)
                self.done[name] = whole
            else:
                part.unlink(missing_ok=True)

    def write(self, name: str, rows: pa.Table) -> None:
        """One more row group."""
        if name not in self._writers:
            # keys differ in every row of one part and repeat from table to table: a dictionary does not pay
            texts = [c for c in rows.column_names if c not in {"id", "key"}]
            # limits of every column of every row group would fill the memory of a large country
            sought = [c for c in rows.column_names if c in SOUGHT]
            self._writers[name] = pq.ParquetWriter(
                self._path(name),
                rows.schema,
                compression="zstd",
                use_dictionary=texts,
                write_statistics=sought,
            )
        self._writers[name].write_table(rows, row_group_size=max(rows.num_rows, 1))
        self.rows[name] = self.rows.get(name, 0) + rows.num_rows

    def frame(self, name: str, frame: pd.DataFrame) -> None:
        """A whole small table."""
        if isinstance(frame, gpd.GeoDataFrame):
            frame.to_parquet(self._path(name), index=False, compression="zstd")
        else:
            frame.to_parquet(self._path(name), index=False, compression="zstd", engine="pyarrow")

    def _path(self, name: str) -> Path:
        whole = self._folder / f"{name}{SUFFIX}"
        whole.parent.mkdir(parents=True, exist_ok=True)
        part = whole.with_suffix(".part")
        self._parts[name] = (part, whole)
        return part

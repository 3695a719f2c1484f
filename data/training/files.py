"""The truth of the training country as files beside a store, which no release ever holds, with its raster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data.training.build import RASTER_FILE, SEED, TrainingCountry, build
from data.training.stream import write_scaled

FOLDER = "training-SYNTHETIC"


def write_beside(store: Path, country: TrainingCountry, progress: Callable[[str], None]) -> Path:
    """Write what really happened in `country`, and its raster, below the folder of a store.

    Returns
    -------
    Path
        The folder: ``truth/<table>.parquet`` and the population raster (GeoTIFF).
    """
    folder = store / FOLDER
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    for name, frame in sorted(country.truth.items()):
        frame.to_parquet(folder / "truth" / f"{name}.parquet", index=False)
    (folder / RASTER_FILE).write_bytes(country.raster)
    progress(f"Wrote the truth in {len(country.truth)} tables and the raster to {folder}")
    return folder


def write(store: Path, seed: int | None, scale: int, progress: Callable[[str], None]) -> Path:
    """Write the truth and the raster at scale 1, or for load the whole country `scale` times as large.

    Raises
    ------
    ValueError
        If the scale is below 1.
    """
    chosen = SEED if seed is None else seed
    if scale == 1:
        return write_beside(store, build(chosen), progress)
    folder = store / FOLDER / f"scale-{scale}"
    write_scaled(folder, chosen, scale, progress)
    return folder

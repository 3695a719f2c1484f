"""One seed is one country to the byte, another seed another; at any scale the parts add up in bounded memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.tables.embedded import with_days
from data.training import keys, raster, schedule, stream
from data.training.build import SEED, Setup, TrainingCountry, build, digest, setup
from data.training.observe import Observed
from data.training.people import Block
from data.training.seeds import stream as seeded
from data.training.stream import Written, write_scaled
from tests.countries import SMALL, small_country

ROOT = Path(__file__).parent.parent
ASK = f"from data.training.build import build; print(build({SEED}, sites={SMALL}).digest())"


@pytest.fixture(scope="module")
def small() -> TrainingCountry:
    return small_country(SEED)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The same country with a second part, written part by part."""
    return write_scaled(tmp_path_factory.mktemp("scaled") / "out", SEED, 2, sites=SMALL)


def digest_elsewhere(hash_seed: str, zone: str) -> str:
    """The digest as another process finds it."""
    env = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.strip()


def test_the_same_seed_is_the_same_country_in_any_process(small: TrainingCountry) -> None:
    """Neither the order of hashes nor the clock's zone nor the language changes a byte.

    This process has an order of hashes, a zone and a language too: the other one has none of them.
    """
    other = "77" if os.environ.get("PYTHONHASHSEED") != "77" else "1"
    zone = "Asia/Tokyo" if time.localtime().tm_gmtoff != 9 * 3600 else "America/Lima"
    assert digest_elsewhere(other, zone) == small.digest()


def test_a_changed_cell_changes_the_digest(small: TrainingCountry) -> None:
    """Control: the digest covers cells, names of tables and the raster."""
    frames = dict(small.tables)
    before = digest(frames)
    assert digest(dict(reversed(list(frames.items())))) == before
    frames["rounds"] = frames["rounds"].assign(tool="another")
    assert digest(frames) != before
    assert digest(small.tables, b"x") != before
    areas = small.tables["areas"]
    moved = areas.assign(geometry=areas.geometry.translate(0.1))
    assert digest({**small.tables, "areas": moved}) != before


def test_another_seed_is_another_country(small: TrainingCountry) -> None:
    """Name, areas, names, figures and days all differ."""
    other = small_country(SEED + 1)
    assert other.name != small.name
    assert other.digest() != small.digest()
    for table, column in (("areas", "name"), ("sites", "lon"), ("rounds", "period"), ("residents", "value")):
        assert other.tables[table][column].tolist() != small.tables[table][column].tolist()
    figures = [
        c.tables["observations"].query("indicator == @keys.PEOPLE")["value"].sum() for c in (small, other)
    ]
    assert figures[0] != figures[1]


def test_a_stream_is_its_name() -> None:
    """The same path is the same stream in any order; another path or seed is another one."""
    a = seeded(1, "people", 0).random(4).tolist()
    seeded(1, "other").random(100)
    assert seeded(1, "people", 0).random(4).tolist() == a
    different = [
        seeded(1, "people", 1),
        seeded(2, "people", 0),
        seeded(1, "people", "0"),
        seeded(1, "people"),
    ]
    assert all(s.random(4).tolist() != a for s in different)
    with pytest.raises(ValueError, match="0 or more"):
        seeded(-1, "people")
    with pytest.raises(ValueError, match="Name the part"):
        seeded(1)


def test_rounds_are_uneven_and_in_order() -> None:
    """Twenty-four rounds; windows do not meet; gaps differ, and are longer from FREQUENCY on."""
    for seed in range(20):
        when = schedule.schedule(seed)
        assert len(when.first) == schedule.ROUNDS == 24
        gaps = [(b - a).days for a, b in zip(when.last, when.first[1:], strict=False)]
        assert min(gaps) > 0
        assert len(set(gaps)) > 8
        early, late = gaps[: schedule.FREQUENCY - 2], gaps[schedule.FREQUENCY - 2 :]
        assert np.mean(late) > 1.4 * np.mean(early)
        assert when.known[-1] < date(2026, 3, 1)


def test_wrong_sizes_are_refused() -> None:
    """A country of no part, or with fewer sites than its story needs, is refused in a sentence."""
    with pytest.raises(ValueError, match="1 or more"):
        build(1, scale=0)
    with pytest.raises(ValueError, match="at least 80 sites"):
        build(1, sites=79)


# Scale


def test_written_parts_are_the_country_and_more(written: Written, small: TrainingCountry) -> None:
    """What is written part by part is what is built in memory; the first part is the default country."""
    whole = build(SEED, 2, sites=SMALL)
    rows = pd.read_parquet(written.files["observations"])
    assert len(rows) == written.observations == len(whole.tables["observations"])
    assert written.sites == 2 * SMALL
    held = with_days(whole.tables["observations"]).sort_values("id", ignore_index=True)
    found = rows.sort_values("id", ignore_index=True)[list(held.columns)]
    for name in held.columns:
        if name not in {"value", "round", "lower", "upper"}:
            left, right = (rows[name].to_numpy(dtype=object, na_value=None) for rows in (found, held))
            assert (left == right).all(), name
        else:
            a, b = found[name].astype("Float64"), held[name].astype("Float64")
            assert (((a - b).fillna(0) == 0) & (a.isna() == b.isna())).all(), name
    for name in ("sites", "site_states"):
        assert len(pd.read_parquet(written.files[name])) == len(whole.tables[name])
    first = rows[rows["place"].isin(small.tables["sites"]["key"])]
    default = small.tables["observations"]
    default = default[
        default["place"].isin(small.tables["sites"]["key"]) & (default["operation"] == keys.TRACKING)
    ]
    again = first[first["operation"] == keys.TRACKING]
    assert (
        again.set_index("id")["value"].fillna(-1).to_dict()
        == default.set_index("id")["value"].fillna(-1).to_dict()
    )
    assert {path.suffix for path in written.folder.rglob("*") if path.is_file()} == {".parquet", ".tif"}
    assert all("SYNTHETIC" in path.name for path in written.files.values())


def test_totals_of_parts_are_sums_of_sites(written: Written) -> None:
    """The country's figure is the sum over the sites of all parts; each part is a row group."""
    assert pq.ParquetFile(written.files["observations"]).num_row_groups == 2 + 1
    rows = pd.read_parquet(written.files["observations"])
    rows = rows[(rows["indicator"] == keys.PEOPLE) & (rows["vintage"] == "first") & (rows["sex"] == "")]
    rows = rows[
        (rows["assessment"] == "") & (rows["reason"] == "") & (rows["origin"] == "") & (rows["round"] == 3)
    ]
    sites = rows[rows["place"].str.startswith("xtr-s")]
    assert sites["place"].nunique() == len(sites) > SMALL
    assert sites["value"].sum() == rows[rows["place"] == ""]["value"].sum()


def test_a_failed_write_leaves_no_file(tmp_path: Path) -> None:
    """A writer that stops half way leaves nothing that looks whole."""

    def stop(line: str) -> None:
        if line.startswith("Part"):
            raise RuntimeError(line)

    with pytest.raises(RuntimeError, match="Part 1"):
        write_scaled(tmp_path, 4, 1, stop, sites=SMALL)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def peak_bytes(work: Callable[[Callable[[str], None]], object]) -> list[int]:
    """The most memory that Python and numpy held at once up to each line that some work told, and to its end."""
    peaks: list[int] = []

    def told(_: str) -> None:
        peaks.append(tracemalloc.get_traced_memory()[1])

    tracemalloc.start()
    try:
        with suppress(Stopped):
            work(told)
        told("The end")
    finally:
        tracemalloc.stop()
    return peaks


class Stopped(Exception):
    """All parts are written: what comes after them is of no matter here."""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_scale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six parts take hardly more memory than two: by far less than four more parts that are kept.

    Land and raster are the same at any scale, and take more than small parts: both are made before. So is what
    comes after the last part; up to there and to the end memory is looked at, as the larger would hide the other.
    """
    given = setup(4, SMALL)
    cells = raster.cells(4, given.geo)
    monkeypatch.setattr(stream, "setup", lambda *_: given)
    monkeypatch.setattr(raster, "cells", lambda *_: cells)
    few, many = (
        peak_bytes(lambda told, parts=parts: write_scaled(tmp_path / f"{parts}", 4, parts, told, sites=SMALL))
        for parts in (2, 6)
    )
    assert len(few) == len(many) == 3  # at the beginning, after the last part, at the end
    assert many[-1] < 1.2 * few[-1]

    def held(told: Callable[[str], None]) -> None:
        parts = []
        for at in range(6):
            parts.append(given.block(at))
            told(f"Part {at + 1}")

    kept = [peak for at, peak in enumerate(peak_bytes(held), 1) if at in (2, 6)]
    assert kept[1] > 2 * kept[0], "control: parts that are kept are noticed"
    most = (kept[1] - kept[0]) / 4
    assert all(more - less < most for less, more in zip(few, many, strict=True))
    parts: list[object] = []
    block = Setup.block

    def keeping(self: Setup, at: int) -> tuple[Block, Observed]:
        made = block(self, at)
        parts.append(made)
        return made

    def stop(line: str) -> None:
        if line.startswith("Part"):
            raise Stopped

    monkeypatch.setattr(Setup, "block", keeping)
    leaky = peak_bytes(lambda _: write_scaled(tmp_path / "leaky", 4, 6, stop, sites=SMALL))
    assert leaky[-1] - few[1] > most, "control: a writer that keeps its parts is caught"

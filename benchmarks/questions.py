"""Questions to 5 million observations: what the product takes beside the same question in hand-written SQL."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import psutil  # type: ignore[import-untyped]  # its types are not among the tools

from benchmarks.table import Row
from data import queries, split
from data.store import Release, Store
from data.tables.embedded import ordered, partitions

SCALE = 65  # parts of the training country: 5 million observations
ROUNDS = range(2, 16)  # each question about another round, so that no answer is kept from the one before
TRACKING, PEOPLE = "xtr-mt", "xtr-idp"
SUFFIX = "-SYNTHETIC.parquet"
SPARE_MS = 5  # beyond 1.3 times the SQL

# By hand: the newest vintage of each round of the total
SERIES = """
SELECT * FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY round ORDER BY known_by DESC) AS newest FROM observations
  WHERE operation = 'xtr-mt' AND indicator = 'xtr-idp' AND place = '' AND sex = '' AND age = '' AND reason = ''
    AND origin = '' AND destination = '' AND assessment = '' AND known_by <= $day
) AS v WHERE newest = 1 ORDER BY round
"""
# By hand: the sites of two rounds with both values and the last states up to them, one row a site
SPLIT = """
WITH v AS (
  SELECT place, round, value FROM (
    SELECT place, round, value, ROW_NUMBER() OVER (PARTITION BY place, round ORDER BY known_by DESC) AS newest
    FROM observations
    WHERE operation = 'xtr-mt' AND indicator = 'xtr-idp' AND place LIKE 'xtr-s%' AND round IN ($before, $after)
      AND sex = '' AND age = '' AND reason = '' AND origin = '' AND destination = '' AND assessment = ''
  ) AS n WHERE newest = 1
),
before AS (SELECT place, value FROM v WHERE round = $before),
after AS (SELECT place, value FROM v WHERE round = $after),
s AS (
  SELECT site, state, round, ROW_NUMBER() OVER (PARTITION BY site ORDER BY round DESC) AS newest
  FROM site_states WHERE round <= $after
),
t AS (
  SELECT site, state, round, ROW_NUMBER() OVER (PARTITION BY site ORDER BY round DESC) AS newest
  FROM site_states WHERE round <= $before
)
SELECT p.key, p.name, b.value AS before, a.value AS after, t.state AS was, s.state AS is_now, c.reason
FROM sites AS p
LEFT JOIN before AS b ON b.place = p.key LEFT JOIN after AS a ON a.place = p.key
LEFT JOIN t ON t.site = p.key AND t.newest = 1 LEFT JOIN s ON s.site = p.key AND s.newest = 1
LEFT JOIN site_closures AS c ON c.site = p.key AND c.round > $before AND c.round <= $after
WHERE b.value IS NOT NULL OR a.value IS NOT NULL
"""


def questions(store: Path) -> list[Row]:
    """Series, split and as known on, each beside its SQL, and the memory of the process that asked."""
    release = load_store(store.parent / "load", store.parent / "large")
    queries.catalogue(release)
    asked: dict[str, tuple[Callable[[int], object], Callable[[int], object]]] = {
        "a series": (
            lambda _: _series(release, None),
            lambda _: _sql(release, SERIES, day=date(9999, 12, 31)),
        ),
        "a series as known on a day": (
            lambda n: _series(release, date(2022, 6, n)),
            lambda n: _sql(release, SERIES, day=date(2022, 6, n)),
        ),
        "the split of a change": (
            lambda n: split.change(release, PEOPLE, str(n), str(n + 1)),
            lambda n: _sql(release, SPLIT, before=n, after=n + 1),
        ),
    }
    rows = []
    for what, (product, by_hand) in asked.items():
        product(1), by_hand(1)
        pairs = [(_milliseconds(product, n), _milliseconds(by_hand, n)) for n in ROUNDS]
        mine, theirs = ([pair[at] for pair in pairs] for at in (0, 1))
        ratio = (statistics.median(mine) - SPARE_MS) / statistics.median(theirs)
        rows.append(
            Row(what=f"{what}, beyond {SPARE_MS} ms / by hand", measured=ratio, bar=1.3, unit="ratio")
        )
        p95 = sorted(mine)[int(0.95 * len(mine))]
        rows.append(Row(what=f"{what}, of 5 million observations, p95", measured=p95, bar=150, unit="ms"))
    used = psutil.Process().memory_info().rss / 1e6
    return [*rows, Row(what="memory of the process that asked", measured=used, bar=700, unit="MB")]


def load_store(files: Path, store: Path) -> Release:
    """The training country at scale as a release; made by another process, so that its memory does not count."""
    if not (store / "CURRENT").exists():
        subprocess.run([sys.executable, "-m", "benchmarks.questions", str(files), str(store)], check=True)
    return Store(store).current()


def make(files: Path, store: Path) -> None:
    """Write the scaled country and publish it."""
    command = [
        sys.executable,
        "-m",
        "data",
        "demo",
        "--training",
        "--scale",
        str(SCALE),
        "--store",
        str(files),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    tables: dict[str, pd.DataFrame] = {}
    for path in sorted(files.rglob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        if path.parent.name == "truth":
            continue
        frame = gpd.read_parquet(path) if name == "areas" else pd.read_parquet(path)
        if name == "observations":
            for operation, rows in frame.groupby("operation"):
                tables[f"{name}/{operation!s}"] = ordered(name, rows)
        else:
            tables |= {part: ordered(name, rows) for part, rows in partitions(name, frame).items()}
    Store(store).publish(tables, reason="The training country at scale")


def _series(release: Release, day: date | None) -> object:
    queries.forget()
    return queries.series(release, PEOPLE, day)


def _sql(release: Release, sql: str, **parameters: object) -> pd.DataFrame:
    with release.cursor() as cursor:
        rows: pd.DataFrame = cursor.sql(sql, params=parameters).to_arrow_table().to_pandas()
        return rows


def _milliseconds(question: Callable[[int], object], number: int) -> float:
    began = time.perf_counter()
    question(number)
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))

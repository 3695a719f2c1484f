"""Run every benchmark and print one table: what, measured, bar, held or not."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import areas, measures
from benchmarks import map as map_page
from benchmarks.table import Row, printed


def main() -> int:
    """Measure all, print the table, and return 1 if a bar was not held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", help="run the measures whose name contains this text")
    parser.add_argument(
        "--large", type=Path, help="keep the large stores of the map in this folder, or take them from it"
    )
    given = parser.parse_args()
    wanted = given.only
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        every: dict[str, Callable[[Path], list[Row]]] = {
            **measures.ALL,
            "map": partial(map_page.measure, kept=given.large),
            "areas": partial(areas.measure, kept=given.large),
        }
        for name, measure in every.items():
            if wanted is None or wanted in name or name == "build":  # the others need the store
                print(f"{name} …", file=sys.stderr, flush=True)
                rows += measure(store)
    print(printed(rows))
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

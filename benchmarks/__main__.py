"""Run every benchmark and print one table: what, measured, bar, held or not."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import measures
from benchmarks.table import Row, printed


def main() -> int:
    """Measure all, print the table, and return 1 if a bar was not held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", help="run the measures whose name contains this text")
    wanted = parser.parse_args().only
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        for name, measure in measures.ALL.items():
            if wanted is None or wanted in name or name == "build":  # the others need the store
                print(f"{name} …", file=sys.stderr, flush=True)
                rows += measure(store)
    print(printed(rows))
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

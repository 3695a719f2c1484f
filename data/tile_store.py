"""Vector tiles of many areas, made when a release is published and kept in its store.

What is not there is made when it is asked for: a store that cannot be written serves the same tiles, later.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from data import area_shapes, durable, tile_files
from data.area_shapes import MAX_ZOOM, Sheet
from data.store import Release, StoreError
from data.tile_files import Key

MANY = 1_500  # areas; of more, plain polygons take over a second to change round
MOST_TILES = 40  # of a zoom: finer ones, where a screen shows few areas, are made when they are asked for
TABLE, NAMED_BY = "areas", frozenset({"iso3", "level", "version"})


def sheets(release: Release) -> list[Sheet]:
    """The sheets of own areas of a release that are drawn by tiles, by name."""
    about = release.resources.get(TABLE)
    if about is None or not {field["name"] for field in about.fields} >= NAMED_BY:
        return []
    counted = "SELECT iso3, level, version FROM areas GROUP BY ALL HAVING COUNT(*) > $many ORDER BY ALL"
    with release.cursor() as sql:
        rows = sql.execute(counted, {"many": MANY}).fetchall()
    return [Sheet(str(iso3), str(level), int(version)) for iso3, level, version in rows]


def build(release: Release, say: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Make the tiles of a release that are not there whole; the files that were written.

    Killed anywhere, each file is whole or not there. What the system refuses to write, and what no tiles can be made
    of, is said and left to be made when it is asked for: the release is published without it.
    """
    written = []
    for sheet in sheets(release):
        path = path_of(release, sheet)
        if tile_files.fault(path) is None:
            continue
        try:
            content = packed(release, sheet)
            with durable.writer_lock(release.root):  # a prune beside it takes unfinished files away
                path.parent.mkdir(exist_ok=True)
                durable.write_whole(path, content)
                durable.sync_folder(path.parent)
        except (OSError, StoreError, ValueError) as why:
            say(f"tiles of {sheet.name}: not kept, they will be made when they are asked for ({why})")
            continue
        say(f"tiles of {sheet.name}: {len(content):,} bytes")
        written.append(path)
    return written


def path_of(release: Release, sheet: Sheet) -> Path:
    """Where the tiles of a sheet lie; of embedded borders, which have few areas, there never are any."""
    return tile_files.path_of(release.root, release.resources[TABLE].sha256, sheet.name)


def packed(release: Release, sheet: Sheet) -> bytes:
    """The file of a sheet: the tiles of all zooms with at most `MOST_TILES`."""
    made = {key: area_shapes.tile(release, sheet, *key) for key in eager(release, sheet)}
    found = {key: body for key, body in made.items() if body != area_shapes.EMPTY}
    return tile_files.written(max(z for z, _, _ in made), found)


def eager(release: Release, sheet: Sheet) -> Iterator[Key]:
    """The tiles that are made when a release is published: from the whole world to where they are too many."""
    bounds = area_shapes.areas_of(release, sheet).total_bounds
    (west, south), (east, north) = area_shapes.mercator(np.array([bounds[:2], bounds[2:]]))
    for z in range(MAX_ZOOM + 1):
        columns, rows = (
            range(math.floor(low * 2**z), min(math.floor(high * 2**z), 2**z - 1) + 1)
            for low, high in ((west, east), (north, south))
        )
        if z and len(columns) * len(rows) > MOST_TILES:
            return
        yield from ((z, x, y) for x in columns for y in rows)


def kept(release: Release, sheet: Sheet, key: Key) -> bytes | None:
    """A tile as it is kept, compressed with gzip; None where it is not kept, or not whole."""
    if TABLE not in release.resources:
        return None
    return tile_files.tile(path_of(release, sheet), key, area_shapes.EMPTY)

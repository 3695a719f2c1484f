"""Shapes of areas keep their borders, hatches stay inside, tiles hold every area, and nonsense gets no answer."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box, shape
from werkzeug.test import Client

from callbacks import area_texts
from data.area_figures import areas_at
from data.area_marks import marks
from data.area_shapes import EXTENT, HATCHES, Sheet, drawn, encoded, hatch_lines, mercator, read, said, tile
from data.map_settings import MapSettings
from data.store import Release, Store
from web import boundaries, tiles

DISTRICTS = Sheet("XTR", "adm2", 2)


@pytest.fixture(scope="module")
def client(store: Store) -> Client:
    server = Flask(__name__)
    boundaries.install(server, store)
    tiles.install(server, store)
    return server.test_client()


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_which_areas_are_said_and_read(mask: list[bool]) -> None:
    """What is written into an address is read from it; of another number of areas it is refused."""
    assert read(said(mask), len(mask)).tolist() == mask
    with pytest.raises(LookupError):
        read(said(mask), len(mask) + 8)


@pytest.mark.parametrize("text", ["!", "é", "A"])
def test_nonsense_names_no_areas(text: str) -> None:
    """Control: what nobody wrote is refused."""
    with pytest.raises(LookupError):
        read(text, 8)


# Hatches


@pytest.mark.parametrize("hatch", HATCHES)
def test_a_hatch_stays_inside(hatch: str) -> None:
    """Each chosen area has lines, also a small one; they lie within it, and the others have none."""
    shapes = np.array([box(0, 0, 4, 4), box(4, 0, 8, 4), box(0, 4, 0.02, 4.02)], dtype=object)
    lines = hatch_lines(shapes, np.array([True, False, True]), hatch)
    assert len(lines) == 2
    for line, area in zip(lines, shapes[[0, 2]], strict=True):
        assert line.length > 0
        assert area.buffer(1e-9).covers(line)
    # lines of two neighbours are one grid
    both = hatch_lines(shapes, np.array([True, True, False]), hatch)
    assert abs(both[0].length - both[1].length) < 0.05 * both[0].length


def test_hatches_differ() -> None:
    """No two kinds put the same lines into an area."""
    square = np.array([box(0, 0, 4, 4)], dtype=object)
    drawn_ = {shapely.to_wkb(hatch_lines(square, np.array([True]), kind)[0]) for kind in HATCHES}
    assert len(drawn_) == len(HATCHES)


def test_borders_stay_shared(release: Release) -> None:
    """What is drawn of every own sheet is a coverage without gaps along edges or overlaps."""
    for level in ("adm1", "adm2", "adm3"):
        found = drawn(release, Sheet("XTR", level, 2))
        assert shapely.coverage_is_valid(np.asarray(found.geometry.array, dtype=object))


# Tiles


def varints(body: bytes) -> Iterator[int]:
    """The numbers of a packed field."""
    value = shift = 0
    for byte in body:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def fields(body: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message, read as the format says."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = body[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(body):
        key = number()
        if key & 7 == 0:
            yield key >> 3, number()
        else:
            size = number()
            yield key >> 3, body[at : at + size]
            at += size


def decoded(body: bytes) -> dict[int, tuple[dict[str, str], list[list[tuple[int, int]]]]]:
    """The features of a tile of one layer by id: properties and rings in units of the tile."""
    layer = list(fields(next(content for number, content in fields(body) if number == 3)))
    keys = [content.decode() for number, content in layer if number == 3]
    texts = [
        next(t for n, t in fields(content) if n == 1).decode() for number, content in layer if number == 4
    ]
    found = {}
    for number, content in layer:
        if number != 2:
            continue
        parts = dict(fields(content))
        tags = list(varints(parts[2]))
        commands, x, y = list(varints(parts[4])), 0, 0
        rings: list[list[tuple[int, int]]] = []
        at = 0
        while at < len(commands):
            command, count = commands[at] & 7, commands[at] >> 3
            at += 1
            if command == 7:
                continue
            if command == 1:
                rings.append([])
            for _ in range(count):
                dx, dy = ((v >> 1) ^ -(v & 1) for v in commands[at : at + 2])
                x, y, at = x + dx, y + dy, at + 2
                rings[-1].append((x, y))
        found[parts[1]] = (
            {keys[k]: texts[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}, rings
        )  # fmt: skip
    return found


def test_a_tile_is_what_the_format_says() -> None:
    """An outer ring and a hole come out as they went in, with id, properties, extent and version."""
    outer, hole = np.array([(0, 0), (9, 0), (9, 9), (0, 9)]), np.array([(2, 2), (2, 5), (5, 5)])
    body = encoded("areas", [(300, {"pcode": "XX01", "name": "Là"}, [outer, hole])])
    assert decoded(body) == {
        300: ({"pcode": "XX01", "name": "Là"}, [[(0, 0), (9, 0), (9, 9), (0, 9)], [(2, 2), (2, 5), (5, 5)]])
    }
    layer = dict(fields(dict(fields(body))[3]))
    assert (layer[1], layer[5], layer[15]) == (b"areas", EXTENT, 2)


@pytest.mark.parametrize("zoom", [0, 3, 6])
def test_tiles_hold_every_area(release: Release, zoom: int) -> None:
    """Over all tiles of a zoom each area is there by its place in the order of codes, with outer rings clockwise."""
    areas = drawn(release, DISTRICTS)
    corners = mercator(np.array([areas.total_bounds[:2], areas.total_bounds[2:]]))
    (west, south), (east, north) = np.floor(corners * 2**zoom).astype(int).tolist()
    seen: dict[int, float] = {}
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            for number, (properties, rings) in decoded(tile(release, DISTRICTS, zoom, x, y)).items():
                assert properties["pcode"] == areas["pcode"].iloc[number]
                seen[number] = seen.get(number, 0) + sum(map(twice, rings))
                assert twice(rings[0]) > 0
    if zoom:  # at zoom 0 the whole country is a few units wide
        assert set(seen) == set(range(len(areas)))


def twice(ring: list[tuple[int, int]]) -> int:
    """Twice the area of a ring, positive for one that runs clockwise on screen."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))


@pytest.mark.parametrize(("z", "x", "y"), [(11, 0, 0), (2, 4, 0), (2, 0, -1)])
def test_a_tile_beyond_the_world_is_refused(release: Release, z: int, x: int, y: int) -> None:
    """Zooms end, and so does the world."""
    with pytest.raises(LookupError):
        tile(release, DISTRICTS, z, x, y)


# The server


def test_areas_come_by_address(client: Client, release: Release) -> None:
    """Shapes with code and name, kept for a year; lines over some of them with the same codes."""
    answer = client.get(f"/boundaries/{release.digest}/XTR-adm2-v1.geojson")
    features = json.loads(answer.data)["features"]
    assert len(features) == 60
    assert set(features[0]["properties"]) == {"pcode", "name"}
    assert "immutable" in answer.headers["Cache-Control"]
    of = said([f["properties"]["pcode"] == "XT0604" for f in features])
    lines = json.loads(
        client.get(f"/boundaries/{release.digest}/XTR-adm2-v1.geojson?hatch=wide&of={of}").data
    )
    assert [f["properties"]["pcode"] for f in lines["features"]] == ["XT0604"]
    assert shape(lines["features"][0]["geometry"]).length > 0


@pytest.mark.parametrize("name", ["HTI-adm0-v0", "HTI-adm1-v0", "XTR-adm3-v2"])
def test_real_countries_and_own_areas(client: Client, release: Release, name: str) -> None:
    """Embedded borders have version 0 and two levels."""
    assert client.get(f"/boundaries/{release.digest}/{name}.geojson").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "boundaries/{d}/XTR-adm2-v9.geojson", "boundaries/{d}/HTI-adm2-v0.geojson",
        "boundaries/{d}/XTR-adm4-v1.geojson",
        "boundaries/{d}/XTR-adm2-v1.geojson?hatch=round&of=AA", "boundaries/{d}/XTR-adm2-v1.geojson?hatch=wide&of=AA",
        "boundaries/{d}/world.geojson?hatch=wide&of=AA", "boundaries/{short}/XTR-adm2-v1.geojson",
        "tiles/{d}/XTR-adm2-v9/0/0/0.mvt", "tiles/{d}/world/0/0/0.mvt", "tiles/{d}/XTR-adm2-v1/12/0/0.mvt",
        "tiles/{short}/XTR-adm2-v1/0/0/0.mvt", "areas/{d}/nowhere/at.bin", "areas/{d}/xtr-mt/at.bin?round=99",
        "areas/{d}/xtr-mt/at.bin?round=x", "areas/{d}/xtr-mt/at.bin?op=xtr-fm",
        "areas/{d}/hti-eq2010/at.bin?level=adm3",
        "areas/{d}/xtr-mt/at.bin?measure=change&since=99", "areas/{short}/xtr-mt/at.bin",
    ],
)  # fmt: skip
def test_what_is_not_held_answers_404_in_a_sentence(client: Client, release: Release, path: str) -> None:
    """No traceback, no guess."""
    answer = client.get("/" + path.format(d=release.digest, short=release.digest[:10]))
    assert answer.status_code == 404
    assert answer.text.endswith(".")


def test_a_byte_an_area(client: Client, release: Release) -> None:
    """The codes of a view are those that the legend and the plain picture are made from, in the order of codes."""
    query = "op=xtr-mt&round=20&level=adm2&measure=change&since=18"
    answer = client.get(f"/areas/{release.digest}/xtr-mt/at.bin?{query}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    body = gzip.decompress(answer.data)
    snapshot = areas_at(release, "xtr-mt", date(2025, 1, 26), "adm2", "change", 18, None)
    made = marks(snapshot.table, MapSettings(measure="change", level="adm2", since="18"))
    assert struct.unpack("<I", body[:4]) == (61,)
    assert list(body[4:]) == made.codes.tolist()
    assert snapshot.table["pcode"].is_monotonic_increasing
    mail = client.get(
        f"/areas/{release.digest}/xtr-mt/at.bin?{query}&utm_source=mail", headers={"Accept-Encoding": ""}
    )
    assert mail.data == body  # what a page leaves aside is left aside here
    other = client.get(
        f"/areas/{release.digest}/xtr-mt/at.bin?{query.replace('20', '16')}", headers={"Accept-Encoding": ""}
    )
    assert other.data[4:] != body[4:]  # control: another round is another answer


def test_a_tile_is_sent_compressed_and_kept(client: Client, release: Release) -> None:
    """Gzip where the browser takes it, plain where not; the same tile both times."""
    address = f"/tiles/{release.digest}/{DISTRICTS.name}/0/0/0.mvt"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": ""})
    assert gzip.decompress(packed.data) == plain.data == tile(release, DISTRICTS, 0, 0, 0)
    assert "immutable" in packed.headers["Cache-Control"]


def test_drawings_are_bounded_by_their_size() -> None:
    """Beyond the bound those asked for longest ago go, however few they are; control: within it all stay."""
    kept = boundaries.Drawings(most=10)
    for name in "abc":
        kept.put((name,), b"1234")
    assert kept.get(("a",)) is None
    assert kept.get(("b",)) == b"1234"
    kept.put(("d",), b"123456")
    assert [kept.get((name,)) is not None for name in "bcd"] == [True, False, True]
    kept.put(("b",), b"12")  # the same one again is counted once
    assert kept.size == 8 == sum(len(body) for body in kept.held.values())


def test_what_is_said_of_one_area(store: Store, release: Release) -> None:
    """The lines of the table for a row, in the reader's language; a row that is none, or no row, has no answer."""
    server = Flask(__name__)
    area_texts.register(server, store)
    client = server.test_client()
    address = f"/areas/{release.digest}/xtr-mt/area?round=20&level=adm2&measure=people"
    table = areas_at(release, "xtr-mt", date(2025, 1, 26), "adm2", "people").table
    said, french = (json.loads(client.get(f"{address}&row=3&lang={lang}").data) for lang in ("en", "fr"))
    assert table["pcode"].iloc[3] in said[0]
    assert said[0] == french[0]
    assert said[1:] != french[1:]
    for row in ("", "&row=-1", "&row=61", "&row=x", "&row=1&row=2"):
        assert client.get(address + row).status_code == 404
    assert client.get(f"/areas/{release.digest[:10]}/xtr-mt/area?row=3").status_code == 404

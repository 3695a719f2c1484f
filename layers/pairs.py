"""Map layer: lines between stated origins and destinations, off until asked for; the rest is always stated."""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from data.catalogue import records_of
from data.geo import WGS84
from data.pairs import Line, Part, Split, curve, split
from layers.flow_points import CLEAR
from layers.place_kinds import place_of
from layers.record import Entry, Layer
from layers.scene import Picture, Scene, Trace, circles
from words import Words
from words.format import number, percent

WIDEST_PX, STEP_PX = 9.0, 1.5  # of a line: in proportion to movements, up to the next step
BARB, BARB_DEG = 0.09, 25.0  # of the head of a line: its length as a share of the line, its angle
TOUCH_PX = 16.0  # width of what reacts to the pointer in the middle of a line


def draw(scene: Scene) -> Picture:
    """The largest pairs as bent lines with a head, widths on one scale; as many as the reader asked for."""
    made = parts(scene)
    if made is None or not len(made.drawn):
        return Picture()
    table = made.drawn
    most = widest(scene)
    if scene.only:
        table = table[table["key"] == scene.only]
    by_width: dict[float, list[Line]] = {}
    for row in records_of(table):
        line = curve((row["from_lon"], row["from_lat"]), (row["to_lon"], row["to_lat"]))
        by_width.setdefault(width_px(float(row["value"]), most), []).extend((line, _head(line)))
    traces = [_lines(lines, width, scene) for width, lines in sorted(by_width.items())]
    if len(table):
        rows = gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")
        said = [place_of("pairs", row, scene.words) for row in records_of(rows)]
        traces.append(circles(rows, said, size=[TOUCH_PX] * len(rows), color=CLEAR, name="pairs"))
    return Picture(traces)


def parts(scene: Scene) -> Split | None:
    """All pairs of the month in parts, with so many drawn as the reader asked for; None without pairs."""
    snapshot = scene.snapshots.get("pairs")
    return None if snapshot is None else split(snapshot.table, scene.settings.pairs)


def widest(scene: Scene) -> float:
    """The most movements of a line that is drawn, on either of two maps; 0 without lines."""
    held = [of["pairs"].table for of in (scene.snapshots, scene.beside) if "pairs" in of]
    drawn = [split(table, scene.settings.pairs).drawn for table in held]
    return max((float(lines["value"].max()) for lines in drawn if len(lines)), default=0.0)


def width_px(value: float, most: float) -> float:
    """The width of a line: in proportion to movements, rounded up to a step, so that both ways share one scale."""
    if not most > 0:
        return STEP_PX
    return max(1, math.ceil(value / most * WIDEST_PX / STEP_PX - 1e-9)) * STEP_PX


def sentences(made: Split, words: Words) -> tuple[str, ...]:
    """What is drawn, what is not and why, and the share that stays: whole sentences, their numbers sum to all."""

    def said(key: str, part: Part) -> str:
        return words(key, pairs=part.pairs, movements=number(part.movements, words.language))

    drawn = Part(
        pairs=len(made.drawn), movements=float(made.drawn["value"].sum()) if len(made.drawn) else 0.0
    )
    told = [said("pairs.drawn", drawn), said("pairs.beyond", made.beyond), said("pairs.within", made.within)]
    told += [said("pairs.beyond_border", made.abroad)]
    told += [said("pairs.unlocated", made.unlocated)] if made.unlocated.pairs else []
    told.append(said("pairs.total", made.total))
    if made.stays is not None:
        told.append(words("pairs.stays", share=percent(100 * made.stays, words.language)))
    return (*told, words("pairs.no_route"))


def legend(scene: Scene) -> Sequence[Entry]:
    """The widest and the thinnest line, and every part that is not drawn."""
    made = parts(scene)
    if made is None:
        return ()
    w = scene.words
    entries = [Entry(label=sentence) for sentence in sentences(made, w)]
    if len(made.drawn):
        most = number(widest(scene), w.language)
        entries.insert(
            0,
            Entry(
                label=w(
                    "pairs.width",
                    px=number(WIDEST_PX, w.language),
                    movements=most,
                    step=number(STEP_PX, w.language),
                ),
                colour=scene.colours["data"],
            ),
        )
    return entries


def _lines(lines: Sequence[Line], width: float, scene: Scene) -> Trace:
    """Lines of one width, with gaps between them."""
    lon: list[float | None] = []
    lat: list[float | None] = []
    for line in lines:
        lon += [*(round(float(x), 4) for x in line[:, 0]), None]
        lat += [*(round(float(y), 4) for y in line[:, 1]), None]
    look = {"width": width, "color": scene.colours["data"]}
    return {"type": "scattermap", "mode": "lines", "lon": lon, "lat": lat, "line": look, "opacity": 0.75,
            "hoverinfo": "skip", "name": f"pairs-{width:g}"}  # fmt: skip


def _head(line: Line) -> Line:
    """Two short strokes at the end of a line, backwards."""
    (x_1, y_1), (x_2, y_2) = line[-3], line[-1]
    back, _, _ = WGS84.inv(x_2, y_2, x_1, y_1)
    length = BARB * float(WGS84.inv(*line[0], *line[-1])[2])
    ends = [WGS84.fwd(x_2, y_2, back + turn, length)[:2] for turn in (-BARB_DEG, BARB_DEG)]
    near = [
        [x_2 + (x - x_2 + 180.0) % 360.0 - 180.0, y] for x, y in ends
    ]  # beside the end, also across 180 degrees
    return np.array([near[0], [x_2, y_2], near[1]])


LAYER = Layer(
    key="pairs", title_key="layer.pairs", note_key="layer.pairs_note", on=True, holds="pairs", draw=draw,
    unit_key="unit.movements", legend=legend,
)  # fmt: skip

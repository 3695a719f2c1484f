"""Map layer: flow monitoring points, with movements in and out side by side; none of them counts people who stay."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd

from data.catalogue import records_of
from layers.movements import counted, half_discs, legend_px, scale_of, widths_px
from layers.place_kinds import place_of
from layers.places import Place
from layers.record import Entry, Layer
from layers.scene import Picture, Scene, circles, icon, icons
from words.format import number

SIDES = ("into", "out_of")
CLEAR = "rgba(0,0,0,0)"  # reacts to the pointer and shows what is below


def draw(scene: Scene) -> Picture:
    """Half discs of a month, on one scale; a point without a count is a small square, open if not yet opened."""
    rows = scene.rows("flow_points")
    if rows is None:
        return Picture()
    if not set(SIDES) <= set(rows.columns):
        return Picture([_squares(scene, rows)])
    moving = counted(rows, SIDES) & rows["opened"].astype(bool)
    still, moved = rows[~moving], rows[moving]
    table = scene.snapshots["flow_points"].table
    scale = scale_of(scene.whole("flow_points"), *SIDES)
    traces = [_squares(scene, still)] if len(still) else []
    if scene.only and len(moved):
        traces.append(_squares(scene, moved))  # the ring of a chosen place stands around its square
    elif len(moved):
        made = _places(scene, moved)
        traces.append(circles(moved, made, size=widths_px(moved, scale), color=CLEAR, name="flow-counts"))
    return Picture(traces, half_discs(table, moved, scale, scene.colours, "flow-points"))


def legend(scene: Scene) -> Sequence[Entry]:
    """Which side and colour is which direction, how large a number is, and the square without a count."""
    w = scene.words
    snapshot = scene.snapshots.get("flow_points")
    if snapshot is None or not set(SIDES) <= set(snapshot.table.columns):
        return ()
    scale = scale_of(scene.whole("flow_points"), *SIDES)
    with_count = counted(snapshot.table, SIDES)
    made = [
        Entry(label=w("flow.left"), colour=scene.colours["data"]),
        Entry(label=w("flow.right"), colour=scene.colours["mute"]),
        Entry(label=w("flow.square"), swatch="mark point", count=int((~with_count).sum())),
    ]
    sizes = [
        Entry(label=w("flow.size", number=number(value, w.language), px=round(2 * radius)))
        for value, radius in legend_px(scale)
    ]
    return (*made[:2], *sizes, made[2])


def _places(scene: Scene, rows: gpd.GeoDataFrame) -> list[Place]:
    return [place_of("flow_points", row, scene.words) for row in records_of(rows)]


def _squares(scene: Scene, rows: gpd.GeoDataFrame) -> dict[str, object]:
    symbols = [icon("point" if opened else "point_later") for opened in rows["opened"]]
    return icons(rows, _places(scene, rows), symbols=symbols, name="flow-points")


LAYER = Layer(
    key="flow_points", title_key="layer.flow_points", note_key="layer.flow_points_note", on=True,
    holds="flow_points", draw=draw, unit_key="unit.movements", legend=legend,
)  # fmt: skip

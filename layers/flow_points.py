"""Map layer: flow monitoring points, where movements are counted; not one of them counts people who stay."""

from __future__ import annotations

from layers.record import Layer
from layers.scene import Picture, Scene, icon, icons


def draw(scene: Scene) -> Picture:
    """A small square a point: solid, or open where it had not been opened yet at the date."""
    rows = scene.rows("flow_points")
    if rows is None:
        return Picture()
    symbols = [icon("point" if opened else "point_later") for opened in rows["opened"]]
    return Picture([icons(rows, scene.places("flow_points", rows), symbols=symbols, name="flow-points")])


LAYER = Layer(
    key="flow_points", title_key="layer.flow_points", note_key="layer.flow_points_note", on=True,
    holds="flow_points", draw=draw,
)  # fmt: skip

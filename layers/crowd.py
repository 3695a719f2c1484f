"""Map layer: reports from the public, apart from every count of an operation and off at first."""

from __future__ import annotations

from layers.record import Layer
from layers.scene import Picture, Scene, icon, icons


def draw(scene: Scene) -> Picture:
    """A small open diamond a report."""
    rows = scene.rows("crowd")
    if rows is None:
        return Picture()
    return Picture(
        [icons(rows, scene.places("crowd", rows), symbols=[icon("crowd")] * len(rows), name="crowd")]
    )


LAYER = Layer(
    key="crowd", title_key="layer.crowd", note_key="layer.crowd_note", on=False, holds="crowd", draw=draw
)

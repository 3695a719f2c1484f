"""Map layer: borders and names of areas. They are part of the style, so this layer adds nothing of its own."""

from __future__ import annotations

from layers.record import Layer
from layers.scene import Picture, Scene


def draw(scene: Scene) -> Picture:  # noqa: ARG001 - every layer draws a scene; this one is in the style
    """Nothing: see `layers.style.style`, whose borders are drawn where this layer is on."""
    return Picture()


LAYER = Layer(
    key="boundaries", title_key="layer.boundaries", note_key="layer.boundaries_note", on=True, holds=None,
    draw=draw, fades=False,
)  # fmt: skip

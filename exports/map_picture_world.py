"""The world map of the start page as a picture that the server draws: the same marks, with the names beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from data.geo import View
from data.store import Release
from exports.map_picture import DRAWING, file_of, plate
from exports.map_picture_caption import SMALL
from exports.map_picture_ground import Frame, draw_ground
from exports.map_picture_text import Box, Column, Label, placed, width_of, write
from exports.map_picture_traces import Drawer
from layers.colours import Colours, colours
from layers.scene import LABEL_PX, Picture, Scene
from layers.world import DOT_PX, EDGE_PX, WorldView


def world_picture(
    view: WorldView, release: Release, *, scheme: str = "light", size: tuple[int, int] = (860, 520)
) -> bytes:
    """Draw the operations held as a PNG whose text says what it shows.

    Parameters
    ----------
    view : WorldView
        The operations.
    release : Release
        Whose boundaries.
    scheme : str
        "light" or "dark".
    size : (int, int)
        Width and height, pixels.
    """
    with DRAWING:
        return _drawn(view, release, colours(scheme), scheme, size)


def _drawn(view: WorldView, release: Release, c: Colours, scheme: str, size: tuple[int, int]) -> bytes:
    width, height = size
    made = view.figure(scheme, width).to_plotly_json()
    look = made["layout"]["map"]
    frame = Frame(View(look["center"]["lon"], look["center"]["lat"], look["zoom"]), width, height)
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=c["sea"])
    canvas: Any = FigureCanvasAgg(figure)  # its drawing has no types
    axes = plate(figure, width, height, c["sea"])
    draw_ground(axes, frame, release, (), c, borders=True)
    scene = Scene(snapshots={}, words=view.words, colours=c, switched_on=frozenset())
    Drawer(axes, frame, scene).picture(Picture(list(made["data"])))
    below = Column(8, 0, width - 16)
    below.say(view.words("map.disclaimer"), px=SMALL, colour=c["ink-2"])
    top = height - below.y - 4
    below = Column(8, top, width - 16)
    below.say(view.words("map.disclaimer"), px=SMALL, colour=c["ink-2"])
    box: Box = (0, top - 3, 16 + max(width_of(line.text, line.face, line.px) for line in below.lines), height)
    axes.add_patch(
        Rectangle((0, box[1]), box[2], height - box[1], facecolor=c["card"], linewidth=0, zorder=900)
    )
    canvas.draw()
    image = Image.fromarray(np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[:, :, :3]))
    names, _ = placed(_names(view, frame, c), [box], width, height)
    write(image, names, 1, halo=c["land"])
    write(image, below.lines, 1)
    return file_of(image, view.words("start.map_label"), view.sentence())


def _names(view: WorldView, frame: Frame, c: Colours) -> list[Label]:
    """The names of operations or countries beside their marks; the list on the page has those that find no room."""
    _, marks = view.marks(frame.width)
    spots = frame.pixels(np.array([m.lon for m in marks]), np.array([m.lat for m in marks]))
    return [
        Label(float(x), float(y), mark.name(view.words), LABEL_PX, c["ink"], DOT_PX / 2 + EDGE_PX)
        for mark, (x, y) in zip(marks, spots, strict=True)
    ]

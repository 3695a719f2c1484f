"""Areas and grids in a picture: the shapes that a browser would ask for by address, taken from the release itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from PIL import Image

from data import rasters
from data.area_marks import marks_of
from data.area_shapes import drawn, hatch_lines
from data.classes import ZERO
from data.store import Release
from exports.map_picture_ground import Dash, Frame, cut, fill, outline
from layers.area_legend import shades
from layers.areas import EDGE_PX, HATCHES, HOLDS, PARTIAL_PX, PARTLY, ZERO_PX, sheets
from layers.scene import Scene

Special = Callable[[Axes, Frame, Scene, Release, float, float], bool]


def areas(axes: Axes, frame: Frame, scene: Scene, release: Release, zorder: float, share: float) -> bool:
    """Areas in the colours of their classes, hatched by the reason where they have no value.

    Parameters
    ----------
    axes : Axes
        Whose data are pixels.
    frame : Frame
        Where the picture looks.
    scene : Scene
        With the snapshot of areas.
    release : Release
        Whose shapes.
    zorder : float
        Above what is lower.
    share : float
        How strong the colours are, 0 to 1.

    Returns
    -------
    bool
        Whether there was anything to draw.
    """
    snapshot, c = scene.snapshots.get(HOLDS), scene.colours
    if snapshot is None or not len(snapshot.table):
        return False
    made = marks_of(snapshot, scene.settings)
    colours = shades(made, c)
    for sheet, at in sheets(snapshot):
        shapes = np.asarray(drawn(release, sheet).geometry.array, dtype=object)
        codes, partial = made.plain[at], made.partial[at]
        for code in np.unique(codes):
            mask = codes == code
            pixels = cut(list(shapes[mask]), frame)
            if int(code) in colours:
                fill(axes, pixels, colours[int(code)], zorder=zorder, share=share)
            hatch = HATCHES.get(int(code))
            if hatch is not None:
                lines = cut(hatch_lines(shapes, mask, hatch.kind), frame)
                dash: Dash | None = (0, (hatch.dash[0], hatch.dash[1])) if hatch.dash else None
                outline(axes, lines, c[hatch.token], hatch.width, zorder=zorder + 0.1, dash=dash)
        outline(axes, cut(list(shapes), frame), c["rule-strong"], EDGE_PX, zorder=zorder + 0.2)
        if not made.classes.diverging:
            outline(axes, cut(list(shapes[codes == ZERO]), frame), c["data"], ZERO_PX, zorder=zorder + 0.3)
        outline(axes, cut(list(shapes[partial]), frame), c[PARTLY], PARTIAL_PX, zorder=zorder + 0.3)
    return True


def raster(axes: Axes, frame: Frame, scene: Scene, release: Release, zorder: float, share: float) -> bool:
    """Grids of cells, each at its corners; parameters and result as of `areas`."""
    snapshot = scene.snapshots.get("rasters")
    if snapshot is None or not len(snapshot.table):
        return False
    for key in snapshot.table["key"]:
        made = rasters.picture(release, str(key))
        with Image.open(io.BytesIO(made.png)) as image:
            cells = np.asarray(image.convert("RGBA"))
        corners = np.array(made.corners, dtype=float)
        at = frame.plain(corners)
        axes.imshow(
            cells, extent=(at[:, 0].min(), at[:, 0].max(), at[:, 1].max(), at[:, 1].min()), zorder=zorder,
            interpolation="nearest", alpha=share, aspect="auto",
        )  # fmt: skip
        axes.set(xlim=(0, frame.width), ylim=(frame.height, 0))  # a picture would move them
    return True


SPECIAL: Mapping[str, Special] = {"areas": areas, "raster": raster}  # by the key of their layer

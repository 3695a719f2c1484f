"""The map as a picture that the server draws: the same places and marks, and everything that must be read with it.

For readers without WebGL or with a slow line, and for whoever takes a map away: the notes stand inside the
picture, which grows until they fit. Nothing is asked of another machine, and the same view gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from data.geo import scale_bar
from data.model import Snapshot
from data.store import Release
from exports.map_picture_caption import SMALL, Beside, Caption, Told, caption
from exports.map_picture_ground import Frame, draw_ground
from exports.map_picture_shapes import SPECIAL
from exports.map_picture_text import BOLD, SANS, Box, Column, Line, placed, width_of, write
from exports.map_picture_traces import Columns, Drawer, columns_of, pictures_of
from layers import LAYERS, Layer
from layers.colours import Colours, colours
from layers.map import GAP_PX, RING_PX, MapView
from layers.record import Entry
from layers.scene import Picture, Scene, on_map
from words.format import day, number

__all__ = ["DRAWING", "Beside", "Columns", "Drawn", "columns_of", "file_of", "picture", "plate"]

QUICK = 2_000  # so many sites are drawn from columns, without words for each of them
LEAST_PX, MOST_PX = (240, 240), (1600, 1200)  # width and height of the map part
SCALES = (1, 2)  # pixels drawn for one of the page
SIDE_PX = 30_000  # the drawing engine ends at 65,535 pixels a side
PLAIN = Beside()
DRAWING = Lock()  # one picture at a time: memory stays bounded, and fonts are not shared between threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture and what it says."""

    png: bytes
    texts: tuple[str, ...]  # every line of text in it, from the map part to the last note
    width: int  # pixels of the whole picture
    height: int
    unnamed: int  # marks whose name did not fit
    outside: int  # places outside the map part
    undrawn: tuple[str, ...]  # titles of layers that are on and could not be drawn whole


def picture(
    view: MapView, release: Release, *, scheme: str = "light", size: tuple[int, int] = (760, 600), scale: int = 1,
    beside: Beside = PLAIN,
) -> Drawn:  # fmt: skip
    """Draw a map view.

    Parameters
    ----------
    view : MapView
        Places, words, layers and where to look. Its zoom holds at any size: a disc has the same pixels.
    release : Release
        Whose boundaries.
    scheme : str
        "light" or "dark".
    size : (int, int)
        Width and height of the map part, pixels of a page, within `LEAST_PX` and `MOST_PX`; notes stand below it.
    scale : int
        Pixels drawn for one of the page, of `SCALES`.
    beside : Beside
        What the page knows beside its view.

    Raises
    ------
    ValueError
        If a size is out of range.
    """
    width, height = size
    if not all(
        least <= found <= most for least, found, most in zip(LEAST_PX, (width, height), MOST_PX, strict=True)
    ):
        raise ValueError(
            f"A picture of {width} x {height} px was asked for; {LEAST_PX} to {MOST_PX} can be drawn."
        )
    if scale not in SCALES:
        raise ValueError(
            f"A picture is drawn at {' or '.join(map(str, SCALES))} times its size, not {scale}."
        )
    with DRAWING:
        return _Plate(view, release, colours(scheme), Frame(view.view, width, height), beside).draw(scale)


@dataclass(slots=True)
class _Plate:
    """One picture while it is drawn."""

    view: MapView
    release: Release
    c: Colours
    frame: Frame
    beside: Beside

    def draw(self, scale: int) -> Drawn:
        frame, c = self.frame, self.c
        # 72 dots an inch: a point of the drawing engine is a pixel of the page
        figure = Figure(figsize=(frame.width / 72, frame.height / 72), dpi=72 * scale, facecolor=c["card"])
        canvas = FigureCanvasAgg(figure)
        axes = plate(figure, frame.width, frame.height, c["sea"])
        names = draw_ground(
            axes, frame, self.release, self.view.iso3s, c, borders="boundaries" in self.view.switched_on
        )
        drawer, legends, undrawn = self._layers(axes)
        plates, taken = self._plates(axes)
        lines, unnamed = placed([*drawer.labels, *names], taken, frame.width, frame.height)
        outside, held = self._outside()
        told = Told(
            legends=legends, undrawn=undrawn, unnamed=unnamed, outside=outside, held=held
        )  # fmt: skip
        below = caption(self.view, told, frame.width, c, self.beside)
        whole = int(np.ceil(frame.height + below.column.y))
        if whole * scale > SIDE_PX:
            figure.set_dpi(72)
            canvas, scale = FigureCanvasAgg(figure), 1
        self._grow(figure, axes, below, whole)
        drawn: Any = canvas  # its drawing has no types
        drawn.draw()
        image = Image.fromarray(np.ascontiguousarray(np.asarray(drawn.buffer_rgba())[:, :, :3]))
        lower = [replace(line, y=line.y + frame.height) for line in below.column.lines]
        write(image, [*plates, *lower], scale)
        write(image, lines, scale, halo=c["land"])
        texts = [line.text for line in (*plates, *lines, *below.column.lines)]
        return Drawn(
            png=file_of(image, self.view.title, self.beside.sentence or self.view.sentence()),
            texts=tuple(texts), width=round(frame.width * scale), height=whole * scale,
            unnamed=unnamed, outside=outside, undrawn=tuple(undrawn),
        )  # fmt: skip

    def _layers(self, axes: Axes) -> tuple[Drawer, list[tuple[str, Sequence[Entry]]], list[str]]:
        """Every layer that is on, from below to above; the legends, and the titles of layers not drawn whole."""
        view, w = self.view, self.view.words
        scene = Scene(
            snapshots=view.snapshots, words=w, colours=self.c, switched_on=frozenset(view.switched_on),
            settings=view.settings, origin=view.origin, digest=view.digest,
        )  # fmt: skip
        quick, strong = self._quick(scene), view.settings.opacities()
        drawer, undrawn = Drawer(axes, self.frame, scene), list[str]()
        legends = list(self.beside.legends)
        for layer in self._on():
            share = strong.get(layer.key, 1.0) if layer.fades else 1.0
            if layer.key in SPECIAL:
                drawer.height += 1
                SPECIAL[layer.key](axes, self.frame, scene, self.release, drawer.height, share)
            else:
                made = quick[layer.key] if layer.key in quick else layer.draw(scene)
                if made is not None and not drawer.picture(made, share):
                    undrawn.append(w(layer.title_key))
            if layer.legend is not None and layer.holds in view.snapshots:
                legends.append((w(layer.title_key), layer.legend(scene)))
        self._choose(drawer)
        return drawer, legends, undrawn

    def _on(self) -> list[Layer]:
        """The layers that are on, from below to above; sites too where they come as columns."""
        view = self.view
        drawn = view.drawn()
        if self.beside.sites is None or "sites" in view.snapshots:
            return drawn
        return [
            *drawn,
            *(x for x in LAYERS if x.holds == "sites" and x.key in view.switched_on and x not in drawn),
        ]

    def _quick(self, scene: Scene) -> dict[str, Picture | None]:
        """Sites and ghosts from columns where there are very many, else nothing."""
        held = self.view.snapshots.get("sites")
        columns = self.beside.sites
        if (
            columns is None
            and held is not None
            and len(held.table) > QUICK
            and scene.settings.colour == "state"
        ):
            columns = columns_of(held)
        return {} if columns is None else {"sites": None, "ghosts": None} | pictures_of(columns, scene)

    def _choose(self, drawer: Drawer) -> None:
        """The ring around the chosen place, where it has one location."""
        for snapshot in self.view.snapshots.values():
            table = snapshot.table
            row = (
                table[table["key"] == self.view.selected] if self.view.selected and len(table) else table[:0]
            )
            if len(row) and on_map(row).all() and set(row.geometry.geom_type) == {"Point"}:
                point = row.geometry.iloc[0]
                drawer.ring(float(point.x), float(point.y), self.c["ink"], RING_PX, GAP_PX)
                return

    def _outside(self) -> tuple[int, int]:
        """How many located places of the layers that are on lie outside the map part, and of how many."""
        on, spots = self.view.switched_on, []
        for layer in LAYERS:
            held = self.view.snapshots.get(layer.holds) if layer.holds and layer.key in on else None
            if layer.key != layer.holds or held is None or not len(held.table):
                continue
            if layer.key == "sites" and self.beside.sites is not None:
                spots.append(self.frame.pixels(self.beside.sites.lon, self.beside.sites.lat))
                continue
            points = held.table[on_map(held.table)].geometry if _points(held) else None
            if points is not None and len(points):
                spots.append(self.frame.pixels(points.x, points.y))
        if not spots:
            return 0, 0
        at = np.concatenate(spots)
        inside = (at >= 0).all(axis=1) & (at[:, 0] <= self.frame.width) & (at[:, 1] <= self.frame.height)
        return int((~inside).sum()), len(at)

    def _plates(self, axes: Axes) -> tuple[list[Line], list[Box]]:
        """What stands on the map itself: date and operation, SYNTHETIC, scale bar, and that lines take no side."""
        w, c, frame = self.view.words, self.c, self.frame
        operations = self.view.provenance.operations
        titles = "; ".join(o.title.to(w.language) for o in operations)
        top = Column(8, 8, frame.width - 16)
        if any(o.synthetic for o in operations):
            top.say(w("picture.synthetic"), face=BOLD, colour=c["note"])
        top.say(
            w("picture.where", when=day(self.view.on, w.language), operation=titles),
            face=BOLD,
            colour=c["ink"],
        )
        bar = scale_bar(self.view.view.lat, self.view.view.zoom)
        far = bar.metres >= 1000
        text = w(
            "picture.scale_km" if far else "picture.scale_m",
            number=number(bar.metres / (1000 if far else 1), w.language),
        )
        bottom = Column(8, 0, frame.width - 16)
        bottom.say(w("map.disclaimer"), px=SMALL, colour=c["ink-2"])
        down = frame.height - bottom.y - 4
        bottom.lines = [
            Line(8, line.y + down, line.text, line.face, line.px, line.colour) for line in bottom.lines
        ]
        right, base = frame.width - 12, down - 14
        across = max(bar.pixels, width_of(text, SANS, SMALL))
        scale_line = Line(right - across, base - 8, text, SANS, SMALL, c["ink"])
        boxes: list[Box] = [
            (0, 0, 16 + max(width_of(line.text, line.face, line.px) for line in top.lines), top.y + 4),
            (
                0,
                down - 3,
                16 + max(width_of(line.text, line.face, line.px) for line in bottom.lines),
                frame.height,
            ),
            (right - across - 6, base - 12 - SMALL, right + 6, base + 5),
        ]
        for left, upper, edge, lower in boxes:
            axes.add_patch(
                Rectangle(
                    (left, upper), edge - left, lower - upper, facecolor=c["card"], linewidth=0, zorder=900
                )
            )
        axes.plot(
            [right - bar.pixels, right - bar.pixels, right, right], [base - 5, base, base, base - 5],
            color=c["ink"], linewidth=1.5, zorder=901, solid_joinstyle="miter",
        )  # fmt: skip
        return [*top.lines, *bottom.lines, scale_line], boxes

    def _grow(self, figure: Figure, axes: Axes, below_it: Caption, whole: int) -> None:
        """Make room below the map and write the caption there."""
        frame = self.frame
        figure.set_size_inches(frame.width / 72, whole / 72)
        share = frame.height / whole
        axes.set_position((0.0, 1 - share, 1.0, share))
        below = figure.add_axes((0.0, 0.0, 1.0, 1 - share))
        _plain(below, frame.width, whole - frame.height, self.c["card"])
        for draw in below_it.drawn:
            draw(below)


def _points(snapshot: Snapshot) -> bool:
    kinds = set(snapshot.table.geometry.geom_type.dropna())
    return kinds <= {"Point", "GeometryCollection"}


def plate(figure: Figure, width: float, height: float, ground: str) -> Axes:
    """The map part of a picture: axes whose data are its pixels, y downwards."""
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    _plain(axes, width, height, ground)
    return axes


def _plain(axes: Axes, width: float, height: float, ground: str) -> None:
    """Axes whose data are pixels, y downwards, without ticks or frame."""
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[], facecolor=ground)
    for spine in axes.spines.values():
        spine.set_visible(False)


def file_of(image: Image.Image, title: str, description: str) -> bytes:
    """A PNG of at most 256 colours, which a slow line takes in a third of the time; title and sentence as its text."""
    said = PngInfo()
    said.add_itxt("Title", title)
    said.add_itxt("Description", description)
    out = io.BytesIO()
    few = image.quantize(colors=256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    # The highest level takes six times as long for 3 % of the size.
    few.save(out, "PNG", compress_level=7, pnginfo=said)
    return out.getvalue()

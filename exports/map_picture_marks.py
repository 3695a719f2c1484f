"""The marks of a map as paths: the same shapes, sizes and colours as in the sprite, at any resolution."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from layers.colours import Colours
from layers.scene import ICON_PX, icon

Floats = npt.NDArray[np.float64]
NO_COLOUR = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """One shape of a mark, in pixels around its middle, y upwards."""

    path: Path
    face: str = NO_COLOUR
    edge: str = NO_COLOUR
    width: float = 0.0


def _disc(radius: float, colour: str) -> Part:
    return Part(Path.circle((0, 0), radius), colour)


def _ring(outer: float, width: float, colour: str, dashes: int = 0, share: float = 0.6) -> Part:
    """A ring whose outer edge is `outer`; in `dashes` pieces that cover a `share` of it, one of them on top."""
    radius, step = outer - width / 2, 360 / (dashes or 1)
    if not dashes:
        return Part(Path.circle((0, 0), radius), edge=colour, width=width)
    half = step * share / 2
    arcs = [Path.arc(90 + i * step - half, 90 + i * step + half) for i in range(dashes)]
    return Part(
        Path.make_compound_path(*(Path(np.asarray(a.vertices, float) * radius, a.codes) for a in arcs)),
        edge=colour,
        width=width,
    )


def _lines(ends: Sequence[tuple[float, float, float, float]], width: float, colour: str) -> Part:
    paths = [Path([(x1, y1), (x2, y2)]) for x1, y1, x2, y2 in ends]
    return Part(Path.make_compound_path(*paths), edge=colour, width=width)


def _corners(*points: tuple[float, float]) -> Path:
    return Path([*points, points[0]], closed=True)


def _square(radius: float, colour: str) -> Part:
    r = radius
    return Part(_corners((-r, -r), (r, -r), (r, r), (-r, r)), colour)


def _hatch(radius: float, gap: float) -> list[tuple[float, float, float, float]]:
    """Diagonal chords of a disc, `gap` apart along the horizontal."""
    found, d = [], math.sqrt(0.5)
    for k in range(-10, 11):
        away = k * gap * d  # of the chord from the middle
        if abs(away) < radius:
            half = math.sqrt(radius**2 - away**2)
            found.append(((away - half) * d, (-away - half) * d, (away + half) * d, (-away + half) * d))
    return found


def _counted(c: Colours) -> list[Part]:
    return [_disc(7, c["data"])]


def _counted_zero(c: Colours) -> list[Part]:
    zero = Path(
        np.asarray(Path.unit_circle().vertices, float) * [2.9 - 0.8, 4.3 - 0.8], Path.unit_circle().codes
    )
    return [_disc(9, c["land"]), _ring(9, 2, c["data"]), Part(zero, edge=c["data"], width=1.6)]


def _not_assessed(c: Colours) -> list[Part]:
    return [_disc(9, c["land"]), _lines(_hatch(8.2, 3.2), 1.1, c["mute"]), _ring(9, 1.6, c["mute"])]


def _withheld(c: Colours) -> list[Part]:
    return [_disc(8.5, c["mute"]), _lines([(-4.8, 0, 4.8, 0)], 2.8, c["land"])]


def _delisted(c: Colours) -> list[Part]:
    return [_ring(10.5, 2.4, c["note"], dashes=8, share=0.62)]


def _closed(c: Colours) -> list[Part]:
    r = 8.2 * math.sqrt(0.5)
    cross = [(-r, -r, r, r), (-r, r, r, -r)]
    return [_disc(9, c["land"]), _ring(9, 1.8, c["mute"]), _lines(cross, 1.8, c["mute"])]


def _no_data(c: Colours) -> list[Part]:
    return [_disc(6, c["land"]), _ring(6, 2, c["mute"], dashes=10, share=0.52)]


def _crowd(c: Colours) -> list[Part]:
    middle = (6.5 + 4.2) / 2
    outline = _corners((0, middle), (middle, 0), (0, -middle), (-middle, 0))
    return [Part(outline, edge=c["ink-3"], width=(6.5 - 4.2) * math.sqrt(0.5))]


def _point(c: Colours) -> list[Part]:
    return [_square(6, c["land"]), _square(4.75, c["data"])]


def _point_later(c: Colours) -> list[Part]:
    return [_square(5, c["mute"]), _square(3.4, c["land"])]


MARKS: Mapping[str, Callable[[Colours], list[Part]]] = {
    icon(draw.__name__.removeprefix("_")): draw
    for draw in (
        _counted, _counted_zero, _not_assessed, _withheld, _delisted, _closed, _no_data, _crowd, _point, _point_later
    )
}  # fmt: skip


def parts(name: str, c: Colours) -> list[Part]:
    """The shapes of a mark from below to above; a mark without a drawing here is an open ring of ink."""
    return MARKS[name](c) if name in MARKS else [_ring(7, 2, c["ink"])]


def stamp(axes: Axes, at: Floats, name: str, c: Colours, *, size: float = 1.0, zorder: float = 0.0) -> None:
    """Draw one mark at many places, each whole before the next, so that the upper one covers the lower.

    Parameters
    ----------
    axes : Axes
        Whose data are pixels.
    at : ndarray, shape (n, 2)
        Middles, pixels.
    name : str
        Of the sprite.
    c : mapping
        Colours of the scheme.
    size : float
        1 is the mark's own size.
    zorder : float
        Above what is lower.
    """
    at = unlike(at, ICON_PX * size)
    if not len(at):
        return
    shapes = parts(name, c)
    _collect(
        axes, [part.path for part in shapes], np.repeat(at, len(shapes), axis=0), np.array([size]), zorder,
        facecolors=[part.face for part in shapes], edgecolors=[part.edge for part in shapes],
        linewidths=[part.width * size for part in shapes], capstyle="butt",
    )  # fmt: skip


def discs(axes: Axes, at: Floats, radius: Floats, colours: Sequence[str], *, zorder: float = 0.0) -> None:
    """Draw filled discs in the order given.

    Parameters
    ----------
    axes : Axes
        Whose data are pixels.
    at : ndarray, shape (n, 2)
        Middles, pixels.
    radius : ndarray, shape (n,)
        Pixels.
    colours : sequence of str, length n or 1
        Fills.
    zorder : float
        Above what is lower.
    """
    if not len(at):
        return
    _collect(
        axes, [Path.unit_circle()], at, radius, zorder,
        facecolors=list(colours), edgecolors=NO_COLOUR, linewidths=0,
    )  # fmt: skip


def _collect(
    axes: Axes, paths: list[Path], offsets: Floats, size: Floats, zorder: float, **look: Any
) -> None:
    """Paths in pixels, `size` times as large, at places; what is given per mark is taken in turn."""
    shown = PathCollection(
        paths, sizes=size**2, offsets=offsets, offset_transform=axes.transData, zorder=zorder, **look
    )
    shown.set_transform(IdentityTransform())  # a mark has its own size in pixels, wherever it stands
    axes.add_collection(shown, autolim=False)


def unlike(at: Floats, width: float, step: float = 0.5) -> Floats:
    """Places that differ by `step` pixels or more, in their order, the last of each kept; shape (m, 2).

    A mark that lies exactly on another of its kind changes no pixel worth the time to draw it.
    """
    if len(at) * width < 20_000:  # few enough: every one is drawn
        return at
    cells = np.round(at / step).astype(np.int64)
    _, last = np.unique(cells[::-1], axis=0, return_index=True)
    return np.asarray(at[np.sort(len(at) - 1 - last)])

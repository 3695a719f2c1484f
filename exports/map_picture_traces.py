"""A map's layers in a picture: what each hands to the map engine, at the same pixels; what cannot be drawn is named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgba

from data.codes import State
from data.dates import DateSpan
from data.model import Snapshot
from exports.map_picture_ground import Dash, Frame, cut, fill, outline
from exports.map_picture_marks import Floats, discs, stamp
from exports.map_picture_text import Label
from layers.colours import OLDER_SHARE, mixed
from layers.discs import EDGE_PX, radii, scale_of
from layers.scene import BLANK, ICON_PX, LABEL_PX, MANY, Picture, Scene, Trace, icon, on_map
from words.format import span

_OWN_SIZE = 10  # of a marker whose icon is drawn at its own size
FIRST = 10.0  # where the marks of layers begin, from below to above


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Very many sites at one date, each field an array of shape (n,); only what can be drawn."""

    lon: Floats
    lat: Floats
    state: npt.NDArray[np.object_]  # value of a `State`
    age: npt.NDArray[np.object_]  # "current", "older" or "unknown"
    value: Floats  # missing where none
    unit: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    when: npt.NDArray[np.object_]  # date of what is known, as in a register; '' where none
    fill: npt.NDArray[np.object_] | None = None  # colour of each disc, where a question colours them


def columns_of(snapshot: Snapshot) -> Columns:
    """The located sites of a snapshot as columns."""
    rows = snapshot.table[on_map(snapshot.table)] if len(snapshot.table) else snapshot.table
    if not len(rows):
        none, words = np.empty(0), np.empty(0, dtype=object)
        return Columns(
            lon=none, lat=none, value=none, state=words, age=words, unit=words, name=words, when=words
        )
    names = {"state": "state", "age": "age", "unit": "unit", "name": "name", "when": "last_when"}
    text = {key: rows[column].astype(object).to_numpy() for key, column in names.items()}
    return Columns(
        lon=rows.geometry.x.to_numpy(float), lat=rows.geometry.y.to_numpy(float),
        value=rows["value"].to_numpy(float), **text,
    )  # fmt: skip


def pictures_of(columns: Columns, scene: Scene) -> dict[str, Picture]:
    """What the layers of sites and ghosts hand over, without a word for each place; the same marks, faster.

    Parameters
    ----------
    columns : Columns
        The sites.
    scene : Scene
        Colours, words and the layers that are on.
    """
    found: dict[str, Picture] = {}
    c, off = scene.colours, columns.state == State.DELISTED
    if "sites" in scene.switched_on and len(off):
        found["sites"] = Picture(_sites(columns, scene, off))
    if "ghosts" in scene.switched_on and off.any():
        words, at = scene.words, np.flatnonzero(off)
        since = [_said(columns.when[i], scene) for i in at]
        texts = [
            "<br>".join(filter(None, (columns.name[i], words("map.ghost"), when)))
            for i, when in zip(at, since, strict=True)
        ]
        size = _OWN_SIZE if off.sum() <= MANY else _OWN_SIZE / 2
        marks = _marks(columns, off, marker={"symbol": [icon(State.DELISTED)] * len(at), "size": size})
        found["ghosts"] = Picture([marks, _texts(columns, off, texts, c["note"])])
    return found


def _sites(columns: Columns, scene: Scene, off: npt.NDArray[np.bool_]) -> list[Trace]:
    c, counted = scene.colours, columns.state == State.COUNTED
    traces: list[Trace] = []
    other = ~(counted | off)
    if other.any():
        size = _OWN_SIZE if other.sum() <= MANY else _OWN_SIZE / 2
        symbols = [icon(str(state)) for state in columns.state[other]]
        traces.append(_marks(columns, other, marker={"symbol": symbols, "size": size}))
    if counted.any():
        table = pd.DataFrame({"state": columns.state, "value": columns.value, "unit": columns.unit})
        at = np.flatnonzero(counted)
        radius = radii(table.iloc[at], scale_of(table))
        order = np.argsort(-radius, kind="stable")
        at, radius = at[order], radius[order]
        older = columns.age[at] == "older"
        shades = np.full(len(at), c["data"], dtype=object) if columns.fill is None else columns.fill[at]
        paler = {colour: mixed(str(colour), c["land"], OLDER_SHARE) for colour in set(shades)}
        pale = np.array([paler[colour] for colour in shades], dtype=object)
        across = np.column_stack([2 * (radius + EDGE_PX), 2 * radius]).ravel()
        edge, inner = np.where(older, shades, c["land"]), np.where(older, pale, shades)
        traces.append(
            {
                "type": "scattermap", "mode": "markers", "name": "sites",
                "lon": np.repeat(columns.lon[at], 2), "lat": np.repeat(columns.lat[at], 2),
                "marker": {"size": across, "color": np.column_stack([edge, inner]).ravel(), "opacity": 1},
            }
        )  # fmt: skip
    older = columns.age == "older"
    if older.any():
        texts = [_said(when, scene) for when in columns.when[older]]
        traces.append(_texts(columns, older, texts, c["ink-2"]))
    return traces


def _said(when: object, scene: Scene) -> str:
    return span(DateSpan.parse(when), scene.words) if isinstance(when, str) and when else ""


def _marks(columns: Columns, kept: npt.NDArray[np.bool_], **more: Any) -> Trace:
    return {
        "type": "scattermap",
        "mode": "markers",
        "lon": columns.lon[kept],
        "lat": columns.lat[kept],
        **more,
    }


def _texts(columns: Columns, kept: npt.NDArray[np.bool_], texts: Sequence[str], colour: str) -> Trace:
    look = {"text": list(texts), "textfont": {"size": LABEL_PX, "color": colour}, "marker": {"symbol": BLANK}}
    return _marks(columns, kept, **look) | {"mode": "markers+text"}


@dataclass(slots=True)
class Drawer:
    """Draws traces and outlines into axes whose data are pixels; names are gathered, to be placed together."""

    axes: Axes
    frame: Frame
    scene: Scene
    labels: list[Label] = field(default_factory=list)
    reach: dict[tuple[int, int], float] = field(default_factory=dict)  # radius of the disc at a pixel
    height: float = FIRST
    share: float = 1.0  # how strong the layer is that is drawn

    def picture(self, made: Picture, share: float = 1.0) -> bool:
        """Draw all of a layer that can be drawn here, `share` strong, and say whether that was all of it."""
        self.share = share
        whole = [self._outline(o) for o in made.outlines]
        whole += [self._trace(t) for t in made.traces]
        return all(whole)

    def ring(self, lon: float, lat: float, colour: str, width: float, gap: float) -> None:
        """A solid ring around the mark at a place: the chosen one."""
        at = self.frame.pixels(lon, lat)
        self.height += 1
        inner = max(self.reach.get(_pixel(at[0]), 0.0), ICON_PX / 2) + gap
        theta = np.linspace(0, 2 * np.pi, 91)
        middle = at[0] + (inner + width / 2) * np.column_stack([np.cos(theta), np.sin(theta)])
        self.axes.add_collection(
            LineCollection([middle], colors=colour, linewidths=width, zorder=self.height), autolim=False
        )

    def _trace(self, trace: Mapping[str, Any]) -> bool:
        if trace.get("type") != "scattermap" or trace.get("lon") is None:
            return False
        mode, self.height = trace.get("mode", "markers"), self.height + 1
        if "lines" in mode:
            self._lines(trace)
        if "markers" in mode:
            self._markers(trace)
        if "text" in mode:
            self._text(trace)
        return True

    def _markers(self, trace: Mapping[str, Any]) -> None:
        marker = trace.get("marker", {})
        lon, lat = _numbers(trace["lon"]), _numbers(trace["lat"])
        known = np.isfinite(lon) & np.isfinite(lat)
        at = self.frame.pixels(lon, lat)
        symbols = marker.get("symbol", "circle")
        size = np.broadcast_to(np.asarray(marker.get("size", _OWN_SIZE), float), len(at))
        seen = known & self._near(at, size)
        if isinstance(symbols, str) and symbols == "circle":
            colour = np.broadcast_to(
                np.asarray(marker.get("color", self.scene.colours["data"]), object), len(at)
            )
            strong = float(marker.get("opacity", 1)) * float(trace.get("opacity", 1)) * self.share
            fills = {c: to_hex(shade(c, strong), keep_alpha=True) for c in set(colour[seen])}
            discs(self.axes, at[seen], size[seen] / 2, [fills[c] for c in colour[seen]], zorder=self.height)
            for spot, across in zip(at[seen], size[seen], strict=True):
                pixel = _pixel(spot)
                self.reach[pixel] = max(self.reach.get(pixel, 0.0), across / 2)
            return
        named = np.broadcast_to(np.asarray(symbols, object), len(at))
        for name in dict.fromkeys(named[seen]):
            for step in np.unique(size[seen & (named == name)]) if name != BLANK else ():
                part = seen & (named == name) & (size == step)
                stamp(
                    self.axes, at[part], str(name), self.scene.colours, size=float(step) / _OWN_SIZE,
                    zorder=self.height,
                )  # fmt: skip

    def _near(self, at: Floats, size: Floats) -> npt.NDArray[np.bool_]:
        """Which marks touch the frame."""
        wide = size + ICON_PX
        return np.asarray(
            (at[:, 0] > -wide) & (at[:, 0] < self.frame.width + wide)
            & (at[:, 1] > -wide) & (at[:, 1] < self.frame.height + wide)
        )  # fmt: skip

    def _text(self, trace: Mapping[str, Any]) -> None:
        letters = trace.get("textfont", {})
        at = self.frame.pixels(_numbers(trace["lon"]), _numbers(trace["lat"]))
        texts = trace["text"] if not isinstance(trace["text"], str) else [trace["text"]] * len(at)
        found = [
            Label(
                float(spot[0]), float(spot[1]), str(text).replace("<br>", "\n").replace("\u00a0", " "),
                float(letters.get("size", LABEL_PX)), str(letters.get("color", self.scene.colours["ink"])),
                self.reach.get(_pixel(spot), ICON_PX / 2),
            )
            for spot, text in zip(at, texts, strict=True)
            if text and np.isfinite(spot).all()
        ]  # fmt: skip
        self.labels[:0] = found  # what is drawn above is named first

    def _lines(self, trace: Mapping[str, Any]) -> None:
        lon, lat = _numbers(trace["lon"]), _numbers(trace["lat"])
        known = np.isfinite(lon) & np.isfinite(lat)
        runs = np.split(np.flatnonzero(known), np.flatnonzero(np.diff(np.flatnonzero(known)) > 1) + 1)
        look = trace.get("line", {})
        lines = [_line(lon[run], lat[run]) for run in runs if len(run) > 1]
        outline(
            self.axes, cut(lines, self.frame), str(look.get("color", self.scene.colours["data"])),
            float(look.get("width", 2)), zorder=self.height,
        )  # fmt: skip

    def _outline(self, entry: Mapping[str, Any]) -> bool:
        source, zoom = entry.get("source"), self.frame.view.zoom
        if not entry.get("minzoom", 0) <= zoom < entry.get("maxzoom", 99):
            return True
        if entry.get("sourcetype") != "geojson" or not isinstance(source, Mapping):
            return False  # an address: what the browser would ask for is not in hand here
        shapes = [
            _shape(f["geometry"]) for f in source.get("features", [source] if "geometry" in source else [])
        ]
        colour, pixels = str(entry.get("color", self.scene.colours["mute"])), cut(shapes, self.frame)
        if entry.get("type") == "fill":
            edge = str(entry.get("fill", {}).get("outlinecolor", ""))
            fill(self.axes, pixels, colour, zorder=5, share=self.share * entry.get("opacity", 1.0), edge=edge)
            return True
        if entry.get("type") != "line":
            return False
        line = entry.get("line", {})
        steps = [float(step) for step in line.get("dash", ())]
        dash: Dash | None = (0, (steps[0], steps[1])) if len(steps) == 2 else None
        outline(self.axes, pixels, colour, float(line.get("width", 2)), zorder=5, dash=dash)
        return True


_RGBA = re.compile(r"rgba\((\d+), *(\d+), *(\d+), *([\d.]+)\)")


def shade(colour: str, share: float = 1.0) -> tuple[float, float, float, float]:
    """A colour of the web, `share` (0 to 1) strong, as numbers from 0 to 1."""
    named = _RGBA.fullmatch(colour)
    if named is None:
        red, green, blue, own = to_rgba(colour)
    else:
        red, green, blue = (int(named[i]) / 255 for i in (1, 2, 3))
        own = float(named[4])
    return red, green, blue, own * share


def _line(lon: Floats, lat: Floats) -> shapely.Geometry:
    return shapely.linestrings(np.column_stack([np.unwrap(lon, period=360), lat]))


def _shape(geometry: Mapping[str, Any]) -> shapely.Geometry:
    return shapely.geometry.shape(geometry)


def _numbers(values: Any) -> Floats:
    """Degrees, missing where there are none."""
    held = np.asarray(values)
    return (
        held.astype(float)
        if held.dtype != object
        else np.array([np.nan if v is None else v for v in values], float)
    )


def _pixel(spot: Floats) -> tuple[int, int]:
    return round(float(spot[0])), round(float(spot[1]))

"""Map layer: admin areas coloured by a figure in classes; what has no value is hatched by the reason, never blank.

The shapes come by address and never in the figure. Up to `TILES_FROM` areas they are one drawing; of more, the
browser cuts tiles out of the same shapes (`manifest`, `assets/areas.js`) and asks for one byte an area and round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.area_marks import BROKEN, NO_VALUE, PARTIAL, STATE_FROM, Marks, marks_of, measure_of
from data.area_shapes import AREAS, BORDERS, Sheet, said
from data.classes import ZERO
from data.codes import State
from data.model import Snapshot
from data.parts import STATES
from data.tile_store import MANY
from layers.area_legend import area_legend, coded, shades
from layers.area_rows import cells, hover
from layers.record import Layer
from layers.scene import Picture, Scene, Trace

HOLDS = "areas"
TILES_FROM = MANY  # areas; of more, plain polygons take over a second to change round
CELL_PX = 8  # of areas that are smaller than this across on average, borders would hide the colours
CLEAR = "rgba(0,0,0,0)"  # what is hatched has no colour of a value
EDGE_PX, ZERO_PX, PARTIAL_PX, CHOSEN_PX = 0.8, 1.6, 2.4, 3.0
NEAR_PX = 5  # beyond its edge a site takes the pointer from the area around it
PARTLY = "note"  # colour of the line around a value of a part of the sites
BELOW = "disputed-ground"  # areas lie below names and disputed lines


@dataclass(frozen=True, slots=True)
class Hatch:
    """How an area without a value is drawn: lines of a kind, colour, width and dash."""

    kind: str  # of `data.area_shapes.HATCHES`
    token: str
    width: float
    dash: tuple[float, ...] = ()


HATCHES: Mapping[int, Hatch] = {
    BROKEN: Hatch("wide", "note", 2.0),
    STATE_FROM + STATES.index(State.DELISTED): Hatch("wide", "note", 2.0, (2.0, 1.5)),
    STATE_FROM + STATES.index(State.NOT_ASSESSED): Hatch("fine", "mute", 1.0),
    STATE_FROM + STATES.index(State.WITHHELD): Hatch("level", "mute", 2.0),
    STATE_FROM + STATES.index(State.CLOSED): Hatch("cross", "mute", 1.0),
    STATE_FROM + STATES.index(State.NO_DATA): Hatch("sparse", "mute", 1.4, (0.5, 3.0)),
    NO_VALUE: Hatch("upright", "mute", 1.0),
}
PARTIAL_HATCH = Hatch("fine", PARTLY, 1.0)  # over the colour of a tile, which has no line of its own


def draw(scene: Scene) -> Picture:
    """Polygons by class, and lines over those without a value; nothing where the browser draws tiles."""
    snapshot = _held(scene)
    if snapshot is None or scene.only or (tiled(snapshot) and not scene.settings.plain):
        return Picture()
    made = marks_of(snapshot, scene.settings, scene.beside.get(HOLDS))
    traces: list[Trace] = []
    outlines: list[Mapping[str, Any]] = []
    for sheet, at in sheets(snapshot):
        traces.append(_polygons(scene, snapshot, sheet, at, made))
        outlines += _lines(scene, sheet, made.plain[at])
    return Picture(traces, outlines)


def chosen(scene: Scene, pcode: str) -> Picture:
    """The area that is open in the panel: a solid line around it, above all other areas."""
    snapshot = _held(scene)
    row = snapshot.table[snapshot.table["pcode"] == pcode] if snapshot is not None else None
    if row is None or not len(row):
        return Picture()
    sheet = Sheet(str(row["iso3"].iloc[0]), str(row["level"].iloc[0]), int(row["version"].iloc[0]))
    line = {"color": scene.colours["ink"], "width": CHOSEN_PX}
    return Picture(
        [_shapes(scene, sheet, [pcode], [0], [CLEAR]) | {"marker": {"line": line}, "name": "areas-chosen"}]
    )


def tiled(snapshot: Snapshot) -> bool:
    """Whether there are too many areas for plain polygons."""
    return len(snapshot.table) > TILES_FROM


def sheets(snapshot: Snapshot) -> list[tuple[Sheet, np.ndarray[Any, np.dtype[np.int64]]]]:
    """The drawings that a snapshot is made of, each with the places of its rows, in the order of their codes."""
    table = snapshot.table
    keys = table[["iso3", "level", "version"]].drop_duplicates()
    found = []
    for iso3, level, version in keys.itertuples(index=False):
        rows = (table["iso3"] == iso3) & (table["level"] == level) & (table["version"] == version)
        found.append((Sheet(str(iso3), str(level), int(version)), np.flatnonzero(rows)))
    return found


def manifest(
    scene: Scene, *, graph: str = "map", moment: str = "", first: str = "", near: Sequence[str] = ()
) -> dict[str, Any] | None:
    """What `assets/areas.js` needs to draw the areas by tiles; None where they are plain polygons or none.

    Parameters
    ----------
    scene : Scene
        With the areas and the reader's settings.
    graph : str
        Id of the map.
    moment, first : str
        Of the second of two maps: the part of the address with its date ("vs"), and the date of the first one where the
        address says none.
    near : sequence of str
        Queries of the dates before and after, fetched when nothing else is to do.

    Returns
    -------
    dict or None
        tiles (address with {z}/{x}/{y}), at (address of the codes; the page's query is added), area (address of what is
        said of one), on (the day, for a query that names none), layer, borders, borders_from (the zoom), n, opacity,
        edge, below, colours and labels by code, hatches by code, failed (what is said where the codes could not be
        fetched), and the parameters.
    """
    snapshot = _held(scene)
    if snapshot is None or not tiled(snapshot) or scene.settings.plain:
        return None
    held = sheets(snapshot)
    if len(held) != 1:
        return None  # several countries: none of them alone has so many areas in what is embedded
    made, c = marks_of(snapshot, scene.settings, scene.beside.get(HOLDS)), scene.colours
    operation, by_code = snapshot.provenance.operations[0].key, shades(made, c)
    partly = {PARTIAL + code: code for code in by_code} if _partly(snapshot, scene) else {}
    labels = {code: entry.label for code, entry in coded(scene)}
    labels |= {
        code: scene.words("areas.label_partial", label=labels[of])
        for code, of in partly.items()
        if of in labels
    }
    origin = scene.origin.rstrip("/")
    return {
        "tiles": f"{origin}/tiles/{scene.digest}/{held[0][0].name}/{{z}}/{{x}}/{{y}}.mvt",
        "at": f"{origin}/areas/{scene.digest}/{operation}/at.bin",
        "area": f"{origin}/areas/{scene.digest}/{operation}/area",
        "on": snapshot.on.isoformat(),
        "graph": graph,
        "moment": moment,
        "first": first,
        "near": list(near),
        "layer": AREAS,
        "borders": BORDERS,
        "borders_from": _borders_from(snapshot),
        "n": len(snapshot.table),
        "states_from": STATE_FROM,
        "partial": PARTIAL,
        "opacity": scene.settings.opacities().get(LAYER.key, 1.0),
        "edge": c["rule-strong"],
        "below": BELOW if "boundaries" in scene.switched_on else "",
        "colours": {str(code): shade for code, shade in by_code.items()}
        | {str(code): by_code[of] for code, of in partly.items()},
        "hatches": {
            str(code): {"kind": h.kind, "colour": c[h.token], "width": h.width, "dashed": bool(h.dash)}
            for code, h in (*HATCHES.items(), *((code, PARTIAL_HATCH) for code in partly))
        },
        "named": scene.words.table["areas.named"],  # filled by the script, for the area below the pointer
        "failed": scene.words("areas.failed"),
        "labels": {str(code): label for code, label in labels.items()},
    }


def _borders_from(snapshot: Snapshot) -> float:
    """The zoom from which an area of average size is `CELL_PX` across."""
    west, south, east, north = snapshot.located().total_bounds
    flat = max(
        math.cos(math.radians((south + north) / 2)), 0.05
    )  # a degree of longitude in degrees of latitude
    across = math.sqrt(max(east - west, 1e-6) * max((north - south) / flat, 1e-6) / len(snapshot.table))
    return round(min(max(math.log2(CELL_PX * 360 / (512 * across)), 0.0), 10.0), 2)


def _partly(snapshot: Snapshot, scene: Scene) -> bool:
    """Whether areas of this measure can have a value of a part of their sites."""
    return measure_of(snapshot.table, scene.settings) == "rate"


def _held(scene: Scene) -> Snapshot | None:
    snapshot = scene.snapshots.get(HOLDS)
    return snapshot if snapshot is not None and len(snapshot.table) else None


def _address(scene: Scene, sheet: Sheet) -> str:
    return f"{scene.origin.rstrip('/')}/boundaries/{scene.digest}/{sheet.name}.geojson"


def _polygons(
    scene: Scene, snapshot: Snapshot, sheet: Sheet, at: np.ndarray[Any, np.dtype[np.int64]], made: Marks
) -> Trace:
    """The areas of one drawing, each in the colour of its class or clear below its hatch."""
    by_code = shades(made, scene.colours)
    order = {code: nth + 1 for nth, code in enumerate(by_code)}
    codes = made.plain[at].tolist()
    rows = _records(snapshot.table.iloc[at])
    measure = measure_of(snapshot.table, scene.settings)
    trace = _shapes(
        scene,
        sheet,
        [row["pcode"] for row in rows],
        [order.get(code, 0) for code in codes],
        [CLEAR, *by_code.values()],
    )
    c = scene.colours
    plain, none, part = (c["rule-strong"], EDGE_PX), (c["data"], ZERO_PX), (c[PARTLY], PARTIAL_PX)
    edges = [
        part if partial else none if code == ZERO and not made.classes.diverging else plain
        for code, partial in zip(codes, made.partial[at].tolist(), strict=True)
    ]
    line = {"color": [colour for colour, _ in edges], "width": [px for _, px in edges]}
    return trace | {
        "customdata": [[row["pcode"]] for row in rows],
        "hovertext": [hover(cells(row, snapshot, measure, scene.words)) for row in rows],
        "hoverinfo": "text",
        "marker": {"line": line, "opacity": 1},
        "name": "areas",
    }


def _shapes(
    scene: Scene, sheet: Sheet, codes: Sequence[str], steps: Sequence[int], colours: Sequence[str]
) -> Trace:
    """Areas by code; `steps` are places in `colours`."""
    stops = [colours[0], *colours[1:]] if len(colours) > 1 else [colours[0], colours[0]]
    scale = [[nth / (len(stops) - 1), colour] for nth, colour in enumerate(stops)]
    return {
        "type": "choroplethmap",
        "geojson": _address(scene, sheet),
        "featureidkey": "properties.pcode",
        "locations": list(codes),
        "z": list(steps),
        "zmin": 0,
        "zmax": len(stops) - 1,
        "colorscale": scale,
        "showscale": False,
        "below": BELOW if "boundaries" in scene.switched_on else "",
        "hoverinfo": "skip",
    }


def _lines(scene: Scene, sheet: Sheet, codes: np.ndarray[Any, np.dtype[np.uint8]]) -> list[Mapping[str, Any]]:
    """Hatches over the areas of one drawing; below the clear fill, so that no mark is crossed out."""
    found: list[Mapping[str, Any]] = []
    for code, hatch in HATCHES.items():
        mask = codes == code
        if not mask.any():
            continue
        found.append({
            "name": f"areas-{sheet.name}-{code}",
            "sourcetype": "geojson",
            "source": f"{_address(scene, sheet)}?hatch={hatch.kind}&of={said(mask)}",
            "type": "line",
            "color": scene.colours[hatch.token],
            "line": {"width": hatch.width} | ({"dash": list(hatch.dash)} if hatch.dash else {}),
            "below": "traces",
        })  # fmt: skip
    return found


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.drop(columns="geometry").to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


LAYER = Layer(
    key="areas", title_key="areas.title", note_key="areas.note", unit_key="areas.unit", on=False, holds=HOLDS,
    draw=draw, legend=area_legend,
)  # fmt: skip

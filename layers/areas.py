"""Map layer: admin areas coloured by a figure in classes; what has no value is hatched by the reason, never blank.

The shapes come by address and never in the figure. Up to `TILES_FROM` areas they are one drawing; of more, the
browser cuts tiles out of the same shapes (`manifest`, `assets/areas.js`) and asks for one byte an area and round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.area_marks import BROKEN, NO_VALUE, STATE_FROM, Marks, marks_of
from data.area_shapes import Sheet, said
from data.classes import ZERO
from data.codes import State
from data.model import Snapshot
from data.parts import STATES
from layers.area_legend import area_legend, coded, shades
from layers.area_rows import cells, hover
from layers.record import Layer
from layers.scene import Picture, Scene, Trace

HOLDS = "areas"
TILES_FROM = 1_500  # areas; of more, plain polygons take over a second to change round
CLEAR = "rgba(0,0,0,0)"  # what is hatched has no colour of a value
EDGE_PX, ZERO_PX, CHOSEN_PX = 0.8, 1.6, 3.0
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
        outlines += _lines(scene, sheet, made.codes[at])
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


def manifest(scene: Scene) -> dict[str, Any] | None:
    """What `assets/areas.js` needs to draw the areas by tiles; None where they are plain polygons or none.

    Returns
    -------
    dict or None
        tiles (address with {z}/{x}/{y}), at (address of the codes; the page's query is added), on (the day, for a
        query that names none), layer, n, opacity, edge, below, colours and labels by code, hatches by code,
        failed (what is said where the codes could not be fetched).
    """
    snapshot = _held(scene)
    if snapshot is None or not tiled(snapshot) or scene.settings.plain:
        return None
    held = sheets(snapshot)
    if len(held) != 1:
        return None  # several countries: none of them alone has so many areas in what is embedded
    made, c = marks_of(snapshot, scene.settings, scene.beside.get(HOLDS)), scene.colours
    operation = snapshot.provenance.operations[0].key
    origin = scene.origin.rstrip("/")
    return {
        "tiles": f"{origin}/tiles/{scene.digest}/{held[0][0].name}/{{z}}/{{x}}/{{y}}.mvt",
        "at": f"{origin}/areas/{scene.digest}/{operation}/at.bin",
        "on": snapshot.on.isoformat(),
        "layer": "areas",
        "n": len(snapshot.table),
        "opacity": scene.settings.opacities().get(LAYER.key, 1.0),
        "edge": c["rule-strong"],
        "below": BELOW if "boundaries" in scene.switched_on else "",
        "colours": {str(code): shade for code, shade in shades(made, c).items()},
        "hatches": {
            str(code): {"kind": h.kind, "colour": c[h.token], "width": h.width, "dashed": bool(h.dash)}
            for code, h in HATCHES.items()
        },
        "named": scene.words.table["areas.named"],  # filled by the script, for the area below the pointer
        "failed": scene.words("areas.failed"),
        "labels": {str(code): entry.label for code, entry in coded(scene)},
    }


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
    codes = made.codes[at].tolist()
    rows = _records(snapshot.table.iloc[at])
    measure = scene.settings.measure
    trace = _shapes(
        scene,
        sheet,
        [row["pcode"] for row in rows],
        [order.get(code, 0) for code in codes],
        [CLEAR, *by_code.values()],
    )
    zero = [code == ZERO and not made.classes.diverging for code in codes]
    c = scene.colours
    line = {
        "color": [c["data"] if is_zero else c["rule-strong"] for is_zero in zero],
        "width": [ZERO_PX if is_zero else EDGE_PX for is_zero in zero],
    }
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

"""Map layer: incidents with the circle in which each happened; what the producer did not publish is drawn open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from data.catalogue import records_of
from data.geo import geodesic_circle
from data.incidents import is_claimed
from layers.place_kinds import place_of
from layers.record import Entry, Layer
from layers.scene import Picture, Scene, circles
from words.format import number

RADIUS_PX, EDGE_PX = 5.0, 1.6
MOST = 500  # circles; of more, only that of a chosen incident is drawn


def draw(scene: Scene) -> Picture:
    """A small disc an incident, solid if the producer published it, else open; a dashed circle around it."""
    rows = scene.rows("incidents")
    if rows is None:
        return Picture()
    traces = []
    claimed = rows["claim"].map(is_claimed).astype(bool)
    for part, inner, name in (
        (rows[~claimed], "ink", "incidents"),
        (rows[claimed], "land", "incidents-claimed"),
    ):
        if not len(part):
            continue
        at = [i for i in range(len(part)) for _ in range(2)]
        said = [place_of("incidents", row, scene.words) for row in records_of(part)]
        edge = "land" if inner == "ink" else "ink"
        size = [2 * (RADIUS_PX + EDGE_PX), 2 * RADIUS_PX] * len(part)
        color = [scene.colours[edge], scene.colours[inner]] * len(part)
        traces.append(circles(part.iloc[at], [said[i] for i in at], size=size, color=color, name=name))
    return Picture(traces, _circles(scene, rows))


def legend(scene: Scene) -> Sequence[Entry]:
    """The two marks, how many incidents have each, how many have no point, and whether circles are left out."""
    w, snapshot = scene.words, scene.snapshots.get("incidents")
    if snapshot is None:
        return ()
    rows = scene.rows("incidents")
    claimed = 0 if rows is None else int(rows["claim"].map(is_claimed).sum())
    shown = 0 if rows is None else len(rows)
    crowded = rows is not None and len(_stated(rows)) > MOST
    return (
        Entry(label=w("incident_note.solid"), colour=scene.colours["ink"], count=shown - claimed),
        Entry(label=w("incident_note.open"), swatch="mark incident-claimed", count=claimed),
        Entry(label=w("incident_note.unlocated"), count=len(snapshot.table) - shown),
        *([Entry(label=w("incident_note.no_circles", most=number(MOST, w.language)))] if crowded else []),
    )


def _stated(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Those of which it is known how far from their point they may have happened."""
    return [row for row in records_of(rows) if pd.notna(row["accuracy_m"]) and row["accuracy_m"] > 0]


def _circles(scene: Scene, rows: pd.DataFrame) -> list[dict[str, Any]]:
    stated = _stated(rows)
    if not 0 < len(stated) <= MOST:
        return []
    features = []
    for row in stated:
        ring = geodesic_circle(
            row["geometry"].x, row["geometry"].y, float(row["accuracy_m"]), points=36
        ).exterior
        shape = {"type": "Polygon", "coordinates": [[[round(x, 5), round(y, 5)] for x, y in ring.coords]]}
        features.append({"type": "Feature", "properties": {"key": row["key"]}, "geometry": shape})
    return [
        {
            "name": "incidents-accuracy", "sourcetype": "geojson",
            "source": {"type": "FeatureCollection", "features": features}, "type": "line",
            "color": scene.colours["ink-3"], "line": {"width": 1.2, "dash": [2, 3]}, "below": "traces",
        }
    ]  # fmt: skip


LAYER = Layer(
    key="incidents", title_key="layer.incidents", note_key="layer.incidents_note", on=False, holds="incidents",
    draw=draw, legend=legend,
)  # fmt: skip

"""Map layer: how exactly a place is known, as a dashed circle with its true radius in metres."""

from __future__ import annotations

from typing import Any

import pandas as pd
from shapely.geometry import Point

from data.catalogue import records_of
from data.codes import State
from data.geo import geodesic_circle
from layers.record import Layer
from layers.scene import Picture, Scene

MOST = 500  # circles; of more, only that of the chosen place is drawn: they would be dots and weigh on every line


def draw(scene: Scene) -> Picture:
    """Circles of the located places whose accuracy is stated and whose own layer is on, unless too many."""
    stated = _stated(scene)
    if not 0 < len(stated) <= MOST:
        return Picture()
    features = [
        {
            "type": "Feature",
            "properties": {"key": row["key"]},
            "geometry": _circle(row["geometry"], row["accuracy_m"]),
        }
        for row in stated
    ]
    outline = {
        "name": "accuracy",
        "sourcetype": "geojson",
        "source": {"type": "FeatureCollection", "features": features},
        "type": "line",
        "color": scene.colours["mute"],
        "line": {"width": 1.3, "dash": [2, 2]},
        "below": "traces",
    }
    return Picture(outlines=[outline])


def _circle(point: Point, radius_m: float) -> dict[str, Any]:
    """GeoJSON of the circle; five decimals are one metre."""
    ring = geodesic_circle(point.x, point.y, float(radius_m), points=36).exterior.coords
    return {"type": "Polygon", "coordinates": [[[round(x, 5), round(y, 5)] for x, y in ring]]}


def _stated(scene: Scene) -> list[dict[str, Any]]:
    """The rows of the layers that are on whose accuracy is stated; those of a layer together."""
    shown: list[pd.DataFrame] = []
    sites, crowd = scene.rows("sites"), scene.rows("crowd")
    if sites is not None:
        off = sites["state"] == State.DELISTED
        shown += [
            part for key, part in (("sites", sites[~off]), ("ghosts", sites[off])) if key in scene.switched_on
        ]
    if crowd is not None and "crowd" in scene.switched_on:
        shown.append(crowd)
    return [row for part in shown for row in records_of(part[part["accuracy_m"] > 0])]


LAYER = Layer(
    key="accuracy",
    title_key="layer.accuracy",
    note_key="layer.accuracy_note",
    on=True,
    holds="sites",
    draw=draw,
)

"""Map layer: sites by their state; a counted one is a disc whose area is in proportion to people."""

from __future__ import annotations

import geopandas as gpd

from data.codes import State
from layers.discs import discs, scale_of
from layers.record import Layer
from layers.scene import Picture, Scene, icon, icons, labels
from layers.site_palette import palette

CLASS = "colour_class"  # column: the class of a site in the question that colours it; NONE: none
CLASSES = 32  # more than any question has


def draw(scene: Scene) -> Picture:
    """Discs for counts, icons for the other states but ghosts, dates beside counts that are older."""
    rows = scene.rows("sites")
    if rows is None:
        return Picture()
    traces = []
    marked = rows[~rows["state"].isin([State.COUNTED, State.DELISTED])]
    if len(marked):
        symbols = [icon(state) for state in marked["state"]]
        traces.append(icons(marked, scene.places("sites", marked), symbols=symbols, name="sites"))
    counted = rows[rows["state"] == State.COUNTED]
    if len(counted):
        scale = scale_of(scene.whole("sites"))
        places = scene.places("sites", counted)
        traces.append(discs(counted, places, scale, scene.colours, "sites", _fills(scene, counted)))
    older = rows[rows["age"] == "older"]
    if len(older):
        dates = [p.when for p in scene.places("sites", older)]
        traces.append(labels(older, dates, color=scene.colours["ink-2"], name="sites-dates"))
    return Picture(traces)


def _fills(scene: Scene, rows: gpd.GeoDataFrame) -> list[str]:
    """The colour of each disc by its class; [] where no question colours them."""
    if CLASS not in rows.columns:
        return []
    drawn = palette(scene.settings.colour, CLASSES, scene.colours)
    return [drawn[int(nth)] if nth < CLASSES else scene.colours["mute"] for nth in rows[CLASS]]


LAYER = Layer(
    key="sites", title_key="layer.sites", note_key="layer.sites_note", on=True, holds="sites", draw=draw,
    unit_key="mapcontrols.unit_sites",
)  # fmt: skip

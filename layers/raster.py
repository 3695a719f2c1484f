"""Map layer: a grid of cells such as residents, below the areas; a modelled estimate, no count of the displaced."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from data.catalogue import records_of
from data.raster_classes import INK, SHARES
from layers.record import Entry, Layer
from layers.scene import Picture, Scene
from words.format import number


def address(origin: str, digest: str, key: str) -> str:
    """Where the picture of a raster is asked for; absolute, because a relative one fails without a word."""
    return f"{origin.rstrip('/')}/rasters/{digest}/{key}.png"


def draw(scene: Scene) -> Picture:
    """One picture a raster, between the land and the borders of the country; nothing of it is a trace."""
    snapshot = scene.snapshots.get("rasters")
    if snapshot is None or scene.only:
        return Picture()
    iso3 = next((code for operation in snapshot.provenance.operations for code in operation.iso3), "")
    # The borders of the country are a layer of the style where they are on; naming one that is not there is an error.
    below = f"areas-{iso3}" if iso3 and "boundaries" in scene.switched_on else "traces"
    return Picture(
        outlines=[
            {
                "name": f"raster-{row['key']}", "sourcetype": "image", "type": "raster", "below": below,
                "source": address(scene.origin, scene.digest, str(row["key"])),
                "coordinates": [list(corner) for corner in row["corners"]],
            }
            for row in records_of(snapshot.table)
        ]
    )  # fmt: skip


def legend(scene: Scene) -> Sequence[Entry]:
    """The classes of each raster from few to many, with its year, unit, cell and source."""
    snapshot, w = scene.snapshots.get("rasters"), scene.words
    if snapshot is None:
        return ()
    entries: list[Entry] = []
    for row in records_of(snapshot.table):
        limits = [number(float(limit), w.language) for limit in row["limits"]]
        said = [w("raster.up_to", limit=limits[0])] if limits else [w("raster.any")]
        said += [w("raster.between", low=low, high=high) for low, high in pairwise(limits)]
        said += [w("raster.above", limit=limits[-1])] if limits else []
        made = [
            Entry(label=text, colour=f"rgba({INK[0]},{INK[1]},{INK[2]},{share:g})")
            for text, share in zip(said, SHARES, strict=False)
        ]
        title = w(
            "raster.legend", title=row[f"name_{w.language}"], year=int(row["year"]),
            km=number(float(row["cell_km"]), w.language),
        )  # fmt: skip
        entries += [
            Entry(label=title, note=str(row[f"note_{w.language}"])),
            *made,
            Entry(label=w("raster.clear")),
        ]
    return entries


LAYER = Layer(
    key="raster", title_key="layer.raster", note_key="layer.raster_note", on=False, holds="rasters", draw=draw,
    legend=legend,
)  # fmt: skip

"""Map layer: ghosts, sites that were taken off the list and stay on the map with the date."""

from __future__ import annotations

from data.codes import State
from layers.record import Layer
from layers.scene import MANY, Picture, Scene, icon, icons, labels


def draw(scene: Scene) -> Picture:
    """A dashed hollow ring a ghost, its name and since when it is off the list beside it.

    Among very many sites words would lie on discs and could not be read: there the panel, which lists ghosts first,
    the hover box and the table have them.
    """
    rows = scene.rows("sites")
    if rows is None:
        return Picture()
    off = rows[rows["state"] == State.DELISTED]
    if not len(off):
        return Picture()
    places, words = scene.places("sites", off), scene.words
    marks = icons(off, places, symbols=[icon(State.DELISTED)] * len(off), name="ghosts")
    if len(rows) > MANY:
        return Picture([marks])
    texts = [
        "<br>".join(filter(None, (p.name, words("map.ghost"), p.when))) for p in places
    ]  # short, for a phone
    return Picture([marks, labels(off, texts, color=scene.colours["note"], name="ghosts-names")])


LAYER = Layer(
    key="ghosts", title_key="layer.ghosts", note_key="layer.ghosts_note", on=True, holds="sites", draw=draw
)

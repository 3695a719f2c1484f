"""Map layer: border posts, with entries and exits of the month side by side; crossings are movements, not people."""

from __future__ import annotations

from collections.abc import Sequence

from data.catalogue import records_of
from layers.flow_points import CLEAR
from layers.movements import counted, half_discs, legend_px, scale_of, widths_px
from layers.place_kinds import place_of
from layers.record import Entry, Layer
from layers.scene import Picture, Scene, circles, icon, icons
from words.format import number

SIDES = ("entries", "exits")


def draw(scene: Scene) -> Picture:
    """Half discs on one scale; a post where nobody counted has the mark of its state."""
    rows = scene.rows("border_posts")
    if rows is None:
        return Picture()
    moving = counted(rows, SIDES)
    still, moved = rows[~moving], rows[moving]
    table, traces = scene.snapshots["border_posts"].table, []
    scale = scale_of(scene.whole("border_posts"), *SIDES)
    for part in (still, moved if scene.only else moved.iloc[:0]):
        if len(part):
            said = [place_of("border_posts", row, scene.words) for row in records_of(part)]
            symbols = [icon(state) for state in part["state"]]
            traces.append(icons(part, said, symbols=symbols, name="border-posts"))
    if len(moved) and not scene.only:
        said = [place_of("border_posts", row, scene.words) for row in records_of(moved)]
        traces.append(circles(moved, said, size=widths_px(moved, scale), color=CLEAR, name="border-counts"))
    return Picture(traces, half_discs(table, moved, scale, scene.colours, "border-posts"))


def legend(scene: Scene) -> Sequence[Entry]:
    """Which side and colour is which direction, and how large a number is."""
    w, snapshot = scene.words, scene.snapshots.get("border_posts")
    if snapshot is None:
        return ()
    sizes = legend_px(scale_of(scene.whole("border_posts"), *SIDES))
    return (
        Entry(label=w("border.left"), colour=scene.colours["data"]),
        Entry(label=w("border.right"), colour=scene.colours["mute"]),
        *(Entry(label=w("flow.size", number=number(n, w.language), px=round(2 * r))) for n, r in sizes),
    )


LAYER = Layer(
    key="border_posts", title_key="layer.border_posts", note_key="layer.border_posts_note", on=True,
    holds="border_posts", draw=draw, unit_key="unit.movements", legend=legend,
)  # fmt: skip

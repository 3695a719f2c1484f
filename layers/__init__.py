"""The layers of the map, from below to above, and the legend of the seven states."""

from __future__ import annotations

from data.codes import State
from data.model import Snapshot
from layers import (
    accuracy,
    areas,
    border_posts,
    boundaries,
    crowd,
    flow_points,
    ghosts,
    incidents,
    pairs,
    raster,
    sites,
)
from layers.record import Layer
from words import Words

LAYERS: tuple[Layer, ...] = (
    boundaries.LAYER,
    raster.LAYER,
    areas.LAYER,
    accuracy.LAYER,
    crowd.LAYER,
    pairs.LAYER,
    sites.LAYER,
    flow_points.LAYER,
    border_posts.LAYER,
    incidents.LAYER,
    ghosts.LAYER,
)


def legend(snapshot: Snapshot, words: Words) -> list[tuple[str, str, int]]:
    """All seven states with their words and how many places of `snapshot` are in each, also where it is none.

    Parameters
    ----------
    snapshot : Snapshot
        Sites at one date, located or not.
    words : Words
        The reader's language.
    """
    states = snapshot.table["state"] if len(snapshot.table) else []
    found = [str(state) for state in states]
    return [(state.value, words(f"state.{state}"), found.count(state.value)) for state in State]


__all__ = ["LAYERS", "Layer", "legend"]

"""Discs whose area is in proportion to people: one unit on one scale, largest first so that none is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from data.codes import State, Unit
from data.geo import Floats, disc_radius_px
from layers.colours import OLDER_SHARE, Colours, mixed
from layers.places import Place
from layers.scene import Trace, circles

K_PX = 0.1  # radius of one person's disc: 10,000 people give a disc 20 px wide, on every map
LARGEST_PX = 60.0  # radius of the largest disc; where it would be larger, all of the map shrink together
DOT_PX = 3.0  # radius of what is not drawn to scale
EDGE_PX = 1.5  # width of the edge around a disc


@dataclass(frozen=True, slots=True)
class Scale:
    """How a number becomes a disc."""

    unit: str  # the one unit drawn to scale, '' where nothing is
    k: float  # pixels


def scale_of(table: pd.DataFrame) -> Scale:
    """The scale of a map: of the unit that most counted sites have.

    Parameters
    ----------
    table : DataFrame, shape (n,)
        The whole table of a snapshot, or of both of two maps, so that the scale does not depend on what is drawn of it.
    """
    counted = table[(table["state"] == State.COUNTED) & table["value"].notna()] if len(table) else table
    if not len(counted):
        return Scale("", K_PX)
    sites = counted["unit"].value_counts()
    order = [unit.value for unit in Unit]
    unit = min(sites.index, key=lambda u: (-sites[u], order.index(u) if u in order else len(order)))
    most = float(counted.loc[counted["unit"] == unit, "value"].max())
    return Scale(str(unit), min(K_PX, LARGEST_PX / float(np.sqrt(most))) if most > 0 else K_PX)


def radii(rows: gpd.GeoDataFrame, scale: Scale) -> Floats:
    """Radii in pixels, shape (n,): to scale, or a dot for another unit, a missing number or too small a disc."""
    value = rows["value"].astype(float).where(rows["unit"] == scale.unit).to_numpy()
    return np.fmax(disc_radius_px(value, scale.k), DOT_PX)


def discs(
    rows: gpd.GeoDataFrame,
    places: Sequence[Place],
    scale: Scale,
    colours: Colours,
    name: str,
    fills: Sequence[str] = (),
) -> Trace:
    """Discs with an edge, each edge directly below its disc; an older count is pale with a solid edge.

    Parameters
    ----------
    rows : GeoDataFrame, shape (n,)
        The places with a count.
    places : sequence of Place, length n
        The same in words.
    scale : Scale
        How a number becomes a disc.
    colours : mapping
        The colours of the scheme.
    name : str
        Of the trace.
    fills : sequence of str, length n or 0
        The colour of each disc; without them all have that of what the data say.
    """
    radius = radii(rows, scale)
    order = np.argsort(-radius, kind="stable")
    older = (rows["age"] == "older").to_numpy()
    size, color, at = [], [], []
    for i in order:
        at += [i, i]
        size += [2 * (radius[i] + EDGE_PX), 2 * radius[i]]
        fill = fills[i] if fills else colours["data"]
        pale = mixed(fill, colours["land"], OLDER_SHARE)
        color += [fill, pale] if older[i] else [colours["land"], fill]
    return circles(
        rows.iloc[at], [places[i] for i in at], size=[float(s) for s in size], color=color, name=name
    )

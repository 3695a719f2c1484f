"""The map of the start page: one mark a country, at the middle of its operations, with their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from data.catalogue import records_of
from data.errors import ProvenanceMissing
from data.geo import TILE_PX, Floats, View, geodesic_bounds, view_for
from data.model import Note, Provenance, Snapshot
from layers.colours import colours
from layers.plate import layout
from layers.scene import NO_TRACE, on_map, plain
from layers.style import TEXT_FONT, style
from words import Words
from words.format import day
from words.notes import credit_line, notes_of

DOT_PX, EDGE_PX = 18.0, 3.0
WIDE_PX, HIGH_PX = 720.0, 500.0  # what the first view is fitted to
MARGIN_M = 1_200_000.0
APART_PX = DOT_PX + 4 * EDGE_PX  # between marks in the first view: each is seen whole and can be pressed
TRIES = 200  # to set marks apart
NUMBER_PX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One country in the first view of the map."""

    lon: float
    lat: float
    rows: tuple[dict[str, Any], ...]  # of its operations

    @property
    def breaks(self) -> int:
        """How many of its operations have a break in their newest figures."""
        return sum(bool(row["breaks"]) for row in self.rows)

    @property
    def leads(self) -> str:
        """Id of what a press leads to: the link of the one operation, or the head of the country's list."""
        return str(self.rows[0]["leads"]) if len(self.rows) > 1 else f"op-{self.rows[0]['key']}"

    def name(self, words: Words) -> str:
        """The operation, or the country with the number of its operations."""
        row = self.rows[0]
        if len(self.rows) == 1:
            return str(row[f"title_{words.language}"])
        return words("map.country", country=row[f"country_{words.language}"], operations=len(self.rows))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorldView:
    """Operations as they are shown on a map of the world.

    Raises
    ------
    ProvenanceMissing
        If there is no snapshot with its provenance.
    """

    snapshot: Snapshot
    words: Words
    origin: str
    digest: str

    def __post_init__(self) -> None:
        if not isinstance(self.snapshot, Snapshot):
            raise ProvenanceMissing("A map is drawn from a snapshot with its provenance: pass one.")

    @property
    def provenance(self) -> Provenance:
        """Of all operations."""
        return self.snapshot.provenance

    def notes(self) -> tuple[Note, ...]:
        """Everything that must be read with the map, in order."""
        return notes_of(self.provenance, self.words)

    def figure(self, scheme: str = "light", width_px: float = WIDE_PX) -> go.Figure:
        """The picture: a disc a country, all of one size; a ring where newest figures of it have a break.

        A disc has the number of operations where there are several, and is hollow where they are invented for training.
        """
        c = colours(scheme)
        view, places = self.marks(width_px)
        ground = style(scheme, self.origin, self.digest)
        lon, lat, size, color, keys, said = [], [], [], [], [], []
        for mark in places:
            discs = [(DOT_PX + 2 * EDGE_PX, c["land"]), (DOT_PX, c["data"])]  # from below to above
            if mark.breaks:
                discs.insert(0, (DOT_PX + 4 * EDGE_PX, c["note"]))
            if mark.rows[0]["synthetic"]:
                discs.append((DOT_PX - 3, c["land"]))
            for across, colour in discs:
                lon.append(mark.lon)
                lat.append(mark.lat)
                size.append(across)
                color.append(colour)
                keys.append([mark.rows[0]["key"], mark.leads])
                said.append(plain(self._lines(mark)))
        marks = {
            "type": "scattermap", "name": "operations", "mode": "markers", "lon": lon, "lat": lat,
            "marker": {"size": size, "color": color, "opacity": 1},
            "customdata": keys, "hovertext": said, "hoverinfo": "text",
        }  # fmt: skip
        made = layout(ground, c, self.words, view, revision="world", width_px=width_px)
        numbers = [
            {
                "type": "scattermap", "name": f"numbers-{colour}", "mode": "text", "hoverinfo": "skip",
                "lon": [mark.lon for mark in held], "lat": [mark.lat for mark in held],
                "text": [str(len(mark.rows)) for mark in held], "textposition": "middle center",
                "textfont": {"family": ", ".join(TEXT_FONT), "size": NUMBER_PX, "color": c[colour]},
            }
            for colour, hollow in (("land", False), ("data", True))
            if (held := [m for m in places if len(m.rows) > 1 and bool(m.rows[0]["synthetic"]) is hollow])
        ]  # fmt: skip
        return go.Figure(data=[marks if keys else NO_TRACE, *numbers], layout=made)

    def marks(self, width_px: float) -> tuple[View, list[Mark]]:
        """The first view of a map so wide, and its marks: each at the middle of its operations, set apart there."""
        rows = records_of(self.snapshot.table[on_map(self.snapshot.table)])
        groups = [tuple(group) for _, group in groupby(sorted(rows, key=_country), key=_country)]
        at = np.array(
            [np.mean([(row["geometry"].x, row["geometry"].y) for row in group], axis=0) for group in groups]
        ).reshape(-1, 2)
        bounds = geodesic_bounds(at[:, 0], at[:, 1], MARGIN_M) if len(at) else (-179.0, -60.0, 179.0, 75.0)
        view = view_for(bounds, width_px, min(HIGH_PX, width_px), max_zoom=3.0)
        lons, lats = apart(at[:, 0], at[:, 1], view.zoom)
        return view, [
            Mark(lon=float(x), lat=float(y), rows=group)
            for x, y, group in zip(lons, lats, groups, strict=True)
        ]

    def table(self) -> pd.DataFrame:
        """Every operation, translated heads, text cells."""
        w = self.words
        yes, no = w("map.yes"), w("map.no")
        return pd.DataFrame(
            [
                {
                    w("map.col_operation"): row[f"title_{w.language}"],
                    w("map.col_figure"): row["figure"],
                    w("map.col_breaks"): yes if row["breaks"] else no,
                    w("map.col_synthetic"): yes if row["synthetic"] else no,
                }
                for row in records_of(self.snapshot.table)
            ],
            columns=[
                w("map.col_operation"),
                w("map.col_figure"),
                w("map.col_breaks"),
                w("map.col_synthetic"),
            ],
        )

    def sentence(self) -> str:
        """What the map shows, in one sentence that stands alone."""
        table, operations = self.snapshot.table, self.provenance.operations
        return self.words(
            "map.sentence_world",
            when=day(self.snapshot.on, self.words.language),
            operations=len(table),
            broken=int(table["breaks"].astype(bool).sum()) if len(table) else 0,
            credit="; ".join(dict.fromkeys(credit_line(o, self.words) for o in operations)),
        )

    def _lines(self, mark: Mark) -> list[str]:
        w, row, several = self.words, mark.rows[0], len(mark.rows) > 1
        broken = w("map.country_breaks", broken=mark.breaks) if several else w("map.has_break")
        return [
            mark.name(w),
            w("map.country_leads") if several else str(row["figure"]),
            broken if mark.breaks else "",
            w("map.is_synthetic") if row["synthetic"] else "",
        ]


def _country(row: Mapping[str, Any]) -> str:
    """By which operations share a mark."""
    return str(row["country_en"])


def apart(lons: Floats, lats: Floats, zoom: float) -> tuple[Floats, Floats]:
    """Places that are too near each other at a zoom, pushed apart until their marks do not touch.

    Parameters
    ----------
    lons, lats : array
        Degrees, shape (n,).
    zoom : float
        Of the map, with tiles of 512 pixels.

    Returns
    -------
    array, array
        The same places, or those beside them, degrees.
    """
    per = TILE_PX * 2**zoom / 360  # pixels a degree on the equator
    at = per * np.column_stack([lons, np.degrees(np.arctanh(np.sin(np.radians(lats))))])  # Mercator
    order = np.sign(np.subtract.outer(np.arange(len(at)), np.arange(len(at))))
    for _ in range(TRIES):
        way = at[:, None] - at[None]
        far = np.hypot(way[..., 0], way[..., 1])
        near = (far < APART_PX) & (order != 0)
        if not near.any():
            break
        way[far == 0, 0] = order[far == 0]  # at one place: side by side
        push = np.where(near, (APART_PX + 0.5 - far) / 2 / np.where(far == 0, 1, far), 0)
        at += (push[..., None] * way).sum(axis=1)
    return at[:, 0] / per, np.degrees(np.arcsin(np.tanh(np.radians(at[:, 1] / per))))

"""The map of the start page: the operations held, each at the middle of its own map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import plotly.graph_objects as go

from data.catalogue import records_of
from data.errors import ProvenanceMissing
from data.geo import geodesic_bounds, view_for
from data.model import Note, Provenance, Snapshot
from layers.colours import colours
from layers.plate import layout
from layers.scene import NO_TRACE, on_map, plain
from layers.style import style
from words import Words
from words.format import day
from words.notes import credit_line, notes_of

DOT_PX, EDGE_PX = 14.0, 3.0
WIDE_PX, HIGH_PX = 720.0, 500.0  # what the first view is fitted to
MARGIN_M = 1_200_000.0
APART_DEG = 5.0  # between operations with the same middle, so that each can be pressed


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
        """The picture: a disc an operation, all of one size; a ring where its newest figures have a break.

        A disc is hollow where the operation is invented for training.
        """
        c, rows = colours(scheme), self.snapshot.table[on_map(self.snapshot.table)]
        lons, lats = spread(rows)
        bounds = geodesic_bounds(lons, lats, MARGIN_M) if len(rows) else (-179.0, -60.0, 179.0, 75.0)
        view = view_for(bounds, width_px, min(HIGH_PX, width_px), max_zoom=3.0)
        ground = style(scheme, self.origin, self.digest)
        lon, lat, size, color, keys, said = [], [], [], [], [], []
        for row, x, y in zip(records_of(rows), lons, lats, strict=True):
            discs = [(DOT_PX + 2 * EDGE_PX, c["land"]), (DOT_PX, c["data"])]  # from below to above
            if row["breaks"]:
                discs.insert(0, (DOT_PX + 4 * EDGE_PX, c["note"]))
            if row["synthetic"]:
                discs.append((DOT_PX - 5, c["land"]))
            for across, colour in discs:
                lon.append(x)
                lat.append(y)
                size.append(across)
                color.append(colour)
                keys.append([row["key"], row["key"]])
                said.append(plain(self._lines(row)))
        marks = {
            "type": "scattermap", "name": "operations", "mode": "markers", "lon": lon, "lat": lat,
            "marker": {"size": size, "color": color, "opacity": 1},
            "customdata": keys, "hovertext": said, "hoverinfo": "text",
        }  # fmt: skip
        made = layout(ground, c, self.words, view, revision="world", width_px=width_px)
        return go.Figure(data=[marks if keys else NO_TRACE], layout=made)

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

    def _lines(self, row: dict[str, object]) -> list[str]:
        return [
            str(row[f"title_{self.words.language}"]),
            str(row["figure"]),
            self.words("map.has_break") if row["breaks"] else "",
            self.words("map.is_synthetic") if row["synthetic"] else "",
        ]


def spread(rows: gpd.GeoDataFrame) -> tuple[list[float], list[float]]:
    """Longitudes and latitudes, degrees; places at one point are set side by side around it."""
    spots = [(float(p.x), float(p.y)) for p in rows.geometry]
    many, seen = Counter(spots), Counter[tuple[float, float]]()
    lons = []
    for spot in spots:
        lons.append(spot[0] + APART_DEG * (seen[spot] - (many[spot] - 1) / 2))
        seen[spot] += 1
    return lons, [lat for _, lat in spots]

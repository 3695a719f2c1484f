"""The map of an operation at one date: what is known of its places, drawn or listed, with its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from data.catalogue import records_of
from data.codes import State
from data.errors import ProvenanceMissing
from data.geo import View
from data.map_settings import MapSettings
from data.model import Note, Provenance, Snapshot, unite
from layers import LAYERS, areas, legend
from layers.colours import colours
from layers.neighbours import around
from layers.place_kinds import place_of
from layers.places import heads
from layers.plate import layout
from layers.record import Layer
from layers.scene import ICON_PX, NO_TRACE, Picture, Scene, circles, faded, on_map
from layers.style import style
from words import Words
from words.format import day, number
from words.notes import credit_line, notes_of

ACCURACY = "accuracy"  # the layer that is drawn with a chosen place, whatever that is
ALONE = {  # the sentence of a map without sites, by the first of these that it holds
    "flow_points": "map.sentence_points", "border_posts": "map.sentence_posts", "crowd": "map.sentence_crowd",
    "areas": "map.sentence_areas",
}  # fmt: skip
RING_PX, GAP_PX = 2.5, 3.0  # the ring around the chosen mark, and what lies between


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many sites there are, how many have a location, and how many are in each state."""

    places: int
    drawn: int
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapView:
    """Places at one date as they are shown: picture, notes, table and sentence from one origin.

    Raises
    ------
    ProvenanceMissing
        If there is no snapshot: a map is never made without its provenance.
    """

    snapshots: Mapping[str, Snapshot]  # "sites", "crowd", "flow_points"
    title: str
    words: Words
    on: date
    origin: str  # scheme, host and port that the browser uses
    digest: str  # of the release
    iso3s: Sequence[str]
    view: View
    switched_on: frozenset[str]
    order: Sequence[str] = ()  # of the layers that are on, from below to above; () is that of `LAYERS`
    selected: str | None = None
    counts: Counts | None = None  # of all sites, where the snapshot holds a part of them
    left_to_browser: frozenset[str] = (
        frozenset()
    )  # layers that the browser draws itself, but for a chosen place
    settings: MapSettings = field(default_factory=MapSettings)
    beside: Mapping[str, Snapshot] = field(
        default_factory=dict
    )  # of the other map of two: one scale for both
    known: date | None = None  # as known on which day; None is the newest

    def __post_init__(self) -> None:
        if not self.snapshots or not all(isinstance(s, Snapshot) for s in self.snapshots.values()):
            raise ProvenanceMissing(
                "A map is drawn from at least one snapshot with its provenance: pass one."
            )

    @property
    def provenance(self) -> Provenance:
        """Of all snapshots, each thing once."""
        return unite(snapshot.provenance for snapshot in self.snapshots.values())

    def drawn(self) -> list[Layer]:
        """The layers that are on and hold something, from below to above."""
        on = [
            layer
            for layer in LAYERS
            if layer.key in self.switched_on and (layer.holds is None or layer.holds in self.snapshots)
        ]
        place = {key: nth for nth, key in enumerate(self.order)}
        return sorted(
            on, key=lambda layer: place.get(layer.key, -1)
        )  # stable: what is not named keeps its place

    def notes(self) -> tuple[Note, ...]:
        """Everything that must be read with the map, in order, later ones marked; last what each layer shows."""
        return (*notes_of(self.provenance, self.words, known=self.known), *self.layer_notes())

    def layer_notes(self) -> tuple[Note, ...]:
        """What each layer that is on shows, and its limits."""
        w = self.words
        return tuple(
            Note(
                key=f"layer-{layer.key}", mark="–", breaks=False, when=None, word=w(layer.title_key),
                text=w(layer.note_key), source="",
            )
            for layer in reversed(self.drawn())
        )  # fmt: skip

    def figure(self, scheme: str = "light", width_px: float = 760) -> go.Figure:
        """The Plotly figure, every part of it checked; as `plain`."""
        return go.Figure(self.plain(scheme, width_px))

    def plain(self, scheme: str = "light", width_px: float = 760) -> dict[str, Any]:
        """The picture as a page sends it, which Plotly does not check again.

        Parameters
        ----------
        scheme : str
            "light" or "dark".
        width_px : float
            How wide it will be, for the sentence inside it; the map itself fills its box.
        """
        c = colours(scheme)
        scene = Scene(
            snapshots=self.snapshots, words=self.words, colours=c, switched_on=frozenset(self.switched_on),
            settings=self.settings, origin=self.origin, digest=self.digest, beside=self.beside,
        )  # fmt: skip
        ground = style(
            scheme, self.origin, self.digest, iso3s=self.iso3s, around=around(self.iso3s),
            borders="boundaries" in self.switched_on,
        )  # fmt: skip
        revision = ";".join(o.key for o in self.provenance.operations)
        pictures = [
            self._faded(layer, layer.draw(scene))
            for layer in self.drawn()
            if layer.key not in self.left_to_browser
        ]
        chosen = self._chosen(scene)
        traces = [*(trace for picture in pictures for trace in picture.traces), *chosen.traces]
        outlines = [dict(outline) for picture in pictures for outline in picture.outlines]
        made = layout(ground, c, self.words, self.view, revision=revision, width_px=width_px)
        if areas.HOLDS in self.snapshots and any(layer.key == areas.LAYER.key for layer in self.drawn()):
            made["hoverdistance"] = areas.NEAR_PX  # else an area full of sites could never be pointed at
        named = {outline.get("name") for outline in outlines}
        outlines += [dict(outline) for outline in chosen.outlines if outline.get("name") not in named]
        made["map"] |= {"layers": outlines}
        # a map without a trace is no map to Plotly: not even its ground would be drawn
        return {"data": traces or [NO_TRACE], "layout": made}

    def _faded(self, layer: Layer, picture: Picture) -> Picture:
        """The picture as strong as a reader wants it."""
        share = self.settings.opacities().get(layer.key, 1.0)
        if share == 1.0 or not layer.fades:
            return picture
        return Picture(
            [faded(trace, share) for trace in picture.traces],
            [
                dict(outline) | {"opacity": share * outline.get("opacity", 1.0)}
                for outline in picture.outlines
            ],
        )

    def table(self) -> pd.DataFrame:
        """Every place, located or not, whatever is switched on; translated heads, text cells."""
        return self.table_of(self.snapshots)

    def table_of(self, snapshots: Mapping[str, Snapshot]) -> pd.DataFrame:
        """The places of some snapshots, as in `table`."""
        rows = [
            place_of(name, row, self.words).cells(self.words)
            for name, snapshot in snapshots.items()
            if name != areas.HOLDS  # areas have a table of their own: `layers.area_rows`
            for row in records_of(snapshot.table)
        ]
        return pd.DataFrame(rows, columns=heads(self.words))

    def sentence(self) -> str:
        """What the map shows: date, operation, what the marks are, credit."""
        w = self.words
        operations = self.provenance.operations

        def tell(count: int) -> str:
            return number(count, w.language)

        whole = {
            "when": day(self.on, w.language),
            "operation": "; ".join(o.title.to(w.language) for o in operations),
            "credit": "; ".join(dict.fromkeys(credit_line(o, w) for o in operations)),
        }
        held = {name: s.table for name, s in self.snapshots.items() if len(s.table)}
        lead = next((held[name] for name in ("sites", *ALONE) if name in held), None)
        # counts stand for sites also where the browser draws them and none is here
        if self.counts is not None and self.counts.places:
            said = whole | {"places": tell(self.counts.places), "drawn": tell(self.counts.drawn)}
        elif lead is None:
            return w("map.sentence_none", **whole)
        else:
            said = whole | {"places": tell(len(lead)), "drawn": tell(int(on_map(lead).sum()))}
        if "sites" not in held and not (self.counts and self.counts.places):
            return w(next(ALONE[name] for name in ALONE if name in held), **said)
        counts = self._states()
        counts += [
            (w(f"map.many_{name}"), len(held[name]))
            for name in ("crowd", "flow_points")
            if name in held and name in self.switched_on
        ]
        states = "; ".join(w("map.state_count", state=word, count=tell(count)) for word, count in counts)
        off = any(word == w(f"state.{State.DELISTED}") for word, _ in counts)
        return w("map.sentence_off" if off else "map.sentence", states=states, **said)

    def _states(self) -> list[tuple[str, int]]:
        """How many sites are in each state that one is in, in words."""
        w = self.words
        if self.counts is not None:
            return [(w(f"state.{state}"), count) for state, count in self.counts.states.items() if count]
        return [(word, count) for _, word, count in legend(self.snapshots["sites"], w) if count]

    def _chosen(self, scene: Scene) -> Picture:
        """The chosen place once more, on top of all others, with a solid ring around its mark."""
        if not self.selected:
            return Picture()
        if areas.LAYER.key in self.switched_on:
            outlined = areas.chosen(scene, self.selected)
            if outlined.traces:
                return outlined
        alone = replace(scene, only=self.selected)
        held = ((name, alone.rows(name)) for name in scene.snapshots)
        name, row = next(((name, rows) for name, rows in held if rows is not None), ("", None))
        pictures = [
            layer.draw(alone) for layer in self.drawn() if layer.holds == name or layer.key == ACCURACY
        ]
        marks = [trace for picture in pictures for trace in picture.traces if trace.get("mode") == "markers"]
        if row is None or not marks:
            return Picture()
        size = marks[-1]["marker"]["size"]
        across = max(size) if isinstance(size, list) else ICON_PX
        inner, outer = across + 2 * GAP_PX, across + 2 * (GAP_PX + RING_PX)
        places, c = alone.places(name, row), scene.colours
        ring = circles(row, places, size=outer, color=c["ink"], name="chosen-ring")
        ground = circles(row, places, size=inner, color=c["land"], name="chosen-ground")
        return Picture([ring, ground, *marks], [o for picture in pictures for o in picture.outlines])

"""The record of a layer: by it the map, the switches and the legend find it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from layers.scene import Picture, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a legend: a swatch, what it means, and how many places it is drawn for."""

    label: str
    colour: str = ""  # a colour that the layer draws with
    swatch: str = ""  # else a class of `assets/`: "mark counted", "pattern list"
    count: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of the map; it reads no store and sets no id."""

    key: str
    title_key: str  # of the words
    note_key: str  # what it shows and its caveat, one sentence
    on: bool  # switched on at first
    holds: str | None  # the snapshot that it needs, None: none
    draw: Callable[[Scene], Picture]
    unit_key: str = ""  # what one of its numbers is, '' where it has none
    legend: Callable[[Scene], Sequence[Entry]] | None = None  # what its colours mean, None: marks alone
    fades: bool = True  # whether a reader may make it paler

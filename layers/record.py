"""The record of a layer: by it the map, the switches and the legend find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from layers.scene import Picture, Scene

Held = Literal["sites", "crowd", "flow_points"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of the map; it reads no store and sets no id."""

    key: str
    title_key: str  # of the words
    note_key: str  # what it shows and its caveat, one sentence
    on: bool  # switched on at first
    holds: Held | None  # the snapshot that it needs, None: none
    draw: Callable[[Scene], Picture]

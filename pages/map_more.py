"""What layers beside sites hold: which of it an operation has, and its snapshots at the date of the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from data import map_facts
from data.area_figures import areas_of
from data.border_posts import posts_at
from data.incidents import incidents_between
from data.model import Snapshot
from data.pairs import pairs_at
from data.rasters import underlays_at
from data.undrawn_areas import undrawn_at
from pages.map_known import Moments
from pages.view import Context

YEAR = timedelta(days=365)  # incidents of so long before the first date are shown with it
FROM_TABLES = {
    "border_posts": "border_posts",
    "incidents": "incidents",
    "pairs": "flow_pairs",
    "rasters": "rasters",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a snapshot is made for."""

    context: Context
    operation: str
    on: date
    moments: Moments

    @property
    def known(self) -> date | None:
        """As known on which day; None is the newest."""
        return self.context.view.selection.known


def offers_more(context: Context, operation: str) -> frozenset[str]:
    """What layers of an operation can hold, by the name that `Layer.holds` says.

    Areas belong to every operation: where it published none, they say so.
    """
    held = map_facts.tables_of(context.release, operation)
    return frozenset({"areas", *(name for name, table in FROM_TABLES.items() if table in held)})


def more_snapshots(asked: Asked, offers: frozenset[str], switched_on: frozenset[str]) -> dict[str, Snapshot]:
    """The snapshots of the layers that are on, by what they hold; nothing is read for a layer that is off.

    Beside them, of every map, the areas that no layer can draw.
    """
    made = {
        name: make(asked) for key, (name, make) in MAKERS.items() if key in switched_on and name in offers
    }
    made["undrawn"] = undrawn_at(asked.context.release, asked.operation, asked.on, asked.known)
    return {name: snapshot for name, snapshot in made.items() if snapshot is not None}


def incidents_first(asked: Asked) -> date:
    """The first day of the incidents that are shown: the day after the date before, or a year back."""
    before = [step.on for step in asked.moments.offered if step.on < asked.on]
    return before[-1] + timedelta(days=1) if before else asked.on - YEAR


def _areas(asked: Asked) -> Snapshot | None:
    settings = asked.context.view.selection.map
    if not settings.measure:
        return None
    return areas_of(asked.context.release, asked.operation, asked.on, settings, asked.known)


def _pairs(asked: Asked) -> Snapshot | None:
    if not asked.context.view.selection.map.pairs:
        return None
    return pairs_at(asked.context.release, asked.operation, asked.on, asked.known)


def _posts(asked: Asked) -> Snapshot | None:
    return posts_at(asked.context.release, asked.operation, asked.on, asked.known)


def _incidents(asked: Asked) -> Snapshot | None:
    first = incidents_first(asked)
    return incidents_between(asked.context.release, asked.operation, first, asked.on, asked.known)


def _rasters(asked: Asked) -> Snapshot | None:
    return underlays_at(asked.context.release, asked.operation, asked.on, asked.known)


# By the key of the layer: what it holds, and who makes it.
MAKERS: Mapping[str, tuple[str, Callable[[Asked], Snapshot | None]]] = {
    "areas": ("areas", _areas),
    "border_posts": ("border_posts", _posts),
    "incidents": ("incidents", _incidents),
    "pairs": ("pairs", _pairs),
    "raster": ("rasters", _rasters),
}

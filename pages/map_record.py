"""What the map page shows for one view, read once; its parts are drawn from it one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data import queries
from data.codes import SiteLayer
from data.model import Event, Operation, Snapshot, public_on
from layers import LAYERS
from pages.map_known import Moments, moments, worded
from pages.moment import Step
from pages.view import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """Everything that the map page shows for one view; its parts are redrawn one by one."""

    context: Context
    operation: Operation
    moments: Moments
    on: date
    sites: Snapshot
    crowd: Snapshot
    points: Snapshot
    switched_on: frozenset[str]

    @property
    def now(self) -> Step | None:
        """The date that is shown; None where the operation has none."""
        return self.moments.now

    @property
    def known(self) -> date | None:
        """As known on which day; None is the newest."""
        return self.context.view.selection.known

    @property
    def snapshots(self) -> dict[str, Snapshot]:
        """The snapshots that have rows, by what they hold."""
        named = {"sites": self.sites, "crowd": self.crowd, "flow_points": self.points}
        return {name: snapshot for name, snapshot in named.items() if len(snapshot.table)}

    def events(self) -> tuple[Event, ...]:
        """The events of the operation's first indicator, or of the whole operation, that were public by then."""
        held, key = self.context.held, self.operation.key
        found = held.events_of(key, held.lead[key] or None)
        return tuple(event for event in found if public_on(event, self.known))


def prepare(context: Context) -> MapPage:
    """Read what the page needs.

    Raises
    ------
    Unknown
        If the operation, the round or the day is not held.
    """
    operation, release, w = context.operation(), context.release, context.words
    selection = context.view.selection
    made, known = moments(context), selection.known
    on = made.now.on if made.now is not None else context.today
    layers = selection.layers
    every = {layer.key for layer in LAYERS}
    register, crowd = (
        queries.sites(release, operation.key, on, layer, known)
        for layer in (SiteLayer.REGISTER, SiteLayer.CROWD)
    )
    return MapPage(
        context=context,
        operation=operation,
        moments=made,
        on=on,
        sites=worded(register, known, w),
        crowd=worded(crowd, known, w),
        points=worded(queries.flow_points(release, operation.key, on, known), known, w),
        switched_on=frozenset(
            (layer.key for layer in LAYERS if layer.on)
            if layers is None
            else (k for k in layers.split(",") if k in every)
        ),
    )

"""What the map page shows for one view, read once; its parts are drawn from it one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from data import queries, site_colours, site_columns, site_filter, site_findings
from data.claims import withdrawal_of
from data.codes import SiteLayer, State
from data.flows_at import flows_at
from data.map_settings import MapSettings
from data.model import Event, Operation, Snapshot, public_on
from data.parts import STATES
from data.selection import Selection
from data.site_columns import SitesAt
from layers import LAYERS, many
from layers.sites import CLASS
from pages.map_known import Moments, moments, worded
from pages.map_more import Asked, more_snapshots, offers_more
from pages.moment import Step
from pages.view import Context

MOST = many.FROM  # sites that are drawn as points of Plotly; more are drawn by the browser itself
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)  # without slots: what is asked for once is kept
class MapPage:
    """Everything that the map page shows for one view; its parts are redrawn one by one.

    The sites stand in columns, so that a hundred thousand of them need no table; `rows` makes the table of a few.
    """

    context: Context
    operation: Operation
    moments: Moments
    on: date
    at: SitesAt  # every site of the register at the date
    crowd: Snapshot
    points: Snapshot
    more: Mapping[str, Snapshot]  # what other layers that are on hold: areas, border posts, incidents, …
    offers: frozenset[str]  # what layers of this operation could hold
    order: tuple[str, ...]  # the layers that are on, from below to above
    switched_on: frozenset[str] = field(default=frozenset())

    @property
    def now(self) -> Step | None:
        """The date that is shown; None where the operation has none."""
        return self.moments.now

    @property
    def known(self) -> date | None:
        """As known on which day; None is the newest."""
        return self.context.view.selection.known

    @property
    def settings(self) -> MapSettings:
        """How the reader wants the map drawn."""
        return self.context.view.selection.map

    @property
    def chosen(self) -> str:
        """Key of the chosen place, '' where none is."""
        return self.context.view.selection.place

    @cached_property
    def kept(self) -> Mask:
        """Which sites the filters keep, shape (n,)."""
        return site_filter.kept(self.at, self.settings, self.context.release)

    @cached_property
    def drawable(self) -> Mask:
        """Which sites have a location that is known and believable, shape (n,)."""
        return site_findings.drawable(self.context.release, self.operation.key)

    @property
    def many(self) -> bool:
        """Whether the browser draws the sites itself: more than Plotly's points can bear."""
        return many.wanted(int(self.drawable.sum()), self.settings)

    @cached_property
    def sites(self) -> Snapshot:
        """The sites that the filters keep, drawn or listed; of very many those with most people, at most `MOST`."""
        if self.many:  # drawn by the browser; the chosen one is drawn here as well
            found = self.at.columns.row_of(self.chosen) if self.chosen else None
            return self.rows(np.array([] if found is None else [found], dtype=np.int64))
        index = np.flatnonzero(self.kept)
        if len(index) > MOST:
            index = np.sort(self.ordered(self.kept & self.drawable, "people", 1, MOST))
        return self.rows(index)

    def ordered(self, mask: Mask, sort: str, page: int, size: int) -> Rows:
        """Row numbers of a part of the sites, in the order of a column of the table."""
        return site_filter.order(self.at, mask, sort, page, size, self.context.release)

    def rows(self, index: Rows) -> Snapshot:
        """The table of a few sites, with the class that colours them."""
        made = worded(site_columns.rows(self.context.release, self.at, index), self.known, self.context.words)
        if self.settings.colour == "state" or not len(index):
            return made
        return replace(made, table=made.table.assign(**{CLASS: self.classes.codes[index]}))

    @cached_property
    def classes(self) -> site_colours.SiteClasses:
        """The class of each site in the question that colours it."""
        return site_colours.classes_of(self.context.release, self.at, self.settings)

    def within(self, pcode: str) -> Mask:
        """Which sites lie in an area, shape (n,), whatever the filters keep."""
        return site_filter.kept(self.at, MapSettings(within=pcode), self.context.release)

    def states(self) -> dict[str, int]:
        """How many sites that the filters keep are in each of the seven states."""
        found = np.bincount(self.at.state[self.kept], minlength=len(STATES))
        return {state.value: int(found[STATES.index(state)]) for state in State}

    @property
    def snapshots(self) -> dict[str, Snapshot]:
        """The snapshots that have rows, by what they hold."""
        named = {"sites": self.sites, "crowd": self.crowd, "flow_points": self.points, **self.more}
        # drawn by the browser, sites have few rows here or none: what must be read with them stays
        return {name: s for name, s in named.items() if len(s.table) or (name == "sites" and self.many)}

    def withdrawn(self, number: int | None) -> Event | None:
        """The event by which a round was withdrawn, if that was public by then."""
        return withdrawal_of(self.events(), number, self.known)

    @property
    def gone(self) -> Event | None:
        """The event by which the round that is shown was withdrawn."""
        now = self.now
        return None if now is None or now.round is None else self.withdrawn(now.round.number)

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
    made, known = moments(context), context.view.selection.known
    on = made.now.on if made.now is not None else context.today
    order = layer_order(context.view.selection)
    offers = offers_more(context, operation.key)
    asked = Asked(context, operation.key, on, made)
    crowd = queries.sites(release, operation.key, on, SiteLayer.CROWD, known)
    page = MapPage(
        context=context,
        operation=operation,
        moments=made,
        on=on,
        at=site_columns.sites_at(release, operation.key, on, known),
        crowd=worded(crowd, known, w),
        points=worded(flows_at(release, operation.key, on, known), known, w),
        more=more_snapshots(asked, offers, frozenset(order)),
        offers=offers,
        order=order,
        switched_on=frozenset(order),
    )
    if len(page.at) and page.settings.colour in {"change", "gap"}:
        _ = page.classes  # a round or service that is not held is said in place of the page, not within it
    return page


def layer_order(selection: Selection) -> tuple[str, ...]:
    """The layers that are on, from below to above; without a choice those that are on at first.

    A layer of the address that is none is left out. Areas that are to be coloured are on without being named.
    """
    every = {layer.key for layer in LAYERS}
    if selection.layers is None:
        coloured = {"areas"} if selection.map.measure else set()
        return tuple(layer.key for layer in LAYERS if layer.on or layer.key in coloured)
    return tuple(dict.fromkeys(key for key in selection.layers.split(",") if key in every))

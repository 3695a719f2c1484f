"""The title of the map: what it shows, in one sentence with its date."""

from __future__ import annotations

import numpy as np
from dash import html
from dash.development.base_component import Component

from data.codes import State
from data.dates import DateSpan
from data.parts import STATES
from pages.map_record import MapPage, Rows
from words.format import day, number, span

NAMED = 4  # so many sites are named in the title
_COUNTED = [STATES.index(state) for state in (State.COUNTED, State.COUNTED_ZERO)]
_OFF = STATES.index(State.DELISTED)


def title(page: MapPage) -> str:
    """What the map shows, in one sentence with its date; of the sites that the filters keep."""
    w, at = page.context.words, page.at
    if page.settings.filters() and len(at.columns):
        return _title_part(page)
    off = np.flatnonzero(at.state == _OFF)
    if len(off) and page.now is not None:
        return _title_off(page, off)
    when = span(page.now.period, w) if page.now is not None else ""
    if len(at.columns):
        counted = int((np.isin(at.state, _COUNTED) & (at.age == 0)).sum())
        return w(
            "mappage.title_sites",
            sites=number(len(at.columns), w.language),
            counted=number(counted, w.language),
            when=when,
        )
    if len(page.points.table):
        return w("mappage.title_points", points=len(page.points.table))
    return w("mapfind.title_places", operation=page.operation.title.to(w.language))


def _title_part(page: MapPage) -> str:
    """The title of a map of which the filters keep a part: it speaks of that part."""
    w, at = page.context.words, page.at
    counted = int((page.kept & np.isin(at.state, _COUNTED) & (at.age == 0)).sum())
    return w(
        "mapfind.title_part", kept=number(int(page.kept.sum()), w.language), counted=number(counted, w.language),
        sites=number(len(at.columns), w.language), when=span(page.now.period, w) if page.now else "",
    )  # fmt: skip


def _title_off(page: MapPage, off: Rows) -> str:
    """The title of a map with sites off the list."""
    w, at = page.context.words, page.at
    newest = at.said[off[int(np.argmax(at.last[off]))]]
    when = DateSpan.parse(str(at.tellings["when"].iloc[int(newest)]))
    if len(off) > NAMED or (len(off) > 1 and len(np.unique(at.last[off])) > 1):
        return w("mappage.title_off_many", count=number(len(off), w.language), when=span(when, w))
    named = page.rows(off).table
    event = next((e for e in page.events() if e.key in set(named["event"])), None)
    said = {"names": ", ".join(named["name"]), "when": span(event.when if event is not None else when, w)}
    return w("mappage.title_off_one" if len(off) == 1 else "mappage.title_off", **said)


def head(page: MapPage) -> list[Component]:
    """Title and unit line."""
    w, held = page.context.words, page.context.held
    lead = held.lead[page.operation.key]
    said: list[Component] = [html.H2(title(page), className="ttl")]
    if page.known is not None:
        kicker = w("known.kicker", kicker=w("shell.map"), when=day(page.known, w.language))
        said.insert(0, html.P(kicker, className="kick"))
    scope = [w("mappage.unit", operation=page.operation.title.to(w.language))]
    if lead:
        scope.append(w("mappage.not_counted", text=held.indicators[lead].not_counted.to(w.language)))
    said.append(html.P(" ".join(scope), className="unit"))
    return said

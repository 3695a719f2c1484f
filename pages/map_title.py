"""The title of the map: what it shows, in one sentence with its date."""

from __future__ import annotations

import numpy as np
from dash import html
from dash.development.base_component import Component

from data import queries
from data.codes import State
from data.dates import DateSpan
from data.model import Event
from data.parts import STATES
from pages.map_record import MapPage, Rows
from pages.moment import Step
from pages.parts import link
from pages.timeline import step_link
from words import Words
from words.format import day, number, span

NAMED = 4  # so many sites are named in the title
LONG_AGO = 365  # days: a last date that old is explained
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
    told = set(at.event.texts(off))
    event = next((e for e in page.events() if e.key in told), None)
    said = {
        "names": ", ".join(at.columns.names_of(off)),
        "when": span(event.when if event is not None else when, w),
    }
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
    gone = page.gone
    why = why_date(page)
    unit: list[Component | str] = [" ".join(scope)]
    if why:
        unit += [" ", html.Span(why, id="map-why")]
    said.append(html.P(unit, className="unit"))
    if gone is not None:
        said.append(html.P(withdrawn(gone, w), className="quote", id="map-withdrawn"))
    return said


def withdrawn(event: Event, w: Words) -> str:
    """That the figures of the round were withdrawn, when, and what was published of it."""
    return w("mappage.withdrawn_note", when=span(event.when, w), text=event.text.to(w.language))


def _why_last(page: MapPage, now: Step) -> str:
    """That no later date is held; of the first figure alone where another one that is shown goes on after it."""
    w, held, release = page.context.words, page.context.held, page.context.release
    lead = held.lead[page.operation.key]
    rows = [queries.series(release, one.key).values for one in held.shown(page.operation.key)]
    newest = [found["last"].max().date() for found in rows if len(found)]
    if lead and any(last > now.on for last in newest):
        return w("mappage.why_last_date_of", subject=held.indicators[lead].subject.to(w.language))
    return w("mappage.why_last" if now.round is not None else "mappage.why_last_date")


def why_date(page: MapPage) -> list[Component | str]:
    """Why the map shows this date where a reader could expect a newer one; [] where the date says it itself."""
    w, now, moments = page.context.words, page.now, page.moments
    if now is None:
        return []
    selection = page.context.view.selection
    chosen = selection.round is not None or selection.on is not None
    newest = moments.offered[-1]
    said: list[Component | str] = []
    if page.known is not None:
        if not chosen and now == moments.newest:
            said.append(w("mappage.why_known", when=day(page.known, w.language)))
    elif now != newest and not chosen:
        said += [w("mappage.why_list"), " "]
        said.append(
            link(w("mappage.why_newest", when=span(newest.period, w)), id="map-newest",
                 href=step_link(page.context, newest))
        )  # fmt: skip
    elif now == newest and (page.context.today - now.on).days > LONG_AGO:
        said.append(_why_last(page, now))
    lead = page.context.held.lead[page.operation.key]
    if now.round is None and lead and not chosen:
        label = page.context.held.indicators[lead].subject.to(w.language)
        said += [" ", w("mappage.why_series", subject=label)]
    return said

"""The panel of a chosen place: its state at the date, why, who said so, and what became public only later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data import queries
from data.catalogue import records_of
from data.codes import Precision, SiteLayer, State
from data.dates import DateSpan
from data.model import Event, Source, public_on
from layers.place_kinds import flow_lines
from layers.places import country_name
from pages.map_known import nothing_public
from pages.map_record import MapPage
from pages.map_site import more_of_site
from pages.parts import link, mark
from words import Words
from words.format import day, quantified, span
from words.notes import event_source, source_line


def site_profile(page: MapPage, row: Mapping[str, Any]) -> list[Component]:
    """All that is known of a site: its state at the date, why, who asked, who criticised, what followed, sources."""
    w, language = page.context.words, page.context.language
    events = {
        e.key: e.told_on(page.known)
        for e in page.context.held.events_of(page.operation.key)
        if public_on(e, page.known)
    }
    event = events.get(row["event"])
    crowd = row["layer"] == SiteLayer.CROWD
    place = ", ".join(str(part) for part in (row["commune"], row["commune_pcode"]) if part) or w(
        "mappage.commune_unknown"
    )
    accuracy = row[f"accuracy_{language}"]
    located = not row["geometry"].is_empty
    said: list[Component] = [
        _back(page),
        html.P(w("mappage.kind_crowd" if crowd else f"mappage.kind_{row['state']}"), className="kick"),
        html.H2(row["name"], className="ttl small-ttl"),
        html.P(
            w("mappage.where", place=place, accuracy=accuracy)
            if located and accuracy
            else place
            if located
            else w("mappage.where_unknown", place=place),
            className="small",
        ),
        html.P(
            [mark(row["state"]), html.Span(state_words(page, row))],
            className="badge" if row["state"] == State.DELISTED else "badge plain",
        ),
    ]
    if told(row, language):
        said.append(html.P(told(row, language)))
    history = queries.site_history(page.context.release, page.operation.key, row["key"], page.known)
    said += _last_count(page, row, history)
    if event is not None:
        said.append(event_facts(page, event, events))
    if row["state"] in (State.DELISTED, State.CLOSED):
        said.append(html.P(w("mappage.off_is_not_gone"), className="quote"))
    if len(history):
        said += [html.H3(w("mappage.history"), className="h3"), _history(page, history)]
    if not crowd:
        said += more_of_site(page, row)
    note = row[f"note_{language}"]
    if note and note != row[f"text_{language}"]:
        said.append(html.P(["† ", note], className="src"))
    said.append(
        html.P(
            w("mappage.source", source=source_line(page.context.held.sources[row["source"]], w)),
            className="src",
        )
    )
    said += later_of_site(page, row, history)
    said.append(_onward(page))
    return said


def event_facts(page: MapPage, event: Event, events: Mapping[str, Event]) -> Component:
    """Reason, who asked, who criticised and what followed, each attributed, in one type size."""
    w, language = page.context.words, page.context.language
    facts = [
        ("mappage.reason", event.reason),
        ("mappage.asked_by", event.asked_by),
        ("mappage.decided_by", event.decided_by),
        ("mappage.criticised_by", event.criticised_by),
        ("mappage.reply", event.reply),
    ]
    rows: list[Component] = []
    for key, text in facts:
        if text:
            rows += [html.Dt(w(key)), html.Dd(text.to(language))]
    for other in sorted(events.values(), key=lambda e: e.when):
        if event.key in (other.follows, other.answers):
            rows += [
                html.Dt(w("mappage.followed" if other.follows == event.key else "mappage.criticism")),
                html.Dd(
                    [
                        w("mappage.dated", when=span(other.when, w), text=other.text.to(language)),
                        html.Span(source_line(other.source, w), className="src"),
                    ]
                ),
            ]
    rows += [html.Dt(w("mappage.event_source")), html.Dd(event_source(event, w))]
    return html.Dl(rows, className="def")


def point_profile(page: MapPage, row: Mapping[str, Any]) -> list[Component]:
    """All that is known of a flow monitoring point."""
    w, language = page.context.words, page.context.language
    since = span(DateSpan.parse(row["active_from"]), w) if row["active_from"] else w("mappage.since_unknown")
    said: list[Component] = [
        _back(page),
        html.P(w("mappage.kind_point"), className="kick"),
        html.H2(row["name"], className="ttl small-ttl"),
        html.P(w("mappage.point_where", place=country_name(row, w)), className="small"),
        html.P(row[f"note_{language}"]),
    ]
    if row["public"]:
        said.append(html.Dl([html.Dt(w("mappage.since")), html.Dd(since)], className="def"))
        if row["opened"]:
            note = row[f"note_{language}"]  # it may say already what is known of other roads
            said += [html.P(text) for text in flow_lines(row, w) if text not in note]
    else:
        said.append(html.P(nothing_public(page.known, w), className="quote"))
    if not row["opened"]:
        said.append(html.P(w("mappage.not_yet_open"), className="quote"))
    said.append(
        html.P(
            w("mappage.source", source=source_line(page.context.held.sources[row["source"]], w)),
            className="src",
        )
    )
    said += later_of_point(page, row)
    said.append(_onward(page))
    return said


def state_words(page: MapPage, row: Mapping[str, Any]) -> str:
    """The state of a site at the date, with since when and its last count."""
    w = page.context.words
    if not row["public"]:
        return nothing_public(page.known, w)
    since = span(DateSpan.parse(row["last_when"]), w) if row["last_when"] else ""
    if row["age"] == "unknown":
        return w("mappage.state_unknown", when=since, amount=_amount(row, w))
    if row["age"] == "older":
        return w("mappage.state_older", when=since, amount=_amount(row, w))
    if row["state"] in (State.COUNTED, State.COUNTED_ZERO) and not pd.isna(row["value"]):
        return w("mappage.state_counted", when=since, amount=_amount(row, w))
    return _uncounted(page, row, since)


def _uncounted(page: MapPage, row: Mapping[str, Any], since: str) -> str:
    """A state without a count, with since when; of a round whose figures were withdrawn, that and when."""
    w, gone, now = page.context.words, page.gone, page.now
    state = w(f"state.{row['state']}")
    if not since:
        return state
    if row["state"] != State.NO_DATA:
        return w("mappage.state_since", state=state, when=since)
    here = (
        now is not None and row["layer"] != SiteLayer.CROWD and DateSpan.parse(row["last_when"]) == now.period
    )
    return w("mappage.withdrawn", when=span(gone.when, w)) if gone is not None and here else state


def _amount(row: Mapping[Any, Any], w: Words) -> str:
    number = quantified(float(row["value"]), Precision(row["precision"] or Precision.EXACT), w)
    return w("mappage.amount", number=number, unit=w(f"unit.{row['unit']}"))


def _last_count(page: MapPage, row: Mapping[str, Any], history: pd.DataFrame) -> list[Component]:
    """The last count up to the date, as known then, where the state of the date is none and does not name it.

    What is withheld at the date is not shown: the states by date below keep what was published before.
    """
    w = page.context.words
    if row["state"] in (State.COUNTED, State.COUNTED_ZERO, State.WITHHELD) or row["age"] != "current":
        return []
    counts = [
        s
        for s in records_of(history)
        if s["state"] in (State.COUNTED, State.COUNTED_ZERO)
        and not pd.isna(s["value"])
        and s["last"].date() <= page.on
    ]
    if not counts:
        return []
    last = counts[-1]
    text = w("mapsite.last_count", amount=_amount(last, w), when=span(DateSpan.parse(last["when"]), w))
    return [html.P(text, className="last-count")]


def _history(page: MapPage, history: pd.DataFrame) -> Component:
    """What became known, by date; a source of several of these stands once below, with what it covers."""
    w, language, held = page.context.words, page.context.language, page.context.held
    states = records_of(history)
    by_source = dict[str, list[Mapping[str, Any]]]()
    for state in states:
        by_source.setdefault(state["source"], []).append(state)
    items = [
        html.Li(
            [
                html.B(span(DateSpan.parse(s["when"]), w)),
                " ",
                s[f"text_{language}"] or stated(s, w),
                *(
                    [html.Span(source_line(held.sources[s["source"]], w), className="src")]
                    if len(by_source[s["source"]]) == 1
                    else []
                ),
            ]
        )
        for s in states
    ]
    sources = [
        html.P(
            w("mapsite.source_of", covers=_covers(of, w), source=source_line(held.sources[key], w)),
            className="src",
        )
        for key, of in by_source.items()
        if len(of) > 1
    ]
    return html.Div([html.Ul(items, className="states"), *sources])


def _covers(states: Sequence[Mapping[str, Any]], w: Words) -> str:
    """The rounds of some states, runs of them as from–to; those without a round by their dates."""
    numbers = sorted({int(s["round"]) for s in states if not pd.isna(s["round"])})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [
        w("mapsite.rounds", first=run[0], last=run[-1])
        if len(run) > 1
        else w("mapsite.col_nth", round=run[0])
        for run in runs
    ]
    said += [span(DateSpan.parse(s["when"]), w) for s in states if pd.isna(s["round"])]
    return w("note.separator").join(dict.fromkeys(said))


def told(row: Mapping[str, Any], language: str) -> str:
    """What is known of a site in words; '' where nothing was public, which its state says already."""
    return str(row[f"text_{language}"]) if row["public"] else ""


def stated(state: Mapping[Any, Any], w: Words) -> str:
    """A state in words that has none of its own: its value as it was known."""
    if pd.isna(state["value"]):
        return w(f"state.{state['state']}")
    return w("known.place_counted", amount=_amount(state, w))


def later_of_site(page: MapPage, row: Mapping[str, Any], history: pd.DataFrame) -> list[Component]:
    """What became public of a site only after the day as of which it is shown: states, events, its note."""
    if page.known is None:
        return []
    w, language, held = page.context.words, page.context.language, page.context.held
    release, key = page.context.release, str(row["key"])
    newest = queries.site_history(release, page.operation.key, key)
    then = {_state_key(state) for state in history.to_dict("records")}
    items = [
        _item(span(DateSpan.parse(s["when"]), w), s[f"text_{language}"], held.sources[s["source"]], w)
        for s in newest.to_dict("records")
        if _state_key(s) not in then
    ]
    items += [
        _item(span(event.when, w), event.text.to(language), event.source, w)
        for event in _events_of(page, key, set(newest["event"]))
        if not public_on(event, page.known)
    ]
    layer = SiteLayer(row["layer"])
    now = queries.sites(release, page.operation.key, page.on, layer).table.set_index("key").loc[key]
    if now[f"note_{language}"] and not row[f"note_{language}"]:
        items.append(_item("", now[f"note_{language}"], held.sources[now["source"]], w))
    return _later(page, page.known, items)


def later_of_point(page: MapPage, row: Mapping[str, Any]) -> list[Component]:
    """The date of opening and the note of a flow point, where neither was surely public."""
    if page.known is None:
        return []
    w, language, items = page.context.words, page.context.language, list[Component]()
    if not row["public"]:
        points = queries.flow_points(page.context.release, page.operation.key, page.on).table
        now = points.set_index("key").loc[row["key"]]
        opened = span(DateSpan.parse(now["active_from"]), w) if now["active_from"] else ""
        text = w("known.point_opened", when=opened) if opened else w("mappage.since_unknown")
        source = page.context.held.sources[now["source"]]
        items = [_item("", " ".join(part for part in (text, now[f"note_{language}"]) if part), source, w)]
    return _later(page, page.known, items)


def _later(page: MapPage, known: date, items: list[Component]) -> list[Component]:
    w = page.context.words
    if not items:
        return [html.P(w("known.place_none_after"), className="small")]
    title = html.H3(w("known.only_after", when=day(known, w.language)), className="h3")
    lead = html.P(w("known.place_after_lead"), className="small")
    return [html.Section([title, lead, html.Ul(items, className="states")], className="later")]


def _item(when: str, text: str, source: Source, w: Words) -> Component:
    """One thing that became public later, with its date and source."""
    dated: list[Component | str] = [html.B(when), " "] if when else []
    return html.Li([*dated, text, html.Span(source_line(source, w), className="src")])


def _state_key(state: Mapping[Any, Any]) -> tuple[str, ...]:
    """What makes a state as known on a day the same as the newest."""
    return tuple(str(state[name]) for name in ("when", "state", "text_en", "source"))


def _events_of(page: MapPage, site: str, named: set[str]) -> list[Event]:
    """The events that a state of a site or their own list of sites names, with what followed or answered them."""
    events = page.context.held.events_of(page.operation.key)
    keys = {e.key for e in events if e.key in named or site in e.sites}
    return [e for e in events if e.key in keys or keys & {e.follows, e.answers}]


def _back(page: MapPage) -> Component:
    w = page.context.words
    return link(
        w("mappage.all_places"), id="all-places", href=page.context.view.at(place=""), className="back"
    )


def _onward(page: MapPage) -> Component:
    w = page.context.words
    return html.P(
        [link(w("mappage.to_trend"), href=page.context.view.at("/trends", layers=None), className="btn")],
        className="acts",
    )

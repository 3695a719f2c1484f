"""What the panel of a site says beyond its state: every round, services and gaps, who was asked, what lies near."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.catalogue import records_of
from data.codes import Precision, State, Unit
from data.site_record import SiteRecord, nearest, site_record
from layers.places import is_spot
from pages.map_choices import service_word, setting_word
from pages.map_find import spot
from pages.map_record import MapPage
from pages.map_words import CLOSURES, LINKS, LINKS_BACK, STATUSES, worded
from pages.parts import link, mark, table
from words import Words
from words.format import day, number, quantified, span

GAP = "none"  # the status of a service that was found missing
UNASKED = "not_assessed"  # that of one that was on the form and not answered


def more_of_site(page: MapPage, row: Mapping[str, Any]) -> list[Component]:
    """All that is held of a site, as known on the day of the view; what is not known is said last."""
    record = site_record(page.context.release, page.operation.key, str(row["key"]), page.known)
    return [
        *_names(page, record),
        *_rounds(page, record),
        *_services(page, record),
        *_asked(page, record),
        *_links(page, record),
        *_near(page, row),
        *_not_known(page, row, record),
    ]


def _number_of(page: MapPage) -> int | None:
    """The round that is shown; None where the operation has none."""
    return None if page.now is None or page.now.round is None else page.now.round.number


def _names(page: MapPage, record: SiteRecord) -> list[Component]:
    """What it was called and how it was classed at the date, and that this is unsure where it is."""
    w, now = page.context.words, record.at(_number_of(page))
    if now is None:
        return []
    facts: list[Component] = []
    if now["setting"]:
        facts += [html.Dt(w("mapsite.type")), html.Dd(setting_word(now["setting"], w))]
    if now["name_ar"]:
        facts += [html.Dt(w("mapsite.name_ar")), html.Dd(html.Bdi(now["name_ar"], lang="ar"))]
    facts += [html.Dt(w("mapsite.code")), html.Dd(now["code"])]
    others = [row for row in record.identities.to_dict("records") if row["code"] != now["code"]]
    for other in others:
        facts += [
            html.Dt(w("mapsite.other_name")),
            html.Dd(
                w(
                    "mapsite.name_since",
                    name=other["name"],
                    code=other["code"],
                    round=int(other["first_round"]),
                )
            ),
        ]
    said: list[Component] = [html.Dl(facts, className="def")]
    if now["match"] == "unsure":
        said.append(html.P(w("mapsite.unsure"), className="quote"))
    return said


def _rounds(page: MapPage, record: SiteRecord) -> list[Component]:
    """State, people, households and visit of each round, the newest first."""
    w, held = page.context.words, page.context.held
    units = {i.key: i.unit for i in held.indicators.values() if i.operation == page.operation.key}
    people, homes = dict[int, Any](), dict[int, Any]()
    for figure in record.figures.to_dict("records"):
        unit = units.get(figure["indicator"])
        if unit is Unit.INDIVIDUALS:
            people.setdefault(int(figure["round"]), figure)
        elif unit in (Unit.HOUSEHOLDS, Unit.FAMILIES):
            homes.setdefault(int(figure["round"]), figure)
    states = {int(s["round"]): s["state"] for s in record.states.to_dict("records")}
    visits = {int(e["round"]): e for e in record.effort.to_dict("records")}
    shown = _number_of(page)
    numbers = sorted({*people, *homes, *states, *visits}, reverse=True)
    if not numbers:
        return []
    rows = []
    for nth in numbers:
        state = states.get(nth)
        rows.append(
            [
                str(nth) if shown is None or nth <= shown else w("mapsite.later_round", round=nth),
                [mark(state), _state(page, nth, state)] if state else w("mapsite.no_row"),
                _figure(people.get(nth), w),
                _figure(homes.get(nth), w),
                _visit(visits.get(nth), w),
            ]
        )
    heads = [w(f"mapsite.col_{name}") for name in ("round", "state", "people", "households", "visit")]
    return [
        html.Details(
            [
                html.Summary(w("mapsite.by_round", rounds=len(numbers))),
                table(heads, rows, class_name="tw small-tw"),
            ],
            className="twin",
            id="site-rounds",
            open=True,
        )
    ]


def _state(page: MapPage, number_: int, state: str) -> str:
    """The state of a round in words; of a round whose figures were withdrawn, that and when."""
    w, gone = page.context.words, page.withdrawn(number_) if state == State.NO_DATA else None
    return w(f"state.{state}") if gone is None else w("mappage.withdrawn", when=span(gone.when, w))


def _figure(figure: Mapping[str, Any] | None, w: Words) -> str:
    """A figure as printed; what was not counted says so."""
    if figure is None or pd.isna(figure["value"]):
        return w("map.not_found")
    return quantified(float(figure["value"]), Precision(figure["precision"] or Precision.EXACT), w)


def _visit(visit: Mapping[Any, Any] | None, w: Words) -> str:
    """Whether the site was visited in a round, and when."""
    if visit is None:
        return w("map.not_found")
    if visit["visited"]:
        return day(date.fromisoformat(visit["day"]), w.language) if visit["day"] else w("map.yes")
    return w("mapsite.reached" if visit["reached"] else "mapsite.not_reached")


def _services(page: MapPage, record: SiteRecord) -> list[Component]:
    """What was found in the last round up to the date, what later, and each service by round."""
    w, rows, shown = page.context.words, record.services, _number_of(page)
    if rows.empty:
        return []
    rounds = [int(nth) for nth in sorted(rows["round"].unique(), reverse=True)]
    names = sorted(rows["service"].unique())
    status = {(r["service"], int(r["round"])): r["status"] for r in records_of(rows)}
    late = [nth for nth in rounds if shown is not None and nth > shown]
    by_then = rounds[len(late) :]
    leads = [
        html.P(_gaps(by_then[0], names, status, w) if by_then else w("mapsite.gaps_not_yet", round=shown))
    ]
    if late:
        text = w("mapsite.gaps_later", said=_gaps(late[0], names, status, w))
        leads.append(html.P(text, className="small later-gaps"))
    cells = [
        [service_word(name, w), *(_status(status.get((name, nth)), w) for nth in rounds)] for name in names
    ]
    heads = [
        w("mapsite.col_service"),
        *(w("mapsite.later_nth" if nth in late else "mapsite.col_nth", round=nth) for nth in rounds),
    ]
    return [
        html.H3(w("mapsite.services"), className="h3"),
        *leads,
        html.Details(
            [
                html.Summary(w("mapsite.services_by_round", rounds=len(rounds))),
                table(heads, cells, class_name="tw small-tw"),
            ],
            className="twin",
            id="site-services",
        ),
    ]  # fmt: skip


def _gaps(number_: int, names: Sequence[str], status: Mapping[tuple[str, int], str], w: Words) -> str:
    """What a round found lacking; that it found no gap only where it assessed something."""
    found = {name: status.get((name, number_)) for name in names}
    lacking = [service_word(name, w) for name, said in found.items() if said == GAP]
    if lacking:
        return w("mapsite.gaps", round=number_, services=", ".join(lacking))
    if set(found.values()) <= {None, UNASKED}:
        return w("mapsite.gaps_unasked", round=number_)
    return w("mapsite.no_gaps", round=number_)


def _status(status: object, w: Words) -> str:
    return worded(STATUSES, status, w) if status else w("map.not_found")


def _asked(page: MapPage, record: SiteRecord) -> list[Component]:
    """Who was asked at the last visit up to the date."""
    w, number_ = page.context.words, _number_of(page)
    visits = [
        e
        for e in record.effort.to_dict("records")
        if e["visited"] and (number_ is None or e["round"] <= number_)
    ]
    if not visits:
        return []
    last = visits[-1]
    if pd.isna(last["informants"]):
        text = w("mapsite.asked_unknown", round=int(last["round"]))
    else:
        text = w(
            "mapsite.asked",
            round=int(last["round"]),
            informants=int(last["informants"]),
            when=_visit(last, w),
        )
    return [html.H3(w("mapsite.who_asked"), className="h3"), html.P(text)]


def _links(page: MapPage, record: SiteRecord) -> list[Component]:
    """What it was merged with, split from or may be, and why it was closed."""
    w = page.context.words
    items: list[Component] = []
    for row in record.links.to_dict("records"):
        other = link(row["name"], id=f"link-{row['other']}", href=page.context.view.at(place=row["other"]))
        when = "" if pd.isna(row["round"]) else w("mapsite.link_round", round=int(row["round"]))
        text = worded(LINKS_BACK if row["back"] else LINKS, row["kind"], w)
        items.append(html.Li([text, " ", other, " ", when]))
    for row in record.closures.to_dict("records"):
        reason = worded(CLOSURES, row["reason"], w)
        items.append(html.Li(w("mapsite.closed", round=int(row["round"]), reason=reason)))
    return [html.H3(w("mapsite.links"), className="h3"), html.Ul(items, className="states")] if items else []


def _near(page: MapPage, row: Mapping[str, Any]) -> list[Component]:
    """The nearest sites, with their distance."""
    w, point = page.context.words, row["geometry"]
    if not is_spot(point):
        return []
    found = nearest(
        page.context.release, page.operation.key, str(row["layer"]), str(row["key"]), point.x, point.y
    )
    if not found:
        return []
    items = [
        html.Li(
            [
                link(
                    near.name,
                    id=f"near-{near.key}",
                    href=page.context.view.at(place=near.key),
                    **spot(near.lon, near.lat),
                ),
                " ",
                html.Span(w("mapsite.km", km=number(near.metres / 1000, w.language)), className="small"),
            ]
        )
        for near in found
    ]  # fmt: skip
    return [html.H3(w("mapsite.near"), className="h3"), html.Ul(items, className="states near")]


def _not_known(page: MapPage, row: Mapping[str, Any], record: SiteRecord) -> list[Component]:
    """What nobody published of this site up to the date, one sentence each."""
    w, shown = page.context.words, _number_of(page)
    then, now = record.until(shown), record.at(shown)
    said = [
        w(f"mapsite.unknown_{name}") for name in (*_place_unknown(row, now), *_people_unknown(page, then))
    ]
    said += _unasked(record, then, w)
    if not said:
        return []
    return [
        html.H3(w("mapsite.not_known"), className="h3"),
        html.Ul([html.Li(text) for text in said], className="states", id="site-not-known"),
    ]


def _place_unknown(row: Mapping[str, Any], now: Mapping[str, Any] | None) -> Iterator[str]:
    """What is not known of the place: where it is, and what."""
    if not is_spot(row["geometry"]):
        yield "location"
    elif pd.isna(row["accuracy_m"]):
        yield "accuracy"
    if not (row["commune"] or row["commune_pcode"] or (now is not None and now["pcode"])):
        yield "area"
    if now is None or not now["setting"]:
        yield "type"


def _people_unknown(page: MapPage, record: SiteRecord) -> Iterator[str]:
    """What is not known of the people: how many, in how many households, of which sex and age, and who was asked."""
    units = {
        i.key: i.unit for i in page.context.held.indicators.values() if i.operation == page.operation.key
    }
    counted = {units.get(key) for key in record.figures.loc[record.figures["value"].notna(), "indicator"]}
    if Unit.INDIVIDUALS not in counted:
        yield "figures"
    if not counted & {Unit.HOUSEHOLDS, Unit.FAMILIES}:
        yield "households"
    for name in ("sex", "age"):
        if not (record.groups[name] != "").any():
            yield name
    if record.effort.empty:
        yield "visits"
    elif not record.effort["visited"].astype(bool).any():
        yield "visited"


def _unasked(every: SiteRecord, record: SiteRecord, w: Words) -> list[str]:
    """The services that the last round up to the date did not assess, or that nobody had asked by then."""
    if every.services.empty:
        return [w("mapsite.unknown_services")]
    if record.services.empty:
        return [w("mapsite.unknown_services_yet")]
    last = int(record.services["round"].max())
    rows = record.services[record.services["round"] == last]
    asked = set(rows.loc[rows["status"] != UNASKED, "service"])
    lost = [service_word(name, w) for name in sorted(every.services["service"].unique()) if name not in asked]
    return [w("mapsite.unknown_unasked", round=last, services=", ".join(lost))] if lost else []

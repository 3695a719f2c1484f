"""What the panel of a site says beyond its state: every round, services and gaps, who was asked, what lies near."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.codes import Precision, Unit
from data.site_record import SiteRecord, nearest, site_record
from layers.places import is_spot
from pages.map_choices import service_word, setting_word
from pages.map_find import spot
from pages.map_record import MapPage
from pages.map_words import CLOSURES, LINKS, LINKS_BACK, STATUSES, worded
from pages.parts import link, mark, table
from words import Words
from words.format import day, number, quantified

GAP = "none"  # the status of a service that was found missing


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
    numbers = sorted({*people, *homes, *states, *visits}, reverse=True)
    if not numbers:
        return []
    rows = []
    for nth in numbers:
        state = states.get(nth)
        rows.append(
            [
                str(nth),
                [mark(state), w(f"state.{state}")] if state else w("mapsite.no_row"),
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
    """Each service by the rounds in which it was asked about; a gap is written out."""
    w, rows = page.context.words, record.services
    if rows.empty:
        return []
    rounds = sorted(rows["round"].unique(), reverse=True)
    status = {(r["service"], r["round"]): r["status"] for r in rows.to_dict("records")}
    newest = [
        service_word(name, w)
        for name in sorted(rows["service"].unique())
        if status.get((name, rounds[0])) == GAP
    ]
    lead = (
        w("mapsite.gaps", round=int(rounds[0]), services=", ".join(newest))
        if newest
        else w("mapsite.no_gaps", round=int(rounds[0]))
    )
    cells = [
        [service_word(name, w), *(_status(status.get((name, nth)), w) for nth in rounds)]
        for name in sorted(rows["service"].unique())
    ]
    heads = [w("mapsite.col_service"), *(w("mapsite.col_nth", round=int(nth)) for nth in rounds)]
    return [
        html.H3(w("mapsite.services"), className="h3"),
        html.P(lead),
        html.Details(
            [
                html.Summary(w("mapsite.services_by_round", rounds=len(rounds))),
                table(heads, cells, class_name="tw small-tw"),
            ],
            className="twin",
            id="site-services",
        ),
    ]  # fmt: skip


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
    """What nobody published of this site, one sentence each."""
    w = page.context.words
    missing = []
    if not is_spot(row["geometry"]):
        missing.append("location")
    elif pd.isna(row["accuracy_m"]):
        missing.append("accuracy")
    now = record.at(_number_of(page))
    if now is None or not now["setting"]:
        missing.append("type")
    if record.services.empty:
        missing.append("services")
    if record.effort.empty:
        missing.append("visits")
    if record.figures.empty:
        missing.append("figures")
    if not missing:
        return []
    items = [html.Li(w(f"mapsite.unknown_{name}")) for name in missing]
    return [html.H3(w("mapsite.not_known"), className="h3"), html.Ul(items, className="states")]

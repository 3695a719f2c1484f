"""Change: two rounds of one count, what lies between them part by part, and whether the two can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from charts.attributes import hyphened
from charts.card import as_known, broken_card, methods, notes_list, scope, sources, who_made_it
from charts.change import ChangeChart
from charts.change_bars import picture
from data import queries, split, vintages
from data.codes import SiteLayer
from data.comparability import Point, Verdict, verdict
from data.disagreements import disagreements
from data.errors import ProvenanceMissing, Unknown
from data.parts import Change, Side
from data.queries import catalogue
from data.selection import Selection
from data.split import NoChange
from data.store import Release
from pages import known as known_on
from pages.asked import Asked, Refusal, asked, key_of, subject, when
from pages.change_areas import rest_section
from pages.change_parts import (
    corrected_section,
    households_section,
    like_for_like,
    part_table,
    verdict_section,
)
from pages.ids import drawn, nav, press
from pages.parts import NO_STOP, aria, link
from pages.shell import field, offers, operation_picker
from pages.view import Context, View, wording
from words import Words
from words.format import day

WHOLE = "-"  # in a list: the indicator's own place; in the address nothing


def change(context: Context) -> list[Component]:
    """The page.

    Raises
    ------
    Unknown
        If the operation is not held.
    """
    operation, w = context.operation(), context.words
    title = operation.title.to(context.language)
    try:
        made = _card(context.release, context.view)
        if made is None:
            return _nothing(context, title)
    except Refusal as refused:
        links = [(text, context.view.at(**changes)) for text, changes in refused.links]
        return _offered(context, refused.title, refused.why, links)
    except (NoChange, Unknown) as missing:
        to_trends = (w("change.to_trends"), context.view.at("/trends"))
        return _offered(
            context, w("change.no_change"), w("change.no_change_why", detail=_why(missing, w)), [to_trends]
        )
    heading = html.H1(w("change.page_title", operation=title), className="vh")
    return [heading, html.Div(_as_known(context), className="card known"), made]


def _why(missing: NoChange | Unknown, w: Words) -> str:
    return missing.said.to(w.language) if isinstance(missing, NoChange) else str(missing)


def _as_known(context: Context) -> list[Component]:
    """As known on which day: the days on which something of what is counted was published."""
    wanted = asked(context.release, context.held, context.view.selection, context.words)
    if wanted is None:
        return []
    series = queries.series(context.release, wanted.indicator.key)
    return known_on.control(context, vintages.published_days([series]))


@lru_cache(maxsize=32)  # a release never changes: the same view of it is the same card
def _card(release: Release, view: View) -> Component | None:
    """The card of the change that a view asks for; None where its operation has none."""
    w = wording(view)
    wanted = asked(release, catalogue(release), view.selection, w)
    return None if wanted is None else card(chart_of(release, wanted, w), wanted, release, view)


def _nothing(context: Context, title: str) -> list[Component]:
    """Why an operation has no change to show, with what it has."""
    w, view, known = context.words, context.view, context.view.selection.known
    links = [(w("change.to_trends"), view.at("/trends"))]
    why = w("change.none_why") if known is None else w("change.none_known", day=day(known, w.language))
    return _offered(context, w("change.none_title", operation=title), why, links)


def _offered(context: Context, title: str, why: str, links: Sequence[tuple[str, str]]) -> list[Component]:
    """What is not held, and what is; as known on a day, where one is chosen, and the way back to the newest."""
    w, view, known = context.words, context.view, context.view.selection.known
    if known is None:
        return offers(title, why, links)
    said = f"{w('change.known', day=day(known, w.language))} {why}"
    return offers(title, said, [(w("change.known_newest"), view.at(known=None)), *links])


def chart_of(release: Release, wanted: Asked, w: Words) -> ChangeChart:
    """The change that was asked for, with the same in households and the verdict.

    Raises
    ------
    NoChange
        If no change can be told between the two.
    """
    held, key = catalogue(release), wanted.indicator.key
    made = _change(release, key, wanted)
    same = split.companion(held, wanted.indicator)
    households = None
    if same is not None:
        try:
            households = _change(release, same.key, wanted)
        except (NoChange, Unknown):
            households = None  # not published for both dates: the page says "not found"
    return ChangeChart(
        change=made,
        words=w,
        households=households,
        verdict=_verdict(release, wanted),
        names=_names(release, made),
        disagreements=disagreements(release, made),
    )


def _change(release: Release, indicator: str, wanted: Asked) -> Change:
    first, second = key_of(wanted.first), key_of(wanted.second)
    return split.change(release, indicator, first, second, area=wanted.area, as_known_on=wanted.known)


def _verdict(release: Release, wanted: Asked) -> Verdict | None:
    """Whether the two can be compared; None where one of the two is not held as a figure of its own."""
    points = [_point(wanted, side) for side in (wanted.first, wanted.second)]
    try:
        return verdict(release, points[0], points[1], wanted.known)
    except Unknown:
        return None


def _point(wanted: Asked, side: Side) -> Point:
    last: date | None = None if side.round is not None else side.period.last
    return Point(indicator=wanted.indicator.key, area=wanted.area, round=side.round, last=last)


def _names(release: Release, made: Change) -> dict[str, str]:
    """Names of the sites that only an event names."""
    wanted = {key for part in made.parts for key in part.sites}
    if not wanted:
        return {}
    operation = made.provenance.operations[0].key
    table = queries.sites(release, operation, made.second.period.last, SiteLayer.REGISTER).table
    return {str(k): str(n) for k, n in zip(table["key"], table["name"], strict=True) if k in wanted}


def card(chart: ChangeChart, wanted: Asked, release: Release, view: View) -> Component:
    """The change with everything that must be read with it."""
    w, operation = chart.words, wanted.operation
    try:
        drawn_ = picture(chart)
        here, elsewhere = chart.told
    except ProvenanceMissing as lost:
        return broken_card(chart.title(), str(lost), w)
    main = [
        html.P(as_known(chart.kicker(), chart.series, w), className="kick"),
        html.H2(chart.title(), className="ttl", id="change-title"),
        html.P(chart.unit_line(), className="unit"),
        scope(chart.series, w),
        *_known(wanted, view, w),
        who_made_it(operation, w),
        drawn_,
        part_table(chart, view),
        *rest_section(release, chart, view),
    ]
    panels = (verdict_section(chart), households_section(chart), corrected_section(chart))
    rail = [panel for panel in panels if panel is not None]
    said: list[Component] = [
        html.Div([html.Div(main), html.Div(rail, className="rail")], className="split"),
        html.Hr(className="hr"),
        like_for_like(chart),
        html.Hr(className="hr"),
        notes_list(here, w, wanted.known),
    ]
    if elsewhere:
        count = html.Span(w("change.others_count", notes=len(elsewhere)))
        inner = notes_list(elsewhere, w, wanted.known)
        said.append(html.Details([html.Summary([w("change.others"), " ", count]), inner], className="twin"))
    said += [*_sentence(chart, wanted, release), methods(chart.provenance, w), sources(chart.provenance, w)]
    return html.Article(
        said,
        className="card trend-card change-card",
        id="change-card",
        role="figure",
        **hyphened(aria_labelledby="change-title"),
    )


def _known(wanted: Asked, view: View, w: Words) -> list[Component]:
    if wanted.known is None:
        return []
    newest = link(w("change.known_newest"), href=view.at(known=None))
    return [html.P([w("change.known", day=day(wanted.known, w.language)), " ", newest], className="small")]


def _sentence(chart: ChangeChart, wanted: Asked, release: Release) -> list[Component]:
    """The sentence to copy, and the file."""
    w, key = chart.words, "copy-change"
    file = Selection(
        operation=wanted.operation.key, known=wanted.known, what=wanted.indicator.key, area=wanted.area,
        first=key_of(wanted.first), second=key_of(wanted.second), release=release.digest[:12],
        language=w.language,
    ).at("/files/change.csv")  # fmt: skip
    return [
        html.H3(w("card.sentence"), className="h3"),
        html.P(chart.sentence(), className="quote", **hyphened(data_copy=key, data_done=w("card.copied"))),
        html.Div(
            [
                html.Button(w("card.copy"), id=press(key), className="btn first", type="button"),
                html.A(w("changefile.download"), href=file, className="btn", download=""),
            ],
            className="acts",
        ),
    ]


# The bar


def bar(context: Context) -> list[Component]:
    """The selection bar of the page: operation, count, place, and the two dates; each lists only what exists."""
    picker = operation_picker(context)
    if not context.view.selection.operation:
        return [picker]
    try:
        wanted = asked(context.release, context.held, context.view.selection, context.words)
    except Refusal as refused:
        wanted = refused.asked
    return [picker] if wanted is None else [picker, *_pickers(wanted, context.words)]


def _pickers(wanted: Asked, w: Words) -> list[Component]:
    whole = w("change.whole", place=wanted.indicator.place_name.to(w.language))
    levels: dict[str, list[dict[str, str]]] = {}
    for code, name, level in wanted.areas:
        option = {"value": code, "label": w("change.area", name=name, code=code)}
        levels.setdefault(w("change.area_level", level=level.removeprefix("adm")), []).append(option)
    places: list[dict[str, object]] = [{"value": WHOLE, "label": whole}]
    places += [{"group": group, "items": items} for group, items in levels.items()]
    counts = [{"value": i.key, "label": subject(i, w)} for i in wanted.offered]
    earlier = [_option(s, w) for s in wanted.sides if s.period.last < wanted.second.period.last]
    later = [_option(s, w) for s in wanted.sides if s.period.last > wanted.first.period.last]
    return [
        _select("what", w("change.what"), counts, wanted.indicator.key),
        _select("area", w("change.place"), places, wanted.area or WHOLE),
        _select("first", w("change.from"), earlier[::-1], key_of(wanted.first)),
        _select("second", w("change.to"), later[::-1], key_of(wanted.second)),
    ]


def _option(side: Side, w: Words) -> dict[str, str]:
    return {"value": key_of(side), "label": when(side, w)}


def _label_of(data: Sequence[Mapping[str, Any]], value: str) -> str:
    """The words of the option `value`, in a list or in one of its groups."""
    options = [option for one in data for option in one.get("items", [one])]
    return next((str(option["label"]) for option in options if option["value"] == value), "")


def _select(
    part: str, label: str, data: list[dict[str, object]] | list[dict[str, str]], value: str
) -> Component:
    chosen = dmc.Select(
        id=nav(part),
        attributes={"input": {"title": _label_of(data, value)}},  # whole, where the box cuts it
        data=data,
        value=value,
        allowDeselect=False,
        searchable=len(data) > 12 or part == "area",
        size="sm",
        className="mid",
        comboboxProps={"withinPortal": False, "width": "max-content", "position": "bottom-start"},
        scrollAreaProps=NO_STOP,
        **aria(label=label),
    )
    return field(label, html.Div([chosen, dcc.Store(id=drawn(part), data=value)]))

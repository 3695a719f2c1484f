"""Find a place by name, keep a part of the places, and say how many of them are shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import dash_mantine_components as dmc
import numpy as np
from dash import html
from dash.development.base_component import Component

from charts.attributes import hyphened
from data import map_facts, site_columns, site_filter, site_search
from data.codes import Precision, State
from data.map_settings import MapSettings
from pages.ids import nav
from pages.map_choices import NOTHING, select, service_word, setting_word
from pages.map_record import MapPage, Mask
from pages.map_versions import newest_only
from pages.map_words import KINDS, LEVELS, worded
from pages.parts import aria, link
from words import Words
from words.format import number, quantified, span

FOUND = 12  # results of a search
AREAS_OFFERED = 450  # of more areas the finest level is left to the search
BOX = ("west", "south", "east", "north")
KEPT = (
    "text",
    "types",
    "states",
    "within",
    "least",
    "most",
    "seen",
    "lacks",
)  # controls whose value is in the address


def search_box(page: MapPage) -> Component:
    """The field that finds places, whatever their accents or script."""
    w = page.context.words
    made: Component = dmc.TextInput(
        id=nav("text"), value=page.settings.text, label=w("mapfind.text"), description=w("mapfind.text_note"),
        debounce=400, size="xs", attributes={"input": {"type": "search", "maxLength": 80}},
    )  # fmt: skip
    return made


def found(page: MapPage) -> list[Component]:
    """How many sites are shown, the way to all, and the places that the search names."""
    w, settings = page.context.words, page.settings
    said: list[Component] = []
    whole = len(page.at.columns)
    if whole:
        line: list[Component | str] = [html.B(count_shown(page), id="map-shown")]
        line += [f" {text}" for text in (*by_area(page), *not_in_box(page))]
        if settings.filters():
            line += [" ", link(w("mapfind.show_all"), id="show-all", href=unfiltered(page))]
        said.append(html.P(line, className="small", role="status"))
        if page.kept.any():
            people = " ".join([_people_kept(page), *newest_only(page)])
            said.append(html.P(people, className="src", id="map-people"))
        said += [html.P(text, className="banner", id=f"unknown-{part}") for part, text in not_held(page)]
    if settings.text:
        said += results(page)
    return said


def count_shown(page: MapPage) -> str:
    """How many sites the filters keep, or that none fits."""
    w, kept = page.context.words, int(page.kept.sum())
    sites = number(len(page.at.columns), w.language)
    if not kept:
        return w("mapfind.none_fits", sites=sites)
    return w("mapfind.shown", kept=number(kept, w.language), sites=sites)


def by_area(page: MapPage) -> list[str]:
    """How many of the sites shown are found by the name of their area alone; [] where none is."""
    if not page.settings.text:
        return []
    alone = site_filter.by_area_alone(page.at, page.settings.text, page.context.release) & page.kept
    count = number(int(alone.sum()), page.context.language)
    return [page.context.words("mapfind.by_area", sites=count)] if alone.any() else []


def not_in_box(page: MapPage) -> list[str]:
    """How many sites have no location, and so cannot be in the part of the map that is kept; [] where none is."""
    if not page.settings.box:
        return []
    anywhere = site_filter.kept(page.at, replace(page.settings, box=""), page.context.release)
    left = int((anywhere & np.isnan(page.at.columns.lon)).sum())
    return (
        [page.context.words("mapfind.not_in_box", sites=number(left, page.context.language))] if left else []
    )


def _people_kept(page: MapPage) -> str:
    """How many people the current counts of the sites shown add up to, and how many sites have none."""
    w, at = page.context.words, page.at
    count = site_columns.people(at)
    counted = page.kept & ~np.isnan(count) & (at.age == 0)
    silent = int(page.kept.sum()) - int(counted.sum())
    if not counted.any():
        return w("mapfind.people_none", sites=number(silent, w.language))
    unit = site_columns.unit_drawn(at)
    amount = w(
        "mappage.amount", number=quantified(float(count[counted].sum()), precision_of(page, counted), w),
        unit=w(f"unit.{unit}") if unit else "",
    ).strip()  # fmt: skip
    return w("mapfind.people", amount=amount, silent=number(silent, w.language))


def precision_of(page: MapPage, counted: Mask) -> Precision:
    """How exact the sum of some counts is: exact only where each of them is; zero has no precision of its own."""
    exact = page.at.tellings["precision"].isin(["", Precision.EXACT.value]).to_numpy(dtype=np.bool_)
    return Precision.EXACT if exact[page.at.said[counted]].all() else Precision.ABOUT


def not_held(page: MapPage) -> list[tuple[str, str]]:
    """What the address asks to keep that nothing here is called: it keeps no site, and no control shows it.

    Returns
    -------
    list of (str, str)
        The part of the address, and a sentence that names what there is.
    """
    w, at, settings = page.context.words, page.at, page.settings
    kinds = {
        str(label)
        for of in (at.columns.setting, at.columns.setting_at(at.round))
        for label in of.labels
        if label
    }
    services = map_facts.services(page.context.release, page.operation.key)
    held = {
        "types": {name: setting_word(name, w) for name in sorted(kinds)},
        "states": {state.value: w(f"state.{state}") for state in State},
        "lacks": {name: service_word(name, w) for name in services},
    }
    said = []
    for part, words in held.items():
        strange = [name for name in getattr(settings, part).split(",") if name and name not in words]
        if strange:
            key = f"mapfind.unknown_{part}" if words else f"mapfind.unknown_{part}_none"
            offers = ", ".join(words.values())
            said.append((part, w(key, found=", ".join(strange), **({"held": offers} if words else {}))))
    return said


def results(page: MapPage) -> list[Component]:
    """The places that a text names, as links that open and show them."""
    w = page.context.words
    rows = site_search.find(page.context.release, page.operation.key, page.settings.text, FOUND, page.on)
    if not rows:
        return [html.P(w("mapfind.none", text=page.settings.text), className="quote")]
    items = []
    for row in rows:
        at = spot(row.lon, row.lat)
        text = w("mapfind.result", name=row.name, kind=worded(KINDS, row.kind, w), area=row.area or row.key)
        href = page.context.view.at(place=row.key)  # an area opens in the panel, whose button keeps its sites
        items.append(html.Li(link(text, id=f"found-{row.key}", href=href, className="place", **at)))
    return [html.Ul(items, className="places found", **aria(label=w("mapfind.results")))]


def spot(lon: float | None, lat: float | None) -> dict[str, Any]:
    """The attribute of a link by which it moves the map to a place; {} where none is known."""
    if lon is None or lat is None or not (math.isfinite(lon) and math.isfinite(lat)):
        return {}
    return hyphened(data_at=f"{lon:.5f},{lat:.5f}")


def unfiltered(page: MapPage) -> str:
    """The address of this view with all places."""
    plain = MapSettings()
    names = ("types", "states", "within", "least", "most", "seen", "lacks", "text", "box", "page")
    return page.context.view.at(map=replace(page.settings, **{name: getattr(plain, name) for name in names}))


def filters(page: MapPage) -> list[Component]:
    """What a reader can keep: kind, state, area, people, last count, services lacking, a part of the map."""
    w, settings = page.context.words, page.settings
    if not len(page.at.columns):
        return []
    said: list[Component] = []
    kinds = [name for name in page.at.columns.setting.labels if name]
    if kinds:
        said.append(_group(page, "types", [(name, setting_word(name, w)) for name in kinds], settings.types))
    said.append(_group(page, "states", [(s.value, w(f"state.{s}")) for s in State], settings.states))
    areas = _areas(page)
    if areas:
        said.append(
            select(
                "within", settings.within or NOTHING, areas, w("mapfind.within"), searchable=True, limit=60,
                nothingFoundMessage=w("shell.nothing_found"),
            )
        )  # fmt: skip
    said.append(
        html.Div(
            [
                dmc.NumberInput(
                    id=nav(name), value=getattr(settings, name) or "", min=0, max=999_999_999, size="xs",
                    label=w(f"mapfind.{name}"), allowDecimal=False, allowNegative=False, debounce=400,
                )
                for name in ("least", "most")
            ],
            className="pair",
        )
    )  # fmt: skip
    since = _since(page)
    if since:
        chosen = settings.seen.isoformat() if settings.seen else NOTHING
        if chosen not in {key for key, _ in since}:
            since.insert(1, (chosen, chosen))
        said.append(select("seen", chosen, since, w("mapfind.seen")))
    services = map_facts.services(page.context.release, page.operation.key)
    if services:
        lacks = [(NOTHING, w("mapfind.any"))] + [(name, service_word(name, w)) for name in services]
        said.append(select("lacks", settings.lacks or NOTHING, lacks, w("mapfind.lacks")))
    return [*said, box_fields(page)]


def box_fields(page: MapPage) -> Component:
    """A part of the map: drawn on it, taken from what is in view, or by its four sides."""
    w, bounds = page.context.words, page.settings.bounds()
    fields = [
        dmc.NumberInput(
            id=f"box-{name}", value="" if bounds is None else bounds[nth], label=w(f"mapfind.box_{name}"),
            min=-180 if nth % 2 == 0 else -90, max=180 if nth % 2 == 0 else 90, step=0.1, decimalScale=4, size="xs",
        )
        for nth, name in enumerate(BOX)
    ]  # fmt: skip
    buttons: list[Component] = [
        html.Button(w(f"mapfind.box_{name}"), id=f"box-{name}", type="button", className="btn small-btn")
        for name in ("draw", "view", "use")
    ]
    if page.settings.box:
        gone = page.context.view.at(map=replace(page.settings, box="", page=0))
        buttons.append(link(w("mapfind.box_none"), id="box-none", href=gone, className="btn small-btn"))
    return html.Fieldset(
        [
            html.Legend(w("mapfind.box")),
            html.P(w("mapfind.box_note"), className="src", id="box-note"),
            html.P("", className="src wrong", id="box-wrong", role="alert", **_wrong_sides(w)),
            html.Div(buttons[:2], className="row"),
            html.Div(fields, className="pair"),
            html.Div(buttons[2:], className="row"),
        ],
        className="box-fields",
    )


def _wrong_sides(w: Words) -> dict[str, Any]:
    """What is said of sides that make no box: one is missing, or two are the wrong way round."""
    return hyphened(**{f"data_{why}": w(f"mapfind.box_wrong_{why}") for why in ("empty", "west", "south")})


def said_already(controls: Mapping[str, Any], page: MapPage) -> bool:
    """Whether the filters on the page say what the address says: then they keep the reader's focus.

    What a control holds is compared with what it would be drawn with; `box` has no control of its own.
    """
    settings = page.settings
    wanted = {
        "text": settings.text, "types": settings.types, "states": settings.states,
        "within": settings.within or NOTHING, "least": str(settings.least or ""), "most": str(settings.most or ""),
        "seen": settings.seen.isoformat() if settings.seen else NOTHING, "lacks": settings.lacks or NOTHING,
    }  # fmt: skip
    held = {part: _plain(controls[part]) for part in KEPT if part in controls}
    return all(_plain(wanted[part]) == value for part, value in held.items())


def _plain(value: Any) -> str:
    """A value of a control as one text; the order of what is ticked says nothing."""
    if isinstance(value, list):
        return ",".join(sorted(map(str, value)))
    text = "" if value is None else str(value)
    return ",".join(sorted(text.split(",")))


def _group(page: MapPage, part: str, offered: Sequence[tuple[str, str]], chosen: str) -> Component:
    """Boxes to tick; none ticked keeps all."""
    w = page.context.words
    made: Component = dmc.CheckboxGroup(
        id=nav(part),
        label=w(f"mapfind.{part}"),
        description=w("mapfind.none_is_all"),
        value=[name for name in chosen.split(",") if name],
        size="xs",
        children=html.Div(
            [dmc.Checkbox(id=f"{part}-{key}", label=word, value=key, size="xs") for key, word in offered],
            className="ticks",
        ),
    )
    return made


def _areas(page: MapPage) -> list[tuple[str, str]]:
    """The areas that can be chosen, each with its level; the finest level is left out where there are too many."""
    w = page.context.words
    held = map_facts.areas(page.context.release, page.operation.key, page.on)
    held = tuple(area for area in held if area.level != "adm0")
    levels = sorted({area.level for area in held})
    while levels and sum(area.level in levels for area in held) > AREAS_OFFERED:
        levels.pop()
    named = [
        (
            area.pcode,
            w("mapfind.area", name=area.name, level=worded(LEVELS, area.level, w), pcode=area.pcode),
        )
        for area in held
        if area.level in levels
    ]
    within = page.settings.within
    if within and within not in {code for code, _ in named}:
        named.insert(0, (within, within))
    return [(NOTHING, w("mapfind.any_area")), *named] if named else []


def _since(page: MapPage) -> list[tuple[str, str]]:
    """The first days of rounds: counted or visited since."""
    w = page.context.words
    steps = [step for step in page.moments.offered if step.on <= page.on]
    days: dict[date, str] = {step.period.first: span(step.period, w) for step in reversed(steps)}
    said = [(when.isoformat(), w("mapfind.seen_since", when=text)) for when, text in days.items()]
    return [(NOTHING, w("mapfind.any_time")), *said] if said else []

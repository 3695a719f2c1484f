"""How places are coloured: the question that colours sites, the measure of areas, and since when a change is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash.development.base_component import Component

from data import map_facts
from data.area_figures import since_shown
from data.map_settings import CLASSES, COLOURS, LEVELS, MEASURES
from pages.ids import nav
from pages.map_record import MapPage
from pages.map_words import CLASSES as CLASS_WORDS
from pages.map_words import COLOURS as COLOUR_WORDS
from pages.map_words import LEVELS as LEVEL_WORDS
from pages.map_words import MEASURES as MEASURE_WORDS
from pages.map_words import SERVICES, TYPES, worded
from pages.moment import Step
from pages.parts import NO_STOP
from words import Words
from words.format import day, span

NOTHING = "-"  # what a list says for "none": an address leaves the part out
CONTROLS = ("colour", "service", "group", "measure", "level", "classes", "limits", "since", "pairs")


def choices(page: MapPage) -> list[Component]:
    """The controls, those that the operation has figures for."""
    w, settings = page.context.words, page.settings
    said: list[Component] = []
    if len(page.at.columns):
        said.append(select("colour", settings.colour, _colours(page), w("mapcontrols.colour")))
        services = map_facts.services(page.context.release, page.operation.key)
        if settings.colour == "gap" and services:
            shown = page.classes.about  # a filter decides it too, as long as none is chosen
            names = [(name, service_word(name, w)) for name in dict.fromkeys((*services, shown))]
            said.append(select("service", shown, names, w("mapcontrols.service")))
        said.append(_groups(page))
    if "areas" in page.offers:
        measures = [(NOTHING, w("mapcontrols.measure_none"))]
        measures += [(name, worded(MEASURE_WORDS, name, w)) for name in MEASURES]
        said.append(select("measure", settings.measure or NOTHING, measures, w("mapcontrols.measure")))
        if settings.measure:
            levels = [(name, worded(LEVEL_WORDS, name, w)) for name in LEVELS]
            said.append(select("level", settings.level, levels, w("mapcontrols.level")))
            classes = [(name, worded(CLASS_WORDS, name, w)) for name in CLASSES]
            said.append(select("classes", settings.classes, classes, w("mapcontrols.classes")))
        if settings.measure and settings.classes == "own":
            said.append(
                dmc.TextInput(
                    id=nav("limits"), value=settings.limits, label=w("mapcontrols.limits"),
                    description=w("mapcontrols.limits_note"), debounce=True, size="xs",
                )
            )  # fmt: skip
    if "change" in (settings.colour, settings.measure):
        since, dates = since_key(page), earlier(page)
        if since not in {key for key, _ in dates}:  # chosen at a later date: still what the address asks for
            every = {step_key(step): step_words(step, w) for step in page.moments.offered}
            dates = [(since, every.get(since, since)), *dates] if since else dates
        said.append(select("since", since, dates, w("mapcontrols.since")))
    if "pairs" in page.offers:
        said.append(
            dmc.NumberInput(
                id=nav("pairs"), value=settings.pairs, min=0, max=200, step=10, debounce=400, size="xs",
                label=w("mapcontrols.pairs"), description=w("mapcontrols.pairs_note"), allowDecimal=False,
            )
        )  # fmt: skip
    return said


def select(part: str, value: str, offered: Sequence[tuple[str, str]], label: str, **more: Any) -> Component:
    """A list of which one thing is chosen: (key, word)."""
    made: Component = dmc.Select(
        id=nav(part),
        data=[{"value": key, "label": word} for key, word in offered],
        value=value,
        label=label,
        allowDeselect=False,
        size="xs",
        comboboxProps={"withinPortal": False, "position": "bottom-start"},
        scrollAreaProps=NO_STOP,
        **more,
    )
    return made


def service_word(name: str, w: Words) -> str:
    """A service in words; a code that has none stands as published."""
    return worded(SERVICES, name, w)


def setting_word(name: str, w: Words) -> str:
    """The kind of a site in words; a code that has none stands as published."""
    return worded(TYPES, name, w)


def earlier(page: MapPage) -> list[tuple[str, str]]:
    """The dates before the one that is shown: (round or day, words), the newest first."""
    now = page.now
    steps = [step for step in page.moments.offered if now is None or step.on < now.on]
    return [(step_key(step), step_words(step, page.context.words)) for step in reversed(steps)]


def since_key(page: MapPage) -> str:
    """The date that a change is from: the chosen one, else the one before."""
    chosen = since_shown(page.context.release, page.operation.key, page.on, page.settings)
    if chosen:  # of two maps, the other one's date
        return chosen
    before = earlier(page)
    return before[0][0] if before else ""


def colour_title(page: MapPage) -> str:
    """What the colours of sites are about: the service, or the date that a change is from, where there is one."""
    w, made = page.context.words, page.classes
    if page.settings.colour == "change" and made.about:
        return w("mapcompare.sites_since", since=day(date.fromisoformat(made.about), w.language))
    if page.settings.colour == "gap" and made.about:
        return w("mapcontrols.of_service", title=w(made.title_key), service=service_word(made.about, w))
    return w(made.title_key)


def step_key(step: Step) -> str:
    """What stands in an address for a date."""
    return str(step.round.number) if step.round is not None else step.on.isoformat()


def step_words(step: Step, w: Words) -> str:
    """A date as a list says it."""
    when = span(step.period, w)
    return when if step.round is None else w("mapcontrols.round", number=step.round.number, when=when)


def _groups(page: MapPage) -> Component:
    """Whether nearby sites are one disc; where the browser does not draw the map, that this needs it."""
    w, settings = page.context.words, page.settings
    unable = settings.low or settings.plain
    return select(
        "group", "1" if settings.group else NOTHING,
        [(NOTHING, w("mapgroups.each")), ("1", w("mapgroups.together"))], w("mapgroups.choice"),
        description=w("mapgroups.needs" if unable else "mapgroups.note"), disabled=unable,
    )  # fmt: skip


def _colours(page: MapPage) -> list[tuple[str, str]]:
    """The questions that can be asked of these sites."""
    w, columns = page.context.words, page.at.columns
    held = {
        "type": any(columns.setting.labels),
        "gap": bool(map_facts.services(page.context.release, page.operation.key)),
        "change": bool(page.moments.offered),
    }
    return [(name, worded(COLOUR_WORDS, name, w)) for name in COLOURS if held.get(name, True)]

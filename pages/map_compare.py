"""Two dates side by side: the second map, which dates can be compared, and what appeared and vanished."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from data import site_filter
from data.area_marks import measure_of
from data.codes import State
from data.errors import Unknown
from layers.area_legend import measure_title
from pages.map_choices import NOTHING, select, step_key, step_words
from pages.map_record import MapPage, prepare
from pages.map_rows import cells_of, columns_of
from pages.map_table import LISTED
from pages.moment import Step
from pages.parts import link, mark
from words.format import day, number, span

# By whether a site has a count at the earlier and at the later date.
_HOW = {(False, True): "came", (True, False): "went", (True, True): "state", (False, False): "state"}
_DATED = ("state", "last", "people")  # columns of the table that the file has of both dates
TITLES = {
    "appeared": ("mapcompare.appeared", "mapcompare.none_appeared"),
    "vanished": ("mapcompare.vanished", "mapcompare.none_vanished"),
}


def second(page: MapPage) -> MapPage | None:
    """The same places at the date that the map is compared with; None where it is compared with none.

    Raises
    ------
    Unknown
        If the date is none of the operation's.
    """
    vs = page.settings.vs
    if not vs:
        return None
    offered = {step_key(step): step for step in page.moments.offered}
    if vs not in offered:
        dates = "-" in vs and bool(offered) and all("-" in key for key in offered)  # else there are rounds
        raise Unknown("date" if dates else "round", vs, [(key, key) for key in offered])
    return at_step(page, offered[vs])


def at_step(page: MapPage, step: Step) -> MapPage:
    """The page at another date, all else as it is."""
    context, now = page.context, page.now
    number_, on = (step.round.number, None) if step.round is not None else (None, step.on)
    # Each of two maps stands beside the other: a change without a date of its own is that between them.
    settings = replace(page.settings, vs="" if now is None else step_key(now))
    selection = replace(context.view.selection, round=number_, on=on, map=settings)
    return prepare(replace(context, view=replace(context.view, selection=selection)))


def compare_control(page: MapPage) -> list[Component]:
    """The choice of a second date; the first is that of the timeline."""
    w = page.context.words
    now = None if page.now is None else step_key(page.now)
    steps = [step for step in page.moments.offered if step_key(step) != now]
    if not steps:
        return []
    offered = [(NOTHING, w("mapcompare.none"))]
    offered += [(step_key(step), step_words(step, w)) for step in reversed(steps)]
    vs = page.settings.vs
    if vs and vs not in {key for key, _ in offered}:
        offered.insert(1, (vs, step_words(page.now, w) if vs == now and page.now is not None else vs))
    return [select("vs", vs or NOTHING, offered, w("mapcompare.with"))]


def second_head(page: MapPage, other: MapPage) -> list[Component]:
    """What the second map shows: its date, and what its colours of a change or a rate are about."""
    w = other.context.words
    about = _areas_heads(page, other)
    if other.settings.colour == "change" and len(other.at.columns) and other.classes.about:
        since = date.fromisoformat(other.classes.about)
        about.append(w("mapcompare.sites_since", since=day(since, w.language)))
    when = "" if other.now is None else step_words(other.now, w)
    return [
        html.B(when, className="num"),
        *(html.Span(text, className="small") for text in about),
        link(w("mapcompare.close"), id="compare-close", href=page.context.view.at(map=replace(page.settings, vs="")),
             className="btn plain"),
    ]  # fmt: skip


def _areas_heads(page: MapPage, other: MapPage) -> list[str]:
    """What the areas of the second map are about, with its dates; and those of the first where they differ."""
    if "areas" not in other.snapshots:
        return []
    w, shown = other.context.words, [p.snapshots["areas"] for p in (page, other) if "areas" in p.snapshots]
    said = [measure_title(one, measure_of(one.table, page.settings), w) for one in shown]
    if areas_differ(page, other):
        return [w("areas.two_heads", first=said[0], here=said[1])]
    return said[-1:]


def areas_differ(page: MapPage, other: MapPage) -> bool:
    """Whether the areas of two maps show different measures, and so have no legend in common."""
    held = [p.snapshots["areas"].table for p in (page, other) if "areas" in p.snapshots]
    return len({measure_of(table, page.settings) for table in held}) > 1


def ordered(page: MapPage, other: MapPage) -> tuple[MapPage, MapPage]:
    """The two pages, the earlier first."""
    return (page, other) if page.on <= other.on else (other, page)


def came_and_went(page: MapPage, other: MapPage) -> list[Component]:
    """Which sites appeared and which vanished between the two dates, each with its state; all states, no sums."""
    w = page.context.words
    before, after = ordered(page, other)
    if not len(page.at.columns):
        return []
    dates = {"first": _when(before), "second": _when(after)}
    kept_at = np.flatnonzero(before.kept | after.kept)
    kept = set(page.at.columns.keys_of(kept_at)) if page.settings.filters() else None
    came, went = (
        rows if kept is None else rows[rows["key"].isin(kept)]
        for rows in (site_filter.appeared(before.at, after.at), site_filter.vanished(before.at, after.at))
    )
    lists = [
        html.Section(_list(page, "appeared", came, dates), className="came"),
        html.Section(_list(page, "vanished", went, dates), className="went"),
    ]
    return [
        html.H2(w("mapcompare.title", **dates), className="h2"),
        html.P(w("mapcompare.lead"), className="small"),
        html.Div(lists, className="two-lists"),
        html.P(link(w("mapcompare.to_change"), id="compare-change", href=to_change(before, after), className="btn"),
               className="acts"),
    ]  # fmt: skip


def about(page: MapPage, other: MapPage) -> list[str]:
    """What the file says of the part of it that `differing` makes; [] where the operation has no sites."""
    w, (before, after) = page.context.words, ordered(page, other)
    if not len(page.at.columns):
        return []
    return [w("mapcompare.file", first=_when(before), second=_when(after))]


def differing(page: MapPage, other: MapPage, at_once: int) -> Iterator[pd.DataFrame]:
    """The sites that came, went or changed their state between the two dates, with both states and figures.

    They are those of `came_and_went` and, of the same part of the sites, the others whose state is not the same.
    `at_once` of them are made at a time; the first frame is there also where no site differs.
    """
    w = page.context.words
    before, after = ordered(page, other)
    kept = before.kept | after.kept
    listed = before.at.listed, after.at.listed
    counted = before.at.counted, after.at.counted
    other_state = (listed[0] != listed[1]) | (listed[0] & (before.at.state != after.at.state))
    index = np.flatnonzero(kept & (other_state | (counted[0] != counted[1])))
    heads = columns_of(page)
    dated = [
        w("mapcompare.col_dated", column=heads[name], when=_when(one))
        for one in (before, after)
        for name in _DATED
    ]
    columns = [heads["name"], heads["area"], w("mapcompare.col_how"), *dated]
    for first in range(0, max(1, len(index)), at_once):
        part = index[first : first + at_once]
        sides = [cells_of(one, one.rows(part), part) if len(part) else [] for one in (before, after)]
        rows = []
        for at, then, now in zip(part.tolist(), *sides, strict=True):
            how = _HOW[bool(counted[0][at]), bool(counted[1][at])]
            told = [
                w("mapcompare.not_listed") if name == "state" and not on[at] else cells[name]
                for on, cells in zip(listed, (then, now), strict=True)
                for name in _DATED
            ]
            rows.append([now["name"], now["area"], w(f"mapcompare.how_{how}"), *told])
        yield pd.DataFrame(rows, columns=columns)


def to_change(before: MapPage, after: MapPage) -> str:
    """The address of the change between the two dates."""
    sides = {
        name: "" if p.now is None else step_key(p.now) for name, p in (("first", before), ("second", after))
    }
    return before.context.view.at("/change", layers=None, first=sides["first"], second=sides["second"])


def _list(page: MapPage, name: str, rows: pd.DataFrame, dates: dict[str, str]) -> list[Component]:
    """One list; what is not in it for want of room is said."""
    w = page.context.words
    said: list[Component] = [
        html.H3(
            w(TITLES[name][bool(rows.empty)], sites=number(len(rows), w.language), **dates), className="h3"
        )
    ]
    if len(rows):  # not assessed or withheld is not gone: how many are what, before their names
        states = rows["state_after"].replace("", State.NO_DATA.value).value_counts()
        counts = [
            w("mapcompare.now_in", state=w(f"state.{state}"), sites=number(int(sites), w.language))
            for state, sites in states.items()
        ]
        said.append(html.P("; ".join(counts), className="small"))
    items = [
        html.Li(
            [
                mark(row["state_after"] or State.NO_DATA),
                link(row["name"], id=f"{name}-{row['key']}", href=page.context.view.at(place=row["key"])),
                " ",
                html.Span(_told(page, row), className="small"),
            ]
        )
        for row in rows.head(LISTED).to_dict("records")
    ]
    if items:
        said.append(html.Ul(items, className="places"))
    if len(rows) > len(items):
        said.append(
            html.P(w("maptable.more", more=number(len(rows) - len(items), w.language)), className="small")
        )
    return said


def _told(page: MapPage, row: dict[Any, Any]) -> str:
    w = page.context.words
    before, after = (_word(row[name], page) for name in ("state_before", "state_after"))
    if pd.isna(row["value"]):
        return w("mapcompare.states", before=before, after=after)
    return w(
        "mapcompare.states_value", before=before, after=after, value=number(float(row["value"]), w.language)
    )


def _word(state: str, page: MapPage) -> str:
    """A state in words; "" where nothing was published of the site by then."""
    w = page.context.words
    return w(f"state.{state}") if state else w("mapcompare.not_listed")


def _when(page: MapPage) -> str:
    return "" if page.now is None else span(page.now.period, page.context.words)

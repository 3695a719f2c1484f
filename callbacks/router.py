"""From a view to a page: whole when the page is another one, part by part where the map stays."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from dash import ALL, Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from data import queries
from data.errors import Unknown
from data.store import DamagedObject, Store, StoreError, UnknownRelease
from pages import (
    change,
    ledger,
    map_compare,
    map_find,
    map_hands,
    map_layers,
    map_record,
    map_title,
    method,
    start,
    trends,
)
from pages import map as map_page
from pages.ids import NAV, Id
from pages.map_choices import service_word
from pages.shell import PAGES, frame, head, offers
from pages.still import still
from pages.view import Context, View, parse_view, wording
from words import DEFAULT, Words
from words.format import day, span

LOG = logging.getLogger("siteline.pages")
PAUSE_S = 0.1  # at least, between two pages made ahead
WARM_ORIGIN = "http://127.0.0.1"
NAMES = {path: name for name, path in PAGES.items()}
BUILDERS: dict[str, Callable[[Context], list[Component]]] = {
    "start": start.start,
    "map": map_page.map_page,
    "trends": trends.trends,
    "change": change.change,
    "ledger": ledger.ledger,
    "method": method.method,
}
MAP_PARTS = 12  # of a map, redrawn one by one
REDRAWN = ("map", "trends", "ledger")  # pages of which a view may change a part and keep the rest
FOR_ALL = ("ledger",)  # pages with a selection bar that also show all operations together
BARS: dict[str, Callable[[Context], list[Component]]] = {
    "map": map_page.bar,
    "trends": trends.bar,
    "change": change.bar,
    "ledger": ledger.bar,
}


def register(app: Dash, store: Store, writes: Callable[[], bool] = lambda: False) -> None:
    """Add the page callbacks to `app`, reading from `store` only; `writes` says who may write to the ledger."""

    @app.callback(
        Output(Id.ROOT, "children"),
        Output(Id.PAGE, "data"),
        Input(Id.VIEW, "data"),
        State(Id.PAGE, "data"),
    )
    def show(data: Any, page: Any) -> tuple[Any, Any]:
        view = parse_view(data)
        try:
            context, problem = open_context(view, store)
        except StoreError as damaged:
            LOG.exception("no figure was shown")
            return still(refusal(view, str(damaged))), {"key": "", "title": wording(view)("missing.damaged")}
        key = page_key(context)
        if (
            NAMES.get(view.path) in REDRAWN
            and problem is None
            and isinstance(page, dict)
            and page.get("key") == key
        ):
            return no_update, no_update
        built, title, whole = render(replace(context, writes=writes()), problem)
        return still(built), {"key": key if whole else "", "title": title}

    @app.callback(
        Output(Id.HEAD, "children"), Input(Id.VIEW, "data"), State(Id.PAGE, "data"), prevent_initial_call=True
    )
    def redraw_head(data: Any, page: Any) -> Any:
        return still(head_of(data, page, store))

    @app.callback(
        Output(Id.TRENDS_KNOWN, "children"),
        Output(Id.TRENDS_CARDS, "children"),
        Input(Id.VIEW, "data"),
        State(Id.PAGE, "data"),
        prevent_initial_call=True,
    )
    def redraw_trends(data: Any, page: Any) -> tuple[Any, ...]:
        return tuple(map(still, trends_of(data, page, store)))

    @app.callback(
        Output(Id.MAP_HEAD, "children"),
        Output(Id.MAP_TIME, "children"),
        Output(Id.MAP, "figure"),
        Output(Id.MAP_PANEL, "children"),
        Output(Id.MAP_LAYERS, "children"),
        Output(Id.MAP_LEGEND, "children"),
        Output(Id.MAP_BELOW, "children"),
        Output(Id.MAP_FOUND, "children"),
        Output(Id.MAP_FILTERS, "children"),
        Output(Id.MAP_CHOICES, "children"),
        Output(Id.MAP_HANDS, "children"),
        Output(Id.MAP_DRAWN, "data"),
        Input(Id.VIEW, "data"),
        State(Id.PAGE, "data"),
        State({"type": NAV, "index": ALL}, "id"),
        State({"type": NAV, "index": ALL}, "value"),
        State(Id.MAP_DRAWN, "data"),
        prevent_initial_call=True,
    )
    def redraw_map(data: Any, page: Any, names: Any, values: Any, figure: Any) -> tuple[Any, ...]:
        return tuple(map(still, map_of(data, page, store, said_by(names, values), figure)))

    @app.callback(
        Output(Id.MAP_TWO, "figure"),
        Output(Id.MAP_TWO_HEAD, "children"),
        Output(Id.MAP_TWO_HANDS, "children"),
        Output(Id.MAP_TWO_DRAWN, "data"),
        Input(Id.VIEW, "data"),
        State(Id.PAGE, "data"),
        State(Id.MAP_TWO_DRAWN, "data"),
        prevent_initial_call=True,
    )
    def redraw_second(data: Any, page: Any, figure: Any) -> tuple[Any, ...]:
        return tuple(map(still, second_of(data, page, store, figure)))


def warm(store: Store) -> None:
    """Make the pages of every operation once, so that no reader waits for what is read first; then free nothing.

    A reader who is already there has at least half of the time. What is held by then stays for good: the collector
    need not look through it again at every page.
    """
    asked = {
        "path": "/trends",
        "language": DEFAULT,
        "scheme": "light",
        "narrow": False,
        "origin": WARM_ORIGIN,
    }
    try:
        for path in ("/trends", "/map"):
            for operation in queries.catalogue(store.current()).operations:
                began = time.perf_counter()
                view = parse_view({**asked, "path": path, "search": f"?op={operation}"})
                render(*open_context(view, store))
                time.sleep(max(PAUSE_S, time.perf_counter() - began))
    except StoreError:
        LOG.exception("a page could not be made ahead")  # the reader who asks for it is told why
    gc.collect()
    gc.freeze()


def head_of(data: Any, page: Any, store: Store) -> Any:
    """The head of a page that stays; no update where the whole page is made anew."""
    for name in REDRAWN:
        context = stays(data, page, store, name)
        if context is not None:
            return head(context, name, BARS[name](context))
    return no_update


def said_by(names: object, values: object) -> dict[str, Any]:
    """What the controls on the page say, by their part of the address."""
    if not isinstance(names, list) or not isinstance(values, list):
        return {}
    found = (name.get("index") if isinstance(name, dict) else None for name in names)
    return {part: value for part, value in zip(found, values, strict=False) if isinstance(part, str)}


def map_of(
    data: Any, page: Any, store: Store, controls: Mapping[str, Any], figure: object = None
) -> tuple[Any, ...]:
    """The parts of a map that a view changes; no update where the page is new, or where a part stays as it is.

    Parameters
    ----------
    data, page : object
        The view that a browser asks for, and which page it has.
    store : Store
        Where it is read.
    controls : mapping
        What the controls on the page say: one that says what the address says keeps the reader's focus.
    figure : object
        What figure and layers panel the page has; the same ones are not sent again.
    """
    context = stays(data, page, store, "map")
    if context is None:
        return (no_update,) * MAP_PARTS
    try:
        shown = map_record.prepare(context)
        other = map_compare.second(shown)
    except Unknown as unknown:
        return (_unknown(context, unknown), *(no_update,) * (MAP_PARTS - 1))
    key = map_page.drawn_as(shown, other)
    drawn = figure if isinstance(figure, list) and len(figure) == len(key) else [""] * len(key)
    same = drawn[0] == key[0]
    return (
        map_title.head(shown),
        map_page.time(shown),
        no_update if same else map_page.picture(shown, other)[1],
        map_page.panel(shown),
        no_update
        if drawn[1] == key[1] and same_layers(controls, shown)
        else map_layers.layer_switches(shown),
        map_layers.legend_list(shown, other),
        map_page.below(shown, other),
        map_find.found(shown),
        no_update if map_find.said_already(controls, shown) else map_find.filters(shown),
        no_update
        if drawn[2] == key[2] and map_page.choices_stay(controls, shown)
        else map_page.choice_fields(shown),
        map_hands.hands(shown, other),
        key,
    )


def second_of(data: Any, page: Any, store: Store, figure: object) -> tuple[Any, ...]:
    """The second map of two; no update where there is none or it is the one that is shown."""
    context = stays(data, page, store, "map")
    if context is None:
        return (no_update,) * 4
    try:
        shown = map_record.prepare(context)
        other = map_compare.second(shown)
    except Unknown:
        return (no_update,) * 4  # the head of the page says what is not held
    if other is None:
        return (no_update,) * 4
    key = map_page.picture_key(other, shown)
    head_of_it = map_compare.second_head(shown, other)
    if figure == key:
        return no_update, head_of_it, no_update, no_update
    return map_page.second_picture(shown, other)[1], head_of_it, map_hands.second_hands(shown, other), key


def trends_of(data: Any, page: Any, store: Store) -> tuple[Any, Any]:
    """Trends as known on another day: its control and its cards; no update where the whole page is made anew."""
    context = stays(data, page, store, "trends")
    if context is None:
        return no_update, no_update
    try:
        return trends.known(context), trends.cards(context)
    except Unknown as unknown:
        return [], _unknown(context, unknown)


def stays(data: Any, page: Any, store: Store, name: str) -> Context | None:
    """The context of a view that keeps the page `name` and changes parts of it; None where it is made anew."""
    view = parse_view(data)
    if NAMES.get(view.path) != name or not isinstance(page, dict):
        return None
    try:
        context, _ = open_context(view, store)
    except StoreError:
        return None  # the whole page says what is damaged
    return context if page.get("key") == page_key(context) else None


def same_layers(controls: Mapping[str, Any], page: map_record.MapPage) -> bool:
    """Whether the switches on the page already say what the address says: then they keep the reader's focus."""
    held = controls.get("layers")
    return isinstance(held, list) and {str(key) for key in held} == set(map_layers.switched(page))


def page_key(context: Context) -> str:
    """What makes a page another one; within it the map is redrawn part by part, and Trends as known on another day."""
    view, chosen = context.view, context.view.selection
    if NAMES.get(view.path) == "trends":
        parts = (context.newest, context.release.digest, view.language, view.scheme, str(view.narrow))
        return "|".join((view.selection.at(view.path, known=None), *parts, *chosen.ignored))
    if NAMES.get(view.path) == "ledger":  # what is being written stays when the width or the colours change
        return "|".join((view.selection.at(view.path), view.language, *chosen.ignored))
    said: tuple[str, ...] = (
        view.path, chosen.operation, context.release.digest, view.language, view.scheme, str(view.narrow),
    )  # fmt: skip
    if NAMES.get(view.path) == "map":  # one map or two, or a picture in its place
        said += ("two" if chosen.map.vs else "one", str(chosen.map.plain))
        if chosen.map.low:  # a picture has no parts: each view of it is another page
            said += (chosen.at(view.path),)
    return "|".join((*said, *chosen.ignored))


def open_context(view: View, store: Store) -> tuple[Context, Exception | None]:
    """The context of a view; with a problem if it names a release that is not held."""
    current = store.current()
    release, problem = current, None
    if view.selection.release:
        try:
            release = store.release(view.selection.release)
        except UnknownRelease as missing:
            problem = missing
    held = queries.catalogue(release)
    today = datetime.now(UTC).date()
    words = wording(view)
    return Context(
        view=view,
        words=words,
        release=release,
        newest=current.digest,
        held=held,
        today=today,
        current=None if release.digest == current.digest else current,
    ), problem


def render(context: Context, problem: Exception | None) -> tuple[list[Component], str, bool]:
    """The page of a view, its title, and whether it is what was asked for; else it says what exists."""
    w = context.words
    name = NAMES.get(context.view.path)
    missing = _missing_title(w, "page")
    try:
        if problem is not None:
            raise problem
        if name is None:
            return _missing_page(context), missing, False
        if name in BARS and name not in FOR_ALL and not context.view.selection.operation:
            return _choose(context, name), w("shell.title_plain", page=w(f"shell.{name}")), False
        main = BUILDERS[name](context)
        bar = BARS[name](context) if name in BARS else []
        return frame(context, name, main, bar=bar), _title(context, name), True
    except UnknownRelease:
        why = w("missing.release_why", found=context.view.selection.release)
        missing = _missing_title(w, "release")
        main = offers(w("missing.release"), why, [(w("shell.start"), context.view.at("/", release=""))])
    except Unknown as unknown:
        main, missing = _unknown(context, unknown), _missing_title(w, unknown.what)
    except DamagedObject as damaged:
        LOG.exception("no figure was shown")
        return refusal(context.view, str(damaged)), w("missing.damaged"), False
    return frame(context, name or "", main), missing, False


def refusal(view: View, why: str) -> list[Component]:
    """The page in place of figures that cannot be trusted: what is damaged, and the command that mends it."""
    w = wording(view)
    return [
        html.Main(
            offers(w("missing.damaged"), w("missing.damaged_why", detail=why), []),
            className="page",
            id="main",
        )
    ]


def _missing_title(w: Words, what: str) -> str:
    key = f"missing.{what}"
    return w("shell.title_plain", page=w(key if key in w else "missing.page"))


def _title(context: Context, name: str) -> str:
    w, key = context.words, context.view.selection.operation
    if name in BARS and key:
        return w(
            "shell.title", page=w(f"shell.{name}"), operation=context.held.operation(key).title.to(w.language)
        )
    return w("shell.title_plain", page=w(f"shell.{name}"))


def _operations(context: Context, path: str) -> list[tuple[str, str]]:
    held = context.held.operations.values()
    return [
        (
            o.title.to(context.language),
            context.view.at(
                path, operation=o.key, round=None, on=None, place="", what="", area="", first="", second=""
            ),
        )
        for o in held
    ]


def _choose(context: Context, name: str) -> list[Component]:
    w = context.words
    main = offers(w("missing.none_chosen"), w("missing.none_chosen_why"), _operations(context, PAGES[name]))
    return frame(context, name, main, bar=BARS[name](context))


def _missing_page(context: Context) -> list[Component]:
    w = context.words
    links = [(w(f"shell.{name}"), context.view.at(path)) for name, path in PAGES.items()]
    why = w("missing.page_why", path=context.view.path)
    return frame(context, "", offers(w("missing.page"), why, links))  # no page of the navigation is marked


def _unknown(context: Context, unknown: Unknown) -> list[Component]:
    w, view = context.words, context.view
    found, settings = unknown.found, view.selection.map
    # a link must not lead back to what is not held: the wrong part of the map's settings goes
    whole = replace(
        settings,
        since="" if settings.since == found else settings.since,
        vs="" if settings.vs == found else settings.vs,
    )
    if unknown.what == "operation":
        path = view.path if view.path in NAMES else "/"
        why = w("missing.operation_why", found=view.selection.operation)
        return offers(w("missing.operation"), why, _operations(context, path))
    operation = context.operation()
    rounds = context.held.rounds.get(operation.key, ())
    last = rounds[-1].number if rounds else None  # without a round the map may open at an earlier date
    newest = [
        (w("missing.nearest", title=operation.title.to(w.language)), view.at(round=last, on=None, map=whole))
    ]
    if unknown.what == "round":
        links = [
            (
                w("timeline.round", number=r.number) + ", " + span(r.period, w),
                view.at(round=r.number, on=None, map=whole),
            )
            for r in rounds
        ]
        why = (
            w("missing.round_why", found=found, held=f"{rounds[0].number}–{rounds[-1].number}")
            if rounds
            else w("missing.no_rounds_why")
        )
        return offers(w("missing.round"), why, newest + links)
    if unknown.what == "date":
        asked = date.fromisoformat(found)
        near = min((date.fromisoformat(key) for key, _ in unknown.offers), key=lambda on: abs(on - asked))
        links = [(day(near, w.language), view.at(round=None, on=near, map=whole))]
        return offers(w("missing.date"), w("missing.date_why", found=found), links + newest)
    if unknown.what == "service":
        links = [
            (service_word(name, w), view.at(map=replace(settings, service=key)))
            for key, name in unknown.offers
        ]
        return offers(w("missing.service"), w("missing.service_why", found=found), links)
    return offers(w("missing.page"), str(found), newest)

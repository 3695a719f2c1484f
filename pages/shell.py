"""The frame around every page: brand, navigation, language, what is selected, and the foot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from charts.attributes import hyphened
from data.area_tree import tree_at
from pages.ids import Id, nav, press
from pages.parts import NO_STOP, aria, link
from pages.view import Context
from words import LANGUAGES
from words.format import day

# The page before any script has run: who reads without scripts is told where the figures are.
INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<meta name="description" content="Displacement sites, flow points and trends never shown without their caveats.">
<meta name="color-scheme" content="light dark">
<title>{%title%}</title>
<link rel="icon" type="image/svg+xml" href="/assets/logo.svg">
{%css%}
</head>
<body>
<noscript><p class="boot">Siteline draws its pages with scripts, and they are switched off here. The published figures
with their caveats are also in the files of data/embedded/registers.</p></noscript>
{%app_entry%}
<footer>
{%config%}
{%scripts%}
{%renderer%}
</footer>
</body>
</html>"""

PAGES = {
    "start": "/",
    "map": "/map",
    "trends": "/trends",
    "change": "/change",
    "ledger": "/ledger",
    "method": "/method",
}

# Parts of a page that have a link of their own before everything else, by id.
SKIPS = {
    "picture": "shell.skip_map",  # in place of the map where the server draws it
    Id.MAP.value: "shell.skip_map",
    "map-filter-fold": "shell.skip_filters",
    "map-table": "shell.skip_table",
}

_SITE = [
    "#EEF4F9",
    "#D9E8F4",
    "#B4D3EC",
    "#7FB7E6",
    "#5E9CCB",
    "#4A84B4",
    "#33709F",
    "#1C5B8E",
    "#154870",
    "#0E2B45",
]
_NOTE = [
    "#FBF0E7",
    "#F7DFCB",
    "#F4C49D",
    "#F2A268",
    "#DD7F3C",
    "#C9611E",
    "#B94F11",
    "#A8420A",
    "#823308",
    "#5C2406",
]
_DARK = [
    "#ECE9E3",
    "#BBC2CC",
    "#9AA3AF",
    "#6F7A87",
    "#2E3843",
    "#222C36",
    "#182028",
    "#10151B",
    "#0E1A23",
    "#0A0E13",
]
THEME: Mapping[str, object] = {
    "colors": {"site": _SITE, "note": _NOTE, "dark": _DARK},
    "primaryColor": "site",
    "primaryShade": {"light": 7, "dark": 3},
    "autoContrast": True,
    "black": "#1A2230",
    "white": "#FFFFFF",
    "fontFamily": "var(--sl-font-text)",
    "fontFamilyMonospace": "var(--sl-font-mono)",
    "headings": {"fontFamily": "var(--sl-font-title)", "fontWeight": "700"},
    "fontSizes": {"xs": ".8125rem", "sm": ".875rem", "md": "1rem", "lg": "1.125rem", "xl": "1.375rem"},
    "radius": {"xs": "2px", "sm": "4px", "md": "4px", "lg": "4px", "xl": "4px"},
    "defaultRadius": "sm",
    "shadows": dict.fromkeys(("xs", "sm", "md", "lg", "xl"), "none"),
    "focusRing": "auto",
    "respectReducedMotion": True,
    "cursorType": "pointer",
}


def layout() -> Component:
    """The empty shell: it holds no figure, so that nothing is given away before a view is asked for."""
    shell: Component = dmc.MantineProvider(
        id=Id.PROVIDER,
        theme=THEME,
        forceColorScheme="light",
        children=[
            dcc.Location(id=Id.URL, refresh=False),
            dcc.Store(id=Id.VIEW),
            dcc.Store(id=Id.WIDE),
            dcc.Store(id=Id.SCHEME),
            dcc.Store(id=Id.PAGE),
            html.Div(id=Id.SAY, className="vh", role="status", **aria(live="polite")),
            html.Div(id=Id.ROOT, className="root"),
        ],
    )
    return shell


def frame(
    context: Context, page: str, main: Sequence[Component], *, bar: Sequence[Component] = ()
) -> list[Component]:
    """A whole page: header, selection bar, main part and foot."""
    return [
        *skips(context, main),
        html.Div(head(context, page, bar), id=Id.HEAD),
        unanswered(context),
        html.Main([*banners(context), *main], id="main", className=f"page {page}".strip()),
        foot(context),
    ]


def unanswered(context: Context) -> Component:
    """That the server gave no answer, and a button to ask again; `assets/answer.js` shows it then."""
    w = context.words
    again = html.Button(w("shell.ask_again"), id="ask-again", className="btn", type="button")
    return html.Div(
        [w("shell.unanswered"), " ", again],
        id="unanswered",
        className="unanswered",
        hidden=True,
        role="alert",
    )


def skips(context: Context, main: Sequence[Component]) -> list[Component]:
    """Links to the parts of a page that a reader with a keyboard would reach late; seen when they have the focus."""
    held = set(_ids(main))
    if "picture" in held:
        held.discard(Id.MAP)
    parts = [("main", "shell.skip"), *((part, words) for part, words in SKIPS.items() if part in held)]
    return [
        html.A(context.words(words), href=f"#{part}", className="skip", id=f"skip-{part}")
        for part, words in parts
    ]


def _ids(main: Sequence[Component]) -> Iterator[str]:
    """The ids of all parts of a page. Dash's own walk writes a path for each part, which takes as long as the page."""
    stack: list[Any] = [*main]
    while stack:
        one = stack.pop()
        if isinstance(one, list | tuple):
            stack.extend(one)
        elif isinstance(one, Component):
            key = getattr(one, "id", None)
            if isinstance(key, str):
                yield key
            stack.append(getattr(one, "children", None))


def head(context: Context, page: str, bar: Sequence[Component] = ()) -> list[Component]:
    """Brand, navigation, language and what is selected; changes with every view."""
    w, view = context.words, context.view
    home = view.at(
        "/", operation="", round=None, on=None, place="", layers=None, what="", area="", first="", second=""
    )
    links = [
        link(
            w(f"shell.{name}"),
            id=f"to-{name}",
            href=home if name == "start" else view.at(path, layers=None),
            className="here" if name == page else "",
            **(aria(current="page") if name == page else {}),
        )
        for name, path in PAGES.items()
    ]
    languages = [
        link(
            title,
            id=f"lang-{code}",
            href=view.at(language=code),
            className="here" if code == context.language else "",
        )
        for code, title in LANGUAGES.items()
    ]
    return [
        html.Header(
            html.Div(
                [
                    link(
                        [html.Span(className="logo", **aria(hidden="true")), html.Span("Siteline")],
                        href=home,
                        className="brand",
                    ),
                    html.Nav(links, className="nav", **aria(label=w("shell.nav"))),
                    html.Div(
                        [
                            html.Div(
                                languages, className="langs", role="group", **aria(label=w("shell.languages"))
                            ),
                            html.Button(
                                w("shell.to_light" if view.scheme == "dark" else "shell.to_dark"),
                                id=press("scheme"),
                                className="btn plain",
                                type="button",
                            ),
                        ],
                        className="top-end",
                    ),
                ],
                className="top-in",
            ),
            className="top",
        ),
        html.Div([*bar, copy_link(context)] if bar else [], className="sel" if bar else "sel none"),
    ]


def operation_picker(context: Context) -> Component:
    """All operations, grouped by country, each with its component and population."""
    w, language = context.words, context.language
    groups: dict[str, list[dict[str, str]]] = {}
    for operation in context.held.operations.values():
        label = w(
            "shell.operation_synthetic" if operation.synthetic else "shell.operation_option",
            title=operation.title.to(language),
            component=w(f"component.{operation.component}"),
            population=w(f"population.{operation.population}"),
        )
        groups.setdefault(operation.country.to(language), []).append({"value": operation.key, "label": label})
    key = context.view.selection.operation
    chosen = next((o["label"] for items in groups.values() for o in items if o["value"] == key), "")
    return field(
        w("shell.operation"),
        dmc.Select(
            id=nav("op"),
            attributes={"input": {"title": chosen}},  # whole, where the box cuts it
            data=[{"group": country, "items": items} for country, items in sorted(groups.items())],
            value=context.view.selection.operation or None,
            placeholder=w("shell.choose"),
            allowDeselect=False,
            searchable=True,
            nothingFoundMessage=w("shell.nothing_found"),
            size="sm",
            className="wide",
            comboboxProps={"withinPortal": False, "width": "max-content", "position": "bottom-start"},
            scrollAreaProps=NO_STOP,
            **aria(label=w("shell.operation")),
        ),
    )


def field(label: str, control: Component) -> Component:
    """A control of the selection bar under its label."""
    return html.Div([html.Span(label, className="l"), control], className="f")


def copy_link(context: Context) -> Component:
    """The button that copies the address of this view."""
    w = context.words
    return html.Div(
        [
            html.Button(w("shell.copy_link"), id=press("copy"), className="btn", type="button"),
            html.Span(hidden=True, **hyphened(data_copy="copy", data_done=w("shell.copied"))),
        ],
        className="push",
    )


def banners(context: Context) -> list[Component]:
    """What must be said before anything else of this view."""
    w, ignored = context.words, context.view.selection.ignored
    said: list[Component] = []
    if context.release.digest != context.newest:
        said.append(html.P(w("shell.superseded", release=context.release.digest[:12]), className="banner"))
    # These show figures as known on a day and say so themselves: there it changes without the frame.
    if context.view.selection.known is not None and context.view.path not in (
        PAGES["map"],
        PAGES["trends"],
        PAGES["change"],
    ):
        said.append(
            html.P(
                w("shell.known_unused", when=day(context.view.selection.known, w.language)),
                className="banner",
            )
        )
    within = context.view.selection.map.within
    if within and context.view.path == PAGES["trends"]:
        said.append(
            html.P(
                w("shell.within_unused", area=_area(context, within)), className="banner", id="within-unused"
            )
        )
    if ignored:
        said.append(html.P(w("shell.ignored", parts=", ".join(ignored)), className="banner"))
    operation = context.held.operations.get(context.view.selection.operation)
    if operation and operation.synthetic:
        said.append(html.P(w("shell.synthetic"), className="banner synthetic"))
    return said


def _area(context: Context, pcode: str) -> str:
    """An area by its name, or by its code where no such area is held."""
    operation = context.view.selection.operation
    if operation not in context.held.operations:
        return pcode
    tree = tree_at(context.release, operation, context.today)
    found = tree.areas.get(pcode) or tree.former.get(pcode)
    return found.name if found is not None else pcode


def foot(context: Context) -> Component:
    """The foot of every page."""
    w = context.words
    return html.Footer(
        [
            html.Span([html.B("Siteline"), " · ", w("shell.promise")]),
            link(w("shell.method_link"), href=context.view.at("/method")),
            html.Span(w("shell.offline")),
            html.Span(w("shell.release", release=context.release.digest[:12]), id=Id.RELEASE),
        ],
        className="foot",
    )


def offers(title: str, why: str, links: Sequence[tuple[str, str]]) -> list[Component]:
    """A page that says what is not held and offers what is."""
    return [
        html.Section(
            [
                html.H1(title, className="ttl"),
                html.P(why, className="unit"),
                html.Ul([html.Li(link(text, href=href)) for text, href in links], className="offers"),
            ],
            className="card",
        )
    ]

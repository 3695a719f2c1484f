"""Start: the operations held, on a world map and as a list, each with its newest figure and its last break."""

from __future__ import annotations

from urllib.parse import urlencode

import geopandas as gpd
from dash import html
from dash.development.base_component import Component

from charts.attributes import hyphened
from charts.card import graph
from charts.figures import amount, as_published, last_break, newest, period_of
from data import queries
from data.model import Operation, Series, Snapshot, unite
from layers.world import WorldView
from pages.ids import Id
from pages.parts import aria, link
from pages.shell import PAGES
from pages.view import Context
from words.format import span
from words.notes import credit_line

WIDE_PX, NARROW_PX = 860, 360  # what the map is fitted to
PICTURE_PATH = "/pictures/world.png"
PICTURE_WIDE, PICTURE_NARROW = (860, 520), (360, 380)  # of the picture in its place, pixels


def start(context: Context) -> list[Component]:
    """The page."""
    w = context.words
    operations = list(context.held.operations.values())
    leading = {op.key: _lead(context, op) for op in operations}
    view = _world(context, operations, leading)
    real = [op for op in operations if not op.synthetic]
    broken = sum(1 for op in real if (s := leading[op.key]) is not None and last_break(s) is not None)
    title = "start.title" if len(real) == len(operations) else "start.title_training"
    return [
        html.Div(
            [
                html.H1(w(title, operations=len(real), broken=broken), className="ttl"),
                html.P(w("start.lead"), className="unit"),
            ],
            className="start-head",
        ),
        html.Div(
            [
                html.Section(
                    [
                        html.Div(
                            graph(
                                view,
                                view.figure(
                                    context.view.scheme, NARROW_PX if context.view.narrow else WIDE_PX
                                ),
                                id=Id.WORLD,
                                description=w("start.map_description"),
                                undrawn=w("start.picture_lost"),
                                class_name="world",
                            ),
                            className="worldbox",
                        ),
                        *_pictured(context, view),
                        html.P(w("start.map_note"), className="src"),
                    ],
                    **aria(label=w("start.map_label")),
                ),
                html.Section(
                    _listing(context, operations, leading),
                    className="ops",
                    **aria(label=w("start.list_label")),
                ),
            ],
            className="start-grid",
        ),
    ]


def _world(context: Context, operations: list[Operation], leading: dict[str, Series | None]) -> WorldView:
    return WorldView(
        snapshot=snapshot(context, operations, leading),
        words=context.words,
        origin=context.view.origin,
        digest=context.release.digest,
    )


def _pictured(context: Context, view: WorldView) -> list[Component]:
    """The map as the server draws it, for a browser without WebGL: a script asks for it there alone."""
    width, height = size = PICTURE_NARROW if context.view.narrow else PICTURE_WIDE
    query = {
        "release": context.release.digest, "lang": context.language, "scheme": context.view.scheme,
        "w": size[0], "h": size[1],
    }  # fmt: skip
    image = html.Img(
        alt=view.sentence(),
        width=str(width),
        height=str(height),
        **hyphened(data_src=f"{PICTURE_PATH}?{urlencode(query)}"),
    )
    return [
        html.Div(
            [
                html.P(context.words("start.picture_why"), className="small why-webgl"),
                html.P(context.words("start.picture_lost"), className="small why-lost"),
                image,
            ],
            className="world-picture",
            id="world-picture",
        )
    ]


def world_png(context: Context, width: int, height: int) -> bytes:
    """The map of the page as a picture."""
    from exports.map_picture_world import world_picture  # its libraries take a second to read

    operations = list(context.held.operations.values())
    view = _world(context, operations, {op.key: _lead(context, op) for op in operations})
    return world_picture(view, context.release, scheme=context.view.scheme, size=(width, height))


def snapshot(context: Context, operations: list[Operation], leading: dict[str, Series | None]) -> Snapshot:
    """The operations as places: each at the middle of its first view of the map."""
    rows, points = [], []
    for operation in operations:
        west, south, east, north = context.held.view[operation.key]
        series = leading[operation.key]
        rows.append(
            {
                "key": operation.key,
                "title_en": operation.title.en,
                "title_fr": operation.title.to("fr"),
                "country_en": operation.country.en,
                "country_fr": operation.country.to("fr"),
                "leads": _leads(operation),
                "synthetic": operation.synthetic,
                "breaks": series is not None and last_break(series) is not None,
                "figure": _figure(series, context)
                if series is not None
                else context.words("start.no_values"),
            }
        )
        points.append(((west + east) / 2, (south + north) / 2))
    table = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(*zip(*points, strict=True)), crs="EPSG:4326")
    provenance = unite(
        series.provenance
        if series is not None
        else queries.flow_points(context.release, key, context.today).provenance
        for key, series in leading.items()
    )
    return Snapshot(
        key="operations", label=operations[0].title, table=table, on=context.today, provenance=provenance
    )


def _lead(context: Context, operation: Operation) -> Series | None:
    indicator = context.held.lead[operation.key]
    return queries.series(context.release, indicator) if indicator else None


def _figure(series: Series, context: Context) -> str:
    """What is counted, how many and when: the newest value of a series."""
    row, w = newest(series), context.words
    if row is None:
        return w("start.no_values")
    return w(
        "start.figure",
        amount=amount(row, series, w),
        unit=w(f"unit.{series.unit}"),
        when=period_of(row, w),
        subject=series.label.to(w.language),
    )


def _listing(
    context: Context, operations: list[Operation], leading: dict[str, Series | None]
) -> list[Component]:
    w = context.words
    by_country: dict[str, list[Operation]] = {}
    invented = [operation for operation in operations if operation.synthetic]
    for operation in operations:
        if operation.synthetic:
            continue
        by_country.setdefault(operation.country.to(context.language), []).append(operation)
    said: list[Component] = []
    for country in sorted(by_country):
        said.append(html.H2(country, className="h2", id=_leads(by_country[country][0])))
        said += [_entry(context, operation, leading[operation.key]) for operation in by_country[country]]
    if invented:
        said.append(html.H2(w("start.synthetic_group"), className="h2 apart", id=_leads(invented[0])))
        said.append(html.P(w("start.synthetic_lead"), className="small"))
        said += [_entry(context, operation, leading[operation.key]) for operation in invented]
    return said


def _leads(operation: Operation) -> str:
    """Id of the head above an operation in the list."""
    return "country-synthetic" if operation.synthetic else f"country-{'-'.join(operation.iso3).lower()}"


def _entry(context: Context, operation: Operation, series: Series | None) -> Component:
    w, language = context.words, context.language
    title = operation.title.to(language)
    best = PAGES[operation.best_page]
    said: list[Component] = [
        html.H3(
            link(
                w("start.synthetic_title", title=title) if operation.synthetic else title,
                id=f"op-{operation.key}",
                href=context.view.at(best, operation=operation.key),
            )
        ),
        html.P(
            w(
                "start.kind",
                component=w(f"component.{operation.component}"),
                population=w(f"population.{operation.population}"),
            ),
            className="small",
        ),
        html.P(_figure(series, context) if series is not None else w("start.no_values"), className="fig"),
    ]
    row = newest(series) if series is not None else None
    if series is not None and row is not None and as_published(row, series, w):
        said.append(html.P(as_published(row, series, w), className="src"))
    if series is not None and row is not None:
        source = context.held.sources[row["source"]].title
        notes = len(series.provenance.events) + len(series.provenance.caveats)
        credit = credit_line(operation, w).removeprefix("Source: ").rstrip(".")
        said.append(html.P(w("start.read_with", source=source, credit=credit, notes=notes), className="src"))
    event = last_break(series) if series is not None else None
    if event is not None:
        said.append(
            html.P(
                w("start.break", when=span(event.when, w), headline=event.headline.to(language)),
                className="brk",
            )
        )
    said.append(
        html.P(
            [
                link(
                    w("start.to_trends"),
                    href=context.view.at("/trends", operation=operation.key),
                    **aria(label=w("start.to_trends_of", title=title)),
                ),
                link(
                    w("start.to_map"),
                    href=context.view.at("/map", operation=operation.key),
                    **aria(label=w("start.to_map_of", title=title)),
                ),
            ],
            className="go",
        )
    )
    return html.Article(said, className="op")

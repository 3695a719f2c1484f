"""What a reviewed entry would change: its cells before and after, its consequence, and the figures that it touches."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.ledger import Consequence, consequence
from data.ledger_edit import Review
from data.ledger_file import Cells, Entries, as_texts, effects_by_event, held, held_effects
from data.model import Source, Text
from data.schema import SOURCES
from pages.ledger import DOES, around, scope_said, trends_of
from pages.ledger_entry import event_of
from pages.ledger_fields import label
from pages.parts import Cell, link, table
from pages.shell import PAGES
from pages.view import Context
from words import Words


def preview_of(context: Context, found: Review, key: str) -> list[Component]:
    """What publishing the entry `key` of a review without anything bad would do."""
    w = context.words
    if not found.tables:
        return [html.P(w("ledgerpreview.nothing"))]
    rows = as_texts(found.tables[found.what.value], found.what.table)
    after = next(cells for cells in rows if cells["key"] == key)
    return [
        html.P(w("ledgerpreview.added" if key in found.added else "ledgerpreview.changed", key=key)),
        *_cells(context, found, key, after),
        *_sources(found, context),
        *(_consequence(after, w) if found.what is Entries.EVENTS else []),
        *_figures(context, found.what, after),
    ]


def _cells(context: Context, found: Review, key: str, after: Cells) -> list[Component]:
    """The cells that differ, as they are and as they would be."""
    w = context.words
    before = held(context.release, found.what).get(key)
    shown = found.changed[key] if before else [name for name in after if after[name] and name != "key"]
    rows: list[Sequence[Cell]] = []
    for name in shown:
        if name == "effects":
            now = effects_by_event(found.tables["effects"]).get(key, ())
            was = held_effects(context.release).get(key, ())
            rows.append((label(name, w), _effects(was, w), _effects(now, w)))
        else:
            rows.append((label(name, w), (before or {}).get(name, ""), after[name]))
    if not before and found.what is Entries.EVENTS and "effects" in found.tables:
        now = effects_by_event(found.tables["effects"]).get(key, ())
        rows += [(label("effects", w), "", _effects(now, w))] if now else []
    heads = [w("ledgerpreview.field"), w("ledgerpreview.before"), w("ledgerpreview.after")]
    return [table(heads, [(a, b or "–", c or "–") for a, b, c in rows])]


def _effects(effects: Sequence[Cells], w: Words) -> str:
    """Effects as they are written, one after the other."""
    said = (" ".join(e[name] for name in ("indicator", "value", "unit", "precision")) for e in effects)
    return w("note.separator").join(said)


def _sources(found: Review, context: Context) -> list[Component]:
    """The sources that would be new."""
    if "sources" not in found.tables:
        return []
    new = [
        cells["title"]
        for cells in as_texts(found.tables["sources"], SOURCES)
        if cells["key"] not in context.held.sources
    ]
    return [html.P(context.words("ledgerpreview.new_source", title=title)) for title in new]


def _consequence(after: Cells, w: Words) -> list[Component]:
    """What figures do with the event, and that a line is cut where it is."""
    unread = Source(key="", title="", publisher="", published=None, read_as=Text(""), credit="", licence="")
    event = event_of(after, unread)
    what = consequence(event)
    said: list[Component] = [
        html.P([html.B(w("ledgerpreview.does")), " ", w(DOES[what])], className=f"does {what}")
    ]
    if what is Consequence.LEFT_OUT and not after["about_observation"]:
        said.append(html.P(w("ledgerpreview.no_value"), className="small"))
    return said


def _figures(context: Context, what: Entries, after: Cells) -> list[Component]:
    """The pages and figures beside which the entry would stand."""
    w, held_, operation = context.words, context.held, after["operation"]
    scope = tuple(after["indicators"].split(";")) if after["indicators"] else ()
    cards = [i for i in held_.shown(operation) if not scope or i.key in scope]
    links: list[Cell] = [
        html.Li(
            [
                link(i.subject.to(w.language), href=trends_of(context, operation)),
                " – ",
                w("ledgerpreview.on_trends"),
            ]
        )
        for i in cards
    ]
    if what is Entries.EVENTS:
        number = int(after["first_round"]) if after["first_round"] else None
        between = around(context.release, held_, operation, scope, number)
        if between is not None:
            _, one, other = between
            said = w("ledgerpreview.on_change", first=one.round, second=other.round)
            links.append(html.Li(said))
        sites = after["sites"].split(";") if after["sites"] else []
        if sites:
            links.append(html.Li([link(w("ledgerpreview.on_map"), href=context.view.at(PAGES["map"]))]))
    else:
        sites = []
    areas = after["areas"].split(";") if after["areas"] else []
    return [
        html.P(html.B(w("ledgerpreview.figures"))),
        html.Div(scope_said(context.release, held_, operation, scope, sites, areas, w), className="small"),
        html.Ul(links) if links else html.P(w("ledgerpreview.no_figures"), className="small"),
    ]


def published(context: Context, digest: str) -> list[Component]:
    """The links that go with the news of a new release."""
    w = context.words
    operation = context.view.selection.operation
    return [
        html.P([w("ledgerpreview.release"), " ", html.Code(digest[:12], title=digest)], id="ledger-new"),
        html.P(link(w("ledgerpreview.look"), href=trends_of(context, operation), id="ledger-to-trends")),
    ]

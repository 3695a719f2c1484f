"""Ledger: what happened to the counts, by date, with who stands behind it, what it does to figures, and its source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from dash import html
from dash.development.base_component import Component

from data import split
from data.area_codes import areas_held
from data.codes import ClaimStatus, Measure, Precision, Unit
from data.ledger import Consequence, consequence
from data.model import Caveat, Effect, Event, Operation, Text
from data.parts import Side
from data.queries import Catalogue, Scoped
from data.store import Release
from pages.asked import COUNTS, key_of
from pages.ids import Id
from pages.ledger_entry import sites_of
from pages.ledger_fields import Desk
from pages.ledger_form import desk_of
from pages.parts import Cell, aria, link
from pages.shell import PAGES, operation_picker
from pages.view import Context
from words import Words
from words.format import number, percent, span
from words.notes import event_source, kind_word, source_line

EVENT_HEADS = ("h_when", "h_entry", "h_scope", "h_effect", "h_does", "h_after", "h_source")
CAVEAT_HEADS = ("h_caveat", "h_period", "h_scope", "h_source")
DOES = {
    Consequence.CUT: "ledger.does_cut",
    Consequence.LEFT_OUT: "ledger.does_left_out",
    Consequence.SHADED: "ledger.does_shaded",
    Consequence.CONTEXT: "ledger.does_context",
}
COMMANDS = (
    "python -m data events export ledger.csv{operation}",
    "python -m data events check ledger.csv",
    'python -m data events apply ledger.csv --reason "…"',
    "python -m data events export caveats.csv --caveats{operation}",
    'python -m data events apply caveats.csv --caveats --reason "…"',
)


def ledger(context: Context) -> list[Component]:
    """The page.

    Raises
    ------
    Unknown
        If the operation is not held.
    """
    w, key = context.words, context.view.selection.operation
    title = (
        w("ledger.title_of", operation=context.operation().title.to(context.language))
        if key
        else w("ledger.title")
    )
    return [
        html.Div(
            [html.H1(title, className="ttl"), html.P(w("ledger.lead"), className="unit"), _files(context)],
            className="start-head",
        ),
        html.Section(
            [
                html.H2(w("ledger.write_title"), className="h2"),
                html.Div(opening(context), id=Id.LEDGER_DESK, className="desk"),
            ],
            className="card writing",
            **aria(label=w("ledger.write_title")),
        ),
        html.Div(listing(context), id=Id.LEDGER_LIST, className="stack"),
    ]


def bar(context: Context) -> list[Component]:
    """The selection bar: one operation, or the way back to all."""
    w, view = context.words, context.view
    if not view.selection.operation:
        return [operation_picker(context)]
    every = link(w("ledger.all"), href=view.at(operation=""), id="ledger-all", className="btn plain")
    return [operation_picker(context), every]


def _files(context: Context) -> Component:
    """The same entries as files that the command and any spreadsheet read."""
    w, chosen = context.words, context.view.selection
    of = f"-{chosen.operation}" if chosen.operation else ""
    pinned = f"?release={context.release.digest}" if chosen.release else ""
    names = (("ledger", w("ledger.csv_events")), ("caveats", w("ledger.csv_caveats")))
    links = [
        html.A(text, href=f"/files/{name}{of}.csv{pinned}", id=f"csv-{name}", download="")
        for name, text in names
    ]
    return html.P([links[0], " · ", links[1]], className="small")


# Writing


def opening(context: Context) -> list[Component]:
    """What the desk opens with: the form where this reader may write, else why not, and the commands."""
    w, key = context.words, context.view.selection.operation
    if not context.writes:
        return _read_only(w, key, w("ledger.read_only"))
    if context.release.digest != context.newest:
        newest = link(w("ledger.newest"), href=context.view.at(release=""))
        return [html.P(w("ledger.pinned"), className="small"), html.P(newest)]
    if not key:
        return [html.P(w("ledger.choose_to_write"), className="small")]
    return desk_of(Desk(words=w, release=context.release, held=context.held, operation=key))


def _read_only(w: Words, operation: str, why: str) -> list[Component]:
    of = f" --operation {operation}" if operation else ""
    lines = "\n".join(command.format(operation=of) for command in COMMANDS)
    return [
        html.P(why, className="small"),
        html.Pre(html.Code(lines), tabIndex=0, **aria(label=w("ledger.commands"))),
    ]


# Reading


def listing(context: Context) -> list[Component]:
    """The entries, operation by operation."""
    held, key = context.held, context.view.selection.operation
    chosen = [held.operation(key)] if key else list(held.operations.values())
    return [_of_operation(context, operation, alone=bool(key)) for operation in chosen]


def _of_operation(context: Context, operation: Operation, *, alone: bool) -> Component:
    w, held = context.words, context.held
    events = sorted(
        (s for s in held.events if s.operation == operation.key),
        key=lambda s: (_event(s).when, _event(s).key),
    )
    caveats = [s for s in held.caveats if s.operation == operation.key]
    title = operation.title.to(w.language)
    named = w("start.synthetic_title", title=title) if operation.synthetic else title
    counted = w("ledger.counted", events=len(events), caveats=len(caveats))
    head = [
        html.H2(w("ledger.events") if alone else named, className="h2"),
        html.P(counted, className="small"),
    ]
    body: list[Component] = [
        _table(w, "events", EVENT_HEADS, [_event_row(context, scoped) for scoped in events])
        if events
        else html.P(w("ledger.no_events"), className="small")
    ]
    return html.Section(
        [
            *head, *body,
            html.H3(w("ledger.caveats"), className="h3"),
            html.P(w("ledger.caveats_lead"), className="small"),
            _table(w, "caveats", CAVEAT_HEADS, [_caveat_row(context, scoped) for scoped in caveats]),
        ],
        className="card entries",
        id=f"ledger-{operation.key}",
        **aria(label=named),
    )  # fmt: skip


def _table(
    w: Words, name: str, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]]
) -> Component:
    head = html.Thead(html.Tr([html.Th(w(f"ledger.{text}"), scope="col") for text in heads]))
    body = [
        html.Tr([html.Th(cells[0], scope="row"), *(html.Td(cell) for cell in cells[1:])], id=f"entry-{key}")
        for key, cells in rows
    ]
    caption = html.Caption(w(f"ledger.caption_{name}"), className="vh")
    return html.Div(
        html.Table([caption, head, html.Tbody(body)], className=f"tw of-{name}"),
        className="scroll",
        tabIndex=0,
        role="region",
        **aria(label=w(f"ledger.caption_{name}")),
    )


def _event(scoped: Scoped) -> Event:
    if not isinstance(scoped.item, Event):
        raise TypeError("an entry of events is an event")
    return scoped.item


def _caveat(scoped: Scoped) -> Caveat:
    if not isinstance(scoped.item, Caveat):
        raise TypeError("an entry of caveats is a caveat")
    return scoped.item


def _event_row(context: Context, scoped: Scoped) -> tuple[str, Sequence[Cell]]:
    w, event = context.words, _event(scoped)
    when: list[Cell] = [span(event.when, w)]
    if event.first_round is not None:
        when.append(html.Span(w("ledger.first_round", number=event.first_round), className="src"))
    return event.key, (
        when,
        _said(context, scoped),
        scope_said(
            context.release, context.held, scoped.operation, scoped.indicators, event.sites, event.areas, w
        ),
        _size(context, event),
        _does(event, w),
        _after(context, scoped),
        html.Span(event_source(event, w), className="src"),
    )


def _said(context: Context, scoped: Scoped) -> list[Cell]:
    """Kind and claim, what happened, who asked and decided, and where its figures are."""
    w, event = context.words, _event(scoped)
    stands = "claim alleged" if event.claim in (ClaimStatus.ALLEGED, ClaimStatus.DISPUTED) else "claim"
    people: Sequence[tuple[str, Text]] = (
        ("note.reason", event.reason),
        ("note.asked_by", event.asked_by),
        ("note.decided_by", event.decided_by),
    )
    parts: list[Cell] = [
        html.P(
            [html.B(kind_word(event, w)), " · ", html.Span(w(f"claim.{event.claim}"), className=stands)],
            className="kick",
        ),
        html.P(html.B(event.headline.to(w.language))),
        html.P(event.text.to(w.language)),
        *(html.P(w(name, text=text.to(w.language)), className="small") for name, text in people if text),
    ]
    where = [link(w("ledger.to_trends"), href=trends_of(context, scoped.operation))]
    between = around(context.release, context.held, scoped.operation, scoped.indicators, event.first_round)
    if between is not None:
        what, one, other = between
        address = context.view.at(
            PAGES["change"], operation=scoped.operation, place="", round=None, on=None, layers=None, known=None,
            what=what, area="", first=key_of(one), second=key_of(other),
        )  # fmt: skip
        where.append(link(w("ledger.to_change"), href=address))
    return [*parts, html.P([part for one in where for part in (" · ", one)][1:], className="go")]


def trends_of(context: Context, operation: str) -> str:
    """The address of Trends of an operation."""
    return context.view.at(
        PAGES["trends"], operation=operation, place="", round=None, on=None, layers=None, known=None,
        what="", area="", first="", second="",
    )  # fmt: skip


def scope_said(
    release: Release,
    held: Catalogue,
    operation: str,
    indicators: Sequence[str],
    sites: Sequence[str],
    areas: Sequence[str],
    w: Words,
) -> list[Cell]:
    """Of which figures and places an entry speaks."""
    names = sites_of(release, operation)
    subjects = [held.indicators[key].subject.to(w.language) for key in indicators if key in held.indicators]
    held_areas = areas_held(release)
    called = {
        code: w("areas.named", name=held_areas[iso3][code], code=code)
        for iso3 in held.operation(operation).iso3
        for code in areas
        if code in held_areas.get(iso3, {})
    }
    places = [
        w(key, list=w("note.separator").join(named.get(code, code) for code in codes))
        for key, codes, named in (("ledger.sites", sites, names), ("ledger.areas", areas, called))
        if codes
    ]
    return [
        html.P(
            w("ledger.indicators", list=w("note.separator").join(subjects)) if subjects else w("ledger.every")
        ),
        *(html.P(said) for said in places or [w("ledger.all_places")]),
    ]


def _size(context: Context, event: Event) -> Cell:
    """The published effect on each indicator, with unit and precision, or that there is none."""
    w = context.words
    if not event.effects:
        return w("ledger.size_unknown") if event.breaks else w("ledger.no_size")
    return html.Ul([html.Li(_effect(context, effect)) for effect in event.effects])


def _effect(context: Context, effect: Effect) -> str:
    w = context.words
    of = context.held.indicators[effect.indicator].subject.to(w.language)
    note = effect.note.to(w.language)
    if effect.unit is Unit.PERCENT:
        digits = 0 if effect.value == round(effect.value) else 1
        figure, unit = percent(effect.value, w.language, signed=True, decimals=digits), ""
    else:
        figure, unit = number(effect.value, w.language, signed=True), w(f"unit.{effect.unit}")
    amount = w(f"precision.{effect.precision}", number=figure)
    said = w("ledger.effect_percent" if not unit else "ledger.effect", amount=amount, unit=unit, indicator=of)
    return w("ledger.effect_note", effect=said, note=note) if note else said


def _does(event: Event, w: Words) -> Component:
    what = consequence(event)
    return html.Span(w(DOES[what]), className=f"does {what}")


def _after(context: Context, scoped: Scoped) -> list[Cell]:
    """What came after an entry, what was said against it, and what itself came after or was said against."""
    w, event = context.words, _event(scoped)
    mine = {e.key: e for e in context.held.events_of(scoped.operation)}
    items: list[tuple[str, Event]] = [("followed_by", e) for e in mine.values() if e.follows == event.key]
    items += [("answered_by", e) for e in mine.values() if e.answers == event.key]
    items += [("follows", mine[event.follows])] if event.follows in mine else []
    items += [("answers", mine[event.answers])] if event.answers in mine else []
    said: list[Cell] = [
        html.P(w(name, text=text.to(w.language)))
        for name, text in (("note.criticised_by", event.criticised_by), ("note.reply", event.reply))
        if text
    ]
    for name, other in items:
        entry = html.A(other.headline.to(w.language), href=f"#entry-{other.key}")
        said.append(html.P([w(f"ledger.{name}", when=span(other.when, w)), " ", entry]))
    return said or [html.Span(w("ledger.nothing_after"), className="src")]


def _caveat_row(context: Context, scoped: Scoped) -> tuple[str, Sequence[Cell]]:
    w, caveat = context.words, _caveat(scoped)
    return caveat.key, (
        [html.P(html.B(caveat.title.to(w.language))), html.P(caveat.text.to(w.language), className="plain")],
        span(caveat.period, w) if caveat.period else w("ledger.always"),
        scope_said(context.release, context.held, scoped.operation, scoped.indicators, (), caveat.areas, w)[
            : 1 + bool(caveat.areas)
        ],
        html.Span(source_line(caveat.source, w), className="src"),
    )


# The change around an entry


def around(
    release: Release, held: Catalogue, operation: str, indicators: Sequence[str], first_round: int | None
) -> tuple[str, Side, Side] | None:
    """The count and the two rounds between which an entry lies, None where no change can be told there."""
    if first_round is None:
        return None
    mine = [i for i in held.indicators.values() if i.operation == operation and i.measure is Measure.STOCK]
    lead = held.lead[operation]
    for indicator in sorted(mine, key=lambda i: (i.key != lead, not i.shown, i.shown, i.key)):
        if indicator.unit not in COUNTS or (indicators and indicator.key not in indicators):
            continue
        sides = [s for s in _sides(release, indicator.key) if s.round is not None]
        before = [s for s in sides if s.round is not None and s.round < first_round]
        after = [s for s in sides if s.round is not None and s.round >= first_round]
        if before and after:
            return indicator.key, before[-1], after[0]
    return None


@lru_cache(maxsize=128)  # a release never changes
def _sides(release: Release, indicator: str) -> tuple[Side, ...]:
    return tuple(s for s in split.sides_of(release, indicator) if s.precision is Precision.EXACT)

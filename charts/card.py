"""The card: a picture together with everything that must be read with it. The only maker of `dcc.Graph`.

`graph` takes a `Shown` that has notes and nothing else, so that no picture reaches a page without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from charts.afterlife import afterlife_panel
from charts.attributes import hyphened
from charts.canvas import Canvas
from charts.theme import Scheme
from charts.twin import twin
from charts.wording import drawn_breaks, nothing_title
from data.errors import ProvenanceMissing
from data.model import Note, Operation, Provenance, Row, Series, Shown
from data.moments import span_of
from data.series import Revised, revisions
from words import Words
from words.format import day, quantified, span
from words.notes import credit_line, note_date, notes_of, source_line

MOST_COVERED = 4  # so many lines on coverage are shown unfolded
MOVED = ("map", "world")  # classes of pictures that a reader moves and zooms


class Chart(Shown, Protocol):
    """A trend or flow chart: a `Shown` about one series."""

    @property
    def series(self) -> Series:
        """What it is about."""
        ...

    @property
    def words(self) -> Words:
        """The reader's language."""
        ...

    def kicker(self) -> str:
        """Stock or flow."""
        ...

    def title(self) -> str:
        """What the picture shows."""
        ...

    def unit_line(self) -> str:
        """What is counted, where, when, by which operation."""
        ...

    def drawn(self) -> tuple[date, date]:
        """First and last day of the picture."""
        ...

    def description(self) -> str:
        """The picture in words."""
        ...

    def figure(self, scheme: Scheme = "light", narrow: bool = False) -> go.Figure:  # noqa: FBT001, FBT002 - as canvas
        """The picture, checked by Plotly."""
        ...

    def canvas(self, scheme: Scheme = "light", narrow: bool = False) -> Canvas:  # noqa: FBT001, FBT002 - one protocol for both charts
        """The picture."""
        ...


def graph(
    shown: Shown,
    figure: go.Figure | Canvas | dict[str, Any],
    *,
    id: str,  # noqa: A002 - Dash's name
    description: str,
    undrawn: str,
    class_name: str = "",
) -> Component:
    """A picture on a page, and what stands in its place where the drawing cannot be loaded.

    Parameters
    ----------
    shown : Shown
        What the picture is of; its notes must stand on the same page.
    figure : go.Figure, Canvas or dict
        The picture, or what Plotly makes it from.
    id, description, undrawn, class_name : str
        Id of the component, what a screen reader hears, what is said without a drawing, CSS classes.

    Raises
    ------
    ProvenanceMissing
        If `shown` is not a `Shown`, or brings no notes.
    """
    if not isinstance(shown, Shown):
        raise ProvenanceMissing("A picture without its notes is not shown: pass what it was made from.")
    if not shown.notes():
        raise ProvenanceMissing(
            "A picture that brings no notes is not shown: its provenance was lost on the way."
        )
    moves = class_name in MOVED
    drawn = figure.plain() if isinstance(figure, Canvas) else figure
    height = drawn["layout"].get("height") if isinstance(drawn, dict) else drawn.layout.height
    inner = dcc.Graph(
        id=id,
        figure=drawn,
        className="plot",
        responsive=True,
        # A map fills its box; a chart brings its own height.
        style={} if moves else {"height": f"{height or 400:.0f}px"},
        config={"displayModeBar": False, "scrollZoom": moves, "doubleClick": False},
    )
    box = html.Div(
        inner,
        className=f"graph {class_name}",
        role="group" if moves else "img",
        **hyphened(aria_label=description),
    )
    return html.Div([box, html.P(undrawn, className="undrawn")], className="drawing")


def trend_card(
    chart: Chart,
    *,
    id: str,  # noqa: A002 - Dash's name
    scheme: Scheme,
    narrow: bool,
    controls: Sequence[Component] = (),
    rail: Sequence[Component] = (),
    after: Sequence[Component] = (),
    actions: Sequence[Component] = (),
) -> Component:
    """A trend with everything that must be read with it, in reading order; `after` follows the notes.

    A chart whose notes cannot be made is not drawn: the card says so in its place.
    """
    w = chart.words
    try:
        picture = graph(
            chart, chart.canvas(scheme, narrow), id=id, description=chart.description(),
            undrawn=w("card.undrawn"), class_name="trend",
        )  # fmt: skip
        notes = chart.notes()
    except ProvenanceMissing as lost:
        return broken_card(chart.title(), str(lost), w)
    changed, used = revision_panel(chart.series, w), afterlife_panel(chart.series, w)
    side = [*rail, *([changed] if changed is not None else [])]
    after = [*([used] if used is not None else []), *after]
    main = [
        html.P(as_known(chart.kicker(), chart.series, w), className="kick"),
        html.H2(chart.title(), className="ttl", id=f"{id}-title"),
        html.P(chart.unit_line(), className="unit"),
        scope(chart.series, w),
        who_made_it(chart.provenance.operations[0], w),
        html.Div([*controls, _not_comparable(chart, w)], className="bar"),
        picture,
    ]
    head = (
        html.Div([html.Div(main), html.Div(side, className="rail")], className="split")
        if side
        else html.Div(main)
    )
    return html.Article(
        [
            head,
            html.Hr(className="hr"),
            notes_list(notes, w, chart.series.as_known_on),
            *after,
            twin(chart.table(), chart.title(), w),
            html.H3(w("card.sentence"), className="h3"),
            html.P(
                chart.sentence(),
                className="quote",
                **hyphened(data_copy=f"copy-{id}", data_done=w("card.copied")),
            ),
            html.Div(
                [
                    html.Button(
                        w("card.copy"),
                        id={"type": "press", "index": f"copy-{id}"},
                        className="btn first",
                        type="button",
                    ),
                    *actions,
                ],
                className="acts",
            ),
            methods(chart.provenance, w),
            sources(chart.provenance, w),
        ],
        className="card trend-card",
        id=f"{id}-card",
        role="figure",
        **hyphened(aria_labelledby=f"{id}-title"),
    )


def as_known(kicker: str, series: Series, w: Words) -> str:
    """The kicker of a card, with the day as of which its figure is shown."""
    if series.as_known_on is None:
        return kicker
    return w("known.kicker", kicker=kicker, when=day(series.as_known_on, w.language))


def nothing_card(
    series: Series,
    kicker: str,
    first: date | None,
    w: Words,
    *,
    id: str,  # noqa: A002 - Dash's name
    after: Sequence[Component] = (),
) -> Component:
    """The card of a figure of which nothing was public on its day: since when something was, and its notes."""
    on = series.as_known_on
    if on is None:
        raise ValueError(f"the newest of '{series.key}' is not a figure as known on a day")
    told = w("known.nothing_first", when=day(first, w.language)) if first else w("known.nothing_ever")
    notes = notes_of(
        series.provenance, w, (date.min, date.min), known=on
    )  # no picture, so nothing is numbered in it
    return html.Article(
        [
            html.P(as_known(kicker, series, w), className="kick"),
            html.H2(nothing_title(series, w), className="ttl", id=f"{id}-title"),
            html.P([w("known.nothing", when=day(on, w.language)), " ", told], className="quote nothing"),
            scope(series, w),
            who_made_it(series.provenance.operations[0], w),
            html.Hr(className="hr"),
            notes_list(notes, w, on),
            *after,
            methods(series.provenance, w),
            sources(series.provenance, w),
        ],
        className="card trend-card",
        id=f"{id}-card",
        role="figure",
        **hyphened(aria_labelledby=f"{id}-title"),
    )


def broken_card(title: str, why: str, w: Words) -> Component:
    """The card in place of a chart whose notes cannot be made."""
    return html.Article(
        [
            html.H2(title, className="ttl"),
            html.P(w("card.broken"), className="quote"),
            html.P(why, className="src"),
        ],
        className="card trend-card",
    )


def notes_list(notes: Sequence[Note], w: Words, known: date | None = None) -> Component:
    """Events with what followed, then what always holds, then context: each with its date and source.

    Of a figure as known on a day, what became public later follows in a section of its own.
    """
    if known is None:
        return _divided(notes, w)
    later = [n for n in notes if n.later]
    if not later:
        return html.Div([_divided(notes, w), html.P(w("known.none_after"), className="small")])
    return html.Div(
        [
            _divided([n for n in notes if not n.later], w),
            html.Section(
                [
                    html.H3(w("known.only_after", when=day(known, w.language)), className="h2 context"),
                    html.P(w("known.only_after_lead"), className="small"),
                    html.Ul([_note(n, w) for n in later], className="notes"),
                ],
                className="later",
            ),
        ]
    )


def _divided(notes: Sequence[Note], w: Words) -> Component:
    """Notes of one time: events in the count, what always holds, context."""
    first_other = max((i for i, n in enumerate(notes) if n.mark not in ("†", "–")), default=-1)
    # What came after an event, or criticises it, follows it directly and stays with it.
    touching = [n for i, n in enumerate(notes) if n.mark != "†" and (i <= first_other or _follows(notes, i))]
    standing = [n for n in notes if n.mark == "†"]
    context = [n for n in notes if n.mark == "–" and n not in touching]
    columns = []
    if touching:
        columns.append(_column(w("card.changed"), touching, w))
    if standing:
        columns.append(_column(w("card.standing"), standing, w))
    said: list[Component] = [html.Div(columns, className="notes")]
    if context:
        said.append(html.H3(w("card.context"), className="h2 context"))
        said.append(html.Ul([_note(n, w) for n in context], className="notes"))
    return html.Div(said, className="all-notes")


def _follows(notes: Sequence[Note], at: int) -> bool:
    """Whether the note at `at` comes directly after the last numbered one, before any caveat."""
    return notes[at].mark == "–" and all(n.mark != "†" for n in notes[:at])


def _column(title: str, notes: Sequence[Note], w: Words) -> Component:
    return html.Div([html.H3(title, className="h2"), html.Ol([_note(n, w) for n in notes])])


def _note(note: Note, w: Words) -> Component:
    numbered = note.mark not in ("†", "–")
    when = note_date(note.when, w)
    lead: list[Any] = [html.B(when), " "] if when and note.mark != "†" else []
    lead.append(html.B(note.word) if note.mark == "†" else html.Span(note.word, className="ty"))
    body = html.Div([*lead, html.Br(), note.text, html.Span(note.source, className="src")])
    return html.Li(
        [html.Span(note.mark, className="n" if numbered else "k"), body],
        className="note brkn" if note.breaks else "note",
        **hyphened(data_note=note.key),
    )


def scope(series: Series, w: Words) -> Component:
    """Who is counted, and who is not."""
    language = w.language
    return html.P(
        [
            html.Span([html.B(w("card.counted")), " ", series.counted.to(language)]),
            html.Span([html.B(w("card.not_counted")), " ", series.not_counted.to(language)]),
        ],
        className="scope",
    )


def who_made_it(operation: Operation, w: Words) -> Component:
    """Who made this count: each line known, or not stated with where one looked."""
    rows: list[Component] = []
    for line in operation.card:
        rows.append(html.Dt(w(f"who.{line.field}")))
        said = (
            line.text.to(w.language)
            if line.text
            else w("who.not_stated", where=line.looked_in.to(w.language))
        )
        rows.append(html.Dd(said))
    return html.Details([html.Summary(w("card.who")), html.Dl(rows, className="def")], className="who")


def _not_comparable(chart: Chart, w: Words) -> Component:
    if not drawn_breaks(chart.series, chart.drawn()):
        return html.Span()
    return html.Span(
        [html.Span(className="i-no", **hyphened(aria_hidden="true")), w("card.not_comparable")],
        className="small push",
    )


def revision_panel(series: Series, w: Words) -> Component | None:
    """The values that were first published as others, then and now; None where there are none."""
    changed = [r for r in revisions(series) if r.how is Revised.CHANGED]
    if not changed:
        return None
    rows = [
        html.Tr(
            [
                html.Th(span(span_of(r.newest), w), scope="row"),
                html.Td(_then(r.first, w), className="r was"),
                html.Td(_then(r.newest, w), className="r"),
            ]
        )
        for r in changed
    ]
    heads = [
        html.Th(w("card.rev_when")),
        html.Th(w("card.rev_then"), className="r"),
        html.Th(w("card.rev_now" if series.as_known_on is None else "known.rev_now"), className="r"),
    ]
    exact = sum(r.how is Revised.MORE_EXACT for r in revisions(series))
    said = [
        html.H3(w("card.rev_title"), className="h2"),
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="cmp"),
        html.P(w("card.rev_note"), className="src"),
    ]
    if exact:
        said.append(html.P(w("card.rev_exact", values=exact), className="src"))
    return html.Section(said)


def _then(row: Row, w: Words) -> str:
    """A value of one vintage, or that it was withdrawn."""
    return (
        w("card.withdrawn") if pd.isna(row["value"]) else quantified(float(row["value"]), row["precision"], w)
    )


def methods(provenance: Provenance, w: Words) -> Component:
    """How the values were made, what was computed here, and what they cover."""
    language = w.language
    said: list[Component] = []
    for method in provenance.methods:
        text, accuracy = method.text.to(language), method.accuracy.to(language)
        said.append(
            html.P(
                [html.B(w("card.method")), " ", text, " ", html.B(w("card.accuracy")), " ", accuracy],
                className="small",
            )
        )
    more = [("card.computed", text) for text in provenance.derived_by]
    said.extend(html.P([html.B(w(key)), " ", text.to(language)], className="small") for key, text in more)
    covered: list[Component] = [
        html.P([html.B(w("card.coverage")), " ", text.to(language)], className="small")
        for text in provenance.coverage
    ]
    if len(covered) > MOST_COVERED:
        summary = html.Summary(w("card.covered", values=len(covered)))
        covered = [html.Details([summary, *covered], className="twin")]
    return html.Div([*said, *covered], className="method")


def sources(provenance: Provenance, w: Words) -> Component:
    """Credits, and every text and file that was read."""
    credit_lines = dict.fromkeys(credit_line(o, w) for o in provenance.operations)
    listed = [
        html.Li(w("card.source", source=source_line(s, w), publisher=s.publisher)) for s in provenance.sources
    ]
    return html.Div(
        [
            html.P([*(html.B(line) for line in credit_lines), " ", w("card.not_found")], className="src"),
            html.Details(
                [
                    html.Summary(
                        [w("card.sources"), " ", html.Span(w("card.sources_count", sources=len(listed)))]
                    ),
                    html.Ul(listed),
                ],
                className="twin sources",
            ),
        ]
    )

"""Invented charts for the tests of pictures, and ways to read what a picture and its table say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from hypothesis import settings
from hypothesis import strategies as st

from charts.card import Chart
from charts.flow import FlowChart
from charts.trend import Basis, TrendChart
from data import queries
from data.codes import EventKind, Granularity, Measure, Precision, Unit
from data.dates import DateSpan
from data.model import Event, Series
from data.store import Release
from tests.laws import (
    caveat,
    days,
    effect,
    event,
    events,
    provenance,
    rounds_and_others,
    row,
    series,
    text,
)
from tests.test_series import crossed
from words import Words, words

EN, FR = words("en"), words("fr")

NARROW = "\u202f"

DRAWN = settings(max_examples=25)  # each example draws whole figures

JUNE, SEPTEMBER, TAKEN_OFF = 278_945, 171_974, 54_045  # Haiti 2013, people, as published

OLD = 226_019  # 171,974 + 54,045


DELISTING = event(
    "delisting",
    "2013-09-30",
    first_round=16,
    effects=(effect(-TAKEN_OFF),),
    headline=text("Settlements left out"),
)


ROUNDS = (
    row(13, "2012-12-31", 320_000),
    row(14, "2013-03-31", 300_000),
    row(15, "2013-06", JUNE),
    row(16, "2013-09-30", SEPTEMBER),
    row(17, "2013-12-31", 160_000),
    row(19, "2014-06-30", 140_000),
)


def haiti(
    *,
    language: str = "en",
    window: str = "",
    basis: Basis = "reported",
    effort: bool = False,
    ledger: Sequence[Event] = (DELISTING,),
    **changes: Any,
) -> TrendChart:
    """Examplia with the two published counts of Haiti beside the delisting, and round 18 not found."""
    sites = series(
        [row(15, "2013-06", 352), row(16, "2013-09-30", 306)],
        ledger,
        key="sites",
        label=text("Sites on the list"),
        unit=Unit.SITES,
    )
    return TrendChart(
        series=series(ROUNDS, ledger, **changes),
        words=words(language),
        effort=sites if effort else None,
        window=DateSpan.parse(window) if window else None,
        basis=basis,
    )


def months_of(counts: Mapping[int, int | None], language: str = "en") -> FlowChart:
    """Movements in months of 2016; None is a month that a register holds without a value."""
    rows = [row(None, f"2016-{number:02}", value) for number, value in counts.items()]
    return FlowChart(
        series=series(rows, unit=Unit.MOVEMENTS, measure=Measure.FLOW, granularity=Granularity.MONTH),
        words=words(language),
    )


FIRST, NEWEST = 1_525, 11_500  # Niger, November 2016: as first published and as corrected


CORRECTION = event(
    "correction", "2017-12", kind=EventKind.CORRECTION, breaks=False, about="people-none-2016-11"
)

MONTHS: Mapping[int, int | None] = {2: 12_000, 3: 26_000, 4: None, 8: 6_000, 9: 5_000, 10: 4_000, 12: 3_000}


def movements(
    *,
    language: str = "en",
    totals: bool = True,
    window: str = "",
    ledger: Sequence[Event] = (CORRECTION,),
    **changes: Any,
) -> FlowChart:
    """Examplia with a gap from May to July, the corrected November of Niger, and totals of two and four months."""
    rows = [row(None, f"2016-{number:02}", value) for number, value in MONTHS.items()]
    first = row(None, "2016-11", FIRST)
    newest = row(
        None,
        "2016-11",
        NEWEST,
        obs="nov-2",
        precision=Precision.ABOUT.value,
        vintage="later",
        known_by="2017-12-31",
    )
    kinds: dict[str, Any] = {"unit": Unit.MOVEMENTS, "measure": Measure.FLOW, "label": text("Movements out")}
    monthly = series(
        [*rows, newest],
        ledger,
        history=series([*rows, first, newest]).values,
        granularity=Granularity.MONTH,
        **(kinds | changes),
    )
    longer = series(
        [
            row(None, "2016-02-01/2016-03-31", 38_000),
            row(None, "2016-02-01/2016-05-31", 111_230),
            row(None, "2016-02-01/2017-01-31", 333_891),
        ],
        key="totals",
        granularity=Granularity.PERIOD,
        provenance=provenance(caveats=(caveat("totals-overlap"),)),
        **(kinds | changes),
    )
    return FlowChart(
        series=monthly,
        words=words(language),
        totals=longer if totals else None,
        window=DateSpan.parse(window) if window else None,
    )


def points(trace: Any) -> list[tuple[date, float]]:
    """What a trace draws, by day."""
    when = [pd.Timestamp(x).date() for x in trace.x]
    return list(zip(when, [float(y) for y in trace.y], strict=True))


def named(figure: go.Figure, *names: str) -> list[Any]:
    """The traces of those names."""
    return [trace for trace in figure.data if trace.name in names]


def values_of(chart: TrendChart) -> list[tuple[date, float]]:
    """The values in the window of a chart, by day."""
    held = chart.series.values[chart.series.values["value"].notna()]
    first, last = chart.drawn()
    inside = held[(held["last"].dt.date >= first) & (held["last"].dt.date <= last)]
    return sorted(zip(inside["last"].dt.date, inside["value"], strict=True))


def lines_across(figure: go.Figure, about: Series) -> list[str]:
    """The traces that join values of both sides of a break, whatever they are called; bars of one stretch too.

    A trace that touches a value which the series does not hold is no line of it (the ring, the effort).
    """
    held = about.values[about.values["value"].notna()]
    at = {(r["last"].date(), float(r["value"])): position for position, (_, r) in enumerate(held.iterrows())}
    found = []
    for trace in figure.data:
        if trace.name in {"events", "effort", "effort not found"}:
            continue
        rows = [at[point] for point in points(trace) if point in at]
        cuts = crossed([held.iloc[sorted(rows)]], about.provenance.breaks())
        found += [f"{trace.name}: {key}" for key in cuts]
    return found


@st.composite
def charts(draw: st.DrawFn) -> TrendChart:
    """Any rounds with values between them, any ledger, and any window or none."""
    values = draw(rounds_and_others())
    ledger = draw(st.lists(events(), max_size=4, unique_by=lambda e: e.key))
    ends = draw(st.none() | st.tuples(days, days))
    return TrendChart(
        series=series([], ledger, values=values, history=values),
        words=draw(st.sampled_from([EN, FR])),
        window=None if ends is None else DateSpan(min(ends), max(ends)),
        basis=draw(st.sampled_from(["reported", "old"])),
    )


def numbers_of(text: str) -> list[str]:
    """The numbers of a label: "4–6, 9" is four of them."""
    ends = [[int(end) for end in part.split("–")] for part in text.split(", ")]
    return [str(number) for part in ends for number in range(part[0], part[-1] + 1)]


def badges(figure: go.Figure) -> list[str]:
    """The numbers above the plot, in their order in time."""
    found = [
        (pd.Timestamp(x), number)
        for trace in named(figure, "events")
        for x, text in zip(trace.x, trace.text, strict=True)
        for number in numbers_of(text)
    ]
    return [number for _, number in sorted(found, key=lambda item: (item[0], int(item[1])))]


def numbers_apart(figure: go.Figure, chart: Chart) -> set[str]:
    """The numbers that are only in the figure or only among its notes."""
    return set(badges(figure)) ^ {note.mark for note in chart.notes() if note.mark.isdigit()}


LEDGER = (
    event("earlier", "2010-01-12", kind=EventKind.START, breaks=False),
    event("method", "2013-02", kind=EventKind.METHOD_CHANGE, breaks=False),
    DELISTING,
    event("press", "2013-10", kind=EventKind.PUBLICATION, breaks=False),
    event("again", "2014-05", kind=EventKind.RE_REGISTRATION),
    event("later", "2019", kind=EventKind.END, breaks=False),
)


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows that are values."""
    return [
        {str(k): v for k, v in r.items()} for r in table[~table["_break"].astype(bool)].to_dict("records")
    ]


def breaks_of(table: pd.DataFrame) -> list[str]:
    """The sentences of the breaks."""
    return [str(cell) for cell in table[table["_break"].astype(bool)].iloc[:, 0]]


def digits(said: str) -> set[str]:
    """The numbers of a text, without their grouping."""
    return set(re.findall(r"\d+(?:[.]\d+)?", re.sub(rf"(?<=\d)[,{NARROW}](?=\d{{3}})", "", said)))


def hovers(figure: go.Figure) -> list[str]:
    """What every point says, but for the badges, whose text is that of the notes."""
    found: list[str] = []
    for trace in figure.data:
        told = trace.hovertemplate
        if trace.name != "events" and told is not None:
            found += [told] if isinstance(told, str) else list(told)
    return found


def not_in_table(figure: go.Figure, table: pd.DataFrame) -> set[str]:
    """Numbers that a reader finds only by pointing."""
    cells = " ".join(str(cell) for cells in table.itertuples(index=False) for cell in cells)
    return digits(" ".join(hovers(figure))) - digits(cells + " ".join(table.columns))


PERCENT = re.compile(r"%|\bper ?cent|pour cent")


def fragments(sentence: str) -> list[str]:
    """The pieces of an English sentence between its placeholders that are long enough to be known again."""
    return [piece.strip() for piece in re.split(r"{\w+}|<[^>]+>", sentence) if len(piece.strip()) > 7]


SPOKEN = (
    "trend.",
    "flow.",
    "card.",
    "unit.",
    "obs_status.",
    "split.",
    "who.",
    "precision.",
    "figure.",
    "date.",
)


ENGLISH = {
    piece
    for key, sentence in EN.table.items()
    if key.startswith(SPOKEN) and sentence != FR.table[key]
    for piece in fragments(sentence)
    if not any(piece in french for french in FR.table.values())
}


def english_in(said: str) -> set[str]:
    """The English pieces of sentences in a text, which begin and end with a word."""
    held = [piece for piece in ENGLISH if piece in said]  # few, and a search by words is dear
    return {piece for piece in held if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", said)}


def badly_grouped(said: str) -> list[str]:
    """Numbers of four digits and more that are grouped in another way than French does."""
    return re.findall(r"(?<![\d\u202f])\d{1,3}(?:[,. \u00a0]\d{3})+(?!\d)", said)


def spoken(chart: Chart) -> str:
    """All that a chart says of itself: lines, sentences, table heads and cells that it words, labels, hovers."""
    table = chart.table()
    w = chart.words
    cells = [
        str(c)
        for head in (w("trend.col_value"), w("trend.col_status"), w("trend.col_first"))
        for c in table[head]
    ]
    figure = chart.figure()
    labels = [str(a.text) for a in figure.layout.annotations]
    return "\n".join(
        [
            chart.kicker(), chart.title(), chart.unit_line(), chart.sentence(), chart.description(),
            *map(str, table.columns), *cells, *breaks_of(table), *labels, *hovers(figure),
        ]
    )  # fmt: skip


def french(**changes: Any) -> dict[str, Any]:
    """The texts of the data in French, so that what is left in English is the wording's."""
    from data.model import Text

    plain: dict[str, Any] = {
        "label": Text("People in sites", (("fr", "Personnes dans les sites"),)),
        "place": Text("Examplia", (("fr", "Examplie"),)),
    }
    return plain | changes


def held(release: Release, w: Words) -> Iterator[Chart]:
    """Each chart that the trends page shows, in its window and whole."""
    catalogue = queries.catalogue(release)

    def other(key: str) -> Series | None:
        return queries.series(release, key) if key else None

    for about in catalogue.indicators.values():
        if not about.shown:
            continue
        one = queries.series(release, about.key)
        for window in dict.fromkeys([about.window, None]):
            if about.measure is Measure.FLOW:
                yield FlowChart(series=one, words=w, totals=other(about.totals), window=window)
            else:
                for basis in ("reported", "old"):
                    yield TrendChart(
                        series=one, words=w, effort=other(about.effort), window=window, basis=basis
                    )

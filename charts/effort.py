"""How much was observed, in words and rows: beside a figure, so that what nobody visited is not read as a fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from dash import html
from dash.development.base_component import Component

from charts import wording
from charts.twin import twin
from data.codes import Precision, Unit
from data.effort import Basis, Effort, out_of_reach
from data.model import Note, Provenance, Row, records
from words import Words
from words.format import day, number, on_ladder, percent, quantified
from words.notes import notes_of

FIRST = 10  # places that are listed by name; how many more there are is said
SHOWN = {
    Basis.SITES: ("listed", "reached", "visited", "share", "informants"),
    Basis.POINTS: ("points", "days_open", "days_observed", "share", "hours"),
    Basis.LIST: ("listed", "reached", "visited", "informants"),
}
BESIDE = ("listed", "visited", "informants")  # what stands beside each value in the table of a trend


@dataclass(frozen=True, kw_only=True, eq=False)
class EffortShown:
    """An effort with what must be read with it."""

    effort: Effort
    words: Words

    @property
    def provenance(self) -> Provenance:
        """What it rests on."""
        return self.effort.provenance

    def notes(self) -> tuple[Note, ...]:
        """Every event and caveat of the operation's list or points."""
        return notes_of(self.provenance, self.words)

    def table(self) -> pd.DataFrame:
        """One row a round or month; what was not published says "not found"."""
        w, basis = self.words, self.effort.basis
        rows = [
            {w("effort.col_when"): wording.when(row, w), **cells(row, self.effort, w, SHOWN[basis])}
            for _, row in records(self.effort.rows)
        ]
        return pd.DataFrame(rows)

    def sentence(self) -> str:
        """How much was observed last."""
        return effort_sentence(self.effort, self.words)


def head(name: str, basis: Basis, w: Words) -> str:
    """The head of a column."""
    if name == "share":
        return w("effort.col_share_points" if basis is Basis.POINTS else "effort.col_share_sites")
    return w(f"effort.col_{name}")


def cells(row: Row, effort: Effort, w: Words, names: Sequence[str] = BESIDE) -> dict[str, str]:
    """A row by the heads of its columns; "not found" for what was not published, never 0."""
    return {head(name, effort.basis, w): said(row, name, w) for name in names}


def said(row: Row, name: str, w: Words) -> str:
    """One number of a row."""
    if pd.isna(row[name]):
        return w("trend.not_found")
    if name == "share":
        return percent(float(row[name]), w.language)
    precision = Precision(row["precision"]) if name == "listed" else Precision.EXACT
    return quantified(float(row[name]), precision, w)


def effort_sentence(effort: Effort, w: Words, at: Row | None = None) -> str:
    """How much was observed in a round or month; in the last one, unless `at` is another row."""
    said_so = _told(effort, w, at)
    return said_so[0].upper() + said_so[1:]  # a French date begins small


def _told(effort: Effort, w: Words, at: Row | None) -> str:
    row = effort.newest() if at is None else at
    if row is None:
        return w("effort.none")
    when = wording.when(row, w)
    if effort.basis is Basis.LIST:
        return w("effort.by_list", when=when, listed=said(row, "listed", w))
    told = {name: said(row, name, w) for name in SHOWN[effort.basis]}
    if effort.basis is Basis.SITES:
        return w(
            "effort.by_sites",
            when=when,
            listed=told["listed"],
            reached=told["reached"],
            visited=told["visited"],
            share=told["share"],
            informants=told["informants"],
        )
    return w(
        "effort.by_points",
        when=when,
        points=told["points"],
        observed=told["days_observed"],
        open=told["days_open"],
        share=told["share"],
        hours=told["hours"],
    )


def effort_panel(
    effort: Effort,
    w: Words,
    *,
    absent: pd.DataFrame | None = None,
    at: Row | None = None,
    unit: Unit = Unit.INDIVIDUALS,
) -> Component:
    """How much was observed, and what was not assessed, since when.

    Parameters
    ----------
    effort : Effort
        Of the operation.
    w : Words
        The reader's language.
    absent : pd.DataFrame, optional
        What `data.effort.not_assessed_since` gives for the round or period of `at`.
    at : row of `effort.rows`, optional
        Which round or month is told; the newest, unless it is given.
    unit : Unit
        Of the last counts.
    """
    shown, row = EffortShown(effort=effort, words=w), effort.newest() if at is None else at
    parts: list[Component] = [
        html.H3(w("effort.title"), className="h2"),
        html.P(effort_sentence(effort, w, row), className="small"),
    ]
    if effort.basis is Basis.SITES:
        parts.append(html.P(w("effort.whole_list"), className="src"))
    parts += _absent(effort, absent, row, unit, w)
    if len(effort.rows):
        parts.append(twin(shown.table(), w("effort.title"), w))
    return html.Section(parts, className="effort")


def _absent(
    effort: Effort, absent: pd.DataFrame | None, row: Row | None, unit: Unit, w: Words
) -> list[Component]:
    """What was not assessed: how many, which areas were out of reach, the first by name, and how many more."""
    title = html.H4(w("effort.absent_title"), className="h2")
    if absent is None or row is None:
        return [title, html.P(w("effort.absent_not_found"), className="small")]
    when, points = wording.when(row, w), effort.basis is Basis.POINTS
    if absent.empty:
        none = w("effort.absent_no_points" if points else "effort.absent_no_sites", when=when)
        return [title, html.P(none, className="small")]
    count = number(len(absent), w.language)
    told = w("effort.absent_points" if points else "effort.absent_sites", when=when, count=count)
    parts = [title, html.P(told, className="small")]
    lost = out_of_reach(absent)
    if lost:
        areas = [w("effort.reach_item", area=a, sites=number(n, w.language)) for a, n in lost.items()]
        listed = w("effort.out_of_reach", areas=w("note.separator").join(areas))
        parts.append(html.P(listed, className="small"))
    parts.append(rows_table(absent_rows(absent, effort, unit, w), w("effort.absent_title")))
    if len(absent) > FIRST:
        more = number(len(absent) - FIRST, w.language)
        parts.append(html.P(w("effort.more", more=more), className="small"))
    return parts


def absent_rows(
    absent: pd.DataFrame, effort: Effort, unit: Unit, w: Words, first: int = FIRST
) -> pd.DataFrame:
    """The first places that were not assessed, as text cells."""
    points = effort.basis is Basis.POINTS
    heads = {
        "name": w("effort.col_name"),
        "area": w("effort.col_area"),
        "reach": w("effort.col_reach"),
        "since": w("effort.col_day" if points else "effort.col_since"),
        "count": w("effort.col_count", unit=w(f"unit.{Unit.MOVEMENTS if points else unit}")),
    }
    if points:
        heads.pop("reach")
    rows = []
    for _, row in records(absent.head(first)):
        told = {
            "name": row["name"],
            "area": _area(row, w),
            "reach": w("effort.was_reached" if row["reached"] is True else "effort.not_reached"),
            "since": _since(row, w, points=points),
            "count": _count(row, effort, w),
        }
        rows.append({title: told[key] for key, title in heads.items()})
    return pd.DataFrame(rows, columns=list(heads.values()))


def _area(row: Row, w: Words) -> str:
    area, within = row["area"], row["within"]
    return w("effort.area", area=area, within=within) if area and within else area or within


def _since(row: Row, w: Words, *, points: bool) -> str:
    """The last visit, or that none was found."""
    if pd.isna(row["last_day"]):
        return w("effort.no_day" if points else "effort.no_visit")
    when = day(row["last_day"].date(), w.language)
    if pd.isna(row["last_round"]):
        return when
    return w("trend.when_round", date=when, number=int(row["last_round"]))


def _count(row: Row, effort: Effort, w: Words) -> str:
    """The last count: withheld, not found, or a number with its round where that is not the one of the last visit."""
    if row["withheld"]:
        return w("state.withheld")
    if pd.isna(row["last_count"]):
        return w("trend.not_found")
    value, precision = float(row["last_count"]), Precision(row["precision"])
    if effort.provenance.methods[0].rounds_figures and on_ladder(value) != value:
        value, precision = on_ladder(value), Precision.ABOUT
    text = quantified(value, precision, w)
    if pd.isna(row["count_round"]) or row["count_round"] == row["last_round"]:
        return text
    return w("effort.count_round", value=text, number=int(row["count_round"]))


def rows_table(rows: pd.DataFrame, caption: str) -> Component:
    """Rows of text cells as an open table that scrolls by itself; the first column names its rows."""
    head_of = html.Thead(html.Tr([html.Th(name, scope="col") for name in rows.columns]))
    body = [
        html.Tr([html.Th(cells_of[0], scope="row"), *(html.Td(cell) for cell in cells_of[1:])])
        for cells_of in rows.itertuples(index=False, name=None)
    ]
    parts = [html.Caption(caption, className="vh"), head_of, html.Tbody(body)]
    return html.Div(html.Table(parts, className="tw"), className="scroll")

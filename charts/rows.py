"""The rows of a chart: its values, the breaks between them, and all that is drawn beside, as text cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from charts import effort as observed_by
from charts import wording
from charts.figures import amount, period_of
from charts.twin import BREAK
from data.change import published_split
from data.codes import RowKind
from data.effort import Effort
from data.lists import OneList, cuts_by_row
from data.model import Event, Row, Series, records
from data.series import Revision, breaks_by_row, on_old_coverage, revisions
from words import Words
from words.format import span


def table(
    series: Series, effort: Series | Effort | None, w: Words, more: Sequence[Series] = ()
) -> pd.DataFrame:
    """The rows of a chart, each break written out between the values that it divides.

    Parameters
    ----------
    series : Series
        What is drawn; periods without a value say "not found".
    effort : Series, Effort or None
        What is drawn below it; a value of it without a count beside has a row of its own.
    w : Words
        The reader's language.
    more : sequence of Series
        What is drawn behind or beside: its rows come last.

    Returns
    -------
    pd.DataFrame
        Columns: when, value, those of the effort where there is one, first published, kind, source; and `BREAK`.
    """
    heads = {name: w(f"trend.col_{name}") for name in ("when", "value", "first", "status", "source")}
    titles = {
        s.key: s.title
        for one in (series, *more, *([effort] if effort else []))
        for s in one.provenance.sources
    }
    revised = revisions(series)
    breaks = breaks_by_row(series)
    columns, efforts = _observed(effort, w)
    used: set[object] = set()
    rows: list[tuple[pd.Timestamp, dict[str, object]]] = []
    for at, row in records(series.values):
        rows += [
            (row["last"], {heads["when"]: break_row(e, series, w), BREAK: True})
            for e in breaks.get(int(str(at)), ())
        ]
        cells = _cells(row, series, revised, titles, heads, w)
        if effort is not None:
            seen = efforts.get(slot(row))
            used.add(slot(row))
            cells |= dict.fromkeys(columns, w("trend.not_found")) if seen is None else seen[1]
        rows.append((row["last"], cells))
    if effort is not None:
        for row, told in (found for key, found in efforts.items() if key not in used):
            said: dict[str, object] = {heads["value"]: w("trend.not_found"), BREAK: False, **told}
            said |= {
                heads["when"]: wording.when(row, w),
                heads["source"]: titles.get(row.get("source", ""), ""),
            }
            rows.append((row["last"], said))
        rows.sort(key=lambda item: item[0])  # stable: what belongs to one day stays in its order
    for other in more:
        if isinstance(other, OneList):
            rows += _beside(other, titles, heads, w)
            continue
        for _, row in records(other.values):
            total = _cells(row, other, (), titles, heads, w)
            total |= {heads["when"]: period_of(row, w), heads["status"]: w("trend.period_total")}
            rows.append((row["last"], total))
    order = [
        heads["when"],
        heads["value"],
        *columns,
        heads["first"],
        heads["status"],
        heads["source"],
        BREAK,
    ]
    return pd.DataFrame({name: [cells.get(name, "") for _, cells in rows] for name in order})


def _beside(
    line: OneList, titles: Mapping[str, str], heads: Mapping[str, str], w: Words
) -> list[tuple[pd.Timestamp, dict[str, object]]]:
    """The rows of a line on one list of sites, with the breaks that still divide it."""
    cuts = cuts_by_row(line)
    rows: list[tuple[pd.Timestamp, dict[str, object]]] = []
    for at, row in records(line.values):
        for event in cuts.get(int(str(at)), ()):
            said = w("trend.break_row", when=span(event.when, w), headline=event.headline.to(w.language))
            rows.append((row["last"], {heads["when"]: said, BREAK: True}))
        rows.append((row["last"], _cells(row, line, (), titles, heads, w)))
    return rows


def slot(row: Row) -> object:
    """What ties an effort to its count: the round, or where there is none the month."""
    return row["last"].to_period("M") if pd.isna(row["round"]) else int(row["round"])


def by_slot(effort: Series) -> dict[object, pd.Series]:
    """The values of an effort by what ties them to a count."""
    return {slot(row): row for _, row in records(effort.values[effort.values["value"].notna()])}


def _observed(
    effort: Series | Effort | None, w: Words
) -> tuple[list[str], dict[object, tuple[Row, dict[str, str]]]]:
    """The columns of an effort, and its rows with their cells by what ties them to a count."""
    if effort is None:
        return [], {}
    if isinstance(effort, Effort):
        columns = [observed_by.head(name, effort.basis, w) for name in observed_by.BESIDE]
        return columns, {
            slot(row): (row, observed_by.cells(row, effort, w)) for _, row in records(effort.rows)
        }
    label = effort.label.to(w.language)
    return [label], {key: (row, {label: _effort(row, effort, w)}) for key, row in by_slot(effort).items()}


def break_row(event: Event, series: Series, w: Words) -> str:
    """A break as a row of a table reads it, with the value on the old coverage where it is drawn."""
    said = {"when": span(event.when, w), "headline": event.headline.to(w.language)}
    split, old = published_split(series, event), on_old_coverage(series, event)
    if old is None:
        return w("trend.break_row", **said)
    row = old.values.iloc[0]
    value = wording.figure(float(row["value"]), series, w)
    if split is None:
        return w("trend.break_row_old", **said, old=value, formula=row["derivation"])
    return w(
        "trend.break_row_split",
        **said,
        off=wording.figure(split.taken_off, series, w),
        old=value,
        formula=row["derivation"],
        unit=w(f"unit.{series.unit}"),
    )


def _effort(row: Row, effort: Series, w: Words) -> str:
    """How much was observed, with its formula where it was computed here."""
    said = amount(row, effort, w)
    return f"{said} ({wording.status(row, w)})" if row["kind"] == RowKind.DERIVED else said


def _cells(
    row: Row,
    series: Series,
    revised: Sequence[Revision],
    titles: Mapping[str, str],
    heads: Mapping[str, str],
    w: Words,
) -> dict[str, object]:
    missing, note = pd.isna(row["value"]), row["note_fr"] if w.language == "fr" else row["note"]
    return {
        heads["when"]: wording.when(row, w),
        heads["value"]: wording.absent(row, series, w) if missing else wording.value(row, series, w),
        heads["first"]: wording.first_published(row, revised, w),
        heads["status"]: ". ".join(
            part for part in ("" if missing else wording.status(row, w), note) if part
        ),
        heads["source"]: titles.get(row["source"], ""),
        BREAK: False,
    }

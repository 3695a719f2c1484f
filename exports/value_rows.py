"""The rows of a figure's file: its values, the periods without one, and what its page shows beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import pandas as pd

from charts.wording import absent
from data.codes import Precision, RowKind, State, Unit
from data.effort import Effort
from data.lists import OneList, cuts_by_row
from data.model import Event, Row, Series, records
from data.series import breaks_by_row
from words import Words
from words.notes import note_date

COLUMNS = (
    "first", "last", "round", "value", "lower", "upper", "precision", "obs_status", "state", "kind", "derivation",
    "vintage", "known_by", "source", "note",
)  # fmt: skip
HEAD = ("break_before", *COLUMNS, "is_newest", "unit", "row_of")
SERIES, OLD, TOTAL, ONE_LIST, EFFORT = "series", "old_coverage", "period_total", "one_list", "effort"
OBSERVED: Mapping[
    str, tuple[str, Unit]
] = {  # a column of an effort by site: what its rows are of, and their unit
    "listed": ("sites_listed", Unit.SITES),
    "reached": ("sites_reached", Unit.SITES),
    "visited": ("sites_visited", Unit.SITES),
    "informants": ("key_informants", Unit.INDIVIDUALS),
}


class Charted(Protocol):
    """A chart with all that it has rows of."""

    @property
    def series(self) -> Series:
        """What it is about."""
        ...

    @property
    def gapped(self) -> Series:
        """The same, with a row for each period without a value."""
        ...

    @property
    def effort(self) -> Series | Effort | None:
        """How much was observed."""
        ...

    @property
    def words(self) -> Words:
        """The reader's language."""
        ...

    def old_coverage(self) -> Sequence[Series]:
        """The first value after a break as it would be on the coverage before, one a break that it is known of."""
        ...

    def beside(self) -> Sequence[Series]:
        """What is drawn beside it: the count on one list of sites, or totals of longer periods."""
        ...


def value_rows(chart: Charted) -> list[Mapping[str, object]]:
    """One row a value, by the heads of `HEAD`.

    Returns
    -------
    list of mapping
        By date all vintages of the series, the newest of each value marked, and the periods in which none was found,
        of state `no_data`; then, each with what it is of in `row_of`, values on the coverage before a break, what is
        drawn beside, and how much was observed, as persons and sites. Missing values are missing, never zero.
    """
    w, rows = chart.words, list(_published(chart.series, SERIES, chart.words))
    gaps = chart.gapped.values
    rows += [
        {
            **_row(row, chart.series, SERIES, w, note=absent(row, chart.series, w)),
            "kind": None,
            "precision": None,
        }
        for _, row in records(gaps[gaps["obs"] == ""])
    ]
    rows.sort(key=lambda row: pd.Timestamp(str(row["last"])))  # stable: those of one day stay as they were
    for old in chart.old_coverage():
        rows += [_row(row, old, OLD, w) for _, row in records(old.values)]
    for one in chart.beside():
        rows += _on_one_list(one, w) if isinstance(one, OneList) else _published(one, TOTAL, w)
    if isinstance(chart.effort, Effort):
        rows += _observed(chart.effort, w)
    elif chart.effort is not None:
        rows += _published(chart.effort, EFFORT, w)
    return rows


def kinds_of(rows: Sequence[Mapping[str, object]], w: Words) -> list[str]:
    """What the rows of a file are of, a line a kind; none where all are values of the figure."""
    held = list(dict.fromkeys(str(row["row_of"]) for row in rows))
    return [] if held == [SERIES] else [w("file.row_of"), *(w(f"file.row_of_{kind}") for kind in held)]


def _published(series: Series, of: str, w: Words) -> Iterator[Mapping[str, object]]:
    """Every publication of every value."""
    newest = set(series.values["obs"])
    breaks = {
        series.values["obs"].get(at): _headlines(found, w) for at, found in breaks_by_row(series).items()
    }
    for _, row in records(series.history):
        current = row["obs"] in newest
        yield _row(row, series, of, w, before=breaks.get(row["obs"], "") if current else "", newest=current)


def _on_one_list(line: OneList, w: Words) -> Iterator[Mapping[str, object]]:
    """The values of a line on one list of sites, each with its arithmetic."""
    cuts = cuts_by_row(line)
    for at, row in records(line.values):
        yield _row(row, line, ONE_LIST, w, before=_headlines(cuts.get(int(str(at)), ()), w))


def _observed(effort: Effort, w: Words) -> Iterator[Mapping[str, object]]:
    """How many sites were listed, reached and visited and how many persons asked, where any of it was published."""
    source = "; ".join(source.title for source in effort.provenance.sources)
    held = [name for name in OBSERVED if effort.rows[name].notna().any()]
    for _, row in records(effort.rows):
        for name in held:
            of, unit = OBSERVED[name]
            missing = pd.isna(row[name])
            value = None if missing else float(row[name])
            state = State.NO_DATA if value is None else State.COUNTED if value else State.COUNTED_ZERO
            yield dict.fromkeys(HEAD) | {
                "first": row["first"],
                "last": row["last"],
                "round": row["round"],
                "value": value,
                "precision": None
                if missing
                else row["precision"]
                if name == "listed"
                else Precision.EXACT.value,
                "state": state.value,
                "kind": None if missing else RowKind.DERIVED.value,
                "derivation": None if missing else w("file.of_sites"),
                "source": source,
                "note": w("trend.not_found") if missing else None,
                "is_newest": "yes",
                "unit": unit.value,
                "row_of": of,
            }


def _row(
    row: Row, series: Series, of: str, w: Words, *, before: str = "", newest: bool = True, note: str = ""
) -> Mapping[str, object]:
    titles = {source.key: source.title for source in series.provenance.sources}
    own = row["note_fr"] if w.language == "fr" else row["note"]
    return {name: row[name] for name in COLUMNS[:-2]} | {
        "break_before": before,
        "source": titles.get(row["source"], ""),
        "note": ". ".join(part for part in (note, own) if part),
        "is_newest": "yes" if newest else "no",
        "unit": series.unit.value,
        "row_of": of,
    }


def _headlines(events: Sequence[Event], w: Words) -> str:
    return "; ".join(f"{note_date(e.when, w)}: {e.headline.to(w.language)}" for e in events)

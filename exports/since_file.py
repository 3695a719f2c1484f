"""What became of a figure since a day, as CSV: first what must be read with it, then each value then and now."""

from __future__ import annotations

import csv
import io

from data.model import Row
from data.vintages import Fate, VintageDifference
from exports.csv_file import Figure, cell, comment, read_with
from words import Words
from words.format import day
from words.notes import note_date

COLUMNS = (
    "first", "last", "round", "value_then", "precision_then", "public_by_then", "value_now", "precision_now",
    "public_by_now", "difference", "became", "why", "source_then", "source_now", "unit",
)  # fmt: skip


def since_text(figure: Figure, became: VintageDifference) -> str:
    """The notes of a figure as known on a day, and what became of its values.

    Parameters
    ----------
    figure : Figure
        The figure as known on the day: its notes, with those that became known later.
    became : VintageDifference
        Of the same figure and day.

    Returns
    -------
    str
        CSV with CRLF line ends; lines that begin with "#" are read with the values. One row a value that changed,
        was withdrawn or is new; the values that stand as they stood are told as a number. Missing values are empty.

    Raises
    ------
    ProvenanceMissing
        If the figure brings no notes: a file without them is not made.
    ValueError
        If the two are not of one figure and day.
    """
    if (figure.series.key, figure.series.as_known_on) != (became.now.key, became.on):
        raise ValueError("the figure and what became of it are not of one indicator and day")
    w = figure.words
    lines = [
        *read_with(figure),
        w("known.became_file", when=day(became.on, w.language)),
        w("known.became_same", values=became.same),
    ]
    written = io.StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n")
    for line in lines:
        out.writerow([comment(line)])
    out.writerow(COLUMNS)
    titles = {s.key: s.title for s in became.provenance.sources}
    for fate in became.fates:
        out.writerow([cell(value) for value in _row(fate, titles, became.now.unit.value, w)])
    return written.getvalue()


def _row(fate: Fate, titles: dict[str, str], unit: str, w: Words) -> list[object]:
    why = "; ".join(f"{note_date(e.when, w)}: {e.headline.to(w.language)}" for e in fate.corrections)
    return [
        fate.row["first"], fate.row["last"], fate.row["round"],
        *_version(fate.then, fate.value_then), _day(fate.known_then),
        *_version(fate.now, fate.value_now), _day(fate.known_now),
        fate.difference, fate.how.value, why,
        _source(fate.then, titles), _source(fate.now, titles), unit,
    ]  # fmt: skip


def _version(row: Row | None, value: float | None) -> tuple[float | None, str]:
    return value, "" if row is None else str(row["precision"])


def _day(known: object) -> str:
    return "" if known is None else str(known)


def _source(row: Row | None, titles: dict[str, str]) -> str:
    return "" if row is None else titles.get(row["source"], "")

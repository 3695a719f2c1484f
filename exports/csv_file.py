"""A figure as CSV: first everything that must be read with it, then its values, breaks named in their row."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from datetime import date
from typing import Protocol

import pandas as pd

from data.errors import ProvenanceMissing
from data.model import Note, Series, Shown
from exports.value_rows import HEAD, Charted, kinds_of, value_rows
from words import Words
from words.format import day
from words.notes import note_date

RISKY = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "|",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # a spreadsheet would run them


class Figure(Shown, Protocol):
    """A `Shown` about one series."""

    @property
    def series(self) -> Series:
        """What the figure is about."""
        ...

    @property
    def words(self) -> Words:
        """The reader's language."""
        ...

    def title(self) -> str:
        """What the picture shows."""
        ...


class Filed(Figure, Charted, Protocol):
    """A figure with all that it has rows of."""


def csv_text(figure: Filed) -> str:
    """The figure's notes and values.

    Parameters
    ----------
    figure : Filed
        What the page shows.

    Returns
    -------
    str
        CSV with CRLF line ends. Lines that begin with "#" are what must be read with the values: title,
        sentence, who is counted, every event and caveat with its source, credit. Then one head and one row a
        value (see `exports.value_rows`); `break_before` names the event that divides a row from the one above.
        Missing values are empty.

    Raises
    ------
    ProvenanceMissing
        If the figure brings no notes: a file without them is not made.
    """
    lines, rows = read_with(figure), value_rows(figure)
    written = io.StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n")
    out.writerows([comment(line)] for line in (*lines, *kinds_of(rows, figure.words)))
    out.writerow(HEAD)
    out.writerows([cell(row[name]) for name in HEAD] for row in rows)
    return written.getvalue()


def read_with(figure: Figure) -> list[str]:
    """The lines that must be read with the values of a figure, in order.

    Raises
    ------
    ProvenanceMissing
        If the figure brings no notes: a file without them is not made.
    """
    notes = figure.notes()
    if not notes:
        raise ProvenanceMissing("A file without its notes is not made: the provenance was lost on the way.")
    series, w = figure.series, figure.words
    lines = [figure.title(), figure.sentence()]
    known = series.as_known_on
    if known is not None:
        lines.append(w("known.file_line", when=day(known, w.language)))
    if any(o.synthetic for o in series.provenance.operations):
        lines.insert(0, w("shell.synthetic"))
    lines.append(w("file.counted", text=series.counted.to(w.language)))
    lines.append(w("file.not_counted", text=series.not_counted.to(w.language)))
    lines += note_lines(notes, known, w)
    language = w.language
    lines += [
        w("file.method", text=method.text.to(language), accuracy=method.accuracy.to(language))
        for method in figure.provenance.methods
    ]
    lines += [w("file.coverage", text=text.to(language)) for text in figure.provenance.coverage]
    return [*lines, *(formula.to(w.language) for formula in figure.provenance.derived_by)]


def note_lines(notes: Sequence[Note], known: date | None, w: Words) -> list[str]:
    """The notes one a line, in order; below a line of their own those that were not public on the day."""
    later = [note for note in notes if note.later]
    lines = [_note(note, w) for note in notes if not note.later]
    if known is not None and later:
        lines.append(w("known.file_later", when=day(known, w.language)))
    return lines + [_note(note, w) for note in later]


def _note(note: Note, w: Words) -> str:
    """A note in one line: its mark, date, kind, text and source."""
    parts = (f"[{note.mark}]", note_date(note.when, w), w("file.kind", word=note.word), note.text)
    return " ".join(part for part in (*parts, f"({note.source})" if note.source else "") if part)


def comment(line: str) -> str:
    """A line that is to be read with the values, as a row of the file says it."""
    return f"# {line.replace(chr(13), ' ').replace(chr(10), ' ')}"


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    text = str(value)
    return f"'{text}" if text.startswith(RISKY) else text

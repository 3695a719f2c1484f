"""The map's table as CSV: first everything that must be read with it, then one row a place, whatever is on a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from data.errors import ProvenanceMissing
from data.model import Note, Provenance
from exports.csv_file import cell, comment, note_lines
from words import Words
from words.notes import credit_line


def map_text(
    title: str,
    said: Sequence[str],
    notes: Sequence[Note],
    provenance: Provenance,
    parts: Iterable[pd.DataFrame],
    words: Words,
    known: date | None = None,
) -> str:
    """The rows of a map with its notes.

    Parameters
    ----------
    title : str
        What the map shows.
    said : sequence of str
        Sentences that belong to it: date, filters, as known on which day.
    notes : sequence of Note
        Everything that must be read with it.
    provenance : Provenance
        Of what is written: methods, coverage, formulas.
    parts : iterable of DataFrame
        The rows in parts, so that a hundred thousand need not be held at once. One with other translated heads
        than the part before it begins a block of its own, after an empty line.
    words : Words
        The reader's language.
    known : date, optional
        As known on which day; notes that were not public then stand apart.

    Returns
    -------
    str
        CSV with CRLF line ends; lines that begin with "#" are what must be read with the rows.

    Raises
    ------
    ProvenanceMissing
        If there are no notes: a file without them is not made.
    """
    if not notes:
        raise ProvenanceMissing("A file without its notes is not made: the provenance was lost on the way.")
    written = io.StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n")
    if any(operation.synthetic for operation in provenance.operations):
        out.writerow([comment(words("shell.synthetic"))])
    for line in (title, *said, *note_lines(notes, known, words), *_method(provenance, words)):
        out.writerow([comment(line)])
    heads: list[str] = []
    for rows in parts:
        if heads != list(rows.columns):
            if heads:
                out.writerow([])
            heads = list(rows.columns)
            out.writerow(heads)
        out.writerows([cell(value) for value in row] for row in rows.astype(object).to_numpy().tolist())
    return written.getvalue()


def _method(provenance: Provenance, w: Words) -> list[str]:
    """How the figures were made, what they cover, and how values computed here were."""
    language = w.language
    return [
        *(
            w("file.method", text=method.text.to(language), accuracy=method.accuracy.to(language))
            for method in provenance.methods
        ),
        *(w("file.coverage", text=text.to(language)) for text in provenance.coverage),
        *(formula.to(language) for formula in provenance.derived_by),
        *dict.fromkeys(credit_line(operation, w) for operation in provenance.operations),
    ]

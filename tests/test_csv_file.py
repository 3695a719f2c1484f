"""Figures as CSV: the file carries what the page says."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from data import queries
from data.errors import ProvenanceMissing
from data.model import Note
from data.store import Release
from exports.csv_file import RISKY, cell, csv_text
from pages.trends import chart_of
from words import words


def parts(text: str) -> tuple[str, list[dict[str, str]]]:
    """The lines to be read with the values, and the values."""
    rows = list(csv.reader(io.StringIO(text)))
    at = next(i for i, row in enumerate(rows) if not row[0].startswith("#"))
    head = rows[at]
    return "\n".join(row[0] for row in rows[:at]), [
        dict(zip(head, row, strict=True)) for row in rows[at + 1 :]
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_note_of_every_figure_is_in_its_file(release: Release, language: str) -> None:
    """No event and no caveat is lost on the way out; control: a file cut after its first lines lacks some."""
    held = queries.catalogue(release)
    for indicator in held.indicators.values():
        chart = chart_of(release, indicator, words(language))
        said, _ = parts(csv_text(chart))
        for note in chart.notes():
            assert note.text in said, (indicator.key, note.key)
            assert note.source in said
        assert not all(note.text in said.split("\n")[0] for note in chart.notes())


def test_haiti_s_file_names_the_break_at_its_row(release: Release) -> None:
    """171,974 stands below a row that says what divides it from 278,945, and both vintages are there."""
    indicator = queries.catalogue(release).indicators["hti-idp"]
    _, rows = parts(csv_text(chart_of(release, indicator, words("en"))))
    after = [row for row in rows if row["break_before"].startswith("30 September 2013")]
    assert [row["value"] for row in after] == ["171974"]
    april = {row["vintage"]: row["value"] for row in rows if row["round"] == "9"}
    assert april == {"first": "421000", "api-2025-10": "419740"}
    assert sum(row["is_newest"] == "yes" for row in rows) == len(
        {row["round"] or row["last"] for row in rows}
    )


def test_no_cell_is_a_formula() -> None:
    """A spreadsheet runs nothing from the file, and numbers stay numbers."""
    assert all(cell(f"{sign}cmd()").startswith("'") for sign in RISKY)
    assert (cell(171974.0), cell(-2.5), cell(float("nan"))) == ("171974", "-2.5", "")
    assert cell("Canaan") == "Canaan"


def test_a_file_without_notes_is_not_made(release: Release) -> None:
    """What has lost its provenance does not leave."""
    indicator = queries.catalogue(release).indicators["hti-idp"]
    chart = chart_of(release, indicator, words("en"))

    class Bare:
        series, words, provenance = chart.series, chart.words, chart.provenance
        title, sentence, table = chart.title, chart.sentence, chart.table

        def notes(self) -> tuple[Note, ...]:
            return ()

    with pytest.raises(ProvenanceMissing):
        csv_text(Bare())
    assert csv_text(replace(chart, window=None))

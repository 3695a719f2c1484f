"""Figures as CSV: the file carries what the page says."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from charts.twin import BREAK
from data import queries
from data.codes import State
from data.errors import ProvenanceMissing
from data.model import Note
from data.store import Release
from exports.csv_file import RISKY, cell, csv_text
from pages.trends import chart_of
from words import words

NOT_COUNTED = {state.value for state in State} - {State.COUNTED.value, State.COUNTED_ZERO.value}


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
    assert [(row["value"], row["row_of"]) for row in after] == [("171974", "series"), ("306", "effort")]
    april = {
        row["vintage"]: row["value"] for row in rows if row["round"] == "9" and row["row_of"] == "series"
    }
    assert april == {"first": "421000", "api-2025-10": "419740"}
    (old,) = [row for row in rows if row["row_of"] == "old_coverage"]
    assert (old["value"], old["derivation"], old["kind"]) == ("226019", "171974 + 54045", "derived")
    own = [row for row in rows if row["row_of"] == "series"]
    assert sum(row["is_newest"] == "yes" for row in own) == len({row["round"] or row["last"] for row in own})


def slot(row: Mapping[str, str]) -> str:
    """What ties an effort to its count."""
    return row["round"] or row["last"][:7]


def test_a_file_has_all_that_the_table_has(release: Release) -> None:
    """Each row of the table twin of each figure is a row of its file: gaps, totals, and what is drawn below."""
    held = queries.catalogue(release)
    seen = set()
    for indicator in held.indicators.values():
        chart = chart_of(release, indicator, words("en"))
        head, rows = parts(csv_text(chart))
        kinds = {row["row_of"] for row in rows}
        seen |= kinds
        table = chart.table()
        values = table[~table[BREAK]] if BREAK in table else table
        newest = [row for row in rows if row["is_newest"] == "yes"]
        told = [row for row in newest if row["row_of"] in {"series", "period_total"}]
        # An effort without a count of its round, or month, has a row of its own in the table.
        alone = {slot(row) for row in newest} - {slot(row) for row in told}
        assert len(values) == len(told) + len(alone), indicator.key
        assert ("row_of" in head) is (len(kinds) > 1)
        assert all(f"row_of {kind}: " in head for kind in kinds if len(kinds) > 1)
        assert all(
            (row["value"] == "") == (row["state"] in NOT_COUNTED) for row in rows if row["row_of"] == "series"
        )
        assert {row["state"] for row in rows if row["kind"] == "" and row["row_of"] == "series"} <= {
            "no_data"
        }
        own = [row["last"] for row in rows if row["row_of"] == "series"]
        assert own == sorted(own)
        numbers = {float(value) for value in chart.series.values["value"].dropna()}
        assert numbers == {float(r["value"]) for r in told if r["row_of"] == "series" and r["value"]}
    assert seen == {"series", "old_coverage", "period_total", "effort", "sites_listed", "sites_reached",
                    "sites_visited", "key_informants"}  # fmt: skip


def test_a_month_without_a_value_is_a_row_of_no_data(release: Release) -> None:
    """Niger 2016: gaps of the chart are rows without value, of state no_data; the total of a period is told apart."""
    indicator = next(i for i in queries.catalogue(release).indicators.values() if i.totals)
    chart = chart_of(release, indicator, words("fr"))
    head, rows = parts(csv_text(chart))
    gaps = [row for row in rows if row["state"] == "no_data"]
    assert [row["last"] for row in gaps] == [
        f"{last:%Y-%m-%d}" for last in chart.gapped.values.loc[chart.gapped.values["obs"] == "", "last"]
    ]
    assert gaps
    assert {(r["value"], r["note"], r["source"], r["kind"], r["precision"]) for r in gaps} == {
        ("", "non trouvé", "", "", "")
    }
    totals = [row for row in rows if row["row_of"] == "period_total"]
    assert totals
    assert "ne s’additionnent pas" in head
    months = {row["last"][:7] for row in rows if row["row_of"] == "series"}
    assert all(
        row["first"][:7] in months or row["last"][:7] in months for row in totals
    )  # they hold what is in them


def test_a_gap_as_known_on_a_day_is_not_called_not_found(release: Release) -> None:
    """As on the page: what was published later was not public then; control: the newest file has the value."""
    indicator = queries.catalogue(release).indicators["pan-month"]
    known = parts(csv_text(chart_of(release, indicator, words("en"), known=date(2023, 7, 1))))[1]
    newest = parts(csv_text(chart_of(release, indicator, words("en"))))[1]
    (then,) = [row for row in known if row["last"] == "2022-04-30" and row["row_of"] == "series"]
    assert (then["value"], then["note"]) == ("", words("en")("known.none_short"))
    assert any(row["last"] == "2022-04-30" and row["value"] for row in newest)


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
        gapped, effort, beside, old_coverage = chart.gapped, chart.effort, chart.beside, chart.old_coverage
        title, sentence, table = chart.title, chart.sentence, chart.table

        def notes(self) -> tuple[Note, ...]:
            return ()

    with pytest.raises(ProvenanceMissing):
        csv_text(Bare())
    assert csv_text(replace(chart, window=None))

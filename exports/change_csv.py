"""A change as CSV: first what must be read with it, then its parts and their sites, and the sum that is exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from charts.change import BASES, FOUND, VERDICTS, ChangeChart
from charts.change_reasons import checks, disagreeing
from data.parts import STATES, Part, PartKind, PartRow, Rows
from data.split_areas import UNEXPLAINED, RestByArea
from exports.csv_file import cell, comment, read_with
from words.format import number

COLUMNS = (
    "level", "part", "part_in_words", "reason", "rests_on", "site", "name", "before", "after", "state_before",
    "state_after", "amount", "households", "unit",
)  # fmt: skip
NOT_KNOWN = "not_known"  # an amount that nobody published: the sum leaves it out, as the remainder holds it


def change_text(chart: ChangeChart, rest: RestByArea | None = None) -> str:
    """The notes of a change and its parts.

    Parameters
    ----------
    chart : ChangeChart
        What the page shows.
    rest : RestByArea, optional
        How what is not explained falls on the areas, where that can be told.

    Returns
    -------
    str
        CSV with CRLF line ends. Lines that begin with "#" are what must be read with the rows: title, sentence,
        verdict with its reasons, bases and their assumptions, corrected values, notes, method. Then rows of level
        "first", "part", "site", "sum", "rest_area", "rest_elsewhere", "second": the amounts of the parts give that of
        "sum" exactly, those of the two of the rest the part that is not explained. A count that was not made is
        empty; an amount that nobody published is "not_known".

    Raises
    ------
    ProvenanceMissing
        If the chart brings no notes: a file without them is not made.
    """
    written = io.StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n")
    told = rest is not None and rest.rows and any(part.amount for part in chart.change.of(*UNEXPLAINED))
    by_area = rest if told else None
    for line in [*read_with(chart)[:2], *_about(chart), *_about_rest(chart, by_area), *read_with(chart)[2:]]:
        out.writerow([comment(line)])
    out.writerow(COLUMNS)
    for row in _rows(chart, by_area):
        out.writerow([cell(value) for value in row])
    return written.getvalue()


def _about(chart: ChangeChart) -> list[str]:
    """Dates, verdict, bases and corrected values in words."""
    w, change, language = chart.words, chart.change, chart.words.language
    lines = [
        chart.unit_line(),
        w("changefile.origin", first=chart.when(change.first), second=chart.when(change.second)),
    ]
    if chart.verdict is not None:
        said = " ".join(f"[{w(FOUND[check.found])}] {check.said.to(language)}" for check in checks(chart))
        lines.append(w("changefile.comparison", verdict=w(VERDICTS[chart.found]), checks=said))
    for part in change.of(PartKind.NOT_EXPLAINED, PartKind.RESIDUAL):
        lines += disagreeing(chart, part)
    for basis in change.bases:
        ends = {"before": number(basis.before, language), "after": number(basis.after, language)}
        said = chart.assumption(basis)
        name, rate = w(BASES[basis.basis][0]), chart.rate(basis.percent)
        lines.append(w("changefile.basis", basis=name, percent=rate, assumption=said, **ends))
    for side in (change.first, change.second):
        if side.first_published != side.value:
            first, now = number(side.first_published, language), number(side.value, language)
            lines.append(w("changefile.corrected", when=chart.when(side), first=first, now=now))
    return lines


def _about_rest(chart: ChangeChart, rest: RestByArea | None) -> list[str]:
    """What the rows of the rest by area are; nothing where there are none."""
    if rest is None:
        return []
    w = chart.words
    return [w("changefile.rest", amount=chart.signed(rest.amount), areas=number(rest.untold, w.language))]


def _rest(chart: ChangeChart, rest: RestByArea) -> Iterator[list[object]]:
    """What is not explained of each area, the largest first, and what is in the figure of none."""
    unit, said = chart.change.unit.value, chart.words("change.rest_col_amount")
    for row in rest.rows:
        yield ["rest_area", "", said, "", "", row.pcode, row.name, *[""] * 4, row.amount, None, unit]
    if rest.elsewhere or rest.untold:
        where = chart.words("change.rest_elsewhere")
        yield ["rest_elsewhere", "", said, "", "", "", where, *[""] * 4, rest.elsewhere, None, unit]


def _rows(chart: ChangeChart, rest: RestByArea | None) -> Iterator[list[object]]:
    change, unit = chart.change, chart.change.unit.value
    same = chart.households
    for level, side in (("first", change.first), ("second", change.second)):
        amount = None if same is None else getattr(same, level).first_published
        row = _total(level, chart.when(side), side.first_published, amount, unit)
        if level == "second":
            for part in change.parts:
                yield from _part(chart, part)
            yield _total(
                "sum", chart.words("change.sum"), change.amount, None if same is None else same.amount, unit
            )
            if rest is not None:
                yield from _rest(chart, rest)
        yield row


def _total(level: str, said: str, amount: float, households: float | None, unit: str) -> list[object]:
    return [level, "", said, *[""] * 8, amount, households, unit]


def _part(chart: ChangeChart, part: Part) -> Iterator[list[object]]:
    """The row of a part, then those of its sites."""
    kind, label, unit = part.kind.value, chart.label(part), chart.change.unit.value
    same = chart.same_part(part)
    households: object = None if same is None else NOT_KNOWN if same.amount is None else same.amount
    amount: object = NOT_KNOWN if part.amount is None else part.amount
    names = "; ".join(chart.names.get(key, key) for key in part.sites)
    yield ["part", kind, label, part.reason, part.grade.value, "", names, *[""] * 4, amount, households, unit]
    for row in _sites(part):
        yield ["site", kind, label, part.reason, part.grade.value, *row, None, unit]


def _sites(part: Part) -> Iterator[list[object]]:
    """The sites of a part; from their table where there is one, as a part may be of 60,000."""
    if isinstance(part.rows, Rows):
        names = ("site", "name", "before", "after", "state_before", "state_after")
        table = part.rows.table[list(names)]
        amounts = table["after"].fillna(0) - table["before"].fillna(0)
        for row, amount in zip(table.itertuples(index=False, name=None), amounts, strict=True):
            states = ["" if at < 0 else STATES[at].value for at in row[4:]]
            yield [*row[:4], *states, float(amount)]
        return
    for held in part.rows:
        yield _site(held)


def _site(row: PartRow) -> list[object]:
    states = [None if state is None else state.value for state in (row.state_before, row.state_after)]
    return [row.key, row.name, row.before, row.after, *states, row.amount]

"""Why two figures of a change do not compare, and what was published about what is left of it."""

from __future__ import annotations

from charts.change import ChangeChart
from data.comparability import Check, Comparable
from data.model import Text
from data.parts import MOVED, Part
from words.format import figures


def checks(chart: ChangeChart) -> tuple[Check, ...]:
    """The questions of the verdict; where the parts of the change alone speak against it, that reason first."""
    held = () if chart.verdict is None else chart.verdict.checks
    if chart.change.comparable or any(check.found is Comparable.NO for check in held):
        return held
    return (Check(key="parts", found=Comparable.NO, said=Text(_hindering(chart))), *held)


def _hindering(chart: ChangeChart) -> str:
    """The parts of the change that are no movement, or its breaks where no part is."""
    w = chart.words
    parts = [part for part in chart.change.parts if part.kind not in MOVED and part.amount != 0]
    if not parts:
        told = w("note.separator").join(e.headline.to(w.language) for e in chart.change.breaks)
        return w("change.breaks_hinder", breaks=told)
    said = [w("change.sentence_part", label=chart.label(part), amount=chart.amount(part)) for part in parts]
    return w("change.parts_hinder", parts=w("note.separator").join(said))


def disagreeing(chart: ChangeChart, part: Part) -> list[str]:
    """What was published about one of the dates and does not agree; "as large as" only where it is exactly so."""
    w = chart.words
    found = []
    for pair in chart.disagreements:
        same = part.amount is not None and pair.difference == abs(part.amount) != 0
        key = "change.as_large" if same else "change.do_not_agree"
        one, other = (figures(printed, w.language) for printed in (pair.one, pair.other))
        found.append(w(key, subject=pair.subject.to(w.language), one=one, other=other))
    return found

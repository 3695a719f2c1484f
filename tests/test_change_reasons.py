"""What is left of a change says what was published about it, and a verdict against it gives its reason."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from charts.change import ChangeChart
from charts.change_reasons import checks, disagreeing
from data import split
from data.comparability import Check, Comparable, Verdict
from data.disagreements import Disagreement, disagreements, value_of
from data.parts import Grade, Part, PartKind
from data.store import Store
from exports.change_csv import change_text
from pages.change_parts import part_table, verdict_section
from tests.laws import caveat, provenance, text
from tests.test_change_page import chart, made, part, said, view
from words import words


def rest(amount: float = -300.0) -> Part:
    """What no site explains."""
    return part(PartKind.NOT_EXPLAINED, amount, grade=Grade.RESIDUAL)


def pair(difference: int | None) -> Disagreement:
    """Two values of a round."""
    return Disagreement("p", text("Total of round 2"), "70000", "69000 + 700 = 69700", difference)


def plain(found: str) -> str:
    """With plain spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", found)


# The residual


@pytest.mark.parametrize(
    ("difference", "begins"),
    [(300, "As large as"), (299, "About one of the two dates"), (None, "About one of the two dates")],
)
def test_as_large_as_is_said_of_exactly_equal_amounts(difference: int | None, begins: str) -> None:
    """A difference of one less is told, but not as the same; page and file say it."""
    shown = chart(made([rest()]), disagreements=(pair(difference),))
    (told,) = disagreeing(shown, rest())
    assert told.startswith(begins)
    assert "70,000 against 69,000 + 700 = 69,700" in told
    assert told in said(part_table(shown, view("?op=examplia")))
    assert told in change_text(shown)
    assert "against" not in said(part_table(chart(made([rest()])), view("?op=examplia"))), "control"


def test_a_residual_with_a_stated_limit_names_it() -> None:
    """Where a limit of one date alone was published, the part is not called unexplained by what was published."""
    change = made([rest()])
    about = replace(change.series.provenance, caveats=(caveat("twice"),))
    limited = replace(about, caveats=(replace(caveat("twice"), period=change.second.period),))
    labels = [
        ChangeChart(
            change=replace(change, provenance=held, series=replace(change.series, provenance=held)),
            words=words("en"),
        ).label(rest())
        for held in (about, limited)
    ]
    assert labels == [
        "Not explained by what was published",
        "Not explained by counts of sites; see the stated limit †",
    ]


def test_the_double_count_of_the_training_country(store_folder: Path) -> None:
    """Round 22: the residual is exactly the difference of the two published totals; an earlier day tells none."""
    release = Store(store_folder).current()
    change = split.change(release, "xtr-idp", "21", "22")
    (found,) = disagreements(release, change)
    (left,) = change.of(PartKind.NOT_EXPLAINED)
    assert found.difference == abs(left.amount or 0) > 0
    shown = ChangeChart(change=change, words=words("fr"), disagreements=(found,))
    assert disagreeing(shown, left)[0].startswith("Autant qu’un écart")
    assert disagreements(release, split.change(release, "xtr-idp", "20", "21")) == (), (
        "control: another round"
    )


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("101219 + 69930 = 171149", 171149),
        ("352 - 306", 46),
        ("45", 45),
        ("nearly 11500", None),
        ("4381,463", None),
    ],
)
def test_a_printed_value_is_a_number_or_none(printed: str, value: int | None) -> None:
    """Sums as they are written; a text is no number."""
    assert value_of(printed) == value


# The verdict


def test_a_verdict_against_it_has_a_reason_of_that_weight() -> None:
    """Parts that are no movement hinder it: they are listed first, with their amounts."""
    care = Check(key="limit", found=Comparable.WITH_CARE, said=text("A limit."))
    verdict = Verdict(found=Comparable.WITH_CARE, checks=(care,), provenance=provenance())
    shown = chart(made([rest()]), verdict=verdict)
    assert shown.found is Comparable.NO
    assert [check.found for check in checks(shown)] == [Comparable.NO, Comparable.WITH_CARE]
    assert "Parts of the change (hinders it)" in said(verdict_section(shown))
    assert "−300" in plain(checks(shown)[0].said.en)
    assert "Not as reported" in change_text(shown)
    moved = chart(made([part(PartKind.CONTINUING, -300.0)]), verdict=verdict)
    assert checks(moved) == (care,), "control: movement hinders nothing"
    graver = replace(verdict, found=Comparable.NO, checks=(replace(care, found=Comparable.NO),))
    assert len(checks(chart(made([rest()]), verdict=graver))) == 1, "a reason of that weight is there already"

"""`python -m data series` and `change`: figures at the command line, never without what must be read with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.__main__ import main


@pytest.fixture
def ask(store_folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command on the embedded store; gives its code and what it printed."""

    def run(*words: str) -> tuple[int, str]:
        code = main([*words, "--store", str(store_folder)])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


HAITI = ("change", "--operation", "hti-eq2010", "--from", "15", "--to", "16")
NIGER = ("series", "--operation", "ner-fm2016", "--what", "ner-out-month")


def test_the_fall_of_2013_as_an_object(ask: Any) -> None:
    """Parts, households and both bases, with every event, caveat, source and assumption."""
    code, printed = ask(*HAITI, "--json")
    found = json.loads(printed)
    assert code == 0
    assert found["change"] == -106_971
    assert {p["kind"]: p["amount"] for p in found["parts"]} == {"delisted": -54_045, "residual": -52_926}
    assert found["households"]["change"] == -25_630
    assert [base["percent"] for base in found["like_for_like"]] == [-19.0, -23.5]
    assert found["percent"] is None, "the list of sites changed"
    assert "hti-2013-09-delisting" in {event["key"] for event in found["events"]}
    assert all(
        found[name] for name in ("caveats", "sources", "methods", "assumptions", "credit", "not_counted")
    )


def test_the_fall_of_2013_in_words(ask: Any) -> None:
    """A person reads the same parts, that no percent is shown, and what must be read with them."""
    code, printed = ask(*HAITI)
    assert code == 0
    for said in (
        "-106,971",
        "delisted: -54,045",
        "residual: -52,926",
        "not comparable",
        "Three settlements taken off",
    ):
        assert said in printed
    assert "-38.3" not in printed


def test_what_was_known_in_december_2016(ask: Any) -> None:
    """1,525 in December 2016, about 11,500 today; what came out later stands apart, and is not left out."""
    _, then = ask(*NIGER, "--as-known-on", "2016-12-31")
    _, now = ask(*NIGER)
    assert "1,525  exact" in then
    assert "11,500" not in then.partition("Events:")[0]
    assert "11,500  about" in now
    assert "corrected" in then.partition("Known only after 2016-12-31")[2]
    assert "Known only after" not in now


def test_a_break_is_said_between_the_values_that_it_divides(ask: Any) -> None:
    """An area of the training country: its own values, with the events of the whole; nothing before or after."""
    code, printed = ask(
        "series", "--operation", "xtr-mt", "--place", "XT06", "--from", "7", "--to", "9", "--json"
    )
    found = json.loads(printed)
    assert code == 0
    assert [(row["round"], row["after_break"]) for row in found["values"]] == [
        (7, []), (8, ["xtr-taken-off"]), (9, []),
    ]  # fmt: skip
    assert found["synthetic"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("change", "--operation", "hti-eq2010", "--from", "15", "--to", "77"), "No round is called '77'"),
        (("change", "--operation", "xtr-mt", "--from", "16", "--to", "17"), "No round is called '17'"),
        (("change", "--operation", "hti-eq2010", "--from", "16", "--to", "15"), "swap them"),
        (("change", "--operation", "ner-fm2016", "--from", "1", "--to", "2"), "flow"),
        (("series", "--operation", "nowhere"), "No operation is called 'nowhere'"),
        (
            ("series", "--operation", "hti-eq2010", "--what", "xtr-idp"),
            "No indicator of hti-eq2010",
        ),
        (("series", "--operation", "hti-eq2010", "--place", "XX"), "No place"),
        ((*NIGER, "--as-known-on", "2001-01-01"), "No value of ner-out-month was public on 2001-01-01"),
        ((*NIGER, "--from", "1999-01-01", "--to", "1999-12-31"), "the first is of 2016-02-29"),
    ],
)
def test_what_cannot_be_answered_says_why(ask: Any, words: tuple[str, ...], why: str) -> None:
    """Rounds of another operation, dates before the first round, a withdrawn round: a sentence, and 1."""
    code, printed = ask(*words)
    assert code == 1
    assert why in printed
    assert "Traceback" not in printed

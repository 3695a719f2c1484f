"""The Method page's example of a split: what it says is what the page Change shows, and it adds up."""

from __future__ import annotations

import re

import pytest

from data import queries
from data.parts import PartKind
from data.store import Release
from pages.method_change import _parts, example
from words import LANGUAGES, words


def numbers(line: str) -> tuple[int, list[int]]:
    """The amount of a worked line, and its terms."""
    plain = (
        re.sub(r"(?<=\d)[,\u202f](?=\d{3})", "", line.partition(":")[2])
        .replace("−", "-")
        .replace("\u202f", " ")
    )
    amount, _, terms = plain.rpartition("=")
    signed = [int(sign + digits) for sign, digits in re.findall(r"([+-]?) ?(\d+)", terms)]
    return int(amount.strip().replace("+", "")), signed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_adds_up(release: Release, language: str) -> None:
    """The terms of the line are the parts of the change, and sum to it; with one left out they do not."""
    found = example(release, queries.catalogue(release))
    assert found is not None
    assert found.of(PartKind.DELISTED), "the example is about a list that changed"
    amount, terms = numbers(_parts(found, words(language)))
    assert amount == found.amount == sum(terms)
    assert terms == [part.amount for part in found.parts if part.amount]
    assert sum(terms[1:]) != amount, "control"

"""What stands below a card about observation: the fall that is told, and what is published once for an operation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data import queries
from data.store import Release
from pages.observed import effort_by_site, largest_fall, panels
from tests.laws import event
from tests.test_cards import read
from words import words


def test_the_largest_fall_is_told_and_never_across_a_break(release: Release) -> None:
    """Niger 2016: September to October; a fall across a break, or after a gap, is none."""
    niger = queries.series(release, "ner-out-month")
    window = queries.catalogue(release).indicators["ner-out-month"].window
    found = largest_fall(niger, window)
    assert found is not None
    assert (str(found[0]), str(found[1])) == ("2016-09", "2016-10")
    assert largest_fall(queries.series(release, "ner-out-month", date(2016, 6, 1)), window) is None
    cut = event(when="2016-10-01", first_round=None)
    broken = replace(niger, provenance=replace(niger.provenance, events=(*niger.provenance.events, cut)))
    assert largest_fall(broken, window) is None, "the same fall across a break is told by nobody"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_panels_of_an_operation_stand_once(release: Release, language: str) -> None:
    """The first card of an operation says how much was observed; the others do not say it again."""
    w, held = words(language), queries.catalogue(release)
    for key in ("xtr-idp", "hti-idp", "xtr-fm-in"):
        about = held.indicators[key]
        first = read(panels(release, about, w, None, leads=True))
        assert w("effort.title") in first
        assert w("effort.title") not in read(panels(release, about, w, None, leads=False))


def test_visits_by_site_are_drawn_and_a_list_alone_is_not(release: Release) -> None:
    """The training country publishes visits by site; Haiti only how many sites were on the list."""
    held = queries.catalogue(release)
    assert effort_by_site(release, held.indicators["xtr-idp"], None) is not None
    assert effort_by_site(release, held.indicators["hti-idp"], None) is None

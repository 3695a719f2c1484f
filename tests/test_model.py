"""A figure cannot be made without what must be shown with it, and nothing of that is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.codes import ClaimStatus, State
from data.errors import ProvenanceMissing
from data.model import VALUE_COLUMNS, Provenance, checked_values, unite
from tests.laws import event, frame, provenance, provenances, row, series, snapshot

PARTS = [f.name for f in fields(Provenance)]

Unite = Callable[[Provenance, Provenance], Provenance]


@pytest.mark.parametrize("part", ["operations", "sources", "methods", "caveats"])
def test_nothing_is_said_without_all_parts(part: str) -> None:
    """A provenance without operation, source, method or caveat is refused; control: with one of each it stands."""
    assert provenance().caveats
    with pytest.raises(ProvenanceMissing):
        provenance(**{part: ()})


def test_a_producer_without_caveats_is_told_how_to_say_so() -> None:
    """The refusal says what to do: a caveat of its own, with where one looked."""
    with pytest.raises(ProvenanceMissing, match="none-stated"):
        provenance(caveats=())


class Likeness:
    """Has every attribute of a provenance and none of its promises."""

    caveats = sources = methods = operations = events = coverage = derived_by = ()


@pytest.mark.parametrize("given_", [None, {}, (), "read in the report", Likeness()])
@pytest.mark.parametrize(
    "make", [lambda p: series([row(1, "2013")], provenance=p), lambda p: snapshot(provenance=p)]
)
def test_only_a_provenance_is_one(make: Callable[[Any], object], given_: object) -> None:
    """Series and Snapshot refuse whatever is not a Provenance; control: a real one is taken."""
    make(provenance())
    with pytest.raises(ProvenanceMissing, match="no provenance"):
        make(given_)


@pytest.mark.parametrize("claim", list(ClaimStatus))
def test_only_what_is_published_cuts_a_line(claim: ClaimStatus) -> None:
    """A reported, alleged or disputed entry that would break a line is refused; without the break it stands."""
    assert event(claim=claim, breaks=False).claim is claim
    if claim is ClaimStatus.PUBLISHED:
        assert event(claim=claim, breaks=True).breaks
    else:
        with pytest.raises(ValueError, match="only what is published may cut a line"):
            event(claim=claim, breaks=True)


@pytest.mark.parametrize("state", [s for s in State if s not in (State.COUNTED, State.COUNTED_ZERO)])
def test_a_value_was_counted(state: State) -> None:
    """A value under a state that says nothing was counted is refused; without the value the row stands."""
    assert len(checked_values(frame([row(1, "2013", None, state=state.value)]), "people")) == 1
    with pytest.raises(ValueError, match="says that nothing was counted"):
        checked_values(frame([row(1, "2013", 5, state=state.value)]), "people")


@pytest.mark.parametrize("state", [State.COUNTED, State.COUNTED_ZERO])
def test_what_was_counted_has_a_value(state: State) -> None:
    """Counted without a value is refused."""
    with pytest.raises(ValueError, match="has no value"):
        checked_values(frame([row(1, "2013", None, state=state.value)]), "people")


@pytest.mark.parametrize(("value", "state"), [(0, State.COUNTED), (1, State.COUNTED_ZERO)])
def test_zero_is_said_aloud(value: int, state: State) -> None:
    """Zero and "counted zero" are the same rows: neither stands without the other."""
    assert len(checked_values(frame([row(1, "2013", 0), row(2, "2014", 1)]), "people")) == 2
    with pytest.raises(ValueError, match="counted zero"):
        checked_values(frame([row(1, "2013", value, state=state.value)]), "people")


@pytest.mark.parametrize("column", list(VALUE_COLUMNS))
def test_no_column_of_a_value_may_be_missing(column: str) -> None:
    """Each column is asked for by name: a value without its date, state or source is none."""
    with pytest.raises(ValueError, match=rf"lack {column}"):
        checked_values(frame([row(1, "2013")]).drop(columns=column), "people")


def test_values_are_copied_and_ordered() -> None:
    """The input stays as it was; the values of a series are in the order of their last day."""
    given_ = frame([row(2, "2014"), row(1, "2013")])
    made = series([row(1, "2013")], values=given_)
    assert given_["round"].tolist() == [2, 1]
    assert made.values["round"].tolist() == [1, 2]


def test_a_map_is_in_degrees() -> None:
    """A snapshot in another system, or in none, is refused."""
    table = snapshot().table
    with pytest.raises(ValueError, match="EPSG:4326"):
        snapshot(table=table.to_crs(3857))
    with pytest.raises(ValueError, match="EPSG:4326"):
        snapshot(table=table.set_crs(None, allow_override=True))


def test_located_and_unlocated_are_all() -> None:
    """A place without a location stays in the snapshot and is drawn nowhere."""
    made = snapshot()
    assert (made.located()["key"].tolist(), made.unlocated()["key"].tolist()) == (["a"], ["b"])


# Uniting


def lost(union: Unite, a: Provenance, b: Provenance) -> list[str]:
    """The parts of which `union` loses something, repeats something or changes the order."""
    made = union(a, b)
    wanted = {part: tuple(dict.fromkeys(getattr(a, part) + getattr(b, part))) for part in PARTS}
    return [part for part in PARTS if getattr(made, part) != wanted[part]]


@given(provenances(), provenances())
def test_uniting_loses_nothing(a: Provenance, b: Provenance) -> None:
    """Everything of both is there, each once, the first's first."""
    assert lost(Provenance.united, a, b) == []


def test_a_union_that_loses_something_is_noticed() -> None:
    """Control: dropping the other's caveats, or putting them first, is found."""
    a, b = (
        provenance(),
        provenance([event()], caveats=(series([row(1, "2013")]).provenance.methods and event_caveat(),)),
    )
    assert lost(lambda one, other: replace(one.united(other), caveats=one.caveats), a, b) == ["caveats"]
    assert lost(lambda one, other: replace(one.united(other), events=()), a, b) == ["events"]
    assert "caveats" in lost(lambda one, other: other.united(one), a, b)


def event_caveat() -> Any:
    """A caveat that the plain provenance does not have."""
    from tests.laws import caveat

    return caveat("another")


@given(provenances())
def test_uniting_with_itself_changes_nothing(a: Provenance) -> None:
    """The union is idempotent."""
    assert a.united(a) == unite([a])
    assert lost(Provenance.united, a, a.united(a)) == []


@given(provenances(), provenances(), provenances())
def test_the_order_of_uniting_changes_no_set(a: Provenance, b: Provenance, c: Provenance) -> None:
    """Left or right first: the same things, and by `unite` in the order of the parts."""
    left, right = a.united(b).united(c), a.united(b.united(c))
    assert left == right == unite([a, b, c])
    other = unite([c, a, b])
    assert all(set(getattr(left, part)) == set(getattr(other, part)) for part in PARTS)


def test_nothing_cannot_be_united() -> None:
    """A figure rests on at least one other."""
    with pytest.raises(ProvenanceMissing, match="at least one"):
        unite([])


@given(st.permutations([event("a", "2013"), event("b", "2011", breaks=False), event("c", "2012")]))
def test_breaks_come_by_date(order: list[Any]) -> None:
    """Only events that break a line, the oldest first, in whatever order the ledger has them."""
    assert [e.key for e in provenance(order).breaks()] == ["c", "a"]


def test_missing_is_never_zero() -> None:
    """A row without a count has no value, and no state turns it into 0."""
    made = series([row(1, "2013", None), row(2, "2014", 0)])
    assert pd.isna(made.values["value"].iloc[0])
    assert made.values["value"].iloc[1] == 0

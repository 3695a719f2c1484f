"""A view goes into the address and comes back whole; what an address says wrongly is named and never guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.selection import LONGEST, Changes, Selection, from_query
from tests.laws import days

KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,20}", fullmatch=True)
SELECTIONS = st.builds(
    Selection,
    operation=st.just("") | KEYS,
    round=st.none() | st.integers(0, 99_999),
    on=st.none() | days,
    place=st.just("") | KEYS,
    window=st.sampled_from(["", "all"]),
    basis=st.sampled_from(["", "old"]),
    known=st.none() | st.dates(),
    layers=st.none() | st.sampled_from(["", "sites", "sites,crowd", "flow_points,sites"]),
    release=st.just("") | st.from_regex(r"[0-9a-f]{8,64}", fullmatch=True),
    language=st.sampled_from(["", "en", "fr"]),
)


@given(SELECTIONS)
def test_a_view_comes_back_from_its_address(view: Selection) -> None:
    """Every view is read from its own address as it was, with nothing left out."""
    assert from_query(view.to_query()) == view
    assert from_query("?" + view.to_query()) == view


def test_the_plain_view_has_a_plain_address() -> None:
    """Defaults stay out of the address; layers that are all switched off are said."""
    assert Selection().at("/trends") == "/trends"
    assert (
        Selection(operation="hti-eq2010", round=16).at("/map", layers="")
        == "/map?op=hti-eq2010&round=16&layers="
    )
    assert from_query("layers=").layers == ""
    assert from_query("").layers is None


def test_a_link_forgets_what_was_not_understood() -> None:
    """A link made from a half-understood address carries only what was."""
    assert from_query("op=a&hue=red").at("/map") == "/map?op=a"


def test_every_part_may_be_changed_by_a_link() -> None:
    """The names that `at` takes are the fields of a view, without what was ignored."""
    assert set(Changes.__annotations__) == {f.name for f in fields(Selection)} - {"ignored"}


MALFORMED = [
    "round=x", "round=-1", "round=1.5", "round=123456", "round=", "round=١٦", "round=1%0A", "on=2013-9-30",
    "on=20130930", "on=2013-02-30", "on=", "known=tomorrow", "known=2016-12", "op=../etc", "op=a%20b", "op=%0A",
    "on=2013-W40-1", "op=a%0A", "op=-a", "op=" + "a" * 62, "place=<b>", "place=caf%C3%A9", "window=half",
    "window=ALL", "basis=new",
    "layers=Sites", "layers=,sites", "layers=sites,", "layers=a%0A", "release=xyz", "release=abcdef0",
    "release=ABCDEF01", "release=" + "a" * 65, "release=", "lang=de", "lang=FR",
]  # fmt: skip

Reader = Callable[[str], Selection]


def guessed(read: Reader, part: str) -> bool:
    """Whether a malformed part changes the view or goes unnamed."""
    view = read(part)
    return replace(view, ignored=()) != Selection() or len(view.ignored) != 1


@pytest.mark.parametrize("part", MALFORMED)
def test_what_is_malformed_is_named_and_not_guessed(part: str) -> None:
    """The view stays as if the part were not there, and the part is named."""
    assert not guessed(from_query, part)
    name, text = parse_qsl(part, keep_blank_values=True)[0]
    assert from_query(part).ignored == (f"{name}={text[:40]}",)


def test_a_reader_that_guesses_is_noticed() -> None:
    """Control: reading what a number or date might have meant, or leaving it out in silence, is found."""

    def lenient(query: str) -> Selection:
        text = dict(parse_qsl(query)).get("round", "")
        return Selection(round=int(text)) if text.strip().isdigit() else Selection()

    assert guessed(lenient, "round=١٦")
    assert guessed(lenient, "round=x")


@pytest.mark.parametrize("query", ["hue=red", "OP=hti", "?op=a", "=x", "op[]=a"])
def test_unknown_names_are_named(query: str) -> None:
    """A name that no page uses changes nothing and is named, without its value."""
    view = from_query("?" + query)
    assert replace(view, ignored=()) == Selection()
    assert view.ignored == (query.partition("=")[0] or "=",)


def test_of_a_part_said_twice_the_first_stands() -> None:
    """As in the browser; the second is named, so that server and page cannot read two views."""
    view = from_query("round=16&round=17&op=a")
    assert (view.round, view.operation, view.ignored) == (16, "a", ("round=17",))
    assert from_query("round=x&round=17").round == 17


@pytest.mark.parametrize("beyond", range(12))
def test_a_long_address_is_cut_between_parts(beyond: int) -> None:
    """2,000 characters are read; a part that the cut would divide is left out whole and named."""
    start = "op=a&" + "x" * (LONGEST - len("op=a&&round=12345") - 5 + beyond) + "=1&"
    view = from_query(start + "round=12345")
    whole = len(start + "round=12345") <= LONGEST
    assert view.operation == "a"
    assert view.round == (12345 if whole else None)
    assert ("round=12345" in view.ignored) is not whole


def test_what_lies_beyond_is_not_read() -> None:
    """Control of the cut: the same parts within the limit are read; a part longer than the limit is none."""
    far = "&".join(["x=1"] * 600)
    assert from_query(f"{far}&op=a").operation == ""
    assert from_query(f"op=a&{far}").operation == "a"
    assert from_query("op=" + "a" * 3000) == Selection(ignored=("op=" + "a" * 37,))


@given(st.text(max_size=200) | st.text(alphabet="?&=%opround+0123456789ABCDEF", max_size=60))
def test_no_text_breaks_the_reader(query: str) -> None:
    """Any text is a view; writing that view and reading it again changes nothing."""
    view = from_query(query)
    assert from_query(view.to_query()) == replace(view, ignored=())


@given(SELECTIONS, st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=3))
def test_foreign_parts_change_nothing(view: Selection, foreign: dict[str, str]) -> None:
    """Unknown parts beside a view leave it as it is."""
    known = {"op", "round", "on", "place", "window", "basis", "known", "layers", "release", "lang"}
    others = {name: text for name, text in foreign.items() if name not in known}
    read = from_query("&".join(part for part in (view.to_query(), urlencode(others)) if part))
    assert replace(read, ignored=()) == view
    assert len(read.ignored) == len(others)


def test_days_are_days() -> None:
    """A day of the address is that day."""
    assert from_query("on=2013-09-30&known=2016-12-14") == Selection(
        on=date(2013, 9, 30), known=date(2016, 12, 14)
    )

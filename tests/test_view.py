"""What a browser says of itself is checked whole: a view that no page offers is refused, and never anything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Refused
from data.selection import Selection
from pages.view import parse_view, wording
from words import DEFAULT

GOOD: dict[str, Any] = {
    "path": "/map",
    "search": "?op=hti-eq2010&round=16",
    "language": "fr",
    "scheme": "light",
    "narrow": False,
    "origin": "http://127.0.0.1:8050",
}


def test_a_view_is_what_the_browser_asks_for() -> None:
    """Path, selection, language, colours, width and origin arrive as they were sent."""
    view = parse_view(GOOD)
    assert view.selection == Selection(operation="hti-eq2010", round=16)
    assert (view.path, view.language, view.scheme, view.narrow, view.origin) == (
        "/map", "fr", "light", False, "http://127.0.0.1:8050",
    )  # fmt: skip
    assert view.at(round=17) == "/map?op=hti-eq2010&round=17"
    assert view.at("/trends") == "/trends?op=hti-eq2010&round=16"


@pytest.mark.parametrize(
    ("preferred", "search", "language"),
    [
        ("fr", "", "fr"),
        ("de", "", DEFAULT),
        ("de", "?lang=fr", "fr"),
        ("fr", "?lang=en", "en"),
        ("", "?lang=xx", DEFAULT),
    ],
)
def test_the_address_decides_the_language(preferred: str, search: str, language: str) -> None:
    """A language of the address comes first, then the reader's own, then English."""
    view = parse_view(GOOD | {"language": preferred, "search": search})
    assert view.language == wording(view).language == language


OTHER_SERVER = ["//example.org", "//example.org/map", "///", "/\\example.org"]
BAD: list[tuple[str, object]] = [
    *[("path", path) for path in (*OTHER_SERVER, "", "map", "/map\n", "/map?op=a", "/a b", "/é", "/" + "a" * 201)],
    ("search", "x" * 2001), ("search", None), ("language", "x" * 301), ("language", None), ("language", 3),
    ("scheme", "sepia"), ("scheme", ""), ("scheme", None), ("narrow", "yes"), ("narrow", 1), ("narrow", None),
    ("origin", ""), ("origin", "javascript:alert(1)"), ("origin", "http://a/b"), ("origin", "http://a b"),
    ("origin", "http://127.0.0.1:8050\n"), ("origin", "ftp://a"), ("origin", "http://" + "a" * 256), ("origin", 5),
]  # fmt: skip


@pytest.mark.parametrize(("part", "value"), BAD)
def test_what_no_page_offers_is_refused(part: str, value: object) -> None:
    """One bad part refuses the whole view, with a sentence for the reader; control: without it the view stands."""
    parse_view(GOOD)
    with pytest.raises(Refused, match=r"\.$"):
        parse_view(GOOD | {part: value})


@pytest.mark.parametrize("part", GOOD)
def test_no_part_may_be_missing(part: str) -> None:
    """A view without one of its parts is refused."""
    with pytest.raises(Refused):
        parse_view({name: value for name, value in GOOD.items() if name != part})


@pytest.mark.parametrize("search", ["", "?lang=fr"])
def test_a_language_of_the_address_hides_no_other_fault(search: str) -> None:
    """Each part is checked, also where another one is used in its place."""
    with pytest.raises(Refused):
        parse_view(GOOD | {"search": search, "language": ["fr"]})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(JSON | st.dictionaries(st.sampled_from(sorted(GOOD)), JSON))
def test_any_value_is_a_view_or_refused(data: object) -> None:
    """Whatever a request brings, the only error is `Refused`."""
    try:
        parse_view(data)
    except Refused:
        return


@given(st.sampled_from(sorted(GOOD)), JSON | st.text(max_size=400))
def test_links_of_a_view_stay_on_this_site(part: str, value: object) -> None:
    """If a view is taken, its links begin with one slash: none leads to another server."""
    try:
        view = parse_view(GOOD | {part: value})
    except Refused:
        return
    assert view.at().startswith("/")
    assert not view.at().startswith(("//", "/\\"))

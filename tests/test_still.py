"""Parts of a page that no callback names go out as lists: the same elements, and no link that runs a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dash_mantine_components as dmc
import pytest
from dash import dcc, html
from dash.development.base_component import Component
from hypothesis import given
from hypothesis import strategies as st

from callbacks.router import open_context, render
from data.store import Store
from pages.ids import Id, nav, press
from pages.still import Still, still
from pages.view import parse_view

TEXTS = st.text(max_size=8)
LEAVES = st.one_of(
    TEXTS, st.integers(), st.none(), st.builds(html.Span, TEXTS, id=st.sampled_from(["a", "b"]))
)
PARTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(html.Div, st.lists(inner, max_size=3), className=TEXTS),
        st.builds(html.P, inner),
        st.builds(html.Section, st.lists(inner, max_size=2), id=st.just(Id.MAP_HEAD.value)),
        st.builds(html.Button, st.lists(inner, max_size=2), id=st.just(press("copy"))),
        st.builds(dmc.Stack, st.lists(inner, max_size=2)),
        st.builds(dcc.Store, id=st.just("kept"), data=TEXTS),
    ),
    max_leaves=12,
)


def told(part: Any) -> Iterator[Any]:
    """Every tag with its attributes, and every text, in the order of the page, whatever carries them."""
    if isinstance(part, Still):
        yield from told_tree(part.tree)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from told(one)
    elif isinstance(part, Component):
        props = dict(part.to_plotly_json()["props"])
        inside = props.pop("children", None)
        yield type(part).__name__.lower(), {name: value for name, value in props.items() if value is not None}
        yield from told(inside)
    elif part is not None:
        yield part


def told_tree(tree: Any) -> Iterator[Any]:
    """The same of a tree."""
    if not isinstance(tree, list):
        yield tree
        return
    yield tree[0], tree[1] or {}
    for one in tree[2:]:
        yield from told_tree(one)


def components(part: Any) -> list[Component]:
    """Every component that Dash sees."""
    if isinstance(part, list | tuple):
        return [one for inner in part for one in components(inner)]
    if not isinstance(part, Component):
        return []
    return [part, *components(getattr(part, "children", None))]


def named(part: Any) -> list[str]:
    """What callbacks name in a part: ids, and components that are more than an element."""
    return sorted(
        f"{type(one).__name__} {getattr(one, 'id', '')}"
        for one in components(part)
        if (not type(one).__module__.startswith("dash.html.") and not isinstance(one, Still))
        or isinstance(getattr(one, "id", None), dict)
        or getattr(one, "id", None) in set(Id)
    )


@given(PARTS)
def test_the_same_elements_and_texts_in_the_same_order(part: Any) -> None:
    """Nothing is lost or moved, what callbacks name stays a component, and what was handed in is not changed."""
    before, ids = list(told(part)), named(part)
    made = still(part)
    assert list(told(made)) == before == list(told(part))
    assert named(made) == ids
    assert not [one for one in components(made) if isinstance(one, html.Span)]


def test_a_named_element_would_be_missed() -> None:
    """Control of the law above: one that is swallowed is noticed, and so is a text that is lost."""
    part = html.Div([html.P("a"), html.Div("b", id=nav("op"))])
    swallowed = Still(["div", None, ["p", None, "a"], ["div", {"id": "x"}, "b"]])
    assert named(swallowed) != named(part)
    assert list(told(Still(["div", None, ["p", None]]))) != list(told(html.Div(html.P("a"))))
    assert named(still(part)) == named(part)


@pytest.mark.parametrize(
    "link", ["javascript:x()", " JaVa\tScript:x()", "\x01javascript:x()", "vbscript:x", "data:text/html,x"]
)
def test_a_link_that_runs_a_script_is_none(link: str) -> None:
    """It is left out with its text kept; controls: links of pages, of files and of sources stay."""
    assert list(told(still(html.A("source", href=link)))) == [("a", {}), "source"]
    for good in (
        "/map?op=a:b",
        "https://example.org/a?b=javascript:",
        "#note",
        "mailto:a@example.org",
        "?a=b:c",
    ):
        assert list(told(still(html.A("source", href=good)))) == [("a", {"href": good}), "source"]


@pytest.mark.parametrize("path", ["/", "/map", "/trends", "/change", "/ledger", "/method"])
def test_a_page_is_few_components(store: Store, path: str) -> None:
    """Of a whole page Dash sees a small part, and every id that a callback names; control: before it saw them all."""
    asked = {"path": path, "search": "?op=xtr-mt", "language": "en", "scheme": "light", "narrow": False,
             "origin": "http://127.0.0.1"}  # fmt: skip
    built, _, whole = render(*open_context(parse_view(asked), store))
    made = still(built)
    assert whole
    assert list(told(made)) == list(told(built))
    assert named(made) == named(built)
    assert len(components(made)) < len(components(built)) / 2

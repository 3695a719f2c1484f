"""What of a page nothing on it changes, as plain lists: Dash looks into all components at every answer, not into these.

A page has some thousand elements and a dozen that a callback or a script of Dash names. Each part that holds none of
those goes to the browser as one component, `Still`, whose elements `assets/still.js` makes as they are written.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from dash.development.base_component import Component

from pages.ids import Id

NAMED = frozenset(Id)  # ids that callbacks name: their elements stay components
OF_DASH = frozenset({"children", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks"})
LINKS = frozenset({"href", "src", "action", "formAction"})
SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_UNSEEN = re.compile(r"[\x00-\x20]")  # a browser reads a scheme without these

Tree = list[Any]  # [tag, attributes or None, child, …]; a child is a text, a number or a tree


class Still(Component):
    """Elements that stay as they are until the part of the page that they are in is replaced.

    Parameters
    ----------
    tree : list
        ``[tag, attributes or None, child, …]``: attributes by their names in React, children as text or lists alike.
    """

    _children_props: list[str] = []  # noqa: RUF012 - as Dash reads it
    _base_nodes: list[str] = []  # noqa: RUF012
    _namespace = "siteline_still"
    _type = "Still"
    _prop_names = ["tree"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties = _valid_wildcard_attributes

    def __init__(self, tree: Tree) -> None:
        # Dash's own way imports the package of each component by name for a message that it seldom says.
        self.tree = tree


def still(part: Any) -> Any:
    """A part of a page, with all that no callback names as `Still`; what is handed in stays as it is.

    Parameters
    ----------
    part : component, text, number, list of these or None
        What a callback would answer with.
    """
    if isinstance(part, list | tuple):
        return [still(one) for one in part]
    found = _found(part)
    return Still(found) if isinstance(found, list) else found


def _found(part: Any) -> Any:
    """A tree where all of it is plain; else a component whose plain parts are `Still`; texts as they are."""
    if not isinstance(part, Component):
        return part
    children = getattr(part, "children", None)
    if isinstance(children, Component | list | tuple):
        inside = [_found(one) for one in (children if isinstance(children, list | tuple) else [children])]
    else:
        inside = [children]
    if _plain(part) and not any(isinstance(one, Component) for one in inside):
        return [type(part).__name__.lower(), _attributes(part), *(one for one in inside if one is not None)]
    if not isinstance(children, Component | list | tuple):
        return part
    made = copy.copy(part)
    held = [Still(one) if isinstance(one, list) else one for one in inside]
    made.children = held if isinstance(children, list | tuple) else held[0]
    return made


def _plain(part: Component) -> bool:
    """Whether it is an element that no callback names."""
    named = getattr(part, "id", None)
    return (
        type(part).__module__.startswith("dash.html.") and not isinstance(named, dict) and named not in NAMED
    )


def _attributes(part: Component) -> dict[str, Any] | None:
    to_json: Any = part.to_plotly_json  # Dash states no types for it
    given: dict[str, Any] = to_json()["props"]
    return {
        name: value for name, value in given.items()
        if name not in OF_DASH and value is not None and not (name in LINKS and _runs(str(value)))
    } or None  # fmt: skip


def _runs(link: str) -> bool:
    """Whether a link is of a scheme that pages do not use, as those are that run a script."""
    scheme = _SCHEME.match(_UNSEEN.sub("", link))
    return scheme is not None and scheme[0].lower() not in SCHEMES

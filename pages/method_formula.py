"""A formula of the Method page: its name, the formula, what it assumes, and the formula at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dash import html
from dash.development.base_component import Component

from words import Words


def formula(
    w: Words,
    name: str,
    at_work: Iterable[str],
    *,
    formula: Mapping[str, object] | None = None,
    text: Mapping[str, object] | None = None,
) -> Iterator[Component]:
    """Name, formula, what it assumes, and the formula at work."""
    yield html.H3(w(f"methodpage.d_{name}"))
    yield html.P(w(f"methodpage.d_{name}_formula", **(formula or {})), className="formula")
    yield html.P(w(f"methodpage.d_{name}_text", **(text or {})))
    for line in at_work:
        yield html.P(line, className="formula num")

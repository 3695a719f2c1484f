"""A formula of the Method page: its name, the formula, what it assumes, and the formula at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dash import html
from dash.development.base_component import Component


def formula(name: str, rule: str, assumes: str, at_work: Iterable[str]) -> Iterator[Component]:
    """Name, formula, what it assumes, and the formula at work: each as a reader sees it."""
    yield html.H3(name)
    yield html.P(rule, className="formula")
    yield html.P(assumes)
    for line in at_work:
        yield html.P(line, className="formula num")

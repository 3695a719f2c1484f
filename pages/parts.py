"""Small parts that several pages are built of: tables, segmented links, marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

Cell = Any  # a text, a component, or a list of both


def aria(**values: str) -> dict[str, Any]:
    """Attributes for screen readers: ``aria(label="…")`` gives ``{"aria-label": "…"}``."""
    return {f"aria-{name}": value for name, value in values.items()}


def link(children: Cell, *, href: str, **more: Any) -> Component:
    """A link within the site: `assets/view.js` opens it without loading everything again."""
    return html.A(children, href=href, **more)


def mark(state: str) -> Component:
    """The mark of one of the seven states; the word always stands beside it."""
    return html.Span(className=f"mark {state}", **aria(hidden="true"))


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, class_name: str = "tw") -> Component:
    """A table whose first column names its rows; wide ones scroll by themselves.

    Parameters
    ----------
    heads : sequence of str
        One head a column.
    rows : sequence of sequences
        One cell a column.
    class_name : str
        Classes of the table.
    """
    body = [html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows]
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    return html.Div(html.Table([head, html.Tbody(body)], className=class_name), className="scroll")


def segments(label: str, choices: Sequence[tuple[str, str, str, bool]]) -> Component:
    """Links of which one is in force: (text, id, address, whether it is)."""
    links = []
    for text, key, href, here in choices:
        current = aria(current="true") if here else {}
        links.append(link(text, id=key, href=href, className="here" if here else "", **current))
    return html.Div(links, className="seg", role="group", **aria(label=label))


def cited(text: Cell, source: str) -> list[Component | str]:
    """A cell with its source in small type below."""
    return [text, html.Span(source, className="src")]

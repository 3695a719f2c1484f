"""Small parts that several pages are built of: tables, segmented links, marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

# What rolls inside an open list is no stop of its own for Tab, which leaves the list.
NO_STOP: dict[str, Any] = {"viewportProps": {"tabIndex": -1}}
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


def table(
    heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, class_name: str = "tw", chosen: int | None = None
) -> Component:
    """A table whose first column names its rows; wide ones scroll by themselves.

    Parameters
    ----------
    heads : sequence of str
        One head a column.
    rows : sequence of sequences
        One cell a column.
    class_name : str
        Classes of the table.
    chosen : int, optional
        The row that is marked as the chosen one.
    """
    body = [
        html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])], **here(nth == chosen))
        for nth, row in enumerate(rows)
    ]
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    return html.Div(html.Table([head, html.Tbody(body)], className=class_name), className="scroll")


def here(chosen: bool) -> dict[str, Any]:  # noqa: FBT001 - the one thing that is asked
    """What a row of a table has if it is the chosen one: a mark to see and one to hear."""
    return {"className": "here", **aria(current="true")} if chosen else {}


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

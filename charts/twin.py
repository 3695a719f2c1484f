"""The table twin: the same figures as rows, with each break written out where a line would stop."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from words import Words

BREAK = "_break"  # bool column: the first cell is a sentence for the whole row


def twin(table: pd.DataFrame, caption: str, w: Words) -> Component:
    """A chart's rows as a table that a screen reader reads in order.

    Parameters
    ----------
    table : pd.DataFrame
        Columns as they are headed, and `BREAK`.
    caption : str
        What the table shows.
    w : Words
        The reader's language.
    """
    breaks = table[BREAK] if BREAK in table.columns else pd.Series(data=False, index=table.index)
    shown = table.drop(columns=[BREAK], errors="ignore")
    rows = []
    for cells, broken in zip(shown.itertuples(index=False, name=None), breaks, strict=True):
        if broken:
            rows.append(html.Tr(html.Td(str(cells[0]), colSpan=len(shown.columns)), className="bk"))
        else:
            rows.append(
                html.Tr([html.Th(str(cells[0]), scope="row"), *(html.Td(str(cell)) for cell in cells[1:])])
            )
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in shown.columns]))
    summary = w("card.table_rows", rows=int((~breaks).sum()), breaks=int(breaks.sum()))
    return html.Details(
        [
            html.Summary([w("card.table"), " ", html.Span(summary)]),
            html.Div(
                html.Table([html.Caption(caption, className="vh"), head, html.Tbody(rows)], className="tw"),
                className="scroll",
            ),
        ],
        className="twin",
    )

"""How what a change does not explain falls on the areas: a folded table, each area with its map and its own change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import html
from dash.development.base_component import Component

from charts.change import ChangeChart
from data.parts import PartKind
from data.split_areas import RestByArea, RestOf, rest_by_area
from data.store import Release
from pages.parts import link, table
from pages.view import View
from words.format import number


def rest_section(release: Release, chart: ChangeChart, view: View) -> list[Component]:
    """The rest by area, or why it cannot be told by area; nothing where a change leaves no rest."""
    w, rest = chart.words, chart.change.of(PartKind.NOT_EXPLAINED, PartKind.RESIDUAL)
    if not any(part.amount for part in rest):
        return []
    found = rest_by_area(release, chart.change)
    if found is None or not found.rows:
        return [html.P(w("change.rest_none"), className="src", id="rest-by-area")]
    heads = [w(f"change.rest_col_{name}") for name in ("area", "amount", "sites", "more")]
    summary = w("change.rest_title", amount=chart.signed(found.amount))
    said: list[Component] = [html.P(w("change.rest_lead"), className="src")]
    if found.untold:
        said.append(html.P(w("change.rest_untold", areas=number(found.untold, w.language)), className="src"))
    inside = [html.Summary(summary), *said, table(heads, _rows(found, chart, view))]
    return [html.Details(inside, className="twin", id="rest-by-area")]


def _rows(found: RestByArea, chart: ChangeChart, view: View) -> list[Sequence[Any]]:
    """Each area, then what is in the figure of none, then the sum."""
    w = chart.words
    rows: list[Sequence[Any]] = [_row(row, chart, view) for row in found.rows]
    if found.elsewhere or found.untold:
        rows.append([w("change.rest_elsewhere"), chart.signed(found.elsewhere), "", ""])
    return [*rows, [html.B(w("change.sum")), html.B(chart.signed(found.amount)), "", ""]]


def _row(row: RestOf, chart: ChangeChart, view: View) -> Sequence[Any]:
    w, chosen = chart.words, view.selection
    at_map = view.at(
        "/map", round=chart.change.second.round, on=None, place="", area="",
        map=replace(chosen.map, within=row.pcode, page=0),
    )  # fmt: skip
    return [
        link(w("areas.named", name=row.name, code=row.pcode), href=at_map),
        chart.signed(row.amount),
        number(row.sites, w.language),
        link(w("change.rest_split"), href=view.at(area=row.pcode)),
    ]

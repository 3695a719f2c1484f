"""What stands below a card about observation: how much was seen, what was not, and the corridor of a flow point."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pandas as pd
from dash.development.base_component import Component

from charts.diversion import diversion_panel
from charts.effort import effort_panel
from data import queries
from data.codes import Measure, Precision
from data.corridors import diversion
from data.dates import DateSpan
from data.effort import Basis, Effort, effort, not_assessed_since
from data.model import Series, records
from data.moments import span_of
from data.queries import Indicator
from data.series import stretches
from data.store import Release
from words import Words


def effort_by_site(release: Release, indicator: Indicator, known: date | None) -> Effort | None:
    """What is drawn below a trend where visits are published by site; None where only a number is."""
    found = effort(release, indicator.operation, indicator.key, known)
    return found if found is not None and found.basis is Basis.SITES else None


def panels(
    release: Release, indicator: Indicator, w: Words, known: date | None, *, leads: bool
) -> list[Component]:
    """The panels of a card; what holds for a whole operation stands on its first card alone."""
    made: list[Component] = []
    if indicator.measure is Measure.FLOW:
        fall = largest_fall(queries.series(release, indicator.key, known), indicator.window)
        before, period = (None, None) if fall is None else fall
        found = diversion(
            release, indicator.operation, indicator.key, period, before=before, as_known_on=known
        )
        made += [diversion_panel(found, w)] if found is not None else []
    seen = effort(release, indicator.operation, indicator.key, known) if leads else None
    at = None if seen is None else seen.newest()
    if seen is None or at is None:
        return made
    numbered = seen.basis is not Basis.POINTS
    if numbered and pd.isna(at["round"]):
        absent = None  # a list without rounds: who was visited was not published
    else:
        asked = int(at["round"]) if numbered else DateSpan(at["first"].date(), at["last"].date())
        absent = not_assessed_since(release, indicator.operation, asked, known)
    return [*made, effort_panel(seen, w, absent=absent, at=at, unit=indicator.unit)]


def largest_fall(series: Series, window: DateSpan | None) -> tuple[DateSpan, DateSpan] | None:
    """The two neighbouring periods between which an exact count fell most, within a window and across no break."""
    found: list[tuple[float, DateSpan, DateSpan]] = []
    for part in stretches(series.values, series.provenance.breaks()):
        rows = [
            row for _, row in records(part) if row["precision"] == Precision.EXACT and pd.notna(row["value"])
        ]
        for before, after in pairwise(rows):
            spans = span_of(before), span_of(after)
            inside = window is None or (window.first <= spans[0].first and spans[1].last <= window.last)
            if inside and (spans[1].first - spans[0].last).days == 1:
                found.append((after["value"] - before["value"], *spans))
    fall = min(found, key=lambda one: one[0], default=None)
    return None if fall is None or fall[0] >= 0 else fall[1:]

"""Areas that have figures of their own and no outline: they are listed with these, and never drawn."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data import queries
from data.area_codes import DRAWN, LISTED, areas_held
from data.area_notes import with_notes
from data.area_people import Asked, Moment
from data.codes import State
from data.model import Series, Snapshot, Text, records, unite
from data.site_columns import AGE_ROUNDS
from data.store import Release


@lru_cache(maxsize=64)  # a release never changes
def undrawn_at(
    release: Release, operation: str, on: date, as_known_on: date | None = None
) -> Snapshot | None:
    """The areas that an indicator of an operation counts, and of which no version of the boundaries has an outline.

    Parameters
    ----------
    release, operation, on, as_known_on
        As in `site_columns.sites_at`.

    Returns
    -------
    Snapshot or None
        One row an area, without a location, with its last figure up to the day; a count ages as that of a site. Of
        several indicators of an area that whose card comes first. None where there is no such area.
    """
    held = queries.catalogue(release)
    about = held.operation(operation)
    listed = {
        code: name for iso3 in about.iso3 for code, name in areas_held(release, LISTED).get(iso3, {}).items()
    }
    mine = [i for i in held.indicators.values() if i.operation == operation and i.place in listed]
    if not mine:
        return None
    drawn = {code for iso3 in about.iso3 for code in areas_held(release, DRAWN).get(iso3, {})}
    by_card = sorted(mine, key=lambda i: (not i.shown, i.shown, i.key), reverse=True)
    found = {i.place: i for i in by_card if i.place not in drawn}
    if not found:
        return None
    ends = [r.period.last for r in held.rounds.get(operation, ()) if r.period.last <= on]
    rows, shown = [], []
    for code, indicator in sorted(found.items()):
        series = queries.series(release, indicator.key, as_known_on)
        asked = Asked(release, held, about, indicator, "", as_known_on)
        rows.append({"key": code, "name": listed[code]} | _figure(series, on, ends) | _noted(asked, code, on))
        shown.append(series.provenance)
    table = gpd.GeoDataFrame(rows, geometry=[shapely.Point()] * len(rows), crs="EPSG:4326")
    return Snapshot(
        key=f"{operation}-undrawn", label=about.title, table=table, on=on,
        provenance=unite(shown),
    )  # fmt: skip


def _noted(q: Asked, code: str, on: date) -> dict[str, tuple[Text, ...]]:
    """The titles of the caveats and events that are about an area at a date."""
    number = next((r.number for r in q.held.rounds.get(q.about.key, ()) if r.period.last == on), None)
    made = with_notes(q, pd.DataFrame({"pcode": [code]}), Moment(round=number, last=on))
    keys = set(made["noted"].iloc[0].split())
    lead = q.lead.key if q.lead else ""
    caveats, events = q.held.caveats_of(q.about.key, lead), q.held.events_of(q.about.key, lead)
    titles = {c.key: c.title for c in caveats} | {e.key: e.headline for e in events}
    return {"noted": tuple(title for key, title in titles.items() if key in keys)}


def _figure(series: Series, on: date, ends: list[date]) -> dict[str, Any]:
    """The last figure up to a day, in the columns of a site; `ends` are the last days of the rounds up to it."""
    last = next((row for _, row in reversed(records(series.values)) if row["last"].date() <= on), None)
    if last is None:
        last = {
            "state": State.NO_DATA,
            "value": float("nan"),
            "precision": "",
            "note": "",
            "note_fr": "",
            "source": "",
        }
    when = last["last"].date() if "last" in last else None
    missed = (
        sum(when < end for end in ends)
        if when and last["state"] in (State.COUNTED, State.COUNTED_ZERO)
        else 0
    )
    too_old = missed > AGE_ROUNDS
    return {
        "state": State.NO_DATA.value if too_old else str(last["state"]),
        "age": "unknown" if too_old else "older" if missed else "current",
        "last_when": when.isoformat() if when else "", "value": last["value"], "unit": series.unit.value,
        "precision": last["precision"], "note_en": last["note"], "note_fr": last["note_fr"], "source": last["source"],
    }  # fmt: skip

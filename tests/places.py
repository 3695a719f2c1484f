"""Places of Examplia to draw: sites, ghosts, flow points and maps of them, with plain defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from hypothesis import strategies as st
from shapely.geometry import Point

from data.codes import State
from data.geo import View
from data.model import Snapshot
from layers import LAYERS
from layers.map import MapView
from layers.world import WorldView
from tests import laws
from words import words

ROOT = Path(__file__).resolve().parents[1]
ORIGIN = "http://127.0.0.1:8050"
EVERY = frozenset(layer.key for layer in LAYERS)
EN = words("en")
NOWHERE = Point()


def site(key: str = "a", **changes: Any) -> dict[str, Any]:
    """A row of a snapshot of sites: counted in this round, 1,000 people, at a known location."""
    plain = {
        "key": key, "name": f"Site {key}", "layer": "register", "commune": "Somewhere", "commune_pcode": "XX01",
        "state": State.COUNTED.value, "value": 1_000.0, "unit": "individuals", "precision": "exact",
        "last_when": "2013-09-30", "missed": 0, "age": "current", "event": "", "accuracy_m": np.nan,
        "accuracy_en": "", "accuracy_fr": "", "note_en": "", "note_fr": "", "text_en": "", "text_fr": "",
        "geometry": Point(-72.3, 18.6),
    }  # fmt: skip
    return plain | changes


def ghost(key: str = "g", **changes: Any) -> dict[str, Any]:
    """A site that was taken off the list, without a count of its own."""
    plain = {"state": State.DELISTED.value, "value": np.nan, "unit": "", "precision": ""}
    return site(key, **(plain | changes))


def flow_point(key: str = "p", **changes: Any) -> dict[str, Any]:
    """A row of a snapshot of flow monitoring points."""
    plain = {
        "key": key, "name": f"Point {key}", "iso3": "XXA", "adm1": "", "active_from": "2013-02", "opened": True,
        "note_en": "", "note_fr": "", "state": State.NO_DATA.value, "geometry": Point(-72.2, 18.5),
    }  # fmt: skip
    return plain | changes


def snapshot(*rows: Mapping[str, Any]) -> Snapshot:
    """These rows at one date."""
    return laws.snapshot(table=gpd.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4326"))


def view(**changes: Any) -> MapView:
    """A map of one counted site."""
    plain: dict[str, Any] = {
        "snapshots": {"sites": snapshot(site())}, "title": "Examplia", "words": EN, "on": date(2013, 9, 30),
        "origin": ORIGIN, "digest": "d", "iso3s": ("HTI",), "view": View(-72.3, 18.6, 9.0), "switched_on": EVERY,
    }  # fmt: skip
    return MapView(**(plain | changes))


def drawn(made: MapView) -> set[str]:
    """The keys of all places with a mark in the picture."""
    return {
        key for trace in made.figure().data if trace.customdata is not None for (key,) in trace.customdata
    }


def traces(made: MapView, name: str) -> list[Any]:
    """The traces of that name."""
    return [trace for trace in made.figure().data if trace.name == name]


STATES = [state.value for state in State]


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Sites in any state, age and unit, located or not."""
    found = []
    for at in range(draw(st.integers(0, 12))):
        state = draw(st.sampled_from(STATES))
        counted = state == State.COUNTED
        age = draw(st.sampled_from(["current", "older"])) if counted else "current"
        value = draw(st.integers(1, 10**6) | st.none()) if counted else None
        spot = draw(st.sampled_from([Point(-72.3, 18.6), Point(-72.2, 18.5), NOWHERE, Point(np.nan, np.nan)]))
        found.append(
            site(
                f"s{at}", state=state, age=age, value=np.nan if value is None else float(value),
                unit=draw(st.sampled_from(["individuals", "families"])), geometry=spot,
            )
        )  # fmt: skip
    return found


def world(**changes: Any) -> WorldView:
    """Two operations at one spot and one elsewhere."""
    rows_of = [
        {
            "key": "a",
            "country_en": "Examplia",
            "country_fr": "Exemplie",
            "leads": "country-e",
            "title_en": "First",
            "title_fr": "Première",
            "synthetic": False,
            "breaks": True,
            "figure": "1",
        },
        {
            "key": "b",
            "country_en": "Examplia",
            "country_fr": "Exemplie",
            "leads": "country-e",
            "title_en": "Second",
            "title_fr": "Deuxième",
            "synthetic": True,
            "breaks": False,
            "figure": "2",
        },
        {
            "key": "c",
            "country_en": "Otherland",
            "country_fr": "Autreland",
            "leads": "country-o",
            "title_en": "Third",
            "title_fr": "Troisième",
            "synthetic": False,
            "breaks": False,
            "figure": "3",
        },
    ]
    points = [Point(-73, 4), Point(-73, 4), Point(8, 17)]
    table = gpd.GeoDataFrame(rows_of, geometry=points, crs="EPSG:4326")
    plain = {"snapshot": laws.snapshot(table=table), "words": EN, "origin": ORIGIN, "digest": "d"}
    return WorldView(**(plain | changes))

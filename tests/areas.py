"""Areas of Examplia to draw: rows of a snapshot of areas with plain defaults."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from data.codes import State
from data.map_settings import MapSettings
from data.model import Snapshot
from layers.colours import LIGHT
from layers.scene import Scene
from tests import laws
from words import words

ORIGIN, DIGEST = "http://127.0.0.1:8050", "ab12"


def area(pcode: str = "XX01", **changes: Any) -> dict[str, Any]:
    """A counted area of 1,000 people, as `areas_at` gives it."""
    none = float("nan")
    plain = {
        "key": pcode, "pcode": pcode, "name": f"Area {pcode}", "name_ar": "", "parent": "XXA", "iso3": "XXA",
        "level": "adm1", "version": 1, "was": "", "source": "report", "state": State.COUNTED.value, "people": 1000.0,
        "people_precision": "exact", "precision": "exact", "basis": "published", "in_sum": 0, "not_in_sum": 0,
        "value": 1000.0, "why": "", "amount": none, "before": none, "since_round": pd.NA, "since_last": pd.NaT,
        "broken": False, "event": "", "round": 3, "last": pd.Timestamp("2013-09-30"), "residents": none,
        "residents_precision": "", "residents_year": pd.NA, "people_year": pd.NA, "listed": none, "visited": none,
        "sites_listed": none, "sites_counted": none, "partial": False,
        "note_en": "", "note_fr": "", "geometry": Point(1, 1),
    }  # fmt: skip
    return plain | changes


def lacking(pcode: str, state: State, **changes: Any) -> dict[str, Any]:
    """An area without a figure."""
    plain = {
        "state": state.value,
        "people": np.nan,
        "value": np.nan,
        "basis": "",
        "precision": "",
        "why": "state",
    }
    return area(pcode, **(plain | changes))


def areas(*rows: dict[str, Any]) -> Snapshot:
    """These areas at one date."""
    table = gpd.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4326")
    kinds = {"since_last": "datetime64[us]", "last": "datetime64[us]"}
    kinds |= dict.fromkeys(("since_round", "residents_year", "people_year", "round"), "Int64")
    breaks = laws.event("delisting", headline=laws.text("Three sites taken off the list"))
    return laws.snapshot(
        key="examplia-areas",
        table=table.astype(kinds),
        on=date(2013, 9, 30),
        provenance=laws.provenance([breaks]),
    )


def scene(*rows: dict[str, Any], language: str = "en", only: str = "", **settings: Any) -> Scene:
    """A scene that holds these areas."""
    return Scene(
        snapshots={"areas": areas(*rows)}, words=words(language), colours=LIGHT,
        switched_on=frozenset({"areas", "boundaries"}), only=only, settings=MapSettings(**settings),
        origin=ORIGIN, digest=DIGEST,
    )  # fmt: skip

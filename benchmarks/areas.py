"""The map with ten thousand admin areas in a browser without a graphics card: how soon a new date is drawn.

Measured as for sites (`benchmarks.map`): from the change of the address until the areas of that date are painted and
the map is at rest, with everything that the page does beside it. The same figures as plain polygons that a callback
answers with are the measure.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from benchmarks.map import (
    CHANGES,
    OPERATION,
    PLAIN,
    _browser,
    _callback,
    _change,
    _page,
    _table,
)
from benchmarks.measures import made_ahead, serving
from benchmarks.table import Row
from data import area_queries, area_shapes
from data.area_shapes import Sheet
from data.codes import State
from data.store import Release, Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

ISO3, LEVEL, INDICATOR = "XTR", "adm3", "xtr-idp"
ACROSS = 100  # areas in a row, and rows
N = ACROSS * ACROSS
BAR_MS, BAR_RATIO = 250.0, 0.5
OFF, BEND = 0.12, 0.03  # corners off a grid, of a side; edges off a straight line, of their length
STEPS = 6  # parts of an edge
TYPICAL, SPREAD = 5.0, 1.3  # people of an area: the middle and the width of their logarithm
NOT_COUNTED = 0.04  # share of the areas that a round did not assess
CHANGE = """([round, most]) => new Promise((done, fail) => {
  const began = performance.now(), want = `round=${round}&`, query = new URLSearchParams(location.search);
  const map = document.querySelector("#map .js-plotly-plot")._fullLayout.map._subplot.map;
  const late = setTimeout(() => { map.off("idle", look); fail(new Error("not drawn in time")); }, most);
  function look() {
    if (!(document.getElementById("map-areas")?.dataset.shown || "").includes(want)) { return; }
    clearTimeout(late); map.off("idle", look); done(performance.now() - began);
  }
  map.on("idle", look);
  query.set("round", round);
  window.dash_clientside.set_props("url", { search: "?" + query });
})"""
Floats = npt.NDArray[np.float64]


def measure(store: Path, kept: Path | None = None) -> list[Row]:
    """Round changes of ten thousand areas, beside plain polygons.

    Parameters
    ----------
    store : Path
        The embedded store, whose training country is cut anew.
    kept : Path, optional
        Where the large stores are, or are made and left; else they are made and thrown away.
    """
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = many(store, folder)
        browser = stack.enter_context(_browser())
        tiles = _tiles(browser, made)
        plain = _plain(browser, Store(made).current())
    return [
        Row(what=f"round change to rest, {N:,} areas", measured=tiles, bar=BAR_MS, unit="ms"),
        Row(what="the same / as plain polygons of a callback", measured=tiles / plain, bar=BAR_RATIO, unit="ratio"),
    ]  # fmt: skip


# The store


def many(store: Path, folder: Path) -> Path:
    """A store whose training country has ten thousand communes in its newest boundaries, made once."""
    made = folder / f"areas-{N}"
    if (made / "CURRENT").exists():
        return made
    held = Store(store).current()
    tables = {name: _table(held, name) for name in held.resources}
    Store(made).publish(cut(tables), reason=f"The training country with {N:,} communes")
    return made


def cut(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with the newest boundaries for all rounds, their communes cut anew with all that is said of them."""
    newest = tables["areas"]["version"].max()
    areas = tables["areas"][tables["areas"]["version"] == newest].assign(first_round=1, valid_from="")
    old = areas["level"] == LEVEL
    parents = areas[areas["level"] == "adm2"]
    shapes = coverage(areas.total_bounds)
    middles = shapely.point_on_surface(shapes)
    near = shapely.STRtree(np.asarray(parents.geometry.array, dtype=object)).nearest(middles)
    codes = [f"{ISO3[:2]}{nth:05}" for nth in range(N)]
    names = [f"Area {nth} (SYNTHETIC)" for nth in range(N)]
    made = _like(areas[old], N).assign(
        pcode=codes, name=names, name_ar="", was="", parent=parents["pcode"].to_numpy()[near]
    )
    made = gpd.GeoDataFrame(made, geometry=shapes, crs=areas.crs)
    places, residents = tables["places"], tables["residents"]
    added = _like(places[places["level"] == LEVEL], N).assign(pcode=codes, name=names, parent=made["parent"])
    living = residents["pcode"].isin(areas.loc[old, "pcode"])
    name = f"observations/{OPERATION}"
    return {
        **tables,
        "areas": pd.concat([areas[~old], made], ignore_index=True),
        "places": pd.concat([places, added], ignore_index=True),
        "residents": pd.concat(
            [residents[~living], _residents(residents[living & (residents["version"] == newest)], codes)],
            ignore_index=True,
        ),
        name: _published(tables[name], set(areas.loc[old, "pcode"]), codes),
        "site_identities": _moved(tables["site_identities"], tables["sites"], shapes, codes),
    }


def coverage(bounds: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Areas over a box, in rows from its first corner: neighbours share each jagged edge, vertex by vertex.

    Parameters
    ----------
    bounds : array_like of float, shape (4,)
        West, south, east, north.
    """
    west, south, east, north = np.asarray(bounds, dtype=float)
    rng = np.random.default_rng(0)
    grid = np.dstack(np.meshgrid(np.linspace(west, east, ACROSS + 1), np.linspace(south, north, ACROSS + 1)))
    side = np.array([(east - west) / ACROSS, (north - south) / ACROSS])
    corners = grid + rng.uniform(-OFF, OFF, grid.shape) * side
    lying = _edges(corners[:, :-1], corners[:, 1:], rng)
    standing = _edges(corners[:-1], corners[1:], rng)
    rings = np.concatenate([lying[:-1], standing[:, 1:], lying[1:, :, ::-1], standing[:, :-1, ::-1]], axis=2)
    return np.asarray(shapely.polygons(rings.reshape(N, -1, 2)), dtype=object)


def _edges(start: Floats, end: Floats, rng: np.random.Generator) -> Floats:
    """Jagged lines between corners, shape (rows, columns, vertices, 2)."""
    along = np.linspace(0, 1, STEPS + 1)[:, None]
    way = (end - start)[:, :, None, :]
    off = rng.normal(0, BEND, (*start.shape[:2], STEPS + 1, 1)).clip(-2 * BEND, 2 * BEND)
    found = start[:, :, None, :] + along * way + off * way[..., ::-1] * (-1, 1)
    found[:, :, 0], found[:, :, -1] = start, end  # the corners themselves, to the last digit
    return np.asarray(found)


def _like(rows: pd.DataFrame, n: int) -> pd.DataFrame:
    """The first of some rows so many times."""
    return pd.DataFrame(rows.drop(columns="geometry", errors="ignore")).iloc[[0] * n].reset_index(drop=True)


def _residents(old: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    years = old.drop_duplicates("year")
    each = [_like(years[years["year"] == year], N).assign(pcode=codes) for year in years["year"]]
    rng = np.random.default_rng(1)
    return pd.concat([of.assign(value=rng.integers(500, 20_000, N).astype(float)) for of in each])


def _published(old: pd.DataFrame, areas: set[str], codes: list[str]) -> pd.DataFrame:
    """The observations with a figure a commune and round in place of those of the former communes."""
    mine = old["place"].isin(areas)
    figures = old[mine & (old["indicator"] == INDICATOR) & (old["state"] == State.COUNTED)]
    parts = [old[~mine]]
    for number in sorted(figures["round"].unique()):
        rng = np.random.default_rng(int(number))
        assessed = rng.random(N) >= NOT_COUNTED
        people = np.round(rng.lognormal(TYPICAL, SPREAD, N))
        counted = np.where(people > 0, State.COUNTED.value, State.COUNTED_ZERO.value)
        parts.append(
            _like(figures[figures["round"] == number], N).assign(
                id=[f"{INDICATOR}-r{number:02}-{code}" for code in codes],
                place=codes,
                value=np.where(assessed, people, np.nan),
                state=np.where(assessed, counted, State.NOT_ASSESSED.value),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _moved(
    identities: pd.DataFrame, sites: pd.DataFrame, shapes: npt.NDArray[np.object_], codes: list[str]
) -> pd.DataFrame:
    """Each site in the commune that it lies in; one without a location keeps its code."""
    where = sites.set_index("key").reindex(identities["site"])
    located = (where["lon"].notna() & where["lat"].notna()).to_numpy()
    points = shapely.points(where["lon"].to_numpy(float)[located], where["lat"].to_numpy(float)[located])
    lies = identities["pcode"].to_numpy(dtype=object).copy()
    lies[located] = np.array(codes, dtype=object)[shapely.STRtree(shapes).nearest(points)]
    return identities.assign(pcode=lies)


# The page


def _tiles(browser: Any, store: Path) -> float:
    """The median of the changes, in milliseconds, on a page that has just been opened."""
    address = f"map?op={OPERATION}&round=1&measure=people&level={LEVEL}"
    with serving(store) as (url, process):
        made_ahead(process.pid)
        with _page(browser) as (page, heard):
            page.goto(url + address)
            _painted(page)
            heard.rest(page)
            return statistics.median(_change(page, heard, CHANGE, number) for number in CHANGES)


def _painted(page: Page, most_ms: int = 120_000) -> None:
    page.wait_for_selector("#map .js-plotly-plot canvas", timeout=most_ms)
    page.wait_for_function(
        "() => (document.getElementById('map-areas')?.dataset.shown || '') !== ''", timeout=most_ms
    )
    said = page.evaluate("document.documentElement.dataset.areas")
    if said != f"tiles:{N}":
        raise RuntimeError(f"{N:,} areas are drawn by tiles; the page says '{said}'.")


def _plain(browser: Any, release: Release) -> float:
    """The median of the same change where a callback answers with all areas as plain polygons."""
    trace, middle = _polygons(release)
    with _callback(trace, middle, first=1) as url, _page(browser) as (page, heard):
        page.goto(url)
        page.wait_for_selector("#map .js-plotly-plot canvas", timeout=120_000)
        heard.rest(page)
        page.wait_for_timeout(5_000)
        taken = [_change(page, heard, PLAIN, number, 120_000) for number in CHANGES]
    return statistics.median(taken)


def _polygons(release: Release) -> tuple[Callable[[int], dict[str, Any]], dict[str, float]]:
    """The areas at a round as one trace with its features, as a whole country is drawn, and the middle of them."""
    version = max(found.number for found in area_queries.versions(release)[ISO3])
    sheet = Sheet(ISO3, LEVEL, version)
    features = json.loads(area_shapes.geojson(release, sheet))
    areas = area_shapes.areas_of(release, sheet)
    west, south, east, north = areas.total_bounds
    values = area_queries.values(release, OPERATION, INDICATOR, None)

    def trace(number: int) -> dict[str, Any]:
        now = values[values["round"] == number].set_index("pcode")["value"].reindex(areas["pcode"])
        return {
            "type": "choroplethmap", "geojson": features, "featureidkey": "properties.pcode",
            "locations": areas["pcode"].to_list(), "z": now.to_numpy(float),
        }  # fmt: skip

    return trace, {"lon": (west + east) / 2, "lat": (south + north) / 2}

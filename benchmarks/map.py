"""The map with very many sites in a browser without a graphics card: how soon a new date is drawn, and what it costs.

A round change is measured as a reader feels it: from the change of the address until its sites are drawn and the map
is at rest, with everything that the page does beside it. The same figure as a callback's plain points is the measure.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import psutil  # type: ignore[import-untyped]  # its types are not among the tools

from benchmarks.measures import made_ahead, serving
from benchmarks.questions import load_store
from benchmarks.table import Row
from data.store import Release, Store

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

OPERATION = "xtr-mt"
MOST = "1,000,000"
SIZES = {"10,000": 10_000, "100,000": 100_000, MOST: 1_000_000}
BARS = {"10,000": 150.0, "100,000": 200.0, MOST: 700.0}
ROUNDS_OF_MOST = 8  # of a million sites; 24 would take more memory to publish than to serve
CHANGES = (9, 4, 12, 6, 15)  # none beside one before it, so that none was fetched ahead
VISITS = 5  # of a first map; their median counts
CHANGES_OF_MOST = (5, 8, 3, 7, 2)  # of eight rounds: the last two were fetched ahead
MANY_CHANGES, FEW_CHANGES = 200, 10
QUIET_MS, STEP_MS = 700, 100
TILED = {"sites": "key", "site_states": "site", "site_identities": "site", "site_effort": "site"}
CHANGE = """([round, most]) => new Promise((done, fail) => {
  const began = performance.now(), want = `round=${round}`, query = new URLSearchParams(location.search);
  const map = document.querySelector("#map .js-plotly-plot")._fullLayout.map._subplot.map;
  const late = setTimeout(() => { map.off("idle", look); fail(new Error("not drawn in time")); }, most);
  function look() {
    if (!(document.getElementById("map-many")?.dataset.shown || "").endsWith(want)) { return; }
    clearTimeout(late); map.off("idle", look); done(performance.now() - began);
  }
  map.on("idle", look);
  query.set("round", round);
  window.dash_clientside.set_props("url", { search: "?" + query });
})"""
BUSY = """() => new Promise((done) => {
  const began = performance.now(); requestIdleCallback(() => done(performance.now() - began)); })"""
PLAIN = """([round, most]) => new Promise((done, fail) => {
  const began = performance.now(), gd = document.querySelector("#map .js-plotly-plot");
  setTimeout(() => fail(new Error("not drawn in time")), most);
  gd.once("plotly_afterplot", () => {
    gd._fullLayout.map._subplot.map.once("idle", () => done(performance.now() - began));
    gd._fullLayout.map._subplot.map.triggerRepaint();
  });
  window.dash_clientside.set_props("round", { data: round });
})"""


def measure(store: Path, kept: Path | None = None) -> list[Row]:
    """Round changes at three sizes, beside plain points; the first map; memory of browser and server.

    Parameters
    ----------
    store : Path
        The embedded store, whose boundaries are the ground.
    kept : Path, optional
        Where the large stores are, or are made and left; else they are made and thrown away.
    """
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows: list[Row] = []
        browser = stack.enter_context(_browser())
        for size, sites in SIZES.items():
            made = sized(store, folder, sites)
            rows += _of_size(browser, made, size)
        return rows


def sized(store: Path, folder: Path, sites: int) -> Path:
    """A store of the training country with that many sites, made once.

    Fewer are the first of the country at scale, more are the same ones again a little beside themselves, with
    fewer rounds.
    """
    made = folder / f"sites-{sites}"
    if (made / "CURRENT").exists():
        return made
    base, ground = load_store(folder / "load", folder / "large"), Store(store).current()
    tables = {name: _table(base, name) for name in base.resources}
    keys = tables["sites"].loc[tables["sites"]["operation"] == OPERATION, "key"]
    copies = max(1, round(sites / len(keys)))
    chosen = set(keys.iloc[: sites if copies == 1 else len(keys)])
    for name, column in TILED.items():
        part = tables[name][tables[name][column].isin(chosen)]
        if copies > 1 and "round" in part:
            part = part[part["round"] <= ROUNDS_OF_MOST]
        tables[name] = pd.concat([_again(part, name, column, n) for n in range(copies)], ignore_index=True)
    for name in ("site_links", "site_closures"):
        tables[name] = tables[name][tables[name]["site"].isin(chosen)].reset_index(drop=True)
    lacking = [
        name for name in ground.resources if name not in tables and not name.startswith("observations/")
    ]
    tables |= {
        name: _table(ground, name) for name in lacking
    }  # borders, and what the country at scale does without
    Store(made).publish(tables, reason=f"The training country with {sites:,} sites")
    return made


def _table(release: Release, name: str) -> Any:
    if name == "areas" or name.startswith("boundaries/"):
        return release.geoframe(name)
    return release.frame(name)


def _again(part: pd.DataFrame, name: str, column: str, copy: int) -> pd.DataFrame:
    """The same rows under other keys; sites some hundred metres beside the first."""
    if not copy:
        return part
    part = part.assign(**{column: part[column].astype(str) + f"-{copy}"})
    if name == "sites":
        off = np.random.default_rng(copy).normal(0, 0.02, (2, len(part)))
        part = part.assign(lon=part["lon"] + off[0], lat=part["lat"] + off[1])
    return part


def _of_size(browser: Any, store: Path, size: str) -> list[Row]:
    rows: list[Row] = []
    with serving(store) as (url, process), ExitStack() as stack:
        address = f"{url}map?op={OPERATION}&round=1"
        _visit(
            browser, address
        )  # the server has read its store; the browser of each visitor after it is cold
        made_ahead(process.pid)
        before = [_visit(browser, address) for _ in range(VISITS - 1)] if size == "100,000" else []
        page, heard = stack.enter_context(_page(browser))
        page.goto(address)
        first_ms = statistics.median([*before, _first(page)])
        bytes_sent = _bytes(heard.answered, ("places.bin", "at.bin", "/boundaries/", "/tiles/"))
        heard.rest(page)
        numbers = CHANGES_OF_MOST if size == MOST else CHANGES
        changes = [_change(page, heard, CHANGE, number) for number in numbers]
        median = statistics.median(changes)
        rows.append(
            Row(what=f"round change to rest, {size} sites", measured=median, bar=BARS[size], unit="ms")
        )
        if size == "100,000":
            plain = _plain(browser, Store(store).current())
            heap = _heap(page)
            rows += [
                Row(what="the same / as plain points of a callback", measured=median / plain, bar=0.1, unit="ratio"),
                Row(what=f"first map with {size} sites", measured=first_ms / 1000, bar=4, unit="s"),
                Row(what="sites and boundaries for it", measured=bytes_sent / 1e6, bar=1.5, unit="MB"),
                Row(
                    what=f"memory of the page after {MANY_CHANGES} round changes / after {FEW_CHANGES}",
                    measured=heap, bar=1.2, unit="ratio",
                ),
            ]  # fmt: skip
        if size == MOST:
            workers = psutil.Process(process.pid).children(recursive=True) or [psutil.Process(process.pid)]
            most = max(worker.memory_info().rss for worker in workers) / 1e6
            rows.append(
                Row(
                    what=f"memory of a worker, {size} sites of {ROUNDS_OF_MOST} rounds",
                    measured=most,
                    bar=700,
                    unit="MB",
                )
            )
    return rows


def _visit(browser: Any, address: str) -> float:
    """Milliseconds of a first map in a browser that has seen nothing."""
    with _page(browser) as (page, _):
        page.goto(address)
        return _first(page)


def _first(page: Page) -> float:
    """Milliseconds from the start of the visit until the sites are drawn and the map is at rest."""
    page.wait_for_selector("#map .js-plotly-plot canvas", timeout=120_000)
    for _ in range(2_400):
        if page.evaluate("(document.getElementById('map-many') || {dataset: {}}).dataset.shown"):
            break
        page.wait_for_timeout(25)
    else:
        said = page.evaluate(
            "document.documentElement.dataset.points + ' ' + document.body.innerText.slice(0, 300)"
        )
        raise TimeoutError(f"The sites were not drawn in a minute. The page says: {said}")
    return float(
        page.evaluate(
            """() => new Promise((done) => {
            const map = document.querySelector("#map .js-plotly-plot")._fullLayout.map._subplot.map;
            map.once("idle", () => done(performance.now())); map.triggerRepaint(); })"""
        )
    )


def _change(page: Page, heard: Heard, script: str, number: int, most_ms: int = 60_000) -> float:
    taken = float(page.evaluate(script, [number, most_ms]))
    heard.rest(page)  # what the page does after the map is at rest belongs to this change, not to the next
    return taken


def _heap(page: Page) -> float:
    """What the page holds after many changes beside what it held after a few."""
    session = page.context.new_cdp_session(page)

    def used(changes: int) -> float:
        for number in range(changes):
            page.evaluate(CHANGE, [2 + number % 12, 60_000])
        page.wait_for_timeout(1_500)
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"])

    few = used(FEW_CHANGES)
    return used(MANY_CHANGES - FEW_CHANGES) / few


def _plain(browser: Any, release: Release) -> float:
    """The median of the same change where a callback answers with all sites as plain points."""
    trace, middle = _points(release)
    with _callback(trace, middle, first=1) as url, _page(browser) as (page, heard):
        page.goto(url)
        page.wait_for_selector("#map .js-plotly-plot canvas", timeout=120_000)
        page.wait_for_timeout(5_000)
        taken = [_change(page, heard, PLAIN, number, 120_000) for number in CHANGES]
    return statistics.median(taken)


def _points(release: Release) -> tuple[Callable[[int], dict[str, Any]], dict[str, float]]:
    """All sites of a round as one trace of plain points, and the middle of them."""
    sites = release.frame("sites").set_index("key")
    states = release.frame("site_states")

    def trace(number: int) -> dict[str, Any]:
        now = states[states["round"] == number].set_index("site")["value"].reindex(sites.index).fillna(0)
        size = np.fmax(6, 0.2 * np.sqrt(now.to_numpy(float)))
        return {
            "type": "scattermap", "mode": "markers", "lon": sites["lon"].to_numpy(), "lat": sites["lat"].to_numpy(),
            "marker": {"size": size, "color": "#1C5B8E", "opacity": 1},
            "customdata": sites.index.to_numpy(dtype=object),
        }  # fmt: skip

    return trace, {"lon": float(sites["lon"].mean()), "lat": float(sites["lat"].mean())}


@contextmanager
def _callback(trace: Callable[[int], dict[str, Any]], middle: dict[str, float], first: int) -> Iterator[str]:
    """A page with one map, whose trace a callback makes for a round."""
    import waitress
    from dash import Dash, Input, Output, dcc, html
    from waitress import wasyncore

    style = {
        "version": 8,
        "sources": {"none": {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}},
        "layers": [{"id": "land", "type": "background", "paint": {"background-color": "#FAF8F3"}}],
    }
    app = Dash("plain-trace", enable_mcp=False, add_log_handler=False)
    app.layout = html.Div(
        [dcc.Store(id="round", data=first), dcc.Graph(id="map", style={"height": 600, "width": 760})]
    )

    @app.callback(Output("map", "figure"), Input("round", "data"))
    def figure(number: int) -> dict[str, Any]:
        layout = {"map": {"style": style, "center": middle, "zoom": 5.2}, "margin": dict.fromkeys("lrtb", 0)}
        return {"data": [trace(number)], "layout": layout | {"uirevision": "one"}}

    server = waitress.create_server(app.server, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        wasyncore.close_all(server._map)  # noqa: SLF001 - waitress has no other way to end
        server.task_dispatcher.shutdown()
        thread.join(timeout=10)


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from scripts.browser import QUIET, SOFTWARE, find

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", *SOFTWARE, QUIET])
        yield chromium
        chromium.close()


class Heard:
    """What a page asked for, its workers too, and what of it was answered."""

    def __init__(self, page: Page) -> None:
        self.answered: list[Request] = []
        self._open: set[Request] = set()
        page.on("request", self._asked)
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)

    def _asked(self, request: Request) -> None:
        self._open.add(request)

    def _finished(self, request: Request) -> None:
        self._open.discard(request)
        self.answered.append(request)

    def _failed(self, request: Request) -> None:
        self._open.discard(request)

    def rest(self, page: Page) -> None:
        """Wait until nothing was asked for in a while, all is answered, and the page has nothing else to do."""
        quiet = 0
        while quiet < QUIET_MS:
            before = len(self.answered)
            page.wait_for_timeout(STEP_MS)
            busy = page.evaluate(BUSY) > STEP_MS
            quiet = 0 if busy or self._open or len(self.answered) != before else quiet + STEP_MS


@contextmanager
def _page(browser: Any) -> Iterator[tuple[Page, Heard]]:
    """A page of a new visitor, with nothing kept, and what it asks for."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page: Page = context.new_page()
    page.set_default_timeout(120_000)
    yield page, Heard(page)
    context.close()


def _bytes(sent: Sequence[Request], parts: Sequence[str]) -> float:
    """Bytes of the answers, as sent, to the requests whose address has one of these parts."""
    asked = [request for request in sent if any(part in request.url for part in parts)]
    return float(sum(request.sizes()["responseBodySize"] for request in asked))

"""Fixtures for all tests. Nothing here is made before a test asks for it, so pure tests stay fast."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.exceptions import NotFound

from scripts.browser import QUIET, SOFTWARE

if TYPE_CHECKING:  # these take a second to import, which a pure test need not wait for
    from dash import Dash
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page
    from werkzeug.test import Client

    from data.store import Release, Store
    from tests.reader import Reader

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = (
    *SOFTWARE,
    QUIET,
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser itself would call home; with this, nothing but the server under test has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}
WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.__violations.push(
  `${e.effectiveDirective}: ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""


class Traffic:
    """What a page did that a reader does not see: its requests, its errors, its breaches of the policy."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        self.errors: list[str] = []
        self._page = page
        page.on("request", lambda request: self.urls.append(request.url))
        page.on("pageerror", self._failed)
        page.on("console", self._told)
        page.add_init_script(WATCH)

    def _failed(self, error: Error) -> None:
        """Keep an error, but for that of Plotly where a map is left before it has come: it goes on and finds none."""
        if str(error) != "Cannot read properties of undefined (reading '_rangeSliderData')":
            self.errors.append(str(error))

    def _told(self, message: ConsoleMessage) -> None:
        """Keep an error; a path that is no page is answered with 404 and a page, which a browser notes as one."""
        page_itself = message.location.get("url") == self._page.url and "404" in message.text
        if message.type == "error" and not page_itself:
            self.errors.append(message.text)

    @property
    def foreign(self) -> list[str]:
        """Requests that leave the machine."""
        own = ("http://127.0.0.1:", "blob:", "data:", "about:")
        return [url for url in self.urls if not url.startswith(own)]

    @property
    def violations(self) -> list[str]:
        """Breaches of the content policy on the page that is open."""
        found: list[str] = self._page.evaluate("window.__violations || []")
        return found


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(application: Any, port: int) -> Iterator[str]:
    """`application` behind a loopback address for as long as the block runs."""
    import waitress
    from waitress import wasyncore

    server = waitress.create_server(
        application, host="127.0.0.1", port=port, threads=8, clear_untrusted_proxy_headers=True
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        for channel in list(server.active_channels.values()):
            channel.handle_close()  # a browser keeps its connections open
        wasyncore.close_all(server._map)
        server.task_dispatcher.shutdown()
        thread.join(timeout=10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that open a browser come first: they are long, and none must be left for one process at the end."""
    long = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


class Mount:
    """A place at one address for whatever a test serves."""

    application: Any = None

    def __call__(self, environ: Any, start: Any) -> Any:
        """Answer as what stands there would, or that nothing does."""
        return (self.application or NotFound())(environ, start)


@pytest.fixture(scope="session")
def _mount() -> Iterator[tuple[Mount, str]]:
    mount = Mount()
    with served(mount, free_port()) as address:
        yield mount, address


@pytest.fixture
def serve(_mount: tuple[Mount, str]) -> Iterator[Callable[[Any], str]]:
    """Serves a WSGI application on a loopback port until the test ends, and gives its address.

    The first of a test stands where the first of every test stands: a browser keeps compiled scripts by address.
    """
    mount, address = _mount
    with ExitStack() as stack:

        def add(application: Any) -> str:
            if mount.application is not None:
                return stack.enter_context(served(application, free_port()))
            mount.application = application
            return address

        yield add
        mount.application = None


@pytest.fixture(scope="session")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the embedded data, built once for all test processes."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder = shared / "embedded-store"
    with (shared / "embedded-store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "CURRENT").exists():
            built = subprocess.run(
                [sys.executable, "-m", "data", "demo", "--store", str(folder)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert built.returncode == 0, f"The embedded store cannot be built:\n{built.stdout}{built.stderr}"
    return folder


@pytest.fixture(scope="session")
def store(store_folder: Path) -> Store:
    """The embedded data. It is read alone: a test that publishes makes a store of its own."""
    from data.store import Store

    return Store(store_folder)


@pytest.fixture(scope="session")
def release(store: Store) -> Release:
    """The embedded data as a release; one for all tests of a process, so that what is read once is read once."""
    return store.current()


@pytest.fixture(scope="session")
def server(store_folder: Path) -> Iterator[str]:
    """The address of the whole app on the embedded store."""
    from app import create_app
    from web.settings import Settings

    port = free_port()
    with served(create_app(Settings(port=port, store=store_folder)).server, port) as address:
        yield address


@pytest.fixture
def url(server: str) -> str:
    """The same address, by the name that page tests use."""
    return server


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Chromium without a way out, with a profile as a reader has one: scripts that were compiled once are kept.

    A page opens there in half the time that it takes without. Where there is no browser the test fails: a skipped
    browser test proves nothing.
    """
    from playwright.sync_api import Error, sync_playwright

    from scripts.browser import NONE, find

    path = find()
    if path is None:
        pytest.fail(NONE, pytrace=False)
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=str(path),
            args=[*CHROMIUM, *sandbox],
            **DESK,
        )
        yield context
        with suppress(Error):  # all tests are over: a browser that is slow to go is no matter of the last one
            context.close()


@pytest.fixture(scope="session")
def browser(profile: BrowserContext) -> Browser:
    """The same browser, for windows that share nothing with others."""
    assert profile.browser is not None
    return profile.browser


@pytest.fixture(scope="session")
def _window(profile: BrowserContext) -> tuple[Page, Traffic]:
    """One window for most tests of pages: what is loaded and compiled once is there for all."""
    profile.grant_permissions(["clipboard-read", "clipboard-write"])
    page = profile.new_page()
    page.set_default_timeout(40_000)
    return page, Traffic(page)  # closed with the browser


@pytest.fixture
def reader(_window: tuple[Page, Traffic], server: str) -> Iterator[Reader]:
    """A reader at a desk, new to the site; the test fails if anything failed that a reader does not see."""
    from tests.reader import Reader

    page, traffic = _window
    traffic.urls.clear()
    traffic.errors.clear()
    page.set_viewport_size(DESK["viewport"])
    made = Reader(page, traffic, server)
    yield made
    found = (list(traffic.foreign), list(traffic.errors), traffic.violations)
    page.emulate_media(media="screen", color_scheme="light")
    if page.evaluate("localStorage.length"):  # colours, a language: not for the next reader
        page.evaluate("localStorage.clear()")
        page.goto("about:blank")
    assert found == ([], [], [])


@pytest.fixture
def open_page(profile: BrowserContext, browser: Browser) -> Iterator[Callable[..., tuple[Page, Traffic]]]:
    """Opens pages with any size or preference (the arguments of a browser context); nothing may leave the machine.

    The first page of a test, if it asks for a size and touch alone, is in the profile; what it stores is removed.
    """
    opened: list[tuple[Page, Traffic]] = []

    def make(**context: Any) -> tuple[Page, Traffic]:
        if opened or set(context) - {"viewport", "has_touch"}:
            page = browser.new_context(**DESK | context).new_page()
        else:
            page = profile.new_page()
            page.set_viewport_size((DESK | context)["viewport"])
            touch = {"enabled": context.get("has_touch", False), "maxTouchPoints": 1}
            profile.new_cdp_session(page).send("Emulation.setTouchEmulationEnabled", touch)
        page.set_default_timeout(30_000)
        traffic = Traffic(page)
        opened.append((page, traffic))
        return page, traffic

    yield make
    foreign = [url for _, traffic in opened for url in traffic.foreign]
    for page, traffic in opened:
        if page.context is not profile:
            page.context.close()
            continue
        session = profile.new_cdp_session(page)
        for origin in {url.partition("/")[0] for url in (u.removeprefix("http://") for u in traffic.urls)}:
            session.send(
                "Storage.clearDataForOrigin",
                {"origin": f"http://{origin}", "storageTypes": "cookies,local_storage"},
            )
        page.close()
    assert not foreign, f"Requests left the machine: {foreign}"


@pytest.fixture
def _page_and_traffic(open_page: Callable[..., tuple[Page, Traffic]]) -> tuple[Page, Traffic]:
    return open_page()


@pytest.fixture
def page(_page_and_traffic: tuple[Page, Traffic]) -> Page:
    """An empty page of 1280 x 800; the test fails if it asks any other machine for anything."""
    return _page_and_traffic[0]


@pytest.fixture
def requests_log(_page_and_traffic: tuple[Page, Traffic]) -> Traffic:
    """What `page` asked for, its errors, and its breaches of the content policy."""
    return _page_and_traffic[1]


@lru_cache(maxsize=2)
def channels_of(png: bytes) -> Any:
    """Red, green and blue of a PNG, three planes of whole numbers; read once for all colours that are counted in it."""
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import MemoryFile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a screenshot lies nowhere on Earth
        with MemoryFile(png) as file, file.open() as image:
            return image.read((1, 2, 3)).astype("int16")


@pytest.fixture
def pixels() -> Callable[[bytes, tuple[int, int, int]], int]:
    """Counts the pixels of a PNG that are within 12 of a colour in each channel."""

    def count(png: bytes, rgb: tuple[int, int, int]) -> int:
        import numpy as np

        near = np.abs(channels_of(png) - np.array(rgb, "int16")[:, None, None]) <= 12
        return int(near.all(axis=0).sum())

    return count


@pytest.fixture
def stub(tmp_path: Path) -> Dash:
    """A small app of every kind of thing that Siteline serves, on which `web` is not installed yet."""
    return stub_app(tmp_path)


def stub_app(folder: Path) -> Dash:  # noqa: C901 - one app is read best in one piece
    """Map, trend, Mantine controls, callbacks of every form, one clientside; assets in `folder`."""
    import dash_mantine_components as dmc
    import plotly.graph_objects as go
    from dash import ALL, MATCH, Dash, Input, Output, State, dcc, html
    from flask import jsonify, request

    from web import Refused

    assets = folder / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    (assets / "look.css").write_text("body { margin: 0 } /* " + "Siteline " * 200 + "*/")
    app = Dash(
        "siteline-stub",
        assets_folder=str(assets),
        suppress_callback_exceptions=True,
        update_title="",
        enable_mcp=False,
        add_log_handler=False,
    )

    def layout() -> Any:
        # MapLibre wants absolute addresses in a style, so they are made from the request.
        style = {
            "version": 8,
            "sources": {"land": {"type": "geojson", "data": f"{request.host_url}geo/land.json"}},
            "layers": [
                {"id": "sea", "type": "background", "paint": {"background-color": "#dfe8ee"}},
                {"id": "land", "type": "fill", "source": "land", "paint": {"fill-color": "#00a050"}},
            ],
        }
        points = go.Scattermap(lon=[0], lat=[0], marker={"size": 60, "color": "#d02090"}, mode="markers")
        chart = go.Figure(go.Scatter(x=[1, 2, 3], y=[3, 1, 2], line={"color": "#1040d0", "width": 6}))
        world = go.Figure(
            points, layout={"map": {"style": style, "zoom": 2}, "margin": dict.fromkeys("lrtb", 0)}
        )
        return dmc.MantineProvider(
            html.Main(
                [
                    dcc.Graph(id="map", figure=world, style={"height": 300}),
                    dcc.Graph(id="trend", figure=chart, style={"height": 200}),
                    dcc.Location(id="here", refresh=False),
                    dcc.Store(id="memory", data={"shown": ["a"]}),
                    dmc.Select(id="country", label="Country", data=["A", "B"], value="A"),
                    dmc.Slider(id="round", min=1, max=9, value=3),
                    html.Button("Count", id="count"),
                    html.P(id="told"),
                    html.P(id="twice"),
                    html.P(id="local"),
                    html.Div([dcc.Input(id={"part": "row", "n": n}, value=str(n)) for n in range(3)]),
                    html.P(id="sum"),
                    html.Div([html.P(id={"part": "echo", "n": n}) for n in range(3)]),
                ]
            )
        )

    app.layout = layout

    @app.server.get("/geo/land.json")
    def land() -> Any:
        ring = [[-40, -20], [-20, -20], [-20, 20], [-40, 20], [-40, -20]]
        return jsonify(
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )

    @app.callback(
        Output("told", "children"),
        Input("country", "value"),
        Input("round", "value"),
        State("memory", "data"),
    )
    def tell(country: Any, number: Any, memory: Any) -> str:
        if country not in {"A", "B"} or number not in range(1, 10):
            raise Refused("That country or round is not offered here; choose one from the list.")
        return f"{country} in round {number}"

    @app.callback(
        Output("twice", "children"),
        Output("count", "children"),
        Input("count", "n_clicks"),
        prevent_initial_call=True,
    )
    def count(n_clicks: int | None) -> tuple[str, str]:
        if n_clicks is None:
            raise Refused("Nothing was counted.")
        return f"{2 * n_clicks}", f"Count ({n_clicks})"

    @app.callback(
        Output("sum", "children"), Input({"part": "row", "n": ALL}, "value"), State("here", "search")
    )
    def total(values: list[Any], search: Any) -> str:
        if not all(isinstance(value, str) and value.isdecimal() and value.isascii() for value in values):
            raise Refused("Each row takes a whole number.")
        return "long " * 250 + str(sum(map(int, values)))

    @app.callback(
        Output({"part": "echo", "n": MATCH}, "children"), Input({"part": "row", "n": MATCH}, "value")
    )
    def echo(value: Any) -> str:
        return f"row {value}"

    app.clientside_callback(
        "function (n) { return 'in the browser ' + n; }", Output("local", "children"), Input("round", "value")
    )

    @app.callback(Output("count", "title"), Input("told", "title"), prevent_initial_call=True)
    def broken(search: Any) -> str:
        raise ZeroDivisionError(f"a bug that must not be told: {search}")

    return app


@pytest.fixture
def client(stub: Dash, tmp_path: Path) -> Client:
    """A client of the stub app with `web` installed on it."""
    import web
    from web.settings import Settings

    web.install(stub, Settings(store=tmp_path / "store"), list)
    return stub.server.test_client()

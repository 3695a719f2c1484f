"""A browser without WebGL, or one that saves data, is given the picture; the way back to the map is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
PAGE = """<!doctype html><html><head><script src="/picture.js"></script></head>
<body><div id="map"></div><a id="picture-back" href="#">Back</a></body></html>"""
NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null;"
WEBGL = "HTMLCanvasElement.prototype.getContext = () => ({ getExtension: () => null });"
SAVES = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"

pytestmark = pytest.mark.browser


@pytest.fixture
def address(serve: Callable[[Any], str]) -> str:
    """A page that has nothing but the script."""
    server = Flask(__name__)
    script = (ROOT / "assets" / "picture.js").read_text(encoding="utf-8")
    server.get("/map")(lambda: PAGE)
    server.get("/other", endpoint="other")(lambda: PAGE)
    server.get("/picture.js", endpoint="script")(lambda: (script, {"Content-Type": "text/javascript"}))
    server.get("/favicon.ico", endpoint="icon")(lambda: ("", 204))
    return serve(server)


@pytest.mark.parametrize(
    ("script", "path", "search", "reason"),
    [
        pytest.param(NO_WEBGL, "map", "?op=a&low=1", "webgl", id="no-webgl"),
        pytest.param(WEBGL + SAVES, "map", "?op=a&low=1", "data", id="saves-data"),
        pytest.param(WEBGL, "map", "?op=a", None, id="control-webgl"),
        pytest.param(NO_WEBGL, "other", "?op=a", None, id="another-page"),
    ],
)
def test_the_address_says_that_a_picture_is_wanted(
    page: Any, address: str, script: str, path: str, search: str, reason: str | None
) -> None:
    """Once, on the map alone, with the reason on the page; control: a browser with WebGL keeps its address."""
    page.add_init_script(script)
    page.goto(f"{address}{path}?op=a")
    assert page.evaluate("location.search") == search
    assert page.evaluate("document.documentElement.dataset.picture || null") == reason


def test_who_goes_back_is_not_asked_again(page: Any, address: str) -> None:
    """After the link to the map the address stays as it is; control: before, it was changed."""
    page.add_init_script(NO_WEBGL)
    page.goto(f"{address}map?op=a")
    assert "low=1" in page.url
    page.click("#picture-back")
    page.goto(f"{address}map?op=a")
    assert "low=1" not in page.url


def test_a_picture_that_has_to_wait_is_asked_for_again(page: Any, serve: Callable[[Any], str]) -> None:
    """Until it is there; controls: another image that fails is not asked for twice, and this one not once more."""
    server, asked = Flask(__name__), {"map": 0, "other": 0}
    script = (ROOT / "assets" / "picture.js").read_text(encoding="utf-8")
    dot = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>",
        {"Content-Type": "image/svg+xml"},
    )

    def image(name: str) -> Any:
        asked[name] += 1
        return dot if name == "map" and asked[name] > 2 else ("later", 503)

    body = "<div id='picture'><img src='/image/map'></div><img src='/image/other'>"
    server.get("/")(lambda: f"<!doctype html><script src='/picture.js'></script>{body}")
    server.get("/picture.js", endpoint="script")(lambda: (script, {"Content-Type": "text/javascript"}))
    server.get("/favicon.ico", endpoint="icon")(lambda: ("", 204))
    server.get("/image/<name>", endpoint="image")(image)
    page.goto(serve(server))
    page.wait_for_function("() => document.querySelector('#picture img').naturalWidth === 9")
    page.wait_for_timeout(2000)
    assert asked == {"map": 3, "other": 1}


def test_the_page_shows_the_picture(page: Any, requests_log: Any, url: str) -> None:
    """Where the address says low=1 the picture is loaded, the map is not, and nothing fails; zooming changes it."""
    from playwright.sync_api import expect

    page.goto(f"{url}map?op=hti-eq2010&low=1&lang=en")
    image = page.locator("#picture img")
    image.wait_for()
    assert (
        image.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 390
    )  # decoding waits for it
    assert page.locator(".js-plotly-plot").count() == 0
    assert "Low bandwidth was chosen" in page.locator("#picture").inner_text()
    before = str(image.get_attribute("src"))
    page.click("#picture-in")
    expect(image).not_to_have_attribute("src", before, timeout=40_000)
    assert "box=" in page.url
    assert "low=1" in page.url
    assert requests_log.errors == []

"""The page asks for no script that is of no use, and for the one part of a left-out script that Dash still calls."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import dash
import pytest
from dash import Dash, html

from tests.places import ROOT
from web.lean import LeanDash

RUNTIME = ROOT / "assets" / "runtime"


def scripts(app: Dash) -> list[str]:
    """The addresses of the scripts of an app's page, in their order."""
    page: str = app.server.test_client().get("/").get_data(as_text=True)
    return re.findall(r'<script src="([^"]*)"', page)


@pytest.fixture(scope="module")
def asked() -> tuple[list[str], list[str]]:
    """The scripts that Dash asks for, and those that are left."""
    found = []
    for kind in (Dash, LeanDash):
        app = kind("lean-under-test", assets_folder=str(RUNTIME), enable_mcp=False, add_log_handler=False)
        app.layout = html.Div()
        found.append([path.partition("?m=")[0] for path in scripts(app)])
    return found[0], found[1]


def test_two_scripts_are_left_out_and_no_other(asked: tuple[list[str], list[str]]) -> None:
    """What browsers had to learn before 2019, and Dash's own table; control: Dash asks for both."""
    whole, lean = asked
    gone = [path for path in whole if path not in lean]
    assert [Path(path).name.partition("@")[0].partition(".")[0] for path in gone] == ["polyfill", "bundle"]
    assert lean == [path for path in whole if path not in gone]


def test_what_dash_calls_is_there_before_it_calls(asked: tuple[list[str], list[str]]) -> None:
    """The runtime stands before Dash's renderer; where no script of Dash names it, its folder can go."""
    _, lean = asked
    at = next(n for n, path in enumerate(lean) if path.endswith("/regenerator.js"))
    assert "dash_renderer" in lean[at + 1]
    renderer = Path(dash.__file__).parent / "dash-renderer" / "build" / "dash_renderer.min.js"
    assert "regeneratorRuntime" in renderer.read_text(encoding="utf-8"), (
        f"Not called any more: remove {RUNTIME}"
    )
    assert "regeneratorRuntime = runtime" in (RUNTIME / "regenerator.js").read_text(encoding="utf-8")


def test_it_is_the_file_that_its_page_names() -> None:
    """Its bytes are those of the package; control: others are not."""
    raw, said = (RUNTIME / "regenerator.js").read_bytes(), (RUNTIME / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(raw).hexdigest() in said
    assert hashlib.sha256(raw + b" ").hexdigest() not in said  # control

"""A store that is damaged while a reader looks on: no figure of it is shown, and the page says how to mend it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ("171,974", "278,945", "54,045", "106,971")


@pytest.fixture
def damaged(
    store_folder: Path, tmp_path: Path, serve: Callable[[Any], str]
) -> Callable[[str], tuple[str, Path, str]]:
    """Serves a copy of the store in which one byte of the named object is another; gives address, folder and digest."""

    def make(name: str) -> tuple[str, Path, str]:
        from app import create_app
        from web.settings import Settings

        folder = tmp_path / "store"
        shutil.copytree(store_folder, folder)
        release = next((folder / "releases").glob("*.json"))
        resources = json.loads(release.read_text())["resources"]
        digest = next(r["hash"].removeprefix("sha256:") for r in resources if r["name"] == name)
        application = create_app(Settings(store=folder)).server  # starts whole, as a running server did
        file = folder / "objects" / f"{digest}.parquet"
        file.chmod(0o644)
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        return serve(application), folder, digest

    return make


def refused(page: Page, digest: str) -> None:
    """The page says which object is damaged and how to mend it; no picture and no figure is there."""
    page.get_by_role("heading", name="The figures cannot be shown").wait_for()
    said = page.locator("body").inner_text()
    assert digest in said
    assert "python -m data verify --store" in said
    assert not [figure for figure in FIGURES if figure in said]
    assert page.locator(".js-plotly-plot").count() == 0


def test_damaged_counts_are_refused_until_the_command_on_the_page_mended_them(
    damaged: Callable[[str], tuple[str, Path, str]], open_page: Callable[..., tuple[Page, Any]]
) -> None:
    """A release is shown whole or not at all, so other operations refuse too; after the command all is back."""
    url, folder, digest = damaged("observations/hti-eq2010")
    page, traffic = open_page()
    for path in ("trends?op=hti-eq2010", "trends?op=col-necocli"):
        page.goto(url + path, wait_until="commit")
        refused(page, digest)
    said = page.locator("main").inner_text()
    assert f"python -m data demo --store {folder}" in said
    mended = subprocess.run(
        [sys.executable, "-m", "data", "demo", "--store", str(folder)],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert mended.returncode == 0
    page.reload(wait_until="commit")
    page.get_by_role("figure").first.wait_for()
    page.locator(".js-plotly-plot").first.wait_for()
    assert page.locator(".note").count() > 0
    assert traffic.errors == []
    assert traffic.violations == []


def test_damaged_events_stop_every_page_of_figures(
    damaged: Callable[[str], tuple[str, Path, str]], open_page: Callable[..., tuple[Page, Any]]
) -> None:
    """Without its events no figure can be read safely, so every page with figures refuses."""
    url, _, digest = damaged("events")
    page, traffic = open_page()
    for path in ("trends?op=col-necocli", "map?op=hti-eq2010", ""):
        page.goto("about:blank")  # what is seen next is of this address
        page.goto(url + path, wait_until="commit")
        refused(page, digest)
        assert traffic.errors == []
        assert traffic.violations == []

"""The part of Plotly that is sent is that of the pinned version, and draws all that the pages ask for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from plotly.offline import get_plotlyjs_version
from plotly.utils import PlotlyJSONEncoder

from callbacks.router import open_context, render
from data.queries import catalogue
from data.store import Store
from pages.view import parse_view
from tests.places import ROOT

PART = ROOT / "assets" / "plotly"
DRAWS = frozenset({"scatter", "bar", "scattermap", "choroplethmap"})  # as the part's own page says


def figures(thing: Any) -> Iterator[dict[str, Any]]:
    """Every figure in a page."""
    if isinstance(thing, dict):
        if "data" in thing and "layout" in thing:
            yield thing
        for inner in thing.values():
            yield from figures(inner)
    elif isinstance(thing, list):
        for inner in thing:
            yield from figures(inner)


def kinds(page: Any) -> set[str]:
    """The kinds of traces in a page; one that does not say is a scatter."""
    plain = json.loads(json.dumps(page, cls=PlotlyJSONEncoder))
    return {trace.get("type", "scatter") for figure in figures(plain) for trace in figure["data"]}


def test_it_is_the_file_of_the_pinned_version() -> None:
    """Bytes, head, address and description agree with the Plotly that makes the figures."""
    raw, version = (PART / "plotly-part.min.js").read_bytes(), get_plotlyjs_version()
    said = (PART / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(raw).hexdigest() in said
    assert hashlib.sha256(raw + b" ").hexdigest() not in said  # control
    assert raw.startswith(f"/* plotly.js v{version}: ".encode()), f"Plotly was raised: see {PART}/README.md"
    assert f"plotly.js@{version} " in said
    assert f"plotly-part.min.js?m={hashlib.sha256(raw).hexdigest()[:8]}" in (
        PART.parent / "ahead.js"
    ).read_text(encoding="utf-8")


def test_it_draws_what_it_is_said_to_draw() -> None:
    """Each kind of trace is in the file; control: others, of the whole Plotly, are not."""
    text = (PART / "plotly-part.min.js").read_text(encoding="utf-8")
    there = {
        kind for kind in (*DRAWS, "box", "heatmap", "pie", "scattergl") if re.search(f'name:"{kind}"', text)
    }
    assert there == DRAWS


@pytest.mark.parametrize("path", ["/map", "/trends", "/change", "/"])
def test_every_page_asks_for_such_traces(store: Store, path: str) -> None:
    """Of every operation, with areas where it has them; control: another trace in a page is found."""
    asked = {
        "language": "en",
        "scheme": "light",
        "narrow": False,
        "origin": "http://127.0.0.1:1",
        "path": path,
    }
    found: set[str] = set()
    for operation in catalogue(store.current()).operations if path != "/" else [""]:
        areas = "&measure=people" if operation == "xtr-mt" else ""
        view = parse_view({**asked, "search": f"?op={operation}{areas}" if operation else ""})
        found |= kinds(render(*open_context(view, store)))
    assert found <= DRAWS
    assert found >= {"/map": {"scattermap", "choroplethmap"}, "/trends": {"scatter", "bar"}}.get(path, set())
    assert not kinds([{"data": [{"type": "box"}], "layout": {}}]) <= DRAWS  # control

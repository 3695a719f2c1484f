"""The map's ground asks nobody else, each state has its own mark, and the disclaimer is inside the picture."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from rasterio.io import MemoryFile

from data.codes import State
from data.model import Snapshot
from layers.colours import LIGHT, SCHEMES, colours
from layers.map import MapView
from layers.neighbours import NEIGHBOURS, around
from layers.plate import disclaimer
from layers.scene import BLANK, ICON_PX, icon
from layers.style import style
from tests import laws
from tests.places import (
    EN,
    ORIGIN,
    ROOT,
    site,
    snapshot,
    view,
    world,
)
from words import words

# The ground asks nobody else


def strangers(figure: Any, origin: str = ORIGIN) -> list[str]:
    """What in a map's style would ask another machine, or stop the map."""
    ground = figure["layout"]["map"].get("style", "none: a default that asks a tile server")
    if not isinstance(ground, dict):
        return [f"a named style: {ground}"]
    found = [f"an empty '{name}'" for name in ("sources", "layers") if not ground.get(name)]
    found += ["glyphs"] if "glyphs" in ground else []
    found += [
        text
        for text in re.findall(r'"((?:https?:)?//[^"]*)"', json.dumps(ground))
        if not text.startswith(f"{origin}/")
    ]
    urls = [source.get("data") for source in ground.get("sources", {}).values()]
    return found + [f"not absolute: {url}" for url in urls if isinstance(url, str) and "://" not in url]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_style_asks_this_server_only(scheme: str) -> None:
    """Every address begins with the origin, letters need no server, and there is always a source."""
    assert strangers(view().figure(scheme).to_plotly_json()) == []
    assert strangers(view(switched_on=frozenset()).figure(scheme).to_plotly_json()) == []
    assert strangers(world().figure(scheme).to_plotly_json()) == []


@pytest.mark.parametrize(
    "ground",
    [
        "carto-positron",
        {"sources": {}, "layers": [{"id": "sea"}]},
        {"sources": {"a": {"data": f"{ORIGIN}/a"}}, "layers": [{"id": "sea"}], "glyphs": f"{ORIGIN}/g"},
        {"sources": {"a": {"data": "https://tiles.example/a"}}, "layers": [{"id": "sea"}]},
        {"sources": {"a": {"data": "//tiles.example/a"}}, "layers": [{"id": "sea"}]},
        {"sources": {"a": {"data": "/boundaries/a"}}, "layers": [{"id": "sea"}]},
        {"sources": {"a": {"data": f"{ORIGIN}/a"}}, "layers": []},
    ],
)
def test_a_style_that_asks_others_is_noticed(ground: Any) -> None:
    """Control: a named style, none, no source, a font server, another host, a relative address: each is found."""
    assert strangers({"layout": {"map": {"style": ground}}})
    assert strangers({"layout": {"map": {}}})


def test_no_missing_mark_is_asked_for_elsewhere() -> None:
    """For a missing mark of plain letters Plotly asks another server: no name of ours is of that form."""
    library = ROOT / "assets" / "plotly" / "plotly-part.min.js"
    assert "/^[a-zA-Z0-9-]+$/.test(" in library.read_text(encoding="utf-8"), (
        "Plotly's rule changed: look again"
    )
    used = {BLANK, *(icon(state) for state in State), *(icon(n) for n in ("crowd", "point", "point_later"))}
    assert [name for name in used if re.fullmatch(r"[a-zA-Z0-9-]+", name)] == []
    assert re.fullmatch(r"[a-zA-Z0-9-]+", "delisted")  # control: a bare name would be asked for


def test_layers_of_the_style_have_their_sources() -> None:
    """No layer names a source that is not there, and the ids are unique, with and without borders."""
    for borders in (True, False):
        made = style("light", ORIGIN, "d", iso3s=("HTI", "HTI"), around=("DOM",), borders=borders)
        assert {layer["source"] for layer in made["layers"] if "source" in layer} == set(made["sources"])
        ids = [layer["id"] for layer in made["layers"]]
        assert len(ids) == len(set(ids))
    kinds = {layer["type"] for layer in made["layers"]}
    assert kinds == {"background", "fill"}  # without borders: sea and land


def test_disputed_lines_are_dashed() -> None:
    """And lie above every other line."""
    lines = [
        layer for layer in style("light", ORIGIN, "d", iso3s=("HTI",))["layers"] if layer["type"] == "line"
    ]
    assert lines[-1]["id"] == "disputed"
    assert lines[-1]["paint"]["line-dasharray"]


def test_neighbours_are_those_of_the_boundaries() -> None:
    """The table of land neighbours is what the embedded countries give, so each of them can be asked for."""
    countries = gpd.read_parquet(
        ROOT / "data" / "embedded" / "boundaries" / "adm0.parquet", filters=[("zoom", "==", "country")]
    )
    near: dict[str, set[str]] = {}
    for one, other in zip(*countries.sindex.query(countries.geometry, predicate="intersects"), strict=True):
        if one != other:
            near.setdefault(countries["iso3"].iloc[one], set()).add(countries["iso3"].iloc[other])
    assert {iso3: set(text.split()) for iso3, text in NEIGHBOURS.items()} == near
    assert around(("HTI",)) == ["DOM"]
    assert around(("HTI", "DOM")) == []
    assert around(("XXA",)) == []


# Marks


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("suffix", "ratio"), [("", 1), ("@2x", 2)])
def test_each_state_has_its_own_mark(scheme: str, suffix: str, ratio: int) -> None:
    """All marks are in the sprite, inside its picture, none like another, and the blank one is blank."""
    folder = ROOT / "assets" / "sprite"
    places = json.loads((folder / f"{scheme}{suffix}.json").read_text(encoding="utf-8"))
    with MemoryFile((folder / f"{scheme}{suffix}.png").read_bytes()) as file, file.open() as image:
        pixels = image.read()
    cut = {}
    for name, spot in places.items():
        assert spot["width"] == spot["height"] == ICON_PX * ratio
        assert spot["pixelRatio"] == ratio
        part = pixels[:, spot["y"] : spot["y"] + spot["height"], spot["x"] : spot["x"] + spot["width"]]
        assert part.shape == (4, ICON_PX * ratio, ICON_PX * ratio)
        cut[name] = part.tobytes()
        assert bool(part[3].any()) == (name != BLANK)
    assert {icon(state) for state in State} | {
        icon("crowd"),
        icon("point"),
        icon("point_later"),
        BLANK,
    } == set(cut)
    assert len(set(cut.values())) == len(cut)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_differ_without_colour(scheme: str) -> None:
    """Shape alone tells the seven states apart; control: the same mark in another colour would not."""
    folder = ROOT / "assets" / "sprite"
    places = json.loads((folder / f"{scheme}@2x.json").read_text(encoding="utf-8"))
    with MemoryFile((folder / f"{scheme}@2x.png").read_bytes()) as file, file.open() as image:
        pixels = image.read().astype(int)
    land = np.array([int(colours(scheme)["land"][i : i + 2], 16) for i in (1, 3, 5)])[:, None, None]

    def ink(name: str) -> Any:
        spot = places[name]
        part = pixels[:, :, spot["x"] : spot["x"] + spot["width"]]
        return (part[3] > 128) & (np.abs(part[:3] - land).sum(axis=0) > 60)  # land-coloured parts are no ink

    shapes = {state: ink(icon(state)) for state in State}
    for one in State:
        for other in State:
            if one < other:
                assert (shapes[one] ^ shapes[other]).sum() > 100, f"{one} looks like {other}"


def test_colours_are_the_tokens() -> None:
    """Each colour of a map is the one of the style sheet, in both schemes; control: a changed one is found."""
    sheet = (ROOT / "assets" / "tokens.css").read_text(encoding="utf-8")
    light = re.search(r":root \{(.*?)\n\}", sheet, re.DOTALL)
    dark = re.search(r':root\[data-mantine-color-scheme="dark"\] \{(.*?)\n\}', sheet, re.DOTALL)
    assert light
    assert dark
    for made, block in zip((SCHEMES["light"], SCHEMES["dark"]), (light[1], dark[1]), strict=True):
        tokens = dict(re.findall(r"--sl-([a-z0-9-]+): (#[0-9A-F]{6})", block))
        assert {name: tokens[name] for name in made} == dict(made)
        assert {name: tokens[name] for name in made} != dict(made) | {"sea": "#000000"}
    with pytest.raises(ValueError, match="light and dark"):
        colours("sepia")


# The picture


@pytest.mark.parametrize("width", [320, 390, 760])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_disclaimer_is_inside_the_picture(width: int, language: str) -> None:
    """Every word of it, at the bottom left, in lines that fit the width."""
    made = view(words=words(language)).figure("light", width)
    (plate,) = made.layout.annotations
    lines = plate.text.split("<br>")
    assert " ".join(lines) == words(language)("map.disclaimer")
    assert max(map(len, lines)) * 6.6 < width
    assert (plate.x, plate.y, plate.xanchor, plate.yanchor) == (0, 0, "left", "bottom")
    assert disclaimer(LIGHT, EN, 10_000)["text"].count("<br>") == 0  # control: room for one line


def test_panning_survives_an_update() -> None:
    """Another date, layer or language leaves the revision as it is; another operation does not."""

    def revision(made: MapView) -> tuple[str, str]:
        layout = made.figure().layout
        return layout.uirevision, layout.map.uirevision

    other = replace(view().provenance, operations=(laws.operation("elsewhere"),))
    moved = Snapshot(
        key="x", label=laws.text("x"), table=snapshot(site()).table, on=date(2014, 1, 1), provenance=other
    )
    assert revision(view(switched_on=frozenset(), words=words("fr"), on=date(2012, 1, 1))) == revision(view())
    assert revision(view(snapshots={"sites": moved})) != revision(view())


def test_the_picture_has_no_frame_and_no_legend() -> None:
    """The map fills its box, and no template brings a style of its own along."""
    layout = view().figure().layout
    assert (layout.margin.l, layout.margin.r, layout.margin.t, layout.margin.b) == (0, 0, 0, 0)
    assert layout.showlegend is False
    assert layout.hovermode == "closest"
    assert layout.dragmode == "pan"
    assert layout.template.layout.to_plotly_json() == {}

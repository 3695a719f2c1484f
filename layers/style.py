"""The ground of every map: sea, land and borders from this server alone, as a style that asks nobody else.

A named style, or none, would ask a tile server; `glyphs` would ask a font server; an empty `sources` stops
the map. So the style is always written out here, and letters come from the reader's own fonts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layers.colours import colours

Style = dict[str, Any]

TEXT_FONT = ["DejaVu Sans", "Segoe UI", "Noto Sans", "Arial", "sans-serif"]  # system fonts, best first
DETAIL_FROM = 4.0  # zoom from which a country is drawn from its own first-level areas
LABEL_TILES = 4  # names are placed on large tiles, so that an area is not named once a tile
AREAS_FROM = 5.5  # zoom from which first-level areas are named


def address(origin: str, digest: str, name: str) -> str:
    """Where a drawing of boundaries is asked for; absolute, because a relative one fails without a word."""
    return f"{origin.rstrip('/')}/boundaries/{digest}/{name}.geojson"


def style(
    scheme: str, origin: str, digest: str, *, iso3s: Sequence[str] = (), around: Sequence[str] = (),
    borders: bool = True,
) -> Style:  # fmt: skip
    """A MapLibre style.

    Parameters
    ----------
    scheme : str
        "light" or "dark".
    origin : str
        Scheme, host and port that the browser uses.
    digest : str
        The release whose boundaries are drawn.
    iso3s : sequence of str
        Countries drawn in detail and whose first-level areas are named.
    around : sequence of str
        Countries drawn in detail and not named, so that borders meet.
    borders : bool
        False draws land and sea only.

    Returns
    -------
    dict
        The style; every address in it begins with `origin`.
    """
    c = colours(scheme)
    fine = list(dict.fromkeys([*around, *iso3s]))  # own countries last: on top
    sources: Style = {"world": _geojson(address(origin, digest, "world"))}
    fill = {"fill-color": c["land"], "fill-antialias": False}  # smoothed edges would show as seams
    coarse = {"maxzoom": DETAIL_FROM} if fine else {}
    layers: list[Style] = [
        {"id": "sea", "type": "background", "paint": {"background-color": c["sea"]}},
        {"id": "land", "type": "fill", "source": "world", "paint": fill, **coarse},
    ]
    others = ["!", ["in", ["get", "iso3"], ["literal", sorted(fine)]]]
    if fine:
        layers.append(
            {"id": "land-beyond", "type": "fill", "source": "world", "minzoom": DETAIL_FROM, "filter": others,
             "paint": fill}
        )  # fmt: skip
    line = {"line-color": c["rule-strong"], "line-width": 0.8}
    if borders:
        layers.append({"id": "borders", "type": "line", "source": "world", "paint": line, **coarse})
        if fine:
            layers.append(
                {"id": "borders-beyond", "type": "line", "source": "world", "minzoom": DETAIL_FROM,
                 "filter": others, "paint": line}
            )  # fmt: skip
    for iso3 in fine:
        sources[iso3] = _geojson(address(origin, digest, iso3))
        layers += _country(iso3, c, borders=borders)
    if borders:
        sources["disputed"] = _geojson(address(origin, digest, "world-disputed"))
        layers += _disputed(c)
        for iso3 in dict.fromkeys(iso3s):
            sources[f"{iso3}-names"] = _geojson(address(origin, digest, iso3)) | {"maxzoom": LABEL_TILES}
            layers.append(_names(iso3, c))
    return {
        "version": 8,
        "transition": {"duration": 0, "delay": 0},  # a colour that fades is drawn many times over
        "name": f"siteline-{scheme}",
        "sprite": f"{origin.rstrip('/')}/assets/sprite/{scheme}",
        "sources": sources,
        "layers": layers,
    }


def _geojson(url: str) -> Style:
    return {"type": "geojson", "data": url}


def _country(iso3: str, c: Any, *, borders: bool) -> list[Style]:
    """Land of one country; its outline is drawn below it, so that the inner half is covered."""
    of = {"source": iso3, "minzoom": DETAIL_FROM}
    land = {"id": f"land-{iso3}", "type": "fill", "paint": {"fill-color": c["land"], "fill-antialias": False}}
    if not borders:
        return [land | of]
    outline = {
        "id": f"border-{iso3}",
        "type": "line",
        "paint": {"line-color": c["rule-strong"], "line-width": 2.4},
    }
    areas = {
        "id": f"areas-{iso3}",
        "type": "line",
        "paint": {"line-color": c["rule-strong"], "line-width": 0.6},
    }
    return [outline | of, land | of, areas | of]


def _disputed(c: Any) -> list[Style]:
    """Disputed lines: dashed, on a stripe of land that hides the whole line below."""
    return [
        {"id": "disputed-ground", "type": "line", "source": "disputed",
         "paint": {"line-color": c["land"], "line-width": 2.4}},
        {"id": "disputed", "type": "line", "source": "disputed",
         "paint": {"line-color": c["rule-strong"], "line-width": 1.2, "line-dasharray": [2.5, 2.5]}},
    ]  # fmt: skip


def _names(iso3: str, c: Any) -> Style:
    return {
        "id": f"names-{iso3}",
        "type": "symbol",
        "source": f"{iso3}-names",
        "minzoom": AREAS_FROM,
        "layout": {
            "text-field": ["get", "name"],
            "text-font": TEXT_FONT,
            "text-size": 13,
            "text-max-width": 8,
        },
        "paint": {"text-color": c["ink-3"], "text-halo-color": c["land"], "text-halo-width": 1.2},
    }

"""Every id that a callback or a script names, once."""

from __future__ import annotations

from enum import StrEnum


class Id(StrEnum):
    """Ids of single components; a test holds that each is in a layout and in a callback or script."""

    URL = "url"
    VIEW = "view"
    WIDE = "wide"
    SCHEME = "scheme"
    PROVIDER = "provider"
    ROOT = "root"
    PAGE = "page"
    SAY = "say"
    MAP = "map"
    MAP_HEAD = "map-head"
    MAP_TIME = "map-time"
    MAP_PANEL = "map-panel"
    MAP_LEGEND = "map-legend"
    MAP_BELOW = "map-below"
    MAP_SCALE = "map-scale"
    MAP_LAYERS = "map-layers"
    MAP_ZOOM_IN = "map-zoom-in"
    MAP_ZOOM_OUT = "map-zoom-out"
    HEAD = "head"
    WORLD = "world"


NAV = "nav"  # type of pattern ids: a control whose value is a part of the URL, {"type": "nav", "index": "op"}
DRAWN = (
    "drawn"  # type of pattern ids: the value that a control was drawn with, {"type": "drawn", "index": "day"}
)
PRESS = "press"  # type of pattern ids: a button that a script answers, {"type": "press", "index": "copy"}


def nav(part: str) -> dict[str, str]:
    """Id of a control that sets the part `part` of the URL."""
    return {"type": NAV, "index": part}


def drawn(part: str) -> dict[str, str]:
    """Id of the store of what the control `part` was drawn with: drawing it is no choice of a reader."""
    return {"type": DRAWN, "index": part}


def press(action: str) -> dict[str, str]:
    """Id of a button for the script `action`."""
    return {"type": PRESS, "index": action}

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
    MAP_FOUND = "map-found"
    MAP_FILTERS = "map-filters"
    MAP_CHOICES = "map-choices"
    MAP_DRAWN = "map-drawn"
    MAP_HANDS = "map-hands"
    MAP_TWO_HANDS = "map-two-hands"
    MAP_TWO = "map-two"
    MAP_TWO_HEAD = "map-two-head"
    MAP_TWO_DRAWN = "map-two-drawn"
    MAP_ZOOM_IN = "map-zoom-in"
    MAP_ZOOM_OUT = "map-zoom-out"
    TRENDS_KNOWN = "trends-known"
    TRENDS_CARDS = "trends-cards"
    HEAD = "head"
    WORLD = "world"
    LEDGER_DESK = "ledger-desk"
    LEDGER_LIST = "ledger-list"
    LEDGER_STATE = "ledger-state"
    RELEASE = "release"


NAV = "nav"  # type of pattern ids: a control whose value is a part of the URL, {"type": "nav", "index": "op"}
DRAWN = (
    "drawn"  # type of pattern ids: the value that a control was drawn with, {"type": "drawn", "index": "day"}
)
PRESS = "press"  # type of pattern ids: a button that a script answers, {"type": "press", "index": "copy"}
ENTRY = "entry"  # type of pattern ids: a field of the ledger's form, {"type": "entry", "index": "kind"}
DESK = "desk"  # type of pattern ids: a button of the ledger's form, {"type": "desk", "index": "check"}


def nav(part: str) -> dict[str, str]:
    """Id of a control that sets the part `part` of the URL."""
    return {"type": NAV, "index": part}


def drawn(part: str) -> dict[str, str]:
    """Id of the store of what the control `part` was drawn with: drawing it is no choice of a reader."""
    return {"type": DRAWN, "index": part}


def press(action: str) -> dict[str, str]:
    """Id of a button for the script `action`."""
    return {"type": PRESS, "index": action}


def entry(name: str) -> dict[str, str]:
    """Id of the field `name` of the ledger's form."""
    return {"type": ENTRY, "index": name}


def desk(action: str) -> dict[str, str]:
    """Id of the button for the step `action` of the ledger's form."""
    return {"type": DESK, "index": action}

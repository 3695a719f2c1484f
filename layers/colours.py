"""The colours of a map, light and dark: those of `assets/tokens.css`, for pictures that take no CSS variables."""

from __future__ import annotations

from collections.abc import Mapping

Colours = Mapping[str, str]  # name of the token without "--sl-" -> colour

LIGHT: Colours = {
    "card": "#FFFFFF",
    "rule": "#DDD8CE",
    "rule-strong": "#8A857A",
    "sea": "#E4ECF0",
    "land": "#FAF8F3",
    "ink": "#1A2230",
    "ink-2": "#465061",
    "ink-3": "#5F6978",
    "data": "#1C5B8E",
    "data-2": "#4A84B4",
    "data-3": "#0E2B45",
    "note": "#A8420A",
    "mute": "#5E6775",
    "seq-1": "#E3ECF4",
    "seq-2": "#B5CDE2",
    "seq-3": "#7FA9CC",
    "seq-4": "#4A84B4",
    "seq-5": "#1C5B8E",
    "div-1": "#1C5B8E",
    "div-2": "#8FB3D1",
    "div-3": "#EFEDE6",
    "div-4": "#CDB26A",
    "div-5": "#7A5900",
}
DARK: Colours = {
    "card": "#182028",
    "rule": "#2E3843",
    "rule-strong": "#6F7A87",
    "sea": "#0E1A23",
    "land": "#1B242D",
    "ink": "#ECE9E3",
    "ink-2": "#BBC2CC",
    "ink-3": "#9AA3AF",
    "data": "#7FB7E6",
    "data-2": "#4F86B5",
    "data-3": "#D9EBFB",
    "note": "#F2A268",
    "mute": "#98A1AD",
    "seq-1": "#22303D",
    "seq-2": "#2C4A66",
    "seq-3": "#3A6A95",
    "seq-4": "#5A93C4",
    "seq-5": "#9CCBF2",
    "div-1": "#7FB7E6",
    "div-2": "#3A6A95",
    "div-3": "#2A333C",
    "div-4": "#8A7434",
    "div-5": "#E3BE5C",
}
SCHEMES: Mapping[str, Colours] = {"light": LIGHT, "dark": DARK}
OLDER_SHARE = 0.34  # how strong the fill of an older count is
FONT = (
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
)


def colours(scheme: str) -> Colours:
    """The colours of "light" or "dark".

    Raises
    ------
    ValueError
        If there is no such scheme.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"No colours are held for '{scheme}'; there are {' and '.join(SCHEMES)}.")
    return SCHEMES[scheme]


def mixed(colour: str, ground: str, share: float) -> str:
    """`colour` at `share` (0 to 1) over `ground`, opaque, so that what lies below does not change it."""
    pairs = ((int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * top + (1 - share) * below):02X}" for top, below in pairs)

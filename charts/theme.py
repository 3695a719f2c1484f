"""Colours and the Plotly layout of both schemes: the tokens of `assets/tokens.css`, since Plotly reads no CSS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Scheme = Literal["light", "dark"]

TOKENS: Mapping[str, Mapping[str, str]] = {
    "light": {
        "page": "#F6F4EF", "card": "#FFFFFF", "rule": "#DDD8CE", "rule-strong": "#8A857A", "ink": "#1A2230",
        "ink-2": "#465061", "ink-3": "#5F6978", "data": "#1C5B8E", "data-2": "#4A84B4", "on-data": "#FFFFFF",
        "note": "#A8420A", "note-bg": "#FBF0E7", "mute": "#5E6775",
    },
    "dark": {
        "page": "#10151B", "card": "#182028", "rule": "#2E3843", "rule-strong": "#6F7A87", "ink": "#ECE9E3",
        "ink-2": "#BBC2CC", "ink-3": "#9AA3AF", "data": "#7FB7E6", "data-2": "#4F86B5", "on-data": "#10151B",
        "note": "#F2A268", "note-bg": "#2B2119", "mute": "#98A1AD",
    },
}  # fmt: skip
FONT = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", "DejaVu Sans", Arial, '
    "sans-serif"
)
SEPARATORS = {"en": ".,", "fr": ",\u202f"}


def faint(colour: str, alpha: float) -> str:
    """`colour` (#RRGGBB) as rgba with `alpha`."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def layout(scheme: Scheme, language: str) -> dict[str, Any]:
    """The layout every chart starts from."""
    t = TOKENS[scheme]
    axis = {
        "zeroline": False, "gridcolor": t["rule"], "title": {"text": ""}, "fixedrange": True, "automargin": False,
        "tickfont": {"size": 13, "color": t["ink-3"]},
    }  # fmt: skip
    return {
        "template": {},  # nothing comes from Plotly's own
        "font": {"family": FONT, "size": 14, "color": t["ink"]},
        "showlegend": False,
        "bargap": 0.3,
        "dragmode": False,
        "paper_bgcolor": t["card"],
        "plot_bgcolor": t["card"],
        "colorway": [t["data"], t["data-2"]],
        "margin": {"l": 62, "r": 14, "t": 6, "b": 30, "pad": 0},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": t["card"], "bordercolor": t["rule-strong"], "font": {"size": 14, "color": t["ink"]},
                       "align": "left", "namelength": -1},
        "separators": SEPARATORS.get(language, ".,"),
        "xaxis": axis | {"showgrid": False, "showline": True, "linecolor": t["rule-strong"], "ticks": "outside",
                         "ticklen": 6, "tickcolor": t["rule-strong"], "type": "date"},
        "yaxis": axis | {"tickformat": ",d", "rangemode": "tozero", "nticks": 6},
    }  # fmt: skip


def label(text: str, *, colour: str, size: int = 14, **where: Any) -> dict[str, Any]:
    """An annotation without an arrow, on the card's colour so that lines do not run through it."""
    return {
        "text": text,
        "showarrow": False,
        "align": "left",
        "font": {"size": size, "color": colour},
        **where,
    }

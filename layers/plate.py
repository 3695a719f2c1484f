"""What every map says inside its picture, and the layout that all maps share."""

from __future__ import annotations

import textwrap
from typing import Any

from data.geo import View
from layers.colours import FONT, Colours
from layers.style import Style
from words import Words

_LETTER_PX = 6.6  # mean width of a letter at 13 px, on the wide side
_SCALE_PX = 40  # kept free at the sides of the plate


def layout(
    style: Style, colours: Colours, words: Words, view: View, *, revision: str, width_px: float
) -> dict[str, Any]:
    """The layout of a map.

    Parameters
    ----------
    style : dict
        The ground; never a name.
    colours : mapping
        Those of the scheme.
    words : Words
        The reader's language.
    view : View
        Where the map looks at first.
    revision : str
        As long as it stays the same, a reader's panning and zooming survive updates.
    width_px : float
        Width of the picture, for the sentence inside it.
    """
    return {
        "template": {},
        "map": {
            "style": style,
            "center": {"lon": view.lon, "lat": view.lat},
            "zoom": view.zoom,
            "uirevision": revision,
        },
        "uirevision": revision,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "pan",
        "autosize": True,
        "paper_bgcolor": colours["sea"],
        "font": {"family": FONT, "size": 13, "color": colours["ink"]},
        "hoverlabel": {
            "bgcolor": colours["card"],
            "bordercolor": colours["rule-strong"],
            "font": {"family": FONT, "size": 14, "color": colours["ink"]},
            "align": "left",
            "namelength": -1,
        },
        "annotations": [disclaimer(colours, words, width_px)],
    }


def disclaimer(colours: Colours, words: Words, width_px: float) -> dict[str, Any]:
    """That boundaries and names imply no endorsement, on a plate at the bottom left, inside the picture."""
    letters = max(20, int((width_px - 2 * _SCALE_PX) / _LETTER_PX))
    return {
        "text": "<br>".join(textwrap.wrap(words("map.disclaimer"), letters)),
        "name": "disclaimer",
        "xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "bottom",
        "showarrow": False, "align": "left", "borderpad": 4,
        "bgcolor": colours["card"],
        "font": {"family": FONT, "size": 13, "color": colours["ink-2"]},
    }  # fmt: skip

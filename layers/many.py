"""What the page hands to the browser where it draws the sites itself: more than 5,000 of them, or in groups."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from data.codes import Precision, State, Unit
from data.map_settings import MapSettings
from layers.colours import OLDER_SHARE
from layers.discs import DOT_PX, EDGE_PX, K_PX, LARGEST_PX
from layers.scene import Scene
from words import Words, placeholders
from words.format import day, month, number

FROM = 5_000  # so many located sites are drawn as plain points, and as many with most people where WebGL is absent
HATCH = (
    "hatch"  # stands for a colour in a palette: a class that must not have one, because a break lies between
)
CLASSES = 16  # the most colours that the browser's drawing knows
LAYERS = ("sites", "ghosts")  # those that the browser draws in place of their traces
SAID = (
    "many.counted", "many.waiting", "many.failed", "many.step", "many.chosen", "many.none_in_view", "many.grouped",
    "many.group", "many.group_people", "many.group_uncounted", "many.group_rough", "many.group_older",
    "many.group_other", "many.group_state", "many.group_label", "many.group_none", "many.group_opened",
)  # fmt: skip


def wanted(located: int, settings: MapSettings) -> bool:
    """Whether the browser draws the sites itself.

    Parameters
    ----------
    located : int
        Sites of the operation that have a place on the map, whatever is filtered.
    settings : MapSettings
        Neither a picture of the server (`low`) nor plain points (`plain`) may be asked for. Only the browser groups
        sites (`group`), which sites are nearby depends on how near it is: then it draws few of them as well.
    """
    return located > (0 if settings.group else FROM) and not settings.low and not settings.plain


def manifest(  # noqa: PLR0913 - each part is named by the page that hands it over
    scene: Scene,
    operation: str,
    *,
    total: int,
    palette: Sequence[str] = (),
    fixed: Mapping[str, str] | None = None,
    near: Sequence[str] = (),
    graph: str = "map",
    counted: str = "map-counted",
    groups: str = "map-groups",
    moment: str = "",
    most: float = 0.0,
) -> dict[str, Any]:
    """What the script needs to draw, to answer the pointer and to speak.

    Parameters
    ----------
    scene : Scene
        Its words, colours, layers, settings and release; its places are not read.
    operation : str
        Key of the operation.
    total : int
        Sites that the operation lists, located or not: what "drawn" is a part of.
    palette : sequence of str
        The colour of each class of `scene.settings.colour`, "#RRGGBB" or `HATCH`; none where it has no classes.
    fixed : mapping
        Parts of the address, '' where absent, without which a new address is another map: operation and release.
    near : sequence of str
        Queries of the dates before and after, fetched when nothing else is to do.
    graph, counted, groups : str
        Ids of the map, of the line that says how many sites are in view, and of the list of groups.
    moment : str
        The part of the address with the date of this map where it is not the first: "vs".
    most : float
        The largest count of both of two maps, so that they have one scale; 0 leaves each date its own.

    Returns
    -------
    dict
        For `json.dumps`. Sizes in pixels; `k` is the most pixels per square root of a person, made smaller in the
        browser by the largest count of the date as `layers.discs.scale_of` does.

    Raises
    ------
    ValueError
        If there are more classes than the drawing knows, or a colour has another form.
    """
    if len(palette) > CLASSES:
        raise ValueError(f"The drawing knows {CLASSES} classes and was given {len(palette)}: join some.")
    for colour in palette:
        if colour != HATCH and not _is_colour(colour):
            raise ValueError(
                f"A class has the colour {colour!r}; expected #RRGGBB, or '{HATCH}' for a break."
            )
    base = f"{scene.origin.rstrip('/')}/points/{scene.digest}/{quote(operation, safe='')}"
    c, settings = scene.colours, scene.settings
    opacity = settings.opacities()
    none = c["data"] if not palette or settings.colour == "state" else c["mute"]
    return {
        "places": f"{base}/places.bin",
        "at": f"{base}/at.bin",
        "place": f"{base}/place",
        "graph": graph,
        "counted": counted,
        "group": settings.group,
        "groups": groups,
        "moment": moment,
        "fixed": dict(fixed or {}),
        "near": list(near),
        "total": total,
        "k": k_px(most),
        "largest": LARGEST_PX,
        "dot": DOT_PX,
        "edge": EDGE_PX,
        "pale": OLDER_SHARE,
        "switched_on": {key: key in scene.switched_on for key in LAYERS},
        "opacity": {key: opacity.get(key, 1.0) for key in LAYERS},
        "colours": {name: c[name] for name in ("land", "data", "mute", "note")} | {"none": none},
        "colour": settings.colour,
        "palette": list(palette),
        "words": _said(scene.words),
    }


def k_px(most: float) -> float:
    """Pixels per square root of a person on a map whose largest count is `most`, as `layers.discs.scale_of`."""
    return min(K_PX, LARGEST_PX / math.sqrt(most)) if most > 0 else K_PX


def attributes(made: Mapping[str, Any]) -> dict[str, str]:
    """The manifest as the attribute of an element."""
    return {"data-manifest": json.dumps(made, ensure_ascii=False, separators=(",", ":"))}


def plainly(words: Words, *, drawn: int, total: int) -> str:
    """That the places with most people alone are drawn, because the browser cannot draw all."""
    language = words.language
    return words("many.plain", drawn=number(drawn, language), total=number(total, language))


def _is_colour(text: str) -> bool:
    return (
        len(text) == 7 and text.startswith("#") and all(sign in "0123456789abcdefABCDEF" for sign in text[1:])
    )


def _said(words: Words) -> dict[str, Any]:
    """The sentences, with their places for numbers and names still open where the browser fills them."""
    first = day(date(2000, 1, 1), words.language).split(" ", 1)[0]
    return {
        **{key.partition(".")[2]: _open(words, key) for key in SAID},
        "states": {state.value: words(f"state.{state}") for state in State},
        "units": {unit.value: words(f"unit.{unit}") for unit in Unit},
        "precision": {precision.value: _open(words, f"precision.{precision}") for precision in Precision},
        "older": words("map.older"),
        "older_zero": words("map.older_zero"),
        "unknown": words("map.unknown"),
        "amount": _open(words, "map.amount"),
        "from_to": _open(words, "date.from_to"),
        "months": [month(date(2000, n, 1), words.language).rsplit(" ", 1)[0] for n in range(1, 13)],
        "first_day": first,
    }


def _open(words: Words, key: str) -> str:
    """A sentence whose placeholders stay as they are."""
    return words(key, **{name: f"{{{name}}}" for name in placeholders(words.table[key])})

"""How a reader wants the map drawn: part of the view, so part of its address; drawing itself is in `layers`."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

MEASURES = ("people", "change", "rate", "coverage")  # of an area
LEVELS = ("adm0", "adm1", "adm2", "adm3")
COLOURS = ("state", "type", "age", "change", "gap")  # of a site
CLASSES = ("quantile", "jenks", "equal", "own")
SORTS = ("people", "name", "area", "state", "last", "since")
MOST_PAIRS = 200
_LIMITS = re.compile(r"\d{1,9}(?:\.\d{1,3})?(?:,\d{1,9}(?:\.\d{1,3})?){0,7}")
_WORDS = re.compile(r"[a-z_]{1,30}(?:,[a-z_]{1,30}){0,12}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}")
_OPACITY = re.compile(r"[a-z_]{1,30}:(?:0|1|0\.\d{1,2})(?:,[a-z_]{1,30}:(?:0|1|0\.\d{1,2})){0,14}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ROUND = re.compile(r"\d{1,5}")
LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSettings:
    """What is drawn and listed of an operation's places; each default is the map as it opens.

    The names are the names in an address. A value in the wrong form is refused by `read`, never guessed.
    """

    measure: str = ""  # of areas, one of MEASURES; "" leaves them uncoloured
    level: str = "adm1"
    classes: str = "quantile"
    limits: str = ""  # own class limits, ascending, with "," between
    since: str = ""  # the round, or day, that a change is from; "" is the round before
    colour: str = "state"  # of sites
    service: str = ""  # whose gap colours a site; "" is the first that was asked about
    vs: str = ""  # the round, or day, of the second map; "" shows one map
    pairs: int = 0  # so many origin-destination lines; 0 draws none
    opacity: str = ""  # layer:share, with "," between
    types: str = ""  # settings of sites to keep, with "," between; "" keeps all, as below
    states: str = ""
    within: str = ""  # P-code of an area
    least: int = 0  # people
    most: int = 0  # people; 0 is no limit
    seen: date | None = None  # counted or visited on that day or later
    lacks: str = ""  # a service that was found missing
    text: str = ""  # part of a name or a code, in any script, with or without accents
    box: str = ""  # west,south,east,north in degrees, to 4 decimals
    sort: str = "people"  # of the table
    page: int = 0  # of the table; 0 is the one with the chosen place, or the first
    low: bool = False  # a picture drawn by the server in place of the map
    group: bool = False  # nearby sites as one disc: a way of drawing, nothing is left out by it
    plain: bool = False  # the places with most people as plain points, where the browser cannot draw all

    def opacities(self) -> dict[str, float]:
        """The opacity of layers that have another one than their own, 0 to 1."""
        pairs = (part.split(":") for part in self.opacity.split(",") if part)
        return {key: float(share) for key, share in pairs}

    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north of the box, degrees; None where none is chosen."""
        if not self.box:
            return None
        west, south, east, north = map(float, self.box.split(","))
        return west, south, east, north

    def filters(self) -> bool:
        """Whether a part of the places is left out."""
        return self.kept() != MapSettings()

    def kept(self) -> MapSettings:
        """Only what decides which places are kept."""
        names = ("types", "states", "within", "least", "most", "seen", "lacks", "text", "box")
        return MapSettings(**{name: getattr(self, name) for name in names})

    def pairs_of_query(self) -> list[tuple[str, str]]:
        """Names and values that differ from the defaults, in the order of the fields."""
        plain = MapSettings()
        return [
            (field.name, _said(getattr(self, field.name)))
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        ]

    def to_query(self) -> str:
        """The settings as a part of a URL query, without the defaults."""
        return urlencode(self.pairs_of_query())


NAMES = frozenset(field.name for field in fields(MapSettings))


def read(settings: MapSettings, name: str, text: str) -> MapSettings:
    """The settings with one named part of an address.

    Raises
    ------
    ValueError
        If the text has not the form of that part.
    """
    return replace(settings, **{name: _READ[name](text)})


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)


def _one(*members: str) -> Any:
    def reader(text: str) -> str:
        if text not in members:
            raise ValueError(text)
        return text

    return reader


def _formed(form: re.Pattern[str]) -> Any:
    def reader(text: str) -> str:
        if text and not form.fullmatch(text):
            raise ValueError(text)
        return text

    return reader


def _count(most: int, least: int = 0) -> Any:
    def reader(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return reader


def _moment(text: str) -> str:
    if text and not _ROUND.fullmatch(text):
        _day(text)
    return text


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _limits(text: str) -> str:
    numbers = [float(part) for part in _formed(_LIMITS)(text).split(",") if part]
    if numbers != sorted(set(numbers)):
        raise ValueError(text)
    return text


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise ValueError(text)
    return text


def _box(text: str) -> str:
    if not text:
        return ""
    parts = text.split(",")
    if len(parts) != 4 or not all(re.fullmatch(r"-?\d{1,3}(?:\.\d{1,4})?", part) for part in parts):
        raise ValueError(text)
    west, south, east, north = map(float, parts)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(text)
    return text


def _yes(text: str) -> bool:
    return str(_one("1")(text)) == "1"


_READ = {
    "measure": _one("", *MEASURES), "level": _one(*LEVELS), "classes": _one(*CLASSES), "limits": _limits,
    "since": _moment, "colour": _one(*COLOURS), "service": _formed(_WORDS), "vs": _moment,
    "pairs": _count(MOST_PAIRS), "opacity": _formed(_OPACITY), "types": _formed(_WORDS), "states": _formed(_WORDS),
    "within": _formed(_CODE), "least": _count(999_999_999), "most": _count(999_999_999), "seen": _day,
    "lacks": _formed(_WORDS), "text": _text, "box": _box, "sort": _one(*SORTS), "page": _count(100_000, 1),
    "low": _yes, "group": _yes, "plain": _yes,
}  # fmt: skip

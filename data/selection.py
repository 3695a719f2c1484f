"""What a reader has chosen, as a value that goes into the URL and comes back from it.

Nothing in a URL is believed: every part is checked for its form here, and against what is held by the page
that uses it, which then offers what exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict, Unpack
from urllib.parse import parse_qsl, urlencode

from data import map_settings
from data.map_settings import MapSettings

LONGEST = 2000  # characters of a query that are read
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,60}")
_LIST = re.compile(r"(?:[a-z_]{1,30}(?:,[a-z_]{1,30}){0,20})?")
_RELEASE = re.compile(r"[0-9a-f]{8,64}")
_ROUND = re.compile(r"[0-9]{1,5}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Changes(TypedDict, total=False):
    """The parts of a `Selection` that a link may change."""

    operation: str
    round: int | None
    on: date | None
    place: str
    window: str
    basis: str
    known: date | None
    layers: str | None
    map: MapSettings
    what: str
    area: str
    first: str
    second: str
    release: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A view: which operation, round, place, period, language, and as known on which day.

    `ignored` names the parts of a URL that had no valid form, so that a page can say so.
    """

    operation: str = ""
    round: int | None = None
    on: date | None = None  # a day on the map, for operations without rounds
    place: str = ""  # key of a site, a point or an area that is open in the panel
    window: str = ""  # "all", or "" for the period that the indicator opens with
    basis: str = (
        ""  # "" as reported, "old" the old list, "left" what was taken off left out, "same" the same sites
    )
    known: date | None = None  # as known on; None is the newest
    layers: str | None = None  # comma list of layers switched on, from below to above; None: as the map opens
    map: MapSettings = field(default_factory=MapSettings)
    what: str = ""  # indicator of a change
    area: str = ""  # code of the area of a change; "" is the indicator's own place
    first: str = ""  # the earlier side of a change: a round number or the last day of a period
    second: str = ""  # the later side of a change
    release: str = ""  # a pinned release
    language: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[str, ...]:
        """Those of `ignored` that a page knows and that had no valid form, or were said twice."""
        return tuple(part for part in self.ignored if "=" in part and part != "=")

    def to_query(self) -> str:
        """The view as a URL query, in a fixed order, without the defaults."""
        pairs = [
            ("op", self.operation),
            ("round", "" if self.round is None else str(self.round)),
            ("on", self.on.isoformat() if self.on else ""),
            ("place", self.place),
            ("window", self.window),
            ("basis", self.basis),
            ("known", self.known.isoformat() if self.known else ""),
            ("what", self.what),
            ("area", self.area),
            ("first", self.first),
            ("second", self.second),
            ("release", self.release),
            ("lang", self.language),
            *self.map.pairs_of_query(),
        ]
        query = urlencode([(name, value) for name, value in pairs if value])
        if self.layers is None:
            return query
        return "&".join(part for part in (query, urlencode([("layers", self.layers)])) if part)

    def at(self, path: str, **changes: Unpack[Changes]) -> str:
        """The address of this view, with `changes`, on the page `path`."""
        query = replace(self, ignored=(), **changes).to_query()
        return f"{path}?{query}" if query else path


def from_query(query: str) -> Selection:
    """Read a URL query; parts that are unknown or malformed are named in `ignored`, never guessed.

    Parameters
    ----------
    query : str
        With or without the leading "?". At most 2,000 characters are read, and of a longer query only the
        parts that are whole within them. Of a part that is said twice the first stands, as in the browser.
    """
    text, beyond = _whole_parts(query.removeprefix("?"))
    selection, ignored, read = Selection(), [], set()
    for name, value in parse_qsl(text, keep_blank_values=True):
        reader = _READERS.get(name) or _of_the_map(name)
        if reader is None:
            ignored.append(name[:40] or "=")
            continue
        try:
            selection = selection if name in read else reader(selection, value)
        except ValueError:
            ignored.append(f"{name}={value[:40]}")
            continue
        if name in read:
            ignored.append(f"{name}={value[:40]}")
        read.add(name)
    return replace(selection, ignored=(*ignored, *beyond))


def _of_the_map(name: str) -> Callable[[Selection, str], Selection] | None:
    """The reader of a part that says how the map is drawn; None where it is none."""
    if name not in map_settings.NAMES:
        return None
    return lambda view, text: replace(view, map=map_settings.read(view.map, name, text))


def _whole_parts(query: str) -> tuple[str, tuple[str, ...]]:
    """The start of a query that may be read, and the part with which the rest begins.

    A part that is cut in two would be read as another one: round=12 as round=1.
    """
    if len(query) <= LONGEST:
        return query, ()
    kept = query[: LONGEST + 1].rpartition("&")[0]
    return kept, (query[len(kept) :].lstrip("&")[:40] or "&",)


def _matched(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise ValueError(text)
    return text


def _key(text: str) -> str:
    return _matched(_KEY, text) if text else ""


def _one_of(text: str, *members: str) -> str:
    if text not in members:
        raise ValueError(text)
    return text


def _side(text: str) -> str:
    return text if not text or _ROUND.fullmatch(text) else _day(text).isoformat()


def _day(text: str) -> date:
    return date.fromisoformat(_matched(_DAY, text))


_READERS: Mapping[str, Callable[[Selection, str], Selection]] = {
    "op": lambda view, text: replace(view, operation=_key(text)),
    "round": lambda view, text: replace(view, round=int(_matched(_ROUND, text))),
    "on": lambda view, text: replace(view, on=_day(text)),
    "place": lambda view, text: replace(view, place=_key(text)),
    "window": lambda view, text: replace(view, window=_one_of(text, "", "all")),
    "basis": lambda view, text: replace(view, basis=_one_of(text, "", "old", "left", "same")),
    "known": lambda view, text: replace(view, known=_day(text)),
    "layers": lambda view, text: replace(view, layers=_matched(_LIST, text)),
    "what": lambda view, text: replace(view, what=_key(text)),
    "area": lambda view, text: replace(view, area=_key(text)),
    "first": lambda view, text: replace(view, first=_side(text)),
    "second": lambda view, text: replace(view, second=_side(text)),
    "release": lambda view, text: replace(view, release=_matched(_RELEASE, text)),
    "lang": lambda view, text: replace(view, language=_one_of(text, "", "en", "fr")),
}

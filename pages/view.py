"""What the browser says of itself and its address, checked: the only way from a request to a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Unpack

from data.errors import Refused
from data.model import Operation
from data.queries import Catalogue
from data.selection import LONGEST, Changes, Selection, from_query
from data.store import Release
from words import DEFAULT, LANGUAGES, Words, words

Scheme = Literal["light", "dark"]
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}")
_PATH = re.compile(
    r"/(?!/)[A-Za-z0-9/_.\-]{0,200}"
)  # links start with it: two slashes would name another server


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view of the product, as a reader's browser asks for it."""

    path: str
    selection: Selection
    language: str
    scheme: Scheme
    narrow: bool
    origin: str  # scheme, host and port the browser uses: the map's own sources are absolute

    def at(self, path: str | None = None, **changes: Unpack[Changes]) -> str:
        """The address of this view with `changes`."""
        return self.selection.at(self.path if path is None else path, **changes)


def parse_view(data: object) -> View:
    """The view that a browser asks for.

    Parameters
    ----------
    data : object
        What came with the request: path, search, language, scheme, narrow, origin.

    Raises
    ------
    Refused
        If a part is missing or is nothing that a page offers.
    """
    if not isinstance(data, Mapping):
        raise Refused("The view is not a set of named parts. Open the address again.")
    path, search = _text(data, "path"), _text(data, "search", longest=LONGEST)
    origin, scheme = _text(data, "origin"), _text(data, "scheme")
    narrow = data.get("narrow")
    if not _PATH.fullmatch(path) or not _ORIGIN.fullmatch(origin):
        raise Refused("The address is not one of this site. Open it again from the start page.")
    if scheme not in ("light", "dark") or not isinstance(narrow, bool):
        raise Refused("The colour scheme is light or dark, and the width narrow or not.")
    selection = from_query(search)
    preferred = _text(data, "language")
    asked = selection.language or preferred
    return View(
        path=path,
        selection=selection,
        language=asked if asked in LANGUAGES else DEFAULT,
        scheme="dark" if scheme == "dark" else "light",
        narrow=narrow,
        origin=origin,
    )


def _text(data: Mapping[str, object], name: str, longest: int = 300) -> str:
    value = data.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise Refused(f"The part '{name}' of the view is not a text of at most {longest} characters.")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every page builder gets: the view, its wording, and the release it is pinned to."""

    view: View
    words: Words
    release: Release
    newest: str  # digest of the current release; another one than `release.digest` is said on the page
    held: Catalogue
    today: date  # what an operation without dates is shown at
    current: Release | None = None  # the newest release, where the view is pinned to another one
    writes: bool = False  # whether this reader may write to the ledger

    @property
    def language(self) -> str:
        """Code of the reader's language."""
        return self.view.language

    def operation(self) -> Operation:
        """The chosen operation.

        Raises
        ------
        Unknown
            If none of that name is held.
        """
        return self.held.operation(self.view.selection.operation)


def wording(view: View) -> Words:
    """The sentences of the view's language."""
    return words(view.language)

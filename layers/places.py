"""A place in words: the one maker of what a hover box and a table row say, so that they cannot differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from data.codes import Precision, State
from data.dates import DateSpan
from words import Words
from words import words as in_language
from words.format import country, quantified, span

KINDS = {"sites": "map.kind_site", "crowd": "map.kind_crowd", "flow_points": "map.kind_point"}
SITE_AREA = ("commune", "commune_pcode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place, ready to be read; '' where nothing was found."""

    key: str
    name: str
    kind: str
    area: str
    state: str
    when: str
    amount: str
    location: str
    accuracy: str
    note: str

    def hover(self) -> tuple[str, ...]:
        """The lines of its hover box: each is a cell of its table row."""
        return tuple(line for line in (self.name, self.state, self.when, self.amount) if line)

    def cells(self, words: Words) -> dict[str, str]:
        """Its table row, by translated heads; what was not found says so."""
        said = {
            words("map.col_name"): self.name,
            words("map.col_kind"): self.kind,
            words("map.col_area"): self.area,
            words("map.col_state"): self.state,
            words("map.col_when"): self.when,
            words("map.col_amount"): self.amount,
            words("map.col_location"): self.location,
            words("map.col_accuracy"): self.accuracy,
        }
        none = words("map.not_found")
        return {head: cell or none for head, cell in said.items()} | {words("map.col_note"): self.note}


def heads(words: Words) -> list[str]:
    """The heads of the table, in order."""
    blank = Place(
        key="", name="", kind="", area="", state="", when="", amount="", location="", accuracy="", note=""
    )
    return list(blank.cells(words))


def country_name(row: Mapping[str, Any], words: Words) -> str:
    """The country of a place: as its operation names it, else by its code."""
    return _text(row.get(f"country_{words.language}")) or country(_text(row["iso3"]), words.language)


def _area(row: Mapping[str, Any], words: Words, *, flow: bool) -> list[str]:
    if flow:
        return [_text(row["adm1"]), country_name(row, words)]
    return [_text(row[column]) for column in SITE_AREA]


def is_spot(point: Any) -> bool:
    """Whether a geometry can be drawn: a point made of missing degrees is not empty and lies nowhere."""
    if point is None or point.is_empty or point.geom_type != "Point":
        return False
    return math.isfinite(point.x) and math.isfinite(point.y)


def place(held: str, row: Mapping[str, Any], words: Words) -> Place:
    """A row of a snapshot in words.

    Parameters
    ----------
    held : str
        What the snapshot holds: "sites", "crowd" or "flow_points".
    row : mapping
        The row, by column.
    words : Words
        The reader's language.

    Raises
    ------
    KeyError
        If a column is missing or `held` is not known.
    """
    point, language = row["geometry"], words.language
    spot = words("map.no_location")
    if is_spot(point):
        spot = words("map.location", lat=f"{point.y:.3f}", lon=f"{point.x:.3f}")
    flow = held == "flow_points"
    return Place(
        key=str(row["key"]),
        name=str(row["name"]),
        kind=words(KINDS[held]),
        area=", ".join(filter(None, _area(row, words, flow=flow))),
        state=_point_state(row, words) if flow else _site_state(row, words),
        when=_when(_text(row["active_from" if flow else "last_when"]), words),
        amount="" if flow else _amount(row, words),
        location=spot,
        accuracy="" if flow else _text(row[f"accuracy_{language}"]),
        note=_text(row.get(f"text_{language}")) or _text(row.get(f"note_{language}")),
    )


def _site_state(row: Mapping[str, Any], words: Words) -> str:
    if row["age"] == "older":
        return words("map.older_zero" if row["state"] == State.COUNTED_ZERO else "map.older")
    if row["age"] == "unknown":
        return words("map.unknown")
    return words(f"state.{row['state']}")


def _point_state(row: Mapping[str, Any], words: Words) -> str:
    if not row["opened"]:
        return words("map.point_later")
    return words("map.point_open" if _text(row["active_from"]) else "map.point_undated")


def _when(text: str, words: Words) -> str:
    return _dated(text, words.language) if text else ""


@lru_cache(maxsize=4096)  # thousands of sites have the few dates of a round
def _dated(text: str, language: str) -> str:
    return span(DateSpan.parse(text), in_language(language))


@lru_cache(
    maxsize=32768
)  # numbers recur from round to round, and writing one takes as long as all else of a place
def _number(value: float, precision: str, unit: str, language: str) -> str:
    words = in_language(language)
    number = quantified(value, Precision(precision or Precision.EXACT), words)
    return words("map.amount", number=number, unit=words(f"unit.{unit}"))


def _amount(row: Mapping[str, Any], words: Words) -> str:
    if pd.isna(row["value"]):
        return ""
    return _number(float(row["value"]), str(row["precision"] or ""), str(row["unit"]), words.language)


def _text(cell: object) -> str:
    """The text of a cell; missing is ''."""
    return cell if isinstance(cell, str) else ""

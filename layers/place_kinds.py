"""Flow points, border posts, incidents, pairs and rasters in words: one maker of their hover boxes and table rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from data.codes import ClaimStatus, Precision, State
from data.dates import DateSpan
from layers import places
from layers.places import Place
from words import Words
from words.format import month as in_month
from words.format import number, quantified, span

Row = Mapping[str, Any]
LOCATED: Mapping[str, str] = {
    "place": "located.place", "near": "located.near", "adm3": "located.adm3", "adm2": "located.adm2",
    "adm1": "located.adm1", "adm0": "located.adm0", "not_stated": "located.not_stated",
}  # fmt: skip
WHERE: Mapping[str, str] = {
    "between": "pairs.where_between", "within": "pairs.where_within", "abroad": "pairs.where_abroad",
    "unlocated": "pairs.where_unlocated",
}  # fmt: skip
MODES: Mapping[str, str] = {"land": "border.land", "sea": "border.sea", "air": "border.air"}


def place_of(held: str, row: Row, words: Words) -> Place:
    """A row of a snapshot of any kind in words.

    Parameters
    ----------
    held : str
        What the snapshot holds: "sites", "crowd", "flow_points", "border_posts", "incidents", "pairs", "rasters" or
        "undrawn".
    row : mapping
        The row, by column.
    words : Words
        The reader's language.

    Raises
    ------
    KeyError
        If a column is missing or `held` is not known.
    """
    made = _MADE.get(held)
    return places.place(held, row, words) if made is None else made(row, words)


def flow_point(row: Row, words: Words) -> Place:
    """A flow point: movements in and out in the month, and the days on which somebody observed."""
    plain = places.place("flow_points", row, words)
    if not row.get("opened") or not row.get("month"):
        return plain
    beside = words("flow.beside", names=row["neighbour_names"]) if row["neighbour_names"] else ""
    plain = replace(plain, note=" ".join(filter(None, (plain.note, beside))))
    if row["state"] == State.NO_DATA:
        return plain  # nothing of the month is held: only when it was opened
    return replace(
        plain,
        state=words("flow.month_state", state=words(f"state.{row['state']}"), days=flow_days(row, words)),
        when=_month(row["month"], words),
        amount=sides("flow.both", row["into"], row["out_of"], words),
    )


def flow_days(row: Row, words: Words) -> str:
    """On how many days of the month somebody observed; that it is not published, where it is not."""
    if _missing(row["days_observed"]):
        return words("flow.days_unknown")
    n = int(row["days_in"])
    return words("flow.days", observed=int(row["days_observed"]), open=int(row["days_open"]), all=n)


def flow_lines(row: Row, words: Words) -> tuple[str, ...]:
    """What the profile of a flow point says of the month, whole sentences: movements, days, road, other roads."""
    place, language = flow_point(row, words), words.language
    said = [words("flow.not_people")]
    if row.get("month"):
        when = _month(row["month"], words)
        said = [
            words("flow.profile", when=when, state=place.state, both=place.amount or words("map.not_found")),
            *said,
        ]
        if not _missing(row["hours"]) and row["hours"] > 0:
            hours = number(float(row["hours"]), language)
            said.append(words("flow.hours", hours=hours, when=when))
        if row[f"corridor_{language}"]:
            said.append(words("flow.road", road=row[f"corridor_{language}"]))
        if row["neighbour_names"]:
            said.append(words("flow.beside", names=row["neighbour_names"]))
        if row[f"bypass_{language}"]:
            said.append(row[f"bypass_{language}"])
    return tuple(said)


def border_post(row: Row, words: Words) -> Place:
    """A border post: entries and exits in the month, movements and not people."""
    days = words("border.days_unknown")
    if not _missing(row["days_counted"]):
        days = words("border.days", counted=int(row["days_counted"]), all=int(row["days_in"]))
    kind = MODES.get(str(row["mode"]))
    return _place(
        row, words, kind=words("border.kind"), area=_post_area(row, words),
        state=words("flow.month_state", state=words(f"state.{row['state']}"), days=days),
        when=_month(row["month"], words), amount=sides("border.both", row["entries"], row["exits"], words),
        note=words(kind) if kind else "",
    )  # fmt: skip


def border_lines(row: Row, words: Words) -> tuple[str, ...]:
    """What the profile of a border post says of the month, whole sentences."""
    place = border_post(row, words)
    when, both = _month(row["month"], words), place.amount or words("map.not_found")
    return (
        words("flow.profile", when=when, state=place.state, both=both),
        words("border.not_people"),
        words("border.hours_unknown"),
    )


def incident(row: Row, words: Words) -> Place:
    """An incident: what happened and, where the producer did not publish it, who says so."""
    kind, claim = words(f"incident.{row['kind']}"), str(row["claim"])
    by = row[f"by_{words.language}"]
    state = kind if claim == ClaimStatus.PUBLISHED else words(f"told.{claim}", what=kind, by=by)
    amount = words("incident_note.none")
    if not _missing(row["value"]):
        people = quantified(float(row["value"]), Precision(row["precision"]), words)
        amount = words("incident_note.people", people=people)
    near = words(LOCATED[str(row["located"])])
    if not _missing(row["accuracy_m"]):
        near = words(
            "incident_note.within", located=near, km=number(float(row["accuracy_m"]) / 1000, words.language)
        )
    return _place(
        row, words, kind=words("incident_note.kind"), area=str(row["pcode"]), state=state,
        when=span(DateSpan.parse(str(row["when"])), words), amount=amount, accuracy=near,
        note=str(row[f"text_{words.language}"]),
    )  # fmt: skip


def pair(row: Row, words: Words) -> Place:
    """A pair of origin and destination: what people said at flow points, not a route."""
    ends = tuple(
        words("pairs.abroad") if row[end] == "abroad" else str(row[f"{end}_name"] or row[end])
        for end in ("origin", "destination")
    )
    amount = words(
        "pairs.amount", number=number(float(row["value"]), words.language), points=int(row["points"])
    )
    return _place(
        row, words, name=words("pairs.name", origin=ends[0], destination=ends[1]), kind=words("pairs.kind"),
        area=f"{row['origin']}, {row['destination']}", state=words("pairs.stated"), when=_month(row["month"], words),
        amount=amount, location=words(WHERE[str(row["why"])]),
    )  # fmt: skip


def raster(row: Row, words: Words) -> Place:
    """A raster: what its cells hold, of which year; it lies over the whole of its area."""
    year = int(row["year"])
    unit = words("raster.unit_residents") if row["unit"] == "residents" else str(row["unit"])
    return _place(
        row, words, name=str(row[f"name_{words.language}"]), kind=words("raster.kind"), area="",
        state=words("raster.state", unit=unit, year=year), when=str(year),
        amount=words("raster.cell", km=number(float(row["cell_km"]), words.language)),
        location=words("raster.whole"), note=str(row[f"note_{words.language}"]),
    )  # fmt: skip


def undrawn(row: Row, words: Words) -> Place:
    """An area with a figure of its own and no outline, told as a site is: a count that is older says so."""
    plain = {"commune": "", "commune_pcode": row["key"], "accuracy_en": "", "accuracy_fr": ""}
    place = places.place("sites", {**row, **plain}, words)
    notes = (words("areas.see", note=title.to(words.language)) for title in row["noted"])
    return replace(
        place, kind=words("undrawn.kind"), location=words("undrawn.location"),
        note=" ".join(filter(None, (place.note, *notes))),
    )  # fmt: skip


def sides(key: str, one: object, other: object, words: Words) -> str:
    """Two numbers side by side; one that was not found says so, and without both there is nothing to say."""
    if _missing(one) and _missing(other):
        return ""
    first, second = (
        words("map.not_found") if _missing(n) else number(float(str(n)), words.language) for n in (one, other)
    )
    return words(key, one=first, other=second)


def _place(row: Row, words: Words, **said: str) -> Place:
    """A place with what all kinds share: key, name and where it is."""
    spot = words("map.no_location")
    if places.is_spot(row["geometry"]):
        spot = words("map.location", lat=f"{row['geometry'].y:.3f}", lon=f"{row['geometry'].x:.3f}")
    plain = {"key": str(row["key"]), "name": str(row["name"]), "location": spot, "accuracy": "", "note": ""}
    return Place(**(plain | said))


def _month(text: object, words: Words) -> str:
    return in_month(date.fromisoformat(f"{text}-01"), words.language)


def _missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell)) or str(cell) in {"<NA>", "NaT"}


def _post_area(row: Row, words: Words) -> str:
    """Commune with its code, and country; of a commune without a name nothing."""
    name, code = str(row.get("area_name") or ""), str(row["pcode"] or "")
    commune = words("areas.named", name=name, code=code) if name and code else name
    return _joined(commune, places.country_name(row, words))


def _joined(*cells: object) -> str:
    return ", ".join(str(cell) for cell in cells if cell)


_MADE: Mapping[str, Callable[[Row, Words], Place]] = {
    "flow_points": flow_point, "border_posts": border_post, "incidents": incident, "pairs": pair, "rasters": raster,
    "undrawn": undrawn,
}  # fmt: skip

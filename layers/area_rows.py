"""An area in words: the one maker of what its hover box and its table row say, so that they cannot differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.area_people import Why
from data.codes import Precision
from data.model import Snapshot
from layers.scene import plain
from words import Words
from words.format import day, number, percent, quantified, span

Row = Mapping[str, Any]
WHY: Mapping[str, str] = {
    Why.FLOW: "areas.why_flow",
    Why.NO_INDICATOR: "areas.why_no_indicator",
    Why.NOT_PEOPLE: "areas.why_not_people",
    Why.NO_ROUND: "areas.why_no_round",
    Why.NOT_BY_AREA: "areas.why_not_by_area",
    Why.OTHER_WHOLE: "areas.why_other_whole",
    Why.NOT_PUBLISHED: "areas.why_not_published",
    Why.OLDER: "areas.why_older",
    Why.OTHER_BOUNDARIES: "areas.why_other_boundaries",
    Why.BREAK: "areas.why_break",
    Why.BOUNDARY: "areas.why_boundary",
    Why.STATE_BEFORE: "areas.why_state_before",
    Why.NOT_EXACT: "areas.why_not_exact",
    Why.FROM_ZERO: "areas.why_from_zero",
    Why.NO_EARLIER: "areas.why_no_earlier",
    Why.NO_RESIDENTS: "areas.why_no_residents",
    Why.NO_RESIDENTS_LEVEL: "areas.why_no_residents_level",
    Why.NO_EFFORT: "areas.why_no_effort",
    Why.NONE_LISTED: "areas.why_none_listed",
}
WITH_EVENT: Mapping[str, str] = {Why.BREAK: "areas.why_break_event", Why.BOUNDARY: "areas.why_boundary_event"}
SEVERAL: Mapping[tuple[str, bool], str] = {  # by the reason, and whether they became known only later
    (Why.BREAK, False): "areas.why_breaks_event", (Why.BREAK, True): "areas.why_breaks_later",
}  # fmt: skip
LATER: Mapping[str, str] = {Why.BREAK: "areas.why_break_later", Why.BOUNDARY: "areas.why_boundary_later"}


def heads(words: Words) -> dict[str, str]:
    """The heads of the table by the name of the cell, in order."""
    w = words
    return {
        "area": w("areas.col_area"), "figure": w("areas.col_figure"), "measure": w("areas.col_measure"),
        "sites": w("areas.col_sites"), "years": w("areas.col_years"), "state": w("areas.col_state"),
        "why": w("areas.col_why"),
    }  # fmt: skip


def cells(row: Row, snapshot: Snapshot, measure: str, words: Words) -> dict[str, str]:
    """What is said of one area, by the name of the cell; '' where there is nothing to say.

    Parameters
    ----------
    row : mapping
        A row of `data.area_figures.areas_at`.
    snapshot : Snapshot
        The whole, for the words of an event.
    measure : str
        One of `data.map_settings.MEASURES`; "" is people. What the row itself says that it shows goes before it.
    words : Words
        The reader's language.
    """
    measure = row.get("measure") or measure
    return {
        "area": words("areas.named", name=row["name"] or row["pcode"], code=row["pcode"]),
        "figure": _figure(row, words),
        "measure": "" if measure in {"", "people"} else _measure(row, measure, words),
        "sites": _sites(row, words),
        "years": _years(row, measure, words),
        "state": words(f"state.{row['state']}"),
        "why": _why(row, snapshot, words),
    }


def hover(said: Mapping[str, str]) -> str:
    """The hover box: the filled cells of the row, one a line."""
    return plain(list(said.values()))


def area_table(snapshot: Snapshot, measure: str, words: Words) -> pd.DataFrame:
    """Every area as a row of text, translated heads; what was not found says so. Of people there is no measure."""
    named, none = heads(words), words("map.not_found")
    rows = []
    for row in snapshot.table.drop(columns="geometry").to_dict("records"):
        said = cells({str(name): cell for name, cell in row.items()}, snapshot, measure, words)
        rows.append({named[name]: cell or ("" if name == "why" else none) for name, cell in said.items()})
    table = pd.DataFrame(rows, columns=list(named.values()))
    shows = set(snapshot.table["measure"]) if "measure" in snapshot.table else {measure}
    return table.drop(columns=named["measure"]) if shows <= {"", "people"} else table


def _figure(row: Row, w: Words) -> str:
    if not _has(row["people"]):
        return ""
    # Residents by estimate make a rate one; the count itself stays as it was published.
    precision = Precision(row["precision"] or Precision.EXACT)
    if _has(row["residents"]):
        precision = Precision(row["people_precision"] or Precision.EXACT)
    amount = w("areas.people", number=quantified(float(row["people"]), precision, w))
    if row["basis"] != "sum":
        return amount
    return w(
        "areas.sum",
        people=amount,
        sites=number(row["in_sum"], w.language),
        left=number(row["not_in_sum"], w.language),
    )


def _measure(row: Row, measure: str, w: Words) -> str:
    value = row["value"]
    if measure == "change":
        if not _has(row["amount"]):
            return ""
        since = day(row["since_last"].date(), w.language)
        amount = number(row["amount"], w.language, signed=True)
        if not _has(value):
            return w("areas.change_amount", amount=amount, since=since)
        share = percent(float(value), w.language, signed=True)
        return w("areas.change", share=share, amount=amount, since=since)
    if not _has(value):
        return ""
    if measure == "coverage":
        return w(
            "areas.coverage", share=percent(float(value), w.language), visited=number(row["visited"], w.language),
            listed=number(row["listed"], w.language),
        )  # fmt: skip
    return _rate(row, w)


def _rate(row: Row, w: Words) -> str:
    """People per 1,000 residents, and how many sites on the list are not in it."""
    precision = Precision(row["precision"] or Precision.EXACT)
    rate = w("areas.rate", number=quantified(float(row["value"]), precision, w))
    if not row.get("partial"):
        return rate
    listed, counted = int(row["sites_listed"]), int(row["sites_counted"])
    left, of = (number(sites, w.language) for sites in (listed - counted, listed))
    # What a note says of the area may make the rate lower: then no one direction is told.
    key = "areas.rate_partial_noted" if row.get("noted") else "areas.rate_partial"
    return w(key, rate=rate, left=left, listed=of)


def _sites(row: Row, w: Words) -> str:
    """How many of the sites on the list at the date were counted; '' where no site is placed in an area."""
    if not _has(row.get("sites_listed")):
        return ""
    listed, counted = int(row["sites_listed"]), int(row["sites_counted"])
    if not listed:
        return w("areas.sites_none")
    return w("areas.sites", counted=number(counted, w.language), listed=number(listed, w.language))


def _years(row: Row, measure: str, w: Words) -> str:
    when = ""
    if _has(row["last"]):
        when = day(row["last"].date(), w.language)
        when = when if not _has(row["round"]) else w("areas.round", when=when, round=str(row["round"]))
    if measure == "rate" and _has(row["residents_year"]):
        about = Precision(row["residents_precision"] or Precision.EXACT)
        living = quantified(float(row["residents"]), about, w)
        years = w(
            "areas.years", people=str(row["people_year"]), residents=str(row["residents_year"]), number=living
        )
        return w("areas.years_dated", when=when, years=years) if when else years
    return when


def _why(row: Row, snapshot: Snapshot, w: Words) -> str:
    """Why there is no value, or the note of the figure; then what was published about the area at the date."""
    said = [_reason(row, snapshot, w), *(w("areas.see", note=title) for title in _noted(row, snapshot, w))]
    return " ".join(text for text in said if text)


def _noted(row: Row, snapshot: Snapshot, w: Words) -> list[str]:
    """The titles of the caveats and events that are about the area at the date."""
    keys = str(row.get("noted") or "").split()
    titles = {caveat.key: caveat.title for caveat in snapshot.provenance.caveats}
    titles |= {event.key: event.headline for event in snapshot.provenance.events}
    return [titles[key].to(w.language) for key in keys if key in titles]


def _reason(row: Row, snapshot: Snapshot, w: Words) -> str:
    """Why there is no value, with the published event behind it, or the note of the figure."""
    note = str(row["note_fr"] if w.language == "fr" and row["note_fr"] else row["note_en"] or "")
    if row["why"] in {Why.NONE.value, Why.STATE.value}:
        return note
    event = next((e for e in snapshot.provenance.events if e.key == row["event"]), None)
    if event is not None and row["why"] in WITH_EVENT:
        later, count = bool(row.get("event_later")), int(row.get("event_count", 1))
        several = SEVERAL.get((row["why"], later))
        if several is not None and count > 1:
            return w(several, count=count, headline=event.headline.to(w.language), when=span(event.when, w))
        said = LATER if later else WITH_EVENT
        return w(said[row["why"]], headline=event.headline.to(w.language))
    return w(WHY[row["why"]])


def _has(cell: object) -> bool:
    """Whether there is something in a cell."""
    return not (
        cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell))
    )

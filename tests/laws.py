"""Small invented figures for the tests that hold the laws: Examplia, its ledger and its series.

Every maker has a plain default, so that a test names only what it is about. Examplia is an invented country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from data.codes import (
    CardField,
    ClaimStatus,
    Component,
    EventKind,
    Granularity,
    Measure,
    ObsStatus,
    Population,
    Precision,
    RowKind,
    Sensitivity,
    Setting,
    State,
    Unit,
)
from data.dates import DateSpan
from data.model import (
    VALUE_COLUMNS,
    CardLine,
    Caveat,
    Effect,
    Event,
    Method,
    Operation,
    Provenance,
    Series,
    Snapshot,
    Source,
    Text,
    checked_values,
)

# How fast an example runs says nothing of a law, and the machine is shared.
settings.register_profile(
    "laws", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")


def text(english: str) -> Text:
    """A sentence with its French twin."""
    return Text(english, (("fr", f"{english} (fr)"),))


def source(key: str = "report", **changes: Any) -> Source:
    """A document of Examplia."""
    plain = Source(
        key=key,
        title=f"Examplia, {key}",
        publisher="Examplia Office",
        published=DateSpan.parse("2013-10"),
        read_as=text("the report"),
        credit="Source: Examplia Office",
        licence="not stated",
    )
    return replace(plain, **changes)


def method(key: str = "informants", **changes: Any) -> Method:
    """A method that counts exactly."""
    plain = Method(
        key=key,
        text=text("Key informants in every site."),
        accuracy=text("key informants"),
        rounds_figures=False,
        source=source("method"),
    )
    return replace(plain, **changes)


def caveat(key: str = "sites-only", **changes: Any) -> Caveat:
    """A standing limit."""
    plain = Caveat(
        key=key, title=text(f"Title of {key}"), text=text(f"Caveat {key}."), source=source(f"s-{key}")
    )
    return replace(plain, **changes)


def event(key: str = "delisting", when: str = "2013-09-30", **changes: Any) -> Event:
    """An entry of the ledger: by default a published delisting that breaks the line."""
    plain = Event(
        key=key,
        kind=EventKind.DELISTING,
        when=DateSpan.parse(when),
        first_round=None,
        breaks=True,
        status=ObsStatus.BREAK,
        claim=ClaimStatus.PUBLISHED,
        headline=text(f"Headline of {key}"),
        text=text(f"Event {key}."),
        source=source(f"s-{key}"),
    )
    return replace(plain, **changes)


def effect(value: float, unit: Unit = Unit.INDIVIDUALS, precision: Precision = Precision.EXACT) -> Effect:
    """What an event did to the series 'people'."""
    return Effect(indicator="people", value=value, unit=unit, precision=precision, note=text("people"))


def operation(key: str = "examplia", **changes: Any) -> Operation:
    """A data collection."""
    line = CardLine(field=CardField.COLLECTOR, text=text("Examplia Office"), looked_in=text("the report"))
    plain = Operation(
        key=key,
        iso3=("XXA",),
        country=text("Examplia"),
        title=text(f"Operation {key}"),
        component=Component.MOBILITY_TRACKING,
        population=Population.IDPS,
        producer="Examplia Office",
        credit="Source: Examplia Office",
        licence="not stated",
        sensitivity=Sensitivity.PUBLIC,
        synthetic=True,
        best_page="trends",
        card=(line,),
    )
    return replace(plain, **changes)


def provenance(events: Sequence[Event] = (), **changes: Any) -> Provenance:
    """Where the figures of Examplia come from."""
    plain: dict[str, Any] = {
        "operations": (operation(),),
        "sources": (source(),),
        "methods": (method(),),
        "caveats": (caveat(),),
        "events": tuple(events),
        "coverage": (),
    }
    return Provenance(**(plain | changes))


def row(number: int | None, last: str, value: float | None = 1000.0, **changes: Any) -> dict[str, Any]:
    """One observation; `last` is a date as a register writes it."""
    span = DateSpan.parse(last)
    state = State.NO_DATA if value is None else State.COUNTED_ZERO if value == 0 else State.COUNTED
    plain = {
        "obs": f"people-{number if number is not None else 'none'}-{last}",
        "round": pd.NA if number is None else number,
        "first": pd.Timestamp(span.first),
        "last": pd.Timestamp(span.last),
        "value": float("nan") if value is None else float(value),
        "lower": float("nan"),
        "upper": float("nan"),
        "precision": Precision.EXACT.value,
        "obs_status": ObsStatus.NORMAL.value,
        "state": state.value,
        "known_by": pd.Timestamp(span.last),
        "vintage": "first",
        "kind": RowKind.PUBLISHED.value,
        "derivation": "",
        "source": "report",
        "note": "",
        "note_fr": "",
    } | changes
    return plain | {"known_by": pd.Timestamp(plain["known_by"]), "rows": (plain["obs"],)}


def frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Observations as the values of a series are held."""
    kinds = {
        "round": "Int64",
        "value": "float64",
        "lower": "float64",
        "upper": "float64",
        "first": "datetime64[us]",
        "last": "datetime64[us]",
        "known_by": "datetime64[us]",
    }
    return pd.DataFrame(list(rows), columns=list(VALUE_COLUMNS), dtype="object").astype(kinds)


def series(rows: Sequence[dict[str, Any]], events: Sequence[Event] = (), **changes: Any) -> Series:
    """People in sites of Examplia; `history` is the same rows unless it is given."""
    values = frame(rows)
    plain: dict[str, Any] = {
        "key": "people",
        "label": text("People in sites"),
        "unit": Unit.INDIVIDUALS,
        "measure": Measure.STOCK,
        "population": Population.IDPS,
        "setting": Setting.SITES,
        "granularity": Granularity.ROUND,
        "place": text("Examplia"),
        "counted": text("people in listed sites"),
        "not_counted": text("everyone outside sites"),
        "values": values,
        "history": values,
        "provenance": provenance(events),
    }
    return Series(**(plain | changes))


def snapshot(**changes: Any) -> Snapshot:
    """Two places of Examplia, one without a known location."""
    points = gpd.GeoSeries.from_wkt(["POINT (-72.3 18.6)", "POINT EMPTY"], crs="EPSG:4326")
    plain: dict[str, Any] = {
        "key": "examplia-register",
        "label": text("Examplia"),
        "table": gpd.GeoDataFrame({"key": ["a", "b"]}, geometry=points),
        "on": date(2013, 9, 30),
        "provenance": provenance(),
    }
    return Snapshot(**(plain | changes))


# Arbitrary figures

days = st.dates(min_value=date(2010, 1, 1), max_value=date(2019, 12, 31))
keys = st.sampled_from(["a", "b", "c", "d-1", "e2", "f", "g"])


def shown(days_of: date) -> str:
    """A day as a register writes it."""
    return days_of.isoformat()


@st.composite
def events(draw: st.DrawFn, *, breaks: bool | None = None) -> Event:
    """Any entry of the ledger; placed by a round or by its date."""
    claim = draw(st.sampled_from(ClaimStatus))
    cuts = draw(st.booleans()) if breaks is None else breaks
    return event(
        draw(keys),
        shown(draw(days)),
        kind=draw(st.sampled_from(EventKind)),
        first_round=draw(st.none() | st.integers(0, 12)),
        breaks=cuts,
        claim=ClaimStatus.PUBLISHED if cuts else claim,
    )


@st.composite
def provenances(draw: st.DrawFn) -> Provenance:
    """Any provenance of a few operations, caveats and events."""
    return provenance(
        draw(st.lists(events(), max_size=4, unique=True)),
        operations=tuple(operation(k) for k in draw(st.lists(keys, min_size=1, max_size=2, unique=True))),
        sources=tuple(source(k) for k in draw(st.lists(keys, min_size=1, max_size=3, unique=True))),
        methods=tuple(method(k) for k in draw(st.lists(keys, min_size=1, max_size=2, unique=True))),
        caveats=tuple(caveat(k) for k in draw(st.lists(keys, min_size=1, max_size=4, unique=True))),
        coverage=tuple(text(k) for k in draw(st.lists(keys, max_size=2, unique=True))),
        derived_by=tuple(text(k) for k in draw(st.lists(keys, max_size=2, unique=True))),
    )


@st.composite
def rounds_and_others(draw: st.DrawFn) -> pd.DataFrame:
    """Rounds in the order of their dates, with values that the producer gave no number between them."""
    dated = sorted(draw(st.lists(days, min_size=1, max_size=12, unique=True)))
    numbered = draw(st.lists(st.booleans(), min_size=len(dated), max_size=len(dated)))
    number, rows = 0, []
    for day, has_number in zip(dated, numbered, strict=True):
        number += has_number
        rows.append(row(number if has_number else None, shown(day), draw(st.none() | st.integers(0, 10_000))))
    return checked_values(frame(rows), "people")

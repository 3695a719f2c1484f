"""What every kind of place on a map rests on: its provenance, and which of its periods were public on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import pandas as pd
from shapely import Point

from data.dates import DateSpan
from data.effort import asked
from data.model import Caveat, Provenance, Source, Text
from data.queries import Catalogue
from data.store import Release

# A period of an operation was public by the day on which the first figure of a place of that period was.
PERIODS_PUBLIC = """
SELECT period, MIN(known_by) AS first_by FROM observations
WHERE operation = $operation AND place <> '' AND kind = 'published' GROUP BY period
"""


def provenance_of(
    held: Catalogue, operation: str, sources: Iterable[Source], more: Sequence[Caveat] = (),
    derived_by: Sequence[Text] = (),
) -> Provenance:  # fmt: skip
    """The provenance of places of an operation.

    Parameters
    ----------
    sources : iterable of Source
        That the places are read in; without one, that of the method.
    more : sequence of Caveat
        What holds of this kind of place beside the operation's own caveats.
    derived_by : sequence of Text
        Formulas of what is computed.
    """
    about, lead = held.operation(operation), held.lead[operation] or None
    method = held.methods[held.indicators[lead].method] if lead else next(
        m for m in held.methods.values() if m.key.startswith(operation)
    )  # fmt: skip
    cited = sorted(set(sources), key=lambda s: s.key)
    return Provenance(
        operations=(about,),
        sources=tuple(cited) or (method.source,),
        methods=(method,),
        caveats=(*more, *held.caveats_of(operation, lead)),
        events=held.events_of(operation, lead),
        coverage=(),
        derived_by=tuple(derived_by),
    )


def month_of(on: date) -> DateSpan:
    """The whole month that a day lies in."""
    first = on.replace(day=1)
    return DateSpan.parse(f"{first:%Y-%m}")


def days_in(month: DateSpan) -> int:
    """How many days a period has."""
    return (month.last - month.first + timedelta(days=1)).days


def was_public(release: Release, operation: str, period: str, as_known_on: date | None) -> bool:
    """Whether the figures of the places of a period were surely public on a day; today all are (None)."""
    if as_known_on is None:
        return True
    first_by = _periods_public(release, operation).get(period)
    return first_by is not None and first_by <= as_known_on


@lru_cache(maxsize=64)  # a release never changes
def _periods_public(release: Release, operation: str) -> Mapping[str, date]:
    """The day by which the first figure of a place of each period was surely public."""
    rows = asked(release, PERIODS_PUBLIC, operation=operation)
    first_by = (day.date() for day in rows["first_by"])
    return MappingProxyType(dict(zip(rows["period"], first_by, strict=True)))


def spot(lon: object, lat: object) -> Point:
    """A point, or an empty one where a degree is missing: such a place is listed and never drawn."""
    if pd.isna(lon) or pd.isna(lat):  # type: ignore[call-overload]  # a cell is a scalar
        return Point()
    return Point(float(str(lon)), float(str(lat)))

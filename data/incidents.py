"""Incidents in a period: what happened, how closely its place is stated, and who says so.

An incident is not a count of displaced people, and a map of incidents shows what was told, where somebody could tell
it. An allegation stays one: its claim comes with it, and nothing of it sets the state of a site.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import geopandas as gpd

from data import queries
from data.codes import ClaimStatus, State, Unit
from data.effort import asked, held_by
from data.model import Snapshot, Text
from data.placed import provenance_of, spot
from data.store import Release

INCIDENTS_OF = """
SELECT * FROM incidents
WHERE operation = $operation AND last >= $from_day AND first <= $to_day AND known_by <= $known
ORDER BY first, last, key
"""
TOLD = Text(
    "Incidents are those that somebody told and this program holds: none shown does not mean that none happened. "
    "People affected is as published and is part of no other figure.",
    (("fr", "Les incidents sont ceux que quelqu’un a rapportés et que ce programme contient\u202f: aucun sur la carte "
            "ne veut pas dire qu’aucun n’a eu lieu. Le nombre de personnes touchées est celui publié et n’entre dans "
            "aucun autre chiffre."),),
)  # fmt: skip
COLUMNS: Mapping[str, str] = {
    "key": "of the incident",
    "name": "the place as stated",
    "kind": "IncidentKind",
    "when": "day or period",
    "pcode": "of the smallest area that is stated, or ''",
    "site": "key of the site where it happened, or ''",
    "located": "Located: how closely its place is stated",
    "lon": "degrees, missing where no point is stated",
    "lat": "as above",
    "accuracy_m": "radius in metres around the point in which it happened, missing where not stated",
    "value": "people affected, missing where not published",
    "unit": "individuals where there is a value",
    "precision": "Precision, '' without a value",
    "state": "counted where people affected are published, else no_data",
    "claim": "ClaimStatus",
    "by_en": "who says so",
    "by_fr": "the same in French",
    "text_en": "what happened",
    "text_fr": "the same in French",
    "source": "key of the source",
    "known_by": "first day by which it was surely public",
    "public": "True: what was not public is not there",
}


def incidents_between(
    release: Release, operation: str, first: date, last: date, as_known_on: date | None = None
) -> Snapshot | None:
    """The incidents of an operation in a period, oldest first.

    Parameters
    ----------
    first, last : date
        An incident of a period of its own is there if any of its days lies between these, both included.
    as_known_on : date, optional
        Only what was surely public by that day; None takes all.

    Returns
    -------
    Snapshot or None
        One row an incident, the columns of `COLUMNS` and a point, which is empty where the place is stated as an
        area alone; `on` is the last day. None where nothing was told.

    Raises
    ------
    Unknown
        If the operation is not held.
    ValueError
        If the first day is after the last.
    """
    if first > last:
        raise ValueError(f"A period begins before it ends: {first} is after {last}. Swap the two days.")
    held = queries.catalogue(release)
    about = held.operation(operation)
    if not held_by(release, "incidents"):
        return None
    known = as_known_on or date.max
    rows = asked(release, INCIDENTS_OF, operation=operation, from_day=first, to_day=last, known=known)
    if rows.empty:
        return None
    publishers = [held.sources[key].publisher for key in rows["source"]]
    counted = rows["value"].notna()
    table = rows.rename(columns={"place": "name"}).assign(
        value=rows["value"].astype("float64"),
        unit=counted.map({True: Unit.INDIVIDUALS.value, False: ""}),
        state=counted.map({True: State.COUNTED.value, False: State.NO_DATA.value}),
        by_en=[said or by for said, by in zip(rows["said_by_en"], publishers, strict=True)],
        by_fr=[said or by for said, by in zip(rows["said_by_fr"], publishers, strict=True)],
        public=True,
    )[list(COLUMNS)]
    points = [spot(lon, lat) for lon, lat in zip(rows["lon"], rows["lat"], strict=True)]
    return Snapshot(
        key=f"{operation}-incidents", label=about.title, on=last,
        table=gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326"),
        provenance=provenance_of(held, operation, [held.sources[key] for key in rows["source"]], derived_by=(TOLD,)),
    )  # fmt: skip


def is_claimed(claim: str) -> bool:
    """Whether it is drawn open and worded as what somebody says: everything that the producer did not publish."""
    return claim != ClaimStatus.PUBLISHED

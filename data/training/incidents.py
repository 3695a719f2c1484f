"""Incidents of the training country (SYNTHETIC): what the truth holds of evictions, storms, landslides and violence.

Few of them were told by anybody, and what was told is rarer and rougher than what happened: a number was rounded,
was a lower bound, or was not published; a place was stated as a site, a commune or a district. Nobody who did
anything is named. One of them is an allegation, the one of the ledger.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.codes import ClaimStatus, IncidentKind, Located, Precision
from data.geo import WGS84
from data.schema import INCIDENTS
from data.training import cast as cast_of
from data.training import keys
from data.training import schedule as rounds
from data.training.geography import Geography
from data.training.people import REASONS, Block
from data.training.rows import records
from data.training.schedule import Schedule
from data.training.seeds import stream
from data.training.words import words

Ints = npt.NDArray[np.int64]
Row = dict[str, object]

EVICTIONS = 12  # at most so many of those that happened were told
AT_SITE_M, NEAR_M = 60.0, 2_500.0  # radius of a place that was stated, metres
ALLEGED = "xtr-inc-alleged"
BULLETIN = keys.BULLETINS[keys.TRACKING]
_EVENT: dict[str, tuple[IncidentKind, str, str]] = {
    "storm": (
        IncidentKind.STORM,
        "A storm damaged houses in {place} ({code}).",
        "Une tempête a endommagé des maisons à {place} ({code}).",
    ),
    "landslide": (
        IncidentKind.LANDSLIDE,
        "A landslide reached houses in {place} ({code}).",
        "Un glissement de terrain a atteint des maisons à {place} ({code}).",
    ),
    "violence": (
        IncidentKind.VIOLENCE,
        "Violence was reported from {place} ({code}).",
        "Des violences ont été signalées à {place} ({code}).",
    ),
}  # fmt: skip


def incident_table(seed: int, first: Block, geo: Geography, when: Schedule) -> pd.DataFrame:
    """What was told of incidents, from the truth of the first block.

    Parameters
    ----------
    first : Block
        Of every seed and scale: the ledger speaks of its sites alone.

    Returns
    -------
    DataFrame
        The table `incidents`; every published number of people is at most what the truth holds, rounded.
    """
    rng = stream(seed, "incidents")
    rows = [*_evictions(rng, first, geo, when), *_waves(rng, first, geo, when), _alleged(first, geo, when)]
    unnamed = [row for row in rows if not row["key"]]
    for at, row in enumerate(
        sorted(unnamed, key=lambda r: (str(r["when"]), str(r["kind"]), str(r["place"])))
    ):
        row["key"] = f"xtr-inc-{at + 1:03d}"
    return records(INCIDENTS, rows)


def _evictions(rng: np.random.Generator, first: Block, geo: Geography, when: Schedule) -> list[Row]:
    """Some of the evictions, at the sites where they happened."""
    site, t = np.nonzero(first.moves["evicted"])
    told = np.sort(rng.permutation(site.size)[:EVICTIONS])
    rows = []
    for nth, (s, at) in enumerate(zip(site[told].tolist(), t[told].tolist(), strict=True)):
        people = int(first.moves["evicted"][s, at])
        day = _day(when, at, int(first.days["evicted"][s, at]))
        how = nth % 4  # at the site, at the site without a number, in its commune, in its district
        area = int(first.area[s])
        place, code, located, spot = _where(geo, first, s, area, at, how, rng)
        value, precision = _told_number(people, how, rng)
        claim = ClaimStatus.PUBLISHED if how != 2 else ClaimStatus.REPORTED
        rows.append(
            _row(
                IncidentKind.EVICTION, day, place, code, located, spot, value, precision, claim,
                site=keys.site_key(s) if how < 2 else "",
                said=words("text", *_eviction(place, value)) | _by(claim),
            )
        )  # fmt: skip
    return rows


def _eviction(place: str, value: float | None) -> tuple[str, str]:
    if value is None:
        return (
            f"People had to leave {place}. How many is not published.",
            f"Des personnes ont dû quitter {place}. Leur nombre n’est pas publié.",
        )
    return f"People had to leave {place}.", f"Des personnes ont dû quitter {place}."


def _waves(rng: np.random.Generator, first: Block, geo: Geography, when: Schedule) -> list[Row]:
    """What sent people away: of each reason the two rounds in which most arrived, and where they came from."""
    rows = []
    for code, reason in enumerate(REASONS):
        of = first.reason == code
        arrived = first.moves["arrived"] * of[:, None]
        later = arrived[:, 2:].sum(axis=0)  # the first rounds are those who were there before anybody counted
        for at in sorted((np.argsort(-later, kind="stable")[:2] + 2).tolist()):
            by_origin = np.bincount(first.origin, arrived[:, at], geo.residents.size).astype(np.int64)
            area = int(np.argmax(by_origin))
            people = int(by_origin[area])
            if not people:
                continue
            kind, english, french = _EVENT[reason]
            name, pcode = geo.communes[area], geo.commune_codes[geo.version(at + 1)][area]
            value, precision = _told_number(people, at % 4, rng)
            spot = (*_middle(geo, area), _reach_m(geo, area))
            rows.append(
                _row(
                    kind, _day(when, at, 1 + int(rng.integers(0, 3))), name, pcode, Located.ADM3, spot,
                    value, precision, ClaimStatus.PUBLISHED if reason != "violence" else ClaimStatus.REPORTED,
                    said=words("text", english.format(place=name, code=pcode), french.format(place=name, code=pcode))
                    | _by(ClaimStatus.PUBLISHED if reason != "violence" else ClaimStatus.REPORTED),
                )
            )  # fmt: skip
    return rows


def _alleged(first: Block, geo: Geography, when: Schedule) -> Row:
    """The allegation of the ledger, at the place of the largest of the three settlements."""
    site = cast_of.TAKEN_OFF[0]
    union = f"Union of Settlement Residents of {geo.country} (SYNTHETIC)"
    known = when.known[rounds.TAKEN_OFF - 1] + timedelta(days=45)
    at = rounds.TAKEN_OFF - 1
    return _row(
        IncidentKind.EVICTION, f"{when.last[at]}/{known}", first.names[site],
        geo.commune_codes[geo.version(rounds.TAKEN_OFF)][int(first.area[site])], Located.NEAR,
        (float(first.lon[site]), float(first.lat[site]), NEAR_M), None, None, ClaimStatus.ALLEGED, key=ALLEGED,
        site=keys.site_key(site),
        said={
            **words("said_by", union, f"Union des habitants des établissements de {geo.country} (SYNTHETIC)"),
            **words(
                "text",
                "The Union says that some households had to leave after the settlement was taken off the list. "
                "No number was published.",
                "L’Union dit que des ménages ont dû partir après le retrait de la liste. Aucun nombre n’a été publié.",
            ),
        },
        source="xtr-residents", known=known,
    )  # fmt: skip


def _by(claim: ClaimStatus) -> dict[str, str]:
    """Who says so, where it is not the producer itself."""
    if claim is ClaimStatus.PUBLISHED:
        return {}
    return words("said_by", "key informants of the commune", "des informateurs clés de la commune")


Spot = tuple[float | None, float | None, float | None]  # degrees east and north, radius in metres


def _row(  # noqa: PLR0913, PLR0917  # the columns of an incident, in their order
    kind: IncidentKind, day: date | str, place: str, pcode: str, located: Located, spot: Spot, value: float | None,
    precision: Precision | None, claim: ClaimStatus, *, said: dict[str, str], source: str = BULLETIN, site: str = "",
    key: str = "", known: date | None = None,
) -> Row:  # fmt: skip
    lon, lat, radius = spot
    last = known or (day if isinstance(day, date) else date.fromisoformat(day)) + timedelta(days=18)
    return {
        "key": key, "operation": keys.TRACKING, "kind": kind, "when": str(day), "place": place, "pcode": pcode,
        "site": site, "located": located, "lon": lon, "lat": lat, "accuracy_m": radius, "value": value,
        "precision": precision or "", "claim": claim, "source": source, "known_by": last.isoformat(), **said,
    }  # fmt: skip


def _where(
    geo: Geography, first: Block, site: int, area: int, at: int, how: int, rng: np.random.Generator
) -> tuple[str, str, Located, Spot]:
    """Name, P-code, how closely it is stated, and the point with its radius; a district has none."""
    version = geo.version(at + 1)
    code = geo.commune_codes[version][area]
    if how == 3:
        district = int(geo.district_of[version][area])
        return geo.districts[district], geo.district_codes[district], Located.ADM2, (None, None, None)
    if how == 2:
        lon, lat, reach = *_middle(geo, area), _reach_m(geo, area)
        return geo.communes[area], code, Located.ADM3, (lon, lat, reach)
    lon, lat = float(first.lon[site]), float(first.lat[site])
    if how == 1:  # somewhere within a walk of the site
        far, north = float(rng.uniform(200, NEAR_M * 0.8)), float(rng.uniform(0, 360))
        lon, lat, _ = WGS84.fwd(lon, lat, north, far)
        return first.names[site], code, Located.NEAR, (round(lon, 4), round(lat, 4), NEAR_M)
    return first.names[site], code, Located.PLACE, (round(lon, 4), round(lat, 4), AT_SITE_M)


def _told_number(people: int, how: int, rng: np.random.Generator) -> tuple[float | None, Precision | None]:
    """A number as it was told: exact, to ten, at least so many hundreds or tens, or none."""
    if how == 1:
        return None, None
    if how == 0 or people < 10:
        return float(people), Precision.EXACT
    if how == 2:
        return float(people // 10 * 10), Precision.ABOUT
    low = people // 100 * 100 if people >= 100 else people // 10 * 10
    return float(low), Precision.AT_LEAST if rng.random() < 0.8 else Precision.ABOUT


def _middle(geo: Geography, area: int) -> tuple[float, float]:
    """A point inside a commune, degrees, 4 decimals."""
    inside = shapely.get_coordinates(shapely.point_on_surface(geo.shapes[area]))[0]
    return round(float(inside[0]), 4), round(float(inside[1]), 4)


def _reach_m(geo: Geography, area: int) -> float:
    """Metres from that point to the furthest corner of the commune, up to the next hundred: all of it is inside."""
    lon, lat = _middle(geo, area)
    corners = shapely.get_coordinates(geo.shapes[area])
    n = len(corners)
    _, _, far = WGS84.inv(np.full(n, lon), np.full(n, lat), corners[:, 0], corners[:, 1])
    return float(np.ceil(np.max(far) / 100) * 100)


def _day(when: Schedule, at: int, day: int) -> date:
    """A day of a round, counted from the last day of the round before."""
    return when.last[at] - timedelta(days=int(when.length[at]) - day)


__all__ = ["ALLEGED", "incident_table"]

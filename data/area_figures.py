"""Figures by admin area at one round: people, their change, people per 1,000 residents, and how much was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

import geopandas as gpd
import pandas as pd

from data import queries
from data.area_measures import change, coverage, rate
from data.area_people import Asked, Moment, at_or_before, earlier_of, figures, moments
from data.area_sites import undercounted, with_sites
from data.map_settings import LEVELS, MEASURES, MapSettings
from data.model import Provenance, Snapshot, Text
from data.store import Release


def since_of(text: str) -> int | date | None:
    """The earlier side of a change as an address gives it: a round, a day, or "" for the round before."""
    if not text:
        return None
    return int(text) if text.isdecimal() else date.fromisoformat(text)


def areas_of(
    release: Release, operation: str, on: date, settings: MapSettings, as_known_on: date | None = None
) -> Snapshot:
    """The areas that a reader's settings ask for: their level and measure, and the earlier side of a change."""
    shown = of_two(release, operation, on, settings)
    measure = shown.measure or "people"
    since = since_of(shown.since) if measure == "change" else None
    return areas_at(release, operation, on, shown.level, measure, since, as_known_on)


def of_two(release: Release, operation: str, on: date, settings: MapSettings) -> MapSettings:
    """The settings as they hold for one of two maps, whose other date is `vs`.

    A change without an earlier side of its own is then that between the two dates: the later map shows it, the earlier
    one the people that it is from. With one map, or with `since`, nothing is other than asked.

    Raises
    ------
    Unknown
        If the operation, or the round of `vs`, is not held.
    """
    if settings.measure != "change" or settings.since or not settings.vs:
        return settings
    vs = since_of(settings.vs)
    other = queries.catalogue(release).round(operation, vs).period.last if isinstance(vs, int) else vs
    found = _moments(release, operation, None)
    now, then = at_or_before(found, on), None if other is None else at_or_before(found, other)
    if now is None or then is None or now == then:
        return settings
    return (
        replace(settings, since=settings.vs) if then.last < now.last else replace(settings, measure="people")
    )


def areas_at(
    release: Release,
    operation: str,
    on: date,
    level: str,
    measure: str,
    since: int | date | None = None,
    as_known_on: date | None = None,
    version: int | None = None,
) -> Snapshot:  # fmt: skip
    """The areas of an operation's countries at one level, each with its figure and the value of one measure.

    Parameters
    ----------
    release : Release
        Where everything is taken from.
    operation : str
        Key of the operation.
    on : date
        The day that the map shows: the last round that ended by then is taken.
    level : str
        One of `LEVELS`.
    measure : str
        One of `MEASURES`: people; change (percent); rate (people per 1,000 residents); coverage (percent of listed
        sites that were visited).
    since : int or date, optional
        Round, or day, that a change is from; None is the round before.
    as_known_on : date, optional
        Only what was surely public by that day; None takes the newest.
    version : int, optional
        Boundaries to draw in place of those of the round. A figure stands only in an area that is the same piece of
        land in both.

    Returns
    -------
    Snapshot
        Its `on` is the last day of the round that is taken. One row an area, by code; the geometry is a point inside
        it. Columns:
        key = pcode, name, name_ar, parent, iso3, level, version (0: embedded borders); measure; state; people and
        people_precision (of the figure), precision (of the value: a rate of estimated residents is "about");
        basis ("published", "sum" of the current counts of its sites, ""), in_sum and not_in_sum (sites);
        value (of the measure, NaN: none), why (`Why`), amount (of a change, persons), before, since_round, since_last;
        broken, event (key of what breaks it) and event_later (it became known after `as_known_on`);
        round, last (of the figure); residents, residents_precision,
        residents_year, people_year; listed, visited (sites of the effort that was published); sites_listed,
        sites_counted (of the register at the date); partial (a rate although sites on the list were not counted);
        note_en, note_fr.
        No row where no boundaries of the level are held.

    Raises
    ------
    Unknown
        If the operation, or the round of `since`, is not held.
    ValueError
        If the level or the measure is none.
    """
    if level not in LEVELS or measure not in MEASURES:
        raise ValueError(
            f"No areas are held for level '{level}' and measure '{measure}': "
            f"levels are {', '.join(LEVELS)}, measures {', '.join(MEASURES)}."
        )
    now = at_or_before(_moments(release, operation, as_known_on), on)
    day = on if now is None else now.last  # every day of a round has the same areas: they are made once
    return _areas_at(release, operation, day, level, measure, since, as_known_on, version)


@lru_cache(maxsize=64)  # a release never changes
def _moments(release: Release, operation: str, as_known_on: date | None) -> list[Moment]:
    """The rounds and dates of an operation, in order."""
    held = queries.catalogue(release)
    held.operation(operation)
    return moments(release, held, held.indicators.get(held.lead[operation]), operation, as_known_on)


@lru_cache(maxsize=48)  # as above
def _areas_at(
    release: Release, operation: str, on: date, level: str, measure: str, since: int | date | None,
    as_known_on: date | None, version: int | None,
) -> Snapshot:  # fmt: skip
    """As `areas_at`, for the last day of a round or date; before the first one for any day."""
    held = queries.catalogue(release)
    about = held.operation(operation)
    lead = held.indicators.get(held.lead[operation])
    found = _moments(release, operation, as_known_on)
    now = at_or_before(found, on)
    question = Asked(release, held, about, lead, level, as_known_on)
    table = figures(question, now, on, version)
    table = with_sites(question, table.assign(people_precision=table["precision"], measure=measure), now)
    if measure == "change":
        table = change(question, table, now, earlier_of(held, found, now, since, operation))
    elif measure == "rate":
        table = rate(question, table)
    elif measure == "coverage":
        table = coverage(question, table, now)
    else:
        table = table.assign(value=table["people"])
    return Snapshot(
        key=f"{operation}-areas", label=about.title, table=_typed(table), on=on,
        provenance=_provenance(question, table, measure),
    )  # fmt: skip


def _typed(table: pd.DataFrame) -> gpd.GeoDataFrame:
    whole = {"round": "Int64", "since_round": "Int64", "residents_year": "Int64", "people_year": "Int64"}
    numbers = dict.fromkeys(
        ("people", "value", "amount", "before", "residents", "listed", "visited", "sites_listed",
         "sites_counted"), "float64"
    )  # fmt: skip
    days = dict.fromkeys(("last", "since_last"), "datetime64[us]")
    plain = table.drop(columns=["spot", "figure_source", "residents_source"]).astype(whole | numbers | days)
    plain = plain.assign(
        version=plain["version"].astype(int), in_sum=plain["in_sum"].astype(int),
        not_in_sum=plain["not_in_sum"].astype(int), broken=plain["broken"].astype(bool),
        event_later=plain["event_later"].astype(bool),
    )  # fmt: skip
    # A value is a figure as it is used: what has a reason against it has none, and the reverse.
    plain["value"] = plain["value"].where(plain["why"] == "")
    plain["partial"] = undercounted(plain) & (plain["measure"] == "rate")
    return gpd.GeoDataFrame(
        plain, geometry=gpd.GeoSeries(list(table["spot"]), index=plain.index, crs="EPSG:4326")
    )


def _formula(english: str, french: str) -> Text:
    return Text(english, (("fr", french),))


FORMULAS: Mapping[str, Text] = {
    "sum": _formula(
        "Where no figure was published for an area: the sum of the current counts of its sites, with how many sites "
        "are not in it.",
        "Lorsqu’aucun chiffre n’a été publié pour une zone : la somme des comptages actuels de ses sites, avec le "
        "nombre de sites qui n’y sont pas.",
    ),
    "change": _formula(
        "Change in percent: 100 × (later − earlier) / earlier, of two exact figures of one area in the same "
        "boundaries, with no published break between them.",
        "Variation en pourcentage : 100 × (dernier − premier) / premier, de deux chiffres exacts d’une même zone dans "
        "les mêmes limites, sans rupture publiée entre eux.",
    ),
    "rate": _formula(
        "People per 1,000 residents: 1,000 × people counted / residents, of the year of residents nearest to the "
        "count.",
        "Personnes pour 1 000 habitants : 1 000 × personnes comptées / habitants, pour l’année d’habitants la plus "
        "proche du comptage.",
    ),
    "coverage": _formula(
        "Coverage: 100 × sites visited / sites on the list of the round, in the area where each site lay then.",
        "Couverture : 100 × sites visités / sites sur la liste du cycle, dans la zone où chaque site se trouvait "
        "alors.",
    ),
}  # fmt: skip


def _provenance(q: Asked, table: pd.DataFrame, measure: str) -> Provenance:
    """Of the lead indicator, with the documents of the figures, the boundaries and the residents."""
    keys = [
        key for name in ("figure_source", "residents_source", "source") for key in table[name].drop_duplicates()
        if isinstance(key, str) and key
    ]  # fmt: skip
    documents = tuple(q.held.sources[key] for key in dict.fromkeys(keys) if key in q.held.sources)
    used = [
        key
        for key in ("sum", measure)
        if key in FORMULAS and (key != "sum" or (table["basis"] == "sum").any())
    ]
    if q.lead is not None:
        base = queries.series(q.release, q.lead.key, q.known).provenance
        sources = tuple(dict.fromkeys((*base.sources, *documents)))
        return replace(base, sources=sources, derived_by=(*base.derived_by, *(FORMULAS[key] for key in used)))
    method = next(m for m in q.held.methods.values() if m.key.startswith(q.about.key))
    return Provenance(
        operations=(q.about,), sources=documents or (method.source,), methods=(method,),
        caveats=q.held.caveats_of(q.about.key), events=q.held.events_of(q.about.key), coverage=(),
    )  # fmt: skip

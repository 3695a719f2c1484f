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
from data.area_notes import with_notes
from data.area_people import Asked, Moment, at_or_before, earlier_of, figures, moments, offered_by
from data.area_sites import undercounted, with_sites
from data.map_settings import LEVELS, MEASURES, MapSettings
from data.model import Provenance, Snapshot, Text
from data.store import Release

OF_SITES = ("rate",)  # measures whose value can be of a part of the sites


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
    if settings.measure != "change":
        return settings
    earlier = _other_is_earlier(release, operation, on, settings)
    if earlier is None:
        return settings
    return replace(settings, since=settings.vs) if earlier else replace(settings, measure="people")


def since_shown(release: Release, operation: str, on: date, settings: MapSettings) -> str:
    """The earlier side of a change, of sites as of areas: `since`, else of two maps the other's date if it is earlier.

    "" is the round before: that is also the change of sites on the earlier of two maps.

    Raises
    ------
    Unknown
        If the operation, or the round of `vs`, is not held.
    """
    earlier = _other_is_earlier(release, operation, on, settings)
    return settings.vs if earlier else settings.since


def _other_is_earlier(release: Release, operation: str, on: date, settings: MapSettings) -> bool | None:
    """Whether the other of two maps is the earlier one; None of one map, of one date twice, and with `since`."""
    if settings.since or not settings.vs:
        return None
    vs = since_of(settings.vs)
    other = queries.catalogue(release).round(operation, vs).period.last if isinstance(vs, int) else vs
    found = _moments(release, operation, None)
    now, then = at_or_before(found, on), None if other is None else at_or_before(found, other)
    if now is None or then is None or now == then:
        return None
    return then.last < now.last


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
        broken, event (key of what breaks it, the first of several), event_count (how many there are) and
        event_later (they became known after `as_known_on`);
        round, last (of the figure); residents, residents_precision,
        residents_year, people_year; listed, visited (sites of the effort that was published); sites_listed,
        sites_counted (of the register at the date); partial (a rate although sites on the list were not counted);
        noted (keys of the caveats and events that are about the area at that date); note_en, note_fr.
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
    question = _asked(release, operation, level, as_known_on)
    now = at_or_before(_moments(release, operation, as_known_on), on)
    people = _people_at(release, operation, on, level, as_known_on, version)
    table = _measured(question, with_sites(question, people, now), now, measure, since)
    table = with_notes(question, table, now)
    return Snapshot(
        key=f"{operation}-areas", label=question.about.title, table=_typed(table), on=on,
        provenance=_provenance(question, table, measure),
    )  # fmt: skip


def drawn_of(
    release: Release, operation: str, on: date, settings: MapSettings, as_known_on: date | None = None
) -> pd.DataFrame:
    """What decides how the areas of `areas_of` are drawn, in their order, without what else is said of them.

    Returns
    -------
    DataFrame
        The columns measure, state, value, broken and partial, of the same values as those of `areas_of`.
    """
    shown = of_two(release, operation, on, settings)
    measure = shown.measure or "people"
    since = since_of(shown.since) if measure == "change" else None
    now = at_or_before(_moments(release, operation, as_known_on), on)
    question = _asked(release, operation, shown.level, as_known_on)
    table = _people_at(release, operation, on if now is None else now.last, shown.level, as_known_on, None)
    if measure in OF_SITES:
        table = with_sites(question, table, now)
    table = _usable(_measured(question, table, now, measure, since))
    return table[["measure", "state", "value", "broken", "partial"]]


def _asked(release: Release, operation: str, level: str, as_known_on: date | None) -> Asked:
    held = queries.catalogue(release)
    lead = held.indicators.get(held.lead[operation])
    return Asked(release, held, held.operation(operation), lead, level, as_known_on)


@lru_cache(maxsize=16)  # as above; asked for by the map's script, and then for the page beside it
def _people_at(
    release: Release, operation: str, on: date, level: str, as_known_on: date | None, version: int | None
) -> pd.DataFrame:
    """The people of the areas, of whatever measure."""
    question = _asked(release, operation, level, as_known_on)
    table = figures(question, at_or_before(_moments(release, operation, as_known_on), on), on, version)
    return table.assign(people_precision=table["precision"])


def _measured(
    q: Asked, table: pd.DataFrame, now: Moment | None, measure: str, since: int | date | None
) -> pd.DataFrame:
    """The table with the values of a measure."""
    table = table.assign(measure=measure)
    if measure == "change":
        every = _moments(q.release, q.about.key, q.known)
        found = every if since is not None else offered_by(q.release, q.about.key, every, q.known)
        return change(q, table, now, earlier_of(q.held, found, now, since, q.about.key))
    if measure == "rate":
        return rate(q, table)
    if measure == "coverage":
        return coverage(q, table, now)
    return table.assign(value=table["people"])


def _usable(table: pd.DataFrame) -> pd.DataFrame:
    """A value is a figure as it is used: what has a reason against it has none, and the reverse."""
    table = table.assign(
        value=table["value"].astype("float64").where(table["why"] == ""), broken=table["broken"].astype(bool)
    )
    of_sites = len(table) > 0 and table["measure"].iloc[0] in OF_SITES
    part = undercounted(table) if of_sites else False
    return table.assign(partial=part)


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
        not_in_sum=plain["not_in_sum"].astype(int),
        event_later=plain["event_later"].astype(bool), event_count=plain["event_count"].astype(int),
    )  # fmt: skip
    return gpd.GeoDataFrame(
        _usable(plain), geometry=gpd.GeoSeries(list(table["spot"]), index=plain.index, crs="EPSG:4326")
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

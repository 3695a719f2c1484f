"""Questions to a release: tables and `Series` out of SQL with named parameters. No arithmetic.

What is small and asked by every page (operations, indicators, sources, notes) is read once a release and kept
as a `Catalogue`; a release never changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Point

from data import codes
from data.dates import DateSpan
from data.errors import Unknown
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
)
from data.series import known_on
from data.store import Release

OBSERVATIONS_OF = """
SELECT id AS obs, round, first, last, value, lower, upper, precision, obs_status, state, known_by, vintage, kind,
       derivation, source, note_en AS note, note_fr, coverage_en, coverage_fr
FROM observations
WHERE operation = $operation AND indicator = $indicator
  AND place = $area AND sex = '' AND age = '' AND reason = '' AND origin = '' AND destination = '' AND assessment = ''
ORDER BY last, known_by, id
"""
NAME_OF_PLACE = """
SELECT name FROM (
  SELECT pcode AS code, name FROM areas UNION ALL SELECT key AS code, name FROM sites
  UNION ALL SELECT key AS code, name FROM flow_points UNION ALL SELECT key AS code, name FROM border_posts
) AS named WHERE code = $area
"""
SITES_OF = "SELECT * FROM sites WHERE operation = $operation AND layer = $layer ORDER BY key"
STATES_HELD = (
    "SELECT s.* FROM site_states AS s JOIN sites AS p ON p.key = s.site WHERE p.operation = $operation"
)
LAST_STATES = """
SELECT site, "when", state, value, unit, "precision", text_en, text_fr, event, last AS state_last
FROM (
  SELECT s.*, ROW_NUMBER() OVER (
    PARTITION BY s.site
    ORDER BY s.last DESC, s.first DESC, CASE s.state WHEN 'delisted' THEN 0 WHEN 'closed' THEN 1 ELSE 2 END, s.state
  ) AS place
  FROM ({states}) AS s
  WHERE s.last <= $on_day
) AS ordered
WHERE place = 1
"""
ALL_STATES = "SELECT * FROM ({states}) AS s WHERE s.site = $site ORDER BY s.last, s.first, s.state"
STATES_ON, STATES_OF_SITE = LAST_STATES.format(states=STATES_HELD), ALL_STATES.format(states=STATES_HELD)
ROUNDS_PUBLIC = """
SELECT round, MIN(known_by) AS first_by, MAX(known_by) AS last_by FROM observations
WHERE operation = $operation AND round IS NOT NULL AND kind = 'published' GROUP BY round
"""
# The states that were surely public on a day. Where the value of a site was published again later, the row says what
# the newest publication by that day said; its own words are of the later one, and the event behind it too.
STATES_KNOWN = """
WITH versions AS (
  SELECT place, round, value, "precision", state, note_en, note_fr, known_by,
         LEAD(known_by) OVER (PARTITION BY place, round ORDER BY known_by, id) AS next_by,
         MIN(known_by) OVER (PARTITION BY place, round) AS first_by
  FROM observations
  WHERE operation = $operation AND indicator = $indicator AND place <> '' AND sex = '' AND age = '' AND reason = ''
    AND origin = '' AND destination = '' AND assessment = '' AND kind = 'published'
    AND round IN (SELECT UNNEST($revised::BIGINT[]))
)
SELECT s.site, s."when", s.round, s.source, s.first, s.last,
       CASE WHEN v.place IS NULL THEN s.state ELSE v.state END AS state,
       CASE WHEN v.place IS NULL THEN s.value ELSE v.value END AS value,
       CASE WHEN v.place IS NULL THEN s.unit WHEN v.value IS NULL THEN '' ELSE $unit END AS unit,
       CASE WHEN v.place IS NULL THEN s."precision" WHEN v.value IS NULL THEN '' ELSE v."precision" END AS "precision",
       CASE WHEN v.place IS NULL THEN s.text_en ELSE v.note_en END AS text_en,
       CASE WHEN v.place IS NULL THEN s.text_fr ELSE v.note_fr END AS text_fr,
       CASE WHEN v.place IS NULL THEN s.event ELSE '' END AS event
FROM site_states AS s JOIN sites AS p ON p.key = s.site
LEFT JOIN versions AS v ON v.place = s.site AND v.round = s.round AND v.known_by <= $day AND v.next_by > $day
  AND (v.state <> s.state OR v.value IS DISTINCT FROM s.value)
WHERE p.operation = $operation
  AND (s.round IN (SELECT UNNEST($rounds::BIGINT[]))
       OR (s.round IS NULL AND s.first <= $day AND s.source IN (SELECT UNNEST($sources::VARCHAR[]))))
  AND NOT EXISTS (SELECT 1 FROM versions AS w WHERE w.place = s.site AND w.round = s.round AND w.first_by > $day)
"""
KNOWN_STATES_ON, KNOWN_STATES_OF_SITE = (t.format(states=STATES_KNOWN) for t in (LAST_STATES, ALL_STATES))
UNNUMBERED_STATES = """
SELECT DISTINCT s.source, s.first FROM site_states AS s JOIN sites AS p ON p.key = s.site
WHERE p.operation = $operation AND s.round IS NULL
"""
POINTS_OF = "SELECT * FROM flow_points WHERE operation = $operation ORDER BY key"
POINTS_PUBLIC = """
SELECT place, MIN(known_by) AS first_by FROM observations WHERE operation = $operation AND place <> '' GROUP BY place
"""
VARIANTS_OF = "SELECT * FROM variants WHERE operation = $operation ORDER BY period, key"
ALL = "SELECT * FROM {table}"  # only names of the schema are put in

AGE_ROUNDS = 2  # a count older than this many missed rounds no longer says where people are


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What a series counts; see the table `indicators`."""

    key: str
    operation: str
    subject: Text
    unit: codes.Unit
    measure: codes.Measure
    population: codes.Population
    setting: codes.Setting
    granularity: codes.Granularity
    place: str
    place_name: Text
    counted: Text
    not_counted: Text
    method: str
    effort: str
    totals: str
    window: DateSpan | None
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A cycle of collection at its true date."""

    number: int
    period: DateSpan
    inferred: bool
    tool: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoped:
    """A caveat or event with what it touches: `indicators` empty means all of the operation."""

    operation: str
    indicators: tuple[str, ...]
    item: Caveat | Event

    def touches(self, indicator: str) -> bool:
        """Whether it must be shown with that indicator."""
        return not self.indicators or indicator in self.indicators


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a release holds, without its values."""

    digest: str
    operations: Mapping[str, Operation]
    lead: Mapping[str, str]  # operation -> its first indicator, "" where it has none
    view: Mapping[str, tuple[float, float, float, float]]  # operation -> west, south, east, north
    indicators: Mapping[str, Indicator]
    rounds: Mapping[str, tuple[Round, ...]]
    sources: Mapping[str, Source]
    methods: Mapping[str, Method]
    caveats: tuple[Scoped, ...]
    events: tuple[Scoped, ...]

    def operation(self, key: str) -> Operation:
        """The operation of that key.

        Raises
        ------
        Unknown
            Naming what exists.
        """
        if key not in self.operations:
            raise Unknown("operation", key, [(o.key, o.title.en) for o in self.operations.values()])
        return self.operations[key]

    def round(self, operation: str, number: int) -> Round:
        """The round of that number.

        Raises
        ------
        Unknown
            Naming the rounds held.
        """
        held = self.rounds.get(operation, ())
        found = next((r for r in held if r.number == number), None)
        if found is None:
            raise Unknown("round", str(number), [(str(r.number), str(r.period)) for r in held])
        return found

    def shown(self, operation: str) -> tuple[Indicator, ...]:
        """The indicators that have a card, in order."""
        of = [i for i in self.indicators.values() if i.operation == operation and i.shown]
        return tuple(sorted(of, key=lambda i: i.shown))

    def events_of(self, operation: str, indicator: str | None = None) -> tuple[Event, ...]:
        """The events of an operation, or those that touch one indicator, by date."""
        found = [
            s.item
            for s in self.events
            if s.operation == operation
            and (indicator is None or s.touches(indicator))
            and isinstance(s.item, Event)
        ]
        return tuple(sorted(found, key=lambda e: e.when))

    def caveats_of(self, operation: str, indicator: str | None = None) -> tuple[Caveat, ...]:
        """The caveats of an operation, or those that touch one indicator."""
        return tuple(
            s.item
            for s in self.caveats
            if s.operation == operation
            and (indicator is None or s.touches(indicator))
            and isinstance(s.item, Caveat)
        )


_KEPT = 8  # releases whose catalogue stays in memory
_catalogues: OrderedDict[str, Catalogue] = OrderedDict()
_lock = Lock()


def catalogue(release: Release) -> Catalogue:
    """The catalogue of a release, read once a process."""
    with _lock:
        if release.digest in _catalogues:
            _catalogues.move_to_end(release.digest)
            return _catalogues[release.digest]
    made = _read_catalogue(release)
    with _lock:
        _catalogues[release.digest] = made
        while len(_catalogues) > _KEPT:
            _catalogues.popitem(last=False)
    return made


def series(release: Release, indicator: str, as_known_on: date | None = None, *, area: str = "") -> Series:
    """One indicator through time, as it was known on a day; made once for each release and kept for a while.

    Parameters
    ----------
    release : Release
        Where the values are taken from.
    indicator : str
        Key of the indicator.
    as_known_on : date, optional
        Only what was public by that day; None takes the newest.
    area : str
        Code of an area, or key of a site or point, within the indicator's own place.

    Raises
    ------
    Unknown
        If the release holds no such indicator, or no value of it in that area.
    """
    return _series(release, indicator, as_known_on, area)


def forget() -> None:
    """Keep no series: for measuring what the first one costs."""
    _series.cache_clear()
    _observations.cache_clear()


@lru_cache(maxsize=256)  # a release never changes, nor does what was read from it
def _series(release: Release, indicator: str, as_known_on: date | None, area: str) -> Series:
    held = catalogue(release)
    if indicator not in held.indicators:
        raise Unknown("indicator", indicator, [(i.key, i.subject.en) for i in held.indicators.values()])
    about = held.indicators[indicator]
    rows = _observations(release, about.operation, indicator, area)
    if area and rows.empty:
        raise Unknown("place with values of this indicator", area, [("", about.place_name.en)])
    if as_known_on is not None:  # what was published later is nowhere in a figure as it was known then
        rows = rows[rows["known_by"] <= pd.Timestamp(as_known_on)]
    history = _history(rows)
    method = held.methods[about.method]
    cited = tuple(held.sources[key] for key in dict.fromkeys(history["source"]))
    return Series(
        key=about.key,
        label=about.subject,
        unit=about.unit,
        measure=about.measure,
        population=about.population,
        setting=about.setting,
        granularity=about.granularity,
        place=about.place_name if not area else _place_name(release, area),
        counted=about.counted,
        not_counted=about.not_counted,
        values=known_on(history, None),
        history=history,
        provenance=Provenance(
            operations=(held.operations[about.operation],),
            sources=cited or (method.source,),
            methods=(method,),
            caveats=held.caveats_of(about.operation, indicator),
            events=held.events_of(about.operation, indicator),
            coverage=tuple(
                dict.fromkeys(_text(row, "coverage") for row in _records(rows) if row["coverage_en"])
            ),
        ),
        as_known_on=as_known_on,
    )


@lru_cache(maxsize=256)  # read once for every day as of which it is asked; never changed
def _observations(release: Release, operation: str, indicator: str, area: str) -> pd.DataFrame:
    return _frame(release, OBSERVATIONS_OF, operation=operation, indicator=indicator, area=area)


def _place_name(release: Release, area: str) -> Text:
    """The name of an area, site or point; its code where none is held."""
    names = _frame(release, NAME_OF_PLACE, area=area)["name"]
    return Text(area if names.empty else str(names.iloc[0]))


def sites(
    release: Release, operation: str, on: date, layer: codes.SiteLayer, as_known_on: date | None = None
) -> Snapshot:
    """The sites of an operation as they stood on a day, each in one of the seven states.

    A count is drawn as such in its round, as older for up to two missed rounds, and is "unknown at this date"
    after that; a site that was taken off the list or closed stays what it is.

    Parameters
    ----------
    release : Release
        Where the sites are taken from.
    operation : str
        Key of the operation.
    on : date
        The day that the map shows.
    layer : SiteLayer
        The producer's register, or reports from the public.
    as_known_on : date, optional
        Only what was surely public by that day; None takes the newest. A state of a round was public when the first
        figure of that round was, another one when its source was. Rounds count as missed by their dates, which
        can only make a count older. Names and locations are the newest.

    Returns
    -------
    Snapshot
        One row a site. `public` is False where nothing of it at that day was surely public: its state is then
        `no_data`, and its note is empty unless its source was public.
    """
    held = catalogue(release)
    places = _records(_frame(release, SITES_OF, operation=operation, layer=layer.value))
    if as_known_on is None:
        states = _frame(release, STATES_ON, operation=operation, on_day=on)
    else:
        states = _frame(release, KNOWN_STATES_ON, on_day=on, **_public(release, operation, as_known_on))
        places = [_noted(row, held.sources[row["source"]], as_known_on) for row in places]
    known = {row["site"]: row for row in _records(states)}
    rounds = [r.period.last for r in held.rounds.get(operation, ()) if r.period.last <= on]
    rows = [
        _site_at(row, known.get(row["key"]), rounds) | {"public": as_known_on is None or row["key"] in known}
        for row in places
    ]
    return _snapshot(held, operation, f"{operation}-{layer}", rows, on)


def flow_points(release: Release, operation: str, on: date, as_known_on: date | None = None) -> Snapshot:
    """The flow monitoring points of an operation; a point not yet open on that day says so.

    As known on a day, a point of which neither its source nor a figure was surely public has no date of opening
    and no note, and its `public` is False.
    """
    held, first_by = catalogue(release), dict[str, date]()
    if as_known_on is not None:
        seen = _records(_frame(release, POINTS_PUBLIC, operation=operation))
        first_by = {row["place"]: row["first_by"].date() for row in seen}
    rows = []
    for row in _records(_frame(release, POINTS_OF, operation=operation)):
        opening = _span(row["active_from"])
        stated = held.sources[row["source"]].public_by(opening.first if opening else date.min)
        days = [day for day in (stated, first_by.get(row["key"])) if day is not None]
        public = as_known_on is None or any(day <= as_known_on for day in days)
        hidden = {} if public else {"active_from": "", "note_en": "", "note_fr": ""}
        opened = not public or opening is None or opening.first <= on
        rows.append(row | hidden | {"state": codes.State.NO_DATA.value, "opened": opened, "public": public})
    return _snapshot(held, operation, f"{operation}-flow-points", rows, on)


def site_history(
    release: Release, operation: str, site: str, as_known_on: date | None = None
) -> pd.DataFrame:
    """All that became known of a site, by date; as known on a day only what was surely public then."""
    if as_known_on is None:
        return _frame(release, STATES_OF_SITE, operation=operation, site=site)
    return _frame(release, KNOWN_STATES_OF_SITE, site=site, **_public(release, operation, as_known_on))


@lru_cache(maxsize=64)  # a release never changes
def rounds_public(release: Release, operation: str) -> Mapping[int, tuple[date, date]]:
    """When the first and the newest figure of each round was surely public; a round without figures is not there."""
    rows = _records(_frame(release, ROUNDS_PUBLIC, operation=operation))
    return {int(row["round"]): (row["first_by"].date(), row["last_by"].date()) for row in rows}


@lru_cache(maxsize=64)  # as above
def places_public(release: Release, operation: str) -> tuple[date, ...]:
    """The days by which a state without a round, or a flow point, was surely public by its source; in order."""
    held = catalogue(release)
    states = _records(_frame(release, UNNUMBERED_STATES, operation=operation))
    begun = [(row["source"], row["first"].date()) for row in states]
    for row in _records(_frame(release, POINTS_OF, operation=operation)):
        opening = _span(row["active_from"])
        begun.append((row["source"], opening.first if opening else date.min))
    found = {held.sources[source].public_by(first) for source, first in begun}
    return tuple(sorted(day for day in found if day is not None))


def _public(release: Release, operation: str, day: date) -> dict[str, object]:
    """What `STATES_KNOWN` asks for: the rounds and sources that were public, and the rounds published again later."""
    held = catalogue(release)
    about, by = held.indicators.get(held.lead[operation]), rounds_public(release, operation)
    return {
        "operation": operation,
        "day": day,
        "indicator": about.key if about else "",
        "unit": about.unit.value if about else "",
        "rounds": [number for number, (first, _) in by.items() if first <= day],
        "revised": [number for number, (first, newest) in by.items() if first <= day < newest],
        "sources": [
            key for key, source in held.sources.items() if source.published and source.published.last <= day
        ],
    }


def _noted(site: dict[str, Any], source: Source, day: date) -> dict[str, Any]:
    """A site with its note only where the source of the note was surely public."""
    by = source.public_by(date.min)
    return site if by is not None and by <= day else site | {"note_en": "", "note_fr": ""}


def variants(release: Release, operation: str) -> pd.DataFrame:
    """Published values that contradict each other or do not add up: shown, not mended."""
    return _frame(release, VARIANTS_OF, operation=operation)


def _site_at(
    site: Mapping[str, Any], last: Mapping[str, Any] | None, rounds: Sequence[date]
) -> dict[str, Any]:
    """The row of a snapshot: what was last known of one site, and how many rounds ago."""
    row = dict(site) | {
        "state": codes.State.NO_DATA.value, "value": float("nan"), "unit": "", "precision": "", "last_when": "",
        "missed": 0, "age": "current", "event": "", "text_en": site["note_en"], "text_fr": site["note_fr"],
    }  # fmt: skip
    if last is None:
        return row
    missed = len(rounds) - bisect_right(rounds, last["state_last"].date())
    row |= {
        "state": last["state"], "last_when": last["when"], "missed": missed, "event": last["event"],
        "text_en": last["text_en"], "text_fr": last["text_fr"],
        "value": float("nan") if pd.isna(last["value"]) else float(last["value"]),
        "unit": last["unit"], "precision": last["precision"],
    }  # fmt: skip
    if last["state"] in (codes.State.COUNTED, codes.State.COUNTED_ZERO) and missed:
        row["age"] = "older" if missed <= AGE_ROUNDS else "unknown"
        if missed > AGE_ROUNDS:
            row["state"] = codes.State.NO_DATA.value
    return row


def _snapshot(held: Catalogue, operation: str, key: str, rows: list[dict[str, Any]], on: date) -> Snapshot:
    about = held.operation(operation)
    lead = held.lead[operation] or None
    # A place whose location is not known has an empty geometry: it stays in the table and is listed beside the map.
    points = [Point() if pd.isna(r["lon"]) or pd.isna(r["lat"]) else Point(r["lon"], r["lat"]) for r in rows]
    table = gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:4326")
    cited = {held.sources[r["source"]] for r in rows}
    method = held.methods[held.indicators[lead].method] if lead else next(
        m for m in held.methods.values() if m.key.startswith(operation)
    )  # fmt: skip
    return Snapshot(
        key=key,
        label=about.title,
        table=table,
        on=on,
        provenance=Provenance(
            operations=(about,),
            sources=tuple(sorted(cited, key=lambda s: s.key)) or (method.source,),
            methods=(method,),
            caveats=held.caveats_of(operation, lead),
            events=held.events_of(operation, lead),
            coverage=(),
        ),
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, each by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _frame(release: Release, sql: str, **parameters: object) -> pd.DataFrame:
    with release.cursor() as cursor:
        return cursor.execute(sql, parameters).df()


def _history(rows: pd.DataFrame) -> pd.DataFrame:
    frame = rows.assign(rows=pd.Series([(obs,) for obs in rows["obs"]], index=rows.index, dtype="object"))
    kinds = {"round": "Int64", "value": "float64", "lower": "float64", "upper": "float64"}
    return frame.astype(kinds)[list(VALUE_COLUMNS)]


def _text(row: Mapping[str, Any], stem: str) -> Text:
    english, french = row.get(f"{stem}_en") or "", row.get(f"{stem}_fr") or ""
    return Text(english, (("fr", french),) if french else ())


def _span(text: str) -> DateSpan | None:
    return DateSpan.parse(text) if text else None


def _keys(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _number(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _read_catalogue(release: Release) -> Catalogue:
    def rows(table: str) -> list[dict[str, Any]]:
        return _records(_frame(release, ALL.format(table=table)))

    sources = {
        r["key"]: Source(
            key=r["key"], title=r["title"], publisher=r["publisher"], published=_span(r["published"]),
            read_as=_text(r, "read_as"), credit=r["credit"], licence=r["licence"],
        )
        for r in rows("sources")
    }  # fmt: skip
    lines: dict[str, list[CardLine]] = {}
    for r in rows("card_lines"):
        line = CardLine(
            field=codes.CardField(r["field"]), text=_text(r, "text"), looked_in=_text(r, "looked_in")
        )
        lines.setdefault(r["operation"], []).append(line)
    order = list(codes.CardField)
    described = sorted(rows("operations"), key=lambda r: (r["country_en"], r["title_en"]))
    operations = {
        r["key"]: Operation(
            key=r["key"], iso3=_keys(r["iso3"]), country=_text(r, "country"), title=_text(r, "title"),
            component=codes.Component(r["component"]), population=codes.Population(r["population"]),
            producer=r["producer"], credit=r["credit"], licence=r["licence"],
            sensitivity=codes.Sensitivity(r["sensitivity"]), synthetic=bool(r["synthetic"]), best_page=r["best_page"],
            card=tuple(sorted(lines.get(r["key"], []), key=lambda line: order.index(line.field))),
        )
        for r in described
    }  # fmt: skip
    effects: dict[str, list[Effect]] = {}
    for r in rows("effects"):
        effect = Effect(indicator=r["indicator"], value=float(r["value"]), unit=codes.Unit(r["unit"]),
                        precision=codes.Precision(r["precision"]), note=_text(r, "note"))  # fmt: skip
        effects.setdefault(r["event"], []).append(effect)
    rounds: dict[str, list[Round]] = {}
    for r in rows("rounds"):
        rounds.setdefault(r["operation"], []).append(
            Round(
                number=int(r["number"]),
                period=DateSpan.parse(r["period"]),
                inferred=bool(r["inferred"]),
                tool=r["tool"],
            )
        )
    return Catalogue(
        digest=release.digest,
        operations=operations,
        lead={r["key"]: r["lead_indicator"] for r in described},
        view={r["key"]: (r["view_west"], r["view_south"], r["view_east"], r["view_north"]) for r in described},
        indicators={r["key"]: _indicator(r) for r in rows("indicators")},
        rounds={op: tuple(sorted(of, key=lambda r: r.period)) for op, of in rounds.items()},
        sources=sources,
        methods={
            r["key"]: Method(key=r["key"], text=_text(r, "text"), accuracy=_text(r, "accuracy"),
                             rounds_figures=bool(r["rounds_figures"]), source=sources[r["source"]])
            for r in rows("methods")
        },
        caveats=tuple(
            Scoped(
                operation=r["operation"], indicators=_keys(r["indicators"]),
                item=Caveat(key=r["key"], title=_text(r, "title"), text=_text(r, "text"), source=sources[r["source"]],
                            period=_span(r["period"])),
            )
            for r in sorted(rows("caveats"), key=lambda r: r["key"])
        ),
        events=tuple(
            Scoped(operation=r["operation"], indicators=_keys(r["indicators"]),
                   item=_event(r, sources, tuple(effects.get(r["key"], ()))))
            for r in rows("events")
        ),
    )  # fmt: skip


def _indicator(r: Mapping[str, Any]) -> Indicator:
    return Indicator(
        key=r["key"], operation=r["operation"], subject=_text(r, "subject"), unit=codes.Unit(r["unit"]),
        measure=codes.Measure(r["measure"]), population=codes.Population(r["population"]),
        setting=codes.Setting(r["setting"]), granularity=codes.Granularity(r["granularity"]), place=r["place"],
        place_name=_text(r, "place_name"), counted=_text(r, "counted"), not_counted=_text(r, "not_counted"),
        method=r["method"], effort=r["effort"], totals=r["totals"], window=_span(r["window"]), shown=int(r["shown"]),
    )  # fmt: skip


def _event(r: Mapping[str, Any], sources: Mapping[str, Source], effects: tuple[Effect, ...]) -> Event:
    return Event(
        key=r["key"], kind=codes.EventKind(r["kind"]), when=DateSpan.parse(r["when"]),
        first_round=_number(r["first_round"]), breaks=bool(r["breaks"]),
        status=codes.ObsStatus(r["status"]) if r["status"] else None, claim=codes.ClaimStatus(r["claim"]),
        headline=_text(r, "headline"), text=_text(r, "text"), source=sources[r["source"]], reason=_text(r, "reason"),
        asked_by=_text(r, "asked_by"), decided_by=_text(r, "decided_by"), criticised_by=_text(r, "criticised_by"),
        reply=_text(r, "reply"), effects=effects, follows=r["follows"], answers=r["answers"], sites=_keys(r["sites"]),
        about=r["about_observation"],
    )  # fmt: skip

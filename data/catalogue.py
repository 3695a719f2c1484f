"""What a release holds, without its values: read once a process and kept, for a release never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pandas as pd

from data import codes
from data.dates import DateSpan
from data.errors import Unknown
from data.model import CardLine, Caveat, Effect, Event, Method, Operation, Source, Text
from data.store import Release

ALL = "SELECT * FROM {table}"  # only names of the schema are put in


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


def frame(release: Release, sql: str, **parameters: object) -> pd.DataFrame:
    """The answer to a question with named parameters."""
    with release.cursor() as cursor:
        return cursor.execute(sql, parameters).df()


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, each by column name; numbers and texts are Python's own.

    A column at a time: pandas, asked for rows, looks at each cell by itself and takes ten times as long.
    """
    names = [str(name) for name in frame.columns]
    cells = [frame.iloc[:, at].tolist() for at in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def text_of(row: Mapping[str, Any], stem: str) -> Text:
    """The text of a pair of columns in its languages."""
    english, french = row.get(f"{stem}_en") or "", row.get(f"{stem}_fr") or ""
    return Text(english, (("fr", french),) if french else ())


def span_of(text: str) -> DateSpan | None:
    """A date as an interval, None where there is none."""
    return DateSpan.parse(text) if text else None


def _keys(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _number(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _read_catalogue(release: Release) -> Catalogue:
    def rows(table: str) -> list[dict[str, Any]]:
        return records_of(frame(release, ALL.format(table=table)))

    sources = {
        r["key"]: Source(
            key=r["key"], title=r["title"], publisher=r["publisher"], published=span_of(r["published"]),
            read_as=text_of(r, "read_as"), credit=r["credit"], licence=r["licence"],
        )
        for r in rows("sources")
    }  # fmt: skip
    lines: dict[str, list[CardLine]] = {}
    for r in rows("card_lines"):
        line = CardLine(
            field=codes.CardField(r["field"]), text=text_of(r, "text"), looked_in=text_of(r, "looked_in")
        )
        lines.setdefault(r["operation"], []).append(line)
    order = list(codes.CardField)
    described = sorted(rows("operations"), key=lambda r: (r["country_en"], r["title_en"]))
    operations = {
        r["key"]: Operation(
            key=r["key"], iso3=_keys(r["iso3"]), country=text_of(r, "country"), title=text_of(r, "title"),
            component=codes.Component(r["component"]), population=codes.Population(r["population"]),
            producer=r["producer"], credit=r["credit"], licence=r["licence"],
            sensitivity=codes.Sensitivity(r["sensitivity"]), synthetic=bool(r["synthetic"]), best_page=r["best_page"],
            card=tuple(sorted(lines.get(r["key"], []), key=lambda line: order.index(line.field))),
        )
        for r in described
    }  # fmt: skip
    subjects = {r["key"]: text_of(r, "subject") for r in rows("indicators")}
    effects: dict[str, list[Effect]] = {}
    for r in rows("effects"):
        effect = Effect(indicator=r["indicator"], value=float(r["value"]), unit=codes.Unit(r["unit"]),
                        precision=codes.Precision(r["precision"]), note=text_of(r, "note"),
                        subject=subjects.get(r["indicator"], Text("")))  # fmt: skip
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
            r["key"]: Method(key=r["key"], text=text_of(r, "text"), accuracy=text_of(r, "accuracy"),
                             rounds_figures=bool(r["rounds_figures"]), source=sources[r["source"]])
            for r in rows("methods")
        },
        caveats=tuple(
            Scoped(
                operation=r["operation"], indicators=_keys(r["indicators"]),
                item=Caveat(key=r["key"], title=text_of(r, "title"), text=text_of(r, "text"),
                            source=sources[r["source"]], period=span_of(r["period"]),
                            areas=_keys(r.get("areas", ""))),
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
        key=r["key"], operation=r["operation"], subject=text_of(r, "subject"), unit=codes.Unit(r["unit"]),
        measure=codes.Measure(r["measure"]), population=codes.Population(r["population"]),
        setting=codes.Setting(r["setting"]), granularity=codes.Granularity(r["granularity"]), place=r["place"],
        place_name=text_of(r, "place_name"), counted=text_of(r, "counted"), not_counted=text_of(r, "not_counted"),
        method=r["method"], effort=r["effort"], totals=r["totals"], window=span_of(r["window"]), shown=int(r["shown"]),
    )  # fmt: skip


def _event(r: Mapping[str, Any], sources: Mapping[str, Source], effects: tuple[Effect, ...]) -> Event:
    return Event(
        key=r["key"], kind=codes.EventKind(r["kind"]), when=DateSpan.parse(r["when"]),
        first_round=_number(r["first_round"]), breaks=bool(r["breaks"]),
        status=codes.ObsStatus(r["status"]) if r["status"] else None, claim=codes.ClaimStatus(r["claim"]),
        headline=text_of(r, "headline"), text=text_of(r, "text"), source=sources[r["source"]],
        reason=text_of(r, "reason"), asked_by=text_of(r, "asked_by"), decided_by=text_of(r, "decided_by"),
        criticised_by=text_of(r, "criticised_by"), reply=text_of(r, "reply"), effects=effects, follows=r["follows"],
        answers=r["answers"], sites=_keys(r["sites"]), about=r["about_observation"],
        # A release made before these columns existed says nothing else of it.
        areas=_keys(r.get("areas", "")),
        details=sources[r["details_source"]] if r.get("details_source") else None,
    )  # fmt: skip

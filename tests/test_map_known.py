"""A map as known on a day uses nothing public later, says where nothing was, and tells apart what came after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import duckdb
import pandas as pd
import pytest
from dash import no_update

from callbacks.router import MAP_PARTS, map_of, open_context, page_key, render
from data import queries, site_columns, site_slots
from data.catalogue import ALL, frame
from data.codes import SiteLayer, State
from data.dates import DateSpan
from data.store import Release, Store
from pages import map as map_page
from pages import map_find, map_known, map_layers, map_picture, map_title
from pages.map_file import map_file
from pages.map_record import MapPage, prepare
from pages.shell import head
from pages.view import parse_view
from words import words

EN = words("en")
REGISTER = SiteLayer.REGISTER
TRAINING, HAITI = "xtr-mt", "hti-eq2010"
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
ROUND_17 = date(2024, 6, 13)  # its last day; first public on 8 July, withdrawn on 10 August 2024
KNOWN, WITHDRAWN = date(2024, 7, 20), date(2024, 8, 10)
DATES = (date(2010, 12, 31), date(2013, 9, 30), ROUND_17, date(2026, 1, 1))
SAID = ["state", "value", "unit", "precision", "last_when", "missed", "age", "event"]


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether the same is said of the same places; missing values are equal to each other."""
    columns = ["key", *SAID]
    first, second = (table[columns].sort_values("key", ignore_index=True) for table in (one, other))
    return bool(first.equals(second))


def plain(table: pd.DataFrame, *more: str) -> dict[str, tuple[Any, ...]]:
    """What is said of each place; missing values are equal to each other."""
    if not len(table):
        return {}
    rows = table[["key", *SAID, *more]].astype("object")
    return {row[0]: row[1:] for row in rows.where(rows.notna(), None).itertuples(index=False, name=None)}


# The rule, worked out a second time


def records(table: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Some columns of the rows, each by name: a column at a time, as pandas looks at each cell by itself.

    A missing cell is None.
    """
    cells = (table[name].astype("object").where(table[name].notna(), None).tolist() for name in columns)
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


STATE = ("site", "state", "value", "round", "source", "when")


class Oracle:
    """Which states were public on a day, in plain Python from the tables of the store."""

    def __init__(self, release: Release, operation: str) -> None:
        held = queries.catalogue(release)
        places = release.frame("sites")
        mine = places[places["operation"] == operation]
        self.layers = dict(zip(mine["key"], mine["layer"], strict=True))
        states = release.frame("site_states")
        every = set(self.layers)
        self.states = records(states[states["site"].isin(every)], *STATE)
        self.when = {text: DateSpan.parse(text) for text in states["when"].unique()}
        values = release.frame("observations")
        values = values[(values["operation"] == operation) & (values["kind"] == "published")].copy()
        values["known_by"] = pd.to_datetime(values["known_by"])
        self.rounds = values.dropna(subset="round").groupby("round")["known_by"].min().dt.date.to_dict()
        empty = ["sex", "age", "reason", "origin", "destination", "assessment"]
        own = values[(values["indicator"] == held.lead[operation]) & values["place"].isin(every)]
        own = own[(own[empty] == "").all(axis=1)].sort_values(["known_by", "id"])
        self.versions: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in records(own, "place", "round", "known_by", "state", "value"):
            row["known_by"] = row["known_by"].date()
            self.versions.setdefault((row["place"], row["round"]), []).append(row)
        self.sources = held.sources
        self.spans: dict[str, dict[tuple[date, date], list[dict[str, Any]]]] = {}
        for state in sorted(self.states, key=self._span, reverse=True):  # of one span they keep their order
            self.spans.setdefault(state["site"], {}).setdefault(self._span(state), []).append(state)

    def _span(self, state: dict[str, Any]) -> tuple[date, date]:
        """By what states are ordered: the last day of their dates, then the first."""
        when = self.when[state["when"]]
        return when.last, when.first

    def of(self, state: dict[str, Any], day: date) -> tuple[str, float | None] | None:
        """State and value as known on the day; None where they were not surely public."""
        said = state["state"], state["value"]
        if state["round"] is None:
            published, begins = self.sources[state["source"]].published, self.when[state["when"]].first
            return said if published is not None and max(published.last, begins) <= day else None
        number = int(state["round"])
        if number not in self.rounds or self.rounds[number] > day:
            return None
        versions = self.versions.get((state["site"], number), [])
        then = [v for v in versions if v["known_by"] <= day]
        if not versions or len(then) == len(versions):
            return said
        if not then:
            return None
        return then[-1]["state"], then[-1]["value"]

    @lru_cache(maxsize=2)  # noqa: B019 - an oracle lives as long as the tests; all layers are asked one after the other
    def at(self, on: date, day: date) -> dict[str, dict[str, tuple[str, float | None, str]]]:
        """The last public state of each place at a day, with its date, by layer.

        From the newest span on backwards, so that little more than what is found is looked at.
        """
        ranks = {State.DELISTED.value: 0, State.CLOSED.value: 1}
        found: dict[str, dict[str, tuple[str, float | None, str]]] = {layer.value: {} for layer in SiteLayer}
        for site, spans in self.spans.items():
            for (last, _), states in spans.items():
                told = [] if last > on else [(self.of(state, day), state["when"]) for state in states]
                said = [(*known, when) for known, when in told if known is not None]
                if said:
                    found[self.layers[site]][site] = max(said, key=lambda one: -ranks.get(one[0], 2))
                    break
        return found


@lru_cache(maxsize=4)
def oracle_of(release: Release, operation: str) -> Oracle:
    """The tables of an operation, read once."""
    return Oracle(release, operation)


def asked(release: Release, operation: str, most: int) -> list[tuple[date, date]]:
    """Pairs of a date of the map and a day as of which it is known: around publications, and both ends of time."""
    by = queries.rounds_public(release, operation)
    days = sorted(
        {day for pair in by.values() for day in pair} | set(queries.places_public(release, operation))
    )
    days = days[:: max(1, len(days) // most)]
    known = [FIRST, *(d for day in days for d in (day - timedelta(days=1), day)), LAST]
    ends = [r.period.last for r in queries.catalogue(release).rounds[operation]]
    return [
        pair for at, day in enumerate(known) for pair in ((ends[(at * 7) % len(ends)], day), (ends[-1], day))
    ]


@pytest.mark.parametrize("operation", [TRAINING, HAITI])
def test_each_site_is_as_it_was_known(release: Release, operation: str) -> None:
    """On many dates and days, state, value and date of each site are those of the store as they were public then."""
    differ, newest = 0, dict[date, pd.DataFrame]()
    pairs = asked(release, operation, 3) + (
        [(ROUND_17, KNOWN), (ROUND_17, WITHDRAWN)] if operation == TRAINING else []
    )
    for on, day in pairs:
        then = {layer: queries.sites(release, operation, on, layer, day).table for layer in SiteLayer}
        for layer, table in then.items():
            assert unlike(release, operation, on, day, layer, table) == [], (on, day)
        if on not in newest:
            newest[on] = queries.sites(release, operation, on, REGISTER).table
        differ += not same(then[REGISTER], newest[on])
    assert differ > len(pairs) / 4  # control: a map that forgot the day would be the newest one


def unlike(
    release: Release,
    operation: str,
    on: date,
    day: date,
    layer: SiteLayer,
    table: pd.DataFrame | None = None,
) -> list[str]:
    """The sites that are not on the map (its `table`, where it is there already) as they were known on the day."""
    expected, found = oracle_of(release, operation).at(on, day)[layer.value], []
    if table is None:
        table = queries.sites(release, operation, on, layer, day).table
    for row in records(table, "key", "state", "value", "last_when", "age", "public"):
        held = expected.get(row["key"])
        state, value, when = held or (State.NO_DATA.value, None, "")
        state = State.NO_DATA.value if row["age"] == "unknown" else state
        drawn = (row["state"], row["value"], row["last_when"])
        if drawn != (state, value, when) or row["public"] is not (held is not None):
            found.append(row["key"])
    return found


@pytest.mark.parametrize(
    ("operation", "on", "day", "broken"),
    [
        (TRAINING, ROUND_17, KNOWN, "a later value"),
        (TRAINING, ROUND_17, date(2024, 7, 7), "every round"),
        (HAITI, date(2013, 9, 30), date(2012, 12, 31), "every source"),
    ],
)
def test_a_broken_rule_is_noticed(
    release: Release,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    on: date,
    day: date,
    broken: str,
) -> None:
    """Control: a later value, a round or a source that was not public yet is found by the same look."""
    assert unlike(release, operation, on, day, REGISTER) == []
    site_columns.forget()
    asked, held = site_columns.public_of, queries.catalogue(release)
    if broken == "a later value":
        assert "v.next_by > $day" in site_slots.OTHERWISE
        monkeypatch.setattr(
            site_slots, "OTHERWISE", site_slots.OTHERWISE.replace("v.next_by > $day", "v.next_by < $day")
        )
    elif broken == "every round":
        rounds = [r.number for r in held.rounds[operation]]
        monkeypatch.setattr(site_columns, "public_of", lambda *args: asked(*args) | {"rounds": rounds})
    else:
        sources = list(held.sources)
        monkeypatch.setattr(site_columns, "public_of", lambda *args: asked(*args) | {"sources": sources})
    try:
        assert unlike(release, operation, on, day, REGISTER)
    finally:
        site_columns.forget()


def test_what_is_not_public_is_no_data_and_never_zero(release: Release) -> None:
    """Before anything was public no site has a count, a date, an event or a note, and each says so."""
    for operation, on in ((TRAINING, ROUND_17), (HAITI, date(2013, 9, 30))):
        for layer in SiteLayer if operation == HAITI else (REGISTER,):
            table = queries.sites(release, operation, on, layer, FIRST).table
            assert len(table)
            assert set(table["state"]) <= {State.NO_DATA.value}
            assert not table["public"].any()
            assert table["value"].isna().all()
            for column in ("last_when", "event", "text_en", "text_fr", "note_en", "note_fr"):
                assert set(table[column]) <= {""}
        assert queries.sites(release, operation, on, REGISTER).table["public"].all()  # control: the newest is


@pytest.mark.parametrize("layer", list(SiteLayer))
def test_after_everything_it_is_the_newest(release: Release, layer: SiteLayer) -> None:
    """Of every operation, but for states whose source has no date: of these nothing is ever surely public."""
    held, undated = queries.catalogue(release), 0
    for operation in held.operations:
        for on in DATES:
            newest = queries.sites(release, operation, on, layer)
            then = queries.sites(release, operation, on, layer, LAST)
            changed = set[str]()
            if not same(newest.table, then.table):
                one, other = plain(newest.table), plain(then.table)
                changed = {key for key in one if one[key] != other[key]}
                assert changed
            undated += len(changed)
            for key in changed:
                sources = set(queries.site_history(release, operation, key)["source"])
                assert any(held.sources[source].published is None for source in sources), key
            assert then.provenance == newest.provenance  # no caveat and no event is lost on any day
            if not len(newest.table):
                break  # an operation without such places has none on any date
    assert (undated > 0) is (layer is SiteLayer.CROWD)


def test_after_everything_points_are_the_newest(release: Release) -> None:
    """Of every operation and on every date; control: before everything the points of some are not."""
    other = set()
    for operation in queries.catalogue(release).operations:
        for on in DATES:
            newest = queries.flow_points(release, operation, on).table
            pd.testing.assert_frame_equal(newest, queries.flow_points(release, operation, on, LAST).table)
        if not newest.equals(queries.flow_points(release, operation, on, FIRST).table):
            other.add(operation)
    assert {"xtr-fm", "ner-fm2016"} <= other


# Nothing later


NEEDED = (
    "operations", "card_lines", "effects", "rounds", "indicators", "sources", "methods", "caveats", "events",
    "sites", "site_states", "observations", "flow_points",
)  # fmt: skip


class Altered:
    """A release in memory in which everything that was not public on a day says something else."""

    def __init__(self, release: Release, operation: str, day: date) -> None:
        self.digest = f"altered-{operation}-{day}"
        self.asked = 0
        self._db = duckdb.connect()
        frames = {name: frame(release, ALL.format(table=name)) for name in NEEDED if name != "observations"}
        own_values = f"{ALL.format(table='observations')} WHERE operation = $operation"
        frames["observations"] = values = frame(release, own_values, operation=operation)
        later = values["known_by"] > pd.Timestamp(day)
        values.loc[later, ["value", "state", "note_en"]] = [7.0, "counted", "later"]
        states, oracle = frames["site_states"], oracle_of(release, operation)
        rows, own = records(states, *STATE), set(oracle.layers)
        held = [state["site"] in own for state in rows]
        said = [oracle.of(state, day) if mine else None for state, mine in zip(rows, held, strict=True)]
        changed = [
            mine and known != (state["state"], state["value"])
            for state, mine, known in zip(rows, held, said, strict=True)
        ]
        states.loc[changed, ["state", "text_en", "event"]] = ["delisted", "later", ""]
        for name, table in frames.items():
            self._db.from_df(table).create(name)

    def run(self, sql: str, **parameters: object) -> None:
        """Change it once more; what was read of it is forgotten."""
        self._db.execute(sql, parameters)
        site_columns.forget()

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """As that of a release; counts how often it was asked."""
        self.asked += 1
        with self._db.cursor() as cursor:
            yield cursor


@pytest.mark.parametrize(
    ("operation", "on", "day"),
    [
        (TRAINING, ROUND_17, KNOWN),
        (TRAINING, date(2024, 4, 4), date(2024, 4, 1)),
        (HAITI, date(2013, 9, 30), date(2013, 10, 30)),
    ],
)
def test_nothing_public_later_is_used(release: Release, operation: str, on: date, day: date) -> None:
    """Whatever was published later could say anything: map and history as known on the day stay the same."""
    other: Any = Altered(release, operation, day)
    expected = queries.sites(release, operation, on, REGISTER, day).table
    queries.catalogue(other)
    before = other.asked
    newest = plain(queries.sites(other, operation, on, REGISTER).table)
    usual, before = other.asked - before, other.asked
    found = queries.sites(other, operation, on, REGISTER, day).table
    assert other.asked - before <= usual + 1  # also where nothing was asked before
    assert plain(found, "text_en", "public") == plain(expected, "text_en", "public")
    for site in ("canaan",) if operation == HAITI else ("xtr-s0000003", "xtr-s0000004"):
        one = queries.site_history(release, operation, site, day)
        pd.testing.assert_frame_equal(queries.site_history(other, operation, site, day), one)
    assert newest != plain(queries.sites(release, operation, on, REGISTER).table)  # control: it does say else


def test_a_site_published_after_its_round_is_not_there_before(release: Release) -> None:
    """Where the first value of a site came later than the round, its state before is the one of the round before."""
    other: Any = Altered(release, TRAINING, KNOWN)
    site = "xtr-s0000004"

    def state() -> tuple[Any, ...]:
        return plain(queries.sites(other, TRAINING, ROUND_17, REGISTER, KNOWN).table)[site]

    assert state()[5:7] == (0, "current")  # control: of round 17 while its value was public with the round
    other.run(
        "UPDATE observations SET known_by = DATE '2024-08-01' WHERE round = 17 AND known_by <= DATE '2024-07-20' "
        "AND place = $site",
        site=site,
    )
    assert state()[5:7] == (1, "older")


# Two stories


def test_round_17_has_its_first_values_until_it_was_withdrawn(release: Release) -> None:
    """939 sites counted with the first values on 20 July 2024; from 10 August 2024 on the same sites have none."""
    first = frame(
        release,
        "SELECT place AS key, value FROM observations WHERE operation = 'xtr-mt' AND indicator = 'xtr-idp' "
        "AND round = 17 AND vintage = 'first' AND state = 'counted' AND sex = '' AND age = '' AND reason = '' "
        "AND origin = '' AND destination = '' AND assessment = '' AND place LIKE 'xtr-s%'",
    )
    held = dict(zip(first["key"], first["value"], strict=True))
    assert len(held) == 939

    def counted(day: date | None) -> dict[str, float]:
        table = queries.sites(release, TRAINING, ROUND_17, REGISTER, day).table
        rows = table[(table["state"] == State.COUNTED) & (table["age"] == "current")]
        assert set(rows["unit"]) <= {"individuals"}
        return dict(zip(rows["key"], rows["value"], strict=True))

    assert counted(KNOWN) == counted(date(2024, 7, 8)) == counted(WITHDRAWN - timedelta(days=1)) == held
    assert counted(WITHDRAWN) == counted(LAST) == counted(None) == {}
    table = (
        queries.sites(release, TRAINING, ROUND_17, REGISTER, WITHDRAWN).table.set_index("key").loc[list(held)]
    )
    assert set(table["state"]) == {State.NO_DATA.value}
    assert table["value"].isna().all()
    assert set(table["text_en"]) == {"The count of this round was withdrawn."}
    before = queries.sites(release, TRAINING, ROUND_17, REGISTER, date(2024, 7, 7)).table
    assert set(before.loc[before["state"] == State.COUNTED, "age"]) == {"older"}  # then round 16 was the last


def test_canaan_is_not_off_the_list_before_that_was_public(release: Release) -> None:
    """Neither before the report was dated nor before its first figure was surely public; then it is, as today."""
    on = date(2013, 9, 30)

    def off(day: date | None) -> set[str]:
        table = queries.sites(release, HAITI, on, REGISTER, day).table
        return set(table.loc[table["state"] == State.DELISTED, "key"])

    three = {"canaan", "jerusalem", "onaville"}
    assert queries.rounds_public(release, HAITI)[16][0] == date(2013, 10, 31)
    assert off(date(2013, 9, 29)) == off(date(2013, 10, 30)) == set()
    assert off(date(2013, 10, 31)) == off(LAST) == off(None) == three
    assert len(queries.site_history(release, HAITI, "canaan", date(2013, 10, 30))) == 0
    assert len(queries.site_history(release, HAITI, "canaan", date(2013, 10, 31))) == 1


def test_a_point_is_open_only_where_that_was_public(release: Release) -> None:
    """By its source or by a figure of it; else it has no date of opening and no note, and stays on the map."""
    on = date(2023, 6, 1)
    for day, public in (
        (date(2023, 2, 23), False),
        (date(2023, 2, 24), True),
    ):  # its first figure, not its source
        table = queries.flow_points(release, "xtr-fm", on, day).table
        assert set(table["public"]) == {public}
        assert set(table["active_from"]) == {"2023-01-01" if public else ""}
        assert len(table) == 24
    table = queries.flow_points(release, "ner-fm2016", on, date(2023, 12, 31)).table
    assert not table["public"].any()
    assert set(table["note_en"]) == {""}
    assert table["opened"].all()  # that it was not yet open would be known only from its source


# The page


def view(search: str, path: str = "/map") -> dict[str, Any]:
    """What a browser says of itself."""
    asked_for = {"path": path, "search": search, "language": "en", "scheme": "light", "narrow": False}
    return {**asked_for, "origin": "http://127.0.0.1"}


def page_of(store: Store, search: str) -> MapPage:
    """The map page of an address."""
    return prepare(open_context(parse_view(view(search)), store)[0])


def walk(part: Any) -> Iterator[Any]:
    """A component and all that is in it."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from walk(one)
        return
    yield part
    yield from walk(getattr(part, "children", None) or [])


def text_of(part: Any) -> str:
    """What a reader reads there."""
    return " ".join(p for p in walk(part) if isinstance(p, str))


def part_of(part: Any, name: str) -> Any:
    """The component of that id or class; None where there is none."""
    found = (p for p in walk(part) if name in (getattr(p, "id", None), getattr(p, "className", None)))
    return next(found, None)


def test_dates_that_were_not_public_are_not_offered(store: Store) -> None:
    """Only dates with a public figure, and the chosen one; without a choice the page opens at the newest of them."""
    page = page_of(store, "?op=xtr-mt&known=2024-07-20")
    assert [step.round.number for step in page.moments.offered if step.round] == list(range(1, 18))
    assert [step.round.number for step in page.moments.hidden if step.round] == list(range(18, 25))
    opened = page_of(store, "?op=xtr-mt").now
    assert page.now == opened  # round 10, where the newest opens, was public by then
    early = page_of(store, "?op=xtr-mt&known=2022-06-12")
    assert early.now is not None
    assert early.now.round is not None
    assert early.now.round.number == 3
    chosen = page_of(store, "?op=xtr-mt&known=2022-06-12&round=20")
    assert [step.round.number for step in chosen.moments.offered if step.round] == [1, 2, 3, 20]
    months = page_of(store, "?op=ner-fm2016&known=2016-12-14").moments
    assert [str(step.period) for step in months.offered] == ["2016-02", "2016-11"]
    for operation in ("xtr-mt", HAITI, "ner-fm2016", "lby-dtm", "wca-points", "col-ven"):
        newest, late = (page_of(store, f"?op={operation}{more}") for more in ("", "&known=9999-12-31"))
        assert newest.moments == late.moments  # control: no date is lost for good
        assert map_known.days(newest.context)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_what_was_not_public(store: Store, language: str) -> None:
    """The day, the chosen date of which nothing was public with the way to one, and the dates that are not offered."""
    w = words(language)
    said = map_page.time(page_of(store, f"?op=xtr-mt&round=17&known=2024-07-01&lang={language}"))
    moment = part_of(said, "known-moment")
    assert "17" in text_of(moment)
    assert (
        part_of(moment, "known-moment-newest").href
        == f"/map?op=xtr-mt&round=16&known=2024-07-01&lang={language}"
    )
    assert w("known.map_hidden", count=7) in text_of(part_of(said, "known-hidden"))
    assert part_of(said, "banner") is not None
    newest = map_page.time(page_of(store, f"?op=xtr-mt&round=17&lang={language}"))
    for name in ("known-moment", "known-hidden", "banner"):
        assert part_of(newest, name) is None  # control: the newest page says none of it
    assert w("known.all_newest") in text_of(newest)
    public = map_page.time(page_of(store, f"?op=xtr-mt&round=17&known=2024-07-20&lang={language}"))
    assert part_of(public, "known-moment") is None


def test_sites_of_another_version_than_the_total_say_so(store: Store) -> None:
    """On page, picture and in the file; controls: the newest, a day after the correction, a round never corrected."""
    said = (
        "Counts of single sites are held in their newest version only: they do not add up to what was known"
    )

    def told(search: str) -> list[bool]:
        page = page_of(store, f"?op=xtr-mt&measure=people{search}")
        texts = [text_of(map_find.found(page)), " ".join(map_picture.said(page)), map_file(page)]
        return [said in text for text in texts]

    assert told("&round=14&known=2024-01-20") == [True] * 3
    for known in ("14", "14&known=2024-05-02", "13&known=2024-01-20", "17&known=2024-07-20"):
        assert told(f"&round={known}") == [False] * 3, known


def test_list_table_legend_and_sentence_follow(store: Store) -> None:
    """On the day the count stands in the panel and below; a place of which nothing was public says so in words."""
    site = "xtr-s0000003"
    page = page_of(store, f"?op=xtr-mt&round=17&known=2024-07-20&place={site}")
    (row,) = (r for r in page.sites.table.to_dict("records") if r["key"] == site)
    said = text_of(map_page.panel(page))
    assert f"Counted: {row['value']:.0f} people, 2 June 2024 to 13 June 2024" in said
    assert f"Counted as it was known then: {row['value']:.0f} people." in said
    after = text_of(part_of(map_page.panel(page), "later"))
    assert "Known only after 20 July 2024" in after
    assert "The count of this round was withdrawn." in after
    assert "withdrawn" not in said.replace(after, "")
    assert "Counted in round 18." in after
    silent = int((~page.sites.table["public"]).sum())
    assert f"by 20 July 2024: {silent}." in text_of(part_of(map_layers.legend_list(page), "known-legend"))
    below = text_of(map_page.below(page))
    assert (
        "Shown as known on 20 July 2024, not as known today; names and locations of places are the newest ones."
        in below
    )
    assert "as known on 20 July 2024" in text_of(map_title.head(page))
    newest = page_of(store, f"?op=xtr-mt&round=17&place={site}")
    assert "The count of this round was withdrawn." in text_of(
        map_page.panel(newest)
    )  # control: the newest has it
    assert part_of(map_page.panel(newest), "later") is None
    assert part_of(map_layers.legend_list(newest), "known-legend") is None
    assert "Shown as known" not in text_of(map_page.below(newest))
    nothing = page_of(store, "?op=xtr-mt&round=17&known=2022-01-01")
    table = map_page.view_of(nothing).table()
    note, state = EN("map.col_note"), EN("map.col_state")
    assert set(table[state]) == {EN("state.no_data")}
    assert set(table[note]) == {"Nothing of this place at this date was surely public by 1 January 2022"}


def test_what_came_later_is_told_of_canaan(store: Store) -> None:
    """Its state, what followed and the criticism stand under "Known only after", and not above; later they do."""
    then, after = (
        map_page.panel(page_of(store, f"?op=hti-eq2010&round=16&known={day}&place=canaan"))
        for day in ("2013-10-15", "2014-01-31")
    )
    later = text_of(part_of(then, "later"))
    assert "Known only after 15 October 2013" in later
    assert "Taken off the list" in later
    assert "Amnesty International agrees" in later
    above = text_of(then).replace(later, "")
    assert "Nothing of this place at this date was surely public by 15 October 2013" in above
    assert "aken off the list" not in above
    assert "Amnesty" not in above
    late = text_of(part_of(after, "later"))
    assert "counted together" not in late
    assert "Amnesty International agrees" in late
    assert "Taken off the list" in text_of(after).replace(late, "")
    whole = map_page.panel(page_of(store, "?op=hti-eq2010&round=16&known=9999-12-31&place=canaan"))
    assert EN("known.place_none_after") in text_of(whole)


def test_every_event_of_a_site_is_told_on_every_day(store: Store) -> None:
    """What the newest panel says of events is in the panel of any day: above, or under "Known only after".

    The days lie before, between and after what was published of the operation.
    """
    haiti = ("0001-01-01", "2013-10-01", "2014-02-01", "2016-05-01", "2024-07-20", "9999-12-31")
    training = ("0001-01-01", "2024-07-20", "9999-12-31")
    for operation, place, days in (
        (HAITI, "canaan", haiti),
        (HAITI, "onaville", (haiti[0], haiti[2], haiti[-1])),
        (TRAINING, "xtr-s0000003", training),
    ):
        newest = page_of(store, f"?op={operation}&place={place}")
        events = newest.context.held.events_of(operation)
        whole = text_of(map_page.panel(newest))
        told = {e.key for e in events if e.text.en in whole}
        assert told  # control: there is something to lose
        for known in days:
            panel = text_of(map_page.panel(page_of(store, f"?op={operation}&known={known}&place={place}")))
            lost = {e.key for e in events if e.key in told and e.text.en not in panel}
            assert lost == set(), (place, known)


def test_notes_are_all_there_and_later_ones_apart(store: Store) -> None:
    """Below the map stands every note of the newest map; those not public by then in their own section."""
    for search in ("?op=hti-eq2010&round=16", "?op=ner-fm2016", "?op=xtr-mt&round=17"):
        notes = {note.key for note in map_page.view_of(page_of(store, search)).notes()}
        below = map_page.below(page_of(store, f"{search}&known=2016-12-31"))
        found = {
            value for p in walk(below) for name, value in getattr(p, "to_plotly_json", dict)().get("props", {}).items()
            if name == "data-note"
        }  # fmt: skip
        assert {key.removesuffix("-details") for key in found} == notes
        assert part_of(below, "later") is not None


def test_only_the_parts_are_redrawn(store: Store) -> None:
    """Another day keeps the page and redraws its parts but layers and filters; another operation does not."""
    context, problem = open_context(parse_view(view("?op=hti-eq2010")), store)
    main, _, whole = render(context, problem)
    assert whole
    assert part_of(main, "map-known") is not None
    page = {"key": page_key(context), "title": ""}
    shown = prepare(context)
    controls: dict[str, Any] = dict(map_page.says(c) for c in map_page.choices(shown))
    controls["layers"] = map_layers.switched(shown)
    drawn_as = map_page.drawn_as(shown)
    parts = map_of(view("?op=hti-eq2010&known=2013-10-15"), page, store, controls, drawn_as)
    kept = {4, 8}  # layers and filters say what the address says; the lists of dates are those of another day
    assert {at for at, part in enumerate(parts) if part is no_update} == kept
    assert "as they were known on 15 October 2013" in text_of(parts[1])
    drawn: Callable[[Any], set[str]] = lambda figure: {trace["name"] for trace in figure["data"]}  # noqa: E731 - one use
    newest = map_of(view("?op=hti-eq2010"), page, store, controls)[2]
    assert "ghosts" in drawn(newest)
    assert "ghosts" not in drawn(parts[2])
    assert map_of(view("?op=xtr-mt&known=2013-10-15"), page, store, controls) == (no_update,) * MAP_PARTS
    again = map_of(view("?op=hti-eq2010&sort=name"), page, store, controls, drawn_as)
    assert again[2] is no_update  # another order of the table is the same figure,
    assert again[9] is no_update  # and has the same dates to choose from


def test_links_keep_the_day(store: Store) -> None:
    """From Trends to the map and back, to a place, a date and all places, the day stays in the address."""
    search = "?op=ner-fm2016&known=2016-12-14"
    context = open_context(parse_view(view(search, "/trends")), store)[0]
    (to_map,) = (p for p in walk(head(context, "trends")) if getattr(p, "id", "") == "to-map")
    assert to_map.href == "/map?op=ner-fm2016&known=2016-12-14"
    page = page_of(store, search)
    links = [p for p in walk([map_page.panel(page), map_page.time(page)]) if type(p).__name__ == "A"]
    assert len(links) > 8
    own = ("known-before", "known-after", "known-newest")
    assert [p.href for p in links if "known=2016-12-14" not in p.href and p.id not in own] == []
    assert part_of(links, "known-newest").href == "/map?op=ner-fm2016"  # control: this one leads out
    place = page.points.table["key"].iloc[0]
    opened = map_page.panel(page_of(store, f"{search}&place={place}"))
    (back,) = (p for p in walk(opened) if getattr(p, "href", "").startswith("/trends"))
    assert "known=2016-12-14" in back.href


@pytest.mark.parametrize("operation", [HAITI, TRAINING, "ner-fm2016", "wca-points", "col-ven"])
def test_no_day_breaks_the_page(store: Store, operation: str) -> None:
    """Any day of any calendar gives the whole page, with the control and its banner, in both languages."""
    days = (("0001-01-01", "en"), ("2001-02-03", "fr"), ("9999-12-31", "en"), ("9999-12-31", "fr"))
    for known, language in days:  # before anything was public a day is like the other: one language each
        asked_for = parse_view(view(f"?op={operation}&known={known}&lang={language}"))
        main, _, whole = render(*open_context(asked_for, store))
        assert whole
        assert part_of(part_of(main, "map-known"), "banner") is not None

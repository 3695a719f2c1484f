"""Sites by address: the same rows in every answer, the states of the store, and a sentence where nothing is held."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest
from flask import Flask
from plotly.utils import PlotlyJSONEncoder
from werkzeug.test import Client, TestResponse

from callbacks.router import open_context, render
from data import moments, queries, site_columns
from data.codes import SiteLayer, State
from data.errors import Unknown
from data.map_settings import COLOURS, MapSettings
from data.parts import STATES
from data.selection import from_query
from data.site_colours import NONE, classes_of
from data.store import Release, Store
from pages.moment import chosen
from pages.view import parse_view
from web import points
from web.static import unpacked

TRAINING, HAITI = "xtr-mt", "hti-eq2010"
MOST_BYTES = 1_300_000  # of 100,000 sites: where they lie, and one date


@pytest.fixture
def client(store: Store) -> Client:
    """A client of a server with the addresses alone."""
    server = Flask("points")
    points.install(server, store)
    return server.test_client()


def ask(client: Client, release: Release, path: str, encoding: str = "") -> TestResponse:
    """The answer to an address of the release."""
    return client.get(f"/points/{release.digest}/{path}", headers={"Accept-Encoding": encoding})


def places(body: bytes) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """X and y."""
    (n,) = struct.unpack_from("<I", body)
    assert len(body) == 4 + 8 * n
    return np.frombuffer(body, "<f4", n, 4), np.frombuffer(body, "<f4", n, 4 + 4 * n)


def states(body: bytes) -> tuple[int, np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """How many are drawn; values, marks and classes."""
    n, drawn = struct.unpack_from("<II", body)
    assert len(body) in {8 + 6 * n, 8 + 7 * n}
    value = np.frombuffer(body, "<f4", n, 8)
    return drawn, value, np.frombuffer(body, "u1", n, 8 + 4 * n), np.frombuffer(body, "u1", n, 8 + 5 * n)


def test_places_are_where_the_sites_are(client: Client, release: Release) -> None:
    """One row a located site, by key; turned back into degrees they are its own within 5 m."""
    x, y = places(ask(client, release, f"{TRAINING}/places.bin").data)
    table = queries.sites(release, TRAINING, date(2024, 11, 10), SiteLayer.REGISTER).located()
    assert len(x) == len(table)
    lon = x.astype(float) * 360 - 180
    lat = np.degrees(np.arctan(np.sinh((0.5 - y.astype(float)) * 2 * np.pi)))
    assert np.abs(lon - table["lon"].to_numpy()).max() < 5e-5
    assert np.abs(lat - table["lat"].to_numpy()).max() < 5e-5


@pytest.mark.parametrize("operation", [TRAINING, HAITI])
def test_every_round_is_as_in_the_store(client: Client, release: Release, operation: str) -> None:
    """State, age and value of each row are those of the table of that round; only counts in one unit have a value."""
    older = 0
    for held in queries.catalogue(release).rounds[operation]:
        answer = ask(client, release, f"{operation}/at.bin?round={held.number}")
        drawn, value, mark, _ = states(answer.data)
        table = queries.sites(release, operation, held.period.last, SiteLayer.REGISTER).located()
        assert drawn == len(table) == len(mark)
        assert [STATES[at & 15].value for at in mark] == table["state"].tolist()
        assert [bool(at & 16) for at in mark] == (table["age"] == "older").tolist()
        older += int((mark & 16 > 0).sum())
        scale = table["state"].eq(State.COUNTED) & table["unit"].eq(answer.headers["X-Points-Unit"])
        expected = table["value"].where(scale).to_numpy("float64")
        np.testing.assert_array_equal(value.astype(float), expected.astype("f4").astype(float))
    assert older > 0 or operation == TRAINING  # control: Haiti has counts of a round before


def test_a_count_that_is_not_exact_is_told(client: Client, release: Release) -> None:
    """Where any is, each row says whether it is; a round whose counts are all exact says nothing of it."""
    body = ask(client, release, f"{TRAINING}/at.bin?round=3").data
    n = len(states(body)[1])
    table = queries.sites(release, TRAINING, held_round(release, 3), SiteLayer.REGISTER).located()
    rough = table["state"].eq(State.COUNTED) & ~table["precision"].isin(["exact", ""])
    assert np.frombuffer(body, "u1", n, 8 + 6 * n).tolist() == rough.astype(int).tolist()
    assert 0 < rough.sum() < n
    other = ask(client, release, f"{TRAINING}/at.bin?round=20").data
    assert len(other) == 8 + 6 * len(states(other)[1])  # control


def held_round(release: Release, number: int) -> date:
    """The last day of a round of the training country."""
    return next(r.period.last for r in queries.catalogue(release).rounds[TRAINING] if r.number == number)


def test_filters_mark_and_never_move_a_row(client: Client, release: Release) -> None:
    """A site that is left out keeps its row, its value and its class; how many are drawn is said."""
    whole = states(ask(client, release, f"{TRAINING}/at.bin?round=20").data)
    some = states(ask(client, release, f"{TRAINING}/at.bin?round=20&types=camp&least=100").data)
    kept = some[2] != points.LEFT_OUT
    assert 0 < some[0] == kept.sum() < whole[0]
    assert (some[2][kept] == whole[2][kept]).all()
    np.testing.assert_array_equal(some[1], whole[1])
    np.testing.assert_array_equal(some[3], whole[3])


@pytest.mark.parametrize("colour", COLOURS)
def test_classes_are_of_the_colour(client: Client, release: Release, colour: str) -> None:
    """Each row has a class that the answer counts, and more than one class occurs."""
    answer = ask(client, release, f"{TRAINING}/at.bin?round=20&colour={colour}")
    _, _, _, found = states(answer.data)
    assert set(found.tolist()) - {NONE} <= set(range(int(answer.headers["X-Points-Classes"])))
    assert len(set(found.tolist())) > 1


def test_a_break_has_no_colour_of_a_change(release: Release) -> None:
    """Between two rounds with a published break every pair of counts is not comparable; without one some rose."""
    held = queries.catalogue(release)
    ends = {r.number: r.period.last for r in held.rounds[TRAINING]}
    cut = {e.first_round for e in held.events_of(TRAINING, held.lead[TRAINING]) if e.breaks and e.first_round}
    seen = {}
    for number in sorted(ends)[1:]:
        at = site_columns.sites_at(release, TRAINING, ends[number])
        made = classes_of(release, at, MapSettings(colour="change"))
        seen[number] = {
            made.keys[code].rpartition("_change_")[2] or made.keys[code] for code in np.unique(made.codes)
        }
    moved = {"points.change_rose", "points.change_fell", "points.change_halved", "points.change_doubled"}
    broken = {number for number in seen if number in cut}
    assert broken
    assert all(not seen[number] & moved for number in broken)
    assert any(seen[number] & moved for number in set(seen) - broken)  # control


def changes(
    release: Release, number: int, since: str = ""
) -> tuple[site_columns.SitesAt, np.ndarray[Any, Any]]:
    """The sites of a round and the names of their classes of a change."""
    on = queries.catalogue(release).round(TRAINING, number).period.last
    at = site_columns.sites_at(release, TRAINING, on)
    made = classes_of(release, at, MapSettings(colour="change", since=since))
    return at, np.array([key.removeprefix("points.change_") for key in made.keys])[made.codes]


def test_only_exact_counts_are_compared(release: Release) -> None:
    """Each side of a fall or rise is exact; a count that is not has a class of its own."""
    at, said = changes(release, 3)
    exact = at.told("precision").isin({"exact", ""})
    compared = ~np.isin(said, ["not_exact", "not_both"])
    assert compared.any()
    assert exact[compared].all()
    assert (said[~exact & (said != "not_both")] == "not_exact").all()
    assert (said == "not_exact").sum() > 100
    assert (changes(release, 10)[1] != "not_exact").all()  # control: all counts of both rounds are exact


def test_a_change_of_sites_is_from_the_same_date_as_that_of_areas(release: Release) -> None:
    """A day between rounds takes the round before it; before the first there is none; a round not held is said."""
    end = queries.catalogue(release).round(TRAINING, 15).period.last
    by_round = changes(release, 20, since="15")[1]
    by_day = changes(release, 20, since=(end + timedelta(days=5)).isoformat())[1]
    assert (by_round == by_day).all()
    assert (by_round != "no_earlier").all()
    assert (changes(release, 20, since="2001-01-01")[1] == "no_earlier").all()
    with pytest.raises(Unknown, match="99"):
        changes(release, 20, since="99")


def test_a_change_of_sites_of_two_maps_is_between_their_dates(client: Client, release: Release) -> None:
    """The later is since the other's date, in the browser's numbers too; a date of its own goes before (control)."""
    ends = {r.number: r.period.last for r in queries.catalogue(release).rounds[TRAINING]}
    later, earlier = (site_columns.sites_at(release, TRAINING, ends[n]) for n in (24, 10))
    two = MapSettings(colour="change", vs="10")
    assert classes_of(release, later, two).about == ends[10].isoformat()
    assert classes_of(release, later, replace(two, since="20")).about == ends[20].isoformat()
    assert classes_of(release, later, replace(two, vs="")).about == ends[23].isoformat()
    assert classes_of(release, earlier, replace(two, vs="24")).about == ends[9].isoformat()
    answers = [
        ask(client, release, f"{TRAINING}/at.bin?round=24&colour=change&{more}").data
        for more in ("vs=10", "since=10", "since=23")
    ]
    assert answers[0] == answers[1] != answers[2]


def test_a_service_that_nobody_asked_about_is_said(release: Release) -> None:
    """With those that were; one that was asked about has classes (control)."""
    at = site_columns.sites_at(release, TRAINING, date(2024, 11, 10))
    with pytest.raises(Unknown, match=r"foo.*latrines.*water"):
        classes_of(release, at, MapSettings(colour="gap", service="foo"))
    assert classes_of(release, at, MapSettings(colour="gap", service="water")).about == "water"


def test_a_page_says_which_services_exist(store: Store) -> None:
    """In place of a map without an answer; in both languages."""
    for language, said in (("en", "about no service called"), ("fr", "aucun service nomm")):
        view = {"path": "/map", "search": f"?op={TRAINING}&colour=gap&service=foo&lang={language}"}
        sent = view | {
            "language": language,
            "scheme": "light",
            "narrow": False,
            "origin": "http://127.0.0.1:8050",
        }
        main, _, whole = render(*open_context(parse_view(sent), store))
        assert not whole
        text = json.dumps(main, cls=PlotlyJSONEncoder)
        assert said in text
        assert "service=water" in text


@pytest.mark.parametrize(
    "operation", ["xtr-mt", "hti-eq2010", "ner-fm2016", "wca-points", "xtr-fm", "lby-dtm"]
)
def test_the_day_is_that_of_the_page(release: Release, operation: str) -> None:
    """Without a date in the address the same date opens as on the page."""
    step = chosen(release, queries.catalogue(release), from_query(f"op={operation}"))
    assert moments.shown_on(release, from_query(f"op={operation}")) == (step and step.on)


def test_a_place_is_told_by_its_row(client: Client, release: Release) -> None:
    """Its key and name are those of the row of the places."""
    table = queries.sites(release, TRAINING, date(2024, 11, 10), SiteLayer.REGISTER).located()
    told = json.loads(ask(client, release, f"{TRAINING}/place?row=700&round=19").data)
    assert told["key"] == table.iloc[700]["key"]
    assert told["name"] == table.iloc[700]["name"]
    assert told["lon"] == table.iloc[700]["lon"]


def test_a_place_says_how_exact_its_number_is(client: Client, release: Release) -> None:
    """The precision is that of the table, also where it is not exact."""
    table = (
        queries.sites(release, TRAINING, date(2022, 4, 2), SiteLayer.REGISTER)
        .located()
        .reset_index(drop=True)
    )
    for precision in ("about", "exact"):
        row = int(table.index[table["precision"] == precision][0])
        told = json.loads(ask(client, release, f"{TRAINING}/place?row={row}&on=2022-04-02").data)
        assert (told["key"], told["precision"]) == (table["key"][row], precision)


@pytest.mark.parametrize(
    "path",
    [
        "xtr-mt/at.bin?round=abc", "xtr-mt/at.bin?round=99", "xtr-mt/at.bin?on=2024-13-01", "xtr-mt/at.bin?box=1,2",
        "xtr-mt/at.bin?colour=pink", "nope/places.bin", "nope/at.bin", "xtr-mt/place?row=-1", "xtr-mt/place?row=999999",
        "xtr-mt/place", "xtr-mt/place?row=1e3", "xtr-mt/place?row=²",
    ],
)  # fmt: skip
def test_what_is_malformed_or_not_held_is_said(client: Client, release: Release, path: str) -> None:
    """404 with one sentence or two, and no cache."""
    answer = ask(client, release, path)
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert answer.text.endswith(".")
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    good = ask(
        client, release, "xtr-mt/at.bin?round=20&lang=fr&from=a-letter"
    )  # control: others' parts do no harm
    assert good.status_code == 200


def test_a_release_is_named_whole(client: Client, release: Release) -> None:
    """What browsers keep for a year is asked for by the whole digest; an unknown one is not held."""
    for digest in (release.digest[:12], "0" * 64):
        assert client.get(f"/points/{digest}/{TRAINING}/places.bin").status_code == 404


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_answers_are_kept_and_packed(client: Client, release: Release, encoding: str) -> None:
    """For a year, in the encoding that the browser takes; the bytes inside are the same."""
    plain = ask(client, release, f"{TRAINING}/at.bin?round=20").data
    for _ in range(2):  # made, and then kept
        answer = ask(client, release, f"{TRAINING}/at.bin?round=20", encoding)
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert (unpacked(answer.data, encoding) if encoding else answer.data) == plain
    undated = ask(client, release, "wca-points/at.bin")
    assert undated.headers["Cache-Control"] == "no-cache"  # it shows today


class Many:
    """The embedded data with the sites of the training country so many times over, each moved a little."""

    TABLES = (
        "sources", "operations", "methods", "card_lines", "rounds", "indicators", "caveats", "events", "effects",
    )  # fmt: skip

    def __init__(self, release: Release, times: int) -> None:
        self.digest, self._release, self._db = "many", release, duckdb.connect()
        for name in self.TABLES:
            self._db.from_df(release.frame(name)).create(name)
        for name in ("sites", "site_states", "site_identities"):
            self._db.from_df(release.frame(name)).create(f"few_{name}")
        self._db.execute("SELECT SETSEED(0.5)").fetchall()
        copies = f"CROSS JOIN RANGE({times}) AS c(copy)"
        moved = "ROUND(lon + RANDOM() - 0.5, 4) AS lon, ROUND(lat + RANDOM() - 0.5, 4) AS lat"
        chosen = {
            "sites": f"key || '-' || copy AS key, {moved}",
            "site_states": "site || '-' || copy AS site, GREATEST(1, ROUND(value * (0.5 + RANDOM()))) AS value",
            "site_identities": "site || '-' || copy AS site",
        }
        for name, columns in chosen.items():
            self._db.sql(f"SELECT * REPLACE ({columns}) FROM few_{name} {copies}").create(name)  # noqa: S608 - names of this test

    def geoframe(self, name: str) -> Any:
        """As that of the release."""
        return self._release.geoframe(name)

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """As that of a release."""
        with self._db.cursor() as cursor:
            yield cursor


def test_a_hundred_thousand_sites_fit(release: Release) -> None:
    """Where they lie and one date are at most 1.3 MB as they are sent, and less than as plain numbers."""
    many: Any = Many(release, 70)
    try:
        at = site_columns.sites_at(many, TRAINING, date(2024, 11, 10))
        assert len(at) > 100_000
        bodies = [points.places_of(many, TRAINING), points.states_of(many, at, MapSettings())[0]]
    finally:
        site_columns.forget()
    for encoding in ("gzip", "br"):
        sent = [len(points._packed(body, {}, encoding)[0]) for body in bodies]
        assert sum(sent) <= MOST_BYTES, (encoding, sent)
        assert sum(sent) < 0.9 * sum(map(len, bodies))

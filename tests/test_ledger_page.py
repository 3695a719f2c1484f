"""The page Ledger: what its tables say, what its form hands to the review, and who may write at all."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component
from werkzeug.test import Client, TestResponse

from app import create_app
from callbacks.ledger import sent_of
from callbacks.router import open_context, page_key, render
from data.area_codes import unheld
from data.codes import ClaimStatus
from data.errors import Refused
from data.ledger import consequence
from data.ledger_edit import review
from data.ledger_file import Entries, held, parsed, written
from data.model import Event
from data.queries import catalogue, series
from data.store import Release, Store
from pages.ids import entry
from pages.ledger import around
from pages.ledger_entry import csv_of, field_of, fields, rows_in, sites_of, values_of
from pages.ledger_fields import WORDED, label, worded, wrong_of
from pages.view import parse_view
from web.settings import Settings
from words import LANGUAGES, words

HAITI, TRAINING = "hti-eq2010", "xtr-fm"  # one of few places: what is written is the same of any
EN = words("en")
HERE, ELSEWHERE = "127.0.0.1", "10.0.0.5"
NEW: Mapping[str, str] = {
    "choice": "events:", "key": "xtr-example-cut", "kind": "method_change", "when_first": "2024-06", "breaks": "yes",
    "claim": "published", "headline_en": "A new form was used", "text_en": "The forms changed (SYNTHETIC).",
    "source": "xtr-report-24",
}  # fmt: skip
OWN = {"Origin": "http://localhost"}  # what a browser sends with each press


@pytest.fixture
def own(store_folder: Path, tmp_path: Path) -> Store:
    """A copy of the store that may be written."""
    shutil.copytree(store_folder, tmp_path / "store")
    return Store(tmp_path / "store")


def view(search: str, language: str = "en", **changes: Any) -> dict[str, Any]:
    """What a browser says of itself at that address."""
    said = {"path": "/ledger", "search": search, "language": language, "scheme": "light", "narrow": False}
    return said | {"origin": "http://127.0.0.1:8050"} | changes


def walk(part: Any) -> Iterator[Any]:
    """Every component and text of a page, in reading order."""
    if isinstance(part, list | tuple):
        for inner in part:
            yield from walk(inner)
    elif part is not None:
        yield part
        if isinstance(part, Component):
            yield from walk(getattr(part, "children", None))


def said(part: Any) -> str:
    """What a page says, with plain spaces."""
    texts = [str(p) for p in walk(part) if isinstance(p, str | int | float)]
    return re.sub(r"[\s\u00a0\u202f]+", " ", " ".join(texts))


def unfolded(part: Any) -> Any:
    """An answer with the elements that came as plain lists as if each were a component."""

    def made(tree: Any) -> Any:
        if not isinstance(tree, list):
            return tree
        return {"type": tree[0], "props": {**(tree[1] or {}), "children": [made(one) for one in tree[2:]]}}

    if isinstance(part, list):
        return [unfolded(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "Still":
        return made(part["props"]["tree"])
    return {name: unfolded(value) for name, value in part.items()}


def row(part: Any, key: str) -> Component:
    """The row of an entry."""
    return next(p for p in walk(part) if isinstance(p, Component) and getattr(p, "id", "") == f"entry-{key}")


def page(store: Store, search: str = "", language: str = "en", *, writes: bool = False) -> list[Component]:
    """The whole page of an address."""
    context, problem = open_context(parse_view(view(search, language)), store)
    built, _, whole = render(replace(context, writes=writes), problem)
    assert whole
    return built


# Reading


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_operation_has_its_ledger(store: Store, language: str) -> None:
    """Alone and among all, every event and every caveat is a row, with its claim, its consequence and its source."""
    release = store.current()
    held_, w = catalogue(release), words(language)
    every = page(store, "", language)
    for operation in held_.operations:
        alone: dict[str, list[Any]] = {}
        for part in walk(page(store, f"?op={operation}", language)):
            alone.setdefault(str(getattr(part, "id", "")), []).append(part)
        for scoped in (*held_.events, *held_.caveats):
            mine = scoped.operation == operation
            rows = alone.get(f"entry-{scoped.item.key}", [])
            assert len(rows) == mine
            if mine and isinstance(scoped.item, Event):
                text = said(rows)
                assert said([w(f"claim.{scoped.item.claim}")]) in text
                assert said([w(f"ledger.does_{consequence(scoped.item)}")]) in text
                assert said([scoped.item.source.title]) in text
                assert (
                    scoped.item.effects
                    or said([w("ledger.no_size")]) in text
                    or said([w("ledger.size_unknown")]) in text
                )
    ids = [
        p.id
        for p in walk(every)
        if isinstance(p, Component) and str(getattr(p, "id", "")).startswith("entry-")
    ]
    assert len(ids) == len(set(ids)) == len(held_.events) + len(held_.caveats)


def test_the_delisting_of_september_2013(store: Store) -> None:
    """Kind, both published sizes with their units, what it does, who asked, and the change around it."""
    built = page(store, f"?op={HAITI}")
    held_ = catalogue(store.current())
    gone = next(e for e in held_.events_of(HAITI) if e.breaks and e.effects and e.when.first.year == 2013)
    text = said(row(built, gone.key))
    for part in ("Taken off the list", "published", "−54,045 people", "−11,128 households", "Cuts:"):
        assert part in text, part
    links = [p.href for p in walk(row(built, gone.key)) if getattr(p, "href", None)]
    assert f"/trends?op={HAITI}" in links
    assert any(link.startswith(f"/change?op={HAITI}&what=hti-idp&first=15&second=16") for link in links), (
        links
    )


def test_an_entry_says_its_areas(store: Store) -> None:
    """By name and code, of events and caveats; control: an event about no area of its own says all places."""
    built = page(store, f"?op={HAITI}")
    text = said(row(built, "hti-cdb-share"))
    assert "Areas: Croix-des-Bouquets (HT0131); Thomazeau (HT0132)." in text
    assert "All places." in said(row(built, "hti-2010-03-start"))
    assert "Areas:" not in said(row(built, "hti-2010-03-start"))
    abuja = said(row(page(store, "?op=nga-dtm"), "nga-2016-10-coverage"))
    assert "Areas: Borno (NG008); Federal Capital Territory (NG015)." in abuja


def test_a_code_of_no_area_is_said_in_the_language_of_the_page() -> None:
    """Every wrong code in a sentence of its own; control: a code that is held is not wrong."""
    known = {"HTI": {"HT0131": "Croix-des-Bouquets"}}
    wrong = [
        wrong_of(cell, "areas", words("fr")).said for cell in unheld("HT0131;XX9;YY1", ["HTI"], known, 2)
    ]
    assert wrong == [words("fr")("ledgerform.w_area", found=code) for code in ("XX9", "YY1")]
    assert list(unheld("HT0131", ["HTI"], known, 2)) == []


def test_an_allegation_is_shown_as_one(store: Store) -> None:
    """Control: what is published is not."""
    held_ = catalogue(store.current())
    pages = {operation: page(store, f"?op={operation}") for operation in held_.operations}
    for scoped in held_.events:
        if not isinstance(scoped.item, Event):
            continue
        built = pages[scoped.operation]
        marks = [
            p for p in walk(row(built, scoped.item.key)) if getattr(p, "className", "") == "claim alleged"
        ]
        doubted = scoped.item.claim in (ClaimStatus.ALLEGED, ClaimStatus.DISPUTED)
        assert bool(marks) is doubted
        if doubted:
            assert (
                "Context:" in said(row(built, scoped.item.key)) or scoped.item.claim is ClaimStatus.DISPUTED
            )


def test_every_change_that_is_offered_can_be_opened(store: Store) -> None:
    """The link of an entry leads to a whole page of Change."""
    release, held_ = store.current(), catalogue(store.current())
    offered, links = 0, set[str]()
    for scoped in held_.events:
        assert isinstance(scoped.item, Event)
        found = around(release, held_, scoped.operation, scoped.indicators, scoped.item.first_round)
        if found is None:
            continue
        what, one, other = found
        links.add(f"?op={scoped.operation}&what={what}&first={one.round}&second={other.round}")
        offered += 1
    for search in sorted(links):  # several entries may lead to one change
        built, _, whole = render(*open_context(parse_view(view(search, path="/change")), store))
        assert whole
        assert any(getattr(p, "id", "") == "change-card" for p in walk(built))
    assert offered >= 8


def test_files_are_what_the_commands_read(store_folder: Path, release: Release) -> None:
    """Every file is read back without anything bad or changed; an unknown name and a strange part are refused."""
    client = create_app(Settings(store=store_folder)).server.test_client()
    for what, name in ((Entries.EVENTS, "ledger"), (Entries.CAVEATS, "caveats")):
        for of in ("", f"-{HAITI}", f"-{TRAINING}"):
            answer = client.get(f"/files/{name}{of}.csv")
            assert answer.status_code == 200
            draft = parsed(answer.data, what, file="x.csv")
            assert not draft.bad
            assert answer.data.decode("utf-8-sig") == written(release, what, of[1:])
            assert f"siteline-{name}{of}" in answer.headers["Content-Disposition"]
    assert client.get("/files/ledger-none.csv").status_code == 404
    assert client.get("/files/ledger.csv?x=1").status_code == 404
    assert (
        client.get("/files/hti-idp.csv").data[:3] == b"\xef\xbb\xbf"
    )  # control: a figure's file is still its own


# The form and the cells


@pytest.mark.parametrize("what", list(Entries))
def test_every_entry_goes_through_the_form_unchanged(release: Release, what: Entries) -> None:
    """Opened and handed on as it is, no entry differs and none is refused."""
    entries = held(release, what)
    lines = {  # as the file of each operation has them
        (operation, line.key): line
        for operation in {cells["operation"] for cells in entries.values()}
        for line in parsed(written(release, what, operation).encode(), what, file="x").entries
    }
    assert len(lines) == len(entries)
    for key, cells in entries.items():
        values = values_of(release, what, key)
        rows = max(1, rows_in(values))
        assert set(values) <= {*fields(what, rows), "sites"}
        raw, _ = csv_of(values, what, cells["operation"], sites_of(release, cells["operation"]))
        draft = parsed(raw, what, file="form")
        assert not draft.bad
        line, mine = lines[cells["operation"], key], draft.entries[0]
        assert mine.cells == line.cells
        assert [c for _, c in mine.effects] == [c for _, c in line.effects]


def test_a_lost_cell_would_be_noticed(release: Release) -> None:
    """Control: a form that forgets one field changes the entry."""
    key = next(iter(held(release, Entries.EVENTS)))
    values = values_of(release, Entries.EVENTS, key) | {"headline_en": "x"}
    operation = held(release, Entries.EVENTS)[key]["operation"]
    found = review(release, csv_of(values, Entries.EVENTS, operation, {})[0], Entries.EVENTS, file="form")
    assert found.changed == {key: ("headline_en",)}


def test_what_is_wrong_is_said_in_its_field() -> None:
    """Dates, effects by their own row, a new source by its name; an end without a beginning is not half taken."""
    values = {"effect_indicator-0": "", "effect_value-2": "5", "when_last": "2013", "source": "+"}
    raw, origin = csv_of(values, Entries.EVENTS, TRAINING, {})
    assert origin == (2,)
    assert b"/2013" in raw
    assert field_of("effect_unit", 2, values, origin) == "effect_unit-2"
    assert field_of("when", 2, values, origin) == "when_first"
    assert field_of("source", 2, values, origin) == "source_key"
    assert field_of("source", 2, {"source": ""}, origin) == "source"
    assert field_of("(row)", 9, values, origin) == ""
    bad = {field_of(b.column, b.row, values, origin) for b in parsed(raw, Entries.EVENTS, file="x").bad}
    assert {"key", "kind", "when_first", "breaks", "source_key", "effect_unit-2"} <= bad


def test_sites_by_name_and_key() -> None:
    """A name that one site bears stands for its key; one that two bear is handed on, for the review to refuse."""
    sites = {"a": "North", "b": "South", "c": "South"}
    raw, _ = csv_of({"sites": "north\nb; South"}, Entries.EVENTS, TRAINING, sites)
    assert b",a;b;South," in raw


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_column_has_its_word(language: str) -> None:
    """No name of a column is shown; control: what is none is left as it is."""
    w = words(language)
    for what in Entries:
        for name in fields(what, 2):
            assert label(name, w) != name
            assert "_" not in label(name, w)
    assert label("no_such_column", w) == "no_such_column"
    message = worded("fill source_title and 'indicators', not e_t or 'nothing'.", w)
    assert "source_title" not in message
    assert f"“{label('indicators', w)}”" in message
    assert "e_t" in message
    assert set(WORDED) >= {"key", "kind"}


# Who may write


class Reader:
    """A browser at the desk, from an address: presses with fields, and what came back."""

    def __init__(self, store: Store, address: str = HERE, **settings: Any) -> None:
        self.store, self.address = store, address
        self.client: Client = create_app(Settings(store=store.root, **settings)).server.test_client()
        self.state: dict[str, Any] = {}
        self.body: Any = None
        self.view = view(f"?op={TRAINING}")

    def send(self, action: str, values: Mapping[str, Any], **headers: str) -> TestResponse:
        """Press a button with these fields."""
        body = {
            "output": "..ledger-desk.children...ledger-list.children...release.children..",
            "outputs": [{"id": i, "property": "children"} for i in ("ledger-desk", "ledger-list", "release")],
            "inputs": [[{"id": {"type": "desk", "index": action}, "property": "n_clicks", "value": 1}]],
            "changedPropIds": [f'{{"index":"{action}","type":"desk"}}.n_clicks'],
            "state": [
                [{"id": entry(name), "property": "value", "value": value} for name, value in values.items()],
                {"id": "ledger-state", "property": "data", "value": self.state},
                {"id": "view", "property": "data", "value": self.view},
            ],
        }
        return self.client.post(
            "/_dash-update-component",
            json=body,
            environ_base={"REMOTE_ADDR": self.address},
            headers=OWN | headers,
        )

    def press(self, action: str, values: Mapping[str, Any]) -> str:
        """Press a button and read what is said first."""
        answer = self.send(action, values)
        assert answer.status_code == 200, answer.text
        self.body = unfolded(answer.json["response"])
        kept = self.find("ledger-state")
        self.state = kept["data"]
        news = self.find("ledger-said")
        return self.plain(news) if news else ""

    def find(self, name: str) -> Any:
        """The properties of a component of the answer."""

        def look(part: Any) -> Any:
            if isinstance(part, list):
                return next((found for p in part if (found := look(p)) is not None), None)
            if isinstance(part, dict) and "props" in part:
                if part["props"].get("id") in (name, entry(name)):
                    return part["props"]
                return look(part["props"].get("children"))
            return None

        return look(self.body["ledger-desk"]["children"])

    def plain(self, part: Any) -> str:
        """The texts of a part of the answer."""
        if isinstance(part, list):
            return " ".join(self.plain(p) for p in part)
        if isinstance(part, dict):
            return self.plain((part.get("props") or part).get("children"))
        return "" if part is None else str(part)


OPEN = {"step": "closed", "what": "events", "key": "", "base": "", "rows": 1, "token": ""}


def opened(store: Store, choice: str = "events:") -> Reader:
    """A reader with the form open."""
    reader = Reader(store)
    reader.state = dict(OPEN)
    assert "open" in reader.press("open", {"choice": choice})
    return reader


def test_only_this_machine_writes(own: Store) -> None:
    """From another address, through a proxy, from another page, and where more than this machine is served: refused."""
    before = own.current().digest
    publish: dict[str, Any] = {**NEW, "log_reason": "x"}
    for reader, headers in (
        (Reader(own, ELSEWHERE), {}),
        (Reader(own, ""), {}),
        (Reader(own), {"X-Forwarded-For": ELSEWHERE}),
        (Reader(own), {"Origin": "https://example.org", "Sec-Fetch-Site": "same-origin"}),
        (Reader(own, names=("localhost",)), {}),
        (Reader(own, host="0.0.0.0"), {}),
        (Reader(own), {"X-Forwarded-Proto": "https"}),
        (Reader(own), {"Origin": ""}),
    ):
        reader.state = dict(OPEN)
        for action in ("open", "check", "preview", "publish", "take_out"):
            answer = reader.send(action, publish, **headers)
            assert answer.status_code == 400, (action, headers)
            assert "Nothing" in answer.text or "machine" in answer.text or "another site" in answer.text
    assert own.current().digest == before
    here = opened(own)
    source = next(key for key in catalogue(own.current()).sources if key.startswith("xtr"))
    assert "Nothing is published yet" in here.press("preview", {**publish, "source": source})
    here.address = ELSEWHERE  # all that was previewed here is not published from there
    assert here.send("publish", {**publish, "source": source}).status_code == 400
    assert own.current().digest == before
    here.address = "::1"  # control: from this machine it is
    assert here.press("publish", {**publish, "source": source}).startswith("Published.")


def test_the_page_shows_the_form_to_whom_may_write(store: Store) -> None:
    """Elsewhere, the commands; on a pinned older release and without an operation, what to open first."""
    assert "python -m data events apply" in said(page(store, f"?op={TRAINING}"))
    assert "Open in the form" not in said(page(store, f"?op={TRAINING}"))
    writing = said(page(store, f"?op={TRAINING}", writes=True))
    assert "Open in the form" in writing
    assert "python -m data" not in writing
    assert "Choose an operation" in said(page(store, "", writes=True))


@pytest.mark.parametrize(
    ("address", "form"), [(HERE, True), ("::1", True), (ELSEWHERE, False), ("", False), ("x", False)]
)
def test_who_is_shown_the_form(store_folder: Path, address: str, form: bool) -> None:
    """The page that the server sends has the form for this machine alone."""
    client = create_app(Settings(store=store_folder)).server.test_client()
    body = {
        "output": "..root.children...page.data..",
        "outputs": [{"id": "root", "property": "children"}, {"id": "page", "property": "data"}],
        "inputs": [{"id": "view", "property": "data", "value": view(f"?op={HAITI}")}],
        "changedPropIds": ["view.data"],
        "state": [{"id": "page", "property": "data"}],
    }
    answer = client.post(
        "/_dash-update-component", json=body, environ_base={"REMOTE_ADDR": address}, headers=OWN
    )
    assert answer.status_code == 200
    assert ("Open in the form" in answer.text) is form
    assert ("python -m data events apply" in answer.text) is not form


@pytest.mark.parametrize(
    ("action", "given", "state"),
    [
        ("wipe", {}, {}),
        (None, {}, {}),
        ("check", {"operation": HAITI}, {}),
        ("check", {"kind": 3}, {}),
        ("check", {"kind": ["a"]}, {}),
        ("check", {"indicators": "xtr-idp"}, {}),
        ("check", {"indicators": [1]}, {}),
        ("check", {"effect_value-7": "1"}, {}),
        ("check", {"../x": "1"}, {}),
        ("check", {}, {"rows": 10_000}),
        ("check", {}, {"rows": True}),
        ("check", {}, {"what": "sites"}),
        ("check", {}, {"step": "done"}),
        ("check", {}, {"key": None}),
        ("check", {}, {"base": "x" * 300}),
    ],
)
def test_what_no_form_offers_is_refused(action: Any, given: dict[str, Any], state: dict[str, Any]) -> None:
    """Unknown buttons, fields, kinds of values and states; control: what the form sends is taken."""
    with pytest.raises(Refused):
        sent_of(action, given, OPEN | state)
    assert sent_of("check", {"kind": "start", "indicators": ["a", "b"]}, OPEN).values["indicators"] == "a;b"


# Writing


def test_an_entry_is_written_corrected_and_removed(own: Store) -> None:
    """Every step in order; other pages cut the line and bring the note at once, then not any more."""
    before = own.current()
    first = next(i for i in catalogue(before).shown(TRAINING))
    source = next(s for s in catalogue(before).sources if s.startswith("xtr"))
    reader = opened(own)
    new = {**NEW, "source": source}
    wrong = reader.press("check", {k: v for k, v in new.items() if k != "source"})
    assert "To mend before it can go on: 1" in wrong
    assert "Source" in wrong
    assert reader.find("source")["error"]
    assert reader.find("headline_en")["value"] == NEW["headline_en"]  # nothing typed is lost
    assert reader.press("preview", {**new, "source": ""}).startswith("To mend")
    assert "Nothing is wrong" in reader.press("check", new)
    assert "Nothing is published yet" in reader.press("preview", new)
    shown = reader.plain(reader.body["ledger-desk"]["children"])
    assert "Cuts:" in shown
    assert first.subject.en in shown
    assert "Fill this in" in reader.press("publish", new)
    assert own.current().digest == before.digest
    told = reader.press("publish", {**new, "log_reason": "A cut for training"})
    after = own.current()
    assert told.startswith("Published.")
    assert after.digest[:12] in told
    assert after.digest[:12] in reader.plain(reader.body["release"]["children"])
    assert NEW["headline_en"] in reader.plain(reader.body["ledger-list"]["children"])
    assert own.releases()[0].reason == "A cut for training"
    broken = [e.key for e in series(after, first.key).provenance.breaks()]
    assert NEW["key"] in broken
    assert NEW["key"] not in [e.key for e in series(before, first.key).provenance.breaks()]
    trends, _, whole = render(*open_context(parse_view(view(f"?op={TRAINING}", path="/trends")), own))
    assert whole
    assert "The forms changed (SYNTHETIC)." in said(trends)

    # corrected
    choice = f"events:{NEW['key']}"
    assert "is open" in reader.press("open", {"choice": choice})
    fixed = {**new, "choice": choice, "text_en": "The forms and the wording changed (SYNTHETIC)."}
    fixed.pop("key")
    reader.press("preview", fixed)
    assert "The forms changed (SYNTHETIC)." in reader.plain(reader.body["ledger-desk"]["children"])
    assert reader.press("publish", {**fixed, "log_reason": "Wording"}).startswith("Published.")
    assert held(own.current(), Entries.EVENTS)[NEW["key"]]["text_en"] == fixed["text_en"]

    # removed
    reader.press("open", {"choice": choice})
    assert "only when you confirm" in reader.press("remove", fixed)
    assert "Fill this in" in reader.press("take_out", {"log_reason": ""})
    assert NEW["key"] in held(own.current(), Entries.EVENTS)
    assert "taken out" in reader.press("take_out", {"log_reason": "Only for training"})
    assert held(own.current(), Entries.EVENTS) == held(before, Entries.EVENTS)


def test_a_caveat_is_written_too(own: Store) -> None:
    """With its own fields, and a source that is new."""
    reader = opened(own, "caveats:")
    caveat = {
        "choice": "caveats:", "key": "xtr-example-limit", "title_en": "A limit", "text_en": "A limit (SYNTHETIC).",
        "indicators": [], "source": "+", "source_key": "xtr-example-note", "source_title": "A note (SYNTHETIC)",
        "source_publisher": "Displacement Observatory of Datughi (SYNTHETIC)", "source_read_as_en": "the note",
    }  # fmt: skip
    assert "Licence" in reader.press("check", caveat)
    caveat["source_licence"] = "invented for training"
    reader.press("preview", caveat)
    assert "A new source would be added" in reader.plain(reader.body["ledger-desk"]["children"])
    assert reader.press("publish", {**caveat, "log_reason": "A limit"}).startswith("Published.")
    assert "xtr-example-limit" in held(own.current(), Entries.CAVEATS)
    assert "xtr-example-note" in catalogue(own.current()).sources


def test_what_was_previewed_is_what_is_published(own: Store) -> None:
    """What changed after the preview, a change of somebody else, and a held key for a new entry stop it."""
    before = own.current()
    source = next(s for s in catalogue(before).sources if s.startswith("xtr"))
    new = {**NEW, "source": source}
    reader = opened(own)
    reader.press("preview", new)
    other = {**new, "headline_en": "Another", "log_reason": "x"}
    assert "changed since the preview" in reader.press("publish", other)
    reader.state["token"] = ""
    assert "changed since the preview" in reader.press("publish", other)
    assert own.current().digest == before.digest
    taken = next(e.key for e in catalogue(before).events_of(TRAINING))
    assert "is an entry that is held" in reader.press("check", {**new, "key": taken})
    assert own.current().digest == before.digest

    mine, theirs = opened(own, f"events:{taken}"), opened(own, f"events:{taken}")
    values: dict[str, Any] = dict(values_of(before, Entries.EVENTS, taken)) | {"choice": f"events:{taken}"}
    values["indicators"] = [k for k in values["indicators"].split(";") if k]
    values = {k: v for k, v in values.items() if k in {*fields(Entries.EVENTS, mine.state["rows"]), "choice"}}
    values.pop("key")
    theirs.press("preview", values | {"headline_en": "Theirs"})
    assert "Published" in theirs.press("publish", values | {"headline_en": "Theirs", "log_reason": "x"})
    assert "Somebody changed" in mine.press("preview", values | {"headline_en": "Mine"})
    assert "Somebody changed" in mine.press("publish", values | {"headline_en": "Mine", "log_reason": "x"})
    assert held(own.current(), Entries.EVENTS)[taken]["headline_en"] == "Theirs"


def test_a_name_waits_for_whoever_looked(own: Store) -> None:
    """A likely private person stops the way until it is said that there is none; in the reason as well."""
    before = own.current().digest
    source = next(s for s in catalogue(own.current()).sources if s.startswith("xtr"))
    new: dict[str, Any] = {
        **NEW,
        "source": source,
        "text_en": "Dr Jean Dupont changed the forms (SYNTHETIC).",
    }
    reader = opened(own)
    told = reader.press("preview", new)
    assert "looks like a private person" in told
    assert reader.find("text_en")["error"]
    assert reader.find("names_ok") is not None
    assert reader.state["token"] == ""
    plain = {**new, "text_en": NEW["text_en"]}
    reader.press("preview", plain)
    told = reader.press("publish", {**plain, "log_reason": "Asked for by Dr Jean Dupont"})
    assert "looks like a private person" in told
    assert "Reason for publishing" in told
    assert own.current().digest == before


def test_a_long_text_is_not_cut(own: Store) -> None:
    """It is said to be too long; a line break within a text becomes a space."""
    reader = opened(own)
    assert "longer than 4000" in reader.press("check", {**NEW, "text_en": "word " * 1000})
    assert sent_of("check", {"text_en": "a\r\nb"}, OPEN).values["text_en"] == "a b"


def test_what_is_written_stays_on_the_page(store: Store) -> None:
    """Colours and width make no other page of the ledger; control: the language and the operation do."""

    def key(search: str = f"?op={TRAINING}", **changes: Any) -> str:
        return page_key(open_context(parse_view(view(search, **changes)), store)[0])

    assert key(scheme="dark") == key(narrow=True) == key()
    assert len({key(), key(language="fr"), key(f"?op={HAITI}"), key("")}) == 4


def test_french_says_what_is_wrong_in_french(own: Store) -> None:
    """A missing cell, a date and a key; control: English says it in English."""
    reader = Reader(own)
    reader.view = view(f"?op={TRAINING}", "fr")
    reader.state = dict(OPEN)
    reader.press("open", {"choice": "events:"})
    told = reader.press("check", {"key": "A B", "when_first": "hier"})
    assert "n’est pas un nom court" in told
    assert "n’est pas une date" in told
    assert "À remplir" in told
    assert "Fill" not in told


def test_the_answer_is_json(own: Store) -> None:
    """What the desk sends can be written as it is (no NaN, no foreign object)."""
    reader = opened(own)
    assert json.dumps(reader.body)

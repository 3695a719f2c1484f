"""The ledger: what a file of entries may say, and that it comes in whole or not."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from data import events_command, ledger_edit, ledger_file
from data.__main__ import main
from data.errors import TableError, Unknown
from data.ledger import Consequence
from data.ledger_edit import NamesFound, Review, StillUsed, as_published, review
from data.ledger_file import Entries, columns, held, held_effects, parsed, written
from data.queries import catalogue
from data.schema import CAVEATS, EFFECTS, EVENTS, TABLES
from data.sources.embedded import boundaries, registers
from data.store import Release, StaleParent, Store
from data.tables.embedded import join, partitions
from pages.ledger_fields import RULES, wrong_of
from words import words

Cells = dict[str, str]
DOCS = Path(__file__).parents[1] / "docs" / "ledger.md"


# Two languages


def one_sided(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Texts of the ledger that stand in one language alone."""
    return [
        f"{table.name}.{english}: {a or b}"
        for table in (EVENTS, CAVEATS, EFFECTS)
        for english in ledger_file.readable(table)
        if english.endswith("_en")
        for a, b in zip(
            tables[table.name][english],
            tables[table.name][f"{english.removesuffix('_en')}_fr"],
            strict=True,
        )
        if bool(a) != bool(b)
    ]


def test_the_embedded_entries_stay_translated(store_folder: Path) -> None:
    """French may be left out of an entry that is written by hand, never out of one that comes with the program."""
    release = Store(store_folder).current()
    tables = {table.name: release.frame(table.name) for table in (EVENTS, CAVEATS, EFFECTS)}
    assert one_sided(tables) == []
    bad = tables["caveats"].copy()
    bad.loc[0, "text_fr"] = ""
    assert len(one_sided(tables | {"caveats": bad})) == 1, "control"


# A small store of the embedded registers


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the embedded registers and the names of areas: no training country, no geometry."""
    folder = tmp_path_factory.mktemp("ledger") / "store"
    joined = join(list(registers()))
    tables = {
        part: rows.sort_values(list(TABLES[name].unique), kind="stable", ignore_index=True)
        for name, frame in joined.items()
        for part, rows in partitions(name, frame).items()
    }
    names = pd.DataFrame(boundaries("adm1")[["iso3", "code", "pcode", "name"]]).drop_duplicates("code")
    tables["boundaries/adm1"] = names.reset_index(drop=True)
    Store(folder).publish(tables, reason="embedded registers")
    return folder


@pytest.fixture(scope="module")
def release(embedded: Path) -> Release:
    """What the small store holds, for tests that change nothing."""
    return Store(embedded).current()


@pytest.fixture
def store(embedded: Path, tmp_path: Path) -> Store:
    """A copy that a test may change."""
    shutil.copytree(embedded, tmp_path / "store")
    return Store(tmp_path / "store")


def rows_of(text: str) -> list[Cells]:
    """The rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def file_of(rows: Sequence[Mapping[str, str]], what: Entries = Entries.EVENTS) -> bytes:
    """Rows as a file; columns that a row does not name are empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns(what), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


NEW: Cells = {
    "key": "hti-test", "operation": "hti-eq2010", "indicators": "hti-idp;hti-hh", "kind": "coverage_change",
    "when": "2014-03", "first_round": "18", "breaks": "yes", "claim": "published", "headline_en": "Headline",
    "text_en": 'A text, with "quotes",\na second line and 54\u202f045.', "source": "hti-dtm-r16",
    "sites": "canaan", "follows": "hti-2013-09-delisting",
    "effect_indicator": "hti-idp", "effect_value": "-12.5", "effect_unit": "individuals", "effect_precision": "about",
}  # fmt: skip
SECOND_EFFECT: Cells = {
    "key": "hti-test", "effect_indicator": "hti-hh", "effect_value": "-3", "effect_unit": "households",
    "effect_precision": "exact",
}  # fmt: skip
CAVEAT: Cells = {
    "key": "hti-test-limit", "operation": "hti-eq2010", "title_en": "A limit", "text_en": "Text.",
    "source": "hti-dtm-r16",
}  # fmt: skip


def reviewed(held_: Store | Release, *rows: Mapping[str, str], what: Entries = Entries.EVENTS) -> Review:
    """Rows held against a release, of a store the current one."""
    release = held_.current() if isinstance(held_, Store) else held_
    return review(release, file_of(rows, what), what, file="entries.csv")


def taken(store: Store, *rows: Mapping[str, str], what: Entries = Entries.EVENTS) -> Release:
    """Rows taken in."""
    return ledger_edit.apply(store, reviewed(store, *rows, what=what), reason="test")


def state(store: Store) -> dict[str, bytes]:
    """Everything in the folder of a store."""
    return {str(p.relative_to(store.root)): p.read_bytes() for p in store.root.rglob("*") if p.is_file()}


# Out and in again


@pytest.mark.parametrize("what", list(Entries))
@pytest.mark.parametrize("operation", ["", "hti-eq2010", "ner-fm2016"])
def test_what_is_written_is_read_back_the_same(store: Store, what: Entries, operation: str) -> None:
    """Cell by cell, effects too; taken in again it is the same release and the log gets no line."""
    release, before = store.current(), state(store)
    text = written(release, what, operation)
    draft = parsed(text.encode("utf-8-sig"), what, file="x.csv")
    assert draft.bad == ()
    expected = {k: c for k, c in held(release, what).items() if not operation or c["operation"] == operation}
    assert {c["key"]: c for c in ledger_file.as_texts(draft.tables[what.value], what.table)} == expected
    found = review(release, text.encode(), what, file="x.csv")
    assert (found.added, dict(found.changed), found.bad, found.names) == ((), {}, (), ())
    assert len(found.same) == len(expected) > 0
    assert ledger_edit.apply(store, found, reason="again") == release
    assert state(store) == before


def test_odd_texts_and_several_effects_go_round(store: Store) -> None:
    """Quotes, line breaks, narrow spaces, fractions and a second effect are the same after two ways."""
    release = taken(store, NEW, SECOND_EFFECT)
    rows = [row for row in rows_of(written(release, Entries.EVENTS)) if row["key"] == "hti-test"]
    assert [{k: v for k, v in row.items() if v} for row in rows] == [
        {**SECOND_EFFECT, **{k: v for k, v in NEW.items() if not k.startswith("effect_")}},
        {k: v for k, v in NEW.items() if k == "key" or k.startswith("effect_")},
    ]
    assert taken(store, *rows) == release
    assert taken(store, *rows[::-1]) == release, "the order of the rows does not matter"
    everywhere = [row | {k: rows[0][k] for k in EVENTS.names()} for row in rows]
    assert taken(store, *everywhere) == release, "nor does it that cells are repeated"


def test_every_table_is_handed_on_as_it_was(store_folder: Path) -> None:
    """Geometry, days and counts that the ledger does not touch are the same bytes in the next release."""
    release = Store(store_folder).current()
    from data.descriptors import encode
    from data.store import ResourceAbout

    for name, resource in release.resources.items():
        content, made = encode(name, as_published(release, name), ResourceAbout(title=name))
        assert made.sha256 == resource.sha256, name
        assert len(content) == resource.bytes


def test_a_release_of_before_a_column_is_corrected(store: Store) -> None:
    """What it lacks is empty, and an entry can be given it."""
    tables = {name: as_published(store.current(), name) for name in store.current().resources}
    store.publish(tables | {"events": tables["events"].drop(columns="areas")}, reason="an older release")
    assert not any(event.areas for event in catalogue(store.current()).events_of("ner-fm2016"))
    rows = held(taken(store, with_(areas="HT0131")), Entries.EVENTS)
    assert {key: row["areas"] for key, row in rows.items() if row["areas"]} == {"hti-test": "HT0131"}


# What is refused


def with_(**cells: str) -> Cells:
    """The new entry with other cells."""
    return NEW | cells


REFUSED: Mapping[str, tuple[Cells, str]] = {
    "kind": (with_(kind="rumour"), "kind"),
    "no claim": (with_(claim=""), "claim"),
    "another claim": (with_(claim="certain", breaks="no"), "claim"),
    "operation": (with_(operation="hti"), "operation"),
    "indicator": (with_(indicators="hti-idp;hti-people"), "indicators"),
    "indicator of another operation": (with_(indicators="hti-idp;hti-hh;nga-idp"), "indicators"),
    "site": (with_(sites="nowhere"), "sites"),
    "area that no boundaries hold": (with_(areas="HT01;HT9999"), "areas"),
    "area of another country": (with_(areas="NE001"), "areas"),
    "round in a gap": (with_(first_round="0"), "first_round"),
    "round where there is none": (
        with_(operation="ner-fm2016", indicators="", sites="", follows="", effect_indicator="ner-out-month"),
        "first_round",
    ),
    "end before beginning": (with_(when="2014-03-31/2014-03-01"), "when"),
    "before the first figure": (with_(when="2009"), "when"),
    "no source": (with_(source=""), "source"),
    "unknown source": (with_(source="rumour"), "source"),
    "another description of a source": (with_(source_title="Another"), "source_title"),
    "source without a publisher": (
        with_(source="new", source_title="A", source_licence="x", source_read_as_en="x"),
        "source_publisher",
    ),
    "effect without unit": (with_(effect_unit=""), "effect_unit"),
    "effect in an unknown unit": (with_(effect_unit="persons"), "effect_unit"),
    "effect without precision": (with_(effect_precision=""), "effect_precision"),
    "effect without value": (with_(effect_value=""), "effect_value"),
    "effect without indicator": (with_(effect_indicator=""), "effect_indicator"),
    "effect beside the scope": (with_(effect_indicator="hti-cdb"), "effect_indicator"),
    "effect elsewhere": (with_(effect_indicator="nga-idp"), "effect_indicator"),
    "a break that is alleged": (with_(claim="alleged"), "breaks"),
    "follows nothing": (with_(follows="hti-never"), "follows"),
    "follows itself": (with_(follows="hti-test"), "follows"),
    "answers elsewhere": (with_(answers="nga-alleged-returns"), "answers"),
    "observation": (with_(about_observation="hti-idp-r99-first"), "about_observation"),
    "correction of another's value": (
        with_(kind="correction", about_observation="ner-out-month-2016-11-first"),
        "about_observation",
    ),
    "key of another operation": (with_(key="nga-2020-02-coverage"), "key"),
    "no key": (with_(key=""), "key"),
    "key in capitals": (with_(key="HTI-Test"), "key"),
    "French alone": (with_(reason_fr="Une raison."), "reason_en"),
    "a formula": (with_(text_en="=1+1"), "text_en"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_each_wrong_cell_is_named(release: Release, case: str) -> None:
    """Row, column, and what to do; the control is below: the same entry without the change."""
    row, column = REFUSED[case]
    found = reviewed(release, row)
    assert (2, column) in {(cell.row, cell.column) for cell in found.bad}
    assert all(cell.expected and cell.fix for cell in found.bad)
    assert found.tables == {}


def test_each_check_is_said_in_the_language_of_the_page(release: Release) -> None:
    """What an entry can break is a sentence of the French form; control: a cell that no form can have is in English."""
    w, rules = words("fr"), set()
    more = [
        with_(kind="relisting"),
        with_(kind="delisting", effect_value="5"),
        with_(details_source="rumour"),
    ]
    for row in [row for row, _ in REFUSED.values()] + more:
        for cell in reviewed(release, row).bad:
            said = wrong_of(cell, cell.column, w).said
            assert (cell.expected in said) is ("en anglais" in said)
            if cell.rule:
                rules.add(cell.rule)
                assert "en anglais" not in said
    (cell,) = reviewed(release, with_(sites="canaan;Nulle part")).bad
    assert wrong_of(cell, "sites", w).said == w("ledgerform.w_site", found="Nulle part")
    limit = reviewed(release, CAVEAT | {"period": "2001"}, what=Entries.CAVEATS).bad
    rules |= {cell.rule for cell in limit}
    assert ["2010" in wrong_of(cell, "period", w).said for cell in limit] == [True]
    assert "nature" not in wrong_of(limit[0], "period", w).said  # a field that a limit has not
    assert "en anglais" in wrong_of(reviewed(release, with_(kind="rumour")).bad[0], "kind", w).said
    assert rules == {*RULES} - {"beside_nothing"}  # an indicator without values, which is not held here


def test_a_scope_with_nothing_in_it_is_refused(store: Store) -> None:
    """An indicator without values shows nothing; control: with its values it is no wrong scope."""
    row = with_(
        operation="lby-dtm",
        indicators="lby-ret",
        sites="",
        follows="",
        effect_indicator="lby-ret",
        when="2018",
    )
    assert reviewed(store.current(), row).bad == ()
    tables = {name: as_published(store.current(), name) for name in store.current().resources}
    values = tables["observations/lby-dtm"]
    tables["observations/lby-dtm"] = values[values["indicator"] != "lby-ret"].reset_index(drop=True)
    (cell,) = reviewed(store.publish(tables, reason="an indicator without values"), row).bad
    assert (cell.row, cell.column, cell.found) == (2, "indicators", "lby-ret")


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "start", "when": "2009", "breaks": "no"},
        {"kind": "context", "when": "2009", "breaks": "no"},
        {"kind": "programme", "when": "2009", "breaks": "no"},
        {"first_round": "34"},
        {"first_round": ""},
        {"when": "2014-03-01/2014-03-31"},
        {"sites": "canaan; onaville"},
        {"areas": "HT0131; HT01"},
        {"effect_unit": "percent"},
        {"effect_unit": "families"},
        {"indicators": "", "sites": ""},
        {"about_observation": "ner-out-month-2016-11-first", "kind": "use_of_figure"},
        {"source": "new-one", "source_title": "A", "source_publisher": "B", "source_licence": "C",
         "source_read_as_en": "D", "source_published": "2014"},
    ],
)  # fmt: skip
def test_what_is_allowed_is_not_refused(release: Release, cells: Cells) -> None:
    """Control of the refusals: the first round after the last, context before the count, other units, a new source."""
    assert reviewed(release, NEW | cells).bad == ()
    assert reviewed(release, NEW | cells, SECOND_EFFECT).bad == ()


def test_the_first_round_is_named(release: Release) -> None:
    """A date before the count says when it begins."""
    (cell,) = reviewed(release, with_(when="2009")).bad
    assert "2010-07-01" in cell.expected
    assert "first round is 1 (2010-11-30)" in cell.expected


def test_a_circle_is_said_with_its_way(release: Release) -> None:
    """Over entries that are held and entries of the file; control: the same two without the way back."""
    first, second = (with_(key=k, follows=f, effect_indicator="", effect_value="", effect_unit="", effect_precision="")
                     for k, f in (("hti-one", "hti-two"), ("hti-two", "hti-2013-12-evictions")))  # fmt: skip
    assert reviewed(release, first, second).bad == ()
    back = next(r for r in rows_of(written(release, Entries.EVENTS)) if r["key"] == "hti-2013-12-evictions")
    bad = reviewed(release, first, second, back | {"follows": "", "answers": "hti-one"}).bad
    assert [(cell.row, cell.column) for cell in bad] == [(2, "follows"), (3, "follows"), (4, "answers")]
    assert "hti-one → hti-two → hti-2013-12-evictions → hti-one" in bad[0].fix


def test_all_is_said_at_once(release: Release) -> None:
    """Cells, scope, links and a broken line of one file, each with its own row."""
    raw = file_of(
        [with_(kind="x", indicators="nga-idp", when="2014-13"), NEW | {"key": "hti-b", "source": "y"}]
    )
    found = review(release, raw + b"short,row\n", Entries.EVENTS, file="entries.csv")
    assert {(c.row, c.column) for c in found.bad} >= {
        (2, "kind"), (2, "indicators"), (2, "when"), (3, "source"), (4, "(row)"),
    }  # fmt: skip
    assert [c.row for c in found.bad] == sorted(c.row for c in found.bad)


@pytest.mark.parametrize(
    ("raw", "row", "column"),
    [
        (b"", 1, "key"),
        (b"key;operation\na;b\n", 1, "(row)"),
        (file_of([NEW]).replace(b"claim", b"claims", 1), 1, "claims"),
        (file_of([NEW]).replace(b"Headline", b"H\xe9adline"), 2, "(file)"),
        (file_of([NEW]).replace(b"Headline", b'"Head'), 2, "(row)"),
        (file_of([NEW, with_(headline_en="Other")]), 3, "headline_en"),
        (file_of([NEW, SECOND_EFFECT, SECOND_EFFECT]), 4, "effect_indicator"),
        (file_of([SECOND_EFFECT]), 2, "operation"),
    ],
)
def test_a_file_that_is_no_ledger_is_said(release: Release, raw: bytes, row: int, column: str) -> None:
    """Wrong separators, columns, encodings, quotes, and rows of one key that contradict each other."""
    found = review(release, raw, Entries.EVENTS, file="entries.csv")
    assert (row, column) in {(cell.row, cell.column) for cell in found.bad}


def test_a_bad_row_among_good_ones_takes_nothing_in(store: Store) -> None:
    """Not a byte of the store differs after a refusal; control: the good row alone does change it."""
    before = state(store)
    found = reviewed(store, NEW, NEW | {"key": "hti-bad", "kind": "rumour"})
    with pytest.raises(TableError, match=r"entries\.csv, row 3, column 'kind'"):
        ledger_edit.apply(store, found, reason="test")
    assert state(store) == before
    taken(store, NEW)
    assert state(store)["CURRENT"] != before["CURRENT"]


# What is taken in


def test_a_new_entry_is_in_the_new_release_alone(store: Store) -> None:
    """Entry, effects and source; other tables and other entries as they were; twice is once."""
    before = store.current()
    row = NEW | {"source": "new-one", "source_title": "A", "source_publisher": "B", "source_licence": "C",
                 "source_read_as_en": "D", "source_published": "2014"}  # fmt: skip
    found = reviewed(store, row, SECOND_EFFECT)
    assert (found.added, dict(found.changed), found.same) == (("hti-test",), {}, ())
    assert any("no French in headline_fr, text_fr" in remark for remark in found.remarks)
    release = ledger_edit.apply(store, found, reason="An entry", author="office")
    assert release.changes_from(before) == ("changed: effects", "changed: events", "changed: sources")
    (event,) = [e for e in catalogue(release).events_of("hti-eq2010", "hti-idp") if e.key == "hti-test"]
    assert (event.breaks, event.first_round, event.sites, event.headline.to("fr")) == (
        True, 18, ("canaan",), "Headline",
    )  # fmt: skip
    assert [(e.indicator, e.value) for e in event.effects] == [("hti-hh", -3.0), ("hti-idp", -12.5)]
    assert event.source.publisher == "B"
    assert {k: v for k, v in held(release, Entries.EVENTS).items() if k != "hti-test"} == held(
        before, Entries.EVENTS
    )
    assert "hti-test" not in held(store.release(before.digest), Entries.EVENTS)
    assert next((i.reason, i.author) for i in store.releases()) == ("An entry", "office")
    assert taken(store, row, SECOND_EFFECT) == release
    assert len(store.releases()) == 2
    assert store.verify() == []
    assert {"title": "A"} in release.resources["events"].sources


def test_a_correction_and_its_reverse_are_the_first_release(store: Store) -> None:
    """The digest is a matter of content: back to the old text is back to the old release."""
    before = store.current()
    (row,) = [r for r in rows_of(written(before, Entries.EVENTS)) if r["key"] == "hti-2013-10-press"]
    found = reviewed(store, row | {"text_en": "Corrected."})
    assert dict(found.changed) == {"hti-2013-10-press": ("text_en",)}
    release = ledger_edit.apply(store, found, reason="Corrected")
    assert release.changes_from(before) == ("changed: events",)
    assert taken(store, row).digest == before.digest


def test_effects_are_replaced_with_their_entry(store: Store) -> None:
    """Without its effect columns an entry has no effects any more; those of others stay."""
    key = "hti-2013-09-delisting"
    rows = [r for r in rows_of(written(store.current(), Entries.EVENTS)) if r["key"] == key]
    assert len(rows) == 2
    bare = {name: text for name, text in rows[0].items() if not name.startswith("effect_")}
    found = reviewed(store, bare)
    assert dict(found.changed) == {key: ("effects",)}
    release = ledger_edit.apply(store, found, reason="test")
    assert set(held_effects(release)) == {"hti-2016-03-reregistration"}


def test_who_published_in_the_meantime_is_not_overwritten(store: Store) -> None:
    """A file that was held against an older release is refused."""
    found = reviewed(store, NEW)
    taken(store, NEW | {"key": "hti-other"})
    with pytest.raises(StaleParent):
        ledger_edit.apply(store, found, reason="test")
    assert "hti-test" not in held(store.current(), Entries.EVENTS)


def test_a_person_is_refused_until_somebody_has_looked(store: Store) -> None:
    """In a text, a source, the reason; entries that are as they were are not asked about."""
    row = with_(decided_by_en="Mr Jean Dupont", source_publisher="")
    found = reviewed(store, row)
    assert [(n.row, n.column, n.found) for n in found.names] == [(2, "decided_by_en", "Mr Jean Dupont")]
    before = state(store)
    with pytest.raises(NamesFound, match="Mr Jean Dupont"):
        ledger_edit.apply(store, found, reason="test")
    with pytest.raises(NamesFound, match="--reason"):
        ledger_edit.apply(store, reviewed(store, NEW), reason="Asked by Mme Colo")
    assert state(store) == before
    ledger_edit.apply(store, found, reason="test", names_are_institutions=True)
    assert reviewed(store, row).names == ()
    assert reviewed(store, with_(text_en="Réunion avec M. Canaan")).names != ()
    assert reviewed(store, with_(text_en="Acra industrial yard, Delmas 32, and the IOM")).names == ()


# Taking out


def test_an_entry_is_removed_from_the_new_release_alone(store: Store) -> None:
    """With its effects; the older release keeps it; put back it is the older release again."""
    before = store.current()
    release = taken(store, NEW, SECOND_EFFECT)
    after = ledger_edit.remove(store, "hti-test", Entries.EVENTS, reason="Never was")
    assert after.digest == before.digest
    assert "hti-test" in held(store.release(release.digest), Entries.EVENTS)
    assert "hti-test" in held_effects(release)


def test_what_others_rest_on_stays(store: Store) -> None:
    """An entry that another names, the last caveat of an indicator, and one that is not there."""
    before = state(store)
    with pytest.raises(StillUsed, match=r"'events' name it in 'follows' \(hti-2013-12-evictions\)"):
        ledger_edit.remove(store, "hti-2013-09-delisting", Entries.EVENTS, reason="test")
    with pytest.raises(Unknown, match="hti-2010-03-start"):
        ledger_edit.remove(store, "hti-nothing", Entries.EVENTS, reason="test")
    with pytest.raises(NamesFound):
        ledger_edit.remove(store, "hti-2010-03-start", Entries.EVENTS, reason="For Mr Dupont")
    caveats = [r for r in held(store.current(), Entries.CAVEATS).values() if r["operation"] == "lby-dtm"]
    assert state(store) == before
    for row in caveats[1:]:
        ledger_edit.remove(store, row["key"], Entries.CAVEATS, reason="test")
    with pytest.raises(StillUsed, match="last caveat of"):
        ledger_edit.remove(store, caveats[0]["key"], Entries.CAVEATS, reason="test")


# Caveats


def test_caveats_are_kept_the_same_way(store: Store) -> None:
    """Checked, taken in, corrected, removed; no indicator is left without one."""
    before = store.current()
    what = Entries.CAVEATS
    release = taken(store, CAVEAT, what=what)
    assert release.changes_from(before) == ("changed: caveats",)
    assert "hti-test-limit" in [c.key for c in catalogue(release).caveats_of("hti-eq2010", "hti-cdb")]
    bad = reviewed(store, CAVEAT | {"indicators": "nga-idp", "period": "2001", "text_en": ""}, what=what).bad
    assert {c.column for c in bad} == {"indicators", "period", "text_en"}
    assert ledger_edit.remove(store, "hti-test-limit", what, reason="test").digest == before.digest
    rows = rows_of(written(before, what, "lby-dtm"))
    narrowed = reviewed(store, *(row | {"indicators": "lby-mig"} for row in rows), what=what)
    assert narrowed.bad
    assert {(c.column, "lby-idp" in c.expected) for c in narrowed.bad} == {("indicators", True)}


# The commands

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(store: Store, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command of the ledger: how it ended and what it printed."""

    def command(*words: str) -> tuple[int, str]:
        code = main(["events", *words, "--store", str(store.root)])
        return code, capsys.readouterr().out

    return command


def test_the_commands_from_list_to_remove(run: Run, store: Store, tmp_path: Path) -> None:
    """Export, check, apply, list and remove, with what each prints and how it ends."""
    path = tmp_path / "haiti.csv"
    assert run("export", str(path), "--operation", "hti-eq2010")[0] == 0
    code, out = run("export", str(path))
    assert code == 1
    assert "--replace" in out
    path.write_bytes(path.read_bytes() + file_of([NEW]).partition(b"\r\n")[2])
    code, out = run("check", str(path))
    assert (code, out.splitlines()[-1]) == (0, "1 new, 0 changed, 17 as they are. Nothing was changed yet.")
    code, out = run("apply", str(path), "--reason", "test")
    assert code == 0
    assert out.splitlines()[-3:] == [
        "  new: hti-test", "1 new, 0 changed, 17 as they are.", f"release {store.current().digest}",
    ]  # fmt: skip
    code, out = run("apply", str(path), "--reason", "test")
    assert out.splitlines()[-2:] == ["nothing changed", f"release {store.current().digest}"]
    listed = json.loads(run("list", "--operation", "hti-eq2010", "--json")[1])["events"]
    (entry,) = [e for e in listed if e["key"] == "hti-test"]
    assert (entry["consequence"], entry["effects"][0]["value"], entry["breaks"]) == ("cut", -12.5, True)
    assert "hti-test  (coverage_change, breaks, published): Headline" in run("list")[1]
    assert run("list", "--caveats")[0] == 0
    assert run("remove", "hti-test", "--reason", "test")[0] == 0
    code, out = run("remove", "hti-test", "--reason", "test")
    assert code == 1
    assert "No event is called 'hti-test'" in out


def test_a_refused_file_ends_with_1_and_changes_nothing(run: Run, store: Store, tmp_path: Path) -> None:
    """For a bad cell, a likely person and a file that is not there; the object for programs says the same."""
    path, before = tmp_path / "bad.csv", state(store)
    path.write_bytes(file_of([with_(kind="rumour"), with_(key="hti-two", text_en="Dr. A. Smith")]))
    for said in (("check", str(path)), ("apply", str(path), "--reason", "test")):
        code, out = run(*said)
        assert code == 1
        assert out.startswith("bad.csv, row 2, column 'kind': found 'rumour', expected one of delisting, ")
        code, out = run(*said, "--json")
        assert (code, json.loads(out)["bad"][0]["column"]) == (1, "kind")
    path.write_bytes(file_of([with_(text_en="Dr. A. Smith")]))
    code, out = run("check", str(path))
    assert code == 0
    assert "'Dr. A. Smith' looks like" in out
    code, out = run("apply", str(path), "--reason", "test")
    assert code == 1
    assert "--names-are-institutions" in out
    assert "cannot be read" in run("check", str(tmp_path / "none.csv"))[1]
    assert state(store) == before
    assert run("apply", str(path), "--reason", "test", "--names-are-institutions")[0] == 0


@pytest.mark.parametrize("command", ["list", "export", "check", "apply", "remove"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help ends with 0; without a reason nothing is published; an unknown operation is a sentence."""
    with pytest.raises(SystemExit) as end:
        main(["events", command, "--help"])
    assert end.value.code == 0
    assert "--store" in capsys.readouterr().out


@pytest.mark.parametrize("reason", [(), ("--reason", " ")])
def test_a_release_needs_a_reason(reason: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """None, or an empty one, is not understood."""
    with pytest.raises(SystemExit) as end:
        run("apply", str(tmp_path / "x.csv"), *reason)
    assert end.value.code == 2
    with pytest.raises(SystemExit, match="No operation is called 'nowhere'"):
        run("list", "--operation", "nowhere")
    assert events_command.DONE == 0


# The documentation


def test_the_commands_of_the_documentation_work(
    store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command of docs/ledger.md ends well, in order, with the entry of its table put into the file."""
    shutil.copytree(store_folder, tmp_path / "store")
    monkeypatch.setenv("SITELINE_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    text = DOCS.read_text(encoding="utf-8")
    table = text.partition("| column | in the cell |\n|---|---|\n")[2].partition("\n\n")[0]
    entry = dict(line.strip("| ").split(" | ") for line in table.splitlines())
    assert entry["key"] == "xtr-example-visit"
    commands = [
        line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]
    assert len(commands) >= 9
    before = Store(tmp_path / "store").current()
    for line in commands:
        words = shlex.split(line)
        assert words[:3] == ["python", "-m", "data"], line
        assert main(words[3:]) == 0, f"{line}\n{capsys.readouterr().out}"
        if "training.csv" in line and "export" in line:
            path = tmp_path / "training.csv"
            path.write_bytes(path.read_bytes() + file_of([entry]).partition(b"\r\n")[2])
        if "events apply training.csv" in line:
            release = Store(tmp_path / "store").current()
            assert entry["key"] in held(release, Entries.EVENTS)
            assert release.changes_from(before) == ("changed: events", "changed: sources")
    assert entry["key"] not in held(Store(tmp_path / "store").current(), Entries.EVENTS)


def test_the_documentation_names_every_column_and_consequence() -> None:
    """A column or a consequence that is added is described; control: one that is not there is noticed."""
    text = DOCS.read_text(encoding="utf-8")
    plain = {name.removesuffix("_en").removesuffix("_fr") for name in columns(Entries.EVENTS)} - {"status"}
    words = {
        "effect_…" if n.startswith("effect_") else "source_…" if n.startswith("source_") else n for n in plain
    }
    assert [word for word in [*words, *Consequence] if word not in text] == []
    assert "effect_size" not in text

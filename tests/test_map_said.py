"""What the map says to a reader who searches, types or goes back: once, in whole words, and never in silence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from callbacks.router import open_context
from data import queries
from data.store import Store
from layers import LAYERS
from pages import change, map_choices, map_find, map_profiles, map_table, shell
from pages import map as map_page
from pages.map_record import MapPage, prepare
from pages.parts import NO_STOP
from pages.view import parse_view
from tests.test_map_whole import opened, page_of, text_of, walk
from words import words
from words.format import number
from words.notes import credit_line

ASSETS = Path(__file__).resolve().parents[1] / "assets"
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


def script(name: str) -> str:
    """A script of the pages."""
    return (ASSETS / name).read_text(encoding="utf-8")


def named(part: object, name: str) -> object:
    """The component of that id."""
    return next(one for one in walk(part) if getattr(one, "id", None) == name)


# Searching


def test_a_found_area_opens_and_keeps_nothing(store: Store) -> None:
    """The link shows the area alone; its button keeps the sites that its panel counts, whatever was searched."""
    page = page_of(store, "?op=xtr-mt&round=6&text=XT03")
    href = named(map_find.results(page), "found-XT03").href  # type: ignore[attr-defined]  # a link
    assert "place=XT03" in href
    assert "within" not in href
    chosen = page_of(store, href.partition("?")[2].join(["?", ""]))
    assert chosen.kept.sum() == page.kept.sum()
    only = named(map_profiles.area_profile(chosen, "XT03", "adm1"), "area-only").href  # type: ignore[attr-defined]
    assert "within=XT03" in only
    assert "text=" not in only


@LANGUAGES
def test_no_site_fits_is_said_once(store: Store, language: str) -> None:
    """Without a site there are no rows 0 to 0 and no page 1 of 1; control: one site has a row."""
    page = page_of(store, "?op=xtr-mt&round=6&text=zzzz", language)
    w = page.context.words
    none = map_find.count_shown(page)
    assert none == w("mapfind.none_fits", sites=number(len(page.at.columns), language))
    below = text_of(map_table.twin(page))
    assert none in below
    assert w("maptable.page", page=1, pages=1) not in below
    assert text_of(map_find.found(page)).count(none) == 1
    assert none in map_page.sentence(page, map_page.view_of(page))
    key = next(iter(page.at.columns.keys_of(np.arange(1))))
    one: MapPage = page_of(store, f"?op=xtr-mt&round=6&text={key}", language)
    assert w("maptable.page", page=1, pages=1) in text_of(map_table.twin(one))


@LANGUAGES
def test_one_site_is_no_plural(language: str) -> None:
    """The line of what is shown fits every number: no verb agrees with it, and no plural follows it alone."""
    w = words(language)
    for said in (w("mapfind.shown", kept="1", sites="13"), w("mapfind.people_none", sites="1")):
        assert not re.search(r"\b1 sites\b|\bare shown\b|\bsont affichés\b", said)


# The controls


@LANGUAGES
def test_a_unit_ends_without_a_stop(language: str) -> None:
    """The sentence around it has one; two stops are one too many."""
    w = words(language)
    units = {layer.unit_key for layer in LAYERS if layer.unit_key}
    assert units
    assert [key for key in sorted(units) if w(key).endswith(".")] == []


@LANGUAGES
def test_sides_that_make_no_box_are_told(store: Store, language: str) -> None:
    """Each reason that the script names has its sentence beside the fields, which are marked."""
    page = page_of(store, "?op=xtr-mt&round=6", language)
    wrong = named(map_find.box_fields(page), "box-wrong").to_plotly_json()["props"]  # type: ignore[attr-defined]
    for why in ("empty", "west", "south"):
        assert wrong[f"data-{why}"] == page.context.words(f"mapfind.box_wrong_{why}")
        assert f'"{why}"' in script("map.js")
    assert wrong["role"] == "alert"
    assert 'setAttribute("aria-invalid", "true")' in script("map.js")


def test_a_list_has_no_stop_within(store: Store) -> None:
    """What rolls in an open list is out of the order of Tab, in the bar, on the map and on Change."""
    context, _ = opened(store, "?op=xtr-mt&round=6")
    page = prepare(context)
    lists = [
        one
        for part in (shell.operation_picker(context), map_choices.choices(page), map_find.filters(page))
        for one in walk(part)
        if type(one).__name__ == "Select"
    ]
    assert len(lists) > 2
    assert all(one.scrollAreaProps == NO_STOP for one in lists)


@LANGUAGES
def test_a_cut_value_of_change_is_whole_in_its_title(store: Store, language: str) -> None:
    """Every box of Change says its whole value when pointed at; a date begins with its round."""
    asked = {
        "path": "/change", "search": "?op=xtr-mt", "language": language, "scheme": "light", "narrow": False,
        "origin": "http://127.0.0.1:1",
    }  # fmt: skip
    context, _ = open_context(parse_view(asked), store)
    boxes = [
        one
        for one in walk(change.bar(context))
        if type(one).__name__ == "Select"
    ]  # fmt: skip
    assert len(boxes) == 5
    for box in boxes:
        options = [option for one in box.data for option in one.get("items", [one])]
        labels = {option["value"]: option["label"] for option in options}
        assert box.attributes["input"]["title"] == labels[box.value]
    word = "Cycle" if language == "fr" else "Round"
    assert all(option["label"].startswith(f"{word} ") for box in boxes[3:] for option in box.data)


# The scripts


def test_play_says_pause_while_rounds_go_on() -> None:
    """A page made anew brings a button that says Play: it is told again at every change of the page."""
    text = script("map.js")
    assert "new MutationObserver(says)" in text
    body = text[text.index("function says()") : text.index("new MutationObserver(says)")]
    assert "if (!playing" in body
    assert "dataset.pause" in body


def test_the_search_box_follows_the_address() -> None:
    """After Back, and after each view; a reader who types is left alone only without Back."""
    text = script("view.js")
    assert 'addEventListener("popstate", function () { sayAsked(true); })' in text
    body = text[text.index("function sayAsked") : text.index("popstate")]
    assert "box === document.activeElement && back !== true" in body
    wear = text[text.index("wear: function") : text.index("navigate: function")]
    assert "sayAsked()" in wear


def test_the_focus_goes_where_the_reader_went() -> None:
    """To the head of the panel from a place or a found area, and from "All places" to the link of the place."""
    text = script("view.js")
    ids = {"place": "place-", "found": "#map-found a.place", "in": "in-", "all": "#all-places"}
    chooses = text[text.index("CHOOSES =") : text.index("leads = null")]
    assert all(name in chooses for name in ids.values())
    settle = text[text.index("function settle()") :]
    assert settle.index("lead()") < settle.index("document.activeElement")
    assert "head.tabIndex = -1" in text


# The training country


def test_what_is_invented_is_credited_in_the_language_of_the_reader(store: Store) -> None:
    """French has a French line with the mark; English says what the data say; what others ask for stays as it is."""
    for operation in queries.catalogue(store.current()).operations.values():
        if not operation.synthetic:
            assert credit_line(operation, words("fr")) == operation.credit
            continue
        assert credit_line(operation, words("en")) == operation.credit
        french = credit_line(operation, words("fr"))
        assert "SYNTHETIC" in french
        assert "inventées" in french
        assert "invented" not in french


def test_a_size_in_sites_is_not_called_unknown(store: Store) -> None:
    """An event with a published effect does not say that its size was not published."""
    w = words("en")
    release = store.current()
    events = release.frame("events").set_index("key")
    sized = set(release.frame("effects")["event"])
    assert sized
    assert [key for key in sorted(sized) if w("note.effect_unknown") in events.loc[key, "text_en"]] == []

"""Grouping of nearby sites is a way of drawing only: it loses no note, moves no figure, and is said where it is not."""

from __future__ import annotations

from typing import Any

import pytest

from data.store import Store
from pages import map as map_page
from pages import map_choices, map_compare, map_hands, map_picture
from pages.map_file import map_file
from pages.map_groups import said, ungrouped
from pages.map_record import MapPage
from tests.test_map_page import by_id, page_of, text_of

SAID = "nearby sites are grouped"
MANIFEST = "data-manifest"
OPERATIONS = ("xtr-mt", "hti-eq2010", "ner-fm2016")


def both(store: Store, operation: str, more: str = "") -> tuple[MapPage, MapPage]:
    """A map, and the same with groups."""
    return page_of(store, f"?op={operation}{more}"), page_of(store, f"?op={operation}{more}&group=1")


def control(page: MapPage) -> Any:
    made: list[Any] = [*map_choices.choices(page)]
    return next(one for one in made if one.id["index"] == "group")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_note_and_no_sentence_is_lost(store: Store, operation: str) -> None:
    """What must be read with the map is the same; so is what it says of how many sites there are."""
    alone, grouped = both(store, operation)
    a, b = map_page.view_of(alone), map_page.view_of(grouped)
    assert a.notes()
    assert a.notes() == b.notes()
    assert a.provenance == b.provenance
    assert map_page.sentence(alone, a) == map_page.sentence(grouped, b)


def test_the_browser_draws_groups_of_few_sites_as_well(store: Store) -> None:
    """It gets the manifest that says so, and none without the choice (control); off by default."""
    alone, grouped = both(store, "xtr-mt")
    assert by_id(map_hands.hands(alone), "map-many") is None
    made = by_id(map_hands.hands(grouped), "map-many")
    assert '"group":true' in getattr(made, MANIFEST)
    assert map_page.picture_key(alone) != map_page.picture_key(grouped)
    sites = {t.get("name") for t in map_page.picture(grouped)[1]["data"]}
    assert "sites" not in sites
    assert "sites" in {t.get("name") for t in map_page.picture(alone)[1]["data"]}


def test_where_its_words_stand_is_there_before_and_after(store: Store) -> None:
    """The line and the list are on both pages, since a choice does not make the page anew."""
    for page in both(store, "xtr-mt"):
        assert by_id(map_hands.line(page), "map-counted") is not None
        assert by_id(map_hands.line(page), "map-groups").hidden is True


@pytest.mark.parametrize("more", ["", "&vs=3"])
def test_each_of_two_maps_lists_its_own(store: Store, more: str) -> None:
    """The second map has its own list, named by its manifest."""
    page = page_of(store, f"?op=xtr-mt&group=1{more}")
    other = map_compare.second(page)
    if other is None:
        assert more == ""
        return
    parts = map_hands.second_hands(page, other)
    assert '"groups":"map-groups-two"' in getattr(parts[0], MANIFEST)
    assert by_id(parts, "map-groups-two") is not None


@pytest.mark.parametrize(("more", "able"), [("", True), ("&low=1", False), ("&plain=1", False)])
def test_the_choice_says_what_it_needs(store: Store, more: str, able: bool) -> None:
    """Where the browser does not draw the map, the choice cannot be made and says why."""
    made = control(page_of(store, f"?op=xtr-mt{more}"))
    assert bool(made.disabled) is not able
    assert ("WebGL" in made.description) is not able
    assert made.value == "-"
    assert control(page_of(store, "?op=xtr-mt&group=1")).value == "1"


def test_a_file_has_the_same_rows_and_says_so(store: Store) -> None:
    """One line more than without groups, and no other difference."""
    alone, grouped = (map_file(page).splitlines() for page in both(store, "xtr-mt", "&least=100"))
    more = [line for line in grouped if line not in set(alone)]
    assert len(more) == 1
    assert SAID in more[0]
    assert [line for line in grouped if line not in more] == alone


def test_a_picture_has_each_site_by_itself_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given to the drawing is the same but for the sentence."""
    import exports.map_picture

    seen: list[Any] = []

    class Drawn:
        png = b""

    def note(view: Any, _: Any, **more: Any) -> Drawn:
        seen.append((view, more["beside"]))
        return Drawn()

    monkeypatch.setattr(exports.map_picture, "picture", note)
    for page in both(store, "xtr-mt"):
        map_picture.png(page, 400, 300)
    (alone, plain), (grouped, marked) = seen
    assert grouped.left_to_browser == alone.left_to_browser == frozenset()
    assert len(grouped.snapshots["sites"].table) == len(alone.snapshots["sites"].table) > 1_000
    assert marked.sites is None
    assert marked.sentence == plain.sentence
    assert [line for line in marked.said if line not in plain.said] == said(
        page_of(store, "?op=xtr-mt&group=1")
    )
    assert SAID in map_picture.alternative(page_of(store, "?op=xtr-mt&group=1&low=1"))
    assert SAID not in text_of(map_picture.alternative(page_of(store, "?op=xtr-mt&low=1")))  # control


def test_without_groups_it_is_the_same_view(store: Store) -> None:
    """Taking groups away changes nothing else."""
    alone, grouped = both(store, "xtr-mt", "&least=100&colour=type&round=9")
    assert ungrouped(grouped).settings == alone.settings
    assert ungrouped(grouped).context.view == alone.context.view
    assert (ungrouped(grouped).kept == grouped.kept).all()

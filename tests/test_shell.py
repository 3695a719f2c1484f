"""The frame of the pages: ways past what comes first, the day of the map explained, what a page does not keep."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dash.development.base_component import Component
from flask import Flask
from PIL import Image
from werkzeug.test import Client

from app import create_app
from callbacks import pictures
from callbacks.router import open_context, render
from data.store import Store
from layers.colours import colours
from pages import map as map_page
from pages import map_known, map_picture, map_title, shell, start
from pages.map_record import MapPage, prepare
from pages.view import Context, parse_view
from web.settings import Settings

WORLD = start.PICTURE_PATH


def context_of(
    store: Store, path: str, search: str, *, narrow: bool = False, language: str = "en"
) -> Context:
    """The context of an address."""
    asked = {"path": path, "search": search, "language": language, "scheme": "light", "narrow": narrow,
             "origin": "http://127.0.0.1"}  # fmt: skip
    return open_context(parse_view(asked), store)[0]


def map_of(store: Store, search: str, **more: Any) -> MapPage:
    """What the map shows at an address."""
    return prepare(context_of(store, "/map", search, **more))


def every(part: Any) -> Iterator[Any]:
    """A component, or a list of them, and all that is in it."""
    if isinstance(part, (list, tuple)):
        for one in part:
            yield from every(one)
    elif part is not None:
        yield part
        if isinstance(part, Component):
            yield from every(getattr(part, "children", None))


def text(part: Any) -> str:
    """All words in a component."""
    return "".join(one for one in every(part) if isinstance(one, str))


def hrefs(links: list[Component]) -> list[str]:
    """Where links lead."""
    return [str(getattr(link, "href", "")) for link in links]


@pytest.mark.parametrize(
    ("search", "parts"),
    [
        pytest.param("?op=hti-eq2010", ["#main", "#map", "#map-filter-fold", "#map-table"], id="sites"),
        pytest.param("?op=hti-eq2010&low=1", ["#main", "#picture", "#map-filter-fold", "#map-table"], id="picture"),
        pytest.param("?op=ner-fm2016", ["#main", "#map", "#map-table"], id="no-filters"),
    ],
)  # fmt: skip
def test_the_map_begins_with_ways_to_its_parts(store: Store, search: str, parts: list[str]) -> None:
    """The first links lead to the map, its filters and its table, where there are such; in each language."""
    for language in ("en", "fr"):
        context = context_of(store, "/map", search, language=language)
        built = render(context, None)[0]
        assert hrefs(built[: len(parts)]) == parts
        assert len({text(link) for link in built[: len(parts)]}) == len(parts)
    trends = render(context_of(store, "/trends", search), None)[0]
    assert hrefs(trends[:2]) == ["#main", ""], "control: a page without these parts has no links to them"


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("?op=hti-eq2010", "the first round after sites were taken off the list"),
        ("?op=hti-eq2010&round=33", "This is the last round of the operation; no later count is held."),
        ("?op=pan-darien", "other figures of the operation have later dates, which this map does not show."),
        ("?op=hti-eq2010&known=2012-01-01", "of which a figure was public by 1 January 2012"),
        ("?op=ner-fm2016", "There are no rounds: the dates are those of the figure"),
        ("?op=hti-eq2010&round=12", ""),
        ("?op=wca-points", ""),
    ],
)
def test_an_old_date_says_why_it_is_shown(store: Store, search: str, said: str) -> None:
    """Where a newer date could be expected; control: a date that was chosen among others says nothing."""
    page = map_of(store, search)
    why = text(map_title.why_date(page))
    assert (said in why) if said else why == ""
    assert why in text(map_title.head(page))


def test_the_way_to_the_newest_date_leads_there(store: Store) -> None:
    """The link beside the reason opens the last round."""
    page = map_of(store, "?op=hti-eq2010")
    link = next(one for one in every(map_title.why_date(page)) if getattr(one, "id", "") == "map-newest")
    assert map_of(store, str(link.href).partition("/map")[2]).now == page.moments.offered[-1]


@pytest.mark.parametrize(("known", "said"), [("", "Newest"), ("&known=2013-10-31", "31 October 2013")])
def test_a_phone_folds_as_known_on_under_its_day(store: Store, known: str, said: str) -> None:
    """Folded, and the summary says the day; control: on a wide page nothing is folded."""
    for narrow in (True, False):
        page = map_of(store, f"?op=hti-eq2010{known}", narrow=narrow)
        made = map_known.known_control(page.context, page.moments)
        folds = [one for one in every(made) if getattr(one, "id", "") == "known-fold"]
        assert len(folds) == narrow
        if narrow:
            assert said in text(folds[0].children[0])
            assert not getattr(folds[0], "open", None)


def test_trends_say_that_the_area_of_the_map_is_not_kept(store: Store) -> None:
    """By its name; the map itself keeps it, and without an area nothing is said."""

    def said(path: str, search: str) -> list[Any]:
        banners = shell.banners(context_of(store, path, search))
        return [one for one in banners if getattr(one, "id", "") == "within-unused"]

    page = map_of(store, "?op=xtr-mt")
    area = next(
        iter(page.context.words and shell.tree_at(page.context.release, "xtr-mt", page.on).areas.values())
    )
    (banner,) = said("/trends", f"?op=xtr-mt&within={area.pcode}")
    assert area.name in text(banner)
    assert "of the whole operation" in text(banner)
    assert "within=" in page.context.view.at("/trends", map=page.settings.__class__(within=area.pcode))
    assert said("/map", f"?op=xtr-mt&within={area.pcode}") == []
    assert said("/trends", "?op=xtr-mt") == []


def test_the_words_of_a_picture_count_what_is_shown(store: Store) -> None:
    """The sentence counts the places that the filters keep, as the line after it; control: without filters, all."""
    page = map_of(store, "?op=hti-eq2010&low=1&states=delisted&round=16")
    kept, every_site = int(page.kept.sum()), len(page.at.columns)
    assert 0 < kept < every_site
    told = map_picture.alternative(page)
    assert f"of {kept} sites held" in told
    assert f"{kept} of {every_site} sites shown" in told
    assert f"of {every_site} sites held" in map_picture.alternative(
        map_of(store, "?op=hti-eq2010&low=1&round=16")
    )


# The start page without WebGL


@pytest.fixture
def client(store: Store) -> Client:
    server = Flask(__name__)
    pictures.register(server, store)
    return server.test_client()


def test_the_start_page_has_its_map_as_a_picture(store: Store, client: Client) -> None:
    """The page names the picture and says why; the picture has land, marks and a text."""
    main = start.start(context_of(store, "/", ""))
    part = next(one for one in every(main) if getattr(one, "id", "") == "world-picture")
    assert "no WebGL" in text(part)
    image = next(one for one in every(part) if type(one).__name__ == "Img")
    assert not getattr(image, "src", ""), "it is asked for by a script, where it is needed"
    address = getattr(image, "data-src")
    assert "operations" in image.alt
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    drawn = Image.open(io.BytesIO(answer.data))
    assert drawn.size == start.PICTURE_WIDE
    assert drawn.info["Description"] == image.alt
    pixels = np.asarray(drawn.convert("RGB")).astype(
        int
    )  # of few colours, each within a step or two of its own

    def near(name: str) -> int:
        hexes = colours("light")[name].lstrip("#")
        wanted = [int(hexes[at : at + 2], 16) for at in (0, 2, 4)]
        return int((np.abs(pixels - wanted).max(axis=2) <= 6).sum())

    found = {name: near(name) for name in ("sea", "land", "data", "note")}
    assert found["sea"] > 50_000
    assert found["land"] > 50_000
    assert found["data"] > 200, "the marks"
    assert found["note"] > 50, "rings where a count has a break"
    assert client.get(f"{WORLD}?op=hti-eq2010").status_code == 404
    assert client.get(f"{WORLD}?w=10").status_code == 404


# Paths that are no page


def test_a_path_that_is_no_page_is_answered_with_404(store_folder: Path) -> None:
    """It is the page that says what exists, with the status of a missing one; control: every page has status 200."""
    served = create_app(Settings(port=8050, store=store_folder)).server.test_client()
    for path in shell.PAGES.values():
        assert served.get(path).status_code == 200, path
    for path in ("/nowhere", "/map/", "/trends/xtr-mt"):
        answer = served.get(path)
        assert answer.status_code == 404, path
        assert "_dash-renderer" in answer.text or "siteline" in answer.text.lower()
        assert answer.mimetype == "text/html"


def test_an_address_that_is_no_page_marks_none_in_the_navigation(store: Store) -> None:
    """There the reader is on no page that exists; control: each page marks itself."""

    def marked(path: str) -> list[str]:
        made, _, _ = render(context_of(store, path, "?op=hti-eq2010"), None)
        current = (one for one in every(made) if getattr(one, "aria-current", "") == "page")
        return [one.id for one in current if str(getattr(one, "id", "")).startswith("to-")]

    assert marked("/nowhere") == []
    assert [marked(path) for path in shell.PAGES.values()] == [[f"to-{name}"] for name in shell.PAGES]


def test_the_page_is_still_built(store: Store) -> None:
    """The map with its skip links is the page of the builder, nothing less."""
    context = context_of(store, "/map", "?op=hti-eq2010")
    assert len(render(context, None)[0]) > len(map_page.map_page(context))

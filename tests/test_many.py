"""What the page hands to the browser's own drawing of very many sites: whole, absolute, and in the reader's words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from data.codes import State
from data.dates import DateSpan
from data.map_settings import MapSettings
from data.parts import STATES
from layers import many
from layers.colours import SCHEMES
from layers.discs import K_PX, LARGEST_PX
from layers.scene import Scene
from words import LANGUAGES, placeholders, words
from words.format import span

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = "".join(
    (ROOT / "assets" / name).read_text(encoding="utf-8")
    for name in (
        "points.js",
        "points/bytes.js",
        "points/draw.js",
        "points/hand.js",
        "points/pick.js",
        "points/together.js",
    )
)


def scene(language: str = "en", scheme: str = "light", **changes: Any) -> Scene:
    """A scene whose places do not matter."""
    plain: dict[str, Any] = {
        "snapshots": {}, "words": words(language), "colours": SCHEMES[scheme],
        "switched_on": frozenset({"sites"}), "origin": "http://127.0.0.1:8050/", "digest": "d" * 64,
    }  # fmt: skip
    return Scene(**(plain | changes))


@pytest.mark.parametrize(
    ("located", "settings", "expected"),
    [
        pytest.param(5_000, MapSettings(), False, id="plain-points-are-enough"),
        pytest.param(5_001, MapSettings(), True, id="one-more"),
        pytest.param(90_000, MapSettings(plain=True), False, id="the-browser-cannot"),
        pytest.param(90_000, MapSettings(low=True), False, id="a-picture-is-asked-for"),
        pytest.param(5, MapSettings(group=True), True, id="groups-are-made-by-the-browser"),
        pytest.param(0, MapSettings(group=True), False, id="nothing-to-group"),
        pytest.param(90_000, MapSettings(group=True, plain=True), False, id="nor-can-it-group"),
    ],
)
def test_who_draws(located: int, settings: MapSettings, expected: bool) -> None:
    """More than 5,000 located sites are drawn by the browser, unless it cannot or a reader wants less."""
    assert many.wanted(located, settings) is expected


def test_addresses_are_absolute_and_of_one_release() -> None:
    """Each address names the release and the operation, and no key of one can leave its part of the address."""
    made = many.manifest(scene(), "xam-mt", total=9)
    base = f"http://127.0.0.1:8050/points/{'d' * 64}/xam-mt/"
    assert [made[name] for name in ("places", "at", "place")] == [
        f"{base}{name}" for name in ("places.bin", "at.bin", "place")
    ]
    control = many.manifest(scene(), "a/../b?c", total=9)
    assert control["at"].endswith("/a%2F..%2Fb%3Fc/at.bin")


def test_sizes_and_colours_are_those_of_the_smaller_maps() -> None:
    """The scale, the colours of the scheme, the layers that are on and how strong they are."""
    settings = MapSettings(opacity="sites:0.4", colour="change")
    made = many.manifest(scene(settings=settings), "xam-mt", total=9, palette=("#1C5B8E", many.HATCH))
    assert (made["k"], made["largest"]) == (K_PX, LARGEST_PX)
    assert made["switched_on"] == {"sites": True, "ghosts": False}
    assert made["opacity"] == {"sites": 0.4, "ghosts": 1.0}
    assert (
        made["colours"]["none"] == SCHEMES["light"]["mute"]
    )  # asked about and not known is not what was counted
    assert many.manifest(scene(), "x", total=9)["colours"]["none"] == SCHEMES["light"]["data"]
    dark = many.manifest(scene(scheme="dark"), "x", total=9)["colours"]
    assert {name: SCHEMES["dark"][name] for name in ("land", "data", "mute", "note")}.items() <= dark.items()


@pytest.mark.parametrize("palette", [("#1C5B8E",) * (many.CLASSES + 1), ("red",), ("#12345G",)])
def test_a_palette_that_cannot_be_drawn_is_refused(palette: tuple[str, ...]) -> None:
    """Too many classes, or a colour of another form, with what is expected."""
    with pytest.raises(ValueError, match=r"classes and was given|expected #RRGGBB"):
        many.manifest(scene(), "xam-mt", total=9, palette=palette)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_whole(language: str) -> None:
    """Every state and unit has its word, open places are those of the sentence, and the attribute is JSON again."""
    said = many.manifest(scene(language), "xam-mt", total=9)["words"]
    assert set(said["states"]) == {state.value for state in State}
    assert said["states"]["delisted"] == words(language)("state.delisted")
    for key in many.SAID:
        assert placeholders(said[key.partition(".")[2]]) == placeholders(words(language).table[key])
    assert placeholders(said["counted"]) == {"view", "drawn", "total"}
    made = many.manifest(scene(language), "xam-mt", total=9)
    assert json.loads(many.attributes(made)["data-manifest"]) == made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["2024-10-01", "2013-09-30", "2012-10", "2011", "2024-10-01/2024-11-11"])
def test_dates_are_put_together_as_elsewhere(language: str, text: str) -> None:
    """Months, the first day of a month and the sentence of a span give what `words.format.span` writes."""
    said = many.manifest(scene(language), "xam-mt", total=9)["words"]

    def one(part: str) -> str:  # as `when` in assets/points/hand.js
        year, *rest = part.split("-")
        month = [said["months"][int(rest[0]) - 1]] if rest else []
        day = [said["first_day"] if int(rest[1]) == 1 else str(int(rest[1]))] if len(rest) == 2 else []
        return " ".join([*day, *month, year])

    parts = [one(part) for part in text.split("/")]
    mine = parts[0] if len(parts) == 1 else said["from_to"].format(first=parts[0], last=parts[1])
    assert mine == span(DateSpan.parse(text), words(language))


def test_too_weak_a_browser_is_told_how_many_are_drawn() -> None:
    """The sentence has both numbers, as the language writes them."""
    said = many.plainly(words("en"), drawn=5_000, total=100_232)
    assert "5,000" in said
    assert "100,232" in said


def unread(made: dict[str, Any], scripts: str) -> set[str]:
    """The parts of a manifest that no script reads, by name."""
    names = set(made) | set(made["words"])
    return {name for name in names if not re.search(rf"\.{name}\b", scripts)}


def test_the_scripts_read_all_that_is_handed_over() -> None:
    """No part of the manifest is sent for nothing. Control: one more part is noticed."""
    made = many.manifest(scene(), "xam-mt", total=9)
    assert unread(made, SCRIPTS) == set()
    assert unread(made | {"invented": 1}, SCRIPTS) == {"invented"}


def test_states_have_the_numbers_that_the_scripts_draw() -> None:
    """A mark of the drawing is found by the place of its state; a state put between would change them all."""
    assert [state.value for state in STATES] == [
        "counted", "counted_zero", "not_assessed", "withheld", "delisted", "closed", "no_data",
    ]  # fmt: skip

"""The map as a picture: the same marks at the same places, its notes inside, and the same bytes for the same view."""

from __future__ import annotations

import io
import json
import resource
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from shapely.geometry import Point

from data.codes import State
from data.geo import View
from data.store import Release
from exports.map_picture import Beside, Columns, columns_of, picture
from exports.map_picture_caption import round_below
from exports.map_picture_ground import Frame
from exports.map_picture_marks import MARKS, parts, unlike
from exports.map_picture_text import BOLD, SANS, UNKNOWN, Label, drawable, placed, width_of, wrapped
from exports.map_picture_traces import pictures_of, shade
from layers.colours import colours
from layers.ghosts import LAYER as GHOSTS
from layers.scene import BLANK, Scene
from layers.sites import LAYER as SITES
from tests.places import EN, EVERY, ROOT, ghost, site, snapshot, view

SIZE = (480, 360)
HERE = View(-72.3, 18.6, 9.0)
Pixels = npt.NDArray[np.uint8]


def shown(png: bytes) -> Pixels:
    """The pixels of a picture, shape (rows, columns, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def rgb(name: str, scheme: str = "light") -> tuple[int, ...]:
    """A colour of the map as three numbers."""
    return tuple(round(255 * part) for part in shade(colours(scheme)[name])[:3])


def around(pixels: Pixels, lon: float, lat: float, name: str, reach: int = 13) -> int:
    """How many pixels around a place have about a colour of the map."""
    x, y = np.round(Frame(HERE, *SIZE).pixels(lon, lat)[0]).astype(int)
    part = pixels[y - reach : y + reach + 1, x - reach : x + reach + 1].astype(int)
    return int((np.abs(part - np.array(rgb(name))).max(axis=2) <= 12).sum())


def of(release: Release, *rows: dict[str, Any], **more: Any) -> Any:
    """A picture of these sites."""
    made = view(snapshots={"sites": snapshot(*rows)}, view=HERE, digest=release.digest)
    return picture(made, release, size=SIZE, **more)


# Marks


SPOT = Point(-72.2, 18.65)
MAIN = {  # the colour that says most in the mark of a state
    State.COUNTED: "data", State.COUNTED_ZERO: "data", State.NOT_ASSESSED: "mute", State.WITHHELD: "mute",
    State.DELISTED: "note", State.CLOSED: "mute", State.NO_DATA: "mute",
}  # fmt: skip


@pytest.mark.parametrize("state", State)
def test_each_state_is_drawn_in_its_place(release: Release, state: State) -> None:
    """The mark's own colour is where the site is; control: not where no site is."""
    row = site("a", state=state.value, geometry=SPOT, value=1_000.0 if state is State.COUNTED else np.nan)
    pixels = shown(of(release, row).png)
    assert around(pixels, SPOT.x, SPOT.y, MAIN[state]) > 5
    assert around(pixels, -72.5, 18.5, MAIN[state]) == 0


def test_no_two_states_have_the_same_mark(release: Release) -> None:
    """Seven states, seven drawings, told apart without colour; control: the same state is the same drawing."""
    cut = {}
    for state in [*State, State.CLOSED]:
        row = site("a", state=state.value, geometry=SPOT, value=1_000.0 if state is State.COUNTED else np.nan)
        x, y = np.round(Frame(HERE, *SIZE).pixels(SPOT.x, SPOT.y)[0]).astype(int)
        part = shown(of(release, row).png)[y - 12 : y + 13, x - 12 : x + 13].astype(int)
        dark = np.abs(part - np.array(rgb("land"))).sum(axis=2) > 60
        assert state not in cut or (cut[state] == dark).all()
        cut[state] = dark
    assert all((cut[a] ^ cut[b]).sum() > 25 for a in State for b in State if a < b)


def test_the_area_of_a_disc_is_in_proportion_to_people(release: Release) -> None:
    """Four times as many people: four times the pixels; the same radius in pixels as on the map (0.1 √n)."""
    few = around(shown(of(release, site(value=10_000.0, geometry=SPOT)).png), SPOT.x, SPOT.y, "data", 40)
    many = around(shown(of(release, site(value=40_000.0, geometry=SPOT)).png), SPOT.x, SPOT.y, "data", 40)
    assert few == pytest.approx(np.pi * 10**2, rel=0.1)
    assert many == pytest.approx(np.pi * 20**2, rel=0.1)


def test_every_mark_of_the_sprite_can_be_drawn() -> None:
    """No mark of the map is missing here; control: an unknown one is an open ring and not nothing."""
    sprite = json.loads((ROOT / "assets" / "sprite" / "light.json").read_text(encoding="utf-8"))
    assert set(sprite) - {BLANK} == set(MARKS)
    assert [part.face for part in parts("sl_unheard_of", colours("light"))] == ["none"]


def test_a_hidden_layer_is_not_drawn(release: Release) -> None:
    """What is switched off leaves no pixel; control: switched on it does."""
    made = view(snapshots={"sites": snapshot(ghost(geometry=SPOT))}, view=HERE, digest=release.digest)
    off = picture(replace(made, switched_on=frozenset({"boundaries", "sites"})), release, size=SIZE)
    assert around(shown(off.png), SPOT.x, SPOT.y, "note") == 0
    assert around(shown(picture(made, release, size=SIZE).png), SPOT.x, SPOT.y, "note") > 20


def test_accuracy_is_a_circle_of_its_true_radius(release: Release) -> None:
    """Dashes lie at 5 km from the place; control: without a stated accuracy nothing is there."""
    row = site(geometry=SPOT, value=100.0, accuracy_m=5_000.0)
    frame = Frame(HERE, *SIZE)
    middle, east = frame.pixels(
        [SPOT.x, SPOT.x + 5_000 / (111_320 * np.cos(np.radians(SPOT.y)))], [SPOT.y] * 2
    )
    radius = east[0] - middle[0]
    yy, xx = np.mgrid[: SIZE[1], : SIZE[0]]
    ring = np.abs(np.hypot(xx + 0.5 - middle[0], yy + 0.5 - middle[1]) - radius) < 1.5

    def dashes(png: bytes) -> int:
        near = np.abs(shown(png)[: SIZE[1]].astype(int) - np.array(rgb("mute"))).max(axis=2) < 60
        return int((near & ring).sum())

    assert dashes(of(release, row).png) > 0.25 * ring.sum() / 3
    assert dashes(of(release, site(geometry=SPOT, value=100.0)).png) < 0.1 * ring.sum()


def test_land_and_sea_are_those_of_the_release(release: Release) -> None:
    """The middle of Haiti is land and the bay before it is sea; control: they differ."""
    pixels = shown(picture(view(snapshots={"sites": snapshot(ghost(geometry=Point()))}, view=HERE,
                                digest=release.digest, switched_on=frozenset()), release, size=SIZE).png)  # fmt: skip
    assert around(pixels, -72.15, 18.75, "land", 3) == 49
    assert around(pixels, -72.45, 18.65, "sea", 3) == 49


# What must be read with it


def test_everything_that_must_be_read_stands_inside(release: Release) -> None:
    """Title, date, operation, disclaimer and each note are lines of the picture; control: another note is not."""
    made = view(digest=release.digest)
    text = " ".join(picture(made, release, size=SIZE).texts)
    flat = text.replace(" ", "")
    for note in made.notes():
        assert drawable(note.text).replace(" ", "") in flat
        assert drawable(note.source).replace(" ", "") in flat
    assert EN("map.disclaimer") in text
    assert "30 September 2013" in text
    assert made.sentence().replace(" ", "") in flat
    assert made.notes()
    assert "A note that nobody wrote.".replace(" ", "") not in flat


def test_the_picture_grows_until_its_notes_fit(release: Release) -> None:
    """A narrow picture is longer, and has the same sentences; the map part keeps its size."""
    made = view(digest=release.digest)
    wide, narrow = (picture(made, release, size=size) for size in ((760, 360), (300, 360)))
    assert narrow.height > wide.height > 360
    assert shown(narrow.png).shape == (narrow.height, 300, 3)
    assert {"".join(d.texts[-3:]).replace(" ", "") != "" for d in (wide, narrow)} == {True}


def test_the_same_view_gives_the_same_bytes(release: Release) -> None:
    """Twice the same; control: another date, scheme or scale is another picture."""
    made = view(digest=release.digest)
    first = picture(made, release, size=SIZE).png
    assert picture(made, release, size=SIZE).png == first
    others = [
        picture(replace(made, on=date(2014, 3, 31)), release, size=SIZE),
        picture(made, release, size=SIZE, scheme="dark"), picture(made, release, size=SIZE, scale=2),
    ]  # fmt: skip
    assert len({first, *(other.png for other in others)}) == 4
    assert shown(others[2].png).shape[1] == 2 * SIZE[0]


def test_what_is_left_out_is_said(release: Release) -> None:
    """Places outside and names without room are counted in the picture; control: with room nothing is said."""
    crowded = [ghost(f"g{i}", name="A site with a long name", geometry=Point(-72.2, 18.65)) for i in range(9)]
    far = site("far", geometry=Point(-60, 10))
    made = of(release, *crowded, far)
    assert made.unnamed >= 7
    assert made.outside == 1
    text = " ".join(made.texts)
    assert EN("picture.outside", count=1, places=10) in text
    assert EN("picture.unnamed", count=made.unnamed) in text
    alone = of(release, ghost(geometry=SPOT))
    assert (alone.unnamed, alone.outside) == (0, 0)
    assert "did not fit" not in " ".join(alone.texts)


def test_what_cannot_be_drawn_is_named(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that hands over an address is said to be missing; control: one with its shapes is not."""
    import layers.map as of_map
    from layers.record import Layer
    from layers.scene import Picture

    entry = {"sourcetype": "vector", "source": "http://127.0.0.1/x", "type": "fill"}
    layer = Layer(
        key="odd", title_key="layer.crowd", note_key="layer.crowd_note", on=True, holds=None,
        draw=lambda _: Picture(outlines=[entry]),
    )  # fmt: skip
    monkeypatch.setattr(of_map, "LAYERS", (*of_map.LAYERS, layer))
    made = picture(view(digest=release.digest, switched_on=EVERY | {"odd"}), release, size=SIZE)
    assert made.undrawn == (EN("layer.crowd"),)
    assert EN("picture.undrawn", layers=EN("layer.crowd")) in " ".join(made.texts)
    assert of(release, site()).undrawn == ()


def test_sizes_out_of_range_are_refused(release: Release) -> None:
    """The sentence says what was asked for and what can be."""
    with pytest.raises(ValueError, match="5000 x 360"):
        picture(view(digest=release.digest), release, size=(5_000, 360))
    with pytest.raises(ValueError, match="1 or 2"):
        picture(view(digest=release.digest), release, size=SIZE, scale=9)


# Very many


def many(n: int) -> Columns:
    """Sites around the bay in every state, a third of them counted."""
    seeded = np.random.default_rng(5)
    state = np.array([s.value for s in State], dtype=object)[seeded.integers(0, 7, n)]
    counted = state == State.COUNTED
    texts = np.full(n, "", dtype=object)
    return Columns(
        lon=seeded.uniform(-73, -71.6, n), lat=seeded.uniform(18.2, 19, n), state=state,
        age=np.full(n, "current", dtype=object), value=np.where(counted, seeded.integers(1, 9_000, n), np.nan),
        unit=np.where(counted, "individuals", "").astype(object), name=np.full(n, "Site", dtype=object), when=texts,
    )  # fmt: skip


def test_columns_draw_what_the_layers_draw() -> None:
    """For the same sites the quick way hands over the same marks; control: another value is another disc."""
    rows = [
        site("a", value=900.0), site("b", value=40_000.0, geometry=SPOT), ghost("g"), site("z", state="closed"),
        site("o", value=70.0, age="older", last_when="2013-06"), site("n", geometry=Point()),
    ]  # fmt: skip
    held = snapshot(*rows)
    scene = Scene(snapshots={"sites": held}, words=EN, colours=colours("light"), switched_on=EVERY)
    quick = pictures_of(columns_of(held), scene)
    for layer in (SITES, GHOSTS):
        for one, other in zip(quick[layer.key].traces, layer.draw(scene).traces, strict=True):
            assert np.allclose(one["lon"], other["lon"], atol=1e-5)
            for key in ("size", "color", "symbol"):
                mine, theirs = (np.broadcast_to(t["marker"].get(key, 0), len(t["lon"])) for t in (one, other))
                assert "text" in one or list(mine) == list(theirs)
            assert [t.replace("\u00a0", " ") for t in other.get("text", [])] == list(one.get("text", []))
    changed = pictures_of(columns_of(snapshot(site("a", value=901.0), *rows[1:])), scene)
    assert not np.array_equal(
        changed["sites"].traces[1]["marker"]["size"], quick["sites"].traces[1]["marker"]["size"]
    )


def most_mb() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


@pytest.mark.slow
def test_a_hundred_thousand_sites_stay_within_bounds(release: Release) -> None:
    """Their marks are there, and drawing takes less than 300 MB beside what was held; control: none, no marks."""
    made = view(snapshots={"sites": snapshot(ghost(geometry=Point()))}, view=HERE, digest=release.digest)
    picture(made, release, size=SIZE)
    before = most_mb()
    drawn = picture(made, release, size=SIZE, beside=Beside(sites=many(100_000)))
    assert most_mb() - before < 300
    assert drawn.outside > 0
    ink = (np.abs(shown(drawn.png)[: SIZE[1]].astype(int) - np.array(rgb("data"))).max(axis=2) <= 12).sum()
    none = (np.abs(shown(picture(made, release, size=SIZE).png)[: SIZE[1]].astype(int) - np.array(rgb("data")))
            .max(axis=2) <= 12).sum()  # fmt: skip
    assert ink > 5_000
    assert none < 50


def test_a_mark_on_another_of_its_kind_is_drawn_once() -> None:
    """Among very many, places half a pixel apart are one, the last one; control: among few none is left out."""
    at = np.array([[0.0, 0.0], [0.1, 0.1], [5.0, 5.0]] * 2_000)
    assert unlike(at, 24).shape == (2, 2)
    assert unlike(at[:6], 24).shape == (6, 2)


# Letters


def test_lines_fit_and_lose_no_letter() -> None:
    """Each line is within its width, together they are the text; a word longer than a line is cut."""
    text = "Three settlements were taken off the list in " + "x" * 200
    lines = wrapped(text, SANS, 13, 120)
    assert all(width_of(line, SANS, 13) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert width_of("m", BOLD, 13) > width_of("i", SANS, 13)


def test_a_letter_without_a_form_is_marked() -> None:
    """Arabic can be written; what cannot is said by a sign, not left out."""
    assert drawable("مخيم é") == "مخيم é"
    assert drawable("ሀ") == UNKNOWN


def test_labels_never_overlap() -> None:
    """Placed boxes are apart, and those without room are counted; control: alone each is placed."""
    labels = [Label(100 + i, 100 + i % 7, f"Name {i}", 13, "#000000", 12) for i in range(40)]
    lines, missed = placed(labels, [], 480, 360)
    assert len(lines) + missed == 40
    assert missed
    spans = [(line.x, line.y - 13, line.x + width_of(line.text, SANS, 13), line.y) for line in lines]
    for i, a in enumerate(spans):
        for b in spans[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 3 or b[3] <= a[1] + 3
    assert placed(labels[:1], [], 480, 360)[1] == 0


def test_places_across_the_180th_meridian_are_beside_each_other() -> None:
    """Fiji's islands are in one picture, on both sides of the line; control: without turning they are a world apart."""
    frame = Frame(View(179.9, -17, 6), *SIZE)
    east, west = frame.pixels([179.5, -179.5], [-17, -17])[:, 0]
    assert 0 < west - east < 100
    assert abs(np.diff(frame.plain(np.array([[179.5, -17], [-179.5, -17]]))[:, 0])[0]) > 10_000


@pytest.mark.parametrize(("value", "round_"), [(0.5, 0), (1, 1), (4_999, 2_000), (5_000, 5_000), (99, 50)])
def test_the_legend_has_round_numbers(value: float, round_: float) -> None:
    """1, 2 or 5 times a power of ten, never above the largest count."""
    assert round_below(value) == round_

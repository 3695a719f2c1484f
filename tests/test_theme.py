"""The colours of charts are those of the stylesheet, and a figure of one scheme has no colour of the other."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from plotly import graph_objects as go
from plotly.io.json import to_json_plotly

from charts.card import Chart
from charts.theme import SEPARATORS, TOKENS, Scheme, faint, label, layout
from tests.pictures import haiti, months_of, movements
from words import LANGUAGES, words

CSS = Path(__file__).resolve().parents[1] / "assets" / "tokens.css"
EN = words("en")
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)


def other(scheme: Scheme) -> Scheme:
    """The scheme that it is not."""
    return "dark" if scheme == "light" else "light"


# The stylesheet


def blocks(css: str) -> dict[str, dict[str, str]]:
    """The colours of the stylesheet: light, dark by the system's setting, dark by the reader's choice."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    screen = plain.partition("@media print")[0]
    found = re.findall(r"(:root[^{]*?)\s*{([^{}]*)}", screen)
    names = {
        ":root": "light",
        ':root:not([data-mantine-color-scheme="light"])': "dark by system",
        ':root[data-mantine-color-scheme="dark"]': "dark by choice",
    }
    return {
        names[selector]: {
            name: colour.upper() for name, colour in re.findall(r"--sl-([\w-]+):\s*(#\w+)", body)
        }
        for selector, body in found
    }


def apart(tokens: Mapping[str, Mapping[str, str]], css: str) -> set[str]:
    """The tokens that the stylesheet does not have with that colour."""
    held = blocks(css)
    pairs = [("light", "light"), ("dark", "dark by system"), ("dark", "dark by choice")]
    return {
        f"{block}: {name}"
        for scheme, block in pairs
        for name, colour in tokens[scheme].items()
        if held[block].get(name) != colour
    }


def test_tokens_are_those_of_the_stylesheet() -> None:
    """Plotly reads no CSS, so each colour is written twice: the same."""
    assert apart(TOKENS, CSS.read_text(encoding="utf-8")) == set()
    assert TOKENS.keys() == set(SCHEMES)
    assert TOKENS["light"].keys() == TOKENS["dark"].keys()


def test_both_dark_blocks_of_the_stylesheet_agree() -> None:
    """The system's setting and the reader's own choice give one dark scheme."""
    held = blocks(CSS.read_text(encoding="utf-8"))
    assert held["dark by system"] == held["dark by choice"]


def test_a_colour_of_its_own_is_noticed() -> None:
    """Control: a token changed here, or in one block of the stylesheet, is found by its name."""
    css = CSS.read_text(encoding="utf-8")
    light = {**TOKENS["light"], "data": "#1C5B8F"}
    assert apart({"light": light, "dark": TOKENS["dark"]}, css) == {"light: data"}
    head, block, tail = css.rpartition(':root[data-mantine-color-scheme="dark"] {\n  color-scheme: dark;')
    changed = head + block + tail.replace("--sl-note: #F2A268", "--sl-note: #F2A269", 1)
    assert apart(TOKENS, changed) == {"dark by choice: note"}
    gone = css.replace("--sl-mute: #5E6775", "--sl-quiet: #5E6775", 1)
    assert apart(TOKENS, gone) == {"light: mute"}


# Figures


def foreign(figure: go.Figure, scheme: Scheme) -> set[str]:
    """The tokens of the other scheme whose colour, solid or faint, is in a figure."""
    said = figure.to_json().upper().replace(" ", "")
    own = set(TOKENS[scheme].values())
    return {
        name
        for name, colour in TOKENS[other(scheme)].items()
        if colour not in own and (colour in said or faint(colour, 0).rpartition(",")[0].upper() in said)
    }


CHARTS: Mapping[str, Chart] = {
    "trend": haiti(),
    "trend on the old coverage": haiti(basis="old"),
    "trend with effort": haiti(effort=True),
    "trend in a window": haiti(window="2013-01-01/2013-12-31"),
    "few values": haiti(window="2013-06-01/2013-09-30"),
    "flow": movements(),
    "flow of few months": months_of({1: 10, 2: None, 3: 5}),
}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", CHARTS)
def test_a_figure_has_the_colours_of_its_scheme(name: str, narrow: bool, scheme: Scheme) -> None:
    """No light colour in a dark figure and no dark one in a light figure."""
    figure = CHARTS[name].figure(scheme, narrow)
    assert foreign(figure, scheme) == set()
    assert TOKENS[scheme]["card"] in figure.to_json()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_colour_of_the_other_scheme_is_noticed(scheme: Scheme) -> None:
    """Control: a line, a faint block or a whole figure of the other scheme is found."""
    wrong = TOKENS[other(scheme)]["data"]
    figure = go.Figure(layout=layout(scheme, "en"))
    assert foreign(figure, scheme) == set()
    figure.add_scatter(x=[1], y=[1], line={"color": wrong.lower()})
    assert foreign(figure, scheme) == {"data"}
    block = go.Figure(layout=layout(scheme, "en"))
    block.add_shape(type="rect", x0=0, x1=1, y0=0, y1=1, fillcolor=faint(wrong, 0.07))
    assert foreign(block, scheme) == {"data"}
    assert {"data", "note"} <= foreign(haiti().figure(other(scheme)), scheme)


# Parts


def test_faint_keeps_the_colour() -> None:
    """#1C5B8E is red 28, green 91, blue 142."""
    assert faint("#1C5B8E", 0.45) == "rgba(28,91,142,0.45)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_on_an_axis_are_those_of_the_language(language: str) -> None:
    """1,000.5 in English; 1 000,5 in French, with a narrow space that no line breaks at."""
    made = layout("light", language)
    assert made["separators"] == SEPARATORS[language]
    assert SEPARATORS == {"en": ".,", "fr": ",\u202f"}


def test_a_value_axis_begins_at_zero() -> None:
    """A fall is not made larger by cutting the axis."""
    made = layout("light", "en")
    assert made["yaxis"]["rangemode"] == "tozero"
    assert made["xaxis"]["type"] == "date"
    assert made["showlegend"] is False


def test_a_label_says_its_text_without_an_arrow() -> None:
    """What is given of its place is kept."""
    made: dict[str, Any] = label("x", colour="#000000", x=1)
    assert (made["text"], made["showarrow"], made["x"], made["font"]["color"]) == ("x", False, 1, "#000000")


@pytest.mark.parametrize("narrow", [False, True])
def test_what_a_page_sends_is_the_checked_picture(narrow: bool) -> None:
    """A page sends the picture unchecked, for speed: it must be what Plotly's check lets pass, and no other."""
    for chart in CHARTS.values():
        canvas = chart.canvas("light", narrow)
        sent = json.loads(to_json_plotly(canvas.plain()))
        assert sent["data"]
        assert go.Figure(sent).to_plotly_json() == canvas.figure().to_plotly_json()
    broken = haiti().canvas()
    broken.scatter(x=[1], mode="no such mode")
    with pytest.raises(ValueError, match="no such mode"):
        broken.figure()

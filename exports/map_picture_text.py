"""Letters of a picture: measured, broken into lines and placed without overlap, from fonts that come along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.ft2font import FT2Font, LoadFlags
from PIL import Image, ImageDraw, ImageFont, features

SANS, BOLD, SERIF = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf"
LINE = 1.4  # height of a line, in sizes of its letters
UNKNOWN = "\ufffd"  # stands for a letter that the fonts do not have: said, not left out
MOST_LABELS = 400  # placed on one picture; more would hide the marks
GAP_PX = 4.0  # between a mark and its name
JOINED_FROM = 0x590  # Hebrew, Arabic and what follows: their letters have an order or a form of their own
_EM = 64


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text at its place: x from the left and y of its base line from the top, pixels."""

    x: float
    y: float
    text: str
    face: str
    px: float
    colour: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a mark that is `clear` pixels wide to each side of x, y."""

    x: float
    y: float
    text: str
    px: float
    colour: str
    clear: float
    centred: bool = False  # the name of an area stands in its middle


def write(image: Image.Image, lines: Iterable[Line], scale: int, halo: str = "") -> None:
    """Write lines into a picture of `scale` pixels for one of the page; with `halo`, on an edge of that colour."""
    pen = ImageDraw.Draw(image)
    for line in lines:
        joined = any(ord(letter) >= JOINED_FROM for letter in line.text)
        pen.text(
            (round(line.x * scale), round(line.y * scale)), line.text, fill=line.colour, anchor="ls",
            font=_font(line.face, round(line.px * scale), joined=joined and features.check("raqm")),
            stroke_width=scale if halo else 0, stroke_fill=halo or None,
        )  # fmt: skip


@cache
def _font(face: str, px: int, *, joined: bool) -> ImageFont.FreeTypeFont:
    """A font by its file: nothing is looked for on the machine. Only letters that join need the slower layout."""
    layout = ImageFont.Layout.RAQM if joined else ImageFont.Layout.BASIC
    return ImageFont.truetype(_path(face), px, layout_engine=layout)


def _path(face: str) -> str:
    return str(Path(mpl.get_data_path()) / "fonts" / "ttf" / face)


@cache
def _letters(face: str) -> FT2Font:
    held = FT2Font(_path(face))
    held.set_size(_EM, 72)
    return held


@cache
def _held(face: str) -> frozenset[int]:
    return frozenset(_letters(face).get_charmap())


@cache
def _advance(face: str, letter: str) -> float:
    """Width of a letter in sizes of the font."""
    return float(_letters(face).load_char(ord(letter), LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / _EM


def drawable(text: str, face: str = SANS) -> str:
    """The text in letters that the font has; `UNKNOWN` stands for each other one."""
    held = _held(face)
    return "".join(c if ord(c) in held or c == "\n" else UNKNOWN for c in text)


def width_of(text: str, face: str, px: float) -> float:
    """Width of a line in pixels; joined letters (Arabic) may be narrower, never wider."""
    return px * sum(_advance(face, c) for c in drawable(text, face))


def wrapped(text: str, face: str, px: float, most_px: float) -> list[str]:
    """The text in lines of at most `most_px`; a word that is longer than a line is cut into pieces."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer, face, px) <= most_px:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = _pieces(word, face, px, most_px)
            lines += whole
        lines.append(line)
    return lines


def _pieces(word: str, face: str, px: float, most_px: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, face, px) > most_px:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@dataclass(slots=True)
class Column:
    """Lines below each other, of one width; `y` is where the next one begins, pixels from the top."""

    x: float
    y: float
    width: float
    lines: list[Line] = field(default_factory=list)

    def say(  # the parts of one paragraph
        self, text: str, *, face: str = SANS, px: float = 13, colour: str, indent: float = 0, after: float = 0
    ) -> None:
        """Add a paragraph."""
        for part in wrapped(text, face, px, self.width - indent):
            self.lines.append(Line(self.x + indent, self.y + px, drawable(part, face), face, px, colour))
            self.y += px * LINE
        self.y += after


Box = tuple[float, float, float, float]  # left, top, right, bottom, pixels


def placed(
    labels: Iterable[Label], taken: Sequence[Box], width: float, height: float
) -> tuple[list[Line], int]:
    """Labels that fit beside their marks without overlap, first come first placed, and how many do not.

    Parameters
    ----------
    labels : iterable of Label
        The most important first. One whose mark lies outside the picture is neither placed nor missed.
    taken : sequence of Box
        Where something stands already.
    width, height : float
        Of the picture, pixels.
    """
    boxes: list[Box] = list(taken)
    held: npt.NDArray[np.float64] = np.array(boxes, dtype=float).reshape(-1, 4)
    lines: list[Line] = []
    missed = count = 0
    for label in labels:
        if not (0 <= label.x <= width and 0 <= label.y <= height):
            continue
        found = None
        if count < MOST_LABELS:
            found = next(
                (b for b in _beside(label) if _inside(b, width, height) and not _hits(b, held)), None
            )
        if found is None:
            missed += not label.centred  # the names of areas are part of the ground
            continue
        count += 1
        held = np.vstack([held, found])
        for at, part in enumerate(label.text.split("\n")):
            y = found[1] + label.px * (1 + at * LINE)
            lines.append(Line(found[0], y, drawable(part), SANS, label.px, label.colour))
    return lines, missed


def _beside(label: Label) -> list[Box]:
    """Right of the mark, then left of it."""
    parts = label.text.split("\n")
    wide = max(width_of(part, SANS, label.px) for part in parts)
    high = label.px * (1.2 + LINE * (len(parts) - 1))
    top = label.y - high / 2
    if label.centred:
        return [(label.x - wide / 2, top, label.x + wide / 2, top + high)]
    right, left = label.x + label.clear + GAP_PX, label.x - label.clear - GAP_PX
    return [(right, top, right + wide, top + high), (left - wide, top, left, top + high)]


def _inside(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _hits(box: Box, held: npt.NDArray[np.float64]) -> bool:
    left, top, right, bottom = box
    apart = (held[:, 0] > right) | (held[:, 2] < left) | (held[:, 1] > bottom) | (held[:, 3] < top)
    return not bool(apart.all())

"""Draw the marks of the map as sprites: `assets/sprite/{light,dark}{,@2x}.{png,json}`.

    python -m scripts.make_sprites [folder]

Each mark is drawn at four times its size and scaled down. The same Pillow gives the same pixels; what is drawn
is committed, so that neither the app nor its tests need Pillow.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from layers.colours import SCHEMES, Colours
from layers.scene import BLANK, ICON_PX, icon

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "sprite"
FINER = 4  # drawn so many times larger than it is kept
RATIOS = {"": 1, "@2x": 2}
Box = tuple[float, float, float, float]


class Pen:
    """Shapes around the middle of a square picture, in pixels of the mark."""

    def __init__(self, ratio: int) -> None:
        self.unit = ratio * FINER
        self.image = Image.new("RGBA", (ICON_PX * self.unit,) * 2, (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def box(self, radius: float) -> Box:
        """The square around the middle, in drawn pixels."""
        middle, reach = ICON_PX / 2 * self.unit, radius * self.unit
        return (middle - reach, middle - reach, middle + reach - 1, middle + reach - 1)

    def disc(self, radius: float, colour: str) -> None:
        """A filled disc."""
        self.draw.ellipse(self.box(radius), fill=colour)

    def ring(self, radius: float, width: float, colour: str, dashes: int = 0, share: float = 0.6) -> None:
        """A ring whose outer edge is `radius`; in `dashes` pieces that cover a `share` of it."""
        wide = round(width * self.unit)
        if not dashes:
            self.draw.ellipse(self.box(radius), outline=colour, width=wide)
            return
        step = 360 / dashes
        for i in range(dashes):
            start = i * step - 90 - step * share / 2
            self.draw.arc(self.box(radius), start, start + step * share, fill=colour, width=wide)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: str) -> None:
        """A line between two points, measured from the middle."""
        half = ICON_PX / 2
        points = [(v + half) * self.unit for v in (x1, y1, x2, y2)]
        self.draw.line(points, fill=colour, width=round(width * self.unit))

    def hatch(self, radius: float, gap: float, width: float, colour: str) -> None:
        """Diagonal lines within a disc."""
        lines = Pen(self.unit // FINER)
        for k in range(-10, 11):
            lines.line(k * gap - ICON_PX, ICON_PX, k * gap + ICON_PX, -ICON_PX, width, colour)
        inside = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(inside).ellipse(self.box(radius), fill=255)
        lines.image.putalpha(ImageChops.multiply(lines.image.getchannel("A"), inside))
        self.image.alpha_composite(lines.image)

    def square(self, radius: float, colour: str) -> None:
        """A filled square."""
        self.draw.rectangle(self.box(radius), fill=colour)

    def diamond(self, radius: float, colour: str) -> None:
        """A filled diamond."""
        left, top, right, bottom = self.box(radius)
        x, y = (left + right) / 2, (top + bottom) / 2
        self.draw.polygon([(x, top), (right, y), (x, bottom), (left, y)], fill=colour)

    def clear(self, part: Callable[[Pen], None]) -> None:
        """Take away what `part` covers."""
        eraser = Pen(self.unit // FINER)
        part(eraser)
        kept = ImageChops.invert(eraser.image.getchannel("A"))
        self.image.putalpha(ImageChops.multiply(self.image.getchannel("A"), kept))


def counted(pen: Pen, c: Colours) -> None:
    """A filled disc."""
    pen.disc(7, c["data"])


def counted_zero(pen: Pen, c: Colours) -> None:
    """A ring with 0 inside."""
    pen.disc(9, c["land"])
    pen.ring(9, 2, c["data"])
    left, top, right, bottom = pen.box(1)
    x, y, u = (left + right) / 2, (top + bottom) / 2, pen.unit
    pen.draw.ellipse(
        (x - 2.9 * u, y - 4.3 * u, x + 2.9 * u, y + 4.3 * u), outline=c["data"], width=round(1.6 * u)
    )


def not_assessed(pen: Pen, c: Colours) -> None:
    """A ring with a fine diagonal hatch."""
    pen.disc(9, c["land"])
    pen.hatch(8.2, 3.2, 1.1, c["mute"])
    pen.ring(9, 1.6, c["mute"])


def withheld(pen: Pen, c: Colours) -> None:
    """A grey disc with a bar."""
    pen.disc(8.5, c["mute"])
    pen.line(-4.8, 0, 4.8, 0, 2.8, c["land"])


def delisted(pen: Pen, c: Colours) -> None:
    """A dashed hollow ring."""
    pen.ring(10.5, 2.4, c["note"], dashes=8, share=0.62)


def closed(pen: Pen, c: Colours) -> None:
    """A grey ring with a cross."""
    pen.disc(9, c["land"])
    pen.ring(9, 1.8, c["mute"])
    reach = 8.2 * math.sqrt(0.5)
    pen.line(-reach, -reach, reach, reach, 1.8, c["mute"])
    pen.line(-reach, reach, reach, -reach, 1.8, c["mute"])


def no_data(pen: Pen, c: Colours) -> None:
    """A small dotted ring."""
    pen.disc(6, c["land"])
    pen.ring(6, 2, c["mute"], dashes=10, share=0.52)


def crowd(pen: Pen, c: Colours) -> None:
    """A small open diamond."""
    pen.diamond(6.5, c["ink-3"])
    pen.clear(lambda eraser: eraser.diamond(4.2, c["ink-3"]))


def point(pen: Pen, c: Colours) -> None:
    """A small solid square with an edge of land."""
    pen.square(6, c["land"])
    pen.square(4.75, c["data"])


def point_later(pen: Pen, c: Colours) -> None:
    """A small open square."""
    pen.square(5, c["mute"])
    pen.square(3.4, c["land"])


def blank(pen: Pen, c: Colours) -> None:
    """Nothing: it keeps a label off its mark."""


MARKS: Mapping[str, Callable[[Pen, Colours], None]] = {
    **{
        icon(draw.__name__): draw
        for draw in (
            counted, counted_zero, not_assessed, withheld, delisted, closed, no_data, crowd, point, point_later
        )
    },
    BLANK: blank,
}  # fmt: skip


def sheet(colours: Colours, ratio: int) -> tuple[Image.Image, dict[str, dict[str, int]]]:
    """All marks side by side, and where each is."""
    side = ICON_PX * ratio
    whole = Image.new("RGBA", (side * len(MARKS), side), (0, 0, 0, 0))
    places = {}
    for at, (name, draw) in enumerate(MARKS.items()):
        pen = Pen(ratio)
        draw(pen, colours)
        # colour channels are weighted by alpha while scaling, else edges would take on the black of what is empty
        small = pen.image.convert("RGBa").resize((side, side), Image.Resampling.BOX).convert("RGBA")
        whole.paste(small, (at * side, 0))
        places[name] = {"x": at * side, "y": 0, "width": side, "height": side, "pixelRatio": ratio}
    return whole, places


def main(folder: Path = FOLDER) -> None:
    """Write the four sprites."""
    folder.mkdir(parents=True, exist_ok=True)
    for scheme, colours in SCHEMES.items():
        for suffix, ratio in RATIOS.items():
            image, places = sheet(colours, ratio)
            image.save(folder / f"{scheme}{suffix}.png", optimize=True)
            text = json.dumps(places, indent=1, sort_keys=True)
            (folder / f"{scheme}{suffix}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))

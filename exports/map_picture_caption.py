"""What stands below the map of a picture: its title, sentence, legend, layers with their caveats, notes and sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from data.area_marks import BROKEN, NO_VALUE, STATE_FROM
from data.codes import State
from data.geo import disc_radius_px
from data.parts import STATES
from exports.map_picture_marks import discs, stamp
from exports.map_picture_text import BOLD, LINE, SANS, SERIF, Column, Line, width_of, wrapped
from exports.map_picture_traces import Columns, shade
from layers.areas import EDGE_PX, HATCHES, ZERO_PX
from layers.colours import Colours
from layers.discs import DOT_PX, scale_of
from layers.map import MapView
from layers.record import Entry
from layers.scene import icon
from words import Words
from words.format import day, number
from words.notes import note_date

MARGIN = 16.0
SMALL, NORMAL, TITLE = 12.0, 13.0, 18.0
TWO_FROM = 560.0  # width from which the legend has two columns
LINES = {"wide": "//", "fine": "/////", "level": "---", "cross": "xxx", "sparse": "..", "upright": "|||"}
PATTERNS = {state.value: STATE_FROM + STATES.index(state) for state in State} | {
    "broken": BROKEN,
    "no_value": NO_VALUE,
}
Draw = Callable[[Axes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a page knows beside its map view: sites in columns where there are very many, legends, sentences."""

    sites: Columns | None = None  # every site to draw, where the view's snapshot has only a part of them
    states: Mapping[str, int] = field(default_factory=dict)  # how many sites are in each state, drawn or not
    legends: Sequence[tuple[str, Sequence[Entry]]] = ()  # titles, and such as what the colours of sites mean
    sentence: str = ""  # what the map shows, in place of the view's own
    said: Sequence[str] = ()  # more sentences, such as which places are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of drawing the map part, and what else is said below it."""

    legends: Sequence[tuple[str, Sequence[Entry]]]  # titles, and what colours and marks mean
    undrawn: Sequence[str]  # titles of layers that are on and could not be drawn whole
    unnamed: int  # marks whose name did not fit
    outside: int  # places outside the map part, of `held`
    held: int


@dataclass(slots=True)
class Caption:
    """Lines of text, and what is drawn between them; y grows downwards from the lower edge of the map part."""

    column: Column
    colours: Colours
    drawn: list[Draw] = field(default_factory=list)

    def marks(self, rows: Sequence[tuple[Callable[[float, float], Draw], str]]) -> None:
        """Marks 34 px wide, each with its words, in as many columns as fit."""
        many = 2 if self.column.width >= TWO_FROM else 1
        wide, top, deep = self.column.width / many, self.column.y, -(-len(rows) // many)
        down = [0.0] * many
        for at, (mark, text) in enumerate(rows):
            side = at // deep
            x, y = self.column.x + side * wide, top + down[side]
            parts = wrapped(text, SANS, NORMAL, wide - 44)
            for n, part in enumerate(parts):
                base = y + 6 + NORMAL + n * NORMAL * LINE
                self.column.lines.append(Line(x + 34, base, part, SANS, NORMAL, self.colours["ink"]))
            self.drawn.append(mark(x, y))
            down[side] += max(28.0, 8 + len(parts) * NORMAL * LINE)
        self.column.y = top + max(down) + 4

    def discs(self, rows: Sequence[tuple[float, str]]) -> None:
        """Discs of these radii with their words, side by side where they fit."""
        x, top, deep = self.column.x, self.column.y, 0.0
        for radius, text in rows:
            across = max(2 * radius, 24.0)
            wide = across + 10 + width_of(text, SANS, NORMAL) + 24
            if x > self.column.x and x + wide > self.column.x + self.column.width:
                x, top, deep = self.column.x, top + deep, 0.0
            middle = top + across / 2 + 2
            self.drawn.append(_disc(radius, (x + across / 2, middle), self.colours))
            line = Line(x + across + 10, middle + NORMAL * 0.35, text, SANS, NORMAL, self.colours["ink"])
            self.column.lines.append(line)
            x, deep = x + wide, max(deep, across + 8)
        self.column.y = top + deep + 4


def caption(view: MapView, told: Told, width: float, c: Colours, beside: Beside) -> Caption:
    """Everything that must be read with a map view, as wide as its map part.

    Parameters
    ----------
    view : MapView
        The map.
    told : Told
        What came of drawing it.
    width : float
        Pixels.
    c : mapping
        Colours of the scheme.
    beside : Beside
        What the page knows beside its view.
    """
    w, made = view.words, Caption(Column(MARGIN, MARGIN, width - 2 * MARGIN), c)
    say = made.column.say
    say(view.title, face=SERIF, px=TITLE, colour=c["ink"], after=6)
    if any(o.synthetic for o in view.provenance.operations):
        say(w("shell.synthetic"), face=BOLD, colour=c["note"], after=6)
    say(beside.sentence or view.sentence(), colour=c["ink-2"], after=6)
    for sentence in beside.said:
        say(sentence, colour=c["ink"], after=6)
    if told.outside:
        say(w("picture.outside", count=told.outside, places=told.held), colour=c["ink"], after=6)
    if told.unnamed:
        say(w("picture.unnamed", count=told.unnamed), colour=c["ink"], after=6)
    if told.undrawn:
        say(w("picture.undrawn", layers="; ".join(told.undrawn)), colour=c["note"], after=6)
    _states(made, view, beside)
    for title, entries in told.legends:
        say(title, face=BOLD, colour=c["ink"], after=4)
        made.marks([(_swatch(entry, c), _entry(entry, w)) for entry in entries])
    made.column.y += 8
    say(w("picture.notes"), face=BOLD, colour=c["ink"], after=4)
    later = False
    notes = sorted(view.notes(), key=lambda note: note.later)  # stable: those of each part in their order
    for note in notes:
        if note.later and not later and view.known is not None:
            later = True
            say(w("known.file_later", when=day(view.known, w.language)), face=BOLD, colour=c["ink"], after=4)
        when = note_date(note.when, w)
        text = (
            w("picture.note_dated", mark=note.mark, when=when, word=note.word, text=note.text)
            if when
            else w("picture.note", mark=note.mark, word=note.word, text=note.text)
        )
        say(text, colour=c["ink"])
        if note.source:
            say(note.source, px=SMALL, colour=c["ink-3"], indent=18)
        made.column.y += 6
    say(w("mappage.boundaries_credit"), px=SMALL, colour=c["ink-3"])
    say(w("picture.release", digest=view.digest[:8]), px=SMALL, colour=c["ink-3"])
    made.column.y += MARGIN
    return made


def _states(made: Caption, view: MapView, beside: Beside) -> None:
    """The seven states with their marks and how many sites are in each, and discs to scale."""
    w, c, say = view.words, made.colours, made.column.say
    held = view.snapshots.get("sites")
    table = held.table if held is not None else pd.DataFrame()
    sites, counts = beside.sites, dict(beside.states)
    if sites is not None:
        table = pd.DataFrame({"state": sites.state, "value": sites.value, "unit": sites.unit})
    if not len(table) and not counts:
        return
    counts = counts or {str(state): int(n) for state, n in table["state"].value_counts().items()}
    say(w("mappage.legend"), face=BOLD, colour=c["ink"], after=4)
    made.marks(
        [
            (
                _mark(icon(s), c),
                w("picture.mark", word=w(f"state.{s}"), count=number(counts.get(s.value, 0), w.language)),
            )
            for s in State
        ]
    )
    say(w("mappage.legend_older"), px=SMALL, colour=c["ink-3"], after=4)
    scale = scale_of(table) if len(table) else None
    if scale is not None and scale.unit:
        of_unit = (table["state"] == State.COUNTED) & (table["unit"] == scale.unit)
        most = float(table.loc[of_unit, "value"].max())
        sizes = [n for n in dict.fromkeys(round_below(most / part) for part in (1, 5, 25)) if n]
        unit = w(f"unit.{scale.unit}")
        rows = [
            (float(np.fmax(disc_radius_px(n, scale.k), DOT_PX)), number(n, w.language)) for n in sizes
        ]  # fmt: skip
        made.discs([(radius, w("map.amount", number=text, unit=unit)) for radius, text in rows])
    say(w("mappage.legend_size"), px=SMALL, colour=c["ink-3"], after=8)


def round_below(value: float) -> float:
    """The largest of 1, 2 or 5 times a power of ten that is not above `value`; 0 below 1."""
    if not value >= 1:
        return 0.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step * power for step in (1, 2, 5) if step * power <= value))


def _mark(name: str, c: Colours) -> Callable[[float, float], Draw]:
    return lambda x, y: lambda axes: stamp(axes, np.array([(x + 12, y + 14)]), name, c, zorder=1)


def _disc(radius: float, at: tuple[float, float], c: Colours) -> Draw:
    return lambda axes: discs(axes, np.array([at]), np.array([radius]), [c["data"]], zorder=1)


def _entry(entry: Entry, w: Words) -> str:
    """A line of a legend in words, with how many places it is drawn for."""
    text = entry.label
    if entry.count is not None:
        text = w("picture.mark", word=text, count=number(entry.count, w.language))
    return " ".join(part for part in (text, entry.note) if part)


def _swatch(entry: Entry, c: Colours) -> Callable[[float, float], Draw]:
    """What stands before a line of a legend: a colour, the pattern of an area, a mark, or nothing."""
    kinds = entry.swatch.split()
    if "mark" in kinds:
        return _mark(icon(kinds[-1].replace("-", "_")), c)
    hatch = HATCHES.get(PATTERNS[kinds[-1]]) if "pattern" in kinds and kinds[-1] in PATTERNS else None
    edge, width = (c["data"], ZERO_PX) if "zero" in kinds else (c["rule-strong"], EDGE_PX)
    look: dict[str, Any] = {"facecolor": shade(entry.colour) if entry.colour else c["land"]}
    if hatch is not None:
        look |= {"edgecolor": c[hatch.token], "hatch": LINES[hatch.kind]}

    def at(x: float, y: float) -> Draw:
        def draw(axes: Axes) -> None:
            if entry.colour or "pattern" in kinds:
                axes.add_patch(Rectangle((x, y + 4), 26, 18, linewidth=0, zorder=1, **look))
                frame = Rectangle((x, y + 4), 26, 18, fill=False, edgecolor=edge, linewidth=width, zorder=2)
                axes.add_patch(frame)

        return draw

    return at

"""The legend of areas by figure: limits as in the data, zero apart, every reason for no value by its hatch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from data.area_marks import BROKEN, NO_VALUE, STATE_FROM, Marks, marks_of, measure_of
from data.area_measures import DECIMALS
from data.classes import STEPS, ZERO
from data.codes import State
from data.model import Snapshot
from data.parts import STATES
from layers.colours import Colours, mixed
from layers.record import Entry
from layers.scene import Scene
from words import Words
from words.format import day, number, percent

METHODS: Mapping[str, str] = {
    "quantile": "areas.method_quantile", "jenks": "areas.method_jenks", "equal": "areas.method_equal",
    "own": "areas.method_own",
}  # fmt: skip
TITLES: Mapping[str, str] = {"people": "areas.measure_people", "coverage": "areas.measure_coverage"}
ZEROS: Mapping[str, str] = {
    "people": "areas.zero_people", "change": "areas.zero_change", "rate": "areas.zero_rate",
    "coverage": "areas.zero_coverage",
}  # fmt: skip
UNCLASSED = (State.NOT_ASSESSED, State.WITHHELD, State.DELISTED, State.CLOSED, State.NO_DATA)


def area_legend(scene: Scene) -> list[Entry]:
    """What the colours and hatches of the areas mean, from the lowest class; with how many areas each is drawn for.

    The states without a value, the break and the lack of a value are always there, also where no area has them.
    The counts together are all areas.
    """
    snapshot, w = scene.snapshots.get("areas"), scene.words
    if snapshot is None or not len(snapshot.table):
        return [Entry(label=w("areas.no_areas"))]
    made = marks_of(snapshot, scene.settings, scene.beside.get("areas"))
    measure = measure_of(snapshot.table, scene.settings)
    said = [_heading(snapshot, made, measure, w), *(entry for _, entry in coded(scene))]
    if measure == "rate":
        partly = w("areas.partial_count", areas=number(int(made.partial.sum()), w.language))
        noted = snapshot.table.get("noted")
        about = 0 if noted is None else int((noted.fillna("") != "").sum())
        if about:
            partly = f"{partly} {w('areas.partial_noted', areas=number(about, w.language))}"
        said.append(Entry(label=w("areas.partial"), swatch="swatch pattern partial", note=partly))
    return said


def coded(scene: Scene) -> list[tuple[int, Entry]]:
    """The entries by the code that is drawn with them: falls, zero, rises; then the reasons for no value."""
    w, measure = scene.words, measure_of(scene.snapshots["areas"].table, scene.settings)
    made = marks_of(scene.snapshots["areas"], scene.settings, scene.beside.get("areas"))
    by_code = shades(made, scene.colours)
    zero = Entry(
        label=w(ZEROS[measure]), count=made.count(ZERO),
        colour=by_code[ZERO] if made.classes.diverging else "",
        swatch="" if made.classes.diverging else "swatch pattern zero",
    )  # fmt: skip
    classed = [
        (c.code, Entry(label=limits(c.low, c.high, measure, w), colour=by_code[c.code], count=c.count))
        for c in made.classes.classes
    ]
    falls = sum(c.high < 0 for c in made.classes.classes)
    lacking = [
        (BROKEN, Entry(label=w("areas.broken"), swatch="swatch pattern broken")),
        *(
            (
                STATE_FROM + STATES.index(state),
                Entry(label=w(f"state.{state}"), swatch=f"swatch pattern {state}"),
            )
            for state in UNCLASSED
        ),
        (NO_VALUE, Entry(label=w("areas.no_value"), swatch="swatch pattern no_value")),
    ]
    counted = [(code, replace(entry, count=made.count(code))) for code, entry in lacking]
    return [*classed[:falls], (ZERO, zero), *classed[falls:], *counted]


def measure_title(snapshot: Snapshot, measure: str, words: Words) -> str:
    """What the colours stand for: the measure, with the date or the years that it rests on."""
    table, w = snapshot.table, words
    if measure == "change":
        since = table["since_last"].dropna()
        on = day(snapshot.on, w.language)
        if since.empty:
            return w("areas.measure_change_none", on=on)
        return w("areas.measure_change", since=day(since.iloc[0].date(), w.language), on=on)
    if measure == "rate":
        years = table.loc[table["residents"].notna(), ["people_year", "residents_year"]].drop_duplicates()
        if years.empty:
            return w("areas.measure_rate_none")
        living = sorted({str(year) for year in years["residents_year"]})
        return w("areas.measure_rate", people=str(years["people_year"].iloc[0]), residents=", ".join(living))
    return w(TITLES[measure], on=day(snapshot.on, w.language))


def limits(low: float, high: float, measure: str, words: Words) -> str:
    """The limits of a class as they are in the data; one number where they are one."""
    ends = [_printed(end, measure, words) for end in (low, high)]
    if ends[0] == ends[1]:
        return words("areas.class_one", low=ends[0])
    return words("areas.class", low=ends[0], high=ends[1])


def shades(made: Marks, colours: Colours) -> dict[int, str]:
    """The colour of zero and of each class, by code."""
    diverging = made.classes.diverging
    scale = [colours[f"{'div' if diverging else 'seq'}-{nth}"] for nth in range(1, STEPS + 1)]
    found = {ZERO: colours["div-3"] if diverging else colours["land"]}
    return found | {c.code: between(scale, c.step) for c in made.classes.classes}


def between(scale: Sequence[str], step: float) -> str:
    """The colour at a step (0 to 1) of a scale."""
    place = step * (len(scale) - 1)
    low = min(int(place), len(scale) - 2)
    share = place - low
    if share in {0.0, 1.0}:
        return scale[low + int(share)]
    return mixed(scale[low + 1], scale[low], share)


def _heading(snapshot: Snapshot, made: Marks, measure: str, w: Words) -> Entry:
    """The measure, how many areas have a value, how the classes were made, and where they are fewer than asked."""
    table = snapshot.table
    drawn = int(pd.notna(table["value"]).sum())
    said = [
        w("areas.shown", drawn=number(drawn, w.language), areas=number(len(table), w.language)),
        w(METHODS[made.classes.method]),
    ]
    if made.classes.fewer and drawn:
        said.append(w("areas.fewer", classes=str(len(made.classes.classes)), asked=str(made.classes.asked)))
    return Entry(label=measure_title(snapshot, measure, w), swatch="none", note=" ".join(said))


def _printed(value: float, measure: str, w: Words) -> str:
    if measure in {"change", "coverage"}:
        return percent(value, w.language, signed=measure == "change", decimals=DECIMALS[measure])
    return number(value, w.language)

"""What a colour of a site means: one palette a question, ordered where its classes are, and its legend."""

from __future__ import annotations

from collections.abc import Sequence

from layers.colours import Colours
from layers.record import Entry
from words import Words

NONE = 255  # the class of a site that has none
HATCH = "hatch"  # in place of a colour: two figures that cannot be compared have none of a change
UNORDERED = (
    "data",
    "div-5",
    "seq-3",
    "div-4",
    "data-3",
    "mute",
)  # kinds: told apart, none is more than another
FALL_TO_RISE = ("div-1", "div-2", "div-3", "div-4", "div-5", HATCH, "rule-strong", "mute")
NEW_TO_OLD = ("seq-5", "seq-4", "seq-3", "seq-2", "mute")  # a newer count is stronger
LACKING_FIRST = (
    "div-5",
    "seq-3",
    "seq-2",
    "mute",
    "rule-strong",
)  # none, in part, there, not assessed, never asked
ORDERS = {"type": UNORDERED, "age": NEW_TO_OLD, "change": FALL_TO_RISE, "gap": LACKING_FIRST}


def palette(colour: str, classes: int, colours: Colours) -> tuple[str, ...]:
    """The colours of the classes of a question, in their order.

    Parameters
    ----------
    colour : str
        The question: "type", "age", "change" or "gap"; any other has the one colour of what the data say.
    classes : int
        How many classes it has; of more than a palette holds, the last colour is that of all the rest.
    colours : mapping
        The colours of the scheme. What cannot be compared has that of a note, which is none of a change.
    """
    drawn = with_hatch(colour, classes, colours)
    return tuple(colours["note"] if shade == HATCH else shade for shade in drawn)


def with_hatch(colour: str, classes: int, colours: Colours) -> tuple[str, ...]:
    """The palette where a class can be hatched: `HATCH` stands for two figures that cannot be compared."""
    names = ORDERS.get(colour, ("data",))
    drawn = (names[min(i, len(names) - 1)] for i in range(classes))
    return tuple(name if name == HATCH else colours[name] for name in drawn)


def site_legend(
    colour: str, keys: Sequence[str], counts: Sequence[int], colours: Colours, words: Words
) -> list[Entry]:
    """The legend of a question: each class in words, with how many sites are in it, also where it is none.

    Parameters
    ----------
    keys : sequence of str
        Keys of the words of the classes.
    counts : sequence of int
        Sites in each class.
    """
    drawn = palette(colour, len(keys), colours)
    return [Entry(label=words(key), colour=drawn[i], count=int(counts[i])) for i, key in enumerate(keys)]

"""Who plays which part in the story: the sites and areas that something is told about in the ledger.

The cast are the first sites of the first block. Every other site lives and closes by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from data.training.geography import COMMUNES, PROVINCES, Geography
from data.training.seeds import stream

Ints = npt.NDArray[np.int64]


class Setting(IntEnum):
    """What a site is, by number; `data.codes.Setting` has the words."""

    CAMP = 0
    COLLECTIVE_CENTRE = 1
    HOST_COMMUNITY = 2


def _range(start: int, count: int) -> tuple[int, ...]:
    return tuple(range(start, start + count))


TAKEN_OFF = _range(0, 3)  # large settlements, off the list from round TAKEN_OFF, size published
UNSIZED = _range(3, 5)  # off the list from round TAKEN_OFF_UNSIZED, size not published
RELISTED = UNSIZED[:2]
REGISTERED = _range(8, 3)  # camps that are registered anew
RECATEGORIZED = _range(11, 8)  # camps that are called neighbourhoods later
MERGING = (19, 21, 23)  # each becomes part of the site in MERGED
MERGED = (20, 22, 24)
SPLITTING = (25, 27)  # a part of each becomes the site in SPLIT_OFF
SPLIT_OFF = (26, 28)
RENAMED = _range(29, 10)
RECODED = _range(39, 5)
WITHHELD = _range(44, 10)
EMPTIED = _range(54, 10)  # empty for one round
UNSURE = _range(64, 6)  # two names that may be one site
ERRED = (70, 71, 72)  # in their communes a figure is published wrongly and corrected
SIZE = 80  # the number of sites that have a part, or are kept free for one

HELD_FROM = 10  # round from which WITHHELD are not published


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The areas that something happens to, and where the cast of sites lies."""

    area: Ints  # commune of each of the first SIZE sites, shape (SIZE,)
    origin: Ints  # commune that their people came from, shape (SIZE,)
    emptied_in: Ints  # round in which each of EMPTIED is empty
    garbled: tuple[int, int]  # provinces whose figures are garbled in round UNEXPLAINED
    doubled: int  # province that is counted twice in round DOUBLE_COUNT


def cast(seed: int, geo: Geography) -> Cast:
    """The cast of one country."""
    rng = stream(seed, "cast")
    kept_out = {geo.lost, geo.split}
    free = np.array([a for a in range(COMMUNES) if int(geo.district_of[0][a]) not in kept_out])
    area = rng.choice(free, SIZE, replace=False)  # one commune each, so that each tells its own story
    # each from a commune of its own; the largest sites from the largest, which have so many people
    origin = rng.permutation(free)[:SIZE]
    large = [*TAKEN_OFF, *REGISTERED, *ERRED]
    largest = free[np.lexsort((free, -geo.residents[free]))][: len(large)]
    origin[np.isin(origin, largest)] = rng.choice(
        np.setdiff1d(free, [*origin, *largest]), int(np.isin(origin, largest).sum()), replace=False
    )
    origin[large] = largest
    for one, other in [*zip(MERGING, MERGED, strict=True), *zip(SPLITTING, SPLIT_OFF, strict=True)]:
        area[other], origin[other] = area[one], origin[one]
    provinces = rng.permutation(PROVINCES)
    # a province with camps of the cast is counted twice, so that there is something to count twice
    doubled = int(geo.province_of[area[REGISTERED[0]]])
    others = [int(p) for p in provinces if p != doubled]
    return Cast(
        area=area,
        origin=origin,
        emptied_in=rng.integers(5, 16, len(EMPTIED)),
        garbled=(others[0], others[1]),
        doubled=doubled,
    )

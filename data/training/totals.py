"""Sums over sites by commune and round, and from communes to districts, provinces and the country.

Sums of blocks add up: a country of any size needs the memory of one block and of these sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from data.training import schedule as rounds
from data.training.cast import ERRED, Cast, Setting
from data.training.geography import COMMUNES, DISTRICTS, PROVINCES, Geography
from data.training.observe import SITE_CAUSES, Observed, Status
from data.training.people import CELLS, EXITS, REASONS, Block
from data.training.schedule import ROUNDS

Ints = npt.NDArray[np.int64]
LEVELS = ("adm3", "adm2", "adm1", "")  # "" is the country
SHAPE = (ROUNDS, COMMUNES)


@dataclass(slots=True)
class Totals:
    """Sums by commune and round, each of shape (ROUNDS, COMMUNES)."""

    published: dict[str, Ints] = field(default_factory=dict)  # "people", "households", "listed", …
    truth: dict[str, Ints] = field(
        default_factory=dict
    )  # "in_sites", "among_hosts", "returnees", "at_home", …
    ledger: dict[str, Ints] = field(default_factory=dict)  # published minus truth, by cause

    def add(self, block: Block, seen: Observed, geo: Geography) -> None:
        """Add one block."""
        self._add(self.published, _published(block, seen, geo))
        self._add(self.truth, _truth(block))
        causes = {cause: _by_commune(block.area, seen.ledger[cause]) for cause in SITE_CAUSES}
        self._add(self.ledger, causes | {"outside_list": -block.among_hosts})

    @staticmethod
    def _add(into: dict[str, Ints], more: Mapping[str, Ints]) -> None:
        for name, values in more.items():
            into[name] = into[name] + values if name in into else values


def _by_commune(area: Ints, values: Ints) -> Ints:
    """Sums of site values, shape (sites, ROUNDS), by round and commune. Whole numbers below 2**53 stay exact."""
    place = area[:, None] + COMMUNES * np.arange(ROUNDS)
    return np.bincount(place.ravel(), values.ravel(), ROUNDS * COMMUNES).astype(np.int64).reshape(SHAPE)


def _published(block: Block, seen: Observed, geo: Geography) -> dict[str, Ints]:
    times = 1 + seen.doubled.astype(np.int64)
    people = seen.people * times
    hosts = seen.setting == Setting.HOST_COMMUNITY
    found = {
        "people": people,
        "households": seen.households * times,
        "listed": seen.listed.astype(np.int64),
        "counted": np.isin(seen.status, (Status.COUNTED, Status.COUNTED_ZERO)).astype(np.int64),
        "camps": np.where(hosts, 0, seen.people),
        "hosts": np.where(hosts, seen.people, 0),
        # the baseline assessment of a doubled province holds its camps too
        "BA": np.where(hosts | seen.doubled, seen.people, 0),
        "SA": np.where(hosts, 0, seen.people),
    }
    sums = {name: _by_commune(block.area, values) for name, values in found.items()}
    cells = block.cells(seen.people) * times[..., None]
    for at in range(len(CELLS)):
        sums[f"cell/{at}"] = _by_commune(block.area, cells[..., at])
    for at in range(len(REASONS)):
        of = block.reason == at
        sums[f"reason/{at}"] = _by_commune(block.area[of], people[of])
    home = geo.province_of[block.origin]
    for at in range(PROVINCES):
        of = home == at
        sums[f"origin/{at}"] = _by_commune(block.area[of], people[of])
    return sums


def _truth(block: Block) -> dict[str, Ints]:
    sums = {
        "in_sites": _by_commune(block.area, block.stock),
        "among_hosts": block.among_hosts,
        "returnees": block.returnees,
        "at_home": block.at_home,
        "left_country": block.left_country,
        "came_back": block.came_back,
        "displaced": _by_commune(block.origin, block.moves["arrived"]),
        "came_home": _by_commune(block.origin, block.moves["returned"]),
        "residents": np.broadcast_to(block.residents, SHAPE).astype(np.int64),
    }
    for kind in ("arrived", "moved_in", "merged_in", "split_in", *EXITS):
        sums[f"sites/{kind}"] = _by_commune(block.area, block.moves[kind])
    return sums


def to_level(values: Ints, level: str, geo: Geography) -> Ints:
    """Sums by commune as sums by area of a level, shape (ROUNDS, areas of the level).

    Districts are numbered over both versions of the boundaries; a district has 0 in rounds it was not there.
    """
    if level == "adm3":
        return values
    if level == "adm1":
        return _grouped(values, np.broadcast_to(geo.province_of, SHAPE), PROVINCES)
    if level == "adm2":
        return _grouped(values, geo.district_of[geo.versions], DISTRICTS + 2)
    country: Ints = values.sum(axis=1, keepdims=True)
    return country


def _grouped(values: Ints, group: Ints, count: int) -> Ints:
    place = group + count * np.arange(values.shape[0])[:, None]
    return (
        np.bincount(place.ravel(), values.ravel(), values.shape[0] * count)
        .astype(np.int64)
        .reshape(-1, count)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Publications:
    """The order in which figures of people were published.

    `errors` is by vintage what each commune's figure was wrong by, shape (ROUNDS, COMMUNES); the vintages of
    a round are in `vintages`, oldest first.
    """

    errors: Mapping[str, Ints]
    vintages: Mapping[int, tuple[str, ...]]  # by number of the round, where there is more than "first"


def publications(people: Ints, roles: Cast) -> Publications:
    """The wrong figures and their corrections.

    A digit too many (round CORRECTED_EARLY); most of a commune left out, then put in with too much, then
    right (CORRECTED_TWICE); half of a commune left out (CORRECTED_LATE).
    """
    first, corrected = np.zeros(SHAPE, dtype=np.int64), np.zeros(SHAPE, dtype=np.int64)
    areas = roles.area[list(ERRED)]
    early, twice, late = (
        n - 1 for n in (rounds.CORRECTED_EARLY, rounds.CORRECTED_TWICE, rounds.CORRECTED_LATE)
    )
    first[early, areas[0]] = 9 * people[early, areas[0]]
    first[twice, areas[1]] = -(people[twice, areas[1]] * 3 // 5)
    corrected[twice, areas[1]] = people[twice, areas[1]] // 4
    first[late, areas[2]] = -(people[late, areas[2]] // 2)
    return Publications(
        errors={"first": first, "corrected": corrected, "corrected-2": np.zeros(SHAPE, dtype=np.int64)},
        vintages={
            rounds.CORRECTED_EARLY: ("first", "corrected"),
            rounds.CORRECTED_TWICE: ("first", "corrected", "corrected-2"),
            rounds.WITHDRAWN: ("first", "withdrawn"),
            rounds.CORRECTED_LATE: ("first", "corrected"),
        },
    )

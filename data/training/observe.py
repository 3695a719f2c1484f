"""The observation model: what a mobility tracking operation makes of the truth, step by step.

Each step takes people and gives people, in whole numbers, and its difference is kept under the name of the
step: so the published figure minus the truth is the sum of the steps, for every site and round. Nothing here
changes the truth, and nothing in the truth knows of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from data.training import cast as cast_of
from data.training import schedule as rounds
from data.training.cast import Cast, Setting
from data.training.geography import Geography
from data.training.people import ENTRIES, EXITS, NEVER, Block, households
from data.training.schedule import MULTIPLIER, ROUNDS, Schedule
from data.training.seeds import stream

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Why a published figure of a site differs from the truth, in the order of the steps
SITE_CAUSES = (
    "not_known",  # people are there; the operation does not know the place yet
    "taken_off_list",
    "access_lost",  # the district could not be reached
    "not_visited",
    "carried_forward",  # not visited; the last count stands in
    "visit_day",  # people came or left between the visit and the last day of the round
    "definition",  # people who rent are not counted
    "informants",  # what key informants said
    "multiplier",  # households times a stated number in place of people
    "old_register",  # a register that was not kept up
    "rounding",
    "data_entry",  # households entered as people; never explained by the operation
    "withheld",
    "double_count",  # counted under two assessments
)
# Why a figure of an area differs further
AREA_CAUSES = (
    "outside_list",  # displaced people among hosts, outside every place of the list
    "publication_error",  # corrected later
    "withdrawn",
)
CAUSES = SITE_CAUSES + AREA_CAUSES

VISITED = 0.93  # chance that a listed site which can be reached is visited
CARRIED = 0.6  # chance that the last count of one that is not visited stands in
OLDEST = 2  # rounds after which a count is not carried further
STALE_REGISTER = 620  # thousandths of the people of a camp that its old register held
ROUND_TO = 10  # estimates in host communities before METHOD


class Status(IntEnum):
    """What is published of a site in a round, by number; 0 is nothing at all."""

    NONE = 0
    COUNTED = 1
    COUNTED_ZERO = 2
    NOT_ASSESSED = 3
    WITHHELD = 4
    DELISTED = 5
    CLOSED = 6


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What was published of the sites of a block; arrays of shape (sites, ROUNDS), rounds by index."""

    known_in: Ints  # index of the first round in which a site is on the list, NEVER: never; shape (sites,)
    closed_in: Ints  # index of the round in which its closure is published, shape (sites,)
    listed: Bools
    reached: Bools  # could be reached
    visited: Bools
    visit_day: Ints  # since the last day of the round before; 0: not visited
    informants: Ints  # key informants asked; 0: not visited
    carried_from: Ints  # index of the round of the count that stands in, -1: none
    flagged: Bools  # a carried count is marked as such
    setting: Ints  # as published
    status: Ints
    people: Ints  # 0 where there is no figure
    households: Ints
    about: Bools  # printed as a rounded figure
    doubled: Bools  # counted a second time in the totals
    ledger: Mapping[str, Ints]  # published minus truth, by SITE_CAUSES


def observe(seed: int, block: Block, geo: Geography, when: Schedule, roles: Cast) -> Observed:
    """What the operation publishes of one block, site by site."""
    rng = stream(seed, "observe", block.number)
    sites, cast = block.sites, np.zeros(block.sites, dtype=np.bool_)
    cast[: cast_of.SIZE if block.number == 0 else 0] = True
    t = np.arange(ROUNDS)
    known, closed = _known(rng, block, geo, cast)
    off = _off_list(block)
    unreachable = (geo.district_of[0][block.area] == geo.lost)[:, None] & np.isin(t + 1, rounds.LOST)
    on_list = (t >= known[:, None]) & (t < closed[:, None])
    listed = on_list & ~off
    visited = listed & ~unreachable & ((rng.random((sites, ROUNDS)) < VISITED) | cast[:, None])
    setting = np.repeat(block.setting[:, None], ROUNDS, axis=1)
    if block.number == 0:
        setting[list(cast_of.RECATEGORIZED), rounds.RECATEGORIZED - 1 :] = Setting.HOST_COMMUNITY
    ledger = {cause: np.zeros((sites, ROUNDS), dtype=np.int64) for cause in SITE_CAUSES}
    visit_day = when.length - when.window + 1 + (rng.random((sites, ROUNDS)) * when.window).astype(np.int64)
    people, hh, about = _counted(rng, block, geo, roles, setting, visit_day, ledger)
    for cause in SITE_CAUSES:
        ledger[cause] = np.where(visited, ledger[cause], 0)
    people, hh, about = (np.where(visited, of, 0) for of in (people, hh, about))
    carried_from = _carry(rng, visited, listed & ~unreachable, people, hh)
    carried = carried_from >= 0
    withheld = np.zeros((sites, ROUNDS), dtype=np.bool_)
    if block.number == 0:
        withheld[list(cast_of.WITHHELD), cast_of.HELD_FROM - 1 :] = True
        withheld &= visited
    truth = block.stock
    ledger["carried_forward"] = np.where(carried, people - truth, 0)
    ledger["withheld"] = np.where(withheld, -people, 0)
    ledger["not_visited"] = np.where(listed & ~unreachable & ~visited & ~carried, -truth, 0)
    ledger["access_lost"] = np.where(listed & unreachable, -truth, 0)
    ledger["taken_off_list"] = np.where(on_list & off, -truth, 0)
    ledger["not_known"] = np.where(t < known[:, None], -truth, 0)
    people, hh = np.where(withheld, 0, people), np.where(withheld, 0, hh)
    doubled = (
        (setting != Setting.HOST_COMMUNITY)
        & (geo.province_of[block.area] == roles.doubled)[:, None]
        & (t + 1 == rounds.DOUBLE_COUNT)
    )
    ledger["double_count"] = np.where(doubled, people, 0)
    status = np.where(
        visited | carried, np.where(people > 0, Status.COUNTED, Status.COUNTED_ZERO), Status.NONE
    )
    status = np.where(listed & ~visited & ~carried, Status.NOT_ASSESSED, status)
    status = np.where(withheld, Status.WITHHELD, status)
    first_off = off & ~np.roll(off, 1, axis=1)
    status = np.where(on_list & first_off, Status.DELISTED, status)
    status = np.where((t == closed[:, None]) & (closed < NEVER)[:, None], Status.CLOSED, status)
    informants = np.where(visited, 1 + rng.poisson(1.4, (sites, ROUNDS)), 0)
    return Observed(
        known_in=known, closed_in=closed, listed=listed, reached=~unreachable, visited=visited,
        visit_day=np.where(visited, visit_day, 0), informants=informants, carried_from=carried_from,
        flagged=carried & (rng.random((sites, ROUNDS)) < 0.5), setting=setting, status=status, people=people,
        households=hh, about=about, doubled=doubled, ledger=ledger,
    )  # fmt: skip


def _known(rng: np.random.Generator, block: Block, geo: Geography, cast: Bools) -> tuple[Ints, Ints]:
    """The rounds in which a site enters the list and in which its closure is published."""
    late = np.where(rng.random(block.sites) < 0.7, 0, rng.integers(1, 4, block.sites))
    known = np.minimum(block.opened + np.where(cast, 0, late), NEVER)
    closed = block.closes.copy()
    # nobody tells of a closure in a district that cannot be reached until it can be again
    away = (geo.district_of[0][block.area] == geo.lost) & np.isin(closed + 1, rounds.LOST)
    closed[away] = rounds.REGAINED - 1
    never = known >= block.closes
    return np.where(never, NEVER, known), np.where(never, NEVER, closed)


def _off_list(block: Block) -> Bools:
    off = np.zeros((block.sites, ROUNDS), dtype=np.bool_)
    if block.number == 0:
        off[list(cast_of.TAKEN_OFF), rounds.TAKEN_OFF - 1 :] = True
        off[list(cast_of.UNSIZED), rounds.TAKEN_OFF_UNSIZED - 1 :] = True
        off[list(cast_of.RELISTED), rounds.RELISTED - 1 :] = False
    return off


def _counted(
    rng: np.random.Generator,
    block: Block,
    geo: Geography,
    roles: Cast,
    setting: Ints,
    visit_day: Ints,
    ledger: dict[str, Ints],
) -> tuple[Ints, Ints, Bools]:
    """People and households as they would be counted at every site in every round, with the steps."""
    t = np.arange(1, ROUNDS + 1)
    shape = block.stock.shape
    registered = np.zeros((block.sites, 1), dtype=np.bool_)
    if block.number == 0:
        registered[list(cast_of.REGISTERED)] = True
    there = _on_day(block, visit_day)
    ledger["visit_day"] = there - block.stock
    meant = there - np.where(t >= rounds.DEFINITION, (there * block.rented[:, None] + 500) // 1000, 0)
    ledger["definition"] = meant - there
    families = households(meant, block.household[:, None])
    # what informants say: each site has its own leaning, each round its own error
    said = 1000 + rng.integers(-70, 71, block.sites)[:, None] + rng.integers(-60, 61, shape)
    heard = (meant * said + 500) // 1000
    by_shelter = (families * said + 500) // 1000
    stale = (meant * STALE_REGISTER + 500) // 1000
    multiplied = (t >= rounds.METHOD) & ~registered
    informed = np.where(registered, np.where(t >= rounds.RE_REGISTERED, meant, stale), heard)
    ledger["old_register"] = np.where(registered, informed - meant, 0)
    ledger["informants"] = np.where(registered, 0, informed - meant)
    people = np.where(multiplied, by_shelter * MULTIPLIER, informed)
    ledger["multiplier"] = people - informed
    about = (t < rounds.METHOD) & ~registered & (setting == Setting.HOST_COMMUNITY)
    printed = np.where(about, (people + ROUND_TO // 2) // ROUND_TO * ROUND_TO, people)
    ledger["rounding"] = printed - people
    hh = np.where(multiplied, by_shelter, (printed + MULTIPLIER // 2) // MULTIPLIER)
    listed_families = np.where(t >= rounds.RE_REGISTERED, families, (families * STALE_REGISTER + 500) // 1000)
    hh = np.where(registered, listed_families, hh)
    garbled = np.isin(geo.province_of[block.area], roles.garbled)[:, None] & (t == rounds.UNEXPLAINED)
    entered = np.where(garbled, hh, printed)
    ledger["data_entry"] = entered - printed
    return entered, hh, about


def _on_day(block: Block, day: Ints) -> Ints:
    """People in each site on a day of each round, counted from the last day of the round before."""
    there = block.stock.copy()
    for kind in ENTRIES:
        there -= np.where(block.days[kind] > day, block.moves[kind], 0)
    for kind in EXITS:
        there += np.where(block.days[kind] > day, block.moves[kind], 0)
    return there


def _carry(rng: np.random.Generator, visited: Bools, could_be: Bools, people: Ints, hh: Ints) -> Ints:
    """Let the last count stand in where a site was not visited; `people` and `hh` are filled in place.

    Returns
    -------
    Array of shape (sites, ROUNDS)
        The index of the round that a figure was carried from, -1 where none was.
    """
    sites = visited.shape[0]
    source = np.full(visited.shape, -1, dtype=np.int64)
    last = np.full(sites, -1, dtype=np.int64)
    chance = rng.random(visited.shape) < CARRIED
    row = np.arange(sites)
    for t in range(ROUNDS):
        taken = could_be[:, t] & ~visited[:, t] & chance[:, t] & (last >= 0) & (t - last <= OLDEST)
        source[taken, t] = last[taken]
        people[taken, t] = people[row[taken], last[taken]]
        hh[taken, t] = hh[row[taken], last[taken]]
        if t + 1 != rounds.WITHDRAWN:  # a withdrawn count is carried nowhere
            last = np.where(visited[:, t], t, last)
    return source

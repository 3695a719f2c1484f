"""What really happened: where people were on the last day of every round, and how they came and went.

Everything is a count of people in whole numbers, and every stock is the stock before, plus entries, minus
exits. Left out, and said so wherever the truth is described: births and deaths; a second displacement of
people who had returned; and what becomes of people after they left a site for a host community that is no
place of the list: they stay there until the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.training import cast as cast_of
from data.training.cast import Cast, Setting
from data.training.geography import COMMUNES, Geography
from data.training.schedule import MERGES, PROGRAMME, ROUNDS, SPLITS, Schedule
from data.training.seeds import stream

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SITES = 1500  # of one block
ENTRIES = ("arrived", "moved_in", "merged_in", "split_in")
EXITS = ("returned", "to_hosts", "evicted", "granted", "formalised", "moved_out", "merged_out", "split_out")
TO_HOSTS = ("to_hosts", "evicted", "granted", "formalised")  # exits that end among hosts, outside every site
CLOSURES = ("return", "eviction", "grant", "formalised", "unknown", "merged")
_EXIT_OF = ("returned", "evicted", "granted", "formalised", "to_hosts", "merged_out")
REASONS = ("storm", "landslide", "violence")
SEXES = ("female", "male")
AGES = ("0-4", "5-17", "18-59", "60+")
CELLS = tuple((sex, age) for sex in SEXES for age in AGES)
NEVER = ROUNDS  # index of a round that does not come


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """SITES sites and the people of one country's worth of communes.

    Rounds are indices from 0. `moves` and `days` have one array a kind, shape (sites, ROUNDS); a day counts
    from the last day of the round before, 1 to its length. Area arrays have shape (ROUNDS, COMMUNES).
    """

    number: int
    area: Ints
    origin: Ints
    reason: Ints
    setting: Ints
    opened: Ints
    closes: Ints  # NEVER where it does not
    closure: Ints  # index of CLOSURES, of those that close
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    names: tuple[str, ...]
    household: Ints  # tenths of a person a household
    rented: Ints  # thousandths of the people of a site who rent
    shares: Ints  # running thousandths of the people of a site by CELLS, shape (sites, 8), last 1000
    mover: Ints  # the site that people move to
    stock: Ints  # (sites, ROUNDS)
    moves: Mapping[str, Ints]
    days: Mapping[str, Ints]
    residents: Ints  # before anybody was displaced, shape (COMMUNES,)
    at_home: Ints
    among_hosts: Ints
    returnees: Ints
    left_country: Ints
    came_back: Ints

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return int(self.area.size)

    def households(self) -> Ints:
        """Households in each site and round."""
        return households(self.stock, self.household[:, None])

    def cells(self, people: Ints) -> Ints:
        """`people`, shape (sites, ROUNDS), by CELLS: shape (sites, ROUNDS, 8); the parts sum to the whole."""
        edges = (people[..., None] * self.shares[:, None, :] + 500) // 1000
        parts: Ints = np.diff(edges, axis=-1, prepend=0)
        return parts


def households(people: Ints, tenths: Ints) -> Ints:
    """People as households of a mean size, given in tenths of a person; somebody is at least one household."""
    whole = (people * 10 + tenths // 2) // tenths
    return np.where((people > 0) & (whole == 0), 1, whole).astype(np.int64)


def simulate(
    seed: int,
    block: int,
    geo: Geography,
    when: Schedule,
    roles: Cast,
    abroad: tuple[Ints, Ints],
    names: tuple[str, ...],
    sites: int = SITES,
) -> Block:
    """The truth of one block.

    Parameters
    ----------
    seed, block : int
        Block 0 is the default country; each further block brings as many sites and people again.
    abroad : tuple of arrays, shape (ROUNDS,)
        Residents who left the country and who came back between the rounds: they are part of block 0.
    sites : int
        At least `cast.SIZE`.
    """
    if sites < cast_of.SIZE:
        raise ValueError(
            f"A block has at least {cast_of.SIZE} sites, one for each part of the story, not {sites}."
        )
    rng = stream(seed, "people", block)
    made = _founded(rng, block, geo, roles, sites)
    mover, source = _movers(made.origin, made.area)
    stock = np.zeros((sites, ROUNDS), dtype=np.int64)
    moves = {kind: np.zeros((sites, ROUNDS), dtype=np.int64) for kind in (*ENTRIES, *EXITS)}
    home = geo.residents.copy()
    floor = geo.residents // 2  # at least half of the residents of every commune stay
    shape = (ROUNDS, COMMUNES)
    at_home, hosts, returned = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    left, back = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    now = np.zeros(sites, dtype=np.int64)
    among, came_home = np.zeros(COMMUNES, np.int64), np.zeros(COMMUNES, np.int64)
    wave = _waves(rng)
    joins = _joins(block)
    for t in range(ROUNDS):
        exits = _exits(rng, t, now, made, mover)
        entries = {kind: np.zeros(sites, dtype=np.int64) for kind in ENTRIES}
        entries["moved_in"] = exits["moved_out"][source]
        for at, parent, other, into, out in joins:
            if at == t:
                if out == "split_out":
                    staying = now[parent] - sum(int(e[parent]) for e in exits.values())
                    exits[out][parent] = staying * 2 // 5
                entries[into][other] += exits[out][parent]
        wanted = _arrivals(rng, t, now, made, wave)
        needed = np.bincount(made.origin, wanted, COMMUNES)
        room = np.maximum(home - floor, 0)
        part = np.where(needed > room, room / np.maximum(needed, 1), 1.0)
        entries["arrived"] = np.floor(wanted * part[made.origin]).astype(np.int64)
        for kind, people in (entries | exits).items():
            moves[kind][:, t] = people
        now = now + sum(entries.values()) - sum(exits.values())
        stock[:, t] = now
        arrived, went_home = (np.bincount(made.origin, p, COMMUNES).astype(np.int64)
                              for p in (entries["arrived"], exits["returned"]))  # fmt: skip
        to_hosts = np.bincount(made.area, sum(exits[kind] for kind in TO_HOSTS), COMMUNES).astype(np.int64)
        if block == 0:
            left[t] = _shared_out(rng, int(abroad[0][t]), home - arrived)
            back[t] = _shared_out(rng, int(abroad[1][t]), geo.residents)
        home = home - arrived - left[t] + back[t]
        among, came_home = among + to_hosts, came_home + went_home
        at_home[t], hosts[t], returned[t] = home, among, came_home
    lon, lat = geo.locate(stream(seed, "people", block, "places"), made.area)
    days = _days(rng, when, made, source, joins)
    return Block(
        number=block, area=made.area, origin=made.origin, reason=made.reason, setting=made.setting,
        opened=made.opened, closes=made.closes, closure=made.closure, lon=lon, lat=lat, names=names,
        household=made.household, rented=made.rented, shares=made.shares, mover=mover, stock=stock, moves=moves,
        days=days, residents=geo.residents, at_home=at_home, among_hosts=hosts, returnees=returned,
        left_country=left, came_back=back,
    )  # fmt: skip


def _days(
    rng: np.random.Generator, when: Schedule, made: _Founded, source: Ints, joins: list[_Join]
) -> dict[str, Ints]:
    """The day of every movement, counted from the last day of the round before: 1 to the round's length."""
    shape = (made.area.size, ROUNDS)
    days = {kind: 1 + (rng.random(shape) * when.length).astype(np.int64) for kind in (*ENTRIES, *EXITS)}
    # a site that opens is there before the round's visits begin, one that is empty was left before them
    before = np.maximum(when.length - when.window, 1)
    opens = made.opened[:, None] == np.arange(ROUNDS)
    days["arrived"] = np.where(opens, 1 + (days["arrived"] - 1) % before, days["arrived"])
    emptied = made.empty_in[:, None] == np.arange(ROUNDS)
    days["to_hosts"] = np.where(emptied, 1 + (days["to_hosts"] - 1) % before, days["to_hosts"])
    days["moved_in"] = days["moved_out"][source]  # who arrives has left on the same day
    for at, parent, other, into, out in joins:
        days[into][other, at] = days[out][parent, at]
    return days


class _Join(NamedTuple):
    """A merge or a split: in which round (index), from which site to which, as which kinds of movement."""

    at: int
    parent: int
    other: int
    into: str
    out: str


@dataclass(frozen=True, slots=True, eq=False)
class _Founded:
    """What does not change about sites."""

    area: Ints
    origin: Ints
    reason: Ints
    setting: Ints
    opened: Ints
    closes: Ints
    closure: Ints
    size: Ints
    household: Ints
    rented: Ints
    shares: Ints
    empty_in: Ints  # index of the round in which a site is empty; -1: in none
    safe: Bools  # nobody is evicted there, so that what is told of it stays true


def _founded(rng: np.random.Generator, block: int, geo: Geography, roles: Cast, sites: int) -> _Founded:
    weight = geo.residents / geo.residents.sum()
    area = rng.choice(COMMUNES, sites, p=weight)
    # most people stay in their province; the others come from anywhere
    near = rng.random(sites) < 0.7
    origin = rng.choice(COMMUNES, sites, p=weight)
    for province in range(int(geo.province_of.max()) + 1):
        inside = np.flatnonzero(geo.province_of == province)
        here = np.flatnonzero(near & (geo.province_of[area] == province))
        origin[here] = rng.choice(inside, here.size)
    reason = rng.choice(3, sites, p=(0.5, 0.15, 0.35))
    setting = rng.choice(3, sites, p=(0.3, 0.15, 0.55))
    opened = np.where(rng.random(sites) < 0.8, 0, rng.integers(1, 20, sites))
    life = 2 + rng.geometric(0.032, sites)
    closes = np.where(opened + life < ROUNDS, opened + life, NEVER)
    closure = rng.choice(5, sites, p=(0.36, 0.16, 0.18, 0.1, 0.2))
    closure = np.where((closure == CLOSURES.index("grant")) & (closes < PROGRAMME - 1), 0, closure)
    size = (12 + rng.gamma(0.75, 1.0, sites) * np.array([420.0, 150.0, 190.0])[setting]).astype(np.int64)
    household = rng.integers(40, 54, sites)
    rented = np.where(setting == Setting.HOST_COMMUNITY, rng.integers(60, 240, sites), 0)
    shares = _shares(rng, sites)
    empty_in, safe = np.full(sites, -1), np.zeros(sites, dtype=np.bool_)
    if block == 0:
        kept = np.arange(cast_of.SIZE)
        area[kept], origin[kept] = roles.area, roles.origin
        opened[kept], closes[kept] = 0, NEVER
        setting[kept] = np.where(kept % 2, Setting.CAMP, Setting.HOST_COMMUNITY)
        size[kept] = np.maximum(size[kept], 150)
        size[list(cast_of.TAKEN_OFF)] = rng.integers(5500, 9500, 3)
        size[list(cast_of.REGISTERED)] = rng.integers(4200, 6800, 3)
        size[list(cast_of.UNSIZED)] = rng.integers(500, 1500, 5)
        size[list(cast_of.RECATEGORIZED)] = rng.integers(500, 1300, 8)
        size[list(cast_of.ERRED)] = rng.integers(2500, 4200, 3)
        camps = (*cast_of.TAKEN_OFF, *cast_of.UNSIZED, *cast_of.REGISTERED, *cast_of.RECATEGORIZED)
        setting[list(camps)] = Setting.CAMP
        setting[list(cast_of.WITHHELD)] = Setting.COLLECTIVE_CENTRE
        rented[kept] = np.where(setting[kept] == Setting.HOST_COMMUNITY, rented[kept], 0)
        for site, number in zip(cast_of.MERGING, MERGES, strict=True):
            closes[site], closure[site] = number - 1, CLOSURES.index("merged")
        for child, parent, number in zip(cast_of.SPLIT_OFF, cast_of.SPLITTING, SPLITS, strict=True):
            opened[child], size[child], setting[child] = number - 1, 0, setting[parent]
            rented[child] = rented[parent]
        empty_in[list(cast_of.EMPTIED)] = roles.emptied_in - 1
        safe[kept] = True
    return _Founded(
        area=area, origin=origin, reason=reason, setting=setting, opened=opened, closes=closes, closure=closure,
        size=size, household=household, rented=rented, shares=shares, empty_in=empty_in, safe=safe,
    )  # fmt: skip


def _shares(rng: np.random.Generator, sites: int) -> Ints:
    """Running thousandths by CELLS, ending in 1000."""
    mean = np.array([78, 152, 232, 48, 80, 158, 208, 44])
    parts = mean + (mean * (rng.random((sites, 8)) - 0.5) * 0.5).astype(np.int64)
    running: Ints = np.cumsum(parts, axis=1) * 1000 // parts.sum(axis=1, keepdims=True)
    running[:, -1] = 1000
    return running


def _movers(origin: Ints, area: Ints) -> tuple[Ints, Ints]:
    """For each site the one that its people move to, and the one that people come from: of the same origin."""
    order = np.lexsort((np.arange(origin.size), area, origin))
    groups = np.split(order, np.flatnonzero(np.diff(origin[order])) + 1)
    target = np.arange(origin.size)
    for group in groups:
        target[group] = np.roll(group, -1)
    return target, np.argsort(target)


def _waves(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """New displacement in each round as a share of the people of a site, by reason: shape (3, ROUNDS)."""
    base = rng.uniform(0.005, 0.03, (3, ROUNDS))
    for reason in range(3):
        base[reason, rng.choice(np.arange(2, ROUNDS), 2, replace=False)] += 0.12
    return base


def _joins(block: int) -> list[_Join]:
    """The merges and splits of a block: the first one alone has some."""
    if block:
        return []
    merges = zip(MERGES, cast_of.MERGING, cast_of.MERGED, strict=True)
    splits = zip(SPLITS, cast_of.SPLITTING, cast_of.SPLIT_OFF, strict=True)
    return [
        *(_Join(n - 1, a, b, "merged_in", "merged_out") for n, a, b in merges),
        *(_Join(n - 1, a, b, "split_in", "split_out") for n, a, b in splits),
    ]


def _exits(rng: np.random.Generator, t: int, now: Ints, made: _Founded, mover: Ints) -> dict[str, Ints]:
    """Who leaves, by kind; a site that closes or is empty in this round loses everybody."""
    n = now.size
    exits = {kind: np.zeros(n, dtype=np.int64) for kind in EXITS}
    closing, emptied = made.closes == t, made.empty_in == t
    staying = np.where(closing | emptied, 0, now)
    struck = (rng.random(n) < 0.004) & ~made.safe
    exits["evicted"] = np.where(struck, (staying * rng.uniform(0.3, 0.9, n)).astype(np.int64), 0)
    left = staying - exits["evicted"]
    exits["returned"] = rng.binomial(left, 0.012 if t < 9 else 0.03)
    left = left - exits["returned"]
    exits["granted"] = rng.binomial(
        left, np.where((made.setting == Setting.CAMP) & (t + 1 >= PROGRAMME), 0.015, 0.0)
    )
    left = left - exits["granted"]
    exits["to_hosts"] = rng.binomial(left, 0.01)
    left = left - exits["to_hosts"]
    both_open = (made.opened < t) & (made.closes > t) & (made.opened[mover] <= t) & (made.closes[mover] > t)
    both_open &= (mover != np.arange(n)) & (made.empty_in[mover] != t)
    exits["moved_out"] = np.where(both_open, rng.binomial(left, 0.008), 0)
    for at, kind in enumerate(_EXIT_OF):
        exits[kind] = exits[kind] + np.where(closing & (made.closure == at), now, 0)
    exits["to_hosts"] = exits["to_hosts"] + np.where(emptied & ~closing, now, 0)
    return exits


def _arrivals(
    rng: np.random.Generator, t: int, now: Ints, made: _Founded, wave: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """People newly displaced who would come to each site."""
    is_open = (made.opened <= t) & (made.closes > t) & (made.empty_in != t)
    more = rng.poisson(now * wave[made.reason, t])
    back = np.where((made.empty_in == t - 1) & (made.empty_in >= 0), made.size // 2, 0)
    wanted = np.where(made.opened == t, made.size, more + back)
    return np.where(is_open, wanted, 0).astype(np.float64)


def _shared_out(rng: np.random.Generator, people: int, weights: Ints) -> Ints:
    """`people` over the communes, by chance in proportion to `weights`."""
    return rng.multinomial(people, weights / weights.sum()).astype(np.int64)

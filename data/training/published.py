"""Observations of mobility tracking: the rows of sites, and the rows of areas with all their vintages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.codes import ConfStatus, ObsStatus, Precision, RowKind, State
from data.training import keys
from data.training import schedule as rounds
from data.training.cast import Setting
from data.training.geography import PROVINCES, Geography
from data.training.observe import Observed, Status
from data.training.people import CELLS, REASONS, SEXES, Block
from data.training.returnees import Returnees
from data.training.rows import TEXT, Gaps, Labels, joined, table_of
from data.training.schedule import ROUNDS, Schedule
from data.training.tables import OBSERVATIONS_BY_PLACE, Assessment
from data.training.totals import LEVELS, Publications, Totals, to_level
from data.training.words import french, number

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NUMBERS = tuple(f"{n:02d}" for n in range(1, ROUNDS + 1))
STATES = (
    "",
    State.COUNTED,
    State.COUNTED_ZERO,
    State.NOT_ASSESSED,
    State.WITHHELD,
    State.DELISTED,
    State.CLOSED,
)
# days after the first publication by which a later one was surely public
DELAYS = {"first": 0, "corrected": 41, "corrected-2": 118, "withdrawn": 33}
NOTES = (
    ("", ""),
    ("Withheld: asked by the committee of the site.", "Non publié : à la demande du comité du site."),
    ("Taken off the list.", "Retiré de la liste."),
    ("Withdrawn with the whole round.", "Retirée avec tout le cycle."),
    *(
        (
            f"Not visited; the count of round {n} stands in.",
            f"Non visité ; le comptage du cycle {n} en tient lieu.",
        )
        for n in range(1, ROUNDS + 1)
    ),
)
_CARRIED = 4  # NOTES[_CARRIED + t] names round t + 1


def known_by(when: Schedule, vintage: str) -> list[str]:
    """The day by which each round's figures of a vintage were public."""
    return [(day + timedelta(days=DELAYS[vintage])).isoformat() for day in when.known]


def site_rows(block: Block, seen: Observed, when: Schedule) -> Iterator[pa.Table]:
    """Observations of every site of a block: people, households, and in camps and centres the sexes."""
    names = keys.site_keys(block.number, block.sites)
    site, t = np.nonzero(seen.status)
    status = seen.status[site, t]
    counted = np.isin(status, (Status.COUNTED, Status.COUNTED_ZERO))
    people = seen.people[site, t]
    yield _site_table(names, seen, when, keys.PEOPLE, site, t, people)
    site, t = site[counted], t[counted]
    yield _site_table(names, seen, when, keys.HOUSEHOLDS, site, t, seen.households[site, t])
    asked = (seen.setting[site, t] != Setting.HOST_COMMUNITY) & (seen.people[site, t] > 0)
    site, t = site[asked], t[asked]
    edges = (seen.people[site, t][:, None] * block.shares[site] + 500) // 1000
    half = len(CELLS) // 2
    women = edges[:, half - 1]
    for sex, values in zip(SEXES, (women, seen.people[site, t] - women), strict=True):
        yield _site_table(names, seen, when, keys.PEOPLE, site, t, values, sex=sex)
    doubled = seen.doubled[site, t]
    site, t = site[doubled], t[doubled]
    for assessment in Assessment:  # the same people twice: this is what a double count looks like
        values = seen.people[site, t]
        yield _site_table(names, seen, when, keys.PEOPLE, site, t, values, assessment=assessment.value)


def _site_table(
    names: npt.NDArray[np.object_], seen: Observed, when: Schedule, indicator: str, site: Ints, t: Ints, values: Ints,
    **breakdown: str,
) -> pa.Table:  # fmt: skip
    """Rows of one kind, and after them the rows that withdraw those of the withdrawn round."""
    gone = np.flatnonzero(t == rounds.WITHDRAWN - 1)
    here = np.concatenate([np.arange(t.size), gone])
    withdrawn = np.arange(here.size) >= t.size
    site, t, values = site[here], t[here], values[here]
    status = np.where(withdrawn, Status.NONE, seen.status[site, t])
    counted = np.isin(status, (Status.COUNTED, Status.COUNTED_ZERO))
    carried = np.where(seen.flagged[site, t], seen.carried_from[site, t], -1)
    about = seen.about[site, t] & counted
    note = np.where(counted & (carried >= 0), _CARRIED + carried, 0)
    note = np.where(status == Status.WITHHELD, 1, np.where(status == Status.DELISTED, 2, note))
    note = np.where(withdrawn, 3, note)
    kinds = (
        ObsStatus.NORMAL, ObsStatus.ESTIMATED, ObsStatus.NOT_COLLECTED, ObsStatus.SUPPRESSED,
        ObsStatus.CANNOT_EXIST, ObsStatus.MISSING, ObsStatus.SPECIAL_EVENT, ObsStatus.IN_ANOTHER_CATEGORY,
    )  # fmt: skip
    by_status = np.array([5, 0, 0, 2, 3, 7, 4])[status]
    by_status = np.where(counted & (about | (carried >= 0)), 1, by_status)
    by_status = np.where((status == Status.NOT_ASSESSED) & ~seen.reached[site, t], 6, by_status)
    # a zero can also be one of the parts of a count, such as the men of a small site
    state = np.where(counted, np.where(values > 0, Status.COUNTED, Status.COUNTED_ZERO), status)
    state_names = (State.NO_DATA, *STATES[1:])
    vintage = Labels(("first", "withdrawn"), withdrawn.astype(np.int8))
    first, later = known_by(when, "first"), known_by(when, "withdrawn")
    suffix = "".join(f"-{value.lower()}" for value in breakdown.values())
    place = Labels(list(names), site)
    return table_of(
        OBSERVATIONS_BY_PLACE,
        site.size,
        {
            "id": joined(f"{indicator}-r", Labels(NUMBERS, t), "-", place, f"{suffix}-", vintage),
            "operation": keys.TRACKING,
            "indicator": indicator,
            "round": t + 1,
            "period": Labels([when.period(n) for n in range(1, ROUNDS + 1)], t),
            "value": Gaps(values.astype(np.float64), counted),
            "precision": Labels((Precision.EXACT, Precision.ABOUT), about.astype(np.int8)),
            "obs_status": Labels(kinds, by_status),
            "conf_status": Labels(
                (ConfStatus.FREE, ConfStatus.INTERNAL), (status == Status.WITHHELD).astype(np.int8)
            ),
            "state": Labels(state_names, state),
            "vintage": vintage,
            "kind": RowKind.PUBLISHED,
            "note_en": Labels([pair[0] for pair in NOTES], note),
            "note_fr": Labels([french(pair[1]) for pair in NOTES], note),
            "source": keys.BULLETINS[keys.TRACKING],
            "known_by": Labels(first + later, t + ROUNDS * withdrawn),
            "place": place,
            **breakdown,
        },
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """One indicator by commune: value, and where it was counted and expected; shape (ROUNDS, COMMUNES)."""

    indicator: str
    values: Ints
    counted: Ints
    expected: Ints
    levels: tuple[str, ...]
    breakdown: Mapping[str, str]


def area_rows(
    totals: Totals, back: Returnees, news: Publications, geo: Geography, when: Schedule
) -> Iterator[pa.Table]:
    """Observations of areas and of the country, in total and by breakdown, with every vintage."""
    held = totals.published
    counted, listed = held["counted"], held["listed"]
    upper = ("adm1", "")

    def sums(indicator: str, name: str, levels: tuple[str, ...] = LEVELS, **breakdown: str) -> _Sums:
        return _Sums(indicator, held[name], counted, listed, levels, breakdown)

    yield from _area_tables(sums(keys.PEOPLE, "people"), news, geo, when)
    yield from _area_tables(sums(keys.HOUSEHOLDS, "households"), None, geo, when)
    yield from _area_tables(_Sums(keys.SITES, listed, listed, listed, LEVELS, {}), None, geo, when)
    yield from _area_tables(sums(keys.CAMPS, "camps", upper), None, geo, when)
    yield from _area_tables(sums(keys.HOSTS, "hosts", upper), None, geo, when)
    asked, started = back.asked.astype(np.int64), back.started.astype(np.int64)
    yield from _area_tables(_Sums(keys.RETURNEES, back.people, asked, started, LEVELS, {}), None, geo, when)
    for assessment in Assessment:
        levels = ("adm2", *upper)
        yield from _area_tables(
            sums(keys.PEOPLE, assessment.value, levels, assessment=assessment.value), None, geo, when
        )
    for at, (sex, age) in enumerate(CELLS):
        yield from _area_tables(sums(keys.PEOPLE, f"cell/{at}", upper, sex=sex, age=age), None, geo, when)
    for at, reason in enumerate(REASONS):
        yield from _area_tables(sums(keys.PEOPLE, f"reason/{at}", upper, reason=reason), None, geo, when)
    for at in range(PROVINCES):
        code = geo.province_codes[at]
        yield from _area_tables(sums(keys.PEOPLE, f"origin/{at}", upper, origin=code), None, geo, when)


def _area_tables(of: _Sums, news: Publications | None, geo: Geography, when: Schedule) -> Iterator[pa.Table]:
    for level in of.levels:
        places, exists = _places(level, geo)
        values, counted, expected = (to_level(v, level, geo) for v in (of.values, of.counted, of.expected))
        shown = exists & (expected > 0)
        t, area = np.nonzero(shown)
        for vintage, at, error in _vintages(news, level, geo, t, area):
            cell = (t[at], area[at])
            yield _area_table(
                _Rows(of, level, vintage, *cell, values[cell] + error, counted[cell], expected[cell]),
                places,
                when,
            )


def _places(level: str, geo: Geography) -> tuple[list[list[str]], Bools]:
    """P-codes by version, and which areas there are in each round."""
    if level == "adm3":
        codes = [list(geo.commune_codes[0]), list(geo.commune_codes[1])]
    elif level == "adm2":
        codes = [list(geo.district_codes)] * 2
    elif level == "adm1":
        codes = [list(geo.province_codes)] * 2
    else:
        codes = [[""]] * 2
    exists = np.ones((ROUNDS, len(codes[0])), dtype=np.bool_)
    if level == "adm2":
        later = geo.versions == 1
        exists[later, geo.split] = False
        exists[~later, -2:] = False
    return codes, exists


def _vintages(
    news: Publications | None, level: str, geo: Geography, t: Ints, area: Ints
) -> Iterator[tuple[str, Ints, Ints]]:
    """Every vintage with the rows that it has and what they are wrong by."""
    zero = np.zeros(t.size, dtype=np.int64)
    error = {name: to_level(e, level, geo)[t, area] for name, e in news.errors.items()} if news else {}
    yield "first", np.arange(t.size), error.get("first", zero)
    wrong = np.zeros(t.size, dtype=np.bool_)
    for name, values in error.items():
        wrong |= values != 0
        following = {"first": "corrected", "corrected": "corrected-2"}.get(name)
        if following is not None and news is not None:
            has = np.isin(t + 1, [number for number, held in news.vintages.items() if following in held])
            at = np.flatnonzero(wrong & has)
            yield following, at, error[following][at]
    at = np.flatnonzero(t + 1 == rounds.WITHDRAWN)
    yield "withdrawn", at, np.zeros(at.size, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """One vintage of one indicator at one level; arrays have one entry a row."""

    of: _Sums
    level: str
    vintage: str
    t: Ints
    area: Ints
    values: Ints
    counted: Ints
    expected: Ints


def _area_table(rows: _Rows, places: list[list[str]], when: Schedule) -> pa.Table:
    of, level, vintage, t, counted, values = (
        rows.of, rows.level, rows.vintage, rows.t, rows.counted, rows.values,
    )  # fmt: skip
    n = t.size
    version = (t + 1 >= rounds.BOUNDARY).astype(np.int64)
    place = Labels(places[0] + places[1], rows.area + version * len(places[0]))
    was = (counted > 0) & (vintage != "withdrawn")
    state = np.where(was, np.where(values > 0, 1, 2), 3 if vintage != "withdrawn" else 0)
    country = level == "" and not of.breakdown
    if vintage == "withdrawn":
        status = np.full(n, 2)
    else:
        cut = [number for number, touched in keys.BREAKS.items() if of.indicator in touched]
        status = np.where(was, np.where(np.isin(t + 1, cut) & country, 1, 0), 3)
    suffix = "".join(f"-{value.lower()}" for value in of.breakdown.values())
    middle = joined("-", place) if level else pa.nulls(n, TEXT).fill_null("")
    coverage = (
        _coverage(of.indicator, counted, rows.expected)
        if country and vintage != "withdrawn"
        else ([""] * n, [""] * n)
    )
    note = ("", "") if vintage != "withdrawn" else NOTES[3]
    if vintage.startswith("corrected"):
        note = ("Replaces the figure published before.", "Remplace le chiffre publié auparavant.")
    return table_of(
        OBSERVATIONS_BY_PLACE,
        n,
        {
            "id": joined(f"{of.indicator}-r", Labels(NUMBERS, t), middle, f"{suffix}-{vintage}"),
            "operation": keys.TRACKING,
            "indicator": of.indicator,
            "round": t + 1,
            "period": Labels([when.period(number) for number in range(1, ROUNDS + 1)], t),
            "value": Gaps(values.astype(np.float64), was),
            "precision": Precision.EXACT,
            "obs_status": Labels(
                (ObsStatus.NORMAL, ObsStatus.BREAK, ObsStatus.MISSING, ObsStatus.NOT_COLLECTED), status
            ),
            "conf_status": ConfStatus.FREE,
            "state": Labels((State.NO_DATA, State.COUNTED, State.COUNTED_ZERO, State.NOT_ASSESSED), state),
            "vintage": vintage,
            "kind": RowKind.PUBLISHED,
            "coverage_en": coverage[0],
            "coverage_fr": coverage[1],
            "note_en": note[0],
            "note_fr": french(note[1]),
            "source": keys.BULLETINS[keys.TRACKING],
            "known_by": Labels(known_by(when, vintage), t),
            "place": place if level else "",
            **of.breakdown,
        },
    )


def _coverage(indicator: str, counted: Ints, expected: Ints) -> tuple[list[str], list[str]]:
    """How much of what was to be counted was counted, in words."""
    english, french = [], []
    for some, all_of in zip(counted.tolist(), expected.tolist(), strict=True):
        (a, b), (c, d) = number(some), number(all_of)
        if indicator == keys.SITES:
            english.append(f"{c} sites on the list")
            french.append(f"{d} sites inscrits sur la liste")
        elif indicator == keys.RETURNEES:
            english.append(f"{a} of {c} communes asked")
            french.append(f"{b} communes interrogées sur {d}")
        else:
            english.append(f"{a} of {c} sites on the list have a figure in this round")
            french.append(f"{b} sites inscrits sur {d} ont un chiffre dans ce cycle")
    return english, french

"""Series made from other series. Numbers change here; caveats and events only add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.codes import EventKind, Granularity, ObsStatus, Precision, RowKind, State
from data.dates import DateSpan
from data.model import VALUE_COLUMNS, Event, Provenance, Series, Text, in_order, public_on


def stretches(values: pd.DataFrame, breaks: Sequence[Event]) -> list[pd.DataFrame]:
    """The parts of `values` that no break divides, in order; put together they are `values`.

    A break belongs to its first round on the new basis; only a break without a round is placed by date,
    because round dates are of one vintage and the event of another.
    """
    if values.empty:
        return []
    if not breaks:
        return [values]
    return [values.iloc[positions] for positions in divided(values, breaks)]


def divided(values: pd.DataFrame, breaks: Sequence[Event]) -> list[list[int]]:
    """The places of the rows of each stretch; see `stretches`."""
    # sides of every break, not their number: two breaks may trade places
    bases: dict[tuple[bool, ...], list[int]] = {}
    last, rounds = _placed(values)
    told = [_after(last, rounds, event).tolist() for event in breaks]
    for position, basis in enumerate(zip(*told, strict=True) if told else [()] * len(values)):
        bases.setdefault(basis, []).append(position)
    return list(bases.values())


_Days = npt.NDArray[np.datetime64]
_Rounds = npt.NDArray[np.float64]  # missing where a row has no round


def _placed(values: pd.DataFrame) -> tuple[_Days, _Rounds]:
    """What a break divides rows by: their last days and their rounds."""
    return values["last"].to_numpy(), values["round"].to_numpy("float64", na_value=np.nan)


def _after(last: _Days, rounds: _Rounds, event: Event) -> npt.NDArray[np.bool_]:
    """Whether each row is on the new basis of a break.

    On plain arrays: every picture asks it of each break several times, of few rows.
    """
    after = last >= np.datetime64(event.when.first)
    if event.first_round is None:
        return after
    numbered, reached = ~np.isnan(rounds), rounds >= event.first_round
    # A value without a round stands by its date between the rounds, so that no stretch reaches around it.
    old, new = last[numbered & ~reached], last[reached]
    if old.size:
        after &= last > old.max()
    if new.size:
        after |= last >= new.min()
    return np.where(numbered, reached, after)


@dataclass(frozen=True, slots=True)
class Sides:
    """The last value on the old basis and the first on the new one."""

    event: Event
    before: pd.Series
    after: pd.Series


@lru_cache(
    maxsize=2048
)  # asked many times by every picture; a series is never changed, and stands for itself
def sides(series: Series, event: Event) -> Sides | None:
    """The two values beside a break; None where one of them is missing."""
    values = series.values
    counted = np.flatnonzero(values["value"].notna().to_numpy())
    last, rounds = _placed(values)
    new = _after(last[counted], rounds[counted], event)
    before, after = counted[~new], counted[new]
    if not (before.size and after.size):
        return None
    return Sides(event, values.iloc[before[-1]], values.iloc[after[0]])


def breaks_by_row(series: Series) -> dict[int, list[Event]]:
    """The breaks by the row of the first value after them; those without a value on both sides are not there."""
    found: dict[int, list[Event]] = {}
    for event in series.provenance.breaks():
        beside = sides(series, event)
        if beside is not None:
            found.setdefault(int(str(beside.after.name)), []).append(event)
    return found


def published_fall(series: Series, event: Event) -> float | None:
    """What a delisting took off this count, as a positive number in the unit of the series.

    None where the event is none, or where no exact fall in that unit was published by the day of the series.
    """
    if not public_on(event, series.as_known_on):
        return None
    effect = event.effect_on(series.key)
    if event.kind is not EventKind.DELISTING or effect is None or effect.unit is not series.unit:
        return None
    return -effect.value if effect.precision is Precision.EXACT and effect.value < 0 else None


def alone(series: Series, beside: Sides) -> bool:
    """Whether no other break lies between the two values: else the change is not of one event alone."""
    pair = (beside.before, beside.after)
    last = np.array([row["last"] for row in pair], dtype="datetime64[us]")
    rounds = np.array([np.nan if pd.isna(row["round"]) else float(row["round"]) for row in pair])
    others = [e for e in series.provenance.breaks() if e.key != beside.event.key]
    return all(old == new for old, new in (_after(last, rounds, event).tolist() for event in others))


@lru_cache(maxsize=512)  # as sides
def on_old_coverage(series: Series, event: Event) -> Series | None:
    """The first value after a delisting, had the places taken off stayed on the list at their last count.

    value(new basis) minus the published effect, a negative number: 171,974 + 54,045 = 226,019. SDMX calls it
    OBS_PRE_BREAK. It assumes that the places did not change since their last count.

    Returns
    -------
    Series or None
        One row of kind `derived` with the formula; provenance of `series` with the assumption added.
        None where the event takes nothing off a list, where no exact effect in the unit of the series was
        published, or where another break lies between the same two values: nothing is guessed.
    """
    beside, taken_off = sides(series, event), published_fall(series, event)
    if beside is None or taken_off is None or not alone(series, beside):
        return None
    value = float(beside.after["value"]) + taken_off
    row = beside.after.to_dict() | {
        "obs": "",
        "value": value,
        "obs_status": ObsStatus.BREAK.value,
        "kind": RowKind.DERIVED.value,
        "derivation": f"{beside.after['value']:.0f} + {taken_off:.0f}",
        "vintage": "derived",
        "rows": (str(beside.after["obs"]),),
    }
    values = pd.DataFrame([row])[list(VALUE_COLUMNS)]
    return replace(
        series,
        values=values,
        history=values,
        provenance=with_formula(series.provenance, OLD_COVERAGE),
    )


OLD_COVERAGE = Text(
    "On the old coverage: the first value after the break plus what was taken off the list. "
    "It assumes that the places taken off the list did not change since their last count.",
    (("fr", "Selon l’ancienne couverture : la première valeur après la rupture plus ce qui a été retiré de la liste. "
            "L’hypothèse est que les lieux retirés n’ont pas changé depuis leur dernier comptage."),),
)  # fmt: skip


def with_formula(provenance: Provenance, formula: Text) -> Provenance:
    """`provenance` with one more formula or assumption."""
    return replace(provenance, derived_by=tuple(dict.fromkeys((*provenance.derived_by, formula))))


def with_gaps(series: Series, within: DateSpan | None = None) -> Series:
    """`series` with a row of state `no_data` for each month without a value, of its range and of `within`.

    Only for months and years: the dates of rounds and weeks are the producer's own, so no round is missing by rule.
    """
    frequency = {Granularity.MONTH: "M", Granularity.YEAR: "Y"}.get(series.granularity)
    if frequency is None or series.values.empty:
        return series
    held = series.values["last"].dt.to_period(frequency)
    days = [] if within is None else [pd.Period(day, frequency) for day in (within.first, within.last)]
    absent = pd.period_range(min([held.min(), *days]), max([held.max(), *days]), freq=frequency).difference(
        pd.PeriodIndex(held)
    )
    if absent.empty:
        return series
    first = series.values.iloc[0].to_dict()
    rows = [
        first
        | {
            "obs": "", "round": pd.NA, "first": period.start_time.normalize(), "last": period.end_time.normalize(),
            "value": float("nan"), "lower": float("nan"), "upper": float("nan"), "precision": Precision.EXACT.value,
            "obs_status": ObsStatus.MISSING.value, "state": State.NO_DATA.value, "known_by": pd.NaT, "vintage": "",
            "kind": RowKind.PUBLISHED.value, "derivation": "", "source": "", "note": "", "note_fr": "", "rows": (),
        }
        for period in absent
    ]  # fmt: skip
    gaps = pd.DataFrame(rows).astype(series.values.dtypes.to_dict())
    return replace(series, values=pd.concat([series.values, gaps], ignore_index=True))


class Revised(StrEnum):
    """What a later publication did to a value."""

    SAME = "same"
    MORE_EXACT = "more_exact"  # a rounded figure and a later exact one that rounds to it: one value
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Revision:
    """A value as first published and as it stands."""

    first: pd.Series
    newest: pd.Series
    how: Revised
    after: pd.Series  # the publication that replaced the first one: another may have come since


@lru_cache(maxsize=512)  # as sides
def revisions(series: Series) -> tuple[Revision, ...]:
    """Each value of the series that was published more than once, with what became of it."""
    found = []
    published = series.history[(series.history["kind"] == RowKind.PUBLISHED).to_numpy()]
    known, versions = in_order(published["known_by"]), dict[str, list[int]]()
    for at, key in enumerate(period_key(published).tolist()):
        versions.setdefault(key, []).append(at)
    for places in versions.values():
        if len(places) > 1:
            places.sort(key=known.__getitem__)
            first, *later = (published.iloc[place] for place in places)
            how = revised(first, later[-1])
            after = next((one for one in later if revised(first, one) is how), later[-1])
            found.append(Revision(first, later[-1], how, after))
    return tuple(sorted(found, key=lambda r: r.newest["last"]))


def period_key(values: pd.DataFrame) -> pd.Series:
    """What makes two rows versions of one value: the round, or where there is none the period."""
    columns = (values[name].tolist() for name in ("round", "first", "last"))
    keys = [
        f"{first.date()}/{last.date()}" if pd.isna(number) else f"r{number}"
        for number, first, last in zip(*columns, strict=True)
    ]
    return pd.Series(keys, index=values.index, dtype="string")


def revised(first: pd.Series, newest: pd.Series) -> Revised:
    """Whether `newest` changes what `first` said, or only says it more exactly."""
    old, new = float(first["value"]), float(newest["value"])
    if old == new and first["precision"] == newest["precision"]:
        return Revised.SAME
    if first["precision"] == Precision.EXACT and newest["precision"] == Precision.ABOUT:
        return (
            Revised.SAME if _rounds_to(old, new) else Revised.CHANGED
        )  # the later text only says it less exactly
    match Precision(first["precision"]):
        case Precision.ABOUT:
            return Revised.MORE_EXACT if _rounds_to(new, old) else Revised.CHANGED
        case Precision.AT_LEAST:
            return Revised.MORE_EXACT if new >= old else Revised.CHANGED
        case Precision.AT_MOST:
            return Revised.MORE_EXACT if new <= old else Revised.CHANGED
    return Revised.SAME if old == new else Revised.CHANGED


def _rounds_to(exact: float, rounded: float) -> bool:
    """Whether `exact` is within half a unit of the last digit that is not zero in `rounded`.

    146,000 was rounded to thousands, so 146,446 rounds to it; a half may have been rounded either way.
    """
    digits, step = abs(round(rounded)), 1
    while digits and digits % (step * 10) == 0:
        step *= 10
    return 2 * abs(exact - rounded) <= step


def known_on(history: pd.DataFrame, on: date | None) -> pd.DataFrame:
    """The newest publication of each value that was public on a day; all of them where `on` is None.

    A derived row stands in only where nobody published the value by then.
    """
    rows = history if on is None else history[history["known_by"] <= pd.Timestamp(on)]
    published, keys = (rows["kind"] == RowKind.PUBLISHED).to_numpy(), period_key(rows).tolist()
    newest = {}  # by key: the place among the sorted of the last that has it
    order = np.lexsort((in_order(rows["known_by"]), published))
    for place, at in enumerate(order.tolist()):
        newest[keys[at]] = place
    return rows.iloc[order[sorted(newest.values())]]

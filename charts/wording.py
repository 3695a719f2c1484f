"""What every chart says of itself: kicker, unit line, values and sentences, in a reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import pandas as pd

from charts.figures import amount, as_published, period_of
from data.change import Split, published_split
from data.codes import EventKind, Measure, Precision, RowKind, State, Unit
from data.dates import DateSpan
from data.model import Event, Row, Series, public_on
from data.moments import span_of
from data.series import Revised, Revision, revisions, sides
from words import Words
from words.format import day, month, number, on_ladder, quantified, span
from words.notes import credit_line


def kicker(series: Series, w: Words) -> str:
    """Stock or flow, in words."""
    if series.unit in (Unit.PERCENT, Unit.SURVEYS):
        return w("trend.kicker_survey")
    return w(
        "trend.kicker_stock" if series.measure is Measure.STOCK else "trend.kicker_flow",
        unit=w(f"unit.{series.unit}"),
    )


def unit_line(series: Series, w: Words, drawn: tuple[date, date]) -> str:
    """What is counted, of whom, where, over which period, by which operation."""
    operation = series.provenance.operations[0]
    subject, place = series.label.to(w.language), series.place.to(w.language)
    placed = subject if place in subject else w("trend.placed", subject=subject, place=place)
    return w(
        "trend.unit_line" if series.measure is Measure.STOCK else "trend.unit_line_flow",
        subject=placed,
        first=month(drawn[0], w.language),
        last=month(drawn[1], w.language),
        operation=operation.title.to(w.language),
        producer=operation.producer,
    )


def value(row: Row, series: Series, w: Words) -> str:
    """A value with its quantifier and unit; digits that were printed beside, where fewer are shown."""
    text = w("trend.value", amount=amount(row, series, w), unit=w(f"unit.{series.unit}"))
    printed = as_published(row, series, w)
    return w("trend.value_published", value=text, printed=printed) if printed else text


def when(row: Row, w: Words) -> str:
    """The date of a row, with its round where it has one."""
    text = period_of(row, w)
    return text if pd.isna(row["round"]) else w("trend.when_round", date=text, number=int(row["round"]))


def hover(row: Row, series: Series, w: Words) -> str:
    """What a point says when it is pointed at; all of it stands in the table too."""
    said = [f"<b>{value(row, series, w)}</b>", when(row, w)]
    if row["kind"] == RowKind.DERIVED:
        said.append(w("trend.derived", formula=row["derivation"]))
    return "<br>".join(said)


def absent(row: Row, series: Series, w: Words) -> str:
    """Why a row has no value: withdrawn, withheld, not assessed, …; "not found" only where nothing was published."""
    if row["state"] != State.NO_DATA:
        return w(f"state.{row['state']}")
    said = (row["first"], row["last"]) in _ever_counted(series)
    if said:
        return w("card.withdrawn")
    return w("trend.not_found" if series.as_known_on is None else "known.none_short")


@lru_cache(maxsize=512)  # asked for every empty period of a picture
def _ever_counted(series: Series) -> frozenset[tuple[pd.Timestamp, pd.Timestamp]]:
    """The periods for which any publication gave a value."""
    held = series.history[series.history["value"].notna()]
    return frozenset(zip(held["first"], held["last"], strict=True))


def status(row: Row, w: Words) -> str:
    """What kind of value a row is, in words."""
    if row["kind"] == RowKind.DERIVED:
        return w("trend.derived", formula=row["derivation"])
    return w(f"status.{row['obs_status']}")


def splits(series: Series, within: tuple[date, date]) -> list[Split]:
    """The published splits of the breaks in range, by date."""
    found = [
        published_split(series, event) for event in series.provenance.breaks() if event.when.touches(*within)
    ]
    return [split for split in found if split is not None]


def drawn_breaks(series: Series, within: tuple[date, date]) -> list[Event]:
    """The breaks that have a value on both sides and lie in range."""
    return [e for e in series.provenance.breaks() if sides(series, e) is not None and e.when.touches(*within)]


def told_breaks(series: Series, within: tuple[date, date]) -> list[Event]:
    """Those of the drawn breaks that were public on the day of the series: a title names no other."""
    return [e for e in drawn_breaks(series, within) if public_on(e, series.as_known_on)]


def split_title(split: Split, series: Series, w: Words) -> str:
    """The fall and what was taken off the list, as the title says it."""
    beside = sides(series, split.event)
    if beside is None:
        raise ValueError(f"the split of '{series.key}' belongs to another series")
    return w(
        "trend.title_split",
        first=month(beside.before["last"].date(), w.language),
        last=month(beside.after["last"].date(), w.language),
        fall=figure(-split.change, series, w),
        off=figure(split.taken_off, series, w),
        unit=w(f"unit.{split.unit}"),
    )


def break_title(event: Event, w: Words) -> str:
    """A break without a published size, as the title says it."""
    return w("trend.title_break", when=span(event.when, w), headline=event.headline.to(w.language))


def newest_title(row: Row, series: Series, w: Words) -> str:
    """The newest value, as the title says it."""
    return w(
        "trend.title_newest",
        subject=series.label.to(w.language),
        value=value_plain(row, series, w),
        when=period_of(row, w),
    )


def nothing_title(series: Series, w: Words) -> str:
    """That no value is held, or that none was public on the day of the series."""
    subject, on = series.label.to(w.language), series.as_known_on
    if on is None:
        return w("trend.title_nothing", subject=subject)
    return w("known.title_nothing", subject=subject, when=day(on, w.language))


def value_plain(row: Row, series: Series, w: Words) -> str:
    """A value with its quantifier and unit."""
    return w("trend.value", amount=amount(row, series, w), unit=w(f"unit.{series.unit}"))


def changed(series: Series, within: tuple[date, date]) -> list[Revision]:
    """The revisions in range that changed a value."""
    return [
        r
        for r in revisions(series)
        if r.how is Revised.CHANGED and _whole(r) and span_of(r.newest).touches(*within)
    ]


def _whole(revision: Revision) -> bool:
    """Whether both values are there: a withdrawn one is told by its event, not as another number."""
    return not (pd.isna(revision.first["value"]) or pd.isna(revision.newest["value"]))


def corrected(series: Series, revision: Revision) -> bool:
    """Whether the ledger says that this value was corrected; else a later count took the place of an earlier one."""
    about = {revision.first["obs"], revision.newest["obs"]}
    return any(e.kind is EventKind.CORRECTION and e.about in about for e in series.provenance.events)


def credit(series: Series, w: Words) -> str:
    """Operation and credit, as a sentence ends."""
    operation = series.provenance.operations[0]
    return w(
        "trend.credit", operation=operation.title.to(w.language), credit=credit_line(operation, w).rstrip(".")
    )


def split_sentence(split: Split, series: Series, w: Words) -> str:
    """Why the values beside a delisting cannot be compared, and what the fall is made of."""
    beside = sides(series, split.event)
    if beside is None:
        raise ValueError(f"the split of '{series.key}' belongs to another series")
    return w(
        "trend.sentence_split_rise" if split.residual > 0 else "trend.sentence_split",
        amount=amount(beside.after, series, w),
        subject=series.label.to(w.language),
        when=when(beside.after, w),
        known=known(series, w),
        before=month(beside.before["last"].date(), w.language),
        value=amount(beside.before, series, w),
        off=figure(split.taken_off, series, w),
        rest=figure(abs(split.residual), series, w),
        unit=w(f"unit.{series.unit}"),
    )


def figure(value: float, series: Series, w: Words) -> str:
    """A number computed from exact values, on the rounding ladder where the method is an estimate."""
    if series.provenance.methods[0].rounds_figures and on_ladder(value) != value:
        return quantified(on_ladder(value), Precision.ABOUT, w)
    return number(value, w.language)


def newest_sentence(row: Row, series: Series, within: tuple[date, date], w: Words) -> str:
    """The newest value; with the last break in range, which it cannot be compared across."""
    parts = {
        "subject": series.label.to(w.language),
        "value": value(row, series, w),
        "when": when(row, w),
        "known": known(series, w),
    }
    breaks = drawn_breaks(series, within)
    if not breaks:
        return w("trend.sentence_newest", **parts)
    last = breaks[-1]
    key = "trend.sentence_break" if public_on(last, series.as_known_on) else "trend.sentence_break_later"
    return w(key, **parts, break_when=span(last.when, w), headline=last.headline.to(w.language))


def known(series: Series, w: Words) -> str:
    """As of which publication the values are known: "in October 2013", "on 15 January 2017"."""
    if series.as_known_on is not None:
        return w("known.on", when=day(series.as_known_on, w.language))
    newest = series.values["known_by"].max()
    return w("known.in", when=month(newest.date(), w.language)) if not pd.isna(newest) else ""


def first_published(row: Row, revised: Sequence[Revision], w: Words) -> str:
    """The value as first published, where it was another one, with when each was public."""
    for revision in revised:
        if (
            revision.newest["obs"] != row["obs"]
            or revision.how is Revised.SAME
            or pd.isna(revision.first["value"])
        ):
            continue
        text = quantified(float(revision.first["value"]), Precision(revision.first["precision"]), w)
        if revision.how is Revised.MORE_EXACT:
            return w("trend.more_exact", value=text)
        return w(
            "trend.first_when",
            value=text,
            known=month(revision.first["known_by"].date(), w.language),
            replaced=day(revision.after["known_by"].date(), w.language),
        )
    return ""


def drawn_range(series: Series, window: DateSpan | None) -> tuple[date, date]:
    """The days that a chart shows: its window, or all of its values; the day itself if none was public by then."""
    if window is not None:
        return window.first, window.last
    if series.as_known_on is not None and series.values.empty:
        return series.as_known_on, series.as_known_on
    return series.values["first"].min().date(), series.values["last"].max().date()

"""Key figures in words: the newest value of a series with what was said of it and its date."""

from __future__ import annotations

import pandas as pd

from data.codes import Precision
from data.model import Event, Row, Series
from data.moments import span_of
from words import Words
from words.format import number, on_ladder, quantified, span


def newest(series: Series) -> Row | None:
    """The last row with a value, or None where nothing was counted."""
    counted = series.values[series.values["value"].notna()]
    return None if counted.empty else counted.iloc[-1]


def amount(row: Row, series: Series, words: Words) -> str:
    """A value as a page says it: with its quantifier, and on the rounding ladder where the method is an estimate."""
    method, value, precision = series.provenance.methods[0], float(row["value"]), Precision(row["precision"])
    if _rounded(row, method.rounds_figures):
        value, precision = on_ladder(value), Precision.ABOUT
    said = quantified(value, precision, words)
    if pd.isna(row["lower"]) or pd.isna(row["upper"]):
        return said
    ends = {name: number(float(row[name]), words.language) for name in ("lower", "upper")}
    return words("figure.interval", value=said, **ends)


def _rounded(row: Row, estimate: bool) -> bool:  # noqa: FBT001 - one flag of the method
    """Whether fewer digits are shown than were printed; a bound is never rounded, or it would say something else."""
    bound = Precision(row["precision"]) in (Precision.AT_LEAST, Precision.AT_MOST, Precision.INTERVAL)
    return estimate and not bound and on_ladder(float(row["value"])) != float(row["value"])


def as_published(row: Row, series: Series, words: Words) -> str:
    """The digits that were printed where the page shows fewer, else ''."""
    method, value = series.provenance.methods[0], float(row["value"])
    if not _rounded(row, method.rounds_figures):
        return ""
    return words(
        "figure.as_published",
        accuracy=method.accuracy.to(words.language),
        number=number(value, words.language),
    )


def period_of(row: Row, words: Words) -> str:
    """The period of a row in words, as exactly as it was said."""
    return span(span_of(row), words)


def last_break(series: Series) -> Event | None:
    """The newest event that cuts the line of a series, within its values."""
    if series.values.empty:
        return None
    first = series.values["last"].min()
    last = series.values["last"].max()
    inside = [
        e for e in series.provenance.breaks() if e.when.last >= first.date() and e.when.first <= last.date()
    ]
    return inside[-1] if inside else None

"""Numbers and dates as each language writes them (CLDR, by Babel), with quantifiers where digits are not accuracy."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import format_decimal

from data.codes import Precision
from data.dates import DateSpan, Grain
from words import Words

MINUS = "\u2212"
_NARROW = "\u202f"
_ARITHMETIC = re.compile(r"\d+(?: [+-] \d+)*(?: = \d+)?")
_LONG = re.compile(r"(?<![\d.,])(?<!\d )\d{5,}(?![\d.,]*\d| \d)")


@lru_cache(maxsize=8192)  # a figure is said by point, label, table and sentence of a card
def number(value: float, language: str, *, signed: bool = False) -> str:
    """Number with the language's grouping, one decimal where it is not whole; a true minus sign; "+" where `signed`."""
    shown = round(float(value), 1)
    form = "#,##0" if shown.is_integer() else "#,##0.0"
    text = str(format_decimal(abs(shown), format=form, locale=language)).replace("\u00a0", _NARROW)
    if shown < 0:
        return MINUS + text
    return f"+{text}" if signed and shown > 0 else text


@lru_cache(maxsize=8192)  # as number
def percent(value: float, language: str, *, signed: bool = False, decimals: int = 1) -> str:
    """Percentage with one decimal: 19.0% in English, 19,0 % in French."""
    shown = round(value, decimals)  # first, so that what is shown as zero has no sign
    form = "#,##0." + "0" * decimals if decimals else "#,##0"
    text = str(format_decimal(abs(shown), format=form, locale=language)).replace("\u00a0", _NARROW)
    sign = MINUS if shown < 0 else "+" if signed and shown > 0 else ""
    return f"{sign}{text}%" if language == "en" else f"{sign}{text}{_NARROW}%"


def figures(text: str, language: str) -> str:
    """A printed value or sum with its numbers grouped: "85432 + 1451015" is 85,432 + 1,451,015.

    Elsewhere only numbers of five digits and more: years, and what is garbled in print, stay as they are.
    """

    def grouped(match: re.Match[str]) -> str:
        return number(int(match[0]), language)

    if _ARITHMETIC.fullmatch(text):
        return re.sub(r"\d+", grouped, text).replace(" - ", f" {MINUS} ")
    return _LONG.sub(grouped, text)


@lru_cache(maxsize=512)  # said of every point
def country(iso3: str, language: str) -> str:
    """The name of a country by its code of three letters (CLDR); the code itself where it has none."""
    two = (get_global("territory_aliases").get(iso3) or [""])[0]
    return str(Locale.parse(language).territories.get(two) or iso3)


def on_ladder(value: float) -> float:
    """`value` on IDMC's rounding ladder: up to 100 as is, then to tens, hundreds and thousands."""
    step = 1 if value <= 100 else 10 if value <= 1_000 else 100 if value < 10_000 else 1_000
    return float(round(value / step) * step)


def quantified(value: float, precision: Precision, words: Words) -> str:
    """A number with what was said of it: "about 11,500", "at least 641,398"."""
    return words(f"precision.{precision}", number=number(value, words.language))


@lru_cache(maxsize=8192)  # as number
def day(when: date, language: str) -> str:
    """30 September 2013; 30 septembre 2013."""
    text = str(format_date(when, "d MMMM y", locale=language))
    return text.replace("1 ", "1er ", 1) if language == "fr" and when.day == 1 else text


@lru_cache(maxsize=8192)  # as number
def month(when: date, language: str) -> str:
    """September 2013; septembre 2013."""
    return str(format_date(when, "MMMM y", locale=language))


def short_month(when: date, language: str) -> str:
    """Sep, sept."""
    return str(format_date(when, "LLL", locale=language))


def span(when: DateSpan, words: Words) -> str:
    """A date as it was said: day, month, year, or from … to …."""
    match when.grain:
        case Grain.DAY:
            return day(when.first, words.language)
        case Grain.MONTH:
            return month(when.first, words.language)
        case Grain.YEAR:
            return str(when.first.year)
    return words("date.from_to", first=day(when.first, words.language), last=day(when.last, words.language))

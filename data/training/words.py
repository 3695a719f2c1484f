"""Numbers and days in the two languages of the registers, and pairs of texts."""

from __future__ import annotations

import re
from datetime import date

NARROW = "\u202f"  # between thousands and before a percent sign in French
_BEFORE_MARK = re.compile(r" (?=[;:!?»])|(?<=«) ")
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def number(value: int) -> tuple[str, str]:
    """A whole number in English and French: 12,345 and 12 345."""
    return f"{value:,}", f"{value:,}".replace(",", NARROW)


def day(value: date) -> tuple[str, str]:
    """A day in English and French: 1 March 2024, 1er mars 2024."""
    first = "1er" if value.day == 1 else str(value.day)
    return (
        f"{value.day} {_MONTHS_EN[value.month - 1]} {value.year}",
        f"{first} {_MONTHS_FR[value.month - 1]} {value.year}",
    )


def french(text: str) -> str:
    """A French text with its narrow spaces: before ; : ! ? and inside quotation marks, where no line may break."""
    return _BEFORE_MARK.sub(NARROW, text)


def words(stem: str, english: str, other: str, **values: tuple[str, str]) -> dict[str, str]:
    """A pair of texts as two columns; `values` are put in, each in its language, and French has its spaces.

    Raises
    ------
    ValueError
        If one of the two is missing.
    """
    if not english.strip() or not other.strip():
        raise ValueError(f"'{stem}' needs its text in English and in French.")
    return {
        f"{stem}_en": english.format(**{name: pair[0] for name, pair in values.items()}),
        f"{stem}_fr": french(other.format(**{name: pair[1] for name, pair in values.items()})),
    }

"""Published values of one round that do not agree: which of them speak of one date of a change, and by how much."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.claims import Text
from data.dates import DateSpan
from data.parts import Change
from data.queries import variants
from data.store import Release

_SUM = re.compile(r"\d+(?: [+-] \d+)*")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two published values for one thing, as printed; `difference` is None where one of them is no plain number."""

    key: str
    subject: Text
    one: str
    other: str
    difference: int | None


def disagreements(release: Release, change: Change) -> tuple[Disagreement, ...]:
    """Those about the count of a change that touch one of its dates alone; none for an area.

    They have no day of publication of their own: as known on an earlier day none is told.
    """
    if change.area or change.series.as_known_on is not None:
        return ()
    operation = change.series.provenance.operations[0].key
    found = []
    for row in variants(release, operation).to_dict("records"):
        period = DateSpan.parse(str(row["period"]))
        sides = [period.touches(s.period.first, s.period.last) for s in (change.first, change.second)]
        if sides[0] == sides[1] or change.series.key not in str(row["indicators"]).split(";"):
            continue
        one, other = str(row["value_a"]), str(row["value_b"])
        a, b = value_of(one), value_of(other)
        found.append(
            Disagreement(
                key=str(row["key"]),
                subject=Text(str(row["subject_en"]), (("fr", str(row["subject_fr"])),)),
                one=one,
                other=other,
                difference=None if a is None or b is None else abs(a - b),
            )
        )
    return tuple(found)


def value_of(printed: str) -> int | None:
    """The number that a printed value or its arithmetic gives: "101 + 70 = 171" is 171; None for other texts."""
    arithmetic = printed.rpartition("=")[2].strip()
    if not _SUM.fullmatch(arithmetic):
        return None
    return sum(int(part) for part in arithmetic.replace(" - ", " -").replace(" + ", " ").split())

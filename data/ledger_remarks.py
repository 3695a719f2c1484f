"""What is allowed in an entry and worth a look: likely names of private persons, and what readers will miss."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from data.codes import Unit
from data.ledger_file import Draft
from data.ledger_known import Known
from data.private_names import personal_names


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyName:
    """A cell that seems to name a private person."""

    row: int  # 0: not in the file, but in the words for the log
    column: str
    found: str

    def __str__(self) -> str:
        where = f"row {self.row}, column '{self.column}'" if self.row else self.column
        return (
            f"{where}: {self.found!r} looks like the name or number of a person. "
            "The ledger names institutions and roles alone."
        )


def likely_names(draft: Draft, held_: Known, keys: Collection[str]) -> tuple[LikelyName, ...]:
    """What looks like a private person in the entries of these keys."""
    found = []
    for entry in draft.entries:
        if entry.key not in keys:
            continue
        names = held_.names[""] | held_.names.get(entry.cells["operation"], frozenset())
        found += [
            LikelyName(row=line, column=column, found=name)
            for line, column, text in entry.texts(draft.what.table)
            for name in personal_names(text, names)
        ]
    return tuple(found)


def remarks(draft: Draft, held_: Known, keys: Collection[str]) -> tuple[str, ...]:
    """What is allowed and worth knowing: texts in English alone, effects in another unit than the indicator's."""
    said = []
    for entry in draft.entries:
        if entry.key not in keys:
            continue
        texts = {(line, column): text for line, column, text in entry.texts(draft.what.table)}
        missing = [
            column
            for (line, column), text in texts.items()
            if column.endswith("_fr") and not text and texts.get((line, f"{column.removesuffix('_fr')}_en"))
        ]
        if missing:
            said.append(
                f"row {entry.line}: no French in {', '.join(missing)}; readers of French are shown the English."
            )
        for line, cells in entry.effects:
            unit = held_.indicators.get(cells["indicator"], ("", ""))[1]
            if cells["unit"] not in {unit, Unit.PERCENT}:
                said.append(
                    f"row {line}: the effect on '{cells['indicator']}' is in {cells['unit']} and the indicator "
                    f"in {unit}; it is shown and not computed with."
                )
    return tuple(said)

"""What is wrong in an input, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCell:
    """A cell that breaks its table's contract, with what to do about it."""

    row: int  # line in the file as a spreadsheet shows it, header = 1
    column: str
    found: object
    expected: str
    fix: str
    rule: str = ""  # that it breaks, for a page that says so in its reader's language; "": of the table
    told: Mapping[str, object] = field(default_factory=dict, compare=False)  # what such a sentence names

    def __str__(self) -> str:
        return f"row {self.row}, column '{self.column}': found {self.found!r}, expected {self.expected}. {self.fix}"


class TableError(ValueError):
    """All bad cells of one file, raised once, so that the file is mended in one go."""

    def __init__(self, file: str, cells: Sequence[BadCell]) -> None:
        self.file, self.cells = file, tuple(cells)
        super().__init__("\n".join(f"{file}, {cell}" for cell in self.cells))


class Unknown(LookupError):
    """Something was asked for that is not held; `offers` are what exists in its place."""

    def __init__(self, what: str, found: str, offers: Sequence[tuple[str, str]]) -> None:
        self.what, self.found, self.offers = what, found, tuple(offers)
        listed = ", ".join(key for key, _ in self.offers[:60])
        super().__init__(f"No {what} is called {found!r}. Held here: {listed or 'none'}.")


class ProvenanceMissing(ValueError):
    """A figure was about to be made without what must be shown with it."""


class Refused(ValueError):
    """A value that no control of a page offers; the message is for the reader."""

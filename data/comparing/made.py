"""How good two figures are, and whether one can confirm the other."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

from data.codes import CardField, ClaimStatus, EventKind, ObsStatus, Precision, RowKind
from data.comparing.asked import Check
from data.comparing.figure import Figure, Pair
from data.comparing.names import COMPONENT, DERIVED, FIRST, PRECISION, SECOND, STATUS
from data.comparing.says import listed, number, quoted, said
from data.model import Event, Operation, Text
from data.series import Revised, revised
from data.store import Release


def correction(pair: Pair) -> Check:
    """Whether one of the two was corrected or taken back."""
    taken = [_of(which, _taken_back(figure)) for which, figure in _sides(pair) if _taken_back(figure)]
    if taken:
        return said("correction.no", a=listed(taken, "; "))
    changed = [_of(which, text) for which, figure in _sides(pair) if (text := _changed(pair, figure))]
    return said("correction.with_care", a=listed(changed, "; ")) if changed else said("correction.yes")


def _sides(pair: Pair) -> tuple[tuple[Text, Figure], ...]:
    return ((FIRST, pair.a), (SECOND, pair.b))


def _of(which: Text, text: Text) -> Text:
    """Which of the two, and what is said of it."""
    return Text(f"{which.en}, {text.en}", (("fr", f"{which.to('fr')}, {text.to('fr')}"),))


def _taken_back(figure: Figure) -> Text:
    """What a figure was before it was taken back; empty where it stands or never was."""
    held = figure.history[figure.history["value"].notna()]
    if not pd.isna(figure.row["value"]) or held.empty:
        return Text("")
    was = number(round(held.iloc[-1]["value"]))
    return Text(f"once published as {was.en}", (("fr", f"d’abord publié comme {was.to('fr')}"),))


def _changed(pair: Pair, figure: Figure) -> Text:
    """How a figure changed after its first publication, or what correction of it was published; else empty."""
    published = figure.history[figure.history["kind"] == RowKind.PUBLISHED].sort_values(
        "known_by", kind="stable"
    )
    if len(published) > 1:
        first, newest = published.iloc[0], published.iloc[-1]
        if revised(first, newest) is Revised.CHANGED:
            was, now = number(round(first["value"])), number(round(newest["value"]))
            return Text(f"from {was.en} to {now.en}", (("fr", f"de {was.to('fr')} à {now.to('fr')}"),))
    known = set(figure.history["obs"])
    events = [e.headline for e in _corrections(pair, figure) if e.about in known]
    return listed(events) if events else Text("")


def _corrections(pair: Pair, figure: Figure) -> list[Event]:
    """The corrections and withdrawals that the producer published."""
    kinds = (EventKind.CORRECTION, EventKind.WITHDRAWAL)
    return [
        event
        for event in pair.held.events_of(figure.about.operation, figure.about.key)
        if event.kind in kinds and event.claim is ClaimStatus.PUBLISHED
    ]


def precision(pair: Pair) -> Check:
    """Whether both were published as exact numbers."""
    found = [_of(which, text) for which, figure in _sides(pair) if (text := _inexact(figure))]
    return said("precision.with_care", a=listed(found, "; ")) if found else said("precision.yes")


def _inexact(figure: Figure) -> Text:
    """What keeps a figure from being an exact published number; empty where nothing does."""
    how, status = Precision(figure.row["precision"]), ObsStatus(figure.row["obs_status"])
    found = [PRECISION[how]] if how is not Precision.EXACT else []
    if status in STATUS and not (found and status is ObsStatus.ESTIMATED):  # which says "rounded" again
        found.append(STATUS[status])
    if figure.row["kind"] == RowKind.DERIVED:
        found.append(DERIVED)
    return listed(found) if found else Text("")


def independence(pair: Pair) -> Check:
    """Whether one of two series could confirm the other: not where it feeds it or has the same producer."""
    if pair.a.about.key == pair.b.about.key:
        return said("independence.yes")
    a, b = (pair.held.operations[figure.about.operation] for figure in (pair.a, pair.b))
    if a.key != b.key and (rests_on(pair, a, b) or rests_on(pair, b, a)):
        return said("independence.no", a=quoted(a.title), b=quoted(b.title))
    if a.producer == b.producer:
        return said("independence.with_care", a=a.producer)
    return said("independence.unknown")


def rests_on(pair: Pair, one: Operation, other: Operation) -> bool:
    """Whether an operation says that it is based on another, or published its use of one of its figures."""
    line = next((line.text.en for line in one.card if line.field is CardField.BASED_ON), "")
    names = [other.key, other.title.en, other.producer, *_kind_name(pair, one, other)]
    if line and any(re.search(rf"\b{re.escape(name)}(?!\w)", line, re.IGNORECASE) for name in names):
        return True
    return any(
        event.kind is EventKind.USE_OF_FIGURE
        and event.claim is ClaimStatus.PUBLISHED
        and _operation_of(pair.release, event.about) == other.key
        for event in pair.held.events_of(one.key)
    )


def _kind_name(pair: Pair, one: Operation, other: Operation) -> list[str]:
    """What the other operation may be called by its kind: only where a country has one of that kind."""
    alike = [
        o for o in pair.held.operations.values()
        if o.component is other.component and set(o.iso3) & set(one.iso3)
    ]  # fmt: skip
    return [COMPONENT[other.component]] if [o.key for o in alike] == [other.key] else []


@lru_cache(maxsize=512)  # a release never changes
def _operation_of(release: Release, observation: str) -> str:
    """The operation of an observation, "" where there is none of that id."""
    if not observation:
        return ""
    with release.cursor() as cursor:
        found = cursor.execute(
            "SELECT operation FROM observations WHERE id = $id", {"id": observation}
        ).fetchone()
    return str(found[0]) if found else ""

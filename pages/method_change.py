"""What the Method page says of changes: how they are split, compared, and how much was observed, at work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dash.development.base_component import Component

from data.codes import EventKind, Measure
from data.model import Event
from data.parts import Basis, Change, Grade
from data.queries import Catalogue
from data.split import change, sides_of
from data.store import Release
from pages.method_formula import formula
from pages.view import Context
from words import Words
from words.format import number, percent, span


def of_changes(context: Context) -> Iterator[Component]:
    """Each formula about a change, with an example of the release where it holds one."""
    w, found = context.words, example(context.release, context.held)
    yield from _formula(w, "parts", [] if found is None else [_parts(found, w)])
    yield from _formula(w, "same", [] if found is None else _same(found, w))
    for name in ("verdict", "effort", "diversion"):
        yield from _formula(w, name, [])


def _formula(w: Words, name: str, at_work: Sequence[str]) -> Iterator[Component]:
    return formula(
        w(f"methodpage.d_{name}"), w(f"methodpage.d_{name}_formula"), w(f"methodpage.d_{name}_text"), at_work
    )


def example(release: Release, held: Catalogue) -> Change | None:
    """The change around the last delisting whose sites were published one by one; None where there is none."""
    for scoped in reversed(held.events):
        event = scoped.item
        if not isinstance(event, Event) or event.kind is not EventKind.DELISTING or event.first_round is None:
            continue
        for key in scoped.indicators:
            if held.indicators[key].measure is Measure.FLOW:
                continue
            rounds = [side.round for side in sides_of(release, key) if side.round is not None]
            if event.first_round in rounds[1:]:
                before = rounds[rounds.index(event.first_round) - 1]
                found = change(release, key, str(before), str(event.first_round))
                if any(part.grade is Grade.BY_SITE for part in found.parts):
                    return found
    return None


def _parts(found: Change, w: Words) -> str:
    terms = [number(part.amount, w.language, signed=True) for part in found.parts if part.amount]
    return w(
        "methodpage.d_parts_worked",
        **_named(found, w),
        amount=number(found.amount, w.language, signed=True),
        terms=" ".join(f"{term[0]} {term[1:]}" for term in terms).removeprefix("+ "),
        unit=w(f"unit.{found.unit}"),
    )


def _same(found: Change, w: Words) -> list[str]:
    return [
        w(
            "methodpage.d_same_worked",
            **_named(found, w),
            before=number(base.before, w.language),
            after=number(base.after, w.language),
            change=percent(base.percent, w.language),
        )
        for base in found.bases
        if base.basis is Basis.SAME_SITES
    ]


def _named(found: Change, w: Words) -> dict[str, str]:
    return {
        "operation": found.provenance.operations[0].title.to(w.language),
        "first": span(found.first.period, w),
        "second": span(found.second.period, w),
    }

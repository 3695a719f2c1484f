"""Each bulletin and notice that entries of the ledger rest on, with its own day of publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from data.training import keys
from data.training import schedule as rounds
from data.training.borders import month_end
from data.training.flows import CHANGES_ON, CLOSES_ON
from data.training.others import MONTHLY_AFTER, PLAN_AFTER, REGISTERED_AFTER
from data.training.published import DELAYS
from data.training.schedule import Schedule
from data.training.words import day

END_AFTER = 30  # days after the last bulletin until the end is announced
_NOTICES = (
    (rounds.CORRECTED_EARLY, "corrected", "Notice of correction, round {}"),
    (rounds.CORRECTED_TWICE, "corrected", "Notice of correction, round {}"),
    (rounds.CORRECTED_TWICE, "corrected-2", "Second notice of correction, round {}"),
    (rounds.WITHDRAWN, "withdrawn", "Notice of withdrawal, round {}"),
    (rounds.CORRECTED_LATE, "corrected", "Notice of correction, round {}"),
)
_MONTHS = (
    (keys.FLOW, rounds.FLOW_FROM),
    (keys.FLOW, CHANGES_ON),
    (keys.FLOW, CLOSES_ON),
    (keys.BORDER, rounds.POST_GAP[1]),
)


@dataclass(frozen=True, slots=True)
class DatedText:
    """One publication: its key, its title in English, whose it is and since when it was public."""

    key: str
    title: str
    operation: str
    published: date


def dated_texts(when: Schedule) -> Iterator[DatedText]:
    """Every publication that has a day of its own: what rests on it was known from that day on."""
    tracking = keys.TRACKING

    def after(number: int, days: int = 0) -> date:
        return when.known[number - 1] + timedelta(days=days)

    for number in range(1, rounds.ROUNDS + 1):
        yield DatedText(keys.bulletin(number), f"Bulletin of round {number}", tracking, after(number))
    for number, vintage, title in _NOTICES:
        told = after(number, DELAYS[vintage])
        yield DatedText(keys.notice(number, vintage), title.format(number), tracking, told)
    yield DatedText(keys.END_NOTICE, "Notice that the count ends", tracking, after(rounds.ROUNDS, END_AFTER))
    for operation, of in _MONTHS:
        month = day(of)[0].split(" ", 1)[1]
        told = month_end(of) + timedelta(days=MONTHLY_AFTER[operation])
        yield DatedText(keys.month_bulletin(operation, of), f"Bulletin of {month}", operation, told)
    opened = after(rounds.RE_REGISTERED, REGISTERED_AFTER)
    yield DatedText(keys.REGISTERED_ANEW, "First bulletin of the desk", keys.REGISTRATION, opened)
    planned = after(rounds.CORRECTED_TWICE, PLAN_AFTER)
    yield DatedText(keys.FIGURE_OF_PLAN, "Planning figure", keys.PLAN, planned)

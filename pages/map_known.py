"""The map as known on a day: which dates were public then, the control below the timeline, and its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dash import html
from dash.development.base_component import Component

from data import queries, vintages
from data.model import Snapshot
from data.moments import now_shown, public_steps
from pages.known import control
from pages.moment import Step, chosen, steps
from pages.parts import link
from pages.timeline import step_link
from pages.view import Context
from words import Words
from words.format import day, span


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The dates of an operation as known on a day."""

    offered: tuple[Step, ...]  # those of which a figure was public, and the chosen one
    now: Step | None
    hidden: tuple[Step, ...]  # those of which none was, in order

    @property
    def newest(self) -> Step | None:
        """The newest date of which a figure was public; None where there is none."""
        return next((step for step in reversed(self.offered) if step not in self.hidden), None)


def moments(context: Context) -> Moments:
    """The dates that a reader can step through, and the chosen one.

    As known on a day, only those of which a figure was surely public then are offered, beside one that the address
    names. Where it names none and the opening date was not public, the newest one that was takes its place.

    Raises
    ------
    Unknown
        If the operation, the round or the day is not held.
    """
    release, held, selection = context.release, context.held, context.view.selection
    every = steps(release, held, selection.operation)
    if selection.known is None:
        return Moments(offered=every, now=chosen(release, held, selection), hidden=())
    public = public_steps(release, held, selection.operation, every, selection.known)
    now = now_shown(release, held, selection, public)
    return Moments(
        offered=tuple(step for step in every if step in public or step == now),
        now=now,
        hidden=tuple(step for step in every if step not in public),
    )


def days(context: Context) -> tuple[date, ...]:
    """The days by which something that the map or a trend of the operation shows became public, in order."""
    release, operation = context.release, context.operation().key
    shown = context.held.shown(operation)
    figures = vintages.published_days(queries.series(release, i.key) for i in shown)
    rounds = (first for first, _ in queries.rounds_public(release, operation).values())
    return tuple(sorted({*figures, *rounds, *queries.places_public(release, operation)}))


def known_control(context: Context, made: Moments) -> list[Component]:
    """As known on which day, what is not offered for it, and that the chosen date was not public where it was not.

    On a narrow page the control is folded under the day that it says.
    """
    known, w = context.view.selection.known, context.words
    said = control(context, days(context) or (() if known is None else (known,)))
    if said and context.view.narrow:  # folded: the map must be in sight, and the summary says the day
        here = w("known.newest") if known is None else day(known, w.language)
        head = html.Summary([w("known.control"), " ", html.B(here, className="num")])
        said = [html.Details([head, *said], className="known-fold", id="known-fold")]
    if known is None:
        return said
    when = day(known, w.language)
    if made.now is not None and made.now in made.hidden:
        said.append(html.P(_not_public(context, made, made.now, when), className="small", id="known-moment"))
    hidden = [_name(step, w) for step in made.hidden if step != made.now]
    if hidden:  # folded: the map below must stay in sight of the slider
        body = [html.P(w("known.map_hidden_why", when=when)), html.Ul([html.Li(name) for name in hidden])]
        summary = html.Summary(w("known.map_hidden", count=len(hidden)))
        said.append(html.Details([summary, *body], className="small", id="known-hidden"))
    return said


def _not_public(context: Context, made: Moments, now: Step, when: str) -> list[Component | str]:
    """That nothing of the chosen date was public, with the way to the newest date of which something was."""
    w, newest = context.words, made.newest
    said: list[Component | str] = [w("known.map_moment", moment=_name(now, w), when=when)]
    if newest is not None:
        text = w("known.map_newest", moment=_name(newest, w))
        said += [" ", link(text, id="known-moment-newest", href=step_link(context, newest))]
    return said


def _name(step: Step, w: Words) -> str:
    """A date as a sentence names it."""
    when = span(step.period, w)
    return when if step.round is None else w("known.map_round", number=step.round.number, when=when)


def nothing_public(known: date | None, w: Words) -> str:
    """That nothing of a place was surely public: what stands where no state does."""
    return "" if known is None else w("known.place_nothing", when=day(known, w.language))


def worded(snapshot: Snapshot, known: date | None, w: Words) -> Snapshot:
    """`snapshot` with the words of a place of which nothing was public, where its table has what is known of it."""
    if known is None or not len(snapshot.table) or bool(snapshot.table["public"].all()):
        return snapshot
    table, column = snapshot.table.copy(), f"text_{w.language}"
    if column not in table.columns:
        table[column] = ""
    table.loc[~table["public"], column] = nothing_public(known, w)
    return replace(snapshot, table=table)

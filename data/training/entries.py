"""One entry of the ledger as a row, and the published facts that its sentences take their figures from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from data.codes import ClaimStatus, EventKind, ObsStatus
from data.training import cast as cast_of
from data.training import keys
from data.training import schedule as rounds
from data.training.cast import Cast
from data.training.geography import Geography
from data.training.schedule import Schedule
from data.training.words import words

Ints = npt.NDArray[np.int64]
Row = dict[str, object]
Pair = tuple[str, str]

ALL_COUNTS = (keys.PEOPLE, keys.HOUSEHOLDS, keys.SITES, keys.CAMPS, keys.HOSTS)
UNSIZED: Pair = ("Size of the effect not published.", "Ampleur de l’effet non publiée.")


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the sentences need: published figures and names."""

    geo: Geography
    when: Schedule
    roles: Cast
    newest: Ints  # people in the country by round, as it stands; shape (ROUNDS,)
    first: Ints  # as first published
    corrected: Ints  # as corrected once
    people: Ints  # of the sites of the cast, (SIZE, ROUNDS)
    households: Ints
    names: tuple[str, ...]  # of the sites of the cast
    points: tuple[str, ...]  # names of the points of flow monitoring

    def listed(self, sites: tuple[int, ...]) -> Pair:
        """Names of sites in a sentence."""
        held = [self.names[site] for site in sites]
        return f"{', '.join(held[:-1])} and {held[-1]}", f"{', '.join(held[:-1])} et {held[-1]}"

    def known(self, round_number: int, days: int = 0) -> date:
        """A day counted from the publication of a round."""
        return self.when.known[round_number - 1] + timedelta(days=days)


def event(  # noqa: PLR0913  # the columns of an entry, by name; most have a usual value
    key: str,
    kind: EventKind,
    when: date | str,
    headline: Pair,
    text: Pair,
    *,
    operation: str = keys.TRACKING,
    indicators: tuple[str, ...] = (),
    claim: ClaimStatus = ClaimStatus.PUBLISHED,
    first_round: int | None = None,
    breaks: bool = False,
    status: ObsStatus | None = None,
    sites: tuple[int, ...] = (),
    areas: tuple[str, ...] = (),
    about: str = "",
    follows: str = "",
    answers: str = "",
    source: str = "",
    details: str = "",
    **said: Pair,
) -> Row:
    """One row of the table of events; `said` are pairs of texts by the stem of their columns.

    Without a source it is told by the bulletin of its first round, which has a day of its own.
    """
    if not source and first_round is None:
        raise ValueError(f"'{key}' has no first round: name the source that tells it.")
    more = {column: value for stem, pair in said.items() for column, value in words(stem, *pair).items()}
    return {
        "key": key,
        "operation": operation,
        "indicators": ";".join(indicators),
        "kind": kind,
        "when": str(when),
        "first_round": first_round,
        "breaks": breaks,
        "status": status or "",
        "claim": claim,
        **words("headline", *headline),
        **words("text", *text),
        "follows": follows,
        "answers": answers,
        "sites": ";".join(keys.site_key(site) for site in sites),
        "areas": ";".join(areas),
        "about_observation": about,
        "details_source": details,
        "source": source or keys.bulletin(first_round or 0),
        **more,
    }


def filled(english: str, french: str, **values: Pair) -> Pair:
    """A pair of sentences with `values` put in, each in its language."""
    return (
        english.format(**{name: pair[0] for name, pair in values.items()}),
        french.format(**{name: pair[1] for name, pair in values.items()}),
    )


def observation_id(indicator: str, number_of: int, vintage: str) -> str:
    """The id of a figure of the country."""
    return f"{indicator}-r{number_of:02d}-{vintage}"


def taken_off(facts: Told) -> tuple[int, int]:
    """People and households of the three settlements in their last round on the list."""
    at, sites = rounds.TAKEN_OFF - 2, list(cast_of.TAKEN_OFF)
    return int(facts.people[sites, at].sum()), int(facts.households[sites, at].sum())


def registered_rise(facts: Told) -> tuple[int, int]:
    """What the new registration of three camps added: people and households."""
    at, camps = rounds.RE_REGISTERED - 1, list(cast_of.REGISTERED)
    return (
        int((facts.people[camps, at] - facts.people[camps, at - 1]).sum()),
        int((facts.households[camps, at] - facts.households[camps, at - 1]).sum()),
    )


def relisted(facts: Told) -> int:
    """People of the two sites that are on the list again, in their first round."""
    return int(facts.people[list(cast_of.RELISTED), rounds.RELISTED - 1].sum())

"""The ledger: every kind of event, in both languages, with its scope and its effect or that none was published.

Sentences take their figures from what was published, so an entry and the series that it speaks of agree.
"""

from __future__ import annotations

import pandas as pd

from data.codes import Precision, Unit
from data.schema import EFFECTS, EVENTS, VARIANTS
from data.training import cast as cast_of
from data.training import keys
from data.training import schedule as rounds
from data.training.entries import Pair, Row, Told, registered_rise, relisted, taken_off
from data.training.events_after import afterlife, flow_entries
from data.training.events_count import corrections, methods
from data.training.events_list import lists
from data.training.rows import records
from data.training.totals import Totals
from data.training.words import words


def events(facts: Told) -> pd.DataFrame:
    """All entries, by date."""
    rows = [*lists(facts), *methods(facts), *corrections(facts), *afterlife(facts), *flow_entries(facts)]
    return records(EVENTS, sorted(rows, key=lambda row: (str(row["when"]), str(row["key"]))))


def effects(facts: Told) -> pd.DataFrame:
    """What events did to indicators, as published; an event without a row here has no published size."""
    people, families = taken_off(facts)
    rise, more = registered_rise(facts)
    early, late, twice = (
        n - 1 for n in (rounds.CORRECTED_EARLY, rounds.CORRECTED_LATE, rounds.CORRECTED_TWICE)
    )
    three: Pair = ("the three settlements together", "les trois établissements ensemble")
    camps: Pair = ("the three camps together", "les trois camps ensemble")
    plans: list[tuple[str, str, int, Unit, Pair]] = [
        ("xtr-taken-off", keys.PEOPLE, -people, Unit.INDIVIDUALS, three),
        ("xtr-taken-off", keys.CAMPS, -people, Unit.INDIVIDUALS, three),
        ("xtr-taken-off", keys.HOUSEHOLDS, -families, Unit.HOUSEHOLDS, three),
        ("xtr-taken-off", keys.SITES, -len(cast_of.TAKEN_OFF), Unit.SITES, three),
        (
            "xtr-taken-off-unsized",
            keys.SITES,
            -len(cast_of.UNSIZED),
            Unit.SITES,
            ("number of sites", "nombre de sites"),
        ),
        ("xtr-relisted", keys.PEOPLE, relisted(facts), Unit.INDIVIDUALS, ("the two sites", "les deux sites")),
        ("xtr-relisted", keys.SITES, len(cast_of.RELISTED), Unit.SITES, ("the two sites", "les deux sites")),
        ("xtr-registered-anew", keys.PEOPLE, rise, Unit.INDIVIDUALS, camps),
        ("xtr-registered-anew", keys.CAMPS, rise, Unit.INDIVIDUALS, camps),
        ("xtr-registered-anew", keys.HOUSEHOLDS, more, Unit.HOUSEHOLDS, camps),
    ]
    country: Pair = ("total of the country", "total du pays")
    for key, value in (
        ("xtr-correction-r05", facts.newest[early] - facts.first[early]),
        ("xtr-correction-r14", facts.corrected[twice] - facts.first[twice]),
        ("xtr-correction-r14-again", facts.newest[twice] - facts.corrected[twice]),
        ("xtr-correction-r19", facts.newest[late] - facts.first[late]),
    ):
        plans.append((key, keys.PEOPLE, int(value), Unit.INDIVIDUALS, country))
    return records(
        EFFECTS,
        [
            {
                "event": event,
                "indicator": indicator,
                "value": float(value),
                "unit": unit,
                "precision": Precision.EXACT,
                **words("note", *note),
            }
            for event, indicator, value, unit, note in plans
        ],
    )


def variants(facts: Told, totals: Totals) -> pd.DataFrame:
    """Figures that do not agree: left standing, and said."""
    n = rounds.DOUBLE_COUNT
    parts = [int(totals.published[name][n - 1].sum()) for name in ("camps", "hosts")]
    twice = rounds.CORRECTED_TWICE - 1
    rows: list[Row] = [
        {
            "key": "xtr-two-settings-r22",
            "operation": keys.TRACKING,
            "indicators": f"{keys.PEOPLE};{keys.CAMPS};{keys.HOSTS}",
            "period": facts.when.period(n),
            **words(
                "subject",
                "Total of round 22 and its two settings",
                "Total du cycle 22 et ses deux types de lieux",
            ),
            "value_a": str(int(facts.newest[n - 1])),
            "source_a": "Bulletin of round 22, total (SYNTHETIC)",
            "value_b": f"{parts[0]} + {parts[1]} = {sum(parts)}",
            "source_b": "Bulletin of round 22, tables (SYNTHETIC)",
            **words("nature", "does not add up", "ne s’additionne pas"),
            **words(
                "note",
                "The camps of one province are in both assessments.",
                "Les camps d’une province figurent dans les deux évaluations.",
            ),
        },
        {
            "key": "xtr-plan-base",
            "operation": keys.PLAN,
            "indicators": keys.PLANNED,
            "period": str(facts.when.last[twice].year + 1),
            **words("subject", "Base of the planning figure", "Base du chiffre de planification"),
            "value_a": str(int(facts.first[twice])),
            "source_a": "Planning Office (SYNTHETIC)",
            "value_b": str(int(facts.newest[twice])),
            "source_b": "Second notice of correction, round 14 (SYNTHETIC)",
            **words("nature", "corrected later", "corrigé par la suite"),
        },
    ]
    return records(VARIANTS, rows)

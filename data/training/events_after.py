"""Entries about what became of figures and of people, and those of the other operations."""

from __future__ import annotations

from datetime import timedelta

from data.codes import ClaimStatus, EventKind, ObsStatus
from data.training import cast as cast_of
from data.training import flows as flows_of
from data.training import keys
from data.training import schedule as rounds
from data.training.entries import UNSIZED, Row, Told, event, filled, observation_id
from data.training.others import planned
from data.training.words import day, number


def afterlife(facts: Told) -> list[Row]:
    """Who published, used and criticised figures, and what else happened."""
    geo, when = facts.geo, facts.when
    twice, doubled = rounds.CORRECTED_TWICE, rounds.DOUBLE_COUNT
    province, code = geo.provinces[facts.roles.doubled], geo.province_codes[facts.roles.doubled]
    base = int(facts.first[twice - 1])
    return [
        event(
            "xtr-publication-r14",
            EventKind.PUBLICATION,
            facts.known(twice),
            ("Bulletin of round 14", "Bulletin du cycle 14"),
            filled("The bulletin gives {n} people.", "Le bulletin donne {n} personnes.", n=number(base)),
            source=keys.bulletin(twice),
            indicators=(keys.PEOPLE,),
            about=observation_id(keys.PEOPLE, twice, "first"),
        ),
        event(
            "xtr-use-r14",
            EventKind.USE_OF_FIGURE,
            facts.known(twice, 25),
            (
                "A planning figure rests on round 14 as first published",
                "Un chiffre de planification repose sur le cycle 14 tel que publié d’abord",
            ),
            filled(
                "The Planning Office took {n} people and a tenth more: about {plan}.",
                "L’Office de planification a pris {n} personnes et un dixième de plus : environ {plan}.",
                n=number(base),
                plan=number(planned(base)),
            ),
            indicators=(keys.PEOPLE,),
            about=observation_id(keys.PEOPLE, twice, "first"),
            source=keys.FIGURE_OF_PLAN,
        ),
        event(
            "xtr-plan-start",
            EventKind.USE_OF_FIGURE,
            facts.known(twice, 25),
            ("Made from a count of somebody else", "Fait à partir du comptage d’un autre"),
            filled(
                "Round 14 of mobility tracking as first published, {n} people, and a tenth more.",
                "Cycle 14 du suivi de la mobilité tel que publié d’abord, {n} personnes, et un dixième de "
                "plus.",
                n=number(base),
            ),
            operation=keys.PLAN,
            indicators=(keys.PLANNED,),
            about=observation_id(keys.PEOPLE, twice, "first"),
            source=keys.FIGURE_OF_PLAN,
        ),
        event(
            "xtr-evictions",
            EventKind.CONTEXT,
            facts.known(rounds.TAKEN_OFF, 40),
            ("Evictions from the three settlements", "Expulsions des trois établissements"),
            (
                "The Union of Settlement Residents says that some households had to leave after the "
                "settlements were taken off "
                "the list. No number was published.",
                "L’Union des habitants des établissements dit que des ménages ont dû partir après le "
                "retrait de la liste. "
                "Aucun nombre n’a été publié.",
            ),
            claim=ClaimStatus.ALLEGED,
            follows="xtr-taken-off",
            sites=cast_of.TAKEN_OFF,
            source="xtr-residents",
            indicators=(keys.PEOPLE, keys.HOUSEHOLDS, keys.CAMPS),
        ),
        event(
            "xtr-criticism-list",
            EventKind.CRITICISM,
            facts.known(rounds.TAKEN_OFF, 45),
            ("The residents speak against the new list", "Les habitants contestent la nouvelle liste"),
            (
                "The Union says that houses of stone do not end displacement, and that the fall is a fall "
                "of the list.",
                "L’Union dit que des maisons de pierre ne mettent pas fin au déplacement, et que la baisse "
                "est une baisse de "
                "la liste.",
            ),
            claim=ClaimStatus.REPORTED,
            answers="xtr-taken-off",
            sites=cast_of.TAKEN_OFF,
            source="xtr-residents",
            indicators=(keys.PEOPLE, keys.HOUSEHOLDS, keys.CAMPS),
            criticised_by=("Union of Settlement Residents", "Union des habitants des établissements"),
        ),
        event(
            "xtr-press-access",
            EventKind.CONTEXT,
            facts.known(rounds.LOST[0], 10),
            ("Why the road was cut", "Pourquoi la route était coupée"),
            (
                "The Island Courier reports that a landslide cut the road; the ministry says that it was "
                "closed for works.",
                "Le Courrier de l’île rapporte qu’un glissement de terrain a coupé la route ; le ministère "
                "dit qu’elle était "
                "fermée pour travaux.",
            ),
            claim=ClaimStatus.DISPUTED,
            follows="xtr-access-lost",
            source="xtr-press",
        ),
        event(
            "xtr-criticism-double",
            EventKind.CRITICISM,
            facts.known(doubled, 50),
            (f"{province} may be counted twice", f"{province} peut être compté deux fois"),
            (
                f"The University says that the baseline assessment of round {doubled} in {province} holds "
                f"the camps, which "
                "are also in the site assessment. The producer says that the two were taken on different "
                "days.",
                f"L’Université dit que l’évaluation de base du cycle {doubled} à {province} contient les "
                f"camps, qui figurent "
                "aussi dans l’évaluation des sites. Le producteur dit que les deux ont été faites à des "
                "jours différents.",
            ),
            claim=ClaimStatus.DISPUTED,
            about=observation_id(keys.PEOPLE, doubled, "first"),
            source="xtr-university",
            indicators=(keys.PEOPLE, keys.HOUSEHOLDS),
            areas=(code,),
            criticised_by=(f"University of {geo.country}", f"Université de {geo.country}"),
            reply=(
                "The two assessments were taken on different days.",
                "Les deux évaluations ont été faites à des jours différents.",
            ),
        ),
        event(
            "xtr-storm",
            EventKind.CONTEXT,
            when.last[1],
            ("A storm", "Une tempête"),
            filled(
                "A storm destroyed houses; the bulletin names it among the reasons of displacement. "
                "{unsized}",
                "Une tempête a détruit des maisons ; le bulletin la nomme parmi les raisons des "
                "déplacements. {unsized}",
                unsized=UNSIZED,
            ),
            source=keys.bulletin(2),
            indicators=(keys.PEOPLE, keys.HOUSEHOLDS),
        ),
    ]


def flow_entries(facts: Told) -> list[Row]:
    """Entries of the other operations."""
    geo = facts.geo
    on, last = flows_of.CHANGES_ON, flows_of.CLOSES_ON
    changed, closed = facts.points[flows_of.CHANGES], facts.points[flows_of.CLOSES]
    both = (keys.FLOW_IN, keys.FLOW_OUT)
    changed_on, closed_on, by_road = day(on), day(last), day(flows_of.BYPASS_FROM)
    return [
        event(
            "xtr-fm-start",
            EventKind.START,
            rounds.FLOW_FROM,
            ("Flow monitoring begins", "Le suivi des flux commence"),
            ("Twenty-four points on twelve roads.", "Vingt-quatre points sur douze routes."),
            operation=keys.FLOW,
            indicators=both,
            source=keys.month_bulletin(keys.FLOW, rounds.FLOW_FROM),
        ),
        event(
            "xtr-fm-definition",
            EventKind.DEFINITION_CHANGE,
            on,
            ("One point counts no local trips any more", "Un point ne compte plus les trajets locaux"),
            filled(
                "From {on} the point {point} leaves out local trips. {unsized}",
                "À partir du {on}, le point {point} ne compte plus les trajets locaux. {unsized}",
                on=changed_on,
                point=(changed, changed),
                unsized=UNSIZED,
            ),
            operation=keys.FLOW,
            indicators=both,
            breaks=True,
            status=ObsStatus.BREAK,
            source=keys.month_bulletin(keys.FLOW, on),
        ),
        event(
            "xtr-fm-closed",
            EventKind.COVERAGE_CHANGE,
            last + timedelta(days=1),
            ("One point closes", "Un point ferme"),
            filled(
                "{on} is the last day of the point {point}. {unsized}",
                "Le {on} est le dernier jour du point {point}. {unsized}",
                on=closed_on,
                point=(closed, closed),
                unsized=UNSIZED,
            ),
            operation=keys.FLOW,
            indicators=both,
            status=ObsStatus.DEFINITION_DIFFERS,
            source=keys.month_bulletin(keys.FLOW, last),
        ),
        event(
            "xtr-fm-bypassed",
            EventKind.CONTEXT,
            flows_of.BYPASS_FROM,
            ("More people take the second road", "Davantage de personnes prennent la seconde route"),
            filled(
                "The Island Courier reports that from {on} a fee is asked on two roads, and that drivers "
                "go around the "
                "points.",
                "Le Courrier de l’île rapporte qu’à partir du {on} un péage est demandé sur deux routes, "
                "et que les "
                "conducteurs contournent les points.",
                on=by_road,
            ),
            operation=keys.FLOW,
            indicators=both,
            claim=ClaimStatus.REPORTED,
            source="xtr-press-road",
        ),
        event(
            "xtr-bc-gap",
            EventKind.COVERAGE_CHANGE,
            f"{rounds.POST_GAP[0]}/{rounds.POST_GAP[1]}",
            ("The second post did not count", "Le second poste n’a pas compté"),
            filled(
                "Nobody counted at the second post of {country} in February and March 2024. {unsized}",
                "Personne n’a compté au second poste de {country} en février et mars 2024. {unsized}",
                country=(geo.country, geo.country),
                unsized=UNSIZED,
            ),
            operation=keys.BORDER,
            indicators=(keys.EXITS, keys.ENTRIES),
            status=ObsStatus.DEFINITION_DIFFERS,
            source=keys.month_bulletin(keys.BORDER, rounds.POST_GAP[1]),
        ),
        event(
            "xtr-reg-start",
            EventKind.START,
            facts.when.last[rounds.RE_REGISTERED - 1],
            ("The registration desk opens", "Le guichet d’enregistrement ouvre"),
            (
                "Households register in three camps; mobility tracking takes its figures of these camps "
                "from here.",
                "Les ménages s’enregistrent dans trois camps ; le suivi de la mobilité en reprend les "
                "chiffres de ces camps.",
            ),
            operation=keys.REGISTRATION,
            source=keys.REGISTERED_ANEW,
        ),
    ]

"""Entries about how people are counted, and about figures that were mended or taken back."""

from __future__ import annotations

from data.codes import EventKind, ObsStatus
from data.training import cast as cast_of
from data.training import keys
from data.training import schedule as rounds
from data.training.entries import UNSIZED, Pair, Row, Told, event, filled, observation_id, registered_rise
from data.training.published import DELAYS
from data.training.words import number


def methods(facts: Told) -> list[Row]:
    """What changed in how people are counted."""
    when, geo = facts.when, facts.geo
    rise, families = (number(value) for value in registered_rise(facts))
    unexplained = rounds.UNEXPLAINED
    before, there, after = (
        number(int(facts.newest[n - 1])) for n in (unexplained - 1, unexplained, unexplained + 1)
    )
    return [
        event(
            "xtr-method",
            EventKind.METHOD_CHANGE,
            when.first[rounds.METHOD - 1],
            ("Households are counted and multiplied by 5", "Les ménages sont comptés et multipliés par 5"),
            filled(
                "Informants estimated people; from this round on they count households by shelter, and "
                "people are "
                "households times 5. {unsized}",
                "Les informateurs estimaient les personnes ; à partir de ce cycle, ils comptent les "
                "ménages par abri, "
                "et les personnes sont les ménages multipliés par 5. {unsized}",
                unsized=UNSIZED,
            ),
            first_round=rounds.METHOD,
            breaks=True,
            status=ObsStatus.BREAK,
            indicators=keys.BREAKS[rounds.METHOD],
            decided_by=("the producer", "le producteur"),
        ),
        event(
            "xtr-frequency",
            EventKind.FREQUENCY_CHANGE,
            when.first[rounds.FREQUENCY - 1],
            ("Rounds about every two months", "Un cycle tous les deux mois environ"),
            (
                "Rounds were about five weeks apart, and are about two months apart from this one on.",
                "Les cycles étaient espacés d’environ cinq semaines ; à partir de celui-ci, d’environ deux "
                "mois.",
            ),
            first_round=rounds.FREQUENCY,
            status=ObsStatus.DEFINITION_DIFFERS,
            reason=("funding", "financement"),
        ),
        event(
            "xtr-programme",
            EventKind.PROGRAMME,
            when.first[rounds.PROGRAMME - 1],
            ("Rental grants begin", "Des allocations de loyer commencent"),
            (
                "Households in camps may receive a grant for a year of rent and leave the camp. Where they "
                "go is not "
                "followed.",
                "Les ménages des camps peuvent recevoir une allocation pour un an de loyer et quitter le "
                "camp. Le lieu où ils "
                "vont n’est pas suivi.",
            ),
            first_round=rounds.PROGRAMME,
            indicators=(keys.PEOPLE, keys.HOUSEHOLDS, keys.CAMPS),
        ),
        event(
            "xtr-registered-anew",
            EventKind.RE_REGISTRATION,
            when.last[rounds.RE_REGISTERED - 1],
            ("Three camps registered anew", "Trois camps enregistrés à nouveau"),
            filled(
                "{names} were registered anew. Together they count {rise} people and {families} households "
                "more than "
                "in the round before.",
                "{names} ont été enregistrés à nouveau. Ensemble, ils comptent {rise} personnes et "
                "{families} ménages "
                "de plus qu’au cycle précédent.",
                names=facts.listed(cast_of.REGISTERED),
                rise=rise,
                families=families,
            ),
            first_round=rounds.RE_REGISTERED,
            breaks=True,
            status=ObsStatus.BREAK,
            sites=cast_of.REGISTERED,
            indicators=keys.BREAKS[rounds.RE_REGISTERED],
            decided_by=("the producer", "le producteur"),
        ),
        event(
            "xtr-definition",
            EventKind.DEFINITION_CHANGE,
            when.first[rounds.DEFINITION - 1],
            ("People who rent are no longer counted", "Les locataires ne sont plus comptés"),
            filled(
                "In host communities, displaced people who pay rent are left out from this round on. "
                "{unsized}",
                "Dans les communautés hôtes, les personnes déplacées qui paient un loyer ne sont plus "
                "comptées à partir "
                "de ce cycle. {unsized}",
                unsized=UNSIZED,
            ),
            first_round=rounds.DEFINITION,
            breaks=True,
            status=ObsStatus.BREAK,
            indicators=keys.BREAKS[rounds.DEFINITION],
            asked_by=(f"Ministry of Territory of {geo.country}", f"Ministère du territoire de {geo.country}"),
            decided_by=("the producer", "le producteur"),
        ),
        event(
            "xtr-unexplained",
            EventKind.UNEXPLAINED_BREAK,
            when.last[unexplained - 1],
            ("A fall that nobody explains", "Une baisse que personne n’explique"),
            filled(
                "The count goes from {before} to {there}. The bulletin gives the figures and no reason. "
                "{unsized}",
                "Le comptage passe de {before} à {there}. Le bulletin donne les chiffres et aucune "
                "raison. {unsized}",
                before=before,
                there=there,
                unsized=UNSIZED,
            ),
            first_round=unexplained,
            breaks=True,
            status=ObsStatus.BREAK,
            indicators=keys.BREAKS[unexplained],
        ),
        event(
            "xtr-unexplained-back",
            EventKind.UNEXPLAINED_BREAK,
            when.last[unexplained],
            ("A rise that nobody explains", "Une hausse que personne n’explique"),
            filled(
                "The count goes from {there} to {after}. The bulletin gives no reason. {unsized}",
                "Le comptage passe de {there} à {after}. Le bulletin ne donne aucune raison. {unsized}",
                there=there,
                after=after,
                unsized=UNSIZED,
            ),
            first_round=unexplained + 1,
            breaks=True,
            status=ObsStatus.BREAK,
            follows="xtr-unexplained",
            indicators=keys.BREAKS[unexplained + 1],
        ),
        event(
            "xtr-clearance",
            EventKind.CLEARANCE,
            facts.known(rounds.CLEARANCE),
            ("A joint committee clears each bulletin", "Un comité conjoint autorise chaque bulletin"),
            (
                "From round 23 on a committee of the producer and the ministry clears each bulletin before "
                "it is public.",
                "À partir du cycle 23, un comité du producteur et du ministère autorise chaque bulletin "
                "avant sa publication.",
            ),
            first_round=rounds.CLEARANCE,
            asked_by=(f"Ministry of Territory of {geo.country}", f"Ministère du territoire de {geo.country}"),
        ),
    ]


def corrections(facts: Told) -> list[Row]:
    """What was published wrongly, and when it was mended."""
    early, twice, late = rounds.CORRECTED_EARLY, rounds.CORRECTED_TWICE, rounds.CORRECTED_LATE
    after, after_two = DELAYS["corrected"], DELAYS["corrected-2"]

    def figures(n: int) -> dict[str, Pair]:
        at = n - 1
        return {
            "old": number(int(facts.first[at])),
            "one": number(int(facts.corrected[at])),
            "new": number(int(facts.newest[at])),
            "n": (str(n), str(n)),
        }

    english = "Round {n}: {new} people in place of {old}. "
    french = "Cycle {n} : {new} personnes au lieu de {old}. "
    return [
        event(
            "xtr-correction-r05",
            EventKind.CORRECTION,
            facts.known(early, after),
            ("Round 5 corrected: a digit too many", "Cycle 5 corrigé : un chiffre de trop"),
            filled(
                english + "In one commune a zero was added by mistake.",
                french + "Dans une commune, un zéro avait été ajouté par erreur.",
                **figures(early),
            ),
            indicators=(keys.PEOPLE,),
            about=observation_id(keys.PEOPLE, early, "first"),
            source=keys.notice(early, "corrected"),
        ),
        event(
            "xtr-correction-r14",
            EventKind.CORRECTION,
            facts.known(twice, after),
            (
                "Round 14 corrected: a part of a commune was missing",
                "Cycle 14 corrigé : il manquait une partie de commune",
            ),
            filled(
                "Round {n}: {one} people in place of {old}. Sites of one commune were put in.",
                "Cycle {n} : {one} personnes au lieu de {old}. Des sites d’une commune ont été ajoutés.",
                **figures(twice),
            ),
            indicators=(keys.PEOPLE,),
            about=observation_id(keys.PEOPLE, twice, "first"),
            source=keys.notice(twice, "corrected"),
        ),
        event(
            "xtr-correction-r14-again",
            EventKind.CORRECTION,
            facts.known(twice, after_two),
            ("The correction of round 14 corrected", "La correction du cycle 14 corrigée"),
            filled(
                "Round {n}: {new} people in place of {one}. Some of the sites had been put in twice.",
                "Cycle {n} : {new} personnes au lieu de {one}. Certains des sites avaient été ajoutés deux "
                "fois.",
                **figures(twice),
            ),
            indicators=(keys.PEOPLE,),
            about=observation_id(keys.PEOPLE, twice, "corrected"),
            follows="xtr-correction-r14",
            source=keys.notice(twice, "corrected-2"),
        ),
        event(
            "xtr-correction-r19",
            EventKind.CORRECTION,
            facts.known(late, after),
            (
                "Round 19 corrected: half of a commune was missing",
                "Cycle 19 corrigé : il manquait la moitié d’une commune",
            ),
            filled(
                english + "Sites of one commune were put in.",
                french + "Des sites d’une commune ont été ajoutés.",
                **figures(late),
            ),
            indicators=(keys.PEOPLE,),
            about=observation_id(keys.PEOPLE, late, "first"),
            source=keys.notice(late, "corrected"),
        ),
        event(
            "xtr-withdrawn",
            EventKind.WITHDRAWAL,
            facts.known(rounds.WITHDRAWN, DELAYS["withdrawn"]),
            ("Round 17 withdrawn", "Cycle 17 retiré"),
            filled(
                "The producer withdrew all figures of round {n}, among them {new} people, and published "
                "none in their "
                "place.",
                "Le producteur a retiré tous les chiffres du cycle {n}, dont {new} personnes, et n’en a "
                "publié aucun à "
                "leur place.",
                **figures(rounds.WITHDRAWN),
            ),
            first_round=rounds.WITHDRAWN,
            status=ObsStatus.MISSING,
            about=observation_id(keys.PEOPLE, rounds.WITHDRAWN, "withdrawn"),
            reason=(
                "tablets with the form of another round",
                "des tablettes avec le formulaire d’un autre cycle",
            ),
            source=keys.notice(rounds.WITHDRAWN, "withdrawn"),
        ),
    ]

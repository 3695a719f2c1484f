"""Standing limits of the figures: each operation says first that it is invented."""

from __future__ import annotations

import pandas as pd

from data.schema import CAVEATS
from data.training import keys
from data.training import schedule as rounds
from data.training.geography import Geography
from data.training.rows import records
from data.training.schedule import MULTIPLIER, Schedule
from data.training.words import words

Row = dict[str, object]


def caveats(geo: Geography, when: Schedule, doubled: int) -> pd.DataFrame:
    """Standing limits; each operation says first that it is invented. `doubled` is a province by its number."""
    rows: list[Row] = []
    province = geo.provinces[doubled]

    def add(
        key: str,
        operation: str,
        title: tuple[str, str],
        text: tuple[str, str],
        indicators: tuple[str, ...] = (),
        period: str = "",
        source: str = "",
        areas: str = "",
    ) -> None:
        rows.append(
            {
                "key": key,
                "operation": operation,
                "indicators": ";".join(indicators),
                "period": period,
                "areas": areas,
                **words("title", *title),
                **words("text", *text),
                "source": source or keys.BULLETINS[operation],
            }
        )

    for operation in keys.OPERATIONS:
        add(
            f"{operation}-synthetic",
            operation,
            ("SYNTHETIC: an invented country", "SYNTHETIC : un pays inventé"),
            (
                f"{geo.country} does not exist. Its figures are made by a program, about nobody, to learn "
                f"and to test.",
                f"{geo.country} n’existe pas. Ses chiffres sont produits par un programme, ne portent sur "
                f"personne et "
                "servent à apprendre et à tester.",
            ),
        )
    add(
        "xtr-mt-listed",
        keys.TRACKING,
        (
            "People at places of the list are counted",
            "Les personnes dans les lieux de la liste sont comptées",
        ),
        (
            "Displaced people among hosts outside the list are not counted. Leaving a site or a list is "
            "not the end of "
            "displacement.",
            "Les personnes déplacées chez des hôtes hors de la liste ne sont pas comptées. Quitter un site "
            "ou une liste "
            "n’est pas la fin du déplacement.",
        ),
        source=keys.bulletin(1),
    )
    add(
        "xtr-mt-carried",
        keys.TRACKING,
        ("Some counts are older than their round", "Certains comptages sont plus anciens que leur cycle"),
        (
            "Where a site was not visited, its last count may stand in for up to two rounds; about half of "
            "these rows say "
            "so. A row without a key informant in the same round is such a row.",
            "Si un site n’a pas été visité, son dernier comptage peut en tenir lieu pendant deux cycles au "
            "plus ; environ "
            "la moitié de ces lignes l’indiquent. Une ligne sans informateur clé dans le même cycle en est "
            "une.",
        ),
        (keys.PEOPLE, keys.HOUSEHOLDS, keys.CAMPS, keys.HOSTS),
    )
    add(
        "xtr-mt-multiplier",
        keys.TRACKING,
        ("People are households times 5", "Les personnes sont les ménages multipliés par 5"),
        (
            f"From round {rounds.METHOD} on the number of people is the number of households times "
            f"{MULTIPLIER}, whatever "
            "the size of households at the site.",
            f"À partir du cycle {rounds.METHOD}, le nombre de personnes est celui des ménages multiplié "
            f"par {MULTIPLIER}, "
            "quelle que soit la taille des ménages du site.",
        ),
        (keys.PEOPLE, keys.CAMPS, keys.HOSTS),
        f"{when.first[rounds.METHOD - 1]}/{when.last[-1]}",
        source=keys.bulletin(rounds.METHOD),
    )
    add(
        "xtr-mt-two-assessments",
        keys.TRACKING,
        (
            f"One province may be counted twice in round {rounds.DOUBLE_COUNT}",
            f"Une province peut être comptée deux fois au cycle {rounds.DOUBLE_COUNT}",
        ),
        (
            f"In {province} the baseline assessment (BA) of round {rounds.DOUBLE_COUNT} holds the camps "
            f"too, which are also "
            "in the site assessment (SA). The producer added the two.",
            f"À {province}, l’évaluation de base (BA) du cycle {rounds.DOUBLE_COUNT} contient aussi les "
            f"camps, qui figurent "
            "également dans l’évaluation des sites (SA). Le producteur a additionné les deux.",
        ),
        (keys.PEOPLE, keys.HOUSEHOLDS),
        when.period(rounds.DOUBLE_COUNT),
        source=keys.bulletin(rounds.DOUBLE_COUNT),
        areas=geo.province_codes[doubled],
    )
    add(
        "xtr-mt-sex-age",
        keys.TRACKING,
        (
            "Sex and age are shares of key informants",
            "Le sexe et l’âge sont des parts données par les informateurs",
        ),
        (
            "The groups sum to the newest figure of the round. Where a figure was corrected, they never "
            "summed to the first "
            "one.",
            "La somme des groupes est le chiffre le plus récent du cycle. Si un chiffre a été corrigé, "
            "elle n’a jamais été "
            "le premier.",
        ),
        (keys.PEOPLE,),
    )
    add(
        "xtr-mt-returnees",
        keys.TRACKING,
        (
            f"People who came home are counted from round {rounds.RETURNEES_FROM} on",
            f"Les personnes rentrées sont comptées à partir du cycle {rounds.RETURNEES_FROM}",
        ),
        (
            "It is not asked how long they stay, nor what they found at home.",
            "Il n’est pas demandé combien de temps elles restent, ni ce qu’elles ont trouvé chez elles.",
        ),
        (keys.RETURNEES,),
        source=keys.bulletin(rounds.RETURNEES_FROM),
    )
    add(
        "xtr-mt-sites-list",
        keys.TRACKING,
        ("The number of sites is that of the list", "Le nombre de sites est celui de la liste"),
        (
            "It holds sites that were not visited in the round, and none that was not known.",
            "Il comprend des sites qui n’ont pas été visités dans le cycle, et aucun site inconnu.",
        ),
        (keys.SITES,),
        source=keys.bulletin(1),
    )
    add(
        "xtr-fm-bypass",
        keys.FLOW,
        ("Two roads have a second road beside them", "Deux routes sont doublées d’une seconde route"),
        (
            "No point looks at the second roads. A fall at the points can be a change of road.",
            "Aucun point n’observe les secondes routes. Une baisse aux points peut être un changement de "
            "route.",
        ),
    )
    add(
        "xtr-fm-days",
        keys.FLOW,
        ("Months are sums over observed days", "Les mois sont des sommes de jours observés"),
        (
            "Days without observation are left out and not filled. One person can be counted many times.",
            "Les jours sans observation sont laissés de côté et ne sont pas complétés. Une personne peut "
            "être comptée "
            "plusieurs fois.",
        ),
    )
    add(
        "xtr-bc-lost",
        keys.BORDER,
        ("Two months of the second post are missing", "Deux mois du second poste manquent"),
        (
            "Nobody counted at the second post in February and March 2024.",
            "Personne n’a compté au second poste en février et mars 2024.",
        ),
        (),
        f"{rounds.POST_GAP[0]}/{rounds.POST_GAP[1]}",
        source=keys.month_bulletin(keys.BORDER, rounds.POST_GAP[1]),
    )
    add(
        "xtr-svy-frame",
        keys.SURVEY,
        ("Households in sites are asked", "Les ménages des sites sont interrogés"),
        (
            "The sample is drawn from the list of sites; households outside it could not be chosen.",
            "L’échantillon est tiré de la liste des sites ; les ménages hors de celle-ci ne pouvaient pas "
            "être choisis.",
        ),
    )
    add(
        "xtr-reg-late",
        keys.REGISTRATION,
        ("The register lags behind", "Le registre a du retard"),
        (
            "Who left may still be registered. The same people are counted by mobility tracking: the two "
            "are never added.",
            "Les personnes parties peuvent encore être inscrites. Les mêmes personnes sont comptées par le "
            "suivi de la "
            "mobilité : les deux ne s’additionnent jamais.",
        ),
    )
    add(
        "xtr-proxy-share",
        keys.PROXY,
        ("The share of users is assumed", "La part d’utilisateurs est supposée"),
        (
            "The estimate moves with the assumed share as much as with the people. It is an experiment "
            "(status G).",
            "L’estimation varie avec la part supposée autant qu’avec les personnes. C’est une expérience "
            "(statut G).",
        ),
    )
    add(
        "xtr-plan-based",
        keys.PLAN,
        ("It rests on another figure", "Il repose sur un autre chiffre"),
        (
            "The planning figure was made from a count that was corrected twice later; it was not made anew.",
            "Le chiffre de planification provient d’un comptage corrigé deux fois par la suite ; il n’a "
            "pas été refait.",
        ),
    )
    return records(CAVEATS, rows)

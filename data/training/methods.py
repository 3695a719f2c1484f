"""How the figures of the training country are made, and what their digits can bear."""

from __future__ import annotations

import pandas as pd

from data.schema import METHODS
from data.training import keys
from data.training import schedule as rounds
from data.training.rows import records
from data.training.schedule import MULTIPLIER
from data.training.words import words

Row = dict[str, object]


def methods() -> pd.DataFrame:
    """How the figures of each operation were made."""
    rows: list[Row] = []

    def add(
        key: str, operation: str, texts: tuple[str, str], accuracy: tuple[str, str], *, rounds_figures: bool
    ) -> None:
        rows.append(
            {
                "key": key,
                "operation": operation,
                **words("text", *texts),
                **words("accuracy", *accuracy),
                "rounds_figures": rounds_figures,
                "source": keys.BULLETINS[operation],
            }
        )

    add(
        "xtr-mt-informants",
        keys.TRACKING,
        (
            f"Key informants at the sites of a list. Until round {rounds.METHOD - 1} they estimate people. "
            f"From round "
            f"{rounds.METHOD} on they count households by shelter, and people are households times "
            f"{MULTIPLIER}. Three "
            f"camps are counted from a register, which was made anew for round {rounds.RE_REGISTERED}. "
            f"Where a site was "
            "not visited, its last count may stand in for up to two rounds.",
            f"Informateurs clés dans les sites d’une liste. Jusqu’au cycle {rounds.METHOD - 1}, ils "
            f"estiment les personnes. "
            f"À partir du cycle {rounds.METHOD}, ils comptent les ménages par abri, et les personnes sont "
            f"les ménages "
            f"multipliés par {MULTIPLIER}. Trois camps sont comptés d’après un registre, refait pour le "
            f"cycle "
            f"{rounds.RE_REGISTERED}. Si un site n’a pas été visité, son dernier comptage peut en tenir "
            f"lieu pendant deux "
            "cycles au plus.",
        ),
        (
            "key informants: about one part in ten at a site",
            "informateurs clés : environ un dixième par site",
        ),
        rounds_figures=False,
    )
    add(
        "xtr-mt-communes",
        keys.TRACKING,
        (
            "Key informants of each commune say how many people came home.",
            "Les informateurs clés de chaque commune disent combien de personnes sont rentrées.",
        ),
        (
            "key informants: about one part in ten in a commune",
            "informateurs clés : environ un dixième par commune",
        ),
        rounds_figures=False,
    )
    add(
        "xtr-fm-points",
        keys.FLOW,
        (
            "Enumerators count movements at chosen points by day, for some hours of the day.",
            "Des enquêteurs comptent les mouvements à des points choisis, pendant certaines heures de la "
            "journée.",
        ),
        (
            "indicative: trends along these points, not totals of a region",
            "indicatif : des tendances le long de ces points, et non des totaux d’une région",
        ),
        rounds_figures=False,
    )
    add(
        "xtr-bc-posts",
        keys.BORDER,
        ("Officers count travellers at two posts.", "Des agents comptent les voyageurs à deux postes."),
        ("complete on the days with counting", "complet les jours de comptage"),
        rounds_figures=False,
    )
    add(
        "xtr-svy-sample",
        keys.SURVEY,
        (
            "A random sample of households in sites, by province; intervals with a stated design effect of "
            "1.5.",
            "Un échantillon aléatoire de ménages dans les sites, par province ; intervalles avec un effet "
            "de plan "
            "déclaré de 1,5.",
        ),
        ("the published interval", "l’intervalle publié"),
        rounds_figures=False,
    )
    add(
        "xtr-reg-desk",
        keys.REGISTRATION,
        (
            "Households register at a desk in three camps; sums are published, never entries.",
            "Les ménages s’enregistrent à un guichet dans trois camps ; des sommes sont publiées, jamais "
            "des fiches.",
        ),
        (
            "exact for entries; who left may still be registered",
            "exact pour les inscriptions ; les personnes parties peuvent encore être inscrites",
        ),
        rounds_figures=False,
    )
    add(
        "xtr-proxy-audience",
        keys.PROXY,
        (
            "The audience of an advertising platform divided by the share of displaced people assumed to "
            "use it.",
            "L’audience d’une plateforme publicitaire divisée par la part supposée de personnes déplacées "
            "qui "
            "l’utilisent.",
        ),
        ("experimental", "expérimental"),
        rounds_figures=True,
    )
    add(
        "xtr-plan-share",
        keys.PLAN,
        (
            f"The figure of round {rounds.CORRECTED_TWICE} as first published and a tenth more, to the "
            f"thousand. It rests "
            "on mobility tracking and is no second count.",
            f"Le chiffre du cycle {rounds.CORRECTED_TWICE} tel que publié d’abord et un dixième de plus, "
            f"au millier. Il "
            "repose sur le suivi de la mobilité et n’est pas un second comptage.",
        ),
        ("an assumption", "une hypothèse"),
        rounds_figures=True,
    )
    return records(METHODS, rows)

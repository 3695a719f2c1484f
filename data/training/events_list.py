"""Entries about the list of sites, about where the operation could go, and about areas."""

from __future__ import annotations

from data.codes import EventKind, ObsStatus
from data.training import cast as cast_of
from data.training import keys
from data.training import schedule as rounds
from data.training.entries import ALL_COUNTS, UNSIZED, Pair, Row, Told, event, filled, relisted, taken_off
from data.training.words import number


def lists(facts: Told) -> list[Row]:
    """What changed on the list of sites and in where the operation could go."""
    when, geo = facts.when, facts.geo
    ministry: Pair = (f"Ministry of Territory of {geo.country}", f"Ministère du territoire de {geo.country}")
    observatory: Pair = ("the producer", "le producteur")
    people, families = (number(value) for value in taken_off(facts))
    lost = geo.districts[geo.lost]
    old = geo.districts[geo.split]
    new = (geo.districts[-2], geo.districts[-1])
    codes = (geo.district_codes[geo.split], geo.district_codes[-2], geo.district_codes[-1])
    lost_span = f"{when.first[rounds.LOST[0] - 1]}/{when.last[rounds.LOST[-1] - 1]}"
    rows = [
        event(
            "xtr-start",
            EventKind.START,
            when.first[0],
            ("The count begins", "Le comptage commence"),
            (
                "Round 1: key informants at the sites of a list that grows as places become known.",
                "Cycle 1 : informateurs clés dans les sites d’une liste qui s’allonge à mesure que des "
                "lieux sont connus.",
            ),
            first_round=1,
            indicators=ALL_COUNTS,
        ),
        event(
            "xtr-start-returnees",
            EventKind.START,
            when.first[rounds.RETURNEES_FROM - 1],
            ("People who came home are counted too", "Les personnes rentrées sont comptées aussi"),
            (
                "Key informants of each commune are asked how many people came home.",
                "Les informateurs clés de chaque commune disent combien de personnes sont rentrées.",
            ),
            first_round=rounds.RETURNEES_FROM,
            indicators=(keys.RETURNEES,),
        ),
        event(
            "xtr-taken-off",
            EventKind.DELISTING,
            when.last[rounds.TAKEN_OFF - 1],
            ("Three settlements taken off the list", "Trois établissements retirés de la liste"),
            filled(
                "{names} were taken off the list: settlements with {people} people, {families} households "
                "in the "
                "round before. It does not mean that people left.",
                "{names} ont été retirés de la liste : établissements comptant {people} personnes, "
                "{families} "
                "ménages au cycle précédent. Cela ne signifie pas que les personnes sont parties.",
                names=facts.listed(cast_of.TAKEN_OFF),
                people=people,
                families=families,
            ),
            first_round=rounds.TAKEN_OFF,
            breaks=True,
            status=ObsStatus.BREAK,
            sites=cast_of.TAKEN_OFF,
            indicators=keys.BREAKS[rounds.TAKEN_OFF],
            reason=("houses of stone", "des maisons de pierre"),
            asked_by=ministry,
            decided_by=observatory,
            criticised_by=("Union of Settlement Residents", "Union des habitants des établissements"),
            reply=(
                "The settlements are followed by another programme.",
                "Les établissements sont suivis par un autre programme.",
            ),
            details="xtr-residents",  # criticism and reply came after the bulletin
        ),
        event(
            "xtr-taken-off-unsized",
            EventKind.DELISTING,
            when.last[rounds.TAKEN_OFF_UNSIZED - 1],
            ("Five sites taken off the list", "Cinq sites retirés de la liste"),
            filled(
                "{names} are not in the list of this round. {unsized}",
                "{names} ne figurent pas dans la liste de ce cycle. {unsized}",
                names=facts.listed(cast_of.UNSIZED),
                unsized=(
                    "How many people lived there was not published.",
                    "Le nombre de personnes qui y vivaient n’a pas été publié.",
                ),
            ),
            first_round=rounds.TAKEN_OFF_UNSIZED,
            breaks=True,
            status=ObsStatus.BREAK,
            sites=cast_of.UNSIZED,
            indicators=keys.BREAKS[rounds.TAKEN_OFF_UNSIZED],
            decided_by=observatory,
        ),
        event(
            "xtr-relisted",
            EventKind.RELISTING,
            when.last[rounds.RELISTED - 1],
            ("Two sites on the list again", "Deux sites de nouveau inscrits sur la liste"),
            filled(
                "{names} are on the list again, with {people} people.",
                "{names} sont de nouveau sur la liste, avec {people} personnes.",
                names=facts.listed(cast_of.RELISTED),
                people=number(relisted(facts)),
            ),
            first_round=rounds.RELISTED,
            breaks=True,
            status=ObsStatus.BREAK,
            sites=cast_of.RELISTED,
            indicators=keys.BREAKS[rounds.RELISTED],
            follows="xtr-taken-off-unsized",
            decided_by=observatory,
        ),
        event(
            "xtr-recategorized",
            EventKind.RECATEGORIZATION,
            when.last[rounds.RECATEGORIZED - 1],
            ("Eight camps are called neighbourhoods", "Huit camps sont appelés quartiers"),
            filled(
                "{names} are counted among host communities from this round on. The total is not touched. "
                "{unsized}",
                "{names} sont comptés parmi les communautés hôtes à partir de ce cycle. Le total n’est pas "
                "touché. "
                "{unsized}",
                names=facts.listed(cast_of.RECATEGORIZED),
                unsized=UNSIZED,
            ),
            first_round=rounds.RECATEGORIZED,
            breaks=True,
            status=ObsStatus.BREAK,
            sites=cast_of.RECATEGORIZED,
            indicators=keys.BREAKS[rounds.RECATEGORIZED],
            asked_by=ministry,
            decided_by=observatory,
        ),
        event(
            "xtr-access-lost",
            EventKind.COVERAGE_CHANGE,
            lost_span,
            (f"{lost} could not be reached", f"{lost} n’était pas accessible"),
            filled(
                f"No site of the district {lost} was visited in rounds {rounds.LOST[0]} to "
                f"{rounds.LOST[-1]}, and no "
                "earlier count stands in. {unsized}",
                f"Aucun site du district {lost} n’a été visité aux cycles {rounds.LOST[0]} à "
                f"{rounds.LOST[-1]}, et "
                "aucun comptage antérieur n’en tient lieu. {unsized}",
                unsized=UNSIZED,
            ),
            first_round=rounds.LOST[0],
            status=ObsStatus.SPECIAL_EVENT,
            indicators=(*ALL_COUNTS, keys.RETURNEES),
            areas=(geo.district_codes[geo.lost],),
            reason=("a road was cut", "une route était coupée"),
            source=keys.bulletin(rounds.LOST[-1]),  # it names the last of these rounds
        ),
        event(
            "xtr-access-regained",
            EventKind.COVERAGE_CHANGE,
            when.first[rounds.REGAINED - 1],
            (f"{lost} is counted again", f"{lost} est de nouveau compté"),
            filled(
                "The district is reached from this round on. {unsized}",
                "Le district est accessible à partir de ce cycle. {unsized}",
                unsized=UNSIZED,
            ),
            first_round=rounds.REGAINED,
            status=ObsStatus.DEFINITION_DIFFERS,
            follows="xtr-access-lost",
            indicators=(*ALL_COUNTS, keys.RETURNEES),
            areas=(geo.district_codes[geo.lost],),
        ),
        event(
            "xtr-boundary",
            EventKind.BOUNDARY_CHANGE,
            when.first[rounds.BOUNDARY - 1],
            (f"{old} becomes two districts", f"{old} devient deux districts"),
            (
                f"The district {old} ({codes[0]}) is divided into {new[0]} ({codes[1]}) and {new[1]} "
                f"({codes[2]}). Its "
                "communes have new codes; the total of the country is not touched.",
                f"Le district {old} ({codes[0]}) est divisé en {new[0]} ({codes[1]}) et {new[1]} "
                f"({codes[2]}). Ses communes "
                "ont de nouveaux codes ; le total du pays n’est pas touché.",
            ),
            first_round=rounds.BOUNDARY,
            status=ObsStatus.DEFINITION_DIFFERS,
            areas=codes,
            decided_by=ministry,
        ),
        event(
            "xtr-end",
            EventKind.END,
            facts.known(rounds.ROUNDS, 30),
            ("The count ends", "Le comptage prend fin"),
            (
                "Round 24 is the last one: the funding ended. Nothing is said about the people who are "
                "still displaced.",
                "Le cycle 24 est le dernier : le financement a pris fin. Rien n’est dit des personnes "
                "encore déplacées.",
            ),
            reason=("funding", "financement"),
            source=keys.END_NOTICE,
        ),
    ]
    for at, (site, other) in enumerate(zip(cast_of.MERGING, cast_of.MERGED, strict=True)):
        n = rounds.MERGES[at]
        a, b = facts.names[site], facts.names[other]
        rows.append(
            event(
                f"xtr-merge-r{n:02d}",
                EventKind.SITE_MERGE_OR_SPLIT,
                when.last[n - 1],
                (f"{a} becomes part of {b}", f"{a} est réuni à {b}"),
                filled(
                    "The two sites are counted as one. {unsized}",
                    "Les deux sites sont comptés comme un seul. {unsized}",
                    unsized=UNSIZED,
                ),
                first_round=n,
                sites=(site, other),
                indicators=(keys.SITES,),
            )
        )
    for at, (site, other) in enumerate(zip(cast_of.SPLITTING, cast_of.SPLIT_OFF, strict=True)):
        n = rounds.SPLITS[at]
        a, b = facts.names[site], facts.names[other]
        rows.append(
            event(
                f"xtr-split-r{n:02d}",
                EventKind.SITE_MERGE_OR_SPLIT,
                when.last[n - 1],
                (f"A part of {a} is counted as {b}", f"Une partie de {a} est comptée comme {b}"),
                filled(
                    "One site is counted as two. {unsized}",
                    "Un site est compté comme deux. {unsized}",
                    unsized=UNSIZED,
                ),
                first_round=n,
                sites=(site, other),
                indicators=(keys.SITES,),
            )
        )
    return rows

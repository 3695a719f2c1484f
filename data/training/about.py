"""Who made what in the training country: operations with their cards, sources and rounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd

from data import codes
from data.codes import CardField, Component, Population
from data.schema import CARD_LINES, OPERATIONS, ROUNDS, SOURCES
from data.training import keys
from data.training import schedule as rounds
from data.training.bulletins import dated_texts
from data.training.flows import BYPASS_FROM
from data.training.geography import ISO3, Geography
from data.training.rows import records
from data.training.schedule import Schedule
from data.training.words import words

Row = dict[str, object]
LICENCE = "CC0-1.0: invented, free to use"
FRAME = 0.3  # degrees of sea around the land in the first view


def producers(country: str) -> Mapping[str, str]:
    """The invented institutions that publish, by operation."""
    return {
        keys.TRACKING: f"Displacement Observatory of {country} (SYNTHETIC)",
        keys.FLOW: f"Displacement Observatory of {country} (SYNTHETIC)",
        keys.BORDER: f"Border Service of {country} (SYNTHETIC)",
        keys.SURVEY: f"Household Survey Unit of {country} (SYNTHETIC)",
        keys.REGISTRATION: f"Registration Desk of {country} (SYNTHETIC)",
        keys.PROXY: f"Estimates Laboratory of {country} (SYNTHETIC)",
        keys.PLAN: f"Planning Office of {country} (SYNTHETIC)",
    }


_TITLES = {
    keys.TRACKING: ("displaced people by site and round", "personnes déplacées par site et par cycle"),
    keys.FLOW: ("movements at 24 points", "mouvements à 24 points"),
    keys.BORDER: ("entries and exits at two posts", "entrées et sorties à deux postes"),
    keys.SURVEY: ("survey of displaced households", "enquête auprès de ménages déplacés"),
    keys.REGISTRATION: ("registration in three camps", "enregistrement dans trois camps"),
    keys.PROXY: ("estimate from advertising audiences", "estimation à partir d’audiences publicitaires"),
    keys.PLAN: ("planning figure", "chiffre de planification"),
}
_KINDS = {
    keys.TRACKING: (Component.MOBILITY_TRACKING, Population.IDPS, "map", keys.PEOPLE),
    keys.FLOW: (Component.FLOW_MONITORING, Population.TRAVELLERS, "trends", keys.FLOW_IN),
    keys.BORDER: (Component.BORDER_CROSSING, Population.TRAVELLERS, "trends", keys.EXITS),
    keys.SURVEY: (Component.SURVEY, Population.RESPONDENTS, "trends", keys.ASKED["return"]),
    keys.REGISTRATION: (Component.REGISTRATION, Population.IDPS, "trends", keys.REGISTERED),
    keys.PLAN: (Component.PLANNING, Population.IDPS, "trends", keys.PLANNED),
    keys.PROXY: (Component.PROXY_ESTIMATE, Population.IDPS, "trends", keys.AUDIENCE),
}


def operations(geo: Geography) -> pd.DataFrame:
    """The seven operations; each bears SYNTHETIC in its title and its country."""
    west, south, east, north = geo.bounds()
    rows: list[Row] = []
    for key in keys.OPERATIONS:
        component, population, page, lead = _KINDS[key]
        title, titre = _TITLES[key]
        maker = producers(geo.country)[key]
        rows.append(
            {
                "key": key,
                "iso3": ISO3,
                "country_en": f"{geo.country} (SYNTHETIC)",
                "country_fr": f"{geo.country} (SYNTHETIC)",
                **words(
                    "title", f"{geo.country} (SYNTHETIC), {title}", f"{geo.country} (SYNTHETIC), {titre}"
                ),
                "component": component,
                "population": population,
                "producer": maker,
                "credit": f"SYNTHETIC data of the training country {geo.country}: invented, about nobody",
                "licence": LICENCE,
                "sensitivity": codes.Sensitivity.PUBLIC,
                "synthetic": True,
                "best_page": page,
                "lead_indicator": lead,
                "view_west": round(west - FRAME, 2),
                "view_south": round(south - FRAME, 2),
                "view_east": round(east + FRAME, 2),
                "view_north": round(north + FRAME, 2),
            }
        )
    return records(OPERATIONS, rows)


def sources(geo: Geography, when: Schedule) -> pd.DataFrame:
    """The invented texts that figures and events are read in."""
    maker = producers(geo.country)
    rows: list[Row] = []

    def add(key: str, title: str, publisher: str, published: str, english: str, french: str) -> None:
        rows.append(
            {
                "key": key,
                "title": f"{title} (SYNTHETIC)",
                "publisher": publisher,
                "published": published,
                "credit": f"{geo.country} (SYNTHETIC)",
                "licence": LICENCE,
                **words("read_as", english, french),
            }
        )

    whole = f"{when.known[0]}/{when.known[-1]}"
    for operation in keys.OPERATIONS:
        add(
            keys.BULLETINS[operation],
            f"Bulletins: {_TITLES[operation][0]}",
            maker[operation],
            whole,
            "invented publications of the producer",
            "publications inventées du producteur",
        )
    add(
        keys.GEODATA,
        "Boundaries and residents",
        f"Mapping Service of {geo.country} (SYNTHETIC)",
        str(rounds.FIRST_DAY.year),
        "invented boundary files",
        "fichiers de limites inventés",
    )
    for text in dated_texts(when):
        add(
            text.key,
            text.title,
            maker[text.operation],
            text.published.isoformat(),
            "invented text",
            "texte inventé",
        )
    for key, title, publisher, at, delay in (
        (
            "xtr-ministry",
            "Letter about settlements",
            f"Ministry of Territory of {geo.country} (SYNTHETIC)",
            rounds.TAKEN_OFF,
            -20,
        ),
        (
            "xtr-residents",
            "Statement on settlements",
            f"Union of Settlement Residents of {geo.country} (SYNTHETIC)",
            rounds.TAKEN_OFF,
            45,
        ),
        (
            "xtr-press",
            "The Island Courier",
            f"The Island Courier of {geo.country} (SYNTHETIC)",
            rounds.LOST[0],
            10,
        ),
        (
            "xtr-university",
            "Reading two assessments together",
            f"University of {geo.country} (SYNTHETIC)",
            rounds.DOUBLE_COUNT,
            50,
        ),
    ):
        add(
            key,
            title,
            publisher,
            (when.known[at - 1] + timedelta(days=delay)).isoformat(),
            "invented text",
            "texte inventé",
        )
    add(
        "xtr-press-road",
        "The Island Courier, on two roads",
        f"The Island Courier of {geo.country} (SYNTHETIC)",
        (BYPASS_FROM + timedelta(days=10)).isoformat(),
        "invented text",
        "texte inventé",
    )
    return records(SOURCES, rows)


def cards(geo: Geography) -> pd.DataFrame:
    """Who made each count: every line known, or not stated with where one looked."""
    maker = producers(geo.country)
    known: dict[tuple[str, CardField], tuple[str, str]] = {
        (operation, CardField.COLLECTOR): (maker[operation], maker[operation])
        for operation in keys.OPERATIONS
    }
    known |= {
        (keys.TRACKING, CardField.REQUESTED_BY): (
            f"Ministry of Territory of {geo.country}",
            f"Ministère du territoire de {geo.country}",
        ),
        (keys.TRACKING, CardField.FUNDERS): (
            "three invented donors; the last one ended its grant after round 24",
            "trois donateurs inventés ; le dernier a mis fin à son don après le cycle 24",
        ),
        (keys.TRACKING, CardField.PURPOSE): (
            "planning of aid in sites",
            "planification de l’aide dans les sites",
        ),
        (keys.TRACKING, CardField.GOVERNMENT_SHARE): (
            "one key informant in four is an official",
            "un informateur clé sur quatre est un agent public",
        ),
        (keys.TRACKING, CardField.VALIDATION): (
            "by the Observatory; from round 23 on by a joint committee",
            "par l’Observatoire ; à partir du cycle 23 par un comité conjoint",
        ),
        (keys.TRACKING, CardField.CLEARANCE): (
            "from round 23 on a joint committee clears each bulletin",
            "à partir du cycle 23 un comité conjoint autorise chaque bulletin",
        ),
        (keys.TRACKING, CardField.ENDED): ("funding", "financement"),
        (keys.PLAN, CardField.BASED_ON): (
            "mobility tracking of this country, round 14 as first published: no independent confirmation",
            "suivi de la mobilité de ce pays, cycle 14 tel que publié d’abord : pas de confirmation "
            "indépendante",
        ),
        (keys.REGISTRATION, CardField.BASED_ON): (
            "its own registration; mobility tracking takes its camps from it",
            "son propre enregistrement ; le suivi de la mobilité en reprend les camps",
        ),
        (keys.PROXY, CardField.BASED_ON): (
            "audiences of an advertising platform",
            "audiences d’une plateforme publicitaire",
        ),
    }
    rows: list[Row] = []
    for operation in keys.OPERATIONS:
        for field in CardField:
            row: Row = {
                "operation": operation,
                "field": field,
                **words(
                    "looked_in",
                    "the invented bulletins of the operation",
                    "les bulletins inventés de l’opération",
                ),
            }
            if (operation, field) in known:
                row |= words("text", *known[operation, field])
            rows.append(row)
    return records(CARD_LINES, rows)


def round_table(when: Schedule) -> pd.DataFrame:
    """The rounds of mobility tracking at their true dates."""
    return records(
        ROUNDS,
        [
            {
                "operation": keys.TRACKING,
                "number": n,
                "period": when.period(n),
                "inferred": False,
                "tool": f"Training tool {'1' if n < rounds.METHOD else '2'}.0",
            }
            for n in range(1, rounds.ROUNDS + 1)
        ],
    )

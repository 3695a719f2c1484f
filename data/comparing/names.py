"""What codes are called in the sentences of a verdict, in English and French."""

from __future__ import annotations

from collections.abc import Mapping

from data.codes import Component, ObsStatus, Population, Precision, Setting, Unit
from data.model import Text


def _both(english: str, french: str) -> Text:
    return Text(english, (("fr", french),))


UNIT: Mapping[Unit, Text] = {
    Unit.INDIVIDUALS: _both("people", "personnes"),
    Unit.HOUSEHOLDS: _both("households", "ménages"),
    Unit.FAMILIES: _both("families", "familles"),
    Unit.SITES: _both("sites", "sites"),
    Unit.MOVEMENTS: _both("movements", "mouvements"),
    Unit.ENTRIES: _both("entries", "entrées"),
    Unit.SURVEYS: _both("surveys", "enquêtes"),
    Unit.PERCENT: _both("percent", "pour cent"),
}
POPULATION: Mapping[Population, Text] = {
    Population.IDPS: _both("internally displaced persons", "personnes déplacées internes"),
    Population.RETURNEES: _both("returnees", "personnes retournées"),
    Population.MIGRANTS: _both("migrants", "personnes migrantes"),
    Population.REFUGEES_AND_MIGRANTS: _both("refugees and migrants", "personnes réfugiées et migrantes"),
    Population.TRAVELLERS: _both("people on the move", "personnes en déplacement"),
    Population.RESPONDENTS: _both("people in a survey", "personnes enquêtées"),
    Population.RESIDENTS: _both("residents", "résidents"),
}
SETTING: Mapping[Setting, Text] = {
    Setting.SITES: _both("displacement sites", "sites de déplacement"),
    Setting.CAMP: _both("camps", "camps"),
    Setting.COLLECTIVE_CENTRE: _both("collective centres", "centres collectifs"),
    Setting.HOST_COMMUNITY: _both("host communities", "communautés d’accueil"),
    Setting.FLOW_POINT: _both("flow monitoring points", "points de suivi des flux"),
    Setting.BORDER_POST: _both("border posts", "postes-frontières"),
    Setting.ANY: _both("every setting", "tous les cadres"),
}
# What is a part of what: everywhere holds all places to live, sites hold camps and collective centres.
PARTS: Mapping[Setting, frozenset[Setting]] = {
    Setting.ANY: frozenset({Setting.SITES, Setting.CAMP, Setting.COLLECTIVE_CENTRE, Setting.HOST_COMMUNITY}),
    Setting.SITES: frozenset({Setting.CAMP, Setting.COLLECTIVE_CENTRE}),
}
PRECISION: Mapping[Precision, Text] = {
    Precision.ABOUT: _both("it is rounded", "il est arrondi"),
    Precision.AT_LEAST: _both("it is a lower bound", "c’est une borne inférieure"),
    Precision.AT_MOST: _both("it is an upper bound", "c’est une borne supérieure"),
    Precision.INTERVAL: _both("it is an interval", "c’est un intervalle"),
}
# Statuses that say how sure a value is; the others say where it stands in its series.
STATUS: Mapping[ObsStatus, Text] = {
    ObsStatus.ESTIMATED: _both("it is estimated or rounded", "il est estimé ou arrondi"),
    ObsStatus.FORECAST: _both("it is a forecast", "c’est une prévision"),
    ObsStatus.EXPERIMENTAL: _both("it is experimental", "il est expérimental"),
    ObsStatus.PROVISIONAL: _both("it is provisional", "il est provisoire"),
    ObsStatus.LOW_RELIABILITY: _both("it is of low reliability", "il est de faible fiabilité"),
    ObsStatus.UNVALIDATED: _both("it is not validated", "il n’est pas validé"),
}
DERIVED = _both("it is worked out from published figures", "il est calculé à partir de chiffres publiés")
FIRST = _both("the first", "le premier")
SECOND = _both("the second", "le second")
ASSESSMENT: Mapping[str, Text] = {
    "BA": _both("assessments of areas", "évaluations de zones"),
    "SA": _both("assessments of sites", "évaluations de sites"),
}
# How an operation is named in English card lines that say what another one is based on.
COMPONENT: Mapping[Component, str] = {
    Component.MOBILITY_TRACKING: "mobility tracking",
    Component.FLOW_MONITORING: "flow monitoring",
    Component.SURVEY: "survey",
    Component.REGISTRATION: "registration",
    Component.BORDER_CROSSING: "border crossing",
    Component.PROXY_ESTIMATE: "proxy estimate",
    Component.PLANNING: "planning figure",
}
# What may change between two figures of one operation, as it follows "a change of" and « un changement ».
OF: Mapping[str, Text] = {
    "method": _both("method", "de méthode"),
    "definition": _both("definition", "de définition"),
    "list": _both("the list of sites", "de la liste des sites"),
    "coverage": _both("coverage", "de couverture"),
    "break": _both("another kind", "d’un autre ordre"),
}

"""The sentences of the checks, in English and French; facts are filled in, each in its language.

A row is the whole sentence, and the same as a part of one ("…: the list of sites changed") where it can decide.
French is written with plain spaces before its signs, which are set narrow here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter

from data.comparing.asked import Check, Comparable
from data.model import Text

NARROW = "\u202f"
LANGUAGES = ("en", "fr")

SAID: Mapping[str, tuple[str, ...]] = {
    # One and the same figure
    "same.yes": ("It is one and the same figure.", "C’est un seul et même chiffre."),
    # Is there a number on both sides
    "value.yes": ("Both figures have a value.", "Les deux chiffres ont une valeur."),
    "value.no": (
        "Nothing was counted or published for at least one of the two, or it was taken back.",
        "Pour l’un des deux au moins, rien n’a été compté ni publié, ou la valeur a été retirée.",
        "at least one of them has no value",
        "l’un d’eux au moins n’a pas de valeur",
    ),
    # Who made them
    "operation.yes": (
        "Both figures are of one data collection: {a}.",
        "Les deux chiffres viennent d’une même collecte de données : {a}.",
    ),
    "operation.no.producer": (
        "The figures are of two producers: {a} and {b}.",
        "Les chiffres viennent de deux producteurs : {a} et {b}.",
        "they are of two producers, {a} and {b}",
        "ils viennent de deux producteurs, {a} et {b}",
    ),
    "operation.no.exercise": (
        "The figures are of two data collections of one producer: {a} and {b}.",
        "Les chiffres viennent de deux collectes de données d’un même producteur : {a} et {b}.",
        "they are of two data collections, {a} and {b}",
        "ils viennent de deux collectes de données, {a} et {b}",
    ),
    # What they count
    "measure.yes.stock": (
        "Both figures say how things stood at a time (a stock).",
        "Les deux chiffres décrivent la situation à un moment donné (un stock).",
    ),
    "measure.yes.flow": (
        "Both figures count movements in a period (a flow).",
        "Les deux chiffres comptent des mouvements pendant une période (un flux).",
    ),
    "measure.no": (
        "One figure says how things stood at a time (a stock), the other counts movements in a period (a flow).",
        "L’un des chiffres décrit la situation à un moment donné (un stock), l’autre compte des mouvements pendant "
        "une période (un flux).",
        "one says how things stood at a time and the other counts movements in a period",
        "l’un décrit la situation à un moment donné et l’autre compte des mouvements pendant une période",
    ),
    "unit.yes": ("Both figures are given in {a}.", "Les deux chiffres sont donnés en {a}."),
    "unit.no": (
        "The first figure is given in {a}, the second in {b}.",
        "Le premier chiffre est donné en {a}, le second en {b}.",
        "one is given in {a} and the other in {b}",
        "l’un est donné en {a} et l’autre en {b}",
    ),
    "population.yes": (
        "Both figures are about the same population: {a}.",
        "Les deux chiffres portent sur la même population : {a}.",
    ),
    "population.no": (
        "The figures are about two populations: {a} and {b}.",
        "Les chiffres portent sur deux populations : {a} et {b}.",
        "they are about two populations, {a} and {b}",
        "ils portent sur deux populations, {a} et {b}",
    ),
    "population.no.stay": (
        "One figure is about temporary returns, the other about permanent ones.",
        "L’un des chiffres porte sur des retours temporaires, l’autre sur des retours permanents.",
        "one is about temporary returns and the other about permanent ones",
        "l’un porte sur des retours temporaires et l’autre sur des retours permanents",
    ),
    "population.with_care.stay": (
        "Of one figure only it is said that its returns are temporary or permanent.",
        "Pour un seul des deux chiffres, il est dit si les retours sont temporaires ou permanents.",
        "of one only it is said whether returns are temporary or permanent",
        "pour un seul, il est dit si les retours sont temporaires ou permanents",
    ),
    "setting.yes": (
        "Both figures are about the same setting: {a}.",
        "Les deux chiffres portent sur le même cadre : {a}.",
    ),
    "setting.with_care": (
        "The setting of one figure is a part of that of the other: {a} and {b}.",
        "Le cadre de l’un des chiffres fait partie de celui de l’autre : {a} et {b}.",
        "the setting of one is a part of that of the other ({a}, {b})",
        "le cadre de l’un fait partie de celui de l’autre ({a}, {b})",
    ),
    "setting.no": (
        "The figures are about two settings: {a} and {b}.",
        "Les chiffres portent sur deux cadres : {a} et {b}.",
        "they are about two settings, {a} and {b}",
        "ils portent sur deux cadres, {a} et {b}",
    ),
    "place.yes": ("Both figures are about the same place: {a}.", "Les deux chiffres portent sur le même lieu : {a}."),
    "place.with_care": (
        "The figures are about two places, {a} and {b}: their difference is no change over time.",
        "Les chiffres portent sur deux lieux, {a} et {b} : leur différence n’est pas une évolution.",
        "they are about two places, {a} and {b}",
        "ils portent sur deux lieux, {a} et {b}",
    ),
    "who.yes": (
        "Both figures count the same: {a}; and leave out the same: {b}.",
        "Les deux chiffres comptent la même chose : {a} ; et laissent de côté la même chose : {b}.",
    ),
    "who.with_care.counted": (
        "The figures do not count the same: {a} and {b}.",
        "Les chiffres ne comptent pas la même chose : {a} et {b}.",
        "they do not count the same ({a}; {b})",
        "ils ne comptent pas la même chose ({a} ; {b})",
    ),
    "who.with_care.left": (
        "The figures do not leave out the same: {a} and {b}.",
        "Les chiffres ne laissent pas de côté la même chose : {a} et {b}.",
        "they do not leave out the same ({a}; {b})",
        "ils ne laissent pas de côté la même chose ({a} ; {b})",
    ),
    "who.unknown": (
        "It is not stated for both figures who is counted and who is not.",
        "Il n’est pas indiqué pour les deux chiffres qui est compté et qui ne l’est pas.",
        "it is not stated for both who is counted and who is not",
        "il n’est pas indiqué pour les deux qui est compté et qui ne l’est pas",
    ),
    # What was published as changed between them; {of} names what
    "change.yes": (
        "No change of {of} was published between the two figures.",
        "Aucun changement {of} n’a été publié entre les deux chiffres.",
    ),
    "change.no": (
        "Between the two figures lies a change of {of}: {events}.",
        "Entre les deux chiffres se place un changement {of} : {events}.",
        "a change of {of} lies between them ({events})",
        "un changement {of} se place entre eux ({events})",
    ),
    "change.with_care.some": (
        "Between the two figures lies a change of {of} at some sites only: {events}.",
        "Entre les deux chiffres se place un changement {of} dans certains sites seulement : {events}.",
        "a change of {of} at some sites lies between them ({events})",
        "un changement {of} dans certains sites se place entre eux ({events})",
    ),
    "change.with_care.step": (
        "Between the two figures lies a change of {of} after which the producer goes on with the same line: {events}.",
        "Entre les deux chiffres se place un changement {of} après lequel le producteur poursuit la même série : "
        "{events}.",
        "a change of {of} lies between them ({events})",
        "un changement {of} se place entre eux ({events})",
    ),
    "change.with_care.time": (
        "A change of {of} holds for the time of one of the two figures only: {events}.",
        "Un changement {of} vaut pour le moment d’un seul des deux chiffres : {events}.",
        "a change of {of} holds for one of them only ({events})",
        "un changement {of} ne vaut que pour l’un d’eux ({events})",
    ),
    "change.unknown": (
        "Two data collections have no common history in which to look for a change of {of}.",
        "Deux collectes de données n’ont pas d’histoire commune où chercher un changement {of}.",
    ),
    "unexplained_break.yes": (
        "No break without a known cause lies between the two figures.",
        "Aucune rupture sans cause connue ne se place entre les deux chiffres.",
    ),
    "unexplained_break.no": (
        "Between the two figures lies a break whose cause was not found: {events}.",
        "Entre les deux chiffres se place une rupture dont la cause n’a pas été trouvée : {events}.",
        "a break without a known cause lies between them ({events})",
        "une rupture sans cause connue se place entre eux ({events})",
    ),
    "unexplained_break.unknown": (
        "Two data collections have no common history in which to look for a break.",
        "Deux collectes de données n’ont pas d’histoire commune où chercher une rupture.",
    ),
    "limit.yes": (
        "No stated limit holds for one of the two figures only.",
        "Aucune limite signalée ne vaut pour un seul des deux chiffres.",
    ),
    "limit.with_care": (
        "A stated limit holds for one of the two figures only: {a}.",
        "Une limite signalée ne vaut que pour l’un des deux chiffres : {a}.",
        "a limit holds for one of them only ({a})",
        "une limite ne vaut que pour l’un d’eux ({a})",
    ),
    # How much was seen
    "visited.yes": (
        "For the first figure {a} of the listed sites were visited, for the second {b}.",
        "Pour le premier chiffre, {a} des sites de la liste ont été visités, pour le second {b}.",
    ),
    "visited.with_care": (
        "Not as many of the listed sites were visited: {a} for the first figure and {b} for the second.",
        "La part des sites de la liste qui ont été visités n’est pas la même : {a} pour le premier chiffre et {b} "
        "pour le second.",
        "not as many of the listed sites were visited ({a} and {b})",
        "la part des sites visités n’est pas la même ({a} et {b})",
    ),
    "visited.yes.stated": (
        "The stated coverage of the two figures is the same or nearly so: {a} and {b}.",
        "La couverture indiquée des deux chiffres est la même ou presque : {a} et {b}.",
    ),
    "visited.with_care.stated": (
        "The stated coverage of the two figures differs: {a} and {b}.",
        "La couverture indiquée des deux chiffres diffère : {a} et {b}.",
        "their stated coverage differs ({a}; {b})",
        "leur couverture indiquée diffère ({a} ; {b})",
    ),
    "visited.unknown.one": (
        "The coverage is stated for one of the two figures only: {a}.",
        "La couverture n’est indiquée que pour l’un des deux chiffres : {a}.",
        "the coverage is stated for one of them only ({a})",
        "la couverture n’est indiquée que pour l’un d’eux ({a})",
    ),
    "visited.unknown": (
        "How much of the places to be counted was visited is not stated for the two figures.",
        "La part des lieux à compter qui a été visitée n’est pas indiquée pour les deux chiffres.",
        "how much of the places was visited is not stated",
        "la part des lieux visités n’est pas indiquée",
    ),
    # Boundaries
    "boundary.yes.whole": (
        "Neither figure depends on boundaries inside the country.",
        "Aucun des deux chiffres ne dépend de limites à l’intérieur du pays.",
    ),
    "boundary.yes": (
        "Both figures are by version {a} of the boundaries.",
        "Les deux chiffres suivent la version {a} des limites.",
    ),
    "boundary.with_care": (
        "The figures are by two versions of the boundaries, {a} and {b}, which both have the code {codes}{events}.",
        "Les chiffres suivent deux versions des limites, {a} et {b}, qui ont toutes deux le code {codes}{events}.",
        "the boundaries changed between them (versions {a} and {b})",
        "les limites ont changé entre eux (versions {a} et {b})",
    ),
    "boundary.no": (
        "The code {codes} does not exist in both versions of the boundaries, {a} and {b}.",
        "Le code {codes} n’existe pas dans les deux versions des limites, {a} et {b}.",
        "the code {codes} does not exist in both versions of the boundaries",
        "le code {codes} n’existe pas dans les deux versions des limites",
    ),
    "boundary.unknown": (
        "By which version of the boundaries the figures are is not stated.",
        "La version des limites que suivent les chiffres n’est pas indiquée.",
        "by which boundaries they are is not stated",
        "les limites qu’ils suivent ne sont pas indiquées",
    ),
    # When
    "interval.yes.same": (
        "Both figures are of the same last day.",
        "Les deux chiffres ont le même dernier jour.",
    ),
    "interval.yes.day": (
        "One day lies between the last days of the two figures.",
        "Un jour sépare les derniers jours des deux chiffres.",
    ),
    "interval.yes": (
        "{days} days lie between the last days of the two figures.",
        "{days} jours séparent les derniers jours des deux chiffres.",
    ),
    "interval.with_care.length": (
        "The periods are not of quite the same length, {a} and {b} days; {days} days lie between their ends.",
        "Les périodes n’ont pas tout à fait la même longueur, {a} et {b} jours ; {days} jours séparent leurs fins.",
        "their periods are not of quite the same length ({a} and {b} days)",
        "leurs périodes n’ont pas tout à fait la même longueur ({a} et {b} jours)",
    ),
    "interval.with_care.loose": (
        "When it was counted is known for one of the figures only as a period of {a} days.",
        "Le moment du comptage n’est connu, pour l’un des chiffres, que comme une période de {a} jours.",
        "when one was counted is known only as a period of {a} days",
        "le moment de l’un n’est connu que comme une période de {a} jours",
    ),
    "interval.no": (
        "The first figure adds up the movements of {a} days, the second those of {b} days.",
        "Le premier chiffre additionne les mouvements de {a} jours, le second ceux de {b} jours.",
        "their periods have different lengths, {a} and {b} days",
        "leurs périodes ont des longueurs différentes, {a} et {b} jours",
    ),
    "season.yes": (
        "Both periods are of the same time of the year, or are whole years.",
        "Les deux périodes sont du même moment de l’année, ou sont des années entières.",
    ),
    "season.yes.stock": (
        "The season is asked about for two counts of movements only.",
        "La saison n’est examinée que pour deux comptages de mouvements.",
    ),
    "season.with_care": (
        "The two periods are of different times of the year: their middles are {days} days apart in it.",
        "Les deux périodes sont de moments différents de l’année : {days} jours y séparent leurs milieux.",
        "they are of different times of the year",
        "ils sont de moments différents de l’année",
    ),
    # How good
    "assessment.yes": (
        "Both figures rest on the same kinds of assessment: {a}.",
        "Les deux chiffres reposent sur les mêmes types d’évaluation : {a}.",
    ),
    "assessment.with_care": (
        "The figures rest on different kinds of assessment: {a} and {b}.",
        "Les chiffres reposent sur des types d’évaluation différents : {a} et {b}.",
        "they rest on different kinds of assessment ({a}; {b})",
        "ils reposent sur des types d’évaluation différents ({a} ; {b})",
    ),
    "assessment.unknown": (
        "On which kinds of assessment the figures rest is not stated for both.",
        "Les types d’évaluation sur lesquels reposent les chiffres ne sont pas indiqués pour les deux.",
    ),
    "correction.yes": (
        "Neither figure was changed after its first publication, as far as is held here.",
        "Aucun des deux chiffres n’a été modifié après sa première publication, d’après ce qui est conservé ici.",
    ),
    "correction.with_care": (
        "At least one of the figures was changed after its first publication: {a}.",
        "L’un des chiffres au moins a été modifié après sa première publication : {a}.",
        "at least one was changed after its first publication ({a})",
        "l’un au moins a été modifié après sa première publication ({a})",
    ),
    "correction.no": (
        "At least one of the figures was taken back: {a}.",
        "L’un des chiffres au moins a été retiré : {a}.",
        "at least one was taken back ({a})",
        "l’un au moins a été retiré ({a})",
    ),
    "precision.yes": (
        "Both figures were published as exact numbers.",
        "Les deux chiffres ont été publiés comme des nombres exacts.",
    ),
    "precision.with_care": (
        "At least one of the figures is not an exact published number: {a}.",
        "L’un des chiffres au moins n’est pas un nombre exact publié : {a}.",
        "at least one is not an exact published number ({a})",
        "l’un au moins n’est pas un nombre exact publié ({a})",
    ),
    # Whether one can confirm the other
    "independence.yes": (
        "Both figures are of one series, of which independence is not asked.",
        "Les deux chiffres sont d’une même série, dont l’indépendance n’est pas examinée.",
    ),
    "independence.no": (
        "One rests on the other, {a} and {b}: a series that feeds another is no independent confirmation of it.",
        "L’une repose sur l’autre, {a} et {b} : une série qui en alimente une autre n’en est pas une confirmation "
        "indépendante.",
        "one rests on the other, so it is no independent confirmation",
        "l’un repose sur l’autre, ce n’est donc pas une confirmation indépendante",
    ),
    "independence.with_care": (
        "Both figures are of one producer, {a}: neither is an independent confirmation of the other.",
        "Les deux chiffres sont d’un même producteur, {a} : aucun n’est une confirmation indépendante de l’autre.",
        "both are of one producer, so neither confirms the other",
        "les deux sont d’un même producteur, aucun ne confirme donc l’autre",
    ),
    "independence.unknown": (
        "Whether one of the two rests on the other is not stated.",
        "Il n’est pas indiqué si l’un des deux repose sur l’autre.",
    ),
}  # fmt: skip


def said(row: str, *, key: str = "", **facts: Text | str | int) -> Check:
    """The check of a row ("unit.no") with its facts; `key` names the question where the row is of several."""
    question, found, *_ = row.split(".")
    words = (*SAID[row], "", "")
    return Check(
        key=key or question,
        found=Comparable(found),
        said=_filled(words[0], words[1], facts),
        short=_filled(words[2], words[3], facts),
    )


def _filled(english: str, french: str, facts: Mapping[str, Text | str | int]) -> Text:
    """Both languages with the facts that they name."""
    # Set narrow after filling: a quoted text may stand with plain spaces in the register that it is from.
    return Text(_with(english, "en", facts), (("fr", narrowed(_with(french, "fr", facts))),))


def _with(sentence: str, language: str, facts: Mapping[str, Text | str | int]) -> str:
    named = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    return sentence.format(**{name: _fact(facts[name], language) for name in named})


def _fact(fact: Text | str | int, language: str) -> str:
    if isinstance(fact, Text):
        return fact.to(language)
    return number(fact).to(language) if isinstance(fact, int) else fact


def narrowed(french: str) -> str:
    """French with narrow spaces at its double signs and quotation marks, where plain ones were written."""
    return re.sub(r" (?=[:;!?»%])|(?<=«) ", NARROW, french)


def number(value: int) -> Text:
    """A whole number: 12,345 and 12 345."""
    return Text(f"{value:,}", (("fr", f"{value:,}".replace(",", NARROW)),))


def percent(value: float) -> Text:
    """A share in whole percent."""
    return Text(f"{value:.0f}%", (("fr", f"{value:.0f}{NARROW}%"),))


def quoted(text: Text) -> Text:
    """What the data say, marked as theirs; a full stop at its end is left out."""
    english, french = text.en.rstrip("."), text.to("fr").rstrip(".")
    return Text(f"“{english}”", (("fr", f"«{NARROW}{french}{NARROW}»"),))


def listed(texts: Sequence[Text], sign: str = ", ") -> Text:
    """Several texts one after the other."""
    french = narrowed(f" {sign}") if sign.startswith(";") else sign
    return Text(sign.join(text.en for text in texts), (("fr", french.join(text.to("fr") for text in texts)),))

"""Likely names of private persons in a text: the ledger names institutions and roles, never a private person.

A machine cannot know who is one, so this points out and a person decides. It finds a title before a capitalised
word, an initial before a surname, a common given name before another capitalised word, addresses of e-mail and
numbers of telephones. Scripts without capital letters are not covered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_S = "[ \u00a0\u202f]+"
_UPPER = "A-ZÀ-ÖØ-ÞŁŒŠŽ"
_CAP = rf"[{_UPPER}][\w’'-]*"  # a capitalised word, also a lone letter
_PART = rf"(?:[{_UPPER}]\.|{_CAP})"  # of a name: a word or an initial
_PARTICLE = r"(?:de|du|des|da|dos|van|von|der|den|el|al|bin|ben|ould|la|le)"
_TITLES = _listed(
    "Mr Mrs Ms Miss Mx Dr Prof Professor Professeur Sir Madam Mme Mmes Mlle Mlles MM Monsieur Madame "
    "Mademoiselle Messieurs Docteur Maître Sr Sra Srta Señor Señora Doña Sheikh Cheikh Imam Pastor Father Père "
    "Sœur Mgr Rev Reverend MR MRS MS DR PROF MME MLLE mr mrs ms dr mme mlle monsieur madame"
)
_GIVEN = _listed(
    "Abdou Abdoulaye Abdullah Abubakar Ahmad Ahmed Aisha Aïcha Ali Alhassan Amadou Amina Ana André Anne Antoine "
    "Aminata Boubacar Carlos Catherine Charles Claude David Emmanuel Fatima Fatou Fatoumata François Françoise "
    "Frantz Guy Halima Hassan Hussein Ibrahim Ibrahima Issa Jacques James Jean John José Joseph Juan Khadija "
    "Louis Luis Mahamadou Mamadou Margaret Maria María Mariam Marie Mary Mehdi Michael Michel Mohamed Mohammad "
    "Mohammed Moussa Muhammad Musa Mustafa Nadège Omar Oumar Ousmane Patrick Paul Peter Philippe Pierre Robert "
    "Roseline Sadio Salif Sarah Thomas Wilson Yusuf Yves Zainab"
)
# What a place or an institution that is named after a person begins or ends with.
_PLACE_BEFORE = _listed(
    "Avenue Boulevard Camp Carrefour Center Centre Cité Collège École Église Fondation Fort Hôpital Hospital "
    "Institut Institute Lycée Morne Mosquée Place Pont Port Quartier Route Rue Saint Sainte San Santa Site St Ste "
    "Terrain Université University Village"
)
_INSTITUTION_AFTER = _listed(
    "Agency Airport Association Avenue Camp Center Centre Church Clinic College Committee Foundation Fund Group "
    "Hospital Institute International Ministry Office Organisation Organization School Stadium Street Trust Unit "
    "University"
)
_TITLED = re.compile(
    rf"(?<![\w.])(?:(?:{'|'.join(sorted(_TITLES))})\.?|M\.){_S}(?={_CAP})"
    rf"(?P<name>{_PART}(?:{_S}(?:{_PARTICLE}{_S})*{_PART}){{0,3}})"
)
_INITIAL = re.compile(rf"(?<![\w.])(?:[{_UPPER}]\.(?:[ -]?))+{_S}?(?P<name>[{_UPPER}][a-zà-öø-ÿ’'-]{{2,}})")
_PLAIN = re.compile(
    rf"(?<![\w’'.-])(?P<given>{'|'.join(sorted(_GIVEN, key=len, reverse=True))})(?![\w’'])"
    rf"(?:-{_CAP})?(?:{_S}{_CAP}){{1,2}}"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"\+\d[\d \u00a0\u202f().-]{7,}\d"  # +509 3456 7890
    r"|(?<![\d,.])0\d(?:[ \u00a0\u202f.-]\d{2}){4}(?!\d)"  # 01 23 45 67 89
    r"|\(\d{2,4}\)[ \u00a0\u202f-]?\d{3,4}[ \u00a0\u202f.-]\d{3,4}(?!\d)"  # (509) 3456-7890
    r"|(?<![\d-])\d{3}-\d{3}-\d{4}(?!\d)"
    r"|(?i:\b(?:tel|tél|phone|téléphone|whatsapp|mobile|portable)\b)"
    r"[.: \u00a0\u202f]{0,4}\+?\d[\d \u00a0\u202f().-]{5,}\d"
)
_DIGITS_OF_A_NUMBER = 9  # of an international one; "+12 345 people" is a figure


def personal_names(text: str, known: Collection[str] = ()) -> list[str]:
    """What looks like the name, number or address of a private person, in the order of the text.

    Parameters
    ----------
    text : str
        A sentence for readers, in English, French or Spanish.
    known : collection of str
        Names of sites, places, producers and publishers; what stands within one of them is not pointed out.

    Returns
    -------
    list of str
        As written, title included; [] where nothing was found.
    """
    found: list[tuple[int, int]] = []
    for start, end, core in sorted(_likely(text), key=lambda hit: (hit[0], -hit[1])):
        inside = any(start < other_end and other_start < end for other_start, other_end in found)
        if not inside and not _is_known(text, start, core, known):
            found.append((start, end))
    return [text[start:end] for start, end in found]


def _likely(text: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of each hit, and the end of its second word: what a known name must hold to explain it."""
    for match in _TITLED.finditer(text):
        name = match["name"]
        yield match.start(), match.end(), match.start("name") + len(re.split(_S, name)[0].rstrip("."))
    for match in _INITIAL.finditer(text):
        if not _named_after(text, match.start(), match["name"]):
            yield match.start(), match.end(), match.end()
    for match in _PLAIN.finditer(text):
        words = list(re.finditer(r"\S+", match[0]))
        if match["given"] in _GIVEN and not _named_after(text, match.start(), words[-1][0]):
            yield match.start(), match.end(), match.start() + words[1].end()
    for form in (_EMAIL, _PHONE):
        for match in form.finditer(text):
            few = match[0].startswith("+") and sum(c.isdigit() for c in match[0]) < _DIGITS_OF_A_NUMBER
            if not few:
                yield match.start(), match.end(), match.end()


def _named_after(text: str, start: int, last: str) -> bool:
    """Whether the words around a name say that it is a place or an institution: Hôpital …, … Foundation."""
    before = re.search(r"([\w’'-]+)[\s]*(?:de |du |d’|-)?$", text[:start])
    return last in _INSTITUTION_AFTER or bool(before and before[1].rstrip("-") in _PLACE_BEFORE)


def _is_known(text: str, start: int, end: int, known: Collection[str]) -> bool:
    """Whether the words from `start` to `end` stand within a known name."""
    words = text[start:end]
    for name in known:
        at = name.find(words)
        if at >= 0 and text[max(0, start - at) : start - at + len(name)] == name:
            return True
    return False

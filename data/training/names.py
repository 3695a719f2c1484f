"""Names of an invented language, in Latin and in Arabic letters, letter for letter.

A seed chooses the sounds of the language and then its names. Three vowels and consonants with one Arabic
letter each make the transliteration reversible, so that it can be checked.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from data.training.seeds import stream

LETTERS = {
    "b": "ب", "d": "د", "f": "ف", "gh": "غ", "h": "ه", "j": "ج", "k": "ك", "l": "ل", "m": "م", "n": "ن",
    "r": "ر", "s": "س", "sh": "ش", "t": "ت", "z": "ز", "a": "ا", "i": "ي", "u": "و",
}  # fmt: skip
VOWELS = ("a", "i", "u")
CODAS = ("", "", "", "", "", "", "", "n", "l", "r")  # none that could be read together with the next onset
_BACK = {arabic: latin for latin, arabic in LETTERS.items()}
RARE = ("f", "gh", "h", "j", "sh", "z")  # sounds that are not on every tongue
# parts of words that would hurt somebody, or that name real groups and places
AVOID = (
    "bitch", "fash", "dik", "dish", "fag", "fuk", "hutu", "jihad", "kunt", "mali", "nazi", "nig",
    "shit", "sudan", "talib", "tit", "tunis", "turk", "kurd", "fulani", "hausa", "luba", "iran", "irak",
    "siri", "libi", "haiti", "islam", "judaa", "manila", "lima", "rabi", "mufti", "imam", "sunni",
    "shia", "arab",
)  # fmt: skip

# every country and first-level area of the world whose name the language could make; a test holds the list
REAL = frozenset((
    "badulla", "balaka", "bandundu", "barbuda", "barisal", "basilan", "biliran", "bimini", "birkirkara",
    "bubanza", "budaka", "bududa", "burundi", "bururi", "dalaba", "dalarna", "fukushima", "hamadan",
    "harghita", "jurmala", "kaduna", "kalasin", "kalkara", "kamuli", "kandahar", "karaman", "karnali",
    "karnataka", "karuzi", "kibuku", "kiribati", "lankaran", "latina", "litija", "lusaka", "madaba",
    "mahakali", "makati", "makira", "maluku", "manabi", "manihiki", "manila", "manisa", "manufahi",
    "manzini", "maradi", "marikina", "markazi", "masaka", "masindi", "mazandaran", "miranda", "rimini",
    "risaralda", "rubirizi", "rutana", "salima", "samara", "saraburi", "satakunta", "takamaka", "taraba",
    "taranaki", "tarija", "tarrafal",
))  # fmt: skip


def arabic(name: str) -> str:
    """The name in Arabic letters; blanks, hyphens and digits stay as they are."""
    out, at, text = [], 0, name.lower()
    while at < len(text):
        pair = text[at : at + 2]
        letter = pair if pair in LETTERS else text[at]
        out.append(LETTERS.get(letter, letter))
        at += len(letter)
    return "".join(out)


def latin(name: str) -> str:
    """The inverse of `arabic`, in small letters."""
    return "".join(_BACK.get(letter, letter) for letter in name)


def fit(name: str) -> bool:
    """Whether a name hurts nobody and is no real country's or area's."""
    return name.lower() not in REAL and not any(part in name.lower() for part in AVOID)


class Tongue:
    """The language of one country: its sounds, and names that never repeat within one list."""

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "names", "sounds")
        consonants = sorted(letter for letter in LETTERS if letter not in VOWELS)
        kept = rng.choice(len(consonants), 11, replace=False)
        self.onsets = tuple(consonants[at] for at in sorted(kept.tolist()))
        # some sounds are more common than others, in every language
        weights = rng.uniform(0.5, 1.5, len(self.onsets))
        weights *= np.where(np.isin(self.onsets, RARE), 0.25, 1.0)
        self._weights = weights / weights.sum()
        self._seed = seed

    def names(
        self, what: str, count: int, syllables: tuple[int, int] = (3, 4), taken: Iterable[str] = ()
    ) -> list[str]:
        """`count` different names for one list, none of which is in `taken`.

        Parameters
        ----------
        what : str
            Which list: another list has other names.
        count : int
            How many.
        syllables : tuple of int
            Fewest and most.
        taken : iterable of str
            Names that are in use elsewhere.
        """
        rng = stream(self._seed, "names", what)
        seen = set(taken)
        found: list[str] = []
        while len(found) < count:
            for name in self._draw(rng, count, syllables):
                if name not in seen and fit(name) and len(found) < count:
                    seen.add(name)
                    found.append(name)
        return found

    def many(self, rng: np.random.Generator, count: int) -> list[str]:
        """`count` names that may repeat, as names of sites do."""
        found: list[str] = []
        while len(found) < count:
            drawn = self._draw(rng, count + count // 8 + 8, (3, 4))
            found += [name for name in drawn if fit(name)]
        return found[:count]

    def _draw(self, rng: np.random.Generator, count: int, syllables: tuple[int, int]) -> list[str]:
        most = syllables[1]
        length = rng.integers(syllables[0], most + 1, count).tolist()
        onset = rng.choice(len(self.onsets), (count, most), p=self._weights).tolist()
        vowel = rng.integers(0, len(VOWELS), (count, most)).tolist()
        coda = rng.integers(0, len(CODAS), (count, most)).tolist()
        out = []
        for n, o, v, c in zip(length, onset, vowel, coda, strict=True):
            parts = [self.onsets[o[at]] + VOWELS[v[at]] + CODAS[c[at]] for at in range(n)]
            out.append("".join(parts).capitalize())
        return out

"""The wording of the product: whole sentences by key, never assembled from parts.

A language is a folder of files; a section stands in one of them. English is the reference: a test holds that
every language has the same keys and placeholders.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

LANGUAGES: Mapping[str, str] = {"en": "English", "fr": "Français"}  # code -> name in itself, in picker order
DEFAULT = "en"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language."""

    language: str
    table: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence `key` with its placeholders filled.

        Raises
        ------
        KeyError
            If there is no such sentence, or a placeholder has no value: a page never shows a key or a brace.
        """
        return self.table[key].format(**values)

    def __contains__(self, key: object) -> bool:
        return key in self.table


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces of a sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


@cache
def words(language: str) -> Words:
    """The sentences of `language` ('en', 'fr').

    Raises
    ------
    KeyError
        If the language is not held.
    ValueError
        If two files say the same key.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    table: dict[str, str] = {}
    for path in sorted((_FOLDER / language).glob("*.toml")):
        for key, sentence in _flat(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in table:
                raise ValueError(f"{path.name} says '{key}' again: a sentence stands in one file.")
            table[key] = _typeset(sentence, language)
    return Words(language, table)


def _typeset(sentence: str, language: str) -> str:
    """French puts a narrow space before : ; ! ? % and inside « »; the file is written with plain ones.

    With a plain space a line could begin with the sign.
    """
    if language != "fr":
        return sentence
    return re.sub(r" (?=[:;!?%»])|(?<=«) ", "\u202f", sentence)


def _flat(tree: Mapping[str, object], stem: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, item in tree.items():
        if isinstance(item, Mapping):
            pairs += _flat(item, f"{stem}{name}.")
        else:
            pairs.append((stem + name, str(item)))
    return pairs

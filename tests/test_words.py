"""The wording is whole in every language, each sentence is used, and no sentence speaks of people as of a flood."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import codes
from data.codes import ClaimStatus, Component, EventKind, ObsStatus, Population, Precision, State, Unit
from data.dates import DateSpan
from words import DEFAULT, LANGUAGES, placeholders, words
from words.format import MINUS, country, figures, number, on_ladder, percent, quantified, span

ROOT = Path(__file__).resolve().parents[1]
SPEAKING = ("words", "layers", "charts", "exports", "pages", "callbacks")
EN = words("en").table
OF_A_SECTION = re.compile(rf"({'|'.join(sorted({key.partition('.')[0] for key in EN}))})\.[a-z_0-9]+")

# Sentences whose key is made of a prefix and a member of a closed list, f"{prefix}{member}".
CLOSED: Mapping[str, Iterable[str]] = {
    "precision.": Precision,
    "state.": State,
    "unit.": Unit,
    "kind.": EventKind,
    "component.": Component,
    "population.": Population,
    "note.": (ClaimStatus.ALLEGED, ClaimStatus.DISPUTED),
    "shell.": ("start", "map", "trends", "change", "method"),
    "mappage.kind_": State,
    "claim.": ClaimStatus,
}


@cache
def sources() -> Mapping[str, ast.Module]:
    """Every module that speaks, parsed."""
    files = sorted(path for package in SPEAKING for path in (ROOT / package).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


@cache  # many questions walk the same tree
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree."""
    return tuple(ast.walk(tree))


# Languages


def unlike(reference: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    """The keys that one language lacks or whose placeholders differ."""
    return (reference.keys() ^ other.keys()) | {
        key
        for key in reference.keys() & other.keys()
        if placeholders(reference[key]) != placeholders(other[key])
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    """The same keys and the same placeholders as English."""
    assert unlike(EN, words(language).table) == set()


def test_a_lacking_sentence_is_noticed() -> None:
    """Control: a key left out, one too many, or a placeholder misspelt is found."""
    control = dict(EN) | {"note.extra": "x", "date.from_to": "{first} à {fin}"}
    del control["note.reason"]
    assert unlike(EN, control) == {"note.extra", "date.from_to", "note.reason"}


def test_no_sentence_is_empty_or_untranslated() -> None:
    """Every sentence says something; whole sentences of several words are not left in English."""
    fr = words("fr").table
    assert [key for key in EN if not EN[key].strip() or not fr[key].strip()] == []
    same = {
        key
        for key in EN
        if EN[key] == fr[key] and len(re.findall(r"[a-zà-ÿ]{3,}", re.sub(r"{.*?}", "", EN[key]))) > 3
    }
    assert same == set()


# Members


@pytest.mark.parametrize(
    ("section", "members"),
    [
        ("state", State), ("kind", EventKind), ("claim", ClaimStatus), ("unit", Unit), ("precision", Precision),
        ("component", Component), ("population", Population), ("status", ObsStatus),
    ],
)  # fmt: skip
def test_every_member_has_its_word(section: str, members: type[StrEnum]) -> None:
    """Adding a code without its words fails here, and so does a word of no code."""
    for language in LANGUAGES:
        held = {key.partition(".")[2] for key in words(language).table if key.startswith(f"{section}.")}
        assert held - {"method_note", "followed"} == {member.value for member in members}


# Keys in code


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each literal sentence that is asked for, `w("…")`, with its call; of a choice, both."""
    for node in nodes(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in {"w", "words"}:
            continue
        choices = [node.args[0]]
        while choices:
            choice = choices.pop()
            if isinstance(choice, ast.IfExp):
                choices += [choice.body, choice.orelse]
            elif (
                isinstance(choice, ast.Constant)
                and isinstance(choice.value, str)
                and choice.value not in LANGUAGES
            ):
                yield choice.value, node


def strings(tree: ast.AST) -> set[str]:
    """Every string of the module that has the form of a key of a known section; not the parts of a made key."""
    parts = {id(part) for node in nodes(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    return {
        node.value
        for node in nodes(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in parts
        and OF_A_SECTION.fullmatch(node.value)
    }


def made(tree: ast.AST) -> set[str]:
    """The keys that are made at run time, `w(f"state.{…}")`, as patterns."""
    found = set()
    for node in nodes(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            parts = [
                re.escape(str(p.value)) if isinstance(p, ast.Constant) else "([A-Za-z_]+)"
                for p in node.values
            ]
            if re.fullmatch(r"[a-z]+\.[a-z_]*", str(node.values[0].value)):
                found.add("".join(parts))
    return found


CODES = {
    member.value
    for code in vars(codes).values()
    if isinstance(code, type) and issubclass(code, StrEnum)
    for member in code
}


def said_by(tree: ast.AST, table: Mapping[str, str]) -> set[str]:
    """The keys that a module names, or makes of a prefix and a word that it holds or that is a code."""
    words_held = CODES | {
        n.value for n in nodes(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }
    named = strings(tree) | {key for key, _ in calls(tree)}
    for pattern in made(tree):
        for key in table:
            found = re.fullmatch(pattern, key)
            if found and set(found.groups()) <= words_held:
                named.add(key)
    return named


def faults(trees: Mapping[str, ast.AST], table: Mapping[str, str]) -> list[str]:
    """Keys that are asked for and not held, and placeholders that a call leaves empty."""
    found = []
    for file, tree in trees.items():
        asked = {key for key, _ in calls(tree)} | strings(tree)
        found += [f"{file}: no sentence '{key}'" for key in sorted(asked - table.keys())]
        for key, call in calls(tree):
            given_ = {keyword.arg for keyword in call.keywords}
            if key in table and None not in given_ and placeholders(table[key]) - given_:
                found.append(
                    f"{file}:{call.lineno}: '{key}' lacks {sorted(placeholders(table[key]) - given_)}"
                )
    return found


def unused(trees: Mapping[str, ast.AST], table: Mapping[str, str]) -> set[str]:
    """The keys that no module names or makes."""
    return set(table) - set().union(*(said_by(tree, table) for tree in trees.values()))


def test_every_sentence_that_is_asked_for_is_held() -> None:
    """A page never fails for a misspelt key or an empty placeholder."""
    assert faults(sources(), EN) == []


def test_every_made_key_is_held() -> None:
    """A key made of a prefix and a member of a closed list has its sentence; a made key leads to some sentence."""
    assert {f"{p}{member}" for p, members in CLOSED.items() for member in members} <= EN.keys()
    patterns = {pattern for tree in sources().values() for pattern in made(tree)}
    sections = {key.partition(".")[0] for key in EN}
    keys = {p for p in patterns if p.partition("\\")[0] in sections}
    assert {p for p in keys if not any(re.fullmatch(p, key) for key in EN)} == set()


def test_every_sentence_is_used() -> None:
    """A sentence that nobody says is taken out."""
    assert unused(sources(), EN) == set()


def test_wrong_and_unused_keys_are_noticed() -> None:
    """Control: a misspelt key, also in a choice or a list, an empty placeholder, an unused sentence: each is found."""
    tree = {
        "x.py": ast.parse(
            'w("note.reasn"); w("note.reason"); w("note.nix" if a else "note.undated"); x = ["note.nox"]'
        )
    }
    assert faults(tree, EN) == [
        "x.py: no sentence 'note.nix'",
        "x.py: no sentence 'note.nox'",
        "x.py: no sentence 'note.reasn'",
        "x.py:1: 'note.reason' lacks ['text']",
    ]
    assert "note.reply" in unused(tree, EN)
    assert "note.reason" not in unused(tree, EN)
    made_up = {"x.py": ast.parse('w(f"state.{s}"); w(f"zone.{s}")')}
    assert made(made_up["x.py"]) == {r"state\.([A-Za-z_]+)", r"zone\.([A-Za-z_]+)"}
    assert "state.counted" not in unused(made_up, EN)


# Wording

FORBIDDEN = {
    "en": r"\b(flood\w*|surg\w+|dramatic\w*|burden\w*|delist\w*|pour(s|ed|ing)?|swell\w*|swarm\w*|influx)\b|\bN/?A\b",
    "fr": r"\b(afflu\w*|déferl\w*|submerg\w*|dramatiqu\w*|fardeau\w*|vagues? d[e’]|d[eé]list\w*)|\bN/?[AD]\b",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_are_counted_and_do_not_flood(language: str) -> None:
    """No sentence has a word that makes people a threat, and none says "N/A"."""
    said = words(language).table.items()
    assert [key for key, sentence in said if re.search(FORBIDDEN[language], sentence, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "A flood of people"), ("en", "Figures surged"), ("en", "a dramatic fall"), ("en", "N/A"),
        ("en", "the burden"), ("en", "Delisted sites"), ("en", "delisting"), ("fr", "un afflux de personnes"),
        ("fr", "une chute dramatique"), ("fr", "des vagues d’arrivées"), ("fr", "n/a"),
    ],
)  # fmt: skip
def test_forbidden_words_are_noticed(language: str, sentence: str) -> None:
    """Control: each of these is found."""
    assert re.search(FORBIDDEN[language], sentence, re.IGNORECASE)


def badly_set(sentence: str) -> bool:
    """Whether French signs stand without their narrow space."""
    return bool(re.search(r"[^\u202f ][:;!?»](?= |$)|[ \u00a0][:;!?»]|«[^\u202f]", sentence))


def test_french_signs_have_their_narrow_space() -> None:
    """Before : ; ! ? and inside « » stands U+202F: no sign begins a line; control: a plain space is found."""
    assert [key for key, sentence in words("fr").table.items() if badly_set(sentence)] == []
    assert badly_set("Compté : zéro")
    assert badly_set("Compté: zéro")
    assert badly_set("« oui »")
    assert not badly_set("Compté\u202f: «\u202foui\u202f»")


def test_a_page_never_shows_a_key_or_a_brace() -> None:
    """A missing sentence, placeholder or language is an error and not a text."""
    w = words(DEFAULT)
    for wrong in (lambda: w("note.nothing"), lambda: w("note.reason"), lambda: words("xx")):
        with pytest.raises(KeyError):
            wrong()
    assert "note.reason" in w
    assert "note.nothing" not in w


# Numbers and dates


@pytest.mark.parametrize(
    ("value", "en", "fr"),
    [
        (1_525, "1,525", "1\u202f525"),
        (-54_045, f"{MINUS}54,045", f"{MINUS}54\u202f045"),
        (0, "0", "0"),
        (-0.04, "0", "0"),
        (34.7, "34.7", "34,7"),
    ],
)
def test_numbers(value: float, en: str, fr: str) -> None:
    """Grouped as each language does, with a true minus; nothing is "minus zero"."""
    assert (number(value, "en"), number(value, "fr")) == (en, fr)


@pytest.mark.parametrize(
    ("value", "signed", "en", "fr"),
    [
        (19.04, False, "19.0%", "19,0\u202f%"), (-38.349, False, f"{MINUS}38.3%", f"{MINUS}38,3\u202f%"),
        (17, True, "+17.0%", "+17,0\u202f%"), (-0.04, True, "0.0%", "0,0\u202f%"),
    ],
)  # fmt: skip
def test_percentages(value: float, signed: bool, en: str, fr: str) -> None:
    """One decimal; what is shown as zero has no sign."""
    assert (percent(value, "en", signed=signed), percent(value, "fr", signed=signed)) == (en, fr)
    assert percent(17, "en", signed=True, decimals=0) == "+17%"


@given(st.floats(0, 10**9))
def test_the_ladder_never_invents_digits(value: float) -> None:
    """Figures of an estimate keep at most three digits, and stay within half a step."""
    shown = on_ladder(value)
    assert abs(shown - value) <= (
        0.5 if value <= 100 else 5 if value <= 1_000 else 50 if value < 10_000 else 500
    )
    assert shown == on_ladder(shown)


@pytest.mark.parametrize(
    ("printed", "en", "fr"),
    [
        ("1536447", "1,536,447", "1 536 447"),
        ("(2014): 85432 + 1451015", "(2014): 85,432 + 1,451,015", "(2014): 85 432 + 1 451 015"),
        ("218618 - 8053", "218,618 − 8,053", "218 618 − 8 053"),
        ("101219 + 69930 = 171149", "101,219 + 69,930 = 171,149", "101 219 + 69 930 = 171 149"),
        ("58 0584", "58 0584", "58 0584"),
        ("4381,463", "4381,463", "4381,463"),
        ("6 percent against May 2011", "6 percent against May 2011", "6 percent against May 2011"),
    ],
)  # fmt: skip
def test_printed_values_are_grouped(printed: str, en: str, fr: str) -> None:
    """Sums and long numbers in both languages; what is garbled in print and years stay (control)."""
    assert figures(printed, "en") == en
    assert figures(printed, "fr").replace("\u202f", " ") == fr


def test_countries_have_names() -> None:
    """By their code of three letters; a code that no country has is said as it is."""
    assert [country("MLI", "en"), country("TCD", "fr"), country("XTR", "en")] == ["Mali", "Tchad", "XTR"]


def test_a_quantifier_is_said() -> None:
    """What was printed as rounded or as a bound is shown so."""
    assert quantified(11_500, Precision.ABOUT, words("en")) == "about 11,500"
    assert quantified(1_000_000, Precision.AT_LEAST, words("fr")) == "au moins 1\u202f000\u202f000"


def test_dates_are_said_as_they_were() -> None:
    """A month stays a month, and a span says both ends."""
    en, fr = words("en"), words("fr")
    assert span(DateSpan.parse("2013-09"), en) == "September 2013"
    assert span(DateSpan.parse("2013-09-30"), fr) == "30 septembre 2013"
    assert span(DateSpan.parse("2013"), en) == "2013"
    assert span(DateSpan.parse("2013-07-01/2013-09-30"), en) == "1 July 2013 to 30 September 2013"

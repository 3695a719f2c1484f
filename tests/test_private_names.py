"""What looks like a private person is pointed out, and institutions, places and figures are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ledger_file import readable
from data.private_names import personal_names
from data.schema import CAVEATS, EFFECTS, EVENTS
from data.store import Store
from tests import laws  # noqa: F401 - its profile of Hypothesis


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr Jean Dupont said so.", ["Mr Jean Dupont"]),
        ("as Dr. A. Smith told the press", ["Dr. A. Smith"]),
        ("selon M. X, le site", ["M. X"]),
        ("Mme Colo et Ms Amina Ali", ["Mme Colo", "Ms Amina Ali"]),
        ("Dr. Mohamed bin Salman Ali", ["Dr. Mohamed bin Salman Ali"]),
        ("M.\u202fDupont de la Tour", ["M.\u202fDupont de la Tour"]),
        ("Jean-Pierre Dupont reported", ["Jean-Pierre Dupont"]),
        ("J.-P. Martin", ["J.-P. Martin"]),
        ("call +509 3456 7890 or (509) 3456-7890", ["+509 3456 7890", "(509) 3456-7890"]),
        ("tél. : 01 23 45 67 89", ["tél. : 01 23 45 67 89"]),
        ("someone@camp.example", ["someone@camp.example"]),
    ],
)
def test_a_likely_person_is_pointed_out(text: str, found: list[str]) -> None:
    """Titles, initials, given names, telephones, e-mail: as written, in order."""
    assert personal_names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "The International Organization for Migration asked the Ministry of the Interior.",
        "Settlements with 54,045 people were taken off the list; the count fell to 171,974.",
        "De 278\u202f945 à 171\u202f974 personnes, soit −38\u202f%.",
        "Round 12 of 2016-09-21/2016-10-26, DTM v2.0, U.N. Office in Port-au-Prince",
        "+12 345 678 people, 12 M. 13, the count may miss Delmas",
        "Hôpital Jean Dupont, Mary Smith Foundation, Avenue Jean Paul, Marie",
        "Amnesty International says that Canaan, Jérusalem and Onaville …",
        "",
    ],
)
def test_institutions_places_and_figures_are_not(text: str) -> None:
    """Control of the above."""
    assert personal_names(text) == []


def test_a_known_name_is_not_pointed_out() -> None:
    """A site that is named after somebody is known by its whole name; the person alone is not."""
    assert personal_names("People in Camp Mme Colo moved.", {"Camp Mme Colo"}) == []
    assert personal_names("People said that Mme Colo moved.", {"Camp Mme Colo"}) == ["Mme Colo"]


@given(
    before=st.sampled_from(["", "It was said by ", "Les ménages, dit "]),
    title=st.sampled_from(["Mr", "Mr.", "Mrs", "Ms", "Dr", "Dr.", "Prof.", "M.", "Mme", "Mlle", "Madame"]),
    name=st.text("abcdefghijklmnopqrstuvwxyzéèï", min_size=2, max_size=9),
    after=st.sampled_from(["", ", in 2013", " said", ". The count fell."]),
)
def test_a_title_before_a_capital_is_always_found(before: str, title: str, name: str, after: str) -> None:
    """Whatever stands around it; control: the same words without capitals are not."""
    person = f"{title} {name.capitalize()}"
    assert personal_names(f"{before}{person}{after}") == [person]
    assert personal_names(f"{before}{title} {name}{after}") == []


def test_the_embedded_ledger_names_nobody(store_folder: Path) -> None:
    """No text of an entry, effect or source looks like a person; control: one that does is found."""
    release = Store(store_folder).current()
    texts = [
        text
        for table in (EVENTS, CAVEATS, EFFECTS)
        for name in readable(table)
        for text in release.frame(table.name)[name]
    ]
    assert len(texts) > 1000
    assert [found for text in texts for found in personal_names(text)] == []
    assert [found for text in [*texts, "Mr Jean Dupont"] for found in personal_names(text)] == [
        "Mr Jean Dupont"
    ]

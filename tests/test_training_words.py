"""The words of the training country: both languages, those of the pages, SYNTHETIC everywhere, nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd
import pytest

from data.training.build import TrainingCountry, build


@pytest.fixture(scope="module")
def country() -> TrainingCountry:
    """The default country, with fewer sites."""
    return build(sites=200)


def texts(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str]]:
    """Every different text for readers: table, column, text."""
    for name, frame in tables.items():
        for column in frame.columns:
            if column.endswith(("_en", "_fr")) or column in {"title", "publisher", "credit", "tool"}:
                for text in frame[column].unique():
                    yield name, column, str(text)


FORBIDDEN = re.compile(
    r"\b(delist\w*|n/a|only|dramatic\w*|sharp\w*|surg\w+|swell\w*|pour\w*|flood\w*|burden\w*|improved|worst|illegal\w*|"
    r"issue|session|helper|test data|TODO)\b|\bflow (?:in|out|into)\b",
    re.IGNORECASE,
)


def forbidden(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """English texts with a word that the pages do not use."""
    return [
        text for _, column, text in texts(tables) if not column.endswith("_fr") and FORBIDDEN.search(text)
    ]


def test_words_are_those_of_the_pages(country: TrainingCountry) -> None:
    """People are counted and arrive; they do not flood; places are taken off a list."""
    assert forbidden(country.tables) == []
    bad = {"events": pd.DataFrame({"text_en": ["The site was delisted.", "People pour into sites."]})}
    assert len(forbidden(bad)) == 2, "control"


def test_both_languages_are_complete(country: TrainingCountry) -> None:
    """Where a text stands in one language it stands in the other, and the two differ where there are words."""
    for name, frame in country.tables.items():
        for column in [c for c in frame.columns if c.endswith("_en")]:
            french = column.removesuffix("_en") + "_fr"
            assert ((frame[column] == "") == (frame[french] == "")).all(), (name, column)
    events = country.tables["events"]
    assert (events["text_en"] != events["text_fr"]).all()
    digits = [re.sub(r"[^\d]", "", re.sub(r"1er", "1", t)) for t in events["text_fr"]]
    english = [re.sub(r"[^\d]", "", t) for t in events["text_en"]]
    assert digits == english, "the figures of a sentence are the same in both languages"
    bad = events.copy()
    bad.loc[0, "text_fr"] = ""
    assert ((bad["text_en"] == "") != (bad["text_fr"] == "")).any(), "control"


def test_french_has_its_spaces(country: TrainingCountry) -> None:
    """French thousands are parted by a narrow space, never by a comma; so are ; : ! ? and quotation marks."""
    french = [text for _, column, text in texts(country.tables) if column.endswith("_fr")]
    assert not [text for text in french if re.search(r"\d,\d{3}\b", text)]
    assert [text for text in french if re.search(r"\d\u202f\d{3}\b", text)]
    plain = re.compile(r" [;:!?»]|« ")
    assert not [text for text in french if plain.search(text)]
    assert [text for text in french if "\u202f;" in text]
    assert plain.search("Non visité ; le comptage du cycle 3 en tient lieu."), "control"


def test_notices_of_correction_are_as_old_as_the_corrections(country: TrainingCountry) -> None:
    """The source of the corrections was published from the first of them to the last, not before it tells of them."""
    sources = country.tables["sources"].set_index("key")["published"]
    events = country.tables["events"]
    told = sorted(events[events["source"] == "xtr-mt-corrections"]["when"])
    assert len(told) > 3
    assert sources["xtr-mt-corrections"] == f"{told[0]}/{told[-1]}"
    assert min(told) < max(told), "control: one day would be wrong for some of them"


def test_synthetic_stands_everywhere(country: TrainingCountry) -> None:
    """SYNTHETIC is in the country's name, in every title, source, producer and credit, and in the first caveat."""
    operations = country.tables["operations"]
    for column in ("country_en", "country_fr", "title_en", "title_fr", "producer", "credit"):
        assert operations[column].str.contains("SYNTHETIC").all(), column
    assert operations["synthetic"].all()
    assert "SYNTHETIC" in country.name
    sources = country.tables["sources"]
    assert sources["title"].str.contains("SYNTHETIC").all()
    assert sources["publisher"].str.contains("SYNTHETIC").all()
    assert country.tables["indicators"]["place_name_en"].str.contains("SYNTHETIC").all()
    areas = country.tables["areas"]
    assert areas[areas["level"] == "adm0"]["name"].str.contains("SYNTHETIC").all()
    caveats = country.tables["caveats"]
    assert set(caveats[caveats["title_en"].str.startswith("SYNTHETIC")]["operation"]) == set(
        operations["key"]
    )


def test_nobody_is_named(country: TrainingCountry) -> None:
    """Institutions and roles stand in the ledger: no e-mail, no phone, no person."""
    said = [text for _, _, text in texts(country.tables)]
    assert not [text for text in said if re.search(r"@|\+\d{6,}|\b(?:Mr|Mrs|Ms|Dr|M\.|Mme)\b", text)]

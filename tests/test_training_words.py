"""The words of the training country: both languages, those of the pages, SYNTHETIC everywhere, nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd
import pytest

from data.training.build import SEED, TrainingCountry
from tests.countries import small_country


@pytest.fixture(scope="module")
def country() -> TrainingCountry:
    """The default country, with fewer sites."""
    return small_country(SEED)


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


def early_or_spanning(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Entries whose source is a span, or older than what they tell."""
    published = tables["sources"].set_index("key")["published"].to_dict()
    rows = tables["events"][["key", "when", "source", "kind"]].itertuples(index=False)
    return [
        key for key, when, source, _ in rows
        if "/" in published[source] or published[source] < when.rpartition("/")[2]
    ]  # fmt: skip


def test_every_entry_rests_on_a_text_with_a_day_of_its_own(country: TrainingCountry) -> None:
    """Bulletins and notices are public one by one, so each entry is known from its own day on; corrections too."""
    assert early_or_spanning(country.tables) == []
    events = country.tables["events"]
    mended = events[events["kind"].isin(["correction", "withdrawal"])]
    assert len(mended) == 5
    assert mended["source"].is_unique
    published = country.tables["sources"].set_index("key")["published"]
    assert [published[key] for key in mended["source"]] == mended["when"].to_list()
    bad = {**country.tables, "events": events.assign(source="xtr-mt-bulletins")}
    assert set(early_or_spanning(bad)) == set(events["key"]), "control"


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


def raw_dates(frame: pd.DataFrame) -> list[str]:
    """Texts for readers with a date as a register writes it, or a long number without its groups."""
    columns = [c for c in frame.columns if c.startswith(("note_", "text_", "accuracy_"))]
    return [
        text for c in columns for text in frame[c].unique() if re.search(r"\d{4}-\d\d|(?<!\d)1000 m", str(text))
    ]  # fmt: skip


def test_dates_and_metres_are_written_for_readers(country: TrainingCountry) -> None:
    """Days as a language writes them, metres with their groups."""
    for name in ("flow_points", "sites", "events"):
        assert raw_dates(country.tables[name]) == [], name
    notes = " ".join(country.tables["flow_points"]["note_fr"])
    assert "30 juin 2024" in notes
    assert "1er octobre 2023" in notes
    assert raw_dates(pd.DataFrame({"note_en": ["Closed after 2024-06-30.", "about 1000 m"]})), "control"


def test_nobody_is_named(country: TrainingCountry) -> None:
    """Institutions and roles stand in the ledger: no e-mail, no phone, no person."""
    said = [text for _, _, text in texts(country.tables)]
    assert not [text for text in said if re.search(r"@|\+\d{6,}|\b(?:Mr|Mrs|Ms|Dr|M\.|Mme)\b", text)]

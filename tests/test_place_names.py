"""A place names its country; a code stands only beside a name."""

from __future__ import annotations

from datetime import date

import pytest

from data.border_posts import posts_at
from data.flows_at import flows_at
from data.store import Release
from layers.place_kinds import border_post
from layers.places import place
from words import words


@pytest.mark.parametrize(
    ("operation", "language", "ends"),
    [("ner-fm2016", "fr", {"Niger"}), ("wca-points", "fr", {"Tchad", "Mali", "Guinée", "Sénégal", "Nigéria",
                                                              "Burkina Faso"})],
)  # fmt: skip
def test_flow_points_name_their_country(
    release: Release, operation: str, language: str, ends: set[str]
) -> None:
    """As their operation does where it is in one country, else by the name of the code."""
    rows = flows_at(release, operation, date(2020, 1, 1)).table.to_dict("records")
    said = {place("flow_points", {str(k): v for k, v in row.items()}, words(language)).area for row in rows}
    assert {area.rpartition(", ")[2] for area in said} <= ends
    assert len(said) >= len(ends) - 1


def test_training_places_name_their_country(release: Release) -> None:
    """Province and country of a point; commune with its code and country of a border post: never a bare code."""
    about = flows_at(release, "xtr-fm", date(2024, 12, 1)).table.to_dict("records")
    areas = [place("flow_points", {str(k): v for k, v in row.items()}, words("en")).area for row in about]
    assert all(area.endswith("(SYNTHETIC)") and "XTR" not in area for area in areas)
    made = posts_at(release, "xtr-bc", date(2024, 12, 1))
    assert made is not None
    for row in made.table.to_dict("records"):
        area = border_post({str(k): v for k, v in row.items()}, words("en")).area
        assert area.endswith("(SYNTHETIC)")
        assert "XTR" not in area
        assert f"({row['pcode']})" in area

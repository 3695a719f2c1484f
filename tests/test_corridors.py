"""A fall at a flow point stands beside the other points and their days of observation, and claims nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from charts.diversion import DiversionShown, change, diversion_panel, diversion_sentence, value
from data import queries
from data.codes import Measure, Precision, State
from data.corridors import Days, Diversion, Moved, Seen, corridors, diversion
from data.dates import DateSpan
from data.errors import Unknown
from data.model import Shown, Text
from data.store import Release
from data.training import flows as flows_of
from data.training import keys
from tests.pictures import EN
from tests.test_effort import texts, without
from words import LANGUAGES, words

NIGER = "ner-fm2016"
MONTHS = [DateSpan.parse(f"{year}-{month:02}") for year in (2023, 2024) for month in range(1, 13)]
POINTS = [keys.point_key(point) for point in range(flows_of.POINTS)]


@pytest.fixture(scope="session")
def falls(release: Release) -> list[Diversion]:
    """Every fall of the outward movements: of all points in each month, and some points by name."""
    found = [diversion(release, keys.FLOW, keys.FLOW_OUT, month) for month in MONTHS]
    found += [diversion(release, keys.FLOW, point, month, indicator=keys.FLOW_OUT)
              for point in POINTS[:6:2] for month in MONTHS[13:20]]  # fmt: skip
    return [one for one in found if one is not None]


def niger(release: Release, month: str = "2016-10") -> Diversion:
    """The fall of the two points that were counted together."""
    found = diversion(release, NIGER, "ner-out-month", DateSpan.parse(month))
    assert found is not None
    return found


# The register


def faults(rows: pd.DataFrame, points: pd.DataFrame) -> set[str]:
    """Corridors whose rows contradict each other, or name a point of another operation."""
    owner = points.set_index("key")["operation"]
    strange = set(rows[rows["point"].map(owner) != rows["operation"]]["corridor"])
    several = rows.groupby("corridor")[["operation", "name_en", "name_fr"]].nunique().gt(1).any(axis=1)
    twice = rows[rows.duplicated(["corridor", "order"])]["corridor"]
    alone = rows.groupby("corridor")["point"].nunique().eq(1)
    return strange | set(several[several].index) | set(twice) | set(alone[alone].index)


def test_corridors_agree_with_themselves(release: Release) -> None:
    """One name, one operation, two points or more in an order, all of the operation; each bad row is noticed."""
    rows, points = release.frame("corridors"), release.frame("flow_points")
    assert faults(rows, points) == set()
    first = rows.index[0]
    for column, wrong in (
        ("name_en", "x"),
        ("operation", NIGER if rows["operation"].iloc[0] != NIGER else keys.FLOW),
        ("order", rows["order"].iloc[1]),
    ):
        bad = rows.copy()
        bad.loc[first, column] = wrong
        assert faults(bad, points) == {rows["corridor"].iloc[0]}, column
    assert faults(rows.drop(index=first), points) == {rows["corridor"].iloc[0]}


def test_niger_says_what_its_sources_say(release: Release) -> None:
    """Two points counted together, and a pair of 2019 in which each keeps one direction; each with a source."""
    rows = release.frame("corridors").query("operation == @NIGER")
    assert {key: set(of["point"]) for key, of in rows.groupby("corridor")} == {
        "arlit-seguedine": {"ner-fmp-arlit", "ner-fmp-seguedine"},
        "madama-seguedine": {"ner-fmp-madama", "ner-fmp-seguedine"},
    }
    ledger = release.frame("events").set_index("key")
    said = rows.set_index("corridor")["bypass_en"]
    for word in ("Madama", "outgoing movements", "bypass roads", "Séguédine", "incoming"):
        assert word in ledger.loc["ner-2019-01-coverage", "text_en"], word
        assert said["madama-seguedine"].str.contains(word).all(), word
    assert said["arlit-seguedine"].str.contains("avoid towns and use other routes").all()
    assert "avoid towns and use other routes" in ledger.loc["ner-2016-08-enforcement", "text_en"]
    cited = rows.drop_duplicates("corridor").set_index("corridor")["source"]
    assert cited["madama-seguedine"] == ledger.loc["ner-2019-01-coverage", "source"]
    assert cited["arlit-seguedine"] == ledger.loc["ner-2016-08-enforcement", "source"]


def test_the_training_country_publishes_its_roads(release: Release) -> None:
    """The road of each point is the one its note names; of a bypass only that it exists, nothing of who took it."""
    rows = release.frame("corridors").query("operation == @keys.FLOW")
    assert len(rows) == flows_of.POINTS
    notes = release.frame("flow_points").set_index("key")["note_en"]
    for _, row in rows.iterrows():
        note = notes[row["point"]]
        assert note.startswith(f"On the {row['name_en'][0].lower()}{row['name_en'][1:]}.")
        assert ("second road" in note) == (row["bypass_en"] != "")
    bypassed = set(rows[rows["bypass_en"] != ""]["corridor"])
    assert bypassed == {keys.corridor_key(c) for c in flows_of.BYPASSED}
    assert not rows["bypass_en"].str.contains(r"\d").any()


# Values


def test_each_value_is_the_published_one(release: Release, falls: list[Diversion]) -> None:
    """Before, after and change of every point are those of the table; control: another month differs."""
    rows = release.frame("observations").query("indicator == @keys.FLOW_OUT and place != ''")
    held = rows.set_index(["place", "period"])["value"].to_dict()
    assert len(falls) > 20
    for found in falls:
        for m in (found.point, *found.others):
            for seen, when in ((m.before, found.first), (m.after, found.second)):
                kept = held[m.key, str(when)]
                assert seen.value is None if pd.isna(kept) else seen.value == kept
            if m.amount is not None and m.before.value is not None and m.after.value is not None:
                assert m.amount == m.after.value - m.before.value
    one = falls[0]
    assert one.point.before.value != held[one.point.key, str(one.second)], "control"


def test_the_days_are_those_of_the_point(release: Release, falls: list[Diversion]) -> None:
    """Days observed of days open in each period, a day once for both directions; per day is value by days."""
    rows = release.frame("flow_days").drop_duplicates(["point", "day"])
    month = rows["day"].str[:7]
    for found in falls[:12]:
        for m in (found.point, *found.others):
            for seen, when in ((m.before, found.first), (m.after, found.second)):
                of = rows[(rows["point"] == m.key) & (month == str(when))]
                assert seen.days == Days(
                    observed=int(of["observed"].sum()), open=int((of["state"] != "closed").sum())
                )
                if seen.value is not None and seen.days.observed:
                    assert seen.per_day == seen.value / seen.days.observed  # fmt: skip


def test_every_other_point_of_the_road_is_there(release: Release, falls: list[Diversion]) -> None:
    """All of the corridor, the point itself not among them."""
    rows = corridors(release, keys.FLOW)
    for found in falls:
        road = rows[rows["point"] == found.point.key]["corridor"].iloc[0]
        wanted = set(rows[rows["corridor"] == road]["point"]) - {found.point.key}
        assert {m.key for m in found.others} == wanted


def test_without_a_name_it_is_the_point_that_fell_most(release: Release) -> None:
    """Of all points, the largest fall of the month; and a point that rose has nothing to show."""
    month, before = DateSpan.parse("2024-03"), "2024-02"
    found = diversion(release, keys.FLOW, keys.FLOW_OUT, month)
    rows = release.frame("observations").query("indicator == @keys.FLOW_OUT and place != ''")
    wide = rows.pivot_table(index="place", columns="period", values="value")
    amounts = wide[str(month)] - wide[before]
    assert found is not None
    assert (found.point.key, found.point.amount) == (amounts.idxmin(), amounts.min())
    rising = str(amounts.idxmax())
    assert amounts[rising] > 0
    assert diversion(release, keys.FLOW, rising, month, indicator=keys.FLOW_OUT) is None


# Laws


def seen(number: float | None, state: State = State.COUNTED, precision: Precision = Precision.EXACT) -> Seen:
    """What a point saw in a month of which 20 of 30 days were observed."""
    return Seen(value=number, precision=precision, state=state, days=Days(observed=20, open=30))


def moved(before: Seen, after: Seen, key: str = "a") -> Moved:
    """A point of Examplia."""
    return Moved(key=key, name=Text(key), corridor=Text("Road"), before=before, after=after)


@pytest.mark.parametrize(
    "state", [State.NOT_ASSESSED, State.CLOSED, State.NO_DATA, State.WITHHELD, State.DELISTED]
)
def test_a_month_without_observation_is_no_fall(state: State, falls: list[Diversion]) -> None:
    """No change is known and none can be shown as a fall; control: a count of zero is one."""
    gone = moved(seen(500.0), seen(None, state))
    assert gone.amount is None
    with pytest.raises(ValueError, match="did not fall"):
        replace(falls[0], point=gone)
    beside = replace(falls[0], others=(gone,))
    assert value(gone.after, beside, EN) != "0"
    assert change(gone, beside, EN) == "not found"
    assert "no change is known" in diversion_sentence(beside, EN)
    assert moved(seen(500.0), seen(0.0, State.COUNTED_ZERO)).amount == -500, "control"


def test_a_closed_point_did_not_fall(release: Release) -> None:
    """The point that closed has no fall in its first month without it, and says "closed" beside another."""
    closed = keys.point_key(flows_of.CLOSES)
    month = DateSpan.parse("2024-07")
    assert diversion(release, keys.FLOW, closed, month, indicator=keys.FLOW_OUT) is None
    other = keys.point_key(flows_of.CLOSES - 1)
    found = diversion(release, keys.FLOW, other, month, indicator=keys.FLOW_OUT)
    assert found is not None
    (beside,) = found.others
    assert (beside.key, beside.after.state, beside.amount) == (closed, State.CLOSED, None)
    row = DiversionShown(diversion=found, words=EN).table().iloc[1]
    assert row["Movements, July 2024"] == "closed"
    assert row["Days observed, July 2024"] == "not open"


def test_stocks_are_never_set_beside_movements(release: Release, falls: list[Diversion]) -> None:
    """A count of people has no diversion, and none can be made; control: the same with movements can."""
    assert diversion(release, keys.TRACKING, keys.PEOPLE) is None
    assert falls[0].series.measure is Measure.FLOW
    with pytest.raises(ValueError, match="only movements"):
        replace(falls[0], series=queries.series(release, keys.PEOPLE))
    assert replace(falls[0], others=()).point.amount == falls[0].point.amount, "control"
    with pytest.raises(ValueError, match="is not after"):
        replace(falls[0], first=falls[0].second)


def test_nothing_is_summed(falls: list[Diversion]) -> None:
    """No number of a table is a sum over points: each is of its own row."""
    for found in falls[:10]:
        table = DiversionShown(diversion=found, words=EN).table()
        assert list(table["Point"]) == [m.name.en for m in (found.point, *found.others)]
        assert len(table) == 1 + len(found.others)


def test_a_bound_has_no_difference() -> None:
    """"At least" minus a number is not a number; "about" gives about."""  # fmt: skip
    assert moved(seen(500.0, precision=Precision.AT_LEAST), seen(300.0)).amount is None
    about = moved(seen(500.0, precision=Precision.ABOUT), seen(300.0))
    assert (about.amount, about.precision) == (-200, Precision.ABOUT)


CLAIMS = re.compile(
    r"divert|shifted|moved to|switched|took the bypass|instead|therefore|because|déviés|se sont reportés|donc|car ",
    re.IGNORECASE,
)


def claims(sentence: str) -> list[str]:
    """Words that would say where the people went."""
    return CLAIMS.findall(sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_claims_a_diversion(falls: list[Diversion], release: Release, language: str) -> None:
    """It says that it is not known; control: a claim is noticed."""
    w = words(language)
    for found in (*falls, niger(release)):
        said = diversion_sentence(found, w)
        assert claims(said) == []
        assert w("diversion.not_known") in said
        assert "{" not in said
    assert claims("They moved to Y instead.") == ["moved to", "instead"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_stand_beside_every_change(falls: list[Diversion], release: Release, language: str) -> None:
    """In the table for each point and period, and in the sentence; where not found, that is said."""
    w = words(language)
    for found in falls:
        table = DiversionShown(diversion=found, words=w).table()
        assert (table.iloc[:, -2:] != "").all(axis=None)
        said = diversion_sentence(found, w)
        for m in (found.point, *found.others):
            assert m.before.days is not None
            item = w("diversion.days_of", observed=m.before.days.observed, open=m.before.days.open)
            assert f"{m.name.to(language)} {item}" in said
    without_days = niger(release)
    table = DiversionShown(diversion=without_days, words=w).table()
    assert set(table.iloc[:, -1]) == {w("trend.not_found")}
    assert w("diversion.no_days") in diversion_sentence(without_days, w)


def test_a_fall_with_fewer_days_says_so(falls: list[Diversion]) -> None:
    """Where fewer days were observed the sentence says what that does; control: with as many it does not."""
    fewer = [found for found in falls if found.point.fewer_days]
    assert fewer
    assert all("the total can fall for that alone" in diversion_sentence(found, EN) for found in fewer)
    same = replace(fewer[0], point=moved(seen(500.0), seen(400.0)))
    assert "for that alone" not in diversion_sentence(same, EN), "control"
    assert "25, then 20" in diversion_sentence(same, EN)


# Periods


def test_niger_has_no_values_by_point(release: Release) -> None:
    """The two points fell together; of each alone, and of their days, nothing was found."""
    found = niger(release)
    assert (found.point.key, found.point.amount) == ("arlit-seguedine", 12_654 - 27_138)
    assert {m.key for m in found.others} == {"ner-fmp-arlit", "ner-fmp-seguedine"}
    assert all(m.amount is None and m.after.value is None for m in found.others)
    assert all(text in diversion_sentence(found, EN) for text in ("not found (October 2016)", "14,484"))
    assert diversion(release, NIGER, "ner-fmp-seguedine") is None, "a fall of it alone was not found"
    about = niger(release, "2016-11")
    assert "about 11,500" in diversion_sentence(about, EN)


def test_periods_of_other_lengths_are_not_compared(release: Release) -> None:
    """Weeks of six and eight days, totals that overlap, a period that nobody published; control: equal weeks."""
    span = DateSpan.parse
    uneven = span("2016-02-24/2016-02-29")
    assert diversion(release, NIGER, "ner-out-week", uneven) is None
    assert diversion(release, NIGER, "ner-out-period") is None
    assert diversion(release, NIGER, "ner-out-month", span("2016-06")) is None
    equal = diversion(release, NIGER, "ner-out-week", span("2016-03-08/2016-03-14"))
    assert equal is not None
    assert equal.point.amount == 2012 - 2537
    assert diversion(release, NIGER, "ner-out-month", span("2016-10"), before=span("2016-12")) is None


def test_it_is_as_known_on_a_day(release: Release) -> None:
    """November 2016 was first 1,525 and then about 11,500; a month not yet public has no fall."""
    month = DateSpan.parse("2016-11")
    then = diversion(release, NIGER, "ner-out-month", month, as_known_on=date(2016, 12, 31))
    assert then is not None
    assert then.point.after.value == 1_525
    early = diversion(release, keys.FLOW, keys.FLOW_OUT, MONTHS[14], as_known_on=date(2024, 3, 1))
    assert early is None
    assert diversion(release, keys.FLOW, keys.FLOW_OUT, MONTHS[14], as_known_on=date(2024, 5, 1)) is not None
    assert niger(release, "2016-11").point.after.value == 11_500, "control"


def test_a_break_between_the_periods_is_said(release: Release) -> None:
    """October 2023 counts other trips than September; control: in November nothing breaks."""
    found = diversion(release, keys.FLOW, keys.FLOW_OUT, DateSpan.parse("2023-10"))
    assert found is not None
    assert [e.key for e in found.breaks] == ["xtr-fm-definition"]
    assert "are not comparable" in diversion_sentence(found, EN)
    later = diversion(release, keys.FLOW, keys.FLOW_OUT, DateSpan.parse("2023-11"))
    assert later is not None
    assert later.breaks == ()
    assert "are not comparable" not in diversion_sentence(later, EN)


def test_what_is_not_held_is_said(release: Release) -> None:
    """An unknown point is unknown; a release without corridors, or an operation without them, has no diversion."""
    with pytest.raises(Unknown, match="flow point"):
        diversion(release, keys.FLOW, "nowhere")
    with pytest.raises(Unknown, match="indicator"):
        diversion(release, keys.FLOW, POINTS[0], indicator="nothing")
    older = without(release, "corridors")
    assert corridors(older, keys.FLOW).empty
    assert diversion(older, keys.FLOW, keys.FLOW_OUT) is None
    assert diversion(release, NIGER, "ner-fmp-tahoua") is None, "it lies on no corridor"
    assert diversion(release, "pan-darien", "pan-month") is None


# The panel


def widths(component: Any) -> Iterator[tuple[str, float]]:
    """The bars of a panel: the side that they grow to, and their width in percent."""
    style = getattr(component, "style", None) or {}
    children = getattr(component, "children", None)
    parts = children if isinstance(children, list) else [] if children is None else [children]
    if style.get("flex"):
        side = "left" if style.get("justifyContent") == "flex-end" else "right"
        for bar in parts:
            yield side, float(bar.style["width"].rstrip("%"))
        return
    for part in parts:
        if not isinstance(part, str):
            yield from widths(part)


def test_bars_stand_around_zero(falls: list[Diversion]) -> None:
    """A fall to the left, a rise to the right, each as wide as its change; no bar where none is known."""
    found = replace(
        falls[0],
        point=moved(seen(500.0), seen(100.0)),
        others=(
            moved(seen(100.0), seen(200.0), "b"),
            moved(seen(100.0), seen(100.0), "c"),
            moved(seen(100.0), seen(None, State.NOT_ASSESSED), "d"),
        ),
    )
    panel = diversion_panel(found, EN)
    assert list(widths(panel)) == [("left", 100.0), ("right", 25.0)]
    said = texts(panel)
    assert "they rose by 100" in " ".join(said)
    assert "they did not change" in " ".join(said)
    assert "not assessed" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panel_has_its_table_roads_and_sources(release: Release, language: str) -> None:
    """Every cell of the table, what is published of other roads, and who says which points belong together."""
    w, found = words(language), niger(release)
    shown = DiversionShown(diversion=found, words=w)
    said = texts(diversion_panel(found, w))
    assert {str(cell) for cell in shown.table().to_numpy().ravel()} <= set(said)
    assert found.bypasses
    assert all(any(text.to(language) in line for line in said) for text in found.bypasses)
    assert all(any(source.title in line for line in said) for source in found.cited)


def test_it_is_shown_with_its_notes(falls: list[Diversion], release: Release) -> None:
    """A figure like the others: notes, table, sentence with its credit; the sources of the corridor are cited."""
    shown = DiversionShown(diversion=niger(release), words=EN)
    assert isinstance(shown, Shown)
    assert {note.key for note in shown.notes()} >= {"ner-not-the-border", "ner-2016-08-enforcement"}
    assert shown.diversion.operation.key == NIGER
    assert set(shown.diversion.cited) <= set(shown.provenance.sources)
    assert "Displacement Tracking Matrix" in shown.sentence()
    assert any("not corrected" in text.en for text in falls[0].provenance.derived_by)

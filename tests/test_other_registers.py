"""Niger, Nigeria, Libya, Colombia, the Darién and the flow points, as they are embedded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

import pandas as pd
import pytest

from data.codes import CardField, ClaimStatus
from data.schema import TABLES
from data.series import known_on
from data.sources.embedded import EMBEDDED, Register, registers
from data.tables.embedded import join, with_days

GROUPS = ("niger", "nigeria", "libya", "colombia", "darien", "points")
# Names of countries and places stay as published, so they may be alike in both languages.
NAMES = {"country", "place_name"}
BANNED = re.compile(r"\b(only|dramatic\w*|sharp\w*|surg\w*|flood\w*|delist\w*|N/A)\b", re.IGNORECASE)
# French sets a narrow no-break space before these signs and between thousands.
PLAIN_SPACE = re.compile(r" [:;!?»%]|« |\d \d{3}(?!\d)|'")
RECALLED = ("11457", "621706", "302203", "37166")  # read in no text


@cache
def read() -> tuple[Register, ...]:
    """Every register, read once."""
    return tuple(registers())


@cache
def tables(group: str) -> Mapping[str, pd.DataFrame]:
    """The tables of one group; a reference that leaves the group is refused."""
    return join(r for r in read() if r.file.startswith(f"{group}/"))


@cache
def everything(table: str) -> pd.DataFrame:
    """One table over the groups of this file."""
    parts = [tables(group)[table] for group in GROUPS if len(tables(group)[table])]
    return pd.concat(parts, ignore_index=True)


def held(indicator: str) -> pd.DataFrame:
    """The observations of an indicator, with their days."""
    rows = everything("observations")
    return with_days(rows[rows["indicator"] == indicator])


def value(rows: pd.DataFrame, period: str, on: date | None = None) -> float | None:
    """The value of a period as known on a day; None where nothing was public."""
    found = known_on(rows, on)
    found = found[found["period"] == period]
    return float(found["value"].iloc[0]) if len(found) else None


def total_of(derivation: str) -> int:
    """The result of a derivation: whole numbers with + and - between."""
    assert re.fullmatch(r"\d+( [+-] \d+)+", derivation), derivation
    return sum(int(part.replace(" ", "")) for part in re.findall(r"(?:[+-] )?\d+", derivation))


def test_every_group_stands_alone() -> None:
    """Each group can be read and refers to nothing outside itself."""
    assert {group: bool(len(tables(group)["operations"])) for group in GROUPS} == dict.fromkeys(GROUPS, True)


# Niger


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2016, 12, 13), None, id="nothing-surely-public"),
        pytest.param(date(2016, 12, 14), 1525, id="used-that-day"),
        pytest.param(date(2017, 1, 25), 1525, id="used-again"),
        pytest.param(date(2017, 1, 30), 1525, id="the-day-before"),
        pytest.param(date(2017, 1, 31), 11500, id="corrected"),
        pytest.param(date(2030, 1, 1), 11500, id="long-after"),
        pytest.param(None, 11500, id="newest"),
    ],
)
def test_november_2016_as_known(on: date | None, expected: float | None) -> None:
    """Outgoing, November 2016: 1,525 from 14 December 2016, about 11,500 from 31 January 2017."""
    assert value(held("ner-out-month"), "2016-11", on) == expected


def test_november_control() -> None:
    """With the correction dated a day later, 31 January would still read 1,525: the cases above would fail."""
    rows = held("ner-out-month")
    rows.loc[rows["vintage"] == "corrected", "known_by"] = pd.Timestamp(2017, 2, 1)
    assert value(rows, "2016-11", date(2017, 1, 31)) == 1525


def test_november_vintages() -> None:
    """Both vintages are published values; the first is provisional, the corrected one is printed as nearly 11,500."""
    rows = held("ner-out-month").set_index("id")
    first, corrected = rows.loc["ner-out-month-2016-11-first"], rows.loc["ner-out-month-2016-11-corrected"]
    assert (first["value"], first["precision"], first["obs_status"]) == (1525, "exact", "P")
    assert (corrected["value"], corrected["precision"]) == (11500, "about")
    assert {first["kind"], corrected["kind"]} == {"published"}
    assert corrected["known_by"] > first["known_by"]


def test_no_arithmetic_competes_with_a_published_month() -> None:
    """What the totals imply for November (9,932 out, 3,413 in) is in series of its own and has no card."""
    november = held("ner-out-month")
    assert set(november[november["period"] == "2016-11"]["vintage"]) == {"first", "corrected"}
    shown = everything("indicators").set_index("key")["shown"]
    for key, expected in (("ner-out-implied", 9932), ("ner-in-implied", 3413)):
        assert held(key)[["value", "vintage", "kind"]].to_numpy().tolist() == [
            [expected, "derived", "derived"]
        ]
        assert shown[key] == 0


def in_february(weeks: pd.DataFrame) -> float:
    """The sum of the periods that lie in February 2016."""
    inside = weeks[(weeks["first"] >= "2016-02-01") & (weeks["last"] <= "2016-02-29")]
    return float(inside["value"].sum())


@pytest.mark.parametrize(
    ("direction", "weeks"),
    [pytest.param("out", (986, 604, 2267, 674), id="out"), pytest.param("in", (416, 564, 281, 227), id="in")],
)
def test_february_is_the_sum_of_its_weeks(direction: str, weeks: tuple[int, ...]) -> None:
    """986 + 604 + 2,267 + 674 = 4,531 and 416 + 564 + 281 + 227 = 1,488, marked as derived."""
    of_week, of_month = held(f"ner-{direction}-week"), held(f"ner-{direction}-month")
    month = of_month[of_month["period"] == "2016-02"].iloc[0]
    assert in_february(of_week) == sum(weeks) == month["value"]
    assert (month["kind"], month["vintage"]) == ("derived", "derived")
    spoiled = of_week.assign(value=of_week["value"] + 1)  # control
    assert in_february(spoiled) != month["value"]


def unflagged(observations: pd.DataFrame, flags: pd.DataFrame) -> list[str]:
    """Directions whose total to October is not September's total plus October, and that no variant flags."""
    missing = []
    of = observations.set_index(["indicator", "period"])["value"]
    for way in ("out", "in"):
        published = of[f"ner-{way}-period", "2016-02-01/2016-10-31"]
        chained = of[f"ner-{way}-period", "2016-02-01/2016-09-30"] + of[f"ner-{way}-month", "2016-10"]
        noted = ((flags["value_a"] == f"{published:.0f}") & (flags["value_b"] == f"{chained:.0f}")).any()
        if published != chained and not noted:
            missing.append(way)
    return missing


def test_totals_that_do_not_chain_stay_flagged() -> None:
    """291,211 + 12,654 = 303,865, not 311,036; 103,504 + 1,290 = 104,794, not 106,154: both are in the variants."""
    assert (291211 + 12654, 103504 + 1290) == (303865, 104794)
    observations, flags = tables("niger")["observations"], tables("niger")["variants"]
    assert unflagged(observations, flags) == []
    assert unflagged(observations, flags[flags["value_b"] != "104794"]) == ["in"]  # control
    months = set(held("ner-out-month")["period"]) | set(held("ner-in-month")["period"])
    assert not months & {"2016-06", "2016-07", "2016-08"}


def test_the_eu_figure_is_no_observation() -> None:
    """About 70,000 (May 2016) is told with the use of the figure; the points have no such value."""
    assert not (tables("niger")["observations"]["value"] == 70000).any()
    events = tables("niger")["events"].set_index("key")
    use = events.loc["ner-2016-12-14-use"]
    assert "70,000" in use["text_en"]
    assert (use["about_observation"], use["claim"]) == ("ner-out-month-2016-11-first", "reported")
    correction = events.loc["ner-2017-01-correction"]
    assert (correction["when"], correction["about_observation"]) == (
        "2017-01",
        "ner-out-month-2016-11-first",  # the value that was wrong, as its uses name it
    )
    assert tables("niger")["effects"].empty, (
        "11,500 - 1,525 is arithmetic on a rounded value, no published effect"
    )


# The others


def test_libya_keeps_the_published_digits() -> None:
    """Round 18 is 662,248 as printed, known by 30 April 2018, and its method shows it rounded."""
    row = held("lby-mig").set_index("round").loc[18]
    assert (row["value"], row["precision"], row["state"]) == (662248, "exact", "counted")
    assert row["known_by"] == pd.Timestamp(2018, 4, 30)
    assert tables("libya")["methods"]["rounds_figures"].all()


def test_libya_breaks_without_a_cause() -> None:
    """Round 17 is 271,568 above round 15 (704,142 - 432,574); the line breaks there and no cause is given."""
    rows = held("lby-mig").set_index("round")["value"]
    event = tables("libya")["events"].set_index("key").loc["lby-2018-01-unexplained"]
    assert (event["first_round"], bool(event["breaks"]), event["reason_en"]) == (17, True, "")
    assert rows[17] - rows[15] == 271568
    assert tables("libya")["effects"].empty, "a difference across a break is no published effect"


def test_nigeria_round_12_is_on_another_coverage() -> None:
    """The break is at round 12 and touches displaced people, not returnees; the allegation cuts nothing."""
    events = tables("nigeria")["events"].set_index("key")
    broken = events[events["breaks"].astype(bool)]
    assert broken[["indicators", "first_round"]].to_numpy().tolist() == [["nga-idp", 12]]
    assert events.loc["nga-alleged-returns", "claim"] == "alleged"
    assert set(held("nga-idp")["round"]) >= {11, 12}


def test_a_partial_month_is_superseded() -> None:
    """February 2023, Darién: 21,093 to 26 February as known then, 24,657 for the month from 3 May."""
    rows = held("pan-month")
    assert value(rows, "2023-02", date(2023, 2, 26)) == 21093
    assert value(rows, "2023-02", date(2023, 5, 3)) == 24657
    assert set(rows[rows["value"] == 21093]["obs_status"]) == {"P"}


# What holds for all


def recalled_in(texts: Mapping[str, str]) -> list[str]:
    """Where a number that nobody read stands, with or without signs between its thousands."""
    plain = {
        name: text + re.sub(r"(?<=\d)[,\u202f](?=\d{3}(?!\d))", "", text) for name, text in texts.items()
    }
    return [
        f"{name}: {number}"
        for name, text in plain.items()
        for number in RECALLED
        if re.search(rf"(?<!\d){number}(?!\d)", text)
    ]


def test_nothing_recalled_is_embedded() -> None:
    """No recalled value stands in any register: 11,457, Libya round 16, Darién 2024, the other February 2024."""
    files = [path for group in GROUPS for path in (EMBEDDED / "registers" / group).glob("*.csv")]
    assert recalled_in({path.name: path.read_text(encoding="utf-8") for path in files}) == []
    assert recalled_in({"planted": "nearly 11\u202f457 movements", "other": "411457"}) == [
        "planted: 11457"
    ]  # control
    assert 16 not in set(held("lby-mig")["round"]) | set(tables("libya")["rounds"]["number"])
    assert "2024" not in set(held("pan-year")["period"])


def test_34_flow_points() -> None:
    """Seven points in Niger and 27 elsewhere, each inside its operation's view and of unknown accuracy."""
    points = everything("flow_points")
    assert points.groupby("operation").size().to_dict() == {"ner-fm2016": 7, "wca-points": 27}
    assert set(points["adm1"]) == {""}  # those names were recalled, not read
    assert points["note_en"].str.startswith("Accuracy not stated.").all()
    assert points["note_fr"].str.startswith("Précision non indiquée.").all()
    assert outside(points) == []
    assert "Kidira" in outside(points.rename(columns={"lon": "lat", "lat": "lon"}))  # control


def outside(points: pd.DataFrame) -> list[str]:
    """Points that the first view of their operation does not show."""
    seen = points.merge(everything("operations"), left_on="operation", right_on="key")
    inside = seen["lon"].between(seen["view_west"], seen["view_east"])
    inside &= seen["lat"].between(seen["view_south"], seen["view_north"])
    return list(seen["name"][~inside])


def untranslated(table: str, rows: pd.DataFrame) -> list[str]:
    """Texts that lack a language, or are alike in both."""
    stems = {n.removesuffix("_en") for n in TABLES[table].names() if n.endswith("_en")} - NAMES
    return [
        f"{table}.{stem}: {english or french}"
        for stem in sorted(stems)
        for english, french in zip(rows[f"{stem}_en"], rows[f"{stem}_fr"], strict=True)
        if (english or french) and (english == french or not english or not french)
    ]


def ill_set(table: str, rows: pd.DataFrame) -> list[str]:
    """French texts with a plain space or a straight apostrophe, and English ones with a word that judges."""
    french = [
        text
        for n in TABLES[table].names()
        if n.endswith("_fr")
        for text in rows[n]
        if PLAIN_SPACE.search(text)
    ]
    english = [
        text for n in TABLES[table].names() if n.endswith("_en") for text in rows[n] if BANNED.search(text)
    ]
    return french + english


@pytest.mark.parametrize(
    "table", [name for name in TABLES if any(len(tables(group)[name]) for group in GROUPS)]
)
def test_every_text_is_in_two_languages(table: str) -> None:
    """Each text stands in English and in French, differently, in the project's wording and French typography."""
    assert untranslated(table, everything(table)) == []
    assert ill_set(table, everything(table)) == []


def test_language_control() -> None:
    """A text copied from the other language, one left out, a plain space and a judging word are each found."""
    row = everything("caveats").iloc[[0]]
    assert untranslated("caveats", row.assign(text_fr=row["text_en"]))
    assert untranslated("caveats", row.assign(text_fr=""))
    assert ill_set("caveats", row.assign(text_fr="Un nombre : 11 500"))
    assert ill_set("caveats", row.assign(text_en="It fell to only 1,525"))


def unsound(rows: pd.DataFrame) -> list[str]:
    """Observations whose id, kind, vintage, derivation and value do not agree."""
    wrong: list[str] = []
    for row in rows.to_dict("records"):
        derived = row["kind"] == "derived"
        agree = (
            row["id"].startswith(f"{row['indicator']}-")
            and row["id"].endswith(f"-{row['vintage']}")
            and derived == bool(row["derivation"]) == (row["vintage"] == "derived")
            and (not derived or total_of(row["derivation"]) == row["value"])
        )
        if not agree:
            wrong.append(row["id"])
    return wrong


def test_derived_values_are_their_arithmetic() -> None:
    """Every derived value is the result of the arithmetic beside it, and says so in its id; nothing else does."""
    rows = everything("observations")
    assert unsound(rows) == []
    assert (91935 - 16351 - 59432, 333891 - 12923 - 311036, 218618 - 168053) == (16152, 9932, 50565)
    derived = rows[rows["kind"] == "derived"]
    assert len(derived) == 7
    assert unsound(derived.assign(value=derived["value"] + 1)) == derived["id"].tolist()  # control
    assert unsound(derived.assign(kind="published")) == derived["id"].tolist()  # control


def unlawful(events: pd.DataFrame) -> list[str]:
    """Events that cut a line without being published by the producer as a break."""
    lawful = (events["claim"] == ClaimStatus.PUBLISHED) & (events["status"] == "B")
    return events["key"][events["breaks"].astype(bool) & ~lawful].tolist()


def test_only_what_is_published_breaks() -> None:
    """No allegation and no report by others cuts a line."""
    events = everything("events")
    assert unlawful(events) == []
    assert unlawful(events.assign(claim="alleged"))  # control


def bare(indicators: pd.DataFrame, caveats: pd.DataFrame) -> list[str]:
    """Indicators that no caveat holds for."""

    def held_for(operation: str, key: str) -> Iterable[str]:
        of = caveats[caveats["operation"] == operation]["indicators"]
        return [keys for keys in of if not keys or key in keys.split(";")]

    return [k for o, k in zip(indicators["operation"], indicators["key"], strict=True) if not held_for(o, k)]


def test_nothing_comes_without_its_limits() -> None:
    """Every indicator has a caveat, every operation has one and says all nine lines of who made the count."""
    caveats, operations = everything("caveats"), set(everything("operations")["key"])
    indicators, without_libya = everything("indicators"), caveats[caveats["operation"] != "lby-dtm"]
    assert bare(indicators, caveats) == []
    assert bare(indicators, without_libya) == ["lby-mig", "lby-idp", "lby-ret"]  # control
    assert set(caveats["operation"]) == operations == set(everything("methods")["operation"])
    lines = everything("card_lines").groupby("operation")["field"].agg(set).to_dict()
    assert lines == {key: {field.value for field in CardField} for key in operations}

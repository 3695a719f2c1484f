"""The registers of the Haiti operation say what was published: sums, counts, languages and breaks.

Expected numbers are those of the published reports, so that a reviewer can add them up by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.codes import CardField, EventKind
from data.dates import DateSpan
from data.errors import TableError
from data.schema import TABLES
from data.sources.embedded import Register
from data.tables.embedded import join
from data.tables.registers import read_register

HAITI = Path(__file__).parent.parent / "data" / "embedded" / "registers" / "haiti"
DELISTING = "hti-2013-09-delisting"
RE_REGISTRATION = "hti-2016-03-reregistration"
NARROW = "\u202f"

Frames = Mapping[str, pd.DataFrame]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def frames() -> Frames:
    """Every register of the group, checked cell by cell."""
    return {path.stem: read_register(path, TABLES[path.stem]) for path in sorted(HAITI.glob("*.csv"))}


def rows(frame: pd.DataFrame) -> list[Row]:
    """The rows as dicts with text keys."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def has(cell: float | None) -> bool:
    """Whether a cell of a number column is filled."""
    return not bool(pd.isna(cell))


def published(frames: Frames, indicator: str, number: int) -> int:
    """The one value of a round as first published."""
    table = frames["observations"]
    first = table[(table["indicator"] == indicator) & (table["vintage"] == "first")]
    row = first[first["round"] == number]
    assert len(row) == 1, f"{indicator}, round {number}: {len(row)} rows"
    return int(row["value"].iloc[0])


def effect(frames: Frames, event: str, indicator: str) -> int:
    """The published effect of an event on an indicator, signed."""
    table = frames["effects"]
    row = table[(table["event"] == event) & (table["indicator"] == indicator)]
    assert len(row) == 1
    return int(row["value"].iloc[0])


# Arithmetic of the reference case


@pytest.mark.parametrize(
    ("indicator", "june", "september", "taken_off", "residual"),
    [
        pytest.param("hti-idp", 278_945, 171_974, 54_045, 52_926, id="people"),
        pytest.param("hti-hh", 70_910, 45_280, 11_128, 14_502, id="households"),
    ],
)
def test_the_fall_of_2013_is_the_settlements_and_a_residual(
    frames: Frames, indicator: str, june: int, september: int, taken_off: int, residual: int
) -> None:
    """The fall is what the settlements held and the net fall at the other sites, to the unit."""
    before, after = published(frames, indicator, 15), published(frames, indicator, 16)
    off = -effect(frames, DELISTING, indicator)
    assert (before, after, off) == (june, september, taken_off)
    assert before - after == off + residual


def test_values_on_the_old_and_the_new_coverage(frames: Frames) -> None:
    """September with the settlements: 226,019 and 56,408; June without them: 224,900 and 59,782."""
    for indicator, with_them, without_them in (("hti-idp", 226_019, 224_900), ("hti-hh", 56_408, 59_782)):
        off = -effect(frames, DELISTING, indicator)
        assert published(frames, indicator, 16) + off == with_them
        assert published(frames, indicator, 15) - off == without_them


def test_percentages_of_the_fall(frames: Frames) -> None:
    """38.3% as published; 19.0% with the settlements kept, 23.5% with them left out; 50.5% was in them."""
    before, after = published(frames, "hti-idp", 15), published(frames, "hti-idp", 16)
    off = -effect(frames, DELISTING, "hti-idp")
    assert 100 * (before - after) / before == pytest.approx(38.3, abs=0.05)
    assert 100 * (before - after - off) / before == pytest.approx(19.0, abs=0.05)
    assert 100 * (before - off - after) / (before - off) == pytest.approx(23.5, abs=0.05)
    assert 100 * off / (before - after) == pytest.approx(50.5, abs=0.05)


def test_household_size_differs_between_the_settlements_and_the_rest(frames: Frames) -> None:
    """4.86 people a household in the settlements taken off the list, 3.80 in the rest."""
    settlements = effect(frames, DELISTING, "hti-idp") / effect(frames, DELISTING, "hti-hh")
    rest = published(frames, "hti-idp", 16) / published(frames, "hti-hh", 16)
    assert (settlements, rest) == pytest.approx((4.86, 3.80), abs=0.005)


def test_registration_of_three_camps_raised_the_national_totals(frames: Frames) -> None:
    """Households +17%, people +5%: the published percentages are the rises from round 24 to 25, rounded."""
    for indicator, said in (("hti-hh", 17), ("hti-idp", 5)):
        rise = 100 * (published(frames, indicator, 25) / published(frames, indicator, 24) - 1)
        assert effect(frames, RE_REGISTRATION, indicator) == said == round(rise)


def test_numbers_of_sites_do_not_add_up_and_are_kept_so(frames: Frames) -> None:
    """From 352 to 306 is 46 while the report says 45: the pair stands among the variants."""
    assert published(frames, "hti-sites", 15) - published(frames, "hti-sites", 16) == 352 - 306
    row = frames["variants"].set_index("key").loc["hti-q3-2013-sites"]
    assert (row["value_a"], row["value_b"]) == ("45", str(352 - 306))


def test_derived_values_are_their_arithmetic(frames: Frames) -> None:
    """A row is derived exactly where it has a formula, and the formula gives its value."""
    table = frames["observations"]
    assert ((table["kind"] == "derived") == (table["derivation"] != "")).all()
    assert ((table["kind"] == "derived") == (table["vintage"] == "derived")).all()
    derived = rows(table[table["kind"] == "derived"])
    assert {row["id"] for row in derived} == {
        "hti-hh-2010-07-derived", "hti-idp-2010-07-derived", "hti-idp-r13-derived",
        "hti-sites-r18-derived", "hti-hh-r18-derived", "hti-idp-r18-derived",
    }  # fmt: skip
    for row in derived:
        assert sum(int(part) for part in str(row["derivation"]).split(" + ")) == row["value"]


def computed_later(frame: pd.DataFrame) -> set[int]:
    """Values on the old or the new coverage and residuals that stand in a register."""
    return {226_019, 224_900, 56_408, 59_782, 52_926, 14_502} & set(frame["value"].abs().astype(int))


def test_what_is_computed_later_is_not_a_published_value(frames: Frames) -> None:
    """Values on the old or the new coverage and the residual are results: no register holds them."""
    assert computed_later(frames["observations"]) == set()
    assert computed_later(frames["effects"]) == set()
    control = frames["effects"].copy()
    control.loc[control.index == 0, "value"] = -52_926
    assert computed_later(control) == {52_926}


# Two vintages


def step(value: int) -> int:
    """The place of the last digit that is not zero: 146,000 was rounded to thousands."""
    found = 1
    while value % (found * 10) == 0:
        found *= 10
    return found


def disagreeing(observations: pd.DataFrame) -> set[int]:
    """Rounds whose first publication and the data file do not say the same."""
    people = observations[(observations["indicator"] == "hti-idp") & observations["round"].notna()]
    later = people[people["vintage"] == "api-2025-10"].set_index("round")["value"].astype(int)
    bad = set()
    for row in rows(people[people["vintage"] != "api-2025-10"]):
        number, value = int(str(row["round"])), int(float(str(row["value"])))
        now = int(later[number])
        match row["precision"]:
            case "about":
                same = round(now / step(value)) * step(value) == value
            case "at_least":
                same = now >= value
            case _:
                same = now == value
        if not same:
            bad.add(number)
    return bad


def test_bulletins_and_data_file_agree_except_three_rounds(frames: Frames) -> None:
    """Rounds 8, 9 and 30 were first published with another value; rounded ones round to the later value."""
    assert disagreeing(frames["observations"]) == {8, 9, 30}


def test_a_changed_digit_is_noticed(frames: Frames) -> None:
    """Control: with one digit of round 16 changed, the comparison names round 16 too."""
    bad = frames["observations"].copy()
    bad.loc[bad["id"] == "hti-idp-r16-first", "value"] = 171_975
    assert disagreeing(bad) == {8, 9, 16, 30}


def recalled(observations: pd.DataFrame) -> list[str]:
    """Ids of first publications for which no text was read, or none with an exact value."""
    first = observations[observations["vintage"] == "first"]
    unread = {"hti-idp": {7}, "hti-hh": {*range(1, 8), 9}, "hti-sites": {3, 5, 6, 7}}
    not_exact = {("hti-idp", n) for n in (1, 2, 3, 9, 17)} | {("hti-sites", 2), ("hti-hh", 17)}
    return [
        str(row["id"])
        for row in rows(first)
        if (has(row["round"]) and int(str(row["round"])) in unread[str(row["indicator"])])
        or ((row["indicator"], row["round"]) in not_exact and row["precision"] == "exact")
        or row["period"] in {"2011-11", "2011-11-30"}
        or (row["indicator"] == "hti-sites" and row["period"] == "2012-01")
        or (row["indicator"], row["round"]) == ("hti-idp", 13)
    ]


def test_first_publications_are_those_that_were_read(frames: Frames) -> None:
    """No exact bulletin figure stands where the texts read give a rounded one or none at all."""
    assert recalled(frames["observations"]) == []


def test_an_exact_figure_that_was_not_read_is_noticed(frames: Frames) -> None:
    """Control: the data file's exact value of rounds 1 to 3, taken for a bulletin's, is refused."""
    bad = frames["observations"].copy()
    early = (bad["indicator"] == "hti-idp") & (bad["round"] <= 3) & (bad["vintage"] == "api-2025-10")
    bad.loc[early.fillna(value=False), "vintage"] = "first"
    assert len(recalled(bad)) == 3


def test_numbers_of_rows(frames: Frames) -> None:
    """71 values of bulletins (65 published, 6 derived), 33 rounds and 2 commune values of the data file."""
    by_vintage = frames["observations"].groupby("vintage").size().to_dict()
    assert by_vintage == {"first": 65, "derived": 6, "api-2025-10": 33 + 2}
    assert list(frames["rounds"]["number"]) == list(range(1, 34))
    inferred = set(frames["rounds"][frames["rounds"]["inferred"]]["number"])
    assert inferred == {1, 2, 3, 4, 6, 9, 12, 13, 14, 15, 17, 18}
    assert len(frames["places"]) == 1 + 10 + 20


def test_values_of_the_data_file_stand_on_the_days_of_its_rounds(frames: Frames) -> None:
    """Each API value has the day of its round; each bulletin's month holds that day."""
    days = {int(row["number"]): DateSpan.parse(row["period"]).last for _, row in frames["rounds"].iterrows()}
    for row in rows(frames["observations"][frames["observations"]["round"].notna()]):
        period = DateSpan.parse(str(row["period"]))
        day = days[int(str(row["round"]))]
        assert period.touches(day, day), row["id"]


def test_a_value_is_known_after_its_period_began(frames: Frames) -> None:
    """No value is public before the first day it speaks of, and a data file's values when the file was."""
    for row in rows(frames["observations"]):
        known = DateSpan.parse(str(row["known_by"])).first
        assert known >= DateSpan.parse(str(row["period"])).first, row["id"]
        if row["vintage"] == "api-2025-10":
            assert str(row["known_by"]) == "2025-10-31"


def test_june_and_september_2013_are_known_together(frames: Frames) -> None:
    """Round 16 was surely public on 31 October 2013, and with it round 15, from which its fall is told."""
    table = frames["observations"].set_index("id")
    for indicator in ("hti-idp", "hti-hh"):
        assert {table.loc[f"{indicator}-r{n}-first", "known_by"] for n in (15, 16)} == {"2013-10-31"}


# Breaks and the ledger


def unexplained(frames: Frames) -> list[str]:
    """Values of status B that no breaking event of their round and indicator explains."""
    breaking = frames["events"][frames["events"]["breaks"]]
    cut = {(key, row["first_round"]) for row in rows(breaking) for key in row["indicators"].split(";")}
    broken = frames["observations"][frames["observations"]["obs_status"] == "B"]
    return [str(row["id"]) for row in rows(broken) if (row["indicator"], row["round"]) not in cut]


def test_every_value_of_status_b_has_its_event(frames: Frames) -> None:
    """Three events break lines, at rounds 1, 16 and 25; all are published and have status B."""
    breaking = frames["events"][frames["events"]["breaks"]].set_index("key")
    assert breaking["first_round"].to_dict() == {"hti-2010-10-method": 1, DELISTING: 16, RE_REGISTRATION: 25}
    assert set(breaking["claim"]) == {"published"}
    assert set(breaking["status"]) == {"B"}
    assert unexplained(frames) == []


def test_a_break_without_its_event_is_noticed(frames: Frames) -> None:
    """Control: without the delisting, the values of round 16 stand unexplained."""
    bad = dict(frames)
    bad["events"] = frames["events"][frames["events"]["key"] != DELISTING]
    assert unexplained(bad) == ["hti-sites-r16-first", "hti-hh-r16-first", "hti-idp-r16-first"]


def test_the_delisting_says_who_asked_why_and_who_criticised(frames: Frames) -> None:
    """Reason, request and criticism stand with the event; what followed and the criticism refer to it."""
    events = frames["events"].set_index("key")
    event = events.loc[DELISTING]
    assert event["kind"] == EventKind.DELISTING
    assert event["reason_en"] == "features of permanent settlements"
    assert event["asked_by_en"] == "national counterparts (Government of Haiti)"
    assert event["criticised_by_en"] == "Amnesty International (2015)"
    assert event["sites"] == "canaan;jerusalem;onaville"
    assert event["indicators"] == "hti-idp;hti-hh;hti-sites;hti-cdb"
    assert events.loc["hti-2013-12-evictions", "follows"] == DELISTING
    assert events.loc["hti-2013-12-evictions", "claim"] == "reported"
    assert events.loc["hti-2015-amnesty", "answers"] == DELISTING
    sized = frames["effects"][frames["effects"]["event"] == DELISTING]
    assert set(sized["indicator"]) == {"hti-idp", "hti-hh"}, "shares of sites and commune were not found"


def test_the_ledger_has_its_entries(frames: Frames) -> None:
    """All entries by key; no end is entered, since no text read says why the count ended."""
    assert list(frames["events"]["key"]) == [
        "hti-2010-03-start", "hti-2010-10-method", "hti-2010-10-cholera", "hti-2011-01-coverage",
        "hti-2011-04-evictions", "hti-2011-06-programme", "hti-2012-08-evictions", "hti-2012-10-aerial",
        "hti-2013-03-frequency", "hti-2013-04-evictions", DELISTING, "hti-2013-09-grants", "hti-2013-10-press",
        "hti-2013-12-evictions", "hti-2014-07-criticism", "hti-2015-amnesty", RE_REGISTRATION,
    ]  # fmt: skip
    assert "end" not in set(frames["events"]["kind"])


def told_too_early(frames: Frames) -> set[str]:
    """Entries that name a season of 2013 which their source, by its date, cannot have seen the end of."""
    published = frames["sources"].set_index("key")["published"]
    events = frames["events"]
    late = events[events["text_en"].str.contains("July to September 2013")]
    return {
        str(key)
        for key, source in zip(late["key"], late["source"], strict=True)
        if DateSpan.parse(str(published[source])).last.isoformat() < "2013-09-30"
    }


def test_no_entry_tells_what_came_after_its_source(frames: Frames) -> None:
    """The 99% of July to September 2013 stand in the report of round 16, not in news that ends in July."""
    assert told_too_early(frames) == set()
    grants = frames["events"].set_index("key").loc["hti-2013-09-grants"]
    assert (grants["source"], grants["follows"]) == ("hti-dtm-r16", "hti-2011-06-programme")
    bad = frames["events"].copy()
    bad.loc[bad["key"] == "hti-2013-09-grants", "source"] = "hti-iom-news-programmes"
    assert told_too_early({**frames, "events": bad}) == {"hti-2013-09-grants"}, "control"


def test_coverage_names_its_round(frames: Frames) -> None:
    """It stands below figures of other rounds: "this round" would be theirs."""
    said = set(frames["observations"]["coverage_en"]) - {""}
    assert not [text for text in said if "this round" in text]
    assert [text for text in said if text.endswith("in round 16")], "control"


def test_no_person_is_named(frames: Frames) -> None:
    """Institutions and roles stand in the ledger; the Special Rapporteur is named by the role."""
    criticism = frames["events"].set_index("key").loc["hti-2014-07-criticism"]
    role = "UN Special Rapporteur on the human rights of internally displaced persons"
    assert criticism["criticised_by_en"] == role
    assert "Beyani" not in "".join(path.read_text("utf-8") for path in HAITI.glob("*.csv"))


def test_every_indicator_has_caveats_and_its_own_limit(frames: Frames) -> None:
    """Each indicator has a caveat of its own beside those of the whole operation."""
    caveats = frames["caveats"]
    assert (caveats["indicators"] == "").any()
    for key in frames["indicators"]["key"]:
        assert caveats["indicators"].str.split(";").map(lambda held, k=key: k in held).any(), key


def test_the_card_has_every_line(frames: Frames) -> None:
    """Each line of "who made this count" is there once, and always says where one looked."""
    assert sorted(frames["card_lines"]["field"]) == sorted(field.value for field in CardField)
    assert (frames["card_lines"]["looked_in_en"] != "").all()
    assert set(frames["card_lines"][frames["card_lines"]["text_en"] != ""]["field"]) == {"collector", "ended"}


# Sites


def test_numbers_of_sites_by_layer_and_place(frames: Frames) -> None:
    """39 sites: 31 with a point, 8 without; 26 from the public, 13 named by a producer or report."""
    sites = frames["sites"]
    assert len(sites) == 31 + 8 == 26 + 13
    assert sites["lon"].notna().sum() == sites["lat"].notna().sum() == 31
    assert (sites["layer"] == "crowd").sum() == 26
    assert set(sites[sites["layer"] == "crowd"]["source"]) == {"hti-ushahidi-2010"}
    assert set(sites[sites["lon"].isna()]["key"]) == {
        "jerusalem", "onaville", "corail-cesselesse", "village-afca-ii", "tabarre-issa",
        "camp-mozayik", "camp-fanm-koperativ", "sylvio-cator",
    }  # fmt: skip


def test_points_lie_in_the_first_view(frames: Frames) -> None:
    """Each point lies in the view of the operation, so none has its axes swapped."""
    view = frames["operations"].iloc[0]
    located = frames["sites"][frames["sites"]["lon"].notna()]
    assert located["lon"].between(view["view_west"], view["view_east"]).all()
    assert located["lat"].between(view["view_south"], view["view_north"]).all()
    swapped = located["lat"].between(view["view_west"], view["view_east"])
    assert not swapped.any(), "control: with the axes swapped, none would lie there"


def test_a_radius_is_given_where_one_was_stated(frames: Frames) -> None:
    """Metres stand exactly where the accuracy was stated in metres or kilometres; streets have no radius."""
    for row in rows(frames["sites"]):
        said = re.search(r"about (\d+) (k?)m$", str(row["accuracy_en"]))
        metres = int(said[1]) * (1000 if said[2] else 1) if said else None
        assert (row["accuracy_m"] if has(row["accuracy_m"]) else None) == metres, row["key"]


def test_communes_have_their_codes(frames: Frames) -> None:
    """A site's commune and code are one row of the places; a commune that no text gives is left empty."""
    held = {(row["name"], row["pcode"]) for row in rows(frames["places"]) if row["level"] == "adm2"}
    sites = frames["sites"]
    assert {(r["commune"], r["commune_pcode"]) for r in rows(sites)} <= held | {("", "")}
    assert set(sites[sites["commune"] == ""]["key"]) == {
        "village-afca-ii", "toussaint-louverture-camp", "camp-israel", "sarthe", "mariani-12",
    }  # fmt: skip


def test_the_settlements_have_no_count_of_their_own(frames: Frames) -> None:
    """Canaan, Jérusalem and Onaville are taken off the list in round 16 without a value of their own."""
    states = frames["site_states"]
    off = states[states["state"] == "delisted"]
    assert list(off["site"]) == ["canaan", "jerusalem", "onaville"]
    assert off["value"].isna().all()
    assert set(off["when"]) == {"2013-09-30"}
    assert set(off["round"]) == {16}
    assert set(off["event"]) == {DELISTING}
    assert off["text_en"].str.contains("settlements with 54,045 people, 11,128 households", regex=False).all()


def test_states_of_the_other_sites(frames: Frames) -> None:
    """A count has a value and a unit; an eviction or a registration sets none."""
    states = frames["site_states"]
    counted = states["state"] == "counted"
    assert (counted == states["value"].notna()).all()
    assert (counted == (states["unit"] != "")).all()
    assert set(states[states["state"] == "no_data"]["site"]) == {
        "camp-mozayik", "camp-fanm-koperativ", "sylvio-cator", "acra", "village-afca-ii",
    }  # fmt: skip
    crowd = set(frames["sites"][frames["sites"]["layer"] == "crowd"]["key"])
    from_public = states[states["site"].isin(crowd)]
    assert len(from_public) == 10
    assert from_public["text_en"].str.contains("reported by the public").all()
    at_most = states.set_index("site").loc["petion-ville-club"]
    assert (at_most["value"], at_most["precision"]) == (50_000, "at_most")


# References, languages, words


def test_every_reference_is_held(frames: Frames) -> None:
    """The group stands alone: each source, indicator, site, event and observation it names exists."""
    registers = {name: Register(f"haiti/{name}.csv", TABLES[name], frame) for name, frame in frames.items()}
    assert len(join(registers.values())["events"]) == len(frames["events"])
    kept = frames["sources"][frames["sources"]["key"] != "hti-dtm-r16"]
    with pytest.raises(TableError, match="hti-dtm-r16"):
        join((registers | {"sources": Register("haiti/sources.csv", TABLES["sources"], kept)}).values())


def test_every_source_is_used(frames: Frames) -> None:
    """No document is listed that no row rests on."""
    used = {key for frame in frames.values() if "source" in frame for key in frame["source"]}
    assert set(frames["sources"]["key"]) == used


def one_sided(name: str, frame: pd.DataFrame, places: set[str]) -> list[str]:
    """Cells whose English or French is missing, or the same in both though it is no name of a place."""
    bad = []
    stems = [column[:-3] for column in frame.columns if column.endswith("_en")]
    for number, row in enumerate(rows(frame), start=2):
        for stem in stems:
            english, french = str(row[f"{stem}_en"]), str(row[f"{stem}_fr"])
            missing = bool(english) != bool(french)
            a_name = stem == "place_name" and english in places
            if missing or (english and english == french and not a_name):
                bad.append(f"{name}.csv, row {number}, {stem}")
    return bad


def test_every_text_is_in_both_languages(frames: Frames) -> None:
    """Each text has its English and its French, and the two differ unless they are a place's own name."""
    places = set(frames["places"]["name"])
    assert [cell for name, frame in frames.items() for cell in one_sided(name, frame, places)] == []


def test_an_untranslated_text_is_noticed(frames: Frames) -> None:
    """Control: English copied into the French column, or French left out, is named by row."""
    bad = frames["caveats"].copy()
    bad.loc[bad.index == 0, "text_fr"] = bad["text_en"]
    bad.loc[bad.index == 1, "title_fr"] = ""
    assert one_sided("caveats", bad, set()) == ["caveats.csv, row 2, text", "caveats.csv, row 3, title"]


LOADED = re.compile(
    r"\b(dramatic\w*|sharp\w*|only|flood\w*|surge\w*|pour(?:ed|ing)|improved|worst|delist\w*)\b",
    re.IGNORECASE,
)
FRENCH_SPACE = re.compile(r"(?<!\u202f)[;!?%»]|(?<![\u202f/]):|«(?!\u202f)|\d \d{3}(?!\d)|'")


def misworded(frame: pd.DataFrame) -> list[str]:
    """Loaded English words and slips of French typography in the texts for readers."""
    bad = []
    for row in rows(frame):
        for name, cell in row.items():
            text = str(cell)
            if name.endswith("_en") and (found := LOADED.search(text)):
                bad.append(found[0])
            if name.endswith("_fr") and (found := FRENCH_SPACE.search(text)):
                bad.append(text[max(0, found.start() - 10) : found.end() + 5])
    return bad


def test_words_are_plain_and_french_is_set_as_french(frames: Frames) -> None:
    """No loaded word; narrow spaces before ; : ! ? % and in thousands; people are not what is taken off."""
    assert [slip for frame in frames.values() for slip in misworded(frame)] == []
    texts = " ".join(str(cell) for frame in frames.values() for row in rows(frame) for cell in row.values())
    assert "54,045 people taken off" not in texts
    assert f"54{NARROW}045 personnes" in texts


def test_a_loaded_word_is_noticed() -> None:
    """Control: the same check finds a loaded word and a plain space before a semicolon."""
    bad = pd.DataFrame({"text_en": ["A dramatic fall"], "text_fr": ["Une baisse ; 54 045 personnes"]})
    assert misworded(bad) == ["dramatic", "ne baisse ; 54 0"]

"""Whether two figures can be compared: hand-checked verdicts, and the laws that hold for every pair of figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import queries
from data.codes import CardField, ClaimStatus, EventKind, Measure, Population, Unit
from data.comparability import IMPORTANT, QUESTIONS, Check, Comparable, Point, Verdict, may_sum, verdict
from data.comparing import basis, changes, made, reach
from data.comparing.asked import graded
from data.comparing.figure import Pair, areas, pair_of
from data.comparing.says import SAID, narrowed
from data.dates import DateSpan
from data.errors import Unknown
from data.ledger import places
from data.model import Event, Text, public_on
from data.series import stretches
from data.store import Release
from tests.laws import caveat, event

YES, CARE, NO, UNKNOWN = Comparable.YES, Comparable.WITH_CARE, Comparable.NO, Comparable.UNKNOWN
Question = Callable[[Pair], Check]


def at(indicator: str, when: int | str, area: str = "") -> Point:
    """A point by its round, or by its last day."""
    if isinstance(when, int):
        return Point(indicator=indicator, area=area, round=when)
    return Point(indicator=indicator, area=area, last=date.fromisoformat(when))


def keys(checks: Sequence[Check]) -> set[str]:
    """The questions of some checks."""
    return {check.key for check in checks}


@cache
def points(release: Release) -> list[Point]:
    """Every figure of every indicator's own place, and of the provinces of the training country."""
    with release.cursor() as cursor:
        rows = cursor.execute(
            "SELECT DISTINCT indicator, place, round, last FROM observations WHERE length(place) IN (0, 4) "
            "AND sex = '' AND age = '' AND reason = '' AND origin = '' AND destination = '' AND assessment = '' "
            "ORDER BY indicator, place, last, round"
        ).fetchall()
    return [
        Point(indicator=i, area=place, round=None if number is None else int(number))
        if number is not None
        else Point(indicator=i, area=place, last=last.date())
        for i, place, number, last in rows
    ]


def one_of(these: Sequence[Point], data: st.DataObject) -> Point:
    """One of some figures."""
    return these[data.draw(st.integers(0, len(these) - 1))]


def near(release: Release, a: Point) -> list[Point]:
    """The figures of the same series."""
    return [p for p in points(release) if (p.indicator, p.area) == (a.indicator, a.area)]


def two_points(release: Release, data: st.DataObject) -> tuple[Point, Point]:
    """Two figures; half of the time of one series, where the closer questions are asked."""
    a = one_of(points(release), data)
    return a, one_of(near(release, a) if data.draw(st.booleans()) else points(release), data)


# Hand-checked verdicts

TRUTHS = [
    pytest.param(at("hti-idp", 15), at("hti-idp", 16), NO, {"list"}, id="haiti-2013-list"),
    pytest.param(at("hti-idp", 16), at("hti-idp", 17), CARE, {"visited"}, id="haiti-coverage-not-stated"),
    pytest.param(at("hti-idp", 24), at("hti-idp", 25), CARE, {"method", "visited"}, id="haiti-three-camps"),
    pytest.param(at("hti-cdb", 15), at("hti-cdb", 16), NO, {"list"}, id="haiti-commune-list"),
    pytest.param(at("nga-idp", 11), at("nga-idp", 12), NO, {"coverage"}, id="nigeria-coverage"),
    pytest.param(at("nga-idp", 12), at("lby-idp", 3), NO, {"operation"}, id="nigeria-libya"),
    pytest.param(at("lby-mig", 15), at("lby-mig", 25), NO, {"unexplained_break"}, id="libya-unexplained"),
    pytest.param(
        at("ner-both-period", "2016-04-30"), at("ner-both-period", "2016-06-30"), NO, {"interval"}, id="niger-3-5"
    ),
    pytest.param(
        at("ner-out-month", "2016-10-31"), at("ner-out-month", "2016-11-30"), CARE, {"correction", "precision"},
        id="niger-corrected",
    ),
    pytest.param(
        at("ner-out-month", "2016-12-31"), at("col-ven-stock", "2019-12-31"), NO,
        {"operation", "measure", "unit", "population", "setting"}, id="flow-stock",
    ),
    pytest.param(at("xtr-idp", 1), at("xtr-idp", 2), YES, set(), id="training-quiet"),
    pytest.param(at("xtr-idp", 5), at("xtr-idp", 6), NO, {"method"}, id="training-method"),
    pytest.param(at("xtr-idp", 9), at("xtr-idp", 10), NO, {"list"}, id="training-list"),
    pytest.param(at("xtr-idp", 11), at("xtr-idp", 12), NO, {"list"}, id="training-list-again"),
    pytest.param(at("xtr-camp", 12), at("xtr-camp", 13), NO, {"list"}, id="training-another-category"),
    pytest.param(at("xtr-ret", 10), at("xtr-ret", 11), CARE, {"coverage"}, id="training-access-lost"),
    pytest.param(at("xtr-ret", 10), at("xtr-ret", 14), YES, set(), id="training-access-lost-between"),
    pytest.param(at("xtr-idp", 15), at("xtr-idp", 16), CARE, {"method"}, id="training-registered-anew"),
    pytest.param(at("xtr-idp", 16), at("xtr-idp", 17), NO, {"value", "correction"}, id="training-withdrawn"),
    pytest.param(at("xtr-idp", 16), at("xtr-idp", 18), NO, {"definition"}, id="training-definition"),
    pytest.param(at("xtr-idp", 19), at("xtr-idp", 20), NO, {"unexplained_break"}, id="training-unexplained"),
    pytest.param(at("xtr-idp", 21), at("xtr-idp", 22), CARE, {"limit"}, id="training-double"),
    pytest.param(at("xtr-sites", 6), at("xtr-sites", 7), CARE, {"list"}, id="training-merge"),
    pytest.param(at("xtr-camp", 3), at("xtr-host", 3), NO, {"setting"}, id="training-two-settings"),
    pytest.param(at("xtr-hh", 3), at("xtr-idp", 3), NO, {"unit"}, id="training-households"),
    pytest.param(at("xtr-idp", 5), at("xtr-ret", 5), NO, {"population"}, id="training-returned"),
    pytest.param(
        at("xtr-bc-exit", "2024-01-31"), at("xtr-bc-exit", "2024-02-29"), CARE, {"coverage", "limit", "visited"},
        id="training-post-lost",
    ),
    pytest.param(
        at("xtr-fm-out", "2024-01-31"), at("xtr-fm-out", "2024-05-31"), CARE, {"season"}, id="training-season"
    ),
    pytest.param(
        at("xtr-fm-out", "2023-09-30"), at("xtr-fm-out", "2023-10-31"), NO, {"definition"}, id="training-local-trips"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "found", "deciding"), TRUTHS)
def test_hand_checked(release: Release, a: Point, b: Point, found: Comparable, deciding: set[str]) -> None:
    """The verdict and its reasons are those that a careful reader finds in the registers, in either order."""
    for made_of in (verdict(release, a, b), verdict(release, b, a)):
        assert made_of.found is found
        assert deciding <= keys(made_of.deciding)
        if found is not CARE:
            assert keys(made_of.deciding) == deciding


def test_the_reason_names_the_three_settlements(release: Release) -> None:
    """The list changed, and the sentence says by which places, in both languages."""
    reasons = verdict(release, at("hti-idp", 15), at("hti-idp", 16))
    for language in ("en", "fr"):
        said = reasons.reason(language)
        assert all(name in said for name in ("Canaan", "Jérusalem", "Onaville"))
        assert said.endswith(".")
        assert said.count(". ") == 0
    assert "the list of sites" in reasons.reason("en")
    assert "la liste des sites" in reasons.reason("fr")
    assert reasons.reason("xx") == reasons.reason("en")


def test_a_planning_figure_confirms_nothing(release: Release) -> None:
    """The planning figure rests on mobility tracking; what says nothing of it leaves the question open."""
    fed = verdict(release, at("xtr-idp", 14), at("xtr-plan-people", "2024-12-31"))
    assert fed.found is NO
    assert fed.check("independence").found is NO
    assert "no independent confirmation" in fed.check("independence").said.en
    desk = verdict(release, at("xtr-idp", 18), at("xtr-reg-people", "2024-08-27"))
    assert desk.check("independence").found is NO
    camps = verdict(release, at("xtr-camp", 3), at("xtr-idp", 3))
    assert camps.check("independence").found is CARE
    apart = verdict(release, at("col-ven-stock", "2019-12-31"), at("pan-year", "2019-12-31"))
    assert apart.check("independence").found is UNKNOWN


def test_each_trace_of_feeding_is_enough(release: Release) -> None:
    """Either the card line or the published use of a figure says it; without both it is not known."""
    pair = pair_of(release, at("xtr-idp", 14), at("xtr-plan-people", "2024-12-31"))
    plan = pair.held.operations["xtr-plan"]
    mute = replace(plan, card=tuple(line for line in plan.card if line.field is not CardField.BASED_ON))
    no_events = replace(pair, held=replace(pair.held, events=()))
    tracking = pair.held.operations["xtr-mt"]
    assert made.rests_on(pair, mute, tracking)
    assert made.rests_on(no_events, plan, tracking)
    assert not made.rests_on(no_events, mute, tracking)
    assert not made.rests_on(pair, tracking, plan)


# Places


def outside(release: Release, key: str) -> tuple[str, str]:
    """A province with, and one without, a site of that event."""
    found = next(s.item for s in queries.catalogue(release).events if s.item.key == key)
    assert isinstance(found, Event)
    within = {code for site in found.sites for code in places(release).of(site) if len(code) == 4}
    free = next(a.code for a in areas(release) if len(a.code) == 4 and a.code not in within)
    return min(within), free


@pytest.mark.parametrize(("key", "first"), [("xtr-taken-off", 8), ("xtr-taken-off-unsized", 10)])
def test_a_change_at_sites_stays_in_their_area(release: Release, key: str, first: int) -> None:
    """Sites taken off a list divide the figures of their own province, and of no other."""
    hit, free = outside(release, key)
    for area, found in ((hit, NO), (free, YES)):
        said = verdict(release, at("xtr-idp", first - 1, area), at("xtr-idp", first, area))
        assert said.check("list").found is found


def test_a_time_without_access_stays_in_its_area(release: Release) -> None:
    """A district that could not be reached calls for care in its own province, and in no other."""
    lost = next(s.item for s in queries.catalogue(release).events if s.item.key == "xtr-access-lost")
    (district,) = lost.areas
    free = next(a.code for a in areas(release) if len(a.code) == 4 and not district.startswith(a.code))
    for area, found in ((district[:4], CARE), ("", CARE), (free, YES)):
        said = verdict(
            release, at("xtr-idp", lost.first_round - 1, area), at("xtr-idp", lost.first_round, area)
        )
        assert said.check("coverage").found is found, area
    one = pair_of(
        release, at("xtr-idp", lost.first_round, district[:4]), at("xtr-idp", lost.first_round, free)
    )
    assert changes.coverage(one).found is CARE  # of one date, one of two areas was not reached whole


@pytest.mark.parametrize(
    ("a", "b", "divided"),
    [
        (("XT01", 5), ("XT01", 6), True),
        (("XT01", 6), ("XT02", 6), True),  # new here, as ever there
        (("XT01", 5), ("XT02", 6), False),  # both as ever
        (("XT02", 5), ("XT02", 6), False),
        (("", 5), ("", 6), True),
        (("", 6), ("XT01", 6), False),
    ],
)
def test_an_event_of_one_area_divides_by_who_stands_after_it(
    release: Release, a: tuple[str, int], b: tuple[str, int], *, divided: bool
) -> None:
    """A figure of another area stands before it for good."""
    pair = pair_of(release, *(at("xtr-idp", number, area) for area, number in (a, b)))
    one = event(areas=("XT01",), kind=EventKind.METHOD_CHANGE, first_round=6)
    assert changes._divides(pair, one) is divided
    sixth = queries.catalogue(release).round("xtr-mt", 6).period.first
    by_day = replace(one, first_round=None, when=DateSpan(sixth, sixth))
    assert changes._divides(pair, by_day) is divided


def test_a_limit_of_an_area_stays_there(release: Release) -> None:
    """A limit about one province calls for care between it and another; of two others it says nothing."""
    pair = pair_of(release, at("xtr-idp", 5, "XT01"), at("xtr-idp", 5, "XT02"))
    held = replace(pair.held.caveats[0], operation="xtr-mt", indicators=())
    for area, found in (("XT01", CARE), ("XT03", YES)):
        told = replace(
            held,
            item=caveat("one-area", period=DateSpan(pair.a.period.first, pair.a.period.last), areas=(area,)),
        )
        asked = replace(pair, held=replace(pair.held, caveats=(told,)))
        assert changes.limit(asked).found is found, area
    everywhere = replace(held, item=caveat("whole", period=DateSpan(pair.a.period.first, pair.a.period.last)))
    assert (
        changes.limit(replace(pair, held=replace(pair.held, caveats=(everywhere,)))).found is YES
    )  # control: both


def test_a_code_that_is_gone_is_not_comparable(release: Release) -> None:
    """A district that became two has no figure under its old code; one that kept its code calls for care."""
    codes = {v: {a.code for a in areas(release) if a.version == v and len(a.code) == 6} for v in (1, 2)}
    new = min(codes[2] - codes[1])
    kept = min(codes[1] & codes[2])
    across = verdict(release, at("xtr-idp", 14, kept), at("xtr-idp", 15, new))
    assert across.check("boundary").found is NO
    assert new in across.reason("en")
    assert verdict(release, at("xtr-idp", 14, kept), at("xtr-idp", 15, kept)).check("boundary").found is CARE
    assert verdict(release, at("xtr-idp", 13, kept), at("xtr-idp", 14, kept)).check("boundary").found is YES
    with pytest.raises(Unknown, match=r"15.*Held here") as told:
        verdict(release, at("xtr-idp", 15, min(codes[1] - codes[2])), at("xtr-idp", 15, new))
    assert ("14", "2023-11-21/2023-12-07") in told.value.offers


def test_two_places_of_one_round(release: Release) -> None:
    """Two provinces of one round can be compared with care: their difference is no change over time."""
    said = verdict(release, at("xtr-idp", 3, "XT01"), at("xtr-idp", 3, "XT02"))
    assert said.check("place").found is CARE
    assert said.found is CARE


# What decides


def with_events(pair: Pair, *events: Event) -> Pair:
    """The same two figures, with a ledger of these entries."""
    entries = tuple(queries.Scoped(operation=pair.a.about.operation, indicators=(), item=e) for e in events)
    return replace(pair, held=replace(pair.held, events=entries))


@pytest.mark.parametrize("claim", [ClaimStatus.ALLEGED, ClaimStatus.REPORTED, ClaimStatus.DISPUTED])
def test_what_is_not_published_never_decides(release: Release, claim: ClaimStatus) -> None:
    """Whatever is alleged, reported by others or disputed: no answer changes. The same entry published does."""
    pair = pair_of(release, at("xtr-idp", 1), at("xtr-idp", 2))
    for kind in EventKind:
        entry = event(when="2022-03-25", first_round=2, kind=kind, breaks=False, claim=claim)
        assert [q(with_events(pair, entry)).found for q in QUESTIONS] == [
            q(with_events(pair)).found for q in QUESTIONS
        ]
        published = replace(entry, claim=ClaimStatus.PUBLISHED, breaks=True)
        answers = {q(with_events(pair, published)).found for q in QUESTIONS}
        assert NO in answers, f"a published break of kind {kind} is passed over"


@pytest.mark.parametrize(
    ("kind", "breaks", "sites", "question", "found"),
    [
        (EventKind.METHOD_CHANGE, True, (), changes.method, NO),
        (EventKind.METHOD_CHANGE, True, ("xtr-s0000000",), changes.method, CARE),
        (EventKind.METHOD_CHANGE, False, (), changes.method, CARE),
        (EventKind.RE_REGISTRATION, True, (), changes.method, NO),
        (EventKind.DEFINITION_CHANGE, True, (), changes.definition, NO),
        (EventKind.DEFINITION_CHANGE, False, (), changes.definition, CARE),
        (EventKind.DELISTING, True, ("xtr-s0000000",), changes.sites_listed, NO),
        (EventKind.RELISTING, False, ("xtr-s0000000",), changes.sites_listed, CARE),
        (EventKind.COVERAGE_CHANGE, True, (), changes.coverage, NO),
        (EventKind.COVERAGE_CHANGE, False, (), changes.coverage, CARE),
        (EventKind.UNEXPLAINED_BREAK, True, (), changes.unexplained_break, NO),
        (EventKind.PROGRAMME, False, (), changes.other_break, YES),
        (EventKind.CONTEXT, False, (), changes.method, YES),
    ],
)  # fmt: skip
def test_each_kind_of_change(
    release: Release, kind: EventKind, breaks: bool, sites: tuple[str, ...], question: Question, found: Comparable
) -> None:  # fmt: skip
    """A break of the whole is no; one at some sites, or a change without a break, calls for care."""
    pair = pair_of(release, at("xtr-idp", 1), at("xtr-idp", 2))
    entry = event(when="2022-03-25", first_round=2, kind=kind, breaks=breaks, sites=sites, status=None)
    assert question(with_events(pair, entry)).found is found
    for late in (
        replace(entry, first_round=3),
        replace(entry, first_round=1),
    ):  # controls: not between the two
        assert question(with_events(pair, late)).found is YES


def test_temporary_and_permanent_returns_stay_apart(release: Release) -> None:
    """Two returnee figures of which one is temporary are of two populations, and are not added up."""
    pair = pair_of(release, at("xtr-ret", 4), at("xtr-ret", 5))

    def staying(one: str, other: str) -> Pair:
        a, b = (
            replace(f, about=replace(f.about, counted=Text(f"people in {how} return")))
            for f, how in ((pair.a, one), (pair.b, other))
        )
        return replace(pair, a=a, b=b)

    assert basis.population(staying("temporary", "permanent")).found is NO
    assert basis.population(staying("permanent", "temporary")).found is NO
    assert basis.population(staying("temporary", "some")).found is CARE
    assert basis.population(staying("temporary", "temporary")).found is YES
    assert basis.population(staying("temporary or permanent", "some")).found is YES
    assert basis.population(pair).found is YES


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("", "", UNKNOWN),
        ("The states of Borno and Yobe", "", UNKNOWN),
        ("North-east", "North-east", YES),
        ("North-east", "13 states", CARE),
        ("901 of 1,000 sites", "560 of 600 sites", YES),
        ("901 of 1,000 sites", "700 of 1,000 sites", CARE),
        ("901 of 1,000 sites", "901 of 1,000 areas", CARE),
    ],
)
def test_stated_coverage(a: str, b: str, found: Comparable) -> None:
    """Two texts are alike where they are the same, or differ by less than five points in an "n of m"."""
    assert reach._stated(Text(a), Text(b)).found is found
    assert reach._stated(Text(b), Text(a)).found is found


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"unit": YES, "visited": YES}, YES),
        ({"unit": YES, "assessment": UNKNOWN}, YES),
        ({"unit": YES, "visited": UNKNOWN}, CARE),
        ({"unit": YES, "season": CARE}, CARE),
        ({"unit": NO, "season": CARE, "visited": UNKNOWN}, NO),
    ],
)
def test_the_worst_answer_grades(answers: Mapping[str, Comparable], found: Comparable) -> None:
    """What is not stated never makes a verdict worse than care, and only important questions do so much."""
    assert graded(tuple(Check(key=k, found=f, said=Text("Said.")) for k, f in answers.items())) is found


# Laws


def unlike(one: Sequence[Check], turned: Sequence[Check]) -> list[str]:
    """The questions that answer otherwise when the two figures change places."""
    found = {check.key: check.found for check in turned}
    assert keys(one) == set(found)
    return [check.key for check in one if check.found is not found[check.key]]


@given(data=st.data())
def test_every_verdict_keeps_the_laws(release: Release, data: st.DataObject) -> None:
    """Of any two figures: the order changes no grade, nothing is lost, and each question is answered in words."""
    a, b = two_points(release, data)
    one, turned = verdict(release, a, b), verdict(release, b, a)
    order_changes_no_grade(one, turned)
    assert lost(one, release, a.indicator, b.indicator) == set()
    every_check_says_a_sentence_in_both_languages(one)


def order_changes_no_grade(one: Verdict, turned: Verdict) -> None:
    """Every question, and so the verdict, is the same for two figures in either order."""
    assert len(one.checks) == len(turned.checks) == len(QUESTIONS)
    assert unlike(one.checks, turned.checks) == []
    assert one.found is turned.found


def test_a_question_of_order_is_caught(release: Release) -> None:
    """The control: a question that looks at which comes first."""

    def later(pair: Pair) -> Check:
        found = YES if pair.a.period.last < pair.b.period.last else NO
        return Check(key="later", found=found, said=Text("Later."))

    pair = pair_of(release, at("xtr-idp", 1), at("xtr-idp", 2))
    assert unlike([later(pair)], [later(replace(pair, a=pair.b, b=pair.a))]) == ["later"]


@given(data=st.data())
def test_a_figure_compares_with_itself(release: Release, data: st.DataObject) -> None:
    """A figure and itself differ in nothing; only one that was taken back has no number to compare."""
    a = one_of(points(release), data)
    said = verdict(release, a, a)
    has_value = not pd.isna(pair_of(release, a, a).a.row["value"])
    assert said.found is (YES if has_value else NO)
    assert all(check.found is YES for check in said.checks if check.key != "value")


def passed_over(release: Release, said: Verdict, a: Point, b: Point) -> bool:
    """Whether a verdict on two figures of one series is yes although the line is cut between them."""
    whole = queries.series(release, a.indicator)
    pair = pair_of(release, a, b)
    rows = set(whole.values.index[whole.values["obs"].isin([pair.a.row["obs"], pair.b.row["obs"]])])
    parts = stretches(whole.values, whole.provenance.breaks())
    return said.found is YES and not any(rows <= set(part.index) for part in parts)


@given(data=st.data())
def test_no_drawn_break_is_passed_over(release: Release, data: st.DataObject) -> None:
    """Where a line is cut between two figures of one series, the verdict is not yes."""
    a = one_of([point for point in points(release) if not point.area], data)
    b = one_of(near(release, a), data)
    assert not passed_over(release, verdict(release, a, b), a, b)


def test_a_break_passed_over_is_caught(release: Release) -> None:
    """The control: June and September 2013 called comparable."""
    a, b = at("hti-idp", 15), at("hti-idp", 16)
    assert passed_over(release, replace(verdict(release, a, b), found=YES), a, b)


def cut_otherwise(pair: Pair, entry: Event, divides: Callable[[Pair, Event], bool]) -> bool:
    """Whether a rule differs from the one by which lines are cut."""
    frame, a, b = changes._together(pair.a, pair.b)
    return divides(pair, entry) is any({a, b} <= set(part.index) for part in stretches(frame, [entry]))


@given(data=st.data())
def test_events_lie_where_lines_are_cut(release: Release, data: st.DataObject) -> None:
    """An event of the places of both figures stands between them exactly where it would cut the line between them."""
    a, b = two_points(release, data)
    pair = pair_of(release, a, b)
    events = [s.item for s in pair.held.events if isinstance(s.item, Event)]
    held = [event for event in events if all(changes._of(pair, event, figure) for figure in (pair.a, pair.b))]
    assert not cut_otherwise(pair, data.draw(st.sampled_from(held)), changes._divides)


def test_a_rule_by_day_alone_is_caught(release: Release) -> None:
    """The control: the delisting of 30 September 2013 is of round 16, which the day of a round may not show."""
    pair = pair_of(release, at("hti-idp", 15), at("hti-idp", 16))
    late = event(when="2013-10-15", first_round=16)

    def by_day(pair: Pair, entry: Event) -> bool:
        day = entry.when.first
        return (pair.a.period.last >= day) is not (pair.b.period.last >= day)

    assert cut_otherwise(pair, late, by_day)
    assert not cut_otherwise(pair, late, changes._divides)


def lost(said: Verdict, release: Release, *indicators: str) -> set[str]:
    """The caveats, events, sources and methods of the series of some indicators that a verdict does not bring."""
    kept = said.provenance
    missing = set()
    for key in indicators:
        own = queries.series(release, key).provenance
        missing |= {c.key for c in own.caveats} - {c.key for c in kept.caveats}
        missing |= {e.key for e in own.events} - {e.key for e in kept.events}
        missing |= {s.key for s in own.sources} - {s.key for s in kept.sources}
        missing |= {o.key for o in own.operations} - {o.key for o in kept.operations}
        missing |= {m.key for m in own.methods} - {m.key for m in kept.methods}
    return missing


def test_a_lost_caveat_is_caught(release: Release) -> None:
    """The control: the provenance of one side alone."""
    said = verdict(release, at("nga-idp", 12), at("lby-idp", 3))
    bare = replace(said, provenance=queries.series(release, "nga-idp").provenance)
    assert lost(bare, release, "nga-idp", "lby-idp")


# Sentences


def badly_said(check: Check) -> list[str]:
    """What is wrong with the sentences of a check."""
    wrong = []
    french = check.said.to("fr")
    for sentence in (check.said.en, french):
        if not re.fullmatch(r"[^a-zà-ÿ{}][^{}]*\.", sentence):
            wrong.append(f"no whole sentence: {sentence}")
        if re.search(r"\bN/A\b|delist", sentence, re.IGNORECASE):
            wrong.append(f"a word that is not ours: {sentence}")
    if french == check.said.en or re.search(
        r"(?<![\u202f ])[:;!?»](?= |$)|[ \u00a0][:;!?»]|«[^\u202f]", french
    ):
        wrong.append(f"no French: {french}")
    return wrong


def every_check_says_a_sentence_in_both_languages(said: Verdict) -> None:
    """Each question is answered once, with a whole sentence in English and French, set as French is."""
    assert [badly_said(check) for check in said.checks if badly_said(check)] == []
    assert len(keys(said.checks)) == len(said.checks) == len(QUESTIONS)
    assert keys(said.checks) >= IMPORTANT
    assert (said.found is YES) is (said.deciding == ())
    assert all(check.short.en and check.short.to("fr") != check.short.en for check in said.deciding)


@pytest.mark.parametrize(
    "bad",
    [
        Text("Both have a value.", (("fr", "Both have a value."),)),
        Text("a part of a sentence", (("fr", "une partie de phrase"),)),
        Text("The unit is {a}.", (("fr", "L’unité est {a}."),)),
        Text("It was delisted.", (("fr", "Il a été retiré."),)),
        Text("It is so: yes.", (("fr", "C’est ainsi : oui."),)),
    ],
)
def test_a_bad_sentence_is_caught(bad: Text) -> None:
    """The controls: one language twice, no sentence, a fact left out, a word that is not ours, a wide space."""
    assert badly_said(Check(key="unit", found=YES, said=bad))


def test_every_row_that_can_decide_has_its_short_form() -> None:
    """Rows of "no" and "with care", and those of important questions without an answer, can stand in a reason."""
    for row, words in SAID.items():
        question, found, *_ = row.split(".")
        decides = found in {NO, CARE} or (found == UNKNOWN and question in IMPORTANT)
        assert len(words) == (4 if decides else 2), row
        assert set(re.findall(r"{\w+}", words[0])) == set(re.findall(r"{\w+}", words[1])), row
    assert narrowed("600 ménages ; intervalle à 95 %") == "600 ménages\u202f; intervalle à 95\u202f%"
    assert narrowed("« a » : b") == "«\u202fa\u202f»\u202f: b"


# Bad input


@pytest.mark.parametrize(
    ("point", "what", "offered"),
    [
        (at("xtr-idp", 99), "round", "24"),
        (at("xtr-ret", 1), "round", "4"),
        (at("ner-out-month", "2015-01-31"), "period", "2016-09-30"),
        (at("xtr-idp", 3, "XT99"), "place", "XT01"),
        (at("no-such", 3), "indicator", "hti-idp"),
        (Point(indicator="hti-idp"), "period", "2013-09-30"),
        (Point(indicator="hti-idp", round=16, last=date(2013, 6, 30)), "round", "15"),
    ],
)
def test_what_is_not_held_is_said(release: Release, point: Point, what: str, offered: str) -> None:
    """A figure that does not exist is refused on either side, with those that do."""
    for a, b in ((point, at("xtr-idp", 3)), (at("xtr-idp", 3), point)):
        with pytest.raises(Unknown) as told:
            verdict(release, a, b)
        assert told.value.what == what
        assert offered in dict(told.value.offers)
        assert "Held here" in str(told.value)


def test_a_round_and_its_last_day_name_one_figure(release: Release) -> None:
    """The two ways to name a figure find the same one."""
    a, b = at("hti-idp", 16), Point(indicator="hti-idp", round=16, last=date(2013, 9, 30))
    assert pair_of(release, a, b).one_figure
    assert pair_of(release, a, at("hti-idp", "2013-09-30")).one_figure
    assert pair_of(release, a, b).a.period == DateSpan(date(2013, 9, 30), date(2013, 9, 30))


# Sums


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("xtr-idp", "xtr-fm-out", "a stock"),
        ("xtr-idp", "xtr-ret", "returnees"),
        ("xtr-idp", "xtr-hh", "households"),
        ("xtr-svy-water", "xtr-svy-school", "percent"),
        ("xtr-idp", "xtr-reg-people", "the same country"),
        ("xtr-idp", "xtr-plan-people", "the same country"),
        ("xtr-idp", "xtr-camp", "one data collection"),
        ("hti-idp", "hti-cdb", "one data collection"),
        ("xtr-idp", "xtr-idp", "two times"),
        ("ner-out-month", "ner-out-month", None),
        ("xtr-camp", "xtr-host", None),
        ("hti-idp", "lby-idp", None),
    ],
)
def test_what_may_be_added_up(release: Release, a: str, b: str, said: str | None) -> None:
    """Stocks with flows, two populations and what may count the same people are refused with a sentence."""
    for one, other in ((a, b), (b, a)):
        refusal = may_sum(release, one, other)
        assert (refusal is None) is (said is None)
        if refusal is not None and said is not None:
            assert said in refusal.en
            assert badly_said(Check(key="sum", found=NO, said=refusal)) == []


def test_no_sum_crosses_measure_population_or_unit(release: Release) -> None:
    """Of all pairs of indicators, none that differs in measure, population or unit is let through."""
    held = queries.catalogue(release).indicators
    let = [(a, b) for a in held.values() for b in held.values() if may_sum(release, a.key, b.key) is None]
    assert let
    for a, b in let:
        assert (a.measure, a.population, a.unit) == (b.measure, b.population, b.unit)
        assert a.unit is not Unit.PERCENT
        assert a.key != b.key or a.measure is Measure.FLOW
    assert {a.population for a, _ in let} >= {Population.IDPS}
    with pytest.raises(Unknown, match="no-such"):
        may_sum(release, "hti-idp", "no-such")


# As known on a day


def test_the_fault_of_niger_was_not_known_in_december(release: Release) -> None:
    """On 14 December 2016 nothing spoke of a correction of November's figure; today it does."""
    a, b = at("ner-out-month", "2016-02-29"), at("ner-out-month", "2016-11-30")
    then, now = verdict(release, a, b, date(2016, 12, 14)), verdict(release, a, b)
    found = {check.key: check.found for check in then.checks}
    assert found["correction"] is YES
    assert {check.key: check.found for check in now.checks}["correction"] is CARE


@given(data=st.data())
def test_a_verdict_uses_nothing_published_later(release: Release, data: st.DataObject) -> None:
    """As known on a day, every figure, event and limit that answers was public by then."""
    a, b = two_points(release, data)
    day = data.draw(st.dates(date(2010, 1, 1), date(2026, 1, 1)))
    try:
        pair = pair_of(release, a, b, day)
    except Unknown:
        return  # not published by then, which is what is said
    for figure in (pair.a, pair.b):
        assert figure.history["known_by"].max().date() <= day
        assert figure.values["known_by"].max().date() <= day
    later = [s.item.key for s in (*pair.held.events, *pair.held.caveats) if not public_on(s.item, day)]
    assert later == []
    assert verdict(release, a, b, day).checks


def test_the_newest_verdict_would_be_caught(release: Release) -> None:
    """The control: asked without a day, November 2016 has a publication of 2017 in its history."""
    figure = pair_of(release, at("ner-out-month", "2016-10-31"), at("ner-out-month", "2016-11-30")).b
    assert figure.history["known_by"].max().date() > date(2016, 12, 14)

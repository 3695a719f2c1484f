"""Derived series: their lines cross no break, their arithmetic is the published one, their caveats only add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.codes import EventKind, Granularity, Precision, RowKind, State, Unit
from data.model import Event, Provenance, Series
from data.series import (
    OLD_COVERAGE,
    Revised,
    known_on,
    on_old_coverage,
    period_key,
    revised,
    revisions,
    sides,
    stretches,
    with_formula,
    with_gaps,
)
from tests.laws import (
    days,
    effect,
    event,
    events,
    frame,
    provenances,
    rounds_and_others,
    row,
    series,
    shown,
    text,
)

Cut = Callable[[pd.DataFrame, Sequence[Event]], list[pd.DataFrame]]


# Stretches


def crossed(parts: Sequence[pd.DataFrame], breaks: Sequence[Event]) -> list[str]:
    """The breaks that have values of one part on both sides, by round where both have one, else by date.

    A value without a round that lies between rounds of one side is on that side, whatever its date says.
    """
    found = []
    for part in parts:
        lasts, rounds = part["last"].tolist(), part["round"].dropna().tolist()
        for cut in breaks:
            first = pd.Timestamp(cut.when.first)
            if cut.first_round is None:
                new = [last >= first for last in lasts]
            else:
                new = [number >= cut.first_round for number in rounds]
            if any(new) and not all(new):
                found.append(cut.key)
    return found


@given(rounds_and_others(), st.lists(events(breaks=True), max_size=4))
def test_stretches_are_the_values_and_cross_no_break(values: pd.DataFrame, breaks: list[Event]) -> None:
    """Put together, in order, they are the values; none has values on both sides of a break."""
    parts = stretches(values, breaks)
    assert all(len(part) for part in parts)
    pd.testing.assert_frame_equal(pd.concat(parts), values)
    assert crossed(parts, breaks) == []


@given(rounds_and_others(), events(breaks=True))
def test_one_break_makes_at_most_two_stretches(values: pd.DataFrame, cut: Event) -> None:
    """A value without a round does not open a stretch of its own beside its neighbours' side."""
    assert len(stretches(values, [cut])) <= 2


@given(st.lists(days, min_size=2, max_size=6), st.data())
def test_no_stretch_crosses_a_break_when_rounds_are_out_of_order(
    drawn: list[date], data: st.DataObject
) -> None:
    """Also where a round is dated before an earlier one, no value is lost and no break is crossed."""
    rows = [row(data.draw(st.integers(1, 6)), shown(day), n + 1) for n, day in enumerate(sorted(drawn))]
    values = frame(rows)
    breaks = data.draw(st.lists(events(breaks=True), max_size=3))
    parts = stretches(values, breaks)
    pd.testing.assert_frame_equal(pd.concat(parts).sort_index(), values)
    assert crossed(parts, breaks) == []


def test_a_line_that_crosses_a_break_is_noticed() -> None:
    """Control: cutting nothing, cutting by date only, or counting breaks in place of naming them is found."""
    late = frame([row(15, "2013-10-05", 9), row(16, "2013-10-06", 5)])
    cut = event(when="2013-09-30", first_round=16)

    def by_date(values: pd.DataFrame, breaks: Sequence[Event]) -> list[pd.DataFrame]:
        count = sum((values["last"] >= pd.Timestamp(b.when.first)).astype(int) for b in breaks)
        return [part for _, part in values.groupby(count)]

    def counted(values: pd.DataFrame, breaks: Sequence[Event]) -> list[pd.DataFrame]:
        count = pd.Series(0, index=values.index)
        for b in breaks:
            new = values["last"] >= pd.Timestamp(b.when.first)
            count += (values["round"].ge(b.first_round) if b.first_round is not None else new).astype(int)
        return [part for _, part in values.groupby(count)]

    assert crossed([late], [cut]) == ["delisting"]
    assert crossed(by_date(late, [cut]), [cut]) == ["delisting"]
    traded = frame([row(2, "2013-01-01"), row(1, "2013-03-01")])
    two = [event("by-round", first_round=2), event("by-date", "2013-02-01")]
    assert crossed(counted(traded, two), two)
    assert crossed(stretches(late, [cut]), [cut]) == crossed(stretches(traded, two), two) == []


@pytest.mark.parametrize(
    ("number", "day", "side"),
    [
        pytest.param(None, "2013-08-31", 0, id="before-by-date"),
        pytest.param(None, "2013-10-02", 0, id="after-the-date-yet-before-the-old-round"),
        pytest.param(None, "2013-10-04", 1, id="between-the-rounds-after-the-date"),
        pytest.param(None, "2013-12-31", 1, id="after-both"),
    ],
)
def test_a_value_without_a_round_stands_between_the_rounds(number: int | None, day: str, side: int) -> None:
    """A break with a first round divides the values without one by their neighbours, then by the date."""
    values = frame(
        sorted(
            [row(15, "2013-10-03", 9), row(number, day, 7), row(16, "2013-10-05", 5)],
            key=lambda r: str(r["last"]),
        )
    )
    parts = stretches(values, [event(when="2013-09-30", first_round=16)])
    assert len(parts) == 2
    pd.testing.assert_frame_equal(pd.concat(parts), values)
    assert [7.0 in part["value"].tolist() for part in parts].index(True) == side


def test_without_values_or_breaks_there_is_nothing_to_cut() -> None:
    """No values give no stretch; no break gives one."""
    assert stretches(frame([]), [event()]) == []
    assert len(stretches(frame([row(1, "2013"), row(2, "2014")]), [])) == 1


# Everything that is derived keeps what must be shown with it


def forgotten(derive: Callable[[Series], object], made_from: Series) -> list[str]:
    """What `derive` loses of the caveats, events, sources, methods and operations of its input."""
    result = derive(made_from)
    if result is None:
        return []
    kept: Provenance = result.provenance  # type: ignore[attr-defined]  # of a Series or a Split
    about = made_from.provenance
    parts = ("caveats", "events", "sources", "methods", "operations", "coverage", "derived_by")
    return [part for part in parts if not set(getattr(about, part)) <= set(getattr(kept, part))]


CUT = event(effects=(effect(-54_045),), first_round=16)
HAITI_LIKE = [row(15, "2013-06-30", 278_945), row(16, "2013-09-30", 171_974)]
DERIVATIONS: dict[str, Callable[[Series], object]] = {
    "on_old_coverage": lambda s: on_old_coverage(s, CUT),
    "with_gaps": with_gaps,
}


@pytest.mark.parametrize("name", DERIVATIONS)
@given(about=provenances(), granularity=st.sampled_from(Granularity))
def test_a_derived_series_keeps_every_caveat_and_event(
    name: str, about: Provenance, granularity: Granularity
) -> None:
    """Whatever is computed from a series has all of its caveats, events, sources and formulas."""
    about = replace(about, events=(CUT, *(replace(e, breaks=False) for e in about.events)))
    made = series(HAITI_LIKE, provenance=about, granularity=granularity)
    assert DERIVATIONS[name](made) is not None
    assert forgotten(DERIVATIONS[name], made) == []


def test_a_derivation_that_forgets_is_noticed() -> None:
    """Control: a variant that drops one caveat, or one event, is found."""
    made = series(HAITI_LIKE, [CUT, event("other", breaks=False)])

    def without(part: str) -> Callable[[Series], object]:
        return lambda s: replace(s, provenance=with_one_changed(s.provenance, part))

    def with_one_changed(about: Provenance, part: str) -> Provenance:
        rest = getattr(about, part)[1:] or (replace(getattr(about, part)[0], key="else"),)
        return replace(about, **{part: rest})

    assert forgotten(without("caveats"), made) == ["caveats"]
    assert forgotten(without("events"), made) == ["events"]


def test_every_function_that_makes_a_series_is_held_to_that() -> None:
    """A function of `data.series` or `data.change` that returns a Series or Split must be among those tested."""
    import inspect

    from data import change
    from data import series as series_module

    def makers(module: Any) -> set[str]:
        return {
            name
            for name, function in inspect.getmembers(module, lambda f: inspect.isfunction(inspect.unwrap(f)))
            if function.__module__ == module.__name__
            and not name.startswith("_")
            and str(inspect.signature(function).return_annotation).split(" ")[0] in {"Series", "Split"}
        }

    assert makers(series_module) == set(DERIVATIONS)
    assert makers(change) == {"published_split"}  # tests/test_change.py


# On the old coverage


def test_on_the_old_coverage_september_is_226_019() -> None:
    """171,974 + 54,045 = 226,019, a derived value with its formula and its assumption."""
    made = on_old_coverage(series(HAITI_LIKE, [CUT]), CUT)
    assert made is not None
    only = made.values.iloc[0]
    assert (len(made.values), only["value"]) == (1, 226_019)
    assert (only["kind"], only["derivation"]) == (RowKind.DERIVED, "171974 + 54045")
    assert only["rows"] == ("people-16-2013-09-30",)
    assert made.provenance.derived_by == (OLD_COVERAGE,)


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(replace(CUT, effects=()), id="no-effect-published"),
        pytest.param(replace(CUT, effects=(effect(-54_045, Unit.HOUSEHOLDS),)), id="other-unit"),
        pytest.param(replace(CUT, effects=(effect(-54_000, precision=Precision.ABOUT),)), id="not-exact"),
        pytest.param(replace(CUT, effects=(effect(54_045),)), id="a-rise"),
        pytest.param(replace(CUT, kind=EventKind.RE_REGISTRATION), id="nothing-taken-off"),
        pytest.param(replace(CUT, first_round=17), id="no-value-after"),
        pytest.param(replace(CUT, first_round=15), id="no-value-before"),
    ],
)
def test_the_old_coverage_is_never_guessed(cut: Event) -> None:
    """Without a published, exact effect in the unit of the series there is no value on the old coverage."""
    assert on_old_coverage(series(HAITI_LIKE, [cut]), cut) is None


def test_another_break_between_the_same_values_leaves_nothing_to_compute() -> None:
    """Where method and list change between two rounds, what the list did alone is not known."""
    method_too = event("method", "2013-08", kind=EventKind.METHOD_CHANGE)
    assert on_old_coverage(series(HAITI_LIKE, [CUT, method_too]), CUT) is None
    earlier = event("method", "2012-08", kind=EventKind.METHOD_CHANGE)
    assert on_old_coverage(series(HAITI_LIKE, [CUT, earlier]), CUT) is not None


def test_the_sides_of_a_break_are_counted_values() -> None:
    """A round without a value is not the value beside a break."""
    made = series([HAITI_LIKE[0], row(16, "2013-09-30", None), row(17, "2013-12-30", 146_446)], [CUT])
    beside = sides(made, CUT)
    assert beside is not None
    assert (beside.before["value"], beside.after["value"]) == (278_945, 146_446)
    assert sides(series(HAITI_LIKE[:1], [CUT]), CUT) is None


def test_a_formula_is_said_once() -> None:
    """Adding the same formula again changes nothing."""
    about = series(HAITI_LIKE).provenance
    assert with_formula(with_formula(about, text("x")), text("x")).derived_by == (text("x"),)


# Gaps


def test_a_month_without_a_value_is_a_row_of_its_own() -> None:
    """Missing months of a monthly series are named as such and have no value; rounds are never invented."""
    months = [row(None, "2016-09", 27_138), row(None, "2016-12", 12_923)]
    filled = with_gaps(series(months, granularity=Granularity.MONTH)).values
    assert filled["last"].dt.strftime("%Y-%m").tolist() == ["2016-09", "2016-10", "2016-11", "2016-12"]
    assert filled["state"].tolist() == [State.COUNTED, State.NO_DATA, State.NO_DATA, State.COUNTED]
    assert filled["value"].isna().tolist() == [False, True, True, False]
    assert filled.loc[1, "first"] == pd.Timestamp("2016-10-01")
    for granularity in (Granularity.ROUND, Granularity.WEEK, Granularity.PERIOD):
        assert len(with_gaps(series(months, granularity=granularity)).values) == 2


def test_without_a_gap_nothing_changes() -> None:
    """An empty series and one without gaps come back as they are."""
    empty = series([], granularity=Granularity.MONTH)
    assert with_gaps(empty) is empty
    whole = series([row(None, "2016-09"), row(None, "2016-10")], granularity=Granularity.MONTH)
    assert with_gaps(whole) is whole


# Revisions


@pytest.mark.parametrize(
    ("first", "precision", "newest", "then", "how"),
    [
        pytest.param(146_000, "about", 146_446, "exact", Revised.MORE_EXACT, id="rounds-to-it"),
        pytest.param(147_000, "about", 146_500, "exact", Revised.MORE_EXACT, id="a-half-rounds-up"),
        pytest.param(147_000, "about", 147_500, "exact", Revised.MORE_EXACT, id="or-down"),
        pytest.param(146_000, "about", 146_501, "exact", Revised.CHANGED, id="does-not-round-to-it"),
        pytest.param(1_000_000, "at_least", 1_068_882, "exact", Revised.MORE_EXACT, id="lower-bound-holds"),
        pytest.param(1_000_000, "at_least", 999_999, "exact", Revised.CHANGED, id="lower-bound-broken"),
        pytest.param(500, "at_most", 480, "exact", Revised.MORE_EXACT, id="upper-bound-holds"),
        pytest.param(500, "at_most", 501, "exact", Revised.CHANGED, id="upper-bound-broken"),
        pytest.param(1_525, "exact", 11_500, "about", Revised.CHANGED, id="niger"),
        pytest.param(146_446, "exact", 146_000, "about", Revised.SAME, id="said-less-exactly-later"),
        pytest.param(7, "exact", 7, "exact", Revised.SAME, id="same"),
        pytest.param(7, "exact", 8, "exact", Revised.CHANGED, id="one-more"),
        pytest.param(0, "about", 0.4, "exact", Revised.MORE_EXACT, id="about-zero"),
        pytest.param(0.3, "about", 0.4, "exact", Revised.MORE_EXACT, id="less-than-one"),
    ],
)
def test_what_a_later_publication_did(
    first: float, precision: str, newest: float, then: str, how: Revised
) -> None:
    """A rounded figure and a later one that rounds to it are one value; anything else is a change."""
    old, new = row(1, "2013", first, precision=precision), row(1, "2013", newest, precision=then)
    assert revised(pd.Series(old), pd.Series(new)) is how


def test_revisions_are_of_published_values_only() -> None:
    """Arithmetic beside a published value is no second publication of it."""
    rows = [
        row(8, "2012-02-28", 490_545),
        row(8, "2012-02-28", 491_000, known_by="2025-10-13", vintage="api"),
        row(9, "2012-04-30", 420_513),
        row(9, "2012-04-30", 1, kind=RowKind.DERIVED.value, known_by="2026-01-01"),
    ]
    found = revisions(series(rows))
    assert [(r.first["value"], r.newest["value"], r.how) for r in found] == [
        (490_545, 491_000, Revised.CHANGED)
    ]


def test_a_value_is_replaced_when_the_next_one_came() -> None:
    """Of three publications the second replaced the first, on its day; what only says it more exactly did not."""
    day = "2024-01-31"
    rows = [
        row(14, day, 245_000, precision="about", known_by="2024-02-01"),
        row(14, day, 245_009, known_by="2024-02-05", vintage="exact"),
        row(14, day, 248_655, known_by="2024-02-14", vintage="second"),
        row(14, day, 247_583, known_by="2024-05-01", vintage="third"),
    ]
    (found,) = revisions(series(rows))
    assert (found.after["value"], f"{found.after['known_by']:%Y-%m-%d}") == (248_655, "2024-02-14")
    assert found.newest["value"] == 247_583
    (early,) = revisions(series(rows[:2]))
    assert (early.how, early.after["value"]) == (Revised.MORE_EXACT, 245_009)


# As known on a day


@st.composite
def histories(draw: st.DrawFn) -> pd.DataFrame:
    """Several publications of several values, some of them arithmetic."""
    rows = []
    for number in range(draw(st.integers(0, 4))):
        period = date(2012, 1, 31) + timedelta(days=90 * number)
        for version in range(draw(st.integers(1, 4))):
            known = period + timedelta(days=draw(st.integers(0, 2000)))
            rows.append(
                row(
                    draw(st.just(number)) if number % 2 else None,
                    shown(period),
                    draw(st.integers(0, 100)),
                    obs=f"v{number}-{version}",
                    known_by=shown(known),
                    kind=draw(st.sampled_from(RowKind)).value,
                )
            )
    return frame(rows)


Known = Callable[[pd.DataFrame, date | None], pd.DataFrame]


def untrue(known: Known, history: pd.DataFrame, on: date, later: date) -> list[str]:
    """What a reader would be told wrongly by `known`: facts from after the day, or steps back in time."""
    now, then = known(history, on), known(history, later)
    wrong = []
    if (now["known_by"] > pd.Timestamp(on)).any():
        wrong.append("published after the day")
    if period_key(now).duplicated().any():
        wrong.append("a value twice")
    public = history[history["known_by"] <= pd.Timestamp(on)]
    if set(period_key(now)) != set(period_key(public)):
        wrong.append("a public value is missing")
    published = public[public["kind"] == RowKind.PUBLISHED]
    newest = published.groupby(period_key(published))["known_by"].max().to_dict()
    by_key = dict(zip(period_key(then), then.to_dict("records"), strict=True))
    for key, old in zip(period_key(now), now.to_dict("records"), strict=True):
        new = by_key.get(key)
        if key in newest and (old["kind"] != RowKind.PUBLISHED or old["known_by"] != newest[key]):
            wrong.append("not the newest publication")
        if new is None:
            wrong.append("forgotten later")
        elif old["kind"] == RowKind.PUBLISHED and (
            new["kind"] != RowKind.PUBLISHED or new["known_by"] < old["known_by"]
        ):
            wrong.append("an older publication later")
    return wrong


@given(histories(), days, days)
def test_nothing_is_known_before_it_was_public(history: pd.DataFrame, one: date, other: date) -> None:
    """All that was public by a day, each value once, and a later day never goes back to an older vintage."""
    on, later = sorted((one, other))
    assert untrue(known_on, history, on, later) == []
    newest = known_on(history, None)
    pd.testing.assert_frame_equal(newest.sort_index(), known_on(history, date(2100, 1, 1)).sort_index())


@given(histories(), days)
def test_arithmetic_never_beats_a_publication(history: pd.DataFrame, on: date) -> None:
    """A derived row stands in only where nobody had published the value."""
    known = known_on(history, on)
    public = history[(history["known_by"] <= pd.Timestamp(on)) & (history["kind"] == RowKind.PUBLISHED)]
    derived = known[known["kind"] == RowKind.DERIVED]
    assert not set(period_key(derived)) & set(period_key(public))


def test_a_reader_of_the_future_is_noticed() -> None:
    """Control: taking the newest of all, nothing, or the last import is found."""
    rows = [
        row(1, "2016-11-30", 1_525, known_by="2016-12-14", obs="first"),
        row(1, "2016-11-30", 11_500, known_by="2017-01-31", obs="corrected"),
    ]
    history, on, later = frame(rows), date(2017, 1, 1), date(2017, 2, 1)

    def newest(values: pd.DataFrame, _on: date | None) -> pd.DataFrame:
        return values.drop_duplicates("round", keep="last")

    def last_imported(values: pd.DataFrame, day: date | None) -> pd.DataFrame:
        known = values[values["known_by"] <= pd.Timestamp(day)] if day else values
        return known.drop_duplicates("round", keep="last")

    assert "published after the day" in untrue(newest, history, on, later)
    assert "a public value is missing" in untrue(lambda values, _: values.head(0), history, on, later)
    assert "not the newest publication" in untrue(last_imported, history.iloc[::-1], later, later)
    assert untrue(known_on, history, on, later) == []
    assert known_on(history, date(2016, 12, 13)).empty
    assert known_on(history, date(2016, 12, 14))["value"].tolist() == [1_525]
    assert known_on(history, on)["value"].tolist() == [1_525]
    assert known_on(history, later)["value"].tolist() == [11_500]

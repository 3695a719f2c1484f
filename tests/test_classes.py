"""Every value is in exactly one class, classes ascend, and printed limits are those of the data."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.classes import MISSING, STEPS, ZERO, Class, Classes, as_printed, classified, jenks

numbers = st.one_of(
    st.just(float("nan")),
    st.integers(-2_000, 2_000).map(float),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3)),
)
some = st.lists(numbers, max_size=40)
methods = st.sampled_from(["quantile", "jenks", "equal", "own"])


def broken(values: npt.ArrayLike, decimals: int, made: Classes) -> list[str]:
    """What of the laws of classes does not hold."""
    printed, found = as_printed(values, decimals), []
    inner = [(printed[made.codes == c.code], c) for c in made.classes]
    if sum(len(of) for of, _ in inner) + made.zero + made.missing != len(printed):
        found.append("a value is in no class, or in two")
    if not all(len(of) == c.count > 0 and of.min() == c.low and of.max() == c.high for of, c in inner):
        found.append("limits or counts are not those of the data")
    if not all(a.high < b.low for a, b in zip(made.classes, made.classes[1:], strict=False)):
        found.append("limits overlap or do not ascend")
    if not all(a.step < b.step for a, b in zip(made.classes, made.classes[1:], strict=False)):
        found.append("colours do not ascend")
    if any(c.low <= 0 <= c.high for c in made.classes) or (printed[made.codes == ZERO] != 0).any():
        found.append("zero is not a class of its own")
    if not np.isnan(printed[made.codes == MISSING]).all() or np.isnan(printed[made.codes != MISSING]).any():
        found.append("missing is not apart")
    return found


@given(
    some, methods, st.booleans(), st.integers(0, 1), st.lists(st.integers(-900, 900), max_size=4, unique=True)
)
def test_each_value_is_in_one_class(
    values: list[float], method: str, diverging: bool, decimals: int, limits: list[int]
) -> None:
    """Of any values and by any method: one class each, ascending without overlap, zero and missing apart."""
    sequence = values if diverging else [abs(v) for v in values]
    own = sorted(limits) if diverging else sorted({abs(x) for x in limits})
    made = classified(sequence, method, limits=own, decimals=decimals, diverging=diverging)
    assert broken(sequence, decimals, made) == []
    if method != "own":
        assert len(made.classes) <= made.asked
    assert all(0 <= c.step <= 1 for c in made.classes)


def test_a_wrong_class_is_noticed() -> None:
    """Control: a value moved into the next class, a limit that is not of the data, a lost value: each is found."""
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 0.0, float("nan")]
    made = classified(values, "quantile")
    moved = made.codes.copy()
    moved[0] = 2
    lost = made.codes.copy()
    lost[0] = MISSING
    first = Class(code=1, step=0.0, low=0.5, high=1.0, count=1)

    def with_(**changes: object) -> Classes:
        plain = {
            name: getattr(made, name)
            for name in ("method", "asked", "classes", "zero", "missing", "codes", "diverging")
        }
        return Classes(**(plain | changes))

    assert broken(values, 0, made) == []
    assert broken(values, 0, with_(codes=moved)) != []
    assert broken(values, 0, with_(codes=lost)) != []
    assert broken(values, 0, with_(classes=(first, *made.classes[1:]))) != []
    assert broken(values, 0, with_(classes=made.classes[::-1])) != []


@pytest.mark.parametrize(
    ("method", "limits", "expected"),
    [
        pytest.param("quantile", [], [(1, 2), (3, 4), (5, 6), (7, 8), (9, 100)], id="two-each"),
        pytest.param("equal", [], [(1, 9), (100, 100)], id="empty-classes-are-left-out"),
        pytest.param("jenks", [], [(1, 2), (3, 4), (5, 7), (8, 9), (100, 100)], id="the-far-one-alone"),
        pytest.param("own", [3, 50], [(1, 2), (3, 9), (100, 100)], id="a-limit-is-the-lowest-of-the-next"),
    ],
)
def test_limits_are_of_the_data(method: str, limits: list[float], expected: list[tuple[int, int]]) -> None:
    """1 to 9 and 100: what is printed of a class is its lowest and its highest value."""
    made = classified([1, 2, 3, 4, 5, 6, 7, 8, 9, 100], method, limits=limits)
    if method == "jenks":  # several partitions are as good; all leave the far one alone
        assert [(c.low, c.high) for c in made.classes][-1] == (100, 100)
        assert len(made.classes) == 5
    else:
        assert [(c.low, c.high) for c in made.classes] == expected


def test_equal_values_are_never_parted() -> None:
    """Four ones among seven values: fewer classes than asked for, and it is said."""
    made = classified([1, 1, 1, 1, 2, 5, 9])
    assert [(c.low, c.high, c.count) for c in made.classes] == [(1, 1, 4), (2, 2, 1), (5, 5, 1), (9, 9, 1)]
    assert made.fewer
    assert not classified([1, 2, 3, 4, 5]).fewer


def test_a_change_has_zero_in_the_middle() -> None:
    """Falls take the first half of the scale, the most first; rises the second; zero is neither."""
    made = classified([-50, -3, 0, 1, 2, 200], diverging=True)
    assert [(c.low, c.step) for c in made.classes] == [(-50, 0.0), (-3, 0.25), (1, 0.75), (200, 1.0)]
    assert made.zero == 1
    assert [c.step for c in classified([3, 4], diverging=True).classes] == [0.75, 1.0]


def test_a_tenth_of_nothing_is_not_zero() -> None:
    """What would be printed as 0.0 and is not zero is printed as the smallest number there is."""
    assert as_printed([0.04, 0.0, -0.01, 1.26], 1).tolist() == [0.1, 0.0, -0.1, 1.3]
    assert classified([0.04, 0.0], decimals=1).zero == 1


def within(values: npt.NDArray[np.float64], highest: npt.NDArray[np.float64]) -> float:
    """The sum of squares within classes."""
    place = np.searchsorted(highest, values)
    return float(sum(((values[place == k] - values[place == k].mean()) ** 2).sum() for k in np.unique(place)))


@given(st.lists(st.integers(0, 300), min_size=1, max_size=11), st.integers(1, 5))
def test_jenks_is_the_best_there_is(values: list[int], classes: int) -> None:
    """No other partition into as many classes has a smaller sum of squares: all are tried."""
    x = np.array(values, dtype=float)
    distinct = np.unique(x)
    asked = min(classes, len(distinct))
    every = (
        within(x, np.array([*(distinct[i] for i in inner), distinct[-1]]))
        for inner in combinations(range(len(distinct) - 1), asked - 1)
    )
    found = jenks(x, classes)
    assert len(found) == asked
    assert within(x, found) == pytest.approx(min(every), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_jenks_is_that_of_mapclassify(seed: int) -> None:
    """The package that the field uses finds classes as good, of 80 numbers as uneven as counts of people."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it would be faster with a compiler
        mapclassify = pytest.importorskip("mapclassify")
        values = np.round(np.random.default_rng(seed).lognormal(5, 2, 80))
        theirs = np.asarray(mapclassify.FisherJenks(values, k=STEPS).bins, dtype=float)
    assert within(values, jenks(values, STEPS)) == pytest.approx(within(values, theirs))
    assert within(values, np.quantile(values, [0.2, 0.4, 0.6, 0.8, 1])) > within(values, theirs)  # control


@pytest.mark.parametrize(
    ("values", "changes", "said"),
    [
        ([1.0], {"method": "natural"}, "quantile, jenks, equal, own"),
        ([1.0], {"method": "own", "limits": [5, 2]}, "must ascend; found 5, 2"),
        ([float("inf")], {}, "infinite"),
    ],
)
def test_what_cannot_be_classed_is_refused(
    values: list[float], changes: dict[str, object], said: str
) -> None:
    """One sentence says what was found and what is expected."""
    with pytest.raises(ValueError, match=said):
        classified(values, **changes)  # type: ignore[arg-type]  # wrong on purpose

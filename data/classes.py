"""Numbers into classes whose printed limits are those of the data: each value in one class, zero and missing apart.

Fisher and Jenks's best classes are found here by dynamic programming. The package mapclassify finds the same, which
a test holds; without a compiler beside it, it takes 20 seconds and 125 MB for 3,000 values, so no server runs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MISSING, ZERO = -1, 0  # codes; the classes are 1, 2, … from the lowest
STEPS = 5  # colours of a scale
SIDE = 2  # classes on each side of "no change"
METHODS = ("quantile", "jenks", "equal", "own")
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """One class: the lowest and the highest value that is in it, and how many are."""

    code: int
    step: float  # its place on the scale of colours, 0 to 1
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classes:
    """How values fall into classes. `codes` is one a value; together the counts are all of them."""

    method: str
    asked: int
    classes: tuple[Class, ...]  # ascending; none is empty
    zero: int
    missing: int
    codes: Codes
    diverging: bool

    @property
    def fewer(self) -> bool:
        """Whether there are fewer classes than asked for: equal values are never parted, and none is empty."""
        return len(self.classes) < self.asked


def classified(
    values: npt.ArrayLike, method: str = "quantile", *, limits: Sequence[float] = (), steps: int = STEPS,
    decimals: int = 0, diverging: bool = False,
) -> Classes:  # fmt: skip
    """Values in classes.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Numbers; missing is NaN.
    method : str
        One of `METHODS`: "quantile" puts about as many values in each class, "jenks" makes the values of a class
        as alike as can be, "equal" has limits at equal distances, "own" takes `limits`.
    limits : sequence of float
        For "own", ascending: each is the lowest value of the next class. Without any, "quantile" is taken.
    steps : int
        Classes asked for, 1 or more.
    decimals : int
        Values are classed as they are printed, so that printed limits do not overlap. What is not zero never
        becomes zero by that.
    diverging : bool
        Falls and rises are classed apart, half the steps each, around zero.

    Returns
    -------
    Classes
        Equal values share a class, so there may be fewer than asked.

    Raises
    ------
    ValueError
        If the method is unknown, a value is infinite, or the limits are not ascending.
    """
    if method not in METHODS:
        raise ValueError(f"No method of classes is called '{method}'; there are {', '.join(METHODS)}.")
    if list(limits) != sorted(set(limits)):
        raise ValueError(f"Limits of classes must ascend; found {', '.join(f'{x:g}' for x in limits)}.")
    printed = as_printed(values, decimals)
    if np.isinf(printed).any():
        raise ValueError("A value is infinite: a share of zero has no class. Pass it as missing.")
    method = "quantile" if method == "own" and not limits else method
    codes = np.full(printed.shape, MISSING, dtype=np.int8)
    codes[printed == 0] = ZERO
    made: list[Class] = []
    for sign, asked in ((-1, min(SIDE, steps)), (1, min(SIDE, steps))) if diverging else ((0, steps),):
        of = np.flatnonzero(
            np.sign(printed) == sign if sign else (printed != 0) & ~np.isnan(printed)
        )  # NaN has no sign
        # Falls are classed by their size, as rises are, so that one colour means as much on both sides.
        sized = np.abs(printed[of]) if sign else printed[of]
        ends = sorted({abs(limit) for limit in limits}) if sign else limits
        places = _places(sized, method, asked, ends)
        wanted = len(ends) + 1 if method == "own" else asked
        for place in np.unique(places)[:: sign or 1]:
            inner = printed[of[places == place]]
            codes[of[places == place]] = len(made) + 1
            step = _step(int(place), wanted, sign)
            low, high = float(inner.min()), float(inner.max())
            made.append(Class(code=len(made) + 1, step=step, low=low, high=high, count=len(inner)))
    return Classes(
        method=method,
        asked=2 * min(SIDE, steps) if diverging else len(limits) + 1 if method == "own" else steps,
        classes=tuple(made),
        zero=int((codes == ZERO).sum()),
        missing=int((codes == MISSING).sum()),
        codes=codes,
        diverging=diverging,
    )


def as_printed(values: npt.ArrayLike, decimals: int) -> Floats:
    """Values rounded to what is printed of them; what is not zero keeps at least the smallest that is printed."""
    exact = np.asarray(values, dtype=float)
    rounded = np.round(exact, decimals)
    tiny = (rounded == 0) & (exact != 0)
    return np.asarray(np.where(tiny, np.sign(exact) * 10.0**-decimals, rounded) + 0.0)


def _step(place: int, asked: int, sign: int) -> float:
    """Where a class lies on the scale: of a diverging one as far from its middle as it is from zero."""
    if not sign:
        return place / max(1, asked - 1)
    return 0.5 + sign * 0.5 * (place + 1) / asked


def _places(values: Floats, method: str, asked: int, limits: Sequence[float]) -> Places:
    """The place of each value, 0 for the lowest class; shape of `values`."""
    if not len(values):
        return np.empty(0, dtype=np.int64)
    if method == "own":
        return np.asarray(
            np.searchsorted(np.asarray(limits, dtype=float), values, side="right"), dtype=np.int64
        )
    if method == "equal":
        width = float(values.max() - values.min()) / asked
        if width == 0:
            return np.zeros(len(values), dtype=np.int64)
        return np.asarray(np.minimum(np.floor((values - values.min()) / width), asked - 1), dtype=np.int64)
    if method == "jenks":
        highest = jenks(values, asked)
    else:
        ordered = np.sort(values)
        at = np.ceil(np.arange(1, asked + 1) * len(ordered) / asked).astype(int) - 1
        highest = np.unique(ordered[at])
    return np.asarray(np.searchsorted(highest, values, side="left"), dtype=np.int64)


def jenks(values: npt.ArrayLike, classes: int) -> Floats:
    """The highest value of each class of Fisher and Jenks: the least sum of squares within classes there is.

    Parameters
    ----------
    values : array_like of float, shape (n,), n >= 1
        Finite numbers.
    classes : int
        1 or more; of fewer different values, each is a class.

    Returns
    -------
    numpy.ndarray
        Ascending, shape (min(classes, different values),).
    """
    x, weight = np.unique(np.asarray(values, dtype=float), return_counts=True)
    asked, n = min(classes, len(x)), len(x)
    if asked == n:
        return x
    centred = x - np.average(
        x, weights=weight
    )  # sums of squares of large numbers would lose their last digits
    mass = np.concatenate([[0.0], np.cumsum(weight, dtype=float)])
    first = np.concatenate([[0.0], np.cumsum(weight * centred)])
    second = np.concatenate([[0.0], np.cumsum(weight * centred**2)])

    def within(start: npt.NDArray[np.int64], end: int) -> Floats:
        """Sum of squares of the values from each start up to, and not with, the end."""
        inner = mass[end] - mass[start]
        return np.asarray(second[end] - second[start] - (first[end] - first[start]) ** 2 / inner)

    best = np.concatenate([[0.0], [float(within(np.array([0]), end)[0]) for end in range(1, n + 1)]])
    starts = []
    for k in range(2, asked + 1):
        cost, start = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
        pending = [(k, n, k - 1, n - 1)]  # ends to be solved, and between which starts their best one lies
        while pending:
            low, high, from_, to = pending.pop()
            if low > high:
                continue
            end = (low + high) // 2
            tried = np.arange(from_, min(to, end - 1) + 1)
            total = best[tried] + within(tried, end)
            at = int(total.argmin())
            cost[end], start[end] = total[at], tried[at]
            pending += [(low, end - 1, from_, int(tried[at])), (end + 1, high, int(tried[at]), to)]
        best = cost
        starts.append(start)
    ends = [n]
    for start in reversed(starts):
        ends.append(int(start[ends[-1]]))
    return np.asarray(x[np.array(sorted(ends)) - 1])

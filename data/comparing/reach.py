"""How much was seen, in which boundaries, and by which kinds of assessment."""

from __future__ import annotations

import re

from data.codes import EventKind
from data.comparing.asked import Check
from data.comparing.changes import between, touching
from data.comparing.figure import Area, Figure, Pair, areas, assessments, share_visited
from data.comparing.names import ASSESSMENT
from data.comparing.says import listed, percent, quoted, said
from data.model import Text

NEAR_POINTS = 5.0  # percentage points of the list; a smaller difference is that of any two rounds
_OF = re.compile(r"(\d[\d,]*) of (\d[\d,]*)")


def visited(pair: Pair) -> Check:
    """The share of listed sites that were visited; where it is not held, the stated coverage."""
    a, b = (share_visited(pair.release, figure) for figure in (pair.a, pair.b))
    if a is not None and b is not None:
        near = abs(a - b) < NEAR_POINTS
        return said("visited.yes" if near else "visited.with_care", a=percent(a), b=percent(b))
    return _stated(pair.a.coverage, pair.b.coverage)


def _stated(a: Text, b: Text) -> Check:
    """The same question of what two coverage texts say."""
    if not a and not b:
        return said("visited.unknown")
    if not a or not b:
        return said("visited.unknown.one", a=quoted(a or b))
    alike = a == b or _nearly(a.en, b.en)
    return said("visited.yes.stated" if alike else "visited.with_care.stated", a=quoted(a), b=quoted(b))


def _nearly(a: str, b: str) -> bool:
    """Whether two texts differ only in an "n of m", and in that by little."""
    parts = _OF.findall(a), _OF.findall(b)
    if _OF.sub("", a) != _OF.sub("", b) or not parts[0] or len(parts[0]) != len(parts[1]):
        return False
    shares = [[_share(n, m) for n, m in found] for found in parts]
    return all(abs(x - y) < NEAR_POINTS for x, y in zip(*shares, strict=True))


def _share(part: str, whole: str) -> float:
    return 100 * int(part.replace(",", "")) / max(1, int(whole.replace(",", "")))


def boundary(pair: Pair) -> Check:
    """Whether both areas exist in the boundaries of both figures."""
    codes = pair.places()
    known = {area.code for area in areas(pair.release)}
    inner = [code for code in codes if code in known]
    if not codes or (areas(pair.release) and not inner):
        return said("boundary.yes.whole")  # the whole, or sites and points, which boundaries do not cut
    a, b = (version_of(pair, figure) for figure in (pair.a, pair.b))
    if a is None or b is None:
        return said("boundary.unknown")
    held = {(area.code, area.version) for area in areas(pair.release)}
    missing = [code for code in inner if not {(code, a), (code, b)} <= held]
    versions = {"a": str(a), "b": str(b)}
    if missing:
        return said("boundary.no", codes=", ".join(missing), **versions)
    events = [e for e in touching(pair) if e.kind is EventKind.BOUNDARY_CHANGE]
    crossed = between(pair, events) if pair.one_operation else ()
    if a == b and not crossed:
        return said("boundary.yes", **versions)
    told = listed([quoted(event.headline) for event in crossed])
    events_said = Text(f": {told.en}", (("fr", f"\u202f: {told.to('fr')}"),)) if crossed else Text("")
    return said("boundary.with_care", codes=", ".join(inner), events=events_said, **versions)


def version_of(pair: Pair, figure: Figure) -> int | None:
    """The version of the boundaries of a figure, by its round or else by its last day; None where none is held."""
    own = pair.held.operations[figure.about.operation].iso3
    versions = sorted({a for a in areas(pair.release) if a.iso3 in own}, key=lambda a: (a.version, a.code))
    valid = [area.version for area in versions if _valid(area, figure)]
    return max(valid, default=None)


def _valid(area: Area, figure: Figure) -> bool:
    if figure.round is not None and area.first_round is not None:
        return figure.round >= area.first_round
    start, end = area.valid
    day = figure.period.last
    return (start is None or start <= day) and (end is None or day <= end)


def assessment(pair: Pair) -> Check:
    """Whether the same kinds of assessment stand behind both."""
    a, b = (assessments(pair.release, figure) for figure in (pair.a, pair.b))
    if not a or not b:
        return said("assessment.unknown")
    return said("assessment.yes" if a == b else "assessment.with_care", a=_kinds(a), b=_kinds(b))


def _kinds(codes: tuple[str, ...]) -> Text:
    return listed([ASSESSMENT.get(code, Text(code)) for code in codes])

"""Tables of the smaller operations: flow monitoring, border counts, survey, registration, proxy, planning figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import codes
from data.schema import CORRIDORS, FLOW_POINTS
from data.training import flows as flows_of
from data.training import keys
from data.training import schedule as rounds
from data.training.borders import POSTS, Borders, month_end
from data.training.cast import REGISTERED
from data.training.flows import Flows, corridor_of
from data.training.geography import ISO3, PROVINCES, Geography
from data.training.names import arabic
from data.training.people import CELLS, EXITS, Block
from data.training.rows import Gaps, Labels, frame_of, records, table_of
from data.training.schedule import ROUNDS, Schedule
from data.training.seeds import stream
from data.training.survey import DESIGN_EFFECT, KNOWN, LEVEL, QUESTIONS, WAVES, Survey
from data.training.tables import (
    BORDER_COUNTS,
    BORDER_POSTS,
    FLOW_DAYS,
    FLOW_PAIRS,
    OBSERVATIONS_BY_PLACE,
    PROXY_ESTIMATES,
    SURVEY_RESULTS,
    Direction,
)
from data.training.totals import Totals, to_level
from data.training.words import day, number, words

Ints = npt.NDArray[np.int64]
Row = dict[str, object]
# days until a figure was public: after the end of its month, or after the bulletin of its round
MONTHLY_AFTER = {keys.FLOW: 24, keys.BORDER: 31}
REGISTERED_AFTER, PLAN_AFTER = 9, 25


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """Rows of observations, and other tables by name."""

    observations: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]


def _row(
    operation: str, indicator: str, period: str, known: date, value: float | None, **more: object
) -> Row:
    """An observation with the usual codes; `more` replaces them."""
    place = str(more.get("place", ""))
    parts = [str(more.get(name, "")) for name in ("sex", "age")]
    middle = "-".join(part.lower() for part in (place, *parts) if part)
    state = (
        codes.State.NOT_ASSESSED
        if value is None
        else codes.State.COUNTED
        if value > 0
        else codes.State.COUNTED_ZERO
    )
    status = codes.ObsStatus.NOT_COLLECTED if value is None else codes.ObsStatus.NORMAL
    return {
        "id": "-".join(part for part in (indicator, period.replace("/", "-"), middle, "first") if part),
        "operation": operation, "indicator": indicator, "period": period, "value": value,
        "precision": codes.Precision.EXACT, "obs_status": status, "conf_status": codes.ConfStatus.FREE,
        "state": state, "vintage": "first", "kind": codes.RowKind.PUBLISHED, "source": keys.BULLETINS[operation],
        "known_by": known.isoformat(), **more,
    }  # fmt: skip


def flow_tables(flows: Flows, geo: Geography) -> Published:
    """Points, days, pairs of origin and destination, and monthly totals."""
    months = flows.months()
    observations: list[Row] = []
    seen = flows.by_month(flows.seen)  # (points, directions, months, pairs)
    watched = flows.by_month(flows.observed[:, None, :].astype(np.int64))[:, 0]
    possible = flows.by_month(np.ones((1, 1, len(flows.days)), dtype=np.int64))[0, 0]
    closed_from = flows_of.CLOSES_ON.isoformat()[:7]
    for at, month in enumerate(months):
        known = month_end(date.fromisoformat(f"{month}-01")) + timedelta(days=MONTHLY_AFTER[keys.FLOW])
        changed = month == flows_of.CHANGES_ON.isoformat()[:7]
        for side, indicator in enumerate((keys.FLOW_IN, keys.FLOW_OUT)):
            days, all_days = number(int(watched[:, at].sum())), number(int(possible[at]) * flows_of.POINTS)
            observations.append(
                _row(
                    keys.FLOW, indicator, month, known, float(seen[:, side, at].sum()),
                    obs_status=codes.ObsStatus.BREAK if changed else codes.ObsStatus.NORMAL,
                    **words("coverage", "{days} of {of} days at 24 points observed",
                            "{days} jours observés sur {of} aux 24 points", days=days, of=all_days),
                )
            )  # fmt: skip
            for point in range(flows_of.POINTS):
                some = int(watched[point, at]) > 0
                over = point == flows_of.CLOSES and month > closed_from
                more: Row = (
                    {"state": codes.State.CLOSED, "obs_status": codes.ObsStatus.CANNOT_EXIST} if over else {}
                )
                value = float(seen[point, side, at].sum()) if some else None
                observations.append(
                    _row(keys.FLOW, indicator, month, known, value, place=keys.point_key(point), **more)
                )
    return Published(
        observations=records(OBSERVATIONS_BY_PLACE, observations),
        tables={
            "flow_points": _points(flows, geo),
            "corridors": _corridors(flows, geo),
            "flow_days": _flow_days(flows),
            "flow_pairs": _flow_pairs(flows, seen, watched),
        },
    )


def _points(flows: Flows, geo: Geography) -> pd.DataFrame:
    rows: list[Row] = []
    for point in range(flows_of.POINTS):
        a, b = (geo.provinces[p] for p in flows.ends[corridor_of(point)])
        english, french = f"On the road from {a} to {b}.", f"Sur la route de {a} à {b}."
        if corridor_of(point) in flows_of.BYPASSED:
            english += " There is a second road that no point looks at."
            french += " Il existe une seconde route qu’aucun point n’observe."
        if point == flows_of.CLOSES:
            last = day(flows_of.CLOSES_ON)
            english += f" Closed after {last[0]}."
            french += f" Fermé après le {last[1]}."
        if point == flows_of.CHANGES:
            changed = day(flows_of.CHANGES_ON)
            english += f" Local trips are not counted from {changed[0]} on."
            french += f" Les trajets locaux ne sont plus comptés à partir du {changed[1]}."
        rows.append(
            {
                "key": keys.point_key(point), "operation": keys.FLOW, "name": flows.names[point], "iso3": ISO3,
                "adm1": geo.provinces[int(geo.province_of[flows.commune[point]])], "lon": float(flows.lon[point]),
                "lat": float(flows.lat[point]), "active_from": rounds.FLOW_FROM.isoformat(),
                "note_en": english, "note_fr": french, "source": keys.BULLETINS[keys.FLOW],
            }
        )  # fmt: skip
    return records(FLOW_POINTS, rows)


def _corridors(flows: Flows, geo: Geography) -> pd.DataFrame:
    """The road of each point, as the operation publishes it: of a second road it says that nobody looks at it."""
    rows: list[Row] = []
    for point in range(flows_of.POINTS):
        corridor = corridor_of(point)
        a, b = (geo.provinces[p] for p in flows.ends[corridor])
        other: dict[str, str] = {}
        if corridor in flows_of.BYPASSED:
            other = words("bypass", "There is a second road that no point looks at.",
                          "Il existe une seconde route qu’aucun point n’observe.")  # fmt: skip
        rows.append(
            {
                "operation": keys.FLOW, "corridor": keys.corridor_key(corridor),
                "name_en": f"Road from {a} to {b}", "name_fr": f"Route de {a} à {b}",
                "point": keys.point_key(point), "order": point % flows_of.POINTS_EACH + 1,
                "source": keys.BULLETINS[keys.FLOW], **other,
            }
        )  # fmt: skip
    return records(CORRIDORS, rows)


def _flow_days(flows: Flows) -> pd.DataFrame:
    points, days = flows.observed.shape
    point, day, side = (
        a.ravel() for a in np.meshgrid(np.arange(points), np.arange(days), np.arange(2), indexing="ij")
    )
    observed = flows.observed[point, day]
    value = flows.seen.sum(axis=3)[point, side, day]
    over = (point == flows_of.CLOSES) & np.array([d > flows_of.CLOSES_ON for d in flows.days])[day]
    state = np.where(observed, np.where(value > 0, 0, 1), np.where(over, 3, 2))
    return frame_of(
        table_of(
            FLOW_DAYS,
            point.size,
            {
                "operation": keys.FLOW,
                "point": Labels([keys.point_key(p) for p in range(points)], point),
                "day": Labels([d.isoformat() for d in flows.days], day),
                "direction": Labels((Direction.IN, Direction.OUT), side),
                "observed": observed,
                "hours": flows.hours[point, day].astype(np.float64),
                "value": Gaps(value.astype(np.float64), observed),
                "state": Labels((codes.State.COUNTED, codes.State.COUNTED_ZERO, codes.State.NOT_ASSESSED,
                                 codes.State.CLOSED), state),
            },
        )
    )  # fmt: skip


def _flow_pairs(flows: Flows, seen: Ints, watched: Ints) -> pd.DataFrame:
    points, months = watched.shape
    grid = np.meshgrid(
        np.arange(points), np.arange(2), np.arange(months), np.arange(flows_of.PAIRS), indexing="ij"
    )
    point, side, month, pair = (a.ravel() for a in grid)
    kept = watched[point, month] > 0
    point, side, month, pair = (a[kept] for a in (point, side, month, pair))
    outward = [flows.pairs[corridor_of(p)][k] for p in range(points) for k in range(flows_of.PAIRS)]
    ends = [*outward, *((b, a) for a, b in outward)]  # inward trips go the other way
    which = point * flows_of.PAIRS + pair + len(outward) * (side == 0)
    return frame_of(
        table_of(
            FLOW_PAIRS,
            point.size,
            {
                "operation": keys.FLOW,
                "point": Labels([keys.point_key(p) for p in range(points)], point),
                "period": Labels(flows.months(), month),
                "direction": Labels((Direction.IN, Direction.OUT), side),
                "origin": Labels([a for a, _ in ends], which),
                "destination": Labels([b for _, b in ends], which),
                "value": seen[point, side, month, pair].astype(np.float64),
                "source": keys.BULLETINS[keys.FLOW],
            },
        )
    )


def border_tables(seed: int, borders: Borders, geo: Geography, names: Sequence[str]) -> Published:
    """Two posts, their counts by month, sex and age, and monthly totals."""
    rng = stream(seed, "borders", "places")
    west = int(np.argmin([shape.bounds[0] for shape in geo.shapes]))
    inland = int(rng.choice(np.setdiff1d(np.arange(geo.shapes.size), [west])))
    communes = np.array([west, inland])
    lon, lat = geo.locate(rng, communes)
    posts: list[Row] = [
        {
            "key": keys.post_key(post), "operation": keys.BORDER, "name": names[post], "name_ar": arabic(names[post]),
            "mode": ("sea", "air")[post], "iso3": ISO3, "pcode": geo.commune_codes[1][int(communes[post])],
            "lon": float(lon[post]), "lat": float(lat[post]), "source": keys.BULLETINS[keys.BORDER],
        }
        for post in range(POSTS)
    ]  # fmt: skip
    counts = borders.by_month(seen=True)
    held = borders.open_days()
    observations: list[Row] = []
    cells: list[Row] = []
    for at, first in enumerate(borders.months()):
        month = first.isoformat()[:7]
        known = month_end(first) + timedelta(days=MONTHLY_AFTER[keys.BORDER])
        for side, (direction, indicator) in enumerate(
            ((Direction.EXIT, keys.EXITS), (Direction.ENTRY, keys.ENTRIES))
        ):
            days, all_days = number(int(held[:, at].sum())), number(POSTS * month_end(first).day)
            observations.append(
                _row(
                    keys.BORDER, indicator, month, known, float(counts[:, side, at].sum()),
                    **words("coverage", "{days} of {of} days at two posts counted",
                            "{days} jours comptés sur {of} aux deux postes", days=days, of=all_days),
                )
            )  # fmt: skip
            for post in range(POSTS):
                some = int(held[post, at]) > 0
                total = float(counts[post, side, at].sum()) if some else None
                observations.append(
                    _row(keys.BORDER, indicator, month, known, total, place=keys.post_key(post))
                )
                for cell, (sex, age) in enumerate(CELLS):
                    value = float(counts[post, side, at, cell]) if some else None
                    state = codes.State.NOT_ASSESSED if value is None else codes.State.COUNTED
                    cells.append(
                        {
                            "operation": keys.BORDER, "post": keys.post_key(post), "period": month,
                            "direction": direction, "sex": sex, "age": age, "value": value,
                            "days": int(held[post, at]), "source": keys.BULLETINS[keys.BORDER],
                            "state": codes.State.COUNTED_ZERO if value == 0 else state,
                        }
                    )  # fmt: skip
    return Published(
        observations=records(OBSERVATIONS_BY_PLACE, observations),
        tables={"border_posts": records(BORDER_POSTS, posts), "border_counts": records(BORDER_COUNTS, cells)},
    )


def survey_tables(survey: Survey, geo: Geography) -> Published:
    """Shares with n, stratum, interval and level, for both waves."""
    results: list[Row] = []
    observations: list[Row] = []
    for at, question in enumerate(QUESTIONS):
        for wave, (first, last) in enumerate(WAVES):
            for province in (None, *range(PROVINCES)):
                found = survey.national(at, wave) if province is None else survey.stratum(at, wave, province)
                place = "" if province is None else geo.province_codes[province]
                asked = survey.asked[wave].sum() if province is None else survey.asked[wave, province]
                value, lower, upper = found
                period, indicator = f"{first}/{last}", keys.ASKED[question]
                results.append(
                    {
                        "operation": keys.SURVEY, "indicator": indicator, "period": period, "stratum": place,
                        "n": int(asked), "value": value, "lower": lower, "upper": upper, "level": LEVEL,
                        "design_effect": DESIGN_EFFECT, "source": keys.BULLETINS[keys.SURVEY],
                    }
                )  # fmt: skip
                observations.append(
                    _row(
                        keys.SURVEY, indicator, period, KNOWN[wave], value, lower=lower, upper=upper, place=place,
                        precision=codes.Precision.INTERVAL, obs_status=codes.ObsStatus.ESTIMATED,
                        **words("coverage", "{n} households; interval of 95 %", "{n} ménages ; intervalle à 95 %",
                                n=number(int(asked))),
                    )
                )  # fmt: skip
    return Published(
        observations=records(OBSERVATIONS_BY_PLACE, observations),
        tables={"survey_results": records(SURVEY_RESULTS, results)},
    )


def registration_rows(block: Block, when: Schedule) -> pd.DataFrame:
    """Registered people in three camps since their registration, by sex and age: sums, never persons.

    Who left is taken out of the register one round late at the soonest: a third of those who left are still in it.
    """
    camps = list(REGISTERED)
    gone = sum(block.moves[kind][camps] for kind in EXITS) // 3
    people = block.stock[camps] + np.where(np.arange(ROUNDS) + 1 > rounds.RE_REGISTERED, gone, 0)
    families = np.maximum((people * 10) // block.household[camps][:, None], 1)
    edges = (people[..., None] * block.shares[camps][:, None, :] + 500) // 1000
    cells = np.diff(edges, axis=-1, prepend=0)
    rows: list[Row] = []
    for at in range(rounds.RE_REGISTERED - 1, ROUNDS):
        period, known = when.last[at].isoformat(), when.known[at] + timedelta(days=REGISTERED_AFTER)
        total = float(people[:, at].sum())
        rows.append(_row(keys.REGISTRATION, keys.REGISTERED, period, known, total))
        rows.append(
            _row(keys.REGISTRATION, keys.REGISTERED_HOUSEHOLDS, period, known, float(families[:, at].sum()))
        )
        for place, camp in enumerate(camps):
            rows.append(
                _row(
                    keys.REGISTRATION,
                    keys.REGISTERED,
                    period,
                    known,
                    float(people[place, at]),
                    place=keys.site_key(camp),
                )
            )
        for cell, (sex, age) in enumerate(CELLS):
            value = float(cells[:, at, cell].sum())
            rows.append(_row(keys.REGISTRATION, keys.REGISTERED, period, known, value, sex=sex, age=age))
    return records(OBSERVATIONS_BY_PLACE, rows)


def proxy_tables(seed: int, totals: Totals, geo: Geography, when: Schedule) -> Published:
    """Quarterly estimates from the audience of an advertising platform: experimental, with wide limits."""
    rng = stream(seed, "proxy")
    truth = to_level(totals.truth["in_sites"] + totals.truth["among_hosts"], "adm1", geo)
    results: list[Row] = []
    observations: list[Row] = []
    quarters = [
        (year, quarter)
        for year in (2023, 2024, 2025)
        for quarter in (1, 2, 3, 4)
        if (year, quarter) < (2025, 4)
    ]
    for year, quarter in quarters:
        first = date(year, 3 * quarter - 2, 1)
        last = month_end(date(year, 3 * quarter, 1))
        at = max([t for t in range(ROUNDS) if when.last[t] <= last], default=0)
        leaning = int(rng.integers(80, 131))
        for place, people in (
            ("", int(truth[at].sum())),
            *zip(geo.province_codes, truth[at].tolist(), strict=True),
        ):
            share = int(rng.integers(26, 38))
            audience = people * leaning * share // 10_000
            low, high = audience * 9 // 10 // 100 * 100, (audience * 11 // 10 // 100 + 1) * 100
            value, lower, upper = (
                (n * 100 // share + 50) // 100 * 100 for n in ((low + high) // 2, low, high)
            )
            period = f"{first}/{last}"
            results.append(
                {
                    "operation": keys.PROXY, "indicator": keys.AUDIENCE, "period": period, "place": place,
                    "audience_lower": low, "audience_upper": high, "share": share, "value": value, "lower": lower,
                    "upper": upper, "source": keys.BULLETINS[keys.PROXY],
                }
            )  # fmt: skip
            observations.append(
                _row(
                    keys.PROXY, keys.AUDIENCE, period, last + timedelta(days=20), float(value), lower=lower,
                    upper=upper, place=place, precision=codes.Precision.INTERVAL,
                    obs_status=codes.ObsStatus.EXPERIMENTAL,
                )
            )  # fmt: skip
    return Published(
        observations=records(OBSERVATIONS_BY_PLACE, observations),
        tables={"proxy_estimates": records(PROXY_ESTIMATES, results)},
    )


def planned(first_published: int) -> int:
    """The planning figure: a tenth more than the figure it was based on, to the thousand."""
    return (first_published * 11 // 10 + 500) // 1000 * 1000


def planning_rows(first_published: int, when: Schedule) -> pd.DataFrame:
    """One planning figure for a year, based on a round as it was first published."""
    at = rounds.CORRECTED_TWICE - 1
    year = when.last[at].year + 1
    base = number(first_published)
    row = _row(
        keys.PLAN, keys.PLANNED, str(year), when.known[at] + timedelta(days=PLAN_AFTER),
        float(planned(first_published)),
        precision=codes.Precision.ABOUT, obs_status=codes.ObsStatus.FORECAST,
        **words("note", "Based on {base} people, round 14 as first published, and a tenth more.",
                "Fondé sur {base} personnes, cycle 14 tel que publié d’abord, et un dixième de plus.", base=base),
    )  # fmt: skip
    return records(OBSERVATIONS_BY_PLACE, [row])

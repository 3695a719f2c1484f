"""The truth as tables: what really happened to every count of people, for comparing any analysis with it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.training import keys
from data.training.borders import Borders
from data.training.flows import FLOW_CAUSES, Flows
from data.training.geography import COMMUNES, PROVINCES, Geography
from data.training.observe import Observed
from data.training.people import AGES, CELLS, CLOSURES, ENTRIES, EXITS, NEVER, REASONS, TO_HOSTS, Block
from data.training.register import setting_words
from data.training.returnees import Returnees
from data.training.schedule import ROUNDS, Schedule
from data.training.survey import QUESTIONS, WAVES, Survey
from data.training.totals import Publications, Totals

Ints = npt.NDArray[np.int64]


def site_truth(block: Block, seen: Observed, geo: Geography) -> dict[str, pd.DataFrame]:
    """Sites, their people by round, every movement, and what the observation model was given of them."""
    names = keys.site_keys(block.number, block.sites)
    n = block.sites
    sites = pd.DataFrame(
        {
            "site": names,
            "area": block.area,
            "origin": np.array(geo.commune_codes[0], dtype=object)[block.origin],
            "reason": np.array(REASONS, dtype=object)[block.reason],
            "setting": setting_words(block.setting),
            "opened": block.opened + 1,
            "closed": pd.array(np.where(block.closes < NEVER, block.closes + 1, -1), dtype="Int64"),
            "closure": np.where(block.closes < NEVER, np.array(CLOSURES, dtype=object)[block.closure], ""),
            "lon": block.lon,
            "lat": block.lat,
            "household_size": block.household / 10,
            "renting_permille": block.rented,
        }
    )
    sites.loc[sites["closed"] == -1, "closed"] = pd.NA
    site, t = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(ROUNDS), indexing="ij"))
    cells = block.cells(block.stock).reshape(-1, len(CELLS))
    stocks = pd.DataFrame(
        {
            "site": names[site],
            "round": t + 1,
            "people": block.stock.ravel(),
            "households": block.households().ravel(),
        }
        | {f"{sex}_{age}": cells[:, at] for at, (sex, age) in enumerate(CELLS)}
    )
    moves = []
    for kind in (*ENTRIES, *EXITS):
        at, when = np.nonzero(block.moves[kind])
        moves.append(
            pd.DataFrame(
                {"site": names[at], "round": when + 1, "kind": kind, "entry": kind in ENTRIES,
                 "day": block.days[kind][at, when], "people": block.moves[kind][at, when]}
            )
        )  # fmt: skip
    visits = pd.DataFrame(
        {
            "site": names[site],
            "round": t + 1,
            "known": t >= seen.known_in[site],
            "listed": seen.listed.ravel(),
            "reached": seen.reached.ravel(),
            "visited": seen.visited.ravel(),
            "visit_day": seen.visit_day.ravel(),
            "carried_from": pd.array(
                np.where(seen.carried_from >= 0, seen.carried_from + 1, -1).ravel(), dtype="Int64"
            ),
            "carried_said": seen.flagged.ravel(),
        }
    )
    visits.loc[visits["carried_from"] == -1, "carried_from"] = pd.NA
    ledger = []
    for cause, values in seen.ledger.items():
        at, when = np.nonzero(values)
        ledger.append(
            pd.DataFrame({"site": names[at], "round": when + 1, "cause": cause, "people": values[at, when]})
        )
    return {
        "sites": sites,
        "site_stocks": stocks,
        "site_moves": pd.concat(moves, ignore_index=True),
        "site_visits": visits,
        "site_ledger": pd.concat(ledger, ignore_index=True),
    }


def area_truth(
    totals: Totals, back: Returnees, news: Publications, geo: Geography
) -> dict[str, pd.DataFrame]:
    """People by commune and round, how they changed, and why published figures differ."""
    t, area = (a.ravel() for a in np.meshgrid(np.arange(ROUNDS), np.arange(COMMUNES), indexing="ij"))
    version = geo.versions[t]
    truth = totals.truth
    stocks = pd.DataFrame(
        {
            "round": t + 1,
            "area": area,
            "adm3": np.array(geo.commune_codes, dtype=object)[version, area],
            "adm2": np.array(geo.district_codes, dtype=object)[geo.district_of[version, area]],
            "adm1": np.array(geo.province_codes, dtype=object)[geo.province_of[area]],
            "at_home": truth["at_home"].ravel(),
            "in_sites": truth["in_sites"].ravel(),
            "among_hosts": truth["among_hosts"].ravel(),
            "returnees": truth["returnees"].ravel(),
        }
    )
    # entries and exits of each of the four stocks, so that every balance can be checked
    to_hosts: Ints = np.sum([truth[f"sites/{kind}"] for kind in TO_HOSTS], axis=0)
    changes = {
        ("at_home", "displaced"): -truth["displaced"],
        ("at_home", "left_country"): -truth["left_country"],
        ("at_home", "came_back"): truth["came_back"],
        ("among_hosts", "from_sites"): to_hosts,
        ("returnees", "from_sites"): truth["came_home"],
        **{("in_sites", kind): truth[f"sites/{kind}"] for kind in ENTRIES},
        **{("in_sites", kind): -truth[f"sites/{kind}"] for kind in EXITS},
    }
    moves = []
    for (stock, kind), values in changes.items():
        r, a = np.nonzero(values)
        moves.append(
            pd.DataFrame({"round": r + 1, "area": a, "stock": stock, "kind": kind, "people": values[r, a]})
        )
    country = pd.DataFrame(
        {
            "round": np.arange(1, ROUNDS + 1),
            **{name: truth[name].sum(axis=1) for name in ("at_home", "in_sites", "among_hosts", "returnees")},
            "left_country": truth["left_country"].sum(axis=1),
            "came_back": truth["came_back"].sum(axis=1),
            "residents": truth["residents"].sum(axis=1),
        }
    )
    country["abroad"] = (country["left_country"] - country["came_back"]).cumsum()
    ledger = []
    for indicator, causes in ((keys.PEOPLE, totals.ledger), (keys.RETURNEES, back.ledger)):
        ledger += [_ledger(indicator, "", cause, values) for cause, values in causes.items()]
    for vintage, errors in news.errors.items():
        ledger.append(_ledger(keys.PEOPLE, vintage, "publication_error", errors))
    return {
        "area_stocks": stocks,
        "area_moves": pd.concat(moves, ignore_index=True),
        "country_stocks": country,
        "area_ledger": pd.concat(ledger, ignore_index=True),
    }


def _ledger(indicator: str, vintage: str, cause: str, values: Ints) -> pd.DataFrame:
    t, area = np.nonzero(values)
    return pd.DataFrame(
        {
            "indicator": indicator,
            "vintage": vintage,
            "round": t + 1,
            "area": area,
            "cause": cause,
            "people": values[t, area],
        }
    )


def flow_truth(flows: Flows) -> dict[str, pd.DataFrame]:
    """Movements on the road of every point by day, and by month why what was seen differs from them."""
    points, days = flows.observed.shape
    grid = np.meshgrid(np.arange(points), np.arange(2), np.arange(days), indexing="ij")
    point, side, day = (a.ravel() for a in grid)
    names = np.array([keys.point_key(p) for p in range(points)], dtype=object)
    directions = np.array(["in", "out"], dtype=object)
    by_day = pd.DataFrame(
        {
            "point": names[point],
            "direction": directions[side],
            "day": np.array([d.isoformat() for d in flows.days], dtype=object)[day],
            "travelled": flows.travelled.sum(axis=3).ravel(),
            "bypassed": flows.bypassed.sum(axis=3).ravel(),
            "local": flows.local.sum(axis=3).ravel(),
        }
    )
    months = flows.months()
    grid = np.meshgrid(np.arange(points), np.arange(2), np.arange(len(months)), indexing="ij")
    point, side, month = (a.ravel() for a in grid)
    by_month: Mapping[str, npt.NDArray[np.object_] | Ints] = {
        "point": names[point],
        "direction": directions[side],
        "month": np.array(months, dtype=object)[month],
        "travelled": flows.by_month(flows.travelled).sum(axis=3).ravel(),
        **{cause: flows.by_month(flows.ledger[cause]).sum(axis=3).ravel() for cause in FLOW_CAUSES},
    }
    return {"flow_days": by_day, "flow_ledger": pd.DataFrame(by_month)}


def border_truth(borders: Borders) -> dict[str, pd.DataFrame]:
    """Crossings by day and traveller, and how many residents are abroad on each day."""
    people = borders.crossed.sum(axis=4)
    posts, directions, travellers, days = people.shape
    grid = np.meshgrid(*(np.arange(n) for n in (posts, directions, travellers, days)), indexing="ij")
    post, side, who, day = (a.ravel() for a in grid)
    texts = np.array([d.isoformat() for d in borders.days], dtype=object)
    crossed = pd.DataFrame(
        {
            "post": np.array([keys.post_key(p) for p in range(posts)], dtype=object)[post],
            "direction": np.array(["exit", "entry"], dtype=object)[side],
            "traveller": np.array(["resident", "visitor"], dtype=object)[who],
            "day": texts[day],
            "people": people.ravel(),
            "counted": borders.open[post, day],
        }
    )
    resident = people[:, :, 0].sum(axis=0)
    abroad = pd.DataFrame({"day": texts, "left": resident[0], "came_back": resident[1]})
    abroad["abroad"] = (abroad["left"] - abroad["came_back"]).cumsum()
    return {"border_days": crossed, "abroad": abroad}


def survey_truth(survey: Survey, geo: Geography) -> dict[str, pd.DataFrame]:
    """True shares by stratum, in percent."""
    rows = [
        {"indicator": keys.ASKED[question], "wave": wave + 1, "stratum": geo.province_codes[p],
         "percent": int(survey.true[at, wave, p]) / 10, "households": int(survey.households[wave, p])}
        for at, question in enumerate(QUESTIONS)
        for wave in range(len(WAVES))
        for p in range(PROVINCES)
    ]  # fmt: skip
    return {"survey_shares": pd.DataFrame(rows)}


def resident_truth(geo: Geography, when: Schedule, times: int) -> dict[str, pd.DataFrame]:
    """Residents of each commune before anybody was displaced, and the days of the rounds."""
    return {
        "residents": pd.DataFrame(
            {"area": np.arange(COMMUNES), "adm3": list(geo.commune_codes[0]), "people": geo.residents * times}
        ),
        "rounds": pd.DataFrame(
            {"round": np.arange(1, ROUNDS + 1), "first": [d.isoformat() for d in when.first],
             "last": [d.isoformat() for d in when.last], "length": when.length}
        ),
    }  # fmt: skip


__all__ = ["AGES", "area_truth", "border_truth", "flow_truth", "resident_truth", "site_truth", "survey_truth"]

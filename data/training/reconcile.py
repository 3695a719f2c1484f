"""Published minus truth, by cause, for every round and area: the proof that one follows from the other.

The published side is read from the observations, the truth from its tables, the causes from the ledger of the
observation model. Nothing is adjusted: what does not add up stays as `unexplained_by_model`, which is zero.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.training import keys
from data.training.build import TrainingCountry
from data.training.flows import FLOW_CAUSES
from data.training.observe import CAUSES
from data.training.returnees import RETURNEE_CAUSES
from data.training.tables import BREAKDOWN_NAMES

LEVELS = ("adm3", "adm2", "adm1", "")
_TRUTH = {keys.PEOPLE: ["in_sites", "among_hosts"], keys.RETURNEES: ["returnees"]}


def reconcile(
    country: TrainingCountry, indicator: str = keys.PEOPLE, vintage: str = "newest", level: str = "adm3"
) -> pd.DataFrame:
    """The ledger of differences.

    Parameters
    ----------
    country : TrainingCountry
        What to reconcile.
    indicator : str
        Displaced people (`keys.PEOPLE`) or people who came home (`keys.RETURNEES`).
    vintage : str
        "newest" or "first".
    level : str
        "adm3", "adm2", "adm1", or "" for the country.

    Returns
    -------
    pd.DataFrame
        One row a round and area: round, place, truth, published (0 where there is no figure), difference
        = published - truth, one column a cause, and `unexplained_by_model` = difference - sum of the causes.

    Raises
    ------
    ValueError
        If the indicator has no truth by area, or level or vintage are unknown.
    """
    if indicator not in _TRUTH or level not in LEVELS or vintage not in {"newest", "first"}:
        raise ValueError(
            f"Nothing to reconcile for {indicator!r}, {vintage!r}, {level!r}: indicators {', '.join(_TRUTH)}, "
            "vintages newest and first, levels adm3, adm2, adm1 and ''."
        )
    areas = country.truth["area_stocks"]
    place = areas[level] if level else pd.Series("", index=areas.index)
    true = areas[_TRUTH[indicator]].sum(axis=1).groupby([areas["round"], place]).sum()
    true.index.names = ["round", "place"]
    found = true.rename("truth").reset_index()
    figures = (newest if vintage == "newest" else first)(country.tables["observations"], indicator)
    found = found.merge(figures.rename("published").reset_index(), how="left", on=["round", "place"])
    found["published"] = found["published"].fillna(0).astype(np.int64)
    found["difference"] = found["published"] - found["truth"]
    causes = _causes(country, indicator, vintage, areas.assign(place=place))
    found = found.merge(causes, how="left", on=["round", "place"])
    names = [name for name in causes.columns if name not in {"round", "place"}]
    found[names] = found[names].fillna(0).astype(np.int64)
    found["unexplained_by_model"] = found["difference"] - found[names].sum(axis=1)
    return found


def totals_only(observations: pd.DataFrame) -> pd.DataFrame:
    """The rows without sex, age, reason, origin, destination or assessment; places stay."""
    kept = np.ones(len(observations), dtype=np.bool_)
    for name in BREAKDOWN_NAMES:
        if name != "place":
            kept &= (observations[name] == "").to_numpy()
    return observations[kept]


def newest(observations: pd.DataFrame, indicator: str) -> pd.Series:
    """The figure of each round and place as it stands; missing where it was withdrawn or never counted."""
    rows = totals_only(observations[observations["indicator"] == indicator])
    last = rows.sort_values("known_by", kind="stable").drop_duplicates(["round", "place"], keep="last")
    return last.set_index(["round", "place"])["value"].astype("Float64")


def first(observations: pd.DataFrame, indicator: str) -> pd.Series:
    """The figure of each round and place as it was first published."""
    rows = totals_only(
        observations[(observations["indicator"] == indicator) & (observations["vintage"] == "first")]
    )
    return rows.set_index(["round", "place"])["value"].astype("Float64")


def _causes(country: TrainingCountry, indicator: str, vintage: str, areas: pd.DataFrame) -> pd.DataFrame:
    held = country.truth["area_ledger"]
    rows = held[held["indicator"] == indicator]
    errors = rows["vintage"] != ""
    # in the newest vintage, each figure that was wrong has been corrected
    rows = rows[~errors | (rows["vintage"] == "first") & (vintage == "first")]
    rows = rows.merge(areas[["round", "area", "place"]], on=["round", "area"])
    names = [*CAUSES] if indicator == keys.PEOPLE else [*RETURNEE_CAUSES, "withdrawn"]
    wide = rows.pivot_table(
        index=["round", "place"], columns="cause", values="people", aggfunc="sum", fill_value=0
    )
    wide = wide.reindex(columns=names, fill_value=0).reset_index()
    wide.columns.name = None
    if vintage == "newest":
        # a withdrawn figure is the first one taken back
        gone = country.tables["observations"]
        gone = gone[(gone["vintage"] == "withdrawn") & (gone["indicator"] == indicator)]
        taken = first(country.tables["observations"], indicator)
        taken = taken[taken.index.get_level_values("round").isin(gone["round"].unique())].fillna(0)
        back = taken.rename("taken").reset_index()
        wide = wide.merge(back, how="outer", on=["round", "place"]).fillna(0)
        wide["withdrawn"] = -wide["taken"].astype(np.int64)
        wide = wide.drop(columns="taken")
    return wide


def reconcile_flows(country: TrainingCountry) -> pd.DataFrame:
    """Movements published minus movements on the road, by point, direction, month and cause.

    Returns
    -------
    pd.DataFrame
        point, direction, month, travelled, published, one column a cause, and `unexplained_by_model`.
    """
    held = country.tables["observations"]
    parts = []
    for indicator, direction in ((keys.FLOW_IN, "in"), (keys.FLOW_OUT, "out")):
        rows = held[(held["indicator"] == indicator) & (held["place"] != "")]
        value = rows["value"].astype("Float64").fillna(0).astype(np.int64)
        part = {"point": rows["place"], "month": rows["period"], "published": value}
        parts.append(pd.DataFrame(part).assign(direction=direction))
    found = country.truth["flow_ledger"].merge(
        pd.concat(parts), how="left", on=["point", "month", "direction"]
    )
    explained = found[list(FLOW_CAUSES)].sum(axis=1)
    return found.assign(unexplained_by_model=found["published"] - found["travelled"] - explained)

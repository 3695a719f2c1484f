"""Where a service is lacking for most people: sites and people by area, in parts that sum to the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.area_tree import AreaTree, tree_at
from data.codes import Precision
from data.map_settings import LEVELS
from data.model import Provenance
from data.site_columns import CURRENT, OFF, SitesAt, people
from data.site_filter import SERVICES, services_asked, statuses
from data.store import Release

SUMS = (
    "lacking", "asked", "not_asked", "people_lacking", "people_asked", "uncounted", "asked_uncounted",
    "about_lacking", "about_asked",
)  # fmt: skip
ASKED = [SERVICES.index(status) for status in ("none", "partly", "available")]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServiceAreas:
    """The sites of a date by area, as a service was found at them.

    `table` has a row an area, most people lacking it first: pcode ("": no area of the level is known), name, and the
    columns of `SUMS`: sites lacking it, sites asked, sites not asked; people of the counts of this date at sites
    lacking it and at sites asked; sites lacking it, and sites asked, without such a count; and of the counts at sites
    lacking it, and at sites asked, how many are not exact. `whole` has the same sums of all sites.

    Raises
    ------
    ValueError
        If the rows do not sum to the whole: no site may be left out silently.
    """

    service: str
    round: int | None  # the newest one in which it was asked about; None: never
    level: str
    table: pd.DataFrame
    whole: pd.Series
    provenance: Provenance

    def __post_init__(self) -> None:
        for name in SUMS:
            if not np.isclose(float(self.table[name].sum()), float(self.whole[name])):
                raise ValueError(
                    f"{self.table[name].sum():g} in areas are not the {self.whole[name]:g} of all sites: {name}."
                )


def by_area(
    release: Release,
    at: SitesAt,
    service: str,
    level: str,
    kept: npt.NDArray[np.bool_],
    provenance: Provenance,
) -> ServiceAreas:
    """How a service was found, by area.

    Parameters
    ----------
    service : str
        Its name; what counts is the newest round up to the date that asked about it, as on the map.
    level : str
        One of `map_settings.LEVELS`, in the boundaries of the date.
    kept : array of bool, shape (n,)
        The sites to look at. Those closed or taken off the list by then, or of which nothing was
        published yet, are left out.
    provenance : Provenance
        Of the snapshot of the sites: what must be read with the figures.
    """
    mine = np.flatnonzero(kept & at.listed & ~np.isin(at.state, OFF))
    found, current = statuses(release, at, service)[mine], (at.age == CURRENT)[mine]
    lacks, asked = found == SERVICES.index("none"), np.isin(found, ASKED)
    counts = np.where(current, people(at)[mine], np.nan)
    number, silent = np.nan_to_num(counts), np.isnan(counts)
    about = ~silent & ~at.told("precision").isin({Precision.EXACT.value, ""})[mine]  # zero has no precision
    columns = {
        "lacking": lacks, "asked": asked, "not_asked": ~asked, "people_lacking": np.where(lacks, number, 0.0),
        "people_asked": np.where(asked, number, 0.0), "uncounted": lacks & silent,
        "asked_uncounted": asked & silent, "about_lacking": lacks & about, "about_asked": asked & about,
    }  # fmt: skip
    tree = tree_at(release, at.columns.operation, at.on)
    codes = at.columns.pcode_at(at.round)
    places = np.array([tree.at_level(str(label or ""), level) for label in codes.labels], dtype=object)
    names, of_label = np.unique(places, return_inverse=True)
    where = of_label[codes.codes[mine]]
    sums = {name: np.bincount(where, weights=cells, minlength=len(names)) for name, cells in columns.items()}
    table = pd.DataFrame(
        {"pcode": names, "name": [tree.areas[one].name if one else "" for one in names], **sums}
    )
    table = table[(table["asked"] + table["not_asked"]) > 0]
    return ServiceAreas(
        service=service,
        round=services_asked(release, at).get(service),
        level=level,
        table=table.sort_values(
            ["people_lacking", "lacking", "pcode"], ascending=[False, False, True], ignore_index=True
        ),
        whole=pd.Series({name: float(cells.sum()) for name, cells in columns.items()}),
        provenance=provenance,
    )


def level_within(tree: AreaTree, level: str, within: str) -> str:
    """The level by which an area is told: the wanted one, or the next finer than the area itself."""
    area = tree.areas.get(within)
    if area is None or area.level not in LEVELS or LEVELS.index(area.level) < LEVELS.index(level):
        return level
    finer = LEVELS[min(LEVELS.index(area.level) + 1, len(LEVELS) - 1)]
    return finer if any(one.level == finer for one in tree.areas.values()) else area.level

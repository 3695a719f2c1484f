"""Questions to a release: `Series` out of SQL with named parameters, and the way to all other questions.

What a release holds is in `data.catalogue`, its places are in `data.places_queries`; both can be asked here too.
No arithmetic.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from data.catalogue import Catalogue, Indicator, Round, Scoped, catalogue, frame, text_of
from data.errors import Unknown
from data.model import VALUE_COLUMNS, Provenance, Series, Text
from data.places_queries import (
    AGE_ROUNDS,
    flow_points,
    places_public,
    rounds_public,
    site_history,
    sites,
)
from data.series import known_on
from data.store import Release

__all__ = [
    "AGE_ROUNDS",
    "Catalogue",
    "Indicator",
    "Round",
    "Scoped",
    "catalogue",
    "flow_points",
    "forget",
    "places_public",
    "rounds_public",
    "series",
    "site_history",
    "sites",
    "variants",
]

OBSERVATIONS_OF = """
SELECT id AS obs, round, first, last, value, lower, upper, precision, obs_status, state, known_by, vintage, kind,
       derivation, source, note_en AS note, note_fr, coverage_en, coverage_fr
FROM observations
WHERE operation = $operation AND indicator = $indicator
  AND place = $area AND sex = '' AND age = '' AND reason = '' AND origin = '' AND destination = '' AND assessment = ''
ORDER BY last, known_by, id
"""
NAME_OF_PLACE = """
SELECT name FROM (
  SELECT pcode AS code, name FROM areas UNION ALL SELECT key AS code, name FROM sites
  UNION ALL SELECT key AS code, name FROM flow_points UNION ALL SELECT key AS code, name FROM border_posts
) AS named WHERE code = $area
"""
VARIANTS_OF = "SELECT * FROM variants WHERE operation = $operation ORDER BY period, key"


def series(release: Release, indicator: str, as_known_on: date | None = None, *, area: str = "") -> Series:
    """One indicator through time, as it was known on a day; made once for each release and kept for a while.

    Parameters
    ----------
    release : Release
        Where the values are taken from.
    indicator : str
        Key of the indicator.
    as_known_on : date, optional
        Only what was public by that day; None takes the newest.
    area : str
        Code of an area, or key of a site or point, within the indicator's own place.

    Raises
    ------
    Unknown
        If the release holds no such indicator, or no value of it in that area.
    """
    return _series(release, indicator, as_known_on, area)


def forget() -> None:
    """Keep no series: for measuring what the first one costs."""
    _series.cache_clear()
    _observations.cache_clear()


@lru_cache(maxsize=256)  # a release never changes, nor does what was read from it
def _series(release: Release, indicator: str, as_known_on: date | None, area: str) -> Series:
    held = catalogue(release)
    if indicator not in held.indicators:
        raise Unknown("indicator", indicator, [(i.key, i.subject.en) for i in held.indicators.values()])
    about = held.indicators[indicator]
    history, coverage = _observations(release, about.operation, indicator, area)
    if area and history.empty:
        raise Unknown("place with values of this indicator", area, [("", about.place_name.en)])
    if as_known_on is not None:  # what was published later is nowhere in a figure as it was known then
        public = np.flatnonzero((history["known_by"] <= pd.Timestamp(as_known_on)).to_numpy())
        history, coverage = history.iloc[public], [coverage[at] for at in public]
    covered = dict.fromkeys(coverage)
    method = held.methods[about.method]
    cited = tuple(held.sources[key] for key in dict.fromkeys(history["source"]))
    return Series(
        key=about.key,
        label=about.subject,
        unit=about.unit,
        measure=about.measure,
        population=about.population,
        setting=about.setting,
        granularity=about.granularity,
        place=about.place_name if not area else _place_name(release, area),
        counted=about.counted,
        not_counted=about.not_counted,
        values=known_on(history, None),
        history=history,
        provenance=Provenance(
            operations=(held.operations[about.operation],),
            sources=cited or (method.source,),
            methods=(method,),
            caveats=held.caveats_of(about.operation, indicator),
            events=held.events_of(about.operation, indicator),
            coverage=tuple(
                dict.fromkeys(
                    text_of({"coverage_en": english, "coverage_fr": french}, "coverage")
                    for english, french in covered
                    if english
                )
            ),
        ),
        as_known_on=as_known_on,
    )


@lru_cache(maxsize=256)  # read once for every day as of which it is asked; never changed
def _observations(
    release: Release, operation: str, indicator: str, area: str
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Every publication of a value, in the columns of a series with texts as plain objects; and what each covers."""
    found = frame(release, OBSERVATIONS_OF, operation=operation, indicator=indicator, area=area)
    texts = [name for name, kind in found.dtypes.items() if isinstance(kind, pd.StringDtype)]
    kinds = {"round": "Int64", "value": "float64", "lower": "float64", "upper": "float64"}
    typed = found.astype(kinds | dict.fromkeys(texts, np.dtype(object)))
    whole = typed.assign(rows=pd.Series([(obs,) for obs in typed["obs"]], index=typed.index, dtype="object"))
    covered = list(zip(typed["coverage_en"], typed["coverage_fr"], strict=True))
    # A copy has the columns of one kind together, so that rows are taken from it many times faster.
    return whole[list(VALUE_COLUMNS)].copy(), covered


def _place_name(release: Release, area: str) -> Text:
    """The name of an area, site or point; its code where none is held."""
    names = frame(release, NAME_OF_PLACE, area=area)["name"]
    return Text(area if names.empty else str(names.iloc[0]))


@lru_cache(maxsize=64)  # a release never changes; nor does what was read from it
def variants(release: Release, operation: str) -> pd.DataFrame:
    """Published values that contradict each other or do not add up: shown, not mended."""
    return frame(release, VARIANTS_OF, operation=operation)

"""Small training countries, each built once for all files of a process: nobody changes what is in them."""

from __future__ import annotations

from functools import cache

from data.training.build import TrainingCountry, build

SMALL = 120


@cache
def small_country(seed: int) -> TrainingCountry:
    """The country of a seed with few sites; everything but their number is as in the default."""
    return build(seed, sites=SMALL)

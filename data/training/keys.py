"""Keys of operations, indicators, sources and places: one spelling each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from data.training import schedule as rounds

# Operations
TRACKING, FLOW, BORDER, SURVEY = "xtr-mt", "xtr-fm", "xtr-bc", "xtr-svy"
REGISTRATION, PROXY, PLAN = "xtr-reg", "xtr-proxy", "xtr-plan"
OPERATIONS = (TRACKING, FLOW, BORDER, SURVEY, REGISTRATION, PROXY, PLAN)

# Indicators of mobility tracking
PEOPLE, HOUSEHOLDS, SITES = "xtr-idp", "xtr-hh", "xtr-sites"
CAMPS, HOSTS, RETURNEES = "xtr-camp", "xtr-host", "xtr-ret"
TRACKED = (PEOPLE, HOUSEHOLDS, SITES, CAMPS, HOSTS, RETURNEES)
# Indicators of the other operations
FLOW_IN, FLOW_OUT = "xtr-fm-in", "xtr-fm-out"
EXITS, ENTRIES = "xtr-bc-exit", "xtr-bc-entry"
ASKED = {"return": "xtr-svy-return", "documents": "xtr-svy-documents", "school": "xtr-svy-school",
         "water": "xtr-svy-water"}  # fmt: skip
REGISTERED, REGISTERED_HOUSEHOLDS = "xtr-reg-people", "xtr-reg-hh"
AUDIENCE, PLANNED = "xtr-proxy-people", "xtr-plan-people"

# Sources: one for the regular publications of an operation, one for each text that says something more
BULLETINS = {operation: f"{operation}-bulletins" for operation in OPERATIONS}
GEODATA = "xtr-geodata"
REGISTERED_ANEW = f"{REGISTRATION}-bulletin-r{rounds.RE_REGISTERED:02d}"
FIGURE_OF_PLAN, END_NOTICE = "xtr-plan-figure", "xtr-mt-notice-end"

BREAKS: Mapping[int, tuple[str, ...]] = {
    rounds.METHOD: (PEOPLE, HOUSEHOLDS, CAMPS, HOSTS),
    rounds.TAKEN_OFF: (PEOPLE, HOUSEHOLDS, SITES, CAMPS),
    rounds.TAKEN_OFF_UNSIZED: (PEOPLE, HOUSEHOLDS, SITES, CAMPS),
    rounds.RELISTED: (PEOPLE, HOUSEHOLDS, SITES, CAMPS),
    rounds.RECATEGORIZED: (CAMPS, HOSTS),
    rounds.RE_REGISTERED: (PEOPLE, HOUSEHOLDS, CAMPS),
    rounds.DEFINITION: (PEOPLE, HOUSEHOLDS, HOSTS),
    rounds.UNEXPLAINED: (PEOPLE, CAMPS, HOSTS),
    rounds.UNEXPLAINED + 1: (PEOPLE, CAMPS, HOSTS),
}


def bulletin(number: int) -> str:
    """The key of the bulletin of one round: a source with a day of its own."""
    return f"{TRACKING}-bulletin-r{number:02d}"


def notice(number: int, vintage: str) -> str:
    """The key of the notice that corrected or withdrew the figures of one round."""
    return f"{TRACKING}-notice-r{number:02d}-{vintage}"


def month_bulletin(operation: str, day: date) -> str:
    """The key of the bulletin of one month of an operation that counts by month."""
    return f"{operation}-bulletin-{day:%Y-%m}"


def site_key(index: int) -> str:
    """The key of a site by its number over all blocks."""
    return f"xtr-s{index:07d}"


def site_keys(block: int, sites: int) -> npt.NDArray[np.object_]:
    """The keys of all sites of a block."""
    return np.array([site_key(block * sites + at) for at in range(sites)], dtype=object)


def point_key(point: int) -> str:
    """The key of a flow monitoring point."""
    return f"xtr-fp-{point + 1:02d}"


def corridor_key(corridor: int) -> str:
    """The key of a corridor of flow monitoring points."""
    return f"xtr-road-{corridor + 1:02d}"


def post_key(post: int) -> str:
    """The key of a border crossing point."""
    return f"xtr-bp-{post + 1}"

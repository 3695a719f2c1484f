"""Tables that the training country needs beside those of `data.schema`, as the same kind of records.

None of them is about training: any operation that publishes areas, sites by round, flows by day, border
counts, surveys or proxy estimates can use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from data import codes
from data.schema import OBSERVATIONS, TABLES, Column, Kind, Table


class Sex(StrEnum):
    """As asked; "" is everybody."""

    FEMALE = "female"
    MALE = "male"


class Assessment(StrEnum):
    """Which kind of assessment a value comes from; two of them can count the same people."""

    BASELINE = "BA"  # of areas: displaced people in host communities
    SITE = "SA"  # of camps and collective centres


class Direction(StrEnum):
    """Relative to the region of a point, or to the country of a border post."""

    IN = "in"
    OUT = "out"
    ENTRY = "entry"
    EXIT = "exit"


class Closure(StrEnum):
    """Why a site closed, as published."""

    RETURN = "return"
    EVICTION = "eviction"
    GRANT = "grant"
    FORMALISED = "formalised"
    MERGED = "merged"
    UNKNOWN = "unknown"


class LinkKind(StrEnum):
    """How two entries of a site register belong together."""

    MERGED_INTO = "merged_into"
    SPLIT_FROM = "split_from"
    SAME_AS = "same_as"  # two entries that may be one site


class Match(StrEnum):
    """How sure it is that two entries are one site."""

    CONFIRMED = "confirmed"
    UNSURE = "unsure"


class Service(StrEnum):
    """What is asked about at a site."""

    WATER = "water"
    LATRINES = "latrines"
    WASTE = "waste"
    HEALTH = "health"
    SCHOOL = "school"


class ServiceState(StrEnum):
    """What was found of a service."""

    AVAILABLE = "available"
    PARTLY = "partly"
    NONE = "none"
    NOT_ASSESSED = "not_assessed"


_OPERATION = Column(name="operation", kind=Kind.KEY, required=True, refers_to="operations.key")
_SOURCE = Column(name="source", kind=Kind.KEY, required=True, refers_to="sources.key", hxl="#meta+source")
_SITE = Column(name="site", kind=Kind.KEY, required=True, refers_to="sites.key")
_ROUND = Column(name="round", kind=Kind.INTEGER, required=True, low=0)
_STATE = Column(name="state", kind=Kind.CODE, codes=codes.State, required=True)


def _code(name: str, of: type[StrEnum], *, required: bool = True, about: str = "") -> Column:
    return Column(name=name, kind=Kind.CODE, codes=of, required=required, about=about)


# Columns that observations gain; all of them empty is the total for the indicator's own place
BREAKDOWN = (
    Column(
        name="place", about="area, site, point or post; empty: the indicator's own place", hxl="#loc+code"
    ),
    _code("sex", Sex, required=False, about="empty: everybody"),
    Column(name="age", about="age group in years, such as 5-17; empty: every age"),
    Column(name="reason", kind=Kind.KEY, about="why people were displaced; empty: every reason"),
    Column(name="origin", about="P-code that people came from, or 'abroad'; empty: anywhere"),
    Column(name="destination", about="P-code that people go to, or 'abroad'; empty: anywhere"),
    _code("assessment", Assessment, required=False, about="empty: all assessments together"),
)
BREAKDOWN_NAMES = tuple(column.name for column in BREAKDOWN)

OBSERVATIONS_BY_PLACE = replace(
    OBSERVATIONS,
    columns=OBSERVATIONS.columns + BREAKDOWN,
    about="Published values, one row a value and vintage, in total and by place, sex, age, reason, origin",
)

AREAS = Table(
    name="areas",
    about="Admin areas by version of the boundaries; the geometry stands in a column of its own (EPSG:4326)",
    unique=("pcode", "version"),
    columns=(
        Column(name="pcode", required=True, hxl="#adm+code"),
        Column(
            name="version", kind=Kind.INTEGER, required=True, low=1, about="of the boundaries of its country"
        ),
        Column(name="level", required=True, about="adm0, adm1, adm2, adm3"),
        Column(name="name", required=True, hxl="#adm+name"),
        Column(name="name_ar", about="in Arabic letters", hxl="#adm+name+i_ar"),
        Column(name="parent", about="P-code of the area that it is part of"),
        Column(name="iso3", required=True, hxl="#country+code"),
        Column(name="first_round", kind=Kind.INTEGER, about="first round of the version"),
        Column(name="valid_from", kind=Kind.DAY, about="empty: from the beginning"),
        Column(name="valid_to", kind=Kind.DAY, about="empty: until now"),
        Column(name="was", about="P-code of the area in the version before, where it differs"),
        _SOURCE,
    ),
)

RESIDENTS = Table(
    name="residents",
    about="People who live in an area by estimate, displaced or not",
    unique=("pcode", "version", "year"),
    columns=(
        Column(name="pcode", required=True, hxl="#adm+code"),
        Column(name="version", kind=Kind.INTEGER, required=True, low=1),
        Column(name="year", kind=Kind.INTEGER, required=True, low=1900),
        Column(name="value", kind=Kind.NUMBER, required=True, low=0, hxl="#population"),
        _code("precision", codes.Precision),
        _code("obs_status", codes.ObsStatus),
        _SOURCE,
    ),
)

SITE_IDENTITIES = Table(
    name="site_identities",
    about="How a site was called and coded, from round to round: one site keeps one key",
    unique=("site", "first_round"),
    columns=(
        _SITE,
        Column(name="first_round", kind=Kind.INTEGER, required=True, low=0),
        Column(name="last_round", kind=Kind.INTEGER, low=0, about="empty: until now"),
        Column(name="code", required=True, about="as the producer wrote it", hxl="#loc+code"),
        Column(name="name", required=True, hxl="#loc+name"),
        Column(name="name_ar", about="in Arabic letters"),
        _code("setting", codes.Setting, about="as published"),
        Column(
            name="pcode",
            required=True,
            about="of its commune in the boundaries of these rounds",
            hxl="#adm3+code",
        ),
        _code("match", Match, about="whether it is surely the site of the rounds before"),
        _SOURCE,
    ),
)

SITE_LINKS = Table(
    name="site_links",
    about="Merges, splits and entries that may be one site",
    unique=("site", "kind", "other"),
    columns=(
        _SITE,
        _code("kind", LinkKind),
        Column(name="other", kind=Kind.KEY, required=True, refers_to="sites.key"),
        Column(name="round", kind=Kind.INTEGER, low=0, about="first round on the new basis; empty: in none"),
        _code("match", Match),
        Column(name="event", kind=Kind.KEY, refers_to="events.key"),
        _SOURCE,
    ),
)

SITE_CLOSURES = Table(
    name="site_closures",
    about="Sites that closed, and why",
    unique=("site", "round"),
    columns=(
        _SITE,
        _ROUND,
        Column(name="when", kind=Kind.DATE, required=True),
        _code("reason", Closure),
        _SOURCE,
    ),
)

SITE_EFFORT = Table(
    name="site_effort",
    about="Who was asked at a listed site in a round, and what the figure of the round rests on",
    unique=("site", "round"),
    columns=(
        _SITE,
        _ROUND,
        Column(name="reached", kind=Kind.YES_NO, required=True, about="no: the place could not be reached"),
        Column(name="visited", kind=Kind.YES_NO, required=True),
        Column(name="day", kind=Kind.DAY, about="of the visit"),
        Column(name="informants", kind=Kind.INTEGER, required=True, low=0, about="key informants asked"),
    ),
)

SITE_SERVICES = Table(
    name="site_services",
    about="Services at sites in the rounds that asked about them",
    unique=("site", "round", "service"),
    columns=(_SITE, _ROUND, _code("service", Service), _code("status", ServiceState)),
)

FLOW_DAYS = Table(
    name="flow_days",
    about="Movements seen at a point on a day, and the days on which nobody looked",
    unique=("point", "day", "direction"),
    columns=(
        _OPERATION,
        Column(name="point", kind=Kind.KEY, required=True, refers_to="flow_points.key"),
        Column(name="day", kind=Kind.DAY, required=True, hxl="#date"),
        _code("direction", Direction),
        Column(name="observed", kind=Kind.YES_NO, required=True),
        Column(name="hours", kind=Kind.NUMBER, required=True, low=0, high=24, unit="hours"),
        Column(name="value", kind=Kind.NUMBER, low=0, about="empty: not observed"),
        _STATE,
    ),
)

FLOW_PAIRS = Table(
    name="flow_pairs",
    about="Movements seen at a point in a month by stated origin and destination: not a route",
    unique=("point", "period", "direction", "origin", "destination"),
    columns=(
        _OPERATION,
        Column(name="point", kind=Kind.KEY, required=True, refers_to="flow_points.key"),
        Column(name="period", kind=Kind.DATE, required=True, hxl="#date"),
        _code("direction", Direction),
        Column(name="origin", required=True, about="P-code, or 'abroad'"),
        Column(name="destination", required=True, about="P-code, or 'abroad'"),
        Column(name="value", kind=Kind.NUMBER, required=True, low=0),
        _SOURCE,
    ),
)

BORDER_POSTS = Table(
    name="border_posts",
    about="Border crossing points",
    unique=("key",),
    columns=(
        Column(name="key", kind=Kind.KEY, required=True),
        _OPERATION,
        Column(name="name", required=True, hxl="#loc+name"),
        Column(name="name_ar"),
        Column(name="mode", kind=Kind.KEY, required=True, about="land, sea or air"),
        Column(name="iso3", required=True, hxl="#country+code"),
        Column(name="pcode", about="of its commune", hxl="#adm3+code"),
        Column(
            name="lon",
            kind=Kind.NUMBER,
            unit="degrees east",
            required=True,
            low=-180,
            high=180,
            hxl="#geo+lon",
        ),
        Column(
            name="lat",
            kind=Kind.NUMBER,
            unit="degrees north",
            required=True,
            low=-90,
            high=90,
            hxl="#geo+lat",
        ),
        _SOURCE,
    ),
)

BORDER_COUNTS = Table(
    name="border_counts",
    about="Entries and exits at a post in a month, by sex and age",
    unique=("post", "period", "direction", "sex", "age"),
    columns=(
        _OPERATION,
        Column(name="post", kind=Kind.KEY, required=True, refers_to="border_posts.key"),
        Column(name="period", kind=Kind.DATE, required=True, hxl="#date"),
        _code("direction", Direction),
        _code("sex", Sex),
        Column(name="age", required=True),
        Column(name="value", kind=Kind.NUMBER, low=0, about="empty: nobody counted in that month"),
        Column(name="days", kind=Kind.INTEGER, required=True, low=0, high=31, about="days with counting"),
        _STATE,
        _SOURCE,
    ),
)

SURVEY_RESULTS = Table(
    name="survey_results",
    about="Shares found by sample surveys, with what is needed to judge them",
    unique=("indicator", "period", "stratum"),
    columns=(
        _OPERATION,
        Column(name="indicator", kind=Kind.KEY, required=True, refers_to="indicators.key"),
        Column(name="period", kind=Kind.DATE, required=True, hxl="#date"),
        Column(name="stratum", about="P-code; empty: all strata, weighted"),
        Column(name="n", kind=Kind.INTEGER, required=True, low=0, about="households that answered"),
        Column(name="value", kind=Kind.NUMBER, required=True, low=0, high=100, unit="percent"),
        Column(name="lower", kind=Kind.NUMBER, required=True, low=0, high=100, unit="percent"),
        Column(name="upper", kind=Kind.NUMBER, required=True, low=0, high=100, unit="percent"),
        Column(
            name="level",
            kind=Kind.NUMBER,
            required=True,
            low=0,
            high=100,
            unit="percent",
            about="of the interval",
        ),
        Column(name="design_effect", kind=Kind.NUMBER, required=True, low=0),
        _SOURCE,
    ),
)

PROXY_ESTIMATES = Table(
    name="proxy_estimates",
    about="Estimates made from something else than a count, with the assumption that they rest on",
    unique=("indicator", "period", "place"),
    columns=(
        _OPERATION,
        Column(name="indicator", kind=Kind.KEY, required=True, refers_to="indicators.key"),
        Column(name="period", kind=Kind.DATE, required=True, hxl="#date"),
        Column(name="place", about="P-code; empty: the indicator's own place"),
        Column(name="audience_lower", kind=Kind.NUMBER, required=True, low=0, about="accounts, as printed"),
        Column(name="audience_upper", kind=Kind.NUMBER, required=True, low=0, about="accounts, as printed"),
        Column(name="share", kind=Kind.NUMBER, required=True, low=0, high=100, unit="percent",
               about="of the displaced assumed to have an account"),
        Column(name="value", kind=Kind.NUMBER, required=True, low=0),
        Column(name="lower", kind=Kind.NUMBER, required=True, low=0),
        Column(name="upper", kind=Kind.NUMBER, required=True, low=0),
        _SOURCE,
    ),
)  # fmt: skip

RASTERS = Table(
    name="rasters",
    about="Grids of cells such as residents by cell; the grid itself is the GeoTIFF of the same key",
    unique=("key",),
    columns=(
        Column(name="key", kind=Kind.KEY, required=True),
        _OPERATION,
        Column(name="title_en", required=True),
        Column(name="title_fr", required=True),
        Column(name="unit", required=True, about="what the number of a cell is: residents, or the name of a scale"),
        Column(name="year", kind=Kind.INTEGER, required=True, low=1900, about="that the numbers are of"),
        Column(name="licence", required=True),
        Column(name="note_en", required=True, about="what the numbers are and are not"),
        Column(name="note_fr", required=True, about="the same (French)"),
        Column(name="sha256", required=True, about="of the GeoTIFF, so that it can be checked outside the store"),
        _SOURCE,
    ),
)  # fmt: skip
# The GeoTIFF of each raster is kept as a table of one row, so that the store keeps, verifies and prunes it like any
# other object of a release.
RASTER_FILES = "raster_files"

NEW: Mapping[str, Table] = {
    table.name: table
    for table in (
        AREAS, RESIDENTS, SITE_IDENTITIES, SITE_LINKS, SITE_CLOSURES, SITE_EFFORT, SITE_SERVICES, FLOW_DAYS,
        FLOW_PAIRS, BORDER_POSTS, BORDER_COUNTS, SURVEY_RESULTS, PROXY_ESTIMATES, RASTERS,
    )
}  # fmt: skip
ALL: Mapping[str, Table] = {**TABLES, **NEW, "observations": OBSERVATIONS_BY_PLACE}

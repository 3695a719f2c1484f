"""The tables of the store as records of columns: one place that says what each column means.

A register (CSV) of the embedded dataset has exactly these columns; `data.tables.registers` checks every
cell against them. Text for readers comes in pairs `…_en`, `…_fr`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data import codes


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    KEY = "key"  # short stable name: a-z, 0-9 and hyphens, for links
    KEYS = "keys"  # several, with ";" between
    AREAS = "areas"  # codes of areas, with ";" between
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"  # DateSpan: 2013, 2013-09, 2013-09-30 or first/last
    DAY = "day"  # 2013-09-30
    CODE = "code"  # a member of the closed list `codes`
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, kind, unit and what it is for."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    codes: type[StrEnum] | None = None
    unit: str = ""
    hxl: str = ""
    low: float | None = None
    high: float | None = None
    refers_to: str = ""  # "table.column" whose values these are
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its columns, and the columns that make a row unique."""

    name: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    about: str

    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def _key(about: str = "") -> Column:
    return Column(name="key", kind=Kind.KEY, required=True, about=about)


def _words(
    stem: str, *, required: bool = True, french: bool = True, about: str = ""
) -> tuple[Column, Column]:
    """A text in both languages; with `french` False, English alone will do."""
    return (
        Column(name=f"{stem}_en", required=required, about=about),
        Column(name=f"{stem}_fr", required=required and french, about=f"{about} (French)"),
    )


def _code(name: str, of: type[StrEnum], *, required: bool = True, about: str = "") -> Column:
    return Column(name=name, kind=Kind.CODE, codes=of, required=required, about=about)


_OPERATION = Column(name="operation", kind=Kind.KEY, required=True, refers_to="operations.key")
_AREAS = Column(
    name="areas", kind=Kind.AREAS, hxl="#adm+code",
    about="codes of the areas that it is about, in any version of their boundaries; empty: of no area of its own",
)  # fmt: skip
_SOURCE = Column(name="source", kind=Kind.KEY, required=True, refers_to="sources.key", hxl="#meta+source")

SOURCES = Table(
    name="sources",
    about="Documents, pages and files that were read",
    unique=("key",),
    columns=(
        _key(),
        Column(name="title", required=True, about="as printed; not translated"),
        Column(name="publisher", required=True),
        Column(name="published", kind=Kind.DATE, about="interval of publication; empty: no date found"),
        *_words("read_as", about="what was in hand: the report, a copy, the press quoting it"),
        Column(name="credit", about="the prescribed credit"),
        Column(name="licence", required=True),
    ),
)

METHODS = Table(
    name="methods",
    about="How values were made and what the digits can bear",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        *_words("text"),
        *_words("accuracy", about="what the method can bear, in a few words"),
        Column(
            name="rounds_figures",
            kind=Kind.YES_NO,
            required=True,
            about="shown on the rounding ladder with 'about'",
        ),
        _SOURCE,
    ),
)

OPERATIONS = Table(
    name="operations",
    about="Data collection exercises; two are never joined into one line",
    unique=("key",),
    columns=(
        _key(),
        Column(name="iso3", required=True, hxl="#country+code", about="several with ';'"),
        *_words("country"),
        *_words("title"),
        _code("component", codes.Component),
        _code("population", codes.Population),
        Column(name="producer", required=True),
        Column(name="credit", required=True),
        Column(name="licence", required=True),
        _code("sensitivity", codes.Sensitivity),
        Column(name="synthetic", kind=Kind.YES_NO, required=True),
        _code("best_page", codes.OpeningPage, about="map or trends: the page its data carry best"),
        Column(
            name="lead_indicator",
            kind=Kind.KEY,
            refers_to="indicators.key",
            about="the indicator shown first; empty: places only",
        ),
        Column(
            name="view_west",
            kind=Kind.NUMBER,
            unit="degrees",
            low=-180,
            high=180,
            about="first view of the map",
        ),
        Column(name="view_south", kind=Kind.NUMBER, unit="degrees", low=-90, high=90),
        Column(name="view_east", kind=Kind.NUMBER, unit="degrees", low=-180, high=180),
        Column(name="view_north", kind=Kind.NUMBER, unit="degrees", low=-90, high=90),
    ),
)

CARD_LINES = Table(
    name="card_lines",
    about="Who made this count: each line known, or not stated with where one looked",
    unique=("operation", "field"),
    columns=(
        _OPERATION,
        _code("field", codes.CardField),
        *_words("text", required=False, about="empty: not stated"),
        *_words("looked_in", about="texts that were looked through"),
    ),
)

ROUNDS = Table(
    name="rounds",
    about="Cycles of collection at their true dates",
    unique=("operation", "number"),
    columns=(
        _OPERATION,
        Column(name="number", kind=Kind.INTEGER, required=True, low=0, about="as the producer numbers it"),
        Column(name="period", kind=Kind.DATE, required=True, hxl="#date"),
        Column(
            name="inferred",
            kind=Kind.YES_NO,
            required=True,
            about="yes: the number follows by counting, it was not read",
        ),
        Column(name="tool", about="version of the tool, e.g. 'DTM v2.0'"),
    ),
)

INDICATORS = Table(
    name="indicators",
    about="What a value counts, of whom, where, and how it may be added up",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        *_words(
            "subject", about="what is counted, as the start of a sentence: 'People in displacement sites'"
        ),
        _code("unit", codes.Unit),
        _code("measure", codes.Measure),
        _code("population", codes.Population),
        _code("setting", codes.Setting),
        _code("granularity", codes.Granularity),
        Column(
            name="place",
            required=True,
            hxl="#adm+code",
            about="P-code, iso3, or the key of a group of points",
        ),
        *_words("place_name"),
        *_words("counted", about="who is counted"),
        *_words("not_counted", about="who is not"),
        Column(name="method", kind=Kind.KEY, required=True, refers_to="methods.key"),
        Column(
            name="effort",
            kind=Kind.KEY,
            refers_to="indicators.key",
            about="indicator drawn below as observation effort",
        ),
        Column(
            name="totals",
            kind=Kind.KEY,
            refers_to="indicators.key",
            about="indicator of published period totals drawn behind",
        ),
        Column(name="window", kind=Kind.DATE, about="period drawn first; the whole is always one step away"),
        Column(
            name="shown",
            kind=Kind.INTEGER,
            required=True,
            about="order of its card on Trends; 0: no card of its own",
        ),
    ),
)

OBSERVATIONS = Table(
    name="observations",
    about="Published values, one row a value and vintage",
    unique=("id",),
    columns=(
        Column(name="id", required=True, about="indicator, period and vintage, e.g. hti-idp-r16-bulletin"),
        _OPERATION,
        Column(
            name="indicator", kind=Kind.KEY, required=True, refers_to="indicators.key", hxl="#indicator+code"
        ),
        Column(name="round", kind=Kind.INTEGER, low=0),
        Column(name="period", kind=Kind.DATE, required=True, hxl="#date"),
        Column(name="value", kind=Kind.NUMBER, hxl="#affected", low=0),
        Column(name="lower", kind=Kind.NUMBER, low=0),
        Column(name="upper", kind=Kind.NUMBER, low=0),
        _code("precision", codes.Precision),
        _code("obs_status", codes.ObsStatus),
        _code("conf_status", codes.ConfStatus),
        _code("state", codes.State),
        Column(name="vintage", required=True, about="first, corrected, api-2025-10, …: which publication"),
        _code("kind", codes.RowKind),
        Column(name="derivation", about="the arithmetic of a derived value"),
        *_words("coverage", required=False),
        *_words("note", required=False),
        _SOURCE,
        Column(
            name="known_by", kind=Kind.DAY, required=True, about="first day by which it was surely public"
        ),
    ),
)

CAVEATS = Table(
    name="caveats",
    about="Standing limits",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        Column(
            name="indicators",
            kind=Kind.KEYS,
            refers_to="indicators.key",
            about="empty: every indicator of the operation",
        ),
        Column(name="period", kind=Kind.DATE, about="empty: it always holds"),
        _AREAS,
        *_words("title", french=False),
        *_words("text", french=False),
        _SOURCE,
    ),
)

EVENTS = Table(
    name="events",
    about="The ledger: dated, typed entries about the figures",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        Column(
            name="indicators",
            kind=Kind.KEYS,
            refers_to="indicators.key",
            about="empty: every indicator of the operation",
        ),
        _code("kind", codes.EventKind),
        Column(name="when", kind=Kind.DATE, required=True),
        Column(name="first_round", kind=Kind.INTEGER, about="first round on the new basis"),
        Column(name="breaks", kind=Kind.YES_NO, required=True),
        _code("status", codes.ObsStatus, required=False),
        _code("claim", codes.ClaimStatus),
        *_words("headline", french=False, about="what happened, in a few words"),
        *_words("text", french=False),
        *_words("reason", required=False),
        *_words("asked_by", required=False),
        *_words("decided_by", required=False),
        *_words("criticised_by", required=False),
        *_words("reply", required=False),
        Column(
            name="details_source",
            kind=Kind.KEY,
            refers_to="sources.key",
            about="where reason, who asked and decided, criticism and reply were read; empty: in the source",
        ),
        Column(name="follows", kind=Kind.KEY, refers_to="events.key", about="the event that this came after"),
        Column(name="answers", kind=Kind.KEY, refers_to="events.key", about="the event that this criticises"),
        Column(name="sites", kind=Kind.KEYS, refers_to="sites.key"),
        _AREAS,
        Column(
            name="about_observation",
            refers_to="observations.id",
            about="the value that was used, corrected, published",
        ),
        _SOURCE,
    ),
)

EFFECTS = Table(
    name="effects",
    about="What an event did to an indicator, as published",
    unique=("event", "indicator"),
    columns=(
        Column(name="event", kind=Kind.KEY, required=True, refers_to="events.key"),
        Column(name="indicator", kind=Kind.KEY, required=True, refers_to="indicators.key"),
        Column(name="value", kind=Kind.NUMBER, required=True, about="signed: a fall is negative"),
        _code("unit", codes.Unit),
        _code("precision", codes.Precision),
        *_words("note", required=False),
    ),
)

SITES = Table(
    name="sites",
    about="Displacement sites by name, with what is known of their place",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        Column(name="name", required=True, hxl="#loc+name"),
        _code("layer", codes.SiteLayer),
        Column(name="commune", hxl="#adm2+name"),
        Column(name="commune_pcode", hxl="#adm2+code"),
        Column(name="lon", kind=Kind.NUMBER, unit="degrees east", low=-180, high=180, hxl="#geo+lon"),
        Column(name="lat", kind=Kind.NUMBER, unit="degrees north", low=-90, high=90, hxl="#geo+lat"),
        Column(
            name="accuracy_m",
            kind=Kind.NUMBER,
            unit="metres",
            low=0,
            about="radius; empty: not stated in metres",
        ),
        *_words("accuracy", required=False, about="as stated"),
        *_words("note", required=False),
        _SOURCE,
    ),
)

SITE_STATES = Table(
    name="site_states",
    about="What became known of a site, when",
    unique=("site", "when", "state"),
    columns=(
        Column(name="site", kind=Kind.KEY, required=True, refers_to="sites.key"),
        Column(name="when", kind=Kind.DATE, required=True),
        Column(name="round", kind=Kind.INTEGER),
        _code("state", codes.State),
        Column(name="value", kind=Kind.NUMBER, low=0),
        _code("unit", codes.Unit, required=False),
        _code("precision", codes.Precision, required=False),
        *_words("text"),
        Column(name="event", kind=Kind.KEY, refers_to="events.key"),
        _SOURCE,
    ),
)

FLOW_POINTS = Table(
    name="flow_points",
    about="Flow monitoring points",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        Column(name="name", required=True, hxl="#loc+name"),
        Column(name="iso3", required=True, hxl="#country+code"),
        Column(name="adm1", hxl="#adm1+name"),
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
        Column(name="active_from", kind=Kind.DATE, about="empty: not stated"),
        *_words("note", required=False),
        _SOURCE,
    ),
)

CORRIDORS = Table(
    name="corridors",
    about="Flow monitoring points that are read beside each other: of one road, or counted together",
    unique=("corridor", "point"),
    columns=(
        _OPERATION,
        Column(
            name="corridor",
            kind=Kind.KEY,
            required=True,
            about="also the place of an indicator that counts its points together",
        ),
        *_words("name", about="of the corridor: the road, or why its points stand together"),
        Column(name="point", kind=Kind.KEY, required=True, refers_to="flow_points.key"),
        Column(
            name="order", kind=Kind.INTEGER, required=True, low=1, about="of the point along the corridor"
        ),
        *_words("bypass", required=False, about="what is published of other roads; empty: nothing was found"),
        _SOURCE,
    ),
)

INCIDENTS = Table(
    name="incidents",
    about="What happened at a place on a day, by whom it was told, and how closely its place is known",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        _code("kind", codes.IncidentKind),
        Column(name="when", kind=Kind.DATE, required=True, hxl="#date"),
        Column(name="place", required=True, about="as stated, in words", hxl="#loc+name"),
        Column(name="pcode", about="of the smallest area that is stated", hxl="#adm+code"),
        Column(name="site", kind=Kind.KEY, refers_to="sites.key", about="where it happened at a site"),
        _code("located", codes.Located, about="how closely its place is stated"),
        Column(name="lon", kind=Kind.NUMBER, unit="degrees east", low=-180, high=180, hxl="#geo+lon"),
        Column(name="lat", kind=Kind.NUMBER, unit="degrees north", low=-90, high=90, hxl="#geo+lat"),
        Column(
            name="accuracy_m", kind=Kind.NUMBER, unit="metres", low=0,
            about="radius around the point in which it happened; empty: not stated",
        ),
        Column(name="value", kind=Kind.NUMBER, low=0, hxl="#affected", about="people affected; empty: not published"),
        _code("precision", codes.Precision, required=False, about="how the number of people was printed"),
        _code("claim", codes.ClaimStatus),
        *_words("said_by", required=False, about="who says so; empty: the publisher of the source"),
        *_words("text"),
        _SOURCE,
        Column(name="known_by", kind=Kind.DAY, required=True, about="first day by which it was surely public"),
    ),
)  # fmt: skip

PLACES = Table(
    name="places",
    about="Admin areas with P-codes",
    unique=("pcode",),
    columns=(
        Column(name="pcode", required=True, hxl="#adm+code"),
        Column(name="name", required=True, hxl="#adm+name"),
        Column(name="level", required=True, about="adm0, adm1, adm2"),
        Column(name="parent"),
        Column(name="iso3", required=True),
        _SOURCE,
    ),
)

VARIANTS = Table(
    name="variants",
    about="Two published values for one thing, or sums that do not add up: flagged, not mended",
    unique=("key",),
    columns=(
        _key(),
        _OPERATION,
        Column(
            name="indicators",
            kind=Kind.KEYS,
            refers_to="indicators.key",
            about="empty: it touches no card of its own",
        ),
        Column(name="period", kind=Kind.DATE, required=True),
        *_words("subject"),
        Column(name="value_a", required=True, about="as printed"),
        Column(name="source_a", required=True),
        Column(name="value_b", required=True, about="as printed, or the arithmetic"),
        Column(name="source_b", required=True),
        *_words("nature"),
        *_words("note", required=False),
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        SOURCES, OPERATIONS, METHODS, CARD_LINES, ROUNDS, INDICATORS, OBSERVATIONS, CAVEATS, EVENTS, EFFECTS,
        SITES, SITE_STATES, FLOW_POINTS, CORRIDORS, INCIDENTS, PLACES, VARIANTS,
    )
}  # fmt: skip

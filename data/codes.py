"""The closed lists of words and codes: nothing outside them enters a table.

Names follow the field: SDMX for the status of a value, IOM's DTM for components, IDMC for quantifiers,
IRIS for stock and flow. Adding a member is a decision about meaning: its words go into `words/` too.
"""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    """How a count may be added up."""

    STOCK = "stock"  # people on a day: never summed over time
    FLOW = "flow"  # movements in a period: one person can move many times


class Component(StrEnum):
    """Which kind of data collection an operation is."""

    MOBILITY_TRACKING = "mobility_tracking"
    FLOW_MONITORING = "flow_monitoring"
    SURVEY = "survey"
    REGISTRATION = "registration"  # aggregates only
    BORDER_CROSSING = "border_crossing"
    PROXY_ESTIMATE = "proxy_estimate"
    PLANNING = "planning"  # a figure made from another figure, not from a count


class Population(StrEnum):
    """Whom a value counts."""

    IDPS = "idps"
    RETURNEES = "returnees"
    MIGRANTS = "migrants"
    REFUGEES_AND_MIGRANTS = "refugees_and_migrants"
    TRAVELLERS = "travellers"  # people seen moving past a point, whoever they are
    RESPONDENTS = "respondents"
    RESIDENTS = "residents"


class Setting(StrEnum):
    """Where the counted people are."""

    SITES = "sites"
    CAMP = "camp"
    COLLECTIVE_CENTRE = "collective_centre"
    HOST_COMMUNITY = "host_community"
    FLOW_POINT = "flow_point"
    BORDER_POST = "border_post"
    ANY = "any"


class Unit(StrEnum):
    """What one of a value is."""

    INDIVIDUALS = "individuals"
    HOUSEHOLDS = "households"
    FAMILIES = "families"
    SITES = "sites"
    MOVEMENTS = "movements"
    ENTRIES = "entries"
    SURVEYS = "surveys"
    PERCENT = "percent"


class Precision(StrEnum):
    """How a number was printed; what the method can bear is the method's accuracy."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    INTERVAL = "interval"


class ObsStatus(StrEnum):
    """SDMX CL_OBS_STATUS 2.2, the codes in use here."""

    NORMAL = "A"
    BREAK = "B"
    DEFINITION_DIFFERS = "D"
    ESTIMATED = "E"
    FORECAST = "F"
    EXPERIMENTAL = "G"
    IN_ANOTHER_CATEGORY = "K"
    NOT_COLLECTED = "L"
    CANNOT_EXIST = "M"
    MISSING = "O"
    PROVISIONAL = "P"
    SUPPRESSED = "Q"
    SPECIAL_EVENT = "S"
    LOW_RELIABILITY = "U"
    UNVALIDATED = "V"
    WITH_ANOTHER_CATEGORY = "W"


class ConfStatus(StrEnum):
    """SDMX CL_CONF_STATUS, the codes in use here."""

    FREE = "F"
    SMALL_COUNTS = "A"
    SECONDARY = "S"
    EMBARGO = "E"
    INTERNAL = "N"


class State(StrEnum):
    """The seven states of assessment: seven marks, never merged."""

    COUNTED = "counted"
    COUNTED_ZERO = "counted_zero"
    NOT_ASSESSED = "not_assessed"
    WITHHELD = "withheld"
    DELISTED = "delisted"
    CLOSED = "closed"
    NO_DATA = "no_data"


class EventKind(StrEnum):
    """What an entry of the ledger is about."""

    DELISTING = "delisting"
    RELISTING = "relisting"
    RECATEGORIZATION = "recategorization"
    RE_REGISTRATION = "re_registration"
    METHOD_CHANGE = "method_change"
    DEFINITION_CHANGE = "definition_change"
    COVERAGE_CHANGE = "coverage_change"
    FREQUENCY_CHANGE = "frequency_change"
    BOUNDARY_CHANGE = "boundary_change"
    SITE_MERGE_OR_SPLIT = "site_merge_or_split"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    START = "start"
    END = "end"
    UNEXPLAINED_BREAK = "unexplained_break"
    PROGRAMME = "programme"
    CLEARANCE = "clearance"
    PUBLICATION = "publication"
    USE_OF_FIGURE = "use_of_figure"
    CRITICISM = "criticism"
    CONTEXT = "context"


class ClaimStatus(StrEnum):
    """Who stands behind an entry. Only what is published may cut a line or set a state."""

    PUBLISHED = "published"
    REPORTED = "reported"
    ALLEGED = "alleged"
    DISPUTED = "disputed"


class IncidentKind(StrEnum):
    """What happened at a place on a day. Nobody who did it is ever named."""

    EVICTION = "eviction"
    STORM = "storm"
    INUNDATION = "inundation"
    LANDSLIDE = "landslide"
    EARTHQUAKE = "earthquake"
    FIRE = "fire"
    VIOLENCE = "violence"
    OUTBREAK = "outbreak"
    OTHER = "other"


class Located(StrEnum):
    """How closely it is stated where something happened, from the place itself outward."""

    PLACE = "place"  # the site, village or crossing itself
    NEAR = "near"  # near a named place
    ADM3 = "adm3"
    ADM2 = "adm2"
    ADM1 = "adm1"
    ADM0 = "adm0"
    NOT_STATED = "not_stated"


class RowKind(StrEnum):
    """Whether somebody published a value or it is arithmetic on published ones."""

    PUBLISHED = "published"
    DERIVED = "derived"


class Granularity(StrEnum):
    """The length of the periods of an indicator."""

    ROUND = "round"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    PERIOD = "period"  # published for a period of its own: never split into months


class SiteLayer(StrEnum):
    """Who says that a site exists."""

    REGISTER = "register"  # named by the producer or by a report about the operation
    CROWD = "crowd"  # reports from the public, a few verified: not counts of the operation


class OpeningPage(StrEnum):
    """The page that the data of an operation carry best."""

    MAP = "map"
    TRENDS = "trends"


class CardField(StrEnum):
    """The lines of "who made this count"; each is known or says where one looked."""

    COLLECTOR = "collector"
    REQUESTED_BY = "requested_by"
    FUNDERS = "funders"
    PURPOSE = "purpose"
    GOVERNMENT_SHARE = "government_share"
    VALIDATION = "validation"
    CLEARANCE = "clearance"
    BASED_ON = "based_on"
    ENDED = "ended"


class Sensitivity(StrEnum):
    """Who may see an operation; unlabelled counts as not public."""

    PUBLIC = "public"
    PARTNERS = "partners"
    INTERNAL = "internal"

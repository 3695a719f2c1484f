"""The colour class of each site: which of a few things is said of it, for the map and its legend alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.area_figures import since_of, since_shown
from data.area_people import Moment, at_or_before, between, earlier_of, offered_by
from data.catalogue import catalogue
from data.codes import Precision, Setting
from data.errors import Unknown
from data.map_facts import services
from data.map_settings import MapSettings
from data.parts import STATES
from data.site_columns import AGE_ROUNDS, OFF, SitesAt, last_counted, people, sites_at, unit_drawn
from data.site_filter import SERVICES, services_asked, statuses
from data.store import Release

NONE = 255  # no class
TYPES = (Setting.CAMP, Setting.COLLECTIVE_CENTRE, Setting.HOST_COMMUNITY, Setting.SITES, Setting.ANY)
CHANGES = (
    "halved",
    "fell",
    "same",
    "rose",
    "doubled",
    "not_comparable",
    "not_exact",
    "not_both",
    "no_earlier",
)
AGES = ("this_round", "one_round", "two_rounds", "too_old", "never")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteClasses:
    """Classes of sites: `codes` (n,) are places in `keys`, 255 none; `title_key` and `keys` are of the words.

    `about` is the service, or the day that a change is from, where the colour is about one; "" else.
    """

    codes: npt.NDArray[np.uint8]
    keys: tuple[str, ...]
    title_key: str
    about: str = ""


def classes_of(release: Release, at: SitesAt, settings: MapSettings) -> SiteClasses:
    """The classes of the colour that is chosen.

    `state`: the seven states. `type`: the kind of site as published, the last class is none published. `age`: rounds
    since the last count. `change`: since `settings.since`, on the later of two maps since the other's date, else since
    the round before; from half and twice on it is said so. `gap`: what the newest round found of `settings.service`,
    else of the first service asked about; sites that are closed or off the list have no class.

    Notes
    -----
    A change is only said of two exact counts in one unit with no published break between the two dates: with one,
    every site of both dates is `not_comparable` and has no colour of a change. Where there is no earlier date, every
    site is `no_earlier`.

    Raises
    ------
    Unknown
        If the round of `settings.since` or `settings.vs` is not held, or the operation asked about services and never
        about that one.
    """
    made = {"state": _state, "type": _type, "age": _age, "change": _change, "gap": _gap}
    return made[settings.colour](release, at, settings)


def _state(_: Release, at: SitesAt, __: MapSettings) -> SiteClasses:
    keys = tuple(f"state.{state.value}" for state in STATES)
    return SiteClasses(codes=at.state.astype(np.uint8), keys=keys, title_key="points.by_state")


def _type(_: Release, at: SitesAt, __: MapSettings) -> SiteClasses:
    setting = at.columns.setting_at(at.round)
    place = {kind.value: n for n, kind in enumerate(TYPES)}
    codes = np.array([place.get(str(label or ""), len(TYPES)) for label in setting.labels], dtype=np.uint8)
    keys = (*(f"points.type_{kind.value}" for kind in TYPES), "points.type_none")
    return SiteClasses(codes=codes[setting.codes], keys=keys, title_key="points.by_type")


def _age(release: Release, at: SitesAt, __: MapSettings) -> SiteClasses:
    last = last_counted(release, at)
    ends = [
        r.period.last
        for r in catalogue(release).rounds.get(at.columns.operation, ())
        if r.period.last <= at.on
    ]
    days = np.array(ends, dtype="datetime64[D]")
    missed = len(days) - np.searchsorted(days, last, side="right")
    codes = np.minimum(missed, AGE_ROUNDS + 1).astype(np.uint8)
    codes[np.isnat(last)] = AGES.index("never")
    return SiteClasses(
        codes=codes, keys=tuple(f"points.age_{age}" for age in AGES), title_key="points.by_age"
    )


def _change(release: Release, at: SitesAt, settings: MapSettings) -> SiteClasses:
    keys, before = tuple(f"points.change_{change}" for change in CHANGES), since(release, at, settings)
    codes = np.full(len(at), CHANGES.index("not_both"), dtype=np.uint8)
    if before is None:
        codes[:] = CHANGES.index("no_earlier")
        return SiteClasses(codes=codes, keys=keys, title_key="points.by_change")
    a, b = people(before), people(at)
    both = ~np.isnan(a) & ~np.isnan(b) & (at.missed == 0) & (before.missed == 0)
    both &= unit_drawn(before) == unit_drawn(at)
    said = [b == a, b <= a / 2, b < a, b >= 2 * a]
    places = [CHANGES.index(name) for name in ("same", "halved", "fell", "doubled")]
    codes[both] = np.select(said, places, CHANGES.index("rose"))[both]
    codes[both & ~(exact(before) & exact(at))] = CHANGES.index("not_exact")
    if broken(release, before, at):
        codes[both] = CHANGES.index("not_comparable")
    return SiteClasses(codes=codes, keys=keys, title_key="points.by_change", about=before.on.isoformat())


def since(release: Release, at: SitesAt, settings: MapSettings) -> SitesAt | None:
    """The sites at the date that a change is from, None where there is none before.

    A day takes the last round that ended by then, and of two maps the later one the date of the other, as the change
    of areas does.

    Raises
    ------
    Unknown
        If the round is not held.
    """
    held, operation = catalogue(release), at.columns.operation
    ends = sorted(
        (Moment(round=r.number, last=r.period.last) for r in held.rounds.get(operation, ())),
        key=lambda m: m.last,
    )
    chosen = since_of(since_shown(release, operation, at.on, settings))
    now = at_or_before(ends, at.on)
    found = ends if chosen is not None else offered_by(release, operation, ends, at.as_known_on)
    then = earlier_of(held, found, now, chosen, operation)
    return None if then is None else sites_at(release, operation, then.last, at.as_known_on, at.columns.layer)


def exact(at: SitesAt) -> npt.NDArray[np.bool_]:
    """Whose count was published as exact, shape (n,); one without a precision, such as zero, is taken as exact."""
    return at.told("precision").isin({Precision.EXACT.value, ""})


def broken(release: Release, before: SitesAt, after: SitesAt) -> bool:
    """Whether a published break lies between two dates."""
    held, operation = catalogue(release), after.columns.operation
    events = held.events_of(operation, held.lead[operation] or None)
    sides = (Moment(round=at.round, last=at.on) for at in (before, after))
    return any(event.breaks for event in between(events, *sides))


def _gap(release: Release, at: SitesAt, settings: MapSettings) -> SiteClasses:
    # at any date: before one was asked about there is no answer
    offered = services(release, at.columns.operation)
    first = next(iter(services_asked(release, at) or offered), "")
    service = settings.service.split(",")[0] or settings.lacks.split(",")[0] or first
    if settings.service and offered and service not in offered:
        raise Unknown("service", service, [(name, name) for name in offered])
    keys = (*(f"points.gap_{status}" for status in SERVICES), "points.gap_never")
    codes = statuses(release, at, service).astype(np.int16)
    codes[codes < 0] = len(SERVICES)
    codes[np.isin(at.state, OFF)] = NONE  # an answer of before holds no longer
    return SiteClasses(codes=codes.astype(np.uint8), keys=keys, title_key="points.by_gap", about=service)

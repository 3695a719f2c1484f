"""The site register as published: places, names and codes through time, states, closures, effort, services."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from data import codes
from data.schema import SITE_STATES, SITES
from data.training import cast as cast_of
from data.training import keys
from data.training import schedule as rounds
from data.training.cast import Setting
from data.training.geography import Geography
from data.training.names import Tongue, arabic
from data.training.observe import Observed, Status
from data.training.people import CLOSURES, NEVER, Block
from data.training.rows import Gaps, Labels, frame_of, records, table_of
from data.training.schedule import ROUNDS, SERVICES_EVERY, Schedule
from data.training.seeds import stream
from data.training.tables import (
    SITE_CLOSURES,
    SITE_EFFORT,
    SITE_IDENTITIES,
    SITE_LINKS,
    SITE_SERVICES,
    LinkKind,
    Match,
    Service,
    ServiceState,
)
from data.training.words import french, number

Ints = npt.NDArray[np.int64]

SETTINGS = (codes.Setting.CAMP, codes.Setting.COLLECTIVE_CENTRE, codes.Setting.HOST_COMMUNITY)
ACCURACY_M = (100, 500, 1000)
UNLOCATED = 0.03  # share of sites without coordinates
SOURCE = keys.BULLETINS[keys.TRACKING]
CLOSED_AS = {
    "return": ("Closed: the people went home.", "Fermé : les personnes sont rentrées chez elles."),
    "eviction": ("Closed after an eviction.", "Fermé après une expulsion."),
    "grant": (
        "Closed: the people received rental grants.",
        "Fermé : les personnes ont reçu des allocations de loyer.",
    ),
    "formalised": (
        "Closed as a site: the place became a neighbourhood, and its people stayed.",
        "Fermé comme site : le lieu est devenu un quartier, et ses habitants y sont restés.",
    ),
    "unknown": ("Closed; the reason is not stated.", "Fermé ; la raison n’est pas indiquée."),
    "merged": ("Closed: the site became part of another.", "Fermé : le site a été réuni à un autre."),
}


def site_table(seed: int, block: Block, seen: Observed, geo: Geography) -> pa.Table:
    """The sites that were ever on the list, with their places as far as these were published."""
    rng = stream(seed, "register", block.number)
    n = block.sites
    lost = rng.random(n) < UNLOCATED
    radius = rng.integers(0, len(ACCURACY_M) + 1, n)
    if block.number == 0:
        lost[: cast_of.SIZE] = False
    kept = np.flatnonzero(seen.known_in < NEVER)
    area = block.area[kept]
    located = ~lost[kept]
    stated = located & (radius[kept] < len(ACCURACY_M))
    said = np.where(stated, radius[kept], len(ACCURACY_M))
    return table_of(
        SITES,
        kept.size,
        {
            "key": Labels(list(keys.site_keys(block.number, n)), kept),
            "operation": keys.TRACKING,
            "name": Labels(block.names, kept),
            "layer": codes.SiteLayer.REGISTER,
            "commune": Labels(geo.communes, area),
            "commune_pcode": Labels(geo.commune_codes[1], area),
            "lon": Gaps(block.lon[kept], located),
            "lat": Gaps(block.lat[kept], located),
            "accuracy_m": Gaps(np.array([*ACCURACY_M, 0])[said].astype(np.float64), stated),
            "accuracy_en": Labels([*(f"about {number(m)[0]} m" for m in ACCURACY_M), ""], said),
            "accuracy_fr": Labels([*(f"environ {number(m)[1]} m" for m in ACCURACY_M), ""], said),
            "source": SOURCE,
        },
    )


def state_table(block: Block, seen: Observed, when: Schedule) -> pa.Table:
    """What became known of every site in every round; a withdrawn round says that it was withdrawn."""
    site, t = np.nonzero(seen.status)
    status = seen.status[site, t]
    gone = (t == rounds.WITHDRAWN - 1) & np.isin(status, (Status.COUNTED, Status.COUNTED_ZERO))
    counted = np.isin(status, (Status.COUNTED, Status.COUNTED_ZERO)) & ~gone
    flagged = seen.flagged[site, t] & counted
    texts = [(f"Counted in round {n}.", f"Compté au cycle {n}.") for n in range(1, ROUNDS + 1)]
    texts += [
        (
            f"Not visited; the count of round {n} stands in.",
            f"Non visité ; le comptage du cycle {n} en tient lieu.",
        )
        for n in range(1, ROUNDS + 1)
    ]
    texts += [(f"Not assessed in round {n}.", f"Non évalué au cycle {n}.") for n in range(1, ROUNDS + 1)]
    fixed = len(texts)
    texts += [
        ("Withheld: asked by the committee of the site.", "Non publié : à la demande du comité du site."),
        ("Taken off the list. It does not mean that people left.", "Retiré de la liste. Cela ne signifie pas que les "
         "personnes sont parties."),
        ("The count of this round was withdrawn.", "Le comptage de ce cycle a été retiré."),
        *(CLOSED_AS[reason] for reason in CLOSURES),
    ]  # fmt: skip
    text = np.where(flagged, ROUNDS + seen.carried_from[site, t], t)
    text = np.where(status == Status.NOT_ASSESSED, 2 * ROUNDS + t, text)
    text = np.where(status == Status.WITHHELD, fixed, text)
    text = np.where(status == Status.DELISTED, fixed + 1, text)
    text = np.where(gone, fixed + 2, text)
    text = np.where(status == Status.CLOSED, fixed + 3 + block.closure[site], text)
    names = (codes.State.NO_DATA, codes.State.COUNTED, codes.State.COUNTED_ZERO, codes.State.NOT_ASSESSED,
             codes.State.WITHHELD, codes.State.DELISTED, codes.State.CLOSED)  # fmt: skip
    state = np.where(gone, 0, status)
    about = np.where(counted, 1 + seen.about[site, t].astype(np.int64), 0)
    event = np.where(status == Status.DELISTED, np.where(t + 1 == rounds.TAKEN_OFF, 1, 2), 0)
    return table_of(
        SITE_STATES,
        site.size,
        {
            "site": Labels(list(keys.site_keys(block.number, block.sites)), site),
            "when": Labels([when.period(n) for n in range(1, ROUNDS + 1)], t),
            "round": t + 1,
            "state": Labels(names, state),
            "value": Gaps(seen.people[site, t].astype(np.float64), counted),
            "unit": Labels(("", codes.Unit.INDIVIDUALS), counted.astype(np.int8)),
            "precision": Labels(("", codes.Precision.EXACT, codes.Precision.ABOUT), about),
            "text_en": Labels([pair[0] for pair in texts], text),
            "text_fr": Labels([french(pair[1]) for pair in texts], text),
            "event": Labels(("", "xtr-taken-off", "xtr-taken-off-unsized"), event),
            "source": SOURCE,
        },
    )


def identities(block: Block, seen: Observed, geo: Geography, tongue: Tongue) -> pd.DataFrame:
    """One row a site and stretch of rounds with the same name, code, setting and commune."""
    site_keys = keys.site_keys(block.number, block.sites)
    new_names = tongue.names("new names of sites", len(cast_of.RENAMED))
    rows: list[dict[str, object]] = []
    for site in np.flatnonzero(seen.known_in < NEVER).tolist():
        starts = {int(seen.known_in[site]) + 1}
        last = int(seen.closed_in[site])
        name, area = block.names[site], int(block.area[site])
        changes = {rounds.BOUNDARY} if geo.commune_codes[0][area] != geo.commune_codes[1][area] else set()
        if block.number == 0:
            changes |= {rounds.RENAMED} if site in cast_of.RENAMED else set()
            changes |= {rounds.RECODED} if site in cast_of.RECODED else set()
            changes |= {rounds.RECATEGORIZED} if site in cast_of.RECATEGORIZED else set()
        starts |= {n for n in changes if min(starts) < n <= last}
        ordered = sorted(starts)
        for at, first in enumerate(ordered):
            until = ordered[at + 1] - 1 if at + 1 < len(ordered) else (last if last < NEVER else None)
            pcode = geo.commune_codes[geo.version(first)][area]
            renamed = block.number == 0 and site in cast_of.RENAMED and first >= rounds.RENAMED
            called = new_names[cast_of.RENAMED.index(site)] if renamed else name
            recoded = block.number == 0 and site in cast_of.RECODED and first >= rounds.RECODED
            unsure = block.number == 0 and at > 0 and site in cast_of.RENAMED[-2:]
            rows.append(
                {
                    "site": site_keys[site], "first_round": first, "last_round": until,
                    "code": f"{pcode}-{'N' if recoded else 'S'}{block.number * block.sites + site:07d}",
                    "name": called, "name_ar": arabic(called),
                    "setting": SETTINGS[int(seen.setting[site, first - 1])].value, "pcode": pcode,
                    "match": Match.UNSURE if unsure else Match.CONFIRMED, "source": SOURCE,
                }
            )  # fmt: skip
    return records(SITE_IDENTITIES, rows)


def links() -> pd.DataFrame:
    """Merges and splits, and the pairs of entries that may be one site."""
    rows: list[dict[str, object]] = []

    def link(site: int, kind: LinkKind, other: int, number: int | None, match: Match, event: str) -> None:
        rows.append({"site": keys.site_key(site), "kind": kind, "other": keys.site_key(other), "round": number,
                     "match": match, "event": event, "source": SOURCE})  # fmt: skip

    for nth, site, other in zip(rounds.MERGES, cast_of.MERGING, cast_of.MERGED, strict=True):
        link(site, LinkKind.MERGED_INTO, other, nth, Match.CONFIRMED, f"xtr-merge-r{nth:02d}")
    for nth, site, other in zip(rounds.SPLITS, cast_of.SPLIT_OFF, cast_of.SPLITTING, strict=True):
        link(site, LinkKind.SPLIT_FROM, other, nth, Match.CONFIRMED, f"xtr-split-r{nth:02d}")
    for site, other in zip(cast_of.UNSURE[::2], cast_of.UNSURE[1::2], strict=True):
        link(site, LinkKind.SAME_AS, other, None, Match.UNSURE, "")
    return records(SITE_LINKS, rows)


def closures(block: Block, seen: Observed, when: Schedule) -> pd.DataFrame:
    """The sites whose closure was published, with the reason."""
    site = np.flatnonzero(seen.closed_in < NEVER)
    t = seen.closed_in[site]
    return frame_of(
        table_of(
            SITE_CLOSURES,
            site.size,
            {
                "site": Labels(list(keys.site_keys(block.number, block.sites)), site),
                "round": t + 1,
                "when": Labels([when.period(n) for n in range(1, ROUNDS + 1)], t),
                "reason": Labels(CLOSURES, block.closure[site]),
                "source": SOURCE,
            },
        )
    )


def visit_days(seen: Observed, when: Schedule, site: Ints, t: Ints) -> list[str]:
    """The day of each visit, "" where there was none."""
    starts = [last - timedelta(days=int(days)) for last, days in zip(when.last, when.length, strict=True)]
    texts = [[(start + timedelta(days=day)).isoformat() for day in range(int(length) + 1)]
             for start, length in zip(starts, when.length, strict=True)]  # fmt: skip
    days = seen.visit_day[site, t].tolist()
    return [texts[at][day] if day else "" for at, day in zip(t.tolist(), days, strict=True)]


def effort(block: Block, seen: Observed, when: Schedule) -> pd.DataFrame:
    """Who was asked at each listed site: a figure with no informant was carried forward."""
    site, t = np.nonzero(seen.listed)
    return frame_of(
        table_of(
            SITE_EFFORT,
            site.size,
            {
                "site": Labels(list(keys.site_keys(block.number, block.sites)), site),
                "round": t + 1,
                "reached": seen.reached[site, t],
                "visited": seen.visited[site, t],
                "day": visit_days(seen, when, site, t),
                "informants": seen.informants[site, t],
            },
        )
    )


def services(seed: int, block: Block, seen: Observed) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Services as published, and as they really were; in every third round, at the sites that were visited."""
    rng = stream(seed, "services", block.number)
    shape = (block.sites, ROUNDS, len(Service))
    base = rng.integers(0, 3, (block.sites, 1, len(Service)))
    # something may get better or worse from round to round
    drift = np.cumsum(rng.choice(3, shape, p=(0.04, 0.9, 0.06)) - 1, axis=1)
    true = np.clip(base + drift, 0, 2)
    wrong = rng.random(shape) < 0.06
    said = np.where(wrong, np.clip(true + rng.choice((-1, 1), shape), 0, 2), true)
    said = np.where(rng.random(shape) < 0.1, 3, said)  # nobody asked, or nobody knew
    asked = (np.arange(1, ROUNDS + 1) % SERVICES_EVERY == 0) & (seen.people > 0) & seen.visited
    site, t, service = np.nonzero(np.broadcast_to(asked[..., None], shape))
    names = (ServiceState.NONE, ServiceState.PARTLY, ServiceState.AVAILABLE, ServiceState.NOT_ASSESSED)
    frames = [
        frame_of(
            table_of(
                SITE_SERVICES,
                site.size,
                {
                    "site": Labels(list(keys.site_keys(block.number, block.sites)), site),
                    "round": t + 1,
                    "service": Labels(list(Service), service),
                    "status": Labels(names, values[site, t, service]),
                },
            )
        )
        for values in (said, true)
    ]
    return frames[0], frames[1]


def setting_words(setting: Ints) -> list[str]:
    """The settings in the words of the codes."""
    return [SETTINGS[Setting(at)].value for at in setting.tolist()]

"""The whole training country (SYNTHETIC) from one seed: published tables, the truth beside them, a raster.

Truth is made first; what is published follows from it by the observation model. The same seed gives the same
bytes, whatever the machine's language, clock or hash seed are.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from data.training import (
    about,
    areas,
    incidents,
    ledger,
    limits,
    measures,
    methods,
    others,
    published,
    raster,
    register,
    truth,
)
from data.training.borders import POSTS, Borders, borders
from data.training.cast import SIZE as CAST
from data.training.cast import Cast, cast
from data.training.entries import Told
from data.training.flows import POINTS, Flows, flows
from data.training.geography import Geography, geography
from data.training.names import Tongue
from data.training.observe import Observed, observe
from data.training.people import SITES, Block, simulate
from data.training.returnees import Returnees, observe_returnees
from data.training.rows import frame_of
from data.training.schedule import CORRECTED_TWICE, ROUNDS, Schedule, schedule
from data.training.seeds import stream
from data.training.survey import WAVES, Survey, survey
from data.training.tables import ALL
from data.training.totals import Publications, Totals, publications, to_level

SEED = 2026
RASTER_FILE = "population-SYNTHETIC.tif"
Ints = npt.NDArray[np.int64]
Progress = Callable[[str], None]


def _silent(_: str) -> None:
    return


@dataclass(frozen=True, slots=True, eq=False)
class TrainingCountry:
    """What `build` makes.

    `tables` are what the operations published, by table name, with the columns of `data.training.tables.ALL`;
    `truth` is what really happened; `raster` is a GeoTIFF of residents by cell.
    """

    seed: int
    scale: int
    name: str
    tables: Mapping[str, pd.DataFrame]
    truth: Mapping[str, pd.DataFrame]
    raster: bytes

    def digest(self) -> str:
        """SHA-256 over the content of every table, of the truth and of the raster."""
        frames = {f"tables/{name}": frame for name, frame in self.tables.items()}
        frames |= {f"truth/{name}": frame for name, frame in self.truth.items()}
        return digest(frames, self.raster)


def digest(frames: Mapping[str, pd.DataFrame], more: bytes = b"") -> str:
    """SHA-256 over names and contents of frames, in the order of their names, and over other bytes."""
    found = hashlib.sha256()
    for name in sorted(frames):
        found.update(name.encode() + b"\0" + parquet(frames[name]))
    found.update(more)
    return found.hexdigest()


def parquet(frame: pd.DataFrame) -> bytes:
    """A frame as Parquet bytes, geometry as WKB: the same for the same content."""
    plain = pd.DataFrame(frame)
    if isinstance(frame, gpd.GeoDataFrame):
        plain = plain.assign(geometry=shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object)))
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(None), buffer)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """What all blocks share."""

    seed: int
    sites: int
    tongue: Tongue
    geo: Geography
    when: Schedule
    roles: Cast
    borders: Borders

    def block(self, at: int) -> tuple[Block, Observed]:
        """The truth of one block, and what is published of it."""
        names = tuple(self.tongue.many(stream(self.seed, "names", "sites", at), self.sites))
        made = simulate(
            self.seed,
            at,
            self.geo,
            self.when,
            self.roles,
            self.borders.net_by_round(self.when),
            names,
            self.sites,
        )
        return made, observe(self.seed, made, self.geo, self.when, self.roles)


def setup(seed: int, sites: int = SITES) -> Setup:
    """Land, language, calendar and cast of one seed."""
    tongue = Tongue(seed)
    geo, when = geography(seed, tongue), schedule(seed)
    return Setup(
        seed=seed,
        sites=sites,
        tongue=tongue,
        geo=geo,
        when=when,
        roles=cast(seed, geo),
        borders=borders(seed, when),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """Everything beside the rows of sites: it needs the sums over all blocks and the first block."""

    totals: Totals
    back: Returnees
    news: Publications
    told: Told
    flows: Flows
    survey: Survey
    others: tuple[others.Published, ...]
    extra: tuple[pd.DataFrame, ...]  # further observations
    areas: list[pa.Table]  # observations of areas
    incidents: pd.DataFrame


def around(given: Setup, totals: Totals, first: Block, seen: Observed) -> Around:
    """Sums, ledger and the smaller operations."""
    seed, geo, when = given.seed, given.geo, given.when
    back = observe_returnees(seed, totals.truth["returnees"], geo)
    news = publications(totals.published["people"], given.roles)
    moved = flows(seed, geo, given.tongue.names("points", POINTS))
    people = totals.published["people"].sum(axis=1)
    facts = Told(
        geo=geo,
        when=when,
        roles=given.roles,
        newest=people,
        first=people + news.errors["first"].sum(axis=1),
        corrected=people + news.errors["corrected"].sum(axis=1),
        people=seen.people[:CAST],
        households=seen.households[:CAST],
        names=first.names[:CAST],
        points=moved.names,
    )
    asked = survey(seed, _households_at(totals, geo, when))
    return Around(
        totals=totals, back=back, news=news, told=facts, flows=moved, survey=asked,
        others=(
            others.flow_tables(moved, geo),
            others.border_tables(seed, given.borders, geo, given.tongue.names("posts", POSTS)),
            others.survey_tables(asked, geo),
            others.proxy_tables(seed, totals, geo, when),
        ),
        extra=(
            others.registration_rows(first, when),
            others.planning_rows(int(facts.first[CORRECTED_TWICE - 1]), when),
        ),
        areas=list(published.area_rows(totals, back, news, geo, when)),
        incidents=incidents.incident_table(seed, first, geo, when),
    )  # fmt: skip


def _households_at(totals: Totals, geo: Geography, when: Schedule) -> Ints:
    """Households in sites of each province at the time of each wave of the survey, at least one."""
    found = []
    for start, _ in WAVES:
        at = max((t for t in range(ROUNDS) if when.last[t] <= start), default=0)
        found.append(to_level(totals.published["households"], "adm1", geo)[at])
    weights: Ints = np.maximum(np.stack(found), 1)
    return weights


def small_tables(given: Setup, made: Around, times: int) -> dict[str, pd.DataFrame]:
    """Every published table whose size does not grow with the number of sites."""
    geo, when = given.geo, given.when
    area_frame = areas.area_table(geo, when)
    return {
        "operations": about.operations(geo),
        "card_lines": about.cards(geo),
        "sources": about.sources(geo, when),
        "methods": methods.methods(),
        "rounds": about.round_table(when),
        "indicators": measures.indicators(geo),
        "caveats": limits.caveats(geo, when, given.roles.doubled),
        "events": ledger.events(made.told),
        "effects": ledger.effects(made.told),
        "variants": ledger.variants(made.told, made.totals),
        "areas": area_frame,
        "places": areas.place_table(area_frame),
        "residents": areas.resident_table(given.seed, geo, times),
        "site_links": register.links(),
        "incidents": made.incidents,
        **{name: frame for part in made.others for name, frame in part.tables.items()},
    }


def small_observations(made: Around) -> pd.DataFrame:
    """Every observation that is not of a site of mobility tracking."""
    parts = [
        frame_of(pa.concat_tables(made.areas)),
        *(part.observations for part in made.others),
        *made.extra,
    ]
    return pd.concat(parts, ignore_index=True)


def small_truth(given: Setup, made: Around, times: int) -> dict[str, pd.DataFrame]:
    """Every table of the truth whose size does not grow with the number of sites."""
    return {
        **truth.area_truth(made.totals, made.back, made.news, given.geo),
        **truth.flow_truth(made.flows),
        **truth.border_truth(given.borders),
        **truth.survey_truth(made.survey, given.geo),
        **truth.resident_truth(given.geo, given.when, times),
    }


def build(
    seed: int = SEED, scale: int = 1, progress: Progress = _silent, *, sites: int = SITES
) -> TrainingCountry:
    """The training country of one seed, in memory.

    Parameters
    ----------
    seed : int
        0 or more; another seed is another country.
    scale : int
        How many times as many sites and people, on the same land and in the same rounds. What is too large
        for memory is written by `data.training.stream.write_scaled`.
    progress : callable
        Is told each step as a line.
    sites : int
        Sites of one block, at least `cast.SIZE`: fewer make a quick country for tests.

    Returns
    -------
    TrainingCountry

    Raises
    ------
    ValueError
        If the scale is below 1, there are too few sites, or the seed makes no land that fits together.
    """
    if scale < 1:
        raise ValueError(f"The scale is 1 or more, not {scale}.")
    progress("Land, names and calendar")
    given = setup(seed, sites)
    totals = Totals()
    rows: list[pa.Table] = []
    parts: dict[str, list[pd.DataFrame]] = {}
    held: dict[str, list[pd.DataFrame]] = {}
    kept: list[tuple[Block, Observed]] = []  # the first part alone: the ledger speaks of its sites
    for at in range(scale):
        progress(f"Sites, part {at + 1} of {scale}")
        block, seen = given.block(at)
        kept = kept or [(block, seen)]
        totals.add(block, seen, given.geo)
        rows += published.site_rows(block, seen, given.when)
        said, real = register.services(seed, block, seen)
        for name, frame in {
            "sites": frame_of(register.site_table(seed, block, seen, given.geo)),
            "site_states": frame_of(register.state_table(block, seen, given.when)),
            "site_identities": register.identities(block, seen, given.geo, given.tongue),
            "site_closures": register.closures(block, seen, given.when),
            "site_effort": register.effort(block, seen, given.when),
            "site_services": said,
        }.items():
            parts.setdefault(name, []).append(frame)
        for name, frame in {**truth.site_truth(block, seen, given.geo), "site_services": real}.items():
            held.setdefault(name, []).append(frame)
    progress("Areas, flows, borders, survey and ledger")
    made = around(given, totals, *kept[0])
    tables = small_tables(given, made, scale)
    tables["observations"] = pd.concat(
        [frame_of(pa.concat_tables(rows)), small_observations(made)], ignore_index=True
    )
    tables |= {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    facts = small_truth(given, made, scale)
    facts |= {name: pd.concat(frames, ignore_index=True) for name, frames in held.items()}
    progress("Population raster")
    people, west, north = raster.cells(seed, given.geo, scale)
    image = raster.geotiff(people, west, north, given.geo.country)
    tables["rasters"] = raster.raster_table(image, given.geo.country)
    return TrainingCountry(
        seed=seed,
        scale=scale,
        name=f"{given.geo.country} (SYNTHETIC)",
        tables={name: _sorted(tables[name], name) for name in ALL if name in tables},
        truth=dict(sorted(facts.items())),
        raster=image,
    )


def _sorted(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows in the order of what makes them unique."""
    return frame.sort_values(list(ALL[name].unique), kind="stable", ignore_index=True)


def as_known_on(observations: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows that were public on a day."""
    return observations[observations["known_by"] <= day.isoformat()]

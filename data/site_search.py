"""Places by a part of their name or code, in any script, with or without accents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data.area_tree import AreaTree, tree_at
from data.catalogue import frame, records_of
from data.codes import SiteLayer
from data.folded import begins_word, fold, folded, however_cut
from data.site_columns import SiteColumns, has_table, site_columns
from data.store import Release, UnknownTable

KINDS = (
    "area",
    "site",
    "flow_point",
    "border_post",
)  # of places equally well found the earlier kind comes first
POINTS = (
    "SELECT key, name, '' AS name_ar, lon, lat, adm1 AS area FROM flow_points WHERE operation = $operation"
)
POSTS = "SELECT key, name, name_ar, lon, lat, pcode AS area FROM border_posts WHERE operation = $operation"
NEWEST = date(9999, 12, 31)
WHOLE, START, WORD, WITHIN = range(4)  # how well a name fits
LEAST_OF_AREA = 3  # letters from which on a part of the name of an area is enough to keep its sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place that was searched for; `lon` and `lat` are NaN where no location is known."""

    key: str
    name: str
    kind: str  # one of KINDS
    lon: float
    lat: float
    area: str  # name or code of the area that it lies in, "" where it is not known


def sites_with(columns: SiteColumns, text: str) -> npt.NDArray[np.bool_]:
    """Which sites have a text in a name, an alias or a code, or as their whole key, shape (n,); not to be changed."""
    wanted = fold(text)
    last = columns.made.get("found")  # a view asks several times
    if last is not None and last[0] == wanted:
        before: npt.NDArray[np.bool_] = last[1]
        return before
    found: npt.NDArray[np.bool_] = pc.equal(columns.folded_keys, wanted).to_numpy(zero_copy_only=False).copy()
    for nth, sought in columns.sought:
        found[nth[_hits(sought, wanted)]] = True
    columns.made["found"] = (wanted, found)
    return found


def sites_in_named(
    columns: SiteColumns, tree: AreaTree, number: int | None, text: str
) -> npt.NDArray[np.bool_]:
    """Which sites lie in an area, of any level, that has a text in its name or is called by it, shape (n,).

    Parameters
    ----------
    columns : SiteColumns
        The sites.
    tree : AreaTree
        The areas of the date.
    number : int or None
        The round of the date, whose identities say where a site lies; None takes the newest.
    text : str
        Part of a name of at least `LEAST_OF_AREA` letters; a whole name or code of any length. The country is found
        by its whole name or code alone: a part of it would keep every site. Where the code of a site is none of
        these areas, the name of its commune as stated is looked at.
    """
    wanted = fold(text)
    if not wanted:
        return np.zeros(len(columns), dtype=np.bool_)
    inside = set[str]()
    for area, (name, arabic, code) in zip(tree.areas.values(), _area_names(tree), strict=True):
        if area.pcode not in inside and (
            _names(wanted, name, arabic, whole=area.level == "adm0") or wanted == code
        ):
            inside |= tree.within(area.pcode)
    codes = columns.pcode_at(number)
    found = codes.isin(inside)
    unknown = ~codes.isin(tree.areas.keys() | tree.former.keys())
    if unknown.any():
        labels = [str(label or "") for label in columns.commune.labels]
        said = folded(pa.array(labels, type=pa.string())).to_pylist()
        called = {label for label, name in zip(labels, said, strict=True) if _names(wanted, name)}
        found |= unknown & columns.commune.isin(called)
    return found


def _names(wanted: str, *names: str, whole: bool = False) -> bool:
    """Whether a text is enough of the name of an area."""
    well = fits(wanted, *names)
    return well is not None and (well == WHOLE or (not whole and len(wanted) >= LEAST_OF_AREA))


def _hits(sought: pa.StringArray, wanted: str) -> npt.NDArray[np.bool_]:
    """Which names have a folded text in them, or at the start of a word however it is cut into words."""
    found: npt.NDArray[np.bool_] = pc.match_substring(sought, wanted).to_numpy(zero_copy_only=False)
    if however_cut(wanted) != wanted:
        found = found | pc.match_substring_regex(sought, begins_word(wanted)).to_numpy(zero_copy_only=False)
    return found


def ranks(columns: SiteColumns, text: str) -> npt.NDArray[np.int8]:
    """How well the best name of each site fits, as `fits` of one name; `WITHIN` + 1: not at all. Shape (n,)."""
    wanted = fold(text)
    best = np.full(len(columns), WITHIN + 1, dtype=np.int8)
    best[pc.equal(columns.folded_keys, wanted).to_numpy(zero_copy_only=False)] = WHOLE
    for nth, sought in columns.sought:
        mine = np.flatnonzero(_hits(sought, wanted))
        # with a line end on both sides of each name
        lines = pc.binary_join_element_wise("\n", sought.take(pa.array(mine)), "\n", "")
        well = np.full(len(mine), WITHIN, dtype=np.int8)
        cut = however_cut(wanted)
        for how, part in ((WORD, f" {cut}"), (START, f"\n{cut}"), (WHOLE, f"\n{cut}\n")):
            well[pc.match_substring_regex(lines, part).to_numpy(zero_copy_only=False)] = how
        np.minimum.at(best, nth[mine], well)
    return best


def find(
    release: Release, operation: str, text: str, limit: int = 12, on: date | None = None
) -> tuple[Found, ...]:
    """The places of an operation whose name or code has a text in it, or whose key it is, those that fit best first.

    Parameters
    ----------
    text : str
        Part of a name in Latin or Arabic letters, or of a code; accents, case, variants of letters and, from four
        letters on, where it is cut into words do not matter.
        A text without a letter or digit finds nothing.
    limit : int
        Places at most.
    on : date, optional
        Areas are those in the boundaries of that day, as in the filters; None takes the newest.
    """
    wanted = fold(text)
    if not wanted:
        return ()
    ranked = [
        *_areas(release, tree_at(release, operation, on or NEWEST), wanted),
        *_sites(release, operation, wanted, limit),
        *_others(release, operation, wanted),
    ]
    return tuple(found for _, found in sorted(ranked, key=lambda one: one[0])[:limit])


Rank = tuple[int, int, int, str]


def fits(wanted: str, *names: str) -> int | None:
    """How well the best of some names fits, None: not at all. All are folded."""
    best, letters, cut = None, wanted.replace(" ", ""), however_cut(wanted)
    for name in names:
        if letters not in name.replace(" ", ""):  # quick: most names are none
            continue
        if re.fullmatch(cut, name):
            said = WHOLE
        elif re.match(cut, name):
            said = START
        elif re.search(f" {cut}", name):
            said = WORD
        elif wanted in name:
            said = WITHIN
        else:
            continue
        best = said if best is None else min(best, said)
    return best


def _sites(release: Release, operation: str, wanted: str, limit: int) -> Iterator[tuple[Rank, Found]]:
    for layer in SiteLayer:
        columns = site_columns(release, operation, layer)
        best = ranks(columns, wanted)
        index = np.flatnonzero(best <= WITHIN)
        chosen = index[np.argsort(best[index], kind="stable")][:limit]
        area = columns.commune.texts(chosen)
        codes = columns.pcode.texts(chosen)
        for at, n in enumerate(chosen):
            found = Found(
                key=columns.keys_of(chosen[at : at + 1])[0], name=columns.names_of(chosen[at : at + 1])[0], kind="site",
                lon=float(columns.lon[n]), lat=float(columns.lat[n]), area=str(area[at] or codes[at] or ""),
            )  # fmt: skip
            yield (int(best[n]), KINDS.index("site"), len(found.name), found.key), found


def _areas(release: Release, tree: AreaTree, wanted: str) -> Iterator[tuple[Rank, Found]]:
    for area, names in zip(tree.areas.values(), _area_names(tree), strict=True):
        well = fits(wanted, *names)
        if well is not None:
            lon, lat = _middles(release, tree.version).get(area.pcode, (np.nan, np.nan))
            parent = tree.areas.get(area.parent)
            found = Found(key=area.pcode, name=area.name, kind="area", lon=lon, lat=lat,
                          area=parent.name if parent else "")  # fmt: skip
            yield (well, KINDS.index("area"), len(area.name), area.pcode), found


@lru_cache(maxsize=8)
def _area_names(tree: AreaTree) -> list[tuple[str, ...]]:
    """Name, Arabic name and code of each area as they are compared."""
    areas = tree.areas.values()
    return _folded_rows([(area.name, area.name_ar, area.pcode) for area in areas])


def _folded_rows(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Texts as they are compared, folded together: one by one takes a hundred times as long."""
    columns = (folded(pa.array(texts, type=pa.string())).to_pylist() for texts in zip(*rows, strict=True))
    return list(zip(*columns, strict=True))


def _others(release: Release, operation: str, wanted: str) -> Iterator[tuple[Rank, Found]]:
    for kind, table, sql in (("flow_point", "flow_points", POINTS), ("border_post", "border_posts", POSTS)):
        rows = records_of(frame(release, sql, operation=operation)) if has_table(release, table) else []
        names = _folded_rows([(row["name"], row["name_ar"], row["key"]) for row in rows])
        for row, mine in zip(rows, names, strict=True):
            well = fits(wanted, *mine)
            if well is not None:
                found = Found(key=row["key"], name=row["name"], kind=kind, lon=float(row["lon"]), lat=float(row["lat"]),
                              area=row["area"] or "")  # fmt: skip
                yield (well, KINDS.index(kind), len(found.name), found.key), found


@lru_cache(maxsize=8)
def _middles(release: Release, version: int | None) -> dict[str, tuple[float, float]]:
    """A point inside each area of a version, degrees; of areas without a drawing there is none."""
    if version is None:
        return {}
    try:
        areas = release.geoframe("areas")
    except UnknownTable:
        return {}
    mine = areas[areas["version"] == version]
    inside = mine.geometry.representative_point()
    return {code: (float(p.x), float(p.y)) for code, p in zip(mine["pcode"], inside, strict=True)}

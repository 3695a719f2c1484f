"""What is held of the sites of an operation whatever the date, as columns: read once a release and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data import site_slots
from data.catalogue import frame
from data.codes import SiteLayer
from data.folded import folded
from data.memory import give_back
from data.site_slots import Numbers, Slots
from data.store import Release

T = TypeVar("T")
SITES_OF = "SELECT * FROM sites WHERE operation = $operation AND layer = $layer ORDER BY key"
HELD = "SELECT table_name FROM information_schema.tables WHERE table_schema = CURRENT_SCHEMA()"
IDENTITIES = f"""
SELECT n.nth, i.first_round, i.setting, i.pcode
FROM site_identities AS i JOIN ({site_slots.NUMBERED}) AS n ON n.site = i.site ORDER BY n.nth, i.first_round
"""  # noqa: S608 - a constant is put in
NAMED = f"""
SELECT n.nth, i.name, i.name_ar, i.code FROM site_identities AS i JOIN ({site_slots.NUMBERED}) AS n ON n.site = i.site
"""  # noqa: S608 - as above
Sought = tuple[npt.NDArray[np.int32], pa.StringArray]


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """A text a site, each text kept once: `codes` (n,) are places in `labels`."""

    codes: Numbers
    labels: npt.NDArray[np.object_]

    def texts(self, index: Numbers | slice = slice(None)) -> npt.NDArray[np.object_]:
        """The texts of chosen sites."""
        found: npt.NDArray[np.object_] = self.labels[self.codes[index]]
        return found

    def isin(self, wanted: set[str]) -> npt.NDArray[np.bool_]:
        """Which sites have one of some texts, shape (n,)."""
        chosen = np.array([label in wanted for label in self.labels], dtype=np.bool_)
        found: npt.NDArray[np.bool_] = chosen[self.codes]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """What sites were called by round: one row an identity, by site and first round."""

    nth: npt.NDArray[np.int32]
    first_round: npt.NDArray[np.int32]
    setting: Category
    pcode: Category

    def row_at(self, sites: int, number: int | None) -> npt.NDArray[np.int32]:
        """The row that held in a round for each site, its first one before that; -1: none. None: the newest."""
        found = np.full(sites, -1, dtype=np.int32)
        rows = np.arange(len(self.nth), dtype=np.int32)
        found[self.nth[::-1]] = rows[::-1]  # the first of each site
        held = rows if number is None else rows[self.first_round <= number]
        found[self.nth[held]] = held  # ascending, so the last one stays
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteColumns:
    """The sites of one layer of an operation in the order of their keys, n in number.

    `texts` and `numbers` are the columns of the table of sites by name (NaN: not known), `order` their order in it.
    """

    release_digest: str
    operation: str
    layer: SiteLayer
    key: pa.StringArray
    name: pa.StringArray
    texts: Mapping[str, Category] = field(repr=False)
    numbers: Mapping[str, npt.NDArray[np.float64]] = field(repr=False)
    order: tuple[str, ...]
    identities: Identities = field(repr=False)
    slots: Slots = field(repr=False)
    aliases: Callable[[], tuple[Sought, ...]] = field(repr=False, default=tuple)  # read when first searched
    made: dict[str, Any] = field(repr=False, default_factory=dict)  # of these columns, when first asked for

    def __len__(self) -> int:
        return len(self.key)

    @property
    def lon(self) -> npt.NDArray[np.float64]:
        """Degrees east, NaN where no location is known."""
        return self.numbers["lon"]

    @property
    def lat(self) -> npt.NDArray[np.float64]:
        """Degrees north, NaN where no location is known."""
        return self.numbers["lat"]

    @property
    def accuracy_m(self) -> npt.NDArray[np.float64]:
        """Radius in metres in which a site lies, NaN where it is not stated."""
        return self.numbers["accuracy_m"]

    @property
    def commune(self) -> Category:
        """Name of the commune as stated."""
        return self.texts["commune"]

    @property
    def source(self) -> Category:
        """Key of the source of each site."""
        return self.texts["source"]

    @property
    def setting(self) -> Category:
        """Kind of site by its newest identity, "" where none is published."""
        return self.setting_at(None)

    @property
    def pcode(self) -> Category:
        """Code of the area by the newest identity, else of the commune; "" where none is published."""
        return self.pcode_at(None)

    def setting_at(self, number: int | None) -> Category:
        """Kind of site by the identity that held in a round (None: the newest), "" where none is published."""
        return self._identified(self.identities.setting, number, None)

    def pcode_at(self, number: int | None) -> Category:
        """Code of the area by the identity that held in a round (None: the newest), else of the commune."""
        return self._identified(self.identities.pcode, number, self.texts.get("commune_pcode"))

    def keys_of(self, index: Numbers) -> list[str]:
        """The keys of chosen sites."""
        found: list[str] = self.key.take(pa.array(index)).to_pylist()
        return found

    def names_of(self, index: Numbers) -> list[str]:
        """The names of chosen sites."""
        found: list[str] = self.name.take(pa.array(index)).to_pylist()
        return found

    @property
    def folded_names(self) -> pa.StringArray:
        """The names as they are compared, shape (n,); made when first asked for."""
        return _once(self.made, "names", lambda: _folded(self.name))

    @property
    def sought(self) -> tuple[Sought, ...]:
        """What a search looks through: numbers of sites, with names and codes as they are compared, a line each.

        Keys are not among them: they are of this program, and all of an operation begin alike. See `folded_keys`.
        """
        return _once(self.made, "sought", self._sought)

    def _sought(self) -> tuple[Sought, ...]:
        every = np.arange(len(self), dtype=np.int32)
        return ((every, self.folded_names), *self.aliases())

    @property
    def folded_keys(self) -> pa.StringArray:
        """The keys as they are compared, shape (n,); made when first asked for."""
        return _once(self.made, "keys", lambda: _folded(self.key))

    def row_of(self, key: str) -> int | None:
        """The number of a site, None where it is not one of these."""
        at = pc.index(self.key, key).as_py()
        return None if at < 0 else int(at)

    def _identified(self, of: Category, number: int | None, other: Category | None) -> Category:
        row = self.identities.row_at(len(self), number)
        labels = np.append(of.labels, "")
        codes = np.where(row >= 0, _taken(of.codes, row), len(labels) - 1)
        if other is not None:
            codes = np.where(row >= 0, codes, len(labels) + other.codes.astype(np.int32))
            labels = np.append(labels, other.labels)
        return Category(codes.astype(np.int32), labels)


class _Kept:
    """The columns that stay in memory: those used last, of so many sites altogether; read by one thread at a time."""

    MOST_SITES, MOST = 1_500_000, 16

    def __init__(self) -> None:
        self.lock = Lock()
        self.held: OrderedDict[tuple[Release, str, SiteLayer], SiteColumns] = OrderedDict()

    def get(self, release: Release, operation: str, layer: SiteLayer) -> SiteColumns:
        name = (release, operation, layer)
        with self.lock:
            if name not in self.held:
                self.held[name] = _read(release, operation, layer)
                give_back()
            self.held.move_to_end(name)
            while len(self.held) > 1 and (
                len(self.held) > self.MOST or sum(map(len, self.held.values())) > self.MOST_SITES
            ):
                self.held.popitem(last=False)
            return self.held[name]


KEPT = _Kept()


def site_columns(release: Release, operation: str, layer: SiteLayer = SiteLayer.REGISTER) -> SiteColumns:
    """What is held of the sites of an operation whatever the date, read once a release.

    Parameters
    ----------
    release : Release
        Where the sites are taken from.
    operation : str
        Key of the operation; one without sites has columns of length 0.
    layer : SiteLayer
        The producer's register, or reports from the public.
    """
    return KEPT.get(release, operation, layer)


def has_table(release: Release, name: str) -> bool:
    """Whether a release holds a table; older ones lack some."""
    return bool((frame(release, HELD)["table_name"] == name).any())


def _read(release: Release, operation: str, layer: SiteLayer) -> SiteColumns:
    asked = {"operation": operation, "layer": layer.value}
    with release.cursor() as cursor:
        table = cursor.sql(SITES_OF, params=asked).to_arrow_table()
    texts: dict[str, Category] = {}
    numbers: dict[str, npt.NDArray[np.float64]] = {}
    for name in table.column_names:
        column = table.column(name)
        if name in {"key", "name"}:
            continue
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            texts[name] = _category(column)
        else:
            numbers[name] = column.to_numpy().astype(np.float64)
    return SiteColumns(
        release_digest=release.digest,
        operation=operation,
        layer=layer,
        key=_strings(table.column("key")),
        name=_strings(table.column("name")),
        texts=texts,
        numbers=numbers,
        order=tuple(table.column_names),
        identities=_identities(release, asked),
        slots=site_slots.read(release, operation, layer, table.num_rows),
        aliases=lambda: _aliases(release, asked),
    )


def _folded(texts: pa.StringArray) -> pa.StringArray:
    """Each text as it is compared. Of a million, what that needs on the way is as much as all that is held of them."""
    made = folded(texts)
    give_back()
    return made


def _identities(release: Release, asked: dict[str, str]) -> Identities:
    none = pa.chunked_array([pa.array([], type=pa.string())])
    if not has_table(release, "site_identities"):
        whole = np.array([], dtype=np.int32)
        return Identities(whole, whole, _category(none), _category(none))
    with release.cursor() as cursor:
        table = cursor.sql(IDENTITIES, params=asked).to_arrow_table()
    return Identities(
        nth=table.column("nth").to_numpy().astype(np.int32),
        first_round=table.column("first_round").to_numpy().astype(np.int32),
        setting=_category(table.column("setting")),
        pcode=_category(table.column("pcode")),
    )


def _aliases(release: Release, asked: dict[str, str]) -> tuple[Sought, ...]:
    """Names, Arabic names and codes of all identities as they are compared."""
    if not has_table(release, "site_identities"):
        return ()
    with release.cursor() as cursor:
        table = cursor.sql(NAMED, params=asked).to_arrow_table()
    texts = [folded(_strings(table.column(name))) for name in ("name", "name_ar", "code")]
    return ((table.column("nth").to_numpy().astype(np.int32), pc.binary_join_element_wise(*texts, "\n")),)


def _strings(column: pa.ChunkedArray) -> pa.StringArray:
    """A column of texts as one array without missing ones."""
    return pc.fill_null(column, "").combine_chunks()


def _category(column: pa.ChunkedArray) -> Category:
    """A column of texts, each kept once; its codes in as few bytes as they need. A missing one stays missing."""
    coded = column.dictionary_encode(null_encoding="encode").combine_chunks()
    if isinstance(coded, pa.ChunkedArray):  # where there is no row
        return Category(np.array([], dtype=np.uint8), np.array([], dtype=object))
    labels = coded.dictionary.to_numpy(zero_copy_only=False).astype(object)
    small = np.uint8 if len(labels) < 2**8 else np.uint16 if len(labels) < 2**16 else np.int32
    return Category(coded.indices.to_numpy(zero_copy_only=False).astype(small), labels)


def _taken(codes: Numbers, row: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The codes of rows; any where the row is -1."""
    if not len(codes):
        return np.zeros(len(row), dtype=np.int32)
    taken: npt.NDArray[np.int32] = codes[np.maximum(row, 0)].astype(np.int32)
    return taken


def _once(made: dict[str, Any], name: str, make: Callable[[], T]) -> T:
    """What `make` makes, made when first asked for."""
    if name not in made:
        made[name] = make()
    found: T = made[name]
    return found

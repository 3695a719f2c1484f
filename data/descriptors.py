"""Tables as a release keeps them: checked Parquet bytes, and a Data Package descriptor that names them.

Nothing here touches a file. The same tables and the same words about them are the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.objects import FOLDER
from data.store_errors import Unstorable

FORMAT = 1  # of the descriptors; a program refuses a higher one
ROW_GROUP = 100_000  # rows: a question about one round reads the groups that hold it
CRS = "EPSG:4326"
NAME = re.compile(r"[a-z][a-z0-9_]*(/[a-z0-9][a-z0-9._-]*)?")
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAbout:
    """What a table's bytes do not say, in the words of a Data Package."""

    title: str
    description: str = ""
    sources: tuple[Mapping[str, str], ...] = ()  # each with title, and path where it is on the web
    licenses: tuple[Mapping[str, str], ...] = ()  # each with name or path, and title
    fields: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # by column: description, unit, hxl, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One table of a release, or one partition of one."""

    name: str  # "sources", or "observations/hti-eq2010"
    sha256: str
    bytes: int
    rows: int
    fields: tuple[Mapping[str, str], ...]  # each with name and Frictionless type
    geometry: str | None  # the geometry's column, in EPSG:4326
    title: str
    description: str
    sources: tuple[Mapping[str, str], ...]
    licenses: tuple[Mapping[str, str], ...]

    @property
    def family(self) -> str:
        """The table that this is or is a partition of."""
        return self.name.partition("/")[0]


class UnknownFormat(ValueError):
    """A descriptor that a later program wrote; `found` is its format."""

    def __init__(self, found: int) -> None:
        self.found = found
        super().__init__(f"format {found}")


def encoded(
    tables: Mapping[str, pd.DataFrame],
    about: Mapping[str, ResourceAbout],
    say: Callable[[str], None],
    kept: Mapping[str, tuple[bytes, Resource]] = MappingProxyType({}),
) -> tuple[dict[str, bytes], dict[str, Resource]]:
    """The content of every object by its digest, and the resources by name, in the order of their names.

    Those of `kept` are already what they are to be.
    """
    if not tables and not kept:
        raise Unstorable("(none)", "there is nothing to publish", "Give at least one table.")
    contents: dict[str, bytes] = {}
    resources: dict[str, Resource] = {}
    for name in sorted({*tables, *kept}):
        family = name.partition("/")[0]
        if not NAME.fullmatch(name):
            raise Unstorable(
                name, "this is no name for a table", "Use a-z, 0-9 and _, and one / before a partition."
            )
        if name != family and (family in tables or family in kept):
            raise Unstorable(family, f"it stands beside its partition '{name}'", "Publish one or the other.")
        if name in tables:
            words = about.get(name) or about.get(family) or ResourceAbout(title=name)
            content, resource = encode(name, tables[name], words)
        else:
            content, resource = kept[name]
        contents[resource.sha256] = content
        resources[name] = resource
        say(f"{name}: {resource.rows:,} rows")
    _refuse_mixed_types(resources.values())
    return contents, resources


def release_digest(hashes: Mapping[str, str]) -> str:
    """The digest of a release: SHA-256 over its sorted pairs of table name and content hash, nothing else."""
    return hashlib.sha256(canonical(sorted(hashes.items()))).hexdigest()


def encode(name: str, table: pd.DataFrame, about: ResourceAbout) -> tuple[bytes, Resource]:
    """One table as Parquet bytes, the same for the same table, with what its descriptor says."""
    if isinstance(table.index, pd.MultiIndex) or table.index.name is not None:
        raise Unstorable(
            name, "its rows have a named index, which would be lost", "Call reset_index() first."
        )
    columns: list[object] = list(table.columns)
    named = columns and all(isinstance(column, str) and column for column in columns)
    if not named or len(set(columns)) < len(columns):
        raise Unstorable(name, "its columns have no names or the same name twice", "Name every column once.")
    plain = table.reset_index(drop=True)
    plain.attrs = {}  # they would become part of the bytes
    buffer = io.BytesIO()
    geometry: str | None = None
    try:
        if isinstance(plain, gpd.GeoDataFrame):
            geometry = _geometry(name, plain)
            plain.to_parquet(buffer, index=False, compression="zstd")
        else:
            pq.write_table(
                pa.Table.from_pandas(plain, preserve_index=False),
                buffer,
                compression="zstd",
                row_group_size=ROW_GROUP,
            )
    except (pa.ArrowException, TypeError) as why:
        found = " ".join(str(part) for part in why.args)
        raise Unstorable(
            name, f"a column holds values of several kinds ({found})", "Give it one type."
        ) from why
    content = buffer.getvalue()
    schema = pq.read_schema(io.BytesIO(content))
    fields = tuple(
        {"name": c.name, "type": "any", "format": "wkb", "crs": CRS}
        if c.name == geometry
        else {"name": c.name, "type": _frictionless(c.type), **about.fields.get(c.name, {})}
        for c in schema
    )
    resource = Resource(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        rows=len(plain),
        fields=fields,
        geometry=geometry,
        title=about.title,
        description=about.description,
        sources=about.sources,
        licenses=about.licenses,
    )
    return content, resource


def _geometry(name: str, table: gpd.GeoDataFrame) -> str:
    """The column of the geometry, after a look at its reference system."""
    columns = [c for c in table.columns if isinstance(table[c].dtype, gpd.array.GeometryDtype)]
    if len(columns) != 1 or table.active_geometry_name != columns[0]:
        raise Unstorable(
            name, f"it has {len(columns)} columns of geometry", "Keep one, and make it the active one."
        )
    if table.crs is None or table.crs.to_epsg() != 4326:
        found = "no reference system" if table.crs is None else str(table.crs.to_string())
        raise Unstorable(name, f"its geometry has {found}", f"Bring it to {CRS} with to_crs first.")
    return str(columns[0])


def _refuse_mixed_types(resources: Iterable[Resource]) -> None:
    """Refuse partitions in which one column has two types: united, codes would turn into other texts."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for resource in resources:
        for column in resource.fields:
            kind = "number" if column["type"] == "integer" else column["type"]
            if kind == "any":
                continue
            first, known = seen.setdefault((resource.family, column["name"]), (resource.name, kind))
            if known != kind:
                found = f"column '{column['name']}' is of type {kind} here and {known} in '{first}'"
                raise Unstorable(resource.name, found, "Give it one type in all partitions.")


def _frictionless(kind: pa.DataType) -> str:
    """The Frictionless name of an Arrow type."""
    if pa.types.is_dictionary(kind):
        return _frictionless(kind.value_type)
    tests: Sequence[tuple[Callable[[pa.DataType], bool], str]] = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "number"),
        (pa.types.is_decimal, "number"),
        (pa.types.is_string, "string"),
        (pa.types.is_large_string, "string"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "datetime"),
        (pa.types.is_list, "array"),
        (pa.types.is_struct, "object"),
    )
    return next((name for test, name in tests if test(kind)), "any")


def descriptor(digest: str, resources: Mapping[str, Resource]) -> bytes:
    """The Data Package descriptor of a release: a function of its tables and the words about them.

    The digest does not cover those words, so the descriptor carries a hash of itself.
    """
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": f"siteline-{digest[:12]}",
        "id": f"sha256:{digest}",
        "format": FORMAT,
    }
    for key in ("sources", "licenses"):
        united = {canonical(entry): entry for r in resources.values() for entry in getattr(r, key)}
        if united:
            package[key] = [dict(united[text]) for text in sorted(united)]
    package["resources"] = [_entry(resources[name]) for name in sorted(resources)]
    package["hash"] = check_of(package)
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


@lru_cache(maxsize=8)  # of the same bytes the same is found
def parsed(digest: str, content: bytes) -> Mapping[str, Resource] | None:
    """The resources of the descriptor `content`, or None if any byte of it is not as it was written.

    Raises
    ------
    UnknownFormat
        If a later program wrote it.
    """
    try:
        package = json.loads(content)
        written_as = int(package["format"])
    except (ValueError, KeyError, TypeError):
        return None
    if written_as > FORMAT:
        raise UnknownFormat(written_as)
    try:
        resources = {entry["name"]: _resource(entry) for entry in package["resources"]}
        hashes = {name: resource.sha256 for name, resource in resources.items()}
        whole = release_digest(hashes) == digest and descriptor(digest, resources) == content
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return MappingProxyType(resources) if whole else None


def _entry(resource: Resource) -> dict[str, Any]:
    """A resource as the descriptor has it."""
    entry: dict[str, Any] = {
        "name": resource.name,
        "path": f"{FOLDER}/{resource.sha256}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{resource.sha256}",
        "bytes": resource.bytes,
        "rows": resource.rows,
        "title": resource.title,
        "description": resource.description,
        "schema": {"fields": [dict(f) for f in resource.fields]},
    }
    if resource.geometry:
        entry["geometry"] = resource.geometry
    for key in ("sources", "licenses"):
        if found := getattr(resource, key):
            entry[key] = [dict(f) for f in found]
    return entry


def _resource(entry: Mapping[str, Any]) -> Resource:
    """The inverse of `_entry`."""
    return Resource(
        name=entry["name"],
        sha256=entry["hash"].removeprefix("sha256:"),
        bytes=entry["bytes"],
        rows=entry["rows"],
        fields=tuple(entry["schema"]["fields"]),
        geometry=entry.get("geometry"),
        title=entry["title"],
        description=entry["description"],
        sources=tuple(entry.get("sources", ())),
        licenses=tuple(entry.get("licenses", ())),
    )


def check_of(words: Mapping[str, Any]) -> str:
    """A hash of words that no release digest covers."""
    return f"sha256:{hashlib.sha256(canonical(words)).hexdigest()}"


def canonical(value: Any) -> bytes:
    """The one way to write `value` as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict).encode()

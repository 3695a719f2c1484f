"""SQL over releases: one locked-down DuckDB connection for a process and a store, one schema for a release.

The connection may read the store's objects and nothing else: no other file, no network, no extension, no
Python variable. Views can still be made after the configuration is locked, so a release gets its schema when
it is first asked for. A forked process makes its own connection.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.objects import FOLDER, Checked, object_path

SCHEMAS_KEPT = 64  # a page pins one release; a process that lives through many imports forgets the oldest


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a view and the columns that SQL has no use for."""

    digest: str
    without: tuple[str, ...] = ()


class Reader:
    """The connection of this process to one store, with what was checked through it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.checked = Checked(root)
        self._lock = threading.Lock()
        self._schemas: OrderedDict[str, None] = OrderedDict()
        self._connection = _locked_down(root)

    def cursor(self, digest: str, views: Mapping[str, Sequence[Part]]) -> duckdb.DuckDBPyConnection:
        """A cursor that finds the views of release `digest` by their bare names.

        Parameters
        ----------
        digest : str
            The release; its schema is made on first use.
        views : Mapping[str, Sequence[Part]]
            The parts of each view, united by column name.
        """
        schema = f"r_{digest[:12]}"
        with self._lock:
            if schema not in self._schemas:
                self._create(schema, views)
            self._schemas[schema] = None
            self._schemas.move_to_end(schema)
            while len(self._schemas) > SCHEMAS_KEPT:
                oldest, _ = self._schemas.popitem(last=False)
                self._connection.execute(f"DROP SCHEMA {_name(oldest)} CASCADE")
            cursor = self._connection.cursor()
        cursor.execute(f"SET schema = {_text(schema)}")
        return cursor

    def _create(self, schema: str, views: Mapping[str, Sequence[Part]]) -> None:
        """Make the schema with all its views, or nothing of it."""
        sql = self._connection
        sql.execute("BEGIN")
        try:
            sql.execute(f"CREATE SCHEMA {_name(schema)}")
            for view, parts in views.items():
                united = " UNION ALL BY NAME ".join(self._select(part) for part in parts)
                sql.execute(f"CREATE VIEW {_name(schema)}.{_name(view)} AS {united}")
            sql.execute("COMMIT")
        except BaseException:
            sql.execute("ROLLBACK")
            raise

    def _select(self, part: Part) -> str:
        """The statement that reads one object."""
        path = _text(str(object_path(self.root, part.digest)))
        columns = f"* EXCLUDE ({', '.join(map(_name, part.without))})" if part.without else "*"
        return f"SELECT {columns} FROM read_parquet({path})"  # noqa: S608 - a view takes no parameters; both are quoted


def _locked_down(root: Path) -> duckdb.DuckDBPyConnection:
    """A connection in memory that can read the objects of `root` only."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,  # requests run side by side; one of them must not take every core
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,  # a misspelt table must not become a Python variable
            "enable_external_file_cache": False,  # what was checked is what is read
            "temp_directory": "",
            "allocator_background_threads": True,  # what a question needed goes back to the system soon after it
        },
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute(f"SET allowed_directories = [{_text(str(root / FOLDER) + os.sep)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _name(identifier: str) -> str:
    """An identifier, quoted."""
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    """A string, quoted."""
    return "'" + value.replace("'", "''") + "'"


class _Readers:
    """The readers of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.of: dict[tuple[int, Path], Reader] = {}
        self.inherited: list[dict[tuple[int, Path], Reader]] = []

    def forget(self) -> None:
        """Start anew in a forked process.

        The parent's connections are kept but never touched: closing them here would wait for threads that
        exist only in the parent.
        """
        self.inherited.append(self.of)
        self.of, self.lock = {}, threading.Lock()


_READERS = _Readers()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_READERS.forget)


def reader_of(root: Path) -> Reader:
    """The one reader of this process for the store in `root`, an absolute path."""
    key = (os.getpid(), root)
    with _READERS.lock:
        if key not in _READERS.of:
            _READERS.of[key] = Reader(root)
        return _READERS.of[key]

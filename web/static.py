"""Scripts and styles go out compressed once, at the highest level, and are not asked for twice.

Dash sends files as they are and can at best compress them again at every request. Here each file is
compressed at set-up into ``STORE/static/<sha256 of the file>.br`` and ``.gz`` (browsers offer Brotli
only over HTTPS and to loopback). A file without such a twin is compressed once a process, lightly.

A URL that carries a fingerprint is kept by browsers for a year. The chunks that Dash loads later carry
none: they are asked for each time, and 304 answers without a body.
"""

from __future__ import annotations

import hashlib
import importlib
import mimetypes
import os
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import brotli
from dash import Dash
from dash.fingerprint import check_fingerprint
from flask import Request, Response, request
from werkzeug.security import safe_join

YEAR = "public, max-age=31536000, immutable"
ASK = "no-cache"  # may be kept, must be asked for
ENCODINGS = ("br", "gzip")  # in the order of our preference
SUFFIX = {"br": ".br", "gzip": ".gz"}
KINDS = {".js", ".mjs", ".css", ".svg", ".json"}
PACKAGES = ("dash_mantine_components",)  # component libraries of the pages, beside Dash's own
LIGHT = 5  # Brotli quality for answers made on request: about 1 ms per 100 kB
WORTH_IT = 1000  # bytes; below, a compressed answer is hardly smaller
TEXTS = ("text/", "application/json", "application/geo+json", "application/javascript", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent."""

    path: Path
    mimetype: str
    digest: str  # SHA-256 of the plain bytes, hexadecimal
    stamp: tuple[int, int]  # modification time in ns, size in bytes
    twins: dict[str, bytes] = field(
        default_factory=dict
    )  # compressed bytes by encoding, as they are asked for
    lock: threading.Lock = field(
        default_factory=threading.Lock
    )  # one thread compresses, the others wait for it


class Static:
    """Answers requests for the files of Dash's packages and of the assets folder."""

    def __init__(self, app: Dash, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._files: dict[Path, File] = {}
        self._lock = threading.Lock()
        prefix = app.config.routes_pathname_prefix
        self._packages = f"{prefix}_dash-component-suites/"
        self._favicon = f"{prefix}_favicon.ico"
        self._assets = f"{prefix}{app.config.assets_url_path.strip('/')}/"

    def answer(self) -> Response | None:
        """The file that this request asks for, or None when the request is not for a known file."""
        if request.method not in {"GET", "HEAD"}:
            return None
        if request.path.startswith(self._packages):
            package, _, rest = request.path.removeprefix(self._packages).partition("/")
            inside, fingerprint = _plain_name(rest)
            if inside not in self._app.registered_paths.get(package, ()):
                return None
            path = Path(str(sys.modules[package].__file__)).parent / inside
        elif request.path.startswith(self._assets):
            joined = safe_join(self._app.config.assets_folder, request.path.removeprefix(self._assets))
            if joined is None:
                return None
            path, fingerprint = Path(joined), "m" in request.args
        else:
            return None
        if path.suffix not in KINDS or not path.is_file():
            return None
        return self._respond(self._file(path), year=bool(fingerprint))

    def keep(self, response: Response) -> Response:
        """`response`, to be kept for a year if it is another file (a picture, a font) whose URL names its version."""
        versioned = (request.path.startswith(self._assets) and "m" in request.args) or (
            request.path == self._favicon and "v" in request.args
        )
        if versioned and response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            response.headers["Cache-Control"] = YEAR
        return response

    def _respond(self, file: File, *, year: bool) -> Response:
        encoding = accepted(request)
        body = file.path.read_bytes() if encoding is None else self._packed(file, encoding)
        response = Response(body, mimetype=file.mimetype)
        if encoding is not None:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = YEAR if year else ASK
        response.set_etag(f"{file.digest[:32]}-{encoding or 'plain'}")
        response.make_conditional(request)
        return response

    def _file(self, path: Path) -> File:
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        known = self._files.get(path)
        if known is None or known.stamp != stamp:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            kind = mimetypes.types_map.get(path.suffix, "application/octet-stream")
            kind = "text/javascript" if path.suffix in {".js", ".mjs"} else kind
            with self._lock:
                known = self._files.get(path)
                if known is None or known.stamp != stamp:
                    known = self._files[path] = File(path, kind, digest, stamp)
        return known

    def _packed(self, file: File, encoding: str) -> bytes:
        with file.lock:
            if encoding not in file.twins:
                file.twins[encoding] = self._twin(file.path.read_bytes(), file.digest, encoding)
            return file.twins[encoding]

    def _twin(self, plain: bytes, digest: str, encoding: str) -> bytes:
        """The compressed file of set-up if it is there and whole, else one made now."""
        try:
            body = (self._folder / f"{digest}{SUFFIX[encoding]}").read_bytes()
            if unpacked(body, encoding) == plain:
                return body
        except (OSError, brotli.error, zlib.error):
            pass  # no twin, or a damaged one: the reader gets a good one all the same
        return packed(plain, encoding, best=False)


def tagged(response: Response) -> Response:
    """`response`, or 304 in its place when it is a JSON answer that the browser already has."""
    if (
        request.method == "GET"
        and response.status_code == HTTPStatus.OK
        and response.mimetype == "application/json"
        and not response.is_streamed
        and "ETag" not in response.headers
    ):
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def compress(response: Response) -> Response:
    """`response`, compressed when it is text worth it and the reader's browser takes it."""
    if (
        response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
        or response.direct_passthrough
        or response.is_streamed
        or "Content-Encoding" in response.headers
        or not str(response.mimetype).startswith(TEXTS)
    ):
        return response
    response.vary.add("Accept-Encoding")
    encoding = accepted(request)
    body = response.get_data()
    if encoding is None or len(body) < WORTH_IT:
        return response
    response.set_data(packed(body, encoding, best=False))
    response.headers["Content-Encoding"] = encoding
    tag, weak = response.get_etag()
    if tag is not None and not weak:
        response.set_etag(tag, weak=True)  # other bytes, same meaning
    return response


def accepted(asked: Request) -> str | None:
    """The encoding of `ENCODINGS` to answer `asked` in, or None for plain bytes."""
    return next((name for name in ENCODINGS if asked.accept_encodings[name] > 0), None)


def packed(plain: bytes, encoding: str, *, best: bool) -> bytes:
    """`plain` in `encoding`, at the highest level or at a light one."""
    if encoding == "br":
        return bytes(brotli.compress(plain, quality=11 if best else LIGHT))
    level = zlib.Z_BEST_COMPRESSION if best else LIGHT
    maker = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # 16: gzip, without a time in it
    return maker.compress(plain) + maker.flush()


def unpacked(body: bytes, encoding: str) -> bytes:
    """The plain bytes of `body`; raises `brotli.error` or `zlib.error` when it is damaged."""
    if encoding == "br":
        return bytes(brotli.decompress(body))
    return zlib.decompress(body, zlib.MAX_WBITS | 16)


def sources(assets: Path) -> Iterator[Path]:
    """Every file that a page asks for: the packages' scripts and styles, then `assets`, with their part of Plotly."""
    for name in PACKAGES:
        importlib.import_module(name)  # registers its files with Dash
    app = Dash(__name__, assets_folder=str(assets.resolve()), enable_mcp=False)
    app.layout = []
    app.server.test_client().get("/")  # Dash registers its paths when it makes the first page
    for package, paths in sorted(app.registered_paths.items()):
        if package == "plotly":
            continue
        base = Path(str(sys.modules[package].__file__)).parent
        yield from (base / inside for inside in sorted(paths) if Path(inside).suffix in KINDS)
    if assets.is_dir():
        yield from (path for path in sorted(assets.rglob("*")) if path.suffix in KINDS and path.is_file())


def _plain_name(path: str) -> tuple[str, bool]:
    """A path without Dash's fingerprint, and whether it had one: ``a.v1_2m3.js`` is ``a.js``."""
    name, fingerprint = check_fingerprint(path)  # type: ignore[no-untyped-call]  # Dash publishes no types for it
    return str(name), bool(fingerprint)


def compress_all(assets: Path, folder: Path, say: Callable[[str], None]) -> int:
    """Compress what is not compressed yet.

    Parameters
    ----------
    assets : Path
        The app's assets folder; may be missing.
    folder : Path
        Where the twins go, made when missing.
    say : callable
        Takes one line of progress.

    Returns
    -------
    int
        Number of twins written; 0 when all were there.

    Raises
    ------
    OSError
        If `folder` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jobs: dict[Path, tuple[Path, str]] = {}
    for path in sources(assets):
        if not path.is_file():
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        for encoding in ENCODINGS:
            target = folder / f"{digest}{SUFFIX[encoding]}"
            if not target.exists():
                jobs.setdefault(target, (path, encoding))
    if jobs:
        say(f"Compressing {len(jobs) // len(ENCODINGS)} scripts and styles, once; this takes about a minute.")

    def write(job: tuple[Path, tuple[Path, str]]) -> None:
        target, (path, encoding) = job
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.write_bytes(packed(path.read_bytes(), encoding, best=True))
        draft.replace(target)  # whole or not there

    # The compressors release the interpreter lock, so threads use every core.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(write, jobs.items()))
    return len(jobs)

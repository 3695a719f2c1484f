"""Two questions of a supervisor: is the process alive, and may it be sent readers?

`/healthz` touches no data, so that it answers under any load. `/readyz` says why not in sentences
that hold nothing sensitive: no figure, no path, no trace.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, jsonify

LOG = logging.getLogger("siteline.web")
FREE_SHARE = 0.10  # of the disk that holds the store; below it an import may fail half way
HOUR = 3600.0  # seconds
NO_STORE = {"Cache-Control": "no-store"}

Ready = Callable[[], list[str]]


def install(server: Flask, ready: Ready) -> None:
    """Add `/healthz` and `/readyz` to `server`.

    Parameters
    ----------
    server : Flask
        The app's server.
    ready : callable
        Returns one reader-safe sentence for each reason not to send readers here; [] is ready.
    """

    @server.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain", headers=NO_STORE)

    @server.get("/readyz")
    def readyz() -> Response:
        try:
            reasons = ready()
        except Exception:  # whatever fails here, the answer is "not ready" and the log says why
            LOG.exception("The readiness check failed.")
            reasons = ["The check of the store failed; the log says why."]
        response = jsonify({"ready": not reasons, "reasons": reasons})
        response.status_code = 503 if reasons else 200
        response.headers.update(NO_STORE)
        return response


class StoreCheck:
    """Is the store there, whole, and on a disk with room? Files are read again once an hour, not each time."""

    def __init__(
        self,
        folder: Path,
        *,
        current: Callable[[], str],
        damaged: Callable[[str], bool],
        fault: type[Exception],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`current` gives the current release's digest, `damaged` reads all its files; both may raise `fault`."""
        self._folder = folder
        self._current = current
        self._damaged = damaged
        self._fault = fault
        self._clock = clock
        self._whole: tuple[str, float] | None = None  # the digest last found whole, and when

    def reasons(self) -> list[str]:
        """One sentence for each reason not to send readers here; [] when all is well."""
        reasons = disk_reasons(self._folder)
        try:
            digest = self._current()
            now = self._clock()
            if self._whole is None or self._whole[0] != digest or now - self._whole[1] > HOUR:
                self._whole = None if self._damaged(digest) else (digest, now)
            if self._whole is None:
                reasons.append("The current release is damaged.")
        except self._fault:
            LOG.exception("The store cannot be read.")
            reasons.append("The store is missing or cannot be read.")
        return reasons


def disk_reasons(folder: Path, share: float = FREE_SHARE) -> list[str]:
    """A sentence if less than `share` (0 to 1) of the disk of `folder` is free, else []."""
    at = next((path for path in (folder, *folder.absolute().parents) if path.exists()), Path("/"))
    disk = shutil.disk_usage(at)
    if disk.free < share * disk.total:
        return [f"Less than {share:.0%} of the disk of the store is free."]
    return []

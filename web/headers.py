"""Every response carries the same protective headers, errors included.

Plain Dash sends none. The content policy lets the page run its own files and the inline scripts
whose digest is listed, and nothing else: no `eval`, no other site, not even for an image.
"""

from __future__ import annotations

import threading
from http import HTTPStatus

from dash import Dash
from flask import Response

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = (
    "default-src 'self'; script-src 'self'{hashes}; worker-src blob:; img-src 'self' data: blob:; "
    # Plotly and Mantine set styles from script; a style cannot run code.
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; font-src 'self'; frame-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
)


class Headers:
    """Sets the headers of one app; the policy is made once, after all callbacks are known."""

    def __init__(self, app: Dash) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._policy: str | None = None

    def policy(self) -> str:
        """The Content-Security-Policy of this app."""
        with self._lock:
            if self._policy is None:
                hashes = "".join(f" {digest}" for digest in dict.fromkeys(self._app.csp_hashes()))
                self._policy = POLICY.format(hashes=hashes)
            return self._policy

    def set(self, response: Response) -> Response:
        """`response` with the headers; what a view has set for caching stays."""
        response.headers["Content-Security-Policy"] = self.policy()
        for name, value in FIXED.items():
            response.headers[name] = value
        if "Cache-Control" not in response.headers:
            # Figures may be corrected at any time: nothing is reused without asking.
            response.headers["Cache-Control"] = (
                "no-cache" if response.status_code == HTTPStatus.OK else "no-store"
            )
        return response

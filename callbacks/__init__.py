"""Thin callbacks: each carries a checked view to page builders and nothing else."""

from __future__ import annotations

from dash import Dash

from callbacks import browser, files, router
from callbacks.router import warm
from data.store import Store

__all__ = ["register", "warm"]


def register(app: Dash, store: Store) -> None:
    """Add every callback of the product to `app`, reading from `store` only."""
    browser.register(app)
    router.register(app, store)
    files.register(app.server, store)

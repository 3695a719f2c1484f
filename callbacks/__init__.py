"""Thin callbacks: each carries a checked view to page builders and nothing else."""

from __future__ import annotations

from functools import partial

from dash import Dash

from callbacks import area_texts, browser, files, ledger, pictures, router
from callbacks.router import warm
from data.store import Store

__all__ = ["register", "warm"]


def register(app: Dash, store: Store, *, local: bool = False) -> None:
    """Add every callback of the product to `app`; the ledger alone writes to `store`, and only where all is `local`."""
    browser.register(app)
    router.register(app, store, partial(ledger.may_write, local=local))
    ledger.register(app, store, local=local)
    files.register(app.server, store)
    area_texts.register(app.server, store)
    pictures.register(app.server, store)

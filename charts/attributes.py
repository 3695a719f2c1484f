"""Attributes of HTML whose names have a hyphen, which Python's own keywords cannot spell."""

from __future__ import annotations

from typing import Any


def hyphened(**values: str) -> dict[str, Any]:
    """Attributes for a component: ``hyphened(aria_label="…")`` gives ``{"aria-label": "…"}``."""
    return {name.replace("_", "-"): value for name, value in values.items()}

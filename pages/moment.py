"""The dates of an operation that a reader can step through: rounds at their true dates, or published periods."""

from __future__ import annotations

from data.moments import Step, chosen, steps

__all__ = ["Step", "chosen", "steps"]

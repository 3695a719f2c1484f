"""All that is reached along links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def closure(start: str, links: Mapping[str, Iterable[str]]) -> set[str]:
    """`start` and all that its links lead to, over as many steps as it takes; a circle ends it."""
    found, waiting = set[str](), [start]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += links.get(here, ())
    return found

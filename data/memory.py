"""How a process that answers for long keeps its memory: what one question needed goes back to the system after it."""

from __future__ import annotations

import ctypes
import os

import pyarrow as pa

LARGE = 1 << 20  # bytes: what is larger has pages of its own, and they go when nothing uses it any more
TRIM_AT = (
    16 << 20
)  # bytes free at the end of what is kept before they go: less would go and come at every array
MMAP_THRESHOLD, TRIM_THRESHOLD = -3, -1  # of mallopt, in the GNU library's malloc.h


def keep_little() -> None:
    """Give large arrays back as soon as they are freed; for the process, before it reads.

    By itself the GNU library takes arrays from the midst of what is kept once one as large was freed, and pyarrow keeps
    what it used at its largest. After a million sites were read that was a third of the memory of a worker. The price
    is a millisecond for each array of some megabytes, which is mapped anew.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    _ask("mallopt", MMAP_THRESHOLD, LARGE)
    _ask("mallopt", TRIM_THRESHOLD, TRIM_AT)


def give_back() -> None:
    """Return what is free between what is kept, where the system takes it."""
    pool = pa.default_memory_pool()
    if pool.backend_name != "system":  # that of the system asks for the same as the next line
        pool.release_unused()
    _ask("malloc_trim", 0)


def _ask(name: str, *given: int) -> None:
    """Call a function of the C library, where it has it: the GNU library alone does."""
    function = getattr(ctypes.CDLL(None), name, None) if os.name == "posix" else None
    if function is not None:
        function(*given)

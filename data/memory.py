"""How a process that answers for long keeps its memory: what one question needed goes back to the system after it."""

from __future__ import annotations

import ctypes
import os

import pyarrow as pa

LARGE = 1 << 20  # bytes: what is larger has pages of its own, and they go when nothing uses it any more
MMAP_THRESHOLD = -3  # of mallopt, in the GNU library's malloc.h


def keep_little() -> None:
    """Give large arrays back as soon as they are freed; for the process, before it reads.

    By itself the GNU library takes arrays from the midst of what is kept once one as large was freed, and pyarrow keeps
    what it used at its largest. After a million sites were read that was a third of the memory of a worker.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    _ask("mallopt", MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Return what is free between what is kept, where the system takes it."""
    pa.default_memory_pool().release_unused()
    _ask("malloc_trim", 0)


def _ask(name: str, *given: int) -> None:
    """Call a function of the C library, where it has it: the GNU library alone does."""
    function = getattr(ctypes.CDLL(None), name, None) if os.name == "posix" else None
    if function is not None:
        function(*given)

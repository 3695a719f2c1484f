"""A process that serves gives back what a question needed."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Forty large arrays with something small that is kept behind each, as reading a table leaves them, and then freed.
READ = """
import numpy as np, psutil
{before}
np.ones(2_000_000)  # a first one that is freed: from now on the library takes such from the midst
was = psutil.Process().memory_info().rss
large, kept = [], []
for _ in range(40):
    large.append(np.ones(1_000_000)); kept.append(np.ones(1_000))
most = psutil.Process().memory_info().rss
large.clear()
print((psutil.Process().memory_info().rss - was) / (most - was))
"""


def left(before: str) -> float:
    """What a process keeps of the memory that it took for a while, as a share."""
    asked = [sys.executable, "-c", READ.format(before=before)]
    return float(subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU library is asked to")
def test_what_was_read_is_given_back() -> None:
    """Next to nothing of it stays; control: without the call nearly all does."""
    assert left("from data.memory import keep_little; keep_little()") < 0.1
    assert left("") > 0.9

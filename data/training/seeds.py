"""One whole number becomes every random stream, each by its name: a part that draws more moves no other part."""

from __future__ import annotations

import hashlib

import numpy as np

_WORDS = 2  # 32-bit words taken from the hash of each name


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The stream of one part of the country.

    Parameters
    ----------
    seed : int
        Of the country, 0 or more.
    names : str or int
        Path of the part, such as ("people", 0): the same path is the same stream, in any order of calls.

    Returns
    -------
    numpy.random.Generator
        PCG64, independent of every other path.

    Raises
    ------
    ValueError
        If the seed is negative or no part is named.
    """
    if seed < 0:
        raise ValueError(f"The seed of a country is a whole number of 0 or more, not {seed}.")
    if not names:
        raise ValueError("Name the part of the country that the stream is for.")
    key: list[int] = []
    for name in names:
        # Python's own hash() differs from run to run; this one does not
        digest = hashlib.sha256(f"{type(name).__name__}:{name}".encode()).digest()
        key += [int.from_bytes(digest[4 * at : 4 * at + 4], "big") for at in range(_WORDS)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=tuple(key))))

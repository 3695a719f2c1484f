"""The classes of a raster: round limits, one colour in growing strength, and the picture of them as a small PNG."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

INK = (138, 111, 176)  # of every class; seen on light and on dark land
SHARES = (0.16, 0.30, 0.44, 0.60, 0.78)  # how strong each class is, from few to many
QUANTILES = (0.5, 0.75, 0.9, 0.97)


def limits_of(values: npt.ArrayLike) -> tuple[float, ...]:
    """Round limits near fixed shares of the cells that have people: 1, 2 or 5 times a power of ten, each once."""
    found = np.asarray(values, dtype=float)
    found = found[np.isfinite(found) & (found > 0)]
    if not found.size:
        return ()
    rounded = [_round(float(q)) for q in np.quantile(found, QUANTILES)]
    return tuple(sorted({limit for limit in rounded if limit < float(found.max())}))


def png(classes: npt.NDArray[np.uint8]) -> bytes:
    """A picture of the classes with a palette: 0 is clear, the others are one colour in growing strength."""
    rows, columns = classes.shape
    palette = bytes(3) + bytes(INK) * len(SHARES)
    alpha = bytes([0, *(round(255 * share) for share in SHARES)])
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)  # a 0 before each line: no filter
    lines[:, 1:] = classes
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)), (b"PLTE", palette), (b"tRNS", alpha),
            (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""),
        )
    )  # fmt: skip


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _round(value: float) -> float:
    """The nearest of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(min((step * power for step in (1, 2, 5, 10)), key=lambda limit: abs(np.log(limit / value))))

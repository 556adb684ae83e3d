"""A photo in 64 bits that stay nearly the same when it is scaled, re-encoded or brightened.

The difference hash: the picture in grey at 9 by 8 points, a bit for each point that is darker than
its neighbour on the right (N. Krawetz, "Kind of Like That", Hacker Factor, 2013).
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final

import numpy as np
from PIL import Image

SAME: Final = 6
"""At most so many bits differ between two encodings of one photo."""
NEAR: Final = 12


def fingerprint(photo: Path | IO[bytes]) -> int:
    """Return the hash of a photo, 0 to 2**64 - 1. Raises OSError for what is no picture."""
    with Image.open(photo) as picture:
        picture.draft(
            "L", (72, 64)
        )  # a JPEG of eight times the points: decoded in a tenth of the time
        grey = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BOX), dtype=int)
    bits = (grey[:, :-1] < grey[:, 1:]).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def bits_apart(one: int, other: int) -> int:
    """Return in how many bits two hashes differ."""
    return (one ^ other).bit_count()

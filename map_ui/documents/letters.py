"""The letters of printed maps, and how wide words in them are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

MM_PER_POINT: Final = 25.4 / 72
LEADING: Final = 1.32
"""From line to line, as a share of the letters' size."""
_MEASURED_AT: Final = 100.0
LONGEST_WORD: Final = 40
"""Longer ones are broken."""


@dataclass(frozen=True, slots=True)
class Letters:
    """One face of DejaVu as matplotlib brings it: it has every letter of Vietnamese."""

    path: Path

    @property
    def face(self) -> FontProperties:
        """As matplotlib takes it."""
        return FontProperties(fname=str(self.path))

    def wide(self, text: str, size: float) -> float:
        """Return the width in millimetres of a line in letters of so many points."""
        return sum(_advance(self.path, letter) for letter in text) * size * MM_PER_POINT

    def wrapped(self, text: str, wide_mm: float, size: float) -> list[str]:
        """Return the lines of a text within a width; none for no text."""
        lines = [""]
        for word in _words(text):
            longer = f"{lines[-1]} {word}".strip()
            if self.wide(longer, size) <= wide_mm:
                lines[-1] = longer
            else:
                lines.append(word)
        return [line for line in lines if line]


@cache
def letters(*, heavy: bool = False) -> Letters:
    """Return the plain or the bold face."""
    name = "DejaVuSans-Bold.ttf" if heavy else "DejaVuSans.ttf"
    return Letters(Path(mpl.get_data_path(), "fonts", "ttf", name))


def _words(text: str) -> list[str]:
    return [
        word[at : at + LONGEST_WORD]
        for word in text.split()
        for at in range(0, len(word), LONGEST_WORD)
    ]


@cache
def _advance(path: Path, letter: str) -> float:
    """Return how far a letter moves on, as a share of its size."""
    font = FT2Font(str(path))
    font.set_size(_MEASURED_AT, 72)
    glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65_536 / _MEASURED_AT

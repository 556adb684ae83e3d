"""How people word a place and a complaint.

The books share no sentence, so that what was learnt from one is tried on another. ``{s}`` is a
street, ``{n}`` a number, ``{t}`` the second street, ``{l}`` a landmark, ``{x}`` the place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Book:
    """Phrases of one manner of writing."""

    houses: tuple[str, ...]
    alleys: tuple[str, ...]
    """``{h}`` is an invented house in the alley."""
    crossings: tuple[str, ...]
    landmarks: tuple[str, ...]
    streets: tuple[str, ...]
    areas: tuple[str, ...]
    before: tuple[str, ...]
    """What stands before a place in a sentence."""
    sentences: dict[str, tuple[str, ...]]
    """Category -> sentences with ``{x}``."""
    endings: tuple[str, ...]
    cities: tuple[str, ...]
    nothing: tuple[str, ...]
    """Texts that name no place in the city."""
    orders: tuple[str, ...]
    """How place, ward, district and city follow: ``{x}``, ``{p}``, ``{q}``, ``{c}``."""
    southern: bool = False
    """Whether slips are those of southern ears, and a ward may be "F.5"."""

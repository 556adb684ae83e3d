"""House numbers as the gazetteer keeps them: 602/15 is house 15 in alley 602. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from districts.geocoding.keys import number_key

_DIGITS = re.compile(r"\d+")
LARGEST = 9_999
"""A larger number counts something else than houses along a street."""


def path_of(alleys: tuple[str, ...], house: str = "") -> str:
    """Return the number as it is looked for: ("602",) and "15A" is "602/15A"."""
    return number_key("/".join([*alleys, house] if house else alleys))


def as_said(path: str, house: str) -> str:
    """Return a number as people say it: "602/15" with a house, "Hẻm 602/15" without."""
    return path if house else f"Hẻm {path}"


def along_street(path: str) -> int | None:
    """Return the number that counts along the street itself: 602 of "602/15"."""
    digits = _DIGITS.search(path.split("/", maxsplit=1)[0])
    number = int(digits[0]) if digits and len(digits[0]) <= 4 else 0
    return number if 0 < number <= LARGEST else None


def inner(path: str, alley: str) -> int | None:
    """Return the number that counts along the alley: 15 of "602/15" in "602"."""
    return along_street(path.removeprefix(f"{alley}/")) if path.startswith(f"{alley}/") else None


def enclosing(path: str) -> Iterator[str]:
    """Return the alleys that a number may lie in, the innermost first: "602/15/3" in "602/15"."""
    parts = path.split("/")
    for length in range(len(parts) - 1, 0, -1):
        yield "/".join(parts[:length])

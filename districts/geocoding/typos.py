"""Names a typo apart: each has, with a letter left out, a form in common with the other. Pure.

A letter too many, missing, wrong or swapped with its neighbour (the optimal string alignment
distance of 1) always leaves a common form when one letter is left out on either side; so the
candidates are found by an index of such forms, and only they are compared letter by letter.
Digits are never taken for typos: Đường số 5 is not Đường số 6.
"""

from __future__ import annotations

import re
import zlib

from rapidfuzz.distance import OSA

SHORTEST = 4
LONG = 10
"""From this many letters on a second typo is forgiven, where the forms still meet."""

_DIGITS = re.compile(r"\d+")


def deletions(key: str) -> list[int]:
    """Return the numbers of a key and of its forms without one letter; [] for a short one."""
    if sum(letter.isalpha() for letter in key) < SHORTEST:
        return []
    forms = {key[:at] + key[at + 1 :] for at, letter in enumerate(key) if letter.isalpha()}
    return sorted(_number(form) for form in {key, *forms})


def closeness(asked: str, key: str) -> float:
    """Return 1 for equal keys, less for each typo, 0 for more typos than the length allows."""
    if _DIGITS.findall(asked) != _DIGITS.findall(key):
        return 0.0
    shorter, longer = sorted((len(asked), len(key)))
    allowed = 0 if shorter < SHORTEST else 1 if shorter < LONG else 2
    distance = OSA.distance(asked, key, score_cutoff=allowed)
    return 0.0 if distance > allowed else 1.0 - distance / longer


def _number(form: str) -> int:
    """Return a 32-bit number with sign, as PostgreSQL keeps an integer."""
    unsigned = zlib.crc32(form.encode())
    return unsigned - (1 << 32) if unsigned >= 1 << 31 else unsigned

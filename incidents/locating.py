"""What was found in a report's words, and whether that is sure enough to go on without a person."""

from __future__ import annotations

from districts import city
from districts.geocoding.chain import geocode_with_externals
from districts.geocoding.found import Candidate, Geocoded

MOST: int = 9
"""Candidates that are looked at: as many as an operator has keys for."""


def look(words: str) -> Geocoded:
    """Return what the words may mean, the likeliest first.

    Call it outside a transaction: another service may be asked, where the city has chosen one.
    """
    return geocode_with_externals(words, limit=MOST)


def is_sure(candidate: Candidate | None) -> bool:
    """Return whether the candidate is taken without a person looking at it: the city says when.

    What lies in no ward never is: nobody would answer for it.
    """
    if candidate is None or candidate.ward is None:
        return False
    wanted = city.current().locating
    return (
        candidate.confidence >= wanted.confidence
        and candidate.position.accuracy_m <= wanted.accuracy_m
    )

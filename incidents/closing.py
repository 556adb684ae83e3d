"""When what is said to be done counts as done, and what proves it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gis_core.positions import LonLat, distance_m
from incidents.said import CheckIn


class By(StrEnum):
    """Who takes a claim for true."""

    REPORTER = "reporter"
    OFFICE = "office"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the city asks for before a case is closed."""

    silence: timedelta
    """How long a reporter may object before the claim counts as true."""
    answer: timedelta
    """How long after the claim a reporter may still say that it is not done."""
    evidence: bool
    """Whether a photo or a check-in has to come with the claim."""
    check_in_m: float
    """What a check-in's own radius counts at most."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An agency's word that it is done."""

    at: datetime
    proven: bool


def silence_ends(claim: Claim, terms: Terms) -> datetime:
    """Return from when on nobody's objection closes the case."""
    return claim.at + terms.silence


def may_close(by: By, claim: Claim, terms: Terms, now: datetime) -> bool:
    """Tell whether the claim is taken for true: a reporter's word always is."""
    if by is By.REPORTER or silence_ends(claim, terms) <= now:
        return True
    return by is By.OFFICE and (claim.proven or not terms.evidence)


def may_answer(claim: Claim, terms: Terms, now: datetime) -> bool:
    """Tell whether a reporter may still object."""
    return now <= claim.at + terms.answer


def away_m(where: LonLat, accuracy_m: float, check_in: CheckIn, terms: Terms) -> float:
    """Return by how many metres a check-in lies beyond the errors of both positions; 0 is on site.

    The great circle's distance, less the incident's radius and the check-in's own.
    """
    reach = accuracy_m + min(check_in.accuracy_m, terms.check_in_m)
    return max(distance_m(where, check_in.lonlat) - reach, 0.0)

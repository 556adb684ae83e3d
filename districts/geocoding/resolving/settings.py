"""The numbers by which places are weighed, from ``resolving.toml``; fitted, not guessed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Numbering:
    """How house numbers run along streets; the file says what each is."""

    paces_m: tuple[float, ...]
    pace_chances: tuple[float, ...]
    from_centre: float
    width_m: float
    drift: float
    wrong: float
    agreement: float
    asked: int
    fading: float
    other_side: float
    elsewhere: float
    area_weight: float
    end_width_m: float
    end_drift: float
    end_wrong: float
    end_weight: float
    shortest_m: float
    same_m: float
    off_street_m: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How far a place may lie from the area named."""

    readings: int
    edge_m: float
    wrong: float
    far_m: float
    anywhere: float
    border_m: float
    inside_m: float
    near_m: float
    near_weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """How well a name of the gazetteer fits what was written; costs are logs of chances."""

    longest: int
    usual_words: int
    typo_letters: int
    usual_letters: int
    typo_spans: int
    left_over: float
    most_left: int
    beyond: float
    most_beyond: int
    aside: float
    typo: float
    marks: float
    taken: float
    short: float
    uses: Mapping[str, float]
    broken: float


@dataclass(frozen=True, slots=True)
class Choosing:
    """How one place is chosen among several; costs and gains are logs of chances."""

    unknown: float
    weight: float
    other_kind: float
    known_number: float
    too_high: float
    metres_a_number: float
    undrawn: float
    most: int
    apart_m: float
    beside: float
    beside_m: float
    taken_in: float
    longer: float


@dataclass(frozen=True, slots=True)
class Settings:
    """All of ``resolving.toml``."""

    numbering: Numbering
    surroundings: Surroundings
    naming: Naming
    choosing: Choosing
    specific: Mapping[str, float]
    radius_m: Mapping[str, float]
    radius_share: Mapping[str, float]
    confidence: Mapping[str, tuple[float, float, float]]


def _tupled(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }


@cache
def current() -> Settings:
    """Return the settings. Raises TypeError where the file and this module disagree."""
    path = resources.files("districts.geocoding") / "resolving.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Settings(
        numbering=Numbering(**_tupled(tables["numbering"])),
        surroundings=Surroundings(**tables["surroundings"]),
        naming=Naming(**tables["naming"]),
        choosing=Choosing(**tables["choosing"]),
        specific=tables["specific"],
        radius_m=tables["radius_m"],
        radius_share=tables["radius_share"],
        confidence=_tupled(tables["confidence"]),
    )

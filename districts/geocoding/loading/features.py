"""What a source says of one thing on the ground, before it is known what place it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry

from districts.models import NameUse, PlaceKind


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place, how it is used, and from when to when."""

    name: str
    use: NameUse = NameUse.OFFICIAL
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One line, point or area of a source, WGS 84, with its names: the official one first."""

    reference: str
    sort: str
    """Class and value: "highway/trunk", "amenity/hospital"."""
    shape: BaseGeometry
    names: tuple[Name, ...] = ()
    number: str = ""
    """House number and street as the source writes them."""
    street: str = ""
    kind: PlaceKind | None = None
    """Where the source says what it is; else the sort and the name tell."""
    bridge: bool = False
    """Whether a road runs over a bridge here, or through a tunnel."""

    @property
    def name(self) -> str:
        """The official name, "" for a mere address."""
        return self.names[0].name if self.names else ""


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place as it will be stored."""

    reference: str
    kind: PlaceKind
    sort: str
    name: str
    shape: BaseGeometry
    weight: float
    names: tuple[Name, ...] = ()
    number: str = ""
    street_key: str = ""


@dataclass(frozen=True, slots=True)
class GazetteerFacts:
    """What is said of a source: its name, and whose work it is."""

    code: str
    title: str
    attribution: str = ""
    licence: str = ""
    source: str = ""


def named(*pairs: tuple[str, NameUse]) -> tuple[Name, ...]:
    """Return the names that are not empty, each once, several in one (";") apart."""
    found: dict[str, Name] = {}
    for text, use in pairs:
        for part in text.split(";"):
            name = " ".join(part.split())[:250]
            if name and name not in found:
                found[name] = Name(name, use)
    return tuple(found.values())

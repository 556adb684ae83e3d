"""What a text says about where, before any gazetteer was asked. Pure values.

A text is cut into tokens; what the grammar recognises becomes mentions. A mention that holds a name
says where the name can stand (a window of tokens), not what it is: only the gazetteer knows that
"trạm Tân Phước" is the street Tân Phước with a word before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gis_core.positions import LonLat


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number. ``spelled`` keeps its marks (NFC, new tone style), ``folded`` has none."""

    spelled: str
    folded: str
    start: int
    end: int
    """Where it stands in ``Parsed.text``: [start, end)."""
    parted: bool = False
    """Whether a comma, a dash or the like stands before it."""
    short: str = ""
    """The short form that it is part of: "NTMK" for each of four tokens, which all stand where that
    stands."""


class Side(StrEnum):
    """Which end of a window the name touches."""

    START = "start"
    END = "end"
    WHOLE = "whole"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens [first, last) in which a name stands, at the end that ``side`` says."""

    first: int
    last: int
    side: Side = Side.START


class Relation(StrEnum):
    """How the place meant lies to the place named."""

    AT = "at"
    NEAR = "near"
    BEFORE = "before"
    BEHIND = "behind"
    OPPOSITE = "opposite"
    BESIDE = "beside"
    INSIDE = "inside"
    MOUTH = "mouth"
    """The mouth of an alley, the foot or head of a bridge."""
    DEPTH = "depth"
    """The far end of an alley."""


@dataclass(frozen=True, slots=True)
class Street:
    """A street, with what was said of a house or an alley on it.

    "123/45/6 Lê Văn Sỹ" has alleys ("123", "45") and house "6"; "hẻm 123/45" no house; "34A" and
    "18-20" are houses as written. With neither it is the street itself.
    """

    name: Window
    house: str = ""
    alleys: tuple[str, ...] = ()
    relation: Relation = Relation.AT
    cued: bool = False
    """Whether a word such as đường said that a street follows."""


@dataclass(frozen=True, slots=True)
class Junction:
    """Where two or more streets meet."""

    streets: tuple[Window, ...]
    relation: Relation = Relation.AT


@dataclass(frozen=True, slots=True)
class Stretch:
    """A street from one crossing or landmark to another."""

    street: Window
    begin: Window
    end: Window


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place with a name of its own; ``cue`` is the folded word that said so ("cho", "nga tu")."""

    name: Window
    cue: str = ""
    relation: Relation = Relation.AT
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class AreaName:
    """A ward, a district or a city, named with or without its kind.

    ``kind`` is one of ``districts.names.KINDS``' values, "" where none was written.
    """

    name: Window
    kind: str = ""
    text: str = ""
    """The name itself with abbreviations undone: "bình thạnh" for "BT", "13" for "p13"."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A kilometre post: "Km 12+300 quốc lộ 1"."""

    road: Window
    km: float


@dataclass(frozen=True, slots=True)
class AssetNumber:
    """The number on a pole, a manhole, a bus stop."""

    cue: str
    number: str


@dataclass(frozen=True, slots=True)
class Pin:
    """Coordinates in the text; ``how`` is degrees, dms, plus_code or map_link."""

    lonlat: LonLat
    accuracy_m: float
    how: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another province or its city: the text speaks of a place that is not ours."""

    name: str
    start: int
    end: int


Mention = (
    Street | Junction | Stretch | Landmark | AreaName | Milestone | AssetNumber | Pin | Elsewhere
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text, its tokens and its mentions, in the order in which they stand."""

    text: str
    """NFC, Telex undone; what ``Token.start`` counts in."""
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    telex: bool = False
    """Whether the text was raw Telex or VNI."""

    def words(self, window: Window) -> tuple[Token, ...]:
        """Return the tokens of a window."""
        return self.tokens[window.first : window.last]

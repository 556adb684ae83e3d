"""The catalogue's rows as typed values: what each file may say, and how long it may be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from districts.routing import Assign, Basis


@dataclass(frozen=True, slots=True)
class Longest:
    """A text of at most so many characters: the width of its column."""

    characters: int


@dataclass(frozen=True, slots=True)
class Key:
    """The file calls the field by another name than the class does."""

    name: str


@dataclass(frozen=True, slots=True)
class PerLanguage:
    """The file has the text once a language: ``vi``, ``en``; or ``phrase_vi``, ``phrase_en``."""

    prefix: str = ""


Words = Mapping[str, str]
"""One text in every language of the city, by language code."""


class Wording(dict[str, str]):
    """Words that answer in the city's first language where it does not speak the one asked for."""

    def __missing__(self, language: str) -> str:
        return next(iter(self.values()), "")


Spoken = Annotated[Words, PerLanguage()]
Code = Annotated[str, Longest(40)]
LongCode = Annotated[str, Longest(60)]
Name = Annotated[str, Longest(100)]
LongName = Annotated[str, Longest(200)]
Source = Annotated[str, Longest(300)]


class AgencyKind(StrEnum):
    """The service's three classes, as the files write them."""

    DEPARTMENT = "department"
    COMMITTEE = "committee"
    UTILITY = "utility"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """Where a map of the city opens: longitude and latitude in degrees, and the zoom."""

    centre: tuple[float, float]
    zoom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeNames:
    """How the committees that are made from the boundaries are coded and named."""

    code: Annotated[str, Longest(20)]
    name: Name
    name_en: Name
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaKind:
    """A kind of area ("Phường"), with the spellings met in boundary files."""

    written: tuple[str, ...]
    names: Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLine:
    """A number to call first; no ``categories``: with every dangerous one."""

    number: Annotated[str, Longest(20)]
    names: Spoken
    categories: tuple[str, ...] = ()


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """Which days are worked, before what is decreed of single ones."""

    country: str = ""
    """ISO 3166 code of the country whose public holidays are off; "" for none."""
    weekend: tuple[Weekday, ...] = (Weekday.SATURDAY, Weekday.SUNDAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locating:
    """When a place found in a report's words is taken without a person looking at it."""

    confidence: float = 0.8
    """At least: the share of such answers that are right."""
    accuracy_m: float = 500.0
    """At most: a crew must be able to find what is only known so well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What makes the program this city's: one file, no code."""

    code: str
    name: Name
    name_en: Name
    catalogue: str
    """Folder of the sectors, agencies, rules …, from the catalogue's own folder."""
    territory: str
    """What its editions are editions of."""
    ward_level: str
    district_level: str
    fallback_agency: str
    """Code of the agency that gets what nobody else answers for."""
    languages: tuple[str, ...]
    """The first is shown when nobody chose."""
    time_zone: str
    metric_srid: int
    """EPSG code of the CRS in which metres are measured."""
    sliver_m: float
    """A pin this near to a ward, in a gap, is taken to be in it."""
    extent: tuple[float, float, float, float]
    """West, south, east, north in WGS 84 degrees."""
    view: Annotated[MapView, Key("map")]
    accuracy_m: Mapping[str, float]
    """Metres by which a position of this kind is usually off, by method."""
    locating: Locating = Locating()
    working_days: WorkingDays = WorkingDays()
    public_assets: tuple[str, ...] = ()
    """Kinds of assets that everybody may see; of the others only offices are told."""
    committees: CommitteeNames | None = None
    """None: wards have no committees of their own."""
    area_kinds: Annotated[tuple[AreaKind, ...], Key("area_kind")] = ()
    emergency_lines: Annotated[tuple[EmergencyLine, ...], Key("emergency_line")] = ()

    def called(self, language: str) -> str:
        """The city's name in ``language``."""
        return self.name if language == self.languages[0] else self.name_en

    def kind_names(self, written: str) -> Words:
        """Return how a kind of area is written in each language; as met where it is unknown."""
        for kind in self.area_kinds:
            if written in kind.written:
                return kind.names
        return Wording.fromkeys(self.languages, written)

    def emergency_for(self, category: str) -> tuple[EmergencyLine, ...]:
        """Return the lines to call first when a dangerous ``category`` is reported."""
        return tuple(
            line
            for line in self.emergency_lines
            if not line.categories or category in line.categories
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorRecord:
    """One of the service's sectors."""

    code: Code
    name: Name
    name_en: Name
    icon: LongCode


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRecord:
    """What may be reported, and how it is treated."""

    code: Code
    sector: str
    name: Name
    name_en: Name
    icon: LongCode
    words: Annotated[str, Longest(400)] = ""
    danger: bool = False
    public: bool = True
    sensitive: bool = False
    certainty_threshold: float = 0.8
    duplicate_radius_m: float = 50
    duplicate_window_days: int = 30
    working_days: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRecord:
    """An agency; the interval is half open, None is no bound."""

    code: LongCode
    agency_class: Annotated[AgencyKind, Key("class")]
    name: LongName
    name_en: LongName
    parent: str = ""
    phone: Code = ""
    email: str = ""
    website: str = ""
    source: Source
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaGroup:
    """Areas that several rules name together, each ``level:code``."""

    code: str
    area_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """A responsibility rule; ``districts.routing`` says how it is read."""

    code: LongCode
    basis: Basis
    assign: Assign
    priority: int = 100
    sectors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    asset_kinds: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    """Codes of area groups."""
    area_codes: tuple[str, ...] = ()
    agency: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """The sentence that says why, for one pair of basis and assign."""

    basis: Basis
    assign: Assign
    sentence: Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A sentence with a code of its own."""

    code: str
    sentence: Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetKind:
    """What a kind of asset is called: alone ("Park"), and nameless in a sentence ("a park")."""

    code: str
    names: Spoken
    phrase: Annotated[Words, PerLanguage("phrase_")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanations:
    """The sentences shown to people, in every language of the city."""

    because: tuple[Because, ...]
    questions: Annotated[tuple[Phrase, ...], Key("question")]
    notes: Annotated[tuple[Phrase, ...], Key("note")]
    asset_kinds: Annotated[tuple[AssetKind, ...], Key("asset_kind")]

    def why(self, basis: Basis, assign: Assign) -> Words:
        """Return the sentence that says why, with its ``{places}`` still empty."""
        return next(
            one.sentence for one in self.because if (one.basis, one.assign) == (basis, assign)
        )

    def question(self, code: str) -> Words:
        """Return what is asked when several agencies may be right: border, overlap, and so on."""
        return next(one.sentence for one in self.questions if one.code == code)

    def note(self, code: str) -> Words:
        """Return a remark on how a pin was placed or a case decided: sliver, approximate."""
        return next(one.sentence for one in self.notes if one.code == code)

    def asset_kind(self, code: str) -> AssetKind | None:
        """Return what a kind of asset is called; None for a kind that the files do not name."""
        return next((one for one in self.asset_kinds if one.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All of a city's files, read and checked together."""

    city: City
    sectors: tuple[SectorRecord, ...]
    categories: tuple[CategoryRecord, ...]
    agencies: tuple[AgencyRecord, ...]
    area_groups: tuple[AreaGroup, ...]
    rules: tuple[RuleRecord, ...]
    explanations: Explanations

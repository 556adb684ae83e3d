"""The language's data files -> phrases that can be looked for at a word of a text. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from gis_core.names import folded, spelled

FOLDER = Path(__file__).parents[1] / "language"


class Role(StrEnum):
    """What a phrase does in a sentence about a place; of two roles the one here first has it."""

    NAME = "name"
    ASSET = "asset"
    CITY = "city"
    AREA = "area"
    MILESTONE = "milestone"
    CROSSING = "crossing"
    ALLEY = "alley"
    NAMED_ROAD = "named_road"
    ROAD = "road"
    HOUSE = "house"
    LANDMARK = "landmark"
    JOIN = "join"
    BETWEEN = "between"
    FROM = "from"
    PIECE = "piece"
    RELATION = "relation"
    STOP = "stop"


class Marks(StrEnum):
    """When a phrase written without its marks is still that phrase."""

    FREE = "free"
    LIKE_NEIGHBOURS = "like_neighbours"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that do something, with their marks (``spelled``) and without (``folded``)."""

    role: Role
    value: str
    spelled: tuple[str, ...]
    folded: tuple[str, ...]
    marks: Marks = Marks.FREE

    def __len__(self) -> int:
        return len(self.folded)


Phrases = Mapping[str, Sequence[Phrase]]
"""First word, folded -> the phrases that begin with it, longest first."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases of a language."""

    cues: Phrases
    joins_after_cue: Phrases
    joining_crossings: frozenset[str]
    """Words for a crossing that stand between two streets too, folded."""
    joins_at_the_end: Phrases
    to: Phrases
    units: Phrases
    counted_after: Phrases
    distances: Phrases
    number_words: Phrases
    elsewhere: Phrases
    elsewhere_words: Phrases
    area_initials: Phrases
    districts: Phrases
    localities: Phrases
    short_words: Mapping[str, str]
    roads: Mapping[str, str]
    names: Mapping[str, str]
    initials: Mapping[str, str]
    spoken: Phrases
    dates: frozenset[str]
    shared: frozenset[str]
    city_name: str
    glued: frozenset[str]
    begin_names: frozenset[str]
    """Words that end a name, but begin others, folded."""
    with_ends: frozenset[str]
    """What has a mouth, a head or a foot, folded."""
    person_before: frozenset[str]
    """Words before somebody's name, as spelled."""
    person_named_by: frozenset[str]
    """… and those with "là" between."""
    person_after: frozenset[str]
    family_names: frozenset[str]
    """Folded."""
    also_streets: frozenset[str]
    """Words for landmarks that begin names of streets too, folded."""
    lat: tuple[float, float]
    lon: tuple[float, float]
    around: tuple[float, float]


_PRECEDENCE = tuple(Role)
_FREE = frozenset(
    {Role.NAME, Role.AREA, Role.CITY, Role.ROAD, Role.NAMED_ROAD, Role.ALLEY, Role.HOUSE,
     Role.CROSSING, Role.ASSET, Role.MILESTONE}
)  # fmt: skip
"""Roles whose phrases count without their marks, even where the words beside them have theirs."""
_GLUED = "đường hẻm phường quận huyện ngõ kiệt lộ quốc tỉnh khu vực nhà ngã trước chung trường bệnh"


@cache
def vietnamese() -> Lexicon:
    """Return the language's lexicon, read once."""
    files = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}
    areas, streets = files["areas"], files["streets"]
    words, landmarks = files["words"], files["landmarks"]
    cues = _cues(areas, streets, words, landmarks)
    elsewhere = areas["elsewhere"]
    return Lexicon(
        cues=_indexed(cues),
        joins_after_cue=_plain(words["crossings"]["joins_after_cue"], Role.JOIN),
        joining_crossings=frozenset(map(folded, words["crossings"]["joining"])),
        joins_at_the_end=_plain(words["crossings"]["joins_at_the_end"], Role.JOIN),
        to=_plain(words["stretches"]["to"], Role.FROM),
        units=_units(words["numbers"]),
        counted_after=_plain(words["numbers"]["before"], Role.STOP),
        distances=_indexed(_phrases(("m", "km"), Role.STOP, lambda unit: words["distances"][unit])),
        number_words=_plain(areas["assets"]["number_words"], Role.ASSET),
        elsewhere=_plain([*elsewhere["provinces"], *elsewhere["cities"]], Role.AREA),
        elsewhere_words=_plain([*elsewhere["province_words"], *elsewhere["city_words"]], Role.AREA),
        area_initials=_indexed(
            Phrase(Role.AREA, name, *_both(short)) for short, name in areas["initials"].items()
        ),
        localities=_plain(areas["localities"]["words"], Role.AREA),
        districts=_plain(areas["districts"]["names"], Role.AREA),
        short_words={spelled(short): name for short, name in landmarks["short_words"].items()},
        roads={spelled(short): name for short, name in streets["short_words"].items()},
        names={spelled(short): name for short, name in streets["names"].items()},
        initials={spelled(short): name for short, name in streets["initials"].items()},
        spoken=_indexed(
            Phrase(Role.ROAD, name, *_both(short)) for short, name in streets["spoken"].items()
        ),
        dates=frozenset(streets["dates"]),
        shared=frozenset(spelled(name) for name in elsewhere["shared"]),
        city_name=areas["city"]["name"],
        begin_names=frozenset(map(folded, words["stops"]["begin_names"])),
        with_ends=frozenset(map(folded, words["relations_need"]["with_ends"])),
        person_before=frozenset(map(spelled, words["persons"]["before"])),
        person_named_by=frozenset(map(spelled, words["persons"]["named_by"])),
        person_after=frozenset(map(spelled, words["persons"]["after"])),
        family_names=frozenset(map(folded, words["persons"]["family"])),
        also_streets=frozenset(map(folded, landmarks["also_streets"])),
        glued=frozenset(folded(_GLUED).split()),
        lat=tuple(areas["coordinates"]["lat"]),
        lon=tuple(areas["coordinates"]["lon"]),
        around=tuple(areas["coordinates"]["around"]),
    )


def _cues(
    areas: Mapping[str, Any],
    streets: Mapping[str, Any],
    words: Mapping[str, Any],
    landmarks: Mapping[str, Any],
) -> list[Phrase]:
    """Return the phrases of every role; of the same words, the role first in Role comes first."""
    kinds = areas["kinds"]
    found = [
        *_phrases(areas["assets"], Role.ASSET, areas["assets"].get, but={"number_words"}),
        *_many(streets["whole_names"], Role.NAME),
        *_many(areas["city"]["words"], Role.CITY),
        *(Phrase(Role.AREA, kinds[kind], *_both(kind)) for kind in kinds),
        *_many(areas["milestones"]["words"], Role.MILESTONE),
        *_crossings(words["crossings"]),
        *_phrases(streets["cues"], None, streets["cues"].get),
        *_many(landmarks["words"], Role.LANDMARK, near=landmarks["marked"]),
        *_many(words["crossings"]["joins"], Role.JOIN, needed=words["crossings"]["marked"]),
        *_many(words["crossings"]["between"], Role.BETWEEN),
        *_many(words["stretches"]["from"], Role.FROM),
        *_many(words["stretches"]["piece"], Role.PIECE, needed=words["crossings"]["marked"]),
        *_phrases(words["relations"], Role.RELATION, words["relations"].get),
        *_many(words["stops"]["words"], Role.STOP, needed=_single(words["stops"]["words"])),
    ]
    once = {(phrase.role, phrase.spelled): phrase for phrase in found}
    return sorted(once.values(), key=lambda one: _PRECEDENCE.index(one.role))


def _crossings(crossings: Mapping[str, Any]) -> list[Phrase]:
    """Return the words for a crossing, with and without what may follow them."""
    return [
        Phrase(Role.CROSSING, folded(word), *_both(f"{word} {filler}".strip()))
        for word in crossings["words"]
        for filler in ("", *crossings["fillers"])
    ]


def _single(texts: Iterable[str]) -> set[str]:
    """Return the texts of one word with marks: without them, it is in too many names."""
    return {text for text in texts if " " not in text and text != folded(text)}


def _phrases(
    keys: Iterable[str],
    role: Role | None,
    listed: Callable[[str], Any],
    but: set[str] | None = None,
) -> list[Phrase]:
    return [
        Phrase(role or Role(key), key, *_both(text), _marks(text, role or Role(key), set(), set()))
        for key in keys
        if key not in (but or ())
        for text in listed(key)
    ]


def _many(
    texts: Iterable[str], role: Role, *, near: Iterable[str] = (), needed: Iterable[str] = ()
) -> list[Phrase]:
    near, needed = set(near), set(needed)
    return [
        Phrase(role, folded(text), *_both(text), _marks(text, role, near, needed)) for text in texts
    ]


def _marks(text: str, role: Role, near: set[str], needed: set[str]) -> Marks:
    if text in needed:
        return Marks.NEEDED
    single = role is Role.STOP or (len(text.split()) == 1 and role not in _FREE)
    return Marks.LIKE_NEIGHBOURS if single or text in near else Marks.FREE


def _units(numbers: Mapping[str, Any]) -> Phrases:
    """Return the units; of single words without marks only those that begin no names."""
    plain = set(numbers["plain_units"])
    needed = {unit for unit in numbers["units"] if len(unit.split()) == 1} - plain
    return _indexed(_many(numbers["units"], Role.STOP, needed=needed))


def _plain(texts: Iterable[str], role: Role) -> Phrases:
    return _indexed(_many(texts, role))


def _both(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(spelled(text).split()), tuple(folded(text).split())


def _indexed(phrases: Iterable[Phrase]) -> Phrases:
    index: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        index.setdefault(phrase.folded[0], []).append(phrase)
    for some in index.values():
        some.sort(key=len, reverse=True)
    return index

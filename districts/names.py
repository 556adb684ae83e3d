"""Names of areas as people write them, of today or of before -> the areas that bear them.

People go on writing the old wards and districts ("P. Bến Nghé, Q.1"). A name is looked for in every
published edition; an area that is no longer in force brings the present ones that took its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.utils import timezone

from districts import rulebook
from districts.models import Area, Lineage
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import AreaRef
from gis_core.names import folded, spelled

KINDS: Mapping[str, str] = {
    "p": "phuong", "phuong": "phuong", "ward": "phuong",
    "x": "xa", "xa": "xa", "commune": "xa",
    "tt": "thi tran", "thi tran": "thi tran", "township": "thi tran",
    "q": "quan", "quan": "quan", "district": "quan",
    "h": "huyen", "huyen": "huyen",
    "tx": "thi xa", "thi xa": "thi xa",
    "tp": "thanh pho", "thanh pho": "thanh pho", "city": "thanh pho",
    "dac khu": "dac khu", "special zone": "dac khu",
}  # fmt: skip
"""How a kind is written -> its kind, all folded."""

FAMILY: Mapping[str, str] = {
    **dict.fromkeys(("phuong", "xa", "thi tran", "dac khu"), "ward"),
    **dict.fromkeys(("quan", "huyen", "thi xa", "thanh pho"), "district"),
}
"""Kinds that people mistake for one another: what was a commune is now a ward."""

_LONGEST = 80
_GLUED = re.compile(r"\b([pqhx])(\d+)\b")
_NUMBER = re.compile(r"0*(\d+)")


@dataclass(frozen=True, slots=True)
class Successor:
    """A present area, and the share of the old one's area (0 to 1) that went into it."""

    area: AreaRef
    share: float


@dataclass(frozen=True, slots=True)
class NamedArea:
    """An area that bears the name. ``successors`` are for one that is no longer in force."""

    area: AreaRef
    valid_from: date | None
    valid_to: date | None
    successors: tuple[Successor, ...] = ()
    """Largest share first; empty where no lineage was computed."""


def resolve(name: str, level: str | None = None, on: date | None = None) -> list[NamedArea]:
    """Return the areas of any published edition that bear ``name``, of all levels or of one.

    With ``on`` only areas in force that day. Marks count where they were written ("Thanh An" is not
    "Thạnh An"), else not; a kind counts where it was written. "Phường 1, Quận 3" narrows the first
    name by the next. Ordered: in force today first, then the newest; empty where nothing fits.
    """
    book = rulebook.current()
    first, *within = [part for part in name[:_LONGEST].split(",") if part.strip()] or [""]
    found = _bearing(first, level, on, book)
    for part in within:
        # What narrows nothing ("TP.HCM") says nothing.
        found = _inside(found, _bearing(part, None, None, book)) or found
    return _with_successors(found, book)


def _bearing(
    text: str, level: str | None, on: date | None, book: Rulebook
) -> list[tuple[AreaRef, EditionFacts]]:
    kind, typed = _kind_and_name(text)
    editions = {one.id: one for one in book.editions}
    asked = [
        (ref, editions[edition])
        for edition, ref in book.areas.values()
        if level in {None, ref.level} and (on is None or editions[edition].in_force_on(on))
    ]
    known = [(*_kind_and_name(ref.full_name), (ref, edition)) for ref, edition in asked]
    same = [one for one in known if _agree(typed, one[1])]
    if typed != folded(typed):
        same = [one for one in same if one[1] == typed] or same
    if kind:
        alike = [one for one in same if FAMILY.get(one[0]) == FAMILY[kind]]
        same = [one for one in same if one[0] == kind] or alike
    same.sort(key=lambda one: (one[1] != typed, _order(one[2])))
    return [one[2] for one in same]


def _agree(typed: str, name: str) -> bool:
    """Tell whether every word is the name's own, or has no marks and is the name's without them."""
    words, own = typed.split(), name.split()
    if not words or len(words) != len(own):
        return False
    return all(one == other or one == folded(other) for one, other in zip(words, own, strict=True))


def _order(one: tuple[AreaRef, EditionFacts]) -> tuple[bool, int, str, str]:
    ref, edition = one
    begins = edition.valid_from or date.min
    return not edition.in_force_on(timezone.localdate()), -begins.toordinal(), ref.level, ref.code


@lru_cache(maxsize=4096)
def _kind_and_name(text: str) -> tuple[str, str]:
    """Return the folded kind, "" where none was written, and the name as spelled without it."""
    words = _GLUED.sub(r"\1 \2", spelled(text)).split()
    for length in (2, 1):
        for kind, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            if rest and (known := KINDS.get(folded(" ".join(kind)))):
                return known, _number(" ".join(rest))
    return "", _number(" ".join(words))


def _number(name: str) -> str:
    return match[1] if (match := _NUMBER.fullmatch(name)) else name


def _inside(
    found: Sequence[tuple[AreaRef, EditionFacts]], around: Sequence[tuple[AreaRef, EditionFacts]]
) -> list[tuple[AreaRef, EditionFacts]]:
    """Return those of ``found`` whose label lies in one of ``around``."""
    if not found or not around:
        return []
    inner = Area.objects.filter(pk__in=[ref.id for ref, _ in found])
    kept: set[int] = set()
    for outer in Area.objects.filter(pk__in=[ref.id for ref, _ in around]).only("shape"):
        kept.update(inner.filter(label_point__coveredby=outer.shape).values_list("pk", flat=True))
    return [one for one in found if one[0].id in kept]


def _with_successors(
    found: Iterable[tuple[AreaRef, EditionFacts]], book: Rulebook
) -> list[NamedArea]:
    named = [NamedArea(ref, edition.valid_from, edition.valid_to) for ref, edition in found]
    today = timezone.localdate()
    gone = [one.area.id for one in named if one.valid_to is not None and one.valid_to <= today]
    successors: dict[int, list[Successor]] = {}
    rows = Lineage.objects.filter(from_area__in=gone).order_by("-area_share", "to_area__code")
    for old, new, share in rows.values_list("from_area", "to_area", "area_share"):
        edition, ref = book.areas.get(new, (None, None))
        if ref and any(one.id == edition and one.in_force_on(today) for one in book.editions):
            successors.setdefault(old, []).append(Successor(ref, share))
    return [replace(one, successors=tuple(successors.get(one.area.id, ()))) for one in named]

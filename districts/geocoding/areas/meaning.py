"""A text that was parsed -> the areas it means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from districts import city
from districts.geocoding.areas.bare import BareNames
from districts.geocoding.areas.book import PROVINCE, AreaBook, known
from districts.geocoding.areas.combining import Reading, combined
from districts.geocoding.areas.elsewhere import is_elsewhere
from districts.geocoding.areas.hearing import Ear
from districts.geocoding.areas.spellings import area_key, spellings
from districts.geocoding.parsed import Parsed
from districts.geocoding.parser.lexicon import vietnamese


@dataclass(frozen=True, slots=True)
class AreaReading:
    """What a text says of areas."""

    readings: tuple[Reading, ...] = ()
    """The likeliest first; none where no area is named."""
    city: bool = False
    """Whether our own city is named."""
    elsewhere: bool = False
    """Whether the text speaks of a place that is not ours."""
    tokens: frozenset[int] = frozenset()
    """All tokens that name an area, the city's included."""

    @property
    def best(self) -> Reading | None:
        """The likeliest reading."""
        return self.readings[0] if self.readings else None


def meant(parsed: Parsed, version: int | None = None) -> AreaReading:
    """Return the wards and districts that a text names, of any time, in every way that fits.

    ``version`` is the catalogue's where the caller has just read it; else one query asks.
    """
    book = known(version)
    ear = _ear(book)
    heard = ear.in_mentions(parsed)
    heard = sorted([*heard, *BareNames(ear, parsed, heard).find()], key=lambda one: one.first)
    readings = combined(heard, book.fits, book.lies_in)
    ours = any(one.level == "city" for one in heard)
    return AreaReading(
        readings,
        city=ours,
        elsewhere=is_elsewhere(parsed, heard),
        tokens=frozenset(number for one in heard for number in range(one.first, one.last)),
    )


@lru_cache(maxsize=2)
def _ear(book: AreaBook) -> Ear:
    town = city.current()
    levels = {"ward": book.ward_level, "district": book.district_level, PROVINCE: PROVINCE}
    return Ear(
        {
            name: spellings(one for one in book.areas if one.level == level)
            for name, level in levels.items()
        },
        frozenset(map(area_key, {vietnamese().city_name, town.name, town.name_en})),
    )

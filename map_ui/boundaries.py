"""What the pages say about the boundaries in force."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone

from districts import city, rulebook
from districts.models import Edition

APPROXIMATE = "-approximate"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The ward edition in force, as a page speaks of it."""

    id: int
    name: str
    approximate: bool
    attribution: str

    @property
    def replaced_by(self) -> str:
        """The edition whose real boundaries stand in for these."""
        return self.name.removesuffix(APPROXIMATE)


def in_force() -> Boundaries | None:
    """Return the ward edition in force today; None where the database holds none."""
    here = city.current()
    book = rulebook.current()
    edition = book.in_force(here.territory, here.ward_level, timezone.localdate())
    if edition is None:
        return None
    attribution = _attribution(book.version, edition.id)
    return Boundaries(edition.id, edition.name, edition.approximate, attribution)


@lru_cache(maxsize=4)
def _attribution(_version: int, edition: int) -> str:
    return Edition.objects.values_list("attribution", flat=True).get(pk=edition)

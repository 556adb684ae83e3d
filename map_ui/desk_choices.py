"""What a desk's filters offer to choose from, and where its map opens."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.contrib.gis.db.models import Extent
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts import city, rulebook
from districts.explanation import kind_and_name
from districts.models import Area
from districts.rulebook import Rulebook
from incidents.actors import Actor
from incidents.answers import Named
from incidents.desk.filters import WHOLE_SECTOR, Due, Tab
from map_ui import catalogue
from map_ui.agency_choices import Choice, ChoiceGroup, agency_options, choices_of
from map_ui.catalogue import SectorGroup

TABS: Final = {
    Tab.OPEN: _("Open"),
    Tab.NEW: _("New"),
    Tab.WORKING: _("In work"),
    Tab.LATE: _("Late"),
    Tab.DONE: _("Said to be done"),
    Tab.ENDED: _("Ended"),
}
DUES: Final = {
    Due.LATE: _("Late already"),
    Due.TODAY: _("By tonight"),
    Due.WEEK: _("Within seven days"),
}


def choices(actor: Actor, language: str) -> dict[str, Any]:
    """Return kinds, limits, agencies and wards to choose from, in the reader's language."""
    book = rulebook.current()
    return {
        "kinds": [_kinds(sector) for sector in catalogue.sectors()],
        "dues": DUES.items(),
        "agencies": _agencies(actor, book, language),
        "wards": _wards(actor, book, language),
    }


def box_of(actor: Actor) -> list[float] | None:
    """Return west, south, east, north of the actor's areas; None for whoever has none."""
    box = _box(rulebook.newest_version(), actor.areas) if actor.areas else None
    return list(box) if box else None


@lru_cache(maxsize=1024)
def _box(_version: int, areas: frozenset[int]) -> tuple[float, ...] | None:
    box: tuple[float, ...] | None = Area.objects.filter(pk__in=areas).aggregate(
        box=Extent("shape")
    )["box"]
    return box


def _kinds(sector: SectorGroup) -> ChoiceGroup:
    """Return a sector as a whole, and each of its categories."""
    whole = gettext("%(name)s: all") % {"name": sector["name"]}
    each = [(one["code"], one["name"]) for one in sector["categories"]]
    return sector["name"], [(f"{WHOLE_SECTOR}{sector['code']}", whole), *each]


def _agencies(actor: Actor, book: Rulebook, language: str) -> list[ChoiceGroup]:
    """Return the agencies below one's own; to whoever sees all, all of them."""
    if actor.sees_everything:
        return agency_options(language)
    codes = [book.agency_codes[pk] for pk in actor.agencies if pk in book.agency_codes]
    if len(codes) < 2:
        return []
    named = [Named(code, book.agencies[code].in_language(language)) for code in codes]
    return [("", choices_of(sorted(named, key=lambda one: one.name)))]


def _wards(actor: Actor, book: Rulebook, language: str) -> list[Choice]:
    """Return the wards of today by name; one's own alone where these are all one reaches."""
    here = city.current()
    edition = book.in_force(here.territory, here.ward_level, timezone.localdate())
    if edition is None:
        return []
    wards = {pk: ref for pk, (of, ref) in book.areas.items() if of == edition.id}
    mine = actor.areas & wards.keys()
    if mine and not actor.agencies:
        wards = {pk: wards[pk] for pk in mine}
    named = [(str(pk), kind_and_name(ref.kind, ref.name, language)) for pk, ref in wards.items()]
    return sorted(named, key=lambda one: one[1]) if len(named) > 1 else []

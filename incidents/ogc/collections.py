"""What the OGC API offers: one entry a collection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.ogc import asset_items, incident_items, ward_items
from incidents.ogc.errors import NoSuchCollection, NoSuchFeature
from incidents.ogc.pages import Page
from incidents.ogc.parameters import Asked


@dataclass(frozen=True, slots=True)
class Offered:
    """``page`` and ``one`` return features written as GeoJSON; ``one`` None where there is none.

    ``queryables``: the properties to filter by, and the values there are.
    """

    id: str
    title: Promise | str
    description: Promise | str
    page: Callable[[Asked], Page]
    one: Callable[[str], str | None]
    queryables: Callable[[], Mapping[str, Collection[str]]]
    since: Callable[[], str | None]
    """The first moment there is anything of; None where time does not matter."""
    there: Callable[[], bool] = lambda: True
    tiled: bool = True
    """Whether there are vector tiles of it."""


_ALL: Final = (
    Offered(
        "incidents",
        _("Incidents"),
        _(
            "What everybody sees on the public map, newest first. Sensitive categories are not in "
            "it. datetime asks for when an incident was opened."
        ),
        incident_items.page,
        incident_items.one,
        incident_items.queryables,
        incident_items.first_moment,
    ),
    Offered(
        "wards",
        _("Wards"),
        _("The wards in force today, with their official codes and names."),
        ward_items.page,
        ward_items.one,
        dict,
        lambda: None,
    ),
    Offered(
        "assets",
        _("Assets"),
        _("What the city maintains and shows to everybody, by kind, with the source's own codes."),
        asset_items.page,
        asset_items.one,
        asset_items.queryables,
        lambda: None,
        asset_items.are_there,
        tiled=False,
    ),
)


def collections() -> Mapping[str, Offered]:
    """Return the collections that there are here, by id."""
    return {one.id: one for one in _ALL if one.there()}


def collection(name: str) -> Offered:
    """Return the collection of this name. Raises NoSuchCollection."""
    known = collections()
    if name not in known:
        raise NoSuchCollection(collection=name[:60], known=", ".join(known))
    return known[name]


def tiled_collection(name: str) -> Offered:
    """Return the collection of this name. Raises NoSuchCollection, NoSuchFeature without tiles."""
    found = collection(name)
    if not found.tiled:
        raise NoSuchFeature(feature="tiles", collection=name)
    return found

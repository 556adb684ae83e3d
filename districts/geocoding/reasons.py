"""Why a candidate is what it is, and more or less likely: the words for ``Candidate.why``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from gis_core.errors import N_

WORDS: Final[Mapping[str, str]] = {
    "alley_known": N_("the alley is on the map"),
    "alley_unknown": N_("the alley is not on the map: its mouth on the street"),
    "asset_number": N_("by the number on it"),
    "beside_named_area": N_("beside the area named"),
    "between_known_numbers": N_("between house numbers that are known"),
    "between_two_places": N_("between the two places named"),
    "degrees": N_("coordinates in the text"),
    "dms": N_("coordinates in the text"),
    "external": N_("found by another service"),
    "few_known_numbers": N_("few house numbers are known on this street"),
    "in_named_area": N_("in the area named"),
    "map_link": N_("a map link in the text"),
    "name_known": N_("a place of this name"),
    "neighbour_known": N_("beside a house that is known"),
    "no_crossing": N_("the streets do not meet: one of them"),
    "no_street_of_the_name": N_("no street bears the name, but this place does"),
    "number_known": N_("the house is known"),
    "only_area": N_("only an area was named"),
    "outside_named_area": N_("not in the area named"),
    "plus_code": N_("a Plus Code in the text"),
    "post_counted": N_("counted from the road's beginning"),
    "several_places": N_("there are others of this name"),
    "street_not_drawn": N_("the street is not on the map"),
    "streets_meet": N_("the streets meet here"),
    "streets_nearly_meet": N_("the streets nearly meet here"),
    "typo": N_("written a little differently"),
    "ward_ignored": N_("the ward named is not in the district named: by the district"),
    "ward_not_in_district": N_("the ward named is not in the district named: by the ward"),
}
"""By code. A code that has no words is for those who look after the geocoder."""


def in_words(code: str) -> str:
    """Return a code of ``Candidate.why`` in the active language; "" where it has no words."""
    return gettext(WORDS[code]) if code in WORDS else ""

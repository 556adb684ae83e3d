"""What columns, codes and values are called on the administrators' pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FIELDS: Final[Mapping[str, Any]] = {
    "active": _("In use"),
    "agency": _("Agency"),
    "agency_class": _("Class"),
    "approximate": _("Approximate"),
    "area_codes": _("Only in these areas"),
    "areas": _("Areas"),
    "asset_kinds": _("Kinds of asset"),
    "assign": _("Who gets it"),
    "attribution": _("Attribution"),
    "basis": _("What decides"),
    "categories": _("Categories"),
    "certainty_threshold": _("Certainty wanted (0 to 1)"),
    "code": _("Code"),
    "committee": _("Committee"),
    "contract": _("Contract"),
    "danger": _("Danger: assigned at once, checked after"),
    "duplicate_radius_m": _("Duplicates: radius in metres"),
    "duplicate_window_days": _("Duplicates: days"),
    "edition": _("Edition"),
    "email": _("E-mail"),
    "icon": _("Icon"),
    "kind": _("Kind"),
    "level": _("Level"),
    "licence": _("Licence"),
    "maintainer": _("Maintainer"),
    "name": _("Name"),
    "name_en": _("Name in English"),
    "owner": _("Owner"),
    "parent": _("Answers to"),
    "people": _("Residents"),
    "phone": _("Telephone"),
    "position": _("Place in the list"),
    "priority": _("Priority (lower is tried first)"),
    "public": _("Public"),
    "published": _("Published"),
    "replaces": _("Replaces row"),
    "sector_id": _("Sector"),
    "sectors": _("Sectors"),
    "sensitive": _("Sensitive: only in a coarse cell"),
    "sha256": _("Checksum"),
    "shape": _("Shape"),
    "shares": _("Shared out to other wards"),
    "since": _("Valid from"),
    "source": _("Source"),
    "territory": _("Territory"),
    "until": _("Valid until the day before"),
    "valid": _("Period"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid until the day before"),
    "website": _("Website"),
    "words": _("Other words people search by"),
    "working_days": _("Limit in working days"),
}

BASES: Final = [
    ("asset", _("the asset at the place")),
    ("service_area", _("the service area")),
    ("area", _("the ward or district")),
    ("fallback", _("nothing else decided")),
]
ASSIGNS: Final = [
    ("maintainer", _("the asset's maintainer")),
    ("owner", _("the asset's owner")),
    ("service_area", _("the service area's agency")),
    ("committee", _("the ward's committee")),
    ("agency", _("the agency named below")),
]
CLASSES: Final = [
    ("department", _("Department")),
    ("committee", _("Committee of a ward or commune")),
    ("utility", _("Owner, manager or maintainer of infrastructure")),
]
_CODES: Final = {
    "basis": dict(BASES),
    "assign": dict(ASSIGNS),
    "agency_class": dict(CLASSES),
}


def field_name(name: str) -> str:
    """Return what a column is called."""
    return str(FIELDS.get(name, name))


def code_name(field: str, code: str) -> str:
    """Return what one of a fixed set of codes is called."""
    return str(_CODES[field].get(code, code))


def said_in_names(name: str, value: Any, names: Mapping[str, str]) -> Any:
    """Return a fact's value with the names of the codes in it, and the codes beside them."""
    if name in _CODES:
        return code_name(name, value) if value else "–"
    if name in _NAMED and isinstance(value, str):
        return _named(value, names) if value else "–"
    if name in _NAMED and value:
        return ", ".join(_named(code, names) for code in value)
    return in_words(value)


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{names[code]} ({code})" if code in names else code


_NAMED: Final = {
    "agency", "categories", "committee", "maintainer", "owner", "parent", "sector_id", "sectors",
}  # fmt: skip


def in_words(value: Any) -> Any:
    """Return a value as a person reads it: no None, no True, no brackets."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(in_words(one)) for one in value)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str | Promise):
        return f"{_day(value.lower)} → {_day(value.upper)}"
    return value


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else "…"

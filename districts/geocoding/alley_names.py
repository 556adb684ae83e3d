"""Alleys by their number: "Hẻm 602/15 Điện Biên Phủ" is 602/15 of Điện Biên Phủ. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from districts.geocoding.keys import number_key, place_key
from gis_core.names import spelled

_WORD = r"h[ẻẽéẹe]m|h\.|ng[õo]|ki[ệe]t|ng[áa]ch|xuy[ệe]t|alley"
_PART = r"\d+(?:\s?(?:bis|ter)\b|[a-z]{1,2})?"
_NAMED = re.compile(
    rf"^\W*(?:(?:đường|duong)\s+)?(?:{_WORD})\s*(?:số|so)?\s*"
    rf"(?P<number>{_PART}(?:\s?[/.-]\s?{_PART})*)(?P<rest>(?!\w).*)$",
    re.IGNORECASE,
)
_BARE = re.compile(rf"^(?P<number>{_PART}(?:\s?/\s?{_PART})+)(?P<rest>(?![\w/]).*)$", re.IGNORECASE)
# "Ngo" without its mark is the name Ngô more often than the word ngõ.
_ALONE = frozenset({"hẻm", "hẽm", "hém", "hem", "ngõ", "kiệt", "ngách"})
_STREET = re.compile(r"^[\s,./-]*(?P<street>[^,(]*[^\W\d_][^,(]*|[^,(]*\d+\s*/\s*\d+[^,(]*)")


@dataclass(frozen=True, slots=True)
class AlleyName:
    """An alley's number and the street it leaves; ``street`` is "" where the name has none."""

    number: str
    """As ``keys.number_key`` gives it."""
    street: str

    @property
    def street_key(self) -> str:
        """The street's key, "" where the name has none."""
        return place_key(self.street) if self.street else ""


def alley_name(name: str) -> AlleyName | None:
    """Return what the name says of an alley, None for one that says no number.

    "205/39 Tran Van Dang" without a word for alley is one too; "Đường 30/4" is not.
    """
    whole = unicodedata.normalize("NFC", name)
    match = _NAMED.match(whole) or _BARE.match(whole)
    if not match:
        return None
    street = _STREET.match(match["rest"])
    return AlleyName(number_key(match["number"]), street["street"].strip() if street else "")


def is_alley(name: str) -> bool:
    """Tell whether the name says that it is an alley, with or without a number."""
    first = spelled(name).split(" ", 1)[0]
    return first in _ALONE or alley_name(name) is not None

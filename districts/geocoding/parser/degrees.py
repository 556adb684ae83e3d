"""Latitude and longitude as people write them, in either order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from districts.geocoding.parsed import Pin
from districts.geocoding.parser.lexicon import vietnamese
from gis_core.positions import LonLat

_LABEL = r"(?:latitude|longitude|lat|lng|long|lon|vĩ độ|kinh độ|vi do|kinh do|x|y|[nsewbđ])"
_BETWEEN = rf"[\s,;:/|°=()]{{0,6}}(?:{_LABEL}[\s,;:/|°=()]{{0,6}}){{0,2}}"
_DECIMAL = r"([-+]?\d{1,3}\.\d{2,18})"
_COMMAED = r"([-+]?\d{1,3},\d{3,18})"
_LABELLED = rf"(?:(?<!\w){_LABEL}[\s:=]{{0,3}})?"
_PAIRS = (
    re.compile(rf"(?<![\w.,/+-]){_LABELLED}{_DECIMAL}(?!\d){_BETWEEN}{_DECIMAL}(?![\d.])"
               r"(?:\s?°?\s?[nsewbđ](?!\w))?", re.IGNORECASE),
    re.compile(rf"(?<![\w.,/+-]){_LABELLED}{_COMMAED}(?!\d)[\s,;/|]{{1,4}}{_COMMAED}(?![\d,])",
               re.IGNORECASE),
)  # fmt: skip
_ANGLE = (
    r"([nsewbđ]?)\s?(\d{1,3})\s?(?:°|º|độ)\s?(\d{1,2}(?:[.,]\d{1,8})?)\s?(?:'|phút)?\s?"
    r"(?:(\d{1,2}(?:[.,]\d{1,8})?)\s?(?:\"|''|giây)\s?)?([nsewbđ]?)(?!\w)"
)
_ANGLES = re.compile(rf"(?<!\w){_ANGLE}[\s,;/-]{{0,5}}{_ANGLE}", re.IGNORECASE)

_LON_LETTERS = frozenset("ewđ")
_LON_LABELS = ("lon", "lng", "kinh")
_METRES_OF_A_DEGREE = 111_320.0
_BEST_M = 5.0
_FEWEST_DECIMALS = 3


def degree_pins(text: str) -> Iterator[Pin]:
    """Yield the pins written as degrees, decimal or with minutes and seconds."""
    for match in _ANGLES.finditer(text):
        if pin := _angle_pin(match):
            yield pin
    for form in _PAIRS:
        for match in form.finditer(text):
            if pin := _decimal_pin(match):
                yield pin


def lonlat_of(first: float, second: float) -> LonLat | None:
    """Return the position of two numbers, latitude first unless only the other order is Vietnam.

    None where they are no degrees.
    """
    known = vietnamese()
    if _inside(known.lat, second) and _inside(known.lon, first):
        first, second = second, first
    return LonLat(second, first) if abs(first) <= 90 and abs(second) <= 180 else None


def _inside(extent: tuple[float, float], degrees: float) -> bool:
    return extent[0] <= degrees <= extent[1]


def _decimal_pin(match: re.Match[str]) -> Pin | None:
    texts = [match[1].replace(",", "."), match[2].replace(",", ".")]
    lonlat = lonlat_of(*_in_order(match, float(texts[0]), float(texts[1])))
    decimals = min(len(text.partition(".")[2]) for text in texts)
    if lonlat is None or not (decimals >= _FEWEST_DECIMALS or _is_near(lonlat)):
        return None
    accuracy_m = max(_METRES_OF_A_DEGREE / 2 / 10**decimals, _BEST_M)
    return Pin(lonlat, accuracy_m, "degrees", match.start(), match.end())


def _in_order(match: re.Match[str], first: float, second: float) -> tuple[float, float]:
    """Return latitude and longitude where a label says that longitude came first."""
    before = match[0][: match.start(1) - match.start()].lower()
    swapped = before.startswith(_LON_LABELS) or before.strip(" :=") in _LON_LETTERS
    return (second, first) if swapped else (first, second)


def _is_near(lonlat: LonLat) -> bool:
    known = vietnamese()
    return _inside(known.lat, lonlat.lat) and _inside(known.lon, lonlat.lon)


def _angle_pin(match: re.Match[str]) -> Pin | None:
    first, second = (_angle(*match.groups()[at : at + 5]) for at in (0, 5))
    letters = (match[1] + match[5]).lower()
    if letters and letters[0] in _LON_LETTERS:
        first, second = second, first
    lonlat = lonlat_of(first, second)
    seconds = match[4] is not None and match[9] is not None
    accuracy_m = _METRES_OF_A_DEGREE / 2 / (3600 if seconds else 60)
    if not seconds and "." in (match[3] + match[8]).replace(",", "."):
        accuracy_m /= 100
    return Pin(lonlat, max(accuracy_m, _BEST_M), "dms", *match.span()) if lonlat else None


def _angle(before: str, degrees: str, minutes: str, seconds: str | None, after: str) -> float:
    value = float(degrees) + float(minutes.replace(",", ".")) / 60
    value += float((seconds or "0").replace(",", ".")) / 3600
    return -value if {before.lower(), after.lower()} & {"s", "w"} else value

"""Links to maps that hold coordinates: Google, OpenStreetMap, Apple, Bing, geo: addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from districts.geocoding.parsed import Pin
from districts.geocoding.parser.degrees import lonlat_of

_LINK = re.compile(r"(?:https?://|www\.|geo:|maps\.app\.goo\.gl|goo\.gl/)[^\s<>\"]+", re.IGNORECASE)
_NUMBER = r"(-?\d{1,3}\.\d{1,18})"
_COMMA = r"(?:,|%2C|~|\+|%20|/)+"
# The place itself before the middle of the picture.
_FORMS: Sequence[tuple[re.Pattern[str], float]] = (
    (re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"), 10.0),
    (re.compile(rf"mlat={_NUMBER}&(?:amp;)?mlon={_NUMBER}"), 10.0),
    (re.compile(rf"geo:{_NUMBER},{_NUMBER}", re.IGNORECASE), 10.0),
    (
        re.compile(
            r"(?:q|query|ll|sll|daddr|saddr|destination|origin|center|cp|pt|coordinate|loc|near|to|v)"
            rf"(?:=|=loc:|=ll\.){_NUMBER}{_COMMA}{_NUMBER}",
            re.IGNORECASE,
        ),
        10.0,
    ),
    (re.compile(rf"(?:lat|latitude)={_NUMBER}&(?:amp;)?(?:lon|lng|longitude)={_NUMBER}"), 10.0),
    (re.compile(rf"/(?:dir|search|place)/(?:[^/]*/)?{_NUMBER}{_COMMA}{_NUMBER}"), 10.0),
    (re.compile(rf"@{_NUMBER},{_NUMBER}"), 50.0),
    (re.compile(rf"#(?:map=)?\d{{1,2}}(?:\.\d+)?/{_NUMBER}/{_NUMBER}"), 50.0),
)


def link_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each link of a text stands."""
    for match in _LINK.finditer(text):
        yield match.start(), match.end()


def link_pins(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Pin]:
    """Yield the pin of each link that holds coordinates."""
    for start, end in spans:
        if pin := _pin(text[start:end], start, end):
            yield pin


def _pin(link: str, start: int, end: int) -> Pin | None:
    for form, accuracy_m in _FORMS:
        match = form.search(link)
        lonlat = lonlat_of(float(match[1]), float(match[2])) if match else None
        if lonlat:
            return Pin(lonlat, accuracy_m, "map_link", start, end)
    return None

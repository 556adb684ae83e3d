"""Coordinates in a text: degrees, Plus Codes, links to maps. Read, never fetched. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from openlocationcode import openlocationcode

from districts.geocoding.parsed import Pin
from districts.geocoding.parser.degrees import degree_pins
from districts.geocoding.parser.lexicon import vietnamese
from districts.geocoding.parser.map_links import link_pins, link_spans
from gis_core.positions import LonLat

MOST_PINS = 50
"""Of more links, codes or degrees in one text, the rest is not read."""

_CODE_LETTERS = "23456789CFGHJMPQRVWX"
_CODE = re.compile(
    rf"(?<![\w+])(?:[{_CODE_LETTERS}]{{2}}){{2,4}}\+[{_CODE_LETTERS}]{{2,3}}(?![\w+])"
)
_METRES_OF_A_DEGREE = 111_320.0


def find_pins(text: str) -> tuple[list[Pin], list[tuple[int, int]]]:
    """Return the pins of a clean text in order, and the spans that hold no words: theirs, links'.

    No two spans overlap.
    """
    links = list(link_spans(text))
    pins = [*link_pins(text, links[:MOST_PINS])]
    for finder in (_code_pins, degree_pins):
        for pin in islice(finder(text), MOST_PINS):
            if _is_free(pin.start, pin.end, links, pins):
                pins.append(pin)
    pins.sort(key=lambda pin: pin.start)
    hidden = {*links, *((pin.start, pin.end) for pin in pins)}
    return pins, _apart(sorted(hidden))


def _is_free(start: int, end: int, links: list[tuple[int, int]], pins: list[Pin]) -> bool:
    taken = [*links, *((pin.start, pin.end) for pin in pins)]
    return all(end <= first or last <= start for first, last in taken)


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _code_pins(text: str) -> Iterator[Pin]:
    for match in _CODE.finditer(text):
        code = match[0]
        if not any(letter.isalpha() for letter in code):
            continue
        if openlocationcode.isShort(code):
            code = openlocationcode.recoverNearest(code, *vietnamese().around)
        if openlocationcode.isFull(code):
            yield _code_pin(openlocationcode.decode(code), match.start(), match.end())


def _code_pin(area: openlocationcode.CodeArea, start: int, end: int) -> Pin:
    half = (area.latitudeHi - area.latitudeLo) / 2 * _METRES_OF_A_DEGREE
    lonlat = LonLat(area.longitudeCenter, area.latitudeCenter)
    return Pin(lonlat, max(half, 1.0), "plus_code", start, end)

"""A parsed text -> the places that it may mean."""

from __future__ import annotations

from collections.abc import Iterator

from districts import city
from districts.geocoding import areas, gazetteer
from districts.geocoding.found import Candidate
from districts.geocoding.parsed import (
    AssetNumber,
    Junction,
    Landmark,
    Mention,
    Milestone,
    Parsed,
    Pin,
    Street,
    Stretch,
    Window,
)
from districts.geocoding.resolving import (
    crossings,
    landmarks,
    on_street,
    points,
    settings,
)
from districts.geocoding.resolving.choosing import candidates
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.ground import ground
from districts.geocoding.resolving.matching import Matcher
from districts.geocoding.resolving.plane import Plane
from districts.geocoding.resolving.street import Streets
from gis_core.positions import LonLat

MOST_MENTIONS = 24
"""Of a text with more, the rest is not looked for: nobody names so many places."""


def resolve(
    parsed: Parsed, *, near: LonLat | None = None, version: int | None = None
) -> list[Candidate]:
    """Return the places that a text may mean, most likely first; none where it names none.

    ``near`` is where the writer is, if that is known: it decides between places of one name.
    ``version`` is the gazetteer's where the caller has just read it.
    """
    wanted = version if version is not None else gazetteer.version()
    reading = areas.meant(parsed, wanted)
    if reading.elsewhere:
        return []
    text = _text(parsed, reading, near, wanted)
    mentions = parsed.mentions[:MOST_MENTIONS]
    text.matcher.look_for(window for one in mentions for window in _windows(parsed, one))
    found = [finding for one in mentions for finding in _findings(text, one)]
    return candidates(text, found)


def _text(parsed: Parsed, reading: areas.AreaReading, near: LonLat | None, version: int) -> Text:
    own, centre = settings.current(), city.current().view.centre
    plane = Plane(round(centre[1], 2))
    return Text(
        parsed=parsed,
        areas=reading,
        ground=ground(reading, plane, own.surroundings, near),
        matcher=Matcher(parsed, own.naming, reading.tokens, version),
        streets=_streets(version, plane),
        plane=plane,
        centre=plane.forward(LonLat(*centre)),
        settings=own,
    )


_STREETS: list[Streets] = []


def _streets(version: int, plane: Plane) -> Streets:
    """Return the streets in memory; those of an older gazetteer are forgotten."""
    if not _STREETS or (_STREETS[0].version, _STREETS[0].plane) != (version, plane):
        _STREETS[:] = [Streets(version, plane, settings.current().numbering)]
    return _STREETS[0]


def _findings(text: Text, mention: Mention) -> list[Finding]:  # noqa: PLR0911  one line a kind
    match mention:
        case Street():
            return [*on_street.findings(text, mention), *crossings.crossed(text, mention)]
        case Junction():
            return crossings.junctions(text, mention)
        case Stretch():
            return crossings.stretches(text, mention)
        case Landmark():
            return landmarks.findings(text, mention)
        case Milestone():
            return points.milestones(text, mention)
        case AssetNumber():
            return points.assets(text, mention)
        case Pin():
            return points.pins(text, mention)
        case _:
            return []


def _windows(parsed: Parsed, mention: Mention) -> Iterator[Window]:
    match mention:
        case Street():
            yield mention.name
            if both := crossings.anywhere(mention):
                yield both
        case Junction():
            yield from mention.streets
        case Stretch():
            yield from (mention.street, mention.begin, mention.end)
        case Landmark():
            yield from (window for window, _ in landmarks.windows_of(parsed, mention))
        case Milestone():
            yield mention.road

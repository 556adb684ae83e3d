"""Where streets cross, and the part of a street between two of its crossings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.found import Means
from districts.geocoding.parsed import Junction, Side, Street, Stretch, Window
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.matching import Match
from districts.geocoding.resolving.meeting import Meeting, meetings, stretch
from districts.geocoding.resolving.named_streets import streets_named
from districts.geocoding.resolving.on_street import whole
from districts.geocoding.resolving.things import Thing, anything, streets

APART_M = 150.0
"""Streets that stay this far apart still meet, for who stands there: at a bridge, a roundabout."""
TOGETHER_M = 80.0
"""Crossings of the same two streets this near are one: of their carriageways."""
GAP_COST = 0.01
ONE_STREET = 2.5
ROOM_FOR_TWO = 4
"""Words of two names."""
MOST_STREETS = 5
"""Streets of one junction that are looked at: nobody names more, and work grows by pairs."""


def junctions(text: Text, mention: Junction) -> list[Finding]:
    """Return where the streets of a junction meet; without a meeting, one of the streets."""
    named = mention.streets[:MOST_STREETS]
    things = [anything(text, window) for window in named]
    found: list[Finding] = []
    for first, second in combinations(range(len(things)), 2):
        found += _meeting_points(text, mention, things[first], things[second])
    return found or _one_street(text, mention, named)


def crossed(text: Text, mention: Street) -> list[Finding]:
    """Return where two streets meet whose names stand side by side, with no word for a crossing."""
    window = anywhere(mention)
    if window is None:
        return []
    known = streets(text, window)
    return list(_meeting_points(text, Junction((window, window)), known, known))


def anywhere(mention: Street) -> Window | None:
    """Return the window of a street in which two names may stand; None where there is no room."""
    name = mention.name
    numbered = mention.house or mention.alleys
    if numbered or name.last - name.first < ROOM_FOR_TWO:
        return None
    return Window(name.first, name.last, Side.ANYWHERE)


def _meeting_points(
    text: Text, mention: Junction, firsts: Sequence[Thing], seconds: Sequence[Thing]
) -> Iterator[Finding]:
    for one, other in _within_reach(firsts, seconds):
        side = _side_by_side(text, mention, one.match, other.match)
        for meeting in meetings(one.shape, other.shape, APART_M, TOGETHER_M):
            ground = text.ground.log_chance_at(meeting.at)
            yield Finding(
                mention=mention,
                at=meeting.at,
                means=Means.JUNCTION,
                label=f"{one.name} – {other.name}",
                fit=one.fit + other.fit + side + ground - GAP_COST * meeting.gap_m,
                near=0.95,
                spread_m=meeting.gap_m,
                matches=(one.match, other.match),
                why=("streets_meet",) if meeting.gap_m < 1 else ("streets_nearly_meet",),
                places=(one.place, other.place),
            )


def _side_by_side(text: Text, mention: Junction, one: Match, other: Match) -> float:
    """Return what is given back where nothing but one street's name parts the other from its end.

    "góc Võ Văn Kiệt Huỳnh Mẫn Đạt": each name leaves over only what the other uses.
    """
    windows = {(window.first, window.last) for window in mention.streets}
    own = text.settings.naming
    if len(windows) > 1:
        return 0.0
    if one.first < other.last and other.first < one.last:
        return -own.left_over * own.most_left
    size = max(window.last - window.first for window in mention.streets)
    used = [one.last - one.first, other.last - other.first]
    before = sum(min(size - length, own.most_left) for length in used)
    return own.left_over * (before - (size - sum(used)))


def _within_reach(firsts: Sequence[Thing], seconds: Sequence[Thing]) -> list[tuple[Thing, Thing]]:
    one = np.array([thing.shape for thing in firsts])
    other = np.array([thing.shape for thing in seconds])
    if not (len(one) and len(other)):
        return []
    pairs = np.argwhere(shapely.dwithin(one[:, None], other[None], APART_M))
    met = [(firsts[int(first)], seconds[int(second)]) for first, second in pairs]
    if firsts is seconds:
        return [(one, other) for one, other in met if one.match.last <= other.match.first]
    return [(one, other) for one, other in met if one.place != other.place]


def _one_street(
    text: Text, mention: Junction | Stretch, windows: Sequence[Window]
) -> list[Finding]:
    """Return each street where only one is known, or the two do not meet."""
    return [
        whole(mention, one, cost=ONE_STREET, why=("no_crossing",))
        for window in windows
        for one in streets_named(text, window)
    ]


def stretches(text: Text, mention: Stretch) -> list[Finding]:
    """Return the part of the street between the two places; all of it where neither is on it."""
    begins, ends = anything(text, mention.begin), anything(text, mention.end)
    found = []
    for one in streets_named(text, mention.street):
        begin = _nearest(one.street.drawn, begins)
        end = _nearest(one.street.drawn, ends)
        if not (begin and end):
            continue
        part = stretch(one.street.line, begin[0].at, end[0].at)
        middle = part.interpolate(0.5, normalized=True)
        ground = float(text.ground.log_chances([part])[0])
        found.append(
            Finding(
                mention=mention,
                at=(float(middle.x), float(middle.y)),
                means=Means.STRETCH,
                label=f"{one.match.name}, {begin[1].name} – {end[1].name}",
                fit=one.fit + begin[1].fit + end[1].fit + ground,
                near=0.9,
                spread_m=float(part.length) / 2,
                matches=(one.match, begin[1].match, end[1].match),
                why=("between_two_places",),
                places=(one.street.place, begin[1].place, end[1].place),
                line=part,
            )
        )
    return found or _one_street(text, mention, [mention.street])


def _nearest(street: BaseGeometry, things: Sequence[Thing]) -> tuple[Meeting, Thing] | None:
    """Return where the best thing that meets the street does so."""
    met = [
        (meeting, thing)
        for thing in things
        for meeting in meetings(thing.shape, street, APART_M, TOGETHER_M)
    ]
    return max(met, key=lambda pair: (pair[1].fit, -pair[1].place), default=None)

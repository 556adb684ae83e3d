"""A market, a bridge, a named crossing -> where it stands, and how near to it the place is."""

from __future__ import annotations

from districts.geocoding.found import Means
from districts.geocoding.parsed import Landmark, Parsed, Relation, Side, Window
from districts.geocoding.parser.syllables import is_syllable
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.named_streets import STREETS, streets_named
from districts.geocoding.resolving.on_street import whole
from districts.geocoding.resolving.things import Thing, landmarks
from districts.models import PlaceKind

REACH_M = {
    Relation.NEAR: 80.0,
    Relation.BESIDE: 20.0,
    Relation.BEHIND: 50.0,
    Relation.OPPOSITE: 20.0,
    Relation.MOUTH: 40.0,
}
"""How much farther than the landmark itself the place may lie."""
CUE_LEFT_OUT = 1.5
EARLIER = 0.25
MOST_BEFORE = 2
STREET_OF_THE_NAME = 4.0
"""What it costs a stop or a shop that a street bears its name, and no word says what it is."""
LEAST_LETTERS = 4
"""Of a landmark's name that is one word."""
NO_CROSSING = 1.5
"""What it costs a crossing that the text does not say that it is one."""
CROSSING_WORDS = frozenset({"nga", "vong", "bung", "giao", "nut", "goc", "n3", "n4"})


def windows_of(text: Parsed, mention: Landmark) -> list[tuple[Window, float]]:
    """Return where the name may stand and what that costs.

    Without its first word ("trạm Tân Phước" is a street), or from a word or two before: "trước cổng
    viên" may be "trước công viên".
    """
    window = mention.name
    windows = [(window, 0.0)]
    words = len(mention.cue.split())
    if words and window.last - window.first > words and window.side is not Side.END:
        after = Window(window.first + words, window.last, window.side)
        windows.append((after, CUE_LEFT_OUT))
    for more in range(1, MOST_BEFORE + 1):
        if window.first - more < 0 or text.tokens[window.first - more + 1].parted:
            break
        windows.append((Window(window.first - more, window.last, window.side), more * EARLIER))
    return windows


def findings(text: Text, mention: Landmark) -> list[Finding]:
    """Return the landmarks of the name; a street where none is and nothing says landmark."""
    found: dict[int, Finding] = {}
    named_so = frozenset() if mention.cue else _keys_of_streets(text, mention.name)
    for window, cost in windows_of(text.parsed, mention):
        for thing in landmarks(text, window):
            if _is_by_chance(text, mention, thing):
                continue
            of_street = STREET_OF_THE_NAME if thing.match.hit.asked in named_so else 0.0
            one = _found(text, mention, thing, cost + of_street)
            if thing.place not in found or one.fit > found[thing.place].fit:
                found[thing.place] = one
    cost = text.settings.choosing.other_kind
    streets = [whole(mention, one, cost=cost) for one in streets_named(text, mention.name)]
    return [*found.values(), *streets]


def _keys_of_streets(text: Text, name: Window) -> frozenset[str]:
    """Return the keys in a window that are a street's own name, letter by letter."""
    return frozenset(
        match.hit.asked
        for match in text.matcher.matches(name)
        if match.hit.kind in STREETS and match.hit.closeness == 1
    )


def _is_by_chance(text: Text, mention: Landmark, thing: Thing) -> bool:
    """Tell whether what fits is no name: the word for its kind alone, or one syllable without it.

    "lai" of "cấp lại" is no shop "Lài"; "Bitexco" alone is a tower. Nor is what is only like a
    name, where neither marks nor capitals say that it is one.
    """
    match = thing.match
    tokens = text.parsed.tokens[match.first : match.last]
    exact = match.hit.closeness == 1
    if mention.cue:
        kind = mention.name.first + len(mention.cue.split())
        whole = exact and len(tokens) > 1 and match.hit.kind is not PlaceKind.JUNCTION
        return match.last <= kind and not whole
    if len(tokens) > 1:
        lower = text.parsed.text[tokens[0].start : tokens[-1].end].islower()
        return lower and not exact and not text.matcher.marked
    word = tokens[0].folded
    alone = all(
        at in text.areas.tokens or match.first <= at < match.last
        for at in range(len(text.parsed.tokens))
    )
    return not (
        alone and exact and len(word) >= LEAST_LETTERS and not is_syllable(tokens[0].spelled)
    )


def _found(text: Text, mention: Landmark, thing: Thing, cost: float) -> Finding:
    at = text.plane.forward(thing.match.hit.lonlat)
    ground = text.ground.log_chance_at(at)
    reach = REACH_M.get(mention.relation, 0.0) + (mention.distance_m or 0.0)
    junction = thing.match.hit.kind is PlaceKind.JUNCTION
    if junction and mention.cue.split(" ")[0] not in CROSSING_WORDS:
        cost += NO_CROSSING
    return Finding(
        mention=mention,
        at=at,
        means=Means.JUNCTION if junction else Means.LANDMARK,
        label=thing.name,
        fit=thing.fit + ground - cost,
        near=0.9,
        spread_m=reach,
        matches=(thing.match,),
        why=("name_known",),
        places=(thing.place,),
    )

"""A market, a bridge, a named crossing -> where it stands, and how near to it the place is."""

from __future__ import annotations

from shapely.geometry import Point

from districts.geocoding.found import Means
from districts.geocoding.parsed import Landmark, Parsed, Relation, Side, Window
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.named_streets import streets_named
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
    for window, cost in windows_of(text.parsed, mention):
        for thing in landmarks(text, window):
            one = _found(text, mention, thing, cost)
            if thing.place not in found or one.fit > found[thing.place].fit:
                found[thing.place] = one
    cost = text.settings.choosing.other_kind
    streets = [whole(mention, one, cost=cost) for one in streets_named(text, mention.name)]
    return [*found.values(), *streets]


def _found(text: Text, mention: Landmark, thing: Thing, cost: float) -> Finding:
    x, y = thing.shape.coords[0]
    at = (float(x), float(y))
    ground = float(text.ground.log_chance([Point(at)])[0])
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

"""A market, a bridge, a named crossing -> where it stands, and how near to it the place is."""

from __future__ import annotations

from shapely.geometry import Point

from districts.geocoding.found import Means
from districts.geocoding.parsed import Landmark, Relation, Side, Window
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


def windows_of(mention: Landmark) -> list[tuple[Window, float]]:
    """Return where the name may stand and what that costs: without its first word, too."""
    window = mention.name
    words = len(mention.cue.split())
    if not words or window.last - window.first <= words or window.side is Side.END:
        return [(window, 0.0)]
    return [(window, 0.0), (Window(window.first + words, window.last, window.side), CUE_LEFT_OUT)]


def findings(text: Text, mention: Landmark) -> list[Finding]:
    """Return the landmarks of the name; a street where none is and nothing says landmark."""
    found: dict[int, Finding] = {}
    for window, cost in windows_of(mention):
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

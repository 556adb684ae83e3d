"""What a street's name leads to where no street of the name, or of the number, is on the map."""

from __future__ import annotations

from collections.abc import Container

from districts.geocoding.found import Means
from districts.geocoding.parsed import Street
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.house_numbers import as_said, enclosing, path_of
from districts.geocoding.resolving.matching import Span
from districts.geocoding.resolving.plane import XY
from districts.geocoding.resolving.things import landmarks


def undrawn(text: Text, mention: Street, path: str, seen: Container[int]) -> list[Finding]:
    """Return the house or the alley of a street that is not on the map, though its alleys are."""
    spans = {span.key: span for span in text.matcher.spans(mention.name)}
    known = text.streets.numbers(spans)
    inside = [*([] if mention.house else [path]), *enclosing(path)]
    found = []
    for key, numbers in known.items():
        span = spans[key]
        for house, at in numbers.houses:
            if mention.house and house.number == path and house.place not in seen:
                found.append(_alone(text, mention, span, house.place, (Means.HOUSE, at)))
        for alley, way in numbers.alleys:
            if alley.number in inside and alley.place not in seen:
                middle = way.interpolate(0.5, normalized=True).coords[0]
                at = (float(middle[0]), float(middle[1]))
                found.append(_alone(text, mention, span, alley.place, (Means.ALLEY, at)))
    return found


def _alone(text: Text, mention: Street, span: Span, place: int, where: tuple[Means, XY]) -> Finding:
    means, at = where
    own = text.settings
    ground = text.ground.log_chance_at(at)
    left = mention.name.last - mention.name.first - (span.last - span.first)
    street = text.matcher.text(span.first, span.last).title()
    fit = ground - own.naming.left_over * min(left, own.naming.most_left)
    return Finding(
        mention,
        at,
        means,
        label=f"{as_said(path_of(mention.alleys, mention.house), mention.house)} {street}",
        fit=fit + own.choosing.known_number - own.choosing.undrawn,
        near=0.9,
        spread_m=50.0,
        why=("street_not_drawn",),
        places=(place,),
    )


def landmarks_for(text: Text, mention: Street) -> list[Finding]:
    """Return what is no street but bears the name: "đường Cầu Kiệu" is a bridge.

    One syllable is a name only where a street was announced.
    """
    return [
        Finding(
            mention,
            at=text.plane.forward(thing.match.hit.lonlat),
            means=Means.LANDMARK,
            label=thing.name,
            fit=thing.fit
            + text.ground.log_chance_at(text.plane.forward(thing.match.hit.lonlat))
            - text.settings.choosing.other_kind,
            near=0.6,
            spread_m=100.0,
            matches=(thing.match,),
            why=("no_street_of_the_name",),
            places=(thing.place,),
        )
        for thing in landmarks(text, mention.name)
        if mention.cued or thing.match.last - thing.match.first > 1
    ]

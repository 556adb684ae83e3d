"""Pins, kilometre posts and the numbers of assets: places that need no name."""

from __future__ import annotations

from districts.geocoding.found import Means
from districts.geocoding.parsed import AssetNumber, Milestone, Pin
from districts.geocoding.resolving.finding import Finding, Text
from districts.geocoding.resolving.named_streets import streets_named
from districts.models import Asset

ASSET_LIMIT = 5
GUESSED_POST = 2.0


def pins(text: Text, mention: Pin) -> list[Finding]:
    """Return where the coordinates are."""
    at = text.plane.forward(mention.lonlat)
    return [
        Finding(
            mention=mention,
            at=at,
            means=Means.PIN,
            label=f"{mention.lonlat.lat:.6f}, {mention.lonlat.lon:.6f}",
            fit=0.0,
            near=0.98,
            spread_m=mention.accuracy_m,
            why=(mention.how,),
        )
    ]


def milestones(text: Text, mention: Milestone) -> list[Finding]:
    """Return where a kilometre post would stand, counted from either end of the road we have.

    Posts are counted from the road's own beginning, which may lie in another province: a guess.
    """
    found = []
    for one in streets_named(text, mention.road):
        line = one.street.line
        for way, from_end in ((line, False), (line.reverse(), True)):
            metres = mention.km * 1000.0
            if metres > line.length:
                continue
            point = way.interpolate(metres)
            ground = text.ground.log_chance_at((point.x, point.y))
            found.append(
                Finding(
                    mention=mention,
                    at=(float(point.x), float(point.y)),
                    means=Means.MILESTONE,
                    label=f"Km {mention.km:g} {one.match.name}",
                    fit=one.fit + ground - GUESSED_POST * from_end,
                    near=0.4,
                    spread_m=500.0,
                    matches=(one.match,),
                    why=("post_counted",),
                    places=(one.street.place,),
                )
            )
    return found


def assets(text: Text, mention: AssetNumber) -> list[Finding]:
    """Return the assets that bear the number as their code."""
    known = Asset.objects.filter(superseded_at=None, code__iexact=mention.number)
    found = []
    for asset in known.order_by("kind", "code")[:ASSET_LIMIT]:
        lon, lat = asset.shape.point_on_surface.coords[:2]
        found.append((asset, lon, lat))
    return [_asset(text, mention, asset, lon, lat) for asset, lon, lat in found]


def _asset(text: Text, mention: AssetNumber, asset: Asset, lon: float, lat: float) -> Finding:
    east, north = text.plane.scale
    at = (lon * east, lat * north)
    ground = text.ground.log_chance_at(at)
    return Finding(
        mention=mention,
        at=at,
        means=Means.ASSET,
        label=asset.name or asset.code,
        fit=ground,
        near=0.95,
        why=("asset_number",),
    )

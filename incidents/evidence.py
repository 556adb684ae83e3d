"""What a decision rested on, as JSON that can be read again years later. Pure."""

from __future__ import annotations

from typing import Any

from districts.routing import Claim
from districts.territory import AreaRef, AssetRef, Placement, ServiceAreaRef, Surroundings


def of_candidate(claim: Claim) -> dict[str, Any]:
    """Return one candidate: who, by which rule, for how much of the position's circle."""
    return {
        "agency": claim.agency,
        "share": round(claim.share, 4),
        "rule": claim.rule,
        "basis": str(claim.basis),
    }


def of_placement(placement: Placement) -> dict[str, Any]:
    """Return the whole placement: position, day, catalogue version, every part of the circle."""
    here = placement.position
    return {
        "lon": here.lonlat.lon,
        "lat": here.lonlat.lat,
        "accuracy_m": here.accuracy_m,
        "method": here.method,
        "on": placement.on.isoformat(),
        "version": placement.version,
        "how": str(placement.how),
        "margin_m": None if placement.margin_m is None else round(placement.margin_m, 2),
        "here": _of_surroundings(placement.here),
        "shares": [
            {"share": round(part.share, 4), **_of_surroundings(part.surroundings)}
            for part in placement.shares
        ],
    }


def _of_surroundings(around: Surroundings) -> dict[str, Any]:
    return {
        "ward": _of_area(around.ward),
        "district": _of_area(around.district),
        "assets": [_of_asset(asset) for asset in around.assets],
        "service_areas": [_of_service_area(area) for area in around.service_areas],
    }


def _of_area(area: AreaRef | None) -> dict[str, Any] | None:
    if area is None:
        return None
    return {"id": area.id, "edition": area.edition, "code": area.code}


def _of_asset(asset: AssetRef) -> dict[str, Any]:
    return {
        "id": asset.id,
        "kind": asset.kind,
        "code": asset.code,
        "owner": asset.owner,
        "maintainer": asset.maintainer,
    }


def _of_service_area(area: ServiceAreaRef) -> dict[str, Any]:
    return {"id": area.id, "agency": area.agency}

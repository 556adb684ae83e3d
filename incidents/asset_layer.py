"""Assets in view by how many incidents were about each, for offices.

Nothing says of an asset whether everybody may see it, so that the public map has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from districts import rulebook
from districts.models import Asset
from gis_core import sql
from incidents.actors import Actor
from incidents.asset_reach import TOLERANCE_M, WIDEST_M
from incidents.errors import PermissionDenied
from incidents.filters import Box, Filters
from incidents.listing import filtered
from incidents.permissions import Act, Reach
from incidents.selectors import visible_to

MOST_ASSETS: Final = 1_000
MOST_INCIDENTS: Final = 10_000
"""At all assets in view together; with more of either a map is told to be looked at nearer."""


@dataclass(frozen=True, slots=True)
class SeenAsset:
    """An asset in a box; those about it are counted wherever they lie at it."""

    kind: str
    code: str
    name: str
    shape: str
    """What of it lies in the box, GeoJSON in degrees."""
    at: tuple[float, float]
    """On that: longitude, latitude."""
    count: int
    last: datetime | None
    """When the newest of them was opened."""


def offered(actor: Actor) -> bool:
    """Tell whether somebody may look at assets, and there are any."""
    return _may(actor) and bool(_kinds(rulebook.newest_version()))


def assets_in(box: Box, filters: Filters, actor: Actor) -> list[SeenAsset] | None:
    """Return the assets in a box, most failures first; None where they are too many to count.

    Of the incidents that ``actor`` may see under ``filters``, whose own box is not read; each is
    about one asset at most, as for ``analyses.asset_failures``. Raises PermissionDenied.
    """
    if not _may(actor):
        raise PermissionDenied
    sides = dict(zip(("west", "south", "east", "north"), box, strict=True))
    rows = sql.rows("incidents", "assets_in_view", {**sides, "most": MOST_ASSETS + 1})
    if len(rows) > MOST_ASSETS:
        return None
    opened = _opened([row[0] for row in rows], replace(filters, box=None), actor)
    if opened is None:
        return None
    count, last = _about(opened)
    seen = [
        SeenAsset(kind, code, name, shape, (lon, lat), count[pk], last.get(pk))
        for pk, kind, code, name, shape, lon, lat in rows
    ]
    return sorted(seen, key=lambda one: (-one.count, one.kind, one.code))


def _may(actor: Actor) -> bool:
    return actor.reach(Act.SEE) is not Reach.PUBLIC


@lru_cache(maxsize=2)
def _kinds(_version: int) -> tuple[str, ...]:
    rows = Asset.objects.filter(superseded_at=None).order_by()
    return tuple(rows.values_list("kind", flat=True).distinct())


def _opened(assets: Sequence[int], filters: Filters, actor: Actor) -> dict[int, datetime] | None:
    """Return when those that may be about the assets were opened, by number."""
    asked = {
        "assets": list(assets),
        "widest_m": WIDEST_M,
        "since": filters.opened_from(),
        "before": filters.opened_before(),
        "most": MOST_INCIDENTS + 1,
    }
    near = sql.rows("incidents", "incidents_at_assets", asked) if assets else []
    if len(near) > MOST_INCIDENTS:
        return None
    rows = filtered(visible_to(actor), filters).filter(pk__in={pk for (pk,) in near}).order_by()
    return dict(rows.values_list("pk", "opened_at"))


def _about(opened: dict[int, datetime]) -> tuple[Counter[int], dict[int, datetime]]:
    """Return how many are about each asset, and when the newest of them was opened."""
    asked = {
        "ids": list(opened),
        "kinds": list(_kinds(rulebook.newest_version())),
        "tolerance_m": TOLERANCE_M,
        "widest_m": WIDEST_M,
    }
    count, last = Counter[int](), dict[int, datetime]()
    for incident, asset in sql.rows("incidents", "asset_failures", asked) if opened else []:
        count[asset] += 1
        last[asset] = max(opened[incident], last.get(asset, opened[incident]))
    return count, last

"""Which asset each of many incidents is about, for telling those that fail again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from districts import city
from districts.models import Asset
from gis_core import sql
from gis_core.hotspots.repeats import Repeats, repeats
from gis_core.hotspots.telling import Tell, silent
from incidents.asset_reach import TOLERANCE_M, WIDEST_M
from incidents.columns.rows import day_of
from incidents.models import Incident

AT_A_TIME: Final = 5_000
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AssetFailures:
    """``ids`` to ``names`` are columns by asset of today, without failures too; then failures."""

    ids: Longs
    kinds: tuple[str, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    asset: Longs
    """By failure: its asset's position in the columns above."""
    days: Longs
    """As columns number them, in the city."""
    incidents: Longs

    def repeats(self, *, apart_days: int = 1) -> Repeats:
        """Return how often each asset failed, compared with its kind."""
        _, kind = np.unique(np.asarray(self.kinds, str), return_inverse=True)
        return repeats(self.asset, self.days, kind.astype(np.int64), apart_days=apart_days)


def asset_failures(
    incidents: QuerySet[Incident], assets: QuerySet[Asset], tell: Tell = silent
) -> AssetFailures:
    """Return the incidents among ``incidents`` that are about one of ``assets``.

    Whether they may be counted was asked. An incident is about one asset at most: the one that its
    decision names, up to 60 m away, else the nearest within 15 m. ``tell`` hears after every
    AT_A_TIME incidents.
    """
    rows = list(assets.order_by("kind", "code").values_list("pk", "kind", "code", "name"))
    ids, of_kinds, codes, names = zip(*rows, strict=True) if rows else ((), (), (), ())
    places = {pk: place for place, pk in enumerate(ids)}
    found = [
        (places[asset], day, incident)
        for asset, day, incident in _failures(incidents, sorted(set(of_kinds)), tell)
        if asset in places
    ]
    asset, days, which = np.asarray(found, np.int64).reshape(-1, 3).T
    return AssetFailures(np.asarray(ids, np.int64), of_kinds, codes, names, asset, days, which)


def _failures(
    incidents: QuerySet[Incident], kinds: Collection[str], tell: Tell
) -> Iterator[tuple[int, int, int]]:
    """Yield asset, day and number of each incident that is about an asset."""
    asked = {"kinds": list(kinds), "tolerance_m": TOLERANCE_M, "widest_m": WIDEST_M}
    here = TruncDate("opened_at", tzinfo=ZoneInfo(city.current().time_zone))
    rows = incidents.order_by("pk").annotate(on=here).values_list("pk", "on")
    told = rows.iterator(chunk_size=AT_A_TIME)
    many, done = max(incidents.count(), 1), 0
    while some := dict(islice(told, AT_A_TIME)):
        for pk, asset in sql.rows("incidents", "asset_failures", {**asked, "ids": list(some)}):
            yield asset, day_of(some[pk]), pk
        done += len(some)
        tell(min(done / many, 1.0))

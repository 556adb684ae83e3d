"""Assets that failed again and again are told with all others of their kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from incidents.analyses.asset_failures import asset_failures
from incidents.models import Incident
from tests import zoo
from tests.incidents.test_dossier import opened
from tests.kept_rows import town_again

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 1, 18, tzinfo=UTC)
"""In the city it is the second of March already."""


def test_this_manhole_failed_three_times_and_its_neighbour_once():
    town_again()
    zoo.asset("manhole", (106.7051, 10.7652, 106.7053, 10.7654), code="M-1")
    zoo.asset("manhole", (106.7051, 10.7656, 106.7053, 10.7658), code="M-2")
    zoo.asset("manhole", (106.7251, 10.7856, 106.7253, 10.7858), code="M-3")
    zoo.asset("lamp", (106.7051, 10.7656, 106.7053, 10.7658), code="L-1")
    here = [opened("a"), opened("b"), opened("c", north_m=14), opened("d"), opened("e", north_m=44)]
    far = opened("f", north_m=80)
    for days, one in zip((0, 10, 40, 40, 7), here, strict=True):
        Incident.objects.filter(pk=one.pk).update(opened_at=NIGHT + timedelta(days=days))

    found = asset_failures(Incident.objects.all(), ["manhole"])
    assert found.codes == ("M-1", "M-2", "M-3")
    about = dict(zip(found.incidents.tolist(), found.asset.tolist(), strict=True))
    assert about == dict(zip([one.pk for one in here], [0, 0, 0, 0, 1], strict=True))
    assert far.pk not in about
    assert np.ptp(found.days[found.asset == 0]) == 40

    told = found.repeats()
    assert told.count.tolist() == [3, 1, 0]
    assert told.median_days[0] == 20
    assert told.expected == pytest.approx([4 / 3] * 3)

    none = asset_failures(Incident.objects.all(), ["hydrant"])
    assert (len(none.ids), len(none.asset), len(none.repeats().count)) == (0, 0, 0)
    first = Incident.objects.filter(pk=here[0].pk)
    assert asset_failures(first, ["manhole", "lamp"]).asset.tolist() == [1]

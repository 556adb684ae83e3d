"""Assets that failed again and again are told with all others of their kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from districts.models import Asset
from incidents.actors import Actor
from incidents.analyses import shapes
from incidents.analyses.asset_failures import asset_failures
from incidents.analyses.errors import NothingToCount
from incidents.analyses.points import Points
from incidents.analyses.question import AskedArea, Question
from incidents.models import Incident
from incidents.permissions import Role
from tests import zoo
from tests.incidents.test_dossier import opened
from tests.kept_rows import town_again

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 1, 18, tzinfo=UTC)
"""In the city it is the second of March already."""


def of_kind(*kinds):
    return Asset.objects.filter(superseded_at=None, kind__in=kinds)


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

    found = asset_failures(Incident.objects.all(), of_kind("manhole"))
    assert found.codes == ("M-1", "M-2", "M-3")
    about = dict(zip(found.incidents.tolist(), found.asset.tolist(), strict=True))
    assert about == dict(zip([one.pk for one in here], [0, 0, 0, 0, 1], strict=True))
    assert far.pk not in about
    assert np.ptp(found.days[found.asset == 0]) == 40

    told = found.repeats()
    assert told.count.tolist() == [3, 1, 0]
    assert told.median_days[0] == 20
    assert told.expected == pytest.approx([4 / 3] * 3)

    none = asset_failures(Incident.objects.all(), of_kind("hydrant"))
    assert (len(none.ids), len(none.asset), len(none.repeats().count)) == (0, 0, 0)
    first = Incident.objects.filter(pk=here[0].pk)
    assert asset_failures(first, of_kind("manhole", "lamp")).asset.tolist() == [1]


def test_in_a_ward_an_asset_is_compared_with_its_kind_there():
    town_again()
    zoo.asset("manhole", (106.7051, 10.7652, 106.7053, 10.7654), code="M-1")
    zoo.asset("manhole", (106.7251, 10.7856, 106.7253, 10.7858), code="M-3")
    opened("a"), opened("b")
    Incident.objects.update(opened_at=NIGHT)
    none = np.zeros(0)
    points = Points(none, none, none, none, none, (), "tests")
    planner = Actor(role=Role.PLANNER)

    def told(area):
        asked = {"fewest": 1.0, "apart_days": 1.0, "share": 0.05}
        days = {"since": NIGHT.date(), "until": NIGHT.date() + timedelta(days=2)}
        return shapes.repeats(
            planner, Question("repeats", parameters=asked, area=area, **days), points
        )

    city, ward = told(AskedArea()), told(AskedArea("wards", ("101",)))
    assert city.more["asset"] == ward.more["asset"] == ["manhole M-1"]
    assert (city.more["expected"], ward.more["expected"]) == ([0.5], [1.0])
    with pytest.raises(NothingToCount):
        told(AskedArea("wards", ("102",)))

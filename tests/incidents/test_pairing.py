"""Two incidents that may be one are written down for a person, and never get in a report's way."""

from __future__ import annotations

import pytest

from incidents.actors import ANYBODY
from incidents.duplicates.waiting import waiting_groups, waiting_pairs
from incidents.errors import PermissionDenied
from incidents.models import Incident, Membership, Pair
from incidents.services.pairing import look_for_pairs
from tests.incidents.test_dossier import opened

pytestmark = pytest.mark.django_db


def looked(incident):
    report = Membership.objects.get(incident=incident).report
    return look_for_pairs(report, Incident.objects.get(pk=incident.pk))


@pytest.fixture
def two(town):
    older = opened("one", category="pothole", text="ổ gà trước cổng trường")
    newer = opened("two", north_m=3, category="pothole", text="ổ gà trước cổng trường học")
    looked(newer)
    return older, newer


def test_an_operator_sees_both_with_what_speaks_for_it(two, operator):
    older, newer = two
    [row] = waiting_pairs(operator).rows
    assert (row.older.id, row.newer.id) == (older.pk, newer.pk)
    assert {"distance", "wording"} <= {factor.name for factor in row.factors}
    assert row.distance_m == pytest.approx(3, abs=0.2)


def test_looking_again_writes_nothing_again(two):
    older, newer = two
    assert looked(newer) == []
    assert looked(older) == []
    assert Pair.objects.count() == 1


def test_what_hangs_together_is_one_group(two, operator):
    third = opened("three", north_m=5, category="pothole", text="ổ gà trước cổng trường")
    looked(third)
    [group] = waiting_groups(operator)
    assert set(group.incidents) == {one.pk for one in (*two, third)}
    assert group.default_point is None


def test_nobody_without_the_right_reads_the_queue(two):
    with pytest.raises(PermissionDenied):
        waiting_pairs(ANYBODY)

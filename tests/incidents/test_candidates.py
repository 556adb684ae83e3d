"""What a new report may be about, out of the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gis_core.positions import LonLat
from incidents.actors import ANYBODY
from incidents.duplicates import wording
from incidents.duplicates.candidates import candidates
from incidents.duplicates.likeness import Case
from incidents.models import Incident
from incidents.workflow import Status
from tests.incidents.test_dossier import HERE, METRE, opened

pytestmark = pytest.mark.django_db


def new(north_m=0.0, **known):
    place = LonLat(HERE[0], HERE[1] + north_m * METRE)
    given = {"id": "", "category": "pothole", "lonlat": place, "opened": timezone.now()}
    return Case(**given | known)


def closed(incident, days, status=Status.CLOSED):
    when = timezone.now() - timedelta(days=days)
    Incident.objects.filter(pk=incident.pk).update(status=status.value, closed_at=when)


@pytest.fixture
def near(town):
    return opened("near", north_m=6, category="pothole", text="ổ gà trước cổng trường")


@pytest.fixture
def off(near):
    return opened("off", north_m=45, category="pothole", text="ổ gà giữa đường")


def ids(case, **more):
    return [one.incident_id for one in candidates(case, **more)]


def test_the_likeliest_comes_first_with_its_distance_and_reasons(near, off):
    first, *_ = candidates(new(words=wording.words("o ga truoc cong truong")))
    assert first.incident_id == near.pk
    assert first.distance_m == pytest.approx(6, abs=0.2)
    said = {factor.name: factor for factor in first.likeness.factors}
    assert said["wording"].value == 1.0
    assert said["wording"].log_odds > 0


def test_what_is_far_of_an_unrelated_category_or_its_own_is_none(near):
    assert ids(new(north_m=900)) == []
    assert ids(new(category="noise")) == []
    assert ids(new(), without=near.pk) == []


def test_what_is_easily_mixed_up_is_found(near):
    assert ids(new(category="road-subsidence")) == [near.pk]


def test_what_was_closed_lately_is_found_and_what_was_long_ago_or_rejected_is_not(near):
    closed(near, 3)
    assert ids(new()) == [near.pk]
    closed(near, 200)
    assert ids(new()) == []
    closed(near, 3, Status.REJECTED)
    assert ids(new()) == []


def test_no_more_are_given_than_asked_for(near, off):
    assert len(ids(new(north_m=20), limit=1)) == 1


def test_whoever_asks_is_shown_only_what_this_one_may_see(near):
    assert ids(new(), actor=ANYBODY) == [near.pk]
    Incident.objects.filter(pk=near.pk).update(public=False)
    assert ids(new(), actor=ANYBODY) == []
    assert ids(new()) == [near.pk]

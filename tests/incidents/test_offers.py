"""An office is offered exactly the steps that it would be allowed to take."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.dossier.offers import ORDER, offered
from incidents.dossier.reading import dossier
from incidents.errors import IncidentNotFound, PauseUsedUp, PermissionDenied
from incidents.models import Incident
from incidents.permissions import Act, Role
from incidents.said import Part, Said
from incidents.services import clocks, take
from incidents.work_errors import NotChangeable, NotHeld, ProofMissing
from incidents.workflow import ForbiddenStep, Status, Step
from tests.incidents.test_dossier import HERE, LAN, actor, opened, picture

pytestmark = pytest.mark.django_db
REFUSED = (
    ForbiddenStep, PermissionDenied, NotHeld, NotChangeable, ProofMissing, PauseUsedUp,
    IncidentNotFound,
)  # fmt: skip


@pytest.fixture
def incident(town):
    return opened(contact=LAN)


@pytest.fixture
def minh(incident):
    """Minh works for the agency that has it."""
    return actor(Role.AGENCY_STAFF, agencies=frozenset({incident.agency_id}))


MANNERS = {
    Act.ASSIGN: lambda who, pk, said: services.assign(who, pk, "ubnd-102", said.words),
    Act.DECLINE: pipeline.decline,
    Act.PROMISE: services.promise,
    Act.SPLIT: lambda who, pk, said: services.split(
        who, pk, [Part("ubnd-102"), Part("ubnd-103")], said
    ),
    Act.DELEGATE: lambda who, pk, said: services.delegate(who, pk, "ubnd-102", said.words, 3),
    Act.MOVE: lambda who, pk, said: pipeline.change(
        who, pk, said, position=Position(LonLat(*HERE), 5)
    ),
    Act.RECATEGORISE: lambda who, pk, said: pipeline.change(who, pk, said, category="pothole"),
    Act.NOTE: lambda who, pk, said: services.add_note(who, pk, said.words),
}
LISTED = {Act.REJECT: "abuse", Act.DECLINE: "not_ours", Act.PAUSE: "weather"}


def allowed(who, incident, act):
    """Whether the services let it happen, with all said that can be asked for."""
    day = timezone.localdate() + timedelta(days=5)
    said = Said(LISTED.get(act, ""), "vì vậy", photos=(picture(),), promised=day)
    try:
        with transaction.atomic():
            if act in MANNERS:
                MANNERS[act](who, incident.pk, said)
            else:
                take(who, incident.pk, Step(act.value), said)
            transaction.set_rollback(True)
    except REFUSED:
        return False
    return True


@pytest.fixture
def everyone(incident):
    reach = {
        "agencies": frozenset({incident.agency_id}),
        "areas": frozenset({incident.ward_id}),
        "incident": incident.pk,
    }
    roles = [role for role in Role if role is not Role.CITIZEN]
    return [actor(role, **reach) for role in roles]


def check_offers(incident, everyone, statuses):
    """Return all acts that were offered to anybody in these states, once they were tried."""
    seen = set()
    for status in statuses:
        Incident.objects.filter(pk=incident.pk).update(status=status)
        now = Incident.objects.select_related("agency", "decision").get(pk=incident.pk)
        clock = clocks.clock_of(now)
        for who in everyone:
            found = set(offered(who, now, clock))
            right = {act for act in ORDER if allowed(who, now, act)}
            assert found == right, (who.role, status, found ^ right)
            seen |= found
    return seen


def test_offered_is_what_is_allowed_for_each_role_in_each_state(incident, everyone):
    assert check_offers(incident, everyone, Status) == set(ORDER)


@pytest.mark.parametrize("proven", [True, False])
def test_closing_is_offered_where_the_claim_is_proven(incident, minh, everyone, proven):
    photos = (picture(),) if proven else ()
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá", photos=photos))
    seen = check_offers(incident, everyone, (Status.CLAIMED_DONE,))
    assert (Act.CLOSE in seen) == proven


def test_a_pause_is_not_offered_when_the_rule_leaves_none(incident, minh):
    take(minh, incident.pk, Step.PAUSE, Said(reason="weather"))
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        take(minh, incident.pk, Step.RESUME)
        found = dossier(minh, incident.pk, "vi")
    assert Act.PAUSE not in found.offered
    assert Act.CLAIM_DONE in found.offered


def test_a_whole_is_not_closed_before_its_parts(incident):
    hoa = actor(Role.OPERATOR)
    said = Said(words="Hai đơn vị")
    parts = services.split(hoa, incident.pk, [Part("ubnd-102"), Part("ubnd-103")], said)
    found = dossier(hoa, incident.pk, "vi")
    assert Act.CLOSE not in found.offered
    assert {one.id for one in found.parts} == set(parts)
    assert dossier(hoa, parts[0], "vi").parent.id == incident.pk

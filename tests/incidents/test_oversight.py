"""Why this agency, why so late: reckoned again years later; and a feed that auditors can check."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from districts import rulebook
from districts.models import Agency, CatalogueChange, Category, Rule
from gis_core.positions import LonLat, Position
from incidents import pipeline
from incidents.actors import ANYBODY, Actor, actor_of
from incidents.api import ledger as feed_api
from incidents.errors import IncidentNotFound, PermissionDenied
from incidents.ledger import FIRST, Entry, Head
from incidents.models import Custody, Decision, DecreedDay, Incident, Staff
from incidents.oversight import reading
from incidents.oversight.custodies import held_again
from incidents.oversight.decisions import decisions_again
from incidents.oversight.reading import Asked
from incidents.permissions import Role
from incidents.report import Statement
from incidents.services import Said, assign, take
from incidents.workflow import Step
from tests.incidents.conftest import INSIDE
from tests.incidents.test_ledger import seal_all  # noqa: F401  a fixture
from tests.incidents.test_working import MONDAY, clock, minh

__all__ = ["clock", "minh"]
EVERYTHING = Actor(role=Role.OVERSIGHT)


@pytest.fixture
def incident(town, clock):
    """A pothole in ward 101, given to its agency on Monday morning."""
    Rule.objects.update(recorded_at=MONDAY - timedelta(days=100))
    said = Statement("web", "lan", "pothole", "", Position(LonLat(*INSIDE), 5), MONDAY)
    pipeline.receive(said)
    return Incident.objects.get()


@pytest.fixture
def auditor(town, client):
    """An's office is oversight; signed in."""
    user = User.objects.create_user("an", password="an-an")
    Staff.objects.create(user=user, role=Role.OVERSIGHT)
    client.force_login(user)
    return user


def test_a_decision_is_reckoned_again_from_the_rules_of_its_moment(incident, clock):
    [before] = decisions_again(EVERYTHING, incident.pk, "vi")
    assert before.agrees
    assert before.again == before.decided
    clock.shift(timedelta(days=400))
    rule = Rule.objects.get(pk=incident.decision.rule_id)
    Rule.objects.filter(pk=rule.pk).update(superseded_at=MONDAY + timedelta(days=30))
    other = Agency.objects.exclude(pk=incident.agency_id).filter(agency_class="utility").first()
    Rule.objects.create(
        code=rule.code, basis=rule.basis, priority=rule.priority, categories=["pothole"],
        assign="agency", agency=other, valid=rule.valid,
    )  # fmt: skip
    changed = CatalogueChange.objects.create(kind="rule", code=rule.code)
    assert rulebook.current().version == changed.pk
    [after] = decisions_again(EVERYTHING, incident.pk, "vi")
    assert after.agrees
    assert after.again == before.again


def test_a_category_that_was_changed_since_is_read_as_it_was(incident):
    before = Category.objects.filter(code="pothole").values().get()
    Category.objects.filter(code="pothole").update(sector="trees", certainty_threshold=1.0)
    CatalogueChange.objects.create(kind="category", code="pothole", before=before)
    [again] = decisions_again(EVERYTHING, incident.pk, "vi")
    assert again.agrees


def test_a_decision_that_was_tampered_with_does_not_agree(incident):
    other = Agency.objects.exclude(pk=incident.agency_id).first()
    Decision.objects.update(agency=other)
    [again] = decisions_again(EVERYTHING, incident.pk, "vi")
    assert not again.agrees


def test_an_agency_that_declined_is_left_out_again(incident, minh):
    pipeline.decline(minh, incident.pk, Said("not_ours"))
    first, second = decisions_again(EVERYTHING, incident.pk, "vi")
    assert first.agrees
    assert second.agrees
    assert second.decided.agency != first.decided.agency


def test_what_a_person_chose_has_nothing_to_be_reckoned(incident, operator):
    other = Agency.objects.exclude(pk=incident.agency_id).first()
    assign(operator, incident.pk, other.code, "Đã gọi điện")
    *_, chosen = decisions_again(EVERYTHING, incident.pk, "vi")
    assert chosen.by_hand
    assert chosen.again is None


def test_why_so_late_names_the_pause_and_the_share_of_the_limit(incident, minh, clock):
    clock.shift(timedelta(days=1))
    take(minh, incident.pk, Step.PAUSE, Said("weather"))
    clock.shift(timedelta(days=1))
    take(minh, incident.pk, Step.RESUME)
    clock.shift(timedelta(days=20))
    [held] = held_again(EVERYTHING, incident.pk, "vi")
    assert held.late
    assert held.agrees
    assert [stop.reason for stop in held.pauses] == ["weather"]
    assert (held.limit, held.rule, held.rule_version) == (timedelta(days=5), "answer", 1)
    Custody.objects.update(rule_version=2)
    [held] = held_again(EVERYTHING, incident.pk, "vi")
    assert not held.agrees


def test_a_day_decreed_afterwards_does_not_call_the_record_wrong(incident, minh, clock):
    DecreedDay.objects.create(day="2026-06-03", works=False, source="before")
    clock.shift(timedelta(days=4))
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá"))
    [before] = held_again(EVERYTHING, incident.pk, "vi")
    clock.shift(timedelta(days=1))
    DecreedDay.objects.create(day="2026-06-02", works=False, source="too late")
    [after] = held_again(EVERYTHING, incident.pk, "vi")
    assert (before.agrees, after.agrees) == (True, True)
    assert after.used == before.used


def test_the_command_tells_both(incident):
    out = StringIO()
    call_command("why", str(incident.pk), stdout=out)
    assert "reckoned again: the same" in out.getvalue()
    assert "as it was recorded" in out.getvalue()


def test_only_who_may_read_the_record_reads_it(incident, minh):
    hoa = Actor(minh.user_id, Role.AGENCY_STAFF, agencies=frozenset({incident.agency_id + 1}))
    assert len(reading.ledger(EVERYTHING, Asked())) == 3
    assert {line.incident for line in reading.ledger(minh, Asked())} == {incident.pk}
    assert reading.ledger(hoa, Asked()) == []
    for read in (reading.chain, lambda who, pk: held_again(who, pk, "vi")):
        with pytest.raises(PermissionDenied):
            read(hoa, incident.pk)
        with pytest.raises(PermissionDenied):
            read(ANYBODY, incident.pk)
    Incident.objects.update(public=False)
    with pytest.raises(IncidentNotFound):
        reading.chain(hoa, incident.pk)


def test_the_feed_can_be_checked_by_whoever_reads_it(incident, auditor, client, seal_all):  # noqa: F811
    seal_all()
    answer = client.get("/api/v1/ledger", {"limit": 2})
    lines = [json.loads(line) for line in b"".join(answer).splitlines()]
    rest = client.get("/api/v1/ledger", {"after": lines[-1]["cursor"]})
    lines += [json.loads(line) for line in b"".join(rest).splitlines()]
    assert len(lines) == 3
    heads = {}
    for line in lines:
        said = {name: line[name] for name in Entry.__dataclass_fields__}
        entry = Entry(**said | {"at": datetime.fromisoformat(line["at"])})
        heads[entry.chain] = heads.get(entry.chain, Head(0, FIRST)).followed_by(entry)
        assert heads[entry.chain].digest.hex() == line["seal"]
    empty = client.get("/api/v1/ledger", {"after": lines[-1]["cursor"]})
    assert b"".join(empty) == b""


def test_a_token_reads_the_feed_until_the_password_changes(auditor, client):
    token = feed_api.token_for(auditor)
    client.logout()
    assert client.get("/api/v1/ledger").status_code == 403
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert client.get("/api/v1/ledger", **bearer).status_code == 200
    wrong = client.get("/api/v1/ledger", HTTP_AUTHORIZATION=f"Bearer {token}x")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "oversight.bad_token")
    auditor.set_password("another")
    auditor.save()
    assert client.get("/api/v1/ledger", **bearer).status_code == 401


def test_an_officer_has_no_feed(incident, minh, client):
    user = User.objects.get(pk=minh.user_id)
    Staff.objects.create(user=user, role=Role.AGENCY_STAFF, agency_id=incident.agency_id)
    assert actor_of(user).role is Role.AGENCY_STAFF
    client.force_login(user)
    answer = client.get("/api/v1/ledger")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission.denied")


def test_the_page_costs_the_same_whatever_there_is(
    incident, auditor, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        page = client.get("/oversight")
    assert page.status_code == 200
    assert str(incident.pk) in page.content.decode()
    assert client.get(f"/oversight/{incident.pk}").status_code == 200
    token = client.post("/oversight/token")
    assert "Bearer" in token.content.decode()

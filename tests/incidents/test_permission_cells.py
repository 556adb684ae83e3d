"""Each cell of the permission table on real rows: who may, does; who may not, changes nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from districts.models import Agency, Area
from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.actors import Actor
from incidents.errors import IncidentNotFound, PermissionDenied
from incidents.merge_errors import IncidentMerged
from incidents.models import Event, Incident, Membership, Report
from incidents.permissions import Act, Role
from incidents.report import Statement
from incidents.services import BY_ITSELF, Part, Said
from incidents.workflow import ForbiddenStep, Status, Step
from tests import zoo
from tests.incidents.conftest import INSIDE
from tests.incidents.test_case_machine import REACHES
from tests.incidents.test_workflow import WANTED
from tests.incidents.test_working import AFTER

pytestmark = pytest.mark.django_db
NEAR = Position(LonLat(INSIDE[0] + 0.0005, INSIDE[1]), 5, "operator")

MINE, AREA_ONLY, HELD_ONLY, ELSEWHERE = "mine", "area only", "held only", "elsewhere"
WITHIN = {
    "none": set(), "all": {MINE, AREA_ONLY, HELD_ONLY, ELSEWHERE},
    "own_report": {MINE}, "this": {MINE}, "public": {MINE, AREA_ONLY, HELD_ONLY, ELSEWHERE},
    "area": {MINE, AREA_ONLY}, "agency": {MINE, HELD_ONLY}, "office": {MINE, AREA_ONLY, HELD_ONLY},
}  # fmt: skip
"""Which of the four incidents a reach reaches, written by hand; all four are public."""

STATUS = {
    Act.VERIFY: "received", Act.RESUME: "paused", Act.CLOSE: "claimed_done",
    Act.REOPEN: "claimed_done", Act.RATE: "claimed_done",
}  # fmt: skip
"""In which state each act is possible, where not when it was just assigned."""


def step(name, reason="", **more):
    return lambda actor, one, report: services.take(
        actor, one.pk, Step(name), Said(reason, "vì sao", photos=(AFTER,), **more)
    )


def twin(one):
    """Another one like it, opened a little later."""
    later = one.opened_at + timedelta(minutes=1)
    return Incident.objects.create(**row(one.pk) | {"id": None, "opened_at": later})


VERBS = {
    Act.APPROVE_WORDS: lambda actor, one, report: services.approve_report(actor, report),
    Act.NOTE: lambda actor, one, report: services.add_note(actor, one.pk, "nội bộ"),
    Act.MOVE: lambda actor, one, report: pipeline.change(
        actor, one.pk, position=NEAR, agency="ubnd-101"),
    Act.RECATEGORISE: lambda actor, one, report: pipeline.change(
        actor, one.pk, category="litter", agency="ubnd-101"),
    Act.DELEGATE: lambda actor, one, report: services.delegate(actor, one.pk, "thau-xyz", "giao"),
    Act.VERIFY: step("verify"),
    Act.REJECT: step("reject", "nothing_found"),
    Act.ASSIGN: lambda actor, one, report: services.assign(actor, one.pk, "tt-1022", "vì sao"),
    Act.ACCEPT: step("accept"),
    Act.DECLINE: lambda actor, one, report: pipeline.decline(actor, one.pk, Said("not_ours")),
    Act.START: step("start"),
    Act.PAUSE: step("pause", "weather"),
    Act.RESUME: step("resume"),
    Act.CLAIM_DONE: step("claim_done"),
    Act.CLOSE: step("close"),
    Act.REOPEN: step("reopen"),
    Act.SPLIT: lambda actor, one, report: services.split(
        actor, one.pk, [Part("ubnd-101"), Part("tt-1022")], Said(words="hai việc")),
    Act.MERGE: lambda actor, one, report: services.merge(actor, one.pk, twin(one).pk),
    Act.PROMISE: lambda actor, one, report: services.promise(
        actor, one.pk, Said(words="sắp", promised=timezone.localdate() + timedelta(days=2))),
    Act.RATE: lambda actor, one, report: services.rate(actor, report, 4),
}  # fmt: skip
"""What each act does; the others are reads, followed and located elsewhere."""
READS = {
    Act.SEE, Act.SEE_CONTACTS, Act.READ_WORDS, Act.SEE_FIGURES, Act.SEE_LEDGER,
    Act.FOLLOW, Act.LOCATE, Act.SEE_NOTICES,
}  # fmt: skip


@pytest.fixture
def cases(town):
    """Four like incidents: mine in both ways, in my ward, with my agency, and neither."""
    zoo.agency("thau-xyz")
    wards = list(Area.objects.filter(code__in=("101", "102")).order_by("code"))
    ours = Agency.objects.get(code="ubnd-101")
    theirs = Agency.objects.get(code="tt-1022")
    made = {}
    for name, ward, agency in (
        (MINE, wards[0], ours), (AREA_ONLY, wards[0], theirs),
        (HELD_ONLY, wards[1], ours), (ELSEWHERE, wards[1], theirs),
    ):  # fmt: skip
        where = Position(LonLat(*INSIDE), 5)
        said = Statement("web", name, "pothole", "Ổ gà", where, timezone.now())
        report = pipeline.receive(said).report_id
        one = Incident.objects.get(memberships__report=report)
        Incident.objects.filter(pk=one.pk).update(ward=ward, agency=agency)
        made[name] = (one.pk, report)
    return made


@pytest.fixture
def everyone(cases):
    """One of each role, of the agency and the ward of the first case."""
    user = User.objects.create_user("minh")
    agencies = frozenset({Agency.objects.get(code="ubnd-101").pk})
    areas = frozenset({Area.objects.get(code="101").pk})
    mine = cases[MINE][0]
    return {
        role: Actor(role=role, incident=mine)
        if role in {Role.CITIZEN, Role.CONTRACTOR}
        else Actor(user.pk, role, agencies, areas)
        for role in Role
    }


def test_every_act_is_a_verb_or_a_read():
    assert set(VERBS) | READS == set(Act)
    assert not set(VERBS) & READS


def test_each_role_does_each_act_where_its_cell_says_and_nowhere_else(cases, everyone):
    for (role, actor), act, (name, (pk, report)) in product(everyone.items(), VERBS, cases.items()):
        may = name in WITHIN[REACHES[role, act]]
        with transaction.atomic():
            Incident.objects.filter(pk=pk).update(status=STATUS.get(act, "assigned"))
            before = row(pk), Event.objects.count()
            assert done(VERBS[act], actor, pk, report) == may, (role, act, name)
            changed = (row(pk), Event.objects.count()) != before
            assert changed == may, (role, act, name)
            transaction.set_rollback(True)


@pytest.mark.parametrize("status", Status)
def test_each_arrow_leads_on_and_where_none_is_nothing_moves(cases, administrator, status):
    """Declining leads on by itself, from verified to the next agency or to a person."""
    pk, report = cases[MINE]
    if status is Status.MERGED:
        services.merge(administrator, pk, twin(Incident.objects.get(pk=pk)).pk)
        pk = Incident.objects.get(merged_into=pk).pk
    for step in set(Step) - {Step.DECLINE}:
        with transaction.atomic():
            Incident.objects.filter(pk=pk).update(status=status.value)
            try:
                VERBS[Act(step)](administrator, Incident.objects.get(pk=pk), report)
            except (ForbiddenStep, IncidentMerged):
                assert (status, step) not in WANTED
                assert row(pk)["status"] == status
            else:
                assert row(pk)["status"] == WANTED[status, step]
            transaction.set_rollback(True)


def test_a_merging_is_undone_by_whoever_may_merge_both(cases, everyone):
    for (role, actor), (name, (pk, report)) in product(everyone.items(), cases.items()):
        may = name in WITHIN[REACHES[role, Act.MERGE]]
        with transaction.atomic():
            other = twin(Incident.objects.get(pk=pk))
            joins(other, report)
            services.merge(BY_ITSELF, pk, other.pk)
            assert done(undo, actor, other.pk, report) == may, (role, name)
            assert (row(other.pk)["status"] != "merged") == may, (role, name)
            transaction.set_rollback(True)


def undo(actor, one, _report):
    services.undo(actor, one.pk)


def joins(incident, report):
    """Let a report like another one belong to an incident."""
    said = Report.objects.filter(pk=report).values().get()
    like = Report.objects.create(**said | {"id": None, "key": "like it", "code": "LIKE1T"})
    opened = Event.objects.create(kind="opened", incident=incident, report=like)
    Membership.objects.create(report=like, incident=incident, from_event=opened)


def done(verb, actor, pk, report):
    """Whether it was allowed; every other fault is one of this test."""
    try:
        with transaction.atomic():
            verb(actor, Incident.objects.get(pk=pk), report)
    except (PermissionDenied, IncidentNotFound):
        return False
    return True


def row(pk):
    return Incident.objects.filter(pk=pk).values().get()

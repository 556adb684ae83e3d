"""Whatever anybody does, in any order, on real PostGIS: the laws of cases hold.

``WARDWISE_MACHINE_EXAMPLES`` asks for more than the suite's few examples.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from districts.models import Agency, Area
from gis_core.errors import DomainError
from gis_core.positions import LonLat, Position
from gis_core.tiles import cell_code
from incidents import deadline_rules, links, photos, pipeline, services
from incidents.actors import ANYBODY, Actor
from incidents.families import root_of
from incidents.ledger import Entry, Head
from incidents.models import Event, Incident, Link, Membership, Rating, Report
from incidents.models.link import Purpose
from incidents.permissions import Act, Role
from incidents.report import Statement
from incidents.services import CheckIn, Part, Said
from incidents.services.escalating import look_at_deadlines
from incidents.workflow import ENDED, HELD, OPEN, Step
from tests import zoo
from tests.incidents.conftest import picture
from tests.incidents.replaying import one_after_another, told
from tests.incidents.test_workflow import CELLS

pytestmark = pytest.mark.django_db
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 6, 1, 10, tzinfo=SAIGON)
EXAMPLES = int(os.environ.get("WARDWISE_MACHINE_EXAMPLES", "8"))
PICTURE = photos.clean(picture())
REACHES = {(role, act): reach for role, act, reach in CELLS}

PLACES = {"101": (106.7052, 10.7653), "105": (106.7152, 10.7753), "border": (106.71, 10.7652)}
CATEGORIES = ("pothole", "litter", "noise", "road-subsidence")
OTHERS = ("lan", "operator", "district", "ward", "minh", "tam", "contractor", "leader", "nobody")
WHO = st.sampled_from(["whoever may"] * 12 + list(OTHERS))
"""Mostly one who may: chance alone would seldom come far."""
HOLDERS = {
    Act.ACCEPT, Act.DECLINE, Act.START, Act.PAUSE, Act.RESUME, Act.CLAIM_DONE, Act.PROMISE,
    Act.DELEGATE,
}  # fmt: skip
STEPS = [step for step in Step if step not in {Step.ASSIGN, Step.SPLIT, Step.DECLINE}]
WORK = [Step.START, Step.START, Step.PAUSE, Step.RESUME, Step.CLAIM_DONE, Step.CLAIM_DONE]
REASONS = {Step.PAUSE: "weather", Step.REJECT: "nothing_found"}
LITTLE = st.fixed_dictionaries({
    "reason": st.sampled_from(["", "not_ours", "weather"]),
    "words": st.sampled_from(["", "vì sao"]),
    "photo": st.booleans(),
    "here": st.sampled_from([None, "101", "105"]),
    "days": st.sampled_from([None, 0, 3]),
})  # fmt: skip
PLENTY = {"reason": "?", "words": "vì sao", "photo": True, "here": None, "days": 3}
ENOUGH = st.just(PLENTY)
SAID = st.one_of(ENOUGH, ENOUGH, ENOUGH, LITTLE)


class Cases(RuleBasedStateMachine):
    """A town, its cases, and everybody who may or may not act on them."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        # As the test's own transaction is marked: what asks for an outermost one gets it.
        self.undone._from_testcase = True
        self.undone.__enter__()
        self.clock = time_machine.travel(MONDAY, tick=False)
        self.traveller = self.clock.start()
        self.births, self.heads, self.seen = {}, {}, 0

    @initialize(
        steps=st.lists(st.sampled_from(WORK), max_size=3),
        closed=st.booleans(),
        parts=st.sampled_from([None, None, 1, 2]),
        merged=st.booleans(),
    )
    def begin(self, steps, closed, parts, merged):
        """Begin anywhere on the way of a case; with so many parts done where it is divided."""
        self.report("pothole", "101")
        if merged:
            self.report("pothole", "101")
            self.merge("whoever may", 0, 1, agree=True, words="cùng một chỗ")
        if parts:
            self.split("operator", 0, "litter")
            for number in range(parts):
                self.finish(number + 1)
            if closed:
                self.reopen(0)
            return
        for step in steps:
            self.step("whoever may", 0, step, PLENTY)
        if closed:
            self.answer(0, "confirm", "lan", PLENTY)

    def teardown(self):
        self.clock.stop()
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # ---- what happens ----

    @rule(category=st.sampled_from(CATEGORIES), where=st.sampled_from(sorted(PLACES)))
    @precondition(lambda self: Report.objects.count() < 3)
    def report(self, category, where):
        where = Position(LonLat(*PLACES[where]), 12)
        key = f"k{Report.objects.count()}"
        pipeline.receive(Statement("web", key, category, "", where, datetime.now(SAIGON)))

    @rule(hours=st.sampled_from([1, 20, 100, 200]))
    def time_passes(self, hours):
        self.traveller.shift(timedelta(hours=hours))
        while look_at_deadlines(datetime.now(SAIGON)):
            pass

    @rule(who=WHO, which=st.integers(0, 9), step=st.sampled_from(STEPS), said=SAID)
    def step(self, who, which, step, said):
        self.act(who, which, Act(step), lambda actor, one: services.take(
            actor, one.pk, step, self.said(said, one, step)))  # fmt: skip

    @rule(which=st.integers(0, 9))
    def finish(self, which):
        self.step("whoever may", which, Step.CLAIM_DONE, PLENTY)
        self.step("whoever may", which, Step.CLOSE, PLENTY)

    @rule(which=st.integers(0, 9))
    def reopen(self, which):
        closed = Incident.objects.filter(status="closed").order_by("-pk")
        if closed:
            one = closed[which % len(closed)]
            operator = self.staff["operator"]
            self.attempt(operator, one.pk, Act.REOPEN, lambda actor, one: services.take(
                actor, one.pk, Step.REOPEN, self.said(PLENTY, one)))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9))
    def decline(self, who, which):
        self.act(who, which, Act.DECLINE, lambda actor, one: pipeline.decline(
            actor, one.pk, Said("not_ours")))  # fmt: skip

    @rule(
        who=WHO,
        which=st.integers(0, 9),
        to=st.sampled_from(["ubnd-101", "tt-1022"]),
    )
    def assign(self, who, which, to):
        self.act(who, which, Act.ASSIGN, lambda actor, one: services.assign(
            actor, one.pk, to, "điều phối", one.version))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9), other=st.sampled_from(["", "litter"]))
    def split(self, who, which, other):
        parts = [Part("ubnd-101"), Part("tt-1022", other)]
        self.act(who, which, Act.SPLIT, lambda actor, one: services.split(
            actor, one.pk, parts, Said(words="hai việc")))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9), days=st.integers(1, 8))
    def delegate(self, who, which, days):
        self.act(who, which, Act.DELEGATE, lambda actor, one: services.delegate(
            actor, one.pk, "thau-xyz", "giao việc", days))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 3))
    def end_link(self, who, which):
        made = list(Link.objects.filter(purpose=Purpose.CONTRACTOR, ended_at=None).order_by("pk"))
        if made:
            link = made[which % len(made)]
            actor = self.actor(who, link.incident, Act.DELEGATE)
            self.attempt(actor, link.incident_id, Act.DELEGATE,
                lambda actor, one: services.end_link(actor, link.pk))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9))
    def note(self, who, which):
        self.act(who, which, Act.NOTE, lambda actor, one: services.add_note(
            actor, one.pk, "nội bộ"))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9), said=SAID)
    def promise(self, who, which, said):
        self.act(who, which, Act.PROMISE, lambda actor, one: services.promise(
            actor, one.pk, self.said(said, one)))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9), where=st.sampled_from(sorted(PLACES)),
          to=st.sampled_from([None, "ubnd-105", "ubnd-101"]))  # fmt: skip
    def move(self, who, which, where, to):
        pin = Position(LonLat(*PLACES[where]), 12, "operator")
        self.act(who, which, Act.MOVE, lambda actor, one: pipeline.change(
            actor, one.pk, Said(words="ghim sai"), position=pin, agency=to))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9), category=st.sampled_from(CATEGORIES))
    def recategorise(self, who, which, category):
        self.act(who, which, Act.RECATEGORISE, lambda actor, one: pipeline.change(
            actor, one.pk, Said(), category=category))  # fmt: skip

    @rule(
        which=st.integers(0, 9),
        what=st.sampled_from(["confirm", "dispute", "rate"]),
        who=st.sampled_from(["lan", "lan", "lan", "nobody", "minh", "contractor"]),
        said=SAID,
    )
    def answer(self, which, what, who, said):
        one = self.pick(which)
        member = Membership.objects.filter(incident=one, to_event=None).first()
        report = member.report_id if member else 0
        verbs = {
            "confirm": (Act.CLOSE, lambda actor, one: services.confirm(actor, one.pk, report)),
            "dispute": (Act.REOPEN, lambda actor, one: services.dispute(
                actor, one.pk, report, self.said({**said, "here": None}, one))),
            "rate": (Act.RATE, lambda actor, one: services.rate(actor, report, 2, ["too_slow"])),
        }  # fmt: skip
        act, verb = verbs[what]
        self.attempt(self.actor(who, one, act), one.pk, act, verb)

    @rule(who=WHO, which=st.integers(0, 9), other=st.integers(0, 9), agree=st.booleans(),
          words=st.sampled_from(["", "cùng một chỗ", "cùng một chỗ"]))  # fmt: skip
    def merge(self, who, which, other, agree, words):
        one, two = (Incident.objects.get(pk=root_of(self.pick(n).pk)) for n in (which, other))
        survivor = min((one, two), key=lambda case: (case.opened_at, case.pk))
        agreed = (survivor.agency.code if survivor.agency else "") if agree else None
        actor = self.actor(who, one, Act.MERGE)
        self.attempt(actor, one.pk, Act.MERGE, lambda actor, one: services.merge(
            actor, one.pk, two.pk, Said(words=words), agency=agreed), also=(two,))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9))
    @precondition(lambda self: Incident.objects.filter(status="merged").exists())
    def undo(self, who, which):
        merged = list(Incident.objects.filter(status="merged").order_by("pk"))
        one = merged[which % len(merged)]
        root = Incident.objects.get(pk=root_of(one.pk))
        actor = self.actor(who, one, Act.MERGE)
        self.attempt(actor, one.pk, Act.MERGE, lambda actor, one: services.undo(
            actor, one.pk), also=(root,))  # fmt: skip

    @rule(who=WHO, which=st.integers(0, 9))
    def take_out(self, who, which):
        members = Membership.objects.filter(incident=self.pick(which), to_event=None)
        newest = [member.report_id for member in members.order_by("-pk")[:1]]
        self.act(who, which, Act.MERGE, lambda actor, one: pipeline.take_out(
            actor, one.pk, newest))  # fmt: skip

    # ---- how it is done ----

    def pick(self, which):
        ids = list(Incident.objects.order_by("pk").values_list("pk", flat=True))
        return Incident.objects.get(pk=ids[which % len(ids)])

    def actor(self, who, one, act):
        if who == "whoever may":
            return self.entitled(one, act)
        if who == "lan":
            return Actor(incident=one.pk)
        if who == "contractor":
            lent = Link.objects.filter(purpose=Purpose.CONTRACTOR, ended_at=None)
            link = lent.filter(incident=one).first() or lent.first()
            return links.actor_of_link(link) if link else ANYBODY
        return self.staff.get(who, ANYBODY)

    def entitled(self, one, act):
        if act in HOLDERS and one.agency_id:
            minh = self.staff["minh"].user_id
            return Actor(minh, Role.AGENCY_STAFF, frozenset({one.agency_id}))
        return self.staff["operator"]

    def said(self, said, one, step=None):
        here, day = said["here"], said["days"]
        reason = REASONS.get(step, "") if said["reason"] == "?" else said["reason"]
        return Said(
            reason, said["words"], one.version,
            (PICTURE,) if said["photo"] else (),
            CheckIn(LonLat(*PLACES[here]), 8) if here else None,
            None if day is None else datetime.now(SAIGON).date() + timedelta(days=day),
        )  # fmt: skip

    def act(self, who, which, act, verb):
        one = self.pick(which)
        self.attempt(self.actor(who, one, act), one.pk, act, verb)

    def attempt(self, actor, incident_id, act, verb, also=()):
        """Do it: either nothing at all has changed, or exactly one version has passed.

        ``also`` are the other incidents that it is done to.
        """
        one = Incident.objects.get(pk=incident_id)
        before, events = _rows(), Event.objects.count()
        try:
            verb(actor, one)
        except DomainError:
            assert _rows() == before
            assert Event.objects.count() == events
            return
        for done_to in (one, *also):
            assert _reaches(actor, act, done_to), (actor, act)
        if act is Act.CLOSE and Event.objects.count() == events:
            # A reporter who confirms once more.
            assert _rows() == before
            return
        assert Event.objects.count() > events
        after = {row["id"]: row["version"] for row in _rows()}
        moved = {pk for pk, version in after.items() if version != _version(before, pk)}
        for pk in moved & {row["id"] for row in before}:
            assert after[pk] == _version(before, pk) + 1
            assert pk == incident_id or pk in _above(one) | {other.pk for other in also}
        assert moved >= {incident_id, *(other.pk for other in also)}

    # ---- what holds ----

    @invariant()
    def no_event_is_lost_or_changed(self):
        """Every event seen before is there as it was: the chains reckoned then hold still."""
        events = list(Event.objects.order_by("id"))
        assert len(events) >= self.seen
        assert _chains(events[: self.seen]) == self.heads
        self.heads, self.seen = _chains(events), len(events)

    @invariant()
    def incidents_are_what_their_events_say(self):
        for one in Incident.objects.select_related("agency", "parent"):
            state = self.told(one)
            assert one.status == state.status
            assert (one.agency.code if one.agency else None) == state.agency
            assert one.category_id == state.category
            assert (one.position.x, one.position.y, one.accuracy_m) == state.where
            assert one.cell == cell_code(LonLat(one.position.x, one.position.y))
            assert one.ward_id == state.ward
            assert one.public == (one.category.public and not one.category.sensitive)
            assert one.needs_triage == state.needs_triage
            assert (one.held_since is not None) == (one.status in HELD)
            assert (one.closed_at is not None) == (one.status in ENDED)
            assert (one.claimed_at is not None) == state.claimed
            if one.status in HELD:
                due = state.held.clock.due(deadline_rules.calendar())
                assert one.due_at == due
                assert due is None or one.status == "paused" or due == state.due
            else:
                assert one.due_at is None

    @invariant()
    def one_holds_it_at_a_time_and_clocks_add_up(self):
        calendar = deadline_rules.calendar()
        for one in Incident.objects.all():
            custodies = list(one.custodies.select_related("agency", "contractor").order_by("id"))
            holds = self.told(one).holds
            assert len(custodies) == len(holds)
            assert one_after_another(custodies)
            for custody, hold in zip(custodies, holds, strict=True):
                assert custody.agency.code == hold.agency
                assert custody.from_event_id == hold.from_event
                assert custody.to_event_id == hold.to_event
                assert (custody.ended_by, custody.proven) == (hold.ended_by, hold.proven)
                assert (custody.contractor and custody.contractor.code) == hold.contractor
                assert bool(custody.reopened_at) == hold.disputed
                assert custody.began_at == hold.clock.begin
                if custody.ended_at:
                    assert custody.used == hold.clock.share(custody.ended_at, calendar)
            if one.status in HELD:
                assert (one.held_since, one.due_at) == (
                    custodies[-1].began_at,
                    custodies[-1].due_at,
                )

    @invariant()
    def every_report_is_in_exactly_one_place(self):
        for report in Report.objects.all():
            assert report.state == "incident"
            [member] = report.memberships.filter(to_event=None)
            assert member.incident.status != "merged"
        for one in Incident.objects.all():
            assert one.report_count == one.memberships.filter(to_event=None).count()

    @invariant()
    def a_whole_is_open_as_long_as_a_part_is(self):
        for whole in Incident.objects.exclude(parts=None).distinct():
            if whole.status in {"split", "closed"}:
                left = whole.parts.filter(status__in=[status.value for status in OPEN]).exists()
                assert left == (whole.status == "split")

    @invariant()
    def a_report_is_rated_once_and_what_is_hidden_is_lent_to_nobody_twice(self):
        assert Rating.objects.count() == Rating.objects.values("report").distinct().count()
        lent = Link.objects.filter(purpose=Purpose.CONTRACTOR, ended_at=None)
        assert lent.count() == lent.values("incident").distinct().count()
        assert not lent.exclude(incident__status__in=[*HELD, "claimed_done"]).exists()

    def told(self, one):
        if one.pk not in self.births:
            self.births[one.pk] = _birth(one)
        return told(one.events.order_by("id"), *self.births[one.pk])


def _above(one):
    """The ids of all that an incident is a part of."""
    return {one.parent_id} | _above(one.parent) if one.parent else set()


def _birth(one):
    return one.category_id, (one.position.x, one.position.y, one.accuracy_m), one.ward_id


def _chains(events):
    heads = {}
    for event in events:
        entry = _entry(event)
        heads[entry.chain] = heads.get(entry.chain, Head()).followed_by(entry)
    return heads


def _rows():
    return list(Incident.objects.order_by("pk").values())


def _version(rows, pk):
    return next((row["version"] for row in rows if row["id"] == pk), 0)


def _entry(event):
    return Entry(
        event.pk, event.incident_id, event.report_id, event.kind, event.at, event.actor_id,
        event.actor_kind, event.reason, event.data,
    )  # fmt: skip


def _reaches(actor, act, one):
    """The table of permissions, read by hand."""
    held = one.agency_id in actor.agencies
    inside = one.ward_id in actor.areas or one.district_id in actor.areas
    return {
        "none": False, "all": True, "public": one.public and one.status != "rejected",
        "own_report": one.pk == actor.incident, "this": one.pk == actor.incident,
        "area": inside, "agency": held, "office": held or inside,
    }[REACHES[actor.role, act]]  # fmt: skip


def _staff():
    """Who works in the town; each a user of their own, so that events name somebody."""
    ward = Area.objects.get(code="101", edition__level="ward")
    agency = {
        code: Agency.objects.get(code=code).pk for code in ("ubnd-101", "ubnd-105", "tt-1022")
    }
    offices = {
        "operator": (Role.OPERATOR, (), ()),
        "district": (Role.DISTRICT_OPERATOR, (), (ward.pk,)),
        "ward": (Role.WARD_STAFF, (agency["ubnd-101"],), (ward.pk,)),
        "minh": (Role.AGENCY_STAFF, (agency["ubnd-101"],), ()),
        "tam": (Role.AGENCY_STAFF, (agency["tt-1022"], agency["ubnd-105"]), ()),
        "leader": (Role.LEADER, (), ()),
    }
    return {
        name: Actor(
            User.objects.create_user(f"machine-{name}").pk, role, frozenset(of), frozenset(areas)
        )
        for name, (role, of, areas) in offices.items()
    }


def test_whatever_anybody_does_the_laws_hold(town):
    zoo.agency("thau-xyz")
    Cases.staff = _staff()
    run_state_machine_as_test(
        Cases,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

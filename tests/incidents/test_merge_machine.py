"""Merge, undo, take out, work, follow and stop following, in any order: a small model keeps count.

``WARDWISE_MACHINE_EXAMPLES`` asks for more than the suite's few examples.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gis_core.errors import DomainError
from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.families import MERGED, UNMERGED, root_of
from incidents.merge_errors import NothingLeft, SameIncident
from incidents.models import Custody, Event, Follower, Incident, Membership, Note, Report
from incidents.report import Statement
from incidents.said import Said
from incidents.services import BY_ITSELF
from incidents.services.following import Following, follow, unfollow
from incidents.workflow import HELD, Step
from tests.incidents.dumps import tables

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("WARDWISE_MACHINE_EXAMPLES", "6"))
NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)
MOST = 5
NUMBER = st.integers(0, 30)
YES = Said(words="cùng một chỗ")
STEPS = {
    Step.ACCEPT: Said(), Step.START: Said(words="làm"), Step.PAUSE: Said("weather", "mưa"),
    Step.RESUME: Said(), Step.REJECT: Said("nothing_found", "không thấy"),
    Step.CLAIM_DONE: Said(words="xong"), Step.REOPEN: Said(words="chưa xong"),
}  # fmt: skip


class Merging(RuleBasedStateMachine):
    """One spot, what people report of it, and what offices think is the same."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone._from_testcase = True
        self.undone.__enter__()
        self.into = {}
        """By incident what it was merged into, while it is."""
        self.home = {}
        """By report the incident that is its own."""
        self.theirs = {}
        """By row of a follower or note the incident that it came to."""
        self.tokens = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # ---- what happens ----

    @rule(minute=st.integers(0, 4))
    @precondition(lambda self: len(self.home) < MOST)
    def report(self, minute):
        place = Position(LonLat(106.7052, 10.7653), 12)
        at = NOON + timedelta(minutes=minute)
        said = Statement("web", f"k{len(self.home)}", "pothole", "Ổ gà", place, at)
        report = pipeline.receive(said).report_id
        self.home[report] = Membership.objects.get(report=report, to_event=None).incident_id

    @rule(one=NUMBER, other=NUMBER)
    @precondition(lambda self: len(set(self.home.values())) > 1)
    def merge(self, one, other):
        one, other = self.pick(one), self.pick(other)
        first, second = self.root(one), self.root(other)
        try:
            survivor = self.merged(one, other)
        except SameIncident:
            assert first == second
            return
        assert survivor.pk == min((first, second), key=self.age)
        self.into[max((first, second), key=self.age)] = survivor.pk

    @rule(one=NUMBER, other=NUMBER)
    @precondition(lambda self: len(set(self.home.values())) > 1)
    def merge_and_undo(self, one, other):
        """Whatever came before, the two together change nothing."""
        one, other = self.root(self.pick(one)), self.root(self.pick(other))
        if one != other:
            before = tables()
            self.merged(one, other)
            services.undo(BY_ITSELF, max((one, other), key=self.age))
            assert tables() == before

    @rule(which=NUMBER)
    @precondition(lambda self: self.into)
    def undo(self, which):
        source = sorted(self.into)[which % len(self.into)]
        root, coming = self.root(source), self.under(source)
        back = {report for report, home in self.home.items() if home in coming}
        left = {report for report, home in self.home.items() if self.root(home) == root} - back
        try:
            services.undo(BY_ITSELF, source)
        except NothingLeft:
            assert not (back and left)
            return
        assert back
        assert left
        del self.into[source]
        told = Event.objects.filter(incident=source, kind=UNMERGED).latest("pk").data
        merged = Event.objects.filter(incident=source, kind=MERGED).latest("pk").data
        assert set(told["reports"]) == back & set(merged["reports"])
        assert set(told["elsewhere"]) == set(merged["reports"]) - back

    @rule(which=NUMBER, how_many=st.integers(0, 2))
    @precondition(lambda self: self.home)
    def take_out(self, which, how_many):
        root = self.root(self.pick(which))
        there = sorted(report for report, home in self.home.items() if self.root(home) == root)
        going = there[:how_many]
        try:
            made = pipeline.take_out(BY_ITSELF, root, going)
        except DomainError:
            assert not 0 < len(going) < len(there)
            return
        self.home |= dict.fromkeys(going, made.pk)

    @rule(which=NUMBER, step=st.sampled_from(sorted(STEPS)))
    @precondition(lambda self: self.home)
    def work(self, which, step):
        """On the survivor, as far as the workflow lets it."""
        try:
            services.take(BY_ITSELF, self.root(self.pick(which)), step, STEPS[step])
        except DomainError:
            return

    @rule(which=NUMBER, browser=st.integers(0, 3))
    @precondition(lambda self: self.home)
    def follow(self, which, browser):
        one = self.pick(which)
        try:
            token = follow(one, Following(too=True, browser=f"b{browser}"))
        except DomainError:
            assert Incident.objects.get(pk=self.root(one)).status == "rejected"
            return
        pk = int(token.split("-")[0])
        self.tokens.setdefault(pk, token)
        self.theirs.setdefault(("follower", pk), self.root(one))

    @rule(which=NUMBER)
    @precondition(lambda self: self.tokens)
    def stop(self, which):
        pk = sorted(self.tokens)[which % len(self.tokens)]
        unfollow(self.tokens.pop(pk))

    @rule(which=NUMBER)
    @precondition(lambda self: self.home)
    def note(self, which):
        root = self.root(self.pick(which))
        note = services.add_note(BY_ITSELF, root, "ghi chú")
        self.theirs["note", note.pk] = root

    # ---- how it is done ----

    def merged(self, one, other):
        agency = Incident.objects.get(pk=min((self.root(one), self.root(other)), key=self.age))
        code = agency.agency.code if agency.agency else ""
        return services.merge(BY_ITSELF, one, other, YES, agency=code)

    def pick(self, which):
        known = sorted({*self.home.values(), *self.into, *self.into.values()})
        return known[which % len(known)]

    def age(self, pk):
        return Incident.objects.get(pk=pk).opened_at, pk

    def root(self, pk):
        while pk in self.into:
            pk = self.into[pk]
        return pk

    def under(self, pk):
        found = {pk}
        for one in self.into:
            if pk in self.way(one):
                found.add(one)
        return found

    def way(self, pk):
        way = []
        while pk in self.into:
            pk = self.into[pk]
            way.append(pk)
        return way

    # ---- what holds ----

    @invariant()
    def every_report_is_with_what_stands_for_its_own_incident(self):
        for report, home in self.home.items():
            [row] = Membership.objects.filter(report=report, to_event=None)
            assert row.incident_id == self.root(home)
            assert Report.objects.get(pk=report).state == "incident"

    @invariant()
    def counts_add_up(self):
        for one in Incident.objects.all():
            assert one.report_count == one.memberships.filter(to_event=None).count()
            assert one.too_count == one.followers.filter(too=True).count()
            assert one.merged_into_id == self.into.get(one.pk)
            assert root_of(one.pk) == self.root(one.pk)
            assert (one.status == "merged") == (one.pk in self.into)

    @invariant()
    def followers_and_notes_are_with_it_too(self):
        for (kind, pk), home in self.theirs.items():
            model = {"follower": Follower, "note": Note}[kind]
            assert model.objects.get(pk=pk).incident_id == self.root(home), kind

    @invariant()
    def whoever_has_it_has_one_clock(self):
        for one in Incident.objects.all():
            lasting = Custody.objects.filter(incident=one, to_event=None)
            assert lasting.count() == (one.status in HELD)
            assert (one.held_since is not None) == (one.status in HELD)
            for custody in lasting:
                assert (custody.began_at, custody.due_at) == (one.held_since, one.due_at)


def test_whatever_is_merged_undone_and_taken_out_each_report_has_its_place(town):
    quick = settings(
        max_examples=EXAMPLES,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Merging, settings=quick)

"""Who has a case, from which event to which, under which clock; and what ends it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from districts import rulebook
from districts.routing import route
from incidents import links, pipeline, services
from incidents.actors import Actor
from incidents.errors import AgencyNotFound, PermissionDenied, ReasonMissing, UnknownReason
from incidents.models import Custody, Event, Incident, Link
from incidents.models.link import Purpose
from incidents.permissions import Role
from incidents.rereading.recall import Memory
from incidents.services import Part, Said, take
from incidents.work_errors import LinkExpired, LinkNotFound, LinkUsed, NotHeld, PartsMissing
from incidents.workflow import ForbiddenStep, Status, Step
from tests import zoo
from tests.incidents.test_working import AFTER, MONDAY, SAIGON, clock, incident, minh, now

__all__ = ["clock", "incident", "minh"]
pytestmark = pytest.mark.django_db
DONE = Said(words="Đã vá", photos=(AFTER,))


@pytest.fixture
def contractor(incident):
    return zoo.agency("thau-xyz", name="Công ty XYZ").code


def test_a_custody_begins_with_the_event_that_hands_over_and_copies_its_clock(incident):
    custody = incident.custodies.get()
    assert custody.from_event == incident.events.get(kind="assigned")
    assert (custody.agency_id, custody.began_at) == (incident.agency_id, MONDAY)
    assert (custody.due_at, custody.limit_s) == (incident.due_at, 5 * 86_400)
    assert (custody.rule, custody.rule_version) == ("answer", 1)
    assert incident.next_step_at is not None


def test_a_claim_ends_it_with_the_share_of_the_limit_that_was_used(incident, minh, clock):
    clock.move_to(datetime(2026, 6, 3, 12, tzinfo=SAIGON))
    take(minh, incident.pk, Step.PAUSE, Said("weather"))
    clock.move_to(datetime(2026, 6, 5, 12, tzinfo=SAIGON))
    take(minh, incident.pk, Step.RESUME)
    clock.move_to(datetime(2026, 6, 8, 12, tzinfo=SAIGON))
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    custody = incident.custodies.get()
    # Tuesday, half of Wednesday, half of Friday, half of Monday: two and a half days of five.
    assert custody.used == pytest.approx(0.5)
    assert (custody.ended_by, custody.proven) == ("claimed_done", True)
    assert custody.due_at == datetime(2026, 6, 11, tzinfo=SAIGON)
    assert now(incident).claimed_at == custody.ended_at


def test_a_pause_stands_in_the_custody_as_in_the_incident(incident, minh):
    take(minh, incident.pk, Step.PAUSE, Said("weather"))
    assert incident.custodies.get().due_at is None
    assert now(incident).next_step_at == MONDAY + timedelta(days=30)


def test_assigning_elsewhere_ends_one_custody_and_begins_the_next(incident, operator):
    services.assign(operator, incident.pk, "tt-1022", "điều phối")
    first, second = incident.custodies.order_by("id")
    assert first.to_event == second.from_event
    assert (first.ended_by, first.ended_at) == ("assigned", second.began_at)
    assert second.agency.code == "tt-1022"


def test_a_disputed_claim_marks_its_custody_and_a_new_one_begins(incident, minh, operator):
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    take(operator, incident.pk, Step.REOPEN, Said(words="vẫn còn"))
    first, second = incident.custodies.order_by("id")
    assert (first.reopened_at, second.to_event) == (MONDAY, None)
    assert now(incident).claimed_at is None


def test_an_imported_case_has_no_custody_and_goes_on_all_the_same(incident, minh):
    Custody.objects.all().delete()
    Incident.objects.update(held_since=None, due_at=None)
    for step, said in (
        (Step.START, Said()), (Step.PAUSE, Said("weather")), (Step.RESUME, Said()),
        (Step.CLAIM_DONE, DONE),
    ):  # fmt: skip
        take(minh, incident.pk, step, said)
    assert now(incident).status == Status.CLAIMED_DONE
    assert not incident.custodies.exists()


# ---- declining ----


def holder(incident, user_id):
    return Actor(user_id, Role.AGENCY_STAFF, frozenset({now(incident).agency_id}))


def test_declined_it_goes_to_the_next_claim_and_then_to_the_coordination_centre(incident, minh):
    visited = []
    while now(incident).agency:
        visited.append(incident.agency.code)
        pipeline.decline(holder(incident, minh.user_id), incident.pk, Said("not_ours"))
    assert len(visited) == len(set(visited)) >= 2
    assert visited[-1] == "tt-1022"
    assert (incident.status, incident.needs_triage) == (Status.VERIFIED, True)
    declined = [event.data["agency"] for event in incident.events.filter(kind="declined")]
    assert declined == visited
    last = incident.events.order_by("id").last()
    assert (last.kind, sorted(last.data["without"])) == ("triage", sorted(visited))


def test_a_declined_case_moves_one_version_on_and_its_clock_begins_anew(incident, minh, clock):
    before = incident.version
    clock.shift(timedelta(hours=5))
    pipeline.decline(minh, incident.pk, Said("outside_area"))
    assert now(incident).version == before + 1
    assert (incident.status, incident.held_since) == (Status.ASSIGNED, MONDAY + timedelta(hours=5))
    first, second = incident.custodies.order_by("id")
    assert (first.ended_by, second.from_event.kind) == ("declined", "assigned")


def test_a_decision_tells_who_was_left_out_so_that_it_can_be_reckoned_again(incident, minh):
    code = incident.agency.code
    pipeline.decline(minh, incident.pk, Said("not_ours"))
    kept = now(incident).decision
    assert kept.inputs["without"] == [code]
    book, memory = rulebook.current(), Memory.read()
    placement = memory.placement(MONDAY.date(), kept.inputs["shares"])
    again = route(
        placement, book.category("pothole"), book.rules_for["pothole"],
        frozenset(kept.inputs["without"]),
    )  # fmt: skip
    assert (again.agency, again.claim.rule_id) == (kept.agency.code, kept.rule_id)
    assert kept.because.endswith("Đã từ chối: UBND Phường 101.")


def test_declining_asks_for_a_reason_of_the_list(incident, minh):
    with pytest.raises(UnknownReason):
        pipeline.decline(minh, incident.pk, Said(words="không phải việc của chúng tôi"))
    assert now(incident).status == Status.ASSIGNED


def test_who_declined_may_be_named_again_after_the_pin_has_moved(incident, minh, operator):
    first = incident.agency.code
    pipeline.decline(minh, incident.pk, Said("not_ours"))
    assert services.declined_by(now(incident)) == {first}
    Event.objects.create(incident=incident, kind="moved", actor_kind="operator")
    assert services.declined_by(incident) == frozenset()


# ---- splitting ----


@pytest.fixture
def parts(incident, minh):
    wanted = [Part("ubnd-101", words="dọn rác"), Part("tt-1022", "litter")]
    return services.split(minh, incident.pk, wanted, Said(words="hai việc"))


def test_a_split_case_gives_each_agency_a_part_of_its_own_and_keeps_the_reports(incident, parts):
    one, other = Incident.objects.filter(pk__in=parts).order_by("pk")
    assert (one.agency.code, one.category_id) == ("ubnd-101", "pothole")
    assert (other.agency.code, other.category_id) == ("tt-1022", "litter")
    assert {part.parent_id for part in (one, other)} == {incident.pk}
    for part in (one, other):
        assert part.due_at == part.custodies.get(to_event=None).due_at is not None
    assert now(incident).status == Status.SPLIT
    assert incident.memberships.filter(to_event=None).count() == 1
    assert incident.custodies.get().ended_by == "split"
    assert one.report_count == 0


def test_the_last_part_that_ends_ends_the_whole_and_a_reopened_one_opens_it(
    incident, parts, operator, minh
):
    for number, part in enumerate(parts):
        assert now(incident).status == Status.SPLIT, number
        one = Incident.objects.get(pk=part)
        take(holder(one, minh.user_id), part, Step.CLAIM_DONE, DONE)
        take(operator, part, Step.CLOSE)
    assert (now(incident).status, incident.closed_at) == (Status.CLOSED, MONDAY)
    take(operator, parts[0], Step.REOPEN, Said(words="chưa xong"))
    assert (now(incident).status, incident.closed_at) == (Status.SPLIT, None)


def test_a_part_of_a_part_ends_and_opens_everything_above_it_once(incident, parts, operator, minh):
    inner = services.split(
        operator, parts[0], [Part("ubnd-101"), Part("ubnd-102")], Said(words="hai nơi")
    )
    for part in (parts[1], *inner):
        assert now(incident).status == Status.SPLIT, part
        one = Incident.objects.get(pk=part)
        take(holder(one, minh.user_id), part, Step.CLAIM_DONE, DONE)
        take(operator, part, Step.CLOSE)
    whole, divided = now(incident), Incident.objects.get(pk=parts[0])
    assert (whole.status, divided.status) == (Status.CLOSED, Status.CLOSED)
    assert [one.events.filter(kind="closed").count() for one in (whole, divided)] == [1, 1]
    take(operator, inner[0], Step.REOPEN, Said(words="chưa xong"))
    assert now(incident).status == now(divided).status == Status.SPLIT


def test_a_whole_is_not_closed_before_its_parts(incident, parts, operator):
    with pytest.raises(ForbiddenStep):
        take(operator, incident.pk, Step.CLOSE)


@pytest.mark.parametrize(
    ("wanted", "said", "fault"),
    [
        ([Part("ubnd-101")], "hai việc", PartsMissing),
        ([Part("ubnd-101"), Part("ubnd-101", "pothole")], "hai việc", PartsMissing),
        ([Part("ubnd-101"), Part("nobody")], "hai việc", AgencyNotFound),
        ([Part("ubnd-101"), Part("tt-1022")], " ", ReasonMissing),
    ],
)
def test_splitting_asks_for_parts_that_differ_and_a_reason(incident, minh, wanted, said, fault):
    with pytest.raises(fault):
        services.split(minh, incident.pk, wanted, Said(words=said))
    assert Incident.objects.count() == 1


# ---- contractors ----


def test_a_contractor_works_on_the_one_case_of_the_link_and_on_nothing_else(
    incident, minh, contractor, clock
):
    token = services.delegate(minh, incident.pk, contractor, "giao thầu", 7)
    link = links.read_link(token, Purpose.CONTRACTOR)
    who = links.actor_of_link(link)
    take(who, incident.pk, Step.START)
    take(who, incident.pk, Step.CLAIM_DONE, DONE)
    event = incident.events.get(kind="claimed_done")
    assert (event.actor_id, event.actor_kind) == (None, "contractor")
    assert event.data["link"] == link.pk
    assert incident.custodies.get().contractor.code == contractor
    for step in (Step.CLOSE, Step.REOPEN, Step.PAUSE, Step.DECLINE):
        with pytest.raises(PermissionDenied):
            take(who, incident.pk, step, Said("weather", "x"))


def test_a_link_expires_is_taken_back_and_never_opens_another_door(
    incident, minh, contractor, clock
):
    token = services.delegate(minh, incident.pk, contractor, "giao thầu", 7)
    with pytest.raises(LinkNotFound):
        links.read_link(token, Purpose.ANSWER)
    with pytest.raises(LinkNotFound):
        links.read_link(token[:-1] + "x", Purpose.CONTRACTOR)
    with time_later(clock, days=8), pytest.raises(LinkExpired):
        links.read_link(token, Purpose.CONTRACTOR)
    services.end_link(minh, Link.objects.get().pk)
    with pytest.raises(LinkUsed):
        links.read_link(token, Purpose.CONTRACTOR)
    assert incident.custodies.get().contractor is None
    assert [event.kind for event in incident.events.order_by("id")][-2:] == [
        "delegated", "link_ended",
    ]  # fmt: skip


def test_whoever_gets_the_case_next_does_not_get_the_contractor_with_it(
    incident, minh, operator, contractor
):
    token = services.delegate(minh, incident.pk, contractor, "giao thầu")
    services.assign(operator, incident.pk, "tt-1022", "điều phối")
    with pytest.raises(LinkUsed):
        links.read_link(token, Purpose.CONTRACTOR)
    assert incident.custodies.get(to_event=None).contractor is None


def test_a_contractor_stays_when_the_same_agency_gets_it_back(incident, minh, operator, contractor):
    services.delegate(minh, incident.pk, contractor, "giao thầu")
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    take(operator, incident.pk, Step.REOPEN, Said(words="chưa"))
    assert incident.custodies.get(to_event=None).contractor.code == contractor


@pytest.mark.parametrize("ends", ["close", "reject", "decline", "split"])
def test_a_contractors_link_ends_with_the_work(incident, minh, operator, contractor, ends):
    token = services.delegate(minh, incident.pk, contractor, "giao thầu")
    parts = [Part("ubnd-101"), Part("tt-1022", "litter")]
    if ends == "close":
        take(minh, incident.pk, Step.CLAIM_DONE, DONE)
        links.read_link(token, Purpose.CONTRACTOR)
        take(operator, incident.pk, Step.CLOSE)
    elif ends == "reject":
        take(operator, incident.pk, Step.REJECT, Said("nothing_found"))
    elif ends == "decline":
        take(minh, incident.pk, Step.DECLINE, Said("not_ours"))
        services.assign(operator, incident.pk, "ubnd-101", "đúng là của phường")
        assert incident.custodies.get(to_event=None).contractor is None
    else:
        services.split(minh, incident.pk, parts, Said(words="hai việc"))
    with pytest.raises(LinkUsed):
        links.read_link(token, Purpose.CONTRACTOR)
    assert incident.custodies.order_by("id")[0].contractor.code == contractor


def test_only_what_is_in_hand_is_delegated(incident, minh, contractor):
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    with pytest.raises(NotHeld):
        services.delegate(minh, incident.pk, contractor, "giao thầu")


# ---- notes ----


def test_a_note_is_kept_apart_and_its_event_holds_the_hash_alone(incident, minh):
    note = services.add_note(minh, incident.pk, "  Gọi cho chú Bảy trước  ")
    assert note.text == "Gọi cho chú Bảy trước"
    event = incident.events.get(kind="noted")
    assert event.data == {"sha256": sha256(note.text.encode()).hexdigest()}
    assert "Bảy" not in repr(event.data) + event.reason


@contextmanager
def time_later(clock, **much):
    """Look a while ahead, and come back."""
    clock.shift(timedelta(**much))
    yield
    clock.shift(-timedelta(**much))

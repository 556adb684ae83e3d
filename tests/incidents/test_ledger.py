"""Whatever somebody does to the record of events shows, and which event it was."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gis_core import sql
from gis_core.positions import LonLat, Position
from incidents import feed, pipeline, services
from incidents.ledger import FIRST, Entry, Head, digest_of_day
from incidents.ledger_check import Fault, verify
from incidents.models import Custody, DayDigest, Event, Incident, Seal, Sealing
from incidents.report import Statement
from incidents.services import Said, continuing, sealing, take
from incidents.workflow import Step
from tests.incidents.conftest import INSIDE

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def cases(town, operator):
    """Three incidents with a few events each; the last ones are the operator's."""
    for number in range(3):
        said = Statement("web", f"k{number}", "pothole", "", Position(LonLat(*INSIDE), 5), NOON)
        pipeline.receive(said)
    for incident in Incident.objects.order_by("pk"):
        take(operator, incident.pk, Step.REJECT, Said("abuse", "không phải sự cố"))


@pytest.fixture
def seal_all(monkeypatch):
    """Seal everything, though a test is one long transaction that a follower would wait for."""
    text = sql.text

    def without_waiting(package, name):
        before = "e.transaction < (SELECT incidents_readable_before())"
        return text(package, name).replace(before, "TRUE")

    monkeypatch.setattr(sql, "text", without_waiting)

    def seal():
        while sealing.seal_events():
            pass

    return seal


def faults(kept=()):
    return [(one.fault, one.event) for one in verify(dict(kept)).findings]


def tamper(statement, *values):
    """Do what somebody does who has the database's password."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")


def test_untouched_events_hold_chain_by_chain(cases, seal_all):
    seal_all()
    verdict = verify({})
    assert verdict.findings == ()
    assert verdict.events == Event.objects.count() == Seal.objects.count()
    assert verdict.chains == 6  # three incidents, and three reports before they had one


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'weather'",
        "kind = 'closed'",
        "at = at + interval '1 microsecond'",
        "actor_kind = 'citizen'",
        "actor_id = NULL",
        """data = data || '{"agency": "somebody-else"}'""",
    ],
)
def test_one_changed_word_is_found(cases, seal_all, change):
    seal_all()
    event = Event.objects.filter(kind="rejected").first()
    tamper(f"UPDATE incidents_event SET {change} WHERE id = %s", event.pk)
    assert faults() == [(Fault.CHANGED, event.pk)]


def test_a_removed_event_leaves_a_gap(cases, seal_all):
    seal_all()
    chain = Seal.objects.filter(number=2).first().chain
    victim = Seal.objects.get(chain=chain, number=1).event_id
    following = Seal.objects.get(chain=chain, number=2).event_id
    tamper("DELETE FROM incidents_seal WHERE event_id = %s", victim)
    assert (Fault.REMOVED, following) in faults()


def test_a_cut_off_end_is_found_although_the_chain_that_is_left_holds(cases, seal_all):
    seal_all()
    last = Seal.objects.order_by("-event_id").first().event_id
    Custody.objects.filter(to_event=last).delete()
    tamper("DELETE FROM incidents_seal WHERE event_id = %s", last)
    tamper("DELETE FROM incidents_event WHERE id = %s", last)
    assert faults() == [(Fault.CUT_OFF, None)]


@pytest.mark.parametrize(
    "set_back",
    [
        "DELETE FROM incidents_sealing",
        "UPDATE incidents_sealing SET transaction = 0, event = 0, seals = 0, rolled = %s",
    ],
)
def test_whoever_takes_away_how_far_it_was_sealed_is_found_and_nothing_is_sealed_twice(
    cases, seal_all, set_back
):
    seal_all()
    before = list(Seal.objects.order_by("pk").values_list("pk", "digest"))
    tamper(set_back, *[FIRST] * set_back.count("%s"))
    seal_all()
    assert list(Seal.objects.order_by("pk").values_list("pk", "digest")) == before
    assert faults() == [(Fault.CUT_OFF, None)]


def test_where_nothing_happened_yet_the_command_has_nothing_to_say_against_it(town):
    out = StringIO()
    call_command("verify_events", stdout=out, stderr=StringIO())
    assert "0 events in 0 chains" in out.getvalue()


def test_an_event_put_in_has_no_seal(cases, seal_all):
    early = Event.objects.first()
    seal_all()
    tamper("DELETE FROM incidents_seal WHERE event_id = %s", early.pk)
    assert (Fault.PUT_IN, early.pk) in faults()


def test_whoever_makes_all_seals_anew_is_found_by_a_digest_kept_elsewhere(cases, seal_all):
    seal_all()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    made = sealing.seal_day(tomorrow)
    kept = {made.day: bytes(made.digest)}
    assert faults(kept) == []
    tamper("DELETE FROM incidents_seal")
    DayDigest.objects.all().delete()
    Sealing.objects.all().delete()
    tamper("UPDATE incidents_event SET reason = 'x' WHERE kind = 'rejected'")
    seal_all()
    sealing.seal_day(tomorrow)
    assert faults() == []
    assert faults(kept) == [(Fault.KEPT, None)]


def test_a_day_is_sealed_once_and_holds_only_what_was_there(cases, seal_all, operator):
    seal_all()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    first = sealing.seal_day(tomorrow)
    assert (first.chains, first.seals) == (6, Event.objects.count())
    assert sealing.seal_day(tomorrow) is None
    said = Statement("web", "later", "pothole", "", Position(LonLat(*INSIDE), 5), NOON)
    pipeline.receive(said)
    seal_all()
    second = sealing.seal_day(tomorrow + timedelta(days=1))
    assert second.chains == 2
    assert faults() == []
    head = Seal.objects.filter(event_id__gt=second.event - 1).first()
    tamper("UPDATE incidents_seal SET digest = %s WHERE event_id = %s", bytes(32), head.event_id)
    assert Fault.DAY in {fault for fault, _ in faults()}


def test_what_is_made_up_has_no_seals_and_is_not_missed(town, seal_all):
    said = Statement("demo", "k", "pothole", "", Position(LonLat(*INSIDE), 5), NOON)
    pipeline.receive(said)
    seal_all()
    assert Seal.objects.count() == 0
    services.remove_made_up("demo")
    assert faults() == []


AHEAD = 1_000_000_000


def moved():
    """Return by how many ids transactions are counted on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT incidents_transactions_before()")
        return cursor.fetchone()[0]


@pytest.fixture
def seal_waiting():
    """Seal what nothing can still come before."""

    def seal():
        while sealing.seal_events():
            pass

    return seal


@pytest.fixture
def restored(transactional_db, cases, seal_waiting):
    """The same record on a new server, which counts its transactions from the beginning."""
    seal_waiting()
    sealing.seal_day(datetime.now(UTC) + timedelta(days=1))
    ahead = f"(transaction::text::bigint + {AHEAD})::text"
    tamper(f"UPDATE incidents_event SET transaction = {ahead}::xid8")
    for table in ("sealing", "daydigest"):
        tamper(f"UPDATE incidents_{table} SET transaction = {ahead}::bigint")
    yield
    sql.run("incidents", "skip_transactions", {"behind": -moved()})


def test_after_a_dump_was_restored_new_events_follow_the_old_ones(restored, seal_waiting):
    newest = Event.objects.order_by("-transaction").first()
    last = feed.Cursor(int(newest.transaction), newest.pk)
    out = StringIO()
    call_command("continue_events", stdout=out)
    assert "New events follow the restored ones" in out.getvalue()
    pipeline.receive(Statement("web", "new", "litter", "", Position(LonLat(*INSIDE), 5), NOON))
    incident = Incident.objects.order_by("-pk").first()
    assert {change.pk for change in feed.changes_after(last)} == {incident.pk}
    assert feed.now() > last
    seal_waiting()
    assert Seal.objects.filter(event__incident=incident).count() == incident.events.count()
    assert faults() == []
    assert continuing.continue_events() == 0


@pytest.mark.django_db(transaction=True)
def test_where_this_server_wrote_the_events_nothing_is_moved(cases):
    assert continuing.continue_events() == 0


def test_the_command_says_what_is_wrong_and_fails(cases, seal_all):
    out = StringIO()
    call_command("verify_events", stdout=out, stderr=StringIO())
    assert "nothing was changed, removed or put in" in out.getvalue()
    event = Event.objects.filter(kind="rejected").first()
    tamper("UPDATE incidents_event SET reason = 'x' WHERE id = %s", event.pk)
    out = StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify_events", "--json", stdout=out, stderr=StringIO())
    [found] = json.loads(out.getvalue())["findings"]
    assert (found["fault"], found["event"]) == ("changed", event.pk)


texts = st.text(max_size=20).filter(lambda text: "\0" not in text)
entries = st.builds(
    Entry,
    id=st.integers(1, 9),
    incident=st.none() | st.integers(1, 3),
    report=st.none() | st.integers(1, 3),
    kind=texts,
    at=st.datetimes(timezones=st.just(UTC)),
    actor=st.none() | st.integers(1, 5),
    actor_kind=texts,
    reason=texts,
    data=st.dictionaries(texts, texts | st.integers(), max_size=3),
)


@given(entries, entries)
def test_two_events_have_one_seal_only_if_they_say_the_same(one, other):
    assert (Head().followed_by(one) == Head().followed_by(other)) == (one == other)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.binary(min_size=32, max_size=32)), max_size=4))
def test_a_days_digest_does_not_depend_on_the_order_of_the_chains(heads):
    day = date(2026, 6, 1)
    assert digest_of_day(bytes(32), day, heads) == digest_of_day(bytes(32), day, heads[::-1])
